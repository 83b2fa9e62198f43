"""Finds the images of a chapter: declared figures by their id, and files inside the publication."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from impressum.core.errors import Faults, Place, nearest
from impressum.core.file_names import Misspelt, misspelt
from impressum.core.model.document import Image, Width
from impressum.core.model.figures import Drawing
from impressum.core.model.theme import UNITS, FigureRooms
from impressum.core.pictures import how_to_mend, pixels, too_few_pixels
from impressum.stages.convert.attributes import Attributes, short
from impressum.system.cache import digest
from impressum.system.files import is_file, read
from impressum.system.pdf_pictures import Picture, as_picture
from impressum.system.workspace import Workspace

LARGEST_IMAGE = 50_000_000
LONGEST_HINT = 300


@dataclass(frozen=True)
class Found:
    """The files that the name of an image may mean: the paths `inside` the publication, the one that exists, its true
    spelling if it differs, whether it `leads_out`, and its bytes."""

    inside: tuple[str, ...] = ()
    path: str | None = None
    misnamed: Misspelt | None = None
    leads_out: bool = False
    picture: Picture = field(default_factory=Picture)

    @property
    def known_by(self) -> str:
        """The hash of all of it."""
        return digest(repr(self), self.picture.content)

    @property
    def work_file(self) -> str:
        """The name of its work file."""
        return f"images/{digest(self.picture.content)[:20]}{self.picture.suffix}"


def look_for(target: str, folder: str, workspace: Workspace) -> Found:
    """The files for `target`, named by an image of a chapter in `folder`: relative to it, or to the root."""
    candidates = [posixpath.normpath(posixpath.join(folder, target)), posixpath.normpath(target)]
    inside = [path for name in candidates if (path := workspace.inside(name)) is not None]
    path = next((path for path in inside if is_file(path)), None)
    named = [workspace.relative(one) for one in ([path] if path else inside)]
    misnamed = next((wrong for name in named if (wrong := misspelt(workspace.root, name))), None)
    links = [name for name in candidates if name.split("/")[0] not in (".", "..") and workspace.inside(name) is None]
    return Found(
        tuple(map(workspace.relative, inside)),
        workspace.relative(path) if path else None,
        misnamed,
        bool(links),
        as_picture(path, read(path) if path.stat().st_size <= LARGEST_IMAGE else b"", workspace) if path else Picture(),
    )


def is_remote(target: str) -> bool:
    """Whether the `target` of an image is an address, and no file of the publication."""
    return bool(re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", target)) or target.startswith("//")


def image_alone(node: Any) -> Any | None:
    """Pandoc's image that is everything in `node`, a figure or a paragraph; else None."""
    blocks = node["c"][2] if node["t"] == "Figure" else [node]
    inlines = blocks[0]["c"] if len(blocks) == 1 and blocks[0]["t"] in ("Plain", "Para") else []
    return inlines[0] if len(inlines) == 1 and inlines[0]["t"] == "Image" else None


def files_named(tree: Any) -> Iterator[str]:
    """The names of files that the images in a tree of pandoc have for their targets."""
    if isinstance(tree, list):
        for node in tree:
            yield from files_named(node)
    elif isinstance(tree, dict):
        if tree.get("t") == "Image" and not is_remote(tree["c"][2][0]):
            yield unquote(tree["c"][2][0])
        for value in tree.values():
            yield from files_named(value)


@dataclass
class Images:
    """Resolves image targets; `files` collects the work files for Typst by name. `looked` are the files on disk by
    target, `shown` collects the targets whose files are shown."""

    workspace: Workspace
    drawings: Mapping[str, Drawing]
    rooms: FigureRooms
    faults: Faults
    files: dict[str, bytes] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    """The figures that there are: of one that could not be drawn there is a fault already."""
    looked: Mapping[str, Found] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)

    def find(
        self, target: str, attributes: Attributes, place: Place, *, caption: str, width: Width = "text"
    ) -> Image | None:
        """The image that `target` names, `width` wide, or None with a fault; alternative text: `alt`, else caption."""
        if target.startswith("figure:"):
            return self._figure(target.removeprefix("figure:"), attributes, place, width)
        if target.startswith("table:"):
            hint = "give it a paragraph of its own, outside of other tables and of figures"
            self.faults.error(place, f"the table `{short(target)}` stands where only an image can", "table-data", hint)
            return None
        name = self._file(target, place)
        if name is None:
            return None
        alt = attributes.alt or caption
        if not alt.strip():
            hint = 'say what it shows: `![Caption](file.png){alt="…"}`'
            self.faults.error(place, f"the image `{short(target)}` has no alternative text", "image-alt-missing", hint)
            return None
        return self._sized(Image(place, name, alt, attributes.width, attributes.height), short(target), width)

    def _figure(self, identifier: str, attributes: Attributes, place: Place, width: Width) -> Image | None:
        drawing = self.drawings.get(identifier)
        if drawing is None and identifier in self.declared:
            return None
        if drawing is None:
            near = nearest(identifier, self.drawings.keys() | self.declared)
            hint = f"did you mean `{near}`?" if near else f"declare it in figures/{short(identifier)}.yaml"
            self.faults.error(place, f"there is no figure `{short(identifier)}`", "figure-unknown", hint)
            return None
        self.files[drawing.name] = drawing.content
        image = Image(place, drawing.name, attributes.alt or drawing.alt, attributes.width, attributes.height)
        if not drawing.is_drawn:
            return self._sized(image, f"figure:{short(identifier)}", width)
        if width != drawing.width:
            name = short(identifier)
            message = f"the figure `{name}` is drawn for the width `{drawing.width}` and is set `{width}`"
            hint = f"write `width: {width}` in figures/{name}.yaml, and no class here: it is drawn anew, "
            self.faults.error(place, message, "figure-width", hint + "and its letters keep their size")
        return image

    def _sized(self, image: Image, name: str, width: Width) -> Image:
        """`image` with the size that its pixels allow; a warning where the size that it is given needs more."""
        room, least = self.rooms.rooms[width], self.rooms.resolution
        if not self.rooms.is_known:
            return image
        if image.width and not image.width.endswith("%") and points(image.width, room.width) > room.width + 1:
            wide = f"{room.width / UNITS['mm']:.0f}mm"
            message = f"the image `{name}` is given the width {image.width}, and there is room for {wide}"
            hint = "give it the class `.wide`, `.page` or `.landscape` instead, or a smaller width"
            self.faults.warning(image.place, message, "figure-width", hint)
        size = pixels(self.files[image.file], posixpath.splitext(image.file)[1])
        if size is None:
            fills = width != "text" and not (image.width or image.height)
            return replace(image, width="100%") if fills else image
        across, down = size
        most = across / least * 72
        if not (image.width or image.height) and width == "text":
            return replace(image, most=min(most, room.width))
        printed = min(room.width, room.height * across / down)
        if image.width:
            printed = min(printed, points(image.width, room.width))
        elif image.height:
            printed = min(printed, points(image.height, room.height) * across / down)
        wrong = too_few_pixels(across, printed, least)
        if wrong:
            self.faults.warning(image.place, f"the image `{name}` {wrong[0]}", "image-resolution", wrong[1])
        return image if image.width or image.height else replace(image, width="100%")

    def _file(self, target: str, place: Place) -> str | None:
        if is_remote(target):
            message = f"the image `{short(target)}` is not a file of the publication"
            hint = "save it as `images/name.png` and name it so; nothing is fetched while building"
            self.faults.error(place, message, "image-remote", hint)
            return None
        target = unquote(target)  # pandoc writes a space in a name as %20
        found = self.looked[target]
        if target.startswith("/") or not found.inside:
            hint = "copy it into the publication, as `images/name.png`, and name it so"
            self.faults.error(place, f"the image `{short(target)}` leaves the publication", "image-outside", hint)
            return None
        if not target.strip():
            message = "the image names no file"
            self.faults.error(place, message, "image-missing", "write the name of a file between the parentheses")
            return None
        if found.misnamed:
            found.misnamed.add_to(self.faults, place)
            return None
        if found.path is None and found.leads_out:
            message = f"the image `{short(target)}` is a link that leaves the publication"
            self.faults.error(place, message, "image-outside", "copy the file itself into the publication")
            return None
        if found.path is None:
            names = " and ".join(sorted(set(found.inside)))
            hint = f"looked for {names}" if len(names) <= LONGEST_HINT else "give the file a shorter name"
            self.faults.error(place, f"the image `{short(target)}` is not there", "image-missing", hint)
            return None
        wrong = found.picture.what_is_wrong
        folder, name = posixpath.split(found.path)
        figures = self.workspace.relative(self.workspace.figures)
        if wrong and folder == figures and posixpath.splitext(name)[0] in self.declared:
            return None  # a fault where the figure is declared
        if wrong:
            message = f"the image `{short(target)}` {wrong}"
            self.faults.error(place, message, "image-unreadable", how_to_mend(wrong))
            return None
        if converted := found.picture.what_is_converted:  # at the file: one warning, however often it is shown
            self.faults.warning(Place(found.path), f"`{found.path}` {converted[0]}", "image-converted", converted[1])
        self.files[found.work_file] = found.picture.content
        self.shown.add(target)
        return found.work_file


def points(length: str, whole: float) -> float:
    """A CSS length, or a percentage of `whole`, in points."""
    found = re.fullmatch(r"([\d.]+)(\D+)", length)
    assert found is not None, "the allow-list lets only lengths pass"
    number, unit = float(found[1]), found[2]
    return number * (whole / 100 if unit == "%" else 0.75 if unit == "px" else UNITS[unit])
