"""`layout.yaml`: what it can ask, what it does to the pages, and what it says when it asks for nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from building import impressum, pages, scratch
from fitted import Prose, write

CHAPTER = "01-rivers"
LONG = ("third", "fourth", "fifth", "sixth", "seventh", "eighth")
SOUND = '  - at: "#sec-two"\n    break-before: true\n'


def chapter() -> str:
    prose = Prose(5)
    items = "\n".join(f"{number}. Item {number} {prose.sentences(2)}" for number in range(1, 6))
    return (
        f"# Rivers {{#sec-rivers}}\n\nThe first paragraph. {prose.sentences(6)}\n\n"
        f"## Of two {{#sec-two}}\n\nThe second paragraph. {prose.sentences(6)}\n\n{items}\n\n"
        + "".join(f"The {name} paragraph. {prose.sentences(8)} End of the {name}.\n\n" for name in LONG)
        + f"The last paragraph. {prose.sentences(4)}\n"
    )


def built(root: Path, layout: str = "") -> list[str]:
    """The text of the pages with this `layout.yaml`; the build must be without an error."""
    publication = write(root, {CHAPTER: chapter()}, f"{CHAPTER}:\n{layout}" if layout else "")
    ran = impressum(publication, "build")
    assert ran.code == 0, ran.faults
    return pages(publication, "fitted-pages-en.pdf")


@cache
def plain() -> list[str]:
    """The text of the pages without a `layout.yaml`."""
    return built(scratch() / "layout")


def told(root: Path, layout: str, command: str = "check") -> str:
    """The errors that this `layout.yaml` leads to."""
    ran = impressum(write(root, {CHAPTER: chapter()}, layout), command)
    assert ran.code == 1
    lines = ran.faults.splitlines()
    errors = [at for at, line in enumerate(lines) if ": error: " in line]
    return "\n".join(line for at in errors for line in lines[at : at + 2])


def page_of(words: str, text: list[str]) -> int:
    """The page (from 1) that shows `words`."""
    found = [number for number, page in enumerate(text, 1) if words in page]
    assert len(found) == 1, (words, found)
    return found[0]


def test_a_section_begins_a_page_where_layout_asks_for_it(tmp_path: Path) -> None:
    before, after = plain(), built(tmp_path, SOUND)
    assert page_of("The second paragraph.", before) == page_of("The first paragraph.", before)
    assert page_of("The second paragraph.", after) == page_of("The first paragraph.", after) + 1
    assert after[page_of("The second paragraph.", after) - 1].split("Of two")[0].split()[-1] in ("Rivers", "5")


def test_a_paragraph_takes_its_heading_with_it_and_is_found_in_other_case_and_with_other_signs(tmp_path: Path) -> None:
    text = built(tmp_path, "  - at: 'the SECOND — paragraph!'\n    break-before: true\n")
    assert "Of two" in text[page_of("The second paragraph.", text) - 1]
    assert page_of("The second paragraph.", text) == page_of("The first paragraph.", text) + 1


def test_a_list_is_divided_before_an_item_and_goes_on_counting(tmp_path: Path) -> None:
    text = built(tmp_path, '  - at: "Item 4"\n    break-before: true\n')
    assert page_of("3. Item 3", text) + 1 == page_of("4. Item 4", text) == page_of("5. Item 5", text)


def test_a_block_that_is_kept_together_goes_to_the_next_page(tmp_path: Path) -> None:
    before = plain()
    starts = {name: page_of(f"The {name} paragraph.", before) for name in LONG}
    split = next(name for name in LONG if page_of(f"End of the {name}.", before) > starts[name])
    after = built(tmp_path, f'  - at: "The {split} paragraph"\n    keep-together: true\n')
    assert page_of(f"The {split} paragraph.", after) == starts[split] + 1
    assert page_of(f"End of the {split}.", after) == starts[split] + 1


def test_what_cannot_be_found_or_asked_is_told_at_its_line(tmp_path: Path) -> None:
    layout = f"""\
{CHAPTER}:
  - at: "#sec-tow"
    break-before: true
  - at: "The secnd paragraph"
    lines: -1
  - at: "The"
    keep-together: true
  - at: "#sec-two"
    lines: 1
  - at: "The first paragraph"
    place: top
"""
    assert told(tmp_path, layout) == (
        "chapters/en/layout.yaml:2:9: error: nothing at the top of `01-rivers` has the id `sec-tow` "
        "[layout-unknown]\n"
        "  hint: did you mean `#sec-two`?\n"
        "chapters/en/layout.yaml:4:9: error: nothing in `01-rivers` begins with `The secnd paragraph` "
        "[layout-unknown]\n"
        "  hint: did you mean `The second paragraph.`?\n"
        "chapters/en/layout.yaml:6:9: error: 9 blocks of `01-rivers` begin with `The`: at the lines 3, 7, 15, 17, 19, "
        "21 [layout-ambiguous]\n"
        "  hint: write more of its first words, as in `The first paragraph. Town ferry bridge landing tower toll "
        "council`\n"
        "chapters/en/layout.yaml:8:5: error: `lines` cannot be asked of `#sec-two`, which is a heading "
        "[layout-kind]\n"
        "  hint: only the lines of a paragraph can be made fewer or more; for anything else change the text around it\n"
        "chapters/en/layout.yaml:10:5: error: `place` cannot be asked of `The first paragraph`, which is a paragraph "
        "[layout-kind]\n"
        "  hint: only a figure has a `place`; to move anything else use `break-before`"
    )


def test_what_is_written_wrongly_is_told_at_its_line(tmp_path: Path) -> None:
    layout = """\
01-river:
  - at: "#sec-two"
    break-before: true
01-rivers:
  - at: "#sec-two"
  - at: "The first"
    lines: 5
  - at: "The first"
    brek-before: true
  - break-before: true
"""
    assert told(tmp_path, layout) == (
        "chapters/en/layout.yaml:1:1: error: the edition has no chapter `01-river`; did you mean `01-rivers`? "
        "[layout-chapter]\n"
        "  hint: its chapters are `01-rivers`\n"
        "chapters/en/layout.yaml:5:5: error: the entry at `#sec-two` asks for nothing [layout-empty]\n"
        "  hint: add one of `break-before`, `keep-together`, `lines`, `place`\n"
        "chapters/en/layout.yaml:7:12: error: `lines` must be -2, -1, 1 or 2, not `5`: a paragraph can be up to 2 "
        "lines shorter or longer [yaml-value]\n"
        "  hint: correct the value, or take the key out\n"
        "chapters/en/layout.yaml:9:5: error: unknown key `brek-before`; did you mean `break-before`? "
        "[yaml-unknown-key]\n"
        "  hint: known keys: at, break-before, keep-together, lines, place\n"
        "chapters/en/layout.yaml:10:5: error: the required key `at` is missing [yaml-missing-key]\n"
        "  hint: add a line `at: …`"
    )


def test_an_entry_without_effect_is_a_fault(tmp_path: Path) -> None:
    layout = f"""\
{CHAPTER}:
  - at: "The first paragraph"
    break-before: true
  - at: "The last paragraph"
    keep-together: true
"""
    assert told(tmp_path, layout, "build") == (
        "chapters/en/layout.yaml:2:5: error: `The first paragraph` begins a page anyway: `break-before` changes "
        "nothing [layout-no-effect]\n"
        "  hint: take the entry out\n"
        "chapters/en/layout.yaml:4:5: error: `The last paragraph` is in one piece anyway: `keep-together` changes "
        "nothing [layout-no-effect]\n"
        "  hint: take the entry out"
    )


def test_a_break_behind_a_break_that_is_needed_no_more_is_told(tmp_path: Path) -> None:
    """Ensures that each entry is tried without, with all others in force."""
    root = write(tmp_path, {CHAPTER: chapter()}, f"{CHAPTER}:\n{SOUND}")
    assert impressum(root, "build").code == 0
    short = chapter().replace("# Rivers {#sec-rivers}\n\n", "# Rivers {#sec-rivers}\n\n")
    short = short[: short.index("The first")] + short[short.index("## Of two") :]
    (root / "chapters/en" / f"{CHAPTER}.md").write_text(short, encoding="utf-8")
    ran = impressum(root, "build")
    assert ran.code == 1
    assert "`#sec-two` begins a page anyway: `break-before` changes nothing [layout-no-effect]" in ran.faults


def test_every_edition_has_its_own_layout(tmp_path: Path) -> None:
    root = write(tmp_path, {CHAPTER: chapter()}, f"{CHAPTER}:\n{SOUND}")
    folder = root / "chapters" / "de"
    folder.mkdir()
    (folder / f"{CHAPTER}.md").write_text(chapter(), encoding="utf-8")
    assert impressum(root, "build").code == 0
    english, german = pages(root, "fitted-pages-en.pdf"), pages(root, "fitted-pages-de.pdf")
    assert page_of("The second paragraph.", english) == page_of("The first paragraph.", english) + 1
    assert page_of("The second paragraph.", german) == page_of("The first paragraph.", german)
