"""Whether a page of HTML has the place that an address names behind `#`."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote

PREFIXES = ("", "user-content-")
"""What hosts of texts put before the ids of their authors; their scripts find them all the same."""


def can_be_looked_for(fragment: str) -> bool:
    """Whether `fragment` names an element: not a text (`:~:text=`), not the state of a program (`!/`, `page=3`)."""
    return bool(fragment) and not fragment.startswith((":~:", "!", "/", "?")) and not set("=&") & set(fragment)


def is_missing(fragment: str, page: str, *, whole: bool) -> bool:
    """Whether the element that `fragment` names is not in `page`, as far as that can be known.

    A page that is not `whole`, or that has no ids at all (a script writes it in the browser), may have it.
    """
    names = _Names()
    names.feed(page)
    if fragment.lower() == "top" or not whole or not names.found:
        return False
    wanted = {prefix + form for prefix in PREFIXES for form in (fragment, unquote(fragment))}
    return not wanted & names.found


class _Names(HTMLParser):
    """Collects the ids of a page, and the names of its anchors."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if value and (name == "id" or (name == "name" and tag == "a"))}
