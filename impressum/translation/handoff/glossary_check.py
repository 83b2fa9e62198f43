"""The editions compared with `glossary.csv`: forbidden words, names that are lost, terms that are called otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from impressum.errors import Faults, Place, packed, unpacked
from impressum.load.editions import chapter_names
from impressum.load.texts import read_text
from impressum.memo import Json, Memo
from impressum.model.identifiers import TAG
from impressum.translation.handoff.cutting import cut
from impressum.translation.handoff.glossary import Entry, read_glossary
from impressum.translation.handoff.markup import Parts
from impressum.translation.handoff.standing import translated_passages
from impressum.translation.handoff.terms import Found, found, found_in, is_there
from impressum.translation.pairing import paired
from impressum.translation.passages import Passage, passages
from impressum.workspace import Workspace

NAMED = frozenset({"source", "credit"})
LANGUAGE = re.compile(r"\{[^{}]*\blang=")


def check_glossary(workspace: Workspace, source: str, tags: Sequence[str], memo: Memo, faults: Faults) -> None:
    """Compares the editions `tags` with the glossary; `source` is the tag of the source edition.

    Nothing is done where there is no glossary, nor again, thanks to `memo`, for chapters that have not changed.
    """
    if not workspace.glossary.exists():
        return
    folders = sorted(path.name for path in workspace.chapters.iterdir() if path.is_dir() and TAG.match(path.name))
    entries = read_glossary(workspace, folders, faults)
    names = chapter_names(workspace, source) if entries else ()
    for tag in tags:
        of_edition = [entry for entry in entries if _concerns(entry, tag, source)]
        for name in names if of_edition else ():
            path = workspace.edition(tag) / name
            text = read_text(workspace, path, Faults()) if path.exists() else None
            if text is None:
                continue
            original = read_text(workspace, workspace.edition(source) / name, Faults()) if tag != source else None
            relative = workspace.relative(path)
            compare = partial(_compared, tag, relative, text, original, of_edition)
            inputs: dict[str, Json] = {"chapter": [relative, text], "source": original, "glossary": repr(of_edition)}
            faults.extend(map(unpacked, json.loads(memo("glossary", inputs, compare, about=relative))))


def _compared(tag: str, path: str, text: str, original: str | None, entries: list[Entry]) -> bytes:
    """What is wrong with a chapter, for the memo; `original` is the text of its source, if it is a translation."""
    found = Faults()
    chapter = _Chapter(tag, path, translated_passages(text), found)
    chapter.check_forbidden(entries)
    if original is not None:
        chapter.check_terms(entries, passages(original))
    return json.dumps([packed(fault) for fault in found.found()]).encode()


def _concerns(entry: Entry, tag: str, source: str) -> bool:
    return tag in entry.forbidden or (tag != source and (tag in entry.called or entry.is_kept))


@dataclass(frozen=True)
class _Chapter:
    """A chapter of the edition `tag`."""

    tag: str
    path: str
    passages: Sequence[Passage]
    faults: Faults

    def check_forbidden(self, entries: Sequence[Entry]) -> None:
        """A fault for each word that the glossary forbids; not where it is part of a word that it asks for."""
        for passage in self.passages:
            text = words_of(passage)
            forbidden = [(entry, one) for entry in entries for one in found_in(entry.forbidden.get(self.tag, ()), text)]
            right = (
                [one for entry in entries for one in found_in(entry.called.get(self.tag, ()), text)]
                if forbidden
                else []
            )
            for entry, one in forbidden:
                if not any(other.first <= one.first and one.last <= other.last for other in right):
                    self._forbid(entry, one, passage)

    def check_terms(self, entries: Sequence[Entry], source: Sequence[Passage]) -> None:
        """What the source names and the translation does not, passage by passage."""
        whole = " ".join(words_of(passage) for passage in source)
        used = [entry for entry in entries if any(found(entry.term, whole))]
        if not used:
            return
        for pair in paired(source, self.passages):
            if pair.source is None or pair.translation is None:
                continue
            here, there = words_of(pair.source), words_of(pair.translation)
            for entry in used:
                self._check_term(entry, here, there, pair.translation)

    def _check_term(self, entry: Entry, here: str, there: str, passage: Passage) -> None:
        called = entry.called.get(self.tag, ())
        if entry.is_kept:
            stands = re.search(rf"(?<!\w){re.escape(entry.term)}(?!\w)", here)
            if stands and not _is_named(entry, called, passage):
                self.faults.error(
                    Place(self.path, passage.line),
                    f"`{entry.term}` stands in the source of this passage, and not in its translation",
                    "glossary-lost",
                    "the glossary says that it is not translated: write it as it is",
                )
        elif called and any(found(entry.term, here)) and not any(is_there(word, there) for word in called):
            self.faults.warning(
                Place(self.path, passage.line),
                f"`{entry.term}` is not called `{'` or `'.join(called)}` in this passage",
                "glossary-term",
                f"use the glossary's word, or add yours to it ({entry.place})",
            )

    def _forbid(self, entry: Entry, one: Found, passage: Passage) -> None:
        called = entry.called.get(self.tag, ())
        self.faults.error(
            _place(self.path, passage, one.words),
            f"the glossary forbids `{one.words}`" + (f" for `{entry.term}`" if entry.term else ""),
            "glossary-forbidden",
            f"write `{'` or `'.join(called)}`" if called else f"see {entry.place}",
        )


def words_of(passage: Passage, *, foreign: bool = False) -> str:
    """The words of a passage, without code, addresses, ids and sources; those of other languages if `foreign`."""
    segments = (segment for segment in cut(passage).segments if segment.what not in NAMED)
    return " ".join(_words(segment.parts, foreign=foreign) for segment in segments)


def _is_named(entry: Entry, called: Sequence[str], passage: Passage) -> bool:
    """Whether the name stands in `passage`, where it may be marked as one of another language."""
    words = words_of(passage, foreign=True)
    return entry.term in words or bool(found_in((entry.term, *called), words))


def _words(parts: Parts, *, foreign: bool) -> str:
    marked = {part.number for part in parts if not isinstance(part, str) and LANGUAGE.search(part.text)}
    left_out = set() if foreign else marked
    words, inside = "", 0
    for part in parts:
        if isinstance(part, str):
            words += part if not inside else " "
        elif part.role == "alone":
            words += " "
        elif part.number in left_out:
            inside += 1 if part.role == "open" else -1
    return words


def _place(path: str, passage: Passage, words: str) -> Place:
    """Where `words` stand in the passage."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    stands = re.search(rf"(?<!\w){pattern}(?!\w)", passage.text)
    if stands is None:
        return Place(path, passage.line)
    before = passage.text[: stands.start()]
    return Place(path, passage.line + before.count("\n"), stands.start() - before.rfind("\n"))
