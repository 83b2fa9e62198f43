"""The documents of the repository are true: what they show builds, what they list is what there is."""

from __future__ import annotations

import argparse
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
import yaml
from building import REPOSITORY, Ran, impressum, pages, replace
from pydantic import BaseModel

from impressum.cli.commands import COMMANDS
from impressum.core.errors import Faults
from impressum.core.model.publication import (
    BookSeries,
    Cover,
    DataColumn,
    DataSidecar,
    Difference,
    EditionTasks,
    EditionTexts,
    Erratum,
    FigureData,
    FrontMatter,
    Impressum,
    Isbn,
    Organisation,
    Person,
    Publication,
    PublicationTexts,
    Publisher,
    Task,
    Transliteration,
)
from impressum.pipeline.run import STAGES
from impressum.stages.load.binding import bind
from impressum.stages.load.strict_yaml import parse_yaml

PACKAGE = REPOSITORY / "impressum"
STAGE_SECTIONS = {stage: PACKAGE / stage for stage in STAGES}
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
MODELS: dict[str, type[BaseModel]] = {
    "`publication.yaml`": Publication,
    "A person": Person,
    "An organisation": Organisation,
    "`series`": BookSeries,
    "`cover`": Cover,
    "`impressum`": Impressum,
    "`impressum.publisher`": Publisher,
    "`impressum.isbn`": Isbn,
    "`errata`": Erratum,
    "`edition.yaml`": EditionTexts,
    "`transliteration`": Transliteration,
    "`differences`": Difference,
    "`editions.yaml`": EditionTasks,
    "A chapter of it": Task,
    "Front matter of a chapter": FrontMatter,
    "`figures/<id>.yaml`": FigureData,
    "`figures/data/<name>.yaml`": DataSidecar,
    "A column": DataColumn,
}
"""The sections of docs/publication-yaml.md, and what each describes."""


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """The text below each heading of level 2 or 3, up to the next heading."""
    parts = re.split(r"^#{2,3} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_cells(text: str) -> list[str]:
    """What stands in backticks in the first cells of the tables in `text`, without their headers."""
    rows = re.findall(r"^\| *(`.*?) *\|", text.replace("\\|", "/"), flags=re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def fenced(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def written(root: Path) -> Path:
    """The publication that README.md shows, as files."""
    shown = re.findall(r"^`([\w./-]+)`\n\n```\w+\n(.*?)^```$", read("README.md"), flags=re.MULTILINE | re.DOTALL)
    assert [name for name, _ in shown] == [
        "publication.yaml",
        "chapters/en/01-introduction.md",
        "bib/references.bib",
    ]
    for name, content in shown:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def test_the_publication_in_the_readme_builds_to_what_it_says(tmp_path: Path) -> None:
    root = written(tmp_path)
    assert impressum(root, "build").faults == ""
    published = sorted(path.name for path in (root / "dist").iterdir())
    assert published == [
        "CITATION.cff",
        "SHA256SUMS",
        "a-small-publication-en.pdf",
        "a-small-publication-en.pdf.record.json",
        "build-record.json",
    ]
    assert "The PDF is `DIR/dist/a-small-publication-en.pdf`: five pages" in read("README.md")
    text = pages(root, "a-small-publication-en.pdf")
    assert len(text) == 5
    assert "1 Spaces count. This publication has one note, printed at the foot of the page." in text[3]
    assert "Bringhurst, Robert. 2004. The Elements of Typographic Style. 3rd ed." in text[4]


def test_the_fault_in_the_readme_is_what_the_program_says(tmp_path: Path) -> None:
    root = written(tmp_path)
    replace(root / "chapters/en/01-introduction.md", "@bringhurst2004", "@bringhurst2040")
    (shown,) = fenced(read("README.md"), "text")
    ran = impressum(root, "build")
    assert (ran.code, ran.faults + "\n") == (1, shown)


def test_the_readme_has_every_command_with_its_options_and_no_other() -> None:
    rows = re.findall(r"^\| `(.+?)` \|.*\|$", sections(read("README.md"))["Commands"], flags=re.MULTILINE)
    shown = {row.split()[0]: set(re.findall(r"--[\w-]+", row)) for row in rows}
    assert shown == {name: options(name) for name in COMMANDS}


def options(name: str) -> set[str]:
    parser = argparse.ArgumentParser(add_help=False)
    COMMANDS[name].add_arguments(parser)
    return {option for action in parser._actions for option in action.option_strings}


def test_the_exit_codes_in_the_readme_are_those_of_the_command_line() -> None:
    cli = importlib.import_module("impressum.cli.main")
    shown = re.findall(r"^\| (\d+) \|", sections(read("README.md"))["Commands"], flags=re.MULTILINE)
    assert sorted(map(int, shown)) == sorted([cli.DONE, cli.FAULTY, cli.WRONG_USAGE, cli.BUG, cli.INTERRUPTED])


def test_the_way_without_a_network_in_the_readme_is_the_one_that_the_program_names() -> None:
    hint = (PACKAGE / "cli/preparation.py").read_text(encoding="utf-8")
    for words in ("python -m pip download --no-deps -r", "-d wheels", "PIP_NO_INDEX=1", "PIP_FIND_LINKS=wheels"):
        assert words in hint
        assert words in read("README.md")


@pytest.mark.parametrize("section", MODELS)
def test_every_key_of_the_publications_data_is_described_and_no_other(section: str) -> None:
    model = MODELS[section]
    inherited = PublicationTexts.model_fields if model is EditionTexts else {}
    known = [str(field.alias) for name, field in model.model_fields.items() if name not in inherited]
    assert sorted(first_cells(sections(read("docs/publication-yaml.md"))[section])) == sorted(known)


def test_an_edition_is_said_to_translate_what_it_can() -> None:
    text = sections(read("docs/publication-yaml.md"))["`edition.yaml`"].partition("Besides:")[0]
    for name in PublicationTexts.model_fields:
        assert f"`{name}`" in text.partition("It may give ")[2]


def test_every_model_of_the_publications_data_has_a_section() -> None:
    roots = (Publication, EditionTexts, EditionTasks, FrontMatter, FigureData, DataSidecar)
    reached = {model for root in roots for model in with_those_inside(root)}
    assert reached == set(MODELS.values())


def with_those_inside(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in models_of(field.annotation):
            yield from with_those_inside(inner)


def models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_of(argument)


@pytest.mark.parametrize(
    "section", ["`publication.yaml`", "`edition.yaml`", *[name for name in MODELS if name.startswith(("F", "`f"))]]
)
def test_the_example_of_each_file_is_read_without_a_fault_and_has_every_key(section: str) -> None:
    (example,) = fenced(sections(read("docs/publication-yaml.md"))[section], "yaml")
    faults = Faults()
    tree = parse_yaml(example, "example.yaml", faults)
    assert tree is not None
    bind(MODELS[section], tree, faults)
    assert faults.all() == ()
    inherited = set(PublicationTexts.model_fields) if section == "`edition.yaml`" else set()
    lacking = {key for key in missing(MODELS[section], yaml.safe_load(example)) if key.split(".")[0] not in inherited}
    assert lacking == NOT_OF_EACH[section]


NOT_OF_EACH: dict[str, set[str]] = defaultdict(set)
NOT_OF_EACH["`publication.yaml`"] = {
    *("authors.role", "contributors.orcid", "contributors.affiliation", "contributors.ror"),
    *("partners.grant", "partners.statement", "funders.ror"),
}
NOT_OF_EACH["`figures/<id>.yaml`"] = {"neutral", "notes", "panels"}
"""What the example leaves out for one and shows for the other of two lists."""


def missing(model: type[BaseModel], given: Any) -> set[str]:
    """The keys of `model`, and of those inside it, that `given` has nowhere."""
    items = given if isinstance(given, list) else [given]
    lacking: set[str] = set()
    for name, field in model.model_fields.items():
        values = [item[field.alias] for item in items if field.alias in item]
        if not values:
            lacking.add(name)
        if get_origin(field.annotation) is dict:  # by names of the author's own
            values = [list(value.values()) for value in values]
        for inner in models_of(field.annotation):
            lacking |= {f"{name}.{key}" for value in values for key in missing(inner, value)}
    return lacking


@pytest.mark.parametrize(("theme", "column"), [("report", 1), ("book", 2)])
def test_every_token_of_the_theme_is_described_with_its_value(theme: str, column: int) -> None:
    tokens = yaml.safe_load((PACKAGE / f"templates/themes/{theme}/theme.yaml").read_text(encoding="utf-8"))
    row = r"^\| (`.+?) \| .+ \| (.+) \| (.+) \|$"
    shown: dict[str, str] = {}
    for found in re.finditer(row, sections(read("docs/themes.md"))["Tokens"], flags=re.MULTILINE):
        values = found[column + 1].replace("`", "").split(", ")
        shown.update(zip(re.findall(r"`([^`]+)`", found[1]), values, strict=True))
    told = {path: value for path, value in shown.items() if value != "–"}  # that theme has it not
    assert told == {path: as_written(value) for path, value in leaves(tokens, "")}


def as_written(value: object) -> str:
    """A token as it stands in the file."""
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def leaves(tokens: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in tokens.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def test_every_template_of_the_book_is_described() -> None:
    shown = first_cells(sections(read("docs/themes.md"))["Templates"])
    assert sorted(shown) == sorted(path.name for path in (PACKAGE / "templates/book").glob("*.typ"))


def test_every_theme_of_the_package_is_described_and_shown() -> None:
    themes = {path.name for path in (PACKAGE / "templates/themes").iterdir() if path.is_dir()}
    page = read("docs/themes.md")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", page.partition("## Tokens")[0], re.MULTILINE)) == themes
    assert set(re.findall(r"^!\[[^]]+\]\(themes/(.+)\.png\)$", page, re.MULTILINE)) == themes
    assert {path.stem for path in (REPOSITORY / "docs/themes").iterdir()} == themes


def test_every_language_of_the_package_is_named() -> None:
    found = re.search(r"\(it has ([\w, -]+)\)", read("docs/themes.md"))
    assert found
    languages = sorted(path.stem for path in (PACKAGE / "templates/words").glob("*.yaml"))
    assert sorted(found[1].split(", ")) == languages


def test_the_examples_of_a_theme_build(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / "templates").mkdir()
    (root / "templates/theme.yaml").write_text(fenced(read("docs/themes.md"), "yaml")[0], encoding="utf-8")
    (root / "templates/cover.typ").write_text(fenced(read("docs/themes.md"), "typst")[0], encoding="utf-8")
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    assert pages(root, "a-small-publication-en.pdf")[0] == "A Small Publication The Impressum contributors"


def test_everything_that_the_page_for_authors_shows_builds(tmp_path: Path) -> None:
    """All examples of docs/writing.md in one publication, each in a chapter of its own."""
    ran = built_from_writing(tmp_path)
    assert ran.faults == ""
    assert ran.code == 0


def built_from_writing(root: Path) -> Ran:
    shown = fenced(read("docs/writing.md"), "markdown")
    charts = [text for text in fenced(read("docs/writing.md"), "yaml") if "chart:" in text]
    names = [found for text in shown for found in re.findall(r"^!\[.*\]\(figure:(\w+)\)", text, re.MULTILINE)]
    texts = {
        "publication.yaml": "title: Shown\nlanguage: en\ndate: 2025-01-31\nraw: allow\n",
        "figures/data/trade.csv": "year,exports,imports\n2012,0.1,0.4\n2023,1.1,5\n",
        "figures/data/trade.yaml": "title: Trade\nsource: https://example.org/data\n",
        "figures/trade.yaml": "title: Trade\nalt: Two bars.\ndata: [trade]\nwords: {exports: Exports}\n",
        "figures/data/rates.csv": "country,rate\nHU,27\nLU,17\nRS,20\n",
        "figures/data/rates.yaml": "title: Rates\nsource: https://example.org/data\n",
        **{
            f"figures/{name}.yaml": chart
            for name, chart in zip([one for one in names if one != "trade"], charts, strict=True)
        },
        "figures/trade.py": fenced(read("docs/writing.md"), "python")[0],
        "images/bridge.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 9h9"/></svg>',
        "templates/note.md": "It is included.\n",
        "templates/en/macros.md": fenced(read("docs/writing.md"), "jinja")[0],
        "bib/references.bib": "".join(
            f"@book{{{key}, author = {{{{An Author}}}}, title = {{A Title}}, publisher = {{A Press}}, year = {year}}}\n"
            for key, year in (("nbs2024", 2024), ("danas2024", 2024), ("doe2023", 2023))
        ),
    }
    links = "\n\n# Economy\n\n## Loans {#loans}\n\n## Trade {#trade}\n"
    for number, example in enumerate(shown, 10):
        alone = example.lstrip().startswith(("# ", "---"))
        body = example if alone else f"# Example {number}\n\n## Shown\n\n{example}"
        texts[f"chapters/en/{number}-example.md"] = body.replace("02-economy.md", "99-economy.md").replace(
            "(#loans)", "(99-economy.md#loans)"
        )
    texts["chapters/en/99-economy.md"] = f"{links.lstrip()}\n\nText.\n"
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return impressum(root, "build")


def test_the_architecture_has_the_stages_in_order_and_every_module_of_the_package() -> None:
    text = read("ARCHITECTURE.md")
    assert len(text.splitlines()) <= 110
    headings = [name for name in sections(text) if name in STAGES]
    assert headings == list(STAGES)
    for path in PACKAGE.iterdir():
        if path.is_dir() and path.name != "__pycache__":
            assert f"`{path.name}/`" in text, path.name


def test_the_architecture_says_of_each_stage_what_its_docstring_says() -> None:
    text = sections(read("ARCHITECTURE.md"))
    for stage in STAGES:
        said = (importlib.import_module(f"impressum.stages.{stage}").__doc__ or "").strip()
        sentence = re.split(r"(?<=\w)[.;:](?:\s|$)", said.partition(": ")[2].replace("\n", " "))[0]
        assert sentence.rstrip(".").replace("`", "").lower() in text[stage].replace("`", "").lower(), stage


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/themes.md", "docs/accessibility.md"])
def test_every_path_in_backticks_exists(name: str) -> None:
    for path in re.findall(r"`([\w./-]+(?:\.(?:py|yaml|typ|md|txt|toml)|/))`", read(name)):
        if path.startswith(OWN) and name != "ARCHITECTURE.md":
            continue  # a publication's own
        assert any((root / path).exists() for root in HOMES), f"{name}: {path}"


OWN = ("templates/", "dist/", ".cache/", "chapters/", "publication.yaml", "edition.yaml")
HOMES = (REPOSITORY, PACKAGE, REPOSITORY / "impressum/templates/book")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_the_links_between_documents_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$|^ {4}.*$|`[^`\n]+`", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


def anchors(path: Path) -> set[str]:
    """The names that a forge gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_each_decision_has_a_number_of_its_own_and_says_what_why_and_with_what_consequences() -> None:
    decisions = sorted((REPOSITORY / "docs/decisions").glob("*.md"))
    for number, path in enumerate(decisions, 1):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {number:04}: "), path.name
        assert path.name.startswith(f"{number:04}-")
        for part in ("**Decided.**", "**Alternatives.**", "**Why.**", "**Consequences.**"):
            assert part in text, (path.name, part)
