"""The live page: an edition in the browser, typeset again after each change of the sources.

A change (`changes.py`) makes the session (`session.py`) run the line for the edition that is shown. Its pages are set
by a warm Typst (`typesetters.py`), rendered in a child (`pages.py`) and sent to the browsers at once (`views.py`,
`board.py`). Then a second child verifies them, compares the translation and fits the pages anew (`checking.py`).
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impressum.core.errors import WrongUsage
from impressum.preview.board import Board
from impressum.preview.session import PreviewOptions, Session
from impressum.system.orphans import still_runs
from impressum.system.work_folders import take_away
from impressum.system.workspace import Workspace

if TYPE_CHECKING:
    import uvicorn

__all__ = ["Live", "PreviewOptions", "serve"]

HOST = "127.0.0.1"
TOKEN_BYTES = 24
DESK = re.compile(r"watch-(\d+)-[0-9a-f]+")


@dataclass
class Live:
    """A live page that is served: `address` is what to open in a browser, `server` is to be run."""

    address: str
    server: uvicorn.Server
    socket: socket.socket
    session: Session

    def run(self) -> None:
        """Serves until it is stopped or interrupted; everything that was started ends with it."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it ends as Ctrl-C does
            if hasattr(signal, "SIGHUP"):
                signal.signal(signal.SIGHUP, lambda number, frame: signal.raise_signal(signal.SIGINT))
        try:
            self.session.start()
            self.server.run(sockets=[self.socket])
        finally:
            self.session.close()
            self.socket.close()


def serve(workspace: Workspace, wishes: PreviewOptions, *, port: int, ready: Callable[[str], None]) -> None:
    """Serves the live page of a publication until it is ended; `ready` gets its address. `port` 0 is a free one. Raises
    `WrongUsage` where the port is taken or there is no such edition."""
    live = prepared(workspace, wishes, port=port)
    ready(live.address)
    live.run()


def prepared(workspace: Workspace, wishes: PreviewOptions, *, port: int = 0) -> Live:
    """A live page that waits to be run."""
    import uvicorn

    from impressum.preview.server import application

    desk = _own_desk(workspace)
    board = Board()
    session = Session(desk, wishes, board)
    session.check_edition()
    bound = _bound(port)
    port = bound.getsockname()[1]
    token = secrets.token_urlsafe(TOKEN_BYTES)
    config = uvicorn.Config(
        application(session, board, token, port),
        http="h11",
        ws="none",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            board.close()  # else the browsers that wait for news would hold it up
            await super().shutdown(sockets)

    return Live(f"http://{HOST}:{port}/{token}/", Server(config), bound, session)


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise WrongUsage(f"port {port} cannot be used: {getattr(error, 'strerror', None) or error}") from error
    bound.listen(64)  # who is quick waits until it is served
    return bound


def _own_desk(workspace: Workspace) -> Workspace:
    """A folder for work files that no build and no other live page uses; those of ended ones are swept away."""
    if workspace.cache.is_dir():
        for folder in workspace.cache.iterdir():
            found = DESK.fullmatch(folder.name)
            if found and not still_runs(int(found[1])):
                take_away(folder)
    return replace(workspace, desk=f"watch-{os.getpid()}-{secrets.token_hex(3)}")
