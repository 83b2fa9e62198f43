"""Walks through what refers to what, without recursion: references are as deep as a file makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def leaves_first(edges: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The names in an order in which each comes after all that it refers to, and the cycles that were met.

    A cycle is the names in its order, without the first again at its end; names outside `edges` are left out.
    """
    order: list[str] = []
    cycles: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        path: dict[str, Iterator[str]] = {start: iter(edges[start])}
        stack = [start]
        while stack:
            name = stack[-1]
            following = next(path[name], None)
            if following is None:
                stack.pop()
                del path[name]
                done.add(name)
                order.append(name)
            elif following in path:
                cycles.append(tuple(stack[stack.index(following) :]))
            elif following in edges and following not in done:
                path[following] = iter(edges[following])
                stack.append(following)
    return tuple(order), tuple(cycles)
