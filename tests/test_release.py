"""`build --release`: what the gate holds back, what it lets out, and what is kept of it."""

from __future__ import annotations

import datetime
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from building import built_copy, checked, contents_of, copy, impressum, replace, scratch, whole
from load_sources import PUBLICATION, sources

from impressum.core.errors import Faults, Faulty, WrongUsage
from impressum.core.rules import NEVER_WAIVED, RULES
from impressum.pipeline.run import Order, Run
from impressum.release.changelog import BookChanges, _book
from impressum.release.diff.compare import Changed, PagePair, PageText, PdfComparison
from impressum.release.gate import ReleaseOrder, Waiver, order_of, read_waivers, waived, weights
from impressum.release.history import ReleasedBook, release_before, versions
from impressum.release.seal import check_errata
from impressum.stages import publish
from impressum.stages.publish import files
from impressum.system.workspace import Workspace
from impressum.translation.handoff.gathering import sign_files
from impressum.translation.shelf import read_shelf
from impressum.translation.status import report_lines, status

PDF = "a-small-report-en.pdf"
TODAY = datetime.date(2025, 4, 12)


def held_back(root: Path, *waivers: Waiver) -> list[str]:
    """What the gate says before a page is set."""
    order = Order(release=ReleaseOrder(waivers, TODAY, "the clock"))
    run = Run(Workspace(root), order, lambda stage, what: None)
    try:
        checked(run)
    except Faulty as faulty:
        return [str(fault) for fault in faulty.faults]
    return [str(fault) for fault in run.faults.all()]


def publication(root: Path, *lines: str) -> Path:
    """A publication of one chapter with these lines more in its publication.yaml."""
    (root / "chapters/en").mkdir(parents=True)
    text = "\n".join(("title: Rivers", "language: en", "date: 2025-01-31", *lines, ""))
    (root / "publication.yaml").write_text(text, encoding="utf-8")
    (root / "chapters/en/01-start.md").write_text("# Start\n\nA river.\n", encoding="utf-8")
    return root


def translated(root: Path) -> Path:
    """A publication with an edition that has both of its chapters, as they are now."""
    publication(root, 'version: "1.0"')
    (root / "chapters/en/02-end.md").write_text("# End\n\nThe sea.\n", encoding="utf-8")
    (root / "chapters/de/.base").mkdir(parents=True)
    for name, text in (("01-start.md", "# Anfang\n\nEin Fluss.\n"), ("02-end.md", "# Ende\n\nDas Meer.\n")):
        (root / "chapters/de" / name).write_text(text, encoding="utf-8")
        shutil.copy(root / "chapters/en" / name, root / "chapters/de/.base" / name)
    (root / "chapters/de/edition.yaml").write_text("title: Flüsse\n", encoding="utf-8")
    (root / "chapters/de/.base/edition.yaml").write_text('"title": "Rivers"\n"version": "1.0"\n', encoding="utf-8")
    return root


# the gate


def test_what_is_final_and_complete_is_not_held_back(tmp_path: Path) -> None:
    assert held_back(translated(tmp_path)) == []


def test_a_release_needs_a_version(tmp_path: Path) -> None:
    assert held_back(publication(tmp_path)) == [
        (
            "publication.yaml: error: a release needs a version [release-version]\n"
            '  hint: add a line such as `version: "1.0"`'
        )
    ]


def test_a_version_is_the_name_of_a_file(tmp_path: Path) -> None:
    assert held_back(publication(tmp_path, "version: 1.0/beta 2")) == [
        (
            "publication.yaml:4:10: error: the version `1.0/beta 2` cannot be the name of a file, and a release is "
            "kept under its version [release-version]\n"
            "  hint: use letters, digits and the signs . + - _ only, and begin with a letter or a digit"
        )
    ]


@pytest.mark.parametrize("version", ["../1", "..", ".1", "1/2", "1 2", "ü", "1.0.json/x"])
def test_no_version_leads_out_of_the_folder_of_releases(version: str, tmp_path: Path) -> None:
    (told,) = held_back(publication(tmp_path, f'version: "{version}"'))
    assert "[release-version]" in told


@pytest.mark.parametrize("stage", ["draft", "review"])
def test_only_what_is_final_is_released(stage: str, tmp_path: Path) -> None:
    assert held_back(publication(tmp_path, "version: 1.0", f"stage: {stage}")) == [
        (
            f"publication.yaml:5:8: error: the stage is `{stage}`, and only what is `final` is released "
            "[release-stage]\n"
            "  hint: write `stage: final`, or build without `--release`: the pages are marked"
        )
    ]


def test_an_embargo_is_waited_for(tmp_path: Path) -> None:
    assert held_back(publication(tmp_path, "version: 1.0", "embargo: 2025-04-13")) == [
        (
            "publication.yaml:5:10: error: the embargo lasts until 2025-04-13, and by the clock it is 2025-04-12 "
            "[release-embargo]\n"
            "  hint: release it on that day; until then `stage: embargo` makes copies that say so on each page"
        )
    ]


def test_an_embargo_ends_with_the_beginning_of_its_day(tmp_path: Path) -> None:
    assert held_back(publication(tmp_path, "version: 1.0", "embargo: 2025-04-12")) == []


def test_the_day_is_that_of_source_date_epoch_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1744415999")
    assert order_of((), ()) == ReleaseOrder((), datetime.date(2025, 4, 11), "SOURCE_DATE_EPOCH")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1744416000")
    assert order_of((), ()).today == datetime.date(2025, 4, 12)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert order_of((), ()).by == "the clock"


def test_an_edition_that_lacks_a_chapter_has_to_say_so(tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / "chapters/de/02-end.md").unlink()
    (root / "chapters/de/.base/02-end.md").unlink()
    told = [one for one in held_back(root) if "release-" in one]
    assert told == [
        (
            "chapters/de: error: 1 of 2 chapters are not translated, and the edition does not say so: `02-end` "
            "[release-incomplete]\n"
            "  hint: translate them, or write `fallback: show` in `chapters/de/edition.yaml`"
        )
    ]
    replace(root / "chapters/de/edition.yaml", "title", "fallback: show\ntitle")
    assert held_back(root) == []


def test_an_edition_that_lacks_a_text_has_to_say_so(tmp_path: Path) -> None:
    root = translated(tmp_path)
    replace(root / "chapters/de/edition.yaml", "title: Flüsse", "title:")
    told = [one for one in held_back(root) if "release-" in one]
    assert told == [
        (
            "chapters/de/edition.yaml:1:1: error: a text of this edition is not translated yet: `title` "
            "[release-incomplete]\n"
            "  hint: write what is missing behind the colon, or take the line out where it stays as it is in the "
            "source; or write `fallback: show` in `chapters/de/edition.yaml`"
        )
    ]


def test_a_passage_that_waits_is_held_back_though_it_is_signed_off(tmp_path: Path) -> None:
    root = translated(tmp_path)
    replace(root / "chapters/de/02-end.md", "Das Meer.", "::: untranslated\nThe sea.\n:::")
    replace(root / "publication.yaml", "title:", "sign-off: approved\ntitle:")
    for name in ("01-start.md", "02-end.md", "edition.yaml"):
        sign_files(read_shelf(Workspace(root)), "de", [name], "approved")
    message = (
        "chapters/de/02-end.md:4: error: a passage of it is not translated [release-incomplete]\n"
        "  hint: translate what `status --edition de` shows, or write `fallback: show` in `edition.yaml`"
    )
    assert held_back(root) == [message]
    shown = list(report_lines(status(read_shelf(Workspace(root)), ()), read_shelf(Workspace(root))))
    assert "  partly      02-end        1 untranslated; of 2 segments 1 approved" in shown
    replace(root / "chapters/de/edition.yaml", "title", "fallback: show\ntitle")
    assert held_back(root) == []


def test_a_stale_translation_is_held_back_though_the_edition_shows_what_it_lacks(tmp_path: Path) -> None:
    root = translated(tmp_path)
    replace(root / "chapters/de/edition.yaml", "title", "fallback: show\ntitle")
    replace(root / "chapters/en/02-end.md", "The sea.", "The sea, at last.")
    assert held_back(root) == [
        (
            "chapters/de/02-end.md:3: error: the source has changed in one place since this was translated "
            "[release-stale]\n"
            "  hint: `status --edition de` shows where; when the translation says it too, run `translated 02-end "
            "--edition de`"
        )
    ]


def test_where_nobody_knows_whether_a_translation_is_stale_it_is_a_warning(tmp_path: Path) -> None:
    root = translated(tmp_path)
    (root / "chapters/de/.base/02-end.md").unlink()
    assert held_back(root) == [
        (
            "chapters/de/02-end.md: warning: nobody has noted of which source this is the translation, so it may be "
            "out of date [release-stale]\n"
            "  hint: compare it with the source, then run `translated 02-end --edition de`"
        )
    ]


def test_a_release_asks_for_sign_offs_where_the_publication_does(tmp_path: Path) -> None:
    root = translated(tmp_path)
    shelf = read_shelf(Workspace(root))
    sign_files(shelf, "de", ["01-start.md", "edition.yaml"], "approved")
    sign_files(shelf, "de", ["02-end.md"], "reviewed")
    assert held_back(root) == []
    replace(root / "publication.yaml", "title:", "sign-off: reviewed\ntitle:")
    assert held_back(root) == []
    replace(root / "publication.yaml", "sign-off: reviewed", "sign-off: approved")
    told = (
        "2 of 2 segments are not approved; the source of the first is “End” [release-unsigned]\n"
        "  hint: sign them off in a hand-off (`handoff --all`), or the file as a whole: "
        "`translated 02-end --edition de --state approved`"
    )
    assert held_back(root) == [f"chapters/de/02-end.md: error: {told}"]
    assert held_back(root, Waiver("release-unsigned", "The board has read it.")) == [
        f"chapters/de/02-end.md: warning: {told}"
    ]


def test_all_reasons_are_told_at_once(tmp_path: Path) -> None:
    root = publication(tmp_path, "stage: review", "embargo: 2030-01-01")
    (root / "chapters/en/02-more.md").write_text("# More\n\nSee @sec-none.\n", encoding="utf-8")
    assert [one.partition("[")[2].partition("]")[0] for one in held_back(root)] == [
        "reference-unknown",
        "release-version",
        "release-stage",
        "release-embargo",
    ]


# waivers


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--waive", "note-lost"), "`--waive` and `--reason` are for a release: add `--release`, or set `rules:`"),
        (("--reason", "late"), "`--waive` and `--reason` are for a release: add `--release`, or set `rules:`"),
        (("--release", "--draft"), "a draft is not released: leave out `--draft` or `--release`"),
        (("--release", "--edition", "en"), "a release is the whole publication: leave out `--edition`"),
        (("--release", "--waive", "data-gap"), "each `--waive RULE` needs its own `--reason TEXT`"),
        (("--release", "--reason", "late"), "each `--waive RULE` needs its own `--reason TEXT`"),
        (("--release", "--waive", "data-gap", "--reason", " "), "--reason: say why `data-gap` is waived"),
        (
            ("--release", "--waive", "figure-fat", "--reason", "late"),
            "--waive: there is no rule `figure-fat`; did you mean `figure-far`?",
        ),
        (
            ("--release", "--waive", "page-overprint", "--reason", "late"),
            "--waive: `page-overprint` is never waived (text is printed over other text)",
        ),
    ],
)
def test_a_release_that_is_asked_for_wrongly_is_wrong_usage(given: tuple[str, ...], told: str, tmp_path: Path) -> None:
    ran = impressum(publication(tmp_path), "build", *given)
    assert (ran.code, ran.stderr) == (2, f"impressum: {told}\n")


def test_a_rule_is_waived_once() -> None:
    with pytest.raises(WrongUsage, match="--waive: `data-gap` is given twice"):
        read_waivers(["data-gap", "data-gap"], ["late", "later"])


def test_what_is_never_waived_is_a_rule_each() -> None:
    assert RULES.keys() >= NEVER_WAIVED
    assert {"note-lost", "page-overprint", "text-lost", "release-embargo"} <= NEVER_WAIVED


def test_rules_cannot_lower_in_a_release_what_is_never_waived() -> None:
    assert weights({"note-lost": "off", "data-gap": "off"}, ()) == {"data-gap": "off"}


def test_rules_cannot_lower_in_a_release_what_the_gate_asks() -> None:
    assert weights({"release-stale": "off", "release-incomplete": "warning"}, ()) == {}
    assert weights({"release-stale": "error"}, ()) == {"release-stale": "error"}
    assert weights({"release-stale": "off"}, (Waiver("release-stale", "late"),)) == {"release-stale": "warning"}


def test_a_waiver_lowers_only_what_would_stop_the_release() -> None:
    waivers = (Waiver("data-gap", "late"), Waiver("bib-url", "late"), Waiver("page-widow", "late"))
    rules = {"data-gap": "off", "bib-url": "error", "page-widow": "warning"}
    lowered = weights(rules, waivers)  # type: ignore[arg-type]
    assert lowered == {"data-gap": "off", "bib-url": "warning", "page-widow": "warning"}


def test_a_waived_error_is_a_warning_and_an_unused_waiver_is_told(tmp_path: Path) -> None:
    root = publication(tmp_path, "version: 1.0")
    (root / "chapters/en/02-more.md").write_text("# More\n\n### Deep\n\nA text.\n", encoding="utf-8")
    waiver = Waiver("heading-skipped", "The designer is away.")
    assert [one.partition(":3:")[2].partition(": ")[2].partition(":")[0] for one in held_back(root, waiver)] == [
        "warning"
    ]
    assert len(held_back(root)) == 1
    assert "error" in held_back(root)[0]


def test_waived_faults_are_recorded_with_their_places_and_others_not() -> None:
    from impressum.core.errors import Place

    faults = Faults()
    faults.error(Place("a.md", 3, 1), "one", "heading-skipped")
    faults.error(Place("a.md", 9, 1), "two", "heading-skipped")
    faults.warning(Place("a.md", 4, 1), "loose", "type-spacing")
    used = waived((Waiver("heading-skipped", "late"), Waiver("type-spacing", "late")), {}, faults)
    assert [(waiver.rule, [fault.message for fault in found]) for waiver, found in used] == [
        ("heading-skipped", ["one", "two"])
    ]
    assert str(faults.all()[0]) == (
        "--waive type-spacing: warning: nothing had to be waived: no error of this rule was found [waiver-unused]\n"
        "  hint: leave it out next time; it is not recorded"
    )


# what is let out


@cache
def released() -> Path:
    """A publication with two releases: 1.0, and 1.1 with a waiver and an erratum. Not to be changed."""
    root = copy("minimal", scratch() / "released")
    with (root / "publication.yaml").open("a", encoding="utf-8") as file:
        file.write('version: "1.0"\n')
    ran = impressum(root, "build", "--release")
    assert (ran.code, ran.faults, ran.stdout) == (0, "", f"dist/{PDF}\nreleases/1.0.json\n")
    shutil.copytree(root / "dist", root / "dist-1.0")
    leaflet = publish.Product("leaflet.pdf", b"%PDF of an earlier build", "en", "pdf", {})
    publish.publish(Workspace(root), publish.Build((leaflet,), {}, {}, "1" * 64))
    replace(root / "publication.yaml", 'version: "1.0"\n', 'version: "1.1"\nrules: {class-unknown: error}\n' + ERRATA)
    replace(root / "publication.yaml", "date: 2025-03-31", "date: 2025-04-12")
    replace(root / "chapters/en/02-end.md", "The end cites", "The end [cites]{.fast}")
    replace(root / "chapters/en/01-beginning.md", "A report can be small.", "A report can have 12 pages.")
    replace(root / "chapters/en/02-end.md", "a second kind", "a third kind")
    ran = impressum(root, "build", "--release", "--waive", "class-unknown", "--reason", "The designer  is away.")
    assert ran.code == 0, ran.stderr
    assert ran.faults == (
        "chapters/en/02-end.md:3:17: warning: the class `fast` is not known and has no effect [class-unknown]\n"
        "  hint: known classes here: as-is, index, mark, smallcaps, underline, unlisted, unnumbered"
    )
    return root


ERRATA = """\
errata:
  - date: 2025-04-12
    where: "@sec-end"
    was: a second kind
    now: a third kind
"""


def record(root: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / name).read_text(encoding="utf-8"))
    return found


def test_a_release_says_in_each_record_what_it_is_and_what_was_waived() -> None:
    root = released()
    about = {
        "version": "1.1",
        "date": "2025-04-12",
        "previous": "1.0",
        "waivers": [
            {
                "rule": "class-unknown",
                "reason": "The designer is away.",
                "faults": [
                    {
                        "path": "chapters/en/02-end.md",
                        "line": 3,
                        "column": 17,
                        "message": "the class `fast` is not known and has no effect",
                    }
                ],
            }
        ],
    }
    for name in (f"dist/{PDF}.record.json", "dist/build-record.json", "releases/1.1.json"):
        assert record(root, name)["release"] == about, name


def test_a_release_is_all_that_dist_holds() -> None:
    root = released()
    assert whole(root / "dist")
    assert sorted(contents_of(root / "dist")) == [
        *("CHANGES-1.1.json", "CHANGES-1.1.md", "CITATION.cff", "SHA256SUMS"),
        *(PDF, f"{PDF}.record.json", "build-record.json"),
    ]


def test_verify_tells_the_version_and_the_waivers() -> None:
    path = released() / "dist" / PDF
    ran = impressum(None, "verify", str(path))
    assert ran.stdout == (
        f"{path}: as its record says; version 1.1 of 2025-04-12; waived `class-unknown`: The designer is away.\n"
    )


def test_the_changelog_tells_pages_numbers_words_and_errata() -> None:
    assert (released() / "dist/CHANGES-1.1.md").read_text(encoding="utf-8") == CHANGES


CHANGES = """\
# A Small Report: changes in version 1.1

Version 1.1 of 2025-04-12, compared with version 1.0 of 2025-03-31.

## `a-small-report-en.pdf`

6 pages became 7.

- Pages added: 3
- Pages with changed words: 2, 4–6
- Pages with another look: 7

### Errata

- 2025-04-12, Chapter\u00a02: ~~a second kind~~ **a third kind**

### Numbers

| page | was | is | behind the words |
|---:|---:|---:|---|
| 5 | – | 12 | 7 1 Beginning A report can |

### Words

- Page 5: … 7 1 Beginning A report can ~~be small.1~~ **have 12 pages.1** This one has two chapters, three …
- Page 6: … end cites a work of a ~~second~~ **third** kind (Working Group on Samples 2023).2 …
"""


def test_a_changelog_says_what_is_the_same_and_how_much_it_leaves_to_programs() -> None:
    def told(*changes: Changed, kind: str = "changed") -> list[str]:
        comparison = PdfComparison(1, 1, (PagePair(1, 1, kind),), changes, ())
        return list(_book(BookChanges(ReleasedBook(PDF, "en", ()), comparison, (), is_new=False)))

    assert told(kind="same") == ["The same on all 1 pages."]
    changed = Changed(1, 1, "before", "was", "is", "after")
    lines = ["1 pages became 1.", "", "- Pages with changed words: 1", "", "### Words", ""]
    assert told(*[changed] * 200) == [*lines, *["- Page 1: … before ~~was~~ **is** after …"] * 200]
    assert told(*[changed] * 202)[-1] == "- and 2 more, which the JSON file beside this one has"


def test_the_first_changelog_says_that_it_is_the_first() -> None:
    assert (released() / "dist-1.0/CHANGES-1.0.md").read_text(encoding="utf-8") == (
        "# A Small Report: changes in version 1.0\n\n"
        "Version 1.0 of 2025-03-31. This is the first release.\n\n"
        "## `a-small-report-en.pdf`\n\nNew: 6 pages.\n"
    )


def test_the_changelog_for_programs_has_every_number() -> None:
    told = record(released(), "dist/CHANGES-1.1.json")
    assert (told["schema"], told["version"], told["release"], told["since"]) == ("impressum/changes", 1, "1.1", "1.0")
    (file,) = told["files"]
    assert {"old_page": 2, "new_page": 2, "old": "6", "new": "7"}.items() <= file["numbers"][1].items()


def test_the_same_version_is_released_again_only_with_the_same_bytes(tmp_path: Path) -> None:
    root = shutil.copytree(released(), tmp_path / "again")
    before = contents_of(root / "dist") | contents_of(root / "releases")
    again = ("build", "--release", "--waive", "class-unknown", "--reason", "The designer is away.")
    assert impressum(root, *again).code == 0
    assert contents_of(root / "dist") | contents_of(root / "releases") == before
    replace(root / "chapters/en/02-end.md", "a third kind", "a third kind of things")
    ran = impressum(root, *again)
    assert ran.code == 1
    assert ran.faults.splitlines()[2:] == [
        (
            "publication.yaml:13:10: error: version 1.1 was released before with other bytes: `a-small-report-en.pdf` "
            "[release-again]"
        ),
        "  hint: raise `version`; what was released as 1.1 is kept in `releases/1.1.json`",
    ]
    assert contents_of(root / "dist") | contents_of(root / "releases") == before


def test_a_release_is_compared_with_what_is_kept_though_dist_is_empty(tmp_path: Path) -> None:
    root = shutil.copytree(released(), tmp_path / "empty")
    before = contents_of(root / "dist")
    shutil.rmtree(root / "dist")
    assert (
        impressum(root, "build", "--release", "--waive", "class-unknown", "--reason", "The designer is away.").code == 0
    )
    assert contents_of(root / "dist") == before


def test_an_erratum_that_no_page_bears_out_is_told(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "untrue")
    with (root / "publication.yaml").open("a", encoding="utf-8") as file:
        file.write('version: "1.0"\n' + ERRATA)
    ran = impressum(root, "build", "--release")
    assert (ran.code, ran.faults) == (
        0,
        (
            "publication.yaml:16:12: warning: an erratum says that `a third kind` is printed now, and no other page of "
            "`en` has it [erratum-untrue]\n"
            "  hint: mend the text, or say in `now` what is printed, word for word"
        ),
    )


def test_an_erratum_is_borne_out_by_the_pages_of_its_own_edition(tmp_path: Path) -> None:
    edition = sources(tmp_path, {"publication.yaml": f"{PUBLICATION}{ERRATA.replace('@sec-end', 'p. 3')}"}).editions[0]

    def told(**printed: str) -> int:
        faults = Faults()
        pages = {tag: (PageText(1, tuple(words.split()), ""),) for tag, words in printed.items()}
        check_errata(edition, tuple(ReleasedBook(f"{tag}.pdf", tag, made) for tag, made in pages.items()), faults)
        return len(faults.all())

    listed = "p. 3 a second kind a third kind"
    assert told(en=f"{listed} and works of a third kind", de="eine dritte Art") == 0
    assert told(en=listed, de="It is of a third kind here: a third kind.") == 1
    assert told(de="a third kind a third kind") == 1


def test_a_plain_build_is_no_release(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "plain")
    assert "release" not in record(root, "dist/build-record.json")
    assert not (root / "releases").exists()


def test_a_draft_says_so_to_who_verifies_it(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "draft")
    assert impressum(root, "build", "--draft").code == 0
    path = root / "dist" / PDF
    assert impressum(None, "verify", str(path)).stdout == f"{path}: as its record says; its stage is `draft`\n"


def test_a_folder_of_releases_that_cannot_be_written_is_told_as_that() -> None:
    refused = files.not_written(PermissionError(13, "Permission denied", "/a/releases/.impressum-1-1.tmp"), whole=True)
    assert str(refused) == (
        "releases: error: `releases`, which keeps what was released, cannot be written to (Permission denied); what "
        "stood there is unchanged [dist-not-writable]\n"
        "  hint: give this user the right to write in it"
    )
    of_dist = files.not_written(PermissionError(13, "Permission denied", "/releases/dist"), whole=True)
    assert of_dist.place.path == "dist"


def test_a_file_in_the_place_of_the_folder_of_releases_is_told(tmp_path: Path) -> None:
    root = shutil.copytree(released(), tmp_path / "file")
    shutil.rmtree(root / "releases")
    (root / "releases").write_text("notes")
    before = contents_of(root / "dist")
    ran = impressum(root, "build", "--release", "--waive", "class-unknown", "--reason", "late")
    assert ran.code == 1
    assert ran.faults == (
        "releases: error: `releases` is a file, so no folder of that name can be published [dist-not-writable]\n"
        "  hint: move it away"
    )
    assert contents_of(root / "dist") == before


# what is kept


def test_the_release_before_is_the_last_by_date_and_by_version(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    folder.mkdir()
    kept = record(released(), "releases/1.0.json")
    for version, date, previous in (
        ("1.9", "2025-01-31", None),
        ("1.10", "2025-01-31", "1.9"),
        ("1.10-rc1", "2025-01-31", "1.9"),
        ("0.9", "2025-02-01", "1.10"),
    ):
        about: dict[str, object] = {"version": version, "date": date, "previous": previous, "waivers": []}
        (folder / f"{version}.json").write_text(json.dumps(kept | {"release": about}))
    workspace = Workspace(tmp_path)
    assert versions(workspace) == ("1.9", "1.10-rc1", "1.10", "0.9")
    last, before = release_before(workspace, "2.0"), release_before(workspace, "1.10")
    assert last is not None
    assert before is not None
    assert (last.version, before.version) == ("0.9", "1.9")


@pytest.mark.parametrize("version", ["1" * 6000, "1.1"])
def test_a_record_that_names_another_version_than_its_file_is_told(version: str, tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    kept = record(released(), "releases/1.0.json")
    about = kept["release"] | {"version": version}
    for name in ("0.9", "1.0"):
        own = kept | {"release": kept["release"] | {"version": name}}
        (tmp_path / f"releases/{name}.json").write_text(json.dumps(own if name == "0.9" else kept | {"release": about}))
    with pytest.raises(Faulty) as caught:
        versions(Workspace(tmp_path))
    assert "releases/1.0.json: error: what was released cannot be read" in str(caught.value)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"schema": "impressum/release", "version": 2}', "null"])
def test_a_record_of_a_release_that_cannot_be_read_is_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases/1.0.json").write_text(content)
    with pytest.raises(Faulty) as caught:
        versions(Workspace(tmp_path))
    assert [str(fault) for fault in caught.value.faults] == [
        (
            "releases/1.0.json: error: what was released cannot be read: it is not the record of a release "
            "[release-unreadable]\n"
            "  hint: get it back from the history of the publication, as in `git checkout -- releases/1.0.json`"
        )
    ]


def test_two_releases_are_compared_by_their_versions_by_folders_and_by_one_of_each(tmp_path: Path) -> None:
    root = released()
    folders = [str(root / "dist-1.0"), str(root / "dist")]
    by_version = impressum(root, "diff", "1.0", "1.1")
    assert by_version.code == 0
    assert by_version.stdout.splitlines()[:4] == [
        f"{PDF}: 6 pages became 7",
        "  pages added: 3",
        "  pages with changed words: 2, 4–6",
        "  pages with another look: 7",
    ]
    assert impressum(root, "diff", *folders).stdout == by_version.stdout
    assert impressum(root, "diff", "1.0", folders[1]).stdout == by_version.stdout
    assert impressum(root, "diff", folders[0], "1.1").stdout == by_version.stdout
    assert impressum(root, "diff", "1.0", f"{folders[1]}/{PDF}").stdout == by_version.stdout
    html = tmp_path / "changes.html"
    assert impressum(root, "diff", "1.0", folders[1], "--html", str(html)).code == 0
    page = html.read_text(encoding="utf-8")
    assert "old, page 2: of this release only the words are kept" in page
    assert page.count("<img ") == 6  # pages 2 to 7 of the new one


def test_editions_are_paired_though_their_files_have_other_names(tmp_path: Path) -> None:
    root = released()
    new = tmp_path / "new"
    new.mkdir()
    fields = record(root, f"dist/{PDF}.record.json") | {"name": "renamed-en.pdf"}
    (new / "renamed-en.pdf").write_bytes((root / "dist" / PDF).read_bytes())
    (new / "renamed-en.pdf.record.json").write_text(json.dumps(fields))
    ran = impressum(root, "diff", str(root / "dist"), str(new))
    assert ran.stdout == "renamed-en.pdf: the same on all 7 pages\n"


def test_a_version_that_was_not_released_is_told_with_those_that_were() -> None:
    ran = impressum(released(), "diff", "1.0", "1.2")
    assert (ran.code, ran.stderr) == (
        1,
        (
            "1.2: error: there is no such file; did you mean the version 1.1? [file-missing]\n"
            "  hint: give two PDFs, or two folders that hold some, or versions that were released: 1.0, 1.1\n"
        ),
    )
