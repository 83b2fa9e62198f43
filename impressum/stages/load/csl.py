"""CSL JSON and CSL YAML as a bibliography, checked before pandoc reads them: what it drops without a word (a second
entry of a key, a date that is none, a mistyped value) is a fault, as it is in BibTeX."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from impressum.core.errors import Faults, Place, nearest
from impressum.core.model.sources import BibEntry, Bibliography, SourceText, format_of
from impressum.stages.load.bibtex_entries import check_key, check_required, check_twice
from impressum.stages.load.bibtex_values import check_values, why_no_date
from impressum.stages.load.strict_yaml import parse_node
from impressum.stages.load.tree import Items, Node, Scalar, Tree, scalars, sound

MOST_VALUES = 1_000_000
MOST_OPEN_BRACKETS = 8
"""In a value of YAML, which pandoc reads as Markdown: each further one takes it three times as long."""
TYPES: Mapping[str, str] = {
    "article-journal": "article",
    **dict.fromkeys(("article-magazine", "article-newspaper"), "article"),
    **dict.fromkeys(("book", "classic"), "book"),
    **dict.fromkeys(("chapter", "entry", "entry-dictionary", "entry-encyclopedia"), "incollection"),
    "paper-conference": "inproceedings",
    **dict.fromkeys(("webpage", "post", "post-weblog"), "online"),
    **dict.fromkeys(("thesis", "report", "patent", "dataset", "software", "periodical", "review"), ""),
    **dict.fromkeys(
        (
            "article bill broadcast collection document event figure graphic hearing interview legal_case legislation "
            "manuscript map motion_picture musical_score pamphlet performance personal_communication regulation "
            "review-book song speech standard treaty"
        ).split(),
        "misc",
    ),
}
"""The types of CSL 1.0.2, with that of BibLaTeX whose checks are theirs (empty: of the same name)."""
DATES = {"issued": "date", "accessed": "urldate", "event-date": "eventdate", "original-date": "origdate"}
OTHER_DATES = ("available-date", "submitted")
PERSONS = (
    "author chair collection-editor compiler composer container-author contributor curator director editor "
    "editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author "
    "performer producer recipient reviewed-author script-writer series-creator translator"
).split()
TEXTS = frozenset(
    (
        "abstract annote archive archive_collection archive_location archive-place authority call-number "
        "chapter-number citation-label citation-number collection-number collection-title container-title "
        "container-title-short dimensions division DOI edition event event-place event-title genre ISBN ISSN issue "
        "journalAbbreviation jurisdiction keyword language locator medium note number number-of-pages "
        "number-of-volumes original-publisher original-publisher-place original-title page page-first part-number "
        "part-title PMCID PMID printing-number publisher publisher-place references reviewed-genre reviewed-title "
        "scale section shortTitle source status supplement-number title title-short URL version volume volume-title "
        "year-suffix"
    ).split()
)
"""Variables that hold text or a number; pandoc passes over those that it does not know."""
NAME = ("family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
FIELDS = {
    **{name: name.lower() for name in ("URL", "DOI", "ISBN", "ISSN")},
    "page": "pages", "language": "langid", "collection-title": "series", "event-title": "eventtitle",
}  # fmt: skip
"""Variables that BibLaTeX calls otherwise, and that are compared between works or needed."""
TAG = re.compile(r"<(?P<tag>/?[A-Za-z][A-Za-z0-9-]*)(?:[\s/][^<>]{0,200})?>|<!--")
COMMAND = re.compile(r"\\[A-Za-z]+")
DATE_HINT = "write 2020, 2020-05, 2020-05-17 or 2020/2021, or `date-parts` of such numbers; words go into `literal`"
CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)')
"""A text of JSON, or a number that Python reads in its place and JSON has not."""
SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def read_csl(source: SourceText, faults: Faults) -> Bibliography:
    """The entries of the CSL JSON or CSL YAML text in `source`, whose path says which; everything wrong with it goes to
    `faults`. Of a key that is used twice the first entry is kept; entries without a key are left out."""
    is_json = format_of(source.path) == ".json"
    if is_json and not _is_json(source, faults):
        return Bibliography(source)
    text = SURROGATES.sub(_joined, source.text) if is_json else source.text
    read, lost = parse_node(text, source.path, faults, most=MOST_VALUES)
    listed = read.value("items" if is_json else "references") if isinstance(read, Tree) else read
    if read and not isinstance(listed, Items):
        message = f"the file holds no list {'of works' if is_json else '`references`'}"
        hint = "export it again as CSL JSON" if is_json else "write the works as a list, or below `references:`"
        faults.error(read.place, message, "bib-syntax", hint)
    entries: dict[str, BibEntry] = {}
    for node in listed.items if isinstance(listed, Items) else ():
        if sound(node, lost) != node:
            continue  # there is a fault, from which others would follow
        if isinstance(node, Tree):
            _Entry(node, is_json, faults).add_to(entries)
        else:
            faults.error(node.place, "an entry is a mapping of variables", "bib-syntax", "give it an `id` and a `type`")
    check_twice(entries, faults)
    has = {key: frozenset(name for name, value in one.fields.items() if value) for key, one in entries.items()}
    check_required(tuple(entries.values()), has, faults, no_date="`issued: {literal: n.d.}`")
    return Bibliography(source, entries)


def _joined(found: re.Match[str]) -> str:
    """A letter that JSON writes as two escapes, and YAML as one."""
    return found[1] + (bytes.fromhex(found[2] + found[3])).decode("utf-16-be")


def _is_json(source: SourceText, faults: Faults) -> bool:
    constants: list[str] = []
    try:
        json.loads(source.text, parse_int=str, parse_constant=constants.append)
    except RecursionError:
        return True  # a fault where it is read as YAML, whose depth has a limit
    except json.JSONDecodeError as error:
        at, why = error.pos, f"{error.msg[0].lower()}{error.msg[1:]}"
    else:
        if not constants:
            return True
        at = next(found.start(1) for found in CONSTANT.finditer(source.text) if found[1])
        why = f"it has no value `{constants[0]}`"
    faults.error(source.place_at(at), f"the file is no JSON: {why}", "bib-syntax", "export it again as CSL JSON")
    return False


class _Entry:
    """An entry that is being read."""

    def __init__(self, tree: Tree, is_json: bool, faults: Faults) -> None:
        self.tree, self.is_json, self.faults = tree, is_json, faults
        self.key = ""

    def add_to(self, entries: dict[str, BibEntry]) -> None:
        """Checks the entry, and adds it unless it has no key, or one that is there already."""
        key = self.tree.text("id")
        if key is None or not key.text or self._no_text(key):
            hint = "give it an `id` such as `smith2020`, by which it is cited"
            self.faults.error(self.tree.place, "an entry has no `id`", "bib-key-missing", hint)
            return
        self.key = key.text
        # pandoc's own numbers are as they are written; the place of quoted text is that of its quotation mark
        start = Place(key.place.path, key.place.line, key.place.column + (not key.plain))
        check_key(self.key, entries, lambda at: Place(start.path, start.line, start.column + at), self.faults)
        kind = self.tree.text("type")
        for variable, item in () if self.is_json else self.tree.entries.items():
            for written in scalars(item.value):
                self._check_markdown(variable, written)
        fields = self._fields(kind.text if kind else "")
        known = {name: one for name in ("URL", "DOI", "ISBN", "ISSN") if (one := self.tree.text(name))}
        values = {name: one.text for name, one in known.items()}
        check_values(self.key, values, {name: one.place for name, one in known.items()}, self.faults)
        for name in (*DATES, *OTHER_DATES):
            if value := self.tree.value(name):
                self._check_date(name, value)
        place = next(iter(self.tree.entries.values())).place
        entry = BibEntry(self.key, self._type(kind), Place(place.path, place.line, self.tree.place.column), fields)
        entries.setdefault(self.key, entry)

    def _type(self, kind: Scalar | None) -> str:
        name, given = kind.text if kind else "", self.tree.value("type")
        if given and (what := self._no_text(given)):
            self._mistyped("type", given.place, f"is {what}, not text")
        elif name not in TYPES:
            close = nearest(name[:40], TYPES)
            hint = f"did you mean `{close}`?" if close else "write `document` where no other type fits"
            what = f"has the unknown type `{name}`" if name else "has no type"
            place = kind.place if kind else self.tree.place
            self.faults.warning(place, f"entry `{self.key}` {what}", "bib-type-unknown", hint)
        return TYPES.get(name, "misc") or name

    def _fields(self, kind: str) -> dict[str, str]:
        """The values by the names that they have in BibLaTeX."""
        container = "journal" if TYPES.get(kind) == "article" else "booktitle"
        fields: dict[str, str] = {}
        for variable, entry in self.tree.entries.items():
            value, name = entry.value, FIELDS.get(variable, variable)
            if variable == "container-title":
                name = container
            if variable in PERSONS:
                fields[name] = " and ".join(self._persons(variable, value))
            elif variable in DATES:
                fields[DATES[variable]] = _day(value)
            elif variable == "keyword" and not self.is_json:
                continue  # a list, too
            elif variable in TEXTS and (what := self._no_text(value)):
                self._mistyped(variable, value.place, f"is {what}, not text")
                fields[name] = "?"  # it is there
            elif variable in TEXTS and isinstance(value, Scalar):
                fields[name] = value.text
                if variable not in ("URL", "DOI", "ISBN", "ISSN", "abstract", "note", "annote"):
                    self._check_text(variable, value)
        return fields

    def _no_text(self, value: Node | None) -> str:
        """What `value` is where it is neither text nor a number."""
        if isinstance(value, Scalar):  # without quotation marks, JSON has numbers and these
            is_text = not (self.is_json and value.plain) or _is_whole(value.text)
            return "" if is_text else f"`{value.text}`"
        return "a list" if isinstance(value, Items) else "a mapping"

    def _mistyped(self, variable: str, place: Place, what: str) -> None:
        message = f"`{variable}` of entry `{self.key}` {what}"
        self.faults.error(place, message, "bib-syntax", "pandoc would stop reading here")

    def _persons(self, variable: str, value: Node) -> Iterable[str]:
        """Each person of `value` as BibTeX writes it: `Family, Given`, or in braces what is no person."""
        if self.is_json and not isinstance(value, Items):
            self._mistyped(variable, value.place, "is no list of names")
            yield "?"
            return
        for one in value.items if isinstance(value, Items) else (value,):
            if isinstance(one, Scalar) and not (self.is_json and one.plain):
                self._check_text(variable, one)
                yield f"{{{one.text}}}"
            elif isinstance(one, Tree):
                parts = {name: part for name in one.entries if (part := one.text(name))}
                for part in parts.values():
                    self._check_text(variable, part)
                family, given = (parts[name].text if name in parts else "" for name in ("family", "given"))
                named = [name for name in NAME if name in one.entries]
                if wrong := [name for name in named if self._no_name(one, name)]:
                    self._mistyped(variable, one.place, f"holds a name whose `{wrong[0]}` is no text")
                    yield "?"
                elif family:
                    yield f"{family}, {given}"
                elif "literal" in parts or given:
                    yield f"{{{parts['literal'].text if 'literal' in parts else given}}}"
                else:
                    self._mistyped(variable, one.place, "holds a name without `family` and `literal`")
            else:
                what = f"`{one.text}`" if isinstance(one, Scalar) else "a list"
                self._mistyped(variable, one.place, f"holds {what} where a name should be")
                yield "?"

    def _no_name(self, person: Tree, name: str) -> bool:
        value = person.value(name)
        return not isinstance(value, Scalar) or (self.is_json and value.plain and value.text != "null")

    def _check_date(self, variable: str, value: Node) -> None:
        day = _day(value)
        if self.is_json and (isinstance(value, Items) or (isinstance(value, Scalar) and value.plain)):
            self._mistyped(variable, value.place, "is no date as JSON has one")
            return
        if isinstance(value, Tree) and "literal" in value.entries:
            if self._no_name(value, "literal"):
                self._mistyped(variable, value.place, "holds a `literal` that is no text")
            return
        why = why_no_date("date", day) if day else "that is no date"
        if why:
            shown = f"is `{day}`: {why}" if day else "is no date"
            self.faults.error(value.place, f"`{variable}` of entry `{self.key}` {shown}", "bib-date", DATE_HINT)

    def _check_markdown(self, variable: str, value: Scalar) -> None:
        """Looks, in a value that pandoc reads as Markdown, for what hangs it, and what no entry may show."""
        what = f"`{variable}` of entry `{self.key}`"
        if "![" in value.text:
            self.faults.error(value.place, f"an image is in {what}", "bib-html", "a bibliography holds text only")
        if _most_open(value.text) > MOST_OPEN_BRACKETS:
            message = f"more than {MOST_OPEN_BRACKETS} brackets `[` are open in {what}"
            self.faults.error(value.place, message, "bib-too-deep", "close them with `]`")

    def _check_text(self, variable: str, value: Scalar) -> None:
        """Looks for what is printed as it stands."""
        what = f"`{variable}` of entry `{self.key}`"
        text = value.text
        for command in dict.fromkeys(COMMAND.findall(text) if self.is_json else ()):
            message, hint = f"the LaTeX `{command}` in {what} is shown as it stands", "write the letters, in Unicode"
            self.faults.warning(value.place, message, "bib-macro-unknown", hint)
        for found in TAG.finditer(text) if self.is_json else ():
            if (found["tag"] or "!").lstrip("/").lower() not in ("i", "b", "sub", "sup", "sc", "span"):
                message = f"the HTML `{found[0]}` in {what} is shown as it stands"
                hint = "CSL knows <i>, <b>, <sub>, <sup> and <span>: take the tag out"
                self.faults.warning(value.place, message, "bib-html", hint)


def _is_whole(text: str) -> bool:
    """Whether JSON's `text` is a number that pandoc reads: a whole one of at most 18 digits."""
    return NUMBER.fullmatch(text) is not None and abs(float(text)) < 1e18 and float(text).is_integer()


def _most_open(text: str) -> int:
    opened = most = 0
    for found in re.finditer(r"\\.|[\[\]]", text):
        opened = max(0, opened + {"[": 1, "]": -1}.get(found[0], 0))
        most = max(most, opened)
    return most


def _day(value: Node) -> str:
    """A date of CSL as EDTF (`2020-05`, `2020/2021`), or its words; as it is written where it is neither."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Items):
        return "/".join(map(_day, value.items))
    for name in ("literal", "raw"):
        if words := value.text(name):
            return words.text
    ranged = value.value("date-parts")
    if isinstance(ranged, Items):
        return "/".join(_numbers(one.items if isinstance(one, Items) else (one, one, one, one)) for one in ranged.items)
    return _numbers([part for name in ("year", "month", "day") if (part := value.value(name))])


def _numbers(parts: Iterable[Node]) -> str:
    texts = [one.text.removesuffix(".0") if isinstance(one, Scalar) else "?" for one in parts]
    year, *rest = texts or [""]
    sign, digits = ("-", year[1:]) if year.startswith("-") else ("", year)
    return "-".join((sign + (digits.zfill(4) if digits else ""), *(one.zfill(2) for one in rest if one)))
