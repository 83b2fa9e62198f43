"""Shows the pages in the browser, and sets them anew with each change of the sources; Ctrl-C ends it."""

from __future__ import annotations

import argparse
import os
import sys

from impressum.cli.commands.shared import workspace_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `watch`."""
    parser.add_argument("--edition", default="", metavar="TAG", help="begin with this edition (default: the source)")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="serve on this port (default: a free one)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, and open no browser")
    parser.add_argument(
        "--editor",
        default="",
        metavar="NAME",
        help="what opens a line: a name such as `vscode`, or a link with {path}, {line} and {column} "
        "(default: IMPRESSUM_EDITOR, else vscode)",
    )
    parser.add_argument("--poll", action="store_true", help="look for changes, where the system does not tell of them")


def run(arguments: argparse.Namespace) -> int:
    """Serves until Ctrl-C, which is how it ends: exit code 0."""
    import webbrowser

    from impressum.preview import PreviewOptions, serve
    from impressum.preview.editors import VARIABLE, pattern_of
    from impressum.system.parallel import Later

    pattern = pattern_of(arguments.editor or os.environ.get(VARIABLE, ""))
    wishes = PreviewOptions(arguments.edition, pattern, poll=arguments.poll)

    def ready(address: str) -> None:
        print(address, flush=True)
        print("the page follows the sources; Ctrl-C ends it", file=sys.stderr, flush=True)
        if not arguments.no_browser:
            Later(lambda: webbrowser.open(address))  # some stay in front

    try:
        serve(workspace_of(arguments), wishes, port=arguments.port, ready=ready)
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 0
