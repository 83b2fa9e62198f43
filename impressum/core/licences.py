"""Creative Commons licences: what an author writes, what a reader is shown, where its text is.

Sources: the licences' own addresses (creativecommons.org), the SPDX licence list for their identifiers.
Any other licence is printed as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from impressum.core.errors import nearest

SITE = "https://creativecommons.org"

DEEDS = {
    **{tag: f"deed.{tag}" for tag in ("de", "es", "fr", "hr", "it", "pl")},
    "sr": "deed.sr-latn",
}
"""The summary in the reader's language. Of the Serbian ones only the Latin script is kept up by its publisher."""

_ADDRESS = re.compile(
    r"^(?:https?://)?(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/"
    r"(?P<elements>[a-z-]+)/(?P<version>\d\.\d)(?:/(?P<port>igo|[a-z]{2}))?(?:/(?:deed|legalcode)[\w.-]*)?/?$"
)
_NAME = re.compile(
    r"^cc-?(?P<elements>0|zero|by(?:-(?:nc|nd|sa))*)-v?(?P<version>\d\.\d)"
    r"(?:-(?P<port>igo|international|unported|generic|universal|[a-z]{2}))?$"
)
_NAMES_IT = re.compile(r"^\s*cc|creative\s*common", re.IGNORECASE)
_KNOWN = ("by", "by-nc", "by-nd", "by-sa", "by-nc-nd", "by-nc-sa")


@dataclass(frozen=True)
class CreativeCommons:
    """One licence: `elements` as in its address (`by-nc-sa`, or `zero`), `port` a country, `igo` or nothing."""

    elements: str
    version: str
    port: str = ""

    @property
    def url(self) -> str:
        """The address of the licence itself."""
        port = f"{self.port}/" if self.port else ""
        kind = "publicdomain" if self.elements == "zero" else "licenses"
        return f"{SITE}/{kind}/{self.elements}/{self.version}/{port}"

    def deed(self, tag: str) -> str:
        """The address of its summary in the language of `tag`, or of the licence where there is none."""
        return self.url + DEEDS.get(tag.split("-")[0], "")

    @property
    def short(self) -> str:
        """Its short name: `CC BY-NC-SA 4.0`, `CC0 1.0`."""
        if self.elements == "zero":
            return f"CC0 {self.version}"
        return f"CC {self.elements.upper()} {self.version} {self.port.upper()}".rstrip()

    @property
    def spdx(self) -> str:
        """Its SPDX identifier: `CC-BY-NC-SA-4.0`, `CC0-1.0`."""
        return self.short.replace(" ", "-")

    @property
    def is_dedication(self) -> bool:
        """True where the work is given to the public, and no right is kept."""
        return self.elements == "zero"

    def name(self, words: Mapping[str, str]) -> str:
        """Its full name in the reader's language, with the short one: what an impressum prints."""
        if self.is_dedication:
            return words["cc.zero"].replace("{version}", self.version)
        parts = words["cc.join"].join(words[f"cc.{element}"] for element in self.elements.split("-"))
        if self.version == "4.0":
            full = words["cc.international"].replace("{name}", parts).replace("{version}", self.version)
        else:
            full = f"{parts} {self.version} {self.port.upper()}".rstrip()
        return f"Creative Commons {full} ({self.short})"


def creative_commons(text: str) -> CreativeCommons | None:
    """The Creative Commons licence that `text` names with its version, as name or address; None for any other."""
    plain = text.strip().lower()
    found = _ADDRESS.match(plain) or _NAME.match(re.sub(r"[\s_/-]+", "-", plain))
    if not found:
        return None
    elements = "zero" if found["elements"] == "0" else found["elements"]
    elements = {"by-nd-nc": "by-nc-nd", "by-sa-nc": "by-nc-sa"}.get(elements, elements)
    version, port = found["version"], found["port"] or ""
    if port in ("international", "unported", "generic", "universal"):
        port = ""
    if elements == "zero":
        return CreativeCommons("zero", version) if version == "1.0" and not port else None
    if elements not in _KNOWN or version not in ("1.0", "2.0", "2.5", "3.0", "4.0") or (port and version == "4.0"):
        return None
    return CreativeCommons(elements, version, port)


def misspelt(text: str) -> str | None:
    """The name of the Creative Commons licence that `text` probably misspells; None for a licence of another kind."""
    if creative_commons(text) or not _NAMES_IT.search(text):
        return None
    plain = re.sub(r"[\s_/-]+", "-", text.strip().upper()).replace("CREATIVE-COMMONS", "CC")
    known = [f"CC-{elements.upper()}-4.0" for elements in _KNOWN] + ["CC0-1.0"]
    named = next((name for name in sorted(known, key=len, reverse=True) if plain == name.rpartition("-")[0]), None)
    return named or nearest(plain, known) or known[0]
