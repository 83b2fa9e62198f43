"""Headings, contents, bookmarks and links that do not agree are named with their pages and Markdown lines."""

from __future__ import annotations

import pikepdf
import pytest
from verifying import good, short, spoiled

CONTENTS = "  hint: look whether a template of this publication changes the contents or the numbers of pages"
BOOKMARK = (
    "  hint: open the file's outline; if no template of this publication changes its headings, "
    "this is a fault of Impressum"
)
LINK = "  hint: look whether a template of this publication changes links; if none does, this is a fault of Impressum"


def changed(source: str, old: str, new: str) -> str:
    assert old in source
    return source.replace(old, new)


def somewhere(document: pikepdf.Pdf, page: int) -> pikepdf.Array:
    """A destination on `page` (from 1)."""
    return pikepdf.Array([document.pages[page - 1].obj, pikepdf.Name.XYZ, 0, 700, 0])


def test_contents_with_wrong_pages_are_named_line_by_line() -> None:
    folio = "[#(entry.element.location().page() + 1)]"
    later = short().again({"contents.typ": lambda source: changed(source, "entry.page()", folio)})
    assert (
        short()
        .report(later)[1]
        .startswith(
            "bib/references.bib: error: the contents on page 3 give page 7 for `References`, which stands on page 6 "
            f"[page-contents]\n{CONTENTS}\n"
            "chapters/en/01-trade.md:1:3: error: the contents on page 3 give page 5 for `Trade on the water`, "
            f"which stands on page 4 [page-contents]\n{CONTENTS}\n"
        )
    )
    assert len(short().faults(later).splitlines()) == 5


def test_headings_that_the_contents_leave_out_are_named() -> None:
    less = short().again({"contents.typ": lambda source: changed(source, "depth: tokens.contents.depth", "depth: 1")})
    assert short().report(less)[1] == (
        "chapters/en/01-trade.md:9:4: error: the contents on page 3 do not list `Tolls and their keepers`, "
        "which stands on page 4 [page-contents]\n"
        "  hint: look whether a template of this publication leaves lines of the contents out\n"
        "chapters/en/02-decline.md:9:4: error: the contents on page 3 do not list `The last boat`, "
        "which stands on page 5 [page-contents]\n"
        "  hint: look whether a template of this publication leaves lines of the contents out"
    )


def test_a_heading_that_is_not_printed_is_named() -> None:
    other = short().with_rule('#show "The last boat": [Another title]')
    assert short().faults(other).splitlines()[-1] == (
        "chapters/en/02-decline.md:9:4: error: the heading `The last boat` is not printed on page 5 or after it "
        "[page-heading]"
    )


def test_a_missing_bookmark_is_named_with_its_heading() -> None:
    def change(document: pikepdf.Pdf) -> None:
        with document.open_outline() as outline:
            del outline.root[3].children[0]

    assert good().report(spoiled(change))[1] == (
        "chapters/en/02-decline.md:9:4: error: no bookmark leads to the heading `The last boat` on page 7 "
        f"[page-bookmark]\n{BOOKMARK}"
    )


def test_a_bookmark_to_another_page_is_named_with_both_pages() -> None:
    def change(document: pikepdf.Pdf) -> None:
        with document.open_outline() as outline:
            outline.root[3].children[0].destination = somewhere(document, 5)

    assert good().report(spoiled(change))[1] == (
        "chapters/en/02-decline.md:9:4: error: the bookmark `The last boat` leads to page 5, but its heading stands "
        "on page 7 [page-bookmark]\n"
        "  hint: look whether a template of this publication moves its headings"
    )


@pytest.mark.parametrize("lead", [None, "to/nothing"])
def test_a_bookmark_of_the_front_matter_that_leads_nowhere_is_named(lead: str | None) -> None:
    def change(document: pikepdf.Pdf) -> None:
        first = document.Root.Outlines.First
        del first.Dest
        if lead:
            first.Dest = pikepdf.String(lead)

    assert good().faults(spoiled(change)) == (
        "publication.yaml: error: the bookmark `Impressum` leads nowhere [page-bookmark]"
    )


def test_a_bookmark_too_many_and_bookmarks_out_of_order_are_named() -> None:
    def add(document: pikepdf.Pdf) -> None:
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Postscript", 6))

    def swap(document: pikepdf.Pdf) -> None:
        with document.open_outline() as outline:
            outline.root[2], outline.root[3] = outline.root[3], outline.root[2]

    assert good().faults(spoiled(add)) == (
        "chapters/en/02-decline.md:1:3: error: the bookmark `Postscript` to page 7 belongs to no heading "
        "[page-bookmark]"
    )
    assert good().faults(spoiled(swap)) == (
        "chapters/en/02-decline.md:1:3: error: the bookmark of the heading `Why it ended` on page 7 stands "
        "out of order [page-bookmark]\n"
        "chapters/en/02-decline.md:9:4: error: the bookmark of the heading `The last boat` on page 7 stands "
        "out of order [page-bookmark]"
    )


def test_a_link_to_another_address_is_named() -> None:
    def change(document: pikepdf.Pdf) -> None:
        for annotation in document.pages[6].Annots:
            if "/A" in annotation:
                annotation.A.URI = pikepdf.String("https://elsewhere.example.org")

    assert good().report(spoiled(change))[1] == (
        "chapters/en/02-decline.md:5:47: error: the link `the page of the museum` on page 7 does not lead to "
        f"`https://museum.example.org/river` [link-lost]\n{LINK}"
    )


def test_a_link_to_another_page_is_named() -> None:
    def change(document: pikepdf.Pdf) -> None:
        for annotation in document.pages[5].Annots:
            annotation.Dest = somewhere(document, 7)

    assert good().report(spoiled(change))[1] == (
        "chapters/en/01-trade.md:94:39: error: the link `Table 1` on page 6 does not lead to its target on page 4 "
        f"[link-lost]\n{LINK}"
    )


def test_a_link_to_nowhere_is_named() -> None:
    def change(document: pikepdf.Pdf) -> None:
        for annotation in document.pages[3].Annots:
            if annotation.get("/Dest") == "01-trade/sec-tolls":
                annotation.Dest = pikepdf.String("gone")

    assert good().report(spoiled(change))[1] == (
        "chapters/en/01-trade.md:1:3: error: a link on page 4 leads to `gone`, which is not in the file "
        f"[link-broken]\n{LINK}\n"
        "chapters/en/01-trade.md:5:92: error: the link `“Tolls and their keepers”` on page 4 does not lead to its "
        f"target on page 4 [link-lost]\n{LINK}"
    )
