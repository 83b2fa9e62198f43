"""Numbers in words: cardinals, ordinals, fractions and Roman numerals.

No library of the lock has number words (CLDR's rules for them are not in Babel), so the cardinals up to 999 of the
languages that the package has are made here from their parts; those of Serbian in both scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from impressum.core.numbers import LETTER, Number, scale_after
from impressum.core.numerals import SPACES
from impressum.core.transliteration import tables

_SLAVIC = """
nula jedan|jedna|jedno|jednu|jednog|jednoga|jednom|jedne|jednoj
dva|dve|dvije|oba|obe|obje|dvoje|dvojica|dvojice|dvojici|dvojicu|dvema|dvjema|dvaju|dviju|dvaput
tri|troje|trojica|trojice|trojicu|triput četiri|četvoro|četvorica|četvorice|četvoricu
pet|petoro|petorica|petorice|petoricu šest|šestoro|šestorica|šestorice|šestoricu
sedam|sedmoro|sedmorica|sedmorice|sedmoricu osam|osmoro|osmorica|osmorice|osmoricu
devet|devetoro|devetorica|devetorice|devetoricu deset|desetoro|desetorica|desetorice|desetoricu
jedanaest dvanaest|tuce|tuceta trinaest četrnaest petnaest šesnaest sedamnaest osamnaest devetnaest;
dvadeset trideset četrdeset pedeset šezdeset sedamdeset osamdeset devedeset;
sto|stotinu dvesta|dvjesta|dvesto|dvjesto trista|tristo četiristo|četristo petsto|petstotina šeststo sedamsto osamsto
devetsto"""
_WORDS = {
    "en": """
zero one|once two|twice|both three|thrice four five six seven eight nine ten eleven twelve|dozen thirteen fourteen
fifteen sixteen seventeen eighteen nineteen; twenty thirty forty fifty sixty seventy eighty ninety;""",
    "de": """
null ein|eins|eine|einem|einen|einer|eines zwei|beide|beiden|zweier|zweimal drei|dreier|dreimal vier fünf sechs
sieben acht neun zehn elf zwölf|dutzend dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn;
zwanzig dreißig|dreissig vierzig fünfzig sechzig siebzig achtzig neunzig;""",
    "fr": """
zéro un|une|premier deux trois quatre cinq six sept huit neuf dix|dizaine onze douze|douzaine treize quatorze
quinze|quinzaine seize dix-sept dix-huit dix-neuf; vingt|vingtaine trente|trentaine quarante|quarantaine
cinquante|cinquantaine soixante|soixantaine soixante-dix quatre-vingt|quatre-vingts quatre-vingt-dix;""",
    "it": """
zero uno|una|un due tre quattro cinque sei sette otto nove dieci undici dodici|dozzina tredici quattordici quindici
sedici diciassette diciotto diciannove; venti trenta quaranta cinquanta sessanta settanta ottanta novanta;
cento duecento trecento quattrocento cinquecento seicento settecento ottocento novecento""",
    "es": """
cero uno|una|un dos tres cuatro cinco seis siete ocho nueve diez once doce|docena trece catorce quince dieciséis
diecisiete dieciocho diecinueve; veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa; cien|ciento
doscientos|doscientas trescientos|trescientas cuatrocientos|cuatrocientas quinientos|quinientas
seiscientos|seiscientas setecientos|setecientas ochocientos|ochocientas novecientos|novecientas""",
    "pl": """
zero jeden|jedna|jedno|jednego|jednej|jedną dwa|dwie|dwóch|dwoje|dwom|dwoma trzy|trzech|troje|trzem
cztery|czterech|czworo|czterem pięć|pięciu|pięcioro sześć|sześciu siedem|siedmiu osiem|ośmiu dziewięć|dziewięciu
dziesięć|dziesięciu jedenaście|jedenastu dwanaście|dwunastu|tuzin trzynaście|trzynastu czternaście|czternastu
piętnaście|piętnastu szesnaście|szesnastu siedemnaście|siedemnastu osiemnaście|osiemnastu dziewiętnaście|dziewiętnastu;
dwadzieścia|dwudziestu trzydzieści|trzydziestu czterdzieści|czterdziestu pięćdziesiąt|pięćdziesięciu
sześćdziesiąt|sześćdziesięciu siedemdziesiąt|siedemdziesięciu osiemdziesiąt|osiemdziesięciu
dziewięćdziesiąt|dziewięćdziesięciu; sto|stu dwieście|dwustu trzysta|trzystu czterysta|czterystu pięćset|pięciuset
sześćset|sześciuset siedemset|siedmiuset osiemset|ośmiuset dziewięćset|dziewięciuset""",
    "mk": """
нула еден|една|едно|еднаш два|две|двајца|двете три|тројца|трите четири|четворица пет|петмина шест|шестмина седум осум
девет десет единаесет дванаесет|дузина тринаесет четиринаесет петнаесет шеснаесет седумнаесет осумнаесет
деветнаесет; дваесет триесет четириесет|четиресет педесет шеесет седумдесет осумдесет деведесет;
сто двесте|двесте триста четиристотини петстотини шестотини|шестстотини седумстотини осумстотини деветстотини""",
    "sq": """
zero një dy tre|tri katër pesë gjashtë shtatë tetë nëntë dhjetë njëmbëdhjetë dymbëdhjetë|duzinë trembëdhjetë
katërmbëdhjetë pesëmbëdhjetë gjashtëmbëdhjetë shtatëmbëdhjetë tetëmbëdhjetë nëntëmbëdhjetë;
njëzet tridhjetë dyzet pesëdhjetë gjashtëdhjetë shtatëdhjetë tetëdhjetë nëntëdhjetë;
njëqind dyqind treqind katërqind pesëqind gjashtëqind shtatëqind tetëqind nëntëqind""",
    **dict.fromkeys(("sr", "hr", "bs"), _SLAVIC),
}
"""Of each language the words for 0 to 19, for the tens from 20, and for the hundreds where these are words of their
own; forms of one word are parted by `|`."""
_ORDINALS = {
    "de": (
        """erst zweit dritt viert fünft sechst siebt|siebent acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt
sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst dreißigst""",
        "e[nr]?",
        "",
        "",
    ),
    "pl": (
        """pierwsz drug trzec czwart piąt szóst siódm ósm dziewiąt dziesiąt jedenast dwunast trzynast czternast piętnast
szesnast siedemnast osiemnast dziewiętnast dwudziest trzydziest""",
        "i?e(?:go|j|mu)|i?ą|[yi]m?",
        "dwudziest trzydziest",
        "(?:ego|ej|emu|ą|ym?) ",
    ),
    "sr": (
        """prv drug(?=og|om) treć četvrt pet šest sedm osm devet deset jedanaest dvanaest trinaest četrnaest petnaest
šesnaest sedamnaest osamnaest devetnaest dvadeset trideset""",
        "[oe]ga?|o(?:m[eu]?|j)?|em?u?|[iua]",
        "dvadeset trideset",
        "(?: i)? ?",
    ),
    "mk": (
        """прв втор трет четврт петт шестт седм осм деветт десетт единаесетт дванаесетт тринаесетт четиринаесетт
петнаесетт шеснаесетт седумнаесетт осумнаесетт деветнаесетт дваесетт триесетт""",
        "и(?:от)?|а(?:та)?|о(?:то)?",
        "дваесет триесет",
        " и ",
    ),
}
_ORDINALS |= dict.fromkeys(("hr", "bs"), _ORDINALS["sr"])
"""Of each language the stems of the ordinals for 1 to 20, and for 30, their endings, and what is written before units
in those above twenty, as days of a month have them."""
_COLLECTIVE = ("oro", "ero", "ak", *(f"oric{ending}" for ending in ("a", "e", "i", "u", "om")))
_HUNDRED = {"en": " hundred", "de": "hundert", "fr": " cent"}
_FRACTIONS = {
    "en": {2: "half|halves", 3: "thirds?", 4: "quarters?", 5: "fifths?", 10: "tenths?"},
    "de": {2: r"hälften?|halbe[mnrs]?|halb", 3: r"drittel\w?", 4: r"viertel\w?", 5: r"fünftel\w?", 10: r"zehntel\w?"},
    "fr": {2: "moitié|demie?s?", 3: "tiers", 4: "quarts?", 5: "cinquièmes?", 10: "dixièmes?"},
    "sr": {2: r"polovin\w|pola", 3: r"trećin\w", 4: r"četvrtin\w|četvrt", 5: r"petin\w", 10: r"desetin\w"},
    "it": {2: "metà|mezz[oa]", 3: "terz[oi]", 4: "quart[oi]", 5: "quint[oi]", 10: "decim[oi]"},
    "es": {2: "mitad|medi[oa]", 3: "tercios?|tercera parte", 4: "cuartos?", 5: "quintos?", 10: "décimos?"},
    "pl": {2: r"połow\w|pół", 3: r"trzeci\w", 4: r"czwart\w|ćwierć", 5: r"piąt\w", 10: r"dziesiąt\w"},
    "mk": {2: r"половин\w|пола", 3: r"третин\w", 4: r"четвртин\w", 5: r"петтин\w", 10: r"десетин\w"},
    "sq": {2: r"gjysm\w", 3: "të tretat?|e treta", 4: "të katërtat?|e katërta", 5: "e pesta", 10: "të dhjetat?"},
}
_FRACTIONS |= dict.fromkeys(("hr", "bs"), _FRACTIONS["sr"])
_HALVES = r" (?:and a half|i po(?:la?)?|и по(?:ла?)?|et demie?|e mezz[oa]|y medi[oa]|i pół|e gjysmë)\b"
_HALF = re.compile(_HALVES.replace(" ", f"[{SPACES}]"), re.IGNORECASE)
"""What makes two two and a half, and a million one and a half."""
_HALF_BEHIND = re.compile(
    r" [^\W\d_]+ (?:and a half|i po|и по|et demie?|e mezz[oa]|y medi[oa])\b".replace(" ", f"[{SPACES}]"), re.IGNORECASE
)
"""The same behind the word that is counted: deux tonnes et demie."""
AMBIGUOUS = frozenset(
    "both beide beiden oba obe obje оба обе "
    "neuf sto сто acht second pola halb quarter quart viertel demi sei un una uno një terzo quarto quinto decimo "
    "cuarto medio media trzecia trzecie trzeci trzecim czwarta czwarty piąta piąty piąte dziesiąta dziesiąty".split()
)
"""Number words that are other words, too: they may be a number, and are no evidence of another one."""
ROMAN = re.compile(
    rf"(?<![{LETTER}\d])(?=[IVXLCDM])(M{{0,3}}(?:CM|CD|D?C{{0,3}})(?:XC|XL|L?X{{0,3}})(?:IX|IV|V?I{{0,3}}))(?![{LETTER}\d])"
)
_ROMANS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


class _Said(NamedTuple):
    """The number words of a language: a pattern for them, and the value of each."""

    form: re.Pattern[str]
    values: Mapping[str, float]
    fractions: Mapping[int, re.Pattern[str]]


def cyrillic(text: str) -> str:
    """Serbian words in small Latin letters, in Cyrillic."""
    known = tables("sr-Latn", "sr-Cyrl")
    letters = known.letters if known else {}
    return re.sub("lj|nj|dž|[a-zđžćčš]", lambda found: letters.get(found.group(), found.group()), text)


def number_words(text: str, language: str) -> tuple[Number, ...]:
    """The numbers in words of the language and Roman numerals; a fraction in per cent, a scale alone as one of it."""
    found: list[Number] = []
    said = _said(language)
    taken: set[int] = set()
    ordinals = list(_ordinals(text, language))
    in_ordinals = {at for one in ordinals for at in range(one.offset, one.offset + len(one.shown))}
    for word in said.form.finditer(text) if said else ():
        if word.start() in in_ordinals:
            continue
        value = said.values[" ".join(word.group().casefold().split())] if said else 0
        fraction = _fraction(text, word.end(), said, value) if said else None
        half = _HALF.match(text, word.end())
        value, end = (value + 0.5, half.end()) if half else (value, word.end())
        scale, suffix = scale_after(text, end, language)
        if scale and (half := _HALF.match(text, end + len(suffix))):
            value, suffix = value + 0.5, suffix + half.group()
        elif not scale and end == word.end() and (later := _HALF_BEHIND.match(text, end)):
            value += 0.5
            taken.update(range(*later.span()))
        parts = (int(value),) if value == int(value) else ()
        shown = text[word.start() : end]
        whole = Number(shown, Decimal(value), parts, word.start(), scale=scale, suffix=suffix)
        number = fraction or whole
        found.append(number)
        taken.update(range(number.offset, number.offset + len(number.written)))
    for denominator, form in said.fractions.items() if said else ():
        found += [
            _share(one.group(), Decimal(1), denominator, one.start())
            for one in form.finditer(text)
            if one.start() not in taken
        ]
    for one in re.finditer(rf"(?<![{LETTER}])[^\W\d_]{{5,}}", text):
        scale, suffix = scale_after(text, one.start(), language)
        if scale and one.start() not in taken and not re.search(rf"\d[{SPACES}]?$", text[: one.start()]):
            half = _HALF.match(text, one.start() + len(suffix))
            value, suffix = (1.5, suffix + half.group()) if half else (1, suffix)
            found.append(Number("", Decimal(value), (), one.start(), scale=scale, suffix=suffix))
    for one in (roman for roman in ROMAN.finditer(text) if len(roman[1]) > 1 or roman[1] in "VX"):
        value = sum(
            -_ROMANS[letter] if _ROMANS[letter] < max((_ROMANS[x] for x in one[1][at:]), default=0) else _ROMANS[letter]
            for at, letter in enumerate(one[1])
        )
        found.append(Number(one[1], Decimal(value), (value,), one.start(), rank=True))
    found += ordinals
    return tuple(_summed(sorted(found, key=lambda number: number.offset), text))


def _ordinals(text: str, language: str) -> Iterator[Number]:
    """The ordinals in words up to 31st."""
    if form := _ordinal_form(language):
        for one in form.finditer(text):
            value = sum(int(name[1:]) for name, part in one.groupdict().items() if part)
            yield Number(one.group(), Decimal(value), (value,), one.start(), rank=True)


@lru_cache
def _ordinal_form(language: str) -> re.Pattern[str] | None:
    """A pattern for ordinals, in which the groups that match are named by their values: `n20` and `n3`."""
    code, *rest = language.split("-")
    if code not in _ORDINALS:
        return None
    parts = _ORDINALS[code]
    is_cyrillic = code == "sr" and "Latn" not in rest
    stems, endings, tens, joint = map(cyrillic, parts) if is_cyrillic else parts
    units = "|".join(f"(?P<n{n}>{stem})" for n, stem in zip([*range(1, 21), 30], stems.split(), strict=True))
    above = "|".join(f"(?P<t{10 * n}>{ten})" for n, ten in enumerate(tens.split(), 2))
    before = f"(?:(?:{above}){joint})?" if above else ""
    return re.compile(rf"(?<![{LETTER}\d-]){before}(?:{units})(?:{endings})(?![{LETTER}\d])", re.IGNORECASE)


def _summed(numbers: list[Number], text: str) -> Iterator[Number]:
    """`numbers` with those joined that follow each other within one: a thousand two hundred, hiljadu dvesta."""
    before: Number | None = None
    for number in numbers:
        if (
            before
            and before.value is not None
            and number.value is not None
            and not any(one.percent or one.rank for one in (before, number))
        ):
            gap = text[before.offset + len(before.written) : number.offset]
            if before.scale:
                room, value, scale = 10**before.scale, number.value.scaleb(number.scale), 0
            else:  # mil quinientos millones
                room = next((step for step in (1000, 100) if before.value and before.value % step == 0), 0)
                value, scale = number.value, number.scale
            if gap == " " and value < room:
                end = number.offset + len(number.shown if scale else number.written)
                shown, suffix = text[before.offset : end], number.suffix if scale else ""
                whole = before.value.scaleb(before.scale) + value
                before = Number(shown, whole, (), before.offset, scale=scale, suffix=suffix)
                continue
        if before:
            yield before
        before = number
    if before:
        yield before


def _fraction(text: str, end: int, said: _Said, value: float) -> Number | None:
    for denominator, form in said.fractions.items():
        behind = re.compile(rf"[{SPACES}-]?").match(text, end)
        one = form.match(text, behind.end() if behind else end)
        if one and value < denominator:
            start = end - len(text[:end].split()[-1]) if text[:end].split() else end
            return _share(text[start : one.end()], Decimal(value), denominator, start)
    return None


def _share(shown: str, value: Decimal, denominator: int, offset: int) -> Number:
    share = (100 * value / denominator).quantize(Decimal("0.1"))
    return Number(shown, share, (), offset, percent=True)


@lru_cache
def _said(language: str) -> _Said | None:
    code, *rest = language.split("-")
    if code not in _WORDS:
        return None
    values = dict(_cardinals(code))
    fractions = _FRACTIONS[code]
    if code == "sr" and "Latn" not in rest:
        values = {cyrillic(word): value for word, value in values.items()}
        fractions = {of: cyrillic(form.replace(r"\w", "_")).replace("_", r"\w") for of, form in fractions.items()}
    every = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(values, key=len, reverse=True))
    edges = rf"(?<![{LETTER}\d-])(?:{{}})(?![{LETTER}\d]|[-\u2010\u2011][{LETTER}])"
    return _Said(
        re.compile(edges.format(every), re.IGNORECASE),
        values,
        {
            of: re.compile(edges.format(form).replace("\\d-])", "\\d])", 1), re.IGNORECASE)
            for of, form in fractions.items()
        },
    )


def _cardinals(code: str) -> Iterator[tuple[str, float]]:
    """The words for 0 to 999 that are no more than two, in all their forms, and thousands that are one word."""
    small, tens, hundreds = ([one.split("|") for one in words.split()] for words in _WORDS[code].split(";"))
    below = dict(enumerate(small))
    for number, forms in enumerate(tens, 2):
        below[10 * number] = forms
        below |= {10 * number + unit: _compound(code, forms, small[unit]) for unit in range(1, 10)}
    for number in (60, 80) if code == "fr" else ():  # soixante et onze, quatre-vingt-douze
        below |= {number + unit: _compound(code, tens[number // 10 - 2], small[unit]) for unit in range(11, 20)}
    for number in range(1, 10):
        whole = [_HUNDRED[code].strip()] if number == 1 and not hundreds else []
        below[100 * number] = hundreds[number - 1] if hundreds else [*whole, f"{small[number][0]}{_HUNDRED[code]}"]
    below[200] = [*below[200], *(f"{one} stotine" for one in ("dve", "dvije") if hundreds)]
    if code == "de":
        yield "anderthalb", 1.5
        yield from ((f"{'ein' if number == 1 else small[number][0]}einhalb", number + 0.5) for number in range(1, 10))
    if code == "es":
        yield "mil", 1000
    if code == "pl":
        yield from (("półtora", 1.5), ("półtorej", 1.5))
    thousand = {"de": "tausend", "it": "mila"}.get(code)
    for value, forms in below.items():
        yield from ((form, value) for form in forms)
        yield from ((f"{form}{thousand}", 1000 * value) for form in forms[:1] if thousand and value)
        if code in ("sr", "hr", "bs"):  # petnaestoro, petnaestorica, and petnaestak for about fifteen
            yield from (
                (f"{one}{end}", value) for one in forms if one.endswith(("aest", "eset")) for end in _COLLECTIVE
            )
        yield from ((f"{form}s", value) for form in forms if code == "fr" and value > 100)
        yield from ((f"{form}мина", value) for form in forms if code == "mk" and form.endswith("есет"))


def _compound(code: str, tens: list[str], units: list[str]) -> list[str]:
    """Twenty-eight, achtundzwanzig, vingt-huit, dvadeset (i) osam."""
    if code == "en":
        return [f"{tens[0]}{mark}{units[0]}" for mark in "- "]
    if code == "de":
        return [f"{units[0]}und{ten}" for ten in tens]
    if code == "fr":
        return [f"{tens[0]}-{unit}" for unit in units] + [f"{tens[0]} et {unit}" for unit in units]
    if code == "it":
        units = [*units, "tré"] if "tre" in units else units
        return [f"{tens[0][:-1] if unit[0] in 'uo' else tens[0]}{unit}" for unit in units]
    if code == "es" and tens == ["veinte"]:
        return [
            f"veinti{ {'dos': 'dós', 'tres': 'trés', 'seis': 'séis', 'un': 'ún'}.get(unit, unit) }" for unit in units
        ]
    between = {"es": (" y ",), "pl": (" ",), "mk": (" и ",), "sq": (" e ",)}.get(code, (" ", " i "))
    return [f"{ten}{joint}{unit}" for joint in between for ten in tens for unit in units]
