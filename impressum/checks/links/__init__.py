"""`check --links`: whether what a publication links to on the web is there. No build asks for it.

`found.py` gathers the addresses, `answers.py` asks servers (`exchange.py`, through `doors.py`), `lanes.py` many at
the same time, `remembered.py` keeps what was there; here it is told, at every place where an address stands.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urldefrag, urlsplit

from impressum.checks.links.answers import Answer, answer_of
from impressum.checks.links.doors import NoAnswer, NoName, look_up
from impressum.checks.links.exchange import Manner
from impressum.checks.links.host_queue import asked
from impressum.checks.links.remembered import Remembered
from impressum.core.errors import Fault, Faults, Place

__all__ = ["Manner", "Remembered", "check_links"]

Progress = Callable[[str], None]
SILENT = ("nameless", "unsure")
_UNSURE = "open it in a browser; a server may be busy, or turn programs away"


def check_links(
    places: Mapping[str, tuple[Place, ...]],
    manner: Manner,
    remembered: Remembered,
    faults: Faults,
    progress: Progress = lambda _: None,
) -> dict[str, Answer]:
    """Asks for each address and notes at each of its `places` what is wrong with it; gives the answers.

    What was asked before Ctrl-C is remembered.
    """
    answers = {url: known for url in places if (known := remembered.get(url))}
    new: dict[str, Answer] = {}
    progress(f"{_addresses(len(places))}, {len(answers)} of them known from before")
    try:
        for url, answer in asked([url for url in places if url not in answers], lambda url: answer_of(url, manner)):
            new[url] = answer
    finally:
        remembered.keep(new)
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
            faults.extend(_told(place, url, answers[url]))
    there = sum(answer.kind == "there" for answer in answers.values())
    progress(f"{there} of {_addresses(len(places))} there")
    return answers


def _is_online(answers: Mapping[str, Answer], new: Mapping[str, Answer], manner: Manner) -> bool:
    """Whether a server that has a name was heard now, or a host that was there before still has one."""
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
    """Whether the host of `url` is an IP address, which needs no looking up."""
    with suppress(ValueError):
        ipaddress.ip_address(urlsplit(url).hostname or "")
        return True
    return False


def _told(place: Place, url: str, answer: Answer) -> tuple[Fault, ...]:
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
