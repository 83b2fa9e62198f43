"""Reads pandoc's figures, and divisions of images as groups of figures."""

from __future__ import annotations

from typing import Any, cast

from impressum.core.errors import Place
from impressum.core.licences import creative_commons
from impressum.core.model import document as d
from impressum.stages.convert.attributes import WIDTH_CLASSES, Attributes, Find
from impressum.stages.convert.data import is_data_table
from impressum.stages.convert.data_tables import data_table
from impressum.stages.convert.images import image_alone
from impressum.stages.convert.inlines import line, placed, with_links
from impressum.stages.convert.input import Input, blocks, reads

FIGURE_SCHEME = "figure:"
COLUMNS = ("2", "3")


@reads("Figure")
def _figure_or_table(raw: Any, src: Input) -> d.Block | None:
    attributes, (_short_caption, caption), content = raw
    if is_data_table(content):
        return data_table(raw, src)
    place = src.aligner.here()
    image = image_alone({"t": "Figure", "c": raw})
    if image is None:
        hint = "give each image a paragraph of its own, or put them into a group: `::: {#fig-name}`"
        src.faults.error(place, "a figure holds more than one image", "figure-content", hint)
        return None
    inlines = [node for block in caption for node in block.get("c", [])]
    return _figure(attributes, inlines, image, src)


def _figure(attributes: Any, caption: Any, image: Any, src: Input) -> d.Figure | None:
    """The figure of pandoc's `image`; `attributes` are those of the figure, not of the image."""
    words, place = placed(line, caption, src)
    (image_attributes, alternative, (target, _)) = image["c"]
    if alternative != caption:  # so pandoc hands on the `alt` of an image with a caption
        image_attributes = [*image_attributes[:2], [*image_attributes[2], ["alt", _letters(alternative)]]]
    find = src.behind()
    place = src.aligner.target(target) or place
    outer = src.guard.attributes(attributes, place, find)
    keys = frozenset({"source", "credit"})
    inner = src.guard.attributes(image_attributes, place, find, classes=WIDTH_CLASSES, keys=keys)
    if src.notes_open:
        hint = "put it into the text, and refer to it in the note"
        src.faults.error(place, "a figure is in a note", "figure-in-note", hint)
        return None
    declared = target.removeprefix(FIGURE_SCHEME) if target.startswith(FIGURE_SCHEME) else None
    drawing = src.images.drawings.get(declared) if declared else None
    width = _width(inner, place, find, src) or (drawing.width if drawing else "text")
    built = src.images.find(target, inner, place, caption=d.plain(words), width=width)
    if built is None:
        return None
    source = inner.values.get("source") or (drawing.source if drawing else None) or ""
    credit = inner.values.get("credit") or (drawing.credit if drawing else None)
    licence = drawing.licence if drawing else None
    known = creative_commons(licence or "")
    licence = known.short if known else licence
    below = with_links(source, place)
    return d.Figure(place, outer.id or inner.id, built, words, declared, width, below, credit, licence)


def _width(kept: Attributes, place: Place, find: Find, src: Input) -> d.Width | None:
    """The width that a class gives, or None."""
    widths = [name for name in kept.classes if name in WIDTH_CLASSES]
    if len(widths) > 1:
        message = f"the figure is both `.{widths[0]}` and `.{widths[1]}`"
        src.faults.error(find(f".{widths[1]}") or place, message, "figure-width", "keep one of them")
    return cast("d.Width", widths[0]) if widths else None


def figure_group(raw: Any, src: Input) -> d.Block | None:
    """The group of figures that pandoc's division `raw` (attributes and content) is, or None with a fault."""
    attributes, content = raw
    place = src.aligner.here()
    find = src.ahead()
    kept = src.guard.attributes(attributes, place, find, classes=WIDTH_CLASSES, keys=frozenset({"columns"}))
    columns = kept.values.get("columns", "")
    at = find(f"#{kept.id}") or place
    if columns and columns not in COLUMNS:
        hint = "two or three figures stand beside each other: `columns=2` or `columns=3`"
        src.faults.error(find("columns=") or at, f"`columns` is `{columns}`", "figure-group", hint)
    figures: list[d.Figure] = []
    sound = True
    for block in content[:-1]:
        built = _of_group(block, src)
        sound = sound and bool(built) and None not in built
        figures += [figure for figure in built if figure is not None]
        if not built:
            _wrong_group(src.aligner.here(), "holds something that is no image", src)
            blocks([block], src)
    last = content[-1] if content else {"t": "Null"}
    if last["t"] not in ("Para", "Plain") or _members(last):
        blocks(content[-1:], src)
        _wrong_group(at, "has no caption", src)
        return None
    caption = line(last["c"], src)
    if sound and len(figures) < 2:
        _wrong_group(at, "holds fewer than two images", src)
    if not sound or len(figures) < 2:
        return None
    _check_letters(figures, columns, src)
    width = _width(kept, at, find, src) or "text"
    return d.FigureGroup(at, kept.id, tuple(figures), caption, width, (), int(columns) if columns in COLUMNS else 0)


def _of_group(block: Any, src: Input) -> tuple[d.Figure | None, ...]:
    """The figures of one block of a group; empty where it holds anything else."""
    if block["t"] == "Figure":
        built = _figure_or_table(block["c"], src)
        if isinstance(built, d.Table):
            _wrong_group(built.place, "holds a table", src)
        return (built if isinstance(built, d.Figure) else None,)
    return tuple(_figure(["", [], []], image["c"][1], image, src) for image in _members(block))


def _check_letters(figures: list[d.Figure], columns: str, src: Input) -> None:
    """A warning for each drawn figure of a group that is set smaller than it is drawn."""
    for figure in figures:
        drawing = src.images.drawings.get(figure.figure) if figure.figure else None
        if drawing and drawing.is_drawn and (columns == "3" or not drawing.is_half):
            message = f"the figure `{drawing.id}` is drawn wider than it is set here, and its letters are too small"
            hint = "write `width: half` in its `.yaml`, and set two of them beside each other"
            src.faults.warning(figure.place, message, "figure-width", hint)


def _wrong_group(place: Place, what: str, src: Input) -> None:
    hint = "write each image as `![What it shows](file)`, and the caption of them all as the last paragraph"
    src.faults.error(place, f"the group of figures {what}", "figure-group", hint)


def _letters(inlines: Any) -> str:
    """The words of an alternative text, which has no markup."""
    return "".join(node["c"] if node["t"] == "Str" else " " for node in inlines)


def _members(block: Any) -> list[Any]:
    """The images of a paragraph that holds nothing else."""
    inlines = block["c"] if block["t"] in ("Para", "Plain") else []
    images = [node for node in inlines if node["t"] == "Image"]
    spaces = [node for node in inlines if node["t"] in ("Space", "SoftBreak", "LineBreak")]
    return images if len(images) + len(spaces) == len(inlines) else []
