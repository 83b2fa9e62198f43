"""The look of a publication: a theme's tokens, and the templates that read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from impressum.core.errors import Place
from impressum.core.languages import fallbacks
from impressum.core.model import Json
from impressum.core.model.document import Width

FONTS = "fonts"
"""The folder of fonts among the work files of Typst."""
LENGTH = re.compile(r"(-?[\d.]+)\s*([a-z]*)")
CAPTION_LINES = 4
"""Lines of body text reserved for caption and source below a figure that fills a page."""
SERIES = ("series-1", "series-2", "series-3", "series-4", "series-5", "series-6")
"""The colours of the series of a chart, by their tokens."""
LETTERING = (8.0, 9.0)
"""The least and the greatest size of letters in figures, in points."""
UNITS = {"mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "pt": 1.0, "": 1.0}


def laid_over(base: Mapping[str, Json], changes: Mapping[str, Json]) -> dict[str, Json]:
    """`base` with `changes`: groups merge token by token, all else replaces."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = laid_over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


@dataclass(frozen=True)
class Room:
    """The space for a figure, in points: its width, and the height that a page leaves it under its caption."""

    width: float
    height: float


@dataclass(frozen=True)
class FigureRooms:
    """The room of a figure by its width, and `between` two, in points (none: no limit); `resolution` in dpi."""

    rooms: Mapping[Width, Room]
    resolution: float
    between: float = 0.0
    is_known: bool = True

    @property
    def half(self) -> Room:
        """The room of each of two figures beside each other."""
        whole = self.rooms["text"]
        return Room((whole.width - self.between) / 2, whole.height)


@dataclass(frozen=True)
class FigureStyle:
    """The look of what is drawn: `size` of letters in points, colours as `#15324a`, those of series in their order."""

    size: float
    ink: str
    quiet: str
    rule: str
    series: tuple[str, ...]


@dataclass(frozen=True)
class Theme:
    """`tokens` as the book's templates read them; Typst files (`cover.typ`) and the publication's own fonts by name."""

    name: str
    tokens: Mapping[str, Json]
    templates: Mapping[str, bytes]
    fonts: Mapping[str, bytes] = field(default_factory=dict)
    families: Mapping[str, Place] = field(default_factory=dict, compare=False)
    """Where the publication names families of fonts, by their names."""
    is_whole: bool = True
    """Whether every setting in the publication could be read."""

    @property
    def files(self) -> dict[str, bytes]:
        """The work files of Typst that the look consists of, but for the tokens."""
        templates = {f"book/{name}": content for name, content in self.templates.items()}
        return templates | {f"{FONTS}/{name}": content for name, content in self.fonts.items()}

    def in_language(self, tag: str) -> Theme:
        """The theme for an edition: `type.by-language` laid over `type`, `sr` before `sr-Cyrl` before `sr-Cyrl-RS`."""
        types = self.tokens["type"]
        assert isinstance(types, dict)
        languages = types["by-language"]
        assert isinstance(languages, dict)
        said: dict[str, Json] = {key: value for key, value in types.items() if key != "by-language"}
        for language in dict.fromkeys((tag.split("-")[0], *reversed(fallbacks(tag)))):
            changes = languages.get(language)
            said = laid_over(said, changes) if isinstance(changes, dict) else said
        return replace(self, tokens={**self.tokens, "type": {**said, "by-language": {}}})

    def number(self, *path: str) -> float:
        """The number at `path` in the tokens."""
        value = self._value(path)
        assert isinstance(value, int | float)
        return float(value)

    def length(self, *path: str) -> float:
        """The length at `path` in the tokens, in points; a bare number is points."""
        found = LENGTH.fullmatch(str(self._value(path)).strip())
        assert found is not None, f"{'.'.join(path)} is a length"
        return float(found[1]) * UNITS[found[2]]

    def text(self, *path: str) -> str:
        """The word or the colour at `path` in the tokens."""
        return str(self._value(path))

    def flag(self, *path: str) -> bool:
        """Whether the token under `path` is `true`."""
        value = self._value(path)
        assert isinstance(value, bool)
        return value

    def figure_rooms(self) -> FigureRooms:
        """How large figures may be."""
        measure, margin = self.length("page", "measure"), self.length("page", "margin-column")
        wide = measure + (self.length("page", "gutter") + margin if margin else 0.0)
        pitch, size = self.number("type", "body", "leading"), self.number("type", "body", "size")
        height = self.number("page", "lines") * pitch - (pitch - size)
        caption = CAPTION_LINES * pitch
        return FigureRooms(
            {
                "text": Room(measure, height - caption),
                "wide": Room(wide, height - caption),
                "page": Room(wide, height - caption),
                "landscape": Room(height, wide - caption),
            },
            self.number("figures", "resolution"),
            pitch,
            self.is_whole,
        )

    def figure_style(self) -> FigureStyle:
        """How figures are drawn: in the size and the colours of the text around them."""
        return FigureStyle(
            min(max(self.number("type", "small", "size"), LETTERING[0]), LETTERING[1]),
            self.text("colour", "ink"),
            self.text("colour", "quiet"),
            self.text("colour", "rule"),
            tuple(self.text("colour", name) for name in SERIES),
        )

    def _value(self, path: tuple[str, ...]) -> Json:
        value: Json = dict(self.tokens)
        for key in path:
            assert isinstance(value, dict)
            value = value[key]
        return value
