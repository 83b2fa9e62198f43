"""The checks of verify on pages that are written down here, line by line: each finds its fault and nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from impressum.core.errors import Fault, Faults, Place
from impressum.core.model.document import MAY_FOLLOW
from impressum.core.model.manuscript import (
    Anchor,
    Expected,
    ExpectedBlock,
    ExpectedChapter,
    ExpectedLink,
    ExpectedNote,
    ExpectedPage,
    ExpectedText,
    ExpectedWords,
)
from impressum.core.model.theme import Theme
from impressum.stages.load.theme import read_theme
from impressum.stages.verify.chapters import _of_work, chapters_of
from impressum.stages.verify.evidence import Area, Evidence, area_of, shown
from impressum.stages.verify.links import check_links, check_page_references
from impressum.stages.verify.navigation import check_bookmarks, check_contents, check_headings, check_lists
from impressum.stages.verify.notes import check_notes
from impressum.stages.verify.pages import Line, Page, PrintedPages, Rectangle
from impressum.stages.verify.placement import check_blank_pages, check_figures
from impressum.stages.verify.structure import Bookmark, IllustrationMade, LinkMade, Structure, Target
from impressum.stages.verify.texts import (
    check_back_cover,
    check_formulas,
    check_leftovers,
    check_page_count,
    check_pull_quotes,
    check_references,
    check_summaries,
    check_texts,
)
from impressum.stages.verify.typography.layout import PassageFinder
from impressum.stages.verify.words import Match, WordStream, _common, wanted
from impressum.system.workspace import Workspace

CHAPTER = "chapters/en/01-a.md"
TEMPLATE, FAULT = "look whether a template of this publication", "this is a fault of Impressum"
COVERED = f"look whether something covers it or cuts it off; if not, {FAULT}"
NEARBY = "make this paragraph, or one before it on its page, a line shorter or longer"
HINTS = {
    "chapter-end": {
        f"make paragraphs of the chapter shorter by N {lines} in all, or longer by N, or move a figure: `lines` and "
        "`place` in layout.yaml"
        for lines in ("line", "lines")
    },
    "figure-cut": {"leave more room there, or shorten the words"},
    "figure-far": {
        "too many figures wait for room: write it earlier, make one of them smaller, or put text between them"
    },
    "formula-lost": {f"{TEMPLATE} leaves it out; if not, {FAULT}"},
    "link-broken": {f"{TEMPLATE} changes links; if none does, {FAULT}"},
    "link-lost": {f"{TEMPLATE} changes links; if none does, {FAULT}"},
    "list-interrupted": {
        f"move it (`place: bottom` in layout.yaml), or let the {name} begin a page (`break-before`)"
        for name in ("list", "box")
    },
    "note-lost": {f"{TEMPLATE} leaves notes out; if none does, {FAULT}", COVERED},
    "note-mark": {
        f"{TEMPLATE} moves its notes; if none does, {FAULT}",
    },
    "note-order": {"look whether a figure or table that floats carries a note; write the note into the text beside it"},
    "note-page": {f"{TEMPLATE} moves its notes; if none does, {FAULT}"},
    "note-split": {NEARBY},
    "note-twice": {f"{TEMPLATE} moves its notes; if none does, {FAULT}"},
    "page-back-cover": {f"{TEMPLATE} leaves it out", "shorten `cover.blurb`, or the statements of the funders"},
    "page-blank": {
        "look for a page break too many behind the text of the page before it",
        f"{TEMPLATE} gives blank pages a running head or a folio",
    },
    "page-bookmark": {
        f"open the file's outline; if no template of this publication changes its headings, {FAULT}",
        f"{TEMPLATE} moves its headings",
    },
    "page-contents": {
        f"{TEMPLATE} changes the contents",
        f"{TEMPLATE} changes the contents or the numbers of pages",
        f"{TEMPLATE} changes the list",
        f"{TEMPLATE} leaves lines of the contents out",
        f"{TEMPLATE} leaves lines of the list out",
        f"{TEMPLATE} leaves the contents out",
    },
    "page-count": {f"{TEMPLATE} counts its pages itself", f"{TEMPLATE} leaves it out of the impressum"},
    "page-heading": {f"{TEMPLATE} leaves it out; if none does, {FAULT}"},
    "page-hole": {
        (
            "make paragraphs of page N longer by N lines in all, or shorter, so that more goes on it, or move a "
            "figure: `lines` and `place` in layout.yaml"
        )
    },
    "page-hyphen": {NEARBY},
    "page-index": {f"{TEMPLATE} changes the index; if none does, {FAULT}"},
    "page-leftover": {"something was to be put in its place and was not found: look at the source line"},
    "page-orphan": {NEARBY},
    "page-outside": {
        "let the words break (a space, a hyphen, a smaller table), or make the table or the code narrower"
    },
    "page-overprint": {
        (
            "what stands there is too long or too wide: give a table fewer columns or let it break, or make the figure "
            "smaller"
        )
    },
    "page-reference": {f"{TEMPLATE} changes cross-references; if none does, {FAULT}"},
    "page-widow": {NEARBY},
    "paragraph-end": {"add a word or take one out, so that the last line grows or is drawn in"},
    "reference-lost": {f"{TEMPLATE} leaves works out; if none does, {FAULT}", COVERED},
    "summary-long": {"a summary is read alone, on one page: shorten it, or take `.summary` out of its heading"},
    "text-lost": {f"{TEMPLATE} leaves it out; if not, {FAULT}", COVERED},
    "type-heading": {
        "leave at least twice as much space above a heading as below it, so that it belongs to its text",
        "let a page begin with it, or make what stands before it shorter or longer",
        f"{TEMPLATE} lets headings hyphenate",
    },
    "type-hyphens": {
        "write a soft hyphen (`&shy;`) where it may be divided, or change a word near it",
        "change a word near them",
    },
    "type-measure": {
        (
            "in this size a `page: measure` of about N mm reads best: set it, or the size of `type: body`, in "
            "templates/theme.yaml"
        )
    },
    "type-rhythm": {
        "what stands above it is not a whole number of lines high (N pt each)",
        "make a paragraph of one page longer, or one of the other shorter, until both end on the same line",
    },
    "type-spacing": {"change a word near it, or let a long word break with a soft hyphen (`&shy;`)"},
}
"""What is to be done about each fault, numbers left out."""


@cache
def theme() -> Theme:
    return read_theme(Workspace(Path("none")), "report", Place("publication.yaml"), Faults()).in_language("en")


def at(line: int, column: int = 1) -> Place:
    return Place(CHAPTER, line, column)


def page_of(number: int, text: str, area: Area) -> Page:
    """A page of lines parted by `;`. One that begins with `~` is of a note, with `^` the running head, with `>` it goes
    to the right edge of the block."""
    block, lines = area.block, []
    for count, words in enumerate(text.split("; ") if text else ()):
        size, top = (8.0, block.bottom - 120 + 12 * count) if words[0] == "~" else (10.0, block.top + 14 * count)
        top = area.head[0] + 1 if words[0] == "^" else top
        right = block.right if words[0] == ">" else block.left + 3 * len(words)
        box = Rectangle(block.left, top, right, top + size)
        lines.append(Line(number, words.lstrip("~^>"), count, (box,), top + size, size, 3.0))
    return Page(number, block.right + 60, block.bottom + 60, tuple(lines))


@contextmanager
def book(printed: str, chapter: dict[str, Any], made: dict[str, Any], meant: dict[str, Any]) -> Iterator[Evidence]:
    """Pages parted by `/`, the first of them the cover, and what is meant by them."""
    texts = printed.split(" / ")
    raw = io.BytesIO()
    with pikepdf.new() as document:
        for _ in texts:
            document.add_blank_page()
        document.save(raw)
    pages = PrintedPages(raw.getvalue())
    pages.pages = tuple(page_of(number, text, area_of(theme())) for number, text in enumerate(texts, 1))
    look = meant.pop("theme", theme())
    parts: dict[str, Any] = {"notes": (), "links": (), "texts": (), "cited": {}, **chapter}
    expected: dict[str, Any] = {
        "title": "Book", "tag": "en", "language": "en", "contents_title": "", "references_title": "", "anchors": (),
        "references": {}, "contents_depth": 2, "number_of_pages_label": "Pages", **meant,
    }  # fmt: skip
    bare = ((), "en", (), (), True, True, True, True, (), ())
    structure = Structure(made.get("bookmarks", ()), made.get("links", ()), made.get("places", {}), *bare)
    try:
        yield Evidence(
            Expected(chapters=(ExpectedChapter("01-a", **parts),), **expected), look, pages, structure, Faults()
        )
    finally:
        pages.close()


def hinted(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, of which each says what to do."""
    found = list(faults)
    for fault in found:
        assert re.sub(r"\d+", "N", fault.hint) in HINTS[fault.rule], fault
    return found


def told(evidence: Evidence) -> list[str]:
    """The faults, without the hints: place, message and rule."""
    hinted(evidence.faults.all())
    return [str(fault).split("\n")[0].removeprefix(f"{CHAPTER}:") for fault in evidence.faults.all()]


def notes(printed: str, *some: tuple[str, str, str]) -> list[str]:
    """What is wrong with notes: each is its mark, its words, and the words before its mark."""
    expected = tuple(ExpectedNote(mark, text, before, at(n)) for n, (mark, text, before) in enumerate(some, 1))
    with book(f"Cover / {printed}", {"notes": expected}, {}, {}) as evidence:
        check_notes(evidence)
        return told(evidence)


def headed(printed: str, *anchors: Anchor, made: dict[str, Any] | None = None, **meant: Any) -> list[str]:
    """What is wrong with headings, contents and bookmarks."""
    with book(f"Cover / {printed}", {}, made or {}, {"anchors": anchors, **meant}) as evidence:
        check_headings(evidence)
        check_contents(evidence)
        check_bookmarks(evidence)
        check_lists(evidence)
        return told(evidence)


def linked(printed: str, made: dict[str, Any], anchors: tuple[Anchor, ...] = (), **chapter: Any) -> list[str]:
    """What is wrong with links and cross-references."""
    with book(f"Cover / {printed}", chapter, made, {"anchors": anchors}) as evidence:
        check_headings(evidence)
        check_texts(evidence)
        check_links(evidence)
        check_page_references(evidence)
        return told(evidence)


NOTES: dict[str, tuple[str, tuple[tuple[str, str, str], ...], list[str]]] = {
    "a word is lost": (
        "It was open to all1; but not to salt2; ~1 By the treaty Zemun.; ~2 A toll of two coins.",
        (
            ("1", "By the treaty of Zemun.", "It was open to all"),
            ("2", "A toll of two coins.", "but not to salt"),
        ),
        ["1:1: error: `of` after `treaty` is lost from note 1 on page 2 [note-lost]"],
    ),
    "a word that others follow is lost": (
        "It was open to all1; but not to salt2; ~1 By the treaty of Zemun; ~2 A toll of two coins.",
        (
            ("1", "By the treaty of Zemun.", "It was open to all"),
            ("2", "A toll of two coins.", "but not to salt"),
        ),
        [],
    ),
    "half of it is lost": (
        "It was open to all1; but not to salt2; ~1 By the treaty; ~2 A toll of two coins.",
        (
            ("1", "By the treaty of Zemun.", "It was open to all"),
            ("2", "A toll of two coins.", "but not to salt"),
        ),
        ["1:1: error: `of Zemun.` after `treaty` is lost from note 1 on page 2 [note-lost]"],
    ),
    "too far behind the mark": (
        "It was open to all1; but not to salt2; ~1 (xviii). By the treaty of Zemun.; ~2 A toll of two coins.",
        (
            ("1", "By the treaty of Zemun.", "It was open to all"),
            ("2", "A toll of two coins.", "but not to salt"),
        ),
        ["1:1: error: note 1, `By the treaty of Zemun.`, is not printed; its mark stands on page 2 [note-lost]"],
    ),
    "text begins as it does": (
        "It was open to all1; but not to salt2; 1 Ibid. is what he wrote; ~1 Ibid.; ~2 A toll of two coins.",
        (("1", "Ibid.", "It was open to all"), ("2", "A toll of two coins.", "but not to salt")),
        [],
    ),
    "text larger": (
        "It was open to all1; but not to salt2; 1 Ibid.; ~1 Ibid.; ~2 A toll of two coins.",
        (("1", "Ibid.", "It was open to all"), ("2", "A toll of two coins.", "but not to salt")),
        [],
    ),
    "same twice good": (
        "One is here1; ~1 Ibid. / Two is there1; ~1 Ibid.",
        (("1", "Ibid.", "One is here"), ("1", "Ibid.", "Two is there")),
        [],
    ),
    "sign": (
        "Free of tolls* here; ~* By the treaty of Zemun.",
        (("*", "By the treaty of Zemun.", "Free of tolls"),),
        [],
    ),
    "sign missing": (
        "Free of tolls here; ~* By the treaty of Zemun.",
        (("*", "By the treaty of Zemun.", "Free of tolls"),),
        ["1:1: error: the mark of note * is not printed behind `Free of tolls`; the note stands on page 2 [note-mark]"],
    ),
    "sign beyond": (
        "Free of tolls here and there*; ~* By the treaty of Zemun.",
        (("*", "By the treaty of Zemun.", "Free of tolls"),),
        ["1:1: error: the mark of note * is not printed behind `Free of tolls`; the note stands on page 2 [note-mark]"],
    ),
    "cell": (
        "Open to all1 37; ~1 By the treaty of Zemun.",
        (("1", "By the treaty of Zemun.", "Open to all"),),
        [],
    ),
    "other number": (
        "Open to all17; ~1 By the treaty of Zemun.",
        (("1", "By the treaty of Zemun.", "Open to all"),),
        ["1:1: error: the mark of note 1 is not printed behind `Open to all`; the note stands on page 2 [note-mark]"],
    ),
    "two marks": (
        "Open to all12; ~1 By the treaty of Zemun.; ~2 A toll of two coins.",
        (("1", "By the treaty of Zemun.", "Open to all"), ("2", "A toll of two coins.", "Open to all1")),
        [],
    ),
    "short before": ("A1 b; ~1 By the treaty of Zemun.", (("1", "By the treaty of Zemun.", "A"),), []),
    "two letters before": (
        "Ab b; ~1 By the treaty of Zemun.",
        (("1", "By the treaty of Zemun.", "Ab"),),
        [],
    ),
    "three letters before": (
        "Abc b; ~1 By the treaty of Zemun.",
        (("1", "By the treaty of Zemun.", "Abc"),),
        ["1:1: error: the mark of note 1 is not printed behind `Abc`; the note stands on page 2 [note-mark]"],
    ),
    "twice before": (
        "Abc here1; ~1 By the treaty of Zemun. / Abc here; ~2 Other words of note.",
        (("1", "By the treaty of Zemun.", "Abc here"),),
        [],
    ),
    "mark on the next page": (
        "Abc here; ~1 By the treaty of Zemun. / Abc here1",
        (("1", "By the treaty of Zemun.", "Abc here"),),
        ["1:1: error: note 1 is printed on page 2, but its mark stands on page 3 [note-page]"],
    ),
    "mark two pages before": (
        "Abc here1 / Text / ~1 By the treaty of Zemun.",
        (("1", "By the treaty of Zemun.", "Abc here"),),
        ["1:1: error: note 1 is printed on page 4, but its mark stands on page 2 [note-page]"],
    ),
    "words nowhere": (
        "Words; ~9 Other words of a note.",
        (("1", "By the treaty of Zemun.", "Abc here"),),
        ["1:1: error: note 1, `By the treaty of Zemun.`, is not printed; it belongs to page 2 or later [note-lost]"],
    ),
    "short under another": (
        "Abc here1; ~3 Ibid.",
        (("1", "Ibid.", "Abc here"),),
        ["1:1: error: note 1, `Ibid.`, is not printed; its mark stands on page 2 [note-lost]"],
    ),
    "fourteen letters under another": (
        "Abc here1; ~3 Abcdefghijklmn",
        (("1", "Abcdefghijklmn", "Abc here"),),
        ["1:1: error: note 1 is printed with the mark 3 on page 2 [note-mark]"],
    ),
    "thirteen letters under another": (
        "Abc here1; ~3 Abcdefghijklm",
        (("1", "Abcdefghijklm", "Abc here"),),
        ["1:1: error: note 1, `Abcdefghijklm`, is not printed; its mark stands on page 2 [note-lost]"],
    ),
    "two thrice": (
        (
            "Abc here1; ~1 By the treaty of Zemun. / Abc there1; ~1 By the treaty of Zemun. / More; ~1 "
            "By the treaty of Zemun."
        ),
        (("1", "By the treaty of Zemun.", "Abc here"), ("1", "By the treaty of Zemun.", "Abc there")),
        [
            (
                "1:1: error: the note `By the treaty of Zemun.` is printed 3 times, not 2 times: on page 2 "
                "and on page 3 and on page 4 [note-twice]"
            )
        ],
    ),
    "short twice": ("Abc here1; ~1 Ibid.; ~1 Ibid.", (("1", "Ibid.", "Abc here"),), []),
    "order of three": (
        "Abc1; def2; ghi3; ~2 Second words of a note.; ~3 Third words of a note.; ~1 First words of a note.",
        (
            ("1", "First words of a note.", "Abc"),
            ("2", "Second words of a note.", "def"),
            ("3", "Third words of a note.", "ghi"),
        ),
        [
            "2:1: error: note 2 on page 2 stands above note 1 [note-order]",
            "3:1: error: note 3 on page 2 stands above note 2 [note-order]",
        ],
    ),
    "same height": (
        "~1 By the treaty; Abc1; ~1 By the treaty of Zemun.",
        (("1", "By the treaty of Zemun.", "Abc"),),
        [],
    ),
    "one of two that begin alike twice": (
        (
            "Abc here1; ~1 By the treaty of Zemun. / Abc there2; ~2 By the treaty of Karlowitz.; ~1 By "
            "the treaty of Zemun."
        ),
        (("1", "By the treaty of Zemun.", "Abc here"), ("2", "By the treaty of Karlowitz.", "Abc there")),
        [
            (
                "1:1: error: the note `By the treaty of Zemun.` is printed 2 times, not once: on page 2 "
                "and on page 3 [note-twice]"
            )
        ],
    ),
    "a list in a note": (
        "It was open to all1; but not to salt2; ~1 (iv). By the treaty of Zemun.; ~2 A toll of two coins.",
        (
            ("1", "By the treaty of Zemun.", "It was open to all"),
            ("2", "A toll of two coins.", "but not to salt"),
        ),
        [],
    ),
    "a list on a page before begins as it does": (
        "1 Ibid.; More / Abc here1; ~1 Ibid.",
        (("1", "Ibid.", "Abc here"),),
        [],
    ),
    "a note on a page before begins as it does": (
        "Def1; ~1 Ibid. is what he said of it / Abc here1; ~1 Ibid.",
        (("1", "Ibid. is what he said of it", "Def"), ("1", "Ibid.", "Abc here")),
        [],
    ),
    "lost behind another mark": (
        "Text / Abc here1; ~1 By the treaty of Zemun.",
        (("1", "By the treaty of Zemun.", "Abc here"), ("2", "Not to be found anywhere.", "Nor these words")),
        ["2:1: error: note 2, `Not to be found anywhere.`, is not printed; it belongs to page 3 or later [note-lost]"],
    ),
    "two lost": (
        "Text",
        (("1", "Not to be found anywhere.", "Nor these words"), ("2", "Nor this one here.", "Nor these")),
        [
            (
                "1:1: error: note 1, `Not to be found anywhere.`, is not printed; it belongs to page 2 or "
                "later [note-lost]"
            ),
            "2:1: error: note 2, `Nor this one here.`, is not printed; it belongs to page 2 or later [note-lost]",
        ],
    ),
    "a formula": ("Abc here1; ~1 x1 is the toll.", (("1", "x_1 is the toll.", "Abc here"),), []),
    "a formula behind another note of that mark": (
        "Def1; ~1 pound. / Abc here1; ~1 x1 is the toll.",
        (("1", "pound.", "Def"), ("1", "x_1 is the toll.", "Abc here")),
        [],
    ),
    "same twice": (
        "One is here1; ~1 Ibid. / Two is there1; ~1 Ibid.",
        (("1", "Ibid.", "One is here"), ("1", "Ibid.", "Two is there")),
        [],
    ),
    "less than half is there": (
        "Abc here1; ~1 By the treaty x y z.",
        (("1", "By the treaty of the great powers.", "Abc here"),),
        [
            (
                "1:1: error: note 1, `By the treaty of the great powers.`, is not printed; its mark stands "
                "on page 2 [note-lost]"
            )
        ],
    ),
    "half is there": (
        "Abc here1; ~1 By the treaty x y z.",
        (("1", "By the treaty of great powers.", "Abc here"),),
        ["1:1: error: `of great powers.` after `treaty` is lost from note 1 on page 2 [note-lost]"],
    ),
    "one begins as another goes on": (
        "Abc here1; ~1 By the treaty of Zemun. / Abc there2; ~2 By the treaty of Zemun. So it was.",
        (("1", "By the treaty of Zemun.", "Abc here"), ("2", "By the treaty of Zemun. So it was.", "Abc there")),
        [],
    ),
    "one of two that begin alike, twice": (
        "Abc here1; ~1 By the treaty of 1712. / Abc there2; ~2 By the treaty of 1713. / x; ~3 By the treaty of 1712.",
        (("1", "By the treaty of 1712.", "Abc here"), ("2", "By the treaty of 1713.", "Abc there")),
        [
            (
                "1:1: error: the note `By the treaty of 1712.` is printed 2 times, not once: on page 2 and on page 4 "
                "[note-twice]"
            )
        ],
    ),
    "nearest of two broken": (
        "Abc here1; ~1 By the treaty x of / Def1; ~1 By the treaty x great powers.",
        (("1", "By the treaty of great powers.", "Abc here"),),
        ["1:1: error: `of` after `treaty` is lost from note 1 on page 2 [note-lost]"],
    ),
}


@pytest.mark.parametrize("case", NOTES)
def test_a_note_is_looked_for_below_its_mark(case: str) -> None:
    printed, some, faults = NOTES[case]
    assert notes(printed, *some) == faults


def heading(title: str, line: int, number: str = "", level: int = 1, **more: Any) -> Anchor:
    return Anchor(title.split()[0].lower(), "heading", number, title, "01-a", at(line), level, **more)


def link(page: int, address: str = "", to: int = 0, top: float = 0.0, name: str = "") -> LinkMade:
    return LinkMade(page, address, Target(to, top, name))


def text(words: str, line: int) -> ExpectedText:
    return ExpectedText(words, at(line))


MUSEUM, ESCAPED = "https://museum.example.org/a", "https://example.org/%C4%8D/"
READ = "Read on the museum page and elsewhere"
ADDRESSES: dict[str, tuple[tuple[LinkMade, ...], tuple[tuple[str, str], ...], list[str]]] = {
    "as it should be": ((link(2, MUSEUM),), ((MUSEUM, "museum"),), []),
    "escaped, and with a slash": ((link(2, ESCAPED),), (("https://example.org/č", "museum"),), []),
    "none": ((), ((MUSEUM, "museum"),), ["museum"]),
    "another": ((link(2, f"{MUSEUM}b"),), ((MUSEUM, "museum"),), ["museum"]),
    "one of two": ((link(2, MUSEUM),), ((MUSEUM, "museum"), (MUSEUM, "elsewhere")), ["elsewhere"]),
    "on another page": ((link(3, MUSEUM),), ((MUSEUM, "museum"),), []),
    "on the cover": ((link(1, MUSEUM),), ((MUSEUM, "museum"),), ["museum"]),
}


@pytest.mark.parametrize("case", ADDRESSES)
def test_a_link_leads_to_its_address(case: str) -> None:
    made, meant, lost = ADDRESSES[case]
    links = tuple(ExpectedLink(address, words, at(3)) for address, words in meant)
    assert linked(f"{READ} / More", {"links": made}, (), texts=(text(READ, 3),), links=links) == [
        f"3:1: error: the link `{one}` on page 2 does not lead to `{MUSEUM}` [link-lost]" for one in lost
    ]


def test_links_to_one_address_are_each_looked_for_on_the_page_of_their_words() -> None:
    some = ("Alpha text of the first", "Beta text of the second")
    texts = tuple(text(words, line) for line, words in enumerate(some, 2))
    links = tuple(ExpectedLink(MUSEUM, words.split()[0], at(line)) for line, words in enumerate(some, 2))
    assert linked(" / ".join(some), {"links": (link(3, MUSEUM), link(2, MUSEUM))}, (), texts=texts, links=links) == []
    assert linked(" / ".join(some), {"links": (link(3, MUSEUM),)}, (), texts=texts, links=links) == [
        f"2:1: error: the link `Alpha` on page 2 does not lead to `{MUSEUM}` [link-lost]"
    ]
    assert linked("Nothing", {}, (), links=links[:1]) == [
        f"2:1: error: the link `Alpha` does not lead to `{MUSEUM}` [link-lost]"
    ]


TOP = area_of(theme()).block.top
TOLD = "2:1: error: the link `there` on page 2 does not lead to its target on page 3 [link-lost]"
INNER: dict[str, tuple[LinkMade, list[str]]] = {
    "to its top": (link(2, "", 3, TOP), []),
    "by its name": (link(2, "", 3, TOP + 300, "two"), []),
    "a little below": (link(2, "", 3, TOP + 4), []),
    "below": (link(2, "", 3, TOP + 4.1), [TOLD]),
    "a line above": (link(2, "", 3, TOP - 23.9), []),
    "above": (link(2, "", 3, TOP - 24), [TOLD]),
    "to another page": (link(2, "", 2, TOP), [TOLD]),
    "to its page, by an address": (link(2, "two", 3, TOP), [TOLD]),
}
HEADINGS = (heading("One", 1), heading("Two", 5, level=2))
BEFORE, BEHIND = text("Words of the text before it", 2), text("and the text of it here", 6)
THERE = ExpectedLink("#two", "there", at(2))


@pytest.mark.parametrize("case", INNER)
def test_a_link_within_the_book_leads_to_the_height_of_its_heading(case: str) -> None:
    made, faults = INNER[case]
    printed = "One; Words of the text before it / Two; and the text of it here"
    assert linked(printed, {"links": (made,)}, HEADINGS, texts=(BEFORE, BEHIND), links=(THERE,)) == faults


def test_links_and_places_that_are_not_in_the_file_are_told_where_they_are_written() -> None:
    made = {
        "links": (link(2, "", 3, TOP), link(2, "", 0, 0, "gone"), link(3)),
        "places": {"at": Target(0, 0), "two": Target(3, TOP)},
    }
    links = (THERE, ExpectedLink("#gone", "gone", at(6)), ExpectedLink("#unknown", "unknown", at(7)))
    printed = "One; Words of the text before it / Two; and the text of it here"
    assert sorted(linked(printed, made, HEADINGS, texts=(BEFORE, BEHIND), links=links)) == [
        "5:1: error: a link on page 3 leads to a place, which is not in the file [link-broken]",
        "6:1: error: a link on page 2 leads to `gone`, which is not in the file [link-broken]",
        (
            "publication.yaml: error: the place `at`, to which links from outside may lead, is on no page of the file "
            "[link-broken]"
        ),
    ]


def test_links_to_what_is_not_known_do_not_hide_others() -> None:
    links = (ExpectedLink("#unknown", "unknown", at(2)), THERE)
    printed = "One; Words of the text before it / Two; and the text of it here"
    made = {"links": (link(2, "", 2, TOP),)}
    assert linked(printed, made, HEADINGS, texts=(BEFORE, BEHIND), links=links) == [TOLD]


FIGURE = Anchor("fig-a", "figure", "2", "The harbour of Zemun", "01-a", at(8))
LEADS, CAPTION = text("Text that leads to the figure here", 2), text("The harbour of Zemun", 8)
FIGURES: dict[str, tuple[str, LinkMade, list[str]]] = {
    "to its page": ("{leads} / Figure 2 {caption} / Last words", link(2, "", 3, 10), []),
    "to another page": (
        "{leads} / Figure 2 {caption} / Last words",
        link(2, "", 4, 10),
        ["2:1: error: the link `Figure 2` on page 2 does not lead to its target on page 3 [link-lost]"],
    ),
    "on its own page": ("{leads}; Figure 2 {caption}", link(2, "", 2, 900), []),
    "another one on its own page": (
        "{leads} / Figure 2 {caption}",
        link(3, "", 3, 900),
        ["2:1: error: the link `Figure 2` on page 2 does not lead to its target on page 3 [link-lost]"],
    ),
    "to the caption, not to the words in the text": (
        "{leads}; {caption} was new / Figure 2 {caption}",
        link(2, "", 2, 10),
        ["2:1: error: the link `Figure 2` on page 2 does not lead to its target on page 3 [link-lost]"],
    ),
    "to one of two captions alike: nobody knows which": (
        "{leads}; {caption} was new / Figure 2 {caption} / Figure 2 {caption}",
        link(2, "", 2, 10),
        [],
    ),
}


@pytest.mark.parametrize("case", FIGURES)
def test_a_link_leads_to_the_page_of_its_figure(case: str) -> None:
    printed, made, faults = FIGURES[case]
    words = printed.format(leads=LEADS.text, caption=CAPTION.text)
    links = (ExpectedLink("#fig-a", "Figure 2", at(2)),)
    for number in ("2", "1.2"):
        figure, printed = replace(FIGURE, number=number), words.replace("Figure 2", f"Figure {number}")
        assert linked(printed, {"links": (made,)}, (figure,), texts=(LEADS, CAPTION), links=links) == faults


SAYS = "2:1: error: the reference `Two` on page {} {} [page-reference]"
REFERENCES: dict[str, tuple[str, str, list[str]]] = {
    "its page": (", page 3", ", page {number}", []),
    "another": (", page 4", ", page {number}", [SAYS.format(2, "says page 4, but its target stands on page 3")]),
    "a longer one": (", page 33", ", page {number}", [SAYS.format(2, "says page 33, but its target stands on page 3")]),
    "none": ("", ", page {number}", [SAYS.format(2, "does not say the page of its target, which is 3")]),
    "its page in brackets": (" (page 3)", " (page {number})", []),
    "another in brackets": (
        " (page 2)",
        " (page {number})",
        [SAYS.format(2, "says page 2, but its target stands on page 3")],
    ),
}


@pytest.mark.parametrize("case", REFERENCES)
def test_a_reference_says_the_page_of_its_target(case: str) -> None:
    said, pattern, faults = REFERENCES[case]
    texts = (text(f"Two and two are four: as Two{MAY_FOLLOW} tells in its words", 2), BEHIND)
    pages = (ExpectedPage("two", "Two", pattern, at(2)), ExpectedPage("three", "Three", pattern, at(3)))
    printed = f"One; Two and two are four: as Two{said} tells in its words / Two; and the text of it here"
    assert linked(printed, {}, HEADINGS, texts=texts, pages=pages) == faults
    here = linked(printed.replace(" / ", "; "), {}, HEADINGS, texts=texts, pages=pages)
    assert here == (
        []
        if not said
        else [
            SAYS.format(2, f"says page {page}, but its target stands on page 2")
            for page in re.findall(r"\d+", said)
            if page != "2"
        ]
    )


def test_each_reference_of_a_text_is_looked_for() -> None:
    pages = (ExpectedPage("two", "Two", ", page {number}", at(2)), ExpectedPage("one", "One", ", page {number}", at(3)))
    words = f"So{MAY_FOLLOW} it is in One{MAY_FOLLOW} and in Two{MAY_FOLLOW} of them"
    printed = "One; So it is in One and in Two, page 9 of them / Two; and the text of it here"
    assert linked(printed, {}, HEADINGS, texts=(text(words, 2), BEHIND), pages=pages) == [
        SAYS.format(2, "says page 9, but its target stands on page 3")
    ]


CONTENTS = "Contents; >1 One 3; >1.1 Two 4 / One; Words / Two; More"
MARKS = (Bookmark("One", Target(3, TOP)), Bookmark("Two", Target(4, TOP)))
LISTED = (heading("One", 1, "1"), heading("Two", 5, "1.1", 2))


@pytest.mark.parametrize(
    ("printed", "marks", "faults"),
    [
        (CONTENTS, MARKS, []),
        (
            CONTENTS.replace("Two 4", "Two 5"),
            MARKS,
            ["5:1: error: the contents on page 2 give page 5 for `Two`, which stands on page 4 [page-contents]"],
        ),
        (
            CONTENTS.replace("; >1.1 Two 4", ""),
            MARKS,
            ["5:1: error: the contents on page 2 do not list `Two`, which stands on page 4 [page-contents]"],
        ),
        (
            CONTENTS.replace("Two 4 /", "Two 4; >Three 4 /"),
            MARKS,
            ["5:1: error: the contents on page 2 list `Three`, which is no heading at that place [page-contents]"],
        ),
        (
            CONTENTS.replace("Contents", "Index"),
            MARKS,
            ["1:1: error: no page before page 3 is headed `Contents` [page-contents]"],
        ),
        (
            CONTENTS.replace("/ Two", "/ Tow"),
            MARKS,
            ["5:1: error: the heading `Two` is not printed on page 3 or after it [page-heading]"],
        ),
        (
            CONTENTS.replace("/ Two", "/ ^Two"),
            MARKS,
            ["5:1: error: the heading `Two` is not printed on page 3 or after it [page-heading]"],
        ),
        (CONTENTS.replace("/ Two", "/ 1.1 Two"), MARKS, []),
        (
            CONTENTS.replace("/ Two", "/ So Two"),
            MARKS,
            ["5:1: error: the heading `Two` is not printed on page 3 or after it [page-heading]"],
        ),
        (CONTENTS, MARKS[:1], ["5:1: error: no bookmark leads to the heading `Two` on page 4 [page-bookmark]"]),
        (
            CONTENTS,
            (MARKS[1], MARKS[0]),
            ["5:1: error: the bookmark of the heading `Two` on page 4 stands out of order [page-bookmark]"],
        ),
        (
            CONTENTS,
            (MARKS[0], Bookmark("1.1 Two", Target(3, TOP))),
            [
                "5:1: error: the bookmark `1.1 Two` leads to page 3, but its heading stands on page 4 [page-bookmark]",
            ],
        ),
        (
            CONTENTS,
            (*MARKS, Bookmark("Three", Target(4, TOP)), Bookmark("Four", Target(0, 0))),
            [
                "5:1: error: the bookmark `Three` to page 4 belongs to no heading [page-bookmark]",
                "publication.yaml: error: the bookmark `Four` leads nowhere [page-bookmark]",
            ],
        ),
        (CONTENTS, (Bookmark("Front", Target(2, TOP)), *MARKS), []),
    ],
)
def test_headings_contents_and_bookmarks_are_held_to_each_other(
    printed: str, marks: tuple[Bookmark, ...], faults: list[str]
) -> None:
    assert headed(printed, *LISTED, made={"bookmarks": marks}, contents_title="Contents") == faults


def test_a_page_is_headed_by_the_line_that_a_bookmark_leads_to_if_there_is_one() -> None:
    def headed_by(*marks: Bookmark, title: str = "Contents", depth: int = 2) -> int:
        printed = "Contents / The Contents; Contents / x; Contents / Tables / Contents"
        with book(printed, {}, {"bookmarks": marks}, {"contents_title": title, "contents_depth": depth}) as evidence:
            return evidence.contents_page

    assert (
        headed_by() == headed_by(Bookmark("Tables", Target(5, 0))) == headed_by(Bookmark("Contents", Target(4, 0))) == 2
    )
    assert headed_by(Bookmark("Contents", Target(3, 0)), Bookmark("Tables", Target(2, 0))) == 3
    assert headed_by(Bookmark("Contents", Target(1, 0))) == 2
    assert headed_by(title="") == headed_by(title="Index") == headed_by(depth=0) == 0


def test_where_words_stand_on_a_page_is_told_by_their_longest_word() -> None:
    texts = (text("The ferry and the toll", 3), text("An abbey of the order", 5), text("Lo, it", 7))
    printed = "; ".join(one.text for one in texts)
    with book(f"Cover / {printed}", {"texts": texts}, {}, {}) as evidence:
        check_texts(evidence)
        for words, line in {
            "ferry and the": 3,
            "so: An abbey of the order, and a toll": 5,
            "abbey toll of": 5,
            "toll of sorts": 3,
            "of the": 5,
            "nowhere": 3,
            "Lo, it": 7,
            "": 3,
        }.items():
            assert evidence.place(2, words) == at(line), words
        assert evidence.place(3, "ferry") == Place("publication.yaml")
        assert evidence.pages_of(at(4)) == range(2, 3)
        assert evidence.pages_of(at(1)) == range(0)
        assert evidence.pages_of(Place("other.md", 9)) == range(0)


def lost(printed: str, *texts: str) -> list[str]:
    """What is wrong with texts, on pages without a heading."""
    wanted = tuple(text(words, line) for line, words in enumerate(texts, 2))
    with book(f"Cover / {printed}", {"texts": wanted}, {}, {}) as evidence:
        check_texts(evidence)
        return told(evidence)


TEXTS: dict[str, tuple[str, tuple[str, ...], list[str]]] = {
    "whole": ("The ferry crossed; the river here", ("The ferry crossed the river here",), []),
    "divided": ("The fer\ufffe; ry crossed", ("The ferry crossed",), []),
    "over the turn of a page": (
        "The ferry crossed / ^The Book; the river here",
        ("The ferry crossed the river here",),
        [],
    ),
    "a word": (
        "The ferry the river here",
        ("The ferry crossed the river here",),
        [
            (
                "2:1: error: `crossed` after `ferry` is lost from the text `The ferry crossed the river "
                "here` on page 2 [text-lost]"
            )
        ],
    ),
    "the first word": (
        "ferry crossed the river here",
        ("The ferry crossed the river here",),
        ["2:1: error: `The` is lost from the text `The ferry crossed the river here` on page 2 [text-lost]"],
    ),
    "the first word, before six letters": (
        "harbor",
        ("Zemun harbor",),
        ["2:1: error: `Zemun` is lost from the text `Zemun harbor` on page 2 [text-lost]"],
    ),
    "the first word, before five letters": (
        "docks",
        ("Zemun docks",),
        ["2:1: error: the text `Zemun docks` is not printed on page 2 or after it [text-lost]"],
    ),
    "the last word": (
        "The ferry crossed the river",
        ("The ferry crossed the river here",),
        [
            (
                "2:1: error: `here` after `river` is lost from the text `The ferry crossed the river here` "
                "on page 2 [text-lost]"
            )
        ],
    ),
    "a sign": (
        "Timber grain and salt",
        ("Timber, grain and salt",),
        ["2:1: error: `,` after `Timber` is lost from the text `Timber, grain and salt` on page 2 [text-lost]"],
    ),
    "more than half": (
        "The ferry x y z",
        ("The ferry crossed the river",),
        ["2:1: error: the text `The ferry crossed the river` is not printed on page 2 or after it [text-lost]"],
    ),
    "half": (
        "The ferry crossed x y",
        ("The ferry crossed the river here",),
        [
            (
                "2:1: error: `the river here` after `crossed` is lost from the text `The ferry crossed the "
                "river here` on page 2 [text-lost]"
            )
        ],
    ),
    "two of three": (
        "The ferry crossed; Salt paid half",
        ("The ferry crossed", "The towns were free", "Salt paid half", "Nothing of this is here"),
        [
            "3:1: error: the text `The towns were free` is not printed on page 2 or after it [text-lost]",
            "5:1: error: the text `Nothing of this is here` is not printed on page 2 or after it [text-lost]",
        ],
    ),
    "before another text": ("Salt paid half; The ferry crossed", ("The ferry crossed", "Salt paid half"), []),
    "on a later page": (
        "The ferry crossed / More / Salt paid",
        ("The ferry crossed", "Salt paid", "Gone for ever"),
        ["4:1: error: the text `Gone for ever` is not printed on page 4 or after it [text-lost]"],
    ),
    "with the marks of notes": ("The ferry1 crossed the2; river", ("The ferry crossed the river",), []),
    "of signs alone": ("Text", ("—",), []),
    "of signs alone, before one that is lost": (
        "Text",
        ("—", "Gone for ever"),
        ["3:1: error: the text `Gone for ever` is not printed on page 2 or after it [text-lost]"],
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_is_printed_with_all_its_words(case: str) -> None:
    printed, texts, faults = TEXTS[case]
    assert lost(printed, *texts) == faults


STREAM: list[tuple[str, str, tuple[str, tuple[str, ...]]]] = [
    ("the sum α + 3 of it is here", r"the sum \alpha + 3 of it is here", ("thesumα3ofitishere", ())),
    ("x2 is the toll of all", "x_2 is the toll of all", ("x2isthetollofall", ())),
    (
        "the toll is ∑ of 12 coins of them",
        r"the toll is \sum_{i} 12 of 12 coins of them",
        ("thetollisof12coinsofthem", ()),
    ),
    ("and 12 coins or more of them", r"\sum_{i} and 12 coins or more of them", ("and12coinsormoreofthem", ())),
    ("A river carried1 timber; 2 and salt", "A river carried timber and salt", ("arivercarried1timber2andsalt", ())),
    (
        "A river carried / ^x; 1 By treaty; timber and salt to towns below",
        "A river carried timber and salt to towns below",
        ("arivercarriedx1bytreatytimberandsalttotownsbelow", ()),
    ),
    (
        f"A river carried / ^x; 1 {'y' * 200}; timber and salt to towns below",
        "A river carried timber and salt to towns below",
        (f"arivercarriedx1{'y' * 200}timberandsalttotownsbelow", ()),
    ),
    (
        f"to the river1. / ^x; 1 {'y' * 200}; Timber and salt came",
        "to the river. Timber and salt came",
        (f"totheriver1.x1{'y' * 200}timberandsaltcame", ()),
    ),
    ("carried timber and salt", r"\alpha_1 carried timber and salt", ("carriedtimberandsalt", ())),
    ("∑ is the toll of all", r"\sum is the toll of all", ("isthetollofall", ())),
    (
        f"toll {'α' * 60} carried β of it",
        r"toll \alpha carried \beta of it",
        (f"toll{'α' * 60}carriedβofit", ()),
    ),
    ("toll 12 n of twelve coins", r"toll \frac n 12 of twelve coins", ("toll12noftwelvecoins", ())),
    ("carried timber and salt", "zemun carried timber and salt", ("carriedtimberandsalt", ("zemun",))),
    ("7carried timber and salt", "zemun carried timber and salt", ("carriedtimberandsalt", ("zemun",))),
    ("zemun12carried timber and salt", "zemun carried timber and salt", ("zemun12carriedtimberandsalt", ())),
    ("as Two, page 3 tells in words", f"as Two{MAY_FOLLOW} tells in words", ("astwo,page3tellsinwords", ())),
    ("as Two tells in words", f"as Two{MAY_FOLLOW} tells in words", ("astwotellsinwords", ())),
    ("as Two, page 3; tells in words", f"as Two{MAY_FOLLOW} tells in words", ("astwo,page3tellsinwords", ())),
    ("as Two, page 3.", f"as Two{MAY_FOLLOW}.", ("astwo,page3.", ())),
    ("tells in words", f"as Two{MAY_FOLLOW} tells in words", ("tellsinwords", ("as", "Two"))),
    ("see www.example.org/ now", "see http://example.org/ now", ("seeexample.orgnow", ())),
    ("see example.org/a now", "see https://example.org/a#:~:text=zzz now", ("seeexample.organow", ())),
]


@pytest.mark.parametrize(("printed", "words", "expected"), STREAM)
def test_words_are_read_past_marks_turns_of_pages_references_and_formulas(
    printed: str, words: str, expected: tuple[str, tuple[str, ...]]
) -> None:
    texts = enumerate(printed.split(" / "), 1)
    stream = WordStream(Line(number, line, 0, ()) for number, page in texts for line in page.split("; "))
    found = stream.find(wanted(words), 0, 0)
    assert found is not None
    assert (stream.text[found.start : found.end], found.lost) == expected


def test_a_stream_knows_its_lines_and_pages() -> None:
    lines = [Line(1, "One two", 0, ()), Line(1, "—", 7, ()), Line(3, "Three", 0, ()), Line(4, "Four", 0, ())]
    stream = WordStream(lines)
    assert (stream.text, stream.starts) == ("onetwothreefour", [0, 6, 6, 11])
    assert [stream.line(at).text for at in (0, 5, 6, 10, 11, 14)] == [
        "One two",
        "One two",
        "Three",
        "Three",
        "Four",
        "Four",
    ]
    assert [stream.page(at) for at in (0, 6, 11)] == [1, 3, 4]
    assert [stream.of_page(page) for page in (1, 2, 3, 4, 5)] == [0, 6, 6, 11, 15]
    assert [at for at in range(16) if stream.begins_line(at)] == [0, 6, 11, 15]
    assert [stream.line_end(at) for at in (0, 5, 6, 11)] == [6, 6, 11, 15]
    assert list(stream.all("o", 0)) == [0, 5, 12]
    assert list(stream.all("o", 1, 12)) == [5]
    assert stream.whole("three", 0, 0) == Match(6, 11)
    assert stream.whole("one", 3, 0) == Match(0, 3)
    assert stream.whole("five", 0, 0) is stream.whole("", 0, 0) is None


@pytest.mark.parametrize("same", [0, 1, 5, 255, 256, 257, 512, 600])
def test_how_many_letters_are_alike_is_counted_however_many_there_are(same: int) -> None:
    assert _common("x" + "a" * same + "bcd", 1, "a" * same + "cbd", 0) == same
    assert _common("a" * same, 0, "a" * same, 0) == same
    assert _common("a" * same, 0, "a" * (same + 300), 0) == same


def listing(printed: str) -> list[str]:
    """What is wrong with the list of figures of a theme that has one."""
    figures = (
        Anchor("fig-a", "figure", "1", "The harbour of Zemun", "01-a", at(3)),
        Anchor("fig-b", "figure", "2", "The bridge at Šabac", "01-a", at(5)),
        Anchor("fig-d", "figure", "", "Not in a list", "01-a", at(8)),
        Anchor("fig-e", "figure", "9", "Nor this", "01-a", at(9), listed=False),
        Anchor("tbl-a", "table", "1", "A table", "01-a", at(9)),
        Anchor("fig-c", "figure", "3", r"The sum \alpha_i of it", "01-a", at(7)),
    )
    texts = tuple(text(one.title, one.place.line) for one in figures[:2])
    contents = theme().tokens["contents"]
    assert isinstance(contents, dict)
    listed = replace(theme(), tokens={**theme().tokens, "contents": {**contents, "figures": True}})
    meant = {
        "anchors": figures,
        "words": ExpectedWords(figures="Figures"),
        "contents_title": "Contents",
        "theme": listed,
    }
    with book(
        f"Cover / {printed}", {"texts": texts}, {"bookmarks": (Bookmark("Contents", Target(2, TOP)),)}, meant
    ) as evidence:
        evidence.body_page = 3
        check_texts(evidence)
        check_lists(evidence)
        return told(evidence)


BODY = "/ The harbour of Zemun / The bridge at Šabac"
FIRST, SECOND, THIRD = ">1 The harbour of Zemun 3", ">2 The bridge at Šabac 4", ">3 The sum αi of it 4"


@pytest.mark.parametrize(
    ("printed", "faults"),
    [
        (f"Figures; {FIRST}; {SECOND}; {THIRD} {BODY}", []),
        (f"Contents; >One 3; Figures; {FIRST}; >2 The bridge; >at Šabac 4; {THIRD} {BODY}", []),
        (f"Figures; {FIRST}; {SECOND}; {THIRD}; Contents; >One 3 {BODY}", []),
        (
            f"Contents; {FIRST}; {SECOND}; {THIRD} {BODY}",
            ["3:1: error: no page before page 3 is headed `Figures` [page-contents]"],
        ),
        (
            f"Figures; {THIRD} {BODY}",
            [
                (
                    "3:1: error: `Figures` on page 2 does not give `The harbour of Zemun`, which stands on page 3 "
                    "[page-contents]"
                ),
                (
                    "5:1: error: `Figures` on page 2 does not give `The bridge at Šabac`, which stands on page 4 "
                    "[page-contents]"
                ),
            ],
        ),
        (
            f"Figures; {FIRST.replace(' 3', ' 4')}; {SECOND}; {THIRD} {BODY}",
            [
                (
                    "3:1: error: `Figures` on page 2 gives page 4 for `The harbour of Zemun`, which stands on page 3 "
                    "[page-contents]"
                )
            ],
        ),
        (
            f"Figures; {FIRST}; {SECOND}; {THIRD}; >4 The quay 5; >5 The mill 6 {BODY}",
            [
                "3:1: error: `Figures` on page 2 gives `4 The quay`, which is no figure with a number [page-contents]",
                "3:1: error: `Figures` on page 2 gives `5 The mill`, which is no figure with a number [page-contents]",
            ],
        ),
        (
            f"Figures; {FIRST}; {SECOND}; >4 The sum αi of it 4 {BODY}",
            [
                r"7:1: error: `Figures` on page 2 does not give `The sum \alpha_i of it` [page-contents]",
                (
                    "3:1: error: `Figures` on page 2 gives `4 The sum αi of it`, which is no figure with a number "
                    "[page-contents]"
                ),
            ],
        ),
    ],
)
def test_a_list_of_figures_gives_each_with_its_page(printed: str, faults: list[str]) -> None:
    assert sorted(listing(printed)) == sorted(faults)


def test_a_list_of_tables_is_looked_at_where_the_theme_has_one() -> None:
    contents = theme().tokens["contents"]
    assert isinstance(contents, dict)

    def said(**listed: bool) -> list[str]:
        look = replace(theme(), tokens={**theme().tokens, "contents": {**contents, **listed}})
        tables = (Anchor("tbl-a", "table", "1", "Tolls of the river", "01-a", at(3)),)
        words = ExpectedWords(figures="Figures", tables="Tables")
        return judged("Contents / x", check_lists, anchors=tables, words=words, contents_title="Contents", theme=look)

    assert said(tables=True) == ["3:1: error: no page before page 3 is headed `Tables` [page-contents]"]
    assert said(tables=False, figures=True) == []


def test_a_fault_that_names_a_page_has_its_spot_there() -> None:
    texts = (text("The ferry and the toll", 3), text("An abbey of the order", 5))
    with book("Cover / The ferry and the toll; An abbey of the order", {"texts": texts}, {}, {}) as evidence:
        check_texts(evidence)

        def spotted(message: str, line: int, spot: tuple[int, float, float] = (0, 0.0, 0.0)) -> tuple[float, ...]:
            return evidence.spotted(Fault(at(line), message, "text-lost", spot=spot)).spot

        assert spotted("on page 2", 5) == (2, TOP + 14, TOP + 26)
        assert spotted("on page 2", 4) == spotted("on page 2 or 3", 9) == (2, 0, 0)
        assert spotted("of homepage 2", 5) == spotted("nowhere", 5) == (0, 0, 0)
        assert spotted("on page 2", 5, (1, 7.0, 8.0)) == (1, 7, 8)


def test_several_headings_that_are_lost_are_each_told() -> None:
    assert sorted(headed("Text", heading("One", 1), heading("Two", 5))) == [
        "1:1: error: no bookmark leads to the heading `One` [page-bookmark]",
        "1:1: error: no page before page 2 is headed `` [page-contents]",
        "1:1: error: the heading `One` is not printed on page 2 or after it [page-heading]",
        "5:1: error: no bookmark leads to the heading `Two` [page-bookmark]",
        "5:1: error: the heading `Two` is not printed on page 2 or after it [page-heading]",
    ]


def test_a_note_that_stands_a_page_late_is_told_why_that_may_be() -> None:
    def hint(printed: str) -> str:
        note = ExpectedNote("1", "By the treaty of Zemun.", "Open to all", at(2))
        with book(f"Cover / {printed}", {"notes": (note,)}, {}, {}) as evidence:
            check_notes(evidence)
            (fault,) = evidence.faults.all()
            return fault.hint

    note = "~1 By the treaty of Zemun."
    assert hint(f"Open to all1 / {note}").startswith(
        "in a list, a quotation or a table Typst may set a note a page late"
    )
    other = "look whether a template of this publication moves its notes"
    assert hint(f"Open to all1 / x / {note}").startswith(other)
    assert hint(f"{note} / Open to all1").startswith(other)
    assert hint(f"Open to all1; {note.replace('1', '3')}").startswith(other)


def judged(
    printed: str,
    *checks: Callable[[Evidence], None],
    chapter: dict[str, Any] | None = None,
    made: dict[str, Any] | None = None,
    **meant: Any,
) -> list[str]:
    """What `checks` find, one after the other."""
    with book(f"Cover / {printed}", chapter or {}, made or {}, meant) as evidence:
        for check in checks:
            check(evidence)
        return told(evidence)


DOE, ROE = "Doe, Jane. Of Doe. House, 2020.", "Roe, Jane. Of Roe. House, 2021."
CITED = {"doe": at(3), "roe": at(5), "poe": at(6), "goe": at(7)}
UNLISTED = "is cited, but the references from page 3 on do not list it [reference-lost]"


@pytest.mark.parametrize(
    ("printed", "cited", "faults"),
    [
        (f"Text / References; {DOE}; {ROE}", "doe roe", []),
        (f"Text / References; {ROE}; {DOE}", "doe", []),
        (
            "Text / References; Nothing",
            "doe roe poe goe",
            [
                "3:1: error: the work `doe` of the references is not printed on page 3 or after it [reference-lost]",
                "5:1: error: the work `roe` of the references is not printed on page 3 or after it [reference-lost]",
                f"6:1: error: `poe` {UNLISTED}",
                f"7:1: error: `goe` {UNLISTED}",
            ],
        ),
        (
            f"Text / References; Doe, Jane. Of. House, 2020.; {ROE}",
            "",
            [
                (
                    "bib/references.bib: error: `Doe.` after `Of` is lost from the work `doe` of the references "
                    "on page 3 [reference-lost]"
                )
            ],
        ),
        (
            f"Text: {DOE} / References; Nothing",
            "doe roe",
            [
                "3:1: error: the work `doe` of the references is not printed on page 3 or after it [reference-lost]",
                "5:1: error: the work `roe` of the references is not printed on page 3 or after it [reference-lost]",
            ],
        ),
    ],
)
def test_a_work_is_listed_behind_the_heading_of_the_references(printed: str, cited: str, faults: list[str]) -> None:
    chapter = {"cited": {key: CITED[key] for key in cited.split()}}
    meant: dict[str, Any] = {"references": {"doe": DOE, "roe": ROE}, "references_title": "References"}
    assert judged(printed, check_headings, check_references, chapter=chapter, **meant) == faults


def test_where_each_chapter_has_its_list_a_work_is_known_with_its_chapter() -> None:
    chapter, meant = {"cited": {"doe": at(3), "roe": at(4)}}, {"references": {"01-a/doe": DOE}}
    assert judged("Text; nothing", check_references, chapter=chapter, **meant) == [
        "3:1: error: the work `doe` of the references is not printed on page 2 or after it [reference-lost]",
        "4:1: error: `roe` is cited, but the references from page 2 on do not list it [reference-lost]",
    ]
    assert judged("Text", check_references, chapter=chapter) == []


@pytest.mark.parametrize(
    ("printed", "is_lost"),
    [("of it / The towns were free", False), ("of it / More", True), ("of it / The towns were", True)],
)
def test_a_pull_quote_is_printed_beside_what_it_repeats(printed: str, is_lost: bool) -> None:
    lost = "the pull quote `The towns were free` is not printed beside the text that it repeats"
    chapter = {"repeats": (text("The towns were free", 4),)}
    found = judged(f"The towns were free {printed}", check_pull_quotes, chapter=chapter)
    assert found == [f"4:1: error: {lost} [text-lost]"][: int(is_lost)]
    often = "la " * 14
    chapter = {"repeats": (text(often, 4),)}
    assert judged(f"{often} of it / {often}", check_pull_quotes, chapter=chapter) == []
    assert len(judged(f"{often} of it / la la la", check_pull_quotes, chapter=chapter)) == 1


def test_text_that_a_pull_quote_repeats_is_still_that_of_its_paragraph() -> None:
    chapter = {"texts": (text("The towns were free of it", 3),), "repeats": (text("The towns were free", 4),)}
    with book("Cover / The towns were free of it / The towns were free", chapter, {}, {}) as evidence:
        check_texts(evidence)
        check_pull_quotes(evidence)
        assert [(one.first, one.is_block) for one in evidence.located] == [(2, True), (3, False)]


def test_a_pull_quote_is_text_of_its_page_and_no_note() -> None:
    """So what stays free below it is seen."""
    blocks = (ExpectedBlock("01-a/0", "paragraph", "", "", at(3)), ExpectedBlock("01-a/1", "box", "", "", at(4)))
    chapter = {
        "texts": (text("The towns were free of it", 3),),
        "repeats": (text("The towns were free", 4),),
        "blocks": blocks,
    }
    with book("Cover / The towns were free of it / The towns were free", chapter, {}, {}) as evidence:
        check_texts(evidence)
        check_pull_quotes(evidence)
        found = PassageFinder(evidence).passages()
        assert [(one.pages, one.kind) for one in found] == [([2], "paragraph"), ([3], "box")]


SUMMARY = (
    heading("Summary", 1, level=2, summary=True),
    heading("Part", 4, level=3),
    heading("Two", 9, level=2),
    heading("Three", 15, level=2, summary=True),
)
SUMMED = (text("First of the words here", 3), text("Second of the words here", 5), text("Third of the words", 11))


@pytest.mark.parametrize(
    ("printed", "last"),
    [
        ("Summary; {0}; Part; {1} / Two; {2}; Three", 0),
        ("Summary; {0} / Part; {1} / Two; {2}; Three", 3),
        ("Summary; {0}; Part / {1} / Two; {2}; Three", 3),
    ],
)
def test_a_summary_ends_on_the_page_on_which_it_begins(printed: str, last: int) -> None:
    words = printed.format(*(one.text for one in SUMMED))
    found = judged(words, check_headings, check_texts, check_summaries, chapter={"texts": SUMMED}, anchors=SUMMARY)
    assert (
        found == [f"1:1: warning: the summary `Summary` begins on page 2 and ends on page {last} [summary-long]"][:last]
    )


def test_each_summary_is_looked_at() -> None:
    texts = (*SUMMED, text("Fourth of the words here", 17))
    printed = "Summary; {}; Part; {} / Two; {}; Three / {}".format(*(one.text for one in texts))
    checks = (check_headings, check_texts, check_summaries)
    assert judged(printed, *checks, chapter={"texts": texts}, anchors=SUMMARY) == [
        "15:1: warning: the summary `Three` begins on page 3 and ends on page 4 [summary-long]"
    ]


@pytest.mark.parametrize("left", ["{{", "}}", "[@doe", "{#sec", "??", "(doe?)", "doe2020?", "(So?)"])
def test_what_was_not_put_in_its_place_is_found_where_the_sources_do_not_say_it(left: str) -> None:
    printed = f"Contents; see ?? here / One; and {left} there"
    chapter: dict[str, Any] = {"texts": (text("One", 1), text("What is it (so?)", 4))}
    marks = {"bookmarks": (Bookmark("One", Target(3, TOP)),)}
    meant: dict[str, Any] = {"chapter": chapter, "made": marks, "anchors": (heading("One", 1),)}
    assert judged(printed, check_headings, check_leftovers, **meant) == [
        f"1:1: error: `{left}` is printed on page 3 [page-leftover]"
    ]
    chapter["texts"] += (text(f"and {left} there", 5),)
    assert judged(printed, check_headings, check_leftovers, **meant) == []


def test_what_was_not_put_in_its_place_is_found_in_the_front_too() -> None:
    assert judged("so {{ x / One", check_leftovers, made={"bookmarks": (Bookmark("One", Target(3, TOP)),)}) == [
        "publication.yaml: error: `{{` is printed on page 2 [page-leftover]"
    ]


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ("Number of pages: 4", "4"),
        ("Number of pages 4", "4"),
        ("Place 1; Number of pages: 7", "7"),
        ("Number of 4; pages", "4"),
        ("Number 7; of pages", "7"),
        ("Number of; pages: 4", ""),
        ("No 4", ""),
        ("Nothing", ""),
    ],
)
def test_the_impressum_gives_the_number_of_pages(printed: str, says: str) -> None:
    none = "no page before page 4 prints `Number of pages` with a number"
    wrong = f"the impressum on page 3 says {says} pages, but the file has 4"
    meant: dict[str, Any] = {"anchors": (heading("One", 1),), "number_of_pages_label": "Number of pages"}
    marks = {"bookmarks": (Bookmark("One", Target(4, TOP)),)}
    assert (
        judged(f"Title / {printed} / One; Number of pages: 9", check_page_count, made=marks, **meant)
        == [f"publication.yaml: error: {none if not says else wrong} [page-count]"][: int(says != "4")]
    )


def test_the_back_cover_says_what_it_is_to_say_within_its_page() -> None:
    assert judged("One / A blurb; of two lines", check_back_cover, blurb=("A blurb of two lines",)) == []
    assert judged("A blurb of two / A blub", check_back_cover, blurb=("A blurb of two", "So")) == [
        f"publication.yaml: error: the back cover on page 3 does not print `{words}` as it is meant [page-back-cover]"
        for words in ("A blurb of two", "So")
    ]
    assert judged("A blurb / Nothing", check_back_cover) == []
    long = "; ".join(["So"] * 60)
    over = 60 * 14 - 4 + TOP - (area_of(theme()).block.bottom + 60)
    assert judged(f"A / {long}", check_back_cover, blurb=("So",)) == [
        (
            f"publication.yaml: error: what the back cover on page 3 says is {over:.0f} pt higher than the page "
            "[page-back-cover]"
        )
    ]


@pytest.mark.parametrize("printed", ["One /  / Two", "One / ^The Book / Two", "One / — / Two"])
def test_a_page_that_shows_nothing_is_blank(printed: str) -> None:
    chapter = {"texts": (text("One", 3), text("Two", 5))}
    assert judged(printed, check_texts, check_blank_pages, chapter=chapter) == [
        "3:1: error: page 3 is blank [page-blank]"
    ]
    marks = {"bookmarks": (Bookmark("One", Target(3, TOP)),)}
    assert judged(f" / {printed[:3]}", check_blank_pages, made=marks, anchors=(heading("One", 1),)) == [
        "publication.yaml: error: page 2 is blank [page-blank]"
    ]
    assert judged("One / Two", check_blank_pages) == judged("One / ", check_blank_pages, blurb=("So",)) == []


def test_words_are_shown_up_to_the_eighth_without_unseen_spaces() -> None:
    eight = "one two three four five six seven eight"
    assert [shown(eight), shown(f"{eight} nine")] == [f"`{eight}`", f"`{eight} …`"]
    assert shown("so\u200bme\u2060 words\n of  it") == "`some words of it`"


FLOATING = (
    text("Words before the figure", 3),
    text("The harbour of Zemun", 5),
    text("Words behind the figure", 7),
    text("and more of the words", 9),
)
ZEMUN = Anchor("fig-a", "figure", "1", "The harbour of Zemun", "01-a", at(5))
FAR = "5:1: warning: the figure `The harbour of Zemun` stands on page {} and is written on page {}{} [figure-far]"


@pytest.mark.parametrize(
    ("printed", "mention", "places", "faults"),
    [
        ("{0}; {1}; {2}; {3}", 0, {}, []),
        ("{0}; {2} / {1}; {3}", 0, {}, []),
        ("{0}; {2} / {1} / {3}", 0, {}, []),
        ("{0}; {2} / {3} / {1}; x", 0, {}, [FAR.format(4, 2, "")]),
        ("x / {0}; {2} / {3} / y / {1}", 0, {}, [FAR.format(6, 3, "")]),
        ("{0}; {2} / x / {3} / {1}", 9, {}, []),
        ("{0}; {2} / x / {3} / {1}", 3, {}, [FAR.format(5, 2, ", mentioned on page 2")]),
        ("{0}; {2}; {1} / {3} / x / y", 0, {"fig-a": Target(5, 0)}, [FAR.format(5, 2, "")]),
        ("{0}; {2} / {3} / x / {1}", 0, {"fig-a": Target(2, 0)}, []),
    ],
)
def test_a_figure_stands_near_where_it_is_written_or_mentioned(
    printed: str, mention: int, places: dict[str, Target], faults: list[str]
) -> None:
    links = (ExpectedLink("#fig-b", "Figure 2", at(3)), ExpectedLink("#fig-a", "Figure 1", at(mention)))
    chapter = {"texts": FLOATING, "links": links if mention else ()}
    words = printed.format(*(one.text for one in FLOATING))
    checks = (check_headings, check_texts, check_figures)
    assert judged(words, *checks, chapter=chapter, made={"places": places}, anchors=(ZEMUN,)) == faults
    unlisted = (replace(ZEMUN, listed=False),)
    assert judged(words, *checks, chapter=chapter, made={"places": places}, anchors=unlisted) == []


def test_each_figure_is_looked_for() -> None:
    other = Anchor("fig-b", "figure", "2", "The bridge at Sava", "01-a", at(8))
    texts = (*FLOATING, text("The bridge at Sava", 8))
    printed = "{}; {}; {}; {} / x / x / {}".format(*(one.text for one in texts))
    checks = (check_headings, check_texts, check_figures)
    far = FAR.format(5, 2, "").replace("5:1", "8:1").replace("harbour of Zemun", "bridge at Sava")
    ordered = (texts[0], texts[1], texts[2], texts[4], texts[3])
    for anchors in ((ZEMUN, other), (replace(ZEMUN, listed=False), other)):
        assert judged(printed, *checks, chapter={"texts": ordered}, anchors=anchors) == [far]


def test_a_figure_behind_one_that_is_mentioned_nearby_is_looked_for() -> None:
    other = Anchor("fig-b", "figure", "2", "The bridge at Sava", "01-a", at(10))
    texts = (*FLOATING, text("The bridge at Sava", 10))
    links = (ExpectedLink("#fig-a", "Figure 1", at(9)),)
    printed = "{0}; {2} / x / {3} / {1} / x / {4}".format(*(one.text for one in texts))
    checks = (check_headings, check_texts, check_figures)
    far = FAR.format(7, 4, "").replace("5:1", "10:1").replace("harbour of Zemun", "bridge at Sava")
    assert judged(printed, *checks, chapter={"texts": texts, "links": links}, anchors=(ZEMUN, other)) == [far]


def test_the_page_of_one_figure_with_a_number_is_no_distance() -> None:
    bridge = Anchor("fig-b", "figure", "2", "The bridge at Sava", "01-a", at(6))
    tower = Anchor("fig-c", "figure", "3", "The tower of the hill", "01-a", at(8))
    texts = (*FLOATING[:2], text("The bridge at Sava", 6), text("The tower of the hill", 8))
    printed = "{} / {}; {} / {}".format(*(one.text for one in texts))
    far = FAR.format(4, 2, "").replace("5:1", "8:1").replace("harbour of Zemun", "tower of the hill")
    for listed, faults in ((True, [far]), (False, [])):
        anchors = (ZEMUN, replace(bridge, listed=listed), tower)
        checks = (check_headings, check_texts, check_figures)
        assert judged(printed, *checks, chapter={"texts": texts}, anchors=anchors) == faults


def test_the_first_page_of_the_body_is_that_of_the_first_heading() -> None:
    anchors = (replace(ZEMUN, place=at(1)), heading("One", 2))
    places = {"fig-a": Target(5, 0), "one": Target(3, 0)}
    with book("Cover / Front / One / x / y", {}, {"places": places}, {"anchors": anchors}) as evidence:
        assert (evidence.body_page, evidence.contents_page) == (3, 0)
    marks = (Bookmark("One", Target(2, 0)), Bookmark("One", Target(4, 0)))
    with book("Cover / One / x / One", {}, {"bookmarks": marks}, {"anchors": anchors}) as evidence:
        assert evidence.body_page == 2
    with book(
        "Cover / Contents / x / One", {}, {"bookmarks": marks}, {"anchors": anchors, "contents_title": "Contents"}
    ) as evidence:
        assert (evidence.body_page, evidence.contents_page) == (4, 2)


def test_what_runs_over_pages_stands_on_each_of_them() -> None:
    words = text("The ferry crossed the river and the towns", 3)
    with book("Cover / The ferry crossed / the river / and the towns", {"texts": (words,)}, {}, {}) as evidence:
        check_texts(evidence)
        assert evidence.pages_of(at(3)) == range(2, 5)
        assert [evidence.place(page, "so") for page in (1, 2, 3, 4)] == [Place("publication.yaml"), *[at(3)] * 3]
    with book("Cover / The ferry crossed / x", {"texts": (text("The ferry crossed x", 3),)}, {}, {}) as evidence:
        check_texts(evidence)
        assert evidence.pages_of(at(3)) == range(2, 4)


def test_a_text_that_the_chapter_before_says_too_is_found_in_its_own() -> None:
    anchors = (heading("One", 1), replace(heading("Two", 5), chapter="02-b"))
    texts = (text("The ferry", 2), text("The towns were free of it", 3))
    printed = "Cover / One; The ferry; The towns were free of it / Two; The towns were free"
    with book(printed, {"texts": texts}, {}, {"anchors": anchors}) as evidence:
        other = ExpectedChapter("02-b", (), (), (text("The towns were free", 6),), {})
        evidence.expected = replace(evidence.expected, chapters=(*evidence.expected.chapters, other))
        check_headings(evidence)
        check_texts(evidence)
        assert (evidence.pages_of(at(3)), evidence.pages_of(at(6))) == (range(2, 3), range(3, 4))


def test_headings_of_chapters_that_were_looked_at_before_are_passed_over() -> None:
    anchors = (heading("One", 1), replace(heading("Two", 5), chapter="02-b"))
    with book("Cover / x", {}, {}, {"anchors": anchors}) as evidence:
        evidence.checked = frozenset({"01-a"})
        check_headings(evidence)
        assert told(evidence) == ["5:1: error: the heading `Two` is not printed on page 2 or after it [page-heading]"]


@pytest.mark.parametrize(
    ("places", "pages"),
    [
        ({"one": 2, "two": 4}, [range(2, 4), range(4, 6)]),
        ({"one": 2, "two": 2}, []),
        ({"one": 2}, []),
        ({"two": 2}, []),
        ({"one": 2, "two": 6}, []),
        ({"one": 1, "two": 4}, []),
        ({}, []),
    ],
)
def test_chapters_are_looked_at_alone_where_each_has_its_pages(places: dict[str, int], pages: list[range]) -> None:
    anchors = (heading("One", 1), heading("Deep", 3, level=2), replace(heading("Two", 5), chapter="02-b"))
    chapters = (ExpectedChapter("01-a", (), (), (), {}), ExpectedChapter("02-b", (), (), (), {}))
    prints = tuple("abcde")
    with book("Cover", {}, {}, {"anchors": anchors}) as evidence:
        found = {label: Target(page, 0) for label, page in places.items()}
        structure = replace(evidence.structure, places=found, prints=prints)
        expected = replace(evidence.expected, chapters=chapters)
        told = chapters_of(expected, theme(), structure)
        assert [one.pages for one in told] == pages
        assert [[anchor.title for anchor in one.expected.anchors] for one in told] == [["One", "Deep"], ["Two"]][
            : len(told)
        ]
        assert chapters_of(replace(expected, index_title="Index"), theme(), structure) == ()
        lost = (IllustrationMade("a", 0, Rectangle(0, 0, 9, 9)),)
        assert chapters_of(expected, theme(), replace(structure, formulas=lost)) == ()
        if told:
            at_end = replace(structure, places={**found, "index": Target(5, 0)})
            (_, last) = chapters_of(replace(expected, index_title="Index"), theme(), at_end)
            assert last.pages == range(4, 5)


def test_a_work_in_the_list_of_a_chapter_has_the_label_of_that() -> None:
    assert (_of_work("02-economy/doe2023"), _of_work("a/b/doe")) == ("02-economy/ref-doe2023", "a/b/ref-doe")


def test_a_heading_is_looked_for_first_where_its_place_is() -> None:
    def found(places: dict[str, Target]) -> int:
        printed = "Cover / x; One / One; x / One"
        with book(printed, {}, {"places": places}, {"anchors": (heading("One", 1),)}) as evidence:
            evidence.body_page = 2
            check_headings(evidence)
            return evidence.headings["one"].first

    assert [found({"one": Target(page, 0)}) for page in (2, 3, 4)] == [2, 3, 4]
    assert found({}) == found({"two": Target(4, 0)}) == found({"one": Target(0, 0)}) == 2


def test_references_stand_before_the_chapters_that_follow_them() -> None:
    def said(*printed: str) -> list[str]:
        marks = tuple(Bookmark(title, Target(page, TOP)) for page, title in enumerate(printed, 2))
        anchors = (heading("One", 1), replace(heading("Sheets", 5), chapter="02-b"))
        meant = {"anchors": anchors, "references_title": "References"}
        with book(" / ".join(["Cover", *printed]), {}, {"bookmarks": marks}, meant) as evidence:
            behind = (ExpectedChapter(slug, (), (), (), {}) for slug in ("references", "02-b"))
            evidence.expected = replace(evidence.expected, chapters=(*evidence.expected.chapters, *behind))
            check_headings(evidence)
            check_bookmarks(evidence)
            return told(evidence)

    assert said("One", "References", "Sheets") == []
    assert said("One", "Sheets", "References") == [
        "5:1: error: the bookmark of the heading `Sheets` on page 3 stands out of order [page-bookmark]",
    ]


def test_bookmarks_that_lead_before_the_first_chapter_may_be_others() -> None:
    def said(mark: Bookmark, *, last: bool = False) -> list[str]:
        marks = (*MARKS, mark) if last else (mark, *MARKS)
        return headed(CONTENTS, *LISTED, made={"bookmarks": marks}, contents_title="Contents")

    assert said(Bookmark("Front", Target(1, 0))) == said(Bookmark("Front", Target(2, 0))) == []
    assert said(Bookmark("Front", Target(3, 0))) == [
        "1:1: error: the bookmark `Front` to page 3 belongs to no heading [page-bookmark]"
    ]
    assert said(Bookmark("Front", Target(0, 0))) == [
        "publication.yaml: error: the bookmark `Front` leads nowhere [page-bookmark]"
    ]
    assert said(Bookmark("Front", Target(2, 0)), last=True) == [
        "publication.yaml: error: the bookmark `Front` to page 2 belongs to no heading [page-bookmark]"
    ]


def test_the_contents_may_say_what_a_number_is_of_and_who_wrote_a_chapter() -> None:
    part = heading("Rivers", 1, "I", chapter_kind="part")
    own = heading("Two", 5, "1", byline="Jane Doe")
    marks = (Bookmark("Rivers", Target(3, 0)), Bookmark("Two", Target(4, 0)))
    meant: dict[str, Any] = {"contents_title": "Contents", "words": ExpectedWords(part="Part {number}")}

    def said(first: str, second: str) -> list[str]:
        printed = f"Contents; {first}; {second} / Rivers / Two"
        return headed(printed, part, own, made={"bookmarks": marks}, **meant)

    assert said(">Part I Rivers 3", ">1 Two; >Jane Doe 4") == said(">I Rivers 3", ">1 Two Jane Doe 4") == []
    assert len(said(">Part II Rivers 3", ">1 Two 4")) == 4
    deep = (part, own, heading("Deep", 7, level=3), heading("Hidden", 9, listed=False))
    body = "Contents; >Part I Rivers 3; >1 Two; >Jane Doe 4 / Rivers / Two; Deep; Hidden"
    more = (*marks, Bookmark("Deep", Target(4, 0)), Bookmark("Hidden", Target(4, 0)))
    assert headed(body, *deep, made={"bookmarks": more}, **meant) == []


EQUATION = Anchor("eq-a", "equation", "1", "", "01-a", at(8))


@pytest.mark.parametrize(
    ("made", "is_lost"),
    [
        (link(2, "", 3, 100), False),
        (link(2, "", 3, 900), False),
        (link(2, "", 4, 100), True),
        (link(3, "", 3, 900), True),
    ],
)
def test_a_link_leads_to_the_page_of_its_equation(made: LinkMade, is_lost: bool) -> None:
    texts, links = (LEADS, text("More words of the text", 9)), (ExpectedLink("#eq-a", "(1)", at(2)),)

    def lost(*formulas: IllustrationMade) -> list[str]:
        chapter = {"texts": texts, "links": links, "formulas": (ExpectedText("a is b", at(8)),)}
        with book(
            f"Cover / {LEADS.text} / {texts[1].text} / x", chapter, {"links": (made,)}, {"anchors": (EQUATION,)}
        ) as one:
            one.structure = replace(one.structure, formulas=formulas)
            check_texts(one)
            check_formulas(one)
            one.faults = Faults()
            check_links(one)
            return told(one)

    box = Rectangle(0, 100, 9, 120)
    said = "2:1: error: the link `(1)` on page 2 does not lead to its target on page 3 [link-lost]"
    assert lost(IllustrationMade("a is b", 3, box)) == [said][: int(is_lost)]
    assert lost(IllustrationMade("a is b", 0, box)) == lost() == []


def test_a_link_leads_to_its_work_in_the_references() -> None:
    def said(to: int, label: str = "#ref-doe", **meant: Any) -> list[str]:
        chapter = {"texts": (LEADS,), "links": (ExpectedLink(label, "Doe", at(2)),)}
        printed = f"{LEADS.text} / {DOE} / x"
        checks = (check_texts, check_references, check_links)
        return judged(printed, *checks, chapter=chapter, made={"links": (link(2, "", to, TOP),)}, **meant)

    lost = ["2:1: error: the link `Doe` on page 2 does not lead to its target on page 3 [link-lost]"]
    whole: dict[str, Any] = {"references": {"doe": DOE}, "references_title": "References"}
    own: dict[str, Any] = {"references": {"01-a/doe": DOE}}
    assert said(3, **whole) == said(3, "#01-a/ref-doe", **own) == said(4, "#ref-roe", **whole) == []
    assert said(4, **whole) == said(4, "#01-a/ref-doe", **own) == lost


def formulas(made: tuple[tuple[str, int, float, float], ...], *meant: str) -> tuple[list[tuple[int, int]], list[str]]:
    """The pages and lines of the formulas that are found, and what is said of others."""
    expected = tuple(ExpectedText(one, at(line)) for line, one in enumerate(meant, 3))
    some = tuple(IllustrationMade(one, page, Rectangle(left, top, left + 9, top + 9)) for one, page, top, left in made)
    with book("Cover / Text", {"formulas": expected}, {}, {}) as evidence:
        evidence.structure = replace(evidence.structure, formulas=some)
        check_formulas(evidence)
        return [(one.page, place.line) for one, place in evidence.formulas], [
            str(fault).partition("\n")[0].removeprefix(f"{CHAPTER}:") for fault in hinted(evidence.faults.all())
        ]


def test_each_formula_is_in_the_tags() -> None:
    lost = "{}:1: error: the formula `{}` is not in the file [formula-lost]"
    assert formulas((("a", 2, 0, 0), ("b", 3, 0, 0)), "a", "b") == ([(2, 3), (3, 4)], [])
    assert formulas((("a", 3, 0, 0),), "a", "b") == ([(3, 3)], [lost.format(4, "b")])
    assert formulas((("a", 4, 0, 0), ("a", 2, 0, 0), ("a", 3, 9, 0)), "a", "a") == ([(3, 3), (4, 4)], [])
    assert formulas((("a", 2, 50, 0), ("a", 2, 5, 0)), "a", "a")[1] == []
    assert formulas((("a", 2, 0, 0),), "a", "a", "a") == ([(2, 3)], [lost.format(4, "a"), lost.format(5, "a")])
    assert formulas((("z", 2, 0, 0),)) == ([], [])


def test_the_back_cover_says_its_isbn() -> None:
    cover: dict[str, Any] = {"blurb": ("A blurb",), "barcode": "978-1-23"}
    assert judged("One / A blurb; ISBN 978-1-23", check_back_cover, **cover) == []
    assert judged("One / A blurb; 978-1-23", check_back_cover, **cover) == [
        (
            "publication.yaml: error: the back cover on page 3 does not print `ISBN 978-1-23` as it is meant "
            "[page-back-cover]"
        )
    ]
    assert judged("One / A blurb", check_back_cover, barcode="978-1-23") == []


def test_where_lines_are_printed_over_each_other_no_words_are_missed() -> None:
    def said(*pages: int, printed: str = "The ferry the river here") -> int:
        with book(f"Cover / {printed}", {"texts": (text("The ferry crossed the river here", 2),)}, {}, {}) as evidence:
            evidence.overprinted = {page: [] for page in pages}
            check_texts(evidence)
            return len(told(evidence))

    assert [said(), said(2), said(3), said(1)] == [1, 0, 1, 1]
    assert [said(*pages, printed="Nothing") for pages in ((), (2,), (3,), (1,), (4,))] == [1, 0, 0, 1, 1]


def test_a_text_is_looked_for_in_its_own_chapter() -> None:
    """Ensures it for what stands above the text that it follows in the source, and in the next chapter again."""
    first = (text("Words of the first chapter", 3), text("The harbour of Zemun", 5))
    second = ExpectedText("Words of the second chapter", Place("chapters/en/02-b.md", 3))
    anchors = (heading("One", 1), replace(heading("Two", 1), chapter="02-b", place=Place("chapters/en/02-b.md", 1)))
    printed = "Cover / One; The harbour of Zemun; Words of the first chapter / Two; The harbour of Zemun; "
    with book(f"{printed}Words of the second chapter", {"texts": first}, {}, {"anchors": anchors}) as evidence:
        chapter = evidence.expected.chapters[0]
        chapters = (chapter, replace(chapter, slug="02-b", texts=(second,)))
        evidence.expected = replace(evidence.expected, chapters=chapters)
        check_headings(evidence)
        check_texts(evidence)
        assert told(evidence) == []
        assert [(one.place.line, one.first) for one in evidence.located[2:]] == [(3, 2), (5, 2), (3, 3)]


def test_pages_before_openers_are_blank_and_show_nothing() -> None:
    openers = theme().tokens["openers"]
    assert isinstance(openers, dict)
    page = theme().tokens["page"]
    assert isinstance(page, dict)
    both = {"openers": {**openers, "recto": True}, "page": {**page, "facing": True}}
    recto = replace(theme(), tokens={**theme().tokens, **both})
    anchors = (heading("One", 1), heading("Two", 5), heading("Deep", 9, level=2))

    def said(printed: str, look: Theme = recto, **meant: Any) -> list[str]:
        return judged(printed, check_headings, check_blank_pages, anchors=anchors, theme=look, **meant)

    blank = "error: page {} is blank [page-blank]"
    shows = "5:1: error: page 4 is left blank before an opener and prints `12` [page-blank]"
    assert said("Contents / One; x /  / Two; Deep") == []
    assert said("Contents / One; x /  / Two; Deep", theme()) == [f"1:1: {blank.format(4)}"]
    assert said("Contents / One; x / ^12 / Two; Deep") == [shows]
    assert said("Contents / One; x / x /  / Two; Deep") == [f"publication.yaml: {blank.format(5)}"]
    assert said("Contents / One; Two /  / Deep") == [f"1:1: {blank.format(4)}"]
    assert said(" / One; Two; Deep", contents_title="") == []
    assert said("Contents / One; x /  / Two; Deep /  / x") == [f"5:1: {blank.format(6)}"]
    assert said("x / One; Two; Deep /  / Blurb", blurb=("Blurb",)) == []
    assert said("x / One; Two; Deep /  / x / Blurb", blurb=("Blurb",)) == [f"1:1: {blank.format(4)}"]


def test_words_with_notes_are_looked_for_with_their_marks() -> None:
    some = (("1", "The ferry", 5), ("2", "crossed", 9), ("3", "the river", 30))
    notes = tuple(ExpectedNote(mark, "so", before, at(3, column)) for mark, before, column in some)
    with book("Cover / Text", {"notes": notes}, {}, {}) as evidence:

        def marked(words: str, start: int = 1, end: int = 40) -> str:
            return evidence.with_marks(words, at(3, start), at(3, end))

        assert marked("The ferry crossed the river here") == "theferry1crossed2theriver3here"
        assert marked("The ferry crossed the river here", end=30) == "theferry1crossed2theriverhere"
        assert marked("The ferry crossed the river", start=5, end=9) == "theferry1crossedtheriver"
        assert marked("The ferry crossed the river", start=6, end=9) == marked("So", 10, 30) == ""
        assert marked("crossed the ferry and crossed", 9, 10) == "crossed2theferryandcrossed"
        assert marked("The boat crossed the river") == marked("", 5, 9) == ""
    with book("Cover / Text", {"notes": (ExpectedNote("1", "so", "So,", at(3, 5)),)}, {}, {}) as evidence:
        assert evidence.with_marks("So, it is", at(3), at(4)) == "so,1itis"
        assert evidence.with_marks("And so it is", at(3), at(4)) == "andso,1itis"


def test_what_stands_in_a_box_is_a_formula_or_words() -> None:
    texts = (text("The ferry and the toll", 3), text("An abbey of the order", 5))
    with book("Cover / The ferry and the toll; An abbey of the order", {"texts": texts}, {}, {}) as evidence:
        check_texts(evidence)
        evidence.formulas = [
            (IllustrationMade("a", 3, Rectangle(0, 0, 50, 50)), at(7)),
            (IllustrationMade("b", 2, Rectangle(0, 0, 50, 50)), at(8)),
        ]
        page = evidence.printed.pages[1]
        assert evidence.place_at(page, Rectangle(10, 10, 20, 20), "abbey") == at(8)
        assert evidence.place_at(page, Rectangle(60, 10, 70, 20), "abbey") == at(5)


RIGHT_TO_LEFT: list[tuple[str, str, tuple[str, ...]]] = [
    ("שלום עולם", "שלום עולם", ()),
    ("עולם שלום", "שלום עולם", ()),
    ("עולם", "שלום עולם", ("שלום",)),
    ("גדול 12 שלום", "שלום 12 גדול", ()),
    ("גדול 13 שלום", "שלום 12 גדול", ("12",)),
    ("x / x / x / עולם שלום", "שלום עולם", ()),
]


@pytest.mark.parametrize(("printed", "words", "lost"), RIGHT_TO_LEFT)
def test_words_from_right_to_left_may_stand_in_another_order(printed: str, words: str, lost: tuple[str, ...]) -> None:
    lines = (Line(number, line, 0, ()) for number, line in enumerate(printed.split(" / "), 1))
    found = WordStream(lines).find(wanted(words), 0, 0)
    assert found is not None
    assert found.lost == lost
