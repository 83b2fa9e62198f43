"""`chapters/<tag>/layout.yaml`: how the pages of an edition are fitted, kept out of its text."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from impressum.core.errors import Faults, Place, did_you_mean
from impressum.core.model.fits import LayoutEntry
from impressum.core.model.publication import Text
from impressum.stages.load.binding import bind
from impressum.stages.load.strict_yaml import read_yaml
from impressum.stages.load.tree import Entry, Items, Table
from impressum.system.workspace import Workspace

MOST_LINES = 2
ASKS = ("break-before", "keep-together", "lines", "place")
EXAMPLE = 'write `- at: "#sec-name"` or `- at: "First words"`, and below it `break-before: true`'


def _lines(value: object) -> object:
    """The number of lines: -2, -1, 1 or 2."""
    text = str(value).strip()
    if text.removeprefix("+") not in ("-2", "-1", "1", "2"):
        raise ValueError(
            f"`lines` must be -2, -1, 1 or 2, not `{text[:60]}`: a paragraph can be up to {MOST_LINES} lines "
            "shorter or longer"
        )
    return int(text)


class _Entry(BaseModel):
    """An entry as it is written."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"), populate_by_name=False
    )
    at: Text
    break_before: Literal["true"] | None = None
    keep_together: Literal["true"] | None = None
    lines: Annotated[int | None, BeforeValidator(_lines)] = None
    place: Literal["top", "bottom", "here"] | None = None


def read_layout(workspace: Workspace, tag: str, chapters: tuple[str, ...], faults: Faults) -> tuple[LayoutEntry, ...]:
    """The entries of the edition `tag`, whose chapters have the names `chapters`; none where there is no file."""
    path = workspace.layout_file(tag)
    if not (path.exists() or path.is_symlink()):
        return ()
    tree = read_yaml(workspace, path, faults)
    found: list[LayoutEntry] = []
    for name, entry in tree.entries.items() if tree else ():
        slug = name.removesuffix(".md")
        if slug not in chapters:
            message = f"the edition has no chapter `{name}`{did_you_mean(slug, chapters)}"
            hint = f"its chapters are {', '.join(f'`{chapter}`' for chapter in chapters)}"
            faults.error(entry.place, message, "layout-chapter", hint)
        entries = _entries(slug, entry, faults)
        found += entries if slug in chapters else []
    return tuple(found)


def _entries(chapter: str, listed: Entry, faults: Faults) -> list[LayoutEntry]:
    """The entries of one chapter."""
    if not isinstance(listed.value, Items):
        faults.error(listed.value.place, f"`{chapter}` must be a list of entries", "yaml-type", EXAMPLE)
        return []
    found = []
    for item in listed.value.items:
        if not isinstance(item, Table):
            faults.error(item.place, f"an entry of `{chapter}` must be a mapping", "yaml-type", EXAMPLE)
            continue
        entry = bind(_Entry, item, faults)
        at = item.text("at")
        if entry is None or at is None:
            continue
        if not any(key in item.entries for key in ASKS):
            message = f"the entry at `{entry.at}` asks for nothing"
            faults.error(item.place, message, "layout-empty", f"add one of {', '.join(f'`{key}`' for key in ASKS)}")
            continue
        found.append(_made(chapter, entry, item.place, at.place))
    return found


def _made(chapter: str, entry: _Entry, place: Place, at: Place) -> LayoutEntry:
    return LayoutEntry(
        chapter,
        entry.at,
        place,
        at,
        entry.break_before is not None,
        entry.keep_together is not None,
        entry.lines or 0,
        entry.place,
    )
