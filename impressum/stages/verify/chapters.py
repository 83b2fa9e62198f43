"""The chapters of a finished book, each looked at alone: what is found is remembered by what is printed and expected.

A chapter begins on a page of its own. So its words, notes and lines are checked on its pages, without those of others,
and not again where these print the same under the same numbers. What leads from one part of a book to another is
checked in all of it, with what is noted of each chapter here. Where there is an error, all pages are looked at
together: what is missing in one chapter may stand in another.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise

from impressum.core.errors import Faults, Packed, Place, packed, unpacked
from impressum.core.model.manuscript import Anchor, Expected, ExpectedChapter
from impressum.core.model.theme import Theme
from impressum.stages.verify.document import hash_of_letters
from impressum.stages.verify.evidence import Aim, Evidence, Located, NarrowHeading, PrintedReference
from impressum.stages.verify.index import pages_of_mark
from impressum.stages.verify.links import printed_references, target_of
from impressum.stages.verify.navigation import check_headings, page_of_caption
from impressum.stages.verify.notes import find_notes
from impressum.stages.verify.pages import PrintedPages
from impressum.stages.verify.placement import (
    check_area,
    check_blank_pages,
    check_figures,
    check_overprint,
    find_overprint,
)
from impressum.stages.verify.structure import Structure
from impressum.stages.verify.texts import (
    check_formulas,
    check_leftovers,
    check_pull_quotes,
    check_references,
    check_summaries,
    check_texts,
)
from impressum.stages.verify.typography import measure_pages
from impressum.stages.verify.words import Match, Wanted
from impressum.system.cache import Json, Task

OF_CHAPTER: tuple[Callable[[Evidence], None], ...] = (
    # The first ones locate the expected text on the pages; the others look there for the line of a fault.
    check_headings,
    check_texts,
    find_notes,
    check_pull_quotes,
    check_summaries,
    check_references,
    check_formulas,
    check_figures,
    check_area,
    check_overprint,
    check_blank_pages,
    check_leftovers,
    measure_pages,
)
Packable = tuple[str, int, int]  # a place as it is kept: path, line, column


@dataclass(frozen=True)
class ChapterFound:
    """What was found in a chapter: faults, and what the checks of the whole book ask of it."""

    faults: list[Packed]
    headings: dict[str, tuple[int, int, float]]
    """By label, the first and the last page of a heading, and how high it stands on the first."""
    aims: Mapping[str, tuple[int, float, bool]]
    links: list[tuple[int, int]]
    """The first page of the block that each link is in, and the one behind its last."""
    captions: dict[str, int]
    marks: dict[str, list[int]]
    references: list[tuple[int, tuple[int, int], int | None]]
    """Each printed cross-reference: its number among those of the chapter, where it is printed, and what it says."""
    full_lines: list[int]
    narrow: list[tuple[int, Packable, str, int, float, float]]
    begun: list[tuple[str, int]]
    letters: list[str]
    """By page, the hash of its letters."""


@dataclass(frozen=True)
class Chapter:
    """A chapter on its `pages`, with what is expected there."""

    expected: Expected
    pages: range

    @property
    def own(self) -> ExpectedChapter:
        return self.expected.chapters[0]


def chapters_of(expected: Expected, theme: Theme, structure: Structure) -> tuple[Chapter, ...]:
    """The chapters, each on its pages; none where it is not known that each has pages of its own."""
    anchors: dict[str, list[Anchor]] = {chapter.slug: [] for chapter in expected.chapters}
    for anchor in expected.anchors:
        anchors.setdefault(anchor.chapter, []).append(anchor)
    chapters = [one for one in expected.chapters if one.texts or one.blocks or anchors[one.slug]]  # not that of works
    titles = [next((one.label for one in anchors[chapter.slug] if one.level == 1), "") for chapter in chapters]
    behind = {"references": expected.references_title, "index": expected.index_title}
    labels = [label for label, title in behind.items() if title]
    if not titles or any(label not in structure.places for label in (*titles, *labels)):
        return ()
    end = len(structure.prints) + (not expected.has_back_cover(for_barcode=theme.flag("cover", "back")))
    begins = [structure.places[label].page for label in titles]
    if any(after <= one for one, after in pairwise([1, *begins, end])):
        return ()
    others = sorted({end, *(structure.places[label].page for label in labels)})
    ends = [min(after, *(page for page in others if page > one)) for one, after in pairwise([*begins, end])]
    if any(not formula.page for formula in structure.formulas):  # it could be that of any chapter
        return ()
    bare = replace(expected, contents_title="", references_title="", index_title="", index=(), blurb=(), barcode="")
    listed: dict[str, dict[str, str]] = defaultdict(dict)
    for label, entry in expected.references.items() if not expected.references_title else ():
        listed[label.partition("/")[0]][label] = entry
    return tuple(
        Chapter(
            replace(bare, anchors=tuple(anchors[own.slug]), chapters=(own,), references=listed[own.slug]),
            range(first, behind),
        )
        for own, first, behind in zip(chapters, begins, ends, strict=True)
    )


def evidence_of(
    expected: Expected, theme: Theme, printed: PrintedPages, structure: Structure, faults: Faults
) -> tuple[Evidence, dict[int, str]]:
    """The evidence for the checks of the whole book, with what is found in each chapter alone; and of each page of a
    chapter the hash of its letters. Where the chapters cannot be told apart, nothing is looked at yet."""
    chapters = chapters_of(expected, theme, structure)
    theirs = {number for chapter in chapters for number in chapter.pages}
    others = [number for number in range(1, len(printed.pages) + 1) if number not in theirs]
    slugs = frozenset(chapter.own.slug for chapter in chapters)
    book = Evidence(expected, theme, printed, structure, faults, others, slugs)
    memo = printed.memory.memo if printed.memory else None
    letters: dict[int, str] = {}
    tasks = [
        Task(_read_by(one, theme, structure), partial(_find, one, theme, printed, structure), None) for one in chapters
    ]
    raws = memo.each("verify-chapter", tasks) if memo else [task.run() for task in tasks]
    for chapter, raw in zip(chapters, raws, strict=True):
        found = ChapterFound(**json.loads(raw))
        _give(book, chapter, found)
        letters.update(zip(chapter.pages, found.letters, strict=True))
    return book, letters


def _find(chapter: Chapter, theme: Theme, printed: PrintedPages, structure: Structure) -> bytes:
    """What is found in a chapter, for the memo."""
    return json.dumps(asdict(_found(_looked_at(chapter, theme, printed, structure)))).encode()


def _read_by(chapter: Chapter, theme: Theme, structure: Structure) -> dict[str, Json]:
    """Everything that the checks of a chapter read."""
    return {
        "pages": [[number, structure.prints[number - 1]] for number in chapter.pages],
        "expected": chapter.expected.known_by,
        "places": repr([structure.places.get(one.label) for one in chapter.expected.anchors]),
        "formulas": repr([one for one in structure.formulas if one.page in chapter.pages]),
        "count": len(structure.prints),
        "theme": dict(theme.tokens),
    }


def _looked_at(chapter: Chapter, theme: Theme, printed: PrintedPages, structure: Structure) -> Evidence:
    """The evidence of a chapter, after its checks."""
    labels = structure.places.keys() & {one.label for one in chapter.expected.anchors}
    places = {label: structure.places[label] for label in labels}
    formulas = tuple(one for one in structure.formulas if one.page in chapter.pages)
    own = replace(structure, bookmarks=(), links=(), places=places, formulas=formulas)
    evidence = Evidence(chapter.expected, theme, printed, own, Faults(), chapter.pages)
    find_overprint(evidence)
    for check in OF_CHAPTER:
        check(evidence)
    return evidence


def _found(evidence: Evidence) -> ChapterFound:
    expected, own = evidence.expected, evidence.expected.chapters[0]
    labels = [*(anchor.label for anchor in expected.anchors), *(_of_work(label) for label in evidence.works)]
    aims = {label: aim for label in labels if (aim := target_of(evidence, label))}
    blocks = [evidence.pages_of(link.place) for link in own.links]
    numbers = {id(page): number for number, page in enumerate(own.pages)}
    return ChapterFound(
        [packed(evidence.spotted(fault)) for fault in evidence.faults.found()],
        {label: (one.first, one.last, one.top) for label, one in evidence.headings.items()},
        aims,
        [(pages.start, pages.stop) for pages in blocks],
        {one.label: page_of_caption(evidence, one) for one in expected.anchors if one.kind in ("figure", "table")},
        {mark.label: sorted(pages_of_mark(evidence, mark)) for mark in own.marks},
        [(numbers[id(one.meant)], one.here, one.says) for one in printed_references(evidence)],
        evidence.full_lines,
        [(one.level, (one.place.path, one.place.line, one.place.column), *one[2:]) for one in evidence.narrow],
        evidence.begun,
        [hash_of_letters(page.text) for page in evidence.pages],
    )


def _of_work(key: str) -> str:
    """The label of a work in the list of a chapter: `02-economy/ref-doe2023`."""
    chapter, _, name = key.rpartition("/")
    return f"{chapter}/ref-{name}"


def _give(book: Evidence, chapter: Chapter, found: ChapterFound) -> None:
    """Gives what was found in a chapter to the evidence of the book."""
    own = chapter.own
    book.faults.extend(map(unpacked, found.faults))
    anchors = {anchor.label: anchor for anchor in chapter.expected.anchors}
    for label, (first, last, top) in found.headings.items():
        book.headings[label] = Located(anchors[label].place, "", first, last, top, True, Wanted("", ()), Match(0, 0))
    book.aims.update((label, Aim(*aim)) for label, aim in found.aims.items())
    book.link_pages.update((link.place, range(*pages)) for link, pages in zip(own.links, found.links, strict=True))
    book.captions.update(found.captions)
    book.marks.update((label, frozenset(pages)) for label, pages in found.marks.items())
    for at, (first, last), says in found.references:
        book.references.append(PrintedReference(own.pages[at], (first, last), says))
    book.full_lines += found.full_lines
    book.begun += [(begun, page) for begun, page in found.begun]
    book.narrow += [NarrowHeading(one[0], Place(*one[1]), *one[2:]) for one in found.narrow]
