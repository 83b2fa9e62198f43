"""Links and cross-references: each leads to its target, and names the page on which that is printed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from unicodedata import normalize
from urllib.parse import unquote

from impressum.core.model.manuscript import Anchor, ExpectedLink, ExpectedPage
from impressum.stages.verify.evidence import FALLBACK, Aim, Evidence, Located, PrintedReference, shown
from impressum.stages.verify.structure import LinkMade
from impressum.stages.verify.words import norm, wanted

WORK = re.compile(r"([\w-]+/)?ref-")
"""How the label of a listed work begins: that of its chapter, where each has its own list."""
CAPTION = 12  # letters before the words of a caption in which its number stands: `Table 2`
NEAR = 24.0
TOLERANCE = 4.0
"""How far, in points, the place that a link leads to stands above the words that it leads to, or below them."""
HINT = "look whether a template of this publication changes links; if none does, this is a fault of Impressum"
PAGE_HINT = (
    "look whether a template of this publication changes cross-references; if none does, this is a fault of Impressum"
)


def check_links(evidence: Evidence) -> None:
    """Every link of the file lands; every link of the sources is there and leads to its target."""
    _check_landing(evidence)
    inner: dict[str, list[ExpectedLink]] = defaultdict(list)
    outer: dict[str, list[ExpectedLink]] = defaultdict(list)
    for chapter in evidence.expected.chapters:
        for link in chapter.links:
            if link.target.startswith("#"):
                inner[link.target[1:]].append(link)
            else:
                outer[_address(link.target)].append(link)
    made_outer: dict[str, list[LinkMade]] = defaultdict(list)
    made_inner: dict[int, list[LinkMade]] = defaultdict(list)
    for made in evidence.structure.links:
        if evidence.body_page <= made.page < evidence.index_page:
            if made.address:
                made_outer[_address(made.address)].append(made)
            else:
                made_inner[made.target.page].append(made)
    for address, links in outer.items():
        for link, where in _without(evidence, links, made_outer[address]):
            message = f"the link {shown(link.text)}{where} does not lead to `{link.target}`"
            evidence.faults.error(link.place, message, "link-lost", HINT)
    for label, links in inner.items():
        target = target_of(evidence, label)
        if target is None:
            continue
        page, top, is_float = target
        near = [
            one for one in made_inner[page] if one.target.name == label or -TOLERANCE <= top - one.target.top < NEAR
        ]
        # The caption of a float may stand far from its top. Links on its own page may be those of notes, though.
        loose = [one for one in made_inner[page] if is_float and one not in near]
        likely = near + [one for one in loose if one.page != page]
        for link, where in _without(evidence, links, likely, [one for one in loose if one.page == page]):
            message = f"the link {shown(link.text)}{where} does not lead to its target on page {page}"
            evidence.faults.error(link.place, message, "link-lost", HINT)


def _check_landing(evidence: Evidence) -> None:
    links = (link for chapter in evidence.expected.chapters for link in chapter.links)
    places = {link.target[1:]: link.place for link in links if link.target.startswith("#")}
    for made in evidence.structure.links:
        if not made.address and not made.target.page:
            name = f" `{made.target.name}`" if made.target.name else ""
            message = f"a link on page {made.page} leads to{name or ' a place'}, which is not in the file"
            evidence.faults.error(places.get(made.target.name, evidence.place(made.page)), message, "link-broken", HINT)
    for name, target in evidence.structure.places.items():
        if not target.page:
            message = f"the place `{name}`, to which links from outside may lead, is on no page of the file"
            evidence.faults.error(places.get(name, FALLBACK), message, "link-broken", HINT)


def _without(
    evidence: Evidence, links: list[ExpectedLink], made: list[LinkMade], doubtful: Iterable[LinkMade] = ()
) -> list[tuple[ExpectedLink, str]]:
    """Those of `links` for which none of `made` is left, with words for their page. The `doubtful` ones count only on
    the pages of the link's block."""
    likely, others = Counter(one.page for one in made), Counter(one.page for one in doubtful)
    waiting: list[tuple[ExpectedLink, range]] = []
    for link in links:
        pages = evidence.pages_of(link.place)
        left, page = next(((some, one) for some in (likely, others) for one in pages if some[one]), (None, 0))
        if left is None:
            waiting.append((link, pages))
        else:
            left[page] -= 1
    return [(link, f" on page {pages[0]}" if len(pages) else "") for link, pages in waiting[likely.total() :]]


def target_of(evidence: Evidence, label: str) -> Aim | None:
    """Where `label` stands; None where it was not found."""
    if label in evidence.aims:
        return evidence.aims[label]
    heading = evidence.headings.get(label)
    if heading is not None:
        return Aim(heading.first, heading.top, is_float=False)
    work_of = WORK.match(label)
    if work_of:
        work = evidence.works.get((work_of[1] or "") + label[work_of.end() :])
        return Aim(work.first, work.top, is_float=False) if work else None
    anchor = next((one for one in evidence.expected.anchors if one.label == label), None)
    if anchor is None:
        return None
    if anchor.kind == "equation":
        made = next((one for one, place in evidence.formulas if place == anchor.place and one.page), None)
        return Aim(made.page, made.box.top, is_float=True) if made else None
    words = wanted(anchor.title).text
    here = [one for one in evidence.located if one.words == words and one.place.path == anchor.place.path]
    if not words or len(here) != 1:
        return None
    at = here[0].found.start
    if anchor.kind in ("figure", "table") and not _is_numbered(evidence, anchor, at):  # a word that stands in the text
        captions = [one for one in evidence.stream.all(words, evidence.body) if _is_numbered(evidence, anchor, one)]
        if len(captions) != 1:
            return None
        at = captions[0]
    line = evidence.stream.line(at)
    return Aim(line.page, line.top, is_float=True)


def _is_numbered(evidence: Evidence, anchor: Anchor, at: int) -> bool:
    """Whether the number of `anchor` stands just before the letter `at`, as in its caption; true where it has none."""
    before = evidence.stream.text[max(0, at - CAPTION) : at]
    return not anchor.number[-1:].isdigit() or norm(anchor.number) in before


def _address(target: str) -> str:
    """An address as it is compared: without the percent signs that a writer of PDF may add or take away."""
    return normalize("NFC", unquote(target)).rstrip("/")


def check_page_references(evidence: Evidence) -> None:
    """Every page that a cross-reference says is that of its target; none is missing."""
    for reference in evidence.references or printed_references(evidence):
        _compare_page(evidence, reference)


def printed_references(evidence: Evidence) -> Iterator[PrintedReference]:
    """The cross-references of the chapters as they are printed."""
    for chapter in evidence.expected.chapters:
        if chapter.pages and chapter.slug not in evidence.checked:
            paths = {page.place.path for page in chapter.pages}
            for located in [one for one in evidence.located if one.wanted.gaps and one.place.path in paths]:
                for page, end in _references(evidence, chapter.pages, located):
                    yield _printed_reference(evidence, page, end)


def _references(
    evidence: Evidence, pages: tuple[ExpectedPage, ...], located: Located
) -> Iterator[tuple[ExpectedPage, int]]:
    """The cross-references in a piece of text, each with the letter of the stream behind its words."""
    text = located.wanted.text
    for gap in located.wanted.gaps:
        here = [page for page in pages if text[:gap].endswith(norm(page.words))]
        if not here:
            continue
        page = max(here, key=lambda one: len(one.words))
        words = norm(page.words)
        before = len(re.findall(re.escape(words), text[: gap - len(words)]))
        found = evidence.stream.all(words, located.found.start, None)
        at = next((index for number, index in enumerate(found) if number == before), None)
        if at is not None:
            yield page, at + len(words)


def _printed_reference(evidence: Evidence, page: ExpectedPage, end: int) -> PrintedReference:
    stream = evidence.stream
    here = stream.page(end - 1), stream.page(min(end, len(stream.text) - 1))
    before, _, after = page.pattern.partition("{number}")
    printed = re.compile(re.escape(norm(before)) + r"(\d+?)(?=\D|$)" + re.escape(norm(after))).match(stream.text, end)
    return PrintedReference(page, here, int(printed[1]) if printed else None)


def _compare_page(evidence: Evidence, reference: PrintedReference) -> None:
    page, here, says = reference
    target = target_of(evidence, page.label)
    if target is None:
        return
    if says == target.page or (says is None and target.page in here):
        return
    what = f"the reference {shown(page.words)} on page {min(here)}"
    message = (
        f"{what} does not say the page of its target, which is {target.page}"
        if says is None
        else f"{what} says page {says}, but its target stands on page {target.page}"
    )
    evidence.faults.error(page.place, message, "page-reference", PAGE_HINT)
