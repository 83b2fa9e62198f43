"""The live page in a real browser: what somebody sees who edits, clicks, and breaks things."""

from __future__ import annotations

import os
import re
import shutil
import signal
import threading
from collections.abc import Iterator
from itertools import repeat
from typing import TYPE_CHECKING

import pytest
from building import children_of
from watching import Watched, watched, write_publication

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
REQUIRED = "IMPRESSUM_NEEDS_CHROMIUM"
"""Set where these tests must run: there a missing Chromium fails them."""
ON_PAGE_FOUR, ON_PAGE_SIX = "The harbour is old", "Every bridge has a keeper."
PATIENCE = 20_000  # milliseconds

if CHROMIUM is None and not os.environ.get(REQUIRED):
    pytest.skip("no Chromium is found: the live page is not tried in a browser", allow_module_level=True)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    root = write_publication(tmp_path_factory.mktemp("watched"))
    with watched(root, "--editor", "zed") as program:
        yield program


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM is not None, f"{REQUIRED} is set, and no Chromium is found"
    before = children_of(os.getpid())
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        drivers = children_of(os.getpid()) - before
        yield opened
        guard = threading.Timer(PATIENCE / 1000, lambda: [*map(os.kill, drivers, repeat(signal.SIGKILL))])
        guard.start()  # it closes without a limit of its own; without its driver, it fails
        opened.close()
    guard.cancel()


@pytest.fixture
def page(browser: Browser, live: Watched) -> Iterator[Page]:
    """The live page, when the pages are shown and checked; what it says of itself in the console is a failure."""
    live.restore()
    context = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(live.address)
    settled(opened)
    yield opened
    context.close()
    assert said == []


def settled(page: Page) -> None:
    """Waits until the pages are set, checked and fitted."""
    page.wait_for_selector('#status[data-state="good"]')


def sheet(page: Page, number: int) -> Locator:
    return page.locator(f"#page-{number}")


def picture(page: Page, number: int) -> str:
    """How the picture of a page that is shown is called: by the sum of what it looks like."""
    found = sheet(page, number).locator("img").get_attribute("src")
    assert found is not None
    return found


def keep_pictures(page: Page) -> None:
    """Marks the pictures that are there now, so that those that are loaded again are told from them."""
    page.evaluate("document.querySelectorAll('.sheet img').forEach((one) => { one.kept = true; })")


def kept_pictures(page: Page) -> list[int]:
    kept: list[int] = page.evaluate(
        "[...document.querySelectorAll('.sheet')].filter((one) => one.querySelector('img')?.kept)"
        ".map((one) => Number(one.dataset.number))"
    )
    return kept


def see(page: Page, number: int) -> None:
    """Scrolls to a page and waits until it is there."""
    page.evaluate(f"document.querySelector('#page-{number}').scrollIntoView()")
    sheet(page, number).locator("img").wait_for()


def selected_line(page: Page) -> str:
    page.wait_for_selector('#lines [aria-selected="true"]')
    return page.locator('#lines [aria-selected="true"] .t').inner_text()


def test_a_changed_word_changes_its_page_and_no_other_and_the_view_stays(page: Page, live: Watched) -> None:
    for number in range(1, 8):
        see(page, number)
    page.evaluate("document.querySelector('#pages').scrollTop = document.querySelector('#page-6').offsetTop + 123")
    where = page.evaluate("document.querySelector('#pages').scrollTop")
    before = picture(page, 6)
    keep_pictures(page)
    live.save("chapters/en/02-bridges.md", "has a keeper.", "has a warden.")
    page.wait_for_selector(f'#page-6 img:not([src="{before}"])')
    page.wait_for_selector("#changed button")  # told once the pages out of view were looked at too
    assert page.locator("#changed button").all_inner_texts() == ["6"]
    assert kept_pictures(page) == [1, 2, 3, 4, 5, 7]
    assert page.evaluate("document.querySelector('#pages').scrollTop") == where
    settled(page)
    live.save("chapters/en/02-bridges.md", "has a warden.", "has a keeper.")
    page.wait_for_selector(f'#page-6 img[src="{before}"]')


def test_the_view_goes_to_the_page_that_is_changed_where_it_is_not_in_view(page: Page, live: Watched) -> None:
    see(page, 7)
    page.evaluate("document.querySelector('#pages').scrollTop = document.querySelector('#page-7').offsetTop - 40")
    seen = picture(page, 7).split("/")[2]
    more = "\n\n".join(f"A paragraph is put in, number {number} of many." for number in range(40))
    live.save("chapters/en/01-rivers.md", "## Upstream\n", f"## Upstream\n\n{more}\n")
    page.wait_for_selector("#page-8")
    page.get_by_text("Page 4 of 8").wait_for()
    settled(page)
    live.save("chapters/en/01-rivers.md", f"## Upstream\n\n{more}\n", "## Upstream\n")
    page.wait_for_selector("#page-8", state="detached")
    settled(page)
    see(page, 7)
    page.wait_for_selector(f'#page-7 img[src*="{seen}"]')


def test_a_fault_is_shown_over_the_last_good_pages_until_it_is_mended(page: Page, live: Watched) -> None:
    see(page, 4)
    before = picture(page, 4)
    live.save("chapters/en/01-rivers.md", "@rhys2019", "@rhys2091")
    overlay = page.locator("#blocked")
    overlay.wait_for()
    assert "1 error keeps newer ones from being set." in overlay.inner_text()
    assert "rhys2091 is cited but the bibliography has no such entry" in overlay.inner_text()
    link = overlay.locator(".where a")
    assert link.inner_text() == "chapters/en/01-rivers.md:3:21"
    target = link.get_attribute("href")
    assert target == f"zed://file{live.root.as_posix()}/chapters/en/01-rivers.md:3:21"
    assert page.locator("#fault-count").inner_text() == "1"
    assert picture(page, 4) == before
    page.keyboard.press("Escape")
    overlay.wait_for(state="hidden")
    live.save("chapters/en/01-rivers.md", "@rhys2091", "@rhys2019")
    settled(page)
    assert page.locator("#fault-count").inner_text() == ""
    assert not overlay.is_visible()


def test_files_that_cannot_be_read_at_all_leave_the_pages_too(page: Page, live: Watched) -> None:
    see(page, 4)
    live.save("publication.yaml", "title: Rivers and Bridges", "title: [Rivers and Bridges")
    page.locator("#blocked").wait_for()
    assert "publication.yaml:" in page.locator("#blocked .where").first.inner_text()
    assert sheet(page, 4).locator("img").is_visible()
    live.save("publication.yaml", "title: [Rivers and Bridges", "title: Rivers and Bridges")
    settled(page)
    assert not page.locator("#blocked").is_visible()


def test_a_warning_is_listed_and_does_not_keep_the_pages_from_being_set(page: Page, live: Watched) -> None:
    live.save("bib/references.bib", "  year = {2019},\n", "")
    page.wait_for_selector('#status[data-state="warning"]')
    assert page.locator("#said").inner_text().endswith("· 1 warning")
    page.keyboard.press("f")
    listed = page.locator("#faults .fault.warning")
    assert listed.locator(".rule").inner_text() == "bib-field-missing"
    assert listed.locator(".where a").inner_text().startswith("bib/references.bib:1")
    live.save("chapters/en/02-bridges.md", "A last word stands here.", "A word , and one more. " * 7)
    page.wait_for_selector("#faults .rest")
    assert page.locator("#faults .rest > summary").inner_text() == "6 more of mark-spaced"
    assert page.locator("#faults .fault:visible").count() == 2
    assert not page.locator("#blocked").is_visible()


def test_another_edition_is_shown_in_its_place(page: Page) -> None:
    german = page.get_by_role("radio", name="Deutsch")
    german.click()
    page.wait_for_selector("#title:text('Flüsse und Brücken')")
    settled(page)
    assert german.get_attribute("aria-checked") == "true"
    page.keyboard.press("t")
    assert "02-bridges" in page.locator("#translation").inner_text()
    assert page.locator("#translation .state").first.inner_text() == "new"
    page.keyboard.press("e")
    page.wait_for_selector("#title:text('Rivers and Bridges')")
    settled(page)


def test_a_click_on_a_page_finds_the_word_in_its_line_and_one_on_a_note_that_of_the_note(page: Page) -> None:
    see(page, 4)
    click_on(page, 4, "harbour")
    assert selected_line(page).startswith(ON_PAGE_FOUR)
    assert page.locator("#lines mark").inner_text() == "harbour"
    assert page.locator("#source-file").input_value() == "chapters/en/01-rivers.md"
    link = page.locator("#source-editor").get_attribute("href")
    assert link is not None
    assert re.fullmatch(r"zed://file/.*/chapters/en/01-rivers\.md:3:5", link)
    stands = page.evaluate("fetch('places/4').then((answer) => answer.json())")
    note = next(one for one in stands if one["kind"] == "note")
    click_at(page, 4, note["left"] + 40, note["top"] + 5)
    page.locator('#lines [aria-selected="true"] .t', has_text="[^one]: A note about the harbour.").wait_for()


def click_on(page: Page, number: int, word: str) -> None:
    """Clicks where `word` is printed, on the first line of what stands on a page."""
    stands = page.evaluate(f"fetch('places/{number}').then((answer) => answer.json())")
    stand = next(one for one in stands if word in one["words"])
    words = stand["words"].split()
    before = len(" ".join(words[: words.index(word)])) + 2
    click_at(page, number, stand["left"] + before * 4.9, stand["top"] + 7)


def click_at(page: Page, number: int, x: float, y: float) -> None:
    """Clicks a point of a page, in points from its top left."""
    paper = f"document.querySelector('#page-{number} .paper')"
    page.evaluate(f"document.querySelector('#pages').scrollTop += {paper}.getBoundingClientRect().top - 200")
    scale = page.evaluate(f"{paper}.clientWidth") / 595.28
    page.evaluate(f"document.querySelector('#pages').scrollTop += {y * scale - 300}")
    box = sheet(page, number).locator(".paper").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x * scale, box["y"] + y * scale)


def test_a_line_of_the_source_finds_its_page(page: Page) -> None:
    see(page, 4)
    page.keyboard.press("s")
    page.wait_for_selector("#lines .line")
    page.locator("#source-file").select_option("chapters/en/02-bridges.md")
    page.locator("#lines .line", has_text="A last word stands here.").click()
    page.wait_for_selector("#page-6 .mark")
    assert page.locator("#source-note").inner_text() == "Line 5 is on page 6."
    mark, view = page.locator("#page-6 .mark").bounding_box(), page.locator("#pages").bounding_box()
    assert mark is not None
    assert view is not None
    assert view["y"] <= mark["y"] <= view["y"] + view["height"]


def test_everything_is_within_reach_of_the_keyboard(page: Page) -> None:
    see(page, 6)
    sheet(page, 6).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#page-6 .stand:focus")
    page.keyboard.press("ArrowDown")
    label = page.locator("#page-6 .stand:focus").get_attribute("aria-label")
    assert label is not None
    assert label.startswith("paragraph: Every bridge has a keeper.")
    assert label.endswith("; chapters/en/02-bridges.md, line 3")
    page.keyboard.press("Enter")
    assert selected_line(page).startswith(ON_PAGE_SIX)
    page.locator("#lines").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert selected_line(page) == "A last word stands here."
    page.keyboard.press("Enter")
    page.wait_for_selector("#page-6 .mark")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")


def test_the_page_is_dark_where_the_system_is_and_where_it_is_asked_to_be(page: Page) -> None:
    def ground() -> str:
        found: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return found

    light = ground()
    page.emulate_media(color_scheme="dark")
    dark = ground()
    assert dark != light
    page.keyboard.press("d")
    assert ground() == light
    page.keyboard.press("d")
    assert ground() == dark


def test_without_its_token_the_page_is_not_served(browser: Browser, live: Watched) -> None:
    stranger = browser.new_page()
    host = live.address.split("/")[2]
    answer = stranger.goto(f"http://{host}/")
    assert answer is not None
    assert (answer.status, answer.text()) == (403, "the address needs the token that `watch` printed\n")
    stranger.close()


def test_a_page_of_another_site_learns_nothing(browser: Browser, live: Watched) -> None:
    """Ensures it even where that page knows the token: the browser says where the request comes from."""
    stranger = browser.new_page()
    stranger.route("http://elsewhere.test/", lambda route: route.fulfill(body="<p>elsewhere", content_type="text/html"))
    stranger.goto("http://elsewhere.test/")
    tried = f"fetch('{live.address}state').then((answer) => answer.text(), () => 'refused')"
    assert stranger.evaluate(tried) == "refused"
    loaded = (
        "new Promise((done) => { const one = new Image(); one.onload = () => done('loaded');"
        f" one.onerror = () => done('refused'); one.src = '{live.address}page/1/x/320.png'; }})"
    )
    assert stranger.evaluate(loaded) == "refused"
    stranger.close()
