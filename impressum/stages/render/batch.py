"""Renders an edition's texts: cached ones from the memo, those without tags but comments here, others in one child."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core import numerals
from impressum.core.errors import Fault, Faults, Place, Severity
from impressum.core.letters import UNWANTED
from impressum.stages.render import marks, protect
from impressum.stages.render.job import (
    LENT_RULE,
    PROGRESS,
    UNREAD_RULE,
    Dialect,
    Job,
    Outcome,
    Problem,
    Template,
    read_outcomes,
    too_big,
    too_slow,
    write_outcomes,
)
from impressum.system import process
from impressum.system.cache import Json, Memo, digest
from impressum.system.fork_server import IS_POSSIBLE, ForkServer
from impressum.system.installed import version

if TYPE_CHECKING:
    from impressum.core.model.sources import ChapterSource, LineMap, RenderedChapter, SourceText


LIMITS = process.Limits(seconds=10, memory=1_000_000_000)
"""The limits for all chapters of an edition together: the time is that of work, where the system counts it."""
CHILD = "impressum.stages.render.child"
STEP = "render"
FIND_WITHIN = 20
"""How many lines after that of a problem its text is looked for: an expression may be long."""


def render_chapters(
    chapters: tuple[ChapterSource, ...],
    *,
    context: Mapping[str, Json],
    includes: Mapping[str, SourceText],
    language: str,
    memo: Memo,
    faults: Faults,
    limits: process.Limits = LIMITS,
    unread: frozenset[str] = frozenset(),
    own: OwnTexts | None = None,
) -> tuple[RenderedChapter, ...]:
    """The chapters as plain Markdown, in their order.

    `context` is the plain data that they may name, `includes` the texts that they may include, by name, but for those
    `unread`; `language` (BCP 47) is that of numbers and dates, unless a chapter's front matter names another; `own`
    says which includes belong to an edition. Faults go to `faults`; a chapter that they leave without text comes back
    unrendered, and is lost.
    """
    from impressum.core.model.sources import RenderedChapter

    batch = Batch("markdown", context, includes, memo, faults, limits, unread, own or OwnTexts())
    homes = [chapter.twin or chapter.borrowed or batch.own.edition for chapter in chapters]
    rendered = batch.render(
        [(one.body, one.front.language or language, home) for one, home in zip(chapters, homes, strict=True)]
    )
    return tuple(
        RenderedChapter(chapter, one.text, one.map, one.is_lost, one.spoilt)
        for chapter, one in zip(chapters, rendered, strict=True)
    )


def render_bibliography(
    source: SourceText,
    *,
    context: Mapping[str, Json],
    language: str,
    memo: Memo,
    faults: Faults,
    limits: process.Limits = LIMITS,
) -> RenderedText:
    """The `.bib` file with its values (`<< name >>`) filled in, escaped for BibTeX."""
    return Batch("bibtex", context, {}, memo, faults, limits).render([(source, language, "")])[0]


@dataclass(frozen=True)
class OwnTexts:
    """The texts under `templates/` of editions: the tags of this `edition` and of the `source`, the names that any
    edition has (`translated`: `note.md` for `templates/sr-Latn/note.md`), the `severity` where this one lacks it."""

    edition: str = ""
    source: str = ""
    translated: frozenset[str] = frozenset()
    severity: Severity = "warning"


@dataclass(frozen=True)
class RenderedText:
    """A rendered text, its map and the places of its faults (`spoilt`); if these left no text (`is_lost`), `text` is
    the source."""

    text: str
    map: LineMap
    is_lost: bool = False
    spoilt: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Batch:
    """The inputs shared by the texts of one run: the data `context`, the `includes` under `templates/` but for those
    that are `unread`, for which faults exist."""

    dialect: Dialect
    context: Mapping[str, Json]
    includes: Mapping[str, SourceText]
    memo: Memo
    faults: Faults
    limits: process.Limits
    unread: frozenset[str] = frozenset()
    own: OwnTexts = OwnTexts()

    def render(self, sources: Sequence[tuple[SourceText, str, str]]) -> tuple[RenderedText, ...]:
        """Each source, given with its language and its edition, as rendered; faults go to `faults`."""
        templates: dict[int, Template] = {}
        outcomes: dict[int, Outcome] = {}
        for number, (source, language, edition) in enumerate(sources):
            text = self._shielded(source.text)
            if not self._has_work(text):
                continue
            bare = without_comments(text) if self.dialect == "markdown" else None
            if bare:
                outcomes[number] = Outcome(*bare, ())
            else:
                edition = "" if edition == self.own.source else edition
                templates[number] = Template(source.path, text, language, edition)
        if templates:
            outcomes |= self._outcomes(templates)
        rendered: list[RenderedText] = []
        for number, (source, _, _) in enumerate(sources):
            outcome = outcomes.get(number)
            if outcome is None:
                rendered.append(RenderedText(source.text, identity(source)))
                continue
            files = (source, *self.includes.values())
            found = [_fault(problem, files) for problem in outcome.problems]
            for fault, problem in zip(found, outcome.problems, strict=True):
                names = {problem.find, *(f"{one}/{problem.find}" for one in (self.own.edition, self.own.source))}
                if fault.rule == LENT_RULE:
                    self.faults.add(replace(fault, severity=self.own.severity))
                elif fault.rule != UNREAD_RULE and not (fault.rule == "template-include" and names & self.unread):
                    self.faults.hold(fault)
            places = tuple(fault.place for fault in found if fault.rule != LENT_RULE)
            if outcome.text is None:
                rendered.append(RenderedText(source.text, identity(source), True, places))
            else:
                map_ = traced(outcome.text, outcome.origins, files)
                rendered.append(RenderedText(self._clean(outcome.text, map_), map_, False, places))
        return tuple(rendered)

    def _clean(self, text: str, map_: LineMap) -> str:
        """`text` without the characters that no source may hold; a template can make them, as in `{{ "\\ud800" }}`."""
        opens = "<<" if self.dialect == "bibtex" else "{{"
        for letter in UNWANTED.finditer(text):
            line = text.count("\n", 0, letter.start()) + 1
            message = f"the template makes U+{ord(letter.group()):04X} here, which is no character of a text"
            hint = "take it out of the value that it writes"
            self.faults.hold(Fault(map_.place(line, 1, opens), message, "template-letter", hint))
        return UNWANTED.sub("", text)

    def _shielded(self, text: str) -> str:
        return protect.protect(text) if self.dialect == "markdown" else text

    def _has_work(self, text: str) -> bool:
        return "<<" in text if self.dialect == "bibtex" else protect.holds_tags(text)

    def _outcomes(self, templates: Mapping[int, Template]) -> dict[int, Outcome]:
        """The outcome of each template; template 0 in it is the text itself, the others the includes."""
        includes = {name: self._shielded(source.text) for name, source in self.includes.items()}
        own = [self.own.source, *sorted(self.own.translated)]
        shared: dict[str, Json] = {
            "values": digest(json.dumps(dict(self.context), sort_keys=True)),
            "templates": digest(self.dialect, _version(), json.dumps([includes, *own], sort_keys=True)),
        }
        inputs: dict[int, dict[str, Json]] = {
            number: {"text": list(astuple(template)), **shared} for number, template in templates.items()
        }
        found: dict[int, Outcome] = {}
        for number, template in templates.items():
            known = self.memo.get(STEP, inputs[number], about=template.name)
            if known is not None:
                found[number] = read_outcomes(known)[0]
        missing = [number for number in templates if number not in found]
        if not missing:
            return found
        fresh = self._run([templates[number] for number in missing], includes)
        for number, outcome in zip(missing, fresh, strict=True):
            found[number] = outcome
            if outcome.text is not None and all(problem.rule == LENT_RULE for problem in outcome.problems):
                self.memo.put(STEP, inputs[number], write_outcomes((outcome,)), about=templates[number].name)
        return found

    def _run(self, templates: list[Template], includes: Mapping[str, str]) -> tuple[Outcome, ...]:
        megabytes = self.limits.memory // 1_000_000
        own = tuple(sorted(self.own.translated)), self.own.source
        job = Job(self.dialect, tuple(templates), includes, self.context, self.limits.seconds, megabytes, *own)
        child = _child(job.write(), self.limits)
        if child.code == 0 and not child.timed_out:
            outcomes = read_outcomes(child.stdout)
            return tuple(_renumbered(outcome, number, len(templates)) for number, outcome in enumerate(outcomes))
        return _lost(child, len(templates), self.limits.seconds, megabytes)


def _child(job: bytes, limits: process.Limits) -> process.Finished:
    """The result of the child that does `job`."""
    limits = process.patient(limits)
    forked = _fork_server().run(limits=limits, stdin=job) if IS_POSSIBLE else None
    return forked or process.run(process.python_module(CHILD), limits=limits, stdin=job)


@cache
def _fork_server() -> ForkServer:
    """The process from which children are forked: most of a child's time is the import of Jinja."""
    return ForkServer(process.python_module(CHILD, "fork-server"))


def _lost(child: process.Finished, count: int, seconds: float, megabytes: int) -> tuple[Outcome, ...]:
    """The outcomes of a child that was ended: it had begun with the one that it named last."""
    begun = re.findall(rf"^{PROGRESS}(\d+)$", child.errors, re.MULTILINE)
    if child.timed_out:
        problem = too_slow((0, 0), seconds)
    elif child.code < 0 or "MemoryError" in child.errors:
        problem = too_big((0, 0), megabytes)
    else:
        said = child.errors.strip().rpartition("\n")[2]
        if said.startswith(("ImportError", "ModuleNotFoundError")):
            raise ImportError(said)
        raise RuntimeError(f"the rendering child ended with {child.code}:\n{child.errors}")
    last = int(begun[-1]) if begun else 0
    return tuple(Outcome(None, (), (problem,) if number == last else ()) for number in range(count))


def _renumbered(outcome: Outcome, own: int, count: int) -> Outcome:
    """The outcome with its own text as template 0 and the includes from 1, whatever else was in the run."""

    def new(template: int) -> int:
        return 0 if template == own or template < count else template - count + 1

    origins = tuple((new(template), line) for template, line in outcome.origins)
    return Outcome(outcome.text, origins, tuple(replace(one, template=new(one.template)) for one in outcome.problems))


def _fault(problem: Problem, files: Sequence[SourceText]) -> Fault:
    """The fault with its column: the position of the text that the problem names, at its line or soon after."""
    source = files[problem.template]
    line, column = problem.line, 1
    if not line:
        return Fault(source.place(), problem.message, problem.rule, problem.hint)
    if problem.find:
        wanted = re.compile(
            (r"(?<!\w)" if problem.find[0].isalnum() else "")
            + re.escape(problem.find)
            + (r"(?!\w)" if problem.find[-1].isalnum() else "")
        )
        for index, text in enumerate(source.text.split("\n")[line - 1 : line + FIND_WITHIN]):
            tag = re.search(r"\{\{|\{%|<<", text) if not index else None
            found = wanted.search(text, tag.start() if tag else 0) or wanted.search(text)
            if found:
                line, column = line + index, found.start() + 1
                break
    return Fault(source.place(line, column), problem.message, problem.rule, problem.hint)


@cache
def _version() -> str:
    """The hash of everything beside the text that determines how it is rendered."""
    folder = Path(__file__).parent
    own = (path.read_bytes() for path in (*sorted(folder.glob("*.py")), Path(numerals.__file__)))
    return digest(*own, *(version(name) for name in ("jinja2", "markupsafe", "babel")))


def identity(source: SourceText) -> LineMap:
    """The map of a text that was not rendered."""
    return traced(source.text, [(0, line + 1) for line in range(source.text.count("\n") + 1)], (source,))


def traced(text: str, origins: Sequence[marks.Origin], sources: Sequence[SourceText]) -> LineMap:
    """The map of `text`, each of whose lines has its origin: a number in `sources` and a line there."""
    from impressum.core.model.sources import LineMap

    lines = [source.text.split("\n") for source in sources]
    places: list[Place] = []
    exact: list[bool] = []
    for rendered, (number, line) in zip(text.split("\n"), origins, strict=True):
        places.append(sources[number].place(line))
        exact.append(0 < line <= len(lines[number]) and lines[number][line - 1] == rendered)
    used = {number for number, _ in origins}
    by_path = {sources[number].path: ("",) * sources[number].offset + tuple(lines[number]) for number in sorted(used)}
    return LineMap(tuple(places), tuple(exact), by_path)


def without_comments(text: str) -> tuple[str, tuple[marks.Origin, ...]] | None:
    """`text` (after `protect`) without its comments, and the origin of each line; None where Jinja must read it. A
    comment alone on its line takes the line with it. `{##-` and `-##}`, which take more, are left to Jinja."""
    text = protect.keep_line_ends(text)
    parts: list[str] = []
    position, line, at_line_start = 0, 1, True
    for start, end in protect.tags(text):
        if end is None or not text.startswith("{##", start) or text[start + 3] in "-+" or text[end - 4] in "-+":
            return None
        parts.append(_marked(_without_indent(text[position:start], at_line_start=at_line_start), line))
        at_line_start = text[end : end + 1] == "\n"
        end += at_line_start
        line += text.count("\n", position, end)
        position = end
    parts.append(_marked(text[position:], line))
    found = marks.unmark("".join(parts), (0, 1))
    return protect.restore(found.text), found.origins


def _marked(piece: str, line: int) -> str:
    return marks.with_origins(piece, 0, line) if piece else ""


def _without_indent(piece: str, *, at_line_start: bool) -> str:
    """The text before a comment, without the spaces that indent it."""
    line = piece.rfind("\n") + 1
    return piece[:line] if (line or at_line_start) and piece[line:].isspace() else piece
