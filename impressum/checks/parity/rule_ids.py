"""The rules under which a translated chapter is compared with its source."""

from __future__ import annotations

from impressum.stages.convert.inherited_ids import IDS as IDS

HEADINGS = "parity-headings"
NOTES = "parity-notes"
CITATIONS = "parity-citations"
FIGURES = "parity-figures"
TABLES = "parity-tables"
BLOCKS = "parity-blocks"
FORMULAS = "parity-formulas"
REFERENCES = "parity-references"
LINKS = "parity-links"
NUMBERS = "parity-numbers"
PLACEHOLDERS = "parity-placeholders"
UNTRANSLATED = "parity-untranslated"
LETTERS = "letters-mixed"

RULES = (
    HEADINGS,
    IDS,
    NOTES,
    CITATIONS,
    FIGURES,
    TABLES,
    BLOCKS,
    FORMULAS,
    REFERENCES,
    LINKS,
    NUMBERS,
    PLACEHOLDERS,
    UNTRANSLATED,
    LETTERS,
)
"""All of them: those that `differences` in `edition.yaml` may name."""
