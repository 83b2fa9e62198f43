"""Text over text: two runs of letters on the same spot."""

from __future__ import annotations

from collections import defaultdict

from impressum.core.errors import Place
from impressum.stages.verify.area import words_of
from impressum.stages.verify.evidence import FALLBACK, Evidence, shown
from impressum.stages.verify.pages import Glyph, Line

LEAST_LETTERS = 2


def find_overprint(evidence: Evidence) -> None:
    """Finds the lines that stand on others; their letters cannot be told apart, so no other check reports them."""
    for page in evidence.printed.pages:
        done: set[frozenset[int]] = set()
        glyphs: dict[int, list[Glyph]] = {}
        for one, other in evidence.printed.touching(page.number):
            pair = frozenset((one.first, other.first))
            if pair in done:
                continue
            done.add(pair)
            for line in (one, other):
                if line.first not in glyphs:
                    glyphs[line.first] = evidence.printed.glyphs(line)
            words = _words((one, glyphs[one.first]), (other, glyphs[other.first]))
            if words:
                evidence.overprinted.setdefault(page.number, []).append((one, *words))


def check_overprint(evidence: Evidence) -> None:
    """No letters are printed over those of another run. One fault a page and block."""
    for page, pairs in evidence.overprinted.items():
        found: dict[Place, list[tuple[str, str]]] = defaultdict(list)
        for line, first, second in pairs:
            place = FALLBACK if page < evidence.body_page else evidence.place(page, line.text)
            found[place].append((first, second))
        for place, some in found.items():
            more = f", and {len(some) - 1} more pairs of lines" if len(some) > 1 else ""
            evidence.faults.error(
                place,
                f"{shown(some[0][0])} and {shown(some[0][1])} are printed over each other on page {page}{more}",
                "page-overprint",
                "what stands there is too long or too wide: give a table fewer columns or let it break, or make the "
                "figure smaller; "
                "`rules: {page-overprint: warning}` builds the page so that you can look at it",
            )


def _words(one: tuple[Line, list[Glyph]], other: tuple[Line, list[Glyph]]) -> tuple[str, str] | None:
    """The words of two lines that cover each other, letter by letter."""
    lines = (one,) if one[0] is other[0] else (one, other)
    runs: dict[int, list[Glyph]] = defaultdict(list)
    for _, glyphs in lines:
        for glyph in glyphs:
            if glyph.letter.isalnum():
                runs[glyph.run].append(glyph)
    over: list[Glyph] = []
    under: list[Glyph] = []
    keys = list(runs)
    for number, key in enumerate(keys):
        for other_key in keys[number + 1 :]:
            hits = [(a, b) for a in runs[key] for b in runs[other_key] if _on(a, b)]
            if len({id(a) for a, _ in hits}) >= LEAST_LETTERS:
                over += [a for a, _ in hits]
                under += [b for _, b in hits]
    if not over:
        return None
    first = next(word for line, glyphs in lines if (word := words_of(line, glyphs, over)))
    second = next(word for line, glyphs in reversed(lines) if (word := words_of(line, glyphs, under)))
    return first, second


def _on(one: Glyph, other: Glyph) -> bool:
    return other.box.holds(one.box.middle) or one.box.holds(other.box.middle)
