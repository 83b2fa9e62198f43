"""Parts, front matter, appendices, chapter authors, the contents and the lists of figures and tables."""

from __future__ import annotations

import io
from functools import cache

import pikepdf
import pypdfium2
import pytest
from building import words_of
from verifying import Set, made

from impressum.core.errors import Faulty

DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" width="320" height="70" viewBox="0 0 320 70">
  <rect x="0" y="6" width="300" height="22" fill="#15324a"/>
</svg>
"""
SOURCES = {
    "publication.yaml": """\
title: Rivers and Roads
language: en
date: 2025-03-31
references: before-appendices
authors:
  - name: Ana Anić
""",
    "templates/theme.yaml": "contents:\n  figures: true\n  tables: true\n",
    "bib/references.bib": "@book{maric2001, author = {Marić, Vesna}, title = {Tolls}, date = {2001}}\n",
    "images/boats.svg": DRAWING,
    "chapters/en/01-preface.md": """\
---
kind: front
authors: [Ana Anić, Marko Perić]
---

# Preface

Why this book was written, and for whom.
""",
    "chapters/en/02-water.md": """\
---
kind: part
---

# The water

What a river carries, and who lives from it.
""",
    "chapters/en/03-rivers.md": """\
---
authors: [Jelena Ilić]
---

# Rivers^[A note in a title.]

Boats came twice a year, and paid their toll to the first town on the lower course.

![Boats with CO~2~ and *ice*^[A note in a caption.] in the harbours of the lower course, a caption long enough to turn
over](images/boats.svg){#fig-boats alt="One bar."}

| Year | Boats |
|------|-------|
| 1712 | 14    |

: Boats by year {#tbl-boats}

| A table | without a number |
|---------|------------------|
| one     | two              |
""",
    "chapters/en/04-land.md": """\
---
kind: part
---

# The land
""",
    "chapters/en/05-roads.md": """\
# Roads

The road was built where no boat could go.

## Bridges

Each bridge had a keeper.
""",
    "chapters/en/06-end.md": """\
---
numbered: false
---

# What follows

The railway took the grain [@maric2001].
""",
    "chapters/en/07-charters.md": """\
---
kind: appendix
---

# Charters

The text of the first charter.
""",
    "chapters/en/08-tolls.md": """\
---
kind: appendix
---

# Tolls

| Load | Toll |
|------|------|
| Salt | half |

: Tolls by load {#tbl-tolls}
""",
}


@cache
def book() -> Set:
    return made(SOURCES)


@cache
def serbian() -> Set:
    """The same structure in Serbian, in Cyrillic script."""
    own = {name.replace("/en/", "/sr-Cyrl/"): text for name, text in SOURCES.items()}
    own["publication.yaml"] = own["publication.yaml"].replace("language: en", "language: sr-Cyrl")
    return made(own)


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [words_of(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def bookmarks(pdf: bytes) -> list[str]:
    """The bookmarks, each indented by its level."""

    def lines(items: list[pikepdf.OutlineItem], indent: str) -> list[str]:
        found = []
        for item in items:
            found += [indent + str(item.title), *lines(list(item.children), f"{indent}  ")]
        return found

    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_outline() as outline:
        return lines(list(outline.root), "")


def changed(template: str, old: str, new: str) -> str:
    """What verify finds when `template` says `new` instead of `old`."""

    def change(source: str) -> str:
        assert source.count(old) == 1
        return source.replace(old, new)

    return book().faults(book().again({template: change}))


def test_the_contents_group_chapters_by_parts_and_name_their_authors() -> None:
    assert pages(book().pdf)[2] == (
        "Contents Preface Ana Anić and Marko Perić 5 Part I The water 6 1 Rivers Jelena Ilić 7 "
        "Part II The land 8 2 Roads 9 Bridges 9 What follows 10 References 11 A Charters 12 B Tolls 13 3"
    )


def test_the_lists_give_what_has_a_number_by_its_caption_without_notes() -> None:
    assert pages(book().pdf)[3] == (
        "List of figures 1 Boats with CO2 and ice in the harbours of the lower course, a caption long enough to turn "
        "over 7 List of tables 1 Boats by year 7 2 Tolls by load 13 4"
    )


def test_there_is_no_list_that_the_theme_does_not_ask_for() -> None:
    without = {name: text for name, text in SOURCES.items() if name != "templates/theme.yaml"}
    assert [page.split()[0] for page in pages(made(without).pdf)[2:4]] == ["Contents", "Preface"]


def test_a_part_has_a_page_of_its_own_with_its_number_its_title_and_a_few_words() -> None:
    assert pages(book().pdf)[5] == "I The water What a river carries, and who lives from it. 6"
    assert pages(book().pdf)[7] == "II The land 8"


def test_chapters_name_their_authors_under_the_title_and_notes_in_titles_count_once() -> None:
    assert pages(book().pdf)[4] == "Preface Ana Anić and Marko Perić Why this book was written, and for whom. 5"
    assert pages(book().pdf)[6].startswith("1 Rivers1 Jelena Ilić Boats came twice a year")
    assert pages(book().pdf)[6].endswith("1 A note in a title. 2 A note in a caption. 7")


def test_appendices_are_lettered_in_the_letters_of_the_language() -> None:
    assert [page[:10] for page in pages(book().pdf)[-2:]] == ["Appendix A", "Appendix B"]
    assert [page[:8] for page in pages(serbian().pdf)[-2:]] == ["Прилог А", "Прилог Б"]
    assert pages(serbian().pdf)[2].endswith("Литература 11 А Charters 12 Б Tolls 13 3")


def test_bookmarks_bear_numbers_and_chapters_stand_under_their_parts() -> None:
    assert bookmarks(book().pdf) == [
        "Impressum",
        "Contents",
        "List of figures",
        "List of tables",
        "Preface",
        "I The water",
        "  1 Rivers",
        "II The land",
        "  2 Roads",
        "    Bridges",
        "  What follows",
        "References",
        "A Charters",
        "B Tolls",
    ]


def test_titles_of_parts_and_chapters_are_headings_of_the_first_level() -> None:
    with pikepdf.open(io.BytesIO(book().pdf)) as document:
        tags = [
            str(thing.S)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/StructElem"
        ]
    # Impressum, contents, two lists, the eight chapters and the references; below them one section.
    assert (tags.count("/H1"), tags.count("/H2"), tags.count("/H3")) == (13, 1, 0)


def test_what_is_meant_is_on_the_pages() -> None:
    assert book().faults() == ""
    assert serbian().faults() == ""


def test_an_entry_that_a_list_leaves_out_is_named() -> None:
    assert changed("lists.typ", "if said != none {", 'if said != none and number != "2" {') == (
        "chapters/en/08-tolls.md:7:3: error: `List of tables` on page 4 does not give `Tolls by load`, "
        "which stands on page 13 [page-contents]"
    )


def test_lists_with_wrong_pages_are_named_line_by_line() -> None:
    found = changed("contents.typ", "entry.page()", "[#(entry.element.location().page() + 1)]")
    assert "\n".join(line for line in found.splitlines() if "List of" in line) == (
        "chapters/en/03-rivers.md:10:7: error: `List of figures` on page 4 gives page 8 for "
        "`Boats with CO2 and ice in the harbours …`, which stands on page 7 [page-contents]\n"
        "chapters/en/03-rivers.md:12:3: error: `List of tables` on page 4 gives page 8 for `Boats by year`, "
        "which stands on page 7 [page-contents]\n"
        "chapters/en/08-tolls.md:7:3: error: `List of tables` on page 4 gives page 14 for `Tolls by load`, "
        "which stands on page 13 [page-contents]"
    )


def test_a_list_that_is_missing_and_a_line_too_many_are_named() -> None:
    assert changed("book.typ", "#lists-of-pages(data)\n", "") == (
        "chapters/en/03-rivers.md:10:7: error: no page before page 4 is headed `List of figures` [page-contents]\n"
        "chapters/en/03-rivers.md:12:3: error: no page before page 4 is headed `List of tables` [page-contents]"
    )
    more = "  outline(title: none, target: target)\n"
    assert changed("lists.typ", more, f"{more}  [Ferries #h(1fr) 9]\n").splitlines()[0] == (
        "chapters/en/03-rivers.md:10:7: error: `List of figures` on page 4 gives `Ferries`, "
        "which is no figure with a number [page-contents]"
    )


def test_authors_who_are_not_printed_are_named_at_the_title_of_their_chapter() -> None:
    assert changed("headings.typ", '  if names != "" {', '  if names == "" {') == (
        "chapters/en/01-preface.md:6:3: error: the text `Ana Anić and Marko Perić` is not printed on page 5 "
        "or after it [text-lost]\n"
        "chapters/en/03-rivers.md:5:3: error: the text `Jelena Ilić` is not printed on page 7 or after it [text-lost]"
    )
    assert changed("contents.typ", 'let under = if facts.byline != ""', "let under = if false").splitlines()[0] == (
        "chapters/en/01-preface.md:6:3: error: the contents on page 3 do not list `Preface`, "
        "which stands on page 5 [page-contents]"
    )


ABBREVIATIONS = """\
# Rivers

The NGOs and the EU paid for the wharves of the UN.

::: abbreviations
EU
:   European Union, which is not the WTO

NGO
:   non-governmental organisation

UNO
:   United Nations

WTO
:   World Trade Organization
:::
"""


def test_abbreviations_that_stand_nowhere_in_the_text_are_warned_of() -> None:
    run = made({"publication.yaml": SOURCES["publication.yaml"], "chapters/en/01-rivers.md": ABBREVIATIONS}).run
    assert "\n".join(str(fault) for fault in run.faults.all()) == (
        "chapters/en/01-rivers.md:12:1: warning: the abbreviation `UNO` is listed and stands nowhere in the text "
        "[abbreviation-unused]\n"
        "  hint: take it out of the list, or write it in the text as it is listed\n"
        "chapters/en/01-rivers.md:15:1: warning: the abbreviation `WTO` is listed and stands nowhere in the text "
        "[abbreviation-unused]\n"
        "  hint: take it out of the list, or write it in the text as it is listed"
    )


def test_a_token_that_is_true_or_false_takes_nothing_else() -> None:
    with pytest.raises(Faulty) as caught:
        made({**SOURCES, "templates/theme.yaml": "contents:\n  figures: yes\n"})
    assert str(caught.value) == (
        "templates/theme.yaml:2:12: error: `contents.figures` must be `true` or `false`, not `yes` [theme-token]\n"
        "  hint: the theme's own value is `false`"
    )
