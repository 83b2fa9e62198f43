"""Ensures that `status` says what has changed since a chapter was translated, and where to look."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from building import impressum
from load_sources import PUBLICATION, write

from impressum.core.errors import Faulty, WrongUsage
from impressum.translation import counts
from impressum.translation.differences import record
from impressum.translation.shelf import Shelf, read_shelf
from impressum.translation.status import FileStatus, report_lines, status

SOURCE = """\
---
short-title: Rivers
---

# Rivers and roads

A river carries what a road has to climb for.
It was so in 1850.

## Boats

- Boats are slow.
- Boats are cheap.

The last boat left in 1912[^last], as @perić2020 says.

[^last]: It was sold.
"""
TRANSLATION = """\
---
short-title: Reke
---

# Reke i putevi

Reka nosi ono zbog čega se put penje.
Tako je bilo 1850.

## Brodovi

- Brodovi su spori.
- Brodovi su jeftini.

Poslednji brod otišao je 1912[^last], kako kaže @perić2020.

[^last]: Prodat je.
"""
EN, SR = "chapters/en", "chapters/sr-Latn"
FILES = {f"{EN}/01-start.md": SOURCE, f"{SR}/01-start.md": TRANSLATION, f"{SR}/edition.yaml": "title: Reke\n"}
IDENTITY = ("-c", "user.name=Impressum", "-c", "user.email=office@example.org")


def shelf_of(root: Path, files: Mapping[str, str | bytes] | None = None) -> Shelf:
    return read_shelf(write(root, {**FILES, **(files or {})}))


def changed(root: Path, text: str, files: Mapping[str, str | bytes] | None = None) -> tuple[FileStatus, list[str]]:
    """The state of the chapter after its source has become `text`, and the report from its first change on."""
    shelf = shelf_of(root, files)
    record(shelf, "sr-Latn", "01-start.md")
    record(shelf, "sr-Latn", "edition.yaml")
    (root / f"{EN}/01-start.md").write_text(text, encoding="utf-8")
    found = status(shelf, ())
    return found[0], list(report_lines(found, shelf))[4:-1]


def test_a_chapter_that_is_as_it_was_is_up_to_date(tmp_path: Path) -> None:
    state, told = changed(tmp_path, SOURCE)
    assert (state.state, told) == ("up to date", [])


def test_lines_that_break_elsewhere_line_ends_and_a_bom_change_nothing(tmp_path: Path) -> None:
    text = SOURCE.replace("carries what a", "carries\nwhat a").replace("\n", "\r\n")
    assert changed(tmp_path, f"\ufeff{text}")[0].state == "up to date"


def test_a_changed_passage_is_shown_word_by_word_with_the_lines_to_look_at(tmp_path: Path) -> None:
    state, told = changed(tmp_path, SOURCE.replace("has to climb for", "must climb for").replace("1850", "1860"))
    assert state.state == "changed"
    assert told == [
        f"{EN}/01-start.md:7: changed; look at {SR}/01-start.md:7-8",
        "  A river carries what a road [-has to-]{+must+} climb for. It was so in [-1850-]{+1860+}.",
    ]


def test_a_new_passage_says_behind_which_lines_it_belongs(tmp_path: Path) -> None:
    text = SOURCE.replace("- Boats are cheap.\n", "- Boats are cheap.\n\nNobody has counted them since.\n")
    assert changed(tmp_path, text)[1] == [
        f"{EN}/01-start.md:15: new; its place is behind {SR}/01-start.md:13",
        "  {+Nobody has counted them since.+}",
    ]


def test_a_removed_passage_is_shown_where_the_base_has_it(tmp_path: Path) -> None:
    assert changed(tmp_path, SOURCE.replace("- Boats are slow.\n", ""))[1] == [
        f"{SR}/.base/01-start.md:12: removed; look at {SR}/01-start.md:12",
        "  [-- Boats are slow.-]",
    ]


def test_a_passage_that_has_moved_is_neither_new_nor_removed(tmp_path: Path) -> None:
    last = "The last boat left in 1912[^last], as @perić2020 says.\n\n"
    text = SOURCE.replace(last, "").replace("A river", f"{last}A river")
    assert changed(tmp_path, text)[1] == [
        f"{EN}/01-start.md:7: moved from line 15; look at {SR}/01-start.md:15",
        "  The last boat left in 1912[^last], as @perić2020 says.",
    ]


def test_a_passage_that_has_moved_and_changed_is_told_once(tmp_path: Path) -> None:
    last = "The last boat left in 1912[^last], as @perić2020 says.\n\n"
    text = SOURCE.replace(last, "").replace("A river", f"{last.replace('1912', '1913')}A river")
    assert changed(tmp_path, text)[1] == [
        f"{EN}/01-start.md:7: moved from line 15; look at {SR}/01-start.md:15",
        "  The last boat left in [-1912-]{+1913+}[^last], as @perić2020 says.",
    ]


def test_a_heading_that_says_something_else_is_the_same_heading_changed(tmp_path: Path) -> None:
    assert changed(tmp_path, SOURCE.replace("## Boats", "## Ships"))[1] == [
        f"{EN}/01-start.md:10: changed; look at {SR}/01-start.md:10",
        "  ## [-Boats-]{+Ships+}",
    ]


def test_a_short_title_counts_as_a_passage(tmp_path: Path) -> None:
    assert changed(tmp_path, SOURCE.replace("short-title: Rivers", "short-title: Rivers, roads"))[1] == [
        f"{EN}/01-start.md:2: changed; look at {SR}/01-start.md:2",
        "  short-title: Rivers{+, roads+}",
    ]


def test_what_the_translation_lacks_does_not_lead_to_other_lines(tmp_path: Path) -> None:
    files = {f"{SR}/01-start.md": TRANSLATION.replace("- Brodovi su spori.\n", "").replace("\n[^last]: Prodat je.", "")}
    text = SOURCE.replace("It was sold.", "It was sunk.").replace("1912", "1922")
    assert changed(tmp_path, text, files)[1] == [
        f"{EN}/01-start.md:15: changed; look at {SR}/01-start.md:14",
        "  The last boat left in [-1912-]{+1922+}[^last], as @perić2020 says.",
        "",
        f"{EN}/01-start.md:17: changed; the translation has nothing like it",
        "  [^last]: It was [-sold-]{+sunk+}.",
    ]


def test_a_chapter_without_a_translation_is_new_and_one_without_a_source_removed(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, {f"{EN}/02-more.md": "# More\n", f"{SR}/03-old.md": "# Staro\n"})
    states = {one.name: one.state for one in status(shelf, ())}
    assert states == {
        "01-start.md": "unknown",
        "02-more.md": "new",
        "03-old.md": "removed",
        "edition.yaml": "unknown",
    }


def test_without_a_base_and_without_git_nobody_knows(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    found = status(shelf, ())
    assert (found[0].state, found[0].guess, found[0].differences) == ("unknown", None, ())
    assert list(report_lines(found, shelf))[:2] == [
        "sr-Latn",
        "  unknown     01-start      nobody has said which source it was made from",
    ]


def test_texts_that_stand_in_no_chapter_have_a_state_too(tmp_path: Path) -> None:
    publication = f"{PUBLICATION}subtitle: A study\nimpressum:\n  type: Study\n"
    shelf = shelf_of(tmp_path, {"publication.yaml": publication, f"{SR}/edition.yaml": "title: Reke\nsubtitle:\n"})
    assert status(shelf, ())[-1].state == "unknown"
    record(shelf, "sr-Latn", "edition.yaml")
    text = publication.replace("Rivers", "Rivers and roads").replace("type: Study", "type: Policy study")
    (tmp_path / "publication.yaml").write_text(f"{text}  notes: [Printed here.]\n", encoding="utf-8")
    shelf = read_shelf(shelf.workspace)
    found = status(shelf, ())
    assert found[-1].state == "changed"
    assert list(report_lines(found[-1:], shelf))[2:-1] == [
        "",
        "chapters/sr-Latn/edition.yaml: 2 texts are not there yet: `subtitle`, `impressum.notes.1`",
        "",
        "publication.yaml: `title` changed; look at chapters/sr-Latn/edition.yaml:1",
        "  Rivers{+ and roads+}",
        "",
        "publication.yaml: `impressum.type` changed; the translation has nothing like it",
        "  [-Study-]{+Policy study+}",
    ]


def test_a_twin_takes_what_it_has_not_from_the_other_script(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, {"chapters/sr-Cyrl/edition.yaml": "twin-of: sr-Latn\n"})
    found = status(shelf, ("sr-Cyrl",))
    assert [(one.state, one.twin) for one in found] == [("twin", "sr-Latn")] * 2
    assert list(report_lines(found, shelf))[1] == "  twin        01-start      taken from sr-Latn"


def test_the_source_and_what_is_no_edition_are_wrong_usage(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    with pytest.raises(WrongUsage, match=r"^`en` is the source, which nobody translates; editions: sr-Latn$"):
        status(shelf, ("en",))
    with pytest.raises(WrongUsage, match=r"^there is no edition `fr`; editions: sr-Latn$"):
        status(shelf, ("fr",))


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, {f"{EN}/01-start.md": "# Caf\xe9\n".encode("latin-1")})
    with pytest.raises(Faulty, match="text-encoding"):
        status(shelf, ())


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *IDENTITY, *arguments],
        cwd=root,
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_COMMITTER_DATE": "2025-03-01T12:00:00Z"},
    )
    return done.stdout.strip()


def committed(root: Path) -> Shelf:
    """A publication whose source was changed in a commit after the one that brought the translation."""
    shelf = shelf_of(root)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "Translate")
    (root / f"{EN}/01-start.md").write_text(SOURCE.replace("cheap", "dear"), encoding="utf-8")
    git(root, "commit", "-qam", "Change the source")
    return shelf


def test_without_a_base_git_guesses_and_it_says_so(tmp_path: Path) -> None:
    shelf = committed(tmp_path)
    commit = git(tmp_path, "rev-parse", "--short=7", "HEAD~1")
    found = status(shelf, ())
    assert found[0].state == "unknown"
    told = list(report_lines(found, shelf))
    assert told[1] == f"  unknown     01-start      guessed from commit {commit} of 2025-03-01: 1 changed"
    assert told[4:6] == [
        f"{EN}/01-start.md:13: changed; look at {SR}/01-start.md:13",
        "  - Boats are [-cheap-]{+dear+}.",
    ]


def test_a_publication_in_a_folder_of_a_repository_is_guessed_too(tmp_path: Path) -> None:
    inner = tmp_path / "books" / "rivers"
    shelf = shelf_of(inner)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Translate")
    found = status(shelf, ())[0]
    assert found.guess is not None
    assert found.guess.text == SOURCE


def test_a_shallow_copy_of_a_repository_is_not_believed(tmp_path: Path) -> None:
    committed(tmp_path / "whole")
    git(tmp_path, "clone", "-q", "--depth", "1", (tmp_path / "whole").as_uri(), "shallow")
    assert status(read_shelf(write(tmp_path / "shallow", {})), ())[0].guess is None


def test_nothing_that_a_repository_configures_is_run(tmp_path: Path) -> None:
    shelf = committed(tmp_path)
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n", encoding="utf-8")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "log.showSignature", "gpg.program", "diff.external", "core.editor"):
        git(tmp_path, "config", name, "true" if name == "log.showSignature" else str(trap))
    git(tmp_path, "config", "filter.trap.smudge", str(trap))
    git(tmp_path, "config", "diff.trap.textconv", str(trap))
    (tmp_path / ".gitattributes").write_text("*.md filter=trap diff=trap\n", encoding="utf-8")
    git(tmp_path, "status")
    (tmp_path / "sprung").unlink()  # the trap works
    assert status(shelf, ())[0].guess is not None
    assert not (tmp_path / "sprung").exists()


def test_the_report_for_programs_says_all_of_it(tmp_path: Path) -> None:
    changed(tmp_path, SOURCE.replace("cheap", "dear"))
    ran = impressum(tmp_path, "status", "--json")
    told = json.loads(ran.stdout)
    assert (ran.code, told["schema"], told["version"], told["source"]) == (0, "impressum-status", 1, "en")
    (edition,) = told["editions"]
    assert (edition["tag"], [file["name"] for file in edition["files"]]) == ("sr-Latn", ["01-start.md", "edition.yaml"])
    (difference,) = edition["files"][0]["differences"]
    assert difference == {
        "state": "changed",
        "kind": "item",
        "name": None,
        "path": f"{EN}/01-start.md",
        "line": 13,
        "end": 13,
        "moved-from": None,
        "old": "- Boats are cheap.",
        "new": "- Boats are dear.",
        "words": [["same", "- Boats are "], ["old", "cheap"], ["new", "dear"], ["same", "."]],
        "look": {"path": f"{SR}/01-start.md", "line": 13, "end": 13, "behind": False},
    }


def test_the_command_ends_well_whatever_there_is(tmp_path: Path) -> None:
    changed(tmp_path, SOURCE.replace("cheap", "dear"))
    ran = impressum(tmp_path, "status")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("sr-Latn\n  changed     01-start      1 changed\n  up to date  edition.yaml\n\n")
    write(tmp_path / "alone", {})
    ran = impressum(tmp_path / "alone", "status")
    assert (ran.code, ran.stdout) == (0, "there is no edition besides the source `en`; `new-edition TAG` makes one\n")


def test_words_are_counted_by_what_is_to_be_done_with_them(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    record(shelf, "sr-Latn", "01-start.md")
    text = SOURCE.replace("cheap", "dear").replace(
        "## Boats", "A new line.\n\n- Boats are slow.\n\nA new line.\n\n## Boats"
    )
    write(tmp_path, {f"{EN}/01-start.md": text, f"{EN}/02-more.md": "# More\n\nA new line.\n\nčetiri reči, još dve\n"})
    ran = impressum(tmp_path, "status", "--words")
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert [(row["edition"], row["chapter"], row["state"]) for row in rows] == [
        ("sr-Latn", "01-start", "changed"),
        ("sr-Latn", "02-more", "new"),
        ("sr-Latn", "edition.yaml", "unknown"),
        ("sr-Latn", "total", ""),
    ]
    words = [[int(row[f"{part} words"]) for part in (*counts.PARTS, "all")] for row in rows]
    assert words == [[3, 3, 6, 34, 0, 46], [5, 0, 3, 0, 0, 8], [0, 0, 0, 0, 1, 1], [8, 3, 9, 34, 1, 55]]
    letters = [[int(row[f"{part} characters"]) for part in counts.PARTS] for row in rows]
    assert letters[1] == [len("More") + len("četiri reči, još dve"), 0, len("A new line."), 0, 0]
    assert json.loads(impressum(tmp_path, "status", "--words", "--json").stdout)["words"][0]["words"]["new"] == 3
