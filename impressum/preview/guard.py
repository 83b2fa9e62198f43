"""Lets nobody in but the page that `watch` opened: the token, the name of the host, and where a request comes from.

A page of another site may send requests to this machine, and may give its own name the address 127.0.0.1 (DNS
rebinding): so the token is needed for every path, and `Host` and `Origin` must be ours.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


@dataclass(frozen=True)
class Guard:
    """Stands before `app`; what it lets through has a path without the token."""

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
            message["headers"] = [
                *message["headers"],
                *((name.encode(), value.encode()) for name, value in more.items()),
            ]
        await send(message)

    return sent


async def _refuse(send: Send, why: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *((n.encode(), v.encode()) for n, v in HEADERS.items())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"{why}\n".encode()})
