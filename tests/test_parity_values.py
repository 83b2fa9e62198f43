"""What parity is made of, on small values: units that are alike, marks of a line, names of differences, words left."""

from __future__ import annotations

import pytest
from parity_chapters import chapter, compared, found

from impressum.checks.parity import check_differences, check_twin, compare_texts
from impressum.checks.parity.language import Vocabulary
from impressum.checks.parity.lines import LineText, marks, notes
from impressum.checks.parity.numbers import _is_quiet, _is_same, _is_year, matched
from impressum.checks.parity.outline import Context, TextLine, Unit, every_unit, sections, units
from impressum.checks.parity.pairing import (
    NAMED,
    _is_joined,
    _joined,
    _most_alike,
    _notes_alike,
    _rejoined,
    _shared,
    following,
    shape,
    take,
    units_alike,
)
from impressum.checks.parity.placeholders import _name
from impressum.core.errors import Fault, Faults, Place
from impressum.core.model import document as d
from impressum.core.model.publication import Difference
from impressum.core.number_words import number_words
from impressum.core.numbers import numbers_in
from impressum.core.quantities import measured

EN, SR = "chapters/en/…", "chapters/sr-Latn/…"
HERE = Place("a.md", 3, 5)


def units_of(text: str, tag: str = "en") -> tuple[Unit, ...]:
    return units(chapter(text, tag).blocks, Context(tag))


def faults(source: str, text: str, *declared: Difference, tag: str = "sr-Latn") -> tuple[Fault, ...]:
    """What is said of a chapter of these blocks."""
    return compared(chapter(f"# Naslov\n\n{text}\n", tag), chapter(f"# Title\n\n{source}\n"), declared=declared)


def said(source: str, text: str, *declared: Difference, tag: str = "sr-Latn") -> list[str]:
    return [
        f"{one.place.line}:{one.place.column}: {one.severity}: {one.message}"
        for one in faults(source, text, *declared, tag=tag)
    ]


def meant(rule: str, where: str | None = None) -> Difference:
    return Difference.model_validate(
        {"chapter": "01-rivers", "rule": rule, "reason": "So.", **({"where": where} if where else {})}
    )


def test_the_first_that_is_the_same_is_taken_out_of_the_pools() -> None:
    pools = [[1, 2], [2, 3]]
    assert [take(one, pools) for one in (2, 2, 2, 3)] == [True, True, False, True]
    assert pools == [[1], []]
    assert take(5, pools, lambda one, two: one == two + 4)
    assert pools == [[], []]


def test_what_comes_next_is_known_for_each_pair() -> None:
    assert following([(1, 2), (3, None), (None, 4), (5, None)]) == [4, 4, None, None]
    assert following([]) == []


@pytest.mark.parametrize(
    ("one", "two", "share"),
    [("", "", 0.5), ("a", "", 0), ("", "a", 0), ("ab", "ab", 1), ("ab", "bc", 1 / 3), ("abc", "a", 1 / 3)],
)
def test_what_two_sets_share_is_told_as_a_part_of_both(one: str, two: str, share: float) -> None:
    assert _shared(frozenset(one), frozenset(two)) == pytest.approx(share)


def alike(source: str, text: str, tag: str = "en") -> float:
    (one,), (two,) = units_of(source), units_of(text, tag)
    return round(units_alike(one, two), 3)


def test_two_blocks_are_alike_by_their_marks_numbers_words_and_length() -> None:
    """0.5 is for what neither of them has: marks (1.2 of it), numbers (0.6), words (0.4); 0.2 for the length."""
    whole = 1 + 0.6 + 0.3
    assert alike("So.", "So.") == round(whole + 0.2 + 0.2, 3)
    assert alike("River", "River") == round(whole + 0.4 + 0.2, 3)
    assert alike("River", "Lakes") == round(whole + 0.2, 3)
    assert alike("River in 2012", "Lakes in 2012") == round(1 + 0.6 + 0.6 + 0.4 / 3 + 0.2, 3)
    assert alike("River in 2012", "Lakes in 2013") == round(1 + 0.6 + 0.2, 3)
    assert alike("See [@doe]", "See [@doe]") == round(1 + 1.2 + 0.3 + 0.4 + 0.2, 3)
    assert alike("See it", "See it, and") == round(whole + 0.4 / 2 + 0.2 * 6 / 11, 3)
    assert alike("- So", "So") == 0
    assert alike("## So", "## So") == round(whole + 0.4, 3)
    assert alike("## So", "### So") == round(0.4 * (whole + 0.4), 3)
    assert alike("::: tip\nSo.\n:::", "::: note\nSo.\n:::") == round(
        0.4 * alike("::: tip\nSo.\n:::", "::: tip\nSo.\n:::"), 3
    )
    assert alike("So.", "::: {lang=de}\nSo.\n:::") == round(0.4 * (whole + 0.4), 3)


def test_a_block_may_be_joined_to_the_one_beside_it() -> None:
    def joined(lost: str, source: str, other: str) -> bool:
        (one,), (two,), (three,) = map(units_of, (lost, source, other))
        return _is_joined(one, two, three)

    ten, twenty = "x" * 10, "y" * 20
    assert joined(ten, twenty, "z" * 26)
    assert not joined(ten, twenty, "z" * 25)
    assert joined("x [@doe]", twenty, f"{'z' * 40} [@doe]")
    assert not joined("x [@doe]", twenty, "z" * 60)
    assert not joined(f"- {ten}", f"- {twenty}", f"- {'z' * 40}")  # a list is no paragraph
    assert not joined(ten, f"- {twenty}", "z" * 40)


def test_of_the_items_of_a_list_those_are_joined_whose_lengths_say_so() -> None:
    def rejoined(source: str, text: str, lost: int) -> list[int]:
        (one,), (two,) = units_of(source), units_of(text)
        twos: list[Unit | None] = [*two.parts]
        twos.insert(lost, None)
        return [found.length if found else 0 for _, found in _rejoined(list(zip(one.parts, twos, strict=True)))]

    def listed(*lengths: int) -> str:
        return "".join(f"- {'x' * length}\n" for length in lengths)

    four = listed(10, 20, 30, 40)
    assert rejoined(listed(20, 10, 30, 40), listed(30, 30, 40), 3) == [30, 0, 30, 40]
    assert rejoined(four, listed(10, 50, 40), 0) == [10, 50, 0, 40]
    assert rejoined(four, listed(10, 20, 70), 0) == [10, 20, 70, 0]
    assert rejoined(four, listed(10, 20, 40), 2) == [10, 20, 0, 40]
    (first, second), (other,) = units_of("xxxxx\n\nxxxxx"), units_of("xxxxxxxxxx")
    assert _rejoined([(first, None), (second, other)]) == [(first, None), (second, other)]


def test_a_paragraph_is_joined_to_one_beside_it_and_an_item_to_any_of_its_list() -> None:
    lost, source = units_of("xxxxx\n\nxxxxx")
    (listed,) = units_of("- xxxxx\n- xxxxx")
    (long,), (short,), (item,) = units_of("x" * 10), units_of("xxxxx"), units_of("- xxxxxxxxxx")[0].parts
    held, kept = (source, long), (source, short)
    assert _joined([(lost, None), held], 0) is long
    assert _joined([(source, long), (lost, None), (source, units_of("x" * 11)[0])], 1) is long
    assert _joined([held, kept, (lost, None), kept, held], 2) is None
    kept = (listed.parts[1], units_of("- xxxxx")[0].parts[0])
    far = (listed.parts[1], units_of("- xxxxxxxxxxx")[0].parts[0])
    assert _joined([far, kept, (listed.parts[0], None), (listed.parts[1], item)], 2) is item
    assert _joined([(listed.parts[0], None), kept, far], 0) is far[1]


def test_what_is_told_once_is_not_told_again() -> None:
    """Ensures it of a number that an emptied item had, a citation that only a new note has, and titles."""
    empty = "4:3: error: an item is empty, and in the source (chapters/en/01-rivers.md:3:3) it holds `one {}`"
    for what, text in (("1712", "1712"), ("[@doe]", "[@doe]"), ("x+y", "$x+y$")):
        assert said(f"- one {text}\n- two\n\nSo.", f"-\n- dva\n\nTako {text}.") == [empty.format(what)]
    assert said("One [@doe].", "Jedan.^[Prva [@doe].]") == [
        "3:7: warning: the note `Prva [@doe].` is not in the source"
    ]
    assert said("One.^[See [@doe].]", "Jedan [@doe].") == [
        "3:1: error: the note `See [@doe].` of the source (chapters/en/01-rivers.md:3:5) is missing"
    ]
    assert said("One.\n\n::: tip\nTwo.^[See [@doe].]\n:::", "Jedan [@doe].") == [
        f"3:1: error: {MISSING.format('the box `Two.`', '5:5', 'behind')}"
    ]
    moved = "One.\n\nA [place]{#place} of it.\n\n## Two\n\nTwo.", "Jedan.\n\n## Dva\n\nDva, [mesto]{#place}."
    assert said(*moved, meant("parity-blocks", "A place")) == []
    cited = "Zemun, 1712, 1713.\n\nTwo [@doe; @roe; @poe].", "Zemun, 1712, 1713 [@doe]."
    lost = "3:1: error: the source (chapters/en/01-rivers.md:5:6) cites `{}`, and this does not"
    assert said(*cited, meant("parity-blocks", "Two")) == [lost.format("poe"), lost.format("roe")]
    assert said("So [@doe, p. 5].", "Tako [@roe] i [@doe, str. 6].") == [
        "3:7: warning: this cites `roe`, and the source does not",
        "3:16: error: this cites `doe` with `str. 6`, and the source (chapters/en/01-rivers.md:3:5) with `p. 5`",
    ]
    assert said("See @sec-a and [it](https://example.org/a).", "Videti [to](https://example.net/b).") == [
        "3:1: warning: the source (chapters/en/01-rivers.md:3:5) refers to `@sec-a`, and this does not",
        (
            "3:9: warning: the link leads to `https://example.net/b`, and in the source "
            "(chapters/en/01-rivers.md:3:17) to `https://example.org/a`"
        ),
    ]
    assert said("*the toll*", "the toll") == []
    assert said("the toll", "the toll") != []


def test_paragraphs_are_known_by_their_numbers() -> None:
    (lost,) = said("The ferry of 1712 came.\n\nThe boat of 1915 came.", "Brod iz 1915. je došao.")
    assert lost.startswith("3:1: error: the paragraph `The ferry of 1712 came.` of the source ")


def test_a_short_text_that_is_not_translated_is_told_in_every_language() -> None:
    same = "the paragraph is word for word that of the source (chapters/en/01-rivers.md:5:1): `Zemun on the river`"
    for tag, first in (("de", "Ja."), ("sr-Latn", "Tako.")):
        text = f"{first}\n\nZemun on the river"
        assert said("So.\n\nZemun on the river", text, tag=tag) == [f"5:1: warning: {same}"]


def test_a_number_word_counts_for_one_number() -> None:
    other = "3:29: warning: the number is `12`, and `13` in the source (chapters/en/01-rivers.md:3:23)"
    assert said("Twelve boats came and 13.", "Dvanaest brodova je došlo i 12.") == [other]


def test_a_number_of_several_parts_is_no_number_word() -> None:
    lost = "3:1: warning: the number `1.2.3` of the source (chapters/en/01-rivers.md:3:9) is missing"
    assert said("Version 1.2.3 came.", "Verzija tri je došla.") == [lost]


def test_the_month_that_is_another_one_is_told() -> None:
    other = "3:16: warning: the date is `julu 1919`, and `June 1919` in the source (chapters/en/01-rivers.md:3:17)"
    assert said("In May 1918 and June 1919 it came.", "U maju 1918. i julu 1919. je došla.") == [other]


def test_an_empty_cell_is_told_behind_the_one_before_it_that_is_filled() -> None:
    table = "| A | B | C |\n|---|---|---|\n| {} | {} | {} |\n\n: T {{#tbl-a}}"
    empty = "error: a cell is empty, and in the source (chapters/en/01-rivers.md:5:{}) it holds `{}`"
    for filled, place, source in ((("x", "y", ""), "5:7", (11, "c")), (("x", "", "z"), "5:3", (7, "b"))):
        assert said(table.format(*"abc"), table.format(*filled)) == [f"{place}: {empty.format(*source)}"]


def test_a_paragraph_that_is_joined_to_one_beside_it_is_a_warning() -> None:
    """Ensures it where there are others on both sides."""
    source = "The river of 16.\n\nThe ferry of 12.\n\nThe boat of 14 men.\n\nThe town of 17."
    (joined,) = said(source, "Reka od 16.\n\nTrajekt od 12. Brod od 14 ljudi.\n\nGrad od 17.")
    assert joined.startswith("5:1: warning: the paragraph `The ferry of 12.` of the source ")
    assert said(source, "Reka od 16.\n\nBrod od 14 ljudi.\n\nGrad od 17.")[0].startswith("5:1: error: ")


LONG = "Print it and put it on the wall of the office so that all may see it there"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (f'::: {{.tip title="{LONG}"}}\nSo.\n:::', "::: tip\nTako.\n:::"),
        (f"One.^[{LONG}.]", "Jedan."),
        (f"One.[^a]\n\n[^a]: {LONG}.", "Jedan."),
        (f"One.\n\n{LONG}.", "Jedan."),
        (f"One.\n\n::: tip\n{LONG}.\n:::", "Jedan."),
    ],
)
def test_long_words_are_shown_by_their_beginning(source: str, text: str) -> None:
    (only,) = said(source, text)
    assert "`Print it and put it on the wall of the office so …`" in only


def test_an_item_too_many_is_told() -> None:
    assert said("- one [@doe]\n- two", "-\n- dva [@doe]")[0] == "4:3: warning: an item is not in the source"


@pytest.mark.parametrize(("code", "at"), [("a = 1\nb = 3", "`3`"), ("a = 1\nb =", "`its end`")])
def test_other_code_is_told_from_its_first_difference_on(code: str, at: str) -> None:
    (other,) = faults("So.\n\n```py\na = 1\nb = 2\n```", f"So.\n\n```py\n{code}\n```")
    assert str(other) == (
        "chapters/sr-Latn/01-rivers.md:6:1: warning: the code is not that of the source "
        f"(chapters/en/01-rivers.md:6:1), from {at} on [parity-blocks]\n"
        "  hint: take it over as it is; only remarks and strings are translated"
    )


def test_a_note_in_another_section_is_compared_with_its_own() -> None:
    source, text = "One.[^a]\n\n## Two {#sec-two}\n\nTwo.", "Jedan.\n\n## Dva {#sec-two}\n\nDva.[^a]"
    both = f"{text.removesuffix('Dva.[^a]')}Dva.[^b] I tri.[^a]\n\n[^a]: Prva.\n\n[^b]: Druga."
    assert "7:5: warning: the note `[^b]` (`Druga.`) is not in the source" in said(f"{source}\n\n[^a]: First.", both)
    other = "5:10: warning: the number is `13`, and `12` in the source (chapters/en/01-rivers.md:3:10)"
    assert said("One.^[Of 12.]\n\nTwo.", "Jedan.\n\nDva.^[Od 13.]") == [other]
    moved, changed = said(f"{source}\n\n[^a]: First of 12.", f"{text}\n\n[^a]: Prva od 13.")
    assert moved.startswith("7:5: warning: the note `[^a]` stands in this paragraph, and does not in the source ")
    assert changed == "9:15: warning: the number is `13`, and `12` in the source (chapters/en/01-rivers.md:9:16)"


def test_a_table_in_another_section_is_compared_with_its_own() -> None:
    table = "| A |\n|---|\n| {} |\n\n: T {{#tbl-a}}"
    source = f"One.\n\n{table.format(12)}\n\n## Two {{#sec-two}}\n\nTwo."
    assert said(source, f"Jedan.\n\n## Dva {{#sec-two}}\n\nDva.\n\n{table.format(13)}") == [
        "11:3: warning: the number is `13`, and `12` in the source (chapters/en/01-rivers.md:7:3)"
    ]
    both = f"{table.format(15).replace('tbl-a', 'tbl-b')}\n\n{table.format(13)}"
    assert said(source, f"Jedan.\n\n## Dva {{#sec-two}}\n\nDva.\n\n{both}") == [
        "9:3: warning: the table `tbl-b` is not in the source",
        "17:3: warning: the number is `13`, and `12` in the source (chapters/en/01-rivers.md:7:3)",
    ]


def test_what_the_source_of_a_table_lacks_is_told_there() -> None:
    table = '| A |\n|---|\n| a |\n\n: {} {{#tbl-a source="{}"}}'
    assert said(table.format("Tolls", "An office of 12"), table.format("Putarine", "Ured")) == [
        "7:20: warning: the number `12` of the source (chapters/en/01-rivers.md:7:17) is missing"
    ]


def test_two_notes_are_alike_by_their_names_marks_and_words() -> None:
    def note(text: str, at: int = 0) -> d.Note:
        (unit,) = units_of(text)
        return unit.notes[at]

    def likeness(one: d.Note, two: d.Note) -> float:
        return round(_notes_alike(one, two), 3)

    words = "So[^{0}].\n\n[^{0}]: River in 2012.\n"
    one, other = note(words.format("a")), note(words.format("b"))
    free = note("So^[River in 2012.].")
    assert likeness(one, one) == NAMED
    assert likeness(free, free) == round(1 + 1.2 * 0.5 + 0.6 + 0.4 + 0.2, 3)
    assert likeness(one, other) == round(likeness(free, free) / 2, 3)
    assert likeness(one, free) == likeness(free, one) == likeness(free, free)
    assert likeness(one, note("So[^*].\n\n[^*]: River in 2012.\n")) == 0
    here = Context("en")
    assert _most_alike(one, [(other, here), (one, here)]) == _most_alike(one, [(one, here), (other, here)])
    assert _most_alike(one, [(other, here), (one, here)]) == (one, here)


def test_a_table_has_its_head_among_its_rows() -> None:
    (table,) = units_of("| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n: T {#tbl-a}\n")
    assert shape(table) == (3, 2)


def test_a_unit_knows_its_ids_its_words_and_its_parts() -> None:
    first, second = units_of("::: {#outer}\n::: {#inner}\nOne [@doe].\n:::\n\nTwo.\n:::\n")
    assert (first.ids, second.ids) == (("outer", "inner"), ())
    assert [(mark.kind, mark.key) for mark in first.marks] == [("id", "outer"), ("id", "inner"), ("citation", "doe")]
    (code,) = units_of("```\nx = 12\n```\n")
    assert (code.text, code.length, sorted(code.numerals), code.beginning) == ("x = 12", 6, ["12"], "x = 12")
    (listed,) = units_of("- one 12\n- two 13\n")
    assert (listed.text, listed.length, sorted(listed.numerals)) == ("", 12, ["12", "13"])
    assert (sorted(listed.words), listed.beginning) == (["one", "two"], "one 12")
    assert [one.kind for one in listed.walk()] == ["list", "item", "paragraph", "item", "paragraph"]
    (half,) = units_of("-\n- two 13\n")
    assert half.beginning == "two 13"
    (long,) = units_of(f"{'word ' * 20}\n")
    assert long.beginning == f"{'word ' * 9}…"
    (figure,) = units_of('![Trade of 2012](figure:trade){#fig-trade source="An office"}\n')
    assert [(line.name, line.is_written) for line in figure.lines] == [("caption", True), ("source", True)]
    assert figure.text == "Trade of 2012 An office"
    assert figure.begin("note") == figure.place
    assert figure.evidence == {("id", "fig-trade"), ("figure", "trade")}
    (named,) = units_of("So[^n], [river]{.index}.\n\n[^n]: Note.\n")
    assert named.evidence == {("note", "n")}
    assert units_of("So^[A note].")[0].evidence == frozenset()
    assert units_of("::: subtitle\nSo.\n\n- one\n:::")[0].text == "So."
    assert not TextLine("", ()).is_written


def test_passages_have_their_language_and_what_is_still_to_be_translated() -> None:
    def contexts(text: str, tag: str = "en") -> list[tuple[str, bool, bool]]:
        found = [unit for one in units_of(text, tag) for unit in one.walk()]
        return [(one.context.language, one.context.foreign, one.context.untranslated) for one in found]

    assert contexts("So.") == [("en", False, False)]
    assert contexts("::: {lang=de}\nSo.\n:::") == [("de", True, False)]
    assert contexts("::: {lang=en}\nSo.\n:::") == [("en", False, False)]
    assert contexts("::: untranslated\nSo.\n\n::: tip\nOr.\n:::\n:::", "de") == [("en", True, True)] * 3
    assert contexts("::: {.tip lang=de}\nSo.\n:::") == [("de", True, False)] * 2
    assert contexts("::: {lang=de}\n::: {lang=en}\nSo.\n:::\n:::") == [("en", True, False)]


def test_a_chapter_is_parted_at_its_headings_even_within_passages() -> None:
    parts = sections(chapter("So.\n\n# One\n\nTwo.\n\n::: {lang=de}\n## Drei\n\nVier.\n:::\n"))
    assert [(one.heading and one.heading.text, [unit.text for unit in one.units]) for one in parts] == [
        (None, ["So."]),
        ("One", ["Two."]),
        ("Drei", ["Vier."]),
    ]
    assert sections(chapter("# One\n"))[0].heading
    assert [unit.text for unit in every_unit(parts)] == ["So.", "One", "Two.", "Drei", "Vier."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("So *it* was", "So it was"),
        ("So `x` was", "So \ufffc was"),
        ("So $x$ was", "So \ufffc was"),
        ("So [@doe] was", "So \ufffc was"),
        ("So m^2^ was", "So m\ufffc was"),
        ("So m~2~ was", "So m\ufffc was"),
        ("See <https://example.org>", "See \ufffc"),
        ("See [it](https://example.org)", "See it"),
        ("See [www.example.org](https://example.org/a)", "See \ufffc"),
        ("See [example.org/a](https://example.org/a)", "See \ufffc"),
        ("See [them](mailto:them@example.org)", "See \ufffc"),
        ("It is [so]{lang=de} here", "It is so here"),
        ('It is "so" here', 'It is "so" here'),
        ("It is^[A note.] here", "It is here"),
        ("It is\\\nhere", "It is here"),
        ("It is ![a page](images/margins-even.svg){height=8pt}", "It is \ufffc"),
    ],
)
def test_the_words_of_a_line_are_those_that_are_read(text: str, words: str) -> None:
    (unit,) = units_of(text)
    assert LineText().read(unit.lines[0].content).text == words


def test_other_languages_titles_and_quotations_may_count_for_nothing() -> None:
    (unit,) = units_of('It is [so]{lang=de}, *so*, **so**, "so", [so]{.smallcaps}.')
    content = unit.lines[0].content

    def words(reader: LineText) -> str:
        return reader.read(content).text

    assert words(LineText()) == 'It is so, so, so, "so", so.'
    assert words(LineText(foreign=False)) == 'It is \ufffc, so, so, "so", so.'
    assert words(LineText(titles=False)) == 'It is so, \ufffc, so, "so", so.'
    assert words(LineText(quoted=False)) == 'It is so, so, so, "\ufffc", so.'


def test_each_letter_of_a_line_has_the_place_of_its_word() -> None:
    (unit,) = units_of("So *it* was")
    text = LineText().read(unit.lines[0].content)
    assert [text.place(at, HERE).column for at in (0, 1, 2, 3, 4, 6, 99)] == [1, 1, 1, 5, 5, 9, 9]
    assert LineText().read(()).place(0, HERE) == HERE


def test_the_marks_and_notes_of_a_line_are_found_within_others() -> None:
    text = (
        'See *[@doe, p. 5; @roe]*, "@sec-a", [a *$x$* link](https://example.org)[^n], [a [place]{#place}]{lang=de}, '
        "[river]{.index}, ![A page](images/margins-even.svg){height=8pt}.\n\n[^n]: Note [@poe].\n"
    )
    (unit,) = units_of(text)
    content = unit.lines[0].content
    known = [(one.kind, one.key, one.detail, one.shown) for one in marks(content)]
    assert [(kind, key if kind != "image" else "", *more) for kind, key, *more in known] == [
        ("citation", "doe", "5", "doe, p. 5"),
        ("citation", "roe", "", "roe"),
        ("reference", "sec-a", "", ""),
        ("link", "https://example.org", "", ""),
        ("formula", "x", "", "x"),
        ("id", "place", "", ""),
        ("index", "", "", "river"),
        ("image", "", "", "A page"),
    ]
    assert [note.name for note in notes(content)] == ["n"]
    assert [one.shown for one in marks(units_of('[x]{.index entry="boats!ferry"}')[0].lines[0].content)] == [
        "boats, ferry"
    ]
    assert [one.key for one in marks(d.Citation(HERE, ("doe", "roe"), ()))] == ["doe", "roe"]
    (nested,) = units_of('So *a^[One.]*, "b^[Two.]", [c^[Three.]](https://example.org), [d^[Four.]]{lang=de}.')
    assert [d.plain(note.content) for note in notes(nested.lines[0].content)] == ["One.", "Two.", "Three.", "Four."]


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        (" data.trade['2012'].total ", 'data.trade["2012"].total'),
        ('data.trade["2012"] | number', 'data.trade["2012"]'),
        ("f(a | b) | c", "f(a|b)"),
        ("f[a | b]", "f[a|b]"),
        ("{a | b}", "{a|b}"),
        ("a + ')' | b", 'a+")"'),
        ("a + 'x | y'", 'a+"x | y"'),
        ("a", "a"),
        ("", ""),
    ],
)
def test_a_value_is_known_by_its_expression_without_filters_and_spaces(expression: str, name: str) -> None:
    assert _name(expression) == name


ABOUT: list[tuple[str, str, str, list[str], list[str]]] = [
    ("So [@doe; @roe].", "Tako.", "parity-citations", ["doe", "@roe", "So", "doe; @roe"], ["poe", "ro"]),
    ("So [@doe].", "Tako [@roe].", "parity-citations", ["doe", "roe", "So"], ["poe"]),
    ("So.", "Tako [@roe].", "parity-citations", ["roe", "Tako"], ["doe"]),
    ("So [@doe, p. 5].", "Tako [@doe].", "parity-citations", ["doe, p. 5", "doe"], ["p. 5"]),
    ("A [place]{#place}.", "Mesto.", "parity-ids", ["place", "#place", "A place"], ["pla"]),
    ("It is $a < b$.", "To je.", "parity-formulas", ["a < b", "It is"], ["a <b"]),
    ("One.[^a]\n\n[^a]: About it.", "Jedan.", "parity-notes", ["a", "[^a]", "About it", "About"], ["b"]),
    ("One.", "Jedan.[^a]\n\n[^a]: O tome.", "parity-notes", ["a", "O tome", "o"], ["b", "tome"]),
    ("One.\n\nTwo words.", "Jedan.", "parity-blocks", ["Two words", "two", "Two words."], ["One", "words", "w"]),
    ("One.\n\n- two items\n- more", "Jedan.", "parity-blocks", ["two items"], ["Jedan"]),
    ("One.", "Jedan.\n\nI dva.", "parity-blocks", ["I dva", "i"], ["Jedan"]),
    ("One.\n\n## Two\n\nThree.", "Jedan.", "parity-headings", ["Two"], ["Three"]),
    ("One.", "Jedan.\n\n## Novo {#novo}", "parity-headings", ["novo", "Novo"], ["Nov"]),
    ("## Two {#two}\n\nOne.", "### Dva {#two}\n\nJedan.", "parity-headings", ["two", "Two", "Dva"], ["One"]),
    ("It was 13 km.", "Bilo je 31 km.", "parity-numbers", ["13", "31", "It was", "Bilo"], ["1"]),
    ("It was 13 km.", "Bilo je mnogo.", "parity-numbers", ["13", "It was"], ["Bilo"]),
    ("It grew.", "Poraslo je na 1989.", "parity-numbers", ["1989", "It grew", "Poraslo je"], ["19"]),
    ("On 1 June 2024.", "Dana 1. jula 2024.", "parity-numbers", ["1 June", "1. jula", "On 1", "Dana"], ["June"]),
    ("It cost 3 million.", "Koštalo je 3 milijarde.", "parity-numbers", ["3", "3 million", "It cost"], ["million"]),
    ("It cost 30 dollars.", "Koštalo je 30 evra.", "parity-numbers", ["30", "It cost"], ["dollars"]),
    ("From 20% to 30%.", "Od 30% do 20%.", "parity-numbers", ["20", "30", "From"], ["2"]),
    ("![Trade](figure:trade){#fig-a}\n", "So.", "parity-figures", ["trade", "fig-a", "Trade"], ["debt"]),
    ("![Trade](figure:trade){#fig-a}\n", "![Dug](figure:debt){#fig-a}\n", "parity-figures", ["trade", "fig-a"], ["x"]),
]


@pytest.mark.parametrize(("source", "text", "rule", "names", "others"), ABOUT)
def test_a_difference_that_is_meant_names_what_differs(
    source: str, text: str, rule: str, names: list[str], others: list[str]
) -> None:
    before = [one for one in faults(source, text) if one.rule == rule]
    assert before
    for where in (None, *names):
        assert [
            one for one in faults(source, text, meant(rule, where)) if one.rule in (rule, "difference-unused")
        ] == [], where
    for where in others:
        after = faults(source, text, meant(rule, where))
        assert [one for one in after if one.rule == rule] == before, where
        assert "difference-unused" in [one.rule for one in after], where


def test_one_that_is_not_there_is_told_with_what_to_do() -> None:
    (named,) = faults("So.", "Tako.", meant("parity-notes", "n"))
    (whole,) = faults("So.", "Tako.", meant("parity-notes"))
    assert (named.message, named.hint) == (
        "the difference of `01-rivers` at `n` (`parity-notes`) is not there any more",
        "take it out, or correct `where`: an id, a number, a key, or first words",
    )
    assert (whole.message, whole.hint) == (
        "the difference of `01-rivers` (`parity-notes`) is not there any more",
        "take it out",
    )
    assert (whole.place, whole.severity, whole.rule) == (
        Place("chapters/sr-Latn/edition.yaml"), "warning", "difference-unused",
    )  # fmt: skip
    assert faults("So.", "Tako.", meant("parity-placeholders")) == ()
    other = Difference.model_validate({"chapter": "02-roads", "rule": "parity-notes", "reason": "So."})
    assert faults("So.", "Tako.", other) == ()


def test_a_difference_names_a_rule_and_a_chapter_that_are_there() -> None:
    def told(chapter: str, rule: str, place: Place | None = None) -> list[Fault]:
        found = Faults()
        one = Difference.model_validate({"chapter": chapter, "rule": rule, "reason": "So."})
        check_differences((one.at(place) if place else one,), ("01-rivers",), "e.yaml", found)
        return list(found.all())

    assert told("01-rivers", "parity-notes") == told("01-rivers.md", "parity-notes") == []
    assert told("edition.yaml", "parity-numbers") == []
    assert "did you mean `parity-notes`?" in told("01-rivers", "parity-note")[0].message
    (rule,) = told("01-rivers", "xyz")
    assert (rule.message, rule.rule, rule.place) == (
        "`differences` names `xyz`, and there is no such rule of parity", "difference-rule", Place("e.yaml"),
    )  # fmt: skip
    assert rule.hint.startswith("known here: `parity-headings`, `parity-ids`, ")
    (chapter,) = told("1-rivers.md", "parity-notes", Place("e.yaml", 7, 5))
    assert (chapter.message, chapter.rule, chapter.hint, chapter.place) == (
        "`differences` names `1-rivers.md`, and there is no such chapter; did you mean `01-rivers`?",
        "difference-chapter",
        "known here: `01-rivers`, `edition.yaml`",
        Place("e.yaml", 7, 5),
    )


MISSING = "{} of the source (chapters/en/01-rivers.md:{}) is missing {} this"
JOINED = "{} of the source (chapters/en/01-rivers.md:{}) seems to be joined to this"
WHAT: dict[str, tuple[str, str, list[str], str]] = {
    "a formula on lines of its own": (
        "One.\n\n$$ a = b $$\n\nTwo.",
        "Jedan.\n\nDva.",
        [f"5:1: error: {MISSING.format('a formula', '5:4', 'before')}"],
        "put it where the source has it",
    ),
    "a figure": (
        "One.\n\n![Trade](figure:trade){#fig-a}",
        "Jedan.",
        [f"3:1: error: {MISSING.format('the figure `trade`', '5:10', 'behind')}"],
        "put it where the source has it, with its id",
    ),
    "a paragraph": (
        "One.\n\nTwo more words.",
        "Jedan.",
        [f"3:1: error: {MISSING.format('the paragraph `Two more words.`', '5:1', 'behind')}"],
        "translate it; where it was joined to the one beside it, part the two again",
    ),
    "a paragraph that was joined": (
        "One.\n\nTwo more words.",
        "Jedan i još dve reči.",
        [f"3:1: warning: {JOINED.format('the paragraph `One.`', '3:1')}"],
        "part the two again, or name it in `differences:` in edition.yaml",
    ),
    "a paragraph that was joined to the one before it": (
        "In 2010 it rose.\n\nSo it was.",
        "Raslo je 2010. godine, a tako je i bilo.",
        [f"3:1: warning: {JOINED.format('the paragraph `So it was.`', '5:1')}"],
        "part the two again, or name it in `differences:` in edition.yaml",
    ),
    "what the first cell of a row says": (
        "| A | B |\n|---|---|\n| ships | few |\n\n: T {#tbl-a}",
        "| A | B |\n|---|---|\n|  | malo |\n\n: T {#tbl-a}",
        ["5:6: error: a cell is empty, and in the source (chapters/en/01-rivers.md:5:3) it holds `ships`"],
        "fill it, or write a dash where nothing is to be said",
    ),
    "what an item says": (
        "- one\n- two",
        "- jedan\n-",
        ["3:3: error: an item is empty, and in the source (chapters/en/01-rivers.md:4:3) it holds `two`"],
        "fill it, or write a dash where nothing is to be said",
    ),
    "the title of a box": (
        '::: {.tip title="Print it"}\nSo.\n:::',
        "::: tip\nTako.\n:::",
        ["3:5: error: the title of the box is missing; in the source (chapters/en/01-rivers.md:3:6) it is `Print it`"],
        "write it as the source does",
    ),
    "the source of a quotation": (
        '::: {.quotation source="An office, 1712"}\nSo it is.\n:::',
        "::: quotation\nTako je bilo 1712.\n:::",
        [
            (
                "4:1: error: the source of the quotation is missing; in the source (chapters/en/01-rivers.md:4:1) it "
                "is `An office, 1712`"
            )
        ],
        "write it as the source does",
    ),
    "the source of a box": (
        '::: {.tip source="A firm"}\nSo it is.\n:::',
        "::: tip\nTako je.\n:::",
        ["3:5: error: the source of the box is missing; in the source (chapters/en/01-rivers.md:3:6) it is `A firm`"],
        "write it as the source does",
    ),
    "the note of a table": (
        '| A |\n|---|\n| a |\n\n: T {#tbl-a note="Of it"}',
        "| A |\n|---|\n| a |\n\n: T {#tbl-a}",
        ["3:3: error: the note of the table is missing; in the source (chapters/en/01-rivers.md:3:3) it is `Of it`"],
        "write it as the source does",
    ),
    "the alternative text of a picture": (
        '![Sheets](images/canon.svg){#fig-a alt="Of it"}',
        "![Listovi](images/canon.svg){#fig-a}",
        [
            (
                "3:12: error: the alternative text of the figure is missing; in the source "
                "(chapters/en/01-rivers.md:3:11) it is `Of it`"
            )
        ],
        "write it as the source does",
    ),
    "a figure of a group": (
        "::: {.figures #fig-g}\n![A](figure:trade)\n\n![B](figure:debt)\n\n![C](images/canon.svg)\n\nAll\n:::",
        "::: {.figures #fig-g}\n![Ah](figure:trade)\n\n![Be](figure:debt)\n\nSve\n:::",
        [f"6:7: error: {MISSING.format('the figure `C`', '8:6', 'behind')}"],
        "put it where the source has it, with its id",
    ),
    "a row whose number stands elsewhere": (
        "| A | B |\n|---|---|\n| ships | 1712 |\n| boats | few |\n\n: T {#tbl-a}\n\nSo.",
        "| A | B |\n|---|---|\n| čamci | malo |\n\n: T {#tbl-a}\n\nTako 1712.",
        [
            (
                "3:3: error: the table has 2 rows and 2 columns, and that of the source (chapters/en/01-rivers.md:3:3) "
                "3 and 2"
            )
        ],
        "give it the rows and columns of the source",
    ),
    "nothing, where a note without a name stands behind one that has one": (
        "One^[First.] two[^a].\n\n[^a]: Second.",
        "Jedan[^a] dva^[Prva.].\n\n[^a]: Druga.",
        [],
        "",
    ),
    "what a mark of the index is": (
        'So []{.index entry="boat" see="ferry"} it is.',
        "Tako []{.index entry=čamac} je.",
        [
            (
                "3:16: warning: the mark of the index is not of the kind that the source "
                "(chapters/en/01-rivers.md:3:14) has for `boat`"
            )
        ],
        "write it as there",
    ),
    "the order of notes": (
        "One[^a] two[^b] three[^c].\n\n[^a]: First.\n\n[^b]: Second.\n\n[^c]: Third.",
        "Jedan[^a] dva[^c] tri[^b].\n\n[^a]: Prva.\n\n[^b]: Druga.\n\n[^c]: Treća.",
        [
            (
                "3:14: warning: the note `[^c]` stands before another one, and does not in the source "
                "(chapters/en/01-rivers.md:3:1)"
            )
        ],
        "put it where its words are; where the sentence is turned round, name it in `differences:` in edition.yaml",
    ),
    "the order of notes of which one is mentioned again": (
        "One[^a] two[^b].\n\n[^a]: First.\n\n[^b]: Second.",
        "Jedan[^b] dva[^a] tri[^b].\n\n[^a]: Prva.\n\n[^b]: Druga.",
        [
            "3:6: warning: the note `[^b]` (`Druga.`) is not in the source",
            (
                "3:6: warning: the note `[^b]` stands before another one, and does not in the source "
                "(chapters/en/01-rivers.md:3:1)"
            ),
        ],
        "put it where its words are; where the sentence is turned round, name it in `differences:` in edition.yaml",
    ),
    "the order of notes of which the source mentions one again": (
        "One[^a] two[^b] three[^a].\n\n[^a]: First.\n\n[^b]: Second.",
        "Jedan[^b] dva[^a] tri[^a].\n\n[^a]: Prva.\n\n[^b]: Druga.",
        [
            (
                "3:6: warning: the note `[^b]` stands before another one, and does not in the source "
                "(chapters/en/01-rivers.md:3:1)"
            )
        ],
        "put it where its words are; where the sentence is turned round, name it in `differences:` in edition.yaml",
    ),
    "a note with a name": (
        "One.[^a]\n\n[^a]: First.",
        "Jedan.",
        ["3:1: error: the note `[^a]` (`First.`) of the source (chapters/en/01-rivers.md:3:5) is missing"],
        "write `[^a]` where it belongs, and translate the note",
    ),
    "a note in place": (
        "One.^[First.]",
        "Jedan.",
        ["3:1: error: the note `First.` of the source (chapters/en/01-rivers.md:3:5) is missing"],
        "write `^[…]` where it belongs, and translate the note",
    ),
    "columns": (
        "| A | B |\n|---|---|\n| a | b |\n| c | d |\n\n: T {#tbl-a}",
        "| A |\n|---|\n| a |\n\n: T {#tbl-a}",
        [
            (
                "3:3: error: the table has 2 rows and 1 column, and that of the source (chapters/en/01-rivers.md:3:3) "
                "3 and 2"
            )
        ],
        "give it the rows and columns of the source",
    ),
    "a work of two, and another one": (
        "So [@doe; @roe].",
        "Tako [@poe].",
        [
            "3:1: error: the source (chapters/en/01-rivers.md:3:5) cites `roe`, and this does not",
            "3:7: error: this cites `poe`, and the source (chapters/en/01-rivers.md:3:5) `doe`",
        ],
        "cite the work of the source: keys stay as they are",
    ),
    "works of two citations": (
        "So [@doe, p. 5] and [@roe].",
        "Tako i tako.",
        [
            "3:1: error: the source (chapters/en/01-rivers.md:3:22) cites `roe`, and this does not",
            "3:1: error: the source (chapters/en/01-rivers.md:3:5) cites `doe`, and this does not",
        ],
        "cite it, too: `[@doe, p. 5]`",
    ),
    "a link to a site in another language": (
        "See [it](https://en.example.org/a).",
        "Videti [to](https://sr.example.org/b).",
        [
            (
                "3:9: warning: the link leads to `https://sr.example.org/b`, and in the source "
                "(chapters/en/01-rivers.md:3:6) to `https://en.example.org/a`"
            )
        ],
        "where it is the same page in the language of the edition, name it in `differences:` in edition.yaml",
    ),
    "a place in a work that has a brace": (
        "So [@doe, p. {5}].",
        "Tako [@doe, str. {6}].",
        [
            "3:7: error: this cites `doe` with `str. {6}`, and the source (chapters/en/01-rivers.md:3:5) with `p. {5}`",
        ],
        "the numbers of pages and sections stay as they are",
    ),
    "a currency": (
        "It cost 30 dollars.",
        "Koštalo je 30 evra.",
        ["3:12: warning: the number is `30` (EUR), and `30` (USD) in the source (chapters/en/01-rivers.md:3:9)"],
        "correct the currency or the unit, or convert the number",
    ),
    "a unit": (
        "It was 30 km long.",
        "Bilo je dugo 30 m.",
        ["3:14: warning: the number is `30` (m), and `30` (10^3 m) in the source (chapters/en/01-rivers.md:3:8)"],
        "correct the currency or the unit, or convert the number",
    ),
    "several numbers": (
        "It was 59.5 km, or 14 km.",
        "Bilo je 41 km, ili 59.5 km.",
        [
            "3:9: warning: the number is `41`, and `14` in the source (chapters/en/01-rivers.md:3:20)",
            (
                "3:20: warning: `59.5` is not how `sr-Latn` writes the number `59.5` of the source "
                "(chapters/en/01-rivers.md:3:8)"
            ),
        ],
        "write `59,5`",
    ),
    "the order of numbers": (
        "From 20% to 30%, and to 40%.",
        "Od 20% do 40%, i do 30%.",
        [("3:11: warning: `40` stands before `30`, and behind it in the source (chapters/en/01-rivers.md:3:13)")],
        "correct them, or, where the sentence is turned round, name one in `differences:`",
    ),
    "points": (
        "It grew by 30 percentage points.",
        "Poraslo je za 30 odsto.",
        ["3:15: warning: the number is `30` (%), and `30` (points) in the source (chapters/en/01-rivers.md:3:12)"],
        "correct the currency or the unit, or convert the number",
    ),
    "a month": (
        "On 1 June 2024.",
        "Dana 1. jula 2024.",
        ["3:6: warning: the date is `1. jula`, and `1 June` in the source (chapters/en/01-rivers.md:3:4)"],
        "correct the one that is wrong",
    ),
    "a scale": (
        "It cost 3 million.",
        "Koštalo je 3 milijarde.",
        ["3:12: warning: the number is `3 milijarde`, and `3 million` in the source (chapters/en/01-rivers.md:3:9)"],
        "`milijarde` has 9 noughts, and `million` has 6",
    ),
    "words for numbers": (
        "Seven boats came.",
        "Stiglo je osam čamaca.",
        ["3:11: warning: the number is `osam`, and `Seven` in the source (chapters/en/01-rivers.md:3:1)"],
        "correct the one that is wrong",
    ),
    "an id that is nearly one": (
        "A [place]{#sec-place}.\n\nText.",
        "Mesto.\n\n[Tekst]{#sec-plaec}.",
        [
            "3:1: error: the id `sec-place` of the source (chapters/en/01-rivers.md:3:4) is missing",
            "5:2: warning: the source has no id `sec-plaec`",
        ],
        "did you mean `sec-place`?",
    ),
    "a level": (
        "### Two\n\nSo.",
        "## Dva\n\nTako.",
        ["3:4: error: the heading has the level 2, and in the source (chapters/en/01-rivers.md:3:5) it has 3"],
        "begin it with `###`: headings without an id take that of the source only where all levels are the same",
    ),
    "a picture of a line": (
        "It is ![a page](images/margins-even.svg){height=8pt}.",
        "To je ![strana](images/strip.svg){height=8pt}.",
        ["3:17: error: the picture is not that of the source (chapters/en/01-rivers.md:3:17), `a page`"],
        "take the file of the source",
    ),
    "a caption of many words": (
        "![The river carried timber and grain down](figure:trade){#fig-a}",
        "![The river carried timber and grain down](figure:trade){#fig-a}",
        [
            (
                "3:44: warning: the caption of the figure is word for word that of the source "
                "(chapters/en/01-rivers.md:3:44): `The river carried timber and grain down`"
            )
        ],
        (
            "translate it; what is meant to stay goes into `::: {lang=en}`, what is still to be translated into "
            "`::: untranslated`"
        ),
    ),
    "what stands within": (
        "So it is: the river carried timber and grain to the towns.",
        "Tako je: the river carried timber and grain do gradova.",
        [
            (
                "3:10: warning: `the river carried timber and grain` is word for word in the source "
                "(chapters/en/01-rivers.md:3:1), too"
            )
        ],
        "translate it; words that are meant to stay are marked: `[…]{lang=en}`",
    ),
}


@pytest.mark.parametrize("what", WHAT)
def test_each_fault_says_what_to_do(what: str) -> None:
    source, text, messages, hint = WHAT[what]
    assert said(source, text) == messages
    assert [one.hint for one in faults(source, text)][-1:] == [hint][: len(messages)]


@pytest.mark.parametrize(
    ("source", "text", "is_told"),
    [
        ("From {0}% to {1}%.", (20, 30), True),
        ("From {0}% to {1}%.", (2, 3), True),
        ("{0} dollars or {1} dollars.", (20, 30), True),
        ("{0} boats or {1} boats.", (12, 15), True),
        ("{0} boats or {1} boats.", (10, 11), True),
        ("{0} boats or {1} boats.", (9, 11), False),
        ("{0} boats or {1} boats.", (8, 9), False),
        ("In {0} and {1}.", (1990, 1999), False),
        ("In {0} and {1}.", (1000, 1001), False),
        ("In {0} and {1}.", (2198, 2199), False),
        ("In {0} and {1}.", (2200, 2201), True),
        ("In {0} and {1}.", (998, 999), True),
        ("In {0} and {0}.", (20, 20), False),
    ],
)
def test_numbers_of_one_kind_keep_their_order(source: str, text: tuple[int, int], is_told: bool) -> None:
    one, two = text
    words = source.replace("dollars", "dolara").replace("boats", "čamaca")
    for english, serbian in (("From", "Od"), (" to ", " do "), ("In", "U"), (" and ", " i "), (" or ", " ili ")):
        words = words.replace(english, serbian)
    assert len(said(source.format(one, two), words.format(two, one))) == int(is_told)
    assert said(source.format(one, two), words.format(one, two)) == []


@pytest.mark.parametrize(
    ("source", "text", "told"),
    [
        ("It came.", "Stiglo je 12.", 0),
        ("It came.", "Stiglo je 105.", 1),
        ("It came.", "Stiglo je 500.", 0),
        ("It came.", "Stiglo je 1,25.", 1),
        ("It came.", "Stiglo je 1.5.25.", 1),
        ("One boat came.", "Stigla su dva čamca.", 0),
        ("Three boats came.", "Stigla su dva čamca.", 1),
        ("Three boats and six came.", "Stigla su dva čamca.", 0),
        ("Three boats came.", "Stigla su dva ili pet.", 0),
        ("Half of it came.", "Stiglo je tri.", 0),
        ("Half of it came.", "Stiglo je 50 odsto.", 0),
        ("A third of it came.", "Stiglo je 33 odsto.", 0),
        ("A third of it came.", "Stiglo je 34 odsto.", 0),
        ("A third of it came.", "Stigla je petina.", 1),
        ("Seven dollars came.", "Stiglo je 7 evra.", 1),
        ("It was 7 and 7.", "Bilo je sedam.", 1),
        ("It was 7 and 7.", "Bilo je sedam i sedam.", 0),
        ("Seven million came.", "Stiglo je 7 miliona.", 0),
        ("Seven million came.", "Stiglo je osam miliona.", 1),
        ("It is under CC BY-SA 4.0.", "Pod licencom CC BY-SA 4.0.", 0),
        ("It is 4.0.", "To je 4.0.", 1),
        ("At 10:30 it came.", "U 10.30 je stiglo.", 0),
        ("At 10:30 it came.", "U 10 i 30 je stiglo.", 0),
        ("At 10:30 it came.", "U 10 je stiglo.", 1),
        ("See section 2.1.2.", "Videti odeljak 2.1.3.", 1),
        ("It came in May 1918 and June 1919.", "Stiglo je 1918. i u julu 1919.", 1),
        ("The 15th boat.", "Čamac petnaesti.", 0),
    ],
)
def test_a_number_may_be_a_word(source: str, text: str, told: int) -> None:
    assert len(said(source, text)) == told


LEFT = "5:4: warning: the heading is word for word that of the source (chapters/en/01-rivers.md:5:4): `{}`"


@pytest.mark.parametrize(
    ("source", "text", "tag", "left"),
    [
        ("So.\n\n## Salt\n\nThe salt came.", "Tako.\n\n## Salt\n\nSo je stigla.", "sr-Latn", "Salt"),
        ("So.\n\n## Salt\n\nThe salt came.", "Tako.\n\n## Salt\n\nStigla je salt.", "sr-Latn", ""),
        ("So.\n\n## Salt\n\nThe Salt came.", "Tako.\n\n## Salt\n\nSo je stigla.", "sr-Latn", ""),
        ("So.\n\n## Salt\n\nThe salt came.", "Also.\n\n## Salt\n\nSie kam.", "de", ""),
        ("So.\n\n## Old salt\n\nThe salt came.", "Also.\n\n## Old salt\n\nSie kam.", "de", "Old salt"),
        ("So.\n\n## It is so\n\nAnd it is so.", "Also.\n\n## It is so\n\nSie kam.", "de", ""),
        ("So.\n\n## Salt `x`\n\nThe salt came.", "Tako.\n\n## Salt `x`\n\nSo je stigla.", "sr-Latn", ""),
        (
            "So.\n\n## A b c old salt x\n\nThe salt.",
            "Tako.\n\n## A b c old salt x\n\nSo je.",
            "sr-Latn",
            "A b c old salt x",
        ),
        ("So.\n\n## Salt in carts\n\nThe salt.", "Tako.\n\n## Salt in cart\n\nSo je.", "sr-Latn", ""),
        ("So.\n\n## Old oar\n\nSo.", "Also.\n\n## Old oar\n\nAlso.", "de", "Old oar"),
        ("So.\n\n## Old *oar*\n\nAn oar.", "Also.\n\n## Old *oar*\n\nAlso.", "de", ""),
        ("So.\n\n## [Old oar]{lang=fr}\n\nAn oar.", "Also.\n\n## [Old oar]{lang=fr}\n\nAlso.", "de", ""),
        (
            "So.\n\n## The Bank of salt\n\nIt.",
            "Also.\n\n## The Bank of salt\n\nBank of salt.",
            "de",
            "The Bank of salt",
        ),
        ("So.\n\n## The Old Bank of salt\n\nIt.", "Also.\n\n## The Old Bank of salt\n\nBank of salt.", "de", ""),
        ("So.\n\n## The Bank of salt\n\nIt.", "Tako.\n\n## The Bank of salt\n\nBank of salt.", "sr-Latn", ""),
        ("So.\n\n## Oar\n\nAn oar, an oar, an oar.", "Also.\n\n## Oar\n\nAlso.", "de", "Oar"),
        ("So.\n\n## It\n\nAs it is, it was it.", "Also.\n\n## It\n\nAlso.", "de", ""),
    ],
)
def test_a_short_text_is_left_where_its_words_are_no_name(source: str, text: str, tag: str, left: str) -> None:
    assert said(source, text, tag=tag) == [LEFT.format(left)][: bool(left)]


@pytest.mark.parametrize(
    ("source", "text", "is_foreign"),
    [
        ("salt salt salt", "", True),
        ("salt salt Salt", "", False),
        ("salt salt salt", "salt", True),
        ("salt salt salt", "salt salt", False),
        ("salt salt salt", "oar salty", False),
        ("salt salt salt", "oar oar", True),
    ],
)
def test_a_word_is_foreign_that_only_the_source_has_often(source: str, text: str, is_foreign: bool) -> None:
    assert Vocabulary(lambda: ((), ()), (text,), (source,)).is_foreign("salt") == is_foreign


def test_a_short_paragraph_is_left_where_a_word_of_it_is_small() -> None:
    def left(words: str) -> list[str]:
        return said(f"{words}\n\nThe old salt came.", f"{words}\n\nSo je stigla.")

    assert left("Old Salt.") == left("Salt.") == left("salt") == []
    assert left("Old salt.") == [
        "3:1: warning: the paragraph is word for word that of the source (chapters/en/01-rivers.md:3:1): `Old salt.`"
    ]


@pytest.mark.parametrize("kind", ["untranslated", "{lang=de}"])
def test_a_text_that_may_stay_does_not_hide_one_that_may_not(kind: str) -> None:
    one, two = "the river carried timber and grain", "the towns were free of tolls and fees"
    passage = f"::: {kind}\n{one}\n:::"
    source = f"{one if kind == 'untranslated' else passage}\n\n{two}"
    assert len(said(source, f"{passage}\n\n{two}")) == 1
    assert said(source, passage.replace(one, f"{one}.") + "\n\nSo.") == []


SAME = "Reka je nosila drvo i žito do gradova."


def test_in_languages_that_are_sisters_only_a_whole_text_that_is_the_same_is_told() -> None:
    def told(source: str, text: str, one: str = "sr-Latn", two: str = "hr") -> int:
        return len(found(f"# A\n\n{source}\n", f"# B\n\n{text}\n", two, of=one).splitlines())

    assert told(SAME, SAME) == 1
    assert told(f"{SAME} I tako dalje.", f"{SAME} I tako dalje je bilo.") == 0
    assert told(f"{SAME} And so on.", f"{SAME} I tako dalje je bilo.", "en", "sr-Latn") == 1
    assert told(SAME, SAME, "sr-Latn", "sr-Cyrl") >= 1


@pytest.mark.parametrize(
    ("words", "is_left"),
    [
        ("the river carried timber and grain", True),
        ("The River Carried timber and grain", True),
        ("The River Carried Timber and grain", False),
    ],
)
def test_a_text_of_six_words_is_left_if_half_of_them_are_small(words: str, is_left: bool) -> None:
    assert bool(said(f"{words}\n\nSo.", f"{words}\n\nTako.")) == is_left


def test_a_name_is_not_half_in_the_letters_of_a_twin() -> None:
    def told(text: str, source: str = "Deutsche Bank of old.", tag: str = "sr-Cyrl") -> list[str]:
        found = Faults()
        check_twin(chapter(f"# A\n\n{text}\n", tag), chapter(f"# A\n\n{source}\n"), found)
        return [str(one).removeprefix("chapters/sr-Cyrl/01-rivers.md:") for one in found.all()]

    (only,) = told("Deutsche Банк и река.")
    assert only == (
        "3:1: warning: `Deutsche Банк` is half in Cyrillic and half in Latin letters, and one name in the source "
        "[letters-mixed]\n  hint: mark the whole name: `[…]{lang=en}`, `[…]{.as-is}`, or list it in `transliteration:`"
    )
    assert told("То је Deutsche Банк и река.")[0].startswith("3:7: ")
    assert told("- Deutsche Банк", "Of the deutsche bank.")[0].startswith("3:3: ")
    assert told("Deutsche Bank и река.") == told("Дојче Банк и река.") == told("Deutsche, Банк и река.") == []
    assert told("Deutsche Банк и река.", "Deutsche or Bank.") == told("[Deutsche]{lang=de} Банк и река.") == []
    assert told("Deutsche Банк и река.", tag="sr-Latn") == told("Deutsche Банк", tag="en") == []
    assert told("Deutsche Банк.", "So.^[Deutsche Bank.]") == told("Deutsche Банк.", "- Deutsche Bank") != []


def test_texts_of_an_edition_are_compared_by_key() -> None:
    def told(key: str, source: str, text: str, *declared: Difference) -> list[str]:
        found = Faults()
        there, here = Place("publication.yaml", 3, 8), Place("chapters/sr-Latn/edition.yaml", 2, 8)
        chapters = ["So", "je"], ["The", "old", "salt"]
        compare_texts(
            [(key, source, there, text, here)],
            Vocabulary(lambda: chapters, (text,), (source,)),
            source_language="en",
            language="sr-Latn",
            declared=declared,
            faults=found,
        )
        return [f"{one.place}: {one.message}" for one in found.all()]

    at = "chapters/sr-Latn/edition.yaml:2:8: "
    assert told("title", "Salt of 2012", "So iz 2012.") == []
    assert told("title", "Salt of 2012", "So iz 2013.") == [
        f"{at}the number is `2013`, and `2012` in the source (publication.yaml:3:8)"
    ]
    assert (
        told("title", "Salt", "Salt")
        == told("x.subtitle", "*Salt*", "Salt")
        == [f"{at}the heading is word for word that of the source (publication.yaml:3:8): `Salt`"]
    )
    assert told("abstract", "Salt", "Salt") == []
    assert told("abstract", "Old oar", "Old oar") != []
    assert told("abstract", "So", "Сo")[0].startswith(f"{at}`Сo` is written in")
    unused = Difference.model_validate({"chapter": "edition.yaml", "rule": "parity-numbers", "reason": "So."})
    assert told("title", "Salt of 2012", "So iz 2013.", unused) == []
    assert told("title", "Salt", "So", unused) == [
        "chapters/sr-Latn/edition.yaml: the difference of `edition.yaml` (`parity-numbers`) is not there any more"
    ]


def test_an_id_that_a_heading_of_the_source_has_by_itself_may_be_written() -> None:
    assert said("## The banks\n\nSo.", "## Obale {#the-banks}\n\nTako.") == []
    assert said("## The banks {#banks}\n\nSo.", "## Obale {#the-banks}\n\nTako.") != []


def test_figures_of_one_name_that_are_in_another_section_are_each_found() -> None:
    figures = "![Trade](figure:trade)\n\n" * 3
    assert said(f"One.\n\n{figures}## Two\n\nSo.", f"Jedan.\n\n## Dva\n\nTako.\n\n{figures}") == []
    assert len(said(f"One.\n\n{figures}## Two\n\nSo.", f"Jedan.\n\n## Dva\n\nTako.\n\n{figures[24:]}")) == 1


def test_what_is_lost_in_a_chapter_without_words_belongs_to_its_head() -> None:
    (lost,) = compared(chapter("\n", "sr-Latn"), chapter("# Title\n\nSo.\n"))
    assert (str(lost.place), lost.message) == (
        "chapters/sr-Latn/01-rivers.md:1:1",
        "the section `Title` (level 1) of the source (chapters/en/01-rivers.md:1:3) is missing behind this",
    )
    assert compared(chapter("\n", "sr-Latn"), chapter("So.\n"))[0].place == lost.place


def test_numbers_are_matched_whatever_their_order() -> None:
    def left(source: str, text: str) -> tuple[list[str], list[str]]:
        both = (source, "en"), (text, "sr-Latn")
        ones, twos = ([measured(one, words) for one in numbers_in(words, tag)] for words, tag in both)
        found = matched(ones, twos)
        return [one.shown for one in found.lost], [one.shown for one in found.extra]

    assert left("1 and 2 and 3", "3 i 1 i 2") == ([], [])
    assert left("1 and 2", "2 i 4") == (["1"], ["4"])
    assert left("3.2 billion", "3200 miliona") == ([], [])
    assert left("3.2 billion", "3,2") == ([], [])
    assert left("10:30", "10 i 30") == ([], [])
    assert left("10 and 30", "10.30") == ([], [])
    assert left("10 and 31", "10.30") == (["10", "31"], ["10.30"])


def test_a_number_that_the_source_may_have_as_a_word_is_quiet() -> None:
    def quiet(text: str) -> bool:
        return bool(_is_quiet(numbers_in(text, "en")[0]))

    assert [quiet(one) for one in ("12", "105", "500", "1,200", "1,234", "0.25", "1.25")] == [
        *(True, False, True, True, False, True, False)
    ]
    assert [_is_year(numbers_in(one, "en")[0]) for one in ("999", "1000", "2199", "2200", "1,999", "1999 million")] == [
        *(False, True, True, False, False, False)
    ]


def test_a_word_says_the_same_as_a_number_of_its_worth() -> None:
    def same(number: str, word: str) -> bool:
        return _is_same(measured(numbers_in(number, "en")[0], number), number_words(word, "en")[0])

    assert [same("50%", "half"), same("0.5", "half"), same("51%", "half"), same("49.5%", "half")] == [
        *(True, True, False, True)
    ]
    assert [same("0.759", "three quarters"), same("75.9", "three quarters"), same("1.2.3", "half")] == [
        *(True, False, False)
    ]
    assert [same("7", "seven"), same("8", "seven"), same("7 million", "seven million")] == [True, False, True]
    assert [same("7 million", "seven"), same("7 million", "seven billion"), same("7000 million", "seven billion")] == [
        *(True, False, True)
    ]
