"""Records of releases, `releases/<version>.json`: the words and looks of pages, for the changelog and `diff`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from impressum.core.errors import Fault, Faulty, Place
from impressum.release.diff.compare import PageText, without_looks
from impressum.stages.publish.files import RELEASE, RELEASES
from impressum.system.cache import Json
from impressum.system.files import read
from impressum.system.workspace import Workspace

SCHEMA = "impressum/release"
VERSION = 1


@dataclass(frozen=True)
class ReleasedBook:
    """The book of one edition: the name of its file, its pages, and that on which its first chapter begins."""

    name: str
    edition: str
    pages: tuple[PageText, ...]
    body: int = 1


@dataclass(frozen=True)
class Past:
    """A release: the `previous` one, SHA-256 of products and `shared` files, and what records say `about` it."""

    version: str
    date: str
    previous: str | None
    sums: Mapping[str, str]
    books: tuple[ReleasedBook, ...]
    renderer: str
    """The renderer of the pages whose looks are recorded: looks of different renderers cannot be compared."""
    shared: Mapping[str, str]
    about: Mapping[str, Json]
    inputs: str


def versions(workspace: Workspace) -> tuple[str, ...]:
    """The versions that were released, the latest last: by the days of their publication, then by their numbers."""
    return tuple(past.version for past in _all(workspace))


def past_release(workspace: Workspace, version: str) -> Past | None:
    """The release `version`, or None where there was none. Raises Faulty where its record cannot be read."""
    name = f"{RELEASES}/{version}.json"
    path = workspace.root / name
    return _read(workspace, path) if RELEASE.fullmatch(name) and path.exists() else None


def release_before(workspace: Workspace, version: str) -> Past | None:
    """The release that came before `version`: of one that was released, that before it then; else the last."""
    known = {past.version: past for past in _all(workspace)}
    again = known.pop(version, None)
    return known.get(again.previous or "") if again else next(reversed(known.values()), None)


def looks_apart(books: Sequence[ReleasedBook]) -> tuple[ReleasedBook, ...]:
    """`books` without the looks of their pages, to be compared with those that another program has drawn."""
    return tuple(replace(book, pages=without_looks(book.pages)) for book in books)


def books_as_json(books: Sequence[ReleasedBook]) -> list[Json]:
    """`books` as the record of a release keeps them."""
    return [
        {
            "name": book.name,
            "edition": book.edition,
            "pages": [{"words": " ".join(page.words), "look": page.look} for page in book.pages],
        }
        for book in books
    ]


def renderer() -> str:
    """The renderer used here: pypdfium2 with its version."""
    from importlib.metadata import version

    return f"pypdfium2 {version('pypdfium2')}"


def _all(workspace: Workspace) -> list[Past]:
    folder = workspace.root / RELEASES
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    found = [_read(workspace, path) for path in paths if RELEASE.fullmatch(f"{RELEASES}/{path.name}")]
    return sorted(found, key=lambda past: (past.date, _by_numbers(past.version)))


def _by_numbers(version: str) -> list[tuple[int, int, str]]:
    """An order in which 1.10 follows 1.9, and 1.0-rc1 precedes 1.0."""
    parts = re.findall(r"\d+|[A-Za-z]+", version)
    return [(2, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts] + [(1, 0, "")]


def _read(workspace: Workspace, path: Path) -> Past:
    try:
        past = _past(json.loads(read(path)))
        if past.version != path.stem:  # of another release, or one that no file could be named after
            raise ValueError
        return past
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        name = workspace.relative(path)
        reason = error.strerror if isinstance(error, OSError) else "it is not the record of a release"
        hint = f"get it back from the history of the publication, as in `git checkout -- {name}`"
        raise Faulty(
            [Fault(Place(name), f"what was released cannot be read: {reason}", "release-unreadable", hint)]
        ) from error


def _past(raw: Mapping[str, Json]) -> Past:
    """Raises ValueError, TypeError, KeyError or AttributeError where `raw` is no record of a release."""
    if (raw["schema"], raw["version"]) != (SCHEMA, VERSION):
        raise ValueError
    said = _mapping(raw["release"])
    previous = said["previous"]
    return Past(
        _text(said["version"]),
        _text(said["date"]),
        None if previous is None else _text(previous),
        _sums(raw["products"]),
        tuple(
            ReleasedBook(
                _text(one["name"]),
                _text(one["edition"]),
                tuple(
                    PageText(number, tuple(_text(page["words"]).split()), _text(page["look"]))
                    for number, page in enumerate(map(_mapping, _list(one["pages"])), 1)
                ),
            )
            for one in map(_mapping, _list(raw["books"]))
        ),
        _text(raw["renderer"]),
        _sums(raw["shared"]),
        said,
        _text(raw["inputs"]),
    )


def _sums(listed: Json) -> dict[str, str]:
    return {_text(one["name"]): _text(one["sha256"]) for one in map(_mapping, _list(listed))}


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _mapping(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise TypeError
    return value
