"""`build --check-reproducible`: a second build apart, and what differs told to the object, the line, the byte."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from building import REPOSITORY, built, built_copy, contents_of, copy, impressum, replace, variables, whole

from impressum.core.errors import Faults
from impressum.release.reproducibility import check_reproducible, compare, copy_sources, where
from impressum.system.workspace import Workspace

PDF = "a-small-report-en.pdf"
HINT = "  hint: a figure script that asks the clock or the system, or goes through a set, is the usual cause"
AT_RANDOM = """\
import os


def draw(figure, data, words):
    figure.subplots().plot(list(os.urandom(5)))
"""


def told(first: dict[str, bytes], second: dict[str, bytes]) -> list[str]:
    faults = Faults()
    compare(first, second, faults)
    return [str(fault) for fault in faults.all()]


def test_a_publication_that_is_the_same_again_is_published(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    replace(root / "publication.yaml", "type: Report", "type: Study")
    ran = impressum(root, "build", "--check-reproducible")
    assert (ran.code, ran.faults, ran.stdout) == (0, "", f"dist/{PDF}\n")
    assert ran.stderr.splitlines()[-3:] == [
        "[6/7] verify   a second build, apart",
        "[6/7] verify   the second build gave the same bytes, 3 files",
        "[7/7] publish  1 file",
    ]
    assert whole(root / "dist")
    assert contents_of(root / "dist") != contents_of(built("minimal") / "dist")


def test_a_figure_at_random_is_told_and_nothing_is_published(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    (root / "figures").mkdir()
    (root / "figures/noise.py").write_text(AT_RANDOM, encoding="utf-8")
    (root / "figures/noise.yaml").write_text("title: Noise\nalt: A line.\n", encoding="utf-8")
    replace(root / "chapters/en/02-end.md", "The end cites", "![Noise.](figure:noise)\n\nThe end cites")
    ran = impressum(root, "build", "--draft", "--check-reproducible", "--json")
    faults = {fault["path"]: fault for fault in json.loads(ran.stdout)["faults"]}
    assert (ran.code, {fault["rule"] for fault in faults.values()}) == (1, {"not-reproducible"})
    assert {f"dist/{PDF}", f"dist/{PDF}.record.json"} <= faults.keys()
    assert faults[f"dist/{PDF}"]["message"].startswith("built again, apart, it is another: object ")
    assert ", on page 5; from byte " in faults[f"dist/{PDF}"]["message"]
    assert contents_of(root / "dist") == before


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_publication_that_needs_something_outside_of_its_folder_is_told(tmp_path: Path) -> None:
    root = copy("minimal", tmp_path / "report")
    chapter = root / "chapters/en/02-end.md"
    chapter.rename(root / "end.txt")
    chapter.symlink_to(root / "end.txt")  # by its whole path: in a copy it leads out
    faults = Faults()
    check_reproducible(Workspace(root), ["build"], {}, faults)
    assert [str(fault) for fault in faults.all()] == [
        (
            "dist: error: the second build, apart, failed: chapters/en/02-end.md: error: `02-end.md` leads "
            "out of the publication's folder [file-outside] [reproducible-failed]\n"
            "  hint: it has a copy of the publication's folder alone: no file outside of it, no `.cache`, another home"
        )
    ]


def test_a_bug_in_the_second_build_is_one_of_impressum(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the second build ended with 2:\nimpressum: there is no command"):
        check_reproducible(Workspace(copy("minimal", tmp_path / "report")), ["bulid"], {}, Faults())


def test_what_differs_is_told_by_line_by_byte_and_by_which_build_has_it() -> None:
    first = {"a.cff": b"one\ntwo\n", "b.png": b"\x89PNG" + b"\0" * 100_000, "c.svg": b"<svg/>", "same": b"same"}
    second = {"a.cff": b"one\ntoo\n", "b.png": b"\x89PNG" + b"\0" * 99_999 + b"1", "d.svg": b"<svg/>", "same": b"same"}
    assert told(first, second) == [
        f"dist/a.cff: error: built again, apart, it is another: from line 2 on [not-reproducible]\n{HINT}",
        f"dist/b.png: error: built again, apart, it is another: from byte 100004 on [not-reproducible]\n{HINT}",
        f"dist/c.svg: error: it comes out of the first of two builds only [not-reproducible]\n{HINT}",
        f"dist/d.svg: error: it comes out of the second of two builds only [not-reproducible]\n{HINT}",
    ]
    assert told(first, first) == []


def test_a_file_that_only_goes_on_differs_from_its_end_on() -> None:
    assert where(b"\xff" * 70_000, b"\xff" * 70_001) == "from byte 70001 on"


def altered(page: int = 0, title: str = "", pages: int = 6) -> bytes:
    """The small report with a point more on a page, another title in its metadata, or fewer pages."""
    with pikepdf.open(built("minimal") / "dist" / PDF) as document:
        if page:
            document.pages[page - 1].contents_add(b"0 0 1 1 re f")
        else:
            document.pages[3].contents_coalesce()
        if title:
            document.Root.Metadata.write(document.Root.Metadata.read_bytes().replace(b"A Small Report", title.encode()))
        while len(document.pages) > pages:
            del document.pages[-1]
        out = io.BytesIO()
        document.save(out, static_id=True)
        return out.getvalue()


def test_what_differs_in_a_pdf_is_told_by_its_object_and_page() -> None:
    assert ", on page 4; from byte " in where(altered(), altered(page=4))
    assert ", the metadata (XMP); from byte " in where(altered(), altered(title="Another One"))
    assert where(altered(), altered(pages=5)).startswith("6 pages and 5; from byte ")
    assert where(b"%PDF-1.7\nno", b"%PDF-1.7\nnothing") == "from byte 12 on"


def test_the_copy_holds_the_sources_alone_with_other_times(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    (root / "chapters/en/dist").mkdir()
    (root / "chapters/en/dist/kept").touch()
    (root / "link").symlink_to("publication.yaml")
    copy_sources(root, tmp_path / "copy")
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == [
        "bib",
        "chapters",
        "link",
        "publication.yaml",
    ]
    assert (tmp_path / "copy/link").is_symlink()
    assert (tmp_path / "copy/chapters/en/dist/kept").exists()
    assert (tmp_path / "copy/publication.yaml").stat().st_mtime == 1_000_000_000


def test_the_other_world_lists_names_backwards_and_keeps_files_to_its_user(tmp_path: Path) -> None:
    """Ensures that the second build does see what the first does not: the proof would be none without."""
    package = tmp_path / "impressum"
    package.mkdir()
    (package / "__main__.py").write_text(
        "import os, pathlib\n"
        "folder = pathlib.Path('names')\n"
        "folder.mkdir()\n"
        "for name in 'bca': (folder / name).touch()\n"
        "print(os.listdir(folder), [one.name for one in folder.iterdir()], [one.name for one in folder.glob('*')],\n"
        "      [one.name for one in folder.rglob('*')], next(os.walk(folder))[2], oct((folder / 'a').stat().st_mode))\n"
    )
    (package / "__init__.py").touch()
    world = REPOSITORY / "impressum/release/other_world.py"
    done = subprocess.run(
        [sys.executable, str(world)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env=variables({"PYTHONPATH": str(tmp_path)}),
    )
    assert done.stdout == " ".join([str(["c", "b", "a"])] * 5) + " 0o100600\n"
