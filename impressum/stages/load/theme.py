"""The theme: the package's tokens and templates, overridden one by one by the publication's `templates/`."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.theme import Theme, laid_over
from impressum.stages.load.strict_yaml import parse_yaml, read_yaml_in_part
from impressum.stages.load.texts import IMAGE_LIMIT, TEXT_LIMIT, read_bytes
from impressum.stages.load.theme_checks import check_look
from impressum.stages.load.theme_tokens import sound_tokens, token_families, token_places, token_values
from impressum.stages.load.tree import Table
from impressum.system.workspace import Workspace

FONTS, WEB_FONTS = (".ttf", ".otf", ".ttc"), (".woff", ".woff2", ".eot")


def read_theme(workspace: Workspace, name: str, place: Place, faults: Faults, *, is_named: bool = True) -> Theme:
    """The theme called `name` (named at `place`) with the publication's changes; what is unknown is a fault.

    Where something of it cannot be read, its own value stands for that, and it is not whole; nor is it where nobody
    knows which one the publication names (`is_named` False).
    """
    read = Faults()
    package = files("impressum") / "templates"
    source = package / "themes" / name / "theme.yaml"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not source.is_file():
        known = sorted(folder.name for folder in (package / "themes").iterdir() if folder.is_dir())
        read.error(
            place,
            f"there is no theme `{name}`",
            "theme-unknown",
            f"the themes are {', '.join(f'`{one}`' for one in known)}",
        )
        name = known[0]
        source = package / "themes" / name / "theme.yaml"
    base = parse_yaml(source.read_text(encoding="utf-8"), f"{name}/theme.yaml", read)
    assert base is not None, "the package's own theme can be read"
    tokens = token_values(base)
    is_named = is_named and not read.errors()
    own = workspace.templates / "theme.yaml"
    part = read_yaml_in_part(workspace, own, read) if os.path.lexists(own) else None
    unknown: frozenset[str] = frozenset()
    changes: Table | None = None
    if part is not None:
        changes, unknown = sound_tokens(base, part.tree, read)
        unknown |= {path.partition(".")[0] for path in part.unknown}
        tokens = laid_over(tokens, token_values(changes))
    faults.extend(read.found())
    for fault in read.errors():
        faults.hold(fault)
    templates = _templates(workspace, gather_templates(package / "book", package / "themes" / name), faults)
    families = dict(token_families(changes)) if changes is not None else {}
    theme = Theme(name, tokens, templates, _fonts(workspace, faults), families)
    look = faults.apart()
    if changes is not None and is_named:
        check_look(theme, dict(token_places(changes)), look, unknown)
    faults.extend(look.found())
    return replace(theme, is_whole=is_named and not read.errors() and not look.errors())


def _templates(workspace: Workspace, templates: dict[str, bytes], faults: Faults) -> dict[str, bytes]:
    """`templates` with the publication's own in the place of those of the same name; others are faults."""
    for path in sorted(workspace.templates.glob("*.typ")):
        if path.name not in templates:
            near = nearest(path.name, templates)
            faults.error(
                Place(workspace.relative(path)),
                f"no template of the book is called `{path.name}`",
                "template-unknown",
                f"did you mean `{near}`?" if near else f"the templates are {', '.join(sorted(templates))}",
            )
        elif (content := read_bytes(workspace, path, faults, limit=TEXT_LIMIT)) is not None:
            templates[path.name] = content
    return templates


def _fonts(workspace: Workspace, faults: Faults) -> dict[str, bytes]:
    """The files in the publication's `templates/fonts/` that are fonts; a web font is a fault."""
    fonts: dict[str, bytes] = {}
    for path in sorted((workspace.templates / "fonts").glob("*")):
        suffix = path.suffix.lower()
        if suffix in WEB_FONTS:
            faults.error(
                Place(workspace.relative(path)),
                f"`{path.name}` is a font for the web, which cannot be set in a book",
                "font-format",
                "put the same font there as TrueType or OpenType (.ttf, .otf)",
            )
        elif suffix in FONTS and (content := read_bytes(workspace, path, faults, limit=IMAGE_LIMIT)) is not None:
            fonts[path.name] = content
    return fonts


def gather_templates(*folders: Traversable) -> dict[str, bytes]:
    """The Typst files of `folders` by name; of two that have the same name, that of the later folder."""
    return {
        file.name: file.read_bytes()
        for folder in folders
        for file in folder.iterdir()
        if file.name.endswith(".typ") and file.is_file()
    }
