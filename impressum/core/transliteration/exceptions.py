"""The words that a publication names itself: what they become, or that they stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from impressum.core.transliteration.letters import spelling
from impressum.core.transliteration.tables import NOTHING, Tables

LEAST = 4
"""Letters of a word that may have an ending without a hyphen: with one, shorter words would be others."""
SPACES = r"\s+"
Step = tuple[int, int, str, bool]
"""From where to where, what stands there instead, and whether it is a single letter, whose case is the text's."""


@dataclass(frozen=True)
class Exceptions:
    """`words` by what they become, `keep` those that stay; each may be several words and have an ending."""

    words: Mapping[str, str]
    keep: Collection[str]
    tables: Tables

    def kept_in(self, letters: str) -> Iterator[tuple[int, int]]:
        """Where words of `keep` stand in `letters`, as they are written or in capitals; endings included."""
        return (found.span() for found in self._keep.finditer(letters))

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
    def _keep(self) -> re.Pattern[str]:
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
    """The letters of `value`, each with how many letters of `word` it stands for; None where they are others."""
    if not word or not value:
        return [] if word == value else None
    for width in range(min(2, len(word)), 0, -1):
        new = tables.letters.get(word[:width], word[0] if width == 1 and not word[0].isalpha() else None)
        if new and value.startswith(new):
            rest = _aligned(word[width:], value[len(new) :], tables)
            if rest is not None:
                return [(width, new), *rest]
    return None
