"""Compares the editions with `glossary.csv`: forbidden words, lost names, terms translated otherwise.

One cache entry covers all chapters as long as none has changed, and one each of them otherwise. The modules that
compare chapters are imported only when one has to be compared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faults, packed, unpacked
from impressum.core.model.identifiers import TAG
from impressum.stages.load.editions import chapter_names
from impressum.stages.load.texts import TEXT_LIMIT, decode, read_bytes, read_shared
from impressum.system.cache import Json, Memo, digest
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    from impressum.translation.handoff.glossary import GlossaryComparison, GlossaryEntry
    from impressum.translation.handoff.terms import Worded
    from impressum.translation.texts import TextPair


def check_glossary(
    workspace: Workspace,
    source: str,
    tags: Sequence[str],
    memo: Memo,
    faults: Faults,
    texts: Mapping[str, Sequence[TextPair]] = MappingProxyType({}),
    shared: str | None = None,
) -> None:
    """Compares the editions `tags`, and `texts` of their `edition.yaml` by tag, with the glossary, if there is one, and
    with the one that several publications have together, `shared`.

    `source` is the tag of the source edition. Chapters that have not changed are not compared again, thanks to `memo`.
    """
    glossaries = glossary_files(workspace, shared, faults)
    if not any(raw for _, raw in glossaries):
        return
    folders = sorted(path.name for path in workspace.chapters.iterdir() if path.is_dir() and TAG.match(path.name))
    names = chapter_names(workspace, source)
    chapters = {
        tag: {name: read for name in names if (read := _read(workspace, workspace.edition(tag) / name, memo))}
        for tag in dict.fromkeys((source, *tags))
    }
    inputs: dict[str, Json] = {
        "glossary": [*(digest(raw) for _, raw in glossaries), *folders],
        "editions": [source, *tags],
        "texts": [[[*pair[:3], str(pair.place)] for pair in texts.get(tag, ())] for tag in tags],
        "chapters": [[one.path, one.digest] for of_edition in chapters.values() for one in of_edition.values()],
    }

    def compare() -> bytes:
        from impressum.translation.handoff.glossary import read_glossaries

        found = Faults()
        decoded = ((path, decode(raw, path, found)) for path, raw in glossaries)
        entries = read_glossaries(decoded, folders, found)
        for tag in tags:
            of_edition = [entry for entry in entries if _concerns(entry, tag, source)]
            if of_edition:
                edition = _Edition(tag, of_edition)
                for name, chapter in chapters[tag].items():
                    found.extend(edition.faults_of(chapter, chapters[source].get(name) if tag != source else None))
                for pair in texts.get(tag, ()):
                    edition.compare_text(pair, found)
        return _packed(found)

    faults.extend(_unpacked(memo("glossary-all", inputs, compare, about=None)))


def glossary_files(workspace: Workspace, shared: str | None, faults: Faults) -> list[tuple[str, bytes]]:
    """The publication's own glossary and the `shared` one, each by its path; empty where there is none."""
    own = workspace.glossary
    raw = read_bytes(workspace, own, faults, limit=TEXT_LIMIT) if os.path.lexists(own) else None
    more = read_shared(workspace, shared, faults) if shared else None
    return [(workspace.relative(own), raw or b""), *([(shared, more)] if shared and more else [])]


def _concerns(entry: GlossaryEntry, tag: str, source: str) -> bool:
    return tag in entry.forbidden or (tag != source and (tag in entry.called or entry.is_kept))


def _read(workspace: Workspace, path: Path, memo: Memo) -> _Chapter | None:
    """The file of a chapter, or None; its faults have been reported when it was loaded."""
    raw = read_bytes(workspace, path, Faults(), limit=TEXT_LIMIT) if path.exists() else None
    return None if raw is None else _Chapter(workspace.relative(path), raw, memo)


class _Chapter:
    """A chapter's file; its words are extracted on demand, once for all editions."""

    def __init__(self, path: str, raw: bytes, memo: Memo) -> None:
        self.path, self.raw, self.memo = path, raw, memo
        self.digest = digest(raw)

    @cached_property
    def words(self) -> tuple[Worded, ...] | None:
        """The passages with their words; None where the file is no clean text."""
        from impressum.translation.handoff.terms import chapter_words

        text = decode(self.raw, self.path, Faults())
        return None if text is None else chapter_words(text, self.memo)


class _Edition:
    """The edition `tag`, with the `entries` of the glossary that concern it."""

    def __init__(self, tag: str, entries: Sequence[GlossaryEntry]) -> None:
        self.tag, self.entries = tag, entries
        of_tag = [(one.term, one.place, one.called.get(tag), one.forbidden.get(tag), one.is_kept) for one in entries]
        self.digest = digest(repr(of_tag))

    @cached_property
    def comparison(self) -> GlossaryComparison:
        from impressum.translation.handoff.glossary import GlossaryComparison

        return GlossaryComparison(self.tag, self.entries)

    def faults_of(self, chapter: _Chapter, source: _Chapter | None) -> Iterator[Fault]:
        """The faults of a chapter; `source` is what it translates, if it is a translation."""
        inputs: dict[str, Json] = {
            "chapter": [chapter.path, chapter.digest],
            "source": source.digest if source else None,
            "glossary": self.digest,
        }
        return _unpacked(chapter.memo("glossary", inputs, partial(self._compared, chapter, source), about=chapter.path))

    def compare_text(self, pair: TextPair, faults: Faults) -> None:
        """Compares a text of `edition.yaml` with the glossary."""
        from impressum.translation.handoff.terms import NAMED, worded

        if pair.key.rpartition(".")[2] in NAMED:
            return
        one, other = (worded(text, pair.place.line) for text in (pair.source, pair.text))
        self.comparison.check_forbidden(pair.place.path, [other], faults)
        self.comparison.check_terms(pair.place.path, [other], [one], faults)

    def _compared(self, chapter: _Chapter, source: _Chapter | None) -> bytes:
        found = Faults()
        if chapter.words is not None:
            translated = [one for one in chapter.words if not one.is_borrowed]
            self.comparison.check_forbidden(chapter.path, translated, found)
            if source and source.words is not None:
                self.comparison.check_terms(chapter.path, translated, source.words, found)
        return _packed(found)


def _packed(found: Faults) -> bytes:
    return json.dumps([packed(fault) for fault in found.found()]).encode()


def _unpacked(raw: bytes) -> Iterator[Fault]:
    return map(unpacked, json.loads(raw))
