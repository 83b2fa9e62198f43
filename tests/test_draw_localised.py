"""What a script draws is in the language of the edition without its doing: numbers and months on axes, units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from load_sources import write
from test_draw import HEAD, ROOMS, STYLE

from impressum.core.errors import Faults
from impressum.stages.draw.figures import draw
from impressum.stages.load import load
from impressum.system.cache import Memo

TAGS = ("en", "de", "sr-Latn", "sr-Cyrl")
FILES: Mapping[str, str] = {
    "figures/trade.yaml": "title: '1'\nalt: '2'\ndata: [trade]\nunit: '%'\n",
    "figures/data/trade.csv": "year,exports\n2023,1200.5\n2024,1500.25\n",
    "figures/data/trade.yaml": "title: T\nsource: https://example.org/\n",
    **{f"chapters/{tag}/01-start.md": "# Start\n\nText.\n" for tag in TAGS},
}


def words_of(root: Path, script: str) -> dict[str, list[str]]:
    """The words in the drawing by language."""
    workspace = write(root, {**FILES, "figures/trade.py": HEAD + script})
    faults = Faults()
    sources = load(workspace, faults)
    memo = Memo(workspace.memo)
    drawings = draw(sources, rooms=ROOMS, style=STYLE, workspace=workspace, memo=memo, faults=faults)
    assert [str(fault) for fault in faults.all()] == []
    return {tag: re.findall("<text[^>]*>([^<]*)<", drawings[tag]["trade"].content.decode()) for tag in TAGS}


CASES = {
    "numbers on an axis": (
        "    axes = figure.subplots()\n    axes.set_yticks([-1000, 0, 1250])\n    axes.set_xticks([0, 0.5])\n",
        {
            "en": "0.0 0.5 \u22121,000 0 1,250",
            "de": "0,0 0,5 \u22121.000 0 1.250",
            "sr-Cyrl": "0,0 0,5 \u22121.000 0 1.250",
        },
    ),
    "years are no amounts": (
        "    axes = figure.subplots()\n    axes.set_xticks([2012, 2023])\n    axes.set_yticks([])\n",
        {"en": "2012 2023", "de": "2012 2023", "sr-Cyrl": "2012 2023"},
    ),
    "labels of bars": (
        "    axes = figure.subplots()\n    axes.set_axis_off()\n    axes.bar_label(axes.bar([1, 2], [2.5, 1250]))\n",
        {"en": "2.5 1,250", "de": "2,5 1.250", "sr-Cyrl": "2,5 1.250"},
    ),
    "percentages": (
        (
            "    from matplotlib.ticker import PercentFormatter\n    axes = figure.subplots()\n"
            "    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))\n"
            "    axes.set_yticks([0.5])\n    axes.set_xticks([])\n"
        ),
        {"en": "50.0%", "de": "50,0\u00a0%", "sr-Cyrl": "50,0%"},
    ),
    "months": (
        (
            "    import datetime\n    from matplotlib.dates import DateFormatter\n    axes = figure.subplots()\n"
            "    axes.plot([datetime.date(2023, 5, 1), datetime.date(2023, 12, 1)], [1, 2])\n"
            "    axes.set_xticks([datetime.date(2023, 5, 1), datetime.date(2023, 12, 1)])\n"
            "    axes.xaxis.set_major_formatter(DateFormatter('%B'))\n    axes.set_yticks([])\n"
        ),
        {"en": "May December", "de": "Mai Dezember", "sr-Latn": "maj decembar", "sr-Cyrl": "мај децембар"},
    ),
    "what `words` writes": (
        (
            "    say = [words.number(data['trade'][0]['exports'], 1), words.percent(0.345)]\n"
            "    say += [words.currency(12.5, 'EUR'), words.month('2023-05')]\n"
            "    figure.text(0, 0.5, ' | '.join(say))\n"
        ),
        {
            "en": "1,200.5 | 34.5% | €12.5 | May 2023",
            "de": "1.200,5 | 34,5\u00a0% | 12,5\u00a0€ | Mai 2023",
            "sr-Latn": "1.200,5 | 34,5% | 12,5\u00a0€ | maj 2023.",
            "sr-Cyrl": "1.200,5 | 34,5% | 12,5\u00a0€ | мај 2023.",
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_script_writes_as_the_language_does(case: str, tmp_path: Path) -> None:
    script, expected = CASES[case]
    found = words_of(tmp_path, script)
    for tag, words in expected.items():
        said = [word for word in found[tag] if word != "%"]
        assert " ".join(said) == words, tag


def test_the_unit_is_written_once_above_the_plot_or_where_the_script_says_it(tmp_path: Path) -> None:
    script = "    axes = figure.subplots()\n    axes.set_axis_off()\n    axes.plot([1, 2])\n"
    assert words_of(tmp_path / "one", script)["en"] == ["%"]
    assert words_of(tmp_path / "two", f"{script}    figure.text(0, 0, 'in ' + words['unit'])\n")["en"] == ["in %"]
