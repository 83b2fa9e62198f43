"""The house style of figures, as settings of matplotlib."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypedDict


class Style(TypedDict):
    """The look of a figure: the size of letters in points, colours as `#15324a`, those of series in their order."""

    size: float
    ink: str
    quiet: str
    rule: str
    series: list[str]


def house_style(style: Style, fonts: Sequence[str]) -> None:
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
