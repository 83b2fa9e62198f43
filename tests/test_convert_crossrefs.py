"""Cross-references, notes by chapter and works by chapter, as a reader finds them in the finished file."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from building import REPOSITORY, impressum, pages_of, replace
from pypdf import PdfReader
from verifying import made_in

SIMPLE = """\
@book{doe2020, author = {Doe, Jane}, title = {Money}, publisher = {Press}, year = {2020}}
@book{roe2021, author = {Roe, Ann}, title = {Debt}, publisher = {Press}, year = {2021}}
"""
FIELD = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="90"><path d="M0 9h190v70h-190z"/></svg>'
FIGURE = '![The field]({name}){{#fig-field alt="A field"}}\n'.format(name="images/field.svg")
RULES = "chapter-end: off, type-spacing: off, type-heading: off, type-rhythm: off"  # the chapters are of one line
THEME = "references: {pages: true}\n"


def publication(root: Path, *chapters: str, tag: str = "en", theme: str = "", style: str = "") -> Path:
    """A publication of `chapters` in the language `tag`."""
    texts = {
        "publication.yaml": f"title: Shown\nlanguage: {tag}\ndate: 2025-01-31\nrules: {{{RULES}}}\n{style}",
        "bib/references.bib": SIMPLE,
        "images/field.svg": FIELD,
        **{f"chapters/{tag}/{number:02}-part.md": text for number, text in enumerate(chapters, 1)},
        **({"templates/theme.yaml": theme} if theme else {}),
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def pdf_of(root: Path) -> bytes:
    """The publication in `root`, set without a fault."""
    book = made_in(root)
    assert book.report()[1] == ""
    return book.pdf


def shown(pdf: bytes) -> list[str]:
    """The pages of a file."""
    return [page.replace("\u00a0", " ") for page in pages_of(pdf)]


def built(root: Path) -> list[str]:
    """The pages of the publication in `root`, set without a fault."""
    return shown(pdf_of(root))


def test_references_print_the_number_of_what_they_name(tmp_path: Path) -> None:
    text = f"""\
# One {{#sec-one}}

It is in @sec-one, @fig-field, @tbl-a and @eq-a; alone [-@fig-field] and [-@eq-a]; both [@fig-field; @tbl-a].

{FIGURE}
| A | B |
|---|---|
| 1 | 2 |

: Rows {{#tbl-a}}

$$a = b$$ {{#eq-a}}
"""
    page = built(publication(tmp_path, text))[3]
    assert "It is in Chapter 1, Figure 1, Table 1 and Equation (1); alone 1 and (1); both Figure 1, Table 1." in page


def test_a_reference_in_a_heading_or_a_caption_is_shown_in_the_contents_and_the_bookmarks(tmp_path: Path) -> None:
    text = f"# One\n\nText.\n\n## As @fig-field shows\n\nText, @sec-two.\n\n{FIGURE}\n"
    text = text.replace("![The field]", "![The field of @sec-two]")
    root = publication(tmp_path, text, "# Two @fig-field {#sec-two}\n\nText.\n")
    pdf = pdf_of(root)
    found = shown(pdf)
    assert "As Figure 1 shows 4" in found[2]
    assert "Figure 1 The field of Chapter 2" in found[3]
    titles = [str(item.title) for item in PdfReader(io.BytesIO(pdf)).outline if not isinstance(item, list)]
    assert titles[-1].endswith("Two Figure\u00a01")


def test_a_reference_that_begins_a_sentence_has_a_capital_letter(tmp_path: Path) -> None:
    one = "@fig-field pokazuje polje. @fig-field je tu, kao npr. @fig-field, ili (@fig-field)."
    two = "Polje (Kos 2020, 6). @fig-field (npr.) @fig-field, ili 8%.^[Tu.]^[Tamo.] @fig-field je kraj."
    page = built(publication(tmp_path, f"# Jedan\n\n{one}\n\n{two}\n\n{FIGURE}", tag="sr-Latn"))[3]
    assert "Slika 1 pokazuje polje. Slika 1 je tu, kao npr. slika 1, ili (slika 1)." in page
    assert "Polje (Kos 2020, 6). Slika 1 (npr.) slika 1, ili 8%.1 , 2 Slika 1 je kraj." in page


def test_the_page_is_said_where_the_theme_asks_and_the_target_stands_on_another_one(tmp_path: Path) -> None:
    one = "# One {#sec-one}\n\nHere is @sec-one, there @sec-two, number [-@sec-two].^[And @sec-two.]\n"
    root = publication(tmp_path, one, "# Two {#sec-two}\n\nBack to @sec-one.\n", theme=THEME)
    found = built(root)
    assert "Here is Chapter 1, there Chapter 2, p. 5, number 2." in found[3]
    assert "And Chapter 2, p. 5." in found[3]
    assert "Back to Chapter 1, p. 4." in found[4]


def test_a_wrong_page_and_a_missing_one_are_named(tmp_path: Path) -> None:
    one = "# One {#sec-one}\n\nHere is @sec-one, there @sec-two.\n"
    root = publication(tmp_path, one, "# Two {#sec-two}\n\nBack to @sec-one.\n", theme=THEME)
    template = root / "templates/references.typ"
    shutil.copy(REPOSITORY / "impressum/templates/book/references.typ", template)
    hint = (
        "look whether a template of this publication changes cross-references; "
        "if none does, this is a fault of Impressum"
    )
    replace(template, "str(page)", "str(target.location().page() + 1)")
    assert impressum(root, "build").faults == (
        "chapters/en/01-part.md:3:25: error: the reference `Chapter 2` on page 4 says page 6, "
        f"but its target stands on page 5 [page-reference]\n  hint: {hint}\n"
        "chapters/en/02-part.md:3:9: error: the reference `Chapter 1` on page 5 says page 5, "
        f"but its target stands on page 4 [page-reference]\n  hint: {hint}\n"
        "  pages: .cache/work/en/refused.pdf, with what is wrong marked on them"
    )
    replace(template, 'pattern.replace("{number}", str(target.location().page() + 1))', "none")
    assert impressum(root, "build").faults.splitlines()[0] == (
        "chapters/en/01-part.md:3:25: error: the reference `Chapter 2` on page 4 does not say the page of its target, "
        "which is 5 [page-reference]"
    )


def test_a_figure_with_a_fault_does_not_make_a_fault_of_each_reference_to_it(tmp_path: Path) -> None:
    root = publication(tmp_path, "# One\n\nSee @fig-x.\n\n![The field](images/feld.svg){#fig-x}\n")
    assert [line.rpartition("[")[2] for line in impressum(root, "check").faults.splitlines() if "error" in line] == [
        "image-missing]"
    ]


def test_notes_are_counted_anew_in_each_chapter_where_the_theme_asks(tmp_path: Path) -> None:
    one = "# One^[In a title.]\n\nText.^[First.] Text.[^*]\n\n[^*]: Starred.\n"
    root = publication(tmp_path, one, "# Two\n\nText.^[Second.]\n", theme="notes: {numbering: chapter}\n")
    found = built(root)
    assert "In a title" not in found[2]
    for note in ("1 In a title.", "2 First.", "* Starred."):
        assert note in found[3]
    assert "1 Second." in found[4]


def test_notes_count_through_the_book_in_titles_captions_terms_and_cells(tmp_path: Path) -> None:
    text = f"""\
# One^[In a title.]

Text.[^a][^b] Text.[^†]

[^a]: First.

    A second paragraph.

[^b]: Second.

[^†]: Daggered.

{FIGURE.replace("field]", "field^[In a caption.]]")}
Term^[In a term.]
:   Definition.

| A | B |
|---|---|
| 1 | 2^[In a cell.] |

## Section^[In a heading.]

Text.
"""
    root = publication(tmp_path, text, "# Two\n\nText.^[Last.]\n", theme="contents: {figures: true}\n")
    found = built(root)
    whole = " ".join(found)
    notes = ("In a title.", "First.", "Second.", "In a caption.", "In a term.", "In a cell.", "In a heading.", "Last.")
    for number, note in enumerate(notes, 1):
        assert whole.count(note) == 1
        assert f"{number} {note}" in whole
    assert "† Daggered." in whole


def test_each_chapter_lists_its_own_works_where_the_theme_asks(tmp_path: Path) -> None:
    one = "# One\n\nSo [@roe2021; @doe2020].\n"
    two = "# Two\n\nSo [@roe2021].\n"
    theme = "references: {by: chapter}\n"
    root = publication(tmp_path, one, two, "# Three\n\nNothing.\n", theme=theme, style="citation-style: ieee\n")
    found = built(root)
    assert "References 4" in found[2]
    assert "References 5" in found[2]
    assert found[3].endswith("[1] A. Roe, Debt. Press, 2021. [2] J. Doe, Money. Press, 2020. 4")
    assert found[4].endswith("[1] A. Roe, Debt. Press, 2021. 5")
    assert len(found) == 6
    assert "References" not in found[5]


def test_works_that_nobody_cites_are_not_listed_by_chapter(tmp_path: Path) -> None:
    theme = "references: {by: chapter}\n"
    root = publication(tmp_path, "# One\n\nSo [@roe2021].\n", theme=theme, style="nocite: all\n")
    assert impressum(root, "check").faults == (
        "publication.yaml:5:9: warning: `nocite: all` has no effect, for each chapter lists the works that it cites "
        "(`references.by: chapter`) [nocite-by-chapter]\n"
        "  hint: take it out, or let the theme list the works of the whole book"
    )
