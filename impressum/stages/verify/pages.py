"""The finished pages as a reader sees them: lines of text and where they stand, in points from the page's top left."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from impressum.core.languages import in_logical_order, right_to_left
from impressum.stages.verify.touching import touching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from impressum.stages.verify.page_memory import PageMemory

LINE_END = re.compile("(\r\n)|(?<=\ufffe)")
"""The reader's own line ends; a hyphen at the end of a line (U+FFFE) has none."""
BEYOND = re.compile("[\U00010000-\U0010ffff]")
SPACE = re.compile(r"(?<=[^\W_]) (?=[^\W_])")
"""A space between letters: beside a sign the letters may be set closer."""
READING = threading.RLock()  # PDFium reads in one thread at a time: to be held as long as `PrintedPages` are used
SMALLEST = 0.5
ROW = 0.8
"""In parts of the size: by so much a letter of the next row is lower."""
MOST_TOUCHING = 100  # pairs of runs of a page; who mends those sees the rest
QUARTER_TURN = 90
MOST_OPEN = 20  # pages at one time: those of most chapters, whose letters are read once all their lines are


@dataclass(frozen=True, slots=True)
class Rectangle:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def empty(self) -> bool:
        return self.right - self.left < SMALLEST or self.bottom - self.top < SMALLEST

    def holds(self, point: tuple[float, float]) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """Text that stands together on page `page` (from 1): its first letter on the page, its boxes (one a run).
    `baseline` is what its largest letters stand on, `size` theirs, `space` the width of its spaces (0: it has none)."""

    page: int
    text: str
    first: int
    boxes: tuple[Rectangle, ...]
    baseline: float = 0.0
    size: float = 0.0
    space: float = 0.0
    logical: str = ""
    """The text as it is said, where it has letters that are written from right to left."""

    @property
    def said(self) -> str:
        """The text in the order in which it is said."""
        return self.logical or self.text

    @property
    def top(self) -> float:
        return min((box.top for box in self.boxes), default=0.0)

    @property
    def bottom(self) -> float:
        return max((box.bottom for box in self.boxes), default=0.0)

    @property
    def left(self) -> float:
        return min((box.left for box in self.boxes), default=0.0)

    @property
    def right(self) -> float:
        return max((box.right for box in self.boxes), default=0.0)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter with its box and size; `run` tells which letters were printed together."""

    letter: str
    box: Rectangle
    size: float
    run: int


@dataclass(frozen=True, slots=True)
class Coordinates:
    """From the coordinates of a PDF (from the bottom left) to a reader's (from the top left). A page that is `turned`
    is turned by a quarter when it is shown: what was printed upwards is read as a line."""

    height: float
    turned: bool

    def box(self, left: float, bottom: float, right: float, top: float) -> Rectangle:
        if self.turned:
            return Rectangle(bottom, left, top, right)
        return Rectangle(left, self.height - top, right, self.height - bottom)

    def point(self, x: float, y: float) -> tuple[float, float]:
        return (y, x) if self.turned else (x, self.height - y)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is read; one that is `turned` is printed with its head to the left."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    turned: bool = False

    def as_printed(self, box: Rectangle) -> Rectangle:
        """A box of the page as it is read, on the upright sheet."""
        return Rectangle(box.top, self.width - box.right, box.bottom, self.width - box.left) if self.turned else box

    def as_read(self, box: Rectangle) -> Rectangle:
        """A box of the upright sheet, on the page as it is read."""
        return Rectangle(self.width - box.bottom, box.left, self.width - box.top, box.right) if self.turned else box

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass
class ReadPage:
    """A page that was read, and what was read on it since: letters by line, pictures, lines that touch by number."""

    page: Page
    glyphs: dict[tuple[int, int], list[Glyph]] = field(default_factory=dict)
    has_picture: bool | None = None
    touching: list[tuple[int, int]] | None = None
    is_kept: bool = False

    def on(self, number: int) -> ReadPage:
        """The same, as page `number` of a book."""
        if self.page.number != number:
            lines = tuple(replace(line, page=number) for line in self.page.lines)
            self = replace(self, page=replace(self.page, number=number, lines=lines))
        return self


@dataclass(frozen=True)
class _Pages(Sequence[Page]):
    """The pages of a PDF, which are read as they are asked for."""

    printed: PrintedPages

    def __len__(self) -> int:
        return len(self.printed._read_pages)

    def __getitem__(self, at: Any) -> Any:
        return self.printed.read(range(1, len(self) + 1)[at]).page


@dataclass
class PrintedPages:
    """A PDF's pages, read as they are asked for, as letters of a line are. With a `memory`, a page is not read again
    that has the same one of `prints` (hashes of what is on the pages)."""

    pdf: bytes
    prints: tuple[str, ...] = ()
    memory: PageMemory | None = None
    pages: Sequence[Page] = ()
    _document: Any = None
    _open: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    """The pages that were opened last, and their text, by their numbers."""
    _read_pages: list[ReadPage | None] = field(default_factory=list)
    _numbers: tuple[Any, ...] = field(default_factory=lambda: tuple(ctypes.c_double() for _ in range(4)))

    def __post_init__(self) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(self.pdf)
        self._read_pages = [None] * len(self._document)
        self.pages = _Pages(self)

    def read(self, number: int) -> ReadPage:
        """Page `number`, with what was read on it."""
        read = self._read_pages[number - 1]
        if read is None:
            name = self.prints[number - 1] if self.prints else ""
            known = self.memory.recall(name) if self.memory and name else None
            read = self._read_pages[number - 1] = known.on(number) if known else ReadPage(self._read(number))
            if self.memory and name:
                self.memory.pages[name] = read  # the last to be forgotten
        return read

    def lines(self) -> Iterator[Line]:
        """Every line, page after page."""
        return (line for page in self.pages for line in page.lines)

    def keep(self, numbers: Iterable[int]) -> None:
        """Remembers those pages of a finished book that were read, with all that was read on them."""
        if self.memory is not None:
            for number in numbers:
                if (page := self._read_pages[number - 1]) is not None:
                    self.memory.keep(self.prints[number - 1], page)

    def close(self) -> None:
        """Frees what the reader of the PDF holds."""
        for number in tuple(self._open):
            self._shut(number)
        self._document.close()
        if self.memory is not None:
            self.memory.forget()

    def glyphs(self, line: Line, *, last: int = 0) -> list[Glyph]:
        """The visible letters of `line`; with `last`, only those among its last letters."""
        known = self.read(line.page).glyphs
        if (line.first, last) not in known:
            known[line.first, last] = self._read_glyphs(line, last)
        return known[line.first, last]

    def touching(self, number: int) -> list[tuple[Line, Line]]:
        """The lines of page `number` of which two runs cover each other to a good part; one may touch itself."""
        read = self.read(number)
        if read.touching is None:
            read.touching = list({(min(at), max(at)): 0 for at in islice(touching(read.page), MOST_TOUCHING)})
        return [(read.page.lines[one], read.page.lines[other]) for one, other in read.touching]

    def _read_glyphs(self, line: Line, last: int) -> list[Glyph]:
        import pypdfium2.raw as raw

        page, text = self._opened(line.page)
        sheet = _sheet(page)
        left, right, bottom, top = self._numbers
        found = []
        for offset in range(max(0, len(line.text) - last) if last else 0, len(line.text)):
            letter, index = line.text[offset], line.first + offset
            if letter.isspace() or not raw.FPDFText_GetCharBox(text, index, left, right, bottom, top):
                continue
            box = sheet.box(left.value, bottom.value, right.value, top.value)
            if not box.empty:
                run = ctypes.cast(raw.FPDFText_GetTextObject(text, index), ctypes.c_void_p).value or 0
                found.append(Glyph(letter, box, raw.FPDFText_GetFontSize(text, index), run))
        return found

    def has_picture(self, number: int) -> bool:
        """Whether page `number` shows an image or a drawing that is more than rules and colour."""
        import pypdfium2.raw as raw

        read = self.read(number)
        if read.has_picture is None:
            page, _ = self._opened(number)
            pictures = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_SHADING)
            read.has_picture = any(one.type in pictures for one in page.get_objects(max_depth=1))
        return read.has_picture

    def _opened(self, number: int) -> tuple[Any, Any]:
        if number not in self._open:
            if len(self._open) >= MOST_OPEN:
                self._shut(next(iter(self._open)))
            page = self._document[number - 1]
            self._open[number] = (page, page.get_textpage())
        return self._open[number]

    def _shut(self, number: int) -> None:
        for one in reversed(self._open.pop(number)):
            one.close()

    def _read(self, number: int) -> Page:
        import pypdfium2.raw as raw

        page, text = self._opened(number)
        width, height = page.get_size()
        sheet = _sheet(page)
        count = text.count_chars()
        words = text.get_text_range() if count else ""
        if len(words) != count:  # it counts a letter beyond U+FFFF as two
            words = BEYOND.sub("\\g<0>\u200b", words)
        if len(words) != count:
            words = "".join(_letter(raw.FPDFText_GetUnicode(text, index)) for index in range(count))
        lines = []
        first = 0
        for end in (*LINE_END.finditer(words), None):
            part = words[first : end.start() if end else len(words)]
            for start, piece, boxes in self._rows(text, part, first, sheet) if part.strip() else ():
                said = "" if piece.isascii() or not right_to_left(piece) else self._logical(text, piece, start)
                baseline, size, space = self._measures(text, piece, start, sheet)
                lines.append(Line(number, piece, start, boxes, baseline, size, 0.0 if said else space, said))
            first = end.end() if end else first
        return Page(number, width, height, tuple(lines), sheet.turned)

    def _logical(self, text: Any, piece: str, start: int) -> str:
        """The letters of a line as they are said, from where they are: the reader's own order depends on how many of
        each direction there are. It turns those of one sign, a ligature, round with the others."""
        import pypdfium2.raw as raw

        left, right, bottom, top = self._numbers
        signs: dict[tuple[float, float], str] = {}
        for offset, letter in enumerate(piece):
            if raw.FPDFText_GetCharBox(text, start + offset, left, right, bottom, top):
                at = (left.value, right.value)
                known = signs.get(at, "")
                signs[at] = letter + known if right_to_left(letter) else known + letter
        return in_logical_order([signs[at] for at in sorted(signs)])

    def _rows(
        self, text: Any, part: str, first: int, sheet: Coordinates
    ) -> list[tuple[int, str, tuple[Rectangle, ...]]]:
        """`part` in rows of letters, with their boxes: the reader runs short rows of the contents together, one below
        the other."""
        import pypdfium2.raw as raw

        boxes = self._boxes(text, first, len(part), sheet)
        if all(below.top < above.bottom for above, below in pairwise(boxes)):
            return [(first, part, boxes)]
        is_turned = not part.isascii() and bool(right_to_left(part))  # its order tells nothing of rows
        left, right, bottom, top = self._numbers
        begins = [0]
        lowest = last_right = 0.0
        for offset, letter in enumerate(part):
            if letter.isspace() or not raw.FPDFText_GetCharBox(text, first + offset, left, right, bottom, top):
                continue
            box = sheet.box(left.value, bottom.value, right.value, top.value)
            lies_below = lowest and box.top >= lowest
            if is_turned:  # but for the raised mark of a note, and a point
                lies_below = lowest and box.bottom - lowest > ROW * raw.FPDFText_GetFontSize(text, first + offset)
            if lies_below and (is_turned or box.left < last_right):
                begins.append(offset)
                lowest = 0.0
            lowest, last_right = max(lowest, box.bottom), box.right
        return [
            (first + begin, part[begin:end], self._boxes(text, first + begin, end - begin, sheet))
            for begin, end in zip(begins, [*begins[1:], len(part)], strict=True)
        ]

    def _measures(self, text: Any, piece: str, start: int, sheet: Coordinates) -> tuple[float, float, float]:
        """The baseline, the size and the space between words of a line, by a few letters: all would take long."""
        import pypdfium2.raw as raw

        x, y, _, _ = self._numbers
        letters = [offset for offset, letter in enumerate(piece) if letter.isalnum()]
        baseline = size = 0.0
        for offset in dict.fromkeys((letters[0], letters[len(letters) // 2], letters[-1])) if letters else ():
            own = raw.FPDFText_GetFontSize(text, start + offset)
            if own > size and raw.FPDFText_GetCharOrigin(text, start + offset, x, y):
                baseline, size = sheet.point(x.value, y.value)[1], own
        spaces = [start + found.start() for found in SPACE.finditer(piece)]
        widths, box = [], raw.FS_RECTF()
        for place in dict.fromkeys(spaces[len(spaces) * part // 10] for part in (1, 3, 5, 7, 9)) if spaces else ():
            sides = []
            for letter in (place - 1, place + 1):
                raw.FPDFText_GetLooseCharBox(text, letter, box)
                sides.append(sheet.box(box.left, box.bottom, box.right, box.top))
            widths.append(max(sides[1].left - sides[0].right, sides[0].left - sides[1].right))
        return baseline, size, sorted(widths)[len(widths) // 2] if widths else 0.0

    def _boxes(self, text: Any, first: int, count: int, sheet: Coordinates) -> tuple[Rectangle, ...]:
        import pypdfium2.raw as raw

        left, right, bottom, top = self._numbers
        boxes = []
        for index in range(raw.FPDFText_CountRects(text, first, count)):
            raw.FPDFText_GetRect(text, index, left, top, right, bottom)
            boxes.append(sheet.box(left.value, bottom.value, right.value, top.value))
        return tuple(boxes)


def _sheet(page: Any) -> Coordinates:
    return Coordinates(page.get_height(), page.get_rotation() == QUARTER_TURN)


def _letter(code: int) -> str:
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffe"
