"""Checks that the tag tree of a PDF is consistent: faults that validators pass and screen readers stumble over.

Each piece of marked content on a page (by its number, the MCID) belongs to one element of the tag tree. The way from
the tree to the page is the element's own; the way back is the parent tree, in which a page (`/StructParents`) and an
annotation (`/StructParent`) have an entry each. ISO 32000-1, 14.7.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

Id = tuple[int, int]  # the number of an object and its generation
MARKED = re.compile(rb"<<\s*/MCID\s+(\d+)")


@dataclass(frozen=True)
class Misfit:
    """An inconsistency of the tags, on `page` (0: on none in particular)."""

    page: int
    message: str


def misfits(document: pikepdf.Pdf) -> Iterator[Misfit]:
    """The inconsistencies in the tags of `document`: the first of each kind, with the number of the others."""
    if "/StructTreeRoot" not in document.Root:
        return
    found: dict[str, list[Misfit]] = defaultdict(list)
    for kind, page, message in _Tags(document).misfits():
        found[kind].append(Misfit(page, message))
    for first, *others in found.values():
        more = f" (and {len(others):,} more of the kind)" if others else ""
        yield Misfit(first.page, first.message + more)


def leaves(node: Any, key: str, seen: frozenset[Id] = frozenset()) -> Iterator[tuple[Any, Any]]:
    """The pairs of a name tree (`key` is `/Names`) or of a number tree (`/Nums`), in its order."""
    pairs = list(_table(node).get(key, []))
    yield from zip(pairs[::2], pairs[1::2], strict=False)
    for kid in _table(node).get("/Kids", []):
        if kid.objgen not in seen:
            yield from leaves(kid, key, seen | {kid.objgen})


Misfits = Iterator[tuple[str, int, str]]  # the kind of a misfit, its page, and a sentence


class _Tags:
    def __init__(self, document: pikepdf.Pdf) -> None:
        self.root: Any = document.Root.StructTreeRoot
        self.places = _table(document.Root.get("/Names")).get("/Dests")
        self.pages = list(document.pages)
        self.numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(self.pages, 1)}
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
        waiting = [(kid, self.root.objgen, 0) for kid in reversed(_items(self.root.get("/K")))]
        while waiting:
            kid, parent, on = waiting.pop()
            if isinstance(kid, int):
                yield from self._hold(on, kid, parent)
                continue
            kid = _table(kid)
            kind = kid.get("/Type")
            if kind == "/MCR":
                yield from self._hold(self._number(kid, on), int(kid.get("/MCID", -1)), parent)
            elif kind == "/OBJR":
                annotation, page = _table(kid.get("/Obj")), self._number(kid, on)
                if annotation and annotation.objgen in self.shown:
                    yield "held twice", page, f"two tags hold the same link{_on(page)}"
                elif annotation:
                    self.shown[annotation.objgen] = parent
            elif kid:
                number, own = self._number(kid, 0), kid.objgen
                yield from self._element(kid, own, parent, number)
                if own not in self.met:
                    self.met.add(own)
                    waiting += [(inner, own, number) for inner in reversed(_items(kid.get("/K")))]

    def _number(self, element: Any, otherwise: int) -> int:
        page = element.get("/Pg")
        return otherwise if page is None else self.numbers.get(page.objgen, 0)

    def _hold(self, page: int, mark: int, element: Id) -> Misfits:
        if not page:
            yield "page lost", 0, f"a tag holds content {mark} of a page that is not in the file"
        elif mark in self.owners[page]:
            yield "marked twice", page, f"content {mark} on page {page} stands at two places of the tag tree"
        self.owners[page][mark] = element

    def _element(self, element: Any, own: Id, parent: Id, page: int) -> Misfits:
        if own in self.met:
            yield "element twice", page, f"the tag {_name(element, page)} stands at two places of the tag tree"
            return
        if _id(element.get("/P")) != parent:
            name = _name(element, page)
            yield "parent", page, f"the tag {name} names another parent than the one that it stands in"
        if "/ID" in element:
            known_as = bytes(element.ID)
            if known_as in self.ids:
                yield "id twice", page, f"two tags have the id `{_text(known_as)}`"
            self.ids[known_as] = own
        for attributes in _items(element.get("/A")):
            self.headers |= {bytes(one): page for one in _table(attributes).get("/Headers", [])}

    def _page(self, number: int, page: pikepdf.Page) -> Misfits:
        stream = b"\n".join(one.read_bytes() for one in _items(page.get("/Contents")))
        marks = Counter(int(mark) for mark in MARKED.findall(stream))
        owners = self.owners[number]
        for mark in sorted(marks.keys() | owners.keys()):
            if mark not in owners:
                yield "untagged", number, f"content {mark} on page {number} is in no tag"
            elif not marks[mark]:
                yield "content lost", number, f"a tag holds content {mark} of page {number}, which is not there"
            elif marks[mark] > 1:
                yield "number twice", number, f"two pieces of content on page {number} have the number {mark}"
        key = page.get("/StructParents")
        if key is not None:
            yield from self._used(int(key), f"page {number}", number)
        row = _items(self.rows.get(-1 if key is None else int(key)))
        back = {mark: _id(element) for mark, element in enumerate(row) if element is not None}
        for mark in sorted(back.keys() | owners.keys()):
            content = f"content {mark} on page {number}"
            if mark in owners and back.get(mark) != owners[mark]:
                yield "way back", number, f"no way leads back from {content} to the tag that holds it"
            elif mark not in owners and mark not in marks:
                yield "back from nowhere", number, f"the parent tree speaks of {content}, which is not there"
        for annotation in page.get("/Annots", []):
            yield from self._annotation(number, annotation)

    def _annotation(self, number: int, annotation: Any) -> Misfits:
        element = self.shown.pop(annotation.objgen, None)
        key = annotation.get("/StructParent")
        if key is not None:
            yield from self._used(int(key), f"a link on page {number}", number)
        if element is None and annotation.get("/Subtype") == "/Link":
            yield "link untagged", number, f"a link on page {number} is in no tag"
        elif element is not None and (key is None or _id(self.rows.get(int(key))) != element):
            yield "link", number, f"no way leads back from a link on page {number} to the tag that holds it"

    def _used(self, key: int, user: str, page: int) -> Misfits:
        if key in self.users:
            yield "entry shared", page, f"{self.users[key]} and {user} share an entry of the parent tree ({key})"
        self.users[key] = user

    def _unused(self) -> Misfits:
        """Entries of the tree and the parent tree that are on no page."""
        for _ in self.shown:
            yield "annotation lost", 0, "a tag holds a link that is on no page"
        for key in sorted(self.rows.keys() - self.users.keys()):
            yield "entry unused", 0, f"entry {key} of the parent tree belongs to no page and no link"

    def _ids(self) -> Misfits:
        listed = [(bytes(name), _id(element)) for name, element in leaves(self.root.get("/IDTree"), "/Names")]
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


def _id(thing: Any) -> Id | None:
    import pikepdf

    return thing.objgen if isinstance(thing, pikepdf.Object) else None


def _name(element: Any, page: int) -> str:
    return f"`{str(element.get('/S', '')).removeprefix('/')}`{_on(page)}"


def _on(page: int) -> str:
    return f" on page {page}" if page else ""


def _text(name: bytes | int) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
