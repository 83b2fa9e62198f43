"""Fills the values into the chapters and the bibliography of each edition."""

from __future__ import annotations

from dataclasses import replace

from impressum.core.errors import Faults, Severity, count_of
from impressum.core.model.sources import Edition, References, Rendered, RenderedEdition, Sources, format_of
from impressum.pipeline.run import Run
from impressum.stages.load.bibliography import read_bibliography
from impressum.stages.render.batch import OwnTexts, render_bibliography, render_chapters
from impressum.stages.render.unread import with_unread
from impressum.system.cache import Json


def render(sources: Sources, run: Run) -> Rendered:
    """The requested editions, and the source edition, whose own faults are reported if it was requested."""
    run.progress("render", chapters_of(sources))
    editions = tuple(_edition(sources, edition, run, run.faults) for edition in sources.editions)
    source = next((one for one in editions if sources.source and one.edition.tag == sources.source.tag), None)
    if source is None and sources.source:
        source = _edition(sources, sources.source, run, Faults())
    return Rendered(sources, editions, source)


def chapters_of(sources: Sources) -> str:
    """How many chapters there are, in words."""
    return count_of(sum(len(edition.chapters) for edition in sources.editions), "chapter")


def _edition(sources: Sources, edition: Edition, run: Run, faults: Faults) -> RenderedEdition:
    context = _context(sources, edition)
    chapters = render_chapters(
        edition.chapters,
        context=context,
        includes=sources.includes,
        language=edition.tag,
        memo=run.memo,
        faults=faults,
        unread=sources.lost.includes,
        own=_own_texts(sources, edition, run),
    )
    bibliography = sources.bibliography
    if bibliography is None:
        return RenderedEdition(edition, chapters, None)
    own = faults.apart()
    source = bibliography.source
    if format_of(source.path) != ".bib":  # no values are filled in there
        return RenderedEdition(edition, chapters, References(source.text, bibliography))
    rendered = render_bibliography(source, context=context, language=edition.tag, memo=run.memo, faults=own)
    text = source.text if rendered.spoilt else rendered.text
    if text != source.text:  # what was filled in is checked as what was written
        bibliography = read_bibliography(replace(source, text=text), own)
    faults.extend(own.found())
    whole = bool(sources.bibliography and sources.bibliography.is_whole) and not rendered.spoilt and not own.errors()
    return RenderedEdition(edition, chapters, References(text, replace(bibliography, is_whole=whole)))


def _own_texts(sources: Sources, edition: Edition, run: Run) -> OwnTexts:
    """Which texts under `templates/` are those of an edition: the ones in a folder that has the name of one."""
    tags = {path.name for path in run.workspace.chapters.iterdir()}
    parts = (name.partition("/") for name in sources.includes)
    severities: dict[str, Severity] = {"show": "off", "forbid": "error"}
    return OwnTexts(
        edition.tag,
        sources.publication.language,
        frozenset(name for tag, _, name in parts if tag in tags),
        severities.get(edition.texts.fallback or "", "warning"),
    )


def _context(sources: Sources, edition: Edition) -> dict[str, Json]:
    """The names that a chapter may use in `{{ }}`: plain data only."""
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
