"""Waivers: rules that a release does not wait for, each with its reason, and never a silent one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from impressum.core.errors import Fault, Faults, Place, Severity, WrongUsage, nearest
from impressum.core.model.release import Waiver
from impressum.core.rules import NEVER_WAIVED, RULES
from impressum.system.cache import Json


def read_waivers(rules: Sequence[str], reasons: Sequence[str]) -> tuple[Waiver, ...]:
    """The waivers that the command line gives, rule by reason. Raises WrongUsage for what cannot be one."""
    if len(rules) != len(reasons):
        raise WrongUsage("each `--waive RULE` needs its own `--reason TEXT`")
    for rule in rules:
        if rule not in RULES:
            near = nearest(rule, RULES)
            raise WrongUsage(f"--waive: there is no rule `{rule}`" + (f"; did you mean `{near}`?" if near else ""))
        if rule in NEVER_WAIVED:
            raise WrongUsage(f"--waive: `{rule}` is never waived ({RULES[rule]})")
        if rules.count(rule) > 1:
            raise WrongUsage(f"--waive: `{rule}` is given twice")
    waivers = tuple(Waiver(rule, " ".join(reason.split())) for rule, reason in zip(rules, reasons, strict=True))
    for waiver in waivers:
        if not waiver.reason:
            raise WrongUsage(f"--reason: say why `{waiver.rule}` is waived")
    return waivers


def weights(rules: Mapping[str, Severity], waivers: Sequence[Waiver]) -> dict[str, Severity]:
    """The publication's `rules` as a release weighs them.

    What is never waived weighs what Impressum gives it, and what the gate asks no less: that is waived, and recorded,
    or it holds. A waived rule that would stop the release is a warning.
    """
    kept = _kept(rules)
    lowered = [waiver.rule for waiver in waivers if kept.get(waiver.rule, "error") == "error"]
    return kept | dict.fromkeys(lowered, "warning")


def _kept(rules: Mapping[str, Severity]) -> dict[str, Severity]:
    """Those of the publication's `rules` that hold in a release."""
    return {
        rule: weight
        for rule, weight in rules.items()
        if rule not in NEVER_WAIVED and (weight == "error" or not rule.startswith("release-"))
    }


def waived(
    waivers: Sequence[Waiver], rules: Mapping[str, Severity], faults: Faults
) -> tuple[tuple[Waiver, tuple[Fault, ...]], ...]:
    """Each waiver with the faults that would have stopped the release by the publication's `rules`.

    One that has none leads to a warning, and is left out.
    """
    used = []
    kept = _kept(rules)
    for waiver in waivers:
        of_rule = [one for one in faults.found() if one.rule == waiver.rule]
        found = sorted(
            (one for one in of_rule if kept.get(one.rule, one.severity) == "error" and not faults.allowance(one)),
            key=lambda one: (one.place, one.message),
        )
        if found:
            used.append((waiver, tuple(found)))
        else:
            message = "nothing had to be waived: no error of this rule was found"
            hint = "leave it out next time; it is not recorded"
            faults.warning(Place(f"--waive {waiver.rule}"), message, "waiver-unused", hint)
    return tuple(used)


def as_json(used: Sequence[tuple[Waiver, tuple[Fault, ...]]]) -> list[Json]:
    """The waivers for the records: the rule, the reason, and each fault with its place."""
    return [
        {
            "rule": waiver.rule,
            "reason": waiver.reason,
            "faults": [
                {
                    "path": fault.place.path,
                    "line": fault.place.line,
                    "column": fault.place.column,
                    "message": fault.message,
                }
                for fault in faults
            ],
        }
        for waiver, faults in used
    ]
