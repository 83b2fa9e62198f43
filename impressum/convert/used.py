"""Which figures the chapters of an edition hold, for those that look at them outside of the book."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from impressum.convert.anchors import Anchors, ChapterDocument
from impressum.errors import Faults, Place
from impressum.model import document as d
from impressum.model.drawing import Drawing
from impressum.model.exports import UsedFigure
from impressum.model.meant import Anchor
from impressum.model.sources import FigureSource

PREFIX = re.compile(r"^fig-(?=.)")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def used_figures(
    documents: tuple[ChapterDocument, ...], anchors: Anchors, drawings: Mapping[str, Drawing]
) -> tuple[UsedFigure, ...]:
    """Each figure of `documents` once, in their order; of a group its members. `drawings` are the declared ones."""
    found: dict[str, UsedFigure] = {}
    for node, anchor in _placed(documents, anchors):
        if not isinstance(node, d.Figure):
            continue
        drawing = drawings.get(node.figure) if node.figure else None
        name = drawing.id if drawing else _free_name(node, anchor, found.keys() | drawings.keys())
        if name in found:
            continue  # a declared figure that stands in two places
        found[name] = UsedFigure(
            name,
            anchor.label,
            anchor.number,
            drawing.id if drawing else None,
            node.image.file,
            drawing.title if drawing else d.plain(node.caption).replace(d.MAY_FOLLOW, ""),
            node.image.alt,
            d.plain(node.source) or None,
            node.credit,
            drawing.licence if drawing else None,
            node.width,
            drawing.is_drawn if drawing else False,
            node.place,
        )
    return tuple(found.values())


def check_unused(figures: Mapping[str, FigureSource], used: set[str], faults: Faults) -> None:
    """A warning for each of `figures` that is not `used` in any chapter of any edition."""
    for figure in figures.values():
        if figure.id not in used:
            faults.warning(
                Place(figure.path),
                f"the figure `{figure.id}` stands in no chapter",
                "figure-unused",
                f"put it into one: `![Caption](figure:{figure.id}){{#fig-{figure.id}}}`, or take its files away",
            )


def _placed(
    documents: tuple[ChapterDocument, ...], anchors: Anchors
) -> Iterator[tuple[d.Figure | d.FigureGroup, Anchor]]:
    """Each figure and each group with its anchor."""
    for document in documents:
        nodes = [node for node in d.walk(document.blocks) if isinstance(node, d.Figure | d.FigureGroup)]
        own = [anchor for anchor in anchors.order[document.slug] if anchor.kind == "figure"]
        yield from zip(nodes, own, strict=True)


def _free_name(node: d.Figure, anchor: Anchor, taken: set[str]) -> str:
    """A name for the files of an image of a chapter: its id without `fig-`, else that of its chapter with its number.

    One that is `taken`, if only by a declared figure that stands elsewhere, keeps its whole id.
    """
    own: tuple[str, ...] = (PREFIX.sub("", node.id), node.id, f"{anchor.chapter}-{node.id}") if node.id else ()
    candidates = (
        *own,
        f"{anchor.chapter}-figure-{anchor.number}",
        f"{anchor.chapter}-figure-{anchor.number}-image",
    )
    return next(name for name in candidates if NAME.fullmatch(name) and name not in taken)
