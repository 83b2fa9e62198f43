"""The gate as far as the sources go: version, stage, embargo, and that each edition is complete and up to date."""

from __future__ import annotations

from dataclasses import dataclass

from impressum.core.errors import Faults, Place
from impressum.core.model.release import ReleaseOrder
from impressum.core.model.sources import Edition, Sources
from impressum.release.history import versions
from impressum.stages.publish.files import RELEASE, RELEASES
from impressum.system.workspace import Workspace

MOST_NAMED = 3
UNTRANSLATED = frozenset({"text-untranslated", "figure-untranslated", "data-words"})
"""Warnings that say of an edition that it is not complete."""


@dataclass(frozen=True)
class Gate:
    """The release that was requested, and its sources; reasons against it go to `faults`."""

    order: ReleaseOrder
    workspace: Workspace
    sources: Sources
    faults: Faults


def check_gate(gate: Gate) -> None:
    """Notes a fault for each reason not to release the sources as they are."""
    _check_version(gate.workspace, gate.sources, gate.faults)
    _check_stage(gate.order, gate.sources, gate.faults)
    for edition in gate.sources.editions:
        _check_complete(edition, gate.workspace, gate.faults)
    _check_translations(gate.workspace, gate.faults)


def file_of(version: str) -> str:
    """The record of the release `version`, relative to the root."""
    return f"{RELEASES}/{version}.json"


def _check_version(workspace: Workspace, sources: Sources, faults: Faults) -> None:
    version = sources.publication.version
    if version is None:
        known = versions(workspace)
        last = f"; the last release is {known[-1]}" if known else ""
        hint = f'add a line such as `version: "1.0"`{last}'
        faults.error(sources.place_of("version"), "a release needs a version", "release-version", hint)
    elif not RELEASE.fullmatch(file_of(version)):
        message = f"the version `{version}` cannot be the name of a file, and a release is kept under its version"
        hint = "use letters, digits and the signs . + - _ only, and begin with a letter or a digit"
        faults.error(sources.place_of("version"), message, "release-version", hint)


def _check_stage(order: ReleaseOrder, sources: Sources, faults: Faults) -> None:
    publication = sources.publication
    if publication.stage != "final":
        message = f"the stage is `{publication.stage}`, and only what is `final` is released"
        hint = "write `stage: final`, or build without `--release`: the pages are marked"
        faults.error(sources.place_of("stage"), message, "release-stage", hint)
    if publication.embargo and order.today < publication.embargo:
        message = f"the embargo lasts until {publication.embargo}, and by {order.by} it is {order.today}"
        hint = "release it on that day; until then `stage: embargo` makes copies that say so on each page"
        faults.error(sources.place_of("embargo"), message, "release-embargo", hint)


def _check_complete(edition: Edition, workspace: Workspace, faults: Faults) -> None:
    if edition.texts.fallback == "show":
        return  # its impressum and its pages say what is not translated
    lacking = [chapter.slug for chapter in edition.chapters if chapter.borrowed]
    folder, path = (workspace.relative(one(edition.tag)) for one in (workspace.edition, workspace.edition_file))
    if lacking:
        names = ", ".join(f"`{name}`" for name in lacking[:MOST_NAMED])
        more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
        message = (
            f"{len(lacking)} of {len(edition.chapters)} chapters are not translated, and the edition does not say so: "
            f"{names}{more}"
        )
        hint = f"translate them, or write `fallback: show` in `{path}`"
        faults.error(Place(folder), message, "release-incomplete", hint)
    for fault in faults.found():
        if fault.rule in UNTRANSLATED and fault.place.path.startswith(f"{folder}/") and fault.severity == "warning":
            hint = f"{fault.hint.partition(';')[0]}; or write `fallback: show` in `{path}`"
            faults.error(fault.place, fault.message, "release-incomplete", hint)


def _check_translations(workspace: Workspace, faults: Faults) -> None:
    """A fault for each file of an edition whose source has changed since, and a warning where nobody knows."""
    from impressum.translation.shelf import read_shelf
    from impressum.translation.status import status

    for one in status(read_shelf(workspace), ()):
        path = workspace.relative(workspace.edition(one.edition) / one.name)
        chapter = one.name.removesuffix(".md")
        noted = f"`translated {chapter} --edition {one.edition}`"
        if one.state == "changed":
            times = "one place" if len(one.differences) == 1 else f"{len(one.differences)} places"
            looks = [difference.look for difference in one.differences if difference.look]
            message = f"the source has changed in {times} since this was translated"
            hint = f"`status --edition {one.edition}` shows where; when the translation says it too, run {noted}"
            faults.error(Place(path, looks[0].line if looks else 0), message, "release-stale", hint)
        elif one.state == "unknown":
            message = "nobody has noted of which source this is the translation, so it may be out of date"
            faults.warning(Place(path), message, "release-stale", f"compare it with the source, then run {noted}")
