"""Makes one tagged PDF of parts that were set alone, as a linker makes a program of object files.

Each part is a whole PDF as Typst writes it, under the same standards. What they have in common is kept once: the
metadata, the output intent, the roles of tags, colour profiles, fonts and pictures with the same bytes. The same parts
give the same bytes. ISO 32000-1: 7.9.6 (name trees), 12.3 (destinations, bookmarks), 14.7 (tags).
"""

from __future__ import annotations

import hashlib
import io
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from impressum.core.model.fits import Spot
from impressum.system.interpreter import uninterrupted

if TYPE_CHECKING:
    import pikepdf

SCHEME = "impressum:"  # how the address of a link begins that leads to a label of another part
REFERENCE = b" R"  # what an object holds that refers to others, as it is written
INDEX = b"index/"  # how the names of the part begin that is the index
ABOVE = 10
"""Points by which Typst leads above what a link names, so that it is not cut off at the window's edge."""


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


def link(parts: Sequence[Part], said: str) -> pikepdf.Pdf:
    """One PDF of all `parts`, in their order, which is open; the metadata is that of the first. `said` is what a link
    within the book is called, such as `page {number}`. Raises `KeyError` where one leads to a label that no part
    has."""
    with uninterrupted():
        import pikepdf

    book = pikepdf.new()
    linker = _Linker(book)
    for part in parts:
        linker.take(part)
    linker.finish(said)
    return book


class _Linker:
    def __init__(self, book: pikepdf.Pdf) -> None:
        self.book = book
        self.entries: dict[int, Any] = {}
        """The parent tree."""
        self.next_entry = 0
        self.instance = hashlib.md5(usedforsecurity=False)
        self.ids: dict[bytes, Any] = {}
        self.roles: dict[str, Any] = {}
        self.tags: list[Any] = []
        self.bookmarks: list[Any] = []
        self.places: dict[bytes, Any] = {}
        self.labels: dict[bytes, Any] = {}
        self.numbers: dict[Any, int] = {}
        """The pages of the book, from 1."""
        self.links: list[Any] = []
        self.shared: dict[bytes, Any] = {}

    def take(self, part: Part) -> None:
        """Adds the pages of a part, and all that belongs to them."""
        import pikepdf

        with pikepdf.open(io.BytesIO(part.pdf)) as alone:
            self.instance.update(part.pdf)
            root = self._copied(alone)
        if not self.numbers:
            self._begin(root)
        pages = list(root.Pages)[part.skip : None if part.count is None else part.skip + part.count]
        known: dict[Any, bytes] = {}
        for page in pages:
            page.Type = pikepdf.Name.Page
            self.book.pages.append(pikepdf.Page(page))
            self.numbers[page.objgen] = len(self.numbers) + 1
            self._share(page.Resources, known)
        renamed = self._take_places(part, root, list(root.Pages))
        self._take_tags(part.name.encode() + b"/", root.StructTreeRoot)
        for page in pages:
            if "/StructParents" in page:
                page.StructParents = int(page.StructParents) + self.next_entry
            for annotation in page.get("/Annots", []):
                if "/StructParent" in annotation:
                    annotation.StructParent = int(annotation.StructParent) + self.next_entry
                _rename(annotation, renamed)
                self.links.append(annotation)
        self.next_entry += int(root.StructTreeRoot.ParentTreeNextKey)
        item = root.get("/Outlines", {}).get("/First")
        while item is not None:
            self.bookmarks.append(item)
            item = item.get("/Next")

    def _copied(self, alone: pikepdf.Pdf) -> Any:
        """The catalogue of a part in the book, its pages in a list. (As pages, they would be copied without the ways
        that lead from one to another.)"""
        import pikepdf

        pages = [page.obj for page in alone.pages]
        for page in pages:
            page.Type = pikepdf.Name.Part
            del page.Parent
        root = alone.Root
        root.Pages = pikepdf.Array(pages)
        root.Info = alone.make_indirect(alone.docinfo)
        return self.book.copy_foreign(root)

    def _begin(self, root: Any) -> None:
        for name, value in root.items():
            if name not in ("/Pages", "/Info", "/StructTreeRoot", "/Outlines", "/Names"):
                self.book.Root[name] = value
        self.book.trailer.Info = root.Info

    def _share(self, resources: Any, known: dict[Any, bytes]) -> None:
        """Puts what was met before, byte for byte, in the place of fonts, profiles, pictures and forms."""
        for kind in ("/ColorSpace", "/Font", "/XObject"):
            table = resources.get(kind, {})
            for name in list(table.keys()):
                if kind == "/XObject" and "/Resources" in table[name]:
                    self._share(table[name].Resources, known)
                table[name] = self.shared.setdefault(_digest(table[name], known), table[name])

    def _take_tags(self, prefix: bytes, root: Any) -> None:
        """Takes the tags of a part; their ids begin with `prefix` from now on."""
        import pikepdf

        for role, stands_for in root.get("/RoleMap", {}).items():
            if self.roles.setdefault(role, stands_for) != stands_for:
                raise ValueError(f"the role {role} is two things")
        pairs = list(root.ParentTree.Nums)
        for number, entry in zip(pairs[::2], pairs[1::2], strict=True):
            self.entries[int(number) + self.next_entry] = entry
        elements = [element for document in root.K for element in document.K]
        self.tags += self._grouped(elements) if prefix == INDEX else elements
        named = list(root.get("/IDTree", {}).get("/Names", []))[1::2]
        for element in named:
            own = prefix + bytes(element.ID)
            element.ID = pikepdf.String(own)
            self.ids[own] = element
        if any(element.S == "/TH" for element in named):
            _rename_headers(elements, prefix)

    def _grouped(self, elements: list[Any]) -> list[Any]:
        """The title of an index, and what comes below it as one of its tags, which Typst has not."""
        import pikepdf

        title, entries = elements[:1], elements[1:]
        index = self._new(Type="/StructElem", S="/Index", K=pikepdf.Array(entries))
        for element in entries:
            element.P = index
        return [*title, index]

    def _take_places(self, part: Part, root: Any, pages: list[Any]) -> dict[bytes, bytes]:
        """Takes the places to which links may lead; gives the names that another part had first, and what they are
        now."""
        import pikepdf

        renamed: dict[bytes, bytes] = {}
        listed = list(root.get("/Names", {}).get("/Dests", {}).get("/Names", []))
        for name, place in zip(map(bytes, listed[::2]), listed[1::2], strict=True):
            if place[0].objgen not in self.numbers:
                continue
            if name in self.places:
                renamed[name] = part.name.encode() + b"/" + name
            self.places[renamed.get(name, name)] = place
        for label, spot in part.places.items():
            page = pages[spot.page - 1]
            top = float(page.MediaBox[3]) - max(0.0, spot.y - ABOVE)
            self.labels[label.encode()] = pikepdf.Array([page, pikepdf.Name.XYZ, round(spot.x, 5), round(top, 5), 0])
        return renamed

    def finish(self, said: str) -> None:
        """Closes the trees over all parts, and the links between them."""
        for annotation in self.links:
            self._close(annotation, said)
        self._close_tags()
        self._close_bookmarks()
        packet = self.book.Root.Metadata.read_bytes()
        for name, now in ((b"NPages", b"%d" % len(self.numbers)), (b"InstanceID", b64encode(self.instance.digest()))):
            packet = re.sub(rb"(<xmp\w+:" + name + rb">)[^<]*", rb"\g<1>" + now, packet)
        self.book.Root.Metadata.write(packet)
        names = [one for name in sorted(self.places) for one in (_string(name), self.places[name])]
        if names:
            self.book.Root.Names = self._new(Dests=self._new(Names=names))

    def _close(self, annotation: Any, said: str) -> None:
        """Leads a link to where its label stands in the book, and has it say the page of the book."""
        import pikepdf

        address = bytes(annotation.get("/A", {}).get("/URI", b"")).decode()
        if address.startswith(SCHEME):
            label = address.removeprefix(SCHEME).encode()
            annotation.Dest = _string(label) if label in self.places else self.labels[label]
            del annotation.A
        if "/Dest" in annotation and self.entries[int(annotation.StructParent)].P.S != "/Lbl":  # no mark of a note
            annotation.Contents = pikepdf.String(said.replace("{number}", str(self._page(annotation.Dest))))

    def _page(self, place: Any) -> int:
        import pikepdf

        at = self.places[bytes(place)] if isinstance(place, pikepdf.String) else place
        return self.numbers[at[0].objgen]

    def _close_tags(self) -> None:
        root = self._new(Type="/StructTreeRoot", ParentTreeNextKey=self.next_entry)
        document = self._new(Type="/StructElem", S="/Document", P=root, K=self.tags)
        for element in self.tags:
            element.P = document
        root.K = [document]
        root.ParentTree = self._new(Nums=[one for pair in sorted(self.entries.items()) for one in pair])
        if self.roles:
            root.RoleMap = self._new(**{role.removeprefix("/"): stands for role, stands in self.roles.items()})
        if self.ids:
            listed = [one for own in sorted(self.ids) for one in (_string(own), self.ids[own])]
            root.IDTree = self._new(Names=listed)
        self.book.Root.StructTreeRoot = root

    def _close_bookmarks(self) -> None:
        if not self.bookmarks:
            return
        shown = len(self.bookmarks) + sum(max(0, int(item.get("/Count", 0))) for item in self.bookmarks)
        root = self._new(Type="/Outlines", Count=shown, First=self.bookmarks[0], Last=self.bookmarks[-1])
        for item in self.bookmarks:
            item.Parent = root
        for one, after in pairwise(self.bookmarks):
            one.Next, after.Prev = after, one
        self.book.Root.Outlines = root

    def _new(self, **entries: Any) -> Any:
        """A new object of the book; a text that begins with a slash is a name."""
        import pikepdf

        named = {f"/{key}": pikepdf.Name(value) if isinstance(value, str) else value for key, value in entries.items()}
        return self.book.make_indirect(pikepdf.Dictionary(named))


def _rename_headers(elements: Sequence[Any], prefix: bytes) -> None:
    """Has the cells of tables in `elements` name their headers by ids that begin with `prefix`."""
    import pikepdf

    waiting = list(elements)
    while waiting:
        element = waiting.pop()
        for attributes in element.get("/A", []) if element.get("/S") in ("/TH", "/TD") else []:
            if "/Headers" in attributes:
                ids = [prefix + bytes(one) for one in attributes.Headers]
                attributes.Headers = pikepdf.Array(map(pikepdf.String, ids))
        waiting += [kid for kid in element.get("/K", []) if not isinstance(kid, int) and "/S" in kid]


def _rename(thing: Any, renamed: Mapping[bytes, bytes]) -> None:
    import pikepdf

    place = thing.get("/Dest")
    if isinstance(place, pikepdf.String) and bytes(place) in renamed:
        thing.Dest = _string(renamed[bytes(place)])


def _string(content: bytes) -> pikepdf.String:
    import pikepdf

    return pikepdf.String(content)


def _digest(thing: Any, known: dict[Any, bytes]) -> bytes:
    """The hash of an object and of all that it refers to."""
    import pikepdf

    if not isinstance(thing, pikepdf.Object):
        return repr(thing).encode()
    own = thing.objgen if thing.is_indirect else None
    if own in known:
        return known[own]
    whole = thing.unparse(resolved=True)
    digest = hashlib.sha256(whole if REFERENCE not in whole else b"")
    if REFERENCE not in whole:
        if isinstance(thing, pikepdf.Stream):
            digest.update(thing.read_raw_bytes())
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for name, value in sorted(thing.items()):
            digest.update(name.encode() + _digest(value, known))
        if isinstance(thing, pikepdf.Stream):
            digest.update(thing.read_raw_bytes())
    elif isinstance(thing, pikepdf.Array):
        digest.update(b"[" + b"".join(_digest(value, known) for value in thing))
    if own is not None:
        known[own] = digest.digest()
    return digest.digest()
