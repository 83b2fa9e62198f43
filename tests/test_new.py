"""Ensures that `new` makes a publication that builds at once, with its own program, and overwrites nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from building import REPOSITORY, impressum, pages, replace, variables

from impressum.cli import environment
from impressum.cli.environment import home_of, lock_named
from impressum.cli.starter import Answers, start, wheel_of_this
from impressum.core.model.publication import Publication

FILES = [
    ".github/workflows/publish.yml",
    ".gitignore",
    ".impressum/impressum-0.1.0-py3-none-any.whl",
    ".impressum/lock.txt",
    *(f".impressum/schemas/{name}.json" for name in ("data", "edition", "editions", "figure", "layout", "publication")),
    "bib/references.bib",
    "build.py",
    "chapters/en/01-writing.md",
    "chapters/en/02-data.md",
    "figures/data/paper.csv",
    "figures/data/paper.yaml",
    "figures/paper.yaml",
    "publication.yaml",
    "templates/macros.md",
    "templates/theme.yaml",
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new publication, not to be changed."""
    folder = tmp_path_factory.mktemp("new") / "our-first_report"
    ran = impressum(None, "new", str(folder))
    assert (ran.code, ran.stdout.splitlines()) == (0, [f"{folder}/{name}" for name in FILES])
    assert ran.stderr == (
        f"to build it: cd {folder} && python3 build.py\n"
        f"to see it while you write: cd {folder} && python3 build.py watch\n"
    )
    return folder


def test_what_is_made_builds_at_once_and_shows_what_it_teaches(report: Path) -> None:
    ran = impressum(report, "build")
    assert (ran.code, ran.faults) == (0, "")
    text = pages(report, "our-first-report-en.pdf")
    assert text[0].startswith("Our first report")
    assert all(any(size in page for page in text) for size in ("210 × 297 mm", "148 × 210 mm"))
    assert text[-1].startswith("References Bringhurst, Robert. 2004.")


@pytest.mark.parametrize("tag", ["de", "fr", "hr", "sr-Latn", "sr-Cyrl", "en-GB"])
def test_a_publication_in_another_language_is_in_that_language_and_without_a_fault(tmp_path: Path, tag: str) -> None:
    folder = tmp_path / "book"
    impressum(None, "new", str(folder), "--language", tag, "--kind", "book", "--author", "An Author, Jr.")
    ran = impressum(folder, "check")
    assert (ran.code, ran.faults) == (0, "")
    assert ("  type: Book\n" in (folder / "publication.yaml").read_text(encoding="utf-8")) == (tag == "en-GB")
    assert f"`chapters/{tag}/01-writing.md`" in (folder / f"chapters/{tag}/01-writing.md").read_text(encoding="utf-8")


def test_a_working_paper_is_one_and_checks_without_a_fault(tmp_path: Path) -> None:
    impressum(None, "new", str(tmp_path / "paper"), "--kind", "working-paper")
    settings = (tmp_path / "paper/publication.yaml").read_text(encoding="utf-8")
    assert "  type: Working paper\n" in settings
    assert "\ntheme: working-paper #" in settings
    assert impressum(tmp_path / "paper", "check").code == 0


def test_a_language_whose_words_the_book_does_not_know_asks_for_them_and_says_that_its_chapters_are_english(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "informe"
    impressum(None, "new", str(folder), "--language", "pt", "--title", '"Rios": um', "--publisher", "Uma editora")
    assert (folder / "chapters/pt/01-writing.md").read_text(encoding="utf-8").startswith("---\nlanguage: en\n---\n")
    ran = impressum(folder, "check")
    assert "templates/words/pt.yaml: error: the language `pt` lacks" in ran.faults
    assert ran.faults.count("error") == 1


def test_its_own_build_py_unpacks_the_wheel_and_goes_on_there(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With this interpreter as that of its environment, which is not made here."""
    root = tmp_path / "copy"
    shutil.copytree(report, root, ignore=shutil.ignore_patterns(".cache", "dist"))
    monkeypatch.setattr(environment, "PUBLICATION", root)
    home = home_of(root / ".impressum/lock.txt")
    code = "import runpy, sys; sys.prefix = sys.argv.pop(1); runpy.run_path(sys.argv[0], run_name='__main__')"
    code = f"import sys; sys.argv[0] = 'build.py'; {code}"
    done = subprocess.run(
        [sys.executable, "-c", code, str(home), "check"],
        cwd=root,
        env={**variables(), "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "[4/7] convert  2 chapters" in done.stderr
    (unpacked,) = (root / ".cache").glob("impressum-*")
    assert (unpacked / "impressum/templates/book/book.typ").is_file()


def test_it_is_lent_the_environment_that_runs_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_of(lock_named("run"))
    monkeypatch.setattr(sys, "prefix", str(home))
    start(tmp_path / "it", Answers("It"))
    assert (tmp_path / "it/.cache" / home.name).readlink() == home.resolve()


@pytest.mark.parametrize(
    ("wheels", "told"),
    [
        ({}, "there is no wheel, and one is needed: that of Impressum [tool-missing]"),
        ({"a.whl": b"", "b.whl": b""}, "there are 2 wheels, and one is needed: that of Impressum [tool-missing]"),
        ({"a.whl": b"half"}, "the wheel cannot be unpacked into .cache: File is not a zip file [tool-unpacking]"),
    ],
)
def test_a_wheel_that_is_missing_or_damaged_is_told(tmp_path: Path, wheels: dict[str, bytes], told: str) -> None:
    shutil.copy(REPOSITORY / "impressum/templates/new/all/build.py.txt", tmp_path / "build.py")
    (tmp_path / ".impressum").mkdir()
    for name, content in wheels.items():
        (tmp_path / ".impressum" / name).write_bytes(content)
    done = subprocess.run([sys.executable, "build.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, f".impressum: error: {told}")


def test_the_wheel_installs_and_makes_the_same_publication_from_there(report: Path, tmp_path: Path) -> None:
    (wheel,) = (report / ".impressum").glob("*.whl")
    assert wheel_of_this() == (wheel.name, wheel.read_bytes())
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name in archive.namelist() if "__pycache__" in name] == []
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-compile", "--target"]
    subprocess.run([*install, str(site), str(wheel)], check=True)
    made = [sys.executable, "-m", "impressum", "new", "again"]
    subprocess.run(made, cwd=tmp_path, env={**variables(), "PYTHONPATH": str(site)}, check=True, capture_output=True)
    assert (tmp_path / "again/.impressum" / wheel.name).read_bytes() == wheel.read_bytes()


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    ran = impressum(None, "new", str(tmp_path))
    assert (ran.code, ran.stdout, sorted(path.name for path in tmp_path.iterdir())) == (1, "", ["notes.txt"])
    assert ran.stderr == (
        f"{tmp_path}: error: the folder is not empty: it holds `notes.txt` [new-folder]\n"
        "  hint: name a new folder, or an empty one\n"
    )
    assert "it cannot be a folder (Not a directory)" in impressum(None, "new", str(tmp_path / "notes.txt")).stderr


def test_a_language_that_does_not_exist_makes_nothing(tmp_path: Path) -> None:
    ran = impressum(None, "new", str(tmp_path / "it"), "--language", "english")
    assert (ran.code, (tmp_path / "it").exists()) == (1, False)
    assert "`english` is not a language tag (BCP 47); did you mean `en`?" in ran.stderr


def test_on_a_terminal_it_asks_for_what_no_option_says(tmp_path: Path) -> None:
    import pty

    control, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "impressum", "new", "it", "--publisher", "A House"],
        cwd=tmp_path,
        env=variables(),
        stdin=terminal,
        stderr=terminal,
        stdout=subprocess.DEVNULL,
    )
    os.close(terminal)
    os.write(control, "Flüsse: ein Bericht\nDeutsch\nde\nA. Eins, B. Zwei\nbok\nbook\n".encode())
    assert process.wait(60) == 0
    said = os.read(control, 10_000).decode()
    os.close(control)
    assert "Title [It]: " in said
    assert "`Deutsch` is not a language tag (BCP 47)" in said
    publication = (tmp_path / "it/publication.yaml").read_text(encoding="utf-8")
    assert 'title: "Flüsse: ein Bericht"\n' in publication
    assert 'authors:\n  - name: "A. Eins"\n  - name: "B. Zwei"\n' in publication
    assert 'publisher:\n    name: "A House"\n' in publication
    assert "theme: book " in publication


def test_every_key_that_is_switched_off_is_one_of_a_publication(report: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(report, root, ignore=shutil.ignore_patterns(".cache", "dist"))
    text = (root / "publication.yaml").read_text(encoding="utf-8")
    for line, switched in (
        ("# subtitle:\n", "subtitle: Rivers\n"),
        ('# version: "1.0" ', 'version: "1.0" '),
        ("# abstract: What", "abstract: What"),
        ("  # publisher:\n  #   name: Who publishes it\n", "  publisher:\n    name: Who publishes it\n"),
        ("  # licence: CC", "  licence: CC"),
        ("# authors:\n#   - name: Your name\n#     orcid: 0000-…\n", "authors:\n  - name: Your name\n"),
    ):
        assert line in text
        replace(root / "publication.yaml", line, switched)
    ran = impressum(root, "check")
    assert (ran.code, ran.faults) == (0, "")
    assert {"title", "language", "date"} <= set(Publication.model_fields)


def test_an_edition_that_is_added_names_its_schema_too(report: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(report, root, ignore=shutil.ignore_patterns(".cache", "dist"))
    assert impressum(root, "new-edition", "de").code == 0
    text = (root / "chapters/de/edition.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../.impressum/schemas/edition.json\n")
