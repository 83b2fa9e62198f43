"""Characters that no text of a publication may hold, because they are invisible, and the faults for them."""

from __future__ import annotations

import re
from unicodedata import category

from impressum.core.errors import Faults, Place

TURNING = "\\u061c\\u200f\\u202a-\\u202e\\u2066-\\u2069"
"""Those that turn the direction of text, as in a class of a regular expression."""
TURNS = re.compile(f"[{TURNING}]")
TURNS_HINT = "delete it; it shows a reader other words than a program reads"
UNSEEN = re.compile(f"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff{TURNING}]")
"""Characters that an escape or an entity can put into a text that was clean when read."""
# Control characters (but for tab and line feed), line separators that only some programs count as lines, a byte-order
# mark behind the beginning (where files were joined; PDF/UA forbids it), non-characters, halves of characters,
# what turns the direction of text, and the private-use block that `render` works with.
UNWANTED = re.compile(
    f"[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff\\ufeff\\ufffe\\uffff{TURNING}\\ue000-\\ue0ff]"
)
# More accents on one letter than any script writes: shaping them takes a program for ever.
STACKED = re.compile("[\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f]{11,}")


def is_seen(text: str) -> bool:
    """Whether `text` has a letter, a number or a sign: spaces, and accents on nothing, are not seen by a reader."""
    return any(category(letter)[0] in "LNPS" for letter in text)


def add_letter_fault(letter: str, place: Place, faults: Faults) -> None:
    """Notes the unwanted character `letter` at `place`."""
    code = f"U+{ord(letter):04X}"
    if TURNS.match(letter):
        faults.error(place, f"the character {code} turns the direction of text unseen", "text-bidi", TURNS_HINT)
    elif "\ue000" <= letter <= "\ue0ff":
        message = f"the private-use character {code} has no meaning of its own"
        faults.error(place, message, "text-private-use", "replace it with the character that is meant")
    elif letter == "\ufeff":
        message = f"the invisible byte-order mark {code} is in the middle of the file"
        hint = "delete it; it may be the beginning of another file that was put in here"
        faults.error(place, message, "text-control", hint)
    elif letter in "\u2028\u2029\x85":
        message = f"the character {code} is a line end that only some programs see"
        faults.error(place, message, "text-control", "replace it with an ordinary line end or a space")
    else:
        message = f"the control character {code} is not text"
        faults.error(place, message, "text-control", "delete it; it may have come with a copy from another program")


def unseen_letter(letter: str, what: str) -> tuple[str, str, str]:
    """The message, the rule and the hint for a character that cannot be seen, in `what`."""
    code = f"U+{ord(letter):04X}"
    if TURNS.match(letter):
        return f"{what} holds the character {code}, which turns the direction of text unseen", "text-bidi", TURNS_HINT
    return f"{what} holds the control character {code}", "text-control", "delete it, or write the letter that is meant"


def add_stack_fault(marks: str, place: Place, faults: Faults) -> None:
    """Notes the excessive `marks` on one letter at `place`."""
    message = f"{len(marks)} accents stand on one letter"
    faults.error(place, message, "text-marks", "delete them; no script writes more than a few")
