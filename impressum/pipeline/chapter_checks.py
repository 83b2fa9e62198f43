"""Checks of single chapters, each made once for the same chapter; those that are new are shared out to processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from impressum.checks.parity import check_letters, check_twin, compare
from impressum.checks.prose import check_prose
from impressum.core.errors import Faults, packed, unpacked
from impressum.core.model.manuscript import ChapterDocument
from impressum.core.model.publication import Difference
from impressum.core.model.sources import RenderedChapter
from impressum.system.cache import Json, Memo, Task


@dataclass(frozen=True)
class Check:
    """A check, which is given where its faults go. `inputs` are what it reads, where that `is_known`."""

    inputs: dict[str, Json]
    run: Callable[[Faults], None]
    is_known: bool = True


def make(memo: Memo, checks: Iterable[Check], faults: Faults) -> None:
    """Makes `checks`, those of the same inputs once; what they find goes to `faults`."""

    def found(check: Check) -> bytes:
        own = Faults(faults.severities)
        check.run(own)
        return json.dumps([packed(fault) for fault in own.found()]).encode()

    tasks: list[Task] = []
    rules: dict[str, Json] = dict(faults.severities)
    for check in checks:
        if check.is_known:
            tasks.append(Task({**check.inputs, "rules": rules}, partial(found, check), None))
        else:
            check.run(faults)
    for raw in memo.each("compare", tasks):
        faults.extend(map(unpacked, json.loads(raw)))


def letters(document: ChapterDocument) -> Check:
    """Looks for letters of another script within words, in a chapter that is compared with no other."""
    inputs: dict[str, Json] = {"letters": document.known_by, "slug": document.slug}
    return Check(inputs, partial(check_letters, document), bool(document.known_by))


def twin(document: ChapterDocument, model: ChapterDocument) -> Check:
    """Looks for names that a chapter of a twin has put into its own script in part."""
    inputs: dict[str, Json] = {"twin": [document.known_by, model.known_by], "about": document.language}
    return Check(inputs, partial(check_twin, document, model), bool(document.known_by and model.known_by))


def prose(document: ChapterDocument, chapter: RenderedChapter, known: set[str]) -> Check:
    """Looks for slips in the text of a chapter, of which the abbreviations are `known` that the book has."""
    inputs: dict[str, Json] = {
        "prose": [document.known_by, document.path, document.language, repr(document.front)],
        "lines": chapter.known_by,
        "known": [*sorted(known)],
    }
    check = partial(check_prose, document, chapter.map.source_lines, frozenset(known))
    return Check(inputs, check, bool(document.known_by))


def comparison(
    document: ChapterDocument, model: ChapterDocument, source: str, declared: tuple[Difference, ...]
) -> Check:
    """Compares a chapter of a translation with that of the `source` language."""
    places: Json = [str(difference.place) for difference in declared]
    inputs: dict[str, Json] = {
        "chapters": [document.known_by, model.known_by],
        "about": [repr(document.front), document.language, model.language, source, repr(declared), places],
        "slug": document.slug,
    }

    def check(found: Faults) -> None:
        compare(document, model, source_language=source, declared=declared, faults=found)

    return Check(inputs, check, bool(document.known_by and model.known_by))
