"""Typst syntax: escaped text, strings, lengths, languages of text and of code."""

from __future__ import annotations

import re

from impressum.core.errors import nearest
from impressum.core.languages import script_region, typst_language

SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")
"""Every sign of ASCII: also `;` and `(`, which would end or call the function before them."""
APART = "#text(size: 0.01pt)[{}]"
"""A sign that allows a break or forbids one, shaped by itself: it leaves no trace in the PDF. Shaped with a letter, it
would come with each such letter that is copied, and no search would find an address."""
URL_BREAK = re.compile(r"(?<=[^/.?=&_#%])(?=[/.?=&_#%])")
KNOWN = frozenset(
    """
    actionscript ada adb adoc ads applescript as asciidoc asm awk bash bat bazel bib bibtex bzl c c# c++ cc cfc
    cfg cfm cfml cl clj cljc cljs clojure cls cmake cmd coffee coffeescript cp cpp cpy cr crystal cs css csv cxx
    d dart desktop di diff dockerfile dot dpr ebuild eclass el elixir elm email eml erb erl erlang escript ex
    exs f f# f03 f90 fish frag fs fsi fsx gemspec gitignore glsl gnuplot go gradle graphql groff groovy gs gv h
    h++ haml haskell hcl hh hpp hrl hs htm html http hxx inc inf ini ipp j2 java javascript jinja jinja2 jl js
    json jsonnet jsp julia kotlin kt kts latex lean less lhs libsonnet lisp livescript ll llvm log ls lsp lua m
    mac mak make makefile man markdown matlab md mediawiki mk ml mli mll mly mm nasm nginx nim nix nsh nsi nsis
    objective-c objective-c++ ocaml org orgmode p pas pascal patch pc perl php php3 php4 php5 phtml pl plot plt
    pm pp properties proto protobuf puppet purescript purs pxd pxi py py3 pyi python pyw pyx qml r racket rake
    rb rbx rd re reg rego resource rest restructuredtext rhtml rkt robot rs rss rst ruby rust sass sc scala scm
    scss sh sig slim sml sol solidity sql ss sv svelte svg svh swift systemverilog t tcl terraform tex tf toml
    ts tsx twig txt typ typc typescript typst v verilog vert vim viml vue vy vyper wgsl xhtml xml xsd xslt yaml
    yml zig zsh
    """.split()
)
OTHER_NAMES = {
    "console": "bash",
    "docker": "dockerfile",
    "golang": "go",
    "jsonc": "json",
    "jsonl": "json",
    "postgresql": "sql",
    "shell": "bash",
    "shell-session": "bash",
    "sqlite": "sql",
}


def text(value: str) -> str:
    """`value` as Typst markup that prints it letter for letter."""
    return SPECIAL.sub(lambda match: "\\" + match.group(), value)


def running_text(markup: str) -> str:
    """`markup` with no line beginning with an em dash that follows a letter: the two stay together."""
    return re.sub(r"(?<=[^\s\u00a0\u2060])—", APART.format("\u2060") + "—", markup)


def string(value: str) -> str:
    """`value` as a Typst string literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def shown_address(address: str) -> str:
    """An address as it is printed: no scheme, no text fragment, room to break before `/ . ? = & _`. The name of its
    host, up to the first `/`, stays in one piece unless it is long."""
    shown = re.sub(r"^(https?://(www\.)?|mailto:)", "", address)
    shown = shown.partition("#:~:text=")[0].rstrip("/")
    host = shown.partition("/")[0]
    kept = len(host) if len(host) <= 30 else 0
    return URL_BREAK.sub(lambda found: "\u200b" if found.start() >= kept else "", shown)


def address_text(address: str) -> str:
    """`shown_address` as Typst markup that breaks before a hyphen: one at a line's end would seem to be added."""
    shown = text(shown_address(address)).replace("\\-", "\u200b\\-\u2060")
    return re.sub("[\u200b\u2060]", lambda sign: APART.format(sign[0]), shown)


def language_options(tag: str) -> str:
    """A passage's language, as `text` of Typst takes it."""
    code, region = typst_language(tag)
    region = region or script_region(tag)
    return f"lang: {string(code)}, region: {string(region) if region else 'none'}"


def boolean(value: bool) -> str:
    """`value` in Typst."""
    return "true" if value else "false"


def length(value: str) -> str:
    """The CSS length `value` in Typst, which has no pixels."""
    return f"{float(value[:-2]) * 0.75:g}pt" if value.endswith("px") else value


def typst_name(language: str) -> str | None:
    """The name under which Typst knows `language`; empty for plain text, None where it knows none."""
    name = language.lower()
    if name in ("text", "plain", "plaintext", "none", "output", "default"):
        return ""
    name = OTHER_NAMES.get(name, name)
    return name if name in KNOWN else None


def nearest_language(language: str) -> str | None:
    """The known name that `language` probably misspells."""
    return nearest(language.lower(), KNOWN)
