"""Values from the data, such as `{{ data.trade["2023"].exports }}`, that only one of source and translation has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from impressum.checks.parity.findings import PLACEHOLDERS, Findings
from impressum.core.errors import Faults, Place
from impressum.core.markdown_code import blank, without_code
from impressum.core.model.publication import Difference
from impressum.core.model.sources import ChapterSource

VALUE = re.compile(r"\{\{-?\+?((?:(?!\{\{|[-+]?\}\}).)*+)[-+]?\}\}", re.DOTALL)
COMMENT = re.compile(r"\{##.*?##\}|<!--.*?-->", re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)
TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")


@dataclass(frozen=True)
class _DataValue:
    """A value by its expression without spaces and filters; `section` is the number of headings before it."""

    name: str
    shown: str
    place: Place
    section: int


def compare_placeholders(
    chapter: ChapterSource, source: ChapterSource, *, declared: tuple[Difference, ...], faults: Faults
) -> None:
    """Reports values that only one of `source` and `chapter`, both not yet rendered, has; their format may differ."""
    findings = Findings(chapter.slug, chapter.body.path, declared, faults)
    ours, theirs = list(_values(chapter)), list(_values(source))
    free = list(ours)
    near: _DataValue | None = None
    lost: list[tuple[_DataValue, _DataValue | None]] = []
    for value in theirs:
        same = next((one for one in free if one.name == value.name), None)
        if same:
            free.remove(same)
            near = same
        else:
            lost.append((value, near))
    for value, before in lost:
        instead = next((one for one in free if one.section == value.section), None)
        if instead:
            free.remove(instead)
            place = instead.place
            message = f"`{instead.shown}` stands where the source ({value.place}) has `{value.shown}`"
        else:
            place, message = _place(value, before, chapter), f"`{value.shown}` of the source ({value.place}) is missing"
        hint = "write it as the source does: what is typed by hand does not follow the data"
        findings.warning(place, message, PLACEHOLDERS, hint, about=(value.shown, value.name))
    for value in free:
        message = f"`{value.shown}` is not in the source"
        hint = "take it out, or write it in the source, too"
        findings.warning(value.place, message, PLACEHOLDERS, hint, about=(value.shown, value.name))
    findings.report_unused((PLACEHOLDERS,))


def _values(chapter: ChapterSource) -> Iterator[_DataValue]:
    text = _without_asides(chapter.body.text)
    for found in VALUE.finditer(text):
        shown = " ".join(found.group().split())
        section = len(HEADING.findall(text, 0, found.start()))
        yield _DataValue(_name(found[1]), shown, _place_of(found.start(), text, chapter), section)


def _without_asides(text: str) -> str:
    """`text` without its code and comments, which are not rendered."""
    return COMMENT.sub(lambda found: blank(found.group()), without_code(text))


def _name(expression: str) -> str:
    """An expression without its filters, and without spaces outside of quotation marks."""
    depth, kept = 0, []
    position = 0
    while position < len(expression):
        quoted = TEXT.match(expression, position)
        letter = quoted.group() if quoted else expression[position]
        position += len(letter)
        if quoted:
            kept.append(f'"{letter[1:-1]}"')
            continue
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "|" and not depth:
            break
        kept.append("" if letter.isspace() else letter)
    return "".join(kept)


def _place(value: _DataValue, before: _DataValue | None, chapter: ChapterSource) -> Place:
    """The place where a missing value belongs: after the one before it, or below its heading."""
    text = _without_asides(chapter.body.text)
    headings = [found.start() for found in HEADING.finditer(text)]
    below = headings[min(value.section, len(headings)) - 1] if headings and value.section else 0
    place = _place_of(below, text, chapter)
    return max(place, before.place) if before else place


def _place_of(offset: int, text: str, chapter: ChapterSource) -> Place:
    line_start = text.rfind("\n", 0, offset) + 1
    return chapter.body.place(text.count("\n", 0, offset) + 1, offset - line_start + 1)
