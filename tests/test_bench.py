"""The benchmark: the same text for each program, no figure for one that loses some, and a publication of any size."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import typst

from bench import dialects, held, large, programs
from bench.measure import Failed, Taken
from bench.memory import watched
from bench.programs import Program
from bench.run import Table, page
from bench.texts import Text
from bench.works import bibliography
from impressum.core.errors import Faults
from impressum.core.model.sources import SourceText
from impressum.stages.load import load
from impressum.stages.load.bibliography import read_bibliography
from impressum.system.workspace import Workspace

WHOLE = """\
# Rivers {.unnumbered #sec-rivers}

The river was shown to be [širok]{lang=sr-Latn} by the first report [@report, p. 5; @page], as @page says.[^1-a]

## Roads {#sec-roads}

A second paragraph, which [the other chapter](#sec-rivers) had announced long ago.

[^1-a]: @page, <https://example.org/one/long/address/of/a/page>.
"""
WORKS = """\
@report{report,
  author = {Doe, Jane},
  title = {A Count of All the Rivers and of Some Roads},
  institution = {Institute},
  date = {2020-05},
}

@online{page,
  author = {Roe, Richard},
  title = {Another Page with a Rather Long Title},
  url = {https://example.org/page},
}
"""


@pytest.fixture
def text(tmp_path: Path) -> Text:
    (tmp_path / "whole.md").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "references.bib").write_text(WORKS, encoding="utf-8")
    return Text(tmp_path, tmp_path / "whole.md", tmp_path / "references.bib", 40)


def test_sphinx_gets_the_text_with_roles_and_plain_bibtex(text: Text) -> None:
    folder = dialects.sphinx(text, programs.pandoc())
    written = (folder / "whole.md").read_text(encoding="utf-8")
    assert written.startswith("(sec-rivers)=\n# Rivers\n")
    assert "to be širok by the first report {cite:p}`report{p. 5},page`, as {cite:t}`page` says.[^1-a]" in written
    assert "[^1-a]: {cite:t}`page`, <https://example.org/one" in written
    entries = (folder / "references.bib").read_text(encoding="utf-8")
    assert "@techreport{report," in entries
    assert "institution = {Institute}" in entries
    assert "year = {n.d.}" in entries


def test_myst_gets_the_text_with_targets_a_template_and_a_program_typst(text: Text) -> None:
    folder = dialects.myst(text, sys.executable, ["fonts"])
    written = (folder / "whole.md").read_text(encoding="utf-8")
    assert "\n(sec-roads)=\n## Roads\n" in written
    assert "[@report, p. 5; @page], as @page says.[^1-a]" in written
    assert (folder / "template" / "template.typ").exists()
    assert (folder / "bin" / "typst").stat().st_mode & 0o100


def _set(written: str, pdf: Path) -> None:
    made = typst.compile(written.encode())
    assert isinstance(made, bytes)
    pdf.write_bytes(made)


def test_a_pdf_that_loses_a_note_counts_for_nothing(text: Text) -> None:
    good = (
        "The river was shown to be širok by the first report. A second paragraph, which the other chapter had "
        "announced. #footnote[https:\\//example.org/one/long/ad#linebreak()dress/of/a/page] A Count of All the Rivers "
        "and of Some Roads; Another Page with a Rather Long Title."
    )
    pdf = text.publication / "out.pdf"
    with pytest.raises(Failed, match="was not made"):
        held.check(pdf, text)
    _set(good, pdf)
    held.check(pdf, text)
    _set(re.sub(r"#footnote\[.*?a/page\]", "", good), pdf)
    with pytest.raises(Failed, match="holds 0 of 1 notes"):
        held.check(pdf, text)


def test_the_page_names_what_is_missing_and_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Program("A Peer", ("a-program-that-nobody-has", "this or that-program"), lambda text: "", "a.pdf")
    monkeypatch.setattr(programs, "PEERS", (absent,))
    table = Table({"×1 cold": {programs.FLOOR: [Taken(2.0, 2.0, 0)], "Other": [Taken(3.0, 3.0, 0)]}})
    table.failed["×1 cold"] = {"Third"}
    written = page(table, {1: 40}, argparse.Namespace(runs=1, runs_large=1))
    assert "| ×1 cold | Other | 3.00 | 1.50 |" in written
    assert "Not installed where this was measured: A Peer (a-program-that-nobody-has, this or that-program)." in written
    assert "Failed at ×1 cold, and not counted: Third." in written


def test_the_page_tells_which_targets_are_held() -> None:
    table = Table({"×1 cold": {programs.FLOOR: [Taken(2.0, 2.0, 0)], "Impressum": [Taken(8.0, 9.0, 0)]}})
    table.note("×1 one word", "Impressum", Taken(4.1, 1.0, 0))
    table.note("sample, one edition, cold", "Impressum", Taken(3.0, 4.0, 0))
    table.note("sample, a second edition", "Impressum", Taken(2.0, 4.0, 0))
    written = page(table, {1: 40}, argparse.Namespace(runs=1, runs_large=1))
    assert "| ×1 cold | the floor | 4.00 | 4 | yes |" in written
    assert "| ×1 one word | the floor | 2.05 | 2 | no |" in written
    assert "| ×1 nothing changed | the floor | – | 0.45 | not measured |" in written
    assert "| sample, a second edition | Impressum sample, one edition, cold | 0.67 | 0.7 | yes |" in written


def test_the_works_that_are_made_up_are_without_fault() -> None:
    faults = Faults()
    assert len(read_bibliography(SourceText("references.bib", bibliography(300)), faults).entries) == 300
    assert [str(fault) for fault in faults.all()] == []
    assert bibliography(20) == bibliography(20)


def test_a_large_publication_has_its_figures_and_the_same_citations_in_each_language(tmp_path: Path) -> None:
    made = large.write(tmp_path / "large", large.Size(times=2, works=50, figures=16))
    sources = load(Workspace(made.root), Faults())
    assert [edition.tag for edition in sources.editions] == sorted(large.EDITIONS, key=lambda tag: (tag != "en", tag))
    assert len(sources.figures) == 16
    cited = {
        tag: Counter(key for path in (made.root / "chapters" / tag).glob("*.md") for key in _works(path))
        for tag in ("en", "sr-Latn")
    }
    assert cited["en"].total() == made.citations
    assert cited["en"] == cited["sr-Latn"]
    assert cited["en"].keys() == {f"made-up-{number:04d}" for number in range(1, 51)}


def _works(path: Path) -> list[str]:
    return re.findall(r"@(made-up-\d+)", path.read_text(encoding="utf-8"))


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_memory_is_that_of_a_command_and_all_that_it_starts(tmp_path: Path) -> None:
    hold = "import subprocess, sys, time; kept = bytearray(40_000_000); {more}; time.sleep(1.5)"
    child = hold.format(more="pass")
    parent = hold.format(more=f"subprocess.Popen([sys.executable, '-c', {child!r}])")
    took = watched([sys.executable, "-c", parent], tmp_path, tmp_path / "log", every=0.05)
    assert took.code == 0
    assert took.together > 80_000_000
    assert 40_000_000 < took.largest < 80_000_000
