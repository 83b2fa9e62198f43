"""Pages that were read before are not read again, and no other page is taken for one of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from verifying import good, spoiled

from impressum.core.errors import Fault, Faults
from impressum.stages.verify import CHECKS, UNMOVED, PageMemory, _evidence, measure, verify
from impressum.stages.verify.structure import read_landmarks, read_structure
from impressum.system.cache import Memo


def measured(pdf: bytes, memory: PageMemory) -> tuple[Fault, ...]:
    faults = Faults()
    measure(pdf, good().expected, theme=good().manuscripts.sources.theme, memory=memory, faults=faults)
    return faults.all()


def moved(document: pikepdf.Pdf) -> None:
    page = document.pages[6]
    page.Contents = document.make_stream(b"q 1 0 0 1 30 0 cm\n" + page.Contents.read_bytes() + b"\nQ")


def swapped(document: pikepdf.Pdf) -> None:
    document.pages.insert(5, document.pages[6])
    del document.pages[7]


def narrowed(document: pikepdf.Pdf) -> None:
    """Other letters, though the content of the page says the same: a font is exchanged for another."""
    fonts: Any = document.pages[6].Resources.Font
    names = sorted(fonts.keys())
    fonts[names[0]], fonts[names[1]] = fonts[names[1]], fonts[names[0]]


@pytest.mark.parametrize("change", [moved, swapped, narrowed], ids=lambda change: change.__name__)
def test_what_is_measured_is_the_same_with_a_memory_of_other_pages(change: Callable[[pikepdf.Pdf], None]) -> None:
    spoilt = spoiled(change)
    alone = measured(spoilt, PageMemory())
    memory = PageMemory()
    before = measured(good().pdf, memory)
    assert measured(spoilt, memory) == alone != before
    assert measured(good().pdf, memory) == before


def test_only_pages_that_changed_are_read_again() -> None:
    memory = PageMemory()

    def read(pdf: bytes) -> list[int]:
        """The numbers of the pages that were read, and not remembered, to measure `pdf`."""
        known = {id(one.page) for one in memory.pages.values()}
        measured(pdf, memory)
        return sorted(one.page.number for one in memory.pages.values() if id(one.page) not in known)

    first = read(good().pdf)
    assert first == list(range(1, len(first) + 1))
    assert len(first) > 7
    assert read(good().pdf) == []
    assert read(spoiled(moved)) == [7]


def test_pages_of_a_finished_book_are_remembered_and_nothing_else_is_found_on_them(tmp_path: Path) -> None:
    """Ensures it for a page that comes later in the book, too."""
    memo = Memo(tmp_path)

    def verified(pdf: bytes) -> tuple[Fault, ...]:
        faults, theme = Faults(), good().manuscripts.sources.theme
        verify(pdf, good().expected, theme=theme, faults=faults, memory=PageMemory(memo))
        return faults.all()

    spoilt = spoiled(moved)
    expected = verified(spoilt)
    pages = memo.ran["page"]
    memo.ran.clear()
    assert expected
    assert verified(spoilt) == expected
    assert (memo.ran, memo.reused.pop("page")) == ({}, pages)
    assert memo.reused["verify-chapter"] == 2
    later = spoiled(swapped)
    faults = Faults()
    verify(later, good().expected, theme=good().manuscripts.sources.theme, faults=faults)
    assert verified(later) == faults.all()
    assert memo.reused["page"] >= pages - 2


def lowered(document: pikepdf.Pdf) -> None:
    """A page of the first chapter, off the grid by a little: a warning, and no error."""
    page = document.pages[3]
    page.Contents = document.make_stream(b"q 1 0 0 1 0 -1.6 cm\n" + page.Contents.read_bytes() + b"\nQ")


def commented(document: pikepdf.Pdf) -> None:
    """The last chapter prints the same, though its content is another."""
    page = document.pages[6]
    page.Contents = document.make_stream(page.Contents.read_bytes() + b"\n% nothing")


def test_a_chapter_that_prints_the_same_is_not_checked_again_and_its_warnings_are_reported_again(
    tmp_path: Path,
) -> None:
    memo = Memo(tmp_path)

    def verified(pdf: bytes) -> tuple[Fault, ...]:
        faults, theme = Faults(), good().manuscripts.sources.theme
        verify(pdf, good().expected, theme=theme, faults=faults, memory=PageMemory(memo))
        return faults.all()

    pdf = spoiled(lowered)
    found = verified(pdf)
    assert {(fault.severity, fault.rule) for fault in found} == {("warning", "type-rhythm")}
    assert memo.ran.pop("verify-chapter") == 2
    with pikepdf.open(io.BytesIO(pdf)) as document:
        commented(document)
        out = io.BytesIO()
        document.save(out)
    assert verified(out.getvalue()) == found
    assert (memo.ran["verify-chapter"], memo.reused["verify-chapter"]) == (1, 1)
    with _evidence(
        pdf, good().expected, good().manuscripts.sources.theme, read_structure(pdf), None, Faults()
    ) as evidence:
        for check in CHECKS.values():
            check(evidence)
        assert tuple(map(evidence.spotted, evidence.faults.all())) == found


def test_it_finds_what_verify_finds_but_for_what_no_fitting_changes() -> None:
    pushed = good().with_rule('#show "took": it => box(width: 30pt, place(top + left, dx: 340pt, it))')
    assert "\n".join(map(str, measured(pushed, PageMemory()))) == good().report(pushed)[1]
    assert CHECKS.keys() > UNMOVED


def test_the_landmarks_are_those_of_the_whole_structure() -> None:
    whole, some = read_structure(good().pdf), read_landmarks(good().pdf, formulas=True)
    assert (some.places, some.bookmarks, some.formulas) == (whole.places, whole.bookmarks, whole.formulas)
    assert len(set(some.prints)) == len(some.prints) > 5
