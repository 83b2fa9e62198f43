"""Typst at work on the files of one edition, in children with limits that stay warm for another pass."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.model.fits import Extent, LayoutReport, SetNote, Spot, TypesetBook
from impressum.core.model.manuscript import Fragment
from impressum.core.model.publication import WrittenTexts
from impressum.core.model.theme import FONTS
from impressum.stages.typeset.complaints import explain
from impressum.stages.typeset.finish import turned_upright
from impressum.system import process
from impressum.system.cache import Json
from impressum.system.files import raise_full_disk
from impressum.system.fonts import font_folders
from impressum.system.work_folders import fresh, take_away

SECONDS = 300.0
MEMORY = 8_000_000_000
ENOUGH = 1_500_000_000
"""Bytes: a child that has taken more begins anew, for Typst keeps what it remembers of each pass."""
STANDARDS = ("ua-1", "a-2a")
_WAITING: list[process.Conversation] = []
"""Children that wait for their first request."""
Answer = dict[str, Any]  # an answer of the child, as its docstring says
UNTOLD = LayoutReport(0, 0.0, 0.0, 1.0)  # for a publication whose own template leaves the report out


@dataclass
class Compiler:
    """Sets `files` (work files by name) in `folder`, beginning with `main`.

    `time` is the one that the PDF carries (Unix seconds); a child that has taken more than `enough` bytes begins anew.

    The child starts with the first pass, and is to be closed. A `galley` (from 1) is another one beside that of the
    book, which closes it: it sets parts alone, from the files that the book's has written.
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
    galleys: list[Compiler] = field(default_factory=list, repr=False)
    _has_files: bool = field(default=False, init=False)
    """Whether the folder holds the current files."""
    _child: process.Conversation | None = field(default=None, init=False)

    def close(self) -> None:
        """Ends the child, if it runs, and those of the galleys."""
        self._has_files = False
        for one in self.galleys:
            one.close()
        if self._child is not None:
            self._child.close()
            self._child = None

    def renew(
        self, files: Mapping[str, bytes], time: int, fragments: tuple[Fragment, ...], written: WrittenTexts
    ) -> None:
        """Takes what else is to be set in the next pass; what did not change of the files stays as it was read. Faces
        are read once, when it starts: where they change, it begins anew."""
        before, self.files = self.files, files
        self.time, self.fragments, self.written = time, fragments, written
        changed = [name for name in before.keys() | files.keys() if before.get(name) != files.get(name)]
        if any(name.startswith(f"{FONTS}/") for name in changed):
            self.close()
        for one in self.galleys:
            one.files, one.time, one.fragments, one.written = files, time, fragments, written
        if not self._has_files:
            return
        root = self.folder / "typst"
        write_files(root, {name: files[name] for name in changed if name in files})
        for name in changed:
            if name not in files:
                (root / name).unlink(missing_ok=True)

    def write_files(self) -> None:
        """Writes the files of the book into its folder, unless they stand there."""
        if self._has_files or self.galley:
            return
        root = self.folder / "typst"
        fresh(root)
        write_files(root, self.files)
        self._has_files = True

    def add_galleys(self, number: int, enough: int) -> None:
        """Sees to it that there are so many galleys; a new one may take `enough` bytes."""
        self.galleys += [
            replace(self, enough=enough, galley=at, galleys=[]) for at in range(len(self.galleys) + 1, number + 1)
        ]

    def set(self, fits: bytes) -> tuple[bytes, Answer]:
        """The PDF with these `fits.json`, and the child's answer. Raises `Faulty` where Typst cannot set the book."""
        output = self.folder / f"{self._named('book')}.pdf"
        take_away(output)
        answer = self._ask(fits, output)
        return output.read_bytes(), answer

    def take(self, layout: bytes, folios: bytes) -> None:
        """Sets the part next that `galley.json` and `folios.json` describe."""
        for name, content in (("galley", layout), ("folios", folios)):
            (self.folder / "typst" / f"{self._named(name)}.json").write_bytes(content)

    def _named(self, name: str) -> str:
        return f"{name}-{self.galley}" if self.galley else name

    def lay_out(self, fits: bytes) -> Answer:
        """The child's answer for pages that are laid out with these `fits.json` and not written. Raises `Faulty`."""
        return self._ask(fits, None)

    def _ask(self, fits: bytes, output: Path | None) -> Answer:
        root = self.folder / "typst"
        self.write_files()
        (root / f"{self._named('fits')}.json").write_bytes(fits)
        own = ("fits", "galley", "folios") if self.galley else ()
        answer = self._asked(
            {
                "root": str(root),
                "main": str(root / self.main),
                "fonts": [str(font) for font in (*font_folders(), root / FONTS) if font.is_dir()],
                "inputs": {name: f"/{self._named(name)}.json" for name in own},
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
            self._child = _waiting() or _begun()
        try:
            answer: Answer = json.loads(self._child.ask(json.dumps(request).encode()))
        except process.Ended as ended:
            self._child = None
            raise_full_disk(ended.finished.errors)
            raise Faulty([_ended(ended.finished)]) from ended
        if answer["memory"] > self.enough:
            self.close()
        return answer


@contextmanager
def begun_early() -> Iterator[None]:
    """Begins a child for the first compiler that needs one: it starts, and imports Typst, while sources are read."""
    with suppress(OSError):  # where the system gives no process, the compiler says so
        _WAITING.append(_begun())
    try:
        yield
    finally:
        while child := _waiting():
            child.close()


def _waiting() -> process.Conversation | None:
    """A child that waits, if there is one: compilers may ask at the same time."""
    with suppress(IndexError):
        return _WAITING.pop()
    return None


def _begun() -> process.Conversation:
    return process.Conversation(process.python_file(__file__, "child.py"), limits=process.Limits(SECONDS, MEMORY))


def _ended(done: process.Finished) -> Fault:
    place = Place("publication.yaml")
    if done.timed_out:
        return Fault(place, "Typst took longer than five minutes", "typeset-slow", "a chapter is too long or loops")
    message = f"Typst ended without a word (exit code {done.code}): {done.errors.strip()[-300:]}"
    return Fault(place, message, "typeset-crashed", "it may have run out of memory; set fewer or smaller images")


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Writes the work `files` below the folder `root`."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def turned_pages(answer: Answer) -> tuple[int, ...]:
    """The pages that are turned by a quarter, from the layout report in `answer`."""
    report = answer["layout"]
    return tuple(report["turned"]) if report else ()


def typeset_book(pdf: bytes, answer: Answer) -> TypesetBook:
    """A draft to be measured: `pdf` as Typst wrote it, its turned pages upright, with its layout report."""
    return TypesetBook(turned_upright(pdf, turned_pages(answer)), read_layout_report(answer["layout"]))


def read_layout_report(raw: Any) -> LayoutReport:
    """The typed form of `raw` (None: `UNTOLD`)."""
    if raw is None:
        return UNTOLD
    entries: dict[Spot, Spot] = {spot_of(mark): spot_of(entry) for _, mark, entry in raw["notes"]}
    begun: dict[str, Spot] = {}
    blocks: list[Extent] = []
    notes: list[SetNote] = []
    within: list[str] = []
    for key, kind, *at in raw["marks"]:
        spot = spot_of(at)
        if kind == "begins":
            begun[key] = spot
            within.append(key)
        elif kind == "ends" and key in begun:
            blocks.append(Extent(key, begun[key], spot))
            within = [one for one in within if one != key]
        elif kind == "note" and spot in entries:
            notes.append(SetNote(within[-1] if within else "", spot, entries[spot]))
    return LayoutReport(
        raw["pages"],
        raw["top"],
        raw["bottom"],
        raw["pitch"],
        tuple(blocks),
        tuple(notes),
        {key: bool(effect) for key, effect in raw["effects"]},
        frozenset((key, sign) for key, signs in raw["able"] for sign in signs),
        {label: spot_of(spot) for label, spot in raw["figures"]},
        dict(raw.get("targets", ())),
    )


def spot_of(raw: Any) -> Spot:
    page, x, y = raw
    return Spot(page, x, y)
