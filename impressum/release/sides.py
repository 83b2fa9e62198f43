"""The two sides of `diff`: a PDF, a folder of them (a published release), or a version recorded in `releases`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place, nearest
from impressum.release.diff.compare import PageText, read_pages, without_looks
from impressum.release.history import past_release, renderer, versions
from impressum.stages.publish.records import SUFFIX, read
from impressum.system.workspace import Workspace

BOOK = "pdf"
"""The format of which the record of a release keeps the pages."""


@dataclass(frozen=True)
class Side:
    """One file: its name, its pages, and the PDF itself (None: only its words are kept)."""

    key: str
    """Edition and format, where a record says them."""
    name: str
    pages: tuple[PageText, ...]
    pdf: Path | None


Pair = tuple[Side | None, Side | None]


@dataclass(frozen=True)
class Sides:
    """The files of one side. `kind`: "file", "folder", "version"; `renderer` drew the pages whose looks are known."""

    kind: str
    files: tuple[Side, ...]
    renderer: str


def pairs_of(old: Path, new: Path, workspace: Workspace) -> dict[str, Pair]:
    """The files to compare by name; `old` and `new` are paths, or versions that were released here. Raises Faulty."""
    were, are = _sides(old, workspace), _sides(new, workspace)
    kinds = {were.kind, are.kind}
    if kinds == {"file", "folder"}:
        folder = old if were.kind == "folder" else new
        message = "a folder is compared with a file"
        raise Faulty([Fault(Place(str(folder)), message, "diff-unreadable", "give two PDFs, or two folders")])
    if kinds == {"file"}:
        (was,), (now,) = were.files, are.files
        return {now.name: (was, now)}
    pairs = _paired(were.files, are.files)
    if "version" in kinds:
        pairs = [pair for pair in pairs if _is_kept(pair)]
    if "file" in kinds:  # only the edition of the file
        pairs = [pair for pair in pairs if any(side and side.pdf for side in pair)]
    found = {}
    for pair in pairs:
        name = next(side.name for side in reversed(pair) if side)
        found[name] = pair if were.renderer == are.renderer else (_without_looks(pair[0]), _without_looks(pair[1]))
    return dict(sorted(found.items()))


def _paired(old: tuple[Side, ...], new: tuple[Side, ...]) -> list[Pair]:
    """The files of two sides: those of the same edition and format, then those of the same name, then the others."""
    were, are = list(old), list(new)
    pairs: list[Pair] = []
    for names in (False, True):
        for now in list(are):
            same = (one for one in were if (one.name == now.name if names else one.key and one.key == now.key))
            found = next(same, None)
            if found:
                were.remove(found)
                are.remove(now)
                pairs.append((found, now))
    return [*pairs, *((None, now) for now in are), *((was, None) for was in were)]


def _is_kept(pair: Pair) -> bool:
    """Whether `pair` has what the record of a release keeps: no contact sheets."""
    return all(pair) or any(side and side.key.endswith(f" {BOOK}") for side in pair)


def _sides(given: Path, workspace: Workspace) -> Sides:
    if given.is_dir():
        paths = sorted(given.glob("*.pdf"))
        if not paths:
            hint = "give the folder of a release"
            raise Faulty([Fault(Place(str(given)), "the folder holds no PDF", "diff-unreadable", hint)])
        return Sides("folder", tuple(map(_side, paths)), renderer())
    if given.exists():
        return Sides("file", (_side(given),), renderer())
    past = past_release(workspace, str(given))
    if past:
        files = tuple(Side(f"{book.edition} {BOOK}", book.name, book.pages, None) for book in past.books)
        return Sides("version", files, past.renderer)
    known = versions(workspace)
    hint = "give two PDFs, or two folders that hold some"
    if known:
        hint += f", or versions that were released: {', '.join(known)}"
    near = nearest(str(given), known)
    message = "there is no such file" + (f"; did you mean the version {near}?" if near else "")
    raise Faulty([Fault(Place(str(given)), message, "file-missing", hint)])


def _side(path: Path) -> Side:
    return Side(_key(path), path.name, read_pages(path, str(path)), path)


def _key(path: Path) -> str:
    """Edition and format, by the record beside the file; empty where that is none of this file."""
    try:
        record = read(path.with_name(path.name + SUFFIX))
    except (OSError, ValueError):
        return ""
    edition, form = record.fields.get("edition"), record.fields.get("format")
    return f"{edition} {form}" if record.name == path.name and edition and form else ""


def _without_looks(side: Side | None) -> Side | None:
    return replace(side, pages=without_looks(side.pages)) if side else None
