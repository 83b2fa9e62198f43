"""`check --links`: whether the web addresses in a publication lead anywhere. No build runs it.

`found.py` collects the addresses and `answers.py` asks their servers (over `exchange.py` and `doors.py`); here many
are asked at once, answers are cached, and each problem is reported at every place that has the address.
"""

from __future__ import annotations

import ipaddress
import json
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from impressum.checks.links.answers import Answer, answer_of
from impressum.checks.links.doors import NoAnswer, NoName, look_up
from impressum.checks.links.exchange import Manner, split
from impressum.core.errors import Fault, Faults, Place
from impressum.system.cache import Json, Memo

__all__ = ["Manner", "RecentAnswers", "check_links"]

Progress = Callable[[str], None]
DAY = 24 * 60 * 60
AT_ONCE = 16
OF_A_HOST = 2
SILENT = ("nameless", "unsure")
_UNSURE = "open it in a browser; a server may be busy, or turn programs away"


@dataclass(frozen=True)
class RecentAnswers:
    """The answers in `memo` that are less than `days` old at the time `now` (seconds since 1970).

    Only addresses that were there are kept: others are asked again, as their author may have corrected them.
    `inner` is whether inner networks are asked, and is part of the key.
    """

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
    progress: Progress = lambda _: None,
) -> dict[str, Answer]:
    """Asks for each address without a recent answer; reports each problem at all `places` of its address.

    Returns the answers. Each is cached as it comes, so those before Ctrl-C are kept.
    """
    answers = {url: known for url in places if (known := recent.get(url))}
    new: dict[str, Answer] = {}
    progress(f"{_addresses(len(places))}, {len(answers)} of them known from before")
    for url, answer in asked([url for url in places if url not in answers], lambda url: answer_of(url, manner)):
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


def asked(
    urls: Iterable[str], ask: Callable[[str], Answer], *, at_once: int = AT_ONCE, of_a_host: int = OF_A_HOST
) -> Iterator[tuple[str, Answer]]:
    """Each of `urls` with its answer, as they come: `at_once` in parallel, `of_a_host` for one host.

    Raises what `ask` raises. The threads are daemons, so that Ctrl-C waits for no server.
    """
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
        threading.Thread(target=work, daemon=True).start()
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
