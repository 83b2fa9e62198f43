"""How formulas are written as Typst, in a line and on lines of their own."""

from __future__ import annotations

from impressum.core.model import document as d
from impressum.core.model.manuscript import ExpectedText
from impressum.stages.convert.attributes import short
from impressum.stages.convert.output import Output, write
from impressum.stages.convert.pandoc import UNREADABLE
from impressum.stages.convert.sizes import LONGEST_FORMULA
from impressum.stages.convert.spoken import is_deep, said
from impressum.stages.convert.typst import string


@write.register
def _math(node: d.Math, out: Output) -> str:
    out.seen(node.tex)
    typst = _mathematics(node, out)
    if typst is None:
        return f"#raw({string(node.tex)})"
    alt = said(node.tex)
    out.expected.formulas.append(ExpectedText(alt, node.place))
    return f"#math.equation(alt: {string(alt)}, ${typst}$.body)"


def _mathematics(node: d.Math, out: Output) -> str | None:
    """The formula as Typst mathematics; where it cannot be read, a warning and None."""
    if is_deep(node.tex):
        out.faults.error(
            node.place,
            f"the formula `{short(node.tex)}` is nested too deeply",
            "nested-too-deep",
            "divide it, or give its parts names",
        )
    typst = out.mathematics.get(node.tex) or UNREADABLE
    if len(typst) > LONGEST_FORMULA:
        out.faults.error(
            node.place,
            f"the formula `{short(node.tex)}` is written out to {len(typst):,} letters",
            "text-too-long",
            f"divide it; {LONGEST_FORMULA:,} are set",
        )
    if not typst.startswith(UNREADABLE):
        return typst
    unknown = typst.removeprefix(UNREADABLE)
    out.faults.warning(
        node.place,
        f"the formula `{short(node.tex.strip())}` cannot be read as mathematics and is printed as it stands"
        + (f": the command `{short(unknown)}` is not known" if unknown else ""),
        "math-unreadable",
        f"write what it stands for; the name of a function is `\\operatorname{{{short(unknown[1:])}}}`"
        if unknown
        else "write it with the TeX commands of mathematics",
    )
    return None


@write.register
def _equation(node: d.Equation, out: Output) -> str:
    anchor = next(out.order) if node.id else None
    label, number = (string(anchor.label), anchor.number) if anchor else ("none", "")
    out.before = ""
    typst = _mathematics(node.math, out)
    if typst is None:
        out.expected.texts.append(ExpectedText(node.math.tex, node.math.place))
        led_to = f"#metadata(none)#label({label})\n" if anchor else ""
        return f"{led_to}#code-block({string(node.math.tex.strip())})"
    if number:
        out.expected.texts.append(ExpectedText(f"({number})", node.math.place))
    alt = node.alt or said(node.math.tex)
    out.expected.formulas.append(ExpectedText(alt, node.math.place))
    return f"#equation-block({label}, {string(number)}, {string(alt)}, $ {typst} $)"
