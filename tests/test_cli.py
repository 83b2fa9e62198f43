"""The command line as its user meets it: exit codes, what is on which stream, and limits that end what never ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from building import (
    PATIENCE,
    REPOSITORY,
    Ran,
    built,
    built_copy,
    children_of,
    contents_of,
    copy,
    ended,
    impressum,
    program,
    replace,
    runs,
    started,
    variables,
    waited_for,
)

from impressum import __version__
from impressum.cli.commands import COMMANDS
from impressum.core.errors import Faulty
from impressum.system.epoch import epoch

PDF = "a-small-report-en.pdf"


def test_build_is_the_command_where_none_is_named(tmp_path: Path) -> None:
    ran = program(built_copy("minimal", tmp_path / "report"))
    assert (ran.code, ran.stdout) == (0, f"dist/{PDF}\n")
    ran = impressum(tmp_path / "report", "--edition", "en")
    assert (ran.code, ran.stdout) == (0, f"dist/{PDF}\n")


def test_the_folder_may_be_named_in_either_way(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    assert impressum(None, f"--root={root}").code == 0
    assert impressum(None, f"--root={root}", "check").code == 0


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    ran = impressum(tmp_path / "nowhere", "build")
    assert (ran.code, ran.stderr) == (
        1,
        f"{tmp_path}/nowhere: error: there is no such folder [root-missing]\n  hint: correct its path\n",
    )


def test_a_folder_without_a_publication_is_told(tmp_path: Path) -> None:
    ran = impressum(tmp_path, "build")
    assert ran.code == 1
    assert ran.faults.startswith(
        "publication.yaml: error: this folder holds no publication: there is no `publication.yaml` "
        "[publication-missing]\n  hint: "
    )
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("arguments", [["build", "--editon", "en"], ["verify"], ["build", "extra"]])
def test_wrong_usage_is_exit_code_2_with_how_it_is_used(arguments: list[str], tmp_path: Path) -> None:
    ran = impressum(built("minimal"), *arguments)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("usage: impressum ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bulid"], "there is no command `bulid`; did you mean `build`?"),
        (["init", "here"], "there is no command `init`; did you mean `new`?"),
        (["preview"], "there is no command `preview`; did you mean `watch`?"),
        (["pdf", "--draft"], "there is no command `pdf`; did you mean `build`?"),
        (["build", "here"], "`build` takes no folder; did you mean `--root here build`?"),
        (["check", "here", "--json"], "`check` takes no folder; did you mean `--root here check`?"),
    ],
)
def test_other_names_and_places_of_a_command_are_answered_with_the_right_one(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy("minimal", tmp_path / "here")
    monkeypatch.chdir(tmp_path)
    assert impressum(None, *words) == Ran(2, "", f"impressum: {told}\n")


def test_a_word_that_is_near_no_command_is_answered_with_all_of_them() -> None:
    ran = impressum(None, "frobnicate")
    assert ran.stderr.startswith(
        "impressum: there is no command `frobnicate`: the commands are build, check, watch, new,"
    )


def test_editions_may_be_named_one_after_the_other(tmp_path: Path) -> None:
    ran = impressum(copy("every-field", tmp_path / "fields"), "build", "--edition", "sr", "--edition", "en")
    assert (ran.code, ran.stderr.splitlines()[-1]) == (
        2,
        "impressum: there is no edition `sr`; editions: en, de, fr, hr, sr-Cyrl, sr-Latn",
    )


def test_an_edition_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    ran = impressum(copy("every-field", tmp_path / "fields"), "build", "--edition", "sr")
    assert (ran.code, ran.faults) == (
        2,
        "impressum: there is no edition `sr`; editions: en, de, fr, hr, sr-Cyrl, sr-Latn",
    )


def test_the_version_and_the_help_are_on_standard_output() -> None:
    assert impressum(None, "--version").stdout == f"impressum {__version__}\n"
    ran = impressum(None, "--help")
    assert (ran.code, ran.stderr) == (0, "")
    for name, command in COMMANDS.items():
        assert re.search(rf"^    {name}(?: |$)", ran.stdout, re.MULTILINE)
        assert command.__doc__


def test_check_builds_nothing(tmp_path: Path) -> None:
    root = copy("minimal", tmp_path / "report")
    ran = impressum(root, "check")
    assert (ran.code, ran.stdout, ran.faults) == (0, "", "")
    assert not (root / "dist").exists()


def test_check_tells_every_independent_fault_at_once(tmp_path: Path) -> None:
    root = copy("figures", tmp_path / "figures")
    replace(root / "publication.yaml", "date: 2025-03-31", "date: 2025-02-30")
    replace(root / "figures/harvest.yaml", "alt: Bars for two years; the second is longer.\n", "")
    ran = impressum(root, "check")
    assert ran.code == 1
    assert [line.split(":")[0] for line in ran.faults.splitlines() if " error: " in line] == [
        "figures/harvest.yaml",
        "publication.yaml",
    ]


def test_a_report_in_json_is_all_that_standard_output_holds(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    done = impressum(root, "build", "--json")
    assert (done.code, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert (report["schema"], report["version"], report["command"]) == ("impressum-report", 1, "build")
    assert report["faults"] == []
    assert f"dist/{PDF}" in report["published"]
    replace(root / "publication.yaml", "type: Report", "tpye: Report")
    broken = impressum(root, "check", "--json")
    assert (broken.code, broken.stderr) == (1, "")
    (fault,) = json.loads(broken.stdout)["faults"]
    assert {key: fault[key] for key in ("path", "line", "column", "severity", "rule", "message")} == {
        "path": "publication.yaml",
        "line": 12,
        "column": 3,
        "severity": "error",
        "rule": "yaml-unknown-key",
        "message": "unknown key `tpye`; did you mean `type`?",
    }


def test_a_warning_is_shown_and_does_not_stop(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    (root / "chapters/en/notes.txt").write_text("to do\n", encoding="utf-8")
    ran = impressum(root, "build")
    assert (ran.code, ran.stdout) == (0, f"dist/{PDF}\n")
    assert ran.faults.startswith("chapters/en/notes.txt: warning: `notes.txt` is not read [file-unexpected]\n")


def test_verify_says_that_a_file_is_as_its_record_has_it() -> None:
    path = built("minimal") / "dist" / PDF
    ran = impressum(None, "verify", str(path))
    assert (ran.code, ran.stdout, ran.stderr) == (0, f"{path}: as its record says\n", "")


def test_verify_names_a_file_that_was_changed(tmp_path: Path) -> None:
    path = built_copy("minimal", tmp_path / "report") / "dist" / PDF
    path.write_bytes(path.read_bytes() + b"\n")
    ran = impressum(None, "verify", str(path), str(tmp_path / "none.pdf"))
    assert (ran.code, ran.stdout) == (1, "")
    assert re.findall(r"\[([a-z-]+)\]", ran.stderr) == ["record-size", "record-hash", "file-missing"]


@pytest.mark.parametrize("command", ["verify {}", "diff {} b", "handin {}", "status --each {}"])
def test_a_name_too_long_for_any_file_is_a_fault(command: str) -> None:
    """Ensures it with each Python: from 3.13 on, such a name is a file that is not there."""
    ran = impressum(built("minimal"), *command.format("x" * 5000).split())
    assert (ran.code, ran.stdout) in ((1, ""), (2, ""))
    assert "x" * 60 in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="xdg-open is that of Linux")
def test_what_was_built_is_opened_and_without_a_program_for_that_nothing_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = built_copy("minimal", tmp_path / "minimal")
    opener, opened = tmp_path / "bin" / "xdg-open", tmp_path / "opened"
    opener.parent.mkdir()
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(opener.parent))
    ran = impressum(root, "build", "--open")
    assert (ran.code, ran.stderr) == (
        1,
        (
            ".: error: nothing here opens files: there is no `xdg-open` [open-missing]\n"
            "  hint: leave out `--open` and open the file yourself, or install `xdg-utils`\n"
        ),
    )
    opener.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n', encoding="utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{opener.parent}:{path}")
    assert impressum(root, "build", "--open").code == 0
    assert waited_for(opened.exists)
    assert opened.read_text(encoding="utf-8") == f"{root / 'dist' / PDF}\n"


def test_clean_takes_the_work_files_and_leaves_what_is_published(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "report")
    before = contents_of(root / "dist")
    assert impressum(root, "clean").code == 0
    assert sorted(path.name for path in (root / ".cache").iterdir()) == ["CACHEDIR.TAG", "build.lock", "in-use.lock"]
    assert contents_of(root / "dist") == before


def test_doctor_names_what_it_is_made_of() -> None:
    ran = impressum(None, "doctor")
    assert (ran.code, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0].startswith(f"impressum {__version__}, Python ")
    assert re.match(r"pandoc \d", lines[1])
    assert re.match(r"typst \d+\.\d+\.\d+$", lines[2])
    assert any(line.startswith("fontpkg_spectral ") for line in lines[3:])


def test_test_hands_its_arguments_to_pytest() -> None:
    ran = program(None, "test", "--version")
    assert (ran.code, ran.stdout + ran.stderr) == (0, f"pytest {pytest.__version__}\n")


def test_a_reader_that_stops_reading_is_no_bug() -> None:
    process = subprocess.run(
        f"{sys.executable} -m impressum --root '{built('minimal')}' build --json | true",
        shell=True,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        check=False,
    )
    assert "Traceback" not in process.stderr
    assert "this is a bug" not in process.stderr


IMPATIENT = """\
import sys
from impressum.cli import main as cli
from impressum.stages.convert import pandoc

pandoc.PARSE_SECONDS = 1.0
sys.exit(cli.main())
"""
"""The program with less patience than its users find: the test would take its ten seconds."""
ENDLESS = {
    "quotation marks that pandoc tries in every way": (
        "chapters/en/02-end.md",
        "\"a 'b " * 40 + "\n",
        (
            "chapters/en/02-end.md:9:1: error: pandoc gave up on the chapter after 1 seconds; most marks stand in the "
            "paragraph that begins here [chapter-unreadable]"
        ),
    ),
    "a figure that eats memory": (
        "figures/bomb.py",
        "def draw(figure, data, words):\n    figure.kept = [0] * 10**11\n",
        "figures/bomb.py:2: error: the script needs more than 4000 MB of memory [figure-memory]",
    ),
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the children")
def test_what_never_ends_is_ended_and_told_and_leaves_no_child(tmp_path: Path) -> None:
    """Ensures it for a child that is ended by the clock, and for one that may have no more memory."""
    builds = {}
    for number, (case, (name, text, _)) in enumerate(ENDLESS.items()):
        root = copy("minimal", tmp_path / str(number))
        (root / name).parent.mkdir(exist_ok=True)
        if name.startswith("figures/"):
            (root / name).with_suffix(".yaml").write_text("title: Bomb\nalt: Nothing.\n", encoding="utf-8")
        with (root / name).open("a", encoding="utf-8") as file:
            file.write(("\n" if name.endswith(".md") else "") + text)
        builds[case] = (root, started(root, "build", code=IMPATIENT))
    children: set[int] = set()
    while any(process.poll() is None for _, process in builds.values()):
        children.update(*(children_of(process.pid) for _, process in builds.values()))
        time.sleep(0.2)
    ran: dict[str, Ran] = {case: ended(process) for case, (_, process) in builds.items()}
    assert {case: one.faults.splitlines()[0] for case, one in ran.items()} == {
        case: expected for case, (_, _, expected) in ENDLESS.items()
    }
    assert [one.code for one in ran.values()] == [1, 1]
    assert len(children) >= 2
    assert [pid for pid in children if runs(pid)] == []
    assert [root.name for root, _ in builds.values() if (root / "dist").exists()] == []


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
@pytest.mark.parametrize("letter", ["\x1b", "\x9b", "\x7f", "\u202e"])
def test_no_name_of_a_file_is_a_command_to_the_terminal(letter: str, tmp_path: Path) -> None:
    root = copy("broken-style-missing", tmp_path / "publication")
    (root / "chapters" / "en" / f"02-{letter}[31mred.md").write_text("# Red\n", encoding="utf-8")
    ran = impressum(root, "check")
    assert "chapters/en/02-\ufffd[31mred.md: error: `02-\ufffd[31mred.md` is not the name of a chapter" in ran.stderr
    assert letter not in ran.stderr
    told = impressum(root, "check", "--json")
    assert letter not in told.stdout
    assert f"chapters/en/02-{letter}[31mred.md" in {fault["path"] for fault in json.loads(told.stdout)["faults"]}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
def test_a_name_in_no_encoding_is_printed_and_no_bug(tmp_path: Path) -> None:
    root = copy("broken-style-missing", tmp_path / "publication")
    Path(os.fsdecode(os.fsencode(root / "chapters" / "en") + b"/02-\xff.md")).write_text("# Red\n", encoding="utf-8")
    for form in ("text", "json", "sarif", "github"):
        ran = impressum(root, "check", "--report", form)
        assert ran.code == 1
        assert "02-\\udcff.md" in ran.stdout + ran.stderr


def test_an_argument_is_no_command_to_the_terminal_either() -> None:
    ran = impressum(None, "check", "--\x1b[31m")
    assert (ran.code, ran.stderr.splitlines()[-1]) == (
        2,
        "impressum: error: unrecognized arguments: --\\u001b[31m",
    )


NO_TIME = (
    ".: error: the variable `SOURCE_DATE_EPOCH` is `{}`, which is no time [epoch-malformed]\n"
    "  hint: give it the seconds since 1970, as in `SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)`, or unset it"
)


def test_a_source_date_epoch_that_is_no_time_is_a_fault(tmp_path: Path) -> None:
    root = copy("broken-style-missing", tmp_path / "publication")
    ran = program(root, "check", environment={"SOURCE_DATE_EPOCH": "abc"})
    assert (ran.code, ran.faults) == (1, NO_TIME.format("abc"))


@pytest.mark.parametrize("value", ["-1", "1e9", "٣", "9" * 12, "9" * 6000])
def test_a_time_is_a_number_of_seconds_before_the_year_10000(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(Faulty) as caught:
        epoch()
    assert [str(fault) for fault in caught.value.faults] == [NO_TIME.format(value[:40])]


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
@pytest.mark.parametrize(("start", "module"), [(("-m", "impressum"), "argparse"), (("build.py",), "dataclasses")])
def test_an_interruption_while_it_starts_shows_no_traceback(
    start: tuple[str, ...], module: str, tmp_path: Path
) -> None:
    (tmp_path / f"{module}.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = subprocess.run(
        [sys.executable, *start, "check"],
        cwd=REPOSITORY,
        env=variables({"PYTHONPATH": os.pathsep.join([str(tmp_path), str(REPOSITORY)])}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
