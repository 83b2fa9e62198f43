"""From the typed document of a chapter to its Typst fragment, and to what is meant to be on its pages.

Text is escaped letter by letter; data goes in as Typst strings. The functions that a fragment calls
are in the book's `elements.typ`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import shorten

from impressum.convert.typst import string
from impressum.convert.write_figures import FigureWriter
from impressum.convert.write_tables import TableWriter
from impressum.errors import Place
from impressum.model import document as d
from impressum.model.meant import Fragment, MeantBlock, MeantChapter

IMPORT = '#import "/book/elements.typ": *\n'
BLOCK_WORDS = 120
"""Letters of a block by which `layout.yaml` can name it."""
PLACE_MARK = re.compile("\ue000(\\d+)\ue001")


class Writer(TableWriter, FigureWriter):
    """Writes one chapter; `notes` counts on from chapter to chapter."""

    def write(self) -> tuple[Fragment, MeantChapter]:
        """The fragment and what is meant by it."""
        self._order = iter(self.anchors.order.get(self.document.slug, ()))
        lines: list[str] = [IMPORT.rstrip()]
        places: list[Place] = [Place(self.document.path)]
        for index, block in enumerate(self.document.blocks):
            self.key = f"{self.document.slug}/{index}"
            self.made_blocks.append(self._meant_block(block))
            for line, place in self.lines(self._fitted(block), block.place):
                lines.append(line)
                places.append(place)
            lines.append("")
            places.append(block.place)
        meant = MeantChapter(
            self.document.slug,
            tuple(self.made_notes),
            tuple(self.made_links),
            tuple(self.made_texts),
            dict(self.cited),
            tuple(self.made_blocks),
        )
        return Fragment(self.document.slug, "\n".join(lines) + "\n", tuple(places)), meant

    def _fitted(self, block: d.Block) -> str:
        """`block` at the top of the chapter, where page fitting finds it under its key."""
        if isinstance(block, d.Paragraph):
            return f"#paragraph({string(self.key)})[{self.block(block)}]"
        return f"#before({string(self.key)})\n{self.block(block)}"

    def _meant_block(self, block: d.Block) -> MeantBlock:
        words = shorten(d.plain(getattr(block, "content", getattr(block, "caption", ()))), BLOCK_WORDS, placeholder="")
        kind = type(block).__name__.lower()
        return MeantBlock(self.key, kind, getattr(block, "id", ""), words, block.place)

    def lines(self, written: str, place: Place) -> Iterator[tuple[str, Place]]:
        """What was `written`, which begins at `place`, line by line with the place of each."""
        for index, part in enumerate(PLACE_MARK.split(written)):
            if index % 2:
                place = self._places[int(part)]
            else:
                yield from ((line, place) for line in part.split("\n"))
        self._places.clear()

    def block(self, node: d.Block) -> str:
        """The block `node` as Typst source."""
        write: Callable[[d.Block], str] = getattr(self, f"_{type(node).__name__.lower()}")
        return write(node)
