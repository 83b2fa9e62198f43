"""Whether what editions say of their twins can be: whom they name, and how words are to be put into the script."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import name as unicode_name

from impressum.core.errors import Faults, nearest
from impressum.core.model.identifiers import TAG
from impressum.core.transliteration import LETTERS_OF, is_roman, pairs, writing
from impressum.stages.load.tree import Scalar, Table

Trees = Mapping[str, Table | None]
"""The `edition.yaml` of every edition by its tag; None where it has none."""


def twin_of(tree: Table | None) -> Scalar | None:
    """The tag after `twin-of:`, where it is given."""
    return tree.text("twin-of") if tree else None


def check_twins(trees: Trees, source: str, faults: Faults) -> None:
    """Notes what is wrong with `twin-of` and `transliteration` in `trees`; `source` is the tag of the source edition.

    Where it finds nothing, each twin is that of an edition that is none, and there are tables for the two scripts.
    """
    twins = {tag: named for tag, tree in trees.items() if (named := twin_of(tree))}
    circle = _circle(twins)
    sound = {
        tag
        for tag, named in twins.items()
        if _check_named(tag, named, trees, source, faults)
        and tag not in circle
        and _check_scripts(tag, named, twins, faults)
    }
    for number, tag in enumerate(circle):
        shown = ", ".join(f"`{one}`" for one in (*circle[number:], *circle[:number], tag))
        faults.error(
            twins[tag].place,
            f"the twins go in a circle: {shown}",
            "twin-circle",
            "take `twin-of` out of the edition that has chapters of its own",
        )
    for tag, tree in trees.items():
        words = tree.entries.get("transliteration") if tree else None
        if words and tag not in twins:
            faults.warning(
                words.place,
                f"`transliteration` has no effect, for `{tag}` is no twin",
                "twin-words",
                "take it out, or say with `twin-of: …` which edition this one is in another script",
            )
        elif words and isinstance(words.value, Table) and tag in sound:
            _check_words(words.value, twins[tag].text.strip(), tag, faults)


def _circle(twins: Mapping[str, Scalar]) -> tuple[str, ...]:
    """The tags that lead from one to the next and back to the first; empty where none do."""
    for tag in sorted(twins):
        way = [tag]
        while way[-1] in twins and (following := twins[way[-1]].text.strip()) not in way:
            way.append(following)
        if len(way) > 1 and way[-1] in twins and twins[way[-1]].text.strip() == tag:
            return tuple(way)
    return ()


def _check_named(tag: str, named: Scalar, trees: Trees, source: str, faults: Faults) -> bool:
    """Whether there is such an edition, which is another one, and the source edition is not the twin."""
    twin = named.text.strip()
    if not TAG.match(twin):
        return False  # no tag at all, which is told where the value is read
    if twin not in trees:
        others = sorted(one for one in trees if one != tag)
        near = nearest(twin, others)
        faults.error(
            named.place,
            f"`twin-of` names `{twin}`, and there is no such edition",
            "twin-unknown",
            (f"did you mean `{near}`? " if near else "") + f"other editions: {', '.join(others) or 'none'}",
        )
        return False
    if twin == tag:
        faults.error(
            named.place,
            f"`{tag}` is named as its own twin",
            "twin-circle",
            "name the edition that it is in another script, or take the line out",
        )
        return False
    if tag == source:
        faults.error(
            named.place,
            f"`{tag}` is the source edition, and cannot be the twin of another",
            "twin-source",
            f"take the line out, or write `language: {twin}` in publication.yaml",
        )
        return False
    return True


def _check_scripts(tag: str, named: Scalar, twins: Mapping[str, Scalar], faults: Faults) -> bool:
    """Whether the twin is no twin itself, and can be put into the other script."""
    twin = named.text.strip()
    if twin in twins:
        faults.error(
            named.place,
            f"`{twin}` is itself the twin of `{twins[twin].text.strip()}`",
            "twin-of-twin",
            f"write `twin-of: {twins[twin].text.strip()}`",
        )
        return False
    one, other = writing(twin), writing(tag)
    if (f"{one.language}-{one.script}", f"{other.language}-{other.script}") not in pairs():
        known = ", ".join(f"`{source}` into `{target}`" for source, target in pairs())
        faults.error(
            named.place,
            f"`{twin}` cannot be put into the script of `{tag}`",
            "twin-scripts",
            f"translate its chapters and take the line out; what can be done: {known}",
        )
        return False
    return True


def _check_words(given: Table, source: str, target: str, faults: Faults) -> None:
    """Notes the words of a list that are in the wrong script, or cannot be put word for word."""
    own, other = writing(source).script, writing(target).script
    words = given.table("words")
    for word, entry in words.entries.items() if words else ():
        if not isinstance(entry.value, Scalar):
            continue  # the model says what is wrong
        said = entry.value.text
        if _is_in(word, other):
            faults.error(
                entry.place,
                f"`{word}` is to stand for a word of `{source}`, and is in the other script",
                "twin-words",
                f"write first the word as it stands in `{source}`, then as it is to stand in `{target}`",
            )
        elif _is_in(said, own):
            faults.error(
                entry.value.place,
                f"`{said}` is to stand in `{target}`, and is in the other script",
                "twin-words",
                f"write it in the script of `{target}`; a word that stays as it is belongs under `keep`",
            )
        elif len(word.split()) != len(said.split()):
            faults.error(
                entry.value.place,
                f"`{word}` and `{said}` have not as many words",
                "twin-words",
                "words are replaced one by one: write as many, or give them alone",
            )
    for item in given.items("keep"):
        if isinstance(item, Scalar) and not any(_is_of(letter, own) for letter in item.text):
            faults.error(
                item.place,
                f"`{item.text}` has no letter of the script of `{source}`, and stays anyway",
                "twin-words",
                "take it out, or write it as it stands in the chapters",
            )


def _is_in(words: str, script: str) -> bool:
    """Whether one of `words` has a letter of `script`; a Roman numeral is of every script."""
    return any(_is_of(letter, script) for word in words.split() if not is_roman(word) for letter in word)


def _is_of(letter: str, script: str) -> bool:
    return letter.isalpha() and unicode_name(letter, "").startswith(LETTERS_OF[script])
