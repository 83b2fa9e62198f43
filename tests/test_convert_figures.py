"""Figures as an author writes them: widths, groups, sources, the pixels of images, and where they may not stand."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from building import checked, line_of
from load_sources import PUBLICATION, write

from impressum.core.errors import Faulty
from impressum.core.model.manuscript import Manuscript

HEAD = "# Start\n\nText, and a [see]{#see} place.\n\n"
SCRIPT = "def draw(figure, data, words):\n    figure.subplots().plot([1, 2])\n"
DECLARED = "title: Trade\nalt: It rises.\nsource: Office, https://example.org/trade.\ncredit: Drawn by the office\n"


def png(width: int, height: int) -> bytes:
    """A picture of so many pixels."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 150)).save(out, format="PNG")
    return out.getvalue()


FILES: Mapping[str, str | bytes] = {"images/big.png": png(1200, 600), "images/small.png": png(200, 100)}
DRAWN: Mapping[str, str | bytes] = {"figures/trade.yaml": DECLARED, "figures/trade.py": SCRIPT}


def read(root: Path, text: str, files: Mapping[str, str | bytes] | None = None) -> tuple[Manuscript | None, str]:
    """The manuscript of a chapter with this `text` (None: it has errors), and its faults as they are shown.

    The figure `trade` is declared where the text names it.
    """
    drawn = DRAWN if "figure:trade" in text else {}
    write(root, {**FILES, **drawn, "chapters/en/01-start.md": HEAD + text, **(files or {})})
    run = line_of(root)
    try:
        manuscript = checked(run).editions[0].manuscript
    except Faulty as faulty:
        return None, "\n".join(str(fault) for fault in faulty.faults)
    return manuscript, "\n".join(str(fault) for fault in run.faults.all())


def fragment(root: Path, text: str, files: Mapping[str, str | bytes] | None = None) -> str:
    """The Typst fragment of a chapter that must be without any fault."""
    manuscript, faults = read(root, text, files)
    assert (faults, manuscript is None) == ("", False)
    assert manuscript is not None
    return manuscript.fragments[0].typst


def test_a_class_gives_a_figure_its_width(tmp_path: Path) -> None:
    written = fragment(tmp_path, "![One](images/big.png){.wide}\n\n![Two](images/big.png){.page}\n")
    assert 'width: 100%), [One], width: "wide", floats: true' in written
    assert 'width: 100%), [Two], width: "page", floats: true' in written


def test_the_alternative_text_is_that_of_the_image_else_its_caption(tmp_path: Path) -> None:
    written = fragment(
        tmp_path,
        '![One](images/big.png){alt="A field, seen from above"}\n\n![*Two*](images/big.png)\n\n'
        '![Three](figure:trade)\n\n![Four](figure:trade){alt="It rises in 2023."}\n',
    )
    said = ("A field, seen from above", "Two", "It rises.", "It rises in 2023.")
    assert [part.split('"')[0] for part in written.split('alt: "')[1:]] == list(said)


def test_an_image_without_a_width_is_no_larger_than_its_pixels_allow(tmp_path: Path) -> None:
    written = fragment(tmp_path, "![One](images/small.png)\n\n![Two](images/big.png)\n")
    assert "most: 96pt), [One]" in written  # 200 pixels at 150 an inch
    assert "most: 328.819pt), [Two]" in written  # the measure


def test_an_image_that_is_printed_with_too_few_pixels_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "![One](images/small.png){width=80%}\n\n![Two](images/big.png){.landscape}\n")[1] == (
        "chapters/en/01-start.md:5:8: warning: the image `images/small.png` is 200 pixels wide, and is printed at 55 "
        "an inch [image-resolution]\n"
        "  hint: use one that is at least 549 pixels wide, or set it no wider than 34mm\n"
        "chapters/en/01-start.md:7:8: warning: the image `images/big.png` is 1200 pixels wide, and is printed at 129 "
        "an inch [image-resolution]\n"
        "  hint: use one that is at least 1397 pixels wide, or set it no wider than 203mm"
    )


def test_a_cover_with_too_few_pixels_is_named_where_it_is_given(tmp_path: Path) -> None:
    cover = {"publication.yaml": f"{PUBLICATION}cover:\n  image: images/small.png\n  alt: A field\n"}
    assert read(tmp_path, "", cover)[1] == (
        "publication.yaml:5:3: warning: the image `images/small.png` is 200 pixels wide, and is printed at 19 an inch "
        "[image-resolution]\n"
        "  hint: use one that is at least 1614 pixels wide"
    )


def test_a_width_beyond_the_room_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "![One](images/big.png){width=180mm}\n")[1] == (
        "chapters/en/01-start.md:5:8: warning: the image `images/big.png` is given the width 180mm, and there is room "
        "for 116mm [figure-width]\n"
        "  hint: give it the class `.wide`, `.page` or `.landscape` instead, or a smaller width"
    )


def test_a_figure_has_one_width(tmp_path: Path) -> None:
    assert read(tmp_path, "![One](images/big.png){.wide .page}\n")[1] == (
        "chapters/en/01-start.md:5:30: error: the figure is both `.wide` and `.page` [figure-width]\n"
        "  hint: keep one of them"
    )


def test_a_drawn_figure_is_set_as_wide_as_it_is_drawn(tmp_path: Path) -> None:
    wide = {"figures/trade.yaml": f"{DECLARED}width: wide\n"}
    assert "[One], source: [" in fragment(tmp_path / "one", "![One](figure:trade)\n", wide)
    assert read(tmp_path / "two", "![One](figure:trade){.page}\n")[1] == (
        "chapters/en/01-start.md:5:8: error: the figure `trade` is drawn for the width `text` and is set `page` "
        "[figure-width]\n"
        "  hint: write `width: page` in figures/trade.yaml, and no class here: it is drawn anew, and its letters keep "
        "their size"
    )


def test_the_source_of_a_figure_is_its_own_and_its_address_is_a_link(tmp_path: Path) -> None:
    manuscript, faults = read(
        tmp_path,
        '![One](figure:trade)\n\n![Two](images/big.png){source="Archive, box 3" credit="Photo: M. Perić"}\n',
    )
    assert (faults, manuscript is None) == ("", False)
    assert manuscript is not None
    said = manuscript.expected.chapters[0]
    assert [text.text for text in said.texts[2:]] == [
        "One",
        "Source: Office, https://example.org/trade.",
        "Drawn by the office",
        "Two",
        "Source: Archive, box 3",
        "Photo: M. Perić",
    ]
    assert [link.target for link in said.links] == ["https://example.org/trade"]


def test_a_group_is_numbered_once_and_its_figures_are_lettered(tmp_path: Path) -> None:
    manuscript, faults = read(
        tmp_path,
        "See @fig-pair and @fig-left.\n\n::: {#fig-pair columns=2}\n![Left](images/big.png){#fig-left}\n\n"
        "![Right](images/big.png)\n\nBoth of them.\n:::\n\n![Next](images/big.png){#fig-next}\n",
    )
    assert (faults, manuscript is None) == ("", False)
    assert manuscript is not None
    anchors = [anchor for anchor in manuscript.expected.anchors if anchor.kind == "figure"]
    assert [(anchor.number, anchor.title, anchor.listed) for anchor in anchors] == [
        ("1", "Both of them.", True),
        ("1a", "Left", False),
        ("1b", "Right", False),
        ("2", "Next", True),
    ]
    said = [text.text for text in manuscript.expected.chapters[0].texts]
    assert said[-4:] == ["(a) Left", "(b) Right", "Both of them.", "Next"]
    assert [link.text for link in manuscript.expected.chapters[0].links] == ["Figure\u00a01", "Figure\u00a01a"]


def test_images_on_lines_that_follow_each_other_are_a_group_too(tmp_path: Path) -> None:
    written = fragment(
        tmp_path, "::: {#fig-pair}\n![Left](images/big.png)\n![Right](images/big.png)\n\nBoth of them.\n:::\n"
    )
    assert written.count('"(a)"') == written.count('"(b)"') == 1


def test_a_group_without_its_images_or_its_caption_is_named(tmp_path: Path) -> None:
    hint = "  hint: write each image as `![What it shows](file)`, and the caption of them all as the last paragraph"
    assert read(tmp_path / "one", "::: {#fig-one}\n![Left](images/big.png)\n\nOne of them.\n:::\n")[1] == (
        f"chapters/en/01-start.md:5:6: error: the group of figures holds fewer than two images [figure-group]\n{hint}"
    )
    assert read(tmp_path / "two", "::: {#fig-two}\n![Left](images/big.png)\n![Right](images/big.png)\n:::\n")[1] == (
        f"chapters/en/01-start.md:5:6: error: the group of figures has no caption [figure-group]\n{hint}"
    )
    assert read(tmp_path / "three", "::: {#fig-three}\n![Left](images/big.png)\n\n- A list\n\nWords.\n:::\n")[
        1
    ].startswith("chapters/en/01-start.md:8:3: error: the group of figures holds something that is no image")


def test_a_figure_in_a_list_does_not_float_and_takes_no_more_than_its_width(tmp_path: Path) -> None:
    assert "floats: false" in fragment(tmp_path / "one", "- Item\n\n  ![One](images/big.png)\n")
    assert read(tmp_path / "two", "> Words.\n>\n> ![One](images/big.png){.wide}\n")[1] == (
        "chapters/en/01-start.md:7:10: error: a figure that is `wide` is in a list, a quotation, a box or a cell "
        "[figure-width]\n"
        "  hint: put it behind that block, where it has the room, or take its width away"
    )


def test_a_figure_in_a_note_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "A note.[^one]\n\n[^one]: It says.\n\n    ![One](images/big.png)\n")[1] == (
        "chapters/en/01-start.md:9:12: error: a figure is in a note [figure-in-note]\n"
        "  hint: put it into the text, and refer to it in the note"
    )


def test_a_note_in_the_caption_of_a_figure_with_a_page_of_its_own_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "![One^[As here.]](images/big.png){.page}\n")[1] == (
        "chapters/en/01-start.md:5:6: error: a note stands on a page that a figure or table has for itself "
        "[note-on-own-page]\n"
        "  hint: put the note behind a cross-reference to it in the text, or its words into the caption or the source"
    )
