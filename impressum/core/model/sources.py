"""The sources of a publication as `load` hands them on, and as `render` returns them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from impressum.core.errors import Fault, Place
from impressum.core.model.figures import Chart
from impressum.core.model.fits import LayoutEntry
from impressum.core.model.lost import LostChapter, LostSources
from impressum.core.model.publication import (
    DataColumn,
    DataSidecar,
    EditionTexts,
    FigureData,
    FrontMatter,
    Publication,
    PublicationTexts,
    Texts,
)
from impressum.core.model.theme import Theme

WRITTEN_KEY = re.compile(r"""(?:@\w+\s*[{(]|\bid["']?:\s*["']?)\s*([^\s,{}()"']+)""")

XREF_KINDS = ("fig", "tbl", "sec", "eq", "box")
"""The prefixes of ids in cross-references (before the first hyphen), unless the whole is the key of a work."""


@dataclass(frozen=True)
class SourceText:
    """A text without BOM, with `\\n` line ends, after `offset` lines (a chapter's front matter) of the file `path`."""

    path: str
    text: str
    offset: int = 0

    def place(self, line: int = 0, column: int = 0) -> Place:
        """The place of line `line` of the text (from 1), as the file counts it."""
        return Place(self.path, line + self.offset if line else 0, column)

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        return (0, *(newline.end() for newline in re.finditer("\n", self.text)))

    def place_at(self, offset: int) -> Place:
        """The place of the character at `offset` of the text."""
        line = bisect.bisect_right(self._line_starts, offset)
        return self.place(line, offset - self._line_starts[line - 1] + 1)


@dataclass(frozen=True)
class ChapterSource:
    """One chapter file: `slug` is its name without the suffix, `body` its text without front matter.

    `borrowed` is the tag of the edition that it belongs to, if it is borrowed by an edition without such a chapter:
    it is set there in its own language. `twin` is that of the edition in another script that it is taken from.
    """

    slug: str
    front: FrontMatter
    body: SourceText
    borrowed: str = ""
    twin: str = ""

    def when_lost(self) -> LostChapter:
        """The chapter as lost; the text of a twin is unknown, as it is in the other script."""
        return LostChapter(self.slug, None if self.twin else self.body.text)


@dataclass(frozen=True)
class DataTable:
    """A table of data, rows keyed by the first column; `places` are those of the cells, `sheet` the workbook's."""

    name: str
    path: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    sidecar: DataSidecar
    digest: str
    places: tuple[tuple[Place, ...], ...] = ()
    sheet: str = ""
    source_place: Place = field(default=Place(""))
    """Where the description says the source."""

    def by_key(self) -> dict[str, dict[str, str | int | float | None]]:
        """The rows as `{{ data.name["key"].column }}` sees them."""
        return {str(row[0]): dict(zip(self.columns, row, strict=True)) for row in self.rows}

    def column(self, name: str) -> DataColumn:
        """The description of the column `name`."""
        return self.sidecar.columns.get(name, DataColumn())

    def where(self, row: int, column: int) -> str:
        """The place of a cell, by its row and column from 0, as a message says it."""
        place = self.places[row][column]
        return f"{place.path}, {cell_name(self.sheet, place)}" if self.sheet else str(place)


def cell_name(sheet: str, place: Place) -> str:
    """A cell of a workbook as a spreadsheet calls it: `sheet "Loans", cell C7`."""
    letters, number = "", place.column
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f'sheet "{sheet}", cell {letters}{place.line}'


@dataclass(frozen=True)
class FigureSource:
    """A figure: its declaration, and the script (`.py`), ready-made image or chart that draws it."""

    id: str
    path: str
    declaration: FigureData
    file: str
    """The script or the image, relative to the root; of a chart the declaration."""
    digest: str
    chart: Chart | None = None
    written: Texts = ()
    """The texts of its declaration."""

    @property
    def is_script(self) -> bool:
        return self.file.endswith(".py")


@dataclass(frozen=True)
class BibEntry:
    """An entry of the bibliography: what the checks need to know of it. Field names are lower case."""

    key: str
    type: str
    place: Place
    fields: Mapping[str, str]


def format_of(path: str) -> str:
    """The suffix by which pandoc knows the format of the bibliography `path`: `.json` or `.yaml` for CSL, or `.bib`."""
    return {"json": ".json", "yaml": ".yaml", "yml": ".yaml"}.get(path.lower().rpartition(".")[2], ".bib")


@dataclass(frozen=True)
class Bibliography:
    """The bibliography: its text, and its entries by key."""

    source: SourceText
    entries: Mapping[str, BibEntry] = field(default_factory=dict)
    is_whole: bool = True
    """Whether all of it could be read."""
    taken: frozenset[str] | None = None
    """Keys that are taken to be in it, where nothing of it could be read."""

    def keys(self) -> frozenset[str]:
        """The keys of the entries, with those in the text if it is not whole."""
        written = () if self.is_whole else WRITTEN_KEY.findall(self.source.text)
        return frozenset((*self.entries, *written, *(self.taken or ())))


@dataclass(frozen=True)
class Edition:
    """One edition: its tag, its texts over the publication's, its chapters in order; `twin`: the tag of its twin."""

    tag: str
    publication: Publication
    texts: EditionTexts
    chapters: tuple[ChapterSource, ...]
    words: Mapping[str, str]
    layout: tuple[LayoutEntry, ...] = ()
    twin: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    """The terms of citations and references, by key."""
    lost: tuple[LostChapter, ...] = ()
    """The chapters that cannot be read, of which there are faults."""
    unknown: frozenset[str] = frozenset()
    """The paths (`cover.alt`) of values in publication.yaml or edition.yaml that cannot be read."""

    written: Texts = field(default=(), repr=False)
    """The texts of publication.yaml and edition.yaml that apply to this edition, and those of figures."""

    @cached_property
    def words_known_by(self) -> str:
        """The hash of its words."""
        return sha256(repr(sorted(self.words.items())).encode()).hexdigest()

    def unknown_texts(self) -> frozenset[str]:
        """Those of them that a chapter may print; every text of an edition if its file is unreadable."""
        texts = (str(one.alias) for one in PublicationTexts.model_fields.values()) if "" in self.unknown else ()
        return frozenset((*(path for path in self.unknown if path), *texts))


@dataclass(frozen=True)
class Sources:
    """Everything read: the requested `editions`, and the `source` edition (None if faulty and not requested)."""

    publication: Publication
    slug: str
    editions: tuple[Edition, ...]
    source: Edition | None
    figures: Mapping[str, FigureSource]
    data: Mapping[str, DataTable]
    bibliography: Bibliography | None
    includes: Mapping[str, SourceText]
    """Texts under `templates/` that a chapter may `{% include %}`, by their name there."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """The places of the values of publication.yaml, by key."""
    untranslated: Mapping[str, Mapping[str, Fault]] = field(default_factory=dict)
    """By edition and figure: the fault to report if a chapter in that edition's own language uses the figure."""
    lost: LostSources = field(default_factory=LostSources)
    theme: Theme = field(kw_only=True)
    style: CitationStyle = field(kw_only=True)
    """The citation style."""

    def spoken(self) -> tuple[Edition, ...]:
        """The editions whose words and figures are needed: the requested ones, and the source of translations."""
        source = self.source
        return self.editions if source is None or source in self.editions else (*self.editions, source)

    def place_of(self, key: str) -> Place:
        """The place of the value of `key` in publication.yaml; the file as a whole where it is not given."""
        return self.places.get(key, Place("publication.yaml"))


@dataclass(frozen=True)
class LineMap:
    """From the lines of a rendered text to their places in its source; in `exact` ones the columns hold too."""

    lines: tuple[Place, ...]
    exact: tuple[bool, ...]
    source_lines: Mapping[str, tuple[str, ...]]
    """The lines of each file by path, indexed by the file's own line numbers (index 0 is line 1)."""

    def place(self, line: int, column: int, word: str = "") -> Place:
        """The source place of a rendered place; `word`, found there, restores the column."""
        if not self.lines:
            return Place("")
        index = min(max(line, 1), len(self.lines)) - 1
        base = self.lines[index]
        if self.exact[index]:
            return Place(base.path, base.line, column)
        lines = self.source_lines.get(base.path, ())
        if word and 0 < base.line <= len(lines):
            found = lines[base.line - 1].find(word)
            if found >= 0:
                return Place(base.path, base.line, found + 1)
        return Place(base.path, base.line, 1)


PUBLICATION = Place("publication.yaml")


@dataclass(frozen=True)
class CitationStyle:
    """A citation style: its name, its CSL text (empty: pandoc's own Chicago author-date), the place for its faults."""

    name: str
    csl: str = ""
    place: Place = PUBLICATION


@dataclass(frozen=True)
class RenderedChapter:
    """A chapter after Jinja: plain Markdown, with the way back to its source lines."""

    source: ChapterSource
    text: str
    map: LineMap
    is_lost: bool = False
    """Whether a fault has left nothing of it: `text` is its source then."""
    spoilt: tuple[Place, ...] = ()
    """The places of faults that left out something there."""

    @cached_property
    def known_by(self) -> str:
        """The hash of its text, of its source, and of the way back to that."""
        return sha256(repr((self.text, self.source, self.map)).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset in `text` at which each line starts."""
        return (0, *(newline.end() for newline in re.finditer("\n", self.text)))

    @cached_property
    def _spoilt_lines(self) -> frozenset[tuple[str, int]]:
        found: set[tuple[str, int]] = set()
        for place in self.spoilt:
            lines = self.map.source_lines.get(place.path, ())
            first = last = place.line or 1
            while first > 1 and lines[first - 2 : first - 1] and lines[first - 2].strip():
                first -= 1
            while last < len(lines) and (not place.line or lines[last].strip()):
                last += 1
            found.update((place.path, line) for line in range(first, last + 1))
        return frozenset(found)

    def is_spoilt(self, place: Place) -> bool:
        """Whether `place` is in a passage that a fault has left something out of, so that it follows from that one."""
        return (place.path, place.line) in self._spoilt_lines

    def place(self, offset: int, word: str = "") -> Place:
        """The source place of `offset` in the rendered text."""
        line = bisect.bisect_right(self.line_starts, offset)
        return self.map.place(line, offset - self.line_starts[line - 1] + 1, word)


@dataclass(frozen=True)
class References:
    """The bibliography as `render` left it: its text, and the places of its entries."""

    text: str
    source: Bibliography

    @property
    def keys(self) -> frozenset[str]:
        """The works that may be cited."""
        return self.source.keys()

    @property
    def places(self) -> dict[str, Place]:
        """The place of each entry by its key."""
        return {key: entry.place for key, entry in self.source.entries.items()}


@dataclass(frozen=True)
class RenderedEdition:
    """The chapters of an edition after `render`, and its bibliography."""

    edition: Edition
    chapters: tuple[RenderedChapter, ...]
    references: References | None

    def readable(self) -> tuple[RenderedChapter, ...]:
        """The chapters that a fault has left something of."""
        return tuple(chapter for chapter in self.chapters if not chapter.is_lost)

    def whole(self) -> frozenset[str]:
        """The names of the chapters that nothing is left out of."""
        return frozenset(chapter.source.slug for chapter in self.chapters if not chapter.spoilt)


@dataclass(frozen=True)
class Rendered:
    """The requested editions after `render`, and the source edition, which may be one of them."""

    sources: Sources
    editions: tuple[RenderedEdition, ...]
    source: RenderedEdition | None
