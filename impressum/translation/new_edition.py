"""Prepares the folder of a new edition: its texts to be filled in, and the words of a language that is not known."""

from __future__ import annotations

from pathlib import Path

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.stages.load.words import read_words
from impressum.translation.edition_file import edition_file
from impressum.translation.new_words import words_file, words_tag
from impressum.translation.shelf import Shelf
from impressum.translation.tags import check_tag
from impressum.translation.texts import source_texts
from impressum.translation.writing import write_file

OWN_NUMBERS = ("isbn", "doi", "cip")


def new_edition(shelf: Shelf, tag: str) -> tuple[Path, ...]:
    """Writes `edition.yaml` of the edition `tag`, and its words where there are none; gives the files.

    Raises Faulty for a tag that means nothing, and for an edition that is there: nothing is overwritten.
    """
    check_tag(tag)
    workspace = shelf.workspace
    path = workspace.edition_file(tag)
    if tag == shelf.source:
        raise Faulty([_there(f"chapters/{tag}", f"`{tag}` is the source edition", "name another language")])
    if path.exists() or path.is_symlink():
        name = workspace.relative(path)
        hint = f"translate the texts there; `status --edition {tag}` says what is missing"
        raise Faulty([_there(name, f"`{name}` is there already, and is not overwritten", hint)])
    impressum = shelf.file.tree.table("impressum") if shelf.file.tree else None
    own = tuple(name for name in OWN_NUMBERS if impressum and name in impressum.entries)
    content = edition_file(source_texts(shelf), tag, shelf.source, _twin(shelf, tag), own)
    written = []
    if not read_words(workspace, tag, Faults()):
        words = workspace.words_file(words_tag(tag))
        if not words.exists():
            write_file(workspace, words, words_file(words_tag(tag)).encode())
            written.append(words)
    write_file(workspace, path, content.encode())
    return (path, *written)


def _there(name: str, message: str, hint: str) -> Fault:
    return Fault(Place(name), message, "edition-exists", hint)


def _twin(shelf: Shelf, tag: str) -> str:
    """The edition of the same language in another script, or nothing."""
    language = tag.partition("-")[0]
    others = (one for one in (shelf.source, *shelf.editions) if one != tag and one.partition("-")[0] == language)
    return next((one for one in others if _script(one) != _script(tag)), "")


def _script(tag: str) -> str:
    return next((part for part in tag.split("-")[1:] if len(part) == 4), "")
