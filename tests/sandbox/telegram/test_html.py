"""Messages in HTML: what is allowed becomes entities, everything else is refused with the reason."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram.markup import Entity, Words, parse_html
from bot.sandbox.telegram.rendering import to_html
from bot.sandbox.telegram.wire import BadRequest

GOOD = [
    ("a <b>bold</b> word", "a bold word", [("bold", 2, 4)]),
    ("<i><u>x</u>y</i>", "xy", [("italic", 0, 2), ("underline", 0, 1)]),
    ("🥾 <s>x</s>", "🥾 x", [("strikethrough", 3, 1)]),
    ("&lt;b&gt; &amp; &quot;&#65;&#x42;", '<b> & "AB', []),
    ('<a href="https://a.example/?x=1&amp;y=2">go</a>', "go", [("text_link", 0, 2)]),
    ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
    ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
    ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
    ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
    ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
    ("<b></b>empty", "empty", []),
    ("<STRONG>x</STRONG>", "x", [("bold", 0, 1)]),
]
BAD = [
    ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
    ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("a < b", 'Unescaped "<" at byte offset 2'),
    ("a > b", 'Unescaped ">" at byte offset 2'),
    ("Tom & Ann", 'Unescaped "&" at byte offset 4'),
    ("&nbsp;", 'Unsupported entity "&nbsp;" at byte offset 0'),
    ("&#0;", 'Invalid character "&#0;" at byte offset 0'),
    ("&#xD800;", 'Invalid character "&#xD800;" at byte offset 0'),
    ("<a>x</a>", 'Tag "a" must have attribute "href"'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
    ("<tg-emoji>x</tg-emoji>", 'Tag "tg-emoji" must have attribute "emoji-id"'),
    ('<a href="x>x</a>', "Unclosed start tag at byte offset 0"),
    ("<code><b>x</b></code>", 'Tag "b" inside code or pre at byte offset 6'),
    ("<b><code>x</code></b>", 'Tag "code" inside other formatting at byte offset 3'),
    ("<blockquote><blockquote>x</blockquote></blockquote>", "Nested blockquote at byte offset 12"),
]


@pytest.mark.parametrize(("source", "plain", "entities"), GOOD)
def test_allowed_markup_becomes_entities(source: str, plain: str, entities: list[tuple[str, int, int]]) -> None:
    words = parse_html(source)
    assert words.text == plain
    assert [(entity.type, entity.offset, entity.length) for entity in words.entities] == entities


@pytest.mark.parametrize(("source", "says"), BAD)
def test_wrong_markup_is_refused_with_its_place(source: str, says: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {says}"


def test_links_and_languages_keep_their_details() -> None:
    link = parse_html('<a href="https://a.example/?x=1&amp;y=2">go</a>').entities[0]
    assert link.as_json()["url"] == "https://a.example/?x=1&y=2"
    code = parse_html('<pre><code class="language-py">x</code></pre>').entities[0]
    assert code.as_json()["language"] == "py"


def test_a_page_gets_escaped_html() -> None:
    words = parse_html('<b>1 &lt; 2</b> <a href="https://a.example/?&quot;">x</a> <blockquote>🥾<i>y</i></blockquote>')
    assert to_html(words) == (
        '<b>1 &lt; 2</b> <a href="https://a.example/?&quot;" rel="noreferrer" target="_blank">x</a> '
        "<blockquote>🥾<i>y</i></blockquote>"
    )


def test_a_link_that_is_no_address_is_shown_as_text() -> None:
    assert to_html(parse_html('<a href="javascript:alert(1)">x</a>')) == "x"


def test_entities_that_cross_are_left_out() -> None:
    words = Words("abcd", (Entity("bold", 0, 3), Entity("italic", 2, 2)))
    assert to_html(words) == "<b>abc</b>d"


@given(st.text(alphabet="<>/&;#x=\"' abip1é🥾", max_size=60))
def test_no_source_does_worse_than_be_refused(source: str) -> None:
    with suppress(BadRequest):
        shown = to_html(parse_html(source))
        assert shown.count("<") == shown.count(">")
