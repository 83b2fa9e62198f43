"""The file for a printer, made of the finished one: boxes, bleed, black ink, sheets; nothing that a screen needs.

Sources: ISO 15930-7 (PDF/X-4), ISO 32000-1 14.11.2 (boxes) and 14.11.5 (output intents).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from impressum.core.colours import ink_of
from impressum.core.model.theme import Theme
from impressum.stages.typeset.xmp import Packet, Property
from impressum.system.interpreter import uninterrupted

if TYPE_CHECKING:
    import pikepdf

OF_SCREENS = (
    "/StructTreeRoot",
    "/MarkInfo",
    "/Outlines",
    "/Names",
    "/OutputIntents",
    "/ViewerPreferences",
    "/AcroForm",
)
OF_SCREEN_PAGES = ("/Annots", "/StructParents", "/Tabs", "/Rotate", "/CropBox", "/ArtBox")
VERSION = "1.6"  # of PDF, that of PDF/X-4
MARK, MARK_WIDTH, APART = 14.17, 0.25, 2.83
"""Points: how long a crop mark is (5 mm), how thick, how far from the bleed (1 mm)."""
REGISTERED = re.compile(r"\b(?:FOGRA|CGATS|PSO|GRACoL|SWOP|JC|IFRA|WAN-IFRA)\w*\d\w*", re.IGNORECASE)
COLOURS = {"g": "g", "rg": "g", "sc": "g", "scn": "g", "G": "G", "RG": "G", "SC": "G", "SCN": "G"}
SPACES = {"cs": "g", "CS": "G"}


@dataclass(frozen=True)
class PrintOrder:
    """What the printer gets: points of bleed, whether crop marks, a page count that is a multiple of `signature`, the
    ICC profile of the printing condition (None: it is not named)."""

    bleed: float
    crop_marks: bool
    signature: int
    profile: bytes | None = None
    caliper: float = 0.0
    """The thickness of a leaf in points, from which that of the spine follows; 0: there is no cover by itself."""
    ground: str = "#ffffff"
    """The colour of the spine."""

    def spine(self, pages: int) -> float:
        """How thick the spine is of so many pages, in points."""
        return pages / 2 * self.caliper

    @staticmethod
    def of(theme: Theme, profile: bytes | None) -> PrintOrder:
        """The order that the tokens of `theme` give."""
        bleed, marks = theme.length("print", "bleed"), theme.flag("print", "crop-marks")
        caliper, ground = theme.length("print", "caliper"), theme.text("colour", "cover")
        return PrintOrder(bleed, marks, int(theme.number("print", "signature")), profile, caliper, ground)


def condition_of(profile: bytes) -> str | None:
    """The printing condition that an ICC profile for CMYK describes; None where it is no such profile."""
    from PIL import ImageCms

    if profile[16:20] != b"CMYK":
        return None
    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    except (ImageCms.PyCMSError, OSError):
        return None


def print_file(pdf: bytes, order: PrintOrder, *, has_back: bool) -> bytes:
    """The print file of the finished `pdf`, whose last page is the back cover where it `has_back`. Where the cover is a
    file of its own, both are blank here. The same input gives the same bytes."""
    with uninterrupted():
        import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _leave_screen(document)
        if order.caliper:
            for at in {0, len(document.pages) - 1} if has_back else {0}:
                document.pages[at] = _blank(document, document.pages[at])
        _blacken(document)
        end = len(document.pages) - has_back
        for _ in range(-len(document.pages) % order.signature):
            document.pages.insert(end, _blank(document, document.pages[end - 1]))
        covers = set() if order.caliper else {0, len(document.pages) - 1} if has_back else {0}
        for number, page in enumerate(document.pages):
            _trim(document, page, order, fills=number in covers)
        _describe(document, order.profile)
        document.save(out, force_version=VERSION, deterministic_id=True, linearize=False, fix_metadata_version=False)
    return out.getvalue()


def cover_file(pdf: bytes, order: PrintOrder, *, pages: int, has_back: bool, words: bytes | None = None) -> bytes:
    """Back cover, spine and cover of the finished `pdf` as one spread, around so many `pages`. `words` is the PDF of
    those on the spine, if there are any."""
    with uninterrupted():
        import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _leave_screen(document)
        del document.pages[1 : len(document.pages) - has_back]
        if words:
            with pikepdf.open(io.BytesIO(words)) as on_spine:
                document.pages.append(on_spine.pages[0])
        _blacken(document)
        width, height = (float(one) for one in list(document.pages[0].MediaBox)[2:])
        spine = order.spine(pages)
        front, bleed = width + spine, order.bleed
        sheet = pikepdf.Dictionary(
            Type=pikepdf.Name.Page, MediaBox=pikepdf.Array([0, 0, _point(front + width), _point(height)])
        )
        spaces = document.pages[0].obj.Resources.get("/ColorSpace", pikepdf.Dictionary())
        ground = _ground(order.ground, spaces)
        whole = f"{-bleed:.4f} {-bleed:.4f} {front + width + 2 * bleed:.4f} {height + 2 * bleed:.4f}"
        drawn = [f"q {ground} {whole} re f Q"]
        forms = pikepdf.Dictionary(Front=document.pages[0].as_form_xobject())
        sides = [("Front", front, front, front + width + bleed)]
        if has_back:
            forms.Back = document.pages[1].as_form_xobject()
            sides.append(("Back", 0.0, -bleed, width))
        for name, left, begin, end in sides:
            scale = max((width + 2 * bleed) / width, (height + 2 * bleed) / height)
            moved = (left + (1 - scale) * width / 2, (1 - scale) * height / 2)
            clip = f"{begin:.4f} {-bleed:.4f} {end - begin:.4f} {height + 2 * bleed:.4f} re W n"
            drawn.append(f"q {clip} {scale:.6f} 0 0 {scale:.6f} {moved[0]:.4f} {moved[1]:.4f} cm /{name} Do Q")
        if words:
            forms.Spine = document.pages[-1].as_form_xobject()
            drawn.append(f"q 1 0 0 1 {width:.4f} 0 cm /Spine Do Q")
        sheet.Resources = pikepdf.Dictionary(XObject=forms, ColorSpace=spaces)
        sheet.Contents = document.make_stream("\n".join(drawn).encode())
        document.pages.append(pikepdf.Page(document.make_indirect(sheet)))
        del document.pages[:-1]
        _trim(document, document.pages[0], order, fills=False)
        _describe(document, order.profile)
        document.save(out, force_version=VERSION, deterministic_id=True, linearize=False, fix_metadata_version=False)
    return out.getvalue()


def _ground(colour: str, spaces: Any) -> str:
    """How a content stream sets `colour` (`#15324a`), in the space of the cover's own colours."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    if (ink := ink_of(parts)) is not None:
        return f"{ink:.4f} g"
    known = (name for name in spaces if str(spaces[name][0]) == "/ICCBased" and int(spaces[name][1].N) == 3)
    said, space = " ".join(f"{part:.4f}" for part in parts), next(known, None)
    return f"{space} cs {said} scn" if space else f"{said} rg"


def _leave_screen(document: pikepdf.Pdf) -> None:
    for key in OF_SCREENS:
        if key in document.Root:
            del document.Root[key]


def _trim(document: pikepdf.Pdf, page: pikepdf.Page, order: PrintOrder, *, fills: bool) -> None:
    """Gives a page its boxes. One that `fills` its sheet is enlarged until it fills the bleed, too."""
    import pikepdf

    for key in OF_SCREEN_PAGES:
        if key in page.obj:
            del page.obj[key]
    width, height = (float(one) for one in list(page.MediaBox)[2:])
    bleed = order.bleed
    before, behind = b"", b""
    if fills and bleed:
        scale = max((width + 2 * bleed) / width, (height + 2 * bleed) / height)
        moved = ((1 - scale) * width / 2, (1 - scale) * height / 2)
        edges = f"{-bleed:.4f} {-bleed:.4f} {width + 2 * bleed:.4f} {height + 2 * bleed:.4f} re W n"
        before = f"q {edges} {scale:.6f} 0 0 {scale:.6f} {moved[0]:.4f} {moved[1]:.4f} cm\n".encode()
        behind = b"\nQ"
    if order.crop_marks:
        behind += b"\n" + _crop_marks(width, height, bleed)
    if before or behind:
        page.contents_add(document.make_stream(before or b"q"), prepend=True)
        page.contents_add(document.make_stream(behind if before else b"Q" + behind))
    more = bleed + (APART + MARK if order.crop_marks else 0)
    for key, by in (("/MediaBox", more), ("/BleedBox", bleed), ("/TrimBox", 0.0)):
        page.obj[key] = pikepdf.Array([_point(-by), _point(-by), _point(width + by), _point(height + by)])


def _point(length: float) -> Decimal:
    return Decimal(f"{length:.4f}")


def _crop_marks(width: float, height: float, bleed: float) -> bytes:
    near, far = bleed + APART, bleed + APART + MARK
    lines = [(x, -far, x, -near) for x in (0, width)] + [(x, height + near, x, height + far) for x in (0, width)]
    lines += [(-far, y, -near, y) for y in (0, height)] + [(width + near, y, width + far, y) for y in (0, height)]
    drawn = " ".join(f"{a:.4f} {b:.4f} m {c:.4f} {d:.4f} l S" for a, b, c, d in lines)
    return f"q {MARK_WIDTH} w 0 G {drawn} Q".encode()


def _blank(document: pikepdf.Pdf, like: pikepdf.Page) -> pikepdf.Page:
    import pikepdf

    page = pikepdf.Dictionary(Type=pikepdf.Name.Page, Resources=pikepdf.Dictionary(), MediaBox=like.obj.MediaBox)
    page.Contents = document.make_stream(b"")
    return pikepdf.Page(document.make_indirect(page))


def _blacken(document: pikepdf.Pdf) -> None:
    """Prints greys, and what is nearly black, with black ink alone, on pages and in the drawings on them."""
    import pikepdf

    done: set[Any] = set()
    for page in document.pages:
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(list(_in_ink(page, page.obj))))
        _blacken_forms(page.obj.get("/Resources", {}), done)


def _blacken_forms(resources: Any, done: set[Any]) -> None:
    import pikepdf

    for form in list(resources.get("/XObject", {}).values()) + list(resources.get("/Pattern", {}).values()):
        is_drawn = form.get("/Subtype") == "/Form" or form.get("/PatternType") == 1
        if not is_drawn or not isinstance(form, pikepdf.Stream) or form.objgen in done:
            continue
        done.add(form.objgen)
        form.write(pikepdf.unparse_content_stream(list(_in_ink(form, form))))
        _blacken_forms(form.get("/Resources", {}), done)


def _in_ink(stream: Any, owner: Any) -> Iterator[Any]:
    """The instructions of a content stream: a grey of any colour space is one of black ink."""
    import pikepdf

    spaces = owner.get("/Resources", {}).get("/ColorSpace", {})
    meant: dict[str, Any] = {}  # the space that the source has set, for areas (`g`) and lines (`G`)
    grey: set[str] = set()  # where black ink is set in its place
    kept: list[tuple[dict[str, Any], set[str]]] = []
    for one in pikepdf.parse_content_stream(stream):
        operator = str(one.operator)
        if operator == "q":
            kept.append((dict(meant), set(grey)))
        elif operator == "Q" and kept:
            meant, grey = kept.pop()
        elif operator in SPACES:
            meant[SPACES[operator]] = one
            grey.discard(SPACES[operator])
        elif operator in COLOURS:
            kind = COLOURS[operator]
            parts = [float(part) for part in one.operands if not isinstance(part, pikepdf.Name)]
            is_process = operator.lower() in ("g", "rg") or (
                kind in meant and _is_process(meant[kind].operands[0], spaces)
            )
            ink = ink_of(parts) if is_process and len(parts) == len(one.operands) else None
            if ink is not None:
                grey.add(kind)
                yield pikepdf.ContentStreamInstruction([_point(ink)], pikepdf.Operator(kind))
                continue
            if kind in grey and operator.lower() in ("sc", "scn") and kind in meant:
                yield meant[kind]
            grey.discard(kind)
        yield one


def _is_process(name: Any, spaces: Any) -> bool:
    """Whether a colour space is one of grey or of red, green and blue."""
    if name in ("/DeviceGray", "/DeviceRGB"):
        return True
    space: Any = spaces.get(name)
    if space is None or not len(space):
        return False
    kind = str(space[0])
    return kind in ("/CalGray", "/CalRGB") or (kind == "/ICCBased" and int(space[1].N) in (1, 3))


def _describe(document: pikepdf.Pdf, profile: bytes | None) -> None:
    """Says what the file is: of PDF/X-4 where the printing condition is named."""
    import pikepdf

    document.docinfo["/Trapped"] = pikepdf.Name("/False")
    packet = Packet(document.Root.Metadata.read_bytes())
    packet.drop("pdfaid", "pdfuaid", "pdfaExtension")
    changes = [Property("pdf", "Trapped", "False"), Property("xmpMM", "RenditionClass", "default")]
    changes += [Property("xmpMM", "VersionID", "1"), Property("xmp", "MetadataDate", packet.text("xmp", "ModifyDate"))]
    if profile is not None:
        name = condition_of(profile) or "Custom"
        registered = REGISTERED.search(name)
        intent = pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent,
            S=pikepdf.Name.GTS_PDFX,
            OutputConditionIdentifier=registered[0] if registered else "Custom",
            Info=name,
            RegistryName="http://www.color.org",
            DestOutputProfile=document.make_stream(profile, N=4),
        )
        document.Root.OutputIntents = pikepdf.Array([document.make_indirect(intent)])
        changes.append(Property("pdfxid", "GTS_PDFXVersion", "PDF/X-4"))
    packet.set(changes)
    document.Root.Metadata.write(packet.bytes())
