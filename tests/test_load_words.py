"""Ensures that the book's words are there in its language, from the package or the publication, never in English."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from load_sources import PUBLICATION, told, write

from impressum.core.errors import Faults
from impressum.stages.load.words import read_words


def words_of(root: Path, tag: str, own: dict[str, str] | None = None) -> tuple[dict[str, str], list[str]]:
    workspace = write(root, {f"templates/words/{name}.yaml": text for name, text in (own or {}).items()})
    faults = Faults()
    words = read_words(workspace, tag, faults)
    return dict(words), [str(fault) for fault in faults.all()]


@pytest.mark.parametrize(
    ("tag", "contents"),
    [
        ("en", "Contents"),
        ("en-GB", "Contents"),
        ("sr-Latn", "Sadržaj"),
        ("sr-Latn-RS", "Sadržaj"),
        ("sr", "Садржај"),
        ("sr-RS", "Садржај"),
        ("de-AT", "Inhalt"),
    ],
)
def test_a_tag_falls_back_to_its_language_in_its_script(tmp_path: Path, tag: str, contents: str) -> None:
    words, faults = words_of(tmp_path, tag)
    assert faults == []
    assert words["contents"] == contents


def test_a_publication_replaces_words_one_by_one_flat_or_nested(tmp_path: Path) -> None:
    own = {"de": "contents: Übersicht\nref:\n  page: Seite {number}\n", "de-AT": "contents: Inhaltsübersicht\n"}
    words, faults = words_of(tmp_path, "de-AT", own)
    assert faults == []
    assert (words["contents"], words["ref.page"]) == ("Inhaltsübersicht", "Seite {number}")
    assert words["abstract"]


def test_the_words_of_a_house_are_below_those_of_the_publication(tmp_path: Path) -> None:
    house = {"de": "contents: Übersicht\nabstract: Kurz gesagt\n", "de-AT": "notes: Fußnoten\nbooks: Bücher\n"}
    for name, text in house.items():
        (tmp_path / "house" / "words").mkdir(parents=True, exist_ok=True)
        (tmp_path / "house" / "words" / f"{name}.yaml").write_text(text, encoding="utf-8")
    workspace, faults = write(tmp_path / "one", {"templates/words/de.yaml": "contents: Was darin ist\n"}), Faults()
    words = read_words(workspace, "de-AT", faults, "../house")
    assert (words["contents"], words["abstract"], words["notes"]) == ("Was darin ist", "Kurz gesagt", "Fußnoten")
    assert [str(fault.place) for fault in faults.all()] == ["../house/words/de-AT.yaml:2:1"]
    assert read_words(workspace, "de-AT", faults)["abstract"] != words["abstract"]


def test_a_house_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    for name, lines in (("house", []), ("haus", [MISSING_HOUSE])):
        assert told(tmp_path / "one", {"publication.yaml": f"{PUBLICATION}house: ../{name}\n"}) == lines


MISSING_HOUSE = (
    "publication.yaml:4:8: error: the folder of the house, `../haus`, is not there [house-missing]\n"
    "  hint: paths are relative to the folder of publication.yaml; mind upper and lower case"
)


def test_a_word_that_the_book_does_not_print_is_told_with_the_nearest(tmp_path: Path) -> None:
    _, faults = words_of(tmp_path, "en", {"en": "contens: Summary\n"})
    assert faults == [
        (
            "templates/words/en.yaml:1:1: error: the book prints no word `contens`; did you mean `contents`? "
            "[words-unknown]\n  hint: take it out, or use one of the keys of the English words"
        )
    ]


def test_a_title_of_the_book_that_is_empty_is_told(tmp_path: Path) -> None:
    _, faults = words_of(tmp_path, "en", {"en": "contents: ''\nindex:\n  title: ' '\nnumber.group: ''\n"})
    hint = "  hint: write the title; to have the usual one of the language, take the line out"
    assert faults == [
        f"templates/words/en.yaml:1:1: error: the title `contents` has no words [words-missing]\n{hint}",
        f"templates/words/en.yaml:3:3: error: the title `index.title` has no words [words-missing]\n{hint}",
    ]


def test_a_word_given_flat_and_nested_names_both_lines(tmp_path: Path) -> None:
    _, faults = words_of(tmp_path, "en", {"en": "ref.page: p.\nref:\n  page: page\n"})
    assert faults == [
        (
            "templates/words/en.yaml:3:3: error: key `ref.page` already given on line 1 [yaml-duplicate-key]\n"
            "  hint: keep one of the two"
        )
    ]


def test_a_list_of_words_is_told(tmp_path: Path) -> None:
    _, faults = words_of(tmp_path, "en", {"en": "contents: [a, b]\n"})
    assert faults == [
        "templates/words/en.yaml:1:11: error: `contents` must be text, not a list [yaml-type]\n  hint: write one text"
    ]


def test_a_language_without_words_names_those_there_are(tmp_path: Path) -> None:
    words, faults = words_of(tmp_path, "pt")
    there = sorted(file.name[:-5] for file in files("impressum").joinpath("templates/words").iterdir())
    assert words == {}
    assert faults == [
        (
            f"chapters/pt: error: there are no words for the language `pt`; there are: {', '.join(there)} "
            "[words-language]\n"
            "  hint: write them in `templates/words/pt.yaml`, with the keys of the English ones"
        )
    ]


def test_a_language_of_the_publications_own_must_have_every_word(tmp_path: Path) -> None:
    english = files("impressum").joinpath("templates/words/en.yaml").read_text(encoding="utf-8")
    assert words_of(tmp_path / "whole", "pt", {"pt": english})[1] == []
    lines = [line for line in english.splitlines() if not line.startswith(("contents:", "abstract:"))]
    assert words_of(tmp_path / "part", "pt", {"pt": "\n".join(lines)})[1] == [
        (
            "templates/words/pt.yaml: error: the language `pt` lacks 2 words: `contents`, `abstract` [words-missing]\n"
            "  hint: add them to `templates/words/pt.yaml`; the English ones show what each is for"
        )
    ]


def test_every_language_of_the_package_has_every_word(tmp_path: Path) -> None:
    for file in files("impressum").joinpath("templates/words").iterdir():
        assert words_of(tmp_path, file.name.removesuffix(".yaml"))[1] == []


def test_every_word_is_printed_or_is_a_single_word_for_chapters(tmp_path: Path) -> None:
    package = Path(str(files("impressum")))
    sources = [file for name in ("**/*.py", "templates/book/*.typ") for file in package.glob(name)]
    code = "\n".join(source.read_text(encoding="utf-8") for source in sources).replace("'", '"')
    families = tuple(re.findall(r'f"((?:\w+\.)+)\{', code))
    singles = "abstract keywords notes sources figure table equation page pages chapter part appendix section".split()
    words, _ = words_of(tmp_path, "en")
    used = {key for key in words if f'"{key}"' in code or f"words.{key}" in code or key.startswith(families)}
    assert words.keys() - used - set(singles) == set()
