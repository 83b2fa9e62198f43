"""Checks that the tag tree of a PDF is consistent: faults that validators pass and screen readers stumble over.

Each piece of marked content on a page (by its number, the MCID) belongs to one element of the tag tree. The way from
the tree to the page is the element's own; the way back is the parent tree, in which a page (`/StructParents`) and an
annotation (`/StructParent`) have an entry each. ISO 32000-1, 14.7.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pikepdf

Id = bytes
"""The number of an object and its generation, as a file names it: `12 0`."""
MARKED = re.compile(rb"<<\s*/MCID\s+(\d+)")
KID = (
    rb"<< /MCID (\d+) /Pg (\d+ \d+) R /Type /MCR >>|<< /Obj (\d+ \d+) R /Pg (\d+ \d+) R /Type /OBJR >>"
    rb"|(\d+ \d+) R|(\d+)"
)
KIDS = re.compile(KID)
STRING = rb"(?:\((?:[^()\\]|\\.)*\)|<[0-9a-f]*>)"
ELEMENT_END = b"/Type /StructElem >>"
ELEMENT = re.compile(
    rb"<< (?:/A \[ (?:<< [^()<>]* >> )*\] )?(?:/(?:ActualText|Alt|E) STRING )*(?:/ID \(([^()\\]*)\) )?"
    rb"/K (\[ (?:(?:KID) )*\]) (?:/Lang STRING )?/P (\d+ \d+) R (?:/Pg (\d+ \d+) R )?/S /\S+ (?:/T STRING )?".replace(
        b"STRING", STRING
    ).replace(b"KID", KID.replace(b"(", b"(?:"))
    + ELEMENT_END,
    re.DOTALL,
)
"""Nearly every element as pikepdf writes it, whose file that may be; what is written otherwise is asked for key by key,
which takes more than twice as long."""
ROW = re.compile(rb"\[ (?:(?:\d+ \d+ R|null) )*\]")
OF_ROW = re.compile(rb"(\d+ \d+) R|null")


@dataclass(frozen=True)
class Misfit:
    """An inconsistency of the tags, on `page` (0: on none in particular)."""

    page: int
    message: str


class _Content(NamedTuple):
    """What an element holds, on `page` (empty: that of the element): a piece of marked content, or an annotation."""

    page: Id
    mark: int
    annotation: Id = b""


class _Tag(NamedTuple):
    """An element: the one that it names as its parent, its page and id where it has them, the ids that it names as
    headers, and its kids: a number of content on its page, an Id of an object, or what is written in it itself."""

    own: Id
    parent: Id
    page: Id
    known_as: bytes | None
    headers: tuple[bytes, ...]
    kids: list[Any]


def misfits(document: pikepdf.Pdf, written: Mapping[Id, bytes] | None = None) -> Iterator[Misfit]:
    """The inconsistencies in the tags of `document`: the first of each kind, with the number of the others. `written`
    are its elements as pikepdf writes them; of those that are not in it, the keys are asked for."""
    if "/StructTreeRoot" not in document.Root:
        return
    found: dict[str, list[Misfit]] = defaultdict(list)
    for kind, page, message in _Tags(document, written or {}).misfits():
        found[kind].append(Misfit(page, message))
    for first, *others in found.values():
        more = f" (and {len(others):,} more of the kind)" if others else ""
        yield Misfit(first.page, first.message + more)


def leaves(node: Any, key: str, seen: frozenset[Id] = frozenset()) -> Iterator[tuple[Any, Any]]:
    """The pairs of a name tree (`key` is `/Names`) or of a number tree (`/Nums`), in its order."""
    pairs = list(_table(node).get(key, []))
    yield from zip(pairs[::2], pairs[1::2], strict=False)
    for kid in _table(node).get("/Kids", []):
        if id_of(kid) not in seen:
            yield from leaves(kid, key, seen | {id_of(kid)})


Misfits = Iterator[tuple[str, int, str]]  # the kind of a misfit, its page, and a sentence


class _Tags:
    def __init__(self, document: pikepdf.Pdf, written: Mapping[Id, bytes]) -> None:
        self.document, self.written = document, written
        self.root: Any = document.Root.StructTreeRoot
        self.places = _table(document.Root.get("/Names")).get("/Dests")
        self.pages = list(document.pages)
        self.numbers: dict[Id, int] = {id_of(page): number for number, page in enumerate(self.pages, 1)}
        self.met: set[Id] = set()
        self.owners: dict[int, dict[int, Id]] = defaultdict(dict)
        """By page, the element that holds each piece of its marked content (Typst marks none in forms)."""
        self.shown: dict[Id, Id] = {}
        """The element that holds each annotation."""
        self.ids: dict[bytes, Id] = {}
        self.headers: dict[bytes, int] = {}
        """The ids that table cells name as their headers, with a page."""
        self.rows: dict[int, Any] = {int(key): row for key, row in leaves(self.root.get("/ParentTree"), "/Nums")}
        self.users: dict[int, str] = {}
        """The user of each entry of the parent tree."""

    def misfits(self) -> Misfits:
        yield from self._tree()
        for number, page in enumerate(self.pages, 1):
            yield from self._page(number, page)
        yield from self._unused()
        yield from self._ids()
        yield from self._order()

    def _tree(self) -> Misfits:
        """Goes through the elements in the order of reading, and remembers what each holds."""
        root = id_of(self.root)
        waiting: list[tuple[Any, Id, int]] = [(kid, root, 0) for kid in reversed(_items(self.root.get("/K")))]
        while waiting:
            kid, parent, on = waiting.pop()
            if not isinstance(kid, int | _Content):
                kid = self._read(kid)
            if isinstance(kid, int):
                yield from self._hold(on, kid, parent)
            elif isinstance(kid, _Content):
                page = self.numbers.get(kid.page, 0) if kid.page else on
                if not kid.annotation:
                    yield from self._hold(page, kid.mark, parent)
                elif kid.annotation in self.shown and self._is_annotation(kid.annotation):
                    yield "held twice", page, f"two tags hold the same link{_on(page)}"
                else:
                    self.shown[kid.annotation] = parent
            elif kid is not None:
                number = self.numbers.get(kid.page, 0)
                yield from self._element(kid, parent, number)
                if kid.own not in self.met:
                    self.met.add(kid.own)
                    waiting += [(inner, kid.own, number) for inner in reversed(kid.kids)]

    def _read(self, kid: Any) -> int | _Content | _Tag | None:
        """What stands at an Id, or what pikepdf gives; None where it is nothing that a tag can hold."""
        own = kid if isinstance(kid, Id) else id_of(kid)
        raw = self.written.get(own, b"")
        if b"/Headers" not in raw and (found := ELEMENT.fullmatch(raw)):
            known_as, kids, parent, page = found.groups()
            return _Tag(own, parent, page or b"", known_as, (), [_kid(*one) for one in KIDS.findall(kids)])
        kid = self._object(kid) if isinstance(kid, Id) else kid
        if isinstance(kid, int):
            return kid
        kid = _table(kid)
        kind, page = kid.get("/Type"), id_of(kid.get("/Pg"))
        if kind == "/MCR":
            return _Content(page, int(kid.get("/MCID", -1)))
        if kind == "/OBJR":
            annotation = _table(kid.get("/Obj"))
            return _Content(page, -1, id_of(annotation)) if annotation else None
        headers = (bytes(one) for part in _items(kid.get("/A")) for one in _table(part).get("/Headers", []))
        known_as = bytes(kid.ID) if "/ID" in kid else None
        parent, kids = id_of(kid.get("/P")), _items(kid.get("/K"))
        return _Tag(own, parent, page, known_as, tuple(headers), kids) if kid else None

    def _hold(self, page: int, mark: int, element: Id) -> Misfits:
        if not page:
            yield "page lost", 0, f"a tag holds content {mark} of a page that is not in the file"
        elif mark in self.owners[page]:
            yield "marked twice", page, f"content {mark} on page {page} stands at two places of the tag tree"
        self.owners[page][mark] = element

    def _element(self, tag: _Tag, parent: Id, page: int) -> Misfits:
        if tag.own in self.met:
            yield "element twice", page, f"the tag {self._name(tag, page)} stands at two places of the tag tree"
            return
        if tag.parent != parent:
            name = self._name(tag, page)
            yield "parent", page, f"the tag {name} names another parent than the one that it stands in"
        if tag.known_as is not None:
            if tag.known_as in self.ids:
                yield "id twice", page, f"two tags have the id `{_text(tag.known_as)}`"
            self.ids[tag.known_as] = tag.own
        self.headers |= dict.fromkeys(tag.headers, page)

    def _name(self, tag: _Tag, page: int) -> str:
        return f"`{str(_table(self._object(tag.own)).get('/S', '')).removeprefix('/')}`{_on(page)}"

    def _object(self, name: Id) -> Any:
        number, _, generation = name.partition(b" ")
        return self.document.get_object(int(number), int(generation))

    def _page(self, number: int, page: pikepdf.Page) -> Misfits:
        stream = b"\n".join(one.read_bytes() for one in _items(page.get("/Contents")))
        marks = Counter(map(int, MARKED.findall(stream)))
        owners = self.owners[number]
        differ = marks.keys() != owners.keys() or marks.total() != len(marks)
        for mark in sorted(marks.keys() | owners.keys()) if differ else ():
            if mark not in owners:
                yield "untagged", number, f"content {mark} on page {number} is in no tag"
            elif not marks[mark]:
                yield "content lost", number, f"a tag holds content {mark} of page {number}, which is not there"
            elif marks[mark] > 1:
                yield "number twice", number, f"two pieces of content on page {number} have the number {mark}"
        key = page.get("/StructParents")
        if key is not None:
            yield from self._used(int(key), f"page {number}", number)
        back = dict(_back(self.rows.get(-1 if key is None else int(key))))
        for mark in sorted(back.keys() | owners.keys()) if back != owners else ():
            content = f"content {mark} on page {number}"
            if mark in owners and back.get(mark) != owners[mark]:
                yield "way back", number, f"no way leads back from {content} to the tag that holds it"
            elif mark not in owners and mark not in marks:
                yield "back from nowhere", number, f"the parent tree speaks of {content}, which is not there"
        for annotation in page.get("/Annots", []):
            yield from self._annotation(number, annotation)

    def _annotation(self, number: int, annotation: Any) -> Misfits:
        element = self.shown.pop(id_of(annotation), None)
        key = annotation.get("/StructParent")
        if key is not None:
            yield from self._used(int(key), f"a link on page {number}", number)
        if element is None and annotation.get("/Subtype") == "/Link":
            yield "link untagged", number, f"a link on page {number} is in no tag"
        elif element is not None and (key is None or id_of(self.rows.get(int(key))) != element):
            yield "link", number, f"no way leads back from a link on page {number} to the tag that holds it"

    def _used(self, key: int, user: str, page: int) -> Misfits:
        if key in self.users:
            yield "entry shared", page, f"{self.users[key]} and {user} share an entry of the parent tree ({key})"
        self.users[key] = user

    def _is_annotation(self, name: Id) -> bool:
        """Whether that is a dictionary, and not a form, which a tag may hold too."""
        return bool(_table(self._object(name)))

    def _unused(self) -> Misfits:
        """Entries of the tree and the parent tree that are on no page."""
        for _ in filter(self._is_annotation, self.shown):
            yield "annotation lost", 0, "a tag holds a link that is on no page"
        for key in sorted(self.rows.keys() - self.users.keys()):
            yield "entry unused", 0, f"entry {key} of the parent tree belongs to no page and no link"

    def _ids(self) -> Misfits:
        listed = [(bytes(name), id_of(element)) for name, element in leaves(self.root.get("/IDTree"), "/Names")]
        names = dict(listed)
        for own, element in self.ids.items():
            if own not in names:
                yield "id lost", 0, f"the tag with the id `{_text(own)}` is missing in the list of ids"
            elif names[own] != element:
                yield "id wrong", 0, f"the list of ids leads from `{_text(own)}` to another tag"
        for name in sorted(names.keys() - self.ids.keys()):
            yield "id unknown", 0, f"the list of ids has `{_text(name)}`, which no tag has"
        for name in self.headers.keys() - self.ids.keys():
            page = self.headers[name]
            yield "header", page, f"a cell{_on(page)} names `{_text(name)}` as its header, which no tag has"

    def _order(self) -> Misfits:
        """A reader that looks for a name or a number by halves finds it only where they are sorted."""
        for name, tree, key in (
            ("ids", self.root.get("/IDTree"), "/Names"),
            ("entries of the parent tree", self.root.get("/ParentTree"), "/Nums"),
            ("named places", self.places, "/Names"),
        ):
            found: list[Any] = [one if isinstance(one, int) else bytes(one) for one, _ in leaves(tree, key)]
            for one, after in pairwise(found):
                if one >= after:
                    yield name, 0, f"the {name} are not sorted: `{_text(after)}` stands behind `{_text(one)}`"


def _items(thing: Any) -> list[Any]:
    """`thing` as a list: what is one stands for a list of one."""
    import pikepdf

    return [] if thing is None else list(thing) if isinstance(thing, pikepdf.Array) else [thing]


def _table(thing: Any) -> Any:
    import pikepdf

    return thing if isinstance(thing, pikepdf.Dictionary) else {}


def id_of(thing: Any) -> Id:
    """The Id of an object or a page of pikepdf; empty where it is neither. All that stand in others have the same."""
    return b"%d %d" % thing.objgen if hasattr(thing, "objgen") else b""


def _kid(mark: bytes, page: bytes, annotation: bytes, shown_on: bytes, element: bytes, own: bytes) -> Any:
    """A kid by what `KIDS` finds: one of these is not empty, or two."""
    if element:
        return element
    if own:
        return int(own)
    return _Content(page, int(mark)) if mark else _Content(shown_on, -1, annotation)


def _back(row: Any) -> Iterator[tuple[int, Id]]:
    """The numbers of content in an entry of the parent tree, with the elements that it leads to."""
    import pikepdf

    raw = row.unparse(resolved=True) if isinstance(row, pikepdf.Array) else b""
    if ROW.fullmatch(raw):
        yield from ((mark, one) for mark, one in enumerate(OF_ROW.findall(raw)) if one)
    else:
        yield from ((mark, id_of(element)) for mark, element in enumerate(_items(row)) if element is not None)


def _on(page: int) -> str:
    return f" on page {page}" if page else ""


def _text(name: bytes | int) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
