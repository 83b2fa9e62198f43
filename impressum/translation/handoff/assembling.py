"""Assembles a chapter of an edition from returned, existing and still untranslated passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from impressum.translation.differences import WAITING
from impressum.translation.handoff.chapter_status import ChapterStatus, Known
from impressum.translation.handoff.gathering import PreparedPassage, prepared_passages
from impressum.translation.handoff.markup import Part, Parts, Tag
from impressum.translation.handoff.matching import same_tags
from impressum.translation.passages import put_together

Form = Literal["done", "kept", "partly", "untranslated", "source"]
DIVIDED = frozenset({"paragraph", "quote", "code", "figure", "verse", "formula", "table", "caption", "item"})
"""Kinds of passages that can be in a division by themselves."""
TOGETHER = ({"table", "caption"}, {"item"})
"""Kinds that can be in one only with all of their neighbours of these kinds."""
NOTHING = ""
"""The text of a passage that the translation lacks."""
OPENS, CLOSES = "::: untranslated", ":::"


@dataclass(frozen=True)
class Assembled:
    """A chapter's translation, its base, and the ids of units without a translation."""

    text: str
    base: str
    without: tuple[str, ...]
    is_empty: bool


@dataclass
class _Piece:
    prepared: PreparedPassage
    form: Form
    text: str
    without: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.prepared.status.passage.kind


def assembled(chapter: ChapterStatus, targets: Mapping[str, Parts], source: str) -> Assembled:
    """The chapter with the translations `targets`, by unit id. `source` is the tag of the source edition."""
    pieces = [_piece(prepared, targets, source) for prepared in prepared_passages(chapter)]
    _mark_what_cannot_be_divided(pieces, source)
    without = tuple(id_ for piece in pieces for id_ in piece.without)
    text = _front(chapter) + _text(chapter, pieces)
    base = put_together(chapter.source, [p.prepared.status.passage for p in pieces], [_base(p) for p in pieces])
    is_empty = all(piece.form in ("untranslated", "source") for piece in pieces)
    return Assembled(text, base, without, is_empty)


def _piece(prepared: PreparedPassage, targets: Mapping[str, Parts], source: str) -> _Piece:
    status, taken = prepared.status, prepared.cut
    ids = [prepared.unit_id(number) for number in range(len(taken.segments))]
    given = [targets.get(one, ()) for one in ids]
    there = status.translation.text if status.translation else None
    same = status.state == "same" and all(
        new in ((), old.target) for new, old in zip(given, prepared.known, strict=True)
    )
    if status.state == "absent" and not any(given):
        return _Piece(prepared, "kept", NOTHING)
    if not any(given) or (there is not None and same):
        is_known = all(known.target for known in prepared.known)
        if there is not None and (status.state == "same" or (taken.segments and not is_known)):
            return _Piece(prepared, "kept", there)
        if not taken.segments and taken.whole:
            return _Piece(prepared, "untranslated", status.passage.text, [f"{status.id}.0"])
        if not taken.segments:
            return _Piece(prepared, "source", status.passage.text)
    words = [new or known.target for new, known in zip(given, prepared.known, strict=True)]
    without = [one for one, said in zip(ids, words, strict=True) if not said]
    if len(without) == len(ids):
        return _Piece(prepared, "untranslated", status.passage.text, without)
    filled = [
        said or _earlier(prepared, number) or _in_source(prepared, number, source) for number, said in enumerate(words)
    ]
    text = taken.put(filled)
    text = there if there is not None and there.split() == text.split() else text  # its lines break as they did
    return _Piece(prepared, "partly" if without else "done", text, without)


def _earlier(prepared: PreparedPassage, number: int) -> Parts:
    """The former translation of a changed segment without a new one, if its tags are the same."""
    known: Known = prepared.known[number]
    segment = prepared.cut.segments[number]
    if not known.earlier_target or known.earlier_target == getattr(prepared.status.translation, "text", ""):
        return ()
    return same_tags(known.earlier_target, segment, prepared.cut.hidden_of(number))


def _in_source(prepared: PreparedPassage, number: int, source: str) -> Sequence[Part]:
    """The words of the source, marked with its language where that is possible."""
    segment = prepared.cut.segments[number]
    if segment.setting.attribute:
        return segment.parts
    return (Tag(0, "open", "[", "span"), *segment.parts, Tag(0, "close", f"]{{lang={source}}}", "span"))


def _mark_what_cannot_be_divided(pieces: list[_Piece], source: str) -> None:
    """Marks the words of untranslated passages that cannot be in a division with their language."""
    for number, piece in enumerate(pieces):
        if piece.form == "untranslated" and not _can_be_divided(pieces, number):
            prepared = piece.prepared
            words = [_in_source(prepared, one, source) for one in range(len(prepared.cut.segments))]
            piece.text, piece.form = prepared.cut.put(words), "partly"


def _can_be_divided(pieces: Sequence[_Piece], number: int) -> bool:
    kind = pieces[number].kind
    if kind not in DIVIDED or pieces[number].prepared.status.passage.text[:1].isspace():
        return False
    kinds = next((some for some in TOGETHER if kind in some), None)
    if kinds is None:
        return True
    for step in (-1, 1):
        at = number + step
        while 0 <= at < len(pieces) and pieces[at].kind in kinds:
            if pieces[at].form not in ("untranslated", "source"):
                return False
            at += step
    return True


def _text(chapter: ChapterStatus, pieces: Sequence[_Piece]) -> str:
    """The passages, spaced as in the source, with divisions around untranslated ones."""
    sheet = _Sheet()
    end = 0
    for number, piece in enumerate(pieces):
        status = piece.prepared.status
        gap, end = status.passage.line - end - (0 if end else 1), status.passage.end
        if piece.text == NOTHING:
            sheet.wait(gap)
        else:
            sheet.put(_divided(pieces, number, gap, sheet), gap, status.gap)
        for one in status.extra:
            if one.passage.kind != "front":
                sheet.put_extra(one.passage.text, one.gap)
    return sheet.text + "\n" * (chapter.source.count("\n") + 1 - end)


@dataclass
class _Sheet:
    """The text so far; `waiting` are the lines before a passage that the translation lacks."""

    text: str = ""
    waiting: int = 0
    is_extra: bool = False

    def wait(self, gap: int) -> None:
        self.waiting = max(self.waiting, gap)

    def put(self, text: str, gap: int, its_own: int) -> None:
        """Appends `text` after `gap` line breaks; after an extra passage, as many as its translation has there."""
        gap = its_own if self.is_extra and its_own else max(gap, self.waiting)
        self.text += "\n" * gap * (bool(self.text) or not self.waiting) + text
        self.waiting, self.is_extra = 0, False

    def put_extra(self, text: str, gap: int) -> None:
        self.text += "\n" * gap * bool(self.text) + text
        self.is_extra = True


def _divided(pieces: Sequence[_Piece], number: int, gap: int, sheet: _Sheet) -> str:
    """The text of a piece, with the lines that open or close a division around it."""
    piece = pieces[number]
    if piece.form != "untranslated":
        return piece.text
    opens = not number or pieces[number - 1].form != "untranslated"
    closes = number + 1 == len(pieces) or pieces[number + 1].form != "untranslated"
    before = ("\n" if gap == 1 and sheet.text else "") + f"{OPENS}\n"
    line = piece.prepared.status.passage.end
    follows = number + 1 < len(pieces) and pieces[number + 1].prepared.status.passage.line == line + 1
    return (before if opens else "") + piece.text + (f"\n{CLOSES}" + "\n" * follows if closes else "")


def _base(piece: _Piece) -> str:
    """The source of the translation of this passage: the current one, or the former one if it is not new."""
    status = piece.prepared.status
    not_done = piece.form == "kept" or (piece.form == "partly" and status.translation is not None)
    if status.state == "changed" and not_done and status.old is not None:
        return status.old.text
    if piece.form == "partly":  # what is still to translate is not to count as translated
        taken = piece.prepared.cut
        ids = [piece.prepared.unit_id(number) for number in range(len(taken.segments))]
        pairs = zip(ids, taken.segments, strict=True)
        return taken.put([(WAITING,) if id_ in piece.without else one.parts for id_, one in pairs])
    return status.passage.text


def _front(chapter: ChapterStatus) -> str:
    """The front matter of the translation where the source has none."""
    keys = [one.passage.text for one in chapter.first if one.passage.kind == "front"]
    texts = [one.passage.text for one in chapter.first if one.passage.kind != "front"]
    front = "\n".join(["---", *keys, "---", "", ""]) if keys else ""
    return front + "".join(f"{text}\n\n" for text in texts)
