"""A figure that stands far from its place is named; a turned page is read and measured as one that is upright."""

from __future__ import annotations

import io

import pikepdf
import pytest
from verifying import Set, made

from impressum.stages.verify.pages import PrintedPages

THEMES = ("report", "book")
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="400">'
    '<rect width="800" height="400" fill="#9bc"/></svg>'
)


def words(number: int, count: int = 60) -> str:
    """A paragraph that is like no other."""
    return " ".join(f"{name} {number}" for name in ("barge", "wharf", "salt", "grain", "toll", "ferry") * (count // 6))


def text(first: int, last: int) -> str:
    """Paragraphs, numbered so that none is like another."""
    return "\n\n".join(words(number) for number in range(first, last))


def of(chapter: str, theme: str = "report", **more: str) -> Set:
    """A publication of this chapter (and of `more` ones, by name), as it is set."""
    return made(
        {
            "publication.yaml": f"title: Rivers\nlanguage: en\ndate: 2025-01-31\ntheme: {theme}\n",
            "images/big.svg": PICTURE,
            "chapters/en/01-start.md": chapter,
            **{f"chapters/en/02-{name}.md": text for name, text in more.items()},
        }
    )


def found(book: Set, pdf: bytes | None = None) -> list[str]:
    """What verify finds, a line each, but for how these paragraphs, which nobody would write, fill their lines."""
    lines = book.faults(pdf).splitlines()
    return [line for line in lines if "[type-" not in line and "[chapter-end]" not in line]


def test_figures_in_a_row_that_wait_too_long_for_room_are_named() -> None:
    figures = "\n\n".join(
        f"![View of bridge {number}](images/big.svg){{#fig-{number} height=56mm}}" for number in range(1, 6)
    )
    book = of(f"# Start\n\n{text(1, 3)} @fig-2\n\n{figures}\n\n{text(3, 12)}\n")
    assert found(book) == [
        (
            "chapters/en/01-start.md:15:21: warning: the figure `View of bridge 5` stands on page 6 and is written on "
            "page 4 [figure-far]"
        ),
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_text_flows_around_the_pages_that_figures_have_for_themselves(theme: str) -> None:
    figures = "![Turned](images/big.svg){.landscape}\n\n![Whole](images/big.svg){.page}"
    book = of(f"# Start\n\n{text(1, 3)}\n\n{figures}\n\n{text(3, 20)}\n", theme)
    assert found(book) == []
    printed = PrintedPages(book.pdf)
    pages = list(printed.pages)
    printed.close()
    turned = next(page for page in pages if page.turned)
    assert turned.width > turned.height
    assert sorted(turned.text.split()) == sorted(["Figure", "1", "Turned", str(turned.number)])
    whole = next(page for page in pages if "Figure\u00a02" in page.text and page.number > 2)
    assert len(whole.lines) == 2  # its caption and its folio
    # The page before them is full: the text did not stop where the figures are written.
    before = pages[min(turned.number, whole.number) - 2]
    assert max(line.baseline for line in before.lines if line.text.startswith(("barge", "wharf", "salt"))) > 500


def test_a_figure_after_the_last_paragraph_stays_in_its_chapter() -> None:
    figure = "![Last](images/big.svg){#fig-last height=56mm}"
    book = of(f"# Start\n\n{text(1, 8)}\n\n{figure}\n", next="# The next one\n\nIts text.\n")
    assert found(book) == []
    printed = PrintedPages(book.pdf)
    pages = {page.number: page.text for page in printed.pages}
    printed.close()
    stands = next(number for number, said in pages.items() if "Figure\u00a01" in said)
    after = next(number for number, said in pages.items() if number > 3 and "The next one" in said)
    assert stands < after


def test_a_chapter_of_figures_and_turned_tables_alone_begins_with_its_title() -> None:
    book = of(
        "# Maps\n\n| Town | Ferries |\n|:--|--:|\n| Upper wharf | 12 |\n\n: Ferries of each town {.landscape}\n\n"
        "![The map of the north](images/big.svg){.page}\n\n![The map of the south](images/big.svg){.landscape}\n",
        next="# Views\n\n## From the bridge\n\n![The view from the bridge](images/big.svg){.wide}\n",
    )
    assert found(book) == []


def test_what_is_printed_outside_of_a_turned_page_is_named() -> None:
    book = of(f"# Start\n\n{text(1, 3)}\n\n![Turned](images/big.svg){{.landscape}}\n")
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(book.pdf)) as document:
        page = next(page for page in document.pages if page.get("/Rotate") == 90)
        page.Contents = document.make_stream(b"q 1 0 0 1 0 -40 cm\n" + page.Contents.read_bytes() + b"\nQ")
        document.save(out)
    assert found(book, out.getvalue())[0] == (
        "chapters/en/01-start.md:7:11: error: `Figure 1 Turned` on page 5: 39 pt to the left of the type area "
        "[page-outside]"
    )
