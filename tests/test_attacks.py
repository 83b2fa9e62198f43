"""Text that tries to become code, to read what it may not, or to break the page: refused at its place, or printed
letter for letter. All that is printed stands in one publication, so that one build shows that none of it ran."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from building import Ran, impressum

PUBLICATION = "title: Attacks\nlanguage: en\ndate: 2025-01-31\n"
DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">'
    '<circle cx="20" cy="20" r="9"/></svg>'
)
BIBLIOGRAPHY = r"""@book{roe2021,
  author = {{\#panic("A") [Ltd]}},
  title = {\#panic("RAN") \emph{x}(panic("B")); \textbf{[]}},
  year = {2021},
  publisher = {Press \#eval("1")},
  url = {https://example.org/#panic("U")}
}
"""


def run(root: Path, command: str, files: dict[str, str]) -> Ran:
    for name, content in {"publication.yaml": PUBLICATION, "images/dot.svg": DOT, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return impressum(root, command)


@dataclass(frozen=True)
class Refused:
    """A chapter (behind its title, from line 3 on), and the place and rule of the fault that it must be."""

    text: str
    place: str
    rule: str


REFUSED = {
    "a raw block of Typst": Refused('```{=typst}\n#read("/etc/passwd")\n```', "4:1", "raw-code"),
    "raw Typst in a line": Refused('Hello `#eval("1+1")`{=typst} there', "3:8", "raw-code"),
    "raw LaTeX": Refused("`\\input{x}`{=latex}", "3:2", "raw-code"),
    "an absolute image": Refused("![x](/etc/passwd)", "3:6", "image-outside"),
    "an image above the root": Refused("![x](../../../../etc/passwd)", "3:6", "image-outside"),
    "an image above the root in percent signs": Refused("![x](%2e%2e/%2e%2e/%2e%2e/x.svg)", "3:6", "image-outside"),
    "an image above the root in backslashes": Refused("![x](..\\\\..\\\\..\\\\x.svg)", "3:3", "image-outside"),
    "an image with a NUL": Refused("![x](images%00/dot.svg)", "3:6", "image-outside"),
    "a remote image": Refused("![x](https://example.org/x.svg)", "3:6", "image-remote"),
    "a file address": Refused("![x](file:///etc/passwd)", "3:6", "image-remote"),
    "an image of no image": Refused("![x](publication.yaml)", "3:6", "image-unreadable"),
    "code in the name of an image": Refused('![x](<images/dot.svg") #panic("RAN") //>)', "3:3", "image-missing"),
    "code in a width": Refused('![x](images/dot.svg){width="1cm, alt: panic(1)"}', "3:22", "length-malformed"),
    "a width without a unit": Refused("![x](images/dot.svg){width=2}", "3:22", "length-malformed"),
    "a width with a line break": Refused('![x](images/dot.svg){width="2cm&#10;"}', "3:22", "length-malformed"),
    "an id that closes a label": Refused("## T {#a>b}", "3:6", "attribute-malformed"),
    "code in the id of a heading": Refused("## T {id='a> #panic(\"RAN\") <b'}", "3:11", "id-malformed"),
    "code in the id of words": Refused("[x]{id='a> #panic(\"RAN\") <b'}", "3:9", "id-malformed"),
    "code in a class of code": Refused("``` {class='py```#panic(\"RAN\")```'}\nx\n```", "3:13", "class-malformed"),
    "code in the second class": Refused("``` {class='py\n#panic(\"RAN\")'}\nx\n```", "4:1", "class-malformed"),
    "a Typst attribute of a block": Refused(
        "::: {typst:inset='1pt); #panic(\"RAN\") //'}\ny\n:::", "3:6", "raw-attribute"
    ),
    "a Typst attribute of words": Refused(
        "[t]{typst:text:fill='red)[a] #panic(\"RAN\") #text(fill: red'}", "3:5", "raw-attribute"
    ),
    "a Typst attribute of code": Refused(
        "```{.python typst:x='1); #panic(\"RAN\") //'}\nx\n```", "3:13", "raw-attribute"
    ),
    "a Typst attribute of a heading": Refused(
        "## H {typst:outlined='false); #panic(\"RAN\") //'}", "3:7", "raw-attribute"
    ),
    "a Typst attribute of an image": Refused(
        '![c](images/dot.svg){typst:fit=\'"contain"); #panic("RAN") //\'}', "3:22", "raw-attribute"
    ),
    "code as a language": Refused('[x]{lang=\'en"); #panic("RAN") //\'}', "3:5", "language-malformed"),
    "code as a direction": Refused("[x]{dir='rtl); #panic(\"RAN\") //'}", "3:5", "attribute-unknown"),
    "code in a citation key": Refused('x @{a> #panic("RAN")<b}', "3:3", "citation-malformed"),
    "a script as a link": Refused("[x](javascript:alert(1))", "3:2", "link-scheme"),
    "a script with a tab in its scheme": Refused("[x](<java\tscript:alert(1)>)", "3:2", "link-unknown"),
    "data as a link": Refused("[x](DATA:text/html,x)", "3:2", "link-scheme"),
    "a file as a link": Refused("[x](file:///etc/passwd)", "3:2", "link-scheme"),
    "a link that leads nowhere": Refused("[x](dot.png)", "3:2", "link-unknown"),
    "an image whose text is cut off": Refused('![a] #panic("RAN") [](dot.png)', "3:23", "link-unknown"),
    "HTML with attributes": Refused("<table><tr><td typst:fill='red'>x</td></tr></table>", "3:1", "raw-html"),
    "an HTML script": Refused("a <script>alert(1)</script> b", "3:3", "raw-html"),
    "a list that begins too high": Refused("10000000000000000000. x", "3:1", "list-number"),
    "a control character as an entity": Refused("a &#27;[31m b", "3:9", "text-control"),
    "accents without end as entities": Refused("a" + "&#x316;" * 30, "3:1", "text-marks"),
    "a turned direction as an entity": Refused("a &#x202e;b", "3:11", "text-control"),
    "a character that the build works with": Refused("a &#xe000;0&#xe001; b", "3:11", "text-control"),
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every line of the faults of one publication that holds all of `REFUSED`, each in a chapter of its own."""
    chapters = {
        f"chapters/en/{number:02}-a.md": f"# {name}\n\n{case.text}\n"
        for number, (name, case) in enumerate(REFUSED.items(), 10)
    }
    done = run(tmp_path_factory.mktemp("refused"), "check", chapters)
    assert done.code == 1, done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_be_is_refused_at_its_place(name: str, refusals: list[str]) -> None:
    number = 10 + list(REFUSED).index(name)
    case = REFUSED[name]
    faults = [line for line in refusals if line.startswith(f"chapters/en/{number:02}-a.md:")]
    wanted = re.compile(rf"chapters/en/{number:02}-a\.md:{case.place}: error: .+ \[{case.rule}\]")
    assert any(wanted.fullmatch(line) for line in faults), faults


ALONE = {
    "quotations in quotations": Refused(">" * 20_000, "3:1", "nested-too-deep"),
    "brackets that are never closed": Refused("[" * 20_000, "3:11", "nested-too-deep"),
    "code in the front matter": Refused("", "2:1", "yaml-unknown-key"),
    "control characters": Refused("a\x00b \x07 \x1b[31m", "3:2", "text-control"),
    "accents without end": Refused("a" + "\u0316" * 50_000, "3:2", "text-marks"),
    "a direction that turns unseen": Refused("a \u202ertl", "3:3", "text-bidi"),
}


@pytest.mark.parametrize("name", ALONE)
def test_what_keeps_a_chapter_from_being_read_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    case = ALONE[name]
    front = '---\nlang: "en\\"); #panic(1)//"\n---\n' if name == "code in the front matter" else ""
    done = run(tmp_path, "check", {"chapters/en/01-a.md": f"{front}# T\n\n{case.text}\n"})
    assert done.code == 1
    assert re.search(rf"^chapters/en/01-a\.md:{case.place}: error: .+ \[{case.rule}\]$", done.stderr, re.MULTILINE)


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


SHOWN = {
    "a title block": (
        '% A "quoted" \\\\ title #panic("RAN") @ref\n% Au"thor #x',
        "% A “quoted” \\ title #panic(“RAN”) @ref",
    ),
    "a heading": ('## H #panic("RAN") \\$a\\$ @nokey', "H #panic(“RAN”) $a$ @nokey"),
    "signs of Typst": (
        "See #x and @y // comment /* no */ https://x.y/#a",
        "See #x and @y // comment /* no */ https://x.y/#a",
    ),
    "words in angle brackets": ("a <lab> b", "a <lab> b"),
    "an id that is none": ('[c]{#id"x} d', "[c]{#id”x} d"),
    "code": ('```python\nprint(1)\n```\n\n    ```py"); #panic("RAN")\n', '```py"); #panic("RAN")'),
    "code in code": ('````\n```\n#panic("RAN")\n```\n````', '```#panic("RAN")```'),
    "code between backticks": ('`"#panic("RAN")\\` and `` `a ``', '"#panic("RAN")\\ and `a'),
    "a link": ('[text](<http://a/")#panic("RAN")//>) end', "text end"),
    "a link with backslashes": ('[text two](<http://a/\\\\") #panic(1)>)', "text two"),
    "a link with a title": ('[text three](https://a.b \'T"); #panic("RAN")\')', "text three"),
    "an address": ('<http://a.b/#panic("RAN")>', 'http://a.b/#panic("RAN")'),
    "text in a formula": ('$\\text{"#panic(1)"}$ f', '"#panic(1)" f'),
    "code in a formula": ('$$ #panic("RAN") $$', '#panic("RAN")'),
    "an operator": ('$\\operatorname{a" #panic("RAN")}$', '\\operatorname{a" #panic("RAN")}'),
    "a formula within a formula": ('$\\mbox{$x$ #panic("RAN")}$', "#panic(“RAN”)}$"),
    "a file in a formula": ("$\\input{/etc/passwd}$", "\\input{/etc/passwd}"),
    "a text with a blank line in a formula": ("$\\text{a #panic(2)}$ z", "a #panic(2) z"),
    "an alternative text": ('![caption one](images/dot.svg){alt=\'x") #panic("RAN") //\'}', "caption one"),
    "a caption": ('![b #panic("RAN") *c*(d)](images/dot.svg)', "b #panic(“RAN”) c(d)"),
    "a table": ('| #panic("A") |\n|---|\n| ] #panic("B") [ |', "#panic(“A”)] #panic(“B”) ["),
    "lines": ('| #panic("RAN")\n| /* #panic */ // x', "#panic(“RAN”)/* #panic */ // x"),
    "comments": ('<!-- x --> #panic("RAN") <!-- -->', "#panic(“RAN”)"),
    "high and low": ('a^\\]\\ #panic("RAN")^ H~\\[\\ #p~', "a] #panic(“RAN”) H[ #p"),
    "small capitals": ('[a] #panic("RAN") [b]{.smallcaps}', "[a] #panic(“RAN”) b"),
    "LaTeX": ('\\begin{typst}\n#panic("RAN")\n\\end{typst}', "\\begin{typst} #panic(“RAN”) \\end{typst}"),
    "an escape of Typst": ("\\u{23}panic \\\\u{23}panic", "\\u{23}panic"),
    "signs at the start of a line": ("/ term: def\n\n+ y\n\n= z\n\n\\- q", "/ term: def"),
    "emphasis of Typst": ("a_b_c *x*y __z__ ~ \\~ ... -?", "a_b_c xy z ~ ~ … -?"),
    "tasks": ('- [x] #panic("RAN")\n- [ ] ] #panic("B")', "#panic(“RAN”)"),
    "a list of examples": ("(@good) one\n\nsee (@good)", "see (1)"),
    "a call behind emphasis": ('*a*(panic("RAN")) **b**(c); `d`(e).f', "a(panic(“RAN”)) b(c); d(e).f"),
    "a call behind a link": ('[a](https://a.b)(panic("RAN"));', "a(panic(“RAN”));"),
    "a field behind emphasis": ("*a*.b *c*[d] x^2^(y);", "a.b c[d] x2(y);"),
    "entities": ("&#35;panic(&quot;RAN&quot;) &bsol;u &dollar;x&dollar;", '#panic("RAN") \\u $x$'),
    "a note": ('Claim.^[*a*(panic("RAN")); #x]', "a(panic(“RAN”)); #x"),
    "a note with a mark": ('Claim[^"#].\n\n[^"#]: The mark.', "The mark."),
    "a note in a note": ("Claim.[^n]\n\n[^n]: See [^n].", "See [^n]."),
    "a definition": ('Term #x\n:   *y*(panic("RAN"));', "y(panic(“RAN”));"),
    "an attribute that does nothing": ('``` {.python attr="); panic(1)"}\nprint(2)\n```', "print(2)"),
    "a value": ('{{ data.odd["x"].v }}', "#panic(“RAN”) [a](javascript:x) <b> $x$ *y*"),
    "a value in code, which stays": ('`{{ data.odd["x"].v }}`', '{{ data.odd["x"].v }}'),
    "a work": ("See [@roe2021, p. 3 #x].", "#panic("),
}
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
    """The letters of the built PDF of one publication that holds all of `SHOWN`, without spaces."""
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
        "chapters/en/99-drawn.md": '\ufeff# Drawn\r\n\r\n![#panic("C")](figure:drawn){#fig-drawn}\r\n',
        **{
            f"chapters/en/{number:02}-a.md": f"# Case {number}\n\n{text}\n"
            for number, (text, _) in enumerate(SHOWN.values(), 10)
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


@pytest.mark.parametrize("name", SHOWN)
def test_what_looks_like_code_is_printed_letter_for_letter(name: str, shown: str) -> None:
    assert letters(SHOWN[name][1]) in shown


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
