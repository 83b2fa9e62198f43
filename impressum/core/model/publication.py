"""The publication as data: `publication.yaml`, merged with an edition's `edition.yaml`.

Every scalar of the YAML arrives as the text in the file; the types here read it. The
validators of identifiers (ISBN, ISSN, DOI, ORCID, ROR, BCP 47) are in `identifiers.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, StringConstraints

from impressum.core.errors import Place
from impressum.core.model.figures import Bars, Kind, Order, Panels, Values
from impressum.core.model.identifiers import (
    column_form,
    day,
    divided_word,
    doi,
    isbn,
    issn,
    jel,
    language_tag,
    orcid,
    price_code,
    ror,
    web_address,
)

LONGEST_TITLE = 1_000
"""Letters of a title or a name."""
LONGEST_SPOKEN = 16_000
"""Letters of a text that the file holds for programs: a PDF has no place for more than 32,767 bytes."""
Texts = tuple[tuple[str, Place], ...]
"""Texts of YAML files, each with its place."""


def is_too_long(spoken: str) -> bool:
    """Whether a text for programs is longer; a letter beyond the 65,536 that most languages need counts twice."""
    return len(spoken) > LONGEST_SPOKEN // 2 and len(spoken.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_SPOKEN


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Day = Annotated[datetime.date, BeforeValidator(day)]

# Named here, as inside a class a field called `isbn` would hide the function of that name.
IsbnText = Annotated[str, BeforeValidator(isbn)]
PriceCode = Annotated[str, BeforeValidator(price_code)]
IssnText = Annotated[str, BeforeValidator(issn)]
DoiText = Annotated[str, BeforeValidator(doi)]
JelText = Annotated[str, BeforeValidator(jel)]
OrcidText = Annotated[str, BeforeValidator(orcid)]
RorText = Annotated[str, BeforeValidator(ror)]
SharedGlossary = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^/\\:~][^\\:]*\.csv$")]
"""A path from the root, or out of it: to a table and nothing else, as it is read where it is."""
SharedFolder = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^/\\:~][^\\:]*$")]
"""As that, to a folder, of which certain files are read."""
Tag = Annotated[str, BeforeValidator(language_tag)]
DividedWord = Annotated[str, BeforeValidator(divided_word)]
ColumnForm = Annotated[str, BeforeValidator(column_form)]
WebAddress = Annotated[str, BeforeValidator(web_address)]

Stage = Literal["draft", "review", "embargo", "final"]
Severity = Literal["error", "warning", "off"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"))


class _Placed(_Model):
    """A model that knows where it is written."""

    _place: Place = PrivateAttr(Place(""))

    @property
    def place(self) -> Place:
        """Where it is written, if known."""
        return self._place

    def at(self, place: Place) -> Self:
        """A copy, written at `place`."""
        copied = self.model_copy()
        copied._place = place
        return copied


class Person(_Model):
    """An author or contributor. `role` is a word of the house (author, editor, translator …) or free text."""

    name: Text
    role: Text | None = None
    orcid: OrcidText | None = None
    affiliation: Text | None = None
    ror: RorText | None = None


class Organisation(_Model):
    """A partner or funder; `logo` is a file relative to the root."""

    name: Text
    ror: RorText | None = None
    grant: Text | None = None
    logo: Text | None = None
    statement: Text | None = None


class BookSeries(_Model):
    title: Text
    number: Text | None = None
    issn: IssnText | None = None


class Cover(_Model):
    """`image` is a file relative to the root, `alt` its text for those who do not see it."""

    image: Text | None = None
    alt: Text | None = None
    focus: Literal["top", "center", "bottom", "left", "right"] = "center"
    blurb: Text | None = None


class Publisher(_Model):
    name: Text
    address: tuple[Text, ...] = ()
    website: WebAddress | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None


class Isbn(_Model):
    """One ISBN a product form (ISBN Users' Manual: each format has its own)."""

    pdf: IsbnText | None = None
    print: IsbnText | None = None
    epub: IsbnText | None = None


class Impressum(_Model):
    """The impressum's own fields; what else it prints comes from the rest of the publication."""

    publisher: Publisher | None = None
    year: Annotated[int, Field(ge=1000, le=9999)] | None = None
    edition: Text | None = None
    type: Text | None = None
    on_behalf_of: Text | None = None
    responsible: Text | None = None
    isbn: Isbn | IsbnText | None = None
    price_code: PriceCode | None = None
    doi: DoiText | None = None
    licence: Text | None = None
    rights: Text | None = None
    disclaimer: Text | None = None
    printer: Text | None = None
    print_run: Annotated[int, Field(ge=1)] | None = None
    cip: str | None = None
    accessibility: Text | None = None
    notes: tuple[Text, ...] = ()


class Erratum(_Placed):
    """A correction: `where` (words, or `@id`, printed with number and page), what `was`, what is `now`, and why."""

    date: Day
    where: Text
    was: Text | None = None
    now: Text | None = None
    reason: Text | None = None


class PublicationTexts(_Model):
    """The keys that both `publication.yaml` and `edition.yaml` may give."""

    title: Text | None = None
    subtitle: Text | None = None
    version: Text | None = None
    keywords: tuple[Text, ...] = ()
    abstract: Text | None = None
    authors: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    partners: tuple[Organisation, ...] = ()
    funders: tuple[Organisation, ...] = ()
    series: BookSeries | None = None
    cover: Cover = Cover()
    impressum: Impressum = Impressum()
    errata: tuple[Erratum, ...] = ()


class Publication(PublicationTexts):
    """`publication.yaml`, by the contract; unknown keys are faults."""

    title: Text
    slug: Slug | None = None
    language: Tag
    date: Day
    stage: Stage = "final"
    embargo: Day | None = None
    bibliography: Text = "bib/references.bib"
    citation_style: Text | None = None
    nocite: Literal["all"] | None = None
    references: Literal["end", "before-appendices"] = "end"
    theme: Text = "report"
    jel: tuple[JelText, ...] = ()
    """Codes of the classification of the Journal of Economic Literature."""
    glossary: SharedGlossary | None = None
    hyphenation: dict[str, tuple[DividedWord, ...]] = Field(default_factory=dict)
    """Words by language, with hyphens where they may be divided."""
    house: SharedFolder | None = None
    rules: dict[str, Severity] = Field(default_factory=dict)
    raw: Literal["refuse", "allow"] = "refuse"
    sign_off: Literal["reviewed", "approved"] | None = None


class Difference(_Placed):
    """An intended difference of a translated chapter; `where`: an id, number, key or first words (None: all of it)."""

    chapter: Text
    rule: Text
    where: Text | None = None
    reason: Text


class Transliteration(_Model):
    """Exceptions to the transliteration of a twin: `words` and what they become, words to `keep`."""

    words: dict[str, Text] = Field(default_factory=dict)
    keep: tuple[Text, ...] = ()


class EditionTexts(PublicationTexts):
    """The keys of `edition.yaml`: the publication's texts, and its own."""

    figures: dict[str, dict[str, str]] = Field(default_factory=dict)
    data: dict[str, dict[str, Text]] = Field(default_factory=dict)
    twin_of: Tag | None = None
    transliteration: Transliteration = Transliteration()
    fallback: Literal["show", "forbid"] | None = None
    differences: tuple[Difference, ...] = ()


class Task(_Model):
    """Who translates something, and by when."""

    translator: Text | None = None
    due: Day | None = None


class EditionTasks(Task):
    """The task of an edition in `editions.yaml`, and those of `chapters` that are other tasks."""

    chapters: dict[str, Task] = Field(default_factory=dict)


class FrontMatter(_Model):
    """The front matter of a chapter, read by us and never by pandoc."""

    authors: tuple[Text, ...] = ()
    short_title: Text | None = None
    language: Tag | None = None
    kind: Literal["chapter", "front", "part", "appendix"] = "chapter"
    numbered: bool = True


class FigureData(_Model):
    """`figures/<id>.yaml`."""

    title: Text
    alt: Text
    source: Text | None = None
    unit: Text | None = None
    data: tuple[Text, ...] = ()
    words: dict[str, Text] = Field(default_factory=dict)
    credit: Text | None = None
    licence: Text | None = None
    width: Literal["text", "half", "wide", "page", "landscape"] = "text"
    chart: Kind | None = None
    categories: Text | None = None
    series: tuple[Text, ...] = ()
    rows: tuple[Text, ...] = ()
    sort: Order | None = None
    bars: Bars | None = None
    values: Values | None = None
    format: ColumnForm | None = None
    decimals: Annotated[int, Field(ge=0, le=10)] | None = None
    highlight: Text | None = None
    labels: dict[str, Text] = Field(default_factory=dict)
    message: Text | None = None
    neutral: Text | None = None
    totals: tuple[Text, ...] = ()
    notes: dict[str, Text] = Field(default_factory=dict)
    panels: Panels | None = None


class DataColumn(_Model):
    """How a column of data is called and written; `format` is a `ColumnForm`, None where the cells decide."""

    title: Text | None = None
    unit: Text | None = None
    format: ColumnForm | None = None
    decimals: Annotated[int, Field(ge=0, le=10)] | None = None


class DataSidecar(_Model):
    """`figures/data/<name>.yaml`. `file`, `sheet` and `range` say where in which workbook the data are."""

    title: Text
    source: Text
    retrieved: Day | None = None
    unit: Text | None = None
    licence: Text | None = None
    file: Text | None = None
    sheet: Text | None = None
    range: Text | None = None
    columns: dict[str, DataColumn] = Field(default_factory=dict)


@dataclass(frozen=True)
class WrittenTexts:
    """The `texts` of an edition, and the font `families` that its theme names."""

    texts: Texts = ()
    families: Mapping[str, Place] = field(default_factory=dict)

    def place_of(self, letters: str, path: str = "") -> Place | None:
        """The place of the first text that holds `letters`, if any; with `path`, in that file only."""
        return next((place for text, place in self.texts if letters in text and (not path or place.path == path)), None)

    def family(self, name: str) -> tuple[str, Place] | None:
        """The font family `name`, whatever its capitals, as it is written, and where."""
        return next((one for one in self.families.items() if one[0].casefold() == name.casefold()), None)
