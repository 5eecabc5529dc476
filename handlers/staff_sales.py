"""`/sales`: how the shop is doing."""

from datetime import date

from bot.domain.errors import OutOfDate
from bot.domain.periods import BadPeriod, Kind, Period, period_with
from bot.services.sales import Sales
from handlers.sales_screen import sales_message
from handlers.screens import Screen
from handlers.staff_access import StaffCall
from handlers.staff_callbacks import StaffData
from handlers.staff_chat import show


class StaffSales:
    def __init__(self, sales: Sales) -> None:
        self._sales = sales

    async def command(self, call: StaffCall) -> None:
        """The period that the words name, or what can be named."""
        texts = call.texts
        try:
            report = await self._sales.asked(call.words)
        except BadPeriod:
            help_ = texts.gettext(
                "Name a day, a month or two days: today, yesterday, week, month, 2026-11, 2026-11-20, "
                "or 2026-11-01 2026-11-15."
            )
            await show(call, Screen(texts.gettext("I do not know that period"), (help_,)).as_message())
        else:
            await show(call, sales_message(report, self._sales.today, texts))

    async def press(self, call: StaffCall, data: StaffData) -> None:
        """Another period, in the same message."""
        report = await self._sales.report(_period(data))
        await show(call, sales_message(report, self._sales.today, call.texts))


def _period(data: StaffData) -> Period:
    """The period that a button names; raises OutOfDate."""
    index, first, last = data.numbers(3)
    try:
        kind = list(Kind)[index]
        period = Period(kind, date.fromordinal(first), date.fromordinal(last))
        if kind is not Kind.SPAN and period != period_with(kind, period.first):
            raise OutOfDate
    except (BadPeriod, ValueError, OverflowError, IndexError) as error:
        raise OutOfDate from error
    return period
