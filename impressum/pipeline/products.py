"""What a build makes of its editions: the pages of each, verified, and its figures alone; several editions at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from impressum import __version__
from impressum.core.errors import Faults, Faulty
from impressum.pipeline.setting import Setting, epoch
from impressum.system.cache import Json
from impressum.system.parallel import at_once

if TYPE_CHECKING:
    from impressum.core.model.exports import UsedFigure
    from impressum.core.model.fits import Told
    from impressum.pipeline.fitting.explain import Explained
    from impressum.stages.publish import FolderProduct, Product
    from impressum.stages.typeset import Press

MEMORY = 3_500_000_000
"""Bytes that the editions which are made at the same time may take together."""
Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Task:
    """One edition to make: how it is set, its figures that are set alone (a draft needs none), its name in `dist`."""

    setting: Setting
    figures: tuple[UsedFigure, ...]
    slug: str


@dataclass(frozen=True)
class MadeEdition:
    """What was made of one edition: its products, those that it has no longer, and what there is to tell of it."""

    products: tuple[Product | FolderProduct, ...]
    ended: tuple[str, ...]
    explained: Explained | None


def make_editions(tasks: Sequence[Task], *, jobs: int, progress: Progress, faults: Faults) -> tuple[MadeEdition, ...]:
    """Makes each edition, at most `jobs` at the same time, and no more than `MEMORY` allows.

    What is found goes to `faults`, in the order of `tasks` whatever order they end in. Raises Faulty, with the faults
    of all editions, where one cannot be made.
    """
    apart = [faults.apart() for _ in tasks]
    makers = [partial(_attempt, task, progress, own) for task, own in zip(tasks, apart, strict=True)]
    made = at_once(makers, min(jobs, bearable(tasks, MEMORY)))
    for own in apart:
        faults.extend(own.found())
    if any(one is None for one in made):
        raise Faulty(faults.all())
    faults.stop_if_any()
    return tuple(one for one in made if one is not None)


def bearable(tasks: Sequence[Task], memory: int) -> int:
    """How many of the editions so many bytes of memory allow at the same time: the largest of them, to be sure."""
    sizes = sorted((task.setting.memory for task in tasks), reverse=True)
    count = 1
    while count < len(sizes) and sum(sizes[: count + 1]) <= memory:
        count += 1
    return count


def _attempt(task: Task, progress: Progress, faults: Faults) -> MadeEdition | None:
    """What was made of the edition; nothing where its `faults` hold errors."""
    try:
        return _make(task, progress, faults)
    except Faulty as faulty:
        faults.take(faulty)
        return None


def _make(task: Task, progress: Progress, faults: Faults) -> MadeEdition:
    edition = task.setting.edition
    with _press(task) as press:
        pages, told, explained = _pages(task, progress, faults)
        exported = _exported(task, press, told, progress, faults)
    ended = () if task.setting.manuscript.figures else _names_of_exports(task.slug, edition.tag)
    return MadeEdition((pages, *exported), ended, explained)


def _pages(task: Task, progress: Progress, faults: Faults) -> tuple[Product, Told, Explained]:
    """One edition's PDF, set, fitted and verified, what it tells of its pages, and how they were fitted."""
    from impressum.pipeline.fitting.explain import explain
    from impressum.stages.publish import Product

    setting = task.setting
    tag = setting.edition.tag
    progress("typeset", tag)
    with setting.typesetter() as typesetter:
        fitting = setting.fitted(typesetter)
        book = typesetter.set(fitting.fits, faults)
    faults.extend(fitting.faults)
    faults.stop_if_any()
    progress("verify", tag)
    report, found = setting.verified(book.pdf)
    setting.forget()
    faults.extend(found)
    record: dict[str, Json] = {
        "pages": report.pages,
        "checks": list(report.checks),
        "standards": list(report.standards),
        "stage": setting.edition.publication.stage,
        "contents": dict(report.contents),
    }
    product = Product(f"{task.slug}-{tag}.pdf", book.pdf, tag, "pdf", record)
    return product, book.told, explain(tag, fitting, setting.asked, setting.manuscript.meant, book)


def _press(task: Task) -> Press:
    """What sets the figures of one edition alone."""
    from impressum.stages.typeset import Press

    setting = task.setting
    return Press(
        setting.edition,
        task.figures,
        setting.theme,
        setting.manuscript.files,
        setting.workspace,
        f"Impressum {__version__}",
        epoch(),
        setting.memo,
    )


def _exported(
    task: Task, press: Press, told: Told, progress: Progress, faults: Faults
) -> tuple[Product | FolderProduct, ...]:
    """The figures of one edition for the web and the press, and their contact sheet; nothing where there are none."""
    from impressum.stages.publish import FolderProduct, Product
    from impressum.stages.verify import verify_sheet

    tag, count = press.edition.tag, len(press.figures)
    if not count:
        return ()
    progress("typeset", f"{tag}, {count} figure{'s' if count > 1 else ''} alone")
    plates, sheet = press.plates(), press.sheet(told)
    report = verify_sheet(sheet, press.figures, faults)
    folder, name = _names_of_exports(task.slug, tag)
    files = {f"{plate.figure.name}.svg": plate.svg for plate in plates}
    files |= {f"{plate.figure.name}.png": plate.png for plate in plates}
    record: dict[str, Json] = {
        "pages": report.pages,
        "standards": list(report.standards),
        "contents": dict(report.contents),
    }
    return (
        FolderProduct(folder, files, tag, "figures", {}),
        Product(name, sheet, tag, "contact-sheet", record),
    )


def _names_of_exports(slug: str, tag: str) -> tuple[str, str]:
    """The folder of the figures, and the contact sheet."""
    folder = f"{slug}-{tag}-figures"
    return folder, f"{folder}.pdf"
