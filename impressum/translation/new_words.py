"""The words of the book for a language that Impressum does not know: a file to be filled in."""

from __future__ import annotations

import re
from importlib.resources import files

from impressum.stages.load.words import REFERENCE

LINE = re.compile(r'^(?P<key>[\w.-]+): (?P<word>".*")$')
HEAD = """\
# The words that the book itself prints, in the language {tag}.
#
# Each line that begins with `# ` and a name holds an English word. Take the `# ` away and write your word in the
# place of the English one, between the quotation marks. Do not change the name before the colon, nor what stands
# in braces: {{number}}, {{date}}, {{name}}.
#
# As long as a word is missing, the build names it and stops: no English word is printed by mistake.
# \\u00A0 is a space at which no line may break, \\u202F a narrow one.

"""


def words_tag(tag: str) -> str:
    """The tag of the file that holds the words for `tag`: its language, with the script where it names one."""
    parts = tag.split("-")
    return "-".join(parts[:1] + [part for part in parts[1:2] if len(part) == 4])


def words_file(tag: str) -> str:
    """The file for `tag`: each word of the English one as a comment; its marks of numbers are known already."""
    english = files("impressum").joinpath(f"templates/words/{REFERENCE}.yaml").read_text(encoding="utf-8")
    body = english[english.index("\n\n") + 2 :]
    known = _marks(tag)
    lines = [
        f"{found['key']}: {known[found['key']]}"
        if (found := LINE.match(line)) and found["key"] in known
        else f"# {line}"
        if found
        else line
        for line in body.splitlines()
    ]
    return HEAD.format(tag=tag) + "\n".join(lines) + "\n"


def _marks(tag: str) -> dict[str, str]:
    """What Unicode's data say of how the language writes numbers, as it is written in the file."""
    from babel import Locale, UnknownLocaleError

    try:
        symbols = Locale.parse(tag, sep="-").number_symbols
    except (UnknownLocaleError, ValueError):
        return {}
    latin = symbols.get("latn", {})
    return {
        f"number.{name}": '"' + mark.replace("\u00a0", "\\u00A0").replace("\u202f", "\\u202F") + '"'
        for name, mark in (("decimal", latin.get("decimal")), ("group", latin.get("group")))
        if mark
    }
