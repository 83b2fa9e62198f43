"""Checks entries of the bibliography against each other, through `crossref` and `xdata`, and for required fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from unicodedata import combining, normalize
from urllib.parse import unquote

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.sources import BibEntry, Bibliography, format_of
from impressum.core.model.theme import Theme

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
"""Required by type, besides title, person and year: the name for messages, and the fields that satisfy it."""
_ONLINE = frozenset({"online", "electronic", "www", "misc", "software", "dataset"})
_CONTAINERS = frozenset({"xdata", "set", "bibnote"})

LASTING = ("doi", "isbn", "issn", "eprint")

_PARTS = frozenset({"inbook", "incollection", "inproceedings", "conference", "bookinbook", "suppbook", "inreference"})
KINDS: Mapping[str, str] = {
    "techreport": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "conference": "inproceedings",
    **dict.fromkeys(_ONLINE, "online"),
}
"""Types that mean the same."""
DISTINGUISHING = (
    "volume number issue edition pages chapter part version eid langid language booktitle series translator"
    " eventtitle date month origdate"
).split()
"""Fields in which two entries of one title differ where they are two works."""
COMMAND = re.compile(r"\\[a-zA-Z]+\s*|\\[^a-zA-Z]")
SPECIFIC = re.compile(r"/[^/?#]*\d|\.(?:pdf|html?|aspx?|php)\b|(?:/[^/?#]+){3}|\?.*=", re.IGNORECASE)
"""An address that leads to one page, and not to a shelf of them."""


def check_key(key: str, entries: Mapping[str, BibEntry], place_at: Callable[[int], Place], faults: Faults) -> None:
    """Checks the key of an entry that is none of `entries` yet; `place_at` is the place of one of its characters."""
    if key in entries:
        message = f"key `{key}` already used on line {entries[key].place.line}"
        hint = "pandoc would keep the last entry only: rename one, or take one out"
        faults.error(place_at(0), message, "bib-key-duplicate", hint)
    bad = re.search(r"[^\w:.$&+?/-]", key)
    if bad:
        named = "a space" if bad[0].isspace() else f"`{bad[0]}`"
        hint = "a key is made of letters, digits and _ : . $ & - + ? /"
        place = place_at(bad.start())
        faults.error(place, f"key `{key}` holds {named}", "bib-key-character", hint)
    elif not re.match(r"\w", key):
        hint = "a key begins with a letter, a digit or _"
        faults.error(place_at(0), f"key `{key}` begins with `{key[0]}`", "bib-key-character", hint)
    elif found := re.search(r"[:.$&+?/-](?:[:.$&+?/-]|$)", key):
        message = f"key `{key}` can be cited as `@{{{key}}}` only"
        hint = "a sign in a key stands alone between letters or digits"
        faults.warning(place_at(found.start()), message, "bib-key-punctuation", hint)


def check_inheritance(entries: Mapping[str, BibEntry], faults: Faults) -> Mapping[str, frozenset[str]]:
    """Checks `crossref` and `xdata`; for each entry the fields that it has, inherited ones among them."""
    references = {key: _references(entry) for key, entry in entries.items()}
    _check_missing(entries, references, faults)
    order, cycles = leaves_first({key: [other for _, other in found] for key, found in references.items()})
    for cycle in cycles:
        hint = "an entry inherits from a larger work, which must not lead back to it: take one crossref out"
        faults.error(entries[cycle[0]].place, f"crossref cycle {shown(cycle)}", "bib-crossref-cycle", hint)
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
            message = f"entry `{key}` inherits from more than {ENTRIES_LIMIT} entries"
            faults.error(entries[key].place, message, "bib-crossref-too-deep", "write the fields into the entry")
            reached[key] = 0  # reported once, not for every entry that builds on it
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
            message = f"`{name}` of entry `{key}` names `{other}`, which is no entry"
            hint = f"did you mean `{close}`?" if close else f"add the entry `{other}`, or take the {name} out"
            faults.warning(entries[key].place, message, "bib-crossref-missing", hint)


def check_required(
    entries: Sequence[BibEntry],
    fields: Mapping[str, Collection[str]],
    faults: Faults,
    *,
    no_date: str = "year = {n.d.}",
) -> None:
    """Warns of each entry that lacks what every reference needs; `fields` are those that an entry has, and `no_date`
    is how its format says that there is no date."""
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
        is_body = entry.type == "techreport" and entry.fields.get("author", "").strip().startswith("{")
        if needed and not any(name in has for name in names) and not is_body:  # {{World Bank}} needs no other body
            lacking.append(needed)
        if lacking:
            hint = f"references are incomplete without; where there is no date, write {no_date}"
            *others, last = lacking
            listed = f"{', no '.join(others)} and no {last}" if others else last
            faults.warning(entry.place, f"entry `{entry.key}` has no {listed}", "bib-field-missing", hint)


def check_access_dates(bibliography: Bibliography | None, theme: Theme, faults: Faults) -> None:
    """Warns of each web page of `bibliography` that has no `urldate`, where `theme` asks for one."""
    if bibliography is None or not theme.flag("references", "access-dates"):
        return
    for entry in bibliography.entries.values():
        is_page = entry.type in ("online", "electronic", "www")
        if entry.type == "misc" and entry.fields.get("url", "").strip():
            is_page = not any(name in entry.fields for name in LASTING)
        shared = (bibliography.entries.get(key.strip()) for key in entry.fields.get("xdata", "").split(","))
        if is_page and not any(one and one.fields.get("urldate", "").strip() for one in (entry, *shared)):
            message = f"the web page `{entry.key}` has no day on which it was read"
            how = "urldate = {2025-01-31}" if format_of(entry.place.path) == ".bib" else "`accessed`: 2025-01-31"
            hint = f"add it, as in {how}; the theme asks for it (`references.access-dates`)"
            faults.warning(entry.place, message, "bib-access-date", hint)


def check_twice(entries: Mapping[str, BibEntry], faults: Faults) -> None:
    """Warns of each entry that is the same work as an earlier one, once, on the most certain evidence."""
    works = [entry for entry in entries.values() if entry.type not in _CONTAINERS]
    reported: set[str] = set()
    for sign, evidence, are_two in (
        (_doi, "the same DOI", _two_parts),
        (_address, "the same address", _two_pages),
        (_title, "the same title, author and year", _two_works),
    ):
        _report(works, sign, evidence, are_two, reported, faults)


def _report(
    works: Sequence[BibEntry],
    sign: Callable[[BibEntry], str],
    evidence: str,
    are_two: Callable[[BibEntry, BibEntry], bool],
    reported: set[str],
    faults: Faults,
) -> None:
    first: dict[str, BibEntry] = {}
    for entry in works:
        mark = sign(entry)
        if not mark or entry.key in reported:
            continue
        other = first.setdefault(mark, entry)
        if other is not entry and not are_two(other, entry):
            reported.add(entry.key)
            same = f"`{other.key}` (line {other.place.line})"
            message = f"entry `{entry.key}` is the same work as {same}: it has {evidence}"
            faults.warning(entry.place, message, "bib-same-work", "keep one of them, and cite that")


def _doi(entry: BibEntry) -> str:
    value = unquote(entry.fields.get("doi", "")).strip("{} ").lower()
    found = re.search(r"10\.\d{4,9}/\S+", value)
    return found[0].rstrip(".,;") if found else ""


def _address(entry: BibEntry) -> str:
    """The address without what does not change where it leads to; nothing where it is filled in by Jinja."""
    value = re.sub(r"^\\url\s*", "", entry.fields.get("url", "").strip()).strip("{} ")
    if not value or "<<" in value:
        return ""
    plain = re.sub(r"^https?://(?:www\.)?", "", value, flags=re.IGNORECASE).partition("#")[0]
    host, slash, path = plain.partition("/")
    parameters = re.sub(r"(?<=[?&])utm_\w+=[^&]*&?", "", path).rstrip("?&/")
    return f"{host.lower()}{slash if parameters else ''}{parameters}"


def _title(entry: BibEntry) -> str:
    title, author, year = _words(entry.fields.get("title", "")), _author(entry), _year(entry)
    return f"{KINDS.get(entry.type, entry.type)}|{title}|{author}|{year}" if len(title) >= 8 and author else ""


def _two_parts(one: BibEntry, other: BibEntry) -> bool:
    """Whether two entries of one DOI are parts of what has it."""
    return _PARTS.intersection((one.type, other.type)) != frozenset() and not _same(one, other, ("title",))


def _two_pages(one: BibEntry, other: BibEntry) -> bool:
    """Whether two entries of one address are two works: that of a shelf says nothing."""
    if _same(one, other, ("title",)) and _words(one.fields.get("title", "")):
        return _two_works(one, other) or _year(one) != _year(other)
    if _PARTS.intersection((one.type, other.type)) or _author(one) != _author(other) or _year(one) != _year(other):
        return True
    return _two_works(one, other) or not SPECIFIC.search(_address(one))


def _two_works(one: BibEntry, other: BibEntry) -> bool:
    if _doi(one) and _doi(other) and _doi(one) != _doi(other):
        return True
    return not _same(one, other, DISTINGUISHING)


def _same(one: BibEntry, other: BibEntry, names: Collection[str]) -> bool:
    """Whether no field of `names` that both have differs."""
    both = (name for name in names if name in one.fields and name in other.fields)
    return all(_words(one.fields[name]) == _words(other.fields[name]) for name in both)


def _author(entry: BibEntry) -> str:
    """The first author or editor's family name."""
    persons = entry.fields.get("author", "") or entry.fields.get("editor", "")
    first = re.split(r"\s+and\s+", persons.strip(), maxsplit=1)[0]
    if "," in first:
        return _words(first.partition(",")[0])
    return _words(first if first.startswith("{") else first.rpartition(" ")[2])


def _year(entry: BibEntry) -> str:
    return (entry.fields.get("year", "") or entry.fields.get("date", "")).strip("{} ")[:4]


def _words(text: str) -> str:
    """`text` as letters and digits in small letters, without LaTeX, accents and marks."""
    plain = COMMAND.sub("", text).replace("{", "").replace("}", "")
    bare = "".join(letter for letter in normalize("NFKD", plain) if not combining(letter))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


def leaves_first(edges: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The names among the keys of `edges`, each after those it refers to, and the cycles, of 10,000 names in all."""
    order: list[str] = []
    cycles: list[tuple[str, ...]] = []
    recorded = 0
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(edges[start]))]
        depths = {start: 0}
        while stack:
            name, following = stack[-1]
            other = next(following, None)
            if other is None:
                stack.pop()
                del depths[name]
                done.add(name)
                order.append(name)
            elif other in depths:
                if recorded < 10_000:
                    cycles.append(tuple(member for member, _ in stack[depths[other] :]))
                    recorded += len(cycles[-1])
            elif other in edges and other not in done:
                depths[other] = len(stack)
                stack.append((other, iter(edges[other])))
    return tuple(order), tuple(cycles)


def shown(cycle: Sequence[str]) -> str:
    """The cycle as a fault shows it: `a -> b -> a`, the middle of a long one left out."""
    names = [*cycle, cycle[0]]
    if len(names) > 12:
        names = [*names[:6], "…", *names[-5:]]
    return f"`{' -> '.join(names)}`"
