"""The instructions of a hand-off for its translator: README.txt, and the head of the Word file."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from textwrap import fill

from impressum.core.errors import count_of
from impressum.translation.handoff.unit import Handoff

WIDTH = 78
CELLS = (
    "Write each translation into the empty cell on the right. Leave the first two columns, the rows and their order as "
    "they are: they are how your text finds its way back. A cell may stay empty; its passage is then printed in the "
    "language of the source."
)
TOKENS = (
    "Tokens such as ⟦1⟧ stand for what is not translated: a note, a citation, a link, a value that is filled in. Copy "
    "each into your translation once, where it belongs. ⟦1⟧ and ⟦/1⟧ enclose words: translate these, and keep both. "
    "What each token stands for is said below its passage."
)
HABITS = (
    "Set numbers, dates and quotation marks as your language does. Do not use notes, pictures or formulas of Word. "
    "A name that stays in another language can be marked: [Bank of China]{lang=en}. Comments reach the editor."
)
NUMBERS = ("", "one", "two", "three", "four", "five")
IN_FORMAT = {
    "docx": ".docx   for Word or LibreOffice: the source on the left, an empty cell for its translation on the right.",
    "xliff": ".xlf   for memoQ, Trados, OmegaT, Phrase and other CAT tools (XLIFF 1.2).",
    "po": ".po   for Poedit or Weblate: as Markdown, the notation in which the chapters are written.",
    "xliff2": "-xliff2.xlf   for CAT tools that ask for XLIFF 2.",
    "omegat": "-omegat/   for OmegaT 6 or later: a project. Give back this folder, or its target/.",
}
IN_WORD = (CELLS, TOKENS, HABITS)


def heading(handoff: Handoff) -> str:
    """The title of the Word file."""
    return f"{handoff.title}: translation from {handoff.source} to {handoff.edition}"


def language_names(source: str, edition: str) -> tuple[str, str]:
    """The names of two languages in English."""
    return _name(source), _name(edition)


def _name(tag: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


def readme(handoff: Handoff, stem: str, names: tuple[str, str], files: Container[str], formats: Sequence[str]) -> str:
    """The text of README.txt; `files` are the names of those in the zip besides the units in their `formats`."""
    paragraphs = list(_readme(handoff, stem, names, files, formats))
    return "\n\n".join("\n".join(map(_filled, one.split("\n"))) for one in paragraphs) + "\n"


def _filled(line: str) -> str:
    """`line` wrapped, with a hanging indent after a file name."""
    return fill(line, WIDTH, subsequent_indent="    " if "   " in line else "")


def _readme(
    handoff: Handoff, stem: str, names: tuple[str, str], files: Container[str], formats: Sequence[str]
) -> Iterator[str]:
    count = sum(len(units) for units in handoff.units.values())
    words = sum(unit.count for unit in handoff.all())
    due = f" Due on {handoff.due}." if handoff.due else ""
    yield heading(handoff)
    yield f"From {names[0]} to {names[1]}. {count_of(count, 'segment')}, about {count_of(words, 'word')}.{due}"
    several = (
        f"The same text is here in {NUMBERS[len(formats)]} forms. Take the one that suits you, and leave the others "
    )
    lines = [stem + IN_FORMAT[kind] for kind in dict.fromkeys(formats)]
    yield "\n".join(["WHAT TO TRANSLATE", *([f"{several}as they are."] if len(formats) > 1 else []), *lines])
    yield f"WHAT STAYS AS IT IS\n{TOKENS}"
    yield (
        "In a CAT tool these are the tags of a segment; in the PO file they are Markdown, such as [^note], "
        "[@author2020, p. 5], {{ value }}, the address in [words](address), and the signs of *emphasis*. A tag that is "
        "lost or doubled is found when you hand in, and can be mended then."
    )
    yield (
        "WHAT HAS CHANGED\nWhere a passage was translated before and its source has changed since, its former source "
        "and its former translation stand beside it. In the PO file the former translation is filled in and marked as "
        "fuzzy: correct it and take the mark away."
    )
    yield "WHAT ELSE IS HERE\n" + "\n".join(_contents(files))
    yield (
        "HOW TO GIVE IT BACK\nSend the file in which you have translated, or this whole zip with it. A passage "
        "without a translation is no mistake: it is printed in the language of the source until it has one. Questions "
        "can be asked as comments in Word, or as notes in a CAT tool: they reach the editor."
    )


def _contents(files: Container[str]) -> Iterator[str]:
    if "source.pdf" in files:
        yield "source.pdf   the source as it is printed."
    else:
        yield "The source as a PDF is not here, as it was not built: ask for it if you need it."
    if "glossary.csv" in files:
        yield "glossary.csv   terms with the translation to use, and those not to use."
    if "glossary-shared.csv" in files:
        yield "glossary-shared.csv   the terms of the publisher; where both have one, glossary.csv is right."
    if "memory.tmx" in files:
        yield "memory.tmx   what was translated before, as a translation memory (TMX 1.4) for your CAT tool."
    yield "source/   the chapters as text files."
    if "memory.tmx" in files:
        yield "translation/   the chapters as they are translated so far."
