"""The stage of a publication as its pages and its file say it: a draft, for review, under embargo until a day."""

from __future__ import annotations

import datetime

from impressum.core import numerals
from impressum.core.facts import Words
from impressum.core.model.publication import Publication


def mark_of(publication: Publication, *, tag: str, words: Words) -> str | None:
    """What the pages of the edition `tag` are marked with, in its `words`; None where the publication is final."""
    stage, day = publication.stage, publication.embargo
    if stage == "embargo" and day:
        return words["mark.embargo-until"].replace("{date}", long_date(day, tag))
    return None if stage == "final" else words[f"mark.{stage}"]


def long_date(day: datetime.date, tag: str) -> str:
    """`day` as the language of the edition `tag` writes it in a text: `12 April 2025`."""
    return numerals.long_date(day, numerals.locale_of(tag))
