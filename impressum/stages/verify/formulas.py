"""Formulas: each is there, and says to those who do not see it what it is."""

from __future__ import annotations

from collections import Counter, defaultdict

from impressum.stages.verify.evidence import Evidence, shown
from impressum.stages.verify.structure import FormulaMade


def check_formulas(evidence: Evidence) -> None:
    """Every formula of the sources is in the tags, as often as it is written (a title's again in the contents)."""
    expected = [formula for chapter in evidence.expected.chapters for formula in chapter.formulas]
    made: dict[str, list[FormulaMade]] = defaultdict(list)
    for one in sorted(evidence.structure.formulas, key=lambda one: (one.page, one.box.top, one.box.left)):
        made[one.text].append(one)
    for text, times in Counter(formula.text for formula in expected).items():
        made[text] = made[text][-times:]  # what the contents say again stands before all chapters
    for formula in expected:
        if made[formula.text]:
            evidence.formulas.append((made[formula.text].pop(0), formula.place))
        else:
            evidence.faults.error(
                formula.place,
                f"the formula {shown(formula.text)} is not in the file",
                "formula-lost",
                "look whether a template of this publication leaves it out; if not, this is a fault of Impressum",
            )
