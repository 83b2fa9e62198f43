"""The file for a printer: each rule that it claims is looked up in the file itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from impressum.core.colours import ink_of
from impressum.core.errors import Faults
from impressum.core.model.theme import Theme
from impressum.stages.verify.evidence import FALLBACK
from impressum.system.interpreter import uninterrupted

if TYPE_CHECKING:
    import pikepdf

NEAR = 0.02  # points by which boxes may differ
HINT = "this is a fault of Impressum: please report it"
RESOLUTION_HINT = (
    "take a larger file, or print it smaller (`width=60mm`); `rules: {print-resolution: warning}` lets it pass"
)
PATHS = frozenset("f F f* B B* b b* S s Tj TJ ' \" sh".split())
Matrix = tuple[float, float, float, float, float, float]
UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class _Placed:
    """A picture on a page, with the dots that it has for an inch."""

    page: int
    size: tuple[int, int]
    dots: float


def check_print(pdf: bytes, theme: Theme, faults: Faults, *, around: int = 0) -> int:
    """Notes what in a print file is not as a printer needs it; gives the number of its pages. One that is `around` so
    many pages is their cover, of one page."""
    with uninterrupted():
        import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        width, height = theme.length("page", "width"), theme.length("page", "height")
        if around:
            width = 2 * width + around / 2 * theme.length("print", "caliper")
        _check_boxes(document, (width, height), theme.length("print", "bleed"), faults)
        signature = 1 if around else int(theme.number("print", "signature"))
        if len(document.pages) % signature:
            message = f"the print file has {len(document.pages)} pages, which is no multiple of {signature}"
            faults.error(FALLBACK, message, "print-pages", HINT)
        left = [key for key in ("/StructTreeRoot", "/Outlines", "/Names", "/AcroForm") if key in document.Root]
        left += [f"links on page {number}" for number, page in enumerate(document.pages, 1) if "/Annots" in page.obj]
        if left:
            message = f"the print file holds what is for a screen: {', '.join(left)}"
            faults.error(FALLBACK, message, "print-interactive", HINT)
        if b"PDF/X-4" in document.Root.Metadata.read_bytes() and not _has_intent(document):
            message = "the print file declares PDF/X-4, and has no profile of a printing condition"
            faults.error(FALLBACK, message, "print-intent", HINT)
        least = theme.number("print", "resolution")
        for number, page in enumerate(document.pages, 1):
            for found in dict.fromkeys(_on(page, page.obj, number, UPRIGHT)):
                if isinstance(found, str):
                    message = f"page {number} of the print file has {found}, which is not printed in black ink alone"
                    faults.error(FALLBACK, message, "print-black", HINT)
                elif found.dots < least:
                    message = (
                        f"the image on page {number} of the print file ({found.size[0]} × {found.size[1]} pixels) has "
                        f"{found.dots:.0f} dots an inch as printed, and {least:.0f} are needed"
                    )
                    faults.error(FALLBACK, message, "print-resolution", RESOLUTION_HINT)
        return len(document.pages)


def _check_boxes(document: pikepdf.Pdf, size: tuple[float, float], bleed: float, faults: Faults) -> None:
    width, height = size
    trim, bled = (0.0, 0.0, width, height), (-bleed, -bleed, width + bleed, height + bleed)
    for number, page in enumerate(document.pages, 1):
        boxes = [tuple(float(one) for one in page.obj.get(key, ())) for key in ("/TrimBox", "/BleedBox", "/MediaBox")]
        right = all(
            len(box) == len(wanted) and all(abs(one - two) <= NEAR for one, two in zip(box, wanted, strict=True))
            for box, wanted in zip(boxes, (trim, bled), strict=False)
        )
        media = boxes[2]
        holds = right and all(one <= two + NEAR for one, two in zip(media[:2], bled[:2], strict=True))
        holds = holds and all(one >= two - NEAR for one, two in zip(media[2:], bled[2:], strict=True))
        if not holds:
            message = f"the boxes of page {number} of the print file are not those of its trimmed size and its bleed"
            faults.error(FALLBACK, message, "print-boxes", HINT)
            return


def _has_intent(document: pikepdf.Pdf) -> bool:
    intents: Any = document.Root.get("/OutputIntents", [])
    return any(one.get("/S") == "/GTS_PDFX" and one.get("/DestOutputProfile") is not None for one in intents)


def _on(stream: Any, owner: Any, page: int, at: Matrix) -> Iterator[_Placed | str]:
    """The pictures of a content stream, and each grey in it that is not one of black ink."""
    import pikepdf

    resources = owner.get("/Resources", {})
    pictures, spaces = resources.get("/XObject", {}), resources.get("/ColorSpace", {})
    kept: list[tuple[Matrix, dict[str, str]]] = []
    said: dict[str, str] = {}
    for one in pikepdf.parse_content_stream(stream):
        operator, operands = str(one.operator), one.operands
        if operator == "q":
            kept.append((at, dict(said)))
        elif operator == "Q" and kept:
            at, said = kept.pop()
        elif operator == "cm":
            at = _times(tuple(float(number) for number in operands), at)
        elif operator in ("cs", "CS"):
            said["space"] = str(operands[0])
        elif operator in ("rg", "RG", "sc", "SC", "scn", "SCN"):
            parts = [float(part) for part in operands if not isinstance(part, pikepdf.Name)]
            is_rgb = len(parts) == 3 and (operator in ("rg", "RG") or _is_rgb(said.get("space"), spaces))
            if is_rgb and ink_of(parts) is not None:
                said["grey"] = " ".join(f"{part:.2f}" for part in parts)
            else:
                said.pop("grey", None)
        elif operator in ("g", "G", "k", "K"):
            said.pop("grey", None)
        elif operator in PATHS and "grey" in said:
            yield f"the grey {said['grey']}"
        elif operator == "Do" and operands[0] in pictures:
            thing = pictures[operands[0]]
            if thing.get("/Subtype") == "/Form":
                matrix = tuple(float(number) for number in thing.get("/Matrix", UPRIGHT))
                yield from _on(thing, thing, page, _times(matrix, at))
            else:
                a, b, c, d = at[:4]
                inches = ((a * a + b * b) ** 0.5 / 72, (c * c + d * d) ** 0.5 / 72)
                size = int(thing.Width), int(thing.Height)
                yield _Placed(page, size, min(size[0] / max(inches[0], 1e-6), size[1] / max(inches[1], 1e-6)))


def _is_rgb(name: str | None, spaces: Any) -> bool:
    """Whether a colour space, which a page has as `spaces` by name, is of red, green and blue."""
    if name == "/DeviceRGB":
        return True
    space = spaces.get(name) if name else None
    if space is None or not len(space):
        return False
    return str(space[0]) == "/CalRGB" or (str(space[0]) == "/ICCBased" and int(space[1].N) == 3)


def _times(one: Any, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
