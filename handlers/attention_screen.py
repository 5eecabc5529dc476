"""One item of the attention list: what happened, since when, about which order, and what one can do."""

import re

from bot.domain.attention import AttentionItem
from bot.domain.effects import Concern
from handlers import markup
from handlers.screens import Row, Screen
from handlers.staff_callbacks import StaffTap, act
from handlers.staff_names import shown_name
from handlers.texts import N_, Texts

MOST_DETAIL = 300
STRIPE_ID = re.compile(r"\b(?:cs|pi|re|pyr|ch|py|dp|du|evt)_[A-Za-z0-9_]+")

TITLES = {
    Concern.AMOUNT_MISMATCH: N_("A payment of another amount than was asked for"),
    Concern.UNMATCHED_PAYMENT: N_("A payment that belongs to no order"),
    Concern.WRONG_MODE: N_("A test payment in the live shop, or the other way round"),
    Concern.DASHBOARD_REFUND: N_("A refund was made in Stripe"),
    Concern.FAILED_REFUND: N_("A refund did not arrive"),
    Concern.DISPUTE: N_("A customer disputes a payment"),
    Concern.DEAD_MESSAGE: N_("A message could not be delivered"),
    Concern.BAD_EVENT: N_("An event from Stripe could not be handled"),
    Concern.REFUSED_CHECKOUT: N_("Stripe refused to open a payment page"),
    Concern.TWO_POLLERS: N_("Another program answers for this bot"),
}
ADVICE = {
    Concern.AMOUNT_MISMATCH: N_("Nothing was booked. Give the money back in Stripe, or agree with the customer."),
    Concern.UNMATCHED_PAYMENT: N_("Nothing was booked. Find out in Stripe whose it is, or give it back there."),
    Concern.WRONG_MODE: N_("Nothing was booked. Check the keys and the webhook endpoint."),
    Concern.DASHBOARD_REFUND: N_(
        "Check that the booking is as you want it: in part it stays, also where all went back of what was paid to move "
        "it; in full it is cancelled."
    ),
    Concern.FAILED_REFUND: N_("The customer still waits for the money. Pay it back in another way."),
    Concern.DISPUTE: N_("Answer in Stripe before its deadline."),
    Concern.DEAD_MESSAGE: N_("Tell the customer in another way what it said."),
    Concern.BAD_EVENT: N_("Compare the order with Stripe."),
    Concern.REFUSED_CHECKOUT: N_("The customer could not pay and the seats are free again. The note says why."),
    Concern.TWO_POLLERS: N_("It takes taps away from this shop. Stop it, or change the token at @BotFather."),
}


def attention_screen(item: AttentionItem, texts: Texts, time_zone: str, *rows: Row, page: int = 0) -> Screen:
    """An item with its buttons; `page` is where it stands in the list that is being read, 0 outside of it."""
    amount = texts.gettext("Amount {amount}", amount=texts.money(item.amount)) if item.amount else ""
    since = texts.gettext("Since {moment}", moment=texts.moment(item.opened_at, time_zone))
    blocks = (texts.gettext(ADVICE[item.concern]), markup.gap(since), amount, _order(item, texts), *_more(item, texts))
    return Screen(texts.gettext(TITLES[item.concern]), blocks, (*_ways_out(item, page, texts), *rows))


def closed_screen(item: AttentionItem, texts: Texts, time_zone: str, *rows: Row) -> Screen:
    """What the message of an item becomes once it is closed."""
    at = item.closed_at or item.opened_at
    closed = texts.gettext("Done since {moment}", moment=texts.moment(at, time_zone))
    amount = texts.money(item.amount) if item.amount else ""
    return Screen(closed, (texts.gettext(TITLES[item.concern]), amount, _order(item, texts)), rows)


def _order(item: AttentionItem, texts: Texts) -> str:
    if item.order_code is None:
        return ""
    name = shown_name(item.customer_name or "", markup.LABEL, texts)
    return texts.gettext("{name}, order {code}", name=name, code=item.order_code)


def _more(item: AttentionItem, texts: Texts) -> tuple[str, ...]:
    """Stripe's own name for it, to be found there, and a note where one was made for people."""
    named = STRIPE_ID.search(item.key)
    stripe = texts.gettext("In Stripe: {id}", id=named[0]) if named else ""
    detail = item.data.get("detail")
    if item.concern is Concern.AMOUNT_MISMATCH or not isinstance(detail, str) or not detail:
        return (stripe,)
    return (stripe, texts.gettext("Note: {note}", note=markup.cut(markup.line(detail), MOST_DETAIL)))


def _ways_out(item: AttentionItem, page: int, texts: Texts) -> tuple[Row, ...]:
    done = (act(texts.gettext("Done"), StaffTap.CLOSE, item.id, page),)
    if item.order_id is None:
        return (done,)
    return (done, (act(texts.gettext("Show the order"), StaffTap.ORDER, item.order_id),))
