"""The living message is edited as little as possible and replaced when it is gone; pictures are uploaded once."""

from dataclasses import replace

import pytest

from bot.domain.ids import MediaId
from handlers.presenter import Place, Presenter
from handlers.screens import Screen, home_row
from handlers.texts import Translations
from tests.handlers.counter import ADA, BANNER, PHOTO, Counter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_only_the_caption_is_edited_where_the_picture_stays(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    await counter.press(ADA, "🥾")
    assert counter.calls("editMessageCaption") == 1
    assert counter.calls("editMessageMedia") == 0
    await counter.press(ADA, "Sunrise")
    assert counter.calls("editMessageMedia") == 1
    await counter.press(ADA, "Choose a date")
    assert counter.calls("editMessageCaption") == 2


async def test_after_a_restart_the_picture_is_edited_too(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    shown = counter.screen(ADA)
    fresh = Presenter(counter.pictures)
    await fresh.show(counter.application.bot, Place(ADA, shown.id), Screen("Words"))
    assert counter.calls("editMessageMedia") == 1
    assert counter.screen(ADA).text == "Words"


async def test_a_picture_is_uploaded_once(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    first = await counter.desk.browsing.file_id(MediaId(BANNER))
    await counter.say(ADA, "/start")
    assert first is not None
    assert counter.screen(ADA).photo == first


async def test_a_picture_that_telegram_has_forgotten_is_uploaded_again(counter: Counter) -> None:
    await counter.desk.browsing.remember_file_id(MediaId(BANNER), "AgAC-of-another-bot")
    await counter.desk.browsing.remember_file_id(MediaId(PHOTO), "AgAC-of-another-bot")
    await counter.say(ADA, "/start r_sunrise")
    assert counter.screen(ADA).photo
    await counter.press(ADA, "Back")
    assert counter.screen(ADA).text.startswith("Walks")
    assert await counter.desk.browsing.file_id(MediaId(PHOTO)) != "AgAC-of-another-bot"


@pytest.mark.fault(29)
async def test_a_message_that_is_gone_is_sent_anew(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    shown = counter.screen(ADA)
    data = shown.keyboard[0][0].value
    counter.telegram.delete_message(ADA, shown.id)
    await counter.forge(ADA, data, shown.id)
    assert counter.screen(ADA).text.startswith("Walks")
    assert counter.screen(ADA).id != shown.id


async def test_the_same_screen_again_is_no_mistake(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    shown = counter.screen(ADA)
    await counter.press(ADA, "🥾")
    for _ in range(2):
        await counter.forge(ADA, "1:h", shown.id)
    assert counter.screen(ADA).text == shown.text
    assert len(counter.messages(ADA)) == 1


async def test_a_shop_without_pictures_writes_in_text(counter: Counter, translations: Translations) -> None:
    presenter = Presenter(counter.pictures)
    counter.telegram.start(ADA)
    await presenter.send(counter.application.bot, ADA, Screen("Words", rows=(home_row(translations.for_("en")),)), None)
    assert counter.screen(ADA).kind == "text"


LONG = Screen("Much", ("word " * 300,), whole=True)


async def test_what_no_caption_can_hold_is_a_text_in_place_of_the_picture(counter: Counter) -> None:
    presenter = Presenter(counter.pictures)
    counter.telegram.start(ADA)
    await presenter.show(counter.application.bot, Place(ADA), Screen("Words"))
    picture = counter.screen(ADA)
    await presenter.show(counter.application.bot, Place(ADA, picture.id), LONG)
    (text,) = counter.messages(ADA)
    assert (text.kind, len(text.text)) == ("text", len("Much\n" + "word " * 300) - 1)


async def test_a_text_becomes_other_words_and_a_picture_again_by_an_edit(counter: Counter) -> None:
    presenter, bot = Presenter(counter.pictures), counter.application.bot
    counter.telegram.start(ADA)
    await presenter.show(bot, Place(ADA), LONG)
    text = counter.screen(ADA)
    for screen in (replace(LONG, title="More"), replace(LONG, title="More"), Screen("Words")):
        await presenter.show(bot, Place(ADA, text.id), screen)
    (shown,) = counter.messages(ADA)
    assert (shown.id, shown.kind, shown.text) == (text.id, "photo", "Words")


async def test_two_taps_on_a_picture_that_becomes_a_text_show_one_text(counter: Counter) -> None:
    presenter, bot = Presenter(counter.pictures), counter.application.bot
    counter.telegram.start(ADA)
    await presenter.show(bot, Place(ADA), Screen("Words"))
    tapped = Place(ADA, counter.screen(ADA).id)
    await presenter.show(bot, tapped, LONG)
    await presenter.show(bot, tapped, replace(LONG, title="More"))
    assert [message.text[:4] for message in counter.messages(ADA)] == ["More"]


async def test_after_a_restart_a_picture_gives_way_to_a_text_too(counter: Counter) -> None:
    counter.telegram.start(ADA)
    bot = counter.application.bot
    await Presenter(counter.pictures).show(bot, Place(ADA), Screen("Words"))
    await Presenter(counter.pictures).show(bot, Place(ADA, counter.screen(ADA).id), LONG)
    assert [message.kind for message in counter.messages(ADA)] == ["text"]


async def test_what_was_shown_is_not_remembered_for_ever(counter: Counter) -> None:
    presenter = Presenter(counter.pictures, remembered=2)
    counter.telegram.start(ADA)
    for _ in range(4):
        await presenter.show(counter.application.bot, Place(ADA), Screen("Words"))
    first = counter.messages(ADA)[0]
    await presenter.show(counter.application.bot, Place(ADA, first.id), Screen("Other words"))
    assert counter.calls("editMessageMedia") == 1
