"""Matches the tags of a translation with those of its source; a returned one that differs is a fault."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from impressum.core.errors import Faults
from impressum.core.letters import UNWANTED, add_letter_fault
from impressum.translation.handoff.escaping import plain, read_plain, written
from impressum.translation.handoff.hiding import MARK, Hidden, hide
from impressum.translation.handoff.markup import Part, Parts, Role, Tag, joined, read
from impressum.translation.handoff.segments import Segment
from impressum.translation.handoff.unit import Returned, Unit

UNKNOWN = -1
"""The number of a tag that the source lacks."""
ADDED = 1000
"""The first number of tags that only the translation has: words of another language, conditions."""
LANGUAGE = re.compile(r"\]\{(?P<as_is>\.as-is)?(?:lang=[\"“”„]?(?P<tag>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)[\"“”]?)?\}")
MARKED = re.compile(rf"\[(?P<words>[^\[\]]+){LANGUAGE.pattern}")
CITED = re.compile(r"-?@\{?[\w:.#$%&+?<>~/-]*\w|[0-9]+|;")
"""The parts of a citation that are the same in every language: `p. 5` is `S. 5` in German."""
_SPACES = re.compile(r"[ \n\r\t\u00a0]+")
Named = Callable[[Tag], str]


@dataclass(frozen=True)
class MatchedTags:
    """Words and tags with the numbers that the source gives them; `unknown` is markup that it has not."""

    parts: Parts
    unknown: tuple[str, ...]


def read_markdown(text: str, segment: Segment) -> tuple[Parts, Hidden]:
    """The parts of a Markdown text that replaces `segment`."""
    hidden = Hidden()
    if segment.what == "short-title":
        return ((text,) if text else ()), hidden
    if segment.setting.attribute:
        return read_plain(text), hidden
    return read(hide(text, hidden), hidden), hidden


def matched(
    parts: Parts, hidden: Hidden, source: Parts, source_hidden: Hidden, own: Container[str] | None = None
) -> MatchedTags:
    """`parts` with tags numbered as in `source`; brackets that it lacks become words.

    `own` are the values and conditions that the translation may have beyond those of the source; None: any.
    """
    free: dict[tuple[str, str], list[int]] = defaultdict(list)
    kinds = {tag.number: tag.kind for tag in source if isinstance(tag, Tag)}
    for number, key in _keys(source, source_hidden).items():
        free[key].append(number)
    keys = _keys(parts, hidden)
    numbers = {number: free[key].pop(0) if free[key] else UNKNOWN for number, key in keys.items()}
    found: list[Part] = []
    unknown: list[str] = []
    for part in parts:
        if isinstance(part, str):
            found.append(part)
            continue
        number = numbers[part.number]
        if number != UNKNOWN:
            found.append(Tag(number, part.role, part.text, kinds[number]))
        elif part.kind == "brackets":
            found.append(part.text)
        elif part.kind == "span" and _is_language(keys[part.number]):
            found.append(Tag(ADDED + part.number, part.role, part.text, part.kind))
        elif part.kind == "value" and (own is None or hidden.shown(part.text) in own):
            found.append(Tag(ADDED + part.number, part.role, hidden.shown(part.text), part.kind))
        elif keys[part.number] in _keys(source, source_hidden).values():
            twin = next(one for one, key in _keys(source, source_hidden).items() if key == keys[part.number])
            found.append(Tag(twin, part.role, part.text, part.kind))
        else:
            found.append(Tag(UNKNOWN, part.role, part.text, part.kind))
            unknown += [] if part.role == "close" else [_shown(keys[part.number])]
    return MatchedTags(tuple(joined(found)), tuple(unknown))


def same_tags(text: str, segment: Segment, hidden: Hidden) -> Parts:
    """The Markdown `text` with the tags of `segment`; nothing where they are not the same."""
    return with_tags_of(segment.parts, matched(*read_markdown(text, segment), segment.parts, hidden))


def with_tags_of(source: Parts, found: MatchedTags) -> Parts:
    """The parts `found` with the tags of `source`; nothing if their tags differ."""
    own = {(part.number, part.role): part for part in source if isinstance(part, Tag)}
    tags = [(part.number, part.role) for part in found.parts if isinstance(part, Tag) and part.number < ADDED]
    if found.unknown or sorted(tags) != sorted(own):
        return ()
    return tuple(
        part if isinstance(part, str) or is_as_cited(part) else own.get((part.number, part.role), part)
        for part in found.parts
    )


def is_as_cited(tag: Tag) -> bool:
    """Whether a tag is a citation, which may name a page as the language of the translation does."""
    return tag.kind == "citation" and tag.role == "alone" and bool(tag.text) and not MARK.search(tag.text)


def _is_cited_as(tag: Tag, mine: Tag) -> bool:
    return is_as_cited(mine) and CITED.findall(tag.text) == CITED.findall(mine.text)


def marked(parts: Sequence[Part]) -> list[Part]:
    """`parts` with what a translator has written as `[words]{lang=en}` or `[words]{.as-is}` as tags."""
    found: list[Part] = []
    count = 0
    for part in parts:
        done = 0
        for mark in MARKED.finditer(part) if isinstance(part, str) else ():
            if not (mark["tag"] or mark["as_is"]) or not isinstance(part, str):
                continue
            count += 1
            closes = "]{.as-is}" if mark["as_is"] else f"]{{lang={mark['tag']}}}"
            number = 2 * ADDED + count
            tags = Tag(number, "open", "[", "span"), mark["words"], Tag(number, "close", closes, "span")
            found += [part[done : mark.start()], *tags]
            done = mark.end()
        found.append(part[done:] if isinstance(part, str) else part)
    return [part for part in found if part != ""]


def _is_language(key: tuple[str, str]) -> bool:
    found = LANGUAGE.fullmatch(key[1])
    return key[0] == "[" and bool(found and (found["tag"] or found["as_is"]))


def _keys(parts: Parts, hidden: Hidden) -> dict[int, tuple[str, str]]:
    """The Markdown of each tag, by number, without the texts of its attributes: equal for the same tags."""
    keys: dict[int, tuple[str, str]] = {}
    for part in parts:
        if isinstance(part, str):
            continue
        text = _without_attributes(part.text, hidden)
        if part.kind == "citation" and part.role == "alone":
            text = " ".join(CITED.findall(text))
        opens, closes = keys.get(part.number, ("", ""))
        keys[part.number] = (opens, text) if part.role == "close" else (text, closes)
    return keys


def _without_attributes(text: str, hidden: Hidden) -> str:
    texts = ["" if kind == "attribute" else one for one, kind in zip(hidden.texts, hidden.kinds, strict=True)]
    return " ".join(Hidden(texts, hidden.kinds).shown(text).split())


def _shown(key: tuple[str, str]) -> str:
    return "…".join(part for part in key if part)


def resolved(returned: Returned, unit: Unit, faults: Faults, values: Collection[str] = ()) -> Parts | None:
    """The words and tags of the translation of `unit`; None after a fault, nothing where there is no translation.

    Tags that neither the source nor the present translation has are taken where the file says what they are: marks of
    another language, and those of `values`, which the source has elsewhere.
    """
    if returned.is_empty:
        return ()
    before = len(faults.all())
    if returned.markdown:
        its_own = {tag.text for tag in unit.target if isinstance(tag, Tag) and tag.number >= ADDED}
        read_in = read_markdown(returned.markdown.strip(), unit.segment)
        found = matched(*read_in, unit.parts, unit.hidden, its_own.union(values))
        parts: Sequence[Part] = found.parts
        _name_unknown(found.unknown, returned, faults, is_attribute=unit.segment.setting.attribute)
    else:
        parts = marked(tuple(joined(returned.parts)))
    letters = UNWANTED.findall(" ".join(part for part in parts if isinstance(part, str)).replace("\r", " "))
    if letters:
        add_letter_fault(letters[0], returned.place, faults)
    own = {(tag.number, tag.role): tag for tag in unit.parts if isinstance(tag, Tag)}
    theirs = [tag for tag in unit.target if isinstance(tag, Tag)]
    known = own | {(tag.number, tag.role): tag for tag in theirs if tag.number >= ADDED or is_as_cited(tag)}
    if not theirs:  # a citation may name a page as the language of the translation does
        known |= {
            (tag.number, tag.role): mine._replace(text=tag.text)
            for tag in parts
            if isinstance(tag, Tag) and (mine := own.get((tag.number, tag.role))) and _is_cited_as(tag, mine)
        }
    tags: list[Part] = [
        part
        if isinstance(part, str) or (is_as_cited(part) and (part.number, "alone") in own)
        else _own(part, known, values)
        for part in parts
    ]
    _check(tags, own, returned, unit, faults)
    if len(faults.all()) > before:
        return None
    clean = tuple(_clean(tags))
    _check_written(clean, returned, unit, faults)
    return None if len(faults.all()) > before else clean


def _own(part: Tag, known: Mapping[tuple[int, Role], Tag], values: Collection[str]) -> Tag:
    """The tag that `part` refers to; a token `⟦1⟧` may be an opening tag or a single one.

    One that is not `known` keeps its Markdown if it may be in any translation, or is one of `values`.
    """
    alone = known.get((part.number, "alone"), part) if part.role == "open" else part
    found = known.get((part.number, part.role), alone)
    if found is not part or part.kind:
        return found
    may_be = {"open": part.text == "[", "close": bool(LANGUAGE.fullmatch(part.text)), "alone": part.text in values}
    return part if part.number >= ADDED and may_be[part.role] else part._replace(text="")


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
            message = f"the translation of `{unit.id}` has {shown}, which its source has not"
            hint = "take it out: only the tags of the source can be put back"
            faults.error(returned.place, message, "handin-tag-unknown", hint)
    for (number, role), tag in own.items():
        times = counted[number, role]
        if times == 1 or number in reported:
            continue
        reported.add(number)
        if times:
            message = f"the translation of `{unit.id}` has {name(tag)} {'twice' if times == 2 else f'{times} times'}"
            faults.error(returned.place, message, "handin-tag-doubled", "leave it once, where it belongs")
        else:
            message = f"the translation of `{unit.id}` has lost {name(tag)}"
            faults.error(returned.place, message, "handin-tag-lost", "put it where it belongs in the translation")
    if not reported:
        _check_order(tags, name, returned, unit, faults)


def _check_written(parts: Parts, returned: Returned, unit: Unit, faults: Faults) -> None:
    """A fault where the words, written as Markdown, would be read as a tag, or as part of one beside them."""
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
        message = f"in the translation of `{unit.id}` a tag would be read together with what stands beside it"
        hint = "put a space between each tag and the letter or sign before and behind it"
        faults.error(returned.place, message, "handin-tag-order", hint)


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
            hint = "close a tag after it opens, and one that opens within another within it, too"
            faults.error(returned.place, f"in the translation of `{unit.id}` {what}", "handin-tag-order", hint)
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
    hint = "take it out" + ("" if is_attribute else ", or write a backslash before its signs where they are words")
    for text in dict.fromkeys(unknown):
        message = f"the translation of `{returned.id}` has {in_backticks(text)}, which its source has not"
        faults.error(returned.place, message, "handin-tag-unknown", hint)


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
