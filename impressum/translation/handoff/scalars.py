"""The words of a value of front matter, and words as such a value."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[^\W\d_][^:#\n{}\[\],&*!|>'\"%@`\\]*(?<!\s)")
_WORDS_OF_YAML = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def scalar(value: str) -> str | None:
    """The words of the scalar `value` on one line, or None where it is of another form."""
    value = value.rstrip()
    if "\n" in value or value[:1] in "[{|>&*!%@`":
        return None
    if value[:1] == '"':
        try:
            words = json.loads(value)
        except ValueError:
            return None
        return words if isinstance(words, str) else None
    if value[:1] == "'":
        return value[1:-1].replace("''", "'") if len(value) > 1 and value.endswith("'") else None
    return value.split(" #")[0].rstrip()


def plain_scalar(words: str) -> str:
    """`words` as a value of front matter, in quotes where they need them."""
    if _PLAIN.fullmatch(words) and words.lower() not in _WORDS_OF_YAML:
        return words
    return json.dumps(words, ensure_ascii=False)
