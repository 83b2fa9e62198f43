"""Web pages without the day on which they were read, where the theme asks for it: a page may say something else now."""

from __future__ import annotations

from collections.abc import Mapping

from impressum.core.errors import Faults
from impressum.core.model.sources import BibEntry, Bibliography
from impressum.core.model.theme import Theme

RULE = "bib-access-date"
PAGES = frozenset({"online", "electronic", "www"})
LASTING = ("doi", "isbn", "issn", "eprint")


def check_access_dates(bibliography: Bibliography | None, theme: Theme, faults: Faults) -> None:
    """Warns of each web page of `bibliography` that has no `urldate`, where `theme` asks for one."""
    if bibliography is None or not theme.flag("references", "access-dates"):
        return
    for entry in bibliography.entries.values():
        if _is_page(entry) and not _is_dated(entry, bibliography.entries):
            faults.warning(
                entry.place,
                f"the web page `{entry.key}` has no day on which it was read",
                RULE,
                "add it, as in urldate = {2025-01-31}; the theme asks for it (`references.access-dates`)",
            )


def _is_page(entry: BibEntry) -> bool:
    if entry.type == "misc":
        return bool(entry.fields.get("url", "").strip()) and not any(name in entry.fields for name in LASTING)
    return entry.type in PAGES


def _is_dated(entry: BibEntry, entries: Mapping[str, BibEntry]) -> bool:
    sources = [
        entry,
        *(entries[key] for key in map(str.strip, entry.fields.get("xdata", "").split(",")) if key in entries),
    ]
    return any(one.fields.get("urldate", "").strip() for one in sources)
