"""Functions of `check --links` on small values: a request and its reply, what an answer means, where addresses are."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult

import pytest

from impressum.checks import links
from impressum.checks.links import Answer, Manner, answer_of, doors, exchange, found
from impressum.checks.links.doors import Addresses, Inner, NoAnswer, NoName
from impressum.checks.links.exchange import AGENT, Insecure, Reply, split
from impressum.core.errors import Faults, Place, place_of
from impressum.core.model.sources import BibEntry, Bibliography, SourceText
from impressum.stages.load.tree import Scalar
from impressum.system.cache import Memo

PROXY = exchange._Proxy("proxy", 3128, "Basic bWU6c0BmZQ==")


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def parts(url: str) -> SplitResult:
    valid = split(url)
    assert valid
    return valid


def exchanged(url: str, reply: bytes, proxy: exchange._Proxy | None = None, *, read: bool = True) -> tuple[str, Reply]:
    """What is sent to the server of `url`, and what its `reply` is taken for."""
    here, there = socket.socketpair()
    with here, there:
        there.sendall(reply)
        there.shutdown(socket.SHUT_WR)
        answer = exchange._exchanged(here, "GET", parts(url), proxy, read=read)
        return there.recv(1 << 16).decode("ascii"), answer


# one request


@pytest.mark.parametrize(
    ("url", "proxy", "target", "host"),
    [
        ("http://example.org", None, "/", "example.org"),
        ("https://example.org:443/a?b=c d", None, "/a?b=c%20d", "example.org"),
        ("http://example.org:8080/%C5%A1/ü", None, "/%C5%A1/%C3%BC", "example.org:8080"),
        ("http://[::1]:80/~me?q=(1)&r=[2]#here", None, "/~me?q=(1)&r=[2]", "[::1]"),
        ("http://straße.example/", None, "/", "strasse.example"),
        ("http://ü.example/", None, "/", "xn--tda.example"),
        ("http://example.org:8080/a", PROXY, "http://example.org:8080/a", "example.org:8080"),
        ("https://example.org/a", PROXY, "/a", "example.org"),
    ],
)
def test_a_server_is_asked_in_one_way(url: str, proxy: exchange._Proxy | None, target: str, host: str) -> None:
    login = "Proxy-Authorization: Basic bWU6c0BmZQ==\r\n" if target.startswith("http") else ""
    assert exchanged(url, b"HTTP/1.1 204 None\r\n\r\n", proxy)[0] == (
        f"GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\n"
        f"Accept-Encoding: identity\r\n{login}Connection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("200 OK\r\nContent-Type: text/html", Reply(200, "OK", body="a\ufffd\u00e9", whole=True)),
        ("200 OK\r\nContent-Type: Text/HTML ; charset=latin-1", Reply(200, "OK", body="a\u00ff\u00c3\u00a9")),
        ("200 OK\r\nContent-Type: application/xhtml+xml; charset=none", Reply(200, "OK", body="a\ufffd\u00e9")),
        ("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: Identity", Reply(200, "OK", body="a\ufffd\u00e9")),
        ("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", Reply(200, "OK")),
        ("200 OK\r\nContent-Type: text/plain", Reply(200, "OK")),
        ("200 OK", Reply(200, "OK")),
        ("404 \r\nContent-Type: text/html", Reply(404, "")),
        ("503 Busy\r\nRetry-After: 7", Reply(503, "Busy", retry_after="7")),
        ("302 There\r\nLocation:  http://a/\u00c5\u00a1 ", Reply(302, "There", location="http://a/š")),
        ("302 There\r\nLocation: http://a/\u00e4", Reply(302, "There", location="http://a/ä")),
    ],
)
def test_of_a_reply_its_state_and_the_beginning_of_a_page_is_kept(head: str, expected: Reply) -> None:
    raw = f"HTTP/1.1 {head}\r\n\r\n".encode("latin-1") + b"a\xff\xc3\xa9"
    assert exchanged("http://a/", raw)[1] == expected
    assert exchanged("http://a/", raw, read=False)[1].body is None
    assert str(Reply(404, "")) == "404"


@pytest.mark.parametrize(("length", "whole"), [(5, True), (6, False), (9, False)])
def test_a_page_is_read_to_its_limit(length: int, whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "HTML_LIMIT", 5)
    for charset in ("utf-8", "none"):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={charset}\r\n\r\n".encode()
        reply = exchanged("http://a/", head + b"x" * length)[1]
        assert (reply.body, reply.whole) == ("xxxxx", whole)


@pytest.mark.parametrize(("login", "line"), [(PROXY.authorization, True), ("", False)])
def test_a_tunnel_is_asked_for_by_name_and_port(login: str, line: bool) -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"HTTP/1.1 407 Who are you\r\n\r\n")
        with pytest.raises(NoAnswer, match=r"^the proxy refuses the way to its server \(407 Who are you\)$"):
            exchange._secured(here, parts("https://[::1]/a"), exchange._Proxy("proxy", 80, login))
        said = f"Proxy-Authorization: {login}\r\n" if line else ""
        assert there.recv(1 << 16).decode() == f"CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n{said}\r\n"


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


@pytest.mark.parametrize(
    ("proxies", "url", "expected"),
    [
        ({}, "http://a/", None),
        ({"https": "proxy"}, "http://a/", None),
        ({"http": "proxy"}, "http://a/", ("proxy", 80, "")),
        ({"all": "http://proxy:3128/", "http": ""}, "https://a/", ("proxy", 3128, "")),
        ({"http": "http://me:s%40fe@proxy"}, "http://a/", ("proxy", 80, basic("me:s@fe"))),
        ({"http": "http://m%65@proxy"}, "http://a/", ("proxy", 80, basic("me:"))),
        ({"http": "https://proxy"}, "http://a/", "no HTTP proxy"),
        ({"http": "http://"}, "http://a/", "no HTTP proxy"),
        ({"http": "http://[proxy"}, "http://a/", "no HTTP proxy"),
        ({"http": "http://proxy:x"}, "http://a/", "no HTTP proxy"),
        ({"http": "proxy"}, "http://own.example/", None),
        ({"http": "proxy"}, "http://other.example:8080/", None),
        ({"http": "proxy"}, "http://other.example/", ("proxy", 80, "")),
    ],
)
def test_the_proxy_of_an_address_is_that_of_its_scheme_and_never_of_what_is_excepted(
    proxies: Mapping[str, str],
    url: str,
    expected: tuple[str, int, str] | str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("no_proxy", "own.example,other.example:8080")
    manner = Manner(proxies=proxies)
    if isinstance(expected, str):
        with pytest.raises(NoAnswer, match=expected):
            exchange._proxy(parts(url), manner)
    else:
        assert exchange._proxy(parts(url), manner) == (exchange._Proxy(*expected) if expected else None)


@pytest.mark.parametrize(
    ("url", "valid"),
    [
        *[(url, True) for url in ("http://a", "HTTPS://a/b", "http://a:1/", "http://[::1]:65535/")],
        *[(url, False) for url in ("ftp://a/", "//a/", "http:///b", "http://a:0/", "http://a:65536/", "http://[::1")],
    ],
)
def test_an_address_of_http_has_a_host_and_a_port_that_can_be(url: str, valid: bool) -> None:
    assert (split(url) is not None) is valid


def test_why_there_is_no_secure_connection_is_said_in_words() -> None:
    unknown = ssl.SSLCertVerificationError()
    unknown.verify_message = "self-signed certificate."
    assert exchange._tls_reason(unknown) == "its certificate is not trusted (self-signed certificate)"
    wrong = ssl.SSLError()
    wrong.reason = "WRONG_VERSION_NUMBER"
    assert exchange._tls_reason(wrong) == "no secure connection (wrong version number)"
    wrong.reason = ""
    assert exchange._tls_reason(wrong) == "no secure connection (sslerror)"


# names and doors


def failing(error: Exception) -> doors.Resolve:
    def resolve(host: str, port: int) -> Addresses:
        raise error

    return resolve


def giving(*addresses: str) -> doors.Resolve:
    return lambda host, port: [
        (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 0, "", (one, port)) for one in addresses
    ]


NOT_LOOKED_UP = "the name of its host could not be looked up"


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        *[(socket.gaierror(number, "no"), NoName()) for number in doors.NO_SUCH_NAME],
        (socket.gaierror(socket.EAI_AGAIN, "again"), NoAnswer(NOT_LOOKED_UP)),
        (UnicodeError("label too long"), NoName()),
        (ValueError("embedded null"), NoName()),
        (OSError("no network"), NoAnswer(NOT_LOOKED_UP)),
    ],
)
def test_a_name_that_nobody_has_is_told_from_one_that_cannot_be_looked_up(error: Exception, raised: Exception) -> None:
    with pytest.raises(type(raised)) as told:
        doors.look_up("a.example", 80, failing(error))
    assert told.value.args == raised.args


@pytest.mark.parametrize(
    ("host", "resolve", "inner"),
    [
        *[(f"a.{name}", giving("93.184.215.14"), f"a.{name}") for name in doors.INNER_NAMES],
        ("LocalHost.", giving("93.184.215.14"), "localhost"),
        ("mylocalhost.example", giving("93.184.215.14"), None),
        ("a.example", failing(socket.gaierror(socket.EAI_NONAME, "")), None),
        ("printer", failing(socket.gaierror(socket.EAI_NONAME, "")), "printer"),
        ("printer", failing(OSError()), "printer"),
        ("2606:2800::1", failing(OSError()), None),
        ("a.example", giving("10.0.0.1", "93.184.215.14"), None),
        ("a.example", giving("10.0.0.1", "127.0.0.1"), "10.0.0.1"),
        ("a.example", giving(), "a.example"),
    ],
)
def test_a_proxy_is_not_asked_for_what_is_known_to_be_inner(
    host: str, resolve: doors.Resolve, inner: str | None
) -> None:
    if inner is None:
        doors.refuse_inner(host, 80, resolve)
        return
    with pytest.raises(Inner) as told:
        doors.refuse_inner(host, 80, resolve)
    assert told.value.args == (inner,)


def test_a_connection_is_made_to_the_first_allowed_address_that_answers() -> None:
    def connected(*addresses: str, allowed: Callable[[str], bool] = bool, seconds: float = 20) -> str:
        with doors.connected(
            "a.example", port, allowed=allowed, end=time.monotonic() + seconds, resolve=giving(*addresses)
        ) as made:
            assert 0 < (made.gettimeout() or 0) <= seconds
            return str(made.getpeername()[0])

    with socket.create_server(("127.0.0.2", 0)) as listening:
        port = listening.getsockname()[1]
        assert connected("127.0.0.2") == "127.0.0.2"
        assert connected("127.0.0.1", "127.0.0.2") == "127.0.0.2"
        assert connected("127.0.0.3", "127.0.0.2", allowed="127.0.0.2".__eq__) == "127.0.0.2"
        with pytest.raises(NoAnswer, match=r"^its server did not answer in time$"):
            connected("127.0.0.2", seconds=0)
        with pytest.raises(NoAnswer, match=r"^no connection to its server \(Connection refused\)$"):
            connected("127.0.0.1")
        with pytest.raises(Inner, match=r"^127\.0\.0\.1$"):
            connected("127.0.0.1", "127.0.0.2", allowed=lambda _: False)
        with pytest.raises(Inner, match=r"^a\.example$"):
            connected()


# what an answer means


class Script:
    """Stands for servers that answer in turn what is written down, and notes what they were asked."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.replies, self.asked, self.paused = list(replies), list[str](), list[float]()

    def ask(self, method: str, url: str, manner: Manner, *, read: bool = False) -> Reply:
        self.asked.append(f"{method} {url}{' to read' if read else ''}")
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    def manner(self, tries: int = 3) -> Manner:
        return Manner(wait=self.paused.append, tries=tries, proxies={})


GOOD, BUSY, NONE = Reply(200, "OK"), Reply(503, "Busy"), NoAnswer("no connection")


@pytest.mark.parametrize(
    ("replies", "methods", "pauses"),
    [
        ([GOOD], "H", []),
        ([Reply(399, "")], "H", []),
        ([Reply(400, ""), GOOD], "HG", []),
        ([NONE, GOOD], "HG", []),
        ([BUSY, BUSY, GOOD], "HGG", [1.0]),
        ([BUSY], "HGGGG", [1.0, 4.0, 10.0]),
        ([NONE], "HGGGG", [1.0, 4.0, 10.0]),
        ([Reply(503, "", retry_after="30"), Reply(503, "", retry_after="30"), GOOD], "HGG", [30.0]),
        ([Reply(503, "", retry_after="0"), Reply(503, "", retry_after="0"), GOOD], "HGG", [1.0]),
        ([Reply(503, "", retry_after="31")], "HG", []),
        ([Reply(503, "", retry_after="٣١"), Reply(503, "", retry_after="soon"), GOOD], "HGG", [1.0]),
        *[([Reply(status, "")], "HG", []) for status in (403, 404, 501, 505)],
        *[([Reply(status, ""), Reply(status, ""), GOOD], "HGG", [1.0]) for status in links.AGAIN],
    ],
)
def test_a_server_is_asked_again_where_that_may_help(
    replies: list[Reply | Exception], methods: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(*replies)
    monkeypatch.setattr(links, "ask", script.ask)
    answer_of("http://a/", script.manner(tries=4))
    assert "".join(one[0] for one in script.asked) == methods
    assert script.paused == pauses


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(404, "Not Found"), Answer("dead", "404 Not Found", heard=True)),
        (Reply(410, "Gone"), Answer("dead", "410 Gone", heard=True)),
        (Reply(199, ""), Answer("unsure", "its server says 199", heard=True)),
        (Reply(200, ""), Answer("there", heard=True)),
        (Reply(299, ""), Answer("there", heard=True)),
        (Reply(300, ""), Answer("unsure", "its server says 300", heard=True)),
        (Reply(301, "", location=""), Answer("unsure", "its server says 301", heard=True)),
        (Inner("10.0.0.1"), Answer("inner", "`10.0.0.1` is no address of the public network")),
        (NoName(), Answer("nameless", "there is no such host")),
        (Insecure("no secure connection"), Answer("insecure", "no secure connection", heard=True)),
        (NONE, Answer("unsure", "no connection")),
    ],
)
def test_what_is_said_of_an_address_follows_from_its_reply(
    reply: Reply | Exception, expected: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(reply)
    monkeypatch.setattr(links, "ask", script.ask)
    assert answer_of("http://a/", script.manner(tries=1)) == expected


def to(path: str, status: int = 302) -> Reply:
    return Reply(status, "", location=path)


def test_an_address_is_followed_through_ten_redirections(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*replies: Reply | Exception) -> Answer:
        script = Script(*replies)
        monkeypatch.setattr(links, "ask", script.ask)
        found = answer_of("http://a/#x", script.manner(tries=1))
        assert all(one.endswith(" to read") for one in script.asked)
        return found

    ten = [to(f"/{number}") for number in range(10)]
    assert answer(*ten, GOOD) == Answer("there", heard=True)
    assert answer(*ten, to("/10"), GOOD) == Answer("unsure", "it redirects too often", heard=True)
    assert answer(to("/0"), to("http://a/")) == Answer("unsure", "it redirects in a circle", heard=True)
    assert answer(to("/0", 308), to("/1", 301), to("/2", 307), to("/3", 301), GOOD).moved == "http://a/1#x"
    for failure in (NoName(), NONE, Inner("b"), Insecure("c")):
        assert answer(to("/0"), failure).heard
        assert answer(to("/0"), failure).said.startswith("it redirects to `http://a/0#x`: ")


@pytest.mark.parametrize(
    ("here", "location", "there"),
    [
        ("http://a/b#c", "d", "http://a/d#c"),
        ("http://a/b#c", "d#e", "http://a/d#e"),
        ("http://a/b#c", "http://b/", "http://b/#c"),
        ("http://a/b", "//b/c", "http://b/c"),
        ("http://a/b#c", "http://[x", "http://[x"),
    ],
)
def test_a_redirection_takes_the_place_in_the_page_along(here: str, location: str, there: str) -> None:
    assert links._next(here, location) == there


def test_a_resolver_has_found_it_where_it_leads_to_another_host() -> None:
    pairs = (("doi.org", "a.example"), ("doi.org", "dx.doi.org"), ("a.example", "doi.org"), ("hdl.handle.net", "b"))
    assert [links._is_resolved(f"https://{one}/", f"https://{other}/") for one, other in pairs] == [
        *(True, False, False, True)
    ]
    assert not links._is_resolved("https://doi.org/", "ftp://a.example/")


@pytest.mark.parametrize(
    ("fragment", "can_be"),
    [
        *[(fragment, True) for fragment in ("a", "sec-1", "a/b", "a!")],
        *[(fragment, False) for fragment in ("", ":~:text=a", "!a", "/a", "?a", "page=3", "a&b")],
    ],
)
def test_only_what_names_a_place_is_looked_for(fragment: str, can_be: bool) -> None:
    assert links.can_be_looked_for(fragment) is can_be


SCRIPT = "<script src=a>"


@pytest.mark.parametrize(
    ("fragment", "page", "whole", "missing"),
    [
        ("x", "<p id=a>", True, True),
        ("x", "<p id=a>", False, False),
        ("x", "<p>", True, False),
        ("Top", "<p id=a>", True, False),
        ("x", f"{SCRIPT}<p id=a><p id=b>", True, False),
        ("x", f"{SCRIPT}<p id=a><p id=b><p id=c>", True, True),
        ("x", "<p id=user-content-x>", True, False),
        ("%C5%A1", "<p id='š'>", True, False),
        ("%C5%A1", "<p id='%C5%A1'>", True, False),
    ],
)
def test_a_place_is_missing_where_the_whole_page_is_known(fragment: str, page: str, whole: bool, missing: bool) -> None:
    assert links.is_missing(fragment, page, whole=whole) is missing


THERE, NAMELESS = Answer("there"), Answer("nameless")


@pytest.mark.parametrize(
    ("earlier", "new", "online"),
    [
        ({}, {"http://a/": Answer("dead", heard=True), "http://b/": NAMELESS}, True),
        ({}, {"http://127.0.0.1/": Answer("dead", heard=True), "http://b/": NAMELESS}, False),
        ({}, {"http://a/": Answer("unsure")}, True),
        ({}, {"http://a/": Answer("unsure"), "http://b/": NAMELESS}, False),
        ({"http://here/": THERE}, {"http://b/": NAMELESS}, True),
        ({"http://gone/": THERE, "http://here/": THERE}, {"http://b/": NAMELESS}, True),
        (
            {**{f"http://gone{number}/": THERE for number in range(2)}, "http://here/": THERE},
            {"http://b/": NAMELESS},
            True,
        ),
        (
            {**{f"http://gone{number}/": THERE for number in range(3)}, "http://here/": THERE},
            {"http://b/": NAMELESS},
            False,
        ),
        ({}, {}, True),
    ],
)
def test_a_machine_is_online_where_a_name_leads_somewhere(
    earlier: dict[str, Answer], new: dict[str, Answer], online: bool
) -> None:
    def resolve(host: str, port: int) -> Addresses:
        assert port == 443
        return (giving("93.184.215.14") if host == "here" else failing(OSError()))(host, port)

    assert links._is_online({**earlier, **new}, new, Manner(resolve=resolve, proxies={})) is online


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            Answer("dead", "404"),
            [("a.md:3: error: `http://a/#b` is not there: 404 [link-dead]\n"
            "  hint: correct the address, or give that of a copy in an archive")],
        ),
        (
            Answer("nameless", "there is no such host"),
            [("a.md:3: error: `http://a/#b` is not there: there is no such host [link-dead]\n"
            "  hint: correct the address, or give that of a copy in an archive")],
        ),
        (
            Answer("inner", "it is near"),
            [("a.md:3: warning: `http://a/#b` was not asked: it is near [link-inner]\n"
            "  hint: readers cannot follow it; to ask for it all the same, say `--links-inner`")],
        ),
        (
            Answer("insecure", "its certificate is old"),
            [("a.md:3: warning: `http://a/#b` cannot be reached safely: its certificate is old [link-insecure]\n"
            "  hint: a browser warns its readers; tell the owner of the site, or link to another copy")],
        ),
        (
            Answer("unsure", "it is slow"),
            [("a.md:3: warning: whether `http://a/#b` is there could not be decided: it is slow [link-unsure]\n"
            "  hint: open it in a browser; a server may be busy, or turn programs away")],
        ),
        (Answer("there"), []),
        (
            Answer("there", moved="http://c/#d", misses=True),
            [("a.md:3: warning: `http://a/#b` has moved for good to `http://c/#d` [link-moved]\n"
            "  hint: write the new address, once you have seen that it shows what is meant"),
            ("a.md:3: warning: the page `http://c/` has no place `#d` [link-fragment]\n"
            "  hint: look for the id that the place has now, or link to the page as a whole")],
        ),
        (
            Answer("there", misses=True),
            [("a.md:3: warning: the page `http://a/` has no place `#b` [link-fragment]\n"
            "  hint: look for the id that the place has now, or link to the page as a whole")],
        ),
    ],
)  # fmt: skip
def test_each_answer_is_told_with_what_to_do(answer: Answer, told: list[str]) -> None:
    assert [str(fault) for fault in links._faults(Place("a.md", 3), "http://a/#b", answer)] == told


def test_hosts_wait_in_queues_of_their_own_the_longest_first() -> None:
    urls = [
        *(f"http://me@A.example/{number}" for number in range(5)),
        "http://b/",
        "no address",
        "http://a.example:80/",
    ]
    assert links._host_queues(urls, 2) == [
        [urls[0], urls[2], urls[4]],
        [urls[1], urls[3]],
        ["http://b/"],
        ["no address"],
        ["http://a.example:80/"],
    ]


# where addresses are


@pytest.mark.parametrize(
    ("key", "text", "urls"),
    [
        ("doi", "10.1234/a b", ["https://doi.org/10.1234/a%20b"]),
        ("doi", "doi: 10.1234/a", ["https://doi.org/10.1234/a"]),
        ("doi", "https://dx.doi.org/10.1234/a", ["https://doi.org/10.1234/a"]),
        ("orcid", "orcid.org/0000-0002-1825-0097", ["https://orcid.org/0000-0002-1825-0097"]),
        ("ror", " 05dxps055 ", ["https://ror.org/05dxps055"]),
        ("ror", " ", []),
        ("website", "example.org", ["https://example.org"]),
        ("website", "http://example.org.", ["http://example.org"]),
        ("website", "", []),
        ("notes", "see http://a/b, https://c/d). And e.example", ["http://a/b", "https://c/d"]),
    ],
)
def test_addresses_in_yaml_are_found_by_key_and_in_texts(key: str, text: str, urls: list[str]) -> None:
    lines = ["title: x", f"  {key}: {text}"]
    places = list(found._in_scalar(key, Scalar(text, Place("a.yaml", 2, 3)), lines))
    assert [url for url, _ in places] == urls
    columns = [lines[1].find(url) + 1 or 3 if key in ("notes", "website") else 3 for url in urls]
    assert [place for _, place in places] == [Place("a.yaml", 2, column) for column in columns]


def test_addresses_in_a_bibliography_are_found_by_field_without_the_backslashes_of_latex() -> None:
    text = "@misc{a,\n  doi = {10.1234/a\\_b},\n  url = {\\url{http://a/\\%20}},\n  note = {In \\url{http://b/c}.}\n}"
    fields = {"doi": "10.1234/a\\_b", "url": "\\url{http://a/\\%20}", "note": "In \\url{http://b/c}."}
    fields |= {"abstract": "http://hidden/", "file": "http://hidden/", "title": "Nothing"}
    entry = BibEntry("a", "misc", Place("a.bib", 11, 1), fields)
    no_address = BibEntry("b", "misc", Place("a.bib", 11, 1), {"doi": " https://doi.org/ ", "url": "a.example"})
    bibliography = Bibliography(SourceText("a.bib", text, 10), {"a": entry, "b": no_address})
    assert list(found._in_bibliography(bibliography)) == [
        ("https://doi.org/10.1234/a_b", Place("a.bib", 12, 10)),
        ("http://a/%20", Place("a.bib", 13, 15)),
        ("http://b/c", Place("a.bib", 14, 19)),
    ]


@pytest.mark.parametrize(
    ("line", "column", "offset", "expected"),
    [
        (1, 0, 0, (1, 3)),
        (1, 3, 0, (1, 3)),
        (1, 4, 0, (3, 1)),
        (2, 9, 0, (3, 1)),
        (13, 1, 10, (13, 1)),
        (4, 0, 0, (204, 1)),
        (204, 0, 0, (204, 1)),
        (205, 7, 0, (205, 7)),
        (0, 0, 0, (1, 3)),
    ],
)
def test_words_are_looked_for_from_a_place_on_and_not_without_end(
    line: int, column: int, offset: int, expected: tuple[int, int]
) -> None:
    lines = ["a word", "nothing", "word", *[""] * 200, "word", ""]
    assert place_of("word", Place("a", line, column), offset, lines) == Place("a", *expected)
    lines.insert(4, "")
    assert place_of("word", Place("a", 4), 0, lines) == Place("a", 4)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("http://a/b_(c)).", "http://a/b_(c)"),
        ("http://a/[b]]", "http://a/[b]"),
        ("http://a/b:,;!?*_", "http://a/b"),
        ("http://a/b)])", "http://a/b"),
    ],
)
def test_an_address_loses_the_marks_of_its_sentence_one_after_another(written: str, url: str) -> None:
    assert found.trimmed(written) == url


# a connection


BROKEN = NoAnswer("its server broke the connection off, or answered what is no HTTP")


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (ssl.SSLError("what?"), Insecure("no secure connection (sslerror)")),
        (TimeoutError(), NoAnswer("its server did not answer in time")),
        (OSError(), BROKEN),
        (http.client.BadStatusLine("what?"), BROKEN),
        (ValueError(), BROKEN),
        (None, None),
    ],
)
def test_what_breaks_an_exchange_off_is_told_and_after_its_time_nothing_counts(
    failure: Exception | None, raised: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[socket.socket] = []

    def opened(*_: object) -> socket.socket:
        here, there = socket.socketpair()
        there.close()
        connections.append(here)
        return here

    def exchanged(connection: socket.socket, method: str, parts: object, proxy: object, *, read: bool) -> Reply:
        assert (connection, method, read) == (connections[-1], "GET", True)
        if failure:
            raise failure
        return GOOD

    monkeypatch.setattr(exchange, "_opened", opened)
    monkeypatch.setattr(exchange, "_exchanged", exchanged)
    for seconds, expected in ((20, raised), (0, NoAnswer("its server did not answer in time"))):
        if expected is None:
            assert exchange.ask("GET", "http://a/", Manner(seconds=seconds, proxies={}), read=True) == GOOD
        else:
            with pytest.raises(type(expected)) as told:
                exchange.ask("GET", "http://a/", Manner(seconds=seconds, proxies={}), read=True)
            assert told.value.args == expected.args
        assert connections[-1].fileno() == -1, "it is closed"
    assert not [one for one in threading.enumerate() if isinstance(one, threading.Timer) and not one.finished.is_set()]


def test_an_exchange_that_takes_too_long_is_ended_for_both_sides() -> None:
    here, there = socket.socketpair()
    with there:
        there.settimeout(20)
        exchange._end(here)
        assert there.recv(1) == b""
        here.close()
        exchange._end(here)


def test_a_server_under_tls_is_spoken_to_over_what_was_secured(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = socket.socketpair()
    other, another = socket.socketpair()
    monkeypatch.setattr(exchange, "_opened", lambda *_: here)
    monkeypatch.setattr(exchange, "_secured", lambda connection, parts, proxy: other if connection is here else None)
    monkeypatch.setattr(exchange, "_exchanged", lambda connection, *_, read: GOOD if connection is other else None)
    with there, another, here:
        assert exchange.ask("HEAD", "https://a/", Manner(proxies={})) == GOOD
        assert (here.fileno() >= 0, other.fileno()) == (True, -1)


@pytest.mark.parametrize(
    ("proxy", "changes", "raised"),
    [
        (None, {}, Inner("127.0.0.1")),
        (None, {"is_public": lambda address: True}, None),
        (None, {"inner": True}, None),
        (PROXY, {}, Inner("127.0.0.1")),
        (PROXY, {"inner": True}, None),
        (PROXY, {"inner": True, "resolve": failing(OSError())}, NoAnswer(NOT_LOOKED_UP)),
        (PROXY, {"inner": True, "resolve": failing(UnicodeError())}, NoAnswer("the proxy that the environment names ")),
    ],
)
def test_a_way_to_a_server_is_opened_where_it_may_be(
    proxy: exchange._Proxy | None, changes: dict[str, Any], raised: Exception | None
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        through = proxy and exchange._Proxy("proxy", port, "")
        manner = Manner(**{"resolve": giving("127.0.0.1"), "proxies": {}, **changes})
        asked = (parts(f"http://a.example:{port}/"), through, manner, time.monotonic() + 20)
        if raised is None:
            exchange._opened(*asked).close()
            return
        with pytest.raises(type(raised)) as told:
            exchange._opened(*asked)
        assert str(told.value).startswith(str(raised))


# all addresses of a publication


def test_answers_are_counted_kept_and_told_at_each_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        "http://there/": Answer("there", heard=True),
        "http://gone/": Answer("nameless", "there is no such host"),
        "http://broken/": Answer("unsure", "it is slow"),
        "http://known/": Answer("there"),
        "http://near/": Answer("inner", "it is near"),
    }
    monkeypatch.setattr(links, "answer_of", lambda url, manner: answers[url])
    recent = links.RecentAnswers(Memo(tmp_path / "memo"), days=7, now=1_700_000_000, inner=False)
    recent.put("http://known/", answers["http://known/"])
    places = {url: (Place("a.md", number), Place("b.md", number)) for number, url in enumerate(answers, 1)}

    def checked(*urls: str, resolve: doors.Resolve) -> tuple[list[str], list[str]]:
        said: list[str] = []
        manner = Manner(resolve=resolve, proxies={})
        found = links.check_links({url: places[url] for url in urls}, manner, recent, faults := Faults(), said.append)
        assert found == {url: answers[url] for url in urls}
        return said, [f"{fault.place} {fault.rule}" for fault in faults.all()]

    nobody = failing(OSError())
    assert checked(*list(answers)[:4], resolve=nobody) == (
        ["4 addresses, 1 of them known from before", "2 of 4 addresses there"],
        ["a.md:2 link-dead", "a.md:3 link-unsure", "b.md:2 link-dead", "b.md:3 link-unsure"],
    )
    assert recent.get("http://there/") == Answer("there")
    assert checked("http://gone/", resolve=nobody) == (
        ["1 address, 0 of them known from before", "0 of 1 address there"],
        ["publication.yaml link-offline"],
    )
    offline = checked("http://gone/", "http://broken/", "http://known/", resolve=nobody)[1]
    assert offline == ["publication.yaml link-offline"]
    assert "a.md:5 link-inner" in checked("http://gone/", "http://near/", resolve=nobody)[1]
    assert "a.md:2 link-dead" in checked("http://gone/", "http://known/", resolve=giving("93.184.215.14"))[1]
    assert checked(resolve=nobody) == (["0 addresses, 0 of them known from before", "0 of 0 addresses there"], [])
