"""Twin editions, which are another one in a second script: checks of `twin-of`, and the texts transliterated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from unicodedata import name as unicode_name

from impressum.core.errors import Faults, Place, nearest
from impressum.core.facts import role_key
from impressum.core.licences import creative_commons
from impressum.core.model.identifiers import TAG
from impressum.core.model.publication import EditionTexts, FrontMatter
from impressum.core.model.sources import DataTable, FigureSource
from impressum.core.transliteration import LETTERS_OF, Transliterator, is_roman, pairs, writing
from impressum.stages.load.tree import Items, Node, Scalar, Tree, TreeEntry
from impressum.stages.load.words import known_roles

OF_THE_EDITION = frozenset({"twin-of", "transliteration", "differences"})
"""Keys that are never taken over from the twin."""
NO_TEXTS = frozenset(
    "version date orcid ror grant logo number issn image focus website email year isbn price-code doi print-run cip "
    "fallback".split()
)
"""Keys of values that are no words, or that others wrote: a library's record is what it is."""
NAMES = frozenset({"name", "affiliation"})
"""Keys of values that stay whole where one of their words is foreign."""

Trees = Mapping[str, Tree | None]
"""The `edition.yaml` of every edition by its tag; None where it has none."""


def twin_texts(tree: Tree, transliterator: Transliterator) -> Tree:
    """The texts of `tree` (a `publication.yaml` or an `edition.yaml`), transliterated for its twin."""
    known = {name.replace("_", "-") for name in EditionTexts.model_fields} - OF_THE_EDITION
    texts = {key: _entry(key, entry, transliterator) for key, entry in tree.entries.items() if key in known}
    return Tree(texts, tree.place)


def of_twin(unknown: Set[str]) -> frozenset[str]:
    """Those of the paths that are `unknown` of an edition that its twin does not know either."""
    return frozenset(path for path in unknown if path.partition(".")[0] not in OF_THE_EDITION)


def twin_declared(
    figures: Mapping[str, FigureSource], data: Mapping[str, DataTable], transliterator: Transliterator
) -> Tree:
    """The `figures:` and `data:` for the twin of the source edition, whose words are declared with figures and data."""
    return Tree(
        {
            "figures": _tables({one.id: (one.path, _words_of_figure(one)) for one in figures.values()}, transliterator),
            "data": _tables({one.name: (one.path, _words_of_data(one)) for one in data.values()}, transliterator),
        },
        Place(""),
    )


def twin_front(front: FrontMatter, transliterator: Transliterator) -> FrontMatter:
    """The front matter of a chapter for the twin; unchanged where the chapter declares its own language."""
    if front.language:
        return front
    return front.model_copy(
        update={
            "authors": tuple(_name(name, transliterator) for name in front.authors),
            "short_title": transliterator.text(front.short_title) if front.short_title else None,
        }
    )


def _entry(key: str, entry: TreeEntry, transliterator: Transliterator) -> TreeEntry:
    if key in NO_TEXTS:
        return entry
    if key in ("figures", "data"):
        return TreeEntry(entry.place, _all(entry.value, transliterator))
    return TreeEntry(entry.place, _value(key, entry.value, transliterator))


def _value(key: str, node: Node, transliterator: Transliterator) -> Node:
    """`node`, which is the value of `key` or an item of it."""
    if isinstance(node, Tree):
        return Tree({own: _entry(own, entry, transliterator) for own, entry in node.entries.items()}, node.place)
    if isinstance(node, Items):
        return Items(tuple(_value(key, item, transliterator) for item in node.items), node.place)
    if key in NAMES:
        return Scalar(_name(node.text, transliterator), node.place, node.plain)
    if key == "where" and node.text.startswith("@"):  # an id
        return node
    stays = key == "role" and role_key(node.text) in known_roles()
    if key == "licence":
        stays = creative_commons(node.text) is not None or " " not in node.text.strip()
    return node if stays else Scalar(transliterator.text(node.text), node.place, node.plain)


def _all(node: Node, transliterator: Transliterator) -> Node:
    """The words of figures or data: every value but a licence, whatever its key."""
    if isinstance(node, Tree):
        return Tree(
            {
                key: one if key == "licence" else TreeEntry(one.place, _all(one.value, transliterator))
                for key, one in node.entries.items()
            },
            node.place,
        )
    if isinstance(node, Items):
        return node
    return Scalar(transliterator.text(node.text), node.place, node.plain)


def _name(name: str, transliterator: Transliterator) -> str:
    return name if transliterator.kept(name) else transliterator.text(name)


def _tables(said: Mapping[str, tuple[str, Iterator[tuple[str, str]]]], transliterator: Transliterator) -> TreeEntry:
    """The words by figure or table, each at the file that declares it."""
    tables = {}
    for name, (path, words) in said.items():
        place = Place(path)
        entries = {
            key: TreeEntry(place, Scalar(transliterator.text(word), place)) for key, word in words if word.strip()
        }
        tables[name] = TreeEntry(place, Tree(entries, place))
    return TreeEntry(Place(""), Tree(tables, Place("")))


def _words_of_figure(figure: FigureSource) -> Iterator[tuple[str, str]]:
    declared = figure.declaration
    yield from declared.words.items()
    for key in ("title", "alt", "source", "credit", "unit"):
        yield key, getattr(declared, key) or ""


def _words_of_data(table: DataTable) -> Iterator[tuple[str, str]]:
    yield from ((cell, cell) for row in table.rows for cell in row if isinstance(cell, str))
    for name in table.columns:
        yield name, table.column(name).title or name
        yield f"{name}.unit", table.column(name).unit or ""
    yield "title", table.sidecar.title
    yield "unit", table.sidecar.unit or ""


def twin_of(tree: Tree | None) -> Scalar | None:
    """The tag after `twin-of:`, where it is given."""
    return tree.text("twin-of") if tree else None


def check_twins(trees: Trees, source: str, faults: Faults) -> None:
    """Notes what is wrong with `twin-of` and `transliteration` in `trees`; `source` is the tag of the source."""
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
        hint = "take `twin-of` out of the edition that has chapters of its own"
        faults.error(twins[tag].place, f"the twins go in a circle: {shown}", "twin-circle", hint)
    for tag, tree in trees.items():
        words = tree.entries.get("transliteration") if tree else None
        if words and tag not in twins:
            hint = "take it out, or say with `twin-of: …` which edition this one is in another script"
            faults.warning(words.place, f"`transliteration` has no effect, for `{tag}` is no twin", "twin-words", hint)
        elif words and isinstance(words.value, Tree) and tag in sound:
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
        return False  # no tag at all: reported where the value is read
    if twin not in trees:
        others = sorted(one for one in trees if one != tag)
        near = nearest(twin, others)
        hint = (f"did you mean `{near}`? " if near else "") + f"other editions: {', '.join(others) or 'none'}"
        faults.error(named.place, f"`twin-of` names `{twin}`, and there is no such edition", "twin-unknown", hint)
        return False
    if twin == tag:
        hint = "name the edition that it is in another script, or take the line out"
        faults.error(named.place, f"`{tag}` is named as its own twin", "twin-circle", hint)
        return False
    if tag == source:
        message = f"`{tag}` is the source edition, and cannot be the twin of another"
        hint = f"take the line out, or write `language: {twin}` in publication.yaml"
        faults.error(named.place, message, "twin-source", hint)
        return False
    return True


def _check_scripts(tag: str, named: Scalar, twins: Mapping[str, Scalar], faults: Faults) -> bool:
    """Whether the twin is no twin itself, and can be put into the other script."""
    twin = named.text.strip()
    if twin in twins:
        message = f"`{twin}` is itself the twin of `{twins[twin].text.strip()}`"
        faults.error(named.place, message, "twin-of-twin", f"write `twin-of: {twins[twin].text.strip()}`")
        return False
    if ("-".join(writing(twin)), "-".join(writing(tag))) not in pairs():
        known = ", ".join(f"`{source}` into `{target}`" for source, target in pairs())
        hint = f"translate its chapters and take the line out; what can be done: {known}"
        faults.error(named.place, f"`{twin}` cannot be put into the script of `{tag}`", "twin-scripts", hint)
        return False
    return True


def _check_words(given: Tree, source: str, target: str, faults: Faults) -> None:
    """Notes the words of a list that are in the wrong script, or cannot be put word for word."""
    (_, own), (_, other) = writing(source), writing(target)
    words = given.table("words")
    for word, entry in words.entries.items() if words else ():
        if not isinstance(entry.value, Scalar):
            continue  # the model says what is wrong
        said = entry.value.text
        if _is_in(word, other):
            message = f"`{word}` is to stand for a word of `{source}`, and is in the other script"
            hint = f"write first the word as it stands in `{source}`, then as it is to stand in `{target}`"
            faults.error(entry.place, message, "twin-words", hint)
        elif _is_in(said, own):
            message = f"`{said}` is to stand in `{target}`, and is in the other script"
            hint = f"write it in the script of `{target}`; a word that stays as it is belongs under `keep`"
            faults.error(entry.value.place, message, "twin-words", hint)
        elif len(word.split()) != len(said.split()):
            hint = "words are replaced one by one: write as many, or give them alone"
            faults.error(entry.value.place, f"`{word}` and `{said}` have not as many words", "twin-words", hint)
    for item in given.items("keep"):
        if isinstance(item, Scalar) and not any(_is_of(letter, own) for letter in item.text):
            message = f"`{item.text}` has no letter of the script of `{source}`, and stays anyway"
            faults.error(item.place, message, "twin-words", "take it out, or write it as it is in the chapters")


def _is_in(words: str, script: str) -> bool:
    """Whether one of `words` has a letter of `script`; a Roman numeral is of every script."""
    return any(_is_of(letter, script) for word in words.split() if not is_roman(word) for letter in word)


def _is_of(letter: str, script: str) -> bool:
    return letter.isalpha() and unicode_name(letter, "").startswith(LETTERS_OF[script])
