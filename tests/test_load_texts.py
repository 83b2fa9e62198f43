"""Ensures that only clean text from inside the publication is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from load_sources import told, told_of, write

from impressum.core.errors import Faults
from impressum.stages.load.texts import decode, read_bytes

CHAPTER = "chapters/en/01-start.md"
LETTERS = {
    "\x0b": "the control character U+000B is not text [text-control]\n"
    "  hint: delete it; it may have come with a copy from another program",
    "\ue010": "the private-use character U+E010 has no meaning of its own [text-private-use]\n"
    "  hint: replace it with the character that is meant",
    "\u2028": "the character U+2028 is a line end that only some programs see [text-control]\n"
    "  hint: replace it with an ordinary line end or a space",
}
LETTERS |= {
    letter: f"the character U+{ord(letter):04X} turns the direction of text unseen [text-bidi]\n"
    "  hint: delete it; it shows a reader other words than a program reads"
    for letter in "\u061c\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
}


@pytest.mark.parametrize("letter", LETTERS)
def test_an_unwanted_character_is_told_with_its_line_and_column(tmp_path: Path, letter: str) -> None:
    assert told(tmp_path, {CHAPTER: f"# Start\n\nab{letter}c\n"}) == [f"{CHAPTER}:3:3: error: {LETTERS[letter]}"]


def test_marks_that_join_words_or_turn_nothing_are_text(tmp_path: Path) -> None:
    assert told(tmp_path, {CHAPTER: "# Start\n\na\u200db\u200cc \u200e-5 \u00ad\u00a0\ttab\n"}) == []


def test_at_most_ten_unwanted_characters_of_a_file_are_told(tmp_path: Path) -> None:
    assert len(told(tmp_path, {CHAPTER: "\x01" * 5000})) == 10


def test_a_file_that_is_not_utf_8_is_told_with_byte_and_line(tmp_path: Path) -> None:
    assert told(tmp_path, {CHAPTER: "# Početak\n".encode("cp1250")}) == [
        (
            f"{CHAPTER}:1: error: the file is not UTF-8: byte 5 (line 1) is 0xE8 [text-encoding]\n"
            "  hint: save the file as UTF-8; it may have been saved in a Windows or Latin encoding"
        )
    ]


def test_a_file_in_utf_16_is_recognised(tmp_path: Path) -> None:
    assert told(tmp_path, {CHAPTER: "# Start\n".encode("utf-16")}) == [
        (
            f"{CHAPTER}:1: error: the file is not UTF-8: byte 1 (line 1) is 0xFF [text-encoding]\n"
            "  hint: save the file as UTF-8; it looks like UTF-16"
        )
    ]


def test_byte_order_mark_and_line_ends_make_no_difference() -> None:
    faults = Faults()
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n", "a.md", faults) == "a\nb\nc\n"
    assert faults.all() == ()


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
def test_a_link_that_leads_out_of_the_publication_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n")
    workspace = write(tmp_path / "book", {})
    (tmp_path / "book" / "chapters" / "en" / "02-more.md").symlink_to(tmp_path / "secret.md")
    assert told_of(workspace) == [
        (
            "chapters/en/02-more.md: error: `02-more.md` leads out of the publication's folder [file-outside]\n"
            "  hint: copy the file into the publication instead of linking to it"
        )
    ]


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    workspace = write(tmp_path, {})
    link = tmp_path / "chapters" / "en" / "02-more.md"
    link.symlink_to(link)
    assert [line.rpartition("[")[2].partition("]")[0] for line in told_of(workspace)] == ["file-outside"]


def test_a_folder_with_the_name_of_a_chapter_is_refused(tmp_path: Path) -> None:
    workspace = write(tmp_path, {})
    (tmp_path / "chapters" / "en" / "02-more.md").mkdir()
    assert told_of(workspace) == [
        "chapters/en/02-more.md: error: `02-more.md` is not a file [file-unreadable]\n  hint: rename it or move it away"
    ]


def test_a_file_over_its_limit_is_refused(tmp_path: Path) -> None:
    workspace = write(tmp_path, {"big.yaml": b"#" * 2_500_000})
    faults = Faults()
    assert read_bytes(workspace, tmp_path / "big.yaml", faults, limit=1_000_000) is None
    assert [str(fault) for fault in faults.all()] == [
        (
            "big.yaml: error: the file has 2.5 MB, and at most 1 MB are read [file-size]\n"
            "  hint: split it or make it smaller"
        )
    ]
