"""Turns diagnostics of Typst, and tables that do not fit, into faults at the Markdown line that caused them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from impressum.core.errors import Fault, Place
from impressum.core.model.manuscript import Anchor, Fragment
from impressum.core.model.publication import WrittenTexts

AT = re.compile(r"(?:chapters|book)[/\\][\w.-]+\.typ:\d+:\d+")
IN_PICTURE = re.compile(r"(?:images|figures)[/\\][\w.-]+\.svg(?=:\d)")
DIAGNOSTIC = re.compile(r"^(?:error|warning): (.*)$", re.MULTILINE)
HINT = re.compile(r"^ *= hint: (.*)$", re.MULTILINE)
NOWHERE = Place("publication.yaml")
NOTHING = WrittenTexts()
DRAWN = re.compile(r"figures/(.+)-[0-9a-f]{12}\.svg")
PACKAGE = re.compile(
    r"package.*?(?:typst\.org/(?P<space>\w+)/(?P<name>\S+)-(?P<version>[\d.]+)\.tar|(?P<spec>@\S+:[\d.]+))"
)
UNKNOWN_FONT = re.compile(r"unknown font family: (.+)")
MANY = 4  # from so many on, missing characters of one script in a file are reported together
EAST_ASIAN = frozenset("CJK IDEOGRAPHIC HIRAGANA KATAKANA FULLWIDTH HALFWIDTH BOPOMOFO".split())
"""How the names of characters begin that Chinese and Japanese share."""
CODE = re.compile(r'#(?:code-block|cell-code)\((?:lang: "[^"]*", )?"((?:[^"\\]|\\.)*)"')
BRING = "bring a font that has it: its files in `templates/fonts/`"
OPTIONAL = {
    "Hebrew": "fontpkg-frank-ruhl-libre",
    "Arabic": "fontpkg-amiri",
    **{script: f"fontpkg-noto-sans-{script.lower()}" for script in ("Devanagari", "Tamil", "Telugu", "Thai", "Khmer")},
    **dict.fromkeys(("East Asian", "Hangul"), "cvttf-notosanscjk-regular"),
}
"""Packages of fonts by script; pip puts their files where those of the publication lie."""
IN_ONE_COLOUR = BRING.replace("that has it", "that draws it in one colour, as Noto Emoji does")
"""A letter that is a picture in colours is none that an archive keeps."""
EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
EQUATION = re.compile(r"#(?:math\.equation|equation-block)\(")
MISSING_GLYPH = re.compile(r"the text `\"(?P<text>.+?)\"` could not be displayed with font `\"(?P<font>.+?)\"`")
ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")  # how Typst shows a character that cannot be seen


def explain(
    diagnosed: Mapping[str, object],
    fragments: tuple[Fragment, ...],
    *,
    error: bool,
    files: Mapping[str, bytes] = MappingProxyType({}),
    written: WrittenTexts = NOTHING,
) -> tuple[Fault, ...]:
    """The faults that Typst has `diagnosed`, each at its Markdown line. A character that is missing in none of
    `fragments` may stand in a figure: those are among the work `files`. Else it is in one of the texts that are
    `written` elsewhere."""
    hints = diagnosed["hints"]
    first = "; ".join(str(one) for one in hints) if isinstance(hints, list) else ""
    diagnostics = DIAGNOSTIC.split(str(diagnosed["diagnostic"]))[1:]
    complaints = [
        (said, rest, "; ".join(HINT.findall(rest)))
        for said, rest in zip(diagnostics[::2], diagnostics[1::2], strict=True)
    ] or [(str(diagnosed["message"]), str(diagnosed["diagnostic"]), first)]
    found: dict[Fault, None] = {}
    missing: dict[_Missing, None] = {}
    for said, rest, hint in complaints:
        place = _place(rest, fragments)
        glyph = MISSING_GLYPH.search(said)
        if glyph:
            text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), glyph["text"])
            if place.path.startswith("templates/"):
                place = _in_code(text, fragments) or place
            if place == NOWHERE:
                within = _formula(text, glyph["font"], fragments) or _figure(text, files, written)
                place = within or written.place_of(text) or _picture(text, files, fragments) or NOWHERE
            missing[_Missing(place, glyph["font"], text)] = None
        else:
            found[_one_fault(said, place, hint, written, error=error)] = None
    return (*found, *_glyph_faults(tuple(missing)))


@dataclass(frozen=True)
class _Missing:
    """A character (with what belongs to it) that no font of the theme has; `font` is the first of them."""

    place: Place
    font: str
    text: str

    @property
    def script(self) -> str:
        first = unicodedata.name(self.text[0], "").partition(" ")[0].partition("-")[0]
        return "East Asian" if first in EAST_ASIAN else first.title()


def _glyph_faults(missing: tuple[_Missing, ...]) -> Iterator[Fault]:
    """A fault for each missing character; one for all of a script in a file, where there are many."""
    groups: dict[tuple[str, str, str], list[_Missing]] = {}
    for one in missing:
        groups.setdefault((one.place.path, one.font, one.script), []).append(one)
    for (_, font, script), group in groups.items():
        texts = tuple(dict.fromkeys(one.text for one in group))
        if script and len(texts) >= MANY:
            place = min(one.place for one in group)
            message = f"the font {font} has no {script} characters: {len(texts)} stand in this file, as `{texts[0]}`"
            yield Fault(place, message, "glyph-missing", f"show them as a picture, or {_bring(script)}")
            continue
        for one in group:
            named = " ".join(f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip() for letter in one.text)
            shown = f"`{one.text}` ({named})" if one.text.isprintable() else named
            message = f"the font {font} has no character {shown}"
            bring = IN_ONE_COLOUR if EMOJI.match(one.text) else _bring(script)
            yield Fault(one.place, message, "glyph-missing", f"write it with other characters, or {bring}")


def _bring(script: str) -> str:
    package = OPTIONAL.get(script)
    return f"bring a font: `python -m pip install --no-deps --target templates/fonts {package}`" if package else BRING


def _one_fault(said: str, place: Place, hint: str, written: WrittenTexts, *, error: bool) -> Fault:
    unknown = UNKNOWN_FONT.search(said)
    if unknown:
        name, place = written.family(unknown[1]) or (unknown[1], Place("templates/theme.yaml"))
        hint = "name a family of the packages, or put its files (.ttf, .otf) into `templates/fonts/`"
        return Fault(place, f"there is no font `{name}`", "font-unknown", hint)
    package = PACKAGE.search(said)
    if package:
        named = package["spec"] or f"@{package['space']}/{package['name']}:{package['version']}"
        message = f"the Typst package `{named}` is not at hand: nothing is taken from the network or the home folder"
        return Fault(place, message, "package-refused", "write what it does into the chapter or into `templates/`")
    said = re.sub(r"^PDF/\S+( PDF/\S+)? error: | \(searched at [^)]*\)", "", said)
    message = f"Typst cannot set this: {said}" if error else f"Typst warns: {said}"
    return Fault(place, message, "typeset-failed", hint or _mend(place), "error")


def _mend(place: Place) -> str:
    if place.path.startswith("templates/"):
        return "mend this template; where `templates/` has none of this name, mend the one that it takes this from"
    return "mend this Typst code, which `raw: allow` lets through" if place.line else "look at what was changed last"


def _in_code(letters: str, fragments: tuple[Fragment, ...]) -> Place | None:
    """The line of the first block of code with these `letters`: Typst names the template that sets it."""
    for fragment in fragments:
        for place, line in zip(fragment.lines, fragment.typst.split("\n"), strict=False):
            code = CODE.search(line)
            if code and letters in code[1]:
                before = code[1].partition(letters)[0].split("\\n")
                return replace(place, line=place.line + len(before) - 1, column=len(before[-1]) + 1)
    return None


def _formula(letters: str, font: str, fragments: tuple[Fragment, ...]) -> Place | None:
    """The line of the first formula with these `letters`, for a `font` of mathematics: Typst names none for it."""
    lines = (one for fragment in fragments for one in zip(fragment.lines, fragment.typst.split("\n"), strict=False))
    formulas = (place for place, line in lines if EQUATION.search(line) and letters in line)
    return next(formulas, None) if font.endswith("Math") else None


def _figure(letters: str, files: Mapping[str, bytes], written: WrittenTexts) -> Place | None:
    """The place where the words of the figure are given whose drawing has these `letters`, if there is one."""
    for name, content in files.items():
        drawn = DRAWN.fullmatch(name)
        if drawn and letters in content.decode("utf-8", "ignore"):
            path = f"figures/{drawn[1]}.yaml"
            return written.place_of(letters, path) or Place(path)
    return None


def _place(diagnostic: str, fragments: tuple[Fragment, ...]) -> Place:
    """The Markdown place of the first line of a fragment that `diagnostic` names, or that shows the SVG that it names;
    else the place in a template."""
    place = NOWHERE
    for found in AT.finditer(diagnostic):
        name, line, column = found.group().rsplit(":", 2)
        if name.startswith("book") and place == NOWHERE:
            place = Place(f"templates/{Path(name).name}", int(line), int(column) + 1)
        fragment = next((one for one in fragments if one.slug == Path(name).stem), None)
        if fragment and name.startswith("chapters"):
            lines = fragment.lines
            return lines[min(int(line), len(lines)) - 1]
    picture = IN_PICTURE.search(diagnostic)
    return _shown(picture[0].replace("\\", "/"), fragments) or place if picture else place


def _picture(letters: str, files: Mapping[str, bytes], fragments: tuple[Fragment, ...]) -> Place | None:
    """The line that shows a drawing with these `letters`, where there is one."""
    drawings = (name for name, content in files.items() if name.endswith(".svg") and letters.encode() in content)
    return next(filter(None, (_shown(name, fragments) for name in drawings)), None)


def _shown(name: str, fragments: tuple[Fragment, ...]) -> Place | None:
    """The line of the first fragment that shows the picture `name`."""
    for fragment in fragments:
        for place, line in zip(fragment.lines, fragment.typst.split("\n"), strict=False):
            if name in line:
                return place
    return None


def squeezed_tables(report: Any, anchors: tuple[Anchor, ...]) -> tuple[Fault, ...]:
    """A warning for each table that fits the page only in type that is too small; `report` is the layout report."""
    places = {anchor.label: anchor.place for anchor in anchors}
    found: list[Fault] = []
    for label, size, room, wanted, widest, turned in report.get("squeezed", ()) if report else ():
        named = ", ".join(f"`{title}`" for title in widest if title)
        message = f"the table is too wide: its words need {_millimetres(wanted)}, the page has {_millimetres(room)}, "
        message += f"so its type is only {size:.1f} pt"
        hint = ("" if turned else "turn it with `.landscape` behind its caption, or ") + "divide it into two tables"
        hint += f"; its widest columns are {named}" if named else ""
        found.append(Fault(places.get(label, NOWHERE), message, "table-wide", hint, "warning"))
    return tuple(found)


def _millimetres(points: float) -> str:
    return f"{points / 72 * 25.4:.0f} mm"
