"""`build --explain`: how full the pages of each chapter are, and how they were fitted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from building import impressum
from fitted import Prose, write
from test_fitting import late_note


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lists that begin at one line after the other of their pages, so that the notes of some would be late; built
    once, so that what is explained later comes out of the cache."""
    chapters = {f"{at:02}-late": late_note(at + 15) for at in range(5, 8)}
    prose = Prose()
    short = f"# Short\n\n{prose.sentences(4)}\n\n{prose.sentences(4)}\n"
    root = write(tmp_path_factory.mktemp("explain"), {**chapters, "10-short": short})
    ran = impressum(root, "build")
    assert (ran.code, ran.stdout) == (0, "dist/fitted-pages-en.pdf\n"), "without it nothing is explained"
    return root


def test_the_spare_lines_of_each_chapter_and_the_fits_are_told(publication: Path) -> None:
    ran = impressum(publication, "build", "--explain")
    assert ran.code == 0
    first, head, *chapters = ran.stdout.splitlines()
    chapters, fits = chapters[:4], chapters[4:]
    assert first == "dist/fitted-pages-en.pdf"
    assert re.fullmatch(r"en: \d\d pages, fitted in \d+ passes", head)
    for line in chapters[:-1]:
        assert re.fullmatch(r"  \d\d-late   pages \d+ to \d+, \d+ spare lines? on the last one", line)
    assert re.fullmatch(r"  10-short  page \d+, \d+ spare lines on the last one", chapters[-1])
    begin = r"  chapters/en/\d\d-late\.md:\d+:\d: page \d+: "
    for_notes = rf"{begin}(\d lines? left free at the foot: `[\w .]+ …`|.*: `\d\d-late`) \[note-page\]"
    assert [line for line in fits if re.fullmatch(for_notes, line)], fits


def test_what_the_entries_of_layout_did_is_told(tmp_path: Path) -> None:
    prose = Prose(4)
    text = f"# A chapter\n\n{prose.sentences(9)}\n\n## Next {{#sec-next}}\n\n{prose.sentences(9)}\n"
    root = write(tmp_path, {"01-a": text}, '01-a:\n  - at: "#sec-next"\n    break-before: true\n')
    ran = impressum(root, "build", "--explain")
    assert ran.code == 0
    told = ran.stdout[: ran.stdout.index("steps: ")].splitlines()[-1]
    assert re.fullmatch(r"  chapters/en/layout\.yaml:2:5: page \d: begins the page: `#sec-next`", told)


def test_the_report_for_programs_holds_the_same(publication: Path) -> None:
    ran = impressum(publication, "build", "--explain", "--json")
    assert ran.code == 0
    (edition,) = json.loads(ran.stdout)["explained"]["pages"]
    assert edition["edition"] == "en"
    assert [one["chapter"] for one in edition["chapters"]] == [f"{at:02}-late" for at in range(5, 8)] + ["10-short"]
    assert set(edition["chapters"][0]) == {"chapter", "first-page", "last-page", "spare-lines"}
    fit = next(one for one in edition["fitted"] if one["rule"] == "note-page")
    assert set(fit) == {"chapter", "page", "fit", "lines", "rule", "words", "path", "line"}
    assert fit["fit"] in ("reserve", "depth")
    assert fit["path"] == f"chapters/en/{fit['chapter']}.md"
    assert edition["layout"] == []


def test_the_report_without_it_explains_nothing(publication: Path) -> None:
    ran = impressum(publication, "build", "--json")
    assert "explained" not in json.loads(ran.stdout)
