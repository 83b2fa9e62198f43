"""A project folder for OmegaT (6 or later): the units as XLIFF 1.2, the memory, and the glossary."""

from __future__ import annotations

from collections.abc import Sequence

from impressum.translation.handoff.exchange import write_xliff
from impressum.translation.handoff.glossary import GlossaryEntry
from impressum.translation.handoff.memory import MemoryEntry, Remembered, write_tmx
from impressum.translation.handoff.unit import Handoff

FOLDERS = ("source", "target", "tm", "glossary", "dictionary", "omegat")
PROJECT = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat>
  <project version="1.0">
    <source_dir>__DEFAULT__</source_dir>
    <target_dir>__DEFAULT__</target_dir>
    <tm_dir>__DEFAULT__</tm_dir>
    <glossary_dir>__DEFAULT__</glossary_dir>
    <glossary_file>__DEFAULT__</glossary_file>
    <dictionary_dir>__DEFAULT__</dictionary_dir>
    <source_lang>{source}</source_lang>
    <target_lang>{target}</target_lang>
    <sentence_seg>false</sentence_seg>
    <support_default_translations>true</support_default_translations>
    <remove_tags>false</remove_tags>
  </project>
</omegat>
"""


def omegat_project(
    handoff: Handoff, stem: str, memory: Sequence[Remembered], glossary: Sequence[GlossaryEntry]
) -> dict[str, bytes]:
    """The files of the project by their names, and its folders, whose names end with a slash.

    `memory` is what is translated so far; what a unit was before, or what another memory has of it, is added. Segments
    are whole units, as OmegaT would put the source in for each untranslated sentence of one.
    """
    earlier = [MemoryEntry(one.earlier_source, one.earlier_target) for one in handoff.all() if one.earlier_target]
    terms = "".join(f"{line}\n" for entry in glossary for line in _rows(entry, handoff.edition))
    return {
        "omegat.project": PROJECT.format(source=handoff.source, target=handoff.edition).encode(),
        **{f"{name}/": b"" for name in FOLDERS},
        f"source/{stem}.xlf": write_xliff(handoff, for_omegat=True),
        "tm/memory.tmx": write_tmx((*memory, *earlier), handoff.source, handoff.edition),
        "glossary/glossary.txt": terms.encode(),
    }


def _rows(entry: GlossaryEntry, tag: str) -> list[str]:
    """The term with each word for it, and a remark: columns between tabs."""
    words = (entry.term,) if entry.is_kept else entry.called.get(tag, ())
    forbidden = entry.forbidden.get(tag, ())
    remarks = ["is not translated"] * entry.is_kept + [f"not: {', '.join(forbidden)}"] * bool(forbidden)
    return ["\t".join([entry.term, word, "; ".join(remarks)]).rstrip("\t") for word in words]
