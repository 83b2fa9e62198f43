"""New files into `dist`: the whole folder is exchanged for a new one at once, where the system can do that.

The new folder is made in `.cache`, of hard links to what stays and of the new files; then both change places, and the
old one is removed. Whoever looks sees the old files or the new ones, whenever the process or the machine stops. Only
Linux can exchange folders; nor can it where `dist` is a separate disk or belongs to another user. There the files
are renamed one after the other, with a journal by which the next build finishes or undoes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from impressum.core.errors import Fault, Faulty
from impressum.stages.publish import files
from impressum.stages.publish.journal import clear, close, prepare, rename, undo_as_far_as_possible
from impressum.system.files import exchange
from impressum.system.work_folders import ensured, take_away
from impressum.system.workspace import Workspace

AT_ONCE = sys.platform.startswith("linux")
"""Whether it is tried to exchange the folder."""


def commit(workspace: Workspace, contents: Mapping[str, bytes], gone: Sequence[str] = ()) -> None:
    """Puts the files `contents` (by name, in this order) into `dist`; the unchanged are not touched.

    The files `gone` are removed where they are there, and the folders that they leave empty.

    Raises Faulty where the system refuses; `dist` is then as it was.
    """
    dist = workspace.dist
    changed = {
        name: content for name, content in contents.items() if not files.holds(files.path_of(dist, name), content)
    }
    leaving = tuple(name for name in gone if name not in contents and files.may_go(dist, name))
    if not changed and not leaving:
        return
    try:
        _refuse_wrong_places(dist, changed)
        if AT_ONCE and _exchanged(workspace, changed, leaving):
            return
        moves = prepare(dist, changed, leaving, dist)
    except BaseException as error:
        clear(dist)
        if isinstance(error, OSError):
            raise Faulty([files.not_written(error, whole=True)]) from error
        raise
    try:
        rename(dist, moves)
    except BaseException as error:
        whole = undo_as_far_as_possible(dist, moves)
        if isinstance(error, OSError):
            raise Faulty([files.not_written(error, whole=whole)]) from error
        raise
    with contextlib.suppress(OSError):  # all is published; what cannot be removed now, the next build removes
        close(dist, moves)


def _exchanged(workspace: Workspace, changed: Mapping[str, bytes], leaving: Sequence[str]) -> bool:
    """Whether `dist` could be exchanged; where it could not, nothing has changed.

    The record of a release, which stands outside of `dist`, follows the new folder, which comes with a journal of it.
    """
    dist, draft = workspace.dist, workspace.draft
    beside = {name: content for name, content in changed.items() if files.RELEASE.fullmatch(name)}
    done = False
    try:
        _lay_out(dist, draft, {name: changed[name] for name in changed if name not in beside}, leaving)
        moves = prepare(dist, beside, (), draft) if beside else ()
        done = os.access(dist, os.W_OK) and exchange(draft, dist)
        if done:
            files.sync_folder(dist.parent)
            rename(dist, moves)
    except BaseException as error:
        if done:
            undo_as_far_as_possible(dist, moves)
            done = not exchange(draft, dist)
        if not isinstance(error, OSError):
            raise
    finally:
        if not done:
            clear(dist)
        take_away(draft)
    if done:
        with contextlib.suppress(OSError):  # what cannot be removed now, the next build removes
            close(dist, moves)
    return done


def _lay_out(dist: Path, draft: Path, changed: Mapping[str, bytes], leaving: Sequence[str]) -> None:
    """Makes `draft` what `dist` shall be: what stays is linked, what is `changed` is written down to the disk."""
    take_away(draft)
    ensured(draft.parent)
    shutil.copytree(dist, draft, symlinks=True, copy_function=os.link)
    if (draft.stat().st_uid, draft.stat().st_gid) != (dist.stat().st_uid, dist.stat().st_gid):
        raise PermissionError  # it would belong to another user from now on
    for name in (*leaving, *changed):
        (draft / name).unlink(missing_ok=True)
    for name, content in changed.items():
        (draft / name).parent.mkdir(exist_ok=True)
        files.write_new(draft / name, content)
    for folder in {(draft / name).parent for name in (*leaving, *changed)}:
        if folder != draft and not any(folder.iterdir()):
            folder.rmdir()
        else:
            files.sync_folder(folder)
    files.sync_folder(draft)


def _refuse_wrong_places(dist: Path, changed: Mapping[str, bytes]) -> None:
    """Raises Faulty where there is a folder in the place of a file, or a file or link in that of a folder."""
    faults = [
        Fault(
            files.place_of(name),
            f"`{files.shown(name)}` is a folder, so the file of that name cannot be published",
            "dist-not-writable",
            "move the folder away",
        )
        for name in changed
        if files.path_of(dist, name).is_dir()
    ]
    faults += [
        Fault(
            files.place_of(name),
            f"`{files.shown(name).rpartition('/')[0]}` is {'a link' if folder.is_symlink() else 'a file'}, "
            "so no folder of that name can be published",
            "dist-not-writable",
            "move it away",
        )
        for folder, name in {files.path_of(dist, name).parent: name for name in changed if "/" in name}.items()
        if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir())
    ]
    if faults:
        raise Faulty(faults)
