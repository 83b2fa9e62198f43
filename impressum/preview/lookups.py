"""Answers to what is clicked: from a point of a page to its line in the source, and from a line to its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from impressum.core.errors import Place
from impressum.preview.session import Session
from impressum.preview.views import Looks, Shown
from impressum.stages.verify.words import norm
from impressum.system.cache import Json
from impressum.system.files import read

LONGEST = 2_000_000  # bytes of a source that is shown
ALWAYS = ("publication.yaml", "glossary.csv")
SHOWN_WORDS = 8
PLAIN = 1.0  # how much surer the words of another file must be than those of the block at that place
DIVIDED = re.compile("[\ufffe\u00ad]\\s*|[\u200b\u2060]")
"""How a word that is divided at the end of a line is read, and signs that are not printed."""
DIVISION = re.compile("[\ufffe\u00ad]\\s*$")  # the end of a line within a word
WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
AROUND = 5  # words before and behind the one that is looked for
ITSELF = 1.5
ENOUGH = 1.9  # the least weight of a match: the word itself and a neighbour, or several neighbours


@dataclass(frozen=True)
class Lookups:
    """Asks the session for what is shown. Pages are numbered from 1, and measured in points from their top left."""

    session: Session

    def picture(self, number: int, look: str, width: int) -> tuple[bytes, bool] | None:
        """The picture of a page, and whether it is the one that looks so; None where there is no such page."""
        shown, looks = self._shown()
        if shown is None or not 1 <= number <= len(shown.sizes):
            return None
        known = looks.looks[number - 1]
        return self.session.pages.picture(shown.sheets[number - 1], known, width), bool(known) and known == look

    def places(self, number: int) -> Json:
        """The parts of a page with their places in the sources."""
        shown, _ = self._shown()
        stands = shown.places.by_page.get(number, ()) if shown else ()
        left, right = shown.places.sides_of(number) if shown else (0.0, 0.0)
        return [
            {
                "left": left,
                "right": right,
                "top": round(one.top, 1),
                "bottom": round(one.bottom, 1),
                "kind": one.kind,
                "path": one.place.path,
                "line": one.place.line,
                "words": " ".join(one.words.split()[:SHOWN_WORDS]),
            }
            for one in stands
        ]

    def source_of(self, number: int, x: float, y: float) -> Json:
        """The place in the sources of what is printed at a point of a page; None where nothing is known of it."""
        shown, _ = self._shown()
        if shown is None or not 1 <= number <= len(shown.sizes):
            return None
        words = self.session.pages.words(shown.sheets[number - 1], x, y)
        stand = shown.places.at(number, y)
        best: tuple[float, Place] | None = None
        if stand is not None:
            best = (0.0, stand.place)
            within = shown.places.lines_of(stand)
            found = find(words.before, words.word, words.after, tokens(self._lines(stand.place.path, within)))
            if found is not None:
                best = (found[1] + PLAIN, Place(stand.place.path, found[0].line, found[0].column))
        if best is None or (not best[0] and words.word):
            for path in self._others(shown):
                found = find(words.before, words.word, words.after, tokens(self._lines(path)))
                if found is not None and (best is None or found[1] > best[0]):
                    best = (found[1], Place(path, found[0].line, found[0].column))
        if best is None:
            return None
        place = best[1]
        return {"path": place.path, "line": place.line, "column": place.column, "editor": self.session.link(place)}

    def page_of(self, path: str, line: int) -> Json:
        """The page and the part of it where a line of a source stands; None where it stands on none."""
        shown, _ = self._shown()
        stand = shown.places.of(Place(path, line)) if shown else None
        if shown is None or stand is None:
            return None
        left, right = shown.places.sides_of(stand.page)
        top, bottom = round(stand.top, 1), round(stand.bottom, 1)
        return {"page": stand.page, "left": left, "right": right, "top": top, "bottom": bottom}

    def source(self, path: str) -> Json:
        """The lines of a source of what is shown; None for any other file."""
        shown, _ = self._shown()
        if path not in self._readable(shown):
            return None
        lines: list[Json] = [line for _, line in self._lines(path)]
        stands = shown.places.by_path.get(path, ()) if shown else ()
        begins: list[Json] = [*sorted({one.place.line for one in stands})]
        return {"path": path, "lines": lines, "begins": begins, "editor": self.session.link(Place(path))}

    def sources(self) -> Json:
        """The files of what is shown: chapters first, in their order."""
        shown, _ = self._shown()
        return list(self._readable(shown))

    def link(self, path: str, line: int, column: int) -> str:
        """The link that opens a place in the editor."""
        return self.session.link(Place(path, line, column))

    def _shown(self) -> tuple[Shown | None, Looks]:
        return self.session.current()

    def _readable(self, shown: Shown | None) -> dict[str, None]:
        """The sources that may be shown, in order: what the pages were made from, and what a fault names."""
        views = self.session.views
        names: dict[str, None] = {}
        if shown is not None:
            names |= dict.fromkeys(shown.places.by_path)
            edition = shown.manuscripts.sources.editions[0]
            names |= dict.fromkeys(chapter.body.path for chapter in edition.chapters)
            folder = f"chapters/{edition.tag}"
            bibliography = shown.manuscripts.sources.publication.bibliography
            names |= dict.fromkeys((f"{folder}/edition.yaml", f"{folder}/layout.yaml", bibliography))
        names |= dict.fromkeys(ALWAYS)
        for found in views.found.values():
            names |= dict.fromkeys(fault.place.path for fault in (*found.faults, *found.old))
        return {name: None for name in names if self._is_there(name)}

    def _is_there(self, name: str) -> bool:
        path = self.session.workspace.inside(name)
        return path is not None and path.is_file() and path.stat().st_size <= LONGEST

    def _others(self, shown: Shown) -> Iterator[str]:
        """Where the words of covers, contents, impressum and references come from."""
        edition = shown.manuscripts.sources.editions[0]
        chapters = [chapter.body.path for chapter in edition.chapters]
        bibliography = shown.manuscripts.sources.publication.bibliography
        for name in (f"chapters/{edition.tag}/edition.yaml", ALWAYS[0], bibliography, *chapters):
            if self._is_there(name):
                yield name

    def _lines(self, name: str, within: range | None = None) -> Sequence[tuple[int, str]]:
        """The lines of a source with their numbers, or those of them `within`."""
        path = self.session.workspace.inside(name)
        try:
            text = read(path).decode("utf-8", "replace") if path else ""
        except OSError:
            return ()
        lines = enumerate(text.replace("\r\n", "\n").removesuffix("\n").split("\n"), 1)
        return [(number, line) for number, line in lines if within is None or number in within]


@dataclass(frozen=True)
class Token:
    """A word of the source as it is compared, with its line and column."""

    word: str
    line: int
    column: int


def tokens(lines: Iterable[tuple[int, str]]) -> list[Token]:
    """The words of numbered lines."""
    words = ((number, found) for number, line in lines for found in WORD.finditer(line))
    return [Token(word, number, found.start() + 1) for number, found in words if (word := _compared(found[0]))]


def find(before: str, word: str, after: str, source: Sequence[Token]) -> tuple[Token, float] | None:
    """The word of `source` that is printed as `word` between `before` and `after`, and how sure that is."""
    left = [_compared(one) for one in WORD.findall(DIVIDED.sub("", before))]
    right = [_compared(one) for one in WORD.findall(DIVIDED.sub("", after))]
    own = "".join(_compared(one) for one in WORD.findall(DIVIDED.sub("", word)))
    if DIVISION.search(before) and left:
        own = left.pop() + own
    if DIVISION.search(word) and right:
        own += right.pop(0)
    left, right = left[-AROUND:], right[:AROUND]
    best: tuple[float, int] = (0.0, -1)
    known = {own, *left, *right}
    for at, token in enumerate(source):
        if token.word not in known:
            continue
        weight = ITSELF if token.word == own else 0.0
        weight += _run(reversed(left), [source[i].word for i in range(at - 1, max(-1, at - 2 * AROUND), -1)])
        weight += _run(right, [one.word for one in source[at + 1 : at + 2 * AROUND]])
        if weight > best[0]:
            best = (weight, at)
    weight, at = best
    return (source[at], weight) if at >= 0 and weight >= ENOUGH else None


def _run(printed: Iterable[str], source: Sequence[str]) -> float:
    """How well the words that follow are the same, one after the other; markup may stand between them."""
    weight, at, share = 0.0, 0, 1.0
    for word in printed:
        where = next((i for i in range(at, min(at + 3, len(source))) if source[i] == word), None)
        if where is not None:
            weight += share
            at = where + 1
        share *= 0.8
    return weight


def _compared(word: str) -> str:
    return norm(word).strip(".,;:!?%()")
