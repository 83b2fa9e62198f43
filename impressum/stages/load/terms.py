"""What citations and references say, by language: the terms of CSL that the package has, and the publication's own.

Citeproc has terms of its own in many languages; what a file says goes before them. For a language that citeproc does
not have, a file must say everything: a missing term is a fault, never silently English.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from impressum.core.errors import Faults, Place, nearest
from impressum.stages.load.words import Word, own_words, packaged, words_of_package
from impressum.system.workspace import Workspace

FOLDER = "citations"
REFERENCE = "sr-Latn"
"""A language whose file in the package has every term."""
OPTIONAL = ("date.", "genre.", "state.", "text.")
"""Groups of terms that citeproc does without."""
INSTEAD = {"verb-short": "verb", "verb": "", "symbol": "short", "short": ""}
"""The form that stands in for one that is not given, as CSL has it; the last is the term without a form."""
CITEPROC = frozenset(
    "af ar bal bg brh ca cs cy da de el en es et eu fa fi fr gl he hi hr hu id is it ja km ko la lij lt lv mn ms nb nl "
    "nn pa pl pt ro ru sk sl sr sv th tr uk vi zh".split()
)
"""The languages that citeproc has terms of."""


def read_terms(workspace: Workspace, tag: str, faults: Faults) -> Mapping[str, str]:
    """The terms for citations in the language `tag`, by key; what is wrong with them becomes faults."""
    terms = words_of_package(FOLDER, tag, faults)
    is_known = bool(terms) or tag.split("-")[0] in CITEPROC
    own = own_words(workspace, FOLDER, tag, faults)
    keys = packaged(FOLDER, REFERENCE).words.keys()
    _check_keys(own, keys, faults)
    terms.update(own)
    if not is_known:
        _complete(workspace, tag, terms, keys, faults)
    return {key: term.text for key, term in terms.items()}


def _check_keys(own: Mapping[str, Word], keys: Set[str], faults: Faults) -> None:
    for key, word in own.items():
        if key not in keys:
            meant = nearest(key, keys)
            faults.error(
                word.place,
                f"citations have no term `{key}`" + (f"; did you mean `{meant}`?" if meant else ""),
                "terms-unknown",
                f"take a key of the package's `templates/{FOLDER}/{REFERENCE}.yaml`",
            )


def _complete(workspace: Workspace, tag: str, terms: dict[str, Word], keys: Set[str], faults: Faults) -> None:
    """Gives each form that is not in `terms` the one that stands in for it; where there is none, that is a fault."""
    missing = []
    for key in keys:
        found = key
        while found and found not in terms:
            name, _, form = found.rpartition(".")
            found = ".".join(part for part in (name, INSTEAD[form]) if part) if name and form in INSTEAD else ""
        if found:
            terms[key] = terms[found]
        elif not key.startswith(OPTIONAL):
            missing.append(key)
    if not terms:
        faults.error(
            Place(workspace.relative(workspace.edition(tag))),
            f"citations have no terms in the language `{tag}`: they would be in English",
            "terms-language",
            f"write them in `templates/{FOLDER}/{tag}.yaml`, with the keys of the package's `{REFERENCE}.yaml`",
        )
    elif missing:
        shown = ", ".join(f"`{key}`" for key in missing[:10]) + (" …" if len(missing) > 10 else "")
        faults.error(
            Place(next(iter(terms.values())).place.path),
            f"citations lack {len(missing)} term{'' if len(missing) == 1 else 's'} in the language `{tag}`: {shown}",
            "terms-missing",
            f"add them; the package's `templates/{FOLDER}/{REFERENCE}.yaml` shows what each is for",
        )
