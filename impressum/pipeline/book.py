"""How the pages of one edition are set and fitted: for a build, and for pages that are shown live."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.core.errors import Fault, Faults, Severity
from impressum.core.model.figures import Drawing
from impressum.core.model.fits import ChapterContext, Fits, Requested, TypesetBook, dumped
from impressum.core.model.manuscript import Expected, Manuscript
from impressum.core.model.sources import Edition
from impressum.core.model.theme import Theme
from impressum.pipeline.fitting import Fitting, alone, fit_chapter, fit_pages, read_chapter_fits, read_fitting
from impressum.pipeline.fitting.galleys import ChapterFits
from impressum.system.cache import Json, Memo, digest
from impressum.system.epoch import epoch
from impressum.system.parallel import at_once, processors
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from impressum.pipeline.convert import EditionManuscript, Manuscripts
    from impressum.pipeline.run import Run
    from impressum.stages.typeset import Compiler, Galleys, Typesetter
    from impressum.stages.verify import PageMemory

MEMORY_OF_GALLEYS = 3_000_000_000
"""Bytes that chapters may take together that are fitted at the same time."""
LEAST_MEMORY, MEMORY_OF_A_LETTER = 300_000_000, 800
"""Bytes that Typst takes for any edition, and more for each letter of its fragments: a book of a thousand pages, with
notes and figures, has three million and takes about two thousand seven hundred million bytes."""


@dataclass(frozen=True)
class BookInputs:
    """The inputs for the pages of one edition, and their measures; `theme` is in its language.

    `attend` is called before each pass of page fitting; what it raises ends the fitting.
    """

    edition: Edition
    manuscript: Manuscript
    requested: tuple[Requested, ...]
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
        """How many chapters are fitted at the same time, as far as memory allows for the longest of them."""
        longest = max((len(one.typst) for one in self.manuscript.fragments), default=0)
        return max(1, min(self.hands, MEMORY_OF_GALLEYS // (LEAST_MEMORY + MEMORY_OF_A_LETTER * longest)))

    def typesetter(self, compiler: Compiler | None = None) -> Typesetter:
        """The typesetter of the pages, with a `compiler` that is warm already; to be used in a `with` block."""
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

    def fitted(self, typesetter: Typesetter) -> Fitting:
        """How the pages are fitted."""
        from impressum.stages.verify import PageMemory

        expected = self.manuscript.expected

        def fit() -> bytes:
            memory = PageMemory()
            fitting = fit_pages(
                self.requested,
                expected,
                typesetter.draft,
                typesetter.tell,
                partial(self.measured, expected, memory),
                partial(self._fit_alone, typesetter, memory),
                sided=self.theme.flag("page", "facing") and not self.theme.flag("openers", "recto"),
            )
            return fitting.as_bytes()

        inputs: dict[str, Json] = {
            **typesetter.inputs,
            "expected": digest(repr(expected)),
            "layout": repr(self.requested),
            "rules": dict(self.severities),
        }
        return read_fitting(self.memo("fitting", inputs, fit, about=self.edition.tag))

    def measured(self, expected: Expected, memory: PageMemory, book: TypesetBook) -> tuple[Fault, ...]:
        """The faults on the pages of `book`, of which this is `expected`; `memory` has pages of earlier passes."""
        from impressum.stages.verify import measure

        self.attend()
        found = Faults(self.severities)
        measure(book.pdf, expected, theme=self.theme, memory=memory, faults=found)
        return found.all()

    def _fit_alone(
        self, typesetter: Typesetter, memory: PageMemory, chapters: Sequence[tuple[ChapterContext, Fits]]
    ) -> list[ChapterFits]:
        """Fits chapters that stand so in the book, and of which the author asks this, each alone."""
        with typesetter.galleys(self.hands_at_most) as galleys:
            tasks = [partial(self._fit_chapter, galleys, memory, *one) for one in chapters]
            return at_once(tasks, self.hands_at_most)

    def _fit_chapter(
        self, galleys: Galleys, memory: PageMemory, context: ChapterContext, requested: Fits
    ) -> ChapterFits:
        expected = self.manuscript.expected
        chapter = next(one for one in expected.chapters if one.slug == context.slug)
        by_itself = alone(expected, chapter)

        def fit() -> bytes:
            with galleys.galley(context) as galley:

                def draft(fits: Fits) -> TypesetBook:
                    self.attend()
                    return galley.draft(fits)

                measured = partial(self.measured, by_itself, memory)
                return fit_chapter(chapter, requested, draft, galley.tell, measured).as_bytes()

        inputs: dict[str, Json] = {
            **galleys.inputs(context),
            "expected": digest(repr(by_itself)),
            "layout": dumped(requested),
            "rules": dict(self.severities),
        }
        about = f"{self.edition.tag}, {context.slug}"
        return read_chapter_fits(self.memo("chapter-fits", inputs, fit, about=about))


def inputs_of(
    one: EditionManuscript, manuscripts: Manuscripts, run: Run, attend: Callable[[], None] = lambda: None
) -> BookInputs:
    """The inputs for the pages of the edition `one`, set beside the others."""
    jobs = run.order.jobs or processors()
    return BookInputs(
        one.edition,
        one.manuscript,
        one.requested,
        manuscripts.sources.theme.in_language(one.edition.tag),
        manuscripts.pending_drawings()[one.edition.tag],
        run.workspace,
        run.memo,
        run.faults.severities,
        attend,
        max(1, jobs // min(jobs, len(manuscripts.editions))),
    )
