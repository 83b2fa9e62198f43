"""`edition.yaml` of a new edition: every text of the source as a comment, with an empty line for the translation."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator

from impressum.translation.texts import Branch, Leaf, Row, Said

WIDTH = 110
PLAIN = re.compile(r"[^\W_](?:[\w./@-]|(?<! ) (?! ))*")
"""A name or value that YAML reads as it stands."""
HEAD = """\
# The texts of the edition {tag} that stand in none of its chapters.
#
# Above each name with a colon stands the text of the source ({source}). Write yours behind the colon:
#
#     # Rivers and Roads
#     title: Reke i putevi
#
# - Leave the names before the colons, and the spaces at the beginnings of lines, as they are.
# - A text that has a colon, a # or quotation marks in it stands in quotes: title: "Roads: a history"
# - A long one may go on below: write >- behind the colon, and the text in the lines below, two spaces further in.
# - What stays as it is in the source needs no line: take it out. In a list (behind -) everything is filled in, names
#   that stay the same too, for it takes the place of the whole list of the source.
# - What has nothing behind its colon is not translated yet. The book prints the text of the source there, and warns.
"""


def edition_file(said: Branch, tag: str, source: str, twin: str = "", own: tuple[str, ...] = ()) -> str:
    """The file for the edition `tag`. `twin` is an edition of the same language in another script, if there is one.

    `own` are the names of numbers below `impressum` that each edition may have for itself.
    """
    parts = dict(said.parts)
    parts.setdefault("contributors", Row(()))
    lines = [HEAD.format(tag=tag, source=source)]
    for key in sorted(parts, key=lambda key: list(ORDER).index(key)):
        lines += [f"# {ORDER[key]}"] if ORDER[key] else []
        lines += _part(key, parts[key], 0)
        lines += TRANSLATOR if key == "contributors" else []
        lines += [f"  # {name}: (that of the source is printed, unless this edition has its own)" for name in own] * (
            key == "impressum"
        )
        lines.append("")
    if twin:
        lines += [line.format(twin=twin) for line in TWIN]
    return "\n".join(lines).rstrip() + "\n"


ORDER = {
    "title": "",
    "subtitle": "",
    "version": "",
    "abstract": "",
    "keywords": "",
    "authors": "Names are filled in as this language writes them.",
    "contributors": "Who worked on it; who translated it comes last.",
    "partners": "",
    "funders": "",
    "series": "",
    "cover": "",
    "impressum": "",
    "errata": "What this version corrects. An edition that had other errors lists its own; `errata: []` lists none.",
    "figures": "What the figures say.",
    "data": "What the tables from data say: their columns and rows.",
}
"""The keys in the order of the file, with what is said of each."""
TRANSLATOR = ["  # (whoever translated it, or take these two lines out)", "  - name:", "    role: translator"]
TWIN = (
    "# If this edition is to be the same text as {twin} in another script, take all of the above out, and keep only:",
    "# twin-of: {twin}",
)


def _part(key: str, said: Said, depth: int) -> Iterator[str]:
    """The lines of `key` and all below it."""
    indent = "  " * depth
    if isinstance(said, Leaf):
        yield from _comment(said.text, indent) if said.text != key else ()
        yield f"{indent}{written(key)}:"
        return
    yield f"{indent}{written(key)}:"
    if isinstance(said, Branch):
        for name, part in said.parts.items():
            yield from _part(name, part, depth + 1)
        return
    for part in said.parts:
        yield from _item(part, indent + "  ")


def _item(said: Said, indent: str) -> Iterator[str]:
    """The lines of one item of a list; of a mapping the first name stands behind the dash."""
    if isinstance(said, Leaf) and said.is_text:
        yield from _comment(said.text, indent)
        yield f"{indent}-"
    elif isinstance(said, Leaf):
        yield f"{indent}- {written(said.text)}"
    elif isinstance(said, Branch):
        dash = "- "
        for name, part in said.parts.items():
            assert isinstance(part, Leaf)  # persons and organisations are flat
            if part.is_text:
                yield from _comment(part.text, indent if dash == "- " else f"{indent}  ")
            value = "" if part.is_text else f" {written(part.text)}"
            yield f"{indent}{dash}{written(name)}:{value}"
            dash = "  "


def _comment(text: str, indent: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n[ \t]*\n", text.strip())):
        wrapped = textwrap.wrap(paragraph, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
        yield from (f"{indent}# {line}".rstrip() for line in ([""] if number else []) + wrapped)


def written(text: str) -> str:
    """A name or a value as YAML writes it."""
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
