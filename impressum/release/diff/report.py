"""A comparison as text, as JSON, and as one HTML page with the changed pages beside each other."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict
from html import escape

from impressum.release.diff.compare import PagePair, PdfComparison
from impressum.system.cache import Json

SCHEMA = "impressum-diff"
VERSION = 1
MOST_SHOWN = 20
"""Changes that the text lists one by one."""
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2.5rem } h3 { font-size: 1rem; margin-top: 1.5rem }
table { border-collapse: collapse } td, th { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top }
del { background: #fbdcdc; color: #7a1010 } ins { background: #d9f2dd; color: #0d4f1c; text-decoration: none }
.pages { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem } figure { margin: 0 }
img { width: 100%; border: 1px solid #bbb } .page { color: #555; white-space: nowrap }
"""


def as_json(files: Mapping[str, PdfComparison]) -> Json:
    """The comparisons by name of the file."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "files": [
            {
                "name": name,
                "pages": {"old": one.old_pages, "new": one.new_pages},
                "changed-pages": [asdict(pair) for pair in one.pairs if pair.kind != "same"],
                "changes": [asdict(change) for change in one.changes],
                "numbers": [asdict(number) for number in one.numbers],
            }
            for name, one in files.items()
        ],
    }


def as_text(files: Mapping[str, PdfComparison]) -> str:
    """The comparisons in lines."""
    return "\n".join(line for name, one in files.items() for line in _lines(name, one))


def _lines(name: str, one: PdfComparison) -> list[str]:
    if one.is_same:
        return [f"{name}: the same on all {one.new_pages} pages"]
    lines = [f"{name}: {one.old_pages} pages became {one.new_pages}"]
    lines += [f"  pages {what}: {numbers}" for what, numbers in changed_pages(one)]
    for number in one.numbers:
        lines.append(f"  number on page {number.new_page}: {number.old or 'none'} -> {number.new or 'none'}")
    for change in one.changes[:MOST_SHOWN]:
        marked = (f"[-{change.old}-]" if change.old else "") + (f"{{+{change.new}+}}" if change.new else "")
        lines.append(f"  page {change.new_page}: … {change.before} {marked} {change.after} …")
    if len(one.changes) > MOST_SHOWN:
        lines.append(f"  and {len(one.changes) - MOST_SHOWN} more changes of words")
    return lines


def changed_pages(one: PdfComparison) -> list[tuple[str, str]]:
    """The pages of each kind that is not the same: what happened to them, and their numbers as `1–3, 7`."""
    said = (
        ("added", "added", "new"),
        ("removed", "removed", "old"),
        ("changed", "with changed words", "new"),
        ("looks", "with another look", "new"),
    )
    kinds = [(what, [getattr(pair, side) for pair in one.of(kind)]) for kind, what, side in said]
    return [(what, _ranges(numbers)) for what, numbers in kinds if numbers]


def _ranges(numbers: list[int]) -> str:
    """`1–3, 7`."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in parts)


Pictures = Callable[[str, PagePair], tuple[bytes | None, bytes | None]]
"""Gives the pictures (PNG) of an old and a new page of the file of this name."""


def as_html(files: Mapping[str, PdfComparison], pictures: Pictures, title: str) -> str:
    """The comparisons as one page that needs no other file."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>",
    ]
    for name, one in files.items():
        parts += [f"<h2>{escape(name)}</h2>", f"<p>{escape(_lines(name, one)[0])}.</p>"]
        parts += _numbers_in_html(one)
        parts += _changes_in_html(one)
        parts += _pages_in_html(name, one, pictures)
    return "\n".join([*parts, "</main></body></html>", ""])


def _numbers_in_html(one: PdfComparison) -> list[str]:
    if not one.numbers:
        return []
    rows = (
        f"<tr><td class=page>p. {number.new_page}</td><td>… {escape(number.before)}</td>"
        f"<td><del>{escape(number.old)}</del></td><td><ins>{escape(number.new)}</ins></td></tr>"
        for number in one.numbers
    )
    head = "<tr><th>Page</th><th>After</th><th>Was</th><th>Is</th></tr>"
    return ["<h3>Numbers</h3>", f"<table>{head}{''.join(rows)}</table>"]


def _changes_in_html(one: PdfComparison) -> list[str]:
    if not one.changes:
        return []
    parts = ["<h3>Words</h3>"]
    for change in one.changes:
        was = f"<del>{escape(change.old)}</del> " if change.old else ""
        now = f"<ins>{escape(change.new)}</ins> " if change.new else ""
        where = f"<span class=page>p. {change.new_page}</span>"
        parts.append(f"<p>{where} … {escape(change.before)} {was}{now}{escape(change.after)} …</p>")
    return parts


def _pages_in_html(name: str, one: PdfComparison, pictures: Pictures) -> list[str]:
    parts = ["<h3>Pages</h3>"] if not one.is_same else []
    for pair in one.pairs:
        if pair.kind == "same":
            continue
        cells = []
        for side, number, picture in zip(("old", "new"), (pair.old, pair.new), pictures(name, pair), strict=True):
            if number is None:
                cells.append("<p>no such page</p>")
            elif picture is None:
                cells.append(f"<p>{side}, page {number}: of this release only the words are kept</p>")
            else:
                data = base64.b64encode(picture).decode()
                alt = f"Page {number} of the {side} file"
                cells.append(
                    f'<figure><img alt="{alt}" loading="lazy" src="data:image/png;base64,{data}">'
                    f"<figcaption>{side}, page {number}</figcaption></figure>"
                )
        parts.append(f'<div class="pages">{"".join(cells)}</div>')
    return parts
