"""What the file says about itself: fonts, title, language, tags, claims, and nothing that acts."""

from __future__ import annotations

from unicodedata import normalize

from impressum.stages.verify.evidence import FALLBACK, Evidence

STANDARDS = ("PDF/UA-1", "PDF/A-2a")
HINT = "this is a fault of Impressum or of a template of this publication; leave the template out to see which"


def check_fonts(evidence: Evidence) -> None:
    """Every font is in the file, and none is drawn letter by letter (Type 3)."""
    for font in evidence.structure.fonts:
        if font.kind == "/Type3":
            evidence.faults.error(
                evidence.place(font.page),
                f"page {font.page} uses a Type 3 font, which cannot be read aloud or printed well",
                "font-type3",
                "use a figure or an image that was made with TrueType or OpenType fonts",
            )
        elif not font.embedded:
            evidence.faults.error(
                evidence.place(font.page),
                f"the font `{font.name}` on page {font.page} is not embedded",
                "font-not-embedded",
                "use a figure or an image that embeds its fonts",
            )


def check_document(evidence: Evidence) -> None:
    """Title, language, tags, claims; no script, no program, no file inside."""
    made, expected = evidence.structure, evidence.expected
    found = []
    for title in dict.fromkeys(made.titles):
        if normalize("NFC", title) != normalize("NFC", expected.title):
            found.append((f"the file's title is `{title}`, not `{expected.title}`", "document-title"))
    if made.language != expected.tag:
        found.append((f"the file's language is `{made.language}`, not `{expected.tag}`", "document-language"))
    if not made.tagged:
        found.append(("the file does not say that it is tagged", "document-tags"))
    if not made.has_structure:
        found.append(("the file has no structure for a screen reader", "document-tags"))
    if not made.shows_title:
        found.append(("the file does not ask readers to show its title in the window", "document-title"))
    for standard in STANDARDS:
        if standard not in made.standards:
            found.append((f"the file does not declare {standard}", "document-standard"))
    if not made.has_output_intent:
        found.append(("the file has no output intent, so its colours have no meaning", "document-standard"))
    for danger in made.dangers:
        found.append((f"the file holds {danger}", "document-danger"))
    for message, rule in found:
        evidence.faults.error(FALLBACK, message, rule, HINT)


def check_tags(evidence: Evidence) -> None:
    """The tags hold together: a screen reader finds all that is printed, once, and the way back from it."""
    for misfit in evidence.structure.misfits:
        message = f"the tags do not hold together: {misfit.message}"
        evidence.faults.error(evidence.place(misfit.page), message, "document-tag-tree", HINT)
