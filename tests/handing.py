"""For the tests of hand-offs: small publications, their zips, and the files in them with translations written in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from impressum.core.errors import Faults, Faulty
from impressum.system.workspace import Workspace
from impressum.translation.handoff import exchange
from impressum.translation.handoff.bundle import hand_off
from impressum.translation.handoff.edition_units import SLUG
from impressum.translation.handoff.gathering import gathered
from impressum.translation.handoff.handing_in import HandedIn, hand_in
from impressum.translation.handoff.markup import Parts
from impressum.translation.handoff.unit import Unit
from impressum.translation.handoff.word import token
from impressum.translation.shelf import read_shelf

PUBLICATION = "title: On Rivers\nlanguage: en\ndate: 2025-01-31\n"
Translate = Callable[[Unit], Parts]


def publication(root: Path, chapter: str, **others: str) -> Path:
    """A publication of one chapter, `01-start`, with an empty German edition; `others` are files by their path."""
    files = {
        "publication.yaml": PUBLICATION,
        "chapters/en/01-start.md": chapter,
        "chapters/de/edition.yaml": "title: Über Flüsse\n",
        **others,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def handed_off(root: Path, tag: str = "de", *, everything: bool = False) -> dict[str, bytes]:
    """The files of a hand-off by their names."""
    _, content = hand_off(read_shelf(Workspace(root)), tag, everything=everything, faults=Faults())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def units(root: Path, tag: str = "de", *, everything: bool = True) -> list[Unit]:
    """What is handed off of the chapters."""
    handoff = gathered(read_shelf(Workspace(root)), tag, everything=everything, faults=Faults())
    return [unit for unit in handoff.all() if unit.chapter != SLUG]


def texts(root: Path, tag: str = "de", *, everything: bool = True) -> list[Unit]:
    """What is handed off of the texts that stand in no chapter."""
    handoff = gathered(read_shelf(Workspace(root)), tag, everything=everything, faults=Faults())
    return list(handoff.units.get(SLUG, ()))


def handed_in(root: Path, file: Path, tag: str | None = None) -> tuple[HandedIn, ...]:
    """Hands `file` in; no warning may be left."""
    faults = Faults()
    _, done = hand_in(read_shelf(Workspace(root)), file, tag, faults)
    assert [str(fault) for fault in faults.all()] == []
    return done


def refused(root: Path, file: Path, tag: str | None = None) -> str:
    """The faults of a file that is not taken, or the warnings of one that is, as they are shown; nothing else."""
    faults = Faults()
    try:
        hand_in(read_shelf(Workspace(root)), file, tag, faults)
    except Faulty as faulty:
        return _shown(faulty.faults, file)
    return _shown(faults.all(), file)


def _shown(faults: Any, file: Path) -> str:
    return "\n".join(str(fault) for fault in faults).replace(file.as_posix(), file.name)


def upper(unit: Unit) -> Parts:
    """A translation that can be told from its source: the same words in capitals, between quotation marks."""
    words = tuple(part.upper() if isinstance(part, str) else part for part in unit.parts)
    return ("„", *words, "“")


def as_xliff(files: Mapping[str, bytes], every: list[Unit], translate: Translate, to: Path) -> Path:
    """The XLIFF file of a hand-off with translations in it."""
    from lxml import etree

    (raw,) = (content for name, content in files.items() if name.endswith(".xlf"))
    root = etree.fromstring(raw)
    by_id = {unit.id: unit for unit in every}
    for element in root.iter(f"{{{exchange.NAMESPACE}}}trans-unit"):
        unit = by_id[element.get("id")]
        target = f'<target xmlns="{exchange.NAMESPACE}">{exchange.inline(unit, translate(unit))}</target>'
        for old in element.findall(f"{{{exchange.NAMESPACE}}}target"):
            element.remove(old)
        element.insert(1, etree.fromstring(target))
    to.write_bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))
    return to


def as_po(files: Mapping[str, bytes], every: list[Unit], translate: Translate, to: Path) -> Path:
    """The PO file of a hand-off with translations in it."""
    import polib

    (raw,) = (content for name, content in files.items() if name.endswith(".po"))
    file = polib.pofile(raw.decode() + "\n", wrapwidth=0)
    by_id = {unit.id: unit for unit in every}
    for entry in file:
        unit = by_id[entry.msgctxt]
        shown = (part if isinstance(part, str) else unit.shown(part) for part in translate(unit))
        entry.msgstr = "".join(shown)
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    to.write_text(f"{file}\n", encoding="utf-8")
    return to


def as_docx(files: Mapping[str, bytes], every: list[Unit], translate: Translate, to: Path) -> Path:
    """The Word file of a hand-off with translations in it."""
    import docx

    (raw,) = (content for name, content in files.items() if name.endswith(".docx"))
    document = docx.Document(io.BytesIO(raw))
    by_id = {unit.id: unit for unit in every}
    for table in document.tables:
        for row in table.rows[1:]:
            cells = row.cells
            unit = by_id[cells[0].text]
            shown = (part if isinstance(part, str) else token(part) for part in translate(unit))
            cells[2].paragraphs[0].text = "".join(shown)
    document.save(str(to))
    return to
