"""Words in, words out: every block of the sources is printed, and every work is listed."""

from __future__ import annotations

from impressum.core.errors import Place
from impressum.stages.verify.evidence import Evidence, shown
from impressum.stages.verify.words import Found, Wanted, norm, wanted

FAR = 3
SHORT = 12
LIST_HINT = "look whether a template of this publication leaves works out; if none does, this is a fault of Impressum"
HINT = "look whether something covers it or cuts it off; if not, this is a fault of Impressum"


def check_texts(evidence: Evidence) -> None:
    """Every paragraph, caption, cell and line of the chapters is printed with all its words."""
    headings = {(one.place, norm(one.title)) for one in evidence.expected.anchors if one.kind == "heading"}
    at = evidence.body
    titles = {anchor.chapter: anchor.label for anchor in evidence.expected.anchors if anchor.level == 1}
    for chapter in evidence.expected.chapters:
        title = evidence.headings.get(titles.get(chapter.slug, ""))
        first = evidence.stream.of_page(title.first) if title else evidence.body
        at = max(at, first)
        for text, following in zip(chapter.texts, (*chapter.texts[1:], None), strict=False):
            words = wanted(text.text)
            if not words.text or (text.place, words.text) in headings:
                continue
            end = following.place if following and following.place > text.place else Place(f"{text.place.path}\0")
            marked = evidence.with_marks(text.text, text.place, end)
            found = evidence.stream.whole(marked, at, first) or evidence.stream.find(words, at, first)
            if report(evidence, text.place, words, found, at, f"the text {shown(text.text)}", "text-lost"):
                assert found is not None
                located = evidence.locate(text.place, words, found)
                if len(words.text) >= SHORT or abs(located.first - evidence.stream.page(at)) <= FAR:
                    at = found.start


def report(evidence: Evidence, place: Place, words: Wanted, found: Found | None, at: int, what: str, rule: str) -> bool:
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
    if not expected.references_title and not expected.references:
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
            evidence.faults.error(
                place,
                f"`{key}` is cited, but the references from page {page} on do not list it",
                "reference-lost",
                LIST_HINT,
            )
