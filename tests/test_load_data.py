"""Ensures that data are read as they are meant, and that a cell that cannot be is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from load_sources import PUBLICATION, sources, told

from impressum.core.model.sources import DataTable

SIDE = "title: Trade\nsource: https://example.org/trade\nretrieved: 2025-01-31\n"


def table(root: Path, csv: str | bytes) -> DataTable:
    return sources(root, {"figures/data/trade.csv": csv, "figures/data/trade.yaml": SIDE}).data["trade"]


def faults_of(root: Path, csv: str | bytes) -> list[str]:
    lines = told(root, {"figures/data/trade.csv": csv, "figures/data/trade.yaml": SIDE})
    return [line.removeprefix("figures/data/trade.csv:") for line in lines]


def test_a_column_of_numbers_is_numbers_and_the_first_stays_text(tmp_path: Path) -> None:
    found = table(tmp_path, "year,exports,share,who\n2022,10,0.5,a\n2023,-12,\u22121.5e2,b\n")
    assert found.columns == ("year", "exports", "share", "who")
    assert found.rows == (("2022", 10, 0.5, "a"), ("2023", -12, -150.0, "b"))
    assert found.by_key()["2023"]["exports"] == -12


def test_a_semicolon_means_a_decimal_comma(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf" + "godina;izvoz;ko, šta\r\n2022;1,5;č, ć\r\n2023;2;d\r\n".encode()
    assert table(tmp_path, raw).rows == (("2022", 1.5, "č, ć"), ("2023", 2, "d"))


def test_semicolons_with_points_before_decimals_are_read_where_no_cell_has_a_comma(tmp_path: Path) -> None:
    assert table(tmp_path, "a;b;c\nu;1.5;1.250\nv;2;3\n").rows == (("u", 1.5, 1.25), ("v", 2, 3))


def test_words_that_begin_with_a_number_stay_words_where_no_number_stands_among_them(tmp_path: Path) -> None:
    assert table(tmp_path, "a,b\nu,2 lanes\nv,4 lanes\n").rows == (("u", "2 lanes"), ("v", "4 lanes"))


def test_a_file_that_is_not_utf_8_is_told_at_the_byte(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "a,b\nu,šta\n".encode("cp1250")) == [
        (
            "2: error: the file is not UTF-8: byte 7 (line 2) is 0x9A [text-encoding]\n"
            "  hint: save the file as UTF-8; it may have been saved in a Windows or Latin encoding"
        )
    ]


FORMS = {
    "text": ("2012", "x", []),
    "date": (
        "2012-13",
        "x",
        ["`2012-13` is not a date, and `b` is a column of dates", "`x` is not a date, and `b` is a column of dates"],
    ),
    "integer": ("1.5", "2", ["`1.5` is not a whole number, and `b` is said to hold whole numbers"]),
    "number": (
        "one",
        "two",
        [
            "`one` is not a number, and `b` is a column of numbers",
            "`two` is not a number, and `b` is a column of numbers",
        ],
    ),
    "EUR": ("5", "x", ["`x` is not a number, and the other cells of `b` are"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_description_says_what_the_cells_of_a_column_must_be(tmp_path: Path, form: str) -> None:
    first, second, expected = FORMS[form]
    side = f"{SIDE}columns: {{b: {{format: {form}}}}}\n"
    lines = told(tmp_path, {"figures/data/t.csv": f"a,b\nu,{first}\nv,{second}\n", "figures/data/t.yaml": side})
    assert [line.partition(": error: ")[2].partition(" [data-type]")[0] for line in lines] == expected


def test_quotes_hold_delimiters_line_ends_and_quotes(tmp_path: Path) -> None:
    found = table(tmp_path, 'key,"a, b"\n"one ""1""","x\ny"\ntwo, 5" pipe \n')
    assert found.columns == ("key", "a, b")
    assert found.rows == (('one "1"', "x\ny"), ("two", '5" pipe'))


def test_codes_with_leading_zeros_and_plain_words_stay_text(tmp_path: Path) -> None:
    found = table(tmp_path, "key,code,word\na,0101,x\nb,1102,2\nc,1103,y\nd,1104,3\n")
    assert found.rows[1] == ("b", "1102", "2")


def test_the_digest_changes_with_the_data_and_with_what_is_said_of_them(tmp_path: Path) -> None:
    one = table(tmp_path / "one", "a,b\n1,2\n")
    two = table(tmp_path / "two", "a,b\n1,3\n")
    same = table(tmp_path / "same", "a,b\n1,2\n")
    assert one.digest == same.digest != two.digest
    files = {"figures/data/trade.csv": "a,b\n1,2\n", "figures/data/trade.yaml": f"{SIDE}unit: EUR\n"}
    assert sources(tmp_path / "unit", files).data["trade"].digest != one.digest


CASES = {
    "a,b\n1,2\n3\n": "3:1: error: the row has 1 cell and the header 2 [data-row]\n"
    "  hint: give each row as many cells as the header; a cell that holds the delimiter is put in quotes",
    "a,b\n1,2,3\n": "2:5: error: the row has 3 cells and the header 2 [data-row]\n"
    "  hint: give each row as many cells as the header; a cell that holds the delimiter is put in quotes",
    "a,b\nx,2\ny,3\nx,4\n": "4:1: error: the key `x` already stands on line 2 [data-key]\n"
    "  hint: give each row a first cell of its own",
    "a,b\n,2\n": "2:1: error: the row has no key [data-key]\n  hint: fill the first cell: it names the row",
    "a,b,b\nx,2,3\n": "1:5: error: there are two columns `b` [data-header]\n  hint: give each column a name of its own",
    "a,,b\nx,2,3\n": "1:3: error: the column has no name [data-header]\n  hint: name each column in the first line",
    "a,b\n": " error: the data have only a header and no rows [data-empty]\n  hint: add the rows, or delete the file",
    "\n": " error: the data have no rows [data-empty]\n  hint: add the rows, or delete the file",
    'a,b\nx,"y\n': '2:3: error: the quote `"` that begins this cell does not close [data-quote]\n'
    "  hint: close it at the end of the cell; a quote inside the cell is written twice",
    'a,b\n"x" y,2\n': '2:1: error: the quote `"` that begins this cell closes in the middle of the cell [data-quote]\n'
    "  hint: close it at the end of the cell; a quote inside the cell is written twice",
    "a,b\nx,2\ny,\n": "3:3: warning: a cell of the numbers `b` is empty [data-gap]\n"
    "  hint: fill it, or leave it where there is no figure to give",
    "a,b\nu,1\nv,2\nw,3\nx,4\ny,5\nz,six\n": "7:3: error: `six` is not a number, and the other cells of `b` are "
    "[data-type]\n  hint: write a number with `.` before its decimals, and units in the `.yaml`",
    "a,b\nu,1\nv,n/a\n": "3:3: error: `n/a` is not a number, and the other cells of `b` are [data-type]\n"
    "  hint: leave the cell empty where there is no figure",
    'a,b\nu,1\nv,"1,250"\n': "3:3: error: `1,250` is not a number, and the other cells of `b` are [data-type]\n"
    "  hint: write numbers without separators between thousands, and with `.` before decimals",
    "a,b\nu,1\nv,12 %\n": "3:3: error: `12 %` is not a number, and the other cells of `b` are [data-type]\n"
    "  hint: write the number alone, and its unit once for the column, in the `.yaml`: `unit: '%'`",
    "a,b\nu,€ 5\nv,7 €\n": "2:3: error: `€ 5` is not a number, and `b` is a column of numbers [data-type]\n"
    "  hint: write the number alone, and its unit once for the column, in the `.yaml`: `unit: '€'`\n"
    "3:3: error: `7 €` is not a number, and `b` is a column of numbers [data-type]\n"
    "  hint: write the number alone, and its unit once for the column, in the `.yaml`: `unit: '€'`",
    "a,b\nu,5\nv,7 km\n": "3:3: error: `7 km` is not a number, and the other cells of `b` are [data-type]\n"
    "  hint: write the number alone, and its unit once for the column, in the `.yaml`: `unit: 'km'`",
    "a;b\nu;1,5\nv;2.5\n": "3:3: error: `2.5` is not a number, and the other cells of `b` are [data-type]\n"
    "  hint: write numbers without separators between thousands, and with `,` before decimals",
}


@pytest.mark.parametrize("csv", CASES)
def test_what_is_amiss_is_told_at_its_cell(tmp_path: Path, csv: str) -> None:
    assert "\n".join(faults_of(tmp_path, csv)) == CASES[csv]


def test_a_gap_is_none_and_the_other_cells_stay_numbers(tmp_path: Path) -> None:
    files = {
        "publication.yaml": f"{PUBLICATION}rules: {{data-gap: off}}\n",
        "figures/data/trade.csv": "a,b\nx,2\ny,\n",
        "figures/data/trade.yaml": SIDE,
    }
    assert sources(tmp_path, files).data["trade"].rows == (("x", 2), ("y", None))


def test_cells_after_a_quoted_line_end_are_told_at_their_own_line(tmp_path: Path) -> None:
    assert faults_of(tmp_path, 'a,b,c\nx,"1\n2",\ny,3,4\n') == [
        (
            "3:4: warning: a cell of the numbers `c` is empty [data-gap]\n"
            "  hint: fill it, or leave it where there is no figure to give"
        )
    ]


def test_data_without_a_word_on_what_they_are_is_a_fault(tmp_path: Path) -> None:
    assert told(tmp_path, {"figures/data/trade.csv": "a,b\n1,2\n"}) == [
        (
            "figures/data/trade.csv: error: there is no `trade.yaml` that says what these data are [data-sidecar]\n"
            "  hint: write `figures/data/trade.yaml` with at least `title` and `source`"
        )
    ]


def test_words_on_data_that_are_not_there_are_a_fault(tmp_path: Path) -> None:
    assert told(tmp_path, {"figures/data/trade.yaml": SIDE}) == [
        (
            "figures/data/trade.yaml: error: there is no `trade.csv` and no `trade.xlsx` that this file describes "
            "[data-missing]\n  hint: add the data, name their workbook with `file:`, or delete this file"
        )
    ]


def test_a_name_that_no_text_could_use_and_a_file_that_is_not_read_are_told(tmp_path: Path) -> None:
    files = {"figures/data/My Data.csv": "a,b\n1,2\n", "figures/data/My Data.yaml": SIDE, "figures/data/x.ods": ""}
    assert told(tmp_path, files) == [
        (
            "figures/data/My Data.csv: error: `My Data` cannot be the name of data [data-name]\n"
            "  hint: use lower-case letters, digits, `_` and `-`, and a letter first"
        ),
        (
            "figures/data/x.ods: warning: `x.ods` is not read: data are `.csv` and `.xlsx` files, each with its "
            "`.yaml` [file-unexpected]\n  hint: save it as CSV or as an Excel workbook (`.xlsx`), or move it away"
        ),
    ]


def test_a_number_without_end_is_text_and_no_crash(tmp_path: Path) -> None:
    assert table(tmp_path, f"a,b\nx,{'9' * 10_000}\n").rows == (("x", "9" * 10_000),)
    assert table(tmp_path / "inf", "a,b\nx,1e999\n").rows == (("x", "1e999"),)


def test_a_source_is_a_work_of_the_bibliography_or_an_address(tmp_path: Path) -> None:
    def of(source: str) -> list[str]:
        files = {"figures/data/t.csv": "a,b\n1,2\n", "figures/data/t.yaml": f"title: T\nsource: {source}\n"}
        bib = "@book{office2024, author = {{An Office}}, title = {A Title}, publisher = {A Press}, year = {2024}}\n"
        return told(tmp_path, {**files, "bib/references.bib": bib})

    assert [of(source) for source in ("office2024", "https://example.org/x")] == [[], []]
    for source, whole in (("ftp://example.org/x", "example.org/x"), ("data.example.org/hub", "data.example.org/hub")):
        assert of(source) == [
            (
                f"figures/data/t.yaml:2:9: error: the source `{source}` is not a whole web address [data-source]\n"
                f"  hint: write it with its beginning: `https://{whole}`"
            )
        ]
    assert of("the yearbook") == [
        (
            "figures/data/t.yaml:2:9: error: the source `the yearbook` is no work in the bibliography, and no web "
            "address [data-source]\n"
            "  hint: add the work to the bibliography and write its key here, or write the address: `https://…`"
        )
    ]


def test_two_files_of_one_name_are_one_too_many(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "figures/data/t.csv": "a,b\n1,2\n",
        "figures/data/t.xlsx": b"",
        "figures/data/t.yaml": SIDE,
    }
    assert told(tmp_path, files) == [
        "figures/data/t.yaml: error: `t.csv` and `t.xlsx` are both called `t` [data-twice]\n  hint: keep one of them"
    ]


def test_a_number_that_is_too_large_to_be_written_out_is_a_fault(tmp_path: Path) -> None:
    side = "title: T\nsource: https://example.org/t\n"
    for number in ("1e308", "-1e18", "1" + "0" * 18):
        faults = told(tmp_path, {"figures/data/t.csv": f"a,b\nx,{number}\ny,2\n", "figures/data/t.yaml": side})
        assert faults == [
            (
                f"figures/data/t.csv:2:3: error: `{number}` is larger than is written out [data-type]\n"
                "  hint: give the column in a larger unit and name that in the `.yaml`, or write `format: text` there"
            )
        ]
