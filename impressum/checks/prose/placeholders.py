"""Placeholders for words still to be written (`TODO`, `TK`, `???`, `lorem ipsum`), but not where `XXX` is thirty, `TK`
an abbreviation of a field, `todo` a word in Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterable

from impressum.checks.prose.passages import BORDER, OPAQUE, Prose, WrittenLines
from impressum.core.errors import Faults

FOUND = re.compile(
    r"(?<![\w/.#@-])(?:(?P<word>TODO|FIXME|TK|TBD|TBA|XXX)(?![\w/-])|(?P<always>(?:TK){2,}|X{4,})(?![\w/-]))"
    r"|(?P<latin>\b[Ll]orem ipsum\b)"
    r"|(?<![\w?!.…\u2060￼])(?P<marks>\?{2,})(?![\w?!])"
    r"|\[(?P<remark>[^\W\d][^\[\]\n]{2,40})\]"
)
NEAR = 40
"""Letters of context on both sides that decide whether a word is a placeholder."""
WORDS = re.compile(r"[^\W\d_]+")
_TOOLS = "list comment item file tag app marker note keyword state entry entries heading"
TOOLS = re.compile(rf"[ \u00a0](?:{_TOOLS.replace(' ', '|')})s?\b", re.IGNORECASE)
BEGINS = re.compile(rf"(?:^|\n|[.!?:…–—(\[{BORDER}{OPAQUE}][ \u00a0]?)$")
ENDS = re.compile(rf"[ \u00a0]?(?:$|\n|[.!?…–—()\[\]{BORDER}{OPAQUE}])")
"""Context before or after `TODO` where it is no file name or keyword in a sentence."""
ALL = frozenset({"es", "pt", "gl", "ast", "an"})
"""Languages in which `todo` is a word."""
BEFORE_NUMBERS = frozenset(
    "chapter volume vol part book title table figure article section psalm canto sonnet plate act scene king pope "
    "louis page no number century century's appendix annex tome letter ode hymn".split()
)
ARTICLES = ("The", "A", "An")
_SERBIAN = (
    "citat, potreban citat, nedostaje citat, izvor, potreban izvor, nedostaje izvor, dodati izvor, dopuniti, "
    "цитат, потребан цитат, недостаје цитат, извор, потребан извор, недостаје извор, додати извор, допунити"
)
REMARKS = {
    code: frozenset(remark.strip() for remark in remarks.split(","))
    for code, remarks in {
        "en": "citation needed, source needed, reference needed, add citation, add source, add reference, "
        "insert citation, insert source, insert reference, insert figure, insert table, insert figure here, "
        "insert table here, insert name, insert date, figure here, table here, to be added, to be completed, "
        "to be confirmed, to be determined, to come, placeholder, tbd, tba, tk, todo",
        "de": "beleg fehlt, quelle fehlt, quelle einfügen, beleg einfügen, zitat einfügen, abbildung einfügen, "
        "tabelle einfügen, wird ergänzt, wird noch ergänzt, noch zu ergänzen, platzhalter, todo",
        "fr": "référence nécessaire, réf. nécessaire, source nécessaire, citation nécessaire, référence à ajouter, "
        "source à ajouter, à compléter, à ajouter, à insérer, todo",
        "sr": _SERBIAN,
        "bs": _SERBIAN,
        "cnr": _SERBIAN,
        "hr": _SERBIAN,
        "es": "cita requerida, falta cita, falta fuente, por completar",
        "it": "citazione necessaria, senza fonte, da completare, da inserire",
    }.items()
}
"""By language, what is an author's own reminder if it is in square brackets."""


def explained(texts: Iterable[Prose]) -> frozenset[str]:
    """The words that `texts` explain as abbreviations, as in `thymidine kinase (TK)`."""
    known: set[str] = set()
    for prose in texts:
        known |= prose.terms
        text = prose.text
        for found in re.finditer(r"\((TK|TBD|TBA|XXX|TODO)s?\)", text):
            initials = "".join(word[0] for word in WORDS.findall(text[max(found.start() - 80, 0) : found.start()]))
            letters = iter(initials[-len(found[1]) - 2 :].casefold())
            if all(letter in letters for letter in found[1].casefold()):
                known.add(found[1])
    return frozenset(known)


def report_placeholders(prose: Prose, known: frozenset[str], written: WrittenLines, faults: Faults) -> None:
    """Warns of placeholders in `prose`; `known` are abbreviations that the publication explains."""
    text = prose.text
    for found in FOUND.finditer(text):
        kind = str(found.lastgroup)
        shown = found[0].strip(BORDER)
        if _is_mentioned(text, found) or shown in known or not _is_placeholder(kind, found, text, prose.code):
            continue
        near = prose.place(found.start())
        place = written.find(rf"(?P<here>{re.escape(shown)})(?!\w)", near) or near
        hint = "write what is meant, or take it out"
        faults.warning(place, f"`{shown}` is a placeholder, and is printed as it stands", "placeholder-left", hint)


def _is_placeholder(kind: str, found: re.Match[str], text: str, language: str) -> bool:
    """Whether what was found is used as a placeholder."""
    before, behind = text[max(found.start() - NEAR, 0) : found.start()], text[found.end() : found.end() + NEAR]
    if kind == "latin":
        return behind.lstrip(" ,").startswith("dolor") or before.rstrip(BORDER)[-1:] in ("", "\n")
    if kind == "remark":
        return found["remark"].casefold().rstrip("?!.: ") in REMARKS.get(language, ())
    if kind == "marks":
        return len(found["marks"]) > 2 or before[-1:] in (" ", "\u00a0", "(", "[")
    if kind == "always":
        return True
    if found["word"] in ("TODO", "FIXME"):
        if language in ALL or behind.startswith(":"):
            return behind.startswith(":")
        begins, ends = BEGINS.search(before), ENDS.match(behind)
        return bool((begins or ends) and not TOOLS.match(behind))
    if language != "en":
        return False
    return found["word"] in ("TBD", "TBA") or _replaces_words(found, text)


def _replaces_words(found: re.Match[str], text: str) -> bool:
    """Whether `TK` or `XXX` replaces words or a number, and is no name or numeral."""
    before, behind = text[max(found.start() - NEAR, 0) : found.start()], text[found.end() : found.end() + NEAR]
    if (before[-1:] in "$€£¥[" and before) or behind[:1] in ("%", "]") or behind[:2] in (" %", "\u00a0%", "\u202f%"):
        return True
    last = re.search(r"(\w+)\.?[ \u00a0]$", before)
    following = re.match(r"[ \u00a0](\w)|[.,;:]?(?:\s|$)", behind)
    if not last or not following or last[1] in BEFORE_NUMBERS or not (last[1][0].islower() or last[1] in ARTICLES):
        return False
    return following[1] is None or following[1].islower() or following[1].isdigit()


def _is_mentioned(text: str, found: re.Match[str]) -> bool:
    """Whether the word is alone in quotation marks, so that it is mentioned, not used."""
    before = text[max(found.start() - NEAR, 0) : found.start()].rstrip(BORDER)[-1:]
    behind = text[found.end() : found.end() + NEAR].lstrip(BORDER)[:1]
    return before in tuple("“„‘‚«»\"'") and behind in tuple("”“’‘»«\"'")
