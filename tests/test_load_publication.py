"""Ensures that publication.yaml becomes data, and that each key or value that does not fit is told at its place."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from load_sources import PUBLICATION, sources, told

from impressum.core.errors import Faults, Faulty
from impressum.core.model.publication import Isbn
from impressum.stages.load import load
from impressum.stages.load.publication import slug_of
from impressum.system.workspace import Workspace

KNOWN = (
    "abstract, authors, bibliography, citation-style, contributors, cover, date, embargo, errata, funders, glossary, "
    "house, hyphenation, impressum, jel, keywords, language, nocite, partners, raw, references, rules, series, "
    "sign-off, slug, stage, subtitle, theme, title, version"
)
MEND = "correct the value, or take the key out"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def faults_of(root: Path, text: str) -> list[str]:
    """The faults of publication.yaml with `text` after its three required lines."""
    return [line.removeprefix("publication.yaml:") for line in told(root, {"publication.yaml": PUBLICATION + text})]


def test_a_sound_publication_is_read_whole(tmp_path: Path) -> None:
    text = """version: 1.10
authors:
  - name: Jane Doe
    orcid: https://orcid.org/0000-0002-1825-0097
impressum:
  isbn: {pdf: 978-86-82324-76-8}
  doi: https://doi.org/10.5281/zenodo.1234567
  print-run: 300
  publisher: {name: House, website: example.org}
rules: {data-gap: off}
"""
    loaded = sources(tmp_path, {"publication.yaml": PUBLICATION + text})
    publication = loaded.publication
    assert (publication.version, publication.date.isoformat(), loaded.slug) == ("1.10", "2025-01-31", "rivers")
    assert publication.authors[0].orcid == "0000-0002-1825-0097"
    assert publication.impressum.isbn == Isbn(pdf="978-86-82324-76-8")
    assert (publication.impressum.doi, publication.impressum.print_run) == ("10.5281/zenodo.1234567", 300)
    assert publication.impressum.publisher is not None
    assert publication.impressum.publisher.website == "https://example.org"
    assert publication.impressum.year is None


def test_a_folder_without_publication_yaml_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Faulty) as raised:
        load(Workspace(tmp_path), Faults())
    assert str(raised.value) == (
        "publication.yaml: error: this folder holds no publication: there is no `publication.yaml` "
        "[publication-missing]\n"
        "  hint: go to the publication's folder or name it with --root; the file needs `title`, `language` and `date`"
    )


def test_required_keys_that_are_missing_and_not_misspelt_are_told_with_an_example(tmp_path: Path) -> None:
    assert told(tmp_path, {"publication.yaml": "titel: Rivers\n"}) == [
        (
            "publication.yaml:1: error: the required key `date` is missing [yaml-missing-key]\n"
            "  hint: add a line `date: 2025-01-31`"
        ),
        (
            "publication.yaml:1: error: the required key `language` is missing [yaml-missing-key]\n"
            "  hint: add a line `language: en`"
        ),
        (
            "publication.yaml:1:1: error: unknown key `titel`; did you mean `title`? [yaml-unknown-key]\n"
            f"  hint: known keys: {KNOWN}"
        ),
    ]


CASES = {
    "subtitle:\n": "4:1: error: `subtitle` is empty [yaml-empty-value]\n  hint: give it a value, or take the key out",
    "subtitle: {a: b}\n": "4:11: error: `subtitle` must be text, not a mapping [yaml-type]\n"
    "  hint: write one value; put it in quotes if it has special characters",
    "embargo: 2024-13-45\n": "4:10: error: `2024-13-45` is not a date: there is no such day in the calendar "
    f"[yaml-value]\n  hint: {MEND}",
    "embargo: 20240115\n": f"4:10: error: `20240115` is not a date: it must be written as 2025-01-31 [yaml-value]\n"
    f"  hint: {MEND}",
    "stage: finall\n": "4:8: error: `stage` must be one of `draft`, `review`, `embargo`, `final`, not `finall` "
    "[yaml-value]\n  hint: did you mean `final`?",
    "nocite: some\n": "4:9: error: `nocite` must be `all`, not `some` [yaml-value]\n"
    "  hint: write it so, or take the key out",
    "slug: My Book\n": "4:7: error: `slug` must be lower-case letters, digits and single hyphens, not `My Book` "
    f"[yaml-value]\n  hint: {MEND}",
    f"slug: {'a' * 300}\n": "4:7: error: `slug` has 300 letters, and may have 100 [yaml-value]\n"
    "  hint: write a shorter one",
    "keywords: rivers\n": "4:11: error: `keywords` must be a list, not `rivers` [yaml-type]\n"
    "  hint: write `keywords: [rivers]`, or each item on its own line after `- `",
    "keywords: [a, [b]]\n": "4:15: error: an item of `keywords` must be text, not a list [yaml-type]\n"
    "  hint: write one value; put it in quotes if it has special characters",
    "authors: Jane Doe\n": "4:10: error: `authors` must be a list, not `Jane Doe` [yaml-type]\n"
    "  hint: write `authors:` and below it, indented, `- name: Jane Doe`",
    "authors:\n  - Jane Doe\n": "5:5: error: an item of `authors` must be a mapping, not `Jane Doe` [yaml-type]\n"
    "  hint: write `- name: Jane Doe`",
    "authors:\n  - role: editor\n": "5:5: error: the required key `name` is missing [yaml-missing-key]\n"
    "  hint: add a line `name: Jane Doe`",
    "authors:\n  - {name: J, orcid: 0000-0002-1825-0098}\n": "5:22: error: `0000-0002-1825-0098` is not an ORCID iD: "
    "it must be 16 digits with a right check digit, as in 0000-0002-1825-0097 [yaml-value]\n"
    f"  hint: {MEND}",
    "series: Studies\n": "4:9: error: `series` must be a mapping, not `Studies` [yaml-type]\n"
    "  hint: write its keys below it, indented: title, number, issn",
    "cover: [a]\n": "4:8: error: `cover` must be a mapping, not a list [yaml-type]\n"
    "  hint: write its keys below it, indented: image, alt, focus, blurb",
    "impressum: {print-run: many}\n": "4:24: error: `print-run` must be a whole number, not `many` [yaml-type]\n"
    "  hint: write digits only",
    "impressum: {print-run: " + "9" * 20_000 + "}\n": "4:24: error: `print-run` must be a whole number, not "
    f"`{'9' * 59}…` [yaml-type]\n  hint: write digits only",
    "impressum: {year: 20}\n": f"4:19: error: `year` must be at least 1000, not `20` [yaml-value]\n  hint: {MEND}",
    "hyphenation: {en: [trans-atlantic, 'trans--']}\n": (
        "4:36: error: `trans--` is no word with hyphens where it may be divided, as in `trans-atlantic` [yaml-value]"
        f"\n  hint: {MEND}"
    ),
    "impressum: {isbn: 978-86-82324-76-3}\n": "4:19: error: `978-86-82324-76-3` is not an ISBN: its check digit is 3 "
    f"and must be 8 [yaml-value]\n  hint: {MEND}",
    "impressum: {isbn: {pdf: 978-86-82324-76-3}}\n": "4:25: error: `978-86-82324-76-3` is not an ISBN: its check "
    f"digit is 3 and must be 8 [yaml-value]\n  hint: {MEND}",
    "impressum: {price-code: 5199}\n": "4:25: error: `5199` is no price code: it must be five digits, as in 51995, "
    f"or 90000 for no price [yaml-value]\n  hint: {MEND}",
    "impressum: {isbn: {web: x}}\n": "4:20: error: unknown key `web` [yaml-unknown-key]\n"
    "  hint: known keys: epub, pdf, print",
    "impressum: {isbn: [x]}\n": "4:19: error: `isbn` must be text, not a list [yaml-type]\n"
    "  hint: write one value; put it in quotes if it has special characters",
    "impressum: {publisher: {name: H, email: x}}\n": "4:41: error: `email` must be an e-mail address, not `x` "
    f"[yaml-value]\n  hint: {MEND}",
    "rules: {data-gap: fatal}\n": "4:19: error: `data-gap` must be one of `error`, `warning`, `off`, not `fatal` "
    "[yaml-value]\n  hint: write it so, or take the key out",
    "rules: none\n": "4:8: error: `rules` must be a mapping, not `none` [yaml-type]\n"
    "  hint: write `key: value` lines below it, indented",
    "stage: embargo\n": "4:8: error: the stage is `embargo`, but no day is given until which it lasts "
    "[embargo-missing]\n  hint: add a line such as `embargo: 2025-01-31`",
    "bibliography: bib/x.bib\n": "4:15: error: the file `bib/x.bib` does not exist [bibliography-missing]\n"
    "  hint: paths are relative to the folder of publication.yaml; mind upper and lower case",
    "bibliography: ../x.bib\n": "4:15: error: `../x.bib` leads out of the publication's folder [file-outside]\n"
    "  hint: copy the file into the publication, and write its path from there",
}


@pytest.mark.parametrize("text", CASES)
def test_a_value_that_does_not_fit_is_told_at_its_place(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, text) == [CASES[text]]


def test_a_title_that_gives_no_file_name_asks_for_a_slug(tmp_path: Path) -> None:
    text = PUBLICATION.replace("Rivers", "論文")
    assert told(tmp_path, {"publication.yaml": text}) == [
        (
            "publication.yaml:1:8: error: no file name can be made from this title [slug-missing]\n"
            "  hint: add a line such as `slug: rivers-and-roads`"
        )
    ]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Čađ i žuta đurđevdanska ružа", "cadj-i-zuta-djurdjevdanska-ruza"),
        ("Економија Србије: љубав и њива", "ekonomija-srbije-ljubav-i-njiva"),
        ("Étude d’été & Straße", "etude-dete-strasse"),
        ("word " * 20, "word-word-word-word-word-word-word-word-word-word-word-word"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_slug_is_made_of_plain_letters(title: str, slug: str) -> None:
    assert slug_of(title) == slug


IMAGES = {
    "cover.gif": (b"GIF89a", "`cover.gif` is of a kind (`.gif`) that cannot be printed"),
    "cover.png": (b"\xff\xd8\xff\xe0", "`cover.png` is not a PNG file, whatever its name says"),
    "cover.jpg": (PNG, "`cover.jpg` is not a JPG file, whatever its name says"),
    "cover.svg": (
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
        "`cover.svg` has a DOCTYPE with entities, which an SVG here may not have",
    ),
}


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_that_is_not_what_its_name_says_is_told_where_it_is_named(tmp_path: Path, name: str) -> None:
    content, message = IMAGES[name]
    text = f"{PUBLICATION}cover: {{image: {name}, alt: A river}}\n"
    assert told(tmp_path, {"publication.yaml": text, name: content}) == [
        (
            f"publication.yaml:4:16: error: {message} [image-unreadable]\n"
            "  hint: save it anew as one of .svg, .png, .jpg, .jpeg, .pdf"
        )
    ]


def test_sound_images_are_accepted(tmp_path: Path) -> None:
    text = f"{PUBLICATION}cover: {{image: c.png, alt: A river}}\nfunders:\n  - {{name: Fund, logo: logos/f.svg}}\n"
    sources(tmp_path, {"publication.yaml": text, "c.png": PNG, "logos/f.svg": SVG})


def test_a_cover_image_without_alt_is_told(tmp_path: Path) -> None:
    text = f"{PUBLICATION}cover: {{image: c.png}}\n"
    assert told(tmp_path, {"publication.yaml": text, "c.png": PNG}) == [
        (
            "publication.yaml:4:16: error: the cover image `c.png` has no `alt` [cover-alt]\n"
            "  hint: add a line `alt: what the picture shows` beside `image`"
        )
    ]


@pytest.mark.parametrize("name", ["/etc/passwd.png", "../c.png", "a/../../c.png"])
def test_a_logo_outside_the_publication_is_refused(tmp_path: Path, name: str) -> None:
    assert faults_of(tmp_path, f"partners:\n  - {{name: P, logo: {name}}}\n") == [
        (
            f"5:21: error: `{name}` leads out of the publication's folder [image-outside]\n"
            "  hint: copy the file into the publication, and write its path from there"
        )
    ]


@pytest.mark.parametrize("name", ["logos/f.png", "x" * 5000 + ".png"])
def test_a_logo_that_does_not_exist_is_told(tmp_path: Path, name: str) -> None:
    shown = name if len(name) < 200 else f"{name[:200]}…"
    assert faults_of(tmp_path, f"partners:\n  - {{name: P, logo: {name}}}\n") == [
        (
            f"5:21: error: the file `{shown}` does not exist [image-missing]\n"
            "  hint: paths are relative to the folder of publication.yaml; mind upper and lower case"
        )
    ]


def test_a_logo_that_is_a_folder_is_told_at_its_line(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "partners:\n  - {name: P, logo: chapters}\n") == [
        (
            "5:21: error: `chapters` is not a file [image-unreadable]\n"
            "  hint: write the path of the picture itself, as in `logos/name.svg`"
        )
    ]


def test_a_rule_weighs_what_load_finds(tmp_path: Path) -> None:
    text = f"{PUBLICATION}rules: {{file-unexpected: off}}\n"
    assert told(tmp_path, {"publication.yaml": text, "chapters/en/notes.txt": "x"}) == []


def test_a_rule_cannot_lower_what_leaves_something_unread(tmp_path: Path) -> None:
    text = f"{PUBLICATION}rules: {{chapter-empty: off}}\n"
    assert told(tmp_path, {"publication.yaml": text, "chapters/en/02-more.md": "\n"}) == [
        (
            "chapters/en/02-more.md: error: the chapter is empty [chapter-empty]\n"
            "  hint: write its text, or delete the file; `rules` cannot lower this, as something could not be read"
        )
    ]
