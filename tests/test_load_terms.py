"""Ensures that what citations say is there in the language of the edition, or is asked for, never in English."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from load_sources import write

from impressum.core.errors import Faults
from impressum.stages.load.words import CITEPROC, read_terms

COMPLETE = files("impressum").joinpath("templates/citations/sr-Latn.yaml").read_text(encoding="utf-8")


def terms_of(root: Path, tag: str, own: str | None = None) -> tuple[dict[str, str], list[str]]:
    workspace = write(root, {f"templates/citations/{tag}.yaml": own} if own else {})
    faults = Faults()
    terms = read_terms(workspace, tag, faults)
    return dict(terms), [str(fault) for fault in faults.all()]


def test_a_tag_falls_back_to_its_language_in_its_script(tmp_path: Path) -> None:
    said = {tag: terms_of(tmp_path, tag)[0].get("and") for tag in ("sr-Latn-RS", "sr-Cyrl-RS", "sr", "hr-HR", "de")}
    assert said == {"sr-Latn-RS": "i", "sr-Cyrl-RS": "и", "sr": "и", "hr-HR": "i", "de": None}


def test_a_publication_replaces_terms_one_by_one(tmp_path: Path) -> None:
    terms, faults = terms_of(tmp_path, "sr-Latn", 'ibid: "ibid."\net-al: "i dr."\n')
    assert faults == []
    assert (terms["ibid"], terms["et-al"], terms["and"]) == ("ibid.", "i dr.", "i")


def test_a_term_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    _, faults = terms_of(tmp_path, "en", 'editor.shrot: "ed."\n')
    assert faults == [
        (
            "templates/citations/en.yaml:1:1: error: citations have no term `editor.shrot`; did you mean "
            "`editor.short`? [terms-unknown]\n"
            "  hint: correct the key here, or take its line out; the program's own "
            "`impressum/templates/citations/sr-Latn.yaml` has all that there are"
        )
    ]


def test_a_language_that_citeproc_does_not_have_must_bring_its_terms(tmp_path: Path) -> None:
    assert "mt" not in CITEPROC
    assert terms_of(tmp_path / "none", "mt")[1] == [
        (
            "chapters/mt: error: citations have no terms in the language `mt`: they would be in English "
            "[terms-language]\n"
            "  hint: write them in `templates/citations/mt.yaml`, with the keys of the package's `sr-Latn.yaml`"
        )
    ]
    assert terms_of(tmp_path / "whole", "mt", COMPLETE)[1] == []
    lines = [line for line in COMPLETE.splitlines() if not line.startswith(("accessed:", "and:", "and."))]
    assert terms_of(tmp_path / "part", "mt", "\n".join(lines))[1] == [
        (
            "templates/citations/mt.yaml: error: citations lack 3 terms in the language `mt`: `accessed`, `and`, "
            "`and.symbol` [terms-missing]\n"
            "  hint: add them; the package's `templates/citations/sr-Latn.yaml` shows what each is for"
        )
    ]


def test_a_form_that_is_not_given_is_the_longer_one(tmp_path: Path) -> None:
    lines = [line for line in COMPLETE.splitlines() if not line.startswith(("chapter.", "editor.verb"))]
    terms, faults = terms_of(tmp_path, "mt", "\n".join(lines))
    assert faults == []
    assert (terms["chapter.symbol"], terms["editor.verb-short"]) == ("poglavlje | poglavlja", "urednik | urednici")
