"""What is announced to staff: a sale, a refund, something that needs a look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.attention import AttentionItem
from bot.domain.bookings import Ordered
from bot.domain.effects import Notice
from bot.domain.errors import Gone
from bot.domain.ids import AttentionId, BookingId, OrderId
from bot.domain.money import Money
from bot.domain.orders import State
from bot.domain.outbox import NoLongerTrue, OutboxMessage
from bot.domain.reviews import Review
from bot.domain.staff_news import OrderNews
from bot.services.attention import AttentionList
from bot.services.reviews import COMMENT, LOW_MARK, Reviews
from bot.services.staff_news import StaffNews
from handlers import markup
from handlers.answer_pages import fit_together
from handlers.answer_words import answer_lines
from handlers.attention_screen import attention_screen
from handlers.message_data import amount, number
from handlers.ports import Renderers
from handlers.screens import Message, Screen
from handlers.staff_answers import way_to_answers
from handlers.staff_names import shown_name
from handlers.stay_words import moment_of
from handlers.texts import N_, Texts

_STATES = {
    State.HELD: N_("Held, not paid yet"),
    State.AWAITING_PAYMENT: N_("Held, not paid yet"),
    State.PROCESSING: N_("The bank is still confirming the payment"),
    State.CLOSING: N_("Being closed"),
    State.PAID: N_("Paid"),
    State.EXPIRED: N_("Expired without payment"),
    State.CANCELLED: N_("Cancelled before payment"),
    State.FAILED: N_("The payment failed"),
    State.REFUNDED: N_("Refunded in full"),
}


def render_sale(news: OrderNews, texts: Texts) -> Message:
    """A sale, with who comes to what."""
    return _announced(texts.gettext("Sold, {amount}", amount=texts.money(news.total)), news, texts)


def render_refund(news: OrderNews, amount: Money, texts: Texts) -> Message:
    """Money that went back, with the order that it was for."""
    return _announced(texts.gettext("Refunded, {amount}", amount=texts.money(amount)), news, texts)


def render_comment(news: OrderNews, review: Review, texts: Texts) -> Message:
    """What a guest says about a visit, with its mark."""
    title = texts.gettext("{stars} of 5 from a guest", stars=review.stars)
    return _announced(title, news, texts, markup.gap(markup.line(review.comment or "")))


def render_cancelled(news: OrderNews, amount: Money, texts: Texts) -> Message:
    """A customer has cancelled a booking; its seats are free."""
    if amount.is_zero:
        return _announced(texts.gettext("Cancelled, nothing goes back"), news, texts)
    return _announced(texts.gettext("Cancelled, {amount} goes back", amount=texts.money(amount)), news, texts)


def render_moved(news: OrderNews, amount: Money, texts: Texts) -> Message:
    """A customer has moved a booking to what stands here."""
    if amount.minor < 0:
        money = texts.gettext("{amount} was paid on top.", amount=texts.money(-amount))
    else:
        money = "" if amount.is_zero else texts.gettext("{amount} goes back.", amount=texts.money(amount))
    return _announced(texts.gettext("Moved to another date"), news, texts, money)


def render_order(news: OrderNews, texts: Texts) -> Message:
    """An order as it is now."""
    refunded = "" if news.refunded.is_zero else texts.gettext("Refunded {amount}", amount=texts.money(news.refunded))
    total = texts.gettext("Total {amount}", amount=texts.money(news.total))
    return _announced(texts.gettext(_STATES[news.state]), news, texts, total, refunded)


def _announced(title: str, news: OrderNews, texts: Texts, *more: str) -> Message:
    """With all answers of the guests, or with the way to them: nobody must take those that fitted for all there are."""
    whole = [*_about(news, texts, answers=True), *more]
    if fit_together(whole) or not any(ordered.answers for ordered in news.ordered):
        return Screen(title, tuple(whole)).as_message()
    rows = (way_to_answers(news.order_id, texts),)
    return Screen(title, (*_about(news, texts, answers=False), *more), rows).as_message()


def _about(news: OrderNews, texts: Texts, *, answers: bool) -> tuple[str, ...]:
    lines = [line for ordered in news.ordered for line in _ordered(ordered, texts, answers=answers)]
    name = shown_name(news.name, markup.LABEL, texts)
    return (*lines, texts.gettext("{name}, order {code}", name=name, code=news.code))


def _ordered(ordered: Ordered, texts: Texts, *, answers: bool) -> tuple[str, ...]:
    counted = texts.listing([texts.counted(fare.counted, fare.quantity) for fare in ordered.fares])
    said = answer_lines(ordered.answers, texts)
    if said and not answers:
        said = (texts.ngettext("{count} answer", "{count} answers", len(said)),)
    return (texts.own(ordered.name), moment_of(ordered, texts), counted, *said)


@dataclass(frozen=True)
class StaffRenderers:
    """Makes the announcements of the outbox from what is true when they are sent."""

    news: StaffNews
    attention: AttentionList
    reviews: Reviews
    texts: Texts
    time_zone: str

    @property
    def by_kind(self) -> Renderers:
        return {
            Notice.STAFF_SALE: self.sale,
            Notice.STAFF_REFUND: self.refund,
            Notice.STAFF_CANCELLED: self.cancelled,
            Notice.STAFF_MOVED: self.moved,
            "attention": self.item,
            COMMENT: self.comment,
            LOW_MARK: self.comment,
        }

    async def sale(self, message: OutboxMessage) -> Message:
        return render_sale(await self._order(message.data), self.texts)

    async def refund(self, message: OutboxMessage) -> Message:
        return render_refund(await self._order(message.data), amount(message.data), self.texts)

    async def cancelled(self, message: OutboxMessage) -> Message:
        return render_cancelled(_part(await self._order(message.data), message.data), amount(message.data), self.texts)

    async def moved(self, message: OutboxMessage) -> Message:
        return render_moved(_part(await self._order(message.data), message.data), amount(message.data), self.texts)

    async def item(self, message: OutboxMessage) -> Message:
        """An item that somebody has closed meanwhile is not announced any more."""
        found: AttentionItem = await self.attention.show(AttentionId(number(message.data, "attention_id")))
        if not found.is_open:
            raise NoLongerTrue
        return attention_screen(found, self.texts, self.time_zone).as_message()

    async def comment(self, message: OutboxMessage) -> Message:
        """Of an order of several things, about that which was visited. What was taken back meanwhile raises Gone."""
        said = await self.reviews.for_staff(BookingId(number(message.data, "booking_id")), message.kind)
        about = {"inventory_id": said.booking.ordered.inventory_id}
        return render_comment(_part(await self.news.order(said.booking.order_id), about), said.review, self.texts)

    async def _order(self, data: Mapping[str, object]) -> OrderNews:
        try:
            return await self.news.order(OrderId(number(data, "order_id")))
        except Gone as gone:
            raise NoLongerTrue from gone


def _part(news: OrderNews, data: Mapping[str, object]) -> OrderNews:
    """Of an order of several things only what the message is about, if it is still a part of it."""
    about = tuple(each for each in news.ordered if data.get("inventory_id") == each.inventory_id)
    return replace(news, ordered=about or news.ordered)
