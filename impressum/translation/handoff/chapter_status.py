"""The status of a chapter in an edition, passage by passage: new in its source, changed, or the same."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from impressum.core.aligning import matching
from impressum.core.numbers import MARKS
from impressum.translation.comparing import COMMENT, changes, key, paired, worded
from impressum.translation.differences import WAITING
from impressum.translation.handoff.cutting import cut
from impressum.translation.handoff.markup import Parts, Tag, joined
from impressum.translation.handoff.matching import is_as_cited, matched, with_tags_of
from impressum.translation.handoff.segments import Cut
from impressum.translation.passages import Passage, apart, passages

Key = tuple[str, str]
State = Literal["new", "changed", "same", "absent"]
"""`absent`: unchanged since the chapter was translated, but its translation is not found or was left out."""


_ID = re.compile(r"\{#([^\s}]+)")
_NUMBER = re.compile(rf"\d+(?:[{MARKS}]\d+)*")


@dataclass(frozen=True)
class PassageStatus:
    """A passage of the source, its `translation` and the `old` one that this translates; `extra` ones follow it."""

    id: str
    passage: Passage
    state: State
    old: Passage | None = None
    translation: Passage | None = None
    extra: tuple[Extra, ...] = ()
    gap: int = 0
    """Lines between its translation and the passage before that."""


@dataclass(frozen=True)
class Extra:
    """A passage of a translation without a counterpart, and the lines between it and the one before."""

    passage: Passage
    gap: int


@dataclass(frozen=True)
class ChapterStatus:
    """A chapter: its passages, and the extra ones at the beginning of its translation."""

    slug: str
    source: str
    passages: tuple[PassageStatus, ...]
    has_translation: bool
    has_base: bool
    first: tuple[Extra, ...] = ()
    came_from: str = ""
    """The chapter of the edition that holds its translation under another name."""

    @property
    def needs_translator(self) -> bool:
        """Whether a passage is new, or has changed in its words."""
        return any(
            not all(known.target for known in known_of(status, cut(status.passage)))
            for status in self.passages
            if status.state in ("new", "changed") and _has_words(status.passage)
        )


Spare = Mapping[Key, tuple[Passage, Passage]]
"""Passages of a base that their source has no more, and their translations, by the keys that they are found by."""


def followed(chapters: Sequence[ChapterStatus], spare: Spare) -> list[ChapterStatus]:
    """`chapters` with the translations `spare` of passages that are new in them; a heading may be of another level."""
    found: list[ChapterStatus] = []
    for chapter in chapters:
        passages_ = tuple(_followed(one, spare) for one in chapter.passages)
        took = passages_ != chapter.passages
        found.append(replace(chapter, passages=passages_, has_translation=chapter.has_translation or took))
    return found


def _followed(status: PassageStatus, spare: Spare) -> PassageStatus:
    known = next((spare[one] for one in _keys(status.passage) if one in spare), None)
    if status.state != "new" or status.translation is not None or known is None:
        return status
    state: State = "same" if key(known[0]) == key(status.passage) else "changed"
    return replace(status, state=state, old=known[0], translation=known[1])


def spare_passages(base: str, translation: str, source: str | None) -> Spare:
    """The passages of a `base` that its `source` has no more, with their translations."""
    now = {key(one) for one in passages(source)} if source is not None else set()
    old = passages(base)
    kept, borrowed = apart(translation)
    translated, _ = _translated(_without(old, borrowed), kept)
    return {
        name: (one, translated[one.line])
        for one in reversed(old)
        if one.line in translated and key(one) not in now and _has_words(one)
        for name in _keys(one)
    }


def _keys(passage: Passage) -> list[Key]:
    """The keys of a passage, the nearest first: a heading has its words and its id, at whatever level."""
    if not passage.level:
        return [key(passage)]
    words = " ".join(passage.text.split("\n")[0].strip("# ").split())
    ids = [("id", found[1])] if (found := _ID.search(words)) else []
    return [key(passage), ("heading of any level", words), *ids]


@dataclass(frozen=True)
class Known:
    """The translation of a segment, or its former source and translation if it has changed."""

    target: Parts = ()
    earlier_source: str = ""
    earlier_target: str = ""


def chapter_status(slug: str, source: str, base: str | None, translation: str | None) -> ChapterStatus:
    """The status of the chapter `slug`; without a `base`, its current source counts as what was translated."""
    now = passages(source)
    ids = _ids(slug, now)
    if translation is None:
        new = tuple(PassageStatus(one, passage, "new") for one, passage in zip(ids, now, strict=True))
        return ChapterStatus(slug, source, new, has_translation=False, has_base=base is not None)
    old = now if base is None else passages(base)
    came_from, changed = _came_from(old, now)
    kept, borrowed = apart(translation)
    waiting = {key(passage) for passage in borrowed}
    translated, extra = _translated(_without(old, borrowed), kept)
    gaps = gaps_of(kept)
    unnamed = {one.passage.kind for several in extra.values() for one in several}
    closing = closings(now)
    left_out: set[int] = set()
    found: list[PassageStatus] = []
    for one, passage in zip(ids, now, strict=True):
        before = came_from.get(passage.line)
        target = translated.get(before.line) if before else None
        state: State = "changed" if passage.line in changed else "same"
        if before is None:
            state = "new"
        elif target is None and _has_words(passage):
            is_missing = state == "same" and (base is not None or passage.kind in unnamed)
            state = "absent" if is_missing and key(before) not in waiting else "new"
        if state == "absent" and passage.line in closing:
            left_out.add(closing[passage.line])
        if passage.line in left_out:
            state = "absent"
        after = tuple(extra.pop(before.line, ())) if before else ()
        gap = gaps.get(target.line, 0) if target else 0
        found.append(PassageStatus(one, passage, state, before, target, after, gap))
    first = tuple(extra.pop(0, ()))
    rest = tuple(one for several in extra.values() for one in several)
    if found and rest:
        found[-1] = replace(found[-1], extra=(*found[-1].extra, *rest))
    return ChapterStatus(slug, source, tuple(found), has_translation=True, has_base=base is not None, first=first)


def _without(old: Sequence[Passage], borrowed: Sequence[Passage]) -> list[Passage]:
    """The passages `old` without the `borrowed`, which wait for their translation, as often as each does."""
    waiting = Counter(map(key, borrowed))
    left = []
    for passage in old:
        if waiting[key(passage)] and passage.kind != "fence":
            waiting[key(passage)] -= 1
        else:
            left.append(passage)
    return left


def known_of(status: PassageStatus, taken: Cut) -> list[Known]:
    """The translation of each segment in `taken`, the passage cut, as far as it is known."""
    if status.translation is None or status.old is None:
        return [Known() for _ in taken.segments]
    old, translation = cut(status.old), cut(status.translation)
    if len(old.segments) != len(translation.segments):
        whole = Known((), status.old.text, status.translation.text)
        return [whole if not number else Known() for number, _ in enumerate(taken.segments)]
    found = [Known() for _ in taken.segments]
    before, now = ([COMMENT.sub("", segment.markdown) for segment in one.segments] for one in (old, taken))
    for a, b, _ in matching(before, now):
        if before[a] != WAITING:
            target = _in_step(taken, b, translation, a, old) or _target(taken, b, translation, a, old)
            found[b] = Known(target, "" if target else before[a], translation.segments[a].markdown)
    return found


def _in_step(taken: Cut, number: int, translation: Cut, its: int, old: Cut) -> Parts:
    """The translation of a segment whose source has changed in tags or numbers alone, where it has these already."""
    now, was, target = taken.segments[number].parts, old.segments[its].parts, translation.segments[its].parts
    found = matched(target, translation.hidden_of(its), now, taken.hidden_of(number))
    came, gone = (_marks(now, taken, number), _marks(was, old, its))
    if came == gone or _worded(now) != _worded(was) or not (kept := with_tags_of(now, found)):
        return ()
    numbers, before, theirs = (_numbers(parts) for parts in (now, was, target))
    has_those = theirs >= numbers - before and not (before - numbers) & theirs
    return kept if has_those else ()


def _marks(parts: Parts, taken: Cut, number: int) -> Counter[str]:
    """The tags and numbers of a segment."""
    tags = Counter(taken.hidden_of(number).shown(part.text) for part in parts if isinstance(part, Tag))
    return tags + _numbers(parts)


def _numbers(parts: Parts) -> Counter[str]:
    """The numbers in the words of `parts`, without separators."""
    words = _text(parts)
    return Counter(re.sub(r"\D", "", found.group()) for found in _NUMBER.finditer(words))


def _worded(parts: Parts) -> list[str]:
    """The words of `parts` without numbers and spaces."""
    return _NUMBER.sub("0", _text(parts)).split()


def _text(parts: Parts) -> str:
    return "".join(part for part in parts if isinstance(part, str))


def _target(taken: Cut, number: int, translation: Cut, its: int, old: Cut) -> Parts:
    """The translation of a segment with the tags of its source now; nothing if its words or the kinds of tags differ.

    An address, a citation, a value or a comment that has changed needs no translator.
    """
    every = [one.segments[at].parts for one, at in ((taken, number), (old, its), (translation, its))]
    for now, was, target in (every, [_without_comments(parts) for parts in every]):
        found = matched(target, translation.hidden_of(its), was, old.hidden_of(its))
        kept = with_tags_of(was, found) if _shape(was) == _shape(now) else ()
        tags = [part for part in was if not isinstance(part, str)]
        pairs = zip(tags, (part for part in now if not isinstance(part, str)), strict=False)
        new = {(a.number, a.role): b for a, b in pairs if not (is_as_cited(a) and a.text == b.text)}
        if kept:
            return tuple(part if isinstance(part, str) else new.get((part.number, part.role), part) for part in kept)
    return ()


def _without_comments(parts: Parts) -> Parts:
    return tuple(joined(part for part in parts if isinstance(part, str) or part.kind != "comment"))


def _shape(parts: Parts) -> list[object]:
    return [" ".join(part.split()) if isinstance(part, str) else (part.role, part.kind) for part in parts]


def _ids(slug: str, now: Sequence[Passage]) -> list[str]:
    """An id for each passage: by its text, and its number among passages with the same text."""
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for passage in now:
        mark = sha256(f"{passage.kind}\n{passage.text}".encode()).hexdigest()[:8]
        seen[mark] += 1
        ids.append(f"{slug}.{mark}.{seen[mark]}")
    return ids


def _came_from(old: Sequence[Passage], now: Sequence[Passage]) -> tuple[dict[int, Passage], set[int]]:
    """The former text of each passage, by its current line, and the lines of those that have changed."""
    found = changes(old, now)
    gone = {one.old.line for one in found if one.old}
    come = {one.new.line for one in found if one.new}
    left = [passage for passage in worded(old) if passage.line not in gone]
    stayed = [passage for passage in worded(now) if passage.line not in come]
    came_from = {new.line: before for before, new in zip(left, stayed, strict=True)}
    came_from |= {one.new.line: one.old for one in found if one.new and one.old}
    changed = {one.new.line for one in found if one.new and one.old and key(one.new) != key(one.old)}
    return came_from, changed


def _translated(
    old: Sequence[Passage], translation: Sequence[Passage]
) -> tuple[dict[int, Passage], dict[int, list[Extra]]]:
    """The translation of each passage by its line in the base, and the extra passages by the line before them."""
    translated: dict[int, Passage] = {}
    extra: dict[int, list[Extra]] = {}
    gaps = gaps_of(translation)
    closing = closings(translation)
    before = 0
    words = {passage.line for passage in worded(translation)}
    for pair in paired(old, translation):
        if pair.source:
            before = pair.source.line
            if pair.translation:
                translated[before] = pair.translation
        elif pair.translation and pair.translation.line in words:
            words |= {closing[pair.translation.line]} if pair.translation.line in closing else set()
            extra.setdefault(before, []).append(Extra(pair.translation, gaps.get(pair.translation.line, 2)))
    return translated, extra


def closings(found: Sequence[Passage]) -> dict[int, int]:
    """The lines that close divisions, by those that open them."""
    closed: dict[int, int] = {}
    opened: list[int] = []
    for passage in found:
        if passage.kind == "fence" and any(letter.isalnum() for letter in passage.text):
            opened.append(passage.line)
        elif passage.kind == "fence" and opened:
            closed[opened.pop()] = passage.line
    return closed


def gaps_of(found: Sequence[Passage]) -> dict[int, int]:
    """The lines between each passage and the one before it, by its line."""
    return {one.line: one.line - before.end for before, one in itertools.pairwise(found)}


def _has_words(passage: Passage) -> bool:
    taken = cut(passage)
    return bool(taken.segments) or taken.whole
