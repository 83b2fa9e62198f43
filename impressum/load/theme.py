"""The theme: the package's tokens and templates, overridden one by one by the publication's `templates/`."""

from __future__ import annotations

import re
from importlib.resources import files

from impressum.errors import Faults, Place, nearest
from impressum.load.strict_yaml import parse_yaml, read_yaml
from impressum.load.tree import Entry, Items, Node, Scalar, Table
from impressum.memo import Json
from impressum.model.theme import Theme
from impressum.workspace import Workspace

NUMBER = re.compile(r"-?\d+(\.\d+)?")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LENGTH = re.compile(r"\d+(\.\d+)?(mm|cm|in|pt)")
KINDS = ((NUMBER, "a number of points"), (COLOUR, "a colour, as in `#15324a`"), (LENGTH, "a length, as in `66mm`"))


def read_theme(workspace: Workspace, name: str, place: Place, faults: Faults) -> Theme:
    """The theme called `name` (named at `place`) with the publication's changes; what is unknown is a fault."""
    package = files("impressum") / "templates"
    source = package / "themes" / name / "theme.yaml"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not source.is_file():
        known = sorted(folder.name for folder in (package / "themes").iterdir() if folder.is_dir())
        faults.error(
            place,
            f"there is no theme `{name}`",
            "theme-unknown",
            f"the themes are {', '.join(f'`{one}`' for one in known)}",
        )
        name = known[0]
        source = package / "themes" / name / "theme.yaml"
    base = parse_yaml(source.read_text(encoding="utf-8"), f"{name}/theme.yaml", faults)
    assert base is not None, "the package's own theme can be read"
    tokens = _table(base)
    own = workspace.templates / "theme.yaml"
    if own.is_file():
        changes = read_yaml(workspace, own, faults)
        if changes is not None:
            _override(base, changes, "", faults)
            tokens = _merged(tokens, _table(changes))
    templates = {
        file.name: file.read_bytes()
        for folder in (package / "book", package / "themes" / name)  # a theme's own go before those of all
        for file in folder.iterdir()
        if file.name.endswith(".typ")
    }
    for path in sorted(workspace.templates.glob("*.typ")):
        if path.name not in templates:
            near = nearest(path.name, templates)
            faults.error(
                Place(workspace.relative(path)),
                f"no template of the book is called `{path.name}`",
                "template-unknown",
                f"did you mean `{near}`?" if near else f"the templates are {', '.join(sorted(templates))}",
            )
        elif workspace.inside(workspace.relative(path)):
            templates[path.name] = path.read_bytes()
    return Theme(name, tokens, templates)


def _override(base: Table, changes: Table, path: str, faults: Faults) -> None:
    for key, entry in changes.entries.items():
        known = base.entries.get(key)
        if known is None:
            near = nearest(key, base.entries)
            faults.error(
                entry.place,
                f"the theme has no token `{path}{key}`" + (f"; did you mean `{near}`?" if near else ""),
                "theme-token",
                f"its tokens here are {', '.join(base.entries)}",
            )
        else:
            _compare(known, entry, f"{path}{key}", faults)


def _compare(known: Entry, entry: Entry, path: str, faults: Faults) -> None:
    if isinstance(known.value, Table):
        if isinstance(entry.value, Table):
            _override(known.value, entry.value, f"{path}.", faults)
        else:
            faults.error(
                entry.place, f"`{path}` is a group of tokens", "theme-token", f"give {', '.join(known.value.entries)}"
            )
        return
    if not isinstance(known.value, Scalar) or not isinstance(entry.value, Scalar):
        faults.error(entry.place, f"`{path}` must be one value", "theme-token", "write a single value")
        return
    for pattern, kind in KINDS:
        if pattern.fullmatch(known.value.text) and not pattern.fullmatch(entry.value.text):
            faults.error(
                entry.value.place,
                f"`{path}` must be {kind}, not `{entry.value.text}`",
                "theme-token",
                f"the theme's own value is `{known.value.text}`",
            )


def _table(table: Table) -> dict[str, Json]:
    return {key: _value(entry.value) for key, entry in table.entries.items()}


def _value(node: Node) -> Json:
    if isinstance(node, Table):
        return _table(node)
    if isinstance(node, Items):
        return [_value(item) for item in node.items]
    if node.plain and NUMBER.fullmatch(node.text):
        return float(node.text) if "." in node.text else int(node.text)
    return node.text


def _merged(base: dict[str, Json], over: dict[str, Json]) -> dict[str, Json]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
