"""Explains errors of templates as problems: their place, a sentence, a hint."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinja2 import Environment, TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError, UndefinedError
from jinja2.utils import missing

from impressum.core.errors import did_you_mean, nearest
from impressum.stages.render.environment import NO_NUMBER, NOWHERE, Sandbox, UndefinedName, raised, stack
from impressum.stages.render.job import UNREAD_RULE, Job, Problem, too_big, too_slow
from impressum.stages.render.marks import Origin
from impressum.stages.render.protect import tags
from impressum.stages.render.refusal import NotAText, Refused, TooSlow, kind_of
from impressum.stages.render.unread import Unknowable
from impressum.system.cache import Json

SHOWN_NAMES = 8
SEARCHED_VALUES = 200_000
_TAGS = """
if elif else endif for endfor set endset macro endmacro call endcall filter endfilter with endwith
include import from extends block endblock raw endraw
""".split()
_ENDED = ("if", "for", "macro", "call", "filter", "with", "block")
_CLOSER = {"{{": "}}", "{%": "%}", "{##": "##}"}
_TAG = re.compile(r"\{%[-+]?\s*(\w+)\s*([^%]*)")


@dataclass
class Explainer:
    """Explains errors in the templates of `job` with their environment and data."""

    job: Job
    sandbox: Sandbox
    context: Mapping[str, Json]

    def __post_init__(self) -> None:
        self._names = (*(template.name for template in self.job.templates), *self.job.includes)
        self._texts = (*(template.text for template in self.job.templates), *self.job.includes.values())

    def explain(self, error: BaseException, template: int) -> Problem:
        """The problem of `error`, raised while `template` was rendered."""
        place = raised(error.__traceback__, self.sandbox.numbers)
        if place == NOWHERE:
            place = (template, 0)
        if isinstance(error, TemplateSyntaxError):
            number = self.sandbox.numbers.get(error.name or "", template)
            return explain_syntax(error, number, self._texts[number], self.sandbox)
        if isinstance(error, TooSlow):
            return too_slow(place, self.job.seconds)
        if isinstance(error, MemoryError):
            return too_big(place, self.job.megabytes)
        if isinstance(error, RecursionError):
            return self._circle(error, place)
        if isinstance(error, TemplateNotFound):
            return self._no_include(error, place, template)
        return self.noted(error, place)

    def noted(self, error: BaseException, place: Origin) -> Problem:
        """The problem of an error that did not have to stop the rendering."""
        if isinstance(error, Unknowable):
            return Problem(*place, "", UNREAD_RULE)
        if isinstance(error, Refused):
            return Problem(*place, error.message, error.rule, error.hint, error.find)
        if isinstance(error, NotAText):
            return self._not_a_text(error, place)
        if (
            isinstance(error, UndefinedName)
            and error.holder is missing
            and isinstance(error.name, str)
            and not error.hint
        ):
            return self._unknown_name(error.name, place)
        if isinstance(error, UndefinedName) and error.holder is not missing:
            return self._unknown_key(error.holder, error.name, place)
        if isinstance(error, ZeroDivisionError):
            hint = "test the divisor before with `{% if … %}`"
            return Problem(*place, "division by zero", "template-type", hint, "/")
        if isinstance(error, NameError) and error.name in ("inf", "nan"):  # Jinja has computed it beforehand
            return Problem(*place, *NO_NUMBER)
        if isinstance(error, UndefinedError):
            return _undefined(str(error.message), place)
        if isinstance(error, TemplateRuntimeError) and (word := unknown_word(str(error.message), place, self.sandbox)):
            return word
        if isinstance(error, TemplateRuntimeError) and "non-namespace" in str(error):
            return self._set_of_data(place)
        hint = "check that texts, numbers and lists are used as such"
        return Problem(*place, f"the expression cannot be computed: {_sentence(error)}", "template-type", hint)

    def _set_of_data(self, place: Origin) -> Problem:
        """The problem of `{% set a.b = … %}` where `a` is no namespace; Jinja does not know its line."""
        text = self._texts[place[0]]
        made = set(re.findall(r"\bset\s+(\w+)\s*=\s*namespace\b", text))
        tags = re.finditer(r"\{%[-+]?\s*set\s+(\w+)\.\w+", text)
        tag = next((tag for tag in tags if tag[1] not in made), None)
        name, line = (tag[0].split()[-1], text.count("\n", 0, tag.start()) + 1) if tag else ("set", place[1])
        hint = "make a value of its own with `{% set … %}`"
        return Problem(place[0], line, f"template may not change its data (`{name}`)", "template-refused", hint, name)

    def _unknown_name(self, name: str, place: Origin) -> Problem:
        known = [*self.context, *re.findall(r"\{%[-+]?\s*(?:set|macro|for|import)\s+(\w+)", self._texts[place[0]])]
        message = f"`{name}` is not defined{did_you_mean(name, known)}"
        hint = _known("names", self.context)
        if name in self.sandbox.filters:
            hint = f"`{name}` is a filter: write `value | {name}`"
        elif place[1] and re.search(
            rf"\$\{{\{{\s*{re.escape(name)}\b", self._texts[place[0]].split("\n")[place[1] - 1]
        ):
            hint = "to print `${{ … }}` as it stands, put it in backticks"
        return Problem(*place, message, "template-undefined", hint, name)

    def _unknown_key(self, holder: object, key: object, place: Origin) -> Problem:
        name = str(key)
        path = self._path(holder)
        where = f"`{path}`" if path else kind_of(holder) if not isinstance(holder, (dict, list)) else "the value"
        if isinstance(holder, dict):
            close = nearest(name, map(str, holder)) if not name.isdigit() else None
            message = f"`{name}` is not in {where}" + (f"; did you mean `{close}`?" if close else "")
            hint = _known("keys", holder) if holder else "it has no keys"
            if not isinstance(key, str) and name in holder:
                hint = f'keys are texts: write `["{name}"]`'
        elif isinstance(holder, (list, tuple)):
            message = f"`{name}` is not in {where}, which is a list of {len(holder)}"
            hint = "items are counted from 0, or gone through with `{% for … in … %}`"
        else:
            message = f"`{name}` is not in {where}" if path else f"{where} has no `{name}`"
            hint = "only mappings have keys" if isinstance(holder, (str, int, float)) or holder is None else ""
        return Problem(*place, message, "template-undefined", hint, name)

    def _not_a_text(self, error: NotAText, place: Origin) -> Problem:
        expression = self._expression(error, place)
        shown = f"`{expression}`" if expression else "the value"
        if error.value is None:
            hint = "fill it in, or test it before with `{% if … %}`"
            return Problem(*place, f"{shown} is empty", "template-empty", hint, expression)
        kind = kind_of(error.value)
        hint = "print one of its parts, or go through it with `{% for … in … %}`"
        if kind == "a list":
            hint = 'join it with `| join(", ")`, or go through it with `{% for … in … %}`'
        if callable(error.value):
            hint = "call it with brackets: `()`"
        return Problem(*place, f"{shown} is {kind}, not a text", "template-value", hint, expression)

    def _expression(self, error: NotAText, place: Origin) -> str:
        """The expression at `place` that gave the value: the one that gives it again, or that only a loop can."""
        names = error.context.get_all()
        opening, closing = map(re.escape, (self.sandbox.variable_start_string, self.sandbox.variable_end_string))
        source = "\n".join(self._texts[place[0]].split("\n")[place[1] - 1 : place[1] + 10])
        undecided = ""
        for tag in re.finditer(rf"{opening}[-+]?\s*(.+?)\s*[-+]?{closing}", source, re.DOTALL):
            if "\n" in source[: tag.start()]:
                break
            try:
                value = self.sandbox.compile_expression(tag[1], undefined_to_none=False)(**names)
            except Exception:
                undecided = undecided or tag[1]
                continue
            if type(value) is type(error.value) and (value is error.value or value == error.value):
                return tag[1]
        return undecided

    def _no_include(self, error: TemplateNotFound, place: Origin, template: int) -> Problem:
        name = str(error.name)
        own = self._names[template]
        if name in (own, own.rsplit("/", 1)[-1]):
            return _itself(name, place)
        known = [name for name in self.sandbox.numbers if not name.startswith("<")]
        close = nearest(name, known)
        hint = f"did you mean `{close}`?" if close else _known("templates", known) if known else "put it there"
        return Problem(*place, f"include of `{name}` not found under templates/", "template-include", hint, name)

    def _circle(self, error: RecursionError, place: Origin) -> Problem:
        counted: Counter[Origin] = Counter(stack(error.__traceback__, self.sandbox.numbers))
        if not counted:  # nothing ran yet: Python's own compiler gave up
            lines = self._texts[place[0]].split("\n")
            line = lines.index(max(lines, key=lambda line: len(re.findall(r"[({\[]", line)))) + 1
            hint = "divide it: name its parts with `{% set … %}`"
            return Problem(place[0], line, "the template is nested too deeply", "template-too-big", hint)
        for (template, line), _ in counted.most_common():
            text = self._texts[template].split("\n")[line - 1] if line else ""
            if re.search(r"\{%[-+]?\s*(include|import|from|extends)\b", text):
                included = re.search(r"[\"'](.+?)[\"']", text)
                name = included[1] if included else self._names[template]
                return _itself(name, (template, line))
        hint = "give it a condition that ends it"
        return Problem(*place, "a macro calls itself without end", "template-refused", hint)

    def _path(self, wanted: object) -> str:
        """The path by which a template reaches the mapping or list `wanted` of the data; empty where there is none."""
        waiting: list[tuple[str, object]] = [(name, value) for name, value in reversed(list(self.context.items()))]
        for _ in range(SEARCHED_VALUES):
            if not waiting:
                break
            path, value = waiting.pop()
            if value is wanted:
                return path
            if isinstance(value, dict):
                waiting += [(_step(path, key), part) for key, part in value.items() if isinstance(part, (dict, list))]
            elif isinstance(value, list):
                waiting += [(f"{path}[{index}]", part) for index, part in enumerate(value)]
        return ""


def _undefined(message: str, place: Origin) -> Problem:
    imported = re.search(r"template '(.+?)' .*requested name '(.+?)'", message)
    if imported:
        hint = "a template gives what it makes with `{% macro … %}` or `{% set … %}`"
        return Problem(*place, f"`{imported[2]}` is not in `{imported[1]}`", "template-undefined", hint, imported[2])
    return Problem(*place, f"a value is not defined: {message}", "template-undefined")


def _itself(name: str, place: Origin) -> Problem:
    return Problem(*place, f"`{name}` includes itself", "template-include", "take the `include` out of it", name)


def _step(path: str, key: object) -> str:
    name = str(key)
    return f"{path}.{name}" if name.isidentifier() else f'{path}["{name}"]'


def _known(what: str, names: Iterable[str]) -> str:
    every = sorted(str(name) for name in names)
    if not every:
        return f"there are no {what}"
    rest = len(every) - SHOWN_NAMES
    return f"known {what}: {', '.join(every[:SHOWN_NAMES])}" + (f" and {rest} more" if rest > 0 else "")


def _sentence(error: BaseException) -> str:
    return re.sub(r"\s+", " ", str(error)).strip().rstrip(".") or type(error).__name__


def explain_syntax(error: TemplateSyntaxError, template: int, text: str, environment: Environment) -> Problem:
    """The problem that Jinja's `error` is, in `template`, whose text is `text`."""
    found = str(error.message or "").strip()
    line = error.lineno
    if environment.variable_start_string == "{{":
        unclosed = _unclosed_tag(text)
        if unclosed:
            opener, at = unclosed
            hint = f"close it with `{_CLOSER[opener]}`, or put it in backticks to print it"
            return Problem(template, at, f"`{opener}` is never closed", "template-syntax", hint, opener)
        raw = re.search(r"\{%[-+]?\s*raw\b", text)
        if "raw directive" in found and raw:
            return _never_ended(template, text.count("\n", 0, raw.start()) + 1, "raw")
        if found.startswith("Unexpected end of template"):
            block = _unended_block(text)
            if block:
                return _never_ended(template, block[1], block[0])
    word = unknown_word(found, (template, line), environment)
    if word:
        return word
    nested = re.match(r"Encountered unknown tag '(\w+)'.*currently looking for (.+?)\. The", found)
    tag = re.match(r"Encountered unknown tag '(\w+)'", found)
    if nested and tag and (tag[1] in _TAGS):
        wanted = nested[2].replace("'", "`")
        message = f"`{tag[1]}` stands where {wanted} is expected"
        return Problem(template, line, message, "template-syntax", "close the inner block first", tag[1])
    if tag:
        return _unknown_tag(tag[1], template, line)
    sentence = found[:1].lower() + found[1:].rstrip(".")
    sentence = sentence.replace("token 'end of print statement'", "`}}`").replace("'end of print statement'", "`}}`")
    sentence = sentence.replace("token 'end of statement block'", "`%}`").replace("'end of statement block'", "`%}`")
    wrong = re.search(r"got '(.+)'$", sentence) or re.search(r"^unexpected (?:char )?'(.)'", sentence)
    message = f"the template is not understood: {sentence}"
    hint = "put it in backticks where it is to be printed as it stands"
    return Problem(template, line, message, "template-syntax", hint, wrong[1] if wrong else "")


def _never_ended(template: int, line: int, name: str) -> Problem:
    hint = f"end it with `{{% end{name} %}}`"
    return Problem(template, line, f"`{{% {name} %}}` is never ended", "template-syntax", hint, name)


def unknown_word(message: str, place: Origin, environment: Environment) -> Problem | None:
    """The problem, if Jinja's `message` is about a filter or a test that does not exist."""
    unknown = re.match(r"No (filter|test) named '(.+?)'", message)
    if not unknown:
        return None
    kind, name = unknown.groups()
    known = environment.filters if kind == "filter" else environment.tests
    message = f"there is no {kind} `{name}`{did_you_mean(name, known)}"
    hint = f"known {kind}s: {', '.join(sorted(word for word in known if word.isalpha()))}"
    if name == "safe":
        message, hint = "there is no filter `safe`", "write `| markdown` for a value that is Markdown"
    return Problem(*place, message, "template-syntax", hint, name)


def _unknown_tag(name: str, template: int, line: int) -> Problem:
    if name in _TAGS:
        message = f"`{{% {name} %}}` belongs to no block"
        return Problem(template, line, message, "template-syntax", "take it out, or open its block before it", name)
    message = f"there is no tag `{name}`{did_you_mean(name, _TAGS)}"
    hint = "known tags: if, for, set, macro, call, filter, with, include, import, from, extends, block, raw"
    return Problem(template, line, message, "template-syntax", hint, name)


def _unclosed_tag(text: str) -> tuple[str, int] | None:
    """The first tag that is not closed before a blank line or the next tag, and its line."""
    for start, end in tags(text):
        opener = "{##" if text.startswith("{##", start) else text[start : start + 2]
        inside = text[start + 2 : end]
        if opener == "{##" or re.match(r"[-+]?\s*raw\b", inside):
            broken = end is None and opener == "{##"
        else:
            broken = end is None or bool(re.search(r"\n[ \t]*\n|\{%|\}\}.*\{\{", inside, re.DOTALL))
        if broken:
            return opener, text.count("\n", 0, start) + 1
    return None


def _unended_block(text: str) -> tuple[str, int] | None:
    """The innermost block that is never ended, and its line."""
    waiting: list[tuple[str, int]] = []
    for start, _ in tags(text):
        tag = _TAG.match(text, start)
        if not tag:
            continue
        name, rest = tag[1], tag[2]
        if name in _ENDED or (name == "set" and "=" not in rest):
            waiting.append((name, text.count("\n", 0, start) + 1))
        elif name.startswith("end") and waiting:
            waiting.pop()
    return waiting[-1] if waiting else None
