"""The words that the book itself prints, by language: the package's, overridden key by key by the publication's.

The English file is the reference: a language that lacks one of its words is a fault, never silently English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from impressum.core.errors import Fault, Faults, Place, nearest
from impressum.core.languages import fallbacks, is_right_to_left
from impressum.stages.load.strict_yaml import parse_yaml, read_yaml
from impressum.stages.load.tree import Scalar, Table
from impressum.system.workspace import Workspace

REFERENCE = "en"
FOLDER = "words"


@dataclass(frozen=True)
class Word:
    """A word and the place where it is written."""

    text: str
    place: Place


def read_words(workspace: Workspace, tag: str, faults: Faults) -> Mapping[str, str]:
    """The words of the language `tag` by key; what is wrong with them becomes faults.

    de-AT falls back to de, sr-Latn-RS to sr-Latn, and sr alone means sr-Cyrl; a script never falls back to another.
    """
    if is_right_to_left(tag):
        _no_direction(workspace, tag, faults)
        return {}
    reference = packaged(FOLDER, REFERENCE)
    words = words_of_package(FOLDER, tag, faults)
    known = reference.words.keys() | words.keys()
    own = own_words(workspace, FOLDER, tag, faults)
    _check_known(own, known, faults)
    words.update(own)
    if not words:
        _no_language(workspace, tag, faults)
        return {}
    missing = [key for key in reference.words if key not in words]
    if missing:
        first = next(iter(words.values())).place.path
        shown = ", ".join(f"`{key}`" for key in missing[:10]) + (" …" if len(missing) > 10 else "")
        faults.error(
            Place(first),
            f"the language `{tag}` lacks {len(missing)} word{'' if len(missing) == 1 else 's'}: {shown}",
            "words-missing",
            f"add them to `templates/words/{tag}.yaml`; the English ones show what each is for",
        )
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


def words_of_package(folder: str, tag: str, faults: Faults) -> dict[str, Word]:
    """What the files of the package in `folder` say for `tag` and what it falls back to."""
    words: dict[str, Word] = {}
    for step in reversed(fallbacks(tag)):
        found = packaged(folder, step)
        faults.extend(found.faults)
        words.update(found.words)
    return words


def own_words(workspace: Workspace, folder: str, tag: str, faults: Faults) -> dict[str, Word]:
    """What the publication's files in its `templates/<folder>` say for `tag` and what it falls back to."""
    words: dict[str, Word] = {}
    for step in reversed(fallbacks(tag)):
        words.update(_own(workspace, folder, step, faults))
    return words


@dataclass(frozen=True)
class Packaged:
    """A file of the package: its words by key, and what is wrong with it."""

    words: Mapping[str, Word]
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


def _own(workspace: Workspace, folder: str, tag: str, faults: Faults) -> dict[str, Word]:
    path = workspace.templates / folder / f"{tag}.yaml"
    if not (path.exists() or path.is_symlink()):
        return {}
    tree = read_yaml(workspace, path, faults)
    return _flat(tree, faults) if tree else {}


def _flat(tree: Table, faults: Faults) -> dict[str, Word]:
    words: dict[str, Word] = {}
    for key, place, word in _leaves(tree, "", faults):
        if key in words:
            faults.error(
                place,
                f"key `{key}` already given on line {words[key].place.line}",
                "yaml-duplicate-key",
                "keep one of the two",
            )
        else:
            words[key] = Word(word, place)
    return words


def _leaves(tree: Table, prefix: str, faults: Faults) -> Iterator[tuple[str, Place, str]]:
    for name, entry in tree.entries.items():
        key = f"{prefix}{name}"
        if isinstance(entry.value, Table):
            yield from _leaves(entry.value, f"{key}.", faults)
        elif isinstance(entry.value, Scalar):
            yield key, entry.place, entry.value.text
        else:
            faults.error(entry.value.place, f"`{key}` must be text, not a list", "yaml-type", "write one text")


def _check_known(own: Mapping[str, Word], known: set[str], faults: Faults) -> None:
    for key, word in own.items():
        if key not in known:
            meant = nearest(key, known)
            faults.error(
                word.place,
                f"the book prints no word `{key}`" + (f"; did you mean `{meant}`?" if meant else ""),
                "words-unknown",
                "take it out, or use one of the keys of the English words",
            )


def _no_direction(workspace: Workspace, tag: str, faults: Faults) -> None:
    faults.error(
        Place(workspace.relative(workspace.edition(tag))),
        f"the language `{tag}` is written from right to left, which cannot be set yet",
        "direction-unsupported",
        "leave this edition out of `chapters/` for now",
    )


def _no_language(workspace: Workspace, tag: str, faults: Faults) -> None:
    of_package = {file.name for file in files("impressum").joinpath("templates/words").iterdir()}
    own = {path.name for path in (workspace.templates / "words").glob("*.yaml")}
    known = sorted(name.removesuffix(".yaml") for name in of_package | own if name.endswith(".yaml"))
    faults.error(
        Place(workspace.relative(workspace.edition(tag))),
        f"there are no words for the language `{tag}`; there are: {', '.join(known)}",
        "words-language",
        f"write them in `templates/words/{tag}.yaml`, with the keys of the English ones",
    )
