"""A book that is set part by part: front matter, chapters, back cover, each alone as it stands there, then linked.

How a part stands follows from the others: its first page from those before it, the pages that it names from all of
them. So the parts are set until nothing of that changes any more; one that stands as before is not set again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any, NamedTuple

from impressum.core.errors import Fault, Faulty
from impressum.core.model.fits import Fits
from impressum.core.model.manuscript import Expected, Fragment
from impressum.core.model.theme import Theme
from impressum.stages.typeset.compiler import Answer, Compiler, files_of, foreign_labels, spot_of
from impressum.stages.typeset.data import as_json, written
from impressum.stages.typeset.link import Part
from impressum.system.cache import Json, Memo

MOST_TURNS = 6
FRONT, BACK = "front", "back"
STEP = "part"
ALONE = ("cover.typ", "back.typ")
"""Templates of one page for itself, on which no other depends."""
REFERENCES = "references"
"""The slug of the list of works, and the label of its title."""
HAND = 99
"""The number of the compiler that sets the parts: galleys have theirs from 1."""


class Linked(NamedTuple):
    """The parts of a book, what it tells of its pages, and what Typst warns of."""

    parts: list[Part]
    told: dict[str, Any]
    warnings: list[dict[str, Any]]


@dataclass
class Parts:
    """Sets an edition in parts with a `compiler` of its own; `inputs` are what its pages are made of, by file.

    `apart` are the files that only the chapter reads that names them.
    """

    book_compiler: Compiler
    compiler: Compiler
    expected: Expected
    has_back: bool
    inputs: Mapping[str, Json]
    apart: frozenset[str]
    memo: Memo
    _pages: dict[str, int] = field(default_factory=dict)
    _total: int = 0
    _set: dict[tuple[bytes, bytes], tuple[bytes, Answer]] = field(default_factory=dict)

    def book(self, fits: Fits) -> Linked | None:
        """The book with these `fits`; None where it does not come to rest. Raises `Faulty` where Typst fails."""
        for _ in range(MOST_TURNS):
            linked = self._turn(fits)
            pages = {label: at[0] for label, at in linked.told["places"]}
            if (pages, linked.told["pages"]) == (self._pages, self._total):
                return linked
            self._pages, self._total = pages, linked.told["pages"]
        return None

    def _turn(self, fits: Fits) -> Linked:
        linked = Linked([], {}, [])
        at = 1
        for name, fragment in self._names():
            standing = self._standing(name, fragment, at)
            own = {key: fit for key, fit in fits.items() if key.rpartition("/")[0] == name}
            try:
                pdf, answer = self._part(name, fragment, as_json(standing), written(own))
            except Faulty as faulty:
                raise Faulty(self._wrong(fits) or faulty.faults) from faulty
            skip = 1 if at % 2 == 0 else 2
            skip = 0 if name == FRONT else skip
            told = answer["told"]
            count = told["pages"] - skip
            last = told["pages"]
            told["targets"] = [one for one in told["targets"] if one[1] <= last]
            told["figures"] = [one for one in told["figures"] if one[1][0] <= last]
            places = {label: spot_of(place) for label, place in told["places"]}
            linked.parts.append(Part(name, pdf, skip, count, places))
            _join(linked.told, told, at - 1 - skip)
            linked.warnings.extend(one for one in answer["warnings"] if one not in linked.warnings)
            at += count
        return linked

    def _wrong(self, fits: Fits) -> list[Fault]:
        """What is wrong in all chapters: what is wrong in a title is told at its place there."""
        found: list[Fault] = []
        for name, fragment in self._names():
            if fragment:
                own = {key: fit for key, fit in fits.items() if key.rpartition("/")[0] == name}
                try:
                    self._part(name, fragment, as_json(self._standing(name, fragment, 1)), written(own))
                except Faulty as faulty:
                    found += [fault for fault in faulty.faults if fault not in found]
        return found

    def _names(self) -> list[tuple[str, Fragment | None]]:
        chapters = [(one.slug, one) for one in self.compiler.fragments]
        return [(FRONT, None), *chapters, *([(BACK, None)] if self.has_back else [])]

    def _standing(self, name: str, fragment: Fragment | None, at: int) -> dict[str, Json]:
        chapter = next((one for one in self.expected.chapters if one.slug == name), None)
        marks = [int(note.mark) for note in chapter.notes if note.mark.isdecimal()] if chapter else []
        named = {one.label for one in chapter.pages} if chapter else set()
        own = f"{name}/"
        is_front = name == FRONT
        page = 1 if is_front else 2 + at % 2
        return {
            "kind": "chapter" if fragment else name,
            "slug": name,
            "page": page,
            "shift": at - page,
            "notes": marks[0] - 1 if marks else 0,
            "pages": {
                label: number
                for label, number in self._pages.items()
                if (is_front and label in self._listed) or (label in named and not label.startswith(own))
            },
            "labels": list[Json](self._foreign.get(name, ())),
            "asked": self._asked(name) if fragment else [],
            "total": self._total if is_front else 0,
        }

    @cached_property
    def _foreign(self) -> dict[str, list[str]]:
        return {one.slug: foreign_labels(one) for one in self.compiler.fragments}

    @cached_property
    def _listed(self) -> set[str]:
        """The labels that the front matter may name."""
        return {anchor.label for anchor in self.expected.anchors} | {REFERENCES}

    def _asked(self, slug: str) -> list[Json]:
        """The labels of a chapter that other parts may lead to; those of works and of their list have no chapter."""
        labels = sorted(self._listed.union(*self._foreign.values()))
        return [one for one in labels if (one.partition("/")[0] if "/" in one else REFERENCES) == slug]

    @cached_property
    def _read(self) -> dict[str, set[str]]:
        """The files that each chapter reads."""
        return {one.slug: {f"chapters/{one.slug}.typ", *files_of(one)} for one in self.compiler.fragments}

    def _part(self, name: str, fragment: Fragment | None, standing: bytes, fits: bytes) -> tuple[bytes, Answer]:
        key = (standing, fits)
        if key not in self._set:
            inputs = {file: value for file, value in self.inputs.items() if file not in self.apart}
            if fragment:
                inputs = {file: value for file, value in inputs.items() if not file.startswith("titles/")}
                inputs |= {file: value for file, value in self.inputs.items() if file in self._read[name]}

            def run() -> bytes:
                self.book_compiler.write_files()
                pdf, answer = self.compiler.set_galley(standing, fits)
                kept = {"told": answer["told"], "warnings": answer["warnings"]}
                return json.dumps(kept).encode() + b"\n" + pdf

            asked: dict[str, Json] = {**inputs, "standing": standing.decode(), "fits": fits.decode()}
            said, _, pdf = self.memo(STEP, asked, run, about=f"{self.expected.tag}, {name}").partition(b"\n")
            self._set[key] = pdf, json.loads(said)
        return self._set[key]


def _join(book: dict[str, Any], told: Mapping[str, Any], later: int) -> None:
    """Adds to what the `book` tells what a part of it does, whose pages come `later` in the book by so many."""

    def moved(at: list[Any]) -> list[Any]:
        return [at[0] + later, *at[1:]]

    for name in ("top", "bottom", "pitch"):
        book.setdefault(name, told[name])
    book["pages"] = told["pages"] + later
    for name in ("effects", "able", "squeezed"):
        book.setdefault(name, []).extend(told[name])
    book.setdefault("marks", []).extend([key, kind, *moved(at)] for key, kind, *at in told["marks"])
    book.setdefault("notes", []).extend([moved(mark), moved(entry)] for mark, entry in told["notes"])
    for name in ("figures", "places"):
        book.setdefault(name, []).extend([label, moved(at)] for label, at in told[name])
    book.setdefault("targets", []).extend([label, page + later] for label, page in told["targets"])
    book.setdefault("turned", []).extend(page + later for page in told["turned"])


def has_own_templates(theme: Theme) -> bool:
    """Whether the publication overrides a template that other pages depend on: such a book is set as a whole."""
    package = files("impressum") / "templates"
    folders = (package / "themes" / theme.name, package / "book")
    for name, content in theme.templates.items():
        if name in ALONE:
            continue
        own = next((one for one in (folder / name for folder in folders) if one.is_file()), None)
        if own is None or own.read_bytes() != content:
            return True
    return False
