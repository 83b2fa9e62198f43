"""Mutates a good publication, and judges what the program makes of it: faults with a place, or success.

Used by `test_fuzz.py` a few hundred times and by `bench/fuzz.py` as often as one likes.
"""

from __future__ import annotations

import fnmatch
import re
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from building import PUBLICATIONS, contents_of, impressum, whole

GARDEN = PUBLICATIONS / "garden"
"""The good publication: small, with every kind of file."""
PATIENCE = 150
"""Seconds after which a check hangs: pandoc has ten, citeproc two minutes; a build has twice as many."""
FAULT = re.compile(r"(?P<place>[^\n]+?): (?:error|warning): [^\n]+ \[[a-z-]+\]")
TOTAL = re.compile(r"\d+ errors?, \d+ warnings?\b.*`--json` reports each.*")
PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")

SIGNS = "[ ] ( ) { } < > \" ' ` * _ ^ ~ $ # % & @ \\ | / : ; , - + = ! ?".split()
LETTERS = "\0 \ufeff \u202e \u2028 \u00ad \u200d \u00a0 e\u0301\u0301 İ Ж א ǆ ٣ 😀 \U000f0000 \x1b[31m".split(" ")
MARKS = (
    "{{ }} {% %} {# << >> <!-- --> ``` ~~~ ::: --- $$ *** ![ ]( [^ ]: ^[ [@ {=typst} <script> &#0; &lt; \\input{x} "
    "+---+ @book{ @string{ crossref={ figure: table: javascript:x http:// ../../x /etc/passwd"
).split()
VALUES = "0 -1 1e999 1.2.3 nan null true ~ 2024-13-45 &a *a !x | >-".split()
BEGINNINGS = ("- ", "> ", "# ", "1. ", ": ", "| ", "{: ", "? ", "and ", "\t", "\r", "\n", "\n\n", "    ", " " * 300)
LONG = ("9" * 40, "9" * 5000, "[" * 7, ">" * 40, "{#a .b c=d}", "{% for x in range(9) %}", "{% include 'note.md' %}")
CODE = ("{{ x.__class__ }}", "{{ 1/0 }}", "{{ data }}", "{% set publication.title = 1 %}")
BYTES = (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff\xfe")
ODDITIES = (*(text.encode() for text in (*SIGNS, *LETTERS, *MARKS, *VALUES, *BEGINNINGS, *LONG, *CODE)), *BYTES)
MANNERS = ("insert", "flip", "delete", "double", "swap", "cut", "replace", "graft", "indent", "repeat", "file")
FATES = ("removed", "emptied", "folder", "dangling", "outward", "circle", "renamed", "copied")


@dataclass(frozen=True)
class Mutation:
    """What is done to a file: `manner`, where and with what, as numbers that are taken modulo what there is."""

    manner: str
    file: int
    at: int
    what: int


def files_of(folder: Path) -> dict[str, bytes]:
    """The content of each file of a publication, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".cache", "dist"} & set(path.relative_to(folder).parts)
    }


def mutated(good: Mapping[str, bytes], mutations: Sequence[Mutation], only: str = "*") -> dict[str, bytes | str]:
    """`good` after `mutations` of the files that `only` matches; a value that is a text is the fate of its file."""
    files: dict[str, bytes | str] = dict(good)
    names = sorted(fnmatch.filter(good, only))
    for one in mutations:
        name = names[one.file % len(names)]
        content = files[name]
        if isinstance(content, str):
            continue
        if one.manner == "file":
            files[name] = FATES[one.what % len(FATES)]
        else:
            files[name] = _changed(content, one, good)
    return files


def _changed(content: bytes, one: Mutation, good: Mapping[str, bytes]) -> bytes:
    at = one.at % (len(content) + 1)
    lines = content.splitlines(keepends=True) or [b""]
    line = one.at % len(lines)
    if one.manner == "insert":
        return content[:at] + ODDITIES[one.what % len(ODDITIES)] + content[at:]
    if one.manner == "replace":
        odd = ODDITIES[one.what % len(ODDITIES)]
        words = list(re.finditer(rb"\w+|[^\w\s]+", content))
        if not words:
            return odd
        word = words[one.at % len(words)]
        return content[: word.start()] + odd + content[word.end() :]
    if one.manner == "flip":
        return content[:at] + bytes(byte ^ (1 << one.what % 8) for byte in content[at : at + 1]) + content[at + 1 :]
    if one.manner == "delete":
        return b"".join(lines[:line] + lines[line + 1 + one.what % 3 :])
    if one.manner == "double":
        return b"".join(lines[: line + 1] + lines[line : line + 1 + one.what % 3] + lines[line + 1 :])
    if one.manner == "swap":
        other = one.what % len(lines)
        lines[line], lines[other] = lines[other], lines[line]
        return b"".join(lines)
    if one.manner == "cut":
        return content[:at] if one.what % 2 else content[at:]
    if one.manner == "graft":
        giver = good[sorted(good)[one.what % len(good)]].splitlines(keepends=True) or [b""]
        return b"".join([*lines[:line], giver[one.at % len(giver)], *lines[line:]])
    if one.manner == "indent":
        lines[line] = (b" " * (one.what % 9) or b"\t") + lines[line]
        return b"".join(lines)
    odd = ODDITIES[one.what % len(ODDITIES)][:12]
    return content[:at] + odd * (one.what % 60) + content[at:]  # repeat


@contextmanager
def planted(root: Path, good: Mapping[str, bytes], files: Mapping[str, bytes | str]) -> Iterator[list[str]]:
    """`root`, which holds `good`, with `files` in place of its own; afterwards it is as before. Gives their names."""
    changed = [name for name, content in files.items() if content != good[name]]
    for name in changed:
        _plant(root / name, files[name])
    try:
        yield changed
    finally:
        for name in changed:
            path = root / name
            for trace in (path, path.with_name(f"x{path.name}")):
                if trace.is_dir() and not trace.is_symlink():
                    shutil.rmtree(trace)
                else:
                    trace.unlink(missing_ok=True)
            path.write_bytes(good[name])


def _plant(path: Path, content: bytes | str) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
        return
    if content in ("renamed", "copied"):
        shutil.copy(path, path.with_name(f"x{path.name}"))
    if content == "copied":
        return
    path.unlink()
    if content == "emptied":
        path.touch()
    elif content == "folder":
        path.mkdir()
    elif content == "dangling":
        path.symlink_to("nothing")
    elif content == "outward":
        path.symlink_to("/etc/passwd")
    elif content == "circle":
        path.symlink_to(path.name)


class TooLong(BaseException):
    """The program was still at work when patience ended. Not an `Exception`, so that nothing takes it for a fault."""


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Raises `TooLong` in the main thread where its body takes longer than `seconds` (POSIX)."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True)
class Verdict:
    """What the program made of a publication: exit code, what it told, and what is wrong with that (empty: nothing)."""

    code: int
    told: str
    wrong: str
    without_line: tuple[str, ...] = ()
    """The faults whose place is a file as a whole."""


def judged(root: Path, command: str = "check") -> Verdict:
    """Runs `command` on the publication in `root`: faults with a place or success, and `dist` whole."""
    before = contents_of(root / "dist")
    try:
        with patience(PATIENCE if command == "check" else 2 * PATIENCE):
            ran = impressum(root, command)
    except TooLong:
        return Verdict(-1, "", "it hangs")
    faults = [line for line in ran.faults.splitlines() if not line.startswith("  ") and not TOTAL.match(line)]
    odd = [line for line in faults if not FAULT.fullmatch(line)]
    places = [match["place"] for line in faults if (match := FAULT.fullmatch(line))]
    wrong = ""
    if ran.code not in (0, 1):
        wrong = f"exit code {ran.code}"
    elif odd:
        wrong = f"no fault: {odd[0]}"
    elif ran.code == 1 and not any(": error: " in line for line in faults):
        wrong = "exit code 1 without an error"
    elif lost := [place for place in places if _out_of_file(root, place)]:
        wrong = f"no such place: {lost[0]}"
    elif command == "check" or ran.code == 1:
        wrong = "" if contents_of(root / "dist") == before else "it changed dist"
    elif not whole(root / "dist"):
        wrong = "dist is not what its sums say"
    bare = tuple(line for line in faults if (match := FAULT.fullmatch(line)) and not PLACE.fullmatch(match["place"]))
    return Verdict(ran.code, ran.faults, wrong, bare)


def _out_of_file(root: Path, place: str) -> bool:
    """Whether `place` names a line that its file has not."""
    match = PLACE.fullmatch(place)
    path = root / (match["path"] if match else place)
    if match is None or not path.is_file():
        return False
    content = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return not 1 <= int(match["line"]) <= content.count(b"\n") + 1


def reset(root: Path) -> None:
    """The garden in `root`, new; what was remembered of it stays."""
    for name, content in files_of(GARDEN).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
