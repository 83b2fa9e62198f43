"""The figures of an edition outside of its book: as they are told there, and as files for the web and the press."""

from __future__ import annotations

from dataclasses import dataclass

from impressum.core.errors import Place
from impressum.core.model.document import Width


@dataclass(frozen=True)
class UsedFigure:
    """A figure that stands in a chapter, in the words of the edition.

    `name` is that of its files, `label` that of its anchor and `number` the one that is printed ("3", "3a"); `file`
    is the work file of its picture. `declared` is its id under `figures/`, or None for an image of a chapter, of
    which nobody says whose work it is: `is_drawn` ones are the publication's own.
    """

    name: str
    label: str
    number: str
    declared: str | None
    file: str
    title: str
    alt: str
    source: str | None
    credit: str | None
    licence: str | None
    width: Width
    is_drawn: bool
    place: Place


@dataclass(frozen=True)
class Plate:
    """A figure with its title and its source, as files. `size` is that of the PNG in pixels, across and down."""

    figure: UsedFigure
    svg: bytes
    png: bytes
    size: tuple[int, int]
