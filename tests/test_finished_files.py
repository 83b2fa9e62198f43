"""The sample's PDF, opened by programs that are not ours: each is silent, or docs/accessibility.md explains it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import sampled
from pypdf import PdfReader

from impressum.core.errors import Place
from impressum.stages.verify.document import second_opinion

EXPLAINED = {"ORD-001"}
"""Findings of outloud that docs/accessibility.md explains."""


@pytest.fixture(scope="module")
def sample() -> Path:
    """The English edition of the sample."""
    return sampled.sample() / "dist/china-in-serbia-en.pdf"


def record_of(pdf: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pdf.with_name(f"{pdf.name}.record.json").read_text(encoding="utf-8"))
    return found


def test_qpdf_finds_nothing(sample: Path) -> None:
    program = shutil.which("qpdf")
    if program is None:
        pytest.skip("qpdf is not installed; .ci/run installs it")
    done = subprocess.run([program, "--check", str(sample)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


def test_pikepdf_finds_nothing(sample: Path) -> None:
    with pikepdf.open(sample) as document:
        assert document.check_pdf_syntax() == []


def test_pypdf_reads_every_page_strictly(sample: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reader = PdfReader(sample, strict=True)
        empty = [number for number, page in enumerate(reader.pages, 1) if not page.extract_text().strip()]
    assert (len(reader.pages), empty) == (record_of(sample)["pages"], [])


def test_pypdf_reads_in_it_what_its_record_says(sample: Path) -> None:
    assert list(second_opinion(record_of(sample)["contents"], sample.read_bytes(), Place(sample.name))) == []


def test_outloud_reports_only_what_is_explained(sample: Path, tmp_path: Path) -> None:
    report = tmp_path / "outloud.json"
    subprocess.run(
        [sys.executable, "-c", "from outloud.cli import main; main()", "--json", str(report), str(sample)],
        capture_output=True,
        text=True,
    )
    (result,) = json.loads(report.read_text())["results"]
    assert result["stats"]["tagged"] is True
    assert result["counts"]["error"] == 0, result["findings"]
    assert {found["rule"] for found in result["findings"]} <= EXPLAINED


def test_pdfua_reports_nothing(sample: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "pdfua", "check", str(sample)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
