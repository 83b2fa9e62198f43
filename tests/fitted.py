"""For the tests of page fitting: words without end, and small publications made of them."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from building import checked, specimen

from impressum.core.model.fits import Fits, LayoutReport, TypesetBook
from impressum.pipeline.book import BookInputs, inputs_of
from impressum.pipeline.run import Order, Run
from impressum.stages.typeset import Typesetter
from impressum.stages.typeset.compiler import typeset_book
from impressum.stages.typeset.link import Part, link
from impressum.system.pdf_objects import join
from impressum.system.workspace import Workspace

WORDS = (
    "river timber salt town course cloth news harbour keeper landing toll wagon barge winter spring grain market "
    "square bridge meadow letter clerk charter silver copper wool ferry lantern stone tower gate orchard mill "
    "council guild"
).split()


class Prose:
    """Sentences, always the same for the same `seed`, and hardly one like another."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)

    def sentences(self, count: int) -> str:
        """So many sentences of a line each, about."""
        return " ".join(self._sentence() for _ in range(count))

    def line(self) -> str:
        """A paragraph that is surely one line long."""
        return f"{' '.join(self._random.choice(WORDS) for _ in range(4)).capitalize()}."

    def _sentence(self) -> str:
        words = [self._random.choice(WORDS) for _ in range(self._random.randint(10, 17))]
        return f"{' '.join(words).capitalize()}."


def write(root: Path, chapters: Mapping[str, str], layout: str = "", theme: str = "report") -> Path:
    """A publication in `root` with these chapters and this `layout.yaml`."""
    folder = root / "chapters" / "en"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "publication.yaml").write_text(
        f"title: Fitted Pages\nlanguage: en\ndate: 2025-03-31\ntheme: {theme}\n", encoding="utf-8"
    )
    for name, text in chapters.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    if layout:
        (folder / "layout.yaml").write_text(layout, encoding="utf-8")
    return root


def inputs(run: Run) -> BookInputs:
    """What the pages of the first edition are made of."""
    manuscripts = checked(run)
    return inputs_of(manuscripts.editions[0], manuscripts, run)


def specimen_in(root: Path, theme: str, references: str = "end", tag: str = "en") -> BookInputs:
    """The edition `tag` of the specimen, which holds everything that a chapter may hold, in `root` and in a theme."""
    with specimen() as read:
        shutil.copytree(read, root)
    text = (root / "publication.yaml").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("theme:"))
    (root / "publication.yaml").write_text(f"{text}\ntheme: {theme}\nreferences: {references}\n", encoding="utf-8")
    return inputs(Run(Workspace(root), Order((tag,)), lambda stage, what: None))


def draft(typesetter: Typesetter, fits: Fits) -> TypesetBook:
    """The pages with these `fits`, before the file is finished."""
    typesetter.check_letters()
    book = typesetter.parts.book(fits)
    assert book is not None
    return typeset_book(linked(book.parts), {"layout": book.layout})


def linked(parts: Sequence[Part]) -> bytes:
    """The PDF of these parts."""
    return join(*link(parts, "Page {number}", "Footnote {number}"))


def lines_of(told: LayoutReport, slug: str) -> dict[str, tuple[int, float, float]]:
    """Where each block of a chapter ends: the page counted from the first one, and points."""
    extents = [extent for extent in told.blocks if extent.key.rpartition("/")[0] == slug]
    first = min(extent.last.page for extent in extents)
    return {extent.key: (extent.last.page - first, extent.last.x, extent.last.y) for extent in extents}
