"""A publication of any size in five editions: the sample's own chapters over and over, with made-up works and figures.

English is the source. Serbian in Latin letters is the sample's translation, held to it; Serbian in Cyrillic is made of
that; German has the summaries translated and borrows the other chapters; French borrows all of them. So each edition
has all pages, citations, works and figures.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.plots import LANGUAGES, Plot, plots
from bench.texts import REPOSITORY, again, sample_chapters
from bench.works import bibliography, key

EDITIONS = ("en", "sr-Latn", "sr-Cyrl", "de", "fr")
HEADING = re.compile(r"^##+ ", re.MULTILINE)
CITED = re.compile(r"(?<![\w/`])@([\w-]+)")
ENTRY = re.compile(r"^@\w+\{(.*?),", re.MULTILINE)
SENTENCES = {
    "en": "The numbers, which are made up, stand in @fig-{name}.",
    "sr-Latn": "Brojke, koje su izmišljene, daje @fig-{name}.",
    "de": "Die Zahlen, die erfunden sind, zeigt @fig-{name}.",
}
TITLES = {
    "en": "A Publication of a Thousand Pages",
    "sr-Latn": "Publikacija od hiljadu strana",
    "de": "Eine Publikation von tausend Seiten",
    "fr": "Une publication de mille pages",
}
TYPES = {"en": "Study", "sr-Latn": "Studija", "de": "Studie", "fr": "Étude"}


@dataclass(frozen=True)
class Size:
    """How large a publication is: how often the chapters are repeated, and how many works and figures there are."""

    times: int
    works: int
    figures: int


@dataclass(frozen=True)
class Large:
    """What was written: the folder, and how many citations each edition has."""

    root: Path
    citations: int


def write(root: Path, size: Size) -> Large:
    """Writes the publication into `root`, which is made anew."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "bib").mkdir(parents=True)
    (root / "bib" / "references.bib").write_text(bibliography(size.works), encoding="utf-8")
    drawn = plots(size.figures)
    for plot in drawn:
        for name, content in plot.files.items():
            path = root / "figures" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    citations = _chapters(root, size, drawn)
    _declare(root, drawn)
    return Large(root, citations)


def _chapters(root: Path, size: Size, drawn: tuple[Plot, ...]) -> int:
    """Writes the chapters of the editions that have some; gives the number of citations of the source."""
    known = frozenset(ENTRY.findall((REPOSITORY / "bib" / "references.bib").read_text(encoding="utf-8")))
    texts = {tag: sample_chapters(tag) for tag in ("en", "sr-Latn", "de")}
    headings = size.times * sum(len(HEADING.findall(text)) for text in texts["en"].values())
    passed = citations = 0
    for turn in range(size.times):
        for at, (slug, source) in enumerate(texts["en"].items()):
            places = range(passed, passed + len(HEADING.findall(source)))
            figures = [_figure_at(place, headings, drawn) for place in places]
            passed += len(places)
            works = _works(source, known, citations, size.works)
            citations += len(works)
            for tag, chapters in texts.items():
                if slug in chapters:
                    text = _cited(again(chapters[slug], turn + 1), known, works)
                    path = (
                        root / "chapters" / tag / f"{turn * len(texts['en']) + at + 1:03d}-{slug.partition('-')[2]}.md"
                    )
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(_illustrated(text, figures, tag), encoding="utf-8")
    return citations


def _figure_at(place: int, headings: int, drawn: tuple[Plot, ...]) -> Plot | None:
    """The figure that stands before a heading, so that all of them are spread over all headings."""
    before, after = place * len(drawn) // headings, (place + 1) * len(drawn) // headings
    return drawn[before] if after > before else None


def _works(text: str, known: frozenset[str], begin: int, works: int) -> dict[tuple[str, int], str]:
    """The made-up work of each citation, by the work that is cited there and how many times it was before."""
    return {one: key((begin + number) % works) for number, one in enumerate(_citations(text, known))}


def _citations(text: str, known: frozenset[str]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for found in CITED.finditer(text):
        if found[1] in known:
            yield found[1], seen[found[1]]
            seen[found[1]] += 1


def _cited(text: str, known: frozenset[str], works: Mapping[tuple[str, int], str]) -> str:
    """The text with the made-up works, so that a translation cites those of its source."""
    order = _citations(text, known)
    return CITED.sub(lambda found: f"@{works[next(order)]}" if found[1] in known else found[0], text)


def _illustrated(text: str, figures: list[Plot | None], tag: str) -> str:
    """The text with its figures, each before the heading that it belongs to, and a sentence that names it."""
    order = iter(figures)

    def illustrated(found: re.Match[str]) -> str:
        plot = next(order)
        if plot is None:
            return found[0]
        name, title = plot.name, plot.texts[tag]["title"]
        return f"{SENTENCES[tag].format(name=name)}\n\n![{title}](figure:{name}){{#fig-{name}}}\n\n{found[0]}"

    return HEADING.sub(illustrated, text)


def _declare(root: Path, drawn: tuple[Plot, ...]) -> None:
    """`publication.yaml` and the files of the editions: YAML that is JSON, so that nothing needs to be escaped."""
    first = {
        "title": TITLES["en"],
        "language": "en",
        "date": "2025-06-30",
        "authors": [{"name": "The Impressum contributors"}],
        "impressum": {"publisher": {"name": "Impressum"}, "type": TYPES["en"]},
        "nocite": "all",
    }
    (root / "publication.yaml").write_text(_yaml(first), encoding="utf-8")
    for tag in EDITIONS[1:]:
        told: dict[str, object] = {"twin-of": "sr-Latn"}
        if tag in LANGUAGES:
            told = {
                "title": TITLES[tag],
                "authors": [{"name": "Impressum"}],
                "impressum": {"publisher": {"name": "Impressum"}, "type": TYPES[tag]},
                "figures": {plot.name: plot.texts[tag] for plot in drawn},
                "fallback": "show",
            }
        path = root / "chapters" / tag / "edition.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_yaml(told), encoding="utf-8")


def _yaml(told: Mapping[str, object]) -> str:
    """A mapping as YAML, one key a line; what stands below a key is indented."""

    def lines(value: Mapping[str, object], indent: str) -> Iterator[str]:
        for name, one in value.items():
            if isinstance(one, Mapping):
                yield f"{indent}{name}:"
                yield from lines(one, indent + "  ")
            else:
                yield f"{indent}{name}: {json.dumps(one, ensure_ascii=False)}"

    return "\n".join(lines(told, "")) + "\n"
