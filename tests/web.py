"""A small web on this machine, for the tests of links: a server that does what servers do, and a proxy."""

from __future__ import annotations

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CERTIFICATE = Path(__file__).parent / "tls" / "localhost.pem"
PAGE = b"<html><body><h1 id='first'>One</h1><a name=\"second\">Two</a><p id=user-content-third></p></body></html>"
HUGE = 50_000_000


class Web(ThreadingHTTPServer):
    """Notes each request as `GET /path`, and how many bytes it sent."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, str] = {}
        self.sent = 0
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.released = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what some of the tests are about."""


class Site(BaseHTTPRequestHandler):
    """What each path does is in the methods below."""

    server: Web

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_HEAD(self) -> None:
        self._handle()

    def do_GET(self) -> None:
        self._handle()

    def _handle(self) -> None:
        with self.server.lock:
            self.server.asked[f"{self.command} {self.path}"] += 1
            self.server.headers = dict(self.headers)
        self._answer(self.path.strip("/").partition("?")[0])

    def _answer(self, name: str) -> None:
        seen = self.server.asked[f"{self.command} {self.path}"]
        if name.isdigit():
            self._say(int(name))
        elif name.startswith("to-"):
            _, status, where = name.split("-", 2)
            self._say(int(status), {"Location": f"/{where}" if ":" not in where else where})
        elif name == "circle":
            self._say(302, {"Location": "/circle"})
        elif name == "no-head":
            self._say(405 if self.command == "HEAD" else 200)
        elif name == "breaks-at-head" and self.command == "HEAD":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif name == "flaky":
            self._say(503 if seen == 1 else 200, {"Retry-After": "7"})
        elif name == "busy":
            self._say(429, {"Retry-After": "86400"})
        elif name == "slow":
            self.server.released.wait(20)
        elif name == "drops":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            with suppress(OSError):
                while not self.server.released.wait(0.05):
                    self.wfile.write(b"X-A: b\r\n")
        elif name == "huge":
            self._huge()
        elif name == "garbage":
            self.wfile.write(b"what?\r\n\r\n")
        elif name == "script":
            self._say(200, {"Content-Type": "text/html"}, b"<script src=all.js></script>")
        elif name == "file":
            self._say(200, {"Content-Type": "application/pdf"}, b"%PDF-1.7")
        elif name == "two":
            with self.server.lock:
                self.server.at_once += 1
                self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
            self.server.released.wait(0.05)
            with self.server.lock:
                self.server.at_once -= 1
            self._say(200)
        else:
            self._say(200, {"Content-Type": "text/html; charset=utf-8"}, PAGE)

    def _say(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(HUGE))
        self.end_headers()
        if self.command == "GET":
            with suppress(OSError):
                for _ in range(HUGE // 100_000):
                    self.wfile.write(b"<p id=a>" + b" " * 99_992)
                    self.server.sent += 100_000


class Proxy(BaseHTTPRequestHandler):
    """Knows a host `site.example`, which no system knows, and makes tunnels to this machine."""

    server: Web

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_HEAD(self) -> None:
        self._pass_on()

    def do_GET(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        self.server.asked[f"{self.command} {self.path}"] += 1
        self.server.headers = dict(self.headers)
        self.send_response(200 if self.path == "http://site.example/there" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_CONNECT(self) -> None:
        self.server.asked[f"{self.command} {self.path}"] += 1
        self.server.headers = dict(self.headers)
        if not self.path.startswith("localhost:"):
            self.send_response(403)
            self.end_headers()
            return
        with socket.create_connection(("127.0.0.1", int(self.path.rpartition(":")[2]))) as other:
            self.send_response(200)
            self.end_headers()
            threading.Thread(target=_pass, args=(other, self.connection), daemon=True).start()
            _pass(self.connection, other)


def _pass(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(1 << 16):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler] = Site, *, tls: bool = False) -> Iterator[Web]:
    """A server on a free port of this machine, until the end of the body."""
    web = Web(handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        # a client that connects and says nothing keeps its own thread waiting, and nobody else
        web.socket = context.wrap_socket(web.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.released.set()
        web.shutdown()
        web.server_close()
        thread.join()
