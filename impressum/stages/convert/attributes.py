"""The allow-list for ids, classes, keys, languages, lengths and links that an author attaches to a node: whatever
pandoc would pass to an engine unread (`typst:…`, ids with code in them) ends here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from impressum.core.errors import Faults, Place, nearest
from impressum.core.letters import TURNING, UNSEEN, unseen_letter

NAME = re.compile(r"^[^\W\d_][\w.:-]*\Z")
KEY = re.compile(r"^[\w][\w:.#$%&+?<>~/-]*\Z")
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
LENGTH = re.compile(r"^(\d{1,4}(?:\.\d{1,4})?)(?:mm|cm|in|pt|px|%)\Z", re.ASCII)
HOST = r"//[^/?#]"
ADDRESS = r"[^@?]+@[^@?]"
Find = Callable[..., Place | None]
"""Gives the place of the first of some texts that is found in the source of a node."""
CLASSES_TO_WRITE = frozenset({"unnumbered", "unlisted", "smallcaps", "underline", "mark"})
WIDTH_CLASSES = frozenset({"wide", "page", "landscape"})
"""How much of the page a figure or table takes, where it is not the text's width."""
OF_PANDOC = frozenset(
    {"uri", "email", "task-list", "references", "csl-entry", "csl-bib-body", "hanging-indent", "line-block"}
)
"""Classes that pandoc gives itself."""
KNOWN_CLASSES = CLASSES_TO_WRITE | {"uri", "email", "task-list"}
KNOWN_KEYS = frozenset({"lang", "width", "height", "alt"})


@dataclass(frozen=True)
class Attributes:
    """The allowed part of an attribute."""

    id: str = ""
    classes: tuple[str, ...] = ()
    language: str | None = None
    width: str | None = None
    height: str | None = None
    alt: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """The other keys that the kind of node may have, as they are written."""


@dataclass
class Guard:
    """Reads pandoc's attributes and link targets; what is not allowed is a fault."""

    faults: Faults
    ids: dict[str, Place] = field(default_factory=dict)

    def attributes(
        self,
        raw: Any,
        place: Place,
        find: Find = lambda *_: None,
        *,
        classes: frozenset[str] | None = KNOWN_CLASSES,
        keys: frozenset[str] = frozenset(),
    ) -> Attributes:
        """The allowed part of pandoc's `[id, classes, pairs]`: any well-formed class where `classes` is None; `keys`
        besides `KNOWN_KEYS` end in `values`. A fault is at the place that `find` gives, else at `place`."""
        node = place
        identifier, names, pairs = raw
        kept: list[str] = []
        for name in names:
            place = find(f".{name}", name) or node
            if not NAME.match(name):
                message = f"the class `{short(name)}` has characters that a class may not have"
                hint = "use only letters, digits, `.`, `:`, `-` and `_`, and begin with a letter"
                self.faults.error(place, message, "class-malformed", hint)
            elif classes is not None and name not in classes:
                known = sorted(one for one in classes - OF_PANDOC if not one.startswith("callout-"))
                near = nearest(name, known)
                hint = f"known classes here: {', '.join(known)}" if known else "take it out: no class changes a block"
                hint = f"did you mean `{near}`? {hint}" if near else hint
                self.faults.warning(place, f"the class `{name}` is not known and has no effect", "class-unknown", hint)
            else:
                kept.append(name)
        values = self._pairs(pairs, node, find, keys)
        own = {key: value for key, value in pairs if key in keys}
        place = find(f"#{identifier}", identifier) or node
        return Attributes(self._identifier(identifier, place), tuple(kept), **values, values=own)

    def _identifier(self, identifier: str, place: Place) -> str:
        if identifier and not NAME.match(identifier):
            message = f"the id `{short(identifier)}` has characters that an id may not have"
            hint = "use only letters, digits, `.`, `:`, `-` and `_`, and begin with a letter"
            self.faults.error(place, message, "id-malformed", hint)
            return ""
        if identifier:
            if identifier in self.ids:
                message = f"the id `{identifier}` is already given at {self.ids[identifier]}"
                hint = "give each figure, table and section an id of its own"
                self.faults.error(place, message, "id-duplicate", hint)
            self.ids.setdefault(identifier, place)
        return identifier

    def _pairs(self, pairs: Any, node: Place, find: Find, keys: frozenset[str]) -> dict[str, str | None]:
        values: dict[str, str | None] = {}
        for key, value in pairs:
            place = find(f"{key}=") or node
            if unseen := UNSEEN.search(value):
                self.faults.error(place, *unseen_letter(unseen[0], f"the value of `{short(key)}`"))
            if key in keys:
                continue
            if key.startswith("typst:"):
                message = f"the attribute `{short(key)}` is Typst code and is not allowed in chapters"
                self.faults.error(place, message, "raw-attribute", "take it out; the look of the page is the theme's")
            elif key == "lang":
                if LANGUAGE.match(value):
                    values["language"] = value
                else:
                    hint = "write a BCP 47 tag, as in `lang=de` or `lang=sr-Latn`"
                    self.faults.error(place, f"`{short(value)}` is not a language tag", "language-malformed", hint)
            elif key in ("width", "height"):
                length = LENGTH.match(value)
                if length and float(length[1]) >= (0.1 if value.endswith(("cm", "in")) else 1):
                    values[key] = value
                else:
                    message = f"`{key}` is `{short(value)}`, which {'shows nothing' if length else 'is not a length'}"
                    hint = "write a number and a unit, as in `width=80%` or `width=60mm`"
                    self.faults.error(place, message, "length-malformed", hint)
            elif key == "alt":
                values["alt"] = value
            elif key == "dir":
                message = f"`dir` is `{short(value)}`; the direction of text follows from its language"
                self.faults.error(place, message, "attribute-unknown", "give `lang` instead")
            else:
                message = f"the attribute `{short(key)}` is not known and has no effect"
                hint = f"known attributes: {', '.join(sorted(KNOWN_KEYS | keys))}"
                self.faults.warning(place, message, "attribute-unknown", hint)
        return values

    def target(self, target: str, place: Place) -> str | None:
        """The target of a link, if it is one that a publication may have; else a fault and None."""
        scheme = re.match(r"^([A-Za-z][A-Za-z0-9+.-]*):", target)
        if scheme and scheme.group(1).lower() not in ("http", "https", "mailto"):
            message = f"the link `{short(target)}` has the scheme `{scheme.group(1)}`, which is not allowed"
            hint = "links go to http, https or mailto addresses, or to `#id` in this publication"
            self.faults.error(place, message, "link-scheme", hint)
            return None
        if any(ord(letter) < 32 for letter in target):
            hint = "write the address anew"
            self.faults.error(place, "the link has control characters in it", "link-malformed", hint)
            return None
        if scheme and not re.match(HOST if scheme.group(1).lower() != "mailto" else ADDRESS, target[scheme.end() :]):
            hint = "write the whole address, as in `https://example.org/page` or `mailto:name@example.org`"
            self.faults.error(place, f"the link `{short(target)}` is not complete", "link-malformed", hint)
            return None
        if not scheme and not target.startswith("#") and not is_chapter_file(target):
            web = re.match(r"^(//|www\.)|^[\w-]+(\.[\w-]+)+/", target)
            unknown = f"the link leads to `{short(target)}`, which is no web address and no chapter"
            hint = f"write the whole address: `https://{short(target.lstrip('/'))}`"
            hint = hint if web else "write a whole web address, `#id`, or a chapter such as `02-name.md#id`"
            self.faults.error(place, unknown if target else "the link leads nowhere", "link-unknown", hint)
            return None
        return target


def short(text: str) -> str:
    """`text` as a message can hold it: on one line, not too long, without anything that moves a terminal."""
    flat = re.sub(rf"[\x00-\x1f\x7f-\x9f{TURNING}\ue000-\uf8ff\ufeff]", "\ufffd", re.sub(r"\s+", " ", text))
    return flat if len(flat) <= 60 else flat[:57] + "…"


def is_chapter_file(target: str) -> bool:
    """Whether a link leads to a chapter file of the publication: `02-trade.md`, `../en/02-trade.md#id`."""
    return bool(re.match(r"^(\./|\.\./[\w-]+/)?\d{2,3}-[a-z0-9-]+\.md(#.*)?$", target))
