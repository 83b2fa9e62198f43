"""The name that the published files carry, made from the title."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

LENGTH = 60
FOLDED = {
    "đ": "dj", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ð": "d", "þ": "th", "ı": "i",
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "dj", "е": "e", "ж": "z", "з": "z", "и": "i",
    "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "c", "џ": "dz", "ш": "s",
}  # fmt: skip


def slug_of(title: str) -> str:
    """`title` in lower-case ASCII letters, digits and hyphens, at most 60 characters; "" if nothing is left."""
    letters = "".join(FOLDED.get(letter, letter) for letter in normalize("NFC", title).lower())
    plain = "".join(letter for letter in normalize("NFKD", letters) if not combining(letter))
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", plain)).strip("-")
    if len(slug) <= LENGTH:
        return slug
    cut = slug[: LENGTH + 1].rpartition("-")[0]
    return cut or slug[:LENGTH]
