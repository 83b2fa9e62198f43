"""Names of the source that a translation misspells, writes without accents, or has exchanged between two passages."""

from __future__ import annotations

import pytest
from parity_chapters import chapter, compared

from impressum.checks.parity.names import _has, _misspelt, _without_accents

EN, SR = "chapters/en/01-rivers.md", "chapters/sr-Latn/01-rivers.md"
SOURCE = (
    "# Rivers\n\nThe loan of Huawei to the city grew.\n\nIn 2012 the company Zijin bought the mine of Bor.\n\n"
    "The president, Vučić, spoke of Huawei and of Zijin.\n\nHere Zijin is named again.\n"
)
TEXT = (
    "# Reke\n\nZajam koji je Huawei dao gradu raste.\n\nGodine 2012. kompanija Zijin kupila je rudnik u Boru.\n\n"
    "Predsednik Vučić govorio je o Huaweiju i Zijinu.\n\nI ovde se pominje Zijin.\n"
)


def told(*changes: tuple[str, str], tag: str = "sr-Latn", source: str = SOURCE, text: str = TEXT) -> list[str]:
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return [str(one) for one in compared(chapter(text, tag), chapter(source)) if one.rule == "parity-names"]


def test_names_with_the_endings_of_the_language_are_right() -> None:
    assert told() == []
    assert told(("Predsednik Vučić", "Vučićev govor")) == []
    left = "::: untranslated\nThe president, Vucic, spoke of Huawei and of Zijin.\n:::"
    assert told(("Predsednik Vučić govorio je o Huaweiju i Zijinu.", left)) == []


def test_a_name_may_have_an_ending_of_three_letters() -> None:
    whole = ("Huawei", "Huaweijem", "Huaweijevi", "Hawei")
    assert [_has(word, "Huawei") for word in whole] == [True, True, False, False]
    bare = {"mari": "Märi", "maric": "Marić"}
    plain = ("Maric", "Maricima", "Maricevima", "Marinom", "Marić")
    assert [_without_accents(word, bare) for word in plain] == ["Marić", "Marić", "", "Märi", ""]
    turned = ("Hauwei", "Hauweijem", "Hauweijevi", "Huawei")
    assert [_misspelt(word, ["Huawei"]) for word in turned] == ["Huawei", "Huawei", "", ""]


def test_a_name_without_its_accents_is_told() -> None:
    assert told(source="# A\n\nRača is old.\n", text="# B\n\nRaca je stara.\n") != []
    (fault,) = told(("Vučić", "Vucicu"))
    assert fault == (
        f"{SR}:7:12: warning: `Vucicu` has not the accents of `Vučić` of the source ({EN}:7:16) [parity-names]\n"
        "  hint: write `Vučić` as the source does"
    )


@pytest.mark.parametrize("name", ["Hauwei", "Huwei", "Huavei", "Hoaweija"])
def test_a_name_that_is_a_letter_away_from_one_that_stands_elsewhere_is_told(name: str) -> None:
    (fault,) = told(("koji je Huawei", f"koji je {name}"))
    message = f"`{name}` is a letter away from the name `Huawei` of the source ({EN}:3:13)"
    hint = "write `Huawei` as the source does"
    assert fault == f"{SR}:3:15: warning: {message} [parity-names]\n  hint: {hint}"


def test_names_that_two_passages_have_exchanged_are_told_once() -> None:
    (fault,) = told(("koji je Huawei", "koji je Zijin"), ("kompanija Zijin", "kompanija Huawei"))
    assert fault == (
        f"{SR}:3:15: warning: `Zijin` stands here, and `Huawei` in the source ({EN}:3:1) [parity-names]\n"
        f"  hint: `Huawei` stands at {SR}:5:24, where the source has `Zijin`: put each in its place"
    )


@pytest.mark.parametrize(
    ("tag", "source", "text"),
    [
        ("de", "In Belgrade, Serbia, and in Belgrade.", "In Belgrad, Serbien, und in Belgrad."),
        ("sr-Latn", "Aleksandar met Aleksandar in Moscow.", "Aleksandar je sreo Aleksandra u Moskvi."),
        ("en", "Wrote Québec and the Québec of old.", "He wrote Quebec and the Quebec of old."),
        ("fr", "Munich and Munich, of the Danube.", "Munich et Munich, du Danube et de la Munichoise."),
        ("de", "The Bank of Novi Sad and the other Bank, Bor.", "Die Bank von Novi Sad und die andere Band, Bor."),
        ("sr-Latn", "Beč and the wood, Šuma, and a šuma.", "Bec i Suma."),
        ("sr-Latn", "It was Marić, and Marić left.", "Došla je marica, a Marić je otišao."),
        ("sr-Latn", "It was Marinko, and Marinko left.", "Marinko i Martinko su došli, pa je Marinko otišao."),
    ],
)
def test_what_a_language_calls_otherwise_is_no_slip(tag: str, source: str, text: str) -> None:
    assert told(tag=tag, source=f"# A\n\n{source}\n", text=f"# B\n\n{text}\n") == []


def test_a_paragraph_that_is_turned_round_exchanges_nothing() -> None:
    source = "# A\n\nFirst Huawei came, then Zijin.\n\nAfter that Zijin left.\n"
    text = "# B\n\nPrvo je došao Zijin, a pre njega Huawei.\n\nPosle je kompanija otišla, kao i Huawei.\n"
    assert told(source=source, text=text) == []
