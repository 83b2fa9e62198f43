"""Runs Typst in a process of its own: it has no limits of its own, and running out of memory ends it.

It stays for as long as it is asked, one line a request, so that a second pass finds the compiler warm.
Standard input: a line a request, a JSON object with `root`, `main`, `fonts`, `inputs` (what the templates find in
`sys.inputs`), `timestamp` (Unix seconds), `standards` and `output` (empty: the pages are laid out, and no file is
written); the first four must not change. Standard output: a line an answer, a JSON object with `error` (or null) and
`warnings`, each with message, diagnostic, hints; `told`, what the book says of its own pages (or null); and `memory`,
the bytes that it has taken so far (0: not known).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

TOLD = "<impressum-told>"


def main() -> int:
    compiler: typst.Compiler | None = None
    for line in sys.stdin:
        request = json.loads(line)
        import typst

        if compiler is None:
            compiler = typst.Compiler(
                request["main"],
                root=request["root"],
                font_paths=request["fonts"],
                ignore_system_fonts=True,
                sys_inputs=request["inputs"],
                package_path=os.devnull,  # no package lies there, and what is in the home folder changes no page
                package_cache_path=os.devnull,
            )
        print(json.dumps({**_answer(compiler, request), "memory": _memory()}), flush=True)
    return 0


def _answer(compiler: typst.Compiler, request: dict[str, Any]) -> dict[str, object]:
    import typst

    warnings: list[typst.TypstWarning] = []
    try:
        if request["output"]:
            pdf, warnings = compiler.compile_with_warnings(
                format="pdf", pdf_standards=request["standards"], timestamp=request["timestamp"]
            )
            assert isinstance(pdf, bytes)  # one PDF, not a list of pages
            Path(request["output"]).write_bytes(pdf)
        told = _told(compiler)
    except typst.TypstError as error:
        return {"error": _said(error), "warnings": [], "told": None}
    return {
        "error": None,
        "warnings": [_said(warning) for warning in warnings],
        "told": told[0] if told else None,  # a template of the publication's own may leave it out
    }


def _told(compiler: typst.Compiler) -> Any:
    try:
        return json.loads(compiler.query(TOLD, field="value"))
    except RuntimeError:  # what cannot be set is told without a place here, and with one there
        compiler.compile(format="pdf")
        raise


def _memory() -> int:
    """What this process has taken at most. (What `resource` says may be that of the process that started it.)"""
    try:
        noted = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(noted.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):  # not on Linux
        pass
    try:
        import resource
    except ImportError:  # on Windows
        return 0
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken if sys.platform == "darwin" else taken * 1024


def _said(problem: object) -> dict[str, object]:
    return {
        "message": getattr(problem, "message", str(problem)),
        "diagnostic": getattr(problem, "diagnostic", ""),
        "hints": list(getattr(problem, "hints", []) or []),
    }


if __name__ == "__main__":
    raise SystemExit(main())
