"""allowances: comments in the sources that let one occurrence of a rule pass, with a reason.

`{## allow RULE: reason ##}` in a chapter, `# allow RULE: reason` in YAML and in a figure script, `% allow RULE: reason`
in the bibliography. A fault is laid beside them by its file and line, whichever stage has found it, so that no stage
knows of them. What a comment allows is not told, and never changes what is printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from impressum.checks.allowances.comments import comments_of, example
from impressum.checks.allowances.wording import Comment, Wording, read_wording
from impressum.core.errors import Allowance, Fault, Faults, Place, nearest
from impressum.core.model.sources import Sources
from impressum.core.rules import NEVER_SILENCED, RULES, of_allowances
from impressum.system.workspace import Workspace


@dataclass(frozen=True)
class _Allowed:
    """An allowance, and the comment that says of which lines it speaks."""

    allowance: Allowance
    comment: Comment

    def covers(self, fault: Fault) -> bool:
        line, of_file = fault.place.line, fault.place.path == self.allowance.place.path
        here = self.comment.first <= line <= self.comment.last if line and of_file else self.comment.whole
        return here and fault.rule == self.allowance.rule


@dataclass
class Allowances:
    """The allowances in the files of `workspace`, each file read when it is first asked for."""

    workspace: Workspace
    _files: dict[str, tuple[_Allowed, ...]] = field(default_factory=dict)
    _wrong: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    """By file, what is wrong with its comments."""
    _used: set[Allowance] = field(default_factory=set)

    def of(self, fault: Fault) -> Allowance | None:
        """The allowance by which `fault` is not told, or None."""
        if not fault.place.path or fault.rule in NEVER_SILENCED or of_allowances(fault.rule):
            return None
        for allowed in (*self._of_file(fault.place.path), *self._of_file(_description(fault.place.path))):
            if allowed.covers(fault):
                self._used.add(allowed.allowance)
                return allowed.allowance
        return None

    def check(self, names: Iterable[str], faults: Faults) -> None:
        """A warning for each comment in the files `names` that allows nothing, as it is not written as it must be."""
        for name in names:
            self._of_file(name)
            faults.extend(self._wrong[name])

    def check_unused(self, rules: Iterable[str], faults: Faults, *, complete: bool) -> None:
        """A warning for each allowance of one of `rules` in the files read so far that let nothing pass.

        All that can be found under these rules must have been found; nothing is told where this is not `complete`,
        as not all editions were read.
        """
        if not complete:
            return
        faults.all()  # lays each fault beside the allowances
        searched = frozenset(rules)
        for allowance in (one.allowance for allowed in self._files.values() for one in allowed):
            if allowance in self._used or allowance.rule not in searched or faults.is_off(allowance.rule):
                continue
            faults.warning(
                allowance.place,
                f"nothing is told here under `{allowance.rule}`, which this comment allows",
                "allow-unused",
                "take it out, or put it on the line that the fault names, or alone on the line before",
            )

    def _of_file(self, name: str) -> tuple[_Allowed, ...]:
        if name not in self._files:
            wrong = Faults()
            self._files[name] = tuple(self._read(name, wrong))
            self._wrong[name] = wrong.all()
        return self._files[name]

    def _read(self, name: str, wrong: Faults) -> Iterator[_Allowed]:
        for comment in comments_of(self.workspace, name):
            wording = read_wording(comment.text)
            if wording is None:
                continue
            place = Place(name, comment.line, comment.column)
            if not _is_whole(wording, place, wrong):
                continue
            for rule in dict.fromkeys(wording.rules):
                if _may_be_allowed(rule, place, wrong):
                    yield _Allowed(Allowance(place, rule, wording.reason), comment)


def _description(name: str) -> str:
    """The file that describes the data or the drawing `name`, which have no comments; empty for any other file."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.yaml" if suffix in ("csv", "xlsx", "svg", "png", "jpg") else ""


def _is_whole(wording: Wording, place: Place, wrong: Faults) -> bool:
    """Whether `wording` names a rule and a reason; notes what is missing."""
    if not wording.rules:
        hint = f"write `{example(place.path, 'RULE')}`; the id of a rule stands in square brackets behind its message"
        wrong.warning(place, "`allow` names no rule", "allow-unknown", hint)
    elif not wording.reason:
        named = ", ".join(wording.rules)
        hint = f"write why behind a colon: `{example(place.path, named)}`"
        wrong.warning(place, f"`allow {named}` gives no reason, and allows nothing", "allow-reason", hint)
    return bool(wording.rules and wording.reason)


def _may_be_allowed(rule: str, place: Place, wrong: Faults) -> bool:
    """Whether `rule` is one, and may be allowed; notes where not."""
    if rule not in RULES:
        near = nearest(rule, RULES)
        wrong.warning(
            place,
            f"there is no rule `{rule}` to allow" + (f"; did you mean `{near}`?" if near else ""),
            "allow-unknown",
            "the id of a rule stands in square brackets behind its message",
        )
    elif rule in NEVER_SILENCED:
        wrong.warning(
            place,
            f"`{rule}` cannot be allowed: readers would not get what was written",
            "allow-refused",
            "take the comment out, and mend what the fault names",
        )
    elif of_allowances(rule):
        hint = f"take the comment out, or write `{rule}: off` under `rules` in publication.yaml"
        wrong.warning(place, f"`{rule}` cannot be allowed by a comment", "allow-refused", hint)
    else:
        return True
    return False


def files_read(sources: Sources) -> Iterator[str]:
    """The bibliography, and the chapters of all editions of `sources` with those that they borrow, by name."""
    if sources.bibliography and sources.bibliography.source.path:
        yield sources.bibliography.source.path
    yield from (chapter.body.path for edition in sources.editions for chapter in edition.chapters)


def texts_of(workspace: Workspace, tags: Iterable[str]) -> Iterator[str]:
    """The files of `workspace` in which comments may stand, by name: those of the editions `tags` (none: all)."""
    asked = tuple(tags)
    folders = sorted(path for path in workspace.chapters.glob("*") if path.is_dir() and not path.name.startswith("."))
    found = [workspace.publication] if workspace.publication.exists() else []
    for folder in (workspace.figures, workspace.data, *(one for one in folders if not asked or one.name in asked)):
        found += sorted(folder.glob("*"))
    for folder_name, _, names in os.walk(workspace.templates):
        found += [Path(folder_name) / name for name in sorted(names)]
    for path in found:
        if path.suffix in (".md", ".yaml", ".py") and not path.name.startswith("."):
            yield workspace.relative(path)
