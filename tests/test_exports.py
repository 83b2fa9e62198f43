"""The figures of an edition for the web and the press: files that stand alone, and a contact sheet that lists them."""

from __future__ import annotations

import io
import json
import re
import struct
import zlib
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
from building import Ran, built, built_copy, copy, impressum, line_of, pages, replace, scratch, whole

from impressum.core.errors import Faults, Place
from impressum.core.model.figures import UsedFigure
from impressum.pipeline import build
from impressum.stages.verify import verify_sheet

SVG = "{http://www.w3.org/2000/svg}"
PUBLICATION = """title: "Figures: Alone and Together"
language: en
date: 2025-03-31
authors:
  - name: The Impressum contributors
impressum:
  publisher:
    name: Impressum
  licence: CC-BY-4.0
"""
HARVEST = """title: Harvest by year
alt: Bars for two years; the second is longer.
source: Office for Examples (2024), https://example.org/a/long/path/to/the/table?year=2024&view=all
credit: "Drawing: the contributors"
data:
  - harvest
words:
  axis: Harvest in tonnes
"""
PHOTO = """title: A field in autumn
alt: A field under a grey sky.
credit: "Photo: A. Example"
"""
CHAPTER = """# Figures

Text between them, with @fig-harvest and @fig-map.

![Harvest.](figure:harvest){#fig-harvest}

![A field.](figure:field){#fig-field}

::: {#fig-both}
![The map](../../images/map.svg)

![The same](../../images/map.svg){#fig-same source="Office for Examples"}

Two maps.
:::

![A map^[Of nothing.]](../../images/map.svg){#fig-map}
"""
MAP = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect id="c0" width="300" height="200" '
    'fill="#dde"/><text x="20" y="100" font-family="Nowhere" font-size="20">Novi Sad</text></svg>'
)
FOLDER = "figures-alone-and-together-en-figures"


def rich_sources(root: Path) -> Path:
    """A publication with each kind of figure: by script, a photograph, a group, an image of a chapter."""
    from PIL import Image

    copy("figures", root)
    (root / "publication.yaml").write_text(PUBLICATION, encoding="utf-8")
    (root / "figures/harvest.yaml").write_text(HARVEST, encoding="utf-8")
    (root / "figures/field.yaml").write_text(PHOTO, encoding="utf-8")
    for name in ("figures/rain.yaml", "figures/rain.py", "figures/data/rain.csv", "figures/data/rain.yaml"):
        (root / name).unlink()
    for path in (root / "chapters/sr-Latn").iterdir():
        path.unlink()
    (root / "chapters/sr-Latn").rmdir()
    Image.effect_mandelbrot((1200, 600), (-2, -1.2, 1, 1.2), 60).convert("RGB").save(root / "figures/field.jpg")
    (root / "images").mkdir()
    (root / "images/map.svg").write_text(MAP, encoding="utf-8")
    (root / "chapters/en/01-figures.md").write_text(CHAPTER, encoding="utf-8")
    return root


@cache
def rich() -> Path:
    """The publication of `rich_sources`, built once: not to be changed."""
    root = rich_sources(scratch() / "rich")
    ran = impressum(root, "build")
    assert ran.code == 0, ran.stderr
    return root


def exported(name: str) -> bytes:
    return (rich() / "dist" / FOLDER / name).read_bytes()


def svg(name: str) -> ElementTree.Element:
    return ElementTree.fromstring(exported(name))


def size_of(png: bytes) -> tuple[int, int]:
    across, down = struct.unpack(">II", png[16:24])
    return across, down


def chunks(png: bytes) -> dict[str, bytes]:
    """The chunks of a PNG by kind, texts by their keyword; each has its sum."""
    found: dict[str, bytes] = {}
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + content)
        found[content.split(b"\0")[0].decode() if kind == b"iTXt" else kind.decode()] = content
        at += 12 + length
    return found


def rendered(name: str) -> bytes:
    """The pixels of an exported SVG where no font of ours is known."""
    import typst

    folder = scratch()
    (folder / name).write_bytes(exported(name))
    (folder / "alone.typ").write_text(
        f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{name}")', encoding="utf-8"
    )
    content = typst.compile(folder / "alone.typ", format="png", ppi=40, ignore_system_fonts=True)
    assert isinstance(content, bytes)
    return content


def test_each_figure_is_exported_once_as_svg_and_png_under_its_own_name() -> None:
    names = ("01-figures-figure-3a", "field", "harvest", "map", "same")
    assert sorted(path.name for path in (rich() / "dist" / FOLDER).iterdir()) == sorted(
        f"{name}.{suffix}" for name in names for suffix in ("svg", "png")
    )
    assert whole(rich() / "dist")


def test_finished_files_leave_the_work_files_when_they_are_published() -> None:
    work = rich() / ".cache" / "work" / "en"
    assert (work / "typst").is_dir()
    assert not (work / "finished").exists()


def test_an_svg_says_to_a_screen_reader_what_it_is_and_what_it_shows() -> None:
    root = svg("harvest.svg")
    assert (root.get("role"), root.get("lang"), root.get("aria-labelledby")) == ("img", "en", "title description")
    title, description = root[0], root[1]
    assert (title.tag, title.get("id"), title.text) == (f"{SVG}title", "title", "Harvest by year")
    assert (description.tag, description.get("id")) == (f"{SVG}desc", "description")
    assert description.text == "Bars for two years; the second is longer."


@pytest.mark.parametrize("name", ["harvest.svg", "map.svg", "field.svg"])
def test_an_svg_needs_no_font_and_no_other_file(name: str) -> None:
    root = svg(name)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"text", "tspan", "style", "foreignObject", "svg"} - {root.tag.removeprefix(SVG)}
    addresses = [value for one in root.iter() for key, value in one.attrib.items() if key.endswith("href")]
    assert [one for one in addresses if not one.startswith(("#", "data:image/jpeg", "data:image/png"))] == []


def test_the_ids_of_an_svg_are_each_given_once_and_each_reference_leads_to_one() -> None:
    for name in ("harvest.svg", "map.svg"):
        root = svg(name)
        ids = [one.get("id") for one in root.iter() if one.get("id")]
        assert len(ids) == len(set(ids))
        used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', exported(name).decode()))
        assert used <= set(ids)


@pytest.mark.parametrize("name", ["harvest", "map", "field", "same"])
def test_svg_and_png_show_the_same(name: str) -> None:
    import io

    from PIL import Image, ImageChops, ImageStat

    ours = Image.open(io.BytesIO(rendered(f"{name}.svg"))).convert("L")
    theirs = Image.open(io.BytesIO(exported(f"{name}.png"))).convert("L").resize(ours.size)
    assert ImageStat.Stat(ImageChops.difference(ours, theirs)).mean[0] < 4


def test_a_png_is_at_least_two_thousand_pixels_wide_and_says_its_size_in_print() -> None:
    for name in ("harvest.png", "map.png", "field.png"):
        png = exported(name)
        assert size_of(png)[0] == 2000
        metre, _, unit = struct.unpack(">IIB", chunks(png)["pHYs"])
        assert unit == 1
        assert round(2000 / metre * 1000) == 128  # 116 mm of text, and 6 mm on each side


def test_a_png_carries_title_description_and_source() -> None:
    found = chunks(exported("harvest.png"))
    assert found["Title"].decode() == "Title\0\0\0\0\0Harvest by year"
    assert found["Description"].decode() == "Description\0\0\0\0\0Bars for two years; the second is longer."
    assert found["Source"].decode().split("\n") == [
        (
            "Source\0\0\0\0\0Source: Office for Examples (2024), "
            "https://example.org/a/long/path/to/the/table?year=2024&view=all"
        ),
        "Drawing: the contributors",
        "Figures: Alone and Together · Impressum 2025 · CC\u00a0BY\u00a04.0",
    ]


def test_a_picture_made_beforehand_is_not_put_under_the_licence_of_the_publication() -> None:
    said = chunks(exported("field.png"))["Source"].decode()
    assert said == "Source\0\0\0\0\0Photo: A. Example\nFigures: Alone and Together · Impressum 2025"


def test_many_figures_take_several_pages_without_an_isbn_and_a_licence_stands_beside_its_credit(tmp_path: Path) -> None:
    root = rich_sources(tmp_path / "rich")
    more = "".join(f"\n![Map number {count}](../../images/map.svg){{#fig-map-{count}}}\n" for count in range(1, 8))
    (root / "chapters/en/01-figures.md").write_text(CHAPTER + more, encoding="utf-8")
    replace(root / "publication.yaml", "  licence:", "  isbn: 978-3-16-148410-0\n  doi: 10.1234/abc\n  licence:")
    path = root / "figures/field.yaml"
    path.write_text(PHOTO + "licence: CC-BY-NC-4.0\n", encoding="utf-8")
    assert impressum(root, "build").code == 0
    said = chunks((root / "dist" / FOLDER / "field.png").read_bytes())["Source"].decode()
    assert "Photo: A. Example · CC\u00a0BY-NC\u00a04.0\n" in said
    content = (root / "dist" / f"{FOLDER}.pdf").read_bytes()
    assert b"978-3-16" not in content
    assert b"10.1234" not in content
    document = pypdfium2.PdfDocument(content)
    try:
        texts = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    assert len(texts) == 2
    for count in range(1, 8):
        (page,) = [text for text in texts if f"Map number {count}" in text]
        assert f"map-{count}.svg" in page, "each entry is whole"


def test_the_contact_sheet_lists_each_figure_with_its_number_its_page_its_source_and_its_files() -> None:
    (text,) = pages(rich(), f"{FOLDER}.pdf")
    assert text.startswith("Contact sheet of the figures Figures: Alone and Together · Impressum 2025 ")
    book = pages(rich(), "figures-alone-and-together-en.pdf")
    page = next(number for number, words in enumerate(book, 1) if "Figure 1 Harvest." in words)
    for said in (
        "Figure 1 Harvest by year",
        "Source: Office for Examples (2024), https://example.org/a/long/path/to/the/table?year=2024&view=all",
        f"p. {page} · harvest.svg, harvest.png (2000 × ",
        "Figure 2 A field in autumn",
        "Photo: A. Example",
        "Figure 3a The map",
        "01-figures-figure-3a.svg, 01-figures-figure-3a.png (2000 × ",
        "Figure 3b The same",
        "Figure 4 A map",
    ):
        assert "".join(said.split()) in "".join(text.split()), said  # an address breaks over lines


def test_the_contact_sheet_is_tagged_and_says_what_its_pictures_show() -> None:
    with pikepdf.open(rich() / "dist" / f"{FOLDER}.pdf") as document:
        assert str(document.Root.Lang) == "en"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["dc:title"] == "Contact sheet of the figures: Figures: Alone and Together"
        elements = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/S" in thing]
        alts = [str(one.Alt) for one in elements if one.S == "/Figure"]
    assert sorted(alts) == [
        "A field under a grey sky.",
        "A map",
        "Bars for two years; the second is longer.",
        "The map",
        "The same",
    ]


def test_each_edition_has_its_own_words() -> None:
    dist = built("figures") / "dist"
    for tag, title, foreign in (("en", "Harvest", "Žetva"), ("sr-Latn", "Žetva", "Harvest")):
        content = (dist / f"two-figures-{tag}-figures" / "harvest.svg").read_text(encoding="utf-8")
        assert f">{title}</title>" in content
        assert f'lang="{tag}"' in content
        (sheet,) = pages(built("figures"), f"two-figures-{tag}-figures.pdf")
        assert title in sheet
        assert foreign not in sheet
    with pikepdf.open(dist / "two-figures-sr-Latn-figures.pdf") as document:
        assert str(document.Root.Lang) == "sr-Latn"


def test_the_records_list_the_folder_and_each_of_its_files() -> None:
    dist = rich() / "dist"
    record = json.loads((dist / f"{FOLDER}.record.json").read_bytes())
    assert (record["name"], record["edition"], record["format"]) == (FOLDER, "en", "figures")
    assert [one["name"] for one in record["files"]] == sorted(
        f"{FOLDER}/{path.name}" for path in (dist / FOLDER).iterdir()
    )
    products = json.loads((dist / "build-record.json").read_bytes())["products"]
    assert [(one["name"], one["format"]) for one in products] == [
        (FOLDER, "figures"),
        (f"{FOLDER}.pdf", "contact-sheet"),
        ("figures-alone-and-together-en.pdf", "pdf"),
    ]


def test_a_folder_is_verified_against_its_record(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    folder = root / "dist" / "two-figures-en-figures"
    assert impressum(None, "verify", str(folder)).stdout == f"{folder}: as its record says\n"
    (folder / "rain.svg").unlink()
    (folder / "harvest.svg").write_bytes(b"<svg/>")
    ran = impressum(None, "verify", str(folder))
    assert ran.code == 1
    assert f"{folder}/rain.svg: error: it is recorded and not there [file-missing]" in ran.faults
    assert f"{folder}/harvest.svg: error: its SHA-256 is `" in ran.faults


def test_a_figure_that_is_taken_out_leaves_with_the_next_build_of_its_edition(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    settings = root / "publication.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "rules: {parity-figures: off, parity-ids: off}\n", encoding="utf-8"
    )
    for tag in ("en", "sr-Latn"):
        path = root / "chapters" / tag / "01-figures.md"
        path.write_text(path.read_text(encoding="utf-8").partition("![")[0], encoding="utf-8")
    path = root / "chapters/en/01-figures.md"
    path.write_text(path.read_text(encoding="utf-8") + "![Rain.](figure:rain){#fig-rain}\n", encoding="utf-8")
    assert impressum(root, "build", "--edition", "en").code == 0
    dist = root / "dist"
    assert sorted(path.name for path in (dist / "two-figures-en-figures").iterdir()) == ["rain.png", "rain.svg"]
    assert len(list((dist / "two-figures-sr-Latn-figures").iterdir())) == 4
    assert whole(dist)
    assert impressum(root, "build", "--edition", "sr-Latn").code == 0
    assert [path.name for path in dist.iterdir() if "sr-Latn" in path.name and "figures" in path.name[11:]] == []
    assert whole(dist)


def test_a_file_of_the_user_in_a_folder_of_figures_is_left(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    letter = root / "dist" / "two-figures-en-figures" / "letter to the press.txt"
    letter.write_text("Dear")
    for tag in ("en", "sr-Latn"):
        path = root / "chapters" / tag / "01-figures.md"
        path.write_text(path.read_text(encoding="utf-8").partition("![")[0], encoding="utf-8")
    assert impressum(root, "build", "--edition", "en").code == 0
    assert [path.name for path in letter.parent.iterdir()] == [letter.name]


def test_a_draft_exports_nothing_and_leaves_what_is_there(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    folder = root / "dist" / "two-figures-en-figures"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    replace(root / "figures/harvest.yaml", "title: Harvest", "title: The harvest")
    ran: Ran = impressum(root, "build", "--draft")
    assert ran.stdout == "dist/two-figures-en.pdf\ndist/two-figures-sr-Latn.pdf\n"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_changed_value_makes_only_the_plates_of_the_figures_that_show_it_again(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    again = line_of(root)
    build.build(again)
    assert (again.memo.ran.get("plate", 0), again.memo.reused["plate"]) == (0, 4)
    replace(root / "figures/data/rain.csv", "2024,150", "2024,151")
    changed = line_of(root)
    build.build(changed)
    assert (changed.memo.ran["plate"], changed.memo.reused["plate"]) == (2, 2)
    assert changed.memo.ran["sheet"] == 2


def test_a_figure_that_stands_in_no_chapter_is_a_warning(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    for tag in ("en", "sr-Latn"):
        path = root / "chapters" / tag / "01-figures.md"
        path.write_text(path.read_text(encoding="utf-8").rpartition("![")[0], encoding="utf-8")
    ran = impressum(root, "check")
    assert (ran.code, ran.faults) == (
        0,
        (
            "figures/rain.yaml: warning: the figure `rain` is in no chapter [figure-unused]\n"
            "  hint: put it into one: `![Caption](figure:rain){#fig-rain}`, or take its files away"
        ),
    )
    assert impressum(root, "check", "--edition", "en").faults == ""


def test_a_figure_that_a_contact_sheet_lacks_is_a_fault() -> None:
    pdf = (built("figures") / "dist" / "two-figures-en-figures.pdf").read_bytes()
    faults = Faults()
    place = Place("chapters/en/01-figures.md", 5, 1)
    snow = UsedFigure("snow", "l", "3", "snow", "f", "Snow", "White.", None, None, None, "text", True, place)
    report = verify_sheet(pdf, (snow,), faults)
    assert (report.pages, report.standards) == (1, ("PDF/UA-1", "PDF/A-2a"))
    assert [str(fault) for fault in faults.all()] == [
        (
            "chapters/en/01-figures.md:5:1: error: the contact sheet does not show `Snow` [sheet-figure-lost]\n"
            "  hint: where the publication has a `templates/sheet.typ` of its own, look there"
        )
    ]


def test_the_tags_of_a_contact_sheet_are_checked() -> None:
    out = io.BytesIO()
    with pikepdf.open(built("figures") / "dist" / "two-figures-en-figures.pdf") as document:
        document.pages[0].StructParents = 99
        document.save(out)
    faults = Faults()
    verify_sheet(out.getvalue(), (), faults)
    assert str(faults.all()[0]) == (
        "publication.yaml: error: the tags of the contact sheet do not hold together: entry 0 of the parent tree "
        "belongs to no page and no link [document-tag-tree]\n"
        "  hint: this is a fault of Impressum or of a template of this publication; leave the template out to see which"
    )
