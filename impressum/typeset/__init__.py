"""typeset: Typst sets the book in a child with limits; `finish` writes its metadata.

What Typst finds wrong comes back at the Markdown line of the fragment that caused it.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from impressum import tools
from impressum.errors import Fault, Faults, Faulty, Place
from impressum.memo import Json, Memo, digest
from impressum.model.drawing import Drawing
from impressum.model.meant import Fragment, Manuscript
from impressum.model.sources import Edition
from impressum.model.theme import Theme
from impressum.typeset.data import book_data, timestamp
from impressum.typeset.finish import finish
from impressum.typeset.fonts import font_folders, font_versions
from impressum.workspace import Workspace

SECONDS = 300.0
MEMORY = 8_000_000_000
STANDARDS = ("ua-1", "a-2a")
AT = re.compile(r"(?:chapters|book)[/\\][\w.-]+\.typ:\d+:\d+")
DIAGNOSTIC = re.compile(r"^(?:error|warning): (.*)$", re.MULTILINE)
HINT = re.compile(r"^ *= hint: (.*)$", re.MULTILINE)
MISSING_GLYPH = re.compile(r"the text `\"(?P<text>.+?)\"` could not be displayed with font `\"(?P<font>.+?)\"`")


@dataclass(frozen=True)
class Setting:
    """What a run of Typst reads: work files by name, and the time that the PDF carries (Unix seconds)."""

    files: Mapping[str, bytes]
    time: int


def typeset(
    edition: Edition,
    manuscript: Manuscript,
    *,
    theme: Theme,
    drawings: Mapping[str, Drawing],
    workspace: Workspace,
    producer: str,
    epoch: int | None,
    memo: Memo,
    faults: Faults,
) -> bytes:
    """The finished PDF of an edition. `epoch` (SOURCE_DATE_EPOCH) goes before the publication's date.

    Raises `Faulty` where Typst cannot set the book.
    """
    pictures, picture_files = _pictures(edition, workspace)
    data = book_data(edition, manuscript, drawings, pictures)
    files: dict[str, bytes] = {
        "data.json": _json(data),
        "theme.json": _json(dict(theme.tokens)),
        "fits.json": _json({}),
        **{f"book/{name}": content for name, content in theme.templates.items()},
        **{f"chapters/{fragment.slug}.typ": fragment.typst.encode() for fragment in manuscript.fragments},
        **manuscript.files,
        **picture_files,
    }
    setting = Setting(files, epoch if epoch is not None else timestamp(edition.publication.date))
    inputs: Json = {
        "files": {name: digest(content) for name, content in files.items()},
        "time": setting.time,
        "fonts": dict(font_versions()),
        "producer": producer,
        "publication": edition.publication.model_dump_json(),
    }

    def run() -> bytes:
        pdf = _compile(setting, workspace.edition_work(edition.tag), manuscript.fragments, faults)
        return finish(pdf, publication=edition.publication, tag=edition.tag, words=edition.words, producer=producer)

    return memo("typeset", inputs, run)


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _pictures(edition: Edition, workspace: Workspace) -> tuple[dict[str, str], dict[str, bytes]]:
    """Logos and the cover's picture: their work-file names by source name, and their bytes."""
    publication = edition.publication
    names = [publication.cover.image, *(one.logo for one in (*publication.partners, *publication.funders))]
    work: dict[str, str] = {}
    content: dict[str, bytes] = {}
    for name in names:
        path = workspace.inside(name) if name else None
        if name and path:
            raw = path.read_bytes()
            work[name] = f"images/{digest(raw)[:20]}{path.suffix.lower()}"
            content[work[name]] = raw
    return work, content


def _compile(setting: Setting, folder: Path, fragments: tuple[Fragment, ...], faults: Faults) -> bytes:
    root = folder / "typst"
    shutil.rmtree(root, ignore_errors=True)
    for name, content in setting.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    output = folder / "book.pdf"
    output.unlink(missing_ok=True)
    request = {
        "root": str(root),
        "main": str(root / "book" / "book.typ"),
        "fonts": [str(font) for font in font_folders()],
        "timestamp": setting.time,
        "standards": list(STANDARDS),
        "output": str(output),
    }
    done = tools.run(
        tools.python_module("impressum.typeset.child"),
        limits=tools.Limits(SECONDS, MEMORY),
        stdin=json.dumps(request).encode(),
    )
    if done.timed_out:
        raise Faulty([_fault("Typst took longer than five minutes", "a chapter is too long or loops", "typeset-slow")])
    if done.code != 0:
        raise Faulty(
            [
                _fault(
                    f"Typst ended without a word (exit code {done.code}): {done.errors.strip()[-300:]}",
                    "it may have run out of memory; set fewer or smaller images",
                    "typeset-crashed",
                )
            ]
        )
    told = json.loads(done.stdout)
    if told["error"]:
        raise Faulty(_explain(told["error"], fragments, error=True))
    for warning in told["warnings"]:
        faults.extend(_explain(warning, fragments, error=False))
    return output.read_bytes()


def _fault(message: str, hint: str, rule: str) -> Fault:
    return Fault(Place("publication.yaml"), message, rule, hint)


def _explain(told: Mapping[str, object], fragments: tuple[Fragment, ...], *, error: bool) -> tuple[Fault, ...]:
    """Typst's words, one fault for each thing that it found, at the Markdown line that each is about."""
    hints = told["hints"]
    first = "; ".join(str(one) for one in hints) if isinstance(hints, list) else ""
    diagnostics = DIAGNOSTIC.split(str(told["diagnostic"]))[1:]
    found: dict[Fault, None] = {}
    for said, rest in zip(diagnostics[::2], diagnostics[1::2], strict=True):
        found[_one_fault(said, rest, fragments, "; ".join(HINT.findall(rest)), error=error)] = None
    if not found:
        found[_one_fault(str(told["message"]), str(told["diagnostic"]), fragments, first, error=error)] = None
    return tuple(found)


def _one_fault(said: str, diagnostic: str, fragments: tuple[Fragment, ...], hint: str, *, error: bool) -> Fault:
    place = _place(diagnostic, fragments)
    glyph = MISSING_GLYPH.search(said)
    if glyph:
        named = " ".join(f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip() for letter in glyph["text"])
        return Fault(
            place,
            f"the font {glyph['font']} has no character `{glyph['text']}` ({named})",
            "glyph-missing",
            "write it with other characters, or show it as a picture",
        )
    said = re.sub(r"^PDF/\S+( PDF/\S+)? error: ", "", said)
    message = f"Typst cannot set this: {said}" if error else f"Typst warns: {said}"
    return Fault(place, message, "typeset-failed", hint, "error")


def _place(diagnostic: str, fragments: tuple[Fragment, ...]) -> Place:
    """The Markdown place of the first line of a fragment that `diagnostic` names, else of a template."""
    place = Place("publication.yaml")
    for found in AT.finditer(diagnostic):
        name, line, column = found.group().rsplit(":", 2)
        if name.startswith("book") and place.path == "publication.yaml":
            place = Place(f"templates/{Path(name).name}", int(line), int(column) + 1)
        fragment = next((one for one in fragments if one.slug == Path(name).stem), None)
        if fragment and name.startswith("chapters"):
            return fragment.lines[min(int(line), len(fragment.lines)) - 1]
    return place
