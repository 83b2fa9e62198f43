"""Which of the values that a template may name it has read: what it is remembered by.

A read is a path of keys into the context and how much was read there: `whole`, the value with all that is in it;
`kind`, only what sort of value it is, as `data.trade` is read on the way to `data.trade["2023"].exports`.
Whatever a template does with a mapping besides taking one of its keys reads the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from impressum.stages.render.unread import Unread, is_unread
from impressum.system.cache import Json

How = Literal["kind", "whole"]
Key = str | int | float | bool | None
Path = tuple[Key, ...]
Read = tuple[Path, How]
ABSENT = "absent"


class Recorder:
    """Notes the reads of one text."""

    def __init__(self) -> None:
        self._found: dict[Read, None] = {}

    def note(self, path: Path, how: How) -> None:
        self._found[path, how] = None

    def clear(self) -> None:
        """Forgets all reads: another text begins."""
        self._found.clear()

    def reads(self) -> tuple[Read, ...]:
        """The reads, each once; one of something whose whole was read is left out."""
        whole = {path for path, how in self._found if how == "whole"}
        return tuple(
            (path, how)
            for path, how in self._found
            if not any(path[:length] in whole for length in range(len(path) + (how == "kind")))
        )


class Recorded(dict[Any, Any]):
    """A mapping of the context that notes what is read of it; to a template it is a plain one."""

    def __init__(self, plain: Mapping[str, Json], path: Path, recorder: Recorder) -> None:
        super().__init__(
            {
                key: Recorded(value, (*path, key), recorder) if isinstance(value, dict) else _plain(value)
                for key, value in plain.items()
            }
        )
        self._path = path
        self._recorder = recorder

    def _whole(self) -> None:
        self._recorder.note(self._path, "whole")

    def _one(self, key: object) -> None:
        if isinstance(key, str):
            key = str.__str__(key)
        if key is not None and not isinstance(key, (str, int, float)):
            self._whole()
            return
        is_mapping = isinstance(dict.get(self, key), Recorded)
        self._recorder.note((*self._path, key), "kind" if is_mapping else "whole")

    def __getitem__(self, key: Any) -> Any:
        self._one(key)
        return super().__getitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        self._one(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._one(key)
        return super().__contains__(key)

    def __iter__(self) -> Iterator[Any]:
        self._whole()
        return super().__iter__()

    def __reversed__(self) -> Iterator[Any]:
        self._whole()
        return super().__reversed__()

    def __len__(self) -> int:
        self._whole()
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        self._whole()
        if isinstance(other, Recorded):
            other._whole()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __repr__(self) -> str:
        self._whole()
        return super().__repr__()

    def keys(self) -> Any:
        self._whole()
        return super().keys()

    def values(self) -> Any:
        self._whole()
        return super().values()

    def items(self) -> Any:
        self._whole()
        return super().items()


def recorded(context: Mapping[str, Json], recorder: Recorder) -> dict[str, Any]:
    """The context as a template gets it. What is no mapping in it is not followed: `fixed` is part of every key."""
    return {
        name: Recorded(value, (name,), recorder) if isinstance(value, dict) else _plain(value)
        for name, value in context.items()
    }


def _plain(value: Json) -> Any:
    return Unread() if is_unread(value) else value


def fixed(context: Mapping[str, Json]) -> Json:
    """What every text is taken to have read: the names in `context`, and the values that are no mappings."""
    return {name: None if isinstance(value, dict) else [value] for name, value in context.items()}


def values(context: Mapping[str, Json], reads: Iterable[Read]) -> dict[str, list[Json]]:
    """What `reads` find in `context`, as a part of a key, by their names (`data.trade.2023.exports`)."""
    found: dict[str, list[Json]] = {}
    for path, how in sorted(reads, key=repr):
        value: Json = context  # type: ignore[assignment]
        for key in path:
            if not isinstance(value, Mapping) or key not in value:
                value = [ABSENT]
                break
            value = value[str(key)]
        else:
            value = {"kind": type(value).__name__} if how == "kind" else {"whole": value}
        found.setdefault(".".join(map(str, path)), []).append([list(path), how, value])
    return found


def as_reads(raw: Iterable[Any]) -> tuple[Read, ...]:
    """Reads as they come back from JSON."""
    return tuple((tuple(path), how) for path, how in raw)
