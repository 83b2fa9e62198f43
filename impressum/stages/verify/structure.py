"""The structure of a PDF, read with pikepdf into plain values: bookmarks, links, fonts, languages, claims."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from impressum.stages.verify.pages import Rectangle
from impressum.stages.verify.tags import ELEMENT_END, Id, Misfit, id_of, leaves, misfits
from impressum.system.interpreter import uninterrupted

if TYPE_CHECKING:
    import pikepdf

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
NOTABLE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|Formula|Figure)\b")
"""Names in an object that may be a danger, or a formula."""
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True)
class Target:
    """A place in the file; page 0 is none. `name` is how the file calls it; `top` is in points from the page's top."""

    page: int
    top: float
    name: str = ""


@dataclass(frozen=True)
class Bookmark:
    title: str
    target: Target


@dataclass(frozen=True)
class LinkMade:
    """A link on page `page`: to an address, or else to a place in the file."""

    page: int
    address: str
    target: Target


@dataclass(frozen=True)
class Font:
    name: str
    kind: str
    embedded: bool
    page: int


@dataclass(frozen=True)
class IllustrationMade:
    """A formula or a picture: what it says to those who do not see it, and its box on the upright sheet of page `page`
    (0: none)."""

    text: str
    page: int
    box: Rectangle


@dataclass(frozen=True)
class Structure:
    """`places` are the named destinations; `flags` what the catalog says, `dangers` what must not be in the file."""

    bookmarks: tuple[Bookmark, ...]
    links: tuple[LinkMade, ...]
    places: dict[str, Target]
    fonts: tuple[Font, ...]
    language: str
    titles: tuple[str, ...]
    standards: tuple[str, ...]
    tagged: bool
    has_structure: bool
    shows_title: bool
    has_output_intent: bool
    dangers: tuple[str, ...]
    formulas: tuple[IllustrationMade, ...]
    prints: tuple[str, ...] = ()
    """By page, the hash of everything printed on it."""
    info: dict[str, str] = field(default_factory=dict)
    """The document information, and as XML the `packet` of XMP."""
    packet: str = ""
    misfits: tuple[Misfit, ...] = ()
    pictures: tuple[IllustrationMade, ...] = ()


def read_landmarks(pdf: bytes, *, formulas: bool) -> Structure:
    """The part of the structure that locates text on the pages of `pdf`, with or without `formulas`."""
    with uninterrupted():
        import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        reader = _StructureReader(document)
        found = tuple(reader.objects()[1]) if formulas else ()
        bookmarks = tuple(reader.bookmarks())
        nothing = (False, False, False, False)
        return Structure(bookmarks, (), reader.places, (), "", (), (), *nothing, (), found, tuple(reader.prints()))


def read_structure(pdf: bytes) -> Structure:
    """The structure of `pdf`."""
    with uninterrupted():
        import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        reader = _StructureReader(document)
        root = document.Root
        packet = _packet(root)
        dangers, formulas, pictures = reader.objects()
        return Structure(
            tuple(reader.bookmarks()),
            tuple(reader.links()),
            reader.places,
            tuple(reader.fonts()),
            str(root.get("/Lang", "")),
            (str(document.docinfo.get("/Title", "")), _title(packet)),
            _standards(packet),
            bool(_table(root.get("/MarkInfo")).get("/Marked", False)),
            "/K" in _table(root.get("/StructTreeRoot")),
            bool(_table(root.get("/ViewerPreferences")).get("/DisplayDocTitle", False)),
            len(root.get("/OutputIntents", [])) > 0,
            tuple(dict.fromkeys(dangers)),
            tuple(formulas),
            tuple(reader.prints()),
            {name.removeprefix("/"): str(value) for name, value in document.docinfo.items()},
            root.Metadata.read_bytes().decode("utf-8", "replace") if "/Metadata" in root else "",
            tuple(misfits(document, reader.elements)),
            tuple(pictures),
        )


class _StructureReader:
    def __init__(self, document: pikepdf.Pdf) -> None:
        self.document = document
        self.pages = list(document.pages)
        self.numbers: dict[Any, int] = {page.objgen: n for n, page in enumerate(self.pages, 1)}
        self.heights = [float(page.mediabox[3]) for page in self.pages]
        self.places: dict[str, Target] = {}
        self.elements: dict[Id, bytes] = {}
        """The elements of the tag tree as pikepdf writes them, once all objects have been looked through."""
        names = _table(_table(document.Root.get("/Names")).get("/Dests"))
        for key, destination in leaves(names, "/Names"):
            self.places[str(key)] = self.target(destination, str(key))
        for name, destination in _table(document.Root.get("/Dests")).items():
            self.places[name.removeprefix("/")] = self.target(destination, name.removeprefix("/"))

    def target(self, destination: Any, name: str = "") -> Target:
        import pikepdf

        if isinstance(destination, pikepdf.Dictionary):
            destination = destination.get("/D")
        if isinstance(destination, pikepdf.String):
            return self.places.get(str(destination), Target(0, 0, str(destination)))
        if not isinstance(destination, pikepdf.Array) or len(destination) == 0:
            return Target(0, 0, name)
        page = destination[0]
        number = self.numbers.get(page.objgen, 0) if isinstance(page, pikepdf.Dictionary) else 0
        top = 0.0
        if number and len(destination) > 3 and destination[1] == "/XYZ" and destination[3] is not None:
            top = self.heights[number - 1] - float(destination[3])
        return Target(number, top, name)

    def bookmarks(self) -> Iterator[Bookmark]:
        item = _table(self.document.Root.get("/Outlines")).get("/First")
        yield from self._bookmarks(item, set())

    def _bookmarks(self, item: Any, seen: set[tuple[int, int]]) -> Iterator[Bookmark]:
        while item is not None and item.objgen not in seen:
            seen.add(item.objgen)
            destination = item.get("/Dest", _table(item.get("/A")).get("/D"))
            yield Bookmark(str(item.get("/Title", "")), self.target(destination))
            yield from self._bookmarks(item.get("/First"), seen)
            item = item.get("/Next")

    def links(self) -> Iterator[LinkMade]:
        for number, page in enumerate(self.pages, 1):
            for annotation in page.get("/Annots", []):
                if annotation.get("/Subtype") != "/Link":
                    continue
                action = _table(annotation.get("/A"))
                address = bytes(action.get("/URI", b"")).decode("utf-8", "replace")
                destination = annotation.get("/Dest", action.get("/D"))
                yield LinkMade(number, address, Target(0, 0) if address else self.target(destination))

    def prints(self) -> Iterator[str]:
        """By page, the hash of everything printed on it: its own content, its fonts, and the forms that it shows."""
        import pikepdf

        known: dict[tuple[int, int], str] = {}
        for page in self.pages:
            contents: Any = page.get("/Contents", [])
            streams: list[Any] = list(contents) if isinstance(contents, pikepdf.Array | list) else [contents]
            parts = [str(page.get("/MediaBox")), str(page.get("/Rotate", 0))]
            parts += [_hash(stream.read_raw_bytes()) for stream in streams]
            yield _hash("\n".join((*parts, self._resources(page.get("/Resources"), known))).encode())

    def _resources(self, resources: Any, known: dict[tuple[int, int], str]) -> str:
        parts = []
        for name, font in sorted(_table(_table(resources).get("/Font")).items()):
            if font.objgen not in known:
                known[font.objgen] = self._font(font)
            parts.append(f"{name} {known[font.objgen]}")
        for name, form in sorted(_table(_table(resources).get("/XObject")).items()):
            if form.objgen not in known:
                known[form.objgen] = "itself"  # a form of a damaged file may hold itself
                inner = self._resources(form.get("/Resources"), known)
                known[form.objgen] = _hash(f"{form.get('/Matrix')} {inner} ".encode() + form.read_raw_bytes())
            parts.append(f"{name} {known[form.objgen]}")
        return " ".join(parts)

    def _font(self, font: Any) -> str:
        """The hash of what is read of letters in `font`: how wide they are, which they are, and their outlines."""
        inner = _table(font.get("/DescendantFonts", [font])[0])
        said = [_table(font.get("/ToUnicode"))]
        said += [_table(_table(inner.get("/FontDescriptor")).get(name)) for name in FONT_FILES]
        parts = f"{font.get('/BaseFont')} {inner.get('/W')} {inner.get('/DW')} ".encode()
        return _hash(b" ".join([parts, *(one.read_raw_bytes() for one in said if one)]))

    def fonts(self) -> Iterator[Font]:
        seen: set[tuple[int, int]] = set()
        for number, page in enumerate(self.pages, 1):
            yield from self._fonts(_table(page.get("/Resources")), number, seen)

    def _fonts(self, resources: Any, page: int, seen: set[tuple[int, int]]) -> Iterator[Font]:
        for font in _table(resources.get("/Font")).values():
            if font.objgen in seen and font.objgen != (0, 0):
                continue
            seen.add(font.objgen)
            inner = font.get("/DescendantFonts", [font])[0]
            descriptor = _table(inner.get("/FontDescriptor"))
            embedded = any(name in descriptor for name in FONT_FILES)
            name = str(font.get("/BaseFont", "/nameless")).removeprefix("/").partition("+")
            yield Font(name[2] or name[0], str(font.get("/Subtype", "")), embedded, page)
        for drawing in _table(resources.get("/XObject")).values():
            if drawing.objgen not in seen and "/Resources" in drawing:
                seen.add(drawing.objgen)
                yield from self._fonts(_table(drawing.get("/Resources")), page, seen)

    def objects(self) -> tuple[list[str], list[IllustrationMade], list[IllustrationMade]]:
        """The dangers in the file, its formulas, and its pictures."""
        import pikepdf

        dangers: list[str] = []
        formulas: list[IllustrationMade] = []
        pictures: list[IllustrationMade] = []
        for thing in self.document.objects:
            # As it is written, a dictionary is looked through at once; of a stream only its number is written so.
            raw = thing.unparse(resolved=True) if isinstance(thing, pikepdf.Dictionary) else b""
            if raw.endswith(ELEMENT_END):
                self.elements[id_of(thing)] = raw
            if isinstance(thing, pikepdf.Stream) or NOTABLE.search(raw):
                dangers += self._dangers(thing)
                if thing.get("/S") == "/Formula":
                    formulas.append(self._illustration(thing))
                if thing.get("/S") == "/Figure":
                    pictures.append(self._illustration(thing))
        return dangers, formulas, pictures

    def _illustration(self, element: Any) -> IllustrationMade:
        """What a tag of either kind says; where it is, if the tag says it (page 0: it does not)."""
        import pikepdf

        text, on = str(element.get("/Alt", "")), _table(element.get("/Pg"))
        page = self.numbers.get(on.objgen, 0) if on else 0
        given = element.get("/A")
        attributes = [_table(one) for one in (given if isinstance(given, pikepdf.Array) else [given])]
        boxes = [one["/BBox"] for one in attributes if "/BBox" in one]
        if not page or not boxes:
            return IllustrationMade(text, 0, Rectangle(0.0, 0.0, 0.0, 0.0))
        left, bottom, right, top = map(float, boxes[0])
        height = self.heights[page - 1]
        return IllustrationMade(text, page, Rectangle(left, height - top, right, height - bottom))

    def _dangers(self, thing: Any) -> Iterator[str]:
        for table in (thing, _table(thing.get("/A")), _table(thing.get("/OpenAction"))):
            if table.get("/S") == "/JavaScript" or "/JS" in table:
                yield "JavaScript"
            if table.get("/S") == "/Launch":
                yield "an action that starts a program"
        if thing.get("/Type") == "/EmbeddedFile" or "/EmbeddedFiles" in thing:
            yield "an embedded file"


def _table(thing: Any) -> Any:
    """`thing` if it is a dictionary, else an empty one."""
    import pikepdf

    return thing if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) else {}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _packet(root: Any) -> ElementTree.Element | None:
    metadata = root.get("/Metadata")
    try:
        return ElementTree.fromstring(metadata.read_bytes()) if metadata is not None else None
    except ElementTree.ParseError:
        return None


def _value(packet: ElementTree.Element, name: str) -> str:
    for description in packet.iter(f"{RDF}Description"):
        if name in description.attrib:
            return description.attrib[name]
        found = description.findtext(name)
        if found is not None:
            return found.strip()
    return ""


def _title(packet: ElementTree.Element | None) -> str:
    return "" if packet is None else packet.findtext(f".//{DC}title//{RDF}li") or ""


def _standards(packet: ElementTree.Element | None) -> tuple[str, ...]:
    if packet is None:
        return ()
    universal, archive = _value(packet, f"{PDFUA}part"), _value(packet, f"{PDFA}part")
    level = _value(packet, f"{PDFA}conformance").lower()
    claims = ((universal, f"PDF/UA-{universal}"), (archive, f"PDF/A-{archive}{level}"))
    return tuple(claim for part, claim in claims if part)
