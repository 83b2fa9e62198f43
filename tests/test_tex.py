"""TeX as LaTeX reads it: what pandoc refuses, drops or sets otherwise, and names that Typst has no more."""

from __future__ import annotations

import json

import typst as compiler

from impressum.stages.convert.build import LABEL
from impressum.stages.convert.formulas import _mathematics
from impressum.stages.convert.preprocess import as_pandoc_reads
from impressum.stages.convert.tex import for_pandoc

READ = {
    r"A \cap B \otimes C": "A ∩ B ⊗ C",
    r"\bigcap_i A_i \odot \hbar": "⋂_i A_i ⊙ ℏ",
    r"a \; b \! c \enspace d": "a #h(0.278em) b #h(-0.167em) c #h(0.5em) d",
    r"a \space b": "a med b",
    r"\Big \lfloor x \Big\rfloor": "#scale(x: 180%, y: 180%)[⌊] x #scale(x: 180%, y: 180%)[⌋]",
    r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}": 'mat(delim: "|", a, b; c, d)',
    r"\begin{Vmatrix} a & b \\ c & d \end{Vmatrix}": 'mat(delim: "‖", a, b; c, d)',
    r"\begin{matrix} a & b \\ c & d \\ \end{matrix}": "mat(delim: #none, a, b; c, d)",
    r"\begin{array}{c|@{}c} a & b \\ \hline c & d \end{array}": "mat(delim: #none, a, b; c, d)",
    r"\bigl(\begin{smallmatrix} a \\ c \end{smallmatrix}\bigr)": (
        r"#scale(x: 120%, y: 120%)[\(] mat(delim: #none, a; c) #scale(x: 120%, y: 120%)[\)]"
    ),
    r"\begin{pmatrix*}[r] a & b \end{pmatrix*}": 'mat(delim: "(", a, b)',
    r"\begin{cases} 1 & \text{if } x \\ 0 & y \end{cases}": (
        'cases(delim: "{", 1 & quad upright("if ") x, 0 & quad y)'
    ),
    r"\left\{ \begin{array}{ll} a & b \end{array} \right.": 'cases(delim: "{", a & quad b)',
    r"\left. \frac{a}{b} \right|_{x=0}": r"lr(a / b \|)_(x = 0)",
    r"\left\{ \frac{a}{b} \right.": r"lr(\{ a / b)",
    r"a = b \\ c = d": "a = b\\\nc = d",
    r"a &= b \notag \\ c &= d \label{eq:d} \\": "a & = b\\\nc & = d",
    r"\begin{equation} x \vphantom{\sum} \tag{A} \end{equation}": 'x #h(2em) upright("(A)")',
    r"\begin{eqnarray} a &=& b \\ c &\leq& d \end{eqnarray}": "a & = b\\\nc & lt.eq d",
    r"\|x\|^2 \leq |y| \parallel z": r"‖x‖^2 lt.eq\|y\|parallel z",
    r"\left\| x \right\| + \big\Vert y": "∥x∥ + #scale(x: 120%, y: 120%)[‖] y",
    r"\boxed{x = 1}": "framed(x = 1)",
    r"{\rm d}x + {a \over b}": "upright(d) x + a / b",
    r"\$ 5": r"\$ 5",
    r"\text{a\;b}": 'upright("a b")',
}


def test_formulas_are_set_as_latex_sets_them() -> None:
    found = json.loads(_mathematics(tuple(READ)))
    assert dict(zip(READ, found, strict=True)) == READ
    framed = "#let framed(body) = box(stroke: 1pt, $body$)\n"
    assert compiler.compile((framed + "\n".join(f"$ {one} $" for one in found)).encode(), format="pdf")


def test_what_is_no_latex_is_left_to_pandoc_as_it_is() -> None:
    for tex in (r"\leftarrow x", r"\left( x \right)", r"a \\[2pt] b"[:1], r"\begin{pmatrix} a & b \end{pmatrix}"):
        assert for_pandoc(tex) == tex


def test_formulas_of_latex_are_displayed_and_what_sets_no_words_is_left_out() -> None:
    text = r"""\newpage

So far: \noindent{}

\begin{align*}
a &= b \\
c &= \text{if $x$}
\end{align*}

$$
\begin{equation} x \hspace{1cm} y \end{equation}
$$

\[
z = 1
\].

\[sic\] in `\newpage` and C:\small\large"""
    read = as_pandoc_reads(text)
    assert read.split("\n") == [
        *("<!---->", "", "So far: ", "", r"$$\begin{align*}", r"a &= b \\", r"c &= \text{if $x$}", r"\end{align*}$$"),
        *("", "$$", r"\begin{equation} x \hspace{1cm} y \end{equation}", "$$", "", "$$", "z = 1", "$$.", ""),
        r"\[sic\] in `\newpage` and C:\small\large",
    ]


def test_a_formula_is_named_as_latex_and_bookdown_name_it() -> None:
    names = [LABEL.search(tex) for tex in (r"x \label{eq:a.b}", r"x \label{mine}", r"x (\#eq:c)", r"x \tag{1}")]
    assert [found and (found["latex"] or found["bookdown"]) for found in names] == ["a.b", "mine", "c", None]
