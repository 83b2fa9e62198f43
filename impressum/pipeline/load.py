"""Reads the sources of a run, with the comments that allow faults in them."""

from __future__ import annotations

from dataclasses import replace

from impressum.checks import parity
from impressum.checks.allowances import files_read, texts_of
from impressum.core.model.sources import Sources
from impressum.pipeline.run import Run
from impressum.pipeline.untrusted import guarded
from impressum.stages import load as stage
from impressum.translation.history import History


def load(run: Run) -> Sources:
    """Everything that the publication holds, for the requested editions. Raises `Faulty` where too little can be read
    to check anything else, `WrongUsage` for a tag that is no edition."""
    run.progress("load", "sources")
    if not run.order.untrusted:
        History(run.workspace).check_untracked(run.faults)
    run.allowances.check(texts_of(run.workspace, run.order.editions), run.faults)
    sources = stage.load(run.workspace, run.faults, editions=run.order.editions)
    run.allowances.check(files_read(sources), run.faults)
    if run.order.untrusted:
        sources = guarded(sources, run.order.untrusted, run.faults)
    if run.order.draft:
        # What a translation still lacks does not keep its draft from being seen.
        run.faults.severities = {**dict.fromkeys(parity.RULES, "warning"), **run.faults.severities}
        sources = _as_draft(sources)
    if sources.theme.is_whole:
        stage.check_resolution(run.workspace, sources, sources.theme, run.faults)
        stage.check_access_dates(sources.bibliography, sources.theme, run.faults)
    return sources


def _as_draft(sources: Sources) -> Sources:
    """The same sources with every edition at the stage `draft`, so that its pages are marked."""
    editions = tuple(
        replace(edition, publication=edition.publication.model_copy(update={"stage": "draft"}))
        for edition in sources.editions
    )
    return replace(sources, editions=editions)
