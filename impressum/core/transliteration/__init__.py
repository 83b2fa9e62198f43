"""Text of a language in another of its scripts, word by word: Serbian from Latin into Cyrillic, and back.

What is known of a language is data (`tables.py`). From Cyrillic to Latin is letter for letter; the other way, words
decide: which letters stay two (`injekcija`), which words are foreign and stay, what is a Roman numeral.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from unicodedata import normalize

from impressum.core.transliteration.letters import RISING, Spelling, spelling
from impressum.core.transliteration.nonwords import is_numeral, is_roman, symbols_in
from impressum.core.transliteration.tables import LETTERS_OF, NOTHING, Tables, pairs, tables, writing

__all__ = ["LETTERS_OF", "Transliterator", "UnknownPair", "is_roman", "pairs", "tables", "writing"]

LEAST = 4
"""Letters of a word that may have an ending without a hyphen: with one, shorter words would be others."""
SPACES = r"\s+"
Step = tuple[int, int, str, bool]
"""From where to where, the replacement, and whether it is a single letter, which takes the case of the text."""


@dataclass(frozen=True)
class Exceptions:
    """`words` by what they become, `keep` those that stay; each may be several words and have an ending."""

    words: Mapping[str, str]
    keep: Collection[str]
    tables: Tables

    def words_in(self, small: str) -> Iterator[tuple[int, int, int, str]]:
        """Where each of `words` begins in small letters, where its ending does, where that ends, what it becomes."""
        for found in self._pattern.finditer(small):
            for (start, end), value in zip(_split(found, 1), self._values[_plain(found[1])].split(), strict=False):
                yield start, end, found.end() if end == found.end(1) else end, value

    def steps(self, small: str, start: int, value: str) -> list[Step]:
        """How the word `small` that begins at `start` becomes `value`: letter by letter, if that is how."""
        single = _aligned(small, value.lower(), self.tables)
        if single is None:
            return [(start, start + len(small), value, False)]
        steps = []
        for width, letter in single:
            steps.append((start, start + width, letter, True))
            start += width
        return steps

    @cached_property
    def _values(self) -> dict[str, str]:
        return {_plain(spelling(word).small): value for word, value in self.words.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return self._of(self._values)

    @cached_property
    def kept(self) -> re.Pattern[str]:
        """Finds the words of `keep`, as they are written or in capitals; endings included."""
        names = {_plain(spelling(name).letters) for name in self.keep}
        return self._of(names | {name.upper() for name in names if len(name) > 1})

    def _of(self, names: Collection[str]) -> re.Pattern[str]:
        if not names:
            return NOTHING
        longest_first = sorted(names, key=lambda name: (-len(name), name))
        written = (
            SPACES.join(map(re.escape, name.split())) + (r"(?!\w)" if len(name) < LEAST else "")
            for name in longest_first
        )
        return re.compile(rf"(?<!\w)({'|'.join(written)})(?:{self.tables.endings})?(?!\w)")


def _plain(words: str) -> str:
    return " ".join(words.split())


def _split(found: re.Match[str], group: int) -> Iterator[tuple[int, int]]:
    """Where the words of a group of `found` begin and end."""
    for word in re.finditer(r"\S+", found[group]):
        yield found.start(group) + word.start(), found.start(group) + word.end()


def _aligned(word: str, value: str, tables: Tables) -> list[tuple[int, str]] | None:
    """The letters of `value`, each with the number of letters of `word` that it replaces; None if they differ."""
    if not word or not value:
        return [] if word == value else None
    for width in range(min(2, len(word)), 0, -1):
        new = tables.letters.get(word[:width], word[0] if width == 1 and not word[0].isalpha() else None)
        if new and value.startswith(new):
            rest = _aligned(word[width:], value[len(new) :], tables)
            if rest is not None:
                return [(width, new), *rest]
    return None


COMPOUND = re.compile(r"\w+(?:['’]\w+)*(?:[-\u2011]\w+(?:['’]\w+)*)*")
PART = re.compile(r"[^\u2011-]+")
NO_LETTERS = re.compile(r"[\W\d_]+")
DIGIT = re.compile(r"[-\u2011]?\d")
WITHIN = re.compile(r"[a-zčćđšž]{2}[A-ZČĆĐŠŽ][a-zčćđšž]")
"""A capital within a word, as in `AidData`; `BiH` and `MiG` are Serbian."""
VOWEL = re.compile(r"[aeiou]")
Edit = tuple[int, int, str]
"""Start, end and replacement in a text."""


class UnknownPair(ValueError):
    """There are no tables for these two tags."""

    def __init__(self, source: str, target: str) -> None:
        known = ", ".join(f"`{one}` into `{other}`" for one, other in pairs())
        super().__init__(f"`{source}` cannot be put into `{target}`; what can be done: {known}")


@dataclass(frozen=True)
class Transliterator:
    """Text from `source` to the script of `target`, but for `exceptions` and `keep`. Raises `UnknownPair`."""

    source: str
    target: str
    exceptions: Mapping[str, str] = field(default_factory=dict)
    keep: Collection[str] = ()
    _tables: Tables = field(init=False, repr=False, compare=False)
    _exceptions: Exceptions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = tables(self.source, self.target)
        if known is None:
            raise UnknownPair(self.source, self.target)
        object.__setattr__(self, "_tables", known)
        object.__setattr__(self, "_exceptions", Exceptions(self.exceptions, (*self.keep, *known.keep), known))

    def text(self, words: str) -> str:
        """`words` in the other script."""
        return self.parts((words,))[0]

    def parts(self, parts: Sequence[str]) -> tuple[str, ...]:
        """One text given in several parts, each in the other script; words may cross the boundaries."""
        return _spread(parts, _Text("".join(parts), self._tables, self._exceptions).edits())

    def kept(self, words: str) -> tuple[str, ...]:
        """The words that stay because they look foreign, in order, each with what hyphens join to it."""
        return tuple(words[start:end] for start, end in _Text(words, self._tables, self._exceptions).foreign())


def _spread(parts: Sequence[str], edits: Iterator[Edit]) -> tuple[str, ...]:
    """The `parts` after `edits`; one over a border goes to the part it begins in, unless that empties a later part."""
    signs = list("".join(parts))
    starts = list(accumulate(map(len, parts), initial=0))
    for start, end, new in edits:
        signs[start:end] = [new] + [""] * (end - start - 1)
        if end - start > 1 and len(parts) > 1:
            first = max(index for index, begin in enumerate(starts[:-1]) if begin <= start)
            last = max(index for index, begin in enumerate(starts[:-1]) if begin < end)
            if first < last and starts[first] < start and starts[last + 1] <= end:
                signs[start], signs[end - 1] = "", new
    return tuple("".join(signs[start:end]) for start, end in pairwise(starts))


class _Text:
    """A text, and which of its letters are not looked at any more."""

    def __init__(self, words: str, tables: Tables, exceptions: Exceptions) -> None:
        self.spelling: Spelling = spelling(words)
        self.letters, self.small = self.spelling.letters, self.spelling.small
        self.tables, self.exceptions = tables, exceptions
        self.done = bytearray(len(self.letters))
        self.apart = self.spelling.apart | {found.end() for found in tables.apart.finditer(self.small)}
        self.other = frozenset("".join(tables.letters.values()))

    def edits(self) -> Iterator[Edit]:
        """The edits; no two overlap."""
        yield from self._exceptional()
        for parts in self._compounds():
            for start, end, is_foreign in parts:
                if not is_foreign:
                    yield from self._in_letters(start, end)

    def foreign(self) -> Iterator[tuple[int, int]]:
        """The spans of compounds with a part that looks foreign."""
        list(self._exceptional())
        starts = self.spelling.starts
        for parts in self._compounds():
            if any(is_foreign for _, _, is_foreign in parts):
                yield starts[parts[0][0]], starts[parts[-1][1]]

    def _exceptional(self) -> Iterator[Edit]:
        """The edits by the lists of exceptions; marks their words, and symbols, as done."""
        if self.tables.is_latin:
            self._are_done(symbols_in(self.letters, self.tables))
        self._are_done(found.span() for found in self.exceptions.kept.finditer(self.letters))
        for start, ending, end, value in self.exceptions.words_in(self.small):
            if not any(self.done[start:end]):
                for begin, stop, new, is_letter in self.exceptions.steps(self.small[start:ending], start, value):
                    yield self._edit(begin, stop, new if is_letter else self._cased(begin, stop, new))
                yield from self._in_letters(ending, end)
                self._are_done([(start, end)])

    def _are_done(self, spans: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> None:
        for start, end in spans:
            self.done[start:end] = b"\1" * (end - start)

    def _compounds(self) -> Iterator[list[tuple[int, int, bool]]]:
        """The words that hyphens join, each with whether it is foreign; without those that stay anyway."""
        for compound in COMPOUND.finditer(self.letters):
            spans = [
                (compound.start() + one.start(), compound.start() + one.end()) for one in PART.finditer(compound[0])
            ]
            foreign = [index for index, span in enumerate(spans) if self._is_foreign(*span)]
            parts = []
            for index, (start, end) in enumerate(spans):
                is_foreign = index in foreign
                if foreign and not is_foreign and self.letters[start].isalpha():
                    # `Rolls-Royce` is one name; `Huawei-ja` has an ending, and `anti-Huawei` a beginning of our own.
                    is_foreign = self._is_capital(start) or (index < foreign[0] and end - start == 1)
                if not self._stays(start, end):
                    parts.append((start, end, is_foreign))
            if parts:
                yield parts

    def _stays(self, start: int, end: int) -> bool:
        """Whether the word is none that is written in letters: done with, a number, a sign such as `G20` or `F-16`."""
        letters = NO_LETTERS.sub("", self.letters[start:end])
        if any(self.done[start:end]) or not letters or set(letters.lower()) & self.other - self.tables.alphabet:
            return True
        if not self.tables.is_latin:
            return False
        is_sign = letters.isupper() and (len(letters) < end - start or DIGIT.match(self.letters, end) is not None)
        return is_sign or is_numeral(self.letters, start, end, self.tables)

    def _is_foreign(self, start: int, end: int) -> bool:
        """Whether the word has letters, or groups of them, that no word of the language has."""
        word = NO_LETTERS.sub("", self.small[start:end])
        if any(self.done[start:end]) or set(word) & self.other - self.tables.alphabet:
            return False
        if set(word) - self.tables.alphabet:
            return True
        if not self.letters[start:end].isupper() and self.tables.foreign.search(self.small, start, end):
            return True
        if self.tables.is_latin and WITHIN.search(self.letters, start, end):
            return True
        accents = self.spelling.accents
        return self.tables.is_latin and any(
            index in accents and set(accents[index]) & set(RISING) and not VOWEL.search(self.small, index + 1, end)
            for index in range(start, end if accents else start)
        )

    def _in_letters(self, start: int, end: int) -> Iterator[Edit]:
        """Letter by letter; two may be one."""
        while start < end:
            pair = self.small[start : start + 2] if start + 1 < end else ""
            is_pair = pair in self.tables.letters and start + 1 not in self.apart  # not `n|j` in `injekcija`, nor `nJ`
            width = 2 if is_pair and (self._is_capital(start) or not self._is_capital(start + 1)) else 1
            new = self.tables.letters.get(self.small[start : start + width])
            if new:
                yield self._edit(start, start + width, new)
            start += width

    def _is_capital(self, index: int) -> bool:
        return 0 <= index < len(self.letters) and self.letters[index] != self.small[index]

    def _edit(self, start: int, end: int, new: str) -> Edit:
        """`new` for one letter, in its case and with its accents; invisible characters within come before it."""
        if self._is_capital(start) and new.islower():
            behind = self.letters[end : end + 1]
            is_capital = self._is_capital(end) if behind.isalpha() else self._is_capital(start - 1)
            new = new.upper() if len(new) == 1 or is_capital else new.capitalize()
        accents, unseen, starts = self.spelling.accents, self.spelling.unseen, self.spelling.starts
        if accents or unseen:
            within = "".join(unseen.get(index, "") for index in range(start, end - 1))
            accent = "".join(accents.get(index, "") for index in range(start, end))
            new = within + normalize("NFC", new + accent) + unseen.get(end - 1, "")
        return starts[start], starts[end], new

    def _cased(self, start: int, end: int, value: str) -> str:
        """`value` in the case of the word that it replaces."""
        written = self.letters[start:end]
        if written.isupper() and len(written) > 1:
            return value.upper()
        return value[0].upper() + value[1:] if self._is_capital(start) else value
