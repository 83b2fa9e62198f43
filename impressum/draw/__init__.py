"""draw: each figure script runs in a child with limits, all languages of a figure in one child."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path

from impressum import tools
from impressum.errors import Fault, Faults, Faulty, Place
from impressum.memo import Json, Memo, digest
from impressum.model.drawing import Drawing
from impressum.model.sources import DataTable, Edition, FigureSource, Sources
from impressum.pictures import what_is_wrong
from impressum.workspace import Workspace

LIMITS = tools.Limits(seconds=60, memory=4_000_000_000)
"""What one figure in all its languages may use."""
LARGEST_DRAWING = 20_000_000
UNFIT = "draw fewer points, or a picture made beforehand; text must be letters that can be printed"
TOLD_LINES, LONGEST_TOLD = 20, 4000
CHILD = Path(__file__).with_name("child.py")
PARENT = "IMPRESSUM_PARENT"
"""The variable that tells the child whose child it is."""
SANS_PACKAGE = "fontpkg_alegreya_sans"
OWN_WORDS = ("title", "alt", "source", "credit")


def draw(
    sources: Sources,
    *,
    width: float,
    workspace: Workspace,
    memo: Memo,
    faults: Faults,
    limits: tools.Limits = LIMITS,
) -> dict[str, dict[str, Drawing]]:
    """The drawings of each edition by figure id. `width` is the width of the text in points."""
    drawn: dict[str, dict[str, Drawing]] = {edition.tag: {} for edition in sources.editions}
    for figure in sources.figures.values():
        if figure.is_script:
            try:
                contents = _run(figure, sources, width, workspace, memo, limits)
            except Faulty as faulty:
                faults.extend(faulty.faults)
                continue
        else:
            content = (workspace.root / figure.file).read_bytes()
            contents = {edition.tag: content for edition in sources.editions}
        for edition in sources.editions:
            drawn[edition.tag][figure.id] = _drawing(figure, edition, contents[edition.tag])
    return drawn


def _drawing(figure: FigureSource, edition: Edition, content: bytes) -> Drawing:
    own = edition.texts.figures.get(figure.id, {})
    suffix = ".svg" if figure.is_script else Path(figure.file).suffix.lower()
    declared = figure.declaration
    return Drawing(
        figure.id,
        f"figures/{figure.id}-{digest(content)[:12]}{suffix}",
        content,
        own.get("title", declared.title),
        own.get("alt", declared.alt),
        own.get("source", declared.source),
        own.get("credit", declared.credit),
    )


def _words(figure: FigureSource, edition: Edition) -> dict[str, str]:
    own = edition.texts.figures.get(figure.id, {})
    return {**figure.declaration.words, **{key: word for key, word in own.items() if key not in OWN_WORDS}}


def _run(
    figure: FigureSource, sources: Sources, width: float, workspace: Workspace, memo: Memo, limits: tools.Limits
) -> dict[str, bytes]:
    script = (workspace.root / figure.file).read_text(encoding="utf-8")
    request: dict[str, Json] = {
        "script": script,
        "name": figure.file,
        "width": width,
        "data": {name: _rows(sources.data[name]) for name in figure.declaration.data},
        "words": {edition.tag: dict[str, Json](_words(figure, edition)) for edition in sources.editions},
    }
    raw = memo(
        "draw", [request, digest(CHILD.read_bytes()), _versions()], lambda: _child(figure, request, workspace, limits)
    )
    return {tag: base64.b64decode(content) for tag, content in json.loads(raw).items()}


def _versions() -> Json:
    from importlib.metadata import version

    return [version("matplotlib"), version(SANS_PACKAGE.replace("_", "-"))]


def _rows(table: DataTable) -> list[Json]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _child(figure: FigureSource, request: dict[str, Json], workspace: Workspace, limits: tools.Limits) -> bytes:
    """The drawings by language, as JSON. Raises `Faulty` where the script did not draw them."""
    config = workspace.cache / "matplotlib"
    config.mkdir(parents=True, exist_ok=True)
    done = tools.run(
        # As a file, not as a module: it imports nothing of the package, and starts the sooner.
        [sys.executable, "-X", "utf8", "-P", str(CHILD)],
        limits=limits,
        stdin=json.dumps(request).encode(),
        # A script does not start in the publication: what it read there, the memo would not know of.
        folder=config,
        environment={
            "MPLCONFIGDIR": str(config),
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONHASHSEED": "0",
            PARENT: str(os.getpid()),
        },
    )
    place = Place(figure.file)
    said = "\n".join(done.errors.strip()[-LONGEST_TOLD:].splitlines()[-TOLD_LINES:])
    if done.timed_out:
        message = f"the script ran longer than {limits.seconds:g} seconds and was stopped"
        raise _fault(place, message, "figure-slow", "look for a loop without end")
    told = said.replace("\n", "\n    ")
    if done.code != 0 and "MemoryError" in said:
        raise _too_big(place, limits)
    if done.code < 0:
        message = f"the script was ended by the system ({_signal(-done.code)})"
        raise _fault(place, message, "figure-crashed", f"it may use {limits.memory // 1_000_000} MB of memory")
    if done.code != 0:
        message = f"the script ended with exit code {done.code}"
        raise _fault(place, message, "figure-failed", f"it said:\n    {told}" if told else "it said nothing")
    answer = json.loads(done.stdout.rpartition(b"\n")[2] or b"{}")
    if "drawn" not in answer:
        raise _failed(figure, answer, told, limits)
    drawn: dict[str, str] = answer["drawn"]
    for content in drawn.values():
        raw = base64.b64decode(content)
        if not raw:
            raise _fault(place, "the script drew nothing", "figure-empty", "draw on the `figure` that it is given")
        wrong = "is larger than 20 MB" if len(raw) > LARGEST_DRAWING else what_is_wrong(raw, ".svg")
        if wrong:
            raise _fault(place, f"what the script drew {wrong}", "figure-unfit", UNFIT)
    return json.dumps(drawn).encode()


def _failed(figure: FigureSource, answer: dict[str, object], said: str, limits: tools.Limits) -> Faulty:
    """The fault for the problem that the child tells of, with the last lines of what the script printed."""
    line = answer.get("line")
    place = Place(figure.file, line if isinstance(line, int) else 0)
    if not answer:
        return _fault(place, "the script ended before it drew", "figure-failed", "take the call of `exit` away")
    if answer["rule"] == "figure-memory":
        return _too_big(place, limits)
    hint = str(answer["told"])
    if answer["rule"] == "figure-failed" and said:
        hint = f"{hint}\n  it printed:\n    {said}".lstrip()
    return _fault(place, str(answer["problem"]), str(answer["rule"]), hint)


def _too_big(place: Place, limits: tools.Limits) -> Faulty:
    message = f"the script needs more than {limits.memory // 1_000_000} MB of memory"
    return _fault(place, message, "figure-memory", "look for a list that grows without end, or draw fewer points")


def _signal(number: int) -> str:
    import signal

    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"


def _fault(place: Place, message: str, rule: str, hint: str) -> Faulty:
    return Faulty([Fault(place, message, rule, hint)])
