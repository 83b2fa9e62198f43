"""A letter of another script inside a word is named with its code point, in every edition; signs are let be."""

from __future__ import annotations

import pytest
from parity_chapters import chapter

from impressum.checks.parity import check_letters
from impressum.core.errors import Faults

MIXED = {
    "a Latin letter in a Cyrillic word": (
        "sr-Cyrl",
        "Реке у Beограду теку.",
        (
            "3:8: error: `Beограду` is written in Cyrillic letters, but for `B` (letter 1), which is Latin (U+0042), "
            "and 1 more [letters-mixed]\n  hint: write the Cyrillic `В` (U+0412)"
        ),
    ),
    "a Cyrillic letter in a Latin word": (
        "sr-Latn",
        "Rеke teku.",
        (
            "3:1: error: `Rеke` is written in Latin letters, but for `е` (letter 2), which is Cyrillic (U+0435) "
            "[letters-mixed]\n  hint: write the Latin `e` (U+0065)"
        ),
    ),
    "a letter that looks like none": (
        "sr-Latn",
        "Reke Mađarske i Anђelije.",
        (
            "3:17: error: `Anђelije` is written in Latin letters, but for `ђ` (letter 3), which is Cyrillic (U+0452) "
            "[letters-mixed]\n  hint: write the word in Latin letters only"
        ),
    ),
    "a Greek letter": (
        "en",
        "The rivers οf Serbia.",
        (
            "3:12: error: `οf` is written in Latin letters, but for `ο` (letter 1), which is Greek (U+03BF) "
            "[letters-mixed]\n  hint: write the Latin `o` (U+006F)"
        ),
    ),
    "in a note": (
        "sr-Latn",
        "Reke.[^n]\n\n[^n]: Tеku.",
        (
            "5:7: error: `Tеku` is written in Latin letters, but for `е` (letter 2), which is Cyrillic (U+0435) "
            "[letters-mixed]\n  hint: write the Latin `e` (U+0065)"
        ),
    ),
    "over emphasis": (
        "sr-Cyrl",
        "Ре*кa* тече.",
        "3:1: error: `Река` is written".replace("Река", "Рекa")
        + " in Cyrillic letters, but for `a` (letter 4), which is Latin (U+0061) [letters-mixed]\n"
        "  hint: write the Cyrillic `а` (U+0430)",
    ),
    "a word of other letters in a language of Latin ones": (
        "sr-Latn",
        "Reke Дунав i Сава teku.",
        (
            "3:6: warning: `Дунав` is written in Cyrillic letters, and `sr-Latn` in Latin ones [letters-mixed]\n"
            "  hint: write it in Latin letters; a word of another language is marked: `[Дунав]{lang=ru}`"
        ),
    ),
    "a word of other letters in German": (
        "de",
        "- Der Fluss Дунав.",
        (
            "3:13: warning: `Дунав` is written in Cyrillic letters, and `de` in Latin ones [letters-mixed]\n"
            "  hint: write it in Latin letters; a word of another language is marked: `[Дунав]{lang=ru}`"
        ),
    ),
    "one letter of each script, among Latin ones": (
        "sr-Latn",
        "Reke aб teku.",
        (
            "3:6: error: `aб` is written in Latin letters, but for `б` (letter 2), which is Cyrillic (U+0431) "
            "[letters-mixed]\n  hint: write the word in Latin letters only"
        ),
    ),
    "one letter of each script, among Cyrillic ones": (
        "sr-Cyrl",
        "Реке aб теку.",
        (
            "3:6: error: `aб` is written in Cyrillic letters, but for `a` (letter 1), which is Latin (U+0061) "
            "[letters-mixed]\n  hint: write the Cyrillic `а` (U+0430)"
        ),
    ),
    "in the alternative text of a line": (
        "sr-Latn",
        "Tu ![Dvе](images/margins-even.svg){height=8pt}.",
        (
            "3:11: error: `Dvе` is written in Latin letters, but for `е` (letter 3), which is Cyrillic (U+0435) "
            "[letters-mixed]\n  hint: write the Latin `e` (U+0065)"
        ),
    ),
    "in the alternative text of a figure": (
        "sr-Latn",
        '![Trgovina](figure:trade){#fig-a alt="Dvе strane."}',
        (
            "3:13: error: `Dvе` is written in Latin letters, but for `е` (letter 3), which is Cyrillic (U+0435) "
            "[letters-mixed]\n  hint: write the Latin `e` (U+0065)"
        ),
    ),
    "in an alternative text": (
        "sr-Latn",
        '![Kanon](images/canon.svg){#fig-a alt="Dvе strane."}',
        (
            "3:10: error: `Dvе` is written in Latin letters, but for `е` (letter 3), which is Cyrillic (U+0435) "
            "[letters-mixed]\n  hint: write the Latin `e` (U+0065)"
        ),
    ),
}


def told(tag: str, text: str) -> list[str]:
    faults = Faults()
    check_letters(chapter(f"# A\n\n{text}\n", tag), faults)
    return [str(fault).removeprefix(f"chapters/{tag}/01-rivers.md:") for fault in faults.all()]


@pytest.mark.parametrize("what", MIXED)
def test_a_letter_of_another_script_is_named(what: str) -> None:
    tag, text, said = MIXED[what]
    assert told(tag, text) == [said]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("sr-Cyrl", "Листови серије A, формат PDF и Microsoft Word, XIX век, од A до Б, SMS-ом и IBM-ов."),
        ("sr-Cyrl", "Снага од 5 kW, 10 km, 3 µm и 4 μm, 2 kΩ, kmsοΩ, Δt и α-честица."),
        ("sr-Cyrl", '[реч]{.x}"word"реч'),
        ("sr-Latn", "Reč [река]{lang=sr-Cyrl} i `Beоgrad`, na <https://example.org/Beоgrad>."),
        ("en", "Naïve café, Đurđa, Œuvre, straße; the β-carotene and the γ rays; 日本 and Latin."),
        ("en", "$a = β$ and *α*, and a soft\u00adhyphen."),
        ("sr-Latn", "Slovo Д i [Река]{lang=ru}.\n\n::: {lang=ru}\nКириллица.\n:::"),
        ("sr-Cyrl", "Река Дунав."),
        ("de", "Ελληνικά und [Кириллица]{lang=ru} stehen je für sich."),
    ],
)
def test_words_that_are_whole_are_let_be(tag: str, text: str) -> None:
    assert told(tag, text) == []
