"""How the pages of one edition are set, fitted and verified: for a build, and for pages that are shown live."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.core.errors import Fault, Faults, Severity, packed, unpacked
from impressum.core.model.fits import dumped
from impressum.system.cache import Json, Memo, digest
from impressum.system.parallel import at_once

if TYPE_CHECKING:
    from impressum.core.model.drawing import Drawing
    from impressum.core.model.expected import Manuscript, Meant, MeantChapter
    from impressum.core.model.fits import Asked, Fits, Standing, TypesetBook
    from impressum.core.model.sources import Edition
    from impressum.core.model.theme import Theme
    from impressum.pipeline.fitting import Fitting
    from impressum.pipeline.fitting.galleys import ChapterFits
    from impressum.stages.typeset import Compiler, Galleys, Typesetter
    from impressum.stages.verify import PageMemory, Report
    from impressum.system.workspace import Workspace

STEP = "chapter-fits"
MEMORY_OF_GALLEYS = 3_000_000_000
"""Bytes that chapters may take together that are fitted at the same time."""
LEAST_MEMORY, MEMORY_OF_A_LETTER = 300_000_000, 800
"""Bytes that Typst takes for any edition, and more for each letter of its fragments: a book of a thousand pages, with
notes and figures, has three million and takes about two thousand seven hundred million bytes."""


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
    hands: int = 1
    """How many chapters may be fitted at the same time; it changes no page."""

    @property
    def memory(self) -> int:
        """The bytes that Typst will take to set it, about."""
        return LEAST_MEMORY + MEMORY_OF_A_LETTER * sum(len(one.typst) for one in self.manuscript.fragments)

    @property
    def hands_at_most(self) -> int:
        """How many chapters are fitted at the same time, with regard to memory: by the longest of them."""
        longest = max((len(one.typst) for one in self.manuscript.fragments), default=0)
        return max(1, min(self.hands, MEMORY_OF_GALLEYS // (LEAST_MEMORY + MEMORY_OF_A_LETTER * longest)))

    def typesetter(self, compiler: Compiler | None = None) -> Typesetter:
        """What sets the pages, with a `compiler` that is warm already; to be used in a `with` block."""
        from impressum.stages.typeset import Typesetter

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
        from impressum.stages.verify import PageMemory

        return PageMemory()

    def forget(self) -> None:
        """Forgets the pages: once the edition is made nobody reads them again, and those of a thousand fill memory."""
        self._memory.pages.clear()

    def fitted(self, typesetter: Typesetter) -> Fitting:
        """How the pages are fitted; found once for the same pages."""
        from impressum.pipeline.fitting import fit_pages, read_fitting

        meant = self.manuscript.meant

        def fit() -> bytes:
            with typesetter.galleys(self.hands_at_most) as galleys:
                fit_alone = _FittingAlone(self, galleys)
                measured = partial(self.measured, meant)
                fitting = fit_pages(
                    self.asked,
                    meant,
                    typesetter.draft,
                    typesetter.tell,
                    measured,
                    fit_alone,
                    # A book after which Typst begins anew would be set in vain.
                    ahead=self.memory < typesetter.compiler.enough,
                    sided=self.theme.flag("page", "facing") and not self.theme.flag("openers", "recto"),
                )
                return fitting.as_bytes()

        inputs: dict[str, Json] = {
            **typesetter.inputs,
            "meant": digest(repr(meant)),
            "layout": repr(self.asked),
            "rules": dict(self.severities),
        }
        return read_fitting(self.memo("fitting", inputs, fit, about=self.edition.tag))

    def measured(self, meant: Meant, book: TypesetBook) -> tuple[Fault, ...]:
        """What is found on the pages of `book`, where this is `meant`."""
        from impressum.stages.verify import measure

        self.attend()
        found = Faults(self.severities)
        measure(book.pdf, meant, theme=self.theme, memory=self._memory, faults=found)
        return found.all()

    def verified(self, pdf: bytes) -> tuple[Report, tuple[Fault, ...]]:
        """The report of `verify`, and what it found; the same file is not compared again with the same meaning."""
        from impressum.stages.verify import Report, verify

        meant = self.manuscript.meant

        def compare() -> bytes:
            found = Faults()
            report = verify(pdf, meant, theme=self.theme, faults=found, memory=self._memory)
            faults: list[Json] = [list(packed(fault)) for fault in found.all()]
            return json.dumps([report.pages, report.checks, report.standards, report.contents, faults]).encode()

        inputs: dict[str, Json] = {"pages": digest(pdf), "meant": digest(repr(meant)), "theme": dict(self.theme.tokens)}
        pages, checks, standards, contents, faults = json.loads(self.memo("verify", inputs, compare, about=meant.tag))
        return Report(pages, tuple(checks), tuple(standards), contents), tuple(map(unpacked, faults))


@dataclass(frozen=True)
class _Chapter:
    """A chapter, what is meant to stand on its pages where it is alone, and all that they are made of."""

    meant: MeantChapter
    alone: Meant
    inputs: dict[str, Json]


@dataclass(frozen=True)
class _FittingAlone:
    """Fits chapters of a `setting` one by one, on `galleys`; each is fitted once for the same pages of it."""

    setting: Setting
    galleys: Galleys
    _known: dict[str, _Chapter] = field(default_factory=dict)

    def remembered(self, chapters: Sequence[tuple[Standing, Fits]]) -> list[ChapterFits | None]:
        from impressum.pipeline.fitting import read_chapter_fits

        kept = [self.setting.memo.remembered(STEP, self._chapter(*one).inputs) for one in chapters]
        return [None if raw is None else read_chapter_fits(raw) for raw in kept]

    def fit(self, chapters: Sequence[tuple[Standing, Fits]]) -> list[ChapterFits]:
        found = at_once([partial(self._fit, *one) for one in chapters], self.setting.hands_at_most)
        self.stop()  # the book is set now, and may need their memory
        return found

    def stop(self) -> None:
        self.galleys.end()

    def _fit(self, standing: Standing, asked: Fits) -> ChapterFits:
        from impressum.pipeline.fitting import fit_chapter, read_chapter_fits

        chapter = self._chapter(standing, asked)

        def fit() -> bytes:
            with self.galleys.galley(standing) as galley:

                def draft(fits: Fits) -> TypesetBook:
                    self.setting.attend()
                    return galley.draft(fits)

                measured = partial(self.setting.measured, chapter.alone)
                return fit_chapter(chapter.meant, asked, draft, galley.tell, measured).as_bytes()

        about = f"{self.setting.edition.tag}, {standing.slug}"
        return read_chapter_fits(self.setting.memo(STEP, chapter.inputs, fit, about=about))

    def _chapter(self, standing: Standing, asked: Fits) -> _Chapter:
        """The chapter that stands so, and of which the author asks this; gathered once."""
        from impressum.pipeline.fitting import alone

        if standing.slug not in self._known:
            meant = self.setting.manuscript.meant
            own = next(one for one in meant.chapters if one.slug == standing.slug)
            by_itself = alone(meant, own)
            inputs: dict[str, Json] = {
                **self.galleys.inputs(standing),
                "meant": digest(repr(by_itself)),
                "layout": dumped(asked),
                "rules": dict(self.setting.severities),
            }
            self._known[standing.slug] = _Chapter(own, by_itself, inputs)
        return self._known[standing.slug]


def epoch() -> int | None:
    """The time that `SOURCE_DATE_EPOCH` names, in Unix seconds."""
    value = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(value) if value.isdigit() else None
