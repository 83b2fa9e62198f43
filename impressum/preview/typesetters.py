"""Keeps Typst warm for the editions that were shown last."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impressum.core.errors import Faults, Faulty
from impressum.core.model.fits import Fits, TypesetBook
from impressum.pipeline.book import inputs_of
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Run

if TYPE_CHECKING:
    from impressum.stages.typeset import Compiler

CRASHED = "typeset-crashed"
KEPT = 2  # editions whose compilers are kept: each takes the memory of a book
ENOUGH = 5_000_000_000
"""Bytes after which a compiler begins anew; one that is used for each keystroke may take more than one of a build."""


@dataclass
class WarmTypesetters:
    """The compilers by edition, the last one used behind. To be closed."""

    _compilers: OrderedDict[str, Compiler] = field(default_factory=OrderedDict)

    def set_pages(self, run: Run, manuscripts: Manuscripts, fits: Fits, faults: Faults) -> TypesetBook:
        """The pages of the one edition of `manuscripts`. Typst's warnings go to `faults`; raises `Faulty`."""
        try:
            return self._set(run, manuscripts, fits, faults)
        except Faulty as faulty:
            if any(fault.rule == CRASHED for fault in faulty.faults):  # a new one may have room, and more luck
                return self._set(run, manuscripts, fits, faults)
            raise

    def _set(self, run: Run, manuscripts: Manuscripts, fits: Fits, faults: Faults) -> TypesetBook:
        (one,) = manuscripts.editions
        edition = one.edition
        warm = self._compilers.pop(edition.tag, None)
        typesetter = inputs_of(one, manuscripts, run).typesetter(warm)
        typesetter.compiler.enough = ENOUGH
        self._compilers[edition.tag] = typesetter.compiler
        while len(self._compilers) > KEPT:
            self._compilers.popitem(last=False)[1].close()
        return typesetter.set_for_preview(fits, faults)

    def close(self) -> None:
        """Ends all compilers."""
        for compiler in self._compilers.values():
            compiler.close()
        self._compilers.clear()
