"""Sets the citations of a whole edition with citeproc, which gets no more than it can change.

Citeproc reads the blocks that hold citations or notes (note styles count notes), and there the neighbours of citations:
it moves a point into quotation marks, takes a space away. So its tree is those blocks, without the other words, each in
a division of its own; its results are put back in their place, so that a change of another word does not have all
citations of the book set anew. The title of a chapter, which restarts `ibid.` and short forms, is in no division: there
it has no effect.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from impressum.core.errors import Fault, Faulty, Place
from impressum.core.model.sources import XREF_KINDS, CitationStyle, format_of
from impressum.stages.convert import html, pandoc
from impressum.stages.convert.build_spans import XREF_CLASS
from impressum.stages.convert.inlines import PANDOC_CROSSREF
from impressum.stages.convert.terms import SORTED_LIKE, Language, bibliography_in, style_in
from impressum.system.cache import Json, Memo

MARK = "impressum-block-"
FIRST_LETTER = re.compile(r'"Str", "c": "[“„‘’\'(\[]*([^\W\d_])|"Str", "c": "—')
"""The first letter of an entry as JSON; no group where a dash replaces its author."""
RESET = "reset-citation-positions"
"""The class of a heading at which citeproc forgets what was cited."""
ALIKE = 0.8
"""How alike a bare `@word` and a key must be for it to be that key misspelt, and no handle."""
WORDS = frozenset({"Str", "Space", "SoftBreak"})
"""Pandoc's nodes for words and the spaces between them, which hold no others."""
NEAR = 4
"""Inlines that stay on each side of a citation, and at both ends of a text that holds one: a quotation, a space, and
the marks that follow. Citeproc itself looks at two before it."""
LEFT_OUT = "impressum-words-"
SPACES = frozenset({"Space", "SoftBreak", "LineBreak"})
LEAVES = frozenset({"Str", "Code", "Math", "RawInline"})
HOLDERS = frozenset(
    {"Emph", "Strong", "Strikeout", "Underline", "Superscript", "Subscript", "SmallCaps", "Quoted", "Link", "Image"}
    | {"Span", "Note", "Cite"}
)
INLINES = SPACES | LEAVES | HOLDERS


def settle(tree: Any, known: frozenset[str]) -> None:
    """Prepares `tree` for citeproc: `@fig-x` becomes a cross-reference, a bare `@handle` that is no key becomes text,
    `<sup>` and the like become nodes."""
    if isinstance(tree, list):
        settled: list[Any] = []
        for node in tree:
            kind = node.get("t") if isinstance(node, dict) else None
            if kind == "Cite":
                settled.extend(_settle_cite(node, known))
            else:
                if kind not in WORDS:
                    settle(node, known)
                settled.append(node)
        tree[:] = html.read(settled)
    elif isinstance(tree, dict):
        settle(tree.get("c"), known)


def _settle_cite(node: Any, known: frozenset[str]) -> list[Any]:
    citations, content = node["c"]
    first = citations[0]
    key = first["citationId"]
    if len(citations) > 1 and first["citationMode"]["t"] == "AuthorInText" and key not in known:
        # `@handle [see @doe, 3]`: pandoc takes the brackets as belonging to the handle
        alone = {"t": "Cite", "c": [[first], content[:1]]}
        rest = {"t": "Cite", "c": [citations[1:], content[2:]]}
        return [*_settle_cite(alone, known), {"t": "Space"}, *_settle_cite(rest, known)]
    if key not in known and key.partition("-")[0] in XREF_KINDS and "-" in key:
        spans: list[Any] = []
        for citation in citations:
            form = "number" if citation["citationMode"]["t"] == "SuppressAuthor" else "full"
            spans += [{"t": "Str", "c": ","}, {"t": "Space"}] if spans else []
            spans += [*citation["citationPrefix"], {"t": "Space"}] if citation["citationPrefix"] else []
            pairs = [["target", citation["citationId"]], ["form", form]]
            spans.append({"t": "Span", "c": [["", [XREF_CLASS], pairs], []]})
            spans += citation["citationSuffix"]
        return spans
    in_text = first["citationMode"]["t"] == "AuthorInText" and key not in known and not PANDOC_CROSSREF.fullmatch(key)
    if in_text and _is_bare(content) and not get_close_matches(key, known, n=1, cutoff=ALIKE):
        return list(content)
    return [node]


def citation_of(key: str, mode: str) -> dict[str, Any]:
    """Pandoc's node of a citation of `key` alone, in the `mode` of that name."""
    one: dict[str, Any] = {"citationId": key, "citationPrefix": [], "citationSuffix": [], "citationMode": {"t": mode}}
    one |= {"citationNoteNum": 0, "citationHash": 0}
    return {"t": "Cite", "c": [[one], [{"t": "Str", "c": f"@{key}"}]]}


def _is_bare(content: Any) -> bool:
    """Whether a citation is written as a bare `@word`, not as `@{…}`."""
    return bool(content) and content[0].get("t") == "Str" and not content[0]["c"].startswith("@{")


@dataclass(frozen=True)
class Excerpt:
    """The `blocks` of a chapter for citeproc, as JSON without its brackets; `cites`: a citation is among them."""

    blocks: str
    cites: bool


@dataclass(frozen=True)
class Cited:
    """Citeproc's result: the blocks of each chapter that has any, in the order of its excerpt, as JSON, which is seldom
    read; and the list of works."""

    chapters: Mapping[str, str] = field(default_factory=dict)
    references: list[Any] = field(default_factory=list)


def excerpt_of(slug: str, tree: list[Any]) -> Excerpt:
    """The excerpt for citeproc of the chapter `slug`, whose blocks are `tree`; they stay as they are."""
    blocks: list[Any] = []
    for index, excerpt in _chosen(tree, Excerpts()):
        name = f"{MARK}{slug}/{len(blocks)}"
        if _is_title(tree[index]):
            blocks.append({"t": "Header", "c": [1, [name, [RESET], []], excerpt["c"][2] if excerpt else []]})
        else:
            blocks.append({"t": "Div", "c": [[name, [], []], [excerpt]]})
    written = json.dumps(blocks)[1:-1]
    return Excerpt(written, '"t": "Cite"' in written)


def put_back(cited: str, tree: list[Any]) -> None:
    """Puts the excerpt of `tree`, as citeproc set it (JSON), back into it, in place."""
    excerpts = Excerpts()
    for (index, _), block in zip(_chosen(tree, excerpts), json.loads(cited), strict=True):
        if block["t"] == "Header":
            tree[index]["c"][2] = excerpts.restored(block["c"][2]) or tree[index]["c"][2]
        else:
            inner = excerpts.restored(block["c"][1])
            tree[index] = inner[0] if len(inner) == 1 else {"t": "Div", "c": [["", [], []], inner]}


def _chosen(tree: list[Any], excerpts: Excerpts) -> list[tuple[int, dict[str, Any] | None]]:
    """The indices in `tree` of the blocks for citeproc, with their excerpts; a title counts even if it has none."""
    found = [(index, excerpts.of(block)) for index, block in enumerate(tree)]
    return [(index, excerpt) for index, excerpt in found if excerpt or _is_title(tree[index])]


def _is_title(block: Any) -> bool:
    return bool(block["t"] == "Header" and block["c"][0] == 1)


def set_citations(
    excerpts: Mapping[str, Excerpt],
    *,
    bibliography: str,
    path: str,
    style: CitationStyle,
    language: Language,
    everything: bool,
    memo: Memo,
    folder: Path,
) -> Cited:
    """Sets the citations in `excerpts`; `everything` lists works that are not cited too. Raises `Faulty` where citeproc
    fails: at the style if that is to blame, else in the bibliography, the file `path`."""
    if not everything and not any(excerpt.cites for excerpt in excerpts.values()):
        return Cited()
    meta: dict[str, Any] = {
        "lang": {"t": "MetaString", "c": SORTED_LIKE.get(language.code, language.tag)},
        "link-citations": {"t": "MetaBool", "c": True},
        "suppress-bibliography": {"t": "MetaBool", "c": False},
    }
    if everything:
        meta["nocite"] = {"t": "MetaInlines", "c": [citation_of("*", "NormalCitation")]}
    blocks = ", ".join(excerpt.blocks for excerpt in excerpts.values() if excerpt.blocks)
    tree = f'{{"pandoc-api-version": [1, 23, 1], "meta": {json.dumps(meta)}, "blocks": [{blocks}]}}'

    suffix = format_of(path)

    def set_in(csl: str) -> Any:
        return pandoc.citeproc(
            tree,
            _parted,
            bibliography=bibliography_in(language, bibliography) if suffix == ".bib" else bibliography,
            suffix=suffix,
            style=_in_language(language, csl, memo),
            memo=memo,
            folder=folder,
            about=f"{language.tag}, {folder.name}",
        )

    try:
        chapters, references = set_in(style.csl or pandoc.default_style(memo))
    except pandoc.CiteprocFailed as failed:
        if style.csl and _succeeds(set_in, pandoc.default_style(memo)):
            message = f"citeproc cannot set the citations in the style `{style.name}`: {failed.reason}"
            raise Faulty([Fault(style.place, message, "citeproc-failed", "mend the style, or use another")]) from failed
        message = f"citeproc cannot set the citations: {failed.reason}"
        at = Place(path, *failed.at)
        raise Faulty([Fault(at, message, "citeproc-failed", "mend the entry that it names")]) from failed
    if language.code in ("sr", "mk") and '"csl-left-margin"' not in json.dumps(references):
        references = _own_script_first(references, latin="latn" in language.tag.lower())
    return Cited(chapters, references)


def _parted(blocks: list[Any]) -> Json:
    """The `blocks` that citeproc gives: those of each chapter by its name, as JSON, and the list of works."""
    chapters: dict[str, list[Any]] = {}
    references: list[Any] = []
    for block in blocks:
        identifier = block["c"][1 if block["t"] == "Header" else 0][0]
        if identifier.startswith(MARK):
            chapters.setdefault(identifier.removeprefix(MARK).rpartition("/")[0], []).append(block)
        elif identifier == "refs":
            references = block["c"][1]
    return [{slug: json.dumps(own) for slug, own in chapters.items()}, references]


def _succeeds(set_in: Callable[[str], object], csl: str) -> bool:
    try:
        set_in(csl)
    except pandoc.CiteprocFailed:
        return False
    return True


def _in_language(language: Language, csl: str, memo: Memo) -> str:
    inputs: dict[str, Json] = {"style": csl, "tag": language.tag, "terms": dict(language.terms)}
    inputs["words"] = dict(language.words)
    return memo("style", inputs, lambda: style_in(language, csl).encode(), about=None).decode()


def _own_script_first(entries: list[Any], *, latin: bool) -> list[Any]:
    """`entries` with those in the script of the edition first; one that begins with a dash stays behind its author."""
    parts: tuple[list[Any], list[Any]] = ([], [])
    other = False
    for entry in entries:
        first = FIRST_LETTER.search(json.dumps(entry["c"][1], ensure_ascii=False))
        if first and first[1]:
            other = ("\u0400" <= first[1] <= "\u04ff") is latin
        parts[other].append(entry)
    return parts[0] + parts[1]


@dataclass
class Excerpts:
    """Makes excerpts of blocks of pandoc's tree, and puts back the nodes left out of them."""

    _left_out: list[list[Any]] = field(default_factory=list)
    _sought: set[int] = field(default_factory=set)
    """The `id` of each node that is a citation or a note, or holds one."""

    def of(self, block: dict[str, Any]) -> dict[str, Any] | None:
        """`block`, which stays as it is, without the words that citeproc does not look at; None where it holds
        neither a citation nor a note."""
        return cast("dict[str, Any]", self._shortened(block)) if self._seek(block) else None

    def restored(self, tree: Any) -> Any:
        """`tree`, which citeproc has made of excerpts, with the words that they lack."""
        if isinstance(tree, list):
            whole: list[Any] = []
            for node in tree:
                if isinstance(node, dict) and node.get("t") == "Span" and node["c"][0][0].startswith(LEFT_OUT):
                    whole += self._left_out[int(node["c"][0][0].removeprefix(LEFT_OUT))]
                else:
                    whole.append(self.restored(node))
            return whole
        if isinstance(tree, dict) and tree.get("t") not in LEAVES:
            return {name: self.restored(part) for name, part in tree.items()}
        return tree

    def _seek(self, tree: Any) -> bool:
        """Whether `tree` holds a citation or a note; notes down the nodes that do."""
        if isinstance(tree, list):
            return bool(sum(map(self._seek, tree)))  # each of them is looked at, not the first only
        if not isinstance(tree, dict):
            return False
        kind = tree.get("t")
        if kind in LEAVES or kind in SPACES:
            return False
        found = self._seek(tree.get("c")) or kind in ("Cite", "Note")
        if found:
            self._sought.add(id(tree))
        return found

    def _shortened(self, tree: Any) -> Any:
        if isinstance(tree, list):
            if tree and all(isinstance(node, dict) and node.get("t") in INLINES for node in tree):
                return self._text(tree)
            return [self._shortened(part) for part in tree]
        if isinstance(tree, dict) and tree.get("t") != "Cite":
            return {name: self._shortened(part) for name, part in tree.items()}
        return tree

    def _text(self, inlines: list[Any]) -> list[Any]:
        """`inlines` without the words apart from citations."""
        shortened: list[Any] = []
        for is_kept, indices in groupby(range(len(inlines)), self._kept(inlines).__contains__):
            nodes = [inlines[index] for index in indices]
            if is_kept:
                shortened += [self._shortened(node) if id(node) in self._sought else node for node in nodes]
            else:
                self._left_out.append(nodes)
                shortened.append({"t": "Span", "c": [[f"{LEFT_OUT}{len(self._left_out) - 1}", [], []], []]})
        return shortened

    def _kept(self, inlines: list[Any]) -> set[int]:
        """The indices of the `inlines` that citeproc may look at."""
        kept: set[int] = set()
        for index, node in enumerate(inlines):
            if id(node) not in self._sought:
                continue
            kept.add(index)
            if node["t"] != "Note":
                kept.update(range(index - NEAR, index + NEAR + 1))
                end = index + NEAR  # it looks over marks, and over notes, to the first word
                while end < len(inlines) and not _is_word(inlines[end]):
                    end += 1
                    kept.add(end)
        if kept:
            kept.update(range(NEAR), range(len(inlines) - NEAR, len(inlines)))
        return kept


def _is_word(node: dict[str, Any]) -> bool:
    return node["t"] == "Str" and any(map(str.isalnum, node["c"]))
