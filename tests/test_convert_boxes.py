"""Boxes, quotations, lists, verse and code: what an author writes, and what stands on the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from building import line_of, pages_of
from fitted import draft, inputs
from pypdf import PdfReader
from verifying import made_in

from impressum.stages.verify.pages import PrintedPages

FILE = "pages.pdf"
PUBLICATION = "title: Boxes\nlanguage: en\ndate: 2025-01-31\n"
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='80' height='100'><rect width='80' height='100'/></svg>"
SENTENCE = "The river carried timber, grain and salt to the towns on its lower course. "


def publication(root: Path, text: str, *, tag: str = "en", theme: str = "report") -> Path:
    (root / "chapters" / tag).mkdir(parents=True, exist_ok=True)
    (root / "images").mkdir()
    (root / "images" / "ana.svg").write_text(PICTURE, encoding="utf-8")
    settings = PUBLICATION.replace("language: en", f"language: {tag}") + f"theme: {theme}\n"
    (root / "publication.yaml").write_text(settings, encoding="utf-8")
    (root / "chapters" / tag / "01-one.md").write_text(f"# One\n\n{text}\n", encoding="utf-8")
    return root


def built(root: Path, text: str, *, tag: str = "en", theme: str = "report") -> str:
    """The words of the chapter as they are printed, page after page; the file lies in `root`."""
    book = made_in(publication(root, text, tag=tag, theme=theme))
    assert book.report()[1] == ""
    (root / FILE).write_bytes(book.pdf)
    return " ".join(pages_of(book.pdf)).replace("\ufffe", "")


def structure(root: Path) -> list[str]:
    """The types of the elements of the published file, in the order in which they are read."""
    found: list[str] = []

    def read(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for part in node:
                read(part)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S))
            read(node.get("/K"))

    with pikepdf.open(root / FILE) as document:
        read(document.Root.StructTreeRoot)
    return found


def test_a_box_has_the_title_of_its_kind_in_the_language_of_the_edition(tmp_path: Path) -> None:
    """Ensures it in the theme book; in the other one such titles are among `SHOWN`."""
    text = "Reč.\n\n::: note\nPrva.\n:::\n\n::: key-findings\n- Druga.\n:::\n"
    assert "Napomena Prva. Ključni nalazi – Druga." in built(tmp_path, text, tag="sr-Latn", theme="book")


def test_the_title_of_a_box_is_its_attribute_or_its_first_heading(tmp_path: Path) -> None:
    text = (
        '::: {.box title="It\'s \\"so\\" -- and *not* so"}\nFirst.\n:::\n\n'
        "::: warning\n#### Mind the *gap*[^1]\n\nSecond.\n:::\n\n[^1]: Between two quays.\n"
    )
    shown = built(tmp_path, text)
    assert "It’s “so” – and not so First. Mind the gap1 Second." in shown
    assert "1 Between two quays." in shown
    assert structure(tmp_path).count("/H1") == 3  # impressum, contents and the chapter: a title of a box is none


LONG = "A very long abbreviation of some words"
COLOURED = {
    "an address in a string": 'reply = requests.get("https://example.org/' + "to/" * 40 + '")[0].read(all)',
    "values without a space": (
        '{"a":["' + "p" * 28 + '",' + "1" * 23 + ',"' + "p" * 22 + '","' + "q" * 28 + '",' + "2" * 22 + "]}"
    ),
}
"""Words of several colours that no line holds."""
WEIR = "Weir\n\n:   A low dam.\n\nLock\n\n:   Two gates.\n"
SHOWN = {
    "a box is named by its title in a cross-reference": (
        (
            'See @box-quay, @box-tip and [it](#box-quay).\n\n::: {.box title="A quay" #box-quay}\nWords.\n:::\n\n'
            "::: {.tip #box-tip}\nMore.\n:::\n"
        ),
        "See “A quay”, “Tip” and it.",
    ),
    "boxes of Quarto are understood": (
        "::: {.callout-caution}\nMind it.\n:::\n\n::: callout-tip\nTry it.\n:::\n",
        "Warning Mind it. Tip Try it.",
    ),
    "an epigraph and a poem have sources": (
        (
            "::: epigraph\nRivers never go in reverse.\n\n— Ana Anić\n:::\n\nWords.\n\n"
            '::: {.poem title="The ferry" source="Marko Perić"}\n| It goes,\n|   it comes.\n|\n| It stays.\n:::\n'
        ),
        "Rivers never go in reverse. Ana Anić Words. The ferry It goes, it comes. It stays. Marko Perić",
    ),
    "the image that comes first in a biography is the portrait, and no figure": (
        "Before.\n\n::: biography\n![Portrait of Ana](images/ana.svg)\n\n## Ana Anić\n\nShe writes.\n:::\n",
        "Before. Ana Anić She writes.",
    ),
    "abbreviations stand beside what they mean": (
        f"The EU. {LONG}.\n\n::: abbreviations\nEU\n:   European Union\n\n{LONG}\n:   Its meaning\n:::\n",
        f"EU European Union {LONG} Its meaning",
    ),
    "examples are counted through the chapter, and can be named": (
        "(@) First.\n\nWords.\n\n(@good) Second.\n\nAs (@good) shows.\n",
        "(1) First. Words. (2) Second. As (2) shows.",
    ),
    "lists are numbered as they are written": (
        "c) Three\nd) Four\n\n<!-- -->\n\n(ii) Two\n(iii) Three\n\n<!-- -->\n\nA.  One\nB.  Two\n",
        "c) Three d) Four (ii) Two (iii) Three A. One B. Two",
    ),
    "code for the tests of mdBook is coloured as its language": (
        "```rust,ignore\nfn main() {}\n```\n\n~~~ js,editable\nlet a = 1;\n~~~\n\n``` c++ numberLines\nint a;\n```\n",
        "fn main() {}",
    ),
    "a heading below the title of a box is no section but can be linked to": (
        "::: recommendations\n## What to do\n\nWords.\n\n#### Later {#later}\n\nMore, see [there](#later).\n:::\n",
        "What to do Words. Later More, see there.",
    ),
    "code in the line, and lines of nothing but code, are as high as the others": (
        f"Letters, and `code` among them.\n\n{SENTENCE}\n\n`code`\n\n{SENTENCE}\n\n**`code`**\n\n{SENTENCE * 9}\n",
        "Letters, and code among them.",
    ),
    "a line is left between long definitions and none between short ones": (
        f"{WEIR}\n<!-- -->\n\n{WEIR.replace('Two', SENTENCE + 'Two')}",
        "Weir A low dam. Lock Two gates. Weir",
    ),
    **{what: (f"```python\n{line}\n```\n", line[:7]) for what, line in COLOURED.items()},
}
"""What a chapter writes, and what stands on its pages."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A book that has each text of `SHOWN` in a chapter, and its words."""
    root = tmp_path_factory.mktemp("shown")
    for number, (text, _) in enumerate(SHOWN.values(), 2):
        path = root / f"chapters/en/{number:02}-more.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# More {{.unlisted}}\n\n{text}", encoding="utf-8")
    return root, built(root, "Words.")


@pytest.fixture
def shown(book: tuple[Path, str]) -> str:
    return book[1]


@pytest.fixture
def printed(book: tuple[Path, str]) -> Iterator[PrintedPages]:
    opened = PrintedPages((book[0] / FILE).read_bytes())
    yield opened
    opened.close()


@pytest.mark.parametrize("what", SHOWN)
def test_what_an_author_writes_is_shown(what: str, shown: str) -> None:
    assert SHOWN[what][1] in shown


def test_a_heading_below_the_title_of_a_box_is_not_in_the_contents(shown: str) -> None:
    assert shown.count("Later") == 1


def test_a_long_box_goes_on_over_pages(tmp_path: Path) -> None:
    shown = built(tmp_path, f"::: {{.box title=Long}}\n{SENTENCE * 130}\n:::\n\n{SENTENCE * 8}")
    assert shown.count("lower course.") == 138


def test_notes_citations_tables_figures_and_code_can_stand_in_a_box(tmp_path: Path) -> None:
    text = (
        "::: box\nA note.[^1] See @tbl-towns and @fig-ana.\n\n| Town | Loads |\n|:--|--:|\n| Brod | 12 |\n\n"
        ": Towns {#tbl-towns}\n\n![A portrait](images/ana.svg){#fig-ana width=20%}\n\n```python\nprint(1)\n```\n:::\n\n"
        "[^1]: From a box.\n"
    )
    shown = built(tmp_path, text)
    assert "A note.1 See Table 1 and Figure 1." in shown
    assert "Figure 1 A portrait print(1)" in shown  # it does not float away


def test_a_pull_quote_is_seen_but_not_heard(tmp_path: Path) -> None:
    text = f"{SENTENCE}\n\n{{}}\n\nThe end.\n"
    quote = "::: pull-quote\nThe river carried … salt to the towns\n:::"
    shown = built(tmp_path / "with", text.format(quote))
    built(tmp_path / "without", text.format(""))
    assert "The river carried … salt to the towns" in shown
    assert structure(tmp_path / "with") == structure(tmp_path / "without")


def test_the_source_of_a_quotation_is_its_last_paragraph_with_a_dash_or_an_attribute(tmp_path: Path) -> None:
    text = (
        "> Words of others.\n>\n> --- Ana Anić, *The Lower Course*\n\n"
        '::: {.quotation source="Marko Perić"}\nMore words.\n:::\n\n'
        "> — Who goes there?\n>\n> — A friend.\n"
    )
    shown = built(tmp_path, text)
    assert "Words of others. Ana Anić, The Lower Course More words. Marko Perić — Who goes there? — A friend." in shown
    assert structure(tmp_path).count("/BlockQuote") == 3


def test_tasks_are_said_to_be_done_or_not(tmp_path: Path) -> None:
    assert "Mend the quay Dredge the harbour" in built(tmp_path, "- [ ] Mend the quay\n- [x] Dredge the harbour\n")
    with pikepdf.open(tmp_path / FILE) as document:
        said = [
            str(thing.Alt) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
    assert said == ["To do", "Done"]
    assert structure(tmp_path).count("/L") == 1


def test_long_lines_of_code_turn_over_and_nothing_is_lost(tmp_path: Path) -> None:
    word = "exports_" * 20
    text = f'```python\nif years:\n    print("{SENTENCE.strip()} {SENTENCE.strip()}", {word})\n```\n'
    shown = built(tmp_path, text)
    assert shown.count("↪") == 6
    assert word in shown.replace("↪", "").replace(" ", "")
    copied = "".join(page.extract_text() for page in PdfReader(tmp_path / FILE).pages)
    assert "exports_" in copied
    assert "\u200b" not in copied


@pytest.mark.parametrize("line", COLOURED)
def test_a_word_of_several_colours_that_no_line_holds_is_divided(line: str, book: tuple[Path, str]) -> None:
    found = ["".join(page.split()) for page in pages_of((book[0] / FILE).read_bytes())]
    (page,) = (page for page in found if "".join(COLOURED[line].split()) in page.replace("↪", "").replace("\ufffe", ""))
    assert "↪" in page


def test_code_in_the_line_is_as_high_as_the_letters_around_it(printed: PrintedPages) -> None:
    line = next(line for line in printed.lines() if "among them" in line.text)
    sizes = {glyph.letter: glyph.size for glyph in printed.glyphs(line)}
    assert sizes["d"] / sizes["L"] == pytest.approx(0.85, abs=0.01)


def test_two_lines_of_a_list_stand_at_the_foot_and_the_head_of_a_page(tmp_path: Path) -> None:
    import pypdfium2

    items = "\n".join(f"- item {number}" for number in range(16))
    root = publication(tmp_path, "Words.\n")
    for lines in range(16, 36):
        text = "# Chapter {.unlisted}\n\n" + "\\\n".join(["Words"] * lines) + f"\n\n{items}\n"
        (root / "chapters" / "en" / f"{lines}-words.md").write_text(text, encoding="utf-8")
    book = inputs(line_of(root))
    with book.typesetter() as typesetter:
        document = pypdfium2.PdfDocument(draft(typesetter, {}).pdf)
    counts = {page.get_textpage().get_text_range().count("item ") for page in document}
    document.close()
    assert {2, 14} <= counts
    assert not counts & {1, 15}


def test_html_that_means_what_markdown_can_say_is_set(tmp_path: Path) -> None:
    text = (
        "Press <kbd>Ctrl</kbd>+<kbd>Page Up</kbd><br>\nfor <b>*bold* and <i>both</i></b>, "
        "<u>lined [words](https://example.org)</u>.<!-- nothing --> A \\<kbd> stays.\n\n"
        "- H<sub>2</sub>O and m<sup>2</sup>\n\n"
        'It is <mark>marked *so*</mark> and [so]{.mark}, <img src="images/ana.svg" alt="A &amp; B" height="8"> near.\n'
    )
    shown = built(tmp_path, text)
    assert "It is marked so and so, near." in shown
    with pikepdf.open(tmp_path / FILE) as document:
        spoken = [str(one.Alt) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        drawn = b"".join(page.Contents.read_bytes() for page in document.pages)
    assert "A & B" in spoken
    assert drawn.count(b"0.9647059 0.8901961 0.6313726") == len(("marked", "so", "so"))
    assert "Press Ctrl+Page Up for bold and both, lined words. A <kbd> stays. – H2O and m2" in shown
    printed = PrintedPages((tmp_path / FILE).read_bytes())
    line = next(line for line in printed.lines() if "H2O" in line.text.replace(" ", ""))
    heights = {glyph.letter: glyph.box.bottom - glyph.box.top for glyph in printed.glyphs(line)}
    printed.close()
    assert heights["2"] < 0.7 * heights["H"]


def test_a_term_stands_on_the_page_of_what_it_means(tmp_path: Path) -> None:
    """Ensures it for a paragraph, a list, code and two paragraphs, wherever a page ends."""
    said = SENTENCE.strip()
    kinds = (
        said,
        f"- {said}\n    - {said}",
        "```\n    first\n    second\n    ```",
        f"{said}\n\n:   {said} {said}",
        "One.",
    )
    items = [
        f"Term{number}\n\n:   {kinds[number % 5] * (1 + number % 3 * (number % 5 == 0))}\n" for number in range(70)
    ]
    built(tmp_path, "A list.\n\n" + "\n".join(items) + "\nIts end.")
    printed = PrintedPages((tmp_path / FILE).read_bytes())
    pages: dict[int, list[str]] = {}
    for line in printed.lines():
        pages.setdefault(line.page, []).append(line.text.strip())
    printed.close()
    assert len(pages) > 8
    assert [lines[-1] for lines in pages.values() if lines[-1].startswith("Term")] == []


def test_a_line_is_left_between_long_definitions_and_none_between_short_ones(printed: PrintedPages) -> None:
    page = next(line.page for line in printed.lines() if line.text.strip() == "Weir")
    lines = [line for line in printed.lines() if line.page == page]
    locks = [at for at, line in enumerate(lines) if line.text.strip() == "Lock"]
    assert [round(lines[at].top - lines[at - 1].top) for at in locks] == [15, 30]


def test_what_leads_to_a_block_stands_on_its_page_and_a_short_box_on_one(tmp_path: Path) -> None:
    """Ensures it for lines that end with a colon and for names of files, wherever a page ends, before it is fitted."""
    code = "\n".join(["first"] * 2)
    led = (
        f"`one.py`\n\n```\n{code}\n```",
        f"See LEADS:\n\n::: note\nBEGIN {SENTENCE * 2} END.\n:::",
        f"**`two.rs`**:\n\n```\n{code}\nthird\n```",
        "These LEADS:\n\n- BEGIN\n- second",
        f"{SENTENCE * 3} LEADS:\n\n> BEGIN {SENTENCE * 2}",
    )
    text = "\n\n".join(f"{SENTENCE * (2 + number * 7 % 5)}\n\n{led[number % 5]}" for number in range(60))
    book = inputs(line_of(publication(tmp_path, text, theme="book")))
    with book.typesetter() as typesetter:
        made = draft(typesetter, {})
    faults = book.measured(book.manuscript.expected, made, {})
    assert [fault for fault in faults if "the lines of the other pages" in fault.message] == []
    printed = PrintedPages(made.pdf)
    pages: dict[int, list[str]] = {}
    for line in printed.lines():
        pages.setdefault(line.page, []).append(line.text.strip())
    printed.close()
    assert len(pages) > 8
    feet = [lines[-1] for lines in pages.values()]
    assert [foot for foot in feet if foot.endswith(("LEADS:", "one.py", "two.rs:"))] == []
    boxes = [lines for lines in pages.values() if any("END." in line for line in lines)]
    assert [
        lines for lines in boxes if sum(line.startswith("Note") for line in lines) != str(lines).count("END.")
    ] == []
