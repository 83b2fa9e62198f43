"""The proof shows every word of both sides, block by block, and what is stale, missing or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from building import impressum, pages, replace
from data_chapters import manuscript

from impressum.core.errors import Fault, Place
from impressum.core.model.manuscript import ChapterDocument
from impressum.translation.comparing import changes, marked
from impressum.translation.differences import Finder, difference_of
from impressum.translation.passages import passages
from impressum.translation.proof import Piece, ProofRow, rows_of

WORDS = {
    "quotes.double.open": "„",
    "quotes.double.close": "“",
    "quotes.single.open": "‚",
    "quotes.single.close": "‘",
}
SOURCE = """## Rivers {#rivers}

The *first* paragraph has a note.[^1]

- an item
- another one

![A map](map.svg){alt="Two rivers"}

| What | Much |
|------|-----:|
| Boats | 1 |

: Boats

The last "one".

[^1]: The words of the note.
"""
NOTE = "1 / The words of the note."
TARGET = SOURCE.replace("Rivers", "Flüsse").replace("The *first* paragraph has a note.", "Der *erste* hat eine Note.")


def document(text: str, root: Path) -> ChapterDocument:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    return manuscript(root, text, {"map.svg": picture}).documents[0]


def rows(source: str, target: str, root: Path, *, was: str = "", faults: Sequence[Fault] = ()) -> tuple[ProofRow, ...]:
    """The rows of a chapter whose source was the text `was` when it was translated (empty: the same as now)."""
    ours, theirs = document(source, root / "source"), document(target, root / "target")
    base, now, there = (passages(f"# Start\n\n{text}") for text in (was or source, source, target))
    found = changes(base, now)
    finder = Finder("target.md", base, now, there, found)
    changed = [difference_of(change, "source.md", "base.md", finder.look(change)) for change in found]
    return rows_of(ours, theirs, source_words=WORDS, target_words=WORDS, changed=changed, faults=faults)


def stale(rows: Sequence[ProofRow], side: str) -> list[str]:
    """The words of each piece that is shaded, with what is said of its changes: `[-old-]`, `{+new+}`."""
    return [
        " / ".join(
            [
                "".join(run.text for run in piece.runs),
                *(f"{name}: {''.join(map(marked, words))}" for name, words in piece.changes),
            ]
        )
        for row in rows
        for piece in getattr(row, side) or ()
        if piece.is_stale
    ]


def said(side: tuple[Piece, ...] | None) -> str:
    return " / ".join("".join(run.text for run in piece.runs) for piece in side or ())


def test_every_block_stands_beside_its_translation_with_its_notes_and_what_no_page_shows(tmp_path: Path) -> None:
    shown = [(said(row.source), said(row.target)) for row in rows(SOURCE, TARGET, tmp_path)]
    assert shown == [
        ("Start", "Start"),
        ("Rivers / #rivers", "Flüsse / #rivers"),
        (
            "The first paragraph has a note.1 / The words of the note.",
            "Der erste hat eine Note.1 / The words of the note.",
        ),
        ("an item / another one", "an item / another one"),
        ("A map / Two rivers", "A map / Two rivers"),
        ("Boats / What | Much / Boats | 1", "Boats / What | Much / Boats | 1"),
        ("The last „one“.", "The last „one“."),
    ]


def test_a_block_that_is_missing_leaves_its_side_empty_and_moves_no_other(tmp_path: Path) -> None:
    shown = rows(SOURCE, TARGET.replace("- an item\n- another one\n\n", ""), tmp_path)
    assert [row.target is None for row in shown] == [False, False, False, True, False, False, False]


def test_only_what_has_changed_is_shaded_and_says_what_it_was(tmp_path: Path) -> None:
    found = rows(SOURCE, TARGET, tmp_path, was=SOURCE.replace("The *first* paragraph has", "A *first* paragraph had"))
    change = "changed: [-A-]{+The+} *first* paragraph [-had-]{+has+} a note.[^1]"
    assert stale(found, "source") == [f"The first paragraph has a note.1 / {change}"]
    assert stale(found, "target") == ["Der erste hat eine Note.1"]


def test_an_item_a_row_and_a_note_are_shaded_by_themselves(tmp_path: Path) -> None:
    was = SOURCE.replace("another one", "one more").replace("Boats | 1", "Boats | 2").replace("The words", "Words")
    found = rows(SOURCE, TARGET, tmp_path, was=was)
    assert [text.partition(" / ")[0] for text in stale(found, "source")] == [
        *("The words of the note.", "another one", "Boats", "What | Much", "Boats | 1"),
    ]
    assert stale(found, "source")[1] == "another one / changed: - {+another +}one[- more-]"


def test_what_is_new_gone_or_moved_is_said_where_it_belongs(tmp_path: Path) -> None:
    was = SOURCE.replace('The last "one".', "Boats went down the river.\n").replace("- an item\n", "")
    found = rows(SOURCE, TARGET.replace('The last "one".', "Boote fuhren."), tmp_path, was=was)
    assert stale(found, "source") == ["an item / new: ", "The last „one“. / new: "]
    assert stale(found, "target") == ["Boote fuhren. / gone from the source: [-Boats went down the river.-]"]


def test_a_fault_stands_beside_the_block_that_has_it(tmp_path: Path) -> None:
    fault = Fault(Place("chapters/en/01-start.md", 7, 1), "the note is missing", "note-lost")
    found = rows(SOURCE, TARGET, tmp_path, faults=[fault])
    assert [row.remarks for row in found] == [(), (), (), ("line 7: the note is missing",), (), (), ()]


def test_the_command_sets_both_editions_side_by_side(tmp_path: Path) -> None:
    files = {
        "publication.yaml": "title: Rivers\nlanguage: en\ndate: 2025-01-31\n",
        "chapters/en/01-a.md": "# Start\n\nOne sentence.\n\nAnother one.\n",
        "chapters/en/02-b.md": "# More\n\nNot translated.\n",
        "chapters/de/01-a.md": "# Anfang\n\nEin Satz.\n\nNoch einer.\n",
        "chapters/de/edition.yaml": "title: Flüsse\nfallback: show\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert impressum(tmp_path, "translated", "01-a", "--edition", "de").code == 0
    replace(tmp_path / "chapters/en/01-a.md", "Another one.", "Quite another one.")
    ran = impressum(tmp_path, "proof", "--edition", "de", "--to", str(tmp_path / "dist/p.pdf"))
    assert (ran.code, ran.stdout, ran.faults) == (0, "dist/p.pdf\n", "")
    (page,) = pages(tmp_path, "p.pdf")
    assert "3 One sentence. 3 Ein Satz." in page
    assert "5 Quite another one. changed Another Quite another one. 5 Noch einer." in page
    assert "02-b There is no such chapter in this edition: it shows the chapter of the source." in page
