"""Stage 3, render: Jinja over the chapters and the bibliography; out comes plain text and the way back to its lines.

The rendering itself is done in a child (`child.py`), which imports this package: what only the parent
needs is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from impressum.system.process import Limits

if TYPE_CHECKING:
    from impressum.core.errors import Faults
    from impressum.core.model.sources import ChapterSource, RenderedChapter, SourceText
    from impressum.stages.render.batch import RenderedText
    from impressum.system.cache import Json, Memo

__all__ = ["LIMITS", "render_bibliography", "render_chapters"]

LIMITS = Limits(seconds=10, memory=1_000_000_000)
"""The limits for all chapters of an edition together."""


def render_chapters(
    chapters: tuple[ChapterSource, ...],
    *,
    context: Mapping[str, Json],
    includes: Mapping[str, SourceText],
    language: str,
    memo: Memo,
    faults: Faults,
    limits: Limits = LIMITS,
    unread: frozenset[str] = frozenset(),
) -> tuple[RenderedChapter, ...]:
    """The chapters as plain Markdown, in their order.

    `context` is what they may name, plain data only; `includes` what they may include, by name, but for those that are
    `unread`; `language` (BCP 47) that of numbers and dates, where a chapter's front matter names no other. Faults go to
    `faults`; a chapter that a fault leaves without text comes back as it is, and is lost.
    """
    from impressum.core.model.sources import RenderedChapter
    from impressum.stages.render.batch import Batch

    batch = Batch("markdown", context, includes, memo, faults, limits, unread)
    rendered = batch.render([(chapter.body, chapter.front.language or language) for chapter in chapters])
    return tuple(
        RenderedChapter(chapter, one.text, one.map, one.is_lost, one.spoilt)
        for chapter, one in zip(chapters, rendered, strict=True)
    )


def render_bibliography(
    source: SourceText,
    *,
    context: Mapping[str, Json],
    language: str,
    memo: Memo,
    faults: Faults,
    limits: Limits = LIMITS,
) -> RenderedText:
    """The `.bib` file with its values (`<< name >>`) filled in, escaped for BibTeX."""
    from impressum.stages.render.batch import Batch

    return Batch("bibtex", context, {}, memo, faults, limits).render([(source, language)])[0]
