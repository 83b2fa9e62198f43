"""What Typst complains of and is in no chapter is told where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from load_sources import PUBLICATION, sources, write

from impressum.core.errors import Faults, Place
from impressum.core.model.manuscript import Fragment
from impressum.core.model.publication import WrittenTexts
from impressum.stages.load import read_theme
from impressum.stages.typeset.complaints import explain

FILES = {
    "publication.yaml": f'{PUBLICATION}subtitle: "題"\nauthors:\n  - name: 漢\n',
    "chapters/de/01-start.md": "# Anfang\n\nText.\n",
    "chapters/de/edition.yaml": "title: Flüsse\nsubtitle: 字\n",
    "templates/theme.yaml": "type:\n  sans: Nowhere Sans\n  by-language:\n    de: {serif: Nirgendwo}\n",
}


@pytest.mark.parametrize(
    ("said", "tag", "place"),
    [
        ('the text `"題"` could not be displayed with font `"Spectral"`', "en", "publication.yaml:4:11"),
        ('the text `"字"` could not be displayed with font `"Spectral"`', "de", "chapters/de/edition.yaml:2:11"),
        # What the edition says itself it does not take from the publication.
        ('the text `"題"` could not be displayed with font `"Spectral"`', "de", "publication.yaml"),
        ('the text `"\\u{6f22}"` could not be displayed with font `"Spectral"`', "de", "publication.yaml:6:11"),
        ("unknown font family: nowhere sans", "en", "templates/theme.yaml:2:9"),
        ("unknown font family: nirgendwo", "de", "templates/theme.yaml:4:17"),
        ("unknown font family: other", "de", "templates/theme.yaml"),
    ],
)
def test_what_is_written_in_yaml_is_told_at_its_line(tmp_path: Path, said: str, tag: str, place: str) -> None:
    files = {name: text for name, text in FILES.items() if name != "templates/theme.yaml"}
    edition = next(one for one in sources(tmp_path, files).editions if one.tag == tag)
    theme = read_theme(write(tmp_path, FILES), "report", Place(""), Faults())
    written = WrittenTexts(edition.written, theme.families)
    told = {"message": said, "hints": [], "diagnostic": f"error: {said}\n"}
    (fault,) = explain(told, (), error=True, written=written)
    assert str(fault.place) == place


def test_a_letter_of_a_figure_is_told_where_its_words_are(tmp_path: Path) -> None:
    files = {
        "figures/map.yaml": "title: A map\nalt: A map\nwords:\n  north: 北\n",
        "figures/map.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>北 南</text></svg>\n',
    }
    (edition,) = sources(tmp_path, files).editions
    drawn = {"figures/map-0123456789ab.svg": files["figures/map.svg"].encode()}
    places = []
    for letter in "北南":
        said = f'the text `"{letter}"` could not be displayed with font `"Alegreya Sans"`'
        told = {"message": said, "hints": [], "diagnostic": f"error: {said}\n"}
        places += [
            str(one.place) for one in explain(told, (), error=True, files=drawn, written=WrittenTexts(edition.written))
        ]
    assert places == ["figures/map.yaml:4:10", "figures/map.yaml"]


@pytest.mark.parametrize(
    ("letter", "place"), [("ж", "chapters/en/01-a.md:5:3"), ("ш", "chapters/en/01-a.md:9:1"), ("ч", "publication.yaml")]
)
def test_a_letter_of_a_formula_is_told_at_its_line(letter: str, place: str) -> None:
    """Typst names no place in a formula; a word of the text with the same letter is set in another font."""
    lines = [
        "жшч in an equation of words",
        '#math.equation(alt: "ж", $upright("ж")$.body)',
        '#equation-block(none, "1", "ш", $ "ш" $)',
    ]
    places = (
        Place("chapters/en/01-a.md", 3, 1),
        Place("chapters/en/01-a.md", 5, 3),
        Place("chapters/en/01-a.md", 9, 1),
    )
    said = f'the text `"{letter}"` could not be displayed with font `"New Computer Modern Math"`'
    told = {"message": said, "hints": [], "diagnostic": f"error: {said}\n"}
    (fault,) = explain(told, (Fragment.of("01-a", "\n".join(lines), places),), error=True)
    assert str(fault.place) == place


def test_a_letter_of_a_picture_is_told_at_the_line_that_shows_it() -> None:
    fragment = Fragment.of("01-a", 'A word.\n#image("/images/ab.svg")', (Place("a.md", 3, 1), Place("a.md", 7, 1)))
    drawn = {"images/aa.svg": "<svg>南</svg>".encode(), "images/ab.svg": "<svg>北</svg>".encode()}
    places = []
    for letter in "北南":
        said = f'the text `"{letter}"` could not be displayed with font `"Alegreya Sans"`'
        told = {"message": said, "hints": [], "diagnostic": f"error: {said}\n"}
        places += [str(one.place) for one in explain(told, (fragment,), error=True, files=drawn)]
    assert places == ["a.md:7:1", "publication.yaml"]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("chapters/01-a.typ", "a.md:3:1: error: {} [typeset-failed]\n  hint: mend this Typst code, which `raw: allow`"),
        ("book/cover.typ", "templates/cover.typ:1:3: error: {} [typeset-failed]\n  hint: mend this template; where"),
        ("nowhere.typ", "publication.yaml: error: {} [typeset-failed]\n  hint: look at what was changed last"),
    ],
)
def test_code_that_typst_cannot_set_is_told_with_what_to_do(at: str, told: str) -> None:
    said = "file not found (searched at /somewhere/typst/x.wasm)"
    (fault,) = explain(
        {"message": said, "hints": [], "diagnostic": f"error: {said}\n  ┌─ {at}:1:2\n"},
        (Fragment.of("01-a", "#f()", (Place("a.md", 3, 1),)),),
        error=True,
    )
    assert str(fault).startswith(told.format("Typst cannot set this: file not found"))
