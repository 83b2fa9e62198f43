"""How figures are written: alone, and in groups."""

from __future__ import annotations

from impressum.convert.typst import boolean, length, string, text
from impressum.convert.write_inlines import InlineWriter
from impressum.errors import Place
from impressum.model import document as d
from impressum.model.meant import MeantText


class FigureWriter(InlineWriter):
    """Writes figures with their captions, sources and credits."""

    _at_the_foot: frozenset[Place] = frozenset()

    def _figure(self, node: d.Figure) -> str:
        anchor = next(self._order)
        caption = self._caption(node.caption, node.place)
        below = self._source(node.source, _credits((node,)), node.place)
        return (
            f"#figure-block({string(self.key)}, {string(anchor.label)}, {string(anchor.number)}, "
            f"{self._in_figure(node.image)}, [{caption}]{below}{self._stand(node)})"
        )

    def _figuregroup(self, node: d.FigureGroup) -> str:
        anchor = next(self._order)
        members = []
        for figure in node.figures:
            own = next(self._order)
            letter = f"({own.number.removeprefix(anchor.number)})"
            self.made_texts.append(MeantText(f"{letter} {d.plain(figure.caption)}", figure.place))
            self._before = letter
            words = self.inlines(figure.caption)
            members.append(f"({string(own.label)}, {string(letter)}, {self._in_figure(figure.image)}, [{words}])")
        caption = self._caption(node.caption, node.place)
        sources = node.source or _joined([figure.source for figure in node.figures], node.place)
        below = self._source(sources, _credits(node.figures), node.place)
        return (
            f"#figure-group({string(self.key)}, {string(anchor.label)}, {string(anchor.number)}, "
            f"({', '.join(members)}), [{caption}], columns: {node.columns or beside_each_other(len(members))}"
            f"{below}{self._stand(node)})"
        )

    def _caption(self, caption: tuple[d.Inline, ...], place: Place) -> str:
        self._before = ""
        self._mean(caption, place)
        return self.inlines(caption)

    def _source(self, source: tuple[d.Inline, ...], credits: tuple[str, ...], place: Place) -> str:
        """The options for what stands below a figure, which is meant to be printed too."""
        options = ""
        if source:
            words = f"{self.words['source']}{self.words['colon']} "
            self.made_texts.append(MeantText(words + d.plain(source), place))
            self._before = words
            options += f", source: [{self.inlines(source)}]"
        for credit in credits:
            self.made_texts.append(MeantText(credit, place))
        if credits:
            options += f", credit: [{text(' · '.join(credits))}]"
        return options

    def _in_figure(self, node: d.Image) -> str:
        """The picture as values: the template fits it into the room that there is."""
        sizes = {"width": node.width, "height": node.height, "most": f"{node.most:g}pt" if node.most else None}
        given = "".join(f", {name}: {length(value)}" for name, value in sizes.items() if value)
        return f"(file: {string('/' + node.file)}, alt: {string(node.alt)}{given})"

    def _stand(self, node: d.Figure | d.FigureGroup) -> str:
        """The options for how `node` stands. What stands in another block, or holds a note, does not float."""
        width, floats = node.width, self.stands_free(node)
        if width != "text" and not floats:
            self.faults.error(
                node.place,
                f"a figure that is `{width}` stands in a list, a quotation, a box or a cell",
                "figure-width",
                "put it behind that block, where it has the room, or take its width away",
            )
        if width in ("page", "landscape"):
            self.no_notes_on_own_page(node)
        # A float may stand on a later page than the text around it, and the numbers of notes would be out of order.
        floats = floats and not any(isinstance(one, d.Note) for one in d.without_words(node))
        return f", width: {string(width)}, floats: {boolean(floats)}" + self.foot_of_page(node)

    def foot_of_page(self, node: d.Block) -> str:
        """The option for a figure or table that goes to the foot of a page."""
        return ", at-foot: true" if node.place in self._at_the_foot else ""

    def stands_free(self, node: d.Block) -> bool:
        """Whether `node` stands in the text of the chapter, and not in another block."""
        waiting = list(self.document.blocks)
        while waiting:
            block = waiting.pop()
            if block is node:
                return True
            if isinstance(block, d.Division):
                waiting += block.content
        return False

    def no_notes_on_own_page(self, node: d.Node) -> None:
        """A fault for the first note in `node`, which has a page of its own: no foot is left there for notes."""
        note = next((one for one in d.without_words(node) if isinstance(one, d.Note)), None)
        if note:
            self.faults.error(
                note.place,
                "a note stands on a page that a figure or table has for itself",
                "note-on-own-page",
                "put the note behind a cross-reference to it in the text, or its words into the caption or the source",
            )


def _credits(figures: tuple[d.Figure, ...]) -> tuple[str, ...]:
    """Who made `figures`, and under which licences they stand, each said once."""
    parts = [one for figure in figures for one in (figure.credit, figure.licence)]
    return tuple(dict.fromkeys(part for part in parts if part))


def ends_in_figures(blocks: tuple[d.Block, ...]) -> bool:
    """Whether nothing but figures follows the last heading."""
    for block in reversed(blocks):
        if not isinstance(block, d.Figure | d.FigureGroup):
            return isinstance(block, d.Heading)
    return False


def _joined(sources: list[tuple[d.Inline, ...]], place: Place) -> tuple[d.Inline, ...]:
    """The sources of several figures after each other, each once."""
    joined: tuple[d.Inline, ...] = ()
    for source in {d.plain(source): source for source in sources if source}.values():
        joined += (d.Text(place, ";"), d.Space(place), *source) if joined else source
    return joined


def beside_each_other(figures: int) -> int:
    """How many of the figures of a group stand in a row, where its author does not say."""
    return 3 if figures in (3, 5, 6, 9) else min(figures, 2)
