"""Between entries: `crossref` and `xdata`, and with what they bring in, the fields that an entry must have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from impressum.core.errors import Faults, nearest
from impressum.core.model.sources import BibEntry
from impressum.stages.load.bibtex_cycles import leaves_first, shown

ENTRIES_LIMIT = 100
"""pandoc walks every path of references, once for each: without a limit its time doubles with each step."""

_PERSONS = ("author", "editor", "institution", "organization", "publisher", "school", "bookauthor", "holder")
_DATES = ("year", "date")
_JOURNALS = ("journal", "journaltitle")
_ADDRESSES = ("url", "doi", "eprint", "howpublished")
_HOUSES = ("school", "institution", "publisher", "organization")
_RELEVANT = frozenset((*_PERSONS, *_DATES, *_JOURNALS, *_ADDRESSES, "title", "booktitle", "number", "urldate"))
_NEEDED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "article": ("journal", _JOURNALS),
    **dict.fromkeys(("incollection", "inproceedings", "conference"), ("booktitle", ("booktitle",))),
    **dict.fromkeys(("thesis", "phdthesis", "mastersthesis"), ("school or institution", _HOUSES)),
    "techreport": ("institution", _HOUSES),
    **dict.fromkeys(("online", "electronic", "www"), ("url", _ADDRESSES)),
    "patent": ("number", ("number",)),
}
"""What a type needs besides title, person and year: its name, and the fields that say it."""
_ONLINE = frozenset({"online", "electronic", "www", "misc", "software", "dataset"})
_CONTAINERS = frozenset({"xdata", "set", "bibnote"})


def check_inheritance(entries: Mapping[str, BibEntry], faults: Faults) -> Mapping[str, frozenset[str]]:
    """Checks `crossref` and `xdata`; for each entry the fields that it has, inherited ones among them."""
    references = {key: _references(entry) for key, entry in entries.items()}
    _check_missing(entries, references, faults)
    order, cycles = leaves_first({key: [other for _, other in found] for key, found in references.items()})
    for cycle in cycles:
        faults.error(
            entries[cycle[0]].place,
            f"crossref cycle {shown(cycle)}",
            "bib-crossref-cycle",
            "an entry inherits from a larger work, which must not lead back to it: take one crossref out",
        )
    fields: dict[str, frozenset[str]] = {}
    reached: dict[str, int] = {}
    for key in order:
        own = {name for name, value in entries[key].fields.items() if name in _RELEVANT and value.strip()}
        reached[key] = 0
        for name, other in references[key]:
            inherited = fields.get(other, frozenset())
            own |= inherited if name == "xdata" else inherited - {"title"}
            if name == "crossref" and "title" in inherited:
                own |= {"booktitle"}
            reached[key] += 1 + reached.get(other, 0)
        fields[key] = frozenset(own)
        if reached[key] > ENTRIES_LIMIT:
            faults.error(
                entries[key].place,
                f"entry `{key}` inherits from more than {ENTRIES_LIMIT} entries",
                "bib-crossref-too-deep",
                "write the fields into the entry",
            )
            reached[key] = 0  # told once, not again for all that build on it
    return fields


def _references(entry: BibEntry) -> tuple[tuple[str, str], ...]:
    """The field and the key of each entry that `entry` inherits from."""
    return tuple(
        (name, key.strip())
        for name in ("crossref", "xdata")
        for key in entry.fields.get(name, "").split(",")
        if key.strip()
    )


def _check_missing(
    entries: Mapping[str, BibEntry], references: Mapping[str, Sequence[tuple[str, str]]], faults: Faults
) -> None:
    suggestions = 50  # looking for the nearest of many keys is slow
    for key, found in references.items():
        for name, other in found:
            if other in entries or "<<" in other:
                continue
            suggestions -= 1
            close = nearest(other, entries) if suggestions >= 0 and len(entries) <= 1000 else None
            faults.warning(
                entries[key].place,
                f"`{name}` of entry `{key}` names `{other}`, which is no entry",
                "bib-crossref-missing",
                f"did you mean `{close}`?" if close else f"add the entry `{other}`, or take the {name} out",
            )


def check_required(entries: Sequence[BibEntry], fields: Mapping[str, Collection[str]], faults: Faults) -> None:
    """Warns of each entry that lacks what every reference needs; `fields` are those that an entry has."""
    for entry in entries:
        if entry.type in _CONTAINERS:
            continue
        has = fields.get(entry.key, ())
        lacking = []
        if "title" not in has:
            lacking.append("title")
        if not any(name in has for name in _PERSONS):
            lacking.append("author or editor")
        if not any(name in has for name in _DATES) and not (entry.type in _ONLINE and "urldate" in has):
            lacking.append("year")
        needed, names = _NEEDED.get(entry.type, ("", ()))
        if needed and not any(name in has for name in names) and not _says_itself(entry):
            lacking.append(needed)
        if lacking:
            faults.warning(
                entry.place,
                f"entry `{entry.key}` has no {_listed(lacking)}",
                "bib-field-missing",
                "references are incomplete without; where there is no date, write year = {n.d.}",
            )


def _says_itself(entry: BibEntry) -> bool:
    """Whether the author of a report is a body, which needs no other: `author = {{World Bank}}`."""
    return entry.type == "techreport" and entry.fields.get("author", "").strip().startswith("{")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', no '.join(names[:-1])} and no {names[-1]}"
