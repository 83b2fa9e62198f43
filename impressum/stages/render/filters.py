"""The filters of templates: Jinja's harmless ones, and those that write numbers and dates by language with Babel, which
is imported when the first of them is used."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import Environment, Undefined, pass_environment
from markupsafe import Markup

from impressum.core.numerals import known_locale
from impressum.stages.render.escape import Captured
from impressum.stages.render.job import Dialect
from impressum.stages.render.refusal import Refused, kind_of

if TYPE_CHECKING:
    from babel import Locale

KEPT = """
abs batch capitalize count d default dictsort first float format groupby indent int items join last length
list lower map max min reject rejectattr replace reverse round select selectattr slice sort string sum title trim
truncate unique upper wordcount
"""
LARGEST_EXPONENT = 18
MOST_DECIMALS = 20
MINUS, NO_BREAK = "\u2212", "\u00a0"
Kind = Literal["decimal", "percent", "currency"]
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,3})?\Z")


def allowed(jinja: Mapping[str, Callable[..., Any]], dialect: Dialect) -> dict[str, Callable[..., Any]]:
    """The filters of a dialect by name; `jinja` are all of Jinja's own."""
    ours = (number, percent, currency, date, *((markdown,) if dialect == "markdown" else ()))
    return {name: jinja[name] for name in KEPT.split()} | {one.__name__: one for one in ours} | {"attr": attribute}


@pass_environment
def attribute(environment: Environment, value: object, name: object) -> object:
    """`value | attr("name")` is `value.name`, under the same rules."""
    return environment.getattr(value, str(name))


def markdown(value: object) -> Captured:
    """`value` is Markdown already: it is not escaped."""
    if not isinstance(value, str):
        raise _unfit(value, "a text", "markdown")
    return Captured(Markup(str(value)))


@pass_environment
def number(environment: Environment, value: object, decimals: int | None = None) -> str:
    """1234.5 as 1,234.5 or 1.234,5; with `decimals` digits after the point, or as many as the value has."""
    return _digits(_decimal(value, "number"), decimals, "decimal", environment)


@pass_environment
def percent(environment: Environment, value: object, decimals: int | None = None) -> str:
    """A share of one: 0.345 as 34.5% or 34,5 %."""
    return _digits(_decimal(value, "percent"), decimals, "percent", environment)


@pass_environment
def currency(environment: Environment, value: object, code: object, decimals: int | None = None) -> str:
    """1234.5 with "EUR" as €1,234.50 or 1.234,50 €; with `decimals` digits, or as many as the currency has."""
    amount = _decimal(value, "currency")
    locale = _locale(_language(environment))
    if not isinstance(code, str) or code not in locale.currencies:
        hint = 'write it as in `currency("EUR")`'
        raise Refused(f"`{code}` is not the code of a currency", "template-value", hint, str(code))
    from babel.numbers import get_currency_precision

    decimals = get_currency_precision(code) if decimals is None else decimals
    return _digits(amount, decimals, "currency", environment, str(code))


@pass_environment
def date(environment: Environment, value: object) -> str:
    """2025-03-31 in the long form of the language; 2025-03 as its month and year, 2025 as it is."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise _unfit(value, "a date", "date")
    text = str(value)
    parts = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    try:
        if not parts:
            raise ValueError(text)
        day = datetime.date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError as exc:
        hint = "write it as 2025-03-31, 2025-03 or 2025"
        raise Refused(f"`{text}` is not a date", "template-value", hint, "date") from exc
    if not parts[2]:
        return text
    from babel.dates import format_skeleton

    from impressum.core.numerals import long_date

    locale = _locale(_language(environment))
    return long_date(day, locale) if parts[3] else format_skeleton("yMMMM", day, locale=locale)


def _digits(value: Decimal, decimals: int | None, kind: Kind, environment: Environment, code: str | None = None) -> str:
    from babel.numbers import NumberPattern

    locale = _locale(_language(environment))
    patterns: dict[Kind, NumberPattern] = {
        "decimal": locale.decimal_formats[None],
        "percent": locale.percent_formats[None],
        "currency": locale.currency_formats["standard"],
    }
    shift = 2 if kind == "percent" else 0
    if decimals is None:
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -int(exponent) - shift)
    elif not isinstance(decimals, int) or not 0 <= decimals <= MOST_DECIMALS:
        hint = f"give 0 to {MOST_DECIMALS}"
        raise Refused(f"`{decimals}` is not a number of decimals", "template-value", hint, str(decimals))
    decimals = min(decimals, MOST_DECIMALS)
    frac = (decimals, decimals)
    with localcontext(prec=LARGEST_EXPONENT + MOST_DECIMALS + 3):  # all of its digits
        rounded = value.quantize(Decimal(1).scaleb(-decimals - shift), ROUND_HALF_UP)
        rounded = rounded if rounded else abs(rounded)  # no minus before a zero
        written = patterns[kind].apply(rounded, locale, currency=code, currency_digits=False, force_frac=frac)
    if kind == "currency":
        written = re.sub(r"(?<=[^\W\d_])(?=\d)", NO_BREAK, written)  # RSD 12
    return str(written).replace("-", MINUS)


def _decimal(value: object, filter_name: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _unfit(value, "a number", filter_name)
    text = str(value).strip()
    try:
        if not _NUMBER.match(text):
            raise InvalidOperation
        found = Decimal(text)
    except InvalidOperation as exc:
        raise _unfit(value, "a number", filter_name) from exc
    if abs(found) >= Decimal(10) ** LARGEST_EXPONENT:
        raise Refused(f"`{text}` is too large to be written out", "template-value", "use a larger unit", filter_name)
    return found


def _unfit(value: object, wanted: str, filter_name: str) -> Exception:
    if isinstance(value, Undefined):
        try:
            str(value)
        except Exception as exc:
            return exc
    if value is None:
        message = f"`{filter_name}` needs {wanted} and was given nothing: the value is empty"
        return Refused(message, "template-empty", "fill it in, or test it before with `{% if … %}`", filter_name)
    found = f"`{value}`" if isinstance(value, (str, int, float)) else kind_of(value)
    return Refused(f"{found} is not {wanted}", "template-value", f"`| {filter_name}` takes {wanted} only", filter_name)


def _language(environment: Environment) -> str:
    return str(getattr(environment, "language", "en"))


def _locale(language: str) -> Locale:
    locale = known_locale(language)
    if locale is not None:
        return locale
    hint = "write the number or date out"
    raise Refused(f"the forms of numbers and dates in the language `{language}` are not known", "template-value", hint)
