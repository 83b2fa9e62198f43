"""Formulas in TeX as Typst mathematics, by pandoc, many at a time."""

from __future__ import annotations

import json
import re
from typing import Any

from impressum.stages.convert.limits import LONGEST_FORMULA
from impressum.stages.convert.pandoc import PARSE_SECONDS, run, version
from impressum.stages.convert.spoken import is_deep
from impressum.stages.convert.tex import for_pandoc, for_typst
from impressum.system.cache import Memo, digest

DEFINING = re.compile(r"\\(?:(?:re)?new(?:command|environment)|providecommand|DeclareMathOperator)(?![A-Za-z])")
"""Definitions make pandoc write out a formula without limit; those that can be followed are written out before."""
MOST_LETTERS = 50_000
"""Of the formulas that pandoc reads at a time: three seconds' work."""
UNREADABLE = "\0"
"""Before the reason why a formula cannot be read, in place of its Typst."""
NOT_CONVERTED = re.compile(
    r"^\[WARNING\] Could not convert TeX math (?P<tex>.*?), rendering as TeX:(?P<why>.*?)(?=^\[WARNING\]|\Z)",
    re.MULTILINE | re.DOTALL,
)
UNKNOWN_COMMAND = re.compile(r"unexpected control sequence (\\\S+)")
MATHEMATICS = re.compile(
    r"""(?: "(?:[^"\\]|\\.)*" | \\. | [^"\\#] | \#h\(-?[\d.]+em\)
      | \#scale\(x:[ ]\d+%,[ ]y:[ ]\d+%\)\[(?:\\[^\w\s]|[^\w\s\\#\[\]$]|[a-z.]+)\] )*""",
    re.DOTALL | re.VERBOSE,
)
"""Strings, escaped signs and all else but `#`, with which code begins; and the code that pandoc itself writes."""


def as_typst(formulas: tuple[str, ...], memo: Memo, about: str = "") -> tuple[str, ...]:
    """Each TeX formula as Typst mathematics, without dollar signs; `UNREADABLE`, and the unknown command if there is
    one, where it cannot be read."""
    if not formulas:
        return ()
    raw = memo("mathematics", {"formulas": formulas, "pandoc": version()}, lambda: _mathematics(formulas), about=about)
    return tuple(json.loads(raw))


def _mathematics(formulas: tuple[str, ...]) -> bytes:
    found = {tex: UNREADABLE + "".join(DEFINING.findall(tex)[:1]) for tex in formulas}
    batch: list[str] = []
    letters = 0
    for tex in formulas:
        if found[tex] == UNREADABLE and len(tex) <= LONGEST_FORMULA and not is_deep(tex):
            if letters + len(tex) > MOST_LETTERS:
                found |= _translated(batch)
                batch, letters = [], 0
            batch.append(tex)
            letters += len(tex)
    found |= _translated(batch) if batch else {}
    return json.dumps([found[tex] for tex in formulas]).encode()


def _translated(formulas: list[str]) -> dict[str, str]:
    """The Typst of each formula; where pandoc gives up on all of them, it gets the halves alone."""
    between = f"// {digest(*formulas)}"  # what a formula leads to may hold blank lines, but never this
    blocks: list[dict[str, Any]] = []
    for tex in map(for_pandoc, formulas):
        blocks.append({"t": "Para", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, tex]}]})
        blocks.append({"t": "RawBlock", "c": ["typst", between]})
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}
    done = run(
        *("--from", "json", "--to", "typst", "--wrap", "none"), seconds=PARSE_SECONDS, stdin=json.dumps(tree).encode()
    )
    translated = done.stdout.decode().split(between)[:-1] if done.code == 0 else []
    if len(translated) != len(formulas):
        if half := len(formulas) // 2:
            return _translated(formulas[:half]) | _translated(formulas[half:])
        translated = [""] * len(formulas)
    refused = {" ".join(found["tex"].split()): found["why"] for found in NOT_CONVERTED.finditer(done.errors)}
    whys = [refused.get(" ".join(for_pandoc(tex).split()), "") for tex in formulas]
    checked = (_checked(typst.strip(), why) for typst, why in zip(translated, whys, strict=True))
    return dict(zip(formulas, checked, strict=True))


def _checked(typst: str, why: str) -> str:
    """The mathematics between the dollar signs of `typst`, or that it is unreadable: no formula, or one with code in
    it. `why` is pandoc's reason where it refused the formula."""
    found = re.fullmatch(r"\$((?:[^$\\]|\\.)+)\$", typst, re.DOTALL)
    if found and MATHEMATICS.fullmatch(found[1]):
        return for_typst(found[1]).strip()
    unknown = UNKNOWN_COMMAND.search(why)
    return UNREADABLE + (unknown[1] if unknown else "")
