"""Prepares a new edition: checks its tag, and writes its texts and the words of an unknown language to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, Faulty, Place, nearest
from impressum.core.languages import is_hyphenated
from impressum.core.model.identifiers import TAG
from impressum.stages.load.publication import read_bibliography_text
from impressum.stages.load.used_words import used_words
from impressum.stages.load.words import (
    INSTEAD,
    OPTIONAL,
    REFERENCE,
    TERMS_FOLDER,
    TERMS_REFERENCE,
    read_terms,
    read_words,
)
from impressum.system.fonts import metrics
from impressum.system.workspace import Workspace
from impressum.translation.edition_file import edition_file
from impressum.translation.shelf import Shelf, write_file
from impressum.translation.texts import source_texts

if TYPE_CHECKING:
    from babel import Locale

SCHEMA = ".impressum/schemas/edition.json"
"""By which editors know the keys, where `new` has made the publication."""
LINE = re.compile(r'^(?P<key>[\w. -]+): (?P<word>".*")$')
WITHOUT_HYPHENS = frozenset("ja ko th zh".split())
"""Languages that divide no words, or between any two letters."""
HEAD = """\
# The words that the book itself prints, in the language {tag}.
#
# Each line that begins with `# ` and a name holds an English word. Take the `# ` away and write your word in the
# place of the English one, between the quotation marks. Do not change the name before the colon, nor what stands
# in braces: {{number}}, {{date}}, {{name}}.
#
# As long as a word is missing, the build names it and stops: no English word is printed by mistake. Those are asked
# for that the publication may print; if it prints others later, the build names them.
# \\u00A0 is a space at which no line may break, \\u202F a narrow one.

"""
TERMS_HEAD = """\
# What citations and references say in the language {tag}: the terms of CSL, by their names there, which are English.
#
# Take the `# ` away and write your word between the quotation marks, `one | more` where it has a plural. A form for
# little room, such as `editor.short: "ed. | eds."`, may be added to each. As long as a term is missing, the build names
# it and stops: nothing is printed in English by mistake.

"""


def new_edition(shelf: Shelf, tag: str) -> tuple[Path, ...]:
    """Writes `edition.yaml` of the edition `tag`, and its words if there are none; returns the files.

    Raises Faulty for an invalid tag and for an edition that exists: nothing is overwritten.
    """
    check_tag(tag)
    workspace = shelf.workspace
    unset = Faults()
    house = shelf.file.bound.house if shelf.file.bound else None
    known = read_words(workspace, tag, unset, house)
    if turned := [fault for fault in unset.errors() if fault.rule == "direction-unsupported"]:
        raise Faulty(turned)
    path = workspace.edition_file(tag)
    if tag == shelf.source:
        raise Faulty([_there(f"chapters/{tag}", f"`{tag}` is the source edition", "name another language")])
    if path.exists() or path.is_symlink():
        name = workspace.relative(path)
        hint = f"translate the texts there; `status --edition {tag}` says what is missing"
        raise Faulty([_there(name, f"`{name}` is there already, and is not overwritten", hint)])
    impressum = shelf.file.tree.table("impressum") if shelf.file.tree else None
    own = tuple(name for name in ("isbn", "doi", "cip") if impressum and name in impressum.entries)
    content = edition_file(source_texts(shelf), tag, shelf.source, _twin(shelf, tag), own)
    written = []
    words = workspace.words_file(words_tag(tag))
    if not known and not words.exists():
        write_file(workspace, words, words_file(words_tag(tag), workspace).encode())
        written.append(words)
    terms = workspace.templates / TERMS_FOLDER / words.name
    has_works = bool(read_bibliography_text(workspace, shelf.file, Faults()))
    lacking = Faults()
    if has_works and not read_terms(workspace, tag, lacking, house) and lacking.errors() and not terms.exists():
        write_file(workspace, terms, terms_file(words_tag(tag)).encode())
        written.append(terms)
    if (workspace.root / SCHEMA).exists():
        content = f"# yaml-language-server: $schema=../../{SCHEMA}\n{content}"
    write_file(workspace, path, content.encode())
    return (path, *written)


def _there(name: str, message: str, hint: str) -> Fault:
    return Fault(Place(name), message, "edition-exists", hint)


def _twin(shelf: Shelf, tag: str) -> str:
    """The edition in the same language and another script, or nothing."""
    language = tag.partition("-")[0]
    others = (one for one in (shelf.source, *shelf.editions) if one != tag and one.partition("-")[0] == language)
    return next((one for one in others if _script(one) != _script(tag)), "")


def _script(tag: str) -> str:
    return next((part for part in tag.split("-")[1:] if len(part) == 4), "")


def words_tag(tag: str) -> str:
    """The tag of the file of words for `tag`: its language, with its script if it has one."""
    parts = tag.split("-")
    return "-".join(parts[:1] + [part for part in parts[1:2] if len(part) == 4])


def words_file(tag: str, workspace: Workspace | None = None) -> str:
    """The file for `tag`: each English word as a comment, and the known number separators; of a `workspace`, only those
    that its publication may print."""
    english = files("impressum").joinpath(f"templates/words/{REFERENCE}.yaml").read_text(encoding="utf-8")
    body = english[english.index("\n\n") + 2 :]
    known = _marks(tag)
    if workspace:
        names = [found["key"] for found in map(LINE.match, body.splitlines()) if found]
        used = frozenset(used_words(workspace, names))
        lines = [line for line in body.splitlines() if not (found := LINE.match(line)) or found["key"] in used]
        groups = "\n".join(lines).split("\n\n")
        body = "\n\n".join(group for group in groups if not all(line.startswith("#") for line in group.split("\n")))

    def as_comment(found: re.Match[str]) -> str:
        return f"{found['key']}: {known[found['key']]}" if found["key"] in known else f"# {found.group()}"

    return HEAD.format(tag=tag) + "\n".join(LINE.sub(as_comment, line) for line in body.splitlines()) + "\n"


def terms_file(tag: str) -> str:
    """The file of terms of citations for `tag`: each that must be there as a comment, and the months of CLDR."""
    body = files("impressum").joinpath(f"templates/{TERMS_FOLDER}/{TERMS_REFERENCE}.yaml").read_text(encoding="utf-8")
    locale = _locale(tag)
    months = locale.months["format"]["wide"] if locale else {}
    asked = []
    lines = body[body.index("\n\n") + 2 :].splitlines()
    names = {found["key"] for found in map(LINE.match, lines) if found}
    for line in lines:
        found = LINE.match(line)
        if not found:
            asked.append(line)
        elif (month := re.fullmatch(r"month-(\d\d)", found["key"])) and months:
            asked.append(f'{found["key"]}: "{months[int(month[1])]}"')
        elif found["key"] == "date.day" or not found["key"].startswith(OPTIONAL):
            base, _, form = found["key"].rpartition(".")
            if form not in INSTEAD or not {base, *({f"{base}.verb"} - {found["key"]})} & names:
                asked.append(f'# {found["key"]}: "{"{number}" if found["key"] == "date.day" else ""}"')
    return TERMS_HEAD.format(tag=tag) + "\n".join(asked) + "\n"


def limits(tag: str) -> Iterator[str]:
    """What cannot be set in the language `tag`, a sentence for each."""
    from babel import Locale

    locale = _locale(tag)
    name = Locale("en").languages.get(tag.split("-")[0], tag)
    if not is_hyphenated(tag) and tag.split("-")[0] not in WITHOUT_HYPHENS:
        yield f"words of {name} are not divided at the ends of lines: there are no patterns for it"
    letters = {letter for month in locale.months["format"]["wide"].values() for letter in month} if locale else set()
    if missing := sorted(letter for letter in letters if letter.isalpha() and not metrics().has(letter)):
        shown = " ".join(missing[:8])
        yield f"the fonts lack letters of {name} ({shown}): bring a font, as `type.other` of `templates/theme.yaml`"


def _locale(tag: str) -> Locale | None:
    """The locale of `tag` (CLDR), or None where there is none."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _marks(tag: str) -> dict[str, str]:
    """The number separators of the language (CLDR), as written in the file."""
    locale = _locale(tag)
    latin = locale.number_symbols.get("latn", {}) if locale else {}
    return {
        f"number.{name}": '"' + mark.replace("\u00a0", "\\u00A0").replace("\u202f", "\\u202F") + '"'
        for name, mark in (("decimal", latin.get("decimal")), ("group", latin.get("group")))
        if mark
    }


def check_tag(tag: str) -> None:
    """Raises Faulty where `tag` is not well formed, or names a language, script or region that does not exist."""
    from babel import Locale

    english = Locale("en")
    written = _usual(tag)
    if not TAG.match(tag):
        near = written if TAG.match(written) else _by_name(tag, english)
        guess = f"; did you mean `{near}`?" if near else ""
        hint = "name an edition like en, sr-Latn or de-AT: a language, if need be its script, and its region"
        _refuse(tag, f"`{tag}` is not a language tag (BCP 47){guess}", hint)
    language, *rest = tag.split("-")
    if language not in english.languages:
        near = _by_name(language, english)
        guess = f"; did you mean `{near}`?" if near else ""
        _refuse(tag, f"there is no language `{language}`{guess}", "use its code of ISO 639: de, fr, sr, sq, mk, hu …")
    for part in rest:
        if len(part) == 4 and part.isalpha() and part not in english.scripts:
            _refuse(tag, f"there is no script `{part}`", "use its code of ISO 15924: Latn, Cyrl, Grek, Arab …")
        if (len(part) == 2 or (len(part) == 3 and part.isdigit())) and part not in english.territories:
            _refuse(tag, f"there is no region `{part}`", "use its code of ISO 3166: GB, AT, RS …, or leave it out")


def _refuse(tag: str, message: str, hint: str) -> None:
    raise Faulty([Fault(Place(f"chapters/{tag}"), message, "edition-name", hint)])


def _usual(tag: str) -> str:
    """`tag` in the usual case: sr_latn becomes sr-Latn."""
    language, *rest = tag.strip().replace("_", "-").split("-")
    forms = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(forms.get(len(part), str.lower)(part) for part in rest)])


def _by_name(given: str, english: Locale) -> str | None:
    """The code of the language whose English name, or nearly it, was given for a tag."""
    names = {name.casefold(): code for code, name in english.languages.items() if len(code) <= 3}
    near = nearest(given.casefold(), names)
    return names[near] if near else None
