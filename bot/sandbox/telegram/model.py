"""The simulated Telegram in memory: what a bot calls, what people do, what they see. No HTTP, no real time."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.sandbox.telegram.views import MessageView, NoticeView, Posted, Pressed
from bot.sandbox.telegram.wire import JsonObject, Reply, Upload


class Impossible(Exception):
    """What a person tried cannot be done in the app: no such button, message, user or chat."""


class Telegram:
    """One bot, its people and their chats. Every id comes from a counter; the same calls give the same world.

    A private chat has the id of its user. `chat_id` left out means the private chat of the user who acts.
    Methods for people raise `Impossible` where the app would not let them; `call` never raises.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        token: str = "100200300:sandbox-token",
        username: str = "guichet_sandbox_bot",
        name: str = "Guichet",
        enforce_rates: bool = False,
    ) -> None: ...

    # -- the bot -----------------------------------------------------------------------------------------
    # journal: Journal            iterable of JournalEntry(number, date, method, params, status, description, files)
    # token: str, username: str, bot_id: int

    def call(
        self,
        token: str,
        method: str,
        params: Mapping[str, object],
        files: Mapping[str, Upload] | None = None,
    ) -> Reply:
        """One Bot API call. Params are what a form carries (strings) or what a JSON body carries (values)."""
        raise NotImplementedError

    def download(self, token: str, path: str) -> Upload | None:
        """The file behind `file_path` of getFile."""
        raise NotImplementedError

    # -- who exists --------------------------------------------------------------------------------------
    def add_user(
        self, user_id: int, first_name: str, language_code: str = "en", *, last_name: str = "", username: str = "",
        started: bool = False,
    ) -> None:
        """A person. Until they have written to the bot (or `started`) the bot gets "chat not found"."""

    def add_group(self, chat_id: int, title: str) -> None:
        """A group (negative id) with the bot as an administrator who hears everything."""

    def add_channel(self, chat_id: int, title: str) -> None:
        """A channel (negative id) with the bot as an administrator."""

    def user_ids(self) -> tuple[int, ...]:
        raise NotImplementedError

    def profile(self, user_id: int) -> JsonObject:
        """The user as Telegram describes it: id, is_bot, first_name, language_code …"""
        raise NotImplementedError

    def set_language(self, user_id: int, language_code: str) -> None: ...

    # -- what people do ----------------------------------------------------------------------------------
    def say(self, user_id: int, text: str, *, chat_id: int | None = None, via_bot: str = "") -> Posted:
        """Write a text; `/commands` become `bot_command` entities. `via_bot`: username of an inline bot."""
        raise NotImplementedError

    def start(self, user_id: int, parameter: str = "") -> Posted:
        """Open the bot's link `?start=<parameter>` (at most 64 of A-Z a-z 0-9 _ -) and tap Start."""
        raise NotImplementedError

    def say_in_group(self, user_id: int, text: str, *, chat_id: int | None = None) -> Posted:
        """Write in a group; the only group when `chat_id` is left out."""
        raise NotImplementedError

    def say_as_anonymous_admin(self, text: str, *, chat_id: int | None = None) -> Posted:
        """Write in a group in the group's own name (from GroupAnonymousBot, `sender_chat` the group)."""
        raise NotImplementedError

    def say_as_channel(self, text: str, *, channel_id: int, chat_id: int | None = None) -> Posted:
        """Write in a group in a channel's name (from Channel_Bot, `sender_chat` the channel)."""
        raise NotImplementedError

    def post_in_channel(self, text: str, *, channel_id: int) -> Posted:
        """Publish a channel post (update `channel_post`, no `from`)."""
        raise NotImplementedError

    def forward(self, user_id: int, text: str, *, author_id: int | None = None, chat_id: int | None = None) -> Posted:
        """Forward somebody's text to the bot; without `author_id` the author is hidden."""
        raise NotImplementedError

    def edit_text(self, user_id: int, message_id: int, text: str, *, chat_id: int | None = None) -> Posted:
        """Edit one's own message (update `edited_message`)."""
        raise NotImplementedError

    def send_document(self, user_id: int, upload: Upload, *, caption: str = "") -> Posted:
        """Send the bot a file, with a caption that may be a command."""
        raise NotImplementedError

    def delete_message(self, user_id: int, message_id: int, *, chat_id: int | None = None) -> None:
        """Delete a message for both sides; Telegram tells the bot nothing."""

    def press(
        self,
        user_id: int,
        message_id: int,
        *,
        text: str | None = None,
        data: str | None = None,
        chat_id: int | None = None,
    ) -> Pressed:
        """Tap a button of the current keyboard, found by its text or its callback data. Twice gives two updates."""
        raise NotImplementedError

    def press_forged(self, user_id: int, message_id: int, data: str, *, chat_id: int | None = None) -> Pressed:
        """Send callback data that no button has, or for a message that is old, gone or not this person's."""
        raise NotImplementedError

    def block(self, user_id: int) -> None:
        """Stop the bot (update `my_chat_member`); its calls get 403 from now on."""

    def unblock(self, user_id: int) -> None: ...

    def kick_bot(self, chat_id: int) -> None:
        """Remove the bot from a group; its calls get 403 from now on."""

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more under its old id, even if it was confirmed."""

    # -- what they see -----------------------------------------------------------------------------------
    @property
    def version(self) -> int:
        """Grows with every message, edit, deletion and notice, over all chats."""
        raise NotImplementedError

    def messages(self, chat_id: int, *, after: int = 0) -> list[MessageView]:
        """Messages in order of their ids. `after=0`: all that are there. `after=N`: what changed after version N,
        deleted ones included (`deleted` is True)."""
        raise NotImplementedError

    def message(self, chat_id: int, message_id: int) -> MessageView:
        """One message, deleted or not; raises `Impossible` for an unknown one."""
        raise NotImplementedError

    def last_message(self, chat_id: int) -> MessageView:
        """The newest that is not deleted; raises `Impossible` in an empty chat."""
        raise NotImplementedError

    def notices(self, user_id: int, *, after: int = 0) -> list[NoticeView]:
        """Answers to this person's taps, oldest first; `show_alert` tells alerts from toasts."""
        raise NotImplementedError

    def unanswered(self, user_id: int) -> list[str]:
        """Ids of this person's taps that still wait for answerCallbackQuery."""
        raise NotImplementedError

    def file(self, file_id: str) -> Upload | None:
        """The bytes of a photo or a document."""
        raise NotImplementedError

    def commands(self, chat_id: int, user_id: int | None = None) -> list[tuple[str, str]]:
        """The command menu (name, description) that this person sees in this chat, scopes and language resolved."""
        raise NotImplementedError

    # -- updates and changes, for the HTTP layer and for simulations -------------------------------------
    @property
    def pending(self) -> int:
        """How many updates await delivery or confirmation."""
        raise NotImplementedError

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change (new update, message, edit, notice, webhook); returns how to stop."""
        raise NotImplementedError
