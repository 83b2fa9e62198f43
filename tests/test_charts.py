"""Charts without a script: what a reader sees in three languages, in print size; what is drawn again, and what not."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pymupdf
import pytest
from building import built, built_copy, checked, line_of, pages, replace
from hypothesis import example, given
from hypothesis import strategies as st
from load_sources import write
from matplotlib.figure import Figure

from impressum.core.colours import VISIBLE, WHITE, contrast
from impressum.core.errors import Faults
from impressum.core.model.figures import EUROPE, Bars, Chart, Kind, Note, NumberForm, Series, Values
from impressum.core.model.theme import FigureRooms, FigureStyle, Room
from impressum.stages.draw.canvas import Canvas, apart, axis, every, round_times
from impressum.stages.draw.figures import TooHigh, draw, draw_chart
from impressum.stages.draw.maps import classes, europe
from impressum.stages.draw.pen import name_axes
from impressum.stages.load import load
from impressum.system.cache import Memo
from impressum.system.fonts import figure_faces, metrics

SERIES = ("#0f304b", "#bc562a", "#0f6064", "#4a99cb", "#7b1b27", "#655f9b")
STYLE = FigureStyle(9, "#1b1b1d", "#5f6368", "#8d9196", SERIES)
SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ("2023-01", "2023-02", "2023-03", "2023-04", "2023-05")


def drawn(chart: Chart, tag: str = "en", width: float = 320, most: float = 600, **words: str) -> ElementTree.Element:
    """The SVG of a chart."""
    size = Room(width, width * 0.52)
    return ElementTree.fromstring(draw_chart(chart, tag=tag, words=words, size=size, most=most, style=STYLE))


def texts(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def replaced(one: Chart, **changes: Any) -> Chart:
    return dataclasses.replace(one, **changes)


def chart(kind: Kind, categories: tuple[str, ...], **columns: tuple[float | None, ...]) -> Chart:
    return Chart(kind, categories, tuple(Series(name, name, values) for name, values in columns.items()))


# Three languages.

SAID = {
    "en": ("Exports", "Hydropower", "Wind and sun", "about 6,600", "3,442.5", "52.0%", "€1.05", "Dec", "East"),
    "de": ("Ausfuhr", "Wasserkraft", "Kohle", "etwa 6.600", "3.442,5", "52,0 %", "1,05 €", "Dez", "Osten"),
    "sr-Cyrl": ("Извоз", "Вода", "Угаљ", "око 6.600", "3.442,5", "52,0%", "1,05 €", "дец", "Исток"),
}
"""What is in the charts of each edition and of no other, if it has letters."""


@pytest.mark.parametrize("tag", SAID)
def test_each_edition_says_its_own_words_and_none_of_another(tag: str) -> None:
    text = " ".join(pages(built("charts"), f"six-charts-{tag}.pdf")).replace("\u00a0", " ")
    assert [word for word in SAID[tag] if word not in text] == []
    others = {word for other, words in SAID.items() if other != tag for word in words} - set(SAID[tag])
    assert [word for word in others if word in text] == []


def test_no_latin_word_is_left_in_a_cyrillic_chart(tmp_path: Path) -> None:
    drawings = checked(line_of(built_copy("charts", tmp_path / "charts"), "sr-Cyrl")).pending_drawings()["sr-Cyrl"]
    said = [word for one in drawings.values() for word in texts(ElementTree.fromstring(one.content))]
    assert len(said) > 100
    assert [word for word in said if re.search("[A-Za-z]", word)] == []
    assert all(b"Alegreya Sans Lining Serbian" in one.content for one in drawings.values())


def test_months_stand_above_the_year_that_they_begin() -> None:
    svg = drawn(chart("line", ("2022-12", *MONTHS), price=(1, 2, 3, 4, 5, 6)), "de")
    assert [text for text in texts(svg) if not text.isdigit() or len(text) == 4] == [
        *("Dez", "2022", "Jan", "2023", "Feb", "Mär", "Apr", "Mai")
    ]


# As printed.


def figures_of(tag: str) -> Iterator[Any]:
    """The pages of an edition, as pymupdf sees them."""
    document = cast("Any", pymupdf).open(built("charts") / "dist" / f"six-charts-{tag}.pdf")
    yield from document
    document.close()


@pytest.mark.parametrize("tag", SAID)
def test_letters_are_8_to_9_points_as_printed_and_lining(tag: str) -> None:
    sizes: dict[float, int] = {}
    fonts = set()
    for page in figures_of(tag):
        for block in page.get_text("dict")["blocks"]:
            for span in [span for line in block.get("lines", ()) for span in line["spans"]]:
                if "Lining" in span["font"]:
                    sizes[round(span["size"], 1)] = sizes.get(round(span["size"], 1), 0) + 1
                    fonts.add(span["font"])
    assert sum(sizes.values()) > 100
    assert all(8 <= size <= 9 for size in sizes)
    assert {"Serbia" in font for font in fonts} == {tag == "sr-Cyrl"}


@pytest.mark.parametrize("tag", SAID)
def test_no_line_is_thinner_than_half_a_point_as_printed(tag: str) -> None:
    widths = [path["width"] for page in figures_of(tag) for path in page.get_drawings() if path["type"] == "s"]
    assert len(widths) > 50
    assert min(widths) >= 0.499


@pytest.mark.parametrize("tag", SAID)
def test_no_word_leaves_its_drawing_and_no_two_lie_on_each_other(tag: str, tmp_path: Path) -> None:
    for one in checked(line_of(built_copy("charts", tmp_path / "charts"), tag)).pending_drawings()[tag].values():
        svg = ElementTree.fromstring(one.content)
        width, height = (float(svg.attrib[side].removesuffix("pt")) for side in ("width", "height"))
        boxes = [box_of(text, float(svg.attrib["font-size"])) for text in svg.iter(f"{SVG}text")]
        assert [words for words, (left, top, right, bottom) in boxes if left < -0.5 or right > width + 0.5] == []
        assert [words for words, (left, top, right, bottom) in boxes if top < -1.5 or bottom > height + 0.5] == []
        clashes = [
            (words, other)
            for at, (words, box) in enumerate(boxes)
            for other, before in boxes[:at]
            if box[0] < before[2] and before[0] < box[2] and box[1] < before[3] and before[1] < box[3]
        ]
        assert clashes == [], one.id


def box_of(text: ElementTree.Element, size: float) -> tuple[str, tuple[float, float, float, float]]:
    """The words of a text and where their capitals reach."""
    words, at = text.text or "", text.attrib
    width = metrics("Bold" if "font-weight" in at else "Regular").width(words) * size
    left = float(at["x"]) - {"start": 0.0, "middle": width / 2, "end": width}[at.get("text-anchor", "start")]
    return words, (left, float(at["y"]) - 0.64 * size, left + width, float(at["y"]))


def test_wide_labels_at_the_ends_of_a_line_do_not_leave_the_drawing() -> None:
    one = chart("line", MONTHS, price=(109384, 110117, 112956, 120672, 159801))
    svg = drawn(Chart(one.kind, one.categories, one.series, NumberForm(decimals=2), values="labels"))
    boxes = dict(box_of(text, 9) for text in svg.iter(f"{SVG}text"))
    assert boxes["109,384.00"][0] >= 0
    assert boxes["159,801.00"][2] <= 320


# What is drawn.


def test_a_missing_value_is_a_gap_in_a_line_and_never_zero() -> None:
    svg = drawn(chart("line", MONTHS, price=(3, 4, None, 5, 6)))
    lines = [line.attrib["points"].count(",") for line in svg.iter(f"{SVG}polyline")]
    assert lines == [2, 2]
    alone = drawn(chart("line", MONTHS, price=(3, None, 4, None, 6)))
    assert list(alone.iter(f"{SVG}polyline")) == []
    assert len(list(alone.iter(f"{SVG}circle"))) == 3


def test_a_missing_value_has_no_bar_and_a_dash_for_its_label() -> None:
    svg = drawn(chart("bar", ("North", "South", "West"), price=(3, None, 0)))
    assert len(list(svg.iter(f"{SVG}rect"))) == 2
    assert texts(svg) == ["North", "3", "South", "–", "West", "0"]


def test_an_area_breaks_off_where_one_of_its_parts_is_missing() -> None:
    svg = drawn(chart("area", MONTHS, one=(1, 1, 1, 1, 1), other=(2, 2, None, 2, 2)))
    assert len(list(svg.iter(f"{SVG}polygon"))) == 4


@pytest.mark.parametrize("bars", ["horizontal", "vertical"])
def test_bars_begin_at_zero(bars: str) -> None:
    one = chart("bar", ("2022", "2023"), price=(90, 100))
    svg = drawn(Chart(one.kind, one.categories, one.series, bars="vertical" if bars == "vertical" else "horizontal"))
    side = "height" if bars == "vertical" else "width"
    low, high = (float(rect.attrib[side]) for rect in svg.iter(f"{SVG}rect"))
    assert low / high == pytest.approx(0.9, abs=0.001)


def test_what_is_not_highlighted_stands_back() -> None:
    one = chart("bar", ("North", "South"), price=(3, 4))
    svg = drawn(Chart(one.kind, one.categories, one.series, highlight="South"))
    assert [rect.attrib["fill"] for rect in svg.iter(f"{SVG}rect")] == [STYLE.rule, SERIES[0]]


def test_what_is_neutral_is_grey_and_the_others_keep_their_colours() -> None:
    one = chart("stacked", ("2024",), yes=(50,), neither=(20,), no=(30,))
    svg = drawn(replaced(one, neutral="neither"))
    assert [rect.attrib["fill"] for rect in svg.iter(f"{SVG}rect")] == [SERIES[0], STYLE.rule, SERIES[1]]


def test_parts_are_lighter_than_their_total_and_their_names_are_set_in() -> None:
    by_row = replaced(chart("bar", ("All", "East", "West"), trade=(5, 3, 2)), totals=("All",))
    by_column = replaced(chart("bar", ("2023",), all=(5,), east=(3,), west=(2,)), totals=("all",), bars="horizontal")
    for one in (by_row, by_column):
        svg = drawn(one)
        total, *parts = [rect.attrib["fill"] for rect in svg.iter(f"{SVG}rect")]
        assert total == SERIES[0]
        assert len(set(parts)) == 1
        assert VISIBLE <= contrast(parts[0], WHITE) < contrast(total, WHITE) / 2
        lefts = [text.attrib["x"] for text in svg.iter(f"{SVG}text") if (text.text or "").lower() in NAMES_OF_PARTS]
        assert lefts == ["0", "8", "8"]


NAMES_OF_PARTS = ("all", "east", "west")


def test_a_year_without_parts_has_only_the_row_of_its_total() -> None:
    one = chart("bar", ("2012", "2023"), total=(1, 6), imports=(None, 5))
    svg = drawn(replaced(one, totals=("total",), bars="horizontal"))
    assert texts(svg) == ["2012", "total", "1", "2023", "total", "6", "imports", "5"]


def test_every_bar_of_every_chart_is_as_thick() -> None:
    for kind in ("bar", "stacked"):
        for columns in ({"a": (1, 2)}, {"a": (1, 2), "b": (3, 4), "c": (5, 6)}):
            svg = drawn(chart(kind, ("x", "y"), **columns))
            assert {rect.attrib["height"] for rect in svg.iter(f"{SVG}rect")} == {"11"}, kind


def test_the_message_is_the_title_in_lines_of_like_length_and_the_chart_grows_by_it() -> None:
    one = chart("line", MONTHS, price=(1, 2, 3, 4, 5))
    said = "Bread became dearer in every month of the year in which the war began"
    svg, plain = drawn(replaced(one, message="Plain"), "en", 280, message=said), drawn(one, "en", 280)
    titles = [text for text in svg.iter(f"{SVG}text") if text.attrib.get("font-size") == "11"]
    assert " ".join(text.text or "" for text in titles) == said
    assert len(titles) == 2
    assert abs(len(titles[0].text or "") - len(titles[1].text or "")) < 12
    heights = [float(one.attrib["height"].removesuffix("pt")) for one in (svg, plain)]
    assert heights[0] - heights[1] == pytest.approx(2 * 1.25 * 11 + 2.5)


def test_an_axis_that_leaves_zero_out_is_marked_and_one_from_zero_is_not() -> None:
    for kind, low, count in (("line", 90, 1), ("line", 1, 0), ("dot", 90, 1)):
        one = chart("dot" if kind == "dot" else "line", MONTHS[:2], a=(low, 100), b=(low + 1, 99), c=(low, 99))
        marks = [line for line in drawn(replaced(one, values="axis")).iter(f"{SVG}polyline") if is_mark(line)]
        assert len(marks) == count, (kind, low)


def is_mark(line: ElementTree.Element) -> bool:
    return line.attrib["stroke"] == STYLE.quiet and line.attrib["points"].count(",") == 6


def test_a_stem_of_a_dot_begins_at_zero() -> None:
    svg = drawn(chart("dot", ("a", "b"), share=(90, 60)))
    stems = [float(line.attrib["x2"]) - float(line.attrib["x1"]) for line in svg.iter(f"{SVG}line")]
    high, low = sorted((stem for stem in stems if stem), reverse=True)
    assert low / high == pytest.approx(2 / 3, abs=0.01)


def test_notes_stand_above_the_plot_beside_each_other_and_lead_to_what_they_name() -> None:
    notes = (Note("war", "2023-02", series="price"), Note("tax", "2023-03"), Note("gap", "2023-04", "2023-05"))
    for kind in ("line", "area"):
        one = replaced(chart("line" if kind == "line" else "area", MONTHS, price=(5, 6, 7, 8, 9)), notes=notes)
        svg = drawn(one, "en", 320, war="The war begins", tax="The tax ends", gap="Months without a law")
        found = dict(box_of(text, 9) for text in svg.iter(f"{SVG}text"))
        tops = {found[words][1] for words in ("The war begins", "The tax ends", "Months without a law")}
        assert len(tops) == 1
        assert found["The war begins"][2] < found["The tax ends"][0]
        assert found["The tax ends"][2] < found["Months without a law"][0]
        grey = [rect for rect in svg.iter(f"{SVG}rect") if rect.attrib["fill"] not in SERIES]
        assert len(grey) == 1
        months = {text.text: float(text.attrib["x"]) for text in svg.iter(f"{SVG}text")}
        assert float(grey[0].attrib["x"]) == pytest.approx(months["Apr"], abs=8)
        ends = [line for line in svg.iter(f"{SVG}line") if line.attrib["x2"] == f"{months['Feb']:g}"]
        assert any(float(line.attrib["y2"]) < float(grey[0].attrib["height"]) for line in ends)


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_panels_have_one_scale_and_their_names(kind: Kind) -> None:
    one = chart(kind, MONTHS, bread=(1, 2, 3, 4, 5), milk=(2, 4, 6, 8, 10))
    svg = drawn(replaced(one, panels=True, unit="euros"), "en", 320, milk="Fresh milk")
    assert [text for text in texts(svg) if text[0].isalpha() and text not in SHORT] == ["euros", "bread", "Fresh milk"]
    first, second = svg.iter(f"{SVG}g")
    if kind == "bar":
        heights = [max(float(rect.attrib["height"]) for rect in some.iter(f"{SVG}rect")) for some in (first, second)]
        assert heights[1] / heights[0] == pytest.approx(2, abs=0.01)
    numbers = [[text for text in texts(some) if text.isdigit() and text != "2023"] for some in (first, second)]
    assert numbers[0] == ["0", "2", "4", "6", "8", "10"]
    assert numbers[1] == []


SHORT = ("Jan", "Feb", "Mar", "Apr", "May")


def test_panels_of_horizontal_bars_say_the_names_once() -> None:
    svg = drawn(replaced(chart("bar", ("North", "South"), before=(3, 4), after=(6, 8)), panels=True))
    assert texts(svg) == ["before", "North", "3", "South", "4", "after", "6", "8"]
    widths = [float(rect.attrib["width"]) for rect in svg.iter(f"{SVG}rect")]
    assert [width / widths[0] for width in widths] == pytest.approx([1, 4 / 3, 2, 8 / 3], abs=0.01)


def of_map(**values: float | None) -> Chart:
    return chart("map", tuple(values), rate=tuple(values.values()))


def test_a_map_has_the_countries_that_load_knows() -> None:
    assert set(europe()["countries"]) == EUROPE
    assert all(0 <= at <= size for ring in rings_of("RS") for at, size in zip(ring[:2], europe()["size"], strict=True))


def rings_of(code: str) -> list[list[int]]:
    return cast("list[list[int]]", europe()["countries"][code]["rings"])


def test_crimea_is_with_ukraine_and_the_north_of_cyprus_with_cyprus() -> None:
    """Sevastopol and Kyrenia lie in an outline of their countries, projected as the map is."""
    for place, code in (((33.9, 45.2), "UA"), ((33.3, 35.25), "CY")):
        x, y = projected(*place)
        assert any(is_inside(x, y, ring) for ring in rings_of(code)), code
        assert not any(is_inside(x, y, ring) for ring in rings_of("RU"))


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Units of the map, by Lambert's azimuthal equal-area projection on a sphere."""
    lon, lat, at = (math.radians(one) for one in (longitude - 10, latitude, 52))
    k = 6371 * math.sqrt(2 / (1 + math.sin(at) * math.sin(lat) + math.cos(at) * math.cos(lat) * math.cos(lon)))
    x = k * math.cos(lat) * math.sin(lon)
    y = k * (math.cos(at) * math.sin(lat) - math.sin(at) * math.cos(lat) * math.cos(lon))
    return (x + 1750) / 2, (2200 - y) / 2


def is_inside(x: float, y: float, ring: list[int]) -> bool:
    xs, ys = list(accumulate(ring[::2])), list(accumulate(ring[1::2]))
    sides = zip(xs, ys, xs[1:] + xs[:1], ys[1:] + ys[:1], strict=True)
    return sum((b > y) != (d > y) and x < a + (y - b) / (d - b) * (c - a) for a, b, c, d in sides) % 2 == 1


def test_a_map_says_values_where_they_fit_and_its_steps_in_a_legend() -> None:
    svg = drawn(replaced(of_map(FR=20, LU=17, DE=19, ES=None, PL=23), numbers=NumberForm("percent")), "de")
    said = texts(svg)
    assert sorted(said[:3]) == ["19", "20", "23"]
    assert "17" not in said  # Luxembourg has no room
    assert said[3:] == ["21–23\u00a0%", "20–21\u00a0%", "19–20\u00a0%", "18–19\u00a0%", "17–18\u00a0%", "–"]
    fills = [path.attrib["fill"] for path in svg.iter(f"{SVG}path") if "fill" in path.attrib]
    assert fills.count("url(#unknown-there)") == len(EUROPE) - 4
    assert len({fill for fill in fills if fill.startswith("#")}) >= 4


def test_a_map_with_all_values_needs_no_hatching_and_outlines_what_is_highlighted_last() -> None:
    whole = of_map(**dict.fromkeys(sorted(EUROPE), 5.0))
    svg = drawn(replaced(whole, highlight="AL"))
    paths = [path.attrib for path in svg.iter(f"{SVG}path") if "fill" in path.attrib]
    assert paths[-1]["stroke"] == STYLE.ink
    assert not any(path["fill"].startswith("url") for path in paths)
    assert texts(svg)[-1] == "5–6"


def test_classes_hold_about_as_many_values_each_at_round_numbers() -> None:
    assert classes([8.1, 17, 19, 20, 20, 21, 21, 22, 23, 25, 27]) == ((8, 19, 20, 21, 23, 27), 0)
    assert classes([0.012, 0.02, 0.031]) == ((0.012, 0.015, 0.018, 0.022, 0.027, 0.031), 3)
    assert classes([5]) == ((5, 6), 0)
    assert classes([1200, 5300, 90000]) == ((0, 20000, 60000, 90000), 0)


def test_names_on_the_axes_of_a_script_are_as_those_of_charts() -> None:
    figure = Figure(layout="constrained")
    axes = figure.subplots()
    axes.barh(["North", "Far in the south"], [1, 2])
    name_axes(figure, STYLE.ink)
    labels = axes.get_yticklabels()
    assert {(label.get_color(), label.get_horizontalalignment()) for label in labels} == {(STYLE.ink, "left")}
    assert {label.get_color() for label in axes.get_xticklabels()} == {"black"}
    figure.draw_without_rendering()
    assert all(label.get_window_extent().x1 < axes.bbox.x0 for label in labels)


def test_several_series_are_named_where_they_are_and_one_is_not() -> None:
    for kind in ("bar", "stacked", "line", "area", "dot"):
        two = texts(drawn(chart(kind, MONTHS, one=(1, 2, 3, 4, 5), other=(2, 3, 4, 5, 6)), one="First", other="Second"))
        assert two.count("First") == two.count("Second") == 1, kind
        assert "First" not in texts(drawn(chart(kind, MONTHS, one=(1, 2, 3, 4, 5)), one="First")), kind


def test_the_unit_stands_above_the_plot_in_the_words_of_the_edition() -> None:
    one = Chart("line", MONTHS, (Series("a", "a", (1, 2, 3, 4, 5)),), unit="tonnes")
    assert texts(drawn(one))[0] == "tonnes"
    assert texts(drawn(one, unit="Tonnen"))[0] == "Tonnen"


def test_a_number_that_is_about_so_much_is_no_more_exact_than_it_is_given() -> None:
    one = Chart(
        "bar", ("a", "b"), (Series("s", "s", (6600, 3442.5)),), NumberForm(decimals=1), marks={("a", "s"): "about"}
    )
    assert texts(drawn(one, about="about {value}")) == ["a", "about 6,600", "b", "3,442.5"]


def test_shares_and_percentages_are_written_with_the_sign_of_the_language() -> None:
    for form, values in (("share", (0.5, 0.25)), ("percent", (50, 25))):
        one = Chart(
            "bar", ("a", "b"), (Series("s", "s", values),), NumberForm("share" if form == "share" else "percent")
        )
        assert texts(drawn(one, "de")) == ["a", "50\u00a0%", "b", "25\u00a0%"]


def test_the_same_chart_is_the_same_bytes() -> None:
    one = chart("slope", ("North", "South"), before=(3, 4), after=(5, 2))
    assert ElementTree.tostring(drawn(one)) == ElementTree.tostring(drawn(one))
    figure_faces.cache_clear()
    first = dict(figure_faces())
    figure_faces.cache_clear()
    assert dict(figure_faces()) == first


def test_words_of_an_author_do_not_break_the_drawing() -> None:
    svg = drawn(chart("bar", ("a & <b>", "c\"d'"), price=(1, 2)))
    assert texts(svg)[::2] == ["a & <b>", "c\"d'"]


def test_many_bars_move_together_and_too_many_are_told(tmp_path: Path) -> None:
    rows = "".join(f"row {number},{number},{number}\n" for number in range(30))
    workspace = write(
        tmp_path,
        {
            "figures/trade.yaml": "title: Trade\nalt: Bars.\ndata: [trade]\nchart: bar\n",
            "figures/data/trade.csv": f"name,a,b\n{rows}",
            "figures/data/trade.yaml": "title: Trade\nsource: https://example.org/\n",
        },
    )
    faults = Faults()
    sources = load(workspace, faults)
    rooms = FigureRooms({"text": Room(320, 500)}, 150)
    draw(sources, rooms=rooms, style=STYLE, workspace=workspace, memo=Memo(workspace.memo), faults=faults)
    assert [str(fault) for fault in faults.all()] == [
        (
            "figures/trade.yaml: error: the chart is 752 points high, and a page has room for 500 [chart-crowded]\n"
            "  hint: choose some of its rows with `rows: [...]`, or draw two charts"
        )
    ]
    close = drawn(chart("bar", tuple(f"row {number}" for number in range(30)), a=tuple(range(30))), most=500)
    assert float(close.attrib["height"].removesuffix("pt")) <= 500
    with pytest.raises(TooHigh):
        drawn(chart("dot", tuple(f"row {number}" for number in range(40)), a=tuple(range(40))), most=300)


VALUES = st.one_of(st.none(), st.integers(-5, 5), st.floats(-1e9, 1e9), st.floats(-1e-6, 1e-6))
NAMES = st.one_of(
    st.lists(st.integers(1990, 2030).map(str), min_size=2, max_size=30, unique=True).map(sorted),
    st.lists(st.sampled_from(MONTHS), min_size=2, max_size=5, unique=True).map(sorted),
    st.lists(st.text("abcdefgh ijklmnop", min_size=1, max_size=40), min_size=2, max_size=10, unique=True),
)


@given(
    st.sampled_from(("bar", "stacked", "line", "area", "slope", "dot")),
    NAMES,
    st.integers(1, 6),
    st.sampled_from(("labels", "axis", None)),
    st.sampled_from(("horizontal", "vertical", None)),
    st.booleans(),
    st.data(),
)
def test_any_chart_can_be_drawn(
    kind: Kind,
    names: list[str],
    count: int,
    values: Values | None,
    bars: Bars | None,
    panels: bool,
    data: st.DataObject,
) -> None:
    """Whatever `load` lets through: no exception, no length that is not a number."""
    if kind == "slope":
        names, count = (names[:2], count) if names[0][0].isdigit() else (names, 2)
    columns = []
    for number in range(count):
        drawn_values = data.draw(st.lists(VALUES, min_size=len(names), max_size=len(names)))
        if kind in ("stacked", "area"):
            drawn_values = [None if value is None else abs(value) for value in drawn_values]
        if all(value is None for value in drawn_values):
            drawn_values[0] = 0
        columns.append(Series(f"s{number}", f"Series {number}", tuple(drawn_values)))
    one = Chart(kind, tuple(names), tuple(columns), bars=bars, values=values, unit="unit")
    one = replaced(one, panels=panels and count > 1 and kind in ("bar", "line", "area"))
    svg = draw_chart(one, tag="de", words={}, size=Room(300, 156), most=10_000, style=STYLE)
    ElementTree.fromstring(svg)
    assert not re.search(rb'="[^"<>]*(nan|inf)[^"<>]*"', svg)


# What is drawn again.


def test_a_changed_cell_draws_only_the_charts_that_show_it_again(tmp_path: Path) -> None:
    root = built_copy("charts", tmp_path / "charts")
    replace(root / "figures/data/trade.csv", "2023,1.1,5", "2023,1.2,5")
    changed = line_of(root)
    checked(changed)
    assert (changed.memo.ran["chart"], changed.memo.reused["chart"]) == (3, 18)


def test_a_changed_row_that_a_chart_does_not_show_draws_nothing_again(tmp_path: Path) -> None:
    root = built_copy("charts", tmp_path / "charts")
    replace(root / "figures/data/energy.csv", "2012,25.5", "2012,25.6")  # energy-years has no 2012
    changed = line_of(root, "en")
    checked(changed)
    assert (changed.memo.ran["chart"], changed.memo.reused["chart"]) == (1, 6)


def test_a_changed_word_draws_only_the_chart_of_its_edition_again(tmp_path: Path) -> None:
    root = built_copy("charts", tmp_path / "charts")
    replace(root / "chapters/de/edition.yaml", "bread: Brot", "bread: Weißbrot")
    changed = line_of(root)
    checked(changed)
    assert (changed.memo.ran["chart"], changed.memo.reused["chart"]) == (1, 20)


# Scales.


@given(
    st.lists(st.tuples(st.floats(-100, 400), st.floats(1, 30)), min_size=1, max_size=9),
)
def test_labels_that_are_moved_apart_keep_their_order_and_never_overlap(labels: list[tuple[float, float]]) -> None:
    centres, sizes = [centre for centre, _ in labels], [size for _, size in labels]
    placed = apart(centres, sizes, 0, 300)
    order = sorted(range(len(labels)), key=lambda one: (centres[one], one))
    edges = [(placed[one] - sizes[one] / 2, placed[one] + sizes[one] / 2) for one in order]
    assert all(end <= begin + 1e-6 for (_, end), (begin, _) in pairwise(edges))
    assert edges[0][0] >= -1e-6
    assert edges[-1][1] <= 300 + 1e-6


def test_labels_with_room_are_not_moved_and_others_no_more_than_they_must() -> None:
    assert apart([50, 100], [10, 10], 0, 200) == [50, 100]
    assert apart([100, 100], [10, 10], 0, 200) == [95, 105]
    assert apart([0, 200], [10, 10], 0, 200) == [5, 195]


def test_an_axis_has_round_numbers_that_hold_all_values() -> None:
    assert axis([0.1, 5], zero=True).ticks == (0, 1, 2, 3, 4, 5)
    assert axis([90, 100], zero=False).ticks == (90, 92, 94, 96, 98, 100)
    assert axis([3, 100], zero=False).ticks == (0, 20, 40, 60, 80, 100)
    assert axis([-3, 5], zero=True).ticks == (-4, -2, 0, 2, 4, 6)
    assert axis([7, 7], zero=False).low < 7 < axis([7, 7], zero=False).high
    assert axis([0, 0], zero=True).ticks[0] == 0
    fine = axis([0.81, 0.86], zero=False)
    assert ([round(tick, 2) for tick in fine.ticks], fine.decimals) == ([0.81, 0.82, 0.83, 0.84, 0.85, 0.86], 2)


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=5), st.booleans())
@example([-999999999999.9999, -1e12], False)
@example([-999999999999.9999], False)
@example([0.0, 0.0], False)
def test_an_axis_holds_any_values_with_few_ticks(values: list[float], zero: bool) -> None:
    found = axis(values, zero=zero)
    span = found.high - found.low
    assert 2 <= len(found.ticks) <= 6
    assert found.low <= min(values) + 1e-6 * span
    assert found.high >= max(values) - 1e-6 * span


def test_years_are_labelled_where_they_are_round_and_months_where_a_year_or_its_half_begins() -> None:
    years = [12 * year for year in range(2000, 2024)]
    assert round_times(years, 2) == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]
    assert round_times(years, 3) == [0, 5, 10, 15, 20]
    assert round_times([24000 + month for month in range(36)], 4) == [0, 6, 12, 18, 24, 30]
    assert round_times([12 * year for year in (2012, 2015, 2023)], 2) is None
    assert every(9, 2) == [0, 2, 4, 6, 8]
    assert every(8, 2) == [1, 3, 5, 7]


def test_words_are_as_wide_as_the_face_says_and_broken_where_they_must_be() -> None:
    canvas = Canvas(300, STYLE, "en")
    assert canvas.width_of("Exports") == pytest.approx(26.4, abs=0.1)
    assert canvas.width_of("Exports", bold=True) > canvas.width_of("Exports")
    assert canvas.wrapped("Rye and other grain for bread", 60) == ("Rye and other", "grain for bread")
    assert canvas.wrapped("Donaudampfschifffahrt", 20) == ("Donaudampfschifffahrt",)


# Below it.


def test_the_licence_of_a_figure_stands_behind_its_credit(tmp_path: Path) -> None:
    root = built_copy("charts", tmp_path / "charts")
    declared = root / "figures/crops.yaml"
    replace(declared, "source: Example Office\n", "source: Example Office\ncredit: The office\nlicence: cc by 4.0\n")
    assert {"The office", "CC BY 4.0"} <= meant(root)
    replace(declared, "credit: The office\nlicence: cc by 4.0\n", "licence: Public domain\n")
    assert "Public domain" in meant(root)


def meant(root: Path) -> set[str]:
    """What is meant to be printed in the first chapter, which `verify` then looks for."""
    chapters = checked(line_of(root, "en")).editions[0].manuscript.expected.chapters
    return {text.text for text in chapters[0].texts}


GROUP = "# Two\n\n::: {#fig-two}\n![One](figure:crops){#fig-one}\n\n![Two](figure:votes)\n\nBoth\n:::\n\nText.\n"


def test_two_charts_beside_each_other_are_drawn_for_half_the_width_and_keep_their_letters(tmp_path: Path) -> None:
    root = built_copy("charts", tmp_path / "charts")
    (root / "chapters/en/04-two.md").write_text(GROUP, encoding="utf-8")
    whole = line_of(root, "en")
    checked(whole)
    small = "is drawn wider than it is set here, and its letters are too small [figure-width]"
    assert [str(fault).splitlines()[0] for fault in whole.faults.all()] == [
        f"chapters/en/04-two.md:4:8: warning: the figure `crops` {small}",
        f"chapters/en/04-two.md:6:8: warning: the figure `votes` {small}",
    ]
    for name in ("crops", "votes"):
        declared = root / f"figures/{name}.yaml"
        declared.write_text(declared.read_text(encoding="utf-8") + "width: half\n", encoding="utf-8")
    half = line_of(root, "en")
    drawings = checked(half).pending_drawings()["en"]
    assert half.faults.all() == ()
    widths = [float(ElementTree.fromstring(drawings[name].content).attrib["width"][:-2]) for name in ("crops", "votes")]
    assert widths == [pytest.approx((116 * 72 / 25.4 - 15) / 2, abs=0.01)] * 2
    in_three = GROUP.replace("{#fig-two}", "{#fig-two columns=3}")  # a third of the width is less than half of it
    (root / "chapters/en/04-two.md").write_text(in_three, encoding="utf-8")
    third = line_of(root, "en")
    checked(third)
    assert [str(fault).splitlines()[0] for fault in third.faults.all()] == [
        f"chapters/en/04-two.md:4:8: warning: the figure `crops` {small}",
        f"chapters/en/04-two.md:6:8: warning: the figure `votes` {small}",
    ]
