"""A stranger's checkout with a trusted base: whose what is, what is refused and how, and that nothing is left."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from building import REPOSITORY, Ran, impressum
from load_sources import sources

from impressum.cli.untrusted import _ended, harmless
from impressum.cli.untrusted.assembly import assemble, deliver
from impressum.core.errors import Faults, Faulty
from impressum.pipeline.untrusted import SECURITY, UntrustedTexts, guarded
from impressum.system import process

DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">'
    '<circle cx="20" cy="20" r="9"/></svg>'
)

PUBLICATION = "title: The base\nlanguage: en\ndate: 2025-01-31\n"
CHAPTER = "# One\n\nWords.\n"
posix = pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights on Windows")


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return written(tmp_path / "base", {"publication.yaml": PUBLICATION, "chapters/en/01-a.md": CHAPTER})


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    return written(tmp_path / "fork", {"publication.yaml": PUBLICATION, "chapters/en/01-a.md": CHAPTER})


def checked(fork: Path, base: Path, *more: str) -> Ran:
    return impressum(fork, "check", "--untrusted", "--base", str(base), *more)


# Whose what is


def test_the_configuration_and_the_scripts_are_the_bases_and_the_texts_are_the_strangers(tmp_path: Path) -> None:
    script = "def draw(figure, data, words):\n    figure.subplots().set_title(words['a'])\n"
    evil = "raise SystemExit(1)\n" + script
    figure = "title: Figure\nalt: A chart.\nwords: {a: Base}\n"
    base = written(
        tmp_path / "base",
        {
            "publication.yaml": PUBLICATION + "rules: {image-alt-missing: warning}\n",
            "chapters/en/01-a.md": CHAPTER,
            "figures/chart.yaml": figure,
            "figures/chart.py": script,
            "templates/words/en.yaml": "contents: Base words\n",
            "templates/note.md": "The note of the base.\n",
        },
    )
    fork = written(
        tmp_path / "fork",
        {
            "publication.yaml": "title: Stolen\nlanguage: en\ndate: 1999-01-01\nraw: allow\n",
            "chapters/en/01-a.md": "# One\n\nNew words of the stranger.\n\n{% include 'note.md' %}\n\n"
            "![Caption](figure:chart){#fig-chart}\n",
            "figures/chart.yaml": figure.replace("Base", "Fork"),
            "figures/chart.py": evil,
            "templates/words/en.yaml": "contents: Words of the fork\n",
            "templates/note.md": "The note of the fork.\n",
            "templates/theme.yaml": "page: {width: 10mm}\n",
            "dist/planted.pdf": "planted",
            ".cache/memo/planted": "planted",
            ".git/config": "token",
        },
    )
    before = {path: path.read_bytes() for path in (fork / ".cache").rglob("*") if path.is_file()}
    done = impressum(fork, "build", "--untrusted", "--base", str(base))
    hint = "  hint: whoever may change the base looks at this change, and builds it as trusted"
    used = "differs from that of the base, which is used [untrusted-ignored]"
    assert done.code == 0, done.stderr
    assert done.faults.splitlines() == [
        f"figures/chart.py: warning: `chart.py` {used}",
        hint,
        f"publication.yaml: warning: `publication.yaml` {used}",
        hint,
        f"templates/note.md: warning: `note.md` {used}",
        hint,
        "templates/theme.yaml: warning: `theme.yaml` is not in the base, and is not looked at [untrusted-ignored]",
        hint,
    ]
    assert done.stdout == "dist/the-base-en.pdf\ndist/the-base-en-figures.pdf\n"
    import pypdfium2

    document = pypdfium2.PdfDocument(fork / "dist" / "the-base-en.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for shown in ("New words of the stranger", "Words of the fork", "The note of the base", "Fork", "The base"):
        assert shown in text, shown
    assert "Stolen" not in text
    assert not (fork / "dist" / "planted.pdf").exists()
    assert {path: path.read_bytes() for path in (fork / ".cache").rglob("*") if path.is_file()} == before
    assert not (base / ".cache").exists()
    assert not (base / "dist").exists()
    assert sorted(path.name for path in fork.iterdir()) == sorted(
        [".cache", ".git", "chapters", "dist", "figures", "publication.yaml", "templates"]
    )


def test_nothing_that_the_base_allows_or_a_rule_lowers_lets_code_through(base: Path, fork: Path) -> None:
    written(base, {"publication.yaml": PUBLICATION + 'raw: allow\nrules: {raw-code: "off", link-scheme: warning}\n'})
    written(
        fork,
        {
            "chapters/en/01-a.md": '# One\n\nA `#read("/etc/passwd")`{=typst} word.\n\n```{=html}\n<b>\n```\n\n'
            "[t]{typst:text:fill='red)[a] #panic()'}\n\n``` {class='py```#panic()```'}\nx\n```\n\n"
            "<script>alert(1)</script>\n\n[x](javascript:alert(1)) [y](ftp://example.org/)\n"
        },
    )
    done = checked(fork, base)
    assert done.code == 1
    told = [line for line in done.faults.splitlines() if not line.startswith(("  hint", "publication.yaml"))]
    assert told == [
        "chapters/en/01-a.md:3:4: error: raw typst is not allowed in chapters [raw-code]",
        "chapters/en/01-a.md:6:1: error: raw HTML is not allowed in chapters: `<b>` [raw-html]",
        (
            "chapters/en/01-a.md:9:5: error: the attribute `typst:text:fill` is Typst code and is not allowed "
            "in chapters [raw-attribute]"
        ),
        (
            "chapters/en/01-a.md:11:13: error: the class `py```#panic()```` has characters that a class may not have "
            "[class-malformed]"
        ),
        "chapters/en/01-a.md:15:1: error: raw HTML is not allowed in chapters: `<script>alert(1)</script>` [raw-html]",
        (
            "chapters/en/01-a.md:17:2: error: the link `javascript:alert(1)` has the scheme `javascript`, which is not "
            "allowed [link-scheme]"
        ),
        (
            "chapters/en/01-a.md:17:27: error: the link `ftp://example.org/` has the scheme `ftp`, which is not "
            "allowed [link-scheme]"
        ),
    ]


def test_a_comment_lets_pass_what_the_author_may_and_nothing_that_is_dangerous(base: Path, fork: Path) -> None:
    text = (
        "# One\n\n{## allow link-scheme: it is only a word ##}\n[x](javascript:alert)\n\n"
        "{## allow abbreviation-unused: it is explained elsewhere ##}\n*[NGO]: Non-governmental\n"
    )
    written(fork, {"chapters/en/01-a.md": text})
    trusted = impressum(fork, "check")
    done = checked(fork, base)
    told = "the link `javascript:alert` has the scheme `javascript`, which is not allowed [link-scheme]"
    assert told not in trusted.faults
    assert done.code == 1
    assert f"chapters/en/01-a.md:4:2: error: {told}" in done.faults
    assert "[abbreviation-unused]" not in done.faults


REFUSED = {
    "chapters/en/edition.yaml": ("raw: allow\n", ":1:1: error: unknown key `raw` [yaml-unknown-key]"),
    "chapters/en/02-pandoc.md": (
        "---\ncsl: http://example.org/x.csl\n---\n# One\n\nWords.\n",
        ":2:1: error: unknown key `csl` [yaml-unknown-key]",
    ),
    "bib/references.bib": (
        '@string{a0 = "xxxxxxxxxx"}\n'
        + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1} # a{n - 1}}}\n" for n in range(1, 40))
        + "@misc{key, title = a39, author = {A B}, year = {2020}}\n",
        "[bib-string-too-long]",
    ),
}
"""What is refused when it is read, by its file."""
REFUSED_IN_CHAPTERS = {
    "chapters/en/03-python.md": (
        "# Python\n\n{{ ''.__class__.__mro__ }}\n",
        ":3:7: error: template may not touch Python internals (`__class__`) [template-refused]",
    ),
    "chapters/en/04-include.md": (
        "# Include\n\n{% include '/etc/passwd' %}\n",
        ":3:13: error: include of `/etc/passwd` not found under templates/ [template-include]",
    ),
    "chapters/en/05-script.md": (
        "# Script\n\n![x](a.svg)\n",
        ":3:6: error: the image `a.svg` holds a `script`, which an SVG here may not have [image-unreadable]",
    ),
    "chapters/en/06-emphasis.md": (
        "# Emphasis\n\nWords.\n\n" + "*a **b " * 80 + "inmost" + "** *" * 80 + "\n",
        (
            ":5:561: error: text is nested too deeply here [nested-too-deep]\n"
            "  hint: write it flatter: close each emphasis, list and block before the next begins"
        ),
    ),
    "chapters/en/07-formula.md": (
        "# Formula\n\nWords $" + r"\frac{" * 500 + "1" + "}{2}" * 500 + "$.\n",
        "[nested-too-deep]\n  hint: divide it, or give its parts names",
    ),
}


@pytest.mark.parametrize("refused", [REFUSED, REFUSED_IN_CHAPTERS], ids=["when it is read", "in chapters"])
def test_what_a_stranger_may_not_bring_is_refused(refused: dict[str, tuple[str, str]], base: Path, fork: Path) -> None:
    picture = {"a.svg": DOT.replace("</svg>", "<script>1</script></svg>")}
    done = checked(written(fork, {**picture, **{name: text for name, (text, _) in refused.items()}}), base)
    assert done.code == 1
    for name, (_, told) in refused.items():
        of_file = "\n".join(one for one in re.split(r"\n(?!  )", done.faults) if one.startswith(f"{name}:"))
        assert told in of_file, done.faults
    assert "Traceback" not in done.stderr


def test_a_script_that_only_the_fork_has_is_refused(base: Path, fork: Path) -> None:
    own = {"figures/own.yaml": "title: A\nalt: B\n", "figures/own.py": "def draw(figure, data, words): ...\n"}
    done = checked(written(fork, own), base)
    assert done.code == 1
    assert (
        "figures/own.py: error: the script `own.py` is not in the base, and is not run [untrusted-script]\n"
        "  hint: draw the figure with `chart:`, or give it as an image; a script is run once the base has it"
    ) in done.faults


@posix
def test_links_that_leave_are_refused_where_they_stand_or_are_named(base: Path, fork: Path, tmp_path: Path) -> None:
    secret = written(tmp_path / "elsewhere", {"secret.md": "# Secret\n", "x.svg": DOT})
    (fork / "chapters" / "de").symlink_to(secret)
    (fork / "chapters" / "en" / "02-b.md").symlink_to(secret / "secret.md")
    (fork / "bib").symlink_to(secret)
    (fork / "glossary.csv").symlink_to("/etc/passwd")
    done = checked(fork, base)
    assert done.code == 1
    told = "leads out of the publication's folder [file-outside]"
    hint = "  hint: copy the file into the publication instead of linking to it"
    assert done.faults.splitlines() == [
        f"bib: error: `bib` {told}",
        hint,
        f"chapters/de: error: `de` {told}",
        hint,
        f"chapters/en/02-b.md: error: `02-b.md` {told}",
        hint,
        f"glossary.csv: error: `glossary.csv` {told}",
        hint,
    ]


def test_what_titles_share_is_refused_outside_of_the_base(base: Path, fork: Path) -> None:
    (base.parent / "house").mkdir()
    for root in (base, fork):
        written(root, {"publication.yaml": PUBLICATION + "glossary: ../house/terms.csv\nhouse: ../house\n"})
    line = PUBLICATION.count("\n") + 1
    rest = "is outside of the base, and no untrusted build reads it [file-outside]"
    hint = "  hint: copy it into the publication's folder"
    assert checked(fork, base).faults.splitlines() == [
        f"publication.yaml:{line}:11: error: the shared glossary `../house/terms.csv` {rest}",
        hint,
        f"publication.yaml:{line + 1}:8: error: the folder of the house `../house` {rest}",
        hint,
    ]


@posix
def test_a_picture_behind_a_link_that_leaves_is_refused_at_the_line_that_names_it(
    base: Path, fork: Path, tmp_path: Path
) -> None:
    elsewhere = written(tmp_path / "elsewhere", {"x.svg": DOT})
    written(
        fork,
        {
            "chapters/en/01-a.md": "# One\n\n![a](a.svg)\n\n![b](images/x.svg)\n\n![c](c.svg)\n\n![d](.git/d.svg)\n",
            "own/c.svg": DOT,
            ".git/d.svg": DOT,
        },
    )
    (fork / "a.svg").symlink_to(elsewhere / "x.svg")
    (fork / "images").symlink_to(elsewhere)
    (fork / "c.svg").symlink_to("own/c.svg")
    done = checked(fork, base)
    told = [line for line in done.faults.splitlines() if not line.startswith("  hint")]
    assert told == [
        "chapters/en/01-a.md:3:6: error: the image `a.svg` is a link that leaves the publication [image-outside]",
        (
            "chapters/en/01-a.md:5:6: error: the image `images/x.svg` is a link that leaves the publication "
            "[image-outside]"
        ),
        "chapters/en/01-a.md:9:6: error: the image `.git/d.svg` is not there [image-missing]",
    ]


@posix
def test_a_pipe_and_a_file_without_end_are_told_of_and_not_read(base: Path, fork: Path) -> None:
    os.mkfifo(fork / "chapters" / "en" / "02-b.md")
    with (fork / "chapters" / "en" / "03-c.md").open("wb") as file:
        file.truncate(60_000_000_000)
    done = checked(fork, base)
    assert done.code == 1
    assert done.faults.splitlines() == [
        "chapters/en/02-b.md: error: `02-b.md` is not a file [file-unreadable]",
        "  hint: rename it or move it away",
        "chapters/en/03-c.md: error: the file has 60000.0 MB, and at most 5 MB are read [file-size]",
        "  hint: split it or make it smaller",
    ]


@posix
def test_a_name_that_would_write_into_the_log_is_not_printed_as_it_is(base: Path, fork: Path) -> None:
    written(fork, {"chapters/en/\n::set-output name=a::b.md": CHAPTER})
    done = checked(fork, base)
    assert done.code == 1
    assert done.faults.splitlines() == [
        (
            "chapters/en/\\n::set-output name=a::b.md: error: the file's name holds characters that are none "
            "[untrusted-name]"
        ),
        "  hint: rename it",
    ]


def test_nothing_that_is_printed_is_a_command_of_the_runner() -> None:
    said = "a.md:1: error: x ##[set-output name=a]b\n  ::add-mask::x\n::error::y\n"
    assert harmless(said, "text") == ("a.md:1: error: x # #[set-output name=a]b\n`   ::add-mask::x\n` ::error::y\n")
    assert harmless("::error file=a::b ##[x]\n", "github") == "::error file=a::b # #[x]\n"
    assert json.loads(harmless(json.dumps({"a": "##[x]"}), "json")) == {"a": "##[x]"}
    assert "##[" not in harmless(json.dumps({"a": "##[x]"}), "sarif")


# Faults in other forms, and the stages before the line


def test_the_faults_of_assembling_are_told_in_the_form_that_is_asked_for(base: Path, fork: Path) -> None:
    written(fork, {"figures/own.yaml": "title: A\nalt: B\n", "figures/own.py": "x\n"})
    done = checked(fork, base, "--json")
    report = json.loads(done.stdout)
    assert done.code == 1
    assert [(fault["path"], fault["rule"]) for fault in report["faults"]] == [("figures/own.py", "untrusted-script")]
    assert done.stderr == ""


@posix
def test_what_is_assembled_is_what_is_named_and_nothing_else(base: Path, fork: Path, tmp_path: Path) -> None:
    written(base, {"templates/theme.yaml": "a: b\n", "templates/words/en.yaml": "base\n", "figures/f.py": "base\n"})
    written(
        fork,
        {
            ".git/config": "token",
            ".github/x.png": "x",
            "dist/x.svg": DOT,
            "build.py": "evil",
            "impressum/cli/main.py": "evil",
            "templates/book.typ": "evil",
            "templates/words/en.yaml": "fork\n",
            "figures/f.py": "evil\n",
            "figures/data/d.csv": "k,v\n",
            "art/x.PNG": "x",
            "art/notes.txt": "x",
        },
    )
    target = tmp_path / "target"
    target.mkdir()
    assemble(fork, base, target)
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert found == {
        "publication.yaml",
        "templates/theme.yaml",
        "templates/words/en.yaml",
        "figures/f.py",
        "figures/data/d.csv",
        "chapters/en/01-a.md",
        "art/x.PNG",
    }
    assert (target / "figures/f.py").read_text(encoding="utf-8") == "base\n"
    assert (target / "templates/words/en.yaml").read_text(encoding="utf-8") == "fork\n"


@posix
def test_a_link_in_a_circle_ends(base: Path, fork: Path, tmp_path: Path) -> None:
    (fork / "images").mkdir()
    (fork / "images" / "round").symlink_to("..")
    (fork / "images" / "self.png").symlink_to("self.png")
    target = tmp_path / "target"
    target.mkdir()
    assert assemble(fork, base, target) == ()
    (fork / "figures").symlink_to("figures")
    with pytest.raises(Faulty, match="leads out"):
        assemble(fork, base, tmp_path)


def test_a_root_is_counted_to_its_last_entry_and_byte(base: Path, fork: Path, tmp_path: Path) -> None:
    """Ensures it of hidden files, which are not taken, and of files in folders; what is just not too much is taken."""
    written(fork, {"chapters/en/.hidden": "", "chapters/en/b/c/02-b.md": CHAPTER, "node_modules": "", ".a": ""})
    entries, size = 10, 2 * len(CHAPTER)

    def told(most_entries: int, most_bytes: int) -> str:
        target = tmp_path / f"{most_entries}-{most_bytes}"
        target.mkdir()
        try:
            assemble(fork, base, target, most_entries=most_entries, most_bytes=most_bytes)
        except Faulty as faulty:
            return "\n".join(map(str, faulty.faults))
        return ""

    hint = " [untrusted-size]\n  hint: take out what is no part of the publication"
    assert told(entries, size) == ""
    assert told(entries - 1, size) == f".: error: the root holds more than 9 files and folders{hint}"
    assert told(entries, size - 1) == f".: error: the root holds more than 2.7e-05 MB of texts and pictures{hint}"


HELD = """
text-control text-bidi text-private-use text-marks file-outside file-unreadable file-size yaml-unknown-key excel-file
figure-network figure-unfit figure-slow figure-memory figure-file image-outside image-remote image-unreadable
template-refused template-include template-letter template-too-slow template-too-big bib-url-scheme bib-too-deep
bib-too-large bib-string-cycle bib-string-too-long bib-crossref-cycle bib-crossref-too-deep bib-macro-refused bib-html
citeproc-failed citation-malformed nested-too-deep id-malformed class-malformed attribute-malformed language-malformed
length-malformed title-too-long word-too-long table-too-long notes-too-many raw-attribute raw-code raw-html link-scheme
link-malformed document-danger
""".split()


@pytest.mark.parametrize("with_source", [True, False])
def test_a_base_may_raise_what_a_rule_weighs_but_lower_nothing_that_holds_a_stranger(
    with_source: bool, tmp_path: Path
) -> None:
    """Ensures it of each rule, and that code of Typst is refused in every edition and in a source that is none."""
    loaded = sources(tmp_path, {"publication.yaml": f"{PUBLICATION}raw: allow\n"})
    if not with_source:
        loaded = replace(loaded, source=None)
    for weight in ("off", "warning"):
        faults = Faults({**dict.fromkeys(HELD, weight), "bib-unused": "off"})
        guarded(loaded, UntrustedTexts(), faults)
        assert faults.severities == {"bib-unused": "off"}
    faults = Faults({"bib-html": "error", "bib-unused": "error"})
    done = guarded(loaded, UntrustedTexts(), faults)
    assert faults.severities == {"bib-html": "error", "bib-unused": "error"}
    assert done.source is (done.editions[0] if with_source else None)
    assert {one.publication.raw for one in done.editions} | {done.publication.raw} == {"refuse"}
    alone = guarded(replace(loaded, source=loaded.editions[0], editions=()), UntrustedTexts(), Faults())
    assert alone.source
    assert alone.source.publication.raw == "refuse"
    assert set(HELD) == SECURITY


@posix
def test_what_was_published_stands_where_no_dist_was(tmp_path: Path) -> None:
    written(tmp_path / "made", {"book.pdf": "new"})
    (tmp_path / "root").mkdir()
    deliver(tmp_path / "made", tmp_path / "root")
    assert [path.relative_to(tmp_path / "root").as_posix() for path in (tmp_path / "root").rglob("*")] == [
        "dist",
        "dist/book.pdf",
    ]


def test_a_line_that_was_ended_is_told_with_the_stage_it_was_in() -> None:
    limits, stages = process.Limits(90.0), b"[1/7] load     sources\n[4/7] convert  2 chapters\nmore\n"
    assert str(_ended(process.Finished(-9, b"", stages), limits)) == (
        ".: error: the untrusted build was ended by the system in `[4/7] convert  2 chapters` (signal 9) "
        "[untrusted-crashed]\n  hint: it may have used more memory than there is"
    )
    assert str(_ended(process.Finished(-9, b"", b"", timed_out=True), limits)) == (
        ".: error: the untrusted build took longer than 90 seconds, and was ended [untrusted-slow]\n"
        "  hint: look for a text that is very long or deeply nested"
    )


@posix
def test_what_was_published_follows_no_link_and_keeps_nothing_that_stood_there(tmp_path: Path) -> None:
    made, root, precious = tmp_path / "made", tmp_path / "root", tmp_path / "precious"
    written(made, {"book.pdf": "new", "book-figures/a.svg": DOT})
    (made / "link").symlink_to("/etc/passwd")
    (made / "book-figures" / "inside").symlink_to(made / "book.pdf")
    (made / "folder").symlink_to(precious)
    os.mkfifo(made / "pipe")
    written(precious, {"book.pdf": "old"})
    root.mkdir()
    (root / "dist").symlink_to(precious)
    deliver(made, root)
    found = {path.relative_to(root).as_posix() for path in root.rglob("*")}
    assert found == {"dist", "dist/book.pdf", "dist/book-figures", "dist/book-figures/a.svg"}
    assert (precious / "book.pdf").read_text(encoding="utf-8") == "old"
    assert not (root / "dist").is_symlink()


# How it is asked for


def test_an_untrusted_build_without_a_base_is_wrong_usage(base: Path, fork: Path) -> None:
    none = impressum(fork, "check", "--untrusted", "--base", str(fork / "chapters"))
    assert (none.code, none.stderr) == (
        2,
        (
            f"impressum: `--base {fork / 'chapters'}` holds no `publication.yaml`: name the trusted folder, whose "
            "configuration, templates and scripts are used\n"
        ),
    )
    for inside in (fork, written(fork / "base", {"publication.yaml": PUBLICATION})):
        done = checked(fork, inside)
        assert done.code == 2
        assert done.stderr.startswith(f"impressum: the base `{inside}` must lie outside of the publication's folder")


def test_the_program_of_the_stranger_promises_nothing(base: Path) -> None:
    done = checked(REPOSITORY, base)
    assert done.code == 2
    assert done.stderr == (
        f"impressum: the program that runs is the stranger's, in `{REPOSITORY}`: run that of the base, "
        f"`python {base / 'build.py'} --root {REPOSITORY} check --untrusted`\n"
    )


def test_scripts_do_not_run_where_nothing_shuts_them_in(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        {
            "publication.yaml": PUBLICATION,
            "chapters/en/01-a.md": "# One\n\n![C](figure:f)\n",
            "figures/f.yaml": "title: F\nalt: A\n",
            "figures/f.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n",
        },
    )
    done = inside(root, "only Linux has what it takes")
    assert done.code == 1
    told = [line for line in done.errors.splitlines() if not line.startswith("[")]
    assert told == [
        (
            "figures/f.py: error: the script is not run, as this system does not shut it in: "
            "only Linux has what it takes [untrusted-unshielded]"
        ),
        "  hint: build where namespaces or bubblewrap are allowed: docs/security.md says how",
    ]
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the memory of a process so")
def test_a_line_that_needs_too_much_memory_says_so(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        {
            "publication.yaml": PUBLICATION,
            "chapters/en/01-a.md": CHAPTER,
            "figures/data/rows.yaml": "title: Rows\nsource: https://example.org/\n",
            "figures/data/rows.csv": "key,value\n" + "".join(f"{row},1\n" for row in range(600_000)),
        },
    )
    done = inside(root, "", memory=200_000_000)
    assert done.code == 1, done.errors
    assert ".: error: the build needs more memory than it may use" in done.errors


def inside(root: Path, unshielded: str, memory: int = 4_000_000_000) -> process.Finished:
    """The inner half of an untrusted check, alone."""
    no_links = {"links": False, "links_age": None, "links_inner": False, "spelling": False}
    arguments = {"command": "check", "edition": None, "json": False, "report": "text", **no_links}
    asked = {
        "arguments": {**arguments, "untrusted": False, "base": None},
        "root": str(root),
        "warnings": [],
        "unshielded": unshielded,
        "memory": memory,
    }
    command = process.python_module("impressum.cli.untrusted.child")
    return process.run(command, limits=process.Limits(60), stdin=json.dumps(asked).encode(), folder=root)


def test_a_child_imports_nothing_of_the_folder_it_starts_in(tmp_path: Path) -> None:
    """Ensures it for a package of our own name and for a module of the standard library."""
    written(tmp_path, {"impressum/__init__.py": "raise SystemExit(99)", "json.py": "raise SystemExit(98)"})
    done = process.run(process.python_module("impressum", "--version"), limits=process.Limits(30), folder=tmp_path)
    assert done.code == 0
