"""allowances: comments that let one occurrence of a rule pass, with a reason: `{## allow RULE: reason ##}` in a
chapter, `# allow …` in YAML and figure scripts, `% allow …` in the bibliography. Faults of any stage are matched by
file and line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from impressum.checks.allowances.comments import AllowedRules, Comment, allowed_rules, comments_of, example
from impressum.core.errors import Allowance, Fault, Faults, Place, did_you_mean
from impressum.core.model.sources import Sources
from impressum.core.rules import NEVER_SILENCED, RULES, of_allowances
from impressum.system.workspace import Workspace


@dataclass(frozen=True)
class _Allowed:
    """An allowance, and the comment that it comes from."""

    allowance: Allowance
    comment: Comment

    def covers(self, fault: Fault) -> bool:
        line, of_file = fault.place.line, fault.place.path == self.allowance.place.path
        here = self.comment.first <= line <= self.comment.last if line and of_file else self.comment.whole
        return here and fault.rule == self.allowance.rule


@dataclass
class Allowances:
    """The allowances in the files of `workspace`; each file is read on first use."""

    workspace: Workspace
    _files: dict[str, tuple[_Allowed, ...]] = field(default_factory=dict)
    _wrong: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    """By file, the faults of its comments."""
    _used: set[Allowance] = field(default_factory=set)

    def of(self, fault: Fault) -> Allowance | None:
        """The allowance that covers `fault`, or None."""
        if not fault.place.path or fault.rule in NEVER_SILENCED or of_allowances(fault.rule):
            return None
        for allowed in (*self._of_file(fault.place.path), *self._of_file(_description(fault.place.path))):
            if allowed.covers(fault):
                self._used.add(allowed.allowance)
                return allowed.allowance
        return None

    def check(self, names: Iterable[str], faults: Faults) -> None:
        """A warning for each malformed allowing comment in the files `names`."""
        for name in names:
            self._of_file(name)
            faults.extend(self._wrong[name])

    def check_unused(self, rules: Iterable[str], faults: Faults, *, complete: bool) -> None:
        """Warns of each allowance of `rules`, whose faults are all found, that covers none, if `complete`."""
        if not complete:
            return
        faults.all()  # matches each fault with the allowances
        searched = frozenset(rules)
        for allowance in (one.allowance for allowed in self._files.values() for one in allowed):
            if allowance in self._used or allowance.rule not in searched or faults.is_off(allowance.rule):
                continue
            message = f"no fault is found here under `{allowance.rule}`, which this comment allows"
            hint = "take it out, or put it on the line that the fault names, or alone on the line before"
            faults.warning(allowance.place, message, "allow-unused", hint)

    def _of_file(self, name: str) -> tuple[_Allowed, ...]:
        if name not in self._files:
            wrong = Faults()
            self._files[name] = tuple(self._read(name, wrong))
            self._wrong[name] = wrong.all()
        return self._files[name]

    def _read(self, name: str, wrong: Faults) -> Iterator[_Allowed]:
        for comment in comments_of(self.workspace, name):
            allowed = allowed_rules(comment.text)
            if allowed is None:
                continue
            place = Place(name, comment.line, comment.column)
            if not _is_complete(allowed, place, wrong):
                continue
            for rule in dict.fromkeys(allowed.rules):
                if _may_be_allowed(rule, place, wrong):
                    yield _Allowed(Allowance(place, rule, allowed.reason), comment)


def _description(name: str) -> str:
    """The YAML file that describes the data or picture `name`, which can hold no comments; empty for other files."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.yaml" if suffix in ("csv", "xlsx", "svg", "png", "jpg") else ""


def _is_complete(allowed: AllowedRules, place: Place, wrong: Faults) -> bool:
    """Whether `allowed` names a rule and a reason; reports what is missing."""
    if not allowed.rules:
        hint = f"write `{example(place.path, 'RULE')}`; the id of a rule is in square brackets behind its message"
        wrong.warning(place, "`allow` names no rule", "allow-unknown", hint)
    elif not allowed.reason:
        named = ", ".join(allowed.rules)
        hint = f"write why behind a colon: `{example(place.path, named)}`"
        wrong.warning(place, f"`allow {named}` gives no reason, and allows nothing", "allow-reason", hint)
    return bool(allowed.rules and allowed.reason)


def _may_be_allowed(rule: str, place: Place, wrong: Faults) -> bool:
    """Whether `rule` exists and may be allowed; reports it if not."""
    if rule not in RULES:
        message = f"there is no rule `{rule}` to allow{did_you_mean(rule, RULES)}"
        wrong.warning(place, message, "allow-unknown", "the id of a rule is in square brackets behind its message")
    elif rule in NEVER_SILENCED:
        message = f"`{rule}` cannot be allowed: readers would not get what was written"
        wrong.warning(place, message, "allow-refused", "take the comment out, and mend what the fault names")
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
    """The names of the files of `workspace` that may have comments, for the editions `tags` (none: all)."""
    wanted = tuple(tags)
    folders = sorted(path for path in workspace.chapters.glob("*") if path.is_dir() and not path.name.startswith("."))
    found = [workspace.publication] if workspace.publication.exists() else []
    for folder in (workspace.figures, workspace.data, *(one for one in folders if not wanted or one.name in wanted)):
        found += sorted(folder.glob("*"))
    for folder_name, _, names in os.walk(workspace.templates):
        found += [Path(folder_name) / name for name in sorted(names)]
    for path in found:
        if path.suffix in (".md", ".yaml", ".py") and not path.name.startswith("."):
            yield workspace.relative(path)
