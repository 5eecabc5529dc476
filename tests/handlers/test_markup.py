"""Whatever people are called, a message is harmless and as long as Telegram takes it."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import markup

pytestmark = pytest.mark.fault(44)
NASTY = st.text(alphabet=st.sampled_from("a<>&\"'😀\u202e\u200f\u0000\u0301é\n \ud800"), max_size=1500)


@given(st.lists(NASTY, min_size=1, max_size=8))
def test_a_caption_is_never_longer_than_telegram_takes(parts: list[str]) -> None:
    said = markup.paragraphs(parts[0], *parts[1:])
    shown = unescape(said.removeprefix("<b>").replace("</b>", "", 1))
    assert markup.units(shown) <= markup.CAPTION


@given(NASTY)
def test_foreign_text_brings_no_markup(text: str) -> None:
    said = markup.paragraphs("Title", text)
    assert said.startswith("<b>Title</b>")
    assert "<" not in said.removeprefix("<b>Title</b>")


@given(NASTY)
def test_hidden_signs_are_dropped(text: str) -> None:
    assert not set(markup.clean(text)) & set("\u202e\u200f\u0000\ud800")


@given(NASTY, st.integers(min_value=1, max_value=50))
def test_cutting_never_splits_a_character(text: str, most: int) -> None:
    short = markup.cut(markup.clean(text), most)
    assert markup.units(short) <= most
    short.encode()


@given(NASTY)
def test_a_button_always_says_something(text: str) -> None:
    assert markup.label(text).strip()
    assert "\n" not in markup.label(text)


def test_families_stay_together() -> None:
    assert markup.clean("👩‍👩‍👧 é ñ") == "👩‍👩‍👧 é ñ"


def test_what_is_longest_gives_way() -> None:
    said = markup.paragraphs("Title", "x" * 3000, "The code: K7Q4-MZ")
    assert said.endswith("…\nThe code: K7Q4-MZ")


def test_an_empty_block_leaves_no_line() -> None:
    assert markup.paragraphs("Title", "", markup.gap(""), "end") == "<b>Title</b>\nend"
