"""One HTTP request and its reply, limited in time and size, through the environment's proxy; no cookies."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from impressum import __version__
from impressum.checks.links import doors
from impressum.checks.links.doors import NoAnswer

AGENT = f"Mozilla/5.0 (compatible; Impressum/{__version__}; checks the links of a publication)"
HTML_LIMIT = 2_000_000
"""Bytes of a page that are read to look for a place in it."""
PORTS = {"http": 80, "https": 443}
_IN_PATHS = "/%:=&?~#+!$,;'@()*[]"


class Insecure(Exception):
    """The server's certificate is not trusted, or TLS fails; the argument is the reason, as a clause."""


@dataclass(frozen=True)
class Manner:
    """How servers are queried: `seconds` a reply, `tries` an address, `inner` networks; the rest tests may replace."""

    seconds: float = 20.0
    tries: int = 3
    inner: bool = False
    resolve: doors.Resolve = doors.resolve
    is_public: Callable[[str], bool] = doors.is_public
    wait: Callable[[float], None] = time.sleep
    proxies: Mapping[str, str] = field(default_factory=getproxies)


@dataclass(frozen=True)
class Reply:
    """A server's reply. `body` is the start of an HTML page, if requested; `whole`: all of it."""

    status: int
    reason: str
    location: str = ""
    retry_after: str = ""
    body: str | None = None
    whole: bool = True

    def __str__(self) -> str:
        return f"{self.status} {self.reason}".strip()


def split(url: str) -> SplitResult | None:
    """`url` in its parts, or None if it is no valid address of HTTP."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    known = parts.scheme in PORTS and parts.hostname and (port is None or port > 0)
    return parts if known else None


def ask(method: str, url: str, manner: Manner, *, read: bool = False) -> Reply:
    """The reply of the server of `url`; with `read`, HTML's body too. Raises Inner, NoName, Insecure or NoAnswer."""
    parts = split(url)
    assert parts is not None
    end = time.monotonic() + manner.seconds
    watch: threading.Timer | None = None
    proxy = _proxy(parts, manner)
    try:
        connection = _opened(parts, proxy, manner, end)
        watch = threading.Timer(max(0.0, end - time.monotonic()), _end, (connection,))
        watch.daemon = True
        watch.start()
        try:
            if parts.scheme == "https":
                connection = _secured(connection, parts, proxy)
                watch.args = (connection,)
            reply = _exchanged(connection, method, parts, proxy, read=read)
        finally:
            connection.close()
    except ssl.SSLError as error:
        if time.monotonic() >= end:
            raise NoAnswer("its server did not answer in time") from error
        raise Insecure(_tls_reason(error)) from error
    except TimeoutError as error:
        raise NoAnswer("its server did not answer in time") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= end:
            raise NoAnswer("its server did not answer in time") from error
        raise NoAnswer("its server broke the connection off, or answered what is no HTTP") from error
    finally:
        if watch is not None:
            watch.cancel()
    if time.monotonic() >= end:  # an answer that was cut off may look like a whole one
        raise NoAnswer("its server did not answer in time")
    return reply


@dataclass(frozen=True)
class _Proxy:
    host: str
    port: int
    authorization: str


def _proxy(parts: SplitResult, manner: Manner) -> _Proxy | None:
    """The proxy of the environment for this address. Raises NoAnswer where it is no HTTP proxy."""
    named = manner.proxies.get(parts.scheme) or manner.proxies.get("all")
    if not named or proxy_bypass(f"{_bracketed(parts)}:{_port(parts)}") or proxy_bypass(_bracketed(parts)):
        return None
    try:
        proxy = urlsplit(named if "://" in named else f"http://{named}")
        host, port = proxy.hostname, proxy.port
    except ValueError:
        host, port, proxy = None, None, urlsplit("")
    if proxy.scheme != "http" or not host:
        raise NoAnswer("the proxy that the environment names is no HTTP proxy (`http://host:port`)")
    login = ""
    if proxy.username is not None:
        pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        login = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
    return _Proxy(host, port or 80, login)


def _opened(parts: SplitResult, proxy: _Proxy | None, manner: Manner, end: float) -> socket.socket:
    """A connection over which the server of `parts`, or its proxy, is reached."""
    host, port = parts.hostname or "", _port(parts)
    if proxy is None:
        allowed = (lambda _: True) if manner.inner else manner.is_public
        return doors.connected(host, port, allowed=allowed, end=end, resolve=manner.resolve)
    if not manner.inner:
        doors.refuse_inner(host, port, manner.resolve)
    try:
        # The proxy is the environment's own choice: it may well be in an inner network.
        return doors.connected(proxy.host, proxy.port, allowed=lambda _: True, end=end, resolve=manner.resolve)
    except doors.NoName:
        raise NoAnswer("the proxy that the environment names does not exist") from None


def _secured(connection: socket.socket, parts: SplitResult, proxy: _Proxy | None) -> ssl.SSLSocket:
    """`connection` under TLS, through a tunnel of the proxy where there is one."""
    host = parts.hostname or ""
    if proxy is not None:
        name = f"{_bracketed(parts)}:{_port(parts)}"
        login = f"Proxy-Authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
        connection.sendall(f"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n{login}\r\n".encode("ascii"))
        with http.client.HTTPResponse(connection, method="CONNECT") as answer:
            answer.begin()
            if answer.status != 200:
                raise NoAnswer(f"the proxy refuses the way to its server ({answer.status} {answer.reason})")
    return ssl.create_default_context().wrap_socket(connection, server_hostname=host)


class _Connection(http.client.HTTPConnection):
    """HTTP over an open socket."""

    def __init__(self, connection: socket.socket, host: str, port: int) -> None:
        super().__init__(host, port)
        self.sock = connection


def _exchanged(
    connection: socket.socket, method: str, parts: SplitResult, proxy: _Proxy | None, *, read: bool
) -> Reply:
    talk = _Connection(connection, "server", 80)
    path = quote(parts.path or "/", safe=_IN_PATHS) + (f"?{quote(parts.query, safe=_IN_PATHS)}" if parts.query else "")
    through = proxy is not None and parts.scheme == "http"
    target = f"http://{_authority(parts)}{path}" if through else path
    talk.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    headers = {"Host": _authority(parts), "User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    if through and proxy and proxy.authorization:
        headers["Proxy-Authorization"] = proxy.authorization
    for name, value in (headers | {"Connection": "close"}).items():
        talk.putheader(name, value)
    talk.endheaders()
    answer = talk.getresponse()
    body, whole = _page(answer) if read else (None, True)
    location, retry_after = _location(answer.getheader("Location", "")), answer.getheader("Retry-After", "")
    return Reply(answer.status, answer.reason or "", location, retry_after, body, whole)


def _page(answer: http.client.HTTPResponse) -> tuple[str | None, bool]:
    """The beginning of a page of HTML, and whether it is all of it; None for everything else."""
    kind = answer.getheader("Content-Type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or kind not in ("text/html", "application/xhtml+xml"):
        return None, True
    if answer.getheader("Content-Encoding", "identity").lower() not in ("identity", ""):
        return None, True
    content = answer.read(HTML_LIMIT + 1)
    # Ids are ASCII as a rule, and every encoding of the web keeps ASCII.
    charset = answer.headers.get_content_charset("utf-8")
    try:
        text = content[:HTML_LIMIT].decode(charset, "replace")
    except LookupError:
        text = content[:HTML_LIMIT].decode("utf-8", "replace")
    return text, len(content) <= HTML_LIMIT


def _location(raw: str) -> str:
    """The address of a redirection, which some servers send in UTF-8 and not escaped."""
    try:
        return raw.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return raw.strip()


def _end(connection: socket.socket) -> None:
    """Ends an exchange that takes too long: a server may send a byte now and then for ever."""
    with suppress(OSError):  # it has ended by itself
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message.rstrip('.')})"
    reason = getattr(error, "reason", None) or type(error).__name__  # one that Python itself raises has none
    return f"no secure connection ({reason.replace('_', ' ').lower()})"


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def _bracketed(parts: SplitResult) -> str:
    """The host in ASCII as an address has it."""
    host = parts.hostname or ""
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError as error:
        raise doors.NoName from error


def _authority(parts: SplitResult) -> str:
    port = _port(parts)
    return _bracketed(parts) if port == PORTS[parts.scheme] else f"{_bracketed(parts)}:{port}"
