"""What people write, edit, forward and delete, and how they stop the bot."""

import re

from bot.sandbox.telegram.community import ANONYMOUS_ADMIN, CHANNEL_BOT, Community, writable
from bot.sandbox.telegram.messages import Content
from bot.sandbox.telegram.state import Chat, Impossible
from bot.sandbox.telegram.views import Posted
from bot.sandbox.telegram.wire import JsonObject, Upload
from bot.sandbox.telegram.words import spoken

START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{0,64}")


class People(Community):
    def say(self, user_id: int, text: str, *, chat_id: int | None = None, via_bot: str = "") -> Posted:
        """Write a text; `/commands` become `bot_command` entities. `via_bot`: username of an inline bot."""
        origin: JsonObject = {"from": self.profile(user_id)}
        if via_bot:
            origin["via_bot"] = {"id": 9001, "is_bot": True, "first_name": via_bot, "username": via_bot}
        return self._post(self._meeting(user_id, chat_id), origin, _text(text))

    def start(self, user_id: int, parameter: str = "") -> Posted:
        """Open the bot's link `?start=<parameter>` (at most 64 of A-Z a-z 0-9 _ -) and tap Start or Restart."""
        if not START_PARAMETER.fullmatch(parameter):
            raise Impossible("a start parameter has at most 64 of A-Z a-z 0-9 _ -")
        if self._meeting(user_id, None).blocked:
            self.unblock(user_id)
        return self.say(user_id, f"/start {parameter}".strip())

    def say_in_group(self, user_id: int, text: str, *, chat_id: int | None = None) -> Posted:
        """Write in a group; the only group when `chat_id` is left out."""
        return self.say(user_id, text, chat_id=self._group(chat_id).id)

    def say_as_anonymous_admin(self, text: str, *, chat_id: int | None = None) -> Posted:
        """Write in a group in the group's own name (from GroupAnonymousBot, `sender_chat` the group)."""
        group = self._group(chat_id)
        return self._post(group, {"from": ANONYMOUS_ADMIN.as_json(), "sender_chat": group.as_json()}, _text(text))

    def say_as_channel(self, text: str, *, channel_id: int, chat_id: int | None = None) -> Posted:
        """Write in a group in a channel's name (from Channel_Bot, `sender_chat` the channel)."""
        sender = self._chat(channel_id).as_json()
        origin: JsonObject = {"from": CHANNEL_BOT.as_json(), "sender_chat": sender}
        return self._post(self._group(chat_id), origin, _text(text))

    def post_in_channel(self, text: str, *, channel_id: int) -> Posted:
        """Publish a channel post (update `channel_post`, no `from`)."""
        channel = self._chat(channel_id)
        return self._post(channel, {"sender_chat": channel.as_json()}, _text(text), kind="channel_post")

    def forward(self, user_id: int, text: str, *, author_id: int | None = None, chat_id: int | None = None) -> Posted:
        """Forward somebody's text to the bot; without `author_id` the author is hidden."""
        written: JsonObject = {"date": int(self._world.now().timestamp())}
        if author_id is None:
            written |= {"type": "hidden_user", "sender_user_name": "Somebody"}
        else:
            written |= {"type": "user", "sender_user": self.profile(author_id)}
        origin: JsonObject = {"from": self.profile(user_id), "forward_origin": written}
        return self._post(self._meeting(user_id, chat_id), origin, _text(text))

    def send_document(self, user_id: int, upload: Upload, *, caption: str = "", chat_id: int | None = None) -> Posted:
        """Send the bot a file, with a caption that may be a command."""
        stored = self._world.files.keep(upload, "document")
        content = Content(spoken(caption), document=stored)
        return self._post(self._meeting(user_id, chat_id), {"from": self.profile(user_id)}, content)

    def edit_text(self, user_id: int, message_id: int, text: str, *, chat_id: int | None = None) -> Posted:
        """Edit one's own text (update `edited_message`)."""
        chat = self._meeting(user_id, chat_id)
        message = self._present(chat, message_id)
        sender = message.origin.get("from")
        if not isinstance(sender, dict) or sender.get("id") != user_id or not message.content.is_text:
            raise Impossible(f"message {message_id} is not a text of user {user_id}")
        edited = self._world.edit(chat, message, _text(text), message.keyboard)
        return Posted(message_id, self._tell(chat, "edited_message", self._world.message_json(chat, edited)))

    def delete_message(self, user_id: int, message_id: int, *, chat_id: int | None = None) -> None:
        """Delete a message for both sides; Telegram tells the bot nothing."""
        chat = self._meeting(user_id, chat_id)
        self._world.delete(chat, self._present(chat, message_id))

    def block(self, user_id: int) -> None:
        """Stop the bot (update `my_chat_member`); its calls get 403 from now on."""
        self._membership(self._meeting(user_id, None), user_id, blocked=True)

    def unblock(self, user_id: int) -> None:
        self._membership(self._meeting(user_id, None), user_id, blocked=False)

    def kick_bot(self, chat_id: int) -> None:
        """Remove the bot from a group; its calls get 403 from now on."""
        chat = self._group(chat_id)
        chat.blocked = True
        self._world.changed()

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more under its old id, even if it was confirmed."""
        if not self._world.updates.again(update_id):
            raise Impossible(f"no update {update_id}")
        self._world.changed()

    def _membership(self, chat: Chat, user_id: int, *, blocked: bool) -> None:
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        member: JsonObject = {"status": "member", "user": self._world.bot.as_json()}
        gone: JsonObject = {"status": "kicked", "user": self._world.bot.as_json(), "until_date": 0}
        change: JsonObject = {
            "chat": chat.as_json(),
            "from": self.profile(user_id),
            "date": int(self._world.now().timestamp()),
            "old_chat_member": member if blocked else gone,
            "new_chat_member": gone if blocked else member,
        }
        self._world.tell("my_chat_member", change)

    def _post(self, chat: Chat, origin: JsonObject, content: Content, *, kind: str = "message") -> Posted:
        if chat.blocked and chat.type == "private":
            raise Impossible(f"user {chat.id} has stopped the bot and must start it again")
        chat.open = True
        message = self._world.post(chat, origin, content)
        return Posted(message.id, self._tell(chat, kind, self._world.message_json(chat, message)))

    def _tell(self, chat: Chat, kind: str, payload: JsonObject) -> int | None:
        return None if chat.blocked else self._world.tell(kind, payload)


def _text(text: str) -> Content:
    return Content(spoken(writable(text)))
