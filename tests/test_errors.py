"""What faults have in common: the name that was probably meant."""

from __future__ import annotations

import random

from impressum.core.errors import Fault, Place, nearest
from impressum.core.rules import RULES


def test_the_nearest_of_many_names_is_found_among_those_that_share_pairs_of_letters() -> None:
    letters = random.Random(0)
    for name in RULES:
        at = letters.randrange(1, len(name) - 1)
        for misspelt in (name[:at] + name[at + 1 :], name[:at] + "x" + name[at:], name[:at] + name[at + 1] + name[at:]):
            assert nearest(misspelt, RULES) is not None
    assert nearest("citation-unkown", RULES) == "citation-unknown"
    assert nearest("zzz", RULES) is None


def test_a_line_end_in_the_name_of_a_file_forges_no_second_fault() -> None:
    fault = Fault(Place("a\nchapters/en/01-a.md", 3), "what", "one", "do it\nso")
    assert str(fault) == "a\ufffdchapters/en/01-a.md:3: error: what [one]\n  hint: do it\nso"
