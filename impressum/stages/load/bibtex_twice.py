"""The same work under two keys: by DOI, by address, or by title, author and year.

Two chapters of a book, two volumes, two languages or two kinds of publication of a text are no one work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from unicodedata import combining, normalize
from urllib.parse import unquote

from impressum.core.errors import Faults
from impressum.core.model.sources import BibEntry

RULE = "bib-same-work"
PARTS = frozenset({"inbook", "incollection", "inproceedings", "conference", "bookinbook", "suppbook", "inreference"})
CONTAINERS = frozenset({"xdata", "set", "bibnote"})
ONLINE = frozenset({"online", "electronic", "www", "misc", "dataset", "software"})
KINDS: Mapping[str, str] = {
    "techreport": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "conference": "inproceedings",
    **dict.fromkeys(ONLINE, "online"),
}
"""Types that mean the same."""
TELLING = (
    "volume number issue edition pages chapter part version eid langid language booktitle series translator"
    " eventtitle date month origdate"
).split()
"""Fields in which two entries of one title differ where they are two works."""
COMMAND = re.compile(r"\\[a-zA-Z]+\s*|\\[^a-zA-Z]")
LETTERS = re.compile(r"[^\W_]+")
SPECIFIC = re.compile(r"/[^/?#]*\d|\.(?:pdf|html?|aspx?|php)\b|(?:/[^/?#]+){3}|\?.*=", re.IGNORECASE)
"""An address that leads to one page, and not to a shelf of them."""
SHORTEST_TITLE = 8


def check_twice(entries: Mapping[str, BibEntry], faults: Faults) -> None:
    """Warns of each entry that is the same work as one before it; told once, under the surest sign."""
    works = [entry for entry in entries.values() if entry.type not in CONTAINERS]
    told: set[str] = set()
    for sign, told_by, are_two in (
        (_doi, "the same DOI", _two_parts),
        (_address, "the same address", _two_pages),
        (_title, "the same title, author and year", _two_works),
    ):
        _report(works, sign, told_by, are_two, told, faults)


def _report(
    works: Sequence[BibEntry],
    sign: Callable[[BibEntry], str],
    told_by: str,
    are_two: Callable[[BibEntry, BibEntry], bool],
    told: set[str],
    faults: Faults,
) -> None:
    first: dict[str, BibEntry] = {}
    for entry in works:
        mark = sign(entry)
        if not mark or entry.key in told:
            continue
        other = first.setdefault(mark, entry)
        if other is not entry and not are_two(other, entry):
            told.add(entry.key)
            faults.warning(
                entry.place,
                f"entry `{entry.key}` is the same work as `{other.key}` (line {other.place.line}): it has {told_by}",
                RULE,
                "keep one of them, and cite that",
            )


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
    return (
        f"{KINDS.get(entry.type, entry.type)}|{title}|{author}|{year}"
        if len(title) >= SHORTEST_TITLE and author
        else ""
    )


def _two_parts(one: BibEntry, other: BibEntry) -> bool:
    """Whether two entries of one DOI are parts of what has it."""
    return PARTS.intersection((one.type, other.type)) != frozenset() and not _same(one, other, ("title",))


def _two_pages(one: BibEntry, other: BibEntry) -> bool:
    """Whether two entries of one address are two works: that of a shelf says nothing."""
    if _same(one, other, ("title",)) and _words(one.fields.get("title", "")):
        return _two_works(one, other) or _year(one) != _year(other)
    if PARTS.intersection((one.type, other.type)) or _author(one) != _author(other) or _year(one) != _year(other):
        return True
    return _two_works(one, other) or not SPECIFIC.search(_address(one))


def _two_works(one: BibEntry, other: BibEntry) -> bool:
    if _doi(one) and _doi(other) and _doi(one) != _doi(other):
        return True
    return not _same(one, other, TELLING)


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
    return " ".join(LETTERS.findall(bare.casefold()))
