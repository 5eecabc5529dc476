"""`/attention`: what a human must look at, one item at a time."""

from dataclasses import replace

from bot.domain.attention import AttentionPage
from bot.domain.ids import AttentionId, OrderId
from bot.services.attention import AttentionList
from bot.services.staff_news import StaffNews
from handlers.attention_screen import attention_screen, closed_screen
from handlers.screens import Message, Row, Screen
from handlers.staff_access import StaffCall
from handlers.staff_callbacks import StaffData, StaffTap, act, pager
from handlers.staff_chat import show
from handlers.staff_notices import render_order
from handlers.texts import Texts


class StaffAttention:
    """`time_zone` is the shop's own."""

    def __init__(self, attention: AttentionList, news: StaffNews, time_zone: str) -> None:
        self._attention = attention
        self._news = news
        self._time_zone = time_zone

    async def command(self, call: StaffCall) -> None:
        """The oldest open item, with the way to the next."""
        await self._page(call, 1)

    async def page(self, call: StaffCall, data: StaffData) -> None:
        """Another item, in the same message."""
        (page,) = data.numbers(1)
        await self._page(call, page)

    async def close(self, call: StaffCall, data: StaffData) -> None:
        """The item's message says from now on that it is done."""
        item_id, page = data.numbers(2)
        item = await self._attention.close(AttentionId(item_id), call.who)
        next_ = act(call.texts.gettext("Show what is open"), StaffTap.ATTENTION, page)
        rows: tuple[Row, ...] = ((next_,),) if page else ()
        await show(call, closed_screen(item, call.texts, self._time_zone, *rows).as_message())

    async def order(self, call: StaffCall, data: StaffData) -> None:
        """The order of an item, in a message of its own."""
        (order_id,) = data.numbers(1)
        news = await self._news.order(OrderId(order_id))
        await show(replace(call, tapped=None), render_order(news, call.texts))

    async def _page(self, call: StaffCall, page: int) -> None:
        shown = await self._attention.list_open(page, per_page=1)
        await show(call, self._message(shown, call.texts))

    def _message(self, shown: AttentionPage, texts: Texts) -> Message:
        if not shown.items:
            return Screen(texts.gettext("Nothing needs a look"), (texts.gettext("The list is empty."),)).as_message()
        row = pager(shown.page, shown.pages, texts, StaffTap.ATTENTION)
        return attention_screen(shown.items[0], texts, self._time_zone, row, page=shown.page).as_message()
