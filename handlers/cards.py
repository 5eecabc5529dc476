"""The card of one resource: picture, words, prices, and the way to a date or an amount."""

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.domain.catalogue import ResourceCard
from bot.domain.catalogue_entries import Step
from bot.domain.ids import FareId, ResourceId
from bot.domain.rentals import lowest_price
from handlers import markup
from handlers.callbacks import Action, Call, packed_counts
from handlers.markup import gap
from handlers.refund_words import rule_line
from handlers.screens import Button, Row, Screen, act, back
from handlers.stay_words import hours_line, limits_line, per_step
from handlers.texts import Texts
from handlers.visits import Visit

START_PREFIX = "r_"
LONGEST_QUERY = 256


@dataclass(frozen=True)
class Way:
    """How the shop is found: its bot's name, and whether that can be asked from any chat."""

    bot_name: str
    inline: bool = False


def card_screen(card: ResourceCard, texts: Texts, way: Way, way_back: Row = ()) -> Screen:
    """`way_back` leads to where the card was found; to its category unless something else is said."""
    return Screen(
        title=texts.own(card.name),
        blocks=(
            texts.own(card.description).strip(),
            gap(_facts(card, texts)),
            *let_lines(card, texts),
            _prices(card, texts),
            rule_line(card.rules or (), texts, dated=card.dated),
            _rating(card, texts),
        ),
        rows=(_forward(card, texts), (_share(card, texts, way), *(way_back or _back(card, texts)))),
        picture=card.photo,
    )


def _facts(card: ResourceCard, texts: Texts) -> str:
    """How long, where, and for how many."""
    facts = [texts.duration(card.duration_minutes)] if card.duration_minutes else []
    facts.append(texts.own(card.place))
    if card.rental is not None:
        facts.append(texts.counted(card.fares[0].counted, card.capacity) if card.fares and card.capacity > 1 else "")
    elif card.dated:
        facts.append(texts.ngettext("up to {count} guest", "up to {count} guests", card.capacity))
    elif card.stock is not None and card.stock.left > 0:
        facts.append(texts.ngettext("{count} left", "{count} left", card.stock.left))
    else:
        facts.append(texts.gettext("sold out"))
    return " · ".join(fact for fact in facts if fact)


def _rating(card: ResourceCard, texts: Texts) -> str:
    """What guests found, once enough of them have said it."""
    rating = card.rating
    if rating is None:
        return ""
    average = texts.decimal(rating.average)
    return texts.ngettext(
        "{average} of 5 from {count} guest", "{average} of 5 from {count} guests", rating.guests, average=average
    )


def let_lines(card: ResourceCard, texts: Texts) -> tuple[str, ...]:
    """From when until when a rental is had, and for how long."""
    if card.rental is None:
        return ()
    return (f"{hours_line(card.rental, texts)} · {limits_line(card.rental, texts)}",)


def _prices(card: ResourceCard, texts: Texts) -> str:
    if card.rental is not None and card.fares:
        lowest = per_step(lowest_price(card.rental, card.fares[0].unit), card.rental.step, texts)
        return texts.gettext("From {price}", price=lowest) if card.rental.prices else lowest
    prices = [
        texts.gettext("{fare} {price}", fare=texts.own(fare.name), price=texts.price(fare.unit)) for fare in card.fares
    ]
    return " · ".join(prices)


def _forward(card: ResourceCard, texts: Texts) -> Row:
    if card.rental is not None and card.rental.step is not Step.HOUR:
        return (act(texts.gettext("Choose your dates"), Action.MONTH, card.id, 0),)
    if card.dated:
        return (act(texts.gettext("Choose a date"), Action.MONTH, card.id, 0),)
    if card.stock is None or card.stock.left < 1:
        return ()
    start = packed_counts(first_guest(card, card.stock.left))
    return (act(texts.gettext("Choose how many"), Action.GUESTS, card.stock.inventory_id, start),)


def first_guest(card: ResourceCard, left: int) -> dict[FareId, int]:
    """What a party starts with: one of the first fare, if there is room for it."""
    return {fare.id: 1 for fare in card.fares[:1] if fare.seats <= left}


def link_to(bot_name: str, slug: str) -> str:
    """The address that opens a resource in the chat with the shop."""
    return f"https://t.me/{bot_name}?{urlencode({'start': START_PREFIX + slug})}"


def _share(card: ResourceCard, texts: Texts, way: Way) -> Button:
    """Into a chat as a card of its own, or as a mere link where the bot cannot be asked from there."""
    name = texts.own(card.name)
    if way.inline:
        return Button(texts.gettext("Share"), inline=markup.cut(markup.line(name), LONGEST_QUERY))
    shared = urlencode({"url": link_to(way.bot_name, card.slug), "text": name})
    return Button(texts.gettext("Share"), url=f"https://t.me/share/url?{shared}")


def _back(card: ResourceCard, texts: Texts) -> Row:
    return back(texts, Action.CATEGORY, card.category_id, 1)


async def show_card(visit: Visit, call: Call) -> None:
    await present_card(visit, await visit.desk.browsing.card(ResourceId(call.number())))


async def present_card(visit: Visit, card: ResourceCard, notice: str = "", way_back: Row = ()) -> None:
    way = Way(visit.bot.username, inline=visit.bot.supports_inline_queries)
    screen = card_screen(card, visit.texts, way, way_back)
    await visit.show(screen.with_notice(notice) if notice else screen)
