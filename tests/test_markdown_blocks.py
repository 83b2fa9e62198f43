"""Ensures that the blocks of a text are those that pandoc reads in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impressum.core.markdown_blocks import Block, front_end, scan, walk
from impressum.stages.convert.pandoc import READER, program
from impressum.stages.convert.preprocess import as_pandoc_reads
from impressum.system.process import Limits, run

WORD = re.compile(r"w\d+w")
LINES = (
    """\
W|W W|  W|    W|      W|# W|## W {#a}|#W|===|- W|  - W|    - W|   - W|-   W|1. W|10. W|a) W|(@) W|B. W|  1. W|* * *
> W|>|> > W|>W|> - W|>   W|>     W|> ```|> ~~~|- > W|- ```|  > W|```|  ```|    ```|   ```|`````|~~~|  ~~~|~~~~
``` python|```{.r}|``` {.r #i}|``` {=html}|``` W W|~~~ W|::: note|:::: {.x}|: W|:   W|Term|[^1]: W|[^2]: W|$$ W $$
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
NAMES = {"BlockQuote": "quote", "CodeBlock": "code", "Header": "heading", "Div": "division", "LineBlock": "verse"}


@given(st.lists(st.one_of(st.just(""), st.sampled_from(LINES)), max_size=14))
@settings(max_examples=60, derandomize=True)
def test_each_word_stands_in_the_blocks_that_pandoc_sees_around_it(lines: list[str]) -> None:
    numbers = iter(range(10_000))
    text = "R[^1] S[^2]\n\n" + re.sub("W", lambda _: f"w{next(numbers)}w", "\n".join(lines)) + "\n"
    seen, pandocs = ours(text), read(text)
    assert {word: seen[word] for word in pandocs} == pandocs


def ours(text: str) -> dict[str, tuple[str, ...]]:
    """What each word of `text` stands in, from the outermost block to the innermost one."""
    lines = text.split("\n")
    found: dict[str, tuple[str, ...]] = {}

    def go(blocks: Iterable[Block], around: tuple[str, ...]) -> None:
        for block in blocks:
            unseen = ("paragraph", "formula", "figure", "fence", "caption")
            names = ("note",) if block.kind == "note" else around if block.kind in unseen else (*around, block.kind)
            found.update((word, names) for line in lines[block.at : block.end] for word in WORD.findall(line))
            go(block.within, names)

    go(scan(lines), ())
    return found


def read(text: str) -> dict[str, tuple[str, ...]]:
    """As `ours`, as pandoc sees it; a note that nothing refers to is not seen."""
    done = run([program(), "-f", READER, "-t", "json"], limits=Limits(20), stdin=as_pandoc_reads(text).encode())
    found: dict[str, tuple[str, ...]] = {}

    def go(node: Any, around: tuple[str, ...]) -> None:
        if isinstance(node, list):
            for one in node:
                go(one, around)
        elif isinstance(node, str):
            found.update((word, around) for word in WORD.findall(node))
        elif isinstance(node, dict):
            kind, content = node["t"], node.get("c") or []
            if kind in ("BulletList", "OrderedList"):
                for item in content if kind == "BulletList" else content[1]:
                    go(item, (*around, "item"))
            elif kind == "DefinitionList":
                for term, definitions in content:
                    go(term, (*around, "term"))
                    go(definitions, (*around, "definition"))
            elif kind == "RawBlock":
                go(content[1], (*around, "code"))
            else:
                go(content, ("note",) if kind == "Note" else (*around, NAMES[kind]) if kind in NAMES else around)

    go(json.loads(done.stdout)["blocks"], ())
    return found


CODE = {
    "```\na\n```\n": [(0, 3)],
    "words ```x``` words\n\n```x``` words\n\n```\na\n```\n": [(4, 7)],
    "````a````\n\nwords\n````\n": [],
    '~~~ {.r title="`"}\n```\n~~~\n': [(0, 3)],
    "~~~ a`b\nno code\n~~~\n": [],
    "```\na\n`````\n\nwords\n\n```\nb\n```\n": [(0, 3), (6, 9)],
    "````\n```\na\n```\n````\n": [(0, 5)],
    "- an item\n\n  ```\n  - a\n\n  b\n  ```\n- another\n": [(2, 7)],
    "1. - ```\n     a\n     ```\n": [(0, 3)],
    "> > ~~~\n> > a\n> > ~~~\n": [(0, 3)],
    "[^a]: A note\n\n        code\n": [(2, 3)],
    "100. a\n\n    code\n": [(2, 3)],
    "100. a\n\n     no code\n": [],
    "``` two words\ncode\n```\n": [(0, 3)],
    '``` {.python\n    title="A"}\na\n```\n': [(0, 4)],
    "``` two words\ncode\n```\n\n```\na\n```\n": [(0, 3), (4, 7)],
    "words `a\n```\nb` words\n```\na\n```\n": [(3, 6)],
    "- words\n\n  $$\n  a\n  - b\n  $$\n\n      code\n": [(7, 8)],
    "    {% if a %}\n    words\n    {% endif %}\n\n    words {% if b %}c{% endif %}\n\n# A\n\n    code\n": [(8, 9)],
    "\ta\n\n\tb\n": [(0, 3)],
}


@pytest.mark.parametrize("text", CODE, ids=range(len(CODE)))
def test_code_is_found_wherever_it_stands(text: str) -> None:
    assert [(one.at, one.end) for one in walk(scan(text.split("\n"))) if one.kind == "code"] == CODE[text]


def test_divisions_hold_what_stands_between_their_marks() -> None:
    text = "::: a\n::: {.b\n  title='c'}\nwords\n:::\n:::\n\n:::: c\nnever closed\n"
    outer, last = scan(text.split("\n"))
    assert (outer.kind, outer.at, outer.end) == ("division", 0, 6)
    assert [(one.kind, one.at, one.end) for one in outer.within] == [
        ("fence", 0, 1),
        ("division", 1, 5),
        ("fence", 5, 6),
    ]
    assert (last.at, last.end) == (7, 9)


@pytest.mark.parametrize("text", ["> " * 500 + "a", "- " * 500 + "a", "::: a\n" * 2000, "```\n~~~ " * 2000])
def test_blocks_that_are_nested_deeply_are_scanned_as_far_as_anybody_reads_them(text: str) -> None:
    lines = text.rstrip("\n").split("\n")
    assert scan(lines)[0].end == len(lines)
    assert all(block.at < block.end for block in walk(scan(lines)))


def test_front_matter_ends_at_its_second_mark() -> None:
    assert [front_end(text.split("\n")) for text in ("---\na: b\n--- \nc", "c\n---\n", "---\na: b\n")] == [3, 0, None]
