"""Citeproc sees only the words that it can touch; what comes back is the same as over the whole book."""

from __future__ import annotations

import copy
import functools
import json
import random
import re
import socket
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from building import Ran, impressum
from citing import set_in_place

from impressum.core.errors import Faults, Place
from impressum.core.model.sources import CitationStyle, LineMap, RenderedChapter, Sources
from impressum.stages.convert import pandoc
from impressum.stages.convert.citations import RESET, citation_of, settle
from impressum.stages.convert.terms import Language, style_in
from impressum.stages.load import load
from impressum.stages.load.styles import find_style
from impressum.stages.load.words import read_terms, read_words
from impressum.system.cache import Memo
from impressum.system.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
STYLES = [None, "nature", "chicago-notes-bibliography", "mhra-notes-subsequent-ibid"]
"""Authors and years, raised numbers, and notes with and without ibid."""


@cache
def sources_of_the_sample() -> Sources:
    return load(Workspace(ROOT), Faults(), editions=("en",))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Any]], str]:
    """The trees of the sample's chapters by slug, not to be changed, and its bibliography."""
    memo, sources = Memo(tmp_path_factory.mktemp("sample")), sources_of_the_sample()
    assert sources.bibliography is not None
    keys = frozenset(sources.bibliography.entries)
    trees: dict[str, list[Any]] = {}
    for chapter in sources.editions[0].chapters:
        plain = RenderedChapter(chapter, chapter.body.text, LineMap((), (), {}))
        parsed = pandoc.parse(plain, memo)
        assert isinstance(parsed, dict)
        trees[chapter.slug] = parsed["tree"]["blocks"]
        settle(trees[chapter.slug], keys)
    return trees, sources.bibliography.source.text


@pytest.mark.parametrize("name", STYLES)
def test_citations_are_those_of_citeproc_over_the_whole_book(
    name: str | None, sample: tuple[dict[str, list[Any]], str], tmp_path: Path
) -> None:
    memo = Memo(tmp_path / "memo")
    trees, bibliography = copy.deepcopy(sample)
    faults = Faults()
    style = find_style(name, Workspace(ROOT), Place("publication.yaml"), faults)
    assert faults.all() == ()
    chapters = copy.deepcopy(trees)
    for blocks in chapters.values():
        title = next(block for block in blocks if block["t"] == "Header")
        title["c"][1][1].append(RESET)
    whole = {
        "pandoc-api-version": [1, 23, 1],
        "meta": {"lang": {"t": "MetaString", "c": "en"}, "link-citations": {"t": "MetaBool", "c": True}},
        "blocks": [block for blocks in chapters.values() for block in blocks],
    }
    done = pandoc.citeproc(
        json.dumps(whole),
        list,
        bibliography=bibliography,
        style=style.csl or pandoc.default_style(memo),
        memo=memo,
        folder=tmp_path / "w",
        about="",
    )
    listed = set_in_place(
        trees,
        bibliography=bibliography,
        style=style,
        language=spoken("en"),
        memo=memo,
        folder=tmp_path / "parts",
    )
    expected = [block for block in done if not is_list(block)]
    for block in expected:
        if block["t"] == "Header" and RESET in block["c"][1][1]:
            block["c"][1][1].remove(RESET)
    assert with_one_kind_of_space([block for blocks in trees.values() for block in blocks]) == with_one_kind_of_space(
        expected
    )
    assert [listed] == [block["c"][1] for block in done if is_list(block)]
    assert "ref-vladislavljev2025influence" in json.dumps(listed)


def with_one_kind_of_space(tree: Any) -> Any:
    """`tree` with spaces for the ends of lines, as citeproc leaves them somewhere behind a citation."""
    return json.loads(json.dumps(tree).replace('{"t": "SoftBreak"}', '{"t": "Space"}'))


def is_list(block: Any) -> bool:
    return bool(block["t"] == "Div" and block["c"][0][0] == "refs")


def spoken(tag: str) -> Language:
    """What citations need of the language `tag`, as `load` reads it."""
    workspace = Workspace(ROOT)
    return Language(tag, read_terms(workspace, tag, Faults()), read_words(workspace, tag, Faults()))


def cited(
    text: str, names: dict[str, str], *, language: str, folder: Path, style: str | None = None
) -> tuple[list[str], list[str]]:
    """The chapters of `text` (divided at titles) as citeproc set them, and the entries of their list, in words."""
    memo = Memo(folder / "memo")
    bibliography = "\n".join(
        f"@book{{{key}, author = {{{name}}}, title = {{Na putu}}, publisher = {{Brod}}, year = {{2018}}}}"
        for key, name in names.items()
    )
    trees = {}
    for number, part in enumerate(text.split("# ")[1:], 1):
        parsed = pandoc._parse(chapter_of(f"# {part}"))
        trees[f"{number:02}-part"] = json.loads(parsed)["tree"]["blocks"]
        settle(trees[f"{number:02}-part"], frozenset(names))
    found = find_style(style, Workspace(ROOT), Place("publication.yaml"), Faults())
    listed = set_in_place(
        trees,
        bibliography=bibliography,
        style=CitationStyle(found.name, found.csl),
        language=spoken(language),
        memo=memo,
        folder=folder / "citeproc",
    )
    return [said(tree) for tree in trees.values()], [said(entry) for entry in listed]


def chapter_of(text: str) -> RenderedChapter:
    source = sources_of_the_sample().editions[0].chapters[0]
    return RenderedChapter(source, text, LineMap((), (), {}))


def said(tree: Any) -> str:
    """The words of a tree of pandoc, notes in brackets."""
    if isinstance(tree, list):
        return "".join(map(said, tree))
    if not isinstance(tree, dict):
        return ""
    kind, content = tree["t"], tree.get("c", "")
    if kind == "Str":
        return str(content)
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind == "Note":
        return f"[{said(content)}]"
    return said(content[1] if kind == "Cite" else content)


ORDERS = {
    "sr-Latn": "Cvetić Čolić Ćirić Dumić Džomba Đurić Lukić Ljubić Nović Njegoš Ђурић Љубић Њего",
    "hr": "Cvetić Čolić Ćirić Dumić Džomba Đurić Lukić Ljubić Nović Njegoš",
    "sr-Cyrl": "Думић Ђурић Лукић Љубић Новић Његош Ћирић Цветић Чолић Џомба Cvetić Čolić Ćirić",
    "en": "Ćirić Čolić Cvetić Dumić Đurić Džomba Ljubić Lukić Njegoš Nović",
    "de": "Adler Ärger Azur Öl Ozean",
    "sv": "Adler Azur Ozean Ärger Öl",
    "fr": "Cote Côté Coter Eco Élie Ezra",
}


@pytest.mark.parametrize("language", ORDERS)
def test_the_list_is_sorted_as_the_edition_s_alphabet_is(language: str, tmp_path: Path) -> None:
    order = ORDERS[language].split()
    names = {name: f"{name}, Ana" for name in sorted(order)}
    text = f"# One\n\nSo [{'; '.join(f'@{name}' for name in names)}].\n"
    _, listed = cited(text, names, language=language, folder=tmp_path)
    assert [entry.partition(",")[0] for entry in listed] == order


def test_a_chapter_begins_ibid_and_short_forms_anew(tmp_path: Path) -> None:
    text = "# One\n\nFirst [@a, 1]. Then [@a, 2].\n\n# Two\n\nHere [@a, 3]. Then [@a, 4].\n"
    chapters, _ = cited(text, {"a": "Anić, Ana"}, language="en", style="mhra-notes-subsequent-ibid", folder=tmp_path)
    whole = "Ana Anić, Na Putu (Brod, 2018), "
    assert [chapter.replace("\u00a0", " ") for chapter in chapters] == [
        f"OneFirst.[{whole}p. 1.] Then.[Ibid., p. 2.]",
        f"TwoHere.[{whole}p. 3.] Then.[Ibid., p. 4.]",
    ]


def test_a_style_that_does_not_exist_is_named_with_the_nearest() -> None:
    faults = Faults()
    find_style("chicago-author-dates", Workspace(ROOT), Place("publication.yaml", 9, 17), faults)
    (fault,) = faults.all()
    assert str(fault).startswith(
        "publication.yaml:9:17: error: there is no citation style `chicago-author-dates` [style-unknown]\n"
        "  hint: did you mean `chicago-author-date"
    )


def test_a_style_that_is_only_another_name_is_followed_to_it() -> None:
    faults = Faults()
    style = find_style("nature-medicine", Workspace(ROOT), Place("publication.yaml"), faults)
    assert faults.all() == ()
    assert "<citation" in style.csl


AROUND = [
    *(
        "plain words",
        "“so”",
        '"so,"',
        "*he says*",
        "**thus [@b, 4]**",
        "[a link](https://example.org)",
        "`code`",
        "$x$",
    ),
    *("[@a]", "[@b, 12]", "[see @c, chap. 2; @a]", "@b", "@c [12]", "[-@a]", "^[A note.]", "^[@b says, but see [@c].]"),
    *(",", ".", ";", "!", "…", "—", "(", ")", "“", "”", "'", "[“quoted [@a]”]{.smallcaps}", "x^2^", "\n", "\\\n"),
]
"""What may stand beside a citation."""


@pytest.mark.parametrize("name", STYLES[:3])
def test_what_stands_around_a_citation_is_set_as_in_the_whole_book(name: str | None, tmp_path: Path) -> None:
    chance = random.Random(7)
    paragraphs: list[str] = []
    for _ in range(90):
        parts = chance.choices(AROUND, k=chance.randint(3, 25))
        text = "".join(
            part + chance.choice(("", " ", " ", " and more words that stand apart from it ")) for part in parts
        )
        form = chance.choice(("{}", "{}", "- {}\n- other words", "> {}", "{} [^n{}]\n\n[^n{}]: Words, {}."))
        paragraphs.append(form.replace("{}", text.strip("\n"), 1).replace("{}", str(len(paragraphs))))
    text = "# One\n\n" + "\n\n".join(paragraphs) + "\n\n# Two [@a]\n\n| a | b |\n|---|---|\n| [@b] | some words |\n"
    memo = Memo(tmp_path / "memo")
    bibliography = "".join(
        f"@book{{{key}, author = {{{who}, A.}}, title = {{On the Road}}, publisher = {{P}}, year = {{2001}}}}\n"
        for key, who in (("a", "Adams"), ("b", "Brown"), ("c", "Clark"))
    )
    parsed = pandoc.parse(chapter_of(text), memo)
    assert isinstance(parsed, dict)
    tree = parsed["tree"]["blocks"]
    settle(tree, frozenset("abc"))
    style = find_style(name, Workspace(ROOT), Place("publication.yaml"), Faults())
    language = spoken("en")
    whole = copy.deepcopy(tree)
    titles = [block for block in whole if block["t"] == "Header"]
    for block in titles:
        block["c"][1][1].append(RESET)
    meta = {"lang": {"t": "MetaString", "c": "en"}, "link-citations": {"t": "MetaBool", "c": True}}
    done = pandoc.citeproc(
        json.dumps({"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": whole}),
        list,
        bibliography=bibliography,
        style=style_in(language, style.csl or pandoc.default_style(memo)),
        memo=memo,
        folder=tmp_path / "whole",
        about="",
    )
    trees = {"01-one": tree}
    set_in_place(
        trees,
        bibliography=bibliography,
        style=style,
        language=language,
        memo=memo,
        folder=tmp_path / "parts",
    )
    expected = [block for block in done if not is_list(block)]
    for block in expected:
        if block["t"] == "Header":
            block["c"][1][1].remove(RESET)
    mine, theirs = with_one_kind_of_space(trees["01-one"]), with_one_kind_of_space(expected)
    assert len(mine) == len(theirs)
    for one, other in zip(mine, theirs, strict=True):
        assert one == other, said(other)
    assert memo.ran["citeproc"] == 2


def test_a_word_apart_from_citations_has_none_of_them_set_anew(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo")
    text = "# One\n\nIt was said long ago, by those who were there, that all of it was so [@a], and then no more.\n"
    for before, after, ran in (
        ("", "", 1),
        ("long ago", "of old", 1),
        ("was so", "had been", 2),
        ("One", "Two", 2),
    ):
        text = text.replace(before, after) if before else text
        parsed = pandoc.parse(chapter_of(text), memo)
        assert isinstance(parsed, dict)
        trees = {"01-one": parsed["tree"]["blocks"]}
        set_in_place(
            trees,
            bibliography="@book{a, author = {Adams, A.}, title = {On the Road}, year = {2001}}",
            style=CitationStyle("", ""),
            language=spoken("en"),
            memo=memo,
            folder=tmp_path / "citeproc",
        )
        assert memo.ran["citeproc"] == ran
        assert after in said(trees["01-one"])
        assert "(Adams 2001)" in said(trees["01-one"])


STYLE = '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">{}</style>'
CITATION = '<citation><layout><text variable="title"/></layout></citation>'
PARENT = '<info><link href="{}" rel="independent-parent"/></info>'
UNREADABLE = "the citation style is not XML that can be read"


def told_of_style(raw: bytes, folder: Path, text: str = "# One\n\nSo it was [@a].\n") -> Ran:
    """What `check` says of a publication whose style is `raw`, and that cites."""
    written = {
        "publication.yaml": b"title: A\nlanguage: en\ndate: 2025-01-31\ncitation-style: own.csl\nbibliography: a.bib\n",
        "chapters/en/01-one.md": text.encode(),
        "a.bib": b"@book{a, author = {Adams, A.}, title = {Road}, publisher = {P}, year = {2001}}\n",
        "own.csl": raw,
    }
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return impressum(folder, "check")


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", f"own.csl:1:1: error: {UNREADABLE} (Document is empty) [style-unreadable]"),
        (STYLE.format(CITATION + "é").encode("latin-1"), UNREADABLE),
        (b"<a>" * 3000 + b"</a>" * 3000, UNREADABLE),
        (b'<!DOCTYPE style [<!ENTITY a "a">]>\n' + STYLE.format(CITATION).encode(), "own.csl:2: error: the citation"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "own.csl:1: error: this is no citation style: it begins"),
        (
            STYLE.format(CITATION.replace("<layout", '<layout prefix="&#x202e;"')).encode(),
            "the citation style holds the character U+202E, which turns the direction of text unseen [text-bidi]",
        ),
        (
            STYLE.format(f'{CITATION}\n<macro name="a"><text value="\x9b"/></macro>').encode(),
            "own.csl:2: error: the citation style holds the control character U+009B [text-control]",
        ),
        (STYLE.format("<info/>").encode(), "own.csl:1: error: the citation style does not say how to set a citation"),
        (
            STYLE.format(
                CITATION
                + '\n<macro name="a"><text macro="b"/></macro>\n<macro name="b"><if><text macro="a"/></if></macro>'
            ).encode(),
            "error: the macros of the citation style call each other in a circle: `a`, `b` [style-unreadable]",
        ),
    ],
)
def test_a_style_that_cannot_be_used_is_a_fault_in_its_file(raw: bytes, fault: str, tmp_path: Path) -> None:
    ran = told_of_style(raw, tmp_path)
    assert ran.code == 1
    assert fault in ran.faults
    assert "citeproc" not in ran.faults


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_style_is_read_in_the_encoding_that_it_declares(encoding: str, tmp_path: Path) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    raw = (declared + STYLE.format("<!-- é -->" + CITATION)).encode(encoding)
    assert told_of_style(raw, tmp_path).faults == ""


@pytest.mark.parametrize("prefixed", [False, True])
@pytest.mark.parametrize("kind", ["http", "file"])
def test_no_style_has_its_parent_fetched_or_opened(kind: str, *, prefixed: bool, tmp_path: Path) -> None:
    other = tmp_path / "parent.csl"
    other.write_text(STYLE.format(CITATION), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = other.as_uri() if kind == "file" else f"http://127.0.0.1:{server.getsockname()[1]}/styles/apa"
        csl = STYLE.format(PARENT.format(address))
        if prefixed:
            csl = re.sub(r"<(/?)(?=\w)", r"<\1c:", csl).replace("xmlns=", "xmlns:c=")
        ran = told_of_style(csl.encode(), tmp_path / "own")
        assert ran.faults == (
            f"own.csl:1: error: the citation style `own.csl` only refers to `{address}`, which is not at hand "
            "[style-missing]\n  hint: name an independent style, or put its .csl file into the publication"
        )
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_style_of_the_publication_that_is_an_alias_is_followed_among_those_of_the_package(tmp_path: Path) -> None:
    csl = STYLE.format(PARENT.format("http://www.zotero.org/styles/apa"))
    assert told_of_style(csl.encode(), tmp_path).faults == ""


@pytest.mark.parametrize("nested", ["<i>{}</i>", "\"'{}'\""])
def test_an_entry_that_is_nested_too_deeply_is_named(nested: str, tmp_path: Path) -> None:
    """Ensures it where the answer can be read; how deeply it may be nested for that, depends on the Python."""
    title = functools.reduce(lambda inner, _: nested.format(inner), range(300), "T")
    entry = {"id": "a", "type": "book", "title": title, "author": [{"literal": "A"}], "issued": {"literal": "2020"}}
    written = {
        "publication.yaml": "title: A\nlanguage: en\ndate: 2025-01-31\nbibliography: a.json\n",
        "a.json": json.dumps([entry]),
        "chapters/en/01-a.md": "# A\n\nSee [@a].\n",
    }
    for name, text in written.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert re.match(
        "a.json: error: citeproc cannot set the citations: (the entry `a`|an entry) holds tags or quotation marks that "
        r"are nested too deeply \[citeproc-failed\]",
        impressum(tmp_path, "check").faults,
    )


def test_a_style_with_which_citeproc_ends_is_to_blame_and_not_the_bibliography(tmp_path: Path) -> None:
    csl = STYLE.format("<citation><layout><foo/></layout></citation>").encode()
    ran = told_of_style(csl, tmp_path)
    assert ran.code == 1
    assert ran.faults == (
        "own.csl: error: citeproc cannot set the citations in the style `own.csl`: "
        'CiteprocParseError: unknown element "foo" [citeproc-failed]\n  hint: mend the style, or use another'
    )


def test_what_the_home_folder_holds_for_pandoc_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / ".local" / "share" / "pandoc"
    own.mkdir(parents=True)
    (own / "abbreviations").write_text("ago.\n", encoding="utf-8")
    (own / "defaults").mkdir()
    (own / "init.lua").write_text("error('this is not to be run')", encoding="utf-8")
    chapter = chapter_of("# One\n\nIt was long ago. Nobody knows.\n")
    before = pandoc._parse(chapter)
    together = pandoc._parse_together([chapter, chapter])
    monkeypatch.setenv("HOME", str(tmp_path))
    assert pandoc._parse(chapter) == before
    assert pandoc._parse_together([chapter, chapter]) == together
    assert [json.loads(one) for one in together] == [json.loads(before)] * 2


JSON = """[{"id": "a", "type": "article-journal", "title": "Boats on the <i>Sava</i>", "container-title": "Rivers",
"author": [{"family": "Roe", "given": "Jane"}], "issued": {"date-parts": [[2020, 5]]}}]"""
YAML = """references:
- {id: a, type: article-journal, title: Boats on the *Sava*, container-title: Rivers,
   author: {family: Roe, given: Jane}, issued: 2020-05}
"""
BIBTEX = r"@article{a, title={Boats on the \emph{Sava}}, journal={Rivers}, author={Roe, Jane}, date={2020-05}}"


def test_a_work_is_printed_alike_from_bibtex_csl_json_and_csl_yaml(tmp_path: Path) -> None:
    style = find_style(None, Workspace(ROOT), Place("publication.yaml"), Faults())
    cite = [{"t": "Para", "c": [citation_of("a", "NormalCitation")]}]
    listed = [
        set_in_place(
            {"01-one": copy.deepcopy(cite)},
            bibliography=text,
            path=path,
            style=style,
            language=spoken("de"),
            memo=Memo(tmp_path / "memo"),
            folder=tmp_path / path,
        )
        for text, path in ((BIBTEX, "b.bib"), (JSON, "b.json"), (YAML, "b.yml"))
    ]
    assert listed[0] == listed[1] == listed[2]
    assert "Sava" in json.dumps(listed[0])


def test_links_to_works_of_one_author_and_year_lead_to_their_entries_whatever_is_cited_more(tmp_path: Path) -> None:
    """Ensures that the letters behind the year, which come from the order of the list, make no link seem wrong."""
    entry = "@book{{{}, author = {{Roe, Jane}}, title = {{{}}}, publisher = {{P}}, year = {{2020}}}}\n"
    text = "# One\n\nSee @a. Also @a. Also @b [p. 3]; @c and @a. Again [@b; @c].[^1]\n\n[^1]: See @b, and [@a; @c].\n"
    written = {
        "publication.yaml": "title: A\nlanguage: en\ndate: 2025-01-31\n",
        "chapters/en/01-one.md": text,
        "bib/references.bib": "".join(entry.format(*one.split()) for one in ("a Zebra", "b Alpha", "c Middle")),
    }
    for name, content in written.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    ran = impressum(tmp_path, "build")
    assert (ran.code, ran.faults) == (0, "")
    pages = pypdf.PdfReader(tmp_path / "dist/a-en.pdf").pages
    assert "See Roe (2020c). Also Roe (2020c). Also Roe (2020a, 3)" in " ".join(pages[3].extract_text().split())
