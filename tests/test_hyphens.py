"""Serbian words are divided at the same places in both scripts, and nothing of that is left in the text of a PDF."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader
from verifying import made

from impressum.core.languages import typst_language
from impressum.stages.convert.hyphens import Divided, divided, pieces

WORD = (
    "#let word(key, ..pieces) = for (index, piece) in pieces.pos().enumerate() {\n"
    "  if calc.even(index) { piece } else { text(hyphenate: false, piece) }\n}\n"
)


def printed(words: list[str], language: str, folder: Path, own: Divided | None = None) -> list[str]:
    """The lines of `words` in so narrow a column that each is divided wherever it can be."""
    markup = "\n\n".join(divided(word, language, "", own) for word in words)
    code = typst_language(language)[0]
    setting = f'#set page(width: 1pt, height: auto, margin: 0pt)\n#set text(lang: "{code}", hyphenate: true'
    (folder / "words.typ").write_text(f"{setting})\n{WORD}{markup}\n", encoding="utf-8")
    typst.compile(folder / "words.typ", output=folder / "words.pdf")
    text = PdfReader(folder / "words.pdf").pages[0].extract_text()
    return text.replace("\u00ad\n", "-").split()


WORDS = {
    "kon-ju-ga-ci-ja": "кон-ју-га-ци-ја",
    "Nad-ži-ve-ti": "Над-жи-ве-ти",
    "pod-žu-pan": "под-жу-пан",
    "in-jek-ci-ja": "ин-јек-ци-ја",
    "pred-vi-đa": "пред-ви-ђа",
    "bez-bed-nost": "без-бед-ност",
    "raz-voj": "раз-вој",
    "od-ra-sli": "од-ра-сли",
    "odr-ža-ti": "одр-жа-ти",
    "Vladi-slavljev": "Влади-слављев",
    "pro-sla-va": "про-сла-ва",
    "uči-te-lji": "учи-те-љи",
    "Tanjug": "Танјуг",
    "Tanjuga": "Танјуга",
    "CIETAC": "ЦИЕТАЦ",
    "JUGO": "ЈУГО",
    "(da-le-ko!)": "(да-ле-ко!)",
}


@pytest.mark.parametrize(("script", "expected"), [("Latn", list(WORDS)), ("Cyrl", list(WORDS.values()))])
def test_words_are_divided_alike_in_both_scripts(script: str, expected: list[str], tmp_path: Path) -> None:
    assert printed([word.replace("-", "") for word in expected], f"sr-{script}", tmp_path) == expected


def test_exceptions_are_divided_where_they_say_and_nowhere_else(tmp_path: Path) -> None:
    own = {"en": ("harbour-master", "Belgrade"), "en-GB": ("harbour-mas-ter",), "sr-Latn": ("bezb-ednost",)}

    def lines(language: str, *words: str) -> list[str]:
        return printed(list(words), language, tmp_path, own)

    assert lines("en", "Transatlantic", "Belgrade", "harbourmaster", "(Spokesperson)", "timber") == [
        "Trans-atlantic", "Belgrade", "harbour-master", "(Spokes-per-son)", "tim-ber",
    ]  # fmt: skip
    assert lines("en-GB", "harbourmaster", "belgrade") == ["harbour-mas-ter", "belgrade"]
    assert lines("sr-Latn", "bezbednost", "razvoj") == ["bezb-ednost", "raz-voj"]
    assert divided("Belgrade", "en", None, own) == divided("Belgrade", "fr", "a/1", own) == "Belgrade"


def test_foreign_words_in_latin_letters_are_not_divided(tmp_path: Path) -> None:
    words = ["Ministry", "Windows", "Shelley", "Huawei"]
    assert printed(words, "sr-Latn", tmp_path) == words == printed(words, "sr-Cyrl", tmp_path)
    assert divided("Huawei", "sr-Cyrl", "a/1") == "Huawei"


def test_a_word_with_a_capital_inside_is_divided_before_it_alone(tmp_path: Path) -> None:
    words = ["Novi-Spy", "You-Tube's", "LaTeX", "iPhones", "Bürger-Innen", "spy-ware"]
    assert printed([word.replace("-", "") for word in words], "en", tmp_path) == words
    assert printed(["MojaBanka"], "sr-Latn", tmp_path) == ["Moja-Banka"]
    assert divided("NoviSpy", "en", "a/1") == '#word("a/1", "", "Novi", "", "\u00ad", "", "Spy")'
    assert divided("NATO", "en", "a/1") == divided("NATO", "en", None) == "NATO"


def test_the_last_word_of_a_paragraph_is_divided_only_if_it_is_long() -> None:
    assert divided("cohesion.", "en", "a/1", at_end=True) == '#word("a/1", "", "cohesion")\\.'
    assert divided("long-lasting", "en", "a/1", at_end=True) == 'long\\-#word("a/1", "", "lasting")'
    assert divided("poslednjih.", "sr-Latn", "a/1", at_end=True) == '#word("a/1", "", "poslednjih")\\.'
    assert divided("Handelsbeziehungen.", "de", "a/1", at_end=True) == "Handelsbeziehungen\\."


def test_a_short_ending_stays_with_its_acronym() -> None:
    assert divided("„BDP-a“,", "sr-Latn", "a/1") == "#box[„BDP\\-a“\\,]"
    assert divided("БДП-ом", "sr", None) == "#box[БДП\\-ом]"
    assert "box" not in divided("srpsko-kineski", "sr-Latn", "a/1")
    assert divided("BDP-a", "hr", "a/1") == "BDP\\-a"


def test_serbian_consonants_that_go_over_together_are_not_parted_from_each_other() -> None:
    assert pieces("nezavisnost") == ("nezavi", "\u00ad", "s", "nost"), "neza-vi-snost, not zavis-nost"
    assert [pieces(word) for word in ("независност", "Београду")] == [("независност",), ("Београду",)]
    assert pieces("raspored") == ("ras", "po", "red"), "a prefix loses no letter"
    assert pieces("proizvod") == ("proizvod",), "pro-izvod, as before"


def test_a_word_is_in_pieces_only_where_typst_would_divide_it_otherwise() -> None:
    assert pieces("daleko") == ("daleko",)
    assert pieces("poslednjih") == ("po", "\u00ad", "s", "led", "njih")
    assert pieces("безбедност") == ("без", "\u00ad", "бедност")
    assert pieces("надживети") == ("надживети",)
    assert divided("poslednjih", "hr", "a/1") == divided("poslednjih", "sr-Latn", None) == "poslednjih"
    with_dash = divided("poslednjih—da", "sr-Latn", "a/1")
    assert with_dash.startswith('#word("a/1", "po", "\u00ad", "s", "led", "njih")#text(size')


def test_a_book_is_searched_as_if_no_word_were_parted_and_its_headings_and_citations_are_whole() -> None:
    words = "\n\n".join(f"{'so ' * count}{'nadživeti ' * 30}" for count in range(1, 9))
    citations = "\n\n".join(f"{'so ' * count}[@ministry, str. 1; vidi i @ministry, str. 2]." for count in range(1, 40))
    book = made(
        {
            "publication.yaml": "title: Reči\nlanguage: sr-Latn\ndate: 2025-01-31\ncitation-style: apa\n",
            "bib/references.bib": (
                "@book{ministry, author = {{Ministry of Foreign Affairs}}, title = {Yearly Report}, year = 2020}"
            ),
            "chapters/sr-Latn/01-reci.md": (f"# Reči\n\n## {'nadživeti ' * 7}\n\n{words}\n\n{citations}\n"),
        }
    )
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(book.pdf)).pages)
    divided_words = set(re.findall(r"([^\W\d_]+)\u00ad\s*\n\s*([^\W\d_]+)", text))
    assert ("nad", "živeti") in divided_words <= {("nad", "živeti"), ("nadži", "veti"), ("nadžive", "ti")}
    assert not re.search(r"\u00ad(?!\s*\n)", text)
    heading = text.partition("nadživeti")[2].partition("so")[0]
    assert "\u00ad" not in heading
