"""Code and mathematics reach the reader as they were written, whatever braces they hold."""

from __future__ import annotations

import pytest

from impressum.stages.render.protect import protect, restore

ALONE = [
    "`{{ a }}`",
    "`` a ` {{ b }} ``",
    "`{% raw %}` and `{## c ##}`",
    "`a\n{{ b }}`",
    "$x^{{2}}$",
    "$x^{{2}}$, $y_{{i}}$",
    r"$\frac{{a}}{b}$",
    r"$a \$ {{b}}$",
    "$$\nx^{{2}}\n+ y\n$$",
    "```\n{{ a }}\n```\n",
    "``` yaml\non: ${{ github.ref }}\n\n{% if %}\n```\n",
    "~~~~ {.python #id}\n~~~\n{{ a }}\n~~~~~\n",
    "> ```\n> {{ a }}\n> ```\n",
    "- item\n\n  ```\n  {{ a }}\n  ```\n",
    "1. ```\n   {{ a }}\n   ```\n",
    "text\n```\n{{ a }}\n```\ntext",
    "100. item\n\n    {{ code }}\n",
    "- item\n\n      {{ code }}\n",
    "~~~ {.a b='`'}\n```\n{{ a }}\n~~~~~\n",
    "text\n\n    {{ indented }}\n\n    {{ code }}\n",
    "`{{`",
    "`{{{`",
]


@pytest.mark.parametrize("text", ALONE)
def test_tags_in_code_and_mathematics_are_hidden(text: str) -> None:
    hidden = protect(text)
    assert "{{" not in hidden
    assert "{%" not in hidden
    assert "{##" not in hidden
    assert len(hidden) == len(text)
    assert restore(hidden) == text


SEEN = [
    "{{ a }}",
    "`a` {{ b }} `c`",
    "$5 and {{ a }} and $6",
    "it costs $ {{ a }}$",
    "${{ a }} and ${{ b }}",
    r"\$x {{ a }}\$",
    r"\`{{ a }}`",
    "`a\n\n{{ b }}`",
    "$a\n\n{{ b }}$",
    "- a $5\n- {{ b }} 6$",
    "# A $5\n{{ b }} 6$",
    "| $5 |\n| {{ a }} 6$ |",
    "```\n{{ never closed }}",
    "text\n~~~\n{{ a }}\n~~~",
    "- item\n\n    {{ continued }}\n",
    "- item\n\n    {{ continued }}\n\n    {{ further }}\n",
    "- item\n\n    - inner\n\n    - {{ continued }}\n",
    "term\n\n:   definition\n\n    {{ continued }}\n",
    "``` two words\n{{ a\n\n}}\n",
    "```x``` {{ a }} ```\n",
    "[^1]: note\n\n    {{ continued }}\n",
    "\n    {% if a %}\n    {{ b }}\n    {% endif %}\n",
    '{{ "`" }} and {{ "`" }}',
    "{## ` ##} {{ a }} `",
    "{% raw %}`{% endraw %} {{ a }} `",
    '{{ {"a": {"b": "}}`"}} }} {{ c }} `',
]


@pytest.mark.parametrize("text", SEEN)
def test_other_tags_are_seen(text: str) -> None:
    assert protect(text) == text


def test_only_what_is_code_is_hidden() -> None:
    assert restore(protect("`{{ a }}` {{ b }} $x^{{2}}$ {{ c }}")).count("{{") == 4
    assert protect("`{{ a }}` {{ b }} $x^{{2}}$ {{ c }}").count("{{") == 2
