"""Rules of `/sales`: figures that fit a phone, and ways to the periods around."""

from datetime import date

import pytest
from telegram import Bot

from bot.domain.ids import ResourceId
from bot.domain.periods import Kind, Period, parse_period
from bot.domain.reports import WHOLE_SHOP, Delta
from bot.domain.sales_report import Report, report
from handlers.columns import WIDTH, width
from handlers.sales_screen import sales_message
from handlers.screens import Message
from handlers.texts import Texts, Translations
from storage import sales
from tests.handlers.staff.shop import MANAGER, StaffShop, buttons
from tests.handlers.staff.telegram import RecordedTelegram, command, tap

SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 23)
WALK, TOWN = ResourceId(1), ResourceId(2)
NAMES = {
    WALK: {"en": "Sunrise on the Semnoz", "fr": "Lever de soleil au Semnoz"},
    TOWN: {"en": "Old town by lantern", "fr": "La vieille ville à la lanterne"},
}


def week(scale: int = 1, cents: int = 0) -> Report:
    rows = [
        Delta(SUNDAY, "EUR", WHOLE_SHOP, 42, 97, 321400 * scale + cents, 11800 * scale),
        Delta(SUNDAY, "EUR", WALK, 30, 60, 148200 * scale + cents),
        Delta(SUNDAY, "EUR", TOWN, 12, 37, 59400 * scale),
    ]
    earlier = [Delta(date(2026, 11, 12), "EUR", WHOLE_SHOP, 35, 81, 270000 * scale, 3900 * scale)]
    period = parse_period(["week"], SUNDAY)
    return report(period, period.previous, rows, earlier, names=NAMES, currency="EUR")


def texts(language: str = "en") -> Texts:
    return Translations(("en", "fr")).for_(language)


def block(message: Message) -> list[str]:
    return message.html.partition("<pre>")[2].partition("</pre>")[0].splitlines()


def test_a_week_reads_as_a_block_of_figures() -> None:
    message = sales_message(week(), SUNDAY, texts())
    assert message.html.splitlines()[:2] == ["<b>Sales, 16–22 Nov 2026</b>", "Compared with 9–15 Nov 2026"]
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in block(message)] == [
        "EUR          Week  Before       ",
        "Orders         42      35  +20 %",
        "Guests         97      81  +20 %",
        "Gross      €3,214  €2,700  +19 %",
        "Refunded    −€118    −€39 +203 %",
        "Net        €3,096  €2,661  +16 %",
        "",
        "Sunrise on the Semnoz     €1,482",
        "Old town by lantern         €594",
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scale", [1, 100, 10_000, 1_000_000, 10**9])
@pytest.mark.parametrize("cents", [0, 1])
def test_no_line_is_wider_than_a_phone(language: str, scale: int, cents: int) -> None:
    lines = block(sales_message(week(scale, cents), SUNDAY, texts(language)))
    assert len(lines) >= 8
    assert max(map(width, lines)) <= WIDTH


def test_cents_are_shown_for_all_amounts_or_for_none() -> None:
    lines = block(sales_message(week(cents=5), SUNDAY, texts()))
    assert [line.split()[1:] for line in lines[3:6]] == [
        ["€3,214.05", "€2,700.00"],
        ["−€118.00", "−€39.00"],
        ["€3,096.05", "€2,661.00"],
    ]


def test_each_currency_has_its_block_and_many_resources_are_summed_up() -> None:
    rows = [Delta(SUNDAY, "CHF", WHOLE_SHOP, 1, 1, 100)]
    rows += [Delta(SUNDAY, "CHF", ResourceId(number), 1, 1, 100) for number in range(1, 40)]
    period = parse_period(["week"], SUNDAY)
    message = sales_message(report(period, period, rows, [], names={}, currency="EUR"), SUNDAY, texts())
    assert message.html.count("<pre>") == 2
    assert "and 29 more" in message.html


def test_no_button_leads_into_the_future() -> None:
    def labels(period: Period) -> list[str]:
        shown = report(period, period, [], [], names={}, currency="EUR")
        return [button.label for row in sales_message(shown, SUNDAY, texts()).rows for button in row]

    assert labels(parse_period(["week"], SUNDAY)) == ["‹", "Week ▾"]
    assert labels(parse_period(["2026-10"], SUNDAY)) == ["‹", "Month ▾", "›"]
    assert labels(Period(Kind.MONTH, date(2000, 1, 1), date(2000, 1, 31))) == ["Month ▾", "›"]


async def test_staff_walk_from_period_to_period_in_one_message(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    row = Delta(MONDAY, "EUR", WHOLE_SHOP, 1, 2, 7800)
    await shop.database.run(lambda connection: sales.add(connection, [row]))
    await shop.feed(command(bot, MANAGER, "/sales week"))
    (sent,) = telegram.made("sendMessage")
    assert "Sales, 23–29 Nov 2026" in str(sent["text"])
    assert "€78" in str(sent["text"])
    await shop.feed(tap(bot, MANAGER, buttons(sent)["‹"]))
    await shop.feed(tap(bot, MANAGER, buttons(sent)["Week ▾"], language="fr"))
    before, month = telegram.made("editMessageText")
    assert "Sales, 16–22 Nov 2026" in str(before["text"])
    assert "novembre 2026" in str(month["text"]).lower()


async def test_words_that_name_no_period_are_answered_with_what_is_possible(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    await shop.feed(command(bot, MANAGER, "/sales someday"))
    (sent,) = telegram.made("sendMessage")
    assert "2026-11-01 2026-11-15" in str(sent["text"])


async def test_a_report_whose_message_is_gone_is_sent_anew(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    await shop.feed(command(bot, MANAGER, "/sales"))
    (sent,) = telegram.made("sendMessage")
    telegram.refuse["editMessageText"] = "Bad Request: message is not modified: same"
    await shop.feed(tap(bot, MANAGER, buttons(sent)["‹"]))
    assert len(telegram.made("sendMessage")) == 1
    telegram.refuse["editMessageText"] = "Bad Request: message to edit not found"
    await shop.feed(tap(bot, MANAGER, buttons(sent)["‹"]))
    assert len(telegram.made("sendMessage")) == 2
