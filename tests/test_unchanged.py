"""A build that finds nothing changed does nothing; whatever changed, it builds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from building import Ran, built_copy, contents_of, impressum, replace

from impressum.core.errors import Allowance, Faults, Place
from impressum.pipeline import unchanged
from impressum.pipeline.run import Order
from impressum.system.workspace import Workspace

posix = pytest.mark.skipif(os.name != "posix", reason="times and rights of POSIX")
NOTHING = "[7/7] publish  nothing has changed since the last build\n"


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built publication of which a build has noted that nothing changed; not to be changed itself."""
    root = built_copy("minimal", tmp_path_factory.mktemp("settled") / "root")
    replace(root / "publication.yaml", "From a bare folder", "From a bare folder #1")  # it is warned of
    replace(root / "publication.yaml", "A Small Report", "A Small Report #1 # allow yaml-comment: it is meant")
    settle(root)
    return root


def settle(root: Path) -> Ran:
    """Builds `root` once its files are old enough to be told from later ones."""
    time.sleep(2 * unchanged.BETWEEN_TICKS / 1e9)
    return impressum(root, "build")


@pytest.fixture
def root(settled: Path, tmp_path: Path) -> Path:
    root = tmp_path / "root"
    shutil.copytree(settled, root, symlinks=True)
    assert settle(root).code == 0
    assert impressum(root, "build").stderr.startswith(NOTHING)
    return root


def test_a_second_build_does_nothing_and_tells_the_same(root: Path) -> None:
    before = contents_of(root / "dist")
    full = impressum(root, "build", "--explain")
    idle = impressum(root, "build")
    assert idle.stderr.removeprefix(NOTHING) == full.faults + ("\n" if full.faults else "")
    assert idle.stdout == "".join(line for line in full.stdout.splitlines(True) if line.startswith("dist/"))
    assert "[yaml-comment]" in idle.stderr
    assert contents_of(root / "dist") == before


def test_the_json_report_is_that_of_the_build(root: Path) -> None:
    idle = json.loads(impressum(root, "build", "--json").stdout)
    assert impressum(root, "clean").code == 0
    assert json.loads(impressum(root, "build", "--json").stdout) == idle
    assert [one["reason"] for one in idle["silenced"]] == ["it is meant"]


def _same_size_and_time(root: Path) -> None:
    chapter = next((root / "chapters" / "en").glob("*.md"))
    noted, text = chapter.stat(), chapter.read_text(encoding="utf-8")
    chapter.write_text(text.replace("e", "a", 1), encoding="utf-8")
    os.utime(chapter, ns=(noted.st_atime_ns, noted.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a chapter, with its size and time as before": _same_size_and_time,
    "a file that no one read": lambda root: (root / "picture.png").write_bytes(b""),
    "a folder": lambda root: (root / "templates").mkdir(),
    "a file that is gone": lambda root: next((root / "chapters" / "en").glob("*.md")).unlink(),
    "a published file": lambda root: next((root / "dist").glob("*.pdf")).write_bytes(b"other"),
    "a published file that is gone": lambda root: (root / "dist" / "SHA256SUMS").unlink(),
    "the trace of an interrupted build": lambda root: (root / "dist" / ".impressum-journal.json").write_bytes(b""),
    "the note itself": lambda root: [path.write_bytes(b"torn") for path in (root / ".cache" / "memo").glob("??/*")],
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changed_is_seen(root: Path, change: str) -> None:
    CHANGES[change](root)
    workspace = Workspace(root)
    assert unchanged.look(workspace, repr(Order()), unchanged.see(workspace)) is None


def test_work_files_and_what_git_writes_are_no_change(root: Path) -> None:
    (root / ".git").mkdir()
    (root / ".git" / "index").write_bytes(b"")
    (root / ".cache" / "more").write_bytes(b"")
    (root / "dist" / "another-file.txt").write_bytes(b"")
    assert impressum(root, "build").stderr.startswith(NOTHING)


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_is_looked_at_itself_and_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "circle").symlink_to(".")
    (root / "elsewhere").symlink_to(tmp_path / "elsewhere")
    before = unchanged.see(Workspace(root)).state
    (tmp_path / "elsewhere" / "new.md").write_text("no build reads this")
    assert unchanged.see(Workspace(root)).state == before


def test_another_order_is_another_build(root: Path) -> None:
    assert not impressum(root, "build", "--draft").stderr.startswith(NOTHING)
    assert not impressum(root, "build").stderr.startswith(NOTHING), "the draft stands in its place now"


def test_how_many_editions_are_made_at_a_time_is_no_other_order(root: Path) -> None:
    assert impressum(root, "build", "--jobs", "2").stderr.startswith(NOTHING)


def test_the_time_that_is_asked_for_counts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(root)
    before = unchanged.see(workspace)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    asked = unchanged.see(workspace)
    assert asked.state != before.state
    monkeypatch.setenv("PATH", "/usr/bin")
    assert unchanged.see(workspace).state != asked.state, "another program may be found there"


def test_what_changed_just_now_is_not_trusted(root: Path) -> None:
    workspace = Workspace(root)
    now = next((root / "chapters" / "en").glob("*.md")).stat().st_ctime_ns
    for later, settled in ((0, False), (unchanged.BETWEEN_TICKS, False), (unchanged.BETWEEN_TICKS * 50 + 1, True)):
        assert unchanged.see(workspace, now + later).settled is settled
    seen = unchanged.Seen("other", settled=False)
    unchanged.remember(workspace, "a draft", seen, Faults(), ())
    assert unchanged.look(workspace, "a draft", seen) is None


def test_a_failed_build_is_no_build(root: Path) -> None:
    replace(root / "publication.yaml", "date:", "datum:")
    time.sleep(2 * unchanged.BETWEEN_TICKS / 1e9)
    first, second = (impressum(root, "build") for _ in range(2))
    assert (first.code, first.faults) == (second.code, second.faults) == (1, first.faults)


def test_what_is_cleaned_is_built_anew(root: Path) -> None:
    assert impressum(root, "clean").code == 0
    assert not impressum(root, "build").stderr.startswith(NOTHING)


def test_a_second_check_tells_what_the_first_did(root: Path) -> None:
    first = impressum(root, "check", "--json")
    idle = impressum(root, "check")
    assert ("[yaml-comment]" in idle.stderr, "] load" in idle.stderr) == (True, False)
    assert impressum(root, "check", "--json").stdout == first.stdout
    assert "] load" in impressum(root, "check", "--edition", "en").stderr, "another check"
    replace(root / "publication.yaml", "From a bare folder #1", "From a bare folder")
    assert "] load" in impressum(root, "check").stderr


# on small values: nothing is built


@pytest.fixture
def small(tmp_path: Path) -> Workspace:
    """A publication with a glossary outside of it."""
    for name, text in (("root/publication.yaml", "title: T\nglossary: ../terms.csv\n"), ("root/a/b.md", "b")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "terms.csv").write_text("term\n")
    return Workspace(tmp_path / "root")


def test_files_are_listed_in_order_with_their_folders_and_without_what_no_build_reads(small: Workspace) -> None:
    for name in (".git/x", "dist/x", "a/dist/x", "a/__pycache__/x", "__pycache__/x", "a.md"):
        (small.root / name).parent.mkdir(exist_ok=True)
        (small.root / name).touch()
    found = list(unchanged._files(str(small.root), unchanged.UNREAD))
    assert [name for name, _ in found] == [*("a/", "a/b.md", "a/dist/", "a/dist/x", "a.md"), "publication.yaml"]
    assert [name for name, noted in found if noted is None] == ["a/", "a/dist/"]
    assert list(unchanged._files(str(small.root / "none"))) == []


@pytest.mark.parametrize(
    "glossary", ["terms.csv", '"terms.csv"', "'terms.csv' # ours", "terms.csv # ours", "terms.csv\nlanguage: en"]
)
def test_the_glossary_outside_is_found_however_it_is_written(glossary: str, small: Workspace) -> None:
    small.publication.write_text(f"title: T\nglossary: {glossary.replace('terms', '../terms')}\n")
    assert [path.resolve() for path in unchanged._shared(small)] == [small.root.parent / "terms.csv"]
    for other in ("other: terms.csv", "glossary:", "glossary: none.csv", "glossary: ..", "glossary: \udcff"):
        small.publication.write_bytes(other.encode("utf-8", "surrogateescape"))
        assert list(unchanged._shared(small)) == []


def test_the_words_of_the_house_are_seen_and_nothing_else_in_its_folder(small: Workspace) -> None:
    house = small.root.parent / "house"
    for name in ("words/de.yaml", "citations/de.yaml", "dictionaries/de.txt", "other/x.txt", "x.csv"):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).touch()
    small.publication.write_text("house: ../house # ours\nglossary: ../terms.csv\n")
    found = [path.resolve().relative_to(small.root.parent).as_posix() for path in unchanged._shared(small)]
    assert found == ["house/words/de.yaml", "house/citations/de.yaml", "house/dictionaries/de.txt", "terms.csv"]


@posix
def test_whatever_may_be_read_is_seen_and_counts_as_new(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns() + 10**12 + 1
    states = [unchanged.see(small, now)]
    changes: tuple[Callable[[Path], object], ...] = (
        lambda root: (root.parent / "terms.csv").write_text("term,more\n"),
        lambda root: (root / "a/b.md").chmod(0o600),
        lambda root: (root / "a/b.md").rename(root / "a/c.md"),
        lambda root: (root / "a").rename(root / "b"),
        lambda root: (root / "b/c.md").write_text("c"),
    )
    for change in changes:
        change(small.root)
        states.append(unchanged.see(small, now))
    for name in ("SOURCE_DATE_EPOCH", "PATH"):
        monkeypatch.setenv(name, "1")
        states.append(unchanged.see(small, now))
    assert len({one.state for one in states}) == len(states)
    assert all(one.settled for one in states)
    changed = (small.root / "b/c.md").stat().st_ctime_ns
    assert not unchanged.see(small, changed + unchanged.BETWEEN_TICKS).settled
    assert unchanged.see(small, changed + unchanged.BETWEEN_TICKS + 1).settled or changed % 10**9 == 0
    (small.root.parent / "terms.csv").touch()
    shared = (small.root.parent / "terms.csv").stat().st_ctime_ns
    assert not unchanged.see(small, shared + unchanged.BETWEEN_TICKS).settled


@posix
@pytest.mark.parametrize(("later", "settled"), [(1, False), (2, False), (3, True)])
def test_where_times_are_whole_seconds_two_of_them_are_waited_for(
    later: int, settled: bool, small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = os.stat_result((0o100644, 1, 1, 1, 0, 0, 5, 0, 100, 100), {"st_ctime_ns": 100 * 10**9, "st_mtime_ns": 0})
    monkeypatch.setattr(unchanged, "_files", lambda folder, unread: iter([("a.md", changed)]))
    monkeypatch.setattr(unchanged, "_of_impressum", tuple)
    small.publication.unlink()
    assert unchanged.see(small, (100 + later) * 10**9).settled is settled
    assert unchanged.see(small, (100 + later) * 10**9 + 1).settled


def test_the_time_is_that_of_the_disk_or_none_where_nothing_can_be_written(small: Workspace) -> None:
    now = unchanged._time_of_the_disk(small)
    assert now == (small.cache / "now").stat().st_mtime_ns
    assert abs(now - time.time_ns()) < 10**11
    shutil.rmtree(small.cache)
    small.cache.touch()
    assert unchanged._time_of_the_disk(small) == 0
    assert not unchanged.see(small).settled


def test_what_a_run_left_is_what_it_is_looked_up_as(small: Workspace) -> None:
    allowed = Allowance(Place("a/b.md", 3, 1), "yaml-comment", "it is meant")
    faults = Faults(allowance=lambda fault: allowed if fault.rule == "yaml-comment" else None)
    faults.warning(Place("publication.yaml", 2, 9), "one", "bib-unused", "hint", "detail")
    faults.warning(Place("a/b.md", 4, 1), "two", "yaml-comment")
    small.dist.mkdir()
    (small.dist / "a.pdf").write_bytes(b"abc")
    seen = unchanged.Seen("state", settled=True)
    unchanged.remember(small, "order", seen, faults, (small.dist / "a.pdf",))
    found = unchanged.look(small, "order", seen)
    assert found
    assert (found.faults, found.silenced) == (faults.all(), faults.silenced())
    assert found.published == (("dist/a.pdf", hashlib.sha256(b"abc").hexdigest()),)
    assert unchanged.look(small, "other", seen) is None
    assert unchanged.look(small, "order", unchanged.Seen("other", settled=True)) is None
    (small.dist / ".impressum-journal.json").touch()
    assert unchanged.look(small, "order", seen) is None
    shutil.rmtree(small.dist)
    assert unchanged.look(small, "order", seen) is None
    unchanged.remember(small, "check", seen, faults, ())
    assert unchanged.look(small, "check", seen), "what published nothing needs no dist"
