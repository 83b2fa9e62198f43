"""Notes that are lost, moved, doubled or mixed up are named with their page and their Markdown line."""

from __future__ import annotations

from dataclasses import replace

from building import pages_of, words_of
from verifying import SOURCES, good, made, short

from impressum.stages.verify.notes import _Foot
from impressum.stages.verify.pages import Line
from impressum.stages.verify.words import WordStream, wanted

PRINTED = "footnote(numbering: _ => mark, content)"
MOVES = (
    "  hint: look whether a template of this publication moves its notes; if none does, this is a fault of Impressum"
)
LATE = (
    "  hint: in a list, a quotation or a table Typst may set a note a page late: move the mark, or shorten or lengthen "
    "the text before it; `rules: {note-page: warning}` lets it pass"
)
FLOATS = "  hint: look whether a figure or table that floats carries a note; write the note into the text beside it"


def test_a_note_that_comes_a_page_late_is_named_with_what_its_author_can_do() -> None:
    late = f"""\
#let note(name, mark, content) = if mark == "3" {{ [#super(mark)#metadata(content)<late>] }} else {{ {PRINTED} }}
#let references-title(title) = {{
  chapter-title("references", "", title)
  context [3 #query(<late>).first().value]
}}"""
    assert short().report(short().with_definitions(late))[1] == (
        "chapters/en/02-decline.md:5:28: error: note 3 is printed on page 6, but its mark stands on page 5 "
        f"[note-page]\n{LATE}"
    )


def test_a_swallowed_note_is_named_with_its_mark() -> None:
    swallowed = f'#let note(name, mark, content) = if mark == "2" {{ super(mark) }} else {{ {PRINTED} }}'
    assert short().report(short().with_definitions(swallowed))[1] == (
        "chapters/en/01-trade.md:13:33: error: note 2, `Some landings were private.`, is not printed; "
        "its mark stands on page 4 [note-lost]\n"
        "  hint: look whether a template of this publication leaves notes out; if none does, "
        "this is a fault of Impressum"
    )


def test_a_note_on_another_page_than_its_mark_is_named_with_both() -> None:
    late = f"""\
#let note(name, mark, content) = if mark == "2" {{ [#super(mark)#metadata(content)<late>] }} else {{ {PRINTED} }}
#let references-title(title) = {{
  chapter-title("references", "", title)
  context [2 #query(<late>).first().value]
}}"""
    assert short().report(short().with_definitions(late))[1] == (
        "chapters/en/01-trade.md:13:33: error: note 2 is printed on page 6, but its mark stands on page 4 "
        f"[note-page]\n{MOVES}"
    )


def test_a_note_that_is_printed_twice_is_named() -> None:
    again = "footnote(numbering: _ => str(int(mark) + 1), content)"
    doubled = f"#let note(name, mark, content) = {{ {PRINTED}; {again} }}"
    assert short().faults(short().with_definitions(doubled)) == (
        "chapters/en/01-trade.md:5:29: error: the note `The year is that of the charter; see …` is printed 2 times, "
        "not once: on page 4 and on page 4 [note-twice]\n"
        "chapters/en/01-trade.md:13:33: error: the note `Some landings were private.` is printed 2 times, "
        "not once: on page 4 and on page 4 [note-twice]\n"
        "chapters/en/02-decline.md:5:28: error: the note `It opened in 1869.` is printed 2 times, "
        "not once: on page 5 and on page 5 [note-twice]"
    )


def test_a_note_that_is_printed_again_in_another_chapter_is_named() -> None:
    again = f"""\
#let first-note = state("first-note")
#let note(name, mark, content) = {{
  if mark == "1" {{ first-note.update(content) }}
  {PRINTED}
  if mark == "3" {{ context footnote(numbering: _ => "4", first-note.get()) }}
}}"""
    assert short().faults(short().with_definitions(again)) == (
        "chapters/en/01-trade.md:5:29: error: the note `The year is that of the charter; see …` is printed 2 times, "
        "not once: on page 4 and on page 5 [note-twice]"
    )


def test_notes_with_each_others_marks_are_named() -> None:
    mixed = """\
#let note(name, mark, content) = footnote(numbering: _ => ("1": "1", "2": "3", "3": "2").at(mark), content)"""
    assert short().report(short().with_definitions(mixed))[1] == (
        f"chapters/en/01-trade.md:13:33: error: note 2 is printed with the mark 3 on page 4 [note-mark]\n{MOVES}\n"
        f"chapters/en/02-decline.md:5:28: error: note 3 is printed with the mark 2 on page 5 [note-mark]\n{MOVES}"
    )


def test_a_note_that_lost_its_last_words_is_named() -> None:
    assert short().faults(short().with_rule('#show "were private": "were"')) == (
        "chapters/en/01-trade.md:13:33: error: `private.` after `were` is lost from note 2 on page 4 [note-lost]"
    )


def test_a_mark_that_does_not_stand_behind_its_words_is_named() -> None:
    meant = good().expected
    first, *rest = meant.chapters
    one, *others = first.notes
    moved = replace(first, notes=(replace(one, before="It crossed where the bridge stands"), *others))
    assert good().report(meant=replace(meant, chapters=(moved, *rest)))[1] == (
        "chapters/en/01-trade.md:5:29: error: the mark of note 1 is not printed behind `where the bridge stands`; "
        f"the note stands on page 4 [note-mark]\n{MOVES}"
    )


def test_a_note_with_its_own_sign_is_looked_for_too() -> None:
    assert short().faults(short().with_definitions("#let marked-note(name, mark, content) = super(mark)")) == (
        "chapters/en/01-trade.md:13:85: error: note *, `Free of this toll only.`, is not printed; "
        "its mark stands on page 4 [note-lost]"
    )


def test_a_note_above_the_one_before_it_is_named() -> None:
    turned = f"""\
#let note(name, mark, content) = if mark == "1" {{ [#super(mark)#metadata(content)<early>] }} else if mark == "2" {{
  footnote(numbering: _ => mark, [#content #linebreak() 1 #context query(<early>).first().value])
}} else {{ {PRINTED} }}"""
    assert short().report(short().with_definitions(turned))[1] == (
        "chapters/en/01-trade.md:13:33: error: note 2 on page 4 stands above note 1 [note-order]\n" + FLOATS
    )


def test_notes_within_headings_and_notes_of_one_letter_are_found() -> None:
    """Ensures it of marks between any words of a heading, of several, of notes that begin as a heading does."""
    shores = made({**SOURCES, "chapters/en/03-shores.md": NOTES})
    assert [line for line in shores.faults().splitlines() if "error" in line or "note" in line] == []
    text = words_of("".join(pages_of(shores.pdf)))
    for printed in ("The river4 and its bank5", "A10 b11", "A19 b20 c.21"):
        assert printed in text


NOTES = """\
# The river[^a] and its bank[^b]

Text of some length.

## A dam[^c] of stone[^d]

Text of some length.

## A lake[^e][^f]

Text of some length.

## A[^g] b[^h]

Here.^[B] There.^[7] And *again*.^[A.] Or[^i].

## A very long heading that takes more[^j] than a single line of the page, as it goes on[^k] and on and on

Text of some length.

### 3

Text.[^l] A[^m] b[^n] c.[^o]

| One[^p] | Two |
|---|---|
| a[^q] | b[^r] |

[^a]: First note.
[^b]: Second note.
[^c]: Third note.
[^d]: Fourth note.
[^e]: x
[^f]: x
[^g]: y
[^h]: *z*
[^i]: "Ж"
[^j]: h
[^k]: h
[^l]: a
[^m]: 4
[^n]: a
[^o]: a
[^p]: a
[^q]: a
[^r]: 1
"""


def test_of_two_notes_that_begin_alike_the_one_that_is_not_printed_is_named() -> None:
    meant = good().expected
    first, *rest = meant.chapters
    one, two, *others = first.notes
    changed = replace(first, notes=(replace(one, text="Some landings were public."), two, *others))
    assert good().faults(meant=replace(meant, chapters=(changed, *rest))) == (
        "chapters/en/01-trade.md:5:29: error: note 1, `Some landings were public.`, is not printed; "
        "its mark stands on page 4 [note-lost]"
    )


def whole_notes(mark: str, words: str, *lines: tuple[str, float]) -> list[int]:
    """The numbers of the lines, each with its size, at which the note of these words begins and is whole."""
    page = [Line(4, text, 0, (), size=size) for text, size in lines]
    with good().evidence() as evidence:
        evidence.stream, evidence.body_page = WordStream(page), 1
        return [entry.line for entry in _Foot(evidence).entries(mark, wanted(words)) if not entry.found.lost]


def test_a_note_that_begins_with_a_list_has_a_number_before_its_words() -> None:
    assert whole_notes("12", "Some landings", ("All that is text.", 10), ("12 (iv). Some landings", 8)) == [1]


def test_of_lines_that_say_the_same_those_in_the_size_of_notes_are_notes() -> None:
    lines = (("1 Some landings were private.", 10.5), ("1 Some landings were private.", 8))
    assert whole_notes("1", "Some landings were private.", *lines) == [1]
    assert whole_notes("1", "Some landings were private.", *reversed(lines)) == [0]
