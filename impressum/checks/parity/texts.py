"""Text that is still in the language of the source."""

from __future__ import annotations

import re

from impressum.checks.parity.findings import Findings
from impressum.checks.parity.lines import Spoken
from impressum.checks.parity.losses import about
from impressum.checks.parity.outline import Unit
from impressum.checks.parity.pairing import Region
from impressum.checks.parity.rule_ids import UNTRANSLATED

FEWEST_WORDS = 6
WORD = re.compile(r"[^\W\d_]+")


def report_untranslated(region: Region, source_language: str, language: str, findings: Findings) -> None:
    """Notes the texts of a region that are word for word those of the source, where the languages differ."""
    if spoken(source_language) == spoken(language):
        return
    for source, other in region.pairs:
        if other.context.untranslated or spoken(other.context.language) != spoken(language):
            continue
        if spoken(source.context.language) != spoken(source_language):
            continue
        ones = {line.name: line.content for line in source.lines}
        for line in other.lines:
            words = _words(line.content, other)
            if line.name != "source" and words and words == _words(ones.get(line.name, ()), source):
                _report(source, other, line.name, language, source_language, findings)


def spoken(language: str) -> tuple[str, ...]:
    """The language and the script of a tag, without its country: `en-GB` is `en`."""
    code, *rest = language.split("-")
    return (code.lower(), *(part.lower() for part in rest if len(part) == 4 and part.isalpha()))


def _words(content: object, unit: Unit) -> list[str]:
    """The words of a line without titles, citations, addresses and other languages; none where it may be a name."""
    text = Spoken(foreign=False, titles=False, quoted=not unit.context.in_note).read(content).text
    words = WORD.findall(text)
    small = sum(word[0].islower() or word.lower() == word.upper() for word in words)
    return [word.casefold() for word in words] if len(words) >= FEWEST_WORDS and small * 2 >= len(words) else []


def _report(source: Unit, other: Unit, name: str, language: str, source_language: str, findings: Findings) -> None:
    what = f"the {name} of the {other.kind}" if name else f"the {other.kind}"
    findings.warning(
        other.place,
        f"{what} is word for word that of the source ({source.place}): `{other.beginning}`",
        UNTRANSLATED,
        f"translate it; what is meant to stay goes into `::: {{lang={source_language}}}`, what is still to be "
        "translated into `::: untranslated`",
        about=about(other),
    )
