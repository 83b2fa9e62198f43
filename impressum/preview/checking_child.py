"""Runs the whole line in a child process once the pages are shown: verifies them, and fits them anew.

Standard input: a line a request, a JSON object with `do` (`verify`, `fit` or `translation`), `root`, `desk`, `tag`,
`fits` (as `model.fits` dumps them), `number` (of the run that is checked) and `newest` (a file that holds the number
of the newest run: where that is another one, the work is given up before its next step). Standard output: a line an
answer, a JSON object: `outdated`, or `faults` and `fits`, or the `report` of the translation; `bug` is a traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impressum.core.errors import Fault, Faults, Faulty, packed
from impressum.core.model.fits import Fits, with_depths
from impressum.core.model.fits import dumped as dumped_fits
from impressum.core.model.fits import loaded as loaded_fits
from impressum.pipeline.book import BookInputs, inputs_of
from impressum.pipeline.build import check
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Order, Run
from impressum.pipeline.verify import verified
from impressum.system.cache import Json
from impressum.system.interpreter import collect_seldom
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from impressum.stages.typeset import Compiler


class Outdated(Exception):
    """A newer run has begun: nobody waits for this one any more."""


@dataclass
class Checker:
    """Answers the requests; it keeps what it has prepared for the next question about the same run."""

    compilers: dict[str, Compiler] = field(default_factory=dict)
    _number: int = 0
    _run: Run | None = None
    _manuscripts: Manuscripts | None = None

    def verify(self, request: dict[str, Any]) -> dict[str, Json]:
        """The faults on the pages with these fits, except those that fitting may still mend."""
        from impressum.pipeline.fitting.proposals import MENDABLE

        inputs, found = self._prepared(request)
        self._set(inputs, loaded_fits(request["fits"]), found)
        return {"faults": _packed(fault for fault in found.all() if fault.rule not in MENDABLE)}

    def fit(self, request: dict[str, Any]) -> dict[str, Json]:
        """How the pages are fitted, and what is found on them then."""
        inputs, found = self._prepared(request)
        with inputs.typesetter(self.compilers.get(inputs.edition.tag)) as typesetter:
            fitting = inputs.fitted(typesetter)
        self._set(inputs, fitting.fits, found)
        found.extend(fitting.faults)
        inputs.memo.trim()
        return {"faults": _packed(found.all()), "fits": dumped_fits(fitting.fits)}

    def translation(self, request: dict[str, Any]) -> dict[str, Json]:
        """The state of the translation, as `status` knows it."""
        from impressum.translation.shelf import read_shelf
        from impressum.translation.status import report_json, status

        shelf = read_shelf(_workspace(request))
        return {"report": report_json(status(shelf, ()), shelf)}

    def _prepared(self, request: dict[str, Any]) -> tuple[BookInputs, Faults]:
        """The inputs of the book, and the faults that are known before it is set."""
        newest, number = Path(request["newest"]), str(request["number"])

        def attend() -> None:
            if newest.read_text() != number:
                raise Outdated

        if self._number != request["number"] or self._run is None or self._manuscripts is None:
            self._number, self._manuscripts = request["number"], None
            order = Order((request["tag"],))
            self._run = Run(_workspace(request), order, lambda stage, what: attend())
            manuscripts = check(self._run)
            self._run.faults.stop_if_any()
            self._manuscripts = manuscripts
        run, manuscripts = self._run, self._manuscripts
        found = run.faults.apart()
        found.extend(run.faults.found())
        return inputs_of(manuscripts.editions[0], manuscripts, run, attend), found

    def _set(self, inputs: BookInputs, fits: Fits, found: Faults) -> None:
        """Adds to `found` what is found on the way and on the pages."""
        typesetter = inputs.typesetter(self.compilers.get(inputs.edition.tag))
        self.compilers = {inputs.edition.tag: typesetter.compiler}
        book = typesetter.set(fits, found)
        expected = with_depths(inputs.manuscript.expected, fits)
        found.extend(verified(book.pdf, expected, inputs.theme, inputs.memo, inputs.pages)[1])

    def close(self) -> None:
        for compiler in self.compilers.values():
            compiler.close()


def _packed(faults: Iterable[Fault]) -> list[Json]:
    return [list(packed(fault)) for fault in faults]


def _workspace(request: dict[str, Any]) -> Workspace:
    return Workspace(Path(request["root"]), request["desk"])


def main() -> int:
    collect_seldom()
    checker = Checker()
    tasks = {"verify": checker.verify, "fit": checker.fit, "translation": checker.translation}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = tasks[request["do"]](request)
        except Outdated:
            answer = {"outdated": True}
        except Faulty as faulty:
            answer = {"faults": _packed(faulty.faults)}
        except Exception:  # a bug; the next edit may not meet it
            import traceback

            answer = {"bug": traceback.format_exc()}
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    checker.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
