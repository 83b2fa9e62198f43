"""The bilingual proof: source and translation side by side, block by block, for the editor who must approve it."""

from __future__ import annotations

from impressum.translation.proof.rows import Row, rows_of

__all__ = ["Row", "rows_of"]
