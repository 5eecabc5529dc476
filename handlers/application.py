"""The bot in the library's terms: our transport, a lane per user, staff's handlers before the customers'."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, BaseHandler, ContextTypes
from telegram.request import BaseRequest

from bot.domain.errors import GuichetError
from bot.domain.time import Clock
from handlers import taps
from handlers.lanes import Lanes
from handlers.transport import AiohttpRequest, without_keyboard

log = structlog.get_logger(__name__)

WANTED_UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]
LONG_POLL = 25
NEWCOMER = timedelta(seconds=30)
"""A bot that meets another poller so soon after its start takes itself for the newcomer."""

Handler = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]
OnError = Callable[[object, ContextTypes.DEFAULT_TYPE], Coroutine[object, object, None]]


class NotConnected(GuichetError):
    """Telegram does not answer, or does not know our token."""


class TwoPollers(GuichetError):
    """Another program polls this bot already."""


@dataclass(frozen=True)
class Reception:
    """How updates reach us: `webhook_url` and its secret, or polling where there is none."""

    token: str
    api_url: str
    webhook_url: str | None = None
    webhook_secret: str | None = None


class TelegramApplication:
    """`fatal` is called when this program must give way to another, `rival` whenever it goes on beside another.

    `lines`: what calls and long polls go over.
    """

    def __init__(
        self,
        reception: Reception,
        clock: Clock,
        fatal: Callable[[Exception], None],
        lines: tuple[BaseRequest, BaseRequest] | None = None,
        rival: Callable[[], Coroutine[object, object, None]] | None = None,
    ) -> None:
        calls, polls = lines or (AiohttpRequest(), AiohttpRequest(connections=2))
        self._reception = reception
        self._clock = clock
        self._fatal = fatal
        self._rival = rival
        self._started_at = clock.now()
        self._application = (
            ApplicationBuilder()
            .token(reception.token)
            .base_url(f"{reception.api_url}/bot")
            .base_file_url(f"{reception.api_url}/file/bot")
            .request(calls)
            .get_updates_request(polls)
            .concurrent_updates(Lanes(taps.answer_early))
            .job_queue(None)
            .build()
        )

    @property
    def bot(self) -> Bot:
        return self._application.bot

    @property
    def running(self) -> bool:
        return self._application.running

    def later(self, work: Coroutine[object, object, None]) -> None:
        """Go on with something slow outside of a customer's turn."""
        self._application.create_task(work)

    async def connect(self) -> None:
        """Ask Telegram who we are; raises NotConnected, which never names the token."""
        why = ""
        try:
            await self._application.initialize()
        except InvalidToken:
            why = "Telegram does not know this token: is telegram.token what @BotFather gave you?"
        except TelegramError as error:
            why = f"Telegram cannot be reached ({type(error).__name__})"
        if why:
            await self.disconnect()
            raise NotConnected(why)

    async def start(self, handlers: Sequence[Handler], on_error: OnError) -> None:
        """Take updates from now on, in the handlers' order."""
        self._application.add_handlers(list(handlers))
        self._application.add_error_handler(on_error)
        await self._application.start()
        self._started_at = self._clock.now()
        if self._reception.webhook_url is None:
            await self._poll()
        else:
            await self.bot.set_webhook(
                self._reception.webhook_url,
                secret_token=self._reception.webhook_secret,
                allowed_updates=WANTED_UPDATES,
            )

    async def accept(self, update: Mapping[str, object]) -> None:
        """An update that Telegram has posted to our webhook."""
        without_keyboard(update)
        await self._application.update_queue.put(Update.de_json(dict(update), self.bot))

    async def stop(self) -> None:
        """Take no more updates, and finish those that were taken."""
        updater = self._application.updater
        if updater is not None and updater.running:
            await updater.stop()
        if self._application.running:
            await self._application.stop()

    async def disconnect(self) -> None:
        """Close every connection, those of a bot that never got an answer too."""
        await self._application.shutdown()
        await self.bot.shutdown()

    async def _poll(self) -> None:
        updater = self._application.updater
        if updater is None:
            raise AssertionError("the library builds an updater unless it is told not to")
        await updater.start_polling(
            timeout=timedelta(seconds=LONG_POLL), allowed_updates=WANTED_UPDATES, error_callback=self._polling_failed
        )

    def _polling_failed(self, error: TelegramError) -> None:
        if not isinstance(error, Conflict):
            log.warning("telegram.polling_failed", error=type(error).__name__)
            return
        if self._clock.now() - self._started_at < NEWCOMER:
            self._fatal(TwoPollers("another program polls this bot; stop it, or use another token"))
        else:
            log.error("telegram.two_pollers")
            if self._rival is not None:
                self.later(self._rival())
