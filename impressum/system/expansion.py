"""Letters a little wider or narrower in a justified line, where Typst has set them apart or together.

Typst justifies with the spaces between words and, within limits, with those between letters; it cannot change the
letters themselves, as pdfTeX can (Hàn Thế Thành, Micro-typographic extensions to the TeX typesetting system, 2000).
Letters that stand apart in one line and together in the next are seen; letters wider by two hundredths are not. So
what a line has between its letters goes into their width, up to `MOST`. Runs of text and words begin where they did.

A run is written by Typst as one `TJ`, with the offset of each letter from the next; a letter is two bytes. ISO 32000-1:
9.4.4 (offsets), 9.7.4.3 (widths).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from impressum.system.pdf_objects import content_of, join, reference, split, value, with_content

MOST = 0.025  # of the width of a letter; pdfTeX goes as far as 0.02 of its own accord
ALIKE = 0.003  # of the width: by so much two runs of a line may differ
TRACKING = (0.5, 31.0)
"""Thousandths of the size: less is not seen, and more is not there to justify a line."""
LEAST = 4  # letters: fewer do not tell their tracking from their kerning
SMALLEST = 0.01  # thousandths of the size
LETTERS = rb"\((?:\\(?:[0-7]{3}|[nrtbf])(?:\\[0-7]{3}|\\[^0-7]|[^\\]))+\)|<\w+>"
"""Letters as they are written; in brackets, the first byte of each is behind a bar."""
PIECE = re.compile(rb"(%b)(-?[\d.]*)" % LETTERS, re.DOTALL)
RUN = rb"q 1 0 0 -1 [-\d.]+ ([-\d.]+) cm|/(f\d+) %g Tf 1( 0 0 -1 [-\d.]+ 0 Tm)(?:\[(.*?)\]TJ|(%b)Tj)"
"""Where the next runs stand, from above; or a run of a size."""
SPACE = re.compile(rb"<(\w{4})> <00[2Aa]0>")
DESCENDANT = re.compile(rb"/DescendantFonts\[(\d+) 0 R")
WIDTH = re.compile(rb"(\d+) (\d+) (-?[\d.]+)")


def expand(pdf: bytes, size: float) -> bytes:
    """The `pdf` that Typst wrote, with the justified lines in this `size` (points) expanded; nothing else is changed.
    Raises `ValueError` where the file has another form than Typst gives it."""
    objects, trailer = split(pdf)
    fonts: dict[bytes, _Font] = {}
    pattern = re.compile(RUN % (size, LETTERS), re.DOTALL)
    for page in [one for one in objects if one.startswith(b"<</Type/Page/")]:
        named = {}
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", objects[reference(page, b"/Resources") - 1]):
            if number not in fonts and DESCENDANT.search(objects[int(number) - 1]):
                fonts[number] = _Font(objects, objects[int(number) - 1])
            if number in fonts:
                named[name] = fonts[number]
        at = reference(page, b"/Contents") - 1
        content = content_of(objects[at])
        if (made := _expanded(content, pattern, named)) != content:
            objects[at] = with_content(objects[at], made)
    return join(objects, trailer)


class _Letter(NamedTuple):
    """A letter: its code, its width in thousandths of the size, whether it is a space."""

    code: bytes
    width: float
    is_space: bool


class _Font(dict[bytes, list[_Letter]]):
    """Letters of a font, by how they are written together in its strings."""

    def __init__(self, objects: Sequence[bytes], font: bytes) -> None:
        descendant = objects[int(DESCENDANT.findall(font)[0]) - 1]
        self.widths = {
            code.to_bytes(2): float(width)
            for first, last, width in WIDTH.findall(descendant.partition(b"/W[")[2])
            for code in range(int(first), int(last) + 1)
        }
        names = content_of(objects[reference(font, b"/ToUnicode") - 1])
        self.spaces = {bytes.fromhex(code.decode()) for code in SPACE.findall(names)}

    def __missing__(self, written: bytes) -> list[_Letter]:
        plain = value(written)
        codes = [plain[at : at + 2] for at in range(0, len(plain), 2)]
        self[written] = [_Letter(one.hex().encode(), self.widths.get(one, 0.0), one in self.spaces) for one in codes]
        return self[written]


@dataclass
class _Run:
    """A run as it was `found`: its letters, the offset behind each but the last, and which of these stand between
    letters, how often."""

    found: re.Match[bytes]
    letters: list[_Letter]
    offsets: list[float]
    between: Counter[float]

    @property
    def may_be_tracked(self) -> bool:
        return 2 * self.between[0.0] <= self.between.total()

    def end(self) -> None:
        """Leaves out what stands between the last letter of a line and a space, which nobody sees."""
        if len(self.letters) > 1 and self.letters[-1].is_space and not self.letters[-2].is_space:
            self.between[self.offsets[-2]] -= 1

    def own(self, tracking: float) -> float:
        """How wide its letters are, with their kerning and without the tracking."""
        kerning = sum((tracking - offset) * times for offset, times in self.between.items())
        return sum(one.width for one in self.letters if not one.is_space) + kerning

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
        head = self.found[0][: self.found.start(3) - self.found.start() - 1]
        return b"%b%.5f%b[<%b>]TJ" % (head, wide, self.found[3], b"".join(written))


def _expanded(content: bytes, pattern: re.Pattern[bytes], fonts: Mapping[bytes, _Font]) -> bytes:
    """The content of a page with its lines expanded."""
    written, at = [], 0
    for line in _lines(content, pattern, fonts):
        line[-1].end()
        offsets = sum((run.between for run in line), Counter[float]())
        rounded: Counter[float] = Counter()
        for offset, times in offsets.items():
            rounded[round(offset, 2)] += times
        ((tracking, often),) = rounded.most_common(1) or ((0.0, 0),)
        count = offsets.total()
        if count < LEAST or 2 * often < count or not TRACKING[0] <= abs(tracking) <= TRACKING[1]:
            continue
        wide = min(max(1 - tracking * count / sum(run.own(tracking) for run in line), 1 - MOST), 1 + MOST)
        for run in line:
            written += [content[at : run.found.start()], run.made(wide, tracking, is_last=run is line[-1])]
            at = run.found.end()
    return b"".join([*written, content[at:]])


def _lines(content: bytes, pattern: re.Pattern[bytes], fonts: Mapping[bytes, _Font]) -> Iterator[list[_Run]]:
    """The runs of each line that may be tracked."""
    line: list[_Run] = []
    height = b""
    for found in pattern.finditer(content):
        if found[1] is not None:
            if found[1] != height and line:
                yield line
                line = []
            height = found[1]
        elif found[2] in fonts:
            font = fonts[found[2]]
            letters: list[_Letter] = []
            offsets: list[float] = []
            for text, offset in PIECE.findall(found[4] or found[5]):
                together = font[text]
                letters += together
                offsets += [0.0] * (len(together) - 1)
                offsets.append(float(offset or 0))
            between = Counter(
                offset for letter, offset in zip(letters[:-1], offsets, strict=False) if not letter.is_space
            )
            if (run := _Run(found, letters, offsets, between)).may_be_tracked:
                line.append(run)
    if line:
        yield line
