"""Quotation marks by language: the edition has them among its words, a passage in another language has its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NARROW = "\u202f"


@dataclass(frozen=True)
class Marks:
    """What opens and closes a quotation, and one within it."""

    open: str
    close: str
    inner_open: str
    inner_close: str


def _marks(pairs: str) -> Marks:
    return Marks(*pairs.replace("_", NARROW).split(" "))


LOW_HIGH = _marks("„ “ ‚ ‘")
HIGH = _marks("“ ” ‘ ’")
LOW_RIGHT = _marks("„ ” ‘ ’")
POINTED = _marks("« » “ ”")
RUSSIAN = _marks("« » „ “")
MARKS: Mapping[str, Marks] = {
    "en": HIGH,
    "de": LOW_HIGH,
    "fr": _marks("«_ _» “ ”"),
    "sr": _marks("„ “ ’ ’"),
    "bs": _marks("„ ” ’ ’"),
    "cnr": _marks("„ “ ’ ’"),
    "hr": LOW_RIGHT,
    "sl": LOW_HIGH,
    "cs": LOW_HIGH,
    "sk": LOW_HIGH,
    "bg": _marks("„ “ ’ ’"),
    "mk": _marks("„ “ ’ ‘"),
    "pl": _marks("„ ” « »"),
    "hu": _marks("„ ” » «"),
    "ro": _marks("„ ” « »"),
    "ru": RUSSIAN,
    "uk": RUSSIAN,
    "it": POINTED,
    "es": POINTED,
    "pt": POINTED,
    "el": POINTED,
    "sq": _marks("„ “ ‚ ‘"),
    "nl": HIGH,
    "da": _marks("» « › ‹"),
    "nb": _marks("« » ‘ ’"),
    "nn": _marks("« » ‘ ’"),
    "sv": _marks("” ” ’ ’"),
    "fi": _marks("” ” ’ ’"),
    "et": LOW_HIGH,
    "lt": LOW_HIGH,
    "lv": _marks("“ ” ‘ ’"),
    "tr": HIGH,
    "zh": HIGH,
    "ja": _marks("「 」 『 』"),
    "ko": HIGH,
    "ar": HIGH,
    "he": _marks("” ” ’ ’"),
}


def marks_in(language: str, words: Mapping[str, str], spoken: str) -> Marks:
    """The marks of a passage in `language`; `words` are those of the book in the language `spoken`.

    Those go for the same language in whichever script, and for one that has no marks here.
    """
    code = _code(language)
    if code != _code(spoken) and code in MARKS:
        return MARKS[code]
    return Marks(*(words[f"quotes.{kind}.{end}"] for kind in ("double", "single") for end in ("open", "close")))


def _code(tag: str) -> str:
    return tag.split("-")[0].lower()
