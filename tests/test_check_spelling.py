"""`check --spelling`: what it finds, what it excepts, and which dictionaries it reads."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from building import impressum
from load_sources import PUBLICATION, write

from impressum.checks.spelling import Written, check_spelling, words_of_text
from impressum.checks.spelling.dictionaries import Dictionary, find_dictionary, package_of
from impressum.core.errors import Faults, Faulty, Place
from impressum.system.cache import Memo

pytest.importorskip("spylls", reason="the package that reads dictionaries is not installed")

ENGLISH = "the river flows to sea and receives water from bridge/S it's trade/S a of is well-known"
GERMAN = "die der Brücke Wasser/C Fluss fluss/C fließt zum Meer und"
SERBIAN = "река тече ка мору и прима воду његова инјекција"
AFF = "SET UTF-8\nTRY abcdefghijklmnopqrstuvwxyz\nSFX S Y 1\nSFX S 0 s .\nCOMPOUNDFLAG C\n"


def dictionary(folder: Path, name: str, words: str, aff: str = AFF) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    listed = words.split()
    (folder / f"{name}.dic").write_text("\n".join([str(len(listed)), *listed]), encoding="utf-8")
    (folder / f"{name}.aff").write_text(aff, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "dictionaries"
    for name, words in (("en_US", ENGLISH), ("de_DE", GERMAN), ("sr_RS", SERBIAN)):
        dictionary(folder, name, words)
    return folder


def _beginning(path: str, _: str) -> Place:
    return Place(path, 1)


def found(folder: Path, *texts: tuple[str, str], excepted: frozenset[str] = frozenset()) -> list[str]:
    """The misspelt words of `texts`, each in the language of its tag, with their hints."""
    faults = Faults()
    files: dict[str, list[Written]] = {}
    for number, (tag, text) in enumerate(texts, 1):
        path = f"{number}.md"
        files[path] = list(words_of_text(text, tag, partial(_beginning, path), is_title=False))
    dictionaries = {tag: find_dictionary(tag, [folder]) for tag, _ in texts}
    check_spelling(files, dictionaries, lambda _: excepted, Memo(folder / "memo"), faults)
    return [f"{fault.message.split('`')[1]} -> {fault.hint.partition(';')[0]}" for fault in faults.all()]


def test_a_word_is_found_with_what_was_meant(folder: Path) -> None:
    assert found(folder, ("en", "The river recieves water.")) == ["recieves -> write `receives`"]


def test_a_compound_that_german_does_not_join_so_is_found(folder: Path) -> None:
    right, wrong = "Der Wasserfluss fließt.", "Die Wasserbruecke fließt."
    assert found(folder, ("de", right)) == []
    assert found(folder, ("de", wrong))[0].startswith("Wasserbruecke -> ")


def test_both_scripts_of_serbian_are_read_by_the_dictionary_of_one(folder: Path) -> None:
    assert found(folder, ("sr-Cyrl", "Река тече ка мроу.")) == ["мроу -> write `мору`"]
    assert found(folder, ("sr-Latn", "Reka teče ka mrou. Njegova injekcija prima vodu.")) == ["mrou -> write `moru`"]


def test_names_acronyms_numbers_addresses_and_parts_of_compounds_are_let_pass(folder: Path) -> None:
    text = (
        "The river Quilpa flows to Quilpa and MiG and BDP-a; see www.exmple.org and a@exmple.org, the 3rd trade's "
        "bridge, the Zzzz-trade. Quilpas water."
    )
    assert found(folder, ("en", text.replace("; see", " and").replace("3rd ", ""))) == []


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name(folder: Path) -> None:
    assert found(folder, ("en", "Brigde and sea.")) == ["Brigde -> write `Bridge`"]


def test_a_name_that_stands_once_and_is_a_letter_from_another_is_found(folder: Path) -> None:
    text = "The river Quilpama and Quilpama flows to Quipama and to Quilpamas."
    assert found(folder, ("en", text)) == ["Quipama -> write `Quilpama`"]


def test_a_noun_of_german_is_a_name_where_another_edition_has_it_as_one(folder: Path) -> None:
    german = "Die Brücke und die Quilpa."
    assert [one.partition(" ")[0] for one in found(folder, ("de", german))] == ["Quilpa"]
    assert found(folder, ("de", german), ("en", "The river Quilpa flows.")) == []


def test_a_name_that_the_dictionary_of_the_source_has_is_right_in_its_translations(tmp_path: Path) -> None:
    dictionary(tmp_path, "en_US", "the river flows to of Belgrade march")
    dictionary(tmp_path, "de_DE", GERMAN)
    german = ("de", "Belgrade und March.")
    assert [one.partition(" ")[0] for one in found(tmp_path, german, ("en", "March flows. Belgrade flows."))] == [
        "March"
    ]
    assert [one.partition(" ")[0] for one in found(tmp_path, german)] == ["Belgrade", "March"]


def test_the_names_of_the_source_count_where_a_translation_is_checked_alone(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "publication.yaml": PUBLICATION + "authors: [{name: Anna Tauber}]\n",
            "chapters/en/01-start.md": "# The river\n\nThe river Quilpa flows to teh sea.\n",
            "chapters/de/01-start.md": "# Der Fluss\n\nDie Quilpa fließt zum Mehr und Tauber.\n",
            "chapters/de/edition.yaml": "title: Fluss\n",
        },
    ).root
    dictionary(root / "templates" / "dictionaries", "en", ENGLISH)
    dictionary(root / "templates" / "dictionaries", "de", GERMAN + " der")
    ran = impressum(root, "check", "--spelling", "--edition", "de")
    assert [line.split("`")[1] for line in ran.stderr.splitlines() if "[spelling]" in line] == ["Mehr"]


@pytest.mark.parametrize(
    ("tag", "excepted", "text"),
    [("en", "glimmer", "The glimmer and glimmers."), ("sr-Latn", "zajam", "Reka i zajam, zajmova i zajmom.")],
)
def test_words_of_the_glossary_may_have_endings(folder: Path, tag: str, excepted: str, text: str) -> None:
    left = found(folder, (tag, text), excepted=frozenset({excepted}))
    assert [one.partition(" ")[0] for one in left] == (["zajmom", "zajmova"] if tag == "sr-Latn" else [])


@pytest.mark.parametrize(
    ("tag", "files", "expected"),
    [
        ("en", ("en_US", "en_GB", "en_AU"), "en_US, en_GB"),
        ("en-GB", ("en_US", "en_GB"), "en_GB"),
        ("en", ("en", "en_US"), "en"),
        ("de", ("de_DE_frami", "de_AT"), "de_DE_frami"),
        ("sr-Latn", ("sr", "sr-Latn"), "sr-Latn"),
        ("sr-Latn", ("sr_RS",), "sr_RS"),
        ("sr-Cyrl", ("sr_Latn_RS", "sr_RS"), "sr_RS"),
        ("fr", ("fr",), "fr"),
        ("hr", ("sr_RS",), None),
    ],
)
def test_the_dictionary_of_a_language_is_found_by_its_name(
    tmp_path: Path, tag: str, files: tuple[str, ...], expected: str | None
) -> None:
    for name in files:
        dictionary(tmp_path, name, "word")
    made = find_dictionary(tag, [tmp_path / "none", tmp_path])
    assert (made and made.name) == expected


def test_packages_have_the_names_that_debian_gives_them() -> None:
    tags = ("de", "de-AT", "en", "pt-BR", "sr-Latn", "hr")
    packages = ["hunspell-de-de", "hunspell-de-at", "hunspell-en-us", "hunspell-pt-br", "hunspell-sr", "hunspell-hr"]
    assert list(map(package_of, tags)) == packages


def test_a_file_that_is_no_dictionary_is_told(tmp_path: Path) -> None:
    dictionary(tmp_path, "en_US", "word", aff="SET nothing\n")
    with pytest.raises(Faulty) as raised:
        Dictionary((tmp_path / "en_US.dic",)).has("word")
    assert str(raised.value.faults[0]).startswith(
        f"{tmp_path.as_posix()}/en_US.dic: error: the dictionary cannot be read"
    )


CHAPTER = """\
# The Rvier

The river recieves water from @miller, `codee`, $x_{sea}$ and <https://exmple.org>.
The river recieves water,[^n] [Fluss und Mehr]{lang=de}, [fleuve inconnu]{lang=fr} and glimmer.

{## allow spelling: how it is spoken ##}
The watter flows.

[^n]: The „brigde“ of Tauber.
"""


def test_chapters_and_yaml_files_are_checked_by_the_language_of_each_passage(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "publication.yaml": PUBLICATION.replace("Rivers", "The River Trdae")
            + "authors: [{name: Anna Tauber}]\nimpressum: {disclaimer: The water is a rvier.}\nnocite: all\n",
            "chapters/en/01-start.md": CHAPTER,
            "glossary.csv": "term;de\nglimmer;Schimmer\n",
            "bib/references.bib": "@book{miller, author={Ann Miller}, title={Bridges}, year=2001, publisher={X}}\n",
            "templates/dictionaries/en.txt": "# ours\nflows\n",
        },
    ).root
    dictionary(root / "templates" / "dictionaries", "en", ENGLISH)
    dictionary(root / "templates" / "dictionaries", "de", GERMAN)
    told = [line for line in impressum(root, "check", "--spelling").stderr.splitlines() if "[spelling]" in line]
    twice = "; it stands here 2 times"
    assert told == [
        "chapters/en/01-start.md:1:7: warning: `Rvier` is not in the dictionary of `en` (en) [spelling]",
        f"chapters/en/01-start.md:3:11: warning: `recieves` is not in the dictionary of `en` (en){twice} [spelling]",
        "chapters/en/01-start.md:4:42: warning: `Mehr` is not in the dictionary of `de` (de) [spelling]",
        "chapters/en/01-start.md:9:12: warning: `brigde` is not in the dictionary of `en` (en) [spelling]",
        "publication.yaml:1:18: warning: `Trdae` is not in the dictionary of `en` (en) [spelling]",
        "publication.yaml:5:40: warning: `rvier` is not in the dictionary of `en` (en) [spelling]",
    ]


def test_a_language_without_a_dictionary_is_told_where_the_publication_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impressum.pipeline.spelling.system_folders", tuple)
    root = write(tmp_path, {"publication.yaml": PUBLICATION}).root
    ran = impressum(root, "check", "--spelling")
    assert ran.code == 1
    assert (
        "publication.yaml:2:11: error: there is no dictionary of `en`, so the spelling of this edition is not checked "
        "[dictionary-missing]\n"
        "  hint: install one (Debian: `hunspell-en-us`), or put its files into `templates/dictionaries/` as `en.dic` "
        "and `en.aff`; LibreOffice brings some, which are found\n"
    ) in ran.stderr
    assert "dictionary" not in impressum(root, "check").stderr


def test_a_stranger_brings_no_dictionaries(tmp_path: Path) -> None:
    ran = impressum(write(tmp_path, {"publication.yaml": PUBLICATION}).root, "check", "--spelling", "--untrusted")
    assert (ran.code, ran.stderr.splitlines()[-1]) == (
        2,
        "impressum: a stranger's dictionaries are not read: leave out `--spelling`",
    )
