"""Sets the pages of every edition, fitted, and its figures alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from impressum import __version__
from impressum.core.errors import Fault, Faults, Faulty, Place, count_of
from impressum.core.model.figures import FigureFiles, UsedFigure
from impressum.core.model.fits import with_depths
from impressum.core.model.manuscript import Expected
from impressum.pipeline.book import BookInputs, inputs_of
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.fitting.chapter_fits import ChapterFits
from impressum.pipeline.fitting.explain import Explained, explain
from impressum.pipeline.run import Progress, Run
from impressum.stages.typeset import (
    FigureExporter,
    PrintOrder,
    condition_of,
    cover_file,
    own_templates,
    print_file,
    set_spine,
)
from impressum.system.epoch import epoch
from impressum.system.files import read
from impressum.system.parallel import at_once, processors
from impressum.system.work_folders import lay

MEMORY = 3_500_000_000  # bytes that the editions which are set at the same time may take together


@dataclass(frozen=True)
class SetFigures:
    """The figures of an edition as files of their own, and their contact sheet as a PDF."""

    figures: tuple[FigureFiles, ...]
    sheet: Path


@dataclass(frozen=True)
class Book:
    """The pages of the edition `tag` as a PDF, what is expected on them, how they were fitted, and its figures where
    they are set alone. `found` are the faults that were found while they were set. Its files are work files."""

    tag: str
    pdf: Path
    expected: Expected
    explained: Explained
    figures: SetFigures | None
    alone: Mapping[str, ChapterFits]
    """What page fitting found for each chapter alone."""
    found: tuple[Fault, ...] = ()
    for_print: Path | None = None
    cover: Path | None = None
    """The cover as one spread, where the file for a printer is without it."""


def typeset(manuscripts: Manuscripts, run: Run) -> tuple[Book, ...]:
    """The books of the editions that can be set, several at a time as far as memory allows. What is found goes to the
    faults in the order of the editions. Raises `Faulty` where the sources have errors."""
    run.faults.stop_if_any()
    for name in own_templates(manuscripts.sources.theme)[:1]:
        run.progress("typeset", f"whole books, not parts: `templates/{name}` is the publication's own")
    inputs = [inputs_of(one, manuscripts, run) for one in manuscripts.editions]
    apart = [run.faults.apart() for _ in inputs]
    tasks = [
        partial(_attempt, one, own, run.progress, with_figures=not run.order.draft)
        for one, own in zip(inputs, apart, strict=True)
    ]
    made = at_once(tasks, min(run.order.jobs or processors(), bearable(inputs, MEMORY)))
    for own in apart:
        run.faults.extend(own.found())
    profile = _profile(run) if run.order.for_print else None
    books = [
        _with_print_file(book, one, profile) if book and run.order.for_print else book
        for book, one in zip(made, inputs, strict=True)
    ]
    run.explained += [book.explained for book in books if book]
    return tuple(book for book in books if book)


def _profile(run: Run) -> bytes | None:
    """The profile of the printing condition; None where the publication has none, or with a fault where it is none."""
    path = run.workspace.templates / "print.icc"
    profile = read(path) if path.is_file() else None
    if profile is None or condition_of(profile):
        return profile
    hint = (
        "take the one that your printer names, as FOGRA51 or GRACoL2013, from the European Color Initiative or the ICC"
    )
    place = Place(run.workspace.relative(path))
    run.faults.error(place, "the file is no ICC profile of a printing condition in CMYK", "print-profile", hint)
    return None


def _with_print_file(book: Book, inputs: BookInputs, profile: bytes | None) -> Book:
    """`book` with its file for a printer, in the printing condition of the `profile`, if there is one."""
    order = PrintOrder.of(inputs.theme, profile)
    has_back = inputs.manuscript.expected.has_back_cover(for_barcode=inputs.theme.flag("cover", "back"))
    folder, pdf = inputs.workspace.finished(book.tag), read(book.pdf)
    book = replace(book, for_print=_laid(folder / "print.pdf", print_file(pdf, order, has_back=has_back)))
    if not order.caliper:
        return book
    pages = book.explained.pages
    pages += -pages % order.signature
    words = set_spine(inputs.edition, order.spine(pages), theme=inputs.theme, workspace=inputs.workspace)
    cover = cover_file(pdf, order, pages=pages, has_back=has_back, words=words)
    return replace(book, cover=_laid(folder / "cover.pdf", cover))


def _laid(path: Path, content: bytes) -> Path:
    lay(path, content)
    return path


def bearable(inputs: Sequence[BookInputs], memory: int) -> int:
    """How many editions `memory` (in bytes) allows at the same time, if they are the largest."""
    sizes = sorted((one.memory for one in inputs), reverse=True)
    count = 1
    while count < len(sizes) and sum(sizes[: count + 1]) <= memory:
        count += 1
    return count


def _attempt(inputs: BookInputs, faults: Faults, progress: Progress, *, with_figures: bool) -> Book | None:
    """The book of an edition; None where it cannot be set, with the reason in `faults`."""
    try:
        book = _book(inputs, faults, progress, inputs.manuscript.figures if with_figures else ())
        return replace(book, found=faults.found())
    except Faulty as faulty:
        faults.take(faulty)
        return None


def _book(inputs: BookInputs, faults: Faults, progress: Progress, figures: tuple[UsedFigure, ...]) -> Book:
    """The book of an edition; the `figures` are set alone at the same time."""
    edition, files, tag = inputs.edition, inputs.manuscript.files, inputs.edition.tag
    progress("typeset", tag)
    common = inputs.workspace, f"Impressum {__version__}", epoch(), inputs.memo
    with FigureExporter(edition, figures, inputs.theme, files, *common) as exporter:
        with inputs.typesetter() as typesetter:
            fitting = inputs.fitted(typesetter)
            book = typesetter.set(fitting.fits, faults)
        faults.extend(fitting.faults)
        expected = with_depths(inputs.manuscript.expected, fitting.fits)
        explained = explain(tag, fitting, inputs.requested, expected, book)
        finished = inputs.workspace.finished(tag)
        pdf = _laid(finished / "book.pdf", book.pdf)
        if not figures:
            return Book(tag, pdf, expected, explained, None, fitting.alone)
        progress("typeset", f"{tag}, {count_of(len(figures), 'figure')} alone")
        sheet = exporter.sheet(book.layout)
        figures_alone = SetFigures(exporter.exported(), _laid(finished / "sheet.pdf", sheet))
        return Book(tag, pdf, expected, explained, figures_alone, fitting.alone)
