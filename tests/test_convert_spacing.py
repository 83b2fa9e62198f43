"""Spaces by language: what a line may not divide, what is narrow, and what is never touched."""

from __future__ import annotations

import pytest

from impressum.core.errors import Place
from impressum.core.model import document as d
from impressum.stages.convert.spacing import spaced
from impressum.stages.convert.spacing_words import LANGUAGES

HERE = Place("chapters/en/01-start.md", 1, 1)


def words(text: str) -> tuple[d.Inline, ...]:
    """`text` as a line: its words, and spaces between them."""
    line: list[d.Inline] = []
    for word in text.split(" "):
        line += [d.Space(HERE)] if line else []
        line.append(d.Text(HERE, word))
    return tuple(line)


def shown(line: tuple[d.Inline, ...], language: str) -> str:
    """The words of `line` in `language`; `~` is a no-break space, `^` a narrow one."""
    blocks = spaced((d.Paragraph(HERE, line),), language)
    return d.plain(blocks).replace("\u00a0", "~").replace("\u202f", "^")


def test_the_last_two_words_of_a_paragraph_in_a_box_stay_together() -> None:
    long = "In 2022 its investment came close to that of the whole of the Union"

    def in_box(text: str) -> str:
        box = d.Box(HERE, "key-findings", "", None, (), (d.Paragraph(HERE, words(text)),))
        return d.plain(spaced((box,), "en")[0]).replace("\u00a0", "~")

    assert in_box(long).endswith("of the~Union")
    assert in_box("A short one").endswith("A short one")
    assert in_box(f"{long}'s telecommunications infrastructure").endswith("telecommunications infrastructure")
    assert shown(words(long), "en") == long


SENTENCES = {
    "en": (
        "On 3 May 2024 Dr. J. R. Roe saw 3 million people, 5 % of 30 000 km, pp. 8-9, § 5, € 4, No. 7 – and I a dog",
        "On 3~May 2024 Dr.~J.~R.~Roe saw 3~million people, 5^% of 30^000~km, pp.~8–9, §^5, €~4, No.~7~– and I a dog",
    ),
    "de": (
        "Am 3. Mai z. B. (z.B.) d. h. i.d.R. in Nr. 5, S. 8-9, Dr. Roe, 5 €, 3 Mio. Euro, Art. 4, im 19. Jh.",
        "Am 3.~Mai z.^B. (z.^B.) d.^h. i.^d.^R. in Nr.~5, S.~8–9, Dr.~Roe, 5~€, 3~Mio. Euro, Art.~4, im 19.~Jh.",
    ),
    "fr": (
        "Quoi ! Comment? Ainsi: Voilà : oui ; « bon » ou 10 000 km à 12:30, M. Roe, p. 4-6, n° 5 et 5 millions",
        "Quoi^! Comment^? Ainsi~: Voilà~: oui^; «^bon^» ou 10^000~km à 12:30, M.~Roe, p.~4–6, n°~5 et 5~millions",
    ),
    "sr-Latn": (
        "U Nišu i u Beogradu, a ne k nama: 3. maja 2023. godine dr Ana Anić, br. 5, čl. 3, str. 8-9, 10 km, npr. 5 %",
        "U~Nišu i~u~Beogradu, a~ne k~nama: 3.~maja 2023.~godine dr~Ana Anić, br.~5, čl.~3, str.~8–9, 10~km, npr. 5^%",
    ),
    "sr-Cyrl": (
        "У Нишу и у Београду, а не к нама: 3. маја 2023. године др Ана Анић, бр. 5, чл. 3, стр. 8-9, 10 км, нпр. 5 %",
        "У~Нишу и~у~Београду, а~не к~нама: 3.~маја 2023.~године др~Ана Анић, бр.~5, чл.~3, стр.~8–9, 10~км, нпр. 5^%",
    ),
    "hr": (
        "U Zagrebu, a s njim i Split: 3. svibnja 2023. godine dr. Ana Anić, str. 8-9, 5 milijuna eura",
        "U~Zagrebu, a~s~njim i~Split: 3.~svibnja 2023.~godine dr.~Ana Anić, str.~8–9, 5~milijuna eura",
    ),
    "cs": ("V Praze a s tebou, 3. května, č. 5", "V~Praze a~s~tebou, 3.~května, č.~5"),
    "pl": ("W Łodzi i z nim, nr 5, 3 mln zł", "W~Łodzi i~z~nim, nr~5, 3~mln zł"),
    "xx": ("A u B, J. Roe, 10 km, word – word", "A u B, J.~Roe, 10~km, word~– word"),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_spaces_are_those_of_the_language(language: str) -> None:
    written, expected = SENTENCES[language]
    assert shown(words(written), language) == expected


def test_no_word_changes_but_for_the_dash_of_a_range_of_pages() -> None:
    for language, (written, _) in SENTENCES.items():
        kept = "".join(shown(words(written), language).replace("~", "").replace("^", "").replace("–", "-").split())
        assert kept == "".join(written.replace("–", "-").split())


def test_a_passage_in_another_language_has_its_own_spaces() -> None:
    line = (*words("Grad u"), d.Space(HERE), d.Span(HERE, "", "en", words("a town u town")), *words(" i on"))
    assert shown(line, "sr-Latn") == "Grad u~a town u town i~on"


def test_emphasis_and_quotation_marks_do_not_divide_a_word_from_its_space() -> None:
    line = (
        *words("To je u"),
        d.Space(HERE),
        d.Styled(HERE, "emphasis", words("Nišu i u")),
        d.Space(HERE),
        d.Quoted(HERE, True, words("selu")),
    )
    assert shown(line, "sr-Latn") == "To je u~Nišu i~u~selu"


def test_code_formulas_and_addresses_are_left_alone() -> None:
    address = "https://example.org/a!b;c"
    line = (
        d.Code(HERE, "u 5 km ; !"),
        d.Space(HERE),
        d.Math(HERE, "5 km", display=False),
        d.Space(HERE),
        d.Link(HERE, address, (d.Text(HERE, address),)),
    )
    blocks = (d.Paragraph(HERE, line), d.CodeBlock(HERE, "u 5 km", None))
    assert spaced(blocks, "fr") is blocks


def test_the_words_of_a_note_have_its_spaces_too() -> None:
    note = d.Note(HERE, None, (d.Paragraph(HERE, words("see p. 5")),))
    (paragraph,) = spaced((d.Paragraph(HERE, (*words("So"), note)),), "en")
    (said,) = [node for node in d.walk(paragraph) if isinstance(node, d.Note)]
    assert d.plain(said.content) == "see p.\u00a05"


def test_every_word_of_one_letter_that_ends_no_line_is_one_letter() -> None:
    for known in LANGUAGES.values():
        assert all(len(word) == 1 for word in known.short)
