"""Comments in the sources that allow one occurrence of a rule: which lines they speak of, and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import impressum, pages, reader, replace
from load_sources import PUBLICATION, write

from impressum.checks.allowances import Allowances, texts_of
from impressum.checks.allowances.comments import AllowedRules, allowed_rules
from impressum.core.errors import Fault, Faults, Place
from impressum.core.rules import FOUND_IN_SOURCES, FOUND_ON_PAGES, NEVER_SILENCED, RULES
from impressum.system.workspace import Workspace

NAMES = {"md": "chapters/en/01-start.md", "yaml": "publication.yaml", "py": "figures/a.py", "bib": "bib/references.bib"}


def allowed_lines(root: Path, kind: str, text: str) -> list[int]:
    """The lines of a file of this kind that holds `text` at which `text-encoding` is allowed; 0 is the whole file."""
    name = NAMES[kind]
    allowances = Allowances(write(root, {name: text}))
    lines = range(text.count("\n") + 2)
    return [n for n in lines if allowances.of(Fault(Place(name, n, 1), "Bad", "text-encoding"))]


A = "{## allow text-encoding: so ##}"
CHAPTERS = {
    f"# H\n\none\ntwo {A}\nthree\n": [4],
    f"# H\n\n{A}\none\ntwo\n\nthree\n": [4, 5],
    f"# H\n\n  {A}\n\none\n\ntwo\n": [5],
    f"# H\n\n{A}\n{A}\none\n": [5],
    f"{A}\n# H\none\n": [0, 2],
    f"---\nnumbered: false\n---\n{A}\n# H\n": [0, 5],
    f"# H {A}\n\none\n": [0, 1],
    "---\n# allow text-encoding: so\nnumbered: false\n---\n# H\n": [0, 3],
    "---\nnumbered: false  # allow text-encoding: so\nkind: part\n---\n# H\n": [0, 2],
    f"# H\n\n{A}\n```\na\n\nb\n```\n\nc\n": [4, 5, 6, 7, 8],
    f"# H\n\n{A}\n::: {{.note}}\na\n\n::: {{.tip}}\nb\n:::\n\nc\n:::\nd\n": [*range(4, 13)],
    f"# H\n\n{A}\n| a | b |\n|---|---|\n| c | d |\n\n: Caption\n\ne\n": [4, 5, 6, 7, 8],
    f"# H\n\n{A}\n[^n]: a\n\n    b\n\nc\n": [4, 5, 6],
    f"# H\n\n> a\n> {A}\n> b\n\nc\n": [5],
    f"# H\n\n- a\n{A}\n- b\n- c\n\nd\n": [5, 6],
    "# H\n\na\nb {## allow text-encoding:\nso ##} c\nd\n": [4, 5],
    f"# H\n\n{A[:-3]}": [],
    f"# H\n\n`{A}` a\n\n```\n{A}\n```\n\n$a {A}$\n": [],
    f"# H\n\n{{{{ '{A}' }}}} a\n": [],
    f"# H\n\n{A}\n": [3],
    # what only looks like the beginning of code
    f"# H\n\n{A}\n```x``` a\nb\n\nc\n\n```\nd\n```\n": [4, 5],
    f"# H\n\n{A}\n````x```` a\n\nb\n\n````\nd\n````\n": [4],
    f"# H\n\n{A}\n~~~ a`b\n\nc\n\n~~~\nd\n~~~\n": [4],
    # what does
    f"# H\n\n{A}\n``` two words\nb\n```\n\n```\nd\n```\n": [4, 5, 6],
    f"# H\n\n{A}\n~~~ {{.r a='`'}}\n```\n\nb\n~~~~\n\nc\n": [4, 5, 6, 7, 8],
    f"# H\n\n- a\n\n  {A}\n  ```\n  - b\n\n  c\n  ```\n\n  d\n": [6, 7, 8, 9, 10],
    # a list and what is defined, but not what follows them
    f"# H\n\n{A}\n- a\n\n  b\n\n- c\n\nd\n": [4, 5, 6, 7, 8],
    f"# H\n\n{A}\nA\n:   b\n\n    c\n\nD\n:   e\n\nf\n": [4, 5, 6, 7, 8, 9, 10],
    f"# H\n\n{A}\n: Caption\n\n| a |\n|---|\n| b |\n\nc\n": [4, 5, 6, 7, 8],
    f"# H\n\na\n{A}\nb\n\nc\n": [5],
}


@pytest.mark.parametrize(("text", "lines"), CHAPTERS.items())
def test_a_comment_in_a_chapter_speaks_of_its_line_or_of_the_block_after_it(
    tmp_path: Path, text: str, lines: list[int]
) -> None:
    assert allowed_lines(tmp_path, "md", text) == lines


YAML = {
    "a: b  # allow text-encoding: so\nc: d\n": [0, 1],
    "a: b\n# allow text-encoding: so\nc: d\ne: f\n": [3],
    "a: b\n# allow text-encoding: so\n# and more\n\nc: |\n  d\n\n  e\nf: g\n": [5, 6, 7, 8],
    "c: |  # allow text-encoding: so\n  d\n  e\nf: g\n": [0, 1, 2, 3],
    "# allow text-encoding: so\na: b\n": [0, 2],
    "a:\n  - b\n  # allow text-encoding: so\n  - c\n": [4],
    'a: "b # allow text-encoding: so"\nc: d\n': [],
    "a: |\n  b\n  # allow text-encoding: so\n  c\n": [],
    "a: b# allow text-encoding: so\n": [],
    "a: [\n# allow text-encoding: so\n": [],
    "š: č  # ALLOW text-encoding: so\n": [0, 1],
}


@pytest.mark.parametrize(("text", "lines"), YAML.items())
def test_a_comment_in_yaml_speaks_of_its_line_or_of_the_value_after_it(
    tmp_path: Path, text: str, lines: list[int]
) -> None:
    assert allowed_lines(tmp_path, "yaml", text) == lines


SCRIPTS = {
    "import a  # allow text-encoding: so\nb = 1\n": [0, 1],
    "b = 1\n# allow text-encoding: so\nc = 2\nd = 3\n": [3],
    "b = '# allow text-encoding: so'\nc = '''\n# allow text-encoding: so\n'''\n": [],
    "b = (\n# allow text-encoding: so\n": [],
}


@pytest.mark.parametrize(("text", "lines"), SCRIPTS.items())
def test_a_comment_in_a_figure_script_speaks_of_its_line_or_of_the_line_after_it(
    tmp_path: Path, text: str, lines: list[int]
) -> None:
    assert allowed_lines(tmp_path, "py", text) == lines


BIB = {
    "x\n% allow text-encoding: so\n@book{a,\n  title = {b},\n}\n@book{c,\n}\n": [3, 4, 5],
    "% allow text-encoding: so\n\n@book{a,\n  title = {b},\n}\n": [0, 3, 4, 5],
    "@book{a,\n  % allow text-encoding: so\n  title = {b\n c},\n  year = {d},\n}\n": [3, 4],
    "@book{a,\n  title = {b}, % allow text-encoding: so\n  year = {d},\n}\n": [2],
    "@book{a,\n  title = {b \\% allow text-encoding: so},\n}\n": [],
}


@pytest.mark.parametrize(("text", "lines"), BIB.items())
def test_a_comment_in_the_bibliography_speaks_of_an_entry_a_field_or_its_line(
    tmp_path: Path, text: str, lines: list[int]
) -> None:
    assert allowed_lines(tmp_path, "bib", text) == lines


WORDINGS = {
    "allow heading-skipped: why not": AllowedRules(("heading-skipped",), "why not"),
    " Allow a-b , c-d:\n why\n  not ": AllowedRules(("a-b", "c-d"), "why not"),
    "allow heading-skipped": AllowedRules(("heading-skipped",), ""),
    "allow heading-skipped it is meant": AllowedRules(("heading-skipped",), ""),
    "allow heading-skipped: …": AllowedRules(("heading-skipped",), ""),
    "allow: why": AllowedRules((), ""),
    "allow": AllowedRules((), ""),
    "allow me to explain": None,
    "allow-list of hosts": None,
    "allowed": None,
    "not to allow a-b: c": None,
}


@pytest.mark.parametrize(("text", "wording"), WORDINGS.items())
def test_a_comment_allows_rules_for_a_reason_or_is_one_like_any_other(text: str, wording: AllowedRules | None) -> None:
    assert allowed_rules(text) == wording


def test_what_is_lost_or_overprinted_is_never_allowed(tmp_path: Path) -> None:
    assert RULES.keys() >= NEVER_SILENCED
    for rule in sorted(NEVER_SILENCED):
        workspace = write(tmp_path, {"chapters/en/01-start.md": f"# H\n\na {{## allow {rule}: so ##}}\n"})
        allowances, faults = Allowances(workspace), Faults()
        allowances.check(["chapters/en/01-start.md"], faults)
        assert [str(fault) for fault in faults.all()] == [
            (
                f"chapters/en/01-start.md:3:3: warning: `{rule}` cannot be allowed: readers would not get what was "
                "written [allow-refused]\n  hint: take the comment out, and mend what the fault names"
            )
        ]
        assert allowances.of(Fault(Place("chapters/en/01-start.md", 3), "Lost", rule)) is None


def test_a_comment_that_is_not_written_as_it_must_be_is_told(tmp_path: Path) -> None:
    files = {
        "chapters/en/01-start.md": "# Start\n\n{## allow heading-skiped: so ##}\nText. {## allow: so ##}\n",
        "figures/a.yaml": "title: a  # allow figure-unused\n",
        "bib/references.bib": "% allow allow-unused: so\n",
    }
    workspace = write(tmp_path, files)
    faults = Faults()
    Allowances(workspace).check([*texts_of(workspace, ()), "bib/references.bib"], faults)
    assert [str(fault) for fault in faults.all()] == [
        (
            "bib/references.bib:1:1: warning: `allow-unused` cannot be allowed by a comment [allow-refused]\n"
            "  hint: take the comment out, or write `allow-unused: off` under `rules` in publication.yaml"
        ),
        (
            "chapters/en/01-start.md:3:1: warning: there is no rule `heading-skiped` to allow; did you mean "
            "`heading-skipped`? [allow-unknown]\n"
            "  hint: the id of a rule is in square brackets behind its message"
        ),
        (
            "chapters/en/01-start.md:4:7: warning: `allow` names no rule [allow-unknown]\n"
            "  hint: write `{## allow RULE: why ##}`; the id of a rule is in square brackets behind its message"
        ),
        (
            "figures/a.yaml:1:11: warning: `allow figure-unused` gives no reason, and allows nothing [allow-reason]\n"
            "  hint: write why behind a colon: `# allow figure-unused: why`"
        ),
    ]


SKIPPED = "# Start\n\n{## allow heading-skipped: it is meant ##}\n### Deep\n\nText.\n"
UNUSED = "# Start\n\nText. {## allow heading-skipped: it was meant ##}\n"
TOLD = (
    "chapters/en/01-start.md:3:7: warning: no fault is found here under `heading-skipped`, which this comment allows "
    "[allow-unused]\n  hint: take it out, or put it on the line that the fault names, or alone on the line before"
)


def test_a_fault_that_is_allowed_is_counted_and_not_told(tmp_path: Path) -> None:
    root = write(tmp_path, {"chapters/en/01-start.md": SKIPPED}).root
    text = impressum(root, "check")
    assert (text.code, text.faults) == (0, "")
    report = json.loads(impressum(root, "check", "--json").stdout)
    (silenced,) = report["silenced"]
    assert report["faults"] == []
    assert (silenced["rule"], silenced["line"], silenced["reason"]) == ("heading-skipped", 4, "it is meant")
    assert silenced["allowed"] == {"path": "chapters/en/01-start.md", "line": 3, "column": 1}
    assert impressum(root, "check", "--report", "github").stdout == ""
    (result,) = json.loads(impressum(root, "check", "--report", "sarif").stdout)["runs"][0]["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["justification"]) == ("inSource", "it is meant")


def test_a_level_that_is_skipped_is_none_in_the_file(tmp_path: Path) -> None:
    chapter = "# A\n\n{## allow heading-skipped: meant ##}\n#### B\n\nText.\n\n#### C\n\n##### D\n\n## E\n\nText.\n"
    root = write(tmp_path, {"chapters/en/01-start.md": chapter}).root
    built = impressum(root, "build")
    assert (built.code, built.faults) == (0, "")
    entries = reader(root, "rivers-en.pdf").outline
    assert isinstance(entries[-1], list)  # what stands below A
    assert [[str(one.title) for one in below] if isinstance(below, list) else below.title for below in entries[-1]] == [
        "B",
        "C",
        ["D"],
        "E",
    ]


def test_a_comment_that_allows_what_is_not_there_is_told_once_all_editions_are_read(tmp_path: Path) -> None:
    root = write(tmp_path, {"chapters/en/01-start.md": UNUSED}).root
    assert impressum(root, "check").faults == TOLD
    assert impressum(root, "check", "--edition", "en").faults == ""
    (root / "publication.yaml").write_text(f"{PUBLICATION}rules:\n  heading-skipped: off\n", encoding="utf-8")
    assert impressum(root, "check").faults == ""


def test_what_the_pages_alone_can_show_is_not_said_to_be_unused_before_they_are_set(tmp_path: Path) -> None:
    chapter = "# Start\n\nText. {## allow page-widow: it is meant ##}\n"
    root = write(tmp_path, {"chapters/en/01-start.md": chapter}).root
    assert impressum(root, "check").faults == ""
    assert impressum(root, "build", "--edition", "en").faults == ""
    built = impressum(root, "build")
    assert "no fault is found here under `page-widow`" in built.faults
    assert "allow" not in " ".join(pages(root, "rivers-en.pdf"))


def test_what_a_stage_raises_in_its_own_modules_is_known_to_need_it() -> None:
    """Ensures that a rule of typeset, verify, fitting or publish counts as found on pages alone."""
    import re

    package = Path(__file__).parent.parent / "impressum"

    def named(parts: list[str]) -> set[str]:
        texts = (path.read_text(encoding="utf-8") for part in parts for path in (package / part).rglob("*.py"))
        return {rule for text in texts for rule in re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', text)} & RULES.keys()

    before = named(["stages/load", "stages/draw", "stages/render", "stages/convert", "checks/parity", "translation"])
    of_commands = {"file-missing", "release-foreign"}  # of `verify` and `diff`, and of the release gate
    assert (
        named(["stages/typeset", "stages/verify", "pipeline/fitting", "stages/publish"])
        - before
        - of_commands
        - FOUND_ON_PAGES
        == set()
    )
    assert not FOUND_ON_PAGES & FOUND_IN_SOURCES


def test_a_fault_that_leaves_something_unread_stays_an_error(tmp_path: Path) -> None:
    chapter = "---\n# allow yaml-unknown-key: so\nnumberd: false\n---\n# Start\n\nText.\n"
    root = write(tmp_path, {"chapters/en/01-start.md": chapter, "chapters/en/02-b.md": ""}).root
    ran = impressum(root, "check")
    assert ran.code == 1
    assert "chapters/en/01-start.md:3:1: error: unknown key `numberd`" in ran.faults
    assert "; it stays an error, as something could not be read" in ran.faults
    assert "[chapter-empty]" in ran.faults


def test_an_allowance_in_an_included_text_serves_there(tmp_path: Path) -> None:
    files = {
        "chapters/en/01-start.md": "# Start\n\n{% include 'note.md' %}\n\nSee @sec-no.\n",
        "templates/note.md": "{## allow reference-unknown: it comes next week ##}\nSee @sec-later.\n",
    }
    ran = impressum(write(tmp_path, files).root, "check")
    assert "chapters/en/01-start.md:5:5: error: `sec-no` is referenced" in ran.faults
    assert "sec-later" not in ran.faults


def test_data_are_spoken_of_by_their_description(tmp_path: Path) -> None:
    files = {
        "figures/data/rivers.csv": "river,length\nDanube,2850\nSava,\nTisa,966\nDrina,\n",
        "figures/data/rivers.yaml": "# allow data-gap: not measured\ntitle: Lengths\nsource: https://example.org/lengths\n",
    }
    root = write(tmp_path, files).root
    assert impressum(root, "check").faults == ""
    replace(root / "figures" / "data" / "rivers.yaml", "# allow data-gap: not measured\n", "")
    assert impressum(root, "check").faults.count("[data-gap]") == 2


def test_the_lines_after_a_comment_keep_their_places(tmp_path: Path) -> None:
    chapter = "# Start\n\nText. {{ 1 }}\n\n{## allow heading-skipped:\n  meant ##}\n### Deep\n\nSee @sec-no. {{ 2 }}\n"
    ran = impressum(write(tmp_path, {"chapters/en/01-start.md": chapter}).root, "check")
    assert ran.faults.startswith("chapters/en/01-start.md:9:5: error: `sec-no` is referenced")
    assert ran.faults.count("error") == 1


TWIN = {
    "publication.yaml": "title: Reke\nlanguage: sr-Latn\ndate: 2025-01-31\n",
    "chapters/sr-Latn/01-start.md": (
        "# Reke\n\n{## allow heading-skipped: namerno ##}\n### Duboko\n\nReč. {## allow heading-skipped: nije ##}\n"
    ),
    "chapters/sr-Cyrl/edition.yaml": "twin-of: sr-Latn\ntitle: Реке\n",
}


def test_a_comment_serves_the_twin_of_its_edition_and_is_told_once(tmp_path: Path) -> None:
    root = write(tmp_path, TWIN).root
    (root / "chapters" / "en" / "01-start.md").unlink()
    (root / "chapters" / "en").rmdir()
    ran = impressum(root, "check")
    assert ran.faults.count("[") == 1
    assert "chapters/sr-Latn/01-start.md:6:6: warning: no fault is found here under `heading-skipped`" in ran.faults
    assert impressum(root, "check", "--edition", "sr-Cyrl").faults == ""
    replace(root / "chapters" / "sr-Latn" / "01-start.md", "heading-skipped: namerno", "heading-skipped")
    ran = impressum(root, "check", "--edition", "sr-Cyrl")
    assert "chapters/sr-Latn/01-start.md:3:1: warning: `allow heading-skipped` gives no reason" in ran.faults
    assert "chapters/sr-Latn/01-start.md:4:5: error: a heading of level 3" in ran.faults


def test_a_file_that_cannot_be_read_allows_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    (tmp_path / "a.md").write_bytes(b"{## allow text-encoding: \xff ##}")
    allowances = Allowances(workspace)
    for name in ("a.md", "../a.md", "no.md", "a.pdf", ""):
        assert allowances.of(Fault(Place(name, 1), "Bad", "text-encoding")) is None
