"""Figures by script: each fault of a script in its own words, limits, languages, and what is drawn again."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
import pypdfium2.raw
import pytest
from building import built, checked, children_of, copy, line_of, replace, waited_for
from load_sources import write

from impressum.core.errors import Faults
from impressum.core.model.figures import Drawing
from impressum.core.model.theme import FigureRooms, FigureStyle, Room
from impressum.stages.draw.figures import LIMITS, draw
from impressum.stages.load import load
from impressum.system.cache import Memo
from impressum.system.fonts import metrics
from impressum.system.process import Limits
from impressum.system.work_folders import ensured

DECLARED = "title: Trade\nalt: Two bars.\ndata:\n  - trade\nwords:\n  axis: Exports\n"
FILES: Mapping[str, str | bytes] = {
    "figures/trade.yaml": DECLARED,
    "figures/data/trade.csv": "year,exports\n2023,12\n2024,15\n",
    "figures/data/trade.yaml": "title: Trade\nsource: https://example.org/\n",
}
HEAD = "def draw(figure, data, words):\n"
ROOMS = FigureRooms({"text": Room(320, 500), "landscape": Room(640, 260)}, 150)
STYLE = FigureStyle(9, "#1b1b1d", "#5f6368", "#8d9196", ("#0f304b", "#bc562a"))
QUICK = Limits(seconds=20, memory=LIMITS.memory)


def drawn(root: Path, script: str, limits: Limits = QUICK) -> tuple[Mapping[str, Mapping[str, Drawing]], str]:
    """What a figure with this script looks like in each edition, and the faults as they are shown."""
    workspace = write(root, {**FILES, "figures/trade.py": script})
    faults = Faults()
    sources = load(workspace, faults)
    assert faults.all() == ()
    memo = Memo(workspace.memo)
    drawings = draw(sources, rooms=ROOMS, style=STYLE, workspace=workspace, memo=memo, faults=faults, limits=limits)
    return drawings, "\n".join(str(fault) for fault in faults.all())


FAULTS = {
    "a line that fails": (
        HEAD + "    axes = figure.subplots()\n    axes.bar(*rows(data))\n\n\ndef rows(data):\n    return 1 / 0\n",
        (
            "figures/trade.py:7: error: the script fails: ZeroDivisionError: division by zero [figure-failed]\n"
            "  hint: line 3 is `axes.bar(*rows(data))`; line 7 is `return 1 / 0`"
        ),
    ),
    "what it printed before": (
        HEAD + "    print('reading', len(data['trade']))\n    raise ValueError('no\\nsense')\n",
        (
            "figures/trade.py:3: error: the script fails: ValueError: no sense [figure-failed]\n"
            "  hint: line 3 is `raise ValueError('no\\nsense')`\n  it printed:\n    reading 2"
        ),
    ),
    "a setting that fails when it is written": (
        "import matplotlib\n\n\n"
        + HEAD
        + "    matplotlib.rcParams['path.effects'] = ['light']\n    figure.text(0.5, 0.5, 'x')\n",
        (
            "figures/trade.py:4:5: error: the script fails: AttributeError: 'str' object has no attribute 'draw_path' "
            "[figure-failed]\n"
            "  hint: it fails when the drawing is written: look at what `draw` sets for the whole figure"
        ),
    ),
    "a size beyond all paper": (
        HEAD + "    figure.set_size_inches(1e5, 1e5)\n    figure.subplots()\n",
        (
            "figures/trade.py:1:5: error: the script fails: ValueError: Image size of 10000000x10000000 pixels is too "
            "large. It must be less than 2^23 in each direction. [figure-failed]\n"
            "  hint: it fails when the drawing is written: look at what `draw` sets for the whole figure"
        ),
    ),
    "an exit with words": (
        HEAD + "    raise SystemExit('one\\ntwo')\n",
        (
            "figures/trade.py: error: the script ended with exit code 1 [figure-failed]\n"
            "  hint: it said:\n    one\n    two"
        ),
    ),
    **{
        f"an answer of its own: {answer}": (
            f"import json\n\n\n{HEAD}    json.dumps = lambda *_, **__: {answer!r}\n    figure.subplots()\n",
            (
                "figures/trade.py: error: the script gives back what is no drawing [figure-failed]\n"
                "  hint: leave the modules of Python as they are: what runs the script needs them after it"
            ),
        )
        for answer in (
            "x",
            "[]",
            "0",
            "[" * 5000,
            '{"drawn": {"en": 5}}',
            '{"drawn": {"en": "=!"}}',
            '{"drawn": {"de": "PHN2Zy8+"}}',
            '{"drawn": null}',
            '{"problem": 3, "details": "", "rule": "figure-failed"}',
            '{"problem": "it lies"}',
        )
    },
    "an exit without words": (
        HEAD + "    raise SystemExit(3)\n",
        "figures/trade.py: error: the script ended with exit code 3 [figure-failed]\n  hint: it said nothing",
    ),
    "an exit that claims success": (
        HEAD + "    raise SystemExit\n",
        (
            "figures/trade.py: error: the script ended before it drew [figure-failed]\n"
            "  hint: take the call of `exit` away"
        ),
    ),
    "words over its edge": (
        HEAD + "    figure.subplots().set_axis_off()\n    figure.text(0.9, 0.5, 'Exports of the year')\n",
        (
            "figures/trade.py:1:5: error: the words `Exports of the year` are cut off at the right edge of the figure "
            "in `en`, by 32 pt [figure-cut]\n  hint: leave more room there, or shorten them"
        ),
    ),
    "no function": (
        "def paint(figure, data, words):\n    figure.subplots()\n",
        (
            "figures/trade.py:1:5: error: the script has no function `draw` [figure-script]\n"
            "  hint: write one: `def draw(figure, data, words):`"
        ),
    ),
    "no function at all": (
        "paint = 3\n",
        (
            "figures/trade.py:1:1: error: the script has no function `draw` [figure-script]\n"
            "  hint: write one: `def draw(figure, data, words):`"
        ),
    ),
    "a function that takes something else": (
        "def draw(figure):\n    figure.subplots()\n",
        (
            "figures/trade.py:1:5: error: `draw` must take three arguments [figure-script]\n"
            "  hint: write it as `def draw(figure, data, words):`"
        ),
    ),
    "nothing drawn": (
        HEAD + "    pass\n",
        (
            "figures/trade.py:1:5: error: the script drew nothing [figure-empty]\n"
            "  hint: draw on the `figure` that it is given"
        ),
    ),
    "not Python": (
        HEAD + "    axes = figure.subplots()\n    axes.bar([1 2])\n",
        (
            "figures/trade.py:3:15: error: the script is not Python: invalid syntax. Perhaps you forgot a comma? "
            "[figure-script]\n  hint: axes.bar([1 2])"
        ),
    ),
    "much output": (
        HEAD + "    while True:\n        print('again ' * 100)\n",
        "figures/trade.py:3: error: the script prints more than 1 MB [figure-prints]\n  hint: print less, or nothing",
    ),
    "data that it does not name": (
        HEAD + "    figure.subplots().plot(data['trad'])\n",
        (
            "figures/trade.py:2: error: the figure has no data `trad` [figure-failed]\n"
            "  hint: its data: trade; the figure's `.yaml` names them under `data:`"
        ),
    ),
    "words that it does not have": (
        HEAD + "    figure.subplots().set_title(words['titel'])\n",
        (
            "figures/trade.py:2: error: the figure has no words `titel` [figure-failed]\n"
            "  hint: its words: axis; the figure's `.yaml` names them under `words:`"
        ),
    ),
    "a module that is not there": (
        "import seabird\n\n\n" + HEAD + "    figure.subplots()\n",
        (
            "figures/trade.py:1: error: the script fails: ModuleNotFoundError: No module named 'seabird' "
            "[figure-failed]\n"
            "  hint: line 1 is `import seabird`"
        ),
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_of_a_script_is_told_in_its_own_words(case: str, tmp_path: Path) -> None:
    script, expected = FAULTS[case]
    drawings, told = drawn(tmp_path, script)
    assert told == expected
    assert drawings == {"en": {}}


def test_a_script_may_begin_with_the_mark_of_a_windows_editor(tmp_path: Path) -> None:
    drawings, told = drawn(tmp_path, f"\ufeff{HEAD}    figure.subplots()\n".replace("\n", "\r\n"))
    assert (told, sorted(drawings["en"])) == ("", ["trade"])


def test_a_drawing_that_cannot_be_printed_is_told(tmp_path: Path) -> None:
    _, told = drawn(tmp_path, HEAD + "    figure.subplots().set_title('a\\x02b')\n")
    assert told.startswith("figures/trade.py:1:5: error: what the script drew is not well-formed SVG (")
    assert told.endswith(
        ") [figure-unfit]\n"
        "  hint: draw fewer points, or a picture made beforehand; text must be letters that can be printed"
    )


def test_a_script_that_runs_too_long_is_stopped_and_gone(tmp_path: Path) -> None:
    _, told = drawn(tmp_path, HEAD + "    while True:\n        pass\n", Limits(seconds=2))
    assert told == (
        "figures/trade.py: error: the script ran longer than 2 seconds and was stopped [figure-slow]\n"
        "  hint: look for a loop without end"
    )
    if sys.platform.startswith("linux"):
        assert waited_for(lambda: not any(children_of(pid) for pid in children_of(os.getpid()) - xdist_children()))


def xdist_children() -> set[int]:
    """Children of this process that are none of draw's."""
    return {pid for pid in children_of(os.getpid()) if b"impressum" not in Path(f"/proc/{pid}/cmdline").read_bytes()}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no limit on memory elsewhere")
@pytest.mark.parametrize("bomb", ["[0] * 10**10", "__import__('numpy').zeros(10**10)", "'x' * 10**11"])
def test_a_script_that_needs_too_much_memory_is_told(bomb: str, tmp_path: Path) -> None:
    _, told = drawn(tmp_path, f"{HEAD}    figure.kept = {bomb}\n", Limits(seconds=20, memory=1_500_000_000))
    assert told == (
        "figures/trade.py:2: error: the script needs more than 1500 MB of memory [figure-memory]\n"
        "  hint: look for a list that grows without end, or draw fewer points"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on files there")
def test_a_script_that_fills_the_disk_is_told_at_its_line(tmp_path: Path) -> None:
    write = "    with open('big', 'wb') as big:\n        for _ in range(200):\n            big.write(bytes(2**20))\n"
    _, told = drawn(tmp_path, HEAD + write)
    assert told == (
        "figures/trade.py:4: error: the script writes a file of more than 100 MB [figure-file]\n"
        "  hint: draw on the `figure` that it is given: it needs no files"
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no limit on memory elsewhere")
def test_a_list_that_grows_without_end_is_told_in_seconds(tmp_path: Path) -> None:
    script = HEAD + "    kept = []\n    while True:\n        kept.append('x' * 10**7)\n"
    _, told = drawn(tmp_path, script, Limits(seconds=20, memory=1_500_000_000))
    assert told.startswith("figures/trade.py:4: error: the script needs more than 1500 MB of memory [figure-memory]\n")


def test_every_faulty_script_is_told_at_once(tmp_path: Path) -> None:
    workspace = write(
        tmp_path,
        {
            **FILES,
            "figures/trade.py": HEAD,
            "figures/other.yaml": DECLARED,
            "figures/other.py": HEAD + "    pass\n",
        },
    )
    faults = Faults()
    sources = load(workspace, faults)
    draw(sources, rooms=ROOMS, style=STYLE, workspace=workspace, memo=Memo(workspace.memo), faults=faults, limits=QUICK)
    assert [(fault.place.path, fault.rule) for fault in faults.all()] == [
        ("figures/other.py", "figure-empty"),
        ("figures/trade.py", "figure-script"),
    ]


def test_chance_is_the_same_in_each_run_and_in_each_language(tmp_path: Path) -> None:
    script = "import random\n\nimport numpy\n\n\n" + HEAD + "    axes = figure.subplots()\n"
    script += "    axes.plot([random.random(), *numpy.random.rand(3)])\n"
    first, told = drawn(tmp_path / "one", script)
    second, _ = drawn(tmp_path / "two", script)
    assert told == ""
    assert first["en"]["trade"].content == second["en"]["trade"].content


def test_settings_of_the_machine_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = HEAD + "    figure.subplots().plot([1, 2])\n"
    first, _ = drawn(tmp_path / "one", script)
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 20\nsvg.fonttype: path\n")
    ensured(tmp_path / "two" / ".cache" / "matplotlib")
    (tmp_path / "two" / ".cache" / "matplotlib" / "matplotlibrc").write_text("lines.linewidth: 20\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    second, _ = drawn(tmp_path / "two", script)
    assert first["en"]["trade"].content == second["en"]["trade"].content


def test_a_script_knows_the_fonts_of_figures_and_of_matplotlib_and_none_of_the_machine(tmp_path: Path) -> None:
    script = "import sys\nfrom matplotlib.font_manager import fontManager\n\n\n" + HEAD
    script += "    known = {(font.name, font.fname.startswith(sys.prefix)) for font in fontManager.ttflist}\n"
    script += "    raise ValueError(sorted(known))\n"
    _, told = drawn(tmp_path, script)
    found = dict(re.findall(r"\('([\w ]+)', (True|False)\)", told.splitlines()[0]))
    assert found["DejaVu Sans"] == "True"
    brought = [name for name, of_matplotlib in found.items() if of_matplotlib == "False"]
    assert brought
    assert [name for name in brought if not name.startswith("Alegreya Sans Lining")] == []


def test_words_are_measured_in_the_face_that_they_are_printed_in(tmp_path: Path) -> None:
    script = "import matplotlib\nfrom matplotlib.font_manager import findfont\n\n\n" + HEAD
    script += "    text = figure.text(0, 0, 'Imports from China')\n    family, = matplotlib.rcParams['font.family']\n"
    script += "    width = text.get_window_extent().width * 72 / figure.dpi\n"
    script += "    raise ValueError(f'{findfont(family)} is {width}')\n"
    _, told = drawn(tmp_path, script)
    found = re.search(r"-AlegreyaSansLining-Regular\.ttf is ([\d.]+)", told)
    assert found, told
    assert abs(float(found[1]) - metrics().width("Imports from China") * STYLE.size) < 2
    assert "it printed" not in told  # nothing of a font that was not found


def test_a_font_of_figures_that_was_damaged_or_cannot_be_read_is_written_again(tmp_path: Path) -> None:
    script = HEAD + "    figure.subplots().plot([1, 2])\n"
    first, _ = drawn(tmp_path, script)
    files = sorted((tmp_path / ".cache" / "matplotlib").glob("*.ttf"))
    contents = [file.read_bytes() for file in files]
    files[0].write_bytes(contents[0][:1000])
    files[1].unlink()
    second, told = drawn(tmp_path, script + "\n")
    assert told == ""
    files[2].chmod(0)  # the superuser reads it all the same, a script that is shut in does not
    assert drawn(tmp_path, script + "\n\n")[1] == ""
    assert [file.read_bytes() for file in files] == contents
    assert first["en"]["trade"].content == second["en"]["trade"].content


def test_a_script_that_changes_its_data_changes_them_for_no_other_language(tmp_path: Path) -> None:
    script = HEAD + "    data['trade'].pop()\n    axes = figure.subplots()\n    axes.set_axis_off()\n"
    script += "    axes.plot([row['exports'] for row in data['trade']])\n"
    workspace = write(tmp_path, {**FILES, "figures/trade.py": script, "chapters/de/01-start.md": "# Anfang\n\nText.\n"})
    faults = Faults()
    sources = load(workspace, faults)
    drawings = draw(
        sources, rooms=ROOMS, style=STYLE, workspace=workspace, memo=Memo(workspace.memo), faults=faults, limits=QUICK
    )
    assert drawings["de"]["trade"].content == drawings["en"]["trade"].content


def test_a_changed_cell_draws_only_the_figures_that_show_it_again(tmp_path: Path) -> None:
    root = copy("figures", tmp_path / "figures")
    first = line_of(root)
    checked(first)
    assert (first.memo.ran["draw"], first.memo.reused.get("draw", 0)) == (2, 0)
    again = line_of(root)
    checked(again)
    assert (again.memo.ran.get("draw", 0), again.memo.reused["draw"]) == (0, 2)
    replace(root / "figures/data/rain.csv", "2024,150", "2024,151")
    changed = line_of(root)
    checked(changed)
    assert (changed.memo.ran["draw"], changed.memo.reused["draw"]) == (1, 1)


def test_a_figure_is_drawn_in_one_child_with_the_words_of_each_language(tmp_path: Path) -> None:
    root = copy("figures", tmp_path / "figures")
    line = line_of(root)
    drawings = checked(line).pending_drawings()
    assert line.memo.ran["draw"] == 2
    english, serbian = (drawings[tag]["harvest"].content.decode() for tag in ("en", "sr-Latn"))
    assert ">Harvest in tonnes<" in english
    assert ">Žetva u tonama<" in serbian
    assert "Harvest" not in serbian


def test_the_words_of_a_figure_are_text_of_the_page_in_the_documents_font() -> None:
    document = pypdfium2.PdfDocument(built("figures") / "dist" / "two-figures-sr-Latn.pdf")
    found = {}
    try:
        for page in document:
            text = page.get_textpage()
            for word in ("Žetva u tonama", "Kiša u milimetrima"):
                place = text.search(word).get_next()
                if place:
                    found[word] = font_of(text, place[0])
    finally:
        document.close()
    assert found == {"Žetva u tonama": "AlegreyaSansLining-Regular", "Kiša u milimetrima": "AlegreyaSansLining-Regular"}


def font_of(text: pypdfium2.PdfTextPage, index: int) -> str:
    """The font of a letter, without the mark of its subset."""
    import ctypes

    name = ctypes.create_string_buffer(100)
    pypdfium2.raw.FPDFText_GetFontInfo(text, index, name, 100, None)
    return re.sub(r"^[A-Z]{6}\+", "", name.value.decode())
