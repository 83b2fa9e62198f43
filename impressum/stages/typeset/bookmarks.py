"""The bookmarks of a PDF: chained, and those of chapters under those of their parts. ISO 32000-1, 12.3.3."""

from __future__ import annotations

import re
from collections.abc import Sequence

from impressum.core.model.manuscript import ChapterOpening, parts_of
from impressum.system.pdf_objects import STRING, reference, words

_WAYS = re.compile(rb"/(?:Parent|Prev|Next) \d+ 0 R")
_INSIDE = re.compile(rb"/(?:First|Last) \d+ 0 R|/Count -?\d+")
_TITLE = re.compile(rb"/Title(" + STRING + rb")")


def chained(objects: list[bytes], parent: int, items: Sequence[int]) -> None:
    """Puts the bookmarks `items` below `parent`, which is one that is open, or the root of all; each keeps what is
    below itself. All are numbers of `objects`."""
    shown = 0
    for before, item, after in zip((0, *items), items, (*items[1:], 0), strict=False):
        content = _WAYS.sub(b"", objects[item - 1])[:-2] + b"/Parent %d 0 R" % parent
        content += b"/Prev %d 0 R" % before if before else b""
        content += b"/Next %d 0 R" % after if after else b""
        objects[item - 1] = content + b">>"
        counted = re.search(rb"/Count (\d+)", content)
        shown += 1 + (int(counted[1]) if counted else 0)
    ways = b"/First %d 0 R/Last %d 0 R/Count %d>>" % (items[0], items[-1], shown)
    objects[parent - 1] = _INSIDE.sub(b"", objects[parent - 1])[:-2] + ways


def below(objects: Sequence[bytes], parent: int) -> list[int]:
    """The bookmarks that are below one, or below the root of all, in order."""
    items, item = [], reference(objects[parent - 1], b"/First")
    while item:
        items.append(item)
        item = reference(objects[item - 1], b"/Next")
    return items


def nest_bookmarks(objects: list[bytes], root: int, chapters: tuple[ChapterOpening, ...]) -> None:
    """Puts the bookmarks of chapters under the bookmark of the part in which they stand."""
    if not any(chapter.kind == "part" for chapter in chapters):
        return
    parts = parts_of(chapters)
    waiting = list(chapters)
    kept: list[int] = []
    marks: dict[str, int] = {}
    inside: dict[str, list[int]] = {}
    for item in below(objects, root):
        title = _letters(_title(objects[item - 1]))
        chapter = next((one for one in waiting if title == _letters(one.number + one.title)), None)
        part = parts[chapter.label] if chapter else ""
        if chapter is None or part in ("", chapter.label) or part not in marks:
            kept.append(item)
        else:
            inside[part].append(item)
        if chapter:
            del waiting[: waiting.index(chapter) + 1]
        if chapter and part == chapter.label:
            marks[part], inside[part] = item, below(objects, item)
    for part, items in inside.items():
        if items:
            chained(objects, marks[part], items)
    chained(objects, root, kept)


def _title(bookmark: bytes) -> str:
    found = _TITLE.search(bookmark)
    return words(found[1]) if found else ""


def _letters(title: str) -> str:
    return "".join(letter for letter in title.casefold() if letter.isalnum())
