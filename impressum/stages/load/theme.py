"""Reads the theme and the publication's `templates/` over it; checks contrast, type sizes and page geometry."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from impressum.core.colours import READABLE, VISIBLE, contrast, readable
from impressum.core.errors import Faults, Place, nearest
from impressum.core.model import Json
from impressum.core.model.theme import SERIES, Theme, laid_over
from impressum.stages.load.strict_yaml import parse_yaml, read_yaml_in_part
from impressum.stages.load.texts import IMAGE_LIMIT, TEXT_LIMIT, read_bytes
from impressum.stages.load.theme_tokens import sound_tokens, token_families, token_places, token_values
from impressum.stages.load.tree import Tree, joined
from impressum.system.workspace import Workspace

FONTS, WEB_FONTS = (".ttf", ".otf", ".ttc"), (".woff", ".woff2", ".eot")

PAPER = "#ffffff"
ON_PAPER = ("ink", "quiet", "accent", "link", "code-keyword", "code-string", "code-name")
ON_COVER = ("cover-ink", "cover-quiet", "cover-accent")
SMALLEST_NOTE = (8.5, 11.0)
BODY = (9.0, 13.0)
OPEN = (1.15, 1.6)
"""Leading in parts of the size."""


def read_theme(workspace: Workspace, name: str, place: Place, faults: Faults, *, is_named: bool = True) -> Theme:
    """The theme `name` with the publication's changes; not whole if a token or its choice (`is_named`) is unknown."""
    read = Faults()
    package = files("impressum") / "templates"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not (package / "themes" / name / "theme.yaml").is_file():
        known = sorted(folder.name for folder in (package / "themes").iterdir() if folder.is_dir())
        message = f"there is no theme `{name}`"
        read.error(place, message, "theme-unknown", f"the themes are {', '.join(f'`{one}`' for one in known)}")
        name = known[0]
    base = _tokens_of(name)
    tokens = token_values(base)
    is_named = is_named and not read.errors()
    own = workspace.templates / "theme.yaml"
    part = read_yaml_in_part(workspace, own, read) if os.path.lexists(own) else None
    unknown: frozenset[str] = frozenset()
    changes: Tree | None = None
    if part is not None:
        changes, unknown = sound_tokens(base, part.tree, read)
        unknown |= {path.partition(".")[0] for path in part.unknown}
        tokens = laid_over(tokens, token_values(changes))
    faults.extend(read.found())
    for fault in read.errors():
        faults.hold(fault)
    templates = _templates(workspace, gather_templates(package / "book", package / "themes" / name), faults)
    families = dict(token_families(changes)) if changes is not None else {}
    fonts = _fonts(workspace, faults)
    tokens = laid_over(tokens, _with_own(tokens, fonts, families))
    theme = Theme(name, tokens, templates, fonts, families)
    look = faults.apart()
    if changes is not None and is_named:
        check_look(theme, dict(token_places(changes)), look, unknown)
    faults.extend(look.found())
    return replace(theme, is_whole=is_named and not read.errors() and not look.errors())


@cache
def _tokens_of(name: str) -> Tree:
    """The tokens of the package's theme `name`; over those of the theme that it names with `like`, if any."""
    text = (files("impressum") / "templates/themes" / name / "theme.yaml").read_text(encoding="utf-8")
    tokens = parse_yaml(text, "theme.yaml", Faults())
    assert tokens is not None, "the package's own theme can be read"
    like = tokens.text("like")
    if like is None:
        return tokens
    own = Tree({key: entry for key, entry in tokens.entries.items() if key != "like"}, tokens.place)
    return joined(_tokens_of(like.text), own)


def _templates(workspace: Workspace, templates: dict[str, bytes], faults: Faults) -> dict[str, bytes]:
    """`templates` with the publication's own in the place of those of the same name; others are faults."""
    for path in sorted(workspace.templates.glob("*.typ")):
        if path.name not in templates:
            near = nearest(path.name, templates)
            message = f"no template of the book is called `{path.name}`"
            hint = f"did you mean `{near}`?" if near else f"the templates are {', '.join(sorted(templates))}"
            faults.error(Place(workspace.relative(path)), message, "template-unknown", hint)
        elif (content := read_bytes(workspace, path, faults, limit=TEXT_LIMIT)) is not None:
            templates[path.name] = content
    return templates


def _fonts(workspace: Workspace, faults: Faults) -> dict[str, bytes]:
    """The files in the publication's `templates/fonts/` that are fonts; a web font is a fault."""
    fonts: dict[str, bytes] = {}
    for path in sorted((workspace.templates / "fonts").rglob("*")):
        suffix = path.suffix.lower()
        if suffix in WEB_FONTS:
            message = f"`{path.name}` is a font for the web, which cannot be set in a book"
            hint = "put the same font there as TrueType or OpenType (.ttf, .otf)"
            faults.error(Place(workspace.relative(path)), message, "font-format", hint)
        elif suffix in FONTS and (content := read_bytes(workspace, path, faults, limit=IMAGE_LIMIT)) is not None:
            fonts[path.name] = content
            if not _is_font(content):
                message = f"`{path.name}` is no font, or a damaged one"
                faults.error(Place(workspace.relative(path)), message, "font-format", "put a sound copy in its place")
    return fonts


def _with_own(tokens: Mapping[str, Json], fonts: Mapping[str, bytes], named: Mapping[str, Place]) -> dict[str, Json]:
    """The tokens by which letters that no other font has are taken from the publication's own `fonts`, where the theme
    gives their families (`named`) no other use."""
    type_ = tokens.get("type")
    other = type_.get("other") if isinstance(type_, Mapping) else None
    if not fonts or not isinstance(other, str):
        return {}
    from fontTools.ttLib import TTFont

    families: dict[str, None] = {}
    for content in fonts.values():
        if _is_font(content):
            with suppress(Exception):  # one that is damaged: Typst passes over it, too
                names = TTFont(io.BytesIO(content), lazy=True, fontNumber=0)["name"]
                families[names.getDebugName(16) or names.getDebugName(1)] = None
    unused = [family for family in families if family and family not in named and family not in other]
    return {"type": {"other": ", ".join((other, *unused))}} if unused else {}


def _is_font(content: bytes) -> bool:
    """Whether `content` begins as TrueType, OpenType or a whole collection, of which Typst reads as many as it says."""
    if content.startswith(b"ttcf"):
        return 0 < int.from_bytes(content[8:12], "big") <= (len(content) - 12) // 4
    return content.startswith((b"\0\1\0\0", b"OTTO", b"true"))


def gather_templates(*folders: Traversable) -> dict[str, bytes]:
    """The Typst files of `folders` by name; of two that have the same name, that of the later folder."""
    return {
        file.name: file.read_bytes()
        for folder in folders
        for file in folder.iterdir()
        if file.name.endswith(".typ") and file.is_file()
    }


def check_look(theme: Theme, places: Mapping[str, Place], faults: Faults, unknown: Set[str] = frozenset()) -> None:
    """Checks what the publication's tokens, at `places`, do to `theme`; skips what depends on `unknown` groups."""
    if "colour" not in unknown:
        _check_contrast(theme, places, faults)
        for role in SERIES:
            place, colour = places.get(f"colour.{role}"), theme.text("colour", role)
            found = contrast(colour, PAPER)
            if place is not None and found < VISIBLE:
                message = f"`colour.{role}`, `{colour}`, has a contrast of {int(found * 10) / 10:.1f} : 1 on white"
                hint = "lines and bars need 3 : 1 to be seen by everyone; make it darker"
                faults.warning(place, message, "theme-contrast", hint)
    if not {"page", "type"} & unknown:
        _check_geometry(theme, places, faults)
    if "type" in unknown:
        return
    _check_sizes(theme, "", places, faults)
    languages = {path.split(".")[2] for path in places if path.startswith("type.by-language.")}
    for tag in sorted(languages):
        _check_sizes(theme.in_language(tag), f"by-language.{tag}.", places, faults)


def _check_contrast(theme: Theme, places: Mapping[str, Place], faults: Faults) -> None:
    pairs: list[tuple[str, str | None]] = [(role, None) for role in ON_PAPER]
    pairs += [(role, "tint") for role in ON_PAPER] + [("ink", "mark"), ("link", "mark")]
    pairs += [(role, "cover") for role in ON_COVER]
    for role, ground in pairs:
        place = places.get(f"colour.{role}") or places.get(f"colour.{ground}")
        if place is None:
            continue
        colour = theme.text("colour", role)
        behind = theme.text("colour", ground) if ground else PAPER
        found = contrast(colour, behind)
        pale_on_paper = ground in ("tint", "mark") and contrast(colour, PAPER) < READABLE  # reported already
        if found < READABLE and not pale_on_paper:
            on = f"`colour.{ground}`, `{behind}`" if ground else "white"
            message = f"`colour.{role}`, `{colour}`, has a contrast of {int(found * 10) / 10:.1f} : 1 on {on}"
            hint = f"text needs 4.5 : 1 to be read by everyone; `{readable(colour, behind)}` has it"
            faults.warning(place, message, "theme-contrast", hint)


def _check_geometry(theme: Theme, places: Mapping[str, Place], faults: Faults) -> None:
    """The text with its margin column, the running head above and the folio below must lie on the page."""
    width, inside, measure, column = (
        theme.length("page", name) for name in ("width", "inside", "measure", "margin-column")
    )
    beyond = column + theme.length("page", "gutter") if column else 0.0
    facing = theme.flag("page", "facing")
    outside = width - inside - measure
    size, pitch = theme.number("type", "body", "size"), theme.number("type", "body", "leading")
    small = theme.number("type", "small", "leading")
    text = theme.number("page", "lines") * pitch - (pitch - size)
    above, below = theme.length("page", "top"), theme.length("page", "height") - theme.length("page", "top") - text
    found = (
        (outside, ("measure", "inside", "width"), f"the text is {_mm(-outside)} wider than the page leaves it"),
        (
            (outside if facing else inside) - beyond,
            ("margin-column", "gutter", "inside", "measure", "facing", "width"),
            f"the margin column reaches {_mm(beyond - (outside if facing else inside))} over the edge of the page",
        ),
        (
            above - 2 * pitch - small,
            ("top",),
            f"the running head needs {2 * pitch + small:.1f} points above the text, and has {above:.1f}",
        ),
        (
            below - 1.6 * pitch - small,
            ("lines", "top", "height"),
            f"the folio needs {1.6 * pitch + small:.1f} points below the text, and has {below:.1f}",
        ),
    )
    for room, tokens, message in found:
        place = next((places[f"page.{name}"] for name in tokens if f"page.{name}" in places), None)
        place = place or places.get("type.body.leading") or places.get("type.small.leading")
        if room < -0.5 and place is not None:
            *others, last = (f"`page.{name}`" for name in tokens)
            hint = f"change {', '.join(others)} or {last}" if others else f"change {last}"
            faults.error(place, message, "theme-geometry", hint)


def _mm(points: float) -> str:
    return f"{points / (72 / 25.4):.1f} mm"


def _check_sizes(theme: Theme, language: str, places: Mapping[str, Place], faults: Faults) -> None:
    def place_of(role: str) -> Place | None:
        prefix = f"type.{language}{role}"
        return places.get(f"{prefix}.size") or places.get(f"{prefix}.leading")

    small = (theme.number("type", "small", "size"), theme.number("type", "small", "leading"))
    place = place_of("small")
    if place is not None and (small[0] < SMALLEST_NOTE[0] or small[1] < SMALLEST_NOTE[1]):
        message = f"notes and captions are set {small[0]:g}/{small[1]:g}, which is hard to read"
        faults.warning(place, message, "theme-size", "8.5/11 is the least that reads well")
    size, leading = theme.number("type", "body", "size"), theme.number("type", "body", "leading")
    place = place_of("body")
    if place is not None and not (BODY[0] <= size <= BODY[1] and OPEN[0] <= leading / size <= OPEN[1]):
        hint = "a text of 9 to 13 points reads well with a leading of 1.15 to 1.6 times its size"
        faults.warning(place, f"the text is set {size:g}/{leading:g}, which is hard to read", "theme-size", hint)
