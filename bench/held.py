"""Whether a PDF holds the text that it was made of: a run that loses some is not counted."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from bench.measure import Failed
from bench.texts import Text

LEAST = 0.9
"""The share of the paragraphs, notes and works that must be found; a page may break in the middle of some."""
BEGINNING = 30
"""Letters and figures by which one is known."""
ENTRY = re.compile(r"^@\w+\{(.*?),$(.*?)^\}", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"^\s*title\s*=\s*\{(.*)\},$", re.MULTILINE)
NOTE = re.compile(r"^\[\^[^\]]+\]: (.*)$", re.MULTILINE)
ATTRIBUTES = re.compile(r"(?<=\])\{[^}\n]*\}")
ADDRESS = re.compile(r"<(https?:[^>]*)>")
CITED = re.compile(r"\[?@[\w-]+[^\]]*\]?|\[[^\]]*\]\([^)]*\)|\[\^[^\]]*\]")


def check(pdf: Path, text: Text) -> None:
    """Raises Failed where the file is not there, or lacks paragraphs, notes or works of the text."""
    if not pdf.exists():
        raise Failed(f"{pdf.name} was not made")
    printed = letters(printed_text(pdf))
    for what, wanted in parts(text).items():
        found = sum(one in printed for one in wanted)
        if found < LEAST * len(wanted):
            lost = next(one for one in wanted if one not in printed)
            raise Failed(f"{pdf.name} holds {found} of {len(wanted)} {what}; the first that it lacks: {lost}")


def printed_text(pdf: Path) -> str:
    """What is printed on the pages, one after another."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def parts(text: Text) -> dict[str, list[str]]:
    """The beginnings of the paragraphs and of the works, and the addresses (or the ends) of the notes."""
    written = ATTRIBUTES.sub("", text.combined.read_text(encoding="utf-8"))
    notes = [
        letters(address[1] if (address := ADDRESS.search(note)) else CITED.sub("", note))
        for note in NOTE.findall(written)
    ]
    body = (CITED.split(paragraph)[0] for paragraph in NOTE.sub("", written).split("\n\n") if paragraph[:1].isalpha())
    titles = (
        found[1]
        for _, entry in ENTRY.findall(text.bibliography.read_text(encoding="utf-8"))
        if (found := TITLE.search(entry))
    )
    return {
        "paragraphs": _known([letters(one.split("\n")[0]) for one in body]),
        "notes": _known(notes),
        "works": _known([letters(title) for title in titles]),
    }


def _known(texts: list[str]) -> list[str]:
    return [text[:BEGINNING] for text in texts if len(text) >= BEGINNING]


def letters(text: str) -> str:
    """The letters and figures alone, small, without ligatures: as they are wherever a line breaks."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())
