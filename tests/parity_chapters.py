"""For the tests of parity: chapters as typed documents, read by pandoc from texts or publications, and never set."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import building
from building import PUBLICATIONS, line_of, scratch

from impressum.checks.parity import check_differences, check_letters, compare, compare_placeholders
from impressum.core.errors import Fault, Faults, Place
from impressum.core.model import document as d
from impressum.core.model.figures import Drawing
from impressum.core.model.manuscript import ChapterDocument
from impressum.core.model.publication import Difference, FrontMatter
from impressum.core.model.sources import ChapterSource, Edition, LineMap, RenderedChapter, SourceText
from impressum.stages.convert.inherited_ids import inherit_ids
from impressum.stages.convert.reading import Localisation, Reader, read_documents
from impressum.stages.load import load, read_theme
from impressum.stages.render.batch import render_chapters
from impressum.system.cache import Json

LANGUAGES = ("en", "de", "fr", "sr-Latn", "sr-Cyrl")  # those of the specimen
BIBLIOGRAPHY = "".join(
    f"@book{{{key}, author = {{Doe, Jane}}, title = {{Of {key}}}, publisher = {{House}}, year = {{2020}}}}\n"
    for key in ("doe", "roe", "poe")
)
DECLARED = ("trade", "debt")
HINTS = {
    "difference-unused": {
        "take it out",
        "take it out, or correct `…`: an id, a number, a key, or first words",
    },
    "parity-blocks": {
        "put it where the source has it",
        "take it out, or part the text as the source does",
        "take one of them out",
        "take that of the source",
        "translate it; where it was joined to the one beside it, part the two again",
        "part the two again, or name it in `…` in edition.yaml",
    },
    "parity-citations": {
        "cite it, too: `…`",
        "cite the work of the source: keys stay as they are",
        "take it out, or cite it in the source, too",
        "the numbers of pages and sections stay as they are",
    },
    "parity-figures": {
        "put it where the source has it",
        "put it where the source has it, with its id",
        "take that of the source",
    },
    "parity-formulas": {
        "put it where the source has it",
        "write it as the source does",
    },
    "parity-headings": {
        "begin it with `…`: headings without an id take that of the source only where all levels are the same",
        "put the sections into the order of the source, or each id where it belongs",
        (
            "take it out, or make a paragraph of it: headings without an id take that of the source only "
            "where all levels are the same"
        ),
        "translate it",
        (
            "write it here, with its level: headings without an id take that of the source only where all "
            "levels are the same"
        ),
    },
    "parity-ids": {
        "did you mean `…`?",
        "take it out, or write it in the source, too",
        "write `…` where the source has it: links and references go by ids",
        "write `…`: ids stay as they are, for links and references go by them",
    },
    "parity-index": {
        "mark the word for it, with `…`",
        "write it as there",
        "take it out, or put it into the source, too",
    },
    "parity-links": {
        "let it lead where the source does",
        "put it where the source has it",
        "where it is the same page in the language of the edition, name it in `…` in edition.yaml",
    },
    "parity-notes": {
        "put it where its words are; where the sentence is turned round, name it in `…` in edition.yaml",
        "take it out; a note of the translator is named in `…` in edition.yaml",
        "write `…` where it belongs, and translate the note",
    },
    "parity-numbers": {
        "`…` has N noughts, and `…` has N",
        "correct it, or take it out",
        "correct the one that is wrong",
        "write `…`",
        "write it as the language does, or write the word for it and name it in `…` in edition.yaml",
    },
    "parity-references": {
        "write `…`",
        "write `…` where it belongs",
    },
    "parity-tables": {
        "fill it, or write a dash where nothing is to be said",
        "give it the rows and columns of the source",
        "put it where the source has it, with its id",
        "write it as the source does",
    },
    "parity-untranslated": {
        "translate it; words that are meant to stay are marked: `…`",
        "translate it; what is meant to stay goes into `…`, what is still to be translated into `…`",
    },
}
"""What to do about each fault: names and numbers left out."""


@dataclass(frozen=True)
class Chapters:
    """The documents of an edition by name, and the texts that they were read from."""

    edition: Edition
    documents: Mapping[str, ChapterDocument]


@dataclass
class Publication:
    """Reads the editions of the publication in `root`, whose figures are not drawn."""

    root: Path

    def __post_init__(self) -> None:
        run = line_of(self.root)
        self.workspace, self.memo = run.workspace, run.memo
        self.faults = Faults()
        self.sources = load(self.workspace, self.faults)
        theme = read_theme(self.workspace, self.sources.publication.theme, Place("publication.yaml"), self.faults)
        self.rooms = theme.figure_rooms()

    def edition(self, tag: str) -> Edition:
        """The edition `tag`, as it was loaded."""
        return next(one for one in self.sources.editions if one.tag == tag)

    def chapters(self, tag: str) -> Chapters:
        """The chapters of the edition `tag`."""
        edition = self.edition(tag)
        data: dict[str, Json] = {}
        for name, table in self.sources.data.items():
            data[name] = {key: dict(row) for key, row in table.by_key().items()}
        publication: Json = edition.publication.model_dump(mode="json", by_alias=True, exclude_none=True)
        words: Json = dict(edition.words)
        rendered = render_chapters(
            edition.chapters,
            context={"publication": publication, "edition": {"tag": tag}, "data": data, "words": words},
            includes=self.sources.includes,
            language=tag,
            memo=self.memo,
            faults=self.faults,
        )
        return Chapters(edition, {one.slug: one for one in self.documents(edition, rendered)})

    def documents(self, edition: Edition, rendered: tuple[RenderedChapter, ...]) -> tuple[ChapterDocument, ...]:
        """The typed documents of chapters."""
        drawings = {
            name: Drawing(name, f"figures/{name}.svg", b"<svg/>", name, f"What {name} shows.")
            for name in (*self.sources.figures, *DECLARED)
        }
        keys = frozenset(self.sources.bibliography.entries) if self.sources.bibliography else frozenset()
        source = self.edition(self.sources.publication.language)
        drawn = {one.tag: drawings for one in (edition, source)}
        own, fallback = Localisation(edition, lambda: drawn), Localisation(source, lambda: drawn)
        reader = Reader(own, fallback, self.sources.data, keys, self.rooms, self.workspace, self.faults)
        return read_documents(rendered, reader, self.memo)


def parity(root: Path, tag: str) -> str:
    """What parity finds in the edition `tag` of the publication in `root`, as it is shown."""
    publication = Publication(root)
    source = publication.chapters(publication.sources.publication.language)
    translation = publication.chapters(tag)
    found = Faults(publication.sources.publication.rules)
    declared = translation.edition.texts.differences
    check_differences(declared, tuple(source.documents), f"chapters/{tag}/edition.yaml", found)
    for theirs, ours in zip(source.edition.chapters, translation.edition.chapters, strict=True):
        check_letters(source.documents[theirs.slug], found)
        if not ours.borrowed:
            compared(translation.documents[ours.slug], source.documents[ours.slug], declared=declared, faults=found)
            compare_placeholders(ours, theirs, declared=declared, faults=found)
    return "\n".join(map(str, found.all()))


@cache
def tiny() -> Publication:
    """A publication with an edition in each of `LANGUAGES` and in Croatian, to read texts as its chapters."""
    root = scratch() / "parity"
    (root / "bib").mkdir(parents=True)
    (root / "bib/references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    (root / "publication.yaml").write_text("title: Tiny\nlanguage: en\ndate: 2025-01-31\n", encoding="utf-8")
    for tag in (*LANGUAGES, "hr"):
        (root / "chapters" / tag).mkdir(parents=True)
        (root / "chapters" / tag / "01-rivers.md").write_text("# Title\n\nText.\n", encoding="utf-8")
    shutil.copytree(PUBLICATIONS / "specimen/images", root / "images")
    return Publication(root)


@cache
def specimen() -> Mapping[str, Chapters]:
    """The specimen, by edition."""
    with building.specimen() as root:
        publication = Publication(root)
        found = {tag: publication.chapters(tag) for tag in LANGUAGES}
    assert [str(fault) for fault in publication.faults.errors()] == []
    return found


def chapter(text: str, tag: str = "en") -> ChapterDocument:
    """The typed document of `text` as the chapter `01-rivers` of the edition `tag`."""
    publication = tiny()
    path = f"chapters/{tag}/01-rivers.md"
    lines = tuple(text.split("\n"))
    places = tuple(Place(path, number) for number, _ in enumerate(lines, 1))
    source = ChapterSource("01-rivers", FrontMatter(), SourceText(path, text))
    rendered = RenderedChapter(source, text, LineMap(places, (True,) * len(lines), {path: lines}))
    (document,) = publication.documents(publication.edition(tag), (rendered,))
    return document


def compared(
    document: ChapterDocument,
    source: ChapterDocument,
    *,
    declared: tuple[Difference, ...] = (),
    faults: Faults | None = None,
) -> tuple[Fault, ...]:
    """What parity finds, once ids are inherited."""
    found = faults or Faults()
    mine = inherit_ids(document, source, found)
    compare(mine, source, source_language=source.language, declared=declared, faults=found)
    return found.all()


def found(
    source: str, text: str, tag: str = "sr-Latn", *, of: str = "en", declared: tuple[Difference, ...] = ()
) -> str:
    """What parity finds in `text`, in the language `tag`, whose source is in the language `of`; without hints."""
    faults = compared(chapter(text, tag), chapter(source, of), declared=declared)
    for fault in faults:
        assert re.sub(r"`[^`]*`", "`…`", re.sub(r"has \d+", "has N", fault.hint)) in HINTS[fault.rule], fault
    return "\n".join(str(replace(fault, hint="")).replace("01-rivers.md", "…") for fault in faults)


def without(node: d.Node | tuple[object, ...], gone: object) -> object:
    """A tree of a document without the one node `gone`."""

    def changed(value: object) -> object:
        if isinstance(value, tuple):
            made = tuple(changed(part) for part in value if part is not gone)
            return value if len(made) == len(value) and all(map(_is, made, value)) else made
        return d.mapped(value, changed) if isinstance(value, d.Node) else value

    return changed(node)


def _is(one: object, two: object) -> bool:
    return one is two


def nodes_in_text(content: object) -> Iterator[d.Node]:
    """Every node, but for what stands in citations and headings of boxes, and what is raised or lowered."""
    if isinstance(content, tuple):
        for part in content:
            yield from nodes_in_text(part)
    elif isinstance(content, d.Node):
        yield content
        raised = isinstance(content, d.Styled) and content.style in ("superscript", "subscript")
        title = isinstance(content, d.Division) and d.SUBTITLE in content.classes
        if not (raised or title or isinstance(content, d.Citation)):
            for value in d.inside(content):
                yield from nodes_in_text(value)
