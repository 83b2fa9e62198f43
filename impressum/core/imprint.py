"""The impressum as data: what is printed, in which order, with which label; the book fills in its `pages`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from impressum.core.facts import (
    Words,
    best_address,
    doi_address,
    rights_line,
    role_key,
    series_line,
    shown_address,
    statements,
    suggested_citation,
    year,
)
from impressum.core.licences import creative_commons
from impressum.core.model.publication import Organisation, Person, Publication
from impressum.core.numerals import locale_of

__all__ = ["ImprintItem", "ImprintLine", "compose", "copies", "suggested_citation"]

MOST_TITLES = 8
"""Chapters that are not translated whose titles are said; of more, only the numbers are."""
Kind = Literal["text", "people", "link", "pages", "verbatim", "logos", "statement"]


@dataclass(frozen=True)
class ImprintLine:
    """One line: its text, and what belongs to it.

    `url` is where the whole line leads; `detail` is set smaller, after or below it (an affiliation, a grant), and
    leads to `detail_url`; `logo` is a file relative to the root, with `text` as its alternative.
    """

    text: str
    url: str | None = None
    orcid: str | None = None
    detail: str | None = None
    logo: str | None = None
    detail_url: str | None = None


@dataclass(frozen=True)
class ImprintItem:
    """One entry: `key` names it for templates, `label` is in the reader's language and may be empty."""

    key: str
    kind: Kind
    label: str
    lines: tuple[ImprintLine, ...] = ()


def compose(
    publication: Publication,
    *,
    tag: str,
    words: Words,
    credits: tuple[str, ...] = (),
    untranslated: tuple[tuple[str, str], ...] = (),
) -> tuple[ImprintItem, ...]:
    """The impressum of the edition `tag`, in the order of the contract.

    `publication` is the edition's (its texts merged), `words` its words, `credits` those of the images that
    it shows, `untranslated` the numbers and titles of chapters in the original language. What was not given is
    not there, but for what follows from the rest: the year, the number of pages, the suggested citation and the
    line of copyright.
    """
    in_full = len(untranslated) <= MOST_TITLES
    said = [f"{number} {title}".strip() if in_full else number or title for number, title in untranslated]
    return (
        *_publisher(publication, words),
        *_edition(publication, words),
        *([_statement("untranslated", words, "; ".join(said))] if said else []),
        *_people(publication, words),
        *_identifiers(publication, words),
        _text("citation", words, suggested_citation(publication, words=words), url=best_address(publication)),
        *_rights(publication, tag, words),
        *_supporters(publication, words),
        *_legal(publication, words),
        *_making(publication, tag, words, credits),
    )


def _text(key: str, words: Words, *lines: str, url: str | None = None) -> ImprintItem:
    return ImprintItem(key, "text", words[f"impressum.{key}"], tuple(ImprintLine(line, url) for line in lines))


def _statement(key: str, words: Words, *texts: str) -> ImprintItem:
    return ImprintItem(key, "statement", words[f"impressum.{key}"], tuple(map(ImprintLine, texts)))


def _link(key: str, words: Words, text: str, url: str) -> ImprintItem:
    return ImprintItem(key, "link", words[f"impressum.{key}"], (ImprintLine(text, url),))


def _publisher(publication: Publication, words: Words) -> Iterator[ImprintItem]:
    publisher = publication.impressum.publisher
    if not publisher:
        return
    yield _text("publisher", words, publisher.name)
    if publisher.address:
        yield _text("address", words, *publisher.address)
    if publisher.website:
        yield _link("website", words, shown_address(publisher.website), publisher.website)
    if publisher.email:
        yield _link("email", words, publisher.email, f"mailto:{publisher.email}")


def _edition(publication: Publication, words: Words) -> Iterator[ImprintItem]:
    impressum = publication.impressum
    yield _text("year", words, str(year(publication)))
    for key, text in (
        ("edition", impressum.edition),
        ("version", publication.version),
        ("type", impressum.type),
        ("on-behalf-of", impressum.on_behalf_of),
        ("responsible", impressum.responsible),
    ):
        if text:
            yield _text(key, words, text)
    yield ImprintItem("pages", "pages", words["impressum.pages"])


def _people(publication: Publication, words: Words) -> Iterator[ImprintItem]:
    if publication.authors:
        label = words["author.one" if len(publication.authors) == 1 else "author.many"]
        yield ImprintItem("authors", "people", label, tuple(_person(one) for one in publication.authors))
    groups: dict[str, list[Person]] = {}
    for one in publication.contributors:
        groups.setdefault(role_key(one.role), []).append(one)
    for role, people in groups.items():
        known = words.get(f"role.{role}.one" if len(people) == 1 else f"role.{role}.many")
        label = known or people[0].role or words["contributors"]
        key = f"role-{role}" if known else "contributors"
        yield ImprintItem(key, "people", label, tuple(_person(one) for one in people))


def _person(one: Person) -> ImprintLine:
    return ImprintLine(one.name, orcid=one.orcid, detail=one.affiliation, detail_url=one.ror)


def _identifiers(publication: Publication, words: Words) -> Iterator[ImprintItem]:
    series = series_line(publication, words)
    if series:
        yield _text("series", words, series)
    if publication.series and publication.series.issn:
        yield _text("issn", words, publication.series.issn)
    isbn = publication.impressum.isbn
    if isinstance(isbn, str):
        yield _text("isbn", words, isbn)
    elif isbn:
        for key, number in (("isbn-pdf", isbn.pdf), ("isbn-print", isbn.print), ("isbn-epub", isbn.epub)):
            if number:
                yield _text(key, words, number)
    if publication.impressum.doi:
        address = doi_address(publication.impressum.doi)
        yield _link("doi", words, address, address)


def _rights(publication: Publication, tag: str, words: Words) -> Iterator[ImprintItem]:
    licence = publication.impressum.licence
    known = creative_commons(licence or "")
    if known:
        deed = known.deed(tag)
        lines = (ImprintLine(known.name(words), deed), ImprintLine(deed, deed))
        yield ImprintItem("licence", "link", words["impressum.licence"], lines)
    elif licence:
        yield _text("licence", words, licence, url=licence if re.match(r"^https?://\S+$", licence) else None)
    rights = rights_line(publication)
    if rights:
        yield _text("rights", words, rights)


def _supporters(publication: Publication, words: Words) -> Iterator[ImprintItem]:
    if publication.partners:
        yield ImprintItem("partners", "logos", words["impressum.partners"], _marks(publication.partners, words))
    if publication.funders:
        yield ImprintItem("funders", "logos", words["impressum.funded-by"], _marks(publication.funders, words))
    said = statements((*publication.funders, *publication.partners), words)
    if said:
        yield ImprintItem("statements", "statement", "", tuple(ImprintLine(text) for text in said))


def _marks(organisations: tuple[Organisation, ...], words: Words) -> tuple[ImprintLine, ...]:
    grants = (words["impressum.grant"].replace("{number}", one.grant) if one.grant else None for one in organisations)
    return tuple(
        ImprintLine(one.name, url=one.ror, detail=grant, logo=one.logo)
        for one, grant in zip(organisations, grants, strict=True)
    )


def _legal(publication: Publication, words: Words) -> Iterator[ImprintItem]:
    impressum = publication.impressum
    if impressum.disclaimer:
        yield _statement("disclaimer", words, impressum.disclaimer)
    if impressum.cip and impressum.cip.strip():
        block = impressum.cip.strip("\n").rstrip()
        # A library's record brings its own heading; it would have two.
        headed = block.lstrip()[:3].upper() == "CIP"
        lines = tuple(ImprintLine(line.rstrip()) for line in block.split("\n"))
        yield ImprintItem("cip", "verbatim", "" if headed else words["impressum.cip"], lines)


def _making(publication: Publication, tag: str, words: Words, credits: tuple[str, ...]) -> Iterator[ImprintItem]:
    impressum = publication.impressum
    if impressum.printer:
        yield _text("printer", words, impressum.printer)
    if impressum.print_run:
        yield _text("print-run", words, copies(impressum.print_run, tag=tag, words=words))
    if credits:
        yield _text("image-credits", words, *dict.fromkeys(credits))
    if impressum.accessibility:
        yield _statement("accessibility", words, impressum.accessibility)
    if impressum.notes:
        yield _statement("notes", words, *impressum.notes)


def copies(number: int, *, tag: str, words: Words) -> str:
    """`number` of copies, with the digits and the plural of the language."""
    from babel.numbers import format_decimal

    locale = locale_of(tag)
    words_of_form = words.get(f"impressum.copies-{locale.plural_form(number)}", words["impressum.copies-other"])
    return words_of_form.replace("{number}", format_decimal(number, locale=locale))
