"""`verify FILE`: whether a published file is what everything says that vouches for it.

`SHA256SUMS` lists each file of `dist` with its sum, the record of a product says what it holds, `build-record.json`
repeats both, and `releases/<version>.json`, which is kept with the sources, says what was released. Whoever changes
a file has to change all of them; nothing here is signed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place, printable
from impressum.release.history import Past, past_release
from impressum.stages.publish import files, records
from impressum.stages.publish.journal import JOURNAL
from impressum.stages.publish.records import BUILD_RECORD, SUFFIX, SUMS, Record, Sum
from impressum.stages.verify.document import SECOND_READER, second_opinion
from impressum.system.cache import Json
from impressum.system.parallel import at_once, processors
from impressum.system.workspace import Workspace

AGAIN = "build it again, or fetch it again from where it was published"
FETCH = "fetch all files of the folder from where they were published"
CHANGES = re.compile(r"CHANGES-(.+)\.(md|json)")


def check_published(path: Path, workspace: Workspace) -> tuple[Fault, ...]:
    """Faults, placed at `path` as given, where the published file or folder differs from what vouches for it or from
    the releases in `workspace`. `SHA256SUMS`, or its folder, means all files that it lists."""
    for folder in (path, path.parent, path.parent.parent):
        if os.path.lexists(folder / JOURNAL):
            message = "a build was interrupted while it published here: its files and older ones may stand side by side"
            hint = "build again, which finishes or undoes it first"
            return (Fault(Place((folder / JOURNAL).as_posix()), message, "publishing-interrupted", hint),)
    if not (path.is_dir() or path.is_file()):
        return (
            Fault(Place(path.as_posix()), f"there is no file `{path.name}`", "file-missing", "look for it in `dist`"),
        )
    if (path / SUMS).is_file():
        path = path / SUMS
    folder = path.parent
    name = path.name
    if not path.is_dir() and not (folder / SUMS).is_file() and (folder.parent / SUMS).is_file():
        folder, name = folder.parent, f"{folder.name}/{name}"
    try:
        dist = _Dist(folder, workspace)
        return tuple(dict.fromkeys(dist.all() if name == SUMS else dist.check(name)))
    except Faulty as faulty:
        return tuple(faulty.faults)


def summary(path: Path) -> str:
    """A summary of the verified `path`: what vouches for it, version and date, what was waived, its stage."""
    record = path.with_name(path.name + SUFFIX)
    if not record.is_file():
        return f"as `{SUMS}` says"
    fields = records.read(record).fields
    parts = ["as its record says"]
    release, stage = fields.get("release"), fields.get("stage")
    if isinstance(release, dict):
        parts.append(f"version {release.get('version')} of {release.get('date')}")
        waivers = release.get("waivers")
        for waiver in waivers if isinstance(waivers, list) else []:
            if isinstance(waiver, dict):
                parts.append(f"waived `{waiver.get('rule')}`: {waiver.get('reason')}")
    elif isinstance(stage, str) and stage != "final":
        parts.append(f"its stage is `{stage}`")
    for one in map(_mapping, _list(fields.get("validated"))):
        words = [one.get("validator"), one.get("version"), *_list(one.get("arguments"))]
        parts.append(f"passed by `{' '.join(str(word) for word in words if word is not None)}`")
    return printable("; ".join(parts))


class _Dist:
    """The published files in `folder`, and what vouches for them. Raises Faulty where the sums cannot be read."""

    def __init__(self, folder: Path, workspace: Workspace) -> None:
        self.folder, self.workspace = folder, workspace
        self.sums = _read_sums(folder / SUMS)

    def all(self) -> Iterator[Fault]:
        for faults in at_once([partial(tuple, self.check(name)) for name in self.sums], processors()):
            yield from faults

    def check(self, name: str) -> Iterator[Fault]:
        """The faults of the file or the folder of this name."""
        product = name.partition("/")[0].removesuffix(SUFFIX)
        has_record = product + SUFFIX in self.sums or (self.folder / (product + SUFFIX)).exists()
        if has_record or product.endswith(".pdf") or (self.folder / product).is_dir():
            yield from self._product(product, name)
        else:
            yield from self._listed(name)
            yield from self._shared(name)

    def _product(self, product: str, name: str) -> Iterator[Fault]:
        """The product as a whole, or the one file `name` of it, and its record."""
        record_name = product + SUFFIX
        place = self._place(record_name)
        if not (self.folder / record_name).is_file():
            message = f"its record `{record_name}` is not beside it, so nothing says what the file must be"
            hint = "build it again, or fetch the record from where the file was published"
            yield Fault(self._place(name), message, "record-missing", hint)
            return
        try:
            record = records.read(self.folder / record_name)
        except (ValueError, OSError) as error:
            yield Fault(place, f"the record cannot be read: {_sentence(error)}", "record-unreadable", AGAIN)
            return
        faults = [*self._listed(record_name), *self._repeated(record, place), *self._released(record)]
        if any(_mapping(one).get("sha256") != record.sha256 for one in _list(record.fields.get("validated"))):
            faults.append(Fault(place, "it says that a validator saw other bytes", "record-hash", AGAIN))
        if record.name != product:
            faults.append(Fault(place, f"it is the record of `{record.name}`", "record-changed", AGAIN))
        lines = record.files or (Sum(product, record.sha256),)
        for line in lines:
            if name in (product, line.name):
                faults += self._compared(line, None if record.files else record.size)
        if name not in (product, record_name, *(line.name for line in lines)):
            faults.append(Fault(self._place(name), f"`{record_name}` does not list it", "record-hash", AGAIN))
        yield from faults
        if not faults and name == product and "contents" in record.fields and not _waived(record):
            yield from second_opinion(
                record.fields["contents"], (self.folder / product).read_bytes(), self._place(product)
            )

    def _compared(self, line: Sum, size: int | None) -> Iterator[Fault]:
        """The file of this `line` of a record, where it says it of `size` bytes."""
        place, path = self._place(line.name), self.folder / line.name
        if not path.is_file():
            yield Fault(place, "it is recorded and not there", "file-missing", AGAIN)
            return
        try:
            found_size, found = path.stat().st_size, files.sha256_of(path)
        except OSError as error:
            yield Fault(place, f"the file cannot be read: {_sentence(error)}", "file-unreadable", AGAIN)
            return
        if size is not None and found_size != size:
            yield Fault(place, f"it has {found_size} bytes and its record says {size}", "record-size", AGAIN)
        if found != line.sha256:
            yield Fault(place, f"its SHA-256 is `{found}` and its record says `{line.sha256}`", "record-hash", AGAIN)
        else:
            yield from self._listed(line.name)

    def _listed(self, name: str) -> Iterator[Fault]:
        """Compares the file of this name with its line in `SHA256SUMS`."""
        place, wanted = self._place(name), self.sums.get(name)
        if wanted is None:
            yield Fault(
                place, f"`{SUMS}` beside it does not list `{name}`, so nothing vouches for it", "sums-unlisted", FETCH
            )
            return
        try:
            found = files.sha256_of(self.folder / name)
        except OSError as error:
            yield Fault(place, f"the file cannot be read: {_sentence(error)}", "file-unreadable", AGAIN)
            return
        if found is None:
            yield Fault(place, f"`{SUMS}` lists it and it is not there", "file-missing", AGAIN)
        elif found != wanted and name.endswith(SUFFIX):
            message = f"the record was changed: its SHA-256 is `{found}` and `{SUMS}` says `{wanted}`"
            yield Fault(place, message, "record-changed", AGAIN)
        elif found != wanted:
            yield Fault(place, f"its SHA-256 is `{found}` and `{SUMS}` says `{wanted}`", "sums-hash", AGAIN)

    def _repeated(self, record: Record, place: Place) -> Iterator[Fault]:
        """Whether `build-record.json`, where it is, repeats the `record`."""
        if self.build is not None and records.listed_in_build(record) not in _list(self.build.get("products")):
            yield Fault(place, f"`{BUILD_RECORD}` does not say the same of `{record.name}`", "record-changed", AGAIN)

    def _shared(self, name: str) -> Iterator[Fault]:
        """Compares a file that belongs to no edition with `build-record.json` and the release."""
        found = files.sha256_of(self.folder / name)
        entry = {"name": name, "sha256": found}
        if name != BUILD_RECORD and self.build is not None and entry not in _list(self.build.get("shared")):
            yield Fault(self._place(name), f"`{BUILD_RECORD}` does not list it as it is", "record-changed", AGAIN)
        about = (self.build or {}).get("release")
        changes = CHANGES.fullmatch(name)
        version = changes[1] if changes else _mapping(about).get("version")
        past = self._past(version)
        if past is None:
            return
        if name == BUILD_RECORD:
            if past.about != about:
                yield self._differs(name, past)
        elif past.shared.get(name) != found and (name in past.shared or self._is_ours):
            yield self._differs(name, past)

    def _released(self, record: Record) -> Iterator[Fault]:
        """Whether the `record` of a release is that of what was released, as it is kept with the sources."""
        about = record.fields.get("release")
        past = self._past(_mapping(about).get("version"))
        if past and (record.name in past.sums or self._is_ours):
            kept = (past.sums.get(record.name), past.about, past.inputs)
            if kept != (record.sha256, about, record.fields.get("inputs")):
                yield self._differs(record.name + SUFFIX, past)

    def _past(self, version: Json) -> Past | None:
        """The record of the release `version`. Raises Faulty where it is not there and should be."""
        if not isinstance(version, str):
            return None
        past = past_release(self.workspace, version)
        if past is None and self._is_ours and (self.workspace.root / files.RELEASES).is_dir():
            message = f"it says that it is version {version}, and `{files.RELEASES}` keeps no such release"
            hint = f"get `{files.RELEASES}/{version}.json` from the history of the publication, or build it again"
            raise Faulty([Fault(self._place(BUILD_RECORD), message, "release-differs", hint)])
        return past

    def _differs(self, name: str, past: Past) -> Fault:
        message = f"it is not what was released as {past.version}, by `{files.RELEASES}/{past.version}.json`"
        return Fault(self._place(name), message, "release-differs", AGAIN)

    @cached_property
    def _is_ours(self) -> bool:
        """Whether this is the `dist` of the publication whose releases are known."""
        return self.folder.resolve() == self.workspace.dist.resolve()

    @cached_property
    def build(self) -> Mapping[str, Json] | None:
        """The content of `build-record.json`; None without one. Raises Faulty where it cannot be read."""
        path = self.folder / BUILD_RECORD
        if not path.is_file():
            return None
        try:
            return records.mapping(path)
        except (ValueError, OSError) as error:
            message = f"the record cannot be read: {_sentence(error)}"
            raise Faulty([Fault(self._place(BUILD_RECORD), message, "record-unreadable", AGAIN)]) from error

    def _place(self, name: str) -> Place:
        return Place((self.folder / name).as_posix())


def _read_sums(path: Path) -> dict[str, str]:
    """The sums by name. Raises Faulty where they are not there, or not byte for byte as a build writes them."""
    place = path.as_posix()
    if not path.is_file():
        message = f"there is no `{SUMS}` beside it, so nothing vouches for the file or its record"
        raise Faulty([Fault(Place(place), message, "sums-missing", FETCH)])
    found: dict[str, str] = {}
    try:
        raw = path.read_bytes()
        lines = raw.decode("utf-8").split("\n")
    except (OSError, ValueError) as error:
        reason = _sentence(error) if isinstance(error, OSError) else "it is not UTF-8"
        raise Faulty([Fault(Place(place), f"the sums cannot be read: {reason}", "sums-unreadable", FETCH)]) from error
    for number, line in enumerate(lines, 1):
        match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
        if match and files.is_name(match[2]) and match[2] > next(reversed(found), ""):
            found[match[2]] = match[1]
        elif line or number != len(lines) or not found:
            message = "this line is not as a build writes it: a sum, two spaces and a name, each name once, in order"
            raise Faulty([Fault(Place(place, number), message, "sums-unreadable", FETCH)])
    if raw != records.sums(Sum(name, sha256) for name, sha256 in found.items()):
        raise Faulty([Fault(Place(place, len(lines)), "the last line has no end", "sums-unreadable", FETCH)])
    return found


def _waived(record: Record) -> bool:
    """Whether the release was let out although pypdf reads something else."""
    waivers = _list(_mapping(record.fields.get("release")).get("waivers"))
    return any(_mapping(one).get("rule") == SECOND_READER for one in waivers)


def _sentence(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
