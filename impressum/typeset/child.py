"""Runs Typst in a process of its own: it has no limits of its own, and running out of memory ends it.

Standard input: one JSON object with `root`, `main`, `fonts`, `timestamp` (Unix seconds) and `output`.
Standard output: one JSON object with `error` (or null) and `warnings`, each with message, diagnostic, hints.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> int:
    request = json.load(sys.stdin)
    import typst

    compiler = typst.Compiler(
        request["main"], root=request["root"], font_paths=request["fonts"], ignore_system_fonts=True
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=request["standards"], timestamp=request["timestamp"]
        )
    except typst.TypstError as error:
        json.dump({"error": _told(error), "warnings": []}, sys.stdout)
        return 0
    assert isinstance(pdf, bytes)  # one PDF, not a list of pages
    Path(request["output"]).write_bytes(pdf)
    json.dump({"error": None, "warnings": [_told(warning) for warning in warnings]}, sys.stdout)
    return 0


def _told(problem: object) -> dict[str, object]:
    return {
        "message": getattr(problem, "message", str(problem)),
        "diagnostic": getattr(problem, "diagnostic", ""),
        "hints": list(getattr(problem, "hints", []) or []),
    }


if __name__ == "__main__":
    raise SystemExit(main())
