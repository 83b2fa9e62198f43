"""Reads `publication.yaml`: its values, the slug made from the title, errata, and the files that it names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar
from unicodedata import combining, normalize

from impressum.core.errors import Faults, Faulty, Place
from impressum.core.file_names import RENAME, misspelt
from impressum.core.model.publication import Publication, PublicationTexts
from impressum.core.model.sources import XREF_KINDS, SourceText
from impressum.core.rules import check_names
from impressum.stages.load.binding import Bound, bind_what_fits
from impressum.stages.load.images import check_images
from impressum.stages.load.strict_yaml import read_yaml_in_part
from impressum.stages.load.texts import exists, read_text
from impressum.stages.load.tree import Tree
from impressum.system.workspace import Workspace

INSTEAD = {"title": "?", "date": "2000-01-01"}
"""Placeholders for required values that cannot be read, so that the rest is checked; nothing is built then."""
CITED = re.compile(r"@\{?([\w:.#$%&+?<>~/-]+)")
ENDS = ":.#$%&+?<>~/-"
"""Signs that end a sentence where they are the last of a key."""

FOREIGN = {".ris": "ris", ".xml": "endnotexml"}
"""Other files of bibliographies by their suffix, as pandoc calls them."""

T = TypeVar("T", bound=PublicationTexts)

LENGTH = 60
FOLDED = {
    "đ": "dj", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ð": "d", "þ": "th", "ı": "i",
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "dj", "е": "e", "ж": "z", "з": "z", "и": "i",
    "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "c", "џ": "dz", "ш": "s",
}  # fmt: skip


@dataclass(frozen=True)
class PublicationFile:
    """`publication.yaml` as a tree and as data, without faulty values; `unknown` are the paths of those."""

    tree: Tree | None
    bound: Publication | None
    slug: str
    unknown: frozenset[str] = frozenset()


def read_publication(workspace: Workspace, faults: Faults) -> PublicationFile:
    """Reads `publication.yaml` and checks the files that it names. Raises Faulty where there is none."""
    wrong = misspelt(workspace.root, workspace.publication.name)
    if wrong:
        wrong.add_to(faults, Place(wrong.found), RENAME)
        raise Faulty(faults.all())
    if not workspace.publication.exists():
        message = "this folder holds no publication: there is no `publication.yaml`"
        hint = "go to the publication's folder or name it with --root; the file needs `title`, `language` and `date`"
        faults.error(Place(workspace.publication.name), message, "publication-missing", hint)
        raise Faulty(faults.all())
    templates = workspace.templates
    known = [workspace.chapters, workspace.figures, workspace.data, workspace.glossary, templates]
    for path in (*known, *(templates / name for name in ("theme.yaml", "fonts", "words"))):
        wrong = misspelt(workspace.root, workspace.relative(path))
        if wrong and PurePosixPath(wrong.found).name != path.name:
            wrong.add_to(faults, Place(wrong.found), RENAME)
    if faults.errors():
        raise Faulty(faults.all())
    part = read_yaml_in_part(workspace, workspace.publication, faults)
    if part is None:
        return PublicationFile(None, None, "")
    tree = part.tree
    read: Bound[Publication] = bind_what_fits(Publication, tree, faults, INSTEAD, part.unknown)
    bound = with_errata(read.value, read.tree, faults)
    check_images(workspace, read.tree, faults)
    stage = tree.text("stage")
    if stage and stage.text == "embargo" and "embargo" not in read.unknown and "embargo" not in tree.entries:
        message = "the stage is `embargo`, but no day is given until which it lasts"
        faults.error(stage.place, message, "embargo-missing", "add a line such as `embargo: 2025-01-31`")
    if bound and bound.house and not (workspace.root / bound.house).is_dir():
        hint = "paths are relative to the folder of publication.yaml; mind upper and lower case"
        where = tree.entries["house"].value.place
        faults.error(where, f"the folder of the house, `{bound.house}`, is not there", "house-missing", hint)
    rules = tree.table("rules")
    check_names({name: entry.place for name, entry in rules.entries.items()} if rules else {}, faults)
    slug = _slug(tree, bound, faults) if "title" not in read.unknown else ""
    return PublicationFile(read.tree, bound, slug, read.unknown)


def read_bibliography_text(workspace: Workspace, file: PublicationFile, faults: Faults) -> SourceText | None:
    """The text of the bibliography; None where a publication has none, or after a fault."""
    if file.bound is None or file.tree is None or "bibliography" in file.unknown:
        return None
    name = file.bound.bibliography
    given = file.tree.text("bibliography")
    path = workspace.inside(name)
    if given and path is None:
        hint = "copy the file into the publication, and write its path from there"
        faults.error(given.place, f"`{name}` leads out of the publication's folder", "file-outside", hint)
        return None
    wrong = misspelt(workspace.root, name)
    if wrong:
        wrong.add_to(faults, given.place if given else Place(wrong.found), RENAME if not given else "write it so")
        return None
    foreign = FOREIGN.get(PurePosixPath(name).suffix.lower())
    if given and foreign:
        hint = f"convert it: `pandoc {name} -f {foreign} -t biblatex -o bib/references.bib`"
        faults.error(given.place, f"`{name}` is neither in BibTeX nor in CSL", "bibliography-format", hint)
        return None
    if given and path and not exists(path):
        hint = "paths are relative to the folder of publication.yaml; mind upper and lower case"
        faults.error(given.place, f"the file `{name}` does not exist", "bibliography-missing", hint)
        return None
    if not os.path.lexists(own := workspace.root / name):
        return None
    text = read_text(workspace, own, faults)  # reports a link that leads out of the publication
    return None if text is None else SourceText(workspace.relative(own), text)


def cited_in(texts: Iterable[str]) -> Iterator[str]:
    """Every key that `texts` of chapters may cite, but for what is a cross-reference."""
    for text in texts:
        for key in CITED.findall(text):
            if key.partition("-")[0] not in XREF_KINDS:
                yield from (key, key.rstrip(ENDS))


def _slug(tree: Tree, bound: Publication | None, faults: Faults) -> str:
    if bound is None:
        return ""
    slug = bound.slug or slug_of(bound.title)
    title = tree.text("title")
    if not slug and title:
        message = "no file name can be made from this title"
        faults.error(title.place, message, "slug-missing", "add a line such as `slug: rivers-and-roads`")
    return slug


def with_errata(texts: T | None, tree: Tree, faults: Faults) -> T | None:
    """`texts`, which `tree` describes, with the places of their errata. One that says nothing is a fault."""
    if texts is None or not texts.errata:
        return texts
    placed = []
    for erratum, item in zip(texts.errata, tree.items("errata"), strict=True):
        assert isinstance(item, Tree)  # or it would not have been bound
        where = item.text("where")
        if not (erratum.was or erratum.now or erratum.reason):
            message = "this erratum says neither what was printed nor what is printed now"
            hint = "add lines such as `was: 10.4 billion` and `now: 10.2 billion`, or a `reason`"
            faults.error(item.place, message, "erratum-empty", hint)
        placed.append(erratum.at(where.place if where else item.place))
    return texts.model_copy(update={"errata": tuple(placed)})


def slug_of(title: str) -> str:
    """`title` in lower-case ASCII letters, digits and hyphens, at most 60 characters; "" if nothing is left."""
    letters = "".join(FOLDED.get(letter, letter) for letter in normalize("NFC", title).lower())
    plain = "".join(letter for letter in normalize("NFKD", letters) if not combining(letter))
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", plain)).strip("-")
    if len(slug) <= LENGTH:
        return slug
    cut = slug[: LENGTH + 1].rpartition("-")[0]
    return cut or slug[:LENGTH]
