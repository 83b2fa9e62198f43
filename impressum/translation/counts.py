"""Counts of the words and characters to translate, for an invoice."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, cast

from impressum.system.cache import Json
from impressum.translation.handoff.cutting import cut
from impressum.translation.handoff.escaping import read_plain
from impressum.translation.handoff.markup import Part as Piece
from impressum.translation.passages import Kind, Passage
from impressum.translation.status import FileStatus

Part = Literal["new", "changed", "repeated", "unchanged", "unknown"]
PARTS: tuple[Part, ...] = ("new", "changed", "repeated", "unchanged", "unknown")
_IDEOGRAPH = "\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W_{_IDEOGRAPH}]"
WORD = re.compile(
    rf"[{_IDEOGRAPH}]|{_LETTER}(?:{_LETTER}|_|(?<=[^\W\d_])['’.:·](?=[^\W\d_])|(?<=\d)[.,;'’](?=\d))*", re.VERBOSE
)
"""A word, roughly by Unicode's Annex 29: letters and digits, with the signs that join them."""


@dataclass(frozen=True)
class Count:
    """Words, and characters with spaces, by part."""

    words: Counter[Part]
    characters: Counter[Part]

    def __add__(self, other: Count) -> Count:
        return Count(self.words + other.words, self.characters + other.characters)


@dataclass(frozen=True)
class Counted:
    """The count of a file of an edition; the last of each edition is the sum, named `total`."""

    edition: str
    name: str
    state: str
    count: Count


def counted(statuses: Sequence[FileStatus]) -> tuple[Counted, ...]:
    """The files of each edition, and their sum.

    Of new or changed passages with the same words, all but the first are `repeated`; the first, too, if one of them is
    translated already.
    """
    found: list[Counted] = []
    for tag, files in groupby(statuses, key=lambda one: one.edition):
        rows = _edition(tuple(files))
        total = sum((row.count for row in rows), Count(Counter(), Counter()))
        found += [*rows, Counted(tag, "total", "", total)]
    return tuple(found)


def words(text: str) -> int:
    """The number of words in `text`."""
    return len(WORD.findall(_without_marks(text)))


def as_csv(rows: Iterable[Counted]) -> str:
    """`rows` as CSV: edition, chapter, state, words by part and in all, characters by part and in all."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = [f"{part} {what}" for what in ("words", "characters") for part in (*PARTS, "all")]
    writer.writerow(["edition", "chapter", "state", *heads])
    for row in rows:
        numbers = [(*(one[part] for part in PARTS), one.total()) for one in (row.count.words, row.count.characters)]
        writer.writerow([row.edition, row.name.removesuffix(".md"), row.state, *numbers[0], *numbers[1]])
    return out.getvalue()


def as_json(rows: Iterable[Counted]) -> list[Json]:
    """`rows` as data."""
    return [
        {
            "edition": row.edition,
            "name": row.name,
            "state": row.state or None,
            "words": {part: row.count.words[part] for part in PARTS},
            "characters": {part: row.count.characters[part] for part in PARTS},
        }
        for row in rows
    ]


def _edition(files: tuple[FileStatus, ...]) -> list[Counted]:
    texts = {one.name: [plain(unit.kind, unit.text) for unit in one.units] for one in files}
    units = [pair for one in files for pair in zip(texts[one.name], one.units, strict=True)]
    seen = {text for text, unit in units if unit.state == "unchanged"}
    rows = []
    for one in files:
        count = Count(Counter(), Counter())
        for text, unit in zip(texts[one.name], one.units, strict=True):
            part: Part = unit.state
            if unit.state in ("new", "changed") and text:
                part = "repeated" if text in seen else unit.state
                seen.add(text)
            count.words[part] += words(text)
            count.characters[part] += len(text)
        rows.append(Counted(one.edition, one.name, one.state, count))
    return rows


def _without_marks(text: str) -> str:
    """`text` without combining marks, which never separate words."""
    return text if text.isascii() else "".join(one for one in text if unicodedata.category(one)[0] != "M")


def plain(kind: str, text: str) -> str:
    """The words of a passage of this kind that are handed off, without markup, keys, addresses and values.

    Attributes count if they are titles, alternative texts, sources, notes or credits; front matter, if the short title.
    """
    if kind == "text":
        parts = [read_plain(text)]
    else:
        parts = [segment.parts for segment in cut(Passage(cast(Kind, kind), text, 1, text.count("\n") + 1)).segments]
    said = " ".join("".join(_said(part) for part in one) for one in parts)
    words = re.sub(r" +(?=[.,;)])", "", " ".join(said.split()))
    return words if any(letter.isalnum() for letter in words) else ""


def _said(part: Piece) -> str:
    """Words, or the space that a tag leaves: none at the mark of a note, or within a word."""
    if isinstance(part, str):
        return part
    return " " if (part.kind == "note") == (part.role == "open") and part.role != "close" else ""
