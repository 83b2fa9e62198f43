"""`build --validate CMD`: a program of the publisher's judges each PDF, and its word is kept or stops the build."""

from __future__ import annotations

import hashlib
import json
import shlex
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from building import built_copy, contents_of, impressum

from impressum.core.errors import Faulty
from impressum.release.published import check_published, summary
from impressum.release.validators import Validator, validated, validators_of
from impressum.stages import publish
from impressum.stages.publish import Build
from impressum.system.cache import Json
from impressum.system.process import Limits
from impressum.system.workspace import Workspace

PDF = "a-small-report-en.pdf"
HINT = "nothing was published; mend what the validator names, or leave `--validate` out"
REPORT = """\
<?xml version="1.0" encoding="utf-8"?>
<report><buildInformation><releaseDetails id="core" version="1.28.1" buildDate="2025-01-01"/></buildInformation>
<validationReport isCompliant="true"/></report>
"""


def script(folder: Path, body: str, name: str = "looks.py") -> str:
    """The command of a validator that does `body`; `path` is the file that it was given last."""
    path = folder / name
    path.write_text(f"import sys, time, pathlib\npath = pathlib.Path(sys.argv[-1])\n{textwrap.dedent(body)}\n")
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}"


def made(content: bytes = b"%PDF of a test") -> Build:
    product = publish.Product("study-en.pdf", content, "en", "pdf", {"pages": 1})
    folder = publish.FolderProduct("study-en-figures", {"a.svg": b"<svg/>"}, "en", "figures", {})
    return Build((product, folder), {"CITATION.cff": b"x"}, {}, "7" * 64)


def said(root: Path, *commands: str, seconds: float = 60) -> list[dict[str, Any]]:
    """What the records keep of the validators, by product; nothing of one that was not judged."""
    done = validated(made(), validators_of(commands), Workspace(root), limits=Limits(seconds=seconds))
    return [dict(one.record) for one in done.products]


def refused(root: Path, body: str, *, seconds: float = 60) -> tuple[str, str]:
    """The message and the hint of a file that the validator with this `body` does not pass."""
    with pytest.raises(Faulty) as told:
        said(root, script(root, body), seconds=seconds)
    (fault,) = told.value.faults
    assert (fault.place.path, fault.rule, fault.severity) == ("dist/study-en.pdf", "validation-failed", "error")
    return fault.message.replace(Path(sys.executable).name, "PROGRAM"), fault.hint


# what is kept


def test_the_record_says_which_validator_saw_which_bytes_and_what_it_said(tmp_path: Path) -> None:
    report = f"print({REPORT!r} + path.read_text() + ' ' + str(path))"
    pdf, folder = said(tmp_path, f"{script(tmp_path, report)} --flavour ua1")
    (verdict,) = pdf["validated"]
    assert verdict.pop("arguments")[1:] == ["--flavour", "ua1"]
    assert verdict == {
        "validator": Path(sys.executable).name,
        "version": "1.28.1",
        "sha256": hashlib.sha256(b"%PDF of a test").hexdigest(),
        "exit": 0,
        "report": f"{REPORT}%PDF of a test study-en.pdf\n",  # and no folder of this machine
    }
    assert "validated" not in folder


def test_each_of_several_validators_is_asked_and_recorded_in_order(tmp_path: Path) -> None:
    one, other = (script(tmp_path, f"print('{name}')", f"{name}.py") for name in ("one", "other"))
    (pdf, _) = said(tmp_path, one, other)
    assert [(verdict["report"], verdict["version"]) for verdict in pdf["validated"]] == [
        ("one\n", None),
        ("other\n", None),
    ]


def test_a_file_may_stand_anywhere_in_the_command(tmp_path: Path) -> None:
    command = f"{script(tmp_path, 'print(sys.argv[1:])')} --volume {{file}}:/seen.pdf:ro /seen.pdf"
    (pdf, _) = said(tmp_path, command)
    (verdict,) = pdf["validated"]
    assert verdict["report"] == "['--volume', 'study-en.pdf:/seen.pdf:ro', '/seen.pdf']\n"
    assert verdict["arguments"] == ["looks.py", "--volume", "{file}:/seen.pdf:ro", "/seen.pdf"]


def test_what_a_validator_writes_to_its_errors_alone_is_its_report(tmp_path: Path) -> None:
    (pdf, _) = said(tmp_path, script(tmp_path, "print('no errors', file=sys.stderr)"))
    assert pdf["validated"][0]["report"] == "no errors\n"


def test_any_bytes_are_kept_as_text(tmp_path: Path) -> None:
    (pdf, _) = said(tmp_path, script(tmp_path, "sys.stdout.buffer.write(bytes(range(256)) * 2000)"))
    report = pdf["validated"][0]["report"]
    assert report.startswith("\x00\x01\x02")
    assert len(report) == 200_000
    json.dumps(report).encode()


# what stops the build


def test_an_exit_code_stops_it_with_the_beginning_of_the_report(tmp_path: Path) -> None:
    body = "print('rule 7.1-10 failed\\n\\x1b[2J\\n' + '\\n'.join(map(str, range(99))))\nsys.exit(1)"
    message, hint = refused(tmp_path, body)
    assert message == "`PROGRAM` does not pass it (exit code 1)"
    assert hint == f"{HINT}; its report begins:\n    rule 7.1-10 failed\n    \x1b[2J\n    0\n    1\n    2\n    3"
    (kept,) = (tmp_path / ".cache").rglob("study-en.pdf.report")
    assert kept.read_text().endswith("98\n")


@pytest.mark.parametrize(
    "report",
    [
        '<validationReport jobEndStatus="normal" isCompliant="false">',
        '{"report": {"compliant" : false}}',
        "PASS /seen/other.pdf ua1\nFAIL /seen.pdf 2a",
    ],
)
def test_a_report_that_says_no_stops_it_whatever_the_exit_code(report: str, tmp_path: Path) -> None:
    message, _ = refused(tmp_path, f"print({report!r})")
    assert message == "`PROGRAM` says that it does not comply, though its exit code is 0"


def test_silence_is_no_verdict(tmp_path: Path) -> None:
    assert refused(tmp_path, "print('  ')") == (
        "`PROGRAM` ended without a word, so nothing says that it looked at the file",
        HINT,
    )


def test_a_validator_that_never_ends_is_ended(tmp_path: Path) -> None:
    message, hint = refused(tmp_path, "print('I look', flush=True)\ntime.sleep(600)", seconds=1.5)
    assert message == "`PROGRAM` took longer than 1.5 seconds over it, and was ended"
    assert hint == f"{HINT}; its report begins:\n    I look"


def test_a_validator_that_crashes_passes_nothing(tmp_path: Path) -> None:
    message, _ = refused(tmp_path, "import os\nprint('all is well', flush=True)\nos.kill(os.getpid(), 9)")
    assert message == "`PROGRAM` does not pass it (signal 9)"


def test_a_validator_that_mends_the_file_has_not_judged_what_is_published(tmp_path: Path) -> None:
    message, _ = refused(tmp_path, "path.write_bytes(path.read_bytes() + b'mended')\nprint('PASS')")
    assert message == "`PROGRAM` changed the file that it was to judge"


def test_what_is_no_program_of_this_system_is_told(tmp_path: Path) -> None:
    program = tmp_path / "validator"
    program.write_bytes(b"\x7fNOT")
    program.chmod(0o755)
    with pytest.raises(Faulty, match="`validator` cannot be run: Exec format error"):
        said(tmp_path, shlex.quote(str(program)))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("no-such-validator --flavour ua1", "there is no program `no-such-validator` on this machine"),
        ("", "name a program, as in `--validate 'verapdf --flavour ua1'`"),
        ("python 'open", "`python 'open` is no command: No closing quotation"),
    ],
)
def test_a_command_that_cannot_be_one_is_wrong_usage_before_anything_is_built(
    command: str, told: str, tmp_path: Path
) -> None:
    ran = impressum(tmp_path, "build", "--validate", command)
    assert (ran.code, ran.stderr) == (2, f"impressum: --validate: {told}\n")


@pytest.mark.parametrize(
    "asked", ["build --validate verapdf", "build --release", "build --check-reproducible", "build --keep-fits"]
)
def test_of_a_strangers_texts_nothing_is_asked_that_vouches_for_them_or_is_kept_with_them(
    asked: str, tmp_path: Path
) -> None:
    ran = impressum(tmp_path, *asked.split(), "--untrusted")
    assert (ran.code, ran.stderr) == (2, f"impressum: `{asked.split()[1]}` does not go with `--untrusted`\n")


# the whole line


def test_a_build_that_is_validated_says_so_and_is_verified(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "root")
    before = (root / "dist" / PDF).read_bytes()
    passes = script(tmp_path, "print('PASS', path.name)")
    ran = impressum(root, "build", "--validate", passes)
    assert (ran.code, ran.faults) == (0, "")
    assert f"[6/7] verify   {Path(sys.executable).name}\n" in ran.stderr
    assert (root / "dist" / PDF).read_bytes() == before
    for name in (f"{PDF}.record.json", "build-record.json"):
        record = json.loads((root / "dist" / name).read_text(encoding="utf-8"))
        (verdict,) = record.get("products", [record])[0]["validated"]
        assert (verdict["report"], verdict["sha256"]) == (f"PASS {PDF}\n", hashlib.sha256(before).hexdigest())
    assert check_published(root / "dist", Workspace(root)) == ()
    assert summary(root / "dist" / PDF) == f"as its record says; passed by `{Path(sys.executable).name} looks.py`"
    assert impressum(root, "build").code == 0
    assert "validated" not in json.loads((root / "dist" / f"{PDF}.record.json").read_text(encoding="utf-8"))


def test_nothing_is_published_that_a_validator_does_not_pass(tmp_path: Path) -> None:
    root = built_copy("minimal", tmp_path / "root")
    chapter = root / "chapters/en/02-end.md"
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    before = contents_of(root / "dist")
    ran = impressum(root, "build", "--validate", script(tmp_path, "print('rule 7.1-10')\nsys.exit(1)"))
    program = Path(sys.executable).name
    assert (ran.code, ran.stdout) == (1, "")
    assert ran.faults == (
        f"dist/{PDF}: error: `{program}` does not pass it (exit code 1) [validation-failed]\n"
        f"  hint: {HINT}; its report begins:\n    rule 7.1-10"
    )
    assert contents_of(root / "dist") == before


def test_a_verdict_over_other_bytes_is_none_of_this_file(tmp_path: Path) -> None:
    verdict: dict[str, Json] = {"validator": "verapdf", "version": "1.28.1", "arguments": ["-f", "ua1"]}
    verdict |= {"sha256": "0" * 64, "exit": 0, "report": "PASS"}
    product = publish.Product("study-en.pdf", b"abc", "en", "pdf", {"validated": [verdict]})
    publish.publish(Workspace(tmp_path), publish.Build((product,), {}, {}, "7" * 64))
    path = tmp_path / "dist/study-en.pdf"
    assert [fault.message for fault in check_published(path, Workspace(tmp_path))] == [
        "it says that a validator saw other bytes"
    ]
    assert summary(path) == "as its record says; passed by `verapdf 1.28.1 -f ua1`"


def test_a_validator_is_called_by_its_name_and_not_by_its_folder() -> None:
    one = Validator("/opt/verapdf/verapdf", ("--flavour", "ua1"))
    assert one.name == "verapdf"
    assert one.command(Path("/tmp/a b.pdf")) == ["/opt/verapdf/verapdf", "--flavour", "ua1", "/tmp/a b.pdf"]
