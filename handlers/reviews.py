"""How was it: a question with five answers, a word of thanks, and a sentence for the shop."""

from bot.domain.bookings import BookingView
from bot.domain.errors import OutOfDate, TooLong
from bot.domain.ids import BookingId
from bot.domain.reviews import BEST, WORST
from handlers.callbacks import Action, Call
from handlers.screens import Screen, act, home_row
from handlers.texts import N_, Texts
from handlers.visits import Visit

MARKS = {
    5: N_("5 · Excellent"),
    4: N_("4 · Good"),
    3: N_("3 · All right"),
    2: N_("2 · Not so good"),
    1: N_("1 · Bad"),
}
BUTTONS = frozenset({Action.MARK, Action.NO_COMMENT})
"""Whoever taps these does not turn to anything else while a sentence is awaited."""


def question_screen(view: BookingView, texts: Texts) -> Screen:
    """The morning after; it stays as it is, so that an answer can be changed."""
    ordered = view.ordered
    day = texts.local_day(ordered.starts_at, ordered.time_zone) if ordered.starts_at else ""
    return Screen(
        title=texts.gettext("How was it?"),
        blocks=(texts.own(ordered.name), texts.opening(day)),
        rows=tuple((act(texts.gettext(words), Action.MARK, view.id, mark),) for mark, words in MARKS.items()),
    )


def thanks_screen(booking_id: BookingId, mark: int, texts: Texts) -> Screen:
    return Screen(
        title=texts.gettext("Thank you"),
        blocks=(
            texts.gettext(MARKS[mark]),
            texts.gettext("If you like, write a sentence; it goes to the shop."),
        ),
        rows=((act(texts.gettext("Skip"), Action.NO_COMMENT, booking_id),),),
    )


def done_screen(texts: Texts, said: str) -> Screen:
    return Screen(
        title=texts.gettext("Thank you"),
        blocks=(said,),
        rows=(home_row(texts),),
    )


def too_long_screen(refusal: TooLong, texts: Texts) -> Screen:
    return Screen(
        title=texts.gettext("A little shorter, please"),
        blocks=(
            texts.gettext(
                "I can pass on up to {most} characters, and these were {written}. Please send it once more.",
                most=texts.number(refusal.most),
                written=texts.number(refusal.written),
            ),
        ),
        rows=(home_row(texts),),
    )


async def rate(visit: Visit, call: Call) -> None:
    """A mark, or another one than before."""
    booking, mark = call.numbers(2)
    if not WORST <= mark <= BEST:
        raise OutOfDate
    if await visit.desk.reviews.rate(visit.customer.id, BookingId(booking), mark):
        await visit.show(thanks_screen(BookingId(booking), mark, visit.texts))
    elif visit.tap is not None:
        await visit.tap.answer(visit.texts.gettext("Thank you"))


async def skip_comment(visit: Visit, call: Call) -> None:
    await visit.desk.reviews.no_comment(visit.customer.id, BookingId(call.number()))
    await visit.show(done_screen(visit.texts, visit.texts.gettext("Until next time.")))


async def leave(visit: Visit) -> None:
    """Whoever turns to anything else has said what they wanted to say."""
    if visit.customer.comment_until is not None:
        await visit.desk.reviews.leave(visit.customer.id)


async def took_comment(visit: Visit, text: str) -> bool:
    """Whether what was written is the sentence that was awaited; then it is kept, and the guest is thanked."""
    try:
        if not await visit.desk.reviews.comment(visit.customer.id, text):
            return False
    except TooLong as refusal:
        await visit.show(too_long_screen(refusal, visit.texts))
        return True
    await visit.show(done_screen(visit.texts, visit.texts.gettext("Your words are with the shop.")))
    return True
