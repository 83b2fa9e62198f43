"""Ensures that a table in a workbook is read as its author sees it, and that whatever keeps it from that is told."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from load_sources import sources, told

from impressum.core.errors import Faults, Place
from impressum.core.model.sources import DataTable
from impressum.stages.load import excel
from impressum.stages.load.excel import open_workbook

SIDE = "title: Loans\nsource: https://example.org/loans\n"
Fill = Callable[[Any, Any], None]


def book(fill: Fill) -> bytes:
    """A workbook whose first sheet is `Loans`; `fill` gets the workbook and the sheet."""
    from openpyxl import Workbook

    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Loans"
    fill(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rows(*given: list[Any]) -> Fill:
    """Fills the sheet with these rows."""

    def fill(_: Any, sheet: Any) -> None:
        for row in given:
            sheet.append(row)

    return fill


def table(root: Path, raw: bytes, side: str = SIDE) -> DataTable:
    return sources(root, {"figures/data/loans.xlsx": raw, "figures/data/loans.yaml": side}).data["loans"]


def faults_of(root: Path, raw: bytes, side: str = SIDE) -> list[str]:
    return told(root, {"figures/data/loans.xlsx": raw, "figures/data/loans.yaml": side})


def test_numbers_words_dates_and_percentages_are_read(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.append(["year", "amount", "share", "signed", "who", "sure"])
        sheet.append([2022, 0.1 + 0.2, 0.59, datetime.date(2024, 1, 2), " Ana\u00a0", True])
        sheet.append([2023, 5.0, 0.4, datetime.datetime(2024, 1, 3), "Luka", False])
        for cell in sheet["C"][1:]:
            cell.number_format = "0.0%"

    found = table(tmp_path, book(fill))
    assert found.rows == (
        ("2022", 0.3, 0.59, "2024-01-02", "Ana", "TRUE"),
        ("2023", 5, 0.4, "2024-01-03", "Luka", "FALSE"),
    )
    assert found.column("share").format == "share"
    assert found.where(1, 2) == 'figures/data/loans.xlsx, sheet "Loans", cell C3'


def test_one_workbook_holds_several_tables(tmp_path: Path) -> None:
    def fill(made: Any, sheet: Any) -> None:
        for row in (["Loans by year"], [], ["", "year", "sum"], ["", 2022, 1], [], ["", 2023, 2], ["", "(sources)"]):
            sheet.append(row)
        second = made.create_sheet("By bank")
        second.append(["bank", "sum"])
        second.append(["A", 7])

    files: dict[str, str | bytes] = {
        "figures/data/book 2024.xlsx": book(fill),
        "figures/data/~$book 2024.xlsx": b"",
        "figures/data/years.yaml": f"{SIDE}file: book 2024.xlsx\nrange: B3:C6\n",
        "figures/data/banks.yaml": f"{SIDE}file: book 2024.xlsx\nsheet: By bank\n",
    }
    found = sources(tmp_path, files).data
    assert {name: one.rows for name, one in found.items()} == {
        "years": (("2022", 1), ("2023", 2)),
        "banks": (("A", 7),),
    }
    assert (found["banks"].sheet, found["years"].places[1][1]) == (
        "By bank",
        Place("figures/data/book 2024.xlsx", 6, 3),
    )


def test_the_first_sheet_that_is_not_hidden_is_read(tmp_path: Path) -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        made.create_sheet("Shown").append(["key", "v"])
        made["Shown"].append(["a", 1])

    assert table(tmp_path, book(fill)).sheet == "Shown"


def test_only_another_value_of_the_table_changes_what_is_made_of_it(tmp_path: Path) -> None:
    one = table(tmp_path / "one", book(rows(["a", "b"], ["x", 1])))
    two = table(tmp_path / "two", book(rows(["a", "b"], ["x", 2])))
    assert one.digest != two.digest


def test_a_cell_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.append(["year", "amount", "share"])
        sheet.append([2022, 1, "#N/A"])
        sheet.append([2023, "=1+1", 3])
        sheet.append([2024, 5, 6])
        sheet["C2"].data_type = "e"
        sheet.merge_cells("A4:B4")

    assert faults_of(tmp_path, book(fill)) == [
        (
            'figures/data/loans.xlsx:2:3: error: sheet "Loans", cell C2: the cell holds the error `#N/A` [excel-cell]\n'
            "  hint: mend its formula, or leave it empty"
        ),
        (
            'figures/data/loans.xlsx:3:2: error: sheet "Loans", cell B3: the cell holds a formula whose value was '
            "never computed [excel-cell]\n"
            "  hint: open the workbook in a spreadsheet and save it, or write the value itself; no formula is run here"
        ),
        (
            'figures/data/loans.xlsx:4:1: error: sheet "Loans", cell A4: the cells A4:B4 are merged, and only the '
            "first of them has a value [excel-cell]\n  hint: unmerge them, and write the value into each"
        ),
    ]


def test_what_turns_the_direction_of_text_is_told_at_its_cell_and_in_the_words_of_data_and_figures(
    tmp_path: Path,
) -> None:
    """Ensures it for isolates, with which `-5` is printed as `5-`, and for the marks that only turn what is beside."""

    def said(where: str, letter: str) -> str:
        message = f"error: {{}}the character U+{ord(letter):04X} turns the direction of text unseen [text-bidi]"
        return f"{where}: {message}\n  hint: delete it; it shows a reader other words than a program reads"

    sheet = 'sheet "Loans", cell '
    raw = book(rows(["bank", "sum\u200f"], ["A \u2067-5\u2069", 7], ["B", 8]))
    assert faults_of(tmp_path / "excel", raw) == [
        said("figures/data/loans.xlsx:1:2", "\u200f").format(f"{sheet}B1: "),
        said("figures/data/loans.xlsx:2:1", "\u2067").format(f"{sheet}A2: "),
    ]
    texts = {
        "figures/data/loans.csv": "bank,sum\nA,7\nB \u061c-5,8\n",
        "figures/data/loans.yaml": SIDE.replace("Loans", '"L\\u2066oans"'),
        "figures/rain.yaml": 'title: Rain\nalt: Rain.\nwords:\n  mm: "mm \\u2068-5"\n',
        "figures/rain.py": "def draw(figure, data, words): pass\n",
    }
    assert told(tmp_path / "texts", texts) == [
        said("figures/data/loans.csv:3:3", "\u061c").format(""),
        said("figures/data/loans.yaml:1:8", "\u2066").format(""),
        said("figures/rain.yaml:4:7", "\u2068").format(""),
    ]


def test_what_is_hidden_is_read_with_a_warning(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        for row in (["year", "a", "b"], [2022, 1, 2], [2023, 3, 4], [2024, 5, 6]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["C"].hidden = True

    assert faults_of(tmp_path, book(fill)) == [
        (
            'figures/data/loans.xlsx:1:3: warning: sheet "Loans", cell C1: this column is hidden, and read '
            "[excel-hidden]\n  hint: show them in the workbook, or delete them there"
        ),
        (
            'figures/data/loans.xlsx:3:1: warning: sheet "Loans", cell A3: 2 rows from here on are hidden, and read '
            "[excel-hidden]\n  hint: show them in the workbook, or delete them there"
        ),
    ]


def test_the_checks_of_csv_hold_for_workbooks_at_their_cells(tmp_path: Path) -> None:
    keys = faults_of(tmp_path / "keys", book(rows(["a", "b"], ["x", 1], ["x", 2], [None, 3])))
    assert keys == [
        (
            'figures/data/loans.xlsx:3:1: error: sheet "Loans", cell A3: the key `x` already stands in row 2 '
            "[data-key]\n  hint: give each row a first cell of its own"
        ),
        (
            'figures/data/loans.xlsx:4:1: error: sheet "Loans", cell A4: the row has no key [data-key]\n'
            "  hint: fill the first cell: it names the row"
        ),
    ]
    types = faults_of(tmp_path / "types", book(rows(["a", "b"], ["x", 1], ["y", "1,234"], ["z", None])))
    assert types == [
        (
            'figures/data/loans.xlsx:3:2: error: sheet "Loans", cell B3: `1,234` is not a number, and the other cells '
            "of `b` are [data-type]\n"
            "  hint: write numbers without separators between thousands, and with `.` before decimals"
        ),
        (
            'figures/data/loans.xlsx:4:2: warning: sheet "Loans", cell B4: a cell of the numbers `b` is empty '
            "[data-gap]\n  hint: fill it, or leave it where there is no figure to give"
        ),
    ]
    titled = faults_of(tmp_path / "titled", book(rows(["Loans by year"], ["year", "sum"], [2022, 1])))
    assert titled == [
        (
            'figures/data/loans.xlsx:1:2: error: sheet "Loans", cell B1: the column has no name [data-header]\n'
            "  hint: name each column in its first row; if the table begins elsewhere, give its cells with "
            "`range: A1:D20`, and its sheet with `sheet:`"
        )
    ]


RANGES = {
    "sheet: Laons": "3:8: error: the workbook has no sheet `Laons`; did you mean `Loans`? [data-range]\n"
    "  hint: its sheets: Loans",
    "range: A1B2": "3:8: error: `A1B2` is not a range of cells [data-range]\n"
    "  hint: write the first and the last cell: `range: A1:D20`",
    "range: B2:A1": "3:8: error: the range `B2:A1` ends before it begins [data-range]\n"
    "  hint: write the cell at the top left first",
    "range: A1:B9": "3:8: error: the range `A1:B9` leaves the cells of the sheet `Loans` that hold anything "
    "[data-range]\n  hint: the last of them is B2",
    "file: loan.xlsx": "3:7: error: there is no workbook `loan.xlsx`; did you mean `loans.xlsx`? [data-missing]\n"
    "  hint: `file` names an Excel workbook of `figures/data/`; there are: loans.xlsx",
}


@pytest.mark.parametrize("line", RANGES)
def test_a_sheet_or_a_range_that_is_not_there_is_told_in_the_description(tmp_path: Path, line: str) -> None:
    found = faults_of(tmp_path, book(rows(["a", "b"], ["x", 1])), f"{SIDE}{line}\n")
    assert found[0] == f"figures/data/loans.yaml:{RANGES[line]}"


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>'
UNREADABLE = {
    "text": (b"a,b\n1,2\n", "this is not a workbook, or a damaged one"),
    "cut": (book(rows(["a"], [1]))[:900], "this is not a workbook, or a damaged one"),
    "locked": (b"\xd0\xcf\x11\xe0rest", "the workbook is protected by a password, or of the old kind (`.xls`)"),
    "large": (package(a=b"0" * 60_000_000), "the workbook unpacks to 60 MB, and at most 50 MB are read"),
    "entities": (package(xl__workbook=BOMB), "the workbook holds `xl/workbook.xml`, which no spreadsheet writes so"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_sound_workbook_is_told_and_not_opened(tmp_path: Path, kind: str) -> None:
    raw, message = UNREADABLE[kind]
    (fault,) = faults_of(tmp_path, raw)
    assert fault.splitlines()[0] == f"figures/data/loans.xlsx: error: {message} [excel-file]"


def test_a_workbook_that_openpyxl_cannot_read_is_a_fault_and_no_crash() -> None:
    faults = Faults()
    assert open_workbook(package(a=b"<a/>"), Place("figures/data/x.xlsx"), faults) is None
    (fault,) = faults.all()
    assert fault.message.startswith("the workbook cannot be read: ")
    assert excel.UNPACKED_LIMIT == 50_000_000


def test_a_sheet_that_the_workbook_names_and_does_not_hold_is_not_passed_over(tmp_path: Path) -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.append(["year", "amount"])
        made.create_sheet("Other").append(["year", "amount"])

    raw = book(fill)
    for name, target in (("sheet1.xml", "/xl/worksheets/sheet1.xml"), ("sheet2.xml", "/xl/worksheets/sheet2.xml")):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as package, zipfile.ZipFile(out, "w") as other:
            for part in package.namelist():
                if not part.endswith(name):
                    other.writestr(part, package.read(part))
        assert faults_of(tmp_path / name, out.getvalue())[0] == (
            f"figures/data/loans.xlsx: error: the workbook names the sheet `{target}`, and does not hold it "
            "[excel-file]\n  hint: save it anew as `.xlsx`, with only the sheets that are needed"
        )


def test_a_workbook_of_charts_alone_has_no_table(tmp_path: Path) -> None:
    def fill(made: Any, sheet: Any) -> None:
        from openpyxl.chart import BarChart

        made.create_chartsheet("Chart").add_chart(BarChart())
        made.remove(sheet)

    assert faults_of(tmp_path, book(fill))[0] == (
        "figures/data/loans.xlsx: error: the workbook has no sheet with cells [data-empty]\n"
        "  hint: save the table as a sheet of its own"
    )
