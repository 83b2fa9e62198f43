"""Colours (`#15324a`): how well they stand out from each other, and what can be read on them."""

from __future__ import annotations

from collections.abc import Sequence

WHITE, BLACK = "#ffffff", "#000000"
READABLE = 4.5
"""The contrast that text needs (WCAG 1.4.3)."""
NEUTRAL, NEARLY_BLACK = 0.05, 0.2
"""By how much the parts of a grey may differ, and up to which lightness it is printed as black."""
VISIBLE = 3.0
"""The contrast that a part of a drawing needs (WCAG 1.4.11)."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG counts it: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `other` in it."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def readable(colour: str, ground: str = WHITE) -> str:
    """The colour nearest to `colour`, towards black or white, that text can have on `ground`."""
    end = max((WHITE, BLACK), key=lambda one: contrast(one, ground))
    for percent in range(101):
        tried = mixed(colour, end, percent / 100)
        if contrast(tried, ground) >= READABLE:
            return tried
    return end


def ink_of(parts: Sequence[float]) -> float | None:
    """The grey (0 to 1) that prints a colour of one or three `parts` with black ink alone; None for a colour. What is
    nearly black is black, so that letters are printed with solid ink and not with a screen."""
    darkest, lightest = min(parts), max(parts)
    if len(parts) not in (1, 3) or lightest - darkest > NEUTRAL:
        return None
    return 0.0 if lightest <= NEARLY_BLACK else sum(parts) / len(parts)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    linear = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
