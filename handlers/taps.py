"""Every tap is answered once: at once if all it does is move about, else with what came of it."""

from telegram import Bot, CallbackQuery, Update
from telegram.error import BadRequest, TelegramError

from bot.domain.errors import OutOfDate
from handlers import markup
from handlers.callbacks import Action, parse

MOVES = frozenset(
    {
        Action.NOTHING,
        Action.HOME,
        Action.CATEGORY,
        Action.CARD,
        Action.MONTH,
        Action.BOOKINGS,
        Action.BOOKING,
        Action.LANGUAGES,
        Action.LANGUAGE,
        Action.HELP,
        Action.SEARCH,
    }
)
"""Taps that have nothing to say and are answered before their turn has come."""


class Tap:
    """A tap that waits for its answer; only the first answer counts."""

    def __init__(self, bot: Bot, query_id: str, *, answered: bool) -> None:
        self._bot = bot
        self._query_id = query_id
        self._answered = answered

    @property
    def answered(self) -> bool:
        return self._answered

    async def answer(self, text: str = "", *, alert: bool = False) -> bool:
        """Whether the tap was recent enough for its answer to be shown."""
        if self._answered:
            return True
        self._answered = True
        try:
            await self._bot.answer_callback_query(self._query_id, markup.alert(text) or None, show_alert=alert or None)
        except BadRequest:
            return False  # made before a pause of ours: nobody waits for it any more
        except TelegramError:
            return True  # the little clock on the button stops by itself
        return True


def of(bot: Bot, query: CallbackQuery) -> Tap:
    return Tap(bot, query.id, answered=_moves(query.data))


async def answer_early(update: Update) -> None:
    """For taps that only move about; to be run for each update before its turn."""
    query = update.callback_query
    if query is not None and _moves(query.data):
        await Tap(query.get_bot(), query.id, answered=False).answer()


def _moves(data: str | None) -> bool:
    try:
        return parse(data).action in MOVES
    except OutOfDate:
        return False
