"""What `verify FILE` says where a published file is not what everything says that vouches for it."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from building import built, built_copy, checked, copy, impressum, scratch

from impressum.core.errors import Faults
from impressum.pipeline.run import Order, Run
from impressum.release.gate import Gate, ReleaseOrder
from impressum.release.published import check_published, summary
from impressum.release.seal import seal
from impressum.stages import publish
from impressum.stages.publish import Build, records
from impressum.stages.verify.document import PdfContents, differences
from impressum.system.cache import Json
from impressum.system.workspace import Workspace

PDF = "a-small-report-en.pdf"
AGAIN = "  hint: build it again, or fetch it again from where it was published"
FETCH = "  hint: fetch all files of the folder from where they were published"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A `dist` of one file, not a real PDF, with a shared file beside it."""
    put(tmp_path, publish.Product("study-en.pdf", b"abc", "en", "pdf", {"pages": 23}))
    return tmp_path / "dist"


def put(root: Path, *products: publish.Product | publish.FolderProduct) -> None:
    shared = {"CITATION.cff": b"cff-version: 1.2.0\n"}
    publish.publish(Workspace(root), publish.Build(products, shared, {"typst": "0.15.2"}, "7" * 64))


def verified(path: Path, root: Path | None = None) -> list[str]:
    faults = check_published(path, Workspace((root or path.parent.parent).resolve()))
    return [str(fault).replace(path.parent.as_posix() + "/", "") for fault in faults]


def rules(path: Path, root: Path | None = None) -> list[str]:
    return [line.partition("[")[2].partition("]")[0] for line in verified(path, root)]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def forge(dist: Path, *, recorded: Mapping[str, Json] | None = None, sums: bool = True, build: bool = True) -> None:
    """Makes what vouches for the files of `dist` say what they are now: as much of it as somebody may have thought of.

    `recorded` goes into each record of a PDF besides.
    """
    products = []
    for path in sorted(dist.glob("*.pdf.record.json")):
        content = path.with_name(path.name.removesuffix(".record.json")).read_bytes()
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields |= {"bytes": len(content), "sha256": digest(content), **(recorded or {})}
        path.write_bytes(records.as_bytes(fields))
        products.append(records.read(path))
    known = json.loads((dist / "build-record.json").read_text(encoding="utf-8"))
    shared = [records.sum_of(one["name"], (dist / one["name"]).read_bytes()) for one in known["shared"]]
    if build:
        release = (recorded or {}).get("release", known.get("release"))
        about = release if isinstance(release, dict) else None
        (dist / "build-record.json").write_bytes(records.build_record(products, shared, about))
    if sums:
        lines = [records.sum_of(path.name, path.read_bytes()) for path in dist.iterdir() if path.name != "SHA256SUMS"]
        (dist / "SHA256SUMS").write_bytes(records.sums(lines))


# a file and its record


def test_a_published_file_agrees_with_all_that_vouches_for_it(dist: Path) -> None:
    for path in (*dist.iterdir(), dist):
        assert verified(path) == [], path


def test_verify_finds_a_changed_letter(dist: Path) -> None:
    (dist / "study-en.pdf").write_bytes(b"abd")
    assert verified(dist / "study-en.pdf") == [
        (
            f"study-en.pdf: error: its SHA-256 is `{digest(b'abd')}` and its record says `{digest(b'abc')}` "
            f"[record-hash]\n{AGAIN}"
        )
    ]


def test_verify_finds_a_cut_file(dist: Path) -> None:
    (dist / "study-en.pdf").write_bytes(b"ab")
    size, sha256 = verified(dist / "study-en.pdf")
    assert size == f"study-en.pdf: error: it has 2 bytes and its record says 3 [record-size]\n{AGAIN}"
    assert sha256.partition(" is ")[0] == "study-en.pdf: error: its SHA-256"


def test_verify_misses_a_record(dist: Path) -> None:
    (dist / "study-en.pdf.record.json").unlink()
    assert verified(dist / "study-en.pdf") == [
        (
            "study-en.pdf: error: its record `study-en.pdf.record.json` is not beside it, so nothing says what the file"
            " must be [record-missing]\n"
            "  hint: build it again, or fetch the record from where the file was published"
        )
    ]


def test_a_product_of_any_kind_has_a_record_whether_it_is_there_or_listed(tmp_path: Path) -> None:
    put(tmp_path, publish.Product("study-en.epub", b"abc", "en", "epub", {}))
    dist = tmp_path / "dist"
    record = dist / "study-en.epub.record.json"
    sums = (dist / "SHA256SUMS").read_bytes()
    (dist / "SHA256SUMS").write_bytes(b"".join(line for line in sums.splitlines(True) if b"epub.record" not in line))
    assert rules(dist / "study-en.epub") == ["sums-unlisted"]
    (dist / "SHA256SUMS").write_bytes(sums)
    record.unlink()
    assert rules(dist / "study-en.epub") == ["record-missing"]


def test_verify_misses_a_file(dist: Path) -> None:
    assert verified(dist / "study-sr.pdf") == [
        "study-sr.pdf: error: there is no file `study-sr.pdf` [file-missing]\n  hint: look for it in `dist`"
    ]


@pytest.mark.skipif(os.name != "posix", reason="there are no named pipes")
def test_a_pipe_is_no_file(dist: Path) -> None:
    (dist / "study-en.pdf").unlink()
    os.mkfifo(dist / "study-en.pdf")
    assert rules(dist / "study-en.pdf") == ["file-missing"]
    assert rules(dist / "study-en.pdf.record.json") == []


def test_the_record_of_another_file_is_none_of_this_one(dist: Path) -> None:
    shutil.copy(dist / "study-en.pdf", dist / "study-de.pdf")
    shutil.copy(dist / "study-en.pdf.record.json", dist / "study-de.pdf.record.json")
    forge(dist)
    assert verified(dist / "study-de.pdf") == [
        f"study-de.pdf.record.json: error: it is the record of `study-en.pdf` [record-changed]\n{AGAIN}"
    ]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("{", "it is not a mapping in JSON"),
        ("3", "it is not a mapping in JSON"),
        ("{}", "it is not a record: its schema is not `impressum/record`"),
        (
            '{"schema": "impressum/record", "version": 9}',
            "its version is 9 and this Impressum reads version 1",
        ),
        (
            '{"schema": "impressum/record", "version": 1}',
            "its `name`, `sha256` or `bytes` is missing or is not what it must be",
        ),
    ],
)
def test_verify_cannot_read_a_record(dist: Path, record: str, why: str) -> None:
    (dist / "study-en.pdf.record.json").write_text(record)
    assert verified(dist / "study-en.pdf") == [
        f"study-en.pdf.record.json: error: the record cannot be read: {why} [record-unreadable]\n{AGAIN}"
    ]


def test_a_file_of_a_folder_is_held_to_the_record_of_the_folder(tmp_path: Path) -> None:
    put(tmp_path, publish.FolderProduct("maps", {"a.svg": b"<a/>", "b.svg": b"<b/>"}, "en", "figures", {}))
    folder = tmp_path / "dist/maps"
    assert rules(folder) == rules(folder / "a.svg", tmp_path) == rules(tmp_path / "dist") == []
    (folder / "a.svg").write_bytes(b"<c/>")
    (folder / "c.svg").write_bytes(b"<c/>")
    assert rules(folder / "a.svg", tmp_path) == rules(tmp_path / "dist") == ["record-hash"]
    assert rules(folder / "b.svg", tmp_path) == []
    assert verified(folder / "c.svg", tmp_path) == [
        f"c.svg: error: `maps.record.json` does not list it [record-hash]\n{AGAIN}"
    ]


# the sums


def test_verify_finds_a_changed_record_by_the_sums_beside_it(dist: Path) -> None:
    path = dist / "study-en.pdf.record.json"
    before = digest(path.read_bytes())
    change(path, '"pages": 23', '"pages": 24')
    changed, told_twice = verified(dist / "study-en.pdf")
    assert changed == (
        f"study-en.pdf.record.json: error: the record was changed: its SHA-256 is `{digest(path.read_bytes())}` and "
        f"`SHA256SUMS` says `{before}` [record-changed]\n{AGAIN}"
    )
    assert told_twice == (
        "study-en.pdf.record.json: error: `build-record.json` does not say the same of `study-en.pdf` "
        f"[record-changed]\n{AGAIN}"
    )


def test_a_file_and_its_record_that_were_changed_together_are_found_by_the_sums(dist: Path) -> None:
    (dist / "study-en.pdf").write_bytes(b"abd")
    forge(dist, sums=False)
    assert rules(dist / "study-en.pdf") == ["record-changed", "sums-hash"]


def test_a_file_a_record_and_the_sums_that_were_changed_together_are_found_by_the_build_record(dist: Path) -> None:
    (dist / "study-en.pdf").write_bytes(b"abd")
    forge(dist, build=False)
    assert rules(dist / "study-en.pdf") == ["record-changed"]


def test_without_sums_nothing_vouches_for_a_record(dist: Path) -> None:
    (dist / "SHA256SUMS").unlink()
    assert verified(dist / "study-en.pdf") == [
        (
            "SHA256SUMS: error: there is no `SHA256SUMS` beside it, so nothing vouches for the file or its record "
            f"[sums-missing]\n{FETCH}"
        )
    ]


ODD_SUMS: dict[str, Callable[[bytes], bytes]] = {
    "another form": lambda raw: raw.replace(b"  study-en.pdf\n", b" *study-en.pdf\n"),
    "one space": lambda raw: raw.replace(b"  study-en.pdf\n", b" study-en.pdf\n"),
    "sums in capitals": lambda raw: raw.upper().replace(b"STUDY-EN.PDF", b"study-en.pdf"),
    "a stray byte": lambda raw: raw.replace(b"study-en.pdf\n", b"study-en.pdf\xff\n"),
    "a byte order mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "lines of Windows": lambda raw: raw.replace(b"\n", b"\r\n"),
    "a line twice": lambda raw: raw.replace(raw.splitlines(True)[2], raw.splitlines(True)[2] * 2),
    "another sum for the same name": lambda raw: raw + b"0" * 64 + b"  study-en.pdf.record.json\n",
    "another order": lambda raw: b"".join([*raw.splitlines(True)[1:], raw.splitlines(True)[0]]),
    "an empty line": lambda raw: raw.replace(b"\n", b"\n\n", 1),
    "a comment": lambda raw: b"# sums\n" + raw,
    "no end": lambda raw: raw.removesuffix(b"\n"),
    "a name that leads elsewhere": lambda raw: b"0" * 64 + b"  ../notes.txt\n" + raw,
    "nothing": lambda raw: b"",
}


@pytest.mark.parametrize("odd", ODD_SUMS)
def test_sums_that_no_build_has_written_vouch_for_nothing(dist: Path, odd: str) -> None:
    path = dist / "SHA256SUMS"
    changed = ODD_SUMS[odd](path.read_bytes())
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    for name in ("study-en.pdf", "CITATION.cff", "SHA256SUMS"):
        assert rules(dist / name) == ["sums-unreadable"], name


def test_a_line_of_the_sums_that_no_build_writes_is_named(dist: Path) -> None:
    change(dist / "SHA256SUMS", "  study-en.pdf\n", " *study-en.pdf\n")
    assert verified(dist / "study-en.pdf") == [
        (
            "SHA256SUMS:3: error: this line is not as a build writes it: a sum, two spaces and a name, each name once, "
            f"in order [sums-unreadable]\n{FETCH}"
        )
    ]


@pytest.mark.parametrize("name", ["study-en.pdf.record.json", "study-en.pdf", "CITATION.cff", "build-record.json"])
def test_what_the_sums_do_not_list_is_not_vouched_for(dist: Path, name: str) -> None:
    path = dist / "SHA256SUMS"
    path.write_bytes(
        b"".join(line for line in path.read_bytes().splitlines(True) if not line.endswith(f" {name}\n".encode()))
    )
    assert verified(dist / name) == [
        (
            f"{name}: error: `SHA256SUMS` beside it does not list `{name}`, so nothing vouches for it "
            f"[sums-unlisted]\n{FETCH}"
        )
    ]


def test_a_name_in_other_capitals_is_another_name(dist: Path) -> None:
    lines = (dist / "SHA256SUMS").read_text().replace("study-en.pdf.record", "study-en.pdf.Record").splitlines()
    sums = sorted((records.Sum(line[66:], line[:64]) for line in lines), key=lambda line: line.name)
    (dist / "SHA256SUMS").write_bytes(records.sums(sums))
    assert rules(dist / "study-en.pdf") == ["sums-unlisted"]


@pytest.mark.parametrize("name", ["CITATION.cff", "build-record.json"])
def test_files_of_no_edition_are_held_to_the_sums(dist: Path, name: str) -> None:
    before = digest((dist / name).read_bytes())
    (dist / name).write_bytes((dist / name).read_bytes() + b"\n")
    after = digest((dist / name).read_bytes())
    assert verified(dist / name)[0] == (
        f"{name}: error: its SHA-256 is `{after}` and `SHA256SUMS` says `{before}` [sums-hash]\n{AGAIN}"
    )


def test_a_file_of_no_edition_and_the_sums_that_were_changed_together_are_found_by_the_build_record(dist: Path) -> None:
    (dist / "CITATION.cff").write_bytes(b"cff-version: 1.2.0\nauthors: []\n")
    forge(dist, build=False)
    assert verified(dist / "CITATION.cff") == [
        f"CITATION.cff: error: `build-record.json` does not list it as it is [record-changed]\n{AGAIN}"
    ]


def test_the_sums_stand_for_all_that_they_list(dist: Path) -> None:
    (dist / "CITATION.cff").unlink()
    (dist / "study-en.pdf").write_bytes(b"abd")
    assert rules(dist / "SHA256SUMS") == ["file-missing", "record-changed", "record-hash"]
    assert verified(dist / "SHA256SUMS")[0] == (
        f"CITATION.cff: error: `SHA256SUMS` lists it and it is not there [file-missing]\n{AGAIN}"
    )


def test_verify_says_of_each_file_what_vouches_for_it(dist: Path) -> None:
    paths = [dist / name for name in ("study-en.pdf", "CITATION.cff", "SHA256SUMS")]
    assert [summary(path) for path in paths] == [
        "as its record says",
        "as `SHA256SUMS` says",
        "as `SHA256SUMS` says",
    ]


# what was released


@cache
def released() -> Path:
    """A publication that was released as 1.0; not to be changed."""
    root = copy("minimal", scratch() / "published")
    with (root / "publication.yaml").open("a", encoding="utf-8") as file:
        file.write('version: "1.0"\n')
    assert impressum(root, "build", "--release").code == 0
    return root


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return Path(shutil.copytree(released(), tmp_path / "released"))


def test_a_release_is_all_that_is_kept_of_it(release: Path) -> None:
    names = sorted(path.name for path in (release / "dist").iterdir())
    ran = impressum(release, "verify", *(str(release / "dist" / name) for name in names))
    assert (ran.code, ran.stderr) == (0, "")
    assert len(ran.stdout.splitlines()) == len(names) == 7


def test_a_released_file_with_all_that_vouches_for_it_changed_is_found_by_the_record_of_the_release(
    release: Path,
) -> None:
    dist = release / "dist"
    (dist / PDF).write_bytes((dist / PDF).read_bytes() + b"\n")
    forge(dist)
    assert verified(dist / PDF) == [
        (
            f"{PDF}.record.json: error: it is not what was released as 1.0, by `releases/1.0.json` [release-differs]\n"
            f"{AGAIN}"
        )
    ]


@pytest.mark.parametrize("name", ["CITATION.cff", "CHANGES-1.0.md", "CHANGES-1.0.json"])
def test_a_released_file_of_no_edition_is_found_by_the_record_of_the_release(release: Path, name: str) -> None:
    path = release / "dist" / name
    path.write_bytes(path.read_bytes() + b"\n")
    forge(release / "dist")
    assert rules(path) == rules(release / "dist", release) == ["release-differs"]


def test_a_waiver_that_was_put_into_the_records_later_is_found(release: Path) -> None:
    about = json.loads((release / "dist/build-record.json").read_text(encoding="utf-8"))["release"]
    forge(release / "dist", recorded={"release": {**about, "waivers": [{"rule": "second-reader", "reason": "late"}]}})
    assert rules(release / "dist" / PDF) == rules(release / "dist/build-record.json") == ["release-differs"]


def test_a_release_that_is_not_kept_is_none(release: Path) -> None:
    (release / "releases/1.0.json").rename(release / "releases/0.9.json")
    assert verified(release / "dist" / PDF) == [
        (
            "build-record.json: error: it says that it is version 1.0, and `releases` keeps no such release "
            "[release-differs]\n"
            "  hint: get `releases/1.0.json` from the history of the publication, or build it again"
        )
    ]


def test_a_copy_that_was_sent_is_held_to_the_release_of_the_publication_it_is_of(release: Path, tmp_path: Path) -> None:
    sent = Path(shutil.copytree(release / "dist", tmp_path / "sent"))
    assert rules(sent / PDF, release) == []
    (sent / PDF).write_bytes((sent / PDF).read_bytes() + b"\n")
    forge(sent)
    assert rules(sent / PDF, release) == ["release-differs"]
    assert rules(sent / PDF, tmp_path) == []  # nothing is known of it there


def test_a_file_of_another_publication_with_the_same_version_is_not_held_to_this_one(
    release: Path, tmp_path: Path
) -> None:
    about: dict[str, Json] = {"version": "1.0", "date": "2025-03-31", "previous": None, "waivers": []}
    put(tmp_path, publish.Product("study-en.pdf", b"abc", "en", "pdf", {"release": about}))
    assert rules(tmp_path / "dist/study-en.pdf", release) == []


def test_a_damaged_record_of_a_release_is_told(release: Path) -> None:
    (release / "releases/1.0.json").write_text("{}")
    assert rules(release / "dist" / PDF) == ["release-unreadable"]


# the second reader


def outline_title(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        outline.root[0].title = "Another heading"


def outline_page(document: pikepdf.Pdf) -> None:
    first = document.Root.Outlines.First
    first.Dest = pikepdf.Array([document.pages[-1].obj, pikepdf.Name.Fit])


def address(document: pikepdf.Pdf) -> None:
    link = next(one for page in document.pages for one in page.get("/Annots", []) if "/URI" in one.get("/A", {}))
    link.A.URI = pikepdf.String("https://example.org/elsewhere")


def target(document: pikepdf.Pdf) -> None:
    link = next(one for page in document.pages for one in page.get("/Annots", []) if "/URI" not in one.get("/A", {}))
    for key in ("/A", "/Dest"):
        if key in link:
            del link[key]
    link.Dest = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])


def letters(document: pikepdf.Pdf) -> None:
    """Gives an `a` of the page another meaning for who copies or hears it."""
    fonts = document.pages[-1].Resources.Font
    for font in fonts.values():
        said = font.ToUnicode.read_bytes()
        font.ToUnicode.write(said.replace(b"<0061>", b"<0062>"))


SEEDED: dict[str, tuple[Callable[[pikepdf.Pdf], object], str]] = {
    "the title": (
        lambda document: document.docinfo.__setitem__("/Title", "Another title"),
        "its Title is `Another title` to pypdf and `A Small Report` in its record",
    ),
    "the language": (
        lambda document: document.Root.__setitem__("/Lang", pikepdf.String("de")),
        "its language is `de` to pypdf and `en` in its record",
    ),
    "the claims": (
        lambda document: document.Root.Metadata.write(
            document.Root.Metadata.read_bytes().replace(b"<pdfaid:part>2<", b"<pdfaid:part>3<")
        ),
        "its XMP is `",
    ),
    "a bookmark": (outline_title, "its bookmark 1 is `2 Another heading` to pypdf and `2 Impressum` in its record"),
    "where a bookmark leads": (outline_page, " Impressum` to pypdf and `2 Impressum` in its record"),
    "an address": (address, "pypdf reads other links on page"),
    "where a link leads": (target, "pypdf reads other links on page"),
    "the letters": (letters, "pypdf reads other text on page"),
    "a page": (lambda document: document.pages.__delitem__(-1), " in its record"),
}


def spoiled(pdf: Path, spoil: Callable[[pikepdf.Pdf], object]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(pdf) as document:
        spoil(document)
        document.save(out, fix_metadata_version=False)
    return out.getvalue()


@pytest.mark.parametrize("defect", SEEDED)
def test_what_the_second_reader_reads_otherwise_is_told(defect: str, tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "seeded")
    path = root / "dist" / PDF
    spoil, said = SEEDED[defect]
    path.write_bytes(spoiled(path, spoil))
    forge(root / "dist")
    found = verified(path)
    assert all("[second-reader]" in line for line in found), found
    assert any(said in line for line in found), found


def test_each_difference_is_a_sentence_of_its_own() -> None:
    found = PdfContents({"Title": "Rivers"}, ("2 One", "3 Two"), ("",) * 7, ("a",) * 7)
    same = found.as_json()
    assert list(differences(same, found)) == []
    assert list(differences({**same, "metadata": {"Author": "Ana"}}, found)) == [
        "its Author is missing to pypdf and `Ana` in its record",
        "its Title is `Rivers` to pypdf and missing in its record",
    ]
    assert list(differences({**same, "outline": ["2 One"]}, found)) == [
        "its bookmark 2 is `3 Two` to pypdf and missing in its record"
    ]
    assert list(differences({**same, "links": [*[""] * 6, "x"]}, found)) == [
        "pypdf reads other links on page 7 than its record has"
    ]
    assert list(differences({**same, "text": ["b", "b", "b", "b", "b", "a", "a"]}, found)) == [
        "pypdf reads other text on pages 1, 2, 3, 4, 5 than its record has"
    ]
    assert list(differences({**same, "text": ["b"] * 7}, found)) == [
        "pypdf reads other text on pages 1, 2, 3, 4, 5 and 2 more than its record has"
    ]
    assert list(differences({**same, "text": ["b"] * 8, "outline": []}, found)) == [
        "it has 7 pages to pypdf and 8 in its record"
    ]
    assert len(list(differences(None, found))) == 2


def test_a_file_that_pypdf_cannot_read_is_told(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "cut")
    path = root / "dist" / PDF
    path.write_bytes(path.read_bytes()[:2000])
    forge(root / "dist")
    (told,) = verified(path)
    assert told.startswith(f"{PDF}: error: pypdf cannot read the file: ")


def test_a_release_that_was_let_out_in_spite_of_the_second_reader_is_as_its_record_says(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "waived")
    contents = json.loads((root / "dist" / f"{PDF}.record.json").read_text(encoding="utf-8"))["contents"]
    contents["text"][2] = "0" * 16
    forge(root / "dist", recorded={"contents": contents})
    assert rules(root / "dist" / PDF) == ["second-reader"]
    waived: Json = {"version": "1.0", "waivers": [{"rule": "second-reader", "reason": "A fault of pypdf."}]}
    forge(root / "dist", recorded={"contents": contents, "release": waived})
    assert rules(root / "dist" / PDF) == []


def test_a_release_waits_for_the_second_reader() -> None:
    root = released()
    asked = ReleaseOrder((), datetime.date(2025, 4, 12), "the clock")
    run = Run(Workspace(root), Order(release=asked), lambda stage, what: None)
    sources = checked(run).sources
    record = json.loads((root / "dist" / f"{PDF}.record.json").read_text(encoding="utf-8"))
    held = {"contents": record["contents"]}
    found = []
    for pdf in ((root / "dist" / PDF).read_bytes(), spoiled(root / "dist" / PDF, address)):
        faults = Faults()
        made = Build((publish.Product(PDF, pdf, "en", "pdf", held),), {}, {}, record["inputs"])
        seal(Gate(asked, run.workspace, sources, faults), made, {"en": ()})
        found.append([str(fault).partition("\n")[0] for fault in faults.errors() if fault.rule == "second-reader"])
    assert found == [
        [],
        [f"dist/{PDF}: error: pypdf reads other links on page 2 than its record has [second-reader]"],
    ]


def test_what_a_record_says_of_the_contents_is_what_a_reader_sees() -> None:
    contents = json.loads((built("minimal") / "dist" / f"{PDF}.record.json").read_text(encoding="utf-8"))["contents"]
    assert contents["metadata"]["Title"] == "A Small Report"
    assert contents["metadata"]["language"] == "en"
    assert contents["outline"][:2] == ["2 Impressum", "3 Contents"]
    assert len(contents["text"]) == len(contents["links"])
    assert "" in contents["links"]
    assert len(set(contents["text"])) == len(contents["text"])


def test_what_a_record_says_moves_nothing_on_the_terminal(tmp_path: Path) -> None:
    waived: Json = {"version": "1.0\x1b[2J", "date": "2025-03-31", "waivers": [{"rule": "x\r", "reason": "\u202eetal"}]}
    contents: Json = {"metadata": {"Title": "\x1b]0;mine\x07"}, "outline": [], "links": [], "text": []}
    put(tmp_path, publish.Product("study-en.pdf", b"abc", "en", "pdf", {"release": waived, "contents": contents}))
    path = tmp_path / "dist/study-en.pdf"
    assert summary(path) == "as its record says; version 1.0\ufffd[2J of 2025-03-31; waived `x\ufffd`: \ufffdetal"
    name = path.with_name("\x1b[2J.pdf")
    ran = impressum(tmp_path, "verify", str(name))
    assert (ran.code, "\x1b" in ran.stderr, "there is no file `\ufffd[2J.pdf`" in ran.stderr) == (1, False, True)
