"""The job of the rendering child and its outcomes, as JSON on its standard input and output."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from impressum.stages.render.marks import Origin
from impressum.system.cache import Json

Dialect = Literal["markdown", "bibtex"]
PROGRESS = "rendering "
"""The child writes this and the number of a template to standard error when it begins with it."""
LENT = "<lent>"
"""Before the name of a text of the source edition that a translation includes, as it has none of its own."""
LENT_RULE = "template-untranslated"
UNREAD_RULE = ""
"""The rule of a problem that is no fault: it follows from an unreadable value, which is reported elsewhere."""


@dataclass(frozen=True)
class Template:
    """A text to render: its name in messages, its text with code protected, its language (BCP 47), and the tag of the
    edition whose texts under `templates/` it includes, empty for those of the source."""

    name: str
    text: str
    language: str
    edition: str = ""


@dataclass(frozen=True)
class Job:
    """Templates, numbered: first `templates`, then `includes` in order. `translated` are the names of the includes that
    an edition has a text of its own for, `source` the folder of those of the source edition."""

    dialect: Dialect
    templates: tuple[Template, ...]
    includes: Mapping[str, str]
    context: Mapping[str, Json]
    seconds: float
    """After this time the child stops by itself and says where it was."""
    megabytes: int
    """The memory limit, for the message."""
    translated: tuple[str, ...] = ()
    source: str = ""

    def write(self) -> bytes:
        """The job for the child."""
        return json.dumps(asdict(self), ensure_ascii=True).encode()

    @staticmethod
    def read(raw: bytes) -> Job:
        """The job that `write` wrote."""
        fields = json.loads(raw)
        return Job(**{**fields, "templates": tuple(Template(**template) for template in fields["templates"])})


@dataclass(frozen=True)
class Problem:
    """A fault at a line of a template; `find` is the text in that line (or soon after it) that gives the column."""

    template: int
    line: int
    message: str
    rule: str
    hint: str = ""
    find: str = ""


@dataclass(frozen=True)
class Outcome:
    """A rendered template, the origins of its lines and its problems; `text` is None where there is none."""

    text: str | None
    origins: tuple[Origin, ...]
    problems: tuple[Problem, ...]


def write_outcomes(outcomes: tuple[Outcome, ...]) -> bytes:
    """`outcomes` for the parent."""
    return json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=True).encode()


def read_outcomes(raw: bytes) -> tuple[Outcome, ...]:
    """The outcomes that `write_outcomes` wrote."""
    return tuple(
        Outcome(
            fields["text"],
            tuple((template, line) for template, line in fields["origins"]),
            tuple(Problem(**problem) for problem in fields["problems"]),
        )
        for fields in json.loads(raw)
    )


def too_slow(place: Origin, seconds: float) -> Problem:
    """The problem of a template that ran longer than the `seconds` it is given."""
    message = f"template still running after {seconds:g} s (a loop without end?)"
    return Problem(*place, message, "template-too-slow", "look for a loop in a loop, or for a large number")


def too_big(place: Origin, megabytes: int) -> Problem:
    """The problem of a template that needed more memory than it is given."""
    hint = "look for a text that is repeated or grows in a loop"
    return Problem(*place, f"template needs more than {megabytes} MB", "template-too-big", hint)
