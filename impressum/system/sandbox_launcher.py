"""Runs a program in a sandbox: no network, no file but those that it may read, nothing that outlives it.

Called as a file, with one argument, a JSON object: `command`; `readable`, the folders that it sees, read-only, beside
those of the system; `private`, the one it may write to (or null); `nests`, whether it shuts in others; `memory`, its
limit in bytes (0: none); `parent`, the process that it ends with; `bubblewrap`, that program's path (or null: Linux's
namespaces, requested here). It imports nothing of the package, and starts the sooner. Exit code `NOT_HERE`: the system
does not let it; standard error says why. Else that of `command`.

The fork server (`fork_server_child.py`) builds the same sandbox around its children.
"""

# pathlib takes as long to import as all the rest.
# ruff: noqa: PTH102, PTH103, PTH110, PTH112, PTH114, PTH115, PTH120, PTH123, PTH211
from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

NOT_HERE = 96
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/alternatives")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
TEMPORARY = "/tmp"
INSIDE = 1000
"""The user that the program is, inside: one that is not root has no power over its sandbox."""

NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
READ_ONLY, NO_SUID, NO_DEVICES, BIND, RECURSIVE, PRIVATE = 0x1, 0x2, 0x4, 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_SETATTR, PIVOT_ROOT = 442, {"x86_64": 155, "aarch64": 41}
ATTRIBUTE_READ_ONLY, ATTRIBUTE_NO_SUID = 1, 2
DIE_WITH_PARENT, NO_NEW_PRIVILEGES = 1, 38
CAPABILITIES_VERSION = 0x20080522


class NotHere(Exception):
    """The system does not let a program be shut in."""


def main() -> int:
    settings = json.loads(sys.argv[1])
    if sys.platform != "linux":
        print("only Linux has what it takes", file=sys.stderr)
        return NOT_HERE
    kernel = Kernel()
    kernel.end_with(settings["parent"])
    limit_memory(settings["memory"])
    if settings["bubblewrap"]:
        return _ended(os.spawnv(os.P_WAIT, settings["bubblewrap"], _bubblewrap(settings)))
    try:
        return _ended(shut_in(kernel, settings, lambda: _become(settings["command"])))
    except (NotHere, OSError) as problem:
        print(problem, file=sys.stderr)
        return NOT_HERE


def limit_memory(size: int) -> None:
    """Limits the memory of this process and of those that it makes to `size` bytes (0: not), or to less where it is."""
    if not size:
        return
    import resource

    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    if most != resource.RLIM_INFINITY:
        size = min(size, most)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _bubblewrap(settings: dict[str, Any]) -> list[str]:
    line = [settings["bubblewrap"], "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    line += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", TEMPORARY]
    for path in SYSTEM:
        if os.path.islink(path):
            line += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            line += ["--ro-bind", path, path]
    for path in settings["readable"]:
        line += ["--ro-bind", path, path]
    if settings["private"]:
        line += ["--bind", settings["private"], settings["private"]]
    return [*line, "--remount-ro", "/", "--chdir", TEMPORARY, "--", *settings["command"]]


class Kernel:
    """The calls of Linux that Python 3.11 has no names for; each raises OSError where it fails."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)

    def unshare(self, flags: int) -> None:
        self._checked(self._libc.unshare(flags), "unshare")

    def mount(self, source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
        done = self._libc.mount(
            source.encode(), target.encode(), kind.encode() or None, ctypes.c_ulong(flags), options.encode() or None
        )
        self._checked(done, f"mount {target}")

    def mount_empty(self, target: str) -> None:
        """A folder in memory, to write into."""
        self.mount("tmpfs", target, "tmpfs", NO_SUID | NO_DEVICES, "size=1g,mode=0700")

    def read_only(self, target: str, *, recursive: bool = True) -> None:
        values = (ctypes.c_uint64 * 4)(ATTRIBUTE_READ_ONLY | ATTRIBUTE_NO_SUID, 0, 0, 0)
        flags = AT_RECURSIVE if recursive else 0
        done = self._libc.syscall(
            MOUNT_SETATTR, AT_FDCWD, target.encode(), flags, ctypes.byref(values), ctypes.sizeof(values)
        )
        self._checked(done, f"make {target} read-only")

    def pivot_root(self, new: str, old: str) -> None:
        number = PIVOT_ROOT.get(os.uname().machine)
        if number is None:
            raise NotHere(f"nobody has tried it on {os.uname().machine}")
        self._checked(self._libc.syscall(number, new.encode(), old.encode()), "pivot_root")

    def unmount(self, target: str) -> None:
        self._checked(self._libc.umount2(target.encode(), MNT_DETACH), f"unmount {target}")

    def give_up_powers(self) -> None:
        """From now on this process has no power over its namespaces: a new program would lose it by itself."""
        head = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0)
        self._checked(self._libc.capset(head, (ctypes.c_uint32 * 6)()), "capset")

    def control(self, what: int, value: int) -> None:
        self._checked(self._libc.prctl(what, value, 0, 0, 0), "prctl")

    def end_with(self, parent: int) -> None:
        """From now on this process ends with its parent, which was to be `parent`."""
        self.control(DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it had ended before
            os._exit(NOT_HERE)

    def _checked(self, result: int, what: str) -> None:
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"{what}: {os.strerror(number)}")


def shut_in(kernel: Kernel, settings: dict[str, Any], program: Callable[[], NoReturn]) -> int:
    """How `program` ended, in its own namespaces: its exit code, or its signal and 128.

    `settings` is `readable`, `private`, `parent`, as for this file, and perhaps `scratch`, the path of an empty folder
    that is gone with it. `program` is called in its own process, and becomes another one or gives up its powers. Raises
    NotHere or OSError where the system does not let it.
    """
    user, group = os.getuid(), os.getgid()
    kernel.unshare(NEW_USER | NEW_MOUNTS | NEW_NET | NEW_PID | NEW_IPC)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{INSIDE} {user} 1")
    _write("/proc/self/gid_map", f"{INSIDE} {group} 1")
    kernel.end_with(settings["parent"])  # the new user has lost what the old one requested
    reading, writing = os.pipe()
    first = os.fork()
    if first == 0:
        os.close(reading)
        _as_first(kernel, settings, program, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        problem = pipe.read()  # ends when the sandbox is ready, or with what went wrong
    code = os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
    if problem:
        raise NotHere(problem)
    return code


def _as_first(kernel: Kernel, settings: dict[str, Any], program: Callable[[], NoReturn], writing: int) -> NoReturn:
    """The first process inside: it builds the sandbox; when it ends, the system ends all others inside."""
    try:
        kernel.control(DIE_WITH_PARENT, signal.SIGKILL)
        _build(kernel, settings)
        kernel.control(NO_NEW_PRIVILEGES, 1)
    except BaseException as problem:
        os.write(writing, str(problem).encode() or b"it failed")
        os._exit(NOT_HERE)
    os.close(writing)
    second = os.fork()
    if second == 0:
        program()
    while True:
        pid, status = os.wait()  # orphans come to the first process
        if pid == second:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _become(command: list[str]) -> NoReturn:
    """Goes on as `command`."""
    try:
        os.execv(command[0], command)
    except OSError as problem:
        print(problem, file=sys.stderr)
    os._exit(127)


def _build(kernel: Kernel, settings: dict[str, Any]) -> None:
    """A root that holds nothing but what may be seen; what is outside is reached by `/old` while it is built."""
    kernel.mount("none", "/", flags=RECURSIVE | PRIVATE)
    kernel.mount("tmpfs", TEMPORARY, "tmpfs", NO_SUID | NO_DEVICES, "mode=0755")
    os.mkdir(f"{TEMPORARY}/old")
    os.mkdir(f"{TEMPORARY}/new")
    kernel.pivot_root(TEMPORARY, f"{TEMPORARY}/old")
    os.chdir("/")
    kernel.mount("/new", "/new", flags=BIND)
    os.makedirs(f"/new{TEMPORARY}")
    kernel.mount_empty(f"/new{TEMPORARY}")
    for path in SYSTEM:
        if os.path.islink(f"/old{path}"):
            os.symlink(os.readlink(f"/old{path}"), f"/new{path}")
        elif os.path.exists(f"/old{path}"):
            _show(kernel, path)
            kernel.read_only(f"/new{path}")
    for path in settings["readable"]:
        _show(kernel, path)
        kernel.read_only(f"/new{path}")
    for path in DEVICES:
        _show(kernel, path)
        kernel.read_only(f"/new{path}")  # it can be written to, but root's children cannot change whose it is
    os.makedirs("/new/proc")
    # Root owns the settings of the kernel that are there, without powers too. Who shuts others in needs to write there.
    settled = NO_SUID | NO_DEVICES | (0 if settings.get("nests") else READ_ONLY)
    with contextlib.suppress(OSError):  # refused in a container that hides parts of it; a script can do without
        kernel.mount("proc", "/new/proc", "proc", settled)
    if settings["private"]:
        _show(kernel, settings["private"])
    if settings.get("scratch"):
        _make_scratch(kernel, f"/new{settings['scratch']}")
    kernel.unmount("/old")
    os.chdir("/new")
    kernel.pivot_root(".", ".")
    kernel.unmount(".")
    kernel.read_only("/", recursive=False)
    os.chdir(TEMPORARY)


def _make_scratch(kernel: Kernel, target: str) -> None:
    """An empty folder `target`, also where it would lie in one that is seen read-only: a publication in `/usr`."""
    above = target
    while not os.path.isdir(above):
        above = os.path.dirname(above)
    if not os.access(above, os.W_OK):
        kernel.mount_empty(above)
    os.makedirs(target, exist_ok=True)
    kernel.mount_empty(target)


def _show(kernel: Kernel, path: str) -> None:
    """Makes `path` of the outside seen under its own name inside."""
    target = f"/new{path}"
    if os.path.isdir(f"/old{path}"):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w"):
            pass
    kernel.mount(f"/old{path}", target, flags=BIND | RECURSIVE)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def _ended(code: int) -> int:
    """Ends as the command did: by its signal, or with its exit code."""
    number = code - 128
    if code > 128 and number in set(signal.Signals) and number != signal.SIGCHLD:
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
