"""The inner half of an untrusted build, shut in. Standard input is a JSON object: `arguments` of the command; `root`,
the assembled publication; `warnings`, faults as lists of their fields; `unshielded`, why it is not shut in, or empty;
`memory` in bytes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from impressum.cli.main import perform
from impressum.core.errors import Fault, Place
from impressum.pipeline.untrusted import UntrustedTexts


def main() -> int:
    """Runs the command over the assembled publication; gives its exit code."""
    request = json.load(sys.stdin)
    _limit(request["memory"])
    warnings = tuple(Fault(Place(*place), *rest) for place, *rest in request["warnings"])
    arguments = argparse.Namespace(**request["arguments"])
    arguments.root, arguments.untrusted_texts = Path(request["root"]), UntrustedTexts(warnings, request["unshielded"])
    return perform(arguments)


def _limit(memory: int) -> None:
    """The soft limit alone: children have limits of their own, which may be higher."""
    try:
        import resource
    except ImportError:  # on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory if hard < 0 else min(memory, hard), hard))


if __name__ == "__main__":
    raise SystemExit(main())
