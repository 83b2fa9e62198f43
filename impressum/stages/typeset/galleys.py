"""Chapters of a book set alone, as they stand in it: page fitting tries on them what would take the whole book long."""

from __future__ import annotations

import json
import queue
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Self

from impressum.core.model.fits import ChapterContext, Fits, LayoutReport, TypesetBook
from impressum.core.model.manuscript import Fragment
from impressum.stages.typeset.compiler import Compiler
from impressum.stages.typeset.finish import turned_upright
from impressum.stages.typeset.layout_report import read_layout_report
from impressum.stages.typeset.requests import as_json, turned, written
from impressum.system.cache import Json

ENOUGH = 500_000_000
"""Bytes after which a child begins anew: a chapter that was set is not set again."""
STRING = r'"((?:[^"\\]|\\.)*)"'
TARGET = re.compile(rf"(?:link\(label|page-of)\({STRING}", re.DOTALL)
ANY_STRING = re.compile(rf"\\.|{STRING}", re.DOTALL)
"""A string; or a sign that is escaped, such as a quotation mark in text, which begins none."""


@dataclass(frozen=True)
class Galley:
    """One chapter that is set alone; `chapter` is what the templates are told of it."""

    compiler: Compiler
    chapter: bytes

    def tell(self, fits: Fits) -> LayoutReport:
        """What its pages tell of themselves with these `fits`; no file is made. Raises `Faulty` where Typst fails."""
        return read_layout_report(self.compiler.tell_galley(self.chapter, written(fits))["told"])

    def draft(self, fits: Fits) -> TypesetBook:
        """Its pages with these `fits`. Raises `Faulty` where Typst fails."""
        pdf, answer = self.compiler.set_galley(self.chapter, written(fits))
        return TypesetBook(turned_upright(pdf, turned(answer)), read_layout_report(answer["told"]))


class Galleys:
    """Sets chapters of the book of a `compiler` alone, `hands` of them at the same time. To be used in a `with` block.

    They read the files of the book, which are written first.
    """

    def __init__(self, book: Compiler, common: Mapping[str, Json], own: Mapping[str, Json], hands: int) -> None:
        """`common` is what all chapters are made of, `own` are the files that only those read that name them."""
        book.write_files()
        self._fragments = {fragment.slug: fragment for fragment in book.fragments}
        self._common, self._own = common, own
        self._labels: dict[str, list[str]] = {}
        self._compilers = [
            Compiler(book.files, book.time, book.folder, book.fragments, book.main, ENOUGH, number, book.written)
            for number in range(1, hands + 1)
        ]
        self._idle: queue.SimpleQueue[Compiler] = queue.SimpleQueue()
        for compiler in self._compilers:
            self._idle.put(compiler)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        for compiler in self._compilers:
            compiler.close()

    @contextmanager
    def galley(self, context: ChapterContext) -> Iterator[Galley]:
        """The chapter that stands so in the book; waits until one of the hands is free."""
        compiler = self._idle.get()
        try:
            yield Galley(compiler, self._told(context))
        finally:
            self._idle.put(compiler)

    def inputs(self, context: ChapterContext) -> dict[str, Json]:
        """Everything that the pages of the chapter are made of, but for their fitting."""
        read = files_of(self._fragments[context.slug])
        read.add(f"chapters/{context.slug}.typ")
        own = {name: value for name, value in self._own.items() if name in read}
        return {**self._common, **own, "galley": self._told(context).decode()}

    def _told(self, context: ChapterContext) -> bytes:
        labels = self._labels.get(context.slug)
        if labels is None:
            labels = self._labels[context.slug] = foreign_labels(self._fragments[context.slug])
        return as_json({**asdict(context), "labels": list[Json](labels)})


def _strings(typst: str) -> set[str]:
    """The strings in Typst source, as they are written there."""
    return {name for name in ANY_STRING.findall(typst) if name}


def files_of(fragment: Fragment) -> set[str]:
    """The files that a chapter may read, beside others."""
    return {name.removeprefix("/") for name in _strings(fragment.typst)}


def foreign_labels(fragment: Fragment) -> list[str]:
    """The labels that a chapter links to and does not have."""
    targets = set(TARGET.findall(fragment.typst))
    own = _strings(TARGET.sub("", fragment.typst))
    return [json.loads(f'"{name}"') for name in sorted(targets - own)]
