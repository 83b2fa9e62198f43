"""Impressum: Markdown chapters, a BibTeX file and data in; a checked, accessible, archival publication out."""

__version__ = "0.1.0"
