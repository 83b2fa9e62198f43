"""Text as Typst reads it: where a line may break at a dash, and within an address."""

from __future__ import annotations

import pytest
from verifying import made

from impressum.convert.typst import address_text, running_text, shown_address
from impressum.verify.pages import Printed

ADDRESS = "https://www.example.org/a-long-path/to-a-page?of-some=tools-and-more"


@pytest.mark.parametrize(
    ("words", "typst"),
    [
        ("steel—and coal", "steel\u2060—and coal"),
        ("(steel)—and", "\\(steel\\)\u2060—and"),
        ("— and coal", "— and coal"),
        ("steel —", "steel —"),
        ("steel\u00a0—", "steel\u00a0—"),
        ("steel–coal #x", "steel–coal \\#x"),
    ],
)
def test_an_em_dash_stays_with_the_letter_before_it(words: str, typst: str) -> None:
    assert running_text(words) == typst


def test_an_address_is_printed_without_its_scheme_and_breaks_before_its_signs() -> None:
    assert shown_address(ADDRESS).split("\u200b") == [
        *("example.org", "/a-long-path", "/to-a-page", "?of-some", "=tools-and-more"),
    ]


def test_an_address_breaks_before_a_hyphen_and_not_behind_it() -> None:
    assert address_text("https://example.org/a-b") == "example\\.org\u200b\\/a\u200b\\-\u2060b"


def test_no_line_begins_with_an_em_dash_and_none_ends_in_the_hyphen_of_an_address() -> None:
    dashes = "\n\n".join(f"{'so ' * count}steel—and coal—and iron—and salt." for count in range(1, 40))
    addresses = "\n\n".join(f"{'so ' * count}<{ADDRESS}>." for count in range(1, 40))
    book = made(
        {
            "publication.yaml": "title: Lines\nlanguage: en\ndate: 2025-01-31\n",
            "chapters/en/01-lines.md": f"# Lines\n\n{dashes}\n\n{addresses}\n",
        }
    )
    printed = Printed(book.pdf)
    lines = [line.text.replace("\u200b", "").replace("\u2060", "").strip() for line in printed.lines()]
    printed.close()
    assert not [line for line in lines if line.startswith("—")]
    assert not [line for line in lines if line.endswith("-")]
    assert [line for line in lines if line.endswith("—")]
    assert [line for line in lines if line.startswith("-")]
