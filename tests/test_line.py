"""The whole line, from a bare folder to published files: what a reader notices, and what `dist` must hold."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from building import built, built_copy, contents_of, copy, impressum, pages, reader, replace, whole, words_of

PDF = "a-small-report-en.pdf"


def text() -> list[str]:
    return pages(built("minimal"), PDF)


def test_the_cover_says_the_title_the_author_and_the_publisher() -> None:
    assert text()[0] == "A Small Report From a bare folder The Impressum contributors Impressum 2025"


def test_the_impressum_says_what_is_known_and_the_true_number_of_pages() -> None:
    assert text()[1] == (
        "Impressum Publisher Impressum Address 1 Example Street Exampleville Website example.org "
        "Year of publication 2025 Type of publication Report Number of pages 6 Author The Impressum contributors "
        "Suggested citation The Impressum contributors (2025). A Small Report: From a bare folder. Impressum. "
        "https://example.org/ Copyright © 2025 Impressum"
    )
    assert len(text()) == 6


def test_the_contents_list_each_heading_with_its_page() -> None:
    assert text()[2] == "Contents 1 Beginning 4 What it holds 4 2 End 5 References 6 3"
    assert "1 Beginning A report can be small.1" in text()[3]
    assert "What it holds Two kinds of text:" in text()[3]
    assert text()[4].startswith("2 End The end cites")
    assert text()[5].startswith("References Office for Examples. 2024. Examples of the Year.")


def test_each_note_stands_at_the_foot_of_the_page_of_its_mark() -> None:
    first, second = text()[3:5]
    assert first.endswith("1 This note stands at the foot of the page of its mark. 4")
    assert "(Working Group on Samples 2023).2 Its last sentence has a note, too.3" in second
    assert second.endswith(
        "2 The second note is on the page of the second chapter. "
        "3 The third note has an address: example.org/a/long/path/to/a/page. 5"
    )


def test_each_cited_work_is_listed_once() -> None:
    assert text()[5] == (
        "References Office for Examples. 2024. Examples of the Year. Office for Examples. example.org /examples. "
        "Working Group on Samples. 2023. Samples and How to Take Them. Impressum. 6"
    )


def test_links_lead_where_they_say() -> None:
    found: dict[str, str] = {}
    with pikepdf.open(built("minimal") / "dist" / PDF) as document:
        for number, page in enumerate(document.pages, 1):
            for annotation in page.get("/Annots", pikepdf.Array()):
                action = annotation.get("/A")
                if action is not None and "/URI" in action:
                    found[str(action.URI)] = f"page {number}"
    assert found == {
        "https://example.org/": "page 2",
        "https://example.org/report": "page 4",
        "https://example.org/a/long/path/to/a/page": "page 5",
        "https://example.org/examples": "page 6",
    }


def test_the_bookmarks_are_the_headings() -> None:
    document = reader(built("minimal"), PDF)

    def listed(entries: Any) -> list[Any]:
        return [
            listed(entry)
            if isinstance(entry, list)
            else (entry.title, (document.get_destination_page_number(entry) or 0) + 1)
            for entry in entries
        ]

    assert listed(document.outline) == [
        ("Impressum", 2),
        ("Contents", 3),
        ("1 Beginning", 4),
        [("What it holds", 4)],
        ("2 End", 5),
        ("References", 6),
    ]


def test_the_file_claims_accessibility_and_archival_and_carries_its_fonts() -> None:
    with pikepdf.open(built("minimal") / "dist" / PDF) as document:
        assert str(document.Root.Lang) == "en"
        assert bool(document.Root.MarkInfo.Marked)
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        fonts = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary)]
        described = [thing for thing in fonts if thing.get("/Type") == "/FontDescriptor"]
        assert described
        assert all("/FontFile3" in thing or "/FontFile2" in thing for thing in described)
        names = {re.sub(r"^/[A-Z]{6}\+|-.*$", "", str(thing.FontName)) for thing in described}
    assert names == {"AlegreyaSans", "Spectral"}


def test_dist_holds_what_the_contract_names_and_nothing_else() -> None:
    dist = built("minimal") / "dist"
    assert sorted(path.name for path in dist.iterdir()) == sorted(
        [PDF, f"{PDF}.record.json", "build-record.json", "CITATION.cff", "SHA256SUMS"]
    )
    assert whole(dist)
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=dist, check=True)


def test_the_record_tells_of_the_file_as_it_is() -> None:
    dist = built("minimal") / "dist"
    record = json.loads((dist / f"{PDF}.record.json").read_bytes())
    content = (dist / PDF).read_bytes()
    assert record["name"] == PDF
    assert record["sha256"] == hashlib.sha256(content).hexdigest()
    assert record["bytes"] == len(content)
    assert (record["edition"], record["format"], record["pages"]) == ("en", "pdf", 6)
    assert record["standards"] == ["PDF/UA-1", "PDF/A-2a"]
    assert {"impressum", "typst", "pypandoc_binary"} <= record["made_with"].keys()
    whole_record = json.loads((dist / "build-record.json").read_bytes())
    (product,) = whole_record["products"]
    assert product == {key: value for key, value in record.items() if key not in ("schema", "version")}
    assert [one["name"] for one in whole_record["shared"]] == ["CITATION.cff"]


def test_the_citation_file_cites_the_report() -> None:
    cited = yaml.safe_load((built("minimal") / "dist" / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["title"] == "A Small Report: From a bare folder"
    assert cited["authors"] == [{"name": "The Impressum contributors"}]
    assert cited["preferred-citation"]["publisher"]["name"] == "Impressum"


def test_a_build_that_changes_nothing_leaves_the_files_alone(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = {path.name: path.stat().st_mtime_ns for path in (root / "dist").iterdir()}
    assert impressum(root, "build").code == 0
    assert {path.name: path.stat().st_mtime_ns for path in (root / "dist").iterdir()} == before


def test_the_progress_names_the_seven_stages_in_order(tmp_path: Path) -> None:
    ran = impressum(built_copy("minimal", tmp_path / "report"), "build")
    assert ran.stderr.splitlines() == [
        "[1/7] load     sources",
        "[2/7] draw     0 figures",
        "[3/7] render   2 chapters",
        "[4/7] convert  2 chapters",
        "[5/7] typeset  en",
        "[6/7] verify   en",
        "[7/7] publish  1 file",
    ]
    assert ran.stdout == f"dist/{PDF}\n"


def test_a_draft_is_marked_on_its_pages(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    assert impressum(root, "build", "--draft").code == 0
    printed = [page.replace(" ", "") for page in pages(root, PDF)]  # tracked capitals read as apart
    assert [number for number, page in enumerate(printed, 1) if "DRAFT" in page] == [1, 2, 3, 4, 5, 6]


def test_a_build_of_one_edition_leaves_the_others(tmp_path: Path) -> None:
    root = built_copy("figures", tmp_path / "figures")
    before = contents_of(root / "dist")
    replace(root / "chapters/sr-Latn/01-figures.md", "Slika iz skripta", "Ova slika iz skripta")
    assert impressum(root, "build", "--edition", "sr-Latn").code == 0
    after = contents_of(root / "dist")
    assert {name for name in after if after[name] != before[name]} == {
        "two-figures-sr-Latn.pdf",
        "two-figures-sr-Latn.pdf.record.json",
        "two-figures-sr-Latn-figures.record.json",  # they name what was read
        "two-figures-sr-Latn-figures.pdf.record.json",
        "build-record.json",
        "SHA256SUMS",
    }
    assert whole(root / "dist")


@pytest.mark.parametrize("stage", ["draft", "review", "embargo"])
def test_a_stage_that_is_not_final_is_marked_in_the_readers_language(stage: str, tmp_path: Path) -> None:
    root = copy("every-field", tmp_path / "fields")
    replace(root / "publication.yaml", "stage: final", f"stage: {stage}")
    assert impressum(root, "build", "--edition", "de").code == 0
    marks = {"draft": "Entwurf", "review": "Zur Begutachtung", "embargo": "Sperrfrist"}
    assert words_of(marks[stage]).upper() in pages(root, "every-field-de.pdf")[0].upper()
    with pikepdf.open(root / "dist/every-field-de.pdf") as file:
        said = str(file.docinfo["/Stage"])
        xmp = file.Root.Metadata.read_bytes().decode()
    assert said.startswith(marks[stage])
    assert f"<xmp:Label>{said}</xmp:Label>" in xmp
    assert ("<prism:embargoDate>2025-03-01</prism:embargoDate>" in xmp) == (stage == "embargo")
    assert json.loads((root / "dist/every-field-de.pdf.record.json").read_bytes())["stage"] == stage
