"""Faults for other programs: SARIF 2.1.0 (OASIS Standard, 27 March 2020: sections 3.19, 3.27, 3.29 to 3.30) for code
scanners, and GitHub's "Workflow commands" with their escapes."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from impressum import __version__
from impressum.core.errors import Allowance, Fault, Place, Silenced
from impressum.core.rules import NEVER_SILENCED, RULES
from impressum.system.cache import Json

ROOT = "ROOT"
"""The name of the publication's folder, to which all paths are relative."""


def as_sarif(faults: tuple[Fault, ...], silenced: tuple[Silenced, ...] = ()) -> str:
    """A SARIF 2.1.0 log with one run: `faults`, and the `silenced` as suppressed; columns count code points."""
    named = sorted({fault.rule for fault in (*faults, *(fault for fault, _ in silenced))})
    log: dict[str, Json] = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Impressum",
                        "version": __version__,
                        "rules": [_rule(rule) for rule in named],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    *(_result(fault, named.index(fault.rule), []) for fault in faults),
                    *(_result(fault, named.index(fault.rule), [_suppression(by)]) for fault, by in silenced),
                ],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(rule: str) -> Json:
    """A rule as a viewer of the log explains it, without an address: the page of rules has no fixed one."""
    meaning = RULES.get(rule, rule)
    sentence = f"{meaning[:1].upper()}{meaning[1:]}."
    lowered = f"`rules: {{{rule}: warning}}` (or `off`) in publication.yaml says what it weighs."
    allowed = (
        f"`{{## allow {rule}: reason ##}}` in a chapter, `# allow {rule}: reason` in YAML lets one occurrence pass."
    )
    never = "No comment lets one occurrence pass: readers would not get what was written."
    helped = [sentence, lowered, never if rule in NEVER_SILENCED else allowed, f"See `{rule}` in docs/rules.md."]
    return {
        "id": rule,
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": sentence},
        "help": {"text": "\n".join(helped), "markdown": "\n\n".join(helped)},
    }


def _suppression(allowance: Allowance) -> Json:
    """The comment by which a fault is allowed (SARIF 2.1.0, section 3.35)."""
    where: dict[str, Json] = {"physicalLocation": _physical(allowance.place)}
    return {"kind": "inSource", "status": "accepted", "justification": allowance.reason, "location": where}


def _result(fault: Fault, rule: int, suppressions: list[Json]) -> Json:
    """A result; `suppressions` is there in all results of a run or in none (section 3.27.23)."""
    text = f"{fault.message}\n{fault.hint}" if fault.hint else fault.message
    result: dict[str, Json] = {
        "ruleId": fault.rule,
        "ruleIndex": rule,
        "level": fault.severity,
        "message": {"text": text},
        "suppressions": suppressions,
    }
    if fault.place.path:
        result["locations"] = [{"physicalLocation": _physical(fault.place)}]
    return result


def _physical(place: Place) -> Json:
    physical: dict[str, Json] = {"artifactLocation": {"uri": quote(os.fsencode(place.path)), "uriBaseId": ROOT}}
    if place.line:
        region: dict[str, Json] = {"startLine": place.line}
        if place.column:
            region["startColumn"] = place.column
        physical["region"] = region
    return physical


def as_github(faults: tuple[Fault, ...]) -> str:
    """`faults` as workflow commands, a line each, which GitHub shows beside the line of the file."""
    return "\n".join(map(_annotation, faults))


def _annotation(fault: Fault) -> str:
    place = fault.place
    numbers = ((name, str(value)) for name, value in (("line", place.line), ("col", place.column)) if value)
    properties = (("file", place.path), *numbers, ("title", fault.rule))
    said = ",".join(f"{name}={_property(value)}" for name, value in properties if value)
    text = f"{fault.message}\n{fault.hint}" if fault.hint else fault.message
    return f"::{fault.severity} {said}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
