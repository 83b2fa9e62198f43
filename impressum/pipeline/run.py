"""One run of the line: where it works, its order, what it found, and how it reports its progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from impressum.core.errors import Faults
from impressum.system.cache import Memo, code_of_package, installed_packages
from impressum.system.parallel import processors
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from impressum.pipeline.fitting.explain import Explained
    from impressum.pipeline.untrusted import UntrustedTexts
    from impressum.release.gate import ReleaseOrder
    from impressum.release.validators import Validator
    from impressum.stages.verify import PageMemory

STAGES = ("load", "draw", "render", "convert", "typeset", "verify", "publish")
Progress = Callable[[str, str], None]
SecondBuild = Callable[[Mapping[str, bytes]], None]


@dataclass(frozen=True)
class Order:
    """The order for a run: editions (none named: all), whether the pages are marked, whether it is a release."""

    editions: tuple[str, ...] = ()
    draft: bool = False
    untrusted: UntrustedTexts | None = None
    """The texts of a stranger, where the run is over such texts."""
    for_print: bool = False
    """Whether there is a file for a printer, besides."""
    release: ReleaseOrder | None = None
    validators: tuple[Validator, ...] = ()
    """Programs that judge each PDF before it is published."""
    jobs: int = field(default=0, repr=False)
    """How many editions may be made at the same time (0: as many as there are processors); it changes no file."""
    keep_fits: bool = False
    """Whether what page fitting finds is kept beside the chapters."""


@dataclass
class Run:
    """A run of the line. `second_build` gets the files by name before they are published; what it notes in `faults` may
    stop that. `explained` collects how the pages of each edition were fitted, for `--explain`."""

    workspace: Workspace
    order: Order
    progress: Progress
    faults: Faults = field(default_factory=Faults)
    second_build: SecondBuild | None = None
    explained: list[Explained] = field(default_factory=list)

    def __post_init__(self) -> None:
        from impressum.checks.allowances import Allowances

        hands = self.order.jobs or processors()
        self.memo = Memo(self.workspace.memo, code_of_package(installed_packages()), hands=hands)
        self.allowances = Allowances(self.workspace)
        self.faults.allowance = self.allowances.of
        if self.order.untrusted:
            from impressum.pipeline.untrusted import but_for_security

            self.faults.extend(self.order.untrusted.warnings)
            self.faults.allowance = but_for_security(self.allowances.of)
        if self.order.release:
            from impressum.release.gate import weights

            self.faults.weigh = partial(weights, waivers=self.order.release.waivers)

    @cached_property
    def pages(self) -> PageMemory:
        """The finished pages that were read, in this run or before."""
        from impressum.stages.verify import PageMemory

        return PageMemory(self.memo)
