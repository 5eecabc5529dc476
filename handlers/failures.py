"""What to say to people when a wish cannot be granted; no other module knows."""

from bot.domain.cancelling import Obstacle
from bot.domain.errors import (
    AlreadyHeld,
    AnswersMissing,
    BadAnswer,
    BasketFull,
    CannotCancel,
    CannotMove,
    Gone,
    GuichetError,
    NotCancellable,
    NotFull,
    NothingChosen,
    OutOfDate,
    Overlapping,
    PriceChanged,
    RefundChanged,
    SoldOut,
    StillReleasing,
    TooLate,
    TooMany,
    TooManyLists,
    TooManyOpenOrders,
    TooSoon,
)
from bot.domain.orders import State
from bot.domain.rentals import DayTaken, NoStay
from handlers.answer_words import bad_answer
from handlers.home import show_home
from handlers.stay_words import why_no_stay
from handlers.texts import Texts
from handlers.visits import Visit


def words(refusal: GuichetError, texts: Texts) -> str:
    """One or two sentences, fit for an alert."""
    if isinstance(refusal, TooSoon):
        return texts.gettext("I sent it a moment ago. You can ask for it again in a minute.")
    if isinstance(refusal, NoStay | DayTaken):
        return why_no_stay(refusal, texts)
    return (
        _about_offer(refusal, texts)
        or _about_order(refusal, texts)
        or _about_basket(refusal, texts)
        or _about_booking(refusal, texts)
        or trouble(texts)
    )


def trouble(texts: Texts) -> str:
    return texts.gettext("This did not work just now, and nothing was changed. Please try again in a moment.")


def _about_offer(refusal: GuichetError, texts: Texts) -> str:
    said = ""
    match refusal:
        case Gone():
            said = texts.gettext("This is no longer on offer.")
        case OutOfDate():
            said = texts.gettext("This menu is out of date; here is today’s.")
        case SoldOut(left=0):
            said = texts.gettext("Nothing is left; someone was faster.")
        case SoldOut(left=left):
            said = texts.ngettext("Only {count} left.", "Only {count} left.", left)
        case NotFull():
            said = texts.gettext("There is room again; you need not wait.")
        case PriceChanged():
            said = texts.gettext("The price has changed. Please look again before you confirm.")
        case TooLate():
            said = texts.gettext("Booking for this time has closed.")
    return said


def _about_order(refusal: GuichetError, texts: Texts) -> str:
    said = ""
    match refusal:
        case NothingChosen():
            said = texts.gettext("Please choose at least one.")
        case TooMany(most=most):
            said = texts.ngettext("At most {count} in one order.", "At most {count} in one order.", most)
        case TooManyOpenOrders(most=most):
            said = texts.ngettext(
                "You are already holding an order. Please pay or cancel it first.",
                "You are already holding {count} orders. Please pay or cancel one of them first.",
                most,
            )
        case TooManyLists(most=most):
            said = texts.ngettext(
                "You are on one waiting list already. Please leave it first.",
                "You are on {count} waiting lists already. Please leave one of them first.",
                most,
            )
        case AlreadyHeld():
            said = texts.gettext("You have places here already: please pay for them, or let them go first. /bookings")
        case StillReleasing():
            said = texts.gettext("Your earlier order is just being released. Please try again in a moment.")
        case NotCancellable(state=state):
            said = _not_cancellable(state, texts)
    return said


def _about_basket(refusal: GuichetError, texts: Texts) -> str:
    said = ""
    match refusal:
        case BasketFull(most=most):
            said = texts.ngettext(
                "A basket holds at most {count} entry. Please pay for it first.",
                "A basket holds at most {count} entries. Please pay for them first.",
                most,
            )
        case Overlapping():
            said = texts.gettext(
                "Your basket has the same already for some of this time. "
                "Please remove that first, or choose another time."
            )
        case AnswersMissing():
            said = texts.gettext("The shop has questions first. Please look again.")
        case BadAnswer():
            said = bad_answer(refusal, texts)
    return said


def _about_booking(refusal: GuichetError, texts: Texts) -> str:
    said = ""
    match refusal:
        case RefundChanged():
            said = texts.gettext("What goes back has changed meanwhile, and nothing was cancelled. Please look again.")
        case CannotMove():
            said = texts.gettext("This booking can no longer be moved to that date.")
        case CannotCancel(why=Obstacle.CANCELLED):
            said = texts.gettext("This booking is cancelled already.")
        case CannotCancel(why=Obstacle.BEGUN):
            said = texts.gettext("It has begun, so it cannot be cancelled any more.")
        case CannotCancel(why=Obstacle.NOT_RETURNED):
            said = texts.gettext("This cannot be given back here. For anything about it: /paysupport")
        case CannotCancel():
            said = texts.gettext("This booking can only be cancelled by hand: /paysupport")
    return said


def _not_cancellable(state: str, texts: Texts) -> str:
    match state:
        case State.PAID:
            return texts.gettext("This order is paid already. For anything about it: /paysupport")
        case State.PROCESSING:
            return texts.gettext("Your bank is still confirming this payment; it can only be cancelled after that.")
        case State.CLOSING:
            return texts.gettext("This order is just being released.")
        case _:
            return texts.gettext("This order is over already.")


async def refuse(visit: Visit, refusal: GuichetError) -> None:
    """Say no above the screen; where the screen itself is no longer true, bring up today's."""
    said = words(refusal, visit.texts)
    apart = visit.place.message_id is None
    untrue = isinstance(refusal, OutOfDate) or (isinstance(refusal, Gone) and not apart)
    if not untrue and await visit.alert(said):
        return
    await show_home(visit, said)
