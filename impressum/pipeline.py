"""The whole line, from sources to published files: load, draw, render, convert, typeset, verify, publish."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.errors import Faults
from impressum.memo import Json, Memo, code_of_package, digest
from impressum.workspace import Workspace

if TYPE_CHECKING:
    from impressum.convert import References
    from impressum.model.drawing import Drawing
    from impressum.model.meant import Manuscript, Meant
    from impressum.model.sources import Edition, RenderedChapter, Sources
    from impressum.model.theme import Theme
    from impressum.publish import Product
    from impressum.verify import Report

STAGES = ("load", "draw", "render", "convert", "typeset", "verify", "publish")
Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Order:
    """What a run of the line is asked for: editions (empty: all), and whether the pages are marked as a draft."""

    editions: tuple[str, ...] = ()
    draft: bool = False


@dataclass
class Run:
    """A run of the line: where, what, what was found on the way, and how it tells of its progress."""

    workspace: Workspace
    order: Order
    progress: Progress
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.memo = Memo(self.workspace.memo, code_of_package())


@dataclass(frozen=True)
class Ready:
    """Everything that can be known without setting a page; drawings by edition and figure id."""

    sources: Sources
    theme: Theme
    drawings: Mapping[str, Mapping[str, Drawing]]
    manuscripts: tuple[Manuscript, ...]


def build(run: Run) -> tuple[Path, ...]:
    """Builds the editions that are asked for and publishes them; gives the files. Raises `Faulty`."""
    from impressum.publish import lock, publish, recover

    with lock(run.workspace, waiting=lambda: run.progress("load", "waiting for another build of this publication")):
        for sentence in recover(run.workspace):
            run.progress("publish", sentence)
        ready = prepare(run)
        products = tuple(
            _set(run, ready, edition, manuscript)
            for edition, manuscript in zip(ready.sources.editions, ready.manuscripts, strict=True)
        )
        run.faults.stop_if_any()
        run.progress("publish", f"{len(products)} file{'s' if len(products) != 1 else ''}")
        return publish(
            run.workspace,
            products,
            shared=_shared(ready.sources),
            made_with=_made_with(),
            inputs=_inputs(ready.sources),
        )


def prepare(run: Run) -> Ready:
    """The first four stages: everything that can be known without setting a page. Raises `Faulty`."""
    from impressum.convert import Depths, convert, find_style
    from impressum.draw import draw
    from impressum.load import load, read_theme

    run.progress("load", "sources")
    sources = load(run.workspace, run.faults, editions=run.order.editions)
    if run.order.draft:
        sources = _as_draft(sources)
    theme = read_theme(run.workspace, sources.publication.theme, sources.place_of("theme"), run.faults)
    run.faults.stop_if_any()
    run.progress("draw", _count(len(sources.figures), "figure"))
    width = theme.length("page", "measure")
    drawings = draw(sources, width=width, workspace=run.workspace, memo=run.memo, faults=run.faults)
    run.progress("render", _count(sum(len(edition.chapters) for edition in sources.editions), "chapter"))
    rendered = [_render(run, sources, edition) for edition in sources.editions]
    run.faults.stop_if_any()
    run.progress("convert", _count(sum(len(edition.chapters) for edition in sources.editions), "chapter"))
    depths = Depths(int(theme.number("numbers", "depth")), int(theme.number("contents", "depth")))
    style = find_style(
        sources.publication.citation_style, run.workspace, sources.place_of("citation-style"), run.faults
    )
    manuscripts = tuple(
        convert(
            edition,
            chapters,
            references=references,
            style=style,
            drawings=drawings[edition.tag],
            depths=depths,
            workspace=run.workspace,
            memo=run.memo,
            faults=run.faults,
        )
        for edition, (chapters, references) in zip(sources.editions, rendered, strict=True)
    )
    run.faults.stop_if_any()
    return Ready(sources, theme, drawings, manuscripts)


def _as_draft(sources: Sources) -> Sources:
    """The same sources with every edition at the stage `draft`, so that its pages are marked."""
    editions = tuple(
        replace(edition, publication=edition.publication.model_copy(update={"stage": "draft"}))
        for edition in sources.editions
    )
    return replace(sources, editions=editions)


def _render(run: Run, sources: Sources, edition: Edition) -> tuple[tuple[RenderedChapter, ...], References | None]:
    from impressum.convert import References
    from impressum.load.bibliography import read_bibliography
    from impressum.render import render_bibliography, render_chapters

    context = _context(sources, edition)
    chapters = render_chapters(
        edition.chapters,
        context=context,
        includes=sources.includes,
        language=edition.tag,
        memo=run.memo,
        faults=run.faults,
    )
    if sources.bibliography is None:
        return chapters, None
    text, _ = render_bibliography(
        sources.bibliography.source, context=context, language=edition.tag, memo=run.memo, faults=run.faults
    )
    if text != sources.bibliography.source.text:  # what was filled in is checked as what was written
        filled = replace(sources.bibliography.source, text=text)
        return chapters, References(text, read_bibliography(filled, run.faults))
    return chapters, References(text, sources.bibliography)


def _context(sources: Sources, edition: Edition) -> dict[str, Json]:
    """What a chapter may name in `{{ }}`: plain data only."""
    data: dict[str, Json] = {}
    for name, table in sources.data.items():
        rows: dict[str, Json] = {key: dict(row) for key, row in table.by_key().items()}
        data[name] = rows
    publication: Json = edition.publication.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {"publication": publication, "edition": {"tag": edition.tag}, "data": data, "words": dict(edition.words)}


def _set(run: Run, ready: Ready, edition: Edition, manuscript: Manuscript) -> Product:
    """One edition's PDF, set and verified."""
    from impressum.publish import Product
    from impressum.typeset import typeset

    run.progress("typeset", edition.tag)
    pdf = typeset(
        edition,
        manuscript,
        theme=ready.theme,
        drawings=ready.drawings[edition.tag],
        workspace=run.workspace,
        producer=f"Impressum {__version__}",
        epoch=_epoch(),
        memo=run.memo,
        faults=run.faults,
    )
    run.faults.stop_if_any()
    run.progress("verify", edition.tag)
    report = _verified(run, ready.theme, pdf, manuscript.meant)
    return Product(
        f"{ready.sources.slug}-{edition.tag}.pdf",
        pdf,
        edition.tag,
        "pdf",
        {"pages": report.pages, "checks": list(report.checks), "standards": list(report.standards)},
    )


def _verified(run: Run, theme: Theme, pdf: bytes, meant: Meant) -> Report:
    """The report of `verify`; a file that was found clean is not compared again with the same meaning."""
    from impressum.verify import Report, verify

    found = Faults()

    def compare() -> bytes:
        report = verify(pdf, meant, theme=theme, faults=found)
        if found.all():
            raise _NotClean(report)
        return json.dumps([report.pages, report.checks, report.standards]).encode()

    try:
        pages, checks, standards = json.loads(run.memo("verify", [digest(pdf), digest(repr(meant))], compare))
    except _NotClean as not_clean:
        run.faults.extend(found.all())
        return not_clean.report
    return Report(pages, tuple(checks), tuple(standards))


class _NotClean(Exception):
    """A file with faults: not to be remembered."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__()


def _shared(sources: Sources) -> dict[str, bytes]:
    from impressum.publish.citation import citation_cff

    return {"CITATION.cff": citation_cff(sources.publication).encode()}


def _made_with() -> dict[str, str]:
    from importlib.metadata import version

    return {
        "impressum": __version__,
        **{name: version(name) for name in ("pypandoc_binary", "typst", "pikepdf", "matplotlib", "pypdfium2")},
    }


def _inputs(sources: Sources) -> str:
    """The hash of all that was read, for the record."""
    parts = [sources.publication.model_dump_json()]
    for edition in sources.editions:
        parts.append(edition.texts.model_dump_json())
        parts += [chapter.body.text for chapter in edition.chapters]
    parts += [figure.digest for figure in sources.figures.values()]
    parts += [table.digest for table in sources.data.values()]
    parts.append(sources.bibliography.source.text if sources.bibliography else "")
    return digest(*parts)


def _epoch() -> int | None:
    value = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(value) if value.isdigit() else None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
