"""The translations of several publications at a glance, and hand-offs by chapter and translator."""

from __future__ import annotations

import datetime
import json
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pytest
from building import impressum, replace
from handing import publication, refused
from test_handoff import change, translated

from impressum.core.errors import Faults
from impressum.system.workspace import Workspace
from impressum.translation.dashboard import as_html, as_json, as_text, board_of
from impressum.translation.handoff.bundle import hand_off
from impressum.translation.shelf import read_shelf
from impressum.translation.tasks import read_tasks

TASKS = """\
de:
  translator: The Impressum contributors
  due: 2025-03-01
  chapters:
    02-end:
      translator: Josiah Carberry
      due: 2025-04-01
"""
DAY = datetime.date(2025, 3, 15)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A publication with a chapter that has changed and one that is new, and somebody for each."""
    root = translated(tmp_path / "rivers")
    change(root, "is long.", "is very long.")
    (root / "chapters/en/02-end.md").write_text("# The end\n\nHere it ends.\n", encoding="utf-8")
    (root / "editions.yaml").write_text(TASKS, encoding="utf-8")
    return root


def test_a_board_says_what_is_to_do_who_has_it_and_what_is_late(root: Path, tmp_path: Path) -> None:
    other = publication(tmp_path / "other", "# One\n")
    boards = [board_of(read_shelf(Workspace(one)), one.name, (), DAY) for one in (root, other)]
    assert list(as_text(boards)) == [
        "rivers: On Rivers",
        "  de: 1 changed, 1 new, 1 unknown; 11 words to do",
        "    changed     01-start  6 words  The Impressum contributors  due 2025-03-01, late",
        "    new         02-end  5 words  Josiah Carberry  due 2025-04-01",
        "    unknown     edition.yaml  The Impressum contributors  due 2025-03-01",
        "",
        "other: On Rivers",
        "  de: 1 new, 1 unknown; 1 words to do",
        "    new         01-start  1 words",
        "    unknown     edition.yaml",
        "",
    ]
    first, second = json.loads(json.dumps(as_json(boards)))["publications"]
    assert first["editions"][0]["files"][0] == {
        "name": "01-start.md",
        "state": "changed",
        "words": 6,
        "translator": "The Impressum contributors",
        "due": "2025-03-01",
        "late": True,
        "signed": None,
    }
    assert second["root"] == "other"


def test_the_page_needs_nothing_else_and_its_tables_have_captions_and_heads(root: Path) -> None:
    page = as_html([board_of(read_shelf(Workspace(root)), "a&b", (), DAY)], DAY)
    assert not re.search("<script|https?:|src=|@import|url\\(", page)
    body = ElementTree.fromstring(re.search("<body>.*</body>", page, re.DOTALL)[0])  # type: ignore[index]
    tables = list(body.iter("table"))
    assert [one.findtext("caption") for one in tables] == ["All editions", "de"]
    for table in tables:
        assert {one.get("scope") for one in table.iterfind("thead/tr/th")} == {"col"}
        assert all([cell.get("scope") for cell in row.iterfind("th")] == ["row"] for row in table.iterfind("tbody/tr"))
    rows = [["".join(cell.itertext()) for cell in row] for row in tables[1].iterfind("tbody/tr")]
    assert rows[0] == ["01-start", "changed", "6", "The Impressum contributors", "2025-03-01, late", ""]
    assert [link.get("href") for link in body.iter("a")] == ["#p1"]
    assert body.find(".//h2[@id='p1']") is not None


def test_each_shows_all_that_can_be_read_and_names_what_cannot(root: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = impressum(tmp_path, "status", "--each", str(root), str(tmp_path / "none"), "--html", str(page), "--json")
    assert ran.code == 1
    assert ran.faults == (
        f"{tmp_path / 'none'}: error: there is no such folder [root-missing]\n  hint: correct its path"
    )
    report = json.loads(ran.stdout)
    assert (report["schema"], report["version"], len(report["publications"])) == ("impressum-dashboard", 1, 1)
    assert "<h1>Translations</h1>" in page.read_text(encoding="utf-8")


def test_what_is_wrong_in_the_list_of_tasks_is_named_at_its_place(root: Path) -> None:
    text = "dee: {}\nde:\n  dues: 2025-03-01\n  chapters:\n    02-ende:\n      due: soon\n"
    (root / "editions.yaml").write_text(text, encoding="utf-8")
    faults = Faults()
    read_tasks(read_shelf(Workspace(root)), faults)
    assert [f"{one.place}: {one.message}" for one in faults.errors()] == [
        "editions.yaml:1:1: there is no edition `dee`; did you mean `de`?",
        "editions.yaml:3:3: unknown key `dues`; did you mean `due`?",
        "editions.yaml:5:5: there is no chapter `02-ende`; did you mean `02-end`?",
        "editions.yaml:6:12: `soon` is not a date: it must be written as 2025-01-31",
    ]


def test_a_hand_off_is_of_the_chapters_that_are_named_or_that_a_translator_has(root: Path, tmp_path: Path) -> None:
    def handed(*more: str) -> str:
        to = tmp_path / "given.zip"
        to.unlink(missing_ok=True)
        return impressum(root, "handoff", "--edition", "de", "--to", str(to), *more).stderr

    assert handed("02-end") == "02-end: 2 segments, 5 words\n"
    with zipfile.ZipFile(tmp_path / "given.zip") as archive:
        assert "2 segments, about 5 words. Due on 2025-04-01." in " ".join(archive.read("README.txt").decode().split())
    assert handed("--translator", "Josiah Carberry") == "02-end: 2 segments, 5 words\n"
    assert handed("--translator", "Josiah Carbery") == (
        "impressum: nobody called `Josiah Carbery` translates anything of `de`; did you mean `Josiah Carberry`?; "
        "`editions.yaml` says who does\n"
    )
    assert impressum(root, "handoff", "02-end", "--edition", "de").stdout == "handoff-on-rivers-de-02-end.zip\n"


def test_what_was_handed_off_in_several_files_is_not_missed_unit_by_unit(root: Path, tmp_path: Path) -> None:
    (root / "chapters/en/03-more.md").write_text("# More\n\nOne.\n", encoding="utf-8")
    shelf = read_shelf(Workspace(root))
    names = ["01-start.md"]
    _, content = hand_off(shelf, "de", everything=True, faults=Faults(), names=names, formats=["po"])
    (tmp_path / "back.zip").write_bytes(content)
    replace(root / "publication.yaml", "title: On Rivers", "title: Rivers")
    said = refused(root, tmp_path / "back.zip").replace((tmp_path / "back.zip").as_posix(), "back.zip")
    assert said == (
        "back.zip/on-rivers-de.po: warning: none of the 4 units of `02-end`, `03-more` came back "
        "[handin-unit-missing]\n"
        "  hint: where they were handed off in other files, all is well"
    )
