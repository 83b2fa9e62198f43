"""The tree of PO files is in step with the chapters, whichever of the two somebody has worked in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from building import contents_of, impressum
from handing import publication, texts, units
from test_handoff import CHAPTER, GERMAN, base, change, german, translated

from impressum.core.errors import Faults, Faulty
from impressum.system.workspace import Workspace
from impressum.translation.differences import record
from impressum.translation.handoff.po_tree import bring_into_step
from impressum.translation.shelf import read_shelf

PO, POT, TEXTS = "po/01-start/de.po", "po/01-start/01-start.pot", "po/edition/de.po"


def in_step(root: Path) -> tuple[str, ...]:
    """Brings the German edition into step; gives the files that changed. No warning may be left."""
    faults = Faults()
    _, changed = bring_into_step(read_shelf(Workspace(root)), ("de",), faults)
    assert [str(fault) for fault in faults.all()] == []
    return changed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A publication whose German edition is up to date, with its tree."""
    root = translated(tmp_path / "publication")
    record(read_shelf(Workspace(root)), "de", "edition.yaml")
    in_step(root)
    return root


def edited(root: Path, edit: Callable[[polib.POFile], None], width: int = 78, name: str = PO) -> None:
    """Changes a PO file as a program does that wraps its lines otherwise."""
    file = polib.pofile(str(root / name), wrapwidth=width)
    edit(file)
    file.save()


def entry(file: polib.POFile, beginning: str) -> polib.POEntry:
    return next(one for one in file if one.msgid.startswith(beginning))


def test_a_tree_holds_a_file_a_chapter_and_language_and_a_template(root: Path) -> None:
    file = polib.pofile(str(root / PO))
    assert sorted(path.relative_to(root).as_posix() for path in (root / "po").rglob("*.po*")) == [
        POT, PO, TEXTS, "po/edition/edition.pot"
    ]  # fmt: skip
    assert {one.msgid: one.msgstr for one in file}["The rivers"] == "Die Flüsse"
    assert file.percent_translated() == 100
    template = polib.pofile(str(root / POT))
    assert [(one.msgctxt, one.msgid) for one in template] == [(one.msgctxt, one.msgid) for one in file]
    assert {one.msgstr for one in template} == {""}
    assert polib.pofile(str(root / TEXTS))[0].msgstr == "Über Flüsse"


def test_where_nothing_has_changed_nothing_is_written(root: Path) -> None:
    """Ensures it also where a program has wrapped the lines of a file otherwise."""
    before = contents_of(root)
    assert in_step(root) == ()
    assert contents_of(root) == before
    edited(root, lambda file: None, width=40)
    before = contents_of(root)
    assert in_step(root) == ()
    assert contents_of(root) == before


def test_a_tree_that_cannot_be_written_leaves_all_as_it_was(root: Path) -> None:
    """Ensures it of a link out of the publication, whose file is not even written anew, and of a file for a folder."""
    outside = root.parent / "outside.po"
    outside.write_text("of somebody else", encoding="utf-8")
    (root / PO).unlink()
    (root / PO).symlink_to(outside)
    noted = outside.stat().st_mtime_ns
    before = contents_of(root)
    with pytest.raises(Faulty, match="leads out of the publication's folder, so nothing is written there"):
        in_step(root)
    assert (outside.stat().st_mtime_ns, contents_of(root)) == (noted, before)
    (root / "po").rename(root.parent / "po")
    (root / "po").write_text("no folder", encoding="utf-8")
    with pytest.raises(Faulty, match="the file cannot be written"):
        in_step(root)


def test_a_translation_in_the_tree_is_put_into_the_chapter(root: Path) -> None:
    def edit(file: polib.POFile) -> None:
        entry(file, "The rivers").msgstr = "Alle Flüsse"
        entry(file, "The *Danube*").tcomment = "Is this the whole river?"
        file.metadata["Last-Translator"] = "Weblate"

    edited(root, edit)
    written = (root / PO).read_bytes()
    assert in_step(root) == ("chapters/de/01-start.md", "chapters/de/.base/po.json")
    assert german(root) == GERMAN.replace("Die Flüsse", "Alle Flüsse")
    assert (root / PO).read_bytes() == written
    edited(root, lambda file: setattr(file[0], "msgstr", "Auf Flüssen"), name=TEXTS)
    in_step(root)
    assert (root / "chapters/de/edition.yaml").read_text(encoding="utf-8") == "title: Auf Flüssen\n"


def test_a_changed_source_is_fuzzy_with_what_it_was_and_comes_back(root: Path) -> None:
    change(root, "is long.", "is very long.")
    assert in_step(root) == (PO, "chapters/de/.base/po.json", POT)
    assert not [one for one in polib.pofile(str(root / POT)) if one.fuzzy or one.previous_msgid]
    file = polib.pofile(str(root / PO))
    changed = entry(file, "The *Danube*")
    assert changed.fuzzy
    assert changed.previous_msgid == "The *Danube* is long.[^a] See [@doe2023, p. 5]."
    assert changed.msgstr == "Die *Donau* ist lang.[^a] Siehe [@doe2023, S. 5]."
    edited(root, lambda file: setattr(entry(file, "The *Danube*"), "msgstr", "Die *Donau* ist …"))
    assert in_step(root) == ()  # it is still fuzzy
    new = "Die *Donau* ist sehr lang.[^a] Siehe [@doe2023, S. 5]."

    def done(file: polib.POFile) -> None:
        one = entry(file, "The *Danube*")
        one.msgstr, one.flags, one.previous_msgid = new, ["md-text"], None

    edited(root, done)
    in_step(root)
    assert german(root) == GERMAN.replace("ist lang", "ist sehr lang")
    assert base(root) == CHAPTER.replace("is long", "is very long")
    assert in_step(root) == ()


def test_a_draft_is_kept_where_the_source_changes_again(root: Path) -> None:
    """Ensures that it comes with the source that it was made from; of one that nobody has touched nothing is said."""
    change(root, "is long.", "is very long.")
    change(root, "# The rivers", "# All rivers")
    in_step(root)
    draft = "Die *Donau* ist sehr lang.[^a] Siehe [@doe2023, S. 5]."
    edited(root, lambda file: setattr(entry(file, "The *Danube*"), "msgstr", draft))
    change(root, "is very long.", "is very, very long.")
    change(root, "# All rivers", "# All the rivers")
    faults = Faults()
    bring_into_step(read_shelf(Workspace(root)), ("de",), faults)
    (told,) = faults.all()
    assert "has changed since the hand-off; its translation begins “Die *Donau* ist sehr lang" in told.message
    found = entry(polib.pofile(str(root / PO)), "The *Danube*")
    assert (found.fuzzy, found.msgstr) == (True, draft)
    assert found.previous_msgid == "The *Danube* is very long.[^a] See [@doe2023, p. 5]."
    assert in_step(root) == ()


def test_a_translation_in_the_chapter_is_put_into_the_tree(root: Path) -> None:
    path = root / "chapters/de/01-start.md"
    path.write_text(GERMAN.replace("Die Flüsse", "Alle Flüsse"), encoding="utf-8")
    in_step(root)
    assert entry(polib.pofile(str(root / PO)), "The rivers").msgstr == "Alle Flüsse"
    assert "Alle Flüsse" in german(root)


def test_two_new_translations_of_a_unit_are_named_and_nothing_is_written(root: Path) -> None:
    path = root / "chapters/de/01-start.md"
    path.write_text(GERMAN.replace("Die Flüsse", "Alle Flüsse"), encoding="utf-8")
    edited(root, lambda file: setattr(entry(file, "The rivers"), "msgstr", "Jene Flüsse"))
    before = contents_of(root)
    ran = impressum(root, "po")
    unit = next(one for one in units(root) if one.words == "The rivers")
    line = next(one.linenum for one in polib.pofile(str(root / PO)) if one.msgctxt == unit.id)
    assert ran.code == 1
    assert ran.faults == (
        f"{PO}:{line}: error: `{unit.id}` was translated anew here and in the chapter, where it is `Alle Flüsse` "
        "[handin-two-translations]\n"
        "  hint: leave one of the two in both, or mark this one as fuzzy: the chapter's is then taken"
    )
    assert {name: text for name, text in contents_of(root).items() if not name.startswith(".cache")} == before


def test_a_tag_that_is_lost_in_the_tree_stops_it(root: Path) -> None:
    edited(root, lambda file: setattr(entry(file, "The *Danube*"), "msgstr", "Die *Donau* ist lang."))
    with pytest.raises(Faulty, match=r"has lost `\[\^a\]`"):
        in_step(root)
    assert german(root) == GERMAN


def test_a_chapter_that_is_renamed_takes_its_file_along(root: Path) -> None:
    """Ensures that what was translated before the change came is not lost, either."""
    edited(root, lambda file: setattr(entry(file, "The rivers"), "msgstr", "Alle Flüsse"))
    (root / "chapters/en/01-start.md").rename(root / "chapters/en/02-rivers.md")
    in_step(root)
    there = sorted(path.relative_to(root / "po").as_posix() for path in (root / "po").rglob("*.po*"))
    assert there == ["02-rivers/02-rivers.pot", "02-rivers/de.po", "edition/de.po", "edition/edition.pot"]
    assert polib.pofile(str(root / "po/02-rivers/de.po")).percent_translated() == 100
    assert "Alle Flüsse" in (root / "chapters/de/02-rivers.md").read_text(encoding="utf-8")


def test_a_new_edition_is_translated_in_the_tree_alone(tmp_path: Path) -> None:
    root = publication(tmp_path, "# Rivers\n\nOne.\n")
    in_step(root)
    edited(root, lambda file: setattr(entry(file, "Rivers"), "msgstr", "Flüsse"))
    in_step(root)
    assert german(root) == "# Flüsse\n\n::: untranslated\nOne.\n:::\n"
    edited(root, lambda file: setattr(entry(file, "One."), "msgstr", "Eins."))
    in_step(root)
    assert german(root) == "# Flüsse\n\nEins.\n"
    assert {unit.state for unit in (*units(root), *texts(root))} == {"unchanged"}
