"""publish: finished files into `dist`, each whole or not at all, with the records that vouch for them.

Where the system can do that, the whole folder is exchanged for a new one at once. The new folder is made in `.cache`,
of hard links to what stays and of the new files; then both change places, and the old one is removed. Whoever looks
sees the old files or the new ones, whenever the process or the machine stops. Only Linux can exchange folders; nor can
it where `dist` is a separate disk or belongs to another user. There the files are renamed one after the other, with a
journal by which the next build finishes or undoes it (`journal.py`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from impressum.core.errors import Fault, Faulty
from impressum.stages.publish import files, records
from impressum.stages.publish.journal import clear, close, prepare, recover, rename, undo_as_far_as_possible
from impressum.stages.publish.locking import lock, work_files
from impressum.stages.publish.records import Build, FolderProduct, Product, Record, Release
from impressum.system.files import exchange
from impressum.system.work_folders import ensured, take_away
from impressum.system.workspace import Workspace

__all__ = ["Build", "FolderProduct", "Product", "Release", "lock", "new_files", "publish", "recover", "work_files"]

AT_ONCE = sys.platform.startswith("linux")
"""Whether it is tried to exchange the folder."""


def publish(workspace: Workspace, made: Build, *, ended: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Puts what a build has `made` into `dist`, with its records; gives the paths of the files, the sums last.

    What earlier builds published stays and is listed with the new, but for the products named `ended` and the files
    that a folder no longer holds: they are removed. Of a release nothing of earlier builds stays beside it, what is of
    no build is a fault, and its own record goes to `releases`. All files change or, where Faulty is raised, none. Call
    it inside `lock`.
    """
    dist, release = workspace.dist, made.release
    _refuse_bad_names(made.products, list(made.shared))
    try:
        fault = files.not_a_folder(dist)
        if fault is not None:
            raise Faulty([fault])
        recover(workspace)
        dist.mkdir(parents=True, exist_ok=True)
        left: tuple[str, ...] = ()
        if release:
            ended = tuple(record.name for record in records.earlier_records(dist))
            left = tuple(line.name for line in records.earlier_shared(dist, besides=made.shared))
        folders = [one.name for one in made.products if isinstance(one, FolderProduct)]
        gone = records.earlier_files(dist, [*ended, *folders])
        contents = _contents(dist, made, ended)
        if release and (faults := files.strangers(dist, {*contents, *gone, *left})):
            raise Faulty(faults)
    except OSError as error:
        raise Faulty([files.not_written(error, whole=True)]) from error
    commit(workspace, contents, (*gone, *left))
    return tuple(files.path_of(dist, name) for name in contents)


def new_files(made: Build) -> dict[str, bytes]:
    """The files that a build itself gives, by name: its products, the shared ones, the records of its products."""
    contents = {path: content for product in made.products for path, content in records.contents_of(product).items()}
    contents |= dict(sorted(made.shared.items()))
    for product in made.products:
        record = records.record_of(product, made)
        contents[record.name + records.SUFFIX] = records.as_bytes(record.fields)
    return contents


def _contents(dist: Path, made: Build, ended: tuple[str, ...]) -> dict[str, bytes]:
    """Every file to write, in the order in which it takes its place: the records last."""
    new = [records.record_of(product, made) for product in made.products]
    contents, release = new_files(made), made.release
    known = {*ended, *(record.name for record in new)}
    earlier = [one for one in records.earlier_records(dist) if one.name not in known and _is_there(dist, one)]
    whole = [records.sum_of(name, content) for name, content in sorted(made.shared.items())]
    whole += () if release else records.earlier_shared(dist, besides=contents)
    contents[records.BUILD_RECORD] = records.build_record([*new, *earlier], whole, release.about if release else None)

    lines = {line.name: line for line in whole}
    for record in earlier:
        name = record.name + records.SUFFIX
        listed = record.files or (records.Sum(record.name, record.sha256),)
        lines |= {line.name: line for line in listed if not record.files or (dist / line.name).is_file()}
        lines[name] = records.Sum(name, files.sha256_of(dist / name) or "")
    lines |= {name: records.sum_of(name, content) for name, content in contents.items()}
    contents[records.SUMS] = records.sums(lines.values())
    if release:
        contents[f"{files.RELEASES}/{release.version}.json"] = release.record
    return contents


def _is_there(dist: Path, record: Record) -> bool:
    """Whether the product of the `record` is still in `dist`, as the file or the folder that it was."""
    return (dist / record.name).exists() and (dist / record.name).is_dir() == bool(record.files)


def _refuse_bad_names(products: tuple[Product | FolderProduct, ...], shared: list[str]) -> None:
    """Raises ValueError: names are made by the build, so a wrong one is a bug and not a fault of the sources."""
    names = [*(product.name for product in products), *shared]
    for name in names:
        reserved = name in (records.BUILD_RECORD, records.SUMS) or name.endswith(records.SUFFIX)
        if reserved or not files.PLAIN.fullmatch(name) or names.count(name) > 1:
            raise ValueError(f"{name!r} cannot be the name of a published file")
    for product in products:
        wrong = [name for name in records.contents_of(product) if not files.is_name(name)]
        if wrong:
            raise ValueError(f"{wrong[0]!r} cannot be the name of a published file")


def commit(workspace: Workspace, contents: Mapping[str, bytes], gone: Sequence[str] = ()) -> None:
    """Puts what changed of `contents` (in order) into `dist`, removes `gone`. Raises Faulty with `dist` unchanged."""
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
    """Whether `dist` was exchanged (else it is unchanged); the record of a release follows it, by a journal."""
    dist, new_folder = workspace.dist, workspace.next_dist
    beside = {name: content for name, content in changed.items() if files.RELEASE.fullmatch(name)}
    done = False
    try:
        _lay_out(dist, new_folder, {name: changed[name] for name in changed if name not in beside}, leaving)
        moves = prepare(dist, beside, (), new_folder) if beside else ()
        done = os.access(dist, os.W_OK) and exchange(new_folder, dist)
        if done:
            files.sync_folder(dist.parent)
            rename(dist, moves)
    except BaseException as error:
        if done:
            undo_as_far_as_possible(dist, moves)
            done = not exchange(new_folder, dist)
        if not isinstance(error, OSError):
            raise
    finally:
        if not done:
            clear(dist)
        take_away(new_folder)
    if done:
        with contextlib.suppress(OSError):  # what cannot be removed now, the next build removes
            close(dist, moves)
    return done


def _lay_out(dist: Path, new_folder: Path, changed: Mapping[str, bytes], leaving: Sequence[str]) -> None:
    """Makes `new_folder` what `dist` shall be: what stays is linked, what is `changed` is written down to the disk."""
    take_away(new_folder)
    ensured(new_folder.parent)
    shutil.copytree(dist, new_folder, symlinks=True, copy_function=os.link)
    if (new_folder.stat().st_uid, new_folder.stat().st_gid) != (dist.stat().st_uid, dist.stat().st_gid):
        raise PermissionError  # it would belong to another user from now on
    for name in (*leaving, *changed):
        (new_folder / name).unlink(missing_ok=True)
    for name, content in changed.items():
        (new_folder / name).parent.mkdir(exist_ok=True)
        files.write_new(new_folder / name, content)
    for folder in {(new_folder / name).parent for name in (*leaving, *changed)}:
        if folder != new_folder and not any(folder.iterdir()):
            folder.rmdir()
        else:
            files.sync_folder(folder)
    files.sync_folder(new_folder)


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
