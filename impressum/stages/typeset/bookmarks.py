"""Bookmarks of chapters under those of their parts; in the text, both are titles of the first level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impressum.core.model.manuscript import ChapterOpening, parts_of

if TYPE_CHECKING:
    import pikepdf


def nest_bookmarks(document: pikepdf.Pdf, chapters: tuple[ChapterOpening, ...]) -> None:
    """Puts the bookmarks of chapters under the bookmark of the part in which they stand."""
    if not any(chapter.kind == "part" for chapter in chapters):
        return
    parts = parts_of(chapters)
    with document.open_outline() as outline:
        waiting = list(chapters)
        kept: list[pikepdf.OutlineItem] = []
        marks: dict[str, pikepdf.OutlineItem] = {}
        for item in outline.root:
            chapter = next((one for one in waiting if _letters(item.title) == _letters(one.number + one.title)), None)
            part = parts[chapter.label] if chapter else ""
            if chapter is None or part in ("", chapter.label) or part not in marks:
                kept.append(item)
            else:
                marks[part].children.append(item)
            if chapter:
                del waiting[: waiting.index(chapter) + 1]
            if chapter and part == chapter.label:
                marks[part] = item
                item.is_closed = False
        outline.root[:] = kept


def _letters(title: str) -> str:
    return "".join(letter for letter in title.casefold() if letter.isalnum())
