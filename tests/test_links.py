"""`check --links`: servers of all kinds, on this machine; what is told of each, and what is never knocked at."""

from __future__ import annotations

import dataclasses
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import REPOSITORY, copy, impressum, replace
from web import CERTIFICATE, HUGE, Proxy, Site, Web, serving

from impressum.checks.links import Answer, Manner, RecentAnswers, answer_of, answers_of, check_links, is_missing
from impressum.checks.links.doors import Addresses, Inner, Resolve, is_public, refuse_inner
from impressum.checks.links.exchange import HTML_LIMIT
from impressum.checks.links.found import trimmed
from impressum.core.errors import Faults, Place
from impressum.system.cache import Memo

NOW = 1_700_000_000
DAY = 86_400


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as server:
        yield server


class Pauses(list[float]):
    """Notes how long is waited between tries, and waits for nothing."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def manner(**changes: object) -> Manner:
    return Manner(**{"inner": True, "wait": Pauses(), "proxies": {}, "tries": 2, **changes})  # type: ignore[arg-type]


def answer(url: str, **changes: object) -> tuple[str, str]:
    found = answer_of(url, manner(**changes))
    return found.kind, found.said


def at(*addresses: str) -> Resolve:
    """A resolver that gives these addresses for every name, one after the other at each look-up."""
    left = list(addresses)

    def resolve(host: str, port: int) -> Addresses:
        address = left.pop(0) if len(left) > 1 else left[0]
        return socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)

    return resolve


def nobody(host: str, port: int) -> Addresses:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ok", ("there", "")),
        ("/404", ("dead", "404 Not Found")),
        ("/410", ("dead", "410 Gone")),
        ("/403", ("unsure", "its server says 403 Forbidden")),
        ("/500", ("unsure", "its server says 500 Internal Server Error")),
        ("/no-head", ("there", "")),
        ("/breaks-at-head", ("there", "")),
        ("/to-302-ok", ("there", "")),
        ("/circle", ("unsure", "it redirects in a circle")),
        ("/garbage", ("unsure", "its server broke the connection off, or answered what is no HTTP")),
        ("/%C5%A1?q=a b", ("there", "")),
    ],
)
def test_what_a_server_says_decides_what_becomes_of_an_address(path: str, expected: tuple[str, str], web: Web) -> None:
    assert answer(web.url(path)) == expected


def test_what_is_not_there_behind_a_redirection_says_where(web: Web) -> None:
    assert answer(web.url("/to-302-404")) == ("dead", f"it redirects to `{web.url('/404')}`: 404 Not Found")
    assert answer(web.url("/to-302-ftp://example.org")) == (
        "unsure",
        "it redirects to `ftp://example.org`: no server can be asked for it",
    )


def test_a_redirection_to_what_is_no_address_is_told() -> None:
    class Confused(Site):
        def _answer(self, name: str) -> None:
            self._say(302, {"Location": "http://[nonsense/"})

    with serving(Confused) as confused:
        said = "it redirects to `http://[nonsense/`: no server can be asked for it"
        assert answer(confused.url("/a")) == ("unsure", said)


@pytest.mark.parametrize(
    ("page", "missing"),
    [
        ("<p id=a><p ID = 'b&amp;c'><p id=\"d\">", True),
        ("<p id=a><p ID = 'x&amp;y'><p id=\"d\">", False),
        ("<a class='k' name=x&y></a>", False),
        ("<meta name=x&y><p id=a>", True),
        ("<div id=root></div><script src=all.js></script>", False),
        ("<div id=root></div>", True),
        ("<p data-id=x&y><p id=a>", True),
    ],
)
def test_ids_are_found_however_they_are_written(page: str, missing: bool) -> None:
    assert is_missing("x&y", page, whole=True) == missing


@pytest.mark.parametrize("piece", ["<a ", "<a name=", ' id="', " id='", " id" + " " * 8, "<!--", "<![", "<"])
def test_a_page_that_is_made_to_take_long_is_searched_to_its_end(piece: str) -> None:
    """Ensures it by ending: a search that looks at everything again from each place would take hours."""
    assert not is_missing("x", piece * (HTML_LIMIT // len(piece)), whole=False)


def test_only_what_has_moved_for_good_has_a_new_address(web: Web) -> None:
    assert answer_of(web.url("/to-301-ok"), manner()).moved == web.url("/ok")
    assert answer_of(web.url("/to-308-to-301-ok#first"), manner()).moved == web.url("/ok#first")
    assert answer_of(web.url("/to-301-to-302-ok"), manner()).moved == web.url("/to-302-ok")
    assert answer_of(web.url("/to-302-to-301-ok"), manner()).moved == ""


def test_a_page_is_asked_for_with_head_and_nothing_of_it_is_read(web: Web) -> None:
    assert answer(web.url("/huge")) == ("there", "")
    assert dict(web.asked) == {"HEAD /huge": 1}
    assert web.headers["User-Agent"].startswith("Mozilla/5.0 (compatible; Impressum/")


def test_a_server_that_was_busy_once_is_asked_again_when_it_says(web: Web) -> None:
    pauses = Pauses()
    assert answer(web.url("/flaky"), wait=pauses) == ("there", "")
    assert dict(web.asked) == {"HEAD /flaky": 1, "GET /flaky": 2}
    assert pauses == [7.0]
    assert answer(web.url("/500"), wait=pauses, tries=3) == ("unsure", "its server says 500 Internal Server Error")
    assert pauses == [7.0, 1.0, 4.0]


def test_a_server_that_wants_to_be_left_alone_for_a_day_is_left_alone(web: Web) -> None:
    pauses = Pauses()
    assert answer(web.url("/busy"), wait=pauses) == ("unsure", "its server says 429 Too Many Requests")
    assert pauses == []


def test_a_server_that_does_not_answer_is_left_after_a_while(web: Web) -> None:
    slow = ("unsure", "its server did not answer in time")
    assert answer(web.url("/slow"), seconds=0.2, tries=1) == slow
    assert answer(web.url("/drops"), seconds=0.2, tries=1) == slow  # a header now and then, for ever


def test_no_server_at_all_is_no_proof_that_nothing_is_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert answer(url) == ("unsure", "no connection to its server (Connection refused)")


@pytest.mark.parametrize("url", ["http://", "http://[::1/", "http://a:b/", "http://a:99999/"])
def test_an_address_that_is_none_is_not_there(url: str) -> None:
    assert answer(url) == ("dead", "no server can be asked for it")


@pytest.mark.parametrize(
    ("path", "misses"),
    [
        ("/page#first", False),
        ("/page#second", False),
        ("/page#third", False),
        ("/page#fi%72st", False),
        ("/page#top", False),
        ("/page#fourth", True),
        ("/to-302-page#fourth", True),
        ("/page#:~:text=One", False),
        ("/page#!/state", False),
        ("/file#page=3", False),
        ("/file#third", False),
        ("/script#third", False),
        ("/huge#b", False),
    ],
)
def test_the_place_in_a_page_is_looked_for_where_that_can_be_decided(path: str, misses: bool, web: Web) -> None:
    assert answer_of(web.url(path), manner()) == Answer("there", misses=misses, heard=True)


def test_a_huge_page_is_not_read_to_its_end(web: Web) -> None:
    assert not answer_of(web.url("/huge#b"), manner()).misses
    assert web.asked == {"GET /huge": 1}
    assert web.sent < HUGE / 2
    assert HTML_LIMIT < HUGE / 10


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1", "fe80::1%eth0", "fc00::1", "fec0::1"),
        *("ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b:1::1"),
        *("2001:0:a00:1::", "2001:db8::1"),
        "2001:0:5db8:d70e::f5ff:fffe",  # Teredo: a public server, and 10.0.0.1 behind it
        "2001:0:a00:1::a247:28f1",  # and an inner server, with a public client
    ],
)
def test_an_inner_address_is_known_in_every_form(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e", "2001:0:5db8:d70e::a247:28f1"],
)
def test_an_address_of_the_public_network_is_one(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
def test_no_connection_is_made_to_this_machine_under_any_name(host: str, web: Web) -> None:
    kind, said = answer(f"http://{host}:{web.port}/ok", inner=False)
    assert kind == "inner"
    assert said.endswith("is no address of the public network")
    assert not web.asked


def test_a_name_that_leads_to_another_address_at_the_second_look_is_looked_up_once(web: Web) -> None:
    """Ensures that what was judged is what is connected to: rebinding a name gains nothing."""
    looked: list[str] = []

    def resolve(host: str, port: int) -> Addresses:
        looked.append(host)
        return socket.getaddrinfo("198.51.100.1" if len(looked) == 1 else "127.0.0.1", port, type=socket.SOCK_STREAM)

    assert answer(f"http://rebound.example:{web.port}/ok", inner=False, resolve=resolve, tries=1)[0] == "inner"
    looked.clear()
    looked.append("before")
    assert answer(f"http://rebound.example:{web.port}/ok", inner=False, resolve=resolve, tries=1) == (
        "inner",
        "`127.0.0.1` is no address of the public network",
    )
    assert looked == ["before", "rebound.example"]
    assert not web.asked


def test_a_redirection_into_this_machine_is_not_followed(web: Web) -> None:
    """Ensures it for a public server: one name is public (and this machine for the test), another is not."""

    def judged(address: str) -> bool:
        return address == "127.0.0.1" or is_public(address)  # this one stands for the public server

    kind, said = answer(web.url(f"/to-302-http://[::1]:{web.port}/ok"), inner=False, is_public=judged)
    assert (kind, said) == (
        "inner",
        f"it redirects to `http://[::1]:{web.port}/ok`: `::1` is no address of the public network",
    )
    assert dict(web.asked) == {f"HEAD /to-302-http://[::1]:{web.port}/ok": 1}


def test_a_doi_that_its_resolver_sends_on_is_there_whatever_the_publisher_says() -> None:
    class Resolver(Site):
        def _answer(self, name: str) -> None:
            self._say(302, {"Location": "https://publisher.example/closed"})

    with serving(Resolver) as resolver:
        url = f"http://doi.org:{resolver.port}/10.1234/abc"
        assert answer(url, resolve=at("127.0.0.1")) == ("there", "")
        assert sum(resolver.asked.values()) == 1


def test_a_certificate_that_nobody_vouches_for_is_told() -> None:
    with serving(tls=True) as server:
        kind, said = answer(f"https://localhost:{server.port}/ok", resolve=at("127.0.0.1"))
        assert (kind, said) == ("insecure", "its certificate is not trusted (self-signed certificate)")
        assert not server.asked


def test_a_server_without_tls_is_told(web: Web) -> None:
    kind, said = answer(web.url("/ok").replace("http:", "https:"))
    assert (kind, said[:24]) == ("insecure", "no secure connection (wr")


def test_a_trusted_server_is_asked_under_tls_directly_and_through_a_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with (
        serving(tls=True) as server,
        socket.create_connection(("127.0.0.1", server.port)),  # it says nothing, and nobody waits for it
        serving(Proxy) as proxy,
    ):
        url = f"https://localhost:{server.port}/ok"
        assert answer(url) == ("there", "")
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:s%40fe@127.0.0.1:{proxy.port}")
        assert answer_of(url, Manner(inner=True)).kind == "there"
        assert dict(proxy.asked) == {f"CONNECT localhost:{server.port}": 1}
        assert proxy.headers["Proxy-Authorization"] == "Basic bWU6c0BmZQ=="
        assert "Proxy-Authorization" not in server.headers
        assert sum(server.asked.values()) == 2
        assert answer("https://other.example/", proxies={"https": f"127.0.0.1:{proxy.port}"}, tries=1) == (
            "unsure",
            "the proxy refuses the way to its server (403 Forbidden)",
        )


def test_a_proxy_looks_up_names_that_this_machine_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Proxy) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        through = Manner(wait=Pauses(), tries=1, resolve=nobody_but_this_machine)
        assert answer_of("http://site.example/there", through).kind == "there"
        assert answer_of("http://site.example/other", through).kind == "dead"
        assert proxy.headers["Host"] == "site.example"
        before = dict(proxy.asked)
        for inner in (
            "http://localhost/",
            "http://router.lan/",
            "http://printer/",
            "http://10.0.0.1/",
            "http://[::1]/",
        ):
            assert answer_of(inner, through).kind == "inner", inner
        assert dict(proxy.asked) == before
        monkeypatch.setenv("no_proxy", "site.example")
        assert answer_of("http://site.example/there", through).kind == "nameless"


def test_an_inner_address_that_a_proxy_would_look_up_is_named() -> None:
    with pytest.raises(Inner, match=r"^10\.1\.2\.3$"):
        refuse_inner("site.example", 80, at("10.1.2.3"))
    with pytest.raises(Inner, match=r"^site\.example$"):
        refuse_inner("site.example", 80, lambda host, port: [])


def nobody_but_this_machine(host: str, port: int) -> Addresses:
    return nobody(host, port) if host.endswith("e") and "." in host else at(host)(host, port)


def test_a_proxy_that_speaks_another_protocol_is_told() -> None:
    assert answer("http://site.example/", proxies={"all": "socks5://127.0.0.1:9"}, tries=1) == (
        "unsure",
        "the proxy that the environment names is no HTTP proxy (`http://host:port`)",
    )


def test_a_host_is_asked_for_two_addresses_at_once_and_other_hosts_meanwhile(web: Web) -> None:
    urls = [web.url(f"/two?{number}") for number in range(12)]
    assert dict(answers_of(urls, lambda url: answer_of(url, manner()))).keys() == set(urls)
    assert web.most_at_once == 2
    together = threading.Barrier(4, timeout=20)

    def ask(url: str) -> Answer:
        together.wait()
        return Answer("there")

    assert len(dict(answers_of([f"http://{host}/" for host in "abcd"], ask))) == 4


def test_a_bug_in_asking_is_raised() -> None:
    def ask(url: str) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(answers_of(["http://a/"], ask))


def told(places: dict[str, tuple[Place, ...]], folder: Path, **changes: object) -> list[str]:
    faults = Faults()
    recent = RecentAnswers(Memo(folder / "memo"), days=7, now=NOW, inner=True)
    check_links(places, manner(**changes), recent, faults)
    return [str(fault) for fault in faults.all()]


def test_a_host_without_a_name_is_dead_only_where_the_network_is_known_to_be_there(web: Web, tmp_path: Path) -> None:
    def resolve(host: str, port: int) -> Addresses:
        return nobody(host, port) if host == "gone.example" else socket.getaddrinfo("127.0.0.1", port)

    gone: dict[str, tuple[Place, ...]] = {"http://gone.example/": (Place("a.md", 1, 2),)}
    assert told(gone, tmp_path, resolve=resolve) == [
        (
            "publication.yaml: error: not one server answered for 1 address, such as `http://gone.example/` "
            "[link-offline]\n"
            "  hint: see that this machine has a network, and that `HTTPS_PROXY` names its proxy where it needs one"
        )
    ]
    other = f"http://here.example:{web.port}/ok"
    dead = [
        (
            "a.md:1:2: error: `http://gone.example/` is not there: there is no such host [link-dead]\n"
            "  hint: correct the address, or give that of a copy in an archive"
        )
    ]
    assert told({**gone, other: (Place("a.md", 2),)}, tmp_path, resolve=resolve) == dead
    web.asked.clear()
    assert told({**gone, other: (Place("a.md", 2),)}, tmp_path, resolve=resolve) == dead  # the other is remembered
    assert not web.asked


def test_what_was_there_is_asked_again_when_it_is_old_or_from_the_future(web: Web, tmp_path: Path) -> None:
    url, memo = web.url("/to-301-page#fourth"), Memo(tmp_path / "memo")
    known = Answer("there", moved=web.url("/page#fourth"), misses=True)
    recent = RecentAnswers(memo, days=7, now=NOW, inner=False)
    recent.put(url, known)
    recent.put(web.url("/404"), Answer("dead", "404"))
    assert dataclasses.replace(recent, now=NOW + 7 * DAY - 1).get(url) == known
    assert dataclasses.replace(recent, now=NOW + 7 * DAY).get(url) is None
    assert dataclasses.replace(recent, days=0).get(url) is None
    assert dataclasses.replace(recent, now=NOW - 1).get(url) is None
    assert dataclasses.replace(recent, inner=True).get(url) is None
    assert recent.get(web.url("/404")) is None


def test_answers_of_another_version_are_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "memo"
    RecentAnswers(Memo(folder, "one"), days=7, now=NOW, inner=False).put("http://a/", Answer("there"))
    assert RecentAnswers(Memo(folder, "one"), days=7, now=NOW, inner=False).get("http://a/") == Answer("there")
    assert RecentAnswers(Memo(folder, "two"), days=7, now=NOW, inner=False).get("http://a/") is None


def test_a_damaged_answer_is_asked_for_again(tmp_path: Path) -> None:
    recent = RecentAnswers(Memo(tmp_path / "memo"), days=7, now=NOW, inner=False)
    recent.put("http://a/", Answer("there"))
    recent.put("http://b/", Answer("there", moved="http://c/"))
    (entry,) = (path for path in tmp_path.glob("memo/??/*") if b"http://c/" in path.read_bytes())
    entry.write_bytes(entry.read_bytes().replace(b"http://c/", b"http://d/"))
    assert recent.get("http://a/") == Answer("there")
    assert recent.get("http://b/") is None
    recent.put("http://b/", Answer("there"))
    assert recent.get("http://b/") == Answer("there")


def test_answers_that_came_before_an_interruption_are_kept(web: Web, tmp_path: Path) -> None:
    recent = RecentAnswers(Memo(tmp_path / "memo"), days=7, now=NOW, inner=True)
    first, last = f"http://first.example:{web.port}/ok", "http://last.example/"

    def resolve(host: str, port: int) -> Addresses:
        if host == "first.example":
            return socket.getaddrinfo("127.0.0.1", port)
        for _ in range(1000):  # the answer for the other address comes first
            if recent.get(first):
                break
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_links({first: (), last: ()}, manner(resolve=resolve), recent, Faults())
    assert recent.get(first) == Answer("there")


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://a.org/b.", "https://a.org/b"),
        ("https://a.org/b_(c)", "https://a.org/b_(c)"),
        ("https://a.org/b).", "https://a.org/b"),
        ("https://a.org/b],", "https://a.org/b"),
    ],
)
def test_an_address_ends_before_the_marks_of_its_sentence(written: str, url: str) -> None:
    assert trimmed(written) == url


@pytest.fixture
def linked(web: Web, tmp_path: Path) -> Path:
    """A publication with links in all its places, to the server of the test alone."""
    root = copy("minimal", tmp_path / "report")
    replace(root / "publication.yaml", "https://example.org/", web.url("/ok"))
    with (root / "publication.yaml").open("a") as file:
        file.write(f"  notes:\n    - Printed at {web.url('/to-301-ok')}.\n")
    replace(root / "chapters/en/01-beginning.md", "https://example.org/report", web.url("/404"))
    replace(root / "chapters/en/02-end.md", "<https://example.org/a/long/path/to/a/page>", f"<{web.url('/page#none')}>")
    note = f"  note        = {{Also as \\url{{{web.url('/404')}}}.}},\n  howpublished = {{{web.url('/busy')}}},\n"
    replace(root / "bib/references.bib", "https://example.org/examples},\n", f"{web.url('/403')}}},\n{note}")
    return root


def test_every_place_of_an_address_is_told(linked: Path, web: Web) -> None:
    ran = impressum(linked, "check", "--links", "--links-inner")
    base = web.url("")
    unsure = "  hint: open it in a browser; a server may be busy, or turn programs away"
    dead = "  hint: correct the address, or give that of a copy in an archive"
    assert ran.faults.splitlines() == [
        (
            f"bib/references.bib:6:18: warning: whether `{base}/403` is there could not be decided: its server says "
            "403 Forbidden [link-unsure]"
        ),
        unsure,
        f"bib/references.bib:7:31: error: `{base}/404` is not there: 404 Not Found [link-dead]",
        dead,
        (
            f"bib/references.bib:8:19: warning: whether `{base}/busy` is there could not be decided: its server says "
            "429 Too Many Requests [link-unsure]"
        ),
        unsure,
        f"chapters/en/01-beginning.md:13:6: error: `{base}/404` is not there: 404 Not Found [link-dead]",
        dead,
        f"chapters/en/02-end.md:7:43: warning: the page `{base}/page` has no place `#none` [link-fragment]",
        "  hint: look for the id that the place has now, or link to the page as a whole",
        f"publication.yaml:14:18: warning: `{base}/to-301-ok` has moved for good to `{base}/ok` [link-moved]",
        "  hint: write the new address, once you have seen that it shows what is meant",
    ]
    assert ran.code == 1
    assert [line for line in ran.stderr.splitlines() if line.startswith("[6/7]")] == [
        "[6/7] verify   6 addresses, 0 of them known from before",
        "[6/7] verify   3 of 6 addresses there",
    ]
    web.asked.clear()
    report = impressum(linked, "check", "--links", "--links-inner", "--report", "sarif")
    rules = [result["ruleId"] for result in json.loads(report.stdout)["runs"][0]["results"]]
    assert sorted(set(rules)) == ["link-dead", "link-fragment", "link-moved", "link-unsure"]
    assert {path for one in web.asked for path in one.split()[1:]} == {"/404", "/403", "/busy"}  # the others are known
    web.asked.clear()
    assert impressum(linked, "check", "--links", "--links-inner", "--links-age", "0").code == 1
    assert web.asked["HEAD /ok"] == 2


def test_inner_addresses_are_told_and_not_asked_for(linked: Path, web: Web) -> None:
    ran = impressum(linked, "check", "--links")
    assert ran.code == 0
    (summary,) = (line for line in ran.faults.splitlines() if line.endswith("[link-inner]"))
    assert "`127.0.0.1` is no address of the public network; 6 more of this rule, at " in summary
    assert (
        "  hint: readers cannot follow it; to ask for it all the same, say `--links-inner`" in ran.faults.splitlines()
    )
    assert not web.asked


def test_check_without_links_and_no_other_command_asks_the_web(linked: Path, web: Web) -> None:
    assert impressum(linked, "check").code == 0
    assert not web.asked
    package = REPOSITORY / "impressum"
    asking = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "impressum.checks.links" in path.read_text().replace("impressum.checks.links.found", "")  # it asks nobody
    }
    assert {path for path in asking if not path.startswith("checks/links/")} == {"cli/commands/check.py"}


def test_links_are_asked_for_beside_other_faults(linked: Path, web: Web) -> None:
    replace(linked / "chapters/en/02-end.md", "{#sec-end}", "{#sec-end .unknown}")
    (linked / "figures").mkdir()
    (linked / "figures/spare.yaml").write_text("title: Spare\nalt: A square.\n")
    (linked / "figures/spare.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    ran = impressum(linked, "check", "--links", "--links-inner")
    assert {"[link-dead]", "[class-unknown]", "[figure-unused]"} <= set(ran.faults.split())
    replace(linked / "publication.yaml", "language: en", "language: nonsense")
    ran = impressum(linked, "check", "--links")
    assert "[6/7] verify   no address was asked for: the sources cannot be read before these are mended" in ran.stderr


def test_options_of_links_without_links_are_wrong_usage(linked: Path) -> None:
    ran = impressum(linked, "check", "--links-age", "3")
    assert (ran.code, ran.stderr) == (
        2,
        "impressum: `--links-age` and `--links-inner` say how `--links` asks: give it too\n",
    )
