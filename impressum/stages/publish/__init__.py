"""publish: finished files into `dist`, each whole or not at all, with the records that vouch for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from impressum.core.errors import Faulty
from impressum.stages.publish import files, records
from impressum.stages.publish.exchange import commit
from impressum.stages.publish.journal import recover
from impressum.stages.publish.locking import lock, work_files
from impressum.stages.publish.records import FolderProduct, Made, Product, Record, Release
from impressum.system.cache import Json
from impressum.system.workspace import Workspace

__all__ = [
    "FolderProduct",
    "Json",
    "Made",
    "Product",
    "Release",
    "lock",
    "new_files",
    "publish",
    "publish_made",
    "recover",
    "work_files",
]


def publish(
    workspace: Workspace,
    products: tuple[Product | FolderProduct, ...],
    *,
    shared: Mapping[str, bytes],
    made_with: Mapping[str, str],
    inputs: str,
    ended: tuple[str, ...] = (),
    release: Release | None = None,
) -> tuple[Path, ...]:
    """Puts `products` and the `shared` files (for the whole of `dist`, by name) into `dist`, with their records.

    `made_with` are versions by tool, `inputs` is the hash of all that was read. What earlier builds published
    stays and is listed with the new, but for the products named `ended` and the files that a folder no longer
    holds: they are removed. A `release` is all that there is: nothing of earlier builds stays beside it, what is of no
    build is a fault, and its own record goes to `releases`. All files change or, where Faulty is raised, none. Call it
    inside `lock`. Returns the paths of the products' files in their order, then of the other files, the sums last.
    """
    dist = workspace.dist
    _refuse_bad_names(products, list(shared))
    try:
        fault = files.not_a_folder(dist)
        if fault is not None:
            raise Faulty([fault])
        recover(workspace)
        dist.mkdir(parents=True, exist_ok=True)
        left: tuple[str, ...] = ()
        if release:
            ended = tuple(record.name for record in records.earlier_records(dist))
            left = tuple(line.name for line in records.earlier_shared(dist, besides=shared))
        gone = records.earlier_files(dist, [*ended, *(one.name for one in products if isinstance(one, FolderProduct))])
        contents = _contents(dist, products, shared, made_with, inputs, ended, release)
        if release and (faults := files.strangers(dist, {*contents, *gone, *left})):
            raise Faulty(faults)
    except OSError as error:
        raise Faulty([files.not_written(error, whole=True)]) from error
    commit(workspace, contents, (*gone, *left))
    return tuple(files.path_of(dist, name) for name in contents)


def publish_made(workspace: Workspace, made: Made, *, ended: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Publishes what a build has `made`, in place of the products `ended`: as `publish` does."""
    return publish(
        workspace,
        made.products,
        shared=made.shared,
        made_with=made.made_with,
        inputs=made.inputs,
        ended=ended,
        release=made.release,
    )


def new_files(
    products: tuple[Product | FolderProduct, ...],
    *,
    shared: Mapping[str, bytes],
    made_with: Mapping[str, str],
    inputs: str,
) -> dict[str, bytes]:
    """The files that a build itself gives, by name: its products, the shared ones, the records of its products."""
    contents: dict[str, bytes] = {}
    for product in products:
        contents |= records.contents_of(product)
    contents |= dict(sorted(shared.items()))
    for product in products:
        record = records.record_of(product, made_with=made_with, inputs=inputs)
        contents[record.name + records.SUFFIX] = records.as_bytes(record.fields)
    return contents


def _contents(
    dist: Path,
    products: tuple[Product | FolderProduct, ...],
    shared: Mapping[str, bytes],
    made_with: Mapping[str, str],
    inputs: str,
    ended: tuple[str, ...],
    release: Release | None,
) -> dict[str, bytes]:
    """Every file to write, in the order in which it takes its place: the records last."""
    new = [records.record_of(product, made_with=made_with, inputs=inputs) for product in products]
    contents = new_files(products, shared=shared, made_with=made_with, inputs=inputs)

    known = {*ended, *(record.name for record in new)}
    earlier = [one for one in records.earlier_records(dist) if one.name not in known and _is_there(dist, one)]
    whole = [records.sum_of(name, content) for name, content in sorted(shared.items())]
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
    """Whether what has the `record` still stands in `dist`, as the file or the folder that it was."""
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
