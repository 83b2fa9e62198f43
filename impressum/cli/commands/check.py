"""Finds every fault in the sources; builds nothing."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from impressum.cli.commands.shared import add_editions, add_report, finish, report, started, workspace_of
from impressum.cli.untrusted import add_untrusted, run_untrusted
from impressum.core.errors import Faulty, WrongUsage

if TYPE_CHECKING:
    from impressum.pipeline.convert import Manuscripts
    from impressum.pipeline.run import Run

AGE = 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `check`."""
    add_editions(parser)
    parser.add_argument("--links", action="store_true", help="ask the web whether what is linked to is there")
    parser.add_argument(
        "--links-age",
        type=int,
        metavar="DAYS",
        help=f"ask again for what was there so many days ago (default: {AGE}; 0: for all)",
    )
    parser.add_argument("--spelling", action="store_true", help="look every word up in dictionaries of Hunspell")
    parser.add_argument("--links-inner", action="store_true", help="ask servers of inner networks and this machine too")
    add_report(parser)
    add_untrusted(parser)


def run(arguments: argparse.Namespace) -> int:
    """Runs the first four stages; exit code 0 where there is no error."""
    from impressum.pipeline import unchanged
    from impressum.pipeline.run import Order

    if not arguments.links and (arguments.links_age is not None or arguments.links_inner):
        raise WrongUsage("`--links-age` and `--links-inner` say how `--links` asks: give it too")
    if arguments.untrusted:
        if arguments.links:
            raise WrongUsage("a stranger's texts do not make this machine ask the web: leave out `--links`")
        if arguments.spelling:
            raise WrongUsage("a stranger's dictionaries are not read: leave out `--spelling`")
        return run_untrusted(arguments)
    order = Order(tuple(arguments.edition or ()), untrusted=arguments.untrusted_texts)
    workspace = workspace_of(arguments)
    order_key = f"check {order!r}"
    seen = unchanged.see(workspace)
    is_plain = not (arguments.links or arguments.spelling)
    last = unchanged.look(workspace, order_key, seen) if is_plain else None
    if last is not None:
        return report(arguments, last.faults, last.silenced)
    from impressum.pipeline.build import check

    with started(arguments, order) as line:
        made = None
        try:
            made = check(line, documents=not is_plain)
        except Faulty as faulty:  # links are checked all the same
            line.faults.take(faulty)
        if arguments.links and made and made.is_whole:
            _ask(arguments, line, made)
        elif arguments.links:
            line.progress("verify", "no address was asked for: the sources cannot be read before these are mended")
        if arguments.spelling and made:
            from impressum.pipeline.spelling import spell

            spell(made, line)
        line.faults.stop_if_any()
        if is_plain:
            unchanged.remember(workspace, order_key, seen, line.faults, ())
        return finish(arguments, line)


def _ask(arguments: argparse.Namespace, line: Run, made: Manuscripts) -> None:
    """Requests every address that the publication links to; what fails is added to the faults of `line`."""
    from impressum.checks.links import Manner, RecentAnswers, check_links
    from impressum.checks.links.found import found_in

    bibliographies = [one.references.source for one in made.editions if one.references]
    places = found_in(line.workspace, made.sources, [one.manuscript for one in made.editions], bibliographies)
    days = AGE if arguments.links_age is None else arguments.links_age
    inner = arguments.links_inner
    recent = RecentAnswers(line.memo, days, now=int(time.time()), inner=inner)
    check_links(places, Manner(inner=inner), recent, line.faults, lambda said: line.progress("verify", said))
