"""Checks the texts of YAML files, printed as they are: straight quotation marks, long titles, missing translations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from textwrap import shorten

from impressum.core.errors import Faults, Place
from impressum.core.model.publication import LONGEST_SPOKEN, LONGEST_TITLE, PublicationTexts, is_too_long
from impressum.stages.load.tree import Items, Node, Scalar, Tree, TreeEntry, scalars

DOUBLE = re.compile(r'(?<![\d\\])"')
ELISION = r"(?:tis|twas|til|em|n|cause|bout|round|s|ne|nen|ndrangheta|\d\ds?)(?!\w)"
SINGLE = re.compile(rf"(?<![^\s(\[])'(?!{ELISION})(?=\S)[^'\n]*?[^\s\d]'(?![\w'])")
LENGTH = 60
FIGURE = frozenset({"title", "unit", "words", "credit", "source", "labels"})
DATA = frozenset({"title", "unit", "columns"})
FRONT_MATTER = frozenset({"authors", "short-title"})
"""The keys of a figure, of data, of a chapter below which there are printed texts."""
NO_TEXT = frozenset("alt image logo focus ror orcid grant issn isbn doi cip website email format".split())
QUOTES_HINT = (
    "write those of the language, such as “ ”, „ “ or « »: only in chapters are straight ones turned into them"
)

SPOKEN = frozenset({"abstract", "alt", "keywords"})
KEYS = frozenset({"title", "subtitle", "short-title", "name", "role", "affiliation"})

TEXTS = frozenset({str(field.alias) for field in PublicationTexts.model_fields.values()} | {"figures", "data"})
"""The keys that a translator fills in; any other without a value is a fault."""
REPORTED_ELSEWHERE = ("figures", "data")
"""Missing texts of these are reported where they are printed."""
MOST_NAMED = 3
UNFILLED_HINT = (
    "write what is missing behind the colon, or take the line out where it stays as it is in the source; "
    "until then the book prints that of the source"
)


def check_quotes(tree: Tree, keys: Set[str], faults: Faults) -> None:
    """Warns of each text below one of `keys` of `tree` that has straight quotation marks."""
    for key, entry in tree.entries.items():
        if key in keys:
            for text in scalars(entry.value, NO_TEXT):
                check_text(text.text, text.place, faults)


def check_text(text: str, place: Place, faults: Faults) -> None:
    """Warns of straight quotation marks in `text` at `place`. Inches and apostrophes do not count."""
    found = DOUBLE.search(text) or SINGLE.search(text)
    if found:
        begin = max(text.rfind(" ", 0, max(found.start() - LENGTH // 3, 0)) + 1, 0)
        shown = shorten(text[begin:], LENGTH, placeholder=" …")
        faults.warning(place, f"the quotation marks in `{shown}` are printed straight", "quote-straight", QUOTES_HINT)


def check_titles(node: Node, faults: Faults, key: str = "") -> None:
    """A fault for each title and name in `node`, at any depth, that is too long; `key` is that of `node`."""
    if isinstance(node, Tree):
        for name, entry in node.entries.items():
            check_titles(entry.value, faults, name)
    elif isinstance(node, Items):
        for item in node.items:
            check_titles(item, faults, key)
    elif isinstance(node, Scalar) and key in SPOKEN and is_too_long(node.text):
        hint = f"shorten it: a PDF has no place for more than {LONGEST_SPOKEN:,} letters of it"
        faults.error(node.place, f"`{key}` has {len(node.text):,} letters", "text-too-long", hint)
    elif isinstance(node, Scalar) and key in KEYS and len(node.text) > LONGEST_TITLE:
        message = f"`{key}` is longer than any title or name: it has {len(node.text):,} letters"
        hint = f"write what fits on a title page; it may have {LONGEST_TITLE:,} letters"
        faults.error(node.place, message, "title-too-long", hint)


def filled(tree: Tree, faults: Faults) -> Tree:
    """`tree` without keys that have no text yet, and lists with an incomplete item; one warning names them."""
    texts = Tree({key: entry for key, entry in tree.entries.items() if key in TEXTS}, tree.place)
    missing = [(key, place) for key, place in _missing(texts, "") if key.partition(".")[0] not in REPORTED_ELSEWHERE]
    if missing:
        faults.warning(missing[0][1], _message([key for key, _ in missing]), "text-untranslated", UNFILLED_HINT)
    kept = _without(texts).entries
    return Tree(
        {key: kept.get(key, entry) for key, entry in tree.entries.items() if key in kept or key not in TEXTS},
        tree.place,
    )


def _message(keys: list[str]) -> str:
    if len(keys) == 1:
        return f"a text of this edition is not translated yet: `{keys[0]}`"
    names = ", ".join(f"`{key}`" for key in keys[:MOST_NAMED])
    more = f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else ""
    return f"{len(keys)} texts of this edition are not translated yet: {names}{more}"


def _is_missing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.text.strip()


def _missing(node: Node, key: str) -> Iterator[tuple[str, Place]]:
    """The keys below `node` that have no value, each with its place."""
    if isinstance(node, Tree):
        for name, entry in node.entries.items():
            inner = f"{key}.{name}" if key else name
            if _is_missing(entry.value):
                yield inner, entry.place
            else:
                yield from _missing(entry.value, inner)
    elif isinstance(node, Items):
        for number, item in enumerate(node.items, 1):
            if _is_missing(item):
                yield f"{key}.{number}", item.place
            else:
                yield from _missing(item, f"{key}.{number}")


def _without(tree: Tree) -> Tree:
    entries: dict[str, TreeEntry] = {}
    for name, entry in tree.entries.items():
        value = entry.value
        if isinstance(value, Tree):
            value = _without(value)
        empty = isinstance(value, Tree) and not value.entries and value != entry.value
        if not (_is_missing(value) or empty or (isinstance(value, Items) and any(_missing(value, "")))):
            entries[name] = TreeEntry(entry.place, value)
    return Tree(entries, tree.place)
