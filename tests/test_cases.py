"""Text that tries to become code, to read what it may not, to break the page or to eat the machine: refused at its
place with a whole message, or printed letter for letter. The inputs stand in `tests/cases/`, which tells how."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from building import Ran, impressum
from case_files import accept, cases
from load_sources import told, write
from test_draw import ROOMS, STYLE

from impressum.core.errors import Faults
from impressum.stages.draw.figures import draw
from impressum.stages.load import load
from impressum.system.cache import Memo
from impressum.system.process import Limits

PUBLICATION = "title: Cases\nlanguage: en\ndate: 2025-01-31\n"
DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">'
    '<circle cx="20" cy="20" r="9"/></svg>'
)
WHOLE = ("pandoc/front-matter", "pandoc/nul", "pandoc/bom-crlf", "text/")
"""Cases of these names (or beginnings) in files of whole chapters are not put below a title."""

INCLUDED = "templates/self.md"
SELF = "{% include 'self.md' %}\n"

LayoutReport = Mapping[str, str]
"""What was told of each case, as it is shown."""


def run(root: Path, command: str, files: Mapping[str, str]) -> Ran:
    for name, content in {"publication.yaml": PUBLICATION, "images/dot.svg": DOT, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return impressum(root, command)


def compare(name: str, case: str, said: str) -> None:
    """What was said of `case` is what stands in the file `name`, word for word."""
    if os.environ.get("IMPRESSUM_ACCEPT"):
        accept(name, case, said)
    assert said == cases(name)[case].wanted


def checked(root: Path, name: str, *, command: str = "check", whole: bool = False) -> LayoutReport:
    """What is told of each case of the file `name`, each a chapter of one publication; `whole`: without a title."""
    chapters = {
        case: (f"chapters/en/{number}-a.md", text if whole else f"# {case}\n\n{text}")
        for number, (case, text) in enumerate(((one, case.text) for one, case in cases(name).items()), 100)
    }
    ran = run(root, command, {INCLUDED: SELF, **dict(chapters.values())})
    assert ran.code == 1, ran.stderr
    assert not (root / "dist").exists()
    faults = re.findall(r"^(\S+?:.*\n(?:  .*\n)*)", ran.faults + "\n", re.MULTILINE)
    found = dict.fromkeys(chapters, "")
    for fault in faults:
        path, _, said = fault.partition(":")
        own = [
            case
            for case, chapter in chapters.items()
            if chapter[0] == path or (SELF in chapter[1] and path == INCLUDED)
        ]
        assert len(own) == 1, fault
        found[own[0]] += said
    return {case: said.rstrip("\n") for case, said in found.items()}


@pytest.fixture(scope="module")
def jinja(tmp_path_factory: pytest.TempPathFactory) -> LayoutReport:
    return checked(tmp_path_factory.mktemp("jinja"), "jinja")


@pytest.fixture(scope="module")
def chapters(tmp_path_factory: pytest.TempPathFactory) -> LayoutReport:
    return checked(tmp_path_factory.mktemp("chapters"), "chapters")


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> LayoutReport:
    return checked(tmp_path_factory.mktemp("unread"), "unread", whole=True)


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> LayoutReport:
    return checked(tmp_path_factory.mktemp("deep"), "deep")


@pytest.fixture(scope="module")
def unset(tmp_path_factory: pytest.TempPathFactory) -> LayoutReport:
    return checked(tmp_path_factory.mktemp("unset"), "unset", command="build")


@pytest.mark.parametrize("case", cases("jinja"))
def test_what_jinja_must_not_do_is_refused(case: str, jinja: LayoutReport) -> None:
    compare("jinja", case, jinja[case])


@pytest.mark.parametrize("case", cases("chapters"))
def test_what_a_chapter_must_not_hold_is_refused_at_its_place(case: str, chapters: LayoutReport) -> None:
    compare("chapters", case, chapters[case])


@pytest.mark.parametrize("case", cases("unread"))
def test_what_keeps_a_chapter_from_being_read_is_refused_at_its_place(case: str, unread: LayoutReport) -> None:
    compare("unread", case, unread[case])


@pytest.mark.parametrize("case", cases("deep"))
def test_what_hangs_pandoc_never_reaches_it(case: str, deep: LayoutReport) -> None:
    compare("deep", case, deep[case])


@pytest.mark.parametrize("case", cases("unset"))
def test_what_no_font_has_is_told_at_its_place(case: str, unset: LayoutReport) -> None:
    compare("unset", case, unset[case])


@pytest.mark.parametrize("case", cases("yaml"))
def test_what_surprises_in_yaml_is_told(case: str, tmp_path: Path) -> None:
    said = told(tmp_path, {"publication.yaml": cases("yaml")[case].text})
    compare("yaml", case, "\n".join(one.removeprefix("publication.yaml:").strip() for one in said))


@pytest.mark.parametrize("case", cases("bib"))
def test_what_lies_in_a_bibliography_is_told(case: str, tmp_path: Path) -> None:
    said = told(tmp_path, {"bib/references.bib": cases("bib")[case].text})
    compare("bib", case, "\n".join(one.removeprefix("bib/references.bib:") for one in said))


def drawn(root: Path, name: str, limits: Limits) -> LayoutReport:
    """What is told of each script of the file `name`, all of one publication."""
    scripts = {case: case.removeprefix("figures/") for case in cases(name)}
    files = {f"figures/{own}.yaml": "title: A line\nalt: A line.\nsource: Own.\n" for own in scripts.values()}
    for case, own in scripts.items():
        body = "".join(f"    {line}\n" for line in cases(name)[case].text.splitlines())
        files[f"figures/{own}.py"] = f"def draw(figure, data, words):\n{body}"
    workspace = write(root, files)
    faults = Faults()
    sources = load(workspace, faults)
    memo = Memo(workspace.memo)
    draw(sources, rooms=ROOMS, style=STYLE, workspace=workspace, memo=memo, faults=faults, limits=limits)
    return {
        case: "\n".join(
            str(fault).removeprefix(f"figures/{own}.py:").strip()
            for fault in faults.all()
            if fault.place.path == f"figures/{own}.py"
        )
        for case, own in scripts.items()
    }


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> LayoutReport:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPRESSUM_SECRET", "token")
        return drawn(tmp_path_factory.mktemp("figures"), "figures", Limits(seconds=30, memory=1_500_000_000))


@pytest.mark.skipif(os.name != "posix", reason="no limit on memory elsewhere")
@pytest.mark.parametrize("case", cases("figures"))
def test_a_script_that_misbehaves_is_told_in_its_own_words(case: str, figures: LayoutReport) -> None:
    compare("figures", case, figures[case])


@pytest.mark.parametrize("case", cases("slow"))
def test_a_script_that_heeds_no_signal_ends_at_the_limit(case: str, tmp_path: Path) -> None:
    compare("slow", case, drawn(tmp_path, "slow", Limits(seconds=3))[case])


BIBLIOGRAPHY = r"""@book{roe2021,
  author = {{\#panic("A") [Ltd]}},
  title = {\#panic("RAN") \emph{x}(panic("B")); \textbf{[]}},
  year = {2021},
  publisher = {Press \#eval("1")},
  url = {https://example.org/#panic("U")}
}
@string{jj = {Journal}}
@article{string, author = {Ada, B.}, title = {Named}, journal = jj # { X}, month = jan, year = 2020}
@article{accents,
  author = {{\v Z}iva, K{\'e}vin and {\L}uk, \v{S}. and Erd\H{o}s, P.},
  title = {{\ss} \&amp; \textit{it} $x^2$ \LaTeX\ \unknowncmd{a}}, journal = {J}, year = {2020}}
@article{markup, author = {Bo, C.},
  title = {`#panic("RAN")`{=typst} {<b onclick="x">y</b>}}, journal = {J}, year = {2020}}
"""
TITLES = r"""title: 'T #panic("RAN") $x$ *a*(b) @c <d> \ "e" // f'
subtitle: '"] #panic("S") \u{23}'
language: en
date: 2025-01-31
keywords: ['#panic("K")']
authors:
  - name: '#panic("N")'
    affiliation: '*(panic("F"))*'
series: {title: '#panic("E")', number: '#eval("1")'}
impressum:
  publisher: {name: '#panic("P")', address: ['#panic("D")']}
  disclaimer: '#panic("I")'
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The letters of the built PDF of one publication that holds all that is shown, without spaces."""
    root = tmp_path_factory.mktemp("shown")
    files = {
        "publication.yaml": TITLES,
        "bib/references.bib": BIBLIOGRAPHY,
        "figures/data/odd.yaml": "title: 'Odd #panic(\"T\")'\nsource: https://example.org/\n",
        "figures/data/odd.csv": 'k,v\nx,"#panic(""RAN"") [a](javascript:x) <b> $x$ *y*"\n',
        "figures/drawn.yaml": "title: 'Drawn #x'\nalt: '\"); #panic(\"A\")'\nsource: '#panic(\"Q\")'\n"
        "words: {a: '<script>#panic(\"W\")</script> & y'}\n",
        "figures/drawn.py": "def draw(figure, data, words):\n    axes = figure.subplots()\n    axes.plot([1, 2])\n"
        "    axes.set_title(words['a'])\n",
        "chapters/en/999-drawn.md": '# Drawn\n\n![#panic("C")](figure:drawn){#fig-drawn}\n',
        **{
            f"chapters/en/{number}-a.md": case.text if name == "pandoc/bom-crlf" else f"# Case {number}\n\n{case.text}"
            for number, (name, case) in enumerate(cases("shown").items(), 100)
        },
    }
    done = run(root, "build", files)
    assert done.code == 0, done.stderr
    import pypdfium2

    (pdf,) = (root / "dist").glob("*-en.pdf")  # and not that of the figures
    document = pypdfium2.PdfDocument(pdf)
    return letters("".join(page.get_textpage().get_text_range() for page in document))


def letters(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]", "", text)


@pytest.mark.parametrize("case", cases("shown"))
def test_what_looks_like_code_is_printed_letter_for_letter(case: str, shown: str) -> None:
    assert letters(cases("shown")[case].wanted) in shown


@pytest.mark.parametrize(
    "text",
    [
        'T #panic("RAN") $x$ *a*(b) @c <d> \\ "e" // f',
        '"] #panic("S") \\u{23}',
        '#panic("N")',
        '*(panic("F"))*',
        '#panic("E"), #eval("1")',
        '#panic("P")',
        '#panic("D")',
        '#panic("I")',
        'Source: #panic("Q")',
        "#panic(“C”)",
        '<script>#panic("W")</script>&y',
    ],
)
def test_what_looks_like_code_in_titles_and_figures_is_printed_letter_for_letter(text: str, shown: str) -> None:
    assert letters(text) in shown


@pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights on Windows")
def test_an_image_behind_a_symbolic_link_out_of_the_publication_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "x.svg"
    outside.write_text(DOT, encoding="utf-8")
    root = tmp_path / "publication"
    (root / "images").mkdir(parents=True)
    (root / "images" / "a.svg").symlink_to(outside)
    (root / "images" / "b").symlink_to(tmp_path)
    text = "# T\n\n![a](images/a.svg)\n\n![b](images/b/x.svg)\n"
    done = run(root, "check", {"chapters/en/01-a.md": text})
    lines = [line for line in done.stderr.splitlines() if not line.startswith("[")]
    told = "is a link that leaves the publication [image-outside]"
    assert lines == [
        f"chapters/en/01-a.md:3:6: error: the image `images/a.svg` {told}",
        "  hint: copy the file itself into the publication",
        f"chapters/en/01-a.md:5:6: error: the image `images/b/x.svg` {told}",
        "  hint: copy the file itself into the publication",
    ]


def test_files_of_names_that_no_file_can_have_are_not_there(tmp_path: Path) -> None:
    name = "a" * 300
    keys = f"citation-style: {name}\nglossary: {name}.csv\ncover: {{image: {name}.png, alt: A}}\n"
    done = run(tmp_path, "check", {"publication.yaml": PUBLICATION + keys, "chapters/en/01-a.md": "# T\n\nWords.\n"})
    assert done.code == 1
    assert re.findall(r"^publication\.yaml\S* error: (.*)", re.sub("a{200}…", "…", done.stderr), re.MULTILINE) == [
        "the shared glossary `…` is not there [glossary-missing]",
        "there is no citation style `…` [style-unknown]",
        "the file `…` does not exist [image-missing]",
    ]


def test_a_script_in_the_bibliography_becomes_no_link(tmp_path: Path) -> None:
    fields = {
        "url": "url = {javascript:alert(1)}",
        "note": r"note = {\href{javascript:alert(1)}{x}}",
        "howpublished": r"howpublished = {\url{JavaScript:alert(1)}}",
    }
    entries = "\n".join(
        f"@misc{{{key}, author = {{Doe, J.}}, title = {{T}}, year = {{2020}},\n  {field}}}"
        for key, field in fields.items()
    )
    done = run(
        tmp_path,
        "check",
        {"chapters/en/01-a.md": "# T\n\nSee [@url; @note; @howpublished].\n", "bib/references.bib": entries},
    )
    assert done.code == 1
    for line, key in ((2, "url"), (4, "note"), (6, "howpublished")):
        assert re.search(
            rf"^bib/references\.bib:{line}:\d+: error: .*`{key}`.* \[bib-url-scheme\]$", done.stderr, re.MULTILINE
        )


def test_a_bibliography_of_two_thousand_entries_is_accepted(tmp_path: Path) -> None:
    entries = "".join(
        f"@article{{k{n}, author={{Doe{n}, J.}}, title={{Title {n}}}, journal={{J}}, year={{{1900 + n % 120}}}}}\n"
        for n in range(2000)
    )
    chapter = "# T\n\nSee [@k1999; @k0].\n"
    ran = run(tmp_path, "check", {"bib/references.bib": entries, "chapters/en/01-a.md": chapter})
    assert (ran.code, ran.faults) == (0, "")
