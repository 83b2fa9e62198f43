"""What makes a picture unfit: it would run, read something else, or be more than can be drawn."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from impressum.core.pictures import what_is_wrong

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
SHAPE = '<rect width="1" height="1"/>'
NESTED = base64.b64encode(f'{HEAD}<image xlink:href="/etc/passwd"/></svg>'.encode()).decode()
LAUGHS = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


def svg(inner: str) -> bytes:
    return f"{HEAD}{inner}</svg>".encode()


def png(across: int, down: int) -> bytes:
    made = io.BytesIO()
    Image.new("1", (across, down)).save(made, "png")
    return made.getvalue()


UNFIT = {
    "a script": (svg("<script>alert(1)</script>"), "holds a `script`, which an SVG here may not have"),
    "a page": (
        svg('<x:iframe xmlns:x="http://www.w3.org/1999/xhtml"/>'),
        "holds a `iframe`, which an SVG here may not",
    ),
    "what a click runs": (svg('<rect onclick="alert(1)"/>'), "holds `onclick`, which an SVG here may not have"),
    "a link that runs": (
        svg(f'<a xlink:href="javascript:alert(1)">{SHAPE}</a>'),
        "reads another file (`javascript:alert(1)`)",
    ),
    "a link that is changed": (
        svg('<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>'),
        "holds a `set` that changes a link, which an SVG here may not have",
    ),
    "a file": (svg('<image xlink:href="/etc/passwd"/>'), "reads another file (`/etc/passwd`)"),
    "a picture that reads a file": (
        svg(f'<image xlink:href="data:image/svg+xml;base64,{NESTED}"/>'),
        "reads another file (`data:image/svg+xml;base64,",
    ),
    "a style from elsewhere": (svg('<style>@import "http://x.y/z.css";</style>'), "reads another file (`@import`)"),
    "a colour from elsewhere": (
        svg("<rect style=\"fill:url( 'http://x.y/#a')\"/>"),
        "reads another file (`http://x.y/#a'`)",
    ),
    "an address behind a backslash": (svg('<rect fill="u\\72l(http://x.y/#a)"/>'), "reads another file (`\\`)"),
    "a sheet of styles": (
        b'<?xml-stylesheet href="http://x.y/z.css"?>' + svg(SHAPE),
        "reads another file (`xml-stylesheet`)",
    ),
    "entities": (LAUGHS.encode() + svg("<text>&b;</text>"), "has a DOCTYPE, which an SVG here may not have"),
    "entities in another encoding": (
        f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}{HEAD}<text>&b;</text></svg>'.encode("utf-16"),
        "is not UTF-8, as an SVG here must be",
    ),
    "parts that are used in parts that are used": (
        svg(
            f'<g id="a0">{SHAPE}</g>'
            + "".join(f'<g id="a{n}">' + f'<use xlink:href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 8))
        ),
        "uses its own parts over and over, more often than can be drawn",
    ),
    "a pattern that is filled with itself": (
        svg('<pattern id="p"><rect fill="url(#p)"/></pattern><rect fill="url(#p)"/>'),
        "uses its own parts over and over, more often than can be drawn",
    ),
    "groups in groups": (svg("<g>" * 5000 + "</g>" * 5000), "is nested more than 200 deep"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_drawing_that_does_more_than_show_is_unfit(name: str) -> None:
    content, expected = UNFIT[name]
    assert (what_is_wrong(content, ".svg") or "").startswith(expected)


def test_a_drawing_that_only_shows_is_fit() -> None:
    """Ensures it for what drawing programs write: links within, patterns, pictures inside, names of files unseen."""
    picture = base64.b64encode(png(2, 2)).decode()
    inner = (
        "<style>*{stroke-linejoin: round} .a{fill:url(#p)}</style>"
        '<defs><linearGradient id="p"><stop offset="0"/></linearGradient><clipPath id="c"><rect/></clipPath></defs>'
        f'<g clip-path="url( #c )" aria-label="C:\\x"><use xlink:href="#r"/><rect id="r" fill="url(\'#p\')"/></g>'
        f'<image xlink:href="data:image/png;base64,{picture}"/><a xlink:href="https://example.org/">{SHAPE}</a>'
        '<metadata xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:export-filename="C:\\a.png"/>'
    )
    assert what_is_wrong(svg(inner), ".svg") is None


def test_a_photograph_is_whole_and_no_larger_than_can_be_printed() -> None:
    assert what_is_wrong(png(30, 20), ".png") is None
    assert what_is_wrong(png(20_000, 6_000), ".png") == ("has 20000 × 6000 pixels, and at most 100 million are printed")
    for broken in (png(30, 20)[:20], b"\x89PNG\r\n\x1a\n" + b"garbage" * 9):
        assert what_is_wrong(broken, ".png") == "is damaged"
    assert what_is_wrong(b"\xff\xd8\xff" + b"garbage" * 9, ".jpg") == "is damaged"
