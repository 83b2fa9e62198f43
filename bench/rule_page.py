"""The page of rules, `docs/rules.md`: each with what it means, what it weighs, and an example with what to do.

The examples are what the broken publications of the tests say (`tests/publications/broken-*/expected`), and for the
rules that none of them shows, the file `tests/publications/other-faults`, written by hand in the same form.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from impressum.core.rules import GROUPS, NEVER_SILENCED

INTRODUCTION = """\
# Rules

Each fault ends with the id of its rule in square brackets. Below each rule is what it means, what it weighs, and an
example with what to do.

`rules:` in `publication.yaml` says what a rule weighs: `error` stops the build, `warning` is shown, `off` is silent.
Where a file could not be read, or the book could not be set, nothing can make that weigh less.

    rules:
      data-gap: off
      bib-field-missing: error

## One occurrence

A comment lets one occurrence pass, and says why:

| in | comment | speaks of |
|---|---|---|
| a chapter | `{## allow heading-skipped: the parts come later ##}` | its line, or alone on its lines the block after it |
| YAML, a figure script | `# allow figure-unused: for the web site` | its line, or alone on its line the next line and its value |
| the bibliography | `% allow bib-isbn: printed so in the book` | its line, or alone on its line the entry or field after it |

- Several rules stand with commas between them. In the first line of a file or before it, a comment speaks also of faults of the file as a whole, which have no line.
- A comment without a reason, of a rule that does not exist, or that lets nothing pass is reported ([`allow-reason`](#allow-reason), [`allow-unknown`](#allow-unknown), [`allow-unused`](#allow-unused)). The last is reported once all editions are checked; of what only the pages show, once all are built.
- What is allowed is not lost: `--json` lists it as `silenced`, and SARIF as suppressed, with the reason.
- In a twin, the comments of the edition that it is made from count. Data and drawings have no comments of their own: one in the first line of the `.yaml` beside them, or before it, speaks of all that is in them.
- What could not be read cannot be allowed. Nor can these, as readers would not get what was written: {never}.
"""  # noqa: E501
_FAULT = re.compile(
    r"(?P<place>\S.*?): (?P<severity>error|warning): (?P<message>.+) \[(?P<rule>[a-z]+(?:-[a-z0-9]+)*)\]"
)
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")
WIDEST = 110
"""Letters of a line of a source that are shown."""


@dataclass(frozen=True)
class Example:
    """A fault as it was told, the line of the source that it is about (empty where that is not to be shown)."""

    rule: str
    severity: str
    told: str
    source: str
    by_hand: bool = False

    def text(self) -> str:
        return f"{self.source}\n\n{self.told}" if self.source else self.told


def page(publications: Path) -> str:
    """The text of `docs/rules.md`; `publications` is the folder of those that the tests read."""
    known = examples(publications)
    never = ", ".join(f"[`{rule}`](#{rule})" for rules in GROUPS.values() for rule in rules if rule in NEVER_SILENCED)
    lines = [INTRODUCTION.replace("{never}", never)]
    for group, rules in GROUPS.items():
        lines += [f"## {group}", ""]
        for rule, meaning in rules.items():
            shown = known.get(rule, ())
            weights = " or ".join(f"*{one}*" for one in ("error", "warning") if one in {a.severity for a in shown})
            lines += [f"### {rule}", "", f"{meaning[0].upper()}{meaning[1:]}." + (f" {weights}" if weights else ""), ""]
            if shown:
                lines += ["```text", shown[0].text(), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def examples(publications: Path) -> Mapping[str, tuple[Example, ...]]:
    """The examples of each rule, the plainest first."""
    found: dict[str, list[tuple[tuple[int, int, str], Example]]] = defaultdict(list)
    for expected in sorted(publications.glob("broken-*/expected")):
        told = list(_examples(expected.read_text(encoding="utf-8"), expected.parent))
        for example in told:
            found[example.rule].append(
                ((len({one.rule for one in told}), len(example.told), expected.parent.name), example)
            )
    others = publications / "other-faults"
    for example in _examples(others.read_text(encoding="utf-8"), None) if others.exists() else ():
        found[example.rule].append(((100, len(example.told), ""), example))
    return {rule: tuple(example for _, example in sorted(ones, key=lambda one: one[0])) for rule, ones in found.items()}


def _examples(text: str, folder: Path | None) -> Iterable[Example]:
    lines = text.splitlines()
    for at, line in enumerate(lines):
        fault = _FAULT.fullmatch(line)
        if not fault:
            continue
        hints = [one for one in lines[at + 1 : at + 2] if one.startswith("  hint: ")]
        source = _source(folder, fault["place"]) if folder else ""
        yield Example(fault["rule"], fault["severity"], "\n".join([line, *hints]), source, folder is None)


def _source(folder: Path, place: str) -> str:
    """The line of the publication in `folder` at `place`, with its number."""
    where = _PLACE.fullmatch(place)
    path = folder / where["path"] if where else folder
    if where is None or path.suffix not in (".md", ".yaml", ".bib", ".csv", ".py"):
        return ""
    number = int(where["line"])
    line = path.read_bytes().decode("utf-8", "replace").split("\n")[number - 1].strip()
    if not line.isprintable():
        line = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in line)
    return f"{number} | {line if len(line) <= WIDEST else line[: WIDEST - 1] + '…'}"


if __name__ == "__main__":
    print(page(Path(__file__).parent.parent / "tests" / "publications"), end="")
