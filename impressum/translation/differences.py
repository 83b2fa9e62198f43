"""How the source differs from what an edition has translated (kept in `.base/`), and the lines affected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.stages.load.editions import read_own_texts
from impressum.stages.load.strict_yaml import read_yaml
from impressum.stages.load.texts import TEXT_LIMIT, decode, read_bytes
from impressum.translation.comparing import Change, key, paired, word_diff, worded
from impressum.translation.passages import Passage, apart
from impressum.translation.shelf import TEXTS, Shelf, write_file
from impressum.translation.texts import flat, given, record_of, source_texts


@dataclass(frozen=True)
class Look:
    """Lines of the translation to look at; `behind`: something new has no translation yet and belongs after them."""

    path: str
    line: int
    end: int
    behind: bool = False


class Finder:
    """Finds the lines of a translation that a change of its source affects, by pairing it with what the source was."""

    def __init__(
        self,
        path: str,
        was: Sequence[Passage],
        now: Sequence[Passage],
        translation: Sequence[Passage],
        found: tuple[Change, ...],
    ) -> None:
        self.path = path
        self.theirs = {
            pair.source.line: pair.translation for pair in paired(was, translation) if pair.source and pair.translation
        }
        self.was, self.now = worded(was), worded(now)
        new_of = {change.new.line: change.old for change in found if change.new}
        kept = iter(self._kept(found))
        self.old_of = {one.line: new_of[one.line] if one.line in new_of else next(kept, None) for one in self.now}
        """The passages of the base by the lines of those of the source; None for new ones."""

    def look(self, change: Change) -> Look | None:
        """The lines to look at; None where the translation has nothing like it."""
        if change.old:
            found = self.theirs.get(change.old.line)
            return Look(self.path, found.line, found.end) if found else None
        assert change.new
        for one in reversed([one for one in self.now if one.line < change.new.line]):
            old = self.old_of[one.line]
            if found := self.theirs.get(old.line) if old else None:
                return Look(self.path, found.line, found.end, behind=True)
        return None

    def _kept(self, found: tuple[Change, ...]) -> list[Passage]:
        """The unchanged passages of the base, in order."""
        touched = {change.old.line for change in found if change.old}
        return [one for one in self.was if one.line not in touched]


WAITING = "UNTRANSLATED"
"""Placeholder in a base for words without a translation: a word, so that it is a segment where they are one."""
UnitState = Literal["unchanged", "changed", "new", "unknown"]


@dataclass(frozen=True)
class SourceDifference:
    """A passage of the source, or a text of edition.yaml (by its key, `name`), that has changed.

    `old` and `new` are its words, if any; `path`, `line` and `end` its place in the source, or in the base if removed.
    What is `untranslated` has never been translated, though the rest of its chapter is.
    """

    state: Literal["changed", "added", "removed", "moved", "untranslated"]
    kind: str
    old: str | None
    new: str | None
    path: str
    line: int
    end: int
    name: str = ""
    moved_from: int = 0
    look: Look | None = None


def difference_of(change: Change, source: str, old_path: str, look: Look | None) -> SourceDifference:
    """`change` as a difference of the file `source` from `old_path`; one from words that waited is no change."""
    passage = change.new or change.old
    assert passage
    old, new = (one.text if one else None for one in (change.old, change.new))
    path = source if change.new else old_path
    moved_from = change.old.line if change.old and change.state == "moved" else 0
    found = SourceDifference(
        change.state, passage.kind, old, new, path, passage.line, passage.end, "", moved_from, look
    )
    if not (old and new and WAITING in old):
        return found
    rest = old.replace(WAITING, "")
    is_new = all(one.side != "old" for one in word_diff(rest, new))
    state = "untranslated" if is_new else change.state
    return replace(found, state=state, old=rest if any(map(str.isalnum, rest)) else None, moved_from=0)


def with_untranslated(
    found: Sequence[SourceDifference], now: Sequence[Passage], translation: str, source: str, path: str
) -> list[SourceDifference]:
    """`found` with each passage that the `translation` in `path` has in a division `::: untranslated`.

    Its place is that of the passage in the file `source`, or in `path` where that has it no more.
    """
    every = list(found)
    ours = {key(one): one for one in reversed(now)}
    for one in worded(apart(translation)[1]):
        if one.kind == "fence":
            continue
        look = Look(path, one.line, one.end)
        at = next((number for number, each in enumerate(every) if each.old == one.text), None)
        if at is not None and every[at].new is None:
            every[at] = replace(every[at], look=look)
        elif at is not None:
            every[at] = replace(every[at], state="untranslated", old=None, look=look)
        else:
            mine = ours.get(key(one))
            place = (source, mine.line, mine.end) if mine else (path, one.line, one.end)
            every.append(SourceDifference("untranslated", one.kind, None, one.text, *place, look=look))
    return every


@dataclass(frozen=True)
class SourceUnit:
    """A passage or text of the source as it is now, and the state of its translation."""

    kind: str
    text: str
    state: UnitState


def compared_texts(
    shelf: Shelf, tag: str, now: Mapping[str, str], faults: Faults
) -> tuple[tuple[SourceUnit, ...], tuple[SourceDifference, ...]]:
    """Each text of the source `now` with its state in the edition `tag`, and those that differ from the base.

    A text that only the base has, and not the edition, is one that stays as in the source.
    """
    tree = read_own_texts(shelf.workspace, tag, faults)
    path = shelf.workspace.relative(shelf.workspace.edition_file(tag))
    looks = {key: Look(path, value.place.line, value.place.line) for key, value in given(tree)} if tree else {}
    was = base_texts(shelf, tag, faults)
    units: list[SourceUnit] = []
    found: list[SourceDifference] = []
    for name, text in now.items():
        before = was.get(name) if was is not None else None
        state = _state(before, text, is_given=name in looks, has_base=was is not None)
        units.append(SourceUnit("text", text, state))
        if state in ("new", "changed"):
            change: Literal["added", "changed"] = "added" if state == "new" else "changed"
            look = looks.get(name)
            found.append(SourceDifference(change, "text", before, text, file_of(name), 0, 0, name, look=look))
    gone = [(key, was[key]) for key in looks if was and key in was and key not in now]
    found += [SourceDifference("removed", "text", old, None, path, 0, 0, key, look=looks[key]) for key, old in gone]
    return tuple(units), tuple(found)


def base_texts(shelf: Shelf, tag: str, faults: Faults) -> dict[str, str] | None:
    """The texts of the source that the edition has translated, by key; None where it has recorded none."""
    path = shelf.workspace.base_file(tag, TEXTS)
    if not path.exists():
        return None
    tree = read_yaml(shelf.workspace, path, faults)
    return {key: value.text for key, value in given(tree)} if tree else {}


def _state(before: str | None, text: str, *, is_given: bool, has_base: bool) -> UnitState:
    if not has_base:
        return "unknown" if is_given else "new"
    if before is None:
        return "new"
    return "unchanged" if before.split() == text.split() else "changed"


def file_of(key: str) -> str:
    """The file of the source with the text of this key."""
    part, _, rest = key.partition(".")
    name = rest.partition(".")[0]
    return {"figures": f"figures/{name}.yaml", "data": f"figures/data/{name}.yaml"}.get(part, "publication.yaml")


def record(shelf: Shelf, tag: str, name: str) -> Path:
    """Records that the edition `tag` has translated the current source of `name`; returns the file written.

    Raises Faulty where the chapter or its translation is missing or cannot be read.
    """
    check(shelf, tag, name)
    faults = Faults()
    content = _texts(shelf, tag, faults) if name == TEXTS else _source(shelf, name, faults)
    faults.stop_if_any()
    assert content is not None
    path = shelf.workspace.base_file(tag, name)
    write_file(shelf.workspace, path, content)
    return path


def translated_files(shelf: Shelf, tag: str) -> tuple[str, ...]:
    """The files that the edition `tag` has translated: chapters that its source has, too, and `edition.yaml`."""
    own = shelf.chapters(tag)
    names = tuple(name for name in shelf.chapters(shelf.source) if name in own)
    return (*names, TEXTS) if _has_texts(shelf, tag) else names


def _has_texts(shelf: Shelf, tag: str) -> bool:
    """Whether `edition.yaml` has any text; `check` reports its faults."""
    tree = read_own_texts(shelf.workspace, tag, Faults())
    return tree is not None and bool(tree.entries)


def _texts(shelf: Shelf, tag: str, faults: Faults) -> bytes:
    """The texts of the source, without those that are empty in `edition.yaml`."""
    path = shelf.workspace.edition_file(tag)
    whole = read_yaml(shelf.workspace, path, faults)
    filled = read_own_texts(shelf.workspace, tag, Faults())
    empty = {key for key, _ in given(whole)} - {key for key, _ in given(filled)} if whole and filled else set()
    return record_of((key, text) for key, text in flat(source_texts(shelf)) if key not in empty).encode()


def _source(shelf: Shelf, name: str, faults: Faults) -> bytes | None:
    path = shelf.chapter(shelf.source, name)
    if (content := read_bytes(shelf.workspace, path, faults, limit=TEXT_LIMIT)) is not None:
        decode(content, shelf.workspace.relative(path), faults)
    return content


def check(shelf: Shelf, tag: str, name: str) -> None:
    """Raises Faulty where the edition `tag` or the source has no file `name`."""
    own, source = shelf.chapter(tag, name), shelf.chapter(shelf.source, name)
    where = shelf.workspace.relative(own)
    if name == TEXTS and own.exists():
        if _has_texts(shelf, tag):
            return
        hint = "write the texts behind their colons, and see what `check` says of the file"
        raise Faulty([Fault(Place(where), f"no text of `{name}` is translated yet", "translation-missing", hint)])
    if own.exists() and source.exists():
        return
    if own.exists():
        message = f"the source edition `{shelf.source}` has no chapter `{name}`"
        hint = "delete the translation, or bring the chapter back"
        raise Faulty([Fault(Place(where), message, "chapter-unknown", hint)])
    hint = f"put the translation there first, as `{where}`"
    if tag in shelf.twins:
        twin = shelf.twins[tag]
        hint = "it is that of the source in another script, which is always up to date"
        hint = hint if twin == shelf.source else f"it is taken from `{twin}`: say there that it is translated"
    message = f"the edition has no `{name}` of its own"
    raise Faulty([Fault(Place(f"chapters/{tag}"), message, "translation-missing", hint)])
