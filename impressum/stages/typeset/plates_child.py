"""Runs Typst for pages beside the book (figures alone, the contact sheet), in a process of its own.

Standard input: a line a request, a JSON object with `root`, `fonts` and `timestamp` (which must not change), and
`pages`: what to set, in order, each with `main` (a template), `inputs` (texts by name), `format` (pdf, svg, png),
`ppi` (of a PNG), `standards` (of a PDF) and `output`. Standard output: a line an answer, `{"error": …}`, null where
all is set; else its message, diagnostic and hints.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst


def main() -> int:
    compiler: typst.Compiler | None = None
    for line in sys.stdin:
        request = json.loads(line)
        import typst

        if compiler is None:
            first = str(Path(request["root"], request["pages"][0]["main"]))
            compiler = typst.Compiler(
                first,
                root=request["root"],
                font_paths=request["fonts"],
                ignore_system_fonts=True,
                package_path=os.devnull,
                package_cache_path=os.devnull,
            )
        print(json.dumps({"error": _set(compiler, request)}), flush=True)
    return 0


def _set(compiler: typst.Compiler, request: dict[str, Any]) -> dict[str, object] | None:
    import typst

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
            return {"message": error.message, "diagnostic": error.diagnostic, "hints": list(error.hints or [])}
        assert isinstance(content, bytes)  # one file, not a list of pages
        (root / page["output"]).write_bytes(content)
    return None


if __name__ == "__main__":
    raise SystemExit(main())
