"""The letters in figures: Typst drops the words of a drawing of which no font has a letter, and says nothing.

So those that the face of figures has not are set as text before the book is, where a missing one is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

from impressum.core.model.theme import FONTS
from impressum.core.model.written import WrittenTexts
from impressum.stages.typeset.compiler import Compiler
from impressum.system.faces import BASE, metrics

WORDS = re.compile(r"<text\b.*?</text\s*>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
MAIN = "letters.typ"
SOURCE = f"""\
#set document(title: "Letters")
#set text(lang: "en", font: {json.dumps(BASE)}, fallback: true)
#json("/letters.json").join(parbreak())
#metadata(none)<impressum-told>
"""


def letters_to_check(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The letters of the drawings among the work `files` that the face of figures has not, in order."""
    found: set[str] = set()
    for name, content in files.items():
        if name.endswith(".svg"):
            words = WORDS.findall(content.decode("utf-8", "ignore"))
            found.update(letter for text in words for letter in unescape(TAG.sub("", text)))
    return tuple(sorted(letter for letter in found if letter.isprintable() and not metrics().has(letter)))


def check_letters(files: Mapping[str, bytes], time: int, folder: Path, written: WrittenTexts) -> None:
    """Raises `Faulty` where a letter of a drawing among the work `files` is in no font, at the figure.

    `written` is where its words are.
    """
    letters = letters_to_check(files)
    if not letters:
        return
    fonts = {name: content for name, content in files.items() if name.startswith(f"{FONTS}/")}
    drawings = {name: content for name, content in files.items() if name.endswith(".svg")}
    asked = {MAIN: SOURCE.encode(), "letters.json": json.dumps(letters).encode(), **fonts, **drawings}
    compiler = Compiler(asked, time, folder / "letters", (), MAIN, written=written)
    try:
        compiler.set(b"{}")
    finally:
        compiler.close()
