"""Mutates a good publication thousands of times; what is no fault with a place and no success is kept.

    python -m bench.fuzz --count 5000 --seed 1 --save found

Each case has a number of its own: `--seed 1 --first 312 --count 1` makes case 312 again.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from fuzzing import GARDEN, MANNERS, Mutation, Verdict, files_of, judged, mutated, planted, reset  # noqa: E402

LARGEST = 2**20
MOST = 3
"""Mutations of one case."""


def main(argv: list[str] | None = None) -> int:
    """Runs the cases; 1 where one of them is neither a fault with a place nor a success."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="how many cases (default: 1000)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one (default: 0)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other cases (default: 0)")
    parser.add_argument("--seconds", type=float, default=0, help="stop after so much processor time")
    parser.add_argument("--build", type=int, default=0, metavar="N", help="build each Nth that check lets through")
    parser.add_argument("--bare", action="store_true", help="list faults without a line, too")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="mutate only files that match")
    parser.add_argument("--save", type=Path, metavar="DIR", help="where what was found is kept")
    wanted = parser.parse_args(argv)
    good = files_of(GARDEN)
    begun = _worked()
    failed = done = passed = 0
    bare: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "garden"
        reset(root)
        for number in range(wanted.first, wanted.first + wanted.count):
            if wanted.seconds and _worked() - begun > wanted.seconds:
                break
            files = mutated(good, case(wanted.seed, number), wanted.only)
            with planted(root, good, files) as names:
                verdict = judged(root)
                passed += verdict.code == 0
                if wanted.build and verdict.code == 0 and passed % wanted.build == 0 and not verdict.wrong:
                    verdict = judged(root, "build")
            done += 1
            for line in verdict.without_line:
                bare.setdefault(_kind(line), number)
            if verdict.wrong:
                failed += 1
                print(f"{number}: {verdict.wrong} ({', '.join(names)})", flush=True)
                if wanted.save:
                    _save(wanted.save / str(number), names, files, verdict)
    seconds = _worked() - begun
    print(f"{done} cases in {seconds:.0f} s of processor time, {passed} of them without an error; {failed} found")
    if wanted.bare:
        for kind, number in sorted(bare.items()):
            print(f"  without a line, as in {number}: {kind}")
    return 1 if failed else 0


def case(seed: int, number: int) -> tuple[Mutation, ...]:
    """The mutations of the case `number`."""
    chance = random.Random(f"{seed}-{number}")
    return tuple(
        Mutation(chance.choice(MANNERS), *(chance.randrange(LARGEST) for _ in range(3)))
        for _ in range(chance.randint(1, MOST))
    )


def _worked() -> float:
    """Seconds of processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _kind(fault: str) -> str:
    """A fault without what it names, so that one of each kind is listed."""
    import re

    return re.sub(r"`[^`]*`", "`…`", fault)


def _save(folder: Path, names: list[str], files: dict[str, bytes | str], verdict: Verdict) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = files[name]
        path.write_bytes(content if isinstance(content, bytes) else f"the file was: {content}\n".encode())
    (folder / "told.txt").write_text(f"{verdict.wrong}\n\n{verdict.told}\n", encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
