"""Resolves names in a chart: the highlighted series or category, and the values that carry words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.publication import FigureData
from impressum.stages.load.tree import Table

MOST_SHOWN = 8
VALUE = "{value}"


def find_highlight(
    said: FigureData, tree: Table, categories: Sequence[str], series: Sequence[str], faults: Faults
) -> str | None:
    """The series or the category that is highlighted, or None with or without a fault."""
    wanted = said.highlight
    if wanted is None or wanted in series or wanted in categories:
        return wanted
    known = [*series, *categories]
    _unknown("no series and no category", wanted, _value_place(tree, "highlight"), known, "there are: ", faults)
    return None


def find_marks(
    said: FigureData, tree: Table, categories: Sequence[str], series: Sequence[str], faults: Faults
) -> dict[tuple[str, str], str]:
    """The words printed with numbers, by category and series: `2023 exports: about`, where `about` is a word."""
    cells = {f"{category} {name}": (category, name) for category in categories for name in series}
    if len(series) == 1:
        cells |= {category: (category, series[0]) for category in categories}
    marks: dict[tuple[str, str], str] = {}
    given = tree.table("labels")
    for key, entry in given.entries.items() if given else ():
        word = said.labels[key]
        if key not in cells:
            _unknown("no value", key, entry.place, cells, "a value is named by its row and its column: ", faults)
        elif word not in said.words:
            hint = f"write it below `words:`, as in `{word}: about {VALUE}`; there are: "
            _unknown("no word", word, entry.value.place, said.words, hint, faults)
        elif VALUE not in said.words[word]:
            message = f"the word `{word}` has no place for the number"
            faults.error(entry.value.place, message, "chart-name", f"write it as in `{word}: about {VALUE}`")
        else:
            marks[cells[key]] = word
    return marks


def shown(names: Iterable[str]) -> str:
    """Some names for a hint: the first eight, or `none`."""
    listed = list(names)
    return ", ".join(listed[:MOST_SHOWN]) + (", …" if len(listed) > MOST_SHOWN else "") if listed else "none"


def _unknown(what: str, name: str, place: Place, known: Iterable[str], hint: str, faults: Faults) -> None:
    known = list(known)
    meant = nearest(name, known)
    guess = f"; did you mean `{meant}`?" if meant else ""
    faults.error(place, f"the chart has {what} `{name}`{guess}", "chart-name", hint + shown(known))


def _value_place(tree: Table, key: str) -> Place:
    value = tree.value(key)
    return value.place if value else tree.place
