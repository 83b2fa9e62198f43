"""The values of entries: LaTeX that pandoc drops or must not run, dates, links and identifiers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from impressum.core.errors import Faults, Place
from impressum.core.model.identifiers import doi, isbn, issn
from impressum.core.model.sources import SourceText
from impressum.stages.load.bibtex import JINJA, BibField, ValuePart

_ACCENTS = "\" ' ` ^ ~ = . u v H c k r b d t G U f h"
_SPACES = "\\ , ; : ! / - @ newline"
_LETTERS = "aa AA ae AE oe OE o O l L ss i j"
_STYLES = (
    "textit textbf emph textsc textsl texttt textrm textsf textup textmd textnormal underline uline ul sout st "
    "textsuperscript textsubscript em it bf sl itshape bfseries scshape slshape lowercase uppercase MakeLowercase "
    "MakeUppercase MakeTextUppercase enquote mkbibquote mkbibemph mkbibitalic mkbibbold mkbibparens mkbibbrackets "
    "textlatin textgreek textserbian textgerman textfrench textenglish url href nolinkurl ensuremath foreignlanguage "
    "hyphenquote foreignquote"
)
_SIGNS = (
    "ldots dots slash LaTeX TeX textquoteright textquoteleft textquotedblleft textquotedblright textquotesingle "
    "textquotedbl guillemotleft guillemotright guillemetleft guillemetright guilsinglleft guilsinglright copyright "
    "textcopyright pounds textsterling S P textdagger textregistered euro textdegree textbackslash textasciitilde "
    "textasciicircum textless textgreater textbullet textsection textparagraph textdollar quotedblbase "
    "quotesinglbase glqq grqq glq grq flqq frqq flq frq lq rq textyen textmu textonehalf textonequarter "
    "textthreequarters texttwosuperior textthreesuperior hyp adddot sim & % $ # _ { }"
)
KNOWN = frozenset(f"{_ACCENTS} {_SPACES} {_LETTERS} {_STYLES} {_SIGNS} rm tt noopsort".split()) | {" ", "\n", "\t"}

_HARMLESS = (
    "relax protect nobreak allowbreak nolinebreak noindent normalfont upshape rmfamily sc ttfamily sf small large "
    "newblock"
)
HARMLESS = frozenset(_HARMLESS.split())
"""pandoc drops these, and nothing that a reader would miss; but before braces it drops what is in them too."""

INSTEAD = {
    "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "ng": "ŋ", "NG": "Ŋ", "SS": "ẞ",
    "textendash": "\N{EN DASH}", "textemdash": "—", "textellipsis": "…", "dag": "†", "ddag": "‡", "texttrademark": "™",
    "texteuro": "€", "EUR": "€", "textbar": "|", "textperiodcentered": "·", "textordfeminine": "ª",
    "textordmasculine": "º", "textunderscore": "\\_", "textbraceleft": "\\{", "textbraceright": "\\}",
    "textexclamdown": "¡", "textquestiondown": "¿", "textcent": "¢", "textnumero": "№",
    "texttimes": "\N{MULTIPLICATION SIGN}", "textpm": "±", "textminus": "\N{MINUS SIGN}", "textdaggerdbl": "‡",
    "nobreakspace": "~", "quad": "\\ ", "qquad": "\\ ", "thinspace": "\\,",
    "textrightarrow": "→", "textleftarrow": "←", "textcommabelow": "ș or ț", "par": "\\newline",
    "alpha": "$\\alpha$", "beta": "$\\beta$", "mu": "$\\mu$", "times": "$\\times$", "pm": "$\\pm$",
}  # fmt: skip

_REFUSED = (
    "input include includeonly subfile import subimport includegraphics lstinputlisting verbatiminput write "
    "immediate openin openout closein closeout read newread newwrite special directlua newcommand renewcommand "
    "providecommand DeclareRobustCommand DeclareMathOperator newenvironment renewenvironment def edef gdef xdef "
    "let futurelet csname endcsname expandafter catcode usepackage RequirePackage documentclass begin end verb "
    "bibliography addbibresource ShellEscape loop repeat"
)
REFUSED = frozenset(_REFUSED.split())


_ARGUMENT = re.compile(r"\s*\{(?!\})")
_TOKEN = re.compile(
    rf"""{JINJA}
    |\\(?:url|href|nolinkurl)\s*\{{(?P<url>[^{{}}]*)\}}
    |\\(?P<macro>[A-Za-z]+|.)
    |(?P<sign>[$%{{}}])
    |<(?P<tag>/?[A-Za-z][A-Za-z0-9-]*)(?:[\s/][^<>]{{0,200}})?>
    |(?P<comment><!--)""",
    re.DOTALL | re.VERBOSE,
)
DATE_FIELDS = ("date", "year", "urldate", "eventdate", "origdate")

_DATE = re.compile(r"-?(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)?)?[?~%]?", re.ASCII)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_HOST_AND_PORT = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+:\d")


@dataclass(frozen=True)
class _Math:
    """Mathematics that is open: the sign that began it, where, and the braces open there."""

    sign: str
    offset: int
    depth: int


@dataclass
class ValueCheck:
    """Checks one value; `what` names it in faults: ``` `title` of entry `k` ```."""

    what: str
    source: SourceText
    faults: Faults
    printed: bool = True
    """False for fields that no style prints (an abstract): only what must not run is looked for there."""

    _math: _Math | None = None
    _ensured: list[int] = field(default_factory=list)
    _depth: int = 0
    _reported: set[str] = field(default_factory=set)

    def value(self, one: BibField) -> None:
        """Checks the parts of the value of the field `one` that are text."""
        for part in one.parts:
            if not part.is_name:
                self._part(part)
        if self._math:
            self._no_partner(self._math)

    def _part(self, part: ValuePart) -> None:
        for found in _TOKEN.finditer(part.text):
            offset = part.offset + found.start()
            if found["macro"] is not None:
                harmless = found["macro"] in HARMLESS and not _ARGUMENT.match(part.text, found.end())
                if not harmless:
                    self._macro(found["macro"], offset)
            elif not self.printed:
                continue
            elif found["url"] is not None:
                self._url(found["url"], offset)
            elif found["sign"] is not None:
                self._sign(found["sign"], offset)
            elif (found["tag"] or found["comment"]) and not self._is_math:
                self._tag(found["tag"] or "", found[0], offset)

    @property
    def _is_math(self) -> bool:
        return self._math is not None or bool(self._ensured)

    def _macro(self, name: str, offset: int) -> None:
        if name in REFUSED:
            message = f"`\\{name}` is refused in {self.what}"
            hint = "a bibliography holds text only: nothing is read, defined or run from it"
            self.faults.error(self.source.place_at(offset), message, "bib-macro-refused", hint)
            return
        if name in "()[]":
            if self.printed:
                self._mathematics(f"\\{name}", offset)
        elif name == "ensuremath":
            self._ensured.append(self._depth)
        elif self.printed and name not in KNOWN and not self._is_math and name not in self._reported:
            self._reported.add(name)
            instead = INSTEAD.get(name)
            message = f"pandoc drops the macro `\\{name}` in {self.what}"
            hint = f"write {instead} instead" if instead else "write the letters themselves, in Unicode"
            self.faults.warning(self.source.place_at(offset), message, "bib-macro-unknown", hint)

    def _url(self, url: str, offset: int) -> None:
        scheme = refused_scheme(url)
        if scheme:
            message = f"the link in {self.what} has the scheme `{scheme}`"
            hint = "links begin with https:// or http://"
            self.faults.error(self.source.place_at(offset), message, "bib-url-scheme", hint)

    def _sign(self, sign: str, offset: int) -> None:
        if sign == "{":
            self._depth += 1
        elif sign == "}":
            self._depth -= 1
            if self._ensured and self._depth <= self._ensured[-1]:
                self._ensured.pop()
            if self._math and self._depth < self._math.depth:
                self._no_partner(self._math)
        elif sign == "%":
            message = f"`%` in {self.what} begins a comment: pandoc drops the rest of the line"
            self.faults.error(self.source.place_at(offset), message, "bib-percent", "write \\% for the sign")
        else:
            self._mathematics(sign, offset)

    def _mathematics(self, sign: str, offset: int) -> None:
        """Opens or closes mathematics; what does not fit together takes the value with it in pandoc."""
        opened = self._math
        name = sign.lstrip("\\")
        if not opened:
            if name in ")]":
                self._no_partner(_Math(sign, offset, self._depth))
            else:
                self._math = _Math(sign, offset, self._depth)
        elif self._depth == opened.depth and opened.sign.lstrip("\\") == {")": "(", "]": "[", "$": "$"}.get(name):
            self._math = None
        else:
            self._no_partner(opened)

    def _no_partner(self, math: _Math) -> None:
        message = f"`{math.sign}` in {self.what} has no partner: pandoc drops the whole value"
        hint = "write \\$ for the sign; mathematics stands between two of them"
        self.faults.error(self.source.place_at(math.offset), message, "bib-mathematics", hint)
        self._math = None

    def _tag(self, name: str, tag: str, offset: int) -> None:
        if name.lstrip("/").lower() not in ("i", "b", "sub", "sup", "span"):
            message = f"the HTML `{tag}` in {self.what} is shown as it stands"
            hint = "write LaTeX (\\emph{…}), or take the tag out"
            self.faults.warning(self.source.place_at(offset), message, "bib-html", hint)


def check_values(key: str, values: Mapping[str, str], places: Mapping[str, Place], faults: Faults) -> None:
    """Checks the fields whose values have a form. A value that Jinja is still to fill (`<<`) passes."""
    for name, written in values.items():
        value = written.strip()
        if value and "<<" not in value and name.lower() in _CHECKS:
            _CHECKS[name.lower()](key, name, value, places[name], faults)


def refused_scheme(url: str) -> str | None:
    """The scheme of `url` where it is none of http, https and doi. Read as a browser reads it."""
    inner = re.sub(r"^\s*\\(?:url|href)\s*\{", "", url)
    plain = re.sub(r"[\x00-\x20{}]", "", inner).lower()
    found = _SCHEME.match(plain)
    if not found or found[1] in ("http", "https", "doi") or _HOST_AND_PORT.match(plain):
        return None
    return found[1]


def _date(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
    why = why_no_date(name, value)
    if why:
        hint = "write 2020, 2020-05, 2020-05-17 or 2020/2021; words go into year = {forthcoming}"
        faults.error(place, f"`{name}` of entry `{key}` is `{value}`: {why}", "bib-date", hint)


def why_no_date(name: str, value: str) -> str | None:
    """The reason why `value` of the field `name` is not a date, or None."""
    if name == "year":
        value = value.strip("{} ")
        if not any(letter.isdigit() for letter in value) or re.fullmatch(r"\d{1,4}", value, re.ASCII):
            return None
    ends = value.split("/")
    if len(ends) > 2 or not any(ends):
        return "that is no date"
    for end in ends:
        if end and (why := _why_no_day(end)):
            return why
    return None


def _why_no_day(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    if not found:
        return "that is no date"
    month, day = int(found[2] or 1), int(found[3] or 1)
    if month in range(21, 25) and not found[3]:
        return None
    if not 1 <= month <= 12:
        return f"there is no month {found[2]}"
    try:
        datetime.date(max(int(found[1]), 4), month, day)
    except ValueError:
        return f"that month has no day {found[3]}"
    return None


def _month(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
    if re.fullmatch(r"\d{1,9}", value, re.ASCII) and not 1 <= int(value) <= 12:
        message = f"`month` of entry `{key}` is `{value}`: there is no such month"
        faults.error(place, message, "bib-date", "write 1 to 12")


def _url(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
    what = f"`{name}` of entry `{key}`"
    scheme = refused_scheme(value)
    if scheme:
        hint = "links begin with https:// or http://"
        faults.error(place, f"{what} has the scheme `{scheme}`", "bib-url-scheme", hint)
    elif re.match(r"\\(?:url|href)\b", value):
        faults.warning(place, f"{what} holds a macro", "bib-url", "write the address alone, without \\url{…}")
    elif found := re.search(r"\\[_&%#$~{}]|\\", value):
        message = f"{what} holds `{found[0]}`: the link would hold the backslash too"
        faults.warning(place, message, "bib-url", "an address is taken letter for letter: write it without backslashes")
    elif re.search(r"\s", value):
        faults.warning(place, f"{what} holds a space", "bib-url", "write %20 for a space in an address")
    elif not _SCHEME.match(value.lower()) or _HOST_AND_PORT.match(value.lower()):
        faults.warning(place, f"{what} has no scheme", "bib-url", f"write https://{value}")


def _doi(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
    try:
        doi(value.replace("<", "(").replace(">", ")"))  # old DOIs of journals hold < and >
    except ValueError:
        hint = "it must look like 10.5281/zenodo.1234567, letter for letter, without backslashes"
        faults.warning(place, f"`{name}` of entry `{key}` is `{value}`, which is no DOI", "bib-doi", hint)


def _identifier(read: Callable[[str], object], rule: str) -> Callable[[str, str, str, Place, Faults], None]:
    """A check of a field that holds one or more numbers, each with a word after it at will: `… (pbk)`."""

    def check(key: str, name: str, value: str, place: Place, faults: Faults) -> None:
        plain = re.sub(r"\([^()]*\)", " ", value).strip()
        whole = _why(read, plain)
        if not whole:
            return
        numbers = [word for word in re.split(r"[,;\s]+", plain) if word]
        faulty = [why for word in numbers if (why := _why(read, word))]
        if len(numbers) > 1 and any(len(word) < 8 for word in numbers):
            faulty = [whole]  # one number written with spaces
        for why in faulty:
            faults.warning(place, f"`{name}` of entry `{key}`: {why}", rule, "compare it with the publication")

    return check


def _why(read: Callable[[str], object], text: str) -> str | None:
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return None


_CHECKS: Mapping[str, Callable[[str, str, str, Place, Faults], None]] = {
    **dict.fromkeys(DATE_FIELDS, _date),
    "month": _month,
    "url": _url,
    "doi": _doi,
    "isbn": _identifier(isbn, "bib-isbn"),
    "issn": _identifier(issn, "bib-issn"),
}
