"""The words: all text of the sources is printed, and nothing that a template or a reference left unresolved."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from impressum.core.errors import Place
from impressum.core.model.manuscript import Anchor
from impressum.stages.verify.evidence import FALLBACK, Evidence, Located, shown
from impressum.stages.verify.structure import IllustrationMade
from impressum.stages.verify.words import Match, Wanted, norm, wanted

FAR = 3
SHORT = 12
LIST_HINT = "look whether a template of this publication leaves works out; if none does, this is a fault of Impressum"
HINT = "look whether something covers it or cuts it off; if not, this is a fault of Impressum"
SEED = 12
PULLED = 2  # how often the words of a pull quote are printed: in the text, and in the quote
CODE = re.compile(r"\w*(?:\{\{|\}\}|\[@|\{#)[\w:.-]*")
MISSING = re.compile(r"\w*\?\?[\w?]*|\([\w:.-]+\?\)|\b[a-zA-Z]+\d{4}[a-z]*\?")
BETWEEN = re.compile(r"[\s\u200b\ufffe\u00ad]+")
COVER_LOST = "look whether a template of this publication leaves it out"
COVER_FULL = "shorten `cover.blurb`, or the statements of the funders"


def check_texts(evidence: Evidence) -> None:
    """Every paragraph, caption, cell and line of the chapters is printed with all its words."""
    headings = {(one.place, norm(one.title)) for one in evidence.expected.anchors if one.kind == "heading"}
    at = evidence.body
    titles = {anchor.chapter: anchor.label for anchor in evidence.expected.anchors if anchor.level == 1}
    chapters = evidence.expected.chapters
    for chapter, next_chapter in zip(chapters, (*chapters[1:], None), strict=True):
        title = evidence.headings.get(titles.get(chapter.slug, ""))
        first = evidence.stream.of_page(title.first) if title else evidence.body
        at = max(at, first)
        after = evidence.headings.get(titles.get(next_chapter.slug, "")) if next_chapter else None
        end_of_chapter = evidence.stream.of_page(after.first) if after else len(evidence.stream.text)
        for text, following in zip(chapter.texts, (*chapter.texts[1:], None), strict=False):
            words = wanted(text.text)
            if not words.text or (text.place, words.text) in headings:
                continue
            end = following.place if following and following.place > text.place else Place(f"{text.place.path}\0")
            marked = evidence.with_marks(text.text, text.place, end)
            found = evidence.stream.whole(marked, at, first) or evidence.stream.find(words, at, first)
            if found and found.start >= end_of_chapter:  # a caption above the text that it follows in the source
                own = evidence.stream.find(words, first, first)
                found = own if own and own.start < end_of_chapter and len(own.lost) <= len(found.lost) else found
            if report(evidence, text.place, words, found, at, f"the text {shown(text.text)}", "text-lost"):
                assert found is not None
                located = evidence.locate(text.place, words, found)
                if len(words.text) >= SHORT or abs(located.first - evidence.stream.page(at)) <= FAR:
                    at = found.start


def report(evidence: Evidence, place: Place, words: Wanted, found: Match | None, at: int, what: str, rule: str) -> bool:
    """A fault where `words` are not printed whole; gives whether they are printed at all."""
    if found is None or len(found.lost) * 2 > len(words.tokens):
        if all(words.is_formula(word) for _, word in words.tokens):
            return False
        page = evidence.stream.page(at)
        if page in evidence.overprinted or page + 1 in evidence.overprinted:
            return False
        evidence.faults.error(place, f"{what} is not printed on page {page} or after it", rule, HINT)
        return False
    if found.lost:
        after = f" after `{found.after}`" if found.after else ""
        lost = shown(" ".join(dict.fromkeys(found.lost)))
        page = evidence.stream.page(found.start)
        if page in evidence.overprinted:
            return True
        evidence.faults.error(place, f"{lost}{after} is lost from {what} on page {page}", rule, HINT)
    return True


def check_references(evidence: Evidence) -> None:
    """Every listed work is printed in the list of references, and every cited one is listed."""
    expected = evidence.expected
    if not expected.references_title and (not expected.references or evidence.checked):
        return
    heading = evidence.headings.get("references")
    start = evidence.stream.of_page(heading.first) if heading else evidence.body
    by_chapter = not expected.references_title  # then a work is known with its chapter: `02-economy/doe2023`
    cited = {
        f"{chapter.slug}/{key}" if by_chapter else key: place
        for chapter in reversed(expected.chapters)
        for key, place in chapter.cited.items()
    }
    at = start
    for label, entry in expected.references.items():
        key = label.partition("/")[2] if by_chapter else label
        words = wanted(entry)
        found = evidence.stream.find(words, at, start)
        place = cited.get(label, Place("bib/references.bib"))
        if report(evidence, place, words, found, start, f"the work `{key}` of the references", "reference-lost"):
            assert found is not None
            evidence.works[label] = evidence.locate(place, words, found, is_block=False)
            at = found.start
    for label, place in cited.items():
        if label not in expected.references:
            key = label.partition("/")[2] if by_chapter else label
            page = evidence.stream.page(start)
            message = f"`{key}` is cited, but the references from page {page} on do not list it"
            evidence.faults.error(place, message, "reference-lost", LIST_HINT)


def check_pull_quotes(evidence: Evidence) -> None:
    """Words that are pulled out of the text are printed twice; what repeats them is not read aloud, but is seen."""
    stream = evidence.stream
    for chapter in evidence.expected.chapters:
        for quote in chapter.repeats:
            words = wanted(quote.text)
            ends: list[int] = []
            for at in stream.all(words.text[:SEED], evidence.body):
                if ends and at < ends[-1]:
                    continue
                found = stream.follow(words, at)
                if not found.lost:
                    ends.append(found.end)
                    if not any(_holds(one, found) for one in evidence.located):  # it is the text that is repeated
                        evidence.locate(quote.place, words, found, is_block=False)
            if len(ends) < PULLED:
                message = f"the pull quote {shown(quote.text)} is not printed beside the text that it repeats"
                hint = "look whether a template of this publication leaves it out; if not, this is a fault of Impressum"
                evidence.faults.error(quote.place, message, "text-lost", hint)


def _holds(one: Located, found: Match) -> bool:
    return one.is_block and one.found.start <= found.start and found.end <= one.found.end


def check_summaries(evidence: Evidence) -> None:
    """A chapter or section that is a summary ends on the page on which it begins."""
    headings = [anchor for anchor in evidence.expected.anchors if anchor.kind == "heading"]
    for number, anchor in enumerate(headings):
        heading = evidence.headings.get(anchor.label)
        if not anchor.summary or heading is None:
            continue
        last = max((heading.last, *_last_pages(evidence, anchor, headings[number + 1 :])))
        if last > heading.first:
            message = f"the summary {shown(anchor.title)} begins on page {heading.first} and ends on page {last}"
            hint = "a summary is read alone, on one page: shorten it, or take `.summary` out of its heading"
            evidence.faults.warning(anchor.place, message, "summary-long", hint)


def _last_pages(evidence: Evidence, anchor: Anchor, following: list[Anchor]) -> list[int]:
    """The last pages of the blocks between a heading and the next one that is not below it."""
    end = next((one.place for one in following if one.chapter == anchor.chapter and one.level <= anchor.level), None)
    own = (one for one in evidence.located if one.is_block and one.place.path == anchor.place.path)
    return [one.last for one in own if one.place >= anchor.place and (end is None or one.place < end)]


def check_formulas(evidence: Evidence) -> None:
    """Every formula of the sources is in the tags, as often as it is written (a title's again in the contents)."""
    expected = [formula for chapter in evidence.expected.chapters for formula in chapter.formulas]
    made: dict[str, list[IllustrationMade]] = defaultdict(list)
    for one in sorted(evidence.structure.formulas, key=lambda one: (one.page, one.box.top, one.box.left)):
        made[one.text].append(one)
    for text, times in Counter(formula.text for formula in expected).items():
        made[text] = made[text][-times:]  # what the contents say again stands before all chapters
    for formula in expected:
        if made[formula.text]:
            evidence.formulas.append((made[formula.text].pop(0), formula.place))
        else:
            message = f"the formula {shown(formula.text)} is not in the file"
            hint = "look whether a template of this publication leaves it out; if not, this is a fault of Impressum"
            evidence.faults.error(formula.place, message, "formula-lost", hint)


def check_leftovers(evidence: Evidence) -> None:
    """No sign of a reference, a value or a citation that was not found; what the sources say literally may stand."""
    said: str | None = None
    for page in evidence.pages:
        text = page.text
        found = [*CODE.finditer(text), *(MISSING.finditer(text) if page.number >= evidence.body_page else ())]
        for one in dict.fromkeys(match.group() for match in found):
            said = _said(evidence) if said is None else said
            if BETWEEN.sub("", one) not in said:
                line = next((line.text for line in page.lines if one in line.text), one)
                place = evidence.place(page.number, line) if page.number >= evidence.body_page else FALLBACK
                hint = "something was to be put in its place and was not found: look at the source line"
                evidence.faults.error(place, f"`{one}` is printed on page {page.number}", "page-leftover", hint)


def _said(evidence: Evidence) -> str:
    expected = evidence.expected
    parts = [expected.title, *(one.title for one in expected.anchors), *expected.references.values()]
    for chapter in expected.chapters:
        parts += [one.text for one in chapter.texts]
        parts += [one.text for one in chapter.notes]
    return BETWEEN.sub("", "\n".join(parts))


def check_page_count(evidence: Evidence) -> None:
    """The number of pages that the impressum prints is that of the file."""
    label = norm(evidence.expected.number_of_pages_label)
    pages = len(evidence.printed.pages)
    front = [page for page in evidence.pages if 1 < page.number < evidence.body_page]
    for page in front:
        printed = re.search(re.escape(label) + r":?(\d+)", "\n".join(norm(line.text) for line in page.lines))
        if printed is None:
            printed = _broken_label(label, [norm(line.text) for line in page.lines])
        if printed is not None:
            if int(printed[1]) != pages:
                message = f"the impressum on page {page.number} says {printed[1]} pages, but the file has {pages}"
                hint = "look whether a template of this publication counts its pages itself"
                evidence.faults.error(FALLBACK, message, "page-count", hint)
            return
    message = (
        f"no page before page {evidence.body_page} prints `{evidence.expected.number_of_pages_label}` with a number"
    )
    hint = "look whether a template of this publication leaves it out of the impressum"
    evidence.faults.error(FALLBACK, message, "page-count", hint)


def _broken_label(label: str, lines: list[str]) -> re.Match[str] | None:
    """The number beside the first line of a label that takes several."""
    for line in lines:
        beside = re.fullmatch(r"\D*?(?=\d)(\d+)", line)
        if beside and len(line) - len(beside[1]) >= 4 and label.startswith(line[: -len(beside[1])]):
            return beside
    return None


def check_back_cover(evidence: Evidence) -> None:
    """The last page prints the words of the back cover, and the ISBN above its barcode, whole."""
    if not evidence.back_cover:
        return
    page = evidence.printed.pages[-1]
    printed = norm(" ".join(line.text for line in page.lines))
    wanted = [*evidence.expected.blurb, *([f"ISBN {evidence.expected.barcode}"] if evidence.expected.barcode else [])]
    for words in wanted:
        if norm(words) not in printed:
            message = f"the back cover on page {page.number} does not print {shown(words)} as it is meant"
            evidence.faults.error(FALLBACK, message, "page-back-cover", COVER_LOST)
    over = max((box.bottom - page.height for line in page.lines for box in line.boxes), default=0.0)
    if over > 0:
        message = f"what the back cover on page {page.number} says is {over:.0f} pt higher than the page"
        evidence.faults.error(FALLBACK, message, "page-back-cover", COVER_FULL)
