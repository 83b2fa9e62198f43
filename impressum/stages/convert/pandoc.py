"""Runs pandoc in children with limits, for chapters and citations; the memo keeps its results."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.core.markdown_code import without_code
from impressum.core.model.sources import RenderedChapter
from impressum.stages.convert.attributes import short
from impressum.stages.convert.preprocess import as_pandoc_reads, report_foreign, with_latin_markers
from impressum.system import installed, process
from impressum.system.cache import Json, Memo, digest
from impressum.system.parallel import at_once
from impressum.system.work_folders import lay

READER = "markdown-yaml_metadata_block-pandoc_title_block-auto_identifiers-raw_tex-latex_macros+smart"
COLUMNS = "100000"
"""No line is longer: else pandoc takes the widths of a pipe table's columns from its dashes."""
PARSE_SECONDS = 10.0
CITEPROC_SECONDS = 120.0
"""Of work, where the system counts it; elsewhere of time."""
RUNTIME = ("+RTS", "-M2000m", "-A32m", "-RTS")
"""To Haskell's runtime: the largest heap, and how much is filled before it looks for garbage. With its own 4 MB, that
takes pandoc a third of its time for a chapter."""
MOST_TOGETHER = 500_000  # letters of chapters that one child reads, in the time that it has for one: a second's work
DEEPEST_QUOTE = 15
MOST_OPEN_BRACKETS = 8
"""With each further one, pandoc needs three times as long: two seconds for eight."""
DEEPEST_TREE = 250
"""Levels of pandoc's JSON; a list within a list takes four, emphasis within emphasis two."""
TOO_NESTED = "holds tags or quotation marks that are nested too deeply"
OPENING = re.compile(r"[`*_~^\[$\"'>:]")
MARK = re.compile(r"[\[\]\"'`<&*_^~$\\]")
WARNING = re.compile(
    r"^\[WARNING\] (?P<what>Div|Duplicate link reference '(?P<name>.*)') at (\S+ )?line (?P<line>\d+) "
    r"column (?P<column>\d+)",
    re.MULTILINE,
)


class CiteprocFailed(Exception):
    """Citeproc cannot set the citations: the reason, and line and column in the bibliography where it names them."""

    def __init__(self, reason: str, at: tuple[int, ...]) -> None:
        self.reason, self.at = reason, at
        super().__init__(reason)


@cache
def program() -> str:
    """The path of the pandoc inside pypandoc_binary (read without importing pypandoc, which is slow)."""
    from importlib.util import find_spec

    spec = find_spec("pypandoc")
    if spec is None or spec.origin is None:
        raise ImportError("pypandoc_binary is not installed")
    folder = Path(spec.origin).parent / "files"
    found = next((path for path in (folder / "pandoc", folder / "pandoc.exe") if os.access(path, os.X_OK)), None)
    if found is None:
        raise ImportError(f"pandoc cannot be run: `{folder / 'pandoc'}`")
    return str(found)


@cache
def version() -> str:
    """The version of pypandoc_binary, which fixes pandoc's."""
    return installed.version("pypandoc_binary")


def run(*arguments: str, seconds: float, stdin: bytes = b"") -> process.Finished:
    """Runs pandoc with a data folder of its own, so that nothing in the home folder changes its results."""
    command = [program(), *RUNTIME, "--data-dir", str(Path(program()).parent), *arguments]
    return process.run(command, limits=process.patient(process.Limits(seconds)), stdin=stdin)


def _read_as(chapter: RenderedChapter) -> dict[str, Json]:
    """Everything that determines pandoc's tree of a chapter."""
    return {"text": chapter.text, "reader": [READER, COLUMNS], "pandoc": version()}


def known_by() -> list[Json]:
    """Everything that determines how pandoc reads a text."""
    return [READER, COLUMNS, version()]


def parse(chapter: RenderedChapter, memo: Memo) -> dict[str, Any] | Fault:
    """Pandoc's `tree` of a chapter and its `warnings`, or the fault that kept it from being read."""
    fault = _too_deep(chapter)
    if fault:
        return fault
    try:
        raw = memo("parse", _read_as(chapter), lambda: _parse(chapter), about=chapter.source.body.path)
    except Faulty as faulty:
        return faulty.faults[0]
    try:
        read: dict[str, Any] = json.loads(raw)
    except RecursionError:
        return _nested(chapter, "")
    return _too_nested(read["tree"]["blocks"], chapter) or read


def parse_ahead(chapters: Sequence[RenderedChapter], memo: Memo) -> None:
    """Has those of `chapters` that are not remembered read together, by two children at most at a time: to start and to
    take its memory needs longer than to read a chapter. What cannot be read so is left to `parse`."""
    new = [one for one in chapters if not memo.holds("parse", _read_as(one)) and not _too_deep(one)]
    if len(new) < 2:
        return
    ends = list(accumulate(len(one.text) + 1 for one in new))
    share = min(MOST_TOGETHER, -(-ends[-1] // 2))
    parted = groupby(zip(new, ends, strict=True), lambda one: (one[1] - 1) // share)
    groups = [[chapter for chapter, _ in some] for _, some in parted]
    for group, read in zip(groups, at_once([partial(_parse_together, one) for one in groups], 2), strict=True):
        for chapter, raw in zip(group, read, strict=False):
            memo.put("parse", _read_as(chapter), raw, about=chapter.source.body.path)


def _parse_together(chapters: Sequence[RenderedChapter]) -> list[bytes]:
    """What `_parse` gives for each of `chapters`; nothing where one of them cannot be read."""
    texts = list(map(_written, chapters))
    mark = f"{digest(*texts)}\n".encode()
    done = run(
        *("--from", str(Path(__file__).with_name("chapters.lua")), "--to", "json", "--columns", COLUMNS),
        seconds=PARSE_SECONDS,
        stdin=mark + READER.encode() + b"\n" + b"".join(text + mark for text in texts),
    )
    trees, warnings = done.stdout.split(b"\n")[: len(texts)], done.stderr.split(mark)[:-1]
    if done.code != 0 or not len(trees) == len(warnings) == len(texts):
        return []
    return [_as_read(tree, said.decode("utf-8", "replace")) for tree, said in zip(trees, warnings, strict=True)]


def _too_nested(blocks: list[Any], chapter: RenderedChapter) -> Fault | None:
    """A fault where nodes are nested so deeply that the recursion of a reader would fail."""
    longest, waiting = "", _too_deep_in(blocks)
    if not waiting:
        return None
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict) and node.get("t") == "Str":
            longest = max(longest, node["c"], key=len)
        elif isinstance(node, dict | list):
            waiting.extend(node.values() if isinstance(node, dict) else node)
    return _nested(chapter, longest)


def _too_deep_in(tree: list[Any]) -> list[Any]:
    """The nodes of `tree` that are too deep for the recursion of a reader."""
    level = tree
    for _ in range(DEEPEST_TREE):
        inside = (inner for node in level for inner in (node.values() if isinstance(node, dict) else node))
        level = [inner for inner in inside if isinstance(inner, dict | list)]
        if not level:
            break
    return level


def _nested(chapter: RenderedChapter, word: str) -> Fault:
    """The fault, at the line of `word`, which is deep inside, else at the one that opens the most."""
    if word and word in chapter.text:
        place = chapter.place(chapter.text.index(word), word)
    else:
        lines = chapter.text.split("\n")
        place = chapter.map.place(
            lines.index(max(lines, key=lambda line: (len(OPENING.findall(line)), len(line)))) + 1, 1
        )
    hint = "write it flatter: close each emphasis, list and block before the next begins"
    return Fault(place, "text is nested too deeply here", "nested-too-deep", hint)


def report_warnings(warnings: str, chapter: RenderedChapter, faults: Faults) -> None:
    """Reports what pandoc warns of (a division that is not closed, a link defined twice), and what it does not see."""
    report_foreign(chapter, faults)
    for found in WARNING.finditer(warnings):
        line, column = int(found["line"]), int(found["column"])
        if found["what"].startswith("Div"):
            message = "the block that begins here with `:::` is not closed"
            faults.error(chapter.map.place(line, column), message, "block-unclosed", "close it with a line `:::`")
        else:
            message = f"the link `{short(found['name'])}` is already defined"
            hint = "only the last would count: give one of them another name"
            faults.error(chapter.map.place(line, column, "["), message, "link-duplicate", hint)


def _parse(chapter: RenderedChapter) -> bytes:
    done = run(
        *("--from", READER, "--to", "json", "--columns", COLUMNS),
        seconds=PARSE_SECONDS,
        stdin=_written(chapter),
    )
    place = chapter.source.body.place()
    if done.code < 0 and not done.timed_out:
        message = f"pandoc ended without a word while it read the chapter (signal {-done.code})"
        hint = (
            "the system may have refused it memory: end other programs, or raise the limits of this user or container"
        )
        raise Faulty([Fault(place, message, "chapter-unreadable", hint)])
    if done.timed_out or "heap overflow" in done.errors:
        message = f"pandoc gave up on the chapter after {PARSE_SECONDS:.0f} seconds; "
        message += "most marks stand in the paragraph that begins here"
        hint = "look for brackets, quotation marks or backticks that are never closed, or nested deeply"
        raise Faulty([Fault(_suspect(chapter), message, "chapter-unreadable", hint)])
    if done.code != 0:
        line = re.search(r"line (\d+)", done.errors)
        at = chapter.map.place(int(line.group(1)), 1) if line else place
        raise Faulty([Fault(at, f"pandoc cannot read the chapter: {short(done.errors)}", "chapter-unreadable")])
    return _as_read(done.stdout, done.errors)


def _written(chapter: RenderedChapter) -> bytes:
    """A chapter as it is handed to pandoc."""
    return with_latin_markers(as_pandoc_reads(chapter.text)).encode()


def _as_read(tree: bytes, warnings: str) -> bytes:
    """Pandoc's tree (JSON) of a chapter and its warnings, for the memo."""
    return b'{"warnings":' + json.dumps(warnings).encode() + b',"tree":' + tree + b"}"


def _suspect(chapter: RenderedChapter) -> Place:
    """The beginning of the paragraph with the most marks of Markdown, which is mostly the one that hangs pandoc."""
    marks: dict[int, int] = {1: 0}
    begin = 1
    for number, line in enumerate(chapter.text.split("\n"), 1):
        if not line.strip():
            begin = number + 1
        else:
            marks[begin] = marks.get(begin, 0) + len(MARK.findall(line))
    return chapter.map.place(max(marks, key=lambda line: marks[line]), 1)


def _too_deep(chapter: RenderedChapter) -> Fault | None:
    """Small inputs hang pandoc: many open brackets in a paragraph, quotations within quotations."""
    open_brackets = 0
    for index, line in enumerate(without_code(chapter.text).split("\n")):
        quotes = re.match(r"^[\s>]*", line)
        if quotes and quotes.group().count(">") > DEEPEST_QUOTE:
            message = f"quotations are nested more than {DEEPEST_QUOTE} deep"
            return Fault(chapter.map.place(index + 1, 1), message, "nested-too-deep", "take some `>` away")
        if not line.strip():
            open_brackets = 0
            continue
        for match in re.finditer(r"\\.|`+[^`]*`+|[\[\]]", line):
            if match.group() == "[":
                open_brackets += 1
                if open_brackets > MOST_OPEN_BRACKETS:
                    message = f"more than {MOST_OPEN_BRACKETS} brackets `[` are open here"
                    hint = "close them with `]`, or write `\\[` for a bracket that is only text"
                    return Fault(chapter.map.place(index + 1, match.start() + 1), message, "nested-too-deep", hint)
            elif match.group() == "]":
                open_brackets = max(0, open_brackets - 1)
    return None


def default_style(memo: Memo) -> str:
    """The CSL text of pandoc's own style, Chicago author-date."""
    arguments = ("--print-default-data-file", "default.csl")
    return memo("default-style", {"pandoc": version()}, lambda: run(*arguments, seconds=PARSE_SECONDS).stdout).decode()


def citeproc(
    tree: str,
    take: Callable[[list[Any]], Json],
    *,
    bibliography: str,
    style: str,
    memo: Memo,
    folder: Path,
    about: str,
    suffix: str = ".bib",
) -> Any:
    """What `take` makes of the blocks of `tree` (JSON) with citations set and references behind them, by the CSL text
    `style`; `suffix` is that of the file of the `bibliography` (`.bib`). Raises `CiteprocFailed`."""
    inputs: dict[str, Json] = {"citations": tree, "bibliography": [bibliography, suffix], "style": style}
    inputs["pandoc"] = version()

    def cited() -> bytes:
        return json.dumps(take(_citeproc(tree.encode(), bibliography, suffix, style, folder))).encode()

    return json.loads(memo("citeproc", inputs, cited, about=about))


def _citeproc(tree: bytes, bibliography: str, suffix: str, style: str, folder: Path) -> list[Any]:
    bib, csl = folder / f"references{suffix}", folder / "style.csl"
    lay(bib, bibliography.encode())
    lay(csl, style.encode())
    done = run(
        *("--from", "json", "--to", "json", "--citeproc", "--bibliography", str(bib), "--csl", str(csl)),
        seconds=CITEPROC_SECONDS,
        stdin=tree,
    )
    if done.timed_out or done.code != 0:
        line = re.search(r"\(line (\d+), column (\d+)\)", done.errors)
        raise CiteprocFailed(
            "took longer than two minutes" if done.timed_out else short(done.errors.strip()),
            (int(line[1]), int(line[2])) if line else (),
        )
    try:
        blocks: list[Any] = json.loads(done.stdout)["blocks"]
        for block in blocks:
            entries = block["c"][1] if block["t"] == "Div" and block["c"][0][0] == "refs" else [block]
            deep = next((entry for entry in entries if _too_deep_in([entry])), None)
            if deep:
                key = deep["c"][0][0].removeprefix("ref-") if deep["t"] == "Div" else ""
                raise CiteprocFailed(f"the entry `{key}` {TOO_NESTED}" if key else f"an entry {TOO_NESTED}", ())
    except RecursionError:
        raise CiteprocFailed(f"an entry {TOO_NESTED}", ()) from None
    return blocks


def report_notes(defined: dict[str, tuple[Place, ...]], used: set[str], faults: Faults) -> None:
    """A note that nothing refers to would be lost, and so would all but the last that have the same name."""
    for name, places in defined.items():
        for place in places[1:]:
            message = f"the note `[^{short(name)}]` is already defined on line {places[0].line}"
            hint = "only the last would be printed: give one of them another name"
            faults.error(place, message, "note-duplicate", hint)
        if name not in used:
            message = f"the note `[^{short(name)}]` is defined but nothing refers to it; it would be lost"
            hint = f"write `[^{short(name)}]` where it belongs, or take the note out"
            faults.error(places[-1], message, "note-unused", hint)
