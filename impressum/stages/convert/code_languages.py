"""The languages of code that Typst 0.15 colours, by the names that it knows."""

from __future__ import annotations

from impressum.core.errors import nearest

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
PLAIN = frozenset({"text", "plain", "plaintext", "none", "output", "default"})
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


def typst_name(language: str) -> str | None:
    """The name under which Typst knows `language`; empty for plain text, None where it knows none."""
    name = language.lower()
    if name in PLAIN:
        return ""
    name = OTHER_NAMES.get(name, name)
    return name if name in KNOWN else None


def nearest_language(language: str) -> str | None:
    """The known name that `language` was probably meant to be."""
    return nearest(language.lower(), KNOWN)
