"""Twins: an edition whose chapters and texts are those of another one, put into its script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import PUBLICATIONS, REPOSITORY, impressum, pages

from impressum.core.errors import Fault, Faults, Place
from impressum.core.model import document as d
from impressum.core.model.publication import DataSidecar, EditionTexts, FigureData, FrontMatter
from impressum.core.model.sources import ChapterSource, DataTable, FigureSource, LineMap, RenderedChapter, SourceText
from impressum.core.model.theme import FigureRooms, Room
from impressum.core.transliteration import Transliterator, pairs
from impressum.stages.convert import pandoc
from impressum.stages.convert.align import Aligner
from impressum.stages.convert.attributes import Guard
from impressum.stages.convert.citations import settle
from impressum.stages.convert.images import Images, files_named, look_for
from impressum.stages.convert.input import Input
from impressum.stages.convert.input import blocks as blocks_of
from impressum.stages.convert.twins import affixes, transliterated
from impressum.stages.load.binding import bind
from impressum.stages.load.strict_yaml import parse_yaml
from impressum.stages.load.tree import Items, Node, Scalar, Tree
from impressum.stages.load.twins import check_twins, twin_declared, twin_front, twin_texts
from impressum.system.cache import Memo
from impressum.system.workspace import Workspace

NAME = "chapters/sr-Latn/01-a.md"
INTO_CYRILLIC = Transliterator("sr-Latn", "sr-Cyrl")
INTO_LATIN = Transliterator("sr-Cyrl", "sr-Latn")
LATIN = re.compile(r"[A-Za-zČčĆćŠšĐđŽž]+")
LONE = re.compile(r"(?<![A-Za-zČčĆćŠšĐđŽž])[A-Za-zČčĆćŠšĐđŽž](?![A-Za-zČčĆćŠšĐđŽž])")
"""A Latin letter that is named as such, which only its author can tell from a word."""


def built(text: str, root: Path) -> tuple[d.Block, ...]:
    """The blocks of the chapter `text`, as `convert` builds them before citations are set."""
    lines = tuple(text.split("\n"))
    places = tuple(Place(NAME, number) for number in range(1, len(lines) + 1))
    source = ChapterSource("01-a", FrontMatter(), SourceText(NAME, text))
    chapter = RenderedChapter(source, text, LineMap(places, (True,) * len(lines), {NAME: lines}))
    read = pandoc.parse(chapter, Memo(root / "memo"))
    assert not isinstance(read, Fault)
    tree, keys = read["tree"]["blocks"], frozenset(re.findall(r"@([\w.-]+\w)", text))
    settle(tree, keys)
    faults = Faults()
    workspace = Workspace(root)
    looked = {name: look_for(name, "chapters/sr-Latn", workspace) for name in files_named(tree)}
    images = Images(workspace, {}, FigureRooms({"text": Room(329, 600)}, 150), faults, looked=looked)
    aligner = Aligner(chapter)
    return blocks_of(tree, Input(chapter, aligner, Guard(faults), images, faults, False, keys))


def skeleton(blocks: object) -> list[tuple[str, Place, str]]:
    """What the nodes are, where they stand and how they are called."""
    return [(type(node).__name__, node.place, getattr(node, "id", "")) for node in d.walk(blocks)]


CHAPTER = """
# Injekcija i *Nj*egoš {#sec-a}

Reč **Huawei-ja**, [Google]{.as-is}, [the end]{lang=en}, `kod je`, $x = y$; "Navod" i ^[Napomena o konjima.] kraj.
[Veza](https://example.org/rec) i [https://example.org/rec](https://example.org/rec), <office@example.org>.

| Reč | Broj |
|:----|-----:|
| deo | 20 km |

: Tabela reči {#tbl-a}

::: {.note title="Naslov okvira" source="Izvor okvira"}
Okvir. I tako dalje.
:::

::: {lang=en}
An English passage.
:::

> Navedeno.
>
> — Ivan

Pojam
:   Značenje.

| Stih jedan
| stih dva

1. Prvo
2. Drugo u XX veku

```text
kod
```
"""


def test_the_words_of_a_chapter_change_and_nothing_else_does(tmp_path: Path) -> None:
    blocks = built(CHAPTER, tmp_path)
    done = transliterated(blocks, INTO_CYRILLIC)
    assert skeleton(done) == skeleton(blocks)
    assert [node.text for node in d.walk(done) if isinstance(node, d.Text | d.Code) and LATIN.search(node.text)] == [
        *("Huawei-ја", "Google", "the", "end", "kod je"),
        *("https://example.org/rec", "office@example.org"),
        *("km", "An", "English", "passage.", "XX"),
    ]
    assert [node.target for node in d.walk(done) if isinstance(node, d.Link)] == [
        node.target for node in d.walk(blocks) if isinstance(node, d.Link)
    ]
    heading, paragraph = done[:2]
    assert isinstance(heading, d.Heading)
    assert (heading.id, d.plain(heading.content)) == ("sec-a", "Инјекција и Његош")
    assert [d.plain(node) for node in d.walk(heading) if isinstance(node, d.Styled)] == ["Њ"]
    (note,) = (node for node in d.walk(paragraph) if isinstance(node, d.Note))
    assert d.plain(note.content) == "Напомена о коњима."
    (box,) = (block for block in done if isinstance(block, d.Box))
    assert [d.plain(part) for part in (box.title, box.source, box.content)] == [
        "Наслов оквира",
        "Извор оквира",
        "Оквир. И тако даље.",
    ]
    assert "Табела речи" in d.plain(done)


def test_alternative_texts_and_credits_are_words_too() -> None:
    here = Place(NAME, 3)
    image = d.Image(here, "images/reka.png", "Reka Ljig")
    figure = d.Figure(here, "fig-a", image, (d.Text(here, "Reka"),), credit="Snimio autor", licence="CC BY")
    formula = d.Equation(here, "eq-a", d.Math(here, "a", display=True), "ka nuli")
    done = transliterated((figure, formula), INTO_CYRILLIC)
    assert isinstance(done[0], d.Figure)
    assert isinstance(done[1], d.Equation)
    assert (done[0].image, done[0].credit, done[0].licence) == (
        d.Image(here, "images/reka.png", "Река Љиг"),
        "Снимио аутор",
        "CC BY",
    )
    assert (done[1].alt, done[1].math) == ("ка нули", formula.math)


def test_what_another_wrote_or_citeproc_set_stays() -> None:
    here = Place(NAME, 3)
    reč = (d.Text(here, "reč"),)
    blocks = (
        d.Reference(here, "ref-a", (), reč),
        d.Division(here, "", (), "sr-Latn", (d.Paragraph(here, reč),)),
        d.Box(here, "note", "", "de", reč, ()),
        d.Paragraph(here, (d.Citation(here, ("a",), reč), d.RawTypst(here, "reč", block=False))),
    )
    assert transliterated(blocks, INTO_CYRILLIC) == blocks


def test_what_stands_around_a_citation_is_put_into_the_script_before_citeproc(tmp_path: Path) -> None:
    text = "Reč [vidi *ljubav* u `kod` @doe2020, str. 5-7, i dalje; [the]{lang=en} @roe]. [[vidi @doe2020]]{lang=en}\n"
    source = ChapterSource("01-a", FrontMatter(), SourceText(NAME, text))
    read = pandoc.parse(RenderedChapter(source, text, LineMap((), (), {})), Memo(tmp_path))
    assert not isinstance(read, Fault)
    tree = read["tree"]["blocks"]
    affixes(tree, INTO_CYRILLIC)
    words = re.findall(r"'Str', 'c': '([^']+)'|'c': \[\['', \[\], \[\]\], '(kod)'\]", str(tree[0]["c"][2]["c"][0]))
    assert [one or other for one, other in words] == [
        *("види", "љубав", "у", "kod", ",", "стр.", "5-7,", "и", "даље", "the"),
    ]
    assert "види" not in str(tree[0]["c"][4:])


def chapters() -> list[Path]:
    """Serbian chapters: those of the specimen, but for the one that is about letters, and those of the sample."""
    folders = [PUBLICATIONS / "specimen/chapters/sr-Cyrl", *(REPOSITORY / "chapters").glob("sr-*")]
    return [path for folder in folders for path in sorted(folder.glob("*.md")) if "alphabets" not in path.name]


@pytest.mark.parametrize("path", chapters(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_chapter_that_goes_into_the_other_script_and_back_is_the_same(path: Path, tmp_path: Path) -> None:
    """Ensures it for a chapter in Cyrillic with the Latin words in it as exceptions, for one in Latin with none."""
    text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = built(re.sub(r"\{\{.*?\}\}|^\{%.*?%\}$", "12", text, flags=re.MULTILINE), tmp_path)
    if path.parent.name == "sr-Latn":
        cyrillic = transliterated(blocks, INTO_CYRILLIC)
        assert transliterated(cyrillic, INTO_LATIN) == blocks
        assert transliterated(transliterated(cyrillic, INTO_LATIN), INTO_CYRILLIC) == cyrillic
        return
    latin, said = transliterated(blocks, INTO_LATIN), [word_of(node) for node in d.walk(blocks)]
    names: set[str] = set()
    for _ in range(2):  # the second time with the names that stand in the chapter in Latin letters
        back = transliterated(latin, Transliterator("sr-Latn", "sr-Cyrl", keep=names))
        wrong = [one for one, node in zip(said, d.walk(back), strict=True) if one != word_of(node)]
        names = {name for one in wrong for name in LATIN.findall(one) if name[1:]}
    assert [one for one in wrong if not LONE.search(one)] == []


def word_of(node: d.Node) -> str:
    """What a node says itself."""
    return str(getattr(node, "text", "") or getattr(node, "alt", "") or "")


# The texts of an edition

EDITION = """
title: Đak i *kanjon*
version: 2.0-probna
keywords: [ljubav, Huawei]
authors:
  - {name: Njegoš Ljubić, role: urednik, orcid: 0000-0002-1825-0097, affiliation: Univerzitet}
contributors:
  - {name: Josiah Carberry, role: translator, affiliation: Brown University}
cover: {image: images/reka.png, alt: Reka, focus: top}
impressum:
  publisher: {name: Impresum, address: [Ulica 1], website: https://example.org/izdavac, email: a@example.org}
  isbn: {pdf: 978-0-00-000001-9}
  licence: CC-BY-4.0
  rights: © 2025 Impresum
  cip: Zapis
figures:
  trade: {title: Izvoz, year: godina, licence: Sva prava, about: "oko {value}"}
data:
  trade: {exports: Izvoz}
twin-of: sr
transliteration: {keep: [a]}
"""


def leaves(node: Node) -> list[str]:
    if isinstance(node, Scalar):
        return [node.text]
    if isinstance(node, Items):
        return [text for item in node.items for text in leaves(item)]
    return [text for entry in node.entries.values() for text in leaves(entry.value)]


def places(node: Node) -> list[Place]:
    if isinstance(node, Scalar):
        return [node.place]
    if isinstance(node, Items):
        return [node.place, *(place for item in node.items for place in places(item))]
    return [node.place, *(p for one in node.entries.values() for p in (one.place, *places(one.value)))]


def tree_of(text: str, name: str = "chapters/sr-Latn/edition.yaml") -> Tree:
    faults = Faults()
    tree = parse_yaml(text.lstrip(), name, faults)
    assert tree is not None
    return tree


def test_the_texts_of_an_edition_change_and_its_identifiers_do_not() -> None:
    tree = tree_of(EDITION)
    done = twin_texts(tree, INTO_CYRILLIC)
    assert leaves(done) == [
        *("Ђак и *кањон*", "2.0-probna", "љубав", "Huawei"),
        *("Његош Љубић", "уредник", "0000-0002-1825-0097", "Универзитет"),
        *("Josiah Carberry", "translator", "Brown University"),
        *("images/reka.png", "Река", "top"),
        *("Импресум", "Улица 1", "https://example.org/izdavac", "a@example.org", "978-0-00-000001-9", "CC-BY-4.0"),
        *("© 2025 Импресум", "Zapis"),
        *("Извоз", "година", "Sva prava", "око {value}", "Извоз"),
    ]
    kept = Tree({key: one for key, one in tree.entries.items() if key in done.entries}, tree.place)
    assert places(done) == places(kept)
    assert bind(EditionTexts, done, Faults()) is not None


def test_a_publication_gives_its_twin_what_an_edition_may_say() -> None:
    done = twin_texts(tree_of("title: Reka\nlanguage: sr-Latn\nslug: reka\ndate: 2025-01-31\n"), INTO_CYRILLIC)
    assert [(key, leaves(entry.value)) for key, entry in done.entries.items()] == [("title", ["Река"])]


def test_the_words_of_figures_and_data_are_those_of_the_twin_of_a_source_edition() -> None:
    declared = FigureData.model_validate({"title": "Izvoz", "alt": "Dva stupca", "words": {"year": "godina"}})
    figure = FigureSource("trade", "figures/trade.yaml", declared, "figures/trade.py", "")
    sidecar = DataSidecar.model_validate(
        {"title": "Izvoz", "source": "a", "columns": {"value": {"title": "Vrednost", "unit": "evra"}}}
    )
    rows: tuple[tuple[str | int | float | None, ...], ...] = (("Kina", 1), ("2023", 2))
    table = DataTable("trade", "figures/data/trade.csv", ("država", "value"), rows, sidecar, "")
    texts = bind(EditionTexts, twin_declared({"trade": figure}, {"trade": table}, INTO_CYRILLIC), Faults())
    assert texts is not None
    assert texts.figures == {"trade": {"year": "година", "title": "Извоз", "alt": "Два ступца"}}
    assert texts.data == {
        "trade": {
            "Kina": "Кина",
            "2023": "2023",
            "država": "држава",
            "value": "Вредност",
            "value.unit": "евра",
            "title": "Извоз",
        }
    }


def test_the_front_matter_of_a_chapter_is_put_into_the_script_unless_it_has_its_own_language() -> None:
    front = FrontMatter.model_validate({"authors": ["Njegoš", "Jane Roy"], "short-title": "Put", "kind": "appendix"})
    done = twin_front(front, INTO_CYRILLIC)
    assert (done.authors, done.short_title, done.kind) == (("Његош", "Jane Roy"), "Пут", "appendix")
    english = front.model_copy(update={"language": "en"})
    assert twin_front(english, INTO_CYRILLIC) == english


# What is wrong with them

LISTS = """
twin-of: sr-Latn
transliteration:
  words: {Танјуг: Танјуг, Sony: Sony, Mao Ce: Мао, Petar I: Петар I}
  keep: [Huawei, Реч]
"""
WRONG: dict[str, tuple[dict[str, str], str]] = {
    "nothing": ({"sr-Latn": "title: A", "sr-Cyrl": "twin-of: sr-Latn"}, ""),
    "no such edition": (
        {"sr-Latn": "", "sr-Cyrl": "twin-of: sr-Lath"},
        """
sr-Cyrl.yaml:1:10: error: `twin-of` names `sr-Lath`, and there is no such edition [twin-unknown]
  hint: did you mean `sr-Latn`? other editions: en, sr-Latn
""",
    ),
    "itself": (
        {"sr-Cyrl": "twin-of: sr-Cyrl"},
        """
sr-Cyrl.yaml:1:10: error: `sr-Cyrl` is named as its own twin [twin-circle]
  hint: name the edition that it is in another script, or take the line out
""",
    ),
    "a circle": (
        {"sr-Cyrl": "twin-of: sr-Latn", "sr-Latn": "twin-of: sr-Cyrl"},
        """
sr-Cyrl.yaml:1:10: error: the twins go in a circle: `sr-Cyrl`, `sr-Latn`, `sr-Cyrl` [twin-circle]
  hint: take `twin-of` out of the edition that has chapters of its own
sr-Latn.yaml:1:10: error: the twins go in a circle: `sr-Latn`, `sr-Cyrl`, `sr-Latn` [twin-circle]
  hint: take `twin-of` out of the edition that has chapters of its own
""",
    ),
    "the twin of a twin": (
        {"sr": "", "sr-Latn": "twin-of: sr", "sr-Cyrl": "twin-of: sr-Latn"},
        """
sr-Cyrl.yaml:1:10: error: `sr-Latn` is itself the twin of `sr` [twin-of-twin]
  hint: write `twin-of: sr`
""",
    ),
    "the source edition": (
        {"en": "twin-of: sr-Latn", "sr-Latn": ""},
        """
en.yaml:1:10: error: `en` is the source edition, and cannot be the twin of another [twin-source]
  hint: take the line out, or write `language: sr-Latn` in publication.yaml
""",
    ),
    "scripts without tables": (
        {"ru": "", "ru-Latn": "twin-of: ru\ntransliteration: {words: {а: а}}"},
        """
ru-Latn.yaml:1:10: error: `ru` cannot be put into the script of `ru-Latn` [twin-scripts]
  hint: translate its chapters and take the line out; what can be done: PAIRS
""",
    ),
    "words of no twin": (
        {"sr-Latn": "transliteration: {keep: [a]}"},
        """
sr-Latn.yaml:1:1: warning: `transliteration` has no effect, for `sr-Latn` is no twin [twin-words]
  hint: take it out, or say with `twin-of: …` which edition this one is in another script
""",
    ),
    "words in the wrong script": (
        {"sr-Latn": "", "sr-Cyrl": LISTS},
        """
sr-Cyrl.yaml:3:11: error: `Танјуг` is to stand for a word of `sr-Latn`, and is in the other script [twin-words]
  hint: write first the word as it stands in `sr-Latn`, then as it is to stand in `sr-Cyrl`
sr-Cyrl.yaml:3:33: error: `Sony` is to stand in `sr-Cyrl`, and is in the other script [twin-words]
  hint: write it in the script of `sr-Cyrl`; a word that stays as it is belongs under `keep`
sr-Cyrl.yaml:3:47: error: `Mao Ce` and `Мао` have not as many words [twin-words]
  hint: words are replaced one by one: write as many, or give them alone
sr-Cyrl.yaml:4:18: error: `Реч` has no letter of the script of `sr-Latn`, and stays anyway [twin-words]
  hint: take it out, or write it as it is in the chapters
""",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_editions_say_of_their_twins_is_checked(what: str) -> None:
    editions, expected = WRONG[what]
    faults = Faults()
    trees = {tag: tree_of(text, f"{tag}.yaml") if text else None for tag, text in {"en": "", **editions}.items()}
    check_twins(trees, "en", faults)
    known = ", ".join(f"`{source}` into `{target}`" for source, target in pairs())
    assert "\n".join(map(str, faults.all())) == expected.strip().replace("PAIRS", known)


# The whole line

SOURCE = {
    "publication.yaml": """
title: Ljubav i konjunktura
subtitle: Ogled
language: sr-Latn
date: 2025-03-31
authors: [{name: Njegoš Ljubić}]
impressum: {publisher: {name: Izdavač, website: https://example.org/izdavac}, type: Studija}
""",
    "chapters/sr-Latn/01-prvo.md": """---
short-title: Prvo
---

# Prvo poglavlje {#sec-prvo}

Injekcija je skupa [vidi @doe2020, str. 5, za *Huawei*-ja]: {{ data.izvoz["2023"].vrednost | number }} EUR.[^1]

[^1]: Napomena na adresi <https://example.org/napomena>.

![Izvoz po godinama](figure:izvoz){#fig-izvoz}

![](table:izvoz){#tbl-izvoz}
""",
    "chapters/sr-Latn/02-drugo.md": "# Drugo poglavlje\n\nVidi @sec-prvo i @fig-izvoz.\n",
    "chapters/sr-Cyrl/edition.yaml": "twin-of: sr-Latn\nsubtitle: Други оглед\n",
    "chapters/sr-Cyrl/02-drugo.md": "# Друго својом руком\n\nВиди @sec-prvo.\n",
    "figures/izvoz.yaml": "title: Izvoz\nalt: Dva stupca, drugi je viši.\nsource: Zavod\ndata: [izvoz]\nchart: bar\n",
    "figures/data/izvoz.csv": "godina,vrednost\n2022,1.5\n2023,2.5\n",
    "figures/data/izvoz.yaml": """
title: Izvoz robe
source: doe2020
unit: milioni evra
columns: {godina: {title: Godina}, vrednost: {title: Vrednost}}
""",
    "bib/references.bib": "@book{doe2020, author = {Doe, Jane}, title = {Trade}, year = {2020}, publisher = {Press}}\n",
}


def test_the_twin_of_a_source_edition_is_whole_and_in_its_script(tmp_path: Path) -> None:
    for name, text in SOURCE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    ran = impressum(tmp_path, "build", "--edition", "sr-Cyrl")
    assert ran.code == 0
    assert "[data-words]" not in ran.faults
    assert "[figure-untranslated]" not in ran.faults
    text = " ".join(pages(tmp_path, "ljubav-i-konjunktura-sr-Cyrl.pdf"))
    for words in (
        "Љубав и конјунктура",
        "Други оглед",
        "Његош Љубић",
        "Издавач",
        "Прво поглавље",
        "Друго својом руком",
    ):
        assert words in text
    for words in ("Инјекција је скупа (види Doe 2020, 5, за Huawei-ја): 2,5 EUR", "Вредност", "милиони евра", "Завод"):
        assert words in text
    latin = set(re.findall(r"[A-Za-zČčĆćŠšĐđŽž]{2,}", re.sub(r"https?://\S+|\S+\.org\S*", "", text)))
    assert latin == {"Doe", "Jane", "Trade", "Press", "Huawei", "EUR"}
