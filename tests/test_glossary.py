"""`glossary.csv`: what is wrong in it, and what in an edition is not as it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import built_copy, impressum, replace
from handing import publication
from hypothesis import given
from hypothesis import strategies as st

from impressum.core.errors import Faults
from impressum.pipeline.unchanged import see
from impressum.stages.load.publication import read_publication
from impressum.system.cache import Memo
from impressum.system.workspace import Workspace
from impressum.translation.handoff.cutting import cut
from impressum.translation.handoff.glossary_check import check_glossary
from impressum.translation.handoff.terms import Terms, is_plain, is_there, is_written, read_words, words_of
from impressum.translation.passages import passages

ENGLISH = "# The loan {#sec-loan}\n\nHuawei gave a loan.[^a]\n\nTwo loans\nwere paid.\n\n[^a]: A note by Huawei.\n"
GERMAN = (
    "# Das Darlehen {#sec-loan}\n\nHuawei gab ein Darlehen.[^a]\n\nZwei Darlehen\nwurden bezahlt.\n\n"
    "[^a]: Eine Anmerkung von Huawei.\n"
)
GLOSSARY = "term,de,forbidden-de,do-not-translate,note\nloan,Darlehen,Kredit|Anleihe,,as the bank says\nHuawei,,,yes,\n"


def faults_of(root: Path, glossary: str, german: str = GERMAN, english: str = ENGLISH) -> str:
    """What is said of the German edition of a publication with this glossary."""
    texts = {"glossary.csv": glossary, "chapters/de/01-start.md": german}
    publication(root, english, **texts)
    faults = Faults()
    check_glossary(Workspace(root), "en", ["en", "de"], Memo(root / "memo"), faults)
    return "\n".join(str(fault) for fault in faults.all())


def test_a_translation_that_keeps_to_the_glossary_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GLOSSARY) == ""
    assert faults_of(tmp_path, "\ufeff" + GLOSSARY.replace(",", ";")) == ""


def test_a_forbidden_word_is_named_where_it_stands(tmp_path: Path) -> None:
    german = GERMAN.replace("Zwei Darlehen\nwurden", "Es gab Darlehen, und zwei\nKredite wurden")
    assert faults_of(tmp_path, GLOSSARY, german) == (
        "chapters/de/01-start.md:6:1: error: the glossary forbids `Kredite` for `loan` [glossary-forbidden]\n"
        "  hint: write `Darlehen`"
    )


def test_a_forbidden_word_within_the_right_one_is_no_fault(tmp_path: Path) -> None:
    glossary = "term,de,forbidden-de\nloan,Staatskredit|großer Kredit,Kredit\n"
    german = GERMAN.replace("Darlehen", "großer Kredit")
    assert faults_of(tmp_path, glossary, german) == ""


def test_a_forbidden_word_of_the_source_edition_is_named_too(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "term,forbidden-en\ndebt,loan\n", english="# A loan\n") == (
        "chapters/en/01-start.md:1:5: error: the glossary forbids `loan` for `debt` [glossary-forbidden]\n"
        "  hint: see glossary.csv:2:1"
    )


def test_a_name_that_is_lost_is_named_at_its_passage(tmp_path: Path) -> None:
    german = GERMAN.replace("von Huawei", "der Firma")
    assert faults_of(tmp_path, GLOSSARY, german) == (
        "chapters/de/01-start.md:8: error: `Huawei` is in the source of this passage, and not in its translation "
        "[glossary-lost]\n"
        "  hint: the glossary says that it is not translated: write it as it is"
    )


def test_a_name_may_take_an_ending_or_the_form_that_the_edition_gives_it(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GLOSSARY, GERMAN.replace("von Huawei", "Huaweis")) == ""
    glossary = GLOSSARY.replace("Huawei,,", "Huawei,Firma HW,")
    assert faults_of(tmp_path, glossary, GERMAN.replace("von Huawei", "der Firma HW")) == ""


def test_a_name_may_be_marked_as_one_of_another_language(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GLOSSARY, GERMAN.replace("von Huawei", "von [Huawei]{lang=zh-Latn}")) == ""


def test_a_term_that_is_called_otherwise_is_a_warning(tmp_path: Path) -> None:
    german = GERMAN.replace("Zwei Darlehen", "Zwei davon")
    assert faults_of(tmp_path, GLOSSARY, german) == (
        "chapters/de/01-start.md:5: warning: `loan` is not called `Darlehen` in this passage [glossary-term]\n"
        "  hint: use the glossary's word, or add yours to it (glossary.csv:2:1)"
    )


def test_code_addresses_other_languages_and_what_is_not_translated_are_left_alone(tmp_path: Path) -> None:
    english = "`loan` <https://example.org/loan> [loan]{lang=fr}\n\nA loan.\n"
    german = "`Kredit` <https://example.org/Kredit> [Kredit]{lang=fr}\n\n::: untranslated\nA loan.\n:::\n"
    assert faults_of(tmp_path, GLOSSARY, german, english) == ""


CHAPTERS = {
    "chapters/de/01-start.md": GERMAN,
    "chapters/fr/01-start.md": "# Le prêt\n\nHuawei a donné un prêt.\n",
    "chapters/en/02-end.md": "# The end\n\nThe loan ended.\n",
    "chapters/de/02-end.md": "# Das Ende\n\nDas Darlehen endete.\n",
    "chapters/fr/02-end.md": "# La fin\n\nLe prêt finit.\n",
    "glossary.csv": "term,de,fr,forbidden-en,do-not-translate\nloan,Darlehen,prêt,credit,\nHuawei,,,,yes\n",
}


@pytest.mark.parametrize(
    ("path", "old", "new", "compared"),
    [
        ("bib/references.bib", "", "", {}),
        ("chapters/de/02-end.md", "endete", "lief aus", {"glossary-all": 1, "glossary": 1, "glossary-words": 1}),
        ("chapters/en/01-start.md", "gave", "made", {"glossary-all": 1, "glossary": 3, "glossary-words": 1}),
        ("glossary.csv", "prêt", "prêt|crédit", {"glossary-all": 1, "glossary": 2}),
    ],
)
def test_only_what_has_changed_is_read_and_compared_again(
    path: str, old: str, new: str, compared: dict[str, int], tmp_path: Path
) -> None:
    root = publication(tmp_path, ENGLISH, **CHAPTERS)
    everything = Memo(root / "memo")
    check_glossary(Workspace(root), "en", ["en", "de", "fr"], everything, Faults())
    assert everything.ran == {"glossary-all": 1, "glossary": 6, "glossary-words": 6}

    file = root / path
    if old:
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    again, faults, afresh = Memo(root / "memo"), Faults(), Faults()
    check_glossary(Workspace(root), "en", ["en", "de", "fr"], again, faults)
    assert again.ran == compared
    check_glossary(Workspace(root), "en", ["en", "de", "fr"], Memo(root / "empty"), afresh)
    assert faults.all() == afresh.all()


def test_the_words_of_a_chapter_come_with_the_lines_of_their_passages() -> None:
    rows = json.loads(read_words("# The *loan*\n\nAnother **word** here.\n\n\nHuawei.[^a]\n"))
    assert [(row[1], row[4][0]) for row in rows] == [(1, "The loan"), (3, "Another word here."), (6, "Huawei. ")]


LETTERS = st.sampled_from([*"aŠж9.,;:?!()'-–’”_#*`[]@<&$\\ \n", "e\u0301", "\u00a0", "  ", "http://a.b", "1. ", "\n\n"])


@given(st.lists(LETTERS, max_size=20).map("".join))
def test_a_paragraph_without_a_sign_says_what_stands_there(text: str) -> None:
    for passage in passages(f"a{text}"):
        if passage.kind == "paragraph" and is_plain(passage.text):
            assert [segment.parts for segment in cut(passage).segments] == [(passage.text.replace("\n", " "),)]


@pytest.mark.parametrize(
    ("glossary", "expected"),
    [
        (
            "Term,de\nloan,Darlehen\n",
            (
                "glossary.csv:1: error: the glossary has no column `term` [glossary-column]\n"
                "  hint: name the column that has the terms of the source `term`\n"
                "glossary.csv:1:1: error: the glossary has no column `Term`; did you mean `term`? [glossary-column]\n"
                "  hint: columns: term, do-not-translate, note, de, en, forbidden-de, forbidden-en"
            ),
        ),
        (
            "term,fr\nloan,prêt\n",
            (
                "glossary.csv:1:6: error: the glossary has no column `fr` [glossary-column]\n"
                "  hint: columns: term, do-not-translate, note, de, en, forbidden-de, forbidden-en"
            ),
        ),
        (
            "term,de\n,Darlehen\n",
            (
                "glossary.csv:2:1: error: the row has no term [glossary-row]\n"
                "  hint: write the term as the source has it"
            ),
        ),
        (
            "term,de\nloan,Darlehen\nLoan,Kredit\n",
            (
                "glossary.csv:3:1: error: `Loan` is a term already in line 2 [glossary-row]\n"
                "  hint: put both into one row, with `|` between words that may both be used"
            ),
        ),
        (
            "term,do-not-translate\nloan,maybe\n",
            (
                "glossary.csv:2:6: error: `do-not-translate` is `maybe` [glossary-row]\n"
                "  hint: write `yes`, or `no`, or leave it empty"
            ),
        ),
        (
            "term,de,forbidden-de\nloan,Darlehen,Kredit|Darlehen\n",
            (
                "glossary.csv:2:15: error: `Darlehen` is both used and forbidden [glossary-row]\n"
                "  hint: take it out of one of the two columns"
            ),
        ),
        (
            "term,de\nloan,Darlehen,Kredit\n",
            (
                "glossary.csv:2:15: error: the row has 3 cells, and the glossary 2 columns [glossary-row]\n"
                "  hint: put a cell that holds the sign between cells into quotes"
            ),
        ),
    ],
)
def test_what_is_wrong_in_the_glossary_is_named_at_its_cell(tmp_path: Path, glossary: str, expected: str) -> None:
    said = faults_of(tmp_path, glossary)
    assert expected in said
    assert said.count("glossary.csv:") == expected.count("glossary.csv:")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Srbija", "u Srbiji"),
        ("ugovor", "ugovorima"),
        ("Vertrag", "mehrere Verträge"),
        ("spoljna politika", "spoljnoj politici"),
        ("Handel", "der Außenhandel"),
        ("зајам", "зајма"),
        ("reč", "rečima"),
        ("Европска унија", "Европској унији"),
        ("貿易", "中國的貿易很大"),
    ],
)
def test_a_term_is_recognised_in_the_forms_of_its_language(term: str, text: str) -> None:
    assert is_there(term, text)


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("loan", "two loans", True),
        ("loan", "a loaner", True),
        ("kredit", "kreditima", True),
        ("tablica", "tablicom", True),
        ("Kredit", "Kreditkarte", False),
        ("red", "reduction", False),
        ("typography", "typographic", False),
        ("Novi Sad", "Novi Sad", True),
        ("Novi Sad", "Novi grad", False),
    ],
)
def test_a_forbidden_word_is_found_with_endings_and_not_in_other_words(term: str, text: str, stands: bool) -> None:
    assert bool(Terms([term]).occurrences(words_of(text))) is stands


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("HBIS", "of HBIS.", True),
        ("HBIS", "HBIS", True),
        ("HBIS", "the HBIS-owned mill", True),
        ("HBIS", "HBISova, then HBIS", True),
        ("HBIS", "HBISova", False),
        ("HBIS", "xHBIS", False),
        ("HBIS", "HBIS_2", False),
        ("HBIS", "of hbis", False),
    ],
)
def test_a_name_is_written_as_it_is_and_not_within_a_word(term: str, text: str, stands: bool) -> None:
    assert is_written(term, text) is stands


def test_check_tells_of_it(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "minimal")
    (root / "glossary.csv").write_text("term,forbidden-en\npaper,report\n", encoding="utf-8")
    ran = impressum(root, "check")
    assert ran.code == 1
    assert "the glossary forbids `report` for `paper` [glossary-forbidden]" in ran.faults


FORM = "must be the path of a table (`.csv`) from the folder of publication.yaml, with `/` between its parts"
SHARED = "term,de,sr-Latn,forbidden-de\nloan,Kredit,zajam,Darlehen\nnote,Anmerkung,napomena,Notiz\n"


def test_a_shared_glossary_is_read_where_it_is_and_the_own_one_prevails(tmp_path: Path) -> None:
    """Ensures that it may have languages that this publication has not."""
    root = tmp_path / "one"
    publication(root, ENGLISH, **{"glossary.csv": GLOSSARY, "chapters/de/01-start.md": GERMAN})
    (tmp_path / "house").mkdir()
    (tmp_path / "house/terms.csv").write_text(SHARED, encoding="utf-8")
    faults = Faults()

    def check() -> list[str]:
        check_glossary(Workspace(root), "en", ["en", "de"], Memo(root / "memo"), faults, shared="../house/terms.csv")
        return [str(one) for one in faults.all()]

    assert check() == []
    replace(root / "chapters/de/01-start.md", "Eine Anmerkung", "Eine Notiz")
    assert check()[-1] == (
        "chapters/de/01-start.md:8:12: error: the glossary forbids `Notiz` for `note` [glossary-forbidden]\n"
        "  hint: write `Anmerkung`"
    )
    (tmp_path / "house/terms.csv").unlink()
    assert check()[-1] == (
        "publication.yaml: error: the shared glossary `../house/terms.csv` is not there [glossary-missing]\n"
        "  hint: paths are relative to the folder of publication.yaml; mind upper and lower case"
    )


def test_a_build_that_has_nothing_to_do_sees_that_the_shared_glossary_has_changed(tmp_path: Path) -> None:
    root = publication(tmp_path / "one", ENGLISH, **{"chapters/de/01-start.md": GERMAN})
    replace(root / "publication.yaml", "title:", 'glossary: "../terms.csv"  # of the house\ntitle:')
    (tmp_path / "terms.csv").write_text(SHARED, encoding="utf-8")
    before = see(Workspace(root)).state
    assert see(Workspace(root)).state == before
    (tmp_path / "terms.csv").write_text(SHARED.replace("Notiz", "Fußnote"), encoding="utf-8")
    assert see(Workspace(root)).state != before


@pytest.mark.parametrize("path", ["/etc/terms.csv", "../../.ssh/id_rsa", "C:/terms.csv", "~/terms.csv"])
def test_a_shared_glossary_is_a_table_by_a_path_from_the_publication(path: str, tmp_path: Path) -> None:
    root = publication(tmp_path, ENGLISH)
    replace(root / "publication.yaml", "title:", f"glossary: {path}\ntitle:")
    faults = Faults()
    read_publication(Workspace(root), faults)
    assert [(one.place.line, one.message) for one in faults.errors()] == [(1, f"`glossary` {FORM}, not `{path}`")]
