"""The memo: what was made of the same is not made again, and it does not grow without end."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from building import REPOSITORY, line_of, variables

from impressum.system import cache, process
from impressum.system.cache import DAY, KEY, Memo, Step, code_of_package, installed_packages, keep, kept


def made(memo: Memo, value: bytes, **inputs: str) -> bytes:
    return memo("step", dict(inputs), lambda: value, about="it")


def test_the_same_inputs_give_the_value_that_was_made(tmp_path: Path) -> None:
    assert made(Memo(tmp_path), b"first", text="a", words="b") == b"first"
    assert made(Memo(tmp_path), b"second", words="b", text="a") == b"first"
    assert made(Memo(tmp_path), b"second", text="a", words="c") == b"second"
    assert Memo(tmp_path)("step", {"nested": {"a": 1, "b": 2}}, lambda: b"of one") == b"of one"
    assert Memo(tmp_path)("step", {"nested": {"b": 2, "a": 1}}, lambda: b"of two") == b"of one", "in whatever order"


def test_what_is_put_is_got_for_the_same_inputs_alone(tmp_path: Path) -> None:
    memo = Memo(tmp_path)
    assert memo.get("step", {"text": "a"}) is None
    memo.put("step", {"text": "a"}, b"value")
    assert [
        Memo(tmp_path).get(step, {"text": text}) for step, text in (("step", "a"), ("step", "b"), ("other", "a"))
    ] == [
        b"value",
        None,
        None,
    ]


SPOIL: dict[str, Callable[[Path], object]] = {
    "torn": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "changed": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"x"),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("spoil", SPOIL)
def test_an_entry_that_is_not_whole_is_made_again(spoil: str, tmp_path: Path) -> None:
    made(Memo(tmp_path / "memo"), b"first", text="a")
    (entry,) = (tmp_path / "memo").glob("??/*")
    SPOIL[spoil](entry)
    assert made(Memo(tmp_path / "memo"), b"second", text="a") == b"second"
    assert made(Memo(tmp_path / "memo"), b"third", text="a") == b"second"


def test_a_step_that_fails_is_not_remembered(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        Memo(tmp_path)("step", {"text": "a"}, fail)
    assert made(Memo(tmp_path), b"made", text="a") == b"made"


def test_it_tells_what_has_changed_since_the_run_before(tmp_path: Path) -> None:
    first = Memo(tmp_path / "memo")
    made(first, b"1", text="a", words="b")
    assert first.explained() == (Step("step", "it", reused=False, because=("it is new",)),)
    first.note()
    second = Memo(tmp_path / "memo")
    made(second, b"2", text="x", words="b")
    assert second.explained() == (Step("step", "it", reused=False, because=("text",)),)
    second.note()
    third = Memo(tmp_path / "memo")
    made(third, b"3", text="x", words="b")
    assert third.explained() == (Step("step", "it", reused=True),)
    made(third, b"3", text="y", words="b")
    made(third, b"3", text="y", words="b")
    assert third.explained() == (Step("step", "it", reused=False, because=("text",)),)
    fourth = Memo(tmp_path / "memo", "other code")
    made(fourth, b"4", text="x", words="b")
    assert fourth.explained() == (Step("step", "it", reused=False, because=("its result is not in the cache",)),)


def test_what_was_not_used_for_the_longest_time_goes_where_there_is_too_much(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo", largest=1000)
    old = time.time() - 2 * DAY
    for number in range(5):
        made(memo, b"." * 200, text=str(number))
    for path in (tmp_path / "memo").glob("??/*"):
        os.utime(path, (old, old))
    made(memo, b"", text="0")  # it is used now
    memo.note()
    again = Memo(tmp_path / "memo", largest=1000)
    kept = [number for number in range(5) if made(again, b"made anew", text=str(number)) != b"made anew"]
    assert 0 in kept
    assert len(kept) == 3, "1,320 bytes became 800 at most"


def test_the_bytes_of_a_memo_are_counted_on_from_run_to_run(tmp_path: Path) -> None:
    for number in range(8):
        memo = Memo(tmp_path / "memo", largest=1000)
        made(memo, b"." * 200, text=str(number))
        memo.note()
        assert sum(path.stat().st_size for path in (tmp_path / "memo").glob("??/*")) <= 1000


def test_a_memo_that_is_small_enough_keeps_everything(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo", largest=1000)
    for number in range(3):
        made(memo, b"." * 200, text=str(number))
    memo.note()
    assert len(list((tmp_path / "memo").glob("??/*"))) == 3
    full = Memo(tmp_path / "memo", largest=3 * 264)
    made(full, b"", text="3")
    full.trim()
    assert len(list((tmp_path / "memo").glob("??/*"))) == 3, "one byte more was too much"
    (newest,) = [path for path in (tmp_path / "memo").glob("??/*") if path.stat().st_size == 64]
    newest.unlink()
    made(full, b"." * 200, text="4")
    full.trim()
    assert len(list((tmp_path / "memo").glob("??/*"))) == 3, "so many bytes are allowed"


def test_an_entry_is_no_other_one_by_a_letter_of_its_name(tmp_path: Path) -> None:
    keep(tmp_path / "ab" / "c", b"de")
    raw = (tmp_path / "ab" / "c").read_bytes()
    (tmp_path / "ab" / "cd").write_bytes(raw[:64] + b"e")
    assert (kept(tmp_path / "ab" / "c"), kept(tmp_path / "ab" / "cd")) == (b"de", None)


def keys(root: Path) -> tuple[bytes, int, list[str]]:
    """The key of the user whose home folder is `root`, its rights, and the names of all files beside it."""
    path = root / KEY
    cache._key.cache_clear()
    return cache._key(), path.stat().st_mode & 0o777, sorted(one.name for one in path.parent.iterdir())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    cache._key.cache_clear()


posix = pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")


@posix
def test_a_key_is_made_once_for_its_owner_alone(home: Path) -> None:
    first = keys(home)
    assert (len(first[0]), len(set(first[0])) > 8, first[1:]) == (32, True, (0o600, ["cache.key"]))
    assert keys(home) == first
    assert cache._made(home / KEY) == first[0], "another process was first"
    assert keys(home) == first


@posix
@pytest.mark.parametrize("spoiled", ["short", "empty", "shared", "a link"])
def test_what_is_no_key_of_its_own_is_replaced(home: Path, spoiled: str) -> None:
    first, path = keys(home), home / KEY
    if spoiled == "shared":
        path.chmod(0o640)
    elif spoiled == "a link":
        path.rename(home / "elsewhere")
        path.symlink_to(home / "elsewhere")
    else:
        path.write_bytes(b"\0" * 31 if spoiled == "short" else b"")
    second = keys(home)
    assert second[0] != first[0]
    assert second[1:] == first[1:]
    assert keys(home) == second
    assert spoiled != "a link" or (home / "elsewhere").read_bytes() == first[0]


@posix
def test_where_the_home_folder_keeps_no_key_nothing_is_remembered_for_the_next_run(home: Path, tmp_path: Path) -> None:
    (home / KEY).mkdir(parents=True)
    one = keys(home)
    assert (len(one[0]), one[2]) == (32, ["cache.key"])
    keep(tmp_path / "ab" / "c", b"de")
    assert kept(tmp_path / "ab" / "c") == b"de"
    assert keys(home)[0] != one[0]
    assert kept(tmp_path / "ab" / "c") is None


def test_tables_of_letters_belong_to_the_code(tmp_path: Path) -> None:
    """What is remembered is made anew where a table changes that turns one script into another."""
    shutil.copytree(REPOSITORY / "impressum", tmp_path / "impressum", ignore=shutil.ignore_patterns("__pycache__"))
    table = next((tmp_path / "impressum").rglob("*.toml"))
    hashes = []
    for extra in ("", "\n"):
        table.write_text(f"{table.read_text(encoding='utf-8')}{extra}", encoding="utf-8")
        told = [
            sys.executable,
            "-P",
            "-c",
            "from impressum.system.cache import code_of_package as code; print(code(()))",
        ]
        ran = process.run(told, limits=process.Limits(60), environment={**variables(), "PYTHONPATH": str(tmp_path)})
        hashes.append(ran.stdout)
    assert len(set(hashes)) == 2
    assert all(len(one.strip()) == 64 for one in hashes)


def test_another_version_of_a_package_is_other_code(tmp_path: Path) -> None:
    """The pages of one Typst are never taken for those of another."""
    installed = installed_packages()
    (typst,) = (name for name in installed if name.startswith("typst-"))
    renewed = tuple(name.replace(typst, "typst-99.0.dist-info") for name in installed)
    assert code_of_package(renewed) != code_of_package(installed)
    assert line_of(tmp_path).memo.code == code_of_package(installed)


def test_parts_of_a_hash_have_bounds_and_may_be_any_name() -> None:
    two = (("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("\ud800",), ("é",))
    assert len({cache.digest(*parts) for parts in two}) == len(two)
    assert cache.digest(b"ab", "c") == cache.digest("ab", b"c")


def test_steps_are_counted_by_name_and_told_with_their_subjects_in_order(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo")
    for step, about in (("b", "2"), ("b", "1"), ("a", None), ("a", "3"), ("a", None)):
        memo(step, {"about": about or ""}, lambda: b"", about=about)
    assert (memo.ran, memo.reused) == ({"b": 2, "a": 2}, {"a": 1})
    told = (("a", "3"), ("b", "1"), ("b", "2"))
    assert memo.explained() == tuple(Step(*step, reused=False, because=("it is new",)) for step in told)
    memo.note()
    again = Memo(tmp_path / "memo")
    again("c", {"about": ""}, lambda: b"", about="4")
    again.note()
    last = Memo(tmp_path / "memo")
    last("b", {"about": "2", "more": ""}, lambda: b"", about="2")
    last("c", {}, lambda: b"", about="4")
    assert last.explained() == (
        Step("b", "2", reused=False, because=("more",)),
        Step("c", "4", reused=False, because=("about",)),
    )


@posix
def test_the_use_of_an_entry_is_noted_once_a_day(tmp_path: Path) -> None:
    made(Memo(tmp_path), b"value", text="a")
    (entry,) = tmp_path.glob("??/*")
    for age, noted in ((DAY - 100, False), (DAY + 100, True)):
        used = time.time() - age
        os.utime(entry, (used, used))
        made(Memo(tmp_path), b"", text="a")
        assert (entry.stat().st_mtime > used + 1) is noted


@posix
def test_trimming_passes_over_links_and_what_cannot_be_removed(tmp_path: Path) -> None:
    (tmp_path / "memo" / "ab").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    for path in ("memo/ab/c", "elsewhere/d"):
        (tmp_path / path).write_bytes(b"." * 10)
    (tmp_path / "memo" / "ef").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "memo" / "ab" / "folder").mkdir()
    Memo(tmp_path / "memo", largest=1).trim()
    assert not (tmp_path / "memo/ab/c").exists()
    assert (tmp_path / "elsewhere/d").exists()
    Memo(tmp_path / "none", largest=-1).trim()


def test_an_entry_belongs_into_its_folder(tmp_path: Path) -> None:
    keep(tmp_path / "ab" / "c", b"value")
    (tmp_path / "ad").mkdir()
    shutil.copy(tmp_path / "ab" / "c", tmp_path / "ad" / "c")
    assert (kept(tmp_path / "ab" / "c"), kept(tmp_path / "ad" / "c")) == (b"value", None)


@posix
def test_the_folder_of_the_key_is_made_for_its_owner_alone(home: Path) -> None:
    keys(home)
    assert (home / KEY).parent.stat().st_mode & 0o777 == 0o700


@posix
def test_of_two_that_make_a_key_at_once_the_first_wins(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other_was_first(temporary: Path, path: Path) -> None:
        path.write_bytes(b"k" * 32)
        path.chmod(0o600)
        raise FileExistsError

    monkeypatch.setattr(os, "link", other_was_first)
    assert keys(home) == (b"k" * 32, 0o600, ["cache.key"])
