"""The look of a publication: a theme's tokens, and the templates that read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from impressum.memo import Json

LENGTH = re.compile(r"(-?[\d.]+)\s*([a-z]*)")
UNITS = {"mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "pt": 1.0, "": 1.0}


@dataclass(frozen=True)
class Theme:
    """`tokens` as the book's templates read them; `templates` are Typst files by name (`cover.typ`)."""

    name: str
    tokens: Mapping[str, Json]
    templates: Mapping[str, bytes]

    def number(self, *path: str) -> float:
        """The number that stands under `path` in the tokens."""
        value = self._value(path)
        assert isinstance(value, int | float)
        return float(value)

    def length(self, *path: str) -> float:
        """The length that stands under `path` in the tokens, in points; a bare number is points."""
        found = LENGTH.fullmatch(str(self._value(path)).strip())
        assert found is not None, f"{'.'.join(path)} is a length"
        return float(found[1]) * UNITS[found[2]]

    def _value(self, path: tuple[str, ...]) -> Json:
        value: Json = dict(self.tokens)
        for key in path:
            assert isinstance(value, dict)
            value = value[key]
        return value
