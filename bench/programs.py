"""The programs that are compared: Impressum and its peers, each as the shell lines that set one text."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench import dialects, held
from bench.measure import Taken, run
from bench.texts import REPOSITORY, Text

FLOOR = "pandoc + Typst"
BROWSER = "chromium or chromium-browser or google-chrome"
HEAD = """\
import sys, typst
typst.compile(sys.argv[1], output=sys.argv[2], font_paths=sys.argv[3:], ignore_system_fonts=True,
              pdf_standards=["ua-1", "a-2a"])
"""


@dataclass(frozen=True)
class Program:
    """A peer: the programs that it `needs` (or one of several), the shell lines that set a text, the `pdf` they make.

    Both are meant in the folder of the text; what `command` prepares there is no part of the lines.
    """

    name: str
    needs: tuple[str, ...]
    command: Callable[[Text], str]
    pdf: str

    def missing(self) -> tuple[str, ...]:
        """What it needs and this machine has not."""
        return tuple(need for need in self.needs if _found(need) is None)


def _found(need: str) -> str | None:
    """The first of the programs in `need` (`one or another`) that is on the path, or beside this Python."""
    for name in need.split(" or "):
        own = Path(sys.executable).parent / name
        found = shutil.which(name) or (str(own) if own.exists() else None)
        if found:
            return found
    return None


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


def parsing(chapters: Sequence[Path]) -> str:
    """The shell line by which pandoc parses `chapters`, one after the other."""
    return "; ".join(f"{pandoc()} --from markdown --to json {chapter} > {chapter}.json" for chapter in chapters)


def _read(text: Text) -> str:
    """Pandoc reads the one file, and sets its citations."""
    return f"{pandoc()} whole.md --citeproc --bibliography {text.bibliography} -M title=Study -M lang=en -s"


def _floor(text: Text) -> str:
    (text.combined.parent / "typeset.py").write_text(HEAD, encoding="utf-8")
    typeset = f"{sys.executable} typeset.py whole.typ floor.pdf {' '.join(fonts())}"
    return f"{_read(text)} -V mainfont=Spectral -t typst -o whole.typ && {typeset}"


def _weasyprint(text: Text) -> str:
    return f"{_read(text)} -t html -o whole.html && {_found('weasyprint')} -q whole.html weasyprint.pdf"


def _lualatex(text: Text) -> str:
    return f"{_read(text)} --pdf-engine=lualatex -o lualatex.pdf"


def _xelatex(text: Text) -> str:
    return _lualatex(text).replace("lualatex", "xelatex")


def _asciidoctor(text: Text) -> str:
    return f"{_read(text)} -t asciidoc -o whole.adoc && asciidoctor-pdf -o asciidoctor.pdf whole.adoc"


def _myst(text: Text) -> str:
    dialects.myst(text, sys.executable, fonts())
    return 'cd myst && PATH="$PWD/bin:$PATH" myst build whole.md --pdf'


def _sphinx(text: Text) -> str:
    dialects.sphinx(text, pandoc())
    return "cd sphinx && sphinx-build -M latexpdf . _build -q"


def _vivliostyle(text: Text) -> str:
    options = f"--single-doc --no-vite-config-file --size A4 --executable-browser {_found(BROWSER)}"
    return f"{_read(text)} -t html -o whole.html && vivliostyle build whole.html {options} -o vivliostyle.pdf"


PEERS = (
    Program(FLOOR, (), _floor, "floor.pdf"),
    Program("pandoc + WeasyPrint", ("weasyprint",), _weasyprint, "weasyprint.pdf"),
    Program("pandoc + LuaLaTeX", ("lualatex",), _lualatex, "lualatex.pdf"),
    Program("pandoc + XeLaTeX", ("xelatex",), _xelatex, "xelatex.pdf"),
    Program("Asciidoctor PDF", ("asciidoctor-pdf",), _asciidoctor, "asciidoctor.pdf"),
    Program("MyST + Typst", ("myst",), _myst, "myst/myst.pdf"),
    Program(
        "Sphinx + LaTeX",
        ("sphinx-build", "myst-inv", "make", "latexmk", "xelatex"),
        _sphinx,
        "sphinx/_build/latex/sphinx.pdf",
    ),
    Program("pandoc + Vivliostyle", ("vivliostyle", BROWSER), _vivliostyle, "vivliostyle.pdf"),
)


def taken(peer: Program, text: Text) -> Taken:
    """What it takes the peer to set the text. Raises Failed, also where what it made does not hold the text."""
    folder = text.combined.parent
    pdf = folder / peer.pdf
    pdf.unlink(missing_ok=True)
    took = run(["sh", "-c", peer.command(text)], folder)
    held.check(pdf, text)
    return took


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
