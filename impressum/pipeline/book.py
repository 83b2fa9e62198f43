"""How the pages of one edition are set and fitted: for a build, and for pages that are shown live."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.core.errors import Fault, Faults, Severity
from impressum.core.model.figures import Drawing
from impressum.core.model.fits import Fits, Requested, Standing, TypesetBook, dumped, own_fits, together, with_depths
from impressum.core.model.manuscript import Expected, ExpectedChapter, Manuscript
from impressum.core.model.sources import Edition
from impressum.core.model.theme import Theme
from impressum.pipeline.fitting import Fitting, alone, fit_chapter, fit_pages, read_chapter_fits, read_fitting
from impressum.pipeline.fitting.chapter_fits import UNFITTED, ChapterFits
from impressum.pipeline.fitting.chapters import set_chapters
from impressum.pipeline.fitting.lock import NOTHING, LayoutLock, read_lock
from impressum.pipeline.fitting.passes import faults_by_chapter, weight_of
from impressum.system.cache import Json, Memo, digest
from impressum.system.epoch import epoch
from impressum.system.installed import version
from impressum.system.parallel import at_once, processors
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from impressum.pipeline.convert import EditionManuscript, Manuscripts
    from impressum.pipeline.run import Run
    from impressum.stages.typeset import Compiler, Typesetter
    from impressum.stages.verify import PageMemory

MEMORY_OF_GALLEYS = 3_000_000_000  # bytes that chapters may take together that are fitted at the same time
LEAST_MEMORY, MEMORY_OF_A_LETTER = 300_000_000, 800
"""Bytes that Typst takes for any edition, and more for each letter of its fragments: a book of a thousand pages, with
notes and figures, has three million and takes about two thousand seven hundred million bytes."""
LETTERS_OF_A_HAND = 15_000
"""Letters of fragments, about five pages, that take as long to set as a further compiler to start (0.15 s)."""


@dataclass(frozen=True)
class BookInputs:
    """The inputs for the pages of one edition, and their measures; `theme` is in its language. `attend` is called
    before each pass of page fitting; what it raises ends the fitting."""

    edition: Edition
    manuscript: Manuscript
    requested: tuple[Requested, ...]
    theme: Theme
    drawings: Mapping[str, Drawing]
    workspace: Workspace
    memo: Memo
    pages: PageMemory
    """The pages that were read, in this run or before."""
    severities: Mapping[str, Severity]
    attend: Callable[[], None] = lambda: None
    hands: int = 1
    """How many chapters may be fitted at the same time; it changes no page."""
    lock: LayoutLock = NOTHING
    """The fits that are kept with the publication."""

    @property
    def memory(self) -> int:
        """The bytes that Typst will take to set it, about: as a whole, or so many chapters at the same time."""
        from impressum.stages.typeset.parts import ENOUGH_ALONE, own_templates

        whole = LEAST_MEMORY + MEMORY_OF_A_LETTER * sum(len(one.typst) for one in self.manuscript.fragments)
        in_parts = self.hands_at_most * (ENOUGH_ALONE + self._of_longest)
        return whole if own_templates(self.theme) else min(whole, in_parts)

    @property
    def hands_at_most(self) -> int:
        """How many chapters are fitted at the same time, as far as memory allows for the longest of them, and where
        there is so much to set that another compiler saves more than its start takes."""
        letters = sum(len(one.typst) for one in self.manuscript.fragments)
        return max(1, min(self.hands, MEMORY_OF_GALLEYS // self._of_longest, letters // LETTERS_OF_A_HAND))

    @property
    def _of_longest(self) -> int:
        """The bytes that Typst takes for the longest chapter."""
        longest = max((len(one.typst) for one in self.manuscript.fragments), default=0)
        return LEAST_MEMORY + MEMORY_OF_A_LETTER * longest

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
            hands=self.hands_at_most,
            compiler=compiler,
        )

    def fitted(self, typesetter: Typesetter) -> Fitting:
        """How the pages are fitted."""
        expected = self.manuscript.expected

        def fit() -> bytes:
            fitting = fit_pages(
                self.requested,
                expected,
                typesetter.lay_out,
                partial(self._weight, typesetter),
                partial(self._fit_alone, typesetter),
                sided=typesetter.parts.sided,
            )
            return fitting.as_bytes()

        inputs: dict[str, Json] = {
            **typesetter.inputs,
            "expected": expected.known_by,
            "layout": repr(self.requested),
            "rules": dict(self.severities),
            "kept": self.lock.model_dump_json(),
        }
        return read_fitting(self.memo("fitting", inputs, fit, about=self.edition.tag))

    def measured(self, expected: Expected, book: TypesetBook, fits: Fits) -> tuple[Fault, ...]:
        """The faults on the pages of `book`, which are set with these `fits`, and of which this is `expected`."""
        from impressum.stages.verify import measure

        self.attend()
        found = Faults(self.severities)
        measure(book.pdf, with_depths(expected, fits), theme=self.theme, memory=self.pages, faults=found)
        return found.all()

    def _fit_alone(self, typesetter: Typesetter, chapters: Sequence[tuple[Standing, Fits]]) -> list[ChapterFits]:
        """Fits chapters that stand so in the book, and of which the author asks this, each alone. The front matter is
        set first: what follows it is then known to begin on its page."""
        typesetter.check_letters()
        tasks = [partial(self._front, typesetter), *(partial(self._fit_chapter, typesetter, *one) for one in chapters)]
        return at_once(tasks, self.hands_at_most)[1:]

    def _front(self, typesetter: Typesetter) -> ChapterFits:
        typesetter.parts.set_early("front", {})
        return UNFITTED

    def _fit_chapter(self, typesetter: Typesetter, standing: Standing, requested: Fits) -> ChapterFits:
        chapter, by_itself = self._alone(standing)

        def fit() -> bytes:
            with typesetter.parts.galley(standing) as galley:

                def draft(fits: Fits) -> TypesetBook:
                    self.attend()
                    return galley.draft(fits)

                measured = partial(self.measured, by_itself)
                facing = self.theme.flag("page", "facing")
                fits = fit_chapter(chapter, requested, draft, galley.lay_out, measured, facing=facing)
                galley.set_for_book(together(requested, fits.fits))
                return fits.as_bytes()

        inputs: dict[str, Json] = {
            **typesetter.parts.read_by(standing),
            "data.json": typesetter.laid_out_by[standing.slug],
            "expected": by_itself.known_by,
            "layout": dumped(requested),
            "rules": dict(self.severities),
        }
        about, made_of = f"{self.edition.tag}, {standing.slug}", _hash_of(inputs)
        found = self.lock.find(chapter, made_of)
        found = found or read_chapter_fits(self.memo("chapter-fits", inputs, fit, about=about))
        typesetter.parts.note(standing, found.pages)
        return replace(found, made_of=made_of)

    def _weight(self, typesetter: Typesetter, standing: Standing, fits: Fits) -> int:
        """How grave the faults are of a chapter that stands so."""
        chapter, by_itself = self._alone(standing)
        with typesetter.parts.galley(standing) as galley:
            book = galley.draft(own_fits(standing.slug, fits))
        found = faults_by_chapter((chapter,), self.measured(by_itself, book, fits))
        return weight_of(set_chapters((chapter,), book.layout)[chapter.slug], found.get(chapter.slug, ()))

    def _alone(self, standing: Standing) -> tuple[ExpectedChapter, Expected]:
        """A chapter, and what is expected on its pages where it is set alone."""
        expected = self.manuscript.expected
        chapter = next(one for one in expected.chapters if one.slug == standing.slug)
        return chapter, alone(expected, chapter)


def _hash_of(inputs: Mapping[str, Json]) -> str:
    """The hash of all that the pages of a chapter are made of, on whichever machine and day."""
    known = {name: value for name, value in inputs.items() if name != "time"}
    return digest(json.dumps({**known, "typst": version("typst")}, sort_keys=True))


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
        run.pages,
        run.faults.severities,
        attend,
        max(1, jobs // min(jobs, len(manuscripts.editions))),
        read_lock(run.workspace, one.edition.tag, run.faults),
    )
