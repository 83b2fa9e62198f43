"""Reads and rewrites `tests/cases/*.txt`: bad and hostile inputs, each with what must be told or shown of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"
REPEATED = re.compile(r"⟨(.+?)×(\d+)⟩", re.DOTALL)
ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|[tnr0\\])")
ENTRY = re.compile(
    r"^=== (?P<id>\S+)(?P<escaped> escaped)?\n(?P<text>.*?)(?:^)--- (?:told|shown)\n(?P<wanted>.*?)(?=^=== |\Z)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Case:
    """An input, and what must be told of it (whole messages, the hints too) or shown (words of the page)."""

    text: str
    wanted: str


def cases(name: str) -> Mapping[str, Case]:
    """The cases of the file `name` by their ids.

    In a text `⟨x×20⟩` stands for twenty `x`. With `escaped` behind its id, `\\x00` stands for a character.
    """
    found: dict[str, Case] = {}
    for entry in ENTRY.finditer(_path(name).read_text(encoding="utf-8")):
        text = entry["text"]
        if entry["escaped"]:
            text = ESCAPE.sub(lambda code: code[0].encode().decode("unicode_escape"), text)
        text = REPEATED.sub(lambda group: group[1] * int(group[2]), text)
        assert entry["id"] not in found, entry["id"]
        found[entry["id"]] = Case("" if text == "\n" else text, entry["wanted"].rstrip("\n"))
    return found


def accept(name: str, case: str, told: str) -> None:
    """Writes what was told of `case` into the file `name`."""
    path = _path(name)
    content = path.read_text(encoding="utf-8")
    entry = next(entry for entry in ENTRY.finditer(content) if entry["id"] == case)
    new = f"{told}\n" if told else ""
    new += "" if entry.end() == len(content) else "\n"
    path.write_text(content[: entry.start("wanted")] + new + content[entry.end() :], encoding="utf-8")


def _path(name: str) -> Path:
    return FOLDER / f"{name}.txt"
