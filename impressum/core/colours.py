"""Colours (`#15324a`): how well they stand out from each other, and what can be read on them."""

from __future__ import annotations

WHITE, BLACK = "#ffffff", "#000000"
READABLE = 4.5
"""The contrast that text needs (WCAG 1.4.3)."""
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


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    linear = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
