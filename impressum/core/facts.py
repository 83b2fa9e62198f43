"""Facts that impressum, metadata and `CITATION.cff` share: year, full title, rights line, citation, stage."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from impressum.core import numerals
from impressum.core.licences import creative_commons
from impressum.core.model.publication import Isbn, Organisation, Publication

Words = Mapping[str, str]


def year(publication: Publication) -> int:
    """The year of publication: the impressum's, or that of the date."""
    return publication.impressum.year or publication.date.year


def full_title(publication: Publication, words: Words) -> str:
    """Title and subtitle, with the colon of the language between them."""
    if not publication.subtitle:
        return publication.title
    if publication.title[-1] in "?!…:":
        return f"{publication.title} {publication.subtitle}"
    return f"{publication.title}{words['colon']} {publication.subtitle}"


def rights_line(publication: Publication) -> str | None:
    """The rights line: as given, else `© year publisher`, else (without publisher) None."""
    impressum = publication.impressum
    if impressum.rights:
        return impressum.rights
    licence = creative_commons(impressum.licence or "")
    if not impressum.publisher or (licence and licence.is_dedication):
        return None
    return f"© {year(publication)} {impressum.publisher.name}"


def isbn_of_pdf(publication: Publication) -> str | None:
    """The ISBN of the PDF: the one ISBN of the publication, or the one that is given for this form."""
    isbn = publication.impressum.isbn
    return isbn.pdf if isinstance(isbn, Isbn) else isbn


def isbn_of_print(publication: Publication) -> str | None:
    """The ISBN of the printed book, for its barcode: the one given for this form, or the one ISBN there is."""
    isbn = publication.impressum.isbn
    return isbn.print if isinstance(isbn, Isbn) else isbn


def blurb(publication: Publication) -> tuple[str, ...]:
    """The back cover's paragraphs, parted by empty lines, or (YAML's `>` has none) by line ends after a full stop."""
    given = publication.cover.blurb or ""
    division = r"\n\s*\n" if re.search(r"\n\s*\n", given) else r"(?<=[.?!…:”“’»)])\n"
    return tuple(" ".join(part.split()) for part in re.split(division, given) if part.strip())


def statements(organisations: Iterable[Organisation], words: Words) -> tuple[str, ...]:
    """The statements of partners and funders; with several, each begins with the name."""
    known = tuple(organisations)
    several = len(known) > 1
    said = dict.fromkeys(
        one.statement if not several or one.name in one.statement else f"{one.name}{words['colon']} {one.statement}"
        for one in known
        if one.statement
    )
    return tuple(said)


def shown_address(address: str) -> str:
    """A web address as it is printed: without its scheme, and without the stroke at its end."""
    return re.sub(r"^https?://", "", address).rstrip("/")


def doi_address(doi: str) -> str:
    """The address that resolves `doi`."""
    return "https://doi.org/" + quote(doi, safe="/:;().,-_~!*'+")


def best_address(publication: Publication) -> str | None:
    """Where a reader finds the publication: its DOI, else its publisher's site."""
    impressum = publication.impressum
    if impressum.doi:
        return doi_address(impressum.doi)
    return impressum.publisher.website if impressum.publisher else None


def join_names(names: Iterable[str], words: Words) -> str:
    """`A`, `A and B`, `A, B, and C`: as the language joins names."""
    known = list(names)
    if len(known) < 2:
        return "".join(known)
    if len(known) == 2:
        return f"{known[0]} {words['list.and']} {known[1]}"
    return f"{', '.join(known[:-1])}{words['list.last'].rstrip()} {known[-1]}"


def suggested_citation(publication: Publication, *, words: Words) -> str:
    """How to cite the publication, as one line in the language of `words`.

    Authors (or editors, or the publisher), year, title and subtitle, edition, series, publisher, then the
    DOI or the publisher's site. Names are printed as written: no software can tell which is the family name.
    """
    impressum = publication.impressum
    publisher = impressum.publisher.name if impressum.publisher else None
    names = _responsible_names(publication, words)
    dated = f"({year(publication)})"
    parts = [f"{names or publisher} {dated}" if names or publisher else "", full_title(publication, words)]
    if not parts[0]:
        parts = [f"{parts[1]} {dated}"]
    parts += [impressum.edition or "", series_line(publication, words) or "", publisher if names and publisher else ""]
    sentences = (part if part[-1] in ".?!…" else f"{part}." for part in parts if part)
    address = best_address(publication)
    return " ".join([*sentences, *([address] if address else [])])


def _responsible_names(publication: Publication, words: Words) -> str:
    if publication.authors:
        return join_names((author.name for author in publication.authors), words)
    editors = [one.name for one in publication.contributors if role_key(one.role) == "editor"]
    if not editors:
        return ""
    short = words["role.editor.short-one" if len(editors) == 1 else "role.editor.short-many"]
    return f"{join_names(editors, words)} ({short})"


def series_line(publication: Publication, words: Words) -> str | None:
    """The series with its number; a number that begins with a digit gets the language's `no.` before it."""
    series = publication.series
    if not series:
        return None
    if not series.number:
        return series.title
    counted = series.number[0].isdigit()
    number = words["impressum.series-number"].replace("{number}", series.number) if counted else series.number
    return f"{series.title}, {number}"


def role_key(role: str | None) -> str:
    """The house's key of `role`: `Editors` is `editor`, `Research assistant` is `research-assistant`."""
    plain = re.sub(r"[\s_]+", "-", (role or "").strip().lower())
    aliases = {"design": "designer", "translation": "translator", "proofreading": "proofreader"}
    return aliases.get(plain, plain[:-1] if plain.endswith("s") else plain)


def mark_of(publication: Publication, *, tag: str, words: Words) -> str | None:
    """The mark on the pages of the edition `tag`, in its `words`; None if the publication is final."""
    stage, day = publication.stage, publication.embargo
    if stage == "embargo" and day:
        return words["mark.embargo-until"].replace("{date}", long_date(day, tag))
    return None if stage == "final" else words[f"mark.{stage}"]


def long_date(day: datetime.date, tag: str) -> str:
    """`day` as the language of the edition `tag` writes it in a text: `12 April 2025`."""
    return numerals.long_date(day, numerals.locale_of(tag))
