"""The XMP packet of a PDF: properties set by name, everything else kept, foreign schemas described.

PDF/A-2 allows a property of a schema that is not predefined only where the packet describes the schema and
the property (ISO 19005-2 6.6.2.3.3). Typst describes those that it writes; here PRISM is added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": RDF,
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "xmpTPg": "http://ns.adobe.com/xap/1.0/t/pg/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    "prism": "http://prismstandard.org/namespaces/basic/3.0/",
}
"""Prefixes that PDF/A prescribes, or that every reader expects."""

PRISM_MEANINGS = {
    "versionIdentifier": "Version of the publication",
    "embargoDate": "Day until which the publication is under embargo",
    "isbn": "International Standard Book Number of the publication",
    "doi": "Digital Object Identifier of the publication",
    "issn": "International Standard Serial Number of the series",
    "seriesTitle": "Title of the series that the publication belongs to",
    "seriesNumber": "Number of the publication within its series",
    "subtitle": "Subtitle of the publication",
}

HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
TAIL = '<?xpacket end="r"?>'


@dataclass(frozen=True)
class Simple:
    """A property with one plain value."""

    prefix: str
    name: str
    value: str


@dataclass(frozen=True)
class Alternatives:
    """A text in the language `tag`, which is the default too."""

    prefix: str
    name: str
    value: str
    tag: str


@dataclass(frozen=True)
class Bag:
    """Values whose order says nothing."""

    prefix: str
    name: str
    value: tuple[str, ...]


@dataclass(frozen=True)
class Sequenced:
    """Values in an order that counts."""

    prefix: str
    name: str
    value: tuple[str, ...]


Property = Simple | Alternatives | Bag | Sequenced


class Packet:
    """An XMP packet that was read; `set` replaces properties, `bytes` writes it again."""

    def __init__(self, packet: bytes) -> None:
        """Reads `packet`. Raises ValueError where it holds no description (the writer of the PDF left none)."""
        for prefix, uri in NAMESPACES.items():
            ElementTree.register_namespace(prefix, uri)
        self._tree = ElementTree.fromstring(packet)
        rdf = self._tree if self._tree.tag == _rdf("RDF") else self._tree.find(_rdf("RDF"))
        found = [] if rdf is None else rdf.findall(_rdf("Description"))
        if not found:
            raise ValueError("the XMP packet holds no rdf:Description")
        self._descriptions = found

    def set(self, properties: Iterable[Property]) -> None:
        """Writes each of `properties` in place of what stands under its name; an empty one changes nothing."""
        given = [one for one in properties if one.value]
        for one in given:
            self._remove(_name(one.prefix, one.name))
            self._descriptions[0].append(_element(one))
        self._describe_prism([one.name for one in given if one.prefix == "prism"])

    def bytes(self) -> bytes:
        """The packet in UTF-8, without room to be edited in place (`end="r"`)."""
        return (HEAD + ElementTree.tostring(self._tree, encoding="unicode") + TAIL).encode()

    def _remove(self, name: str) -> None:
        for description in self._descriptions:
            description.attrib.pop(name, None)
            for element in description.findall(name):
                description.remove(element)

    def _describe_prism(self, names: list[str]) -> None:
        """Adds the description of PRISM with the properties `names`, beside the schemas that are described."""
        schemas = self._schemas()
        for item in schemas.findall(_rdf("li")):
            if item.findtext(_name("pdfaSchema", "namespaceURI")) == NAMESPACES["prism"]:
                schemas.remove(item)
        if not names:
            return
        schema = _resource(schemas)
        _child(schema, "pdfaSchema", "schema", "PRISM 3.0 basic metadata")
        _child(schema, "pdfaSchema", "namespaceURI", NAMESPACES["prism"])
        _child(schema, "pdfaSchema", "prefix", "prism")
        listed = ElementTree.SubElement(_child(schema, "pdfaSchema", "property"), _rdf("Seq"))
        for name in names:
            item = _resource(listed)
            _child(item, "pdfaProperty", "category", "external")
            _child(item, "pdfaProperty", "description", PRISM_MEANINGS[name])
            _child(item, "pdfaProperty", "name", name)
            _child(item, "pdfaProperty", "valueType", "Text")

    def _schemas(self) -> ElementTree.Element:
        """The bag of described schemas; made where there is none."""
        name = _name("pdfaExtension", "schemas")
        for description in self._descriptions:
            found = description.find(f"{name}/{_rdf('Bag')}")
            if found is not None:
                return found
        return ElementTree.SubElement(_child(self._descriptions[0], "pdfaExtension", "schemas"), _rdf("Bag"))


def _rdf(name: str) -> str:
    return f"{{{RDF}}}{name}"


def _name(prefix: str, name: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{name}"


def _child(parent: ElementTree.Element, prefix: str, name: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, _name(prefix, name))
    element.text = text
    return element


def _resource(parent: ElementTree.Element) -> ElementTree.Element:
    return ElementTree.SubElement(parent, _rdf("li"), {_rdf("parseType"): "Resource"})


def _element(one: Property) -> ElementTree.Element:
    element = ElementTree.Element(_name(one.prefix, one.name))
    match one:
        case Simple():
            element.text = _clean(one.value)
        case Alternatives():
            alternatives = ElementTree.SubElement(element, _rdf("Alt"))
            for language in ("x-default", one.tag):
                ElementTree.SubElement(alternatives, _rdf("li"), {XML_LANG: language}).text = _clean(one.value)
        case Bag() | Sequenced():
            values = ElementTree.SubElement(element, _rdf("Bag" if isinstance(one, Bag) else "Seq"))
            for value in one.value:
                ElementTree.SubElement(values, _rdf("li")).text = _clean(value)
    return element


def _clean(text: str) -> str:
    """`text` without the control characters that XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")
