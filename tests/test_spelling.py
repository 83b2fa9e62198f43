"""A file that is named in another spelling than its own is told with its own, also where the system finds it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from unicodedata import normalize

import pytest
from building import impressum
from load_sources import PUBLICATION, sources, told, told_of, write

from impressum.core.file_names import Misspelt, alike, misspelt

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
CASE = "macOS and Windows take both for the same, Linux and the web do not"
NFC, NFD = normalize("NFC", "été.svg"), normalize("NFD", "été.svg")


def folder(path: Path) -> Iterable[str]:
    """A disk as macOS lists it."""
    return {"/root": ("images", "bib"), "/root/images": ("Map.PNG", NFD, "map 2.png")}.get(path.as_posix(), ())


@pytest.mark.parametrize(
    ("name", "found", "rule"),
    [
        ("images/map.png", "images/Map.PNG", "file-case"),
        ("Images/map.png", "images/Map.PNG", "file-case"),
        ("IMAGES/Map.PNG", "images/Map.PNG", "file-case"),
        (f"images/{NFC}", f"images/{NFD}", "file-unicode-form"),
        (f"images/{NFC.upper()}", f"images/{NFD}", "file-case"),
    ],
)
def test_a_misspelt_name_is_found_on_any_system(name: str, found: str, rule: str) -> None:
    wrong = misspelt(Path("/root"), name, folder)
    assert wrong == Misspelt(name, found)
    assert wrong.rule == rule


@pytest.mark.parametrize("name", ["images/Map.PNG", f"images/{NFD}", "images/other.png", "images", "maps/map.png", ""])
def test_a_name_that_is_right_or_nowhere_is_not_misspelt(name: str) -> None:
    assert misspelt(Path("/root"), name, folder) is None


def test_the_same_letters_are_preferred_to_other_capitals() -> None:
    assert alike(NFC, ["Été.svg", NFD]) == NFD
    assert alike("map.png", ["Map.png", "map.png"]) == "map.png"
    assert alike("map.png", ["mop.png"]) is None


def test_images_of_the_cover_and_logos_are_told_by_their_right_name(tmp_path: Path) -> None:
    files = {
        "publication.yaml": PUBLICATION + "cover:\n  image: images/Cover.svg\n  alt: A river.\n"
        "partners:\n  - name: House\n    logo: Images/logo.SVG\n",
        "images/cover.svg": SVG,
        "images/logo.svg": SVG,
    }
    assert told(tmp_path, files) == [
        (
            "publication.yaml:5:10: error: the file `images/Cover.svg` is called `images/cover.svg` [file-case]\n"
            f"  hint: write it letter for letter: {CASE}"
        ),
        (
            "publication.yaml:9:11: error: the file `Images/logo.SVG` is called `images/logo.svg` [file-case]\n"
            f"  hint: write it letter for letter: {CASE}"
        ),
    ]


def test_the_form_of_accents_on_disk_is_told(tmp_path: Path) -> None:
    """Ensures it with a file of its own, as Git on macOS would not keep such a name in a repository."""
    files = {
        "publication.yaml": PUBLICATION + f"cover:\n  image: images/{NFC}\n  alt: A river.\n",
        "chapters/en/01-start.md": f'# Start\n\n![The river](images/{NFC}){{alt="A river."}}\n',
        f"images/{NFD}": SVG,
    }
    told_at = (
        "error: the name of the file `images/{}` is written with accents as characters of their own (NFD) on disk "
    )
    hint = f"[file-unicode-form]\n  hint: rename it, so that it is `{NFC}` in NFC: only macOS takes both for the same"
    assert told(tmp_path, files) == [f"publication.yaml:5:10: {told_at.format(NFC)}{hint}"]
    write(tmp_path, {**files, "publication.yaml": PUBLICATION})
    ran = impressum(tmp_path, "check")
    assert (ran.code, ran.faults) == (1, f"chapters/en/01-start.md:3:14: {told_at.format(NFC)}{hint}")


def test_figures_and_data_are_told_by_the_name_that_belongs_to_their_description(tmp_path: Path) -> None:
    files = {
        "figures/map.yaml": "title: Map\nalt: A map.\n",
        "figures/Map.SVG": SVG,
        "figures/data/trade.yaml": "title: Trade\nsource: https://example.org\n",
        "figures/data/Trade.CSV": "year,exports\n2020,1\n",
    }
    assert told(tmp_path, files) == [
        f"{found}: error: the file `{given}` is called `{found}` [file-case]\n  hint: rename it: {CASE}"
        for given, found in (
            ("figures/map.svg", "figures/Map.SVG"),
            ("figures/data/trade.csv", "figures/data/Trade.CSV"),
        )
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("figures/data", "figures/Data/trade.csv"),
        ("glossary.csv", "Glossary.csv"),
        ("templates/theme.yaml", "templates/Theme.yaml"),
        ("bib/references.bib", "Bib/References.bib"),
        ("chapters/en/edition.yaml", "chapters/en/Edition.yaml"),
    ],
)
def test_what_has_its_place_in_a_publication_is_told_in_another_spelling(
    given: str, found: str, tmp_path: Path
) -> None:
    depth = len(given.split("/"))
    called = "/".join(found.split("/")[:depth])
    assert f"{called}: error: the file `{given}` is called `{called}` [file-case]\n  hint: rename it: {CASE}" in told(
        tmp_path, {found: "# Start\n"}
    )


@pytest.mark.parametrize("name", ["publication.yaml", "chapters"])
def test_where_nothing_can_be_read_under_its_name_nothing_else_is_told(name: str, tmp_path: Path) -> None:
    workspace = write(tmp_path, {})
    (tmp_path / name).rename(tmp_path / name.capitalize())
    assert told_of(workspace) == [
        (
            f"{name.capitalize()}: error: the file `{name}` is called `{name.capitalize()}` [file-case]\n"
            f"  hint: rename it: {CASE}"
        )
    ]


def test_a_text_whose_name_is_decomposed_on_disk_can_be_included(tmp_path: Path) -> None:
    loaded = sources(tmp_path, {f"templates/{normalize('NFD', 'é')}.md": "Text.\n"})
    assert set(loaded.includes) == {normalize("NFC", "é.md")}
