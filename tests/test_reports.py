"""The faults of `check` in the forms that code scanners and workflows read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from building import built_copy, copy, impressum

from impressum import __version__
from impressum.cli.commands.reports import as_github, as_sarif
from impressum.core.errors import Allowance, Fault, Place

FAULT = Fault(Place("chapters/en/01 a.md", 3, 5), "100 % of it, there: no", "note-undefined", "say it", "warning")


def test_a_workflow_reads_each_fault_with_its_place() -> None:
    assert as_github((FAULT,)) == (
        "::warning file=chapters/en/01 a.md,line=3,col=5,title=note-undefined::100 %25 of it, there: no%0Asay it"
    )


def test_marks_in_the_name_of_a_file_do_not_end_its_name() -> None:
    fault = Fault(Place("a:b,c.md"), "No", "file-size")
    assert as_github((fault,)) == "::error file=a%3Ab%2Cc.md,title=file-size::No"


def test_sarif_names_rule_place_and_weight() -> None:
    (run,) = json.loads(as_sarif((FAULT,)))["runs"]
    (result,) = run["results"]
    assert result["message"] == {"text": "100 % of it, there: no\nsay it"}
    assert (result["ruleId"], result["level"]) == ("note-undefined", "warning")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "note-undefined"
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "chapters/en/01%20a.md", "uriBaseId": "ROOT"}
    assert location["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 5}


def test_sarif_explains_each_rule_and_how_to_let_it_pass() -> None:
    lost = Fault(Place("a.md", 1), "No", "raw-html")
    (run,) = json.loads(as_sarif((FAULT, Fault(Place("a.md", 1), "No", "heading-skipped"), lost)))["runs"]
    skipped, undefined, raw = run["tool"]["driver"]["rules"]
    assert skipped["id"] == "heading-skipped"
    assert skipped["fullDescription"]["text"][0].isupper()
    _, weighs, allows, page = skipped["help"]["text"].split("\n")
    assert weighs == "`rules: {heading-skipped: warning}` (or `off`) in publication.yaml says what it weighs."
    assert allows.startswith("`{## allow heading-skipped: reason ##}` in a chapter, ")
    assert page == "See `heading-skipped` in docs/rules.md."
    assert "No comment lets one occurrence pass" in raw["help"]["markdown"]
    assert undefined["shortDescription"]["text"]


# What SARIF 2.1.0 gives its objects: what each must have, then what else of it we write (sections 3.13, 3.14, 3.18,
# 3.19, 3.49, 3.12, 3.27, 3.11, 3.28, 3.29, 3.4, 3.30, 3.35).
Kind = tuple[set[str], set[str], dict[str, Any]]
TEXT: Kind = ({"text"}, {"markdown"}, {})
REGION: Kind = ({"startLine"}, {"startColumn"}, {})
PLACE: Kind = ({"artifactLocation"}, {"region"}, {"artifactLocation": ({"uri"}, {"uriBaseId"}, {}), "region": REGION})
LOCATION: Kind = (set(), {"physicalLocation"}, {"physicalLocation": PLACE})
RULE: Kind = ({"id"}, set(), {"shortDescription": TEXT, "fullDescription": TEXT, "help": TEXT})
DRIVER: Kind = ({"name"}, {"version", "informationUri"}, {"rules": RULE})
SUPPRESSION: Kind = ({"kind"}, {"status", "justification"}, {"location": LOCATION})
RESULT: Kind = (
    {"message"},
    {"ruleId", "ruleIndex", "level"},
    {"message": TEXT, "locations": LOCATION, "suppressions": SUPPRESSION},
)
RUN: Kind = ({"tool"}, {"columnKind"}, {"tool": ({"driver"}, set(), {"driver": DRIVER}), "results": RESULT})
LOG: Kind = ({"version", "runs"}, {"$schema"}, {"runs": RUN})
VALUES = {
    "version": {"2.1.0", __version__},
    "level": {"none", "note", "warning", "error"},
    "kind": {"inSource", "external"},
    "status": {"accepted", "underReview", "rejected"},
    "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
}


def unknown(thing: Any, kind: Kind, path: str = "log") -> Iterator[str]:
    """What SARIF does not allow in `thing`, an object of this kind or a list of such."""
    if isinstance(thing, list):
        for number, one in enumerate(thing):
            yield from unknown(one, kind, f"{path}[{number}]")
        return
    must, may, inner = kind
    yield from (f"{path} lacks {name}" for name in sorted(must - thing.keys()))
    yield from (f"{path}.{name} is unknown" for name in sorted(thing.keys() - must - may - inner.keys()))
    yield from (
        f"{path}.{name}: {thing[name]}" for name in VALUES.keys() & thing.keys() if thing[name] not in VALUES[name]
    )
    for name in inner.keys() & thing.keys():
        yield from unknown(thing[name], inner[name], f"{path}.{name}")


def test_a_sarif_log_holds_what_the_standard_knows_and_nothing_else() -> None:
    allowed = (Fault(Place("a.md", 1), "No", "heading-skipped"), Allowance(Place("a.md", 1), "heading-skipped", "So"))
    log = json.loads(as_sarif((FAULT, Fault(Place("b.md"), "No", "file-size")), (allowed,)))
    assert list(unknown(log, LOG)) == []
    log["runs"][0]["results"][0]["weight"] = 1
    log["runs"][0]["results"][1]["level"] = "fatal"
    del log["runs"][0]["tool"]["driver"]["name"]
    assert sorted(unknown(log, LOG)) == [
        "log.runs[0].results[0].weight is unknown",
        "log.runs[0].results[1].level: fatal",
        "log.runs[0].tool.driver lacks name",
    ]


def test_a_fault_of_a_whole_file_has_no_region() -> None:
    (result,) = json.loads(as_sarif((Fault(Place("a.md"), "No", "file-size"),)))["runs"][0]["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_check_writes_its_report_in_each_form(tmp_path: Path) -> None:
    root = copy("broken-note-undefined", tmp_path / "p")
    text = impressum(root, "check")
    sarif = impressum(root, "check", "--report", "sarif")
    github = impressum(root, "check", "--report", "github")
    assert (text.code, sarif.code, github.code) == (1, 1, 1)
    assert sarif.stderr == github.stderr == ""
    results = json.loads(sarif.stdout)["runs"][0]["results"]
    assert len(results) == github.stdout.count("::error") == text.faults.count(": error: ") > 0


def test_a_publication_without_faults_has_an_empty_report(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "p")
    assert impressum(root, "check", "--report", "github").stdout == ""
    assert json.loads(impressum(root, "check", "--report", "sarif").stdout)["runs"][0]["results"] == []
