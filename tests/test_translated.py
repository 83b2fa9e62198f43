"""Ensures that `translated` copies the source of a chapter as it is, or nothing at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from building import contents_of, impressum
from load_sources import PUBLICATION, write

from impressum.core.errors import Faulty
from impressum.translation.differences import record
from impressum.translation.shelf import read_shelf, write_file

EN, SR = "chapters/en", "chapters/sr-Latn"
FILES = {
    f"{EN}/01-start.md": "# Start\r\n\r\nText.\r\n",
    f"{EN}/02-economy.md": "# Economy\n",
    f"{EN}/03-end.md": "# End\n",
    f"{SR}/01-start.md": "# Početak\n",
    f"{SR}/02-economy.md": "# Privreda\n",
}
NOT_THERE = "there is no chapter `02-econmy`; did you mean `02-economy`? [chapter-missing]"


def bases(root: Path) -> list[str]:
    return sorted(path.name for path in (root / SR / ".base").glob("*"))


@pytest.mark.parametrize(
    "name", ["01-start", "01-start.md", "chapters/sr-Latn/01-start.md", "chapters\\en\\01-start.md"]
)
def test_the_source_is_copied_to_the_byte(tmp_path: Path, name: str) -> None:
    write(tmp_path, FILES)
    ran = impressum(tmp_path, "translated", name, "--edition", "sr-Latn")
    assert (ran.code, ran.stdout, ran.stderr) == (0, f"{SR}/.base/01-start.md\n", "")
    assert (tmp_path / SR / ".base/01-start.md").read_bytes() == b"# Start\r\n\r\nText.\r\n"
    assert bases(tmp_path) == ["01-start.md"]


def test_a_later_source_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    shelf = read_shelf(write(tmp_path, FILES))
    record(shelf, "sr-Latn", "02-economy.md")
    write(tmp_path, {**FILES, f"{EN}/02-economy.md": "# The economy\n"})
    record(shelf, "sr-Latn", "02-economy.md")
    assert (tmp_path / SR / ".base/02-economy.md").read_text(encoding="utf-8") == "# The economy\n"
    assert bases(tmp_path) == ["02-economy.md"]


def test_all_is_what_the_edition_has(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, f"{SR}/edition.yaml": "title: Reke\n", f"{SR}/09-old.md": "# Staro\n"})
    assert impressum(tmp_path, "translated", "--all", "--edition", "sr-Latn").code == 0
    assert bases(tmp_path) == ["01-start.md", "02-economy.md", "edition.yaml"]


def test_nothing_is_written_where_one_chapter_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, f"{SR}/09-old.md": "# Staro\n"})
    before = contents_of(tmp_path)
    names = ("01-start", "02-econmy", "03-end", "edition.yaml")
    ran = impressum(tmp_path, "translated", *names, "--edition", "sr-Latn")
    assert ran.code == 1
    assert ran.stderr.splitlines() == [
        f"{EN}: error: {NOT_THERE}",
        "  hint: chapters: 01-start, 02-economy, 03-end",
        f"{SR}: error: the edition has no `03-end.md` of its own [translation-missing]",
        f"  hint: put the translation there first, as `{SR}/03-end.md`",
        f"{SR}: error: the edition has no `edition.yaml` of its own [translation-missing]",
        f"  hint: put the translation there first, as `{SR}/edition.yaml`",
    ]
    assert contents_of(tmp_path) == before


def test_a_twin_is_noted_where_it_comes_from(tmp_path: Path) -> None:
    shelf = read_shelf(write(tmp_path, {**FILES, "chapters/sr-Cyrl/edition.yaml": "twin-of: sr-Latn\n"}))
    with pytest.raises(Faulty, match="it is taken from `sr-Latn`: say there that it is translated"):
        record(shelf, "sr-Cyrl", "01-start.md")


def test_a_source_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    shelf = read_shelf(write(tmp_path, {**FILES, f"{EN}/01-start.md": "# Caf\xe9\n".encode("latin-1")}))
    with pytest.raises(Faulty, match="text-encoding"):
        record(shelf, "sr-Latn", "01-start.md")
    assert bases(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--edition", "sr-Latn"), "name the chapters, or say --all for everything that the edition has"),
        (("01-start", "--all", "--edition", "sr-Latn"), "name the chapters, or say --all"),
        (("01-start", "--edition", "sr-Latm"), "there is no edition `sr-Latm`; editions: sr-Latn"),
        (("01-start", "--edition", "en"), "`en` is the source, which nobody translates; editions: sr-Latn"),
    ],
)
def test_a_command_line_that_says_nothing_sound_is_wrong_usage(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    write(tmp_path, FILES)
    ran = impressum(tmp_path, "translated", *arguments)
    assert ran.code == 2
    assert told in ran.stderr


def test_texts_that_have_a_line_and_no_words_are_not_noted(tmp_path: Path) -> None:
    publication = f"{PUBLICATION}subtitle: A study\nkeywords: [water, roads]\nimpressum: {{type: Study}}\n"
    edition = "title: Reke\nsubtitle:\nkeywords:\n  - voda\n  -\n"
    shelf = read_shelf(write(tmp_path, {**FILES, "publication.yaml": publication, f"{SR}/edition.yaml": edition}))
    noted = record(shelf, "sr-Latn", "edition.yaml").read_text(encoding="utf-8").splitlines()[1:]
    assert noted == ['"title": "Rivers"', '"impressum.type": "Study"']


def test_a_file_without_a_single_text_is_not_translated(tmp_path: Path) -> None:
    shelf = read_shelf(write(tmp_path, {**FILES, f"{SR}/edition.yaml": "title:\n"}))
    with pytest.raises(Faulty, match=r"no text of `edition\.yaml` is translated yet"):
        record(shelf, "sr-Latn", "edition.yaml")


@pytest.mark.skipif(os.name != "posix", reason="links and rights are those of POSIX")
def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    inside, outside = tmp_path / "book", tmp_path / "elsewhere"
    shelf = read_shelf(write(inside, FILES))
    outside.mkdir()
    (inside / SR / ".base").symlink_to(outside)
    with pytest.raises(Faulty, match="file-outside"):
        record(shelf, "sr-Latn", "01-start.md")
    assert list(outside.iterdir()) == []


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    shelf = read_shelf(write(tmp_path, {**FILES, f"{SR}/.base": "a file in the place of the folder\n"}))
    with pytest.raises(Faulty, match=r"cannot be written .* \[file-not-writable\]"):
        record(shelf, "sr-Latn", "01-start.md")
    workspace = write(tmp_path, {"kept/inside/it": "words\n"})
    with pytest.raises(Faulty, match="file-not-writable"):
        write_file(workspace, tmp_path / "kept", b"words")
    assert [path.name for path in tmp_path.rglob("*.tmp")] == []
