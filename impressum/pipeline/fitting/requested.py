"""Finds the blocks that `layout.yaml` names; one that is not there, or cannot be fitted so, is a fault in that file."""

from __future__ import annotations

from collections.abc import Iterable

from impressum.core.errors import Faults, nearest
from impressum.core.model.fits import LayoutEntry, Requested
from impressum.core.model.manuscript import Expected, ExpectedBlock

SHOWN = 48
WHOLE = 80
"""Letters that identify a block, where the words of an entry are longer than what is kept of the block."""
FLOATING = ("figure", "figuregroup")
LINES_HINT = "only the lines of a paragraph can be made fewer or more; for anything else change the text around it"
PLACE_HINT = "only a figure has a `place`; to move anything else use `break-before`"


def find_requested(layout: tuple[LayoutEntry, ...], expected: Expected, faults: Faults) -> tuple[Requested, ...]:
    """Each entry with the key of the block that it names."""
    chapters = {chapter.slug: (*chapter.blocks, *chapter.items) for chapter in expected.chapters}
    found = []
    for entry in layout:
        block = _block(entry, chapters.get(entry.chapter, ()), faults)
        if block is not None and _can(entry, block, faults):
            found.append(Requested(entry, block.key))
    return tuple(found)


def _block(entry: LayoutEntry, blocks: tuple[ExpectedBlock, ...], faults: Faults) -> ExpectedBlock | None:
    if entry.at.startswith("#"):
        return _by_id(entry, blocks, faults)
    wanted = _letters(entry.at)
    some = [block for block in blocks if block.words and _begins(_letters(block.words), wanted)]
    if wanted and len(some) == 1:
        return some[0]
    if not some or not wanted:
        near = nearest(entry.at, _beginnings(blocks, len(entry.at)))
        message = f"nothing in `{entry.chapter}` begins with `{entry.at[:SHOWN]}`"
        hint = f"did you mean `{near}`?" if near else "write the first words of a paragraph, or `#` and an id"
        faults.error(entry.at_place, message, "layout-unknown", hint)
        return None
    lines = ", ".join(str(block.place.line) for block in some[:6])
    message = f"{len(some)} blocks of `{entry.chapter}` begin with `{entry.at[:SHOWN]}`: at the lines {lines}"
    hint = f"write more of its first words, as in `{some[0].words[: SHOWN + 20].rsplit(maxsplit=1)[0]}`"
    faults.error(entry.at_place, message, "layout-ambiguous", hint)
    return None


def _by_id(entry: LayoutEntry, blocks: tuple[ExpectedBlock, ...], faults: Faults) -> ExpectedBlock | None:
    name = entry.at[1:]
    found = next((block for block in blocks if block.id == name), None)
    if found is None:
        near = nearest(name, (block.id for block in blocks if block.id))
        message = f"nothing at the top of `{entry.chapter}` has the id `{name}`"
        hint = f"did you mean `#{near}`?" if near else "give the block that id, or name it by its first words"
        faults.error(entry.at_place, message, "layout-unknown", hint)
    return found


def _can(entry: LayoutEntry, block: ExpectedBlock, faults: Faults) -> bool:
    """Whether blocks of this kind can be fitted so."""
    wrong = []
    if entry.lines and block.kind != "paragraph":
        wrong.append(("lines", LINES_HINT))
    if entry.figure_place and block.kind not in FLOATING:
        wrong.append(("place", PLACE_HINT))
    for key, hint in wrong:
        message = f"`{key}` cannot be asked of `{entry.at[:SHOWN]}`, which is {_named(block)}"
        faults.error(entry.place, message, "layout-kind", hint)
    return not wrong


def _named(block: ExpectedBlock) -> str:
    names = {
        "heading": "a heading",
        "table": "a table",
        "item": "an item of a list",
        "quotation": "a quotation",
        "paragraph": "a paragraph",
        "figure": "a figure",
        "figuregroup": "a group of figures",
        "box": "a box",
        "equation": "a formula",
        "codeblock": "code",
        "lineblock": "a block of lines",
    }
    return names.get(block.kind, "no such block")


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _begins(block: str, wanted: str) -> bool:
    return block.startswith(wanted) or (len(block) >= WHOLE and wanted.startswith(block))


def _beginnings(blocks: Iterable[ExpectedBlock], length: int) -> set[str]:
    """The first words of each block, about as long as the words that were looked for."""
    found = set()
    for block in blocks:
        end = block.words.find(" ", length - 1)
        found.add(block.words if end < 0 else block.words[:end])
    return found - {""}
