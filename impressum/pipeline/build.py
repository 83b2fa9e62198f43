"""The whole line, from sources to published files: load, draw, render, convert, typeset, verify, publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.core.errors import Faults
from impressum.core.rules import FOUND_IN_SOURCES, FOUND_ON_PAGES
from impressum.pipeline.ground import count_of, editions_of, ground_of, render_edition
from impressum.pipeline.setting import Setting
from impressum.system.cache import Memo, code_of_package, digest
from impressum.system.parallel import processors
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from impressum.core.model.chapters import ChapterDocument
    from impressum.core.model.drawing import Drawing
    from impressum.core.model.expected import Manuscript
    from impressum.core.model.fits import Asked
    from impressum.core.model.release import ReleaseOrder
    from impressum.core.model.sources import Bibliography, Edition, Sources
    from impressum.core.model.theme import Theme
    from impressum.pipeline.fitting.explain import Explained
    from impressum.pipeline.products import Task
    from impressum.pipeline.untrusted import Staged
    from impressum.release.validators import Validator
    from impressum.stages.publish import FolderProduct, Product

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
    validators: tuple[Validator, ...] = ()
    """Programs that judge each PDF before it is published."""
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
        from impressum.checks.allowances import Allowances

        self.memo = Memo(self.workspace.memo, code_of_package())
        self.allowances = Allowances(self.workspace)
        self.faults.allowance = self.allowances.of
        if self.order.staged:
            from impressum.pipeline.untrusted import but_for_security

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
    from impressum.pipeline.products import make_editions
    from impressum.stages.publish import Made, lock, new_files, publish_made, recover

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
        if run.order.validators:
            from impressum.release.validators import validated

            run.progress("verify", ", ".join(dict.fromkeys(one.name for one in run.order.validators)))
            made = validated(made, run.order.validators, run.workspace)
        if run.order.release:
            from impressum.release import Gate, seal

            gate = Gate(run.order.release, run.workspace, ready.sources, run.faults)
            made = seal(gate, made, {one.meant.tag: one.meant.anchors for one in ready.manuscripts})
            run.faults.stop_if_any()
        run.progress("publish", count_of(sum(map(_files_of, products)), "file"))
        return publish_made(run.workspace, made, ended=ended)


def _tasks(run: Run, ready: Ready) -> list[Task]:
    """The editions to make."""
    from impressum.pipeline.products import Task

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
    figures = {figure.declared for one in made.manuscripts for figure in one.figures if figure.declared}
    cited = {key for one in made.manuscripts for chapter in one.meant.chapters for key in chapter.cited}
    _check_together(run, made.sources, figures, cited)
    asked = [
        _looked_at(edition, manuscript, run.faults)
        for edition, manuscript in zip(made.sources.editions, made.manuscripts, strict=True)
    ]
    if run.order.release and not made.sources.lost.values:
        from impressum.release import Gate, check_gate

        check_gate(Gate(run.order.release, run.workspace, made.sources, run.faults))
    _end_of_sources(run)
    return Ready(made.sources, made.theme, made.drawings, made.manuscripts, made.model, made.is_whole, tuple(asked))


def _check_together(run: Run, sources: Sources, figures: set[str], cited: set[str]) -> None:
    """The checks over all editions: `figures` stand in them, the works `cited` are cited there."""
    from impressum.stages.convert import check_uncited, check_unused

    # In an edition that is not read, or in a passage that could not be, a figure may stand.
    if not run.order.editions and not run.faults.errors():
        check_unused(sources.figures, figures, run.faults)
        bibliography = sources.bibliography
        if bibliography and sources.publication.nocite != "all":
            cited = cited | {table.sidecar.source for table in sources.data.values() if table.sidecar.source}
            check_uncited(bibliography.entries, cited, run.faults)
    if run.workspace.glossary.exists() and run.workspace.edition(sources.publication.language).is_dir():
        from impressum.translation.handoff.glossary_check import check_glossary

        tags = tuple(edition.tag for edition in sources.editions)
        check_glossary(run.workspace, sources.publication.language, tags, run.memo, run.faults)


def _looked_at(edition: Edition, manuscript: Manuscript, faults: Faults) -> tuple[Asked, ...]:
    """What the layout file of `edition` asks; what it and the errata name must stand in `manuscript`."""
    from impressum.core.errata import check_places
    from impressum.core.model.lost import may_stand
    from impressum.pipeline.fitting import find_asked

    errata = (one for one in edition.publication.errata if not may_stand(one.where, manuscript.lost))
    check_places(errata, manuscript.meant.anchors, faults)
    layout = tuple(entry for entry in edition.layout if not manuscript.lacks(entry.chapter))
    return find_asked(layout, manuscript.meant, faults)


def _end_of_sources(run: Run) -> None:
    """Raises `Faulty` where anything stops here; else the allowances that were of no use are told of."""
    run.faults.stop_if_any()
    run.allowances.check_unused(FOUND_IN_SOURCES, run.faults, complete=not run.order.editions)


def check(run: Run) -> None:
    """The first four stages for what there is to tell of them alone: nothing is kept to set pages of. Raises `Faulty`.

    Of an edition of which nothing has changed, what is known is told again.
    """
    from impressum.pipeline.examined import Examination

    ground = ground_of(run)
    chapters = count_of(sum(len(edition.chapters) for edition in ground.sources.editions), "chapter")
    run.progress("render", chapters)
    run.progress("convert", chapters)
    examination = Examination(editions_of(run, ground, documents=True), _looked_at)
    found = examination.all()
    figures = {figure for one in found for figure in one.figures}
    _check_together(run, ground.sources, figures, {key for one in found for key in one.cited})
    run.faults.extend(examination.looked.found())
    _end_of_sources(run)


def converted(run: Run, *, documents: bool = True) -> Converted:
    """The first four stages, for those who want the manuscripts in spite of faults that are told of them.

    Chapters that could not be read are not in them. Raises `Faulty` where there can be none.
    Without `documents` the typed documents are not kept: nothing that sets pages needs them.
    """
    ground = ground_of(run)
    sources = ground.sources
    chapters = count_of(sum(len(edition.chapters) for edition in sources.editions), "chapter")
    run.progress("render", chapters)
    rendered = [render_edition(run, sources, edition, run.faults) for edition in sources.editions]
    is_whole = not run.faults.errors()
    run.progress("convert", chapters)
    editions = editions_of(run, ground, documents=documents)
    manuscripts = editions.manuscripts(rendered)
    for edition, manuscript in zip(sources.editions, manuscripts, strict=True):
        is_whole = is_whole and not {chapter.slug for chapter in edition.chapters} - manuscript.slugs()
    return Converted(sources, ground.theme, ground.drawings, manuscripts, editions.model, is_whole)


def bibliographies(run: Run, made: Converted) -> tuple[Bibliography, ...]:
    """The bibliography of each edition, with the values that are filled in."""
    rendered = (render_edition(run, made.sources, edition, Faults())[1] for edition in made.sources.editions)
    return tuple(references.source for references in rendered if references)


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
    from impressum.stages.publish import Product

    return 1 if isinstance(product, Product) else len(product.files)


def _shared(sources: Sources) -> dict[str, bytes]:
    from impressum.stages.publish.citation import citation_cff

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
