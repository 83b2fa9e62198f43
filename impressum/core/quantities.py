"""Quantities beside a number: currencies, shares and units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from impressum.core.numbers import LETTER, Number
from impressum.core.numerals import SPACES

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
