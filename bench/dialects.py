"""The text in the Markdown of those peers that do not read pandoc's: as their authors would have written it.

It is rewritten before the clock runs. Attributes of headings become targets, those of words go; for Sphinx citations
become roles, and the bibliography BibTeX, for it does not read BibLaTeX.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from bench.texts import Text

HEADING = re.compile(r"^(#+) (.*?) \{([^}\n]*)\}$", re.MULTILINE)
WORDS = re.compile(r"\[([^\]\n]+)\]\{[^}\n]*\}")
CITATION = re.compile(r"\[(@[^\]\n]*)\]")
IN_TEXT = re.compile(r"(?<![\w/`@])@([\w-]+)")
ENTRY = re.compile(r"^@\w+\{.*?^\}", re.MULTILINE | re.DOTALL)

TYPST = """\
#!{python}
# Stands where MyST looks for the program `typst`: the same Typst as in the floor, and the same fonts.
import sys, typst
typst.compile(sys.argv[2], output=sys.argv[2].removesuffix("typ") + "pdf", font_paths={fonts!r},
              ignore_system_fonts=True)
"""
MYST_FRONT = """\
---
title: Study
exports:
  - format: typst
    template: ./template
    output: myst.pdf
---

"""
MYST_PROJECT = "version: 1\nproject:\n  title: Study\n  bibliography: [references.bib]\n"
MYST_TEMPLATE = "jtex: v1\nkind: typst\ntemplate: template.typ\nfiles:\n  - template.typ\ndoc:\n  - id: title\n"
MYST_PAGE = """\
#set document(title: "[-doc.title-]")
#set page(paper: "a4", numbering: "1")
#set text(font: "Spectral", size: 11pt, lang: "en")
#set par(justify: true)
[-IMPORTS-]

[-CONTENT-]

#bibliography("[-doc.bibtex-]", style: "chicago-author-date")
"""
SPHINX_SETTINGS = """\
project = "Study"
author = "The Impressum contributors"
language = "en"
extensions = ["myst_parser", "sphinxcontrib.bibtex"]
myst_enable_extensions = ["deflist"]
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "author_year"
latex_engine = "xelatex"
latex_use_xindy = False
latex_elements = {"fontpkg": ""}  # Latin Modern, as for pandoc's LaTeX
latex_documents = [("index", "sphinx.tex", "Study", author, "manual")]
"""
SPHINX_INDEX = "# Study\n\n```{toctree}\nwhole\n```\n\n```{bibliography}\n```\n"


def myst(text: Text, python: str, fonts: list[str]) -> Path:
    """Writes a project of MyST with a template of its own into `myst`, anew, and gives the folder.

    `python` runs the program `typst` in its folder `bin`, with `fonts`.
    """
    folder = _anew(text.combined.parent / "myst")
    (folder / "whole.md").write_text(MYST_FRONT + _targets(_read(text)), encoding="utf-8")
    (folder / "myst.yml").write_text(MYST_PROJECT, encoding="utf-8")
    shutil.copy(text.bibliography, folder / "references.bib")
    (folder / "template").mkdir()
    (folder / "template" / "template.yml").write_text(MYST_TEMPLATE, encoding="utf-8")
    (folder / "template" / "template.typ").write_text(MYST_PAGE, encoding="utf-8")
    (folder / "bin").mkdir()
    program = folder / "bin" / "typst"
    program.write_text(TYPST.format(python=python, fonts=fonts), encoding="utf-8")
    program.chmod(0o755)
    return folder


def sphinx(text: Text, pandoc: str) -> Path:
    """Writes a project of Sphinx into `sphinx`, anew, and gives the folder."""
    folder = _anew(text.combined.parent / "sphinx")
    (folder / "whole.md").write_text(_roles(_targets(_read(text))), encoding="utf-8")
    (folder / "conf.py").write_text(SPHINX_SETTINGS, encoding="utf-8")
    (folder / "index.md").write_text(SPHINX_INDEX, encoding="utf-8")
    command = [pandoc, "--from", "biblatex", "--to", "bibtex", "--standalone", str(text.bibliography)]
    written = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    (folder / "references.bib").write_text(ENTRY.sub(_entry, written), encoding="utf-8")
    return folder


def _entry(found: re.Match[str]) -> str:
    """An entry that plain BibTeX prints: what publishes a report is an institution, and a work has a year."""
    entry = found[0]
    if "\n  year = " not in entry:
        entry = entry.replace("\n", "\n  year = {n.d.},\n", 1)
    if entry.startswith("@techreport"):
        entry = entry.replace("\n  publisher = ", "\n  institution = ")
        entry = entry if "\n  institution = " in entry else entry.replace("@techreport", "@misc", 1)
    return entry


def _anew(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _read(text: Text) -> str:
    return text.combined.read_text(encoding="utf-8")


def _targets(text: str) -> str:
    """Ids of headings as targets before them; marked words without their attributes."""

    def heading(found: re.Match[str]) -> str:
        marks, title, attributes = found.groups()
        own = re.search(r"#([\w-]+)", attributes)
        return (f"({own[1]})=\n" if own else "") + f"{marks} {title}"

    return WORDS.sub(r"\1", HEADING.sub(heading, text))


def _roles(text: str) -> str:
    """Pandoc's citations as the roles of sphinxcontrib-bibtex, with their pages."""

    def cited(found: re.Match[str]) -> str:
        keys = []
        for one in found[1].split(";"):
            key, _, page = one.strip().removeprefix("@").partition(", ")
            keys.append(f"{key}{{{page}}}" if page else key)
        return f"{{cite:p}}`{','.join(keys)}`"

    return IN_TEXT.sub(r"{cite:t}`\1`", CITATION.sub(cited, text))
