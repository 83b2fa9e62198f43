"""The order for a release, and its gate: version, stage, embargo, each edition complete and up to date. A waiver is a
rule that the release does not wait for, with a reason, and never a silent one."""

from __future__ import annotations

import datetime
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from impressum.core.errors import Fault, Faults, Place, Severity, WrongUsage, did_you_mean
from impressum.core.model.sources import Edition, Sources
from impressum.core.rules import NEVER_WAIVED, RULES
from impressum.release.history import versions
from impressum.stages.publish.files import RELEASE, RELEASES
from impressum.system.cache import Json
from impressum.system.epoch import NAME, epoch
from impressum.system.workspace import Workspace

MOST_NAMED = 3
UNTRANSLATED = frozenset({"text-untranslated", "figure-untranslated", "data-words"})
"""Warnings that say of an edition that it is not complete."""


@dataclass(frozen=True)
class Waiver:
    """A rule whose errors a release lets through, and for what reason."""

    rule: str
    reason: str


@dataclass(frozen=True)
class ReleaseOrder:
    """The order for a release: its waivers, the day that an embargo is compared with, and the source of that day."""

    waivers: tuple[Waiver, ...]
    today: datetime.date
    by: str
    """"the clock", or "SOURCE_DATE_EPOCH"."""


def order_of(rules: Sequence[str], reasons: Sequence[str]) -> ReleaseOrder:
    """A release with these waivers, today: the day of SOURCE_DATE_EPOCH in UTC where it is set, else the clock's in its
    time zone. Raises WrongUsage for waivers that cannot be."""
    waivers = read_waivers(rules, reasons)
    seconds = epoch()
    if seconds is not None:
        return ReleaseOrder(waivers, datetime.datetime.fromtimestamp(seconds, datetime.UTC).date(), NAME)
    return ReleaseOrder(waivers, datetime.datetime.now().astimezone().date(), "the clock")


def read_waivers(rules: Sequence[str], reasons: Sequence[str]) -> tuple[Waiver, ...]:
    """The waivers that the command line gives, rule by reason. Raises WrongUsage for what cannot be one."""
    if len(rules) != len(reasons):
        raise WrongUsage("each `--waive RULE` needs its own `--reason TEXT`")
    for rule in rules:
        if rule not in RULES:
            raise WrongUsage(f"--waive: there is no rule `{rule}`{did_you_mean(rule, RULES)}")
        if rule in NEVER_WAIVED:
            raise WrongUsage(f"--waive: `{rule}` is never waived ({RULES[rule]})")
        if rules.count(rule) > 1:
            raise WrongUsage(f"--waive: `{rule}` is given twice")
    waivers = tuple(Waiver(rule, " ".join(reason.split())) for rule, reason in zip(rules, reasons, strict=True))
    for waiver in waivers:
        if not waiver.reason:
            raise WrongUsage(f"--reason: say why `{waiver.rule}` is waived")
    return waivers


def weights(rules: Mapping[str, Severity], waivers: Sequence[Waiver]) -> dict[str, Severity]:
    """The publication's `rules` as a release weighs them: what is never waived as Impressum weighs it, what the gate
    requires no less, and a waived rule that would stop the release as a warning."""
    kept = _kept(rules)
    lowered = [waiver.rule for waiver in waivers if kept.get(waiver.rule, "error") == "error"]
    return kept | dict.fromkeys(lowered, "warning")


def _kept(rules: Mapping[str, Severity]) -> dict[str, Severity]:
    """Those of the publication's `rules` that hold in a release."""
    return {
        rule: weight
        for rule, weight in rules.items()
        if rule not in NEVER_WAIVED and (weight == "error" or not rule.startswith("release-"))
    }


def waived(
    waivers: Sequence[Waiver], rules: Mapping[str, Severity], faults: Faults
) -> tuple[tuple[Waiver, tuple[Fault, ...]], ...]:
    """Each used waiver with the faults that the publication's `rules` would stop at; an unused one is a warning."""
    used = []
    kept = _kept(rules)
    for waiver in waivers:
        of_rule = [one for one in faults.found() if one.rule == waiver.rule]
        found = sorted(
            (one for one in of_rule if kept.get(one.rule, one.severity) == "error" and not faults.allowance(one)),
            key=lambda one: (one.place, one.message),
        )
        if found:
            used.append((waiver, tuple(found)))
        else:
            message = "nothing had to be waived: no error of this rule was found"
            hint = "leave it out next time; it is not recorded"
            faults.warning(Place(f"--waive {waiver.rule}"), message, "waiver-unused", hint)
    return tuple(used)


def waivers_as_json(used: Sequence[tuple[Waiver, tuple[Fault, ...]]]) -> list[Json]:
    """The waivers for the records: the rule, the reason, and each fault with its place."""
    return [
        {
            "rule": waiver.rule,
            "reason": waiver.reason,
            "faults": [{**asdict(fault.place), "message": fault.message} for fault in faults],
        }
        for waiver, faults in used
    ]


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
    shows = [edition.tag for edition in gate.sources.editions if edition.texts.fallback == "show"]
    _check_translations(gate.workspace, shows, gate.faults)
    if gate.sources.publication.sign_off:
        _check_signed(gate.workspace, gate.sources.publication.sign_off, gate.faults)


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


def _check_translations(workspace: Workspace, shows: Container[str], faults: Faults) -> None:
    """A fault for each file of an edition whose source has changed since, and a warning where nobody knows.

    A file with passages that are not translated is a fault, too, but in the editions `shows`, which say so.
    """
    from impressum.translation.shelf import read_shelf
    from impressum.translation.status import status

    for one in status(read_shelf(workspace), ()):
        path = workspace.relative(workspace.edition(one.edition) / one.name)
        chapter = one.name.removesuffix(".md")
        noted = f"`translated {chapter} --edition {one.edition}`"
        waiting = [each for each in one.differences if each.state == "untranslated"]
        if waiting and one.edition not in shows:
            message = f"{len(waiting)} passages of it are" if len(waiting) > 1 else "a passage of it is"
            hint = f"translate what `status --edition {one.edition}` shows, or write `fallback: show` in `edition.yaml`"
            line = waiting[0].look.line if waiting[0].look else 0
            faults.error(Place(path, line), f"{message} not translated", "release-incomplete", hint)
        if one.state == "changed":
            times = "one place" if len(one.stale) == 1 else f"{len(one.stale)} places"
            looks = [difference.look for difference in one.stale if difference.look]
            message = f"the source has changed in {times} since this was translated"
            hint = f"`status --edition {one.edition}` shows where; when the translation says it too, run {noted}"
            if not one.needs_translator:
                hint = f"no translator is needed: `translated --apply --edition {one.edition}` puts it in"
            faults.error(Place(path, looks[0].line if looks else 0), message, "release-stale", hint)
        elif one.state == "unknown":
            message = "nobody has noted of which source this is the translation, so it may be out of date"
            faults.warning(Place(path), message, "release-stale", f"compare it with the source, then run {noted}")


def _check_signed(workspace: Workspace, wanted: Literal["reviewed", "approved"], faults: Faults) -> None:
    """A fault for each file of an edition with a translated passage that is not signed off as `wanted`."""
    from impressum.translation.handoff.gathering import every_unit
    from impressum.translation.handoff.signing import lacking
    from impressum.translation.shelf import read_shelf

    shelf = read_shelf(workspace)
    for tag in (tag for tag in shelf.editions if tag not in shelf.twins):
        every = every_unit(shelf, tag)
        for name, units in lacking(every, wanted).items():
            words = units[0].words if len(units[0].words) <= 60 else units[0].words[:60].rpartition(" ")[0] + " …"
            of = f"{len(units)} of {len(every.units[units[0].chapter])} segments"
            message = f"{of} are not {wanted}; the source of the first is “{words}”"
            command = f"`translated {name.removesuffix('.md')} --edition {tag} --state {wanted}`"
            hint = f"sign them off in a hand-off (`handoff --all`), or the file as a whole: {command}"
            faults.error(Place(workspace.relative(shelf.chapter(tag, name))), message, "release-unsigned", hint)
