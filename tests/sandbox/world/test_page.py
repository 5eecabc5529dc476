"""The chat page in a browser: it looks and behaves like a messenger."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox.telegram.wire import Upload
from bot.sandbox.world import TEAM_CHAT
from tests.browser import opened_page
from tests.sandbox.world.client import PIXEL, Sandbox, served_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with served_sandbox() as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    async with opened_page(chromium, sandbox.served.url) as page:
        yield page


def phone(page: Page, person: int) -> Locator:
    return page.locator(f'[data-person="{person}"]')


async def test_start_a_tap_and_an_edit_in_place(page: Page, sandbox: Sandbox) -> None:
    alice = phone(page, 1001)
    await alice.get_by_role("button", name="Start").click()
    await expect(alice.get_by_role("log")).to_contain_text("/start")
    sandbox.shop_says(1001, "<b>Choose</b>", ["Walks", "Boats"])
    bubble = alice.locator('[data-message="2"]')
    await expect(bubble.locator("strong")).to_have_text("Choose")
    await bubble.evaluate("node => { node.dataset.same = 'yes' }")
    await bubble.get_by_role("button", name="Walks").click()
    await expect(bubble.locator("[aria-busy]")).to_have_count(1)
    query = sandbox.world.telegram.unanswered(1001)[0]
    sandbox.bot("answerCallbackQuery", {"callback_query_id": query, "text": "Full", "show_alert": True})
    await expect(alice.get_by_role("alertdialog")).to_contain_text("Full")
    await page.keyboard.press("Enter")
    await expect(alice.get_by_role("alertdialog")).to_have_count(0)
    await expect(bubble.locator("[aria-busy]")).to_have_count(0)
    sandbox.bot("editMessageText", {"chat_id": 1001, "message_id": 2, "text": "Walks and tours"})
    await expect(bubble).to_contain_text("Walks and tours")
    await expect(bubble).to_have_attribute("data-same", "yes")
    await expect(bubble.get_by_role("button", name="Boats")).to_have_count(0)


async def test_foreign_text_stays_text(page: Page, sandbox: Sandbox) -> None:
    alice = phone(page, 1001)
    await alice.get_by_role("button", name="Start").click()
    nasty = '<img src=x onerror="document.title=1"> & <b>bold</b>'
    await alice.get_by_label("Message", exact=True).fill(nasty)
    await page.keyboard.press("Enter")
    await expect(alice.get_by_role("log")).to_contain_text(nasty)
    sandbox.bot("sendMessage", {"chat_id": 1001, "text": nasty})
    await expect(alice.locator(".in .words")).to_have_text(nasty)
    assert await alice.locator(".words img, .words strong").count() == 0


async def test_pictures_documents_places_and_links_are_shown(page: Page, sandbox: Sandbox) -> None:
    sandbox.world.telegram.start(1002)
    camille = phone(page, 1002)
    keyboard = {"inline_keyboard": [[{"text": "Payer", "url": "http://127.0.0.1:9/pay"}]]}
    photo = {"chat_id": 1002, "caption": "<i>Le Semnoz</i>", "parse_mode": "HTML", "reply_markup": keyboard}
    sandbox.bot("sendPhoto", photo, {"photo": Upload("a.png", PIXEL, "image/png")})
    sandbox.bot("sendDocument", {"chat_id": 1002}, {"document": Upload("billet.ics", b"x", "text/calendar")})
    place = {"chat_id": 1002, "latitude": 45.8, "longitude": 6.1, "title": "Parking", "address": "D41"}
    sandbox.bot("sendVenue", place)
    await expect(camille.locator(".photo img")).to_have_js_property("naturalWidth", 1)
    await expect(camille.locator(".words em")).to_have_text("Le Semnoz")
    await expect(camille.get_by_role("link", name="Payer")).to_have_attribute("target", "_blank")
    await expect(camille.get_by_role("link", name="billet.ics")).to_have_attribute("download", "billet.ics")
    await expect(camille.get_by_role("link", name="Parking")).to_be_visible()


async def test_sharing_asks_the_bot_and_sends_what_it_proposes(page: Page, sandbox: Sandbox) -> None:
    telegram = sandbox.world.telegram
    telegram.start(1001)
    share = {"inline_keyboard": [[{"text": "Share", "switch_inline_query": "Tour"}]]}
    sandbox.bot("sendMessage", {"chat_id": 1001, "text": "Tour", "reply_markup": share})
    sandbox.bot("getUpdates", {"offset": -1})
    alice = phone(page, 1001)
    await alice.get_by_role("button", name="Share").click()
    field = alice.get_by_label("Message", exact=True)
    await expect(field).to_have_value(f"@{telegram.username} Tour")
    while not (waiting := [each for each in sandbox.bot("getUpdates", {}) if "inline_query" in each]):
        await page.wait_for_timeout(20)
    query = waiting[0]["inline_query"]
    assert query["query"] == "Tour"
    said = {"message_text": "A tour for you"}
    result = {"type": "article", "id": "1", "title": "Tour", "description": "3 h", "input_message_content": said}
    sandbox.bot("answerInlineQuery", {"inline_query_id": query["id"], "results": [result]})
    await alice.get_by_role("button", name="3 h").click()
    await expect(alice.locator(".out .words").last).to_have_text("A tour for you")
    await expect(field).to_have_value("")


async def test_the_menu_shows_the_commands_in_the_persons_language(page: Page, sandbox: Sandbox) -> None:
    sandbox.world.telegram.start(1002)
    for language, words in (("", "My bookings"), ("fr", "Mes réservations")):
        commands = [{"command": "bookings", "description": words}]
        sandbox.bot("setMyCommands", {"commands": commands, "language_code": language})
    camille = phone(page, 1002)
    await camille.get_by_role("button", name="Menu").click()
    await camille.get_by_role("button", name="Mes réservations").click()
    await expect(camille.get_by_role("log")).to_contain_text("/bookings")


async def test_a_message_for_the_team_is_marked_unread_until_it_is_looked_at(page: Page, sandbox: Sandbox) -> None:
    noe = phone(page, 9001)
    await expect(noe.get_by_role("button", name="Team")).to_be_visible()
    sandbox.shop_says(TEAM_CHAT, "Sold")
    await expect(noe.locator(".badge").first).to_have_text("1")
    await noe.get_by_role("button", name="Team").click()
    await expect(noe.get_by_role("log", name="Team")).to_contain_text("Sold")
    await expect(noe.locator(".chats .badge")).to_have_count(0)


async def test_the_panel_pays_refunds_and_moves_the_clock(page: Page, sandbox: Sandbox) -> None:
    await sandbox.checkout()
    panel = page.get_by_role("complementary")
    await panel.get_by_role("button", name="Pay").click()
    await panel.get_by_role("button", name="Refund", exact=True).click()
    await expect(panel).to_contain_text("refunded €97.00")
    await panel.get_by_role("button", name="429").first.click()
    await panel.get_by_role("button", name="Heal").click()
    await panel.get_by_role("button", name="+1 h").click()
    await expect(panel.get_by_role("button", name="Heal")).to_have_count(0)
    row = sandbox.world.stripe.ledger()[0]
    assert (row.captured, row.refunded) == (9700, 9700)
    assert sandbox.world.clock.offset.total_seconds() == 3600


async def test_a_blocked_bot_can_be_unblocked(page: Page, sandbox: Sandbox) -> None:
    sandbox.world.telegram.start(1001)
    alice = phone(page, 1001)
    await alice.get_by_role("button", name="More").click()
    await alice.get_by_role("button", name="Block the bot", exact=True).click()
    await alice.get_by_role("button", name="Unblock the bot").click()
    await expect(alice.get_by_label("Message", exact=True)).to_be_visible()
    assert not sandbox.world.blocked


@pytest.mark.parametrize("width", [320, 360])
async def test_a_narrow_screen_shows_one_phone_at_a_time(page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 640})
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await expect(page.get_by_text("Sandbox, no real money")).to_be_visible()
    await page.get_by_role("button", name="Camille").click()
    await expect(phone(page, 1002).locator(".phone")).to_be_visible()
    await page.get_by_role("button", name="Controls").click()
    await expect(page.get_by_role("complementary")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == width
