"""How long the live page takes from a saved file to the changed page, as a browser is served it."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from bench import programs
from bench.measure import Taken
from bench.texts import Text

WIDTH = 1200
PATIENCE = 300.0
QUIET = 3.0
"""Seconds in which no page changes its look."""
Message = dict[str, Any]


class Live:
    """The live page at `address`, and the messages that it sends."""

    def __init__(self, address: str) -> None:
        self.address = address
        parts = urlsplit(address)
        self.host, self.path = parts.netloc, parts.path
        self.events = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        self.events.request("GET", f"{self.path}events")
        self.stream = self.events.getresponse()

    def message(self) -> Message:
        """The next message; it waits for one."""
        while True:
            line = self.stream.readline()
            if line.startswith(b"data: "):
                message: Message = json.loads(line[6:])
                return message

    def looks(self, message: Message) -> list[str]:
        """What the pages look like, by their sums."""
        return [page["look"] for page in message.get("pages", ())]

    def picture(self, number: int, look: str) -> bytes:
        """The picture of a page."""
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        connection.request("GET", f"{self.path}page/{number}/{look}/{WIDTH}.png")
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status == 200, answer.status
        return content


@contextmanager
def live(text: Text) -> Iterator[tuple[Live, Message]]:
    """The live page of a text, once its pages are set, checked and fitted, and what it says then."""
    command = [*programs.impressum(text, "watch", "--no-browser")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        page = Live(process.stdout.readline().strip())
        yield settle(page)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def settle(page: Live) -> tuple[Live, Message]:
    """The live page, asked anew, and its message in a state in which nothing is on its way: pages are set, verified and
    fitted, and no page has changed its look since a while ago."""
    looks: list[str] = []
    while True:
        message = page.message()
        if message["number"] and not message["phase"] and not message["checking"]:
            if page.looks(message) == looks and all(looks):
                return page, message
            looks = page.looks(message)
            time.sleep(QUIET)
            page = Live(page.address)  # which begins with what is now


def one_word(text: Text, runs: int) -> list[Taken]:
    """From saving one other word to the bytes of the page that changed, in turns; each waits until all has settled."""
    taken = []
    with live(text) as (page, message):
        before = page.looks(message)
        for turn in range(runs):
            begin = time.perf_counter()
            programs.one_word(text, 1000 + turn)
            looks = before
            while looks == before:
                looks = page.looks(page.message())
            number = next(number for number, look in enumerate(looks, 1) if look not in before)
            page.picture(number, looks[number - 1])
            taken.append(Taken(time.perf_counter() - begin, 0.0, 0))
            page, message = settle(page)
            before = page.looks(message)
    return taken
