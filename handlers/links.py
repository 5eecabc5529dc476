"""What a link into the chat opens: the shop, one resource of it, a day of that resource, or one's own ticket."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.catalogue import DayView, ResourceCard
from handlers.calendar import calendar_screen
from handlers.cards import START_PREFIX, present_card
from handlers.home import show_home
from handlers.own_tickets import open_ticket
from handlers.slots import day_screen, why_not
from handlers.stays import present_first_day
from handlers.tickets import START_PREFIX as TICKET_PREFIX
from handlers.visits import Visit

_LINK = re.compile(rf"{START_PREFIX}(?P<slug>[a-z0-9-]+)(_(?P<day>[0-9]{{8}}))?")


@dataclass(frozen=True)
class Link:
    """A day that does not exist is None, as if there were none."""

    slug: str
    day: date | None = None


def read(payload: str) -> Link | None:
    """`r_<slug>` or `r_<slug>_<yyyymmdd>`: a slug has no underscore."""
    match = _LINK.fullmatch(payload)
    return Link(match["slug"], _day(match["day"])) if match else None


def _day(digits: str | None) -> date | None:
    try:
        return date.fromisoformat(digits) if digits else None
    except ValueError:
        return None


async def start(visit: Visit, payload: str) -> None:
    """What does not name anything opens the shop."""
    word = "".join(payload.split()[:1])
    if word.startswith(TICKET_PREFIX):
        await open_ticket(visit, word.removeprefix(TICKET_PREFIX))
        return
    link = read(word)
    if link is None:
        await show_home(visit)
        return
    card = await visit.desk.browsing.card_by_slug(link.slug)
    if link.day is None or not card.dated:
        await present_card(visit, card)
    else:
        await _open_day(visit, card, link.day)


async def _open_day(visit: Visit, card: ResourceCard, day: date) -> None:
    """The day's times, or the calendar with a word why there are none; of a rental, a stay that begins then."""
    if card.rental is not None:
        await present_first_day(visit, card.id, day)
        return
    view = await visit.desk.browsing.slots(card.id, day)
    if view.state.can_be_seen:
        await visit.show(day_screen(view, visit.texts))
    else:
        await _explain(visit, view)


async def _explain(visit: Visit, view: DayView) -> None:
    month = await visit.desk.browsing.month(view.card.id, view.day.year, view.day.month)
    await visit.show(calendar_screen(month, visit.texts).with_notice(why_not(view, visit.texts)))
