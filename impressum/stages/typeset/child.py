"""Runs Typst in a child process: Typst has no limits of its own, and running out of memory would end ours.

It stays as long as requests come, so that a second pass finds the compiler warm. Standard input: a line a request, a
JSON object with `root`, `main`, `fonts`, `inputs` (`sys.inputs` in the templates), which must not change; `timestamp`
(Unix seconds), `standards` and `output` (empty: the pages are laid out, and no file is written). A request for pages
beside the book has instead `pages`, each with `main`, `inputs`, `format` (pdf, svg, png), `ppi` (of a PNG),
`standards` and `output`. Standard output: a line an answer, a JSON object with `error` (or null), and of a book
`warnings`, each with message, diagnostic, hints; `layout`, the book's layout report (or null); and `memory`, the bytes
taken so far (0: unknown).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import typst

from impressum.system.expansion import expand

REPORT = "<impressum-told>"


def main() -> int:
    compiler: typst.Compiler | None = None
    for line in sys.stdin:
        request = json.loads(line)
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
        answer = _set_pages(compiler, request) if "pages" in request else _set_book(compiler, request)
        print(json.dumps({**answer, "memory": _memory()}), flush=True)
    return 0


def _set_book(compiler: typst.Compiler, request: dict[str, Any]) -> dict[str, object]:
    pdf: bytes | list[bytes] | None = None
    warnings: list[typst.TypstWarning] = []
    try:
        if request["output"]:
            pdf, warnings = compiler.compile_with_warnings(
                format="pdf", pdf_standards=request["standards"], timestamp=request["timestamp"]
            )
        report = _reported(compiler)
    except typst.TypstError as error:
        return {"error": _said(error), "warnings": [], "layout": None}
    layout = report[0] if report else None  # a template of the publication's own may leave it out
    if request["output"]:
        assert isinstance(pdf, bytes)  # one PDF, not a list of pages
        size = layout.get("justified") if layout else None
        Path(request["output"]).write_bytes(expand(pdf, size) if size else pdf)
    return {
        "error": None,
        "warnings": [_said(warning) for warning in warnings],
        "layout": layout,
    }


def _set_pages(compiler: typst.Compiler, request: dict[str, Any]) -> dict[str, object]:
    root = Path(request["root"])
    for page in request["pages"]:
        try:
            content = compiler.compile(
                input=str(root / page["main"]),
                sys_inputs=page["inputs"],
                format=page["format"],
                ppi=page["ppi"],
                pdf_standards=page["standards"],
                timestamp=request["timestamp"],
            )
        except typst.TypstError as error:
            return {"error": _said(error)}
        assert isinstance(content, bytes)  # one file, not a list of pages
        (root / page["output"]).write_bytes(content)
    return {"error": None}


def _reported(compiler: typst.Compiler) -> Any:
    try:
        return json.loads(compiler.query(REPORT, field="value"))
    except RuntimeError:  # `query` reports a failure without a place, `compile` with one
        compiler.compile(format="pdf")
        raise


def _memory() -> int:
    """The peak memory of this process. (`resource` may report that of the process that started it.)"""
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
    main()
    os._exit(0)  # at once: to give back what Typst remembers, piece by piece, would take longer than to forget it
