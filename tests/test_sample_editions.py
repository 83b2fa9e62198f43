"""The sample's editions: each in its own script and with its own words, and what is not translated says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from statistics import median

import building
import pikepdf
import pypdfium2
import pytest
import yaml
from building import REPOSITORY, reader
from sampled import REPORT, sample

EDITIONS = ("en", "de", "sr-Cyrl", "sr-Latn")
LATIN = re.compile(r"[A-Za-zÀ-ž]+")
CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
MIXED = re.compile(r"\w*(?:[A-Za-zÀ-ž][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-zÀ-ž])\w*")
SIGNS = ("MW", "GW", "km", "Creative Commons", "CC BY")
"""Units, and the name of a licence, which is the same everywhere."""
HOUSE = "Impressum"
ENGLISH_CHAPTERS = (
    "How to read this study",
    "Economic cooperation",
    "Political cooperation",
    "Security cooperation",
    "What remains open",
)
"""Those that the German edition does not translate."""
YEARS_APART = re.compile(r"(?<=\d{4})[a-z]\b")
"""The letter of `2024a`."""
TITLES = 27  # points: the size of the titles of chapters
pages = cache(building.pages)


@pytest.fixture(scope="module")
def root() -> Path:
    return sample()


def test_the_sample_builds_without_a_fault_or_warning(root: Path) -> None:
    report = json.loads((root.parent / REPORT).read_text(encoding="utf-8"))
    assert report["faults"] == []
    assert {f"dist/china-in-serbia-{tag}.pdf" for tag in EDITIONS} <= set(report["published"])


@pytest.mark.parametrize("tag", EDITIONS)
def test_the_language_of_an_edition_is_told_with_its_script(root: Path, tag: str) -> None:
    with pikepdf.open(root / f"dist/china-in-serbia-{tag}.pdf") as document:
        assert str(document.Root.Lang) == tag
        with document.open_metadata() as metadata:
            assert list(metadata["dc:language"]) == [tag]


def test_no_latin_word_stands_in_the_cyrillic_edition_but_for_names_signs_and_addresses(root: Path) -> None:
    allowed = (*works(), *addresses(), *marked("sr-Latn"), *kept("sr-Cyrl"), *SIGNS)
    text = without(allowed, YEARS_APART.sub("", " ".join(outside_references(root, "sr-Cyrl"))))
    assert LATIN.findall(text) == []


def test_no_cyrillic_word_stands_in_the_latin_edition(root: Path) -> None:
    assert CYRILLIC.findall(" ".join(pages(root, "china-in-serbia-sr-Latn.pdf"))) == []


@pytest.mark.parametrize("tag", EDITIONS)
def test_no_word_is_in_two_scripts(root: Path, tag: str) -> None:
    assert MIXED.findall(" ".join(pages(root, f"china-in-serbia-{tag}.pdf"))) == []


@pytest.mark.parametrize("tag", ["sr-Latn", "sr-Cyrl"])
def test_no_english_word_of_the_book_stands_in_a_serbian_edition(root: Path, tag: str) -> None:
    allowed = (*works(), *addresses(), *marked("sr-Latn"), *kept("sr-Cyrl"), HOUSE)
    assert english_in(without(allowed, " ".join(outside_references(root, tag))), tag) == []


def test_no_english_word_of_the_book_stands_in_the_german_edition_outside_the_english_chapters(root: Path) -> None:
    first, last = page_of(root, "de", "How to read this study"), page_of(root, "de", "Literatur")
    text = pages(root, "china-in-serbia-de.pdf")
    headings = [
        words.replace("'", "’")
        for chapter in chapters("en")
        for words in re.findall(r"^(?:#+ |!\[)([^{\]\n]*\w)", text_of(chapter), re.M)  # in contents and in lists
    ]
    assert english_in(without(headings, " ".join([*text[:first], text[-1]])), "de") == []
    begin = [page_of(root, "de", title) for title in ENGLISH_CHAPTERS]
    notice = words("de")["mark.untranslated"]
    assert [number for number in range(len(text)) if notice in text[number]] == begin
    assert begin[0] == first
    assert begin[-1] < last


def test_the_german_impressum_names_the_chapters_that_are_not_translated(root: Path) -> None:
    reading, *numbered = ENGLISH_CHAPTERS
    titles = "; ".join([reading, *(f"{number} {title}" for number, title in enumerate(numbered, 1))])
    assert f"{words('de')['impressum.untranslated']} {titles} " in pages(root, "china-in-serbia-de.pdf")[1]


@pytest.mark.parametrize("tag", EDITIONS)
def test_letters_of_short_titles_stand_no_closer_than_those_of_long_ones(root: Path, tag: str) -> None:
    apart: dict[str, float] = {}
    for page in list(pypdfium2.PdfDocument(root / f"dist/china-in-serbia-{tag}.pdf"))[1:]:
        text = page.get_textpage()
        size_of = partial(pypdfium2.raw.FPDFText_GetFontSize, text)
        title = [at for at in range(text.count_chars()) if round(size_of(at)) == TITLES]
        boxes = [text.get_charbox(at, loose=True) for at in title]
        gaps = [after[0] - one[2] for one, after in pairwise(boxes) if after[1] == one[1]]
        if gaps:
            apart["".join(text.get_text_range(at, 1) for at in title)] = median(gaps)
    assert len(apart) > 5
    assert max(apart.values()) - min(apart.values()) < 0.1, apart


def test_the_checks_here_find_what_they_look_for() -> None:
    assert LATIN.findall(without(["AidData", "EY"], "Kina у Србији, према AidData и EYа")) == ["Kina", "EY"]
    assert MIXED.findall("Кина, Кинa, Zijin-ова") == ["Кинa"]
    assert english_in("Figure 2 Bora. Slika 3, Table, Autorski", "sr-Latn") == ["Figure 2", "Table"]
    assert english_in("Figurine i Tablet", "sr-Latn") == []


# What stands where, and what may stand in Latin letters


def outside_references(root: Path, tag: str) -> list[str]:
    """The pages of an edition, without those of the list of references."""
    text = pages(root, f"china-in-serbia-{tag}.pdf")
    return [*text[: page_of(root, tag, words(tag)["references"])], text[-1]]


def page_of(root: Path, tag: str, title: str) -> int:
    """The index of the page on which the chapter `title` begins, by its bookmark."""
    return next(number for name, number in bookmarks(root, tag) if name.endswith(title))


@cache
def bookmarks(root: Path, tag: str) -> list[tuple[str, int]]:
    """The titles of the chapters of an edition, and the indexes of their pages."""
    document = reader(root, f"china-in-serbia-{tag}.pdf")
    marks = [mark for mark in document.outline if not isinstance(mark, list)]
    return [(str(mark.title), document.get_destination_page_number(mark) or 0) for mark in marks]


def without(phrases: Iterable[str], text: str) -> str:
    """`text` without `phrases`, which may go over the end of a line or have a word divided."""
    text = text.replace("\ufffe", "")
    written = sorted(set(phrases), key=len, reverse=True)
    pattern = "|".join(r"\s*".join(re.escape(sign) for sign in phrase if sign != " ") for phrase in written)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", " ", text)


def works() -> list[str]:
    """The names by which works are cited."""
    cited: list[str] = []
    for line in re.findall(r"^ *(?:author|editor) *= *\{(.*)\},$", text_of("bib/references.bib"), re.MULTILINE):
        body = re.fullmatch(r"\{(.*)\}", line)  # in braces of its own: one name, whatever words it has
        cited += [body[1]] if body else [person.partition(",")[0] for person in line.split(" and ")]
    assert cited
    return [form for one in cited for form in (one, one.replace("'", "’"))]


def addresses() -> list[str]:
    """Addresses as they are printed."""
    texts = [text_of("bib/references.bib"), *map(text_of, chapters("sr-Latn"))]
    found = {one for text in texts for one in re.findall(r"https?://[^\s<>{}]+", text)}
    printed = {re.sub(r"^https?://(?:www\.)?|/$", "", one.rstrip(",.")) for one in found}
    return [*printed, "https://creativecommons.org/licenses/by/4.0/deed.sr-latn"]


def marked(tag: str) -> list[str]:
    """The words of other languages that the chapters of an edition mark as such."""
    return [words for path in chapters(tag) for words in re.findall(r"\[([^][]+)\]\{lang=", text_of(path))]


def kept(tag: str) -> list[str]:
    """The words that a twin keeps."""
    return list(yaml.safe_load(text_of(f"chapters/{tag}/edition.yaml"))["transliteration"]["keep"])


def english_in(text: str, tag: str) -> list[str]:
    """The words of the English book that differ from those of `tag`, as they stand in `text`."""
    english, own = words("en"), words(tag)
    labels = sorted({value for key, value in english.items() if LATIN.search(value) and value != own[key]}, key=len)
    written = (
        "".join(r"\S+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", label))
        for label in reversed(labels)
    )
    return re.findall(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)".replace("\u00a0", r"\s"), text)


def words(tag: str) -> Mapping[str, str]:
    """The words that the book itself prints."""
    said = yaml.safe_load(text_of(f"impressum/templates/words/{tag}.yaml"))
    return {key: str(value) for key, value in said.items()}


def chapters(tag: str) -> list[str]:
    return [path.relative_to(REPOSITORY).as_posix() for path in sorted((REPOSITORY / f"chapters/{tag}").glob("*.md"))]


def text_of(path: str) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")
