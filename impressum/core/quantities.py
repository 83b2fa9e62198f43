"""Quantities besides their digits: number words, fractions and Roman numerals; currencies, shares and units.

No library of the lock has number words (CLDR's rules for them are not in Babel), so the cardinals up to 999 of the
languages that the package has are made here from their parts; those of Serbian in both scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
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
            room = 10**before.scale if before.scale else 100 if before.value % 100 == 0 and before.value else 0
            if gap == " " and number.value.scaleb(number.scale) < room:
                value = before.value.scaleb(before.scale) + number.value.scaleb(number.scale)
                shown = text[before.offset : number.offset + len(number.written)]
                before = Number(shown, value, (), before.offset)
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


CURRENCIES = {
    "EUR": r"€|EUR\b|eur[oia]\w{0,2}|eura|evr\w{1,3}|евр\w{1,3}|еур\w{1,3}",
    "USD": r"(?:US|U\.S\.)?[ ]?\$|USD\b|(?:US|U\.S\.|američk\w+|америчк\w+)?[ -]?(?:dol+ar\w{0,3}|долар\w{0,3})",
    "GBP": r"£|GBP\b|pounds?\b|pfund\b|funt\w{0,3}|фунт\w{0,3}|livres? sterling",
    "CNY": r"CNY\b|RMB\b|yuans?\b|renminbi\w?|juan\w{0,3}|јуан\w{0,3}",
    "JPY": r"JPY\b|yen\b|jen\w{0,3}|јен\w{0,3}",
    "RSD": r"RSD\b|dinar\w{0,3}|динар\w{0,3}",
    "CHF": r"CHF\b|(?:swiss |schweizer |švajcarsk\w+ )?fran(?:cs?|ken|k\w{1,3}|ak\w?)\b",
    "RUB": r"RUB\b|rubel\w?|rou?bles?|rubalja|rublj\w{0,2}|рубљ\w{0,2}|рубаља",
}
"""The signs and codes of a currency before or after an amount, in any language."""
_PREFIXES = {"T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "": 0, "d": -1, "c": -2, "m": -3, "µ": -6, "μ": -6}
_NAMES = {"tera": 12, "giga": 9, "mega": 6, "kilo": 3, "тера": 12, "гига": 9, "мега": 6, "кило": 3}
_BEHIND = re.compile(
    rf"[{SPACES}-]?(?:d[ei] |d['’])?(?:(?P<pp>percentage points?|procentn\w+ poen\w*|postotn\w+ bod\w*|prozentpunkt\w*"
    r"|points? de pourcentage|процентн\w+ поен\w*|p\.?p\.(?!\w))"
    r"|(?P<mille>‰|pro ?mil\w*|per mille|pour mille|про ?мил\w*)"
    r"|(?P<percent>[%٪％﹪]|per ?cent\b|od ?sto\b|posto\w{0,4}\b|procen[ta]\w*|prozent\w?"
    r"|pour cent|од ?сто\b|посто\b|процен\w+|per cento|por ciento|отсто\b|për qind|përqind)"
    r"|(?P<ha>he[ck]tar\w{0,3}|хектар\w{0,3}|ettar[oi]|hectáreas?)"
    r"|(?P<tonne>tonn?e[sn]?\b|tons?\b|ton[au]?\b|тон[аеуи]\b|tonnellat[ae]|toneladas?)"
    r"|(?P<square>square kilomet\w+|quadratkilomet\w+|kvadratn\w+ kilomet\w+|квадратн\w+ километ\w+)"
    rf"|(?P<name>{'|'.join(_NAMES)})(?P<of>w?vat\w{{0,3}}|watt\w{{0,2}}|met\w{{1,4}}|gram\w{{0,3}}"
    rf"|byt\w{{1,2}}|bajt\w{{0,3}}"
    r"|ват\w{0,3}|мет\w{1,4}|грам\w{0,3}|бајт\w{0,3}))",
    re.IGNORECASE,
)
_SPELT = {"ha": ("m²", 4), "tonne": ("g", 6), "square": ("m²", 6)}
_SIGN = re.compile(
    rf"[{SPACES}]?(?P<prefix>[TGMkhdcmµμ]?)(?P<unit>Wh|W|Hz|VA|V|B|J|Pa|bit|g|l|L|m(?![{SPACES}]?(?:€|EUR|USD))|t|ha)"
    rf"(?P<power>[²³23]?)(?!\.?[{LETTER}\d/])"
)
_KINDS = {"w": "W", "v": "W", "в": "W", "m": "m", "м": "m", "g": "g", "г": "g", "b": "B", "б": "B"}
_CURRENCY = "|".join(f"(?P<{code}>{form})" for code, form in CURRENCIES.items())
_CURRENCY_BEHIND = re.compile(rf"[{SPACES}]?(?:de |d['’])?(?:{_CURRENCY})", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile(rf"(?<![{LETTER}])(?:{_CURRENCY})[{SPACES}]?\Z", re.IGNORECASE)


def measured(number: Number, text: str) -> Number:
    """`number` of `text` with its currency, share or unit, and the unit's power of ten; tonnes are 10^6 grams."""
    end = number.offset + len(number.written)
    end += len(number.suffix.strip()) in range(1, 5) and text.startswith(".", end)  # 46 mil. dolara
    found = _CURRENCY_BEHIND.match(text, end) or _CURRENCY_BEFORE.search(
        text[max(0, number.offset - 12) : number.offset]
    )
    if found:
        return replace(number, measure=found.lastgroup or "")
    if behind := _BEHIND.match(text, end):
        if behind["name"]:
            kind = _KINDS.get(behind["of"][0].casefold(), "")
            return replace(number, measure=kind, power=_NAMES[behind["name"].casefold()])
        if spelt := next((name for name in _SPELT if behind[name]), ""):
            return replace(number, measure=_SPELT[spelt][0], power=_SPELT[spelt][1])
        return replace(
            number, measure=next(mark for mark, key in (("pp", "pp"), ("‰", "mille"), ("%", "percent")) if behind[key])
        )
    sign = _SIGN.match(text, end)
    if sign is None:
        return replace(number, measure="%") if number.percent else number
    unit, power, exponent = (
        sign["unit"],
        _PREFIXES[sign["prefix"]],
        {"²": 2, "2": 2, "³": 3, "3": 3}.get(sign["power"], 1),
    )
    if unit == "ha":
        return replace(number, measure="m²", power=4)
    unit, power = ("g", power + 6) if unit == "t" else (unit.replace("L", "l"), power)
    return replace(number, measure=unit + sign["power"].translate(str.maketrans("23", "²³")), power=power * exponent)


_NAMED = re.compile(
    rf"(?<![{LETTER}])(?!(?:europ|evrop|европ|еуроп))(?:{_CURRENCY}|{_BEHIND.pattern}"
    rf"|(?-i:(?P<prefix>[TGMk])(?P<sign>W|Hz|B|m|g)h?(?![{LETTER}\d²³])))",
    re.IGNORECASE,
)


def measures_named(text: str) -> Iterator[Number]:
    """The currencies, shares and units in `text`, beside a number or not, each as a number of one: in euros."""
    for found in _NAMED.finditer(text):
        if found["sign"]:
            named = Number("", None, (), 0, measure=found["sign"], power=_PREFIXES[found["prefix"]])
        else:
            named = measured(Number("", None, (), 0), found.group())
        yield replace(named, shown=found.group().strip(f"{SPACES}-"), offset=found.start())
