"""A chapter as `convert` has read it: its typed document, and what its file says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from impressum.core.model import document as d
from impressum.core.model.publication import FrontMatter


@dataclass(frozen=True)
class ChapterDocument:
    """A chapter's typed document. `path` is that of its file, relative to the root; `language` is that of its text.

    `borrowed` is the tag of the source edition, where the edition has no such chapter and shows that one.
    """

    slug: str
    path: str
    front: FrontMatter
    blocks: tuple[d.Block, ...]
    language: str = ""
    borrowed: str = ""
    known_by: str = field(default="", repr=False, compare=False)
    """The hash of the blocks as they were read, before anything was compared or numbered; empty where not known."""
