"""Reads pandoc's spans: words in another style, language or script, and marks of the index, also as LaTeX has them."""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from impressum.core.errors import Place
from impressum.core.letters import is_seen
from impressum.core.model import document as d
from impressum.stages.convert.attributes import KNOWN_CLASSES, Find, short
from impressum.stages.convert.data import check_claim
from impressum.stages.convert.inlines import placed, short_text
from impressum.stages.convert.input import Input, inlines, reads
from impressum.stages.convert.preprocess import INDEX_CLASS

AS_IS = "as-is"
XREF_CLASS = "impressum-cross-reference"
STYLE_CLASSES: dict[str, d.Style] = {"smallcaps": "smallcaps", "underline": "underline", "mark": "highlight"}
INDEX, MAIN = "index", "main"
INDEX_KEYS = frozenset({"entry", "sort", "see", "see-also", "range"})
SPANS: dict[str, Literal["", "start", "end"]] = {"": "", "start": "start", "end": "end", "(": "start", ")": "end"}
LATEX = re.compile(r"""(?P<span>[()]?)(?:(?P<see>see|seealso)\{(?P<other>.*)\}|(?P<style>[A-Za-z]*))""", re.DOTALL)
STYLED = re.compile(r"\\(?:emph|textit)\{([^{}]*)\}")
PLAIN = re.compile(r"\\(?:texttt|textsf|textrm)\{([^{}]*)\}")
ESCAPED = re.compile(r"\\([_&%#$])")
QUOTED = re.compile(r'"([!@|"])')
DEEPEST = 3
"""Levels of an index, as makeindex has them."""


@reads("Span")
def _span(raw: Any, src: Input) -> d.Inline | None:
    attributes, inner = raw
    if XREF_CLASS in attributes[1]:
        pairs = dict(attributes[2])
        place = src.aligner.literal("@" + pairs["target"]) or src.aligner.here()
        return d.CrossReference(place, pairs["target"], pairs["form"] == "number")
    if INDEX_CLASS in attributes[1]:
        entry = dict(attributes[2]).get("entry", "")
        place = src.aligner.written(f"{{{entry}}}", src.aligner.offset()) or src.aligner.here()
        return _mark(_of_latex(entry, place, src), place, src)
    content, place = placed(inlines, inner, src)
    if src.aligner.is_detached:  # citeproc's own spans
        return d.Span(place, "", None, content)
    find = src.behind()
    of_index = INDEX in attributes[1]
    classes = KNOWN_CLASSES | {AS_IS, INDEX} | ({MAIN} if of_index else set())
    keys = frozenset({"data"}) | (INDEX_KEYS if of_index else frozenset())
    kept = src.guard.attributes(attributes, place, find, classes=classes, keys=keys)
    if "data" in kept.values:
        at = find("data=") or place
        check_claim(d.plain(content), kept.values["data"], src.data, place, at, src.faults)
    if of_index:
        if not content:
            entry = dict(kept.values).get("entry", "")
            place = src.ahead()(f'entry="{entry}"', f"entry={entry}", "entry=", f".{INDEX}") or place
        mark = _mark(_of_attributes(dict(kept.values), kept.classes, content, find, place, src), place, src)
        content = ((mark,) if mark else ()) + content
    for name in kept.classes:
        if name in STYLE_CLASSES:
            content = (d.Styled(place, STYLE_CLASSES[name], content),)
    return d.Span(place, kept.id, kept.language, content, AS_IS in kept.classes)


class _Said(NamedTuple):
    """A mark as it is written: levels are parted by `!`, and `sort@shown` says what a level is sorted by."""

    entry: str
    see: str = ""
    see_also: str = ""
    span: Literal["", "start", "end"] = ""
    is_main: bool = False
    words: tuple[d.Inline, ...] = ()
    sort: str = ""
    is_place: bool = True


def _of_attributes(
    values: dict[str, str],
    classes: tuple[str, ...],
    words: tuple[d.Inline, ...],
    find: Find,
    place: Place,
    src: Input,
) -> _Said:
    said = values.get("range", "")
    if said not in ("", "start", "end"):
        message = f"`range` of a mark of the index is `{short(said)}`"
        src.faults.warning(find("range=") or place, message, "index-mark", "write `range=start` or `range=end`")
    is_plain = all(isinstance(node, (d.Text, d.Space, d.Styled, d.Quoted)) for node in d.walk(words))
    own = words if is_plain else short_text(d.plain(words), place)
    see, also = values.get("see", ""), values.get("see-also", "")
    entry, sort, is_main = values.get("entry", ""), values.get("sort", ""), MAIN in classes
    is_place = not see and bool(words or not also)
    return _Said(entry, see, also, SPANS.get(said, ""), is_main, () if entry else own, sort, is_place)


def _of_latex(entry: str, place: Place, src: Input) -> _Said:
    """What `\\index{entry}` says."""
    written = STYLED.sub(r"*\1*", PLAIN.sub(r"\1", ESCAPED.sub(r"\1", entry)))
    parts = re.split(r'(?<!")\|', written, maxsplit=1)
    command = LATEX.fullmatch(parts[1].strip()) if len(parts) > 1 else None
    if len(parts) == 1:
        return _Said(parts[0])
    if command is None or command["style"] not in (None, "", "textbf", "textit", "emph", "hyperpage", "bfseries"):
        message = f"`|{short(parts[1])}` of a mark of the index is not known, and has no effect"
        hint = "known are `|see{…}`, `|seealso{…}`, `|(`, `|)` and `|textbf`"
        src.faults.warning(place, message, "index-mark", hint)
        return _Said(parts[0])
    other = command["other"] or ""
    see, also = (other, "") if command["see"] == "see" else ("", other)
    is_main = command["style"] in ("textbf", "bfseries")
    return _Said(parts[0], see, also, SPANS[command["span"]], is_main, is_place=not command["see"])


def _mark(said: _Said, place: Place, src: Input) -> d.IndexMark | None:
    """The mark that `said` is; None with a fault where it names nothing."""
    levels = [re.split(r'(?<!")@', level, maxsplit=1) for level in _levels(said.entry)]
    entry = tuple(short_text(QUOTED.sub(r"\1", level[-1].strip()), place) for level in levels)
    sort = tuple(short_text(QUOTED.sub(r"\1", level[0].strip()), place) if len(level) > 1 else () for level in levels)
    if said.words:
        entry, sort = (said.words,), ((),)
    if said.sort and sort:
        sort = (*sort[:-1], short_text(said.sort, place))
    see, also = (
        tuple(short_text(QUOTED.sub(r"\1", one.strip()), place) for one in _levels(other))
        for other in (said.see, said.see_also)
    )
    if not entry or len(entry) > DEEPEST or not all(is_seen(d.plain(level)) for level in (*entry, *see, *also)):
        message = f"a mark of the index names {'nothing' if len(entry) <= DEEPEST else 'more than three levels'}"
        hint = 'write `[words]{.index}`, or `[]{.index entry="entry!entry below it"}`'
        src.faults.error(place, message, "index-mark", hint)
        return None
    return d.IndexMark(place, entry, sort, see, also, said.span, said.is_main, not said.is_place)


def _levels(entry: str) -> list[str]:
    return re.split(r'(?<!")!', entry) if entry.strip() else []
