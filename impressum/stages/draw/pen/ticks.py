"""What matplotlib writes by itself, in the language of the figure: numbers on axes and bars, names of months."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from impressum.core.numerals import Numerals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NUMBER = re.compile(r"(?<![\w.])[-\u2212]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])")
YEARS = (1500.0, 2150.0)
"""Whole numbers on an axis between these are years: nothing stands between their thousands."""
GENERAL = "%g"


def localise(numerals: Numerals) -> None:
    """Makes matplotlib label in this language, for all that is drawn from now on."""
    from matplotlib import dates, ticker
    from matplotlib.axes import Axes

    _replace(ticker.ScalarFormatter, "__call__", lambda old: _numbers(old, numerals))
    _replace(ticker.PercentFormatter, "format_pct", lambda old: _percent(old, numerals))
    for formatter in (dates.DateFormatter, dates.ConciseDateFormatter):
        _replace(formatter, "__call__", lambda old: _months(old, numerals))
    _replace(dates.ConciseDateFormatter, "format_ticks", lambda old: _all_months(old, numerals))
    _replace(Axes, "bar_label", lambda old: _bar_label(old, numerals))


def add_unit(figure: Figure, unit: str, size: float, colour: str) -> None:
    """Writes the unit above the plot, where none of the script's own words say it."""
    from matplotlib.text import Text

    said = (text.get_text() for text in figure.findobj(Text))
    if not any(unit in text for text in said if isinstance(text, str)):
        figure.suptitle(unit, x=0.0, ha="left", fontsize=size, color=colour)


def _replace(owner: Any, name: str, new: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Lays a language over a function of matplotlib's; the one of the language before is taken off."""
    old = getattr(owner, name)
    setattr(owner, name, new(getattr(old, "of_matplotlib", old)))
    getattr(owner, name).of_matplotlib = getattr(old, "of_matplotlib", old)


def _numbers(old: Callable[..., str], numerals: Numerals) -> Callable[..., str]:
    def written(self: Any, x: float, pos: int | None = None) -> str:
        found = old(self, x, pos)
        locs = [float(loc) for loc in self.locs]
        years = bool(locs) and all(loc.is_integer() and YEARS[0] <= loc <= YEARS[1] for loc in locs)
        return found if years else NUMBER.sub(lambda number: _said(number[0], numerals), found)

    return written


def _said(number: str, numerals: Numerals) -> str:
    """A number as Python writes it, with the same decimals as the language writes it."""
    plain = number.replace("\u2212", "-")
    decimals = len(plain.partition(".")[2]) if "e" not in plain else None
    return numerals.number(float(plain), decimals)


def _percent(old: Callable[..., str], numerals: Numerals) -> Callable[..., str]:
    def written(self: Any, x: float, display_range: float) -> str:
        found = NUMBER.search(old(self, x, display_range))
        if self.symbol != "%" or not found:
            return NUMBER.sub(lambda number: _said(number[0], numerals), old(self, x, display_range))
        plain = found[0].replace("\u2212", "-")
        return numerals.percent(float(plain) / 100, len(plain.partition(".")[2]))

    return written


def _months(old: Callable[..., str], numerals: Numerals) -> Callable[..., str]:
    return lambda self, x, pos=None: _with_months(old(self, x, pos), numerals)


def _all_months(old: Callable[..., list[str]], numerals: Numerals) -> Callable[..., list[str]]:
    def written(self: Any, values: Any) -> list[str]:
        found = [_with_months(text, numerals) for text in old(self, values)]
        self.offset_string = _with_months(self.offset_string, numerals)
        return found

    return written


def _with_months(text: str, numerals: Numerals) -> str:
    for number in range(1, 13):
        day = datetime.date(2000, number, 1)
        for form, short in (("%B", False), ("%b", True)):
            text = re.sub(rf"\b{day.strftime(form)}\b", f"\0{number:02}{short:d}", text)
    return re.sub("\0(\\d\\d)(\\d)", lambda found: numerals.month(f"2000-{found[1]}", short=found[2] == "1"), text)


def _bar_label(old: Callable[..., Any], numerals: Numerals) -> Callable[..., Any]:
    def labelled(self: Any, container: Any, labels: Any = None, *, fmt: Any = GENERAL, **options: Any) -> Any:
        form = (lambda value: _said(GENERAL % value, numerals)) if fmt == GENERAL else fmt
        return old(self, container, labels, fmt=form, **options)

    return labelled
