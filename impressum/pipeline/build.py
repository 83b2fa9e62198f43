"""The whole line, from the sources to the published files, and its part that sets no page."""

from __future__ import annotations

from pathlib import Path

from impressum.pipeline.convert import Manuscripts, convert
from impressum.pipeline.draw import draw
from impressum.pipeline.load import load
from impressum.pipeline.render import render
from impressum.pipeline.run import Run
from impressum.system.interpreter import give_memory_back


def check(run: Run, *, documents: bool = False) -> Manuscripts:
    """The first four stages: the manuscripts of the editions, with every fault of the sources in the faults of `run`.
    `documents` keeps the typed documents of the chapters. Raises `Faulty` where too little can be read to go on."""
    sources = load(run)
    drawings = draw(sources, run)
    rendered = render(sources, run)
    return convert(rendered, drawings, run, documents=documents)


def build(run: Run) -> tuple[Path, ...]:
    """Builds and publishes the requested editions; gives the files. Raises `Faulty` with every fault found where there
    is an error: then nothing is published but the marked draft of the refused pages, where a draft was requested."""
    from impressum.pipeline.fitting.lock import write_lock  # what sets pages is a fifth of the time that `check` takes
    from impressum.pipeline.publish import publish, publishing
    from impressum.pipeline.typeset import typeset
    from impressum.pipeline.verify import verify
    from impressum.stages.typeset.compiler import begun_early

    give_memory_back()
    with publishing(run), begun_early():
        sources = load(run)
        drawings = draw(sources, run)
        rendered = render(sources, run)
        manuscripts = convert(rendered, drawings, run)
        books = typeset(manuscripts, run)
        reports = verify(books, manuscripts, run)
        files = publish(books, reports, manuscripts, run)
        for book in books if run.order.keep_fits else ():
            run.progress("publish", run.workspace.relative(run.workspace.layout_lock(book.tag)))
            write_lock(run.workspace, book.tag, book.alone)
        return files
