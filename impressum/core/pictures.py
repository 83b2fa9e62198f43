"""Checks that a picture can be printed: its bytes match its suffix, and it reads no other file."""

from __future__ import annotations

import base64
import math
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from impressum.core.letters import TURNS, TURNS_HINT
from impressum.core.photographs import Unfit, check_decodes, frame_of, in_srgb, lean, opened, profile_of
from impressum.core.png_files import SIGNATURE, check_png

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

SUFFIXES = (".svg", ".png", ".jpg", ".jpeg")
FILES = (*SUFFIXES, ".pdf")
"""A PDF is printed as the SVG that is made of it."""
LOOK_AT_COLOURS = "look at its colours in the PDF, or save it in sRGB"
HOLD_FONTS = "save it with its fonts: `cairo_pdf()` in R, or `pdftocairo -pdf old.pdf new.pdf` (poppler)"
MAGIC = {
    ".png": SIGNATURE,
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".gif": b"GIF8",
    ".webp": b"RIFF",
}
MOST_PIXELS = 100_000_000
"""A page of A4 at 600 an inch has 35 million."""
DEEPEST, MOST_ELEMENTS = 200, 1_000_000
"""Of an SVG; what is used more than once counts each time."""
NOT_HERE = frozenset(("script", "foreignObject", "iframe", "embed", "object", "audio", "video", "handler", "listener"))
PICTURE_WITHIN = re.compile(r"data:image/(png|jpe?g|gif|webp)((?:;[^,]*)?),(.*)", re.IGNORECASE | re.DOTALL)
ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
DECLARED = re.compile(r"\A<\?xml\s[^>]*\?>")
FOR_OTHERS = re.compile(
    r"<!DOCTYPE\s+svg\b[^<>\[\]]*>|<color-profile\b[^<>]*(?:/>|>\s*</color-profile\s*>)"
    r"|(?<=[\w)%])\s+icc-color\([^()<>]*\)"
)
"""A document type without entities, and ICC colours, each behind its sRGB: Typst would make both black."""
LENGTH = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
MOST_TOLD = 3
"""Reasons why one SVG cannot be printed that a message gives."""
MOST_EFFORT = 300.0
"""Times that the filters of a drawing may go over its pixels."""
MOST_RULES = 5_000
"""Of style in an SVG: for twice as many, four times as long is needed."""
MOST_LETTERS = 20_000
"""Of the text in an SVG: two printed pages full."""
LEAST_LENGTH, MOST_LENGTH = 1e-6, 1e9
"""Of the sides of an SVG, in whatever unit: less, or more, is none."""
LINK = re.compile(r"\s*(https?://|mailto:|#)", re.IGNORECASE)
FETCHED = re.compile(r"@import|\\|url\(\s*+[\"']?+\s*+(?!#|data:)([^)]{0,40})", re.IGNORECASE)
"""In CSS, where a backslash may hide the rest."""
UNSEEN = ("aria-", "data-", "id", "class")
REFERRED = re.compile(r"url\(\s*[\"']?\s*#([^)\"'\s]{1,200})")


def how_to_mend(wrong: str) -> str:
    """The hint for a picture that cannot be printed for the reason that `what_is_wrong` gives."""
    if "foreignObject" in wrong:
        return "export it without HTML: in draw.io with “Convert labels to SVG”, in Mermaid with `htmlLabels: false`"
    if "hold its font" in wrong:
        return HOLD_FONTS
    if "pages, and a picture has one" in wrong:
        return "save the page alone: `qpdf old.pdf --pages . 1 -- new.pdf`"
    return TURNS_HINT if "turns the direction" in wrong else f"save it anew as one of {', '.join(FILES)}"


def what_is_wrong(content: bytes, suffix: str) -> str | None:
    """Why a picture of these bytes and this suffix cannot be printed (the end of a sentence), or None.

    An SVG is refused where it has a DOCTYPE (entities), a script, names a file or address to read, or grows without
    measure; a photograph, where it cannot be read or has too many pixels; so is an SVG that holds such a photograph.
    """
    if suffix not in SUFFIXES:
        return f"is of a kind (`{suffix or 'no suffix'}`) that cannot be printed"
    if not content:
        return "is empty or larger than 50 MB"
    try:
        if suffix == ".svg":
            return _wrong_svg(in_utf8(content))
        _check_photograph(content, suffix)
    except Unfit as unfit:
        return str(unfit)
    return None


def what_is_converted(content: bytes, suffix: str) -> tuple[str, str] | None:
    """The conversion that a printable picture needs, and a hint; None for most."""
    if suffix == ".svg":
        _, held = _pictures_within(in_utf8(content))
        found = (what_is_converted(_content_within(one), f".{one[1].lower()}") for _, _, one in held)
        inside = next(filter(None, found), None)
        return (f"holds a picture that {inside[0]}", inside[1]) if inside else None
    if suffix not in (".jpg", ".jpeg") or not frame_of(content).is_cmyk:
        return None
    profile = profile_of(content)
    if profile:
        by = f"is in CMYK, and is printed in sRGB, converted by its profile `{profile}`"
        return by, LOOK_AT_COLOURS
    return "is in CMYK without a profile, so its colours in print are a guess", "save it in sRGB, or with its profile"


def as_printed(content: bytes, suffix: str, to_srgb: Callable[[bytes], bytes] = in_srgb) -> bytes:
    """A printable picture as it goes into a PDF: in sRGB, without other data; `to_srgb` converts a JPEG in CMYK."""
    if suffix == ".svg":
        return _svg_as_printed(in_utf8(content), to_srgb)
    if suffix not in (".jpg", ".jpeg"):
        return content  # Typst writes their pixels, and nothing else
    shape = _shape(content)
    if frame_of(content).is_cmyk:
        content = to_srgb(content)
    return lean(content, shape[2] if shape else 1)


def pixels(content: bytes, suffix: str) -> tuple[int, int] | None:
    """The pixels of a picture across and down, as it is shown; None for an SVG, and for what cannot be read."""
    shape = None if suffix == ".svg" else _shape(content)
    if shape is None:
        return None
    across, down, orientation = shape
    return (down, across) if orientation >= 5 else (across, down)


def _shape(content: bytes) -> tuple[int, int, int] | None:
    """The stored width and height of a photograph in pixels, and its EXIF orientation (1 to 8); None if unreadable."""
    from PIL import ExifTags, Image

    try:
        with opened(content) as picture:
            across, down = picture.size
            orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return across, down, orientation if orientation in range(1, 9) else 1


def _check_photograph(content: bytes, suffix: str) -> None:
    """Raises `Unfit` where the photograph cannot be printed."""
    kind = suffix.removeprefix(".").upper()
    if not content.startswith(MAGIC[suffix]):
        raise Unfit(f"is not a {kind} file, whatever its name says")
    if suffix == ".png":
        if content[12:16] == b"IHDR":
            _check_size(int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
        check_png(content)
    elif suffix in (".jpg", ".jpeg"):
        frame_of(content)
        check_decodes(content)
    shape = _shape(content)
    if shape is None or 0 in shape:
        raise Unfit("is damaged")
    _check_size(*shape[:2])


def _check_size(across: int, down: int) -> None:
    if across * down > MOST_PIXELS:
        raise Unfit(f"has {across} × {down} pixels, and at most {MOST_PIXELS // 1_000_000} million are printed")


def too_few_pixels(across: int, printed: float, least: float) -> tuple[str, str] | None:
    """Why `across` pixels are fewer than `least` an inch at `printed` points, and what to do about it; or None."""
    if across / printed * 72 > least - 1:
        return None
    needed, widest = math.ceil(printed / 72 * least), across / least * 25.4
    hint = f"use one that is at least {needed} pixels wide, or set it no wider than {widest:.0f}mm"
    return f"is {across} pixels wide, and is printed at {across / printed * 72:.0f} an inch", hint


def in_utf8(svg: bytes) -> bytes:
    """An SVG in UTF-8, whatever encoding it says it has. Raises `Unfit` where it has another."""
    named = ENCODING.match(svg)
    encoding = "utf-16" if svg.startswith((b"\xff\xfe", b"\xfe\xff")) else named[1].decode() if named else "utf-8"
    try:
        text = svg.decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError) as problem:
        raise Unfit(f"is not in the encoding (`{encoding}`) that it says, or that nobody knows") from problem
    return FOR_OTHERS.sub("", DECLARED.sub("", text, count=1)).encode()


def _wrong_svg(content: bytes) -> str | None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return "has a DOCTYPE with entities, which an SVG here may not have"
    if b"<?xml-stylesheet" in content:
        return "reads another file (`xml-stylesheet`)"
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as problem:
        return f"is not well-formed SVG ({problem})"
    if not re.match(r"^\{http://www\.w3\.org/2000/svg\}svg$", root.tag):
        return "is XML but not SVG"
    for side in ("width", "height"):
        length = LENGTH.match(root.get(side, ""))
        if length and not LEAST_LENGTH < float(length[0]) < MOST_LENGTH:
            return f"has the {side} `{root.get(side)}`"
    wrong = list(dict.fromkeys(filter(None, map(_wrong_element, root.iter()))))
    if wrong:
        return "; it ".join(wrong[:MOST_TOLD]) + (f"; and {len(wrong) - MOST_TOLD} more" if wrong[MOST_TOLD:] else "")
    effort, rules, letters = 0.0, 0, 0
    for element in root.iter():
        effort += _effort(element)
        rules += "".join(element.itertext()).count("{") if _plain(element.tag) == "style" else 0
        words = "".join(element.itertext()) if _plain(element.tag) == "text" else ""
        letters += len(words)
        if turns := TURNS.search(words):
            return f"holds the character U+{ord(turns[0]):04X}, which turns the direction of its text unseen"
    if letters > MOST_LETTERS:
        return f"holds {letters:,} letters of text, and at most {MOST_LETTERS:,} are read"
    if rules > MOST_RULES:
        return f"has {rules:,} rules of style, and at most {MOST_RULES:,} are read"
    return "has filters that take too long to draw" if effort > MOST_EFFORT else _wrong_size(root)


def _effort(element: Element) -> float:
    """How often a filter goes over all pixels, about; 0 for what is no part of one."""
    if not _plain(element.tag).startswith("fe"):
        return 0
    said = " ".join(element.get(key, "") for key in ("numOctaves", "radius", "order"))
    return 1 + max((float(number) for number in re.findall(r"\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", said)), default=0)


def _svg_as_printed(svg: bytes, to_srgb: Callable[[bytes], bytes]) -> bytes:
    """An SVG in UTF-8 with each picture in it as it is printed."""
    root, held = _pictures_within(svg)
    for element, key, within in held:
        content = as_printed(_content_within(within), f".{within[1].lower()}", to_srgb)
        element.set(key, f"data:image/{within[1]};base64,{base64.b64encode(content).decode()}")
    from lxml import etree

    return bytes(etree.tostring(root, encoding="utf-8")) if held else svg


def _pictures_within(svg: bytes) -> tuple[Any, list[tuple[Any, str, re.Match[str]]]]:
    """The root of an SVG, and each picture that it holds: its element, the name of the attribute, and the value."""
    if b"data:image/" not in svg.lower():
        return None, []
    from lxml import etree

    root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    return root, [
        (element, key, within)
        for element in root.iter(etree.Element)
        for key, value in element.attrib.items()
        if _plain(key) in ("href", "src") and (within := PICTURE_WITHIN.match(value))
    ]


def _content_within(within: re.Match[str]) -> bytes:
    """The bytes of a picture that an SVG holds. Raises `Unfit` where they are none."""
    raw = unquote_to_bytes(within[3])
    if "base64" not in within[2].lower():
        return raw
    raw = b"".join(raw.split()).rstrip(b"=")
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except ValueError as problem:
        raise Unfit("is damaged") from problem


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
            within = PICTURE_WITHIN.match(value)
            if not (LINK.match(value) if name == "a" else value.startswith("#") or within):
                return f"reads another file (`{value[:40]}`)"
            try:
                if within:
                    _check_photograph(_content_within(within), f".{within[1].lower()}")
            except Unfit as unfit:
                return f"holds a picture that {unfit}"
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
