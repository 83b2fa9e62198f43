"""The figures of an edition for the web and the press: each alone as SVG and PNG, and all on a contact sheet.

A drawing that is SVG goes through a PDF first: there its letters are glyphs of the book's fonts, and Typst writes a
PDF into an SVG as outlines. So the SVG looks the same where the fonts are not installed.
"""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.facts import full_title, year
from impressum.core.licences import creative_commons
from impressum.core.model.figures import FigureFiles, UsedFigure
from impressum.core.model.fits import LayoutReport
from impressum.core.model.publication import Publication
from impressum.core.model.sources import Edition
from impressum.core.model.theme import FONTS, Theme
from impressum.core.pictures import pixels
from impressum.stages.typeset.compiler import STANDARDS, write_files
from impressum.stages.typeset.complaints import explain
from impressum.stages.typeset.data import as_json, language_of, printed, timestamp, typographic
from impressum.stages.typeset.finish import finish
from impressum.system import process
from impressum.system.cache import Json, Memo, digest
from impressum.system.files import raise_full_disk
from impressum.system.fonts import face_files, font_folders, font_versions
from impressum.system.on_call import OnCall
from impressum.system.parallel import Later
from impressum.system.work_folders import fresh, lay
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EDGE = 17.0  # the margin around a figure, in points
LEAST_PIXELS, LEAST_RESOLUTION = 2000, 300
"""A PNG is this many pixels wide, and has this many an inch as printed."""
MANY = 50
"""Figures of a book that takes so long to fit that its child, of some 80 MB, need not wait for the contact sheet."""
LIMITS = process.Limits(seconds=120, memory=8_000_000_000)
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
EMBEDDED = "data:image/svg+xml;base64,"
HREF = f"{{{XLINK}}}href"
REFERENCE = re.compile(r"url\(#([^)]+)\)")
PNG_HEAD = 8 + 25  # the length of the signature and of the first chunk of a PNG
METRES_AN_INCH = 0.0254


@dataclass
class FigureExporter:
    """Sets `figures` of one edition outside of its book; Typst starts only where a result is not remembered. `files`
    are the work files of the manuscript, `epoch` (SOURCE_DATE_EPOCH) goes before the publication's date. To be used in
    a `with` block, at whose begin a thread begins to set them, while the book is set and verified."""

    edition: Edition
    figures: tuple[UsedFigure, ...]
    theme: Theme
    files: Mapping[str, bytes]
    workspace: Workspace
    producer: str
    epoch: int | None
    memo: Memo

    def __enter__(self) -> Self:
        self._child = OnCall(process.python_file(__file__, "child.py"), limits=LIMITS)
        self._is_laid = False
        self._exported = Later(self._export)
        return self

    def __exit__(self, *raised: object) -> None:
        self._child.close()  # what is still being set is not wanted any more
        self._exported.ends()

    def exported(self) -> tuple[FigureFiles, ...]:
        """Each figure alone. Raises `Faulty` where Typst cannot set one."""
        return self._exported.result()

    def sheet(self, layout: LayoutReport) -> bytes:
        """The PDF of the contact sheet; `layout` says on which pages of the book the figures are."""
        plates = self.exported()
        heading = self.edition.words["sheet.title"]
        publication, words = self.edition.publication, self.edition.words
        title = full_title(publication, words)
        sheet: dict[str, Json] = {
            "heading": heading,
            "title": f"{heading}{words['colon']} {typographic(publication.title)}",
            "publication": _origin(publication, typographic(title)),
            "authors": [person.name for person in publication.authors],
            "language": language_of(self.edition.tag),
            "figures": [self._entry(plate, layout) for plate in plates],
        }
        pictures = printed({plate.figure.file: self.files[plate.figure.file] for plate in plates}, self.memo)
        files = {**pictures, "sheet.json": as_json(sheet)}
        inputs: dict[str, Json] = {name: digest(content) for name, content in files.items()}
        # It is no copy of the publication: its ISBN and its DOI are not those of a list of pictures.
        impressum = publication.impressum.model_copy(update={"isbn": None, "doi": None})
        described = publication.model_copy(
            update={"title": sheet["title"], "subtitle": None, "abstract": None, "series": None, "impressum": impressum}
        )

        def run() -> bytes:
            page: dict[str, Json] = {"main": "book/sheet.typ", "format": "pdf", "output": "sheet.pdf"}
            page["standards"] = STANDARDS
            (pdf,) = self._set(files, [page], Place("publication.yaml"))
            return finish(pdf, publication=described, tag=self.edition.tag, words=words, producer=self.producer)

        inputs |= {"publication": described.model_dump_json(), **self._common()}
        return self.memo("sheet", inputs, run, about=self.edition.tag)

    def _export(self) -> tuple[FigureFiles, ...]:
        made = tuple(self._files_of(figure) for figure in self.figures)
        if len(made) > MANY:
            self._child.rest()
        return made

    def _files_of(self, figure: UsedFigure) -> FigureFiles:
        suffix = f".{figure.file.rpartition('.')[2]}"
        (picture,) = printed({figure.file: self.files[figure.file]}, self.memo).values()
        room = self.theme.figure_rooms()
        width = room.rooms[figure.width].width
        size = pixels(picture, suffix)
        most = min(width, size[0] / room.resolution * 72) if size else None
        plate: dict[str, Json] = {
            "title": typographic(figure.title),
            "below": tuple(self._below(figure)),
            "width": width + 2 * EDGE,
            "most": most,
        }
        plates: dict[str, Json] = {
            "plates": {figure.name: plate},
            "language": language_of(self.edition.tag),
            "edge": EDGE,
        }
        files = {figure.file: picture, "plates.json": as_json(plates)}
        ppi = max(LEAST_RESOLUTION, LEAST_PIXELS * 72 / (width + 2 * EDGE))

        def run() -> bytes:
            named: dict[str, Json] = {"name": figure.name, "picture": figure.file}
            outlined = named
            pages: list[dict[str, Json]] = []
            if size is None:
                drawing: dict[str, Json] = {"main": "book/drawing.typ", "inputs": {"file": figure.file}}
                pages.append({**drawing, "format": "pdf", "output": "drawing.pdf"})
                outlined = {**named, "picture": "drawing.pdf"}
            plate: dict[str, Json] = {"main": "book/plate.typ"}
            pages.append({**plate, "inputs": outlined, "format": "svg", "output": "plate.svg"})
            pages.append({**plate, "inputs": named, "format": "png", "ppi": ppi, "output": "plate.png"})
            svg, png = self._set(files, pages, figure.place)[-2:]
            svg = labelled_svg(svg, figure.title, figure.alt, self.edition.tag)
            png = labelled_png(png, {"Title": figure.title, "Description": figure.alt, "Source": "\n".join(below)}, ppi)
            return len(svg).to_bytes(8, "big") + svg + png

        below = self._below(figure)
        inputs: dict[str, Json] = {
            "picture": digest(picture),
            "words": [plates, figure.name, figure.alt, ppi],
            **self._common(),
        }
        raw = self.memo("plate", inputs, run, about=f"{figure.name} in {self.edition.tag}")
        end = 8 + int.from_bytes(raw[:8], "big")
        folder = self.workspace.finished(self.edition.tag)
        made = FigureFiles(figure, folder / f"{figure.name}.svg", folder / f"{figure.name}.png", size_of_png(raw[end:]))
        lay(made.svg, raw[8:end])
        lay(made.png, raw[end:])
        return made

    def _below(self, figure: UsedFigure) -> list[str]:
        """The lines below a figure that is shown alone: source, credit and licence, and its publication."""
        publication, words = self.edition.publication, self.edition.words
        source = f"{words['source']}{words['colon']} {figure.source}" if figure.source else ""
        own = " · ".join(part for part in (figure.credit, _licence(figure.licence)) if part)
        # Of a picture that was made beforehand nobody says that it is under the publication's licence.
        shared = _licence(publication.impressum.licence) if figure.is_drawn and not figure.licence else ""
        origin = " · ".join(part for part in (_origin(publication, publication.title), shared) if part)
        return [typographic(line) for line in (source, own, origin) if line]

    def _entry(self, plate: FigureFiles, layout: LayoutReport) -> Json:
        figure, words = plate.figure, self.edition.words
        spot = layout.figures.get(figure.label)
        across, down = plate.size
        return {
            "number": words["caption.figure"].replace("{number}", figure.number),
            "page": words["ref.page"].replace("{number}", str(spot.page)) if spot else "",
            "title": typographic(figure.title),
            "alt": figure.alt,
            "file": figure.file,
            "below": tuple(self._below(figure)[:-1]),
            "files": f"{figure.name}.svg, {figure.name}.png ({across}\u00a0×\u00a0{down})",
        }

    def _common(self) -> dict[str, Json]:
        """The inputs that all pages share."""
        from importlib.metadata import version

        return {
            "theme": digest(as_json(dict(self.theme.tokens))),
            **{name: digest(content) for name, content in self.theme.files.items()},
            "fonts": dict(font_versions()),
            "typst": version("typst"),
            "time": self._time(),
            "producer": self.producer,
        }

    def _time(self) -> int:
        return self.epoch if self.epoch is not None else timestamp(self.edition.publication.date)

    def _set(self, files: Mapping[str, bytes], pages: list[dict[str, Json]], place: Place) -> list[bytes]:
        """The outputs of Typst for `pages`, in order. Raises `Faulty`, at `place`, where it fails."""
        root = self.workspace.edition_work(self.edition.tag) / "plates"
        if not self._is_laid:
            fresh(root)
            theme = {**self.theme.files, "theme.json": as_json(dict(self.theme.tokens))}
            write_files(root, {**theme, **face_files(self.memo)})
            self._is_laid = True
        write_files(root, files)
        request: Json = {
            "root": str(root),
            "main": str(root / str(pages[0]["main"])),
            "inputs": {},
            "fonts": [str(folder) for folder in (*font_folders(), root / FONTS)],
            "timestamp": self._time(),
            "pages": [{"inputs": {}, "ppi": None, "standards": [], **page} for page in pages],
        }
        try:
            answer = json.loads(self._child.ask(json.dumps(request).encode()))
        except process.Ended as ended:
            raise_full_disk(ended.finished.errors)
            raise Faulty([_ended(ended.finished, place)]) from ended
        if answer["error"]:
            found = explain(answer["error"], (), error=True)
            raise Faulty(Fault(place, one.message, one.rule, one.hint) for one in found)
        return [(root / str(page["output"])).read_bytes() for page in pages]


def _origin(publication: Publication, title: str) -> str:
    """The publication that a figure is from, in one line."""
    publisher = publication.impressum.publisher
    parts = (typographic(title), f"{publisher.name} {year(publication)}" if publisher else str(year(publication)))
    return " · ".join(parts)


def _licence(written: str | None) -> str:
    """A licence as it stands beside a credit: a short name, which no line divides."""
    known = creative_commons(written or "")
    return known.short.replace(" ", "\u00a0") if known else written or ""


def _ended(done: process.Finished, place: Place) -> Fault:
    if done.timed_out:
        what, rule = "Typst took longer than two minutes for this figure", "typeset-slow"
    else:
        what, rule = f"Typst ended without a word at this figure (exit code {done.code})", "typeset-crashed"
    return Fault(place, what, rule, "use a smaller picture, or draw fewer points")


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
