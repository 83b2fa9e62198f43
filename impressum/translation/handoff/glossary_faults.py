"""What is wrong in a chapter by the glossary: from its words, and from those of the chapter that it translates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from impressum.core.errors import Faults, Place
from impressum.translation.handoff.chapter_words import Worded
from impressum.translation.handoff.glossary import Entry
from impressum.translation.handoff.terms import Terms, is_there, is_written, words_at, words_of
from impressum.translation.pairing import paired
from impressum.translation.passages import Passage


class Comparison:
    """The `entries` of the glossary that concern the edition `tag`, made ready for all its chapters."""

    def __init__(self, tag: str, entries: Sequence[Entry]) -> None:
        self.tag, self.entries = tag, entries
        self.terms = Terms([entry.term for entry in entries])
        self.kept = [number for number, entry in enumerate(entries) if entry.is_kept]
        forbidden = [(entry, word) for entry in entries for word in entry.forbidden.get(tag, ())]
        self.of_forbidden = [entry for entry, _ in forbidden]
        self.forbidden = Terms([word for _, word in forbidden])
        self.called = Terms([word for entry in entries for word in entry.called.get(tag, ())])

    def check_forbidden(self, path: str, chapter: Sequence[Worded], faults: Faults) -> None:
        """A fault for each word that the glossary forbids; not where it is part of a word that it asks for."""
        for one in chapter:
            forbidden = self.forbidden.standing_in(one.words)
            right = self.called.standing_in(one.words) if forbidden else []
            for number, first, last in forbidden:
                if not any(begins <= first and last <= ends for _, begins, ends in right):
                    words = words_at(one.text, first, last)
                    self._forbid(self.of_forbidden[number], words, _place(path, one.passage, words), faults)

    def check_terms(self, path: str, chapter: Sequence[Worded], source: Sequence[Worded], faults: Faults) -> None:
        """What `source` names and the chapter, its translation, does not, passage by passage."""
        ours = {one.passage.line: one for one in source}
        theirs = {one.passage.line: one for one in chapter}
        in_source: set[int] | None = None
        for pair in paired([one.passage for one in source], [one.passage for one in chapter]):
            if pair.source is None or pair.translation is None:
                continue
            here, there = ours[pair.source.line], theirs[pair.translation.line]
            standing = {number for number, _, _ in self.terms.standing_in(here.words)}
            lost = [number for number in self.kept if self._is_lost(self.entries[number], here.text, there)]
            if not standing.issuperset(lost) and in_source is None:
                whole = [word for one in source for word in one.words]
                in_source = {number for number, _, _ in self.terms.standing_in(whole)}
            for number in sorted(standing.union(lost)):
                entry = self.entries[number]
                if not entry.is_kept:
                    self._check_called(entry, there.text, Place(path, there.passage.line), faults)
                elif number in lost and (number in standing or number in (in_source or ())):
                    _lose(entry, Place(path, there.passage.line), faults)

    def _is_lost(self, entry: Entry, here: str, there: Worded) -> bool:
        """Whether a name stands in `here`, and not in `there`, where it may be marked as one of another language."""
        if entry.term in there.all_text or not is_written(entry.term, here):
            return False
        names = Terms([entry.term, *entry.called.get(self.tag, ())])
        return not names.standing_in(words_of(there.all_text))

    def _check_called(self, entry: Entry, text: str, place: Place, faults: Faults) -> None:
        called = entry.called.get(self.tag, ())
        if called and not any(is_there(word, text) for word in called):
            faults.warning(
                place,
                f"`{entry.term}` is not called `{'` or `'.join(called)}` in this passage",
                "glossary-term",
                f"use the glossary's word, or add yours to it ({entry.place})",
            )

    def _forbid(self, entry: Entry, words: str, place: Place, faults: Faults) -> None:
        called = entry.called.get(self.tag, ())
        faults.error(
            place,
            f"the glossary forbids `{words}`" + (f" for `{entry.term}`" if entry.term else ""),
            "glossary-forbidden",
            f"write `{'` or `'.join(called)}`" if called else f"see {entry.place}",
        )


def _lose(entry: Entry, place: Place, faults: Faults) -> None:
    faults.error(
        place,
        f"`{entry.term}` stands in the source of this passage, and not in its translation",
        "glossary-lost",
        "the glossary says that it is not translated: write it as it is",
    )


def _place(path: str, passage: Passage, words: str) -> Place:
    """Where `words` stand in the passage."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    stands = re.search(rf"(?<!\w){pattern}(?!\w)", passage.text)
    if stands is None:
        return Place(path, passage.line)
    before = passage.text[: stands.start()]
    return Place(path, passage.line + before.count("\n"), stands.start() - before.rfind("\n"))
