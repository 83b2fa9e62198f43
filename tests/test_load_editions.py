"""Ensures that editions and chapters are read in order, and that what is amiss with them is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from load_sources import PUBLICATION, sources, told, write

from impressum.core.errors import Faults, WrongUsage
from impressum.core.model.publication import FrontMatter
from impressum.stages.load import load

TEXT = "# Heading\n\nText.\n"
SR = "chapters/sr-Latn"


def test_the_source_edition_comes_first_and_chapters_follow_their_numbers(tmp_path: Path) -> None:
    names = ("100-end.md", "01-start.md", "02-b.md", "11-c.md", "02-a.md")
    files = {f"chapters/{tag}/{name}": TEXT for tag in ("de", "en", "sr-Latn") for name in names}
    loaded = sources(tmp_path, files)
    assert [edition.tag for edition in loaded.editions] == ["en", "de", "sr-Latn"]
    assert [chapter.slug for chapter in loaded.editions[2].chapters] == [
        "01-start",
        "02-a",
        "02-b",
        "11-c",
        "100-end",
    ]


def test_only_the_editions_asked_for_are_read(tmp_path: Path) -> None:
    workspace = write(tmp_path, {f"{SR}/01-start.md": TEXT, "chapters/de/99-faulty.md": "\x00"})
    loaded = load(workspace, Faults(), editions=("sr-Latn",))
    assert [edition.tag for edition in loaded.editions] == ["sr-Latn"]


def test_an_edition_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"^there is no edition `fr`; editions: en$"):
        load(write(tmp_path, {}), Faults(), editions=("fr",))


def test_an_edition_lays_its_texts_over_the_publications(tmp_path: Path) -> None:
    publication = (
        f"{PUBLICATION}subtitle: A study\nkeywords: [water, roads]\n"
        "impressum:\n  type: Study\n  publisher: {name: House, website: example.org}\n"
    )
    edition = "title: Reke\nkeywords: [voda]\nimpressum:\n  publisher: {website: example.org/sr}\n"
    loaded = sources(
        tmp_path, {"publication.yaml": publication, f"{SR}/edition.yaml": edition, f"{SR}/01-start.md": TEXT}
    )
    merged = loaded.editions[1].publication
    assert (merged.title, merged.subtitle, merged.keywords) == ("Reke", "A study", ("voda",))
    assert merged.impressum.publisher is not None
    assert (merged.impressum.type, merged.impressum.publisher.name) == ("Study", "House")
    assert merged.impressum.publisher.website == "https://example.org/sr"
    assert loaded.editions[0].publication.title == "Rivers"
    assert loaded.slug == "rivers"


def test_a_fault_in_edition_yaml_is_told_at_its_own_place(tmp_path: Path) -> None:
    files = {f"{SR}/edition.yaml": "titel: Reke\ncover: x\n", f"{SR}/01-start.md": TEXT}
    known = (
        "abstract, authors, contributors, cover, data, differences, errata, fallback, figures, funders, impressum, "
        "keywords, partners, series, subtitle, title, transliteration, twin-of, version"
    )
    assert told(tmp_path, files) == [
        (
            f"{SR}/edition.yaml:1:1: error: unknown key `titel`; did you mean `title`? [yaml-unknown-key]\n"
            f"  hint: known keys: {known}"
        ),
        (
            f"{SR}/edition.yaml:2:8: error: `cover` must be a mapping, not `x` [yaml-type]\n"
            "  hint: write its keys below it, indented: image, alt, focus, blurb"
        ),
    ]


def test_a_folder_that_is_no_language_tag_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, {"chapters/serbian/01-start.md": TEXT, "chapters/.old/x.md": ""}) == [
        (
            "chapters/serbian: error: `serbian` is not a language tag (BCP 47) [edition-name]\n"
            "  hint: name the folder of an edition like en, sr-Latn or de-AT"
        )
    ]


def test_the_folder_of_the_language_must_exist(tmp_path: Path) -> None:
    assert told(tmp_path, {"publication.yaml": PUBLICATION.replace("en", "de")}) == [
        (
            "publication.yaml:2:11: error: the language is `de`, but there is no folder `chapters/de` "
            "[edition-source]\n"
            "  hint: put the chapters there, or name another language; folders there are: `chapters/en`"
        )
    ]


def test_an_edition_without_chapters_is_told(tmp_path: Path) -> None:
    workspace = write(tmp_path, {"chapters/en/edition.yaml": "title: x\n"})
    (tmp_path / "chapters/en/01-start.md").unlink()
    faults = Faults()
    load(workspace, faults)
    assert [str(fault) for fault in faults.all()] == [
        (
            "chapters/en: error: the edition has no chapters [chapter-none]\n"
            "  hint: write the first one as `chapters/en/01-introduction.md`"
        )
    ]


def test_a_chapter_that_the_source_does_not_have_is_told_with_the_nearest(tmp_path: Path) -> None:
    assert told(tmp_path, {f"{SR}/01-strat.md": TEXT}) == [
        (
            f"{SR}: warning: the edition has no `01-start.md`, and shows that of `chapters/en` [chapter-untranslated]\n"
            "  hint: translate `chapters/en/01-start.md` to `chapters/sr-Latn/01-start.md`, or write `fallback: show` "
            "in `chapters/sr-Latn/edition.yaml`"
        ),
        (
            f"{SR}/01-strat.md: error: the source edition `en` has no chapter `01-strat.md` [chapter-unknown]\n"
            "  hint: rename it to `01-start.md`"
        ),
    ]


UNTRANSLATED = {"chapters/en/02-more.md": TEXT, f"{SR}/01-start.md": TEXT}


def test_an_edition_that_forbids_the_fallback_must_be_whole(tmp_path: Path) -> None:
    files = {**UNTRANSLATED, f"{SR}/edition.yaml": "fallback: forbid\n"}
    assert told(tmp_path, files) == [
        (
            f"{SR}: error: the edition has no `02-more.md` [chapter-untranslated]\n"
            "  hint: translate `chapters/en/02-more.md` to `chapters/sr-Latn/02-more.md`"
        )
    ]


def test_an_edition_that_says_that_it_is_not_whole_is_not_told_so(tmp_path: Path) -> None:
    assert told(tmp_path, {**UNTRANSLATED, f"{SR}/edition.yaml": "fallback: show\n"}) == []


def test_a_chapter_that_is_not_translated_is_that_of_the_source_in_its_language(tmp_path: Path) -> None:
    workspace = write(tmp_path, UNTRANSLATED)
    edition = load(workspace, Faults(), editions=("sr-Latn",)).editions[0]
    assert [(one.slug, one.borrowed, one.front.language) for one in edition.chapters] == [
        ("01-start", "", None),
        ("02-more", "en", "en"),
    ]


def test_faults_of_the_source_are_told_where_an_edition_needs_it(tmp_path: Path) -> None:
    broken = {"chapters/en/02-more.md": "", f"{SR}/01-start.md": TEXT}
    faults = Faults()
    load(write(tmp_path / "whole", {**broken, f"{SR}/02-more.md": TEXT}), faults, editions=("sr-Latn",))
    assert faults.all() == ()
    load(write(tmp_path / "part", {**broken, "chapters/en/03-last.md": TEXT}), faults, editions=("sr-Latn",))
    assert [fault.message for fault in faults.errors()] == ["the chapter is empty"]


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("Introduction.md", "NN-introduction.md"),
        ("2-economy.md", "02-economy.md"),
        ("02_Privreda i čaj.md", "02-privreda-i-caj.md"),
        ("02-ECONOMY.MD", "02-economy.md"),
    ],
)
def test_a_file_that_is_not_named_like_a_chapter_is_told_a_better_name(tmp_path: Path, name: str, better: str) -> None:
    assert told(tmp_path, {f"chapters/en/{name}": TEXT}) == [
        (
            f"chapters/en/{name}: error: `{name}` is not the name of a chapter: it must be like `02-economy.md` "
            f"[chapter-name]\n  hint: rename it to `{better}`"
        )
    ]


def test_any_other_file_is_a_warning_and_hidden_ones_are_not_seen(tmp_path: Path) -> None:
    hint = "chapters are `NN-name.md`, other texts go into `edition.yaml`; move anything else away"
    files = {
        "chapters/en/notes.docx": "",
        "chapters/en/02-map.md": "# Map\n\n![The map](map.svg) ![The sea](drawn/sea.svg)\n",
        "chapters/en/map.svg": "<svg/>",
        "chapters/en/drawn/sea.svg": "<svg/>",
        "chapters/en/old.svg": "<svg/>",
        "chapters/x.txt": "",
        "chapters/en/.base/x": "",
        "chapters/en/layout.yaml": "01-start:\n  - at: Text.\n    break-before: true\n",
    }
    assert told(tmp_path, files) == [
        f"chapters/en/notes.docx: warning: `notes.docx` is not read [file-unexpected]\n  hint: {hint}",
        f"chapters/en/old.svg: warning: `old.svg` is not read [file-unexpected]\n  hint: {hint}",
        f"chapters/x.txt: warning: `x.txt` is not read [file-unexpected]\n  hint: {hint}",
    ]


def test_front_matter_is_read_and_the_body_knows_its_lines(tmp_path: Path) -> None:
    text = "---\nshort-title: Start\nnumbered: no\nkind: front\n---\n# Heading\n"
    chapter = sources(tmp_path, {"chapters/en/01-start.md": text}).editions[0].chapters[0]
    assert chapter.front == FrontMatter.model_validate({"short-title": "Start", "numbered": False, "kind": "front"})
    assert (chapter.body.text, chapter.body.offset) == ("# Heading\n", 5)
    assert str(chapter.body.place(1, 3)) == "chapters/en/01-start.md:6:3"


def test_a_chapter_without_front_matter_is_all_body(tmp_path: Path) -> None:
    text = "# Heading\n\nFirst: a\n\n---\n\nSecond: e\u0301\n"
    chapter = sources(tmp_path, {"chapters/en/01-start.md": text}).editions[0].chapters[0]
    assert (chapter.front, chapter.body.offset) == (FrontMatter(), 0)
    assert chapter.body.text == text.replace("e\u0301", "é")


CHAPTERS = {
    "---\ntitle: x\n# Heading\n": "01-start.md:1: error: the front matter that begins here is not closed "
    "[front-matter-unclosed]\n  hint: close it with a line `---`; for a rule across the page write `* * *`",
    "---\nkind: chap\n---\nText\n": "01-start.md:2:7: error: `kind` must be one of `chapter`, `front`, `part`, "
    "`appendix`, not `chap` [yaml-value]\n  hint: did you mean `chapter`?",
    "---\nkind: part\nkind: part\n---\nText\n": "01-start.md:3:1: error: key `kind` already given on line 2 "
    "[yaml-duplicate-key]\n  hint: keep one of the two",
    "---\nnumbered: maybe\n---\nText\n": "01-start.md:2:11: error: `numbered` must be `true` or `false`, not `maybe` "
    "[yaml-type]\n  hint: write `true` or `false`",
    "---\nlang: en\n---\nText\n": "01-start.md:2:1: error: unknown key `lang`; did you mean `language`? "
    "[yaml-unknown-key]\n  hint: known keys: authors, kind, language, numbered, short-title",
    "": "01-start.md: error: the chapter is empty [chapter-empty]\n  hint: write its text, or delete the file",
    "---\n# nothing\n---\n\n": "01-start.md: error: the chapter is empty [chapter-empty]\n"
    "  hint: write its text, or delete the file",
}


@pytest.mark.parametrize("text", CHAPTERS)
def test_a_faulty_chapter_is_told_at_the_lines_of_its_file(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, {"chapters/en/01-start.md": text}) == [f"chapters/en/{CHAPTERS[text]}"]


def test_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    files = {
        "publication.yaml": f"{PUBLICATION}titel: x\n",
        "chapters/en/01-start.md": "",
        "chapters/en/02-more.md": "---\nkind: x\n---\nText\n",
        f"{SR}/02-more.md": TEXT,
        f"{SR}/edition.yaml": "title: a: b\n",
        "figures/a.py": "",
        "figures/data/a.csv": "a,b\n1,2\n",
    }
    assert [line.split(": error")[0] for line in told(tmp_path, files)] == [
        "chapters/en/01-start.md",
        "chapters/en/02-more.md:2:7",
        f"{SR}/edition.yaml:1:9",
        "figures/a.py",
        "figures/data/a.csv",
        "publication.yaml:4:1",
    ]


def test_includes_are_the_markdown_under_templates(tmp_path: Path) -> None:
    files = {
        "templates/parts/note.md": "Note.\n",
        "templates/a.md": "A\n",
        "templates/cover.typ": "",
        "templates/.x.md": "",
    }
    includes = sources(tmp_path, files).includes
    assert {name: text.path for name, text in includes.items()} == {
        "a.md": "templates/a.md",
        "parts/note.md": "templates/parts/note.md",
    }
    assert includes["parts/note.md"].text == "Note.\n"


def test_the_bibliography_is_read_where_there_is_one(tmp_path: Path) -> None:
    assert sources(tmp_path / "without").bibliography is None
    entry = (
        "@book{doe2020,\n  title = {Rivers},\n  author = {Doe, Jane},\n  date = {2020},\n  publisher = {House},\n}\n"
    )
    bibliography = sources(tmp_path / "with", {"bib/references.bib": entry}).bibliography
    assert bibliography is not None
    assert list(bibliography.entries) == ["doe2020"]
