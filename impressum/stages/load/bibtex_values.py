"""Dates, links and identifiers in the fields of an entry.

Dates are the part of EDTF that pandoc reads: what it does not read it leaves out without a word.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping

from impressum.core.errors import Faults, Place
from impressum.core.model.identifiers import doi, isbn, issn

DATE_FIELDS = ("date", "year", "urldate", "eventdate", "origdate")
SEASONS = range(21, 25)

_DATE = re.compile(r"-?(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)?)?[?~%]?", re.ASCII)
_SCHEMES = frozenset({"http", "https", "doi"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_HOST_AND_PORT = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+:\d")


def check_values(key: str, values: Mapping[str, str], places: Mapping[str, Place], faults: Faults) -> None:
    """Checks the fields whose values have a form. A value that Jinja is still to fill (`<<`) passes."""
    for name in values.keys() & _CHECKS.keys():
        value = values[name].strip()
        if value and "<<" not in value:
            _CHECKS[name](key, name, value, places[name], faults)


def refused_scheme(url: str) -> str | None:
    """The scheme of `url` where it is none of http, https and doi. Read as a browser reads it."""
    inner = re.sub(r"^\s*\\(?:url|href)\s*\{", "", url)
    plain = re.sub(r"[\x00-\x20{}]", "", inner).lower()
    found = _SCHEME.match(plain)
    if not found or found[1] in _SCHEMES or _HOST_AND_PORT.match(plain):
        return None
    return found[1]


def _date(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
    why = _why_no_date(name, value)
    if why:
        hint = "write 2020, 2020-05, 2020-05-17 or 2020/2021; words go into year = {forthcoming}"
        faults.error(place, f"`{name}` of entry `{key}` is `{value}`: {why}", "bib-date", hint)


def _why_no_date(name: str, value: str) -> str | None:
    """The reason why `value` is not a date, or None."""
    if name == "year":
        value = value.strip("{} ")
        if not any(letter.isdigit() for letter in value) or re.fullmatch(r"\d{1,4}", value, re.ASCII):
            return None
    ends = value.split("/")
    if len(ends) > 2 or not any(ends):
        return "that is no date"
    for end in ends:
        if end and (why := _why_no_day(end)):
            return why
    return None


def _why_no_day(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    if not found:
        return "that is no date"
    month, day = int(found[2] or 1), int(found[3] or 1)
    if month in SEASONS and not found[3]:
        return None
    if not 1 <= month <= 12:
        return f"there is no month {found[2]}"
    try:
        datetime.date(max(int(found[1]), 4), month, day)
    except ValueError:
        return f"that month has no day {found[3]}"
    return None


def _month(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
    if re.fullmatch(r"\d{1,9}", value, re.ASCII) and not 1 <= int(value) <= 12:
        faults.error(
            place, f"`month` of entry `{key}` is `{value}`: there is no such month", "bib-date", "write 1 to 12"
        )


def _url(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
    what = f"`{name}` of entry `{key}`"
    scheme = refused_scheme(value)
    if scheme:
        faults.error(
            place, f"{what} has the scheme `{scheme}`", "bib-url-scheme", "links begin with https:// or http://"
        )
    elif re.match(r"\\(?:url|href)\b", value):
        faults.warning(place, f"{what} holds a macro", "bib-url", "write the address alone, without \\url{…}")
    elif found := re.search(r"\\[_&%#$~{}]|\\", value):
        message = f"{what} holds `{found[0]}`: the link would hold the backslash too"
        faults.warning(place, message, "bib-url", "an address is taken letter for letter: write it without backslashes")
    elif re.search(r"\s", value):
        faults.warning(place, f"{what} holds a space", "bib-url", "write %20 for a space in an address")
    elif not _SCHEME.match(value.lower()) or _HOST_AND_PORT.match(value.lower()):
        faults.warning(place, f"{what} has no scheme", "bib-url", f"write https://{value}")


def _doi(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
    try:
        doi(value.replace("<", "(").replace(">", ")"))  # old DOIs of journals hold < and >
    except ValueError:
        hint = "it must look like 10.5281/zenodo.1234567, letter for letter, without backslashes"
        faults.warning(place, f"`doi` of entry `{key}` is `{value}`, which is no DOI", "bib-doi", hint)


def _identifier(read: Callable[[str], object], rule: str) -> Callable[[str, str, str, Place, Faults], None]:
    """A check of a field that holds one or more numbers, each with a word after it at will: `… (pbk)`."""

    def check(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
        plain = re.sub(r"\([^()]*\)", " ", value).strip()
        whole = _why(read, plain)
        if not whole:
            return
        numbers = [word for word in re.split(r"[,;\s]+", plain) if word]
        faulty = [why for word in numbers if (why := _why(read, word))]
        if len(numbers) > 1 and any(len(word) < 8 for word in numbers):
            faulty = [whole]  # one number written with spaces
        for why in faulty:
            faults.warning(place, f"`{name}` of entry `{key}`: {why}", rule, "compare it with the publication")

    return check


def _why(read: Callable[[str], object], text: str) -> str | None:
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return None


_CHECKS: Mapping[str, Callable[[str, str, str, Place, Faults], None]] = {
    **dict.fromkeys(DATE_FIELDS, _date),
    "month": _month,
    "url": _url,
    "doi": _doi,
    "isbn": _identifier(isbn, "bib-isbn"),
    "issn": _identifier(issn, "bib-issn"),
}
