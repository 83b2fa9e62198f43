"""From the typed document of a chapter to its Typst fragment, and to what is meant to be on its pages.

Text is escaped letter by letter; data goes in as Typst strings. The functions that a fragment calls
are in the book's `elements.typ`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import shorten

from impressum.convert.figure_order import at_the_foot
from impressum.convert.typst import language_options, string
from impressum.convert.write_blocks import around_headings
from impressum.convert.write_boxes import BoxWriter
from impressum.convert.write_equations import EquationWriter
from impressum.convert.write_figures import FigureWriter, ends_in_figures
from impressum.convert.write_tables import TableWriter
from impressum.errors import Place
from impressum.model import document as d
from impressum.model.meant import Fragment, MeantBlock, MeantChapter

IMPORT = '#import "/book/elements.typ": *\n'
SPOKEN = tuple(
    f"#let {name} = {name}.with(words: voice-here)" for name in ("figure-block", "figure-group", "table-block")
)
"""What prints words of the book, in the voice of another edition."""
BLOCK_WORDS = 120
"""Letters of a block by which `layout.yaml` can name it."""
PLACE_MARK = re.compile("\ue000(\\d+)\ue001")


class Writer(TableWriter, FigureWriter, BoxWriter, EquationWriter):
    """Writes one chapter; `notes` counts on from chapter to chapter."""

    _inside = False
    """Whether a block is being written that holds others."""

    def write(self) -> tuple[Fragment, MeantChapter]:
        """The fragment and what is meant by it."""
        self._order = iter(self.anchors.order.get(self.document.slug, ()))
        self._items_made: list[MeantBlock] = []
        self._around = around_headings(self.document.blocks)
        self._at_the_foot = at_the_foot(self.document.blocks)
        lines: list[str] = [IMPORT.rstrip(), *self._voice()]
        places: list[Place] = [Place(self.document.path)] * len(lines)
        for index, block in enumerate(self.document.blocks):
            self.key = f"{self.document.slug}/{index}"
            for line, place in self.lines(self._fitted(block), block.place):
                lines.append(line)
                places.append(place)
            if index == 0 and self.document.borrowed:
                lines.append(self.notice("mark.untranslated", block.place))
                places.append(block.place)
            lines.append("")
            places.append(block.place)
        if self.document.blocks and ends_in_figures(self.document.blocks):
            lines.append("#after-figures()")
            places.append(self.document.blocks[-1].place)
        meant = MeantChapter(
            self.document.slug,
            tuple(self.made_notes),
            tuple(self.made_links),
            tuple(self.made_texts),
            dict(self.cited),
            tuple(self.made_blocks),
            pages=tuple(self.made_pages),
            repeats=tuple(self.made_repeats),
            items=tuple(self._items_made),
            formulas=tuple(self.made_formulas),
        )
        return Fragment(self.document.slug, "\n".join(lines) + "\n", tuple(places)), meant

    def _voice(self) -> tuple[str, ...]:
        """What sets a chapter in another language than its edition's, and with the words of that one if borrowed."""
        if self.document.language == self.tag:
            return ()
        language = f"#set text({language_options(self.document.language)})"
        if not self.document.borrowed:
            return (language,)
        return language, f"#let voice-here = voice-of({string(self.document.borrowed)})", *SPOKEN

    def _fitted(self, block: d.Block) -> str:
        """`block` at the top of the chapter, where page fitting finds it under its key."""
        if isinstance(block, d.Division) and not block.language and not block.classes:
            return self._opened(block)
        self._remember(block)
        if isinstance(block, d.Paragraph):
            return f"#paragraph({string(self.key)})[{self.block(block)}]"
        return f"#before({string(self.key)})\n{self.block(block)}\n#after({string(self.key)})"

    def _opened(self, division: d.Division) -> str:
        """A division that only names its blocks: these stand at the top of the chapter as others do."""
        key = self.key
        parts = []
        if division.id:
            parts.append(f"#metadata(none){self._label(division.id)}")
            self.made_blocks.append(MeantBlock(f"{key}-0", "division", division.id, "", division.place))
        for index, block in enumerate(division.content):
            self.key = f"{key}-{index}"
            parts.append(self._at(block.place) + self._fitted(block))
        return "\n\n".join(parts)

    def _remember(self, block: d.Block) -> None:
        """What `layout.yaml` can name: the block, and the items of a list."""
        kind = type(block).__name__.lower()
        words = first_words(getattr(block, "content", getattr(block, "caption", ())))
        items = block.items if isinstance(block, d.BulletList | d.OrderedList) else ()
        self.made_blocks.append(MeantBlock(self.key, kind, getattr(block, "id", ""), words, block.place))
        for index, item in enumerate(items):
            place = item[0].place if item else block.place
            self._items_made.append(MeantBlock(f"{self.key}.{index}", "item", "", first_words(item), place))

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
        key, inside = self.key, self._inside
        if inside:  # only what stands at the top of the chapter has a key
            self.key = ""
        self._inside = True
        written = write(node)
        self.key, self._inside = key, inside
        return written


def first_words(content: object) -> str:
    """The first words of `content`, by which it can be named."""
    return shorten(d.plain(content).replace(d.MAY_FOLLOW, ""), BLOCK_WORDS, placeholder="")
