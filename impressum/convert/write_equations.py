"""How formulas on lines of their own and works of a list of references are written."""

from __future__ import annotations

from impressum.convert.spoken import said
from impressum.convert.typst import string
from impressum.convert.write_inlines import InlineWriter
from impressum.model import document as d
from impressum.model.meant import MeantText


class EquationWriter(InlineWriter):
    """Writes formulas with their numbers, and works with theirs."""

    def _equation(self, node: d.Equation) -> str:
        anchor = next(self._order) if node.id else None
        label, number = (string(anchor.label), anchor.number) if anchor else ("none", "")
        self._before = ""
        typst = self._mathematics(node.math)
        if typst is None:
            self.made_texts.append(MeantText(node.math.tex, node.math.place))
            return f"#code-block({string(node.math.tex)})"
        if number:
            self.made_texts.append(MeantText(f"({number})", node.math.place))
        alt = node.alt or said(node.math.tex)
        self.made_formulas.append(MeantText(alt, node.math.place))
        return f"#equation-block({label}, {string(number)}, {string(alt)}, $ {typst} $)"

    def _reference(self, node: d.Reference) -> str:
        label = self.references[f"ref-{node.id}"]
        number = f"[{self.inlines(node.number)}]" if node.number else "none"
        return f"#reference({string(label)}, {number}, [{self.inlines(node.content)}])"
