"""The bibliography: what is refused, what is warned of, and that pandoc agrees."""

from __future__ import annotations

import json

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impressum.core.errors import Faults
from impressum.core.model.sources import Bibliography, SourceText
from impressum.stages.load.bibliography import read_bibliography
from impressum.stages.load.bibtex_values import HARMLESS, INSTEAD, KNOWN
from impressum.system.process import Limits, run

GOOD = r"""% a comment
@string{jj = {Journal} # " of"}
@article{ok1, author = {Doe, Jane and {\v Z}ivkovi{\'c}, A.}, title = "A {B} \emph{c} \& 50\%",
  journal = jj # { X}, month = jan, year = 2020,}
@comment{set aside}
@preamble{"unread"}
@book{b:2, title = {{Whole} $x^2$}, editor = {A, B}, date = {2020-05/2021}, publisher = {P},
  url = {https://example.org/a_b%20c#d}}

free text
@inbook{c-3, crossref = {b:2}, title = {T \url{https://example.org/%20}}, pages = {1--2}, % note
  doi = {https://doi.org/10.1000/abc}, isbn = {978-3-16-148410-0}, issn = {2049-3630}}
@online{o, author = {{House}}, title = {Page}, url = {https://example.org}, urldate = {2024-02-29}, year = {n.d.}}
"""


def found(text: str) -> list[str]:
    """The faults of `text`, each as its first line."""
    faults = Faults()
    read_bibliography(SourceText("refs.bib", text), faults)
    return [str(fault).splitlines()[0] for fault in faults.all()]


def hints(text: str) -> list[str]:
    faults = Faults()
    read_bibliography(SourceText("refs.bib", text), faults)
    return [fault.hint for fault in faults.all()]


def read(text: str) -> Bibliography:
    return read_bibliography(SourceText("refs.bib", text), Faults())


def book(*fields: str, key: str = "k") -> str:
    """A book on one line with `fields` and nothing lacking."""
    return f"@book{{{key},{','.join((*fields, 'title={T},author={A, B},year=2020'))}}}\n"


def in_pandoc(text: str) -> tuple[int, list[dict[str, object]]]:
    """The exit code of pandoc over `text`, and the references that it reads."""
    command = [pypandoc.get_pandoc_path(), "+RTS", "-M512M", "-RTS", "-f", "biblatex", "-t", "csljson"]
    finished = run(command, limits=Limits(seconds=30), stdin=text.encode())
    return finished.code, json.loads(finished.stdout) if finished.code == 0 else []


def test_a_good_bibliography_has_no_faults_and_its_entries_their_fields() -> None:
    assert found(GOOD) == []
    bibliography = read(GOOD)
    assert list(bibliography.entries) == ["ok1", "b:2", "c-3", "o"]
    entry = bibliography.entries["ok1"]
    assert (entry.type, str(entry.place)) == ("article", "refs.bib:3:1")
    assert entry.fields == {
        "author": r"Doe, Jane and {\v Z}ivkovi{\'c}, A.",
        "title": r"A {B} \emph{c} \& 50\%",
        "journal": "Journal of X",
        "month": "jan",
        "year": "2020",
    }


def test_pandoc_reads_the_good_bibliography_too() -> None:
    code, references = in_pandoc(GOOD)
    assert code == 0
    assert [reference["id"] for reference in references] == ["ok1", "b:2", "c-3", "o"]
    assert references[0]["title"] == "A B <i>c</i> & 50%"
    assert references[0]["container-title"] == "Journal of X"


def test_lines_are_those_of_the_file_where_the_text_begins_later() -> None:
    faults = Faults()
    read_bibliography(SourceText("refs.bib", book("title={U}"), offset=3), faults)
    assert [str(fault.place) for fault in faults.all()] == ["refs.bib:4:19"]


# Every line is a text and the faults that it must have, in order, word for word.
FAULTS = {
    "an unclosed entry": (
        book(key="a") + "@article{x,author={A, B},title={Unclosed,year={2020}}\n" + book(key="z"),
        ["refs.bib:2:1: error: entry `x` is not closed [bib-unclosed]"],
    ),
    "an entry unclosed at the end": (
        "@book{x,title={T}",
        ["refs.bib:1:1: error: entry `x` is not closed [bib-unclosed]"],
    ),
    "an entry that lacks its last brace": (
        "@book{x,title={T},\n" + book(),
        ["refs.bib:1:1: error: entry `x` is not closed [bib-unclosed]"],
    ),
    "an unclosed quote": (
        '@book{x,title="T,year=2020}\n',
        ["refs.bib:1:27: error: `}` closes nothing in this quoted value [bib-syntax]"],
    ),
    "an unclosed comment": ("@comment{x", ["refs.bib:1:1: error: `@comment` is not closed [bib-unclosed]"]),
    "a duplicate key": (
        book(key="ok1") + book(key="ok1"),
        ["refs.bib:2:7: error: key `ok1` already used on line 1 [bib-key-duplicate]"],
    ),
    "no key": ("@book{,title={T}}", ["refs.bib:1:7: error: `@book` has no key [bib-key-missing]"]),
    "a field where the key should be": (
        "@book{title={T}}",
        ["refs.bib:1:7: error: `@book` has no key [bib-key-missing]"],
    ),
    "a key with a space": (
        book(key="ok 1#$"),
        ["refs.bib:1:9: error: key `ok 1#$` holds a space [bib-key-character]"],
    ),
    "a key with a sign that pandoc does not read": (
        book(key="a#b"),
        ["refs.bib:1:8: error: key `a#b` holds `#` [bib-key-character]"],
    ),
    "a key with a per cent sign": (
        book(key="a%b"),
        ["refs.bib:1:8: error: key `a%b` holds `%` [bib-key-character]"],
    ),
    "a key that begins with a sign": (
        book(key="-b"),
        ["refs.bib:1:7: error: key `-b` begins with `-` [bib-key-character]"],
    ),
    "a key with two signs together": (
        book(key="a--b"),
        ["refs.bib:1:8: warning: key `a--b` can be cited as `@{a--b}` only [bib-key-punctuation]"],
    ),
    "no comma after the key": (
        "@book{k\n title={T},author={A},year=2020}",
        ["refs.bib:1:8: error: `,` is missing after the key `k` [bib-syntax]"],
    ),
    "no fields": ("@book{k}", ["refs.bib:1:8: error: entry `k` has no fields [bib-syntax]"]),
    "no comma between fields": (
        "@book{k,title={T} author={A},year=2020}",
        ["refs.bib:1:19: error: `,` is missing before `author` [bib-syntax]"],
    ),
    "two commas": (
        "@book{k,title={T},,author={A},year=2020}",
        ["refs.bib:1:19: error: entry `k` has a `,` too many [bib-syntax]"],
    ),
    "a stray word after a value": (
        "@book{k,title={T}} is\n@book{l,title={T} b, year=2020}",
        [
            "refs.bib:1:1: warning: entry `k` has no author or editor and no year [bib-field-missing]",
            "refs.bib:2:19: error: `,` or `}` must follow the value of `title` in entry `l`, not `b` [bib-syntax]",
        ],
    ),
    "no value": (
        book("note="),
        ["refs.bib:1:14: error: the value of `note` must stand here, not `,` [bib-syntax]"],
    ),
    "no equals sign": (
        "@book{k,ti tle={T}}",
        ["refs.bib:1:12: error: `=` must follow `ti` in entry `k`, not `t` [bib-syntax]"],
    ),
    "no field name": (
        "@book{k,={T}}",
        ["refs.bib:1:9: error: a field name must stand here in entry `k`, not `=` [bib-syntax]"],
    ),
    "two names in a string": (
        "@string{a={x},b={y}}",
        ["refs.bib:1:14: error: `}` must follow the value of @string `a`, not `,` [bib-syntax]"],
    ),
    "parentheses": (
        "@book(k,title={T},author={A},year=2020)",
        ["refs.bib:1:6: error: `@book` is enclosed in parentheses [bib-parentheses]"],
    ),
    "an at sign in the text between entries": (
        "by a@b.example\n" + book(),
        ["refs.bib:1:5: error: `@b` begins no entry: no `{` follows it [bib-syntax]"],
    ),
    "braces nested too deep": (
        book("note={" + "{" * 101 + "}" * 102, key="x") + book(),
        ["refs.bib:1:114: error: braces are nested deeper than 100 [bib-too-deep]"],
    ),
    "a duplicate field": (
        book("\ntitle={U}"),
        ["refs.bib:2:11: warning: field `title` of entry `k` is already given on line 2 [bib-field-duplicate]"],
    ),
    "an undefined string": (
        "@string{nosuck={x}}\n" + book("note=nosuch"),
        ["refs.bib:2:14: error: @string `nosuch` is not defined [bib-string-undefined]"],
    ),
    "a string used before its definition": (
        book("note=late") + "@string{late={x}}",
        ["refs.bib:1:14: error: @string `late` is used before it is defined on line 2 [bib-string-undefined]"],
    ),
    "a string defined twice": (
        "@string{a={x}}\n@string{a=a # {y}}\n" + book("note=a"),
        ["refs.bib:2:9: warning: @string `a` is already defined on line 1 [bib-string-twice]"],
    ),
    "a string cycle": (
        "@string{a = b}\n@string{b = a}\n" + book("note=a"),
        ["refs.bib:1:9: error: @string cycle `a -> b -> a` [bib-string-cycle]"],
    ),
    "a string bomb": (
        "@string{s0={lollollol}}\n"
        + "".join(f"@string{{s{i + 1}={' # '.join([f's{i}'] * 10)}}}\n" for i in range(9))
        + book("note=s9"),
        ["refs.bib:5:9: error: @string `s4` expands to more than 64 kB [bib-string-too-long]"],
    ),
    "a value that strings make too long": (
        f"@string{{a={{{'x' * 60_000}}}}}\n" + book("note=a # a"),
        ["refs.bib:2:9: error: `note` of entry `k` expands to more than 64 kB [bib-string-too-long]"],
    ),
    "strings that together are too long": (
        f"@string{{a={{{'x' * 60_000}}}}}\n" + "".join(book("note=a", key=f"k{i}") for i in range(300)),
        ["refs.bib:268:12: error: the @strings of this file expand to more than 16 MB [bib-string-too-long]"],
    ),
    "a crossref cycle": (
        book("crossref={b}", key="ok1") + book("crossref={ok1}", key="b"),
        ["refs.bib:1:1: error: crossref cycle `ok1 -> b -> ok1` [bib-crossref-cycle]"],
    ),
    "an entry that inherits from itself": (
        book("xdata={k}"),
        ["refs.bib:1:1: error: crossref cycle `k -> k` [bib-crossref-cycle]"],
    ),
    "a crossref to nothing": (
        book("crossref={nonsuch}", key="a") + book(key="nonesuch"),
        ["refs.bib:1:1: warning: `crossref` of entry `a` names `nonsuch`, which is no entry [bib-crossref-missing]"],
    ),
    "references whose paths double at each step": (
        "".join(book(f"xdata={{x{i + 1}}},crossref={{x{i + 1}}}", key=f"x{i}") for i in range(7)) + book(key="x7"),
        ["refs.bib:2:1: error: entry `x1` inherits from more than 100 entries [bib-crossref-too-deep]"],
    ),
    "an unknown type": (
        "@artcle{k,title={T},author={A},year=2020}",
        ["refs.bib:1:1: warning: entry `k` has the unknown type `@artcle` [bib-type-unknown]"],
    ),
    "nothing but a key": (
        "@article{ok1,}",
        [
            (
                "refs.bib:1:1: warning: entry `ok1` has no title, no author or editor, no year and no journal"
                " [bib-field-missing]"
            ),
        ],
    ),
    "an impossible month": (
        book("urldate={2020-13-45}"),
        ["refs.bib:1:9: error: `urldate` of entry `k` is `2020-13-45`: there is no month 13 [bib-date]"],
    ),
    "an impossible day": (
        book("date={2020-02-30}"),
        ["refs.bib:1:9: error: `date` of entry `k` is `2020-02-30`: that month has no day 30 [bib-date]"],
    ),
    "a date in words": (
        book("date={May 2020}"),
        ["refs.bib:1:9: error: `date` of entry `k` is `May 2020`: that is no date [bib-date]"],
    ),
    "a year with a letter": (
        "@book{k,title={T},author={A},year={2020a}}",
        ["refs.bib:1:30: error: `year` of entry `k` is `2020a`: that is no date [bib-date]"],
    ),
    "a month that does not exist": (
        book("month=13"),
        ["refs.bib:1:9: error: `month` of entry `k` is `13`: there is no such month [bib-date]"],
    ),
    "a link that runs code": (
        book("url={java\tscript:alert(1)}"),
        ["refs.bib:1:9: error: `url` of entry `k` has the scheme `javascript` [bib-url-scheme]"],
    ),
    "a link that runs code in a value": (
        book(r"note={\href{javascript:alert(1)}{x}}"),
        ["refs.bib:1:15: error: the link in `note` of entry `k` has the scheme `javascript` [bib-url-scheme]"],
    ),
    "an escaped address": (
        book(r"url={https://example.org/a\_b}"),
        [
            (
                r"refs.bib:1:9: warning: `url` of entry `k` holds `\_`: the link would hold the backslash too"
                " [bib-url]"
            ),
        ],
    ),
    "an address without a scheme": (
        book("url={www.example.org}"),
        ["refs.bib:1:9: warning: `url` of entry `k` has no scheme [bib-url]"],
    ),
    "an address with a space": (
        book("url={https://example.org/a b}"),
        ["refs.bib:1:9: warning: `url` of entry `k` holds a space [bib-url]"],
    ),
    "an address in a macro": (
        book(r"url={\url{https://example.org}}"),
        ["refs.bib:1:9: warning: `url` of entry `k` holds a macro [bib-url]"],
    ),
    "no DOI": (
        book('doi={10.1/"]#panic(1)}'),
        ['refs.bib:1:9: warning: `doi` of entry `k` is `10.1/"]#panic(1)`, which is no DOI [bib-doi]'],
    ),
    "a wrong ISBN among two": (
        book("isbn={978-3-16-148410-0 (pbk), 978-3-16-148410-1}"),
        [
            (
                "refs.bib:1:9: warning: `isbn` of entry `k`: `978-3-16-148410-1` is not an ISBN: its check digit is 1"
                " and must be 0 [bib-isbn]"
            ),
        ],
    ),
    "a wrong ISSN": (
        book("issn={2049-3631}"),
        [
            (
                "refs.bib:1:9: warning: `issn` of entry `k`: `2049-3631` is not an ISSN: its check digit is 1"
                " and must be 0 [bib-issn]"
            ),
        ],
    ),
    "an unknown macro": (
        book(r"note={a \unknowncmd{b} \unknowncmd}"),
        [r"refs.bib:1:17: warning: pandoc drops the macro `\unknowncmd` in `note` of entry `k` [bib-macro-unknown]"],
    ),
    "an unknown macro in a string": (
        "@string{s={a \\unknowncmd}}",
        [r"refs.bib:1:14: warning: pandoc drops the macro `\unknowncmd` in @string `s` [bib-macro-unknown]"],
    ),
    "a file to read": (
        book(r"abstract={\input{/etc/passwd}}"),
        [r"refs.bib:1:19: error: `\input` is refused in `abstract` of entry `k` [bib-macro-refused]"],
    ),
    "a program to run": (
        book(r"note={\write18{ls}}"),
        [r"refs.bib:1:15: error: `\write` is refused in `note` of entry `k` [bib-macro-refused]"],
    ),
    "a definition that multiplies": (
        book(r"note={\def\a{b}}"),
        [
            r"refs.bib:1:15: error: `\def` is refused in `note` of entry `k` [bib-macro-refused]",
            r"refs.bib:1:19: warning: pandoc drops the macro `\a` in `note` of entry `k` [bib-macro-unknown]",
        ],
    ),
    "a dollar sign": (
        book("note={it cost $5}"),
        [
            (
                "refs.bib:1:23: error: `$` in `note` of entry `k` has no partner: pandoc drops the whole value"
                " [bib-mathematics]"
            ),
        ],
    ),
    "mathematics across braces": (
        book("note={{$}a$}"),
        [
            (
                "refs.bib:1:16: error: `$` in `note` of entry `k` has no partner: pandoc drops the whole value"
                " [bib-mathematics]"
            ),
            (
                "refs.bib:1:19: error: `$` in `note` of entry `k` has no partner: pandoc drops the whole value"
                " [bib-mathematics]"
            ),
        ],
    ),
    "mathematics that is not closed": (
        book(r"note={a \(x}"),
        [
            (
                r"refs.bib:1:17: error: `\(` in `note` of entry `k` has no partner: pandoc drops the whole value"
                " [bib-mathematics]"
            ),
        ],
    ),
    "a per cent sign": (
        book("note={50% off}"),
        [
            (
                "refs.bib:1:17: error: `%` in `note` of entry `k` begins a comment: pandoc drops the rest of the line"
                " [bib-percent]"
            ),
        ],
    ),
    "a script": (
        book("note={<i>a</i> <script>}"),
        ["refs.bib:1:24: warning: the HTML `<script>` in `note` of entry `k` is shown as it stands [bib-html]"],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_is_named_with_its_place(case: str) -> None:
    text, expected = FAULTS[case]
    assert found(text) == expected


GOOD_PIECES = {
    "a comment after each piece": "@book% 1\n{k% 2\n,% 3\ntitle% 4\n=% 5\n{T}% 6\n#% 7\n{U}% 8\n,author={A},year=2020}",
    "an entry in a comment": "% @book{x, title = {\n" + book(),
    "escaped braces": book(r"note={a \{ b}"),
    "dates that pandoc reads": "".join(
        book(f"urldate={{{date}}}", key=f"k{number}")
        for number, date in enumerate(
            ("2020", "2020-05", "2020-05-17", "2020/2021", "2020-05/", "2020?", "2020~", "2020%", "-0044", "2020-21")
        )
    ),
    "years in words": "@book{k,title={T},author={A},year={forthcoming}}",
    "the marks of Jinja": book('note={<< a["}"] >>}', "date={<< year >>}", "url={<< site >>}"),
    "a bare mark of Jinja": "@book{k,title={T},author={A},year=<< year >>}",
    "letters of every script in a key": book(key="Ђорђевић_2020") + book(key="čačak:2020"),
    "a string in capitals": "@string{JJ={x}}\n" + book("note=jj"),
    "a short DOI": book("doi={10/gf29tr}"),
    "a short DOI as an address": book("doi={https://doi.org/10/b5v7}"),
    "an old DOI": book("doi={10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O}"),
    "an ISBN with spaces": book("isbn={978 3 16 148410 0}"),
    "macros inside mathematics": book(r"note={$\frac{a}{b}$ \(\alpha\) \ensuremath{\beta}}"),
    "a parent's author and year": "@book{p,title={P},author={A},year=2020}\n@inbook{c,title={C},crossref={p}}",
    "a container": "@xdata{x,publisher={P}}\n" + book("xdata={x}"),
    "a per cent sign in an abstract": book("abstract={50% of $}"),
}


@pytest.mark.parametrize("case", GOOD_PIECES)
def test_what_is_right_has_no_faults(case: str) -> None:
    assert found(GOOD_PIECES[case]) == []


@pytest.mark.parametrize("case", [case for case in GOOD_PIECES if "Jinja" not in case])
def test_what_has_no_faults_pandoc_reads(case: str) -> None:
    code, references = in_pandoc(GOOD_PIECES[case])
    assert code == 0
    assert len(references) >= 1


def test_an_unclosed_entry_says_where_the_next_seems_to_begin() -> None:
    text = "@book{x,title={T\n\n" + book()
    assert hints(text) == ["a new entry seems to begin on line 3: a `}` is missing before it"]
    assert hints("@book{x,title={T") == ["the file ends before its last `}`: count the braces"]


def test_entries_after_a_broken_one_are_still_checked() -> None:
    text = "@book{x,title={T\n" + book(key="a b") + "@book{y,title={T\n" + book("date={x}", key="c")
    assert found(text) == [
        "refs.bib:1:1: error: entry `x` is not closed [bib-unclosed]",
        "refs.bib:2:8: error: key `a b` holds a space [bib-key-character]",
        "refs.bib:3:1: error: entry `y` is not closed [bib-unclosed]",
        "refs.bib:4:9: error: `date` of entry `c` is `x`: that is no date [bib-date]",
    ]


def test_a_near_miss_is_suggested() -> None:
    assert hints("@string{nosuck={x}}\n" + book("note=nosuch")) == [
        "did you mean `nosuck`? text is in braces: {nosuch}"
    ]
    assert hints("@artcle{k,title={T},author={A},year=2020}") == ["did you mean `@article`?"]
    assert hints(book("crossref={nonsuch}", key="a") + book(key="nonesuch")) == ["did you mean `nonesuch`?"]


def test_a_letter_that_pandoc_drops_comes_with_the_letter_to_write() -> None:
    assert found(book(r"editor={\DJ{}oki{\'c}, A.}")) == [
        r"refs.bib:1:17: warning: pandoc drops the macro `\DJ` in `editor` of entry `k` [bib-macro-unknown]"
    ]
    assert hints(book(r"editor={\DJ{}oki{\'c}, A.}")) == ["write Đ instead"]


def test_of_a_key_used_twice_the_first_entry_is_kept() -> None:
    assert read("@book{k,note={1}}\n@book{k,note={2}}").entries["k"].fields == {"note": "1"}


def test_a_bibliography_of_64_megabytes_is_refused_unread() -> None:
    assert found("x" * 64_000_000) == ["refs.bib: error: the bibliography is larger than 64 MB [bib-too-large]"]


def test_many_entries_are_accepted() -> None:
    text = "".join(book(key=f"k{number}") for number in range(5000))
    assert found(text) == []
    assert len(read(text).entries) == 5000


@pytest.mark.parametrize(
    "piece", ["@a{x,t={\n", '@a{x,t="\n', "@a(", "@", "{", "%", "<<", "@string{a=b #\n", "\\url{", "$", "<a "]
)
def test_a_hostile_repetition_ends(piece: str) -> None:
    text = piece * 8_000
    read(text)
    read("@a{x,t={" + text + "}\n junk}")


def test_a_long_chain_of_references_ends_in_one_fault() -> None:
    text = "".join(book(f"crossref={{x{i + 1}}}", key=f"x{i}") for i in range(150)) + book(key="x150")
    assert found(text) == [
        "refs.bib:50:1: error: entry `x49` inherits from more than 100 entries [bib-crossref-too-deep]"
    ]


def test_a_long_cycle_is_shown_short() -> None:
    text = "".join(book(f"crossref={{x{(i + 1) % 5000}}}", key=f"x{i}") for i in range(5000))
    assert found(text)[0] == (
        "refs.bib:1:1: error: crossref cycle "
        "`x0 -> x1 -> x2 -> x3 -> x4 -> x5 -> … -> x4996 -> x4997 -> x4998 -> x4999 -> x0` [bib-crossref-cycle]"
    )


def titles_in_pandoc(values: list[str]) -> dict[str, object]:
    """What pandoc makes of each value as a title."""
    text = "".join(f"@book{{k{number},title={{{{{value}}}}}}}\n" for number, value in enumerate(values))
    code, references = in_pandoc(text)
    assert code == 0
    titles = {reference["id"]: reference.get("title") for reference in references}
    return {value: titles[f"k{number}"] for number, value in enumerate(values)}


def test_pandoc_loses_no_letter_round_the_macros_that_pass_as_known() -> None:
    two = ("href", "foreignlanguage", "hyphenquote", "foreignquote")
    values = [f"x \\{name} {'{q}' * (2 if name in two else 1)} y" for name in sorted(KNOWN - {"noopsort"})]
    titles = titles_in_pandoc(values)
    assert [value for value, title in titles.items() if not {"q", "y"} <= set(str(title).lower())] == []
    assert found("".join(book(f"note={{{value}}}", key=f"k{number}") for number, value in enumerate(values))) == []


def test_a_macro_without_effect_passes_unless_pandoc_drops_its_argument_too() -> None:
    alone = [f"{{\\{name} q}} y" for name in sorted(HARMLESS)]
    assert {str(title).replace(" ", "") for title in titles_in_pandoc(alone).values()} == {"qy"}
    assert found("".join(book(f"note={{{value}}}", key=f"k{number}") for number, value in enumerate(alone))) == []
    assert "q" not in str(titles_in_pandoc(["\\relax {q} y"])["\\relax {q} y"])
    assert found(book("note={\\relax {q} y}")) == [
        "refs.bib:1:15: warning: pandoc drops the macro `\\relax` in `note` of entry `k` [bib-macro-unknown]"
    ]


def test_pandoc_loses_the_macros_that_come_with_a_letter_to_write_instead() -> None:
    values = [f"x\\{name}{{}}y" for name in INSTEAD if name != "par"]
    assert [value for value, title in titles_in_pandoc(values).items() if title != "xy"] == []


def test_pandoc_refuses_or_loses_what_is_called_an_error() -> None:
    assert in_pandoc("@book(k,title={T})")[0] != 0
    assert in_pandoc(book(key="a#b"))[0] != 0
    assert in_pandoc("by a@b.example\n" + book())[0] != 0
    assert in_pandoc("@book{k,title={T},,year=2020}")[0] != 0
    titles = titles_in_pandoc(["it cost $5", "x 50% off", r"x \input{none} y"])
    assert titles == {"it cost $5": None, "x 50% off": None, r"x \input{none} y": "x  y"}


SIGNS = '{}"@,=#%\\$()<>~-\n\r\t\0 abc1٣é'


@settings(max_examples=300, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.sampled_from(["", *SIGNS])), min_size=1, max_size=6))
def test_any_mutation_gives_faults_or_a_bibliography(changes: list[tuple[int, str]]) -> None:
    letters = list(GOOD)
    for index, letter in changes:
        letters[index] = letter
    faults = Faults()
    bibliography = read_bibliography(SourceText("refs.bib", "".join(letters)), faults)
    assert faults.all() or bibliography.entries


@settings(max_examples=300, derandomize=True)
@given(st.text(alphabet=SIGNS + "@book{k,title=}", max_size=200))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    read(text)
