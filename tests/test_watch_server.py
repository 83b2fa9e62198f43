"""The server of the live page, asked as a browser and as a stranger would."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from building import PATIENCE, waited_for
from watching import write_publication

from impressum.core.errors import WrongUsage
from impressum.preview import Live, PreviewOptions, prepared, session
from impressum.preview.editors import pattern_of
from impressum.preview.pages import Sheet
from impressum.system.parallel import Later
from impressum.system.workspace import Workspace

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Served:
    """A live page that is served in this process, and questions to it."""

    live: Live
    root: Path

    @property
    def host(self) -> str:
        return self.live.address.split("/")[2]

    @property
    def token(self) -> str:
        return self.live.address.split("/")[3]

    def ask(
        self, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """The answer to a request for `path`, which is sent as it is."""
        connection = http.client.HTTPConnection(self.host, timeout=20)
        try:
            answer = self._asked(connection, path, method, headers or {}, body)
            return Answer(answer.status, dict(answer.headers.items()), answer.read())
        finally:
            connection.close()

    def _asked(
        self, connection: http.client.HTTPConnection, path: str, method: str, headers: Mapping[str, str], body: bytes
    ) -> http.client.HTTPResponse:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        length = {"content-length": str(len(body))} if method == "POST" else {}
        for name, value in {"Host": self.host, **length, **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        return connection.getresponse()

    def status(self, path: str, **more: Any) -> int:
        return self.ask(f"/{self.token}/{path}", **more).status

    def json(self, path: str) -> Any:
        answer = self.ask(f"/{self.token}/{path}")
        assert answer.status == 200, path
        return json.loads(answer.body)

    def settled(self) -> bool:
        state = self.json("state")
        return bool(state["pages"]) and all(page["look"] for page in state["pages"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = write_publication(tmp_path_factory.mktemp("served"))
    (root / "secret.txt").write_text("not for the browser", encoding="utf-8")
    (root / "bib" / "elsewhere.md").symlink_to("/etc/hostname")
    live = prepared(Workspace(root.resolve()), PreviewOptions("", pattern_of("vscode")))
    running = Later(live.run)
    answers = Served(live, root)
    try:
        assert waited_for(answers.settled)
        yield answers
    finally:
        live.server.should_exit = True
        assert running.ends(PATIENCE)
    running.result()
    assert not live.session.workspace.work.exists()


def test_no_path_is_served_without_the_token(served: Served) -> None:
    tried = ("", "state", "events", "page/1/x/320.png", "file/main.js", "face/Spectral-Regular.ttf", "source?path=a")
    tokens = ("", "x" * len(served.token), served.token[:-1], f"{served.token}x", served.token.upper(), "%00")
    paths = [f"/{token}/{path}" for token in tokens for path in tried] + ["/state", "/", f"/?token={served.token}"]
    assert {served.ask(path).status for path in paths} == {403}


def test_a_host_of_another_name_is_refused(served: Served) -> None:
    """Ensures that a site which gives its own name our address learns nothing, even with the token."""
    names = ("elsewhere.test", f"elsewhere.test:{served.host.split(':')[1]}", "127.0.0.1", "127.0.0.1:1", "")
    path = f"/{served.token}/state"
    assert {served.ask(path, headers={"Host": name}).status for name in names} == {403}
    assert served.ask(path, headers={"Host": served.host.replace("127.0.0.1", "localhost")}).status == 200


def test_a_request_from_another_origin_is_refused(served: Served) -> None:
    for origin in ("http://elsewhere.test", "null", f"https://{served.host}", f"http://{served.host}.elsewhere.test"):
        assert served.status("state", headers={"Origin": origin}) == 403
        assert served.status("edition", method="POST", headers={"Origin": origin}, body=b'{"tag": "de"}') == 403
    assert served.status("state", headers={"Origin": f"http://{served.host}"}) == 200
    assert served.status("state", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}) == 403
    assert served.status("edition", method="POST", body=b'{"tag": "de"}') == 403
    assert served.json("state")["edition"] == "en"


def test_each_answer_forbids_what_the_page_does_not_need(served: Served) -> None:
    for path in (f"/{served.token}/", f"/{served.token}/none", "/"):
        answer = served.ask(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_page_asks_no_other_server(served: Served) -> None:
    names = ("favicon.svg", "index.html", "watch.css", "dom.js", "main.js", "pages.js", "panels.js", "source.js")
    folder = Path(__file__).parent.parent / "impressum" / "preview" / "page"
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    for name in names:
        content = served.ask(f"/{served.token}/{'' if name == 'index.html' else f'file/{name}'}").body.decode()
        addresses = set(re.findall(r"[a-z]+://[^\s\"']+", content))
        assert addresses - {"http://www.w3.org/2000/svg"} == set(), name


def test_only_the_sources_of_what_is_shown_can_be_read(served: Served) -> None:
    assert served.json("source?path=chapters/en/02-bridges.md")["lines"][0] == "# Of bridges"
    for name in (
        "secret.txt",
        "../secret.txt",
        "chapters/en/../../secret.txt",
        "%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "bib/elsewhere.md",
        ".cache/watch/en.json",
        "chapters",
        "",
    ):
        assert served.status(f"source?path={name}") == 404, name
    for name in ("index.html", "../server.py", "..%2fserver.py", "none.js"):
        assert served.status(f"file/{name}") == 404, name
    assert served.status("face/../../main.ttf") == 404


def test_a_page_is_a_picture_that_the_browser_may_keep_while_it_looks_the_same(served: Served) -> None:
    look = served.json("state")["pages"][3]["look"]
    answer = served.ask(f"/{served.token}/page/4/{look}/800.png")
    assert answer.body.startswith(PNG)
    assert "immutable" in answer.headers["cache-control"]
    assert served.ask(f"/{served.token}/page/4/{'0' * 24}/800.png").headers["cache-control"] == "no-store"
    assert served.status("page/99/x/800.png") == 404
    assert served.status("page/0/x/800.png") == 404


def test_a_wrong_question_is_told_so(served: Served) -> None:
    ours = {"Origin": f"http://{served.host}"}
    for body in (b"", b"[]", b"{", b'{"tag": 3}', b'{"tag": "xx"}', b"[" * 990, b'{"tag": "' + b"x" * 2000 + b'"}'):
        assert served.status("edition", method="POST", headers=ours, body=body) == 400
    assert served.status("view", method="POST", headers=ours, body=b'{"first": 0, "last": 2}') == 400
    assert served.status("at/1?x=a&y=2") == 400
    assert served.status("line?path=publication.yaml&line=x") == 400
    assert served.status("state", method="DELETE") == 403


def test_what_stands_on_a_page_leads_to_the_sources(served: Served) -> None:
    (heading, first, *_) = served.json("places/4")
    assert (heading["kind"], heading["path"], heading["line"]) == ("heading", "chapters/en/01-rivers.md", 1)
    assert (first["kind"], first["line"]) == ("paragraph", 3)
    found = served.json(f"at/4?x={first['left'] + 60}&y={first['top'] + 7}")
    assert (found["path"], found["line"]) == ("chapters/en/01-rivers.md", 3)
    assert found["column"] > 1
    back = served.json("line?path=chapters/en/01-rivers.md&line=3")
    assert (back["page"], back["top"]) == (4, first["top"])
    assert served.json("line?path=chapters/de/02-bridges.md&line=1") is None
    assert served.json("at/1?x=5&y=5") is None


def test_the_title_on_the_cover_leads_to_the_data_of_the_publication(served: Served) -> None:
    """Ensures that what no chapter says is found by its words."""
    found = None
    for y in range(200, 420, 6):
        found = found or served.json(f"at/1?x=140&y={y}")
    assert found is not None
    assert (found["path"], found["line"]) == ("publication.yaml", 1)


def test_news_come_to_whoever_waits_for_them(served: Served) -> None:
    connection = http.client.HTTPConnection(served.host, timeout=20)
    connection.request("GET", f"/{served.token}/events")
    answer = connection.getresponse()
    try:
        assert answer.headers["content-type"].startswith("text/event-stream")
        line = answer.readline()
    finally:
        answer.close()
        connection.close()
    assert line.startswith(b"data: ")
    assert json.loads(line[6:])["title"] == "Rivers and Bridges"


def test_after_a_change_the_other_chapters_lie_in_the_files_where_they_lay(served: Served) -> None:
    def files() -> dict[int, str]:
        shown, _ = served.live.session.current()
        return {page: sheet.pdf.name for page, sheet in enumerate(shown.sheets if shown else (), 1)}

    before, pages = files(), len(files())
    chapter = served.root / "chapters" / "en" / "02-bridges.md"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("a keeper", "a warden"), encoding="utf-8")
    assert waited_for(lambda: files() != before)
    changed = [page for page, name in files().items() if name != before[page]]
    on_it = {served.json(f"places/{page}")[0]["path"] for page in changed}
    assert (len(files()), on_it) == (pages, {"chapters/en/02-bridges.md"})
    lying = {path.name for path in served.live.session.workspace.work.glob("pages-*.pdf")}
    assert waited_for(served.settled)
    assert lying >= set(files().values())


def test_a_change_does_not_wait_until_all_pages_of_the_one_before_it_were_looked_at(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = served.live.session
    looked: list[int] = []
    look = live.pages.looks

    def looks(sheets: Sequence[Sheet]) -> tuple[str, ...]:
        looked.append(live._number)
        if len(looked) == 2:
            live.changed()
        return look(sheets)

    monkeypatch.setattr(session, "AT_ONCE", 1)
    monkeypatch.setattr(live.pages, "looks", looks)
    live.look_at(1, 1)
    live.changed()
    assert waited_for(lambda: looked and looked.count(looked[0] + 1) == len(live.current()[1].looks))
    assert looked.count(looked[0]) == 2


def test_an_edition_that_is_not_there_is_wrong_usage(served: Served) -> None:
    with pytest.raises(WrongUsage, match="there is no edition `fr`; editions: en, de"):
        prepared(Workspace(served.root.resolve()), PreviewOptions("fr", pattern_of("")))


def test_a_port_that_is_taken_is_wrong_usage(served: Served) -> None:
    port = int(served.host.split(":")[1])
    with pytest.raises(WrongUsage, match=f"port {port} cannot be used: "):
        prepared(Workspace(served.root.resolve()), PreviewOptions("", pattern_of("")), port=port)
