"""Splits one long Markdown file into chapters at its headings; what its front matter says goes to publication.yaml."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from impressum.cli.starter.foreign import written_here
from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.core.markdown_blocks import Block, scan, walk
from impressum.core.markdown_code import without_code
from impressum.core.model.publication import FrontMatter
from impressum.core.model.sources import ChapterSource, RenderedChapter, SourceText, format_of
from impressum.stages.convert import pandoc
from impressum.stages.convert.images import files_named
from impressum.stages.load.publication import slug_of
from impressum.stages.load.strict_yaml import parse_yaml
from impressum.stages.load.texts import TEXT_LIMIT, read_text
from impressum.stages.load.tree import Items, Scalar, Tree, TreeEntry, scalars
from impressum.stages.render.batch import identity
from impressum.system.cache import Memo
from impressum.system.work_folders import temporary
from impressum.system.workspace import Workspace
from impressum.translation.passages import Passage

TAKEN = frozenset("chapters figures bib templates dist".split())
"""Folders of a publication in which no image of the text may come to lie."""
OTHERS = ("subtitle", "abstract")
"""Keys of the front matter that publication.yaml has too."""
USED = frozenset({"title", "author", "authors", "date", "lang", "language", "bibliography", "csl", *OTHERS, "keywords"})


@dataclass(frozen=True)
class SplitText:
    """Chapters by file name, the files they name by new path, and the front matter: `date` as `2025-01-31` or empty,
    `others` further keys of publication.yaml, `unused` those that it has no place for."""

    title: str
    authors: tuple[str, ...]
    language: str
    date: str
    chapters: Mapping[str, str]
    copied: Mapping[str, bytes]
    others: Mapping[str, object] = field(default_factory=dict)
    unused: tuple[str, ...] = ()


@dataclass
class _ChapterText:
    """A chapter in the making. `heading` are the lines of the title of the whole text, if it begins with that."""

    title: str
    lines: list[str]
    heading: int = 0
    is_front: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(line.strip() for line in self.lines[self.heading :])

    def text(self) -> str:
        """The chapter as a file."""
        front = "---\nkind: front\n---\n\n" if self.is_front else ""
        title = f"# {self.title}\n\n" if self.is_front and not self.heading else ""
        return front + title + "\n".join(self.lines).strip("\n") + "\n"


def split(file: Path) -> SplitText:
    """The chapters of the Markdown `file`, split at headings of level 1, or of level 2 where the only one of level 1
    begins it as its title. Raises Faulty where it, its front matter or its bibliography cannot be read."""
    faults = Faults()
    workspace = Workspace(file.resolve().parent)
    text = read_text(workspace, file.resolve(), faults, limit=TEXT_LIMIT)
    faults.stop_if_any()
    said, rest = _front((text or "").split("\n"), file.name, faults)
    title, pieces = _pieces(written_here("\n".join(rest)).split("\n"), _words(said, "title"), file.stem)
    _move_definitions(pieces)
    pieces = [piece for piece in pieces if not piece.is_empty or not piece.is_front]
    if all(piece.is_empty for piece in pieces):
        raise Faulty([Fault(Place(file.name), "the file holds no text", "chapter-empty", "name a file with a text")])
    digits = max(2, len(str(len(pieces))))
    chapters = {f"{n:0{digits}}-{slug_of(one.title) or 'text'}.md": one.text() for n, one in enumerate(pieces, 1)}
    copied: dict[str, bytes] = {}
    for name, chapter in chapters.items():
        for target in _images(name, chapter):
            chapters[name] = _with_image(workspace, target, chapters[name], copied)
    others = _others(said, workspace, copied, faults)
    faults.stop_if_any()
    day = _day(_words(said, "date"))
    unused = tuple(key for key in said.entries if key not in USED or (key == "date" and not day))
    written = said.value("author") or said.value("authors")
    authors = written.items if isinstance(written, Items) else (written,)
    named = [one.text("name") if isinstance(one, Tree) else one for one in authors]
    names = tuple(one.text.strip() for one in named if isinstance(one, Scalar) and one.text.strip())
    details = {f"author.{key}": "" for one in authors if isinstance(one, Tree) for key in one.entries if key != "name"}
    language = _words(said, "lang") or _words(said, "language")
    return SplitText(title, names, language, day, chapters, copied, others, (*unused, *details))


def _front(lines: list[str], name: str, faults: Faults) -> tuple[Tree, list[str]]:
    """What the metadata at the beginning say, in one block or several as pandoc reads them, and the lines after it."""
    entries: dict[str, TreeEntry] = {}
    at = 0
    while True:
        start = next((number for number in range(at, len(lines)) if lines[number].strip()), len(lines))
        if start + 1 >= len(lines) or lines[start].rstrip() != "---" or not lines[start + 1].strip():
            break
        ends = (number for number in range(start + 1, len(lines)) if lines[number].rstrip() in ("---", "..."))
        end = next(ends, None)
        if end is None and at:
            break
        if end is None:
            message, hint = "the front matter that begins here is not closed", "close it with a line `---`"
            raise Faulty([Fault(Place(name, 1), message, "front-matter-unclosed", hint)])
        block = Faults() if at else faults
        tree = parse_yaml("\n".join(lines[start + 1 : end]), name, block, offset=start + 1)
        faults.stop_if_any()
        if tree is None:
            break
        entries = {**tree.entries, **entries}
        at = end + 1
    return Tree(entries, Place(name)), lines[at:]


def _pieces(lines: list[str], given: str, name: str) -> tuple[str, list[_ChapterText]]:
    """The title (`given`, the only heading of level 1, or the `name`) and the chapters, first what precedes them."""
    headings = [block for block in scan(lines) if block.kind == "heading"]
    levels = [_level(block, lines) for block in headings]
    is_titled = levels[:1] == [1] and levels.count(1) == 1 and given in ("", _words_of(headings[0], lines))
    title = _words_of(headings[0], lines) if is_titled else given or name
    chapters = list(zip(levels, headings, strict=True))[is_titled:]
    level = min((of for of, _ in chapters), default=1)
    begins = [block for of, block in chapters if of == level]
    first = lines[headings[0].at if is_titled else 0 : begins[0].at if begins else len(lines)]
    before = lines[: headings[0].at] if is_titled else []
    heading = headings[0].end - headings[0].at if is_titled else 0
    found = [
        _ChapterText(
            title, [*first[:heading], *before, *first[heading:]], heading, is_front=bool(begins) or not is_titled
        )
    ]
    ends = [*(block.at for block in begins[1:]), len(lines)]
    found += [
        _ChapterText(_words_of(one, lines), lines[one.at : end]) for one, end in zip(begins, ends, strict=bool(begins))
    ]
    for piece in found:
        _raise(piece.lines, level - 1)
    return title, found


def _level(heading: Block, lines: Sequence[str]) -> int:
    return Passage("heading", "\n".join(lines[heading.at : heading.end]), heading.at + 1, heading.end).level


def _words_of(heading: Block, lines: Sequence[str]) -> str:
    """The words of a heading, without its marks and attributes."""
    return lines[heading.at].strip("# \t").partition(" {")[0].rstrip("# \t")


def _raise(lines: list[str], by: int) -> None:
    """Makes each heading of a chapter so many levels higher."""
    for block in walk(scan(lines)) if by else ():
        marks = len(lines[block.at]) - len(lines[block.at].lstrip("#"))
        if block.kind == "heading" and marks > by:
            lines[block.at] = lines[block.at][by:]
        elif block.kind == "heading" and not marks and lines[block.end - 1].startswith("-"):
            lines[block.end - 1] = "=" * len(lines[block.end - 1])


def _move_definitions(pieces: Sequence[_ChapterText]) -> None:
    """Moves the texts of notes and the addresses of links to the chapters that name them, copied where several do."""
    own = [_definitions(piece.lines) for piece in pieces]
    found: dict[str, list[str]] = {}
    for piece, definitions in zip(pieces, own, strict=True):
        for label, at, end in definitions:
            found.setdefault(label, piece.lines[at:end])
    wanted = []
    for piece, definitions in zip(pieces, own, strict=True):
        within = {line for _, at, end in definitions for line in range(at, end)}
        names = _named([line for number, line in enumerate(piece.lines) if number not in within], found)
        for label in names:  # it grows: a note may name others
            names += [one for one in _named(found[label], found) if one not in names]
        wanted.append(names)
    used = {label for names in wanted for label in names}
    for piece, definitions, names in zip(pieces, own, wanted, strict=True):
        there = {label for label, _, _ in definitions}
        for label, at, end in reversed(definitions):
            if label in used and label not in names:
                del piece.lines[at:end]
        added = [line for label in names if label not in there for line in ("", *found[label])]
        while added and piece.lines and not piece.lines[-1].strip():
            piece.lines.pop()
        piece.lines += added


def _definitions(lines: list[str]) -> list[tuple[str, int, int]]:
    """The label (`^1` of a note), the first line and the line after the last of each definition."""
    blocks = [block for block in scan(lines) if block.kind in ("note", "link")]
    labels = [" ".join(lines[one.at].strip()[1:].partition("]:")[0].split()) for one in blocks]
    return [
        (label if one.kind == "note" else label.casefold(), one.at, one.end)
        for label, one in zip(labels, blocks, strict=True)
    ]


def _named(lines: list[str], labels: Iterable[str]) -> list[str]:
    """Those of the `labels` in brackets in these lines, outside of code; case counts in those of notes."""
    text = " ".join(without_code("\n".join(lines)).split())
    folded = text.casefold()
    return [label for label in labels if f"[{label}]" in (text if label.startswith("^") else folded)]


def _images(name: str, chapter: str) -> list[str]:
    """The files of the images of a chapter. Raises Faulty where pandoc cannot read it."""
    source = SourceText(name, chapter)
    with temporary("impressum-new-") as scratch:
        rendered = RenderedChapter(ChapterSource(name, FrontMatter(), source), chapter, identity(source))
        read = pandoc.parse(rendered, Memo(scratch))
    if isinstance(read, Fault):
        raise Faulty([read])
    return sorted(set(files_named(read["tree"]["blocks"])))


def _with_image(workspace: Workspace, target: str, chapter: str, copied: dict[str, bytes]) -> str:
    """`chapter` with the new path of the image `target`, which is added to `copied`; `check` names a missing one."""
    path = workspace.root / target
    if not path.is_file():
        return chapter
    pure = PurePosixPath(target)
    parts = [part for part in pure.parts if part not in ("..", pure.anchor)]
    is_free = len(parts) == len(pure.parts) and parts[0] not in TAKEN
    name = pure.as_posix() if is_free else f"images/{'-'.join(parts)}"
    copied[name] = path.read_bytes()
    for written in {target, quote(target)} if not is_free else ():
        chapter = chapter.replace(f"]({written}", f"]({quote(name)}").replace(f"]: {written}", f"]: {quote(name)}")
    return chapter


def _words(said: Tree, key: str) -> str:
    value = said.text(key)
    return " ".join(re.sub(r"^[ \t]*\| ?", "", value.text, flags=re.MULTILINE).split()) if value else ""


def _day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _others(said: Tree, workspace: Workspace, copied: dict[str, bytes], faults: Faults) -> dict[str, object]:
    """The further keys of the front matter; its bibliography and its citation style are copied."""
    others: dict[str, object] = {key: _words(said, key) for key in OTHERS if _words(said, key)}
    keywords, works = said.value("keywords"), said.value("bibliography")
    if keywords:
        others["keywords"] = [one.text for one in scalars(keywords)]
    named = [name for name in scalars(works) if name.text] if works else []
    read = [_read(name, workspace, faults, alone=works is name) for name in named]
    if read:
        name = f"bib/references{format_of(works.text) if isinstance(works, Scalar) else '.bib'}"
        copied[name] = b"\n".join(read)
        others |= {} if name.endswith(".bib") else {"bibliography": name}
    style = said.text("csl")
    if style and style.text:
        name = f"bib/{PurePosixPath(style.text).name}"
        copied[name], others["citation-style"] = _read(style, workspace, faults), name
    return others


def _read(name: Scalar, workspace: Workspace, faults: Faults, *, alone: bool = False) -> bytes:
    """The bytes of a style or a bibliography; one in CSL is `alone`, for several are not put together."""
    if not name.text.endswith((".bib", ".csl")) and not (alone and format_of(name.text) != ".bib"):
        message, hint = f"`{name.text}` is not in BibTeX", "export it as BibTeX (`.bib`), or as one file of CSL JSON"
        faults.error(name.place, message, "bibliography-format", hint)
        return b""
    try:
        return (workspace.root / name.text).read_bytes()
    except OSError as error:
        message = f"the file `{name.text}` cannot be read ({error.strerror})"
        hint = "name it from the folder of this file, or take the line out"
        faults.error(name.place, message, "bibliography-missing", hint)
        return b""
