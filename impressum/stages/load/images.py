"""Image files that the sources name: inside the publication, there, and of the kind that their names say."""

from __future__ import annotations

from pathlib import Path

from impressum.core.errors import Faults, Place
from impressum.core.file_names import misspelt
from impressum.core.model.sources import Sources
from impressum.core.model.theme import Theme
from impressum.core.pictures import how_to_mend, pixels, too_few_pixels
from impressum.stages.load.texts import IMAGE_LIMIT, exists, read_bytes
from impressum.stages.load.tree import Scalar, Tree
from impressum.system.files import is_file, read
from impressum.system.pdf_pictures import as_picture
from impressum.system.workspace import Workspace

COVER_SHARE = 0.46
"""The part of the page's height that the picture of a cover takes."""


def check_images(workspace: Workspace, texts: Tree, faults: Faults) -> None:
    """Notes a fault for each cover image and logo of `texts` that cannot be printed, and a cover without `alt`."""
    cover = texts.table("cover")
    image = cover.text("image") if cover else None
    if cover and image:
        check_image(workspace, image, faults)
        alt = cover.text("alt")
        if alt is None:
            message = f"the cover image `{image.text}` has no `alt`"
            faults.error(image.place, message, "cover-alt", "add a line `alt: what the picture shows` beside `image`")
    for key in ("partners", "funders"):
        for organisation in texts.items(key):
            logo = organisation.text("logo") if isinstance(organisation, Tree) else None
            if logo:
                check_image(workspace, logo, faults)


def check_resolution(workspace: Workspace, sources: Sources, theme: Theme, faults: Faults) -> None:
    """Warns of a cover image or logo of too few pixels for the size at which `theme` prints it."""
    least = theme.number("figures", "resolution")
    page = theme.length("page", "width"), theme.length("page", "height") * COVER_SHARE
    field = theme.length("logos", "width"), theme.length("logos", "height")
    for edition in sources.editions:
        publication = edition.publication
        logos = [(key, one.logo) for key in ("partners", "funders") for one in getattr(publication, key)]
        for key, name in (("cover", publication.cover.image), *logos):
            path = workspace.inside(name) if name else None
            size = pixels(read(path), path.suffix.lower()) if path and is_file(path) else None
            if size is None:
                continue
            across, down = size
            if key == "cover":  # it fills its field, and is cut where it is too high or too wide
                printed = max(page[0], page[1] * across / down)
            else:
                printed = min(field[0], field[1] * across / down)
            wrong = too_few_pixels(across, printed, least)
            if wrong:
                hint = wrong[1].partition(",")[0]
                faults.warning(sources.place_of(key), f"the image `{name}` {wrong[0]}", "image-resolution", hint)


def check_image(workspace: Workspace, name: Scalar, faults: Faults) -> None:
    """Notes a fault at the value `name`, a file relative to the root, where it cannot be printed."""
    path = workspace.inside(name.text)
    if path is None:
        hint = "copy the file into the publication, and write its path from there"
        faults.error(name.place, f"`{name.text}` leads out of the publication's folder", "image-outside", hint)
    elif wrong := misspelt(workspace.root, name.text):
        wrong.add_to(faults, name.place)
    elif not exists(path):
        hint = "paths are relative to the folder of publication.yaml; mind upper and lower case"
        faults.error(name.place, f"the file `{name.text}` does not exist", "image-missing", hint)
    elif not is_file(path):
        hint = "write the path of the picture itself, as in `logos/name.svg`"
        faults.error(name.place, f"`{name.text}` is not a file", "image-unreadable", hint)
    else:
        check_content(workspace, path, name.place, faults)


def check_content(workspace: Workspace, path: Path, place: Place, faults: Faults) -> bytes | None:
    """The bytes of the image `path`, or None after a fault at `place` saying why it cannot be printed."""
    content = read_bytes(workspace, path, faults, limit=IMAGE_LIMIT)
    if content is None:
        return None
    picture = as_picture(path, content, workspace)
    name, wrong = workspace.relative(path), picture.what_is_wrong
    if wrong:
        faults.error(place, f"`{name}` {wrong}", "image-unreadable", how_to_mend(wrong))
        return None
    if converted := picture.what_is_converted:
        faults.warning(Place(name), f"`{name}` {converted[0]}", "image-converted", converted[1])
    return content
