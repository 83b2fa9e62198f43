"""Citations in the language of the edition: no term, date or list of names is in another, or in another script."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from citing import of_citeproc, set_in_place
from test_convert_citations import ROOT, chapter_of, said, spoken

from impressum.core.errors import Faults, Place
from impressum.stages.convert import pandoc
from impressum.stages.convert.citations import settle
from impressum.stages.convert.spacing_words import in_latin
from impressum.stages.convert.terms import CSL, Language, bibliography_in, style_in
from impressum.stages.load.styles import find_style
from impressum.system.cache import Memo
from impressum.system.workspace import Workspace

PACKAGED = files("impressum") / "templates" / "citations"
LANGUAGES = sorted(file.name.removesuffix(".yaml") for file in PACKAGED.iterdir())
BIBLIOGRAPHY = """
@book{book, author = {Pešikan, Mitar and Jerković, Jovan and Pižurica, Mato}, title = {Pravopis srpskoga jezika},
  publisher = {Matica srpska}, location = {Novi Sad}, year = {2010}, edition = {3}}
@book{editors, editor = {Daniels, Peter T. and Bright, William}, title = {The World's Writing Systems},
  publisher = {Oxford University Press}, location = {New York}, year = {1996}}
@incollection{part, author = {Cubberley, Paul}, title = {The Slavic Alphabets}, booktitle = {The World's Writing
  Systems}, editor = {Daniels, Peter T. and Bright, William}, publisher = {Oxford University Press},
  location = {New York}, year = {1996}, pages = {346--355}, chapter = {27}}
@book{translated, author = {Tschichold, Jan}, translator = {Hadeler, Hajo}, title = {The Form of the Book},
  publisher = {Hartley and Marks}, location = {Vancouver}, year = {1991}}
@article{paper, author = {Knuth, Donald E. and Plass, Michael F.}, title = {Breaking Paragraphs into Lines},
  journaltitle = {Software}, volume = {11}, number = {11}, pages = {1119--1184}, date = {1981-11}}
@phdthesis{doctor, author = {Liang, Franklin Mark}, title = {Word Hy-phen-a-tion by Com-put-er},
  school = {Stanford University}, year = {1983}}
@thesis{master, author = {Shannon, Claude}, title = {A Symbolic Analysis of Relay and Switching Circuits},
  institution = {MIT}, year = {1940}, type = {mathesis}}
@techreport{report, author = {Knuth, Donald E.}, title = {Tau Epsilon Chi}, institution = {Stanford University},
  number = {STAN-CS-78-675}, year = {1978}, type = {techreport}}
@online{page, author = {{Unicode}}, title = {The Unicode Standard}, url = {https://www.unicode.org},
  urldate = {2025-01-15}}
@article{news, author = {Wilford, John Noble}, title = {Men Walk on Moon}, journaltitle = {The New York Times},
  entrysubtype = {newspaper}, date = {1969-07-21}, pages = {1}}
@book{coming, author = {Knuth, Donald E.}, title = {The Art of Computer Programming}, volume = {4},
  publisher = {Addison-Wesley}, pubstate = {forthcoming}}
"""
TEXT = """# Jedan

A [@book, p. 5]. B [@editors, pp. 7-9]. C [@part, chap. 3]. D [@paper, sec. 2]. E [@paper, fig. 4].
F [@doctor, S. 4]. G [@master, Kap. 2]. H [@page; @coming; @news]. I [@book, стр. 6]. J [@book, odeljak 6].
K [@translated; @report].
"""


@cache
def cited(tag: str, style: str | None, folder: Path) -> tuple[str, tuple[str, ...]]:
    """The chapter `TEXT` as citeproc set it in the language `tag`, and the entries of its list."""
    memo = Memo(folder / "memo")
    tree = json.loads(pandoc._parse(chapter_of(TEXT)))["tree"]["blocks"]
    settle(tree, frozenset(re.findall(r"@\w+\{(\w+)", BIBLIOGRAPHY)))
    listed = set_in_place(
        {"01-jedan": tree},
        bibliography=BIBLIOGRAPHY,
        style=find_style(style, Workspace(ROOT), Place("publication.yaml"), Faults()),
        language=spoken(tag),
        memo=memo,
        folder=folder,
    )
    return spaced(said(tree[1:])), tuple(spaced(said(entry)) for entry in listed)


def spaced(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


STYLES = (None, "chicago-notes-bibliography", "ieee", "apa", "mhra-notes-subsequent-ibid")

AUTHOR_DATE = (
    "A (Pešikan i ostali 2010, 5). B (Daniels i Bright 1996, 7–9). C (Cubberley 1996, pogl. 3). D (Knuth i Plass 1981, "
    "odelj. 2). E (Knuth i Plass 1981, sl. 4). F (Liang 1983, 4). G (Shannon 1940, pogl. 2). H (Unicode, b. d.; "
    "Knuth, u pripremi; Wilford 1969). I (Pešikan i ostali 2010, 6). J (Pešikan i ostali 2010, odelj. 6). "
    "K (Tschichold 1991; Knuth 1978)."
)
LISTED = """
Cubberley, Paul. 1996. „The Slavic Alphabets“. Pogl. 27 u The World’s Writing Systems, ur. Peter T. Daniels i William \
Bright. Oxford University Press.
Daniels, Peter T., i William Bright, ur. 1996. The World’s Writing Systems. Oxford University Press.
Knuth, Donald E. 1978. Tau Epsilon Chi. Tehnički izveštaj STAN-CS-78-675. Stanford University.
Knuth, Donald E. U pripremi. The Art of Computer Programming. Tom 4. Addison-Wesley.
Knuth, Donald E., i Michael F. Plass. 1981. „Breaking Paragraphs into Lines“. Software 11 (11): 1119–84.
Liang, Franklin Mark. 1983. „Word Hy-phen-a-tion by Com-put-er“. Doktorska disertacija, Stanford University.
Pešikan, Mitar, Jovan Jerković i Mato Pižurica. 2010. Pravopis srpskoga jezika. 3. izd. Matica srpska.
Shannon, Claude. 1940. „A Symbolic Analysis of Relay and Switching Circuits“. Master rad, MIT.
Tschichold, Jan. 1991. The Form of the Book. Prev. Hajo Hadeler. Hartley; Marks.
Unicode. b. d. „The Unicode Standard“. Pristupljeno 15. januar 2025. https://www.unicode.org.
Wilford, John Noble. 1969. „Men Walk on Moon“. The New York Times, 21. jul.
"""
NOTES = (
    "A.[Mitar Pešikan i ostali, Pravopis srpskoga jezika, 3. izd. (Matica srpska, 2010), 5.]",
    "pogl. 27 u The World’s Writing Systems, ur. Peter T. Daniels i William Bright (Oxford",
    "1996), pogl. 3.]",
    "Software 11, br. 11 (1981): odelj. 2.]",
    "(doktorska disertacija, Stanford University, 1983), 4.]",
    "Unicode, „The Unicode Standard“, pristupljeno 15. januar 2025, https",
    "tom 4 (Addison-Wesley, u pripremi)",
    "The New York Times, 21. jul 1969.]",
    "prev. Hajo Hadeler",
)
NUMBERED = (
    "[1] M. Pešikan, J. Jerković i M. Pižurica, Pravopis srpskoga jezika, 3. izd. Novi Sad: Matica srpska, 2010.",
    "Lines“, Software, tom 11, br. 11, str. 1119–1184, nov. 1981.",
    "[7] Unicode, „The Unicode Standard“. Pristupljeno: 15. januar 2025. [Na internetu]. Dostupno na: https://www",
)
LISTED_IN = {
    "de": (
        "Knuth, Donald E. 1978. Tau Epsilon Chi. Technischer Bericht STAN-CS-78-675. Stanford University.",
        "Liang, Franklin Mark. 1983. „Word Hy-phen-a-tion by Com-put-er“. Dissertation, Stanford University.",
        "Wilford, John Noble. 1969. „Men Walk on Moon“. The New York Times, 21. Juli.",
    ),
    "fr": (
        "Pešikan, Mitar, Jovan Jerković et Mato Pižurica. 2010. Pravopis srpskoga jezika. 3ᵉ éd. Matica srpska.",
        "Unicode. s. d. « The Unicode Standard ». Consulté le 15 janvier 2025. https://www.unicode.org.",
        "Wilford, John Noble. 1969. « Men Walk on Moon ». The New York Times, 21 juillet.",
    ),
    "hr": (
        "Knuth, Donald E. 1978. Tau Epsilon Chi. Tehničko izvješće STAN-CS-78-675. Stanford University.",
        "Unicode. b. d. „The Unicode Standard”. Pristupljeno 15. siječnja 2025. https://www.unicode.org.",
    ),
    "en": (
        "Knuth, Donald E. 1978. Tau Epsilon Chi. Technical Report STAN-CS-78-675. Stanford University.",
        "Pešikan, Mitar, Jovan Jerković, and Mato Pižurica. 2010. Pravopis Srpskoga Jezika. 3rd ed. Matica srpska.",
        "Wilford, John Noble. 1969. “Men Walk on Moon.” The New York Times, July 21.",
    ),
}


def test_an_author_date_style_speaks_serbian(tmp_path: Path) -> None:
    chapter, listed = cited("sr-Latn", None, tmp_path)
    assert chapter == AUTHOR_DATE
    assert "\n".join(listed) == LISTED.replace("\\\n", "").strip()


def test_a_note_style_speaks_serbian(tmp_path: Path) -> None:
    chapter, _ = cited("sr-Latn", "chicago-notes-bibliography", tmp_path)
    assert [words for words in NOTES if words not in chapter] == []


def test_a_numeric_style_speaks_serbian(tmp_path: Path) -> None:
    _, listed = cited("sr-Latn", "ieee", tmp_path)
    assert [words for words in NUMBERED if words not in "\n".join(listed)] == []


def test_what_was_cited_just_before_is_said_in_serbian(tmp_path: Path) -> None:
    chapter, listed = cited("sr-Latn", "mhra-notes-subsequent-ibid", tmp_path)
    assert "E.[Isto, sl. 4.]" in chapter
    assert "J.[Isto, odelj. 6.]" in chapter
    assert any("(neobjavljeno: doktorska disertacija," in entry for entry in listed)


@pytest.mark.parametrize("style", STYLES)
def test_both_scripts_say_the_same_and_nothing_stands_in_the_other(style: str | None, tmp_path: Path) -> None:
    latin, cyrillic = (cited(tag, style, tmp_path) for tag in ("sr-Latn", "sr-Cyrl"))
    assert (in_latin(cyrillic[0]), [in_latin(entry) for entry in cyrillic[1]]) == (latin[0], list(latin[1]))
    assert not re.search("[\u0400-\u04ff]", " ".join((latin[0], *latin[1])))
    of_authors = re.compile(r"[a-zčćđšž’]+", re.IGNORECASE)
    known = {word for text in (BIBLIOGRAPHY.replace("'", "’"), TEXT) for word in of_authors.findall(text)}
    said_in_latin = {word for word in of_authors.findall(" ".join((cyrillic[0], *cyrillic[1]))) if len(word) > 2}
    assert said_in_latin <= known | {"https", "www"}


@pytest.mark.parametrize("tag", LISTED_IN)
def test_other_languages_keep_to_theirs(tag: str, tmp_path: Path) -> None:
    _, listed = cited(tag, None, tmp_path)
    assert [entry for entry in LISTED_IN[tag] if entry not in listed] == []


@pytest.mark.parametrize(
    ("tag", "printed"),
    [("en", "p. 5"), ("de", "S. 5"), ("fr", "p. 5"), ("sr-Latn", "str. 5"), ("sr-Cyrl", "стр. 5"), ("hr", "str. 5")],
)
def test_a_page_may_be_written_as_any_language_of_the_book_does(tag: str, printed: str, tmp_path: Path) -> None:
    chapter, _ = cited(tag, "apa", tmp_path)
    number = {"sr-Latn": "str. 6", "sr-Cyrl": "стр. 6", "hr": "str. 6", "de": "S. 6"}.get(tag, "p. 6")
    assert f"2010, {printed})" in chapter
    assert f"2010, {number})" in chapter


def test_the_quotation_marks_of_the_house_are_those_of_its_references(tmp_path: Path) -> None:
    house = {"quotes.double.open": "»", "quotes.double.close": "«"}
    language = spoken("sr-Latn")
    tree = json.loads(pandoc._parse(chapter_of("# Jedan\n\nA [@paper].\n")))["tree"]["blocks"]
    (entry,) = set_in_place(
        {"01-jedan": tree},
        bibliography=BIBLIOGRAPHY,
        style=find_style(None, Workspace(ROOT), Place("publication.yaml"), Faults()),
        language=Language(language.tag, language.terms, {**language.words, **house}),
        memo=Memo(tmp_path / "memo"),
        folder=tmp_path,
    )
    assert "»Breaking Paragraphs into Lines«" in said(entry)


def test_kinds_states_and_missing_dates_are_put_into_words_where_they_stand() -> None:
    written = """@PhdThesis{a,
  title = {One}, Year = "n.d.",
}
@thesis{b, type = bathesis, pubstate = {inpress}, note = {n.d.}}
"""
    put = """@PhdThesis{a, type = {doktorska disertacija},
  title = {One}, Year = "b.\u00a0d.",
}
@thesis{b, type = {završni rad}, pubstate = {u štampi}, note = {n.d.}}
"""
    assert bibliography_in(spoken("sr-Latn"), written) == put


def test_a_style_that_is_no_xml_or_holds_entities_stays_as_it_is() -> None:
    for broken in ("<style", '<!DOCTYPE style [<!ENTITY a "b">]><style/>'):
        assert style_in(spoken("sr-Latn"), broken) == broken


def test_the_terms_of_serbian_in_latin_script_are_those_in_cyrillic_letter_for_letter() -> None:
    cyrillic, latin = (
        yaml.safe_load((PACKAGED / f"sr-{script}.yaml").read_text("utf-8")) for script in ("Cyrl", "Latn")
    )
    assert {key: in_latin(term) for key, term in cyrillic.items()} == latin


@pytest.mark.parametrize("tag", ["sr-Latn", "sr-Cyrl", "hr"])
def test_no_term_is_left_to_what_citeproc_has_for_another_language(tag: str) -> None:
    """What a style can ask for is what citeproc has in English, or in the language that it takes this one for."""
    style = ElementTree.fromstring(style_in(spoken(tag), '<style xmlns="http://purl.org/net/xbiblio/csl"/>'))
    ours = {(term.get("name"), term.get("form")) for term in style.iter("{http://purl.org/net/xbiblio/csl}term")}
    assert names_of("en-US") | names_of("hr-HR") <= ours


def names_of(tag: str) -> set[tuple[str | None, str | None]]:
    """The terms of citeproc's own locale by name and form."""
    return {(term.get("name"), term.get("form")) for term in of_citeproc(tag).iter(f"{{{CSL}}}term")}
