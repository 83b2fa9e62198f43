"""Links that open a line of a file in an editor."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from impressum.core.errors import WrongUsage, nearest

VARIABLE = "IMPRESSUM_EDITOR"
DEFAULT = "vscode"
EDITORS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "sublime": "subl://open?url=file://{path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
    "macvim": "mvim://open?url=file://{path}&line={line}&column={column}",
}
"""Patterns by the names that `--editor` knows; a path begins with a slash on every system."""
PATTERN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):.*\{path\}.*", re.I)
REFUSED = {"javascript", "data", "vbscript", "blob", "about", "view-source"}
"""Schemes that would run or show something in the page itself."""


def pattern_of(wanted: str) -> str:
    """The pattern that `wanted` names, or is; empty is the default. Raises WrongUsage for anything else."""
    wanted = wanted.strip() or DEFAULT
    if wanted in EDITORS:
        return EDITORS[wanted]
    found = PATTERN.fullmatch(wanted)
    if found and found["scheme"].lower() not in REFUSED:
        return wanted
    known = ", ".join(EDITORS)
    if ":" in wanted or "{" in wanted:
        raise WrongUsage(
            f"`{wanted}` is no link of an editor; write one with `{{path}}`, and `{{line}}` and `{{column}}` where it "
            f"takes them, such as `{EDITORS[DEFAULT]}`, or one of: {known}"
        )
    near = nearest(wanted, EDITORS)
    raise WrongUsage(f"no editor `{wanted}` is known" + (f"; did you mean `{near}`?" if near else f"; known: {known}"))


def link(pattern: str, path: Path, line: int, column: int) -> str:
    """The link to a line and column of the file at `path`, which is absolute; what is not known (0) is the first."""
    name = path.as_posix()
    values = {"path": quote(name if name.startswith("/") else f"/{name}"), "line": line or 1, "column": column or 1}
    return re.sub(r"\{(path|line|column)\}", lambda found: str(values[found[1]]), pattern)
