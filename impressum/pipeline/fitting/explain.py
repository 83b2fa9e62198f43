"""The report of `build --explain` on an edition's pages: spare lines, fits that were made, what `layout.yaml` did."""

from __future__ import annotations

from dataclasses import dataclass

from impressum.core.errors import Place, count_of
from impressum.core.model.fits import AppliedFit, LayoutEntry, Requested, TypesetBook
from impressum.core.model.manuscript import Expected
from impressum.pipeline.fitting import Fitting
from impressum.pipeline.fitting.chapters import SetChapter, set_chapters
from impressum.system.cache import Json

SHOWN = 40
PLACES = {"top": "at the top", "bottom": "at the foot", "here": "where it is written"}


@dataclass(frozen=True)
class ChapterPages:
    """The pages of a chapter, and how many lines of text its last page has left."""

    slug: str
    first: int
    last: int
    spare: int


@dataclass(frozen=True)
class Entry:
    """The effect of an entry of `layout.yaml`, with its page."""

    place: Place
    at: str
    page: int
    what: str


@dataclass(frozen=True)
class Explained:
    """The pages of an edition, explained. `passes` is how often they were set before they were found good."""

    edition: str
    pages: int
    passes: int
    chapters: tuple[ChapterPages, ...]
    made: tuple[AppliedFit, ...]
    entries: tuple[Entry, ...]

    def text(self) -> str:
        """For a reader."""
        lines = [f"{self.edition}: {count_of(self.pages, 'page')}, fitted in {count_of(self.passes, 'pass', 'passes')}"]
        width = max((len(chapter.slug) for chapter in self.chapters), default=0)
        for one in self.chapters:
            spare = count_of(one.spare, "spare line")
            lines.append(f"  {one.slug:<{width}}  {_pages(one.first, one.last)}, {spare} on the last one")
        for made in self.made:
            reason = f" [{made.rule}]" if made.rule else ""
            lines.append(f"  {made.place}: page {made.page}: {_said(made)}: `{_short(made.words)}`{reason}")
        for entry in self.entries:
            lines.append(f"  {entry.place}: page {entry.page}: {entry.what}: `{_short(entry.at)}`")
        return "\n".join(lines)

    def as_json(self) -> Json:
        """For a program."""
        return {
            "edition": self.edition,
            "pages": self.pages,
            "passes": self.passes,
            "chapters": [
                {"chapter": one.slug, "first-page": one.first, "last-page": one.last, "spare-lines": one.spare}
                for one in self.chapters
            ],
            "fitted": [
                {
                    "chapter": made.chapter,
                    "page": made.page,
                    "fit": made.what,
                    "lines": made.amount,
                    "rule": made.rule,
                    "words": made.words,
                    "path": made.place.path,
                    "line": made.place.line,
                }
                for made in self.made
            ],
            "layout": [
                {"path": one.place.path, "line": one.place.line, "at": one.at, "page": one.page, "did": one.what}
                for one in self.entries
            ],
        }


def explain(
    edition: str, fitting: Fitting, requested: tuple[Requested, ...], expected: Expected, book: TypesetBook
) -> Explained:
    """The pages of `book`, which are those of `edition` with all fits of `fitting`."""
    chapters = set_chapters(expected.chapters, book.layout)
    pages = tuple(one for one in (_chapter(chapter) for chapter in chapters.values()) if one is not None)
    entries = []
    for one in requested:
        extent = chapters[one.entry.chapter].extents.get(one.key)
        page = extent.first.page if extent else 0
        entries += [Entry(one.entry.place, one.entry.at, page, what) for what in _did(one.entry)]
    return Explained(edition, book.layout.pages, fitting.passes, pages, fitting.made, tuple(entries))


def _chapter(chapter: SetChapter) -> ChapterPages | None:
    last = chapter.last
    if last is None:
        return None
    layout = chapter.layout
    first = min(extent.last.page for extent in chapter.extents.values())
    notes = [note.entry.y - layout.pitch for note in chapter.notes if note.entry.page == last.last.page]
    spare = int((min([layout.bottom, *notes]) - last.last.y) / layout.pitch)
    return ChapterPages(chapter.slug, first, last.last.page, max(0, spare))


def _did(entry: LayoutEntry) -> list[str]:
    found = []
    if entry.break_before:
        found.append("begins the page")
    if entry.keep_together:
        found.append("kept together, so that it begins the page")
    if entry.lines:
        found.append(_lines(entry.lines))
    if entry.figure_place:
        found.append(PLACES[entry.figure_place])
    return found


def _said(made: AppliedFit) -> str:
    if made.what == "lines":
        return _lines(made.amount)
    if made.what == "reserve":
        return f"{count_of(made.amount, 'line')} left free at the foot"
    if made.what.startswith("place-"):
        return PLACES[made.what.removeprefix("place-")]
    if made.what == "depth":
        return f"its pages {_lines(made.amount)}"
    others = {"break": "begins the page", "whole-word": "a word not divided", "breaks": "its lines broken elsewhere"}
    return others[made.what]


def _lines(number: int) -> str:
    return f"{count_of(abs(number), 'line')} {'longer' if number > 0 else 'shorter'}"


def _pages(first: int, last: int) -> str:
    return f"page {first}" if first == last else f"pages {first} to {last}"


def _short(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[:SHOWN].rsplit(' ', 1)[0]} …"
