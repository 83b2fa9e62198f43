"""The session of a live page: for each change it runs the line for the edition that is shown, and shows its pages."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core.errors import Faults, Faulty, Place, WrongUsage
from impressum.core.model.fits import Fits
from impressum.pipeline.build import check
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Order, Run
from impressum.preview.board import Board
from impressum.preview.changes import ChangeWatcher
from impressum.preview.checking import Checked, Checking, CheckJob
from impressum.preview.editors import link
from impressum.preview.kept_fits import carried, keep_fits, kept_fits
from impressum.preview.pages import PageReader, Sheet
from impressum.preview.places import places
from impressum.preview.typesetters import WarmTypesetters
from impressum.preview.views import FoundFaults, Looks, Shown, Views, as_json, editions_of
from impressum.system.cache import digest
from impressum.system.files import put
from impressum.system.parallel import Later
from impressum.system.work_folders import ensured, take_away
from impressum.system.workspace import Workspace, shared_files

if TYPE_CHECKING:
    from impressum.stages.typeset import LoosePages

PATIENCE = 3  # runs in a row that a newer change may cut short: one must come to its end while somebody types
AT_ONCE = 8  # pages that are rendered before another request is answered
PARTING = 10.0  # seconds in which the line comes to its next stage when the session ends
SAID_EVERY = 0.3  # seconds between two messages of one stage


@dataclass(frozen=True)
class PreviewOptions:
    """The options of a session: the edition (empty: the source), the pattern of editor links, and whether to
    poll for changes."""

    edition: str
    editor: str
    poll: bool = False


class Superseded(Exception):
    """A newer change came, so this run is given up."""


class Session:
    """Runs the line for each change, in its own thread. To be started and closed."""

    def __init__(self, workspace: Workspace, wishes: PreviewOptions, board: Board) -> None:
        self.workspace = workspace
        self.board = board
        self.pages = PageReader()
        self.views = Views()
        self._wishes = wishes
        self._typesetters = WarmTypesetters()
        self._checking = Checking(workspace, self._checked)
        self._changes = ChangeWatcher(workspace, self.changed, poll=wishes.poll)
        self._turn = threading.Condition()
        self._asked: Callable[[], None] | None = None
        self._is_closed = False
        self._is_dirty = False
        self._lying: set[Path] = set()
        """The files of pages in the work folder."""
        self._cut_short = 0
        self._number = 0
        self._view = (1, 3)
        self._said = 0.0
        self._ends = ExitStack()

    def check_edition(self) -> None:
        """Raises `WrongUsage` where there is no such edition as is wished for."""
        self._find_editions()
        tags = [edition.tag for edition in self.views.editions]
        wanted = self._wishes.edition
        if wanted and wanted not in tags:
            raise WrongUsage(f"there is no edition `{wanted}`; editions: {', '.join(tags) or 'none'}")
        self.views.wanted = wanted or next(iter(tags), "")

    def start(self) -> None:
        """Begins to watch, and walks the line for the first time."""
        ensured(self.workspace.work)
        self._ends.callback(take_away, self.workspace.work)
        self._say("load", at_once=True)
        self._ends.callback(self.pages.close)
        self.pages.start()
        self._ends.callback(self._typesetters.close)
        self._checking.start()
        self._ends.callback(self._checking.close)
        line = Later(self._work)
        self._ends.callback(line.ends, PARTING)  # a child that hangs ends with this process
        self._changes.start()
        self._ends.callback(self._changes.close)
        self.changed()

    def close(self) -> None:
        """Ends everything that was started, and removes the work files."""
        with self._turn:
            self._is_closed = True
            self._turn.notify()
        self._ends.close()

    def changed(self) -> None:
        """Something in the sources changed."""
        with self._turn:
            self._is_dirty = True
            self._turn.notify()

    def show(self, tag: str) -> bool:
        """Shows another edition; False where there is none of this tag."""
        if tag not in [edition.tag for edition in self.views.editions]:
            return False
        with self._turn:
            if tag != self.views.wanted:
                self.views.wanted = tag
                self._is_dirty = True
                self._turn.notify()
        return True

    def look_at(self, first: int, last: int) -> None:
        """Says which pages are looked at: they go first."""
        self._view = (first, max(first, last))

    def current(self) -> tuple[Shown | None, Looks]:
        """The pages that are shown now."""
        with self._turn:
            return self.views.shown.get(self.views.wanted), self.views.looks.get(self.views.wanted, Looks())

    # The thread of the line.

    def _work(self) -> None:
        while True:
            with self._turn:
                while not (self._is_dirty or self._asked or self._is_closed):
                    self._turn.wait()
                if self._is_closed:
                    return
                task = self._walk if self._is_dirty else self._asked
                self._is_dirty, self._asked = False, None
                tag = self.views.wanted
            try:
                if task:
                    task()
                self._cut_short = 0
            except Superseded:
                self._cut_short += 1
            except WrongUsage:  # the edition that is shown is gone
                self._show_source(tag)
            except Faulty as faulty:
                self._find_editions()  # the one that is shown may be gone
                self._note(tag, FoundFaults(faulty.faults, is_blocked=True))
            except Exception:  # a bug of ours must not end what somebody works with
                said = traceback.format_exc()
                print(said, file=sys.stderr, flush=True)
                self._note(tag, FoundFaults(is_blocked=True, failure=said))

    def _show_source(self, gone: str) -> None:
        """Shows the source edition in the place of one that is `gone`."""
        self._find_editions()
        with self._turn:
            if self.views.wanted == gone:
                self.views.wanted = next((one.tag for one in self.views.editions if one.tag != gone), "")
                self._is_dirty = True

    def _walk(self) -> None:
        """The line from the sources to the pages that are shown."""
        self._number += 1
        self._checking.outdate(self._number)
        tag = self.views.wanted
        if not tag:
            self._find_editions()
            tag = self.views.wanted = next((edition.tag for edition in self.views.editions), "")
        self._say("load", at_once=True)
        run = Run(self.workspace, Order((tag,) if tag else ()), lambda stage, what: self._passed(stage))
        manuscripts = check(run)
        run.faults.stop_if_any()
        self._changes.also(self._named(manuscripts))
        expected = manuscripts.editions[0].manuscript.expected
        before = self.views.shown.get(tag)
        if before is not None:
            fits: Fits = carried(before.fits, before.expected.chapters, expected.chapters)
        else:
            fits = kept_fits(run.memo, tag, expected.chapters)
        self._set(run, manuscripts, fits)

    def _set(self, run: Run, manuscripts: Manuscripts, fits: Fits) -> None:
        """Sets the pages and shows them, those in view first; then has them checked."""
        self._passed("typeset")
        faults = Faults(run.faults.severities, run.faults.allowance)
        faults.extend(run.faults.found())
        shown, looks, first = self._typeset(self._number, run, manuscripts, fits, faults)
        old, fresh = self.views.found.get(shown.tag, FoundFaults()), faults.all()
        stale = tuple(one for one in (*old.faults, *old.old) if one not in fresh) if not old.is_blocked else ()
        self._show(shown, looks, first, FoundFaults(fresh, stale), "verify")
        self._checking.ask(CheckJob(self._number, shown.tag, fits))

    def _typeset(
        self, number: int, run: Run, manuscripts: Manuscripts, fits: Fits, faults: Faults
    ) -> tuple[Shown, list[str], range]:
        """The pages of the run `number`, how they look (those out of view as before), and which are in view."""
        tag = manuscripts.sources.editions[0].tag
        loose, layout = self._typesetters.set_pages(run, manuscripts, fits, faults)
        clock = datetime.now().strftime("%H:%M:%S")
        sheets, sizes = self._laid(loose)
        found = places(manuscripts.editions[0].manuscript.expected, layout, manuscripts.sources.theme)
        was, first = self.views.looks.get(tag, Looks()).looks, self._in_view(len(sizes))
        looks = [was[index] if index < len(was) else "" for index in range(len(sizes))]
        self._look(sheets, looks, first)
        return Shown(number, tag, run, manuscripts, fits, sheets, sizes, found, clock), looks, first

    def _laid(self, loose: Iterable[LoosePages]) -> tuple[tuple[Sheet, ...], tuple[tuple[float, float], ...]]:
        """The pages with their sizes, in files that are named by their content: what has not changed is not read
        again."""
        sheets: list[Sheet] = []
        sizes: list[tuple[float, float]] = []
        for pdf, skip, count in loose:
            path = self.workspace.work / f"pages-{digest(pdf)}.pdf"
            if path not in self._lying:
                put(path, pdf)
                self._lying.add(path)
            all_sizes = self.pages.sizes(path)
            end = len(all_sizes) if count is None else skip + count
            sheets += [Sheet(path, number) for number in range(skip + 1, end + 1)]
            sizes += all_sizes[skip:end]
        return tuple(sheets), tuple(sizes)

    def _show(self, shown: Shown, looks: list[str], first: range, found: FoundFaults, checking: str) -> None:
        """Shows the pages, and then looks at those that are not among the `first`, which are in view."""
        tag, sheets = shown.tag, shown.sheets
        with self._turn:
            was = self.views.looks.get(tag, Looks()).looks
            self.views.shown[tag] = shown
            self.views.looks[tag] = Looks(tuple(looks))
            self.views.found[tag] = found
            self.views.checking = checking
        self._say("")
        self._find_editions()
        rest = [number for number in range(1, len(looks) + 1) if number not in first]
        for at in range(0, len(rest), AT_ONCE):
            self._look(sheets, looks, rest[at : at + AT_ONCE])
            with self._turn:
                self.views.looks[tag] = Looks(tuple(looks))
            if time.monotonic() - self._said > SAID_EVERY:
                self._say("")
            self._give_way()
        changed = [number for number, look in enumerate(looks, 1) if was and look not in was[number - 1 : number]]
        with self._turn:
            self.views.looks[tag] = Looks(tuple(looks), tuple(changed))
        self._say("")
        used = {sheet.pdf for one in self.views.shown.values() for sheet in one.sheets}
        for path in self._lying - used:
            path.unlink(missing_ok=True)
            self.pages.forget(path)
        self._lying &= used

    def _look(self, sheets: Sequence[Sheet], looks: list[str], numbers: Sequence[int]) -> None:
        for number, look in zip(numbers, self.pages.looks([sheets[one - 1] for one in numbers]), strict=True):
            looks[number - 1] = look

    def _in_view(self, count: int) -> range:
        first, last = self._view
        first = min(first, max(1, count))
        return range(first, min(last, first + 2 * AT_ONCE, count) + 1)

    def _passed(self, stage: str) -> None:
        """Called between stages: gives way to a newer change, and reports the progress."""
        self._give_way()
        self._say(stage)

    def _give_way(self) -> None:
        """Raises `Superseded` where a newer change waits, or the session ends."""
        with self._turn:
            if self._is_closed or (self._is_dirty and self._cut_short < PATIENCE):
                self._is_dirty = True
                raise Superseded

    # What the checks found.

    def _checked(self, checked: Checked) -> None:
        with self._turn:
            shown = self.views.shown.get(self.views.wanted)
            if shown is None or shown.number != checked.number:
                return
            tag = shown.tag
            if checked.faults is not None:
                self.views.found[tag] = FoundFaults(checked.faults)
                self.views.checking = "" if checked.is_last else "fit"
            if isinstance(checked.report, dict):
                self.views.report = checked.report
                self.views.report_number = checked.number
            if checked.bug:
                print(checked.bug, file=sys.stderr, flush=True)
                self.views.found[tag] = replace(self.views.found[tag], failure=checked.bug)
                self.views.checking = ""
        self._say(self.views.phase, at_once=True)
        if checked.fits is not None:
            keep_fits(shown.run.memo, tag, checked.fits, shown.expected.chapters)
            if checked.fits != shown.fits:
                self._refit(shown, checked.fits)

    def _refit(self, shown: Shown, fits: Fits) -> None:
        """Sets the same text, which is checked already, with its pages fitted."""

        def task() -> None:
            if shown.number == self._number:
                again, looks, first = self._typeset(shown.number, shown.run, shown.manuscripts, fits, Faults())
                found = self.views.found[shown.tag]
                self._show(replace(again, time=shown.time), looks, first, found, "")

        with self._turn:
            self._asked = task
            self._turn.notify()

    # What the browsers get.

    def _note(self, tag: str, found: FoundFaults) -> None:
        with self._turn:
            self.views.found[tag] = found
            self.views.checking = ""
        self._say("", at_once=True)

    def _say(self, phase: str, *, at_once: bool = False) -> None:
        now = time.monotonic()
        with self._turn:
            self.views.phase = phase
            if phase and not at_once and now - self._said < SAID_EVERY:
                return
            self._said = now
            self.board.publish(as_json(self.views, self.workspace.root.name, self.link))

    def link(self, place: Place) -> str:
        """The link that opens `place` in the editor; empty where it is no file of the publication."""
        path = self.workspace.inside(place.path) if place.path else None
        return link(self._wishes.editor, path, place.line, place.column) if path else ""

    def _find_editions(self) -> None:
        editions = editions_of(self.workspace)
        if editions:
            self.views.editions = editions

    def _named(self, manuscripts: Manuscripts) -> list[Path]:
        """The files that the publication names, anywhere in its folder, and the glossary that it shares."""
        publication = manuscripts.sources.publication
        names = [publication.cover.image, publication.bibliography, publication.citation_style]
        names += [one.logo for one in (*publication.partners, *publication.funders)]
        found = [self.workspace.inside(name) for name in names if name]
        found += [self.workspace.root / publication.glossary] if publication.glossary else []
        found += shared_files(self.workspace.root / publication.house) if publication.house else []
        return [path for path in found if path and path.is_file()]
