"""What is written about the published files: a record beside each, a record of all, and their sums.

Nothing here holds a time or a path of the machine: the same files give the same records everywhere, in
whatever order the editions were built.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from impressum.core.errors import Fault, Place
from impressum.stages.publish import files
from impressum.system.cache import Json

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
    """What makes a release of a build: its `version`, what the records of `dist` say `about` it, its own `record`.

    The version is the name of a file (`RELEASE` in `publish/files.py`).
    """

    version: str
    about: Mapping[str, Json]
    record: bytes


@dataclass(frozen=True)
class Made:
    """What a build has made: products, shared files by name, what the records say of their making; and the release."""

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
    """What the record of a published file says: its name, its SHA-256, its size in bytes, and all `fields`.

    Of a folder, `files` are the sums of the files in it (`study-en-figures/trade.svg`), the SHA-256 is that of
    their lines as `SHA256SUMS` has them, and the size that of all of them.
    """

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


def record_of(product: Product | FolderProduct, *, made_with: Mapping[str, str], inputs: str) -> Record:
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
        "inputs": inputs,
        "made_with": dict(made_with),
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
    fields = _mapping(path)
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


def earlier_records(dist: Path, besides: Iterable[str]) -> tuple[Record, ...]:
    """The records of the files that earlier builds published and that are still there, but for `besides`.

    A file that no longer matches its record is listed as its record has it: `sha256sum -c` shall fail.
    """
    known = set(besides)
    found = []
    for path in sorted(dist.glob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        if name in known or not files.PLAIN.fullmatch(name) or not (dist / name).exists():
            continue
        try:
            record = read(path)
        except (ValueError, OSError):
            continue  # `verify` says what is wrong with it; it is not published by this build
        if record.name == name and (dist / name).is_dir() == bool(record.files):
            found.append(record)
    return tuple(found)


def earlier_files(dist: Path, names: Iterable[str]) -> tuple[str, ...]:
    """The files that earlier builds published under these names of products, those of folders and records too."""
    found: list[str] = []
    for name in names:
        path = dist / (name + SUFFIX)
        if not path.is_file():
            continue
        found.append(path.name)
        try:
            record = read(path)
        except (ValueError, OSError):
            continue  # nothing says what it published
        found += [line.name for line in record.files] if record.files else [name]
    return tuple(found)


def earlier_shared(dist: Path, besides: Iterable[str]) -> tuple[Sum, ...]:
    """The shared files of earlier builds that are still there, but for `besides`."""
    known = set(besides)
    try:
        fields = _mapping(dist / BUILD_RECORD)
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
    """`build-record.json`: every product with all that its record says, the shared files, and which release it is."""
    listed: list[Json] = [
        {key: value for key, value in product.fields.items() if key not in ("schema", "version")}
        for product in sorted(products, key=lambda product: product.name)
    ]
    others: list[Json] = [
        {"name": line.name, "sha256": line.sha256} for line in sorted(shared, key=lambda line: line.name)
    ]
    fields: dict[str, Json] = {"schema": BUILD_RECORD_SCHEMA, "version": VERSION, "products": listed, "shared": others}
    return as_bytes(fields | ({"release": dict(release)} if release else {}))


def sums(lines: Iterable[Sum]) -> bytes:
    """`SHA256SUMS` as `sha256sum -c` reads it, by name."""
    return "".join(f"{line.sha256}  {line.name}\n" for line in sorted(lines, key=lambda line: line.name)).encode()


def sum_of(name: str, content: bytes) -> Sum:
    """The line for a file with this content."""
    return Sum(name, hashlib.sha256(content).hexdigest())


def verify_record(path: Path) -> tuple[Fault, ...]:
    """What does not agree between the published file or folder `path` and the record beside it; nothing if all does.

    The places are `path` as it was given.
    """
    place = Place(path.as_posix())
    record_path = path.with_name(path.name + SUFFIX)
    record_place = Place(record_path.as_posix())
    again = "build it again, or fetch it again from where it was published"
    if not path.exists():
        return (Fault(place, f"there is no file `{path.name}`", "file-missing", "look for it in `dist`"),)
    if not record_path.is_file():
        return (
            Fault(
                place,
                f"its record `{record_path.name}` is not beside it, so nothing says what the file must be",
                "record-missing",
                "build it again, or fetch the record from where the file was published",
            ),
        )
    try:
        record = read(record_path)
    except (ValueError, OSError) as error:
        return (Fault(record_place, f"the record cannot be read: {_sentence(error)}", "record-unreadable", again),)
    faults = [*_changed_record(record_path, again)]
    if not record.files:
        return (*faults, *_compared(path, record.sha256, record.size))
    for line in record.files:
        file = path / line.name.partition("/")[2]
        if file.is_file():
            faults += _compared(file, line.sha256, None)
        else:
            faults.append(Fault(Place(file.as_posix()), "it is recorded and not there", "file-missing", again))
    return tuple(faults)


def told_of(path: Path) -> str:
    """What the record of the verified `path` says it is: `; version 2.0 of 2025-06-30`, what was waived, its stage."""
    fields = read(path.with_name(path.name + SUFFIX)).fields
    parts: list[str] = []
    release, stage = fields.get("release"), fields.get("stage")
    if isinstance(release, dict):
        parts.append(f"; version {release.get('version')} of {release.get('date')}")
        waivers = release.get("waivers")
        for waiver in waivers if isinstance(waivers, list) else []:
            if isinstance(waiver, dict):
                parts.append(f"; waived `{waiver.get('rule')}`: {waiver.get('reason')}")
    elif isinstance(stage, str) and stage != "final":
        parts.append(f"; its stage is `{stage}`")
    return "".join(parts)


def _changed_record(path: Path, again: str) -> tuple[Fault, ...]:
    """What of the record itself is not as the sums beside it say; without sums nothing vouches for it."""
    try:
        lines = (path.with_name(SUMS)).read_text(encoding="utf-8").splitlines()
        found = files.sha256_of(path)
    except (OSError, ValueError):
        return ()
    sums = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    wanted = sums.get(path.name, found)
    if found == wanted:
        return ()
    message = f"the record was changed: its SHA-256 is `{found}` and `{SUMS}` says `{wanted}`"
    return (Fault(Place(path.as_posix()), message, "record-changed", again),)


def _compared(path: Path, sha256: str, size: int | None) -> tuple[Fault, ...]:
    """What of the file `path` is not as its record says; a record of a folder does not say the `size` first."""
    place, again = Place(path.as_posix()), "build it again, or fetch it again from where it was published"
    try:
        found_size, found = path.stat().st_size, files.sha256_of(path)
    except OSError as error:
        return (Fault(place, f"the file cannot be read: {_sentence(error)}", "file-unreadable", again),)
    faults = []
    if size is not None and found_size != size:
        message = f"it has {found_size} bytes and its record says {size}"
        faults.append(Fault(place, message, "record-size", again))
    if found != sha256:
        message = f"its SHA-256 is `{found}` and its record says `{sha256}`"
        faults.append(Fault(place, message, "record-hash", again))
    return tuple(faults)


def _is_hash(value: Json) -> TypeGuard[str]:
    """A line of `SHA256SUMS` is made of it: nothing else gets through."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _sentence(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)


def _mapping(path: Path) -> dict[str, Json]:
    try:
        value: Json = json.loads(path.read_bytes())
        if not isinstance(value, dict):
            raise ValueError("it is not a mapping")
        as_bytes(value)  # Python reads more than it may write again: NaN, half of a surrogate pair
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not a mapping in JSON") from error
    return value
