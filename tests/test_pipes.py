"""Named pipes in the place of files: nothing waits for them, wherever they stand."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from building import built_copy, contents_of, copy, impressum, replace, whole

from impressum.system.files import read
from impressum.system.work_folders import MARK

pytestmark = pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX")


def pipe(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"text")
    (tmp_path / "link").symlink_to("file")
    pipe(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    assert (read(tmp_path / "file"), read(tmp_path / "link")) == (b"text", b"text")
    for name in ("pipe", "endless", ".", "none"):
        with pytest.raises(OSError, match=r"it is not a file|Is a directory|No such file"):
            read(tmp_path / name)


SOURCES = (
    "bib/references.bib",
    "chapters/de/01-beds.md",
    "chapters/de/edition.yaml",
    "figures/data/crops.csv",
    "figures/crops.yaml",
    "glossary.csv",
    "images/bed.svg",
    "templates/fonts/Own.ttf",
    "templates/notes.typ",
    "templates/note.md",
    "templates/theme.yaml",
    "templates/words/en.yaml",
)


@pytest.mark.parametrize("command", ["build", "status"])
def test_a_source_that_is_a_pipe_is_a_fault(command: str, tmp_path: Path) -> None:
    root = copy("garden", tmp_path / "garden")
    pipe(*(root / name for name in SOURCES))
    ran = impressum(root, command)
    assert ran.code == 1
    told = {line.partition(":")[0] for line in ran.stderr.splitlines() if "is not a file [" in line}
    if command == "status":
        assert told == {"figures/crops.yaml", "figures/data/crops.csv"}  # it stops there
    else:
        assert set(SOURCES) - told == {"images/bed.svg"}, ran.stderr
        assert "the image `images/bed.svg` is not there [image-missing]" in ran.stderr


@pytest.mark.parametrize("leads_to", ["/dev/zero", "letter.txt", "none"])
def test_a_source_that_is_a_link_to_outside_is_neither_read_nor_written(leads_to: str, tmp_path: Path) -> None:
    root = copy("garden", tmp_path / "garden")
    (tmp_path / "letter.txt").write_text("Dear")
    for name in SOURCES:
        (root / name).unlink(missing_ok=True)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(tmp_path / leads_to)
    ran = impressum(root, "build")
    assert ran.code == 1
    told = {line.partition(":")[0] for line in ran.stderr.splitlines() if "leads out of the publication" in line}
    pictures = {"images/bed.svg", "chapters/de/02-harvest.md", "chapters/en/02-harvest.md"}  # told where they stand

    assert set(SOURCES) - told - pictures == set(), ran.stderr
    assert (tmp_path / "letter.txt").read_text() == "Dear"
    assert not (tmp_path / "none").exists()


def test_pipes_in_the_cache_and_among_the_published_files_are_replaced(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    pipe(*(path for path in (root / ".cache").rglob("*") if path.is_file() and path.name != MARK))
    pipe(*(path for path in (root / "dist").iterdir()))
    pipe(root / "dist/.impressum-journal.json", root / "dist/.impressum-1-1.tmp")
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(root / "dist") == before
    assert whole(root / "dist")


def test_a_pipe_that_is_named_to_a_command_is_a_fault(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    (root / "other").mkdir()
    shutil.copy(root / "dist/a-small-report-en.pdf", root / "other")
    one, other = root / "dist/a-small-report-en.pdf", root / "other/a-small-report-en.pdf"
    pipe(one)
    ran = impressum(root, "diff", str(one), str(other))
    assert (ran.code, ran.faults.count("[diff-unreadable]")) == (1, 1), ran.faults
    ran = impressum(root, "verify", str(one))
    assert (ran.code, ran.faults.count("there is no file `a-small-report-en.pdf`")) == (1, 1), ran.faults
    pipe(root / "returned.docx")
    ran = impressum(root, "handin", str(root / "returned.docx"))
    assert (ran.code, ran.faults.count("[handin-unreadable]")) == (1, 1), ran.faults
    pipe(root / "releases/1.0.json")
    ran = impressum(root, "diff", "1.0", str(other))
    assert ran.code == 1, ran.faults
    for name in ("a-small-report-en.pdf.record.json", "SHA256SUMS"):
        pipe(root / "dist" / name)
        assert impressum(root, "verify", str(one)).code == 1


def test_a_release_does_not_wait_for_a_pipe_among_the_earlier_ones(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    replace(root / "publication.yaml", "type: Report", 'type: Report\nversion: "1.1"\nstage: final')
    pipe(root / "releases/1.0.json")
    ran = impressum(root, "build", "--release")
    assert (ran.code, ran.faults) == (
        1,
        (
            "releases/1.0.json: error: what was released cannot be read: it is not a file [release-unreadable]\n"
            "  hint: get it back from the history of the publication, as in `git checkout -- releases/1.0.json`"
        ),
    )
