"""What is shown: the pages of an edition as they were set last, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from impressum.core.errors import Fault
from impressum.core.model.fits import Fits
from impressum.core.model.manuscript import Expected
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Run
from impressum.preview.places import Places
from impressum.system.cache import Json


@dataclass(frozen=True)
class Edition:
    """An edition that can be shown; `name` is what its language calls itself, `twin` the edition it is taken from."""

    tag: str
    name: str
    direction: str
    is_source: bool
    twin: str = ""


@dataclass(frozen=True)
class Shown:
    """The pages of one run. `sizes` are in points; `time` is when they were set, as a clock shows it."""

    number: int
    tag: str
    run: Run
    manuscripts: Manuscripts
    fits: Fits
    pdf: Path
    sizes: tuple[tuple[float, float], ...]
    places: Places
    time: str

    @property
    def expected(self) -> Expected:
        return self.manuscripts.editions[0].manuscript.expected


@dataclass(frozen=True)
class Found:
    """The faults of the newest run of an edition.

    `is_blocked`: they kept new pages from being set. `old` are those of pages that are being checked again.
    """

    faults: tuple[Fault, ...] = ()
    old: tuple[Fault, ...] = ()
    is_blocked: bool = False
    failure: str = ""
    """A bug of Impressum, as a traceback."""


@dataclass(frozen=True)
class Looks:
    """How each page looks ("" : not known yet), and which of them changed with the last run."""

    looks: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()


@dataclass
class Views:
    """All that the page shows; changed by the session alone."""

    wanted: str = ""
    editions: tuple[Edition, ...] = ()
    shown: dict[str, Shown] = field(default_factory=dict)
    looks: dict[str, Looks] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    phase: str = ""
    checking: str = ""
    report: Mapping[str, Json] = field(default_factory=dict)
    report_number: int = 0
