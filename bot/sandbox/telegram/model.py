"""The simulated Telegram in memory: what a bot calls, what people do, what they see. No HTTP, no real time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from bot.sandbox.telegram.asking import Asking
from bot.sandbox.telegram.bot_api import BotApi
from bot.sandbox.telegram.journal import Journal
from bot.sandbox.telegram.people import People
from bot.sandbox.telegram.rates import Rates
from bot.sandbox.telegram.screens import Screens
from bot.sandbox.telegram.state import Impossible, User, World
from bot.sandbox.telegram.taps import Taps
from bot.sandbox.telegram.updates import Update
from bot.sandbox.telegram.webhooks import Webhook
from bot.sandbox.telegram.wire import Reply, Upload

__all__ = ["NO_FILES", "Impossible", "Telegram"]

NO_FILES: Mapping[str, Upload] = MappingProxyType({})


class Telegram(People, Taps, Asking, Screens):
    """One bot, its people and their chats. Every id comes from a counter; the same calls give the same world.

    A private chat has the id of its user. `chat_id` left out means the private chat of the user who acts.
    Methods for people raise `Impossible` where the app would not let them; `call` never raises.
    What people do is in `people`, `taps` and `asking`, what they see in `screens`, who they are in `community`.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        token: str = "100200300:sandbox-token",  # noqa: S107 opens nothing but this make-believe
        username: str = "guichet_sandbox_bot",
        name: str = "Guichet",
        enforce_rates: bool = False,
        inline_mode: bool = True,
    ) -> None:
        self.token = token
        self.journal = Journal()
        bot = User(int(token.partition(":")[0]), name, username=username, is_bot=True)
        super().__init__(World(now, bot))
        self._world.inline_mode = inline_mode
        self._api = BotApi(self._world, token, self.journal, Rates(enforced=enforce_rates))

    @property
    def bot_id(self) -> int:
        return self._world.bot.id

    @property
    def username(self) -> str:
        return self._world.bot.username

    def call(
        self,
        token: str,
        method: str,
        params: Mapping[str, object],
        files: Mapping[str, Upload] = NO_FILES,
    ) -> Reply:
        """One Bot API call. Params are what a form carries (strings) or what a JSON body carries (values)."""
        return self._api.call(token, method, params, files)

    def record(self, method: str, reply: Reply) -> None:
        """Note a call in the journal that never got here because a fault ate it."""
        self._api.record(method, {}, NO_FILES, reply)

    def download(self, token: str, path: str) -> Upload | None:
        """The file behind `file_path` of getFile; None for a wrong token or path."""
        stored = self._world.files.by_path(path) if token == self.token else None
        return stored.upload if stored else None

    @property
    def pending(self) -> int:
        """How many updates wait for delivery or confirmation."""
        return len(self._world.updates)

    @property
    def webhook(self) -> Webhook | None:
        """The registration, if updates go to a webhook."""
        return self._world.webhook

    def next_update(self) -> Update | None:
        """The first update in line, for the delivery to a webhook."""
        return self._world.updates.head()

    def delivered(self, update: Update) -> None:
        """The webhook has taken it."""
        self._world.updates.confirm(update)
        self._world.changed()

    def delivery_failed(self, reason: str) -> None:
        """The webhook has not taken it; getWebhookInfo tells when and why."""
        if self._world.webhook is not None:
            self._world.webhook.failed_at = self._world.now()
            self._world.webhook.failure = reason

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change (update, message, edit, notice, webhook); returns how to stop."""
        return self._world.listen(listener)
