"""Sources that a fault made unreadable, in whole or in part; no check draws conclusions from their content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

MADE = re.compile(r"^#.*(\{\{|\{%)|\{[^{}%\n]*#[^{}\n]*(\{\{|\{%)|\{%-?\s*(include|import|from)\b", re.MULTILINE)
"""Where an id, or the heading that one is made from, is put together by a template."""
NAMED = re.compile(r"@\{?[\w:.-]+|\]\(#[^)\s]*")
"""Where an id is named, and not given."""
SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class LostChapter:
    """The chapter `slug`, and its `text` as far as there is one: None if its content is unknown."""

    slug: str
    text: str | None

    def may_hold(self, words: str) -> bool:
        """Whether the id or the words `words` may be given in the chapter; letters and digits decide."""
        if self.text is None or MADE.search(self.text):
            return True
        wanted = {SIGNS.sub("", one).casefold() for one in (words, re.sub(r"-\d+$", "", words))}
        lines = [SIGNS.sub("", line).casefold() for line in NAMED.sub(" ", self.text).split("\n")]
        return any(one in line for one in wanted for line in lines)


ANYTHING = LostChapter("", None)
"""Placeholder for unknown content."""


def may_stand(words: str, lost: Iterable[LostChapter]) -> bool:
    """Whether the id or the words `words` may be in one of the `lost` chapters."""
    return any(chapter.may_hold(words) for chapter in lost)


EVERYTHING = frozenset({""})
"""The paths that are unknown of a file of which nothing could be read."""


def may_be(key: str, unknown: Set[str]) -> bool:
    """Whether `key`, or something below it, is given in a way that could not be read; `unknown` are paths."""
    return any(not path or path == key or path.startswith(f"{key}.") for path in unknown)


@dataclass(frozen=True)
class LostSources:
    """Names of unreadable figures, tables of data and includes; `values` are unreadable paths in publication.yaml."""

    figures: frozenset[str] = frozenset()
    data: frozenset[str] = frozenset()
    includes: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
