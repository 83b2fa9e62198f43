"""The translations of several publications at a glance: what is to do, who has it, and by when."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from impressum.core.errors import Faults
from impressum.system.cache import Json
from impressum.system.epoch import epoch
from impressum.translation.counts import Part, counted
from impressum.translation.shelf import Shelf
from impressum.translation.status import FileStatus, shown_name, signed_json, signed_off, status
from impressum.translation.tasks import Tasks, read_tasks

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a;
  background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2.5rem }
table { border-collapse: collapse; margin: 1rem 0 } caption { text-align: left; font-weight: 600 }
td, th { text-align: left; padding: .2rem 1.5rem .2rem 0; vertical-align: top; border-top: 1px solid #ccc }
thead th { border: 0 } .number { text-align: right; font-variant-numeric: tabular-nums } .late { font-weight: 600 }
.number, .late { white-space: nowrap }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } a { color: #9cf } }
@media (max-width: 40rem) { div { overflow-x: auto } }
"""
HEADS = ("File", "State", "Words to do", "Translator", "Due", "Signed off")


@dataclass(frozen=True)
class FileTask:
    """A file of an edition: its state, the words of the source that are to do in it, who has it, and by when."""

    file: FileStatus
    words: int
    translator: str
    due: datetime.date | None
    late: bool


@dataclass(frozen=True)
class Board:
    """The files of a publication's editions. `root` is its folder as it was named."""

    root: str
    title: str
    source: str
    tasks: tuple[FileTask, ...]

    def editions(self) -> Iterator[tuple[str, tuple[FileTask, ...]]]:
        """The files of each edition."""
        for tag, tasks in groupby(self.tasks, key=lambda one: one.file.edition):
            yield tag, tuple(tasks)


def today() -> datetime.date:
    """The day of `SOURCE_DATE_EPOCH` in UTC where it is set, else that of the clock."""
    seconds = epoch()
    if seconds is not None:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()
    return datetime.datetime.now().astimezone().date()


def board_of(shelf: Shelf, root: str, wanted: tuple[str, ...], day: datetime.date) -> Board:
    """The translations of a publication on a day. Raises Faulty where a file cannot be read."""
    faults = Faults()
    plan = read_tasks(shelf, faults)
    faults.stop_if_any()
    files = status(shelf, tuple(tag for tag in shelf.editions if tag in wanted) if wanted else ())
    words = {(row.edition, row.name): row.count.words for row in counted(files)}
    title = shelf.file.bound.title if shelf.file.bound else shelf.file.slug
    tasks = tuple(_task(one, words.get((one.edition, one.name), Counter()), plan, day) for one in files)
    return Board(root, title, shelf.source, tasks)


def _task(one: FileStatus, words: Counter[Part], plan: Tasks, day: datetime.date) -> FileTask:
    task = plan.of(one.edition, one.name)
    to_do = words["new"] + words["changed"] + words["repeated"]
    is_open = one.state in ("new", "changed", "partly") and to_do > 0
    return FileTask(one, to_do, task.translator or "", task.due, is_open and task.due is not None and task.due < day)


def as_text(boards: Sequence[Board]) -> Iterator[str]:
    """The boards in lines: each edition, and what of it is not up to date."""
    for board in boards:
        yield f"{board.root}: {board.title}"
        if not board.tasks:
            yield f"  there is no edition besides the source `{board.source}`"
        for tag, tasks in board.editions():
            yield f"  {tag}: {_states(tasks)}; {sum(one.words for one in tasks):,} words to do"
            for one in tasks:
                if one.file.state not in ("up to date", "twin"):
                    about = [f"{one.words:,} words" * bool(one.words), one.translator, _due(one), signed_off(one.file)]
                    name = f"{one.file.state:<10}  {shown_name(one.file)}"
                    yield f"    {'  '.join([name, *filter(None, about)])}"
        yield ""


def _states(tasks: Sequence[FileTask]) -> str:
    counts = Counter(one.file.state for one in tasks)
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def _due(one: FileTask) -> str:
    return f"due {one.due}{', late' if one.late else ''}" if one.due else ""


def as_json(boards: Sequence[Board]) -> Json:
    """The boards as data."""
    return {"schema": "impressum-dashboard", "version": 1, "publications": [_board_json(board) for board in boards]}


def _board_json(board: Board) -> Json:
    return {
        "root": board.root,
        "title": board.title,
        "source": board.source,
        "editions": [{"tag": tag, "files": [_task_json(one) for one in tasks]} for tag, tasks in board.editions()],
    }


def _task_json(one: FileTask) -> Json:
    return {
        "name": one.file.name,
        "state": one.file.state,
        "words": one.words,
        "translator": one.translator or None,
        "due": str(one.due) if one.due else None,
        "late": one.late,
        "signed": signed_json(one.file),
    }


def as_html(boards: Sequence[Board], day: datetime.date) -> str:
    """The boards as one page that needs no other file and no script."""
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>Translations</title><style>{STYLE}</style></head>",
        f"<body><main><h1>Translations</h1><p>As of {day}.</p>",
        *_table("All editions", ("Publication", "Edition", "Files", "Words to do", "Late"), _summary(boards)),
    ]
    for number, board in enumerate(boards, 1):
        lines.append(f'<h2 id="p{number}">{escape(board.title)}</h2><p>{escape(board.root)}</p>')
        if not board.tasks:
            lines.append(f"<p>There is no edition besides the source, {escape(board.source)}.</p>")
        for tag, tasks in board.editions():
            lines += _table(tag, HEADS, [_cells(one) for one in tasks])
    return "\n".join([*lines, "</main></body></html>", ""])


def _summary(boards: Sequence[Board]) -> Iterator[tuple[str, ...]]:
    for number, board in enumerate(boards, 1):
        for tag, tasks in board.editions():
            late = sum(one.late for one in tasks)
            name = f'<a href="#p{number}">{escape(board.title)}</a>'
            words = f"{sum(one.words for one in tasks):,}"
            yield name, escape(tag), escape(_states(tasks)), words, f"{late} late" if late else ""


def _cells(one: FileTask) -> tuple[str, ...]:
    texts = (shown_name(one.file), one.file.state, f"{one.words:,}", one.translator)
    return *map(escape, texts), escape(_due(one).removeprefix("due ")), escape(signed_off(one.file))


def _table(caption: str, heads: Sequence[str], rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> list[str]:
    """A table whose first cells head their rows; `rows` are HTML."""
    numbers = [' class="number"' if head == "Words to do" else "" for head in heads]
    head = "".join(f'<th scope="col"{kind}>{name}</th>' for name, kind in zip(heads, numbers, strict=True))
    lines = [f"<div><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>"]
    for first, *others in rows:
        kinds = [
            ' class="late"' if cell.endswith("late") else kind for cell, kind in zip(others, numbers[1:], strict=True)
        ]
        cells = "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(others, kinds, strict=True))
        lines.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    return [*lines, "</tbody></table></div>"]
