"""The texts outside of the chapters as units of a hand-off, and their translations put into `edition.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from impressum.core.errors import Faults, Place
from impressum.stages.load.editions import read_own_texts
from impressum.stages.load.strict_yaml import parse_yaml
from impressum.translation.differences import base_texts, compared_texts
from impressum.translation.edition_file import TRANSLATOR, edition_file, put_texts
from impressum.translation.handoff.escaping import read_plain, written
from impressum.translation.handoff.hiding import Hidden
from impressum.translation.handoff.markup import Parts, Setting, has_words
from impressum.translation.handoff.matching import same_tags
from impressum.translation.handoff.segments import Segment
from impressum.translation.handoff.unit import State, Unit
from impressum.translation.shelf import TEXTS
from impressum.translation.texts import Branch, Leaf, TextTree, flat, given, record_of, source_texts

if TYPE_CHECKING:
    from impressum.translation.shelf import Shelf

SLUG = "edition"
TITLE = "Texts that stand in no chapter"
BETWEEN = "\n\n"
Key = tuple[str, ...]
Keys = Mapping[str, str]


@dataclass(frozen=True)
class EditionText:
    """A text of the source: its key, its paragraphs as segments, and its state in the edition."""

    key: str
    text: str
    state: State
    segments: tuple[Segment, ...]
    hidden: tuple[Hidden, ...]
    translation: str = ""
    before: str = ""
    """The text of the source when it was translated."""

    def unit_id(self, number: int) -> str:
        mark = sha256(f"{self.key}\n{self.text}".encode()).hexdigest()[:8]
        return f"{SLUG}.{mark}.1.{number + 1}"


def edition_texts(shelf: Shelf, tag: str, faults: Faults) -> tuple[EditionText, ...]:
    """The texts of the source outside of its chapters with words to translate."""
    now = dict(flat(source_texts(shelf)))
    states, _ = compared_texts(shelf, tag, now, faults)
    tree = read_own_texts(shelf.workspace, tag, Faults())
    there = {key: value.text for key, value in given(tree)} if tree else {}
    was = base_texts(shelf, tag, Faults()) or {}
    found: list[EditionText] = []
    for (key, text), unit in zip(now.items(), states, strict=True):
        segments, hidden = _segments(text)
        if any(has_words(segment.parts) for segment in segments):
            state: State = "unchanged" if unit.state == "unknown" else unit.state
            found.append(EditionText(key, text, state, segments, hidden, there.get(key, ""), was.get(key, "")))
    return tuple(found)


def units_of(texts: tuple[EditionText, ...]) -> Iterator[Unit]:
    """The units of these texts."""
    for said in texts:
        several = said.translation.strip().split(BETWEEN)
        for number, (segment, hidden) in enumerate(zip(said.segments, said.hidden, strict=True)):
            matches = said.state == "unchanged" and said.translation and len(several) == len(said.segments)
            target = same_tags(several[number], segment, hidden) if matches else ()
            changed = said.state == "changed" and not number
            yield Unit(
                id=said.unit_id(number),
                chapter=SLUG,
                line=0,
                segment=segment,
                hidden=hidden,
                state=said.state,
                path=(TITLE,),
                what=f"`{said.key}` of the publication",
                target=target,
                earlier_source=said.before if changed else "",
                earlier_target=said.translation if changed else "",
                file="publication.yaml",
            )


def put_back(
    shelf: Shelf, tag: str, targets: Mapping[str, Parts], faults: Faults
) -> tuple[str, str, tuple[str, ...]] | None:
    """`edition.yaml` with what came back, its base, and the units without a translation; None after a fault."""
    texts = edition_texts(shelf, tag, faults)
    values = {said.key: value for said in texts if (value := _value(said, targets))}
    path = shelf.workspace.edition_file(tag)
    old = (shelf.text(path, faults) if path.exists() else "") or ""
    said = source_texts(shelf)
    before = old or _prepared(said, tag, shelf.source)
    there = _given(before)
    others = {key: value for key, value in values.items() if there.get(key, "").split() != value.split()}
    new = put_texts(before, _with_lists(dict(_leaves(said)), others, there))
    there = _given(new)
    lost = [key for key, value in others.items() if there.get(key) != value]
    for key in lost:
        message = f"`{key}` cannot be put into this file as it stands"
        hint = f"write it there yourself, then hand in again: {key.rpartition('.')[2]}: {beginning(values[key])}"
        faults.error(Place(shelf.workspace.relative(path)), message, "handin-text", hint)
    if lost:
        return None
    without = tuple(said.unit_id(0) for said in texts if said.key not in values and said.state != "unchanged")
    return new, _base(shelf, tag, texts, values), without


def _prepared(said: Branch, tag: str, source: str) -> str:
    """The file of a new edition, without the lines for its translator: a list counts when all of it is filled in."""
    return edition_file(said, tag, source).replace("\n".join([*TRANSLATOR, ""]), "")


def _given(text: str) -> dict[str, str]:
    tree = parse_yaml(text, TEXTS, Faults())
    return {key: value.text for key, value in given(tree)} if tree else {}


def beginning(text: str) -> str:
    """The first words of `text`, for a message."""
    return text if len(text) <= 60 else text[:60].rpartition(" ")[0] + " …"


def kept_base(shelf: Shelf, tag: str, faults: Faults) -> dict[str, str]:
    """The base of `edition.yaml` without the texts that the source has no more."""
    noted = base_texts(shelf, tag, faults) or {}
    now = dict(flat(source_texts(shelf)))
    return {key: text for key, text in noted.items() if key in now}


def _base(shelf: Shelf, tag: str, texts: tuple[EditionText, ...], values: Mapping[str, str]) -> str:
    """The texts of the source as they are translated: of what did not come back, what was noted before."""
    kept = {said.key: said for said in texts}
    noted = base_texts(shelf, tag, Faults())
    lines: dict[str, str] = {}
    for key, text in flat(source_texts(shelf)):
        said = kept.get(key)
        if said is None or key in values or said.state == "unchanged":
            lines[key] = text
        elif noted and key in noted:
            lines[key] = noted[key]
    return record_of(lines.items())


def _value(said: EditionText, targets: Mapping[str, Parts]) -> str:
    """The translation of a text where all of it came back, or what of it is known."""
    several = said.translation.split(BETWEEN) if said.state == "unchanged" else []
    parts: list[str] = []
    for number, (segment, hidden) in enumerate(zip(said.segments, said.hidden, strict=True)):
        if target := targets.get(said.unit_id(number), ()):
            parts.append(hidden.shown(written(target, segment.setting)))
        elif len(several) == len(said.segments) and several[number]:
            parts.append(several[number])
        else:
            return ""
    if not any(targets.get(said.unit_id(number)) for number in range(len(said.segments))):
        return ""
    return BETWEEN.join(parts)


def _segments(text: str) -> tuple[tuple[Segment, ...], tuple[Hidden, ...]]:
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.strip().split(BETWEEN)]
    setting = Setting(attribute=True)
    segments = tuple(Segment(read_plain(words), words, 0, "text", setting) for words in paragraphs)
    return segments, tuple(Hidden() for _ in segments)


def _leaves(said: TextTree, parts: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    """Every value below `said`, those that are only repeated in a list, too, with the parts of its key."""
    if isinstance(said, Leaf):
        yield parts, said
    elif isinstance(said, Branch):
        for name, below in said.parts.items():
            yield from _leaves(below, (*parts, name))
    else:
        for number, below in enumerate(said.parts, 1):
            yield from _leaves(below, (*parts, str(number)))


def _with_lists(leaves: Mapping[tuple[str, ...], Leaf], values: Mapping[str, str], there: Keys) -> dict[Key, str]:
    """`values` by the parts of their keys; a list that the file lacks comes as a whole, as it replaces the source's."""
    found: dict[Key, str] = {}
    for parts in leaves:
        if ".".join(parts) not in values:
            continue
        place = next((number for number, part in enumerate(parts) if part.isdigit()), None)
        start = ".".join(parts[:place]) if place is not None else ""
        if place is None or any(key.startswith(f"{start}.") for key in there):
            found[parts] = values[".".join(parts)]
        else:
            whole = {other: leaf for other, leaf in leaves.items() if other[:place] == parts[:place]}
            found |= {other: values.get(".".join(other), leaf.text) for other, leaf in whole.items()}
    return found
