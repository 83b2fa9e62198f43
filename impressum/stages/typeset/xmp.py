"""The XMP packet of a PDF: properties set by name, everything else kept, foreign schemas described.

PDF/A-2 allows a property of a schema that is not predefined only where the packet describes the schema and
the property (ISO 19005-2 6.6.2.3.3). Typst describes those that it writes; here PRISM is added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
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
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
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
class Property:
    """A property: plain text, or a container of RDF. Alternatives hold one value, as the default and in `tag`."""

    prefix: str
    name: str
    value: str | tuple[str, ...]
    form: Literal["text", "Alt", "Bag", "Seq"] = "text"
    tag: str = ""


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

    def text(self, prefix: str, name: str) -> str:
        """The value of a property that is plain text; empty where there is none."""
        found = (one.get(_name(prefix, name)) or one.findtext(_name(prefix, name)) for one in self._descriptions)
        return next((value for value in found if value), "")

    def drop(self, *prefixes: str) -> None:
        """Takes out every property of the schemas with these prefixes."""
        spaces = tuple(f"{{{NAMESPACES[prefix]}}}" for prefix in prefixes)
        for description in self._descriptions:
            names = [*description.attrib, *(element.tag for element in description)]
            for name in {name for name in names if name.startswith(spaces)}:
                self._remove(name)

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
    values = (one.value,) if isinstance(one.value, str) else one.value
    if one.form == "text":
        element.text = _clean(values[0])
        return element
    container = ElementTree.SubElement(element, _rdf(one.form))
    for language in ("x-default", one.tag) if one.form == "Alt" else ("",):
        for value in values:
            attributes = {XML_LANG: language} if language else {}
            ElementTree.SubElement(container, _rdf("li"), attributes).text = _clean(value)
    return element


def _clean(text: str) -> str:
    """`text` without the control characters that XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")
