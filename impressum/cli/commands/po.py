"""Keeps PO files, `po/<chapter>/<edition>.po`, in step with the chapters in both directions, for Weblate."""

from __future__ import annotations

import argparse

from impressum.cli.commands.shared import add_editions, add_json, finish, started


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `po`."""
    add_editions(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Puts in what was translated, writes what has changed, then checks the editions that got something."""
    from impressum.pipeline.build import check
    from impressum.pipeline.run import Order
    from impressum.translation.handoff.po_tree import bring_into_step
    from impressum.translation.shelf import read_shelf

    with started(arguments, Order()) as line:
        shelf = read_shelf(line.workspace)
        tags = [tag for tag in shelf.chosen(tuple(arguments.edition or ())) if tag not in shelf.twins]
        got, paths = bring_into_step(shelf, tags, line.faults)
        if not arguments.json:
            for path in paths:
                print(path)
        if got:
            line.order = Order(got)
            check(line)
            line.faults.stop_if_any()
        return finish(arguments, line, published=paths)
