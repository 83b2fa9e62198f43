"""The words that the book prints and the CSL terms of its citations; a missing one is a fault, not silently English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from impressum.core.errors import Fault, Faults, Place, count_of, did_you_mean
from impressum.core.languages import fallbacks, is_right_to_left
from impressum.stages.load.strict_yaml import parse_yaml, read_yaml
from impressum.stages.load.texts import decode, read_shared
from impressum.stages.load.tree import Scalar, Tree
from impressum.stages.load.used_words import used_words
from impressum.system.workspace import Workspace

REFERENCE = "en"
FOLDER = "words"

TITLES = frozenset(
    "contents list-of-figures list-of-tables references impressum.title errata.title index.title sheet.title".split()
)
"""The words that are headings of the book by themselves: none can be empty."""

TERMS_FOLDER = "citations"
TERMS_REFERENCE = "sr-Latn"
"""A language whose file in the package has every term."""
OPTIONAL = ("date.", "genre.", "state.", "text.")
"""Groups of terms that citeproc does without."""
INSTEAD = {"verb-short": "verb", "verb": "", "symbol": "short", "short": ""}
"""The fallback for a missing form, as in CSL; the last is the term without a form."""
CITEPROC = frozenset(
    "af ar bal bg brh ca cs cy da de el en es et eu fa fi fr gl he hi hr hu id is it ja km ko la lij lt lv mn ms nb nl "
    "nn pa pl pt ro ru sk sl sr sv th tr uk vi zh".split()
)
"""The languages that citeproc has terms of."""


def read_words(workspace: Workspace, tag: str, faults: Faults, house: str | None = None) -> Mapping[str, str]:
    """The words of `tag` by key, with those it falls back to: de-AT to de, sr to sr-Cyrl, never to another script.
    `house` is the folder that publications share."""
    if is_right_to_left(tag):
        message = f"the language `{tag}` is written from right to left, which cannot be set yet"
        hint = "leave this edition out of `chapters/` for now"
        faults.error(Place(workspace.relative(workspace.edition(tag))), message, "direction-unsupported", hint)
        return {}
    reference = packaged(FOLDER, REFERENCE)
    words = words_of_package(FOLDER, tag, faults)
    known = reference.words.keys() | words.keys()
    own = own_words(workspace, FOLDER, tag, faults, house)
    for key, word in own.items():
        if key not in known:
            message = f"the book prints no word `{key}`{did_you_mean(key, known)}"
            hint = "take it out, or use one of the keys of the English words"
            faults.error(word.place, message, "words-unknown", hint)
        elif key in TITLES and not word.text.strip():
            hint = "write the title; to have the usual one of the language, take the line out"
            faults.error(word.place, f"the title `{key}` has no words", "words-missing", hint)
    words.update(own)
    if not words:
        _no_language(workspace, tag, faults)
        return {}
    missing = [key for key in reference.words if key not in words]
    missing = list(used_words(workspace, missing)) if missing else []
    if missing:
        first = next(iter(words.values())).place.path
        shown = ", ".join(f"`{key}`" for key in missing[:10]) + (" …" if len(missing) > 10 else "")
        message = f"the language `{tag}` lacks {count_of(len(missing), 'word')}: {shown}"
        hint = f"add them to `templates/words/{tag}.yaml`; the English ones show what each is for"
        faults.error(Place(first), message, "words-missing", hint)
    return {key: word.text for key, word in words.items()}


def or_english(words: Mapping[str, str]) -> Mapping[str, str]:
    """`words`, and the English one for each that is missing, of which there is a fault: for what is checked besides."""
    reference = packaged(FOLDER, REFERENCE).words
    if words.keys() >= reference.keys():
        return words
    return {key: word.text for key, word in reference.items()} | dict(words)


def known_roles() -> frozenset[str]:
    """The roles that the book says in the language of the edition, by their keys."""
    return frozenset(key.split(".")[1] for key in packaged(FOLDER, REFERENCE).words if key.startswith("role."))


def words_of_package(folder: str, tag: str, faults: Faults) -> dict[str, Scalar]:
    """The words in the package's `folder` for `tag`, over those of the languages that it falls back to."""
    words: dict[str, Scalar] = {}
    for step in reversed(fallbacks(tag)):
        found = packaged(folder, step)
        faults.extend(found.faults)
        words.update(found.words)
    return words


def own_words(
    workspace: Workspace, folder: str, tag: str, faults: Faults, house: str | None = None
) -> dict[str, Scalar]:
    """The words in the publication's `templates/<folder>` for `tag`, over those that it falls back to; both over those
    in the `folder` of the `house`."""
    words: dict[str, Scalar] = {}
    for step in reversed(fallbacks(tag) if house else ()):
        words.update(_shared(workspace, f"{house}/{folder}/{step}.yaml", faults))
    for step in reversed(fallbacks(tag)):
        words.update(_own(workspace, folder, step, faults))
    return words


def _shared(workspace: Workspace, name: str, faults: Faults) -> dict[str, Scalar]:
    raw = read_shared(workspace, name, faults) if (workspace.root / name).is_file() else None
    text = decode(raw, name, faults) if raw else None
    tree = parse_yaml(text, name, faults) if text else None
    return _flat(tree, faults) if tree else {}


@dataclass(frozen=True)
class Packaged:
    """A file of the package: its words by key, and what is wrong with it."""

    words: Mapping[str, Scalar]
    faults: tuple[Fault, ...]


@cache
def packaged(folder: str, tag: str) -> Packaged:
    """The file of the package in `folder` for exactly `tag`; it is empty where there is none."""
    name = f"templates/{folder}/{tag}.yaml"
    file = files("impressum").joinpath(name)
    if not file.is_file():
        return Packaged({}, ())
    faults = Faults()
    tree = parse_yaml(file.read_text(encoding="utf-8"), f"impressum/{name}", faults)
    words = _flat(tree, faults) if tree else {}
    return Packaged(words, faults.all())


def _own(workspace: Workspace, folder: str, tag: str, faults: Faults) -> dict[str, Scalar]:
    path = workspace.templates / folder / f"{tag}.yaml"
    if not (path.exists() or path.is_symlink()):
        return {}
    tree = read_yaml(workspace, path, faults)
    return _flat(tree, faults) if tree else {}


def _flat(tree: Tree, faults: Faults) -> dict[str, Scalar]:
    words: dict[str, Scalar] = {}
    for key, place, word in _leaves(tree, "", faults):
        if key in words:
            message = f"key `{key}` already given on line {words[key].place.line}"
            faults.error(place, message, "yaml-duplicate-key", "keep one of the two")
        else:
            words[key] = Scalar(word, place)
    return words


def _leaves(tree: Tree, prefix: str, faults: Faults) -> Iterator[tuple[str, Place, str]]:
    for name, entry in tree.entries.items():
        key = f"{prefix}{name}"
        if isinstance(entry.value, Tree):
            yield from _leaves(entry.value, f"{key}.", faults)
        elif isinstance(entry.value, Scalar):
            yield key, entry.place, entry.value.text
        else:
            faults.error(entry.value.place, f"`{key}` must be text, not a list", "yaml-type", "write one text")


def _no_language(workspace: Workspace, tag: str, faults: Faults) -> None:
    of_package = {file.name for file in files("impressum").joinpath("templates/words").iterdir()}
    own = {path.name for path in (workspace.templates / "words").glob("*.yaml")}
    known = sorted(name.removesuffix(".yaml") for name in of_package | own if name.endswith(".yaml"))
    message = f"there are no words for the language `{tag}`; there are: {', '.join(known)}"
    hint = f"write them in `templates/words/{tag}.yaml`, with the keys of the English ones"
    faults.error(Place(workspace.relative(workspace.edition(tag))), message, "words-language", hint)


def read_terms(workspace: Workspace, tag: str, faults: Faults, house: str | None = None) -> Mapping[str, str]:
    """The terms for citations in the language `tag`, by key; what is wrong with them becomes faults."""
    terms = words_of_package(TERMS_FOLDER, tag, faults)
    own = own_words(workspace, TERMS_FOLDER, tag, faults, house)
    keys = packaged(TERMS_FOLDER, TERMS_REFERENCE).words.keys()
    for key, word in own.items():
        if key not in keys:
            message = f"citations have no term `{key}`{did_you_mean(key, keys)}"
            every = f"`impressum/templates/{TERMS_FOLDER}/{TERMS_REFERENCE}.yaml`"
            hint = f"correct the key here, or take its line out; the program's own {every} has all that there are"
            faults.error(word.place, message, "terms-unknown", hint)
    terms.update(own)
    if tag.split("-")[0] not in CITEPROC:
        _complete(workspace, tag, terms, keys, faults)
    return {key: term.text for key, term in terms.items()}


def _complete(workspace: Workspace, tag: str, terms: dict[str, Scalar], keys: Set[str], faults: Faults) -> None:
    """Fills each form missing from `terms` with its fallback; a form without one is a fault."""
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
        message = f"citations have no terms in the language `{tag}`: they would be in English"
        hint = (
            f"write them in `templates/citations/{tag}.yaml`, with the keys of the package's `{TERMS_REFERENCE}.yaml`"
        )
        faults.error(Place(workspace.relative(workspace.edition(tag))), message, "terms-language", hint)
    elif missing:
        shown = ", ".join(f"`{key}`" for key in missing[:10]) + (" …" if len(missing) > 10 else "")
        count = count_of(len(missing), "term")
        message = f"citations lack {count} in the language `{tag}`: {shown}"
        hint = f"add them; the package's `templates/{TERMS_FOLDER}/{TERMS_REFERENCE}.yaml` shows what each is for"
        faults.error(Place(next(iter(terms.values())).place.path), message, "terms-missing", hint)
