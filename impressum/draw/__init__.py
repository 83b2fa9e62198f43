"""draw: each figure script runs in a child with limits, all languages of a figure in one child."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

from impressum import tools
from impressum.errors import Faults, Faulty, Place
from impressum.memo import Json, Memo, digest
from impressum.model.drawing import Drawing
from impressum.model.sources import DataTable, Edition, FigureSource, Sources
from impressum.pictures import what_is_wrong
from impressum.workspace import Workspace

SECONDS = 60.0
MEMORY = 4_000_000_000
LARGEST_DRAWING = 20_000_000
SANS_PACKAGE = "fontpkg_alegreya_sans"
OWN_WORDS = ("title", "alt", "source", "credit")


def draw(
    sources: Sources, *, width: float, workspace: Workspace, memo: Memo, faults: Faults
) -> dict[str, dict[str, Drawing]]:
    """The drawings of each edition by figure id. `width` is the width of the text in points."""
    drawn: dict[str, dict[str, Drawing]] = {edition.tag: {} for edition in sources.editions}
    for figure in sources.figures.values():
        if figure.is_script:
            try:
                contents = _run(figure, sources, width, workspace, memo)
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


def _run(figure: FigureSource, sources: Sources, width: float, workspace: Workspace, memo: Memo) -> dict[str, bytes]:
    script = (workspace.root / figure.file).read_text(encoding="utf-8")
    request: dict[str, Json] = {
        "script": script,
        "name": figure.file,
        "width": width,
        "data": {name: _rows(sources.data[name]) for name in figure.declaration.data},
        "words": {edition.tag: dict[str, Json](_words(figure, edition)) for edition in sources.editions},
    }
    code = (Path(__file__).parent / "child.py").read_bytes()
    raw = memo("draw", [request, digest(code), _versions()], lambda: _child(figure, request, workspace))
    return {tag: base64.b64decode(content) for tag, content in json.loads(raw).items()}


def _versions() -> Json:
    from importlib.metadata import version

    return [version("matplotlib"), version(SANS_PACKAGE.replace("_", "-"))]


def _rows(table: DataTable) -> list[Json]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _child(figure: FigureSource, request: dict[str, Json], workspace: Workspace) -> bytes:
    config = workspace.cache / "matplotlib"
    config.mkdir(parents=True, exist_ok=True)
    done = tools.run(
        tools.python_module("impressum.draw.child"),
        limits=tools.Limits(SECONDS, MEMORY),
        stdin=json.dumps(request).encode(),
        environment={"MPLCONFIGDIR": str(config), "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
    )
    place = Place(figure.file)
    if done.timed_out:
        raise _fault(place, f"the script ran longer than {SECONDS:.0f} seconds and was stopped", "figure-slow")
    if done.code != 0:
        where = re.findall(rf'File "{re.escape(figure.file)}", line (\d+)', done.errors)
        told = "\n    ".join(done.errors.strip().splitlines()[-20:])
        raise _fault(
            Place(figure.file, int(where[-1])) if where else place,
            f"the script ended with exit code {done.code}",
            "figure-failed",
            f"it said:\n    {told}" if told else "it said nothing",
        )
    drawn: dict[str, str] = json.loads(done.stdout.rpartition(b"\n")[2])
    for content in drawn.values():
        raw = base64.b64decode(content)
        if not raw:
            raise _fault(place, "the script drew nothing", "figure-empty", "draw on the `figure` that it is given")
        wrong = "is larger than 20 MB" if len(raw) > LARGEST_DRAWING else what_is_wrong(raw, ".svg")
        if wrong:
            raise _fault(place, f"what the script drew {wrong}", "figure-unfit", "draw fewer points")
    return json.dumps(drawn).encode()


def _fault(place: Place, message: str, rule: str, hint: str = "look for a loop without end") -> Faulty:
    from impressum.errors import Fault

    return Faulty([Fault(place, message, rule, hint)])
