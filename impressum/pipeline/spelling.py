"""What `check --spelling` reads: the words of all editions, and those that are right in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from impressum.checks.spelling import (
    Written,
    check_spelling,
    plain_words,
    report_missing,
    words_of_chapter,
    words_of_text,
)
from impressum.checks.spelling.dictionaries import find_dictionary, system_folders
from impressum.core.errors import Faults, Place, place_of
from impressum.core.model.sources import Sources
from impressum.pipeline.convert import Manuscripts
from impressum.pipeline.run import Run
from impressum.stages.load.strict_yaml import read_yaml
from impressum.stages.load.text_checks import NO_TEXT, TEXTS
from impressum.stages.load.tree import scalars
from impressum.system.files import read
from impressum.translation.handoff.glossary_check import glossary_files

NAMES = (NO_TEXT - {"alt"}) | frozenset(
    "name role address affiliation responsible printer on-behalf-of source credit licence rights where date".split()
)
"""Keys whose values are names and the like: their words are right wherever they stand."""
DICTIONARIES = "dictionaries"
TITLES = frozenset({"title", "subtitle"})
"""Keys of texts that English sets in capitals."""


def spell(made: Manuscripts, run: Run) -> None:
    """Checks the spelling of the editions in `made`; what is found goes to the faults of `run`."""
    house = made.sources.publication.house
    ours = [run.workspace.templates / DICTIONARIES, *([run.workspace.root / house / DICTIONARIES] if house else [])]
    folders = (*ours, *system_folders())
    files: dict[str, list[Written]] = {}
    names: set[str] = set()
    source = made.sources.publication.language
    beside: set[str] = set()
    if all(one.edition.tag != source for one in made.editions):  # what names it has is asked all the same
        files = {document.path: list(words_of_chapter(document)) for document in made.source_documents.values()}
        _add_texts(source, made.sources, files, names, run)
        beside = {*files}
    for one in made.editions:
        twins = {chapter.slug for chapter in one.edition.chapters if chapter.twin}
        for document in one.manuscript.documents:
            if not document.borrowed and document.slug not in twins:
                files[document.path] = list(words_of_chapter(document))
        _add_texts(one.edition.tag, made.sources, files, names, run)
    languages = sorted({written.language for words in files.values() for written in words})
    dictionaries = {language: find_dictionary(language, folders) for language in languages}
    for one in made.editions:
        tag = one.edition.tag
        if dictionaries.get(tag, "") is None:
            report_missing(tag, _place(tag, made.sources, run), run.faults)
    if made.sources.bibliography:
        entries = made.sources.bibliography.entries.values()
        names.update(word for entry in entries for value in entry.fields.values() for word in plain_words(value))
    glossary = made.sources.publication.glossary
    if glossary or os.path.lexists(run.workspace.glossary):
        for _, raw in glossary_files(run.workspace, glossary, Faults()):
            names.update(plain_words(raw.decode("utf-8", "replace")))

    @cache
    def excepted(language: str) -> frozenset[str]:
        tags = {language, language.partition("-")[0]}
        listed = (folder / f"{tag}.txt" for folder in ours for tag in sorted(tags))
        texts = (read(path).decode("utf-8", "replace") for path in listed if path.is_file())
        lines = (line.partition("#")[0].strip() for text in texts for line in text.split("\n"))
        return frozenset((*names, *(line.replace("’", "'") for line in lines if line)))

    check_spelling(files, dictionaries, excepted, run.memo, run.faults, beside)


def _add_texts(tag: str, sources: Sources, files: dict[str, list[Written]], names: set[str], run: Run) -> None:
    """Adds the words in the YAML files of the edition `tag` to `files`, and the names in them to `names`."""
    for path, language, keys in _texts_of(tag, sources, run):
        files.setdefault(run.workspace.relative(path), []).extend(_in_yaml(path, language, keys, names, run))


def _texts_of(tag: str, sources: Sources, run: Run) -> Iterator[tuple[Path, str, frozenset[str]]]:
    """The YAML files whose texts are in the language of the edition, and the keys below which there are texts."""
    if tag == sources.publication.language:
        yield run.workspace.publication, tag, TEXTS
        described = {figure.path for figure in sources.figures.values()}
        described |= {table.source_place.path for table in sources.data.values()}
        for name in sorted(described):
            if name.endswith((".yaml", ".yml")):
                yield run.workspace.root / name, tag, frozenset({"title", "alt", "unit", "words", "columns"})
    if run.workspace.edition_file(tag).exists():
        yield run.workspace.edition_file(tag), tag, TEXTS


def _in_yaml(path: Path, language: str, keys: frozenset[str], names: set[str], run: Run) -> Iterator[Written]:
    """The words of the texts in a YAML file; those of other values become `names`."""
    tree = read_yaml(run.workspace, path, Faults())
    lines = read(path).decode("utf-8", "replace").split("\n")
    for key, entry in tree.entries.items() if tree else ():
        read_here = list(scalars(entry.value, NAMES)) if key in keys and key not in NAMES else []
        for scalar in read_here:
            place = partial(place_of, start=scalar.place, offset=0, lines=lines)
            yield from words_of_text(scalar.text, language, place, is_title=key in TITLES)
        here = {id(scalar) for scalar in read_here}
        names.update(word for one in scalars(entry.value) if id(one) not in here for word in plain_words(one.text))


def _place(tag: str, sources: Sources, run: Run) -> Place:
    """Where the publication says that it has the edition `tag`."""
    if tag == sources.publication.language:
        return sources.place_of("language")
    tasks = run.workspace.tasks
    tree = read_yaml(run.workspace, tasks, Faults()) if tasks.exists() else None
    return (
        tree.entries[tag].place
        if tree and tag in tree.entries
        else Place(run.workspace.relative(run.workspace.edition(tag)))
    )
