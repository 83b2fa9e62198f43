"""Formulas on the finished pages: none is lost, and what is wrong with one is told at its own place."""

from __future__ import annotations

import io
from functools import cache

import pikepdf
import pytest
from verifying import Set, made

from impressum.stages.verify.links import target_of

CHAPTER = r"""# Debt in $d$

The debt $d_t$ grows.^[It was $d_0$ before.]

$$d_t = \frac{1 + r}{1 + g} d_{t-1} - p_t$$ {#eq-debt}

See @eq-debt, which is not the deficit.

$$p_t = 0$$

And once more:

$$p_t = 0$$
"""
RULES = "chapter-end: off, type-spacing: off, type-rhythm: off"  # the chapter is of a few lines


@cache
def debt() -> Set:
    return made(
        {
            "publication.yaml": f"title: Debt\nlanguage: en\ndate: 2025-01-31\nrules: {{{RULES}}}\n",
            "chapters/en/01-debt.md": CHAPTER,
        }
    )


def without(alt: str) -> bytes:
    """The pages, where the last formula that is said as `alt` is tagged as common text."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(debt().pdf)) as document:
        tags = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing]
        formula = [tag for tag in tags if tag.get("/S") == "/Formula" and str(tag.Alt) == alt][-1]
        formula.S = pikepdf.Name.Span
        document.save(out)
    return out.getvalue()


def test_formulas_in_titles_texts_notes_and_on_lines_of_their_own_are_all_there() -> None:
    assert debt().faults() == ""
    assert [formula.text for formula in debt().expected.chapters[0].formulas] == [
        *("d", "d_t", "d_0", "d_t = (1 + r)/(1 + g) d_(t − 1) − p_t", "p_t = 0", "p_t = 0"),
    ]


def test_a_reference_to_a_formula_aims_at_its_own_lines() -> None:
    with debt().evidence() as evidence:
        (label,) = (anchor.label for anchor in evidence.expected.anchors if anchor.kind == "equation")
        aim = target_of(evidence, label)
        (made,) = (one for one, _ in evidence.formulas if one.text.startswith("d_t ="))
        assert aim == (made.page, made.box.top, True)
        assert min(one.box.top for one, _ in evidence.formulas if one.page == made.page) < made.box.top


@pytest.mark.parametrize(("alt", "place"), [("d_t", "3:11"), ("d_0", "3:32"), ("p_t = 0", "13:3")])
def test_a_formula_that_is_not_in_the_tags_is_named(alt: str, place: str) -> None:
    assert debt().faults(without(alt)) == (
        f"chapters/en/01-debt.md:{place}: error: the formula `{alt}` is not in the file [formula-lost]"
    )


def test_formulas_that_a_template_leaves_out_are_named_with_what_to_do() -> None:
    numbers = "#let equation-block(name, number, ..) = if name != none [#metadata(none)#label(name) (#number)]"
    left = debt().with_definitions(numbers)
    lost = "is not in the file [formula-lost]"
    hint = "  hint: look whether a template of this publication leaves it out; if not, this is a fault of Impressum"
    assert debt().report(left)[1].splitlines() == [
        f"chapters/en/01-debt.md:5:3: error: the formula `d_t = (1 + r)/(1 + g) d_(t …` {lost}",
        hint,
        f"chapters/en/01-debt.md:9:3: error: the formula `p_t = 0` {lost}",
        hint,
        f"chapters/en/01-debt.md:13:3: error: the formula `p_t = 0` {lost}",
        hint,
    ]


def test_a_formula_outside_the_type_area_is_named_at_its_own_place() -> None:
    wide = """#let equation-block(name, number, alt, formula) = block[
  #if name != none [#metadata(none)#label(name) (#number)]
  #math.equation(alt: alt, if name == none { h(60em) } + formula.body)
]"""
    told = debt().faults(debt().with_definitions(wide)).splitlines()
    assert [line.partition(": error: ")[0] for line in told if "[page-outside]" in line] == [
        "chapters/en/01-debt.md:9:3",
        "chapters/en/01-debt.md:13:3",
    ]
