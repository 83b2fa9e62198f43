"""Chapters that pandoc reads together come out as each does alone, and where one cannot be read, all are read alone."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from impressum.core.errors import Faults
from impressum.core.model.sources import ChapterSource, LineMap, RenderedChapter
from impressum.stages.convert import pandoc
from impressum.stages.load import load
from impressum.system import process
from impressum.system.cache import Memo
from impressum.system.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
TEXTS = (
    "",
    "# Without an end of its last line",
    "# Tabs\n\nA\ttab.\n\n\tcode\twith tabs\n",
    "# Ends\r\n\r\nof another\r\nsystem. \ufeffMr. Smith, p. 3 [^1]\r\n\r\n[^1]: A note.\r\n",
    "::: {.box}\n\nNot closed.\n\n[a]: https://one.org\n[a]: https://two.org\n",
    "```\nnot closed\n\n",
    "| a | b |\n|---|--:|\n| 1 | 2 |\n\n: Caption\n\nšđčćž 漢字 \U0001f600 $x^2$ [@roe, 3-4]\n",
)


@cache
def chapters_of_the_sample() -> tuple[ChapterSource, ...]:
    return tuple(one for edition in load(Workspace(ROOT), Faults()).editions for one in edition.chapters)


def chapter_of(text: str) -> RenderedChapter:
    return RenderedChapter(chapters_of_the_sample()[0], text, LineMap((), (), {}))


def test_what_is_read_together_is_what_is_read_alone(tmp_path: Path) -> None:
    texts = [*TEXTS, *(one.body.text for one in chapters_of_the_sample())]
    chapters, memo = [chapter_of(text) for text in dict.fromkeys(texts)], Memo(tmp_path)
    pandoc.parse_ahead(chapters, memo)
    assert memo.ran["parse"] == len(chapters)
    for chapter in chapters:
        alone = json.loads(pandoc._parse(chapter))
        assert pandoc.parse(chapter, memo) == alone, chapter.text[:60]
    assert memo.ran["parse"] == len(chapters)
    (warned,) = (one for one in chapters if "not closed" in one.text.casefold() and ":::" in one.text)
    read = pandoc.parse(warned, memo)
    assert isinstance(read, dict)
    assert read["warnings"].count("[WARNING]") == 2


def test_one_chapter_or_one_that_would_hang_is_not_read_together(tmp_path: Path) -> None:
    memo = Memo(tmp_path)
    pandoc.parse_ahead([chapter_of("# One\n")], memo)
    pandoc.parse_ahead([chapter_of("# Two\n"), chapter_of("[" * 20)], memo)
    assert not memo.ran


def test_where_they_cannot_be_read_together_each_is_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chapters, memo, asked = [chapter_of("# One\n"), chapter_of("# Two\n")] * 2, Memo(tmp_path), []
    run = process.run

    def ended(command: list[str], *, limits: process.Limits, stdin: bytes = b"") -> process.Finished:
        done = run(command, limits=limits, stdin=stdin)
        asked.append("chapters.lua" in " ".join(command))
        return process.Finished(-9, done.stdout[:50], b"") if asked[-1] else done

    monkeypatch.setattr(process, "run", ended)
    pandoc.parse_ahead(chapters, memo)
    assert asked == [True, True]
    assert not memo.ran
    for chapter in chapters:
        assert isinstance(pandoc.parse(chapter, memo), dict)
    assert asked == [True, True, False, False]
