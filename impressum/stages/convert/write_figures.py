"""Writes figures and groups of figures as Typst, and decides which floats go to the foot of a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.core.model.manuscript import Anchor, ExpectedText
from impressum.stages.convert.output import Output, write
from impressum.stages.convert.typst import boolean, length, string, text
from impressum.stages.convert.write_blocks import has_notes, stands_apart
from impressum.stages.convert.write_inlines import below, inlines, line

NEAR = 1800
"""Letters of text that surely fill the rest of a page after a figure."""


def at_the_foot(blocks: tuple[d.Block, ...]) -> frozenset[Place]:
    """The places of the figures and tables of a chapter that go to the foot of a page."""
    found: set[Place] = set()
    letters = dict.fromkeys((d.Figure, d.Table), NEAR)
    for block in in_the_text(blocks):
        kind = d.Table if isinstance(block, d.Table) else d.Figure
        if not isinstance(block, d.Figure | d.FigureGroup | d.Table):
            length = len(d.plain(block))
            letters = {one: count + length for one, count in letters.items()}
        elif (isinstance(block, d.Table) and not block.caption) or block.width in ("page", "landscape"):
            continue
        elif stands_apart(block):
            letters[kind] = 0
        elif letters[kind] < NEAR:
            found.add(block.place)
            letters[kind] = 0
    return frozenset(found)


def in_the_text(blocks: tuple[d.Block, ...]) -> Iterator[d.Block]:
    """The blocks in the text of the chapter, those of its divisions too."""
    for block in blocks:
        if isinstance(block, d.Division):
            yield from in_the_text(block.content)
        else:
            yield block


@write.register
def _figure(node: d.Figure, out: Output) -> str:
    anchor = next(out.order)
    caption = line(node.caption, node.place, out)
    list_caption("figure", anchor, caption, out)
    under = _below(node.source, _credits((node,)), node.place, out)
    return (
        f"#figure-block({string(out.scope.key)}, {string(anchor.label)}, {string(anchor.number)}, "
        f"{_in_figure(node.image)}, [{caption}]{under}{_stand(node, out)})"
    )


@write.register
def _figuregroup(node: d.FigureGroup, out: Output) -> str:
    anchor = next(out.order)
    members = []
    for figure in node.figures:
        own = next(out.order)
        letter = f"({own.number.removeprefix(anchor.number)})"
        out.expected.texts.append(ExpectedText(f"{letter} {d.plain(figure.caption)}", figure.place))
        out.before = letter
        words = inlines(figure.caption, out)
        members.append(f"({string(own.label)}, {string(letter)}, {_in_figure(figure.image)}, [{words}])")
    caption = line(node.caption, node.place, out)
    list_caption("figure", anchor, caption, out)
    sources = node.source or _joined([figure.source for figure in node.figures], node.place)
    under = _below(sources, _credits(node.figures), node.place, out)
    return (
        f"#figure-group({string(out.scope.key)}, {string(anchor.label)}, {string(anchor.number)}, "
        f"({', '.join(members)}), [{caption}], columns: {node.columns or beside_each_other(len(members))}"
        f"{under}{_stand(node, out)})"
    )


def _below(source: tuple[d.Inline, ...], credits: tuple[str, ...], place: Place, out: Output) -> str:
    """The options for the source and credits below a figure, which are expected to be printed."""
    options = below("source", source, place, out)
    out.expected.texts += [ExpectedText(credit, place) for credit in credits]
    options += [f"credit: [{text(' · '.join(credits))}]"] if credits else []
    return "".join(f", {option}" for option in options)


def _in_figure(node: d.Image) -> str:
    """The picture as values: the template fits it into the room that there is."""
    sizes = {"width": node.width, "height": node.height, "most": f"{node.most:g}pt" if node.most else None}
    given = "".join(f", {name}: {length(value)}" for name, value in sizes.items() if value)
    return f"(file: {string('/' + node.file)}, alt: {string(node.alt)}{given})"


def _stand(node: d.Figure | d.FigureGroup, out: Output) -> str:
    """The options for the placement of `node`, which does not float within another block, or with a note."""
    width, floats = node.width, stands_free(node, out)
    if width != "text" and not floats:
        message = f"a figure that is `{width}` is in a list, a quotation, a box or a cell"
        hint = "put it behind that block, where it has the room, or take its width away"
        out.faults.error(node.place, message, "figure-width", hint)
    if width in ("page", "landscape"):
        no_notes_on_own_page(node, out)
    # A float may stand on a later page than the text around it, and the numbers of notes would be out of order.
    floats = floats and not has_notes(node)
    return f", width: {string(width)}, floats: {boolean(floats)}" + foot_of_page(node, out)


def foot_of_page(node: d.Block, out: Output) -> str:
    """The options for a figure or table that goes to the foot of a page, and for one that no text follows."""
    foot = ", at-foot: true" if node.place in out.at_the_foot else ""
    return foot + (", last: true" if _is_last(node, out.document.blocks) else "")


def _is_last(node: d.Block, blocks: tuple[d.Block, ...]) -> bool:
    """Whether nothing but figures and tables follows `node` in its chapter."""
    for block in reversed(blocks):
        if block is node:
            return True
        if not isinstance(block, d.Figure | d.FigureGroup | d.Table):
            return False
    return False


def stands_free(node: d.Block, out: Output) -> bool:
    """Whether `node` is in the text of the chapter, and not in another block."""
    return any(one is node for one in in_the_text(out.document.blocks))


def no_notes_on_own_page(node: d.Node, out: Output) -> None:
    """A fault for the first note in `node`, which has a page of its own: no foot is left there for notes."""
    note = next((one for one in d.without_words(node) if isinstance(one, d.Note)), None)
    if note:
        message = "a note stands on a page that a figure or table has for itself"
        hint = "put the note behind a cross-reference to it in the text, or its words into the caption or the source"
        out.faults.error(note.place, message, "note-on-own-page", hint)


def _credits(figures: tuple[d.Figure, ...]) -> tuple[str, ...]:
    """The credits and licences of `figures`, each once."""
    parts = [one for figure in figures for one in (figure.credit, figure.licence)]
    return tuple(dict.fromkeys(part for part in parts if part))


def ends_in_figures(blocks: tuple[d.Block, ...]) -> bool:
    """Whether nothing but figures, or tables of which one is turned, follows the last heading."""
    last = list(takewhile(lambda block: isinstance(block, d.Figure | d.FigureGroup | d.Table), reversed(blocks)))
    tables = [block for block in last if isinstance(block, d.Table)]
    floats = not tables or any(table.width == "landscape" for table in tables)
    return floats and 0 < len(last) < len(blocks) and isinstance(blocks[-len(last) - 1], d.Heading)


def _joined(sources: list[tuple[d.Inline, ...]], place: Place) -> tuple[d.Inline, ...]:
    """The sources of several figures after each other, each once."""
    joined: tuple[d.Inline, ...] = ()
    for source in {d.plain(source): source for source in sources if source}.values():
        joined += (d.Text(place, ";"), d.Space(place), *source) if joined else source
    return joined


def beside_each_other(figures: int) -> int:
    """How many figures of a group are set in a row, where its author does not say."""
    return 3 if figures in (3, 5, 6, 9) else min(figures, 2)


def list_caption(kind: str, anchor: Anchor, caption: str, out: Output) -> None:
    """Has the list of figures or tables print a caption that has a number."""
    if anchor.number:
        names = f"{string(kind)}, {string(anchor.label)}, {string(anchor.number)}"
        out.listed.append(f"#listed-caption({names}, [{caption}])")
