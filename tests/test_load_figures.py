"""Ensures that each figure has its words and one file that draws it."""

from __future__ import annotations

from pathlib import Path

from load_sources import sources, told

TRADE = "title: Trade\nalt: Trade grew.\n"
SCRIPT = "def draw(figure, data, words): ...\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>a</text></svg>'
DATA = {"figures/data/trade.csv": "a,b\n1,2\n", "figures/data/trade.yaml": "title: T\nsource: https://example.org\n"}


def test_a_figure_is_a_declaration_and_what_draws_it(tmp_path: Path) -> None:
    files = {
        "figures/trade.yaml": f"{TRADE}data: [trade]\n",
        "figures/trade.py": SCRIPT,
        "figures/map.yaml": "title: Map\nalt: A map.\n",
        "figures/map.svg": SVG,
        **DATA,
    }
    figures = sources(tmp_path, files).figures
    assert list(figures) == ["map", "trade"]
    assert (figures["trade"].path, figures["trade"].file) == ("figures/trade.yaml", "figures/trade.py")
    assert (figures["trade"].is_script, figures["map"].is_script) == (True, False)
    assert figures["trade"].declaration.data == ("trade",)


def test_the_digest_changes_with_whatever_the_figure_is_drawn_from(tmp_path: Path) -> None:
    files = {"figures/trade.yaml": f"{TRADE}data: [trade]\n", "figures/trade.py": SCRIPT, **DATA}
    changes: tuple[dict[str, str], ...] = (
        {},
        {"figures/trade.yaml": f"{TRADE}data: [trade]\nunit: EUR\n"},
        {"figures/trade.py": f"{SCRIPT}#\n"},
        {"figures/data/trade.csv": "a,b\n1,3\n"},
    )
    found = [
        sources(tmp_path / str(number), {**files, **change}).figures["trade"].digest
        for number, change in enumerate(changes)
    ]
    assert len(set(found)) == 4


def test_a_figure_that_nothing_draws_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, {"figures/trade.yaml": TRADE}) == [
        (
            "figures/trade.yaml: error: nothing draws this figure: there is no `trade.py`, `.svg`, `.pdf`, `.png` or "
            "`.jpg` beside it [figure-drawing]\n"
            "  hint: add `figures/trade.py` with `def draw(figure, data, words)`, an image of that name, "
            "or a line `chart: bar`"
        )
    ]


def test_a_figure_that_two_things_draw_is_told(tmp_path: Path) -> None:
    files = {"figures/trade.yaml": TRADE, "figures/trade.py": SCRIPT, "figures/trade.svg": SVG}
    assert told(tmp_path, files) == [
        (
            "figures/trade.yaml: error: more than one thing draws this figure: `trade.py`, `trade.svg` "
            "[figure-drawing]\n"
            "  hint: keep one of them"
        )
    ]


def test_a_script_or_an_image_without_words_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, {"figures/trade.py": SCRIPT, "figures/map.png": b""}) == [
        (
            "figures/map.png: error: there is no `map.yaml` that describes this figure [figure-undeclared]\n"
            "  hint: write `figures/map.yaml` with at least `title` and `alt`"
        ),
        (
            "figures/trade.py: error: there is no `trade.yaml` that describes this figure [figure-undeclared]\n"
            "  hint: write `figures/trade.yaml` with at least `title` and `alt`"
        ),
    ]


def test_an_svg_that_reads_another_file_is_refused(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>'
    assert told(tmp_path, {"figures/map.yaml": TRADE, "figures/map.svg": svg}) == [
        (
            "figures/map.svg: error: `figures/map.svg` reads another file (`/etc/passwd`) [image-unreadable]\n"
            "  hint: save it anew as one of .svg, .png, .jpg, .jpeg, .pdf"
        )
    ]


def test_data_that_do_not_exist_are_told_with_the_nearest(tmp_path: Path) -> None:
    files = {"figures/trade.yaml": f"{TRADE}data: [trad]\n", "figures/trade.py": SCRIPT, **DATA}
    assert told(tmp_path, files) == [
        (
            "figures/trade.yaml:3:8: error: there are no data `trad`; did you mean `trade`? [data-unknown]\n"
            "  hint: known data: trade"
        )
    ]


def test_data_that_are_faulty_are_told_once(tmp_path: Path) -> None:
    files = {"figures/trade.yaml": f"{TRADE}data: [trade]\n", "figures/trade.py": SCRIPT, **DATA}
    assert told(tmp_path, {**files, "figures/data/trade.csv": "a,b\n1\n"}) == [
        (
            "figures/data/trade.csv:2:1: error: the row has 1 cell and the header 2 [data-row]\n"
            "  hint: give each row as many cells as the header; a cell that holds the delimiter is put in quotes"
        )
    ]


def test_alt_is_required_and_a_name_must_be_plain(tmp_path: Path) -> None:
    files = {"figures/Trade 1.yaml": "title: Trade\n", "figures/Trade 1.py": SCRIPT}
    assert told(tmp_path, files) == [
        (
            "figures/Trade 1.yaml: error: `Trade 1` cannot be the id of a figure [figure-name]\n"
            "  hint: use lower-case letters, digits, `_` and `-`, and a letter first"
        ),
        (
            "figures/Trade 1.yaml:1: error: the required key `alt` is missing [yaml-missing-key]\n"
            "  hint: add a line `alt: what the picture shows, for those who do not see it`"
        ),
    ]


def test_an_edition_gives_words_to_figures_that_exist_only(tmp_path: Path) -> None:
    files = {
        "figures/trade.yaml": TRADE,
        "figures/trade.py": SCRIPT,
        "chapters/en/edition.yaml": "figures:\n  trade: {unit: EUR}\n  trad: {unit: EUR}\n",
    }
    assert told(tmp_path, files) == [
        (
            "chapters/en/edition.yaml:3:3: error: there is no figure `trad`; did you mean `trade`? [figure-unknown]\n"
            "  hint: known figures: trade"
        )
    ]


def test_a_file_that_is_no_figure_is_a_warning(tmp_path: Path) -> None:
    assert told(tmp_path, {"figures/trade.csv": "a,b\n"}) == [
        (
            "figures/trade.csv: warning: `trade.csv` is not read: a figure is a `.yaml` with a script or an image of "
            "the same name [file-unexpected]\n"
            "  hint: data belong in `figures/data/`; move anything else away"
        )
    ]
