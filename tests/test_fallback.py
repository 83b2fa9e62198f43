"""What is not translated is set in the language of the source, under a notice, and the impressum says so."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pikepdf
from building import impressum, pages, scratch

PUBLICATION = "title: Rivers\nlanguage: en\ndate: 2025-01-31\n"
FIGURE = "title: Trade\nalt: Bars\nsource: Own count\nchart: bar\ndata: [trade]\n"
GERMAN = """title: Flüsse
fallback: show
figures:
  trade: {title: Handel, alt: Balken, source: Eigene Zählung, country: Land, exports: Ausfuhr}
data:
  trade: {country: Land, exports: Ausfuhr, Serbia: Serbien, China: China}
"""
START = "# Start\n\nSee @fig-bars in a chapter to come.\n\nThe second passage stays.\n"
MORE = """# More of it

See @fig-bars: the words of this chapter are English.[^1]

![How much](figure:trade){#fig-bars}

| What | Much |
|------|-----:|
| Boats | 1 |

: Boats {#tbl-boats}

::: source
Own count
:::

[^1]: A note in English.
"""
STARTED = """# Anfang

Siehe @fig-bars in einem späteren Kapitel.

::: untranslated
The second passage stays.
:::
"""


def write(root: Path) -> Path:
    files = {
        "publication.yaml": PUBLICATION,
        "chapters/en/01-start.md": START,
        "chapters/en/02-more.md": MORE,
        "chapters/de/01-start.md": STARTED,
        "chapters/de/edition.yaml": GERMAN,
        "figures/trade.yaml": FIGURE,
        "figures/data/trade.csv": "country,exports\nSerbia,1.4\nChina,5.6\n",
        "figures/data/trade.yaml": "title: Trade\nsource: https://example.org\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@cache
def made() -> tuple[Path, str]:
    """The German edition, and its words, in which lines are joined."""
    root = write(scratch() / "fallback")
    ran = impressum(root, "build", "--edition", "de")
    assert (ran.code, ran.faults) == (0, "")
    return root, " ".join(" ".join(pages(root, "rivers-de.pdf")).split())


def test_a_chapter_that_is_not_translated_stands_under_a_notice_in_the_language_of_the_edition() -> None:
    _, text = made()
    notice = "Dieses Kapitel ist noch nicht übersetzt; es steht hier in der Originalsprache."
    assert text.count(notice) == 1
    assert text.index("More of it") < text.index(notice) < text.index("the words of this chapter")


def test_its_labels_and_its_figures_are_those_of_its_own_language() -> None:
    _, text = made()
    assert "See Figure 1: the words" in text
    assert "Figure 1 How much" in text
    assert "Table 1 Boats" in text
    assert text.count("Source: Own count") == 2
    assert "Serbien" not in text


def test_a_reference_from_a_translated_chapter_speaks_the_language_of_that_chapter() -> None:
    assert "Siehe Abbildung 1 in einem späteren Kapitel" in made()[1]


def test_a_passage_that_is_not_translated_stands_under_a_notice_too() -> None:
    _, text = made()
    notice = "Diese Passage ist noch nicht übersetzt; sie steht hier in der Originalsprache."
    assert f"{notice} The second passage stays." in text


def test_the_impressum_lists_the_chapters_that_are_not_translated() -> None:
    assert "Nicht übersetzt 2 More of it" in made()[1]


def test_the_file_says_which_words_are_in_the_other_language() -> None:
    root, _ = made()
    with pikepdf.open(root / "dist/rivers-de.pdf") as document:
        assert str(document.Root.Lang) == "de"
        things = (thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary))
        languages = {str(thing.Lang) for thing in things if "/Lang" in thing}
    assert "en" in languages


def test_the_division_means_nothing_in_the_source_edition(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "chapters/en/01-start.md").write_text(STARTED, encoding="utf-8")
    assert "the class `untranslated` is not known" in impressum(tmp_path, "check").stderr


def test_a_figure_needs_no_words_of_an_edition_in_whose_own_chapters_it_does_not_stand(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "chapters/de/edition.yaml").write_text("title: Flüsse\nfallback: show\n", encoding="utf-8")
    assert impressum(tmp_path, "check").faults == ""
    (tmp_path / "chapters/de/02-more.md").write_text(MORE, encoding="utf-8")
    assert "the figure `trade` is not translated" in impressum(tmp_path, "check").faults
