"""Keeps Typst warm for the editions that were shown last."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impressum.core.errors import Faults, Faulty
from impressum.core.model.fits import Fits, LayoutReport
from impressum.pipeline.book import inputs_of
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Run

if TYPE_CHECKING:
    from impressum.stages.typeset import LoosePages, Typesetter

CRASHED = "typeset-crashed"
KEPT = 2  # editions whose compilers are kept: each takes the memory of some chapters
ENOUGH = 5_000_000_000
"""Bytes after which the compiler of a book that is set as a whole begins anew; one that is used for each keystroke may
take more than one of a build."""


@dataclass
class WarmTypesetters:
    """The typesetters by edition, the last one used behind. To be closed."""

    _warm: OrderedDict[str, Typesetter] = field(default_factory=OrderedDict)

    def set_pages(
        self, run: Run, manuscripts: Manuscripts, fits: Fits, faults: Faults
    ) -> tuple[list[LoosePages], LayoutReport]:
        """The pages of the one edition of `manuscripts`, and their layout report. Typst's warnings go to `faults`;
        raises `Faulty`."""
        try:
            return self._set(run, manuscripts, fits, faults)
        except Faulty as faulty:
            if any(fault.rule == CRASHED for fault in faulty.faults):  # a new one may have room, and more luck
                return self._set(run, manuscripts, fits, faults)
            raise

    def _set(
        self, run: Run, manuscripts: Manuscripts, fits: Fits, faults: Faults
    ) -> tuple[list[LoosePages], LayoutReport]:
        (one,) = manuscripts.editions
        tag = one.edition.tag
        warm = self._warm.pop(tag, None)
        typesetter = inputs_of(one, manuscripts, run).typesetter(warm.compiler if warm else None)
        typesetter.compiler.enough = ENOUGH
        if warm:
            typesetter.parts.begin_as(warm.parts)
        self._warm[tag] = typesetter
        while len(self._warm) > KEPT:
            self._warm.popitem(last=False)[1].compiler.close()
        return typesetter.set_for_preview(fits, faults)

    def close(self) -> None:
        """Ends all compilers."""
        for typesetter in self._warm.values():
            typesetter.compiler.close()
        self._warm.clear()
