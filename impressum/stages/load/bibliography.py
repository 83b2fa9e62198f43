"""The bibliography: `references.bib` checked before pandoc sees it, in time linear in its length.

Small files can hang pandoc (`crossref` in a circle) or eat all memory (`@string` that multiplies), and much that
is wrong it drops without a word: a second entry of a key, an undefined `@string`, a 45th of the 13th month.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.sources import BibEntry, Bibliography, SourceText
from impressum.stages.load.bibtex import BibField, Item, RawEntry, read_bibtex
from impressum.stages.load.bibtex_entries import check_inheritance, check_required, check_twice
from impressum.stages.load.bibtex_strings import expanded_entries
from impressum.stages.load.bibtex_values import DATE_FIELDS, ValueCheck, check_values
from impressum.stages.load.text_checks import check_text

SIZE_LIMIT = 64_000_000

_TYPES = (
    "article book booklet bookinbook collection conference dataset electronic inbook incollection inproceedings "
    "inreference manual mastersthesis misc mvbook mvcollection mvproceedings mvreference online patent periodical "
    "phdthesis proceedings reference report set software standard suppbook suppcollection suppperiodical "
    "techreport thesis unpublished www xdata artwork audio bibnote commentary image jurisdiction legal "
    "legislation letter movie music performance review video"
)
TYPES = frozenset(_TYPES.split())

_VERBATIM = frozenset(
    (*DATE_FIELDS, "url", "doi", "file", "eprint", "isbn", "issn", "crossref", "xdata", "xref", "ids", "entryset")
)
_UNPRINTED = frozenset(
    ("abstract", "annotation", "annote", "keywords", "comment", "review", "owner", "timestamp", "groups", "langid")
)
TITLES = frozenset(
    ("title", "subtitle", "booktitle", "booksubtitle", "maintitle", "mainsubtitle", "journal", "journaltitle", "series")
)
_UNCITABLE = re.compile(r"[^\w:.$&+?/-]")
_KEY_START = re.compile(r"\w")
_BRACES_NEEDED = re.compile(r"[:.$&+?/-](?:[:.$&+?/-]|$)")


def read_bibliography(source: SourceText, faults: Faults) -> Bibliography:
    """The entries of the BibTeX or BibLaTeX text in `source`; everything wrong with it goes to `faults`.

    Of a key that is used twice the first entry is kept; entries without a key are left out. BibField values are as
    they stand, without their outer braces or quotes, @strings expanded; LaTeX and Jinja marks in them stay.
    """
    if _too_large(source.text):
        message = f"the bibliography is larger than {SIZE_LIMIT // 1_000_000} MB"
        faults.error(source.place(), message, "bib-too-large", "keep the entries that are cited")
        return Bibliography(source)
    items = read_bibtex(source, faults)
    entries: dict[str, BibEntry] = {}
    whole: list[BibEntry] = []
    for raw, values in expanded_entries(items, source, faults):
        entry = BibEntry(raw.key, raw.type, source.place_at(raw.offset), values)
        _check_key(raw, entries, source, faults)
        _check_type(entry, faults)
        _check_fields(raw, values, source, faults)
        if entries.setdefault(raw.key, entry) is entry and raw.whole:
            whole.append(entry)
    _check_strings(items, source, faults)
    check_twice(entries, faults)
    check_required(whole, check_inheritance(entries, faults), faults)
    return Bibliography(source, entries)


def _too_large(text: str) -> bool:
    if len(text) >= SIZE_LIMIT:
        return True
    return len(text) * 4 >= SIZE_LIMIT and len(text.encode("utf-8", "replace")) >= SIZE_LIMIT


def _check_key(raw: RawEntry, entries: Mapping[str, BibEntry], source: SourceText, faults: Faults) -> None:
    key = raw.key
    if key in entries:
        message = f"key `{key}` already used on line {entries[key].place.line}"
        hint = "pandoc would keep the last entry only: rename one, or take one out"
        faults.error(source.place_at(raw.key_offset), message, "bib-key-duplicate", hint)
    bad = _UNCITABLE.search(key)
    if bad:
        named = "a space" if bad[0].isspace() else f"`{bad[0]}`"
        hint = "a key is made of letters, digits and _ : . $ & - + ? /"
        faults.error(
            source.place_at(raw.key_offset + bad.start()), f"key `{key}` holds {named}", "bib-key-character", hint
        )
    elif not _KEY_START.match(key):
        hint = "a key begins with a letter, a digit or _"
        faults.error(source.place_at(raw.key_offset), f"key `{key}` begins with `{key[0]}`", "bib-key-character", hint)
    elif found := _BRACES_NEEDED.search(key):
        message = f"key `{key}` can be cited as `@{{{key}}}` only"
        hint = "a sign in a key stands alone between letters or digits"
        faults.warning(source.place_at(raw.key_offset + found.start()), message, "bib-key-punctuation", hint)


def _check_type(entry: BibEntry, faults: Faults) -> None:
    if entry.type in TYPES:
        return
    close = _nearest_type(entry.type[:40])
    hint = f"did you mean `@{close}`?" if close else "write @misc where no other type fits"
    faults.warning(entry.place, f"entry `{entry.key}` has the unknown type `@{entry.type}`", "bib-type-unknown", hint)


@lru_cache(1000)
def _nearest_type(name: str) -> str | None:
    return nearest(name, TYPES)


def _check_fields(raw: RawEntry, values: Mapping[str, str], source: SourceText, faults: Faults) -> None:
    places: dict[str, Place] = {}
    for one in raw.fields:
        place = source.place_at(one.offset)
        if one.name in places:
            message = f"field `{one.name}` of entry `{raw.key}` is already given on line {places[one.name].line}"
            faults.warning(place, message, "bib-field-duplicate", "pandoc keeps the last: take one out")
        places.setdefault(one.name, place)
        if one.name not in _VERBATIM:
            what = f"`{one.name}` of entry `{raw.key}`"
            check = ValueCheck(what, source, faults, printed=one.name not in _UNPRINTED)
            check.value(one)
            for part in one.parts if one.name in TITLES else ():
                if not part.is_name:
                    check_text(part.text, source.place_at(part.offset), faults)
    check_values(raw.key, values, places, faults)


def _check_strings(items: Sequence[Item], source: SourceText, faults: Faults) -> None:
    for item in items:
        if isinstance(item, BibField):
            ValueCheck(f"@string `{item.name}`", source, faults).value(item)
