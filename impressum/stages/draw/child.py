"""Runs one figure script: standard input says what to draw, the last line of standard output what came of it.

The script's `draw(figure, data, words)` gets a matplotlib figure in the house style, as large as it is printed. The
answer is one JSON object: `drawn` (SVG by language, in base64; empty where nothing was drawn), or `problem` (a
sentence), `rule`, `line` (of the script; 0: none) and `details` (what Python says about it).

With the argument `fork-server` it imports what scripts need, and forks a process for each that is to run.
"""

from __future__ import annotations

import base64
import errno
import io
import json
import linecache
import os
import re
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from inspect import signature
from typing import Any, NoReturn, TextIO, cast

from impressum.stages.draw.pen import (
    Named,
    ScriptWords,
    UnknownName,
    add_unit,
    house_style,
    localise,
    name_axes,
    set_family,
)

LARGEST_FILE = 100_000_000
"""Bytes of a file that a script may write: a figure is given back, and needs none."""
MOST_PROCESSES = 64
"""Processes and threads at a time, where the script is shut in: elsewhere those of the whole user are counted."""
_MATPLOTLIB = ("matplotlib.figure", "matplotlib.dates", "matplotlib.backends.backend_svg")
FOR_EACH_SCRIPT = ("numpy.random", *_MATPLOTLIB, "babel.dates", "babel.numbers")
"""Imported before a script begins, where the script is forked."""
MOST_OVER = 2.0
"""Points by which words may reach over an edge: as much as a letter has around it."""
PARENT = "IMPRESSUM_PARENT"
WHEN_WRITTEN = "it fails when the drawing is written: look at what `draw` sets for the whole figure"
NO_NETWORK = "save what it needs as `figures/data/<name>.csv` with its source, and name that under `data:`"
NETWORK = frozenset(
    f"socket.{name}"
    for name in ("bind", "connect", "getaddrinfo", "gethostbyaddr", "gethostbyname", "getnameinfo", "sendmsg", "sendto")
)
"""Audit events of Python for network access."""


class InvalidScript(Exception):
    """Something that a script must not do or must have, and what to do about it."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.hint = hint


class CutOff(InvalidScript):
    """Words that reach over an edge of the figure, where they are cut off."""


class PrintedTooMuch(BaseException):
    """It is no `Exception`, so that a script does not catch it by chance and print on."""


class UsedNetwork(BaseException):
    """The script asks for the network: where it is shut in there is none, and nowhere must a figure depend on it."""


class CountedOutput(io.TextIOBase):
    """Counts what the script prints, shown only if it fails; more than a megabyte is a loop."""

    def __init__(self, shown: TextIO) -> None:
        self.shown = shown
        self.count = 0

    def write(self, text: str) -> int:
        self.count += len(text)
        if self.count > 1_000_000:
            raise PrintedTooMuch
        return self.shown.write(text)


def main() -> int:
    _end_with_parent()
    _limit()
    request = json.load(sys.stdin)
    name: str = request["name"]
    script: str = request["script"]
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr = cast("TextIO", CountedOutput(sys.stderr))
    linecache.cache[name] = (len(script), None, script.splitlines(keepends=True), name)
    try:
        answer: dict[str, Any] = {"drawn": _drawings(request)}
    except PrintedTooMuch:
        answer = _problem(name, "the script prints more than 1 MB", "figure-prints", "print less, or nothing")
    except MemoryError:
        answer = _problem(name, "the script needs more memory than it may use", "figure-memory", "")
    except UsedNetwork:
        answer = _problem(name, "the script tried to use the network", "figure-network", NO_NETWORK)
    except InvalidScript as invalid:
        rule = "figure-cut" if isinstance(invalid, CutOff) else "figure-script"
        answer = _problem(name, str(invalid), rule, invalid.hint)
    except UnknownName as unknown:
        answer = _problem(name, unknown.sentence, "figure-failed", unknown.hint)
    except SyntaxError as wrong:
        answer = _problem(name, f"the script is not Python: {wrong.msg}", "figure-script", "")
        if wrong.filename == name:
            answer |= {"line": wrong.lineno or 0, "column": wrong.offset or 0, "details": (wrong.text or "").strip()}
    except Exception as raised:
        said = " ".join(traceback.format_exception_only(raised)[-1].split())
        details = _steps_to(raised, name) or WHEN_WRITTEN
        if isinstance(raised, OSError) and raised.errno in (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS):
            details += "; a script sees no files: what it needs is a table in `figures/data/`, named under `data:`"
        answer = _problem(name, f"the script fails: {said}", "figure-failed", details)
        if isinstance(raised, OSError) and raised.errno == errno.EFBIG:
            message = f"the script writes a file of more than {LARGEST_FILE // 1_000_000} MB"
            answer = _problem(name, message, "figure-file", "draw on the `figure` that it is given: it needs no files")
    channel.write("\n" + json.dumps(answer))
    channel.flush()
    return 0


def _end_with_parent() -> None:
    """A build that is killed cannot end its children: a script with an endless loop would run on for ever."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return  # it is sandboxed, and ends with the build

    def watch() -> None:
        while str(os.getppid()) == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _limit() -> None:
    """Limits what the script, and what it starts, can write and start; memory and time are limited from outside."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such limits
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    if PARENT not in os.environ and hasattr(resource, "RLIMIT_NPROC") and _counts_by_namespace():
        resource.setrlimit(resource.RLIMIT_NPROC, (MOST_PROCESSES, MOST_PROCESSES))


def _counts_by_namespace() -> bool:
    """Whether the kernel counts the processes of a namespace by themselves: before Linux 5.14 it counts all of the
    user's, and a script could not even start a thread on a machine with many."""
    version = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return version is not None and (int(version[1]), int(version[2])) >= (5, 14)


def _drawings(request: dict[str, Any]) -> dict[str, str]:
    code = compile(request["script"], request["name"], "exec")
    house_style(request["style"], request["fonts"])
    names: dict[str, Any] = {"__name__": "figure", "__file__": request["name"]}
    sys.addaudithook(_refuse_network)
    exec(code, names)
    draw = names.get("draw")
    if not callable(draw):
        raise InvalidScript("the script has no function `draw`", "write one: `def draw(figure, data, words):`")
    try:
        signature(draw).bind(None, None, None)
    except TypeError:
        raise InvalidScript(
            "`draw` must take three arguments", "write it as `def draw(figure, data, words):`"
        ) from None
    drawn = {}
    for tag, words in request["words"].items():
        set_family(request["families"][tag])
        drawn[tag] = base64.b64encode(_draw(draw, request, ScriptWords(words, tag))).decode()
    return drawn


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in NETWORK and getattr(arguments[0], "family", None) != getattr(socket, "AF_UNIX", ""):
        raise UsedNetwork


def _draw(draw: Callable[..., Any], request: dict[str, Any], words: ScriptWords) -> bytes:
    """The SVG that the script draws, or nothing where the figure stayed empty."""
    import random

    import numpy
    from matplotlib.figure import Figure

    random.seed(0)  # a script that scatters its labels draws the same picture each time, in each language
    numpy.random.seed(0)
    localise(words.numerals)
    figure = Figure(figsize=(request["width"] / 72, request["height"] / 72), layout="constrained")
    # Each language gets its own copy of the data: a script may change what it is given.
    draw(figure, Named(json.loads(json.dumps(request["data"])), "data"), words)
    if not (figure.axes or figure.texts or figure.images or figure.lines or figure.patches):
        return b""
    name_axes(figure, request["style"]["ink"])
    if words.get("unit"):
        add_unit(figure, words["unit"], request["style"]["size"], request["style"]["quiet"])
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    _check_edges(figure, words.tag)
    return re.sub(rb"<!DOCTYPE[^>]*>\s*", b"", out.getvalue(), count=1)


def _check_edges(figure: Any, tag: str) -> None:
    """Raises `CutOff` where words of the figure, as it was saved, reach over one of its edges."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    canvas: Any = FigureCanvasAgg(figure)
    renderer, sheet = canvas.get_renderer(), figure.bbox
    unseen = {label for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for label in _outside(axis)}
    for text in figure.findobj(lambda one: isinstance(one, Text) and one.get_visible() and one.get_text().strip()):
        if text in unseen:
            continue
        box = text.get_window_extent(renderer)
        over = {
            "left": sheet.x0 - box.x0,
            "right": box.x1 - sheet.x1,
            "upper": box.y1 - sheet.y1,
            "lower": sheet.y0 - box.y0,
        }
        side = max(over, key=lambda one: over[one])
        points = over[side] * 72 / figure.dpi
        if points > MOST_OVER:
            sentence = f"the words `{' '.join(text.get_text().split())}` are cut off at the {side} edge of the figure "
            raise CutOff(f"{sentence}in `{tag}`, by {points:.0f} pt", "leave more room there, or shorten them")


def _outside(axis: Any) -> list[Any]:
    """The labels of ticks beyond the ends of `axis`, which matplotlib has but does not draw."""
    low, high = sorted(axis.get_view_interval())
    near = (high - low) / 1e6
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    beyond = [tick for tick in ticks if not low - near <= tick.get_loc() <= high + near]
    return [label for tick in beyond for label in (tick.label1, tick.label2)]


def _problem(name: str, problem: str, rule: str, details: str) -> dict[str, Any]:
    """The problem that is being handled, at the last line of the script that led to it."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    lines = [frame.lineno for frame in frames if frame.filename == name and frame.lineno]
    return {"problem": problem, "rule": rule, "line": lines[-1] if lines else 0, "details": details}


def _steps_to(raised: Exception, name: str) -> str:
    """The way from the script's first line to what failed, without that which led to the script."""
    frames = [frame for frame in traceback.extract_tb(raised.__traceback__) if frame.filename == name]
    steps = [f"line {frame.lineno} is `{frame.line}`" for frame in frames if frame.line]
    return "; ".join(dict.fromkeys(steps[-3:]))


def _serve() -> NoReturn:
    """Begins in a folder with what matplotlib knows of fonts; each script has an empty one in its place."""
    from impressum.system.fork_server_child import serve

    home = os.getcwd()  # noqa: PTH109  (a script has no need of pathlib)
    os.environ["MPLCONFIGDIR"] = home
    os.chdir("/")  # it will be taken away
    serve(main, FOR_EACH_SCRIPT, home)


if __name__ == "__main__":
    if sys.argv[1:] == ["fork-server"]:
        del sys.argv[1:]
        _serve()
    raise SystemExit(main())
