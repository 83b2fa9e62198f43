"""Data for the templates: the book as JSON (never pasted into source), fits, pictures as they are printed."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import pairwise
from typing import Any

from impressum.core import errata
from impressum.core.facts import Words, isbn_of_pdf, long_date, mark_of, series_line, shown_address, statements, year
from impressum.core.imprint import ImprintItem, compose
from impressum.core.languages import typst_language
from impressum.core.model.figures import Drawing
from impressum.core.model.fits import Fits
from impressum.core.model.manuscript import Expected, Manuscript, parts_of
from impressum.core.model.publication import Organisation
from impressum.core.model.sources import Edition
from impressum.core.model.theme import Theme
from impressum.core.photographs import in_srgb
from impressum.core.pictures import as_printed
from impressum.system.cache import Json, Memo, digest
from impressum.system.installed import version


def book_data(
    edition: Edition, manuscript: Manuscript, drawings: Mapping[str, Drawing], pictures: Mapping[str, str], theme: Theme
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
        "people": [
            {"name": one.name, "affiliation": one.affiliation, "ror": one.ror, "orcid": one.orcid}
            for one in publication.authors
        ],
        "jel": list(publication.jel),
        "date": long_date(publication.date, edition.tag),
        "keywords": list(publication.keywords),
        "abstract": publication.abstract,
        "summary": typographic(publication.abstract) if publication.abstract else None,
        "publisher": publication.impressum.publisher.name if publication.impressum.publisher else None,
        "year": str(year(publication)),
        "series": series_line(publication, words) if publication.series else None,
        "mark": mark_of(publication, tag=edition.tag, words=words),
        "language": language_of(edition.tag),
        "cover": {
            "image": _picture(publication.cover.image, pictures),
            "alt": publication.cover.alt,
            "focus": publication.cover.focus,
        },
        "words": dict(words),
        "voices": {tag: dict(others) for tag, others in manuscript.fallback_words.items()},
        "impressum": [
            _item(item, pictures, words)
            for item in compose(
                publication,
                tag=edition.tag,
                words=words,
                credits=credits,
                untranslated=tuple((one.number, one.title) for one in manuscript.chapters if one.borrowed),
            )
        ],
        "errata": _errata(edition, manuscript.expected),
        "anchors": _anchors(manuscript),
        "lists": {
            f"{kind}s": theme.flag("contents", f"{kind}s")
            and any(anchor.kind == kind and anchor.number for anchor in manuscript.expected.anchors)
            for kind in ("figure", "table")
        },
        "back": _back(edition, manuscript.expected, pictures, theme),
        "running-titles": {
            **{opening.label: opening.short_title for opening in manuscript.chapters},
            "references": manuscript.expected.references_title,
            "index": manuscript.expected.index_title,
        },
        "targets": list[Json](
            sorted({page.label for chapter in manuscript.expected.chapters for page in chapter.pages})
        ),
        "chapters": [fragment.slug for fragment in manuscript.fragments],
        "isbn": isbn_of_pdf(publication),
    }


BY_LABEL = ("anchors", "running-titles")
"""What the data has of each heading and caption, by label: chapters print their own alone."""
OF_BOOK = frozenset({*BY_LABEL, "targets", "chapters"})


def printed_by(data: Mapping[str, Any], slugs: Sequence[str], without: Collection[str]) -> dict[str, str]:
    """By chapter, the hash of what the pages of that chapter alone print of the `data`, but for what is named by
    `without`."""
    common = digest(as_json({name: value for name, value in data.items() if name not in {*OF_BOOK, *without}}))
    own: dict[str, list[Json]] = {slug: [common] for slug in slugs}
    for name in BY_LABEL:
        for label, value in data[name].items():
            own.setdefault(label.partition("/")[0], []).append([name, label, value])
    for label in data["targets"]:
        own.setdefault(label.partition("/")[0], []).append(label)
    return {slug: digest(as_json(own[slug])) for slug in slugs}


def _anchors(manuscript: Manuscript) -> dict[str, Json]:
    """Headings, figures and tables for the templates, by label. Before the lines of the contents that are `apart` a
    group begins: a part, and what follows the last of them."""
    expected = manuscript.expected
    kinds = {opening.label: opening.kind for opening in manuscript.chapters}
    labels = {opening.slug: opening.label for opening in manuscript.chapters}
    parts = parts_of(manuscript.chapters)
    order = [labels.get(fragment.slug, fragment.slug) for fragment in manuscript.fragments]
    groups = {label: parts.get(label, "") for label in order}
    apart = {new for old, new in pairwise(("", *groups)) if old and groups.get(old, "") != groups[new]}
    apart |= {label for label, part in groups.items() if part == label}
    anchors: dict[str, Json] = {
        anchor.label: {
            "number": anchor.number,
            "said": expected.words.of(anchor),
            "title": anchor.title,
            "byline": anchor.byline,
            "kind": kinds.get(anchor.label, anchor.kind),
            "apart": anchor.label in apart,
        }
        for anchor in expected.anchors
    }
    for kind, title in (("references", expected.references_title), ("index", expected.index_title)):
        anchors[kind] = {"number": "", "said": "", "title": title, "byline": "", "kind": kind, "apart": kind in apart}
    return anchors


def _errata(edition: Edition, expected: Expected) -> Json:
    """The corrections by their days, and what is printed around them; null where nothing is corrected."""
    words = edition.words
    days = errata.compose(edition.publication.errata, expected.anchors, words)
    if not days:
        return None
    return {
        **{key: words[f"errata.{key}"] for key in ("title", "lead", "was", "now")},
        "page": words["ref.page"],
        "days": [
            {"date": long_date(day.date, edition.tag), "corrections": [asdict(one) for one in day.corrections]}
            for day in days
        ],
    }


def _back(edition: Edition, expected: Expected, pictures: Mapping[str, str], theme: Theme) -> Json:
    """The contents of the back cover; null where there is none."""
    if not expected.has_back_cover(for_barcode=theme.flag("cover", "back")):
        return None
    publication, words = edition.publication, edition.words
    publisher = publication.impressum.publisher
    return {
        "blurb": [typographic(paragraph) for paragraph in expected.blurb],
        "website": {"url": publisher.website, "text": shown_address(publisher.website)}
        if publisher and publisher.website
        else None,
        "partners": [_logo(one, pictures, words) for one in publication.partners],
        "funders": [_logo(one, pictures, words) for one in publication.funders],
        "statements": list(statements(publication.funders, words)),
        "barcode": _barcode(expected.barcode, publication.impressum.price_code, words) if expected.barcode else None,
    }


def _barcode(isbn: str, price: str | None, words: Words) -> Json:
    from impressum.core.barcode import barcode_of, price_bars

    code = barcode_of(isbn)
    price_code: Json = None
    if price:
        price_code = {"digits": price, "bars": [{"start": bar.start, "width": bar.width} for bar in price_bars(price)]}
    return {
        "isbn": isbn,
        "alt": words["alt.barcode"].replace("{number}", isbn),
        "bars": [{"start": bar.start, "width": bar.width, "guard": bar.is_guard} for bar in code.bars],
        "digits": list(code.digits),
        "price": price_code,
    }


def _logo(one: Organisation, pictures: Mapping[str, str], words: Words) -> Json:
    alt = words["alt.logo"].replace("{name}", one.name)
    return {"text": one.name, "logo": _picture(one.logo, pictures), "alt": alt}


def typographic(text: str) -> str:
    """`text` with true apostrophes where a straight one stands inside or behind a word."""
    return re.sub(r"(?<=\w)'", "\u2019", text)


def language_of(tag: str) -> dict[str, Json]:
    """The language of the edition `tag` as Typst takes it: a code and a region (or null)."""
    code, region = typst_language(tag)
    return {"code": code, "region": region}


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
                "detail-url": line.detail_url,
                "logo": _picture(line.logo, pictures),
                "alt": words["alt.logo"].replace("{name}", line.text),
            }
            for line in item.lines
        ],
    }


def timestamp(date: datetime.date) -> int:
    """`date` at noon UTC, in Unix seconds: the time of the files comes from the publication, not from the clock."""
    return int(datetime.datetime(date.year, date.month, date.day, 12, tzinfo=datetime.UTC).timestamp())


def as_json(value: Json) -> bytes:
    """`value` as the templates read it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def written(fits: Fits) -> bytes:
    """`fits` as the templates read them: what is not requested is left out."""
    return as_json({key: {name: value for name, value in asdict(fit).items() if value} for key, fit in fits.items()})


def printed(files: Mapping[str, bytes], memo: Memo) -> dict[str, bytes]:
    """The work `files` by their names, each picture without what is not printed of it, in sRGB. What is converted is
    remembered."""
    convert = partial(_in_srgb, memo)
    return {name: as_printed(content, f".{name.rpartition('.')[2]}", convert) for name, content in files.items()}


def _in_srgb(memo: Memo, jpeg: bytes) -> bytes:
    inputs: dict[str, Json] = {"picture": digest(jpeg), "version": version("pillow")}
    return memo("picture", inputs, partial(in_srgb, jpeg), about=None)
