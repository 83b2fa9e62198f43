"""Ensures that two versions of a chapter are compared passage by passage, and a translation is held to its source."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from impressum.translation.comparing import changes, marked, paired, shortened, word_diff, worded
from impressum.translation.passages import passages

SPECIMEN = Path(__file__).parent / "publications/specimen/chapters"
CHAPTER = (SPECIMEN / "en/04-letters.md").read_text(encoding="utf-8")
FOUND = passages(CHAPTER)
WORDED = worded(FOUND)
WORDS = st.lists(st.sampled_from(["one", "two", "three", ",", ".", "(", "12"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
@settings(max_examples=150)
def test_a_diff_holds_both_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.side != "new") == old
    assert "".join(piece.text for piece in pieces if piece.side != "old") == new


def test_what_is_the_same_is_shown_only_around_changes() -> None:
    long = " ".join(str(number) for number in range(60))
    told = "".join(marked(piece) for piece in shortened(word_diff(f"a {long} b", f"x {long} y")))
    assert told == "[-a-]{+x+} 0 1 2 3 4 5 6 … 53 54 55 56 57 58 59 [-b-]{+y+}"


def test_a_chapter_does_not_differ_from_itself() -> None:
    assert changes(FOUND, FOUND) == ()


def test_a_comment_that_allows_a_fault_is_no_change() -> None:
    said = "{## allow heading-skipped: it is meant ##}"
    old = "# One\n\nTwo.\nThree.\n\n- four\n\n```\n{## allow heading-skipped: a ##}\n```\n"
    new = f"# One\n\n{said}\nTwo. {said}\nThree.\n\n{said}\n- four {said}\n\n```\n```\n"
    (change,) = changes(passages(old), passages(new))
    assert (change.state, change.old and change.old.kind) == ("removed", "code")


@given(st.integers(0, len(WORDED) - 1))
@settings(max_examples=40)
def test_one_passage_taken_out_is_one_change(index: int) -> None:
    gone = WORDED[index]
    left = [one for one in FOUND if one is not gone]
    assert [(one.state, one.old) for one in changes(FOUND, left)] == [("removed", gone)]
    assert [(one.state, one.new) for one in changes(left, FOUND)] == [("added", gone)]


@given(st.integers(0, len(WORDED) - 1), st.integers(0, len(WORDED) - 2))
@settings(max_examples=40)
def test_one_passage_in_another_place_is_one_that_has_moved(index: int, place: int) -> None:
    moved = WORDED[index]
    left = [one for one in WORDED if one is not moved]
    now = [*left[:place], moved, *left[place:]]
    assert {one.state for one in changes(WORDED, now)} <= {"moved"}


def test_each_passage_is_paired_with_itself() -> None:
    assert [(pair.source, pair.translation) for pair in paired(FOUND, FOUND)] == [(one, one) for one in FOUND]


def test_a_translation_is_paired_with_its_source_passage_by_passage() -> None:
    """Ensures it for a Serbian chapter that has what the English one has, and for one that lacks a part of it."""
    source = passages((SPECIMEN / "en/06-part.md").read_text(encoding="utf-8"))
    other = passages((SPECIMEN / "sr-Latn/06-part.md").read_text(encoding="utf-8"))
    assert [(one.source, one.translation) for one in paired(source, other)] == list(zip(source, other, strict=True))
    ours = passages("# A\n\nOne [@a].\n\nTwo in 1912.\n\nThree {{ x }}.\n\nFour.\n")
    theirs = passages("# B\n\nJedan [@a].\n\nTri {{ x }}.\n\nČetiri.\n")
    pairs = [
        (pair.source.text, pair.translation and pair.translation.text) for pair in paired(ours, theirs) if pair.source
    ]
    assert pairs == [
        ("# A", "# B"),
        ("One [@a].", "Jedan [@a]."),
        ("Two in 1912.", None),
        ("Three {{ x }}.", "Tri {{ x }}."),
        ("Four.", "Četiri."),
    ]


def test_sections_that_are_missing_do_not_shift_the_others() -> None:
    ours = passages("# A\n\nOne.\n\n## B\n\nTwo [^x].\n\n## C\n\nThree @y.\n")
    theirs = passages("# A\n\nJedan.\n\n## C\n\nTri @y.\n")
    pairs = [
        (pair.source.line if pair.source else 0, pair.translation.line if pair.translation else 0)
        for pair in paired(ours, theirs)
    ]
    assert (11, 7) in pairs
    assert (7, 0) in pairs
