"""Notes of a chart over times or categories: words above the plot that lead to a point, a value or a span."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from impressum.core.colours import WHITE, mixed
from impressum.core.model.figures import Note
from impressum.stages.draw.canvas import FINE, apart
from impressum.stages.draw.sheet import BETWEEN, GAP, Sheet

NOTE_SHARE = 0.3
"""The most that a note takes of the width."""
SHADE = 0.78
"""The share of white in the colour of a span."""
CLEAR = 4.0
"""Between the end of a line and the value that it leads to."""


def notes_room(sheet: Sheet) -> float:
    """The height of the notes above the plot, in points."""
    lines = [len(_lines(sheet, note)) for note in sheet.chart.notes]
    return max(lines) * sheet.canvas.leading + GAP if lines else 0.0


def draw_spans(sheet: Sheet, xs: Sequence[float], top: float, bottom: float) -> None:
    """The spans that notes name, as grey fields behind the plot."""
    for note in sheet.chart.notes:
        begin, end = _reach(sheet, note, xs)
        if begin != end:
            sheet.canvas.box((begin, top), (end, bottom), mixed(sheet.canvas.style.rule, WHITE, SHADE))


def draw_notes(
    sheet: Sheet, xs: Sequence[float], y_of: Callable[[str, int], float | None], top: float, bottom: float
) -> None:
    """The words above `top`, with lines to what they are about; `y_of` is the height of a series in a category."""
    canvas, notes = sheet.canvas, sheet.chart.notes
    lines = [_lines(sheet, note) for note in notes]
    wanted = [sum(_reach(sheet, note, xs)) / 2 for note in notes]
    widths = [max(canvas.width_of(one) for one in some) + BETWEEN for some in lines]
    placed = apart(wanted, widths, -BETWEEN / 2, canvas.width + BETWEEN / 2)
    for note, some, x, target, width in zip(notes, lines, placed, wanted, widths, strict=True):
        middle = top - GAP / 2 - len(some) * canvas.leading / 2
        canvas.lines((x, middle), some, anchor="middle")
        if note.last:
            continue
        at = sheet.chart.categories.index(note.first)
        y = y_of(note.series, at) if note.series else None
        half = max(width - BETWEEN, 0.0) / 2
        begin = min(max(target, x - half), x + half), top - GAP / 2 + 1
        canvas.line(begin, (target, bottom if y is None else y - CLEAR), canvas.style.quiet, FINE)


def _lines(sheet: Sheet, note: Note) -> tuple[str, ...]:
    room = min(NOTE_SHARE, 1 / len(sheet.chart.notes)) * sheet.canvas.width - BETWEEN
    return sheet.canvas.wrapped(sheet.wording.words[note.word], room)


def _reach(sheet: Sheet, note: Note, xs: Sequence[float]) -> tuple[float, float]:
    names = sheet.chart.categories
    return xs[names.index(note.first)], xs[names.index(note.last or note.first)]
