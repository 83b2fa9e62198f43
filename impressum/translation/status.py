"""The state of each edition's chapters and texts, and the report of `status`: lines for people, JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from impressum.core.errors import Faults
from impressum.system.cache import Json
from impressum.translation.comparing import DiffPiece, changes, is_of_comment, marked, shortened, word_diff
from impressum.translation.differences import (
    Finder,
    Look,
    SourceDifference,
    SourceUnit,
    UnitState,
    compared_texts,
    difference_of,
    with_untranslated,
)
from impressum.translation.history import Guess, History
from impressum.translation.passages import Passage, passages
from impressum.translation.shelf import SIGNED, TEXTS, Shelf
from impressum.translation.texts import flat, source_texts

if TYPE_CHECKING:
    from impressum.translation.handoff.chapter_status import ChapterStatus

FileState = Literal["up to date", "changed", "partly", "new", "removed", "unknown", "twin"]


@dataclass(frozen=True)
class FileStatus:
    """A file of an edition. `twin` is the edition that a twin takes it from; `guess`, for an unknown state, what Git
    knows of its source, from which the differences are then; `partly`: the source is as it was, and passages wait."""

    edition: str
    name: str
    state: FileState
    units: tuple[SourceUnit, ...] = ()
    differences: tuple[SourceDifference, ...] = ()
    guess: Guess | None = None
    twin: str = ""
    needs_translator: bool = True
    """Whether a passage of it is new, or has changed in more than what is never translated."""
    elsewhere: int = 0
    """How many passages of a new chapter are translated in chapters whose source has them no more."""
    signed: Counter[str] | None = None
    """How many segments are of each level, or `waiting` to be translated; None: nobody signs off."""

    @property
    def stale(self) -> tuple[SourceDifference, ...]:
        """What has changed in the source; the rest has never been translated."""
        return tuple(one for one in self.differences if one.state != "untranslated")


def status(shelf: Shelf, wanted: tuple[str, ...]) -> tuple[FileStatus, ...]:
    """The state of every file of the editions `wanted` (none: all), edition by edition, in the source's order.

    Raises Faulty where a file cannot be read, and WrongUsage for an unknown tag.
    """
    faults = Faults()
    reader = _StatusReader(shelf, faults)
    found = tuple(one for tag in shelf.chosen(wanted) for one in reader.edition(tag))
    faults.stop_if_any()
    return tuple(
        one for tag, files in groupby(found, lambda one: one.edition) for one in _with_signs(shelf, tag, files)
    )


def _with_signs(shelf: Shelf, tag: str, files: Iterable[FileStatus]) -> Iterator[FileStatus]:
    """`files` with their sign-offs, where the edition has any or a release asks for them."""
    is_asked = shelf.file.bound is not None and shelf.file.bound.sign_off is not None
    if tag in shelf.twins or not (is_asked or shelf.workspace.base_file(tag, SIGNED).exists()):
        yield from files
        return
    from impressum.translation.handoff.gathering import every_unit
    from impressum.translation.handoff.signing import counted_levels

    counts = counted_levels(every_unit(shelf, tag))
    for one in files:
        yield replace(one, signed=counts.get(one.name))


class _StatusReader:
    def __init__(self, shelf: Shelf, faults: Faults) -> None:
        self.shelf = shelf
        self.faults = faults
        self.history = History(shelf.workspace)
        self.names = shelf.chapters(shelf.source)
        self.texts = dict(flat(source_texts(shelf)))
        self.followed: dict[str, dict[str, ChapterStatus]] = {}

    def edition(self, tag: str) -> Iterator[FileStatus]:
        own = self.shelf.chapters(tag)
        for name in self.names:
            yield self._chapter(tag, name, is_there=name in own)
        yield from (FileStatus(tag, name, "removed") for name in own if name not in self.names)
        yield self._texts(tag)

    def _chapter(self, tag: str, name: str, *, is_there: bool) -> FileStatus:
        path = self.shelf.chapter(self.shelf.source, name)
        now = passages(self.shelf.text(path, self.faults) or "")
        if not is_there and tag in self.shelf.twins:
            return FileStatus(tag, name, "twin", twin=self.shelf.twins[tag])
        if not is_there:
            return self._new(tag, name, now)
        own = self.shelf.chapter(tag, name)
        base = self.shelf.workspace.base_file(tag, name)
        if base.exists():
            was = passages(self.shelf.text(base, self.faults) or "")
            found = self._compared(tag, name, was, now, self.shelf.workspace.relative(base))
            needs = bool(found.differences) and self._followed(tag)[name].needs_translator
            state: FileState = "changed" if found.stale else "partly" if found.differences else "up to date"
            return replace(found, state=state, needs_translator=needs)
        if (guess := self.history.guess(own, path)) is None:
            found = self._compared(tag, name, now, now, "")
            units = (unit if unit.state == "new" else replace(unit, state="unknown") for unit in found.units)
            return replace(found, units=tuple(units))
        old_path = f"{guess.commit}:{self.shelf.workspace.relative(path)}"  # as git itself names it
        found = self._compared(tag, name, passages(guess.text), now, old_path)
        return replace(found, guess=guess)

    def _new(self, tag: str, name: str, now: Sequence[Passage]) -> FileStatus:
        """A chapter that the edition lacks; its passages may be translated elsewhere."""
        chapter = self._followed(tag).get(name) if self.shelf.chapters(tag) else None
        known = {one.passage.line for one in chapter.passages if one.translation} if chapter else set()
        units = tuple(SourceUnit(one.kind, one.text, "unchanged" if one.line in known else "new") for one in now)
        return FileStatus(tag, name, "new", units, elsewhere=len(known))

    def _followed(self, tag: str) -> dict[str, ChapterStatus]:
        """The chapters as a hand-off finds them, by their names."""
        if tag not in self.followed:
            from impressum.translation.handoff.gathering import chapter_statuses

            there = chapter_statuses(self.shelf, tag, self.faults)
            self.followed[tag] = {f"{one.slug}.md": one for one in there}
        return self.followed[tag]

    def _compared(
        self, tag: str, name: str, was: Sequence[Passage], now: Sequence[Passage], old_path: str
    ) -> FileStatus:
        """A chapter with its differences from what it `was` in `old_path`; its state is left unknown."""
        found = tuple(change for change in changes(was, now) if not is_of_comment(change))
        own = self.shelf.chapter(tag, name)
        text = self.shelf.text(own, self.faults) or ""
        finder = Finder(self.shelf.workspace.relative(own), was, now, passages(text) if found else (), found)
        source = self.shelf.workspace.relative(self.shelf.chapter(self.shelf.source, name))
        differences = [difference_of(change, source, old_path, finder.look(change)) for change in found]
        differences = with_untranslated(differences, now, text, source, finder.path)
        states: dict[int, UnitState] = {
            change.new.line: "new" if change.old is None else "changed"
            for change in found
            if change.new and not (change.old and change.state == "moved" and change.old.text == change.new.text)
        }
        states |= {one.line: "new" for one in differences if one.state == "untranslated" and one.old is None}
        units = tuple(SourceUnit(one.kind, one.text, states.get(one.line, "unchanged")) for one in now)
        return FileStatus(tag, name, "unknown", units, tuple(differences))

    def _texts(self, tag: str) -> FileStatus:
        """The state of `edition.yaml`."""
        if tag in self.shelf.twins:
            return FileStatus(tag, TEXTS, "twin", twin=self.shelf.twins[tag])
        units, differences = compared_texts(self.shelf, tag, self.texts, self.faults)
        states = {unit.state for unit in units}
        if "unknown" in states:
            return FileStatus(tag, TEXTS, "unknown", units, differences)
        if self.shelf.workspace.base_file(tag, TEXTS).exists():
            needs = any(one.new is not None for one in differences)
            state: FileState = "changed" if differences else "up to date"
            return FileStatus(tag, TEXTS, state, units, differences, needs_translator=needs)
        return FileStatus(tag, TEXTS, "new", units)


SHOWN = 160
"""Letters shown of a new or removed passage."""
MOST_NAMES = 12
SIGNS = {"changed": "changed", "added": "new", "removed": "removed", "moved": "moved", "untranslated": "untranslated"}
Shown = Callable[[DiffPiece], str]


def report_lines(statuses: Sequence[FileStatus], shelf: Shelf, shown: Shown = marked) -> Iterator[str]:
    """The state of each edition, then each change with the lines to look at; `shown` formats a piece."""
    if not statuses:
        yield f"there is no edition besides the source `{shelf.source}`; `new-edition TAG` makes one"
    for tag, files in groupby(statuses, key=lambda one: one.edition):
        yield from _edition(tag, tuple(files), shown)


def report_json(statuses: Sequence[FileStatus], shelf: Shelf) -> dict[str, Json]:
    """The report as data."""
    return {
        "schema": "impressum-status",
        "version": 1,
        "source": shelf.source,
        "editions": [
            {"tag": tag, "files": [_file(one) for one in files]}
            for tag, files in groupby(statuses, key=lambda one: one.edition)
        ],
    }


def _edition(tag: str, files: tuple[FileStatus, ...], shown: Shown) -> Iterator[str]:
    width = max(len(shown_name(one)) for one in files)
    yield tag
    for one in files:
        yield f"  {one.state:<10}  {shown_name(one):<{width}}  {_summary(one)}".rstrip()
    for one in files:
        missing = [each.name for each in one.differences if _is_missing(each)]
        if missing:
            names = ", ".join(f"`{name}`" for name in missing[:MOST_NAMES])
            names += f" and {len(missing) - MOST_NAMES} more" if len(missing) > MOST_NAMES else ""
            texts = f"{len(missing)} texts are" if len(missing) > 1 else "one text is"
            yield from ("", f"chapters/{tag}/{one.name}: {texts} not there yet: {names}")
        for difference in one.differences:
            if not _is_missing(difference):
                yield from ("", *_difference_lines(difference, shown))
    yield ""


def _is_missing(difference: SourceDifference) -> bool:
    """Whether it is a text that the edition lacks."""
    return bool(difference.name) and difference.state == "added" and difference.look is None


def shown_name(one: FileStatus) -> str:
    """The name of a file without its `.md`."""
    return one.name.removesuffix(".md")


def _summary(one: FileStatus) -> str:
    if one.state == "twin":
        return f"taken from {one.twin}"
    if one.state == "removed":
        return "the source has no such chapter any more"
    signed = signed_off(one)
    counts = {sign: sum(1 for each in one.differences if each.state == state) for state, sign in SIGNS.items()}
    text = ", ".join(f"{count} {sign}" for sign, count in counts.items() if count)
    if one.elsewhere:
        text = f"{one.elsewhere} of {len(one.units)} passages are translated elsewhere; `translated --apply` takes them"
    elif text and not one.guess and not one.needs_translator:
        text += "; no translator is needed: `translated --apply` puts it in"
    if one.guess:
        guessed = f"guessed from commit {one.guess.commit} of {one.guess.date}"
        text = f"{guessed}: {text or 'nothing has changed since'}"
    elif one.state == "unknown":
        text = "; ".join(["nobody has said which source it was made from", *([text] if text else [])])
    return "; ".join(part for part in (text, signed) if part)


def signed_off(one: FileStatus) -> str:
    """How many segments are signed off."""
    if one.signed is None:
        return ""
    parts = [f"{count} {level}" for level in ("approved", "reviewed") if (count := one.signed[level])]
    return f"of {one.signed.total()} segments {', '.join(parts) or 'none is signed off'}"


def signed_json(one: FileStatus) -> Json:
    """How many segments are signed off, by level, as data."""
    from impressum.translation.handoff.unit import LEVELS

    return {level: one.signed[level] for level in (*LEVELS, "waiting")} if one.signed is not None else None


def _difference_lines(difference: SourceDifference, shown: Shown) -> Iterator[str]:
    place = f"{difference.path}:{difference.line}" if difference.line else difference.path
    what = SIGNS[difference.state]
    if difference.name:
        what = f"`{difference.name}` {what}"
    elif difference.state == "moved":
        what = f"moved from line {difference.moved_from}"
    yield f"{place}: {what}{_looked(difference)}"
    yield f"  {_words(difference, shown)}"


def _looked(difference: SourceDifference) -> str:
    if (look := difference.look) is None:
        return "" if difference.state == "added" else "; the translation has nothing like it"
    if look.behind:
        return f"; its place is behind {look.path}:{_span(look)}"
    return f"; look at {look.path}:{_span(look)}"


def _span(look: Look) -> str:
    return f"{look.line}" if look.end == look.line else f"{look.line}-{look.end}"


def _words(difference: SourceDifference, shown: Shown) -> str:
    if difference.old is None or difference.new is None:
        text = _short(difference.new or difference.old or "")
        return shown(DiffPiece("new" if difference.old is None else "old", text))
    if difference.old.split() == difference.new.split():
        return _short(difference.new)
    return "".join(shown(piece) for piece in shortened(word_diff(difference.old, difference.new)))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rpartition(' ')[0]} …"


def _file(one: FileStatus) -> dict[str, Json]:
    return {
        "name": one.name,
        "state": one.state,
        "twin": one.twin or None,
        "signed": signed_json(one),
        "guessed": {"commit": one.guess.commit, "date": one.guess.date} if one.guess else None,
        "differences": [_difference_json(each) for each in one.differences],
    }


def _difference_json(each: SourceDifference) -> dict[str, Json]:
    words: Json = None
    if each.old is not None and each.new is not None:
        words = [[piece.side, piece.text] for piece in word_diff(each.old, each.new)]
    return {
        "state": each.state,
        "kind": each.kind,
        "name": each.name or None,
        "path": each.path,
        "line": each.line,
        "end": each.end,
        "moved-from": each.moved_from or None,
        "old": each.old,
        "new": each.new,
        "words": words,
        "look": asdict(each.look) if each.look else None,
    }
