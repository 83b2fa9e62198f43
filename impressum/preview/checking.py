"""Has shown pages verified, their translation compared and the pages fitted anew, in a child."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impressum.core.errors import Fault, unpacked
from impressum.core.model.fits import Fits
from impressum.core.model.fits import dumped as dumped_fits
from impressum.core.model.fits import loaded as loaded_fits
from impressum.system import process
from impressum.system.cache import Json
from impressum.system.on_call import OnCall
from impressum.system.parallel import Later
from impressum.system.work_folders import lay
from impressum.system.workspace import Workspace

LIMITS = process.Limits(seconds=3600.0)
PARTING = 5.0  # seconds in which the child may end its step when the session ends
QUIET = 0.8  # seconds without another edit after which the pages are fitted anew: it sets them several times


@dataclass(frozen=True)
class CheckJob:
    """The run whose pages are to be checked: its number, the edition, and how the pages are fitted."""

    number: int
    tag: str
    fits: Fits


@dataclass(frozen=True)
class Checked:
    """The results for a run: faults (None: not looked for), new fits, the state of the translation, or a bug. `is_last`
    is true where nothing more follows for this run."""

    number: int
    faults: tuple[Fault, ...] | None = None
    fits: Fits | None = None
    report: Json = None
    bug: str = ""
    is_last: bool = False


@dataclass
class Checking:
    """A thread that asks the child; a newer job goes in the place of the one before. To be closed."""

    workspace: Workspace
    report: Callable[[Checked], None]
    _job: CheckJob | None = None
    _newest: int = 0
    _is_closed: bool = False
    _turn: threading.Condition = field(default_factory=threading.Condition)
    _child: OnCall = field(
        default_factory=lambda: OnCall(process.python_module("impressum.preview.checking_child"), limits=LIMITS)
    )
    _thread: Later[None] = field(init=False)

    @property
    def newest(self) -> Path:
        """The file by which the child knows whether its work is still wanted."""
        return self.workspace.work / "newest"

    def start(self) -> None:
        """Begins to wait for jobs."""
        self._thread = Later(self._work)

    def ask(self, job: CheckJob) -> None:
        """Asks for everything that follows after the pages of `job`."""
        with self._turn:
            self._job = job
            self._outdate(job.number)
            self._turn.notify()

    def outdate(self, number: int) -> None:
        """Says that the run `number` has begun: requests for older runs are dropped."""
        with self._turn:
            self._job = None
            self._outdate(number)
            self._turn.notify()

    def close(self) -> None:
        """Ends the thread and the child."""
        with self._turn:
            self._is_closed = True
            self._outdate(-1)
            self._turn.notify()
        self._thread.ends(PARTING)
        self._child.close()
        self._thread.result()

    def _outdate(self, number: int) -> None:
        self._newest = number
        lay(self.newest, str(number).encode())

    def _work(self) -> None:
        while (job := self._next()) is not None:
            self._check(job)

    def _next(self) -> CheckJob | None:
        with self._turn:
            while self._job is None and not self._is_closed:
                self._turn.wait()
            job, self._job = self._job, None
            return None if self._is_closed else job

    def _check(self, job: CheckJob) -> None:
        for task in ("verify", "translation", "fit"):
            if task == "fit" and not self._is_quiet(job):
                return
            answer = self._asked(job, task)
            if answer is None or self._newest != job.number:
                return
            self.report(
                Checked(
                    job.number,
                    tuple(map(unpacked, answer["faults"])) if "faults" in answer and task != "translation" else None,
                    loaded_fits(answer["fits"]) if "fits" in answer else None,
                    answer.get("report"),
                    answer.get("bug", ""),
                    is_last=task == "fit",
                )
            )

    def _is_quiet(self, job: CheckJob) -> bool:
        with self._turn:
            return not self._turn.wait_for(lambda: self._is_closed or self._newest != job.number, QUIET)

    def _asked(self, job: CheckJob, task: str) -> dict[str, Any] | None:
        """The answer of the child, or None where nobody waits for it any more."""
        request = {
            "do": task,
            "root": str(self.workspace.root),
            "desk": f"{self.workspace.desk}/check",
            "tag": job.tag,
            "fits": dumped_fits(job.fits),
            "number": job.number,
            "newest": str(self.newest),
        }
        line = json.dumps(request).encode()
        try:
            try:
                answer: dict[str, Any] = json.loads(self._child.ask(line))
            except process.Ended:  # by the system, for want of memory; a new child may have room
                answer = json.loads(self._child.ask(line))
        except process.Ended as ended:
            return {"bug": f"checking ended without a word: {ended.finished.errors.strip()[-2000:]}"}
        return None if "outdated" in answer else answer
