"""The web addresses in a publication, each with all its places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from urllib.parse import quote

from impressum.core.errors import Faults, Place, place_of
from impressum.core.model.document import Link
from impressum.core.model.manuscript import Manuscript
from impressum.core.model.sources import Bibliography, Sources
from impressum.stages.load.strict_yaml import read_yaml
from impressum.stages.load.tree import Items, Node, Scalar
from impressum.system.files import read
from impressum.system.workspace import Workspace

ADDRESS = re.compile(r"""https?://[^\s<>"'`{}|\\^]+""")
_RESOLVED = {"doi": "https://doi.org/", "orcid": "https://orcid.org/", "ror": "https://ror.org/"}
"""The keys of publication.yaml whose values are names, and who leads from them to what they name."""
_OF_THE_AUTHOR = frozenset({"abstract", "annotation", "annote", "comment", "file", "keywords", "review", "timestamp"})
"""Fields of a bibliography that no reader sees."""
_ESCAPED = re.compile(r"\\([_%&#$~{}])")


def found_in(
    workspace: Workspace, sources: Sources, manuscripts: Sequence[Manuscript], bibliographies: Iterable[Bibliography]
) -> dict[str, tuple[Place, ...]]:
    """Each address of the web with its places: in chapters, bibliography, publication.yaml and the other YAML files."""
    places: dict[str, dict[Place, None]] = {}
    listed = map(_in_bibliography, bibliographies)
    for url, place in chain(_in_chapters(manuscripts), *listed, _in_yaml(workspace, sources)):
        places.setdefault(url, {}).setdefault(place)
    return {url: tuple(at) for url, at in places.items()}


def _in_chapters(manuscripts: Sequence[Manuscript]) -> Iterator[tuple[str, Place]]:
    for manuscript in manuscripts:
        for document in manuscript.documents:
            for node in document.nodes:
                if isinstance(node, Link) and node.target.lower().startswith(("http://", "https://")):
                    yield node.target, node.place


def _in_bibliography(bibliography: Bibliography) -> Iterator[tuple[str, Place]]:
    lines = bibliography.source.text.split("\n")
    for entry in bibliography.entries.values():
        for name, value in entry.fields.items():
            if name == "doi":
                bare = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value.strip(), flags=re.IGNORECASE)
                written = [(f"{_RESOLVED['doi']}{quote(_plain(bare), safe='/')}", value.strip())] if bare else []
            elif name == "url":
                raw = value.strip().removeprefix("\\url{").removesuffix("}")
                written = [(_plain(raw), raw)] if ADDRESS.match(_plain(raw)) else []
            elif name in _OF_THE_AUTHOR:
                continue
            else:
                written = [(trimmed(one), one) for one in ADDRESS.findall(_plain(value))]
            for url, words in written:
                yield url, place_of(words, entry.place, bibliography.source.offset, lines)


def _plain(value: str) -> str:
    """An address without the backslashes of LaTeX."""
    return _ESCAPED.sub(r"\1", value)


def _in_yaml(workspace: Workspace, sources: Sources) -> Iterator[tuple[str, Place]]:
    files = [workspace.publication, *(workspace.edition_file(edition.tag) for edition in sources.editions)]
    described = [figure.path for figure in sources.figures.values()]
    described += [table.source_place.path for table in sources.data.values()]
    files += [workspace.root / name for name in dict.fromkeys(described) if name.endswith((".yaml", ".yml"))]
    for path in files:
        if path.is_file() and (tree := read_yaml(workspace, path, Faults())):
            lines = read(path).decode("utf-8", "replace").split("\n")
            for key, scalar in _scalars("", tree):
                yield from _in_scalar(key, scalar, lines)


def _scalars(key: str, node: Node) -> Iterator[tuple[str, Scalar]]:
    """Every value under `node` with the key that it is given for."""
    if isinstance(node, Scalar):
        yield key, node
    elif isinstance(node, Items):
        for item in node.items:
            yield from _scalars(key, item)
    else:
        for name, entry in node.entries.items():
            yield from _scalars(name, entry.value)


def _in_scalar(key: str, scalar: Scalar, lines: Sequence[str]) -> Iterator[tuple[str, Place]]:
    text = scalar.text.strip()
    if key in _RESOLVED and text:
        bare = re.sub(rf"^(https?://)?(dx\.)?{key}\.org/|^doi:\s*", "", text, flags=re.IGNORECASE)
        yield f"{_RESOLVED[key]}{quote(bare, safe='/')}", scalar.place
    elif key == "website" and text and not ADDRESS.match(text):
        yield f"https://{text}", scalar.place
    else:
        for one in ADDRESS.findall(scalar.text):
            url = trimmed(one)
            yield url, place_of(url, scalar.place, 0, lines)


def trimmed(url: str) -> str:
    """`url` without trailing punctuation of its sentence: a full stop, a bracket that it does not open."""
    while True:
        shorter = url.rstrip(".,;:!?*_")
        if any(shorter.endswith(end) and shorter.count(end) > shorter.count(start) for start, end in ("()", "[]")):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter
