"""`.base/`: byte-for-byte copies of the sources that the chapters of an edition were translated from."""

from __future__ import annotations

from pathlib import Path

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.stages.load.editions import read_own_texts
from impressum.stages.load.strict_yaml import read_yaml
from impressum.stages.load.texts import TEXT_LIMIT, decode, read_bytes
from impressum.translation.shelf import TEXTS, Shelf, write_file
from impressum.translation.texts import flat, given, record_of, source_texts


def record(shelf: Shelf, tag: str, name: str) -> Path:
    """Records that the edition `tag` has translated the current source of `name`; returns the file written.

    Raises Faulty where the chapter or its translation is missing or cannot be read.
    """
    check(shelf, tag, name)
    faults = Faults()
    content = _texts(shelf, tag, faults) if name == TEXTS else _source(shelf, name, faults)
    faults.stop_if_any()
    assert content is not None
    path = shelf.workspace.base_file(tag, name)
    write_file(shelf.workspace, path, content)
    return path


def translated_files(shelf: Shelf, tag: str) -> tuple[str, ...]:
    """The files that the edition `tag` has translated: chapters that its source has, too, and `edition.yaml`."""
    own = shelf.chapters(tag)
    names = tuple(name for name in shelf.chapters(shelf.source) if name in own)
    return (*names, TEXTS) if _has_texts(shelf, tag) else names


def _has_texts(shelf: Shelf, tag: str) -> bool:
    """Whether `edition.yaml` has any text; `check` reports its faults."""
    tree = read_own_texts(shelf.workspace, tag, Faults())
    return tree is not None and bool(tree.entries)


def _texts(shelf: Shelf, tag: str, faults: Faults) -> bytes:
    """The texts of the source, without those that are empty in `edition.yaml`."""
    path = shelf.workspace.edition_file(tag)
    whole = read_yaml(shelf.workspace, path, faults)
    filled = read_own_texts(shelf.workspace, tag, Faults())
    empty = {key for key, _ in given(whole)} - {key for key, _ in given(filled)} if whole and filled else set()
    return record_of((key, text) for key, text in flat(source_texts(shelf)) if key not in empty).encode()


def _source(shelf: Shelf, name: str, faults: Faults) -> bytes | None:
    path = shelf.chapter(shelf.source, name)
    content = read_bytes(shelf.workspace, path, faults, limit=TEXT_LIMIT)
    if content is not None:
        decode(content, shelf.workspace.relative(path), faults)
    return content


def check(shelf: Shelf, tag: str, name: str) -> None:
    """Raises Faulty where the edition `tag` or the source has no file `name`."""
    own, source = shelf.chapter(tag, name), shelf.chapter(shelf.source, name)
    where = shelf.workspace.relative(own)
    if name == TEXTS and own.exists():
        if _has_texts(shelf, tag):
            return
        hint = "write the texts behind their colons, and see what `check` says of the file"
        raise Faulty([Fault(Place(where), f"no text of `{name}` is translated yet", "translation-missing", hint)])
    if own.exists() and source.exists():
        return
    if own.exists():
        message = f"the source edition `{shelf.source}` has no chapter `{name}`"
        hint = "delete the translation, or bring the chapter back"
        raise Faulty([Fault(Place(where), message, "chapter-unknown", hint)])
    hint = f"put the translation there first, as `{where}`"
    if tag in shelf.twins:
        twin = shelf.twins[tag]
        hint = "it is that of the source in another script, which is always up to date"
        hint = hint if twin == shelf.source else f"it is taken from `{twin}`: say there that it is translated"
    message = f"the edition has no `{name}` of its own"
    raise Faulty([Fault(Place(f"chapters/{tag}"), message, "translation-missing", hint)])
