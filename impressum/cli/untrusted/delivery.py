"""What an untrusted build has made goes into the root's `dist/`, which then holds nothing else."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from impressum.system.files import exchange
from impressum.system.work_folders import remove, sweep


def deliver(made: Path, root: Path) -> None:
    """Puts the files of the folder `made` into `root/dist` in place of what stood there; all of them or none.

    What stood there came with the stranger's texts, a link to somewhere else perhaps: it is not followed, nor kept.
    Only files are taken, and no links.
    """
    dist, fresh, before = root / "dist", root / f".dist-{os.getpid()}", root / f".before-{os.getpid()}"
    for folder in (fresh, before):
        sweep(folder)
        remove(folder)
    try:
        fresh.mkdir()
        _copy(made, fresh)
        if not exchange(fresh, dist):
            if os.path.lexists(dist):
                dist.rename(before)
            fresh.rename(dist)
    finally:
        remove(fresh)
        remove(before)


def _copy(made: Path, to: Path) -> None:
    with os.scandir(made) as found:
        for entry in sorted(found, key=lambda entry: entry.name):
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                (to / entry.name).mkdir()
                _copy(Path(entry.path), to / entry.name)
            elif stat.S_ISREG(mode):
                shutil.copyfile(entry.path, to / entry.name, follow_symlinks=False)
