"""Which figures the chapters of an edition hold, for those that look at them outside of the book."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase

from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.core.model.figures import Drawing, UsedFigure
from impressum.core.model.manuscript import Anchor, ChapterDocument
from impressum.core.model.sources import FigureSource
from impressum.stages.convert.anchors import Anchors, lettered

PREFIX = re.compile(r"^fig-(?=.)")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def used_figures(
    documents: tuple[ChapterDocument, ...], anchors: Anchors, drawn: Sequence[Mapping[str, Drawing]]
) -> tuple[UsedFigure, ...]:
    """Each figure of `documents` once, in their order; of a group its members.

    `drawn` are the drawings of the declared figures as each document shows them.
    """
    found: dict[str, UsedFigure] = {}
    for drawings, node, anchor, number in _placed(documents, anchors, drawn):
        drawing = drawings.get(node.figure) if node.figure else None
        name = drawing.id if drawing else _free_name(node, anchor.chapter, number, found.keys() | drawings.keys())
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
    documents: tuple[ChapterDocument, ...], anchors: Anchors, drawn: Sequence[Mapping[str, Drawing]]
) -> Iterator[tuple[Mapping[str, Drawing], d.Figure, Anchor, str]]:
    """Each figure with its anchor, and its number in Latin letters, whatever the edition counts a group with."""
    for document, drawings in zip(documents, drawn, strict=True):
        nodes = [node for node in d.without_words(document.blocks) if isinstance(node, d.Figure | d.FigureGroup)]
        own = [anchor for anchor in anchors.order[document.slug] if anchor.kind == "figure"]
        group, members, left = "", 0, 0
        for node, anchor in zip(nodes, own, strict=True):
            if isinstance(node, d.FigureGroup):  # its figures come next
                group, members = anchor.number, len(node.figures)
                left = members
            elif left:
                left -= 1
                yield drawings, node, anchor, group + lettered(members - left, ascii_lowercase)
            else:
                yield drawings, node, anchor, anchor.number


def _free_name(node: d.Figure, chapter: str, number: str, taken: set[str]) -> str:
    """A name for the files of an image of a chapter: its id without `fig-`, else that of its chapter with its number.

    One that is `taken`, if only by a declared figure that stands elsewhere, keeps its whole id.
    """
    own: tuple[str, ...] = (PREFIX.sub("", node.id), node.id, f"{chapter}-{node.id}") if node.id else ()
    candidates = (
        *own,
        f"{chapter}-figure-{number}",
        f"{chapter}-figure-{number}-image",
    )
    return next(name for name in candidates if NAME.fullmatch(name) and name not in taken)
