"""Documents that were read before, from the memo: what a chapter became, with the faults that were found on the way.

A document is kept pickled. Nothing but the values of `model/` is made of it again, whoever wrote the file.
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from impressum.core.errors import Fault, Place
from impressum.core.model import document as d
from impressum.system.cache import Json, Memo, digest

IMAGE = "!["
DRAWN = re.compile(r"!\[[^\[\]\n]*\]\((?:figure|table):")
KNOWN = ("impressum.core.model.", "impressum.core.errors")


@dataclass(frozen=True)
class Read:
    """What reading a chapter gave: its blocks, and what was noted of faults, work files and ids on the way."""

    blocks: tuple[d.Block, ...]
    faults: tuple[Fault, ...]
    files: Mapping[str, bytes]
    ids: Mapping[str, Place]
    hash: str = ""
    """Of all of it; empty where it is not known."""
    kept_as: str = ""
    """By what the memo knows it; empty where it does not."""
    shown: tuple[str, ...] = ()
    """The files of images that it shows, by the names that the chapter gives them; their bytes are not remembered."""


def reads_no_files(text: str) -> bool:
    """Whether the Markdown `text` shows no image but figures and tables of the publication: all that it reads of the
    disk is images."""
    return text.count(IMAGE) == len(DRAWN.findall(text))


def remembered(memo: Memo, inputs: Mapping[str, Json], read: Callable[[], Read], about: str) -> Read:
    """What `read()` gives, from the memo where it was read before from the same `inputs`."""
    fresh: list[Read] = []

    def run() -> bytes:
        given = read()
        fresh.append(replace(given, blocks=_with_one_space(given.blocks, d.Space(Place("")))))
        return _written(fresh[0])

    name, raw = memo.taken("document", inputs, run, about=about)
    if fresh:  # as it is: what is made of a pickle takes longer, and more memory
        return replace(fresh[0], hash=digest(raw), kept_as=name)
    known = _understood(raw)
    return replace(known, hash=digest(raw), kept_as=name) if known else read()


def blocks_of(memo: Memo, name: str) -> tuple[d.Block, ...] | None:
    """The blocks of what `remembered` has kept as `name`; None where they are no longer there."""
    raw = memo.named(name)
    known = _understood(raw) if raw is not None else None
    return known.blocks if known else None


def _understood(raw: bytes) -> Read | None:
    """What was read; None where `raw` is not what was written: another program has been at it."""
    try:
        return _read(raw)
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError):
        return None


def _written(read: Read) -> bytes:
    return pickle.dumps((read.blocks, read.faults, dict(read.files), dict(read.ids), read.shown), protocol=5)


def _with_one_space(value: Any, space: d.Space) -> Any:
    """`value` with the same object for each space: half of a document are spaces, and they need not be made anew."""
    if isinstance(value, tuple):
        return tuple(_with_one_space(part, space) for part in value)
    if isinstance(value, d.Space):
        return space
    return d.mapped(value, lambda part: _with_one_space(part, space)) if isinstance(value, d.Node) else value


def _read(raw: bytes) -> Read:
    blocks, faults, files, ids, shown = _Values(io.BytesIO(raw)).load()
    return Read(blocks, faults, files, ids, shown=shown)


class _Values(pickle.Unpickler):
    """Makes values of `model/`, and places and faults; whatever else is named is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(KNOWN) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and is_dataclass(found) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of a document")
