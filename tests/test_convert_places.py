"""Every word of a chapter, and every note, link and citation, is found again where it stands in the source."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from impressum.core.errors import Fault, Faults, Place
from impressum.core.model import document as d
from impressum.core.model.publication import FrontMatter
from impressum.core.model.sources import ChapterSource, LineMap, RenderedChapter, SourceText
from impressum.core.model.theme import FigureRooms, Room
from impressum.stages.convert import pandoc
from impressum.stages.convert.align import Aligner
from impressum.stages.convert.attributes import Guard
from impressum.stages.convert.citations import settle
from impressum.stages.convert.images import Images, files_named, look_for
from impressum.stages.convert.input import Input
from impressum.stages.convert.input import blocks as blocks_of
from impressum.stages.convert.words import WORD, readable
from impressum.system.cache import Memo
from impressum.system.workspace import Workspace

NAME = "chapters/en/01-a.md"
COMMON = (
    "the of a in to and is that for on with as was by it from at are an be this which or not"
    " trade bank river rivers road roads state report figure table source loan loans year years growth China Serbia"
    " industry investment investments infrastructure 2023 12 naïve Штампа први"
).split()
KEYS = ("doe2020", "roe_2021", "the.trade")


def built(text: str, root: Path, keys: frozenset[str] = frozenset(KEYS)) -> tuple[tuple[d.Block, ...], RenderedChapter]:
    """The blocks of the chapter `text`, as `convert` builds them before citations are set."""
    lines = tuple(text.split("\n"))
    places = tuple(Place(NAME, number) for number in range(1, len(lines) + 1))
    source = ChapterSource("01-a", FrontMatter(), SourceText(NAME, text))
    chapter = RenderedChapter(source, text, LineMap(places, (True,) * len(lines), {NAME: lines}))
    read = pandoc.parse(chapter, Memo(root / "memo"))
    assert not isinstance(read, Fault)
    tree = read["tree"]["blocks"]
    settle(tree, keys)
    faults = Faults()
    workspace = Workspace(root)
    looked = {name: look_for(name, "chapters/en", workspace) for name in files_named(tree)}
    images = Images(workspace, {}, FigureRooms({"text": Room(329, 600)}, 150), faults, looked=looked)
    aligner = Aligner(chapter)
    blocks = blocks_of(tree, Input(chapter, aligner, Guard(faults), images, faults, False, keys))
    return blocks, chapter


def reading(node: object) -> list[d.Node]:
    """Every node in reading order; what citeproc would set in place of a citation is left out."""
    found: list[d.Node] = []
    cited: set[int] = set()
    for one in d.walk(node):
        if isinstance(one, d.Citation):
            cited |= {id(inner) for inner in d.walk(one.content)}
        if id(one) not in cited:
            found.append(one)
    return found


def offset(place: Place, chapter: RenderedChapter) -> int:
    return chapter.line_starts[place.line - 1] + place.column - 1


@dataclass
class Page:
    """A chapter while it is written: what is expected, in reading order, as (kind, letters, offset)."""

    chance: random.Random
    text: str = ""
    expected: list[tuple[str, str, int]] = field(default_factory=list)
    later: list[tuple[str, int]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    notes: int = 0

    def put(self, letters: str) -> None:
        self.text += letters

    def expect(self, kind: str, letters: str = "") -> None:
        self.expected.append((kind, letters, len(self.text)))

    def word(self) -> None:
        word = self.chance.choice(COMMON)
        self.expect("word", word)
        self.put(word)

    def words(self, most: int = 5) -> None:
        for number in range(self.chance.randint(1, most)):
            if number:
                self.put(self.chance.choice((" ", " ", " ", "\n")) if self.wraps else " ")
            self.word()

    wraps: bool = False

    def address(self) -> str:
        path = "/".join(self.chance.choices(COMMON[:40], k=3))
        return f"https://example.org/{path}?q={self.chance.choice(COMMON[:9])}_of"

    def inline(self) -> None:
        kind = self.chance.choice(
            "words words words words words emphasis strong inside code link long-link title reference auto note "
            "footnote cite cite-text comment span quoted super math handle parentheses".split()
        )
        getattr(self, f"put_{kind.replace('-', '_')}", self.words)()

    def around(self, opening: str, closing: str, most: int = 3) -> None:
        self.put(opening)
        self.words(most)
        self.put(closing)

    def put_emphasis(self) -> None:
        self.around("*", "*")

    def put_strong(self) -> None:
        self.around("**", "**")

    def put_inside(self) -> None:
        for letters in ("re", "*form*", "ed"):
            self.expected.append(("word", letters.strip("*"), len(self.text) + letters.startswith("*")))
            self.put(letters)

    def put_code(self) -> None:
        self.expect("code")
        self.put("`")
        first = self.chance.choice(COMMON)
        self.expected[-1] = ("code", first, len(self.text))
        self.put(f"{first} of](the) {{.the}}`")

    def put_link(self) -> None:
        self.expect("link")
        self.around("[", f"]({self.address()})")

    def put_long_link(self) -> None:
        self.expect("link")
        self.around(
            "[", f"]({'/'.join([self.address(), *self.chance.choices(COMMON[:40], k=30)])}#:~:text=the%20trade)"
        )

    def put_title(self) -> None:
        self.expect("link")
        self.around("[", f']({self.address()} "the trade of the year")')

    def put_reference(self) -> None:
        name = f"link {len(self.links)} of the year"
        self.links[name] = self.address()
        self.expect("link")
        self.around("[", f"][{name}]")

    def put_auto(self) -> None:
        address = self.address()
        self.expect("link")
        self.put("<")
        self.expect("word", "https")
        self.put(f"{address}>")

    def put_note(self) -> None:
        self.expect("note")
        self.around("^[", "]", 8)

    def put_footnote(self) -> None:
        self.notes += 1
        self.expect("note")
        self.put(f"[^{self.notes}]")
        self.later.append((str(self.notes), len(self.expected)))

    def put_cite(self) -> None:
        self.put("[see ")
        self.expect("cite")
        self.put(f"@{self.chance.choice(KEYS)}, p. 12, of the trade]")

    def put_cite_text(self) -> None:
        self.expect("cite")
        self.put(f"@{self.chance.choice(KEYS)} [p. 3]")

    def put_comment(self) -> None:
        self.put("<!-- the trade of the year in the report -->")

    def put_span(self) -> None:
        self.around("[", self.chance.choice(("]{.smallcaps}", "]{lang=de}")))

    def put_quoted(self) -> None:
        self.around('"', '"')

    def put_super(self) -> None:
        self.word()
        self.put("^")
        self.word()
        self.put("^")

    def put_math(self) -> None:
        self.put("$x_{the} + y$")

    def put_handle(self) -> None:
        self.put("@")
        self.expect("word", "nobody")
        self.put("nobody")

    def put_parentheses(self) -> None:
        self.around("(", ")")

    def inlines(self, most: int = 8) -> None:
        for number in range(self.chance.randint(1, most)):
            if number:
                self.put(self.chance.choice((" ", ", ", " – ")))
            self.inline()

    def block(self) -> None:
        kind = self.chance.choice(
            "paragraph paragraph heading bullets numbers quote code table table_first terms".split()
        )
        getattr(self, f"block_{kind}")()
        self.put("\n\n")
        if kind.startswith("table"):
            self.block_paragraph()
            self.put("\n\n")

    def block_paragraph(self) -> None:
        self.wraps = True
        self.expected.append(("paragraph", "", len(self.text)))
        self.word()
        self.put(" ")
        self.inlines()
        self.wraps = False
        self.put(".")

    def block_heading(self) -> None:
        self.put("## ")
        self.expect("heading")
        self.word()
        self.put(" ")
        self.words()
        if self.chance.random() < 0.5:
            self.put(f" {{#the-trade-{len(self.text)} .unnumbered}}")

    def block_bullets(self) -> None:
        for _ in range(self.chance.randint(1, 4)):
            self.put("- ")
            self.word()
            self.put(" ")
            self.inlines(3)
            self.put("\n")

    def block_numbers(self) -> None:
        for number in range(self.chance.randint(1, 4)):
            self.put(f"{number + 1}. ")
            self.word()
            self.put(" ")
            self.inlines(3)
            self.put("\n")

    def block_quote(self) -> None:
        self.put("> ")
        self.word()
        self.put(" ")
        self.inlines(3)

    def block_code(self) -> None:
        self.put("``` {.python}\n")
        self.expect("code", "the")
        self.put("the = trade[^1](of) {#x}\n```")

    def caption(self) -> None:
        self.put("Table: ")
        self.words()
        self.put(f" {{#tbl-the-{len(self.text)}}}")

    def block_table(self) -> None:
        self.rows()
        self.put("\n")
        before = len(self.expected)
        self.caption()
        self.captions.append((before, len(self.expected)))

    captions: list[tuple[int, int]] = field(default_factory=list)

    def block_table_first(self) -> None:
        self.block_paragraph()
        self.put("\n\n")
        self.caption()
        self.put("\n\n")
        self.rows()

    def rows(self) -> None:
        for number in range(3):
            for _ in range(2):
                self.put("| ")
                self.words(3)
                self.put(" ")
            self.put("|\n" + ("|---|---|\n" if number == 0 else ""))

    def block_terms(self) -> None:
        self.word()
        self.put(" ")
        self.words(2)
        self.put("\n:   ")
        self.words()

    def end(self) -> None:
        """Writes what the chapter refers to: links, and notes, whose words belong where their marks are."""
        for name, address in self.links.items():
            self.put(f"[{name}]: {address}\n")
        self.put("\n")
        texts: dict[int, list[tuple[str, str, int]]] = {}
        whole, self.expected = self.expected, []
        for name, index in self.chance.sample(self.later, len(self.later)):
            self.put(f"[^{name}]: ")
            self.expected = []
            self.word()
            self.put(" ")
            self.words(12)
            self.put(f" <{self.address_of_note()}>.\n\n")
            texts[index] = self.expected
        self.expected = []
        for index, one in enumerate([*whole, None]):
            self.expected += texts.get(index, [])
            if one:
                self.expected.append(one)

    def address_of_note(self) -> str:
        address = self.address()
        self.expected.append(("link", "", len(self.text)))
        self.expected.append(("word", "https", len(self.text) + 2))
        return address


def chapter_of(seed: int) -> Page:
    page = Page(random.Random(seed))
    page.put("# ")
    page.expect("heading")
    page.words()
    page.put("\n\n")
    for _ in range(60):
        page.block()
    page.end()
    return page


def words_of(page: Page) -> list[tuple[str, int]]:
    return sorted((letters, at) for kind, letters, at in page.expected if kind in ("word", "code"))


@pytest.mark.parametrize("seed", range(8))
def test_every_word_is_placed_where_it_stands(seed: int, tmp_path: Path) -> None:
    page = chapter_of(seed)
    blocks, chapter = built(page.text, tmp_path)
    wanted = words_of(page)
    texts = [node for node in reading(blocks) if isinstance(node, d.Text | d.Code | d.CodeBlock)]
    found = []
    for node in texts:
        first = WORD.search(node.text)
        if first:
            found.append((first.group(), offset(node.place, chapter)))
    assert [word for word, _ in sorted(found)] == [word for word, _ in wanted]
    wrong = set(found) - set(wanted)
    assert len(wrong) <= len(found) / 100, sorted(wrong, key=lambda one: one[1])[:20]


@pytest.mark.parametrize("seed", range(8))
def test_headings_notes_links_and_citations_are_placed_where_they_stand(seed: int, tmp_path: Path) -> None:
    page = chapter_of(seed)
    blocks, chapter = built(page.text, tmp_path)
    kinds = {"heading": d.Heading, "note": d.Note, "link": d.Link, "cite": d.Citation}
    for name, kind in kinds.items():
        lines = sorted(page.text.count("\n", 0, at) + 1 for one, _, at in page.expected if one == name)
        assert [node.place.line for node in sorted_by_place(blocks, kind)] == lines, name
    marks = sorted(at for one, _, at in page.expected if one == "note")
    assert [offset(node.place, chapter) for node in sorted_by_place(blocks, d.Note)] == marks
    cited = sorted(at for one, _, at in page.expected if one == "cite")
    assert [offset(node.place, chapter) for node in sorted_by_place(blocks, d.Citation)] == cited


def sorted_by_place(blocks: tuple[d.Block, ...], kind: type[d.Node]) -> list[d.Node]:
    return sorted((node for node in reading(blocks) if isinstance(node, kind)), key=lambda node: node.place)


def test_the_words_of_this_repository_are_placed_where_they_stand(tmp_path: Path) -> None:
    folder = Path(__file__).parent.parent / "chapters" / "en"
    total = right = 0
    for path in sorted(folder.glob("*.md")):
        text = re.sub(r"\{\{.*?\}\}", "value", path.read_text(encoding="utf-8"))
        keys = frozenset(re.findall(r"@([\w-]+)", text))
        blocks, chapter = built(text, tmp_path, keys)
        for node in reading(blocks):
            first = WORD.search(node.text) if isinstance(node, d.Text) else None
            if first:
                total += 1
                right += chapter.text.startswith(first.group(), offset(node.place, chapter))
    assert right >= total * 0.99, (right, total)


def test_a_note_that_is_shown_as_code_is_none(tmp_path: Path) -> None:
    """A book about Markdown shows notes: in indented code, in a fence, in the line."""
    text = (
        "# A\n\nSo it is written:\n\n    A word.[^1]\n\n    [^1]: Shown, and ^[so].\n\n"
        "```\nAnother.[^1]\n\n[^1]: Shown too.\n```\n\nThe mark `[^1]` or `^[` is printed[^1] so.\n\n[^1]: True.\n"
    )
    blocks, chapter = built(text, tmp_path)
    (note,) = (node for node in d.walk(blocks) if isinstance(node, d.Note))
    assert offset(note.place, chapter) == text.index("[^1] so")
    read = pandoc.parse(chapter, Memo(tmp_path / "memo"))
    assert not isinstance(read, Fault)
    aligner = Aligner(chapter)
    assert aligner.definitions == {"1": (chapter.place(text.rindex("[^1]:"), "[^"),)}


def test_words_that_recur_below_lead_nobody_astray(tmp_path: Path) -> None:
    text = "# One\n\n" + "\n\n".join(
        f"## The {name} class\n\nTo write so, use the class:\n\n    [Words]{{.{name}}}\n\nOr, without the spans:\n\n"
        f'    <span class="{name}">Words</span>\n\nThis will work in all formats that know it.'
        for name in ("small", "mark", "low", "high", "raw", "bold")
    )
    blocks, chapter = built(f"{text}\n", tmp_path)
    lines = chapter.text.split("\n")
    found = [block for block in blocks if isinstance(block, d.Heading | d.Paragraph | d.CodeBlock)]
    assert len(found) == 37
    for block in found:
        words = WORD.findall(block.text if isinstance(block, d.CodeBlock) else d.plain(block.content))[:3]
        assert WORD.findall(lines[block.place.line - 1])[: len(words)] == words


def test_what_a_formula_holds_is_not_looked_for_in_the_words_behind_it(tmp_path: Path) -> None:
    formula = '$$\\sum_{i=1}^{n} x_i$$ {#eq-debt alt="The one is the other."}'
    text = f"# T\n\n{formula}\n\nThe one follows.\n\nSee @eq-debt and 1 more n here.\n\nThe end.\n"
    blocks, _ = built(text, tmp_path)
    assert [(block.place.line, block.place.column) for block in blocks] == [(1, 3), (3, 4), (5, 1), (7, 1), (9, 1)]


def test_a_note_that_begins_with_a_list_is_known_by_its_words(tmp_path: Path) -> None:
    text = (
        "# T\n\nWords[^one] and more words[^two] of *it*.\n\n| A |\n|---|\n| b[^three] |\n\n"
        "[^one]: x. Tenth of all.\n\n[^two]: - First\n    - second\n\n[^three]: (iv) Fourth\n"
    )
    blocks, chapter = built(text, tmp_path)
    notes = [(node.name, offset(node.place, chapter)) for node in reading(blocks) if isinstance(node, d.Note)]
    assert notes == [(name, text.index(f"[^{name}]")) for name in ("one", "two", "three")]


def test_what_is_not_printed_is_blanked_and_code_is_not() -> None:
    text = (
        "# Title {#sec-a .unnumbered}\n\n"
        'A [link](http://a.b/c_(d)/e "of words")[^1] and `code](x) {.y}` ![alt](x.png){alt="words" width=3cm}.\n\n'
        "<!-- one\ntwo -->\n\n[name]: http://b.c/words\n\n``` {.python}\na](b) {#x}\n```\n\n\\[a](b)\n"
    )
    wanted = [
        "#Title",
        "",
        "A[link][^1]and`code](x){.y}`![alt].",
        *[""] * 6,
        "```",
        "a](b){#x}",
        "```",
        "",
        "\\[a]",
        "",
    ]
    blanked = readable(text)
    assert len(blanked) == len(text)
    assert [re.sub(r"\s", "", line) for line in blanked.split("\n")] == wanted


@pytest.mark.parametrize(
    "part", ["<!-- ", "](", "](a(", "`", "``` \n", "{#a ", "[a]: b\n", ']{a="', "> ~~~x\n", "[^1]: ", "[^1] "]
)
def test_what_is_never_closed_does_not_take_longer_than_it_is_long(part: str) -> None:
    """Ten times as much takes hours where time grows with the square: the test would not end."""
    text = part * (150_000 // len(part))
    assert len(readable(text)) == len(text)
    source = ChapterSource("01-a", FrontMatter(), SourceText(NAME, text))
    lines = tuple(Place(NAME, number) for number in range(1, text.count("\n") + 2))
    Aligner(RenderedChapter(source, text, LineMap(lines, (True,) * len(lines), {})))
