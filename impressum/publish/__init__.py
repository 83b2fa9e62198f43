"""publish: finished files into `dist`, each whole or not at all, with the records that vouch for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from impressum.errors import Faulty
from impressum.memo import Json
from impressum.publish import files, records
from impressum.publish.journal import commit, recover
from impressum.publish.locking import lock
from impressum.publish.records import Product, verify_record
from impressum.workspace import Workspace

__all__ = ["Json", "Product", "lock", "publish", "recover", "verify_record"]


def publish(
    workspace: Workspace,
    products: tuple[Product, ...],
    *,
    shared: Mapping[str, bytes],
    made_with: Mapping[str, str],
    inputs: str,
) -> tuple[Path, ...]:
    """Puts `products` and the `shared` files (for the whole of `dist`, by name) into `dist`, with their records.

    `made_with` are versions by tool, `inputs` is the hash of all that was read. What earlier builds published
    stays and is listed with the new. All files change or, where Faulty is raised, none. Call it inside `lock`.
    Returns the paths of the products in their order, then of the other files, the sums last.
    """
    dist = workspace.dist
    _refuse_bad_names([product.name for product in products], list(shared))
    try:
        fault = files.not_a_folder(dist)
        if fault is not None:
            raise Faulty([fault])
        recover(workspace)
        dist.mkdir(parents=True, exist_ok=True)
        contents = _contents(dist, products, shared, made_with, inputs)
    except OSError as error:
        raise Faulty([files.not_written(error, whole=True)]) from error
    commit(dist, contents)
    return tuple(dist / name for name in contents)


def _contents(
    dist: Path, products: tuple[Product, ...], shared: Mapping[str, bytes], made_with: Mapping[str, str], inputs: str
) -> dict[str, bytes]:
    """Every file to write, in the order in which it takes its place: the records last."""
    new = [records.record_of(product, made_with=made_with, inputs=inputs) for product in products]
    contents = {product.name: product.content for product in products} | dict(sorted(shared.items()))
    contents |= {record.name + records.SUFFIX: records.as_bytes(record.fields) for record in new}

    earlier = records.earlier_records(dist, besides=[record.name for record in new])
    whole = [records.sum_of(name, content) for name, content in sorted(shared.items())]
    whole += records.earlier_shared(dist, besides=contents)
    contents[records.BUILD_RECORD] = records.build_record([*new, *earlier], whole)

    lines = {line.name: line for line in whole}
    for record in earlier:
        name = record.name + records.SUFFIX
        lines[record.name] = records.Sum(record.name, record.sha256)
        lines[name] = records.Sum(name, files.sha256_of(dist / name) or "")
    lines |= {name: records.sum_of(name, content) for name, content in contents.items()}
    contents[records.SUMS] = records.sums(lines.values())
    return contents


def _refuse_bad_names(products: list[str], shared: list[str]) -> None:
    """Raises ValueError: names are made by the build, so a wrong one is a bug and not a fault of the sources."""
    names = [*products, *shared]
    for name in names:
        reserved = name in (records.BUILD_RECORD, records.SUMS) or name.endswith(records.SUFFIX)
        if reserved or not files.PLAIN.fullmatch(name) or names.count(name) > 1:
            raise ValueError(f"{name!r} cannot be the name of a published file")
