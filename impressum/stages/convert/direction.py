"""Text that is written from right to left cannot be set yet: it is told, and never printed in a wrong order."""

from __future__ import annotations

from impressum.core.errors import Faults, Place
from impressum.core.languages import right_to_left
from impressum.core.model import document as d


def check_direction(blocks: tuple[d.Block, ...], faults: Faults) -> None:
    """A fault for each of `blocks` that holds letters of Arabic, Hebrew and the like, at the first of them."""
    for block in blocks:
        for node in d.walk(block):
            if isinstance(node, d.Text | d.Code | d.CodeBlock) and (letters := right_to_left(node.text)):
                report_direction(letters, node.place if node.place.line else block.place, faults)
                break


def report_direction(letters: str, place: Place, faults: Faults) -> None:
    faults.error(
        place,
        f"`{letters}` is written from right to left, which cannot be set yet",
        "direction-unsupported",
        "write it in Latin letters, or show it as a picture with its alternative text",
    )
