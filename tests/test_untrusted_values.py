"""What is taken of a stranger's folder and what of the base, name by name; no line is run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from impressum.cli.untrusted import assembly
from impressum.cli.untrusted.assembly import assemble
from impressum.core.errors import Faulty

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


@posix
def test_only_files_of_the_same_bytes_are_the_same(tmp_path: Path) -> None:
    written(tmp_path, {"a": "12", "b": "12", "c": "13", "d": "1", "link": "-> a"})
    names = ("a", "b", "c", "d", "link", "none")
    assert [name for name in names if assembly._same(tmp_path / name, tmp_path / "a")] == ["a", "b"]
    assert assembly._same(tmp_path / "a", tmp_path / "link")
    assert not assembly._same(tmp_path, tmp_path)
