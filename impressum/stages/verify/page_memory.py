"""Pages that were read, in this build or an earlier one, by what is printed on them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache

from impressum.stages.verify.pages import Glyph, Line, Page, ReadPage, Rectangle
from impressum.system.cache import Json, Memo
from impressum.system.installed import version

MOST_REMEMBERED = 1500  # pages that a memory holds


def _packed(read: ReadPage) -> bytes:
    """For the memo."""
    page = read.page
    lines = [(one.text, one.first, *map(_numbers, one.boxes)) for one in page.lines]
    sizes = [(one.baseline, one.size, one.space, one.logical) for one in page.lines]
    glyphs = [
        (*at, [(one.letter, _numbers(one.box), one.size, one.run) for one in some]) for at, some in read.glyphs.items()
    ]
    return json.dumps(
        [page.width, page.height, page.turned, lines, sizes, read.has_picture, read.touching, glyphs]
    ).encode()


def _numbers(box: Rectangle) -> tuple[float, ...]:
    return box.left, box.top, box.right, box.bottom


def _read_page(raw: bytes) -> ReadPage:
    """The inverse of `_packed`; the page has no number."""
    width, height, turned, lines, sizes, has_picture, touching, glyphs = json.loads(raw)
    made = tuple(
        Line(0, text, first, tuple(Rectangle(*box) for box in boxes), *size)
        for (text, first, *boxes), size in zip(lines, sizes, strict=True)
    )
    letters = {
        (first, last): [Glyph(letter, Rectangle(*box), size, run) for letter, box, size, run in some]
        for first, last, some in glyphs
    }
    return ReadPage(Page(0, width, height, made, turned), letters, has_picture, touching, is_kept=True)


@cache
def _reader() -> str:
    """The version of what reads the pages: to ask for it takes as long as to recall one."""
    return version("pypdfium2")


@dataclass
class PageMemory:
    """The pages of earlier settings of the same book, by the hash of everything printed on them. Those of a finished
    book are remembered in the `memo`, if there is one."""

    memo: Memo | None = None
    pages: dict[str, ReadPage] = field(default_factory=dict)

    def recall(self, name: str) -> ReadPage | None:
        """The page that prints this."""
        known = self.pages.pop(name, None)
        if known is None and self.memo is not None:
            raw = self.memo.get("page", self._inputs(name), about=None)
            known = _read_page(raw) if raw is not None else None
        return known

    def keep(self, name: str, page: ReadPage) -> None:
        """Remembers the page of a finished book that prints this."""
        if self.memo is not None and not page.is_kept:
            page.is_kept = True
            self.memo.put("page", self._inputs(name), _packed(page), about=None)

    def _inputs(self, name: str) -> dict[str, Json]:
        return {"prints": name, "reader": _reader()}

    def forget(self) -> None:
        """Forgets the oldest pages, where there are many."""
        for name in list(self.pages)[: max(0, len(self.pages) - MOST_REMEMBERED)]:
            del self.pages[name]
