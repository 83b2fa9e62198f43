"""`check --links`: whether the web addresses in a publication lead anywhere. No build runs it.

`found.py` collects the addresses; here many are requested at once (over `exchange.py` and `doors.py`), answers are
cached, and each problem is reported at every place that has the address. Each is requested with HEAD, then GET, with
retries for busy servers and through redirections. Only 404, 410 and a host that does not exist mean that nothing is
there; a server that refuses programs, is busy or broken leaves it undecided. A page is searched for its fragment by
patterns of bounded length, never parsed: a server may send anything.
"""

from __future__ import annotations

import ipaddress
import json
import queue
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from html import unescape
from typing import Literal
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from impressum.checks.links.doors import Inner, NoAnswer, NoName, look_up
from impressum.checks.links.exchange import Insecure, Manner, Reply, ask, split
from impressum.core.errors import Fault, Faults, Place
from impressum.system.cache import Json, Memo
from impressum.system.parallel import Later

__all__ = ["Manner", "RecentAnswers", "check_links"]

Kind = Literal["there", "dead", "nameless", "unsure", "insecure", "inner"]

REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
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

DAY = 24 * 60 * 60
AT_ONCE = 16
OF_A_HOST = 2
SILENT = ("nameless", "unsure")
_UNSURE = "open it in a browser; a server may be busy, or turn programs away"


@dataclass(frozen=True)
class Answer:
    """The outcome for an address, and what was `said` as a clause; `moved`: its new permanent address, `misses`: its
    page lacks the fragment, `heard`: some server answered."""

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
        for_good = for_good and reply.status in (301, 308)
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
    if reply.status in (404, 410):
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
    """Whether `page` lacks the element that `fragment` names; unknown if it is not `whole` or a script writes it."""
    found = {unescape("".join(match.groups(""))) for pattern in _NAMES for match in pattern.finditer(page)}
    if fragment.lower() == "top" or not whole or not found or (len(found) < FEW and _SCRIPT.search(page)):
        return False
    wanted = {prefix + form for prefix in PREFIXES for form in (fragment, unquote(fragment))}
    return not wanted & found


@dataclass(frozen=True)
class RecentAnswers:
    """The answers in `memo` less than `days` old at `now` (seconds since 1970), `inner` networks apart; only of
    addresses that were there, as authors correct the others."""

    memo: Memo
    days: int
    now: int
    inner: bool

    def get(self, url: str) -> Answer | None:
        """The answer for `url`, or None where its server must be asked."""
        raw = self.memo.get("link", self._inputs(url), about=None)
        if raw is None:
            return None
        entry = json.loads(raw)
        if not 0 <= self.now - entry["asked"] < self.days * DAY:
            return None
        return Answer("there", moved=entry["moved"], misses=entry["misses"])

    def put(self, url: str, answer: Answer) -> None:
        """Keeps `answer` with the time, if it says that `url` is there."""
        if answer.kind == "there":
            entry = {"asked": self.now, "moved": answer.moved, "misses": answer.misses}
            self.memo.put("link", self._inputs(url), json.dumps(entry).encode(), about=None)

    def _inputs(self, url: str) -> dict[str, Json]:
        return {"address": url, "inner": self.inner}


def check_links(
    places: Mapping[str, tuple[Place, ...]],
    manner: Manner,
    recent: RecentAnswers,
    faults: Faults,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Answer]:
    """The answers, each cached as it comes; reports each problem at all `places` of its address."""
    answers = {url: known for url in places if (known := recent.get(url))}
    new: dict[str, Answer] = {}
    progress(f"{_addresses(len(places))}, {len(answers)} of them known from before")
    for url, answer in answers_of([url for url in places if url not in answers], lambda url: answer_of(url, manner)):
        new[url] = answer
        recent.put(url, answer)
    answers |= new
    silent = (
        {} if _is_online(answers, new, manner) else {u: a for u, a in new.items() if a.kind in SILENT and not a.heard}
    )
    if silent:
        message = f"not one server answered for {_addresses(len(silent))}, such as `{next(iter(silent))}`"
        hint = "see that this machine has a network, and that `HTTPS_PROXY` names its proxy where it needs one"
        faults.error(Place("publication.yaml"), message, "link-offline", hint)
    for url in places:
        for place in places[url] if url not in silent else ():
            faults.extend(_faults(place, url, answers[url]))
    there = sum(answer.kind == "there" for answer in answers.values())
    progress(f"{there} of {_addresses(len(places))} there")
    return answers


def _is_online(answers: Mapping[str, Answer], new: Mapping[str, Answer], manner: Manner) -> bool:
    """Whether a server with a name has answered now, or the host of an earlier answer can still be looked up."""
    if any(answer.heard and not _is_number(url) for url, answer in new.items()):
        return True
    if not any(answer.kind == "nameless" for answer in new.values()):
        return True
    for url in [url for url in answers if url not in new][:3]:
        with suppress(NoName, NoAnswer):
            if look_up(urlsplit(url).hostname or "", 443, manner.resolve):
                return True
    return False


def _is_number(url: str) -> bool:
    """Whether the host of `url` is an IP address, which needs no look-up."""
    with suppress(ValueError):
        ipaddress.ip_address(urlsplit(url).hostname or "")
        return True
    return False


def _faults(place: Place, url: str, answer: Answer) -> tuple[Fault, ...]:
    if answer.kind in ("dead", "nameless"):
        hint = "correct the address, or give that of a copy in an archive"
        return (Fault(place, f"`{url}` is not there: {answer.said}", "link-dead", hint),)
    if answer.kind == "inner":
        message = f"`{url}` was not asked: {answer.said}"
        hint = "readers cannot follow it; to ask for it all the same, say `--links-inner`"
        return (Fault(place, message, "link-inner", hint, "warning"),)
    if answer.kind == "insecure":
        message = f"`{url}` cannot be reached safely: {answer.said}"
        hint = "a browser warns its readers; tell the owner of the site, or link to another copy"
        return (Fault(place, message, "link-insecure", hint, "warning"),)
    if answer.kind == "unsure":
        message = f"whether `{url}` is there could not be decided: {answer.said}"
        return (Fault(place, message, "link-unsure", _UNSURE, "warning"),)
    found = []
    if answer.moved:
        message = f"`{url}` has moved for good to `{answer.moved}`"
        hint = "write the new address, once you have seen that it shows what is meant"
        found.append(Fault(place, message, "link-moved", hint, "warning"))
    if answer.misses:
        page, fragment = urldefrag(answer.moved or url)
        message = f"the page `{page}` has no place `#{fragment}`"
        hint = "look for the id that the place has now, or link to the page as a whole"
        found.append(Fault(place, message, "link-fragment", hint, "warning"))
    return tuple(found)


def _addresses(number: int) -> str:
    return f"{number} address" if number == 1 else f"{number} addresses"


def answers_of(
    urls: Iterable[str], ask: Callable[[str], Answer], *, at_once: int = AT_ONCE, of_a_host: int = OF_A_HOST
) -> Iterator[tuple[str, Answer]]:
    """Each of `urls` with its answer as they come, `at_once` in parallel, `of_a_host` for one host, in daemon threads:
    Ctrl-C waits for no server. Raises what `ask` raises."""
    queues = _host_queues(urls, of_a_host)
    waiting = iter(queues)  # shared by the threads: `next` of a list is atomic
    done: queue.SimpleQueue[tuple[str, Answer | BaseException]] = queue.SimpleQueue()

    def work() -> None:
        for hosted in waiting:
            for url in hosted:
                try:
                    done.put((url, ask(url)))
                except BaseException as error:  # it is raised where the answers are read
                    done.put((url, error))

    for _ in range(min(at_once, len(queues))):
        Later(work)
    for _ in range(sum(map(len, queues))):
        url, answer = done.get()
        if isinstance(answer, BaseException):
            raise answer
        yield url, answer


def _host_queues(urls: Iterable[str], of_a_host: int) -> list[list[str]]:
    """The addresses of each host in up to `of_a_host` queues; the longest queues first."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        parts = split(url)
        hosts[parts.netloc.rpartition("@")[2].lower() if parts else ""].append(url)
    queues = [hosted for found in hosts.values() for at in range(of_a_host) if (hosted := found[at::of_a_host])]
    return sorted(queues, key=len, reverse=True)
