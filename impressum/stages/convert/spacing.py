"""Spaces by language: where a line may not break, and where a space is narrow. Of a document's words only spaces and
the hyphens of page ranges are changed; code, formulas and printed addresses are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from impressum.core.model import document as d
from impressum.stages.convert.spacing_words import LANGUAGES, UNITS, Spaces, in_latin

WIDE, NARROW = "\u00a0", "\u202f"
SPACES = f" {WIDE}{NARROW}"
OPAQUE = "\ufffc"
"""Replaces what is no words: code, a formula, a note, an address, a passage in another language."""
OPENING = "([{„“”‚‘’«»‹›\"'"
CLOSING = ".,;:!?)]}“”‘’»«›‹\"'…"
WORD = re.compile(rf"[^{SPACES}]+")
NUMBER = re.compile(r"[-−±+~]?\d[\d.,]*(?:[–-]\d[\d.,]*)?\.?%?")
GROUP, GROUPS = re.compile(r"[-−]?\d{1,3}"), re.compile(r"\d{3}(?!\d)")
INITIAL = re.compile(r"[^\W\d_]\.(-[^\W\d_]\.)?")
COUNTED = re.compile(r"\d|[IVXLCDM]+(?!\w)")
RANGE = re.compile(r"\d+(-)\d")
FRENCH_MARKS = re.compile(r"(?<=[\w»)\]%])(?:[;!?]+|:$)")
CURRENCIES = frozenset({"€", "$", "£", "¥", "EUR", "USD", "GBP", "CHF", "CNY", "RSD"})
LEAST_TIED, MOST_TIED = 50, 24
"""Letters of a paragraph of a box from which on it may have two lines; of two words that stay together."""
HANGING = ("–", "…")
"""Signs that never begin a line."""


def spaced(blocks: tuple[d.Block, ...], language: str) -> tuple[d.Block, ...]:
    """`blocks` with the spaces that `language` (BCP 47) requires; passages in another language by its own rules."""
    spacer = _Spacer()
    spacer.visit(blocks, language)
    return d.rewritten(blocks, lambda old, new: spacer.changed.get(id(old), new)) if spacer.changed else blocks


def _spaces(language: str) -> tuple[Spaces, bool]:
    """The rules of `language`, and whether its words are looked up in Latin letters."""
    code, *rest = language.lower().split("-")
    return LANGUAGES.get(code, Spaces()), code == "sr" and "latn" not in rest


class _Spacer:
    """Gathers the nodes that change, by identity, then puts the new ones in their place."""

    def __init__(self) -> None:
        self.changed: dict[int, d.Text] = {}
        self.in_box = False

    def visit(self, value: object, language: str) -> None:
        """Finds what changes in `value`: nodes, or tuples of them."""
        if isinstance(value, d.Paragraph) and self.in_box:
            self._line(value.content, language, tied=True)
            return
        if isinstance(value, tuple) and value and isinstance(value[0], d.Inline):
            self._line(value, language)
            return
        own = None if isinstance(value, d.CodeBlock) else getattr(value, "language", None)
        outer, self.in_box = self.in_box, isinstance(value, d.Box) or (self.in_box and not isinstance(value, d.Table))
        for part in d.inside(value):
            self.visit(part, own or language)
        self.in_box = outer

    def _line(self, line: tuple[d.Inline, ...], language: str, *, tied: bool = False) -> None:
        text = ""
        leaves: list[tuple[int, d.Text | d.Space]] = []  # each with the offset of its beginning in `text`
        for piece in self._pieces(line, language):
            if isinstance(piece, str):
                text += piece
            else:
                leaves.append((len(text), piece))
                text += piece.text if isinstance(piece, d.Text) else " "
        edits = {**(_tied(text) if tied else {}), **dict(_edits(text, *_spaces(language)))}
        if not edits:
            return
        for start, node in leaves:
            old = node.text if isinstance(node, d.Text) else " "
            new = "".join(edits.get(start + offset, letter) for offset, letter in enumerate(old))
            if new != old:
                self.changed[id(node)] = d.Text(node.place, new)

    def _pieces(self, line: tuple[d.Inline, ...], language: str) -> Iterator[str | d.Text | d.Space]:
        """The words and spaces of `line`; notes and passages in another language are visited on the way."""
        for node in line:
            if isinstance(node, d.Text | d.Space):
                yield node
            elif isinstance(node, d.Span) and node.language not in (None, language):
                self.visit(node.content, node.language or language)
                yield OPAQUE
            elif isinstance(node, d.Link) and d.plain(node.content) in (node.target, f"mailto:{node.target}"):
                yield OPAQUE
            elif isinstance(node, d.Quoted):
                yield "“"
                yield from self._pieces(node.content, language)
                yield "”"
            elif isinstance(node, d.Styled | d.Link | d.Span | d.Citation):
                yield from self._pieces(node.content, language)
            elif isinstance(node, d.CrossReference):
                yield OPAQUE
            elif isinstance(node, d.IndexMark):
                self.visit(node, language)
            else:
                self.visit(node, language)
                yield OPAQUE


def _tied(text: str) -> dict[int, str]:
    """The last two words together: the lines of a box are ragged, and a single word would stand on the last one."""
    words = list(WORD.finditer(text))[-2:]
    if len(text) < LEAST_TIED or len(words) < 2:
        return {}
    end = text[words[0].start() :]
    gap = words[0].end()
    return {gap: WIDE} if len(end) <= MOST_TIED and OPAQUE not in end and text[gap] == " " else {}


def _edits(text: str, known: Spaces, latin: bool) -> Iterator[tuple[int, str]]:
    """The replacements for single letters of `text`, by their index."""
    before: re.Match[str] | None = None
    for word in WORD.finditer(text):
        yield from _inside(word, known)
        if before is not None:
            gap = text[before.end() : word.start()]
            left, right = before.group().lstrip(OPENING), word.group().rstrip(CLOSING)
            if latin:
                left, right = in_latin(left), in_latin(right)
            space = _between(left, right, word.group(), known)
            if known.french and before.group().endswith("«"):
                space = NARROW
            if gap == " " and space:
                yield before.end(), space
            pages = RANGE.match(right)
            if pages and left.lower() in known.pages:
                yield word.start() + pages.start(1), "–"
        before = word


def _inside(word: re.Match[str], known: Spaces) -> Iterator[tuple[int, str]]:
    """A narrow space within an abbreviation that was written without (`z.B.`), and before marks in French."""
    text = word.group()
    start = len(text) - len(text.lstrip(OPENING))
    parts = known.narrow_inside.get(text[start:].rstrip(CLOSING.replace(".", "")))
    if parts:
        for part in parts[:-1]:
            start += len(part)
            yield word.start() + start - 1, f".{NARROW}"
    if known.french and OPAQUE not in text and (mark := FRENCH_MARKS.search(text)):
        yield word.start() + mark.start(), (WIDE if mark[0] == ":" else NARROW) + text[mark.start()]


def _between(left: str, right: str, written: str, known: Spaces) -> str | None:
    """The space between two words that a line may not divide, or None; `written` is the second with its marks."""
    if known.french and written[0] in ";!?»":
        return NARROW
    if written in HANGING or (known.french and written[0] == ":"):
        return WIDE
    if (left, right) in known.narrow or (left, f"{right}.") in known.narrow:
        return NARROW
    low = left.lower()
    if low in known.short and len(left) == 1:
        return WIDE
    if left[:1].isdigit() or left[1:2].isdigit():
        return _behind_number(left, right, written, known)
    if COUNTED.match(right) and (low in known.before_number or left in CURRENCIES):
        return WIDE
    if left in ("§", "§§") and right[:1].isdigit():
        return NARROW
    if right[:1].isupper() and (low in known.titles or (left.isupper() and INITIAL.fullmatch(left))):
        return WIDE
    return None


def _behind_number(left: str, right: str, written: str, known: Spaces) -> str | None:
    if left.endswith(",") or not NUMBER.fullmatch(left):
        return None
    if GROUP.fullmatch(left) and GROUPS.match(right):
        return NARROW
    if right in ("%", "‰", "°C", "°F"):
        return NARROW
    forms = {right.lower(), f"{right.lower()}."}  # a point behind it may end the sentence, or an abbreviation
    if re.fullmatch(r"\d{1,2}\.?", left) and forms & known.months:
        return WIDE
    counted = bool(forms & known.counted)
    return WIDE if counted or right in CURRENCIES or right in UNITS else None
