"""Tables from data: what is printed of which cells, how numbers are written, what is told of unknown names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import impressum, pages, replace
from data_chapters import FILES, SIDE, TRADE, faults, manuscript, ready, typst
from load_sources import write

TABLE = "Text.\n\n![Trade](table:trade){#tbl-trade%s}\n"


def cells(root: Path, attributes: str = "", side: str = SIDE, csv: str = TRADE) -> list[list[str]]:
    """The words of the table's rows, header first."""
    text = TABLE % (f" {attributes}" if attributes else "")
    files: dict[str, str | bytes] = {"figures/data/trade.yaml": side, "figures/data/trade.csv": csv}
    written = typst(root, text, files)
    head, _, body = written.partition("#table-block(")[2].partition("head: (")[2].partition(", foot:")
    rows = [head, *body.split("\n  (")[1:]]
    return [
        [
            re.sub(r"\\(.)", r"\1", cell).replace("\n", " ").strip()
            for cell in re.findall(r"cell\(\d+, \[(.*?)\]", row, re.S)
        ]
        for row in rows
    ]


def test_a_table_has_all_columns_and_rows_where_none_are_named(tmp_path: Path) -> None:
    assert cells(tmp_path) == [
        ["year", "Exports", "imports", "Share", "partner"],
        ["2012", "0.10", "1.25", "0.40%", "China"],
        ["2019", "0.33", "2.50", "2.10%", "China"],
        ["2023", "1.10", "n/a", "3.56%", "Hungary"],
    ]


def test_columns_and_rows_are_chosen_and_the_names_of_the_rows_come_first(tmp_path: Path) -> None:
    found = cells(tmp_path, 'columns="exports partner" rows="2023 2012"')
    assert found == [["year", "Exports", "partner"], ["2023", "1.1", "Hungary"], ["2012", "0.1", "China"]]


def test_names_with_spaces_are_parted_by_commas_and_the_order_is_the_authors(tmp_path: Path) -> None:
    csv = "year,all exports,imports\n2012,1,2\nthe year 2019,3,4\n"
    found = cells(
        tmp_path,
        'columns="imports, year, all exports" rows="the year 2019"',
        SIDE.replace(
            "  exports: {title: Exports}\n  share: {title: Share, format: share}\n", "  imports: {title: In}\n"
        ),
        csv,
    )
    assert found == [["In", "year", "all exports"], ["4", "the year 2019", "3"]]


def test_the_last_row_adds_up_what_is_asked_for(tmp_path: Path) -> None:
    found = cells(tmp_path, 'columns="exports partner" total="exports"')
    assert found[-1] == ["Total", "1.53", ""]


def test_an_empty_cell_is_no_zero_neither_by_itself_nor_in_a_sum(tmp_path: Path) -> None:
    found, _, told = ready(tmp_path, TABLE % ' columns="imports" total="imports"')
    assert told == (
        "chapters/en/01-start.md:5:10: warning: `imports` is not added up, for one of its cells is empty "
        "[table-total]\n  hint: fill the cell, or take the column out of `total`"
    )
    assert found is not None
    assert [text.text for text in found.editions[0].manuscript.expected.chapters[0].texts][-4:-1] == [
        "n/a",
        "Total",
        "n/a",
    ]


FORMS = [
    ("number", "1234.5\n-0.25", ["1,234.50", "−0.25"]),
    ("number, decimals: 0", "1234.5\n-0.25", ["1,235", "0"]),
    ("integer", "1234\n5", ["1,234", "5"]),
    ("percent", "59\n12.5", ["59.0%", "12.5%"]),
    ("share", "0.59\n0.125", ["59.0%", "12.5%"]),
    ("EUR", "170.5\n308", ["170.50", "308.00"]),
    ("EUR", "170\n308", ["170", "308"]),
    ("date", "2023-05\n2024-01-31", ["May 2023", "January 31, 2024"]),
    ("date", "2023\n1950", ["2023", "1950"]),
    ("text", "1234\n2000", ["1234", "2000"]),
]


@pytest.mark.parametrize(("form", "values", "expected"), FORMS)
def test_a_column_is_written_in_its_format(tmp_path: Path, form: str, values: str, expected: list[str]) -> None:
    first, second = values.split("\n")
    side = f"title: T\nsource: https://example.org/\ncolumns:\n  v: {{format: {form}}}\n"
    found = cells(tmp_path, side=side, csv=f"key,v\na,{first}\nb,{second}\n")
    assert [row[1] for row in found[1:]] == expected


def test_whole_numbers_that_are_all_years_are_written_as_years(tmp_path: Path) -> None:
    side = "title: T\nsource: https://example.org/\n"
    found = cells(tmp_path, side=side, csv="key,begun,cost\na,2011,2011\nb,2014,25000\n")
    assert found[1:] == [["a", "2011", "2,011"], ["b", "2014", "25,000"]]


def test_a_unit_stands_in_the_header_of_its_column_or_once_behind_the_caption(tmp_path: Path) -> None:
    columns = "columns:\n  exports: {unit: tonnes}\n  share: {format: share}\n"
    side = f"title: T\nsource: https://example.org/\nunit: billion dollars\n{columns}"
    files: dict[str, str | bytes] = {"figures/data/trade.yaml": side}
    both = manuscript(tmp_path / "both", TABLE % ' columns="exports imports"', files)
    assert [anchor.title for anchor in both.expected.anchors if anchor.kind == "table"] == ["Trade (billion dollars)"]
    assert "exports (tonnes)" in [text.text for text in both.expected.chapters[0].texts]
    own = manuscript(tmp_path / "own", TABLE % ' columns="exports share"', files)
    assert [anchor.title for anchor in own.expected.anchors if anchor.kind == "table"] == ["Trade"]
    said = manuscript(tmp_path / "said", "![Trade in billion dollars.](table:trade)\n", files)
    assert [anchor.title for anchor in said.expected.anchors if anchor.kind == "table"] == ["Trade in billion dollars."]


def test_a_currency_is_named_in_the_header(tmp_path: Path) -> None:
    side = "title: T\nsource: https://example.org/\ncolumns: {v: {title: Amount, format: EUR}}\n"
    assert cells(tmp_path, side=side, csv="key,v\na,1.5\n")[0] == ["key", "Amount (€)"]


def test_without_a_caption_the_title_of_the_data_is_it(tmp_path: Path) -> None:
    found = manuscript(tmp_path, "Text.\n\n![](table:trade){#tbl-trade}\n")
    assert [anchor.title for anchor in found.expected.anchors if anchor.kind == "table"] == ["Trade with China"]


def test_a_source_in_the_bibliography_is_a_citation_and_the_work_is_listed(tmp_path: Path) -> None:
    found = manuscript(tmp_path, TABLE % "")
    (chapter,) = [one for one in found.expected.chapters if one.slug == "01-start"]
    assert chapter.texts[-1].text == "Source: Office for Examples (2024)"
    assert [(link.target, link.text) for link in chapter.links] == [("#ref-office2024", "2024")]
    assert list(chapter.cited) == ["office2024"]
    assert list(found.expected.references) == ["office2024"]


def test_a_source_may_be_an_address_or_the_authors_words(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"figures/data/trade.yaml": "title: T\nsource: https://example.org/data\n"}
    address = manuscript(tmp_path / "address", TABLE % "", files).expected.chapters[0]
    assert [link.target for link in address.links] == ["https://example.org/data"]
    own = manuscript(tmp_path / "own", TABLE % ' source="Own counts"').expected.chapters[0]
    assert own.texts[-1].text == "Source: Own counts"
    assert not own.cited
    none = manuscript(tmp_path / "none", TABLE % ' source=""').expected.chapters[0]
    assert not any("Source" in text.text for text in none.texts)


def test_a_citation_in_a_style_of_notes_is_counted_where_the_table_stands(tmp_path: Path) -> None:
    notes = {**FILES, "publication.yaml": f"{FILES['publication.yaml']!s}citation-style: chicago-notes-bibliography\n"}
    text = "One.[^a]\n\n![Trade](table:trade)\n\nTwo.[^b]\n\n[^a]: Alpha.\n\n[^b]: Beta.\n"
    found = manuscript(tmp_path, text, notes)
    assert [note.text for note in found.expected.chapters[0].notes] == [
        "Alpha.",
        "Examples of the Year (Office for Examples, 2024).",
        "Beta.",
    ]


def test_classes_of_tables_hold_for_tables_from_data(tmp_path: Path) -> None:
    written = typst(tmp_path, "![One](table:trade){.wide}\n\n![Two](table:trade){.landscape .small}\n")
    assert re.findall(r'width: "(\w+)", is-small: (\w+)', written) == [("wide", "false"), ("landscape", "true")]


SAME = '![Trade](table:trade){#tbl-trade columns="exports share partner" total=exports}\n'
GERMAN = {
    "chapters/de/01-start.md": f"# Anfang\n\n{SAME.replace('Trade', 'Handel')}",
    "chapters/de/edition.yaml": (
        "data:\n  trade: {year: Jahr, exports: Ausfuhren, share: Anteil, partner: Partner, Hungary: Ungarn}\n"
    ),
}


def test_an_edition_says_columns_and_cells_in_its_own_words_and_numbers_in_its_notation(tmp_path: Path) -> None:
    found, _, told = ready(tmp_path, SAME, dict(GERMAN))
    assert told == ""
    assert found is not None
    german = next(one.manuscript for one in found.editions if one.edition.tag == "de")
    assert [text.text for text in german.expected.chapters[0].texts][2:-1] == [
        *("Jahr", "Ausfuhren", "Anteil", "Partner"),
        *("2012", "0,10", "0,40\u00a0%", "China"),
        *("2019", "0,33", "2,10\u00a0%", "China"),
        *("2023", "1,10", "3,56\u00a0%", "Ungarn"),
        *("Insgesamt", "1,53"),
    ]


def test_words_that_an_edition_lacks_are_named(tmp_path: Path) -> None:
    told = faults(tmp_path, SAME, {**GERMAN, "chapters/de/edition.yaml": "data: {trade: {exports: Ausfuhren}}\n"})
    assert told == (
        "chapters/de/01-start.md:3:11: warning: the edition `de` has no words of its own for the data `trade`: `year`, "
        "`share`, `partner` [data-words]\n"
        "  hint: give them in chapters/de/edition.yaml, below `data:` and `trade:`; the same word again, where it "
        "stays as it is"
    )


def test_rows_that_are_named_by_signs_need_no_words_of_an_edition(tmp_path: Path) -> None:
    sheets = {
        "figures/data/trade.csv": "sheet,width\nA4,210\nB10,31\nLetter,216\n",
        "figures/data/trade.yaml": "title: Sheets\nsource: https://example.org\n",
        "chapters/de/01-start.md": "# Anfang\n\n![Bogen](table:trade)\n",
        "chapters/de/edition.yaml": "data: {trade: {sheet: Bogen, width: Breite}}\n",
    }
    assert "the data `trade`: `Letter` [data-words]" in faults(tmp_path, "Text.\n", sheets)


def test_a_table_in_a_group_of_figures_or_in_a_line_is_told(tmp_path: Path) -> None:
    group = "::: {#fig-both}\n![One](table:trade)\n\n![Two](table:trade)\n\nBoth\n:::\n\nIn ![a](table:trade) line.\n"
    told = faults(tmp_path, group)
    assert [line.partition(": ")[2] for line in told.splitlines() if ": error" in line] == [
        "error: the group of figures holds a table [figure-group]",
        "error: the group of figures holds a table [figure-group]",
        "error: the table `table:trade` stands where only an image can [table-data]",
    ]


def test_each_name_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    told = faults(tmp_path, '![Trade](table:trade){columns="exprots share" rows="2019 2032" total="partner"}\n')
    assert told == (
        "chapters/en/01-start.md:3:32: error: the data `trade` have no column `exprots`; did you mean `exports`? "
        "[data-unknown]\n  hint: columns: year, exports, imports, share, partner\n"
        "chapters/en/01-start.md:3:58: error: the data `trade` have no row `2032`; did you mean `2023`? "
        "[data-unknown]\n  hint: rows: 2012, 2019, 2023\n"
        "chapters/en/01-start.md:3:71: error: `partner` cannot be added up: it is no column of numbers [table-total]\n"
        "  hint: name columns of numbers in `total`, or take it out"
    )


EXPORTS = "{{ data.trade['%s'].exports | number }}"
CHAPTERS = {
    "chapters/en/02-text.md": (
        f"# Text\n\nExports were {EXPORTS % 2023} billion, or [1.1]{{data=trade.2023.exports}}.\n"
    ),
    "chapters/en/03-other.md": f"# Other\n\nThen {EXPORTS % 2012} of {{{{ data.trade['2023'].partner }}}}.\n",
    "chapters/en/04-table.md": (
        '# Table\n\nText.\n\n![Trade](table:trade){columns="exports"}\n\n![Trade](figure:drawn)\n'
    ),
    "figures/drawn.yaml": "title: Trade\nalt: A bar.\nsource: Office\ndata: [trade]\n",
    "figures/drawn.py": (
        "def draw(figure, data, words):\n"
        "    axes = figure.subplots()\n"
        "    axes.bar([0], [1])\n"
        "    axes.text(0, 0.5, f\"drawn {data['trade'][2]['exports']}\")\n"
    ),
}


def test_after_a_changed_value_only_chapters_that_print_it_are_read_again(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {**CHAPTERS}
    first, run, told = ready(tmp_path, "No data.\n", files)
    assert (told, run.memo.ran["render"]) == ("", 2)
    assert first is not None
    files["figures/data/trade.csv"] = TRADE.replace("1.1,", "1.15,")
    files["chapters/en/02-text.md"] = CHAPTERS["chapters/en/02-text.md"].replace("[1.1]", "[1.15]")
    again, run, told = ready(tmp_path, "No data.\n", files)
    steps = [step.about for step in run.memo.explained() if step.name == "parse" and not step.reused]
    assert steps == ["chapters/en/02-text.md"]
    assert (told, run.memo.ran["render"], run.memo.ran["draw"]) == ("", 2, 1)
    assert again is not None
    changed = [
        one.slug
        for one, other in zip(
            again.editions[0].manuscript.fragments, first.editions[0].manuscript.fragments, strict=True
        )
        if one.typst != other.typst
    ]
    assert changed == ["02-text", "04-table"]


def test_the_number_in_the_text_in_the_table_and_in_the_drawing_agree_after_a_change(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, **CHAPTERS})
    csv, claim = tmp_path / "figures/data/trade.csv", tmp_path / "chapters/en/02-text.md"
    for number in ("1.1", "7.25"):
        ran = impressum(tmp_path, "build")
        assert (ran.code, ran.faults) == (0, "")
        text = " ".join(pages(tmp_path, "rivers-en.pdf"))
        assert f"Exports were {number} billion, or {number}." in text
        assert f"2019 0.33 2023 {number}{'0' if number == '1.1' else ''} " in text
        assert f"drawn {number}" in text
        if number == "1.1":
            replace(csv, "2023,1.1,", "2023,7.25,")
            ran = impressum(tmp_path, "build")
            assert (ran.code, ran.faults.splitlines()[0]) == (
                1,
                (
                    "chapters/en/02-text.md:3:69: error: the text says `1.1`, and the data `trade.2023.exports` say "
                    "7.25 (figures/data/trade.csv:4:6) [number-contradicts]"
                ),
            )
            replace(claim, "[1.1]", "[7.25]")


def test_what_looks_like_code_in_a_cell_is_letters(tmp_path: Path) -> None:
    odd = '#panic("RAN") [a](javascript:x) *y* $z$ @office2024'
    csv = f'key,v\na,"{odd}"\n'.replace('"RAN"', '""RAN""')
    files: dict[str, str | bytes] = {
        "figures/data/trade.csv": csv,
        "figures/data/trade.yaml": "title: '#panic(1)'\nsource: https://example.org/\n",
    }
    found = manuscript(tmp_path, "Text.\n\n![](table:trade)\n", files).expected.chapters[0]
    assert [text.text for text in found.texts][2:-1] == ["#panic(1)", "key", "v", "a", odd]
    assert [link.target for link in found.links] == ["https://example.org/"]
