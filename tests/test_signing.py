"""Sign-offs: what somebody has reviewed or approved is counted, and gone with a change."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import impressum, replace
from handing import handed_in, handed_off, publication, refused
from test_handoff import change, german, translated
from test_handoff_formats import BACK, files_of

from impressum.system.workspace import Workspace
from impressum.translation.handoff.gathering import every_unit, sign_files
from impressum.translation.handoff.signing import counted_levels
from impressum.translation.shelf import read_shelf
from impressum.translation.status import report_json, report_lines, status

CHAPTER = "01-start.md"
UNITS = 10


def levels(root: Path) -> dict[str, int]:
    found = counted_levels(every_unit(read_shelf(Workspace(root)), "de"))[CHAPTER]
    return {str(level): count for level, count in found.items()}


def sign(root: Path, level: str) -> None:
    sign_files(read_shelf(Workspace(root)), "de", [CHAPTER], level)  # type: ignore[arg-type]


def test_a_command_signs_a_chapter_off_and_a_change_takes_it_back(tmp_path: Path) -> None:
    root = translated(tmp_path)
    assert levels(root) == {"translated": UNITS}
    ran = impressum(root, "translated", "01-start", "--edition", "de", "--state", "reviewed")
    assert (ran.code, ran.stdout) == (0, "chapters/de/.base/01-start.md\n")
    assert levels(root) == {"reviewed": UNITS}
    replace(root / "chapters/de/01-start.md", "ist lang", "ist sehr lang")
    assert levels(root) == {"reviewed": UNITS - 1, "translated": 1}
    replace(root / "chapters/de/01-start.md", "ist sehr lang", "ist lang")
    change(root, "# The rivers", "# All rivers")
    assert levels(root) == {"reviewed": UNITS - 1, "waiting": 1}
    (root / "chapters/en/01-start.md").rename(root / "chapters/en/03-end.md")
    assert counted_levels(every_unit(read_shelf(Workspace(root)), "de"))["03-end.md"] == {
        "reviewed": UNITS - 1,
        "waiting": 1,
    }
    assert impressum(root, "translated", "--apply", "--edition", "de", "--state", "reviewed").code == 2


def test_status_counts_what_is_signed_off(tmp_path: Path) -> None:
    root = translated(tmp_path)
    shelf = read_shelf(Workspace(root))
    assert "segments" not in "".join(report_lines(status(shelf, ()), shelf))
    sign(root, "approved")
    replace(root / "chapters/de/01-start.md", "ist lang", "ist sehr lang")
    found = status(shelf, ())
    assert "  up to date  01-start      of 10 segments 9 approved" in list(report_lines(found, shelf))
    files = report_json(found, shelf)["editions"][0]["files"]  # type: ignore[index, call-overload]
    assert files[0]["signed"] == {  # type: ignore[index, call-overload]
        "translated": 1,
        "reviewed": 0,
        "approved": 9,
        "waiting": 0,
    }


@pytest.mark.parametrize(
    ("name", "reviewed", "approved"),
    [(BACK[1], 'state="signed-off"', 'state="final"'), (BACK[3], 'state="reviewed"', 'state="final"')],
    ids=["XLIFF 1.2", "XLIFF 2"],
)
def test_the_states_of_a_file_go_out_and_come_back(tmp_path: Path, name: str, reviewed: str, approved: str) -> None:
    """Ensures that words which are changed under a state that was left as it was are not signed off."""
    root = translated(tmp_path / "publication")
    sign(root, "reviewed")
    text = (files_of(root, tmp_path / "zip", formats=["xliff", "xliff2"]) / name).read_text(encoding="utf-8")
    assert text.count(reviewed) == UNITS
    file = tmp_path / "back.xlf"
    before, behind = text.split(">Die Flüsse<")
    at = before.rindex(reviewed)
    file.write_text(before[:at] + approved + before[at + len(reviewed) :] + ">Die Flüsse<" + behind, encoding="utf-8")
    handed_in(root, file)
    assert levels(root) == {"reviewed": UNITS - 1, "approved": 1}
    file.write_text(text.replace(">Die Flüsse<", ">Alle Flüsse<"), encoding="utf-8")
    handed_in(root, file)
    assert "# Alle Flüsse" in german(root)
    assert levels(root) == {"reviewed": UNITS - 1, "translated": 1}


def test_a_po_file_may_sign_off_by_its_flags(tmp_path: Path) -> None:
    root = translated(tmp_path / "publication")
    po = handed_off(root, everything=True)["on-rivers-de.po"].decode()
    (tmp_path / "back.po").write_text(po.replace("#, md-text", "#, md-text, approved"), encoding="utf-8")
    handed_in(root, tmp_path / "back.po")
    assert levels(root) == {"approved": UNITS}


def test_a_translation_is_not_signed_off_by_the_file_that_brings_it(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "# Rivers\n")
    text = handed_off(root)["on-rivers-de.xlf"].decode()
    target = '<source>Rivers</source>\n        <target state="final">Flüsse</target>'
    (tmp_path / "back.xlf").write_text(text.replace("<source>Rivers</source>", target), encoding="utf-8")
    handed_in(root, tmp_path / "back.xlf")
    assert (german(root), levels(root)) == ("# Flüsse\n", {"translated": 1})


def test_a_record_that_a_merge_has_broken_is_named(tmp_path: Path) -> None:
    root = translated(tmp_path / "publication")
    (tmp_path / "back.po").write_bytes(handed_off(root, everything=True)["on-rivers-de.po"])
    record = root / "chapters/de/.base/signed.json"
    for written, line in (("{\n<<<<<<< ours\n}\n", ":2"), ("[" * 50_000, "")):
        record.write_text(written, encoding="utf-8")
        assert refused(root, tmp_path / "back.po") == (
            f"chapters/de/.base/signed.json{line}: error: this record cannot be read [handin-unreadable]\n"
            "  hint: take out what a merge has left in it, or get it back from version control"
        )


def test_a_record_that_is_a_link_out_of_the_publication_is_not_read(tmp_path: Path) -> None:
    root = translated(tmp_path / "publication")
    sign(root, "reviewed")
    record = root / "chapters/de/.base/signed.json"
    record.rename(tmp_path / "signed.json")
    record.symlink_to(tmp_path / "signed.json")
    assert levels(root) == {"translated": UNITS}
