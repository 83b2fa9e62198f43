"""The gallery of themes, `docs/themes/`: four pages of the sample in each theme that there is.

    python -m bench.gallery

The sample is built in each, without its own cover and its kept fits; of its English edition the first page is shown,
the one on which the first numbered chapter opens, one of its text, and the first of the references.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from bench.texts import REPOSITORY, SAMPLE

THEMES = REPOSITORY / "impressum" / "templates" / "themes"
GALLERY = REPOSITORY / "docs" / "themes"
OPENER, REFERENCES = "Economic cooperation", "Works cited and further reading"
SCALE, GAP, GROUND = 0.6, 12, "#d9d9d6"
"""Pixels for each point, between two pages, and the colour behind them."""


def main() -> None:
    """Makes the picture of each theme anew."""
    GALLERY.mkdir(exist_ok=True)
    for theme in sorted(path.name for path in THEMES.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as folder:
            picture(built(theme, Path(folder))).save(GALLERY / f"{theme}.png", optimize=True)


def built(theme: str, root: Path) -> Path:
    """The English PDF of the sample in `theme`, made in the empty folder `root`."""
    for name in SAMPLE:
        path = REPOSITORY / name
        ours = shutil.ignore_patterns("cover.typ", "layout.lock")
        shutil.copytree(path, root / name, ignore=ours) if path.is_dir() else shutil.copy(path, root)
    settings = root / "publication.yaml"
    settings.write_text(re.sub(r"(?m)^theme: .*\n", "", settings.read_text("utf-8")) + f"theme: {theme}\n", "utf-8")
    command = [sys.executable, str(REPOSITORY / "build.py"), "--root", str(root), "build", "--edition", "en"]
    subprocess.run(command, check=True)
    return next((root / "dist").glob("*-en.pdf"))


def picture(pdf: Path) -> Image.Image:
    """Four pages of it beside each other, in few colours."""
    with pypdfium2.PdfDocument(pdf) as document:
        marks = {mark.get_title(): mark.get_dest() for mark in document.get_toc()}
        opener, references = (
            next(dest.get_index() for title, dest in marks.items() if dest and title.endswith(name))
            for name in (OPENER, REFERENCES)
        )
        shown = [document[number].render(scale=SCALE).to_pil() for number in (0, opener, opener + 2, references)]
    width, height = shown[0].size
    sheet = Image.new("RGB", (len(shown) * (width + GAP) + GAP, height + 2 * GAP), GROUND)
    for number, page in enumerate(shown):
        sheet.paste(page, (GAP + number * (width + GAP), GAP))
    return sheet.quantize(64)


if __name__ == "__main__":
    main()
