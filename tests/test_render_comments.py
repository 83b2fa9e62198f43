"""A text with comments and no other tags is rendered without a child, and as Jinja would."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from impressum.stages.render.batch import without_comments
from impressum.stages.render.child import Renderer
from impressum.stages.render.job import Job, Template
from impressum.stages.render.protect import protect

PIECES = (
    "a",
    "b c",
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "{## c ##}",
    "{## d\ne ##}",
    "{####}",
    "> ",
    "- ",
    "`{##`",
    "\u00a0",
)


@settings(max_examples=200)
@given(text=st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_text_with_comments_alone_is_what_jinja_makes_of_it(text: str) -> None:
    shielded = protect(text)
    (outcome,) = Renderer(Job("markdown", (Template("a.md", shielded, "en"),), {}, {}, 10, 1000)).render()
    assert without_comments(shielded) == (outcome.text, outcome.origins)


def test_a_comment_alone_on_its_line_takes_the_line_with_it() -> None:
    assert without_comments("a\n  {## b\nc ##}\nd {## e ##}\nf") == ("a\nd \nf", ((0, 1), (0, 4), (0, 5)))


def test_other_tags_are_left_to_jinja() -> None:
    assert without_comments("{## a ##}{{ b }}") is None
    assert without_comments("{% if a %}{## b ##}{% endif %}") is None
    assert without_comments("{## never closed") is None
    assert without_comments("a {##- b ##}") is None
    assert without_comments("a {## b -##} c") is None
