"""Straight quotation marks without a partner, of which the reader has made the mark of another side or language."""

from __future__ import annotations

from impressum.checks.prose.passages import Prose
from impressum.checks.prose.written import Written
from impressum.core.errors import Faults, Place
from impressum.core.model import document as d

RULE = "quote-unpaired"
MADE = ("“", "”")


def report_unpaired(prose: Prose, written: Written, faults: Faults) -> None:
    """Warns of each `"` in `prose` that no other closes."""
    if all(prose.text.count(mark) == prose.quotations for mark in MADE):
        return
    for start, word in prose.words:
        made = next((mark for mark in MADE if mark in word.text), "")
        if not made or (prose.code == "en" and made == "“" and prose.begins(start)):
            continue  # in English each paragraph of a long quotation opens anew, and only the last one closes it
        place = _straight(word, written)
        if place:
            inches = word.text[: word.text.index(made)][-1:].isdigit()
            faults.warning(
                place,
                f'the quotation mark `"` has no partner in its paragraph, and is printed as `{made}`',
                RULE,
                "write ″ for inches and seconds, else close the quotation, or take the mark out"
                if inches
                else "close the quotation in its paragraph, or take the mark out",
            )


def _straight(word: d.Text, written: Written) -> Place | None:
    """The place of the straight mark in `word`, where the author wrote one."""
    line = written.line(word.place)
    straight = word.text.replace("“", '"').replace("”", '"')
    begin = line.find(straight.split('"')[0] + '"', max(word.place.column - 2, 0))
    if word.text in line or begin < 0:
        return None
    return Place(word.place.path, word.place.line, begin + straight.index('"') + 1)
