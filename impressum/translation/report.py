"""The report of `status`: lines for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from impressum.system.cache import Json
from impressum.translation.differences import Look, SourceDifference
from impressum.translation.history import Guess
from impressum.translation.shelf import Shelf
from impressum.translation.status import FileStatus
from impressum.translation.worddiff import DiffPiece, marked, shortened, word_diff

SCHEMA = "impressum-status"
VERSION = 1
SHOWN = 160
"""Letters shown of a new or removed passage."""
MOST_NAMES = 12
SIGNS = {"changed": "changed", "added": "new", "removed": "removed", "moved": "moved"}
Shown = Callable[[DiffPiece], str]


def lines(statuses: Sequence[FileStatus], shelf: Shelf, shown: Shown = marked) -> Iterator[str]:
    """The state of each edition, then each change with the lines to look at; `shown` formats a piece."""
    if not statuses:
        yield f"there is no edition besides the source `{shelf.source}`; `new-edition TAG` makes one"
    for tag, files in groupby(statuses, key=lambda one: one.edition):
        yield from _edition(tag, tuple(files), shown)


def as_json(statuses: Sequence[FileStatus], shelf: Shelf) -> dict[str, Json]:
    """The report as data."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "source": shelf.source,
        "editions": [
            {"tag": tag, "files": [_file(one) for one in files]}
            for tag, files in groupby(statuses, key=lambda one: one.edition)
        ],
    }


def guessed(guess: Guess) -> str:
    """The source of a guessed state."""
    return f"guessed from commit {guess.commit} of {guess.date}"


def _edition(tag: str, files: tuple[FileStatus, ...], shown: Shown) -> Iterator[str]:
    width = max(len(_name(one)) for one in files)
    yield tag
    for one in files:
        yield f"  {one.state:<10}  {_name(one):<{width}}  {_summary(one)}".rstrip()
    for one in files:
        missing = [each.name for each in one.differences if _is_missing(each)]
        if missing:
            yield ""
            yield from _missing(f"chapters/{tag}/{one.name}", missing)
        for difference in one.differences:
            if not _is_missing(difference):
                yield ""
                yield from _difference(difference, shown)
    yield ""


def _is_missing(difference: SourceDifference) -> bool:
    """Whether it is a text that the edition lacks."""
    return bool(difference.name) and difference.state == "added" and difference.look is None


def _missing(path: str, names: Sequence[str]) -> Iterator[str]:
    shown = ", ".join(f"`{name}`" for name in names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    yield f"{path}: {f'{len(names)} texts are' if len(names) > 1 else 'one text is'} not there yet: {shown}{more}"


def _name(one: FileStatus) -> str:
    return one.name.removesuffix(".md")


def _summary(one: FileStatus) -> str:
    if one.state == "twin":
        return f"taken from {one.twin}"
    if one.state == "removed":
        return "the source has no such chapter any more"
    counts = {sign: sum(1 for each in one.differences if each.state == state) for state, sign in SIGNS.items()}
    told = ", ".join(f"{count} {sign}" for sign, count in counts.items() if count)
    if one.elsewhere:
        told = f"{one.elsewhere} of {len(one.units)} passages are translated elsewhere; `translated --apply` takes them"
    elif told and not one.guess and not one.needs_translator:
        told += "; no translator is needed: `translated --apply` puts it in"
    if one.guess:
        return f"{guessed(one.guess)}: {told or 'nothing has changed since'}"
    if one.state == "unknown":
        return "nobody has said which source it was made from" + (f"; {told}" if told else "")
    return told


def _difference(difference: SourceDifference, shown: Shown) -> Iterator[str]:
    place = f"{difference.path}:{difference.line}" if difference.line else difference.path
    what = SIGNS[difference.state]
    if difference.name:
        what = f"`{difference.name}` {what}"
    elif difference.state == "moved":
        what = f"moved from line {difference.moved_from}"
    yield f"{place}: {what}{_looked(difference)}"
    yield f"  {_words(difference, shown)}"


def _looked(difference: SourceDifference) -> str:
    look = difference.look
    if look is None:
        return "" if difference.state == "added" else "; the translation has nothing like it"
    if look.behind:
        return f"; its place is behind {look.path}:{_span(look)}"
    return f"; look at {look.path}:{_span(look)}"


def _span(look: Look) -> str:
    return f"{look.line}" if look.end == look.line else f"{look.line}-{look.end}"


def _words(difference: SourceDifference, shown: Shown) -> str:
    if difference.old is None or difference.new is None:
        text = _short(difference.new or difference.old or "")
        return shown(DiffPiece("new" if difference.old is None else "old", text))
    if difference.old.split() == difference.new.split():
        return _short(difference.new)
    return "".join(shown(piece) for piece in shortened(word_diff(difference.old, difference.new)))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rpartition(' ')[0]} …"


def _file(one: FileStatus) -> dict[str, Json]:
    return {
        "name": one.name,
        "state": one.state,
        "twin": one.twin or None,
        "guessed": {"commit": one.guess.commit, "date": one.guess.date} if one.guess else None,
        "differences": [_difference_json(each) for each in one.differences],
    }


def _difference_json(each: SourceDifference) -> dict[str, Json]:
    words: Json = None
    if each.old is not None and each.new is not None:
        words = [[piece.side, piece.text] for piece in word_diff(each.old, each.new)]
    return {
        "state": each.state,
        "kind": each.kind,
        "name": each.name or None,
        "path": each.path,
        "line": each.line,
        "end": each.end,
        "moved-from": each.moved_from or None,
        "old": each.old,
        "new": each.new,
        "words": words,
        "look": asdict(each.look) if each.look else None,
    }
