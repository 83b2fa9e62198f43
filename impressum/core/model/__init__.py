"""The values passed between stages: frozen, without behaviour that touches files."""

from __future__ import annotations

Json = None | bool | int | float | str | list["Json"] | tuple["Json", ...] | dict[str, "Json"]
