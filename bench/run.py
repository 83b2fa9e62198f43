"""The benchmark: `python -m bench.run` sets the same text with Impressum and its peers, and writes docs/benchmark.md.

Every figure is the median of runs that take turns, so that what else the machine does touches all alike; ratios are
to the floor, which is pandoc with citeproc and Typst, in one shell line, on the same text with the same fonts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench import programs
from bench.measure import Failed, Taken, middle, run
from bench.texts import REPOSITORY, SAMPLE, Text, write, write_chapters
from bench.watching import one_word

PAGE = REPOSITORY / "docs" / "benchmark.md"
MIB = 1 << 20
STANDING = 0.1
"""Seconds after which a changed file may be trusted to stand as it was seen."""
FOLDER = Path(__file__).parent
LARGE = 10
"""How often the text is repeated at most for peers, and for what is run for its own sake."""
HEAD = "| work | program | seconds | ratio | processor, s | memory, MiB |\n|---|---|--:|--:|--:|--:|"
TARGETS_HEAD = "| work | of | ratio | target | held |\n|---|---|--:|--:|---|"
PARSING = "sample, chapters parsed one by one"


@dataclass(frozen=True)
class Target:
    """What a `work` of Impressum shall take at most, as a `ratio` to another work of a program."""

    work: str
    ratio: float
    of: tuple[str, str]


def of_floor(size: str, ratios: Mapping[str, float]) -> tuple[Target, ...]:
    """Targets by work, for a size of the text."""
    return tuple(Target(f"{size} {work}", ratio, (f"{size} cold", programs.FLOOR)) for work, ratio in ratios.items())


TARGETS = (
    *of_floor("×1", {"cold": 4.0, "one word": 2.0, "nothing changed": 0.45, "one word in watch": 0.5}),
    *of_floor("×10", {"cold": 2.5, "cold, its fits kept with it": 1.5, "one word": 0.4}),
    *of_floor("×40", {"cold": 2.5, "one word": 0.2, "one word in watch": 0.06}),
    Target("sample, a second edition", 0.7, ("sample, one edition, cold", "Impressum")),
    Target("sample, check, two words more at the end of a paragraph", 1.0, (PARSING, "pandoc")),
)


@dataclass
class Table:
    """What was measured: runs by work and by program; and the programs that failed at a work, which count for none."""

    rows: dict[str, dict[str, list[Taken]]] = field(default_factory=dict)
    failed: dict[str, set[str]] = field(default_factory=dict)

    def note(self, work: str, program: str, taken: Taken) -> None:
        self.rows.setdefault(work, {}).setdefault(program, []).append(taken)

    def seconds(self, work: str, program: str) -> float:
        """What the program took for a work, in the middle of its runs; 0 where that was not measured."""
        taken = self.rows.get(work, {}).get(program)
        return middle(taken).seconds if taken else 0.0

    def held(self, target: Target) -> str:
        """A row for a target: whether it is held."""
        ours, base = self.seconds(target.work, "Impressum"), self.seconds(*target.of)
        ratio = ours / base if ours and base else None
        said = ("–", "not measured") if ratio is None else (f"{ratio:.2f}", "yes" if ratio <= target.ratio else "no")
        of = "the floor" if target.of[1] == programs.FLOOR else " ".join(target.of[::-1])
        return f"| {target.work} | {of} | {said[0]} | {target.ratio:g} | {said[1]} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 40], help="how often the text is repeated")
    parser.add_argument("--runs", type=int, default=5, help="how often everything is run")
    parser.add_argument("--runs-large", type=int, default=2, help="the same, for texts of more than ten times")
    parser.add_argument("--json", type=Path, help="write the single figures, too")
    parser.add_argument("--work", type=Path, help="the folder to work in (default: a temporary one)")
    arguments = parser.parse_args()
    folder = arguments.work or Path(tempfile.mkdtemp(prefix="impressum-bench-"))
    run([sys.executable, str(REPOSITORY / "build.py"), "--version"], FOLDER)  # makes its environment before any clock
    table = Table()
    sizes = {}
    for times in arguments.times:
        text = write(folder / f"x{times}", times)
        sizes[times] = text.words
        runs = arguments.runs if times <= LARGE else arguments.runs_large
        for turn in range(runs):
            measure(table, text, times, turn)
        for taken in one_word(text, runs):
            table.note(f"×{times} one word in watch", "Impressum", taken)
    sample(table, folder, arguments.runs)
    figures = {
        work: {name: [vars(one) for one in some] for name, some in row.items()} for work, row in table.rows.items()
    }
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    PAGE.write_text(page(table, sizes, arguments), encoding="utf-8")
    if not arguments.work:
        shutil.rmtree(folder)
    return 0


def measure(table: Table, text: Text, times: int, turn: int) -> None:
    """One turn: every program sets the text anew, then again with nothing changed, one word, one citation."""
    folder = text.combined.parent
    name = f"×{times}"

    def ours(work: str, *arguments: str) -> None:
        table.note(f"{name} {work}", "Impressum", run(programs.impressum(text, *arguments), folder))

    for peer in programs.PEERS:
        if peer.missing() or (times > LARGE and peer.name != programs.FLOOR):
            continue
        try:
            table.note(f"{name} cold", peer.name, programs.taken(peer, text))
        except Failed as failed:
            print(f"{peer.name}: {failed}")
            table.failed.setdefault(f"{name} cold", set()).add(peer.name)
    forget(text.publication)
    ours("cold", "build")
    ours("nothing changed", "build")
    programs.one_word(text, turn)
    ours("one word", "build")
    programs.one_citation(text, turn)
    ours("one citation", "build")
    ours("check", "check")
    if times <= LARGE:
        run(programs.impressum(text, "build", "--keep-fits"), folder)
        forget(text.publication)
        ours("cold, its fits kept with it", "build")
        for lock in (text.publication / "chapters").glob("*/layout.lock"):
            lock.unlink()


def forget(root: Path) -> None:
    """Takes away all that was built of a publication. It is moved beside it, not deleted: for a minute after that, ext4
    looks longer for a free inode, and a file that is made takes a millisecond instead of a tenth of one."""
    for name in (".cache", "dist"):
        if (root / name).exists():
            (root / name).rename(Path(tempfile.mkdtemp(prefix=f"{root.name}-{name}-", dir=root.parent)) / name)


def sample(table: Table, folder: Path, runs: int) -> None:
    """The sample with its figures: all editions, one of them after another, one value."""
    root = folder / "sample"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for name in SAMPLE:
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    text = Text(root, root / "none", root / "bib" / "references.bib", 0)

    def ours(work: str, *arguments: str) -> None:
        table.note(f"sample, {work}", "Impressum", run(programs.impressum(text, *arguments), folder))  # no log in it

    data = root / "figures" / "data" / "trade.csv"
    first = data.read_text(encoding="utf-8")
    for turn in range(runs):
        forget(root)
        data.write_text(first, encoding="utf-8")
        ours("one edition, cold", "build", "--edition", "en")
        ours("a second edition", "build", "--edition", "sr-Latn")
        ours("all four editions, two of them built before", "build")
        data.write_text(first.replace("0.5", f"0.{6 + turn % 3}"), encoding="utf-8")
        ours("one value of the data, one edition", "build", "--edition", "en")
        data.write_text(first, encoding="utf-8")
    chapters = write_chapters(root, folder / "sample-chapters")
    changed = root / "chapters" / "en" / "03-economic-cooperation.md"
    words = changed.read_text(encoding="utf-8")
    for turn in range(runs):
        parsed = run(["bash", "-c", programs.parsing(chapters)], folder)
        table.note(PARSING, "pandoc", parsed)
        forget(root)
        ours("check, cold", "check")
        changed.write_text(with_a_word(words, turn), encoding="utf-8")
        time.sleep(STANDING)
        ours("check, two words more at the end of a paragraph", "check")
        ours("check, nothing changed", "check")


def with_a_word(words: str, turn: int) -> str:
    """A chapter with two words more at the end of its longest paragraph, beside a citation; others each `turn`."""
    longest = max((line for line in words.split("\n") if not line.startswith(("#", "[^", ":", "|", "!"))), key=len)
    return words.replace(longest, f"{longest} Nothing more{'!' * turn}.", 1)


def page(table: Table, sizes: dict[int, int], arguments: argparse.Namespace) -> str:
    """The page of results."""
    words = ", ".join(f"×{times}: {count:,} words" for times, count in sizes.items())
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    preface = (FOLDER / "preface.md").read_text(encoding="utf-8")
    lines = [preface.format(words=words, runs=arguments.runs, large=arguments.runs_large, machine=machine), HEAD]
    for work, row in table.rows.items():
        floor = table.seconds(f"{work.split(' ')[0]} cold", programs.FLOOR)
        for name, taken in row.items():
            one = middle(taken)
            ratio = f"{one.seconds / floor:.2f}" if floor else "–"
            lines.append(
                f"| {work} | {name} | {one.seconds:.2f} | {ratio} | {one.processor:.2f} | {one.memory / MIB:.0f} |"
            )
    lines += ["", "What we want to come to, and how near that is:", "", TARGETS_HEAD, *map(table.held, TARGETS)]
    missing = [f"{peer.name} ({', '.join(peer.missing())})" for peer in programs.PEERS if peer.missing()]
    if missing:
        lines += ["", f"Not installed where this was measured: {', '.join(missing)}."]
    for work, names in table.failed.items():
        lines += ["", f"Failed at {work}, and not counted: {', '.join(sorted(names))}."]
    return "\n".join(lines) + "\n\n" + (FOLDER / "notes.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
