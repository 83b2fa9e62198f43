"""The whole line, from sources to published files: load, draw, render, convert, typeset, verify, publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.at_once import processors
from impressum.errors import Faults, Faulty
from impressum.memo import Json, Memo, code_of_package, digest
from impressum.rules import FOUND_IN_SOURCES, FOUND_ON_PAGES
from impressum.setting import Setting
from impressum.workspace import Workspace

if TYPE_CHECKING:
    from impressum.convert import References
    from impressum.fitting.explain import Explained
    from impressum.model.chapters import ChapterDocument
    from impressum.model.drawing import Drawing
    from impressum.model.fits import Asked
    from impressum.model.meant import Manuscript
    from impressum.model.release import ReleaseOrder
    from impressum.model.sources import Bibliography, Edition, RenderedChapter, Sources
    from impressum.model.theme import Theme
    from impressum.products import Task
    from impressum.publish import FolderProduct, Product
    from impressum.untrusted import Staged

STAGES = ("load", "draw", "render", "convert", "typeset", "verify", "publish")
Progress = Callable[[str, str], None]
Prove = Callable[[Mapping[str, bytes]], None]


@dataclass(frozen=True)
class Order:
    """What a run of the line is asked for: editions (empty: all), whether the pages are marked, whether to release."""

    editions: tuple[str, ...] = ()
    draft: bool = False
    staged: Staged | None = None
    """Where a stranger's texts are built."""
    release: ReleaseOrder | None = None
    jobs: int = field(default=0, repr=False)
    """How many editions may be made at the same time (0: as many as there are processors); it changes no file."""


@dataclass
class Run:
    """A run of the line: where, what, what was found on the way, and how it tells of its progress."""

    workspace: Workspace
    order: Order
    progress: Progress
    faults: Faults = field(default_factory=Faults)
    explained: list[Explained] = field(default_factory=list)
    """The pages of each edition that was set, for `--explain`."""

    def __post_init__(self) -> None:
        from impressum.allowances import Allowances

        self.memo = Memo(self.workspace.memo, code_of_package())
        self.allowances = Allowances(self.workspace)
        self.faults.allowance = self.allowances.of
        if self.order.staged:
            from impressum.untrusted import but_for_security

            self.faults.extend(self.order.staged.warnings)
            self.faults.allowance = but_for_security(self.allowances.of)
        if self.order.release:
            from impressum.release import weights

            self.faults.weigh = partial(weights, waivers=self.order.release.waivers)


@dataclass(frozen=True)
class Converted:
    """The manuscripts of the editions, with what they are made from; drawings by edition and figure id."""

    sources: Sources
    theme: Theme
    drawings: Mapping[str, Mapping[str, Drawing]]
    manuscripts: tuple[Manuscript, ...]
    model: Mapping[str, ChapterDocument]
    """The chapters of the source edition, where a translation was held to them."""
    is_whole: bool
    """Whether everything could be read: of what could not there are errors."""


@dataclass(frozen=True)
class Ready(Converted):
    """Everything that can be known without setting a page."""

    asked: tuple[tuple[Asked, ...], ...]
    """What `layout.yaml` asks, by edition."""


def build(run: Run, prove: Prove | None = None) -> tuple[Path, ...]:
    """Builds the editions that are asked for and publishes them; gives the files. Raises `Faulty`.

    `prove` gets the files by name before they are published; what it notes in the faults of `run` may stop that.
    """
    from impressum.products import make_editions
    from impressum.publish import Made, lock, new_files, publish_made, recover

    with lock(run.workspace, waiting=lambda: run.progress("load", "waiting for another build of this publication")):
        for sentence in recover(run.workspace):
            run.progress("publish", sentence)
        ready = prepare(run)
        each = make_editions(
            _tasks(run, ready), jobs=run.order.jobs or processors(), progress=run.progress, faults=run.faults
        )
        products = tuple(product for one in each for product in one.products)
        ended = tuple(name for one in each for name in one.ended)
        run.explained += [one.explained for one in each if one.explained]
        run.allowances.check_unused(FOUND_ON_PAGES, run.faults, complete=not run.order.editions)
        made = Made(products, _shared(ready.sources), _made_with(), _inputs(ready.sources))
        if prove:
            prove(new_files(made.products, shared=made.shared, made_with=made.made_with, inputs=made.inputs))
            run.faults.stop_if_any()
        if run.order.release:
            from impressum.release import Gate, seal

            gate = Gate(run.order.release, run.workspace, ready.sources, run.faults)
            made = seal(gate, made, {one.meant.tag: one.meant.anchors for one in ready.manuscripts})
            run.faults.stop_if_any()
        run.progress("publish", _count(sum(map(_files_of, products)), "file"))
        return publish_made(run.workspace, made, ended=ended)


def _tasks(run: Run, ready: Ready) -> list[Task]:
    """The editions to make."""
    from impressum.products import Task

    return [
        Task(
            setting_of(run, ready, edition, manuscript, asked),
            () if run.order.draft else manuscript.figures,
            ready.sources.slug,
        )
        for edition, manuscript, asked in zip(ready.sources.editions, ready.manuscripts, ready.asked, strict=True)
    ]


def prepare(run: Run) -> Ready:
    """The first four stages: everything that can be known without setting a page. Raises `Faulty`."""
    return completed(run, converted(run, documents=False))


def completed(run: Run, made: Converted) -> Ready:
    """The first four stages from what they have `made`, with the checks over all of it. Raises `Faulty`."""
    from impressum.convert import check_uncited, check_unused
    from impressum.errata import check_places
    from impressum.fitting import find_asked
    from impressum.model.lost import may_stand

    # In an edition that is not read, or in a passage that could not be, a figure may stand.
    if not run.order.editions and not run.faults.errors():
        check_unused(
            made.sources.figures,
            {figure.declared for manuscript in made.manuscripts for figure in manuscript.figures if figure.declared},
            run.faults,
        )
        bibliography = made.sources.bibliography
        if bibliography and made.sources.publication.nocite != "all":
            cited = {key for one in made.manuscripts for chapter in one.meant.chapters for key in chapter.cited}
            cited |= {table.sidecar.source for table in made.sources.data.values()}
            check_uncited(bibliography.entries, cited, run.faults)
    if run.workspace.glossary.exists():
        from impressum.translation.handoff.glossary_check import check_glossary

        tags = tuple(edition.tag for edition in made.sources.editions)
        check_glossary(run.workspace, made.sources.publication.language, tags, run.memo, run.faults)
    asked = []
    for edition, manuscript in zip(made.sources.editions, made.manuscripts, strict=True):
        layout = tuple(entry for entry in edition.layout if not manuscript.lacks(entry.chapter))
        asked.append(find_asked(layout, manuscript.meant, run.faults))
        errata = (one for one in edition.publication.errata if not may_stand(one.where, manuscript.lost))
        check_places(errata, manuscript.meant.anchors, run.faults)
    if run.order.release:
        from impressum.release import Gate, check_gate

        check_gate(Gate(run.order.release, run.workspace, made.sources, run.faults))
    run.faults.stop_if_any()
    run.allowances.check_unused(FOUND_IN_SOURCES, run.faults, complete=not run.order.editions)
    return Ready(made.sources, made.theme, made.drawings, made.manuscripts, made.model, made.is_whole, tuple(asked))


def converted(run: Run, *, documents: bool = True) -> Converted:
    """The first four stages, for those who want the manuscripts in spite of faults that are told of them.

    Chapters that could not be read are not in them. Raises `Faulty` where there can be none.
    Without `documents` the typed documents are not kept: nothing that sets pages needs them.
    """
    from impressum import parity
    from impressum.allowances import files_read, texts_of
    from impressum.convert import find_style
    from impressum.draw import draw
    from impressum.editions import Editions
    from impressum.load import check_access_dates, check_resolution, load, read_theme

    run.progress("load", "sources")
    run.allowances.check(texts_of(run.workspace, run.order.editions), run.faults)
    sources = load(run.workspace, run.faults, editions=run.order.editions)
    run.allowances.check(files_read(sources), run.faults)
    if run.order.staged:
        from impressum.untrusted import guarded

        sources = guarded(sources, run.order.staged, run.faults)
    if run.order.draft:
        sources = _as_draft(sources)
        # What a translation still lacks does not keep its draft from being seen.
        run.faults.severities = {**dict.fromkeys(parity.RULES, "warning"), **run.faults.severities}
    of_theme = run.faults.apart()
    theme = read_theme(run.workspace, sources.publication.theme, sources.place_of("theme"), of_theme)
    run.faults.extend(of_theme.found())
    if of_theme.errors():
        raise Faulty(run.faults.all())
    check_resolution(run.workspace, sources, theme, run.faults)
    check_access_dates(sources.bibliography, theme, run.faults)
    run.progress("draw", _count(len(sources.figures), "figure"))
    rooms = theme.figure_rooms()
    style = theme.figure_style()
    drawings = draw(sources, rooms=rooms, style=style, workspace=run.workspace, memo=run.memo, faults=run.faults)
    run.progress("render", _count(sum(len(edition.chapters) for edition in sources.editions), "chapter"))
    rendered = [render_edition(run, sources, edition, run.faults) for edition in sources.editions]
    is_whole = not run.faults.errors()
    run.progress("convert", _count(sum(len(edition.chapters) for edition in sources.editions), "chapter"))
    citation_style = find_style(
        sources.publication.citation_style, run.workspace, sources.place_of("citation-style"), run.faults
    )
    editions = Editions(
        sources,
        lambda edition, faults: render_edition(run, sources, edition, faults),
        drawings,
        citation_style,
        theme,
        run.workspace,
        run.memo,
        run.faults,
        documents=documents,
    )
    manuscripts = editions.manuscripts(rendered)
    for edition, manuscript in zip(sources.editions, manuscripts, strict=True):
        is_whole = is_whole and not {chapter.slug for chapter in edition.chapters} - manuscript.slugs()
    return Converted(sources, theme, drawings, manuscripts, editions.model, is_whole)


def bibliographies(run: Run, made: Converted) -> tuple[Bibliography, ...]:
    """The bibliography of each edition, with the values that are filled in."""
    rendered = (render_edition(run, made.sources, edition, Faults())[1] for edition in made.sources.editions)
    return tuple(references.source for references in rendered if references)


def _as_draft(sources: Sources) -> Sources:
    """The same sources with every edition at the stage `draft`, so that its pages are marked."""
    editions = tuple(
        replace(edition, publication=edition.publication.model_copy(update={"stage": "draft"}))
        for edition in sources.editions
    )
    return replace(sources, editions=editions)


def render_edition(
    run: Run, sources: Sources, edition: Edition, faults: Faults
) -> tuple[tuple[RenderedChapter, ...], References | None]:
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
        faults=faults,
    )
    bibliography = sources.bibliography
    if bibliography is None:
        return chapters, None
    own = faults.apart()
    source = bibliography.source
    text, _ = render_bibliography(source, context=context, language=edition.tag, memo=run.memo, faults=own)
    if text != source.text:  # what was filled in is checked as what was written
        bibliography = read_bibliography(replace(source, text=text), own)
    faults.extend(own.found())
    whole = sources.bibliography is not None and sources.bibliography.is_whole and not own.errors()
    return chapters, References(text, replace(bibliography, is_whole=whole))


def _context(sources: Sources, edition: Edition) -> dict[str, Json]:
    """What a chapter may name in `{{ }}`: plain data only."""
    data: dict[str, Json] = {}
    for name, table in sources.data.items():
        rows: dict[str, Json] = {key: dict(row) for key, row in table.by_key().items()}
        data[name] = rows
    publication: Json = edition.publication.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {"publication": publication, "edition": {"tag": edition.tag}, "data": data, "words": dict(edition.words)}


def setting_of(
    run: Run,
    ready: Ready,
    edition: Edition,
    manuscript: Manuscript,
    asked: tuple[Asked, ...],
    attend: Callable[[], None] = lambda: None,
) -> Setting:
    """What sets the pages of one edition."""
    return Setting(
        edition,
        manuscript,
        asked,
        ready.theme.in_language(edition.tag),
        ready.drawings[edition.tag],
        run.workspace,
        run.memo,
        run.faults.severities,
        attend,
        _hands(run, ready),
    )


def _hands(run: Run, ready: Ready) -> int:
    """How many chapters of an edition may be fitted at the same time, beside those of other editions."""
    jobs = run.order.jobs or processors()
    return max(1, jobs // min(jobs, len(ready.manuscripts)))


def _files_of(product: Product | FolderProduct) -> int:
    from impressum.publish import Product

    return 1 if isinstance(product, Product) else len(product.files)


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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
