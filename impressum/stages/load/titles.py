"""Titles and names that are no longer than a line or two: Typst sets what is longer for ever, and PDF cannot say it."""

from __future__ import annotations

from impressum.core.errors import Faults
from impressum.core.model.publication import LONGEST_SPOKEN, LONGEST_TITLE, is_too_long
from impressum.stages.load.tree import Items, Node, Scalar, Table

SPOKEN = frozenset({"abstract", "alt", "keywords"})
KEYS = frozenset({"title", "subtitle", "short-title", "name", "role", "affiliation"})


def check_titles(node: Node, faults: Faults, key: str = "") -> None:
    """A fault for each title and name in `node`, at any depth, that is too long; `key` is that of `node`."""
    if isinstance(node, Table):
        for name, entry in node.entries.items():
            check_titles(entry.value, faults, name)
    elif isinstance(node, Items):
        for item in node.items:
            check_titles(item, faults, key)
    elif isinstance(node, Scalar) and key in SPOKEN and is_too_long(node.text):
        faults.error(
            node.place,
            f"`{key}` has {len(node.text):,} letters",
            "text-too-long",
            f"shorten it: a PDF has no place for more than {LONGEST_SPOKEN:,} letters of it",
        )
    elif isinstance(node, Scalar) and key in KEYS and len(node.text) > LONGEST_TITLE:
        faults.error(
            node.place,
            f"`{key}` is longer than any title or name: it has {len(node.text):,} letters",
            "title-too-long",
            f"write what fits on a title page; it may have {LONGEST_TITLE:,} letters",
        )
