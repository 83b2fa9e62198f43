"""What makes a picture file fit to be printed: its bytes are what its name says, and it reads nothing else."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SUFFIXES = (".svg", ".png", ".jpg", ".jpeg")
MAGIC = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
SVG_NAMES = re.compile(r"^\{http://www\.w3\.org/2000/svg\}svg$")
MOST_PIXELS = 100_000_000
"""A page of A4 at 600 an inch has 35 million."""
DEEPEST, MOST_ELEMENTS = 200, 1_000_000
"""Of an SVG; what is used more than once counts each time."""
NOT_HERE = frozenset(("script", "foreignObject", "iframe", "embed", "object", "audio", "video", "handler", "listener"))
PICTURE_WITHIN = re.compile(r"data:image/(png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
LINK = re.compile(r"\s*(https?://|mailto:|#)", re.IGNORECASE)
FETCHED = re.compile(r"@import|\\|url\(\s*+[\"']?+\s*+(?!#|data:)([^)]{0,40})", re.IGNORECASE)
"""In CSS, where a backslash may hide the rest."""
UNSEEN = ("aria-", "data-", "id", "class")
REFERRED = re.compile(r"url\(\s*[\"']?\s*#([^)\"'\s]{1,200})")


def what_is_wrong(content: bytes, suffix: str) -> str | None:
    """Why a picture of these bytes and this suffix cannot be printed (the end of a sentence), or None.

    An SVG is refused where it has a DOCTYPE (entities), a script, names a file or address to read, or grows without
    measure; a photograph, where it cannot be read or has too many pixels.
    """
    if suffix not in SUFFIXES:
        return f"is of a kind (`{suffix or 'no suffix'}`) that cannot be printed"
    if not content:
        return "is empty or larger than 50 MB"
    if suffix != ".svg":
        if not content.startswith(MAGIC[suffix]):
            return f"is not a {suffix[1:].upper()} file, whatever its name says"
        header = content[16:24] if content[12:16] == b"IHDR" else b""
        if len(header) == 8 and int.from_bytes(header[:4]) * int.from_bytes(header[4:]) > MOST_PIXELS:
            return _wrong_pixels((int.from_bytes(header[:4]), int.from_bytes(header[4:])))
        return _wrong_pixels(pixels(content, suffix))
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


def _wrong_pixels(size: tuple[int, int] | None) -> str | None:
    if size is None or 0 in size:
        return "is damaged"
    across, down = size
    if across * down > MOST_PIXELS:
        return f"has {across} × {down} pixels, and at most {MOST_PIXELS // 1_000_000} million are printed"
    return None


def _wrong_svg(content: bytes) -> str | None:
    if b"\0" in content[:200] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is not UTF-8, as an SVG here must be"
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return "has a DOCTYPE, which an SVG here may not have"
    if b"<?xml-stylesheet" in content:
        return "reads another file (`xml-stylesheet`)"
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as problem:
        return f"is not well-formed SVG ({problem})"
    if not SVG_NAMES.match(root.tag):
        return "is XML but not SVG"
    for element in root.iter():
        wrong = _wrong_element(element)
        if wrong:
            return wrong
    return _wrong_size(root)


def _wrong_element(element: Element) -> str | None:
    name = _plain(element.tag)
    if name in NOT_HERE or "xhtml" in str(element.tag):
        return f"holds a `{name}`, which an SVG here may not have"
    for key, value in element.attrib.items():
        plain = _plain(key)
        if plain.lower().startswith("on"):
            return f"holds `{plain}`, which an SVG here may not have"
        if plain == "attributeName" and value.strip().lower().endswith("href"):
            return f"holds a `{name}` that changes a link, which an SVG here may not have"
        if plain in ("href", "src"):
            fine = LINK.match(value) if name == "a" else value.startswith("#") or PICTURE_WITHIN.match(value)
            if not fine:
                return f"reads another file (`{value[:40]}`)"
        elif "}" not in key and not plain.startswith(UNSEEN) and (fetched := FETCHED.search(value)):
            return f"reads another file (`{fetched[1] or fetched[0]}`)"
    if name == "style" and (fetched := FETCHED.search("".join(element.itertext()))):
        return f"reads another file (`{fetched[1] or fetched[0]}`)"
    return None


def _wrong_size(root: Element) -> str | None:
    """Whether elements that are used in elements that are used are more than can be drawn."""
    order: list[tuple[Element, int]] = []
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        if depth > DEEPEST:
            return f"is nested more than {DEEPEST} deep"
        order.append((element, depth))
        waiting.extend((child, depth + 1) for child in element)
    named = {element.get("id"): element for element, _ in order if element.get("id")}
    sizes: dict[Element, int] = {}
    open_: set[Element] = set()

    def size(element: Element, depth: int) -> int:
        """How many elements are drawn for `element`; more than `MOST_ELEMENTS` where it never ends."""
        if element in sizes:
            return sizes[element]
        if element in open_ or depth > DEEPEST * 3:
            return MOST_ELEMENTS + 1
        open_.add(element)
        total = 1
        for child in element:
            total += size(child, depth + 1)
        for identifier in _referred(element):
            target = named.get(identifier)
            total += size(target, depth + 1) if target is not None else 0
        open_.discard(element)
        sizes[element] = total
        return total

    if size(root, 0) > MOST_ELEMENTS:
        return "uses its own parts over and over, more often than can be drawn"
    return None


def _referred(element: Element) -> list[str]:
    """The ids that `element` draws with."""
    found = [value[1:] for key, value in element.attrib.items() if _plain(key) == "href" and value.startswith("#")]
    return [] if _plain(element.tag) == "a" else found + REFERRED.findall(" ".join(element.attrib.values()))


def _plain(name: object) -> str:
    return str(name).rpartition("}")[2]
