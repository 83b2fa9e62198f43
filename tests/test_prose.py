"""Slips in the text are told with their place, in the language in which they stand; what is meant is never told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parity_chapters import chapter

from impressum.checks.prose import abbreviations, check_prose
from impressum.core.errors import Faults
from impressum.core.model.publication import FrontMatter


def told(text: str, tag: str = "en") -> list[str]:
    """What is found in `text` as a chapter in the language `tag`: line, column and message, without hints."""
    document = chapter(text, tag)
    faults = Faults()
    check_prose(document, {document.path: text.split("\n")}, abbreviations(document), faults)
    return [str(fault).partition("\n")[0].removeprefix(f"{document.path}:") for fault in faults.all()]


def placeholder(place: str, shown: str) -> str:
    return f"{place}: warning: `{shown}` is a placeholder, and is printed as it stands [placeholder-left]"


PLACEHOLDERS = {
    "TODO": ("en", "Rivers rise. TODO: say when.", "1:14", "TODO"),
    "bold": ("de", "Flüsse **TODO** steigen.", "1:10", "TODO"),
    "FIXME": ("fr", "FIXME et puis.", "1:1", "FIXME"),
    "in a Spanish passage": ("en", "One [TODO: y dos]{lang=es}.", "1:6", "TODO"),
    "TK for a number": ("en", "It rose by TK% since then.", "1:12", "TK"),
    "TK for words": ("en", "The mayor said that TK and left.", "1:21", "TK"),
    "TKTK": ("sr-Latn", "Reke TKTK teku.", "1:6", "TKTK"),
    "XXX for a number": ("en", "It was about XXX metres.", "1:14", "XXX"),
    "XXXX": ("de", "Es waren XXXX Meter.", "1:10", "XXXX"),
    "TBD": ("en", "The date is TBD.", "1:13", "TBD"),
    "question marks": ("en", "It was in ??? that it rose.", "1:11", "???"),
    "a reference of LaTeX": ("en", "See Figure ?? below.", "1:12", "??"),
    "lorem ipsum": ("en", "Lorem ipsum dolor sit amet.", "1:1", "Lorem ipsum"),
    "a remark": ("en", "It rose [citation needed] in May.", "1:9", "[citation needed]"),
    "a German remark": ("de", "Er stieg [Quelle fehlt] im Mai.", "1:10", "[Quelle fehlt]"),
    "a Serbian remark": ("sr-Cyrl", "Расте [недостаје извор] у мају.", "1:7", "[недостаје извор]"),
    "in a note": ("en", "Rivers.[^n]\n\n[^n]: TODO.", "3:7", "TODO"),
    "in a table": ("en", "| a | b |\n|---|---|\n| 1 | TBD |", "3:7", "TBD"),
}


@pytest.mark.parametrize(("tag", "text", "place", "shown"), PLACEHOLDERS.values(), ids=PLACEHOLDERS)
def test_a_placeholder_is_told(tag: str, text: str, place: str, shown: str) -> None:
    assert told(text, tag) == [placeholder(place, shown)]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "A todo list, a TODO list, TODO keywords, the TODO comments, `TODO`, the word “TODO” and $TODO$."),
        ("en", "::: {lang=es}\nTODO SOBRE LOS RÍOS\n:::"),
        ("en", "Games of the XXX Olympiad, chapter XXX, Louis XXX, XXX Corps, and XXXV rivers."),
        ("fr", "::: {lang=it}\nIl XXX congresso e il XXX secolo.\n:::"),
        ("fr", "Voir p. XXX et le XXXe siècle."),
        ("en", "Thymidine kinase (TK) is found; TK activity rose, and then TK fell."),
        ("en", "TK Maxx and Tk are names; so is Elevator TK."),
        ("en", "What??? Really?! He said: “Why???”"),
        ("en", "She set lorem ipsum text. Its source [the register] and [sic] stand."),
        ("en", "::: abbreviations\nTBD\n:   Tick-borne disease\n:::\n\nMost TBD cases are mild."),
        ("en", "See https://example.org/TODO and [a page](https://example.org/TODO), a/TODO, #TODO."),
        ("fr", "Les fichiers TODO et autres; le fichier TODO, puis le TODO de l’index."),
        ("sr-Latn", "XXX kongres, TK Beograd, TBC i TBA."),
    ],
)
def test_what_only_looks_like_a_placeholder_is_not_told(tag: str, text: str) -> None:
    assert told(text, tag) == []


DOUBLED = {
    "over a line": ("en", "Rivers of the\nthe valley.", "2:1", "the"),
    "at the beginning": ("en", "The the valley.", "1:5", "the"),
    "a letter": ("en", "It is a a valley.", "1:9", "a"),
    "German": ("de", "Er ging in in das Tal.", "1:12", "in"),
    "French": ("fr", "Il voit le le fleuve.", "1:12", "le"),
    "Serbian": ("sr-Latn", "Reka teče u u dolini.", "1:13", "u"),
    "Cyrillic": ("sr-Cyrl", "Река тече на на југ.", "1:14", "на"),
    "a noun": ("en", "The river river rose.", "1:11", "river"),
    "in a note": ("en", "Rivers.^[Of the the valley.]", "1:17", "the"),
    "in a quotation": ("en", "> Rivers of the\n> the valley.", "2:3", "the"),
    "in a passage of another language": ("en", "Rivers [und in in das Tal]{lang=de} of.", "1:16", "in"),
    "in a caption": ("en", "| a | b |\n|---|---|\n| 1 | 2 |\n\n: Rivers of of it", "5:13", "of"),
    "in italics": ("en", "Rivers *of of* it.", "1:12", "of"),
}


@pytest.mark.parametrize(("tag", "text", "place", "word"), DOUBLED.values(), ids=DOUBLED)
def test_a_doubled_word_is_told_at_the_second(tag: str, text: str, place: str, word: str) -> None:
    assert told(text, tag) == [f"{place}: warning: the word `{word}` stands here twice [word-doubled]"]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "He knew that that was it, and had had it. It is very very far, and it made her her own."),
        ("en", "Duran Duran, Baden Baden, New York New York; the river, river. The end. End of 2 2 and x x."),
        ("en", "No no no. The word the *the* is short, and `the` the end; the [the]{lang=de} end."),
        ("en", "| Tiger tiger burning\n| burning bright bright"),
        ("en", "# Of the\n\nthe end\n\n- of\n- of"),
        ("en", "$x$ $x$ and the-the, the the-end, well-to to-do, o’the the’s"),
        ("de", "Die Frau, die die Tür öffnet, sagt, dass das das Haus ist. Sie sie."),
        ("fr", "Nous nous sommes levés, vous vous êtes assis; il y a a priori celui qui l’a a."),
        ("sr-Latn", "On se se toga ne seća. Malo malo pa reka. A a, B b, Lj lj."),
        ("sr-Cyrl", "Он се се тога не сећа. А а, Б б, Љ љ, Џ џ."),
        ("en", "[yavaş yavaş, ev ev]{lang=tr}"),
    ],
)
def test_words_that_may_stand_twice_are_not_told(tag: str, text: str) -> None:
    assert told(text, tag) == []


def test_a_space_before_a_mark_is_told_where_the_mark_stands() -> None:
    assert told("One , two ; three : four ! Five ? Six . And he said ,seven\n, eight and `x` , ^[note .]") == [
        f"{place}: warning: a space stands before `{mark}` [mark-spaced]"
        for place, mark in (
            ("1:5", ","),
            ("1:11", ";"),
            ("1:19", ":"),
            ("1:26", "!"),
            ("1:33", "?"),
            ("1:39", "."),
            ("1:53", ","),
            ("2:1", ","),
            ("2:17", ","),
            ("2:26", "."),
        )
    ]


def test_french_has_its_spaces_but_not_before_a_comma() -> None:
    assert told("Il dit : oui ; non ! quoi ? Voilà , fini .", "fr") == [
        "1:35: warning: a space stands before `,` [mark-spaced]",
        "1:42: warning: a space stands before `.` [mark-spaced]",
    ]
    assert told("She said: [oui !]{lang=fr} and [was ?]{lang=de}") == [
        "1:37: warning: a space stands before `?` [mark-spaced]"
    ]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "A scale of 2 : 1 and 1 : 25 000, the ? and the ! in it; so it is . . . here … and there."),
        ("en", "The files .csv and .bib, a .NET programme, .5 and 'tis [.] (?) [!] — !"),
        ("en", "Words,^[A note.] and more[^n], and [@doe], and @doe: yes.\n\n[^n]: Note."),
        ("en", "| a | b |\n|---|---|\n| . | : |"),
        ("de", "Ein Maßstab von 1 : 100, und `x`; „so“."),
        ("fr", "::: {.epigraph lang=it}\nMatematica.\n\n-- Galileo, *Il Saggiatore*^[Dans la source : le livre.]\n:::"),
    ],
)
def test_marks_that_stand_apart_by_right_are_not_told(tag: str, text: str) -> None:
    assert told(text, tag) == []


def test_doubled_marks_are_told() -> None:
    assert told("Rivers, etc.. And,, so it is;; (ed.),. End. ,,Wort“ and ../path, 1..2, well... and so.") == [
        "1:12: warning: the marks `..` stand here one after the other [mark-doubled]",
        "1:18: warning: the marks `,,` stand here one after the other [mark-doubled]",
        "1:29: warning: the marks `;;` stand here one after the other [mark-doubled]",
        "1:37: warning: the marks `,.` stand here one after the other [mark-doubled]",
        "1:45: warning: two commas stand for a quotation mark [mark-doubled]",
    ]


@pytest.mark.parametrize("text", ["What?! No!! Etc., and e.g.: *etc.*. std::vector `a..` (a, b, etc.)."])
def test_marks_that_follow_each_other_by_right_are_not_told(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("tag", "text", "place", "mark"),
    [
        ("en", 'She said "yes and went.', "1:10", "“"),
        ("de", '"Ja, sagte sie.', "1:1", "“"),
        ("en", 'She said yes" and went.', "1:13", "”"),
        ("en", 'A pipe of 6" is wide.', "1:12", "”"),
    ],
)
def test_a_quotation_mark_without_a_partner_is_told(tag: str, text: str, place: str, mark: str) -> None:
    (found,) = told(text, tag)
    assert found == (
        f'{place}: warning: the quotation mark `"` has no partner in its paragraph, and is printed as `{mark}` '
        "[quote-unpaired]"
    )


def test_the_place_of_a_mark_or_word_counts_the_marks_before_it() -> None:
    assert told("Rekao je „Beograd i otišao.", "sr-Latn")[0].startswith("1:10: warning: the quotation mark `„`")
    assert told("Rekao je (TODO: kad) i «TK»-a.", "sr-Latn") == [placeholder("1:11", "TODO")]


def test_a_quotation_that_french_opens_and_nothing_closes_is_told() -> None:
    (found,) = told("Elle a dit «oui et elle est partie.", "fr")
    assert found.endswith(": warning: the quotation mark `«` has no partner in its paragraph [quote-unpaired]")
    assert told("«\u202fUne citation\n\n«\u202fde deux paragraphes «\u202fet demie\u202f».\u202f»", "fr") == []


@pytest.mark.parametrize(
    "text",
    [
        'She "said \'yes\'" and “no”, the 1990\'s, an \\"escaped one, and `"code`.',
        '"A quotation of two paragraphs\n\n"is opened twice in English."',
        "She said “yes and went: that was written so.",
    ],
)
def test_other_quotation_marks_are_not_told(text: str) -> None:
    assert told(text) == []


def test_a_chapter_without_text_is_told_and_a_part_is_not() -> None:
    empty = ["1:3: warning: the chapter has a title, and no text below it [chapter-empty]"]
    assert told("# Rivers\n\n<!-- to come -->\n\n::: {lang=de}\n## Sources\n:::") == empty
    assert told("# Rivers\n\n<!-- to --> <!-- come -->\n\n<!--\n\nso -->\n\nSources\n-------\n") == empty
    assert told("# Rivers\n\n## Sources\n\n![A river](images/canon.svg){alt=River}") == []
    assert told("# Rivers\n\n![A river](images/none.png)") == []
    part = replace(chapter("# Rivers"), front=FrontMatter(kind="part"))
    faults = Faults()
    check_prose(part, {}, frozenset(), faults)
    assert faults.all() == ()


def test_what_is_still_to_be_translated_is_not_read() -> None:
    assert told("::: untranslated\nRivers of the the valley , TODO.\n:::\n\nReka.", "sr-Latn") == []


def test_what_stands_on_both_sides_of_something_refused_is_no_slip() -> None:
    assert told("See the [notes](notes.docx) the end of [this](javascript:alert). It is ![](images/none.png).") == []


def test_a_space_behind_a_value_is_told() -> None:
    document = chapter("It rose by 12 , and fell.")
    faults = Faults()
    check_prose(document, {document.path: ["It rose by {{ data.rain.may }} , and fell."]}, frozenset(), faults)
    assert [str(fault.place) for fault in faults.all()] == [f"{document.path}:1:32"]


def test_the_place_is_that_of_the_file_where_words_are_lost() -> None:
    """Ensures it where code with many words stands between, over which the reader of places may slip."""
    code = "\n".join(f"`a{number} with {number}` x" for number in range(60))
    assert told(f"{code}\n\nEnd it with\nwith it.") == [
        "63:1: warning: the word `with` stands here twice [word-doubled]"
    ]
