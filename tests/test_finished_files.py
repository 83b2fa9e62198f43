"""The sample's PDF, opened by programs that are not ours: each is silent, or docs/accessibility.md explains it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pikepdf
import pytest
import sampled
from pypdf import PdfReader

EXPLAINED = {"ORD-001"}
"""Findings of outloud that docs/accessibility.md explains."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The English edition of the sample."""
    return sampled.sample(tmp_path_factory) / "dist/china-in-serbia-en.pdf"


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
        assert all(page.extract_text() is not None for page in reader.pages)


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
