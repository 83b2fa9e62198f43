"""The editions that can be shown, by their folders."""

from __future__ import annotations

from impressum.core.errors import Faulty
from impressum.core.languages import is_right_to_left
from impressum.preview.shown import Edition
from impressum.system.workspace import Workspace
from impressum.translation.shelf import read_shelf


def editions_of(workspace: Workspace) -> tuple[Edition, ...]:
    """The editions, the source first; none where the publication cannot be read well enough to say."""
    try:
        shelf = read_shelf(workspace)
    except Faulty:
        return ()
    return tuple(
        Edition(
            tag,
            name_of(tag),
            "rtl" if is_right_to_left(tag) else "ltr",
            is_source=tag == shelf.source,
            twin=shelf.twins.get(tag, ""),
        )
        for tag in (shelf.source, *shelf.editions)
    )


def name_of(tag: str) -> str:
    """What the language `tag` calls itself; the tag where that is not known."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(tag, sep="-")
        name = locale.get_display_name(locale) or tag
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:]
