"""load: reads everything into typed values, every fault with its file, line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from impressum.core.errors import Fault, Faults, Faulty, Place, Severity
from impressum.core.facts import isbn_of_print
from impressum.core.languages import is_right_to_left
from impressum.core.model.lost import EVERYTHING, LostSources, may_be
from impressum.core.model.publication import Texts
from impressum.core.model.sources import Bibliography, Edition, Sources, SourceText
from impressum.stages.load.bibtex_entries import check_access_dates
from impressum.stages.load.data import check_data_sources, check_data_words, data_names, read_data
from impressum.stages.load.editions import EditionFolder, edition_publication
from impressum.stages.load.figures import check_figure_words, figure_ids, figure_names, read_figures, untranslated
from impressum.stages.load.folders import Folders
from impressum.stages.load.images import check_resolution
from impressum.stages.load.publication import PublicationFile, cited_in, read_bibliography_text, read_publication
from impressum.stages.load.styles import find_style
from impressum.stages.load.text_checks import TEXTS, check_quotes, check_titles
from impressum.stages.load.texts import include_names, read_includes
from impressum.stages.load.theme import read_theme
from impressum.stages.load.tree import Tree, is_given, joined, scalars
from impressum.stages.load.words import or_english, read_terms, read_words
from impressum.system.workspace import Workspace

__all__ = ["check_access_dates", "check_resolution", "load", "read_theme"]

PUBLICATION = "publication.yaml"

RULES = "rules."
"""Prefix of the path of a rule's severity. A severity that cannot be read counts as `off`."""
LOWERABLE = frozenset({"chapter-untranslated", "data-source"})
"""The errors of this stage that `rules:` may make weigh less; by any other, something could not be read."""


def load(workspace: Workspace, faults: Faults, *, editions: tuple[str, ...] = ()) -> Sources:
    """Everything that `workspace` holds, for the editions of these tags (none given: all).

    Sets the severities of `faults` from `rules:`. What cannot be read (a chapter, a figure, a table of data, a
    value of a YAML file, the bibliography) is left out and recorded as lost, with an error in `faults` that nothing
    lowers. Raises Faulty with every fault found where too little is left to check anything else, and WrongUsage for a
    tag that is no edition.
    """
    found = Faults()
    try:
        file = read_publication(workspace, found)
    except Faulty as exc:
        faults.extend(exc.faults)
        raise Faulty(faults.all()) from exc
    if file.bound:
        unknown = {path.removeprefix(RULES): "off" for path in file.unknown if path.startswith(RULES)}
        faults.severities = faults.weigh({**file.bound.rules, **cast("dict[str, Severity]", unknown)})
    data = read_data(workspace, found)
    figures = read_figures(workspace, data, found)
    reader = Folders(workspace, file.tree, figures, data, found, file.unknown if file.tree else EVERYTHING)
    folders = reader.read(editions)
    source = reader.source_folder(folders)
    silent: dict[str, dict[str, Fault]] = {}
    for folder in folders:
        if folder.tree:
            check_figure_words(folder.tree, figures, figure_ids(workspace), found)
            check_data_words(folder.tree, data, data_names(workspace), found)
            check_quotes(folder.tree, TEXTS, found)
            check_titles(folder.tree, found)
        is_known = reader.source and not any(may_be(key, folder.unknown) for key in ("figures", "data"))
        if file.bound and is_known and not folder.twin:  # for a twin, the other edition is reported
            silent[folder.tag] = untranslated(folder.tag, folder.tree, figures, file.bound.language)
    if file.tree:
        check_quotes(file.tree, TEXTS, found)
        check_titles(file.tree, found)
    includes = read_includes(workspace, found)
    house = file.bound.house if file.bound else None
    words = {folder.tag: read_words(workspace, folder.tag, found, house) for folder in folders}
    if source and source.tag not in words:
        words[source.tag] = read_words(workspace, source.tag, found, house)
    bibliography = _read_bibliography(workspace, file, folders, found, faults)
    terms = {tag: read_terms(workspace, tag, found, house) if bibliography else {} for tag in words}
    if not (bibliography and bibliography.taken is not None):
        check_data_sources(data, bibliography.keys() if bibliography else frozenset(), found)
    faults.extend(found.all() if file.bound else found.errors())  # the errors alone where `rules:` cannot be read
    for fault in found.errors():
        if fault.rule not in LOWERABLE:
            faults.hold(fault)
    folders = tuple(folder for folder in folders if not is_right_to_left(folder.tag))
    if file.bound is None or file.tree is None or not folders:
        raise Faulty(faults.all())
    drawn = tuple(text for figure in figures.values() for text in figure.written)
    making = partial(_edition, file, words=words, terms=terms, is_held=bool(reader.source), drawn=drawn)
    made = tuple(map(making, folders))
    if not may_be("impressum", file.unknown):
        _check_price((file.tree, *(folder.tree for folder in folders)), made, faults)
    held_to = next((edition for edition in made if source and edition.tag == source.tag), None)
    if source and held_to is None and not is_right_to_left(source.tag):
        held_to = making(source)
    places = {key: entry.value.place for key, entry in file.tree.entries.items()}
    lost = LostSources(
        figure_names(workspace) - figures.keys(),
        data_names(workspace) - data.keys(),
        include_names(workspace) - includes.keys(),
        file.unknown,
    )
    place_of_theme = places.get("theme", Place(PUBLICATION))
    is_named = not may_be("theme", lost.values)
    theme = read_theme(workspace, file.bound.theme, place_of_theme, faults, is_named=is_named)
    place_of_style = places.get("citation-style", Place(PUBLICATION))
    return Sources(
        file.bound,
        file.slug,
        made,
        held_to,
        figures,
        data,
        bibliography,
        includes,
        places,
        silent,
        lost,
        theme=theme,
        style=find_style(file.bound.citation_style, workspace, place_of_style, faults),
    )


def _check_price(trees: Iterable[Tree | None], editions: Iterable[Edition], faults: Faults) -> None:
    """A price code stands beside the barcode of an ISBN: without one it is printed nowhere."""
    if any(isbn_of_print(edition.publication) for edition in editions):
        return
    for impressum in (tree.table("impressum") for tree in trees if tree):
        price = impressum.text("price-code") if impressum else None
        if price:
            message = f"the price code `{price.text}` is printed nowhere: no ISBN of the printed book is given"
            hint = "add its ISBN, as in `isbn: {print: 978-…}`, or take `price-code` out"
            faults.warning(price.place, message, "price-without-isbn", hint)


def _read_bibliography(
    workspace: Workspace, file: PublicationFile, folders: Sequence[EditionFolder], found: Faults, faults: Faults
) -> Bibliography | None:
    """The bibliography; where it cannot be read, whatever the chapters in `folders` cite is taken to be in it."""
    own = Faults()
    text = read_bibliography_text(workspace, file, own)
    found.extend(own.all())
    if text is None:
        if not own.errors() and file.bound and "bibliography" not in file.unknown:
            return None
        texts = [chapter.body.text for one in folders for chapter in one.chapters]
        texts += [chapter.text for one in folders for chapter in one.lost if chapter.text]
        return Bibliography(SourceText("", ""), is_whole=False, taken=frozenset(cited_in(texts)))
    from impressum.stages.load.bibliography import read_bibliography

    own = faults.apart()
    bibliography = read_bibliography(text, own)
    faults.extend(own.found())
    return replace(bibliography, is_whole=not own.errors())


def _edition(
    file: PublicationFile,
    folder: EditionFolder,
    *,
    words: Mapping[str, Mapping[str, str]],
    terms: Mapping[str, Mapping[str, str]],
    is_held: bool,
    drawn: Texts,
) -> Edition:
    """The edition in `folder`; `is_held`: a source edition is there to compare with; `drawn`: the texts of figures."""
    assert file.bound is not None
    assert file.tree is not None
    tree = joined(file.tree, folder.tree) if folder.tree else file.tree
    unknown = folder.unknown | {path for path in file.unknown if not folder.tree or not is_given(path, folder.tree)}
    if not is_held:  # nobody knows in which language the figures and data are
        unknown |= {"figures", "data"}
    publication = file.bound.model_copy(update={"raw": "allow"}) if may_be("raw", unknown) else file.bound
    return Edition(
        folder.tag,
        edition_publication(publication, folder.texts),
        folder.texts,
        folder.chapters,
        or_english(words[folder.tag]),
        folder.layout,
        folder.twin,
        terms=terms[folder.tag],
        lost=folder.lost,
        unknown=unknown,
        written=(*((one.text, one.place) for one in scalars(tree)), *drawn),
    )
