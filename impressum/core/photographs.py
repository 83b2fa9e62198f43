"""JPEG files: whether one can be printed, and its picture and colour profile alone, as Typst copies a file whole."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image, ImageCms

START, END, SCAN = b"\xff\xd8", 0xD9, 0xDA
JFIF, EXIF, ICC, ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of the frame, by the way in which it is coded."""
READABLE = frozenset((0xC0, 0xC1, 0xC2))
"""Baseline, extended and progressive, with the codes of Huffman."""
BELONGS = {JFIF: b"JFIF\0", ICC: b"ICC_PROFILE\0", ADOBE: b"Adobe"}
"""The application segments that are kept, by their first bytes."""
NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
MOST_ACROSS = 16_384
"""Pixels of a JPEG across or down; Typst reads no more."""
SAMPLE = 20_000
"""Bytes of a scan by which it is tried whether it can be decoded."""
CUT_OFF = "is cut off: its last part is missing"


class Unfit(Exception):
    """Why a picture cannot be printed: the end of a sentence that begins with its name."""


@dataclass(frozen=True)
class Frame:
    """The size of a JPEG in pixels, as it is stored, and its number of colours."""

    across: int
    down: int
    colours: int

    @property
    def is_cmyk(self) -> bool:
        return self.colours == 4


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """A photograph, opened by Pillow, whose warnings (of what is large, or odd) are no faults here."""
    import warnings

    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(content)) as picture:
            yield picture


def frame_of(jpeg: bytes) -> Frame:
    """The frame of a JPEG that is whole and can be printed. Raises `Unfit` for any other."""
    parts = list(_parts(jpeg))
    frames = [(marker, part) for marker, part in parts if marker in FRAMES]
    if len(frames) != 1 or len(frames[0][1]) < 10 or SCAN not in dict(parts):
        raise Unfit("is damaged")
    marker, part = frames[0]
    bits, down, across, colours = part[4], int.from_bytes(part[5:7]), int.from_bytes(part[7:9]), part[9]
    if marker not in READABLE or bits != 8 or colours not in (1, 3, 4):
        way = "arithmetic coding" if marker > 0xC8 else f"{bits} bits a colour" if bits != 8 else "a rare coding"
        raise Unfit(f"is a JPEG of a kind that few programs read ({way})")
    if max(across, down) > MOST_ACROSS:
        raise Unfit(f"has {across} × {down} pixels, and a JPEG is printed with at most {MOST_ACROSS} across and down")
    return Frame(across, down, colours)


def lean(jpeg: bytes, orientation: int) -> bytes:
    """A JPEG with only its picture, colour profile and EXIF `orientation`; its pixels are not coded anew."""
    kept = [START, _turned(orientation)] if orientation != 1 else [START]
    for marker, part in _parts(jpeg):
        is_of_application = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if marker == JFIF and part[4:].startswith(BELONGS[JFIF]):
            kept.append(part[:2] + b"\x00\x10" + part[4:16] + b"\0\0")  # without its preview
        elif not is_of_application or (marker in BELONGS and part[4:].startswith(BELONGS[marker])):
            kept.append(part)
    return b"".join(kept)


def check_decodes(jpeg: bytes) -> None:
    """Raises `Unfit` where a JPEG cannot be decoded and converted. Of its scans only the beginnings are read."""
    sample = START + b"".join(part[:SAMPLE] if marker == SCAN else part for marker, part in _parts(jpeg))
    in_srgb(sample, size=(1, 1))


def in_srgb(jpeg: bytes, *, size: tuple[int, int] | None = None) -> bytes:
    """A CMYK JPEG in sRGB, by its profile or as if inks were ideal; about `size` if given. Raises `Unfit`."""
    from PIL import ImageCms

    try:
        with opened(jpeg) as picture:
            if size:
                picture.draft(picture.mode, size)
            profile = _profile(picture.info.get("icc_profile")) if picture.mode == "CMYK" else None
            if profile is None:
                converted: Image.Image | None = picture.convert("RGB")
            else:
                converted = ImageCms.profileToProfile(
                    picture,
                    profile,
                    ImageCms.createProfile("sRGB"),
                    ImageCms.Intent.RELATIVE_COLORIMETRIC,
                    "RGB",
                    flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
                )
            assert converted is not None  # only what is converted in place gives nothing
            made = io.BytesIO()
            converted.save(made, "jpeg", quality=95, subsampling=0, icc_profile=None)
    except (OSError, ValueError, SyntaxError, ImageCms.PyCMSError) as problem:
        raise Unfit(f"is damaged ({str(problem).partition(' <')[0]})") from problem  # without Python's objects
    return made.getvalue()


def profile_of(jpeg: bytes) -> str | None:
    """The name of a CMYK picture's profile; None if it has no CMYK profile."""
    from PIL import ImageCms

    with opened(jpeg) as picture:
        profile = _profile(picture.info.get("icc_profile"))
    return ImageCms.getProfileDescription(profile).strip() if profile else None


def _profile(raw: bytes | None) -> ImageCms.ImageCmsProfile | None:
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(raw)) if raw else None
    except (OSError, ImageCms.PyCMSError):
        return None
    return profile if profile and profile.profile.xcolor_space == "CMYK" else None


def _parts(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG with their markers, up to its end; a scan has its data. Raises `Unfit`."""
    at = len(START)
    while True:
        if jpeg[at : at + 1] not in (b"\xff", b""):
            raise Unfit("is damaged")
        while jpeg[at + 1 : at + 2] == b"\xff":  # filling
            at += 1
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        if at + 1 < len(jpeg) and jpeg[at + 1] == END:
            yield END, jpeg[at : at + 2]
            return
        end = at + 2 + length
        if end > len(jpeg) or at + 4 > len(jpeg):
            raise Unfit(CUT_OFF)
        if length < 2:
            raise Unfit("is damaged")
        marker = jpeg[at + 1]
        if marker == SCAN:
            following = NEXT_MARKER.search(jpeg, end)
            if following is None:
                raise Unfit(CUT_OFF)
            end = following.start()
        yield marker, jpeg[at:end]
        at = end


def _turned(orientation: int) -> bytes:
    """An EXIF segment that says nothing but how the picture is turned."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2) + b"\0\0"
    said = b"Exif\0\0" + b"MM\0*\0\0\0\x08" + b"\0\x01" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + (len(said) + 2).to_bytes(2) + said
