"""Explains syntax errors of templates: at which tag, and how to write it."""

from __future__ import annotations

import re

from jinja2 import Environment, TemplateSyntaxError

from impressum.core.errors import did_you_mean
from impressum.stages.render.job import Problem
from impressum.stages.render.marks import Origin
from impressum.stages.render.protect import tags

_TAGS = """
if elif else endif for endfor set endset macro endmacro call endcall filter endfilter with endwith
include import from extends block endblock raw endraw
""".split()
_ENDED = ("if", "for", "macro", "call", "filter", "with", "block")
_CLOSER = {"{{": "}}", "{%": "%}", "{##": "##}"}
_TAG = re.compile(r"\{%[-+]?\s*(\w+)\s*([^%]*)")


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
    return Problem(
        template,
        line,
        f"the template is not understood: {sentence}",
        "template-syntax",
        "put it in backticks where it is to be printed as it stands",
        wrong[1] if wrong else "",
    )


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
