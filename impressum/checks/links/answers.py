"""The answer for an address: asked for with HEAD, then GET, with retries for busy servers and through redirections.

Only 404, 410 and a host that does not exist mean that nothing is there; a server that refuses programs, is busy or
broken leaves it undecided. A page is searched for its fragment by patterns of bounded length, never parsed: a server
may send anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Literal
from urllib.parse import unquote, urldefrag, urljoin

from impressum.checks.links.doors import Inner, NoAnswer, NoName
from impressum.checks.links.exchange import Insecure, Manner, Reply, ask, split

Kind = Literal["there", "dead", "nameless", "unsure", "insecure", "inner"]

GONE = frozenset({404, 410})
REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
AGAIN = frozenset({429, 500, 502, 503, 504})
PAUSES = (1.0, 4.0, 10.0)
"""Seconds before the second try, the third, all others."""
LONGEST_PAUSE = 30.0
MOST_REDIRECTIONS = 10
RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org", "hdl.handle.net"})
"""They know what exists: where they send a reader on, it does, and publishers turn programs away."""
PREFIXES = ("", "user-content-")
"""Put before authors' ids by hosts such as GitHub, whose scripts find them by their own names, too."""
FEW = 3
"""A page with a script and fewer ids than these is filled by the script, in the browser."""
_VALUE = r"""\s{0,9}=\s{0,9}(?:"([^"<>]{1,500})"|'([^'<>]{1,500})'|([^\s"'<>=`]{1,500}))"""
_NAMES = (re.compile(rf"\sid{_VALUE}", re.IGNORECASE), re.compile(rf"<a\s[^<>]{{0,200}}?\bname{_VALUE}", re.IGNORECASE))
_SCRIPT = re.compile("<script", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """The outcome for an address; `said` is the reason, as a clause.

    `moved` is its new permanent address; `misses`: its page lacks the fragment; `heard`: some server answered.
    """

    kind: Kind
    said: str = ""
    moved: str = ""
    misses: bool = False
    heard: bool = False


def answer_of(url: str, manner: Manner) -> Answer:
    """The answer for `url`; no failure of a server raises anything."""
    here, moved, for_good = url, "", True
    seen = {url}
    while True:
        if split(here) is None:
            return _at(url, here, Answer("dead" if here == url else "unsure", "no server can be asked for it"))
        try:
            reply = _tried(here, manner)
        except Inner as found:
            return _at(url, here, Answer("inner", f"`{found}` is no address of the public network"))
        except NoName:
            return _at(url, here, Answer("nameless", "there is no such host"))
        except Insecure as reason:
            return _at(url, here, Answer("insecure", str(reason), heard=True))
        except NoAnswer as reason:
            return _at(url, here, Answer("unsure", str(reason)))
        if reply.status not in REDIRECTIONS or not reply.location:
            return _at(url, here, replace(_judged(here, reply), moved=moved))
        there = _next(here, reply.location)
        if _is_resolved(here, there):
            return Answer("there", heard=True)
        if there in seen or len(seen) > MOST_REDIRECTIONS:
            said = "it redirects in a circle" if there in seen else "it redirects too often"
            return Answer("unsure", said, heard=True)
        for_good = for_good and reply.status in FOR_GOOD
        moved = there if for_good else moved
        seen.add(there)
        here = there


def _tried(url: str, manner: Manner) -> Reply:
    """The first answer that settles something, else the last. Raises what the last try raised."""
    address, fragment = urldefrag(url)
    read = can_be_looked_for(fragment)
    for count in range(1, manner.tries + 1):
        pause = PAUSES[min(count, len(PAUSES)) - 1]
        try:
            reply = None if read or count > 1 else _head(address, manner)
            if reply is None or reply.status >= 400:  # some servers know no HEAD, some answer it with anything
                reply = ask("GET", address, manner, read=read)
            if reply.status not in AGAIN or count == manner.tries:
                return reply
            if reply.retry_after.isascii() and reply.retry_after.isdigit():
                pause = max(pause, float(reply.retry_after[:6]))
                if pause > LONGEST_PAUSE:
                    return reply
        except NoAnswer:
            if count == manner.tries:
                raise
        manner.wait(pause)
    raise AssertionError("the last try returns or raises")


def _head(address: str, manner: Manner) -> Reply | None:
    try:
        return ask("HEAD", address, manner)
    except NoAnswer:
        return None


def _judged(url: str, reply: Reply) -> Answer:
    if reply.status in GONE:
        return Answer("dead", str(reply), heard=True)
    if reply.status >= 300 or reply.status < 200:
        return Answer("unsure", f"its server says {reply}", heard=True)
    fragment = urldefrag(url).fragment
    misses = reply.body is not None and is_missing(fragment, reply.body, whole=reply.whole)
    return Answer("there", misses=misses, heard=True)


def _at(url: str, here: str, answer: Answer) -> Answer:
    """`answer` as that of `url`, which has led to `here`."""
    if url == here or answer.kind == "there":
        return answer
    return Answer(answer.kind, f"it redirects to `{here}`: {answer.said}", heard=True)


def _next(here: str, location: str) -> str:
    """The address that a redirection leads to; it takes the place behind `#` along, as a browser does."""
    try:
        there = urljoin(here, location)
    except ValueError:  # what it leads to is no address
        return location
    fragment = urldefrag(here).fragment
    return f"{there}#{fragment}" if fragment and "#" not in there else there


def _is_resolved(here: str, there: str) -> bool:
    source, target = split(here), split(there)
    return bool(source and target and source.hostname in RESOLVERS and target.hostname not in RESOLVERS)


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
