"""The same sources give the same bytes: in another folder, time zone, locale, order of files, hash seed and umask."""

from __future__ import annotations

import re
import shutil
import zlib
from pathlib import Path

import pytest
from building import REPOSITORY, built, built_copy, contents_of, copy, impressum, program, reader

OTHER_WORLD = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONHASHSEED": "4711",
    "COLUMNS": "60",
    "HOME": "/nonexistent",
    "PYTHONDONTWRITEBYTECODE": "1",
}


CASES = [("every-field", "de"), ("figures", "sr-Latn")]


@pytest.mark.parametrize(("name", "edition"), CASES)
def test_another_folder_time_zone_locale_hash_seed_umask_and_order_of_files_give_the_same_bytes(
    name: str, edition: str, tmp_path: Path
) -> None:
    """Ensures it with what `--check-reproducible` runs: its umask is 077, and its folders are listed backwards."""
    root = copy(name, tmp_path / "another folder" / "ć š" / "publication")
    other_world = "impressum.release.other_world"
    ran = program(root, "build", "--edition", edition, environment=OTHER_WORLD, module=other_world)
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(root / "dist") == contents_of(built(name, edition) / "dist")
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in (root / "dist").rglob("*")}
    assert modes.get(False) == 0o600
    assert modes.get(True, 0o700) == 0o700


def test_a_warm_cache_a_half_one_and_a_cold_one_give_the_same_bytes(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    for entries in (0, 2, 1):  # none of them goes, every second one, all
        for entry in sorted((root / ".cache" / "memo").rglob("*"))[::entries] if entries else ():
            if entry.is_file():
                entry.unlink()
        shutil.rmtree(root / "dist")
        assert impressum(root, "build").code == 0
        assert contents_of(root / "dist") == before


def dates_of(root: Path) -> list[str]:
    """When the file says it was made and changed."""
    information = reader(root, "a-small-report-en.pdf").metadata
    assert information is not None
    return [str(information[key]) for key in ("/CreationDate", "/ModDate")]


def test_the_dates_of_the_file_are_that_of_the_publication() -> None:
    assert dates_of(built("minimal")) == ["D:20250331120000Z", "D:20250331120000Z"]


def test_source_date_epoch_goes_before_the_date_of_the_publication(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    assert program(root, "build", environment={"SOURCE_DATE_EPOCH": "1000000000"}).code == 0
    assert dates_of(root) == ["D:20010909014640Z", "D:20010909014640Z"]
    assert impressum(root, "build").code == 0
    assert contents_of(root / "dist") == contents_of(built("minimal") / "dist")


def unpacked(content: bytes) -> bytes:
    """`content` with its compressed streams beside it in the open."""
    opened = [content]
    for found in re.finditer(rb"stream\r?\n", content):
        try:
            opened.append(zlib.decompressobj().decompress(content[found.end() :]))
        except zlib.error:
            continue
    return b"\n".join(opened)


@pytest.mark.parametrize("name", [name for name, _ in CASES])
def test_no_published_file_holds_a_path_of_the_machine(name: str) -> None:
    root = built(name)
    hidden = ["impressum-tests-", str(REPOSITORY), str(Path.home()), "site-packages"]
    for path in (root / "dist").rglob("*.*"):
        if path.is_dir():
            continue
        content = unpacked(path.read_bytes())
        for one in hidden:
            if len(one) > 1:
                assert one.encode() not in content, f"{one} in {path.name}"


def test_the_check_for_paths_finds_one_in_a_compressed_stream() -> None:
    packed = b"1 0 obj\nstream\n" + zlib.compress(b"/home/someone") + b"\nendstream"
    assert b"/home/someone" in unpacked(packed)
    assert b"/home/someone" not in packed
