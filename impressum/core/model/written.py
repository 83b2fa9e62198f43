"""The places of printed texts that are not in chapters, so that faults in them point at their line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from impressum.core.errors import Place

Texts = tuple[tuple[str, Place], ...]
"""Texts of YAML files, each with its place."""


@dataclass(frozen=True)
class WrittenTexts:
    """The `texts` of an edition, and the font `families` that its theme names."""

    texts: Texts = ()
    families: Mapping[str, Place] = field(default_factory=dict)

    def place_of(self, letters: str, path: str = "") -> Place | None:
        """The place of the first text that holds `letters`, if any; with `path`, in that file only."""
        return next((place for text, place in self.texts if letters in text and (not path or place.path == path)), None)

    def family(self, name: str) -> tuple[str, Place] | None:
        """The font family `name`, whatever its capitals, as it is written, and where."""
        return next((one for one in self.families.items() if one[0].casefold() == name.casefold()), None)
