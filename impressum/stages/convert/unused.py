"""The figures that an edition shows, and warnings for figures and works that are never used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase

from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.core.model.figures import Drawing, UsedFigure
from impressum.core.model.manuscript import Anchor, ChapterDocument
from impressum.core.model.sources import BibEntry, FigureSource, Sources
from impressum.core.model.theme import Theme
from impressum.stages.convert.anchors import Anchors, lettered

TAKEN_UP = ("crossref", "xdata", "xref", "related", "entryset")
"""Fields that name other entries, which are of use to the one that names them."""
LIBRARY = 20
"""With more entries that are not cited, and fewer that are, the file is a library that serves many publications."""
MOST_SHOWN = 6


def used_figures(
    documents: tuple[ChapterDocument, ...], anchors: Anchors, drawn: Sequence[Mapping[str, Drawing]]
) -> tuple[UsedFigure, ...]:
    """Each figure of `documents` once, in their order; of a group its members. `drawn` are the drawings of declared
    figures as each document shows them."""
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
            hint = f"put it into one: `![Caption](figure:{figure.id}){{#fig-{figure.id}}}`, or take its files away"
            faults.warning(Place(figure.path), f"the figure `{figure.id}` is in no chapter", "figure-unused", hint)


def _placed(
    documents: tuple[ChapterDocument, ...], anchors: Anchors, drawn: Sequence[Mapping[str, Drawing]]
) -> Iterator[tuple[Mapping[str, Drawing], d.Figure, Anchor, str]]:
    """Each figure with its anchor, and its number in Latin letters, whatever the edition counts a group with."""
    for document, drawings in zip(documents, drawn, strict=True):
        nodes = [node for node in document.landmarks if isinstance(node, d.Figure | d.FigureGroup)]
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
    If that is `taken`, if only by a declared figure elsewhere, its whole id."""
    own: tuple[str, ...] = (re.sub(r"^fig-(?=.)", "", node.id), node.id, f"{chapter}-{node.id}") if node.id else ()
    candidates = (*own, f"{chapter}-figure-{number}", f"{chapter}-figure-{number}-image")
    return next(name for name in candidates if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name) and name not in taken)


def check_uncited(entries: Mapping[str, BibEntry], cited: set[str], faults: Faults) -> None:
    """One warning that names those of `entries` that are not `cited`, unless these are most of a library, or all: where
    nothing is cited, that is still to come."""
    used = _with_taken_up(entries, cited)
    unused = [one for one in entries.values() if one.key not in used and one.type not in ("xdata", "bibnote")]
    if not unused or not used or (len(unused) > LIBRARY and len(unused) * 2 > len(entries)):
        return
    shown = ", ".join(f"`{entry.key}` (line {entry.place.line})" for entry in unused[:MOST_SHOWN])
    more = f" and {len(unused) - MOST_SHOWN} more" if len(unused) > MOST_SHOWN else ""
    what = "an entry is" if len(unused) == 1 else f"{len(unused)} entries are"
    message = f"{what} cited nowhere, and not listed among the references: {shown}{more}"
    hint = "take them out, cite them, or write `nocite: all` into publication.yaml to list them too"
    faults.warning(unused[0].place, message, "bib-unused", hint)


def check_nocite(sources: Sources, theme: Theme, faults: Faults) -> None:
    """A warning where `nocite` lists works that are not cited, and `theme` has no list of all works for them."""
    if sources.bibliography and sources.publication.nocite and theme.text("references", "by") == "chapter":
        message = (
            "`nocite: all` has no effect, for each chapter lists the works that it cites (`references.by: chapter`)"
        )
        hint = "take it out, or let the theme list the works of the whole book"
        faults.warning(sources.place_of("nocite"), message, "nocite-by-chapter", hint)


def _with_taken_up(entries: Mapping[str, BibEntry], cited: set[str]) -> set[str]:
    used: set[str] = set()
    waiting = list(cited)
    while waiting:
        key = waiting.pop()
        if key in used or key not in entries:
            continue
        used.add(key)
        fields = entries[key].fields
        waiting += [other.strip() for name in TAKEN_UP for other in fields.get(name, "").split(",") if other.strip()]
    return used
