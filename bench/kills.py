"""Kills builds of a publication in two editions: at renames, between stages, at any time; then builds again.

    python -m bench.kills --count 60 --seed 1

Each kill (-9, of the build's process alone) comes on top of an older `dist`. Afterwards that must be the old or the
new one, or, where folders cannot be exchanged (`by names`), say of itself that it is neither; no child may run on; the
next build must end with the new one and nothing beside it. Linux only.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from building import (  # noqa: E402
    PUBLICATIONS,
    children_of,
    command,
    contents_of,
    copy,
    replace,
    variables,
    waited_for,
    whole,
)

from impressum.stages.publish.journal import JOURNAL  # noqa: E402

KILLED = """
import os, signal, sys, threading, time
from importlib import import_module
from impressum.cli.main import main
from impressum.pipeline import build
from impressum.stages import publish

how, at, seen = sys.argv.pop(1), int(sys.argv.pop(1)), 0
root = sys.argv[2]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def count():
    global seen
    seen += 1
    if seen == at:
        die()

def change(event, arguments):
    writes = event != "open" or (arguments[2] or 0) & os.O_CREAT
    if event in ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir") and writes:
        if any(str(one).startswith((f"{root}/dist", f"{root}/.cache/dist")) for one in arguments[:2]):
            count()

def counted(function):
    def called(*given, **named):
        count()
        result = function(*given, **named)
        count()
        return result
    return called

if how == "stages":
    for name in ("load", "draw", "render", "convert", "typeset", "verify", "publish"):
        module = import_module(f"impressum.pipeline.{name}")
        stage = counted(getattr(module, name))
        setattr(module, name, stage)  # the line imports the last three where it uses them
        setattr(build, name, stage)
elif how == "any time":
    threading.Timer(at / 1000, die).start()
else:
    publish.AT_ONCE = how == "renames"
    publish.exchange = counted(publish.exchange)
    sys.addaudithook(change)
code = main()
print(seen)
sys.stdout.flush()
os._exit(code)
"""
SHARES = {"renames": 0.4, "by names": 0.2, "stages": 0.2, "any time": 0.2}
"""Of the kills, by where they come: `renames` is any change of a name in `dist` or in what takes its place."""


def main(argv: list[str] | None = None) -> int:
    """Kills; 1 where something was left that should not be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--count", type=int, default=60, help="how many kills (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other moments (default: 0)")
    wanted = parser.parse_args(argv)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: what loses its parent becomes a child of ours
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        root, kept = Path(folder) / "figures", Path(folder) / "kept"
        copy("figures", root)
        old = _built(root)
        replace(root / "publication.yaml", "language: en", "subtitle: As They Are Now\nlanguage: en")
        replace(root / "figures/rain.py", "def draw", "OF_NOW = True\n\n\ndef draw")
        shutil.copytree(root, kept)
        new = _built(root)
        for how, share in SHARES.items():
            last = 5000 if how == "any time" else int(_killed(root, kept, how, 0).stdout.split()[-1])
            number = min(last, round(wanted.count * share))
            for at in sorted(random.Random(f"{wanted.seed} {how}").sample(range(1, last + 1), number)):
                code = _killed(root, kept, how, at).returncode
                for what in _left(root, how, code, old, new):
                    found[f"{how}: {what}"] += 1
                    if "WRONG" in what:
                        print(f"{how}, {at} of {last}: {what}", flush=True)
    for what, times in sorted(found.items()):
        print(f"{times:4} {what}")
    return int(any("WRONG" in what for what in found))


def _killed(root: Path, kept: Path, how: str, at: int) -> subprocess.CompletedProcess[str]:
    """Builds what was `kept`, to be killed at a moment (0: at none)."""
    shutil.rmtree(root)
    shutil.copytree(kept, root)
    return _run([sys.executable, "-c", KILLED, how, str(at), *command(root, "build")[3:]])


def _run(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, encoding="utf-8", env=variables(), check=False)


def _built(root: Path) -> dict[str, str]:
    """Builds; the files of `dist`, where all went well."""
    done = _run(command(root, "build"))
    assert (done.returncode, "error" in done.stderr) == (0, False), done.stderr
    return contents_of(root / "dist")


def _left(root: Path, how: str, code: int, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """What a kill left, in words."""
    yield {0: "had ended", -9: "killed"}.get(code, f"WRONG: ended with {code}")
    no_child = waited_for(lambda: not children_of(os.getpid()))
    yield "no child runs on" if no_child else "WRONG: a child runs on"
    dist = contents_of(root / "dist")
    published = {name: one for name, one in dist.items() if not name.startswith(".impressum-")}
    if published in (old, new) and (how == "by names" or dist == published):
        yield "dist is old" if published == old else "dist is new"
    elif how == "by names" and JOURNAL in dist:
        said = _run(command(root, "verify", str(root / "dist"))).stderr
        yield "dist says that it is neither" if "[publishing-interrupted]" in said else "WRONG: dist says nothing"
    else:
        yield "WRONG: dist is neither"
    again = _built(root)
    yield "the next build is clean" if again == new and whole(root / "dist") else "WRONG: the next build is not clean"
    known = {"dist", ".cache", *(path.name for path in (PUBLICATIONS / "figures").iterdir())}
    if (left := {path.name for path in root.iterdir()} - known) or (root / ".cache/dist").exists():
        yield f"WRONG: {left} is left"


if __name__ == "__main__":
    sys.exit(main())
