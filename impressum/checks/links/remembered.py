"""The answers of earlier runs, in `.cache`, as long as they are not too old.

Only addresses that were there are remembered: what was not is asked again, for its author may have mended it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from impressum.checks.links.answers import Answer
from impressum.system.cache import Json, keep, kept

SCHEMA = "impressum/links"
VERSION = 1
DAY = 24 * 60 * 60


class Remembered:
    """The answers in the file `path` that are no older than `days` at the time `now` (seconds since 1970).

    Answers of inner addresses are kept apart from others. A file that cannot be read is an empty one.
    """

    def __init__(self, path: Path, *, days: int, now: int, inner: bool) -> None:
        self._path = path
        self._now = now
        self._prefix = "inner " if inner else ""
        self._all = {key: entry for key, entry in _read(path).items() if 0 <= now - entry[0] < days * DAY}

    def get(self, url: str) -> Answer | None:
        """The answer of `url`, or None where it must be asked."""
        entry = self._all.get(self._prefix + url)
        return entry[1] if entry else None

    def keep(self, answers: Mapping[str, Answer]) -> None:
        """Remembers those of `answers` that say that something is there."""
        kept = {self._prefix + url: (self._now, answer) for url, answer in answers.items() if answer.kind == "there"}
        if not kept:
            return
        self._all |= kept
        listed: dict[str, Json] = {
            key: {"asked": asked, "moved": answer.moved, "misses": answer.misses}
            for key, (asked, answer) in sorted(self._all.items())
        }
        content: Json = {"schema": SCHEMA, "version": VERSION, "answers": listed}
        keep(self._path, json.dumps(content).encode())


def _read(path: Path) -> dict[str, tuple[int, Answer]]:
    try:
        raw = json.loads(kept(path) or b"{}")
        if (raw["schema"], raw["version"]) != (SCHEMA, VERSION):
            return {}
        entries = list(raw["answers"].items())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    found: dict[str, tuple[int, Answer]] = {}
    for key, entry in entries:
        if not isinstance(entry, dict):
            continue
        asked, moved, misses = entry.get("asked"), entry.get("moved"), entry.get("misses")
        if type(asked) is not int or not isinstance(moved, str) or not isinstance(misses, bool):
            continue
        if re.fullmatch(r"(https?://\S+)?", moved):
            found[key] = (asked, Answer("there", moved=moved, misses=misses))
    return found
