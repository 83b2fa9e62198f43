"""Gives a translated chapter the ids of its source that it does not write itself, so that no link breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from impressum.core.errors import Faults
from impressum.core.model import document as d
from impressum.core.model.heading_ids import heading_ids, headings_of
from impressum.core.model.manuscript import ChapterDocument

IDS = "parity-ids"


def inherit_ids(document: ChapterDocument, source: ChapterDocument, faults: Faults) -> ChapterDocument:
    """`document` with the ids of `source`: of headings where all levels agree (else `compare` reports it), of figures
    by their picture. An id that the translation gives to something else is a fault."""
    if document.borrowed:
        return document
    given = {identifier: node for node in document.landmarks if (identifier := getattr(node, "id", ""))}
    wanted = [*_of_headings(document, source), *_of_figures(document, source)]
    numbers = {id(node): at for at, node in enumerate(document.landmarks)}
    new: dict[int, dict[str, str]] = {}
    for node, identifier in wanted:
        if identifier in given:
            message = f"the id `{identifier}` stands here, and in the source it is that of what is now at {node.place}"
            faults.error(given[identifier].place, message, IDS, "put it where the source has it, or take it out")
        else:
            new[numbers[id(node)]] = {"id": identifier}
    return document.with_fields(new)


def _of_headings(document: ChapterDocument, source: ChapterDocument) -> list[tuple[d.Heading, str]]:
    """The headings without an id, each with the one that it takes."""
    ours, theirs = headings_of(document), headings_of(source)
    if not correspond(theirs, ours):
        return []
    return [(mine, one) for mine, one in zip(ours, heading_ids(theirs), strict=True) if not mine.id]


def _of_figures(document: ChapterDocument, source: ChapterDocument) -> list[tuple[d.Figure, str]]:
    """The figures without an id, each with the one that it takes; a picture that is shown twice gives none."""
    ours, theirs = _figures(document), _figures(source)
    return [
        (figure, theirs[name].id)
        for name, figure in ours.items()
        if not figure.id and name in theirs and theirs[name].id
    ]


def _figures(document: ChapterDocument) -> dict[str, d.Figure]:
    found = [node for node in document.landmarks if isinstance(node, d.Figure)]
    times = Counter(map(picture, found))
    return {picture(figure): figure for figure in found if times[picture(figure)] == 1}


def correspond(source: Sequence[d.Heading], other: Sequence[d.Heading]) -> bool:
    """Whether the headings correspond one by one: of the same levels, and none with the id of another."""
    if [heading.level for heading in source] != [heading.level for heading in other]:
        return False
    known = {heading.id for heading in source if heading.id}
    return all(one.id == two.id or two.id not in known for one, two in zip(source, other, strict=True))


def picture(figure: d.Figure | d.Image) -> str:
    """The identity of a picture: the name of a declared figure, else its file."""
    return figure.file if isinstance(figure, d.Image) else figure.figure or figure.image.file
