"""The server of the live page: who may ask, and which path gives what."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from impressum.preview.board import Board
from impressum.preview.lookups import Lookups
from impressum.preview.pages import PageError
from impressum.preview.session import Session
from impressum.system.process import Ended

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FACES = {
    "fontpkg_alegreya_sans": ("AlegreyaSans-Regular.ttf", "AlegreyaSans-Medium.ttf", "AlegreyaSans-Bold.ttf"),
    "fontpkg_spectral": ("Spectral-Regular.ttf", "Spectral-Italic.ttf"),
    "fontpkg_ibm_plex_mono": ("IBMPlexMono-Regular.ttf", "IBMPlexMono-SemiBold.ttf"),
}
"""The house faces that the page uses, by their packages."""
FOREVER = "private, max-age=86400, immutable"
MOST_SENT = 1000  # bytes of a request that changes what is shown
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
UNCACHED = {"cache-control": "no-store"}
READING, WRITING = ("GET", "HEAD"), ("POST",)


@cache
def page_files() -> Mapping[str, bytes]:
    """The files of the page by name."""
    folder = files("impressum.preview") / "page"
    return {one.name: one.read_bytes() for one in folder.iterdir() if "." + one.name.rpartition(".")[2] in TYPES}


@cache
def face(name: str) -> bytes | None:
    """A font file of the page; None for any other."""
    for package, names in FACES.items():
        if name in names:
            return (files(package) / "files" / name).read_bytes()
    return None


def application(session: Session, board: Board, token: str, port: int) -> RequestGuard:
    """The application: every path behind the guard."""
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.responses import JSONResponse, Response, StreamingResponse
    from starlette.routing import Route

    lookups = Lookups(session)

    def index(request: Request) -> Response:
        return Response(page_files()["index.html"], media_type="text/html")

    def page_file(request: Request) -> Response:
        name = request.path_params["name"]
        content = page_files().get(name)
        if content is None or name == "index.html":
            raise HTTPException(404)
        return Response(content, media_type=TYPES["." + name.rpartition(".")[2]])

    def font(request: Request) -> Response:
        content = face(request.path_params["name"])
        if content is None:
            raise HTTPException(404)
        return Response(content, media_type="font/ttf", headers={"cache-control": FOREVER})

    def state(request: Request) -> Response:
        return Response(board.message, media_type="application/json")

    async def events(request: Request) -> Response:
        async def stream() -> AsyncIterator[str]:
            async for message in board.messages():
                yield ": nothing new\n\n" if message is None else f"data: {message}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

    def picture(request: Request) -> Response:
        number, look, width = (request.path_params[name] for name in ("number", "look", "width"))
        try:
            found = lookups.picture(number, look, width)
        except (PageError, Ended):
            found = None
        if found is None:
            raise HTTPException(404)
        png, is_current = found
        headers = {"cache-control": FOREVER} if is_current else {}
        return Response(png, media_type="image/png", headers=headers)

    def places(request: Request) -> Response:
        return JSONResponse(lookups.places(request.path_params["number"]))

    def source_of(request: Request) -> Response:
        try:
            x, y = (float(request.query_params[name]) for name in ("x", "y"))
            return JSONResponse(lookups.source_of(request.path_params["number"], x, y))
        except (KeyError, ValueError):
            raise HTTPException(400) from None
        except (PageError, Ended):
            return JSONResponse(None)

    def page_of(request: Request) -> Response:
        line = request.query_params.get("line", "")
        if not line.isdecimal() or len(line) > 9:
            raise HTTPException(400)
        return JSONResponse(lookups.page_of(request.query_params.get("path", ""), int(line)))

    def source(request: Request) -> Response:
        found = lookups.source(request.query_params.get("path", ""))
        if found is None:
            raise HTTPException(404)
        return JSONResponse(found)

    def sources(request: Request) -> Response:
        return JSONResponse(lookups.sources())

    def editor(request: Request) -> Response:
        numbers = [request.query_params.get(name, "1") for name in ("line", "column")]
        if not all(number.isdecimal() and len(number) < 9 for number in numbers):
            raise HTTPException(400)
        line, column = map(int, numbers)
        return JSONResponse(lookups.link(request.query_params.get("path", ""), line, column))

    def translation(request: Request) -> Response:
        return JSONResponse(session.views.report)

    async def edition(request: Request) -> Response:
        said = await _sent(request)
        if not isinstance(said.get("tag"), str) or not session.show(said["tag"]):
            raise HTTPException(400)
        return Response(status_code=204)

    async def view(request: Request) -> Response:
        said = await _sent(request)
        first, last = said.get("first"), said.get("last")
        if not isinstance(first, int) or not isinstance(last, int) or first < 1:
            raise HTTPException(400)
        session.look_at(first, last)
        return Response(status_code=204)

    async def _sent(request: Request) -> dict[str, Any]:
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_SENT:
            raise HTTPException(400)
        try:
            said = json.loads(await request.body())
        except (ValueError, RecursionError):
            raise HTTPException(400) from None
        if not isinstance(said, dict):
            raise HTTPException(400)
        return said

    routes = [
        Route("/", index),
        Route("/file/{name}", page_file),
        Route("/face/{name}", font),
        Route("/state", state),
        Route("/events", events),
        Route("/page/{number:int}/{look}/{width:int}.png", picture),
        Route("/places/{number:int}", places),
        Route("/at/{number:int}", source_of),
        Route("/line", page_of),
        Route("/source", source),
        Route("/sources", sources),
        Route("/editor", editor),
        Route("/translation", translation),
        Route("/edition", edition, methods=["POST"]),
        Route("/view", view, methods=["POST"]),
    ]
    return RequestGuard(Starlette(routes=routes), token, port)


@dataclass(frozen=True)
class RequestGuard:
    """Stands before `app`; what it lets through has a path without the token. A page of another site may send requests
    to this machine, and may give its own name the address 127.0.0.1 (DNS rebinding): so the token is needed for every
    path, and `Host` and `Origin` must be ours."""

    app: ASGIApp
    token: str
    port: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            return
        why = self._refusal(scope)
        if why:
            await _refuse(send, why)
            return
        rest = scope["path"][len(self.token) + 1 :]
        raw = rest.encode("latin-1", "replace")
        await self.app({**scope, "path": rest, "raw_path": raw, "root_path": ""}, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> str:
        """Why a request is not answered; empty where it is."""
        headers = _headers(scope)
        hosts = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        if headers.get("host") not in hosts:
            return "this server answers to 127.0.0.1 only"
        given = scope["path"][1:].partition("/")[0]
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return "the address needs the token that `watch` printed"
        if scope["method"] not in (*READING, *WRITING):
            return "no such method"
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            return "another page may not ask this server"
        if origin is None and scope["method"] in WRITING:
            return "only the page itself may change what is shown"
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "")
        if site not in ("none", "same-origin") and mode != "navigate":
            return "another page may not ask this server"
        return ""


def _headers(scope: Scope) -> Mapping[str, str]:
    """The headers of a request; of one that is given twice, nothing that would do."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = "\0" if key in found else value.decode("latin-1")
    return found


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            more = {**HEADERS, **({} if b"cache-control" in given else UNCACHED)}
            added = ((name.encode(), value.encode()) for name, value in more.items())
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return sent


async def _refuse(send: Send, why: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *((n.encode(), v.encode()) for n, v in HEADERS.items())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"{why}\n".encode()})
