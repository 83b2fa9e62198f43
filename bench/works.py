"""A bibliography of any size, made up: its authors, titles and addresses say that nobody wrote these works."""

from __future__ import annotations

import random

STEMS = ("Al", "Bar", "Cel", "Dor", "El", "Far", "Gal", "Har", "Il", "Jas", "Kor", "Lin", "Mar", "Nov", "Or", "Pet")
ENDINGS = ("evski", "ić", "mann", "son", "eau", "ova", "ini", "ström", "ák", "escu")
GIVEN = ("Ana", "Boris", "Clara", "David", "Elena", "Franz", "Greta", "Hugo", "Iva", "Jan", "Katja", "Luka", "Mira")
SUBJECTS = ("Ports", "Loans", "Railways", "Steel", "Tariffs", "Cameras", "Satellites", "Treaties", "Rivers", "Copper")
VIEWS = ("a Count", "a Comparison", "Ten Years Later", "What the Records Say", "a View from Below", "Some Doubts")
PLACES = ("Belgrade", "Vienna", "Novi Sad", "Budapest", "Leipzig", "Lyon", "Zagreb")


def key(number: int) -> str:
    """The key of the work `number`, from 0."""
    return f"made-up-{number + 1:04d}"


def bibliography(count: int, seed: int = 1) -> str:
    """So many works, as BibLaTeX: articles, books, chapters, reports and pages, always the same ones for a seed."""
    chance = random.Random(seed)
    return "\n".join(_work(number, chance) for number in range(count))


def _work(number: int, chance: random.Random) -> str:
    kind, fields = chance.choice((_article, _book, _chapter, _report, _page))(number, chance)
    title = f"{{{chance.choice(SUBJECTS)}}} and {chance.choice(SUBJECTS)}: {chance.choice(VIEWS)} ({number + 1})"
    everything = {"author": _authors(chance), "title": title, "date": str(chance.randint(1990, 2025)), **fields}
    return "\n".join(
        [f"@{kind}{{{key(number)},", *(f"  {name} = {{{value}}}," for name, value in everything.items()), "}\n"]
    )


def _authors(chance: random.Random) -> str:
    names = (
        f"{chance.choice(STEMS)}{chance.choice(ENDINGS)}, {chance.choice(GIVEN)}"
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4)))
    )
    return " and ".join(dict.fromkeys(names))


def _pages(chance: random.Random) -> str:
    first = chance.randint(1, 400)
    return f"{first}--{first + chance.randint(4, 40)}"


Described = tuple[str, dict[str, str]]


def _article(number: int, chance: random.Random) -> Described:
    volume, issue = str(chance.randint(1, 60)), str(chance.randint(1, 6))
    return "article", {
        "journaltitle": f"Journal of Made-Up Results {chance.choice('ABCDEFGH')}",
        "volume": volume,
        "number": issue,
        "pages": _pages(chance),
        "doi": f"10.5555/made.up.{number + 1}",
    }


def _book(number: int, chance: random.Random) -> Described:
    return "book", {"publisher": "Invented Press", "location": chance.choice(PLACES)}


def _chapter(number: int, chance: random.Random) -> Described:
    return "incollection", {
        "booktitle": f"Invented Essays, Volume {chance.randint(1, 30)}",
        "editor": f"{chance.choice(STEMS)}{chance.choice(ENDINGS)}, {chance.choice(GIVEN)}",
        "pages": _pages(chance),
        "publisher": "Invented Press",
        "location": chance.choice(PLACES),
    }


def _report(number: int, chance: random.Random) -> Described:
    return "report", {
        "type": "Working paper",
        "number": str(number + 1),
        "institution": f"Institute for Invented Data, {chance.choice(PLACES)}",
        "url": f"https://example.org/reports/{number + 1}",
    }


def _page(number: int, chance: random.Random) -> Described:
    day = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    return "online", {
        "date": day,
        "url": f"https://example.org/{chance.choice(PLACES).lower().replace(' ', '-')}/{number + 1}",
    }
