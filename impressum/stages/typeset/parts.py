"""A book that is set part by part: front matter, chapters, back cover, each alone as it stands there, then linked.

How a part stands follows from the others: its first page from those before it, the pages that it names from all of
them. So the parts are set until nothing of that changes any more; one that stands as before is not set again, and of
one that only comes on another page Typst lays nothing but the folios out again. Page fitting tries chapters on the
same compilers, and has each set for the book as soon as it is done with it.
"""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from importlib.resources import files
from typing import Any, NamedTuple

from impressum.core.errors import Fault, Faulty
from impressum.core.model.fits import (
    RECTO,
    VERSO,
    Fits,
    LayoutReport,
    Standing,
    TypesetBook,
    own_fits,
    raise_of_the_moment,
    standing_of,
)
from impressum.core.model.manuscript import Expected, ExpectedChapter, Fragment
from impressum.core.model.theme import Theme
from impressum.stages.typeset.compiler import Answer, Compiler, read_layout_report, spot_of, typeset_book
from impressum.stages.typeset.data import as_json, written
from impressum.stages.typeset.link import Part
from impressum.system.cache import Json, Memo
from impressum.system.parallel import at_once

MOST_TURNS = 6
FRONT, BACK = "front", "back"
STEP = "part"
ALONE = ("cover.typ", "back.typ")  # templates of one page for itself, on which no other depends
REFERENCES = "references"  # the slug of the list of works, and the label of its title
INDEX = "index"  # the same of the index
ENOUGH_ALONE = 500_000_000  # bytes after which a child begins anew: a part that was set is not set again
STRING = r'"((?:[^"\\]|\\.)*)"'
TARGET = re.compile(rf"(?:link\(label|page-of|index-page)\({STRING}", re.DOTALL)
ANY_STRING = re.compile(rf"\\.|{STRING}", re.DOTALL)
"""A string; or a sign that is escaped, such as a quotation mark in text, which begins none."""


class Linked(NamedTuple):
    """The parts of a book, its layout report as JSON, and Typst's warnings."""

    parts: list[Part]
    layout: dict[str, Any]
    warnings: list[dict[str, Any]]


@dataclass
class Parts:
    """Sets the parts of the book of a `compiler`, `hands` of them at the same time, from the files that it writes.

    `inputs` are the digests of the files that its pages are made of, by name, and `data` is that of what a chapter
    prints of `data.json`. A change to a file `of_chapters` affects only the chapters that name it; one to a file
    `of_front` (titles, logos) affects only the front matter and the back cover. `linked`: the book can be linked from
    its parts; else they serve for page fitting alone. `sided`: a chapter may begin on a left page; `recto`: a page is
    left blank so that it does not.
    """

    compiler: Compiler
    hands: int
    expected: Expected
    inputs: Mapping[str, Json]
    data: Mapping[str, str]
    of_chapters: frozenset[str]
    of_front: frozenset[str]
    memo: Memo
    linked: bool
    has_back: bool
    sided: bool
    recto: bool
    _pages: dict[str, int] = field(default_factory=dict)
    _total: int = 0
    _lengths: dict[str, int] = field(default_factory=dict)
    """How many pages each part has, as far as they were set."""
    _set: dict[tuple[bytes, bytes, bytes], tuple[bytes, Answer]] = field(default_factory=dict)
    _idle: queue.SimpleQueue[Compiler] = field(default_factory=queue.SimpleQueue)
    _beginning: threading.Lock = field(default_factory=threading.Lock)
    _is_begun: bool = False

    def begin_as(self, other: Parts) -> None:
        """Takes what came of the `other` parts as a first guess at what stands where."""
        self._pages, self._total, self._lengths = other._pages, other._total, dict(other._lengths)

    @contextmanager
    def galley(self, standing: Standing) -> Iterator[Galley]:
        """The part that stands so in the book; waits until one of the hands is free."""
        with self._beginning:
            self.compiler.write_files()
            if not self._is_begun:
                self.compiler.add_galleys(self.hands, ENOUGH_ALONE)
                for one in self.compiler.galleys[: self.hands]:
                    self._idle.put(one)
                self._is_begun = True
        compiler = self._idle.get()
        try:
            yield Galley(self, compiler, standing)
        finally:
            self._idle.put(compiler)

    def set_early(self, name: str, fits: Fits) -> None:
        """Sets a part on the page where it will begin, if that is known by now, and else on any."""
        with self.galley(self.standing(name, self.first_page(name) or RECTO)) as galley:
            galley.set_for_book(own_fits(name, fits))

    def note(self, standing: Standing, pages: int) -> None:
        """Notes how many `pages` a part has that was set alone (0: it is not known)."""
        if pages:
            self._lengths[standing.slug] = pages - standing.page + 1

    def moved(self, standing: Standing) -> Standing:
        """A part as it stands where it is set alone: on the pages of the book, as far as they are known. That of one
        which names pages is as it is, for its fits may depend on them."""
        chapter = self._chapters.get(standing.slug)
        at = 0 if not self.linked or (chapter and chapter.pages) else self.first_page(standing.slug)
        shift = at - standing.page
        return replace(standing, shift=shift) if at and not (self.sided and shift % 2) else standing

    def first_page(self, name: str) -> int:
        """The page of the book on which a part begins; 0 where it is not known how long those before it are."""
        at = 1
        for other in self._names:
            at += self._blank(other, at)
            if other == name or other not in self._lengths:
                return at if other == name else 0
            at += self._lengths[other]
        return 0

    def book(self, fits: Fits) -> Linked | None:
        """The book with these `fits`; None where it does not come to rest, or is to be set as a whole. Raises `Faulty`
        where Typst fails."""
        for _ in range(MOST_TURNS if self.linked else 0):
            at_once([partial(self.set_early, name, fits) for name in self._names], self.hands)
            linked = self._turn(fits)
            pages = {label: at[0] for label, at in linked.layout["places"]}
            if (pages, linked.layout["pages"]) == (self._pages, self._total):
                return linked
            self._pages, self._total = pages, linked.layout["pages"]
        return None

    def _turn(self, fits: Fits) -> Linked:
        """The parts one after the other, so that what they come to never depends on which was ready first."""
        linked = Linked([], {}, [])
        at = 1
        for name in self._names:
            blank = self._blank(name, at)
            at += blank
            standing = self.standing(name, at)
            try:
                pdf, answer = self.part(standing, fits)
            except Faulty as faulty:
                raise Faulty(self._wrong(fits) or faulty.faults) from faulty
            layout = answer["layout"]
            last = layout["pages"]
            skip = standing.page - 1 - blank
            layout["targets"] = [one for one in layout["targets"] if one[1] <= last]
            layout["figures"] = [one for one in layout["figures"] if one[1][0] <= last]
            places = {label: spot_of(place) for label, place in layout["places"]}
            for place, mark, entry in layout["notes"]:
                places |= {f"{place}/mark": spot_of(mark), f"{place}/note": spot_of(entry)}
            linked.parts.append(Part(name, pdf, skip, last - skip, places))
            _join(linked.layout, layout, standing.shift)
            linked.warnings.extend(one for one in answer["warnings"] if one not in linked.warnings)
            at += last - standing.page + 1
        return linked

    def _wrong(self, fits: Fits) -> list[Fault]:
        """The faults of all chapters, each set alone: that of a title is reported at its Markdown line."""
        found: list[Fault] = []
        for name in self._fragments:
            try:
                self.part(self.standing(name, RECTO), fits)
            except Faulty as faulty:
                found += [fault for fault in faulty.faults if fault not in found]
        return found

    @cached_property
    def _fragments(self) -> dict[str, Fragment]:
        return {one.slug: one for one in self.compiler.fragments}

    @cached_property
    def _names(self) -> list[str]:
        return [FRONT, *self._fragments, *([BACK] if self.has_back else [])]

    @cached_property
    def _chapters(self) -> dict[str, ExpectedChapter]:
        return {one.slug: one for one in self.expected.chapters}

    def _blank(self, name: str, at: int) -> int:
        """How many pages are left blank where a part would begin on page `at`."""
        return int(self.recto and at % 2 == 0 and name in self._fragments)

    def standing(self, name: str, at: int) -> Standing:
        """How a part stands that begins on page `at`."""
        if name == FRONT:
            pages = {label: page for label, page in self._pages.items() if label in self._listed}
            return Standing(name, "front", 1, pages=pages, total=self._total)
        if name == BACK:
            page = 2 + at % 2
            return Standing(name, "back", page, shift=at - page)
        if name == INDEX:
            page = VERSO if self.sided and at % 2 == 0 else RECTO
            pages = {label: self._pages[label] for label in self._foreign[INDEX] if label in self._pages}
            return Standing(name, "chapter", page, shift=at - page, pages=pages)
        chapter = self._chapters.get(name) or ExpectedChapter(name, (), (), (), {})
        return standing_of(chapter, at, self._pages, sided=self.sided)

    def described(self, standing: Standing) -> tuple[bytes, bytes]:
        """How a part stands, as the templates read it: what lays it out, and the numbers of pages."""
        slug = standing.slug
        layout: dict[str, Json] = {
            "kind": standing.kind,
            "slug": slug,
            "page": standing.page,
            "labels": list[Json](self._foreign.get(slug, ())),
            "asked": list[Json](self._asked.get(slug, ())),
            "linked": self.linked,
        }
        folios: dict[str, Json] = {"shift": standing.shift, "pages": dict(standing.pages), "total": standing.total}
        return as_json(layout), as_json(folios)

    @cached_property
    def _foreign(self) -> dict[str, tuple[str, ...]]:
        return {slug: named_in(one.typst)[1] for slug, one in self._fragments.items()}

    @cached_property
    def _listed(self) -> set[str]:
        """The labels that the front matter may name."""
        return {anchor.label for anchor in self.expected.anchors} | {REFERENCES, INDEX}

    @cached_property
    def _asked(self) -> dict[str, list[str]]:
        """The labels of chapters that other parts may lead to; those of works and of their list have no chapter."""
        found: dict[str, list[str]] = {}
        for one in sorted(self._listed.union(*self._foreign.values())):
            alone = INDEX if one == INDEX else REFERENCES
            found.setdefault(one.partition("/")[0] if "/" in one else alone, []).append(one)
        return found

    @cached_property
    def _common(self) -> dict[str, Json]:
        """The inputs that all parts share."""
        return {file: value for file, value in self.inputs.items() if file not in self.of_chapters}

    def read_by(self, standing: Standing) -> dict[str, Json]:
        """Everything that the pages of a part are made of, but for their fits."""
        read = self._common
        if standing.slug in self._fragments:
            fragment = self._fragments[standing.slug]
            own = {f"chapters/{standing.slug}.typ", *(name.removeprefix("/") for name in named_in(fragment.typst)[0])}
            read = {file: value for file, value in read.items() if file not in self.of_front}
            read |= {file: self.inputs[file] for file in own if file in self.inputs}
            read["data.json"] = self.data[standing.slug]
        return {**read, "standing": b"".join(self.described(standing)).decode()}

    def part(self, standing: Standing, fits: Fits, galley: Galley | None = None) -> tuple[bytes, Answer]:
        """The PDF of a part with those of `fits` that are its own, and the child's answer. Set by the compiler of
        `galley`, if there is one, else by any. Raises `Faulty` where Typst fails."""
        own = written(own_fits(standing.slug, fits))
        key = (*self.described(standing), own)
        if key not in self._set:

            def run() -> bytes:
                pdf, answer = galley.set(own) if galley else self._set_anywhere(standing, own)
                kept = {"layout": answer["layout"], "warnings": answer["warnings"]}
                return json.dumps(kept).encode() + b"\n" + pdf

            inputs: dict[str, Json] = {**self.read_by(standing), "fits": own.decode()}
            about = f"{self.expected.tag}, {standing.slug}"
            said, _, pdf = self.memo(STEP, inputs, run, about=about).partition(b"\n")
            self._set[key] = pdf, json.loads(said)
            self.note(standing, self._set[key][1]["layout"]["pages"])
        return self._set[key]

    def _set_anywhere(self, standing: Standing, fits: bytes) -> tuple[bytes, Answer]:
        with self.galley(standing) as galley:
            return galley.set(fits)


@dataclass(frozen=True)
class Galley:
    """A part that is set alone by a `compiler`, as it stands."""

    parts: Parts
    compiler: Compiler
    standing: Standing
    drafts: dict[tuple[bytes, ...], tuple[bytes, Answer]] = field(default_factory=dict)

    def set(self, fits: bytes) -> tuple[bytes, Answer]:
        """The PDF with these `fits.json`, and the child's answer. Raises `Faulty` where Typst fails."""
        described = self.parts.described(self.standing)
        if (*described, fits) not in self.drafts:
            self.compiler.take(*described)
            self.drafts[*described, fits] = self.compiler.set(fits)
        return self.drafts[*described, fits]

    def lay_out(self, fits: Fits) -> LayoutReport:
        """The layout report of its pages with these `fits`; no file is made. Raises `Faulty` where Typst fails."""
        self.compiler.take(*self.parts.described(self.parts.moved(self.standing)))
        layout = read_layout_report(self.compiler.lay_out(written(fits))["layout"])
        self.parts.note(self.standing, layout.pages)
        return layout

    def draft(self, fits: Fits) -> TypesetBook:
        """Its pages with these `fits`. Raises `Faulty` where Typst fails."""
        book = typeset_book(*replace(self, standing=self.parts.moved(self.standing)).set(written(fits)))
        self.parts.note(self.standing, book.layout.pages)
        return book

    def set_for_book(self, fits: Fits) -> None:
        """Sets it for the book, with these `fits`: Typst still knows how it is laid out. Where the parts before it are
        not all set yet, it is laid out meanwhile. Text that Typst refuses is left to the book, which reports it; raises
        `Faulty` where there was too little time or memory."""
        name, parts = self.standing.slug, self.parts
        try:
            if parts.linked and not parts.first_page(name):
                self.lay_out(fits)
            if parts.linked and (at := parts.first_page(name)):
                standing = parts.standing(name, at)
                parts.part(standing, fits, replace(self, standing=standing))
        except Faulty as faulty:
            raise_of_the_moment(faulty)


@lru_cache(1000)
def named_in(typst: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The strings in Typst source, as they are written there; and the labels that it links to and does not have."""
    targets = set(TARGET.findall(typst))
    others = {name for name in ANY_STRING.findall(TARGET.sub("", typst)) if name}
    return frozenset(targets | others), tuple(json.loads(f'"{name}"') for name in sorted(targets - others))


def _join(book: dict[str, Any], layout: Mapping[str, Any], later: int) -> None:
    """Adds the `layout` report of a part to that of the `book`; its pages come `later` there by so many."""

    def moved(at: list[Any]) -> list[Any]:
        return [at[0] + later, *at[1:]]

    for name in ("top", "bottom", "pitch"):
        book.setdefault(name, layout[name])
    book["pages"] = layout["pages"] + later
    for name in ("effects", "able", "squeezed"):
        book.setdefault(name, []).extend(layout[name])
    book.setdefault("marks", []).extend([key, kind, *moved(at)] for key, kind, *at in layout["marks"])
    book.setdefault("notes", []).extend([name, moved(mark), moved(entry)] for name, mark, entry in layout["notes"])
    for name in ("figures", "places"):
        book.setdefault(name, []).extend([label, moved(at)] for label, at in layout[name])
    book.setdefault("targets", []).extend([label, page + later] for label, page in layout["targets"])
    book.setdefault("turned", []).extend(page + later for page in layout["turned"])


def own_templates(theme: Theme) -> list[str]:
    """The templates that the publication overrides, and on which other pages depend: such a book is set as a whole."""
    package = files("impressum") / "templates"
    folders = (package / "themes" / theme.name, package / "book")
    found = []
    for name, content in theme.templates.items():
        if name in ALONE:
            continue
        own = next((one for one in (folder / name for folder in folders) if one.is_file()), None)
        if own is None or own.read_bytes() != content:
            found.append(name)
    return found
