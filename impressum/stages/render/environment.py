"""The one Jinja environment: an immutable sandbox over plain data, strict about names, with marks of origin."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from math import isfinite
from types import FrameType, TracebackType
from typing import Any, cast

from jinja2 import DictLoader, StrictUndefined, Template, TemplateSyntaxError, UndefinedError, pass_context
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import BlockReference, Context, LoopContext, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment, modifies_known_mutable
from jinja2.utils import Namespace, missing
from markupsafe import Markup

from impressum.stages.render import filters, marks
from impressum.stages.render.escape import finished, joined
from impressum.stages.render.job import LENT, LENT_RULE, Dialect
from impressum.stages.render.marks import Origin
from impressum.stages.render.protect import keep_line_ends
from impressum.stages.render.refusal import NotAText, Refused, internals, not_callable
from impressum.stages.render.unread import Unknowable, Unread, decided, tolerant

LONGEST_RANGE = 100_000
NO_NUMBER = ("the number is too large, or none at all", "template-value", "use a larger unit, or divide by less", "")
LARGEST_POWER = 10_000
"""Bits of the largest number that `**` may make."""
_METHODS: tuple[tuple[type, str], ...] = (
    (dict, "items keys values get"),
    (str, "upper lower title strip replace split startswith endswith join center"),
    (LoopContext, "index index0 revindex revindex0 first last length previtem nextitem depth depth0 cycle changed"),
)
NOWHERE: Origin = (-1, 0)


class UndefinedName(UndefinedError):
    """An unknown name or key was used; `holder` is `missing` for a name, `hint` Jinja's own sentence."""

    def __init__(self, message: str | None, *, holder: object, name: object, hint: str | None) -> None:
        super().__init__(message)
        self.holder = holder
        self.hint = hint
        self.name = name


class Missing(StrictUndefined):
    """The value of an unknown name or key until it is used."""

    __slots__ = ()

    def __init__(self, hint: str | None = None, obj: Any = missing, name: Any = None, exc: Any = None) -> None:
        super().__init__(hint, obj, name, cast(Any, exc or partial(UndefinedName, holder=obj, name=name, hint=hint)))

    def unknown(self) -> UndefinedName:
        """The exception that using it raises."""
        return UndefinedName(
            self._undefined_message, holder=self._undefined_obj, name=self._undefined_name, hint=self._undefined_hint
        )


class Origins(Extension):
    """Puts the mark of its origin before each line of text, and before and after each value."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return keep_line_ends(source) if self.environment.variable_start_string == "{{" else source

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        number: int | None = getattr(self.environment, "numbers", {}).get(stream.name)
        lent = number if (stream.name or "").startswith(LENT) else None
        in_tag = False
        line = 1
        if lent is not None:
            yield Token(1, "data", f"{marks.origin(lent, 1)}::: untranslated\n")
        for token in stream:
            if in_tag and token.type == "name" and token.value == "autoescape":
                raise TemplateSyntaxError("Encountered unknown tag 'autoescape'.", token.lineno, stream.name)
            in_tag, line = token.type == "block_begin", token.lineno + str(token.value).count("\n")
            if number is not None and token.type == "data":
                yield Token(token.lineno, "data", marks.with_origins(token.value, number, token.lineno))
                continue
            if number is not None and token.type == "variable_begin":
                yield Token(token.lineno, "data", marks.origin(number, token.lineno))
            yield token
            if number is not None and token.type == "variable_end":
                yield Token(token.lineno, "data", marks.origin(number, token.lineno))
        if lent is not None:
            yield Token(line, "data", f"\n{marks.origin(lent, line)}:::\n")


@pass_context
def shown(context: Context, value: object) -> Markup:
    """The output of `{{ value }}`, with marks; a value that is not text is noted as a fault and prints nothing."""
    environment = context.environment
    if not isinstance(environment, Sandbox):
        raise TypeError("shown belongs to a Sandbox")
    if isinstance(value, Missing):
        error: Exception = value.unknown()
    elif isinstance(value, Unread):
        error = Unknowable()
    elif isinstance(value, float) and not isfinite(value):
        error = Refused(*NO_NUMBER)
    elif isinstance(value, (str, int, float, TemplateModule)) or hasattr(value, "__html__"):
        return Markup(finished(value))
    else:
        error = NotAText(value, context)
    environment.note(error)
    return Markup()


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one run. `numbers` are those of the templates by name; `noted` are the errors that did not
    stop the rendering, with their places in the template."""

    intercepted_binops = frozenset({"**"})
    concat = staticmethod(joined)

    def __init__(
        self,
        dialect: Dialect,
        includes: Mapping[str, str],
        numbers: Mapping[str, int],
        translated: Iterable[str] = (),
        source: str = "",
    ) -> None:
        opening, closing = ("{{", "}}") if dialect == "markdown" else ("<<", ">>")
        never = "" if dialect == "markdown" else marks.HIDDEN_BRACE
        super().__init__(
            variable_start_string=opening,
            variable_end_string=closing,
            block_start_string=f"{never}{{%",
            block_end_string=f"%}}{never}",
            comment_start_string=f"{never}{{##",
            comment_end_string=f"##}}{never}",
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=True,
            finalize=shown,
            undefined=Missing,
            loader=DictLoader({**includes, **{LENT + name: text for name, text in includes.items()}}),
            extensions=[Origins],
        )
        self.numbers = numbers
        self.translated = frozenset(translated)
        self.source = source
        self.language = self.edition = ""
        self.noted: list[tuple[Exception, int, int]] = []
        self.globals = {"range": _range, "dict": dict, "namespace": Namespace}
        self.filters = {name: tolerant(one) for name, one in filters.allowed(self.filters, dialect).items()}
        self.tests = {name: decided(cast("Callable[..., Any]", one)) for name, one in self.tests.items()}

    def note(self, error: Exception) -> None:
        """Remembers `error` with the template and line that is being rendered."""
        template, line = running(self.numbers)
        self.noted.append((error, template, line))

    def join_path(self, template: str, parent: str) -> str:
        """The text that `template` names: that of the edition, else that of the source, which is noted, else of all."""
        own, lent = f"{self.edition}/{template}", f"{self.source}/{template}"
        if self.edition and own in self.numbers:
            return own
        found = lent if self.source and lent in self.numbers else template
        if not self.edition or template not in self.translated or found not in self.numbers:
            return found
        message = f"`{template}` is not translated: that of the source is printed"
        self.note(Refused(message, LENT_RULE, f"translate it to `templates/{own}`", template))
        return LENT + found

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Unread):
            return obj
        if isinstance(obj, (dict, list, tuple, str, TemplateReference)):
            try:
                return obj[argument]
            except (TypeError, LookupError):
                pass
        if not isinstance(argument, str):
            if isinstance(obj, Missing):
                self.note(obj.unknown())
                return obj
            return self.undefined(obj=obj, name=argument)
        if argument.startswith("_"):
            raise internals(argument)
        if isinstance(obj, Missing):
            self.note(obj.unknown())  # also where `is defined` or `default` follows: they ask for one name, not for two
            return obj
        for kind, names in _METHODS:
            if isinstance(obj, kind) and argument in names.split():
                return getattr(obj, argument)
        if isinstance(obj, (Namespace, TemplateModule)):
            found = getattr(obj, argument, missing)
            return self.undefined(obj=obj, name=argument) if found is missing else found
        if isinstance(obj, BlockReference) and argument == "super":
            return obj.super
        if modifies_known_mutable(obj, argument):
            hint = "make a value of its own with `{% set … %}`"
            raise Refused(f"template may not change its data (`{argument}`)", "template-refused", hint, argument)
        if hasattr(type(obj), argument):
            raise internals(argument)
        return self.undefined(obj=obj, name=argument)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        if isinstance(__obj, Unread):
            return __obj
        if not callable(__obj):
            raise not_callable(__obj)
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int) and right > 0:
            bits = left.bit_length() * right
            if abs(left) > 1 and bits > LARGEST_POWER:
                raise Refused(f"`**` makes a number of {bits} bits", "template-too-big", "use a smaller power", "**")
        return super().call_binop(context, operator, left, right)


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if max(abs(numbers.start), abs(numbers.stop)) > 2**60 or len(numbers) > LONGEST_RANGE:
        shown_bounds = ", ".join(str(bound) for bound in bounds)
        hint = "loop over data, or over a smaller range"
        raise Refused(f"`range({shown_bounds})` is larger than {LONGEST_RANGE}", "template-too-big", hint, "range")
    return numbers


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
