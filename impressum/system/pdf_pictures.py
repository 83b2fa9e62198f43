"""Pictures in PDF, as LaTeX and R make them, turned into SVG: Typst puts no PDF into an archival one.

Typst itself reads the page and writes it as SVG, with its letters as outlines, in a child with limits: fonts, scripts
and attached files of the PDF do not come along (docs/decisions/0030-pictures-in-pdf.md)."""

from __future__ import annotations

import base64
import json
import re
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impressum.core.photographs import Unfit
from impressum.core.pictures import HOLD_FONTS, LOOK_AT_COLOURS, what_is_converted, what_is_wrong
from impressum.system import process
from impressum.system.cache import Json, Memo, digest
from impressum.system.files import read
from impressum.system.installed import version
from impressum.system.work_folders import temporary
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 20.0
MEMORY = 4_000_000_000
DEEPEST = 20
"""Forms within forms whose fonts are looked up."""
STANDARD = ("Courier", "Helvetica", "Times", "Symbol", "ZapfDingbats", "Arial", "CourierNew", "TimesNewRoman")
"""Families that every reader of PDF, and Typst, has a font for."""
SOURCE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.pdf")\n'
IN_POINTS = re.compile(rb'\A(<svg [^>]*?)width="([\d.]+)" height="([\d.]+)"')
BEGIN = b'href="data:image/svg+xml;base64,'


@dataclass(frozen=True)
class Picture:
    """The bytes of a picture as Typst takes it, with their suffix. Of a PDF: why it cannot be printed (`wrong`), or
    what is printed otherwise (`converted`); each is the end of a sentence."""

    content: bytes = field(default=b"", repr=False)
    suffix: str = ""
    wrong: str = ""
    converted: str = ""

    @cached_property
    def what_is_wrong(self) -> str | None:
        """Why it cannot be printed; None where it can."""
        return self.wrong or what_is_wrong(self.content, self.suffix)

    @cached_property
    def what_is_converted(self) -> tuple[str, str] | None:
        """What of a picture that can be printed is printed otherwise, and a hint; None for most."""
        if self.converted:
            return self.converted, HOLD_FONTS if "font" in self.converted else LOOK_AT_COLOURS
        return what_is_converted(self.content, self.suffix)


def as_picture(path: Path, content: bytes, workspace: Workspace) -> Picture:
    """The picture in the file `path` of these bytes: as it is, but a PDF as SVG, which is remembered."""
    suffix = path.suffix.lower()
    if suffix != ".pdf":
        return Picture(content, suffix)
    return _in_svg(content, workspace) if content else Picture(b"", ".svg")


def _in_svg(content: bytes, workspace: Workspace) -> Picture:
    inputs: dict[str, Json] = {"picture": digest(content), "versions": [version("typst"), version("pikepdf")]}
    inputs["code"] = digest(read(Path(__file__)))
    said, _, svg = Memo(workspace.memo)("pdf-picture", inputs, lambda: _asked(content), about=None).partition(b"\n")
    return Picture(svg, ".svg", **json.loads(said))


def _asked(content: bytes) -> bytes:
    """What the child writes: a line of JSON with what is to be said, and the SVG."""
    with temporary("impressum-picture-") as folder:
        (folder / "picture.pdf").write_bytes(content)
        (folder / "picture.typ").write_text(SOURCE, encoding="utf-8")
        command = process.python_module(__name__, str(folder))
        done = process.run(command, limits=process.Limits(SECONDS, MEMORY))
    if done.code != 0:
        return b'{"wrong": "cannot be read, or takes too long to draw"}\n'
    return done.stdout


def main(folder: Path) -> int:
    """The child: says what is wrong with `picture.pdf`, or writes it as SVG."""
    import pikepdf

    said: dict[str, str] = {}
    svg = b""
    try:
        with pikepdf.open(folder / "picture.pdf") as pdf:
            said = _said(pdf)
        svg = _drawn(folder)
    except pikepdf.PasswordError:
        said = {"wrong": "is locked by a password"}
    except pikepdf.PdfError:
        said = {"wrong": "is not a PDF file, or is damaged"}
    except Unfit as unfit:
        said = {"wrong": str(unfit)}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + svg)
    return 0


def _said(pdf: Any) -> dict[str, str]:
    """What a reader of the picture should know. Raises `Unfit` where it cannot be printed."""
    import pikepdf

    if len(pdf.pages) != 1:
        raise Unfit(f"has {len(pdf.pages)} pages, and a picture has one")
    drawn = [pdf.pages[0], *_forms(pdf.pages[0], ())]
    missing = sorted({name for one in drawn for name in _not_embedded(one.get("/Resources", {}))})
    families = [name.partition("+")[2] or name for name in missing]
    unknown = [name for name in families if not name.replace(" ", "").startswith(STANDARD)]
    if unknown:
        raise Unfit(f"does not hold its font `{unknown[0]}`")
    if families:
        return {"converted": f"does not hold its font `{families[0]}`, and is printed in one like it"}
    if any(pikepdf.parse_content_stream(one, "k K") for one in drawn):
        return {"converted": "has colours in CMYK, and is printed in sRGB"}
    return {}


def _forms(holder: Any, around: tuple[Any, ...]) -> Iterator[Any]:
    """The forms that the page or form `holder`, in those `around` it, draws: resources that forms share name others,
    too. Raises `Unfit` where one draws itself: Typst would repeat it, deeper than an archival PDF may nest."""
    import pikepdf

    drawn = {str(name) for one in pikepdf.parse_content_stream(holder, "Do") for name in one.operands}
    for name, form in holder.get("/Resources", {}).get("/XObject", {}).items() if len(around) < DEEPEST else ():
        if name in drawn and form.get("/Subtype") == "/Form":
            if form.objgen in around:
                raise Unfit("draws itself within itself")
            yield form
            yield from _forms(form, (*around, form.objgen))


def _not_embedded(resources: Any) -> Iterator[str]:
    for font in resources.get("/Font", {}).values():
        within = font.get("/DescendantFonts", [font])[0]
        described = within.get("/FontDescriptor", {})
        is_held = font.get("/Subtype") == "/Type3" or any(f"/FontFile{kind}" in described for kind in ("", "2", "3"))
        if not is_held:
            yield str(font.get("/BaseFont", "/?")).removeprefix("/")


def _drawn(folder: Path) -> bytes:
    import typst

    try:
        page = typst.compile(folder / "picture.typ", root=folder, format="svg", ignore_system_fonts=True)
    except typst.TypstError as error:
        raise Unfit("cannot be drawn") from error
    assert isinstance(page, bytes)
    _, _, rest = page.partition(BEGIN)
    svg = base64.b64decode(rest.partition(b'"')[0])
    return IN_POINTS.sub(rb'\1width="\2pt" height="\3pt"', svg, count=1)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
