"""A hand-off and its way back: what a translator gets, and the chapters that come of what he gives back."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from building import PUBLICATIONS, copy, impressum, replace
from handing import as_docx, as_po, as_xliff, handed_in, handed_off, publication, texts, units, upper

from impressum.core.errors import Faults
from impressum.system.workspace import Workspace
from impressum.translation.counts import counted
from impressum.translation.differences import record
from impressum.translation.handoff.assembling import assembled
from impressum.translation.handoff.bundle import hand_off, memory_of
from impressum.translation.handoff.edition_units import SLUG
from impressum.translation.handoff.exchange import write_po, write_xliff
from impressum.translation.handoff.gathering import chapter_statuses, gathered
from impressum.translation.handoff.markup import Parts
from impressum.translation.handoff.unit import Unit
from impressum.translation.shelf import read_shelf
from impressum.translation.status import report_lines, status

CHAPTER = """\
---
short-title: Rivers
---

# The rivers {#sec-rivers}

The *Danube* is long.[^a] See [@doe2023, p. 5].

[^a]: In {{ publication.date | date }}.

| River  | Length |
|:-------|-------:|
| Danube |  2,850 |

: Lengths {#tbl-lengths source="Yearbook"}
"""
GERMAN = """\
---
short-title: Flüsse
---

# Die Flüsse {#sec-rivers}

Die *Donau* ist lang.[^a] Siehe [@doe2023, S. 5].

[^a]: Im {{ publication.date | date }}.

| Fluss | Länge |
|:------|------:|
| Donau | 2.850 |

: Längen {#tbl-lengths source="Jahrbuch"}
"""
FORMATS = [(as_xliff, "back.xlf"), (as_po, "back.po"), (as_docx, "back.docx")]


def translated(root: Path) -> Path:
    """A publication whose German edition is up to date."""
    publication(root, CHAPTER, **{"chapters/de/01-start.md": GERMAN})
    record(read_shelf(Workspace(root)), "de", "01-start.md")
    return root


def change(root: Path, old: str, new: str) -> None:
    path = root / "chapters/en/01-start.md"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def german(root: Path) -> str:
    return (root / "chapters/de/01-start.md").read_text(encoding="utf-8")


def base(root: Path) -> str:
    return (root / "chapters/de/.base/01-start.md").read_text(encoding="utf-8")


def in_german(words: Mapping[str, Parts]) -> Callable[[Unit], Parts]:
    """Translates by the words of a unit; what is not named stays empty."""
    return lambda unit: words.get(unit.words, ())


def test_a_hand_off_holds_three_formats_the_sources_and_a_letter(tmp_path: Path) -> None:
    root = publication(tmp_path, CHAPTER, **{"glossary.csv": "term,de\nriver,Fluss\n", "dist/on-rivers-en.pdf": "%PDF"})
    files = handed_off(root)
    assert list(files) == [
        "README.txt",
        "on-rivers-de.docx",
        "on-rivers-de.xlf",
        "on-rivers-de.po",
        "memory.tmx",
        "source.pdf",
        "glossary.csv",
        "source/01-start.md",
        "translation/edition.yaml",
    ]
    assert files["source/01-start.md"] == (root / "chapters/en/01-start.md").read_bytes()
    letter = files["README.txt"].decode()
    assert "From English to German. 10 segments, about 15 words." in letter
    assert "source.pdf   the source as it is printed." in letter


def test_a_source_that_is_not_built_is_named_in_the_letter(tmp_path: Path) -> None:
    letter = handed_off(publication(tmp_path, CHAPTER))["README.txt"].decode()
    assert "The source as a PDF is not here, as it was not built" in letter


def test_the_same_hand_off_is_the_same_bytes(tmp_path: Path) -> None:
    shelf = read_shelf(Workspace(publication(tmp_path, CHAPTER)))
    first, second = (hand_off(shelf, "de", everything=False, faults=Faults())[1] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("fill", "name"), FORMATS, ids=[name for _, name in FORMATS])
def test_what_comes_back_has_its_ids_notes_citations_and_values(
    tmp_path: Path, fill: Callable[..., Path], name: str
) -> None:
    root = publication(tmp_path / "publication", CHAPTER)
    file = fill(handed_off(root), units(root), upper, tmp_path / name)
    (done,) = handed_in(root, file)
    assert (done.path, done.units, done.without) == ("chapters/de/01-start.md", 10, ())
    assert (
        german(root)
        == """\
---
short-title: "„RIVERS“"
---

# „THE RIVERS“ {#sec-rivers}

„THE *DANUBE* IS LONG.[^a] SEE [@doe2023, p. 5].“

[^a]: „IN {{ publication.date | date }}.“

| „RIVER“  | „LENGTH“ |
|:---------|---------:|
| „DANUBE“ |  „2,850“ |

: „LENGTHS“ {#tbl-lengths source="„YEARBOOK“"}
"""
    )
    assert base(root) == CHAPTER


@pytest.mark.parametrize("fill", [as_xliff, as_po], ids=["xliff", "po"])
def test_every_construct_of_the_specimen_comes_back(tmp_path: Path, fill: Callable[..., Path]) -> None:
    root = copy("specimen", tmp_path / "specimen")
    for path in (root / "chapters/de").glob("*.md"):
        path.unlink()
    handoff = gathered(read_shelf(Workspace(root)), "de", everything=True, faults=Faults())
    every = [unit for unit in handoff.all() if unit.chapter != SLUG]
    files = {"specimen.xlf": write_xliff(handoff), "specimen.po": write_po(handoff)}
    handed_in(root, fill(files, [*handoff.all()], upper, tmp_path / f"back.{'xlf' if fill is as_xliff else 'po'}"))
    again = units(root)
    assert [unit.parts for unit in again] == [unit.parts for unit in every]
    assert {unit.state for unit in again} == {"unchanged"}
    wrong = [unit.id for unit in again if unit.target != joined(upper(unit))]
    assert wrong == []


def joined(parts: Parts) -> Parts:
    """Words that follow each other as one."""
    found: list[object] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)  # type: ignore[arg-type]


def test_only_what_is_new_or_has_changed_is_handed_off(tmp_path: Path) -> None:
    root = translated(tmp_path)
    change(root, "is long.", "is very long.")
    change(root, "[^a]: In", "A new passage.\n\n[^a]: In")
    found = [(unit.words, unit.state) for unit in units(root, everything=False)]
    assert found == [
        ("The Danube is very long.[^a] See [@doe2023, p. 5].", "changed"),
        ("A new passage.", "new"),
    ]


def test_of_a_table_only_the_changed_cell_is_handed_off(tmp_path: Path) -> None:
    root = translated(tmp_path)
    change(root, "| Danube |  2,850 |", "| Danube |  2,860 |")
    assert [unit.words for unit in units(root, everything=False)] == ["2,860"]
    assert "md-text, ignore-end-stop\n" in handed_off(root)["on-rivers-de.po"].decode()  # 2025 is 2025. in Serbian
    file = as_po(handed_off(root), units(root), in_german({"2,860": ("2.860",)}), tmp_path / "back.po")
    handed_in(root, file)
    assert german(root) == GERMAN.replace("2.850", "2.860").replace(
        "| Fluss | Länge |\n|:------|------:|\n| Donau | 2.860 |",
        "| Fluss  |  Länge |\n|:-------|-------:|\n| Donau  |  2.860 |",
    )


def test_a_changed_passage_comes_with_what_it_was(tmp_path: Path) -> None:
    root = translated(tmp_path)
    change(root, "is long.", "is very long.")
    files = handed_off(root)
    po = files["on-rivers-de.po"].decode()
    assert "#, fuzzy, md-text" in po
    assert '#| msgid "The *Danube* is long.[^a] See [@doe2023, p. 5]."' in po
    assert 'msgstr "Die *Donau* ist lang.[^a] Siehe [@doe2023, S. 5]."' in po
    xlf = files["on-rivers-de.xlf"].decode()
    assert '<alt-trans alttranstype="previous-version" origin="impressum">' in xlf
    assert '<note from="impressum">Its translation was: Die *Donau* ist lang.[^a] Siehe [@doe2023, S. 5].</note>' in xlf
    assert "memory.tmx   what was translated before" in files["README.txt"].decode()


def test_what_was_not_touched_stays_as_it_stands_and_is_still_changed(tmp_path: Path) -> None:
    """Ensures that a passage which came back empty keeps its translation, and that `status` still finds its change."""
    root = translated(tmp_path)
    change(root, "is long.", "is very long.")
    change(root, "[^a]: In", "A new passage.\n\n[^a]: In")
    words = {"A new passage.": ("Ein neuer Absatz.",)}
    (done,) = handed_in(root, as_xliff(handed_off(root), units(root), in_german(words), tmp_path / "back.xlf"))
    assert done.without == ()
    assert german(root) == GERMAN.replace("[^a]: Im", "Ein neuer Absatz.\n\n[^a]: Im")
    assert base(root) == CHAPTER.replace("[^a]: In", "A new passage.\n\n[^a]: In")
    assert [unit.words for unit in units(root, everything=False)] == [
        "The Danube is very long.[^a] See [@doe2023, p. 5]."
    ]


def test_a_fuzzy_entry_is_not_taken_as_translated(tmp_path: Path) -> None:
    root = translated(tmp_path)
    change(root, "is long.", "is very long.")
    change(root, "# The rivers", "# All rivers")
    po = handed_off(root)["on-rivers-de.po"].decode()
    file = tmp_path / "back.po"
    file.write_text(
        po.replace('msgstr "Die Flüsse"', 'msgstr "Alle Flüsse"').replace("#, fuzzy, md-text", "#, md-text", 1)
    )
    handed_in(root, file)
    assert german(root) == GERMAN.replace("# Die Flüsse", "# Alle Flüsse")


def test_a_passage_without_a_translation_stands_in_a_division_of_its_own(tmp_path: Path) -> None:
    chapter = "# Rivers\n\nOne.\n\nTwo.\n\n> Three.\n\nFour.[^a]\n\n- Five\n- Six\n\n[^a]: Seven.\n"
    root = publication(tmp_path, chapter)
    words = {"Rivers": ("Flüsse",), "Four.[^a]": ("Vier.", *units(root)[4].parts[1:]), "Five": ("Fünf",)}
    (done,) = handed_in(root, as_xliff(handed_off(root), units(root), in_german(words), tmp_path / "back.xlf"))
    assert len(done.without) == 5
    assert german(root) == (
        "# Flüsse\n\n::: untranslated\nOne.\n\nTwo.\n\n> Three.\n:::\n\nVier.[^a]\n\n- Fünf\n- [Six]{lang=en}\n\n"
        "[^a]: [Seven.]{lang=en}\n"
    )
    assert base(root) == chapter.replace("Six", "UNTRANSLATED").replace("Seven.", "UNTRANSLATED")
    waiting = [(unit.words, unit.state, unit.earlier_target) for unit in units(root, everything=False)]
    assert waiting == [(words, "new", "") for words in ("One.", "Two.", "Three.", "Six", "Seven.")]


def test_what_was_handed_in_blank_is_still_to_do(tmp_path: Path) -> None:
    root = publication(tmp_path, "# Rivers\n\nOne.\n\nTwo.\n\n## Six {#six}\n")
    words: dict[str, Parts] = {"Rivers": ("Flüsse",)}
    handed_in(root, as_xliff(handed_off(root), units(root), in_german(words), tmp_path / "back.xlf"))
    shelf = read_shelf(Workspace(root))
    (one, _) = found = status(shelf, ())
    assert (one.state, one.needs_translator) == ("partly", True)
    assert [line for line in report_lines(found, shelf) if "01-start" in line or line.startswith("  {+")] == [
        "  partly      01-start      3 untranslated",
        "chapters/en/01-start.md:7: untranslated; look at chapters/de/01-start.md:9",
        "chapters/en/01-start.md:3: untranslated; look at chapters/de/01-start.md:4",
        "  {+One.+}",
        "chapters/en/01-start.md:5: untranslated; look at chapters/de/01-start.md:6",
        "  {+Two.+}",
    ]
    (row, *_) = counted(found)
    assert (row.count.words["new"], row.count.words["changed"], row.count.words["unchanged"]) == (2, 1, 1)


def test_what_was_handed_in_blank_is_not_taken_for_the_passage_behind_it(tmp_path: Path) -> None:
    root = publication(tmp_path, "# Rivers\n\nOne paragraph is here.\n\nTwo paragraphs are here.\n\n## End\n")
    words: dict[str, Parts] = {"Rivers": ("Flüsse",), "Two paragraphs are here.": ("Hier sind zwei Absätze.",)}
    handed_in(root, as_po(handed_off(root), units(root), in_german(words), tmp_path / "back.po"))
    assert [(unit.words, unit.target) for unit in units(root)] == [
        ("Rivers", ("Flüsse",)),
        ("One paragraph is here.", ()),
        ("Two paragraphs are here.", ("Hier sind zwei Absätze.",)),
        ("End", ()),
    ]
    assert [unit.words for unit in units(root, everything=False)] == ["One paragraph is here.", "End"]
    (one, *_) = status(read_shelf(Workspace(root)), ())
    assert [(each.state, each.old) for each in one.differences] == [("untranslated", None), ("untranslated", None)]


def test_what_waits_and_has_changed_or_is_gone_from_the_source_is_still_to_do(tmp_path: Path) -> None:
    root = publication(tmp_path, "# Rivers\n\nOne.\n\nTwo is long and wide.\n\nThree.\n")
    words: dict[str, Parts] = {"Rivers": ("Flüsse",), "Three.": ("Drei.",)}
    handed_in(root, as_po(handed_off(root), units(root), in_german(words), tmp_path / "back.po"))
    change(root, "long and wide", "long and deep")
    change(root, "One.\n\n", "")
    (one, *_) = status(read_shelf(Workspace(root)), ())
    assert [(each.state, each.new, each.line, each.look and each.look.line) for each in one.differences] == [
        ("removed", None, 3, 4),
        ("untranslated", "Two is long and deep.", 3, 6),
    ]
    replace(root / "chapters/de/01-start.md", "One.", "One, as it never was.")
    (one, *_) = status(read_shelf(Workspace(root)), ())
    assert [(each.state, each.path, each.line) for each in one.differences if each.state == "untranslated"] == [
        ("untranslated", "chapters/en/01-start.md", 3),
        ("untranslated", "chapters/de/01-start.md", 4),
    ]


def test_a_cell_that_waits_leaves_the_others_translated(tmp_path: Path) -> None:
    root = publication(tmp_path, "# Rivers\n\n| One | Two |\n|-----|-----|\n| Six | Ten |\n")
    words: dict[str, Parts] = {"Rivers": ("Flüsse",), "One": ("Eins",), "Two": ("Zwei",), "Ten": ("Zehn",)}
    handed_in(root, as_po(handed_off(root), units(root), in_german(words), tmp_path / "back.po"))
    assert [unit.words for unit in units(root, everything=False)] == ["Six"]
    handed_in(root, as_po(handed_off(root), units(root), in_german({"Six": ("Sechs",)}), tmp_path / "more.po"))
    assert "| Sechs | Zehn |" in german(root)


def test_what_was_left_empty_can_be_handed_in_later(tmp_path: Path) -> None:
    root = publication(tmp_path, "# Rivers\n\nOne.\n\n- Two\n")
    handed_in(root, as_po(handed_off(root), units(root), in_german({"Rivers": ("Flüsse",)}), tmp_path / "first.po"))
    words: dict[str, Parts] = {"One.": ("Eins.",), "Two": ("Zwei",)}
    handed_in(root, as_po(handed_off(root), units(root), in_german(words), tmp_path / "second.po"))
    assert german(root) == "# Flüsse\n\nEins.\n\n- Zwei\n"


def test_a_figure_of_a_box_without_a_translation_gets_its_division_within_the_box(tmp_path: Path) -> None:
    root = publication(tmp_path, '# Rivers\n\n::: {.box title="A box"}\nWords.\n:::\n')
    words: dict[str, Parts] = {"Rivers": ("Flüsse",), "A box": ("Ein Kasten",)}
    handed_in(root, as_xliff(handed_off(root), units(root), in_german(words), tmp_path / "back.xlf"))
    assert german(root) == '# Flüsse\n\n::: {.box title="Ein Kasten"}\n\n::: untranslated\nWords.\n:::\n\n:::\n'


def test_passages_that_the_translation_has_beyond_its_source_are_kept(tmp_path: Path) -> None:
    root = translated(tmp_path)
    path = root / "chapters/de/01-start.md"
    path.write_text(GERMAN.replace("[^a]: Im", "Ein Satz der Übersetzerin.\n\n[^a]: Im"), encoding="utf-8")
    change(root, "# The rivers", "# All rivers")
    words: dict[str, Parts] = {"All rivers": ("Alle Flüsse",)}
    handed_in(root, as_po(handed_off(root), units(root), in_german(words), tmp_path / "back.po"))
    assert german(root) == GERMAN.replace("# Die", "# Alle").replace(
        "[^a]: Im", "Ein Satz der Übersetzerin.\n\n[^a]: Im"
    )


def test_all_hands_off_what_is_translated_with_its_translation(tmp_path: Path) -> None:
    root = translated(tmp_path)
    xlf = handed_off(root, everything=True)["on-rivers-de.xlf"].decode()
    assert '<target state="translated">Die <g id="1" ctype="x-emphasis">Donau</g> ist lang.<ph id="2"' in xlf
    file = tmp_path / "back.xlf"
    file.write_text(xlf.replace(">Die Flüsse<", ">Alle Flüsse<"), encoding="utf-8")
    handed_in(root, file)
    assert german(root) == GERMAN.replace("# Die Flüsse", "# Alle Flüsse")


def test_the_whole_zip_is_taken_back_with_what_was_done_in_one_of_its_files(tmp_path: Path) -> None:
    import zipfile

    root = publication(tmp_path / "publication", CHAPTER)
    files = handed_off(root)
    files["on-rivers-de.xlf"] = as_xliff(files, units(root), upper, tmp_path / "back.xlf").read_bytes()
    with zipfile.ZipFile(tmp_path / "back.zip", "w") as archive:
        for name, content in {**files, "__MACOSX/._on-rivers-de.docx": b"?", "~$on-rivers-de.docx": b"?"}.items():
            archive.writestr(name, content)
    (done,) = handed_in(root, tmp_path / "back.zip")
    assert done.units == 10


def test_words_of_a_cell_in_word_are_read_as_word_shows_them(tmp_path: Path) -> None:
    """Ensures that text in pieces, in links and behind line breaks is found, and that nothing else is."""
    import docx

    root = publication(tmp_path / "publication", "# Rivers\n\nOne.[^a]\n\n[^a]: Two.\n")
    document = docx.Document(io.BytesIO(handed_off(root)["on-rivers-de.docx"]))
    texts = [("Flüsse",), ("Ei", "ns.", "⟦ 1 ", "⟧"), ("Zwei\n", "und drei.")]
    for row, pieces in zip(document.tables[0].rows[1:], texts, strict=True):
        for piece in pieces:
            row.cells[2].paragraphs[0].add_run(piece)
    document.save(str(tmp_path / "back.docx"))
    handed_in(root, tmp_path / "back.docx")
    assert german(root) == "# Flüsse\n\nEins.[^a]\n\n[^a]: Zwei und drei.\n"


def test_what_a_cat_tool_adds_to_xliff_is_passed_over(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "# Rivers\n\nOne.[^a]\n\n[^a]: Two.\n")
    xlf = handed_off(root)["on-rivers-de.xlf"].decode()
    seg = '<seg-source><mrk mtype="seg" mid="1">One.</mrk></seg-source><target state="final"><mrk mtype="seg" mid="1">'
    file = tmp_path / "back.xlf"
    file.write_text(
        xlf.replace(
            'One.<ph id="1" ctype="x-note">[^a]</ph></source>',
            f'One.<ph id="1" ctype="x-note">[^a]</ph></source>{seg}Eins.</mrk>'
            '<mrk mtype="seg" mid="2"><x id="1"/></mrk></target>',
        ),
        encoding="utf-8",
    )
    handed_in(root, file)
    assert "Eins.[^a]\n" in german(root)


def test_the_memory_holds_what_is_translated_with_its_tags(tmp_path: Path) -> None:
    root = translated(tmp_path)
    change(root, "is long.", "is very long.")
    memory = ElementTree.fromstring(memory_of(read_shelf(Workspace(root)), "de", Faults()))
    assert memory.get("version") == "1.4"
    pairs = [
        [ElementTree.tostring(segment, encoding="unicode") for segment in unit.iter("seg")]
        for unit in memory.iter("tu")
    ]
    assert len(pairs) == 11
    assert ["<seg>On Rivers</seg>", "<seg>Über Flüsse</seg>"] in pairs
    tags = ('<bpt i="1" x="1">*</bpt>', '<ept i="1">*</ept>', '<ph x="2">[^a]</ph>')
    source = "<seg>The {}Danube{} is long.{} See ".format(*tags) + '<ph x="3">[@doe2023, p. 5]</ph>.</seg>'
    target = "<seg>Die {}Donau{} ist lang.{} Siehe ".format(*tags) + '<ph x="3">[@doe2023, S. 5]</ph>.</seg>'
    assert [source, target] in pairs


def test_a_chapter_of_which_nothing_came_back_is_not_written(tmp_path: Path) -> None:
    root = publication(tmp_path, "# Rivers\n", **{"chapters/en/02-end.md": "# The end\n"})
    handed_in(root, as_po(handed_off(root), units(root), in_german({"Rivers": ("Flüsse",)}), tmp_path / "back.po"))
    assert sorted(path.name for path in (root / "chapters/de").glob("*.md")) == ["01-start.md"]


def test_what_is_handed_in_builds(tmp_path: Path) -> None:
    """Ensures that both commands go through, and that the edition is checked with what came in."""
    chapter = "# Rivers {#sec-rivers}\n\nOne.[^a]\n\n[^a]: See @sec-rivers.\n"
    root = publication(tmp_path / "publication", chapter)
    ran = impressum(root, "handoff", "--edition", "de")
    assert (ran.code, ran.stdout) == (0, "handoff-on-rivers-de.zip\n")
    assert ran.stderr == "01-start: 3 segments, 3 words\n"
    words = {"Rivers": "Flüsse", "One.[^a]": "Eins.", "See @sec-rivers.": "Siehe"}
    file = as_docx(handed_off(root), units(root), german_words(words), tmp_path / "back.docx")
    ran = impressum(root, "handin", str(file))
    assert ran.stdout == "chapters/de/01-start.md: 3 segments put in\n"
    assert (ran.code, ran.faults) == (0, "")
    assert german(root) == "# Flüsse {#sec-rivers}\n\nEins.[^a]\n\n[^a]: Siehe @sec-rivers\n"


def german_words(words: dict[str, str]) -> Callable[[Unit], Parts]:
    """Translates the words and keeps the tags behind them."""
    return lambda unit: (
        words[unit.words] + " " * ("See" in unit.words),
        *(p for p in unit.parts if not isinstance(p, str)),
    )


def test_a_translation_may_mark_words_of_another_language(tmp_path: Path) -> None:
    """Ensures that what the chapter's file has of it is handed off and comes back, and that it may be written anew."""
    root = translated(tmp_path)
    path = root / "chapters/de/01-start.md"
    path.write_text(GERMAN.replace("*Donau*", "[*Danube*]{lang=en}"), encoding="utf-8")
    files = handed_off(root, everything=True)
    xlf = files["on-rivers-de.xlf"].decode()
    assert 'Die <g id="1001" ctype="x-span-en"><g id="1" ctype="x-emphasis">Danube</g></g> ist lang.' in xlf
    file = tmp_path / "back.xlf"
    file.write_text(xlf.replace(">Die Flüsse<", ">Die [Rivers]{lang=“en”} und [Ister]{.as-is}<"), encoding="utf-8")
    handed_in(root, file)
    assert "# Die [Rivers]{lang=en} und [Ister]{.as-is} {#sec-rivers}" in german(root)
    assert "Die [*Danube*]{lang=en} ist lang.[^a]" in german(root)
    words: dict[str, Parts] = {"The rivers": ("[Rivers]{lang=en}",)}
    every = [*texts(root), *units(root)]
    handed_in(root, as_po(handed_off(root, everything=True), every, in_german(words), tmp_path / "back.po"))
    assert "# [Rivers]{lang=en} {#sec-rivers}" in german(root)


def test_what_the_translation_leaves_out_is_neither_handed_off_nor_put_in(tmp_path: Path) -> None:
    """Ensures it also of what stands for it in a way that is not recognised: nothing comes to stand there twice."""
    root = publication(tmp_path, "# Rivers\n\n- One [@doe]\n- Two\n- Three\n\nFour.\n\nFive.\n")
    path = root / "chapters/de/01-start.md"
    path.write_text("# Flüsse\n\n- Drei\n- Eins [@doe]\n\nVier.\n", encoding="utf-8")
    record(read_shelf(Workspace(root)), "de", "01-start.md")
    assert units(root, everything=False) == []
    change(root, "# Rivers", "# All rivers")
    words: dict[str, Parts] = {"All rivers": ("Alle Flüsse",)}
    handed_in(root, as_po(handed_off(root), units(root), in_german(words), tmp_path / "back.po"))
    assert german(root) == "# Alle Flüsse\n\n- Drei\n- Eins [@doe]\n\nVier.\n"


@pytest.mark.parametrize("tag", ["de", "fr", "sr-Latn"])
def test_a_chapter_put_together_of_what_stands_there_is_what_it_was(tag: str) -> None:
    """Ensures that no line of a translation is lost, wherever its source has changed meanwhile."""
    shelf = read_shelf(Workspace(PUBLICATIONS / "specimen"))
    lost = [
        (chapter.slug, line)
        for chapter in chapter_statuses(shelf, tag, Faults())
        if chapter.has_translation
        for line in lines_lost(shelf.chapter(tag, f"{chapter.slug}.md"), assembled(chapter, {}, "en").text)
    ]
    assert lost == []


def lines_lost(path: Path, text: str) -> list[str]:
    return list((Counter(path.read_text(encoding="utf-8").splitlines()) - Counter(text.splitlines())).elements())


@pytest.mark.parametrize("folder", ["templates/en", "templates"])
def test_a_text_that_chapters_include_is_handed_off_and_put_into_the_folder_of_its_edition(
    tmp_path: Path, folder: str
) -> None:
    root = publication(
        tmp_path, '# Rivers\n\n{% include "note.md" %}\n', **{f"{folder}/note.md": "A {{ 1 }} *note*.\n"}
    )
    if folder == "templates":  # one of all editions counts as text of the source where any has translated it
        (root / "chapters/fr").mkdir()
        (root / "templates/fr").mkdir()
        (root / "templates/fr/note.md").write_text("Une *note* {{ 1 }}.\n", encoding="utf-8")
    files = handed_off(root)
    assert files["source/templates/note.md"] == b"A {{ 1 }} *note*.\n"
    handed_in(root, as_xliff(files, units(root), upper, tmp_path / "back.xlf"))
    assert (root / "templates/de/note.md").read_text(encoding="utf-8") == "„A {{ 1 }} *NOTE*.“\n"
    shelf = read_shelf(Workspace(root))
    assert {one.name: one.state for one in status(shelf, ("de",))}["templates/note.md"] == "up to date"
    (root / folder / "note.md").write_text("A new {{ 1 }} *note*.\n", encoding="utf-8")
    (changed,) = [one for one in status(shelf, ("de",)) if one.state == "changed"]
    assert changed.differences[0].path == f"{folder}/note.md"
    assert record(shelf, "de", shelf.named("note")) == root / "chapters/de/.base/templates/note.md"
