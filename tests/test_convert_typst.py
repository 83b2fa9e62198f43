"""Text as Typst reads it: where a line may break at a dash, and within an address."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from building import copy, impressum
from pypdf import PdfReader
from verifying import made

from impressum.core.model import document as d
from impressum.stages.convert import fragment  # noqa: F401 - it registers
from impressum.stages.convert.output import write
from impressum.stages.convert.typst import APART, address_text, running_text, shown_address, text
from impressum.stages.verify.pages import PrintedPages
from impressum.system.process import Limits, run

BREAK, JOIN = "\u200b", "\u2060"
ADDRESS = "https://www.example.org/a-long-path/to-documentation?of-some=tools-and-more"


@pytest.mark.parametrize(
    ("words", "typst"),
    [
        ("steel—and coal", "steel#text(size: 0.01pt)[\u2060]—and coal"),
        ("(steel)—and", "\\(steel\\)#text(size: 0.01pt)[\u2060]—and"),
        ("— and coal", "— and coal"),
        ("steel —", "steel —"),
        ("steel\u00a0—", "steel\u00a0—"),
        ("steel–coal #x", "steel–coal \\#x"),
    ],
)
def test_an_em_dash_stays_with_the_letter_before_it(words: str, typst: str) -> None:
    assert running_text(text(words)) == typst


def test_an_address_is_printed_without_its_scheme_and_breaks_before_its_signs() -> None:
    assert shown_address(ADDRESS).split("\u200b") == [
        *("example.org", "/a-long-path", "/to-documentation", "?of-some", "=tools-and-more"),
    ]


def test_an_address_breaks_before_a_hyphen_and_not_behind_it() -> None:
    assert address_text("https://example.org/a-b") == (
        f"example\\.org{APART.format(BREAK)}\\/a{APART.format(BREAK)}\\-{APART.format(JOIN)}b"
    )


def test_no_line_begins_with_an_em_dash_and_none_ends_in_the_hyphen_of_an_address_that_is_found(
    tmp_path: Path,
) -> None:
    dashes = "\n\n".join(f"{'so ' * count}steel—and coal—and iron—and salt." for count in range(1, 40))
    addresses = "\n\n".join(f"{'so ' * count}<{ADDRESS}>." for count in range(1, 40))
    book = made(
        {
            "publication.yaml": "title: Lines\nlanguage: en\ndate: 2025-01-31\n",
            "chapters/en/01-lines.md": f"# Lines\n\n{dashes}\n\n{addresses}\n",
        }
    )
    printed = PrintedPages(book.pdf)
    lines = [line.text.strip() for line in printed.lines()]
    printed.close()
    assert not [line for line in lines if line.startswith("—")]
    assert not [line for line in lines if line.endswith("-")]
    assert [line for line in lines if line.endswith("—")]
    assert {"-", "/", "?", "="} <= {line[:1] for line in lines}
    shown = ADDRESS.removeprefix("https://www.")
    path = tmp_path / "book.pdf"
    path.write_bytes(book.pdf)
    poppler = run(["pdftotext", str(path), "-"], limits=Limits(60)).stdout.decode()
    for name, found in (
        ("pypdf", "\n".join(page.extract_text() for page in PdfReader(path).pages)),
        ("poppler", poppler),
    ):
        assert not set("\u200b\u2060") & set(found), name
        assert found.count(shown) > 5, f"{name} finds it on one line"
        assert "".join(found.split()).count(f"{shown}.") == 39, name


def test_a_typst_package_of_the_home_folder_is_not_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy("broken-package", tmp_path / "publication")
    package = tmp_path / ".local" / "share" / "typst" / "packages" / "local" / "own" / "0.1.0"
    package.mkdir(parents=True)
    (package / "typst.toml").write_text('[package]\nname = "own"\nversion = "0.1.0"\nentrypoint = "own.typ"\n')
    (package / "own.typ").write_text("#let own = 1\n")
    chapter = root / "chapters" / "en" / "01-start.md"
    chapter.write_text('# Start\n\nOne `#import "@local/own:0.1.0": own; #own`{=typst} more.\n', encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert impressum(root, "build").faults == (
        "chapters/en/01-start.md:3:6: error: the Typst package `@local/own:0.1.0` is not at hand: "
        "nothing is taken from the network or the home folder [package-refused]\n"
        "  hint: write what it does into the chapter or into `templates/`"
    )


def test_every_kind_of_node_is_written_by_a_function_of_its_own() -> None:
    kinds = {*get_args(d.Block), *get_args(d.Inline)}
    assert write.registry.keys() == {object, *kinds}
    assert len(set(write.registry.values())) == len(kinds) + 1  # and one that refuses all others
