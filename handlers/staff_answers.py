"""What guests have answered about an order, in full, where its announcement has no room for it."""

from dataclasses import replace

from bot.domain.bookings import Ordered
from bot.domain.ids import OrderId
from bot.domain.staff_news import OrderNews
from bot.services.staff_news import StaffNews
from handlers import markup
from handlers.answer_pages import Entry, paged
from handlers.answer_words import answer_lines
from handlers.screens import Message, Row, Screen
from handlers.staff_access import StaffCall
from handlers.staff_callbacks import StaffData, StaffTap, act, pager
from handlers.staff_chat import show
from handlers.staff_names import shown_name
from handlers.stay_words import moment_of
from handlers.texts import Texts

PER_PAGE = 10


class StaffAnswers:
    def __init__(self, news: StaffNews) -> None:
        self._news = news

    async def press(self, call: StaffCall, data: StaffData) -> None:
        """A page of an order's answers; the first tap, which asks for page 0, leaves the announcement as it is."""
        order_id, page = data.numbers(2)
        news = await self._news.order(OrderId(order_id))
        await show(call if page else replace(call, tapped=None), answers_message(news, page, call.texts))


def answers_message(news: OrderNews, page: int, texts: Texts) -> Message:
    """A page that does not exist becomes the nearest one."""
    parts = paged((_entry(part, ordered, texts) for part, ordered in enumerate(news.ordered)), PER_PAGE) or [[]]
    shown = min(max(page, 1), len(parts))
    title = texts.gettext("{name}, order {code}", name=shown_name(news.name, markup.LABEL, texts), code=news.code)
    row = pager(shown, len(parts), texts, StaffTap.ANSWERS, news.order_id)
    return Screen(title, tuple(parts[shown - 1]), (row,)).as_message()


def way_to_answers(order_id: OrderId, texts: Texts) -> Row:
    """From an announcement that could not show them."""
    return (act(texts.gettext("Show the answers"), StaffTap.ANSWERS, order_id, 0),)


def _entry(part: int, ordered: Ordered, texts: Texts) -> Entry:
    about = [line for line in (texts.own(ordered.name), moment_of(ordered, texts)) if line]
    counted = texts.listing([texts.counted(fare.counted, fare.quantity) for fare in ordered.fares])
    return Entry(part, "\n".join(about), counted, answer_lines(ordered.answers, texts))
