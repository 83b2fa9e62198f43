"""The exceptions with which the environment refuses a template, with the message for its author."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2.runtime import Context


class Refused(Exception):
    """A template used something that is not allowed; `find` is the text that gives the column."""

    def __init__(self, message: str, rule: str, hint: str = "", find: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.hint = hint
        self.find = find


class NotAText(Exception):
    """A value that cannot be printed; its expression is looked up in the source later."""

    def __init__(self, value: object, context: Context) -> None:
        super().__init__()
        self.value = value
        self.context = context


class TooSlow(BaseException):
    """The time is over. Not an `Exception`: Jinja catches those while it computes constants."""


def internals(name: str) -> Refused:
    """The refusal of an attribute or method that is not plain data."""
    hint = "use the data's own keys, a filter, or the methods of texts such as `upper` and `split`"
    return Refused(f"template may not touch Python internals (`{name}`)", "template-refused", hint, name)


def not_callable(value: object) -> Refused:
    """The refusal of a call of anything but a macro or a method."""
    hint = "leave out the brackets `()`, or call a macro"
    return Refused(f"{kind_of(value)} cannot be called", "template-type", hint)


def kind_of(value: object) -> str:
    """The kind of `value`, in the words of an author."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a yes or no"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, dict):
        return "a mapping"
    if callable(value):
        return "a macro or a method"
    return "a list" if hasattr(value, "__iter__") else "a value"
