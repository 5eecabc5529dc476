"""Tells the library which updates of customers go where, and Telegram which commands there are."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, Update
from telegram.error import Forbidden, NetworkError, TelegramError
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.domain.ids import TelegramId
from handlers import bookings, information, inline, language, personal_data
from handlers.conversation import Conversation
from handlers.information import command_list
from handlers.ports import Customers
from handlers.texts import Texts, Translations

log = structlog.get_logger(__name__)

Answer = Callable[[Update], Awaitable[None]]
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[object, object, None]]
Handler = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]
StaffCommands = Mapping[TelegramId, Callable[[Texts], Sequence[tuple[str, str]]]]
"""What each member of the staff sees in the menu beside the customers' commands."""

NEW_AND_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def customer_handlers(conversation: Conversation, started: Answer | None = None) -> list[Handler]:
    """To be added after the handlers of staff: what matches nothing else gets a kind hint.

    `started` comes after the answer to /start.
    """
    commands: dict[str, Answer] = {
        "start": conversation.start if started is None else both(conversation.start, started),
        "search": conversation.search,
        "bookings": conversation.command(bookings.show_bookings),
        "language": conversation.command(language.show_languages),
        "help": conversation.command(information.show_help),
        "paysupport": conversation.command(information.show_paysupport),
        "terms": conversation.command(information.show_terms),
        "privacy": conversation.command(information.show_privacy),
        "mydata": conversation.command(personal_data.send_my_data),
        "forgetme": conversation.command(personal_data.ask_to_forget),
    }
    known: list[Handler] = [
        CommandHandler(name, called(answer), filters=NEW_AND_PRIVATE) for name, answer in commands.items()
    ]
    return [
        *known,
        CallbackQueryHandler(called(conversation.tapped)),
        InlineQueryHandler(called(partial(inline.answer, conversation.desk))),
        MessageHandler(NEW_AND_PRIVATE & ~filters.StatusUpdate.ALL, called(conversation.unknown)),
    ]


def called(answer: Answer) -> Callback:
    """An answer as the library calls it."""

    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await answer(update)

    return callback


def both(first: Answer, second: Answer) -> Answer:
    async def answer(update: Update) -> None:
        await first(update)
        await second(update)

    return answer


def when_it_fails(
    customers: Customers,
) -> Callable[[object, ContextTypes.DEFAULT_TYPE], Coroutine[object, object, None]]:
    """The application's error handler: who blocks us is marked, everything else is written down."""

    async def failed(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        error = context.error
        number = update.update_id if isinstance(update, Update) else None
        if isinstance(error, Forbidden) and isinstance(update, Update) and update.effective_user is not None:
            await customers.mark_blocked(TelegramId(update.effective_user.id))
        elif isinstance(error, NetworkError):
            log.warning("update.unanswered", update=number, error=type(error).__name__)
        else:
            log.error("update.failed", update=number, exc_info=error)

    return failed


class Menus:
    """Puts the commands into the menu: of all private chats, and more of them into those of staff."""

    def __init__(self, translations: Translations, staff: StaffCommands) -> None:
        self._translations = translations
        self._staff = staff

    async def announce(self, bot: Bot) -> None:
        """Everybody's menu, and that of each member of the staff whom the bot may write to."""
        for code, texts in self._languages():
            usual = _commands(command_list(texts))
            await bot.set_my_commands(usual, scope=BotCommandScopeAllPrivateChats(), language_code=code)
        for member in self._staff:
            await self._announce_to(bot, member)

    async def started(self, update: Update) -> None:
        """A member of the staff who writes /start may have had no chat for a menu before."""
        author = update.effective_user
        if author is not None and author.id in self._staff and update.message is not None:
            await self._announce_to(update.message.get_bot(), TelegramId(author.id))

    async def _announce_to(self, bot: Bot, member: TelegramId) -> None:
        try:
            for code, texts in self._languages():
                commands = _commands([*self._staff[member](texts), *command_list(texts)])
                await bot.set_my_commands(commands, scope=BotCommandScopeChat(member), language_code=code)
        except TelegramError as error:
            log.info("commands.not_announced", member=member, error=type(error).__name__)

    def _languages(self) -> list[tuple[str | None, Texts]]:
        """Without a code for whoever speaks none of the shop's languages, then each of them."""
        spoken = [(language, self._translations.for_(language)) for language in self._translations.languages]
        return [(None, spoken[0][1]), *spoken]


def _commands(entries: Sequence[tuple[str, str]]) -> list[BotCommand]:
    return [BotCommand(name, says) for name, says in entries]
