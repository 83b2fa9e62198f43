"""The child that renders: a job on standard input, outcomes on standard output, progress on standard error; no files,
network or secrets. With the argument `fork-server` it forks a process like itself for each job."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from jinja2 import Template

from impressum.stages.render import marks, protect
from impressum.stages.render.environment import Sandbox
from impressum.stages.render.escape import escape_bibtex, escape_markdown, joined, shield, speak
from impressum.stages.render.explain import Explainer
from impressum.stages.render.job import LENT, PROGRESS, Job, Outcome, Problem, write_outcomes
from impressum.stages.render.refusal import TooSlow
from impressum.stages.render.unread import for_templates

FOR_EACH_JOB = ("babel.dates", "babel.numbers")
"""Imported before a job begins, where the job is forked."""
LARGEST_TEXT = 20_000_000
"""Letters of the longest text that a template may make."""


def main() -> None:
    """Renders the templates of the job on standard input, each independent of the others, within one limit of time."""
    job = Job.read(sys.stdin.buffer.read())
    speak(escape_markdown if job.dialect == "markdown" else escape_bibtex)
    outcomes = Renderer(job).render()
    sys.stdout.buffer.write(write_outcomes(outcomes))
    sys.stdout.buffer.flush()


class Renderer:
    """Renders one job."""

    def __init__(self, job: Job) -> None:
        self._job = job
        own = [f"<{number}>" for number in range(len(job.templates))]
        numbers = {name: number for number, name in enumerate([*own, *job.includes])}
        numbers |= {LENT + name: numbers[name] for name in job.includes}
        self._sandbox = Sandbox(job.dialect, job.includes, numbers, job.translated, job.source)
        self._context = for_templates(job.context)
        self._sandbox.globals |= self._context  # for macros that are imported, too
        self._explainer = Explainer(job, self._sandbox, self._context)

    def render(self) -> tuple[Outcome, ...]:
        """The outcome of each template, in order."""
        outcomes: list[Outcome] = []
        _start_clock(self._job.seconds)
        try:
            for number in range(len(self._job.templates)):
                print(f"{PROGRESS}{number}", file=sys.stderr, flush=True)
                outcomes.append(self._one(number))
        except TooSlow as exc:
            _start_clock(0)
            problem = self._explainer.explain(exc, len(outcomes))
            outcomes.append(Outcome(None, (), (*self._noted(), problem)))
            outcomes += [Outcome(None, (), ())] * (len(self._job.templates) - len(outcomes))
        _start_clock(0)
        return tuple(outcomes)

    def _one(self, number: int) -> Outcome:
        template = self._job.templates[number]
        self._sandbox.noted.clear()
        self._sandbox.language, self._sandbox.edition = template.language, template.edition
        try:
            marked = self._marked(number)
            if len(marked) > LARGEST_TEXT and len(marks.strip(marked)) > LARGEST_TEXT:
                message = f"the rendered text is longer than {LARGEST_TEXT // 1_000_000} million letters"
                problem = Problem(number, 0, message, "template-too-big", "look for a loop that repeats too much")
                return Outcome(None, (), (problem,))
            rendered = marks.unmark(marked, (number, 1))
            text = shield(rendered) if self._job.dialect == "markdown" else rendered.text
            return Outcome(protect.restore(text), rendered.origins, self._noted())
        except Exception as exc:
            return Outcome(None, (), (*self._noted(), self._explainer.explain(exc, number)))

    def _marked(self, number: int) -> str:
        name = f"<{number}>"
        code = self._sandbox.compile(self._job.templates[number].text, name, name)
        template = Template.from_code(self._sandbox, code, self._sandbox.make_globals(None))
        return joined(template.root_render_func(template.new_context(dict(self._context))))

    def _noted(self) -> tuple[Problem, ...]:
        noted = (self._explainer.noted(error, (template, line)) for error, template, line in self._sandbox.noted)
        return tuple(dict.fromkeys(noted))


def _start_clock(seconds: float) -> None:
    """Raises `TooSlow` after most of `seconds` of work, however busy the machine is; 0 stops the clock. The system ends
    a child that does not obey it, and works for `seconds`."""
    if not hasattr(signal, "setitimer"):
        return  # Windows: the parent names the chapter, without its line
    signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, seconds * 0.8)


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


if __name__ == "__main__":
    if sys.argv[1:] == ["fork-server"]:
        from impressum.system.fork_server_child import serve

        serve(main, FOR_EACH_JOB)
    main()
