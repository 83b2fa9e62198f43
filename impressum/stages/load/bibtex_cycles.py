"""Walks through what refers to what, without recursion: references are as deep as a file makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

RECORDED = 10_000


def leaves_first(edges: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The names in an order in which each comes after all that it refers to, and the cycles that were met.

    Names that are no key of `edges` are left out. After cycles of 10 000 names together no more are recorded:
    there may be as many as the square of the names.
    """
    order: list[str] = []
    cycles: list[tuple[str, ...]] = []
    recorded = 0
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(edges[start]))]
        depths = {start: 0}
        while stack:
            name, following = stack[-1]
            other = next(following, None)
            if other is None:
                stack.pop()
                del depths[name]
                done.add(name)
                order.append(name)
            elif other in depths:
                if recorded < RECORDED:
                    cycles.append(tuple(member for member, _ in stack[depths[other] :]))
                    recorded += len(cycles[-1])
            elif other in edges and other not in done:
                depths[other] = len(stack)
                stack.append((other, iter(edges[other])))
    return tuple(order), tuple(cycles)


def shown(cycle: Sequence[str]) -> str:
    """The cycle as a fault shows it: `a -> b -> a`, the middle of a long one left out."""
    names = [*cycle, cycle[0]]
    if len(names) > 12:
        names = [*names[:6], "…", *names[-5:]]
    return f"`{' -> '.join(names)}`"
