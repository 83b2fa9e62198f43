"""Figure scripts: each runs in a child with limits, and what goes wrong in it becomes a fault in its own words."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import stat
import sys
import threading
from collections.abc import Set
from functools import cache, partial
from pathlib import Path
from typing import Any

from impressum.core import numerals
from impressum.core.errors import Fault, Faulty, Place
from impressum.core.model.sources import FigureSource
from impressum.core.pictures import what_is_wrong
from impressum.system import fonts, process
from impressum.system.cache import Json, digest, keep, kept
from impressum.system.files import read
from impressum.system.fonts import faces_version, figure_faces
from impressum.system.fork_server import ForkServer
from impressum.system.installed import version
from impressum.system.sandbox import Sight, fork_sandbox, isolation, known_isolation, shut_in
from impressum.system.work_folders import ensured, fresh, lay, sweep, take_away
from impressum.system.workspace import Workspace

LIMITS = process.Limits(seconds=60, memory=4_000_000_000)
"""The limits for one figure in all its languages."""
DRAW = re.compile(r"(?:(?:async +)?def +|from .+ import .*?)?(?<!\w)(draw)\b")
"""How a script gets its function."""
FUNCTION = re.compile(r"def +(\w+)")
UNFIT = "draw fewer points, or a picture made beforehand; text must be letters that can be printed"
MOST_LINES, LONGEST_OUTPUT = 20, 4000
CHILD = Path(__file__).with_name("child.py")
FONT_LISTS = "fontlist-*.json"
"""How matplotlib calls what it knows of fonts."""
ITS_OWN_FONTS = {"MPL_IGNORE_SYSTEM_FONTS": "1"}
"""With it, matplotlib knows its own fonts and those it is given: those of the machine change no drawing."""
SETTINGS = {**ITS_OWN_FONTS, "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
_KNOWING_FONTS = threading.Lock()
_KNOWN_FONTS: dict[str, bytes] = {}
"""Font lists found in this process, for later publications."""
PARENT = "IMPRESSUM_PARENT"
"""The variable by which the child knows whose child it is."""


def code_of_child() -> str:
    """The hash of what runs in the child."""
    return digest(*(file.read_bytes() for file in (CHILD, CHILD.with_name("pen.py"), Path(numerals.__file__))))


def run_script(figure: FigureSource, request: dict[str, Json], workspace: Workspace, limits: process.Limits) -> bytes:
    """The drawings by language, as JSON. Raises `Faulty` where the script did not draw them."""
    config = ensured(workspace.cache / "matplotlib")
    stdin = json.dumps({**request, "fonts": _fonts(config)}).encode()
    done = None
    if known_isolation(Place(figure.file)).how == "namespaces":
        home = workspace.fork_server_work()
        seen = fork_sandbox((config, CHILD.parents[2]))
        done = _fork_server().run(limits=limits, stdin=stdin, sandbox=seen, home=partial(_own_folder, home, config))
        _note_fonts(home, config)
    if done is None:
        done = _started(workspace.script_work(figure.id), config, stdin, limits)
    place, drawing = Place(figure.file), _place_of_draw(figure.file, str(request["script"]))
    said = "\n".join(done.errors.strip()[-LONGEST_OUTPUT:].splitlines()[-MOST_LINES:])
    if done.timed_out:
        message = f"the script ran longer than {limits.seconds:g} seconds and was stopped"
        raise fault(place, message, "figure-slow", "look for a loop without end")
    shown = said.replace("\n", "\n    ")
    if done.code != 0 and "MemoryError" in said:
        raise _too_big(place, limits)
    if done.code < 0:
        message = f"the script was ended by the system ({_signal(-done.code)})"
        raise fault(place, message, "figure-crashed", f"it may use {limits.memory // 1_000_000} MB of memory")
    if done.code != 0:
        message = f"the script ended with exit code {done.code}"
        raise fault(place, message, "figure-failed", f"it said:\n    {shown}" if shown else "it said nothing")
    assert isinstance(request["words"], dict)
    answer = _answer(done.stdout, request["words"].keys())
    if answer is None:
        hint = "leave the modules of Python as they are: what runs the script needs them after it"
        raise fault(place, "the script gives back what is no drawing", "figure-failed", hint)
    drawn = answer.get("drawn")
    if not isinstance(drawn, dict):
        raise _failed(figure, answer, shown, limits, drawing)
    for content in drawn.values():
        raw = base64.b64decode(content)
        if not raw:
            raise fault(drawing, "the script drew nothing", "figure-empty", "draw on the `figure` that it is given")
        wrong = "is larger than 20 MB" if len(raw) > 20_000_000 else what_is_wrong(raw, ".svg")
        if wrong:
            raise fault(drawing, f"what the script drew {wrong}", "figure-unfit", UNFIT)
    return json.dumps(drawn).encode()


def _answer(stdout: bytes, tags: Set[str]) -> dict[str, object] | None:
    """The child's answer; None if it is malformed, as a script can reach everything in its process."""
    try:
        answer: dict[str, Any] = json.loads(stdout.rpartition(b"\n")[2] or b"{}")
        if "drawn" in answer:
            for content in answer["drawn"].values():
                base64.b64decode(content, validate=True)
            return answer if answer["drawn"].keys() == tags else None
        is_problem = all(isinstance(answer[key], str) for key in ("problem", "rule", "details")) if answer else True
        return answer if is_problem and isinstance(answer, dict) else None
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None


@cache
def _fork_server() -> ForkServer:
    """From which the children of this process are forked."""
    return ForkServer([*process.python_file(__file__, CHILD.name), "fork-server"], SETTINGS)


def _started(own: Path, config: Path, stdin: bytes, limits: process.Limits) -> process.Finished:
    """The result of a script in a new interpreter with `own` as its private folder."""
    command = process.python_file(__file__, CHILD.name)
    alone = isolation().how != "none"
    if _known_fonts(config) is None:
        _find_fonts(own, config)
    _own_folder(own, config)
    try:
        return process.run(
            shut_in(command, Sight((config, CHILD.parents[2]), own), limits) if alone else command,
            limits=limits,
            stdin=stdin,
            # A script does not start in the publication: what it read there, the memo would not know of.
            folder=own,
            # Shut in, it ends with the build by itself.
            environment={**SETTINGS, "MPLCONFIGDIR": str(own), **({} if alone else {PARENT: str(os.getpid())})},
        )
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _place_of_draw(name: str, script: str) -> Place:
    """Where the function `draw` is named in the file `name`; where it has none, its first function, or its begin."""
    lines = script.split("\n")
    for form in (DRAW, FUNCTION):
        for number, line in enumerate(lines, 1):
            found = form.match(line)
            if found:
                return Place(name, number, found.start(1) + 1)
    return Place(name, 1, 1)


def _own_folder(folder: Path, config: Path) -> Path:
    """`folder`, new, with what is known of fonts."""
    fresh(folder)
    sweep(folder)
    for name, text in json.loads(_known_fonts(config) or b"{}").items():
        if Path(name).match(FONT_LISTS) and name == Path(name).name:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def _known_fonts(config: Path) -> bytes | None:
    """Matplotlib's font lists by name, as JSON; they are the same for every publication."""
    return kept(_file_of_fonts(config)) or _KNOWN_FONTS.get("lists")


def _find_fonts(folder: Path, config: Path) -> None:
    """Has matplotlib find out what it knows of fonts, in `folder`, before any script runs."""
    command = [sys.executable, "-X", "utf8", "-P", "-c", "import matplotlib.font_manager"]
    environment = {"MPLCONFIGDIR": str(fresh(folder)), **ITS_OWN_FONTS}
    process.run(command, limits=LIMITS, folder=folder, environment=environment)
    _note_fonts(folder, config)


def _note_fonts(folder: Path, config: Path) -> None:
    """Keeps what matplotlib has found out in `folder`, where no script could write to it, and takes that away."""
    with _KNOWING_FONTS:
        lists = {path.name: read(path).decode() for path in folder.glob(FONT_LISTS)}
        if lists and not kept(_file_of_fonts(config)):
            _KNOWN_FONTS["lists"] = json.dumps(lists).encode()
            take_away(_file_of_fonts(config))
            keep(_file_of_fonts(config), _KNOWN_FONTS["lists"])
        take_away(folder)


def _file_of_fonts(config: Path) -> Path:
    return config / f"own-fonts-{version('matplotlib')}"


def _fonts(folder: Path) -> list[Json]:
    """The files of the faces of figures, written whole into `folder` where they are not there as they should be."""
    known = folder / f"faces-{digest(faces_version(), Path(fonts.__file__).read_bytes())[:12]}"
    with _KNOWING_FONTS:
        found: dict[str, str] = json.loads(kept(known) or b"{}")
        if not found or not all(_is_file_of(folder / Path(name).name, content) for name, content in found.items()):
            found = {}
            for name, content in figure_faces().items():
                path = folder / f"{digest(content)[:12]}-{name}"
                lay(path, content)
                found[path.name] = digest(content)
            take_away(known)
            keep(known, json.dumps(found).encode())
    return [str(folder / Path(name).name) for name in found]


def _is_file_of(path: Path, content: str) -> bool:
    """Whether the file `path` has a content with this hash, and by its mode can be read by a script that is shut in."""
    try:
        return bool(path.stat().st_mode & stat.S_IRUSR) and digest(read(path)) == content
    except OSError:
        return False


def _failed(
    figure: FigureSource, answer: dict[str, object], said: str, limits: process.Limits, drawing: Place
) -> Faulty:
    """The fault for the problem that the child reports, with the script's last output; `drawing` is where `draw` is."""
    line, column = (one if isinstance(one, int) else 0 for one in (answer.get("line"), answer.get("column")))
    place = Place(figure.file, line, column)
    if answer.get("rule") in ("figure-script", "figure-cut", "figure-failed") and not line:
        place = drawing
    if not answer:
        return fault(place, "the script ended before it drew", "figure-failed", "take the call of `exit` away")
    if answer["rule"] == "figure-memory":
        return _too_big(place, limits)
    hint = str(answer["details"])
    if answer["rule"] == "figure-failed" and said:
        hint = f"{hint}\n  it printed:\n    {said}".lstrip()
    return fault(place, str(answer["problem"]), str(answer["rule"]), hint)


def _too_big(place: Place, limits: process.Limits) -> Faulty:
    message = f"the script needs more than {limits.memory // 1_000_000} MB of memory"
    return fault(place, message, "figure-memory", "look for a list that grows without end, or draw fewer points")


def _signal(number: int) -> str:
    import signal

    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"


def fault(place: Place, message: str, rule: str, hint: str) -> Faulty:
    return Faulty([Fault(place, message, rule, hint)])
