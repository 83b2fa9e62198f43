"""The pictures of the work files as they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from impressum.core.photographs import in_srgb
from impressum.core.pictures import as_printed
from impressum.system.cache import Json, Memo, digest
from impressum.system.installed import version


def printed(files: Mapping[str, bytes], memo: Memo) -> dict[str, bytes]:
    """The work `files` by their names, each picture without what is not printed of it, in sRGB.

    What is converted is remembered.
    """
    convert = partial(_remembered, memo)
    return {name: as_printed(content, f".{name.rpartition('.')[2]}", convert) for name, content in files.items()}


def _remembered(memo: Memo, jpeg: bytes) -> bytes:
    inputs: dict[str, Json] = {"picture": digest(jpeg), "version": version("pillow")}
    return memo("picture", inputs, partial(in_srgb, jpeg), about=None)
