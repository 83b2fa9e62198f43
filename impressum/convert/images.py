"""Finds the images of a chapter: declared figures by their id, and files inside the publication."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from impressum.convert.attributes import Attributes, short
from impressum.errors import Faults, Place, nearest
from impressum.memo import digest
from impressum.model.document import Image
from impressum.model.drawing import Drawing
from impressum.pictures import SUFFIXES, what_is_wrong
from impressum.workspace import Workspace

LARGEST_IMAGE = 50_000_000


@dataclass
class Images:
    """Resolves image targets; `files` collects what Typst needs, by work-file name."""

    workspace: Workspace
    folder: str
    drawings: Mapping[str, Drawing]
    faults: Faults
    files: dict[str, bytes] = field(default_factory=dict)

    def find(self, target: str, attributes: Attributes, place: Place, *, caption: str) -> Image | None:
        """The image that `target` names, or None with a fault. Its alternative text is `alt`, else the caption."""
        if target.startswith("figure:"):
            return self._figure(target.removeprefix("figure:"), attributes, place)
        name = self._file(target, place)
        if name is None:
            return None
        alt = attributes.alt or caption
        if not alt.strip():
            self.faults.error(
                place,
                f"the image `{short(target)}` has no alternative text",
                "image-alt-missing",
                'say what it shows: `![Caption](file.png){alt="…"}`',
            )
            return None
        return Image(place, name, alt, attributes.width, attributes.height)

    def _figure(self, identifier: str, attributes: Attributes, place: Place) -> Image | None:
        drawing = self.drawings.get(identifier)
        if drawing is None:
            near = nearest(identifier, self.drawings)
            self.faults.error(
                place,
                f"there is no figure `{short(identifier)}`",
                "figure-unknown",
                f"did you mean `{near}`?" if near else f"declare it in figures/{short(identifier)}.yaml",
            )
            return None
        self.files[drawing.name] = drawing.content
        return Image(place, drawing.name, attributes.alt or drawing.alt, attributes.width, attributes.height)

    def _file(self, target: str, place: Place) -> str | None:
        if re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", target) or target.startswith("//"):
            self.faults.error(
                place,
                f"the image `{short(target)}` is not a file of the publication",
                "image-remote",
                "save it as `images/name.png` and name it so; nothing is fetched while building",
            )
            return None
        target = unquote(target)  # pandoc writes a space in a name as %20
        candidates = [posixpath.normpath(posixpath.join(self.folder, target)), posixpath.normpath(target)]
        inside = [path for name in candidates if (path := self.workspace.inside(name)) is not None]
        if target.startswith("/") or not inside:
            self.faults.error(
                place,
                f"the image `{short(target)}` leaves the publication",
                "image-outside",
                "copy it into the publication, as `images/name.png`, and name it so",
            )
            return None
        path = next((path for path in inside if path.is_file()), None)
        links = [name for name in candidates if name.split("/")[0] != ".." and self.workspace.inside(name) is None]
        if path is None and links:
            self.faults.error(
                place,
                f"the image `{short(target)}` is a link that leaves the publication",
                "image-outside",
                "copy the file itself into the publication",
            )
            return None
        if path is None:
            self.faults.error(
                place,
                f"the image `{short(target)}` is not there",
                "image-missing",
                f"looked for {' and '.join(sorted({self.workspace.relative(p) for p in inside}))}",
            )
            return None
        suffix = path.suffix.lower()
        content = path.read_bytes() if path.stat().st_size <= LARGEST_IMAGE else b""
        wrong = what_is_wrong(content, suffix)
        if wrong:
            self.faults.error(
                place,
                f"the image `{short(target)}` {wrong}",
                "image-unreadable",
                f"use one of these: {', '.join(SUFFIXES)}",
            )
            return None
        name = f"images/{digest(content)[:20]}{suffix}"
        self.files[name] = content
        return name
