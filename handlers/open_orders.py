"""How an order that is not paid yet reads elsewhere than on its own message, and the button that brings that back."""

from collections.abc import Sequence

from bot.domain.catalogue import OfferView
from bot.domain.order_card import OrderCard, OrderLineView
from bot.domain.orders import State
from handlers.callbacks import Action
from handlers.guests import back_to_choice
from handlers.markup import gap
from handlers.order_cards import order_screen
from handlers.screens import Button, Row, Screen, act
from handlers.stay_words import short_span
from handlers.texts import Texts

TO_PAY = frozenset({State.HELD, State.AWAITING_PAYMENT})


def open_blocks(cards: Sequence[OrderCard], texts: Texts) -> tuple[str, ...]:
    """What each is about, and until when it can be paid."""
    return tuple(gap(f"{_what(card, texts)}\n{_how_far(card, texts)}") for card in cards)


def open_rows(cards: Sequence[OrderCard], texts: Texts) -> tuple[Row, ...]:
    return tuple((open_button(card, texts),) for card in cards)


def open_button(card: OrderCard, texts: Texts) -> Button:
    """It brings the order's own message, with its Pay button."""
    name = _names(card, texts)
    if card.state in TO_PAY:
        label = texts.gettext("{amount} to pay · {name}", amount=texts.money(card.total), name=name)
    else:
        label = texts.gettext("{what} · {name}", what=order_screen(card, texts).title, name=name)
    return act(label, Action.ORDER, card.order_id)


def held_already_screen(offer: OfferView, card: OrderCard, texts: Texts) -> Screen:
    """A full time of which they hold places themselves, so that there is nothing to wait for."""
    when = texts.opening(texts.short_moment(offer.slot.starts_at, offer.card.time_zone)) if offer.slot else ""
    return Screen(
        title=texts.own(offer.card.name),
        blocks=(when, gap(texts.gettext("You have places here already:")), _how_far(card, texts)),
        rows=((open_button(card, texts),), back_to_choice(offer, texts)),
        picture=offer.card.photo,
    )


def _what(card: OrderCard, texts: Texts) -> str:
    when = _when(card.parts[0][0], texts) if len(card.parts) == 1 else ""
    names = _names(card, texts)
    return texts.gettext("{name}, {when}", name=names, when=when) if when else names


def _names(card: OrderCard, texts: Texts) -> str:
    return texts.listing([texts.own(lines[0].resource_name) for lines in card.parts])


def _when(line: OrderLineView, texts: Texts) -> str:
    if line.starts_at is None:
        return ""
    if line.stay is None or line.ends_at is None:
        return texts.short_moment(line.starts_at, line.time_zone)
    return short_span(line.starts_at, line.ends_at, line.time_zone, texts)


def _how_far(card: OrderCard, texts: Texts) -> str:
    """As in "Held for you until 14:35 · €97.00 to pay"."""
    said = order_screen(card, texts).title
    if card.state not in TO_PAY:
        return said
    return texts.gettext("{held} · {amount} to pay", held=said, amount=texts.money(card.total))
