"""The records of published files: one beside each, one of all, and their sums. But for a validator's words nothing in
them is a time or a path of the machine: the same files give the same records everywhere."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from impressum.stages.publish import files
from impressum.system.cache import Json
from impressum.system.files import read as read_file

SUFFIX = ".record.json"
BUILD_RECORD = "build-record.json"
SUMS = "SHA256SUMS"
RECORD_SCHEMA = "impressum/record"
BUILD_RECORD_SCHEMA = "impressum/build-record"
VERSION = 1


@dataclass(frozen=True)
class Product:
    """One file to publish, `name` like `study-en.pdf`; `record` is what else is to be known of it (its pages)."""

    name: str
    content: bytes
    edition: str
    format: str
    record: Mapping[str, Json]


@dataclass(frozen=True)
class FolderProduct:
    """A folder to publish, `name` like `study-en-figures`: its `files` by their names in it. It is no empty one."""

    name: str
    files: Mapping[str, bytes]
    edition: str
    format: str
    record: Mapping[str, Json]


@dataclass(frozen=True)
class Release:
    """A build's release: its `version`, the name of a file, what records say `about` it, and its own `record`."""

    version: str
    about: Mapping[str, Json]
    record: bytes


@dataclass(frozen=True)
class Build:
    """The output of a build: products, shared files by name, the tools and inputs for the records, the release."""

    products: tuple[Product | FolderProduct, ...]
    shared: Mapping[str, bytes]
    made_with: Mapping[str, str]
    inputs: str
    release: Release | None = None


@dataclass(frozen=True)
class Sum:
    """A line of `SHA256SUMS`."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Record:
    """The record of a published file: name, SHA-256, size in bytes, and all `fields`. Of a folder, `files` are the sums
    of its files, and the SHA-256 is that of their lines as in `SHA256SUMS`."""

    name: str
    sha256: str
    size: int
    fields: Mapping[str, Json]
    files: tuple[Sum, ...] = ()


def contents_of(product: Product | FolderProduct) -> dict[str, bytes]:
    """The files of `product` by their names in `dist`."""
    if isinstance(product, Product):
        return {product.name: product.content}
    return {f"{product.name}/{name}": content for name, content in sorted(product.files.items())}


def record_of(product: Product | FolderProduct, made: Build) -> Record:
    """The record of `product`. Raises ValueError where its own mapping would hide one of the record's keys."""
    contents = contents_of(product)
    lines = tuple(sum_of(name, content) for name, content in contents.items())
    fields: dict[str, Json] = {
        "schema": RECORD_SCHEMA,
        "version": VERSION,
        "name": product.name,
        "edition": product.edition,
        "format": product.format,
        "bytes": sum(map(len, contents.values())),
        "sha256": lines[0].sha256 if isinstance(product, Product) else _sha256_of_all(lines),
        "inputs": made.inputs,
        "made_with": dict(made.made_with),
    }
    if isinstance(product, FolderProduct):
        fields["files"] = [
            {"name": line.name, "bytes": len(contents[line.name]), "sha256": line.sha256} for line in lines
        ]
    twice = sorted(fields.keys() & product.record.keys())
    if twice:
        raise ValueError(f"the record of {product.name} has its own {', '.join(twice)}")
    fields.update(product.record)
    return Record(
        product.name,
        str(fields["sha256"]),
        sum(map(len, contents.values())),
        fields,
        lines if isinstance(product, FolderProduct) else (),
    )


def _sha256_of_all(lines: Iterable[Sum]) -> str:
    return hashlib.sha256(sums(lines)).hexdigest()


def as_bytes(fields: Mapping[str, Json]) -> bytes:
    """JSON that depends on the values alone: keys in order, UTF-8, one line end at the end."""
    return (json.dumps(fields, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True) + "\n").encode()


def read(path: Path) -> Record:
    """The record in the file `path`. Raises ValueError with a sentence where it is none of ours."""
    fields = mapping(path)
    if fields.get("schema") != RECORD_SCHEMA:
        raise ValueError(f"it is not a record: its schema is not `{RECORD_SCHEMA}`")
    if fields.get("version") != VERSION:
        raise ValueError(f"its version is {fields.get('version')} and this Impressum reads version {VERSION}")
    name, sha256, size = fields.get("name"), fields.get("sha256"), fields.get("bytes")
    if not isinstance(name, str) or not _is_hash(sha256) or not isinstance(size, int):
        raise ValueError("its `name`, `sha256` or `bytes` is missing or is not what it must be")
    lines = _files(name, fields["files"]) if "files" in fields else ()
    if lines and _sha256_of_all(lines) != sha256:
        raise ValueError("its `sha256` is not that of its `files`")
    return Record(name, sha256, size, fields, lines)


def _files(folder: str, listed: Json) -> tuple[Sum, ...]:
    """The files that the record of `folder` lists. Raises ValueError where one of them is none of that folder's."""
    found = []
    for entry in listed if isinstance(listed, list) else [None]:
        name, sha256 = (entry.get("name"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
        if not isinstance(name, str) or not _is_hash(sha256):
            raise ValueError("its `files` are not what they must be")
        match = files.IN_FOLDER.fullmatch(name)
        if match is None or match[1] != folder:
            raise ValueError(f"it lists `{name}`, which is no file of that folder")
        found.append(Sum(name, sha256))
    return tuple(found)


def earlier_records(dist: Path) -> tuple[Record, ...]:
    """The records of earlier builds in `dist`: those that `build-record.json` repeats, as the others' origin is
    unknown. A file that no longer matches stays listed: `sha256sum -c` shall fail."""
    try:
        built = mapping(dist / BUILD_RECORD).get("products")
    except (ValueError, OSError):
        return ()
    found = []
    for path in sorted(dist.glob(f"*{SUFFIX}")):
        try:
            record = read(path)
        except (ValueError, OSError):
            continue  # `verify` says what is wrong with it; it is not published by this build
        if record.name + SUFFIX == path.name and isinstance(built, list) and listed_in_build(record) in built:
            found.append(record)
    return tuple(found)


def earlier_files(dist: Path, names: Container[str]) -> tuple[str, ...]:
    """The files that earlier builds published under these names of products, those of folders and records too."""
    found: list[str] = []
    for record in earlier_records(dist):
        if record.name in names:
            found += [record.name + SUFFIX, *(line.name for line in record.files or (Sum(record.name, ""),))]
    return tuple(found)


def earlier_shared(dist: Path, besides: Iterable[str]) -> tuple[Sum, ...]:
    """The shared files of earlier builds that are still there, but for `besides`."""
    known = set(besides)
    try:
        fields = mapping(dist / BUILD_RECORD)
    except (ValueError, OSError):
        return ()
    shared = fields.get("shared") if fields.get("schema") == BUILD_RECORD_SCHEMA else None
    found = []
    for entry in shared if isinstance(shared, list) else []:
        name, sha256 = (entry.get("name"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
        if not isinstance(name, str) or not _is_hash(sha256) or name in known:
            continue
        if files.is_name(name) and (dist / name).is_file():
            found.append(Sum(name, sha256))
    return tuple(found)


def build_record(products: Iterable[Record], shared: Iterable[Sum], release: Mapping[str, Json] | None = None) -> bytes:
    """`build-record.json`: every product with its record, the shared files, and which release it is."""
    listed: list[Json] = [listed_in_build(one) for one in sorted(products, key=lambda product: product.name)]
    others: list[Json] = [
        {"name": line.name, "sha256": line.sha256} for line in sorted(shared, key=lambda line: line.name)
    ]
    fields: dict[str, Json] = {"schema": BUILD_RECORD_SCHEMA, "version": VERSION, "products": listed, "shared": others}
    return as_bytes(fields | ({"release": dict(release)} if release else {}))


def listed_in_build(record: Record) -> dict[str, Json]:
    """The entry in `build-record.json` of the product with this `record`."""
    return {key: value for key, value in record.fields.items() if key not in ("schema", "version")}


def sums(lines: Iterable[Sum]) -> bytes:
    """`SHA256SUMS` as `sha256sum -c` reads it, by name."""
    return "".join(f"{line.sha256}  {line.name}\n" for line in sorted(lines, key=lambda line: line.name)).encode()


def sum_of(name: str, content: bytes) -> Sum:
    """The line for a file with this content."""
    return Sum(name, hashlib.sha256(content).hexdigest())


def _is_hash(value: Json) -> TypeGuard[str]:
    """A line of `SHA256SUMS` is made of it: nothing else gets through."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def mapping(path: Path) -> dict[str, Json]:
    """The JSON in the file `path`. Raises ValueError where it is no mapping, or holds what JSON does not have."""
    try:
        value: Json = json.loads(read_file(path))
        if not isinstance(value, dict):
            raise ValueError("it is not a mapping")
        as_bytes(value)  # Python reads more than it may write again: NaN, half of a surrogate pair
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not a mapping in JSON") from error
    return value
