"""Which words of the book a publication may print: for a language that is not complete, no others are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from impressum.system.files import read
from impressum.system.workspace import Workspace

READ = frozenset({".md", ".yaml", ".typ"})
ALWAYS = frozenset({"role.author", "role.translator"})
MARKS = {
    "cc.": r"\bcc",
    "errata.": "errata",
    "task.": r"\[[ x]\]",
    "index.title": "index",
    "index.see": "index",
    "mark.embargo": "embargo",
    "alt.barcode": "isbn",
    "impressum.copies-": "print-run",
    "impressum.image-credits": "credit",
    "impressum.funded-by": "funders",
    **{
        f"impressum.{key}": rf"\b{key}[\"']?\s*:"
        for key in "isbn issn doi series orcid partners funders grant disclaimer cip printer print-run "
        "on-behalf-of".split()
    },
    **{f"box.{kind}": kind for kind in "tip important warning key-findings recommendations".split()},
}
"""How the keys of words begin that are printed only where a text like this stands in some file of the publication."""
ANY = re.compile(r"\bwords(\[|\.at\b)")
"""A template that may print any word."""


def used_words(workspace: Workspace, keys: Iterable[str]) -> Iterator[str]:
    """Those of `keys` that the publication may print, by the words in its files: rather too many than too few."""
    text = "\n".join(read(path).decode("utf-8", "replace") for path in _files(workspace)).lower()
    for key in keys:
        mark = next((mark for begin, mark in MARKS.items() if key.startswith(begin)), "")
        if key.startswith("role.") and ".".join(key.split(".")[:2]) not in ALWAYS:
            mark = re.escape(key.split(".")[1])
        if not mark or re.search(mark, text) or f"words.{key}" in text or ANY.search(text):
            yield key


def _files(workspace: Workspace) -> Iterator[Path]:
    yield from (path for path in (workspace.publication,) if path.is_file())
    for folder in (workspace.chapters, workspace.figures, workspace.templates):
        files = (path for path in sorted(folder.rglob("*")) if path.suffix in READ)
        yield from (path for path in files if path.is_file() and path.parent != workspace.templates / "words")
