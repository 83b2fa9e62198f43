"""Numbers are read in the notation of their language, whoever asks for them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from impressum.core.number_words import number_words
from impressum.core.numbers import Number, numbers_in, scale_of
from impressum.core.quantities import measured

READ = {
    "en": ("1,234.5 of 26,270 in 2012, about 5% or 3.2 billion", "1234.5 26270 2012 5 3.2"),
    "en-IN": ("12,34,567 or 1,234,567", "1234567 1234567"),
    "de": ("1.234,5 von 26.270 im Jahr 2012, etwa 5 % oder 3,2 Milliarden", "1234.5 26270 2012 5 3.2"),
    "de-CH": ("1’234.5 von 26’270 im Jahr 2012", "1234.5 26270 2012"),
    "sr-Latn": ("1.234,5 od 26.270 u 2012, oko 5 % ili 3,2 milijarde", "1234.5 26270 2012 5 3.2"),
    "sr-Cyrl": ("1.234,5 од 26.270 у 2012, око 5 % или 3,2 милијарде", "1234.5 26270 2012 5 3.2"),
    "fr": ("1 234,5 sur 26\u202f270 ou 26.270 en 2012, environ 5 %", "1234.5 26270 26270 2012 5"),
    "pl": ("1 234,5 z 26 270, 26.270 w 2012", "1234.5 26270 26270 2012"),
    "sv": ("1 234,5 av 26\u00a0270 och 26.270 eller 1.234.567,8", "1234.5 26270 26270 1234567.8"),
    "ar": ("٢٦٬٢٧٠ في ٢٠١٢، ٣٫٢", "26270 2012 3.2"),
    "zh": ("在2012年有26,270个，即２６，２７０个", "2012 26270 26270"),
}


@pytest.mark.parametrize("language", READ)
def test_a_number_is_read_as_its_language_writes_it(language: str) -> None:
    text, values = READ[language]
    assert [number.value for number in numbers_in(text, language)] == [Decimal(value) for value in values.split()]


@pytest.mark.parametrize("language", ["en", "de", "fr", "zh", "fa"])
def test_arabic_marks_mean_the_same_everywhere(language: str) -> None:
    assert [number.value for number in numbers_in("1٬234 and ١٬٢٣٤٫٥", language)] == [Decimal(1234), Decimal("1234.5")]


@pytest.mark.parametrize(
    ("text", "language"),
    [("59.5", "sr-Latn"), ("1,234.5", "fr"), ("26.27", "pl"), ("26,270", "de-CH"), ("1,23,4", "en")],
)
def test_a_number_in_another_notation_has_no_value_but_its_digits(text: str, language: str) -> None:
    (number,) = numbers_in(text, language)
    assert number.value is None
    assert number.parts == tuple(int(part) for part in text.replace(".", ",").split(","))


def test_numbers_beside_each_other_are_not_taken_for_groups_of_one() -> None:
    assert [number.shown for number in numbers_in("26.270 500 ljudi, 5,6 120", "sr-Latn")] == [
        "26.270",
        "500",
        "5,6",
        "120",
    ]


WORTH = [
    ("en", "3.2 billion", "3200000000"),
    ("de", "3,2 Mio. Euro", "3200000"),
    ("es", "5 mil millones", "5000000000"),
    ("hi", "5 लाख", "500000"),
    ("zh", "3.2亿", "320000000"),
    ("zh", "2万亿美元", "2000000000000"),
    ("zh", "3千万", "30000000"),
    ("zh-Hant", "3.2億", "320000000"),
    ("ja", "1億2000万円", "120000000"),
    ("ja", "12万3,456人", "123456"),
    ("ko", "3억 2천만 명", "320000000"),
    ("en", "3 million 200 thousand", "3200000"),
]


@pytest.mark.parametrize(("language", "text", "worth"), WORTH)
def test_words_and_signs_for_large_numbers_count(language: str, text: str, worth: str) -> None:
    (number,) = numbers_in(text, language)
    assert number.worth == Decimal(worth)


def test_numbers_that_only_follow_each_other_stay_apart() -> None:
    assert [number.worth for number in numbers_in("3亿 2012年, 5万30万", "zh")] == [300000000, 2012, 50000, 300000]


def test_what_is_no_number_is_not_read() -> None:
    assert numbers_in("A4 and H2O, CO2 and B12, at https://example.org/2012/05 or www.example.org/7", "en") == ()


def test_numbers_are_read_with_their_sign_their_decimals_and_their_scale() -> None:
    def told(number: Number) -> tuple[str, int, bool, bool, int]:
        return str(number.value), number.decimals, number.negative, number.percent, number.scale

    assert [told(number) for number in numbers_in("from −1,5 bis 1.234 Millionen, 12 %, 1914–18", "de")] == [
        ("1.5", 1, True, False, 0),
        ("1234", 0, False, False, 6),
        ("12", 0, False, True, 0),
        ("1914", 0, False, False, 0),
        ("1918", 0, False, False, 0),
    ]


@pytest.mark.parametrize(
    ("language", "text"), [("en-GB", "5 per cent"), ("pl", "5 procent"), ("sr-Cyrl", "5 одсто"), ("ar", "٥٪")]
)
def test_a_percentage_is_known_by_its_sign_or_word(language: str, text: str) -> None:
    assert [number.percent for number in numbers_in(text, language)] == [True]


def test_a_unit_names_its_scale() -> None:
    assert [scale_of(unit, "en") for unit in ("billion dollars", "EUR million", "kilotons")] == [9, 6, 0]


SPELT = {
    "it": ("ventitré, ventuno e due milioni e mezzo", "23 21 2500000"),
    "es": ("treinta y cinco, veintidós, doscientas, mil quinientos millones, mil dos", "35 22 200 1500000000 1002"),
    "pl": ("dwadzieścia pięć i ośmiu, sto", "25 8 100"),
    "mk": ("дваесет и пет, милион и по", "25 1500000"),
    "sq": ("njëzet e pesë, dyqind", "25 200"),
    "de": ("anderthalb Millionen, achtundzwanzig", "1500000 28"),
    "sr-Cyrl": ("шесторо, шеснаесторо, два и по милиона, две тоне и по, туце", "6 16 2500000 2.5 12"),
    "fr": ("trois tonnes et demie, une quarantaine, le premier mai", "3.5 1 40 1"),
    "de ": ("neuntausend, zweihunderttausend, zweimal", "9000 200000 2"),
    "en": ("twice in a dozen years, two years and a half", "2 12 2.5"),
    "bs": ("petnaestak, dvadesetoro", "15 20"),
    "pl ": ("półtora miliarda, o ósmej, dwudziestego piątego czerwca, trzeciej", "1500000000 8 25 3"),
    "hr ": ("milijardu i pol dolara, milijun i pol, bilijun i pol", "1500000000 1500000 1500000000000"),
    "hr": ("dvanaestog lipnja, dvadeset prvoga, dvadesetpetog, drugi, drugoga", "12 21 25 2"),
    "sr-Latn": ("šesnaestorica, četvoricu, trideset i prvog, petom, prvobitni", "16 4 31 5"),
    "sr-Cyrl ": ("шеснаесторица, дванаестог јуна, двадесет првог", "16 12 21"),
    "mk ": ("на дванаесетти јуни, дваесет и петти, шеснаесетмина", "12 25 16"),
    "de  ": ("am zwölften Juni, der dreißigste, achtes, Dritter", "12 30 3"),
}


@pytest.mark.parametrize("language", SPELT)
def test_numbers_in_words_are_read_with_their_halves(language: str) -> None:
    text, worth = SPELT[language]
    assert " ".join(f"{one.worth:f}".removesuffix(".0") for one in number_words(text, language.strip())) == worth


def test_hectares_and_square_kilometres_are_one_measure() -> None:
    for text in ("450 hektara", "450 ha", "4,5 km²", "4,5 kvadratnih kilometara"):
        (number,) = (measured(one, text) for one in numbers_in(text, "sr-Latn"))
        assert (number.measure, number.worth) == ("m²", Decimal(4_500_000))
    tonnes, grams = (measured(numbers_in(text, "de")[0], text) for text in ("3 Tonnen", "3.000 kg"))
    assert (tonnes.measure, tonnes.worth) == (grams.measure, grams.worth)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "5 million tonnes"),
        ("it", "5 milioni di tonnellate"),
        ("fr", "5 millions de tonnes"),
        ("es", "5 millones de toneladas"),
        ("fr", "5 millions d’hectares"),
    ],
)
def test_what_is_counted_may_stand_behind_a_word(language: str, text: str) -> None:
    (number,) = (measured(one, text) for one in numbers_in(text, language))
    assert (number.measure, number.worth) == (
        ("m²", Decimal(5 * 10**10)) if "hectares" in text else ("g", Decimal(5 * 10**12))
    )
