"""Tables on the finished pages: nothing is lost where they break, decimals stand below each other, headers are read
once; and what is spoiled is found."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import pikepdf
import pytest
from building import words_of
from verifying import Set, made

from impressum.stages.verify.pages import Glyph, PrintedPages

THEMES = ("report", "book")
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente"


def of(chapter: str, theme: str = "report", language: str = "en") -> Set:
    """A publication of one chapter, as it is set."""
    return made(
        {
            "publication.yaml": f"title: Rivers\nlanguage: {language}\ndate: 2025-01-31\ntheme: {theme}\n",
            f"chapters/{language}/01-start.md": f"# Start\n\n{chapter}",
        }
    )


def found(book: Set, pdf: bytes | None = None) -> list[str]:
    """What verify finds, a line each, but for how these paragraphs fill their lines."""
    return [line for line in book.faults(pdf).splitlines() if "[type-" not in line and "[chapter-end]" not in line]


def pages(book: Set) -> list[str]:
    """The text of each page."""
    printed = PrintedPages(book.pdf)
    texts = [words_of(page.text) for page in printed.pages]
    printed.close()
    return texts


def glyphs(book: Set, text: str) -> list[Glyph]:
    """The letters of the lines that hold `text`."""
    printed = PrintedPages(book.pdf)
    some = [glyph for line in printed.lines() if text in line.text for glyph in printed.glyphs(line)]
    printed.close()
    return some


def tags(book: Set) -> list[str]:
    """The kinds of the structure elements, in order."""
    kinds: list[str] = []

    def read(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for part in node:
                read(part)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                kinds.append(str(node["/S"]))
            if "/K" in node:
                read(node["/K"])

    with pikepdf.open(io.BytesIO(book.pdf)) as document:
        read(document.Root.StructTreeRoot.K)
    return kinds


@cache
def long(theme: str) -> Set:
    """A table of ninety rows with a note in its header and one in a cell."""
    rows = "\n".join(f"| Place {row} | {row * 37 / 8:.{row % 3}f} | Wharf {row} |" for row in range(1, 91))
    rows = rows.replace("Wharf 3 ", "Wharf 3[^w] ")
    return of(
        f'A.\n\n| Place | Loads[^h] | Remark |\n|:--|--:|:--|\n{rows}\n\n: Landings {{#tbl-l source="A yearbook"}}\n'
        "\nA text after it.\n\n[^h]: Of a year.\n\n[^w]: Of stone.\n",
        theme,
    )


@pytest.mark.parametrize("theme", THEMES)
def test_a_long_table_goes_on_under_its_header_with_nothing_lost(theme: str) -> None:
    book = long(theme)
    assert found(book) == []
    parts = [page for page in pages(book) if "Wharf" in page]
    assert len(parts) >= 3
    assert [page.count("Table 1 (continued)") for page in parts] == [0, *[1] * (len(parts) - 1)]
    assert all("Place Loads" in page and page.count("Wharf") >= 2 for page in parts)
    assert all(page.count("Of a year.") == (page is parts[0]) for page in parts)
    assert "A yearbook" in parts[-1]


def test_a_header_that_is_repeated_is_read_once() -> None:
    kinds = tags(long("report"))
    assert (kinds.count("/Table"), kinds.count("/THead"), kinds.count("/TH")) == (1, 1, 3)
    assert kinds.count("/TR") == 91


def test_decimal_marks_stand_below_each_other() -> None:
    rows = ("1,234.5", "2.25%", "−0.125", "7.5")
    table = "\n".join(f"| Row | {number} |" for number in rows)
    book = of(f"| A | A longer heading |\n|:--|--:|\n{table}\n| Row | 12 |\n| Row | n/a |\n\n: Numbers\n")
    assert found(book) == []
    points = [glyph.box.left for number in rows for glyph in glyphs(book, number) if glyph.letter == "."]
    assert len(points) == 4
    assert max(points) - min(points) < 0.1
    units = [glyphs(book, text)[-1].box.right for text in ("Row 12", "Row n/a")]
    assert all(0 <= points[0] - right < 2 for right in units)
    assert "Row 1,234.5 Row 2.25% Row −0.125 Row 7.5 Row 12 Row n/a" in " ".join(pages(book))


def test_a_cell_that_is_taller_than_a_page_breaks() -> None:
    giant = " ".join(f"word{number}" for number in range(1500))
    book = of(f"| A | B |\n|:--|:--|\n| one | small |\n| two | {giant} |\n| three | small |\n\n: Giant\n")
    assert found(book) == []


def test_spans_and_notes_in_them_are_set_over_a_break() -> None:
    rows = "".join(
        f"| G{group:02}[^g{group}] | a {group:02}  | 1.5   |\n|          +-------+-------+\n"
        f"|          | b {group:02}  | 22.25 |\n+----------+-------+-------+\n"
        for group in range(10, 40)
    )
    notes = "".join(f"[^g{group}]: Note on group {group}.\n\n" for group in range(10, 40))
    table = f"+----------+-------+-------+\n| Group    | Part  | Value |\n+:=========+:======+======:+\n{rows}"
    book = of(f"{table}\n: Groups\n\n{notes}", "book")
    faults = [line for line in found(book) if "[note-page]" not in line]  # a late note is the page fitting's
    assert faults == []


def test_long_words_are_divided_in_narrow_columns() -> None:
    head = " | ".join(f"Verwaltungsgemeinschaft {number}" for number in range(6))
    row = " | ".join([LONG_WORD] * 6)
    book = of(f"| {head} |\n{'|:--' * 6}|\n| {row} |\n\n: Wörter\n", "book", "de")
    assert found(book) == []


@pytest.mark.parametrize("theme", THEMES)
def test_a_word_as_wide_as_its_column_or_its_title_stands_on_a_line_of_its_own(theme: str) -> None:
    """Ensures it where Typst would let it run over with the word before it, as the best of all breaks."""
    address = "https://example.org/a/long/path?with=query&and=more"
    rows = f"| once {address} over a trade | ~~the came~~ | for which to | water while | came |\n"
    rows += "| for | `before` | (so) no state-of-the-art | once trade home | no river internationalization rails 59% |"
    head = "of | 59% and, | Zrenjanin stood | state-of-the-art internationalization | rails there"
    title = "## But and, no kolovoz other internationalization Smederevo asked"
    book = of(f"{title}\n\n| {head} |\n|--:|--:|--:|:--|:--|\n{rows}\n\n: Words\n", theme)
    narrow = made(
        {
            "publication.yaml": f"title: Rivers\nlanguage: en\ndate: 2025-01-31\ntheme: {theme}\n",
            "chapters/en/01-start.md": title.removeprefix("#") + "\n\nText.\n",
        }
    )
    assert (found(book), found(narrow)) == ([], [])


def test_a_table_that_does_not_fit_is_set_smaller_and_named() -> None:
    head = " | ".join(f"Region {number}" for number in range(30))
    row = " | ".join(f"{number * 97 + 1000}.5" for number in range(30))
    book = of(f"| {head} |\n{'|--:' * 30}|\n| {row} |\n\n: Regions\n")
    assert "\n".join(str(fault) for fault in book.run.faults.all() if fault.rule == "table-wide") == (
        "chapters/en/01-start.md:3:3: warning: the table is too wide: its words need 298 mm, the page has 162 mm, "
        "so its type is only 3.4 pt [table-wide]\n  hint: turn it with `.landscape` behind its caption, or divide it "
        "into two tables; its widest columns are `Region 0`, `Region 1`, `Region 2`"
    )
    assert found(book) == []


def test_a_turned_table_goes_on_on_a_second_turned_page() -> None:
    head = " | ".join(f"Region {number}" for number in range(8))
    rows = "\n".join(f"| {' | '.join(f'{row * 10 + number}.5' for number in range(8))} |" for row in range(1, 61))
    book = of(f"A text.\n\n| {head} |\n{'|--:' * 8}|\n{rows}\n\n: Regions {{.landscape}}\n\nA text after it.\n")
    assert found(book) == []
    assert sum("Table 1 (continued)" in page for page in pages(book)) >= 1


def test_a_cell_that_is_not_printed_is_named() -> None:
    book = of("| A | B |\n|:--|:--|\n| Danube | long river |\n| Sava | shorter one |\n\n: Rivers\n")
    spoiled = book.with_rule('#show "shorter": none')
    assert found(book, spoiled) == [
        "chapters/en/01-start.md:6:10: error: the text `shorter one` is not printed on page 4 or after it [text-lost]"
    ]


def test_a_source_that_is_not_printed_is_named() -> None:
    book = of('| A | B |\n|:--|:--|\n| Danube | river |\n\n: Rivers {source="The yearbook of 1904"}\n')
    spoiled = book.with_rule('#show regex("The yearbook of 1904"): none')
    assert "\n".join(found(book, spoiled)) == (
        "chapters/en/01-start.md:3:3: error: the text `Source: The yearbook of 1904` is not printed on page 4 "
        "or after it [text-lost]"
    )


COMMAND = "pandoc --from=markdown --to=html5 --standalone --output=manual.html manual.md"


def grid(*cells: tuple[str, ...]) -> str:
    """A grid table of these rows of cells, whose lines are given; the first is its header."""
    widths = [max(len(line) for row in cells for line in row[column].split("\n")) for column in range(len(cells[0]))]
    edge = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    drawn = [edge]
    for number, row in enumerate(cells):
        lines = [cell.split("\n") for cell in row]
        for at in range(max(map(len, lines))):
            parts = [
                (cell[at] if at < len(cell) else "").ljust(width) for cell, width in zip(lines, widths, strict=True)
            ]
            drawn.append("| " + " | ".join(parts) + " |")
        drawn.append(edge if number else edge.replace("-", "="))
    return "\n".join(drawn)


def test_code_in_a_cell_keeps_its_words_whole_and_the_rows_after_it() -> None:
    remark = "a remark of some length on what this command does to the file"
    rows = [(f"Case {row}", f"```sh\n{COMMAND}\n\necho {row}\n```", remark) for row in range(12)]
    book = of("A.\n\n" + grid(("What", "command line", "Remark"), *rows, ("Last", "", "the end")) + "\n\nB.\n", "book")
    assert found(book) == []
    text = " ".join(pages(book))
    assert text.count(COMMAND) == text.count("a remark of some length on") == 12
    assert "Last the end B." in text


def test_columns_of_nothing_but_code_share_the_width() -> None:
    rows = [
        (f"```\n--from markdown+emoji\n--id {row}\n```", f"``` yaml\nfrom: markdown+emoji\nid: {row}\n```")
        for row in range(40)
    ]
    book = of("A.\n\n" + grid(("command line", "defaults file"), *rows) + "\n\nB.\n")
    assert found(book) == []
    text = " ".join(pages(book))
    assert text.count("--from markdown+emoji") == text.count("from: markdown+emoji") == 40


def test_code_in_a_list_in_a_cell_divides_only_a_word_that_no_column_could_hold() -> None:
    address = "https://example.org/" + "x" * 90
    item = f"- First:\n\n      curl --silent --location {address}\n\n- Second"
    book = of(grid(("What", "Steps", "Why"), ("Fetch", item, " ".join(["because"] * 20))) + "\n")
    assert found(book) == []
    lines = [line for page in PrintedPages(book.pdf).pages for line in page.text.splitlines()]
    assert any("curl --silent --location" in line for line in lines)
    assert address in "".join("".join(lines).replace("\u200b", "").split())


def test_a_table_whose_rows_run_off_the_page_is_named() -> None:
    rows = "\n".join(f"| Place {row} | {row * 37} |" for row in range(1, 91))
    book = of(f"A.\n\n| Place | Loads |\n|:--|--:|\n{rows}\n")
    first, *others = found(book, book.with_rule("#show table: it => block(breakable: false, it)"))
    assert first.endswith("error: `Place 45 1665` on page 5: 15 pt below the type area [page-outside]")
    assert len(others) > 40


@pytest.mark.parametrize("rows", [2, 60])
def test_a_table_without_a_header_is_a_warning_and_is_set(rows: int) -> None:
    lines = "\n".join(f"Place {row:<10} {row * 37:>10}" for row in range(rows))
    rule = "---------------- ----------"
    book = of(f"A.\n\n{rule}\n{lines}\n{rule}\n\n: Landings {{#tbl-l}}\n\nSee @tbl-l.\n")
    assert [fault.rule for fault in book.run.faults.all() if fault.rule.startswith("table-")] == ["table-header"]
    assert found(book) == []
    assert "Landings Place 0 0 Place 1 37" in " ".join(pages(book))
    (caption,) = {glyph.box.bottom for glyph in glyphs(book, "Landings") if glyph.letter == "L"}
    assert all(glyph.box.top > caption for glyph in glyphs(book, "Place 0"))


@pytest.mark.parametrize(
    "last",
    [
        "![The last](../../images/last.svg){#fig-last alt=Grey}",
        "| A | B |\n|:--|--:|\n| a | 1 |\n\n: The last {#tbl-last}",
    ],
    ids=["figure", "table"],
)
def test_what_a_chapter_ends_with_stands_at_the_head_of_a_page_of_its_own(last: str) -> None:
    """Ensures it where the text fills the page of the opening, after which figures go to the foot."""
    river = "The river carried timber, grain and salt to the towns. "
    sources = {
        "publication.yaml": "title: Rivers\nlanguage: en\ndate: 2025-01-31\n",
        "images/last.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='250'><path d='M0 0h9'/></svg>",
        "chapters/en/01-start.md": "# Start\n\n" + f"Words. {river * 12}\n\n" * 3 + f"Words. {river * 6}\n\n{last}\n",
    }
    book = made(sources)
    assert found(book) == []
    printed = PrintedPages(book.pdf)
    (caption,) = (line for line in printed.lines() if "The last" in line.text)
    texts = [line for line in printed.lines() if "river" in line.text and line.page == caption.page]
    printed.close()
    assert not texts
    assert caption.top < 150
