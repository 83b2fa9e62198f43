"""For the tests of the live page: a small publication in two editions, and the program that watches it."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from building import PATIENCE, command, kill_group, variables
from fitted import Prose

BIBLIOGRAPHY = (
    "@book{rhys2019,\n  author = {Rhys, Ada},\n  title = {Rivers},\n  publisher = {Quay},\n  year = {2019},\n}\n"
)
TWICE = re.compile(r"\b(\w+)(?: \1\b)+", re.IGNORECASE)
"""A word that stands twice, which is a fault."""
LONG = 42
"""Sentences of a chapter that is longer than a page."""


def files() -> dict[str, str]:
    """Two editions of two chapters, of which the first is longer than a page; the German one has the second."""
    prose = Prose()

    def sentences(count: int) -> str:
        return TWICE.sub(r"\1", prose.sentences(count))

    first = [
        "# Of rivers",
        f"The harbour is old [@rhys2019, p. 3].[^one] {sentences(3)}",
        "## Upstream",
        *(sentences(LONG // 6) for _ in range(6)),
        "- A first thing that is told.\n- A second thing that is told.",
        "[^one]: A note about the harbour.",
    ]
    second = ["# Of bridges", f"Every bridge has a keeper. {sentences(4)}", "A last word stands here."]
    return {
        "publication.yaml": "title: Rivers and Bridges\nlanguage: en\ndate: 2025-03-31\n",
        "bib/references.bib": BIBLIOGRAPHY,
        "chapters/en/01-rivers.md": "\n\n".join(first) + "\n",
        "chapters/en/02-bridges.md": "\n\n".join(second) + "\n",
        "chapters/de/edition.yaml": "title: Flüsse und Brücken\nfallback: show\n",
        "chapters/de/02-bridges.md": "# Von Brücken\n\nJede Brücke hat ihren Hüter.\n\nHier steht ein letztes Wort.\n",
    }


def write_publication(root: Path) -> Path:
    """The publication in `root`, as it is at the beginning; what is so already is left alone."""
    for name, text in files().items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root


@dataclass
class Watched:
    """The program that watches `root`; `address` is that of its page."""

    root: Path
    process: subprocess.Popen[str]
    address: str

    def save(self, name: str, old: str, new: str) -> None:
        """Saves a file in which `old` becomes `new`, as editors do: a new file takes the place of the old one."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        draft = path.with_name(f".{path.name}.tmp")
        draft.write_text(text.replace(old, new), encoding="utf-8")
        draft.replace(path)

    def restore(self) -> None:
        """The publication as it was at the beginning, whatever a test did to it."""
        write_publication(self.root)


@contextmanager
def watched(root: Path, *arguments: str) -> Iterator[Watched]:
    """The real program, watching `root`; it is ended as by Ctrl-C, and must end as it promises."""
    process = subprocess.Popen(
        command(root, "watch", "--no-browser", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=variables(),
        start_new_session=True,
    )
    guard = threading.Timer(PATIENCE, process.kill)
    guard.start()
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        guard.cancel()
        assert address.startswith("http://127.0.0.1:"), address
        yield Watched(root, process, address)
    finally:
        guard.cancel()
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            kill_group(process)
            raise
    assert (process.returncode, errors) == (0, "the page follows the sources; Ctrl-C ends it\n\n")
