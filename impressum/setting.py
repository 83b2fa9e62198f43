"""How the pages of one edition are set, fitted and verified: for a build, and for pages that are shown live."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.errors import Fault, Faults, Severity, packed, unpacked
from impressum.memo import Json, Memo, digest

if TYPE_CHECKING:
    from impressum.fitting import Fitting
    from impressum.model.drawing import Drawing
    from impressum.model.fits import Asked, TypesetBook
    from impressum.model.meant import Manuscript
    from impressum.model.sources import Edition
    from impressum.model.theme import Theme
    from impressum.typeset import Compiler, Typesetter
    from impressum.verify import PageMemory, Report
    from impressum.workspace import Workspace


@dataclass(frozen=True)
class Setting:
    """What the pages of one edition are made of and measured by; `theme` is in its language.

    `attend` is called before each pass of page fitting; what it raises gives the fitting up.
    """

    edition: Edition
    manuscript: Manuscript
    asked: tuple[Asked, ...]
    theme: Theme
    drawings: Mapping[str, Drawing]
    workspace: Workspace
    memo: Memo
    severities: Mapping[str, Severity]
    attend: Callable[[], None] = lambda: None

    def typesetter(self, compiler: Compiler | None = None) -> Typesetter:
        """What sets the pages, with a `compiler` that is warm already; to be used in a `with` block."""
        from impressum.typeset import Typesetter

        return Typesetter(
            self.edition,
            self.manuscript,
            theme=self.theme,
            drawings=self.drawings,
            workspace=self.workspace,
            producer=f"Impressum {__version__}",
            epoch=epoch(),
            memo=self.memo,
            compiler=compiler,
        )

    @cached_property
    def _memory(self) -> PageMemory:
        """The pages of all settings of this edition in this run."""
        from impressum.verify import PageMemory

        return PageMemory()

    def fitted(self, typesetter: Typesetter) -> Fitting:
        """How the pages are fitted; found once for the same pages."""
        from impressum.fitting import fit_pages, read_fitting
        from impressum.verify import measure

        meant = self.manuscript.meant
        memory = self._memory

        def measured(book: TypesetBook) -> tuple[Fault, ...]:
            self.attend()
            found = Faults(self.severities)
            measure(book.pdf, meant, theme=self.theme, memory=memory, faults=found)
            return found.all()

        def fit() -> bytes:
            return fit_pages(self.asked, meant, typesetter.draft, typesetter.tell, measured).as_bytes()

        inputs: dict[str, Json] = {
            **typesetter.inputs,
            "meant": digest(repr(meant)),
            "layout": repr(self.asked),
            "rules": dict(self.severities),
        }
        return read_fitting(self.memo("fitting", inputs, fit, about=self.edition.tag))

    def verified(self, pdf: bytes) -> tuple[Report, tuple[Fault, ...]]:
        """The report of `verify`, and what it found; the same file is not compared again with the same meaning."""
        from impressum.verify import Report, verify

        meant = self.manuscript.meant

        def compare() -> bytes:
            found = Faults()
            report = verify(pdf, meant, theme=self.theme, faults=found, memory=self._memory)
            faults: list[Json] = [list(packed(fault)) for fault in found.all()]
            return json.dumps([report.pages, report.checks, report.standards, faults]).encode()

        inputs: dict[str, Json] = {"pages": digest(pdf), "meant": digest(repr(meant)), "theme": dict(self.theme.tokens)}
        pages, checks, standards, faults = json.loads(self.memo("verify", inputs, compare, about=meant.tag))
        return Report(pages, tuple(checks), tuple(standards)), tuple(map(unpacked, faults))


def epoch() -> int | None:
    """The time that `SOURCE_DATE_EPOCH` names, in Unix seconds."""
    value = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(value) if value.isdigit() else None
