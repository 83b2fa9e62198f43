"""PNG files: whether one is whole. Typst refuses some that Pillow and browsers show."""

from __future__ import annotations

import re

from impressum.core.photographs import CUT_OFF, Unfit

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PARTS = re.compile(rb"IHDR(?:[a-z]\w{3})*(?:PLTE(?:[a-z]\w{3})*)?IDAT(?:IDAT|[a-z]\w{3})*IEND")
KINDS = {0: (1, (1, 2, 4, 8, 16)), 2: (3, (8, 16)), 3: (1, (1, 2, 4, 8)), 4: (2, (8, 16)), 6: (4, (8, 16))}
"""The numbers of a pixel, and how many bits each may have, by the kind of colour: grey, colours, palette, grey and
opacity, colours and opacity."""
WHOLE = ((0, 0, 1, 1),)
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Which pixels each pass holds: the first across and down, and the steps."""
AT_ONCE = 1_000_000  # bytes of pixels that are unpacked at a time


def check_png(content: bytes) -> None:
    """Raises `Unfit` where a PNG is not made of the parts that its standard asks for, in their order (W3C, Portable
    Network Graphics, 5.6 and 11.2), or where one of these is missing or was changed on the way: each has its sum."""
    import zlib

    at = len(SIGNATURE)
    names, palette, pixels = b"", b"", bytearray()
    while not names.endswith(b"IEND"):
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        if end > len(content) - 12 * (name != b"IEND"):
            raise Unfit(CUT_OFF)
        told = int.from_bytes(content[end - 4 : end])
        if name[:1].isupper() and name != b"IEND" and zlib.crc32(content[at + 4 : end - 4]) != told:
            raise Unfit("is damaged")
        names += name
        palette = content[at + 8 : end - 4] if name == b"PLTE" else palette
        pixels += content[at + 8 : end - 4] if name == b"IDAT" else b""
        at = end
    if not PARTS.fullmatch(names):
        raise Unfit("is damaged")
    across, down = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    depth, kind, *ways = content[24:29]
    numbers, depths = KINDS.get(kind, (0, ()))
    is_known = depth in depths and ways in ([0, 0, 0], [0, 0, 1])
    if not is_known or len(palette) % 3 or not (kind == 3) <= len(palette) <= 3 * 256:
        raise Unfit("is damaged")
    if not _holds(bytes(pixels), _size(across, down, depth * numbers, ADAM7 if ways[2] else WHOLE)):
        raise Unfit(f"is damaged: it holds fewer than its {across} × {down} pixels")


def _size(across: int, down: int, bits: int, passes: tuple[tuple[int, int, int, int], ...]) -> int:
    """The bytes of the rows of all `passes`, each with the one that names its filter (as above, 7.2 and 8)."""
    rows = ((-(-(across - first) // step), -(-(down - top) // below)) for first, top, step, below in passes)
    return sum(count * (1 + -(-length * bits // 8)) for length, count in rows if length > 0 and count > 0)


def _holds(packed: bytes, size: int) -> bool:
    """Whether `packed` unpacks to `size` bytes or more. Raises `Unfit` where it cannot be unpacked."""
    import zlib

    unpacking = zlib.decompressobj()
    try:
        while size > 0 and (part := unpacking.decompress(packed, AT_ONCE)):
            size -= len(part)
            packed = unpacking.unconsumed_tail
    except zlib.error as problem:
        raise Unfit("is damaged") from problem
    return size <= 0
