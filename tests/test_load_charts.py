"""Ensures that what does not fit in a chart is told at its line, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from load_sources import sources, told, write

from impressum.core.errors import Faults
from impressum.core.model.figures import EUROPE, NumberForm, Series
from impressum.stages.load import load

HEAD = "title: Trade\nalt: Trade grew.\n"
CSV = "year,exports,imports,partner\n2012,0.1,0.4,China\n2019,0.6,2.5,China\n2023,1.1,5,Italy\n"
SIDE = "title: T\nsource: https://example.org\nunit: billion dollars\n"
WIDE = "key,a,b,c,d,e,f,g\nx,1,2,3,4,5,6,7\ny,1,2,3,4,5,6,7\n"


def files(chart: str, csv: str = CSV, side: str = SIDE) -> dict[str, str]:
    return {
        "figures/trade.yaml": f"{HEAD}data: [trade]\n{chart}",
        "figures/data/trade.csv": csv,
        "figures/data/trade.yaml": side,
    }


def test_a_chart_shows_all_numbers_by_the_first_column(tmp_path: Path) -> None:
    figure = sources(tmp_path, files("chart: bar\n")).figures["trade"]
    assert figure.chart
    assert (figure.file, figure.is_script) == ("figures/trade.yaml", False)
    assert figure.chart.categories == ("2012", "2019", "2023")
    assert figure.chart.series == (
        Series("exports", "exports", (0.1, 0.6, 1.1)),
        Series("imports", "imports", (0.4, 2.5, 5)),
    )
    assert (figure.chart.unit, figure.chart.numbers) == ("billion dollars", NumberForm())


def test_columns_and_rows_are_chosen_and_sorted(tmp_path: Path) -> None:
    chart = "chart: dot\ncategories: partner\nseries: [imports]\nrows: ['2012', '2023']\nsort: descending\n"
    found = sources(tmp_path, files(f"{chart}highlight: Italy\nformat: EUR\ndecimals: 1\nunit: none\n"))
    drawn = found.figures["trade"].chart
    assert drawn
    assert (drawn.categories, drawn.series[0].values) == (("Italy", "China"), (5, 0.4))
    assert (drawn.highlight, drawn.numbers, drawn.unit) == ("Italy", NumberForm("number", "EUR", 1), "none")


def test_what_the_data_say_of_their_columns_holds_for_the_chart_too(tmp_path: Path) -> None:
    columns = "columns:\n  exports: {title: Exports, unit: percent of all, format: percent, decimals: 1}\n"
    drawn = sources(tmp_path, files("chart: line\nseries: [exports]\n", side=SIDE + columns)).figures["trade"].chart
    assert drawn
    assert drawn.series[0].title == "Exports"
    assert (drawn.unit, drawn.numbers) == ("percent of all", NumberForm("percent", None, 1))


FAULTS = {
    "a kind that there is not": (
        "chart: pie\n",
        (
            "4:8: error: `chart` must be one of `bar`, `stacked`, `line`, `area`, `slope`, `dot`, `map`, not `pie` "
            "[yaml-value]"
        ),
        "write it so, or take the key out",
    ),
    "a key of another kind": (
        "chart: line\nsort: ascending\n",
        "5:1: error: a `line` chart has no `sort` [chart-key]",
        (
            "it has `categories`, `series`, `rows`, `format`, `decimals`, `highlight`, `message`, `labels`, `values`, "
            "`neutral`, `notes`, `panels`"
        ),
    ),
    "a column that there is not": (
        "chart: bar\nseries: [export]\n",
        "5:10: error: `trade` has no column `export`; did you mean `exports`? [chart-column]",
        "its columns: year, exports, imports, partner",
    ),
    "a column of categories that there is not": (
        "chart: bar\ncategories: region\n",
        "5:13: error: `trade` has no column `region` [chart-column]",
        "its columns: year, exports, imports, partner",
    ),
    "a column of words": (
        "chart: bar\nseries: [exports, partner]\n",
        "5:19: error: the column `partner` does not hold numbers [chart-column]",
        "columns of numbers: exports, imports",
    ),
    "a column that gives the categories": (
        "chart: bar\ncategories: exports\nseries: [exports]\n",
        "6:10: error: `exports` gives the categories [chart-column]",
        "columns of numbers: imports",
    ),
    "a column twice": (
        "chart: bar\nseries: [exports, exports]\n",
        "5:19: error: `exports` is named twice [chart-column]",
        "take one of them out",
    ),
    "a row that there is not": (
        "chart: bar\nrows: ['2012', '2022']\n",
        "5:16: error: `trade` has no row `2022`; did you mean `2023`? [chart-row]",
        "its rows: 2012, 2019, 2023",
    ),
    "a row twice": (
        "chart: bar\nrows: ['2012', '2012']\n",
        "5:16: error: the row `2012` is named twice [chart-row]",
        "take one of them out",
    ),
    "categories that are not their own": (
        "chart: bar\ncategories: partner\n",
        "5:13: error: `China` stands more than once in `partner` [chart-row]",
        "take the column that names each row, or choose rows with `rows: [...]`",
    ),
    "times that run backwards": (
        "chart: line\nrows: ['2023', '2012']\n",
        "5:7: error: the times are not in their order [chart-row]",
        "put the earliest first",
    ),
    "a line of one point": (
        "chart: line\nrows: ['2023']\n",
        "4:8: error: a `line` chart needs two rows at least [chart-kind]",
        "draw `bar`",
    ),
    "a slope with three ends": (
        "chart: slope\n",
        "4:8: error: a `slope` chart leads from one end to another, and here are 3 rows [chart-kind]",
        "choose two with `rows: [...]`",
    ),
    "a highlight that there is not": (
        "chart: bar\nhighlight: export\n",
        "5:12: error: the chart has no series and no category `export`; did you mean `exports`? [chart-name]",
        "there are: exports, imports, 2012, 2019, 2023",
    ),
    "a label of a value that there is not": (
        "chart: bar\nlabels:\n  2023 export: about\nwords: {about: 'about {value}'}\n",
        "6:3: error: the chart has no value `2023 export`; did you mean `2023 exports`? [chart-name]",
        (
            "a value is named by its row and its column: 2012 exports, 2012 imports, 2019 exports, 2019 imports, "
            "2023 exports, 2023 imports"
        ),
    ),
    "a label with a word that there is not": (
        "chart: bar\nlabels:\n  2023 exports: abuot\nwords: {about: 'about {value}'}\n",
        "6:17: error: the chart has no word `abuot`; did you mean `about`? [chart-name]",
        "write it below `words:`, as in `abuot: about {value}`; there are: about",
    ),
    "a label without a place for the number": (
        "chart: bar\nlabels:\n  2023 exports: about\nwords: {about: about}\n",
        "6:17: error: the word `about` has no place for the number [chart-name]",
        "write it as in `about: about {value}`",
    ),
    "a total that there is not": (
        "chart: bar\ntotals: [exports, al]\n",
        "5:19: error: the chart has no series and no category `al` [chart-name]",
        "there are: exports, imports, 2012, 2019, 2023",
    ),
    "a note where nothing is": (
        "chart: line\nnotes:\n  2011..2019: war\nwords: {war: War}\n",
        "6:3: error: the chart has no place `2011..2019` [chart-name]",
        "name a row, a row and a column, or two rows as in `2012..2023`: 2012, 2019, 2023",
    ),
    "a span backwards": (
        "chart: line\nnotes:\n  2019..2012: war\nwords: {war: War}\n",
        "6:3: error: the chart has no place `2019..2012` [chart-name]",
        "name a row, a row and a column, or two rows as in `2012..2023`: 2012, 2019, 2023",
    ),
    "a note with a word that there is not": (
        "chart: line\nnotes:\n  2019 exports: wra\nwords: {war: War}\n",
        "6:17: error: the chart has no word `wra`; did you mean `war`? [chart-name]",
        "write it below `words:`, as in `wra: …`; there are: war",
    ),
    "panels of one": (
        "chart: line\nseries: [exports]\npanels: series\n",
        "6:9: error: here are 1 panels, and a chart has 2 to 12 [chart-crowded]",
        "choose `rows` or `series` to draw",
    ),
    "notes in panels": (
        "chart: line\npanels: series\nnotes: {'2019': war}\nwords: {war: War}\n",
        "6:1: error: a chart with panels has no `notes` [chart-key]",
        "take `notes` or `panels` out",
    ),
    "a map of countries that there are not": (
        "chart: map\nseries: [exports]\nrows: ['2012']\n",
        "6:7: error: the map of Europe has no country `2012` [chart-row]",
        f"name countries by their codes of ISO 3166-1 (Kosovo by `XK`): {', '.join(sorted(EUROPE))}",
    ),
    "a form of words": (
        "chart: bar\nformat: date\n",
        "5:9: error: a chart draws numbers, no `date` [chart-kind]",
        "write `number`, `percent`, `share`, or the code of a currency such as `EUR`",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_of_a_chart_is_told_at_its_line(case: str, tmp_path: Path) -> None:
    chart, fault, hint = FAULTS[case]
    assert told(tmp_path, files(chart)) == [f"figures/trade.yaml:{fault}\n  hint: {hint}"]


def test_independent_faults_of_a_chart_are_told_at_once(tmp_path: Path) -> None:
    found = told(tmp_path, files("chart: bar\ncategories: region\nseries: [partner]\nrows: ['1999']\n"))
    assert [fault.split(":")[1] for fault in found] == ["5", "6", "7"]


def test_too_many_series_are_told_with_a_way_out(tmp_path: Path) -> None:
    assert told(tmp_path, files("chart: bar\n", WIDE)) == [
        (
            "figures/trade.yaml:4:8: error: `trade` has 7 columns of numbers, and a chart shows 6 at most "
            "[chart-crowded]\n"
            "  hint: choose with `series: [a, b]`"
        )
    ]
    assert told(tmp_path, files("chart: bar\nseries: [a, b, c, d, e, f, g]\n", WIDE)) == [
        (
            "figures/trade.yaml:5:28: error: 7 series are too many: a chart shows 6 at most [chart-crowded]\n"
            "  hint: leave out the least, put them together in the data, or draw two charts"
        )
    ]


def test_too_many_categories_are_told(tmp_path: Path) -> None:
    csv = "name,a\n" + "".join(f"row {number},{number}\n" for number in range(41))
    assert told(tmp_path, files("chart: bar\n", csv)) == [
        (
            "figures/trade.yaml:4:8: error: 41 categories are too many: a `bar` chart shows 40 at most "
            "[chart-crowded]\n"
            "  hint: choose some with `rows: [...]`, or put the smallest together in the data"
        )
    ]


def test_parts_of_a_whole_are_not_below_zero(tmp_path: Path) -> None:
    assert told(tmp_path, files("chart: stacked\n", "year,a,b\n2012,1,2\n2013,-1,2\n")) == [
        (
            "figures/trade.yaml:4:8: error: `a` is below zero in `2013`, and a `stacked` chart adds its parts up "
            "[chart-kind]\n"
            "  hint: draw `bar` or `line`"
        )
    ]


def test_data_without_numbers_and_series_without_a_number_are_told(tmp_path: Path) -> None:
    assert told(tmp_path, files("chart: bar\n", "key,name\nx,one\ny,two\n")) == [
        (
            "figures/trade.yaml:4:8: error: `trade` has no column of numbers [chart-column]\n"
            "  hint: a chart needs numbers: correct the cells, or name other data"
        )
    ]
    found = told(tmp_path, files("chart: bar\nrows: [x]\n", "key,a,b\nx,1,\ny,2,3\n"))
    assert found[-1] == (
        "figures/trade.yaml:4:8: error: `b` has no number in these rows [chart-column]\n"
        "  hint: choose other rows or series"
    )


def test_a_chart_is_drawn_from_one_table(tmp_path: Path) -> None:
    for data, fault in (
        ("", "3:8: error: a chart is drawn from one table, and none is named"),
        ("data: [trade, other]\n", "4:7: error: a chart is drawn from one table, and 2 are named"),
    ):
        both = {
            **files(""),
            "figures/trade.yaml": f"{HEAD}chart: bar\n{data}",
            "figures/data/other.csv": CSV,
            "figures/data/other.yaml": SIDE,
        }
        assert told(tmp_path, both) == [
            f"figures/trade.yaml:{fault} [chart-data]\n  hint: name one: `data: [trade]` for `figures/data/trade.csv`"
        ]


def test_a_chart_and_a_file_do_not_draw_the_same_figure(tmp_path: Path) -> None:
    assert told(tmp_path, {**files("chart: bar\n"), "figures/trade.py": "def draw(figure, data, words): ...\n"}) == [
        (
            "figures/trade.yaml: error: more than one thing draws this figure: `chart:`, `trade.py` "
            "[figure-drawing]\n"
            "  hint: keep one of them"
        )
    ]


def test_a_key_of_charts_is_told_where_a_script_draws(tmp_path: Path) -> None:
    script = {**files("highlight: exports\n"), "figures/trade.py": "def draw(figure, data, words): ...\n"}
    assert told(tmp_path, script) == [
        (
            "figures/trade.yaml:4:1: error: `highlight` is a key of charts, and this figure is none [chart-key]\n"
            "  hint: add `chart: bar` (or line, stacked, slope, dot, area, map), or take it out"
        )
    ]


def test_a_licence_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    for written, meant in (("CC-BY-40", "CC-BY-4.0"), ("CC BY-NC", "CC-BY-NC-4.0"), ("cc-yb-4.0", "CC-BY-4.0")):
        assert told(tmp_path, files(f"chart: bar\nlicence: {written}\n")) == [
            (
                f"figures/trade.yaml:5:10: error: `{written}` is no Creative Commons licence; did you mean `{meant}`? "
                "[figure-licence]\n"
                "  hint: write its name with its version, as in `CC-BY-4.0`; any other licence is printed as it is "
                "written"
            )
        ]
    for written in ("CC-BY-4.0", "CC0 1.0", "Public domain", "Open Government Licence v3.0"):
        assert told(tmp_path, files(f"chart: bar\nlicence: {written}\n")) == []


GERMAN = "figures:\n  trade: {title: Handel, alt: Der Handel wuchs., exports: Ausfuhr}\n"


def unsaid(root: Path, files: Mapping[str, str]) -> list[str]:
    """What is told where the figures stand in a German chapter."""
    loaded = load(write(root, files), Faults())
    return [str(fault) for fault in loaded.untranslated["de"].values()]


def test_words_that_an_edition_does_not_say_are_told(tmp_path: Path) -> None:
    german = {**files("chart: bar\n"), "chapters/de/01-start.md": "# Anfang\n\nText.\n"}
    hint = "  hint: say them below `figures:`, `trade:`; a name that stays the same is written again"
    assert unsaid(tmp_path, german) == [
        (
            "chapters/de/edition.yaml: warning: the figure `trade` is not translated: `title`, `alt`, `unit`, "
            f"`exports`, `imports` [figure-untranslated]\n{hint}"
        )
    ]
    german["chapters/de/edition.yaml"] = GERMAN
    assert unsaid(tmp_path, german) == [
        (
            "chapters/de/edition.yaml:2:10: warning: the figure `trade` is not translated: `unit`, `imports` "
            f"[figure-untranslated]\n{hint}"
        )
    ]
    german["chapters/de/edition.yaml"] += "data:\n  trade: {imports: Einfuhr, unit: Milliarden Dollar}\n"
    assert unsaid(tmp_path, german) == []


def test_an_edition_in_the_same_language_and_script_has_no_words_to_say(tmp_path: Path) -> None:
    assert told(tmp_path, {**files("chart: bar\n"), "chapters/en-GB/01-start.md": "# Start\n\nText.\n"}) == []
