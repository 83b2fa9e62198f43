"""A Serbian edition in Latin script: what citeproc says in Cyrillic is put into Latin, what authors wrote stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from building import impressum, pages

from impressum.convert.script import in_latin, terms_in_latin

BIBLIOGRAPHY = """
@book{one, author = {Perić, Ana and Marić, Jovan and Jović, Petar and Lukić, Vera},
  title = {Границе и мостови}, year = {2019}, publisher = {Primer}, edition = {3}}
"""


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("и остали", "i ostali"),
        ("Уредио", "Uredio"),
        ("Љубав и ЊЕГОШ", "Ljubav i NJEGOŠ"),
        ("џеп, ђак, ћирилица", "džep, đak, ćirilica"),
        ("У", "U"),
    ],
)
def test_serbian_letters_are_put_into_latin_one_for_one(cyrillic: str, latin: str) -> None:
    assert in_latin(cyrillic) == latin


def test_words_of_the_bibliography_and_of_the_text_stay() -> None:
    cite = {"t": "Cite", "c": [[], [{"t": "Str", "c": "остали"}, {"t": "Str", "c": "Границе"}]]}
    tree = [{"t": "Para", "c": [{"t": "Str", "c": "остали"}, cite]}]
    terms_in_latin(tree, "title = {Границе}", inside=False)
    assert tree[0]["c"] == [
        {"t": "Str", "c": "остали"},
        {"t": "Cite", "c": [[], [{"t": "Str", "c": "ostali"}, {"t": "Str", "c": "Границе"}]]},
    ]


def test_the_references_of_a_latin_edition_are_in_latin_but_for_cyrillic_titles(tmp_path: Path) -> None:
    for tag, title, words in (("en", "One", "See [@one]."), ("sr-Latn", "Jedan", "Vidi [@one].")):
        folder = tmp_path / "chapters" / tag
        folder.mkdir(parents=True)
        (folder / "01-one.md").write_text(f"# {title}\n\n{words}\n", encoding="utf-8")
    (tmp_path / "publication.yaml").write_text("title: Short\nlanguage: en\ndate: 2025-01-31\n", encoding="utf-8")
    (tmp_path / "bib").mkdir()
    (tmp_path / "bib" / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    ran = impressum(tmp_path, "build", "--edition", "sr-Latn")
    assert (ran.code, ran.faults) == (0, "")
    text = " ".join(pages(tmp_path, "short-sr-Latn.pdf"))
    assert "Perić i ostali 2019" in text
    cyrillic = {word for word in text.split() if any("\u0400" <= letter <= "\u04ff" for letter in word)}
    assert cyrillic == {"Границе", "и", "мостови."}
    shutil.rmtree(tmp_path / "dist")
