"""Works of the bibliography that no edition cites, and that are therefore not listed."""

from __future__ import annotations

from collections.abc import Mapping

from impressum.core.errors import Faults
from impressum.core.model.sources import BibEntry, Sources
from impressum.core.model.theme import Theme

RULE = "bib-unused"
TAKEN_UP = ("crossref", "xdata", "xref", "related", "entryset")
"""Fields that name other entries, which are of use to the one that names them."""
CONTAINERS = frozenset({"xdata", "bibnote"})
LIBRARY = 20
"""With more entries that are not cited, and fewer that are, the file is a library that serves many publications."""
MOST_SHOWN = 6


def check_uncited(entries: Mapping[str, BibEntry], cited: set[str], faults: Faults) -> None:
    """One warning that names those of `entries` that are not `cited`, unless these are most of a library, or all.

    Where nothing is cited, it is not known yet what will be.
    """
    used = _with_taken_up(entries, cited)
    unused = [entry for entry in entries.values() if entry.key not in used and entry.type not in CONTAINERS]
    if not unused or not used or (len(unused) > LIBRARY and len(unused) * 2 > len(entries)):
        return
    shown = ", ".join(f"`{entry.key}` (line {entry.place.line})" for entry in unused[:MOST_SHOWN])
    more = f" and {len(unused) - MOST_SHOWN} more" if len(unused) > MOST_SHOWN else ""
    what = "an entry is" if len(unused) == 1 else f"{len(unused)} entries are"
    faults.warning(
        unused[0].place,
        f"{what} cited nowhere, and not listed among the references: {shown}{more}",
        RULE,
        "take them out, cite them, or write `nocite: all` into publication.yaml to list them too",
    )


def check_nocite(sources: Sources, theme: Theme, faults: Faults) -> None:
    """A warning where works that are not cited are asked for, and `theme` has no list of all works to put them in."""
    if sources.bibliography and sources.publication.nocite and theme.text("references", "by") == "chapter":
        faults.warning(
            sources.place_of("nocite"),
            "`nocite: all` has no effect, for each chapter lists the works that it cites (`references.by: chapter`)",
            "nocite-by-chapter",
            "take it out, or let the theme list the works of the whole book",
        )


def _with_taken_up(entries: Mapping[str, BibEntry], cited: set[str]) -> set[str]:
    used: set[str] = set()
    waiting = list(cited)
    while waiting:
        key = waiting.pop()
        if key in used or key not in entries:
            continue
        used.add(key)
        fields = entries[key].fields
        waiting += [other.strip() for name in TAKEN_UP for other in fields.get(name, "").split(",") if other.strip()]
    return used
