"""Placeholders for unreadable values, `UNREAD` in the context and an `Unread` in a template, so that no faults follow
from them: printed, it leaves its passage unknown; decided by or iterated over, all of the template's text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Self

from impressum.system.cache import Json

UNREAD: Json = ["\u0000unread"]
"""The value in a context, which is JSON; no text of a source holds this letter."""


class Unknowable(Exception):
    """A template used a value that could not be read; any other fault about it would be invented."""


class Unread:
    """The value in a template."""

    def _same(self, *others: object) -> Self:
        return self

    def _refuse(self, *others: object) -> Any:
        raise Unknowable

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _same
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = __abs__ = _same
    __bool__ = __len__ = __iter__ = __contains__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __eq__ = __ne__ = __hash__ = __str__ = __html__ = __int__ = __float__ = __index__ = _refuse


def is_unread(value: Json) -> bool:
    """Whether `value` of a context is the placeholder for an unreadable value."""
    return isinstance(value, list) and value == UNREAD


def for_templates(context: Mapping[str, Json]) -> dict[str, Any]:
    """`context` for a template, with `Unread` for values that could not be read."""
    return {key: for_templates(value) if isinstance(value, dict) else _value(value) for key, value in context.items()}


def _value(value: Json) -> Any:
    return Unread() if is_unread(value) else value


def tolerant(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter `function`, which returns a value that could not be read as it is."""

    @wraps(function)
    def filtered(*given: Any, **named: Any) -> Any:
        unread = next((one for one in (*given, *named.values()) if isinstance(one, Unread)), None)
        return function(*given, **named) if unread is None else unread

    return filtered


def decided(test: Callable[..., Any]) -> Callable[..., Any]:
    """The test `test`, which cannot decide by a value that could not be read."""

    @wraps(test)
    def tested(*given: Any, **named: Any) -> Any:
        if any(isinstance(one, Unread) for one in (*given, *named.values())):
            raise Unknowable
        return test(*given, **named)

    return tested


def with_unread(context: Mapping[str, Json], paths: Iterable[tuple[str, ...]]) -> dict[str, Json]:
    """`context` with the value at each of `paths` marked as unread; missing mappings on the way are created."""
    whole = dict(context)
    for path in paths:
        _put(whole, path)
    return whole


def _put(inside: dict[str, Json], path: tuple[str, ...]) -> None:
    key, rest = path[0], path[1:]
    below = inside.get(key)
    if rest and not is_unread(below):
        inner = dict(below) if isinstance(below, dict) else {}
        _put(inner, rest)
        inside[key] = inner
    else:
        inside[key] = UNREAD
