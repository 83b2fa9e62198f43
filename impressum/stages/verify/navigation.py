"""Headings on their pages, and what leads to them: the contents, the lists of figures and tables, the bookmarks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from impressum.core.aligning import matching
from impressum.core.model.manuscript import Anchor, Kind
from impressum.stages.verify.evidence import Evidence, Located, shown
from impressum.stages.verify.pages import Line
from impressum.stages.verify.structure import Bookmark
from impressum.stages.verify.words import FORMULA, Match, Wanted, norm, wanted

EDGE = 4.0
BOOKMARK_HINT = (
    "open the file's outline; if no template of this publication changes its headings, this is a fault of Impressum"
)
LIST_LOST = "look whether a template of this publication leaves lines of the list out"
LIST_CHANGED = "look whether a template of this publication changes the list"


def check_headings(evidence: Evidence) -> None:
    """Every heading is printed on its own line, in order."""
    at = evidence.body
    for anchor in evidence.expected_headings():
        if anchor.chapter in evidence.checked:
            continue
        found = _find(evidence, anchor, at)
        if found is None:
            message = f"the heading {shown(anchor.title)} is not printed on page {evidence.stream.page(at)} or after it"
            hint = (
                "look whether a template of this publication leaves it out; if none does, this is a fault of Impressum"
            )
            evidence.faults.error(anchor.place, message, "page-heading", hint)
            continue
        evidence.headings[anchor.label] = evidence.locate(anchor.place, Wanted(norm(anchor.title), ()), found)
        at = found.end


def _find(evidence: Evidence, anchor: Anchor, at: int) -> Match | None:
    line = anchor.place.line
    marked = evidence.with_marks(anchor.title, replace(anchor.place, column=0), replace(anchor.place, line=line + 1))
    title = marked or norm(anchor.title)
    if not title:
        return None
    numbers = (norm(anchor.number), norm(evidence.expected.words.of(anchor)))
    known = evidence.structure.places.get(anchor.label)
    if known:  # most stand there, and a title may be a running head on each of many pages
        begin, end = (evidence.stream.of_page(page) for page in (known.page, known.page + 1))
        there = _lines_of(evidence, title, numbers, max(at, begin), end + len(title))
        if there and there[0].start < end:
            return there[0]
    for start, until in ((at, None), (evidence.body, at)):
        found = _lines_of(evidence, title, numbers, start, until)
        if found:
            on_page = [one for one in found if known and evidence.stream.page(one.start) == known.page]
            return (on_page or found)[0]
    return None


def _lines_of(evidence: Evidence, title: str, numbers: tuple[str, ...], start: int, end: int | None) -> list[Match]:
    """The places at which `title` takes whole lines, one of its `numbers` before it, or behind it in a right margin."""
    stream = evidence.stream
    found = []
    for index in stream.all(title, start, end):
        begins = any(
            stream.text.startswith(number, index - len(number)) and stream.begins_line(index - len(number))
            for number in ("", *numbers)
        )
        last = index + len(title)
        ends = any(
            stream.text.startswith(number, last) and stream.begins_line(last + len(number)) for number in ("", *numbers)
        )
        in_block = stream.line(index).top >= evidence.area.block.top - EDGE  # the running head has titles, too
        if begins and in_block and ends:
            found.append(Match(index, last))
    return found


@dataclass(frozen=True)
class Listed:
    """A line of the contents or of a list: its words and the page that it gives."""

    words: str
    shown: str
    page: int
    stands_on: int


def check_contents(evidence: Evidence) -> None:
    """The contents list the headings down to their depth, in order, each with the page on which it stands."""
    depth = evidence.expected.contents_depth
    expected = [one for one in evidence.expected_headings() if one.listed and one.level <= depth]
    if not evidence.contents_page:
        if expected:
            message = f"no page before page {evidence.body_page} is headed {shown(evidence.expected.contents_title)}"
            hint = "look whether a template of this publication leaves the contents out"
            evidence.faults.error(expected[0].place, message, "page-contents", hint)
        return
    _, listed = lines_below(evidence, evidence.expected.contents_title)
    keys = [norm(one.number + one.title + one.byline) for one in expected]
    # The number of a part may be said: `Part I`.
    said = {
        norm(evidence.expected.words.of(one) + one.title + one.byline): key
        for one, key in zip(expected, keys, strict=True)
    }
    same = [one for one in matching(keys, [said.get(one.words, one.words) for one in listed]) if one.equal]
    for one in same:
        _compare(evidence, expected[one.one], listed[one.two])
    known, taken = {one.one for one in same}, {one.two for one in same}
    for number, anchor in enumerate(expected):
        if number not in known:
            page = evidence.headings.get(anchor.label)
            message = f"the contents on page {evidence.contents_page} do not list {shown(anchor.title)}"
            message += f", which stands on page {page.first}" if page else ""
            hint = "look whether a template of this publication leaves lines of the contents out"
            evidence.faults.error(anchor.place, message, "page-contents", hint)
    for number, entry in enumerate(listed):
        if number not in taken:
            message = (
                f"the contents on page {entry.stands_on} list {shown(entry.shown)}, which is no heading at that place"
            )
            hint = "look whether a template of this publication changes the contents"
            evidence.faults.error(evidence.place(entry.page, entry.shown), message, "page-contents", hint)


def _compare(evidence: Evidence, anchor: Anchor, entry: Listed) -> None:
    heading = evidence.headings.get(anchor.label)
    if heading is not None and heading.first != entry.page:
        message = (
            f"the contents on page {entry.stands_on} give page {entry.page} for {shown(anchor.title)}, "
            f"which stands on page {heading.first}"
        )
        hint = "look whether a template of this publication changes the contents or the numbers of pages"
        evidence.faults.error(anchor.place, message, "page-contents", hint)


def lines_below(evidence: Evidence, title: str) -> tuple[int, list[Listed]]:
    """The page before the first chapter that `title` heads (0: none), and the lines below it that give pages."""
    words = evidence.expected.words
    heads = {norm(one) for one in (evidence.expected.contents_title, words.figures, words.tables)} - {norm(title)}
    lines = [
        line
        for line in evidence.stream.lines
        if 1 < line.page < evidence.body_page
        and evidence.area.block.top - EDGE <= line.top <= evidence.area.block.bottom
    ]
    headed = evidence.page_headed(title)
    first = next(
        (number for number, line in enumerate(lines) if line.page == headed and norm(line.said) == norm(title)), None
    )
    if first is None:
        return 0, []
    page = lines[first].page
    lines = lines[first + 1 :]
    last = next((number for number, line in enumerate(lines) if norm(line.said) in heads), len(lines))
    lines = lines[:last]
    edges: dict[int, float] = {}  # pages that face each other have their edges apart
    for line in lines:
        edges[line.page] = max(edges.get(line.page, 0.0), line.right)
    found: list[Listed] = []
    gathered: list[Line] = []
    for line in lines:
        gathered.append(line)
        said = line.said.split()
        if said and said[-1].isdecimal() and line.right >= edges[line.page] - EDGE:
            text = " ".join(one.said.replace("\ufffe", "") for one in gathered).rstrip()[: -len(said[-1])]
            found.append(Listed(norm(text), text.strip(), int(said[-1]), line.page))
            gathered = []
    return page, found


def check_bookmarks(evidence: Evidence) -> None:
    """The bookmarks are the headings, in order, and lead to them; only those before the first chapter are others."""
    expected = evidence.expected_headings()
    keys = [norm(one.title) for one in expected]
    numbered = {norm(one.number + one.title): norm(one.title) for one in expected}
    marks = list(evidence.structure.bookmarks)
    titles = [numbered.get(norm(mark.title), norm(mark.title)) for mark in marks]
    same = [one for one in matching(keys, titles) if one.equal]
    for one in same:
        anchor = expected[one.one]
        _lead(evidence, anchor, marks[one.two], evidence.headings.get(anchor.label))
    known, taken = {one.one for one in same}, {one.two for one in same}
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
        if number not in taken and not (number < first and 0 < mark.target.page < evidence.body_page):
            leads = f"to page {mark.target.page} belongs to no heading" if mark.target.page else "leads nowhere"
            message = f"the bookmark {shown(mark.title)} {leads}"
            evidence.faults.error(evidence.place(mark.target.page, mark.title), message, "page-bookmark", BOOKMARK_HINT)


def _lead(evidence: Evidence, anchor: Anchor, mark: Bookmark, heading: Located | None) -> None:
    if heading is not None and mark.target.page != heading.first:
        where = f"to page {mark.target.page}" if mark.target.page else "nowhere"
        message = f"the bookmark {shown(mark.title)} leads {where}, but its heading stands on page {heading.first}"
        hint = "look whether a template of this publication moves its headings"
        evidence.faults.error(anchor.place, message, "page-bookmark", hint)


def check_lists(evidence: Evidence) -> None:
    """Each list that the theme asks for gives all numbered figures or tables, in order, with their true pages."""
    words = evidence.expected.words
    _check_list(evidence, "figure", words.figures)
    _check_list(evidence, "table", words.tables)


def _check_list(evidence: Evidence, kind: Kind, title: str) -> None:
    expected = [one for one in evidence.expected.anchors if one.kind == kind and one.number and one.listed]
    if not expected or not evidence.theme.flag("contents", f"{kind}s"):
        return
    page, listed = lines_below(evidence, title)
    if not page:
        message = f"no page before page {evidence.body_page} is headed {shown(title)}"
        evidence.faults.error(expected[0].place, message, "page-contents", LIST_LOST)
        return
    for anchor in expected:
        entry = next((one for one in listed if _is(anchor, one)), None)
        stands_on = page_of_caption(evidence, anchor)
        if entry is None:
            where = f", which stands on page {stands_on}" if stands_on else ""
            message = f"`{title}` on page {page} does not give {shown(anchor.title)}{where}"
            evidence.faults.error(anchor.place, message, "page-contents", LIST_LOST)
            continue
        listed.remove(entry)
        if stands_on and entry.page != stands_on:
            message = (
                f"`{title}` on page {entry.stands_on} gives page {entry.page} for {shown(anchor.title)}, "
                f"which stands on page {stands_on}"
            )
            evidence.faults.error(anchor.place, message, "page-contents", LIST_CHANGED)
    for entry in listed:
        message = f"`{title}` on page {entry.stands_on} gives {shown(entry.shown)}, which is no {kind} with a number"
        evidence.faults.error(expected[0].place, message, "page-contents", LIST_CHANGED)


def _is(anchor: Anchor, entry: Listed) -> bool:
    """Whether `entry` is that of `anchor`; a formula is printed in signs, and not as it was written."""
    number = norm(anchor.number)
    if entry.words == number + norm(anchor.title):
        return True
    return FORMULA.search(anchor.title) is not None and entry.words.startswith(number)


def page_of_caption(evidence: Evidence, anchor: Anchor) -> int:
    """The page of the caption; 0 where it was not found."""
    if anchor.label in evidence.captions:
        return evidence.captions[anchor.label]
    words = wanted(anchor.title).text
    return next((one.first for one in evidence.located if one.place == anchor.place and one.words == words), 0)
