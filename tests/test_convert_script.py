"""Serbian letters from Cyrillic to Latin, one for one."""

from __future__ import annotations

import pytest
from citing import of_citeproc

from impressum.stages.convert.spacing_words import in_latin
from impressum.stages.convert.twins import localise_pages, place_labels

CSL = "{http://purl.org/net/xbiblio/csl}"


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
        localise_pages([{"t": "Para", "c": [cite]}], tag, first=True)
        assert suffix[2]["c"] == printed


@pytest.mark.parametrize(
    ("written", "cyrillic"),
    [
        (", vol. 2, pp. 1-2", ", том 2, стр. 1-2"),
        (", Bd. II, S. 4, fn. 3", ", том II, стр. 4, нап. 3"),
        (", f. 12", ", стр. 12"),
        (", pp. 1, vidi p. 5", ", стр. 1, vidi p. 5"),
    ],
)
def test_every_label_of_a_place_is_serbian_up_to_the_first_other_word(written: str, cyrillic: str) -> None:
    assert localised(written, "sr-Cyrl", first=True) == cyrillic


def localised(written: str, tag: str, *, first: bool, terms: dict[str, str] | None = None) -> str:
    words = [{"t": "Str", "c": word} for word in written.split(" ")]
    suffix = [piece for word in words for piece in (word, {"t": "Space"})]
    localise_pages(
        [{"t": "Para", "c": [{"t": "Cite", "c": [[{"citationSuffix": suffix}], []]}]}], tag, first=first, terms=terms
    )
    return " ".join(str(word["c"]) for word in words)


@pytest.mark.parametrize(
    ("tag", "printed"),
    [
        ("de", ", vol. 2, S. 1-2, Anm. 3"),
        ("sr-Latn-RS", ", vol. 2, str. 1-2, nap. 3"),
        ("mk", ", vol. 2, стр. 1-2, заб. 3"),
        ("en", ", vol. 2, pp. 1-2, n. 3"),
        ("hr", ", vol. 2, str. 1-2, bilj. 3"),
        ("pt", ", vol. 2, pp. 1-2, n. 3"),
        ("pt-BR", ", vol. 2, p. 1-2, n. 3"),
        ("el", ", vol. 2, σελ. 1-2, σημ. 3"),
        ("fr", ", vol. 2, p. 1-2, n. 3"),
        ("mt", ", sv. 2, str. 1-2, bilj. 3"),
    ],
)
def test_the_second_label_of_a_citation_is_that_of_the_edition_and_the_first_is_left_to_citeproc(
    tag: str, printed: str
) -> None:
    assert localised(", sv. 2, str. 1-2, bilj. 3", tag, first=False) == printed


def test_the_terms_of_an_edition_go_before_those_of_csl() -> None:
    assert (
        localised(", p. 1, vol. 2-3", "el", first=False, terms={"volume.short": "τόμ. | τόμοι"}) == ", p. 1, τόμοι 2-3"
    )
    assert localised(", p. 1, vol. 2", "mt", first=False, terms={"volume.short": "vol. | voll."}) == ", p. 1, vol. 2"


def test_labels_of_places_in_languages_that_the_package_has_not_whole_are_those_of_csl() -> None:
    labels = place_labels()
    for tag, place in {"el": "el-GR", "pt": "pt-PT", "pt-BR": "pt-BR", "nl": "nl-NL"}.items():
        page = of_citeproc(place).find(f".//{CSL}term[@name='page'][@form='short']")
        assert page is not None
        forms = dict.fromkeys(str(page.findtext(f"{CSL}{one}")) for one in ("single", "multiple"))
        assert labels[tag]["page"] == " | ".join(forms)
