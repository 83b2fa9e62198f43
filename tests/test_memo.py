"""The memo: what was made of the same is not made again, and it does not grow without end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from impressum.system.cache import DAY, Memo, Step


def made(memo: Memo, value: bytes, **inputs: str) -> bytes:
    return memo("step", dict(inputs), lambda: value, about="it")


def test_the_same_inputs_give_the_value_that_was_made(tmp_path: Path) -> None:
    assert made(Memo(tmp_path), b"first", text="a", words="b") == b"first"
    assert made(Memo(tmp_path), b"second", words="b", text="a") == b"first"
    assert made(Memo(tmp_path), b"second", text="a", words="c") == b"second"
    assert made(Memo(tmp_path, "other code"), b"third", text="a", words="b") == b"third"


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


def test_a_memo_that_is_small_enough_keeps_everything(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo", largest=1000)
    for number in range(3):
        made(memo, b"." * 200, text=str(number))
    memo.note()
    assert len(list((tmp_path / "memo").glob("??/*"))) == 3
