"""Rules of a catalogue that an owner sends in the chat."""

import io
import zipfile

import pytest
from telegram import Bot

from bot.domain.catalogue_changes import Change, ChangeKind
from bot.domain.catalogue_entries import CatalogueMistake, CatalogueMistakes
from handlers.uploads import MOST_BYTES, BadUpload, Upload, unpacked
from tests.handlers.staff.shop import OWNER, StaffShop, buttons
from tests.handlers.staff.telegram import RecordedTelegram, document, tap

CHANGES = (
    Change(ChangeKind.ADDED, "resource", "sunrise"),
    Change(ChangeKind.CHANGED, "fare", "town/adult", "price", "18.00", "<19.00>"),
)


def archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


async def sent(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, content: bytes = b"format = 1"
) -> dict[str, object]:
    telegram.files["file-1"] = content
    await shop.feed(document(bot, OWNER, "shop.toml"))
    return telegram.made("sendMessage")[-1]


async def test_the_shop_shows_what_would_change_and_takes_it_at_a_word(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    shop.catalogue.changes = CHANGES
    offer = await sent(shop, telegram, bot)
    assert "~ fare town/adult price: 18.00 → &lt;19.00&gt;" in str(offer["text"])
    assert list(buttons(offer)) == ["Apply", "Discard"]
    assert shop.catalogue.applied == []
    await shop.feed(tap(bot, OWNER, buttons(offer)["Apply"]))
    assert shop.catalogue.applied == [(b"format = 1", {}, OWNER)]
    await shop.feed(tap(bot, OWNER, buttons(offer)["Apply"]))
    done, again = telegram.made("editMessageText")
    assert "Done" in str(done["text"])
    assert "out of date" in str(again["text"])
    assert len(shop.catalogue.applied) == 1


async def test_a_discarded_file_changes_nothing(shop: StaffShop, telegram: RecordedTelegram, bot: Bot) -> None:
    shop.catalogue.changes = CHANGES
    offer = await sent(shop, telegram, bot)
    await shop.feed(tap(bot, OWNER, buttons(offer)["Discard"]))
    await shop.feed(tap(bot, OWNER, buttons(offer)["Apply"]))
    assert shop.catalogue.applied == []
    assert "Discarded" in str(telegram.made("editMessageText")[0]["text"])


async def test_the_button_of_an_earlier_file_does_nothing(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    shop.catalogue.changes = CHANGES
    earlier = await sent(shop, telegram, bot, b"one")
    await sent(shop, telegram, bot, b"two")
    await shop.feed(tap(bot, OWNER, buttons(earlier)["Apply"]))
    assert shop.catalogue.applied == []


async def test_what_would_change_is_shown_anew_when_the_shop_has_moved_on(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    shop.catalogue.changes = CHANGES
    offer = await sent(shop, telegram, bot)
    shop.catalogue.changes = CHANGES[:1]
    await shop.feed(tap(bot, OWNER, buttons(offer)["Apply"]))
    assert shop.catalogue.applied == []
    (anew,) = telegram.made("editMessageText")
    assert "1 change" in str(anew["text"])
    await shop.feed(tap(bot, OWNER, buttons(anew)["Apply"]))
    assert len(shop.catalogue.applied) == 1


async def test_a_file_that_changes_nothing_has_no_buttons(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    offer = await sent(shop, telegram, bot)
    assert "Nothing would change" in str(offer["text"])
    assert buttons(offer) == {}


@pytest.mark.parametrize("count", [1, 200])
async def test_every_mistake_is_told(shop: StaffShop, telegram: RecordedTelegram, bot: Bot, count: int) -> None:
    shop.catalogue.refusal = CatalogueMistakes(
        CatalogueMistake(f"resource[{index}].kind", '"event" or "item"') for index in range(count)
    )
    await sent(shop, telegram, bot)
    told = "".join(str(call["text"]) for call in telegram.made("sendMessage"))
    assert all(f"resource[{index}].kind" in told for index in range(count))
    assert all(len(str(call["text"])) < 4096 for call in telegram.made("sendMessage"))
    assert "nothing was changed" in told


async def test_mistakes_that_appear_at_the_last_moment_are_told_too(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    shop.catalogue.changes = CHANGES
    offer = await sent(shop, telegram, bot)
    shop.catalogue.refusal = CatalogueMistakes([CatalogueMistake("resource[0].stock", "at least 3")])
    await shop.feed(tap(bot, OWNER, buttons(offer)["Apply"]))
    assert "at least 3" in str(telegram.made("editMessageText")[0]["text"])


async def test_many_changes_are_shown_as_far_as_they_fit(shop: StaffShop, telegram: RecordedTelegram, bot: Bot) -> None:
    shop.catalogue.changes = [Change(ChangeKind.ADDED, "resource", f"r{index}", after="x" * 500) for index in range(99)]
    offer = await sent(shop, telegram, bot)
    assert "99 changes" in str(offer["text"])
    assert "and 82 more" in str(offer["text"])


async def test_a_file_that_is_too_large_or_broken_is_not_read(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    large = {"file_id": "file-1", "file_unique_id": "u1", "file_name": "shop.zip", "file_size": MOST_BYTES + 1}
    await shop.feed(document(bot, OWNER, "shop.zip", document=large))
    assert telegram.made("getFile") == []
    telegram.files["file-1"] = b"no archive"
    await shop.feed(document(bot, OWNER, "shop.zip"))
    assert ["cannot read" in str(call["text"]) for call in telegram.made("sendMessage")] == [True, True]


def test_an_archive_holds_one_catalogue_with_its_pictures() -> None:
    packed = archive(shop__catalogue_toml=b"x", shop__pictures__a_jpg=b"a", other_jpg=b"o", shop__notes_txt=b"n")
    assert unpacked("SHOP.ZIP", packed) == Upload(b"x", {"pictures/a.jpg": b"a"})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        archive(),
        archive(a_toml=b"", b_toml=b""),
        archive(a_toml=b"x" * (3 * 1024 * 1024)),
        archive(a_toml=b"x", b_jpg=bytes(70 * 1024 * 1024)),
        archive(a_toml=b"x", **{f"n{index}_jpg": b"" for index in range(301)}),
        archive(a_toml=b"some words")[:40],
    ],
    ids=["nothing", "empty", "two catalogues", "long catalogue", "large picture", "many pictures", "cut off"],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(BadUpload):
        unpacked("shop.zip", content)


def test_a_catalogue_file_has_its_limit() -> None:
    with pytest.raises(BadUpload):
        unpacked("shop.toml", b"x" * (3 * 1024 * 1024))
