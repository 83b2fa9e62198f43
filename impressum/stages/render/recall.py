"""Remembers how a text was rendered, by the text and by the values that it has read: no others matter.

What a text reads is known only when it was rendered, and may depend on what it reads. So a text has a chain of keys:
the first is of the text alone; each holds either the outcome, or the reads that make the next key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from impressum.stages.render.job import Outcome, Template, read_outcomes, write_outcomes
from impressum.stages.render.reads import Read, as_reads, values
from impressum.system.cache import Json, Memo

STEP, READS = "render", "render-reads"
LONGEST_CHAIN = 50


class _NotRemembered(Exception):
    pass


@dataclass
class Recall:
    """The memory of one template; `shared` is the hash of what all texts of a run are rendered with."""

    memo: Memo
    context: Mapping[str, Json]
    template: Template
    shared: str

    def __post_init__(self) -> None:
        self._known: tuple[Read, ...] = ()

    def outcome(self) -> Outcome | None:
        """The outcome of this text with these values, or None; `remember` then goes on from there."""
        for _ in range(LONGEST_CHAIN):
            key = self._key()
            outcome = self._look(STEP, key)
            if outcome is not None:
                return read_outcomes(outcome)[0]
            more = self._look(READS, key)
            if more is None:
                return None
            self._known += as_reads(json.loads(more))
        return None

    def remember(self, outcome: Outcome) -> None:
        """Notes `outcome` at the end of the chain that `outcome()` has followed."""
        more = [read for read in outcome.reads if read not in self._known]
        if more:
            written: Json = [[list(path), how] for path, how in more]
            self.memo(READS, self._key(), lambda: json.dumps(written).encode(), about=None)
            self._known += tuple(more)
        self.memo(STEP, self._key(), lambda: write_outcomes((outcome,)), about=self.template.name)

    def _key(self) -> dict[str, Json]:
        template = self.template
        read: dict[str, Json] = {f"`{name}`": found for name, found in values(self.context, self._known).items()}
        return {"text": [template.name, template.text, template.language], "templates": self.shared, **read}

    def _look(self, step: str, key: Mapping[str, Json]) -> bytes | None:
        try:
            return self.memo(step, key, _not_remembered, about=self.template.name if step == STEP else None)
        except _NotRemembered:
            return None


def _not_remembered() -> bytes:
    raise _NotRemembered
