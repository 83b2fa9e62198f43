"""`CITATION.cff` (Citation File Format 1.2.0). CFF describes software and data: the publication is its
`preferred-citation`, and the top level repeats it in the fields that it has."""

from __future__ import annotations

import re

from impressum.core.facts import best_address, doi_address, isbn_of_pdf, rights_line, role_key, year
from impressum.core.licences import creative_commons
from impressum.core.model.publication import Isbn, Person, Publication

Value = str | int | list["Value"] | dict[str, "Value"]
Fields = dict[str, Value]

DOI = re.compile(r"^10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+$")
"""The DOIs that the schema of CFF takes; it is stricter than the DOI Handbook."""

PARTICLES = frozenset(
    (
        *("af", "al", "bin", "d'", "da", "das", "de", "del", "della", "der", "di", "dos", "du", "el", "ibn"),
        *("la", "le", "ten", "ter", "van", "van't", "vom", "von", "y", "zu", "zum", "zur"),
    )
)
SUFFIXES = frozenset(("Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"))
BODIES = re.compile(
    r"\b(academy|agency|association|authors|center|centre|coalition|college|commission|committee|contributors|"
    r"council|department|foundation|group|institute|ministry|network|office|organi[sz]ation|society|team|union|"
    r"university|services|studio|press|publishing|publishers|media|laboratory|library|museum|embassy|akademija|centar|fondacija|fond|institut|ministarstvo|mreža|odbor|organizacija|savet|tim|udruženje|"
    r"univerzitet|zavod|академија|центар|фондација|фонд|институт|министарство|мрежа|одбор|организација|савет|тим|"
    r"удружење|универзитет|завод|akademie|gesellschaft|ministerium|stiftung|universität|verband|verein|zentrum|"
    r"association|fondation|ministère|réseau|université|sveučilište|zaklada|udruga)\b",
    re.IGNORECASE,
)

SPDX_OF_TEXTS = frozenset(
    (
        *("Apache-2.0", "CC-PDDC", "etalab-2.0", "EUPL-1.2", "FSFAP", "GFDL-1.2-only", "GFDL-1.2-or-later"),
        *("GFDL-1.3-only", "GFDL-1.3-or-later", "MIT", "ODbL-1.0", "ODC-By-1.0", "OGL-UK-3.0", "PDDL-1.0"),
    )
)
"""Identifiers of the schema's list, beside Creative Commons, that a publication may be under."""

PORTED = frozenset(("CC-BY-3.0-AT", "CC-BY-3.0-US", "CC-BY-NC-ND-3.0-IGO", "CC-BY-SA-2.0-UK", "CC-BY-SA-3.0-AT"))
"""Of the licences for one country, those that the schema's list knows."""


def citation_cff(publication: Publication) -> str:
    """The text of `CITATION.cff` for `publication` (its source edition), valid by the schema of CFF 1.2.0."""
    import yaml

    fields: Fields = {
        "cff-version": "1.2.0",
        "message": "To cite this publication, use the metadata under preferred-citation.",
        "title": _title(publication),
        "authors": _authors(publication),
        "date-released": publication.date.isoformat(),
        **_optional({"version": publication.version}),
        **_shared(publication),
        "preferred-citation": _reference(publication),
    }
    return yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100)


def _title(publication: Publication) -> str:
    return f"{publication.title}: {publication.subtitle}" if publication.subtitle else publication.title


def _optional(fields: dict[str, str | None]) -> Fields:
    return {key: text for key, text in fields.items() if text}


def _shared(publication: Publication) -> Fields:
    """The fields that the file as a whole and the preferred citation share."""
    doi = publication.impressum.doi
    fields = _optional({"doi": doi if doi and DOI.match(doi) else None, "url": best_address(publication)})
    fields |= _licence(publication)
    keywords = list(dict.fromkeys(publication.keywords))
    if keywords:
        fields["keywords"] = [*keywords]
    return fields | _optional({"abstract": publication.abstract})


def _licence(publication: Publication) -> Fields:
    written = publication.impressum.licence or ""
    known = creative_commons(written)
    if known and (not known.port or known.spdx in PORTED):
        return {"license": known.spdx}
    if known:
        return {"license-url": known.url}
    if written in SPDX_OF_TEXTS:
        return {"license": written}
    return {"license-url": written} if re.fullmatch(r"https?://\S+", written) else {}


def _reference(publication: Publication) -> Fields:
    impressum = publication.impressum
    fields: Fields = {"type": "report", "title": _title(publication), "authors": _authors(publication)}
    for key, role in (("editors", "editor"), ("translators", "translator")):
        people = _distinct([one for one in publication.contributors if role_key(one.role) == role])
        if people:
            fields[key] = people
    fields["year"] = year(publication)
    fields["date-released"] = publication.date.isoformat()
    if impressum.publisher:
        publisher = impressum.publisher
        named = {"name": publisher.name, "address": ", ".join(publisher.address)}
        fields["publisher"] = _optional({**named, "website": publisher.website, "email": publisher.email})
    series = publication.series
    if series:
        fields |= _optional({"collection-title": series.title, "number": series.number, "issn": series.issn})
    fields |= _optional({"isbn": _isbn(publication), "edition": impressum.edition, "version": publication.version})
    fields |= _optional({"copyright": rights_line(publication)})
    fields["languages"] = [publication.language.split("-")[0]]
    fields.update(_shared(publication))
    if impressum.doi and "doi" not in fields:
        fields["identifiers"] = [{"type": "url", "value": doi_address(impressum.doi)}]
    return fields


def _isbn(publication: Publication) -> str | None:
    """The ISBN of the PDF, else of another form: to cite the work, any of them names it."""
    isbn = publication.impressum.isbn
    return isbn_of_pdf(publication) or (isbn.print or isbn.epub if isinstance(isbn, Isbn) else None)


def _authors(publication: Publication) -> list[Value]:
    """The authors, else the editors, else the publisher, else (CFF must have one) nobody known."""
    editors = [one for one in publication.contributors if role_key(one.role) == "editor"]
    people = _distinct([*publication.authors] or editors)
    if people:
        return people
    publisher = publication.impressum.publisher
    return [{"name": publisher.name if publisher else "Anonymous"}]


def _distinct(people: list[Person]) -> list[Value]:
    known: list[Value] = []
    for one in people:
        entry = person_or_entity(one)
        if entry not in known:
            known.append(entry)
    return known


def person_or_entity(one: Person) -> Fields:
    """`one` as CFF has it: a person with given and family names, or a body (`the … contributors`, an institute).

    The last word is the family's name, with the particles before it (`van der`, `de`); a name written
    `Family, Given` is read so. A single word, a name that begins with `the`, that names a kind of body or holds
    a word in lower case which is no particle, is a body's; an ORCID iD is only ever a person's.
    """
    orcid = f"https://orcid.org/{one.orcid}" if one.orcid else None
    if not one.orcid and _is_body(one.name):
        return {"name": one.name}
    given, family, suffix = _split(one.name)
    names = {"given-names": given, "family-names": family, "name-suffix": suffix}
    return _optional({**names, "affiliation": one.affiliation, "orcid": orcid})


def _is_body(name: str) -> bool:
    words = name.split()
    if len(words) < 2 or words[0].lower() == "the" or BODIES.search(name):
        return True
    return any(word[0].islower() and word.lower() not in PARTICLES for word in words)


def _split(name: str) -> tuple[str, str, str]:
    """Given names, family name with its particles, suffix."""
    if ", " in name:
        family, _, given = name.partition(", ")
        return given.strip(), family.strip(), ""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1] in SUFFIXES else ""
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:]), suffix
