"""Ensures that `new-edition` prepares a folder that a translator can fill in, and that nothing in it prints English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml
from building import contents_of, copy, impressum
from load_sources import PUBLICATION, told_of, write
from pydantic import BaseModel

from impressum.core.errors import Faults, Faulty
from impressum.core.model.publication import Isbn, PublicationTexts
from impressum.stages.load.words import read_terms, read_words
from impressum.system.workspace import Workspace
from impressum.translation.new_edition import check_tag, limits, new_edition
from impressum.translation.shelf import read_shelf
from impressum.translation.texts import SHAPE, flat, source_texts

SR = "chapters/sr-Latn/edition.yaml"


def prepared(root: Path, publication: str = PUBLICATION, tag: str = "sr-Latn") -> str:
    """The `edition.yaml` that is written for the edition `tag`."""
    shelf = read_shelf(write(root, {"publication.yaml": publication}))
    return new_edition(shelf, tag)[0].read_text(encoding="utf-8")


def without_head(text: str) -> str:
    return text.partition("\n\n")[2]


def test_every_text_has_a_line_below_its_source(tmp_path: Path) -> None:
    publication = (
        f"{PUBLICATION}subtitle: 'Roads: a history'\nkeywords: [water, roads]\n"
        "funders:\n  - {name: Example Fund, grant: EX-1, statement: Made possible by the Example Fund.}\n"
        "impressum:\n  publisher: {name: House, website: example.org, address: [1 Example Street, '12345']}\n"
        "  year: 2025\n  licence: CC-BY-4.0\n  isbn: 978-0-00-000001-9\n  type: Study\n"
    )
    assert without_head(prepared(tmp_path, publication)) == (
        "# Rivers\ntitle:\n\n"
        "# Roads: a history\nsubtitle:\n\n"
        "keywords:\n  # water\n  -\n  # roads\n  -\n\n"
        "# Who worked on it; who translated it comes last.\n"
        "contributors:\n  # (whoever translated it, or take these two lines out)\n  - name:\n    role: translator\n\n"
        "funders:\n  # Example Fund\n  - name:\n    grant: EX-1\n"
        "    # Made possible by the Example Fund.\n    statement:\n\n"
        "impressum:\n  publisher:\n    # House\n    name:\n    address:\n      # 1 Example Street\n      -\n"
        "      - 12345\n"
        "  # Study\n  type:\n"
        "  # isbn: (that of the source is printed, unless this edition has its own)\n"
    )


def test_what_is_prepared_is_sound_and_counts_as_not_translated(tmp_path: Path) -> None:
    prepared(tmp_path, f"{PUBLICATION}subtitle: A study\nkeywords: [water, roads]\n")
    assert [line for line in told_of(Workspace(tmp_path)) if "chapter-untranslated" not in line] == [
        (
            f"{SR}:16:1: warning: 5 texts of this edition are not translated yet: `title`, `subtitle`, `keywords.1` "
            "and 2 more [text-untranslated]\n"
            "  hint: write what is missing behind the colon, or take the line out where it stays as it is in the "
            "source; until then the book prints that of the source"
        )
    ]


def test_the_specimen_and_its_figures_and_tables_are_prepared_whole(tmp_path: Path) -> None:
    root = copy("specimen", tmp_path / "specimen")
    shelf = read_shelf(Workspace(root))
    text = new_edition(shelf, "de-AT")[0].read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    for key, said in flat(source_texts(shelf)):
        node, rest = given, key
        while rest:  # names may have points in them
            name = next(name for name in names_of(node) if rest == name or rest.startswith(f"{name}."))
            node, rest = node[int(name) - 1 if isinstance(node, list) else name], rest[len(name) + 1 :]
        assert node is None, key
        assert said.split()[0] in text
    assert "figures" in given
    assert "data" in given


def names_of(node: object) -> list[str]:
    if isinstance(node, dict):
        return sorted(node, key=len, reverse=True)
    return [str(number) for number in range(len(node), 0, -1)] if isinstance(node, list) else []


def test_the_only_words_that_stand_are_those_that_no_language_has(tmp_path: Path) -> None:
    root = copy("every-field", tmp_path / "every-field")
    given = yaml.safe_load(new_edition(read_shelf(Workspace(root)), "de-AT")[0].read_text(encoding="utf-8"))
    addresses = re.compile(r"https://\S+|[\d-]+X?|EX-2025-001|images/\S+|editor|translator|designer|proofreader")
    assert [value for value in values_of(given) if not addresses.fullmatch(value)] == []


def values_of(node: object) -> list[str]:
    if isinstance(node, dict):
        return [value for each in node.values() for value in values_of(each)]
    if isinstance(node, list):
        return [value for each in node for value in values_of(each)]
    return [] if node is None else [str(node)]


NO_TEXTS = {
    *("version", "cover.image", "cover.focus", "series.number", "series.issn"),
    *("impressum.publisher.website", "impressum.publisher.email", "impressum.year", "impressum.print-run"),
    *("impressum.isbn", "impressum.price-code", "impressum.doi", "impressum.cip"),
}
"""What an edition may say and no translator is asked for."""


def test_every_key_that_an_edition_may_say_is_asked_for_or_is_no_text() -> None:
    assert set(keys_of(PublicationTexts)) - set(asked_for(SHAPE)) == NO_TEXTS
    assert set(asked_for(SHAPE)) <= set(keys_of(PublicationTexts))


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for field in model.model_fields.values():
        name = f"{prefix}{field.alias}"
        inner = [one for one in models_of(field.annotation) if one is not Isbn]
        yield from (key for one in inner for key in keys_of(one, f"{name}.")) if inner else (name,)


def models_of(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_of(argument)


def asked_for(shape: object, prefix: str = "") -> Iterator[str]:
    if isinstance(shape, dict):
        for name, inner in shape.items():
            yield from asked_for(inner, f"{prefix}.{name}" if prefix else name)
    elif isinstance(shape, list) and isinstance(shape[0], dict):
        yield from asked_for(shape[0], prefix)
    else:
        yield prefix


def test_only_figures_and_data_that_stand_in_a_chapter_are_asked_for(tmp_path: Path) -> None:
    files = {
        "figures/used.yaml": "title: Used\nalt: A bar.\nsource: An office, p. 3\nwords: {a: Exports, b: '12'}\n",
        "figures/used.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><path d="M0 0h1"/></svg>',
        "figures/idle.yaml": "title: Idle\nalt: Nothing.\n",
        "figures/idle.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><path d="M0 0h1"/></svg>',
        "figures/data/trade.csv": "year,exports\n2012,0.1\nlater,1.1\n",
        "figures/data/trade.yaml": "title: Trade\nsource: https://example.org\ncolumns: {exports: {title: Exports}}\n",
        "chapters/en/01-start.md": "# Start\n\n![](figure:used){#fig-used}\n\n![](table:trade){#tbl-trade}\n\n"
        "```\n![](figure:idle)\n```\n",
    }
    texts = dict(flat(source_texts(read_shelf(write(tmp_path, files)))))
    assert texts == {
        "title": "Rivers",
        "figures.used.title": "Used",
        "figures.used.alt": "A bar.",
        "figures.used.a": "Exports",
        "figures.used.source": "An office, p. 3",
        "data.trade.title": "Trade",
        "data.trade.year": "year",
        "data.trade.exports": "Exports",
        "data.trade.later": "later",
    }


def test_the_names_in_a_chart_are_asked_for_once_where_its_table_stands_in_a_chapter_too(tmp_path: Path) -> None:
    files = {
        "figures/bars.yaml": "title: Bars\nalt: Two bars.\ndata: [trade]\nchart: bar\nwords: {later: Since then}\n",
        "figures/data/trade.csv": "year,exports\nearlier,0.1\nlater,1.1\n",
        "figures/data/trade.yaml": "title: Trade\nsource: https://example.org\n",
        "chapters/en/01-start.md": "# Start\n\n![](figure:bars){#fig-bars}\n",
    }
    shelf = read_shelf(write(tmp_path, files))
    alone = [key for key, _ in flat(source_texts(shelf)) if "." in key]
    assert alone == [f"figures.bars.{name}" for name in ("title", "alt", "earlier", "later")]
    write(tmp_path, {**files, "chapters/en/02-end.md": "# End\n\n![](table:trade){#tbl-trade}\n"})
    keys = [key for key, _ in flat(source_texts(shelf)) if "." in key]
    assert keys == [
        *("figures.bars.title", "figures.bars.alt", "figures.bars.later"),
        *("data.trade.title", "data.trade.year", "data.trade.exports", "data.trade.earlier", "data.trade.later"),
    ]


def test_another_script_of_the_same_language_is_offered_as_a_twin(tmp_path: Path) -> None:
    write(tmp_path, {"chapters/sr-Latn/01-start.md": "# Početak\n"})
    text = prepared(tmp_path, tag="sr-Cyrl")
    assert text.endswith("keep only:\n# twin-of: sr-Latn\n")
    assert "twin-of" not in prepared(tmp_path, tag="de")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    write(tmp_path, {SR: "title: Reke\n"})
    before = contents_of(tmp_path)
    ran = impressum(tmp_path, "new-edition", "sr-Latn")
    assert (ran.code, ran.stderr.splitlines()) == (
        1,
        [
            f"{SR}: error: `{SR}` is there already, and is not overwritten [edition-exists]",
            "  hint: translate the texts there; `status --edition sr-Latn` says what is missing",
        ],
    )
    assert contents_of(tmp_path) == before


def test_a_folder_that_came_back_with_chapters_gets_the_file_that_it_lacks(tmp_path: Path) -> None:
    write(tmp_path, {"chapters/sr-Latn/01-start.md": "# Početak\n"})
    ran = impressum(tmp_path, "new-edition", "sr-Latn")
    assert (ran.code, ran.stdout) == (0, f"{SR}\n")
    assert ran.stderr == "translate the chapters of chapters/en/ to chapters/sr-Latn/, under the same names\n"


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("sr-latn", "`sr-latn` is not a language tag (BCP 47); did you mean `sr-Latn`?"),
        ("de_AT", "`de_AT` is not a language tag (BCP 47); did you mean `de-AT`?"),
        ("german", "`german` is not a language tag (BCP 47); did you mean `de`?"),
        ("../en", "`../en` is not a language tag (BCP 47)"),
        ("xx", "there is no language `xx`"),
        ("en-UK", "there is no region `UK`"),
        ("sr-Latm", "there is no script `Latm`"),
    ],
)
def test_a_tag_that_means_nothing_is_refused(tag: str, message: str) -> None:
    with pytest.raises(Faulty) as refused:
        check_tag(tag)
    assert [fault.message for fault in refused.value.faults] == [message]


@pytest.mark.parametrize("tag", ["en", "sr-Latn", "sr-Cyrl-RS", "de-AT", "es-419", "sq", "zh-Hans", "ar"])
def test_a_tag_that_means_a_language_is_taken(tag: str) -> None:
    check_tag(tag)


def test_a_language_without_words_gets_a_file_for_them(tmp_path: Path) -> None:
    ran = impressum(write(tmp_path, {}).root, "new-edition", "uk-UA")
    assert ran.stdout == "chapters/uk-UA/edition.yaml\ntemplates/words/uk.yaml\n"
    assert ran.stderr.splitlines()[1] == (
        "the book has no words of its own in this language yet: write them in templates/words/uk.yaml"
    )
    words = tmp_path / "templates/words/uk.yaml"
    text = words.read_text(encoding="utf-8")
    assert yaml.safe_load(text) == {"number.decimal": ",", "number.group": "\u00a0"}
    assert '# contents: "Contents"\n' in text
    (fault,) = [line for line in told_of(Workspace(tmp_path)) if "words" in line]
    assert fault.startswith("templates/words/uk.yaml: error: the language `uk-UA` lacks ")


def test_words_are_asked_for_that_the_publication_may_print(tmp_path: Path) -> None:
    root = write(tmp_path, {"publication.yaml": f"{PUBLICATION}authors:\n  - {{name: A, role: editor}}\n"}).root
    assert impressum(root, "new-edition", "uk").code == 0
    words = root / "templates/words/uk.yaml"
    asked = words.read_text(encoding="utf-8")
    there = ("# contents:", "# role.editor.one:", "# role.author.one:", "# impressum.publisher:", "# index.letters:")
    assert [one for one in there if one not in asked] == []
    assert not re.search(r"role\.designer|errata|index\.title|box\.tip|isbn|Names of the Creative Commons", asked)
    filled = re.sub(r'^# ([\w.-]+: ".*")$', r"\1", asked, flags=re.MULTILINE)
    words.write_text(filled, encoding="utf-8")
    faults = Faults()
    assert read_words(Workspace(root), "uk", faults)
    assert faults.all() == ()
    write(
        root,
        {
            "chapters/en/02-b.md": "# B\n\n::: tip\nDoing a series of grants.\n:::\n",
            "publication.yaml": f"{PUBLICATION}errata: []\n",
        },
    )
    read_words(Workspace(root), "uk", faults)
    assert [fault.message.partition(": ")[2] for fault in faults.all()] == [
        "`errata.title`, `errata.lead`, `errata.was`, `errata.now`, `box.tip`"
    ]


def test_the_words_are_whole_when_each_line_has_lost_its_sign(tmp_path: Path) -> None:
    shelf = read_shelf(write(tmp_path, {}))
    new_edition(shelf, "uk")
    words = tmp_path / "templates/words/uk.yaml"
    filled = re.sub(r'^# ([\w.-]+: ".*")$', r"\1", words.read_text(encoding="utf-8"), flags=re.MULTILINE)
    words.write_text(filled, encoding="utf-8")
    faults = Faults()
    read = read_words(shelf.workspace, "uk", faults)
    assert (faults.all(), read["contents"], read["number.decimal"]) == ((), "Contents", ",")


def test_the_terms_of_citations_are_asked_for_where_there_are_works_and_citeproc_lacks_them(tmp_path: Path) -> None:
    works = {"bib/references.bib": "@book{a, author = {A}, title = {B}, year = 2000}\n"}
    shelf = read_shelf(write(tmp_path, works))
    terms = tmp_path / "templates/citations/mt.yaml"
    assert new_edition(shelf, "mt")[2] == terms
    text = terms.read_text(encoding="utf-8")
    assert yaml.safe_load(text)["month-01"] == "Jannar"
    filled = re.sub(r'^# ([\w. -]+: ".*")$', r"\1", text, flags=re.MULTILINE)
    terms.write_text(filled, encoding="utf-8")
    faults = Faults()
    assert {"editor.short", "ordinal-01", "date.day"} <= read_terms(shelf.workspace, "mt", faults).keys()
    assert faults.all() == ()
    assert [path.parent.name for path in new_edition(shelf, "pt")] == ["pt", "words"]
    assert len(new_edition(shelf, "sq")) == 1


def test_what_cannot_be_set_is_said_at_once(tmp_path: Path) -> None:
    assert [*limits("mt"), *limits("ka"), *limits("sq"), *limits("zh")][:2] == [
        "words of Maltese are not divided at the ends of lines: there are no patterns for it",
        "the fonts lack letters of Georgian (ა ბ გ დ ე ვ თ ი): bring a font, as `type.other` of `templates/theme.yaml`",
    ]
    assert list(limits("mk")) == []
    ran = impressum(write(tmp_path, {}).root, "new-edition", "ar")
    assert ran.code == 1
    assert ran.stderr.startswith("chapters/ar: error: the language `ar` is written from right to left")


def test_a_language_that_is_known_gets_no_file_of_words(tmp_path: Path) -> None:
    shelf = read_shelf(write(tmp_path, {}))
    assert len(new_edition(shelf, "sr-Latn-RS")) == 1
    assert not (tmp_path / "templates").exists()


UNFILLED = {
    "title: Reke\nsubtitle:\n": "`subtitle`",
    "keywords: [voda,]\nimpressum:\n  type:\n  publisher:\n    name:\n": "`impressum.type`, `impressum.publisher.name`",
    "keywords:\n  - voda\n  -\n": "`keywords.2`",
    "funders:\n  - name: Fond\n    statement:\n": "`funders.1.statement`",
}


@pytest.mark.parametrize("edition", UNFILLED)
def test_what_has_no_value_yet_is_that_of_the_source_with_a_warning(tmp_path: Path, edition: str) -> None:
    publication = (
        f"{PUBLICATION}subtitle: A study\nkeywords: [water, roads]\nimpressum: {{type: Study}}\n"
        "funders: [{name: Fund, statement: Thanks.}]\n"
    )
    files = {"publication.yaml": publication, SR: edition, "chapters/sr-Latn/01-start.md": "# Početak\n"}
    (fault,) = told_of(write(tmp_path, files))
    count = UNFILLED[edition].count(",") + 1
    what = "a text of this edition is" if count == 1 else f"{count} texts of this edition are"
    assert f"warning: {what} not translated yet: {UNFILLED[edition]} [text-untranslated]" in fault


def test_a_list_that_is_half_done_is_not_printed_by_halves(tmp_path: Path) -> None:
    from impressum.stages.load import load

    publication = f"{PUBLICATION}keywords: [water, roads]\n"
    files = {"publication.yaml": publication, SR: "keywords:\n  - voda\n  -\n", "chapters/sr-Latn/01-start.md": "# A\n"}
    loaded = load(write(tmp_path, files), Faults())
    assert loaded.editions[1].publication.keywords == ("water", "roads")


@pytest.mark.parametrize("edition", ["fallback:\n", "twin-of:\n", "titel:\n", 'title: ""\n', "title: {}\n"])
def test_other_keys_without_a_value_are_faults_as_they_were(tmp_path: Path, edition: str) -> None:
    (fault, *_) = told_of(write(tmp_path, {SR: edition, "chapters/sr-Latn/01-start.md": "# Početak\n"}))
    assert " error: " in fault
