"""The fitting of pages from one session to the next: the first pages that are shown are fitted already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from impressum.core.errors import Place
from impressum.core.model.expected import MeantBlock, MeantChapter
from impressum.core.model.fits import Fit, Fits, dumped, loaded
from impressum.preview.carried import carried
from impressum.system.cache import code_of_package, keep, kept


@dataclass(frozen=True)
class KeptFits:
    """Fits by edition, in `folder`. What cannot be read, or was kept by another version, is as if it were not there."""

    folder: Path

    def of(self, tag: str, chapters: Sequence[MeantChapter]) -> dict[str, Fit]:
        """The fits of the edition `tag`, whose chapters are now these."""
        try:
            said = json.loads(kept(self._path(tag)) or b"{}")
            if said["code"] != code_of_package():
                return {}
            return carried(loaded(said["fits"]), [_chapter(one) for one in said["chapters"]], chapters)
        except (ValueError, KeyError, TypeError):
            return {}

    def keep(self, tag: str, fits: Fits, chapters: Sequence[MeantChapter]) -> None:
        """Keeps the `fits` of these chapters."""
        said = {
            "code": code_of_package(),
            "fits": dumped(fits),
            "chapters": [
                {
                    "slug": chapter.slug,
                    "blocks": [asdict(block) for block in chapter.blocks],
                    "items": [asdict(item) for item in chapter.items],
                }
                for chapter in chapters
            ],
        }
        keep(self._path(tag), json.dumps(said).encode())

    def _path(self, tag: str) -> Path:
        return self.folder / f"{tag}.json"


def _chapter(raw: dict[str, list[dict[str, str]]]) -> MeantChapter:
    return MeantChapter(
        str(raw["slug"]),
        (),
        (),
        (),
        {},
        blocks=tuple(map(_block, raw["blocks"])),
        items=tuple(map(_block, raw["items"])),
    )


def _block(raw: dict[str, str]) -> MeantBlock:
    return MeantBlock(raw["key"], raw["kind"], raw["id"], raw["words"], Place(""))
