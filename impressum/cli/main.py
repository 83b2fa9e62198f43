"""The command line: arguments in, one command run, faults shown once, exit codes by the contract."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
from pathlib import Path

from impressum import __version__
from impressum.cli.commands import COMMANDS
from impressum.cli.output import from_here, plain_output, print_faults
from impressum.core.errors import Fault, Faulty, Place, WrongUsage, nearest
from impressum.system.files import DISK_FULL
from impressum.system.installed import environment_damaged
from impressum.system.interpreter import collect_seldom

ELSEWHERE = {
    **dict.fromkeys(("init", "create", "start", "quickstart"), "new"),
    **dict.fromkeys(("serve", "preview", "live", "dev"), "watch"),
    **dict.fromkeys(("render", "pdf", "compile", "make", "export"), "build"),
    **dict.fromkeys(("lint", "validate"), "check"),
}
"""Our commands by the names that other programs have for them."""
DONE, FAULTY, WRONG_USAGE, BUG, INTERRUPTED = 0, 1, 2, 70, 130
NO_MORE = frozenset({errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE})
NOT_ALLOWED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def main(argv: list[str] | None = None) -> int:
    """Runs the command that `argv` (default: the process's) asks for; gives the exit code."""
    collect_seldom()
    with plain_output():
        try:
            arguments = _parsed(list(sys.argv[1:] if argv is None else argv))
        except WrongUsage as wrong:
            print(f"impressum: {wrong}", file=sys.stderr)
            return WRONG_USAGE
        return perform(arguments)


def perform(arguments: argparse.Namespace) -> int:
    """Runs the command of the parsed `arguments`; gives the exit code, with all faults printed."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # set by build.py: from here on it is reported
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return COMMANDS[arguments.command].run(arguments)
    except Faulty as faulty:
        print_faults(faulty.faults, arguments)
        if faulty.marked:
            files = ", ".join(from_here(name, arguments.root, sys.stderr) for name in faulty.marked)
            print(f"  pages: {files}, with what is wrong marked on them", file=sys.stderr)
        return FAULTY
    except WrongUsage as wrong:
        print(f"impressum: {wrong}", file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        print("interrupted; dist/ is unchanged", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return DONE
    except MemoryError:
        message = "the build needs more memory than it may use; dist/ is unchanged"
        hint = "look for a table or a picture that is very large, or take more memory"
        print(Fault(Place("."), message, "memory-full", hint), file=sys.stderr)
        return FAULTY
    except Exception as error:
        if refused := _of_the_machine(error):
            print(refused, file=sys.stderr)
            return FAULTY
        import traceback

        traceback.print_exc()
        print("this is a bug of Impressum, not of your text; please report it with the lines above", file=sys.stderr)
        return BUG


def _of_the_machine(error: Exception) -> Fault | None:
    """The fault for what the system refuses or the environment lacks, wherever it shows; else None."""
    no_more = str(error) == "can't start new thread" or "failed to map segment" in str(error)
    if isinstance(error, ImportError) and not no_more and not (error.name or "").startswith("impressum"):
        return environment_damaged(error)
    if no_more or (isinstance(error, OSError) and error.errno in NO_MORE):
        message = f"the system gives the build no more threads, processes or files ({error}); dist/ is unchanged"
        hint = "end other programs, or raise the limits of this user or container (`ulimit -a` shows them)"
        return Fault(Place("."), message, "machine-full", hint)
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        message = f"a name is too long for a file: `{str(error.filename)[:60]}…`"
        return Fault(Place("."), message, "file-missing", "shorten it, where it is written")
    return _not_written(error) if isinstance(error, OSError) else None


def _not_written(error: OSError) -> Fault | None:
    """The fault for work files that cannot be written; None for any other error."""
    said = f"the work files cannot be written ({error.strerror}); dist/ is unchanged"
    if error.errno in DISK_FULL:
        hint = "make room on the disk of the publication, or move the publication to a larger one"
        return Fault(Place(".cache"), said, "disk-full", hint)
    of_cache = isinstance(error.filename, str | Path) and ".cache" in Path(error.filename).parts
    if error.errno == errno.EROFS or (of_cache and error.errno in NOT_ALLOWED):
        hint = "give this user the right to write in `.cache` and all that is in it, or delete it: builds make it anew"
        return Fault(Place(".cache"), said, "cache-not-writable", hint)
    return None


def _parser(command: str) -> argparse.ArgumentParser:
    """The parser of a command line with the word `command`; it imports that command alone where there is one."""
    parser = argparse.ArgumentParser(
        prog="impressum", description="Markdown, BibTeX and data in; a typeset, checked, archival publication out."
    )
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the publication's folder")
    parser.add_argument("--version", action="version", version=f"impressum {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in (command,) if command in COMMANDS else COMMANDS:
        described = (COMMANDS[name].__doc__ or "").strip().partition("\n")[0]  # `python -OO` keeps none
        COMMANDS[name].add_arguments(commands.add_parser(name, help=described, description=described))
    return parser


def _parsed(words: list[str]) -> argparse.Namespace:
    """The parsed `words`; `build` is the command where none is named, and all after `test` is pytest's."""
    at = 0
    while at < len(words) and words[at].startswith("--root"):
        at += 2 if words[at] == "--root" else 1
    if at >= len(words) or (words[at].startswith("-") and words[at] not in ("-h", "--help", "--version")):
        words.insert(at, "build")
    if words[at] not in COMMANDS and not words[at].startswith("-"):
        meant = ELSEWHERE.get(words[at]) or nearest(words[at], COMMANDS)
        guess = f"; did you mean `{meant}`?" if meant else f": the commands are {', '.join(COMMANDS)}"
        raise WrongUsage(f"there is no command `{words[at]}`{guess}")
    if words[at] != "test" or words[at + 1 :] in (["-h"], ["--help"]):
        parser = _parser(words[at])
        arguments, others = parser.parse_known_args(words)
        if others and (Path(others[0]) / "publication.yaml").exists():
            raise WrongUsage(f"`{words[at]}` takes no folder; did you mean `--root {others[0]} {words[at]}`?")
        if others:
            parser.error(f"unrecognized arguments: {' '.join(others)}")
        return arguments
    arguments = _parser(words[at]).parse_args(words[: at + 1])
    arguments.pytest = words[at + 1 :]
    return arguments
