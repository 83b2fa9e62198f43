"""What is taken of a stranger's folder and what of the base, name by name; no line is run."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from load_sources import sources

from impressum.cli import untrusted
from impressum.cli.main import _parsed
from impressum.cli.untrusted import assembly
from impressum.cli.untrusted.assembly import assemble
from impressum.core.errors import Faults, Faulty, WrongUsage
from impressum.pipeline.untrusted import UntrustedTexts, guarded
from impressum.system import process
from impressum.system.sandbox import Isolation, Sight

PUBLICATION = "title: The base\nlanguage: en\ndate: 2025-01-31\n"
posix = pytest.mark.skipif(os.name != "posix", reason="symbolic links need rights on Windows")
HINT = "\n  hint: whoever may change the base looks at this change, and builds it as trusted"
DIFFERS = f"differs from that of the base, which is used [untrusted-ignored]{HINT}"
NOT_THERE = f"is not in the base, and is not looked at [untrusted-ignored]{HINT}"


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content.startswith("-> "):
            path.symlink_to(content.removeprefix("-> "))
        else:
            path.write_text(content, encoding="utf-8")
    return folder


def taken(folder: Path, base: Mapping[str, str], fork: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The files that are assembled of a base and a fork with these files, and what is told of them."""
    target = folder / "target"
    target.mkdir()
    given = {"publication.yaml": PUBLICATION}
    try:
        faults = assemble(
            written(folder / "fork", {**given, **fork}), written(folder / "base", {**given, **base}), target
        )
    except Faulty as faulty:
        faults = tuple(faulty.faults)
    found = {path.relative_to(target).as_posix(): path for path in target.rglob("*")}
    links = {name: f"-> {path.readlink()}" for name, path in found.items() if path.is_symlink()}
    files = {name: path.read_text(encoding="utf-8") for name, path in found.items() if path.is_file()}
    return {**files, **links}, [str(fault) for fault in faults]


def test_what_the_configuration_names_is_the_bases_and_the_texts_that_it_names_are_the_strangers(
    tmp_path: Path,
) -> None:
    publication = (
        f"{PUBLICATION}bibliography: lit/./own.bib\ncitation-style: style/own.csl\nglossary: terms/house.csv\n"
    )
    files, told = taken(
        tmp_path,
        {
            "publication.yaml": publication,
            **dict.fromkeys(("style/own.csl", "terms/house.csv", "lit/own.bib", "chapters/en/01-a.md"), "base"),
            **dict.fromkeys(("templates/a.typ", "templates/deep/b.typ", "templates/words/en.yaml"), "base"),
            **dict.fromkeys(("templates/citations/en.yaml", "figures/f.py", "figures/g.py", "x.svg"), "base"),
        },
        {
            "publication.yaml": publication,
            **dict.fromkeys(("style/own.csl", "terms/house.csv", "lit/own.bib", "bib/references.bib"), "fork"),
            **dict.fromkeys(("templates/deep/b.typ", "templates/c.svg", "templates/citations/en.yaml"), "fork"),
            **dict.fromkeys(("figures/f.py", "figures/sub/x.py", "figures/data/d.csv", "glossary.csv"), "fork"),
            **dict.fromkeys(("chapters/dist/a.md", "dist/x.svg", "node_modules/x.svg", "editions.yaml"), "fork"),
            **dict.fromkeys(("chapters/.x.md", "art/\u202ex.svg", "art/x.txt", "style/other.csl"), "fork"),
        },
    )
    assert files == {
        "publication.yaml": publication,
        **dict.fromkeys(("style/own.csl", "terms/house.csv", "templates/a.typ", "templates/deep/b.typ"), "base"),
        **dict.fromkeys(("lit/own.bib", "templates/citations/en.yaml", "figures/sub/x.py", "glossary.csv"), "fork"),
        **dict.fromkeys(("figures/data/d.csv", "chapters/dist/a.md"), "fork"),
        "figures/f.py": "base",
    }
    assert told == [
        f"figures/f.py: warning: `f.py` {DIFFERS}",
        f"style/own.csl: warning: `own.csl` {DIFFERS}",
        f"templates/c.svg: warning: `c.svg` {NOT_THERE}",
        f"templates/deep/b.typ: warning: `b.typ` {DIFFERS}",
    ]


def test_what_the_base_names_outside_of_itself_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text("base")
    (tmp_path / "x.csl").write_text("base")
    publication = f"{PUBLICATION}bibliography: ../x.bib\ncitation-style: ../x.csl\n"
    files, told = taken(tmp_path, {"publication.yaml": publication}, {"bib/references.bib": "fork", "x.bib": "fork"})
    assert files == {"publication.yaml": publication, "bib/references.bib": "fork"}
    assert told == [f"publication.yaml: warning: `publication.yaml` {DIFFERS}"]


def test_a_style_that_is_no_file_is_not_looked_for(tmp_path: Path) -> None:
    publication = f"{PUBLICATION}citation-style: apa\n"
    files, told = taken(tmp_path, {"publication.yaml": publication, "apa": "base"}, {"publication.yaml": publication})
    assert (files, told) == ({"publication.yaml": publication}, [])


@posix
@pytest.mark.parametrize("name", ["figures", "templates", "templates/words", "chapters", "bib"])
def test_a_link_in_the_place_of_a_folder_makes_no_scripts_or_templates_of_texts(name: str, tmp_path: Path) -> None:
    """Ensures that a stranger has no way to bring a script of their own as a chapter's file."""
    up = "../" * name.count("/")
    evil = {"texts/f.py": "evil", "texts/book.typ": "evil", "chapters/en/f.py": "evil"}
    files, told = taken(tmp_path, {}, evil | {name: f"-> {up}texts"} if name != "chapters" else {name: "-> texts"})
    assert f"{name}/f.py" not in files
    assert told == [
        (
            f"{name}: error: `{Path(name).name}` is a link, and in a stranger's publication it must be the folder "
            "itself [untrusted-link]\n  hint: put what it leads to in its place"
        )
    ]


@posix
def test_no_link_takes_the_place_of_the_configuration(tmp_path: Path) -> None:
    links = {
        **dict.fromkeys(
            ("publication.yaml", "editions.yaml", "own.csl", "style", "glossary.csv"), "-> chapters/en/evil"
        ),
        **dict.fromkeys(("templates/a.typ", "templates/new.typ", "figures/f.py"), "-> ../chapters/en/evil"),
        **dict.fromkeys(("templates/deep", "templates/more"), "-> ../chapters/en"),
        "images": "-> chapters/en",
        "terms": "-> chapters/en",
        "x.svg": "-> chapters/en/evil",
        "a.md": "-> nowhere",
    }
    publication = f"{PUBLICATION}citation-style: own.csl\nglossary: terms/house.csv\n"
    base = {
        "publication.yaml": publication,
        **dict.fromkeys(("own.csl", "terms/house.csv", "figures/f.py"), "base"),
    }
    base |= dict.fromkeys(("templates/a.typ", "templates/deep/b.typ"), "base")
    fork = {"chapters/en/evil": "evil", **links}
    (tmp_path / "fork").mkdir()
    target = tmp_path / "target"
    target.mkdir()
    told = assemble(written(tmp_path / "fork", fork), written(tmp_path / "base", base), target)
    assert {name: (target / name).read_text() for name in base} == base
    assert sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_symlink()) == [
        *("a.md", "glossary.csv", "images", "x.svg")
    ]
    assert [fault.place.path for fault in told] == [
        *("figures/f.py", "own.csl", "publication.yaml"),
        *("templates/a.typ", "templates/deep", "templates/more", "templates/new.typ"),
    ]


@posix
def test_links_stay_as_they_are_within_and_lead_nowhere_from_without(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    links = {
        "chapters/en/images": "-> ../../art",
        "a.svg": "-> b.svg",
        "b.svg": "-> art/x.svg",
        "out.svg": "-> ../secret",
        "round.svg": "-> round.svg",
        "away": "-> ..",
    }
    files, told = taken(tmp_path, {}, {"art/x.svg": "<svg/>", **links})
    outside = f"-> {tmp_path / 'outside'}"
    assert files == {
        "publication.yaml": PUBLICATION,
        "art/x.svg": "<svg/>",
        "chapters/en/images": "-> ../../art",
        "a.svg": "-> art/x.svg",
        "b.svg": "-> art/x.svg",
        **dict.fromkeys(("out.svg", "round.svg", "away"), outside),
    }
    assert told == []


def test_folders_are_looked_into_to_a_depth_and_never_that_of_the_base(tmp_path: Path) -> None:
    fork = tmp_path / "fork"
    deep = {depth: "/".join(["chapters", *("d" * (depth - 1))]) for depth in (30, 31)}
    written(fork, {f"{folder}/{depth}.md": "fork" for depth, folder in deep.items()})
    base = written(fork / "art", {"publication.yaml": PUBLICATION, "x.svg": "base"})
    written(fork, {"more/y.svg": "fork"})
    target = tmp_path / "target"
    target.mkdir()
    assert assemble(fork, base, target) == ()
    assert sorted(path.name for path in target.rglob("*") if path.is_file()) == ["30.md", "publication.yaml", "y.svg"]
    with pytest.raises(Faulty, match=r"holds more than 2 files"):
        assemble(fork, base, target, most_entries=2)


@posix
def test_what_is_too_large_is_not_copied_and_what_is_no_file_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "IMAGE_LIMIT", 5)
    fork = written(tmp_path / "fork", {"a.svg": "12345", "b.svg": "123456"})
    os.mkfifo(fork / "pipe.svg")
    base = written(tmp_path / "base", {"publication.yaml": PUBLICATION})
    target = tmp_path / "target"
    target.mkdir()
    assemble(fork, base, target, most_bytes=5)
    assert ((target / "a.svg").read_text(), (target / "b.svg").read_bytes()) == ("12345", b"\0" * 6)
    assert (target / "pipe.svg").is_dir()


def test_only_so_many_files_are_told_to_be_ignored(tmp_path: Path) -> None:
    _, told = taken(tmp_path, {}, {f"templates/{number:02}.typ": "fork" for number in range(21)})
    assert [one.partition(":")[0] for one in told] == [f"templates/{number:02}.typ" for number in range(20)]


def test_a_script_that_the_base_lacks_and_a_name_that_cannot_be_shown_are_refused(tmp_path: Path) -> None:
    _, told = taken(tmp_path, {}, dict.fromkeys(("figures/own.py", "chapters/en/\u202ea.md"), "fork"))
    assert told == [
        (
            "chapters/en/\\u202ea.md: error: the file's name holds characters that are none [untrusted-name]\n"
            "  hint: rename it"
        ),
        (
            "figures/own.py: error: the script `own.py` is not in the base, and is not run [untrusted-script]\n"
            "  hint: draw the figure with `chart:`, or give it as an image; a script is run once the base has it"
        ),
    ]


def test_scripts_are_named_where_nothing_shuts_them_in_and_without_scripts_nothing_is_told(tmp_path: Path) -> None:
    shut, open_ = UntrustedTexts(), UntrustedTexts((), "only Linux has what it takes")
    figure = {f"figures/{name}.yaml": "title: F\nalt: A\n" for name in ("f", "g")}
    scripts = dict.fromkeys(("figures/f.py", "figures/g.py"), "def draw(figure, data, words): ...\n")
    plain, drawn = sources(tmp_path / "plain"), sources(tmp_path / "drawn", {**figure, **scripts})
    for loaded, untrusted_texts in ((plain, open_), (drawn, shut)):
        guarded(loaded, untrusted_texts, faults := Faults())
        assert faults.all() == ()
    with pytest.raises(Faulty) as caught:
        guarded(drawn, open_, Faults())
    told = (
        "error: the script is not run, as this system does not shut it in: only Linux has what it takes "
        "[untrusted-unshielded]\n  hint: build where namespaces or bubblewrap are allowed: docs/security.md says how"
    )
    assert [str(fault) for fault in caught.value.faults] == [f"figures/{name}.py: {told}" for name in ("f", "g")]


@posix
def test_only_files_of_the_same_bytes_are_the_same(tmp_path: Path) -> None:
    written(tmp_path, {"a": "12", "b": "12", "c": "13", "d": "1", "link": "-> a"})
    names = ("a", "b", "c", "d", "link", "none")
    assert [name for name in names if assembly._same(tmp_path / name, tmp_path / "a")] == ["a", "b"]
    assert assembly._same(tmp_path / "a", tmp_path / "link")
    assert not assembly._same(tmp_path, tmp_path)


@posix
def test_what_a_run_of_the_same_number_left_is_in_the_way_of_no_delivery(tmp_path: Path) -> None:
    written(tmp_path, {"made/a.pdf": "new", "root/dist/old.pdf": "old"})
    for name in ("dist", "before"):
        written(tmp_path / "root", {f".{name}-{os.getpid()}/left.pdf": "left"})
    assembly.deliver(tmp_path / "made", tmp_path / "root")
    found = sorted(path.relative_to(tmp_path / "root").as_posix() for path in (tmp_path / "root").rglob("*"))
    assert found == ["dist", "dist/a.pdf"]


# the command around it


@pytest.fixture
def both(tmp_path: Path) -> argparse.Namespace:
    """The arguments of an untrusted check of a fork with a base."""
    for name in ("base", "fork"):
        written(tmp_path / name, {"publication.yaml": PUBLICATION, "chapters/en/01-a.md": "# One\n"})
    words = ["--root", str(tmp_path / "fork"), "check", "--untrusted", "--base", str(tmp_path / "base")]
    return _parsed(words)


@pytest.mark.parametrize("name", untrusted.REFUSED)
def test_no_option_vouches_for_a_strangers_texts(name: str, both: argparse.Namespace) -> None:
    setattr(both, name, ["x"])
    with pytest.raises(WrongUsage, match=f"^`--{name.replace('_', '-')}` does not go with `--untrusted`$"):
        untrusted.run_untrusted(both)


def test_the_base_is_a_folder_with_a_publication_outside_of_the_strangers(
    both: argparse.Namespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, base = tmp_path / "fork", tmp_path / "base"

    def told(**changes: object) -> str:
        with pytest.raises(WrongUsage) as caught:
            untrusted._base(argparse.Namespace(**{**vars(both), **changes}), root)
        return str(caught.value)

    name = ": name the trusted folder, whose configuration, templates and scripts are used"
    assert untrusted._base(both, root) == base
    assert told(base=tmp_path) == f"`--base {tmp_path}` holds no `publication.yaml`{name}"
    assert told(base=root).startswith(
        f"the base `{root}` must lie outside of the publication's folder `{root}`, where "
    )
    monkeypatch.setattr(untrusted, "PACKAGE", base / "impressum")
    assert untrusted._base(argparse.Namespace(**{**vars(both), "base": None}), root) == base
    monkeypatch.setattr(untrusted, "PACKAGE", tmp_path / "impressum")
    assert told(base=None) == f"`--untrusted` needs `--base DIR`{name}"
    monkeypatch.setattr(untrusted, "PACKAGE", root / "impressum")
    assert told().startswith(
        f"the program that runs is the stranger's, in `{root}`: run that of the base, `python {base}"
    )


@pytest.mark.parametrize("how", ["namespaces", "none"])
@pytest.mark.parametrize("code", [0, 1])
def test_the_line_is_asked_for_inside_and_what_it_published_is_taken_out(
    code: int,
    how: Literal["namespaces", "none"],
    both: argparse.Namespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[tuple[dict[str, Any], Sight, process.Limits, Path]] = []

    def run(command: Sight, *, limits: process.Limits, stdin: bytes, folder: Path) -> process.Finished:
        asked.append((json.loads(stdin), command, limits, folder))
        written(folder, {"dist/a.pdf": "made", "chapters/en/01-a.md": "# Changed\n"})
        return process.Finished(code, b"out ##[x]\n", "::öh\n".encode())

    written(tmp_path / "fork", {"templates/a.typ": "fork"})
    monkeypatch.setattr(untrusted, "known_isolation", lambda place: Isolation(how, "not here"))
    monkeypatch.setattr(untrusted, "shut_in", lambda command, sight, limits: sight)
    monkeypatch.setattr(process, "run", run)
    assert untrusted.run_untrusted(both) == code
    assert capsys.readouterr() == ("out # #[x]\n", "` ::öh\n")
    ((request, sight, limits, folder),) = asked
    assert (sight, limits) == (Sight((untrusted.PACKAGE,), folder.parent, nests=True), process.Limits(90))
    assert not folder.exists()
    assert (tmp_path / "fork" / "dist" / "a.pdf").exists() is (code == 0)
    assert (tmp_path / "fork" / "chapters/en/01-a.md").read_text() == "# One\n"
    arguments = request.pop("arguments")
    assert (arguments.pop("untrusted"), arguments.pop("base"), arguments["command"]) == (False, None, "check")
    assert arguments == {name: value for name, value in vars(both).items() if name in arguments}
    assert vars(both).keys() - arguments.keys() == {"root", "base", "untrusted", "untrusted_texts"}
    message, hint = "`a.typ` is not in the base, and is not looked at", HINT.removeprefix("\n  hint: ")
    assert request == {
        "root": str(folder),
        "warnings": [[["templates/a.typ", 0, 0], message, "untrusted-ignored", hint, "warning", "", [0, 0.0, 0.0]]],
        "unshielded": "not here" if how == "none" else "",
        "memory": 4_000_000_000,
    }


def test_a_check_that_publishes_nothing_leaves_the_fork_as_it_is(
    both: argparse.Namespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(untrusted, "known_isolation", lambda place: Isolation("namespaces"))
    monkeypatch.setattr(untrusted, "shut_in", lambda command, sight, limits: [])
    monkeypatch.setattr(process, "run", lambda *_, **__: process.Finished(0, b"", b""))
    assert untrusted.run_untrusted(both) == 0
    assert sorted(path.name for path in (tmp_path / "fork").iterdir()) == ["chapters", "publication.yaml"]


@pytest.mark.parametrize(("code", "timed_out", "rule"), [(-9, False, "untrusted-crashed"), (1, True, "untrusted-slow")])
def test_a_line_that_did_not_end_by_itself_is_a_fault_and_prints_nothing(
    code: int,
    timed_out: bool,
    rule: str,
    both: argparse.Namespace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(untrusted, "known_isolation", lambda place: Isolation("namespaces"))
    monkeypatch.setattr(untrusted, "shut_in", lambda command, sight, limits: [])
    monkeypatch.setattr(process, "run", lambda *_, **__: process.Finished(code, b"out", b"err", timed_out=timed_out))
    with pytest.raises(Faulty) as caught:
        untrusted.run_untrusted(both)
    assert [fault.rule for fault in caught.value.faults] == [rule]
    assert capsys.readouterr() == ("", "")
