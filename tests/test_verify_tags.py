"""Tags that a validator lets pass, and that a screen reader loses, reads twice or cannot find the way back from."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from verifying import good, spoiled

from impressum.stages.verify.structure import read_structure
from impressum.stages.verify.tags import misfits

HINT = "  hint: this is a fault of Impressum or of a template of this publication; leave the template out to see which"
PAGE = 6
"""The seventh page, which the second chapter begins on."""


def rows(document: pikepdf.Pdf) -> dict[int, Any]:
    """The entries of the parent tree."""
    numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
    return {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}


def row(document: pikepdf.Pdf, page: int = PAGE) -> Any:
    """The entries of the content of a page in the parent tree."""
    return rows(document)[int(document.pages[page].StructParents)]


def ids(document: pikepdf.Pdf) -> list[Any]:
    """The names and the tags of the list of ids, in turns."""
    return list(document.Root.StructTreeRoot.IDTree.Names)


def tags(document: pikepdf.Pdf, kind: str) -> list[Any]:
    found = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == kind]
    assert found
    return found


def content_is_swapped(document: pikepdf.Pdf) -> None:
    entries = row(document)
    entries[1], entries[2] = entries[2], entries[1]
    assert entries[1].S != entries[2].S


def the_way_back_ends(document: pikepdf.Pdf) -> None:
    del row(document)[-1]


def pages_share_an_entry(document: pikepdf.Pdf) -> None:
    document.pages[PAGE].StructParents = document.pages[3].StructParents


def a_link_shares_the_entry_of_a_page(document: pikepdf.Pdf) -> None:
    document.pages[PAGE].Annots[0].StructParent = document.pages[PAGE].StructParents


def links_share_an_entry(document: pikepdf.Pdf) -> None:
    document.pages[PAGE].Annots[0].StructParent = document.pages[PAGE].Annots[1].StructParent


def entries_are_out_of_order(document: pikepdf.Pdf) -> None:
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    document.Root.StructTreeRoot.ParentTree.Nums = pikepdf.Array([*list(numbers)[2:], *list(numbers)[:2]])


def places_are_out_of_order(document: pikepdf.Pdf) -> None:
    names = document.Root.Names.Dests.Names
    document.Root.Names.Dests.Names = pikepdf.Array([*list(names)[2:], *list(names)[:2]])


def no_list_of_ids(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot.IDTree


def the_list_of_ids_lacks_one(document: pikepdf.Pdf) -> None:
    document.Root.StructTreeRoot.IDTree.Names = pikepdf.Array(ids(document)[2:])


def the_list_of_ids_is_out_of_order(document: pikepdf.Pdf) -> None:
    listed = ids(document)
    document.Root.StructTreeRoot.IDTree.Names = pikepdf.Array([*listed[2:4], *listed[:2], *listed[4:]])


def ids_lead_to_each_other(document: pikepdf.Pdf) -> None:
    names = document.Root.StructTreeRoot.IDTree.Names
    names[1], names[3] = names[3], names[1]


def two_tags_have_one_id(document: pikepdf.Pdf) -> None:
    tags(document, "/Note")[1].ID = tags(document, "/Note")[0].ID


def a_cell_names_a_header_that_is_not_there(document: pikepdf.Pdf) -> None:
    cell = tags(document, "/TD")[0]
    cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Headers=pikepdf.Array([pikepdf.String("U9x9y9")]))


def the_parent_is_another(document: pikepdf.Pdf) -> None:
    row(document)[0].P = document.Root.StructTreeRoot


def a_tag_stands_twice(document: pikepdf.Pdf) -> None:
    document.Root.StructTreeRoot.K[0].K.append(row(document)[0])


def links_are_swapped(document: pikepdf.Pdf) -> None:
    one, other = document.pages[PAGE].Annots[0], document.pages[PAGE].Annots[1]
    one.StructParent, other.StructParent = other.StructParent, one.StructParent


def a_link_has_no_way_back(document: pikepdf.Pdf) -> None:
    del document.pages[PAGE].Annots[0].StructParent


def a_link_is_taken_out_of_its_tag(document: pikepdf.Pdf) -> None:
    element = rows(document)[int(document.pages[PAGE].Annots[0].StructParent)]
    element.K = pikepdf.Array([kid for kid in element.K if isinstance(kid, int)])


def a_link_is_taken_off_its_page(document: pikepdf.Pdf) -> None:
    del document.pages[PAGE].Annots[0]


def half_of_the_tree_is_detached(document: pikepdf.Pdf) -> None:
    kids = document.Root.StructTreeRoot.K[0].K
    document.Root.StructTreeRoot.K[0].K = pikepdf.Array(list(kids)[: len(kids) // 2])


def a_paragraph_is_detached(document: pikepdf.Pdf) -> None:
    last = row(document)[-1]
    last.K = pikepdf.Array([])


def content_has_one_number_twice(document: pikepdf.Pdf) -> None:
    page = document.pages[PAGE]
    content = page.Contents.read_bytes()
    assert b"<</MCID 1>>" in content
    page.Contents = document.make_stream(content.replace(b"<</MCID 1>>", b"<</MCID 0>>"))


def two_tags_hold_the_same_content(document: pikepdf.Pdf) -> None:
    row(document)[2].K.append(0)


def the_way_back_leads_to_what_is_not_there(document: pikepdf.Pdf) -> None:
    row(document).append(row(document)[0])


def a_tag_holds_what_is_not_there(document: pikepdf.Pdf) -> None:
    row(document)[2].K.append(99)


def a_page_is_cleared_of_its_entry(document: pikepdf.Pdf) -> None:
    del document.pages[PAGE].StructParents


def a_page_is_another_object(document: pikepdf.Pdf) -> None:
    """As where a page was copied, and its tags speak of the first one."""
    document.pages[PAGE] = pikepdf.Page(
        document.make_indirect(pikepdf.Dictionary(dict(document.pages[PAGE].obj.items())))
    )


def two_tags_hold_one_link(document: pikepdf.Pdf) -> None:
    element = rows(document)[int(document.pages[PAGE].Annots[0].StructParent)]
    held = next(kid for kid in element.K if not isinstance(kid, int) and kid.get("/Type") == "/OBJR")
    row(document)[0].K.append(held)


def content_is_held_by_name(document: pikepdf.Pdf) -> None:
    """As another writer of PDF would write it: with the page at each piece of content."""
    for element in {one.objgen: one for one in row(document) if one is not None}.values():
        kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
        element.K = pikepdf.Array([held_by_name(document, kid) if isinstance(kid, int) else kid for kid in kids])


def held_by_name(document: pikepdf.Pdf, mark: int) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Type=pikepdf.Name.MCR, MCID=mark, Pg=document.pages[PAGE].obj)


SEEDED: dict[Callable[[pikepdf.Pdf], None], list[str]] = {
    two_tags_hold_one_link: [
        "7: no way leads back from a link on page 7 to the tag that holds it",
        "7: two tags hold the same link on page 7",
    ],
    content_is_held_by_name: [],
    content_is_swapped: [
        "7: no way leads back from content 1 on page 7 to the tag that holds it (and 1 more of the kind)",
    ],
    the_way_back_ends: [
        "7: no way leads back from content 19 on page 7 to the tag that holds it",
    ],
    pages_share_an_entry: [
        "0: entry 25 of the parent tree belongs to no page and no link",
        "7: no way leads back from content 0 on page 7 to the tag that holds it (and 19 more of the kind)",
        "7: page 4 and page 7 share an entry of the parent tree (18)",
        "7: the parent tree speaks of content 20 on page 7, which is not there (and 64 more of the kind)",
    ],
    a_link_shares_the_entry_of_a_page: [
        "0: entry 22 of the parent tree belongs to no page and no link",
        "7: no way leads back from a link on page 7 to the tag that holds it",
        "7: page 7 and a link on page 7 share an entry of the parent tree (25)",
    ],
    links_share_an_entry: [
        "0: entry 22 of the parent tree belongs to no page and no link",
        "7: a link on page 7 and a link on page 7 share an entry of the parent tree (23)",
        "7: no way leads back from a link on page 7 to the tag that holds it",
    ],
    entries_are_out_of_order: [
        "0: the entries of the parent tree are not sorted: `0` stands behind `26`",
    ],
    places_are_out_of_order: [
        "0: the named places are not sorted: `01-trade/sec-tolls` stands behind `references`",
    ],
    no_list_of_ids: [
        "0: the tag with the id `01-trade/Note 1` is missing in the list of ids (and 6 more of the kind)",
    ],
    the_list_of_ids_lacks_one: [
        "0: the tag with the id `01-trade/Note 1` is missing in the list of ids",
    ],
    the_list_of_ids_is_out_of_order: [
        "0: the ids are not sorted: `01-trade/Note 1` stands behind `01-trade/Note 2`",
    ],
    ids_lead_to_each_other: [
        "0: the list of ids leads from `01-trade/Note 1` to another tag (and 1 more of the kind)",
    ],
    two_tags_have_one_id: [
        "0: the list of ids has `01-trade/Note 2`, which no tag has",
        "0: the list of ids leads from `01-trade/Note 1` to another tag",
        "4: two tags have the id `01-trade/Note 1`",
    ],
    a_cell_names_a_header_that_is_not_there: [
        "4: a cell on page 4 names `U9x9y9` as its header, which no tag has",
    ],
    the_parent_is_another: [
        "7: the tag `H1` on page 7 names another parent than the one that it stands in",
    ],
    a_tag_stands_twice: [
        "7: the tag `H1` on page 7 stands at two places of the tag tree",
    ],
    links_are_swapped: [
        "7: no way leads back from a link on page 7 to the tag that holds it (and 1 more of the kind)",
    ],
    a_link_has_no_way_back: [
        "0: entry 22 of the parent tree belongs to no page and no link",
        "7: no way leads back from a link on page 7 to the tag that holds it",
    ],
    a_link_is_taken_out_of_its_tag: [
        "7: a link on page 7 is in no tag",
        "7: content 9 on page 7 is in no tag",
    ],
    a_link_is_taken_off_its_page: [
        "0: a tag holds a link that is on no page",
        "0: entry 22 of the parent tree belongs to no page and no link",
    ],
    half_of_the_tree_is_detached: [
        "0: the list of ids has `01-trade/Note 1`, which no tag has (and 6 more of the kind)",
        "3: a link on page 3 is in no tag (and 18 more of the kind)",
        "3: content 1 on page 3 is in no tag (and 302 more of the kind)",
    ],
    a_paragraph_is_detached: [
        "7: a link on page 7 is in no tag",
        "7: content 18 on page 7 is in no tag (and 1 more of the kind)",
    ],
    content_has_one_number_twice: [
        "7: a tag holds content 1 of page 7, which is not there",
        "7: two pieces of content on page 7 have the number 0",
    ],
    two_tags_hold_the_same_content: [
        "7: content 0 on page 7 stands at two places of the tag tree",
        "7: no way leads back from content 0 on page 7 to the tag that holds it",
    ],
    the_way_back_leads_to_what_is_not_there: [
        "7: the parent tree speaks of content 20 on page 7, which is not there",
    ],
    a_tag_holds_what_is_not_there: [
        "7: a tag holds content 99 of page 7, which is not there",
        "7: no way leads back from content 99 on page 7 to the tag that holds it",
    ],
    a_page_is_cleared_of_its_entry: [
        "0: entry 25 of the parent tree belongs to no page and no link",
        "7: no way leads back from content 0 on page 7 to the tag that holds it (and 19 more of the kind)",
    ],
}


@pytest.mark.parametrize("change", SEEDED, ids=lambda change: change.__name__)
def test_tags_that_contradict_each_other_or_the_pages_are_found(change: Callable[[pikepdf.Pdf], None]) -> None:
    pdf = spoiled(change)
    found = read_structure(pdf).misfits
    with pikepdf.open(io.BytesIO(pdf)) as document:  # the same, where each key is asked for
        assert tuple(misfits(document)) == found
    assert sorted(f"{one.page}: {one.message}" for one in found) == SEEDED[change]


def test_the_fault_says_where_to_look() -> None:
    assert good().report(spoiled(the_parent_is_another))[1] == (
        "chapters/en/02-decline.md:1:3: error: the tags do not hold together: the tag `H1` on page 7 names another "
        f"parent than the one that it stands in [document-tag-tree]\n{HINT}"
    )


def test_what_leads_to_a_page_that_is_not_in_the_file_is_named() -> None:
    faults = good().report(spoiled(a_page_is_another_object))[1]
    assert (
        "publication.yaml: error: the tags do not hold together: a tag holds content 0 of a page that is not in the "
        f"file (and 19 more of the kind) [document-tag-tree]\n{HINT}"
    ) in faults
    assert (
        "publication.yaml: error: the place `02-decline/the-last-boat`, to which links from outside may lead, is on no "
        "page of the file [link-broken]\n"
        "  hint: look whether a template of this publication changes links; if none does, this is a fault of Impressum"
    ) in faults
