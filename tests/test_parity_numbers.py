"""Numbers and dates are compared as each language writes them; what a translator may write in words is not told."""

from __future__ import annotations

import pytest
from parity_chapters import found

from impressum.core.numbers import months_in

DATES = {
    "en": ("on 4 January 1494, in May 2024 and on July 1, and that may be", [1, 5, 7]),
    "de": ("am 4. Januar 1494, im Mai 2024 und am 1. Juli", [1, 5, 7]),
    "fr": ("le 4 janvier 1494, en mai 2024 et le 1er juillet", [1, 5, 7]),
    "sr-Latn": ("4. januara 1494, u maju 2024. i 1. jula", [1, 5, 7]),
    "sr-Cyrl": ("4. јануара 1494, у мају 2024. и 1. јула", [1, 5, 7]),
    "hr": ("4. siječnja 1494., u svibnju 2024. i 1. srpnja", [1, 5, 7]),
    "cs": ("2024-01-04, 5. 5. 2024 a 1.7.2024", [1, 5, 7]),
}


@pytest.mark.parametrize("language", DATES)
def test_the_months_of_dates_are_read(language: str) -> None:
    text, months = DATES[language]
    assert [month.month for month in months_in(text, language)] == months


# languages, source, translation
SAME = [
    ("en", "sr-Latn", "On 12 June 2024 it came.", "Došlo je 12. juna 2024."),
    ("en", "sr-Latn", "On June 12, 2024 it came.", "Došlo je 12. 6. 2024. godine."),
    ("en", "de", "On 12 June 2024 it came.", "Es kam am 12.06.2024."),
    ("en", "de", "It came at 10:30 on 2024-06-12.", "Es kam um 10.30 Uhr am 12. Juni 2024."),
    ("en", "sr-Latn", "It has 8,000 cameras.", "Ima 8 hiljada kamera."),
    ("en", "sr-Latn", "It cost $3.2 billion.", "Koštalo je 3,2 milijarde dolara."),
    ("en", "de", "It cost 3.2 billion, or 3,200 million.", "Es kostete 3200 Millionen, also 3,2 Milliarden."),
    ("en", "sr-Latn", "It was 59%, or 0.5.", "Bilo je 59 odsto, odnosno 0,50."),
    ("en", "sr-Latn", "It cost 30 dollars for 30 km.", "Za 30 km koštalo je 30 dolara."),
    ("en", "sr-Latn", "From 1914 to 1918, 1914–18.", "Od 1914. do 1918, 1914–1918."),
    ("en", "sr-Latn", "In the 1450s, in the 15th century.", "Pedesetih godina 15. veka."),
    ("en", "sr-Latn", "In the 1990s.", "Devedesetih godina prošlog veka."),
    ("sr-Latn", "en", "U 15. veku, 1. na listi.", "In the fifteenth century, first on the list."),
    ("de", "en", "Im 20. Jahrhundert.", "In the twentieth century."),
    ("en", "sr-Latn", "Two thousand people in five years.", "2000 ljudi za 5 godina."),
    ("en", "fr", "It holds 26,270 words, 5 % of them new.", "Il contient 26 270 mots, dont 5 % nouveaux."),
    ("en", "sr-Latn", "A square metre, m^2^, or 10^6^ of them.", "Kvadratni metar, ili 10^6^ njih."),
    ("en", "sr-Latn", "In `x = 5` and $y = 7$ and [@doe, p. 9].", "U `x = 5` i $y = 7$ i [@doe, str. 9]."),
    ("en", "sr-Latn", "See section 2.1.2 of ISO 216.", "Videti odeljak 2.1.2 standarda ISO 216."),
    ("en", "sr-Latn", "It may come in March, in megawatts.", "Može doći u martu, u MW, u Evropi."),
    ("en", "fr", "They pay in euros.", "Mais ils paient la tonne en monnaie d'Europe."),
    ("en", "de", "Both came.", "Beide kamen."),
    ("en", "sr-Latn", "In 2012 it was 5, in 2013 it was 6.", "Bilo je 5 u 2012, a 6 u 2013. godini."),
]


@pytest.mark.parametrize(("one", "two", "source", "text"), SAME)
def test_what_means_the_same_is_silent(one: str, two: str, source: str, text: str) -> None:
    assert found(f"# Title\n\n{source}\n", f"# Title\n\n{text}\n", two, of=one) == ""


OTHERS = [
    ("en", "sr-Latn", "On 12 June 2024 it came.", "Došlo je 13. juna 2024.", "the number is `13`, and `12`"),
    ("en", "de", "On 12 June 2024 it came.", "Es kam am 12.07.2024.", "the date is `12.07.2024`, and `12 June`"),
    (
        "en",
        "sr-Latn",
        "In March it came.",
        "Došlo je u maju.",
        "`maju`, and `March` in the source (chapters/en/…:3:4) [",
    ),
    ("en", "de", "In billions of euros.", "In Milliarden Dollar.", "the currency is `Dollar`, and `euros` in the so"),
    ("en", "fr", "Power in megawatts.", "Puissance en gigawatts.", "the unit is `gigawatts`, and `megawatts` in the"),
    ("en", "sr-Cyrl", "Power in MW.", "Снага у GW.", "the unit is `GW`, and `MW` in the source"),
    ("en", "fr", "Both waited six years.", "Les deux ont attendu sept ans.", "the number is `sept`, and `six`"),
    ("en", "sr-Latn", "It was 1,234.5 km.", "Bilo je 1.243,5 km.", "the number is `1.243,5`, and `1,234.5`"),
    ("en", "sr-Latn", "It was 16 of 27.", "Bilo je od 27, u 15. veku.", "the number `16` of the"),
    ("en", "sr-Latn", "It grew.", "Poraslo je na 1,41.", "the number `1,41` is not in the source"),
    ("en", "fr", "It was 26.270 km.", "Il faisait 26.270 km.", "`26.270` is not how `fr` writes"),
    ("en", "sr-Latn", "In 1853 it was.", "Bilo je 1835. godine.", "the number is `1835`, and `1853`"),
    ("en", "sr-Latn", "## In 1853\n\nSo.", "## Godine 1835.\n\nTako.", "the number is `1835`, and `1853`"),
]


@pytest.mark.parametrize(("one", "two", "source", "text", "said"), OTHERS)
def test_what_is_another_number_is_told_once(one: str, two: str, source: str, text: str, said: str) -> None:
    told = found(f"# Title\n\n{source}\n", f"# Title\n\n{text}\n", two, of=one)
    assert "\n" not in told
    assert told.endswith("[parity-numbers]")
    assert said in told


def test_numbers_that_have_changed_places_between_paragraphs_are_told() -> None:
    source = "# Title\n\nHere it was 51.\n\nThere it was 72.\n"
    text = "# Naslov\n\nOvde je bilo 72.\n\nTamo je bilo 51.\n"
    assert [line.partition(": ")[0] for line in found(source, text).splitlines()] == [
        "chapters/sr-Latn/…:3:14",
        "chapters/sr-Latn/…:5:14",
    ]


def test_where_a_paragraph_is_new_its_numbers_may_come_from_another() -> None:
    source = "# Title\n\nHere it was 512, and there it was 725.\n"
    text = "# Naslov\n\nOvde je bilo 512.\n\nTamo je bilo 725.\n"
    assert found(source, text).endswith("the paragraph `Tamo je bilo 725.` is not in the source [parity-blocks]")
    assert "\n" not in found(source, text)
    noted = text.replace("Tamo je bilo 725.", "Tamo.^[Bilo je 725.]")
    assert found(source, noted).endswith("the paragraph `Tamo.` is not in the source [parity-blocks]")
    assert "\n" not in found(source, noted)
