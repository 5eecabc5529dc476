"""The card of one resource: picture, words, prices, and the way to a date or an amount."""

from urllib.parse import urlencode

from bot.domain.catalogue import ResourceCard
from bot.domain.ids import FareId, ResourceId
from handlers.callbacks import Action, Call, packed_counts
from handlers.markup import gap
from handlers.screens import Button, Row, Screen, act
from handlers.texts import Texts
from handlers.visits import Visit

START_PREFIX = "r_"


def card_screen(card: ResourceCard, texts: Texts, bot_name: str) -> Screen:
    return Screen(
        title=texts.own(card.name),
        blocks=(texts.own(card.description).strip(), gap(_facts(card, texts)), _prices(card, texts)),
        rows=(_forward(card, texts), (_share(card, texts, bot_name), _back(card, texts))),
        picture=card.photo,
    )


def _facts(card: ResourceCard, texts: Texts) -> str:
    """How long, where, and for how many."""
    facts = [texts.duration(card.duration_minutes)] if card.duration_minutes else []
    facts.append(texts.own(card.place))
    if card.dated:
        facts.append(texts.ngettext("up to {count} guest", "up to {count} guests", card.capacity))
    elif card.stock is not None and card.stock.left > 0:
        facts.append(texts.ngettext("{count} left", "{count} left", card.stock.left))
    else:
        facts.append(texts.gettext("sold out"))
    return " · ".join(fact for fact in facts if fact)


def _prices(card: ResourceCard, texts: Texts) -> str:
    prices = [
        texts.gettext("{fare} {price}", fare=texts.own(fare.name), price=texts.price(fare.unit)) for fare in card.fares
    ]
    return " · ".join(prices)


def _forward(card: ResourceCard, texts: Texts) -> Row:
    if card.dated:
        return (act(texts.gettext("Choose a date"), Action.MONTH, card.id, 0),)
    if card.stock is None or card.stock.left < 1:
        return ()
    start = packed_counts(first_guest(card, card.stock.left))
    return (act(texts.gettext("Choose how many"), Action.GUESTS, card.stock.inventory_id, start),)


def first_guest(card: ResourceCard, left: int) -> dict[FareId, int]:
    """What a party starts with: one of the first fare, if there is room for it."""
    return {fare.id: 1 for fare in card.fares[:1] if fare.seats <= left}


def _share(card: ResourceCard, texts: Texts, bot_name: str) -> Button:
    address = f"https://t.me/{bot_name}?{urlencode({'start': START_PREFIX + card.slug})}"
    shared = urlencode({"url": address, "text": texts.own(card.name)})
    return Button(texts.gettext("Share"), url=f"https://t.me/share/url?{shared}")


def _back(card: ResourceCard, texts: Texts) -> Button:
    return act(texts.gettext("Back"), Action.CATEGORY, card.category_id, 1)


async def show_card(visit: Visit, call: Call) -> None:
    await present_card(visit, await visit.desk.browsing.card(ResourceId(call.number())))


async def show_card_by_slug(visit: Visit, slug: str) -> None:
    await present_card(visit, await visit.desk.browsing.card_by_slug(slug))


async def present_card(visit: Visit, card: ResourceCard, notice: str = "") -> None:
    screen = card_screen(card, visit.texts, visit.bot.username)
    await visit.show(screen.with_notice(notice) if notice else screen)
