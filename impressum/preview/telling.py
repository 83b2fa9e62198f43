"""What is shown as JSON, for the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from impressum.core.errors import Fault, Place
from impressum.core.model.manuscript import Anchor
from impressum.preview.shown import Found, Looks, Shown, Views
from impressum.system.cache import Json

Link = Callable[[Place], str]
"""The link that opens a place in the editor."""


def told(views: Views, name: str, link: Link) -> str:
    """Everything that the page shows; `name` is that of the folder, for a publication without a title."""
    shown = views.shown.get(views.wanted)
    looks = views.looks.get(views.wanted, Looks())
    found = views.found.get(views.wanted, Found())
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
                "number": _number(anchor, words.of(anchor)),
                "title": anchor.title,
                "level": anchor.level,
                "page": stand.page,
                "top": round(stand.top, 1),
            }


def _number(anchor: Anchor, said: str) -> str:
    return said if anchor.level == 1 else anchor.number
