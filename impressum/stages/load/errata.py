"""`errata:`: what a version corrects; each says something, and keeps the place at which it is written."""

from __future__ import annotations

from typing import TypeVar

from impressum.core.errors import Faults
from impressum.core.model.publication import PublicationTexts
from impressum.stages.load.tree import Table

T = TypeVar("T", bound=PublicationTexts)


def with_errata(texts: T | None, tree: Table, faults: Faults) -> T | None:
    """`texts`, which `tree` describes, with the places of their errata. One that says nothing is a fault."""
    if texts is None or not texts.errata:
        return texts
    placed = []
    for erratum, item in zip(texts.errata, tree.items("errata"), strict=True):
        assert isinstance(item, Table)  # or it would not have been bound
        where = item.text("where")
        if not (erratum.was or erratum.now or erratum.reason):
            faults.error(
                item.place,
                "this erratum says neither what was printed nor what is printed now",
                "erratum-empty",
                "add lines such as `was: 10.4 billion` and `now: 10.2 billion`, or a `reason`",
            )
        placed.append(erratum.at(where.place if where else item.place))
    return texts.model_copy(update={"errata": tuple(placed)})
