"""Puts the verified books of a run into `dist`, with the records that vouch for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from impressum import __version__
from impressum.core.errors import Faults, Faulty, count_of
from impressum.core.model.sources import Sources
from impressum.core.rules import FOUND_ON_PAGES
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Run
from impressum.pipeline.typeset import Book
from impressum.pipeline.verify import Reports
from impressum.release.gate import Gate
from impressum.release.seal import seal
from impressum.release.validators import validated
from impressum.stages import publish as stage
from impressum.stages.load.texts import read_shared
from impressum.stages.publish.citation import citation_cff
from impressum.stages.typeset.refused import mark_refused
from impressum.system.cache import Json, digest
from impressum.system.files import read
from impressum.system.work_folders import lay, take_away
from impressum.system.workspace import Workspace, shared_files

TOOLS = ("pypandoc_binary", "typst", "pikepdf", "matplotlib", "pypdfium2")
"""The packages whose versions a record names."""


@contextmanager
def publishing(run: Run) -> Iterator[None]:
    """Keeps other builds of the publication out, and undoes or finishes one that was interrupted."""
    with stage.lock(
        run.workspace, waiting=lambda: run.progress("load", "waiting for another build of this publication")
    ):
        for sentence in stage.recover(run.workspace):
            run.progress("publish", sentence)
        yield


def publish(
    books: Sequence[Book], reports: Mapping[str, Reports], manuscripts: Manuscripts, run: Run
) -> tuple[Path, ...]:
    """Publishes the books, and gives the files. Raises `Faulty` where there is an error: then only the marked pages of
    a draft are written."""
    sources = manuscripts.sources
    made_with = {"impressum": __version__, **{name: version(name) for name in TOOLS}}
    if run.faults.errors():
        raise Faulty(run.faults.all(), _marked(books, reports, sources, made_with, run))
    run.allowances.check_unused(FOUND_ON_PAGES, run.faults, complete=not run.order.editions)
    products = tuple(product for book in books for product in _products(book, reports[book.tag], sources))
    shared = {"CITATION.cff": citation_cff(sources.publication).encode()}
    made = stage.Build(products, shared, made_with, _inputs(sources, run.workspace))
    if run.second_build:
        run.second_build(stage.new_files(made))
        run.faults.stop_if_any()
    if run.order.validators:
        run.progress("verify", ", ".join(dict.fromkeys(one.name for one in run.order.validators)))
        made = validated(made, run.order.validators, run.workspace)
    if run.order.release:
        gate = Gate(run.order.release, run.workspace, sources, run.faults)
        made = seal(gate, made, {one.edition.tag: one.manuscript.expected.anchors for one in manuscripts.editions})
        run.faults.stop_if_any()
    files = sum(1 if isinstance(one, stage.Product) else len(one.files) for one in products)
    run.progress("publish", count_of(files, "file"))
    without = [one.edition.tag for one in manuscripts.editions if not one.manuscript.figures]
    ended = tuple(name for tag in without for name in _names_of_figures(sources.slug, tag))
    ended += tuple(_name_of_draft(sources.slug, book.tag) for book in books)
    for book in books:
        whole, cover = _names_of_print(sources.slug, book.tag)
        ended += (whole,) * (book.for_print is None) + (cover,) * (book.cover is None)
    for book in books:
        take_away(run.workspace.refused(book.tag))
        take_away(run.workspace.finished(book.tag))
    return stage.publish(run.workspace, made, ended=ended)


def _marked(
    books: Sequence[Book], reports: Mapping[str, Reports], sources: Sources, made_with: Mapping[str, str], run: Run
) -> tuple[str, ...]:
    """The paths of the PDFs with the pages of the editions that have errors, with these marked. Those of a draft are
    published under a name of their own, and all else in `dist` stays; others are work files."""
    drafts: list[stage.Product] = []
    paths: list[Path] = []
    for book in () if run.order.untrusted else books:
        own = run.faults.apart()
        own.extend((*book.found, *reports[book.tag].found))
        path = run.workspace.refused(book.tag)
        take_away(path)
        if not own.errors():
            continue
        try:
            pdf = mark_refused(read(book.pdf), own.errors(), path.parent / "marks")
            lay(path, pdf)
        except Faulty as faulty:
            run.faults.take(faulty)
            continue
        paths.append(path)
        if run.order.draft:
            rules: list[Json] = [*dict.fromkeys(fault.rule for fault in own.errors())]
            record: dict[str, Json] = {"stage": "draft", "refused": rules}
            drafts.append(stage.Product(_name_of_draft(sources.slug, book.tag), pdf, book.tag, "pdf", record))
    if drafts:
        files = stage.publish(run.workspace, stage.Build(tuple(drafts), {}, made_with, _inputs(sources, run.workspace)))
        paths = [path for path in files if path.name in {draft.name for draft in drafts}]
    return tuple(map(run.workspace.relative, paths))


def _name_of_draft(slug: str, tag: str) -> str:
    return f"{slug}-{tag}-draft.pdf"


def _products(book: Book, reports: Reports, sources: Sources) -> Iterator[stage.Product | stage.FolderProduct]:
    """The book as a product, and its figures for the web and the press with their contact sheet."""
    report = reports.book
    stages = {edition.tag: edition.publication.stage for edition in sources.editions}
    record: dict[str, Json] = {
        "pages": report.pages,
        "checks": list(report.checks),
        "standards": list(report.standards),
        "contents": dict(report.contents),
        "stage": stages[book.tag],
    }
    yield stage.Product(f"{sources.slug}-{book.tag}.pdf", read(book.pdf), book.tag, "pdf", record)
    if book.for_print is not None:
        of_print: dict[str, Json] = {"pages": reports.printed_pages, "stage": stages[book.tag]}
        name, cover = _names_of_print(sources.slug, book.tag)
        yield stage.Product(name, read(book.for_print), book.tag, "print", of_print)
        if book.cover is not None:
            yield stage.Product(cover, read(book.cover), book.tag, "cover", {**of_print, "pages": 1})
    if book.figures and reports.sheet:
        folder, name = _names_of_figures(sources.slug, book.tag)
        files = {f"{one.figure.name}.svg": read(one.svg) for one in book.figures.figures}
        files |= {f"{one.figure.name}.png": read(one.png) for one in book.figures.figures}
        yield stage.FolderProduct(folder, files, book.tag, "figures", {})
        of_sheet: dict[str, Json] = {
            "pages": reports.sheet.pages,
            "standards": list(reports.sheet.standards),
            "contents": dict(reports.sheet.contents),
        }
        yield stage.Product(name, read(book.figures.sheet), book.tag, "contact-sheet", of_sheet)


def _names_of_print(slug: str, tag: str) -> tuple[str, str]:
    """The file for a printer, and the cover where that is one of its own."""
    return f"{slug}-{tag}-print.pdf", f"{slug}-{tag}-print-cover.pdf"


def _names_of_figures(slug: str, tag: str) -> tuple[str, str]:
    """The folder of the figures, and the contact sheet."""
    folder = f"{slug}-{tag}-figures"
    return folder, f"{folder}.pdf"


def _inputs(sources: Sources, workspace: Workspace) -> str:
    """The hash of all that was read, for the record."""
    parts = [sources.publication.model_dump_json()]
    for edition in sources.editions:
        parts.append(edition.texts.model_dump_json())
        parts += [chapter.body.text for chapter in edition.chapters]
        parts.append(repr(edition.layout))
        lock = workspace.layout_lock(edition.tag)
        parts.append(digest(read(lock)) if lock.is_file() else "")
    parts += [figure.digest for figure in sources.figures.values()]
    parts += [table.digest for table in sources.data.values()]
    parts.append(sources.bibliography.source.text if sources.bibliography else "")
    if shared := sources.publication.glossary:
        parts.append(digest(read_shared(workspace, shared, Faults()) or b""))
    if house := sources.publication.house:
        parts.append(digest(*map(read, shared_files(workspace.root / house))))
    return digest(*parts)
