"""Formulas: each is there, and says to those who do not see it what it is."""

from __future__ import annotations

from collections import Counter

from impressum.verify.evidence import Evidence, shown


def check_formulas(evidence: Evidence) -> None:
    """Every formula of the sources is in the tags, as often as it is written (a title's again in the contents)."""
    left = Counter(evidence.structure.formulas)
    for chapter in evidence.meant.chapters:
        for formula in chapter.formulas:
            if left[formula.text] > 0:
                left[formula.text] -= 1
            else:
                evidence.faults.error(
                    formula.place,
                    f"the formula {shown(formula.text)} is not in the file",
                    "formula-lost",
                    "look whether a template of this publication leaves it out; if not, this is a fault of Impressum",
                )
