"""What makes a picture file fit to be printed: its bytes are what its name says, and it reads nothing else."""

from __future__ import annotations

import math
import re

SUFFIXES = (".svg", ".png", ".jpg", ".jpeg")
MAGIC = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
SVG_NAMES = re.compile(r"^\{http://www\.w3\.org/2000/svg\}svg$")


def what_is_wrong(content: bytes, suffix: str) -> str | None:
    """Why a picture of these bytes and this suffix cannot be printed (the end of a sentence), or None.

    An SVG is refused where it has a DOCTYPE (entities), a script, or names a file or address to read.
    """
    if suffix not in SUFFIXES:
        return f"is of a kind (`{suffix or 'no suffix'}`) that cannot be printed"
    if not content:
        return "is empty or larger than 50 MB"
    if suffix != ".svg":
        is_it = content.startswith(MAGIC[suffix])
        return None if is_it else f"is not a {suffix[1:].upper()} file, whatever its name says"
    return _wrong_svg(content)


def pixels(content: bytes, suffix: str) -> tuple[int, int] | None:
    """The pixels of a picture across and down, as it is shown; None for an SVG, and for what cannot be read."""
    if suffix == ".svg":
        return None
    import io
    import warnings

    from PIL import ExifTags, Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of what is very large, which is no fault here
            with Image.open(io.BytesIO(content)) as picture:
                across, down = picture.size
                is_on_its_side = picture.getexif().get(ExifTags.Base.Orientation, 1) >= 5
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return (down, across) if is_on_its_side else (across, down)


def too_few_pixels(across: int, printed: float, least: float) -> tuple[str, str] | None:
    """Why a picture `across` pixels wide is not fit to be `printed` so many points wide, and what to do about it.

    None where it has at least `least` pixels an inch.
    """
    if across / printed * 72 > least - 1:
        return None
    needed, widest = math.ceil(printed / 72 * least), across / least * 25.4
    return (
        f"is {across} pixels wide, and is printed at {across / printed * 72:.0f} an inch",
        f"use one that is at least {needed} pixels wide, or set it no wider than {widest:.0f}mm",
    )


def _wrong_svg(content: bytes) -> str | None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return "has a DOCTYPE, which an SVG here may not have"
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError) as problem:
        return f"is not well-formed SVG ({problem})"
    if not SVG_NAMES.match(root.tag):
        return "is XML but not SVG"
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in ("script", "foreignObject"):
            return f"holds a `{name}`, which an SVG here may not have"
        for key, value in element.attrib.items():
            if key.rpartition("}")[2] == "href" and not value.startswith(("#", "data:image/")) and name != "a":
                return f"reads another file (`{value[:40]}`)"
    return None
