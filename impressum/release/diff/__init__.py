"""Two finished files, or two releases, compared: pages, words, numbers. Knows nothing of any publication."""

from __future__ import annotations

from impressum.release.diff.compare import Changed, Comparison, compare
from impressum.release.diff.pages import read_pages
from impressum.release.diff.report import as_html, as_json, as_text

__all__ = ["Changed", "Comparison", "as_html", "as_json", "as_text", "compare", "read_pages"]
