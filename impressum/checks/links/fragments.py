"""Whether a page of HTML has the place that an address names behind `#`.

A server may send anything: the page is searched by patterns of bounded length, never parsed.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

PREFIXES = ("", "user-content-")
"""What hosts of texts put before the ids of their authors; their scripts find them all the same."""
FEW = 3
"""A page with a script and fewer ids than these is a frame that the script fills in the browser."""
_VALUE = r"""\s{0,9}=\s{0,9}(?:"([^"<>]{1,500})"|'([^'<>]{1,500})'|([^\s"'<>=`]{1,500}))"""
_NAMES = (re.compile(rf"\sid{_VALUE}", re.IGNORECASE), re.compile(rf"<a\s[^<>]{{0,200}}?\bname{_VALUE}", re.IGNORECASE))
_SCRIPT = re.compile("<script", re.IGNORECASE)


def can_be_looked_for(fragment: str) -> bool:
    """Whether `fragment` names an element: not a text (`:~:text=`), not the state of a program (`!/`, `page=3`)."""
    return bool(fragment) and not fragment.startswith((":~:", "!", "/", "?")) and not set("=&") & set(fragment)


def is_missing(fragment: str, page: str, *, whole: bool) -> bool:
    """Whether the element that `fragment` names is not in `page`, as far as that can be known.

    A page that is not `whole`, or that a script writes in the browser, may have it.
    """
    found = {unescape("".join(match.groups(""))) for pattern in _NAMES for match in pattern.finditer(page)}
    if fragment.lower() == "top" or not whole or not found or (len(found) < FEW and _SCRIPT.search(page)):
        return False
    wanted = {prefix + form for prefix in PREFIXES for form in (fragment, unquote(fragment))}
    return not wanted & found
