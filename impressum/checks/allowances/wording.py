"""A comment in a source, and what it says where it allows something: `allow RULE, RULE: reason`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from impressum.core.rules import RULES

_ALLOW = re.compile(r"\s*allow(?![\w-])(?P<rest>.*)\Z", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)\s*(?P<colon>:?)(?P<reason>.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Comment:
    """A comment: its words without its marks, where it begins, and the lines `first` to `last` that it speaks of.

    `whole`: it stands in the first line of its file or before it, and speaks of the file as a whole, too.
    """

    text: str
    line: int
    column: int
    first: int
    last: int
    whole: bool = False


@dataclass(frozen=True)
class Wording:
    """The rules that a comment allows, and why; either may be missing."""

    rules: tuple[str, ...]
    reason: str


def read_wording(text: str) -> Wording | None:
    """What the comment `text` allows, or None where it is a comment like any other ("allow me to explain")."""
    allow = _ALLOW.match(text)
    if not allow:
        return None
    rest = allow["rest"]
    named = _NAMED.match(rest)
    if not named:
        return Wording((), "") if not rest.strip() or rest.lstrip().startswith(":") else None
    rules = tuple(re.split(r"\s*,\s*", named["rules"].lower()))
    if not (named["colon"] or not named["reason"].strip() or rules[0] in RULES or "-" in rules[0]):
        return None
    reason = " ".join(named["reason"].split()) if named["colon"] else ""
    return Wording(rules, reason if re.search(r"\w", reason) else "")
