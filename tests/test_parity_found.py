"""Each thing that a translation can lose, or have otherwise, is named where it should stand; and nothing else is."""

from __future__ import annotations

import pytest
from parity_chapters import chapter, compared, found

from impressum.core.errors import Faults

EN = "chapters/en/…"
SR = "chapters/sr-Latn/…"
TITLE = "# Rivers\n\n"
NASLOV = "# Reke\n\n"


def test_a_translation_that_has_everything_is_silent() -> None:
    source = (
        "# Rivers[^r] {#sec-rivers}\n\n[^r]: Of *all* sizes.\n\n"
        'In 2012 it was 1,234.5 km [@doe, p. 5; @roe], as @fig-trade shows.[^n]^[In place, "so".]\n\n'
        "## Boats\n\n- one item with 5%\n- another, at <https://example.org>\n\n"
        "![Trade in 2012](figure:trade){#fig-trade}\n\n| A | B |\n|---|---|\n| 1,000 | 2 |\n\n: Boats {#tbl-boats}\n\n"
        "[^n]: See [the page](https://example.org/x), p. 7.\n"
    )
    text = (
        "# Reke[^r] {#sec-rivers}\n\n[^r]: *Svih* veličina.\n\n"
        "Kao što pokazuje @fig-trade, 2012. je iznosilo 1.234,5 km [@doe, str. 5; @roe].[^n]^[Tu, „tako“.]\n\n"
        "## Čamci\n\n- jedna stavka sa 5 odsto\n- druga, na <https://example.org>\n\n"
        "![Trgovina 2012.](figure:trade)\n\n| A | B |\n|---|---|\n| 1.000 | 2 |\n\n: Čamci {#tbl-boats}\n\n"
        "[^n]: Videti [stranu](https://example.org/x), str. 7.\n"
    )
    assert found(source, text) == ""


# source, translation, what is said
LOSSES = {
    "a note": (
        "One.[^a] Two.[^b]\n\n[^a]: About the first.\n\n[^b]: About the second.\n",
        "Jedan. Dva.[^b]\n\n[^b]: O drugom.\n",
        f"{SR}:3:1: error: the note `[^a]` (`About the first.`) of the source ({EN}:3:5) is missing [parity-notes]",
    ),
    "a note with a mark of its own": (
        "Kosovo[^*] is named.[^n]\n\n[^*]: Without prejudice.\n\n[^n]: So.\n",
        "Pominje se Kosovo.[^n]\n\n[^n]: Tako.\n",
        f"{SR}:3:1: error: the note `[^*]` (`Without prejudice.`) of the source ({EN}:3:7) is missing [parity-notes]",
    ),
    "a note in place, the second of three": (
        "One.^[In 1990 it was a mill.] Two.^[In 2000 it was a school.] Three.^[In 2010 it was a museum.]\n",
        "Jedan.^[Godine 1990. mlin.] Dva. Tri.^[Godine 2010. muzej.]\n",
        f"{SR}:3:7: error: the note `In 2000 it was a school.` of the source ({EN}:3:35) is missing [parity-notes]",
    ),
    "a citation": (
        "So [@doe, p. 5], and so [@roe].\n",
        "Tako [@doe, str. 5], pa i tako.\n",
        f"{SR}:3:7: error: the source ({EN}:3:26) cites `roe`, and this does not [parity-citations]",
    ),
    "a note and a citation within emphasis": (
        "It *rose [@roe] here.[^a]* So.\n\n[^a]: About the first.\n",
        "*Poraslo* je. Tako.\n",
        (
            f"{SR}:3:2: error: the note `[^a]` (`About the first.`) of the source ({EN}:3:22) is missing "
            f"[parity-notes]\n{SR}:3:2: error: the source ({EN}:3:11) cites `roe`, and this does not [parity-citations]"
        ),
    ),
    "a citation of two works": (
        "So [@doe; @roe, p. 3].\n",
        "Tako.\n",
        f"{SR}:3:1: error: the source ({EN}:3:5) cites `doe`, `roe`, and this does not [parity-citations]",
    ),
    "a paragraph": (
        "In 2010 it rose.\n\nA bridge was built at Smederevo [@doe].\n\nIn 2012 it fell.\n",
        "Godine 2010. raste.\n\nGodine 2012. pada.\n",
        (
            f"{SR}:5:1: error: the paragraph `A bridge was built at Smederevo [@doe].` of the source ({EN}:5:1) is "
            "missing "
            "before this [parity-blocks]"
        ),
    ),
    "an item of a list": (
        "- first of all\n- second, in 2012\n- third and last\n",
        "- najpre\n- treće i poslednje\n",
        f"{SR}:4:3: error: the item `second, in 2012` of the source ({EN}:4:3) is missing before this [parity-blocks]",
    ),
    "a term with its definition": (
        "Widow\n:   The last line, alone.\n\nOrphan\n:   The first line, alone at the foot.\n",
        "Udovica\n:   Poslednji red, sam.\n",
        f"{SR}:3:1: error: the term `Orphan` of the source ({EN}:6:1) is missing behind this [parity-blocks]",
    ),
    "a term that is code": (
        "`Rivers`\n:   What flows.\n\n`Orphan`\n:   No one's river [@doe].\n",
        "Reke\n:   Što teče.\n",
        f"{SR}:3:1: error: the term `Orphan` of the source ({EN}:6:2) is missing behind this [parity-blocks]",
    ),
    "a figure": (
        "Text.\n\n![Trade](figure:trade){#fig-trade}\n\n![Debt](figure:debt){#fig-debt}\n",
        "Tekst.\n\n![Dug](figure:debt){#fig-debt}\n",
        f"{SR}:5:8: error: the figure `trade` of the source ({EN}:5:10) is missing before this [parity-figures]",
    ),
    "a picture in a line": (
        "It is ![a small page](images/margins-even.svg){height=8pt} here.\n",
        "Tu je.\n",
        f"{SR}:3:1: error: the picture `a small page` in a line of the source ({EN}:3:23) is missing [parity-figures]",
    ),
    "a table": (
        "Text.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n: Boats {#tbl-boats}\n",
        "Tekst.\n",
        f"{SR}:3:1: error: the table `tbl-boats` of the source ({EN}:5:3) is missing behind this [parity-tables]",
    ),
    "a row of a table": (
        "| A | B |\n|---|---|\n| ships | 1990 |\n| boats | 2010 |\n\n: Boats {#tbl-boats}\n",
        "| A | B |\n|---|---|\n| čamci | 2010. |\n\n: Čamci {#tbl-boats}\n",
        (
            f"{SR}:3:3: error: the table has 2 rows and 2 columns, and that of the source ({EN}:3:3) 3 and 2 "
            "[parity-tables]"
        ),
    ),
    "a column of a table": (
        "| A | B | C |\n|---|---|---|\n| ships | 1990 | 5 |\n\n: Boats {#tbl-boats}\n",
        "| A | B |\n|---|---|\n| brodovi | 1990. |\n\n: Čamci {#tbl-boats}\n",
        (
            f"{SR}:3:3: error: the table has 2 rows and 2 columns, and that of the source ({EN}:3:3) 2 and 3 "
            "[parity-tables]"
        ),
    ),
    "a cell": (
        "| A | B |\n|---|---|\n| ships | many |\n| boats | few |\n\n: Boats {#tbl-boats}\n",
        "| A | B |\n|---|---|\n| brodovi | |\n| čamci | malo |\n\n: Čamci {#tbl-boats}\n",
        f"{SR}:5:3: error: a cell is empty, and in the source ({EN}:5:11) it holds `many` [parity-tables]",
    ),
    "the source of a table": (
        '| A |\n|---|\n| one |\n\n: Boats {#tbl-boats source="An office, 2012"}\n',
        "| A |\n|---|\n| jedan |\n\n: Čamci {#tbl-boats}\n",
        (
            f"{SR}:3:3: error: the source of the table is missing; in the source ({EN}:3:3) it is `An office, 2012` "
            "[parity-tables]"
        ),
    ),
    "a box": (
        '::: {.tip title="Print it"}\nOn a screen all looks finished.\n:::\n\nText below.\n',
        "Tekst ispod.\n",
        f"{SR}:3:1: error: the box `Print it` of the source ({EN}:3:6) is missing before this [parity-blocks]",
    ),
    "a link": (
        "See [the report](https://example.org/report) of 2012.\n",
        "Videti izveštaj iz 2012.\n",
        (
            f"{SR}:3:1: warning: the link of the source ({EN}:3:6) to `https://example.org/report` is missing "
            "[parity-links]"
        ),
    ),
    "a cross-reference": (
        "See @fig-trade.\n\n![Trade](figure:trade){#fig-trade}\n",
        "Videti.\n\n![Trgovina](figure:trade)\n",
        f"{SR}:3:1: warning: the source ({EN}:3:5) refers to `@fig-trade`, and this does not [parity-references]",
    ),
    "a formula": (
        "It is $E = mc^2$, or $a < b$.\n",
        "To je $E = mc^2$.\n",
        f"{SR}:3:8: warning: the formula `a < b` of the source ({EN}:3:23) is missing [parity-formulas]",
    ),
    "a number": (
        "Of the 1,200 boats 31 were lost in 2012.\n",
        "Od 1.200 čamaca neki su nestali 2012.\n",
        f"{SR}:3:4: warning: the number `31` of the source ({EN}:3:20) is missing [parity-numbers]",
    ),
    "an id of a passage": (
        "A [place]{#place} to [see](#place).\n",
        "Jedno mesto da se [vidi](#place).\n",
        f"{SR}:3:1: error: the id `place` of the source ({EN}:3:4) is missing [parity-ids]",
    ),
}


@pytest.mark.parametrize("what", LOSSES)
def test_what_is_lost_is_named_where_it_should_stand(what: str) -> None:
    source, text, said = LOSSES[what]
    assert found(TITLE + source, NASLOV + text) == said


CHANGES = {
    "a number in a verse": (
        "| Before me\n| stood 13 men,\n| and none of them spoke.\n",
        "| Preda mnom\n| stade 31 čovek,\n| i niko ne reče reč.\n",
        f"{SR}:4:9: warning: the number is `31`, and `13` in the source ({EN}:4:9) [parity-numbers]",
    ),
    "a key in the last line of a verse": (
        "| Before me\n| stood men [@doe].\n",
        "| Preda mnom\n| stadoše ljudi [@roe].\n",
        f"{SR}:4:18: error: this cites `roe`, and the source ({EN}:4:14) `doe` [parity-citations]",
    ),
    "a number in a heading within a box": (
        "::: note\n## A box\n\nText.\n\n### In 13 steps\n\nText.\n:::\n",
        "::: note\n## Okvir\n\nTekst.\n\n### U 31 korak\n\nTekst.\n:::\n",
        f"{SR}:8:7: warning: the number is `31`, and `13` in the source ({EN}:8:8) [parity-numbers]",
    ),
    "a number in another language than that of its passage": (
        "::: {lang=de}\nEs war [13 km]{lang=fr}.\n:::\n",
        "::: {lang=de}\nEs war [31 km]{lang=fr}.\n:::\n",
        f"{SR}:4:9: warning: the number is `31`, and `13` in the source ({EN}:4:9) [parity-numbers]",
    ),
    "a figure of the same id": (
        "![One](figure:trade){#fig-a}\n",
        "![Jedan](figure:debt){#fig-a}\n",
        f"{SR}:3:10: error: the figure is `debt`, and in the source ({EN}:3:8) `trade` [parity-figures]",
    ),
    "a figure for a picture of the same id": (
        "![One](images/strip.svg){#fig-a}\n",
        "![Jedan](figure:debt){#fig-a}\n",
        f"{SR}:3:10: error: the figure is `debt`, and in the source ({EN}:3:8) `One` [parity-figures]",
    ),
    "a picture for a figure of the same id": (
        "![One](figure:debt){#fig-a}\n",
        "![Jedan](images/strip.svg){#fig-a}\n",
        f"{SR}:3:10: error: the figure is `Jedan`, and in the source ({EN}:3:8) `debt` [parity-figures]",
    ),
    "a key": (
        "So [@doe, p. 5].",
        "Tako [@roe, str. 5].",
        f"{SR}:3:7: error: this cites `roe`, and the source ({EN}:3:5) `doe` [parity-citations]",
    ),
    "a page": (
        "So [@doe, p. 5].",
        "Tako [@doe, str. 6].",
        f"{SR}:3:7: error: this cites `doe` with `str. 6`, and the source ({EN}:3:5) with `p. 5` [parity-citations]",
    ),
    "two pages that became one": (
        "So [@doe, pp. 5, 7].",
        "Tako [@doe, str. 57].",
        (
            f"{SR}:3:7: error: this cites `doe` with `str. 57`, and the source ({EN}:3:5) with `pp. 5, 7` "
            "[parity-citations]"
        ),
    ),
    "no page": (
        "So [@doe, p. 5].",
        "Tako [@doe].",
        (
            f"{SR}:3:7: error: this cites `doe` without a page or section, and the source ({EN}:3:5) with `p. 5` "
            "[parity-citations]"
        ),
    ),
    "a formula on lines of its own": (
        "$$ a = b $$ {#eq-a}",
        "$$ a = c $$ {#eq-a}",
        f"{SR}:3:4: warning: the formula is not that of the source ({EN}:3:4), `a = b` [parity-formulas]",
    ),
    "a decimal mark that is read as another": (
        "It was 1.414 m.",
        "Bilo je 1.414 m.",
        (
            f"{SR}:3:9: warning: `1.414` is not how `sr-Latn` writes the number `1.414` of the source ({EN}:3:8) "
            "[parity-numbers]"
        ),
    ),
    "a billion": (
        "It cost 3.2 billion euros.",
        "Koštalo je 3,2 bilion evra.",
        f"{SR}:3:12: warning: the number is `3,2 bilion`, and `3.2 billion` in the source ({EN}:3:9) [parity-numbers]",
    ),
    "a link": (
        "See [it](https://example.org/a).",
        "Videti [to](https://example.net/b).",
        (
            f"{SR}:3:9: warning: the link leads to `https://example.net/b`, and in the source ({EN}:3:6) to "
            "`https://example.org/a` [parity-links]"
        ),
    ),
    "a cross-reference": (
        "See @sec-a and @sec-b.",
        "Videti @sec-a i @sec-c.",
        f"{SR}:3:17: warning: this refers to `@sec-c`, and the source ({EN}:3:16) to `@sec-b` [parity-references]",
    ),
    "an id": (
        "A [place]{#place}.",
        "Jedno [mesto]{#mesto}.",
        f"{SR}:3:8: error: the id is `mesto`, and in the source ({EN}:3:4) `place` [parity-ids]",
    ),
    "a formula": (
        "It is $a < b$.",
        "To je $a > b$.",
        f"{SR}:3:8: warning: the formula is not that of the source ({EN}:3:8), `a < b` [parity-formulas]",
    ),
    "a kind of box": (
        "::: warning\nUnderlining was made for typewriters.\n:::",
        "::: tip\nPodvlačenje je smišljeno za pisaće mašine.\n:::",
        f"{SR}:3:5: error: the box is of the kind `tip`, and in the source ({EN}:3:5) `warning` [parity-blocks]",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_another_is_named_with_that_of_the_source(what: str) -> None:
    source, text, said = CHANGES[what]
    assert found(f"{TITLE}{source}\n", f"{NASLOV}{text}\n") == said


ADDITIONS = {
    "a note": (
        "It rose.",
        "Poraslo je.[^prev]\n\n[^prev]: Napomena prevodioca.",
        f"{SR}:3:12: warning: the note `[^prev]` (`Napomena prevodioca.`) is not in the source [parity-notes]",
    ),
    "a paragraph": (
        "It rose.",
        "Poraslo je.\n\nI tako dalje.",
        f"{SR}:5:1: warning: the paragraph `I tako dalje.` is not in the source [parity-blocks]",
    ),
    "a paragraph that stands twice": (
        "It rose.\n\nIt fell in 2012.",
        "Poraslo je.\n\nPalo je 2012.\n\nPalo je 2012.",
        f"{SR}:7:1: warning: the paragraph `Palo je 2012.` stands here twice ({SR}:5:1) [parity-blocks]",
    ),
    "a citation": (
        "It rose [@doe].",
        "Poraslo je [@doe; @roe].",
        f"{SR}:3:13: warning: this cites `roe`, and the source does not [parity-citations]",
    ),
    "a number of three digits": (
        "It rose.",
        "Poraslo je na 1989.",
        f"{SR}:3:15: warning: the number `1989` is not in the source [parity-numbers]",
    ),
    "an id": (
        "It rose.",
        "[Poraslo]{#porast} je.",
        f"{SR}:3:2: warning: the source has no id `porast` [parity-ids]",
    ),
}


@pytest.mark.parametrize("what", ADDITIONS)
def test_what_only_the_translation_has_is_a_warning(what: str) -> None:
    source, text, said = ADDITIONS[what]
    assert found(f"{TITLE}{source}\n", f"{NASLOV}{text}\n") == said


HEADINGS = {
    "one is missing": (
        "## One\n\nIn 2010 it rose.\n\n## Two\n\nIn 2011 it fell [@doe].\n\n## Three\n\nIn 2012 it stood.\n",
        "## Jedan\n\nRaste 2010.\n\nPada 2011. [@doe].\n\n## Tri\n\nStoji 2012.\n",
        (
            f"{SR}:7:1: error: the heading `Two` (level 2) of the source ({EN}:7:4) is missing before this "
            "[parity-headings]"
        ),
    ),
    "one has another level": (
        "## One\n\nText.\n\n### Two\n\nText.\n",
        "## Jedan\n\nTekst.\n\n## Dva\n\nTekst.\n",
        f"{SR}:7:4: error: the heading has the level 2, and in the source ({EN}:7:5) it has 3 [parity-headings]",
    ),
    "there is one more": (
        "## One\n\nIn 2010 it rose.\n\nIn 2011 it fell.\n",
        "## Jedan\n\nRaste 2010.\n\n## Novo\n\nPada 2011.\n",
        f"{SR}:7:4: error: the source has no heading where `Novo` stands [parity-headings]",
    ),
    "two have changed places": (
        "## One {#one}\n\nIn 2010 it rose.\n\n## Two {#two}\n\nIn 2011 it fell.\n",
        "## Dva {#two}\n\nPada 2011.\n\n## Jedan {#one}\n\nRaste 2010.\n",
        f"{SR}:3:4: error: the section `two` does not stand where it does in the source ({EN}:7:4) [parity-headings]",
    ),
    "one with an id is missing": (
        "## One {#one}\n\nIn 2010 it rose.\n\n## Two {#two}\n\nIn 2011 it fell.\n",
        "## Dva {#two}\n\nPada 2011.\n",
        (
            f"{SR}:3:4: error: the section `One` (level 2) of the source ({EN}:3:4) is missing before this "
            "[parity-headings]"
        ),
    ),
    "the title is missing": (
        "In 2010 it rose.\n",
        None,
        (
            f"{SR}:1:1: error: the heading `Rivers` (level 1) of the source ({EN}:1:3) is missing before this "
            "[parity-headings]"
        ),
    ),
}


@pytest.mark.parametrize("what", HEADINGS)
def test_headings_are_held_to_those_of_the_source(what: str) -> None:
    source, text, said = HEADINGS[what]
    assert found(TITLE + source, "Raste 2010.\n" if text is None else NASLOV + text) == said


def test_a_picture_of_the_same_id_may_be_another_file_and_one_without_may_not() -> None:
    source, text = "![One](images/strip.svg){}\n", "![Jedan](images/ruler.svg){}\n"
    assert found(TITLE + source.replace("{}", "{#fig-a}"), NASLOV + text.replace("{}", "{#fig-a}")) == ""
    assert found(TITLE + source.replace("{}", ""), NASLOV + text.replace("{}", "")) == (
        f"{SR}:3:10: error: the figure is `Jedan`, and in the source ({EN}:3:8) `One` [parity-figures]"
    )


@pytest.mark.parametrize("is_first", [True, False])
def test_a_lost_passage_in_another_language_is_told_and_not_the_paragraph_beside_it(is_first: bool) -> None:
    passage, paragraph = "::: {lang=de}\nZwei.\n:::\n", "One.\n"
    source = f"{passage}\n{paragraph}" if is_first else f"{paragraph}\n{passage}"
    (fault,) = compared(chapter(f"{NASLOV}Jedan.\n", "sr-Latn"), chapter(TITLE + source))
    assert fault.message.startswith("the paragraph `Zwei.` of the source")


def test_a_section_of_which_a_part_is_left_is_told_part_by_part() -> None:
    source = f"{TITLE}So.\n\n## Two\n\nIn 2011 it fell [@doe].\n\nIn 2012 it stood [@roe].\n"
    assert found(source, f"{NASLOV}Tako.\n\nStoji 2012. [@roe].\n") == (
        f"{SR}:5:1: error: the heading `Two` (level 2) of the source ({EN}:5:4) is missing before this "
        f"[parity-headings]\n{SR}:5:1: error: the paragraph `In 2011 it fell [@doe].` of the source ({EN}:7:1) is "
        "missing before this [parity-blocks]"
    )


def test_a_link_to_another_language_of_a_site_may_be_meant_and_one_to_another_site_is_not() -> None:
    def hint(source: str, text: str) -> str:
        ours, theirs = (f"# A\n\nSee [it](https://{host}/a).\n" for host in (text, source))
        (fault,) = compared(chapter(ours, "sr-Latn"), chapter(theirs))
        return fault.hint

    same = "where it is the same page in the language of the edition, name it in `differences:` in edition.yaml"
    assert hint("en.example.org", "sr.example.org") == hint("example.org", "sr.example.org") == same
    assert (
        hint("en.example.org", "en.other.org")
        == hint("example.org", "example.net")
        == hint("a.bcd", "ab.cd")
        == "let it lead where the source does"
    )


def test_a_section_that_is_not_translated_yet_is_one_finding() -> None:
    source = (
        f"{TITLE}In 2010 it rose.\n\n## Two\n\nIn 2011 it fell [@doe].[^n]\n\n- so\n- and so\n\n### Three\n\n"
        "In 2012 it stood.\n\n[^n]: A note.\n"
    )
    missing = "of the source ({}) is missing behind this [parity-headings]"
    assert found(source, f"{NASLOV}Raste 2010.\n").splitlines() == [
        f"{SR}:3:1: error: the section `Three` (level 3) {missing.format(f'{EN}:12:5')}",
        f"{SR}:3:1: error: the section `Two` (level 2) {missing.format(f'{EN}:5:4')}",
    ]


def test_where_headings_may_differ_what_is_lost_below_one_is_told_part_by_part() -> None:
    faults = Faults({"parity-headings": "off"})
    compared(
        chapter(f"{NASLOV}Raste 2010.\n", "sr-Latn"),
        chapter(f"{TITLE}In 2010 it rose.\n\n## Two\n\nIn 2011 it fell.\n"),
        faults=faults,
    )
    assert [(fault.rule, fault.message.partition(" (")[0]) for fault in faults.all()] == [
        ("parity-blocks", "the paragraph `In 2011 it fell.` of the source")
    ]


def test_a_missing_block_does_not_shift_the_others() -> None:
    paragraphs = [f"In {year} it was {year - 1900} km, and nobody minded." for year in range(1990, 2000)]
    pasusi = [f"Godine {year}. bilo je {year - 1900} km i nikome nije smetalo." for year in range(1990, 2000)]
    del pasusi[4]
    assert found(TITLE + "\n\n".join(paragraphs), NASLOV + "\n\n".join(pasusi)) == (
        f"{SR}:11:1: error: the paragraph `In 1994 it was 94 km, and nobody minded.` of the source ({EN}:11:1) is "
        "missing before this [parity-blocks]"
    )


def test_what_stands_in_a_lost_block_is_not_told_again() -> None:
    source = f"{TITLE}One.\n\nTwo [@doe] in 2012.[^n]\n\n[^n]: Three, at <https://example.org>.\n"
    assert [fault.rule for fault in compared(chapter(f"{NASLOV}Jedan.\n", "sr-Latn"), chapter(source))] == [
        "parity-blocks"
    ]


def test_two_paragraphs_that_are_joined_are_one_finding() -> None:
    source = f"{TITLE}In 2010 it rose [@doe].\n\nIn 2011 it fell.[^n]\n\n[^n]: So.\n"
    text = f"{NASLOV}Raste 2010. [@doe]. Pada 2011.[^n]\n\n[^n]: Tako.\n"
    assert [fault.rule for fault in compared(chapter(text, "sr-Latn"), chapter(source))] == ["parity-blocks"]


def test_items_that_are_joined_are_told_at_the_one_that_holds_both() -> None:
    source = f"{TITLE}- One river is long.\n- Two of them are short.\n- Three lakes are deep and cold.\n"
    text = f"{NASLOV}- Jedna reka je duga, a dve su kratke, vrlo.\n- Tri jezera su duboka i hladna.\n"
    assert found(source, text) == (
        f"{SR}:3:3: warning: the item `Two of them are short.` of the source ({EN}:4:3) seems to be joined to this "
        "[parity-blocks]"
    )


def test_a_figure_and_an_id_may_stand_in_another_section_and_a_note_is_a_warning() -> None:
    source = (
        f"{TITLE}One.[^n]\n\n![Trade](figure:trade){{#fig-trade}}\n\n## Two\n\nA [place]{{#place}}.\n\n[^n]: Note.\n"
    )
    text = (
        f"{NASLOV}Jedan, [mesto]{{#place}}.\n\n## Dva\n\nTu.[^n]\n\n![Trgovina](figure:trade){{#fig-trade}}\n\n"
        "[^n]: Beleška.\n"
    )
    assert found(source, text) == (
        f"{SR}:7:4: warning: the note `[^n]` stands in this paragraph, and does not in the source ({EN}:9:1) "
        "[parity-notes]"
    )


UNTRANSLATED = "The river carried timber and grain to the towns below.\n"


def test_a_text_that_is_still_in_the_source_language_is_named() -> None:
    assert found(TITLE + UNTRANSLATED, NASLOV + UNTRANSLATED) == (
        f"{SR}:3:1: warning: the paragraph is word for word that of the source ({EN}:3:1): "
        "`The river carried timber and grain to the towns …` [parity-untranslated]"
    )


@pytest.mark.parametrize(
    "same",
    [
        "`The river carried timber and grain to the towns below.`\n",
        "[The river carried timber and grain to the towns below.]{lang=en}\n",
        f"::: {{lang=en}}\n{UNTRANSLATED}:::\n",
        f"::: untranslated\n{UNTRANSLATED}:::\n",
        "Five words are a name.\n",
        "International Bank for Reconstruction and Development, Washington, District of Columbia\n",
        "*The river that carried timber and grain to the towns below*\n",
        "<https://example.org/the/river/carried/timber/and/grain/to/the/towns>\n",
        "$the + river + carried + timber + and + grain$\n",
        '^["The river that carried timber and grain", in: Doe, 2012.]\n',
        '| A | 1 |\n|---|---|\n| 2 | 3 |\n\n: Toll {#tbl-a source="the report that a river commission wrote for it"}\n',
    ],
)
def test_what_is_meant_to_stay_is_not_untranslated(same: str) -> None:
    source = UNTRANSLATED if "untranslated" in same else same
    assert found(TITLE + source, NASLOV + same) == ""


def test_what_stays_in_the_language_of_a_sister_edition_is_not_untranslated() -> None:
    assert found(TITLE + UNTRANSLATED, TITLE + UNTRANSLATED, "en") == ""


def test_a_passage_that_is_still_to_be_translated_is_there_with_its_notes_and_works() -> None:
    source = f"{TITLE}In 2010 it was 1,000 km [@doe].[^n]\n\n[^n]: So.\n"
    text = f"{NASLOV}::: untranslated\nIn 2010 it was 2,000 km.[^n]\n:::\n\n[^n]: So.\n"
    assert (
        found(source, text)
        == f"{SR}:4:1: error: the source ({EN}:3:26) cites `doe`, and this does not [parity-citations]"
    )


def test_figures_that_are_each_in_another_section_are_all_found_there() -> None:
    figures = ("![Trade](figure:trade){#fig-trade}\n\n", "![Debt](figure:debt){#fig-debt}\n\n")
    source = f"{TITLE}One.\n\n{figures[0]}## Two\n\nThere.\n\n{figures[1]}## Three\n\nSo.\n\n## Four\n\nAnd so.\n"
    text = f"{NASLOV}Jedan.\n\n## Dva\n\nTu.\n\n## Tri\n\nTako.\n\n{figures[0]}## Četiri\n\nI tako.\n\n{figures[1]}"
    assert found(source, text) == ""
    assert found(source, text.replace(figures[1], "")) == (
        f"{SR}:7:1: error: the figure `debt` of the source ({EN}:11:9) is missing behind this [parity-figures]"
    )


def test_what_is_lost_within_a_note_is_told() -> None:
    source = f"{TITLE}One.[^n]\n\n[^n]: In 2010 it was a mill.\n\n    In 2012 it was a school.\n"
    assert found(source, f"{NASLOV}Jedan.[^n]\n\n[^n]: Godine 2010. mlin.\n") == (
        f"{SR}:5:7: error: the paragraph `In 2012 it was a school.` of the source ({EN}:7:5) is missing behind this "
        "[parity-blocks]"
    )


def test_how_a_number_is_to_be_written_is_told_with_its_decimals() -> None:
    def hints(source: str, text: str, tag: str) -> list[str]:
        told = compared(chapter(f"{NASLOV}{text}\n", tag), chapter(f"{TITLE}{source}\n"))
        return [fault.hint for fault in told if fault.rule == "parity-numbers"]

    assert hints("It was 1,234.56 km.", "Il faisait 1,234.56 km.", "fr") == ["write `1\u202f234,56`"]
    assert hints("It was 2 million.", "Bilo je 2 milijarde.", "sr-Latn") == [
        "`milijarde` has 9 noughts, and `million` has 6"
    ]


def test_a_formula_may_write_its_numbers_and_words_as_the_language_does() -> None:
    assert found(f"{TITLE}So $x = 1.5 \\text{{ if}}$.\n", f"{NASLOV}Tako $x = 1{{,}}5 \\text{{ ako}}$.\n") == ""
    assert found(f"{TITLE}So $x = 1.5$.\n", f"{NASLOV}Tako $x = 15$.\n") == (
        f"{SR}:3:7: warning: the formula is not that of the source ({EN}:3:5), `x = 1.5` [parity-formulas]"
    )


@pytest.mark.parametrize(
    ("source", "text", "left"),
    [
        (
            "In spring the river carried timber and grain to the towns.",
            "U proleće {} do gradova.",
            "the river carried timber and grain",
        ),
        (
            "It was so. The towns were free. Nobody paid for it.",
            "Bilo je tako. {}. Niko nije platio.",
            "The towns were free",
        ),
        (
            "In spring the river carried timber, and so it was.",
            "U proleće the river carried timber, i tako je bilo.",
            "",
        ),
        ("It was so. The towns were free. Nobody paid for it.", "Bilo je tako. The towns. Niko nije platio.", ""),
        ("It was so. The Towns were free. Nobody paid.", "Bilo je tako. The Towns were free. Niko nije platio.", ""),
        ("The towns were free. Nobody paid for it.", "{}. Niko nije platio za to.", "The towns were free"),
        ("It was so. Towns were free. Nobody paid.", "Bilo je tako. {}. Niko nije platio.", "Towns were free"),
        ("So the river carried timber and grain.", "Tako {}.", "the river carried timber and grain"),
        (
            "It was so. The Towns Of Zemun. Nobody paid for it.",
            "Bilo je tako. The Towns Of Zemun. Niko nije platio.",
            "",
        ),
    ],
)
def test_words_that_were_left_within_a_translation_are_told_from_six_on_or_a_sentence(
    source: str, text: str, left: str
) -> None:
    said = f"`{left}` is word for word in the source ({EN}:3:1), too [parity-untranslated]"
    told = found(f"{TITLE}{source}\n", f"{NASLOV}{text.format(left)}\n")
    assert told == (f"{SR}:3:{text.index('{') + 1}: warning: {said}" if left else "")
