"""A book that is linked of its parts is the book that is set as a whole."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pytest
from building import children_of, line_of
from fitted import Prose, draft, inputs, lines_of, linked, specimen_in, write

from impressum.core.errors import Faulty
from impressum.core.model.fits import Standing
from impressum.pipeline.book import BookInputs
from impressum.pipeline.fitting import alone
from impressum.pipeline.fitting.chapter_fits import standings
from impressum.pipeline.fitting.chapters import set_chapters
from impressum.pipeline.fitting.passes import faults_by_chapter, weight_of
from impressum.pipeline.run import Order, Run
from impressum.stages.typeset import Typesetter
from impressum.stages.typeset.compiler import turned_pages
from impressum.stages.typeset.data import written
from impressum.stages.typeset.finish import turned_upright
from impressum.stages.typeset.link import Part, link
from impressum.stages.verify.structure import Target, read_structure
from impressum.stages.verify.tags import misfits
from impressum.system.cache import Memo
from impressum.system.workspace import Workspace


@pytest.fixture(scope="module")
def specimen(tmp_path_factory: pytest.TempPathFactory) -> BookInputs:
    """Everything that a chapter may hold, in English, with its references before the appendices; chapters of the theme
    book are below."""
    return specimen_in(tmp_path_factory.mktemp("specimen") / "root", "report", "before-appendices")


@pytest.fixture(scope="module")
def typesetter(specimen: BookInputs) -> Iterator[Typesetter]:
    with specimen.typesetter() as made:
        yield made


def letters(pdf: bytes) -> tuple[list[str], list[float]]:
    """By page, its letters; and the box of each, in points."""
    pages, boxes = [], []
    with pymupdf.open(stream=pdf) as document:  # type: ignore[no-untyped-call]
        for page in document:
            blocks = page.get_text("rawdict", flags=0)["blocks"]
            found = [
                one for block in blocks for line in block["lines"] for span in line["spans"] for one in span["chars"]
            ]
            pages.append("".join(one["c"] for one in found))
            boxes += [number for one in found for number in one["bbox"]]
    return pages, boxes


def assert_letter_for_letter(pdf: bytes, other: bytes) -> None:
    """The same letters at the same places, to a twentieth of a point."""
    (pages, boxes), (other_pages, other_boxes) = letters(pdf), letters(other)
    assert pages == other_pages
    assert max(abs(one - two) for one, two in zip(boxes, other_boxes, strict=True)) < 0.05


def leads(pdf: bytes) -> tuple[list[tuple[Any, ...]], list[float]]:
    """Whatever leads to a place: what it is, and the page of the place; and all heights, in points."""
    made = read_structure(pdf)
    found: list[tuple[tuple[Any, ...], Target]] = [((one.page, one.address), one.target) for one in made.links]
    found += [((mark.title,), mark.target) for mark in made.bookmarks]
    found += [((name,), place) for name, place in sorted(made.places.items())]
    return [(*what, target.page) for what, target in found], [target.top for _, target in found]


def tags_of_notes(document: pikepdf.Pdf) -> Counter[tuple[str, str]]:
    """How many tags of notes, labels and links there are in tags of each kind, and what stands in them."""
    elements = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/K" in one and "/P" in one]
    pairs = ((str(one.P.get("/S", "")), str(one.S)) for one in elements if one.get("/Type") == "/StructElem")
    return Counter(pair for pair in pairs if {"/Note", "/Lbl", "/Link"} & {*pair})


def test_it_is_letter_for_letter_and_link_for_link_the_one_that_is_set_as_a_whole(
    typesetter: Typesetter, tmp_path: Path
) -> None:
    pdf, answer = typesetter.compiler.set(written({}))
    whole = turned_upright(pdf, turned_pages(answer))
    parts = draft(typesetter, {}).pdf
    assert_letter_for_letter(parts, whole)
    led, heights = leads(whole)
    assert leads(parts)[0] == led
    assert leads(parts)[1] == pytest.approx(heights, abs=0.1)
    with pikepdf.open(io.BytesIO(parts)) as document, pikepdf.open(io.BytesIO(whole)) as other:
        assert list(misfits(document)) == []
        assert len(document.Root.OutputIntents) == 1
        assert document.pdf_version == other.pdf_version
        packet = document.Root.Metadata.read_bytes()
        assert f"<xmpTPg:NPages>{len(document.pages)}</xmpTPg:NPages>".encode() in packet
        assert packet.count(b"<xmpMM:InstanceID>") == 1
        assert document.Root.StructTreeRoot.RoleMap == other.Root.StructTreeRoot.RoleMap
        said = [
            [str(one.Contents).split() for page in file.pages for one in page.get("/Annots", [])]
            for file in (document, other)
        ]
        notes = [(one, theirs) for one, theirs in zip(*said, strict=True) if one[0] == "Footnote"]
        assert ["Footnote", "1"] in [one for one, _ in notes]
        assert [one[1] for one, _ in notes] == [theirs[1] for _, theirs in notes]
        assert not tags_of_notes(document) - tags_of_notes(other)
        # Typst's tags say of the numbers at the foot that they are raised, which they are not.
        assert tags_of_notes(other) - tags_of_notes(document) == {("/Link", "/Span"): len(notes)}
        assert {str(document.docinfo[name]) for name in ("/Title", "/Author")} == {
            str(other.docinfo[name]) for name in ("/Title", "/Author")
        }
    if shutil.which("qpdf"):
        path = tmp_path / "linked.pdf"
        path.write_bytes(parts)
        assert subprocess.run(["qpdf", "--check", path], capture_output=True).returncode == 0


def test_every_chapter_stands_alone_as_in_its_book_and_has_the_same_flaws(
    specimen: BookInputs, typesetter: Typesetter
) -> None:
    meant = specimen.manuscript.expected
    book = draft(typesetter, {})
    unfitted = specimen.measured(meant, book, {})
    assert {fault.rule for fault in unfitted} <= {"note-page"}  # which the page fitting mends
    in_book = faults_by_chapter(meant.chapters, unfitted)
    chapters = set_chapters(meant.chapters, book.layout)
    standing_by_slug = {one.slug: one for one in standings(meant, book.layout, sided=True)}
    text = [chapter for chapter in meant.chapters if chapter.blocks]
    assert standing_by_slug.keys() == {chapter.slug for chapter in text}
    for chapter in text:
        with typesetter.parts.galley(standing_by_slug[chapter.slug]) as galley:
            set_alone = galley.draft({})
        found = faults_by_chapter((chapter,), specimen.measured(alone(meant, chapter), set_alone, {}))
        slug = chapter.slug
        assert lines_of(set_alone.layout, slug) == lines_of(book.layout, slug), slug
        own = set_chapters((chapter,), set_alone.layout)[slug]
        assert weight_of(own, found.get(slug, ())) == weight_of(chapters[slug], in_book.get(slug, ())), slug


def test_parts_that_give_a_place_the_same_name_keep_both(typesetter: Typesetter) -> None:
    book = typesetter.parts.book({})
    assert book is not None
    chapter = next(part for part in book.parts if part.name == "05-measures")
    ends = {label: spot for part in book.parts for label, spot in part.places.items()}
    pages = sum(part.count or 0 for part in book.parts)
    again = Part("again", chapter.pdf, chapter.skip, chapter.count, chapter.places)
    pdf = linked([*book.parts, again])
    assert linked([*book.parts, again]) == pdf
    made = read_structure(pdf)
    own = [name for name in made.places if name.startswith("05-measures/")]
    assert own
    assert ends
    for name in own:
        assert made.places[f"again/{name}"].page > pages >= made.places[name].page
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert list(misfits(document)) == []
        said = {str(one.Contents) for page in document.pages[pages:] for one in page.get("/Annots", [])}
    assert any(words == f"Page {page}" for words in said for page in range(pages + 1, pages + 1 + (chapter.count or 0)))


def test_a_link_to_a_label_that_no_part_has_is_refused(typesetter: Typesetter) -> None:
    book = typesetter.parts.book({})
    assert book is not None
    with pytest.raises(KeyError):
        link([part for part in book.parts if part.name in ("front", "01-summary")], "Page {number}", "")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "own", ["openers: {recto: true}\n", "openers: {recto: false}\nreferences: {pages: true}\n"], ids=["right", "any"]
)
def test_so_it_is_where_chapters_begin_on_any_side_and_name_pages_of_others(own: str, tmp_path: Path) -> None:
    """Ensures it for a draft, too, whose blank pages have no mark."""
    prose = Prose(4)
    chapters = {
        f"0{number}-a": f"# Chapter {number} {{#sec-{number}}}\n\nSee @sec-{number % 3 + 1}.[^1]\n\n"
        + "\n\n".join(prose.sentences(7) for _ in range(4 * number))
        + "\n\n[^1]: A note.\n"
        for number in range(1, 4)
    }
    root = write(tmp_path, chapters, theme="book")
    (root / "templates").mkdir()
    (root / "templates" / "theme.yaml").write_text(own, encoding="utf-8")
    book = inputs(Run(Workspace(root), Order(draft=True), lambda stage, what: None))
    with replace(book, hands=2).typesetter() as typesetter:
        whole = typesetter.compiler.set(written({}))[0]
        parts = draft(typesetter, {}).pdf
        assert typesetter.parts.sided is ("false" in own)
    assert_letter_for_letter(parts, whole)
    assert leads(parts)[0] == leads(whole)[0]


def test_the_rest_of_a_note_behind_the_text_of_a_chapter_is_on_a_page_of_it(tmp_path: Path) -> None:
    prose = Prose(5)
    notes = {"01-a": "Words.[^1]", "02-b": f"{prose.sentences(30)}[^1]"}
    chapters = {name: f"# Chapter {name}\n\n{text}\n\n[^1]: {prose.sentences(120)}\n" for name, text in notes.items()}
    book = inputs(line_of(write(tmp_path, {**chapters, "03-c": "# The last\n\nIt ends.\n"})))
    with book.typesetter() as typesetter:
        whole = typesetter.compiler.set(written({}))[0]
        parts = draft(typesetter, {}).pdf
    assert_letter_for_letter(parts, whole)
    with pikepdf.open(io.BytesIO(parts)) as pdf:
        assert list(misfits(pdf)) == []


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little there is to set, as many compilers are started as are asked for."""
    monkeypatch.setattr("impressum.pipeline.book.LETTERS_OF_A_HAND", 1)


def compilers() -> list[int]:
    """The processes of Typst that this one started."""
    own = children_of(os.getpid())
    return sorted(pid for pid in own if b"typeset/child.py" in Path(f"/proc/{pid}/cmdline").read_bytes())


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_however_many_parts_are_set_at_once_and_after_a_killed_compiler_the_bytes_are_the_same(tmp_path: Path) -> None:
    """Ensures that what a killed compiler leaves is one fault, and nothing in the way of the next try."""
    prose = Prose(3)
    chapters = {f"0{number}-a": f"# Chapter {number}\n\n{prose.sentences(20 * number)}\n" for number in range(1, 5)}
    book = inputs(line_of(write(tmp_path, chapters)))
    others, made = set(compilers()), []  # those of other tests go on
    for hands in (1, 3):
        alone = replace(book, hands=hands, memo=Memo(tmp_path / f"memo-{hands}"))
        with alone.typesetter() as typesetter:
            if hands > 1:
                with ExitStack() as held:
                    for name in chapters:
                        if len(compilers()) < hands + len(others):
                            held.enter_context(typesetter.parts.galley(Standing(name))).lay_out({})
                    assert len(compilers()) == hands + len(others)
                    for pid in set(compilers()) - others:
                        os.kill(pid, signal.SIGKILL)
                with pytest.raises(Faulty) as raised:
                    typesetter.parts.book({})
                (fault,) = raised.value.faults
                assert str(fault.message).startswith("Typst ended without a word (exit code -9)")
            made.append(draft(typesetter, {}).pdf)
    assert made[0] == made[1]
    assert set(compilers()) == others
