"""What a macro, a `{% set %}` block or `| markdown` gives: finished text, which is not escaped again.

To a template's operations it is its text alone: `{% if kind() == "big" %}` compares letters, not marks. When it
is printed, its marks go along, so that the lines of a macro are still known to come from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from markupsafe import Markup

from impressum.stages.render import escape
from impressum.stages.render.marks import VALUE_END, VALUE_START, strip


class Captured(Markup):
    """Finished text; `marked` is the same with its marks."""

    marked: str
    escape_text: escape.Escape = staticmethod(escape.markdown)
    """How plain text becomes finished text; `speak` sets it, once, for the whole process."""

    def __new__(cls, base: object = "", encoding: str | None = None, errors: str = "strict") -> Self:
        marked = marked_text(base) if isinstance(base, Captured) or not hasattr(base, "__html__") else base.__html__()
        self = super().__new__(cls, str.__str__(strip(marked)))
        self.marked = str.__str__(marked)
        return self

    def __html__(self) -> Any:
        return self.marked

    @classmethod
    def escape(cls, s: Any, /) -> Any:
        """What Markup's own operations join: `s` as finished text with its marks."""
        return Markup(finished(s))

    def __add__(self, value: Any, /) -> Any:
        return type(self)(self.marked + finished(value))

    def __radd__(self, value: Any, /) -> Any:
        return type(self)(finished(value) + self.marked)


def marked_text(value: object) -> str:
    """`value` as text, with its marks if it has any."""
    return value.marked if isinstance(value, Captured) else str(value)


def finished(value: object) -> str:
    """`value` as finished text with marks; a plain one is escaped and marked as a value."""
    if isinstance(value, Captured):
        return value.marked
    if hasattr(value, "__html__"):
        return str.__str__(value.__html__())
    return f"{VALUE_START}{Captured.escape_text(str(value))}{VALUE_END}"


def joined(parts: Iterable[str]) -> str:
    """The output of a template from its parts, with all marks."""
    return "".join(marked_text(part) for part in parts)


def speak(escape_text: escape.Escape) -> None:
    """Makes `escape_text` the escaping of this process, and `Captured` what Jinja captures into.

    Jinja knows one markup, HTML, by the names that its modules import; a child of our own may rename them.
    """
    import jinja2.filters
    import jinja2.runtime

    Captured.escape_text = staticmethod(escape_text)
    for module in (jinja2.runtime, jinja2.filters):
        setattr(module, "Markup", Captured)  # noqa: B010
    setattr(jinja2.filters, "escape", lambda value: Captured(Markup(finished(value))))  # noqa: B010
