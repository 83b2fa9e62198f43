"""A chapter file: front matter, which is read by us and never by pandoc, and the Markdown after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

from impressum.core.errors import Faults, Place
from impressum.core.markdown_blocks import front_end
from impressum.core.model.lost import LostChapter
from impressum.core.model.publication import FrontMatter
from impressum.core.model.sources import ChapterSource, SourceText
from impressum.stages.load.binding import bind
from impressum.stages.load.straight_quotes import FRONT_MATTER, check_quotes
from impressum.stages.load.strict_yaml import parse_yaml
from impressum.stages.load.texts import TEXT_LIMIT, decode, read_bytes
from impressum.stages.load.titles import check_titles
from impressum.stages.load.tree import Items, Scalar, Table
from impressum.system.workspace import Workspace

LANGUAGE = "lang"
"""Where this stands in a front matter, the text may be in a language of its own."""


def read_chapter(workspace: Workspace, path: Path, faults: Faults) -> ChapterSource | LostChapter:
    """The chapter in the file `path`, or what is left of it after faults. Its text is in Unicode's NFC.

    A front matter that cannot be read leaves the text behind it, where it cannot have said its language.
    """
    raw = read_bytes(workspace, path, faults, limit=TEXT_LIMIT)
    if raw is None:
        return LostChapter(path.stem, None)
    name = workspace.relative(path)
    text = decode(raw, name, faults)
    if text is None:
        return LostChapter(path.stem, raw.decode("utf-8", "replace"))
    lines = (text if text.isascii() else normalize("NFC", text)).split("\n")
    end = front_end(lines)
    if end is None:
        faults.error(
            Place(name, 1),
            "the front matter that begins here is not closed",
            "front-matter-unclosed",
            "close it with a line `---`; for a rule across the page write `* * *`",
        )
        return LostChapter(path.stem, text)
    body = SourceText(name, "\n".join(lines[end:]), end)
    if not body.text.strip():
        faults.error(Place(name), "the chapter is empty", "chapter-empty", "write its text, or delete the file")
        return LostChapter(path.stem, text)
    front = _front(lines[1 : end - 1], name, faults) if end else FrontMatter()
    if front is None and any(LANGUAGE in line for line in lines[: end - 1]):
        return LostChapter(path.stem, text)
    return ChapterSource(path.stem, front or FrontMatter(), body)


def _front(lines: list[str], name: str, faults: Faults) -> FrontMatter | None:
    if all(not line.strip() or line.lstrip().startswith("#") for line in lines):
        return FrontMatter()
    tree = parse_yaml("\n".join(lines), name, faults, offset=1)
    if tree is None:
        return None
    tree = _as_of_pandoc(tree, faults)
    check_quotes(tree, FRONT_MATTER, faults)
    check_titles(tree, faults)
    return bind(FrontMatter, tree, faults)


def _as_of_pandoc(tree: Table, faults: Faults) -> Table:
    """The front matter `tree` without the keys that pandoc has: `author` is one of the authors, `title` is told."""
    entries = dict(tree.entries)
    title, author = entries.pop("title", None), entries.get("author")
    if title:
        words = title.value.text if isinstance(title.value, Scalar) else "Title"
        faults.warning(
            title.place,
            "the title of a chapter stands in its text, and the key `title` is not read",
            "yaml-unknown-key",
            f"begin the text with `# {words}`, and take the key out",
        )
    if author and "authors" not in entries and isinstance(author.value, Scalar | Items):
        value = author.value if isinstance(author.value, Items) else Items((author.value,), author.value.place)
        entries["authors"] = replace(entries.pop("author"), value=value)
    return Table(entries, tree.place)
