"""A column of data as numbers where it is one, else as text; a cell that spoils a column of numbers is a fault."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from impressum.errors import Faults
from impressum.load.csv_cells import Cell

NUMBER = re.compile(r"^[-+\u2212]?(0|[1-9]\d{0,299})(\.\d{1,300})?([eE][-+]?\d{1,3})?$", re.ASCII)
CODE = re.compile(r"^0\d+$", re.ASCII)
"""Digits that are no number: a postal code, a customs code."""
AMBIGUOUS = re.compile("^[-+\u2212]?(\\d{1,3}([ ,.'\u00a0\u202f]\\d{3})+([.,]\\d+)?|\\d+[.,]\\d+)$", re.ASCII)
"""A number with separators between its thousands or with the other decimal mark."""
GAPS = frozenset({"-", "\u2013", "\u2014", "..", "...", "\u2026", ":", "n/a", "na", "nan", "null", "none"})
ODD_SHARE = 0.2
ODD_ROWS = 4

Value = str | int | float | None


def column_values(name: str, column: Sequence[Cell], mark: str, faults: Faults) -> Sequence[Value]:
    """The cells of `column` as numbers where it is a column of numbers (`mark` is decimal), else as text."""
    filled = [cell for cell in column if cell.text]
    numbers = {cell: number for cell in filled if (number := _number(cell.text, mark)) is not None}
    odd = [cell for cell in filled if cell not in numbers]
    if not filled or any(CODE.match(cell.text) for cell in odd):
        return [cell.text for cell in column]
    is_typo = len(column) >= ODD_ROWS and len(odd) < ODD_SHARE * len(filled)
    is_plain = all(AMBIGUOUS.match(cell.text) or cell.text.lower() in GAPS for cell in odd)
    if odd and not is_typo and not (is_plain and (numbers or any(AMBIGUOUS.match(cell.text) for cell in odd))):
        return [cell.text for cell in column]
    for cell in odd:
        faults.error(
            cell.place,
            f"`{_short(cell.text)}` is not a number, and the other cells of `{name}` are",
            "data-type",
            _hint(cell.text, mark),
        )
    for cell in column:
        if not cell.text:
            faults.warning(
                cell.place,
                f"a cell of the numbers `{name}` is empty",
                "data-gap",
                "fill it, or leave it where there is no figure to give",
            )
    return [numbers.get(cell) for cell in column]


def _number(text: str, mark: str) -> int | float | None:
    if mark == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    if not NUMBER.match(text):
        return None
    text = text.replace("\u2212", "-")
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None


def _hint(text: str, mark: str) -> str:
    if text.lower() in GAPS:
        return "leave the cell empty where there is no figure"
    if AMBIGUOUS.match(text):
        return f"write numbers without separators between thousands, and with `{mark}` before decimals"
    return f"write a number with `{mark}` before its decimals, and units in the `.yaml`"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
