"""A translation follows its source: what needs no translator is put in by one command, chapters keep their names."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import impressum
from handing import publication, units

from impressum.core.errors import Faults
from impressum.system.workspace import Workspace
from impressum.translation.handoff.gathering import chapter_statuses, gathered
from impressum.translation.handoff.handing_in import apply_source
from impressum.translation.shelf import read_shelf
from impressum.translation.status import status

SOURCE = """\
# Rivers {#sec-rivers}

The *Danube* is long. See [the map](https://example.org/a).[^n]

{## a remark for editors ##}

It crosses ten countries, and joins them.

It is an old road of trade.

[^n]: As @doe says.
"""
GERMAN = """\
# Flüsse {#sec-rivers}

Die *Donau* ist lang. Siehe [die Karte](https://example.org/a).[^n]

Sie quert zehn Länder und verbindet sie.

Sie ist ein alter Handelsweg.

[^n]: Wie @doe sagt.
"""
ROADS = "# Roads\n\nRoads cost more than rivers.\n\nNobody has counted them.\n"
STRASSEN = "# Straßen\n\nStraßen kosten mehr als Flüsse.\n\nNiemand hat sie gezählt.\n"
DE, EN = "chapters/de/01-start.md", "chapters/en/01-start.md"
WAITS = "waits: a passage of it needs a translator (`status --edition de`)"
NOTHING = "nothing has changed in the source that is to be put in"
TEN = "It crosses ten countries, and joins them.\n\n"


def translated(tmp_path: Path) -> Path:
    """A publication of which two chapters are translated, and noted as such."""
    others = {DE: GERMAN, "chapters/en/02-roads.md": ROADS, "chapters/de/02-roads.md": STRASSEN}
    others["chapters/de/.base/edition.yaml"] = 'title: "On Rivers"\n'
    return publication(
        tmp_path / "publication",
        SOURCE,
        **others,
        **{"chapters/de/.base/01-start.md": SOURCE, "chapters/de/.base/02-roads.md": ROADS},
    )


def told(root: Path, command: str, *arguments: str) -> str:
    done = impressum(root, command, *arguments)
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("["))


def applied(root: Path) -> tuple[list[str], list[str]]:
    """What `translated --apply` writes, and what waits."""
    done, waiting = apply_source(read_shelf(Workspace(root)), "de", Faults())
    return [one.path for one in done], [*waiting]


def states(root: Path) -> list[tuple[str, bool]]:
    """The state of each chapter, and whether it needs a translator."""
    found = status(read_shelf(Workspace(root)), ("de",))
    return [(one.state, one.needs_translator) for one in found if one.name.endswith(".md")]


@pytest.mark.parametrize(
    ("old", "new", "german", "became"),
    [
        ("example.org/a", "example.org/b", "example.org/a", "example.org/b"),
        ("[^n]", "[^map]", "[^n]", "[^map]"),
        ("@doe says", "@roe says", "@doe", "@roe"),
        (TEN, "", "Sie quert zehn Länder und verbindet sie.\n\n", ""),
        ("{#sec-rivers}", "{#sec-all}", "{#sec-rivers}", "{#sec-all}"),
    ],
    ids=["address", "note", "citation", "removal", "id"],
)
def test_what_needs_no_translator_is_put_in(old: str, new: str, german: str, became: str, tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / EN).write_text(SOURCE.replace(old, new), encoding="utf-8")
    assert "no translator is needed: `translated --apply` puts it in" in told(root, "status", "--edition", "de")
    assert told(root, "handoff", "--edition", "de").splitlines()[:2] == [
        "chapters/de: error: what has changed in the source needs no translator [handoff-nothing]",
        "  hint: put it into the edition: `python build.py translated --apply --edition de`",
    ]
    assert told(root, "translated", "--apply", "--edition", "de") == DE
    before = "Sie quert" if new else "Sie ist"
    expected = GERMAN.replace(german, became).replace(before, f"{{## a remark for editors ##}}\n\n{before}")
    assert (root / DE).read_text(encoding="utf-8") == expected
    assert "up to date  01-start" in told(root, "status", "--edition", "de")
    assert told(root, "translated", "--apply", "--edition", "de") == NOTHING


def test_a_move_is_put_in(tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / EN).write_text(
        SOURCE.replace(TEN, "").replace("trade.\n", f"trade.\n\n{TEN}".rstrip("\n") + "\n"), encoding="utf-8"
    )
    assert told(root, "translated", "--apply", "--edition", "de") == DE
    text = (root / DE).read_text(encoding="utf-8")
    assert text.index("Handelsweg") < text.index("Sie quert") < text.index("[^n]: Wie")
    assert "up to date  01-start" in told(root, "status", "--edition", "de")


def test_a_comment_makes_no_translation_stale(tmp_path: Path) -> None:
    root = translated(tmp_path)
    for comment in ("{## another remark ##}", "<!-- a new remark -->"):
        text = SOURCE.replace("{## a remark for editors ##}", comment).replace("is long.", "is long. <!-- check -->")
        (root / EN).write_text(text, encoding="utf-8")
        assert "up to date  01-start" in told(root, "status", "--edition", "de")
        assert "every passage is translated, and none has changed since" in told(root, "handoff", "--edition", "de")


def test_a_text_that_the_source_has_no_more_is_noted_as_gone(tmp_path: Path) -> None:
    root = translated(tmp_path)
    text = 'title: "On Rivers"\nsubtitle: "A history"\n'
    (root / "chapters/de/.base/edition.yaml").write_text(text, encoding="utf-8")
    (root / "chapters/de/edition.yaml").write_text("title: Über Flüsse\nsubtitle: Geschichte\n", encoding="utf-8")
    assert "1 removed; no translator is needed" in told(root, "status", "--edition", "de")
    assert told(root, "translated", "--apply", "--edition", "de") == "chapters/de/.base/edition.yaml"
    assert "up to date  edition.yaml" in told(root, "status", "--edition", "de")


def test_emphasis_that_is_gone_needs_a_translator_for_all_commands(tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / EN).write_text(SOURCE.replace("*Danube*", "Danube"), encoding="utf-8")
    assert "no translator" not in told(root, "status", "--edition", "de")
    assert len(units(root, everything=False)) == 1
    assert told(root, "translated", "--apply", "--edition", "de") == f"{DE} {WAITS}"


def test_words_that_have_changed_wait_for_their_translator(tmp_path: Path) -> None:
    root = translated(tmp_path)
    text = SOURCE.replace("example.org/a", "example.org/b").replace("an old road", "a very old road")
    (root / EN).write_text(text, encoding="utf-8")
    assert told(root, "translated", "--apply", "--edition", "de") == f"{DE} {WAITS}"
    assert [unit.words for unit in units(root, everything=False)] == ["It is a very old road of trade."]
    assert "no translator" not in told(root, "status", "--edition", "de")


def test_a_chapter_with_another_name_keeps_its_translation(tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / EN).rename(root / "chapters/en/03-rivers.md")
    (root / "chapters/en/03-rivers.md").write_text(SOURCE.replace("an old road", "a very old road"), encoding="utf-8")
    assert [unit.words for unit in units(root, everything=False)] == ["It is a very old road of trade."]
    assert "03-rivers     5 of 6 passages are translated elsewhere" in told(root, "status", "--edition", "de")
    assert told(root, "translated", "--apply", "--edition", "de") == "chapters/de/03-rivers.md"
    assert not (root / DE).exists()
    assert "ein alter Handelsweg" in (root / "chapters/de/03-rivers.md").read_text(encoding="utf-8")
    assert [unit.words for unit in units(root, everything=False)] == ["It is a very old road of trade."]


def test_a_chapter_that_is_split_keeps_its_translation_in_both(tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / EN).write_text(SOURCE.replace(TEN, ""), encoding="utf-8")
    (root / "chapters/en/03-more.md").write_text(f"# More\n\n{TEN}".rstrip("\n") + "\n", encoding="utf-8")
    gathered(read_shelf(Workspace(root)), "de", everything=False, faults=(faults := Faults()))
    assert not faults.all()
    assert [unit.words for unit in units(root, everything=False)] == ["More"]
    assert told(root, "translated", "--apply", "--edition", "de") == f"{DE}\nchapters/de/03-more.md"
    assert "Sie quert" not in (root / DE).read_text(encoding="utf-8")
    assert (root / "chapters/de/03-more.md").read_text(encoding="utf-8") == (
        "# [More]{lang=en}\n\nSie quert zehn Länder und verbindet sie.\n"
    )


def test_chapters_that_are_joined_keep_their_translations(tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / "chapters/en/02-roads.md").unlink()
    (root / EN).write_text(SOURCE + "\n" + ROADS.replace("# Roads", "## Roads"), encoding="utf-8")
    assert units(root, everything=False) == []
    assert applied(root) == ([DE], [])
    assert (root / DE).read_text(encoding="utf-8").endswith(STRASSEN.replace("# Str", "## Str"))
    assert not (root / "chapters/de/02-roads.md").exists()


def test_a_heading_keeps_its_translation_at_another_level_and_by_its_id(tmp_path: Path) -> None:
    root = translated(tmp_path)
    source, german = (f"{text}\n## {head} {{#toll}}\n" for text, head in ((SOURCE, "Tolls"), (GERMAN, "Zölle")))
    (root / DE).write_text(german, encoding="utf-8")
    (root / "chapters/de/.base/01-start.md").write_text(source, encoding="utf-8")
    (root / "chapters/en/03-tolls.md").write_text("# Tolls {#toll}\n", encoding="utf-8")
    assert states(root)[0] == ("changed", False)
    assert applied(root) == ([DE, "chapters/de/03-tolls.md"], [])
    assert (root / "chapters/de/03-tolls.md").read_text(encoding="utf-8") == "# Zölle {#toll}\n"
    (root / "chapters/de/03-tolls.md").rename(root / "chapters/de/04-tolls.md")
    (root / "chapters/de/.base/03-tolls.md").rename(root / "chapters/de/.base/04-tolls.md")
    (root / EN).write_text(f"{SOURCE}\n## Tolls and fees {{#toll}}\n", encoding="utf-8")
    (root / "chapters/en/03-tolls.md").unlink()
    (unit,) = units(root, everything=False)
    assert (unit.words, unit.state, unit.earlier_source, unit.earlier_target) == (
        "Tolls and fees",
        "changed",
        "Tolls",
        "Zölle",
    )


@pytest.mark.parametrize(
    ("old", "new", "german", "became"),
    [
        ("example.org/a", "example.org/b", "example.org/a", "example.org/b"),
        ("is long.", "is 2,850 km long.", "ist lang.", "ist 2.850 km lang."),
        ("*Danube*", "**Danube**", "*Donau*", "**Donau**"),
        ("See [the map](https://example.org/a)", "See the map", "[die Karte](https://example.org/a)", "die Karte"),
    ],
    ids=["address", "words", "strong", "link"],
)
def test_what_both_sides_have_changed_is_noted_and_other_words_wait(
    old: str, new: str, german: str, became: str, tmp_path: Path
) -> None:
    root = translated(tmp_path)
    (root / EN).write_text(SOURCE.replace(old, new), encoding="utf-8")
    (root / DE).write_text(GERMAN.replace(german, became), encoding="utf-8")
    chapters = chapter_statuses(read_shelf(Workspace(root)), "de", Faults())
    assert chapters[0].needs_translator is (old == "is long.")


def test_numbers_that_both_sides_have_corrected_are_noted(tmp_path: Path) -> None:
    root = translated(tmp_path)
    for path, text in ((EN, SOURCE), ("chapters/de/.base/01-start.md", SOURCE), (DE, GERMAN)):
        (root / path).write_text(text.replace("[^n]\n", "[^n] In 1850\nit had 2,850 km.\n", 1), encoding="utf-8")
    (root / EN).write_text((root / EN).read_text(encoding="utf-8").replace("2,850", "2,857"), encoding="utf-8")
    assert applied(root) == ([], [DE])
    text = (root / DE).read_text(encoding="utf-8").replace("2,850", "2.857")
    (root / DE).write_text(text, encoding="utf-8")
    assert states(root)[0] == ("changed", False)
    assert applied(root) == ([DE], [])
    assert "In 1850\nit had 2.857 km." in (root / DE).read_text(encoding="utf-8")
    assert states(root)[0] == ("up to date", False)


def test_a_passage_that_moves_to_another_chapter_takes_its_translation_along(tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / EN).write_text(SOURCE.replace(TEN, ""), encoding="utf-8")
    (root / "chapters/en/02-roads.md").write_text(f"{ROADS}\n{TEN}".rstrip("\n") + "\n", encoding="utf-8")
    assert states(root) == [("changed", False), ("changed", False)]
    assert applied(root) == ([DE, "chapters/de/02-roads.md"], [])
    assert (
        (root / "chapters/de/02-roads.md")
        .read_text(encoding="utf-8")
        .endswith("Sie quert zehn Länder und verbindet sie.\n")
    )
