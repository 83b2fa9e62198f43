"""Ensures that a long Markdown file is split into chapters without losing a line, and that its front matter is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import PUBLICATIONS, impressum

from impressum.cli.starter.foreign import written_here
from impressum.cli.starter.splitting import SplitText, split
from impressum.core.markdown_blocks import front_end, scan, walk

LONG = """\
---
title: The Rivers of the Plain
author:
  - {name: A. Writer, affiliation: Somewhere}
  - B. Other
date: 2024-05-01
lang: en-GB
bibliography: [refs.bib, more.bib]
csl: styles/own.csl
keywords: [river, plain]
toc: true
---
A word before all chapters.[^pre]

# The *Danube* {#danube}

Text with a note[^one] and a [link][Site of it].

```markdown
# no heading, and no note
[^two]: no definition
```

### Far

The Sava
========

The same link [site
of it] and a note.[^two] ![A bridge](pics/a%20bridge.svg) ![Above](../above.png)

> # quoted
> stays

# Last

Shared.[^one] @doe2020

[^one]: The first note, which names [Site of it].

    And its second paragraph.

[^two]: Two.
[^pre]: Before.
[^none]: Nobody names it.

[site of it]: https://example.org "Title"
"""


def written(root: Path, text: str, **others: str) -> Path:
    """The file `long.md` in a folder of its own."""
    file = root / "in/long.md"
    for name, content in {"long.md": text, "refs.bib": "@book{doe2020}\n", "more.bib": "@book{b}\n", **others}.items():
        path = file.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return file


def chapters(root: Path, text: str) -> dict[str, str]:
    return dict(split(written(root, text)).chapters)


def lines_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> SplitText:
    root = tmp_path_factory.mktemp("long")
    images = {"pics/a bridge.svg": "<svg/>", "../above.png": "png", "styles/own.csl": "<style/>"}
    return split(written(root, LONG, **images))


def test_chapters_begin_at_the_headings_of_level_1_and_notes_and_links_go_with_those_that_name_them(
    long: SplitText,
) -> None:
    site = '[site of it]: https://example.org "Title"\n'
    note = "[^one]: The first note, which names [Site of it].\n\n    And its second paragraph.\n"
    assert dict(long.chapters) == {
        "01-the-rivers-of-the-plain.md": (
            "---\nkind: front\n---\n\n# The Rivers of the Plain\n\n"
            "A word before all chapters.[^pre]\n\n[^pre]: Before.\n"
        ),
        "02-the-danube.md": (
            "# The *Danube* {#danube}\n\nText with a note[^one] and a [link][Site of it].\n\n"
            "```markdown\n# no heading, and no note\n[^two]: no definition\n```\n\n"
            f"### Far\n\n{note}\n{site}"
        ),
        "03-the-sava.md": (
            "The Sava\n========\n\nThe same link [site\nof it] and a note.[^two] "
            "![A bridge](pics/a%20bridge.svg) ![Above](images/above.png)\n\n> # quoted\n> stays\n\n"
            f"[^two]: Two.\n\n{site}"
        ),
        "04-last.md": f"# Last\n\nShared.[^one] @doe2020\n\n{note}\n[^none]: Nobody names it.\n\n{site}",
    }


def test_no_line_is_lost(long: SplitText) -> None:
    together = lines_of("\n".join(long.chapters.values()))
    body = LONG.partition("\n---\n")[2].replace("../above.png", "images/above.png")
    assert [line for line in lines_of(body) if line not in together] == []


def test_the_front_matter_is_used_and_what_it_names_comes_along(long: SplitText) -> None:
    assert (long.title, long.authors) == ("The Rivers of the Plain", ("A. Writer", "B. Other"))
    assert (long.language, long.date) == ("en-GB", "2024-05-01")
    assert long.others == {"keywords": ["river", "plain"], "citation-style": "bib/own.csl"}
    assert dict(long.copied) == {
        "pics/a bridge.svg": b"<svg/>",
        "images/above.png": b"png",
        "bib/references.bib": b"@book{doe2020}\n\n@book{b}\n",
        "bib/own.csl": b"<style/>",
    }
    assert long.unused == ("toc", "author.affiliation")


@pytest.mark.parametrize("lowered", [False, True])
def test_chapters_that_were_joined_are_the_same_when_they_are_split(tmp_path: Path, lowered: bool) -> None:
    """Those of the specimen, which have every construct; lowered by a level below one title, they are raised again."""
    bodies = []
    for path in sorted((PUBLICATIONS / "specimen/chapters/en").glob("*.md")):
        lines = path.read_text(encoding="utf-8").split("\n")
        body = "\n".join(lines[front_end(lines) or 0 :]).strip("\n") + "\n"
        if body.startswith("# "):
            bodies.append(body)
    text = "\n".join(bodies)
    if lowered:
        lines = text.split("\n")
        for block in walk(scan(lines)):
            if block.kind == "heading":
                lines[block.at] = f"#{lines[block.at]}"
        text = "\n".join(["# All of it", "", *lines])
    made = split(written(tmp_path, text))
    assert list(made.chapters.values()) == bodies
    assert made.title == ("All of it" if lowered else "long")


def test_a_file_without_headings_or_with_one_is_one_chapter(tmp_path: Path) -> None:
    assert chapters(tmp_path, "Only text.\n") == {"01-long.md": "---\nkind: front\n---\n\n# long\n\nOnly text.\n"}
    assert chapters(tmp_path, "# One\n\nText.\n") == {"01-one.md": "# One\n\nText.\n"}
    said = "---\ntitle: Another\n---\n"
    assert chapters(tmp_path, f"{said}# One\n\n## Part\n\nText.\n") == {"01-one.md": "# One\n\n## Part\n\nText.\n"}
    assert chapters(tmp_path, "# All\n\nLead.\n\n## One\n\nText.\n") == {
        "01-all.md": "---\nkind: front\n---\n\n# All\n\nLead.\n",
        "02-one.md": "# One\n\nText.\n",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("---\ntitle: [\n---\n# A\n", "long.md:2:8: error: "),
        ("---\ntitle: A\n# A\n", "long.md:1: error: the front matter that begins here is not closed"),
        ("---\nbibliography: gone.bib\n---\n# A\n\nB\n", "long.md:2:15: error: the file `gone.bib` cannot be read (No"),
        ("---\nbibliography: refs.ris\n---\n# A\n\nB\n", "long.md:2:15: error: `refs.ris` is not in BibTeX"),
        ("\n\n", "long.md: error: the file holds no text"),
        ("# A\n\n" + "[" * 30 + "\n", "01-a.md:3"),
    ],
)
def test_what_cannot_be_split_is_told_with_its_line_and_nothing_is_made(tmp_path: Path, text: str, told: str) -> None:
    ran = impressum(None, "new", str(tmp_path / "out"), "--from", str(written(tmp_path, text)))
    assert (ran.code, (tmp_path / "out").exists()) == (1, False)
    assert ran.stderr.startswith(told)


def test_what_is_split_is_a_publication_without_a_fault(tmp_path: Path) -> None:
    text = LONG.replace("csl: styles/own.csl\n", "").replace(" ![Above](../above.png)", "").replace("### Far", "## Far")
    text = text.replace("[^none]: Nobody names it.\n", "").replace("> # quoted", "> quoted")
    work = "@book{doe2020, author = {Doe, Jane}, title = {A Title}, publisher = {P}, year = {2020}}\n"
    image = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 9h9"/></svg>'
    file = written(tmp_path, text, **{"refs.bib": work, "more.bib": "", "pics/a bridge.svg": image})
    ran = impressum(None, "new", str(tmp_path / "out"), "--from", str(file), "--kind", "book")
    assert ran.stderr.startswith(f"not used, of the front matter of {file}: toc, author.affiliation\n")
    ran = impressum(tmp_path / "out", "check")
    assert (ran.code, ran.faults) == (0, "")


def test_metadata_in_several_blocks_and_on_lines_of_their_own_are_read_as_pandoc_reads_them(tmp_path: Path) -> None:
    text = "---\ntitle: |\n  | Rivers\n  | of the Plain\n...\n\n---\ntitle: Other\nabstract: Short.\nnote: x\n---\n"
    text += "# One\n\n---\n\nText.\n"
    found = split(written(tmp_path, text))
    assert (found.title, dict(found.others), found.unused) == ("Rivers of the Plain", {"abstract": "Short."}, ("note",))
    assert found.chapters == {"01-one.md": "# One\n\n---\n\nText.\n"}


def test_references_of_other_programs_are_written_as_here() -> None:
    """pandoc-crossref, bookdown, LaTeX; code and formulas stay as they are, and so do addresses."""
    text = r"""# Intro to Things {#intro}

## More of it

See @fig:a_b, [-@eq:x] (@Fig:c), [@tbl:t; @sec:one], `@fig:no`, ada@fig:b and [here](#intro).
Chapter \@ref(intro), \@ref(more-of-it), Figure \@ref(fig:my-plot), `\@ref(intro)`.

![(\#fig:my-plot) A caption [@doe]](x.png)

![Cap](y.png){#fig:a_b width=50%} and ![Cap \label{fig:l}](z.png)

: (\#tab:t) A caption

$$ x $$ {#eq:x}

In Eq. \eqref{eq:x} and \autoref{sec:b}; \citep{a, b}, \citet{c},
\emph{so}, \textbf{bold}, \texttt{code}\footnote{A note.}

    @fig:code \emph{so}"""
    assert (
        written_here(text)
        == r"""# Intro to Things {#sec-intro}

## More of it {#sec-more-of-it}

See @fig-a_b, [-@eq-x] (@fig-c), [@tbl-t; @sec-one], `@fig:no`, ada@fig:b and [here](#sec-intro).
Chapter [-@sec-intro], [-@sec-more-of-it], Figure [-@fig-my-plot], `\@ref(intro)`.

![A caption [@doe]](x.png){#fig-my-plot}

![Cap](y.png){#fig-a_b width=50%} and ![Cap](z.png){#fig-l}

: A caption {#tbl-t}

$$ x $$ {#eq-x}

In Eq. [-@eq-x] and @sec-b; [@a; @b], @c,
*so*, **bold**, `code`^[A note.]

    @fig:code \emph{so}"""
    )
