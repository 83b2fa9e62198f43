"""Tables as an author writes them: numbers, spans, notes, sources, and where they may not stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_convert_figures import fragment, read

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert.write_tables import SplitNumber, number_of, placed

HERE = Place("chapters/en/01-start.md", 1, 1)
ENGLISH = {"number.decimal": ".", "number.group": ","}
GERMAN = {"number.decimal": ",", "number.group": "."}


def cell(text: str, rows: int = 1, columns: int = 1) -> d.Cell:
    """A cell with this text."""
    return d.Cell(HERE, (d.Paragraph(HERE, (d.Text(HERE, text),), tight=True),), "right", rows, columns)


@pytest.mark.parametrize(
    ("text", "whole", "rest"),
    [
        ("1,234.5", "1,234", ".5"),
        ("1 234.5", "1 234", ".5"),
        ("12.5%", "12", ".5%"),
        ("12 %", "12", " %"),
        ("−3.25", "−3", ".25"),
        ("€ 20", "€ 20", ""),
        ("+0.1 pp", "+0", ".1 pp"),
        ("(4.5)", "(4", ".5)"),
        ("2023", "2023", ""),
        ("n/a", "n/a", ""),
        ("–", "–", ""),
        ("..", "..", ""),
    ],
)
def test_a_number_is_parted_at_its_decimal_mark(text: str, whole: str, rest: str) -> None:
    assert number_of(cell(text), ENGLISH) == SplitNumber(whole, rest)


@pytest.mark.parametrize("text", ["Danube", "1,23", "1.5.2024", "12 rivers long", "3-4"])
def test_what_is_no_number_is_set_as_words(text: str) -> None:
    assert number_of(cell(text), ENGLISH) is None


def test_numbers_are_read_in_the_notation_of_the_edition() -> None:
    assert number_of(cell("1.234,5"), GERMAN) == SplitNumber("1.234", ",5")
    assert number_of(cell("1,234.5"), GERMAN) is None


def test_spans_push_the_cells_of_the_rows_below_on() -> None:
    rows = ((cell("a", rows=2), cell("b", columns=2)), (cell("c"), cell("d")))
    assert [(y, x) for y, x, _ in placed(rows)] == [(0, 0), (0, 1), (1, 1), (1, 2)]


def test_a_column_of_numbers_is_written_in_halves_and_its_marks_apart(tmp_path: Path) -> None:
    written = fragment(
        tmp_path, "| A | B |\n|:--|--:|\n| x | 1,234.5[^n] |\n| y | n/a |\n\n: Title {#tbl-x}\n\n[^n]: A note.\n"
    )
    assert 'kind: "numbers"' in written
    assert '\n1\\,234\\.5], align: right, whole: "1,234", rest: ".5", marks: [#note("01-start/^1", "1")[' in written
    assert 'whole: "n/a", rest: "")' in written


def test_a_column_with_words_or_on_the_left_is_no_column_of_numbers(tmp_path: Path) -> None:
    written = fragment(tmp_path, "| A | B |\n|:--|--:|\n| 1.5 | 2.5 |\n| 2 | see below |\n")
    assert 'kind: "numbers"' not in written
    assert "whole:" not in written


GRID = """\
+---------+-------+-------+
| Place   | Degrees       |
|         +-------+-------+
|         | least | most  |
+:========+======:+======:+
| North   | 1.5   | 2     |
|         +-------+-------+
|         | 1.25  | 3     |
+---------+-------+-------+
| South   | 4     | 5     |
+=========+=======+=======+
| All     | 6.75  | 10    |
+=========+=======+=======+

: Degrees
"""


def test_a_drawn_table_has_spans_several_rows_of_header_and_a_foot(tmp_path: Path) -> None:
    written = fragment(tmp_path, GRID)
    assert "\nPlace], align: left, rows: 2)" in written
    assert "\nDegrees], align: center, columns: 2)" in written
    assert "\nNorth], align: left, rows: 2)" in written
    assert "foot: 1," in written
    assert '\n6\\.75], align: right, bold: true, whole: "6", rest: ".75")' in written


def test_notes_count_as_the_cells_are_set_one_over_several_rows_after_the_last(tmp_path: Path) -> None:
    text = GRID.replace("| North   | 1.5   |", "| No[^n]  | 1[^a] |").replace("| South   |", "| So[^s]  |")
    manuscript, faults = read(tmp_path, text + "\n[^n]: North.\n\n[^a]: One.\n\n[^s]: South.\n")
    assert (faults, manuscript is None) == ("", False)
    assert manuscript is not None
    assert [(note.mark, note.text) for note in manuscript.expected.chapters[0].notes] == [
        ("1", "One."),
        ("2", "North."),
        ("3", "South."),
    ]


def test_a_note_and_a_name_in_a_header_stand_on_its_first_page_only(tmp_path: Path) -> None:
    written = fragment(
        tmp_path,
        "| [A]{#name}[^n] | B |\n|:--|:--|\n| x | y |\n\n: Title {#tbl-x}\n\n[^n]: A note.\n",
    )
    assert '#once("01-start/tbl-x")[#metadata(none)#label("01-start/name")]' in written
    assert '#once("01-start/tbl-x")[#note("01-start/^1", "1")[' in written


def test_what_stands_below_a_table_is_meant_to_be_printed(tmp_path: Path) -> None:
    manuscript, _ = read(
        tmp_path, '| A | B |\n|:--|:--|\n| x | y |\n\n: Title {#tbl-x source="Office, 2024" note="It\'s rounded."}\n'
    )
    assert manuscript is not None
    texts = [text.text for text in manuscript.expected.chapters[0].texts]
    assert "Source: Office, 2024" in texts
    assert "Note: It’s rounded." in texts or "Note: It's rounded." in texts


def test_a_source_in_a_division_belongs_to_the_table_or_figure_before_it(tmp_path: Path) -> None:
    source = "::: source\nThe *office*[^n]; see [its page](https://example.org).\n:::\n\n[^n]: Of statistics.\n"
    table = "| A | B |\n|:--|:--|\n| x | y |\n\n: Title\n\n"
    noted = 'source: [The #emph[office]#note("01-start/^1", "1")['
    assert noted in fragment(tmp_path / "1", table + source).replace("\n", " ")
    assert "source: [The" in fragment(tmp_path / "2", "![One](images/big.png)\n\n" + source).replace("\n", " ")


def test_a_picture_alone_in_a_cell_is_no_figure(tmp_path: Path) -> None:
    written = fragment(tmp_path, "| A | B |\n|:--|:--|\n| ![A bridge](images/small.png) | y |\n\n: Title\n")
    assert "#figure-block" not in written
    assert 'alt: "A bridge"' in written


def test_a_wide_table_stands_in_the_text_itself(tmp_path: Path) -> None:
    text = "- An item:\n\n  | A | B |\n  |:--|:--|\n  | x | y |\n\n  : Title {.wide}\n"
    assert read(tmp_path, text)[1] == (
        "chapters/en/01-start.md:7:5: error: a table that is `wide` is in a list, a quotation or a box "
        "[table-width]\n  hint: put it behind that block, where it has the room, or take its width away"
    )


def test_no_note_stands_in_a_turned_table(tmp_path: Path) -> None:
    text = "| A | B |\n|:--|:--|\n| x[^n] | y |\n\n: Title {.landscape}\n\n[^n]: A note.\n"
    assert read(tmp_path, text)[1] == (
        "chapters/en/01-start.md:7:4: error: a note stands on a page that a figure or table has for itself "
        "[note-on-own-page]\n  hint: put the note behind a cross-reference to it in the text, or its words into the "
        "caption or the source"
    )


def test_tables_in_lists_notes_and_quotations_are_read_as_such(tmp_path: Path) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    grid = "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+\n"

    def within(mark: str, rest: str) -> str:
        lines = f"Words.\n\n{table}\n\n{grid}\n".split("\n")
        return "\n".join((rest if index else mark) + line for index, line in enumerate(lines)).rstrip()

    texts = (within("- ", "  "), within("[^1]: ", "    "), within("> ", "> "), "A note.[^1]", within("(a) ", "    "))
    assert read(tmp_path, "\n\n".join(texts) + "\n")[1] == ""


def test_verse_and_formulas_are_not_taken_for_tables(tmp_path: Path) -> None:
    assert read(tmp_path, "| Roses are red,\n| violets too.\n\n$|a|$ and $|b|$\n$|c|$ and $|d|$\n")[1] == ""


def test_code_is_looked_at_neither_for_tables_nor_for_brackets(tmp_path: Path) -> None:
    shown = "| a | b |\n| c | d |\n" + "[" * 12
    indented = "\n".join(f"        {line}" for line in shown.split("\n"))
    texts = (f"~~~~\n```\n{shown}\n~~~~", f"- Words\n\n{indented}", f"```x``` words\n\n```\n{shown}\n```")
    assert read(tmp_path, "\n\n".join(texts) + "\n")[1] == ""
