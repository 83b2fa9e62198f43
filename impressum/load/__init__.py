"""load: reads everything into typed values, every fault with its file, line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from impressum.errors import Fault, Faults, Faulty
from impressum.load.access_dates import check_access_dates
from impressum.load.data import data_names, read_data
from impressum.load.data_checks import check_data_sources, check_data_words
from impressum.load.editions import EditionFolder, edition_publication, is_chapter
from impressum.load.figures import check_figure_words, figure_ids, read_figures, untranslated
from impressum.load.folders import Folders
from impressum.load.images import check_resolution
from impressum.load.includes import read_includes
from impressum.load.publication import PublicationFile, read_bibliography_text, read_publication
from impressum.load.straight_quotes import check_quotes
from impressum.load.terms import read_terms
from impressum.load.theme import read_theme
from impressum.load.titles import check_titles
from impressum.load.unfilled import TEXTS
from impressum.load.words import read_words
from impressum.model.publication import Publication
from impressum.model.sources import Bibliography, Edition, Sources
from impressum.workspace import Workspace

__all__ = ["check_access_dates", "check_resolution", "load", "read_theme"]

LOWERABLE = frozenset({"chapter-untranslated", "data-source"})
"""The errors of this stage that `rules:` may make weigh less; after any other, something could not be read."""


def load(workspace: Workspace, faults: Faults, *, editions: tuple[str, ...] = ()) -> Sources:
    """Everything that `workspace` holds, for the editions of these tags (none given: all).

    Sets the severities of `faults` from `rules:`. A chapter that cannot be read is left out, and is among the lost ones
    of its edition; so is what is wrong with the bibliography left to `faults`. Raises Faulty with every fault found
    where there is any other error, and WrongUsage for a tag that is no edition.
    """
    found = Faults()
    try:
        file = read_publication(workspace, found)
    except Faulty as exc:
        faults.extend(exc.faults)
        raise Faulty(faults.all()) from exc
    if file.bound:
        faults.severities = faults.weigh(file.bound.rules)
    data = read_data(workspace, found)
    figures = read_figures(workspace, data, found)
    reader = Folders(workspace, file.tree, figures, data, found)
    folders = reader.read(editions)
    source = reader.source_folder(folders)
    ids = figure_ids(workspace)
    silent: dict[str, dict[str, Fault]] = {}
    for folder in folders:
        if folder.tree:
            check_figure_words(folder.tree, figures, ids, found)
            check_data_words(folder.tree, data, data_names(workspace), found)
            check_quotes(folder.tree, TEXTS, found)
            check_titles(folder.tree, found)
        if file.bound and not folder.twin:  # of a twin the other edition is told
            silent[folder.tag] = untranslated(folder.tag, folder.tree, figures, file.bound.language)
    if file.tree:
        check_quotes(file.tree, TEXTS, found)
        check_titles(file.tree, found)
    includes = read_includes(workspace, found)
    words = {folder.tag: read_words(workspace, folder.tag, found) for folder in folders}
    if source and source.tag not in words:
        words[source.tag] = read_words(workspace, source.tag, found)
    bibliography = _read_bibliography(workspace, file, found, faults)
    terms = {tag: read_terms(workspace, tag, found) if bibliography else {} for tag in words}
    check_data_sources(data, bibliography.keys() if bibliography else frozenset(), found)
    _stop_if_any(found, faults)
    if file.bound is None:
        raise Faulty(faults.all())
    made = tuple(_edition(folder, file.bound, words[folder.tag], terms[folder.tag]) for folder in folders)
    held_to = next((edition for edition in made if source and edition.tag == source.tag), None)
    if source and held_to is None:
        held_to = _edition(source, file.bound, words[source.tag], terms[source.tag])
    places = {key: entry.value.place for key, entry in file.tree.entries.items()} if file.tree else {}
    return Sources(file.bound, file.slug, made, held_to, figures, data, bibliography, includes, places, silent)


def _read_bibliography(
    workspace: Workspace, file: PublicationFile, found: Faults, faults: Faults
) -> Bibliography | None:
    text = read_bibliography_text(workspace, file, found)
    if text is None:
        return None
    from impressum.load.bibliography import read_bibliography

    own = faults.apart()
    bibliography = read_bibliography(text, own)
    faults.extend(own.found())
    return replace(bibliography, is_whole=not own.errors())


def _stop_if_any(found: Faults, faults: Faults) -> None:
    """Hands `found` on to `faults` and stops where there is an error, even one that is lowered or allowed.

    Those of chapters do not stop here: the other chapters are read.
    """
    fixed = [fault for fault in found.errors() if fault.rule not in LOWERABLE]
    faults.extend(found.all())
    for fault in fixed:
        faults.hold(fault)
    if any(not is_chapter(fault.place.path) for fault in fixed):
        raise Faulty(faults.all())


def _edition(
    folder: EditionFolder, publication: Publication, words: Mapping[str, str], terms: Mapping[str, str]
) -> Edition:
    assert folder.texts is not None  # its faults would have stopped the stage
    return Edition(
        folder.tag,
        edition_publication(publication, folder.texts),
        folder.texts,
        folder.chapters,
        words,
        folder.layout,
        folder.twin,
        terms=terms,
        lost=folder.lost,
    )
