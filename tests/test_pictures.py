"""What makes a picture unfit: it would run, read something else, or be more than can be drawn."""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from pathlib import Path

import pypdfium2
import pytest
import typst
from building import copy, impressum
from PIL import Image, ImageStat

from impressum.core.errors import Place
from impressum.core.model.manuscript import Fragment
from impressum.core.pictures import as_printed, how_to_mend, pixels, what_is_converted, what_is_wrong
from impressum.stages.typeset.complaints import explain

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
    "entities": (
        LAUGHS.encode() + svg("<text>&b;</text>"),
        "has a DOCTYPE with entities, which an SVG here may not have",
    ),
    "entities in another encoding": (
        f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}{HEAD}<text>&b;</text></svg>'.encode("utf-16"),
        "has a DOCTYPE with entities, which an SVG here may not have",
    ),
    "entities that its encoding hides": (
        f'<?xml version="1.0" encoding="utf-7"?>{LAUGHS}{HEAD}<text>&b;</text></svg>'.encode("utf-7"),
        "has a DOCTYPE with entities, which an SVG here may not have",
    ),
    "another encoding than it says": (
        f'<?xml version="1.0" encoding="UTF-8"?>{HEAD}<text>é</text></svg>'.encode("latin-1"),
        "is not in the encoding (`UTF-8`) that it says, or that nobody knows",
    ),
    "an encoding that nobody knows": (
        f'<?xml version="1.0" encoding="klingon"?>{HEAD}</svg>'.encode(),
        "is not in the encoding (`klingon`) that it says, or that nobody knows",
    ),
    "no width": (HEAD.replace("viewBox", 'width="0" viewBox').encode() + b"</svg>", "has the width `0`"),
    "a width of no per cent": (
        HEAD.replace("viewBox", 'width="-0%" viewBox').encode() + b"</svg>",
        "has the width `-0%`",
    ),
    "a height below nothing": (
        HEAD.replace("viewBox", 'height="-3mm" v').encode() + b"</svg>",
        "has the height `-3mm`",
    ),
    "a height beyond all": (HEAD.replace("viewBox", 'height="1e39" v').encode() + b"</svg>", "has the height `1e39`"),
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
    **{
        f"a filter that never ends: {part}": (
            svg(f"<filter id='f'><{part}/></filter>{SHAPE}"),
            "has filters that take too",
        )
        for part in (
            "feTurbulence numOctaves='100000000'",
            "feMorphology radius='2 1e5'",
            "feConvolveMatrix order='999'",
        )
    },
    "filters upon filters": (svg(f"<filter id='f'>{'<feOffset/>' * 301}</filter>"), "has filters that take too"),
    "rules of style without end": (
        svg("<style>" + "a{b:c}" * 3000 + "</style>" + SHAPE + "<style>" + "a{b:c}" * 2001 + "</style>"),
        "has 5,001 rules of style, and at most 5,000 are read",
    ),
    "words without end": (
        svg("<text>" + "word " * 2000 + "<tspan>" + "w" * 10_001 + "</tspan></text>"),
        "holds 20,001 letters of text, and at most 20,000 are read",
    ),
    "words that are turned": (
        svg("<text>\u2067-5\u2069</text>"),
        "holds the character U+2067, which turns the direction of its text unseen",
    ),
    "words that an entity turns in a part of them": (
        svg("<text>A <tspan>&#x202e;DEB</tspan></text>"),
        "holds the character U+202E, which turns the direction of its text unseen",
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
        "<filter id='f'><feTurbulence numOctaves='4'/><feGaussianBlur stdDeviation='3'/></filter>"
        f'<image xlink:href="data:image/png;base64,{picture}"/><a xlink:href="https://example.org/">{SHAPE}</a>'
        '<metadata xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:export-filename="C:\\a.png"/>'
    )
    assert what_is_wrong(svg(inner), ".svg") is None


DRAWN_BY_OTHERS = {
    "matplotlib": (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n',
        SHAPE,
    ),
    "Graphviz": (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n<!-- Generated by graphviz -->\n',
        SHAPE,
    ),
    "a type without address": ("<!DOCTYPE svg>", SHAPE),
    "colours by a profile": (
        "",
        (
            '<defs><color-profile name="Press" xlink:href="http://x.y/press.icc"/><color-profile name="b" local="1f">\n'
            '</color-profile></defs><rect fill="#ff0000 icc-color(Press, 0, 1, 1, 0)" '
            'style="stroke:rgb(0,0,255)  icc-color(b, 1,1,0,0);stroke-width:1"/>'
        ),
    ),
}


@pytest.mark.parametrize("name", DRAWN_BY_OTHERS)
def test_a_drawing_loses_the_document_type_and_the_colours_of_print_that_other_programs_write(name: str) -> None:
    before, inner = DRAWN_BY_OTHERS[name]
    content = b'<?xml version="1.0" encoding="utf-8"?>\n' + before.encode() + svg(inner)
    assert what_is_wrong(content, ".svg") is None
    made = as_printed(content, ".svg")
    assert not re.search(rb"DOCTYPE|icc|profile", made)
    if "rect fill" in inner:
        assert b'<rect fill="#ff0000" style="stroke:rgb(0,0,255);stroke-width:1"/>' in made


def test_all_that_is_wrong_with_a_drawing_is_told_at_once() -> None:
    other = '<image href="a.png"/><image href="a.png"/>'
    drawn = svg(f"<switch><foreignObject><div/></foreignObject>{SHAPE}</switch>{other}<script/>")
    told = (
        "holds a `foreignObject`, which an SVG here may not have; it reads another file (`a.png`); it holds a `script`"
    )
    assert what_is_wrong(drawn, ".svg") == f"{told}, which an SVG here may not have"
    more = what_is_wrong(drawn.replace(b"<script/>", b'<iframe/><image href="b.png"/>'), ".svg")
    assert more == f"{told.replace('script', 'iframe')}, which an SVG here may not have; and 1 more"
    assert "Convert labels to SVG" in how_to_mend(told)
    turned = "delete it; it shows a reader other words than a program reads"
    assert how_to_mend(UNFIT["words that are turned"][1]) == turned
    assert how_to_mend("is damaged") == "save it anew as one of .svg, .png, .jpg, .jpeg, .pdf"


def jpeg(mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(made, "jpeg", **options)
    return made.getvalue()


def patched(content: bytes, marker: int, *, to: int = 0, bits: int = 8) -> bytes:
    """A JPEG whose frame says that it is coded in another way, or has so many bits a colour."""
    at = content.index(bytes((0xFF, marker)))
    return content[: at + 1] + bytes((to or marker,)) + content[at + 2 : at + 4] + bytes((bits,)) + content[at + 5 :]


def holding(content: bytes, kind: str) -> bytes:
    """An SVG that holds a picture."""
    return svg(f'<image xlink:href="data:image/{kind};base64,{base64.b64encode(content).decode()}"/>')


def printed(content: bytes, suffix: str) -> bytes:
    assert what_is_wrong(content, suffix) is None
    return as_printed(content, suffix)


NO_PICTURE = "is damaged (cannot identify image file)"
CUT_OFF = "is cut off: its last part is missing"
FAR = "pixels, and a JPEG is printed with at most 16384 across and down"
BROKEN = {
    "half of it": (jpeg()[: len(jpeg()) // 2], CUT_OFF),
    "all but its end": (jpeg()[:-2], CUT_OFF),
    "half of one that comes in steps": (jpeg(progressive=True)[:-90], CUT_OFF),
    "the room for all of it, and half of it": (jpeg()[:700] + bytes(len(jpeg()) - 700), CUT_OFF),
    "its head alone": (jpeg()[:300], CUT_OFF),
    "no size": (re.sub(rb"(\xff\xc0...)....", rb"\1" + bytes(4), jpeg(), count=1, flags=re.DOTALL), NO_PICTURE),
    "no scan": (jpeg()[: jpeg().index(b"\xff\xda")] + b"\xff\xd9", "is damaged"),
    "tables that are none": (jpeg().replace(b"\xff\xc4\x00", b"\xff\xc4\x01", 1), "is damaged"),
    "codes that are none": (
        patched(jpeg(), 0xC4, bits=0x7F),
        "is damaged (broken data stream when reading image file)",
    ),
    "arithmetic coding": (
        patched(jpeg(), 0xC0, to=0xC9),
        "is a JPEG of a kind that few programs read (arithmetic coding)",
    ),
    "arithmetic coding in steps": (
        patched(jpeg(progressive=True), 0xC2, to=0xCA),
        "is a JPEG of a kind that few programs read (arithmetic coding)",
    ),
    "no loss": (patched(jpeg(), 0xC0, to=0xC3), "is a JPEG of a kind that few programs read (a rare coding)"),
    "twelve bits": (
        patched(jpeg(), 0xC0, to=0xC1, bits=12),
        "is a JPEG of a kind that few programs read (12 bits a colour)",
    ),
    "too wide": (jpeg("L", (16_385, 8)), f"has 16385 × 8 {FAR}"),
    "too high": (jpeg("L", (8, 16_385)), f"has 8 × 16385 {FAR}"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_photograph_that_is_not_whole_or_that_typst_cannot_read_is_unfit(name: str) -> None:
    """Ensures it of a file, and of what an SVG holds, which Typst would leave out without a word."""
    content, expected = BROKEN[name]
    assert what_is_wrong(content, ".jpg") == expected
    assert what_is_wrong(holding(content, "jpeg"), ".svg") == f"holds a picture that {expected}"


def chunk(name: bytes, content: bytes) -> bytes:
    summed = name + content
    return struct.pack(">I", len(content)) + summed + struct.pack(">I", zlib.crc32(summed))


HEADER = struct.pack(">IIBBBBB", 30, 20, 8, 3, 0, 0, 0)
PALETTE, PIXELS, END_OF_PNG = chunk(b"PLTE", bytes(6)), chunk(b"IDAT", zlib.compress(bytes(620))), chunk(b"IEND", b"")


def made_of(*parts: bytes, header: bytes = HEADER) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join((chunk(b"IHDR", header), *parts, END_OF_PNG))


def test_a_png_is_made_of_the_parts_that_typst_reads() -> None:
    """Ensures it also of what Pillow passes over."""
    assert what_is_wrong(made_of(PALETTE, chunk(b"tEXt", b"a\0b"), PIXELS), ".png") is None
    for wrong in (
        made_of(chunk(b"IHDR", HEADER), PALETTE, PIXELS),
        made_of(PIXELS),
        made_of(PIXELS, PALETTE),
        made_of(PALETTE, PALETTE, PIXELS),
        made_of(chunk(b"PLTE", bytes(7)), PIXELS),
        made_of(PALETTE),
        made_of(PALETTE, chunk(b"ABCD", b""), PIXELS),
        made_of(PALETTE, PIXELS, header=HEADER[:8] + bytes((8, 5, 0, 0, 0))),
        made_of(PALETTE, PIXELS, header=HEADER[:8] + bytes((8, 3, 1, 0, 0))),
        b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"a\0b") + made_of(PALETTE, PIXELS)[8:],
    ):
        assert what_is_wrong(wrong, ".png") == "is damaged"


PASSES = ((4, 3), (4, 3), (8, 2), (7, 5), (15, 5), (15, 10), (30, 10))
"""Pixels across and down of those of an interlaced PNG of 30 × 20."""


@pytest.mark.parametrize(
    ("ways", "rows", "wrong"),
    [
        ((8, 0, 0), 20 * [31], ""),
        ((8, 0, 0), 21 * [31], ""),
        ((8, 0, 0), 19 * [31], "is damaged: it holds fewer than its 30 × 20 pixels"),
        ((16, 6, 0), 20 * [241], ""),
        ((16, 6, 0), 20 * [240], "is damaged: it holds fewer than its 30 × 20 pixels"),
        ((1, 0, 0), 20 * [5], ""),
        ((8, 0, 1), 20 * [31], "is damaged: it holds fewer than its 30 × 20 pixels"),
        ((8, 0, 1), [1 + across for across, down in PASSES for _ in range(down)], ""),
        ((8, 0, 1), [1 + across for across, down in PASSES[:-1] for _ in range(down)], "is damaged: it holds fewer"),
        ((8, 2, 1), [1 + 3 * across for across, down in PASSES for _ in range(down)], ""),
    ],
)
def test_a_png_holds_all_its_rows(ways: tuple[int, int, int], rows: list[int], wrong: str) -> None:
    """Ensures it of what Pillow completes and Typst refuses."""
    depth, kind, interlaced = ways
    header = struct.pack(">IIBBBBB", 30, 20, depth, kind, 0, 0, interlaced)
    content = made_of(chunk(b"IDAT", zlib.compress(bytes(sum(rows)))), header=header)
    assert (what_is_wrong(content, ".png") or "").startswith(wrong)
    assert bool(what_is_wrong(content, ".png")) == bool(wrong)


def test_a_png_of_one_pixel_in_passes_has_six_empty_ones() -> None:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 1)
    for size, wrong in ((2, None), (1, "is damaged: it holds fewer than its 1 × 1 pixels")):
        assert what_is_wrong(made_of(chunk(b"IDAT", zlib.compress(bytes(size))), header=header), ".png") == wrong
    packed = chunk(b"IDAT", b"garbage")
    assert what_is_wrong(made_of(packed, header=header), ".png") == "is damaged"


def test_a_png_that_is_not_whole_is_unfit() -> None:
    whole = png(30, 20)
    for content, expected in (
        (whole[:-12], CUT_OFF),
        (whole[:-20], CUT_OFF),
        (whole[:45] + b"!" + whole[46:], "is damaged"),
    ):
        assert what_is_wrong(content, ".png") == expected
    assert what_is_wrong(holding(whole[:-9], "png"), ".svg") == f"holds a picture that {CUT_OFF}"
    assert (
        what_is_wrong(holding(whole, "jpeg"), ".svg")
        == "holds a picture that is not a JPEG file, whatever its name says"
    )
    assert what_is_wrong(svg('<image href="data:image/png;base64,!!"/>'), ".svg") == "holds a picture that is damaged"


def test_nothing_but_the_picture_of_a_photograph_is_printed() -> None:
    """Ensures that the pixels are those of the file, byte by byte, and that nothing else is."""
    exif = Image.Exif()
    exif[0x010E] = "SECRET"
    written = jpeg(exif=exif, comment=b"SECRET", xmp=b"SECRET", icc_profile=b"its profile")
    for segment in (b"JFXX\0SECRET", b"MPF\0SECRET"):
        marker = b"\xff\xe0" if segment.startswith(b"JFXX") else b"\xff\xe2"
        written = written[:2] + marker + (len(segment) + 2).to_bytes(2) + segment + written[2:]
    assert written.count(b"SECRET") == 5
    lean = printed(written + b"SECRET", ".jpg")
    assert lean == jpeg(icc_profile=b"its profile")
    assert printed(lean, ".jpg") == lean
    held = printed(holding(written + b"SECRET", "jpeg"), ".svg")
    assert held == printed(holding(lean, "jpeg"), ".svg")


def test_a_preview_in_the_head_of_a_photograph_is_not_printed() -> None:
    preview = b"\xff\xe0\x00\x16JFIF\0\x01\x01\x00\x00\x01\x00\x01\x01\x02SECRET"
    whole = jpeg()
    assert printed(whole[:2] + preview + whole[20:], ".jpg") == whole


@pytest.mark.parametrize("orientation", range(1, 10))
def test_a_photograph_stays_turned_as_the_camera_said(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "SECRET"
    written = jpeg(exif=exif)
    lean = printed(written, ".jpg")
    with Image.open(io.BytesIO(lean)) as picture:
        assert dict(picture.getexif()) == ({0x0112: orientation} if 2 <= orientation <= 8 else {})
    assert pixels(lean, ".jpg") == pixels(written, ".jpg") == ((30, 40) if 5 <= orientation <= 8 else (40, 30))


def profile() -> bytes:
    """A colour profile of inks, for which cyan is a red."""

    def numbers(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    white = numbers(0.9642, 1, 0.8249)
    name = b"Red for cyan\0"
    points = b"".join(bytes((140, 200, 190)) if n & 8 else bytes((0 if n & 1 else 255, 128, 128)) for n in range(16))
    straight = bytes(range(256))
    table = bytes((4, 3, 2, 0)) + numbers(1, 0, 0, 0, 1, 0, 0, 0, 1) + straight * 4 + points + straight * 3
    tags = {
        b"desc": b"desc\0\0\0\0" + len(name).to_bytes(4) + name + bytes(78),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": b"XYZ \0\0\0\0" + white,
        b"A2B0": b"mft1\0\0\0\0" + table,
    }
    listed, body = len(tags).to_bytes(4), b""
    for tag, content in tags.items():
        listed += tag + (132 + 12 * len(tags) + len(body)).to_bytes(4) + len(content).to_bytes(4)
        body += content + bytes(-len(content) % 4)
    size = (128 + len(listed) + len(body)).to_bytes(4)
    head = size + b"lcms" + bytes((2, 64, 0, 0)) + b"prtrCMYKLab " + bytes(12) + b"acsp" + bytes(28) + white
    return head.ljust(128, b"\0") + listed + body


def cyan(**options: object) -> bytes:
    made = io.BytesIO()
    Image.new("CMYK", (40, 30), (255, 0, 0, 0)).save(made, "jpeg", **options)
    return made.getvalue()


def colour(content: bytes) -> tuple[int, ...]:
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.mode == "RGB"
        return tuple(round(value) for value in ImageStat.Stat(picture).mean)


def test_a_photograph_of_the_press_is_converted_by_its_profile() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    by_profile = printed(cyan(icc_profile=profile(), exif=exif), ".jpg")
    assert colour(by_profile) == (246, 50, 24)
    assert pixels(by_profile, ".jpg") == (30, 40)
    for without in (cyan(), cyan(icc_profile=profile()[:100]), cyan(icc_profile=b"")):
        assert colour(printed(without, ".jpg")) == (0, 255, 255)
    held = printed(holding(cyan(icc_profile=profile()), "jpeg"), ".svg").decode()
    inside = re.search('base64,([^"]+)', held)
    assert inside
    assert colour(base64.b64decode(inside[1])) == (246, 50, 24)


def test_a_photograph_of_the_press_is_told() -> None:
    by = "is in CMYK, and is printed in sRGB, converted by its profile `Red for cyan`"
    guess = "is in CMYK without a profile, so its colours in print are a guess"
    assert what_is_converted(jpeg(), ".jpg") is None
    assert what_is_converted(png(3, 3), ".png") is None
    assert what_is_converted(svg(SHAPE), ".svg") is None
    for content, expected in ((cyan(icc_profile=profile()), by), (cyan(), guess)):
        assert (what_is_converted(content, ".jpg") or ("",))[0] == expected
        assert (what_is_converted(holding(content, "jpeg"), ".svg") or ("",))[0] == f"holds a picture that {expected}"


def test_a_drawing_in_another_encoding_is_printed() -> None:
    text = f"{HEAD}<text>Île</text></svg>"
    for encoding in ("ISO-8859-1", "windows-1252", "UTF-16", "utf-8"):
        written = f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>{text}'.encode(encoding)
        assert printed(written, ".svg") == text.encode()
    assert printed(b"\xef\xbb\xbf" + text.encode(), ".svg") == text.encode()


def test_images_of_cameras_and_presses_stand_in_the_book_and_in_its_figures_without_their_secrets(
    tmp_path: Path,
) -> None:
    """Ensures it for images of chapters, declared figures, covers and logos, by what is read of the finished files."""
    root = copy("minimal", tmp_path / "rivers")
    (root / "images").mkdir()
    (root / "figures").mkdir(exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET"
    camera = jpeg(size=(1200, 800), exif=exif, quality=60) + b"SECRET"
    press = io.BytesIO()
    Image.new("CMYK", (1200, 300), (255, 0, 0, 0)).save(press, "jpeg", icc_profile=profile(), comment=b"SECRET")
    for name, content in {
        "images/camera.jpg": camera,
        "images/cover.JPG": camera,
        "images/logo.jpeg": camera,
        "images/press.jpg": press.getvalue(),
        "images/latin.svg": (
            f'<?xml version="1.0" encoding="ISO-8859-1"?>{HEAD}<text y="5" font-size="4">Île</text></svg>'
        ).encode("latin-1"),
        "figures/dam.jpg": camera,
        "figures/dam.yaml": b"title: The dam\nalt: A dam.\n",
    }.items():
        (root / name).write_bytes(content)
    with (root / "publication.yaml").open("a") as file:
        file.write("cover: {image: images/cover.JPG, alt: A dam.}\npartners: [{name: Dams, logo: images/logo.jpeg}]\n")
    chapter = next((root / "chapters").rglob("*.md"))
    shown = "![The dam](figure:dam)\n\n" + "".join(
        f"![The {name}](images/{name})\n\n" for name in ("camera.jpg", "press.jpg", "latin.svg")
    )
    chapter.write_text(f"{chapter.read_text()}\n\n{shown}")
    ran = impressum(root, "build")
    assert "".join(line for line in ran.faults.splitlines() if "image-converted" in line) == (
        "images/press.jpg: warning: `images/press.jpg` is in CMYK, and is printed in sRGB, converted by its profile "
        "`Red for cyan` [image-converted]"
    )
    assert ran.code == 0, ran.stderr
    made = [path for path in (root / "dist").rglob("*") if path.is_file()]
    for path in made:
        inside = re.findall(rb"data:image/jpeg;base64,([^\"]+)", path.read_bytes())
        assert not any(b"SECRET" in content for content in (path.read_bytes(), *map(base64.b64decode, inside))), path
    (pdf,) = (path for path in made if path.suffix == ".pdf" and "figures" not in path.name)
    assert any("Île" in page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    (plate,) = (path for path in made if path.name == "dam.png")
    with Image.open(plate) as picture:  # it is black at its top, and the camera was turned: at the right
        grey = picture.convert("L").resize((10, 9))
    pixels_across = grey.tobytes()[30:40]
    assert pixels_across[3] > pixels_across[7] + 50


def test_a_photograph_is_whole_and_no_larger_than_can_be_printed() -> None:
    assert what_is_wrong(png(30, 20), ".png") is None
    assert what_is_wrong(png(20_000, 6_000), ".png") == ("has 20000 × 6000 pixels, and at most 100 million are printed")
    for broken in (png(30, 20)[:20], b"\x89PNG\r\n\x1a\n" + b"garbage" * 9):
        assert what_is_wrong(broken, ".png") == CUT_OFF
    assert what_is_wrong(b"\xff\xd8\xff" + b"garbage" * 9, ".jpg") == CUT_OFF


def test_what_typst_alone_finds_in_a_drawing_is_told_where_it_is_shown(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "flat.svg").write_text(HEAD.replace("viewBox", 'width="0" viewBox') + SHAPE + "</svg>")
    (tmp_path / "main.typ").write_text('= Rivers\n\n#image("images/flat.svg")\n')
    with pytest.raises(typst.TypstError) as raised:
        typst.compile(tmp_path / "main.typ", root=tmp_path)
    told = {"message": str(raised.value), "hints": [], "diagnostic": raised.value.diagnostic}
    places = tuple(Place("chapters/en/01-rivers.md", line, 1) for line in (1, 2, 7))
    others = Fragment.of("00-start", "= Start\n\n", tuple(Place("chapters/en/00-start.md", line) for line in (1, 2, 3)))
    rivers = Fragment.of("01-rivers", (tmp_path / "main.typ").read_text(), places)
    (fault,) = explain(told, (others, rivers), error=True)
    assert str(fault).startswith("chapters/en/01-rivers.md:7:1: error: Typst cannot set this: failed to parse SVG")
