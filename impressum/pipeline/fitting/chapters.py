"""A chapter as page fitting sees it: its blocks in order, and where they stand on the pages that were set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from impressum.core.errors import Place
from impressum.core.model.fits import Extent, LayoutReport, SetNote
from impressum.core.model.manuscript import ExpectedBlock, ExpectedChapter

FLOATING = ("figure", "figuregroup", "table")


@dataclass(frozen=True)
class SetChapter:
    """The blocks of a chapter, and the extents of those that the layout report has."""

    slug: str
    blocks: tuple[ExpectedBlock, ...]
    items: tuple[ExpectedBlock, ...]
    extents: Mapping[str, Extent]
    notes: tuple[SetNote, ...]
    layout: LayoutReport
    able: frozenset[tuple[str, int]]
    """The paragraphs that could be a line shorter (-1) or longer (1)."""

    def block_at(self, place: Place) -> ExpectedBlock | None:
        """The block that begins at `place`, or the last one that begins before it."""
        before = [block for block in self.blocks if block.place.path == place.path and block.place <= place]
        return max(before, key=lambda block: block.place, default=None)

    def extent_at(self, place: Place) -> Extent | None:
        """Where that block stands."""
        block = self.block_at(place)
        return self.extents.get(block.key) if block else None

    def top(self, key: str) -> str:
        """The key of the block at the top of the chapter that holds the item `key`, or `key` itself."""
        return key.partition(".")[0]

    def begins_with(self, key: str) -> str | None:
        """The block to break before, so that `key` begins a page: the headings above it go with it. None where only the
        title of the chapter stands above it."""
        if "." in key and not key.endswith(".0"):
            return key
        index = next((at for at, block in enumerate(self.blocks) if block.key == self.top(key)), None)
        if index is None:
            return None
        while index and self.blocks[index - 1].kind == "heading":
            index -= 1
        return self.blocks[index].key if index else None

    def host(self, key: str, page: int) -> str | None:
        """The last block up to `key` that begins on `page`: before it, room can be kept at the foot of that page."""
        order = [block.key for block in self.blocks]
        if self.top(key) not in order:
            return None
        standing = {block.key for block in self.blocks if block.kind not in (*FLOATING, "heading")}
        for one in reversed(order[: order.index(self.top(key)) + 1]):
            if one in standing and self.begins_on(one, page):
                first = self.begins_with(one)  # a heading and its text are not parted
                return first if first is not None and self.begins_on(first, page) else one
        own = [item.key for item in self.items if self.top(item.key) == self.top(key)]
        until = own.index(key) if key in own else len(own) - 1
        return next((one for one in reversed(own[1 : until + 1]) if self.begins_on(one, page)), None)

    def begins_on(self, key: str, page: int) -> bool:
        """Whether the block `key` begins on `page`."""
        extent = self.extents.get(key)
        return extent is not None and extent.first.page == page

    def first_on(self, page: int) -> str | None:
        """The first block that begins on `page`."""
        return next((block.key for block in self.blocks if self.begins_on(block.key, page)), None)

    def paragraphs(self, sign: int, page: int | None = None) -> list[Extent]:
        """The paragraphs that can be a line shorter (-1) or longer (1), on `page` alone (None: all). Those come first
        in which the last line loses or gains least by it."""
        keys = [block.key for block in self.blocks if (block.key, sign) in self.able]
        found = [self.extents[key] for key in keys if key in self.extents]
        if page is not None:
            found = [extent for extent in found if extent.first.page == extent.last.page == page]
        return sorted(found, key=lambda extent: (-sign * extent.last.x, extent.key))

    @property
    def last(self) -> Extent | None:
        """The last block that stands in the text."""
        kinds = {block.key: block.kind for block in self.blocks}
        standing = [one for key, one in self.extents.items() if "." not in key and kinds.get(key) not in FLOATING]
        return max(standing, key=lambda one: (one.last.page, one.last.y), default=None)


def set_chapters(
    chapters: tuple[ExpectedChapter, ...], layout: LayoutReport, able: frozenset[tuple[str, int]] = frozenset()
) -> dict[str, SetChapter]:
    """The chapters by their names, on the pages that `layout` reports; `able` as in `SetChapter`."""
    extents: dict[str, dict[str, Extent]] = {chapter.slug: {} for chapter in chapters}
    notes: dict[str, list[SetNote]] = {chapter.slug: [] for chapter in chapters}
    for extent in layout.blocks:
        extents.setdefault(chapter_of(extent.key), {})[extent.key] = extent
    for note in layout.notes:
        notes.setdefault(chapter_of(note.key), []).append(note)
    return {
        chapter.slug: SetChapter(
            chapter.slug, chapter.blocks, chapter.items, extents[chapter.slug], tuple(notes[chapter.slug]), layout, able
        )
        for chapter in chapters
    }


def first_pages(layout: LayoutReport) -> dict[str, int]:
    """The page on which each chapter begins, by its slug."""
    found: dict[str, int] = {}
    for extent in layout.blocks:
        slug = chapter_of(extent.key)
        found[slug] = min(found.get(slug, extent.last.page), extent.last.page)
    return found


def chapter_of(key: str) -> str:
    """The slug of the chapter that the block `key` stands in."""
    return key.rpartition("/")[0]
