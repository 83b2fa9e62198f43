"""Text in the wrong language or script: passages left in the source's language, a Latin `a` in a Cyrillic word."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from impressum.checks.parity.findings import LETTERS, UNTRANSLATED, Findings
from impressum.checks.parity.lines import LineText
from impressum.checks.parity.losses import about
from impressum.checks.parity.outline import TextLine, Unit, every_unit, note_units, sections
from impressum.checks.parity.pairing import Region
from impressum.core.errors import Place
from impressum.core.languages import spoken
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument
from impressum.core.transliteration import tables

WORD = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*\u00ad?)+")
SCRIPTS = ("Latin", "Cyrillic", "Greek")
ALIKE = tuple(
    zip(
        "ABCEHIJKMNOPSTXYZacehijkopsuvxy",
        "АВСЕНІЈКМ ОРЅТХУ асеһіјкорѕ ѵху",
        "ΑΒ ΕΗΙ ΚΜΝΟΡ ΤΧΥΖ    ι κορ υνχγ",
        strict=True,
    )
)
"""Look-alike letters of the three scripts, in the order of `SCRIPTS`; a space where a script has none."""
FEWEST_WORDS = 6
FEWEST_OF_A_SENTENCE = 3
MANY_FOR_A_NAME = 4
OFTEN = 3
ENDS = re.compile(r"[.!?…](?:[\s\"”“’»)\ufffc]|$)")
SISTERS = frozenset({"sr", "hr", "bs", "cnr"})
"""Languages in which whole sentences may be the same."""
CYRILLIC = re.compile("[\u0400-\u052f]{2,}")
LETTERS_ONLY = re.compile(r"[^\W\d_]+")


def check_units(units: tuple[Unit, ...], findings: Findings) -> None:
    """Reports each word of `units` and of their notes that mixes scripts."""
    for unit in units:
        for one in unit.walk():
            for line in one.lines:
                text = LineText().read(line.content)
                for found in WORD.finditer(text.text):
                    if not found.group().isascii():
                        _check(found.group(), text.text, text.place(found.start(), one.place), findings)
                if CYRILLIC.search(text.text):
                    _check_script(line.content, one, findings)
            for picture in _images(one):
                for found in WORD.finditer(picture.alt):
                    _check(found.group(), picture.alt, picture.place, findings)
            for note in one.notes:
                check_units(note_units(note, one.context), findings)


def _check_script(content: object, unit: Unit, findings: Findings) -> None:
    """Reports the first word in Cyrillic letters of a line whose language is written in Latin ones."""
    text = LineText(foreign=False).read(content)
    found = CYRILLIC.search(text.text)
    if found is None or unit.context.foreign or _script_of(unit.context.language) != "Latn":
        return
    message = f"`{found.group()}` is written in Cyrillic letters, and `{unit.context.language}` in Latin ones"
    hint = f"write it in Latin letters; a word of another language is marked: `[{found.group()}]{{lang=ru}}`"
    findings.warning(text.place(found.start(), unit.place), message, LETTERS, hint, about=(found.group(),))


@lru_cache
def _script_of(language: str) -> str:
    """The script that a language is written in, by CLDR's likely subtags where its tag names none."""
    from babel.core import get_global

    code, script = spoken(language)
    usual: str = get_global("likely_subtags").get(code, "")
    return script.title() or "".join(usual.split("_")[1:2])


def report_half_written(document: ChapterDocument, source: ChapterDocument, findings: Findings) -> None:
    """Reports names of the `source` of which a twin has put only some words into its own script: Deutsche Банк."""
    known = tables("sr-Cyrl", "sr-Latn")
    if spoken(document.language) != ("sr", "") or known is None:
        return
    names = set(itertools.pairwise(word.casefold() for word in all_words(source)))
    for unit in every_unit(sections(document)):
        for one in unit.walk():
            for line in one.lines:
                text = LineText(foreign=False).read(line.content)
                for a, b in itertools.pairwise(WORD.finditer(text.text)):
                    scripts = {_main_script(a.group()), _main_script(b.group())}
                    pair = tuple("".join(known.letters.get(x, x) for x in word.group().casefold()) for word in (a, b))
                    if scripts == {"Latin", "Cyrillic"} and pair in names and text.text[a.end() : b.start()] == " ":
                        shown = text.text[a.start() : b.end()]
                        message = f"`{shown}` is half in Cyrillic and half in Latin letters, and one name in the source"
                        hint = "mark the whole name: `[…]{lang=en}`, `[…]{.as-is}`, or list it in `transliteration:`"
                        findings.warning(text.place(a.start(), one.place), message, LETTERS, hint, about=(shown,))


def all_words(document: ChapterDocument) -> Iterator[str]:
    """The words of a chapter, those of its notes too."""
    for unit in every_unit(sections(document)):
        for one in (part for whole in unit.walk() for part in (whole, *_in_notes(whole))):
            for line in one.lines:
                yield from LETTERS_ONLY.findall(LineText().read(line.content).text)


def _in_notes(unit: Unit) -> Iterator[Unit]:
    for note in unit.notes:
        for one in note_units(note, unit.context):
            yield from one.walk()


@dataclass(frozen=True)
class Vocabulary:
    """The words of translated chapters and `texts`, and of their sources. They are looked up for a text that is the
    same in both only, and so not read before: `chapters` gives those of the translated chapters and of their sources.
    """

    chapters: Callable[[], tuple[Iterable[str], Iterable[str]]]
    texts: tuple[str, ...] = ()
    source_texts: tuple[str, ...] = ()

    @cached_property
    def common(self) -> Counter[str]:
        """How often the source has each word, as it is written: what it has in small letters is no name."""
        return Counter(_words_of(self.chapters()[1], self.source_texts))

    @cached_property
    def own(self) -> Counter[str]:
        """How often the translation has each word."""
        return Counter(word.casefold() for word in _words_of(self.chapters()[0], self.texts))

    def is_foreign(self, word: str) -> bool:
        """Whether the source often has `word`, and the translation never, but once and alone, nor as a part of one."""
        return self.common[word] >= OFTEN and not any(
            word in one and (one != word or count > 1) for one, count in self.own.items()
        )

    def is_left(self, word: str, count: int) -> bool:
        """Whether the source has `word`, and the translation no more than `count` times."""
        return word in self.common and self.own[word] <= count

    def answer(self, word: str, count: int) -> bool:
        """What an `Unread` one has `asked` of a word."""
        return self.is_left(word, count) if count else self.is_foreign(word)


@dataclass(frozen=True)
class Unread(Vocabulary):
    """The words of chapters that are not read: what it would have to look up is noted in `asked`, as a word with a
    count (0: whether it is foreign), and answered as for words that the source does not have."""

    asked: set[tuple[str, int]] = field(default_factory=set)

    def is_foreign(self, word: str) -> bool:
        self.asked.add((word, 0))
        return False

    def is_left(self, word: str, count: int) -> bool:
        self.asked.add((word, count))
        return False


def _words_of(words: Iterable[str], texts: Iterable[str]) -> Iterator[str]:
    yield from words
    yield from itertools.chain.from_iterable(map(LETTERS_ONLY.findall, texts))


def _images(unit: Unit) -> Iterator[d.Image]:
    if isinstance(unit.node, d.Figure) and unit.node.figure:
        yield unit.node.image
    for line in unit.lines:
        yield from (node for node in d.without_words(line.content) if isinstance(node, d.Image))


def _check(word: str, text: str, place: Place, findings: Findings) -> None:
    """Reports `word` of `text` if it mixes scripts."""
    scripts = Counter(filter(None, map(_script, word)))
    if len(scripts) < 2:
        return
    usual = _main_script(text)
    right = max(scripts, key=lambda script: (scripts[script], script == usual))
    wrong = [(index, letter) for index, letter in enumerate(word, 1) if _script(letter) not in ("", right)]
    if "Greek" in scripts and not all(_lookalike(letter, right) for _, letter in wrong):
        return  # a sign, as in kΩ
    index, letter = wrong[0]
    other = _lookalike(letter, right)
    which = f"`{letter}` (letter {index}), which is {_script(letter)} ({_code(letter)})"
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    hint = f"write the {right} `{other}` ({_code(other)})" if other else f"write the word in {right} letters only"
    message = f"`{word}` is written in {right} letters, but for {which}{more}"
    findings.error(place, message, LETTERS, hint, about=(word,))


def _main_script(text: str) -> str:
    """The script of most letters of `text`."""
    scripts = Counter(filter(None, map(_script, text)))
    return max(scripts, key=scripts.__getitem__, default="")


@lru_cache(4096)
def _script(letter: str) -> str:
    """The script of a letter; empty for signs and for scripts without look-alikes."""
    name = unicodedata.name(letter, "").partition(" ")[0].capitalize()
    return name if name in SCRIPTS else ""


def _lookalike(letter: str, script: str) -> str:
    """The letter of `script` that looks like `letter`, or nothing."""
    return next((row[SCRIPTS.index(script)] for row in ALIKE if letter in row), "").strip()


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"


def report_untranslated(
    region: Region, source_language: str, language: str, known: Vocabulary, findings: Findings
) -> None:
    """Reports the texts of a region that are word for word those of the source, and sentences of it within others.

    Of a short text a word must be `known` as one of the source, that the translation has nowhere else.
    """
    if spoken(source_language) == spoken(language):
        return
    sisters = SISTERS.issuperset({source_language.split("-")[0], language.split("-")[0]})
    for source, other in region.pairs:
        both = spoken(source.context.language), spoken(other.context.language)
        if other.context.untranslated or both != (spoken(source_language), spoken(language)):
            continue
        if sisters and other.text != source.text:
            continue
        ones = {line.name: line.content for line in source.lines}
        for line in (one for one in other.lines if one.name != "source"):
            theirs = ones.get(line.name, ())
            words = _words(line.content, other)
            if (words and words == _words(theirs, source)) or _is_left_short(line, theirs, known, other, language):
                _report(source, other, line.name, language, source_language, findings)
            elif left := _left(_text(theirs, source), _text(line.content, other)):
                _report_left(left, source, other, line.content, source_language, findings)


def _words(content: object, unit: Unit) -> list[str]:
    """The words of a line without titles, citations, addresses and other languages; none if it may be a name."""
    words = LETTERS_ONLY.findall(_text(content, unit))
    small = sum(word[0].islower() or word.lower() == word.upper() for word in words)
    return [word.casefold() for word in words] if len(words) >= FEWEST_WORDS and small * 2 >= len(words) else []


def _text(content: object, unit: Unit) -> str:
    return LineText(foreign=False, titles=False, quoted=not unit.context.in_note).read(content).text


def _is_left_short(line: TextLine, source: object, known: Vocabulary, unit: Unit, language: str) -> bool:
    """Whether a text of less than `FEWEST_WORDS` words is that of the source, and no name.

    One word alone may be the same in both languages, but hardly a heading where words are written as they are spoken.
    """
    text = _text(line.content, unit).strip()
    words = LETTERS_ONLY.findall(text)
    fewest = 1 if unit.kind == "heading" and language.split("-")[0] in SISTERS else 2
    if not 1 <= len(words) < FEWEST_WORDS or "\ufffc" in text:
        return False
    if text != _text(source, unit).strip():
        return False
    if len(words) < fewest:
        return len(words[0]) > 2 and known.is_foreign(words[0].casefold())
    small = sum(word[0].islower() for word in words)
    if unit.kind != "heading" and not small:
        return False  # as a name is written
    if len(words) >= MANY_FOR_A_NAME and 2 * small >= len(words) and language.split("-")[0] not in SISTERS:
        return True
    counts = Counter(word.casefold() for word in words)
    return any(len(word) > 2 and known.is_left(word, count) for word, count in counts.items())


def _left(source: str, text: str) -> str:
    """Words within `text` that stand in `source` in the same order, a sentence or `FEWEST_WORDS` and more; or none."""
    theirs = [word.casefold() for word in LETTERS_ONLY.findall(source)]
    runs = {tuple(theirs[at : at + FEWEST_WORDS]) for at in range(len(theirs))}
    found = list(LETTERS_ONLY.finditer(text))
    for run in zip(*(found[at:] for at in range(FEWEST_WORDS)), strict=False):
        if tuple(word.group().casefold() for word in run) in runs and _is_common(run):
            return text[run[0].start() : run[-1].end()]
    sentences = {tuple(LETTERS_ONLY.findall(one)) for one in ENDS.split(source)}
    start = 0
    if len(found) == len(theirs) < FEWEST_WORDS:
        return ""  # a short text, which may be a name
    for end in [*(one.start() for one in ENDS.finditer(text)), len(text)]:
        part = [word for word in found if start <= word.start() < end]
        if len(part) >= FEWEST_OF_A_SENTENCE and tuple(word.group() for word in part) in sentences and _is_common(part):
            return text[part[0].start() : part[-1].end()]
        start = end
    return ""


def _is_common(words: Sequence[re.Match[str]]) -> bool:
    """Whether most of the words begin with small letters: they are no name."""
    return 2 * sum(word.group()[0].islower() for word in words) > len(words)


def _report_left(
    left: str, source: Unit, other: Unit, content: object, source_language: str, findings: Findings
) -> None:
    text = LineText().read(content)
    place = text.place(text.text.find(left), other.place)
    message = f"`{left}` is word for word in the source ({source.place}), too"
    hint = f"translate it; words that are meant to stay are marked: `[…]{{lang={source_language}}}`"
    findings.warning(place, message, UNTRANSLATED, hint, about=(left, *about(other)))


def _report(source: Unit, other: Unit, name: str, language: str, source_language: str, findings: Findings) -> None:
    what = f"the {name} of the {other.kind}" if name else f"the {other.kind}"
    message = f"{what} is word for word that of the source ({source.place}): `{other.beginning}`"
    stays = f"translate it; what is meant to stay goes into `::: {{lang={source_language}}}`"
    hint = f"{stays}, what is still to be translated into `::: untranslated`"
    findings.warning(other.place, message, UNTRANSLATED, hint, about=about(other))
