"""The history of a chapter in Git: its source at the last commit that touched the translation.

Git is optional. It only reads, and only if the publication is in a repository; nothing that the repository configures
is run, and nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from impressum.core.errors import Faults, Place
from impressum.stages.load.texts import decode
from impressum.system.process import Finished, Limits, run
from impressum.system.workspace import Workspace

SECONDS = 20.0
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
SETTINGS = {
    "core.fsmonitor": "",
    "core.hooksPath": "/dev/null",
    "core.attributesFile": "/dev/null",
    "log.showSignature": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
}


@dataclass(frozen=True)
class Guess:
    """The source text of a chapter at the last commit that touched its translation; `date` is like 2025-01-31."""

    commit: str
    date: str
    text: str


class History:
    """Reads the commits of the repository that `workspace` is in, if any."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._is_there: bool | None = None

    def guess(self, translation: Path, source: Path) -> Guess | None:
        """The text of `source` when `translation` was last changed; None if that is unknown."""
        if not self._can_tell():
            return None
        relative = self.workspace.relative
        last = self._git("log", "-1", "--no-show-signature", "--format=%H %cs", "--", relative(translation))
        commit, _, date = last.partition(b" ") if last else (b"", b"", b"")
        if not commit:
            return None
        content = self._git("cat-file", "blob", f"{commit.decode()}:./{relative(source)}")
        text = decode(content, relative(source), Faults()) if content is not None else None
        return None if text is None else Guess(commit.decode()[:7], date.decode().strip(), normalize("NFC", text))

    def check_untracked(self, faults: Faults) -> None:
        """Reports committed files in `.cache` and `dist`, which no build has made."""
        folders = (self.workspace.cache.name, self.workspace.dist.name)
        found = self._git("ls-files", "-z", "--", *folders) if self._is_in_repository() else None
        names = (found or b"").decode("utf-8", "replace").split("\0")
        for folder in folders:
            if name := next((name for name in names if name.partition("/")[0] == folder), None):
                message = f"Git keeps `{name}`, but what is in `{folder}` is made by builds alone"
                hint = f"take it out with `git rm -r --cached {folder}`, and list `{folder}/` in `.gitignore`"
                faults.error(Place(name), message, "output-tracked", hint)

    def _is_in_repository(self) -> bool:
        root = self.workspace.root
        return any((folder / ".git").exists() for folder in (root, *root.parents))

    def _can_tell(self) -> bool:
        """Whether the repository has its whole history: in a shallow one the first commit touches all files."""
        if self._is_there is None:
            self._is_there = (
                self._is_in_repository()
                and (self._git("rev-parse", "--is-shallow-repository") or b"").strip() == b"false"
            )
        return self._is_there

    def _git(self, *arguments: str) -> bytes | None:
        """The output of git; None where it is missing or fails."""
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = ["git", "--no-pager", "--literal-pathspecs", *settings, *arguments]
        try:
            done: Finished = run(command, limits=Limits(SECONDS), folder=self.workspace.root, environment=ENVIRONMENT)
        except OSError:
            return None
        return None if done.code or done.timed_out else done.stdout
