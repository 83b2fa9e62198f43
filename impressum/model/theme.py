"""The look of a publication: a theme's tokens, and the templates that read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from impressum.memo import Json


@dataclass(frozen=True)
class Theme:
    """`tokens` as the book's templates read them; `templates` are Typst files by name (`cover.typ`)."""

    name: str
    tokens: Mapping[str, Json]
    templates: Mapping[str, bytes]

    def number(self, *path: str) -> float:
        """The number that stands under `path` in the tokens."""
        value: Json = dict(self.tokens)
        for key in path:
            assert isinstance(value, dict)
            value = value[key]
        assert isinstance(value, int | float)
        return float(value)
