"""What stands outside the type area, over other text, or should not be printed is named with page and line."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
from verifying import good, short, spoiled

from impressum.core.errors import Fault, Faults, Place
from impressum.stages.typeset.refused import mark_refused
from impressum.stages.verify import verify
from impressum.stages.verify.words import Match, wanted

A4 = (595.276, 841.89)


def test_words_outside_the_type_area_are_named() -> None:
    pushed = short().with_rule('#show "took": it => box(width: 30pt, place(top + left, dx: 340pt, it))')
    assert short().report(pushed)[1] == (
        "chapters/en/02-decline.md:5:1: error: `took` on page 5: 103 pt to the right of the type area [page-outside]\n"
        "  hint: let the words break (a space, a hyphen, a smaller table), or make the table or the code narrower"
    )


def test_a_mark_stands_where_the_words_do_and_one_without_a_line_goes_down_the_page(tmp_path: Path) -> None:
    pushed = short().with_rule('#show "took": it => box(width: 30pt, place(top + left, dx: 340pt, it))')
    found = Faults()
    verify(pushed, short().expected, theme=short().manuscripts.sources.theme, faults=found)
    (outside,) = found.errors()
    page, top, bottom = outside.spot
    blank = Fault(Place("publication.yaml"), "page 3 is blank", "page-blank", spot=(3, 0.0, 0.0))
    lost = Fault(Place("publication.yaml"), "the file has no title", "document-title")
    marked = pypdfium2.PdfDocument(mark_refused(pushed, (outside, blank, lost), tmp_path))
    assert (page, len(marked)) == (5, len(pypdfium2.PdfDocument(pushed)) + 1)
    for number, label, at in ((5, "page-outside", top), (3, "page-blank", 0.0)):
        text = marked[number - 1].get_textpage()
        box = text.get_charbox(text.search(label).get_next()[0])
        assert abs(A4[1] - box[3] - at) < 8, label
    assert 5 < bottom - top < 20
    assert " ".join(marked[len(marked) - 1].get_textpage().get_text_range().split()) == (
        "What is wrong on the pages document-title publication.yaml: the file has no title "
        "page-blank publication.yaml: page 3 is blank page-outside chapters/en/02-decline.md:5:1: took on page 5: "
        "103 pt to the right of the type area"
    )


def test_a_shifted_page_is_one_fault_for_each_block_of_it() -> None:
    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[6]
        page.Contents = document.make_stream(b"q 1 0 0 1 30 0 cm\n" + page.Contents.read_bytes() + b"\nQ")

    assert good().faults(spoiled(change)).splitlines()[0] == (
        "chapters/en/02-decline.md:3:1: error: `course,` and 3 more lines on page 7: 32 pt to the right of the type "
        "area [page-outside]"
    )


def test_the_cover_may_print_anywhere_but_off_its_page() -> None:
    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        page.Contents = document.make_stream(b"q 1 0 0 1 -90 0 cm\n" + page.Contents.read_bytes() + b"\nQ")

    faults = good().faults(spoiled(change))
    assert faults.startswith("publication.yaml: error: `")
    assert faults.endswith(" pt to the left of the page [page-outside]")


def test_words_printed_over_others_are_named() -> None:
    over = short().with_rule('#show "took": it => box(width: 2pt, it)')
    assert short().report(over)[1] == (
        "chapters/en/02-decline.md:5:1: error: `took` and `the` are printed over each other on page 5 "
        "[page-overprint]\n"
        "  hint: what stands there is too long or too wide: give a table fewer columns or let it break, or make the "
        "figure smaller"
    )


def test_a_table_whose_rows_are_printed_over_each_other_is_named_at_its_row() -> None:
    unbreakable = """\
#let printed(cell) = if cell.whole == none { cell.body } else { cell.whole + cell.rest }
#let table-block(key, name, number, title, columns: (), head: (), floats: true, ..rows) = [#figure(
  kind: table,
  supplement: none,
  numbering: none,
  caption: [Table #number #title],
  table(columns: columns.len(), table.header(..head.flatten().map(printed)), ..rows.pos().flatten().map(printed)),
) #label(name)]"""
    others = good().faults(good().with_definitions(unbreakable)).splitlines()
    over = next(line for line in others if line.endswith(" are printed over each other on page 5 [page-overprint]"))
    assert over.startswith("chapters/en/01-trade.md:")
    assert any(below.endswith(" pt below the type area [page-outside]") for below in others)


def test_a_blank_page_is_named_at_the_text_before_it() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.add_blank_page(page_size=A4)
        document.pages.insert(7, document.pages[-1])
        del document.pages[-1]

    assert good().report(spoiled(change))[1] == (
        "bib/references.bib: error: the contents on page 3 give page 8 for `References`, which stands on page 9 "
        "[page-contents]\n"
        "  hint: look whether a template of this publication changes the contents or the numbers of pages\n"
        "chapters/en/02-decline.md:1:3: error: page 8 is blank [page-blank]\n"
        "  hint: look for a page break too many behind the text of the page before it\n"
        "publication.yaml: error: the impressum on page 2 says 8 pages, but the file has 9 [page-count]\n"
        "  hint: look whether a template of this publication counts its pages itself"
    )


def test_a_wrong_number_of_pages_and_a_missing_one_are_named() -> None:
    wrong = short().again({"impressum.typ": lambda source: source.replace("par(number-of-pages())", "par[99]")})
    none = short().again({"impressum.typ": lambda source: source.replace("par(number-of-pages())", "par[many]")})
    assert short().faults(wrong) == (
        "publication.yaml: error: the impressum on page 2 says 99 pages, but the file has 6 [page-count]"
    )
    assert short().report(none)[1] == (
        "publication.yaml: error: no page before page 4 prints `Number of pages` with a number [page-count]\n"
        "  hint: look whether a template of this publication leaves it out of the impressum"
    )


def test_leftovers_are_named_where_they_stand() -> None:
    left = short().with_rule('#show "Read more": [Read {{ data.x }} ?? more]')
    assert short().report(left)[1] == (
        "chapters/en/02-decline.md:5:1: error: `??` is printed on page 5 [page-leftover]\n"
        "  hint: something was to be put in its place and was not found: look at the source line\n"
        "chapters/en/02-decline.md:5:1: error: `{{` is printed on page 5 [page-leftover]\n"
        "  hint: something was to be put in its place and was not found: look at the source line\n"
        "chapters/en/02-decline.md:5:1: error: `}}` is printed on page 5 [page-leftover]\n"
        "  hint: something was to be put in its place and was not found: look at the source line"
    )


def test_the_key_of_a_citation_that_was_not_found_is_a_leftover() -> None:
    left = short().with_rule('#show "Read more": [Read (wharf?) smith2020? more]')
    assert short().faults(left) == (
        "chapters/en/02-decline.md:5:1: error: `(wharf?)` is printed on page 5 [page-leftover]\n"
        "chapters/en/02-decline.md:5:1: error: `smith2020?` is printed on page 5 [page-leftover]"
    )


def test_words_that_end_with_a_page_end_on_it() -> None:
    with good().evidence() as evidence:
        begin, end = evidence.stream.of_page(4), evidence.stream.of_page(5)
        found = evidence.locate(Place("chapters/en/01-trade.md", 3), wanted("all"), Match(begin, end))
        assert (found.first, found.last) == (4, 4)
        found = evidence.locate(Place("chapters/en/01-trade.md", 3), wanted("all"), Match(begin, end + 1))
        assert (found.first, found.last) == (4, 5)
