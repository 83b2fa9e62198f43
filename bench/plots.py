"""Figures of any number, of all kinds, each drawn from a small table of its own, with its words in some languages."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "sr-Latn", "de", "fr")
TITLES = {
    "en": "Made-up series {number}",
    "sr-Latn": "Izmišljeni niz {number}",
    "de": "Erfundene Reihe {number}",
    "fr": "Série inventée {number}",
}
ALTS = {
    "en": "A chart of numbers that were made up. {values}.",
    "sr-Latn": "Grafikon s izmišljenim brojkama. {values}.",
    "de": "Ein Diagramm mit erfundenen Zahlen. {values}.",
    "fr": "Un graphique de chiffres inventés. {values}.",
}
SOURCES = {"en": "Made up", "sr-Latn": "Izmišljeno", "de": "Erfunden", "fr": "Inventé"}
UNITS = {"en": "million tonnes", "sr-Latn": "u milionima tona", "de": "Millionen Tonnen", "fr": "millions de tonnes"}
WORDS: Mapping[str, Mapping[str, str]] = {
    "north": {"en": "North", "sr-Latn": "Sever", "de": "Norden", "fr": "Nord"},
    "south": {"en": "South", "sr-Latn": "Jug", "de": "Süden", "fr": "Sud"},
    "east": {"en": "East", "sr-Latn": "Istok", "de": "Osten", "fr": "Est"},
    "west": {"en": "West", "sr-Latn": "Zapad", "de": "Westen", "fr": "Ouest"},
    "rail": {"en": "Rail", "sr-Latn": "Pruga", "de": "Bahn", "fr": "Rail"},
    "road": {"en": "Road", "sr-Latn": "Put", "de": "Straße", "fr": "Route"},
    "river": {"en": "River", "sr-Latn": "Reka", "de": "Fluss", "fr": "Fleuve"},
}
REGIONS, WAYS = ("north", "south", "east", "west"), ("rail", "road", "river")
YEARS = tuple(str(year) for year in range(2014, 2025))
SHAPES: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "bars": ("bar", REGIONS, ("rail",)),
    "columns": ("bar", YEARS[-5:], WAYS[:2]),
    "stacked": ("stacked", REGIONS, WAYS),
    "line": ("line", YEARS, WAYS),
    "area": ("area", YEARS, ("river",)),
    "slope": ("slope", (YEARS[0], YEARS[-1]), WAYS),
    "dot": ("dot", REGIONS, WAYS[:2]),
}
"""By name: the kind of chart, the rows and the columns of its table."""


@dataclass(frozen=True)
class Plot:
    """A figure: its `name`, the files that declare it by their names, and its texts by language."""

    name: str
    files: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]


def plots(count: int, seed: int = 1) -> tuple[Plot, ...]:
    """So many figures, in turns of all shapes, always the same ones for a seed."""
    chance = random.Random(seed)
    return tuple(_plot(number, chance) for number in range(count))


def _plot(number: int, chance: random.Random) -> Plot:
    kind, rows, columns = list(SHAPES.values())[number % len(SHAPES)]
    name = f"series-{number + 1:03d}"
    first = "year" if rows[0].isdigit() else "region"
    table = {row: [round(chance.uniform(1, 90), 1) for _ in columns] for row in rows}
    lines = [",".join((first, *columns)), *(",".join((row, *map(str, values))) for row, values in table.items())]
    texts = {language: _texts(number, language, table, columns) for language in LANGUAGES}
    own = texts[LANGUAGES[0]]
    declared = [
        *(f"{key}: {own[key]}" for key in ("title", "alt", "source", "unit")),
        f"chart: {kind}",
        f"data: [{name}]",
    ]
    declared += ["words:", *(f"  {word}: {own[word]}" for word in own if word in WORDS)]
    sidecar = f"title: {own['title']}\nsource: https://example.org/data/{number + 1}\nunit: {own['unit']}\n"
    return Plot(
        name,
        {
            f"{name}.yaml": "\n".join(declared) + "\n",
            f"data/{name}.csv": "\n".join(lines) + "\n",
            f"data/{name}.yaml": sidecar,
        },
        texts,
    )


def _texts(number: int, language: str, table: Mapping[str, list[float]], columns: tuple[str, ...]) -> dict[str, str]:
    def word(name: str) -> str:
        return WORDS[name][language] if name in WORDS else name

    def told(row: str, given: list[float]) -> str:
        pairs = (f"{word(column)} {value}" for column, value in zip(columns, given, strict=True))
        return f"{word(row)} {', '.join(pairs)}"

    values = "; ".join(told(row, given) for row, given in table.items())
    values = values if language == "en" else values.replace(".", ",")
    used = [name for name in (*table, *columns) if name in WORDS]
    return {
        "title": TITLES[language].format(number=number + 1),
        "alt": ALTS[language].format(values=values),
        "source": SOURCES[language],
        "unit": UNITS[language],
        **{name: word(name) for name in used},
    }
