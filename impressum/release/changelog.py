"""The changelog of a release in Markdown and JSON: changed pages, numbers and words, edition by edition."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from impressum.core.errata import CorrectedOn, Correction
from impressum.release.diff.compare import Changed, PdfComparison
from impressum.release.diff.report import as_json as comparisons_as_json
from impressum.release.diff.report import changed_pages
from impressum.release.history import ReleasedBook
from impressum.system.cache import Json

SCHEMA = "impressum/changes"
VERSION = 1
MOST_SHOWN = 200
"""Changes of words that the Markdown lists one by one; the JSON has all."""
LONGEST = 60
"""Words of a change that the Markdown shows."""


@dataclass(frozen=True)
class BookChanges:
    """The changes in the `book` of one edition; `is_new` where the last release had no such edition."""

    book: ReleasedBook
    comparison: PdfComparison
    errata: tuple[CorrectedOn, ...]
    is_new: bool

    @property
    def name(self) -> str:
        return self.book.name


@dataclass(frozen=True)
class ReleaseChanges:
    """The changes from the release `since` (None: this is the first) to `version`; `gone` are dropped books."""

    title: str
    version: str
    date: str
    since: str | None
    since_date: str | None
    books: tuple[BookChanges, ...]
    gone: tuple[str, ...]


def as_json(changes: ReleaseChanges) -> dict[str, Json]:
    """The changes with every word and number."""
    compared = comparisons_as_json({book.name: book.comparison for book in changes.books if not book.is_new})
    assert isinstance(compared, dict)
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "release": changes.version,
        "date": changes.date,
        "since": changes.since,
        "files": compared["files"],
        "new": [{"name": book.name, "pages": book.comparison.new_pages} for book in changes.books if book.is_new],
        "gone": list(changes.gone),
        "errata": {
            one.book.edition: [
                {"date": day.date.isoformat(), **asdict(erratum)} for day in one.errata for erratum in day.corrections
            ]
            for one in changes.books
            if one.errata
        },
    }


def as_markdown(changes: ReleaseChanges) -> str:
    """The changes as a page to read and to send along."""
    lines = [f"# {_escaped(changes.title)}: changes in version {_escaped(changes.version)}", ""]
    if changes.since is None:
        lines.append(f"Version {_escaped(changes.version)} of {changes.date}. This is the first release.")
    else:
        lines.append(
            f"Version {_escaped(changes.version)} of {changes.date}, compared with version {_escaped(changes.since)} "
            f"of {changes.since_date}."
        )
    for book in changes.books:
        lines += ["", f"## `{book.name}`", "", *_book(book)]
    if changes.gone:
        lines += ["", "## No longer released", "", *(f"- `{name}`" for name in changes.gone)]
    return "\n".join(lines) + "\n"


def _book(book: BookChanges) -> Iterator[str]:
    one = book.comparison
    if book.is_new:
        yield f"New: {one.new_pages} pages."
    elif one.is_same:
        yield f"The same on all {one.new_pages} pages."
    else:
        yield f"{one.old_pages} pages became {one.new_pages}."
        pages = changed_pages(one)
        if pages:
            yield ""
            yield from (f"- Pages {what}: {numbers}" for what, numbers in pages)
    if book.errata:
        yield from ("", "### Errata", "")
        yield from (_erratum(day.date, erratum) for day in book.errata for erratum in day.corrections)
    if book.is_new:
        return
    # The impressum, the contents and the lists say page numbers and dates: of them, only the pages are listed.
    numbers = [number for number in one.numbers if number.new_page >= book.book.body]
    changes = [change for change in one.changes if change.new_page >= book.book.body]
    if numbers:
        yield from ("", "### Numbers", "", "| page | was | is | behind the words |", "|---:|---:|---:|---|")
        for number in numbers:
            yield (
                f"| {number.new_page} | {_escaped(number.old) or '–'} | {_escaped(number.new) or '–'} "
                f"| {_escaped(number.before)} |"
            )
    if changes:
        yield from ("", "### Words", "")
        yield from (_change(change) for change in changes[:MOST_SHOWN])
        if len(changes) > MOST_SHOWN:
            yield f"- and {len(changes) - MOST_SHOWN} more, which the JSON file beside this one has"


def _erratum(day: datetime.date, one: Correction) -> str:
    was = f" ~~{_escaped(one.was)}~~" if one.was else ""
    now = f" **{_escaped(one.now)}**" if one.now else ""
    reason = f" {_escaped(one.reason)}" if one.reason else ""
    return f"- {day}, {_escaped(one.where)}:{was}{now}{reason}"


def _change(change: Changed) -> str:
    was = f"~~{_escaped(_short(change.old))}~~ " if change.old else ""
    now = f"**{_escaped(_short(change.new))}** " if change.new else ""
    return f"- Page {change.new_page}: … {_escaped(change.before)} {was}{now}{_escaped(change.after)} …"


def _short(text: str) -> str:
    words = text.split()
    return text if len(words) <= LONGEST else f"{' '.join(words[:LONGEST])} …"


def _escaped(text: str) -> str:
    """`text` as Markdown prints it, letter for letter."""
    return re.sub(r"([\\`*_\[\]<>|~#])", r"\\\1", text)
