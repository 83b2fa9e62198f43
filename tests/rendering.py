"""For the tests of render: chapters and a bibliography rendered as the pipeline does, from texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from impressum.core.errors import Faults
from impressum.core.model.publication import FrontMatter
from impressum.core.model.sources import ChapterSource, LineMap, RenderedChapter, SourceText
from impressum.stages.render.batch import LIMITS, OwnTexts, render_bibliography, render_chapters
from impressum.system.cache import Json, Memo
from impressum.system.process import Limits

CONTEXT: dict[str, Json] = {
    "site": {"name": "Foreign Trade", "authors": ["Ana", "Luka"], "subtitle": None},
    "data": {"trade": {"2023": {"exports": 1234.5, "share": 0.345}, "2022": {"exports": 1000, "share": 0.3}}},
    "year": 2023,
    "published": "2025-03-31",
    "odd": "*x* [a] # @b $c$ \\d <e> `f` g_h ~i~ ^j^ |k| & l",
}


@dataclass
class Rendering:
    """Renders with one memo; each call collects its own faults in `faults`."""

    folder: Path
    faults: Faults = field(default_factory=Faults)
    memo: Memo = field(init=False)

    def __post_init__(self) -> None:
        self.memo = Memo(self.folder)

    def chapters(
        self,
        *texts: str,
        context: Mapping[str, Json] = CONTEXT,
        includes: Mapping[str, str] | None = None,
        language: str = "en",
        offset: int = 0,
        limits: Limits = LIMITS,
        own: OwnTexts | None = None,
    ) -> tuple[RenderedChapter, ...]:
        """Each of `texts` as chapter `chapters/en/01.md`, `02.md` …; `includes` are files under `templates/`."""
        sources = tuple(
            ChapterSource(f"{n:02}", FrontMatter(), SourceText(f"chapters/en/{n:02}.md", text, offset))
            for n, text in enumerate(texts, 1)
        )
        self.faults = Faults()
        return render_chapters(
            sources,
            context=context,
            includes={name: SourceText(f"templates/{name}", text) for name, text in (includes or {}).items()},
            language=language,
            memo=self.memo,
            faults=self.faults,
            limits=limits,
            own=own,
        )

    def text(self, text: str, *, includes: Mapping[str, str] | None = None, language: str = "en") -> str:
        """The rendered text of one chapter, in which there must be no fault."""
        (chapter,) = self.chapters(text, includes=includes, language=language)
        assert self.shown() == ""
        return chapter.text

    def lines(self, text: str, *, includes: Mapping[str, str] | None = None) -> list[str]:
        """Each rendered line as `place text`; a `=` after the place: letter for letter the source line."""
        (chapter,) = self.chapters(text, includes=includes)
        assert self.shown() == ""
        assert len(chapter.map.lines) == len(chapter.map.exact) == chapter.text.count("\n") + 1
        return [
            f"{Path(place.path).stem}:{place.line}{'=' if exact else ''} {line}".rstrip()
            for place, exact, line in zip(chapter.map.lines, chapter.map.exact, chapter.text.split("\n"), strict=True)
        ]

    def fault(self, text: str, *, includes: Mapping[str, str] | None = None, own: OwnTexts | None = None) -> str:
        """The faults of one chapter, as they are shown."""
        self.chapters(text, includes=includes, own=own)
        return self.shown()

    def bibliography(self, text: str) -> tuple[str, LineMap]:
        """`text` as the bibliography."""
        self.faults = Faults()
        source = SourceText("bib/references.bib", text)
        made = render_bibliography(source, context=CONTEXT, language="en", memo=self.memo, faults=self.faults)
        return made.text, made.map

    def shown(self) -> str:
        """The faults of the last call, as they are shown."""
        return "\n".join(str(fault) for fault in self.faults.all())
