"""XML that comes from elsewhere: read without entities, without a network and within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faulty, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

LIMIT = 50_000_000
DEEPEST = 200


def parse_xml(raw: bytes, path: str, *, is_part: bool = False) -> _Element:
    """The root of the XML in `raw`. A document type, and what is no XML, are faults. `is_part`: of an Office file."""
    from lxml import etree

    if len(raw) > LIMIT:
        raise _refused(path, 0, f"the file has {len(raw) / 1e6:.0f} MB, and at most {LIMIT // 1_000_000} MB are read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as exc:
        line = 0 if is_part else exc.lineno or 0
        raise _refused(path, line, f"the file is not XML that can be read ({_reason(exc)})") from exc
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise _refused(path, 0, "the file declares a document type, which a file that is handed in never needs")
    return root


def _reason(error: Exception) -> str:
    return str(getattr(error, "msg", error)).partition(", line ")[0]


def _refused(path: str, line: int, message: str) -> Faulty:
    hint = "export it anew from the program in which it was translated"
    return Faulty([Fault(Place(path, line), message, "handin-unreadable", hint)])
