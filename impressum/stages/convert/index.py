"""Makes the index of a book from its marks: entries by the alphabet of the edition, those below them, references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from impressum.core.alphabet import Alphabet
from impressum.core.errors import Place, nearest
from impressum.core.languages import right_to_left
from impressum.core.model import document as d
from impressum.core.model.manuscript import Fragment, IndexEntry
from impressum.stages.convert.attributes import short
from impressum.stages.convert.fragment import IMPORT, PLACE_MARK
from impressum.stages.convert.output import Output
from impressum.stages.convert.typst import boolean, string
from impressum.stages.convert.write_inlines import inlines

INDEX = "index"
"""The slug of the index, and the label of its title."""
Marked = Sequence[tuple[str, d.IndexMark, str]]
Path = tuple[str, ...]


@dataclass
class _Entry:
    """An entry: its words in a language, what it is sorted by, the labels of its places (two of a range) and whether
    each is the main one, the entries that it refers to, those below it."""

    words: tuple[d.Inline, ...] = ()
    language: str = ""
    sort: str = ""
    place: Place = field(default_factory=lambda: Place(""))
    pages: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    see: list[tuple[tuple[d.Inline, ...], ...]] = field(default_factory=list)
    see_also: list[tuple[tuple[d.Inline, ...], ...]] = field(default_factory=list)
    below: dict[str, _Entry] = field(default_factory=dict)
    opened: tuple[str, bool, Place] | None = None
    """The label of a range that has begun, whether it is the main place, and where that is."""

    def walk(self, path: Path = ()) -> Iterator[tuple[Path, _Entry]]:
        """The entries below, each with its path."""
        for name, entry in self.below.items():
            yield (*path, name), entry
            yield from entry.walk((*path, name))


def write_index(marked: Marked, out: Output) -> tuple[Fragment, tuple[IndexEntry, ...]]:
    """The fragment of the index that the marks make, and what is expected of it. Faults go to `out.faults`."""
    root = _Entry()
    for label, mark, language in marked:
        _take(label, mark, language, root, out)
    known = dict(root.walk())
    _check(known, out)
    for entry in known.values():
        if entry.opened is not None:
            entry.pages.append(((entry.opened[0],), entry.opened[1]))
    alphabet = Alphabet(out.own_words["index.letters"])
    targets = {path for entry in known.values() for other in (*entry.see, *entry.see_also) if (path := _path(other))}
    names = {path: f"{INDEX}/{number}" for number, path in enumerate(known, 1) if path in targets}
    title = out.own_words["index.title"]
    lines = [(line, Place("publication.yaml")) for line in (IMPORT.rstrip(), f"#index-title({string(title)})")]
    lines.append(("#index-columns(", lines[0][1]))
    expected: list[IndexEntry] = []
    head: str | None = None
    for name, entry in _sorted(root, alphabet):
        letter = alphabet.head(entry.sort)
        if letter != head:
            lines.append((f"{')), ' if head is not None else ''}index-group({string(letter)}, (", entry.place))
            head = letter
        lines += _written((name,), entry, names, alphabet, out, expected)
    lines.append((")))", lines[-1][1]))
    typst = "".join(f"{line}\n" for line, _ in lines)
    titles = f'{IMPORT}#listed-title(1, "{INDEX}", "", {string(title)})'
    return Fragment.of(INDEX, typst, (place for _, place in lines), titles), tuple(expected)


def _path(entry: tuple[tuple[d.Inline, ...], ...]) -> Path:
    return tuple(" ".join(d.plain(words).split()) for words in entry)


def _take(label: str, mark: d.IndexMark, language: str, root: _Entry, out: Output) -> None:
    """Puts a mark under its entry."""
    entry = root
    for words, sort, name in zip(mark.entry, mark.sort, _path(mark.entry), strict=True):
        entry = entry.below.setdefault(name, _Entry(words, language, name, mark.place))
        entry.sort = d.plain(sort) or entry.sort
    entry.see += [mark.see] if mark.see and mark.see not in entry.see else []
    entry.see_also += [mark.see_also] if mark.see_also and mark.see_also not in entry.see_also else []
    if mark.only_refers:
        return
    if mark.span == "start" and entry.opened is None:
        entry.opened = label, mark.is_main, mark.place
    elif mark.span == "end" and entry.opened is not None:
        begun, is_main, _ = entry.opened
        entry.pages.append(((begun, label), is_main or mark.is_main))
        entry.opened = None
    else:
        if mark.span:
            what = "begins twice" if mark.span == "start" else "ends and has not begun"
            hint = "write `range=start` where it begins and `range=end` where it ends, both with the same entry"
            message = f"the range of pages of `{short(_path(mark.entry)[-1])}` in the index {what}"
            out.faults.warning(mark.place, message, "index-range", hint)
        entry.pages.append(((label,), mark.is_main))


def _check(known: dict[Path, _Entry], out: Output) -> None:
    """Reports what does not fit together."""
    if out.anchors.lost:  # there may be what seems to be missing
        return
    small: dict[Path, Path] = {}
    for path, entry in known.items():
        if entry.opened is not None:
            _, _, place = entry.opened
            message = f"the range of pages of `{short(path[-1])}` in the index begins and does not end"
            out.faults.warning(place, message, "index-range", "write `range=end` where it ends, with the same entry")
        for other in (*entry.see, *entry.see_also):
            if _path(other) not in known:
                near = nearest(", ".join(_path(other)), [", ".join(one) for one in known])
                message = (
                    f"the index has no entry `{short(', '.join(_path(other)))}`, to which `{short(path[-1])}` refers"
                )
                hint = f"did you mean `{near}`?" if near else "write an entry as it is in its own marks"
                out.faults.warning(entry.place, message, "index-see", hint)
        if entry.see and (entry.pages or entry.below):
            message = f"`{short(path[-1])}` has pages in the index, and refers to another entry with `see`"
            hint = "write `see-also`, or put its marks under the other entry"
            out.faults.warning(entry.place, message, "index-see", hint)
        folded = tuple(name[:1].casefold() + name[1:] for name in path)
        before = small.setdefault(folded, path)
        if before != path:
            message = f"the index has two entries, `{short(before[-1])}` and `{short(path[-1])}`"
            hint = f'if they are one, write `entry="{"!".join(before)}"` here; else `rules: {{index-similar: off}}`'
            out.faults.warning(entry.place, message, "index-similar", hint)


def _sorted(entry: _Entry, alphabet: Alphabet) -> list[tuple[str, _Entry]]:
    return sorted(entry.below.items(), key=lambda one: (alphabet.key(one[1].sort), one[0]))


def _written(
    path: Path, entry: _Entry, names: dict[Path, str], alphabet: Alphabet, out: Output, expected: list[IndexEntry]
) -> list[tuple[str, Place]]:
    """The lines of an entry and of those below it; what is to be printed is added to `expected`."""
    words = _in_language(entry.words, entry.language, out)
    pages = "".join(
        f"index-page({string(labels[0])}"
        + (f", to: index-page({string(labels[1])})" if len(labels) > 1 else "")
        + f", main: {boolean(is_main)}), "
        for labels, is_main in entry.pages
    )
    refers: list[str] = []
    spoken = ""
    for key, others in (("index.see", entry.see), ("index.see-also", entry.see_also)):
        said = []
        for other in others:
            shown = ", ".join(_in_language(one, entry.language, out) for one in other)
            name = names.get(_path(other))
            said.append(f"#link(label({string(name)}))[{shown}]" if name else shown)
        if said:
            refers.append(f"(word: {string(out.own_words[key])}, to: [{'; '.join(said)}])")
            spoken += f" {out.own_words[key]} " + " ".join(", ".join(_path(other)) for other in others)
    expected.append(
        IndexEntry(path[-1], len(path) - 1, tuple(labels for labels, _ in entry.pages), spoken.strip(), entry.place)
    )
    name = f", name: {string(names[path])}" if path in names else ""
    refer = ", ".join([*refers, ""])
    lines = [(f"index-entry([{words}], pages: ({pages}), refers: ({refer}){name}, below: (", entry.place)]
    for sub, one in _sorted(entry, alphabet):
        lines += _written((*path, sub), one, names, alphabet, out, expected)
    return [*lines, (")),", entry.place)]


def _in_language(words: tuple[d.Inline, ...], language: str, out: Output) -> str:
    with out.speaking(language):
        content = PLACE_MARK.sub(" ", inlines(words, out))
    content = out.in_language(language, content) if language != out.tag else content
    # letters from right to left would take the number of a page behind them to their other side
    return f"#box[{content}]" if right_to_left(d.plain(words)) else content
