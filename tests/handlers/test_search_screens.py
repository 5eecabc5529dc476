"""Search, inline results and links without a shop behind them: what Telegram takes, and what is read from a link."""

from datetime import date

import pytest

from bot.domain.catalogue import FoundPage, Teaser
from bot.domain.ids import MediaId
from bot.domain.search import MOST_BYTES
from handlers import markup
from handlers.callbacks import MOST_BYTES as BUTTON_BYTES
from handlers.cards import link_to
from handlers.inline import article
from handlers.links import Link, read
from handlers.search import asking_screen, found_screen, nothing_screen
from handlers.texts import Texts
from tests.handlers import views


def test_the_longest_question_fits_into_every_button(texts: Texts) -> None:
    rows = views.page().rows
    for question in ("x" * MOST_BYTES, "é" * (MOST_BYTES // 2)):
        screen = found_screen(FoundPage(question, rows, 999, 99, 100), texts)
        data = [button.data for row in screen.rows for button in row if button.data]
        assert all(len(each.encode()) <= BUTTON_BYTES for each in data)


@pytest.mark.fault(44)
@pytest.mark.parametrize("words", ["Sunrise", "<i>\u202e&" * 1000, "😀" * 5000, ""])
def test_every_screen_of_the_search_is_one_that_telegram_takes(texts: Texts, words: str) -> None:
    rows = views.page(words).rows
    for screen in (
        asking_screen(texts),
        found_screen(FoundPage("<i>&😀", rows, 3, 1, 1), texts),
        nothing_screen("<i>&😀", (views.category(words),), texts),
    ):
        assert markup.units(screen.caption) <= markup.CAPTION + 5 * screen.caption.count("&") + len("<b></b>")
        assert "<i>" not in screen.caption
        assert all(button.built() for row in screen.rows for button in row)


@pytest.mark.fault(44)
@pytest.mark.parametrize("words", ["Sunrise", "<i>\u202e&" * 1000, "😀" * 5000, ""])
def test_every_result_is_one_that_telegram_takes(texts: Texts, words: str) -> None:
    for row in views.page(words).rows:
        made = article(
            Teaser(row, views.both(words), views.both(words), MediaId(2)), texts, "b", "https://shop.example"
        )
        assert 0 < len(made.title) <= 64
        assert len(made.description or "") <= 200
        assert "\u202e" not in made.title + (made.description or "")
        assert made.thumbnail_url == "https://shop.example/media/2"


def test_without_a_public_address_or_a_photo_there_is_no_thumbnail(texts: Texts) -> None:
    teaser = Teaser(views.page().rows[0], views.both("x"), views.both("y"), MediaId(2))
    for nowhere in ("", "http://127.0.0.1:8080"):
        assert article(teaser, texts, "b", nowhere).thumbnail_url is None
    without = Teaser(teaser.row, teaser.description, teaser.place, None)
    assert article(without, texts, "b", "https://shop.example").thumbnail_url is None


@pytest.mark.parametrize(
    ("payload", "link"),
    [
        ("r_sunrise", Link("sunrise")),
        ("r_semnoz-2_20261212", Link("semnoz-2", date(2026, 12, 12))),
        ("r_sunrise_20261340", Link("sunrise")),
        ("r_sunrise_00000101", Link("sunrise")),
        ("r_" + "a" * 40 + "_99991231", Link("a" * 40, date(9999, 12, 31))),
        ("r_sunrise_2026121", None),
        ("r_sunrise_20261212_", None),
        ("r_sunrise_٢٠٢٦١٢١٢", None),
        ("r_", None),
        ("R_sunrise", None),
        ("", None),
    ],
)
def test_a_link_names_a_slug_and_perhaps_a_day(payload: str, link: Link | None) -> None:
    assert read(payload) == link


def test_a_link_with_a_day_fits_into_what_telegram_takes() -> None:
    assert len(("r_" + "a" * 40 + "_20261212").encode()) <= 64
    assert link_to("shop_bot", "sunrise") == "https://t.me/shop_bot?start=r_sunrise"
