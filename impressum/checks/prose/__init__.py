"""prose: slips in the text itself: placeholders, doubled words and marks, spaces before marks, empty chapters.

Reads typed documents and the lines that they came from; nothing is rendered or typeset for this. Each passage is read
in its own language; code, formulas, addresses and the output of citeproc are left alone. A doubled word is reported in
lower case, within a sentence and a typeface, and in the languages listed here: some others double words by rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from impressum.checks.prose.marks import report_marks, report_typed, report_unpaired
from impressum.checks.prose.passages import GAP, Prose, WrittenLines, read_prose
from impressum.checks.prose.placeholders import explained, report_placeholders
from impressum.core.errors import Faults, Place
from impressum.core.markdown_blocks import front_end, scan, walk
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument

SPACE = r"[ \u00a0\u202f]"
DOUBLED = re.compile(
    rf"(?<![\w'’./@&‑-])(?P<first>[^\W\d_]+)(?P<again>(?:{SPACE}+(?P=first))+)(?![\w'’@&‑-]|\.\w)", re.IGNORECASE
)
_LATIN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".split()
CYRILLIC = str.maketrans(dict(zip("абвгдђежзијклљмнњопрстћуфхцчџш", _LATIN, strict=True)))
_EVERYWHERE = "ha he hi ho hm tra bla blah"
"""Laughter and other non-words."""
_SERBIAN = (
    "se je su da ne ko tko što šta nas vas ih im mu joj ga me te mi vi ti on ona ono oni malo polako jedva brzo samo "
    "sve više dugo daleko davno jako mnogo vrlo veoma baš tek sad sada tu tako kako koliko gde gdje kad kada već pa "
    "evo eto hajde dobro duboko visoko široko često stalno opet tiho kuc vlada"
)
MAY_DOUBLE = {
    code: frozenset(f"{_EVERYWHERE} {words}".split())
    for code, words in {
        "en": "that had is was do did does you her it on very many much so long far really more no yes now there "
        "again who what which where how too well way quite never ever over bye knock please hear come go up out off",
        "de": "die der das den dem sie ihr es sich ist war sind waren hat haben hatte hatten wird werden wurde wurden "
        "sein was wer wie zu so sehr ganz viel viele lang lange weit nein ja nie immer doch schon mehr tief hoch wo "
        "wann dann ach oh na deren dessen welche welcher welches",
        "fr": "nous vous en de que si oui non très bien tout est sont a ont était étaient elle elles lui fait moi toi "
        "y peu beaucoup trop plus tant jamais toujours loin vite même qui eux peut doit reste",
        "sr": _SERBIAN,
        "bs": _SERBIAN,
        "cnr": _SERBIAN,
        "hr": _SERBIAN,
        "es": "que no sí muy casi poco mucho nada todo tan bien ya más nos es está son era luego",
        "it": "che no sì molto poco piano quasi così via bene più mai ci si se vi è sono era mano man passo appena ben "
        "ora or tutto quattro lungo su giù",
        "pt": "que não sim muito pouco quase bem já mais nos se é está são era logo todo tão",
        "nl": "die dat het is was zijn had heeft werd wordt u je zij ze er heel zeer veel nee ja zo lang ver wie wat",
    }.items()
}
"""By language, the words (lower case, Serbian in Latin script) that may be doubled."""

LETTERS = {"en": "a", "fr": "à", "es": "aey", "pt": "aoe", "it": "eèa"} | dict.fromkeys(
    ("sr", "bs", "cnr", "hr"), "uioskуиоск"
)
"""By language, the one-letter words."""


def report_doubled(prose: Prose, written: WrittenLines, faults: Faults) -> None:
    """Warns of each doubled word of `prose` that may not be."""
    if prose.verse or prose.code not in MAY_DOUBLE:
        return
    for found in DOUBLED.finditer(prose.text):
        first, again = found["first"], found["again"].split()
        if len(again) > 1 or not again[0].islower() or _is_letter(first, prose.code) or _may_double(first, prose.code):
            continue
        near = prose.place(found.start("again") + len(found["again"]) - len(again[0]))
        place = written.find(rf"\b{first}{GAP}(?P<here>{again[0]})\b", near)
        if place:
            faults.warning(place, f"the word `{again[0]}` stands here twice", "word-doubled", "take one of them out")


def _is_letter(first: str, language: str) -> bool:
    """Whether the word may be a letter of an alphabet, as in `A a` and `Lj lj`."""
    return (len(first) == 1 and first not in LETTERS.get(language, "")) or (len(first) == 2 and not first.islower())


@cache
def _may_double(word: str, language: str) -> bool:
    return word.casefold().translate(CYRILLIC) in MAY_DOUBLE[language]


WORDLESS = frozenset({"heading", "comment", "division", "fence"})


def abbreviations(document: ChapterDocument) -> frozenset[str]:
    """The words that a chapter explains as abbreviations."""
    return explained(read_prose(document))


def check_prose(
    document: ChapterDocument, lines: Mapping[str, Sequence[str]], known: frozenset[str], faults: Faults
) -> None:
    """Warns of slips in a chapter; `lines` are those of its files by path, `known` the abbreviations that some chapter
    explains."""
    written = WrittenLines(lines)
    report_empty(document, written, faults)
    for prose in read_prose(document):
        report_placeholders(prose, known, written, faults)
        report_doubled(prose, written, faults)
        report_marks(prose, written, faults)
        report_unpaired(prose, written, faults)
        report_typed(prose, written, faults)


def report_empty(document: ChapterDocument, written: WrittenLines, faults: Faults) -> None:
    """Warns of a chapter, unless it is a part, in which only headings are `written`; refused text counts as text."""
    if document.front.kind == "part" or not document.blocks or not _is_empty(document.blocks):
        return
    lines = written.text(document.path).split("\n")
    if not all(block.kind in WORDLESS for block in walk(scan(lines[front_end(lines) or 0 :]))):
        return
    place = next((node.place for node in document.nodes if isinstance(node, d.Heading)), Place(document.path))
    hint = "write its text, or delete the file; a page with a title alone is a part: `kind: part`"
    faults.warning(place, "the chapter has a title, and no text below it", "chapter-empty", hint)


def _is_empty(blocks: tuple[d.Block, ...]) -> bool:
    return all(
        isinstance(block, d.Heading) or (isinstance(block, d.Division) and _is_empty(block.content)) for block in blocks
    )
