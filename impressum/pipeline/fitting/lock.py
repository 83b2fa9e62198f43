"""`layout.lock`: what page fitting found for the chapters of an edition, kept beside them, so that a machine without a
cache need not search for it.

An entry holds for one state of its chapter, by the hash of all that its pages are made of and of Typst's version; of
any other state the chapter is fitted anew. All that a file can do, whoever wrote it, is to break lines and pages
elsewhere: what it asks is within what page fitting may ask, and the pages are verified as all are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from impressum.core.errors import Faults, Place
from impressum.core.model.fits import Breaks, FigurePlace, Fit
from impressum.core.model.manuscript import ExpectedChapter
from impressum.pipeline.fitting.chapter_fits import ChapterFits
from impressum.pipeline.fitting.proposals import WEIGHTS
from impressum.stages.load.texts import read_bytes
from impressum.system.files import put
from impressum.system.workspace import Workspace

LARGEST = 4_000_000  # bytes; a chapter has a few hundred
RULE = "layout-lock"
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class KeptFit(_Strict):
    """The fit of a block, within what page fitting may propose: the fields of `Fit`, but for its `probe`."""

    begins: bool = False
    lines: Annotated[int, Field(ge=-2, le=2)] = 0
    place: FigurePlace | None = None
    reserve: Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)] = 0.0
    whole: Annotated[str, Field(max_length=200)] = ""
    breaks: Breaks = ""
    depth: Annotated[int, Field(ge=-4, le=4)] = 0


class KeptChapter(_Strict):
    """The fits of a chapter by the keys of its blocks; the other fields are those of `ChapterFits`."""

    made_of: str
    fits: dict[str, KeptFit]
    reasons: dict[str, str]
    weight: Count
    passes: Count
    pages: Count


class LayoutLock(_Strict):
    """The chapters by name."""

    version: Literal[1]
    chapters: dict[str, KeptChapter]

    def find(self, chapter: ExpectedChapter, made_of: str) -> ChapterFits | None:
        """The fits of `chapter` where its pages are `made_of` this; None where they are not known."""
        kept = self.chapters.get(chapter.slug)
        if kept is None or kept.made_of != made_of:
            return None
        known = {f"{chapter.slug}/", *(block.key for block in (*chapter.blocks, *chapter.items))}
        if kept.fits.keys() - known or set(kept.reasons.values()) - {"", *WEIGHTS}:
            return None
        fits = {key: Fit(**fit.model_dump()) for key, fit in kept.fits.items()}
        return ChapterFits(fits, kept.reasons, kept.weight, kept.passes, kept.pages, made_of)


NOTHING = LayoutLock(version=1, chapters={})


def read_lock(workspace: Workspace, tag: str, faults: Faults) -> LayoutLock:
    """What is kept for the edition `tag`; nothing where there is no file, or with a warning where it is none."""
    path = workspace.layout_lock(tag)
    if not (path.exists() or path.is_symlink()):
        return NOTHING
    raw = read_bytes(workspace, path, faults, limit=LARGEST)
    try:
        return LayoutLock.model_validate_json(raw or b"")
    except ValidationError:
        hint = "take it away, or let `build --keep-fits` write it anew"
        message = "this is no file that `build --keep-fits` has written: all pages are fitted anew"
        faults.warning(Place(workspace.relative(path)), message, RULE, hint)
        return NOTHING


def write_lock(workspace: Workspace, tag: str, found: Mapping[str, ChapterFits]) -> None:
    """Keeps what was `found` for the chapters of the edition `tag`. Raises OSError where it cannot be written."""
    kept = LayoutLock(version=1, chapters={slug: _kept(one) for slug, one in sorted(found.items()) if one.pages})
    content = f"{kept.model_dump_json(indent=1, exclude_defaults=True)}\n".encode()
    path = workspace.layout_lock(tag)
    if not path.is_file() or path.read_bytes() != content:  # what is as it was keeps its times
        put(path, content)


def _kept(found: ChapterFits) -> KeptChapter:
    names = KeptFit.model_fields
    fits = {key: KeptFit(**{name: getattr(fit, name) for name in names}) for key, fit in sorted(found.fits.items())}
    return KeptChapter(
        made_of=found.made_of,
        fits=fits,
        reasons=dict(sorted(found.reasons.items())),
        weight=found.weight,
        passes=found.passes,
        pages=found.pages,
    )
