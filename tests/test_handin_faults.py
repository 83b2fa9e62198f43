"""What is wrong with a file that came back: told word for word, and nothing is written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import polib
import pytest
from building import contents_of, impressum, pages
from handing import as_docx, as_po, as_xliff, handed_in, handed_off, publication, refused, texts, units, upper

from impressum.translation.handoff import safe_files
from impressum.translation.handoff.markup import Parts
from impressum.translation.handoff.unit import Unit

CHAPTER = "# Rivers\n\nThe *Danube* is long.[^a]\n\n[^a]: A note.\n"
TEXT, NOTE = "01-start.b3d49915.1.1", "01-start.add28a5b.1.1"


def pub(tmp_path: Path) -> Path:
    return publication(tmp_path / "publication", CHAPTER)


def xliff(tmp_path: Path, changed: Callable[[str], str], root: Path | None = None) -> Path:
    """The XLIFF file with every unit in capitals, `changed`."""
    root = root or pub(tmp_path)
    file = as_xliff(handed_off(root), units(root), upper, tmp_path / "back.xlf")
    file.write_text(changed(file.read_text(encoding="utf-8")), encoding="utf-8")
    return file


def swap(old: str, new: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        assert text.count(old) == 1, (old, text.count(old))
        return text.replace(old, new)

    return changed


MARK = 'LONG.<ph id="1" ctype="x-note">[^a]</ph>'
G = '<g id="1" ctype="x-emphasis">'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '<ph id="2" ctype="x-note">[^a]</ph>“',
            "“",
            (
                f"back.xlf:18: error: the translation of `{TEXT}` has lost the tag ⟦2⟧ (`[^a]`) [handin-tag-lost]\n"
                "  hint: put it where it belongs in the translation"
            ),
        ),
        (
            '<ph id="2" ctype="x-note">[^a]</ph>“',
            '<ph id="2">[^a]</ph><ph id="2">[^a]</ph>“',
            (
                f"back.xlf:18: error: the translation of `{TEXT}` has the tag ⟦2⟧ (`[^a]`) twice "
                "[handin-tag-doubled]\n  hint: leave it once, where it belongs"
            ),
        ),
        (
            '<ph id="2" ctype="x-note">[^a]</ph>“',
            '<ph id="2">[^a]</ph><ph id="7"/>“',
            (
                f"back.xlf:18: error: the translation of `{TEXT}` has the tag ⟦7⟧, which its source has not "
                "[handin-tag-unknown]\n  hint: take it out: only the tags of the source can be put back"
            ),
        ),
        (
            f"{G}DANUBE</g>",
            "DANUBE",
            (
                f"back.xlf:18: error: the translation of `{TEXT}` has lost the tag ⟦1⟧…⟦/1⟧ (`*…*`) "
                "[handin-tag-lost]\n  hint: put it where it belongs in the translation"
            ),
        ),
        (
            "DANUBE",
            "DAN\u202eUBE",
            (
                "back.xlf:18: error: the character U+202E turns the direction of text unseen [text-bidi]\n"
                "  hint: delete it; it shows a reader other words than a program reads"
            ),
        ),
        (
            "DANUBE",
            "DAN\u2067-UBE",
            (
                "back.xlf:18: error: the character U+2067 turns the direction of text unseen [text-bidi]\n"
                "  hint: delete it; it shows a reader other words than a program reads"
            ),
        ),
        (
            f'id="{NOTE}"',
            'id="01-stort.00000000.1.1"',
            (
                "back.xlf:27: error: `01-stort.00000000.1.1` is no unit of this publication [handin-unit-unknown]\n"
                "  hint: did you mean `01-start`?"
            ),
        ),
        (
            f'id="{NOTE}"',
            f'id="{TEXT}"',
            (
                f"back.xlf:27: error: `{TEXT}` stands in the file twice [handin-unit-twice]\n"
                "  hint: delete the row that was copied"
            ),
        ),
        (
            'target-language="de"',
            'target-language="en"',
            (
                "back.xlf: error: the file is a translation to `en`, which is the source [handin-edition]\n"
                "  hint: editions: de; `new-edition` makes one"
            ),
        ),
        (
            'target-language="de"',
            'target-language="fr"',
            (
                "back.xlf: error: the file is a translation to `fr`, and there is no such edition [handin-edition]\n"
                "  hint: editions: de; `new-edition` makes one"
            ),
        ),
        (
            "</xliff>",
            "",
            (
                "back.xlf:36: error: the file is not XML that can be read (Premature end of data in tag xliff line 2) "
                "[handin-unreadable]\n  hint: export it anew from the program in which it was translated"
            ),
        ),
    ],
)
def test_each_fault_of_an_xliff_file_is_named_at_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    root = pub(tmp_path)
    before = contents_of(root)
    file = xliff(tmp_path, swap(old, new), root)
    said = refused(root, file)
    assert said.splitlines()[:2] == expected.splitlines()
    assert contents_of(root) == before


def said_of(tmp_path: Path, file: Path, root: Path) -> str:
    """What is said of `file`, which must not be taken: all is as it was."""
    before = contents_of(root)
    said = refused(root, file)
    assert contents_of(root) == before
    return said


def test_a_unit_that_is_missing_is_named_with_its_words(tmp_path: Path) -> None:
    root = pub(tmp_path)
    text = xliff(tmp_path, lambda text: text, root).read_text(encoding="utf-8")
    start, end = text.index('<trans-unit id="' + NOTE), text.rindex("</body>")
    file = tmp_path / "back.xlf"
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    assert refused(root, file) == (
        f"back.xlf: warning: `{NOTE}` did not come back, whose source is “A note.” [handin-unit-missing]\n"
        "  hint: it was deleted from the file, or is new in the source; the next hand-off has it"
    )
    assert "# „RIVERS“" in (root / "chapters/de/01-start.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("write", [as_xliff, as_po, as_docx])
def test_a_source_that_changed_meanwhile_is_named_and_nothing_is_lost(write: Any, tmp_path: Path) -> None:
    """Ensures that what matches goes in, and that the rest is handed off again with both texts of its source."""
    root = pub(tmp_path)
    file = write(handed_off(root), units(root), upper, tmp_path / f"back.{write.__name__[3:].replace('xliff', 'xlf')}")
    source = root / "chapters/en/01-start.md"
    source.write_text(CHAPTER.replace("is long", "is very long") + "\nNew.\n", encoding="utf-8")
    begins = "„THE *DANUBE* IS LONG.[^a]“" if write is as_po else "„THE DANUBE IS LONG.“"
    changed = f"the source of `{TEXT}` has changed since the hand-off; its translation begins “{begins}”"
    told = refused(root, file).splitlines()
    assert sorted(line.split(": ", 1)[1] for line in told) == [
        "it was deleted from the file, or is new in the source; the next hand-off has it",
        "the next hand-off has it again, with this translation and both texts of its source",
        "warning: `01-start.a21416a2.1.1` did not come back, whose source is “New.” [handin-unit-missing]",
        f"warning: {changed} [handin-source-changed]",
    ]
    text = (root / "chapters/de/01-start.md").read_text(encoding="utf-8")
    assert "# „RIVERS“" in text
    assert "[^a]: „A NOTE.“" in text
    assert "::: untranslated\nThe *Danube* is very long.[^a]\n" in text
    (po,) = (content for name, content in handed_off(root).items() if name.endswith(".po"))
    (changed, new) = polib.pofile(po.decode() + "\n")
    assert (changed.msgid, changed.fuzzy) == ("The *Danube* is very long.[^a]", True)
    assert changed.previous_msgid == "The *Danube* is long.[^a]"
    assert changed.msgstr == "„THE *DANUBE* IS LONG.[^a]“"
    assert (new.msgid, new.msgstr) == ("New.", "")
    handed_in(root, as_po(handed_off(root), units(root), upper, tmp_path / "again.po"))
    assert units(root, everything=False) == []
    assert "<tu>" not in (root / "chapters/de/.base/memory.tmx").read_text(encoding="utf-8")


def test_tags_that_cross_are_named(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "A *river*, **long**.\n")
    file = as_docx(handed_off(root), units(root), lambda unit: unit.parts, tmp_path / "back.docx")
    (unit,) = units(root)
    open_1, close_1, open_2, close_2 = (part for part in unit.parts if not isinstance(part, str))

    def crossed(_: Unit) -> Parts:
        return ("Ein ", open_1, "Fluss", open_2, " lang", close_1, close_2)

    def reversed_(_: Unit) -> Parts:
        return ("Ein ", close_1, "Fluss", open_1, open_2, " lang", close_2)

    as_docx(handed_off(root), [unit], crossed, file)
    assert said_of(tmp_path, file, root) == (
        f"back.docx: error: in the translation of `{unit.id}` the tag ⟦2⟧…⟦/2⟧ (`**…**`) and the tag ⟦1⟧…⟦/1⟧ (`*…*`) "
        "cross [handin-tag-order]\n"
        "  hint: close a tag after it opens, and one that opens within another within it, too"
    )
    as_docx(handed_off(root), [unit], reversed_, file)
    assert "the tag ⟦1⟧…⟦/1⟧ (`*…*`) closes before it opens [handin-tag-order]" in said_of(tmp_path, file, root)


def test_in_a_po_file_markup_is_named_as_it_is_written(tmp_path: Path) -> None:
    root = pub(tmp_path)
    file = as_po(handed_off(root), units(root), upper, tmp_path / "back.po")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("LONG.[^a]“", "LONG.[^b] `x`“"), encoding="utf-8")
    assert said_of(tmp_path, file, root) == (
        f"back.po:19: error: the translation of `{TEXT}` has `[^b]`, which its source has not [handin-tag-unknown]\n"
        "  hint: take it out, or write a backslash before its signs where they are words\n"
        f"back.po:19: error: the translation of `{TEXT}` has `` `x` ``, which its source has not [handin-tag-unknown]\n"
        "  hint: take it out, or write a backslash before its signs where they are words\n"
        f"back.po:19: error: the translation of `{TEXT}` has lost `[^a]` [handin-tag-lost]\n"
        "  hint: put it where it belongs in the translation"
    )
    file.write_text(text.replace("LONG.[^a]“", "LONG.[^a][^a]“"), encoding="utf-8")
    assert "has `[^a]` twice [handin-tag-doubled]" in said_of(tmp_path, file, root)
    file.write_text("no message\n", encoding="utf-8")
    assert said_of(tmp_path, file, root) == (
        "back.po:1: error: the file is no PO file that can be read [handin-unreadable]\n"
        "  hint: save it anew, as UTF-8, in the program in which it was translated"
    )


def test_a_file_of_nothing_but_a_path_is_not_opened(tmp_path: Path) -> None:
    root = pub(tmp_path)
    other = as_po(handed_off(root), units(root), upper, tmp_path / "other.po")
    file = tmp_path / "back.po"
    file.write_text(str(other), encoding="utf-8")
    assert "the file is no PO file that can be read" in said_of(tmp_path, file, root)


def test_the_edition_must_be_the_one_that_is_asked_for(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", CHAPTER, **{"chapters/fr/edition.yaml": "title: Fleuves\n"})
    file = xliff(tmp_path, lambda text: text, root)
    assert refused(root, file, "fr") == (
        "back.xlf: error: the file is a translation to `de`, not to `fr` [handin-edition]\n"
        "  hint: hand it in without `--edition`, or hand in the other file"
    )
    file.write_text(file.read_text(encoding="utf-8").replace(' target-language="de"', ""), encoding="utf-8")
    assert refused(root, file) == (
        "back.xlf: error: the file does not say to which edition it is a translation [handin-edition]\n"
        "  hint: say it: `--edition de`"
    )
    assert len(handed_in(root, file, "de")) == 1


def test_a_file_without_a_translation_is_refused(tmp_path: Path) -> None:
    root = pub(tmp_path)
    file = tmp_path / "back.docx"
    file.write_bytes(handed_off(root)["on-rivers-de.docx"])
    assert said_of(tmp_path, file, root) == (
        "back.docx: error: the file holds no translation [handin-empty]\n"
        "  hint: write the translations, then hand it in"
    )


def word(files: dict[str, bytes], change: Callable[[str], str]) -> bytes:
    """The Word file of a hand-off with its XML changed."""
    with zipfile.ZipFile(io.BytesIO(files["on-rivers-de.docx"])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = change(parts["word/document.xml"].decode()).encode()
    return safe_files.zipped(parts)


def in_last_cell(xml: str) -> Callable[[str], str]:
    """Puts `xml` into the last cell of the table."""

    def changed(text: str) -> str:
        at = text.rindex("</w:p></w:tc></w:tr></w:tbl>")
        return text[:at] + xml + text[at:]

    return changed


def test_tracked_changes_are_taken_as_accepted_with_a_warning(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "A river.\n")
    run = '<w:{0} w:id="1" w:author="a"><w:r><w:{1}>{2}</w:{1}></w:r></w:{0}>'
    xml = "<w:r><w:t>Ein </w:t></w:r>" + run.format("del", "delText", "See") + run.format("ins", "t", "Fluss.")
    file = tmp_path / "back.docx"
    file.write_bytes(word(handed_off(root), in_last_cell(xml)))
    assert refused(root, file) == (
        "back.docx: warning: changes are tracked in 1 unit, and are taken as accepted [handin-tracked]\n"
        "  hint: where that is not meant, accept or reject them in Word and hand the file in again"
    )
    assert (root / "chapters/de/01-start.md").read_text(encoding="utf-8") == "Ein Fluss.\n"


def test_a_note_or_picture_of_word_is_refused(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "A river.\n")
    file = tmp_path / "back.docx"
    xml = '<w:r><w:t>Ein Fluss</w:t><w:footnoteReference w:id="2"/></w:r>'
    file.write_bytes(word(handed_off(root), in_last_cell(xml)))
    (unit,) = units(root)
    assert said_of(tmp_path, file, root) == (
        f"back.docx: error: the translation of `{unit.id}` holds a footnote of Word, which a text file cannot "
        "[handin-foreign]\n"
        "  hint: take it out, and write it as words; notes and formulas of the source are there as tags"
    )


def test_what_a_translator_asks_reaches_the_editor(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "A river.\n")
    (unit,) = units(root)
    text = as_xliff(handed_off(root), [unit], upper, tmp_path / "back.xlf").read_text(encoding="utf-8")
    note = '<note from="translator">Which river?</note></trans-unit>'
    file = tmp_path / "back.xlf"
    file.write_text(text.replace("</trans-unit>", note), encoding="utf-8")
    assert refused(root, file) == (
        f"back.xlf:10: warning: the translator says of `{unit.id}`: “Which river?” [handin-comment]\n"
        "  hint: answer it; comments are not kept in the chapters"
    )


def test_two_translations_of_one_unit_in_a_zip_are_refused(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "A river.\n")
    files, every = handed_off(root), units(root)
    xlf = as_xliff(files, every, upper, tmp_path / "back.xlf").read_bytes()
    po = as_po(files, every, lambda unit: ("Ein Fluss.",), tmp_path / "back.po").read_bytes()
    file = tmp_path / "back.zip"
    file.write_bytes(safe_files.zipped({"a.xlf": xlf, "a.po": po}))
    assert said_of(tmp_path, file, root) == (
        f"back.zip/a.po:11: error: `{every[0].id}` is translated in two ways, here and in `back.zip/a.xlf:10` "
        "[handin-two-translations]\n"
        "  hint: hand in only the file that holds the right one"
    )


BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xliff version="1.2"><file>&b;</file></xliff>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xliff version="1.2"><file>&a;</file></xliff>'


@pytest.mark.parametrize("text", [BILLION_LAUGHS, EXTERNAL], ids=["entities", "external"])
def test_a_document_type_is_refused(tmp_path: Path, text: str) -> None:
    root = pub(tmp_path)
    expected = (
        "error: the file declares a document type, which a file that is handed in never needs [handin-unreadable]"
    )
    file = tmp_path / "back.xlf"
    file.write_text(text, encoding="utf-8")
    assert f"back.xlf: {expected}" in said_of(tmp_path, file, root)
    file = tmp_path / "back.docx"
    file.write_bytes(safe_files.zipped({"word/document.xml": text.encode()}))
    assert f"back.docx: {expected}" in said_of(tmp_path, file, root)


def test_a_name_that_leads_out_of_a_zip_is_refused(tmp_path: Path) -> None:
    root = pub(tmp_path)
    file = tmp_path / "back.zip"
    for name in ("../evil.xlf", "/etc/evil.xlf", "a/../../evil.xlf", "c:evil.xlf"):
        file.write_bytes(safe_files.zipped({name: b"x"}))
        assert said_of(tmp_path, file, root).startswith(
            f"back.zip: error: the zip holds `{name}`, a name that leads out of it [handin-unreadable]"
        )
    assert not list(tmp_path.rglob("evil.xlf"))


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    root = pub(tmp_path)
    bomb = safe_files.zipped({"a.xlf": b" " * 200_000_001})
    for name in ("back.zip", "back.docx"):
        file = tmp_path / name
        file.write_bytes(bomb)
        assert f"{name}: error: the zip unpacks to more than 200 MB or 2000 files" in said_of(tmp_path, file, root)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("back.pdf", b"%PDF", "the file is of no kind that can be handed in"),
        ("back.zip", b"no zip", "the zip cannot be read (File is not a zip file)"),
        ("back.docx", b"no zip", "the zip cannot be read (File is not a zip file)"),
        ("back.docx", safe_files.zipped({"a": b""}), "the file is no Word file (.docx)"),
        (
            "back.zip",
            safe_files.zipped({"a.po": b""}).replace(
                b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
            ),
            "the zip is locked by a password",
        ),
        ("back.zip", safe_files.zipped({"README.txt": b""}), "the zip holds no translated file"),
        ("back.xlf", b"", "the file is not XML that can be read"),
        ("back.xlf", b"<a/>", "the file is no XLIFF"),
        ("back.po", b"\xff\xfe", "the file is no PO file that can be read"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    root = pub(tmp_path)
    file = tmp_path / name
    file.write_bytes(content)
    assert expected in said_of(tmp_path, file, root)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    ran = impressum(pub(tmp_path), "handin", "missing.po")
    assert (ran.code, ran.stderr) == (
        1,
        (
            "missing.po: error: the file cannot be read: No such file or directory [handin-unreadable]\n"
            "  hint: check its name, and that you may read it\n"
        ),
    )


def test_a_hand_off_is_never_written_over_another_file(tmp_path: Path) -> None:
    root = pub(tmp_path)
    (root / "handoff-on-rivers-de.zip").write_bytes(b"came back")
    ran = impressum(root, "handoff", "--edition", "de")
    assert ran.code == 1
    assert (
        "there is another `handoff-on-rivers-de.zip` already, perhaps one that came back [handoff-exists]" in ran.stderr
    )
    assert (root / "handoff-on-rivers-de.zip").read_bytes() == b"came back"


def test_there_must_be_something_to_hand_off(tmp_path: Path) -> None:
    root = pub(tmp_path)
    handed_in(root, xliff(tmp_path, lambda text: text, root))
    ran = impressum(root, "handoff", "--edition", "de")
    assert (ran.code, ran.stderr) == (
        1,
        (
            "chapters/de: error: every passage is translated, and none has changed since [handoff-nothing]\n"
            "  hint: `--all` hands off all of it\n"
        ),
    )


def test_a_twin_is_not_handed_off(tmp_path: Path) -> None:
    others = {"chapters/sr-Latn/edition.yaml": "title: Reke\n", "chapters/sr-Cyrl/edition.yaml": "twin-of: sr-Latn\n"}
    ran = impressum(publication(tmp_path, CHAPTER, **others), "handoff", "--edition", "sr-Cyrl")
    assert (ran.code, ran.stderr) == (
        1,
        (
            "chapters/sr-Cyrl/edition.yaml: error: `sr-Cyrl` is the twin of `sr-Latn`, and is made from it "
            "[handoff-twin]\n"
            "  hint: hand off `sr-Latn`\n"
        ),
    )


def test_a_translation_without_a_base_hands_off_only_what_it_lacks(tmp_path: Path) -> None:
    root = publication(tmp_path, "# Rivers\n\nOne.\n", **{"chapters/de/01-start.md": "# Flüsse\n"})
    ran = impressum(root, "handoff", "--edition", "de")
    assert (ran.code, ran.stderr) == (
        0,
        (
            "01-start: 1 segment, 1 word\n"
            "chapters/de/01-start.md: warning: it is not known what has changed since this was translated, so only "
            "what it lacks is handed off [handoff-no-base]\n"
            "  hint: if it is up to date, say so: `python build.py translated 01-start --edition de`; else hand off "
            "with `--all`\n"
        ),
    )


def test_a_letter_that_would_be_read_as_part_of_a_tag_is_a_fault(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "See @fig-trade here.\n\n![Trade](figure:trade){#fig-trade}\n")
    first, *_ = units(root)
    tag = first.parts[1]

    def joined(unit: Unit) -> Parts:
        return ("Siehe", tag, " hier.") if unit.id == first.id else ("Handel",)

    file = as_xliff(handed_off(root), units(root), joined, tmp_path / "back.xlf")
    assert said_of(tmp_path, file, root) == (
        f"back.xlf:10: error: in the translation of `{first.id}` a tag would be read together with what stands beside "
        "it [handin-tag-order]\n"
        "  hint: put a space between each tag and the letter or sign before and behind it"
    )

    def apart(unit: Unit) -> Parts:
        return ("Siehe ", tag, "a hier.") if unit.id == first.id else ("Handel",)

    handed_in(root, as_xliff(handed_off(root), units(root), apart, file))
    text = (root / "chapters/de/01-start.md").read_text(encoding="utf-8")
    assert text.startswith("Siehe @{fig-trade}a hier.\n")


TEMPLATES = {
    "One.": "{% if false %}Eins{% endif %} eins",
    "Two.": "{## allow chapter-empty: so ##} zwei",
    "Three.": "{%- include drei -%} drei {",
    "Four.": "{# allow ##} {{% raw %} vier {{ vier }}",
    "Cell": "{% raw %} zelle",
    "Said": "{% if false %}Bild{% endif %} {## bild ##}",
    "A map": "{% raw %} karte",
}
"""What a translator may type for a text, which is a template of Jinja elsewhere."""
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="9"/></svg>'
TYPED = """\
# Rivers

One.

Two. {{ publication.title }}

Three.{{ publication.title }}

Four.

| Cell | 1 |
|------|---|
| 1    | 2 |

![A map](map.svg){alt="Said"}
"""


def typed(unit: Unit) -> Parts:
    return tuple(TEMPLATES.get(part.strip(), part) if isinstance(part, str) else part for part in unit.parts)


@pytest.mark.parametrize(("write", "name"), [(as_xliff, "back.xlf"), (as_docx, "back.docx")])
def test_what_a_translator_types_is_text_and_no_template(write: Any, name: str, tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", TYPED, **{"map.svg": DOT})
    file = write(handed_off(root), units(root), typed, tmp_path / name)
    if name == "back.xlf":  # tools part words, and comments part them too
        halves = file.read_text(encoding="utf-8").replace("{#", "{<!-- --><mrk mtype='term'>#</mrk>")
        file.write_text(halves.replace(" bild", "&#13;bild"), encoding="utf-8")
    handed_in(root, file)
    ran = impressum(root, "build", "--edition", "de")
    assert (ran.faults, ran.code) == ("", 0)
    printed = " ".join(pages(root, "on-rivers-de.pdf"))
    for words in TEMPLATES.values():
        assert words in printed or words == TEMPLATES["Said"]
    with pikepdf.open(root / "dist" / "on-rivers-de.pdf") as pdf:
        alternatives = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert alternatives == [TEMPLATES["Said"]]


def test_a_template_in_a_po_file_is_a_tag_that_its_source_has_not(tmp_path: Path) -> None:
    root = publication(tmp_path / "publication", "# Rivers\n\nOne.\n")
    for words, tag in (("{% if false %}Eins", "{% if false %}"), (r"\{## allow chapter-empty: so ##}", "{##")):
        file = as_po(handed_off(root), units(root), lambda unit, words=words: (words,), tmp_path / "back.po")  # type: ignore[misc]
        assert f"has `{tag}" in refused(root, file)
        assert "[handin-tag-unknown]" in refused(root, file)


@pytest.mark.parametrize(("write", "name"), [(as_xliff, "back.xlf"), (as_docx, "back.docx"), (as_po, "back.po")])
@pytest.mark.parametrize("words", ["{% if false %}", "{pages}", "{{ publication.title }}", "*so*"])
def test_a_mark_in_a_text_of_no_chapter_that_its_source_has_not_is_a_fault(
    words: str, write: Any, name: str, tmp_path: Path
) -> None:
    root = publication(tmp_path / "publication", "# Rivers\n\nOne.\n", **{"chapters/de/edition.yaml": "subtitle:\n"})
    every = [*units(root), *texts(root)]
    file = write(handed_off(root), every, lambda unit: (f"Über {words} Flüsse",), tmp_path / name)
    assert f"has `{words[:1] if '*' in words else words}" in refused(root, file)
    assert "[handin-tag-unknown]\n  hint: take it out" in refused(root, file)
    assert (root / "chapters/de/edition.yaml").read_text(encoding="utf-8") == "subtitle:\n"
