"""The programs that are compared: Impressum and its peers, each as the shell lines that set one text."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.texts import REPOSITORY, Text

FLOOR = "pandoc + Typst"
HEAD = """\
import sys, typst
typst.compile(sys.argv[1], output=sys.argv[2], font_paths=sys.argv[3:], ignore_system_fonts=True,
              pdf_standards=["ua-1", "a-2a"])
"""


@dataclass(frozen=True)
class Program:
    """A peer: whether it is `here`, and the command that sets a text, run in the folder of the text."""

    name: str
    here: Callable[[], bool]
    command: Callable[[Text], str]


def pandoc() -> str:
    """The program pandoc that Impressum uses."""
    spec = find_spec("pypandoc")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "files" / "pandoc")


def fonts() -> list[str]:
    """The folders of the fonts that Impressum uses."""
    specs = [find_spec(name) for name in ("fontpkg_spectral", "fontpkg_alegreya_sans")]
    return [str(Path(spec.origin).parent / "files") for spec in specs if spec is not None and spec.origin]


def impressum(text: Text, *arguments: str) -> list[str]:
    """The command line of Impressum for a text."""
    return [sys.executable, str(REPOSITORY / "build.py"), "--root", str(text.publication), *arguments]


def _read(text: Text) -> str:
    """Pandoc reads the one file, and sets its citations."""
    return f"{pandoc()} whole.md --citeproc --bibliography {text.bibliography} -M title=Study -M lang=en -s"


def _floor(text: Text) -> str:
    (text.combined.parent / "typeset.py").write_text(HEAD, encoding="utf-8")
    typeset = f"{sys.executable} typeset.py whole.typ floor.pdf {' '.join(fonts())}"
    return f"{_read(text)} -V mainfont=Spectral -t typst -o whole.typ && {typeset}"


def _weasyprint(text: Text) -> str:
    program = shutil.which("weasyprint") or str(Path(sys.executable).parent / "weasyprint")
    return f"{_read(text)} -t html -o whole.html && {program} -q whole.html w.pdf"


def _lualatex(text: Text) -> str:
    return f"{_read(text)} --pdf-engine=lualatex -o lualatex.pdf"


def _xelatex(text: Text) -> str:
    return _lualatex(text).replace("lualatex", "xelatex")


def _asciidoctor(text: Text) -> str:
    return f"{_read(text)} -t asciidoc -o whole.adoc && asciidoctor-pdf -o asciidoctor.pdf whole.adoc"


def _has(*names: str) -> Callable[[], bool]:
    return lambda: all(shutil.which(name) or (Path(sys.executable).parent / name).exists() for name in names)


PEERS = (
    Program(FLOOR, lambda: True, _floor),
    Program("pandoc + WeasyPrint", _has("weasyprint"), _weasyprint),
    Program("pandoc + LuaLaTeX", _has("lualatex"), _lualatex),
    Program("pandoc + XeLaTeX", _has("xelatex"), _xelatex),
    Program("Asciidoctor PDF", _has("asciidoctor-pdf"), _asciidoctor),
)


def one_word(text: Text, turn: int) -> None:
    """Changes one word of the text, in the publication and in the one file: each turn to another."""
    chapter = next(path for path in sorted((text.publication / "chapters" / "en").iterdir()) if "economic" in path.name)
    for path in (chapter, text.combined):
        written = path.read_text(encoding="utf-8")
        changed, count = re.subn(
            r"can be told in [a-z0-9 ]*steps", f"can be told in three{turn} steps", written, count=1
        )
        assert count == 1
        path.write_text(changed, encoding="utf-8")


def one_citation(text: Text, turn: int) -> None:
    """Cites one more work, or one less, each other turn."""
    chapter = next(path for path in sorted((text.publication / "chapters" / "en").iterdir()) if "open" in path.name)
    written = chapter.read_text(encoding="utf-8")
    more = "\n\nOne more source says so [@rusi2024drones].\n"
    chapter.write_text(written.replace(more, "") if more in written else written + more, encoding="utf-8")
