"""Tags of one text found again in another: in a PO file and in a translation they are Markdown, without numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from impressum.translation.handoff.escaping import read_plain
from impressum.translation.handoff.hiding import Hidden, hide
from impressum.translation.handoff.markup import Part, Parts, Tag, joined, read
from impressum.translation.handoff.segments import Segment

UNKNOWN = -1
"""The number of a tag that the source has not."""

ADDED = 1000
"""From this number on a tag is one that the translation has and its source has not: words of another language."""
LANGUAGE = re.compile(r"\]\{(?P<as_is>\.as-is)?(?:lang=[\"“”„]?(?P<tag>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)[\"“”]?)?\}")
MARKED = re.compile(rf"\[(?P<words>[^\[\]]+){LANGUAGE.pattern}")
CITED = re.compile(r"-?@\{?[\w:.#$%&+?<>~/-]*\w|[0-9]+|;")
"""What is the same in a citation in every language: `p. 5` is `S. 5` in German."""


@dataclass(frozen=True)
class MatchedTags:
    """Words and tags with the numbers that the source gives them; `unknown` is markup that it has not."""

    parts: Parts
    unknown: tuple[str, ...]


def read_markdown(text: str, segment: Segment) -> tuple[Parts, Hidden]:
    """The parts of a Markdown text that stands in the place of `segment`."""
    hidden = Hidden()
    if segment.what == "short-title":
        return ((text,) if text else ()), hidden
    if segment.setting.attribute:
        return read_plain(text), hidden
    return read(hide(text, hidden), hidden), hidden


def matched(parts: Parts, hidden: Hidden, source: Parts, source_hidden: Hidden) -> MatchedTags:
    """`parts` with their tags numbered as the same tags of `source`; brackets that it has not are words."""
    free: dict[tuple[str, str], list[int]] = defaultdict(list)
    own = {tag.number: tag for tag in source if isinstance(tag, Tag)}
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
            kind = own[number].kind
            found.append(Tag(number, part.role, part.text, kind))
        elif part.kind == "brackets":
            found.append(part.text)
        elif part.kind == "span" and _is_language(keys[part.number]):
            found.append(Tag(ADDED + part.number, part.role, part.text, part.kind))
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
    """What was `found` with the tags of `source` in place of its own; nothing where they are not the same."""
    own = {(part.number, part.role): part for part in source if isinstance(part, Tag)}
    tags = [(part.number, part.role) for part in found.parts if isinstance(part, Tag) and part.number < ADDED]
    if found.unknown or sorted(tags) != sorted(own):
        return ()
    return tuple(part if isinstance(part, str) else own.get((part.number, part.role), part) for part in found.parts)


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
    """What makes a tag the same as another, by its number: its Markdown, without the texts of its attributes."""
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
    shown = Hidden(
        ["" if kind == "attribute" else one for one, kind in zip(hidden.texts, hidden.kinds, strict=True)],
        hidden.kinds,
    )
    return " ".join(shown.shown(text).split())


def _shown(key: tuple[str, str]) -> str:
    return "…".join(part for part in key if part)
