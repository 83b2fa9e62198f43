"""Files as CAT tools write them: segments, comments, codes of their own, tags of regions, XLIFF 2, memories in TMX."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import polib
import pytest
from building import impressum
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from handing import as_docx, as_xliff, handed_in, handed_off, publication, refused, units, upper

CHAPTER = "# Rivers\n\nThe *Danube* is long.[^a] It is wide. See [the map](https://example.org).\n\n[^a]: A note.\n"
TRANSLATED = (
    "# „RIVERS“\n\n„THE *DANUBE* IS LONG.[^a] IT IS WIDE. SEE [THE MAP](https://example.org).“\n\n[^a]: „A NOTE.“\n"
)
PI, NOTE = "<?tool page?>", "<!-- exported -->"


def segmented(text: str) -> str:
    """As Okapi, memoQ and Trados write it: each sentence a `<mrk>`, white space between them."""

    def cut(found: re.Match[str]) -> str:
        sentences = re.split(r"(?<=\.)(?:(?<=</ph>))? (?=\S)|(?<=</ph>) ", found[2])
        marks = " ".join(f'<mrk mtype="seg" mid="{n}">{one}</mrk>' for n, one in enumerate(sentences))
        return f"<seg-source>{marks}</seg-source><target{found[1]}>{marks}</target>"

    return re.sub("<target([^>]*)>(.*?)</target>", cut, text)


def with_notes(text: str) -> str:
    return (
        text.replace("</g>", f"{NOTE}</g>{PI}")
        .replace("<body>", f"<body>{NOTE}{PI}")
        .replace("<xliff", f"{NOTE}{PI}<xliff", 1)
    )


def split_pair(text: str) -> str:
    """A pair of tags that two segments share: each has it whole."""
    cut = '<mrk mtype="seg" mid="0">\\1THE</g></mrk> <mrk mtype="seg" mid="1">\\1MAP</g>\\2</mrk></target>'
    text = re.sub("(<g id=.[0-9]. ctype=.link.>)THE MAP</g>([^<]*)</target>", cut, text)
    return text.replace("„THE", '<mrk mtype="seg" mid="x">„</mrk>THE')


def as_codes(text: str) -> str:
    """Pairs as `<bpt>` and `<ept>`, as Trados writes them."""
    text = re.sub('<g id="([0-9]+)"[^>]*>', r'<bpt id="9\1" rid="\1">&lt;b&gt;</bpt>', text)
    return re.sub('(<bpt id="9([0-9]+)".*?)</g>', r'\1<ept id="8\2" rid="\2">&lt;/b&gt;</ept>', text)


def as_2(text: str) -> str:
    """XLIFF 2.1 as a converter makes it: units of segments, pairs as `<pc>`."""
    text = re.sub("<(context-group|note|alt-trans).*?</\\1>|<header>.*?</header>|</?body>", "", text, flags=re.S)
    text = re.sub("<file original[^>]*>", '<file id="f">', text)
    text = re.sub(
        "<xliff [^>]*>",
        '<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="de-DE">',
        text,
    )
    text = re.sub(
        "<trans-unit (id=[^ ]*) [^>]*>(.*?)</trans-unit>", r"<unit \1><segment>\2</segment></unit>", text, flags=re.S
    )
    return re.sub(' ctype="[^"]*"', "", text.replace("<g ", "<pc ").replace("</g>", "</pc>"))


def without_names(text: str) -> str:
    """As the package `xliff` of npm writes it: whose a note is, is dropped, and so are contexts and states."""
    text = re.sub(r"<context-group.*?</context-group>|<header>.*?</header>", "", text, flags=re.DOTALL)
    return re.sub(r' (from="[^"]*"|state="[^"]*")', "", text)


CHANGES = [segmented, with_notes, split_pair, as_codes, as_2, without_names]


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_what_a_cat_tool_makes_of_a_hand_off_is_taken_in(change: Callable[[str], str], tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER)
    file = as_xliff(handed_off(root), units(root), upper, tmp_path / "back.xlf")
    before = file.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    file.write_text(after, encoding="utf-8")
    handed_in(root, file)
    assert (root / "chapters/de/01-start.md").read_text(encoding="utf-8") == TRANSLATED


def test_a_unit_of_which_only_a_segment_is_translated_is_named_and_waits(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER)
    file = as_xliff(handed_off(root), units(root), upper, tmp_path / "back.xlf")
    text = segmented(file.read_text(encoding="utf-8"))
    head, tail = text.rsplit("<target>", 2)[0:2], text.rsplit("<target>", 2)[2]
    whole = "<target>".join([head[0], re.sub("IT IS WIDE.", "", head[1]), tail])
    file.write_text(whole, encoding="utf-8")
    said = refused(root, file).splitlines()
    assert re.fullmatch(
        r"back.xlf:18: warning: 1 segment of `01-start\.\w+\.1\.1` came back without a translation \[handin-partly\]",
        said[0],
    )
    assert said[1:] == ["  hint: translate the whole unit; until then it is printed in the language of the source"]
    assert "::: untranslated\nThe *Danube* is long" in (root / "chapters/de/01-start.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("edition", "named"),
    [
        ("de", "de-DE"),
        ("de-AT", "de"),
        ("de", "de_de"),
        ("sr-Latn", "sr-Latn-RS"),
        ("sr-Cyrl", "sr-RS"),
        ("sr-Latn", "sr@latin"),
    ],
)
def test_a_language_with_or_without_its_region_is_that_of_the_edition(edition: str, named: str, tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER, **{f"chapters/{edition}/edition.yaml": "title: R\n"})
    file = as_xliff(handed_off(root, edition), units(root, edition), upper, tmp_path / "back.xlf")
    text = file.read_text(encoding="utf-8").replace(f'target-language="{edition}"', f'target-language="{named}"')
    file.write_text(text, encoding="utf-8")
    handed_in(root, file, edition if edition.startswith("de") else None)
    assert (root / f"chapters/{edition}/01-start.md").read_text(encoding="utf-8") == TRANSLATED


def test_a_language_in_another_script_is_another_one(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER, **{"chapters/sr-Latn/edition.yaml": "title: R\n"})
    file = as_xliff(handed_off(root, "sr-Latn"), units(root, "sr-Latn"), upper, tmp_path / "back.xlf")
    file.write_text(file.read_text(encoding="utf-8").replace('"sr-Latn"', '"sr-Cyrl-RS"'), encoding="utf-8")
    assert "back.xlf: error: the file is a translation to `sr-Cyrl-RS`, not to `sr-Latn` [handin-edition]" in refused(
        root, file, "sr-Latn"
    )


TMX = """<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="OmegaT" srclang="EN-US"/><body>
<tu><tuv lang="EN-US"><seg>A note.</seg></tuv><tuv lang="DE-DE"><seg>Eine Anmerkung.</seg></tuv></tu>
<tu><tuv lang="EN-US">
<seg>The <bpt i="1">&lt;i&gt;</bpt>Danube<ept i="1">&lt;/i&gt;</ept> is so long. It is wide. See the map.</seg></tuv>
<tuv lang="DE-DE"><seg>Die Donau ist so lang. Sie ist breit. Siehe die Karte.</seg></tuv></tu>
<tu><tuv lang="EN-US"><seg>Roads</seg></tuv><tuv lang="FR-FR"><seg>Routes</seg></tuv></tu>
</body></tmx>
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_what_a_memory_has_comes_with_the_hand_off_exact_or_fuzzy(encoding: str, tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER)
    declared = TMX.replace('version="1.0"', f'version="1.0" encoding="{encoding.removesuffix("-sig")}"')
    (tmp_path / "house.tmx").write_text(declared.replace("breit", "groß"), encoding=encoding)
    done = impressum(root, "handoff", "--edition", "de", "--memory", str(tmp_path / "house.tmx"))
    assert done.code == 0
    assert "from memories: 1 exact, 1 fuzzy" in done.stderr
    (zipped,) = root.glob("handoff-*.zip")
    with zipfile.ZipFile(zipped) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".po"))
        entries = {one.msgid: one for one in polib.pofile(archive.read(name).decode() + "\n")}
    assert (entries["A note."].msgstr, entries["A note."].fuzzy) == ("Eine Anmerkung.", True)
    text = next(one for msgid, one in entries.items() if msgid.startswith("The *Danube*"))
    assert text.previous_msgid == "The Danube is so long. It is wide. See the map."
    assert text.msgstr == "Die Donau ist so lang. Sie ist groß. Siehe die Karte."
    assert entries["Rivers"].msgstr == ""


def test_a_memory_of_another_kind_is_refused(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER)
    (tmp_path / "house.tmx").write_text("<xliff/>", encoding="utf-8")
    done = impressum(root, "handoff", "--edition", "de", "--memory", str(tmp_path / "house.tmx"))
    assert done.code == 1
    assert "house.tmx:1: error: the file is no TMX [handoff-memory]" in done.stderr


def edited(tmp_path: Path, change: Callable[[Any], None], chapter: str = CHAPTER) -> Path:
    """The Word file of a hand-off of which every unit is translated, changed and saved by python-docx."""
    root = publication(tmp_path / "publication", chapter)
    file = as_docx(handed_off(root), units(root), upper, tmp_path / "back.docx")
    document = docx.Document(str(file))
    change(document)
    document.save(str(file))
    return file


def cell(document: Any, row: int, column: int = 2) -> Any:
    return document.tables[0].rows[row].cells[column]


def written_over(document: Any) -> None:
    cell(document, 3, 1).paragraphs[1].text = "Eine Anmerkung."
    cell(document, 3).paragraphs[0].text = ""


def outside(document: Any) -> None:
    document.add_paragraph("Ein Satz am Ende.")
    document.paragraphs[2].insert_paragraph_before("Noch einer.")
    document.tables[0].add_row().cells[2].text = "In einer Zeile."


def without_table(document: Any) -> None:
    table = document.tables[0]._tbl
    table.getparent().remove(table)


OUTSIDE = "is in no cell of a unit, and is not put in [handin-outside]"
DAMAGES = [
    (written_over, ["the source of `01-start.add28a5b.1.1` was written over: “Eine Anmerkung.” [handin-outside]"]),
    (outside, [f"“{words}” {OUTSIDE}" for words in ("Ein Satz am Ende.", "In einer Zeile.", "Noch einer.")]),
]


@pytest.mark.parametrize(("change", "said"), DAMAGES, ids=[change.__name__ for change, _ in DAMAGES])
def test_words_in_a_wrong_place_of_a_word_file_are_named(
    change: Callable[[Any], None], said: list[str], tmp_path: Path
) -> None:
    file = edited(tmp_path, change)
    told = refused(tmp_path / "publication", file).splitlines()
    assert sorted(line for line in told if "warning" in line) == [f"back.docx: warning: {one}" for one in said]
    assert "# „RIVERS“" in (tmp_path / "publication/chapters/de/01-start.md").read_text(encoding="utf-8")


def test_a_table_that_is_missing_is_named_once(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER, **{"chapters/en/02-end.md": "# End\n\nThe end.\n"})
    file = as_docx(handed_off(root), units(root), upper, tmp_path / "back.docx")
    document = docx.Document(str(file))
    without_table(document)
    document.save(str(file))
    assert refused(root, file).splitlines()[0] == (
        "back.docx: warning: none of the 3 units of `01-start` came back [handin-unit-missing]"
    )
    assert (root / "chapters/de/02-end.md").read_text(encoding="utf-8") == "# „END“\n\n„THE END.“\n"


def test_what_is_set_upon_words_in_word_is_put_in(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        paragraph = cell(document, 3).paragraphs[0]
        paragraph.text = ""
        for words, style in (("Eine ", ""), ("große ", "italic"), ("An", "bold"), ("merkung, 10", "")):
            run = paragraph.add_run(words)
            run.italic, run.bold = style == "italic", style == "bold"
        paragraph.add_run("6").font.superscript = True
        paragraph.add_run(" m, H")
        paragraph.add_run("2").font.subscript = True
        paragraph.add_run("O.")
        for run in cell(document, 1).paragraphs[0].runs:
            run.bold = True

    handed_in(tmp_path / "publication", edited(tmp_path, change))
    text = (tmp_path / "publication/chapters/de/01-start.md").read_text(encoding="utf-8")
    assert text.endswith("[^a]: Eine *große* **An**merkung, 10^6^ m, H~2~O.\n")
    assert text.startswith("# „RIVERS“\n")


def test_a_letter_of_a_font_of_symbols_is_refused(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        run = cell(document, 3).paragraphs[0].add_run()
        symbol = OxmlElement("w:sym")
        symbol.set(qn("w:font"), "Symbol")
        symbol.set(qn("w:char"), "F0B0")
        run._r.append(symbol)

    file = edited(tmp_path, change)
    assert refused(tmp_path / "publication", file).startswith(
        "back.docx: error: the translation of `01-start.add28a5b.1.1` holds a letter of a font of symbols, which a "
        "text file cannot [handin-foreign]"
    )


def test_the_columns_of_a_word_file_are_as_wide_for_every_program(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER)
    (raw,) = (content for name, content in handed_off(root).items() if name.endswith(".docx"))
    table = docx.Document(io.BytesIO(raw)).tables[0]
    widths = [round(column.width.mm) for column in table.columns]
    assert widths == [30, 116, 111]
    assert [round(cell.width.mm) for cell in table.rows[1].cells] == widths


def test_every_number_in_a_cell_is_handed_off_and_none_of_the_signs_without_one(tmp_path: Path) -> None:
    cells = ("€900", "22", "€1,200", "8.5", "–", "…", "½")
    table = "".join(f"| {one} | words |\n" for one in cells)
    root = publication(tmp_path / "publication", f"| a | b |\n|---|---|\n{table}")
    assert [one for one in cells if one in [unit.words for unit in units(root)]] == ["€900", "22", "€1,200", "8.5", "½"]
