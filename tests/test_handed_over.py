"""A publication that came from somebody else, with its `dist` and its cache: a build touches nothing outside of it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from building import built_copy, contents_of, impressum, replace, variables

from impressum.core.errors import Faulty
from impressum.stages import publish
from impressum.system import cache, process
from impressum.system.cache import Memo, keep, kept
from impressum.system.work_folders import MARK, TAG
from impressum.system.workspace import Workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")

FOREIGN = (
    ".cache: error: `.cache` is a link; work files are written and deleted in the publication's own folder only "
    "[cache-foreign]\n"
    "  hint: delete the link; where the disk is too small, move the whole publication to a larger one"
)


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A folder of the user, with a folder of each name that a build uses, and a letter in each."""
    folder = tmp_path / "home"
    for name in ("", "en", "en/typst", "en/plates", "work", "work/en", "memo", "unchanged", "matplotlib", "watch"):
        (folder / name).mkdir(exist_ok=True, parents=True)
        (folder / name / "letter.txt").write_text("Dear")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A built publication of which something is to be made anew."""
    root = built_copy("figures", tmp_path / "figures")
    replace(root / "chapters/en/01-figures.md", "# ", "# New ")
    return root


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A built publication without figures, of which something is to be made anew."""
    root = built_copy("minimal", tmp_path / "minimal")
    replace(root / "publication.yaml", "type: Report", "type: Study")
    return root


def forged(dist: Path, *moves: dict[str, str | None]) -> None:
    dist.mkdir(exist_ok=True)
    journal = {"schema": "impressum/journal", "version": 1, "moves": moves}
    (dist / ".impressum-journal.json").write_text(json.dumps(journal))


KEY = b"ssh-ed25519 AAAA a stranger"
NEW: dict[str, str | None] = {"temporary": ".impressum-1-1.tmp", "sha256": hashlib.sha256(KEY).hexdigest(), "old": None}
FORGED: dict[str, tuple[str, dict[str, str | None]]] = {
    "a new file": ("dist/ssh", {**NEW, "name": "ssh/authorized_keys"}),
    "an old file that is put back": (
        "dist/ssh",
        {"temporary": None, "name": "ssh/authorized_keys", "sha256": "", "old": ".impressum-1-1.tmp"},
    ),
    "a file that goes": ("dist/en", {"temporary": None, "name": "en/letter.txt", "sha256": "", "old": None}),
    "the record of a release": ("releases", {**NEW, "name": "releases/1.0.json"}),
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_journal_writes_and_removes_nothing_where_a_link_leads(
    case: str, tmp_path: Path, precious: Path
) -> None:
    link, move = FORGED[case]
    forged(tmp_path / "dist", move)
    for name in (".impressum-1-1.tmp", ".impressum-1-1.old"):
        (tmp_path / "dist" / name).write_bytes(KEY)
    (tmp_path / link).symlink_to(precious / "en" if link == "dist/en" else precious)
    before = contents_of(precious)
    assert publish.recover(Workspace(tmp_path))[0] == (
        "The journal of an interrupted build in `dist` cannot be read and was removed: build every edition."
    )
    assert contents_of(precious) == before


def test_a_build_over_a_forged_journal_publishes_and_touches_nothing_else(plain: Path, precious: Path) -> None:
    (plain / "dist/ssh").symlink_to(precious)
    (plain / "dist/.impressum-1-1.tmp").write_bytes(KEY)
    forged(plain / "dist", {**NEW, "name": "ssh/authorized_keys"})
    before = contents_of(precious)
    ran = impressum(plain, "build", "--edition", "en")
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(precious) == before


LINKS = ("work/en", "memo", "unchanged", "matplotlib", "watch", "now", "size", "steps", "links.json")


@pytest.mark.parametrize(
    ("links", "command"),
    [
        (LINKS, "build"),
        (LINKS, "check"),
        (LINKS, "clean"),
        (("work", "memo/00"), "build"),
        (("work", "memo/00"), "clean"),
        (("work/en/typst", "work/en/plates"), "build"),
    ],
)
def test_links_in_the_cache_are_taken_away_and_what_they_lead_to_stays(
    links: tuple[str, ...], command: str, root: Path, precious: Path
) -> None:
    for link in links:
        path = root / ".cache" / link
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
        path.symlink_to(precious / "en" if link == "work/en" else precious)
    before = contents_of(precious)
    ran = impressum(root, *([command] if command == "clean" else [command, "--edition", "en"]))
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(precious) == before


@pytest.mark.parametrize("command", ["build", "check", "clean"])
def test_a_cache_that_is_a_link_is_refused_and_what_it_leads_to_stays(command: str, root: Path, precious: Path) -> None:
    shutil.rmtree(root / ".cache")
    (root / ".cache").symlink_to(precious)
    before, published = contents_of(precious), contents_of(root / "dist")
    ran = impressum(root, command)
    assert (ran.code, ran.faults) == (1, FOREIGN)
    assert (contents_of(precious), contents_of(root / "dist")) == (before, published)


@pytest.mark.parametrize("command", ["build", "check", "clean"])
def test_what_another_program_keeps_in_a_cache_is_neither_emptied_nor_deleted(command: str, root: Path) -> None:
    cache = root / ".cache"
    shutil.rmtree(cache)
    (cache / "work" / "en").mkdir(parents=True)
    (cache / "work" / "en" / "letter.txt").write_text("Dear")
    ran = impressum(root, command)
    assert (ran.code, ran.faults) == (
        1,
        (
            ".cache/work: error: another program has made `work`, which Impressum would empty: `.cache` has no "
            f"`{MARK}` [cache-foreign]\n"
            "  hint: move it away, or delete `.cache` if nothing in it is yours"
        ),
    )
    assert contents_of(cache).keys() == {"work/en/letter.txt"}


def test_other_files_in_a_cache_are_left_beside_our_own(plain: Path) -> None:
    shutil.rmtree(plain / ".cache")
    (plain / ".cache" / "pre-commit").mkdir(parents=True)
    (plain / ".cache" / "pre-commit" / "hook").touch()
    assert impressum(plain, "build", "--edition", "en").code == 0
    assert impressum(plain, "clean").code == 0
    assert contents_of(plain / ".cache").keys() == {"pre-commit/hook", "build.lock", "in-use.lock", MARK}
    assert (plain / ".cache" / MARK).read_bytes() == TAG


def test_the_lock_is_not_made_where_a_link_leads(root: Path, precious: Path) -> None:
    (root / ".cache/build.lock").unlink()
    (root / ".cache/build.lock").symlink_to(precious / "hushlogin")
    assert impressum(root, "build").code == 1
    assert not (precious / "hushlogin").exists()


def test_trimming_removes_nothing_behind_a_link(tmp_path: Path, precious: Path) -> None:
    known = Memo(tmp_path / ".cache" / "memo", largest=1)
    known("step", {}, lambda: b"a value")
    (known.folder / "00").symlink_to(precious / "en")
    before = contents_of(precious)
    known.trim()
    assert not [path for path in known.folder.glob("??/*") if not path.parent.is_symlink()]
    assert contents_of(precious) == before


def of_old(value: bytes) -> bytes:
    """An entry that anybody can write: a value with its hash."""
    return hashlib.sha256(value).hexdigest().encode() + value


@pytest.mark.parametrize("by_the_user", [False, True], ids=["a stranger's", "with the user's own key"])
@pytest.mark.parametrize("command", ["build", "check"])
def test_lists_of_fonts_that_name_other_files_write_none(
    command: str, by_the_user: bool, root: Path, precious: Path
) -> None:
    folder = root / ".cache" / "matplotlib"
    lists = folder / f"own-fonts-{version('matplotlib')}"  # a process that knows the fonts already has written none
    names = [str(precious / "letter.txt"), "../letter.txt", str(precious / "fontlist-v1.json"), "../fontlist-v1.json"]
    value = json.dumps(dict.fromkeys(names, "forged")).encode()
    if by_the_user:
        keep(lists, value)
    else:
        lists.write_bytes(of_old(value))
    replace(root / "figures/rain.py", "def draw", "\ndef draw")
    before, work = contents_of(precious), sorted(path.name for path in root.iterdir())
    ran = impressum(root, command, "--edition", "en")
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(precious) == before
    assert sorted(path.name for path in root.iterdir()) == work
    assert not list((root / ".cache").rglob("letter.txt"))


def test_faces_of_figures_are_those_of_impressum_whatever_the_cache_names(root: Path, precious: Path) -> None:
    known = next((root / ".cache/matplotlib").glob("faces-*"))
    other = precious / "letter.txt"
    keep(known, json.dumps({str(other): cache.digest(other.read_bytes())}).encode())
    replace(root / "figures/rain.py", "def draw", "\ndef draw")
    assert impressum(root, "check", "--edition", "en").code == 0
    assert str(other).encode() not in known.read_bytes()


def every_entry(root: Path) -> list[Path]:
    return sorted(path for path in (root / ".cache/memo").glob("??/*") if path.is_file())


def test_entries_that_somebody_else_wrote_are_misses(root: Path) -> None:
    """Ensures it of every other one with nothing in it, and of the others with other numbers."""
    replace(root / "chapters/en/01-figures.md", "# New ", "# ")
    before = contents_of(root / "dist")
    for number, entry in enumerate(every_entry(root)):
        known = kept(entry)
        assert known is not None
        entry.write_bytes(of_old(known.replace(b"1", b"9") if number % 2 else b"null"))
    shutil.rmtree(root / ".cache/unchanged", ignore_errors=True)
    ran = impressum(root, "build")
    assert (ran.code, ran.faults) == (0, "")
    assert contents_of(root / "dist") == before


def test_an_entry_is_valid_at_its_own_place_only(tmp_path: Path) -> None:
    known = Memo(tmp_path)
    known("price", {"year": 2024}, lambda: b"99.9")
    known("price", {"year": 2023}, lambda: b"10.4")
    one, other = every_entry_of(tmp_path)
    one_value, other_value = one.read_bytes(), other.read_bytes()
    one.write_bytes(other_value)
    other.write_bytes(one_value)
    assert known("price", {"year": 2024}, lambda: b"99.9 again") == b"99.9 again"


def every_entry_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("??/*"))


WITH_ANOTHER_HOME = (
    "import sys; from pathlib import Path; from impressum.system.cache import kept; print(kept(Path(sys.argv[1])))"
)


def asked(entry: Path, home: Path) -> str:
    """What a process whose home folder is `home` makes of an entry."""
    command = [sys.executable, "-c", WITH_ANOTHER_HOME, str(entry)]
    done = process.run(command, limits=process.Limits(60), environment={**variables(), "HOME": str(home)})
    return done.stdout.decode().strip() or done.errors


def test_what_another_user_kept_is_a_miss_and_each_has_a_key_of_their_own(tmp_path: Path) -> None:
    keep(tmp_path / "ab" / "cd", b"10.4")
    assert kept(tmp_path / "ab" / "cd") == b"10.4"
    home = tmp_path / "home"
    home.mkdir()
    assert asked(tmp_path / "ab" / "cd", home) == "None"
    key = home / cache.KEY
    assert (len(key.read_bytes()), key.stat().st_mode & 0o777) == (32, 0o600)
    assert [path.name for path in key.parent.iterdir()] == [key.name]


def shared(key: Path) -> None:
    key.chmod(0o644)


def linked(key: Path) -> None:
    key.rename(key.with_name("other"))
    key.symlink_to(key.with_name("other"))


def cut(key: Path) -> None:
    key.write_bytes(key.read_bytes()[:16])


def piped(key: Path) -> None:
    key.unlink()
    os.mkfifo(key, 0o600)


@pytest.mark.parametrize("change", [shared, linked, cut, piped])
def test_a_key_that_others_may_know_is_replaced(change: Callable[[Path], None], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    keep(tmp_path / "ab", b"")
    assert asked(tmp_path / "ab", home) == "None"
    key = home / cache.KEY
    before = key.read_bytes()
    change(key)
    assert asked(tmp_path / "ab", home) == "None"
    assert not key.is_symlink()
    assert (len(key.read_bytes()), key.stat().st_mode & 0o777) == (32, 0o600)
    assert key.read_bytes() != before


def test_a_home_that_cannot_keep_a_key_costs_time_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    keep(tmp_path / "ab", b"")
    assert asked(tmp_path / "ab", tmp_path / "home") == "None"


def test_a_dist_that_is_a_link_is_told_before_anything_is_made(root: Path, precious: Path) -> None:
    shutil.rmtree(root / "dist")
    (root / "dist").symlink_to(precious)
    before = contents_of(precious)
    ran = impressum(root, "build")
    assert (ran.code, ran.stderr) == (
        1,
        (
            "dist: error: `dist` is a link; a build publishes in the publication's own folder only "
            "[dist-not-writable]\n"
            "  hint: delete the link, and copy from `dist` to where the files shall go\n"
        ),
    )
    assert contents_of(precious) == before


def test_work_folders_say_whose_they_are(tmp_path: Path) -> None:
    from impressum.system.work_folders import fresh, take_away

    (tmp_path / ".cache").symlink_to(tmp_path)
    (tmp_path / "work").mkdir()
    for do in (fresh, take_away):
        with pytest.raises(Faulty, match="cache-foreign"):
            do(tmp_path / ".cache/work")
    assert (tmp_path / "work").is_dir()


def git(root: Path, *arguments: str) -> None:
    done = process.run(["git", *arguments], limits=process.Limits(60), folder=root)
    assert done.code == 0, done.errors


@pytest.mark.skipif(shutil.which("git") is None, reason="needs Git")
def test_what_git_keeps_of_builds_is_a_fault(plain: Path) -> None:
    git(plain, "init", "--quiet")
    assert impressum(plain, "build", "--edition", "en").code == 0  # it lies there, and nobody has added it
    before = contents_of(plain / "dist")
    git(plain, "add", "dist/SHA256SUMS", ".cache/steps")
    replace(plain / "publication.yaml", "type: Study", "type: Report")
    for command in ("build", "check"):
        ran = impressum(plain, command, "--edition", "en")
        assert (ran.code, ran.faults) == (
            1,
            (
                ".cache/steps: error: Git keeps `.cache/steps`, but what is in `.cache` is made by builds alone "
                "[output-tracked]\n"
                "  hint: take it out with `git rm -r --cached .cache`, and list `.cache/` in `.gitignore`\n"
                "dist/SHA256SUMS: error: Git keeps `dist/SHA256SUMS`, but what is in `dist` is made by builds alone "
                "[output-tracked]\n"
                "  hint: take it out with `git rm -r --cached dist`, and list `dist/` in `.gitignore`"
            ),
        )
    assert contents_of(plain / "dist") == before


@pytest.mark.skipif(shutil.which("git") is None, reason="needs Git")
def test_a_publication_in_a_folder_of_a_repository_is_asked_for_its_own_folders_only(root: Path) -> None:
    (root.parent / "dist").mkdir()
    (root.parent / "dist/page.html").touch()
    git(root.parent, "init", "--quiet")
    git(root.parent, "add", "dist")
    assert impressum(root, "check", "--edition", "en").code == 0
    git(root.parent, "add", "--force", "figures/dist/SHA256SUMS")
    replace(root / "chapters/en/01-figures.md", "# New ", "# ")
    ran = impressum(root, "check", "--edition", "en")
    assert ran.faults.startswith("dist/SHA256SUMS: error: Git keeps `dist/SHA256SUMS`")
