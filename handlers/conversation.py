"""From an update to the one flow that answers it: who is it, what is asked, and what if it fails."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import Bot, Update, User
from telegram.constants import ChatType

from bot.domain.errors import DatabaseBusy, GuichetError, OutOfDate
from bot.domain.ids import TelegramId
from bot.domain.search import words
from handlers import (
    basket,
    bookings,
    calendar,
    cancelling,
    cards,
    categories,
    guests,
    information,
    language,
    links,
    moving,
    orders,
    own_tickets,
    personal_data,
    questions,
    receipts,
    reviews,
    search,
    slots,
    stays,
    summary,
    taps,
    ticket_files,
    waiting,
)
from handlers.callbacks import Action, Call, parse
from handlers.context import Desk
from handlers.failures import refuse, trouble
from handlers.home import show_home
from handlers.presenter import Place
from handlers.screens import Screen, home_row
from handlers.staff_origins import Origin, author_of, origin_of
from handlers.taps import Tap
from handlers.visits import Later, Step, Visit

Flow = Callable[[Visit, Call], Awaitable[None]]


def _plain(step: Step) -> Flow:
    """A flow whose button carries nothing but its action."""

    async def flow(visit: Visit, call: Call) -> None:
        call.numbers(0)
        await step(visit)

    return flow


async def _nothing(_visit: Visit, _call: Call) -> None:
    """A dot, a heading: answered already."""


async def _bookings(visit: Visit, call: Call) -> None:
    await bookings.show_bookings(visit, call.number())


FLOWS: Mapping[Action, Flow] = {
    Action.NOTHING: _nothing,
    Action.HOME: _plain(show_home),
    Action.CATEGORY: categories.show_category,
    Action.CARD: cards.show_card,
    Action.MONTH: calendar.show_month,
    Action.DAY: slots.show_day,
    Action.GUESTS: guests.show_guests,
    Action.MORE_GUESTS: guests.show_more_guests,
    Action.TOO_MANY_FARES: guests.too_many_fares,
    Action.SUMMARY: summary.show_summary,
    Action.PLACE: summary.hold_and_pay,
    Action.CHOOSE_AGAIN: orders.choose_again,
    Action.OTHER_DAY: orders.other_day,
    Action.I_HAVE_PAID: orders.i_have_paid,
    Action.CANCEL: orders.cancel,
    Action.TRY_AGAIN: orders.try_again,
    Action.BOOKINGS: _bookings,
    Action.BOOKING: bookings.show_booking,
    Action.CANCEL_BOOKING: cancelling.ask,
    Action.CONFIRM_CANCELLING: cancelling.confirm,
    Action.LANGUAGES: _plain(language.show_languages),
    Action.LANGUAGE: language.choose_language,
    Action.HELP: _plain(information.show_help),
    Action.FORGET_ME: personal_data.forget,
    Action.MARK: reviews.rate,
    Action.NO_COMMENT: reviews.skip_comment,
    Action.SEARCH: search.show_search,
    Action.CALENDAR_FILE: ticket_files.send_calendar_file,
    Action.MAP: ticket_files.send_map,
    Action.RECEIPT: receipts.show_receipt,
    Action.OPEN_BOOKING: bookings.show_booking,
    Action.WAIT: waiting.wait,
    Action.MOVE_BOOKING: moving.choose,
    Action.CONFIRM_MOVING: moving.confirm,
    Action.FIRST_DAY: stays.show_first_day,
    Action.LAST_DAY: stays.show_last_day,
    Action.UNITS: stays.show_units,
    Action.STAY_MONTH: stays.show_stay_month,
    Action.ADD_TO_BASKET: basket.add,
    Action.BASKET: basket.basket,
    Action.PLACE_BASKET: basket.hold_and_pay,
    Action.ANSWER: questions.answer,
    Action.ORDER: orders.bring,
    Action.ANOTHER_DATE: orders.another_date,
}

ON_FACTS = frozenset(
    {
        *(Action.CHOOSE_AGAIN, Action.OTHER_DAY, Action.I_HAVE_PAID, Action.CANCEL, Action.TRY_AGAIN),
        *(Action.MARK, Action.CALENDAR_FILE, Action.MAP, Action.OPEN_BOOKING, Action.ANOTHER_DATE),
    }
)
"""Buttons under messages that stay as they are: what they open comes as a message of its own."""


async def _leave(visit: Visit, action: Action | None = None) -> None:
    """A command, or a button of something else, leaves what was being answered."""
    if action is not Action.ANSWER:
        await questions.leave(visit)
    if action not in reviews.BUTTONS:
        await reviews.leave(visit)


async def hint(visit: Visit) -> None:
    """For everything that we do not understand."""
    texts = visit.texts
    await visit.show(
        Screen(
            texts.gettext("I understand buttons best"),
            (texts.gettext("Here you find what is on offer, and /help says how it works."),),
            (home_row(texts),),
        )
    )


async def wrote(visit: Visit, text: str) -> None:
    """Words are an answer that is awaited, the code of a booking, a sentence about a visit, or else a question."""
    if text.startswith("/"):
        await _leave(visit)
        await hint(visit)
    elif await questions.took_answer(visit, text):
        return
    elif await own_tickets.took_code(visit, text):
        await reviews.leave(visit)
    elif await reviews.took_comment(visit, text):
        return
    elif words(text):
        await search.find(visit, text)
    else:
        await hint(visit)


async def _answer(visit: Visit, data: str | None) -> None:
    """Run what the button asks for."""
    try:
        call = parse(data)
    except OutOfDate as old:
        # What was tapped can no longer be told: it may be a fact, and stays as it is.
        await refuse(visit.apart(), old)
        return
    asked = visit.apart() if call.action in ON_FACTS or basket.on_a_fact(call) else visit
    try:
        await _leave(visit, call.action)
        await FLOWS[call.action](asked, call)
    except GuichetError as refusal:
        await refuse(asked, refusal)


def _after_command(update: Update) -> str:
    """What stands behind a command."""
    return "".join(((update.message and update.message.text) or "").split(maxsplit=1)[1:])


@dataclass(frozen=True)
class Conversation:
    """Customers are answered in private chats only, and only for what they wrote or tapped themselves."""

    desk: Desk
    later: Later

    async def tapped(self, update: Update) -> None:
        query = update.callback_query
        if query is None or query.message is None or query.message.chat.type != ChatType.PRIVATE:
            return
        place = Place(query.message.chat.id, query.message.message_id)
        tap = taps.of(query.get_bot(), query)
        try:
            visit = await self._visit(query.get_bot(), query.from_user, place, tap)
        except DatabaseBusy:
            await tap.answer(self._trouble(query.from_user), alert=True)
            return
        await self._guarded(visit, lambda visit: _answer(visit, query.data))

    def command(self, step: Step) -> Callable[[Update], Awaitable[None]]:
        """Answer a command with this step."""
        return lambda update: self._commanded(update, step)

    async def start(self, update: Update) -> None:
        await self._commanded(update, lambda visit: links.start(visit, _after_command(update)))

    async def search(self, update: Update) -> None:
        await self._commanded(update, lambda visit: search.find(visit, _after_command(update)))

    async def unknown(self, update: Update) -> None:
        """For what is no command, and for commands that do not exist or are none of the customer's business."""
        written = (update.message and update.message.text) or ""
        await self._said(update, lambda visit: wrote(visit, written))

    async def _commanded(self, update: Update, step: Step) -> None:
        async def both(visit: Visit) -> None:
            await _leave(visit)
            await step(visit)

        await self._said(update, both)

    async def _said(self, update: Update, step: Step) -> None:
        message, author = update.message, author_of(update)
        if message is None or author is None or origin_of(update) is not Origin.OWN:
            return
        try:
            visit = await self._visit(message.get_bot(), author, Place(message.chat.id), None)
        except DatabaseBusy:
            await message.get_bot().send_message(message.chat.id, self._trouble(author))
            return
        await self._guarded(visit, step)

    def _trouble(self, user: User) -> str:
        """In the language that Telegram says, since ours cannot be looked up."""
        return trouble(self.desk.translations.for_(user.language_code))

    async def _visit(self, bot: Bot, user: User, place: Place, tap: Tap | None) -> Visit:
        desk = self.desk
        customer = await desk.customers.meet(TelegramId(user.id), user.full_name or user.first_name, user.language_code)
        texts = desk.translations.for_(desk.customers.language_of(customer))
        return Visit(desk, bot, customer, texts, place, tap, self.later)

    async def _guarded(self, visit: Visit, step: Step) -> None:
        """Whoever asked gets an answer, whatever happens."""
        try:
            await step(visit)
        except GuichetError as refusal:
            await refuse(visit, refusal)
        except Exception:
            await visit.alert(trouble(visit.texts))
            raise
