"""Formulas to be read aloud in any language: TeX in signs on one line, `(a + b)/c` for a fraction, without words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_&]|\s+|\d+(?:[.,]\d+)*|.", re.DOTALL)


def _named(names: str, signs: str) -> dict[str, str]:
    return dict(zip(names.split(), signs.split(), strict=True))


SIGNS = {
    **_named("alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota", "α β γ δ ε ε ζ η θ ϑ ι"),
    **_named("kappa lambda mu nu xi pi rho sigma varsigma tau upsilon phi varphi chi", "κ λ μ ν ξ π ρ σ ς τ υ φ ϕ χ"),
    **_named("psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega", "ψ ω Γ Δ Θ Λ Ξ Π Σ Υ Φ Ψ Ω"),
    **_named("sum prod int iint oint infty partial nabla pm mp times div cdot", "∑ ∏ ∫ ∬ ∮ ∞ ∂ ∇ ± ∓ × ÷ ·"),
    **_named("le leq ge geq ne neq approx equiv sim simeq propto ll gg", "≤ ≤ ≥ ≥ ≠ ≠ ≈ ≡ ∼ ≃ ∝ ≪ ≫"),
    **_named("in notin subset subseteq cup cap emptyset forall exists neg land lor", "∈ ∉ ⊂ ⊆ ∪ ∩ ∅ ∀ ∃ ¬ ∧ ∨"),
    **_named("to rightarrow leftarrow Rightarrow Leftrightarrow mapsto prime degree", "→ → ← ⇒ ⇔ ↦ ′ °"),
    **_named("langle rangle lfloor rfloor lceil rceil ell hbar Re Im", "⟨ ⟩ ⌊ ⌋ ⌈ ⌉ ℓ ℏ ℜ ℑ"),
    **dict.fromkeys(("ldots", "dots", "cdots", "vdots"), "…"),
    **dict.fromkeys(("vert", "mid", "lvert", "rvert"), "|"),
    **dict.fromkeys(("quad", "qquad", "space", ",", ";", ":", " ", "!"), " "),
    **dict.fromkeys(("left", "right", "big", "Big", "bigg", "Bigg", "displaystyle", "limits", "nonumber", "notag"), ""),
    **{name: name for name in ("{", "}", "%", "$", "#", "&", "_")},
    "\\": "; ",
}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7"}
TEXTS = frozenset("text mathrm textrm textbf textit mathbf mathit mathsf mathcal mathbb operatorname mbox".split())
APART = re.compile(r"\s*([=≤≥≠≈≡∼≃∝≪≫∈∉⊂⊆→←⇒⇔↦±∓×÷·+]|(?<=[^\s(,=+×·/^_−-])[−-])\s*")
OPENS_OR_CLOSES = re.compile(r"\\[A-Za-z]+|\\.|[{}\[\]^_]|[^\s\\{}\[\]^_]+", re.DOTALL)
DEEPEST = 60
DEEPEST_SCRIPT = 8
"""Scripts within scripts: with each further one pandoc needs twice as long."""
LONGEST = 8000
"""Letters: a PDF has no longer strings than 32,767 bytes."""
ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[^{}]*\}(?:\{[lcr|]+\})?")


def in_signs(tex: str) -> str:
    """The formula `tex` in signs, on one line."""
    if is_deep(tex):
        return " ".join(tex.split())[:LONGEST]
    written = _Reader(iter(TOKEN.findall(ENVIRONMENT.sub(" ", tex)))).all()
    single = re.sub(r"\s+", " ", APART.sub(r" \1 ", " ".join(written.split()))).replace(" - ", " − ")
    spoken = normalize("NFC", single).replace("( ", "(").replace(" )", ")").strip(" ;")
    return spoken if len(spoken) <= LONGEST else f"{spoken[: LONGEST - 1]}…"


def is_deep(tex: str) -> bool:
    """Whether the groups of `tex` are nested so deeply that a program that follows them may end, or never end."""
    groups: list[bool] = []  # whether each that is open is a script
    raised = False
    row = 0
    for found in OPENS_OR_CLOSES.finditer(tex):
        sign = found[0]
        if sign in ("{", "["):
            groups.append(raised)
        elif sign in ("}", "]") and groups:
            groups.pop()
        row = row + 1 if sign[0] in "\\^_" and sign[1:] not in SIGNS else 0  # `\sqrt\sqrt x` needs no brace
        if len(groups) + row > DEEPEST or sum(groups) > DEEPEST_SCRIPT:
            return True
        raised = sign in ("^", "_") or (raised and sign[0] == "\\")
    return False


class _Reader:
    def __init__(self, tokens: Iterator[str]) -> None:
        self._tokens = tokens

    def all(self, end: str = "") -> str:
        """All that comes, up to the token `end`."""
        parts: list[str] = []
        for token in self._tokens:
            if token == end:
                break
            parts.append(self._token(token))
        return "".join(parts)

    def _group(self) -> str:
        """The next thing: a group in braces, a command or a sign."""
        for token in self._tokens:
            if not token.isspace():
                return self.all("}") if token == "{" else self._token(token)
        return ""

    def _token(self, token: str) -> str:
        if token == "{":
            return self.all("}")
        if token in ("^", "_"):
            return token + _bound(self._group())
        if token == "&":
            return " "
        return self._command(token[1:].rstrip("*")) if token.startswith("\\") else token

    def _command(self, name: str) -> str:
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            above, below = self._group(), self._group()
            return f"{_bound(above)}/{_bound(below)}"
        if name == "sqrt":
            inner = self._group()
            if inner == "[":
                root = self.all("]")
                return f"√[{root}]{_bound(self._group())}"
            return f"√{_bound(inner)}"
        if name in ("binom", "dbinom", "tbinom"):
            return f"C({self._group()}, {self._group()})"
        if name in ACCENTS:
            return self._group() + ACCENTS[name]
        if name in TEXTS:
            return self._group()
        return SIGNS.get(name, f"{name} " if name.isalpha() else name)


def _bound(part: str) -> str:
    """`part` in parentheses, unless it is a single sign or number."""
    inner = part.strip()
    return inner if len(inner) <= 1 or re.fullmatch(r"[\w.,\u0300-\u036f]+", inner) else f"({inner})"
