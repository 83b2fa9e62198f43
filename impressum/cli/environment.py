"""The environment of the locked packages, `.cache/venv-<key>` (hash of lock, Python and platform): `python build.py`
finds it, or has preparation.py make it, and goes on in it. Standard library only: nothing else may be installed yet."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from impressum.cli.venv import DROPPED, PUBLICATION, ROOT, is_ready, python_of
from impressum.core.errors import Faulty


def main(arguments: Sequence[str]) -> int:
    """Runs `arguments` in the environment of its lock; on POSIX, another interpreter takes this process's place."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # from here on it is reported
            signal.signal(signal.SIGINT, signal.default_int_handler)
        lock = lock_of(arguments)
        home = home_of(lock)
        if not (is_here(home) or (not is_ready(home) and is_installed(lock))):
            return _go_on(prepared(lock), arguments)
        from impressum.cli.main import main as run

        return run(list(arguments))
    except Faulty as faulty:
        print(faulty, file=sys.stderr)
        return 1
    except ImportError as error:
        from impressum.system.installed import environment_damaged

        print(environment_damaged(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception:
        import traceback

        traceback.print_exc()
        return 70


def lock_of(arguments: Sequence[str]) -> Path:
    """The lock that the command in `arguments` needs: the tests' for `test`, else the program's."""
    words = iter(arguments)
    for word in words:
        if word == "--root":
            next(words, None)
        elif not word.startswith("-"):
            return lock_named("test" if word == "test" else "run")
    return lock_named("run")


def lock_named(name: str) -> Path:
    """The lock file `name`: run, test (run and the tests') or dev (test and the linters'); in a publication it lies
    beside the wheel."""
    own = PUBLICATION / ".impressum" / "lock.txt"
    if name == "run" and PUBLICATION != ROOT and own.exists():
        return own
    return Path(__file__).resolve().parent / "lock" / f"{name}.txt"


def home_of(lock: Path) -> Path:
    """The folder of the environment of `lock` for this Python on this platform, made or not."""
    import hashlib
    import sysconfig

    python = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"
    return PUBLICATION / ".cache" / f"venv-{hashlib.sha256(lock.read_bytes() + python.encode()).hexdigest()[:16]}"


def is_here(home: Path) -> bool:
    """Whether this interpreter is that of the environment in `home`."""
    return Path(sys.prefix).resolve() == home.resolve()


def is_installed(lock: Path) -> bool:
    """Whether this interpreter has Impressum installed, with every package of `lock` in the locked version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        version("impressum")
        from packaging.requirements import Requirement
    except ImportError:  # PackageNotFoundError is one too
        return False
    for requirement in map(Requirement, locked(lock)):
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        try:
            if not requirement.specifier.contains(version(requirement.name), prereleases=True):
                return False
        except PackageNotFoundError:
            return False
    return True


def locked(lock: Path) -> Iterator[str]:
    """The requirements of `lock`, without their hashes: `name==version`, or `name==version ; marker`."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            yield line.removesuffix("\\").strip()


def prepared(lock: Path) -> Path:
    """The Python of the environment of `lock`, made first if need be. Raises Faulty with what the user can do."""
    home = home_of(lock)
    if not is_ready(home):
        from impressum.cli.preparation import make

        make(home, lock)
    return python_of(home)


def _go_on(python: Path, arguments: Sequence[str]) -> int:
    from impressum.system import process

    variables = {name: value for name, value in os.environ.items() if name not in DROPPED}
    command = [str(python), "-X", "utf8", str(PUBLICATION / "build.py"), *arguments]
    return process.hand_over(command, environment=variables)


if __name__ == "__main__":  # python -m impressum.cli.environment dev: makes it where needed, prints its Python
    if sys.argv[1:] not in (["run"], ["test"], ["dev"]):
        print("usage: python -m impressum.cli.environment run|test|dev", file=sys.stderr)
        sys.exit(2)
    try:
        print(prepared(lock_named(sys.argv[1])))
    except Faulty as failed:
        sys.exit(str(failed))
    except KeyboardInterrupt:
        sys.exit(130)
