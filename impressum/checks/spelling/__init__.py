"""`check --spelling`: words that no dictionary of their language has, and that are no names. No build runs it.

Each word is looked up in the language of its passage (`dictionaries.py`). Excepted are words of the glossary, of the
bibliography, of names in the YAML files, and of the publication's own list; acronyms; and a word with a capital in the
midst of a sentence, unless it stands there once and is a letter away from another name. German writes every noun so:
there a name is what an edition in another language has as one. A word whose language knows it with a capital alone
(`Belgrade`) is a name in all editions.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from unicodedata import normalize

from impressum.checks.prose.passages import APART, BORDER, OPAQUE, UNKNOWN, read_prose
from impressum.checks.spelling.dictionaries import Dictionary, package_of
from impressum.core.errors import Faults, Place
from impressum.core.model import document as d
from impressum.core.model.manuscript import ChapterDocument
from impressum.system.cache import Memo

LETTER = "(?:[^\\W\\d_][\u0300-\u036f]*)"
JOINED = f"['’\u00ad{BORDER}\u2010\u2011-]"
WORD = re.compile(rf"(?<![\w@/.\\{{])(?<!\w[-&]){LETTER}+(?:{JOINED}+{LETTER}+)*(?![\w@/\\]|\.\w|[-&]\w)")
BEGINS = re.compile(rf"(?:^|{APART}|[.!?…:])[\s{OPAQUE}{BORDER}\"'“”„‚‘’»«(\[–—•-]*$")
NOUNS_IN_CAPITALS = frozenset({"de", "lb", "gsw"})
SLAVIC = frozenset("sr hr bs cnr sl mk bg cs sk pl uk ru be".split())
ENDINGS = re.compile("[aeioumgjhvsпаеоиумгјхвнй]{0,3}")
FEW_ENDINGS = re.compile("(?:e?s|e?n|er)?")
LEAST = 4
"""Letters of an excepted word that may have an ending."""
SHORT = 3
"""Letters of a part behind a hyphen or apostrophe that is an ending."""
SUGGESTED, LOOKED_FOR = 3, 10
"""Suggestions for a word, and words of a file for which the dictionary is asked for some."""
ALIKE = 0.85
"""How alike another word of the file must be to be one of them (1: the same)."""


@dataclass(frozen=True)
class Written:
    """A word as it is written at `place`; `counts`: a capital there makes it a name."""

    word: str
    language: str
    place: Place
    counts: bool


@dataclass(frozen=True)
class Except:
    """The `words` that are right in any language, and those of a `language` that are right in it."""

    words: frozenset[str]
    language: str

    def has(self, word: str) -> bool:
        """Whether `word` is one of them, or one of four letters and more with an ending, which may replace a vowel."""
        forms = (word, word[0].lower() + word[1:])
        if any(form in self.words for form in forms):
            return True
        is_slavic = self.language in SLAVIC
        ending = ENDINGS if is_slavic else FEW_ENDINGS
        for form in forms:
            for at in range(max(LEAST, len(form) - 3), len(form)):
                stem = form[:at]
                if ending.fullmatch(form, at) and (
                    stem in self.words or (is_slavic and any(stem + vowel in self.words for vowel in "aeoаео"))
                ):
                    return True
        return False


def words_of_chapter(document: ChapterDocument) -> Iterator[Written]:
    """The words of a chapter in running text: no code, formula, address or citation, and nothing in an unknown
    language."""
    headings = {node.place.line for node in d.without_words(document.blocks) if isinstance(node, d.Heading)}
    for prose in read_prose(document):
        if prose.language == UNKNOWN:
            continue
        for start, word in _words(prose.text):
            place = prose.place(start)
            counts = not BEGINS.search(prose.text, max(start - 20, 0), start) and place.line not in headings
            yield Written(word, prose.language, place, counts)


def words_of_text(text: str, language: str, place: Callable[[str], Place], *, is_title: bool) -> Iterator[Written]:
    """The words of a text of a YAML file; `place` gives that of a word."""
    for start, word in _words(text):
        yield Written(word, language, place(word), not is_title and not BEGINS.search(text, 0, start))


def plain_words(text: str) -> frozenset[str]:
    """All words in `text`, and the parts of those with hyphens: BibTeX's braces and commands are none."""
    bare = re.sub(r"\\[A-Za-z]+|[{}]", "", text)
    return frozenset(part for found in re.findall(rf"{LETTER}+(?:['’-]{LETTER}+)*", bare) for part in _parts(found))


def _words(text: str) -> Iterator[tuple[int, str]]:
    for found in WORD.finditer(text):
        word = normalize("NFC", re.sub(f"[\u00ad{BORDER}]", "", found.group())).replace("’", "'")
        if not (found.start() and text[found.start() - 1] in "-‑") and text[found.end() : found.end() + 1] not in (
            "-",
            "‑",
        ):  # the rest of a compound: `Import- und Exportgüter`
            yield found.start(), re.sub("[\u2010\u2011]", "-", word)


def _parts(word: str) -> Iterator[str]:
    """`word`, and the parts that a hyphen or an apostrophe joins, without endings such as `-a` and `'s`."""
    yield word
    parts = re.split("[-'’]", word)
    yield from (part for part in parts if len(parts) > 1 and (part == parts[0] or len(part) > SHORT))


def is_sign(word: str) -> bool:
    """Whether `word` is a letter, an acronym or another word with capitals within (`MiG`, `AidData`)."""
    return len(word) < 2 or any(letter.isupper() for letter in word[1:])


def check_spelling(
    files: Mapping[str, Sequence[Written]],
    dictionaries: Mapping[str, Dictionary | None],
    excepted: Callable[[str], frozenset[str]],
    memo: Memo,
    faults: Faults,
    beside: Container[str] = (),
) -> None:
    """Warns of each misspelt word of `files`, once a file; `excepted` gives the words that are right in a language.

    Of the files `beside`, only the names are read.
    """
    unknown: dict[str, dict[str, frozenset[str]]] = {}
    for path, written in files.items():
        by_language: dict[str, set[str]] = defaultdict(set)
        for one in written:
            by_language[one.language].update(part for part in _parts(one.word) if not is_sign(part))
        unknown[path] = {
            language: _unknown(words, dictionary, memo)
            for language, words in by_language.items()
            if (dictionary := dictionaries.get(language))
        }
    doubtful = [one for path, written in files.items() for one in written if _is_unknown(one, unknown[path])]
    small = {(one.language, one.word) for words in files.values() for one in words}
    names = Counter(
        one.word
        for words in files.values()
        for one in words
        if one.counts and _is_name(one) and (one.language, one.word.lower()) not in small
    )
    known = {language: Except(excepted(language), language.partition("-")[0]) for language in dictionaries}
    capital = {word for one in known.values() for word in one.words if word[0].isupper()} | names.keys()
    slips = {one.word: near for one in doubtful if names[one.word] == 1 and (near := slip_of(one.word, capital))}
    is_name = Except(frozenset(names.keys() - slips.keys()), "sr")
    asked = {part for one in doubtful for part in _parts(one.word) if part[0].isupper()}
    of_others = _names_of_dictionaries(asked, files, unknown, dictionaries, memo)
    for path, written in files.items():
        if path in beside:
            continue
        found: dict[tuple[str, str], list[Written]] = defaultdict(list)
        for one in written:
            wrong = [
                part
                for part in _parts(one.word)
                if part in unknown[path].get(one.language, ()) and not is_sign(part) and part not in of_others
            ]
            if (
                wrong
                and _is_unknown(one, unknown[path])
                and not any(
                    known[one.language].has(part) or (part[0].isupper() and is_name.has(part)) for part in wrong
                )
            ):
                found[one.word, one.language].append(one)
        right = {one.word for one in written if not _is_unknown(one, unknown[path])}
        for number, ((word, language), places) in enumerate(found.items()):
            dictionary = dictionaries[language]
            assert dictionary
            meant = [slips[word]] if word in slips else []
            meant += _suggestions(word, dictionary, memo) if number < LOOKED_FOR else []
            meant += get_close_matches(word, sorted(right), n=1, cutoff=ALIKE) if len(meant) < SUGGESTED else []
            _report(word, language, dictionary, places, tuple(dict.fromkeys(meant))[:SUGGESTED], faults)


def _names_of_dictionaries(
    asked: Container[str],
    files: Mapping[str, Sequence[Written]],
    unknown: Mapping[str, Mapping[str, frozenset[str]]],
    dictionaries: Mapping[str, Dictionary | None],
    memo: Memo,
) -> frozenset[str]:
    """Those of the words `asked` that an edition has in its language, whose dictionary knows them as names alone."""
    there: dict[str, set[str]] = defaultdict(set)
    for path, written in files.items():
        for one in written:
            if one.language.partition("-")[0] not in NOUNS_IN_CAPITALS:
                lacking = unknown[path].get(one.language, frozenset())
                there[one.language].update(part for part in _parts(one.word) if part in asked and part not in lacking)
    found: set[str] = set()
    for language, words in there.items():
        if words and (dictionary := dictionaries.get(language)):
            small = _unknown({word.lower() for word in words}, dictionary, memo)
            found |= {word for word in words if word.lower() in small}
    return frozenset(found)


def _is_unknown(one: Written, unknown: Mapping[str, frozenset[str]]) -> bool:
    """Whether a dictionary has neither the word nor all of its parts."""
    lacking = unknown.get(one.language, frozenset())
    whole, *parts = _parts(one.word)
    return whole in lacking and not (parts and lacking.isdisjoint(parts))


def _is_name(one: Written) -> bool:
    return one.word[0].isupper() and one.language.partition("-")[0] not in NOUNS_IN_CAPITALS


def slip_of(name: str, names: Iterable[str], least: int = SHORT + 1) -> str:
    """One of `names` from which `name` differs by a letter, the first of `least` at the end or before; or nothing."""
    for other in sorted(names):
        if other != name and min(len(name), len(other)) > LEAST and abs(len(name) - len(other)) < 2:
            same = next((at for at, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), LEAST)
            rest, rest_of_other = name[same:], other[same:]
            tails = {(rest[1:], rest_of_other), (rest, rest_of_other[1:]), (rest[1:], rest_of_other[1:])}
            tails.add((rest[1:2] + rest[:1] + rest[2:], rest_of_other))
            if len(rest) >= least and any(one == another for one, another in tails):
                return other
    return ""


def _unknown(words: Iterable[str], dictionary: Dictionary, memo: Memo) -> frozenset[str]:
    asked = sorted(words)
    raw = memo(
        "spelling",
        {"dictionary": dictionary.digest, "words": [*asked]},
        lambda: json.dumps([word for word in asked if not dictionary.has(word)]).encode(),
        about=None,
    )
    return frozenset(json.loads(raw))


def _suggestions(word: str, dictionary: Dictionary, memo: Memo) -> list[str]:
    def suggest() -> bytes:
        return json.dumps(dictionary.suggestions(word, SUGGESTED)).encode()

    found: list[str] = json.loads(
        memo("suggestions", {"dictionary": dictionary.digest, "word": word}, suggest, about=None)
    )
    return found


def _report(
    word: str, language: str, dictionary: Dictionary, places: Sequence[Written], near: Sequence[str], faults: Faults
) -> None:
    times = f"; it stands here {len(places)} times" if len(places) > 1 else ""
    message = f"`{word}` is not in the dictionary of `{language}` ({dictionary.name}){times}"
    write = f"write {' or '.join(f'`{one}`' for one in near)}; " if near else ""
    hint = f"{write}a word that is right goes into `templates/dictionaries/{language}.txt`, one a line"
    faults.warning(places[0].place, message, "spelling", hint)


def report_missing(language: str, place: Place, faults: Faults) -> None:
    """The fault that there is no dictionary for the language of an edition."""
    message = f"there is no dictionary of `{language}`, so the spelling of this edition is not checked"
    hint = (
        f"install one (Debian: `{package_of(language)}`), or put its files into `templates/dictionaries/` as "
        f"`{language}.dic` and `{language}.aff`; LibreOffice brings some, which are found"
    )
    faults.error(place, message, "dictionary-missing", hint)
