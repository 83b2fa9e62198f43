"""After each edit `check` says what a check from nothing would say, and reads only the chapters that it must."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from building import impressum, line_of, replace

from impressum.pipeline.build import check

BOAT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
    '<rect width="{width}" height="9"/></svg>'
)
SOURCES = {
    "publication.yaml": (
        "title: The River Trade\nlanguage: en\ndate: 2025-03-31\nslug: river\nrules: {bib-unused: off}\n"
    ),
    "bib/references.bib": (
        "@book{rivers, author = {Keeper, Ann}, title = {Rivers}, year = {1999}, publisher = {Old Press}}\n"
    ),
    "figures/data/loads.csv": "year,loads\n1868,120\n1869,90\n",
    "figures/data/loads.yaml": "title: Loads at the landing\nsource: rivers\n",
    "figures/loads.yaml": (
        "title: Loads at the landing\nalt: Loads fell from 120 to 90.\ndata: [loads]\nchart: bar\nunit: loads\n"
    ),
    "chapters/en/01-trade.md": (
        "# The trade\n\nThe boats came in spring [@rivers].\n\n## Of the boats\n\nThey stayed for the the week.\n\n"
        "![Loads at the landing](figure:loads){#fig-loads}\n\nAs @fig-loads shows, they grew fewer.\n"
    ),
    "chapters/en/02-decline.md": (
        '# The decline\n\nIn the year before it were {{ data.loads["1868"].loads }} loads.\n\nThen came 3 trains.\n\n'
        "![A boat](images/boat.svg)\n"
    ),
    "images/boat.svg": BOAT.format(width=30),
    "chapters/de/01-trade.md": (
        "# Der Handel\n\nDie Boote kamen im Frühling [@rivers].\n\n## Von den Booten\n\nSie blieben eine Woche.\n\n"
        "![Ladungen an der Lände](figure:loads){#fig-loads}\n\nWie @fig-loads zeigt, wurden es weniger.\n"
    ),
    "chapters/de/02-decline.md": (
        '# Das Ende\n\nIm Jahr davor waren es {{ data.loads["1868"].loads }} Ladungen.\n\nDann kamen 4 Züge.\n'
    ),
    "chapters/de/edition.yaml": (
        "title: Der Handel am Fluss\nfigures:\n  loads:\n    title: Ladungen an der Lände\n"
        "    alt: Es fielen die Ladungen von 120 auf 90.\n    unit: Ladungen\n"
    ),
    "chapters/sr-Latn/01-trade.md": (
        "# Trgovina\n\nČamci su došli u proleće [@rivers].\n\n## O čamcima\n\nOstali su nedelju dana.\n\n"
        "![Tovari na pristaništu](figure:loads){#fig-loads}\n\nKao što @fig-loads pokazuje, bilo ih je manje.\n"
    ),
    "chapters/sr-Latn/edition.yaml": (
        "title: Trgovina na reci\nfigures:\n  loads:\n    title: Tovari na pristaništu\n"
        "    alt: Tovari su pali sa 120 na 90.\n    unit: tovara\n"
    ),
    "chapters/sr-Cyrl/edition.yaml": "twin-of: sr-Latn\n",
}
EN, DE, SR = "chapters/en", "chapters/de", "chapters/sr-Latn"
Change = Callable[[Path], object]


def add(name: str, text: str) -> Change:
    """What puts `text` at the end of the file `name`."""

    def change(root: Path) -> None:
        with (root / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def put(name: str, before: str, after: str) -> Change:
    """What puts `after` in place of `before` in the file `name`."""
    return lambda root: replace(root / name, before, after)


def rename(before: str, after: str) -> Change:
    """What gives the file `before` the name `after`."""
    return lambda root: (root / before).rename(root / after)


EDITS: dict[str, Change] = {
    "nothing": lambda root: None,
    "a word of a chapter that nobody borrows": put(f"{EN}/01-trade.md", "for the the week", "for a a week"),
    "a word of a chapter that two borrow": put(f"{EN}/02-decline.md", "3 trains", "5 trains"),
    "a heading that gives translations its id": put(f"{EN}/01-trade.md", "Of the boats", "On boats"),
    "a slip in a translation": put(f"{DE}/01-trade.md", "eine Woche", "eine eine Woche"),
    "a chapter that a twin is made of": put(f"{SR}/01-trade.md", "nedelju", "14"),
    "a comment that moves the lines of a file": lambda root: replace(
        root / DE / "edition.yaml", "title: Der", "# A title.\ntitle: Der"
    ),
    "a difference that is meant": add(
        f"{DE}/edition.yaml", "differences:\n  - {chapter: 02-decline, rule: parity-number, reason: Other trains}\n"
    ),
    "a line before it": put(f"{DE}/edition.yaml", "# A title.", "# A\n# title."),
    "a value": put("figures/data/loads.csv", "1868,120", "1868,140"),
    "an entry of the bibliography": put("bib/references.bib", "{Rivers}", "{The Rivers}"),
    "an unknown work": add(f"{EN}/02-decline.md", "\nSo it is said [@river].\n"),
    "a reference to nothing": add(f"{SR}/01-trade.md", "\nVidi @fig-load.\n"),
    "an image, by which figures of translations are known": lambda root: (root / "images" / "boat.svg").write_text(
        BOAT.format(width=20), encoding="utf-8"
    ),
    "an image that is called otherwise": lambda root: (root / "images" / "boat.svg").rename(
        root / "images" / "Boat.svg"
    ),
    "an image that is back": rename("images/Boat.svg", "images/boat.svg"),
    "what a rule weighs": put("publication.yaml", "bib-unused: off", "word-doubled: error"),
    "a layout file": add(f"{EN}/layout.yaml", "01-trade:\n  - {at: The ships came, break-before: true}\n"),
    "an erratum": add("publication.yaml", "errata:\n  - {where: '@fig-lost', was: old, now: new, date: 2025-05-01}\n"),
    "a line before the erratum": put("publication.yaml", "title:", "# A book.\ntitle:"),
    "a letter of another script": put(f"{SR}/01-trade.md", "Ostali", "Оstali"),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publication, with what is remembered of a check."""
    root = tmp_path_factory.mktemp("read") / "root"
    for name, text in SOURCES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    told(root)
    return root


@pytest.fixture
def root(read: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(read, tmp_path / "root"))


def told(root: Path) -> tuple[int, str]:
    """What `check` says."""
    ran = impressum(root, "check")
    return ran.code, ran.faults


def test_after_each_edit_the_same_is_told_as_from_nothing(root: Path, tmp_path: Path) -> None:
    """Ensures it after every seventh edit, each on those before it."""
    for number, (edit, change) in enumerate(EDITS.items()):
        change(root)
        said = told(root)
        if number % 7 == 6:
            fresh = tmp_path / edit
            shutil.copytree(root, fresh, ignore=shutil.ignore_patterns(".cache"))
            assert said == told(fresh), edit


def test_only_chapters_that_have_changed_are_read(root: Path) -> None:
    again = line_of(root)
    check(again)
    assert again.memo.ran == {}
    put(f"{EN}/02-decline.md", "3 trains", "5 trains")(root)
    changed = line_of(root)
    check(changed)
    ran = {f"{step.name} {step.about}" for step in changed.memo.explained() if not step.reused}
    # The same file is a chapter of its own edition, and of the two that fall back to it.
    assert ran == {f"{step} {EN}/02-decline.md" for step in ("render", "parse", "document")}
    assert changed.memo.ran["document"] == 3


def test_what_could_not_be_read_is_told_again(root: Path) -> None:
    (root / SR / "01-trade.md").write_text("# Trgovina\n\n" + "[" * 20 + "\n", encoding="utf-8")
    first = told(root)
    assert "nested-too-deep" in first[1]
    assert told(root) == first


def test_translations_alone_are_compared_with_a_source_that_is_not_asked_for(root: Path) -> None:
    whole = told(root)[1]
    assert "sr-Cyrl" in whole
    for _ in range(2):
        alone = impressum(root, "check", "--edition", "de", "--edition", "sr-Latn").faults
        assert (len(alone) > 0, set(alone.splitlines()) - set(whole.splitlines())) == (True, set())
