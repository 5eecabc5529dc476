"""/mydata and /forgetme: what is stored about a customer, and how to be forgotten."""

from datetime import UTC, datetime, timedelta

from telegram import InputFile
from telegram.constants import ParseMode

from bot.domain.errors import OutOfDate
from bot.domain.keeping import Obstacle
from handlers.callbacks import Action, Call
from handlers.context import House
from handlers.markup import gap
from handlers.screens import Screen, act
from handlers.texts import Texts
from handlers.visits import Visit

FILE_NAME = "my-data.json"
ASKED_FOR = timedelta(minutes=10)
"""How long the question stands: an old button erases nothing."""
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def copy_screen(texts: Texts, house: House) -> Screen:
    return Screen(
        title=texts.gettext("What I know about you"),
        blocks=(
            texts.gettext("This file holds all that is stored about you here; any text editor opens it."),
            texts.gettext("Stripe keeps its own records of your payments."),
            gap(texts.gettext("A question? Write to {support}.", support=house.support)),
        ),
    )


def question_screen(texts: Texts, house: House, minute: int) -> Screen:
    """What is erased and what is kept; the button says when it was asked."""
    return Screen(
        title=texts.gettext("Shall I forget you?"),
        blocks=(
            texts.gettext(
                "I erase your name, your language, your contact details, what you wrote about a visit, "
                "and what Stripe told me about you."
            ),
            texts.gettext(
                "What you bought and paid stays in the shop’s books, as the law wants, but no longer says whose it was."
            ),
            gap(
                texts.gettext(
                    "Your bookings leave /bookings: keep the code of anything that you have still to collect. "
                    "This cannot be undone."
                )
            ),
            gap(texts.gettext("A question? Write to {support}.", support=house.support)),
        ),
        rows=(
            (act(texts.gettext("Erase everything"), Action.FORGET_ME, minute),),
            (act(texts.gettext("Keep it"), Action.HOME),),
        ),
    )


def not_yet_screen(obstacles: tuple[Obstacle, ...], texts: Texts, house: House) -> Screen:
    return Screen(
        title=texts.gettext("Not yet"),
        blocks=(
            *(_why(obstacle, texts) for obstacle in obstacles),
            gap(texts.gettext("Then send /forgetme again. A question? Write to {support}.", support=house.support)),
        ),
        rows=((act(texts.gettext("My bookings"), Action.BOOKINGS, 1),),),
    )


def _why(obstacle: Obstacle, texts: Texts) -> str:
    match obstacle:
        case Obstacle.UNPAID:
            return texts.gettext("You are holding an order: please pay or cancel it first.")
        case Obstacle.UNDER_WAY:
            return texts.gettext("A payment or a refund of yours is still under way.")
        case Obstacle.AHEAD:
            return texts.gettext("You have a booking ahead, and the shop needs your name until it is over.")
        case Obstacle.LOOKED_AT:
            return texts.gettext("The shop is still looking into one of your payments.")


def forgotten_screen(texts: Texts) -> Screen:
    return Screen(
        title=texts.gettext("Forgotten"),
        blocks=(
            texts.gettext("I no longer know who you are."),
            texts.gettext("If you write to me again, you begin as a new customer: /start"),
        ),
    )


async def send_my_data(visit: Visit) -> None:
    """A file in the chat, and a few words on what it is."""
    customer, telegram_id = visit.customer, visit.customer.telegram_id
    if telegram_id is None:
        raise OutOfDate
    content = await visit.desk.privacy.copy(customer.id, telegram_id)
    said = copy_screen(visit.texts, visit.desk.house)
    await visit.bot.send_document(
        visit.place.chat_id, InputFile(content, FILE_NAME), caption=said.caption, parse_mode=ParseMode.HTML
    )


async def ask_to_forget(visit: Visit) -> None:
    """The question, or what has to be over before it makes sense."""
    desk = visit.desk
    obstacles = await desk.privacy.obstacles(visit.customer.id)
    if obstacles:
        await visit.show(not_yet_screen(obstacles, visit.texts, desk.house))
    else:
        await visit.show(question_screen(visit.texts, desk.house, _minute(desk.clock.now())))


async def forget(visit: Visit, call: Call) -> None:
    """Only what was asked just now is done; a second tap does it again and changes nothing more."""
    desk = visit.desk
    age = _minute(desk.clock.now()) - call.number()
    if not 0 <= age <= ASKED_FOR // MINUTE:
        raise OutOfDate
    obstacles = await desk.privacy.forget(visit.customer.id)
    await visit.show(not_yet_screen(obstacles, visit.texts, desk.house) if obstacles else forgotten_screen(visit.texts))


def _minute(now: datetime) -> int:
    return (now - EPOCH) // MINUTE
