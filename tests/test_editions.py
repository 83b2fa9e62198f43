"""All editions in one run: what is wrong in one does not hide what is wrong in another."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import checked, impressum
from load_sources import write

from impressum.core.errors import Faulty
from impressum.pipeline.run import Order, Run

SOURCE = "# Rivers\n\nThe Danube is long.\n\nSee @sec-no.\n"
TRANSLATION = "# Reke\n\nDunav je dug.\n\n## Novo\n\nVidi @sec-no i @sec-{}.\n"


def told(ran_faults: str) -> list[tuple[str, str]]:
    """The place and the rule of each fault."""
    lines = [line for line in ran_faults.splitlines() if not line.startswith(" ")]
    return [(line.partition(": ")[0], line.rpartition("[")[2].rstrip("]")) for line in lines]


def test_faults_of_all_editions_are_told_in_one_run(tmp_path: Path) -> None:
    files = {
        "chapters/en/01-start.md": SOURCE,
        "chapters/de/01-start.md": TRANSLATION.format("de"),
        "chapters/fr/01-start.md": TRANSLATION.format("fr"),
        "chapters/de/edition.yaml": "title: Flüsse\n",
        "chapters/fr/edition.yaml": "title: Rivières\n",
    }
    ran = impressum(write(tmp_path, files).root, "check")
    assert ran.code == 1
    expected = [("chapters/en/01-start.md:5:5", "reference-unknown")]
    for tag in ("de", "fr"):
        name = f"chapters/{tag}/01-start.md"
        expected += [(f"{name}:5:4", "parity-headings")]
        expected += [(f"{name}:7:6", "reference-unknown"), (f"{name}:7:16", "reference-unknown")]
    assert set(expected) <= set(told(ran.faults))


NESTED = "# Flüsse\n\n" + "[" * 5000 + "\n"


def test_a_chapter_that_cannot_be_read_does_not_hide_the_other_editions(tmp_path: Path) -> None:
    files = {
        "chapters/en/01-start.md": "# Rivers\n\nThe Danube is long.\n",
        "chapters/de/01-start.md": NESTED,
        "chapters/fr/01-start.md": "# Rivières\n\n## Danube\n\nLe Danube est long.\n",
    }
    found = told(impressum(write(tmp_path, files).root, "check").faults)
    assert [place.partition(":")[0] for place, rule in found if rule == "nested-too-deep"] == [
        "chapters/de/01-start.md"
    ]
    assert ("chapters/fr/01-start.md:3:4", "parity-headings") in found


def test_a_source_that_cannot_be_read_makes_no_faults_of_its_translations(tmp_path: Path) -> None:
    files = {
        "chapters/en/01-start.md": NESTED,
        "chapters/en/02-end.md": "# End\n\nText.\n",
        "chapters/de/01-start.md": "# Flüsse\n\n## Donau\n\nDie Donau ist lang.\n",
        "chapters/de/02-end.md": "# Ende\n\n## Mehr\n\nText hier.\n",
    }
    found = told(impressum(write(tmp_path, files).root, "check").faults)
    assert [place for place, rule in found if rule.startswith("parity-")] == ["chapters/de/02-end.md:3:4"]


WATER = "## Of water\n\nIt flows.\n\n[x]{#sec-sea}\n"
DIFFERENT = "title: Flüsse\ndifferences:\n  - {chapter: 01-start, rule: parity-blocks, reason: So}\n"
UNREAD = {
    b"# Rivers \xe9\n\n" + WATER.encode(): ["1 text-encoding"],
    f"# Rivers\n\n{{{{ a\n\n{WATER}".encode(): ["3:1 template-syntax"],
    f"# Rivers\n\n{{% if a %}}\n{WATER}{{% endif %}}\n".encode(): ["3:7 template-undefined"],
    f"---\nlang: sr\n---\n\n# Rivers\n\n{WATER}".encode(): ["2:1 yaml-unknown-key"],
    f"# Rivers\n\n{WATER}\n{'[' * 50}\n".encode(): ["9:9 nested-too-deep"],
    # Of these the rest is read; `a` leaves a gap, before which no comma is out of place.
    f"---\nkind: x\n---\n\n# Rivers\n\n{WATER}\n@sec-p\n".encode(): ["2:7 yaml-value", "13:1 reference-unknown"],
    f"# Rivers\n\nA river {{{{ a }}}}, and the the sea.\n\n@sec-p\n\n{WATER}".encode(): [
        "3:12 template-undefined",
        "5:1 reference-unknown",
    ],
}


@pytest.mark.parametrize("text", UNREAD, ids=lambda text: UNREAD[text][0].split()[1])
def test_a_chapter_that_cannot_be_read_hides_nothing_and_makes_no_faults_of_others(tmp_path: Path, text: bytes) -> None:
    files: dict[str, str | bytes] = {
        "chapters/en/01-start.md": text,
        "chapters/en/02-more.md": "# More\n\nSee [there](#of-water), @sec-sea, @sec-no and [it](01-start.md).\n",
        "chapters/en/layout.yaml": "01-start:\n  - at: It flows.\n    break-before: true\n",
        "chapters/de/01-start.md": "# Flüsse\n\n## Das Wasser\n\nEs fließt.\n\n[x]{#sec-sea}\n",
        "chapters/de/02-more.md": "# Mehr\n\nSiehe [da](#of-water), @sec-sea, @sec-no und [es](01-start.md).\n",
        "chapters/de/edition.yaml": DIFFERENT,
    }
    found = told(impressum(write(tmp_path, files).root, "check").faults)
    assert [f"{place.partition(':')[2]} {rule}" for place, rule in found if "en/01" in place] == UNREAD[text]
    assert [one for one in found if "/01-start.md" not in one[0]] == [
        ("chapters/de/02-more.md:3:34", "reference-unknown"),
        ("chapters/en/02-more.md:3:35", "reference-unknown"),
    ]


def weights(root: Path, files: dict[str, str], *, draft: bool) -> dict[str, str]:
    """What each rule weighs under which something is found."""
    run = Run(write(root, files).__class__(root), Order((), draft=draft), lambda stage, what: None)
    try:
        checked(run)
    except Faulty as faulty:
        return {fault.rule: fault.severity for fault in faulty.faults}
    return {fault.rule: fault.severity for fault in run.faults.all()}


def test_a_draft_is_built_in_spite_of_what_a_translation_lacks(tmp_path: Path) -> None:
    files = {
        "chapters/en/01-start.md": "# Rivers\n\n## Danube\n\nThe Danube is long.\n\nThe Sava, too.\n",
        "chapters/de/01-start.md": "# Flüsse\n\n### Donau\n\nDie Donau ist lang.\n",
        "chapters/de/edition.yaml": "title: Flüsse\n",
        "publication.yaml": "title: Rivers\nlanguage: en\ndate: 2025-01-31\nrules:\n  heading-skipped: off\n",
    }
    assert weights(tmp_path, files, draft=False) == {"parity-blocks": "error", "parity-headings": "error"}
    assert weights(tmp_path, files, draft=True) == {"parity-blocks": "warning", "parity-headings": "warning"}
    files["publication.yaml"] += "  parity-blocks: error\n  parity-headings: off\n"
    assert weights(tmp_path, files, draft=True) == {"parity-blocks": "error"}


TWINS = {
    "publication.yaml": "title: Reke\nlanguage: sr-Latn\ndate: 2025-01-31\n",
    "chapters/en/01-start.md": "# Rivers\n\nThe Danube is long.\n",
    "chapters/en/edition.yaml": "title: Rivers\n",
    "chapters/sr-Latn/01-start.md": "# Reke\n\nDunav je dug.\n",
}


def test_a_malformed_twin_is_told_once(tmp_path: Path) -> None:
    files = {**TWINS, "chapters/sr-Cyrl/edition.yaml": "twin-of: sr_Latn\ntitle: Реке\n"}
    found = told(impressum(write(tmp_path, files).root, "check").faults)
    assert [(place, rule) for place, rule in found if "edition.yaml" in place] == [
        ("chapters/sr-Cyrl/edition.yaml:1:10", "yaml-value")
    ]


def test_the_chapters_of_a_twin_are_searched_for_letters_of_another_script(tmp_path: Path) -> None:
    files = {
        **TWINS,
        "chapters/sr-Latn/01-start.md": "# Reke\n\nDun\u03bfv je dug.\n",  # a Greek omicron
        "chapters/sr-Cyrl/edition.yaml": "twin-of: sr-Latn\ntitle: Реке\n",
    }
    root = write(tmp_path, files).root
    alone = impressum(root, "check", "--edition", "sr-Cyrl")
    mixed = "chapters/sr-Latn/01-start.md:3:1: error: `Dun\u03bfv` is written in Latin letters, but for `\u03bf`"
    assert mixed in alone.faults
    assert impressum(root, "check").faults.count("[letters-mixed]") == 1
