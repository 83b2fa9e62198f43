"""A theme is tokens and templates that a publication overrides one by one; a look is checked before a page is set."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from types import MappingProxyType

import pytest
from building import PUBLICATIONS, REPOSITORY, copy, impressum, pages_of
from pypdf import PdfReader
from verifying import Set, made

from impressum.core.colours import contrast
from impressum.core.errors import Faults, Place
from impressum.core.model.theme import Theme
from impressum.stages.load import read_theme
from impressum.stages.load.theme import gather_templates
from impressum.stages.verify.evidence import area_of
from impressum.system.cache import Json
from impressum.system.workspace import Workspace

PACKAGE = REPOSITORY / "impressum"
THEMES = ("book", "report", "report-sided", "working-paper")


def theme_of(root: Path, own: str = "", name: str = "report") -> tuple[Theme, str]:
    """The theme of a publication whose templates/theme.yaml holds `own`, and the faults in it."""
    if own:
        (root / "templates").mkdir(exist_ok=True)
        (root / "templates/theme.yaml").write_text(own, encoding="utf-8")
    faults = Faults()
    theme = read_theme(Workspace(root), name, Place("publication.yaml"), faults)
    return theme, "\n".join(str(fault) for fault in faults.all())


@pytest.mark.parametrize("name", THEMES)
def test_the_themes_of_the_package_are_without_a_fault_even_where_every_token_is_given(
    name: str, tmp_path: Path
) -> None:
    own = (PACKAGE / f"templates/themes/{name}/theme.yaml").read_text(encoding="utf-8")
    own = re.sub("^like: .*", "", own, flags=re.MULTILINE)
    assert theme_of(tmp_path, own, name) == theme_of(tmp_path / "nothing", "", name)
    assert theme_of(tmp_path, own, name)[1] == ""


def test_all_themes_have_the_same_tokens_and_are_distinct(tmp_path: Path) -> None:
    tokens = [dict(leaves(theme_of(tmp_path, "", name)[0].tokens)) for name in THEMES]
    assert all(list(one) == list(tokens[0]) for one in tokens)
    assert all(one != other for one, other in combinations(tokens, 2))


def test_a_theme_that_is_like_another_has_its_tokens_but_for_its_own(tmp_path: Path) -> None:
    report, sided = (dict(leaves(theme_of(tmp_path, "", name)[0].tokens)) for name in ("report", "report-sided"))
    assert {key: value for key, value in sided.items() if report[key] != value} == {
        "page.facing": True,
        "page.inside": "26mm",
        "heads.verso": "title",
    }


def test_every_token_is_read_by_a_template_or_in_python(tmp_path: Path) -> None:
    sources = [*PACKAGE.glob("templates/**/*.typ"), *PACKAGE.glob("**/*.py")]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    theme = theme_of(tmp_path)[0]
    unread = [
        path
        for path, _ in leaves(theme.tokens)
        if not re.search(rf'[."]{re.escape(path.rpartition(".")[2])}\b', text)
        or not all(re.search(rf'[."]{re.escape(part)}\b', text) for part in path.split(".")[:2])
    ]
    assert unread == []


def leaves(tokens: object, path: str = "") -> Iterator[tuple[str, Json]]:
    """Each token with its path; what languages differ in is one."""
    assert isinstance(tokens, dict | MappingProxyType)
    for key, value in tokens.items():
        if isinstance(value, dict) and key != "by-language":
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


# What a publication may say.


def test_a_token_that_is_given_replaces_that_of_the_theme_and_no_other(tmp_path: Path) -> None:
    theme, faults = theme_of(tmp_path, "type:\n  body: {size: 10.5}\nopeners: {recto: true}\n")
    assert faults == ""
    assert (theme.number("type", "body", "size"), theme.number("type", "body", "leading")) == (10.5, 15)
    assert theme.flag("openers", "recto")
    assert theme.number("openers", "drop") == 5


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (
            "page: {facing: maybe}",
            (
                "templates/theme.yaml:1:16: error: `page.facing` must be `true` or `false`, not `maybe` [theme-token]\n"
                "  hint: the theme's own value is `false`"
            ),
        ),
        (
            "page: {labels: margins}",
            (
                "templates/theme.yaml:1:16: error: `page.labels` must be `margin` or `text`, not `margins` "
                "[theme-token]\n"
                "  hint: did you mean `margin`?"
            ),
        ),
        (
            "heads: {recto: section}",
            (
                "templates/theme.yaml:1:16: error: `heads.recto` must be `title`, `authors`, `chapter` or `none`, "
                "not `section` [theme-token]\n"
                "  hint: the theme's own value is `chapter`"
            ),
        ),
        (
            "type: {section: {family: Spectral, weight: 650}}",
            (
                "templates/theme.yaml:1:26: error: `type.section.family` must be `serif`, `sans` or `mono`, "
                "not `Spectral` [theme-token]\n"
                "  hint: the theme's own value is `sans`\n"
                "templates/theme.yaml:1:44: error: `type.section.weight` must be `100`, `200`, `300`, `400`, `500`, "
                "`600`, `700`, `800` or `900`, not `650` [theme-token]\n"
                "  hint: did you mean `600`?"
            ),
        ),
        (
            "type: {head: {features: smcp}}",
            (
                "templates/theme.yaml:1:25: error: `type.head.features` must be a list of OpenType features "
                "[theme-token]\n"
                "  hint: write their tags, as in `[smcp]`"
            ),
        ),
        (
            "page: {lines: 44.5, top: -3}",
            (
                "templates/theme.yaml:1:15: error: `page.lines` must be a whole number, not `44.5` [theme-token]\n"
                "  hint: the theme's own value is `45`\n"
                "templates/theme.yaml:1:26: error: `page.top` must be 0 or more, not `-3` [theme-token]\n"
                "  hint: the theme's own value is `85`"
            ),
        ),
        (
            "print: {signature: 0}",
            (
                "templates/theme.yaml:1:20: error: `print.signature` must be from 1 to 128, not `0` [theme-token]\n"
                "  hint: the theme's own value is `4`"
            ),
        ),
        (
            "print: {signature: 2.5}",
            (
                "templates/theme.yaml:1:20: error: `print.signature` must be a whole number, not `2.5` [theme-token]\n"
                "  hint: the theme's own value is `4`"
            ),
        ),
        (
            "type: {body: {size: 200}}",
            (
                "templates/theme.yaml:1:21: error: `type.body.size` must be from 4 to 144, not `200` [theme-token]\n"
                "  hint: the theme's own value is `10.5`"
            ),
        ),
        (
            "type: {body: 11}",
            (
                "templates/theme.yaml:1:8: error: `type.body` is a group of tokens [theme-token]\n"
                "  hint: give size, leading, family, weight, features"
            ),
        ),
    ],
)
def test_a_value_that_a_token_cannot_have_is_named(own: str, told: str, tmp_path: Path) -> None:
    theme, faults = theme_of(tmp_path, own)
    assert faults == told
    assert not theme.is_whole
    assert replace(theme, is_whole=True) == theme_of(tmp_path / "nothing")[0]


def test_a_language_that_is_none_and_a_role_that_is_none_are_named(tmp_path: Path) -> None:
    own = "type: {by-language: {Deutsch: {body: {size: 10}}, de: {boddy: {size: 10}}}}"
    theme, faults = theme_of(tmp_path, own)
    types = theme.tokens["type"]
    assert isinstance(types, dict)
    assert faults == (
        "templates/theme.yaml:1:22: error: `Deutsch` is not a language tag [theme-token]\n"
        "  hint: write it as in `sr-Cyrl` or `de`\n"
        "templates/theme.yaml:1:56: error: the theme has no token `type.by-language.de.boddy`; did you mean `body`? "
        "[theme-token]\n"
        f"  hint: its tokens here are {', '.join(role for role in types if role != 'by-language')}"
    )


# What is known of a look before a page is set.


def test_text_that_is_too_pale_is_warned_of_at_its_line(tmp_path: Path) -> None:
    own = 'colour:\n  quiet: "#999999"\n  ink: "#222222"\n  cover: "#e8a06b"\n  cover-quiet: "#4a3423"\n'
    own += '  cover-ink: "#000000"\n  tint: "#cccccc"\n'
    assert theme_of(tmp_path, own)[1] == (
        "templates/theme.yaml:2:10: warning: `colour.quiet`, `#999999`, has a contrast of 2.8 : 1 on white "
        "[theme-contrast]\n"
        "  hint: text needs 4.5 : 1 to be read by everyone; `#767676` has it\n"
        "templates/theme.yaml:4:10: warning: `colour.cover-accent`, `#e8a06b`, has a contrast of 1.0 : 1 on "
        "`colour.cover`, `#e8a06b` [theme-contrast]\n"
        "  hint: text needs 4.5 : 1 to be read by everyone; `#583d29` has it\n"
        "templates/theme.yaml:7:9: warning: `colour.accent`, `#a3341f`, has a contrast of 4.2 : 1 on `colour.tint`, "
        "`#cccccc` [theme-contrast]\n"
        "  hint: text needs 4.5 : 1 to be read by everyone; `#9c321e` has it"
    )


def test_contrast_is_counted_as_the_guidelines_count_it() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#123456", "#123456") == 1


def test_sizes_that_are_hard_to_read_are_warned_of_also_in_one_language(tmp_path: Path) -> None:
    own = "type:\n  small: {size: 8, leading: 10}\n  body: {leading: 11}\n"
    own += "  by-language:\n    de:\n      body: {size: 8}\n"
    assert theme_of(tmp_path, own)[1] == (
        "templates/theme.yaml:2:17: warning: notes and captions are set 8/10, which is hard to read [theme-size]\n"
        "  hint: 8.5/11 is the least that reads well\n"
        "templates/theme.yaml:3:19: warning: the text is set 10.5/11, which is hard to read [theme-size]\n"
        "  hint: a text of 9 to 13 points reads well with a leading of 1.15 to 1.6 times its size\n"
        "templates/theme.yaml:6:20: warning: the text is set 8/11, which is hard to read [theme-size]\n"
        "  hint: a text of 9 to 13 points reads well with a leading of 1.15 to 1.6 times its size"
    )


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (
            "page: {measure: 150mm}",
            (
                "templates/theme.yaml:1:17: error: the text is 6.0 mm wider than the page leaves it [theme-geometry]\n"
                "  hint: change `page.measure`, `page.inside` or `page.width`"
            ),
        ),
        (
            "page: {margin-column: 60mm}",
            (
                "templates/theme.yaml:1:23: error: the margin column reaches 2.0 mm over the edge of the page "
                "[theme-geometry]\n"
                "  hint: change `page.margin-column`, `page.gutter`, `page.inside`, `page.measure`, `page.facing` or "
                "`page.width`"
            ),
        ),
        (
            "page: {top: 30}",
            (
                "templates/theme.yaml:1:13: error: the running head needs 42.0 points above the text, and has 30.0 "
                "[theme-geometry]\n"
                "  hint: change `page.top`"
            ),
        ),
        (
            "page: {lines: 50}",
            (
                "templates/theme.yaml:1:15: error: the folio needs 36.0 points below the text, and has 11.4 "
                "[theme-geometry]\n"
                "  hint: change `page.lines`, `page.top` or `page.height`"
            ),
        ),
    ],
)
def test_text_that_does_not_fit_on_its_page_is_a_fault(own: str, told: str, tmp_path: Path) -> None:
    assert theme_of(tmp_path, own)[1] == told


# Languages.


def test_a_language_takes_what_is_said_of_it_and_of_the_language_it_belongs_to(tmp_path: Path) -> None:
    own = (
        "type:\n  by-language:\n    sr: {body: {size: 10.25}, section: {size: 13}}\n"
        "    sr-Latn: {body: {size: 10.75}}\n"
    )
    theme, faults = theme_of(tmp_path, own, "report")
    assert faults == ""

    def sizes(tag: str) -> tuple[float, float]:
        said = theme.in_language(tag)
        return said.number("type", "body", "size"), said.number("type", "section", "size")

    assert sizes("en") == (10.5, 13.5)
    assert sizes("sr") == (10, 13), "it is written in Cyrillic, of which the theme says so"
    assert sizes("sr-Latn") == (10.75, 13)
    assert sizes("sr-Latn-RS") == (10.75, 13)
    assert sizes("sr-Cyrl") == (10, 13)
    assert sizes("srp") == (10.5, 13.5)


# The type area.


def test_the_margin_column_is_on_the_outer_side_of_facing_pages(tmp_path: Path) -> None:
    report = area_of(theme_of(tmp_path, "", "report")[0])
    assert report.on(2) == report.on(3)
    book = area_of(theme_of(tmp_path, "", "book")[0])
    millimetre = 72 / 25.4
    assert book.on(2).left == pytest.approx(12 * millimetre)
    assert book.on(2).right == pytest.approx((170 - 24) * millimetre)
    assert book.on(3).left == pytest.approx(24 * millimetre)
    assert book.on(3).right == pytest.approx((170 - 12) * millimetre)


# The pages of a book.


@cache
def loose_book() -> Set:
    """The minimal publication in the theme `book`, where chapters open on the next page."""
    sources = minimal()
    sources["publication.yaml"] += "theme: book\n"
    return made({**sources, "templates/theme.yaml": "openers: {recto: false}\n"})


def minimal() -> dict[str, str]:
    files = [path for path in (PUBLICATIONS / "minimal").rglob("*.*") if path.is_file()]
    return {path.relative_to(PUBLICATIONS / "minimal").as_posix(): path.read_text("utf-8") for path in files}


def test_chapters_open_on_the_next_page_where_the_theme_says_so() -> None:
    assert loose_book().report()[1] == ""
    assert all(pages_of(loose_book().pdf))


def test_a_blank_page_that_prints_a_folio_is_a_fault(tmp_path: Path) -> None:
    root, old = copy("minimal", tmp_path / "book"), "set page(header: none, footer: none)"
    with (root / "publication.yaml").open("a", encoding="utf-8") as file:
        file.write("theme: book\n")
    (root / "templates").mkdir()
    text = (PACKAGE / "templates/book/headings.typ").read_text(encoding="utf-8")
    assert old in text
    (root / "templates/headings.typ").write_text(text.replace(old, old.replace("footer: none", "footer: [9]")), "utf-8")
    ran = impressum(root, "build")
    assert ran.code == 1
    whole = "typeset  whole books, not parts: `templates/headings.typ` is the publication's own"
    assert [line for line in ran.stderr.splitlines() if "whole" in line] == [f"[5/7] {whole}"]
    assert ran.faults.splitlines()[:2] == [
        "bib/references.bib: error: page 8 is left blank before an opener and prints `9` [page-blank]",
        "  hint: look whether a template of this publication gives blank pages a running head or a folio",
    ]


def test_a_blank_page_where_chapters_may_open_on_any_is_a_fault() -> None:
    def change(source: str) -> str:
        assert "if tokens.openers.recto {" in source
        return source.replace("if tokens.openers.recto {", "if true {")

    faults = loose_book().faults(loose_book().again({"headings.typ": change}))
    assert "chapters/en/01-beginning.md:1:3: error: page 6 is blank [page-blank]" in faults.splitlines()


SENTENCE = "The river carried timber, grain and salt to the towns on its lower course. "
HEADINGS = "".join(
    f"\n\n{heading}\n\n{block}"
    for heading, block in (
        ("## A section under its title", SENTENCE * 4),
        ("### A subsection", f"- {SENTENCE}\n- {SENTENCE}\n\n{SENTENCE * 5}"),
        ("#### A minor heading", f"> {SENTENCE * 2}"),
        ("## After a quotation, a heading that is so long that it turns over to a second line", SENTENCE * 7),
        ("### A subsection\n\n#### Under it, one more", SENTENCE * 6),
        ("## And\n\n### Both", f"1. {SENTENCE}\n2. {SENTENCE}"),
        ("#### The last", SENTENCE * 9),
    )
)
AUTHOR = "{name: Josiah Carberry, affiliation: Brown University, orcid: 0000-0002-1825-0097}"
OF_COVERS = """\
jel: [F34, N70]
abstract: The rivers' trade.
series: {title: Small Papers, number: "3"}
cover: {blurb: Back of it.}
"""
BLANK = {"book": [4, 6, 12], "report-sided": [11]}
"""The blank pages by theme: before openers, and before a back cover that is a left page."""


@pytest.mark.parametrize("name", THEMES)
def test_headings_of_all_levels_leave_the_lines_of_text_in_step(name: str) -> None:
    """Ensures it before the pages are fitted, which takes long for so many headings."""
    settings = f"title: In Step\nlanguage: en\ndate: 2025-01-31\ntheme: {name}\n"
    told = made({"publication.yaml": settings, "chapters/en/01-end.md": f"# End\n\nText.{HEADINGS * 3}\n"}).faults()
    assert "the lines of the other pages" not in told
    assert "above it and" not in told  # twice as much space above a heading as below it


@pytest.mark.parametrize("name", THEMES)
def test_the_first_page_the_contents_the_openers_and_the_back_cover_are_those_of_the_theme(name: str) -> None:
    sources = minimal()
    told = sources["publication.yaml"].replace("name: The Impressum contributors", AUTHOR)
    sources["publication.yaml"] = f"{told}theme: {name}\n{OF_COVERS}"
    sources["chapters/en/02-end.md"] += f"\n\n{SENTENCE * 9}\n" * 18
    pdf = made(sources).pdf
    shown = pages_of(pdf)
    contents = [text for text in shown if text.startswith("Contents ")]
    if name == "working-paper":
        assert shown[0].startswith("Small Papers, no. 3 A Small Report ")
        for said in ("Brown University ORCID 0000-0002-1825-0097", "Abstract The rivers’ trade.", "JEL F34 · N70"):
            assert said in shown[0]
        assert contents == []
        assert all(text.endswith(f" {number}") for number, text in enumerate(shown[:-1], 1) if number > 2)
    else:
        assert "F34" not in shown[0]
        assert len(contents) == 1
    facing = name in ("book", "report-sided")
    assert shown[-1].startswith("Back of it.")
    assert facing <= (len(shown) % 2 == 0)
    assert [number for number, text in enumerate(shown, 1) if not text] == BLANK.get(name, [])
    if name == "book":
        assert shown[4].startswith("1 Beginning A report can be small.")
        assert shown[4].endswith(" 5")
        assert shown[6].startswith("2 End ")
        assert shown[7].startswith("8 A Small Report "), "the title in the running head of a left page"
        assert shown[8].startswith("End 9 "), "the chapter in that of a right one"
        assert shown[12].startswith("References ")
        first = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
        assert (round(float(first.width) / 72 * 25.4), round(float(first.height) / 72 * 25.4)) == (170, 240)


# Templates.


def test_a_template_of_the_publication_goes_before_that_of_the_theme_and_that_before_the_common_one(
    tmp_path: Path,
) -> None:
    for folder, names in {"common": ("cover.typ", "page.typ"), "theme": ("cover.typ",)}.items():
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_text(f"// {folder}", encoding="utf-8")
    (tmp_path / "theme/theme.yaml").write_text("no: template", encoding="utf-8")
    assert gather_templates(tmp_path / "common", tmp_path / "theme") == {
        "cover.typ": b"// theme",
        "page.typ": b"// common",
    }
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/cover.typ").write_text("// the publication's", encoding="utf-8")
    theme, faults = theme_of(tmp_path, "", "book")
    assert faults == ""
    assert theme.templates["cover.typ"] == b"// the publication's"
    assert theme.templates["page.typ"] == (PACKAGE / "templates/book/page.typ").read_bytes()
