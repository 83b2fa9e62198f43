"""What a chart names: series, categories and values that it brings out, and the words beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from impressum.core.errors import Faults, Place, did_you_mean
from impressum.core.model.figures import Note
from impressum.core.model.publication import FigureData
from impressum.stages.load.tree import Tree

MOST_SHOWN = 8
UP_TO = ".."
"""Between the first and the last category of a note."""
VALUE = "{value}"


def find_name(
    wanted: str | None, place: Place, categories: Sequence[str], series: Sequence[str], faults: Faults
) -> str | None:
    """The series or the category `wanted`, or None with or without a fault."""
    if wanted is None or wanted in series or wanted in categories:
        return wanted
    _unknown("no series and no category", wanted, place, [*series, *categories], "there are: ", faults)
    return None


def find_notes(
    said: FigureData, tree: Tree, categories: Sequence[str], series: Sequence[str], faults: Faults
) -> tuple[Note, ...]:
    """The words beside the plot: at a category (`2016`), at a value (`2016 exports`), over a span (`2016..2019`)."""
    spots: dict[str, tuple[str, str | None, str | None]] = {one: (one, None, None) for one in categories}
    spots |= {f"{one} {name}": (one, None, name) for one in categories for name in series}
    for key in said.notes:
        one, _, other = key.partition(UP_TO)
        if one in categories and other in categories[categories.index(one) + 1 :]:
            spots[key] = (one, other, None)
    notes: list[Note] = []
    given = tree.table("notes")
    for key, entry in given.entries.items() if given else ():
        word = said.notes[key]
        if key not in spots:
            hint = f"name a row, a row and a column, or two rows as in `{categories[0]}{UP_TO}{categories[-1]}`: "
            _unknown("no place", key, entry.place, categories, hint, faults)
        elif word not in said.words:
            hint = f"write it below `words:`, as in `{word}: …`; there are: "
            _unknown("no word", word, entry.value.place, said.words, hint, faults)
        else:
            first, last, name = spots[key]
            notes.append(Note(word, first, last, name))
    return tuple(notes)


def find_marks(
    said: FigureData, tree: Tree, categories: Sequence[str], series: Sequence[str], faults: Faults
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
    message = f"the chart has {what} `{name}`{did_you_mean(name, known)}"
    faults.error(place, message, "chart-name", hint + shown(known))
