"""The folders of the editions that are asked for, each with what it borrows from others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from impressum.errors import Faults
from impressum.load.borrowed import check_unknown, with_borrowed
from impressum.load.editions import EditionFolder, chosen, edition_tags, read_edition, read_own_texts
from impressum.load.layout import read_layout
from impressum.load.tree import Table
from impressum.workspace import Workspace


@dataclass
class Folders:
    """Reads the folders of `workspace`; `publication` is the tree that each `edition.yaml` amends.

    The faults of an edition that was not asked for are not told, unless another one needs what it has.
    """

    workspace: Workspace
    publication: Table | None
    faults: Faults
    source: str = ""
    """The tag of the source edition; empty where there is none."""
    _read: dict[str, tuple[EditionFolder, Faults]] = field(default_factory=dict)

    def read(self, wanted: tuple[str, ...]) -> tuple[EditionFolder, ...]:
        """The editions of the tags `wanted` (none given: all). Raises WrongUsage for a tag that is no edition."""
        language = self.publication.text("language") if self.publication else None
        tags = edition_tags(self.workspace, language, self.faults)
        asked = chosen(tags, wanted)
        self.source = language.text.strip() if language and language.text.strip() in tags else ""
        if self.source:
            for tag in dict.fromkeys((self.source, *asked)):
                check_unknown(self.workspace, tag, self.source, self.faults)
        for tag in asked:
            self.faults.extend(self._folder(tag)[1].all())
        return tuple(self._whole(tag) for tag in asked)

    def source_folder(self, asked: tuple[EditionFolder, ...]) -> EditionFolder | None:
        """The folder of the source edition, or None where it has faults and none of those `asked` needs it."""
        if not self.source:
            return None
        folder, faults = self._folder(self.source)
        if faults.errors() and self.source not in {one.tag for one in asked}:
            return None
        return self._with_layout(folder)

    def _folder(self, tag: str) -> tuple[EditionFolder, Faults]:
        """The folder of `tag` as it is, and its faults; read once."""
        if tag not in self._read:
            faults = Faults()
            own = read_own_texts(self.workspace, tag, faults)
            self._read[tag] = read_edition(self.workspace, tag, own, self.publication, faults), faults
        return self._read[tag]

    def _whole(self, tag: str) -> EditionFolder:
        """The folder of `tag` with what it borrows."""
        folder, _ = self._folder(tag)
        if self.source and tag != self.source:
            source, faults = self._folder(self.source)
            folder = with_borrowed(folder, source, None, self.workspace, self.faults)
            if any(chapter.borrowed for chapter in folder.chapters):
                self.faults.extend(fault for fault in faults.all() if fault not in self.faults.all())
        return self._with_layout(folder)

    def _with_layout(self, folder: EditionFolder) -> EditionFolder:
        names = tuple(chapter.slug for chapter in folder.chapters)
        return replace(folder, layout=read_layout(self.workspace, folder.tag, names, self.faults))
