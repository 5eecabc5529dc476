"""Lets staff, and nobody else, through to what is theirs, at every command and at every tap."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from telegram import Bot, CallbackQuery, Message, Update, User
from telegram.constants import ChatType

from bot.domain.errors import GuichetError
from bot.domain.ids import TelegramId
from bot.domain.staff import StaffAction, StaffRole
from bot.services.staff import Staff
from handlers.failures import trouble
from handlers.ports import Customers
from handlers.staff_callbacks import StaffData
from handlers.staff_origins import Origin, author_of, origin_of
from handlers.texts import Texts, Translations


@dataclass(frozen=True)
class StaffCall:
    """One command or tap of somebody who may do what it asks for. `tapped` is the message under the button."""

    bot: Bot
    who: TelegramId
    role: StaffRole
    texts: Texts
    chat_id: int
    private: bool
    words: tuple[str, ...] = ()
    message: Message | None = None
    tapped: int | None = None


Unknown = Callable[[Update], Awaitable[None]]
"""What a command that does not exist gets."""

Handle = Callable[[StaffCall], Awaitable[None]]
Press = Callable[[StaffCall, StaffData], Awaitable[None]]
Answer = Callable[[Update], Awaitable[None]]


class StaffAccess:
    """Roles are looked up at every call, so that a former member is a stranger at once."""

    def __init__(self, staff: Staff, customers: Customers, translations: Translations, unknown: Unknown) -> None:
        self._staff = staff
        self._customers = customers
        self._translations = translations
        self._unknown = unknown
        self._log = structlog.get_logger(__name__)

    def only(self, action: StaffAction, handle: Handle) -> Answer:
        """Call `handle` for staff who may do this and ask for it in person.

        A stranger gets what an unknown command gets. What did not come in person does nothing; both are written down.
        """

        async def answer(update: Update) -> None:
            author, origin = author_of(update), origin_of(update)
            role = None if author is None else self._staff.role_of(TelegramId(author.id))
            if author is None or role is None or not self._staff.may(role, action):
                await self._refuse(update, action, origin)
                if author is not None:
                    await self._unknown(update)
            elif origin is not Origin.OWN:
                await self._refuse(update, action, origin)
            elif update.message is not None:
                await _answered(handle, await self._in_person(update.message, author, role))

        return answer

    async def press(self, query: CallbackQuery, data: StaffData, action: StaffAction, press: Press) -> None:
        """Call `press` for staff who may do this; whoever else taps gets an empty answer."""
        author = TelegramId(query.from_user.id)
        role = self._staff.role_of(author)
        if role is None or not self._staff.may(role, action) or query.message is None:
            await self._staff.note(author, "tap.refused", {"action": action})
            return
        chat = query.message.chat
        private = chat.type == ChatType.PRIVATE and chat.id == author
        texts = await self._texts(query.from_user) if private else self._translations.for_(None)
        call = StaffCall(
            query.get_bot(), author, role, texts, chat.id, private=private, tapped=query.message.message_id
        )
        await press(call, data)

    async def _in_person(self, message: Message, author: User, role: StaffRole) -> StaffCall:
        return StaffCall(
            bot=message.get_bot(),
            who=TelegramId(author.id),
            role=role,
            texts=await self._texts(author),
            chat_id=message.chat.id,
            private=True,
            words=tuple((message.text or "").split()[1:]),
            message=message,
        )

    async def _texts(self, user: User) -> Texts:
        customer = await self._customers.meet(
            TelegramId(user.id), user.full_name or user.first_name, user.language_code
        )
        return self._translations.for_(self._customers.language_of(customer))

    async def _refuse(self, update: Update, action: StaffAction, origin: Origin) -> None:
        author, chat = author_of(update), update.effective_chat
        actor = TelegramId(author.id) if author else None
        self._log.warning("staff.refused", action=action, origin=origin, user=actor)
        await self._staff.note(actor, "command.refused", {"action": action, "origin": origin, "chat": chat and chat.id})


async def _answered(handle: Handle, call: StaffCall) -> None:
    """Whoever asked gets an answer, also when the database is busy."""
    try:
        await handle(call)
    except GuichetError:
        await say_trouble(call)


async def say_trouble(call: StaffCall) -> None:
    await call.bot.send_message(call.chat_id, trouble(call.texts))
