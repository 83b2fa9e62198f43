"""What is said of a mark that is lost, that is another one, or that only the translation has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from impressum.checks.parity.findings import Findings
from impressum.checks.parity.lines import Mark, MarkKind
from impressum.checks.parity.losses import about
from impressum.checks.parity.outline import Unit
from impressum.checks.parity.rule_ids import CITATIONS, FIGURES, FORMULAS, IDS, LINKS, REFERENCES
from impressum.core.errors import Place, Severity, nearest

SAME_LANGUAGE = "where it is the same page in the language of the edition, name it in `differences:` in edition.yaml"


@dataclass(frozen=True)
class Saying:
    """Three messages, each with its hint: `{key}` is the mark's, `{other}` that which the translation has instead,
    `{place}` where the source has it, `{shown}` as the author wrote it."""

    rule: str
    severity: Severity
    lost: tuple[str, str]
    changed: tuple[str, str]
    new: tuple[str, str]


SAYINGS: Mapping[MarkKind, Saying] = {
    "citation": Saying(
        CITATIONS,
        "error",
        ("the source ({place}) cites `{key}`, and this does not", "cite it, too: `[@{shown}]`"),
        (
            "this cites `{other}`, and the source ({place}) `{key}`",
            "cite the work of the source: keys stay as they are",
        ),
        ("this cites `{key}`, and the source does not", "take it out, or cite it in the source, too"),
    ),
    "id": Saying(
        IDS,
        "error",
        (
            "the id `{key}` of the source ({place}) is missing",
            "write `{{#{key}}}` where the source has it: links and references go by ids",
        ),
        (
            "the id is `{other}`, and in the source ({place}) `{key}`",
            "write `{{#{key}}}`: ids stay as they are, for links and references go by them",
        ),
        ("the source has no id `{key}`", "take it out, or write it in the source, too"),
    ),
    "reference": Saying(
        REFERENCES,
        "warning",
        ("the source ({place}) refers to `@{key}`, and this does not", "write `@{key}` where it belongs"),
        ("this refers to `@{other}`, and the source ({place}) to `@{key}`", "write `@{key}`"),
        ("this refers to `@{key}`, and the source does not", "take it out, or write it in the source, too"),
    ),
    "link": Saying(
        LINKS,
        "warning",
        ("the link of the source ({place}) to `{key}` is missing", "put it where the source has it"),
        ("the link leads to `{other}`, and in the source ({place}) to `{key}`", "let it lead where the source does"),
        ("the link to `{key}` is not in the source", "take it out, or put it into the source, too"),
    ),
    "formula": Saying(
        FORMULAS,
        "warning",
        ("the formula `{shown}` of the source ({place}) is missing", "put it where the source has it"),
        ("the formula is not that of the source ({place}), `{shown}`", "write it as the source does"),
        ("the formula `{shown}` is not in the source", "take it out, or write it in the source, too"),
    ),
    "image": Saying(
        FIGURES,
        "error",
        ("the picture `{shown}` in a line of the source ({place}) is missing", "put it where the source has it"),
        ("the picture is not that of the source ({place}), `{shown}`", "take the file of the source"),
        ("the picture `{shown}` is not in the source", "take it out, or put it into the source, too"),
    ),
}


def report_lost(mark: Mark, near: Place, unit: Unit, findings: Findings) -> None:
    """The source has `mark` in `unit`; in the translation it should stand at or behind `near`."""
    saying = SAYINGS[mark.kind]
    _say(saying.lost, saying.severity, near, mark, "", unit, findings)


def report_changed(mark: Mark, other: Mark, unit: Unit, findings: Findings) -> None:
    """In place of `mark`, which the source has in `unit`, the translation has `other`."""
    saying = SAYINGS[mark.kind]
    said = saying.changed
    if mark.key == other.key:
        message = f"this cites `{{key}}` {_locator(other)}, and the source ({{place}}) {_locator(mark)}"
        said = message, "the numbers of pages and sections stay as they are"
    elif mark.kind == "link" and _host(mark.key) and _host(mark.key) == _host(other.key):
        said = said[0], SAME_LANGUAGE
    _say(said, saying.severity, other.place, mark, other.key, unit, findings)


def report_new(mark: Mark, unit: Unit, lost: Iterable[str], findings: Findings) -> None:
    """Only the translation has `mark`, in its `unit`; `lost` are the keys that it lacks elsewhere."""
    message, hint = SAYINGS[mark.kind].new
    near = nearest(mark.key, lost)
    said = message, f"did you mean `{near}`?" if near else hint
    _say(said, "warning", mark.place, mark, near or "", unit, findings)


def _say(
    said: tuple[str, str], severity: Severity, place: Place, mark: Mark, other: str, unit: Unit, findings: Findings
) -> None:
    values = {"key": mark.key, "place": mark.place, "other": other, "shown": mark.shown or mark.key}
    message, hint = (text.format(**values) for text in said)
    about_it = (*mark.key.split("`, `"), mark.shown, other, *about(unit))
    findings.add(severity, place, message, SAYINGS[mark.kind].rule, hint, about_it)


def _locator(mark: Mark) -> str:
    """`p. 5` of a citation, as it is written there; it is no format string."""
    locator = mark.shown.partition(",")[2].strip().replace("{", "{{").replace("}", "}}")
    return f"with `{locator}`" if locator else "without a page or section"


def _host(address: str) -> str:
    """The last two parts of a host: `wikipedia.org` of `sr.wikipedia.org`."""
    return ".".join((urlsplit(address).hostname or "").split(".")[-2:])
