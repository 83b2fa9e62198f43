"""Gathers the units of an edition to hand off: what is new or has changed, with its context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.system.files import read
from impressum.translation.comparing import key, likeness
from impressum.translation.handoff.chapter_status import (
    ChapterStatus,
    Key,
    Known,
    PassageStatus,
    chapter_status,
    followed,
    known_of,
    spare_passages,
)
from impressum.translation.handoff.cutting import cut
from impressum.translation.handoff.edition_units import SLUG, TITLE, edition_texts, units_of
from impressum.translation.handoff.markup import readable
from impressum.translation.handoff.memory import ALIKE_RETURNED, FILE, Memory, Remembered, read_tmx
from impressum.translation.handoff.segments import Cut
from impressum.translation.handoff.signing import level_of, name_of, read_marks, sign
from impressum.translation.handoff.unit import Handoff, Level, Unit
from impressum.translation.handoff.unit import State as UnitState
from impressum.translation.passages import Passage, passages
from impressum.translation.shelf import SIGNED

if TYPE_CHECKING:
    from impressum.translation.shelf import Shelf

NEIGHBOUR = 200
"""The most letters of the text before and after a unit."""
WHAT = {
    "heading": "a heading",
    "item": "an item of a list",
    "quote": "a quotation",
    "caption": "the caption of a table",
    "figure": "the caption of a figure",
    "verse": "a line of verse",
    "term": "a term",
    "definition": "a definition",
    "note": "a note",
    "table": "a cell of a table",
}
WHAT_ATTRIBUTE = {
    "alt": "what is said to readers who do not see it: a figure or formula in words",
    "title": "the title of a box",
    "source": "the source that is named",
    "credit": "who made a picture",
    "note": "a remark below a table",
    "entry": "an entry of the index; `!` comes before one below it",
    "sort": "by what letters an entry of the index is sorted",
    "see": "an entry of the index, written as in its own place",
    "see-also": "an entry of the index, written as in its own place",
    "short-title": "the short title of the chapter",
}


@dataclass(frozen=True)
class PreparedPassage:
    """A passage with its status, cut into segments, and what is known of these."""

    status: PassageStatus
    cut: Cut
    known: tuple[Known, ...]

    def unit_id(self, number: int) -> str:
        return f"{self.status.id}.{number + 1}"


def editable(shelf: Shelf, tag: str) -> None:
    """Raises WrongUsage or Faulty where `tag` is an edition without a translator: the source, or a twin."""
    shelf.chosen((tag,))
    if twin := shelf.twins.get(tag):
        message = f"`{tag}` is the twin of `{twin}`, and is made from it"
        raise Faulty([Fault(Place(f"chapters/{tag}/edition.yaml"), message, "handoff-twin", f"hand off `{twin}`")])


def chapter_statuses(shelf: Shelf, tag: str, faults: Faults) -> list[ChapterStatus]:
    """The status of each chapter of the source in the edition `tag`; an unreadable file is a fault.

    The translation of a chapter, or of a passage, is also looked for in chapters of the edition whose source has it no
    more: it follows its source to another name, and where a chapter is split or joined.
    """
    names = shelf.chapters(shelf.source)
    texts = {name: shelf.text(shelf.chapter(shelf.source, name), faults) for name in names}
    theirs = {name: _translation(shelf, tag, name, faults) for name in dict.fromkeys((*names, *shelf.chapters(tag)))}
    orphans = {name: there for name, there in theirs.items() if name not in texts and None not in there}
    found: list[ChapterStatus] = []
    for name, source in texts.items():
        if source is not None:
            base, translation = theirs[name]
            came_from = _renamed(source, orphans) if translation is None else ""
            base, translation = orphans.pop(came_from) if came_from else (base, translation)
            status = chapter_status(name.removesuffix(".md"), source, base, translation)
            found.append(replace(status, came_from=came_from))
    if not any(status.state == "new" for one in found for status in one.passages):
        return found
    spare: dict[Key, tuple[Passage, Passage]] = {}
    for name, (base, translation) in theirs.items():
        if base is not None and translation is not None:
            spare = {**spare_passages(base, translation, texts.get(name)), **spare}
    return followed(found, spare)


def _translation(shelf: Shelf, tag: str, name: str, faults: Faults) -> tuple[str | None, str | None]:
    """The base of a chapter in the edition `tag`, and its translation."""
    base, own = (
        shelf.text(path, faults) if path.exists() else None
        for path in (shelf.workspace.base_file(tag, name), shelf.chapter(tag, name))
    )
    return base, own


def _renamed(source: str, orphans: Mapping[str, tuple[str | None, str | None]]) -> str:
    """The name of the one of `orphans` whose base has most of the passages of `source`, at least half of them."""
    now = {key(one) for one in passages(source) if any(letter.isalnum() for letter in one.text)}
    shares = {name: len(now & {key(one) for one in passages(base or "")}) for name, (base, _) in orphans.items()}
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and 2 * shares[best] >= len(now) else ""


def prepared_passages(chapter: ChapterStatus) -> list[PreparedPassage]:
    """The passages of a chapter, taken apart."""
    every = ((status, cut(status.passage)) for status in chapter.passages)
    return [PreparedPassage(status, taken, tuple(known_of(status, taken))) for status, taken in every]


def returned_memory(shelf: Shelf, tag: str) -> Memory:
    """The translations that came back for passages of the edition `tag` whose source had changed meanwhile."""
    path = shelf.workspace.base_file(tag, FILE)
    name = shelf.workspace.relative(path)
    entries = read_tmx(read(path), name, shelf.source, tag) if path.is_file() and shelf.workspace.inside(name) else ()
    return Memory(entries, ALIKE_RETURNED)


def gathered(shelf: Shelf, tag: str, *, everything: bool, faults: Faults, memories: tuple[Memory, ...] = ()) -> Handoff:
    """The hand-off for the edition `tag`: what is new or has changed, or `everything`.

    A unit without a translation comes with the first one that `memories` have of it, or of one like it.
    """
    units: dict[str, tuple[Unit, ...]] = {}
    titles: dict[str, str] = {}
    signed = read_marks(shelf, tag, SIGNED)
    for chapter in chapter_statuses(shelf, tag, faults):
        path = shelf.workspace.relative(shelf.chapter(shelf.source, f"{chapter.slug}.md"))
        _warn(shelf, tag, chapter, faults, everything=everything)
        every = [replace(unit, signed=level_of(unit, signed)) for unit in _units(chapter, path, faults)]
        titles[chapter.slug] = next((unit.words for unit in every if unit.what == WHAT["heading"]), "")
        chosen = tuple(_with_match(unit, memories) for unit in every if everything or unit.state != "unchanged")
        if chosen:
            units[chapter.slug] = chosen
    said = tuple(units_of(edition_texts(shelf, tag, faults)))
    every = [replace(unit, signed=level_of(unit, signed)) for unit in _with_neighbours(said)]
    chosen = tuple(_with_match(unit, memories) for unit in every if everything or unit.state != "unchanged")
    units = {SLUG: chosen, **units} if chosen else units
    titles[SLUG] = TITLE
    title = shelf.file.bound.title if shelf.file.bound else shelf.file.slug
    return Handoff(shelf.file.slug, title, shelf.source, tag, units, titles)


def every_unit(shelf: Shelf, tag: str) -> Handoff:
    """All units of the edition `tag`; what is wrong in its files is reported elsewhere."""
    return gathered(shelf, tag, everything=True, faults=Faults())


def sign_files(shelf: Shelf, tag: str, names: Sequence[str], level: Level) -> None:
    """Signs every translated passage of these files of the edition `tag` off."""
    every = every_unit(shelf, tag)
    sign(shelf, tag, every, {unit.id: level for unit in every.all() if name_of(unit.chapter) in names})


def remembered(shelf: Shelf, tag: str, faults: Faults) -> Iterator[Remembered]:
    """The translated segments of the edition `tag`: each segment of the source at that time, with its translation."""
    for unit in units_of(edition_texts(shelf, tag, faults)):
        if unit.target:
            yield Remembered(unit.parts, unit.hidden, unit.target, unit.hidden)
    for chapter in chapter_statuses(shelf, tag, faults):
        for status in chapter.passages:
            if status.old is None or status.translation is None:
                continue
            source, target = cut(status.old), cut(status.translation)
            if len(source.segments) == len(target.segments):
                for number, (one, other) in enumerate(zip(source.segments, target.segments, strict=True)):
                    yield Remembered(one.parts, source.hidden_of(number), other.parts, target.hidden_of(number))


def _units(chapter: ChapterStatus, path: str, faults: Faults) -> Iterator[Unit]:
    """All units of a chapter, in order."""
    found: list[Unit] = []
    headings: list[tuple[int, str]] = []
    for prepared in prepared_passages(chapter):
        passage = prepared.status.passage
        if prepared.cut.whole and prepared.status.translation is None:
            message = "this table is not handed off, as its cells cannot be told apart"
            hint = "draw its lines with `|`, or translate it in the chapter's file"
            faults.warning(Place(path, passage.line), message, "handoff-table", hint)
        segments = enumerate(prepared.cut.segments)
        texts = [readable(one.parts, prepared.cut.hidden_of(number)) for number, one in segments]
        if passage.level and texts:
            headings = [one for one in headings if one[0] < passage.level]
        above = tuple(text for _, text in headings)
        found += [_unit(path, prepared, number, above) for number in range(len(texts))]
        if passage.level and texts:
            headings.append((passage.level, texts[0]))
    yield from _with_neighbours(found)


def _unit(path: str, prepared: PreparedPassage, number: int, above: tuple[str, ...]) -> Unit:
    segment, known = prepared.cut.segments[number], prepared.known[number]
    is_unchanged = prepared.status.state in ("same", "absent") or known.target
    state: UnitState = "unchanged" if is_unchanged else "changed" if known.earlier_target else "new"
    what = WHAT_ATTRIBUTE.get(segment.what) or WHAT.get(prepared.status.passage.kind, "")
    return Unit(
        id=prepared.unit_id(number),
        chapter=prepared.status.id.partition(".")[0],
        line=segment.line,
        segment=segment,
        hidden=prepared.cut.hidden_of(number),
        state=state,
        path=above,
        what=what,
        target=known.target,
        earlier_source=known.earlier_source,
        earlier_target="" if known.target else known.earlier_target,
        file=path,
    )


def _with_match(unit: Unit, memories: tuple[Memory, ...]) -> Unit:
    """`unit` with what the first of `memories` that has something like it has, unless it is like what was before."""
    if unit.target or unit.state == "unchanged" or not memories:
        return unit
    match = next((one for memory in memories if (one := memory.match(unit.segment.markdown, unit.words))), None)
    if match is None or 100 * likeness(unit.earlier_source, unit.segment.markdown) > match.percent:
        return unit
    source, target = match.entry
    return replace(unit, state="changed", earlier_source=source, earlier_target=target, match=match.percent)


def _with_neighbours(units: Sequence[Unit]) -> Iterator[Unit]:
    words = [unit.words for unit in units]
    for number, unit in enumerate(units):
        before = words[number - 1] if number else ""
        after = words[number + 1] if number + 1 < len(units) else ""
        yield replace(unit, before=_shortened(before, end=True), after=_shortened(after, end=False))


def _shortened(words: str, *, end: bool) -> str:
    if len(words) <= NEIGHBOUR:
        return words
    if end:
        return "… " + words[-NEIGHBOUR:].partition(" ")[2]
    return words[:NEIGHBOUR].rpartition(" ")[0] + " …"


def _warn(shelf: Shelf, tag: str, chapter: ChapterStatus, faults: Faults, *, everything: bool) -> None:
    """Warns of a translation without a base, of which only what it lacks can be handed off."""
    own = shelf.chapter(tag, f"{chapter.slug}.md")
    if own.exists() and not chapter.has_base and not everything:
        place = Place(shelf.workspace.relative(own))
        message = "it is not known what has changed since this was translated, so only what it lacks is handed off"
        command = f"`python build.py translated {chapter.slug} --edition {tag}`"
        hint = f"if it is up to date, say so: {command}; else hand off with `--all`"
        faults.warning(place, message, "handoff-no-base", hint)
