"""The data that the book's templates read, as JSON: never pasted into source."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from impressum.facts import isbn_of_pdf, series_line, year
from impressum.imprint import ImprintItem, compose
from impressum.memo import Json
from impressum.model.drawing import Drawing
from impressum.model.meant import Manuscript
from impressum.model.sources import Edition

# Typst hyphenates Croatian in Latin script and Serbian in Cyrillic only; `finish` puts the right tag back.
TYPST_LANGUAGE = {"sr-Latn": "hr-RS"}


def book_data(
    edition: Edition, manuscript: Manuscript, drawings: Mapping[str, Drawing], pictures: Mapping[str, str]
) -> dict[str, Json]:
    """Everything that the book prints besides its chapters. `pictures` are the work files of logos and the cover."""
    publication, words = edition.publication, edition.words
    credits = tuple(dict.fromkeys(drawing.credit for drawing in drawings.values() if drawing.credit))
    authors = [person.name for person in publication.authors]
    return {
        "title": typographic(publication.title),
        "subtitle": typographic(publication.subtitle) if publication.subtitle else None,
        "authors": list(authors),
        "author-names": list(authors),
        "keywords": list(publication.keywords),
        "abstract": publication.abstract,
        "publisher": publication.impressum.publisher.name if publication.impressum.publisher else None,
        "year": str(year(publication)),
        "series": series_line(publication, words) if publication.series else None,
        "mark": _mark(edition),
        "language": _language(edition.tag),
        "cover": {
            "image": _picture(publication.cover.image, pictures),
            "alt": publication.cover.alt,
            "focus": publication.cover.focus,
        },
        "words": dict(words),
        "impressum": [
            _item(item, pictures, words) for item in compose(publication, tag=edition.tag, words=words, credits=credits)
        ],
        "anchors": {
            anchor.label: {"number": anchor.number, "title": anchor.title} for anchor in manuscript.meant.anchors
        },
        "running-titles": {
            **{opening.label: opening.short_title for opening in manuscript.chapters},
            "references": manuscript.meant.references_title,
        },
        "figures": {drawing.id: {"source": drawing.source, "credit": drawing.credit} for drawing in drawings.values()},
        "chapters": [fragment.slug for fragment in manuscript.fragments],
        "isbn": isbn_of_pdf(publication),
    }


def typographic(text: str) -> str:
    """`text` with true apostrophes where a straight one stands inside or behind a word."""
    return re.sub(r"(?<=\w)'", "\u2019", text)


def _language(tag: str) -> dict[str, Json]:
    parts = TYPST_LANGUAGE.get(tag, tag).split("-")
    region = next((part for part in parts[1:] if len(part) == 2 and part.isupper()), None)
    return {"code": parts[0], "region": region}


def _mark(edition: Edition) -> str | None:
    stage, day = edition.publication.stage, edition.publication.embargo
    if stage == "embargo" and day:
        from babel.dates import format_date

        shown = format_date(day, format="long", locale=edition.tag.replace("-", "_"))
        return edition.words["mark.embargo-until"].replace("{date}", shown)
    return edition.words[f"mark.{stage}"] if stage in ("draft", "review", "embargo") else None


def _picture(name: str | None, pictures: Mapping[str, str]) -> Json:
    return f"/{pictures[name]}" if name else None


def _item(item: ImprintItem, pictures: Mapping[str, str], words: Mapping[str, str]) -> Json:
    return {
        "key": item.key,
        "kind": item.kind,
        "label": item.label,
        "lines": [
            {
                "text": line.text,
                "url": line.url,
                "orcid": line.orcid,
                "detail": line.detail,
                "logo": _picture(line.logo, pictures),
                "alt": words["alt.logo"].replace("{name}", line.text),
            }
            for line in item.lines
        ],
    }


def timestamp(date: datetime.date) -> int:
    """`date` at noon UTC, in Unix seconds: the time of the files comes from the publication, not from the clock."""
    return int(datetime.datetime(date.year, date.month, date.day, 12, tzinfo=datetime.UTC).timestamp())
