"""Marks on the pages of a PDF what is wrong with them, and lists it behind them: for pages that are not published."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core.errors import Fault
from impressum.stages.typeset.compiler import Compiler
from impressum.system.cache import Json
from impressum.system.fonts import BASE

if TYPE_CHECKING:
    import pikepdf

LABEL = 10.0  # points between two names of rules, one below the other
LIST_PAGE = (595.3, 841.9)
SOURCE = f"""\
#let told = json("/refused.json")
#let red = rgb("#c00000")
#set document(title: "What is wrong on the pages")
#set text(lang: "en", font: {json.dumps(BASE)}, fallback: true, size: 8pt)
#metadata(none)<impressum-told>
#for sheet in told.sheets {{
  page(width: sheet.width * 1pt, height: sheet.height * 1pt, margin: 0pt, fill: none, pdf.artifact({{
    for mark in sheet.marks {{
      place(dx: 6pt, dy: mark.top * 1pt, rect(width: 2.5pt, height: mark.height * 1pt, fill: red))
      place(dx: 10pt, dy: mark.label * 1pt, box(fill: white, inset: 1pt, text(fill: red, mark.rule)))
    }}
  }}))
}}
#set page(width: told.list.at(0) * 1pt, height: told.list.at(1) * 1pt, margin: 60pt)
#set text(size: 10pt)
#set par(spacing: 8pt)
#pdf.artifact({{
  text(size: 16pt, fill: red)[What is wrong on the pages]
  parbreak()
  for fault in told.faults [#text(fill: red, fault.rule) #fault.place: #fault.message #parbreak()]
}})
"""


def mark_refused(pdf: bytes, faults: Sequence[Fault], folder: Path) -> bytes:
    """`pdf` with a bar and the name of the rule in the margin at each of `faults`, and a list of them on a last page.
    It claims no standard, for it may keep none. Typst works in `folder`. Raises `Faulty` where it cannot."""
    import pikepdf

    by_page: dict[int, list[Fault]] = defaultdict(list)
    for fault in sorted(faults, key=lambda one: one.spot):
        by_page[fault.spot[0]].append(fault)
    unseen = by_page.pop(0, [])
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as book:
        sheets = [_sheet(book.pages[number - 1], some) for number, some in by_page.items()]
        listed = [*unseen, *(fault for some in by_page.values() for fault in some)]
        told: list[Json] = [
            {"rule": one.rule, "place": str(one.place), "message": one.message.replace("`", "")} for one in listed
        ]
        described: Json = {"sheets": sheets, "faults": told, "list": list(LIST_PAGE)}
        files = {"refused.typ": SOURCE.encode(), "refused.json": json.dumps(described).encode()}
        compiler = Compiler(files, 0, folder, (), main="refused.typ")
        try:
            marks, _ = compiler.set(b"{}")
        finally:
            compiler.close()
        with pikepdf.open(io.BytesIO(marks)) as overlay:
            for number, sheet in zip(by_page, overlay.pages, strict=False):
                book.pages[number - 1].add_overlay(sheet, None)
            for sheet in list(overlay.pages)[len(by_page) :]:
                if "/StructParents" in sheet.obj:
                    del sheet.obj.StructParents
                book.pages.append(sheet)
            del book.Root.Metadata
            book.save(out, deterministic_id=True)
    return out.getvalue()


def _sheet(page: pikepdf.Page, faults: Sequence[Fault]) -> Json:
    """The size of `page` as it is read, and the marks on it; names of rules do not cover each other."""
    left, bottom, right, top = map(float, page.mediabox)
    width, height = right - left, top - bottom
    if page.obj.get("/Rotate", 0):
        width, height = height, width
    marks: list[Json] = []
    label = -LABEL
    for fault in faults:
        _, begins, ends = fault.spot
        begins, ends = max(0.0, begins), min(height, ends or height)
        label = max(label + LABEL, min(begins, height - LABEL))
        marks.append({"top": begins, "height": max(ends - begins, 2.0), "label": label, "rule": fault.rule})
    return {"width": width, "height": height, "marks": marks}
