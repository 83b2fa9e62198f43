"""The records of published files, and their sums."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from impressum.core.errors import Faulty
from impressum.stages import publish
from impressum.system import process
from impressum.system.cache import Json
from impressum.system.workspace import Workspace

INPUTS = "7" * 64
MADE_WITH = {"typst": "0.15.2", "pandoc": "3.9"}


def product(
    edition: str, content: bytes = b"%PDF-1.7 pages", record: Mapping[str, Json] | None = None
) -> publish.Product:
    return publish.Product(f"study-{edition}.pdf", content, edition, "pdf", {"pages": 23} if record is None else record)


def put(workspace: Workspace, *products: publish.Product, shared: Mapping[str, bytes] | None = None) -> None:
    files = {"CITATION.cff": b"cff-version: 1.2.0\n"} if shared is None else shared
    publish.publish(workspace, publish.Build(products, files, MADE_WITH, INPUTS))


def published(dist: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in dist.iterdir()}


def listed(dist: Path) -> list[str]:
    return [line.partition("  ")[2] for line in (dist / "SHA256SUMS").read_text().splitlines()]


def sums_agree(dist: Path) -> bool:
    lines = [line.partition("  ") for line in (dist / "SHA256SUMS").read_text().splitlines()]
    right = all(hashlib.sha256((dist / name).read_bytes()).hexdigest() == digest for digest, _, name in lines)
    program = shutil.which("sha256sum")
    if program is not None:
        done = process.run([program, "-c", "SHA256SUMS"], limits=process.Limits(seconds=60), folder=dist)
        assert (done.code == 0) == right, done.errors
    return right


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_a_record_says_what_the_file_is_and_nothing_of_the_clock_or_the_machine(workspace: Workspace) -> None:
    put(workspace, product("en", b"abc", {"pages": 23, "isbn": "978-86-7558-000-7", "fonts": ["Spectral"]}))

    assert (workspace.dist / "study-en.pdf.record.json").read_text(encoding="utf-8") == (
        "{\n"
        '  "bytes": 3,\n'
        '  "edition": "en",\n'
        '  "fonts": [\n    "Spectral"\n  ],\n'
        '  "format": "pdf",\n'
        f'  "inputs": "{INPUTS}",\n'
        '  "isbn": "978-86-7558-000-7",\n'
        '  "made_with": {\n    "pandoc": "3.9",\n    "typst": "0.15.2"\n  },\n'
        '  "name": "study-en.pdf",\n'
        '  "pages": 23,\n'
        '  "schema": "impressum/record",\n'
        '  "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",\n'
        '  "version": 1\n'
        "}\n"
    )


def test_the_sums_name_every_published_file_but_themselves_in_order(workspace: Workspace) -> None:
    put(workspace, product("sr"), product("en"))

    assert listed(workspace.dist) == [
        "CITATION.cff",
        "build-record.json",
        "study-en.pdf",
        "study-en.pdf.record.json",
        "study-sr.pdf",
        "study-sr.pdf.record.json",
    ]
    assert sums_agree(workspace.dist)


def test_the_paths_come_back_products_first_and_the_sums_last(workspace: Workspace) -> None:
    paths = publish.publish(
        workspace, publish.Build((product("sr"), product("en")), {"CITATION.cff": b"x"}, MADE_WITH, INPUTS)
    )

    assert [path.name for path in paths[:2]] == ["study-sr.pdf", "study-en.pdf"]
    assert [path.name for path in paths[-2:]] == ["build-record.json", "SHA256SUMS"]
    assert all(path.is_file() for path in paths)


def test_building_one_edition_leaves_the_others_and_lists_them(workspace: Workspace) -> None:
    put(workspace, product("en"), product("sr", b"prvo"))
    before = published(workspace.dist)

    put(workspace, product("en", b"second"))

    after = published(workspace.dist)
    assert after["study-sr.pdf"] == before["study-sr.pdf"]
    assert after["study-sr.pdf.record.json"] == before["study-sr.pdf.record.json"]
    assert "study-sr.pdf" in listed(workspace.dist)
    assert [entry["name"] for entry in json.loads(after["build-record.json"])["products"]] == [
        "study-en.pdf",
        "study-sr.pdf",
    ]
    assert sums_agree(workspace.dist)


def test_the_order_of_the_builds_does_not_show(tmp_path: Path) -> None:
    one, other, together = (Workspace(tmp_path / name) for name in ("one", "other", "together"))
    put(one, product("en"))
    put(one, product("sr"))
    put(other, product("sr"))
    put(other, product("en"))
    put(together, product("en"), product("sr"))

    assert published(one.dist) == published(other.dist) == published(together.dist)


def test_a_shared_file_of_an_earlier_build_stays_listed(workspace: Workspace) -> None:
    put(workspace, product("en"), shared={"CITATION.cff": b"x", "cover.png": b"y"})
    put(workspace, product("en"), shared={"CITATION.cff": b"z"})

    assert "cover.png" in listed(workspace.dist)
    assert sums_agree(workspace.dist)


def test_a_file_that_its_owner_deleted_is_no_longer_listed(workspace: Workspace) -> None:
    put(workspace, product("en"), product("sr"), shared={"CITATION.cff": b"x", "cover.png": b"y"})
    (workspace.dist / "study-sr.pdf").unlink()
    (workspace.dist / "cover.png").unlink()

    put(workspace, product("en"))

    assert listed(workspace.dist) == [
        "CITATION.cff",
        "build-record.json",
        "study-en.pdf",
        "study-en.pdf.record.json",
    ]
    assert sums_agree(workspace.dist)


def test_a_file_that_was_not_published_is_neither_touched_nor_listed(workspace: Workspace) -> None:
    workspace.dist.mkdir()
    (workspace.dist / "letter to the printer.txt").write_bytes(b"Dear")

    put(workspace, product("en"))

    assert (workspace.dist / "letter to the printer.txt").read_bytes() == b"Dear"
    assert "letter to the printer.txt" not in listed(workspace.dist)


def test_the_sums_do_not_vouch_for_an_earlier_file_that_was_changed(workspace: Workspace) -> None:
    put(workspace, product("sr"))
    (workspace.dist / "study-sr.pdf").write_bytes(b"changed")

    put(workspace, product("en"))

    assert "study-sr.pdf" in listed(workspace.dist)
    assert not sums_agree(workspace.dist)


def test_the_same_files_again_touch_nothing(workspace: Workspace) -> None:
    put(workspace, product("en"))

    def seen() -> dict[str, tuple[int, int, int]]:
        found = {path.name: path.stat() for path in workspace.dist.iterdir()}
        return {name: (one.st_ino, one.st_mtime_ns, one.st_ctime_ns) for name, one in found.items()}

    before = seen()
    put(workspace, product("en"))
    assert seen() == before


@pytest.mark.parametrize(
    "record",
    [
        b"not json",
        b"[]",
        b'{"schema": "another"}',
        b'{"schema": "impressum/record", "version": 2}',
        b'{"schema": "impressum/record", "version": 1, "name": "study-sr.pdf", "bytes": 1, "sha256": "x\\ny"}',
        b"[" * 100_000,
    ],
)
def test_a_record_that_cannot_be_read_does_not_stop_another_edition(workspace: Workspace, record: bytes) -> None:
    put(workspace, product("sr"))
    (workspace.dist / "study-sr.pdf.record.json").write_bytes(record)

    put(workspace, product("en"))

    assert "study-sr.pdf" not in listed(workspace.dist)
    assert sums_agree(workspace.dist)


def test_nor_does_it_take_those_behind_it_out_of_the_sums(workspace: Workspace) -> None:
    put(workspace, product("en"))
    put(workspace, product("sr"))
    (workspace.dist / "study-en.pdf.record.json").write_bytes(b"not json")

    put(workspace, product("de"))

    assert {"study-de.pdf", "study-sr.pdf"} <= set(listed(workspace.dist))


@pytest.mark.parametrize("value", ["NaN", "1e999", '"\\ud800"'])
def test_a_record_that_could_not_be_written_again_is_not_read(workspace: Workspace, value: str) -> None:
    put(workspace, product("sr"))
    path = workspace.dist / "study-sr.pdf.record.json"
    path.write_text(path.read_text().replace('"pages": 23', f'"pages": {value}'))

    put(workspace, product("en"))

    assert sums_agree(workspace.dist)


@pytest.mark.skipif(os.name != "posix", reason="there is no umask")
@pytest.mark.parametrize(("umask", "mode"), [(0o000, 0o644), (0o022, 0o644), (0o077, 0o600)])
def test_the_umask_decides_who_may_read_and_not_what_is_written(tmp_path: Path, umask: int, mode: int) -> None:
    plain, masked = Workspace(tmp_path / "plain"), Workspace(tmp_path / "masked")
    put(plain, product("en"))
    before = os.umask(umask)
    try:
        put(masked, product("en"))
    finally:
        os.umask(before)

    assert published(plain.dist) == published(masked.dist)
    assert {path.stat().st_mode & 0o777 for path in masked.dist.iterdir()} == {mode}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../study.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        ".study.pdf",
        "a\nb",
        "SHA256SUMS",
        "build-record.json",
        "a.record.json",
    ],
)
def test_a_name_that_would_leave_dist_or_hide_a_record_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a published file"):
        put(workspace, publish.Product(name, b"", "en", "pdf", {}))


def test_a_product_cannot_give_its_own_hash(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match=r"^the record of study-en\.pdf has its own bytes, sha256$"):
        put(workspace, product("en", b"x", {"sha256": "0", "bytes": 0}))


def release(workspace: Workspace, *products: publish.Product | publish.FolderProduct) -> None:
    record = publish.Release("1.0", {"version": "1.0"}, b"{}")
    files = {"CITATION.cff": b"cff-version: 1.2.0\n"}
    publish.publish(workspace, publish.Build(products, files, MADE_WITH, INPUTS, record))


def stranger(dist: Path, more: Mapping[str, Json], name: str = "study-sr.pdf") -> None:
    """A file with a record as anybody can write it."""
    (dist / name).write_bytes(b"strange")
    sha256 = hashlib.sha256(b"strange").hexdigest()
    fields = {"schema": "impressum/record", "version": 1, "name": name, "bytes": 7, "sha256": sha256, **more}
    (dist / f"{name}.record.json").write_text(json.dumps(fields))


@pytest.mark.parametrize("more", [{}, {"edition": "sr", "format": "pdf", "inputs": INPUTS, "made_with": {}}])
def test_a_strangers_file_with_a_record_is_not_vouched_for(workspace: Workspace, more: dict[str, Json]) -> None:
    put(workspace, product("en"))
    stranger(workspace.dist, more)
    put(workspace, product("en", b"second"))
    assert [name for name in listed(workspace.dist) if "study-sr" in name] == []
    assert b"study-sr" not in (workspace.dist / "build-record.json").read_bytes()
    assert (workspace.dist / "study-sr.pdf").read_bytes() == b"strange"


def test_a_strangers_record_of_a_folder_removes_nothing_from_it(workspace: Workspace) -> None:
    put(workspace, product("en"))
    folder = workspace.dist / "study-en-figures"
    folder.mkdir()
    (folder / "letter.txt").write_bytes(b"Dear")
    line = {"name": "study-en-figures/letter.txt", "sha256": hashlib.sha256(b"Dear").hexdigest()}
    stranger(workspace.dist, {}, "study-de.pdf")
    record = json.loads((workspace.dist / "study-de.pdf.record.json").read_text())
    record |= {"name": "study-en-figures", "files": [line]}
    record["sha256"] = hashlib.sha256(f"{line['sha256']}  {line['name']}\n".encode()).hexdigest()
    (workspace.dist / "study-en-figures.record.json").write_text(json.dumps(record))
    figures = publish.FolderProduct("study-en-figures", {"a.svg": b"<svg/>"}, "en", "figures", {})
    publish.publish(workspace, publish.Build((figures,), {}, MADE_WITH, INPUTS))
    assert sorted(path.name for path in folder.iterdir()) == ["a.svg", "letter.txt"]


def states(folder: Path) -> dict[str, tuple[int, ...]]:
    """Each file of a folder: its mode, inode, links, bytes and time of writing, but not of reading."""
    found = {path.name: path.lstat() for path in folder.rglob("*")}
    return {name: (at.st_mode, at.st_ino, at.st_nlink, at.st_size, at.st_mtime_ns) for name, at in found.items()}


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_release_is_refused_beside_what_no_build_published_and_takes_nothing_away(workspace: Workspace) -> None:
    figures = publish.FolderProduct("study-en-figures", {"a.svg": b"<svg/>"}, "en", "figures", {})
    dist = workspace.dist
    put(workspace, product("en"), product("de"))
    publish.publish(workspace, publish.Build((figures,), {}, MADE_WITH, INPUTS))
    stranger(dist, {})
    (dist / "letter.txt").write_bytes(b"Dear")
    (dist / "study-en-figures" / "b.svg").write_bytes(b"<svg/>")
    (dist / ".hidden").mkdir()
    (dist / "latest.pdf").symlink_to("study-en.pdf")
    (dist / "folder").symlink_to(workspace.root)
    before = states(dist)
    with pytest.raises(Faulty) as caught:
        release(workspace, product("en", b"final"), figures)
    strange = [".hidden", "folder", "latest.pdf", "letter.txt", "study-en-figures/b.svg"]
    assert [fault.place.path for fault in caught.value.faults] == [
        f"dist/{name}" for name in [*strange, "study-sr.pdf", "study-sr.pdf.record.json"]
    ]
    assert str(caught.value.faults[3]) == (
        "dist/letter.txt: error: `letter.txt` is not of this release, and no build has published it [release-foreign]\n"
        "  hint: move it out of `dist`: the folder that goes out holds the release and nothing else"
    )
    assert states(dist) == before
    assert not (workspace.root / "releases").exists()
    for name in [*strange, "study-sr.pdf", "study-sr.pdf.record.json"]:
        path = dist / name
        path.rmdir() if name == ".hidden" else path.unlink()
    release(workspace, product("en", b"final"), figures)
    assert not (dist / "study-de.pdf").exists()  # of an earlier build: it goes
    assert sums_agree(dist)


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_link_with_the_same_content_is_not_published_as_a_file(workspace: Workspace) -> None:
    put(workspace, product("en"))
    path = workspace.dist / "study-en.pdf"
    path.rename(workspace.root / "elsewhere.pdf")
    path.symlink_to(workspace.root / "elsewhere.pdf")
    release(workspace, product("en"))
    assert not path.is_symlink()
    assert sums_agree(workspace.dist)
