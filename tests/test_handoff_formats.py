"""One hand-off in every format: each says the same to readers that are not ours, and comes back without a loss."""

from __future__ import annotations

import io
import re
import shutil
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Sequence
from pathlib import Path

import polib
import pytest
from building import contents_of, impressum
from handing import PUBLICATION, handed_in, publication, refused, texts, units
from test_handoff import CHAPTER, GERMAN, change, german, translated

from impressum.core.errors import Faults
from impressum.system.workspace import Workspace
from impressum.translation.differences import record
from impressum.translation.handoff.bundle import FORMATS, hand_off
from impressum.translation.shelf import read_shelf

EDITION = """\
# The book in German
title:   "Über Flüsse"   # not quoted in need
abstract: >-
  Flüsse und
  was sie tragen.
"""
ENGLISH = "title: On Rivers\nlanguage: en\ndate: 2025-01-31\nabstract: Rivers and what they bear.\n"
CONDITION = "Manche {% if publication.date %}sind{% endif %} lang."
STEM = "on-rivers-de"
BACK = [f"{STEM}.docx", f"{STEM}.xlf", f"{STEM}.po", f"{STEM}-xliff2.xlf", f"{STEM}-omegat"]
XLIFF_1, XLIFF_2 = "{urn:oasis:names:tc:xliff:document:1.2}", "{urn:oasis:names:tc:xliff:document:2.0}"


def files_of(root: Path, to: Path, *, everything: bool = True, formats: Sequence[str] = FORMATS) -> Path:
    """The folder into which the zip of a hand-off is unpacked."""
    _, content = hand_off(read_shelf(Workspace(root)), "de", everything=everything, faults=Faults(), formats=formats)
    zipfile.ZipFile(io.BytesIO(content)).extractall(to)
    return to


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A publication whose German edition is up to date, and the files of its hand-off."""
    folder = tmp_path_factory.mktemp("formats")
    more = {"publication.yaml": ENGLISH, "glossary.csv": "term,de,forbidden-de\nriver,Fluss|Strom,Bach\n"}
    root = publication(
        folder / "publication",
        CHAPTER.replace("| River", "Some are long.\n\n| River"),
        **{"chapters/de/01-start.md": GERMAN.replace("| Fluss", f"{CONDITION}\n\n| Fluss")},
        **{"chapters/de/edition.yaml": EDITION},
        **more,
    )
    for name in ("01-start.md", "edition.yaml"):
        record(read_shelf(Workspace(root)), "de", name)
    return root, files_of(root, folder / "zip")


@pytest.mark.parametrize("name", BACK)
def test_what_comes_back_as_it_went_changes_no_byte(handed: tuple[Path, Path], name: str, tmp_path: Path) -> None:
    """Ensures it for `edition.yaml` too, and for a condition that only the translation has."""
    root, files = handed
    shutil.copytree(root, tmp_path / "publication")
    handed_in(tmp_path / "publication", files / name)
    assert contents_of(tmp_path / "publication") == contents_of(root)


def test_readers_of_each_format_find_the_same_units_and_words(handed: tuple[Path, Path]) -> None:
    import docx

    root, files = handed
    table = [row for one in docx.Document(str(files / BACK[0])).tables for row in one.rows[1:]]
    in_word = {row.cells[0].text: without_tags(row.cells[2].text, "⟦", "⟧") for row in table}
    in_po = {one.msgctxt: one.msgstr for one in polib.pofile(str(files / BACK[2]))}
    in_xliff = {
        one.get("id"): words(one.find(f"{XLIFF_1}target")) for one in of(files / BACK[1], XLIFF_1, "trans-unit")
    }
    in_xliff_2 = {
        one.get("id"): words(one.find(f"{XLIFF_2}segment/{XLIFF_2}target"))
        for one in of(files / BACK[3], XLIFF_2, "unit")
    }
    assert in_word == in_xliff == in_xliff_2
    assert in_po.keys() == in_word.keys() >= {unit.id for unit in units(root)}
    assert "Manche sind lang." in {" ".join(text.split()) for text in in_word.values()}
    assert CONDITION in in_po.values()
    memory = ElementTree.parse(files / "memory.tmx").getroot()
    assert {"Die Flüsse", "Länge"} <= {segment.text for segment in memory.iter("seg")}


def of(file: Path, space: str, name: str) -> list[ElementTree.Element]:
    return list(ElementTree.parse(file).getroot().iter(f"{space}{name}"))


def words(target: ElementTree.Element | None) -> str:
    """The words of a target without its single tags."""
    assert target is not None
    for one in target.iter():
        if one.tag.endswith("ph"):
            one.text = ""
    return "".join(target.itertext())


def without_tags(text: str, opens: str, closes: str) -> str:
    return "".join(part.rpartition(closes)[2] for part in text.split(opens))


def test_tags_of_xliff_2_name_what_they_are_and_a_change_what_it_was(tmp_path: Path) -> None:
    root = translated(tmp_path / "publication")
    change(root, "is long.", "is very long.")
    files = files_of(root, tmp_path / "zip", everything=False, formats=["xliff2"])
    (unit,) = (one for one in of(files / BACK[3], XLIFF_2, "unit") if one.get("id", "").startswith("01-start"))
    segment = unit.find(f"{XLIFF_2}segment")
    assert segment is not None
    assert (segment.get("state"), segment.get("subState")) == ("initial", "impressum:changed")
    data = {one.get("id"): one.text for one in unit.iter(f"{XLIFF_2}data")}
    pair, *alone = (one for one in segment.iter() if one.get("id") in ("1", "2", "3"))
    assert [data[pair.get(name)] for name in ("dataRefStart", "dataRefEnd")] == ["*", "*"]
    assert [data[one.get("dataRef")] for one in alone] == ["[^a]", "[@doe2023, p. 5]"]
    match = unit.find("{urn:oasis:names:tc:xliff:matches:2.0}matches/")
    assert match is not None
    assert [one.text for one in match] == [
        "The *Danube* is long.[^a] See [@doe2023, p. 5].",
        "Die *Donau* ist lang.[^a] Siehe [@doe2023, S. 5].",
    ]


OWN = "Die *Donau* [Bank of China]{lang=en} und [Linglong]{.as-is} {{ publication.date | date }} ist"


@pytest.mark.parametrize("name", [BACK[1], BACK[2], BACK[3]])
def test_a_translation_is_made_anew_of_its_file_with_the_marks_that_it_has_itself(name: str, tmp_path: Path) -> None:
    root = translated(tmp_path / "publication")
    own = root / "chapters/de/01-start.md"
    own.write_text(before := GERMAN.replace("Die *Donau* ist", OWN), encoding="utf-8")
    files = files_of(root, tmp_path / "zip")
    own.unlink()
    shutil.rmtree(root / "chapters/de/.base")
    handed_in(root, files / name)
    assert german(root).partition("|")[0] == before.partition("|")[0]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (BACK[1], "x-span-en", "x-span-en}[x](http://example.org/){"),
        (BACK[3], "]{lang=en}", "]{=html}"),
        (BACK[3], "{{ publication.date | date }}</data>", "{{ publication.title }}</data>"),
    ],
)
def test_a_tag_that_the_source_has_not_is_no_markup_of_any_kind(name: str, old: str, new: str, tmp_path: Path) -> None:
    root = translated(tmp_path / "publication")
    own = root / "chapters/de/01-start.md"
    own.write_text(GERMAN.replace("Die *Donau* ist", OWN), encoding="utf-8")
    text = (files_of(root, tmp_path / "zip") / name).read_text(encoding="utf-8")
    own.unlink()
    shutil.rmtree(root / "chapters/de/.base")
    (tmp_path / "back.xlf").write_text(text.replace(old, new, 1), encoding="utf-8")
    assert "[handin-tag-unknown]" in refused(root, tmp_path / "back.xlf")
    assert not own.exists()


def test_what_is_translated_in_xliff_2_is_put_in_whatever_its_state(tmp_path: Path) -> None:
    """Ensures it for a file as translate-toolkit saves it, which leaves `state="initial"` where it puts a target."""
    root = publication(tmp_path / "publication", "# Rivers\n\nOne.[^a]\n\n[^a]: Two.\n")
    text = (files_of(root, tmp_path / "zip", everything=False, formats=["xliff2"]) / BACK[3]).read_text(
        encoding="utf-8"
    )
    for source, target in (("Rivers", "Flüsse"), ("Two.", "Zwei.")):
        text = text.replace(f"<source>{source}</source>", f"<source>{source}</source><target>{target}</target>")
    tag = '<ph id="1" dataRef="d1" type="other" subType="impressum:note"/></source>'
    assert text.count(tag) == 1
    text = text.replace(tag, f'{tag}<target>Eins.<ph id="1"/></target>')
    (tmp_path / "back.xlf").write_text(text, encoding="utf-8")
    handed_in(root, tmp_path / "back.xlf")
    assert german(root) == "# Flüsse\n\nEins.[^a]\n\n[^a]: Zwei.\n"


def test_an_omegat_project_has_its_folders_memory_and_terms(handed: tuple[Path, Path]) -> None:
    folder = handed[1] / BACK[4]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["omegat.project", "source", "target", "tm", "glossary", "dictionary", "omegat"]
    )
    project = ElementTree.parse(folder / "omegat.project").getroot().find("project")
    assert project is not None
    assert [project.findtext(name) for name in ("source_lang", "target_lang", "sentence_seg")] == ["en", "de", "false"]
    terms = (folder / "glossary/glossary.txt").read_text(encoding="utf-8")
    assert terms == "river\tFluss\tnot: Bach\nriver\tStrom\tnot: Bach\n"
    source = (folder / f"source/{STEM}.xlf").read_text(encoding="utf-8")
    assert "alt-trans" not in source
    assert (
        max(len(list(one.iter(f"{XLIFF_1}note"))) for one in of(folder / f"source/{STEM}.xlf", XLIFF_1, "trans-unit"))
        == 1
    )
    assert "Die Flüsse" in (folder / "tm/memory.tmx").read_text(encoding="utf-8")


def test_an_omegat_project_comes_back_with_what_it_has_in_target(tmp_path: Path) -> None:
    """Ensures it as OmegaT writes it: its target behind the notes, what is not translated without one."""
    root = publication(tmp_path / "publication", "# Rivers\n\nOne.\n")
    ran = impressum(root, "handoff", "--edition", "de", "--format", "omegat", "--to", str(tmp_path / "project.zip"))
    assert (ran.code, ran.stderr) == (0, "01-start: 2 segments, 2 words\n")
    with zipfile.ZipFile(tmp_path / "project.zip") as archive:
        archive.extractall(tmp_path)
    source = (tmp_path / f"{STEM}-omegat/source/{STEM}.xlf").read_text(encoding="utf-8")
    before, behind = source.split("</trans-unit>", 1)
    target = f'{before}<target state="translated">Flüsse</target></trans-unit>{behind}'
    (tmp_path / f"{STEM}-omegat/target/{STEM}.xlf").write_text(target, encoding="utf-8")
    assert refused(root, tmp_path / f"{STEM}-omegat") == ""
    assert german(root) == "# Flüsse\n\n::: untranslated\nOne.\n:::\n"


WRITTEN = (
    'Die <g id="1" ctype="x-emphasis">Donau</g> ist &quot;sehr lang&quot;.<ph id="2" ctype="x-note">[^a]</ph> '
    'Man sehe <g id="3" ctype="link">die Karte</g>.'
)
"""As OmegaT 3.6 wrote a translation that was changed in it."""


def test_an_omegat_project_that_had_translations_comes_back_with_other_ones(tmp_path: Path) -> None:
    """Ensures that those it was given, which are in the same folder, count no longer."""
    blurb = "cover:\n  blurb: |\n    {}\n\n    {}\n"
    files = {
        "publication.yaml": PUBLICATION + blurb.format("On rivers.", "And boats."),
        "chapters/de/edition.yaml": "title: Über Flüsse\n" + blurb.format("Von Flüssen.", "Und Booten."),
        "chapters/de/01-start.md": "# Flüsse\n\nDie *Donau* ist lang.[^a] Siehe [die Karte](x.md).\n\n[^a]: Note.\n",
    }
    chapter = "# Rivers\n\nThe *Danube* is long.[^a] See [the map](x.md).\n\n[^a]: A note.\n"
    root = publication(tmp_path / "publication", chapter, **files)
    for name in ("01-start.md", "edition.yaml"):
        record(read_shelf(Workspace(root)), "de", name)
    assert [one.target for one in texts(root)][1:] == [("Von Flüssen.",), ("Und Booten.",)]  # without a line end
    files_of(root, tmp_path, formats=["omegat"])
    source, target = (tmp_path / f"{STEM}-omegat/{name}/{STEM}.xlf" for name in ("source", "target"))
    text = source.read_text(encoding="utf-8")
    changed = re.sub(r"Die <g.*?</g> ist lang.*?</g>\.", WRITTEN, text).replace("Und Booten.", "Und von Booten.")
    assert changed.count("sehr lang") == changed.count("von Booten") == 1
    target.write_text(changed, encoding="utf-8")
    source.write_text(text.replace("Und Booten.", "And boats."), encoding="utf-8")  # as OmegaT 3 wants it filled in
    assert refused(root, tmp_path / f"{STEM}-omegat") == ""
    assert german(root) == (
        files["chapters/de/01-start.md"].replace("lang.", '"sehr lang".').replace("Siehe", "Man sehe")
    )
    assert "Und von Booten." in (root / "chapters/de/edition.yaml").read_text(encoding="utf-8")


def test_notes_whose_writer_a_program_has_dropped_are_no_comments(handed: tuple[Path, Path], tmp_path: Path) -> None:
    """Ensures it of XLIFF 2 as the package `xliff` of npm writes it."""
    root, folder = handed
    text = (folder / f"{STEM}-xliff2.xlf").read_text(encoding="utf-8")
    back = tmp_path / "back.xlf"
    back.write_text(re.sub(r'(<note) category="[^"]*"', r"\1", text), encoding="utf-8")
    copy = shutil.copytree(root, tmp_path / "publication")
    assert refused(copy, back) == ""
    back.write_text(text.replace("<notes>", "<notes><note>So?</note>", 1), encoding="utf-8")
    assert "the translator says of" in refused(copy, back)
