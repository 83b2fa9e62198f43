"""Turns a build into a release: the record that is kept of it, the changelog, the release in all records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from impressum.core.errata import CorrectedOn, compose
from impressum.core.errors import Faults, Place
from impressum.core.model.manuscript import Anchor
from impressum.core.model.sources import Edition, Sources
from impressum.release.changelog import BookChanges, ReleaseChanges, as_json, as_markdown
from impressum.release.diff.compare import body_page, compare, read_pages
from impressum.release.gate import Gate, file_of, waived, waivers_as_json
from impressum.release.history import (
    SCHEMA,
    VERSION,
    Past,
    ReleasedBook,
    books_as_json,
    looks_apart,
    past_release,
    release_before,
    renderer,
)
from impressum.stages.publish.records import Build, Product, Release, as_bytes, record_of, sum_of
from impressum.stages.verify.document import second_opinion
from impressum.stages.verify.evidence import shown
from impressum.stages.verify.words import norm
from impressum.system.cache import Json
from impressum.system.workspace import Workspace

MOST_NAMED = 3
FRONT = ("impressum.title", "errata.title", "contents", "list-of-figures", "list-of-tables")
"""The headings before the first chapter, by their words."""


def seal(gate: Gate, made: Build, anchors: Mapping[str, tuple[Anchor, ...]]) -> Build:
    """`made` as a release: recorded as one, with its changelog and the record that is kept; `anchors` are those of each
    edition. Raises Faulty where the record of an earlier release cannot be read; other faults go to the gate's."""
    workspace, sources, order, faults = gate.workspace, gate.sources, gate.order, gate.faults
    publication = sources.publication
    _read_again(made, faults)
    version = publication.version or ""  # the gate has stopped a release without one
    used = waived(order.waivers, publication.rules, faults)
    before = release_before(workspace, version)
    about: dict[str, Json] = {
        "version": version,
        "date": publication.date.isoformat(),
        "previous": before.version if before else None,
        "waivers": waivers_as_json(used),
    }
    products = tuple(replace(one, record={**one.record, "release": about}) for one in made.products)
    fronts = {one.tag: frozenset(one.words[key] for key in FRONT) for one in sources.editions}
    books = tuple(
        ReleasedBook(
            one.name, one.edition, read_pages(one.content, one.name), body_page(one.content, fronts[one.edition])
        )
        for one in made.products
        if isinstance(one, Product) and one.format == "pdf"
    )
    corrections = {
        edition.tag: compose(edition.publication.errata, anchors[edition.tag], edition.words)
        for edition in sources.editions
    }
    for edition in sources.editions:
        check_errata(edition, books, faults)
    changes = _changes(sources, version, before, books, corrections)
    shared = {
        **made.shared,
        f"CHANGES-{version}.md": as_markdown(changes).encode(),
        f"CHANGES-{version}.json": as_bytes(as_json(changes)),
    }
    sums: list[Json] = []
    for one in products:
        record = record_of(one, made)
        sizes: dict[str, Json] = {"bytes": record.size, "sha256": record.sha256}
        sums.append({"name": one.name, "edition": one.edition, "format": one.format, **sizes})
    kept: dict[str, Json] = {
        "schema": SCHEMA,
        "version": VERSION,
        "release": about,
        "title": publication.title,
        "slug": sources.slug,
        "errata": {
            edition.tag: [one.model_dump(mode="json", exclude_none=True) for one in edition.publication.errata]
            for edition in sources.editions
            if edition.publication.errata
        },
        "products": sums,
        "shared": [
            {"name": line.name, "sha256": line.sha256}
            for line in (sum_of(name, content) for name, content in sorted(shared.items()))
        ],
        "books": books_as_json(books),
        "renderer": renderer(),
        "made_with": dict(made.made_with),
        "inputs": made.inputs,
    }
    _check_again(workspace, sources, version, sums, faults)
    return replace(made, products=products, shared=shared, release=Release(version, about, as_bytes(kept)))


def _read_again(made: Build, faults: Faults) -> None:
    """Each PDF is read by pypdf, too, before it is let out."""
    for one in made.products:
        if isinstance(one, Product) and "contents" in one.record:
            for fault in second_opinion(one.record["contents"], one.content, Place(f"dist/{one.name}")):
                faults.error(fault.place, fault.message, fault.rule, fault.hint)


def _check_again(workspace: Workspace, sources: Sources, version: str, sums: list[Json], faults: Faults) -> None:
    """A version names the same bytes for ever."""
    past = past_release(workspace, version)
    if past is None:
        return
    now = {str(one["name"]): str(one["sha256"]) for one in sums if isinstance(one, dict)}
    others = sorted(name for name in now.keys() | past.sums.keys() if now.get(name) != past.sums.get(name))
    if others:
        names = ", ".join(f"`{name}`" for name in others[:MOST_NAMED])
        more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
        message = f"version {version} was released before with other bytes: {names}{more}"
        hint = f"raise `version`; what was released as {version} is kept in `{file_of(version)}`"
        faults.error(sources.place_of("version"), message, "release-again", hint)


def check_errata(edition: Edition, books: tuple[ReleasedBook, ...], faults: Faults) -> None:
    """A warning for each erratum whose new words are on no page but that of the errata."""
    errata = edition.publication.errata
    listed = [norm(text) for one in errata for text in (one.where, one.was, one.now, one.reason) if text]
    pages = (page for book in books if book.edition == edition.tag for page in book.pages)
    printed = norm("".join(word for page in pages for word in page.words))
    for one in errata:
        now = norm(one.now or "")
        if now and printed.count(now) <= sum(text.count(now) for text in listed):
            words = shown(one.now or "")
            message = f"an erratum says that {words} is printed now, and no other page of `{edition.tag}` has it"
            hint = "mend the text, or say in `now` what is printed, word for word"
            faults.warning(one.place, message, "erratum-untrue", hint)


def _changes(
    sources: Sources,
    version: str,
    before: Past | None,
    books: tuple[ReleasedBook, ...],
    corrections: Mapping[str, tuple[CorrectedOn, ...]],
) -> ReleaseChanges:
    were = {book.edition: book for book in (before.books if before else ())}
    if before and before.renderer != renderer():
        were, books = {book.edition: book for book in looks_apart(before.books)}, looks_apart(books)
    found = []
    for book in books:
        was = were.pop(book.edition, None)
        comparison = compare(was.pages if was else (), book.pages)
        found.append(BookChanges(book, comparison, corrections[book.edition], is_new=was is None))
    gone = tuple(book.name for book in were.values())
    title, day = sources.publication.title, sources.publication.date.isoformat()
    since, since_date = (before.version, before.date) if before else (None, None)
    return ReleaseChanges(title, version, day, since, since_date, tuple(found), gone)
