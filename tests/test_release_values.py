"""Functions of a release on small values: what two pages share, reports word for word, what records may say."""

from __future__ import annotations

import datetime
import errno
import io
import json
import os
import re
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from load_sources import PUBLICATION, sources

from impressum.core.errata import CorrectedOn, Correction
from impressum.core.errors import Allowance, Fault, Faults, Faulty, Place, Severity
from impressum.release import changelog, gate, history, published, reproducibility, seal
from impressum.release.changelog import BookChanges, ReleaseChanges, as_markdown
from impressum.release.diff.compare import (
    Changed,
    ChangedNumber,
    PagePair,
    PageText,
    PdfComparison,
    _body,
    _furniture,
    _lines,
    _without_moves,
    body_page,
    compare,
    picture_of,
    read_pages,
)
from impressum.release.diff.report import as_html, as_json, as_text
from impressum.release.history import ReleasedBook, books_as_json, past_release, versions
from impressum.release.sides import Side, _is_kept, _paired, pairs_of
from impressum.stages import publish
from impressum.stages.publish import files, records
from impressum.system import process
from impressum.system.cache import Json
from impressum.system.workspace import Workspace
from impressum.translation.status import FileStatus


def page(words: str, number: int = 1) -> PageText:
    return PageText(number, tuple(words.split()), words)


# two files compared


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("a b c d e f g h i j", "a b c 1 2 3 4 5 6 7", ["changed"]),  # three of ten words are just enough
        ("a b c d e f g h i j k", "a b c 1 2 3 4 5 6 7 8", ["added", "removed"]),
        ("", "", ["same"]),
        ("", "a", ["added", "removed"]),
    ],
)
def test_a_page_that_shares_enough_words_is_the_same_page(old: str, new: str, kinds: list[str]) -> None:
    assert sorted(pair.kind for pair in compare([page(old)], [page(new)]).pairs) == kinds


TEXT = "The river is long. Its banks are paved with stone. Nobody counted the boats in 2012."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (TEXT, TEXT.replace("river", "stream"), ("The", "river", "stream", "is long. Its banks are paved")),
        (
            TEXT,
            TEXT.replace("stone", "brick"),
            ("long. Its banks are paved with", "stone.", "brick.", "Nobody counted the boats in 2012."),
        ),
        (TEXT, TEXT.removesuffix(" 2012."), ("stone. Nobody counted the boats in", "2012.", "", "")),
        (TEXT, "", ("", TEXT, "", "")),
    ],
)
def test_a_change_is_told_between_the_six_words_on_each_side(
    old: str, new: str, expected: tuple[str, str, str, str]
) -> None:
    before, was, now, after = expected
    (change,) = compare([page(old, 3)], [page(new, 4)]).changes
    assert change == Changed(3, 4 if new else 0, before, was, now, after)


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ([("x", ""), ("", "x")], []),
        ([("x", ""), ("", "x"), ("", "x"), ("x", "")], []),
        ([("", "x"), ("x", ""), ("", "x")], [("", "x")]),
        ([("x", ""), ("", "x"), ("x", "")], [("x", "")]),
        ([("x", "y"), ("", "x")], [("x", "y"), ("", "x")]),
        ([("y", "x"), ("x", "")], [("y", "x"), ("x", "")]),
        ([("x", ""), ("y", "")], [("x", ""), ("y", "")]),
    ],
)
def test_only_what_went_away_and_came_elsewhere_was_moved(
    changes: list[tuple[str, str]], left: list[tuple[str, str]]
) -> None:
    given = [Changed(1, 1, "", old, new, "") for old, new in changes]
    assert [(one.old, one.new) for one in _without_moves(given)] == left


def test_a_number_is_told_beside_the_one_that_took_its_place() -> None:
    found = compare([page("Of 1 and 2 it is 3 all in all.")], [page("Of 7 and 8 or 9 it is all in all.")]).numbers
    assert [(one.old, one.new) for one in found] == [("1", "7"), ("2", "8"), ("", "9"), ("3", "")]


HEADED = [
    [f"Rivers {number}", f"Part {number}", "Third", "Part 7", "third from below", f"Note {number}", str(number)]
    for number in (1, 2, 3)
]


def test_lines_are_those_with_words_and_a_divided_word_is_one() -> None:
    assert _lines(" a  long\u00ad\r\ner \r\n\r\n \u200b\r\nword\u2060s") == ["a longer", "words"]


def test_lines_at_head_and_foot_of_three_pages_are_furniture_and_those_within_are_not() -> None:
    furniture = _furniture(HEADED)
    assert furniture == {"Rivers", "Part", "Note", ""}
    assert _furniture(HEADED[:2]) == frozenset()
    assert _body(HEADED[0], furniture) == ["Third", "Part 7", "third from below"]
    assert _body(["a", "12", "13", "c", "14", "d"], frozenset()) == ["a", "13", "c", "d"]
    assert _body(["12", "b", "13", "d", "14"], frozenset()) == ["b", "13", "d"]


@pytest.fixture
def leaflet(tmp_path: Path) -> Path:
    """A PDF of an upright page and one across, each with a bookmark."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(72, 144))
    document.add_blank_page(page_size=(144, 72))
    with document.open_outline() as outline:
        outline.root += [pikepdf.OutlineItem("Contents", 0), pikepdf.OutlineItem("Rivers", 1)]
    document.save(tmp_path / "leaflet.pdf")
    return tmp_path / "leaflet.pdf"


def test_a_picture_of_a_page_is_of_that_page_at_eighty_dots_an_inch(leaflet: Path) -> None:
    sizes = [struct.unpack(">II", picture_of(leaflet, number)[16:24]) for number in (1, 2)]
    assert sizes == [(80, 160), (160, 80)]


def test_a_book_begins_at_the_first_heading_that_is_none_of_the_front(leaflet: Path) -> None:
    content = leaflet.read_bytes()
    fronts = (("Contents",), ("Contents", "Rivers"), ())
    assert [body_page(content, frozenset[str](front)) for front in fronts] == [2, 1, 1]
    assert [(one.number, one.words) for one in read_pages(content, "leaflet.pdf")] == [(1, ()), (2, ())]


# reports


COMPARED = PdfComparison(
    old_pages=9,
    new_pages=10,
    pairs=(
        PagePair(1, 1, "same"),
        *(PagePair(number, number, "changed") for number in (2, 3, 4, 6)),
        PagePair(5, None, "removed"),
        PagePair(None, 7, "added"),
        PagePair(8, 8, "looks"),
    ),
    changes=(
        Changed(2, 3, "the <", "was", "is", "of"),
        Changed(2, 3, "a", "", "new", "b"),
        Changed(4, 4, "", "x", "", ""),
    ),
    numbers=(ChangedNumber(2, 3, "5", "", "it was <"), ChangedNumber(4, 4, "", "7", "and")),
)
SAME = PdfComparison(2, 2, (PagePair(1, 1, "same"), PagePair(2, 2, "same")), (), ())


def test_a_comparison_in_words_names_pages_numbers_and_words() -> None:
    assert as_text({"a.pdf": SAME, "b.pdf": COMPARED}).splitlines() == [
        "a.pdf: the same on all 2 pages",
        "b.pdf: 9 pages became 10",
        "  pages added: 7",
        "  pages removed: 5",
        "  pages with changed words: 2–4, 6",
        "  pages with another look: 8",
        "  number on page 3: 5 -> none",
        "  number on page 4: none -> 7",
        "  page 3: … the < [-was-]{+is+} of …",
        "  page 3: … a {+new+} b …",
        "  page 4: …  [-x-]  …",
    ]


def test_a_comparison_for_programs_has_what_the_words_have() -> None:
    few = PdfComparison(
        2, 3, (PagePair(1, 1, "same"), PagePair(2, None, "removed")), COMPARED.changes[:1], COMPARED.numbers[:1]
    )
    assert as_json({"b.pdf": few}) == {
        "schema": "impressum-diff",
        "version": 1,
        "files": [
            {
                "name": "b.pdf",
                "pages": {"old": 2, "new": 3},
                "changed-pages": [{"old": 2, "new": None, "kind": "removed"}],
                "changes": [
                    {"old_page": 2, "new_page": 3, "before": "the <", "old": "was", "new": "is", "after": "of"}
                ],
                "numbers": [{"old_page": 2, "new_page": 3, "old": "5", "new": "", "before": "it was <"}],
            }
        ],
    }


def test_a_comparison_as_a_page_shows_each_changed_page_beside_its_other() -> None:
    asked: list[tuple[str, PagePair]] = []

    def pictures(name: str, pair: PagePair) -> tuple[bytes | None, bytes | None]:
        asked.append((name, pair))
        return b"old", None

    pairs = (
        PagePair(1, 1, "same"),
        PagePair(2, 3, "changed"),
        PagePair(None, 4, "added"),
        PagePair(3, None, "removed"),
    )
    shown = PdfComparison(3, 4, pairs, COMPARED.changes, COMPARED.numbers)
    assert as_html({"<a>.pdf": SAME, "b.pdf": shown}, pictures, "T").partition("<h1>T</h1>\n")[2].splitlines() == [
        "<h2>&lt;a&gt;.pdf</h2>",
        "<p>&lt;a&gt;.pdf: the same on all 2 pages.</p>",
        "<h2>b.pdf</h2>",
        "<p>b.pdf: 3 pages became 4.</p>",
        "<h3>Numbers</h3>",
        (
            "<table><tr><th>Page</th><th>After</th><th>Was</th><th>Is</th></tr><tr><td class=page>p. 3</td>"
            "<td>… it was &lt;</td><td><del>5</del></td><td><ins></ins></td></tr><tr><td class=page>p. 4</td>"
            "<td>… and</td><td><del></del></td><td><ins>7</ins></td></tr></table>"
        ),
        "<h3>Words</h3>",
        "<p><span class=page>p. 3</span> … the &lt; <del>was</del> <ins>is</ins> of …</p>",
        "<p><span class=page>p. 3</span> … a <ins>new</ins> b …</p>",
        "<p><span class=page>p. 4</span> …  <del>x</del>  …</p>",
        "<h3>Pages</h3>",
        (
            '<div class="pages"><figure><img alt="Page 2 of the old file" loading="lazy" '
            'src="data:image/png;base64,b2xk"><figcaption>old, page 2</figcaption></figure>'
            "<p>new, page 3: of this release only the words are kept</p></div>"
        ),
        '<div class="pages"><p>no such page</p><p>new, page 4: of this release only the words are kept</p></div>',
        (
            '<div class="pages"><figure><img alt="Page 3 of the old file" loading="lazy" '
            'src="data:image/png;base64,b2xk"><figcaption>old, page 3</figcaption></figure><p>no such page</p></div>'
        ),
        "</main></body></html>",
    ]
    assert asked == [("b.pdf", pair) for pair in pairs[1:]]


# the changelog


def book(edition: str, body: int = 1) -> ReleasedBook:
    return ReleasedBook(f"rivers-{edition}.pdf", edition, (), body)


ERRATA = CorrectedOn(
    datetime.date(2025, 4, 12),
    (
        Correction("p. *3*", "", "a `second` kind", "a third kind", "It was <miscounted>."),
        Correction("p. 4", "sec-end", "", "", ""),
    ),
)
CHANGES = ReleaseChanges(
    "Rivers_1",
    "1.1",
    "2025-04-12",
    "1.0",
    "2025-03-31",
    (
        BookChanges(book("en", body=4), COMPARED, (ERRATA,), is_new=False),
        BookChanges(book("de"), SAME, (ERRATA,), is_new=True),
        BookChanges(book("sr"), SAME, (), is_new=False),
    ),
    ("rivers-fr.pdf",),
)


def test_a_changelog_tells_of_each_edition_and_of_the_body_alone_what_its_words_are() -> None:
    errata = [
        *("### Errata", ""),
        "- 2025-04-12, p. \\*3\\*: ~~a \\`second\\` kind~~ **a third kind** It was \\<miscounted\\>.",
        "- 2025-04-12, p. 4:",
    ]
    assert as_markdown(CHANGES).endswith("`rivers-fr.pdf`\n")
    assert as_markdown(CHANGES).splitlines() == [
        *("# Rivers\\_1: changes in version 1.1", ""),
        *("Version 1.1 of 2025-04-12, compared with version 1.0 of 2025-03-31.", ""),
        *("## `rivers-en.pdf`", "", "9 pages became 10.", ""),
        *(
            "- Pages added: 7",
            "- Pages removed: 5",
            "- Pages with changed words: 2–4, 6",
            "- Pages with another look: 8",
        ),
        *("", *errata, ""),
        *("### Numbers", "", "| page | was | is | behind the words |", "|---:|---:|---:|---|", "| 4 | – | 7 | and |"),
        *("", "### Words", "", "- Page 4: …  ~~x~~  …", ""),
        *("## `rivers-de.pdf`", "", "New: 2 pages.", "", *errata, ""),
        *("## `rivers-sr.pdf`", "", "The same on all 2 pages.", ""),
        *("## No longer released", "", "- `rivers-fr.pdf`"),
    ]


def test_a_changelog_for_programs_has_the_new_the_gone_and_the_errata() -> None:
    told = changelog.as_json(CHANGES)
    files = told.pop("files")
    assert isinstance(files, list)
    assert [one["name"] for one in files if isinstance(one, dict)] == ["rivers-en.pdf", "rivers-sr.pdf"]
    first = {"where": "p. *3*", "label": "", "was": "a `second` kind", "now": "a third kind"}
    listed = [
        {"date": "2025-04-12", **first, "reason": "It was <miscounted>."},
        {"date": "2025-04-12", "where": "p. 4", "label": "sec-end", "was": "", "now": "", "reason": ""},
    ]
    assert told == {
        "schema": "impressum/changes",
        "version": 1,
        "release": "1.1",
        "date": "2025-04-12",
        "since": "1.0",
        "new": [{"name": "rivers-de.pdf", "pages": 2}],
        "gone": ["rivers-fr.pdf"],
        "errata": {"en": listed, "de": listed},
    }


@pytest.mark.parametrize(("count", "shown"), [(60, "w " * 59 + "w"), (61, "w " * 60 + "…")])
def test_a_long_change_is_shown_by_its_first_sixty_words(count: int, shown: str) -> None:
    assert changelog._short("w " * (count - 1) + "w") == shown


# records of releases


def kept(root: Path, version: str, changes: Mapping[str, Json] | None = None, **about: Json) -> Workspace:
    """The publication in `root`, which keeps the record of a release with these `changes`."""
    said: dict[str, Json] = {"version": version, "date": "2025-03-31", "previous": None, "waivers": [], **about}
    whole: dict[str, Json] = {
        "schema": "impressum/release",
        "version": 1,
        "release": said,
        "products": [{"name": "rivers-en.pdf", "sha256": "1" * 64}],
        "shared": [{"name": "CITATION.cff", "sha256": "2" * 64}],
        "books": books_as_json([ReleasedBook("rivers-en.pdf", "en", (page("The sea", 1), page("Its end", 2)))]),
        "renderer": "pypdfium2 5",
        "inputs": "7" * 64,
    }
    path = root / "releases" / f"{version}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**whole, **(changes or {})}))
    return Workspace(root)


def test_a_release_is_read_as_it_was_kept(tmp_path: Path) -> None:
    past = past_release(kept(tmp_path, "1.0", previous="0.9"), "1.0")
    assert past
    assert (past.version, past.date, past.previous, past.renderer) == ("1.0", "2025-03-31", "0.9", "pypdfium2 5")
    assert (past.sums, past.shared) == ({"rivers-en.pdf": "1" * 64}, {"CITATION.cff": "2" * 64})
    assert past.books == (ReleasedBook("rivers-en.pdf", "en", (page("The sea", 1), page("Its end", 2))),)
    assert (past.about["waivers"], past.inputs) == ([], "7" * 64)
    assert past_release(Workspace(tmp_path), "1.1") is None
    assert past_release(Workspace(tmp_path), "../releases/1.0") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "impressum/record"},
        {"version": 2},
        {"release": ["version", "date", "previous"]},
        {"release": {"version": 1, "date": "2025-03-31", "previous": None}},
        {"release": {"version": "1.0", "date": 2025, "previous": None}},
        {"release": {"version": "1.0", "date": "2025-03-31", "previous": 9}},
        {"release": {"version": "1.0", "date": "2025-03-31"}},
        {"products": {"name": "rivers-en.pdf"}},
        {"products": ["rivers-en.pdf"]},
        {"products": [{"name": "rivers-en.pdf", "sha256": None}]},
        {"shared": [{"name": None, "sha256": "2" * 64}]},
        {"books": [{"name": "rivers-en.pdf", "edition": "en", "pages": [{"words": ["a"], "look": ""}]}]},
        {"books": [{"name": "rivers-en.pdf", "edition": "en", "pages": [{"words": "a", "look": 3}]}]},
        {"books": [{"name": "rivers-en.pdf", "edition": None, "pages": []}]},
        {"books": [{"name": 3, "edition": "en", "pages": []}]},
        {"renderer": None},
        {"inputs": 7},
    ],
)
def test_a_record_with_something_else_in_it_is_none(changes: dict[str, Json], tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="it is not the record of a release"):
        past_release(kept(tmp_path, "1.0", changes), "1.0")


def test_versions_are_counted_by_their_days_and_then_by_their_numbers(tmp_path: Path) -> None:
    assert versions(Workspace(tmp_path)) == ()
    for version in ("1.9", "1.10", "1.10-rc2", "1.10-rc10", "1.10.1", "1.10-alpha"):
        kept(tmp_path, version)
    kept(tmp_path, "0.1", date="2025-04-01")
    (tmp_path / "releases" / ".hidden.json").write_text("no record")
    assert versions(Workspace(tmp_path)) == ("1.9", "1.10-alpha", "1.10-rc2", "1.10-rc10", "1.10", "1.10.1", "0.1")


# the sides of a comparison


def side(key: str, name: str) -> Side:
    return Side(key, name, (), None)


def test_files_are_paired_by_edition_and_format_then_by_name() -> None:
    old = (side("en pdf", "a.pdf"), side("", "b.pdf"), side("", "c.pdf"), side("de pdf", "d.pdf"))
    new = (side("", "b.pdf"), side("de pdf", "e.pdf"), side("en pdf", "d.pdf"), side("", "f.pdf"))
    found = [tuple(one and one.name for one in pair) for pair in _paired(old, new)]
    assert found == [("d.pdf", "e.pdf"), ("a.pdf", "d.pdf"), ("b.pdf", "b.pdf"), (None, "f.pdf"), ("c.pdf", None)]


def test_of_a_release_only_the_books_are_kept_and_compared() -> None:
    book, sheet = side("en pdf", "a.pdf"), side("en figures", "a-figures.pdf")
    pairs = ((book, book), (sheet, sheet), (None, book), (book, None), (None, sheet), (sheet, None))
    assert [_is_kept(pair) for pair in pairs] == [True, True, True, True, False, False]


def test_a_file_is_known_by_the_record_beside_it_if_that_is_its_own(leaflet: Path, tmp_path: Path) -> None:
    """Ensures it of a folder that is compared with a version of two editions, of which it has one."""
    old = ReleasedBook("gone.pdf", "de", (page("Das Meer"),)), ReleasedBook("old.pdf", "en", (page("The sea"),))
    workspace = kept(tmp_path, "1.0", {"books": books_as_json(old)})
    new = tmp_path / "new"
    new.mkdir()
    leaflet.rename(new / "leaflet.pdf")
    fields: dict[str, Any] = {"schema": "impressum/record", "version": 1, "bytes": 1, "sha256": "1" * 64}
    fields |= {"name": "leaflet.pdf", "edition": "en", "format": "pdf"}

    def names(**changes: object) -> dict[str, tuple[str | None, str | None]]:
        (new / "leaflet.pdf.record.json").write_bytes(records.as_bytes(fields | changes))
        pairs = pairs_of(Path("1.0"), new, workspace)
        return {name: (was.name if was else None, now.name if now else None) for name, (was, now) in pairs.items()}

    assert names() == {"gone.pdf": ("gone.pdf", None), "leaflet.pdf": ("old.pdf", "leaflet.pdf")}
    for changes in ({"name": "other.pdf"}, {"edition": ""}, {"format": None}):
        assert names(**changes) == {"gone.pdf": ("gone.pdf", None), "old.pdf": ("old.pdf", None)}


# two builds


@pytest.mark.parametrize("at", [0, 1, 65_535, 65_536, 65_537, 131_071, 131_072])
def test_the_first_byte_that_differs_is_found_wherever_it_stands(at: int) -> None:
    first = b"a" * 131_072
    assert reproducibility.first_byte(first + b"a", first[:at] + b"b" + first[at:]) == at
    assert reproducibility.first_byte(first, first[:at]) == at


def test_the_second_build_runs_in_another_world_than_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    world = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "4711",
        "HOME": "/apart/home",
        "TMPDIR": "/apart/tmp",
        "COLUMNS": "60",
    }
    for name in world:
        monkeypatch.delenv(name, raising=False)
    assert reproducibility._other_world(Path("/apart")) == world
    monkeypatch.setenv("TZ", world["TZ"])
    monkeypatch.setenv("PYTHONHASHSEED", world["PYTHONHASHSEED"])
    there = reproducibility._other_world(Path("/apart"))
    assert there == world | {"TZ": "America/St_Johns", "PYTHONHASHSEED": "1147"}


def drawn(*streams: bytes, shared: bytes = b"", metadata: bytes = b"x", own: bytes = b"y") -> bytes:
    """A PDF with a page of each of the `streams`; all pages draw what is `shared`, and nothing names its `own`."""
    document = pikepdf.new()
    common = document.make_stream(shared, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
    for stream in streams:
        document.add_blank_page(page_size=(72, 72))
        document.pages[-1].Contents = document.make_stream(stream)
        document.pages[-1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=common))
    document.Root.Metadata, document.Root.Own = document.make_stream(metadata), document.make_stream(own)
    out = io.BytesIO()
    document.save(out, static_id=True, fix_metadata_version=False)
    return out.getvalue()


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (drawn(b"0 g", b"1 g"), "N, on page 2"),
        (drawn(b"1 g", b"2 g", metadata=b"other"), "N, on page 1"),
        (drawn(b"0 g", b"2 g", shared=b"1 g"), "N, on page 1"),
        (drawn(b"0 g", b"2 g", metadata=b"other", own=b"other"), "N, the metadata (XMP)"),
        (drawn(b"0 g", b"2 g", own=b"other"), "N"),
    ],
)
def test_of_all_that_differs_in_a_pdf_the_object_on_the_first_page_is_named(second: bytes, told: str) -> None:
    found = re.sub(r"object \d+", "object N", reproducibility.where(drawn(b"0 g", b"2 g"), second))
    assert found.partition("; ")[0] == f"object {told}"


def test_sources_are_copied_from_the_last_name_to_the_first_and_caches_of_python_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    for name in ("a.md", "b/a.md", "b/dist", "b/__pycache__/x.pyc", "c.md", "node_modules/x.md"):
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / name).touch()
    monkeypatch.setattr(os, "utime", lambda path, times: copied.append(path.relative_to(tmp_path / "copy").as_posix()))
    reproducibility.copy_sources(tmp_path / "root", tmp_path / "copy")
    assert copied == ["c.md", "b/dist", "b/a.md", "a.md"]


# the gate and the seal


def test_an_edition_that_lacks_chapters_names_three_of_them_and_counts_the_rest(tmp_path: Path) -> None:
    def told(borrowed: int, fallback: str = "") -> str:
        chapters = [SimpleNamespace(slug=f"0{number}", borrowed=number <= borrowed) for number in range(1, 6)]
        edition: Any = SimpleNamespace(tag="de", texts=SimpleNamespace(fallback=fallback), chapters=chapters)
        faults = Faults()
        gate._check_complete(edition, Workspace(tmp_path), faults)
        return "".join(f"{fault.place}: {fault.message}" for fault in faults.all())

    lacks = "chapters are not translated, and the edition does not say so"
    assert told(3) == f"chapters/de: 3 of 5 {lacks}: `01`, `02`, `03`"
    assert told(5) == f"chapters/de: 5 of 5 {lacks}: `01`, `02`, `03` and 2 more"
    assert (told(0), told(5, "show")) == ("", "")


@pytest.mark.parametrize(
    ("rule", "path", "severity", "counts"),
    [
        ("text-untranslated", "chapters/de/edition.yaml", "warning", True),
        ("figure-untranslated", "chapters/de/01-a.md", "warning", True),
        ("data-words", "chapters/de/01-a.md", "warning", True),
        ("data-words", "chapters/de/01-a.md", "error", False),
        ("data-words", "chapters/de-AT/01-a.md", "warning", False),
        ("bib-unused", "chapters/de/01-a.md", "warning", False),
    ],
)
def test_what_an_edition_lacks_counts_where_it_is_its_own(
    rule: str, path: str, severity: Severity, counts: bool, tmp_path: Path
) -> None:
    faults = Faults()
    faults.add(Fault(Place(path, 3), "it is missing", rule, "write it; or leave it", severity))
    edition: Any = SimpleNamespace(tag="de", texts=SimpleNamespace(fallback=""), chapters=[])
    gate._check_complete(edition, Workspace(tmp_path), faults)
    found = [str(one) for one in faults.found() if one.rule == "release-incomplete"]
    hint = "write it; or write `fallback: show` in `chapters/de/edition.yaml`"
    assert found == ([f"{path}:3: error: it is missing [release-incomplete]\n  hint: {hint}"] if counts else [])


def test_a_release_without_a_version_is_told_which_was_the_last(tmp_path: Path) -> None:
    kept(tmp_path, "1.9")
    sources: Any = SimpleNamespace(publication=SimpleNamespace(version=None), place_of=Place)
    gate._check_version(kept(tmp_path, "1.10"), sources, faults := Faults())
    assert [fault.hint for fault in faults.all()] == ['add a line such as `version: "1.0"`; the last release is 1.10']


def difference(look: Place | None) -> Any:
    return SimpleNamespace(look=look, state="changed")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (
            {"differences": (difference(Place("a", 7)), difference(Place("a", 9)))},
            (
                "chapters/de/01-a.md:7: error: the source has changed in 2 places since this was translated "
                "[release-stale]\n  hint: `status --edition de` shows where; when the translation says it too, run "
                "`translated 01-a --edition de`"
            ),
        ),
        (
            {"differences": (difference(None), difference(Place("a", 9)))},
            "chapters/de/01-a.md:9: error: the source has changed in 2 places",
        ),
        (
            {"differences": (difference(None),), "needs_translator": False},
            (
                "chapters/de/01-a.md: error: the source has changed in one place since this was translated "
                "[release-stale]\n  hint: no translator is needed: `translated --apply --edition de` puts it in"
            ),
        ),
        ({"state": "current"}, ""),
        ({"state": "new"}, ""),
    ],
)
def test_a_stale_translation_is_told_with_the_first_place_to_look_at(
    status: dict[str, Any], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = FileStatus(**{"edition": "de", "name": "01-a.md", "state": "changed", **status})
    monkeypatch.setattr("impressum.translation.status.status", lambda shelf, wanted: [one])
    monkeypatch.setattr("impressum.translation.shelf.read_shelf", lambda workspace: None)
    gate._check_translations(Workspace(tmp_path), (), faults := Faults())
    assert "".join(map(str, faults.all())).startswith(told)
    assert bool(faults.all()) is bool(told)


@pytest.mark.parametrize(
    ("words", "shown"),
    [("w" * 59 + " w", "w" * 59 + " …"), ("w" * 58 + " w", "w" * 58 + " w"), ("w " * 40, "w " * 29 + "w …")],
)
def test_a_segment_without_a_sign_off_is_named_by_its_first_words(
    words: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = [SimpleNamespace(words=words, chapter="01"), SimpleNamespace(words="other", chapter="01")]
    every = SimpleNamespace(units={"01": [*units, 3]})
    shelf = SimpleNamespace(editions=("de", "at"), twins={"at"}, chapter=lambda tag, name: tmp_path / tag / name)
    monkeypatch.setattr("impressum.translation.shelf.read_shelf", lambda workspace: shelf)
    monkeypatch.setattr("impressum.translation.handoff.gathering.every_unit", lambda shelf, tag: every)
    monkeypatch.setattr("impressum.translation.handoff.signing.lacking", lambda every, wanted: {"01.md": units})
    gate._check_signed(Workspace(tmp_path), "approved", faults := Faults())
    assert [str(fault) for fault in faults.all()] == [
        (f"de/01.md: error: 2 of 3 segments are not approved; the source of the first is “{shown}” [release-unsigned]\n"
        "  hint: sign them off in a hand-off (`handoff --all`), or the file as a whole: "
        "`translated 01 --edition de --state approved`")
    ]  # fmt: skip


def test_what_was_waived_is_what_would_have_stopped_the_release(tmp_path: Path) -> None:
    places = [Place("b.md", 2), Place("a.md", 9), Place("a.md", 3)]
    faults = Faults(
        allowance=lambda fault: Allowance(Place("b.md", 1), "data-gap", "") if fault.place.line == 2 else None
    )
    for place in places:
        faults.error(place, "gap", "data-gap")
    faults.warning(Place("c.md"), "wide", "page-widow")
    waivers = [gate.Waiver(rule, "late") for rule in ("data-gap", "page-widow")]
    for rules, used in (({}, {"data-gap": 2}), ({"page-widow": "error", "data-gap": "off"}, {"page-widow": 1})):
        found = gate.waived(waivers, rules, faults)  # type: ignore[arg-type]
        assert {waiver.rule: len(some) for waiver, some in found} == used
        assert [one.place for one in found[0][1]] == sorted(one.place for one in found[0][1])
    assert gate.waivers_as_json([(waivers[0], (Fault(Place("a.md", 9, 1), "gap", "data-gap"),))]) == [
        {"rule": "data-gap", "reason": "late", "faults": [{"path": "a.md", "line": 9, "column": 1, "message": "gap"}]}
    ]


def test_a_version_is_kept_for_its_bytes_and_three_that_differ_are_named(tmp_path: Path) -> None:
    products: list[Json] = [{"name": f"{name}.pdf", "sha256": "1" * 64} for name in "abcde"]
    workspace = kept(tmp_path, "1.0", {"products": products})
    sources: Any = SimpleNamespace(place_of=Place)

    def told(version: str, *sums: Json) -> list[str]:
        seal._check_again(workspace, sources, version, list(sums), faults := Faults())
        return [str(fault) for fault in faults.all()]

    hint = "\n  hint: raise `version`; what was released as 1.0 is kept in `releases/1.0.json`"
    assert (told("1.0", *products), told("1.1")) == ([], [])
    said = "version: error: version 1.0 was released before with other bytes"
    assert told("1.0", *products[3:]) == [f"{said}: `a.pdf`, `b.pdf`, `c.pdf` [release-again]{hint}"]
    assert told("1.0") == [f"{said}: `a.pdf`, `b.pdf`, `c.pdf` and 2 more [release-again]{hint}"]
    assert told("1.0", *products, {"name": "new.pdf", "sha256": ""}) == [f"{said}: `new.pdf` [release-again]{hint}"]


def test_a_release_is_compared_edition_by_edition_with_the_one_before(tmp_path: Path) -> None:
    def printed(edition: str, look: str) -> ReleasedBook:
        return ReleasedBook(f"rivers-{edition}.pdf", edition, (PageText(1, ("a",), look),))

    sources: Any = SimpleNamespace(publication=SimpleNamespace(title="Rivers", date=datetime.date(2025, 4, 12)))
    past = past_release(kept(tmp_path, "1.0"), "1.0")
    assert past
    before = replace(past, books=(printed("en", "old"), printed("fr", "old")))
    books, errata = (printed("en", "new"), printed("de", "new")), {"en": (ERRATA,), "de": ()}
    for one, kind in ((before, "same"), (replace(before, renderer=history.renderer()), "looks")):
        found = seal._changes(sources, "1.1", one, books, errata)
        assert (found.title, found.version, found.date, found.gone) == (
            "Rivers",
            "1.1",
            "2025-04-12",
            ("rivers-fr.pdf",),
        )
        assert (found.since, found.since_date) == ("1.0", "2025-03-31")
        assert [(book.name, book.is_new, book.errata) for book in found.books] == [
            *(("rivers-en.pdf", False, (ERRATA,)), ("rivers-de.pdf", True, ()))
        ]
        assert [pair.kind for book in found.books for pair in book.comparison.pairs] == [kind, "added"]
    first = seal._changes(sources, "1.1", None, books, errata)
    assert (first.since, first.since_date, first.gone) == (None, None, ())


# what is verified


@pytest.mark.parametrize(("seen", "rules"), [(b"abc", []), (b"abd", ["record-hash"])])
def test_a_validator_must_have_seen_the_bytes_that_are_published(seen: bytes, rules: list[str], tmp_path: Path) -> None:
    verdict: Json = {"validator": "verapdf", "sha256": records.sum_of("", seen).sha256}
    product = publish.Product("study-en.pdf", b"abc", "en", "pdf", {"validated": [verdict]})
    publish.publish(Workspace(tmp_path), publish.Build((product,), {}, {}, "7" * 64))
    found = published.check_published(tmp_path / "dist/study-en.pdf", Workspace(tmp_path))
    assert [fault.rule for fault in found] == rules


def test_a_build_record_that_cannot_be_read_vouches_for_nothing(tmp_path: Path) -> None:
    product = publish.Product("study-en.pdf", b"abc", "en", "pdf", {})
    publish.publish(Workspace(tmp_path), publish.Build((product,), {"CITATION.cff": b"x"}, {}, "7" * 64))
    dist = tmp_path / "dist"
    (dist / "build-record.json").write_bytes(b"{")
    lines = [records.sum_of(path.name, path.read_bytes()) for path in dist.iterdir() if path.name != "SHA256SUMS"]
    (dist / "SHA256SUMS").write_bytes(records.sums(lines))
    for name in ("study-en.pdf", "CITATION.cff"):
        (fault,) = published.check_published(dist / name, Workspace(tmp_path))
        assert (fault.place.path, fault.rule) == ((dist / "build-record.json").as_posix(), "record-unreadable")
        assert fault.message == "the record cannot be read: it is not a mapping in JSON"


@pytest.mark.parametrize("fails", ["study-en.pdf", "CITATION.cff"])
def test_a_file_that_cannot_be_read_is_told(fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    product = publish.Product("study-en.pdf", b"abc", "en", "pdf", {})
    publish.publish(Workspace(tmp_path), publish.Build((product,), {"CITATION.cff": b"x"}, {}, "7" * 64))
    sha256_of = files.sha256_of

    def refuse(path: Path) -> str | None:
        if path.name == fails:
            raise OSError(errno.EIO, "Input/output error")
        return sha256_of(path)

    monkeypatch.setattr(files, "sha256_of", refuse)
    dist = published._Dist(tmp_path / "dist", Workspace(tmp_path))
    check = dist._listed(fails) if fails == "CITATION.cff" else dist.check(fails)
    (fault,) = check
    assert str(fault).partition("dist/")[2] == (
        f"{fails}: error: the file cannot be read: Input/output error [file-unreadable]\n"
        "  hint: build it again, or fetch it again from where it was published"
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"stage": "final"}, ""),
        ({"stage": "review"}, "; its stage is `review`"),
        ({"stage": 3}, ""),
        ({"release": {"version": "1.0", "date": "2025", "waivers": None}, "stage": "draft"}, "; version 1.0 of 2025"),
        (
            {"release": {"version": "1.0", "date": "2025", "waivers": ["x", {"rule": "data-gap", "reason": "late"}]}},
            "; version 1.0 of 2025; waived `data-gap`: late",
        ),
        (
            {"validated": [{"validator": "vera", "version": None, "arguments": ["-f", 2]}, "x"]},
            "; passed by `vera -f 2`; passed by ``",
        ),
        ({"validated": {"validator": "vera"}}, ""),
    ],
)
def test_a_summary_says_what_a_record_holds_and_nothing_where_it_holds_something_else(
    fields: dict[str, Json], said: str, tmp_path: Path
) -> None:
    record = {"schema": "impressum/record", "version": 1, "name": "a.pdf", "sha256": "1" * 64, "bytes": 1, **fields}
    (tmp_path / "a.pdf.record.json").write_text(json.dumps(record))
    assert published.summary(tmp_path / "a.pdf") == f"as its record says{said}"


@pytest.mark.parametrize(
    ("code", "errors", "told"),
    [
        (0, "", []),
        (1, "[1/7] load\na.md:1: error: one [x]\nb.md: error: two [y]\n", ["a.md:1: error: one [x]"]),
        (1, " nothing of ours\n", ["nothing of ours"]),
    ],
)
def test_the_second_build_is_made_of_a_copy_elsewhere_and_only_what_it_published_is_compared(
    code: int, errors: str, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path, dict[str, str]]] = []

    def run(command: list[str], *, limits: process.Limits, environment: dict[str, str]) -> process.Finished:
        at = command.index("--root")
        root = Path(command[at + 1])
        asked.append((root, environment))
        assert command[at - 1 :] == ["impressum.release.other_world", "--root", str(root), "build", "--draft"]
        assert limits == process.Limits(14_400)
        assert (root / "a.md").read_text() == "source"
        assert all(Path(environment[name]).is_dir() for name in ("HOME", "TMPDIR"))
        for name in ("a.pdf", "maps/b.svg", "SHA256SUMS", "build-record.json"):
            (root / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
            (root / "dist" / name).write_bytes(b"again")
        return process.Finished(code, b"", errors.encode())

    monkeypatch.setattr(process, "run", run)
    (tmp_path / "a.md").write_text("source")
    first = {"a.pdf": b"again", "maps/b.svg": b"first"}
    reproducibility.check_reproducible(Workspace(tmp_path), ("build", "--draft"), first, faults := Faults())
    ((root, environment),) = asked
    assert not root.exists()
    assert Path(environment["HOME"]).parent == root.parent
    assert (root.parent.name, root.parent.parent.name.startswith("impressum-apart-")) == ("another folder, čž", True)
    if code:
        hint = "it has a copy of the publication's folder alone: no file outside of it, no `.cache`, another home"
        message = f"the second build, apart, failed: {told[0]}"
        assert faults.all() == (Fault(Place("dist"), message, "reproducible-failed", hint),)
    else:
        assert [fault.place.path for fault in faults.all()] == ["dist/maps/b.svg"]


def test_a_release_is_sealed_with_its_records_its_changes_and_what_is_kept_of_it(leaflet: Path, tmp_path: Path) -> None:
    erratum = "errata:\n  - {date: 2025-04-12, where: p. 1, was: a, now: a third kind}\n"
    loaded = sources(tmp_path / "rivers", {"publication.yaml": f'{PUBLICATION}version: "1.0"\n{erratum}'})
    pdf = publish.Product("rivers-en.pdf", leaflet.read_bytes(), "en", "pdf", {"pages": 2})
    maps = publish.FolderProduct("maps", {"a.svg": b"<svg/>"}, "en", "figures", {})
    made = publish.Build((pdf, maps), {"CITATION.cff": b"x"}, {"typst": "1"}, "7" * 64)
    order = gate.ReleaseOrder((gate.Waiver("data-gap", "late"),), datetime.date(2025, 4, 12), "the clock")
    faults = Faults()
    faults.error(Place("a.md", 3), "a gap", "data-gap")
    done = seal.seal(gate.Gate(order, Workspace(tmp_path / "rivers"), loaded, faults), made, {"en": ()})
    waived: list[Json] = [{"path": "a.md", "line": 3, "column": 0, "message": "a gap"}]
    about: dict[str, Json] = {
        "version": "1.0",
        "date": "2025-01-31",
        "previous": None,
        "waivers": [{"rule": "data-gap", "reason": "late", "faults": waived}],
    }
    assert [one.record for one in done.products] == [{"pages": 2, "release": about}, {"release": about}]
    assert sorted(done.shared) == ["CHANGES-1.0.json", "CHANGES-1.0.md", "CITATION.cff"]
    assert b"This is the first release." in done.shared["CHANGES-1.0.md"]
    assert [fault.rule for fault in faults.found()] == ["data-gap", "erratum-untrue"]
    assert done.release
    assert (done.release.version, done.release.about) == ("1.0", about)
    kept = json.loads(done.release.record)
    assert [(book["name"], book["edition"], len(book["pages"])) for book in kept.pop("books")] == [
        ("rivers-en.pdf", "en", 2)
    ]
    record = records.record_of(done.products[1], made)
    assert kept == {
        "schema": "impressum/release",
        "version": 1,
        "release": about,
        "title": "Rivers",
        "slug": "rivers",
        "errata": {"en": [{"date": "2025-04-12", "where": "p. 1", "was": "a", "now": "a third kind"}]},
        "products": [
            {
                "name": "rivers-en.pdf",
                "edition": "en",
                "format": "pdf",
                "bytes": len(pdf.content),
                "sha256": records.sum_of("", pdf.content).sha256,
            },
            {"name": "maps", "edition": "en", "format": "figures", "bytes": 6, "sha256": record.sha256},
        ],
        "shared": [
            {"name": name, "sha256": records.sum_of("", done.shared[name]).sha256} for name in sorted(done.shared)
        ],
        "renderer": history.renderer(),
        "made_with": {"typst": "1"},
        "inputs": "7" * 64,
    }


@pytest.mark.parametrize(
    ("stage", "embargo", "told"),
    [
        ("final", None, ""),
        ("final", 12, ""),
        (
            "final",
            13,
            (
                "embargo: error: the embargo lasts until 2025-04-13, and by the clock it is 2025-04-12 "
                "[release-embargo]\n"
                "  hint: release it on that day; until then `stage: embargo` makes copies that say so on each page"
            ),
        ),
        (
            "draft",
            None,
            (
                "stage: error: the stage is `draft`, and only what is `final` is released [release-stage]\n"
                "  hint: write `stage: final`, or build without `--release`: the pages are marked"
            ),
        ),
    ],
)
def test_only_what_is_final_and_free_is_released(stage: str, embargo: int | None, told: str) -> None:
    day = embargo and datetime.date(2025, 4, embargo)
    sources: Any = SimpleNamespace(publication=SimpleNamespace(stage=stage, embargo=day), place_of=Place)
    order = gate.ReleaseOrder((), datetime.date(2025, 4, 12), "the clock")
    gate._check_stage(order, sources, faults := Faults())
    assert "\n".join(map(str, faults.all())) == told


def test_two_files_are_a_pair_and_a_folder_is_no_side_of_a_file(leaflet: Path, tmp_path: Path) -> None:
    workspace = kept(tmp_path, "1.0")
    folder = tmp_path / "folder"
    folder.mkdir()
    other = leaflet.rename(folder / "other.pdf")
    leaflet.write_bytes(other.read_bytes())
    ((name, (was, now)),) = pairs_of(other, leaflet, workspace).items()
    assert (name, was and was.pdf, now and now.pdf) == ("leaflet.pdf", other, leaflet)
    for old, new in ((folder, leaflet), (leaflet, folder)):
        with pytest.raises(Faulty, match=f"^{folder}: error: a folder is compared with a file "):
            pairs_of(old, new, workspace)
    other.unlink()
    with pytest.raises(Faulty, match=r"folder: error: the folder holds no PDF \[diff-unreadable\]\n.*the folder of a"):
        pairs_of(folder, folder, workspace)
    with pytest.raises(Faulty) as caught:
        pairs_of(Path("1.1"), leaflet, workspace)
    assert str(caught.value) == (
        "1.1: error: there is no such file; did you mean the version 1.0? [file-missing]\n"
        "  hint: give two PDFs, or two folders that hold some, or versions that were released: 1.0"
    )


def test_looks_are_compared_where_one_program_has_drawn_them_all(leaflet: Path, tmp_path: Path) -> None:
    """Ensures it of a file, of which only its own edition is compared with a version."""
    fields = {"schema": "impressum/record", "version": 1, "name": "leaflet.pdf", "sha256": "1" * 64, "bytes": 1}
    (tmp_path / "leaflet.pdf.record.json").write_text(json.dumps({**fields, "edition": "en", "format": "pdf"}))
    books = [ReleasedBook(f"{tag}.pdf", tag, (PageText(1, (), "look"),)) for tag in ("de", "en")]
    for renderer, look in ((history.renderer(), "look"), ("another", "")):
        workspace = kept(tmp_path, "1.0", {"books": books_as_json(books), "renderer": renderer})
        ((name, (was, now)),) = pairs_of(Path("1.0"), leaflet, workspace).items()
        assert was
        assert now
        assert (name, was.name, was.pages[0].look, bool(now.pages[0].look)) == (
            "leaflet.pdf",
            "en.pdf",
            look,
            bool(look),
        )
