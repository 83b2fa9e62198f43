"""Dictionaries of Hunspell (`.dic` and `.aff`), found where a publication, a system or LibreOffice keeps them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from glob import glob
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.transliteration import Transliterator
from impressum.system.cache import digest
from impressum.system.files import read

if TYPE_CHECKING:
    from spylls.hunspell.algo.suggest import Suggest

SYSTEM = (
    "/usr/share/hunspell",
    "/usr/local/share/hunspell",
    "/opt/homebrew/share/hunspell",
    "/usr/share/myspell",
    "/usr/share/myspell/dicts",
    "~/Library/Spelling",
    "/Library/Spelling",
    "/usr/lib*/libreoffice/share/extensions/dict-*",
    "/opt/libreoffice*/share/extensions/dict-*",
    "/Applications/LibreOffice.app/Contents/Resources/extensions/dict-*",
    "C:/Program Files/LibreOffice/share/extensions/dict-*",
)
"""Where Debian, Fedora, Arch, Homebrew, macOS and LibreOffice keep dictionaries; `DICPATH`, as for Hunspell, is before
them."""
REGIONS = {"en": ("US", "GB"), "pt": ("PT", "BR")}
"""Languages whose tag without a region means each of them."""
APART = frozenset({"de", "en", "pt"})
"""Languages of which Debian has a package a region."""
EDITS = 3000
"""Letters changed, left out, put in or moved to find a suggestion: at most so many words are looked up."""


def system_folders() -> tuple[Path, ...]:
    """The folders of dictionaries on this machine."""
    asked = filter(None, os.environ.get("DICPATH", "").split(os.pathsep))
    found = (path for pattern in (*asked, *SYSTEM) for path in sorted(glob(os.path.expanduser(pattern))))  # noqa: PTH111, PTH207
    return tuple(map(Path, found))


def package_of(tag: str) -> str:
    """The package of Debian that has the dictionary of the language `tag`: `hunspell-de-de`, `hunspell-sr`."""
    code = tag.partition("-")[0]
    return f"hunspell-{code}-{_regions(tag)[0].lower()}" if code in APART else f"hunspell-{code}"


def find_dictionary(tag: str, folders: Iterable[Path]) -> Dictionary | None:
    """The dictionary of the language `tag` from the first of `folders` that has one, or None. Serbian in Latin letters
    is looked up in the Cyrillic one where there is no other."""
    folders = tuple(folders)
    for folder in folders:
        if paths := tuple(_found(tag, folder)):
            return Dictionary(paths)
    if tag.startswith("sr-Latn"):
        cyrillic = find_dictionary("sr-Cyrl", folders)
        return Dictionary(cyrillic.paths, "sr-Cyrl") if cyrillic else None
    return None


def _found(tag: str, folder: Path) -> Iterator[Path]:
    there = {path.stem.lower().replace("-", "_"): path for path in sorted(folder.glob("*.dic"))}
    there = {name: path for name, path in there.items() if path.with_suffix(".aff").is_file()}
    own = tag.lower().replace("-", "_")
    if own in there:
        yield there[own]
        return
    code, _, rest = tag.partition("-")
    bare = code if rest.partition("-")[0] != "Latn" or code != "sr" else "sr_latn"
    for region in _regions(tag):
        name = f"{bare}_{region.lower()}"
        yield from (there[one] for one in (name, f"{name}_frami") if one in there)
    if bare in there and not any(f"{bare}_{region.lower()}" in there for region in _regions(tag)):
        yield there[bare]


def _regions(tag: str) -> tuple[str, ...]:
    """The regions of the language `tag`: its own, else those in which most speak it (CLDR)."""
    from babel.core import get_global

    code, *rest = tag.split("-")
    own = next((part for part in rest if len(part) == 2), "")
    usual: str = get_global("likely_subtags").get(code, "")
    return (own,) if own else REGIONS.get(code, (usual.rpartition("_")[2] or code.upper(),))


@dataclass(frozen=True)
class Dictionary:
    """One or several files `.dic`, each beside its `.aff`: a word is right that one of them has. They are read when the
    first word is looked up; words are put into the script of the tag `script` before, where it is given."""

    paths: tuple[Path, ...]
    script: str = ""

    @property
    def name(self) -> str:
        """The names of the files, as a message says them."""
        return ", ".join(path.stem for path in self.paths)

    @cached_property
    def digest(self) -> str:
        """The hash of the files."""
        return digest(*(read(one) for path in self.paths for one in (path, path.with_suffix(".aff"))), self.script)

    def has(self, word: str) -> bool:
        """Whether `word` is right. Raises `Faulty` where a file is no dictionary."""
        told = self._there.text(word) if self._there else word
        return any(one.lookup(told) or one.lookup(f"{told}.") for one in self._suggesters)

    def suggestions(self, word: str, most: int) -> list[str]:
        """Up to `most` words that differ from `word` in a letter or two."""
        told = self._there.text(word) if self._there else word
        forms = (told, told.lower()) if told[0].isupper() else (told,)
        near = (text for form in forms for one in self._suggesters for text in _near(one, form))
        found = [text[0].upper() + text[1:] if told[0].isupper() else text for text in islice(near, 2 * most)]
        return list(dict.fromkeys(self._back.text(text) if self._back else text for text in found))[:most]

    @cached_property
    def _there(self) -> Transliterator | None:
        return Transliterator("sr-Latn", self.script) if self.script else None

    @cached_property
    def _back(self) -> Transliterator | None:
        return Transliterator(self.script, "sr-Latn") if self.script else None

    @cached_property
    def _suggesters(self) -> tuple[Suggest, ...]:
        return tuple(map(_opened, self.paths))


def _near(suggester: Suggest, word: str) -> Iterator[str]:
    for edit in islice(suggester.edits(word), EDITS):
        text = getattr(edit, "text", " ")  # an edit may be several words
        if text.isalpha() and any(suggester.lookup.good_forms(text, capitalization=False, allow_nosuggest=False)):
            yield text


def _opened(path: Path) -> Suggest:
    """The dictionary `path`, read by spylls. It takes word by word every pair of endings; most languages have none that
    another may follow, and then it is told so, which makes it thirty times faster."""
    from spylls.hunspell.algo.lookup import Lookup
    from spylls.hunspell.algo.suggest import Suggest
    from spylls.hunspell.readers import read_aff, read_dic
    from spylls.hunspell.readers.file_reader import BaseReader

    class Reader(BaseReader):  # type: ignore[misc]
        def __init__(self, path: Path, encoding: str) -> None:
            self.raw = read(path).removeprefix(b"\xef\xbb\xbf")
            super().__init__(self._decoded(encoding))

        def reset_encoding(self, encoding: str) -> None:
            self.reset_io(self._decoded(encoding))

        def _decoded(self, encoding: str) -> io.StringIO:
            return io.StringIO(self.raw.decode(encoding, "surrogateescape"))

    class QuickLookup(Lookup):  # type: ignore[misc]
        def desuffix(self, word: str, required_flags: list[str], *rest: object, **more: object) -> Iterator[object]:
            if following.issuperset(required_flags):
                yield from super().desuffix(word, required_flags, *rest, **more)

    try:
        aff, context = read_aff(Reader(path.with_suffix(".aff"), "cp1252"))
        aff.MAP = []  # sets of similar letters, tried in no order
        dic = read_dic(Reader(path, context.encoding), aff=aff, context=context)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        hint = "take it away, so that another is found, or bring it anew"
        fault = Fault(Place(path.as_posix()), f"the dictionary cannot be read ({error})", "dictionary-unreadable", hint)
        raise Faulty([fault]) from error
    following = {flag for suffixes in aff.SFX.values() for suffix in suffixes for flag in suffix.flags}
    return Suggest(aff, dic, QuickLookup(aff, dic))
