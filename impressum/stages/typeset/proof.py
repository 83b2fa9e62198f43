"""Sets the bilingual proof in Typst: its rows as data, its look in `templates/book/proof.typ`."""

from __future__ import annotations

from impressum.core.model.sources import Edition
from impressum.core.model.theme import Theme
from impressum.core.model.written import WrittenTexts
from impressum.stages.typeset.compiler import Compiler
from impressum.stages.typeset.data import language_of, timestamp
from impressum.stages.typeset.finish import finish
from impressum.stages.typeset.requests import as_json
from impressum.system.cache import Json
from impressum.system.workspace import Workspace

MAIN = "book/proof.typ"


def set_proof(
    chapters: Json, source: Edition, edition: Edition, *, title: str, theme: Theme, workspace: Workspace, producer: str
) -> bytes:
    """The PDF of the proof of `edition` beside `source`; `chapters` are their rows as the template reads them.

    Raises `Faulty` where Typst cannot set it.
    """
    data: dict[str, Json] = {
        "title": title,
        "source": source.tag,
        "target": edition.tag,
        "languages": {"source": language_of(source.tag), "target": language_of(edition.tag)},
        "chapters": chapters,
    }
    files = {
        "proof.json": as_json(data),
        "theme.json": as_json(dict(theme.tokens)),
        **theme.files,
    }
    folder = workspace.edition_work(f"proof-{edition.tag}")
    places = WrittenTexts(edition.written, theme.families)
    compiler = Compiler(files, timestamp(edition.publication.date), folder, (), MAIN, written=places)
    try:
        pdf, _ = compiler.set(b"{}")
    finally:
        compiler.close()
    described = edition.publication.model_copy(update={"title": title, "subtitle": None})
    return finish(pdf, publication=described, tag=edition.tag, words=edition.words, producer=producer)
