"""Where in a template Python is, or was when an exception rose: the template's number and the line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import FrameType, TracebackType

from jinja2 import Template

from impressum.stages.render.marks import Origin

NOWHERE: Origin = (-1, 0)


def running(numbers: Mapping[str, int]) -> Origin:
    """The place in a template that is being rendered now."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        found = _place(frame, frame.f_lineno, numbers)
        if found is not None:
            return found
        frame = frame.f_back
    return NOWHERE


def raised(traceback: TracebackType | None, numbers: Mapping[str, int]) -> Origin:
    """The innermost place in a template that an exception went through."""
    places = list(stack(traceback, numbers))
    return places[-1] if places else NOWHERE


def stack(traceback: TracebackType | None, numbers: Mapping[str, int]) -> Iterator[Origin]:
    """Every place in a template that an exception went through, the outermost first."""
    while traceback is not None:
        found = _place(traceback.tb_frame, traceback.tb_lineno, numbers)
        if found is not None:
            yield found
        traceback = traceback.tb_next


def _place(frame: FrameType, line: int, numbers: Mapping[str, int]) -> Origin | None:
    template = frame.f_globals.get("__jinja_template__")
    if not isinstance(template, Template) or template.name is None or template.name not in numbers:
        return None
    return numbers[template.name], template.get_corresponding_lineno(line)
