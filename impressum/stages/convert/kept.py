"""Values of chapters as they are kept in the cache, which may come from a place that is not trusted."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any, ClassVar, TypeVar

T = TypeVar("T")
VALUES = ("impressum.core.model.", "impressum.core.errors")
"""The modules whose values are made of what is kept."""


def as_bytes(values: tuple[object, ...]) -> bytes:
    """`values` for the cache."""
    return pickle.dumps(values, protocol=5)


def read_back(make: Callable[..., T], raw: bytes) -> T | None:
    """`make` of the values that `as_bytes` made `raw` of; None where it is something else."""
    try:
        return make(*_Values(io.BytesIO(raw)).load())
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError):
        return None


class _Values(pickle.Unpickler):
    """Makes values of `core/model/`, places and faults; anything else that is named is refused."""

    known: ClassVar[dict[tuple[str, str], type]] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in self.known:
            return self.known[module, name]
        if module.startswith(VALUES) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and is_dataclass(found) and found.__module__ == module:
                self.known[module, name] = found
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of a document")
