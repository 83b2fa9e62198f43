"""What came back for a unit, with its tags restored; one that is lost, doubled or crossed is a fault."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from unicodedata import normalize

from impressum.core.errors import Faults
from impressum.core.letters import UNWANTED, add_letter_fault
from impressum.translation.handoff.escaping import plain, read_plain, written
from impressum.translation.handoff.hiding import Hidden, hide
from impressum.translation.handoff.markup import Part, Parts, Role, Tag, joined, read
from impressum.translation.handoff.matching import ADDED, UNKNOWN, marked, matched, read_markdown
from impressum.translation.handoff.unit import Returned, Unit

_SPACES = re.compile(r"[ \n\r\t\u00a0]+")
Named = Callable[[Tag], str]


def resolved(returned: Returned, unit: Unit, faults: Faults) -> Parts | None:
    """The words and tags of the translation of `unit`; None after a fault, nothing where there is no translation."""
    if returned.is_empty:
        return ()
    before = len(faults.all())
    if returned.markdown:
        found = matched(*read_markdown(returned.markdown.strip(), unit.segment), unit.parts, unit.hidden)
        parts: Sequence[Part] = found.parts
        _name_unknown(found.unknown, returned, faults, is_attribute=unit.segment.setting.attribute)
    else:
        parts = marked(tuple(joined(returned.parts)))
    letters = UNWANTED.findall(" ".join(part for part in parts if isinstance(part, str)).replace("\r", " "))
    if letters:
        add_letter_fault(letters[0], returned.place, faults)
    own = {(tag.number, tag.role): tag for tag in unit.parts if isinstance(tag, Tag)}
    added = {(tag.number, tag.role): tag for tag in unit.target if isinstance(tag, Tag) and tag.number >= ADDED}
    tags: list[Part] = [part if isinstance(part, str) else _own(part, {**added, **own}) for part in parts]
    _check(tags, own, returned, unit, faults)
    if len(faults.all()) > before:
        return None
    clean = tuple(_clean(tags))
    _check_written(clean, returned, unit, faults)
    return None if len(faults.all()) > before else clean


def _own(part: Tag, own: dict[tuple[int, Role], Tag]) -> Tag:
    """The source's tag that `part` refers to; a token of Word says `⟦1⟧` of a tag that stands alone, too."""
    tag = own.get((part.number, part.role))
    if tag is None and part.role == "open":
        tag = own.get((part.number, "alone"))
    return tag or part


def _check(
    parts: Sequence[Part], own: dict[tuple[int, Role], Tag], returned: Returned, unit: Unit, faults: Faults
) -> None:
    name = _namer(unit, returned)
    tags = [part for part in parts if isinstance(part, Tag)]
    counted = Counter((tag.number, tag.role) for tag in tags)
    reported: set[int] = set()
    for tag in tags:
        if not tag.text and tag.number not in reported:  # no tag of the source was found for it
            reported.add(tag.number)
            shown = "markup" if tag.number == UNKNOWN else f"the tag ⟦{'/' * (tag.role == 'close')}{tag.number}⟧"
            faults.error(
                returned.place,
                f"the translation of `{unit.id}` has {shown}, which its source has not",
                "handin-tag-unknown",
                "take it out: only the tags of the source can be put back",
            )
    for (number, role), tag in own.items():
        times = counted[number, role]
        if times == 1 or number in reported:
            continue
        reported.add(number)
        if times:
            faults.error(
                returned.place,
                f"the translation of `{unit.id}` has {name(tag)} {'twice' if times == 2 else f'{times} times'}",
                "handin-tag-doubled",
                "leave it once, where it belongs",
            )
        else:
            faults.error(
                returned.place,
                f"the translation of `{unit.id}` has lost {name(tag)}",
                "handin-tag-lost",
                "put it where it belongs in the translation",
            )
    if not reported:
        _check_order(tags, name, returned, unit, faults)


def _check_written(parts: Parts, returned: Returned, unit: Unit, faults: Faults) -> None:
    """A fault where words would be read as a tag, or with one that stands beside them, so that another text came."""
    if unit.segment.setting.attribute:
        kinds = ("emphasis", "value") if unit.segment.what == "text" else ("emphasis",)  # braces are written otherwise
        said = read_plain(plain(parts))
        own = Counter(part.text for part in parts if isinstance(part, Tag))
        read_as = Counter(part.text for part in said if isinstance(part, Tag) and part.kind in kinds)
        _name_unknown([*(read_as - own)], returned, faults, is_attribute=True)
        return
    hidden = Hidden(list(unit.hidden.texts), list(unit.hidden.kinds))
    again = read(hide(written(parts, unit.segment.setting), hidden), hidden)
    if [_comparable(part, hidden) for part in again] != [_comparable(part, unit.hidden) for part in parts]:
        faults.error(
            returned.place,
            f"in the translation of `{unit.id}` a tag would be read together with what stands beside it",
            "handin-tag-order",
            "put a space between each tag and the letter or sign before and behind it",
        )


def _comparable(part: Part, hidden: Hidden) -> object:
    if isinstance(part, str):
        return normalize("NFC", part)
    return part.role, re.sub(r"[{}]", "", hidden.shown(part.text))


def _check_order(tags: list[Tag], name: Named, returned: Returned, unit: Unit, faults: Faults) -> None:
    opened: list[Tag] = []
    for tag in tags:
        if tag.role == "open":
            opened.append(tag)
        elif tag.role == "close":
            if opened and opened[-1].number == tag.number:
                opened.pop()
                continue
            early = all(one.number != tag.number for one in opened)
            what = f"{name(tag)} closes before it opens" if early else f"{name(opened[-1])} and {name(tag)} cross"
            faults.error(
                returned.place,
                f"in the translation of `{unit.id}` {what}",
                "handin-tag-order",
                "close a tag after it opens, and one that opens within another within it, too",
            )
            return


def _namer(unit: Unit, returned: Returned) -> Named:
    """How a message calls a tag: by its token and its Markdown, in a PO file by its Markdown."""
    closes = {tag.number: tag for tag in unit.parts if isinstance(tag, Tag) and tag.role == "close"}

    def name(tag: Tag) -> str:
        other = closes.get(tag.number)
        opens = next((one for one in unit.parts if isinstance(one, Tag) and one.number == tag.number), tag)
        markdown = unit.shown(opens) + (f"…{unit.shown(other)}" if other else "")
        shown = in_backticks(" ".join(markdown.split()))
        if returned.markdown:
            return shown
        token = f"⟦{tag.number}⟧…⟦/{tag.number}⟧" if other else f"⟦{tag.number}⟧"
        return f"the tag {token} ({shown})"

    return name


def in_backticks(markdown: str) -> str:
    """`markdown` as a message shows it."""
    return f"`` {markdown} ``" if "`" in markdown else f"`{markdown}`"


def _name_unknown(unknown: Sequence[str], returned: Returned, faults: Faults, *, is_attribute: bool) -> None:
    for text in dict.fromkeys(unknown):
        faults.error(
            returned.place,
            f"the translation of `{returned.id}` has {in_backticks(text)}, which its source has not",
            "handin-tag-unknown",
            "take it out"
            if is_attribute
            else "take it out, or write a backslash before its signs where they are words",
        )


def _clean(parts: Sequence[Part]) -> list[Part]:
    """Single spaces, none at the ends."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            before = found[-1] if found else None
            words = _SPACES.sub(lambda run: "\u00a0" if "\u00a0" in run.group() else " ", part)
            part = words.lstrip() if before is None else words
        if part != "":
            found.append(part)
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return [part for part in found if part != ""]
