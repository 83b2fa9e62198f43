"""Adds to SVG and PNG files what Typst does not write: title, description, resolution."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
EMBEDDED = "data:image/svg+xml;base64,"
HREF = f"{{{XLINK}}}href"
REFERENCE = re.compile(r"url\(#([^)]+)\)")
PNG_HEAD = 8 + 25  # the length of the signature and of the first chunk of a PNG
METRES_AN_INCH = 0.0254


def labelled_svg(svg: bytes, title: str, alt: str, tag: str) -> bytes:
    """`svg`, as Typst wrote it, with `title` and `alt` for those who do not see it, in the language `tag`. A drawing
    that it holds as an embedded SVG becomes a part of it: not every program shows an SVG in an SVG."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(svg)
    for count, image in enumerate(list(root.iter(_svg("image")))):
        address = image.get(HREF, "")
        if address.startswith(EMBEDDED):
            _open(image, ElementTree.fromstring(base64.b64decode(address[len(EMBEDDED) :])), f"drawing-{count}-")
    root.set("role", "img")
    root.set("aria-labelledby", "title description")
    root.set("lang", tag)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", tag)
    for position, (name, identifier, words) in enumerate((("title", "title", title), ("desc", "description", alt))):
        element = ElementTree.Element(_svg(name), {"id": identifier})
        element.text = words
        root.insert(position, element)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def labelled_png(png: bytes, texts: Mapping[str, str], ppi: float) -> bytes:
    """`png` with `texts` under their keywords (those of the PNG specification) and the pixels an inch `ppi`."""
    metre = round(ppi / METRES_AN_INCH)
    added = _chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))
    for keyword, words in texts.items():
        added += _chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + words.encode())
    return png[:PNG_HEAD] + added + png[PNG_HEAD:]


def size_of_png(png: bytes) -> tuple[int, int]:
    """The pixels of a PNG across and down."""
    across, down = struct.unpack(">II", png[16:24])
    return across, down


def _svg(name: str) -> str:
    return f"{{{SVG}}}{name}"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _open(image: Element, drawing: Element, prefix: str) -> None:
    """Makes of `image` the `drawing` that it embeds; its ids get `prefix`, so that they meet no others."""
    from xml.etree.ElementTree import SubElement

    for element in drawing.iter():
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.set(key, prefix + value)
            elif key in ("href", HREF) and value.startswith("#"):
                element.set(key, f"#{prefix}{value[1:]}")
            else:
                element.set(key, REFERENCE.sub(lambda found: f"url(#{prefix}{found[1]})", value))
    _, _, across, down = drawing.get("viewBox", "").split()
    scale = f"scale({_number(image, 'width') / float(across):.9g} {_number(image, 'height') / float(down):.9g})"
    offset = f"translate({_number(image, 'x'):g} {_number(image, 'y'):g})"
    placed = " ".join(filter(None, (image.get("transform"), offset, scale)))
    image.clear()
    image.tag = _svg("g")
    image.set("transform", placed)
    edge = SubElement(image, _svg("clipPath"), {"id": f"{prefix}edge"})  # as the edge of an image cuts
    SubElement(edge, _svg("rect"), {"width": across, "height": down})
    SubElement(image, _svg("g"), {"clip-path": f"url(#{prefix}edge)"}).extend(drawing)


def _number(element: Element, name: str) -> float:
    return float(element.get(name, "0"))
