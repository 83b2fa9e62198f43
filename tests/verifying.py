"""For the tests of verify: one small publication, set once by the real line, and ways to spoil its pages."""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pikepdf
from building import checked

from impressum.core.errors import Faults
from impressum.core.model.manuscript import Expected
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Order, Run
from impressum.stages.typeset import Typesetter
from impressum.stages.typeset.compiler import Compiler
from impressum.stages.verify import CHECKS, Report, _evidence, verify
from impressum.stages.verify.evidence import Evidence
from impressum.stages.verify.structure import read_structure
from impressum.system.workspace import Workspace

PARAGRAPH = (  # one sentence, often: a block that runs over lines and pages
    "The river carried timber, grain and salt to the towns on its lower course, "
    "and brought back cloth, glass and news. "
)
ROWS = [f"| Place {row} | {row * 37} | Wharf and warehouse number {row} |\n" for row in range(1, 71)]
SOURCES = {
    "publication.yaml": """\
title: The River and Its Towns
language: en
date: 2025-03-31
authors:
  - name: Ana Anić
impressum:
  publisher:
    name: The River Press
""",
    "bib/references.bib": """\
@book{ferry1998, author = {Marko Perić}, title = {Ferries of the Lower Course}, publisher = {Brod}, year = {1998}}
@book{salt2004, author = {Jelena Ilić}, title = {Salt Roads}, publisher = {Put}, year = {2004}}
""",
    "chapters/en/01-trade.md": f"""\
# Trade on the water {{#sec-trade}}

{PARAGRAPH * 3}

The first ferry ran in 1712.[^1] It crossed where the bridge stands today [@ferry1998], as @sec-tolls tells.

[^1]: The year is that of the charter; see <https://www.example.org/charters/1712>.

## Tolls and their keepers {{#sec-tolls}}

{PARAGRAPH * 2}

A toll was due at every landing.[^2] Salt paid half [@salt2004]; the towns were free[^*].

[^2]: Some landings were private.

[^*]: Free of this toll only.

| Place | Loads | Remark |
|:--|--:|:--|
{"".join(ROWS)}
: Landings and their loads {{#tbl-landings}}

After the table the text goes on, and @tbl-landings lists what it names.
""",
    "chapters/en/02-decline.md": f"""\
# Why it ended

{PARAGRAPH * 2}

The railway took the grain.[^3] Read more on [the page of the museum](https://museum.example.org/river).

[^3]: It opened in 1869.

## The last boat

{PARAGRAPH}
""",
}


@dataclass(frozen=True)
class Set:
    """A publication that was set: what is meant by it, and its pages."""

    run: Run
    manuscripts: Manuscripts
    pdf: bytes

    @property
    def expected(self) -> Expected:
        return self.manuscripts.editions[0].manuscript.expected

    def again(self, templates: Mapping[str, Callable[[str], str]]) -> bytes:
        """The pages, set with templates of the book that were changed."""
        sources = self.manuscripts.sources
        theme = sources.theme
        changed = {name: change(theme.templates[name].decode()).encode() for name, change in templates.items()}
        theme = replace(theme, templates={**theme.templates, **changed})
        return _set(self.run, replace(self.manuscripts, sources=replace(sources, theme=theme)))

    def with_definitions(self, definitions: str) -> bytes:
        """The pages, set with `definitions` in place of those that the chapters call."""
        return self.again({"elements.typ": lambda source: f"{source}\n{definitions}\n"})

    def with_rule(self, rule: str) -> bytes:
        """The pages, set with a show rule for all of the book."""

        def add(source: str) -> str:
            assert "#show: pages" in source
            return source.replace("#show: pages", f"{rule}\n#show: pages")

        return self.again({"book.typ": add})

    def report(self, pdf: bytes | None = None, meant: Expected | None = None) -> tuple[Report, str]:
        """What verify reports, and its faults as text."""
        faults = Faults()
        report = verify(pdf or self.pdf, meant or self.expected, theme=self.manuscripts.sources.theme, faults=faults)
        return report, "\n".join(str(fault) for fault in faults.all())

    @contextmanager
    def evidence(self) -> Iterator[Evidence]:
        """What the checks look at, once all of them have run."""
        with _evidence(
            self.pdf, self.expected, self.manuscripts.sources.theme, read_structure(self.pdf), None, Faults()
        ) as evidence:
            for check in CHECKS.values():
                check(evidence)
            yield evidence

    def faults(self, pdf: bytes | None = None, meant: Expected | None = None) -> str:
        """The faults that verify finds, a line each, without their hints."""
        lines = self.report(pdf, meant)[1].splitlines()
        return "\n".join(line for line in lines if not line.startswith("  hint: "))


@cache
def good() -> Set:
    """The small publication as it should be."""
    return made(SOURCES)


@cache
def short() -> Set:
    """The same with three rows in its table, which begins on no other page: it is set in half the time."""
    chapter = "chapters/en/01-trade.md"
    return made({**SOURCES, chapter: SOURCES[chapter].replace("".join(ROWS[3:]), "")})


def made(sources: Mapping[str, str]) -> Set:
    """The publication of `sources`, texts by the names of their files."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return made_in(folder)


def made_in(root: Path) -> Set:
    """The publication in `root`, without figures that are drawn."""
    run = Run(Workspace(root.resolve()), Order(), lambda stage, what: None)
    manuscripts = checked(run)
    return Set(run, manuscripts, _set(run, manuscripts))


@cache
def _compiler() -> Compiler:
    """The compiler of this process, which stays warm for all publications, as it does for the live page."""
    folder = Path(tempfile.mkdtemp())
    made = Compiler({}, 0, folder, ())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(made.close)
    return made


def _set(run: Run, manuscripts: Manuscripts) -> bytes:
    edition = manuscripts.sources.editions[0]
    with Typesetter(
        edition,
        manuscripts.editions[0].manuscript,
        theme=manuscripts.sources.theme,
        drawings={},
        workspace=run.workspace,
        producer="Impressum",
        epoch=None,
        memo=run.memo,
        compiler=_compiler(),
    ) as typesetter:
        pdf = typesetter.set({}, run.faults).pdf
    run.faults.stop_if_any()
    return pdf


def spoiled(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The pages of the good publication after `change`."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(good().pdf)) as document:
        change(document)
        document.save(out)
    return out.getvalue()
