"""The errata of an edition as data, the latest day first: for the page of corrections, the record and the changelog."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from impressum.core.errors import Faults, nearest
from impressum.core.facts import Words
from impressum.core.model.manuscript import Anchor
from impressum.core.model.publication import Erratum

ID = re.compile(r"@([\w][\w:.-]*)")
"""A place by its id, as in `where: "@tbl-trade"`."""
SAID = {"figure": "figure", "table": "table", "heading": "section", "equation": "equation"}


@dataclass(frozen=True)
class Correction:
    """One erratum: `where` as it is printed, the label of the place that this leads to (empty: none), and the texts."""

    where: str
    label: str
    was: str
    now: str
    reason: str


@dataclass(frozen=True)
class CorrectedOn:
    """The corrections of one day."""

    date: datetime.date
    corrections: tuple[Correction, ...]


def compose(errata: Iterable[Erratum], anchors: Iterable[Anchor], words: Words) -> tuple[CorrectedOn, ...]:
    """The `errata` by their days, the latest first, those of a day in the order in which they are listed."""
    known = tuple(anchors)
    ordered = sorted(errata, key=lambda one: one.date, reverse=True)
    return tuple(
        CorrectedOn(day, tuple(_correction(one, known, words) for one in some))
        for day, some in groupby(ordered, key=lambda one: one.date)
    )


def check_places(errata: Iterable[Erratum], anchors: Iterable[Anchor], faults: Faults) -> None:
    """A fault for each of `errata` whose `@id` is that of nothing, or of several places, in the edition."""
    known = [_id_of(anchor) for anchor in anchors]
    for one in errata:
        named = ID.fullmatch(one.where)
        if named is None or known.count(named[1]) == 1:
            continue
        if named[1] in known:
            message = f"an erratum names `@{named[1]}`, and {known.count(named[1])} chapters have that id"
            hint = "name the place in words, as in `where: Chapter 2, second paragraph`"
        else:
            near = nearest(named[1], known)
            message = f"an erratum names `@{named[1]}`, but nothing has that id"
            hint = f"did you mean `@{near}`?" if near else "give the figure, table or section that id, or use words"
        faults.error(one.place, message, "reference-unknown", hint)


def _correction(one: Erratum, anchors: tuple[Anchor, ...], words: Words) -> Correction:
    named = ID.fullmatch(one.where)
    anchor = next((anchor for anchor in anchors if named and _id_of(anchor) == named[1]), None)
    where = _said(anchor, words) if anchor else one.where
    return Correction(where, anchor.label if anchor else "", one.was or "", one.now or "", one.reason or "")


def _id_of(anchor: Anchor) -> str:
    return anchor.label.rpartition("/")[2]


def _said(anchor: Anchor, words: Words) -> str:
    """A place as it begins a line: `Table 2`, or the title of what has no number, in quotation marks."""
    if not anchor.number:
        return f"{words['quotes.double.open']}{anchor.title}{words['quotes.double.close']}"
    form = words[f"ref.{anchor.chapter_kind if anchor.level == 1 else SAID.get(anchor.kind, 'section')}"]
    said = form.replace("{number}", f"({anchor.number})" if anchor.kind == "equation" else anchor.number)
    return said[:1].upper() + said[1:]
