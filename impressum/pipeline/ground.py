"""What editions are made from, as the first two stages leave it, and the chapters of one edition after the third."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impressum.core.errors import Faults
from impressum.system.cache import Json
from impressum.system.parallel import both

if TYPE_CHECKING:
    from impressum.core.model.drawing import Drawing
    from impressum.core.model.sources import Edition, RenderedChapter, Sources
    from impressum.core.model.theme import Theme
    from impressum.pipeline.build import Run
    from impressum.pipeline.editions import Editions
    from impressum.stages.convert import References

SOON = 0.1
"""Seconds; where figures take longer to be drawn, chapters are read meanwhile."""


@dataclass(frozen=True)
class Ground:
    """What editions are made from; drawings by edition and figure id."""

    sources: Sources
    theme: Theme
    drawings: Mapping[str, Mapping[str, Drawing]]


def ground_of(run: Run) -> Ground:
    """The first two stages. Raises `Faulty` where chapters cannot be read."""
    from impressum.checks import parity
    from impressum.checks.allowances import files_read, texts_of
    from impressum.core.model.lost import may_be
    from impressum.stages.convert import check_nocite
    from impressum.stages.draw.figures import draw
    from impressum.stages.load import check_access_dates, check_resolution, load, read_theme
    from impressum.translation.history import History

    run.progress("load", "sources")
    if not run.order.staged:
        History(run.workspace).check_untracked(run.faults)
    run.allowances.check(texts_of(run.workspace, run.order.editions), run.faults)
    sources = load(run.workspace, run.faults, editions=run.order.editions)
    run.allowances.check(files_read(sources), run.faults)
    if run.order.staged:
        from impressum.pipeline.untrusted import guarded

        sources = guarded(sources, run.order.staged, run.faults)
    if run.order.draft:
        sources = _as_draft(sources)
        # What a translation still lacks does not keep its draft from being seen.
        run.faults.severities = {**dict.fromkeys(parity.RULES, "warning"), **run.faults.severities}
    publication, is_named = sources.publication, not may_be("theme", sources.lost.values)
    theme = read_theme(run.workspace, publication.theme, sources.place_of("theme"), run.faults, is_named=is_named)
    if theme.is_whole:
        check_resolution(run.workspace, sources, theme, run.faults)
        check_access_dates(sources.bibliography, theme, run.faults)
        check_nocite(sources, theme, run.faults)
    run.progress("draw", count_of(len(sources.figures), "figure"))
    rooms = theme.figure_rooms()
    style = theme.figure_style()
    drawn = threading.Event()

    def drawing() -> dict[str, dict[str, Drawing]]:
        try:
            return draw(sources, rooms=rooms, style=style, workspace=run.workspace, memo=run.memo, faults=run.faults)
        finally:
            drawn.set()

    def reading() -> None:
        if not drawn.wait(SOON):
            _read_ahead(run, Ground(sources, theme, {edition.tag: {} for edition in sources.spoken()}), drawn)

    drawings, _ = both(drawing, reading)
    return Ground(sources, theme, drawings)


def _read_ahead(run: Run, ground: Ground, drawn: threading.Event) -> None:
    """Reads the editions, one after the other, until everything is `drawn`."""
    editions = editions_of(run, ground, documents=False)
    for edition in ground.sources.editions:
        if drawn.is_set():
            return
        editions.ahead(edition)


def editions_of(run: Run, ground: Ground, *, documents: bool) -> Editions:
    """What makes manuscripts; `documents` says whether the typed documents are kept."""
    from impressum.pipeline.editions import Editions
    from impressum.stages.load.styles import find_style

    sources = ground.sources
    style = find_style(
        sources.publication.citation_style, run.workspace, sources.place_of("citation-style"), run.faults
    )
    return Editions(
        sources,
        lambda edition, faults: render_edition(run, sources, edition, faults),
        ground.drawings,
        style,
        ground.theme,
        run.workspace,
        run.memo,
        run.faults,
        documents=documents,
    )


def render_edition(
    run: Run, sources: Sources, edition: Edition, faults: Faults
) -> tuple[tuple[RenderedChapter, ...], References | None]:
    from impressum.stages.convert import References
    from impressum.stages.load.bibliography import read_bibliography
    from impressum.stages.render import render_bibliography, render_chapters

    context = _context(sources, edition)
    chapters = render_chapters(
        edition.chapters,
        context=context,
        includes=sources.includes,
        language=edition.tag,
        memo=run.memo,
        faults=faults,
        unread=sources.lost.includes,
    )
    bibliography = sources.bibliography
    if bibliography is None:
        return chapters, None
    own = faults.apart()
    source = bibliography.source
    rendered = render_bibliography(source, context=context, language=edition.tag, memo=run.memo, faults=own)
    text = source.text if rendered.spoilt else rendered.text
    if text != source.text:  # what was filled in is checked as what was written
        bibliography = read_bibliography(replace(source, text=text), own)
    faults.extend(own.found())
    whole = bool(sources.bibliography and sources.bibliography.is_whole) and not rendered.spoilt and not own.errors()
    return chapters, References(text, replace(bibliography, is_whole=whole))


def _context(sources: Sources, edition: Edition) -> dict[str, Json]:
    """What a chapter may name in `{{ }}`: plain data only."""
    from impressum.stages.render.unread import with_unread

    data: dict[str, Json] = {}
    for name, table in sources.data.items():
        rows: dict[str, Json] = {key: dict(row) for key, row in table.by_key().items()}
        data[name] = rows
    publication: Json = edition.publication.model_dump(mode="json", by_alias=True, exclude_none=True)
    context: dict[str, Json] = {"publication": publication, "edition": {"tag": edition.tag}, "data": data}
    context["words"] = dict(edition.words)
    unread: list[tuple[str, ...]] = [("data", name) for name in sorted(sources.lost.data)]
    unread += [("publication", *path.split(".")) for path in sorted(edition.unknown_texts())]
    return with_unread(context, unread) if unread else context


def _as_draft(sources: Sources) -> Sources:
    """The same sources with every edition at the stage `draft`, so that its pages are marked."""
    editions = tuple(
        replace(edition, publication=edition.publication.model_copy(update={"stage": "draft"}))
        for edition in sources.editions
    )
    return replace(sources, editions=editions)


def count_of(number: int, noun: str) -> str:
    """`number` with its noun: `1 figure`, `2 figures`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
