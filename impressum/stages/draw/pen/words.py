"""The data and the words that a figure script takes by name."""

from __future__ import annotations

from typing import Any, NoReturn

from impressum.core.numerals import Numerals


class Unknown(KeyError):
    """A name that the figure does not have, and those that it has."""

    def __init__(self, noun: str, name: object, known: dict[str, Any]) -> None:
        super().__init__(name)
        self.sentence = f"the figure has no {noun} `{name}`"
        self.hint = f"its {noun}: {', '.join(known) or 'none'}; the figure's `.yaml` names them under `{noun}:`"


class Named(dict[str, Any]):
    """What a script takes by name: `data` or `words`; an unknown name is told with those that there are."""

    def __init__(self, known: dict[str, Any], noun: str) -> None:
        super().__init__(known)
        self.noun = noun

    def __missing__(self, name: object) -> NoReturn:
        raise Unknown(self.noun, name, self)


class Words(Named):
    """The words of a figure in the language `tag`, and how that language writes numbers and months."""

    def __init__(self, known: dict[str, Any], tag: str) -> None:
        super().__init__(known, "words")
        self.numerals = Numerals(tag)

    def number(self, value: float, decimals: int | None = None) -> str:
        """1234.5 as 1,234.5 or 1.234,5; with `decimals` digits after the mark, or as many as the value has."""
        return self.numerals.number(float(value), decimals)

    def percent(self, value: float, decimals: int | None = None) -> str:
        """A share of one: 0.345 as 34.5% or 34,5 %."""
        return self.numerals.percent(float(value), decimals)

    def currency(self, value: float, code: str, decimals: int | None = None) -> str:
        """12.5 in EUR as €12.5 or 12,5 €."""
        return self.numerals.currency(float(value), code, decimals)

    def month(self, text: object) -> str:
        """2023-05 as May 2023 or мај 2023; 2023-05-17 and 2023-Q2 as the language says them, 2023 as it is."""
        return self.numerals.time(str(text))
