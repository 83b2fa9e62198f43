"""Page fitting: the requests of `layout.yaml` or of a pass for blocks of a book, and their positions on the pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, field, replace
from typing import Literal

from impressum.core.errors import Faulty, Place
from impressum.core.model.manuscript import Expected, ExpectedChapter

FigurePlace = Literal["top", "bottom", "here"]
OF_THE_MOMENT = frozenset({"typeset-crashed", "typeset-slow"})
"""Faults that say as much of the machine as of the text: too little memory, too little time."""
LEAST_AT_END = 12  # lines of text that the last page of a chapter holds at least
VERSO, RECTO = 2, 3
"""The pages on which a part begins that is set alone: before it are a page for the cover, and a blank one."""
Breaks = Literal["", "even", "often", "open", "free", "letters"]
"""How the lines of a paragraph are broken: spaces as even as can be; words divided so readily; words of one letter at
the end of a line, too; all of it at once; and, at the last, with letters up to 3 % of the size further apart."""


@dataclass(frozen=True)
class LayoutEntry:
    """An entry of `layout.yaml`: the request for the block at `at` (`#id`, or its first words); 0 `lines`: none."""

    chapter: str
    at: str
    place: Place
    at_place: Place
    break_before: bool = False
    keep_together: bool = False
    lines: int = 0
    figure_place: FigurePlace | None = None


@dataclass(frozen=True)
class Fit:
    """The request for one block.

    `begins` a page; is `lines` longer or shorter; a figure is set at `place`; `reserve` points stay free at the foot
    of the page on which it begins; the word `whole` is not divided; its lines are broken as `breaks` says (empty: as
    in the book). A `probe` changes nothing: it only asks whether a paragraph could be a line shorter or longer. The
    pages of a whole chapter (its key ends with a slash) are by so many lines deeper than others (`depth`), and its
    title stands at the top of its page (`place`).
    """

    begins: bool = False
    lines: int = 0
    place: FigurePlace | None = None
    reserve: float = 0.0
    whole: str = ""
    breaks: Breaks = ""
    probe: bool = False
    depth: int = 0

    def over(self, other: Fit) -> Fit:
        """Both; where both ask the same thing, this one."""
        return Fit(*(own or theirs for own, theirs in zip(astuple(self), astuple(other), strict=True)))


Fits = Mapping[str, Fit]
"""Requests by the key of the block."""


def own_fits(slug: str, fits: Fits) -> dict[str, Fit]:
    """Those of `fits` that are for the part `slug` and its blocks."""
    return {key: fit for key, fit in fits.items() if key.rpartition("/")[0] == slug}


def with_requests(expected: Expected, requested: tuple[Requested, ...]) -> Expected:
    """`expected`, with the blocks that the author wants to begin a page, or to stay together."""
    asked = [one for one in requested if one.entry.break_before or one.entry.keep_together]
    if not asked:
        return expected
    chapters = (
        replace(chapter, begins=tuple(one.key for one in asked if one.entry.chapter == chapter.slug))
        for chapter in expected.chapters
    )
    return replace(expected, chapters=tuple(chapters))


def with_depths(expected: Expected, fits: Fits) -> Expected:
    """`expected`, with the depth that the pages of each chapter have by `fits`; a chapter that has it is as it was."""
    depths = [fits.get(f"{one.slug}/", Fit()).depth for one in expected.chapters]
    chapters = zip(expected.chapters, depths, strict=True)
    return replace(expected, chapters=tuple(one if one.depth == n else replace(one, depth=n) for one, n in chapters))


def together(first: Fits, second: Fits) -> dict[str, Fit]:
    """Both; `first` goes before."""
    joined = dict(second)
    for key, fit in first.items():
        joined[key] = fit.over(joined.get(key, Fit()))
    return joined


@dataclass(frozen=True)
class Spot:
    """A point of the book: its page (from 1), and points from the left and from the top of the page."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Extent:
    """Where a block begins and ends; the points of a paragraph are on the base lines of its first and last line."""

    key: str
    first: Spot
    last: Spot


@dataclass(frozen=True)
class SetNote:
    """A note: the block with its mark, the position of the mark, and where the note begins at the foot."""

    key: str
    mark: Spot
    entry: Spot


@dataclass(frozen=True)
class LayoutReport:
    """Typst's report on the pages that it set.

    `effects` says by key whether a paragraph took the lines requested; `able` are the paragraphs, of those that
    were probed, that could be a line shorter (-1) or longer (1); `figures` are the figures and tables by label
    ("02-economy/fig-trade"). `bottom` is the lower edge of the text and `pitch` the distance of its lines, in points.
    """

    pages: int
    top: float
    bottom: float
    pitch: float
    blocks: tuple[Extent, ...] = ()
    notes: tuple[SetNote, ...] = ()
    effects: Mapping[str, bool] = field(default_factory=dict)
    able: frozenset[tuple[str, int]] = frozenset()
    figures: Mapping[str, Spot] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)
    """The pages of what cross-references with a page lead to, by label."""

    def extents(self) -> dict[str, Extent]:
        """The blocks by key."""
        return {block.key: block for block in self.blocks}


@dataclass(frozen=True)
class Standing:
    """The context of a part of a book: everything in the rest of the book that affects its pages.

    Set alone, it begins on `page`, of the same side (2 or 3) where that matters. Only where pages are printed it
    matters by how many they are later in the book (`shift`), on which `pages` the labels of other parts stand that it
    names, and how many there are in all (`total`).
    """

    slug: str
    kind: Literal["front", "chapter", "back"] = "chapter"
    page: int = RECTO
    shift: int = 0
    pages: Mapping[str, int] = field(default_factory=dict)
    total: int = 0


def standing_of(chapter: ExpectedChapter, at: int, pages: Mapping[str, int], *, sided: bool) -> Standing:
    """How `chapter` stands that begins on page `at` where labels have these `pages`; `sided`: the side matters."""
    page = VERSO if sided and at % 2 == 0 else RECTO
    named = sorted({one.label for one in chapter.pages if not one.label.startswith(f"{chapter.slug}/")})
    foreign = {label: pages[label] for label in named if label in pages}
    return Standing(chapter.slug, "chapter", page, at - page, foreign)


@dataclass(frozen=True)
class TypesetBook:
    """A finished PDF, and Typst's report on its pages."""

    pdf: bytes
    layout: LayoutReport


@dataclass(frozen=True)
class Requested:
    """One entry of `layout.yaml`, and the key of its block."""

    entry: LayoutEntry
    key: str


@dataclass(frozen=True)
class AppliedFit:
    """A fit that a pass chose, and why.

    `what`: break, lines, reserve, whole-word, breaks, place-top, place-bottom, place-here, depth; `amount` in lines.
    """

    chapter: str
    key: str
    page: int
    what: str
    amount: int
    rule: str
    words: str
    place: Place


def dumped(fits: Fits) -> str:
    """`fits` as text, in a fixed order."""
    return json.dumps({key: asdict(fits[key]) for key in sorted(fits)})


def loaded(text: str) -> dict[str, Fit]:
    """The fits that `dumped` wrote."""
    return {key: Fit(**values) for key, values in json.loads(text).items()}


def raise_of_the_moment(faulty: Faulty) -> None:
    """Raises `faulty` where it may be another machine's, or another moment's: pages must not depend on that."""
    if any(fault.rule in OF_THE_MOMENT for fault in faulty.faults):
        raise faulty
