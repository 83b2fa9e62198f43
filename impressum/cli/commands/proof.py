"""Makes a PDF with the source and a translation side by side, for the editor who must approve it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.cli.commands.shared import add_json, finish, started, write_report
from impressum.system.cache import Json

if TYPE_CHECKING:
    from impressum.pipeline.convert import Manuscripts
    from impressum.pipeline.run import Run
    from impressum.translation.proof import ProofRow
    from impressum.translation.status import FileStatus

NOT_THERE = "There is no such chapter in this edition: it shows the chapter of the source."
TRANSLITERATED = "This chapter is that of the edition {tag}, in another script."
UNKNOWN = "Nobody has said which text of the source this is a translation of: what is stale is not known here."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `proof`."""
    parser.add_argument("--edition", required=True, metavar="TAG", help="the translation")
    parser.add_argument("--to", type=Path, metavar="FILE", help="the PDF (default: proof-<slug>-<tag>.pdf)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Writes the proof, which shows the faults of the translation and is not stopped by them."""
    from impressum.pipeline.build import check
    from impressum.pipeline.run import Order
    from impressum.translation.shelf import read_shelf
    from impressum.translation.status import status

    tag = arguments.edition
    with started(arguments, Order((tag,))) as line:
        shelf = read_shelf(line.workspace)
        states = {one.name.removesuffix(".md"): one for one in status(shelf, (tag,))}
        line.order = Order((shelf.source, tag))  # both, for the citations of both are shown as they are set
        made = check(line, documents=True)
        if not made.is_whole:
            line.faults.stop_if_any()
        target = arguments.to or line.workspace.root / f"proof-{made.sources.slug}-{tag}.pdf"
        write_report(target, _proof(line, made, states))
        shown = line.workspace.relative(target.resolve())
        if not arguments.json:
            print(shown)
        return finish(arguments, line, (shown,))


def _proof(line: Run, made: Manuscripts, states: dict[str, FileStatus]) -> bytes:
    from impressum.stages.typeset import set_proof

    edition, source = made.sources.editions[1], made.sources.source
    assert source is not None  # its faults have stopped the line: it is what everything is held to
    return set_proof(
        _chapters(line, made, states),
        source,
        edition,
        title=f"{edition.publication.title} ({source.tag} and {edition.tag})",
        theme=made.sources.theme.in_language(edition.tag),
        workspace=line.workspace,
        producer=f"Impressum {__version__}",
    )


def _chapters(line: Run, made: Manuscripts, states: dict[str, FileStatus]) -> Json:
    from impressum.translation.proof import rows_of

    edition, source = made.sources.editions[1], made.sources.source
    assert source is not None
    theirs = {document.slug: document for document in made.editions[1].manuscript.documents}
    twins = {chapter.slug: chapter.twin for chapter in edition.chapters}
    chapters: list[Json] = []
    for slug, document in made.source_documents.items():
        other = theirs.get(slug)
        there = other if other and not other.borrowed else None
        state = states.get(slug)
        rows: tuple[ProofRow, ...] = ()
        said = NOT_THERE
        if there:
            said = TRANSLITERATED.replace("{tag}", twins[slug]) if twins.get(slug) else ""
            said = UNKNOWN if state and state.state == "unknown" else said
            faults = [fault for fault in line.faults.all() if fault.place.path == there.path]
            words = {"source_words": source.words, "target_words": edition.words}
            rows = rows_of(document, there, **words, changed=state.stale if state else (), faults=faults)
        chapters.append({"name": slug, "said": said, "rows": [row.as_json() for row in rows]})
    return chapters
