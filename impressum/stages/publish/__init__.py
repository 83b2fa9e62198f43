"""publish: finished files into `dist`, each whole or not at all, with the records that vouch for them."""

from __future__ import annotations

from pathlib import Path

from impressum.core.errors import Faulty
from impressum.stages.publish import files, records
from impressum.stages.publish.exchange import commit
from impressum.stages.publish.journal import recover
from impressum.stages.publish.locking import lock, work_files
from impressum.stages.publish.records import Build, FolderProduct, Product, Record, Release
from impressum.system.workspace import Workspace

__all__ = [
    "Build",
    "FolderProduct",
    "Product",
    "Release",
    "lock",
    "new_files",
    "publish",
    "recover",
    "work_files",
]


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
    contents: dict[str, bytes] = {}
    for product in made.products:
        contents |= records.contents_of(product)
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
