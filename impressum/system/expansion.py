"""Letters a little wider or narrower in a justified line, where Typst has set them apart or together.

Typst justifies with the spaces between words and, within limits, with those between letters; it cannot change the
letters themselves, as pdfTeX can (Hàn Thế Thành, Micro-typographic extensions to the TeX typesetting system, 2000).
Letters that stand apart in one line and together in the next are seen; letters wider by two hundredths are not. So
what a line has between its letters goes into their width, up to `MOST`. Runs of text and words begin where they did.

A run is written by Typst as one `TJ`, with the offset of each letter from the next; a letter is two bytes. ISO 32000-1:
9.4.4 (offsets), 9.7.4.3 (widths). What comes of a page, or of a line, is kept: page fitting sets most of them again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from impressum.system.pdf_objects import content_of, join, reference, split, value, with_content

MOST = 0.025  # of the width of a letter; pdfTeX goes as far as 0.02 of its own accord
ALIKE = 0.003  # of the width: by so much two runs of a line may differ
TRACKING = (0.5, 31.0)
"""Thousandths of the size: less is not seen, and more is not there to justify a line."""
LEAST = 4  # letters: fewer do not tell their tracking from their kerning
SMALLEST = 0.01  # thousandths of the size
MOST_FONTS, MOST_PAGES, MOST_LINES = 50, 100, 4000  # that are kept, of chapters that are set again
LETTERS = rb"\((?:\\(?:[0-7]{3}|[nrtbf])(?:\\[0-7]{3}|\\[^0-7]|[^\\]))+\)|<\w+>"
"""Letters as they are written; in brackets, the first byte of each is behind a bar."""
PIECE = re.compile(rb"(%b)(-?[\d.]*)" % LETTERS, re.DOTALL)
RUN = rb"q 1 0 0 -1 [-\d.]+ ([-\d.]+) cm|(/(f\d+) %g Tf )1( 0 0 -1 [-\d.]+ 0 Tm)(?:\[(.*?)\]TJ|(%b)Tj)"
"""Where the next runs stand, from above; or a run of a size."""
SPACE = re.compile(rb"<(\w{4})> <00[2Aa]0>")
DESCENDANT = re.compile(rb"/DescendantFonts\[(\d+) 0 R")
WIDTH = re.compile(rb"(\d+) (\d+) (-?[\d.]+)")


def expand(pdf: bytes, size: float) -> bytes:
    """The `pdf` that Typst wrote, with the justified lines in this `size` (points) expanded; nothing else is changed.
    Raises `ValueError` where the file has another form than Typst gives it."""
    objects, trailer = split(pdf)
    for page in [one for one in objects if one.startswith(b"<</Type/Page/")]:
        fonts = []
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", objects[reference(page, b"/Resources") - 1]):
            font = objects[int(number) - 1]
            if descendant := DESCENDANT.search(font):
                widths = objects[int(descendant[1]) - 1].partition(b"/W[")[2]
                fonts.append((name, _font(widths, objects[reference(font, b"/ToUnicode") - 1])))
        at = reference(page, b"/Contents") - 1
        objects[at] = _page(objects[at], size, tuple(fonts))
    return join(objects, trailer)


class _Letter(NamedTuple):
    """A letter: its code, its width in thousandths of the size, whether it is a space."""

    code: bytes
    width: float
    is_space: bool


_Font = Callable[[bytes], list[_Letter]]
"""Gives the letters that are written together in a string."""


@lru_cache(MOST_FONTS)
def _font(widths: bytes, names: bytes) -> _Font:
    """The font of which the file says these widths, and in a stream the `names` of its letters."""
    known = {
        code.to_bytes(2): float(width)
        for first, last, width in WIDTH.findall(widths)
        for code in range(int(first), int(last) + 1)
    }
    spaces = {bytes.fromhex(code.decode()) for code in SPACE.findall(content_of(names))}

    @cache
    def letters(written: bytes) -> list[_Letter]:
        plain = value(written)
        codes = [plain[at : at + 2] for at in range(0, len(plain), 2)]
        return [_Letter(one.hex().encode(), known.get(one, 0.0), one in spaces) for one in codes]

    return letters


@lru_cache(MOST_PAGES)
def _page(stream: bytes, size: float, fonts: tuple[tuple[bytes, _Font], ...]) -> bytes:
    """The content of a page with its lines expanded; of `fonts`, each has its name there."""
    content = content_of(stream)
    written, at = [], 0
    for line in _lines(content, size, dict(fonts)):
        for found, made in zip(line, _expanded(tuple(run for _, run in line)), strict=True):
            if made:
                written += [content[at : found[0].start()], made]
                at = found[0].end()
    return with_content(stream, b"".join([*written, content[at:]])) if written else stream


class _Run(NamedTuple):
    """A run as it is written: what stands before the width of its letters, and between that and them."""

    font: _Font
    head: bytes
    matrix: bytes
    letters: bytes


def _lines(content: bytes, size: float, fonts: Mapping[bytes, _Font]) -> Iterator[list[tuple[re.Match[bytes], _Run]]]:
    """The runs of each line, and where they were found."""
    line: list[tuple[re.Match[bytes], _Run]] = []
    height = b""
    for found in re.finditer(RUN % (size, LETTERS), content, re.DOTALL):
        if found[1] is not None:
            if found[1] != height and line:
                yield line
                line = []
            height = found[1]
        elif found[3] in fonts:
            line.append((found, _Run(fonts[found[3]], found[2], found[4], found[5] or found[6])))
    if line:
        yield line


@lru_cache(MOST_LINES)
def _expanded(line: tuple[_Run, ...]) -> tuple[bytes, ...]:
    """The runs of a line as they are to be written; empty are those that stay as they are."""
    read = list(map(_ReadRun.of, line))
    tracked = [one for one in read if 2 * one.between[0.0] <= one.between.total()]
    if tracked:
        tracked[-1].end()
    rounded: Counter[float] = Counter()
    for one in tracked:
        for offset, times in one.between.items():
            rounded[round(offset, 2)] += times
    ((tracking, often),) = rounded.most_common(1) or ((0.0, 0),)
    count = rounded.total()
    if count < LEAST or 2 * often < count or not TRACKING[0] <= abs(tracking) <= TRACKING[1]:
        return (b"",) * len(line)
    wide = min(max(1 - tracking * count / sum(one.own(tracking) for one in tracked), 1 - MOST), 1 + MOST)
    return tuple(one.made(wide, tracking, is_last=one is tracked[-1]) if one in tracked else b"" for one in read)


@dataclass(eq=False)
class _ReadRun:
    """A run, its letters, the offset behind each but the last, and which of these stand between letters, how often."""

    run: _Run
    letters: list[_Letter]
    offsets: list[float]
    between: Counter[float]

    @classmethod
    def of(cls, run: _Run) -> _ReadRun:
        letters: list[_Letter] = []
        offsets: list[float] = []
        for text, offset in PIECE.findall(run.letters):
            together = run.font(text)
            letters += together
            offsets += [0.0] * (len(together) - 1)
            offsets.append(float(offset or 0))
        between = [offset for letter, offset in zip(letters[:-1], offsets, strict=False) if not letter.is_space]
        return cls(run, letters, offsets, Counter(between))

    def end(self) -> None:
        """Leaves out what stands between the last letter of a line and a space, which nobody sees."""
        if len(self.letters) > 1 and self.letters[-1].is_space and not self.letters[-2].is_space:
            self.between[self.offsets[-2]] -= 1

    def own(self, tracking: float) -> float:
        """How wide its letters are, with their kerning and without the tracking."""
        kerning = sum([(tracking - offset) * times for offset, times in self.between.items()])
        return sum([one.width for one in self.letters if not one.is_space]) + kerning

    def made(self, wide: float, tracking: float, *, is_last: bool) -> bytes:
        """The run with letters that are about as `wide`, as a part of their width."""
        count = self.between.total() + (not is_last and not self.letters[-1].is_space)
        own = self.own(tracking)
        exact = 1 - tracking * count / own if own else wide
        if abs(exact - wide) < ALIKE and abs(exact - 1) <= MOST:
            wide = exact
        left = (tracking + (wide - 1) * own / count) / wide if count else 0.0
        written = [self.letters[0].code]
        for letter, offset, following in zip(self.letters, self.offsets, self.letters[1:], strict=False):
            offset = letter.width - (letter.width - offset) / wide if letter.is_space else offset - tracking + left
            written += [b">%g<" % round(offset, 2) if abs(offset) >= SMALLEST else b"", following.code]
        return b"%b%.5f%b[<%b>]TJ" % (self.run.head, wide, self.run.matrix, b"".join(written))
