"""Everything that staff can do in the chat, ready to be hung into the application before the customers' part."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.domain.errors import GuichetError, OutOfDate, Refusal
from bot.domain.staff import StaffAction, StaffRole, allowed
from handlers import taps
from handlers.screens import Screen
from handlers.staff_access import Answer, Press, StaffAccess, StaffCall, say_trouble
from handlers.staff_answers import StaffAnswers
from handlers.staff_attention import StaffAttention
from handlers.staff_callbacks import PATTERN, StaffData, StaffTap, parse
from handlers.staff_catalogue import StaffCatalogue
from handlers.staff_chat import show
from handlers.staff_sales import StaffSales
from handlers.staff_today import StaffToday
from handlers.texts import N_, Texts

Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[object, object, None]]

_COMMANDS = {
    StaffAction.TODAY: ("today", N_("Who comes today")),
    StaffAction.SALES: ("sales", N_("How the shop is doing")),
    StaffAction.ATTENTION: ("attention", N_("What needs a look")),
}
DOCUMENTS = filters.Document.FileExtension("toml") | filters.Document.FileExtension("zip")


def staff_commands(role: StaffRole, texts: Texts) -> tuple[tuple[str, str], ...]:
    """What this role sees in the menu before the customers' commands, with a few words on each."""
    may = allowed(role)
    return tuple((name, texts.gettext(says)) for action, (name, says) in _COMMANDS.items() if action in may)


@dataclass(frozen=True)
class _Button:
    action: StaffAction
    press: Press
    in_groups: bool = False


class StaffDesk:
    def __init__(
        self,
        access: StaffAccess,
        *,
        sales: StaffSales,
        today: StaffToday,
        attention: StaffAttention,
        catalogue: StaffCatalogue,
        answers: StaffAnswers,
    ) -> None:
        self._access = access
        self._commands: Mapping[str, Answer] = {
            "today": access.only(StaffAction.TODAY, today.command),
            "sales": access.only(StaffAction.SALES, sales.command),
            "attention": access.only(StaffAction.ATTENTION, attention.command),
        }
        self._document = access.only(StaffAction.CATALOGUE, catalogue.document)
        self._buttons = {
            StaffTap.SALES: _Button(StaffAction.SALES, sales.press),
            StaffTap.TODAY: _Button(StaffAction.TODAY, today.press),
            StaffTap.ATTENTION: _Button(StaffAction.ATTENTION, attention.page),
            StaffTap.CLOSE: _Button(StaffAction.ATTENTION, attention.close, in_groups=True),
            StaffTap.ORDER: _Button(StaffAction.ATTENTION, attention.order, in_groups=True),
            StaffTap.APPLY: _Button(StaffAction.CATALOGUE, catalogue.apply),
            StaffTap.DISCARD: _Button(StaffAction.CATALOGUE, catalogue.discard),
            StaffTap.ANSWERS: _Button(StaffAction.TODAY, answers.press, in_groups=True),
        }

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]]:
        """To be added before all others: what matches here is of staff, or pretends to be.

        Commands match wherever they come from, so that what is refused can be written down.
        """
        commands = [
            CommandHandler(name, _called(answer), filters=filters.ALL) for name, answer in self._commands.items()
        ]
        return [
            *commands,
            MessageHandler(DOCUMENTS, _called(self._document)),
            CallbackQueryHandler(_called(self.tapped), pattern=PATTERN),
        ]

    async def tapped(self, update: Update) -> None:
        """A button of staff: every tap is answered, but only staff learn anything."""
        query = update.callback_query
        if query is None:
            return
        await taps.of(query.get_bot(), query).answer()
        try:
            data = parse(query.data)
        except OutOfDate:
            return
        button = self._buttons.get(data.tap)
        if button is not None:
            await self._access.press(query, data, button.action, _kindly(button))


def _kindly(button: _Button) -> Press:
    """The press, with words for what cannot be done; what is not for groups does nothing there."""

    async def press(call: StaffCall, data: StaffData) -> None:
        if not (call.private or button.in_groups):
            return
        try:
            await button.press(call, data)
        except Refusal:
            texts = call.texts
            advice = texts.gettext("Please send the command again.")
            await show(call, Screen(texts.gettext("This message is out of date"), (advice,)).as_message())
        except GuichetError:
            await say_trouble(call)

    return press


def _called(answer: Answer) -> Callback:
    """An answer as the library calls it."""

    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await answer(update)

    return callback
