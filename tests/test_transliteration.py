"""Serbian from one script into the other: what becomes one letter, what stays, and that nothing is lost on the way."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impressum.core.transliteration import Transliterator, UnknownPair, pairs

INTO_CYRILLIC = Transliterator(
    "sr-Latn",
    "sr-Cyrl",
    {"Djoković": "Ђоковић", "Sony": "Сони", "I. Andrić": "И. Андрић", "Anjelić": "Анјелић"},
    ["Google", "China Daily", "Mi"],
)
INTO_LATIN = Transliterator("sr-Cyrl", "sr-Latn", {"Џексон": "Jackson"}, ["Љ"])

WORDS = {
    "letters": ("abvgdđežzijklmnoprstćufhcčš ĐČĆŽŠ", "абвгдђежзијклмнопрстћуфхцчш ЂЧЋЖШ"),
    "two letters that are one": ("Njegoš, LJUBAV, Ljubljana, DŽEP, Džep", "Његош, ЉУБАВ, Љубљана, ЏЕП, Џеп"),
    "one character for two": ("ǉubav, ǋegoš, Ǆep", "љубав, Његош, Џеп"),
    "two letters that stay two": (
        "injekcija INJEKCIJA Konjunkture Tanjugu konjugacija nadživeti odžaliti podžanr vanjezički anjon Šenjang",
        "инјекција ИНЈЕКЦИЈА Конјунктуре Танјугу конјугација надживети оджалити поджанр ванјезички анјон Шенјанг",
    ),
    "and those like them that are one": (
        "kanjon, konji, Odžaci, budžet, bunjište",
        "кањон, коњи, Оџаци, буџет, буњиште",
    ),
    "dj is two letters": ("odjednom, djevojka", "одједном, дјевојка"),
    "a small letter before a capital one": ("nJ", "нЈ"),
    "foreign letters": ("Huawei, Xi'an, Zürich, Łódź, São", "Huawei, Xi'an, Zürich, Łódź, São"),
    "foreign groups of letters": ("the South, Technologies, Facebook", "the South, Technologies, Фацебоок"),
    "capitals within a word": ("AidData, BiH, MiG", "AidData, БиХ, МиГ"),
    "endings and beginnings of foreign words": (
        "Huawei-ja, Huawei\u2011jeva, anti-Huawei, web-sajt, Rolls-Royce-a",
        "Huawei-ја, Huawei\u2011јева, анти-Huawei, web-сајт, Rolls-Royce-а",
    ),
    "rising accents, which end no Serbian word": ("Café, René, Orbán, à", "Café, René, Orbán, à"),
    "accents of Serbian": ("kôd, kȏd, sȁm, vòda, ljȕbav", "ко̂д, ко̑д, са̏м, во̀да, љу̏бав"),
    "Cyrillic, and a letter of it in a word": ("Реч i reč, Бeоград", "Реч и реч, Бeоград"),
    "other alphabets": ("α-čestica, Σ", "α-честица, Σ"),
    "acronyms": ("EU, NATO-a, BDP, IT-sektor, NJKV", "ЕУ, НАТО-а, БДП, ИТ-сектор, ЊКВ"),
    "units behind numbers": (
        "20 km, 1.200\u00a0MW, 5\u202fGWh, 10km, 20 °C, 3 mil. t, 80 km/h, 5 kg/m³",
        "20 km, 1.200\u00a0MW, 5\u202fGWh, 10km, 20 °C, 3 мил. t, 80 km/h, 5 kg/m³",
    ),
    "litres": ("3 L vode, 250 mL, Luka", "3 L воде, 250 mL, Лука"),
    "units alone": ("u km² i m2, po kWh", "у km² и m2, по kWh"),
    "words that are units elsewhere": ("20 s njim, 30 s. ha, 5 a 6; 2005. m", "20 с њим, 30 s. ха, 5 а 6; 2005. м"),
    "currencies": ("100 EUR, EUR-a, mil. USD, 50 EUR/t, 2 ALL, ALL", "100 EUR, EUR-а, мил. USD, 50 EUR/t, 2 ALL, АЛЛ"),
    "addresses": (
        "www.mfin.gov.rs, office@example.org, https://a.rs/č, doi:10.1/x 10.1234/ab, Politika.rs, d.o.o.",
        "www.mfin.gov.rs, office@example.org, https://a.rs/č, doi:10.1/x 10.1234/ab, Politika.rs, д.о.о.",
    ),
    "files and marks": (
        "build.py, chapters/en/01.md, #tag, @ja, {value}",
        "build.py, chapters/en/01.md, #tag, @ja, {value}",
    ),
    "signs with digits": ("G20, G-20, CO2, F-16, COVID-19, A4, 5G", "G20, G-20, CO2, F-16, COVID-19, A4, 5G"),
    "digits with endings": ("2020-ih, 90ih, 3a, 50-ak", "2020-их, 90их, 3а, 50-ак"),
    "identifiers": ("ISBN 978-86-X, PDF-a, e-mailom", "ISBN 978-86-X, PDF-а, e-mailom"),
    "words of the publication": (
        "DJOKOVIĆU, Djokovićev, Sonyjem, SONY, I.\u00a0Andrića, Anjelić, Anjelićka",
        "ЂОКОВИЋУ, Ђоковићев, Сонијем, СОНИ, И.\u00a0Андрића, Анјелић, Ањелићка",
    ),
    "words that the publication keeps": (
        "Google-a, Googleu, GOOGLE, Googlić, Mi, Mi-ja, Mim, China\u00a0Daily-ja, China",
        "Google-а, Googleu, GOOGLE, Гооглић, Mi, Mi-ја, Мим, China\u00a0Daily-ја, China",
    ),
    "quotation marks and dashes": ("„Ovo“ – ’ono’ …", "„Ово“ – ’оно’ …"),
    "elision": ("rek'o, k’o", "рек'о, к’о"),
}


@pytest.mark.parametrize("kind", WORDS)
def test_serbian_in_latin_letters_is_put_into_cyrillic(kind: str) -> None:
    latin, cyrillic = WORDS[kind]
    assert INTO_CYRILLIC.text(latin) == normalize("NFC", cyrillic)


NUMERALS = {
    "U XIX veku, II svetski rat, XX-ti, od IV. do VIII": "У XIX веку, II светски рат, XX-ти, од IV. до VIII",
    "Petar I Karađorđević": "Петар I Карађорђевић",
    "I tako. I dalje! Rekao je: I ja. „I on“ – I ona; I": "И тако. И даље! Рекао је: И ја. „И он“ – И она; И",
    "Glava I. Uvod": "Глава I. Увод",
    "Glava I": "Глава I",
    "Vidi deo V, čl. I i tač. V.": "Види део V, чл. I и тач. V.",
    "I. Uvod": "I. Увод",
    "I. Andrićka je pisala.": "И. Андрићка је писала.",
    "Tada je V. Putin otišao.": "Тада је В. Путин отишао.",
    "I": "И",
    "V": "V",
    "I kvartal": "I квартал",
    "I kvartal je bolji.": "И квартал је бољи.",
    "I, II i III": "I, II и III",
    "I–III": "I–III",
    "EKONOMIJA I POLITIKA": "ЕКОНОМИЈА И ПОЛИТИКА",
    "KRALJ PETAR I": "КРАЉ ПЕТАР I",
    "DA LI STE VI TU": "ДА ЛИ СТЕ ВИ ТУ",
    "Karlo VI i Vi": "Карло VI и Ви",
    "MI, LI, vitamin C": "МИ, ЛИ, витамин Ц",
    "(i) prvo, (ii) drugo; ovaj (i onaj)": "(i) прво, (ii) друго; овај (и онај)",
    "div i civil": "див и цивил",
}


@pytest.mark.parametrize("latin", NUMERALS)
def test_roman_numerals_are_told_from_words(latin: str) -> None:
    assert Transliterator("sr-Latn", "sr-Cyrl").text(latin) == NUMERALS[latin]


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Љубав, ЉУБАВ, Њ. Ко, ЊКВ, СЊа, Џеп", "Ljubav, LJUBAV, Nj. Ko, NJKV, SNja, Džep"),
        ("инјекција, надживети, ђак", "injekcija, nadživeti, đak"),
        ("русский язык, й, Google, А4, НАТО-а", "русский язык, й, Google, A4, NATO-a"),
        ("Џексон, Џексона, слово Љ", "Jackson, Jacksona, slovo Љ"),
        ("ко̂д, ѝ, км", "kôd, ì, km"),
    ],
)
def test_serbian_in_cyrillic_is_put_into_latin(cyrillic: str, latin: str) -> None:
    assert INTO_LATIN.text(cyrillic) == normalize("NFC", latin)


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("in\u00adjek\u00adcija", "ин\u00adјек\u00adција"),
        ("n\u00adjegov", "\u00adњегов"),
        ("Lj\u200bu\u2060bav", "Љ\u200bу\u2060бав"),
        ("sun\u200cjan", "сун\u200cјан"),
        ("nje\u0301gov c\u030cas z\u030cena", "ње\u0301гов час жена"),
        ("d\u00adz\u030cep", "\u00adџеп"),
    ],
)
def test_what_is_not_seen_in_a_word_neither_breaks_it_nor_is_lost(latin: str, cyrillic: str) -> None:
    assert INTO_CYRILLIC.text(latin) == normalize("NFC", cyrillic)


def test_letters_that_are_one_are_found_over_the_border_of_two_parts() -> None:
    """Ensures that a letter goes to the part where it begins, but leaves no later part empty."""
    assert INTO_CYRILLIC.parts(["N", "jegoš", " ", "kon", "j", " ", "n", "j"]) == (
        "Њ",
        "егош",
        " ",
        "ко",
        "њ",
        " ",
        "њ",
        "",
    )


def test_words_that_stay_because_they_look_foreign_are_told() -> None:
    text = "Huawei-ja i Google kod Rolls-Royce, 20 km, XIX, the www.a.rs"
    assert INTO_CYRILLIC.kept(text) == ("Huawei-ja", "Rolls-Royce", "the")


def test_other_tags_of_the_language_are_known_and_other_languages_are_not() -> None:
    assert Transliterator("sr-Latn-RS", "sr").text("reč") == "реч"
    assert Transliterator("bs-Latn", "bs-Cyrl").text("riječ") == "ријеч"
    assert ("sr-Latn", "sr-Cyrl") in pairs()
    for source, target in (("sr-Latn", "sr-Latn"), ("sr-Latn", "bs-Cyrl"), ("ru", "ru-Latn"), ("de", "fr")):
        with pytest.raises(UnknownPair, match="can be done: `sr-Cyrl` into `sr-Latn`"):
            Transliterator(source, target)


LETTERS = "a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž".split()
small = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=9).map("".join)
latin_words = st.one_of(small, small.map(str.capitalize), st.builds(lambda word: word.upper() + "AN", small))
latin_text = st.lists(st.one_of(latin_words, st.sampled_from(["12", "km", "I", "XIV", "Huawei-ja"])), max_size=8).map(
    " ".join
)


@given(latin_text)
def test_any_latin_text_comes_back_the_same(text: str) -> None:
    assert Transliterator("sr-Cyrl", "sr-Latn").text(INTO_CYRILLIC.text(text)) == text


@given(latin_text, st.lists(st.integers(0, 60), max_size=6))
def test_a_text_in_parts_is_the_same_text(text: str, cuts: list[int]) -> None:
    ends = sorted({min(cut, len(text)) for cut in cuts} | {len(text)})
    parts = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert "".join(INTO_CYRILLIC.parts(parts)) == INTO_CYRILLIC.text(text)


@given(latin_text, st.lists(st.tuples(st.integers(0, 60), st.sampled_from("\u00ad\u200b\u2060")), max_size=5))
def test_soft_hyphens_and_spaces_of_no_width_change_no_letter(text: str, marks: list[tuple[int, str]]) -> None:
    marked = text
    for at, mark in marks:
        at = min(at, len(marked))
        marked = marked[:at] + mark + marked[at:] if at else marked
    done = INTO_CYRILLIC.text(marked)
    assert sorted(letter for letter in done if letter in "\u00ad\u200b\u2060") == sorted(
        letter for letter in marked if letter in "\u00ad\u200b\u2060"
    )
    assert "".join(letter for letter in done if letter not in "\u00ad\u200b\u2060") == INTO_CYRILLIC.text(text)


@given(latin_text)
def test_decomposed_letters_are_the_same_letters(text: str) -> None:
    assert normalize("NFC", INTO_CYRILLIC.text(normalize("NFD", text))) == INTO_CYRILLIC.text(text)
