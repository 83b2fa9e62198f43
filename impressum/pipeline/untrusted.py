"""A stranger's texts with a trusted base: what of a publication is whose, and what no rule of anybody lowers.

The base's configuration, templates and figure scripts are joined with the stranger's texts in a folder of their own
(`cli/untrusted/assembly.py`), in which the line runs shut in; what it publishes is taken out of there (`delivery.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from impressum.core.errors import Allowance, Fault, Faults, Place
from impressum.core.model.sources import Edition, Sources

__all__ = ["SECURITY", "UntrustedTexts", "but_for_security", "guarded"]

SECURITY = frozenset(
    """
    text-control text-bidi text-private-use text-marks file-outside file-unreadable file-size yaml-unknown-key
    excel-file figure-network figure-unfit figure-slow figure-memory figure-file image-outside image-remote
    image-unreadable template-refused template-include template-letter template-too-slow template-too-big
    bib-url-scheme bib-too-deep bib-too-large bib-string-cycle bib-string-too-long bib-crossref-cycle
    bib-crossref-too-deep bib-macro-refused bib-html citeproc-failed citation-malformed nested-too-deep id-malformed
    class-malformed attribute-malformed language-malformed length-malformed title-too-long word-too-long
    table-too-long notes-too-many raw-attribute raw-code raw-html link-scheme link-malformed document-danger
    """.split()
)
"""Rules whose errors stay errors in an untrusted build, whatever `rules:` says."""


@dataclass(frozen=True)
class UntrustedTexts:
    """That the line runs over a stranger's texts: what was noted of them before, and why it is not sandboxed.
    `unshielded` is empty where it is."""

    warnings: tuple[Fault, ...] = ()
    unshielded: str = ""


def but_for_security(allowance: Callable[[Fault], Allowance | None]) -> Callable[[Fault], Allowance | None]:
    """`allowance`, which says what comments let pass, without the faults under `SECURITY`."""
    return lambda fault: None if fault.rule in SECURITY else allowance(fault)


def guarded(sources: Sources, untrusted: UntrustedTexts, faults: Faults) -> Sources:
    """`sources` without what the base allows to its own authors alone; rules of `SECURITY` weigh what they weigh.
    Raises Faulty where a figure script would run with nothing around it."""
    faults.severities = {
        rule: weight for rule, weight in faults.severities.items() if rule not in SECURITY or weight == "error"
    }
    if untrusted.unshielded:
        scripts = [figure for figure in sources.figures.values() if figure.is_script]
        message = f"the script is not run, as this system does not shut it in: {untrusted.unshielded}"
        hint = "build where namespaces or bubblewrap are allowed: docs/security.md says how"
        for figure in scripts:
            faults.error(Place(figure.file), message, "untrusted-unshielded", hint)
        if scripts:
            faults.stop_if_any()
    editions = tuple(_refusing_code(edition) for edition in sources.editions)
    source = _refusing_code(sources.source) if sources.source else None
    if source and sources.source in sources.editions:
        source = editions[sources.editions.index(sources.source)]
    publication = sources.publication.model_copy(update={"raw": "refuse"})
    return replace(sources, publication=publication, editions=editions, source=source)


def _refusing_code(edition: Edition) -> Edition:
    return replace(edition, publication=edition.publication.model_copy(update={"raw": "refuse"}))
