"""Runs one figure script: standard input says what to draw, standard output's last line is the SVG by language.

The script's `draw(figure, data, words)` gets a matplotlib figure in the house style, as wide as the text.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HEIGHT_TO_WIDTH = 0.52
SCRIPT_OUTPUT_LIMIT = 1_000_000
INK, QUIET, RULE = "#1b1b1d", "#5f6368", "#b9bdc2"
# Told apart in grey and by colour-blind readers (dark to light).
COLOURS = ("#15324a", "#c2571a", "#5b8fb9", "#e3b23c", "#7d7f83", "#a9cfe0")


def main() -> int:
    request = json.load(sys.stdin)
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the script prints is shown only if it fails
    _house_style()
    code = compile(request["script"], request["name"], "exec")
    names: dict[str, Any] = {"__name__": "figure", "__file__": request["name"]}
    exec(code, names)
    draw = names.get("draw")
    if not callable(draw):
        print(f"{request['name']} has no function `draw(figure, data, words)`", file=sys.stderr)
        return 1
    drawn = {
        tag: base64.b64encode(_draw(draw, request["width"], request["data"], words)).decode()
        for tag, words in request["words"].items()
    }
    channel.write("\n" + json.dumps(drawn))
    channel.flush()
    return 0


def _draw(draw: Callable[..., Any], width: float, data: Any, words: Any) -> bytes:
    """The SVG that the script draws, or nothing where the figure stayed empty. `width` is in points."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, width / 72 * HEIGHT_TO_WIDTH), layout="constrained")
    draw(figure, data, words)
    if not figure.axes:
        return b""
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return re.sub(rb"<!DOCTYPE[^>]*>\s*", b"", out.getvalue(), count=1)


def _house_style() -> None:
    import matplotlib
    from cycler import cycler
    from matplotlib import font_manager

    spec = find_spec("fontpkg_alegreya_sans")
    if spec and spec.origin:
        for path in sorted((Path(spec.origin).parent / "files").glob("*.ttf")):
            font_manager.fontManager.addfont(str(path))
    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "impressum",
            "font.family": "Alegreya Sans",
            "font.size": 9,
            "axes.titlesize": 9,
            "axes.labelsize": 9,
            "xtick.labelsize": 9,
            "ytick.labelsize": 9,
            "text.color": INK,
            "axes.labelcolor": QUIET,
            "axes.edgecolor": RULE,
            "xtick.color": QUIET,
            "ytick.color": QUIET,
            "xtick.major.size": 0,
            "ytick.major.size": 0,
            "axes.linewidth": 0.6,
            "lines.linewidth": 1.6,
            "grid.color": RULE,
            "grid.linewidth": 0.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": cycler(color=COLOURS),
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "axes.unicode_minus": True,
        }
    )


if __name__ == "__main__":
    raise SystemExit(main())
