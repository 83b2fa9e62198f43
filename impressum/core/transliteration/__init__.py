"""Text of a language in another of its scripts: Serbian from Latin into Cyrillic, and back.

What is known of a language is data (`tables.py`). From Cyrillic to Latin is letter for letter; the other way, words
decide: which letters stay two (`injekcija`), which words are foreign and stay, what is a Roman numeral.
"""

from __future__ import annotations

from impressum.core.transliteration.nonwords import is_roman
from impressum.core.transliteration.tables import LETTERS_OF, pairs, tables, writing
from impressum.core.transliteration.words import Transliterator, UnknownPair

__all__ = ["LETTERS_OF", "Transliterator", "UnknownPair", "is_roman", "pairs", "tables", "writing"]
