"""Runs one figure script: standard input says what to draw, the last line of standard output what came of it.

The script's `draw(figure, data, words)` gets a matplotlib figure in the house style, as wide as the text. The
answer is one JSON object: `drawn` (SVG by language, in base64; empty where nothing was drawn), or `problem` (a
sentence), `rule`, `line` (of the script; 0: none) and `told` (what Python says about it).
"""

from __future__ import annotations

import base64
import io
import json
import linecache
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import Any, NoReturn, TextIO, cast

HEIGHT_TO_WIDTH = 0.52
SCRIPT_OUTPUT_LIMIT = 1_000_000
TOLD_LINES = 3
BETWEEN_LOOKS = 0.5  # seconds
PARENT = "IMPRESSUM_PARENT"
INK, QUIET, RULE = "#1b1b1d", "#5f6368", "#b9bdc2"
# Dark to light, so that they are told apart in grey; each at least 3 : 1 on white (WCAG 1.4.11).
COLOURS = ("#15324a", "#8c2f1b", "#2c6b66", "#b8621f", "#808489", "#5f96c2")


class Refused(Exception):
    """Something that a script must not do or must have, and what to do about it."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.hint = hint


class PrintedTooMuch(BaseException):
    """It is no `Exception`, so that a script does not catch it by chance and print on."""


class Unknown(KeyError):
    """A name that the figure does not have, and those that it has."""

    def __init__(self, noun: str, name: object, known: dict[str, Any]) -> None:
        super().__init__(name)
        self.sentence = f"the figure has no {noun} `{name}`"
        self.hint = f"its {noun}: {', '.join(known) or 'none'}; the figure's `.yaml` names them under `{noun}:`"


class Named(dict[str, Any]):
    """What a script takes by name: `data` or `words`; an unknown name is told with those that there are."""

    def __init__(self, known: dict[str, Any], noun: str) -> None:
        super().__init__(known)
        self.noun = noun

    def __missing__(self, name: object) -> NoReturn:
        raise Unknown(self.noun, name, self)


class Printed(io.TextIOBase):
    """What the script prints is shown only where it fails; more than a megabyte is a loop."""

    def __init__(self, shown: TextIO) -> None:
        self.shown = shown
        self.count = 0

    def write(self, text: str) -> int:
        self.count += len(text)
        if self.count > SCRIPT_OUTPUT_LIMIT:
            raise PrintedTooMuch
        return self.shown.write(text)


def main() -> int:
    _end_with_parent()
    request = json.load(sys.stdin)
    name: str = request["name"]
    script: str = request["script"]
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr = cast("TextIO", Printed(sys.stderr))
    linecache.cache[name] = (len(script), None, script.splitlines(keepends=True), name)
    try:
        answer: dict[str, Any] = {"drawn": _drawings(request)}
    except PrintedTooMuch:
        answer = _problem(name, "the script prints more than 1 MB", "figure-prints", "print less, or nothing")
    except MemoryError:
        answer = _problem(name, "the script needs more memory than it may use", "figure-memory", "")
    except Refused as refused:
        answer = _problem(name, str(refused), "figure-script", refused.hint)
    except Unknown as unknown:
        answer = _problem(name, unknown.sentence, "figure-failed", unknown.hint)
    except SyntaxError as wrong:
        answer = _problem(name, f"the script is not Python: {wrong.msg}", "figure-script", "")
        if wrong.filename == name:
            answer |= {"line": wrong.lineno or 0, "told": (wrong.text or "").strip()}
    except Exception as raised:
        said = " ".join(traceback.format_exception_only(raised)[-1].split())
        answer = _problem(name, f"the script fails: {said}", "figure-failed", _told(raised, name))
    channel.write("\n" + json.dumps(answer))
    channel.flush()
    return 0


def _end_with_parent() -> None:
    """A build that is killed cannot end its children: a script with an endless loop would run on for ever."""
    parent = os.environ.get(PARENT)

    def watch() -> None:
        while parent in (None, str(os.getppid())):
            time.sleep(BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _drawings(request: dict[str, Any]) -> dict[str, str]:
    code = compile(request["script"], request["name"], "exec")
    _house_style()
    names: dict[str, Any] = {"__name__": "figure", "__file__": request["name"]}
    exec(code, names)
    draw = names.get("draw")
    if not callable(draw):
        raise Refused("the script has no function `draw`", "write one: `def draw(figure, data, words):`")
    try:
        signature(draw).bind(None, None, None)
    except TypeError:
        raise Refused("`draw` must take three arguments", "write it as `def draw(figure, data, words):`") from None
    return {
        tag: base64.b64encode(_draw(draw, request["width"], request["data"], words)).decode()
        for tag, words in request["words"].items()
    }


def _draw(draw: Callable[..., Any], width: float, data: dict[str, Any], words: dict[str, Any]) -> bytes:
    """The SVG that the script draws, or nothing where the figure stayed empty. `width` is in points."""
    import random

    import numpy
    from matplotlib.figure import Figure

    random.seed(0)  # a script that scatters its labels draws the same picture each time, in each language
    numpy.random.seed(0)
    figure = Figure(figsize=(width / 72, width / 72 * HEIGHT_TO_WIDTH), layout="constrained")
    # Each language gets data of its own: a script may change what it is given.
    draw(figure, Named(json.loads(json.dumps(data)), "data"), Named(words, "words"))
    if not (figure.axes or figure.texts or figure.images or figure.lines or figure.patches):
        return b""
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return re.sub(rb"<!DOCTYPE[^>]*>\s*", b"", out.getvalue(), count=1)


def _problem(name: str, problem: str, rule: str, told: str) -> dict[str, Any]:
    """The problem that is being handled, at the last line of the script that led to it."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    lines = [frame.lineno for frame in frames if frame.filename == name and frame.lineno]
    return {"problem": problem, "rule": rule, "line": lines[-1] if lines else 0, "told": told}


def _told(raised: Exception, name: str) -> str:
    """The way from the script's first line to what failed, without that which led to the script."""
    frames = [frame for frame in traceback.extract_tb(raised.__traceback__) if frame.filename == name]
    steps = [f"line {frame.lineno} is `{frame.line}`" for frame in frames if frame.line]
    return "; ".join(dict.fromkeys(steps[-TOLD_LINES:]))


def _house_style() -> None:
    import matplotlib
    from cycler import cycler
    from matplotlib import font_manager

    matplotlib.rcdefaults()  # no settings of this machine or of its user
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
            "text.parse_math": False,  # words are words: `$` begins no formula
        }
    )


if __name__ == "__main__":
    raise SystemExit(main())
