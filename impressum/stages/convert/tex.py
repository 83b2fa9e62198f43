r"""TeX that pandoc reads otherwise than LaTeX, and names of signs that it writes and Typst has no more.

What pandoc has no form for is led through it as a sign of its own (`\!` as one, which it passes on), and replaced in
the Typst that comes out.
"""

from __future__ import annotations

import re

_FLAT = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*"
_GROUP = rf"\s*\{{({_FLAT})\}}"
_SPEC = rf"(?:\s*\{{{_FLAT}\}})?"
NEGATIVE, THICK, ENSPACE, OPEN_MATRIX, BARRED_MATRIX, GROWING, BOXED, DOUBLE = map(chr, range(0xE010, 0xE018))
"""No chapter may hold these signs."""
SPACES = {NEGATIVE: "#h(-0.167em)", THICK: "#h(0.278em)", ENSPACE: "#h(0.5em)"}
FENCES = {r"\{": "\ue020", r"\}": "\ue021", "|": "\ue022", "(": "\ue023", ")": "\ue024", "[": "\ue025", "]": "\ue026"}
"""What may follow `\\left` and `\\right` where the other side has no sign."""

REPLACED = tuple(
    (re.compile(pattern, re.DOTALL), new)
    for pattern, new in (
        (r"(\d+)\{,\}(\d+)", r"\\text{\1,\2}"),  # a decimal comma
        (r"\\(?:begin|end)\{(?:equation\*?|subequations)\}", ""),
        (r"\\(label|vphantom)" + _GROUP, ""),
        (r"\(\\#[a-z]+:[\w:.-]+\)", ""),  # a label of bookdown
        (r"\\(?:notag|nonumber|nolimits|mathstrut|strut|allowbreak|hfill|middle|hline|mathinner)(?![A-Za-z])", " "),
        (r"\\[hm]s(?:kip|pace)\*?\s*\{?-[^{}]*\}?", ""),
        (r"\\tag\*" + _GROUP, r"\\qquad\\text{\1}"),
        (r"\\tag" + _GROUP, r"\\qquad\\text{(\1)}"),
        (r"\\(?:short)?intertext" + _GROUP, r"\\\\ \\text{\1} \\\\"),
        (r"\\h?phantom" + _GROUP, r"\\quad "),
        (r"\\smash(?:\[[tb]\])?" + _GROUP, r"{\1}"),
        (r"\\(?:textcolor|colorbox)\s*\{[^{}]*\}" + _GROUP, r"{\1}"),
        (r"\\boxed" + _GROUP, BOXED + r"\\overbracket{\1}"),
        (r"\{\s*\\(rm|bf|it|sf|tt|cal)(?![A-Za-z])" + rf"\s*({_FLAT})\}}", r"\\math\1{\2}"),
        (r"\\(rm|bf|it|sf|tt|cal)(?=\s*\{)", r"\\math\1"),
        (r"\{((?:[^{}\\]|\\(?!over\b)[A-Za-z]+)*)\\over(?![A-Za-z])([^{}]*)\}", r"\\frac{\1}{\2}"),
        (r"\\cfrac(?![A-Za-z])", r"\\frac"),
        (r"\\mathbbm(?![A-Za-z])", r"\\mathbb"),
        (r"\\degree(?![A-Za-z])", r"^{\\circ}"),
        (r"\\arg(min|max)(?![A-Za-z])", r"\\operatorname*{arg\\,\1}"),
        (r"\\(tg|ctg|arctg|arcctg|cosec)(?![A-Za-z])", r"\\operatorname{\1}"),
        (r"\\space(?![A-Za-z])", r"\\ "),
        (r"\\!", NEGATIVE),
        (r"\\;", THICK),
        (r"\\enspace(?![A-Za-z])", ENSPACE),
        (r"&\s*(=|<|>|\\(?:leq?|geq?|approx|equiv|sim|to)(?![A-Za-z]))\s*&", r"&\1"),
        (r"\\(begin|end)\{[dr]cases\}", r"\\\1{cases}"),
        (
            rf"\\left\s*\\\{{\s*\\begin\{{(array|matrix)\}}{_SPEC}((?:(?!\\begin).)*?)\\end\{{\1\}}\s*\\right\s*\.",
            r"\\begin{cases}\2\\end{cases}",
        ),
        (r"\\begin\{([bpvBV]?matrix)\*\}(?:\[[lcr]\])?", r"\\begin{\1}"),
        (r"\\end\{([bpvBV]?matrix)\*\}", r"\\end{\1}"),
        (
            rf"\\begin\{{(?:array\}}(?:\[[tbc]\])?\s*\{{{_FLAT}\}}|(?:small)?matrix\}})",
            OPEN_MATRIX + r"\\begin{bmatrix}",
        ),
        (r"\\begin\{vmatrix\}", BARRED_MATRIX + r"\\begin{bmatrix}"),
        (r"\\end\{(?:array|smallmatrix|matrix|vmatrix)\}", r"\\end{bmatrix}"),
        (r"\\\\(?:\[[^\]]*\])?\s*(?=\\end\{|\Z)", " "),  # a row that ends and none that follows
    )
)
BARS = re.compile(r"(\\(?:left|right|[bB]igg?[lrm]?)\s*)?(?<!\\)(?:\\\||\\Vert(?![A-Za-z]))")
CASES = re.compile(r"(\\begin\{cases\})(.*?)(?=\\end\{cases\})", re.DOTALL)
SIDES = re.compile(r"\\(left|right)(?![A-Za-z])\s*(\\[A-Za-z]+|\\.|.)", re.DOTALL)
NESTING = re.compile(r"\\begin\{|\\end\{|\{|\}|\\\\|\\.|&", re.DOTALL)

SIGNS = {sign: f"\\{fence[-1]}" for fence, sign in FENCES.items()}
RENAMED = dict(
    pair.split("=")
    for pair in """
    sect=∩ sect.sq=⊓ sect.big=⋂ sect.double=⋒ sect.sq.big=⨅ integral.sect=⨙ sect.dot=⩀ sect.and=⩄
    sect.sq.double=⩎ minus.circle=⊖ times.circle=⊗ dot.circle=⊙ eq.circle=⊜ dash.circle=⊝ dot.circle.big=⨀
    times.circle.big=⨂ div.circle=⨸ plus.circle.arrow=⟴ bar.v.circle=⦶ parallel.circle=⦷ backslash.circle=⦸
    perp.circle=⦹ lt.circle=⧀ gt.circle=⧁ planck.reduce=ℏ Kai=Ϗ kai=ϗ quote.angle.l.double=«
    quote.angle.r.double=» quote.angle.l.single=‹ quote.angle.r.single=› bracket.l.double=⟦ bracket.r.double=⟧
    shell.l.double=⟬ shell.r.double=⟭ brace.l.double=⦃ brace.r.double=⦄ paren.l.double=⦅ paren.r.double=⦆
    angle.right.sq=⦜ angle.spheric.top=⦡ angle.oblique=⦦
    """.split()
)
"""Names that Typst 0.15 has no more; pandoc 3.9 writes them."""
SCALED = re.compile(r"(?<=%\)\[)[a-z.]+(?=\])")
SCALED_SIGNS = dict(
    pair.split("=")
    for pair in "floor.l=⌊ floor.r=⌋ ceil.l=⌈ ceil.r=⌉ chevron.l=⟨ chevron.r=⟩ bar.v.double=‖ arrow.t=↑".split()
)
TOKEN = re.compile(
    rf'"(?:[^"\\]|\\.)*"|[A-Za-z]+(?:\.[A-Za-z]+)*|[{OPEN_MATRIX}{BARRED_MATRIX}]\s*mat\(delim: "\["'
    rf"|[{GROWING}{BOXED}]\s*overbracket\(|(?<!\[) ?(?:\\\||{DOUBLE})(?!\]) ?|[{NEGATIVE}-\ue02f]"
)


def for_pandoc(tex: str) -> str:
    """`tex` in the TeX that pandoc reads as LaTeX would read `tex`."""
    for pattern, new in REPLACED:
        tex = pattern.sub(new, tex)
    tex = BARS.sub(lambda found: found[0] if found[1] else DOUBLE, tex)
    tex = CASES.sub(lambda found: found[1] + re.sub(r"(?<!\\)&(?!\\quad)", r"&\\quad ", found[2]), tex)
    return _in_rows(_one_sided(tex))


def for_typst(typst: str) -> str:
    """`typst`, which pandoc made of the result of `for_pandoc`, as the Typst of today reads it."""
    typst = SCALED.sub(lambda found: SCALED_SIGNS.get(found[0], found[0]), typst)
    return TOKEN.sub(_token, typst.replace('mat(delim: "||"', 'mat(delim: "‖"'))


def _token(found: re.Match[str]) -> str:
    token = found[0]
    if token.startswith('"'):
        return re.sub(f"[{NEGATIVE}-\ue02f]", lambda sign: "" if sign[0] == NEGATIVE else " ", token)
    if token[0] == OPEN_MATRIX:
        return "mat(delim: #none"
    if token[0] == BARRED_MATRIX:
        return 'mat(delim: "|"'
    if token[0] in (GROWING, BOXED) and len(token) > 1:
        return "lr(" if token[0] == GROWING else "framed("
    if token.strip() in (r"\|", DOUBLE):  # Typst keeps a space beside these, and sets `2` above a relation
        return token.strip().replace(DOUBLE, "‖")
    return SPACES.get(token) or SIGNS.get(token) or RENAMED.get(token, token)


def _one_sided(tex: str) -> str:
    r"""`tex` with `\left. … \right|` and its like as one group, which pandoc would not let grow."""
    opened: list[re.Match[str]] = []
    for found in SIDES.finditer(tex):
        if found[1] == "left":
            opened.append(found)
        elif opened:
            left = opened.pop()
            fences = [side[2] for side in (left, found) if side[2] != "."]
            if len(fences) == 1 and fences[0] in FENCES and not opened:
                sign = FENCES[fences[0]]
                inner = tex[left.end() : found.start()]
                inner = f"{inner} {sign}" if left[2] == "." else f"{sign} {inner}"
                rest = _one_sided(tex[found.end() :])
                return f"{tex[: left.start()]}{GROWING}\\overbracket{{{inner}}}{rest}"
    return tex


def _in_rows(tex: str) -> str:
    r"""`tex` in an environment, where `\\` parts its lines outside of any."""
    depth, rows, aligned = 0, False, False
    for found in NESTING.finditer(tex):
        sign = found[0]
        if sign in ("{", "\\begin{"):
            depth += 1 if sign == "{" else 2
        elif sign in ("}", "\\end{"):
            depth -= 1 if sign == "}" else 0
        depth -= 2 if sign == "\\end{" else 0
        if depth == 0:
            rows, aligned = rows or sign == "\\\\", aligned or sign == "&"
    if not rows:
        return tex
    name = "aligned" if aligned else "gathered"
    return f"\\begin{{{name}}}{tex}\\end{{{name}}}"
