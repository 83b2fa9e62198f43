"""Ensures that a chapter is cut into the passages that pandoc sees, and that they are the whole file."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impressum.stages.convert.pandoc import READER, program
from impressum.system.process import Limits, run
from impressum.translation.passages import Passage, passages, put_together

REPOSITORY = Path(__file__).parent.parent
CHAPTER = """\
---
# a remark
kind: front
authors:
- One
short-title: Roads
---

# Roads {#sec-roads}

A paragraph
of two lines.

Setext
------

- an item
  that goes on

  with a second paragraph
    - an inner item
- the last one

1. one

   ```
   - code in an item
   ```
2. two

> A quotation
> of two lines
that goes on.

::: {.box title="A box"
  source="Me"}
In the box.
:::

```python
# no heading

- no item
```

    indented

    code

| a | b |
|---|---|
| 1 | 2 |

: The caption {#tbl-a}

: Before

+---+---+
| a | b |
+---+---+

![A figure [with a link](https://example.org)](a.svg){#fig-a
  alt="So"}

$$ a = b $$ {#eq-a}

| A verse
|   goes
  on
Behind it.

Term
:   Its definition.

    More of it.
:   Another.

[^a]: A note

    of two paragraphs.
[^b]: Another one

[site]: https://example.org
    "Site"

{% if edition.tag == "en" %}
Only here.
{% endif %}

{## hidden

# no heading ##}

<!-- hidden

# no heading -->

* * *

A paragraph <!-- with a

comment --> goes on.
"""
CUT = [
    *(("front", 1, 1), ("front", 2, 2), ("front", 3, 3), ("front", 4, 5), ("front", 6, 6), ("front", 7, 7)),
    *(("heading", 9, 9), ("paragraph", 11, 12), ("heading", 14, 15)),
    *(("item", 17, 20), ("item", 21, 21), ("item", 22, 22), ("item", 24, 28), ("item", 29, 29)),
    *(("quote", 31, 33), ("fence", 35, 36), ("paragraph", 37, 37), ("fence", 38, 38)),
    *(("code", 40, 44), ("code", 46, 48)),
    *(("table", 50, 52), ("caption", 54, 54), ("caption", 56, 56), ("table", 58, 60)),
    *(("figure", 62, 63), ("formula", 65, 65), ("verse", 67, 69), ("paragraph", 70, 70)),
    *(("term", 72, 72), ("definition", 73, 75), ("definition", 76, 76)),
    *(("note", 78, 80), ("note", 81, 81), ("link", 83, 84)),
    *(("statement", 86, 86), ("paragraph", 87, 87), ("statement", 88, 88)),
    *(("comment", 90, 92), ("comment", 94, 96), ("rule", 98, 98), ("paragraph", 100, 102)),
]
PIECES = [
    *("", "", "", "words", "  words further in", "    words four in", "# Heading", "Heading", "===", "---", "- item"),
    *("1. item", "(@) item", "> quote", "| verse", "| a | b |", "|---|---|", "+---+", "-- --", ": caption"),
    *("Term", ":   definition", "[^a]: note", "[site]: https://example.org", "```", "~~~", "::: note", ":::"),
    *("::: {.box", "$$ a $$", "![a](b.svg)", "{% if a %}", "{% if", "{## a", "##}", "<!-- a", "-->", "* * *", "\t"),
]


def test_every_construct_is_a_passage_with_its_lines() -> None:
    assert [(one.kind, one.line, one.end) for one in passages(CHAPTER)] == CUT


def test_a_passage_has_the_text_of_its_lines() -> None:
    lines = CHAPTER.split("\n")
    assert all(one.text == "\n".join(lines[one.line - 1 : one.end]) for one in passages(CHAPTER))


def test_a_chapter_without_its_front_matter_keeps_the_lines_of_the_file() -> None:
    front = CHAPTER.index("\n# Roads")
    offset = CHAPTER.count("\n", 0, front)
    body = passages(CHAPTER[front:], offset)
    assert body == tuple(one for one in passages(CHAPTER) if one.kind != "front")


def test_headings_have_levels() -> None:
    assert [one.level for one in passages("# a\n\n### b {#c}\n\nd\n===\n\ne\n---\n\nf\n")] == [1, 3, 1, 2, 0]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.integers(0, 3))
@settings(max_examples=150)
def test_the_passages_and_the_empty_lines_between_them_are_the_chapter(pieces: list[str], offset: int) -> None:
    text = "\n".join(pieces)
    found = passages(text, offset)
    assert put_together(text, found, [one.text for one in found], offset) == text
    covered = [line for one in found for line in range(one.line - offset, one.end - offset + 1)]
    assert covered == sorted(set(covered))
    bare = set(range(1, len(pieces) + 1)) - set(covered)
    assert all(not pieces[line - 1].strip() for line in bare)


def test_words_take_the_place_of_passages_and_all_else_stays() -> None:
    text = "\n# One\n\n\nTwo\nthree\n- no item\n\n- four\n"
    found = passages(text)
    assert put_together(text, found, ["# Eins", "Zwei", "- vier\n  fünf"]) == "\n# Eins\n\n\nZwei\n\n- vier\n  fünf\n"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("words\n- no item\n", "paragraph"),
        ("words\n# no heading\n", "paragraph"),
        ("words\n::: note\nno box\n", "paragraph"),
        ("words\n```\ncode\n```\nwords\n", "paragraph code paragraph"),
        ("words\n~~~\nno code\n~~~\n", "paragraph"),
        ("```\nnever closed\n\nwords\n", "paragraph paragraph"),
        ("B. Russell wrote\n", "paragraph"),
        ("2023. was a year\n", "item"),
        ("II. second\n", "item"),
        ("- one\n\n cont\n", "item paragraph"),
        ("1. one\n\n   cont\n\n    more\n", "item"),
        ("- one\n```\ncode\n```\n", "item code"),
        ("- one\n  ```\n  - code\n  ```\n- two\n", "item item"),
        ("- one\n\n      code in the item\n", "item"),
        ("Term\n\n:   definition\n", "term definition"),
        ("Words\n\n: caption\n\n| a |\n|---|\n| 1 |\n", "paragraph caption table"),
        ("| a |\n|---|\n| 1 |\n: caption\n", "table caption"),
        ("  Right  Left\n-------  ----\n      1  2\n\nwords\n", "table paragraph"),
        ("------\nA  B\n--- ---\n1  2\n\n3  4\n------\n\nwords\n", "table paragraph"),
        ("---\nwords\n", "rule paragraph"),
        ("Two\nlines\n===\n", "paragraph"),
        ("![a](b.svg) words\n", "paragraph"),
        ("![a][b]\n", "figure"),
        ("$$ a $$ and words\n", "paragraph"),
        ("[^a]: note\nthat goes on\n- no item\n\n    - an item\n\nwords\n", "note paragraph"),
        ("::: note\nwords\n:::\nwords\n", "fence paragraph fence paragraph"),
        ("::: note\n- one\n:::\n", "fence item fence"),
        ("`<!--` words\n\nwords -->\n", "paragraph paragraph"),
        ("{% for a in b %}\n- {{ a }}\n{% endfor %}\n", "statement item statement"),
        ("{% if a %}words{% endif %}\n", "paragraph"),
        ("{% set a = [\n  1,\n] %}\nwords\n", "statement paragraph"),
    ],
)
def test_it_is_cut_as_pandoc_reads_it(text: str, kinds: str) -> None:
    assert " ".join(one.kind for one in passages(text, 1)) == kinds


KINDS = {
    "Para": "paragraph",
    "Plain": "paragraph",
    "Header": "heading",
    "CodeBlock": "code",
    "Table": "table",
    "LineBlock": "verse",
    "BlockQuote": "quote",
    "HorizontalRule": "rule",
    "Figure": "figure",
}


def real_chapters() -> list[str]:
    """The chapters of the specimen and of the sample, and the examples of the page for authors, as one chapter."""
    specimen = sorted((REPOSITORY / "tests/publications/specimen/chapters/en").glob("*.md"))
    sample = sorted((REPOSITORY / "chapters/en").glob("*.md"))
    examples = re.findall(r"^(`{3,4})markdown\n(.*?)^\1$", text_of(REPOSITORY / "docs/writing.md"), re.M | re.S)
    shown = [example for _, example in examples if not example.startswith("---")]
    return [*(text_of(path) for path in (*specimen, *sample)), "\n\n".join(shown)]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_chapters_of_the_repository_have_as_many_passages_of_each_kind_as_pandoc_sees() -> None:
    for text in real_chapters():
        front = [one for one in passages(text) if one.kind == "front"]
        body = "\n".join(text.split("\n")[front[-1].end :]) if front else text
        body = re.sub(r"^\{% (?:include|from) .*%\}$", "", body, flags=re.M)
        body = re.sub(r"^\{##.*?##\}\n", "", body, flags=re.M)  # to pandoc it would be a paragraph
        assert cut(passages(body, 1)) == pandocs(body)


def cut(found: Iterable[Passage]) -> Counter[str]:
    unseen = {"note", "link", "fence", "comment", "statement"}
    shown = {
        "figure": "paragraph",
        "formula": "paragraph",
    }  # a value may stand behind a figure, a name behind a formula
    return Counter(shown.get(one.kind, one.kind) for one in found if one.kind not in unseen)


def pandocs(text: str) -> Counter[str]:
    done = run([program(), "-f", READER, "-t", "json"], limits=Limits(20), stdin=text.encode())
    counts: Counter[str] = Counter()
    count(json.loads(done.stdout)["blocks"], counts)
    return counts


def count(blocks: list[Any], counts: Counter[str], *, in_item: bool = False) -> None:
    for block in blocks:
        kind, content = block["t"], block.get("c")
        if kind == "Div":
            count(content[1], counts, in_item=in_item)
        elif kind in ("BulletList", "OrderedList"):
            items = content if kind == "BulletList" else content[1]
            counts["item"] += len(items)
            for item in items:
                count(item, counts, in_item=True)
        elif not in_item and kind == "DefinitionList":
            counts["term"] += len(content)
            counts["definition"] += sum(len(definitions) for _, definitions in content)
        elif not in_item and kind in KINDS:
            counts["paragraph" if kind == "Figure" else KINDS[kind]] += 1
            if kind == "Table" and content[1][1]:
                counts["caption"] += 1
