"""LaTeX inside the values of a bibliography: what pandoc's reader makes nothing of, and what it must not run.

Tried with pandoc 3.9: a macro that it does not know vanishes, often with its argument (`\\DJ{}okić` becomes
`okić`); a `$` without a partner or a `\\begin` takes the whole value with it; an unescaped `%` takes the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from impressum.core.errors import Faults
from impressum.stages.load.bibtex_items import JINJA, BibField, LineOffsets, ValuePart
from impressum.stages.load.bibtex_values import refused_scheme

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

_CLOSES = {")": "(", "]": "[", "$": "$"}
TAGS = frozenset({"i", "b", "sub", "sup", "span"})

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
    lines: LineOffsets
    faults: Faults
    printed: bool = True
    """False for fields that no style prints (an abstract): only what must not run is looked for there."""

    _math: _Math | None = None
    _ensured: list[int] = field(default_factory=list)
    _depth: int = 0
    _told: set[str] = field(default_factory=set)

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
            self.faults.error(self.lines.place(offset), message, "bib-macro-refused", hint)
            return
        if name in "()[]":
            if self.printed:
                self._mathematics(f"\\{name}", offset)
        elif name == "ensuremath":
            self._ensured.append(self._depth)
        elif self.printed and name not in KNOWN and not self._is_math and name not in self._told:
            self._told.add(name)
            instead = INSTEAD.get(name)
            message = f"pandoc drops the macro `\\{name}` in {self.what}"
            hint = f"write {instead} instead" if instead else "write the letters themselves, in Unicode"
            self.faults.warning(self.lines.place(offset), message, "bib-macro-unknown", hint)

    def _url(self, url: str, offset: int) -> None:
        scheme = refused_scheme(url)
        if scheme:
            message = f"the link in {self.what} has the scheme `{scheme}`"
            hint = "links begin with https:// or http://"
            self.faults.error(self.lines.place(offset), message, "bib-url-scheme", hint)

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
            self.faults.error(self.lines.place(offset), message, "bib-percent", "write \\% for the sign")
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
        elif self._depth == opened.depth and opened.sign.lstrip("\\") == _CLOSES.get(name):
            self._math = None
        else:
            self._no_partner(opened)

    def _no_partner(self, math: _Math) -> None:
        message = f"`{math.sign}` in {self.what} has no partner: pandoc drops the whole value"
        hint = "write \\$ for the sign; mathematics stands between two of them"
        self.faults.error(self.lines.place(math.offset), message, "bib-mathematics", hint)
        self._math = None

    def _tag(self, name: str, tag: str, offset: int) -> None:
        if name.lstrip("/").lower() not in TAGS:
            message = f"the HTML `{tag}` in {self.what} is shown as it stands"
            hint = "write LaTeX (\\emph{…}), or take the tag out"
            self.faults.warning(self.lines.place(offset), message, "bib-html", hint)
