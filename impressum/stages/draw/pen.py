"""The tools of a figure script; it runs in the script's child and imports only `numerals`, to start quickly."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypedDict

from impressum.core.numerals import Numerals

if TYPE_CHECKING:
    from matplotlib.figure import Figure


NUMBER = re.compile(r"(?<![\w.])[-\u2212]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])")
YEARS = (1500.0, 2150.0)
"""Whole numbers on an axis between these are years: they get no separator of thousands."""
GENERAL = "%g"
NAME_GAP = 5.0
"""Between the names at the left and the plot, half of it in points."""


class StyleSettings(TypedDict):
    """The look of a figure: the size of letters in points, colours as `#15324a`, those of series in their order."""

    size: float
    ink: str
    quiet: str
    rule: str
    series: list[str]


def house_style(style: StyleSettings, fonts: Sequence[str]) -> None:
    """Sets matplotlib up, whatever this machine or its user had set. `fonts` are files."""
    import matplotlib
    from cycler import cycler
    from matplotlib import font_manager

    # With it set, matplotlib from 3.11 on not only knows no fonts of the machine, it finds none that was added either.
    os.environ.pop("MPL_IGNORE_SYSTEM_FONTS", None)
    matplotlib.rcdefaults()
    for font in fonts:
        font_manager.fontManager.addfont(font)
    matplotlib.use("svg")
    size, ink, quiet, rule = style["size"], style["ink"], style["quiet"], style["rule"]
    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "impressum",
            "font.size": size,
            "axes.titlesize": size,
            "axes.labelsize": size,
            "figure.titlesize": size,
            "legend.fontsize": size,
            "xtick.labelsize": size,
            "ytick.labelsize": size,
            "text.color": ink,
            "axes.labelcolor": quiet,
            "axes.edgecolor": rule,
            "xtick.color": quiet,
            "ytick.color": quiet,
            "xtick.major.size": 0,
            "ytick.major.size": 0,
            "xtick.minor.size": 0,
            "ytick.minor.size": 0,
            "axes.linewidth": 0.6,
            "lines.linewidth": 1.6,
            "patch.linewidth": 0.6,
            "hatch.linewidth": 0.6,
            "grid.color": rule,
            "grid.linewidth": 0.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": cycler(color=style["series"]),
            "axes.axisbelow": True,
            "legend.frameon": False,
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "axes.unicode_minus": True,
            "text.parse_math": False,  # words are words: `$` begins no formula
        }
    )


def set_family(family: str) -> None:
    """The family of all words that are drawn from now on."""
    import matplotlib

    matplotlib.rcParams["font.family"] = [family]


def localise(numerals: Numerals) -> None:
    """Makes matplotlib label in this language, for everything drawn from now on."""
    from matplotlib import dates, ticker
    from matplotlib.axes import Axes

    _replace(ticker.ScalarFormatter, "__call__", lambda old: _numbers(old, numerals))
    _replace(ticker.PercentFormatter, "format_pct", lambda old: _percent(old, numerals))
    for formatter in (dates.DateFormatter, dates.ConciseDateFormatter):
        _replace(formatter, "__call__", lambda old: lambda self, x, pos=None: _with_months(old(self, x, pos), numerals))
    _replace(dates.ConciseDateFormatter, "format_ticks", lambda old: _all_months(old, numerals))
    _replace(Axes, "bar_label", lambda old: _bar_label(old, numerals))


def add_unit(figure: Figure, unit: str, size: float, colour: str) -> None:
    """Writes the unit above the plot, where none of the script's own words say it."""
    from matplotlib.text import Text

    said = (text.get_text() for text in figure.findobj(Text))
    if not any(unit in text for text in said if isinstance(text, str)):
        figure.suptitle(unit, x=0.0, ha="left", fontsize=size, color=colour)


def name_axes(figure: Figure, ink: str) -> None:
    """Sets the names on axes as those of charts are: black, and those beside the plot from the left."""
    from matplotlib.category import StrCategoryFormatter
    from matplotlib.ticker import FixedLocator, FuncFormatter

    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            form, places = axis.get_major_formatter(), axis.get_major_locator()
            is_named = isinstance(form, StrCategoryFormatter) or (
                isinstance(form, FuncFormatter) and isinstance(places, FixedLocator)
            )
            if not is_named or not axes.axison or not axis.get_visible():
                continue
            axis.set_tick_params(labelcolor=ink)
            if axis is axes.yaxis and axis.get_ticks_position() != "right":
                width = max(one.get_window_extent().width for one in axis.get_ticklabels()) * 72 / figure.dpi
                for one in axis.get_ticklabels():
                    one.set_horizontalalignment("left")
                axis.set_tick_params(pad=width + 2 * NAME_GAP)


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


class UnknownName(KeyError):
    """A name that the figure does not have, and those that it has."""

    def __init__(self, noun: str, name: object, known: dict[str, Any]) -> None:
        super().__init__(name)
        self.sentence = f"the figure has no {noun} `{name}`"
        self.hint = f"its {noun}: {', '.join(known) or 'none'}; the figure's `.yaml` names them under `{noun}:`"


class Named(dict[str, Any]):
    """A mapping that a script reads by name, `data` or `words`; an unknown name is reported with the known ones."""

    def __init__(self, known: dict[str, Any], noun: str) -> None:
        super().__init__(known)
        self.noun = noun

    def __missing__(self, name: object) -> NoReturn:
        raise UnknownName(self.noun, name, self)


class ScriptWords(Named):
    """The words of a figure in the language `tag`, and how that language writes numbers and months."""

    def __init__(self, known: dict[str, Any], tag: str) -> None:
        super().__init__(known, "words")
        self.tag = tag
        self.numerals = Numerals(tag)

    def number(self, value: float, decimals: int | None = None) -> str:
        """1234.5 as 1,234.5 or 1.234,5; with `decimals` digits after the mark, or as many as the value has."""
        return self.numerals.number(float(value), decimals)

    def percent(self, value: float, decimals: int | None = None) -> str:
        """A share of one: 0.345 as 34.5% or 34,5 %."""
        return self.numerals.percent(float(value), decimals)

    def currency(self, value: float, code: str, decimals: int | None = None) -> str:
        """12.5 in EUR as €12.5 or 12,5 €."""
        return self.numerals.currency(float(value), code, decimals)

    def month(self, text: object) -> str:
        """2023-05 as May 2023 or мај 2023; 2023-05-17 and 2023-Q2 as the language says them, 2023 as it is."""
        return self.numerals.time(str(text))
