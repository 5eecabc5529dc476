"""A ticket's picture is read by cameras and by people, whatever the shop has called its things."""

from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from handlers.texts import Texts, Translations
from handlers.ticket_face import TicketFace
from handlers.ticket_picture import BAND, MARGIN, WIDTH, ticket_png
from handlers.tickets import ticket_face
from tests.handlers import views

LINK = "https://t.me/lac_bot?start=ci_TicketToken0TicketToken01234"
MANY = ", ".join(f"{count} travellers of the sort number {count}" for count in range(1, 30))


def face(**words: str) -> TicketFace:
    blank = TicketFace("Lac & Sentiers", "Sunrise", "Sat 12 Dec 2026, 06:00", "", "", "", "Code", "K7Q4-MZ", LINK)
    return replace(blank, **words)


def picture(shown: TicketFace) -> Image.Image:
    opened = Image.open(BytesIO(ticket_png(shown)))
    assert opened.format == "PNG"
    return opened.convert("L")


def scanned(shown: Image.Image) -> str:
    found = zxingcpp.read_barcode(shown)
    assert found is not None
    return found.text


def test_the_code_leads_to_the_bot_with_the_tickets_token(texts: Texts) -> None:
    shown = ticket_face(views.booking(), texts, "Lac & Sentiers", "lac_bot")
    assert shown.link == LINK
    assert scanned(picture(shown)) == LINK


def test_a_small_and_blurred_copy_can_still_be_scanned() -> None:
    shown = picture(face())
    small = shown.resize((WIDTH // 3, shown.height // 3)).resize((WIDTH // 2, shown.height // 2))
    assert scanned(small) == LINK


@pytest.mark.fault(44)
@pytest.mark.parametrize(
    "words",
    [
        "",
        "é" * 300,
        "word " * 200,
        MANY,
        "\u202e<b>&\x00\n\n",
        "😀" * 50,
        "日本語ツアー",
        "Ελλάδα Київ Đà Nẵng",
        "\ud800",
    ],
)
def test_no_words_break_the_picture(words: str) -> None:
    shown = picture(face(shop=words, title=words, when=words, zone=words, place=words, party=words))
    assert shown.width == WIDTH
    assert WIDTH < shown.height < 2 * WIDTH
    assert scanned(shown) == LINK


@pytest.mark.parametrize("words", ["Montée nocturne aux Glières sous les étoiles avec fondue", MANY, "W" * 120])
def test_nothing_is_written_over_the_edge(words: str) -> None:
    shown = picture(face(title=words, place=words, party=words))
    margins = [(0, BAND + 1, MARGIN // 2, shown.height), (WIDTH - MARGIN // 2, BAND + 1, WIDTH, shown.height)]
    assert [shown.crop(box).getextrema() for box in margins] == [(255, 255), (255, 255)]


def test_a_long_title_takes_more_lines_and_no_less_of_the_code() -> None:
    short, long = picture(face()), picture(face(title="Montée nocturne aux Glières sous les étoiles"))
    assert long.height > short.height


def test_accents_and_other_alphabets_are_drawn() -> None:
    blank = ticket_png(face(title=""))
    for title in ("é", "Ω", "Ж", "ộ", "œ"):
        assert ticket_png(face(title=title)) != blank, title
    assert ticket_png(face(title="😀")) == blank


def test_the_same_words_are_the_same_picture() -> None:
    assert ticket_png(face()) == ticket_png(face())
    assert face().digest == face().digest
    assert face().digest != face(when="Sat 12 Dec 2026, 07:00").digest


def test_an_item_names_no_time(translations: Translations) -> None:
    booking = views.booking()
    undated = replace(booking, ordered=replace(booking.ordered, starts_at=None, ends_at=None))
    shown = ticket_face(undated, translations.for_("en"), "Lac", "lac_bot")
    assert (shown.when, shown.zone) == ("", "")
    assert scanned(picture(shown)) == LINK
