"""What an untrusted build has made goes into the root's `dist/`, which then holds nothing else."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path


def deliver(made: Path, root: Path) -> None:
    """Puts the files of the folder `made` into `root/dist` in place of what stood there; all of them or none.

    What stood there came with the stranger's texts, a link to somewhere else perhaps: it is not followed, nor kept.
    Only files are taken, and no links.
    """
    fresh = Path(tempfile.mkdtemp(prefix=".dist-", dir=root))
    aside = fresh.with_name(f"{fresh.name}-before")
    dist = root / "dist"
    try:
        fresh.chmod(0o777 & ~_umask())
        _copy(made, fresh)
        if dist.is_symlink() or dist.exists():
            dist.rename(aside)
        fresh.rename(dist)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        _remove(aside)


def _copy(made: Path, to: Path) -> None:
    with os.scandir(made) as found:
        for entry in sorted(found, key=lambda entry: entry.name):
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                (to / entry.name).mkdir()
                _copy(Path(entry.path), to / entry.name)
            elif stat.S_ISREG(mode):
                shutil.copyfile(entry.path, to / entry.name, follow_symlinks=False)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
