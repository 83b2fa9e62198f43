"""Serbian letters from Cyrillic to Latin, one for one."""

from __future__ import annotations

import pytest

from impressum.stages.convert.spacing_words import in_latin
from impressum.stages.convert.twins import localise_pages


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("и остали", "i ostali"),
        ("Уредио", "Uredio"),
        ("Љубав и ЊЕГОШ", "Ljubav i NJEGOŠ"),
        ("џеп, ђак, ћирилица", "džep, đak, ćirilica"),
        ("У", "U"),
    ],
)
def test_serbian_letters_are_put_into_latin_one_for_one(cyrillic: str, latin: str) -> None:
    assert in_latin(cyrillic) == latin


@pytest.mark.parametrize(
    ("written", "latin", "cyrillic"),
    [
        ("p.\u00a05", "str.\u00a05", "стр.\u00a05"),
        ("Kap.\u00a03", "pogl.\u00a03", "погл.\u00a03"),
        ("§\u00a04", "odelj.\u00a04", "одељ.\u00a04"),
        ("v.\u00a02", "stih\u00a02", "стих\u00a02"),
        ("p.", "p.", "p."),
        ("5", "5", "5"),
    ],
)
def test_the_label_of_a_place_in_a_work_is_serbian_before_the_script_changes(
    written: str, latin: str, cyrillic: str
) -> None:
    for tag, printed in (("sr-Latn", latin), ("sr-Cyrl", cyrillic)):
        suffix = [{"t": "Str", "c": ","}, {"t": "Space"}, {"t": "Str", "c": written}]
        cite = {"t": "Cite", "c": [[{"citationSuffix": suffix}], []]}
        localise_pages([{"t": "Para", "c": [cite]}], tag)
        assert suffix[2]["c"] == printed
