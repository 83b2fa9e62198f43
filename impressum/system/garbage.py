"""How often Python's cyclic garbage collector runs."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 100_000, 50, 200
"""After so many new objects Python looks at the new ones; after so many such looks, at those that outlived one; after
so many of these, at all."""


def collect_seldom() -> None:
    """Lets Python look seldom: a book is some hundred thousand objects that stay, and to look at all of them again and
    again took more than half of the time that a book of two hundred pages takes before its pages are set."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)
