"""typeset: Typst sets the book in a child with limits; `finish` writes its metadata.

What Typst finds wrong comes back at the Markdown line of the fragment that caused it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from importlib.resources import files as resources
from typing import Any, NamedTuple, Self

from impressum.core.errors import Faults
from impressum.core.model.figures import Drawing
from impressum.core.model.fits import Fits, LayoutReport, TypesetBook
from impressum.core.model.manuscript import Manuscript
from impressum.core.model.publication import WrittenTexts
from impressum.core.model.sources import Edition
from impressum.core.model.theme import FONTS, Theme
from impressum.stages.typeset.compiler import Answer, Compiler, read_layout_report, turned_pages
from impressum.stages.typeset.complaints import explain, squeezed_tables
from impressum.stages.typeset.data import (
    as_json,
    book_data,
    language_of,
    printed,
    printed_by,
    timestamp,
    typographic,
    written,
)
from impressum.stages.typeset.figure_files import FigureExporter
from impressum.stages.typeset.finish import finish, turned_upright
from impressum.stages.typeset.link import link
from impressum.stages.typeset.parts import Parts, own_templates
from impressum.stages.typeset.print_file import PrintOrder, condition_of, cover_file, print_file
from impressum.system.cache import Json, Memo, digest
from impressum.system.files import read
from impressum.system.fonts import BASE, face_files, font_versions, metrics
from impressum.system.pdf_pictures import as_picture
from impressum.system.workspace import Workspace

__all__ = [
    "Compiler",
    "FigureExporter",
    "PrintOrder",
    "Typesetter",
    "condition_of",
    "cover_file",
    "own_templates",
    "print_file",
    "set_proof",
    "set_spine",
]
WORDS = re.compile(r"<text\b.*?</text\s*>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
LETTERS = "letters.typ"
LETTERS_SOURCE = f"""\
#set document(title: "Letters")
#set text(lang: "en", font: {json.dumps(BASE)}, fallback: true)
#json("/letters.json").join(parbreak())
#metadata(none)<impressum-told>
"""
PROOF = "book/proof.typ"
LEAST_SPINE = 17.0  # points (6 mm): a thinner spine has no words
OF_FRONT = frozenset(
    "title subtitle authors author-names people jel date keywords abstract summary publisher year series isbn".split()
).union(("cover", "impressum", "errata", "back"))
"""What the front matter and the back cover print; in chapters, the running head alone says some of it, in one line."""


class LoosePages(NamedTuple):
    """So many `pages` of a PDF that follow one another in the book (None: all), behind the first `skip`."""

    pdf: bytes
    skip: int = 0
    pages: int | None = None


class Typesetter:
    """Sets one edition, as often as page fitting needs it; Typst starts only where a result is not remembered. `epoch`
    (SOURCE_DATE_EPOCH) goes before the publication's date. To be used in a `with` block. So many `hands` set parts at
    the same time. A `compiler` that is warm from other pages is used for these, and left open for the next."""

    def __init__(
        self,
        edition: Edition,
        manuscript: Manuscript,
        *,
        theme: Theme,
        drawings: Mapping[str, Drawing],
        workspace: Workspace,
        producer: str,
        epoch: int | None,
        memo: Memo,
        hands: int = 1,
        compiler: Compiler | None = None,
    ) -> None:
        titles = {f"titles/{fragment.slug}.typ": fragment.titles.encode() for fragment in manuscript.fragments}
        pictures, picture_files = _pictures(edition, workspace)
        chapters = {f"chapters/{fragment.slug}.typ": fragment.typst.encode() for fragment in manuscript.fragments}
        data = book_data(edition, manuscript, drawings, pictures, theme)
        files: dict[str, bytes] = {
            "data.json": as_json(data),
            "theme.json": as_json(dict(theme.tokens)),
            **theme.files,
            **chapters,
            **titles,
            **printed({**manuscript.files, **picture_files}, memo),
            **(face_files(memo) if any(drawing.is_drawn for drawing in drawings.values()) else {}),
        }
        time = epoch if epoch is not None else timestamp(edition.publication.date)
        self._is_lent = compiler is not None
        places = WrittenTexts(edition.written, theme.families)
        folder, fragments = workspace.edition_work(edition.tag), manuscript.fragments
        self.compiler = compiler or Compiler(files, time, folder, fragments, written=places)
        if compiler is not None:
            compiler.renew(files, time, fragments, places)
        self.tag = edition.tag
        self._edition = edition
        self._chapters = manuscript.chapters
        self._anchors = manuscript.expected.anchors
        self._producer = producer
        self._memo = memo
        self._checked = False
        digests: dict[str, Json] = {name: digest(content) for name, content in files.items()}
        laid_out: dict[str, Json] = {**digests, "time": time, "fonts": dict(font_versions())}
        self.inputs: dict[str, Json] = {
            **laid_out,
            "producer": producer,
            "publication": edition.publication.model_dump_json(),
        }
        """Everything that the pages are made of, but for their fitting."""
        slugs = [fragment.slug for fragment in manuscript.fragments]
        is_own = bool(own_templates(theme))
        whole = dict.fromkeys(slugs, digest(files["data.json"]))
        self.laid_out_by = whole if is_own else printed_by(data, slugs, OF_FRONT)
        """By chapter, the hash of what lays it out in the data of the book: not its title, its cover, its impressum."""
        self.parts = Parts(
            self.compiler,
            hands,
            manuscript.expected,
            laid_out,
            whole if is_own else printed_by(data, slugs, ()),
            frozenset({*chapters, *manuscript.files}),
            frozenset({*titles, *picture_files}),
            memo,
            linked=not is_own,
            has_back=manuscript.expected.has_back_cover(for_barcode=theme.flag("cover", "back")),
            sided=theme.flag("page", "facing") and not theme.flag("openers", "recto"),
            recto=theme.flag("openers", "recto"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if not self._is_lent:
            self.compiler.close()

    def lay_out(self, fits: Fits) -> LayoutReport:
        """The layout report of the book with these `fits`; no file is made. Raises `Faulty` where Typst fails."""
        self.check_letters()
        linked = self.parts.book(fits)
        return read_layout_report(linked.layout if linked else self.compiler.lay_out(written(fits))["layout"])

    def _made(self, fits: Fits) -> tuple[bytes | tuple[list[bytes], bytes], Answer]:
        """The PDF with these `fits`, and the child's answer; the objects, linked from its parts, if they can be."""
        linked = self.parts.book(fits)
        if linked is None:
            return self.compiler.set(written(fits))
        page, note = (f"{self._edition.words[kind]} {{number}}" for kind in ("page", "note"))
        pdf = link(linked.parts, page, note)
        return pdf, {"layout": linked.layout, "warnings": linked.warnings}

    def set_for_preview(self, fits: Fits, faults: Faults) -> tuple[list[LoosePages], LayoutReport]:
        """The pages as Typst writes them, upright, part by part, and the layout report of the book. Typst's warnings go
        to `faults`; raises `Faulty` where it fails."""
        linked = self.parts.book(fits)
        if linked is None:
            pdf, answer = self.compiler.set(written(fits))
            self._warn(answer["layout"], answer["warnings"], faults)
            return [LoosePages(turned_upright(pdf, turned_pages(answer)))], read_layout_report(answer["layout"])
        self._warn(linked.layout, linked.warnings, faults)
        at, loose = 0, []
        for part in linked.parts:
            count = part.count or 0
            turned = [page - at + part.skip for page in linked.layout["turned"] if 0 < page - at <= count]
            loose.append(LoosePages(turned_upright(part.pdf, turned), part.skip, count))
            at += count
        return loose, read_layout_report(linked.layout)

    def check_letters(self) -> None:
        """Looks once whether all letters of the drawings can be printed. Raises `Faulty` where one cannot."""
        if not self._checked:
            _check_letters(self.compiler)
            self._checked = True

    def set(self, fits: Fits, faults: Faults) -> TypesetBook:
        """The finished PDF with these `fits`. What Typst warns of goes to `faults`; raises `Faulty` where it fails."""

        def run() -> bytes:
            self.check_letters()
            pdf, answer = self._made(fits)
            publication, words = self._edition.publication, self._edition.words
            done = finish(
                pdf,
                publication=publication,
                tag=self._edition.tag,
                words=words,
                producer=self._producer,
                turned=turned_pages(answer),
                chapters=self._chapters,
            )
            return json.dumps([answer["layout"], answer["warnings"]]).encode() + b"\n" + done

        said, _, pdf = self._memo(
            "typeset", {**self.inputs, "fits": written(fits).decode()}, run, about=self._edition.tag
        ).partition(b"\n")
        layout, warnings = json.loads(said)
        self._warn(layout, warnings, faults)
        return TypesetBook(pdf, read_layout_report(layout))

    def _warn(self, layout: Any, warnings: list[dict[str, Any]], faults: Faults) -> None:
        for warning in warnings:
            faults.extend(explain(warning, self.compiler.fragments, error=False, written=self.compiler.written))
        faults.extend(squeezed_tables(layout, self._anchors))


def _pictures(edition: Edition, workspace: Workspace) -> tuple[dict[str, str], dict[str, bytes]]:
    """Logos and the cover's picture: their work-file names by source name, and their bytes."""
    publication = edition.publication
    names = [publication.cover.image, *(one.logo for one in (*publication.partners, *publication.funders))]
    work: dict[str, str] = {}
    content: dict[str, bytes] = {}
    for name in names:
        path = workspace.inside(name) if name else None
        if name and path:
            picture = as_picture(path, read(path), workspace)
            work[name] = f"images/{digest(picture.content)[:20]}{picture.suffix}"
            content[work[name]] = picture.content
    return work, content


def letters_to_check(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The letters of the drawings among the work `files` that the face of figures has not, in order."""
    found: set[str] = set()
    for name, content in files.items():
        if name.endswith(".svg"):
            words = WORDS.findall(content.decode("utf-8", "ignore"))
            found.update(letter for text in words for letter in unescape(TAG.sub("", text)))
    return tuple(sorted(letter for letter in found if letter.isprintable() and not metrics().has(letter)))


def _check_letters(book: Compiler) -> None:
    """Raises `Faulty` where a letter of a drawing of the `book` is in no font, at the figure or the line that shows it.
    Typst drops it without a warning: so letters that the face of figures lacks are set as text before the book is,
    where a missing one is an error."""
    files = book.files
    letters = letters_to_check(files)
    if not letters:
        return
    fonts = {name: content for name, content in files.items() if name.startswith(f"{FONTS}/")}
    drawings = {name: content for name, content in files.items() if name.endswith(".svg")}
    asked = {LETTERS: LETTERS_SOURCE.encode(), "letters.json": json.dumps(letters).encode(), **fonts, **drawings}
    compiler = Compiler(asked, book.time, book.folder / "letters", book.fragments, LETTERS, written=book.written)
    try:
        compiler.set(b"{}")
    finally:
        compiler.close()


def set_spine(edition: Edition, width: float, *, theme: Theme, workspace: Workspace) -> bytes | None:
    """The PDF of the words on a spine of so many points: a page that is as wide, and as high as those of the book; None
    where it is too thin for words. Raises `Faulty` where Typst cannot set it."""
    if width < LEAST_SPINE:
        return None
    publication = edition.publication
    publisher = publication.impressum.publisher
    said: dict[str, Json] = {
        "width": width,
        "title": typographic(publication.title),
        "authors": ", ".join(person.name for person in publication.authors),
        "publisher": publisher.name if publisher else "",
        "language": language_of(edition.tag),
    }
    template = (resources("impressum") / "templates" / "print" / "spine.typ").read_bytes()
    files = {"spine.typ": template, "spine.json": as_json(said), "theme.json": as_json(dict(theme.tokens))}
    folder, time = workspace.edition_work(f"spine-{edition.tag}"), timestamp(publication.date)
    places = WrittenTexts(edition.written, theme.families)
    compiler = Compiler({**files, **theme.files}, time, folder, (), "spine.typ", written=places)
    try:
        return compiler.set(b"{}")[0]
    finally:
        compiler.close()


def set_proof(
    chapters: Json, source: Edition, edition: Edition, *, title: str, theme: Theme, workspace: Workspace, producer: str
) -> bytes:
    """The PDF of the proof of `edition` beside `source`; `chapters` are their rows as the template reads them. Raises
    `Faulty` where Typst cannot set it."""
    data: dict[str, Json] = {
        "title": title,
        "source": source.tag,
        "target": edition.tag,
        "languages": {"source": language_of(source.tag), "target": language_of(edition.tag)},
        "chapters": chapters,
    }
    files = {"proof.json": as_json(data), "theme.json": as_json(dict(theme.tokens)), **theme.files}
    folder = workspace.edition_work(f"proof-{edition.tag}")
    places = WrittenTexts(edition.written, theme.families)
    compiler = Compiler(files, timestamp(edition.publication.date), folder, (), PROOF, written=places)
    try:
        pdf, _ = compiler.set(b"{}")
    finally:
        compiler.close()
    described = edition.publication.model_copy(update={"title": title, "subtitle": None})
    return finish(pdf, publication=described, tag=edition.tag, words=edition.words, producer=producer)
