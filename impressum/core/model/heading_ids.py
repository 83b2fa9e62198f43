"""The ids of headings: the one that the author gave, else one that is made from the title."""

from __future__ import annotations

import re
from collections.abc import Iterable

from impressum.core.model.document import Heading, plain
from impressum.core.model.manuscript import ChapterDocument


def headings_of(document: ChapterDocument) -> tuple[Heading, ...]:
    """The headings of a chapter in reading order, those within passages too."""
    return tuple(node for node in document.landmarks if isinstance(node, Heading))


def heading_ids(headings: Iterable[Heading]) -> tuple[str, ...]:
    """The id of each heading of a chapter, in order."""
    taken: set[str] = set()
    found = []
    for heading in headings:
        found.append(heading.id or _free(slugify(plain(heading.content)), taken))
        taken.add(found[-1])
    return tuple(found)


def slugify(title: str) -> str:
    """An id from a title, by pandoc's rule: lower case, letters, digits, `_ - .`, spaces to hyphens."""
    kept = re.sub(r"[^\w\s.-]", "", title.lower())
    joined = re.sub(r"\s+", "-", kept.strip())
    return re.sub(r"^[^\w]*\d*[^a-z\w]*", "", joined).lstrip("-.0123456789") or "section"


def _free(identifier: str, taken: set[str]) -> str:
    if identifier not in taken:
        return identifier
    count = 1
    while f"{identifier}-{count}" in taken:
        count += 1
    return f"{identifier}-{count}"
