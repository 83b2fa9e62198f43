"""The first four stages: everything that can be known of the sources without setting a page."""

from __future__ import annotations

from impressum.pipeline.convert import Manuscripts, convert
from impressum.pipeline.draw import draw
from impressum.pipeline.load import load
from impressum.pipeline.render import render
from impressum.pipeline.run import Run


def check(run: Run, *, documents: bool = False) -> Manuscripts:
    """The manuscripts of the editions, with every fault of the sources in the faults of `run`. `documents` keeps the
    typed documents of the chapters. Raises `Faulty` where too little can be read to go on."""
    sources = load(run)
    drawings = draw(sources, run)
    rendered = render(sources, run)
    return convert(rendered, drawings, run, documents=documents)
