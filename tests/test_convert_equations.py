"""Formulas: numbered, in_signs aloud, within the type area, in signs that no template shadows."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
from building import REPOSITORY, impressum, words_of
from test_convert_crossrefs import built, pdf_of, publication, shown

from impressum.stages.convert.preprocess import expanded, macros_of
from impressum.stages.convert.spoken import in_signs
from impressum.stages.verify.pages import PrintedPages

ALIGNED = r"$$\begin{aligned} a &= b + c \\ &= d \end{aligned}$$"
FORMULAS = {
    r"E = mc^2": "E = mc^2",
    r"d_t = \frac{1 + r}{1 + g}\, d_{t-1} - p_t": "d_t = (1 + r)/(1 + g) d_(t − 1) − p_t",
    r"\sum_{i=1}^{n} x_i \leq \sqrt{\alpha^2+\beta}": "∑_(i = 1)^n x_i ≤ √(α^2 + β)",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}": "a = b ; = c",
    r"\hat{y} = \left( \text{price of oil} \right) \cdot \ln x": "ŷ = (price of oil) · ln x",
    r"\sqrt[3]{x} + \binom{n}{k}": "√[3]x + C(n, k)",
    r"\{x \mid x > 0\}": "{x | x > 0}",
    r"\unknown{x}": "unknown x",
}


@pytest.mark.parametrize("tex", FORMULAS)
def test_a_formula_is_said_in_signs_on_one_line(tex: str) -> None:
    assert in_signs(tex) == FORMULAS[tex]


def alternatives(pdf: bytes) -> list[str]:
    """What is in_signs in the place of each formula of the file."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            str(thing.Alt)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Formula" and "/Alt" in thing
        ]


def test_a_formula_with_an_id_is_numbered_and_one_without_is_not(tmp_path: Path) -> None:
    text = f"""\
# One

The debt is $$d = g$$ {{#eq-debt}} where the text goes on, and @eq-debt is its number.

{ALIGNED} {{#eq-two}}

[$$x = y$$]{{#eq-three alt="The one is the other."}}

$$E = m c^2.$$

See @eq-two, [-@eq-three].
"""
    pdf = pdf_of(publication(tmp_path, text))
    page = shown(pdf)[3]
    assert re.findall(r"\(\d\)", page) == ["(1)", "(1)", "(2)", "(3)", "(2)", "(3)"]
    assert "See Equation (2), (3)." in page
    assert alternatives(pdf) == ["d = g", "a = b + c ; = d", "The one is the other.", "E = m c^2."]


def test_a_formula_that_is_too_wide_breaks_at_its_signs(tmp_path: Path) -> None:
    tex = " + ".join(f"a_{{{number}}}" for number in range(40))
    root = publication(tmp_path, f"# One\n\n$${tex} = b$$ {{#eq-wide}}\n\nSee @eq-wide.\n")
    printed = PrintedPages(pdf_of(root))
    lines = [words_of(line.text) for line in printed.pages[3].lines if "𝑎" in line.text]
    printed.close()
    assert len(lines) > 2
    assert [line[-1] for line in lines] == ["+"] * (len(lines) - 1) + ["𝑏"]
    assert " ".join(lines) == " + ".join(f"𝑎{number}" for number in range(40)) + " = 𝑏"


def test_a_formula_that_cannot_break_is_named_where_it_leaves_the_type_area(tmp_path: Path) -> None:
    tex = " + ".join(f"a_{{{number}}}" for number in range(60))
    root = publication(tmp_path, f"# One\n\n$$\\frac{{{tex}}}{{b}}$$\n")
    ran = impressum(root, "build")
    assert ran.code == 1
    assert ran.faults.startswith("chapters/en/01-part.md:3:4: error: ")
    assert "[page-outside]" in ran.faults


def test_what_cannot_be_read_as_a_formula_is_printed_as_it_stands(tmp_path: Path) -> None:
    root = publication(tmp_path, "# One\n\n$$\\nonsense{$$ {#eq-a}\n\nSee @eq-a.\n")
    ran = impressum(root, "build")
    assert ran.code == 0
    assert "the command `\\nonsense` is not known [math-unreadable]" in ran.faults
    assert ran.faults.count("[") == 1


def test_the_names_of_templates_are_no_signs_of_mathematics(tmp_path: Path) -> None:
    text = r"# One" + "\n\n" + r"$$a \, b \quad \mathsf{S} \mathtt{M} \displaystyle\sum_i \wedge x$$" + "\n"
    page = built(publication(tmp_path, text))[3]
    assert "rgb" not in page
    assert "pt" not in page
    template = REPOSITORY / "impressum/templates/book/elements.typ"
    exported = re.findall(
        r"[\w*-]+", " ".join(re.findall(r"^#import \S+: (.+)$", template.read_text(encoding="utf-8"), flags=re.M))
    )
    assert exported
    assert not {"thin", "med", "thick", "quad", "wide", "sans", "serif", "mono", "display", "*"} & set(exported)


def test_formulas_are_read_as_latex_reads_them(tmp_path: Path) -> None:
    """A row that ends and none that follows, functions without a name in TeX, commands that the chapter defines."""
    text = r"""# One

\newcommand{\R}{\mathbb{R}}
\newcommand{\norm}[1]{\lVert #1 \rVert}
\DeclareMathOperator{\rank}{rank}

$$\begin{bmatrix} 1 & 2 \\ 3 & 4 \\ \end{bmatrix}$$

$$x = \argmin_y f(y)$$ {#eq-least}

The $\rank A$ and $\norm{x}$ of $x \in \R$, as in @eq-least; $\begin{pmatrix} 5 \\ \end{pmatrix}$.
"""
    pdf = pdf_of(publication(tmp_path, text))
    page = shown(pdf)[3]
    assert "newcommand" not in page
    assert "none" not in page
    assert "rank" in page
    assert "‖" in page
    assert "ℝ" in page
    assert "as in Equation (1)" in page
    assert "\\operatorname" not in " ".join(alternatives(pdf))
    assert "x ∈ bb(R)" not in " ".join(alternatives(pdf))


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\twice{a} \R^n", r"aa \mathbb{R}^n"),
        (r"\twice x", "xx"),
        (r"\twice", r"\twice"),
        (r"\Real", r"\Real"),
        (r"\outer{\R}", r"\mathbb{R}\mathbb{R}+1"),
    ],
)
def test_commands_that_a_chapter_defines_are_replaced(tex: str, shown: str) -> None:
    text = "\\newcommand{\\R}{\\mathbb{R}}\n\\newcommand\\twice[1]{#1#1}\n\\renewcommand{\\outer}[1]{\\twice{#1}+1}\n"
    assert expanded(tex, macros_of(text + "\n`\\newcommand{\\Real}{r}`\n")) == shown


def test_commands_that_define_themselves_come_to_an_end() -> None:
    macros = macros_of("\\newcommand{\\x}{" + "\\x" * 200 + "}\n")
    assert len(expanded(r"\x", macros)) <= 20_001


def test_a_formula_that_defines_its_own_commands_is_written_out_and_comes_to_an_end() -> None:
    """Ensures it of what pandoc would otherwise write out itself, for hours."""
    assert expanded(r"\newcommand{\R}[1]{\mathbb{R}^#1}\R2", {}) == r"\mathbb{R}^2"
    growing = "".join(rf"\newcommand{{\x{new}}}{{{old * 10}}}" for old, new in zip("abcdef", "bcdefg", strict=True))
    growing = re.sub(r"(?<=[{a-f])(?=[a-f])", r"\\x", growing)
    assert len(expanded(growing + r"\xg", {})) == 20_001


DEEP = "is nested too deeply [nested-too-deep]\n  hint: divide it, or give its parts names"
DEFINES = r"\newcommand{\a}[1]{\newcommand{\b}{{{{#1}}}}\a{\b\b}}\a x"
SLOW = {
    "x_{" * 20 + "y" + "}" * 20: f"error: the formula `{'x_{' * 19}…` {DEEP}",
    r"\sum^\frac{" * 20: "error: the formula `" + r"\sum^\frac{" * 5 + rf"\s…` {DEEP}",
    DEFINES: f"warning: the formula `{DEFINES}` cannot be read as mathematics and is printed as it stands: the command "
    r"`\newcommand` is not known [math-unreadable]"
    "\n  hint: define each command on a line of its own in the chapter, and none within another",
}


def test_a_formula_that_pandoc_would_read_for_hours_is_told_alone(tmp_path: Path) -> None:
    root = publication(tmp_path, "# One\n\nGood is $x^2$.\n\n" + "\n\n".join(f"${tex}$" for tex in SLOW) + "\n")
    assert impressum(root, "check").faults == "\n".join(
        f"chapters/en/01-part.md:{place}: {in_signs}"
        for place, in_signs in zip(("5:2", "7:3", "9:3"), SLOW.values(), strict=True)
    )
