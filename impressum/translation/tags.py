"""The tag of a new edition: a language that there is, written as BCP 47 has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faulty, Place, nearest
from impressum.core.model.identifiers import TAG

if TYPE_CHECKING:
    from babel import Locale


def check_tag(tag: str) -> None:
    """Raises Faulty where `tag` is not well formed, or names a language, script or region that does not exist."""
    from babel import Locale

    english = Locale("en")
    written = _usual(tag)
    if not TAG.match(tag):
        meant = written if TAG.match(written) else _by_name(tag, english)
        _refuse(
            tag,
            f"`{tag}` is not a language tag (BCP 47)" + (f"; did you mean `{meant}`?" if meant else ""),
            "name an edition like en, sr-Latn or de-AT: a language, if need be its script, and its region",
        )
    language, *rest = tag.split("-")
    if language not in english.languages:
        meant = _by_name(language, english)
        guess = f"; did you mean `{meant}`?" if meant else ""
        _refuse(tag, f"there is no language `{language}`{guess}", "use its code of ISO 639: de, fr, sr, sq, mk, hu …")
    for part in rest:
        if len(part) == 4 and part.isalpha() and part not in english.scripts:
            _refuse(tag, f"there is no script `{part}`", "use its code of ISO 15924: Latn, Cyrl, Grek, Arab …")
        if (len(part) == 2 or (len(part) == 3 and part.isdigit())) and part not in english.territories:
            _refuse(tag, f"there is no region `{part}`", "use its code of ISO 3166: GB, AT, RS …, or leave it out")


def _refuse(tag: str, message: str, hint: str) -> None:
    raise Faulty([Fault(Place(f"chapters/{tag}"), message, "edition-name", hint)])


def _usual(tag: str) -> str:
    """`tag` in the letters that are usual: sr_latn becomes sr-Latn."""
    language, *rest = tag.strip().replace("_", "-").split("-")
    forms = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(forms.get(len(part), str.lower)(part) for part in rest)])


def _by_name(given: str, english: Locale) -> str | None:
    """The code of the language whose English name was given for a tag, or one that is nearly it."""
    names = {name.casefold(): code for code, name in english.languages.items() if len(code) <= 3}
    meant = nearest(given.casefold(), names)
    return names[meant] if meant else None
