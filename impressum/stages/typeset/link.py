"""Makes one tagged PDF of parts that were set alone, as a linker makes a program of object files.

Each part is a whole PDF as Typst writes it, under the same standards. Its objects stay the bytes that they are; the
numbers by which they refer to one another move. What parts have in common is kept once: the metadata, the output
intent, the roles of tags, colour profiles, fonts and pictures with the same bytes. The same parts give the same bytes.
ISO 32000-1: 7.9.6 (name trees), 12.3 (destinations, bookmarks), 14.7 (tags).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from impressum.core.model.fits import Spot
from impressum.stages.typeset.bookmarks import below, chained
from impressum.system.pdf_objects import (
    REFERENCE,
    STRING,
    content_of,
    dictionary_of,
    reference,
    references,
    string,
    taken,
    taken_apart,
    text,
    value,
    with_content,
)

SCHEME = b"impressum:"  # how the address of a link begins that leads to a label of another part
NOTE = re.compile(rb"(.+/(mark|note))/(.+)", re.DOTALL)
"""Such a label, the mark of a note behind it: the link leads from the note to its mark, or to the note."""
INDEX = b"index/"  # how the names of the part begin that is the index
ABOVE = 10
"""Points by which Typst leads above what a link names, so that it is not cut off at the window's edge."""
PAGES, TAGS, DOCUMENT = 1, 2, 3
"""The objects of the book in which those of its parts become one: their pages, the roots of their tags."""
NAMED = re.compile(rb"(" + STRING + rb")(\d+) 0 R")  # an entry of a tree of names
OWNED = re.compile(rb"(\d+) (\d+) 0 R")  # an entry of a tree of numbers
PLACES = re.compile(rb"/Names<</Dests<</Names\[((?:" + STRING + rb"\d+ 0 R)*)\]>>>>")
OUTLINES = re.compile(rb"/Outlines \d+ 0 R")
KIDS = re.compile(rb"/K\[([^]]*)\]")
ENTRIES = re.compile(rb"/ParentTree<</Nums\[([^]]*)\]>>")
NEXT = re.compile(rb"/ParentTreeNextKey (\d+)")
IDS = re.compile(rb"/IDTree<</Names\[((?:" + STRING + rb"\d+ 0 R)*)\]>>")
ID = re.compile(rb"/ID(" + STRING + rb")")
HEADERS = re.compile(rb"/Headers\[((?:" + STRING + rb")*)\]")
ROLES = re.compile(rb"/RoleMap<<([^<>]*)>>")
ROLE = re.compile(rb"(/[^/\s]+)(/[^/\s]+)")
ANNOTATIONS = re.compile(rb"/Annots\[([^]]*)\]")
HEIGHT = re.compile(rb"/MediaBox\[0 0 [\d.]+ ([\d.]+)\]")
ENTRY = re.compile(rb"/(StructParents?) (\d+)")
KEY = re.compile(rb"/StructParent (\d+)")
LEADS = re.compile(rb"/Dest(?:(" + STRING + rb")| (\d+) 0 R|\[[^]]*\])")
CALLS = re.compile(rb"/A<</Type/Action/S/URI/URI(" + STRING + rb")>>")
SAYS = re.compile(rb"/Contents" + STRING)


@dataclass(frozen=True)
class Part:
    """A PDF that was set alone. Its `name` is no other's; its first `skip` pages, which are blank, are left out, and so
    is what comes after `count` others. `places` are those to which other parts may lead by a label that is no named
    destination."""

    name: str
    pdf: bytes
    skip: int = 0
    count: int | None = None
    places: Mapping[str, Spot] = field(default_factory=dict)


def link(parts: Sequence[Part], said: str, note: str) -> tuple[list[bytes], bytes]:
    """One PDF of all `parts`, in their order: its objects, and the dictionary of its trailer; the metadata is that of
    the first. `said` is what a link within the book is called, such as `page {number}`, and `note` what one is called
    that leads to a note, such as `Note {number}`. Raises `KeyError` where one leads to a label that no part has."""
    linker = _Linker()
    for part in parts:
        linker.take(part)
    return linker.finish(said, note)


class _Alone:
    """The objects of a part, on their way into those of a `book`; such as any part may share are `known`."""

    def __init__(self, part: Part, book: list[bytes], known: dict[bytes, int]) -> None:
        self.own, trailer = taken(part.pdf)
        self.book = book
        self.known = known
        self.root, self.information = reference(trailer, b"/Root"), reference(trailer, b"/Info")
        self.catalogue = self[self.root]
        tree, tags = reference(self.catalogue, b"/Pages"), reference(self.catalogue, b"/StructTreeRoot")
        self.tags = self[tags]
        (self.document,) = references(_found(KIDS, self.tags))
        outline = reference(self.catalogue, b"/Outlines")
        self.bookmarks = below(self.own, outline) if outline else []
        self.pages = references(self[tree])
        self.kept = self.pages[part.skip : None if part.count is None else part.skip + part.count]
        places = _named(PLACES, self.catalogue)
        self.places = {name: place for name, place in places.items() if references(self[place])[0] in self.kept}
        self.numbers = {tree: PAGES, tags: TAGS, self.document: DOCUMENT, outline: 0}
        """What its objects are called in the book."""
        self._apart: dict[int, tuple[list[bytes], list[int]]] = {}
        self._open: set[int] = set()

    def __getitem__(self, number: int) -> bytes:
        return self.own[number - 1]

    @property
    def elements(self) -> list[int]:
        """The tags at the top of the part."""
        return references(_found(KIDS, self[self.document]))

    def change(self, number: int, pattern: re.Pattern[bytes], put: bytes | Callable[[re.Match[bytes]], bytes]) -> None:
        """Puts something else where a `pattern` stands first in an object."""
        self.own[number - 1] = pattern.sub(put if callable(put) else lambda _: put, self[number], count=1)

    def add(self, content: bytes) -> int:
        """A further object; gives its number."""
        self.own.append(content)
        return len(self.own)

    def share(self, number: int) -> int:
        """Takes an object and all to which it refers, as they are, and gives its number; what was met before, byte for
        byte, is in its place."""
        self._open.add(number)
        for other in self._ways(number):
            if other not in self.numbers:
                self.numbers[other] = self._new(b"null") if other in self._open else self.share(other)
        self._open.remove(number)
        content = self._renumbered(number)
        if number in self.numbers:  # it is in a circle
            self.book[self.numbers[number] - 1] = content
        elif content in self.known:
            self.numbers[number] = self.known[content]
        else:
            self.numbers[number] = self.known[content] = self._new(content)
        return self.numbers[number]

    def take(self, roots: Sequence[int]) -> None:
        """Takes these objects and all to which they refer, in their order."""
        waiting = list(roots)
        found: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number not in found and number not in self.numbers:
                found.add(number)
                waiting += self._ways(number)
        taken = sorted(found)
        self.numbers.update((number, at) for at, number in enumerate(taken, len(self.book) + 1))
        self.book += map(self._renumbered, taken)

    def _ways(self, number: int) -> list[int]:
        self._apart[number] = taken_apart(dictionary_of(self[number]))
        return self._apart[number][1]

    def _renumbered(self, number: int) -> bytes:
        texts, ways = self._apart.pop(number)
        if not ways:
            return self[number]
        moved = [b"%b%d" % (before, self.numbers[way]) for before, way in zip(texts, ways, strict=False)]
        return REFERENCE.join([*moved, texts[-1]]) + self[number][len(dictionary_of(self[number])) :]

    def _new(self, content: bytes) -> int:
        self.book.append(content)
        return len(self.book)


class _Linker:
    def __init__(self) -> None:
        self.objects = [b"null"] * DOCUMENT
        """Those of the book, that with the number 1 first."""
        self.shared: dict[bytes, int] = {}
        self.root = self.information = 0
        self.instance = hashlib.sha256()
        self.entries: dict[int, int] = {}
        """The parent tree."""
        self.next_entry = 0
        self.ids: dict[bytes, int] = {}
        self.roles: dict[bytes, bytes] = {}
        self.tags: list[int] = []
        self.bookmarks: list[int] = []
        self.places: dict[bytes, int] = {}
        self.labels: dict[bytes, bytes] = {}
        self.pages: dict[int, int] = {}
        """The pages of the book, from 1, by the numbers of their objects."""
        self.links: list[int] = []

    def take(self, part: Part) -> None:
        """Adds the pages of a part, and all that belongs to them."""
        self.instance.update(part.pdf)
        alone = _Alone(part, self.objects, self.shared)
        if not self.root:
            alone.own[alone.root - 1] = PLACES.sub(b"", OUTLINES.sub(b"", alone.catalogue))
            self.root, self.information = alone.share(alone.root), alone.share(alone.information)
        prefix = part.name.encode() + b"/"
        _prefix_ids(alone, prefix)
        owners = {int(key): int(owner) for key, owner in OWNED.findall(_found(ENTRIES, alone.tags))}
        renamed = {name: prefix + name for name in alone.places if name in self.places}
        links = self._prepare_pages(alone, owners, renamed)
        elements = _grouped(alone) if prefix == INDEX else alone.elements
        alone.take([*alone.kept, *elements, *owners.values(), *alone.bookmarks, *alone.places.values()])
        new = alone.numbers
        self.pages |= {new[page]: at for at, page in enumerate(alone.kept, len(self.pages) + 1)}
        self.links += [new[link] for link in links]
        self.tags += [new[element] for element in elements]
        self.bookmarks += [new[bookmark] for bookmark in alone.bookmarks]
        self.entries |= {key + self.next_entry: new[owner] for key, owner in owners.items()}
        self.next_entry += int(_found(NEXT, alone.tags))
        self.ids |= {prefix + name: new[element] for name, element in _named(IDS, alone.tags).items()}
        for name, place in alone.places.items():
            self.places[prefix + name if name in self.places else name] = new[place]
        for label, spot in part.places.items():
            page = alone.pages[spot.page - 1]
            top = float(_found(HEIGHT, alone[page])) - max(0.0, spot.y - ABOVE)
            self.labels[label.encode()] = b"[%d 0 R/XYZ %.5f %.5f 0]" % (new[page], spot.x, top)
        for role, meant in ROLE.findall(_found(ROLES, alone.tags)):
            if self.roles.setdefault(role, meant) != meant:
                raise ValueError(f"the role {role.decode()} is two things")

    def _prepare_pages(self, alone: _Alone, owners: Mapping[int, int], renamed: Mapping[bytes, bytes]) -> list[int]:
        """Moves the entries of the parent tree that belong to pages and links (`owners` are their elements); gives the
        links, those to a place that is `renamed` by its new name."""
        links = []

        def moved(found: re.Match[bytes]) -> bytes:
            return b"/%b %d" % (found[1], int(found[2]) + self.next_entry)

        def led(found: re.Match[bytes]) -> bytes:
            name = value(found[1]) if found[1] else b""
            return b"/Dest" + string(renamed[name]) if name in renamed else found[0]

        for page in alone.kept:
            alone.change(page, ENTRY, moved)
            alone.share(reference(alone[page], b"/Resources"))
            for annotation in references(_found(ANNOTATIONS, alone[page])):
                if NOTE.match(_label_of(alone[annotation])):
                    _as_label(alone, owners[int(_found(KEY, alone[annotation]))])
                alone.change(annotation, ENTRY, moved)
                alone.change(annotation, LEADS, led)
                links.append(annotation)
        return links

    def finish(self, said: str, note: str) -> tuple[list[bytes], bytes]:
        """Closes the trees over all parts, and the links between them."""
        for number in self.links:
            self.objects[number - 1] = self._closed(self.objects[number - 1], said, note)
        self.objects[PAGES - 1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self.pages), _listed(self.pages))
        self._close_tags()
        ends = b""
        if self.bookmarks:
            self.objects.append(b"<</Type/Outlines>>")
            ends += b"/Outlines %d 0 R" % len(self.objects)
            chained(self.objects, len(self.objects), self.bookmarks)
        if self.places:
            ends += b"/Names<</Dests<</Names[%b]>>>>" % _tree(self.places)
        self.objects[self.root - 1] = self.objects[self.root - 1][:-2] + ends + b">>"
        metadata = reference(self.objects[self.root - 1], b"/Metadata")
        packet = content_of(self.objects[metadata - 1])
        instance = b64encode(self.instance.digest()[:16])
        for name, now in ((b"NPages", b"%d" % len(self.pages)), (b"InstanceID", instance)):
            packet = re.sub(rb"(<xmp\w+:" + name + rb">)[^<]*", rb"\g<1>" + now, packet)
        self.objects[metadata - 1] = with_content(self.objects[metadata - 1], packet)
        return self.objects, b"<</Size 1/Root %d 0 R/Info %d 0 R>>" % (self.root, self.information)

    def _closed(self, link: bytes, said: str, note: str) -> bytes:
        """A link that leads to where its label stands in the book, and says the page of the book, or the mark."""
        label = _label_of(link)
        if marked := NOTE.fullmatch(label):
            label, kind, mark = marked.groups()
        if label:
            to = string(label) if label in self.places else self.labels[label]
            link = CALLS.sub(lambda _: b"/Dest" + to, link, count=1)
        led = LEADS.search(link)
        if not led:
            return link
        place = led[0]
        if led[1] or led[2]:
            place = self.objects[(self.places[value(led[1])] if led[1] else int(led[2])) - 1]
        words = said.replace("{number}", str(self.pages[references(place)[0]]))
        if marked:
            words = note.replace("{number}", mark.decode()) if kind == b"note" else mark.decode()
        return SAYS.sub(b"", link)[:-2] + b"/Contents" + text(words) + b">>"

    def _close_tags(self) -> None:
        owners = b" ".join(b"%d %d 0 R" % pair for pair in sorted(self.entries.items()))
        root = b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree<</Nums[%b]>>" % (DOCUMENT, owners)
        root += b"/ParentTreeNextKey %d" % self.next_entry
        if self.roles:
            root += b"/RoleMap<<%b>>" % b"".join(chain(*self.roles.items()))
        if self.ids:
            root += b"/IDTree<</Names[%b]>>" % _tree(self.ids)
        self.objects[TAGS - 1] = root + b">>"
        document = b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (TAGS, _listed(self.tags))
        self.objects[DOCUMENT - 1] = document


def _label_of(link: bytes) -> bytes:
    """The label to which a `link` leads by its address; nothing where it leads elsewhere."""
    address = value(_found(CALLS, link) or b"()")
    return address.removeprefix(SCHEME) if address.startswith(SCHEME) else b""


def _as_label(alone: _Alone, element: int) -> None:
    """Sets the `element` of a link into a tag that makes it a label (`Lbl`), as Typst does with the marks of notes."""
    above = reference(alone[element], b"/P")
    label = alone.add(b"<</Type/StructElem/S/Lbl/P %d 0 R/K[%d 0 R]>>" % (above, element))
    alone.change(above, re.compile(rb"\b%d 0 R" % element), b"%d 0 R" % label)
    alone.change(element, re.compile(rb"/P %d 0 R" % above), b"/P %d 0 R" % label)


def _prefix_ids(alone: _Alone, prefix: bytes) -> None:
    """Has the ids of tags begin with `prefix`, and the cells of tables name their headers so."""
    named = _named(IDS, alone.tags)
    for name, element in named.items():
        alone.change(element, ID, b"/ID" + string(prefix + name))

    def prefixed(found: re.Match[bytes]) -> bytes:
        return b"/Headers[%b]" % b"".join(string(prefix + value(one)) for one in re.findall(STRING, found[1]))

    for number, content in enumerate(alone.own if named else (), 1):
        if b"/Headers[" in content:
            alone.change(number, HEADERS, prefixed)


def _grouped(alone: _Alone) -> list[int]:
    """The title of an index, and what comes below it as one of its tags, which Typst has not."""
    title, *entries = alone.elements
    above = b"/P %d 0 R" % alone.document
    index = alone.add(b"<</Type/StructElem/S/Index%b/K[%b]>>" % (above, _listed(entries)))
    for element in entries:
        alone.change(element, re.compile(above), b"/P %d 0 R" % index)
    return [title, index]


def _found(pattern: re.Pattern[bytes], content: bytes) -> bytes:
    found = pattern.search(content)
    return found[1] if found else b""


def _named(tree: re.Pattern[bytes], content: bytes) -> dict[bytes, int]:
    """The entries of a tree of names."""
    return {value(name): int(number) for name, number in NAMED.findall(_found(tree, content))}


def _tree(entries: Mapping[bytes, int]) -> bytes:
    return b"".join(b"%b%d 0 R" % (string(name), entries[name]) for name in sorted(entries))


def _listed(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
