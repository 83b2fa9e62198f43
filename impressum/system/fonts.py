"""Fonts come from packages only, never from the system, so that every machine sets the same pages.

A package that lacks a file would not stop Typst, which silently takes the next style that it finds: so each is checked.

The faces of figures are made here: Alegreya Sans with lining figures, and Serbian letter forms where they differ.
An SVG can ask for no OpenType feature, neither in Typst nor in matplotlib, and the default figures of Alegreya Sans are
old-style: good in a sentence, restless on an axis. So these faces have the same outlines under other code points.
Alegreya Sans has no Serbian italics: they are those of Spectral, as in the text. The licence of both (SIL OFL 1.1, no
reserved name) allows it.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.model.theme import FONTS
from impressum.system.cache import Memo
from impressum.system.installed import described, version

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

PACKAGE, SERIF_PACKAGE = "fontpkg_alegreya_sans", "fontpkg_spectral"
FAMILY, SERBIAN_FAMILY = "Alegreya Sans Lining", "Alegreya Sans Lining Serbian"
BASE, SERIF = "Alegreya Sans", "Spectral"
STYLES = ("Regular", "Italic", "Medium", "Bold")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SERBIAN = {0x0431: "uni0431.loclSRB"}
"""Upright letters whose Serbian form is another."""
SERBIAN_ITALICS = {code: f"uni{code:04X}.locl" for code in (0x0431, 0x0433, 0x0434, 0x043F, 0x0442)}
NARROW_SPACE, THIN_SPACE = 0x202F, 0x2009
"""The first, which French writes between thousands, is not in the face; the second is as wide."""
PACKAGES = ("fontpkg_spectral", "fontpkg_alegreya_sans", "fontpkg_ibm_plex_mono")


def family_of(tag: str) -> str:
    """The family of figures in the language `tag`."""
    return SERBIAN_FAMILY if tag.split("-")[0] in ("sr", "mk") and "Latn" not in tag else FAMILY


@cache
def figure_faces() -> Mapping[str, bytes]:
    """The font files of figures by their names, the same bytes each time."""
    return {
        f"{family.replace(' ', '')}-{style}.ttf": _face(family, style)
        for family in (FAMILY, SERBIAN_FAMILY)
        for style in STYLES
    }


def face_files(memo: Memo) -> dict[str, bytes]:
    """`figure_faces` as work files of Typst, from the `memo` where it has them: they take a while to make."""

    def run() -> bytes:
        faces = figure_faces()
        sizes = {name: len(content) for name, content in faces.items()}
        return json.dumps(sizes).encode() + b"\n" + b"".join(faces.values())

    head, _, rest = memo("faces", {"versions": faces_version()}, run).partition(b"\n")
    found: dict[str, bytes] = {}
    for name, size in json.loads(head).items():
        found[f"{FONTS}/{name}"], rest = rest[:size], rest[size:]
    return found


def faces_version() -> str:
    """The version of what the faces are made from, for keys of the memo."""
    for package in (PACKAGE, SERIF_PACKAGE):
        font_folder(package)
    return " ".join(version(package.replace("_", "-")) for package in (PACKAGE, SERIF_PACKAGE))


class Metrics:
    """How wide words are in a face of figures; all lengths are in parts of the size."""

    def __init__(self, style: str = "Regular") -> None:
        font = _opened(style)
        _remap(font, FAMILY)
        units = float(font["head"].unitsPerEm)
        widths = font["hmtx"].metrics
        self._widths: dict[int, float] = {code: widths[name][0] / units for code, name in font.getBestCmap().items()}
        self.cap_height: float = font["OS/2"].sCapHeight / units
        self.x_height: float = font["OS/2"].sxHeight / units

    def has(self, letter: str) -> bool:
        """Whether the face has this letter."""
        return ord(letter) in self._widths

    def width(self, words: str) -> float:
        """The width of `words`; a letter that the face has not counts as an em."""
        return sum((self._widths.get(ord(letter), 1.0) for letter in words), 0.0)


@cache
def metrics(style: str = "Regular") -> Metrics:
    """The metrics of one of `STYLES`."""
    return Metrics(style)


def _face(family: str, style: str) -> bytes:
    base = SERIF if family == SERBIAN_FAMILY and style == "Italic" else BASE
    font = _opened(style, base)
    if base == SERIF:
        _put(font, SERBIAN_ITALICS)
    else:
        _remap(font, family)
    for record in font["name"].names:
        text = str(record)
        if record.nameID in (1, 4, 16):
            record.string = text.replace(base, family)
        elif record.nameID == 6:
            record.string = text.replace(base.replace(" ", ""), family.replace(" ", ""))
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()


def _opened(style: str, base: str = BASE) -> TTFont:
    from fontTools.ttLib import TTFont

    package = PACKAGE if base == BASE else SERIF_PACKAGE
    file = f"{base.replace(' ', '')}-{style}.ttf"
    return TTFont(font_folder(package) / file, recalcTimestamp=False)


def _remap(font: TTFont, family: str) -> None:
    figures = {ord("0") + value: f"{name}.lf" for value, name in enumerate(DIGITS)}
    _put(font, figures | (SERBIAN if family == SERBIAN_FAMILY else {}))


def _put(font: TTFont, glyphs: Mapping[int, str]) -> None:
    """Puts other `glyphs` at their code points."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap = {**table.cmap, **glyphs, NARROW_SPACE: table.cmap[THIN_SPACE]}


@cache
def font_folder(package: str) -> Path:
    """The folder of the font files of `package` (`fontpkg_spectral`). Raises `Faulty` where one is missing or cut."""
    name = package.replace("_", "-")
    description = described(name)
    if description is None:
        raise Faulty([_font_fault(name, "this package of fonts is not installed")])
    folder = description.parent / package / "files"
    if wrong := _damaged(description, f"{package}/files/"):
        raise Faulty([_font_fault(name, f"{path} {how}") for path, how in wrong])
    return folder


def _damaged(description: Path, prefix: str) -> list[tuple[str, str]]:
    """The font files of the package with this `description` that are not as its own list has them."""
    found = []
    listed = description / "RECORD"
    for name, _, size in csv.reader(listed.read_text(encoding="utf-8").splitlines() if listed.exists() else ()):
        if not name.startswith(prefix):
            continue
        path = description.parent / name
        if not path.is_file():
            found.append((f"the font `{path.name}`", "is missing"))
        elif size and path.stat().st_size != int(size):
            found.append((f"the font `{path.name}`", f"is damaged: it has not its {size} bytes"))
    return found


def _font_fault(name: str, said: str) -> Fault:
    hint = (
        f"delete the environment `{sys.prefix}` and run `python build.py` again, which makes it anew; "
        f"into one of your own: `python -m pip install --force-reinstall {name}`"
    )
    return Fault(Place(name), said, "font-missing", hint)


@cache
def font_folders() -> tuple[Path, ...]:
    """The folders of the font packages. Raises `Faulty` where one is not whole."""
    return tuple(font_folder(package) for package in PACKAGES)


def font_versions() -> dict[str, str]:
    """The version of each font package, for the keys of the memo. Raises `Faulty` where one is not whole."""
    font_folders()
    return {package: version(package.replace("_", "-")) for package in PACKAGES}
