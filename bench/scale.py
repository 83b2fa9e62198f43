"""A publication of 1,000 pages, 3,000 citations, 2,000 references, 300 figures and 5 editions, built from nothing.

    python -m bench.scale

Each edition has all of that. It is built with two jobs while the memory of all its processes is watched; the exit code
is 1 where it fails, is smaller than it should be, or takes more than 2 GiB. `--part 20` builds a twentieth.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench.large import EDITIONS, Size, write
from bench.memory import Watched, watched
from bench.texts import REPOSITORY

PAGES, CITATIONS, WORKS, FIGURES = 1000, 3000, 2000, 300
TIMES = 38
"""How often the sample's chapters are repeated, for so many pages and citations."""
JOBS = 2
LIMIT = 2 << 30
"""Bytes that all processes may take at one time."""
MIB = 1 << 20


def main(argv: list[str] | None = None) -> int:
    """Writes, builds, and tells; 1 where it failed, is too small or took too much."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--part", type=int, default=1, metavar="N", help="only the N-th part of it (default: 1, all)")
    parser.add_argument("--edition", nargs="+", choices=EDITIONS, default=EDITIONS, help="only these (default: all)")
    parser.add_argument("--work", type=Path, help="the folder to work in, kept (default: a temporary one)")
    wanted = parser.parse_args(argv)
    folder = wanted.work or Path(tempfile.mkdtemp(prefix="impressum-scale-"))
    folder.mkdir(parents=True, exist_ok=True)
    part = wanted.part
    size = Size(-(-TIMES // part), -(-WORKS // part), -(-FIGURES // part))
    large = write(folder / "publication", size)
    log = folder / "log.txt"
    command = [sys.executable, str(REPOSITORY / "build.py"), "--root", str(large.root), "build", "--jobs", str(JOBS)]
    command += ["--edition", *wanted.edition]
    took = watched(command, folder, log)
    if took.code:
        print(log.read_text(encoding="utf-8", errors="replace")[-4000:], file=sys.stderr)
        print(f"the build ended with {took.code} after {took.seconds:.0f} s; {_memory(took)}", file=sys.stderr)
        return 1
    pages = {tag: pages_of(large.root, tag) for tag in wanted.edition}
    drawn = {tag: len(list((large.root / "dist").glob(f"*-{tag}-figures/*.svg"))) for tag in wanted.edition}
    for tag in wanted.edition:
        print(f"{tag:8} {pages[tag]:5} pages, {drawn[tag]} figures")
    of_all = f"{len(wanted.edition)} of {len(EDITIONS)} editions, {JOBS} jobs"
    print(f"each with {large.citations:,} citations of {size.works:,} works; {of_all}")
    print(f"{took.seconds:.0f} s, {took.processor:.0f} s of processor time; {_memory(took)}")
    too_small = [
        tag
        for tag in wanted.edition
        if pages[tag] < PAGES / part or drawn[tag] < size.figures or large.citations < CITATIONS / part
    ]
    if too_small:
        print(f"too small: {', '.join(too_small)}", file=sys.stderr)
    if took.together > LIMIT:
        print("it takes more memory than it should", file=sys.stderr)
    if not wanted.work:
        shutil.rmtree(folder)
    return 1 if too_small or took.together > LIMIT else 0


def _memory(took: Watched) -> str:
    return (
        f"{took.together / MIB:,.0f} MiB in all processes at one time (limit {LIMIT / MIB:,.0f}), "
        f"{took.largest / MIB:,.0f} MiB in the largest ({took.name})"
    )


def pages_of(root: Path, tag: str) -> int:
    """The pages of the finished book of an edition."""
    import pypdfium2

    (path,) = (root / "dist").glob(f"*-{tag}.pdf")
    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


if __name__ == "__main__":
    raise SystemExit(main())
