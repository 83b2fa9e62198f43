"""PO, for Poedit and Weblate: units as Markdown, changed ones with their former text."""

from __future__ import annotations

import re

from impressum.core.errors import Fault, Faulty, Place
from impressum.translation.handoff.unit import Handoff, Returned, ReturnedFile, Unit
from impressum.translation.handoff.xliff import FORMERLY, notes

EDITION = "X-Impressum-Edition"
SCRIPTS = {"Latn": "latin", "Cyrl": "cyrillic", "Arab": "arabic"}


def write_po(handoff: Handoff) -> bytes:
    """The units of `handoff` as a PO file."""
    import polib

    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": handoff.slug,
        "Language": gettext_language(handoff.edition),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        EDITION: handoff.edition,
    }
    for unit in handoff.all():
        file.append(_entry(unit, handoff))
    return f"{file}\n".encode()


def _entry(unit: Unit, handoff: Handoff) -> object:
    import polib

    changed = unit.state == "changed" and bool(unit.earlier_target)
    others = [note for note in notes(unit) if not note.startswith(FORMERLY)]
    return polib.POEntry(
        msgctxt=unit.id,
        msgid=markdown_of(unit),
        msgstr=_on_one_line(unit.earlier_target) if changed else target_markdown(unit),
        previous_msgid=_on_one_line(unit.earlier_source) if changed else None,
        comment="\n".join([*([" › ".join(unit.path)] if unit.path else []), *others]),
        occurrences=[(unit.file, str(unit.line or ""))],
        flags=["fuzzy", "md-text"] if changed else ["md-text"],
    )


def markdown_of(unit: Unit) -> str:
    """The source of `unit` as Markdown on one line."""
    return _on_one_line(unit.segment.markdown)


def target_markdown(unit: Unit) -> str:
    """The current translation of `unit` as Markdown on one line."""
    from impressum.translation.handoff.escaping import written

    return _on_one_line(unit.hidden.shown(written(unit.target, unit.segment.setting))) if unit.target else ""


def _on_one_line(text: str) -> str:
    """`text` without line breaks, except those after a backslash."""
    return "\\\n".join(" ".join(line.split("\n")) for line in text.split("\\\n"))


def gettext_language(tag: str) -> str:
    """A language tag as gettext writes it: `sr@latin`, `pt_BR`."""
    language, *others = tag.split("-")
    script = next((f"@{SCRIPTS[one]}" for one in others if one in SCRIPTS), "")
    region = next((f"_{one}" for one in others if len(one) == 2 and one.isupper()), "")
    return f"{language}{region}{script}"


def read_po(raw: bytes, path: str) -> ReturnedFile:
    """The units of a returned PO file. Raises Faulty where it cannot be read."""
    import polib

    try:
        # With a line end at its end it is a text for polib, never the name of a file.
        file = polib.pofile(raw.decode("utf-8-sig").replace("\r\n", "\n") + "\n")
    except (OSError, UnicodeDecodeError, ValueError, IndexError, KeyError) as exc:
        found = re.search(r"line (\d+)", str(exc))
        place, message = Place(path, int(found[1]) if found else 0), "the file is no PO file that can be read"
        hint = "save it anew, as UTF-8, in the program in which it was translated"
        raise Faulty([Fault(place, message, "handin-unreadable", hint)]) from exc
    units = tuple(
        Returned(
            entry.msgctxt or "",
            Place(path, entry.linenum),
            markdown=entry.msgstr,
            source=(entry.msgid,),
            comments=(" ".join(entry.tcomment.split()),) if entry.tcomment.strip() else (),
            done=not entry.fuzzy,
        )
        for entry in file
        if not entry.obsolete
    )
    return ReturnedFile(path, file.metadata.get(EDITION, ""), units)
