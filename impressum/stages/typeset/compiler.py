"""Typst at work on the files of one edition: in a child with limits, which stays warm for a second pass."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.model.manuscript import Fragment
from impressum.core.model.theme import FONTS
from impressum.core.model.written import WrittenTexts
from impressum.stages.typeset.complaints import explain
from impressum.stages.typeset.fonts import font_folders
from impressum.system import process
from impressum.system.cache import Json
from impressum.system.files import raise_full_disk
from impressum.system.work_folders import fresh, take_away

SECONDS = 300.0
MEMORY = 8_000_000_000
ENOUGH = 1_500_000_000
"""Bytes: a child that has taken more begins anew, for Typst keeps what it remembers of each pass."""
STANDARDS = ("ua-1", "a-2a")
Answer = dict[str, Any]
"""An answer of the child, as its docstring says."""


@dataclass
class Compiler:
    """Sets `files` (work files by name) in `folder`, beginning with `main`.

    `time` is the one that the PDF carries (Unix seconds); a child that has taken more than `enough` bytes begins anew.

    The child starts with the first pass, and is to be closed.

    A `galley` (from 1) is another one beside that of the book: it sets chapters alone, from the files that the book's
    has written.
    """

    files: Mapping[str, bytes]
    time: int
    folder: Path
    fragments: tuple[Fragment, ...]
    main: str = "book/book.typ"
    enough: int = ENOUGH
    galley: int = 0
    written: WrittenTexts = field(default_factory=WrittenTexts, repr=False)
    """Where the texts stand that are in no fragment."""
    _has_files: bool = field(default=False, init=False)
    """Whether the files stand in the folder as they are now."""
    _last: tuple[bytes, bytes, Answer] | None = field(default=None, init=False, repr=False)
    """The fits of the pages that were written last, these, and the answer."""
    _child: process.Conversation | None = field(default=None, init=False)

    def close(self) -> None:
        """Ends the child, if it runs."""
        self._has_files = False
        if self._child is not None:
            self._child.close()
            self._child = None

    def renew(
        self, files: Mapping[str, bytes], time: int, fragments: tuple[Fragment, ...], written: WrittenTexts
    ) -> None:
        """Takes what else is to be set in the next pass; what did not change of the files stays as it was read.

        Faces are read once, when it starts: where they change, it begins anew.
        """
        self._last = None
        before, self.files = self.files, files
        self.time, self.fragments, self.written = time, fragments, written
        changed = [name for name in before.keys() | files.keys() if before.get(name) != files.get(name)]
        if any(name.startswith(f"{FONTS}/") for name in changed):
            self.close()
        if self._child is None:
            self._has_files = False
            return
        root = self.folder / "typst"
        for name in changed:
            path = root / name
            if name in files:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(files[name])
            else:
                path.unlink(missing_ok=True)

    def write_files(self) -> None:
        """Writes the files of the book into its folder, unless they stand there."""
        if self._has_files or self.galley:
            return
        root = self.folder / "typst"
        fresh(root)
        for name, content in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self._has_files = True

    def set(self, fits: bytes) -> tuple[bytes, Answer]:
        """The PDF with these `fits.json`, and the child's answer. Raises `Faulty` where Typst cannot set the book."""
        if self._last is None or self._last[0] != fits:
            output = self.folder / f"{self._named('book')}.pdf"
            take_away(output)
            answer = self._ask(fits, output)
            self._last = fits, output.read_bytes(), answer
        return self._last[1:]

    def set_galley(self, chapter: bytes, fits: bytes) -> tuple[bytes, Answer]:
        """As `set`, of the chapter that `galley.json` names."""
        self._take(chapter)
        return self.set(fits)

    def tell_galley(self, chapter: bytes, fits: bytes) -> Answer:
        """As `tell`, of the chapter that `galley.json` names."""
        self._take(chapter)
        return self.tell(fits)

    def _take(self, chapter: bytes) -> None:
        self._last = None
        (self.folder / "typst" / f"{self._named('galley')}.json").write_bytes(chapter)

    def _named(self, name: str) -> str:
        return f"{name}-{self.galley}" if self.galley else name

    def tell(self, fits: bytes) -> Answer:
        """The child's answer for pages that are laid out with these `fits.json` and not written. Raises `Faulty`."""
        return self._ask(fits, None)

    def _ask(self, fits: bytes, output: Path | None) -> Answer:
        root = self.folder / "typst"
        self.write_files()
        (root / f"{self._named('fits')}.json").write_bytes(fits)
        answer = self._asked(
            {
                "root": str(root),
                "main": str(root / self.main),
                "fonts": [str(font) for font in (*font_folders(), root / FONTS) if font.is_dir()],
                "inputs": {name: f"/{self._named(name)}.json" for name in ("fits", "galley")} if self.galley else {},
                "timestamp": self.time,
                "standards": list(STANDARDS),
                "output": str(output or ""),
            }
        )
        if answer["error"]:
            raise Faulty(explain(answer["error"], self.fragments, error=True, files=self.files, written=self.written))
        return answer

    def _asked(self, request: Json) -> Answer:
        if self._child is None:
            command = process.python_file(__file__, "child.py")
            self._child = process.Conversation(command, limits=process.Limits(SECONDS, MEMORY))
        try:
            answer: Answer = json.loads(self._child.ask(json.dumps(request).encode()))
        except process.Ended as ended:
            self._child = None
            raise_full_disk(ended.finished.errors)
            raise Faulty([_ended(ended.finished)]) from ended
        if answer["memory"] > self.enough:
            self.close()
        return answer


def _ended(done: process.Finished) -> Fault:
    place = Place("publication.yaml")
    if done.timed_out:
        return Fault(place, "Typst took longer than five minutes", "typeset-slow", "a chapter is too long or loops")
    return Fault(
        place,
        f"Typst ended without a word (exit code {done.code}): {done.errors.strip()[-300:]}",
        "typeset-crashed",
        "it may have run out of memory; set fewer or smaller images",
    )
