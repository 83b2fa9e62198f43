"""Puts a citation style into an edition's language: terms, quotation marks, dates, lists of names. They are added to
the style, behind its own, where citeproc looks first; no word of its result is changed afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CSL = "http://purl.org/net/xbiblio/csl"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SORTED_LIKE = {"sr": "hr", "bs": "hr", "cnr": "hr"}
"""Languages whose alphabet citeproc does not know, with one that has the same (č ć dž đ lj nj š ž): it takes them for
that one, and its terms come from ours."""
FORMS = ("short", "verb", "verb-short", "symbol")
QUOTES = {
    "open-quote": "quotes.double.open",
    "close-quote": "quotes.double.close",
    "open-inner-quote": "quotes.single.open",
    "close-inner-quote": "quotes.single.close",
}
DAY = "date.day"
OTHERS = ("genre.", "state.", "text.", "date.")
"""Groups of terms that are not CSL's."""
NO_DATE = re.compile(r"""(?i)(\b(?:year|date)\s*=\s*[{"])n\.\s?d\.(?=[}"])""")
WORDS = re.compile(r"(\W*)(\w(?:.*\w)?)(\W*)")
READ_AS = "verb-short"
"""A form that no style prints for a place in a work, so that its labels are only read."""
LABELS = {
    "book": "bk. bks. book B. Buch livre knj. knjiga књ. књига кн. книга lib. libro libër księga",
    "chapter": "chap. chaps. ch. chapter chapters Kap. Kapitel chapitre pogl. poglavlje погл. поглавље cap. capp. "
    "caps. capitolo capítulo rozdz. rozdział kapitulli гл. глава",
    "column": "col. cols. column Sp. Spalte stup. stupac stub. stubac стуб. стубац colonna columna kol. кол. колона",
    "figure": "fig. figs. figure Abb. Abbildung sl. slika сл. слика figg. figura rys. ryc. rysunek",
    "folio": "fol. fols. folio Bl. Blatt list лист",
    "issue": "no. nos. Nr. Heft nᵒ n° br. broj бр. број núm. n.º numero número numer numri",
    "line": "l. ll. line Z. Zeile ligne red ред riga línea wers rreshti",
    "note": "n. nn. note notes Anm. Fn. nap. napomena bilj. bilješka fusnota нап. напомена фуснота nota przyp. przypis "
    "shën. shënim заб. забелешка",
    "page": "p. pp. page pages S. Seite Seiten str. strana strane stranica s. стр. страна стране с. σ. σσ. f. ff. fq. "
    "pagina pagine pág. págs. página strona strony faqe faqja страница",
    "paragraph": "para. paras. par. paragraph ¶ Abs. Absatz al. alinéa st. stav odl. pas. pasus пас. пасус став "
    "paragrafo párr. párrafo akapit",
    "part": "pt. pts. part T. Teil partie deo dio део parte cz. część pj. pjesa дел",
    "section": "sec. secs. sect. section § §§ Abschn. Abschnitt odelj. odeljak odj. odjeljak одељ. одељак sez. sezione "
    "sección podrozdz. seks. seksioni одд. оддел",
    "verse": "v. vv. verse V. Vers vers stih стих verso wiersz vargu",
    "volume": "vol. vols. volume Bd. Bde. Band tome tom sv. svezak том voll. volumen vëll. vëllimi",
}
"""How the languages of the package write the label of a place in a work, by its name in CSL."""


@dataclass(frozen=True)
class Language:
    """A language for citations: its tag, its terms by key, the words that the book prints."""

    tag: str
    terms: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The language without its script and region: `sr` of `sr-Latn`."""
        return self.tag.split("-")[0].lower()


def style_in(language: Language, csl: str) -> str:
    """The style `csl` as citeproc is to read it for `language`; one that is no XML stays as it is."""
    from xml.etree import ElementTree

    if "<!DOCTYPE" in csl:  # entities can grow without end
        return csl
    try:
        style = ElementTree.fromstring(csl)
    except ElementTree.ParseError:
        return csl
    ElementTree.register_namespace("", CSL)
    if language.code != "en":
        _join_names(style)
        _put_day_first(style, language.terms)
        _translate_texts(style, language.terms)
    style.append(_locale(language))
    return ElementTree.tostring(style, encoding="unicode")


def bibliography_in(language: Language, text: str) -> str:
    """The BibTeX `text`, line for line, with kinds and states of works in words, and `year = {n.d.}` as the book says
    that. A thesis gets its kind from its entry; a `type` that it has comes later, and counts."""
    kinds, states = (
        {key.removeprefix(group): term for key, term in language.terms.items() if key.startswith(group)}
        for group in ("genre.", "state.")
    )
    for entry, kind in (("phdthesis", "phdthesis"), ("mastersthesis", "mathesis")):
        if kind in kinds:
            text = re.sub(rf"(?i)(@{entry}\s*\{{[^\s,{{}}]+\s*,)", rf"\1 type = {{{kinds[kind]}}},", text)
    text = NO_DATE.sub(lambda found: found[1] + language.words.get("no-date", "n.d."), text)
    return _named(_named(text, "type", kinds), "pubstate", states)


def _named(text: str, name: str, words: Mapping[str, str]) -> str:
    """`text` with each value of the field `name` that is a key of `words` in words."""
    if not words:
        return text
    keys = "|".join(words)
    field = re.compile(rf"(?i)(\b{name}\s*=\s*)(?:\{{({keys})\}}|\"({keys})\"|({keys})\b)")
    return field.sub(lambda found: f"{found[1]}{{{words[(found[2] or found[3] or found[4]).lower()]}}}", text)


def _locale(language: Language) -> Element:
    """The `<locale>` for `language`. One with all terms has its tag, without which citeproc takes a language that it
    does not have for English, and its titles too; another has none, and holds for the region that citeproc adds."""
    from xml.etree.ElementTree import Element, SubElement

    locale = Element(
        _csl("locale"), {XML_LANG: SORTED_LIKE.get(language.code, language.code)} if "and" in language.terms else {}
    )
    if DAY in language.terms and "ordinal" in language.terms:
        SubElement(locale, _csl("style-options"), {"punctuation-in-quote": "false"})
        day = language.terms[DAY].replace("{number}", "")
        for form, month in (("text", {"suffix": " "}), ("numeric", {"form": "numeric", "suffix": f"{day} "})):
            date = SubElement(locale, _csl("date"), {"form": form})
            SubElement(date, _csl("date-part"), {"name": "day", "suffix": f"{day} "})
            SubElement(date, _csl("date-part"), {"name": "month", **month})
            SubElement(date, _csl("date-part"), {"name": "year"})
    terms = SubElement(locale, _csl("terms"))
    for name, form, text in _terms(language):
        term = SubElement(terms, _csl("term"), {"name": name, **({"form": form} if form else {})})
        one, divided, more = text.partition(" | ")
        if divided:
            SubElement(term, _csl("single")).text = one
            SubElement(term, _csl("multiple")).text = more
        else:
            term.text = text
    return locale


def _terms(language: Language) -> Iterator[tuple[str, str, str]]:
    """The terms by name and form."""
    for name, key in QUOTES.items():
        if key in language.words:
            yield name, "", language.words[key]
    for key, text in language.terms.items():
        name, _, form = key.rpartition(".")
        if not key.startswith(OTHERS):
            yield (name, form, text) if form in FORMS else (key, "", text)
    for name, labels in LABELS.items():
        for label in labels.split():
            yield name, READ_AS, label


def _join_names(style: Element) -> None:
    """Restricts the comma before the last name of several (`A, B, and C`), which is English, to inverted names."""
    for element in style.iter():
        own = element.get("and") == "text" or (element.get("delimiter-precedes-last") and style.get("and") == "text")
        if own:
            element.set("delimiter-precedes-last", "after-inverted-name")
            element.set("delimiter-precedes-et-al", "after-inverted-name")


def _put_day_first(style: Element, terms: Mapping[str, str]) -> None:
    """Where the style writes month and day by itself (`October 5`), the day comes first."""
    written = terms.get(DAY)
    if written is None:
        return
    for date in style.iter(_csl("date")):
        parts = list(date)
        names = [part.get("name") for part in parts]
        if date.get("form") or "month" not in names[:-1]:
            continue
        at = names.index("month")
        if names[at + 1] != "day":
            continue
        month, day = parts[at], parts[at + 1]
        between = date.get("delimiter", "") or (month.get("suffix", "") + day.get("prefix", ""))
        behind = day.get("suffix", "")
        if names[at + 2 : at + 3] == ["year"]:
            behind = behind.replace(",", "")
        day.set("prefix", month.attrib.pop("prefix", ""))
        day.set("suffix", written.replace("{number}", "") + ("" if date.get("delimiter") else between))
        month.set("suffix", behind)
        day.set("form", "numeric")
        date[at], date[at + 1] = day, month


def _translate_texts(style: Element, terms: Mapping[str, str]) -> None:
    """Translates the English words that the style prints by itself; the marks around them stay. A kind of work in title
    case (`Technical Report`), which is for English only, keeps one capital."""
    for element in style.iter():
        if element.get("variable") == "genre" and element.get("text-case") == "title":
            element.set("text-case", "capitalize-first")
        for name in ("value", "prefix", "suffix"):
            found = WORDS.fullmatch(element.get(name, ""))
            translated = terms.get(f"text.{found[2].lower()}") if found else None
            if found and translated:
                capital = found[2][0].isupper() and found[2] != found[2].upper()
                written = translated[0].upper() + translated[1:] if capital else translated
                element.set(name, f"{found[1]}{written}{found[3]}")


def _csl(name: str) -> str:
    return f"{{{CSL}}}{name}"
