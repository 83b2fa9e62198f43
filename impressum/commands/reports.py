"""Faults in the forms that other programs read: SARIF for code scanners, the commands of a GitHub workflow.

Sources: SARIF 2.1.0 (OASIS Standard, 27 March 2020), sections 3.19 (tool), 3.27 (result), 3.29 to 3.30 (places);
GitHub's "Workflow commands", for messages and their escapes.
"""

from __future__ import annotations

import json
from urllib.parse import quote

from impressum import __version__
from impressum.errors import Fault
from impressum.memo import Json
from impressum.rules import RULES

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "ROOT"
"""The name of the publication's folder, to which all paths are relative."""


def as_sarif(faults: tuple[Fault, ...]) -> str:
    """`faults` as a log of SARIF 2.1.0 with one run; columns count code points, as everywhere here."""
    named = sorted({fault.rule for fault in faults})
    log: dict[str, Json] = {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Impressum",
                        "version": __version__,
                        "rules": [{"id": rule, "shortDescription": {"text": RULES.get(rule, rule)}} for rule in named],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(fault, named.index(fault.rule)) for fault in faults],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2)


def _result(fault: Fault, rule: int) -> Json:
    text = f"{fault.message}\n{fault.hint}" if fault.hint else fault.message
    result: dict[str, Json] = {
        "ruleId": fault.rule,
        "ruleIndex": rule,
        "level": fault.severity,
        "message": {"text": text},
    }
    if fault.place.path:
        place: dict[str, Json] = {"artifactLocation": {"uri": quote(fault.place.path), "uriBaseId": ROOT}}
        if fault.place.line:
            region: dict[str, Json] = {"startLine": fault.place.line}
            if fault.place.column:
                region["startColumn"] = fault.place.column
            place["region"] = region
        result["locations"] = [{"physicalLocation": place}]
    return result


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
