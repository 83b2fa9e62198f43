"""Headings on their pages, the contents that list them, the bookmarks that lead to them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from impressum.model.meant import Anchor
from impressum.verify.evidence import Evidence, Located, shown
from impressum.verify.pages import Line
from impressum.verify.structure import Bookmark
from impressum.verify.words import Found, Wanted, norm

EDGE = 4.0
BOOKMARK_HINT = (
    "open the file's outline; if no template of this publication changes its headings, this is a fault of Impressum"
)
LONGEST_MARK = 3


def check_headings(evidence: Evidence) -> None:
    """Every heading is printed, as a line of its own, in order."""
    at = evidence.body
    for anchor in evidence.expected_headings():
        found = _find(evidence, anchor, at)
        if found is None:
            evidence.faults.error(
                anchor.place,
                f"the heading {shown(anchor.title)} is not printed on page {evidence.stream.page(at)} or after it",
                "page-heading",
                "look whether a template of this publication leaves it out; if none does, this is a fault of Impressum",
            )
            continue
        evidence.headings[anchor.label] = evidence.locate(anchor.place, Wanted(norm(anchor.title), ()), found)
        at = found.end


def _find(evidence: Evidence, anchor: Anchor, at: int) -> Found | None:
    title = norm(anchor.title)
    if not title:
        return None
    number = norm(anchor.number)
    known = evidence.structure.places.get(anchor.label)
    for start, end in ((at, None), (evidence.body, at)):
        found = _lines_of(evidence, title, number, start, end)
        if found:
            there = [one for one in found if known and evidence.stream.page(one.start) == known.page]
            return (there or found)[0]
    return None


def _lines_of(evidence: Evidence, title: str, number: str, start: int, end: int | None) -> list[Found]:
    """The places at which `title` takes whole lines; the mark of a note may stand behind it."""
    stream = evidence.stream
    found = []
    for index in stream.all(title, start, end):
        head = index - len(number)
        begins = stream.begins_line(index) or (stream.text.startswith(number, head) and stream.begins_line(head))
        last = index + len(title)
        rest = "" if stream.begins_line(last) else stream.text[last : stream.line_end(last)]
        in_block = stream.line(index).top >= evidence.area.block.top - EDGE  # the running head has titles, too
        if begins and in_block and (not rest or (len(rest) <= LONGEST_MARK and rest.isdigit())):
            found.append(Found(index, last))
    return found


@dataclass(frozen=True)
class _Listed:
    """A line of the contents: its words and the page that it gives."""

    words: str
    shown: str
    page: int
    stands_on: int


def check_contents(evidence: Evidence) -> None:
    """The contents list the headings down to their depth, in order, each with the page on which it stands."""
    depth = evidence.meant.contents_depth
    expected = [one for one in evidence.expected_headings() if one.listed and one.level <= depth]
    if not evidence.contents_page:
        if expected:
            evidence.faults.error(
                expected[0].place,
                f"no page before page {evidence.body_page} is headed {shown(evidence.meant.contents_title)}",
                "page-contents",
                "look whether a template of this publication leaves the contents out",
            )
        return
    listed = _listed(evidence)
    keys = [norm(one.number + one.title) for one in expected]
    matcher = SequenceMatcher(None, keys, [one.words for one in listed], autojunk=False)
    known: set[int] = set()
    taken: set[int] = set()
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            known.add(block.a + offset)
            taken.add(block.b + offset)
            _compare(evidence, expected[block.a + offset], listed[block.b + offset])
    for number, anchor in enumerate(expected):
        if number not in known:
            page = evidence.headings.get(anchor.label)
            evidence.faults.error(
                anchor.place,
                f"the contents on page {evidence.contents_page} do not list {shown(anchor.title)}"
                + (f", which stands on page {page.first}" if page else ""),
                "page-contents",
                "look whether a template of this publication leaves lines of the contents out",
            )
    for number, entry in enumerate(listed):
        if number not in taken:
            evidence.faults.error(
                evidence.place(entry.page, entry.shown),
                f"the contents on page {entry.stands_on} list {shown(entry.shown)}, which is no heading at that place",
                "page-contents",
                "look whether a template of this publication changes the contents",
            )


def _compare(evidence: Evidence, anchor: Anchor, entry: _Listed) -> None:
    heading = evidence.headings.get(anchor.label)
    if heading is not None and heading.first != entry.page:
        evidence.faults.error(
            anchor.place,
            f"the contents on page {entry.stands_on} give page {entry.page} for {shown(anchor.title)}, "
            f"which stands on page {heading.first}",
            "page-contents",
            "look whether a template of this publication changes the contents or the numbers of pages",
        )


def _listed(evidence: Evidence) -> list[_Listed]:
    lines = [line for line in evidence.stream.lines if evidence.contents_page <= line.page < evidence.body_page]
    first = next(n for n, line in enumerate(lines) if norm(line.text) == norm(evidence.meant.contents_title))
    lines = lines[first + 1 :]
    edge = max((line.right for line in lines), default=0.0)
    found: list[_Listed] = []
    gathered: list[Line] = []
    for line in lines:
        gathered.append(line)
        words = line.text.split()
        if words and words[-1].isdecimal() and line.right >= edge - EDGE:
            text = " ".join(one.text.replace("\ufffe", "") for one in gathered).rstrip()[: -len(words[-1])]
            found.append(_Listed(norm(text), text.strip(), int(words[-1]), line.page))
            gathered = []
    return found


def check_bookmarks(evidence: Evidence) -> None:
    """The bookmarks are the headings, in order, and lead to them; only those before the first chapter are others."""
    expected = evidence.expected_headings()
    keys = [norm(one.title) for one in expected]
    numbered = {norm(one.number + one.title): norm(one.title) for one in expected}
    marks = list(evidence.structure.bookmarks)
    titles = [numbered.get(norm(mark.title), norm(mark.title)) for mark in marks]
    known: set[int] = set()
    taken: set[int] = set()
    for block in SequenceMatcher(None, keys, titles, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            known.add(block.a + offset)
            taken.add(block.b + offset)
            anchor = expected[block.a + offset]
            _lead(evidence, anchor, marks[block.b + offset], evidence.headings.get(anchor.label))
    for number, anchor in enumerate(expected):
        heading = evidence.headings.get(anchor.label)
        if number not in known:
            where = f" on page {heading.first}" if heading else ""
            message = f"no bookmark leads to the heading {shown(anchor.title)}{where}"
            if keys[number] in (title for n, title in enumerate(titles) if n not in taken):
                message = f"the bookmark of the heading {shown(anchor.title)}{where} stands out of order"
                taken.update(n for n, title in enumerate(titles) if title == keys[number])
            evidence.faults.error(anchor.place, message, "page-bookmark", BOOKMARK_HINT)
    first = min(taken, default=0)
    for number, mark in enumerate(marks):
        if number not in taken and not (number < first and mark.target.page < evidence.body_page):
            evidence.faults.error(
                evidence.place(mark.target.page, mark.title),
                f"the bookmark {shown(mark.title)} to page {mark.target.page} belongs to no heading",
                "page-bookmark",
                BOOKMARK_HINT,
            )


def _lead(evidence: Evidence, anchor: Anchor, mark: Bookmark, heading: Located | None) -> None:
    if heading is not None and mark.target.page != heading.first:
        where = f"to page {mark.target.page}" if mark.target.page else "nowhere"
        evidence.faults.error(
            anchor.place,
            f"the bookmark {shown(mark.title)} leads {where}, but its heading stands on page {heading.first}",
            "page-bookmark",
            "look whether a template of this publication moves its headings",
        )
