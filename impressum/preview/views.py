"""The state of the live page, also as JSON: the editions, their latest pages, the faults found on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.languages import is_right_to_left
from impressum.core.model.fits import Fits
from impressum.core.model.manuscript import Expected
from impressum.core.rules import FOUND_ON_PAGES
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Run
from impressum.preview.pages import Sheet
from impressum.preview.places import Places
from impressum.system.cache import Json
from impressum.system.workspace import Workspace
from impressum.translation.shelf import read_shelf

Link = Callable[[Place], str]  # the link that opens a place in the editor


@dataclass(frozen=True)
class EditionChoice:
    """An edition that can be shown; `name` is what its language calls itself, `twin` the edition it is taken from."""

    tag: str
    name: str
    direction: str
    is_source: bool
    twin: str = ""


@dataclass(frozen=True)
class Shown:
    """The pages of one run. `sizes` are in points; `time` is when they were set, as a clock shows it."""

    number: int
    tag: str
    run: Run
    manuscripts: Manuscripts
    fits: Fits
    sheets: tuple[Sheet, ...]
    sizes: tuple[tuple[float, float], ...]
    places: Places
    time: str

    @property
    def expected(self) -> Expected:
        return self.manuscripts.editions[0].manuscript.expected


@dataclass(frozen=True)
class FoundFaults:
    """The faults of the newest run of an edition. `is_blocked`: they kept new pages from being set. `old` are those of
    pages that are being checked again."""

    faults: tuple[Fault, ...] = ()
    old: tuple[Fault, ...] = ()
    is_blocked: bool = False
    failure: str = ""
    """A bug of Impressum, as a traceback."""


@dataclass(frozen=True)
class Looks:
    """How each page looks ("" : not known yet), and which of them changed with the last run."""

    looks: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()


@dataclass
class Views:
    """All that the page shows; changed by the session alone."""

    wanted: str = ""
    editions: tuple[EditionChoice, ...] = ()
    shown: dict[str, Shown] = field(default_factory=dict)
    looks: dict[str, Looks] = field(default_factory=dict)
    found: dict[str, FoundFaults] = field(default_factory=dict)
    phase: str = ""
    checking: str = ""
    report: Mapping[str, Json] = field(default_factory=dict)
    report_number: int = 0


def editions_of(workspace: Workspace) -> tuple[EditionChoice, ...]:
    """The editions, the source first; none where the publication cannot be read well enough to say."""
    try:
        shelf = read_shelf(workspace)
    except Faulty:
        return ()
    return tuple(
        EditionChoice(
            tag,
            name_of(tag),
            "rtl" if is_right_to_left(tag) else "ltr",
            is_source=tag == shelf.source,
            twin=shelf.twins.get(tag, ""),
        )
        for tag in (shelf.source, *shelf.editions)
    )


def name_of(tag: str) -> str:
    """The name of the language `tag` in itself; the tag where it is unknown."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(tag, sep="-")
        name = locale.get_display_name(locale) or tag
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:]


def as_json(views: Views, name: str, link: Link) -> str:
    """Everything that the page shows; `name` is that of the folder, for a publication without a title."""
    shown = views.shown.get(views.wanted)
    looks = views.looks.get(views.wanted, Looks())
    found = views.found.get(views.wanted, FoundFaults())
    publication = shown.manuscripts.sources.editions[0].publication if shown else None
    said: dict[str, Json] = {
        "number": shown.number if shown else 0,
        "edition": views.wanted,
        "editions": [_edition(views, index) for index in range(len(views.editions))],
        "title": publication.title if publication else name,
        "pages": [
            {"look": look, "width": width, "height": height}
            for look, (width, height) in zip(looks.looks, shown.sizes if shown else (), strict=False)
        ],
        "changed": list(looks.changed),
        "time": shown.time if shown else "",
        "phase": views.phase,
        "checking": views.checking,
        "blocked": found.is_blocked,
        "failure": found.failure,
        "faults": [
            *(_fault(fault, shown, link, is_old=False) for fault in found.faults),
            *(_fault(fault, shown, link, is_old=True) for fault in found.old),
        ],
        "outline": list(_outline(shown)) if shown else [],
        "translation": views.report_number,
    }
    return json.dumps(said, ensure_ascii=False)


def _edition(views: Views, index: int) -> Json:
    edition = views.editions[index]
    return {
        "tag": edition.tag,
        "name": edition.name,
        "direction": edition.direction,
        "source": edition.is_source,
        "twin": edition.twin,
        "open": _open(views, edition.tag),
    }


def _open(views: Views, tag: str) -> Json:
    """How many files of an edition are not as their source is now; None where it is not known."""
    editions = views.report.get("editions")
    for one in editions if isinstance(editions, list) else ():
        if isinstance(one, dict) and one["tag"] == tag and isinstance(one["files"], list):
            states = [file["state"] for file in one["files"] if isinstance(file, dict)]
            return sum(state not in ("up to date", "twin") for state in states)
    return None


def _fault(fault: Fault, shown: Shown | None, link: Link, *, is_old: bool) -> Json:
    stand = shown.places.of(fault.place) if shown else None
    return {
        "path": fault.place.path,
        "line": fault.place.line,
        "column": fault.place.column,
        "severity": fault.severity,
        "layout": fault.severity == "warning" and fault.rule in FOUND_ON_PAGES,
        "message": fault.message,
        "rule": fault.rule,
        "hint": fault.hint,
        "editor": link(fault.place),
        "page": stand.page if stand else 0,
        "old": is_old,
    }


def _outline(shown: Shown) -> Iterator[Json]:
    """The headings with their pages."""
    words = shown.expected.words
    for anchor in shown.expected.anchors:
        stand = shown.places.of(anchor.place) if anchor.kind == "heading" else None
        if stand is not None:
            yield {
                "number": words.of(anchor) if anchor.level == 1 else anchor.number,
                "title": anchor.title,
                "level": anchor.level,
                "page": stand.page,
                "top": round(stand.top, 1),
            }
