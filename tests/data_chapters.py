"""For the tests of data in chapters: a publication with one table of data, its manuscript and its faults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from building import line_of
from load_sources import write

from impressum.core.errors import Faulty
from impressum.core.model.manuscript import Manuscript
from impressum.pipeline.build import check
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Run

SILENT = "title: Rivers\nlanguage: en\ndate: 2025-01-31\nrules: {data-gap: off}\n"
TRADE = """\
year,exports,imports,share,partner
2012,0.1,1.25,0.004,China
2019,0.33,2.5,0.021,China
2023,1.1,,0.0356,Hungary
"""
SIDE = """\
title: Trade with China
source: office2024
columns:
  exports: {title: Exports}
  share: {title: Share, format: share}
"""
BIBLIOGRAPHY = """\
@report{office2024,
  author = {{Office for Examples}},
  title = {Examples of the Year},
  institution = {Office for Examples},
  year = {2024},
}
"""
FILES: Mapping[str, str | bytes] = {
    "publication.yaml": SILENT,
    "figures/data/trade.csv": TRADE,
    "figures/data/trade.yaml": SIDE,
    "bib/references.bib": BIBLIOGRAPHY,
}

__all__ = ["BIBLIOGRAPHY", "FILES", "SIDE", "SILENT", "TRADE", "faults", "manuscript", "ready", "typst"]


def ready(root: Path, text: str, files: Mapping[str, str | bytes] | None = None) -> tuple[Manuscripts | None, Run, str]:
    """All that is known before typesetting (None after an error), the run, and its faults as they are shown."""
    write(root, {**FILES, "chapters/en/01-start.md": f"# Start\n\n{text}", **(files or {})})
    run = line_of(root)
    try:
        found = check(run, documents=True)
        run.faults.stop_if_any()
    except Faulty as faulty:
        return None, run, "\n".join(str(fault) for fault in faulty.faults)
    return found, run, "\n".join(str(fault) for fault in run.faults.all())


def manuscript(root: Path, text: str, files: Mapping[str, str | bytes] | None = None) -> Manuscript:
    """The manuscript of the English edition with a chapter of this `text`, which must be without any fault."""
    found, _, told = ready(root, text, files)
    assert told == ""
    assert found is not None
    return found.editions[0].manuscript


def typst(root: Path, text: str, files: Mapping[str, str | bytes] | None = None) -> str:
    """The Typst fragment of that chapter."""
    return manuscript(root, text, files).fragments[0].typst


def faults(root: Path, text: str, files: Mapping[str, str | bytes] | None = None) -> str:
    """The faults of a publication with that chapter, as they are shown."""
    return ready(root, text, files)[2]
