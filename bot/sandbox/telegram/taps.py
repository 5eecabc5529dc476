"""Taps on buttons: honest ones on what is shown, and forged ones."""

from bot.sandbox.telegram.community import Community
from bot.sandbox.telegram.keyboards import view
from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.state import Chat, Impossible
from bot.sandbox.telegram.views import ButtonView, Pressed
from bot.sandbox.telegram.wire import JsonObject


class Taps(Community):
    def press(
        self,
        user_id: int,
        message_id: int,
        *,
        text: str | None = None,
        data: str | None = None,
        chat_id: int | None = None,
    ) -> Pressed:
        """Tap a button of the current keyboard, found by its text or its data. Twice gives two updates."""
        chat = self._meeting(user_id, chat_id)
        message = self._present(chat, message_id)
        button = _find(message, text, data)
        if button.kind == "callback":
            return self._query(chat, user_id, message_id, button.value)
        if button.kind in {"url", "web_app"}:
            return Pressed(url=button.value)
        if button.kind == "copy":
            return Pressed(copied=button.value)
        raise Impossible(f"button {button.text!r} does nothing here: {button.kind}")

    def press_forged(self, user_id: int, message_id: int, data: str, *, chat_id: int | None = None) -> Pressed:
        """Send callback data that no button has, or for a message that is old, gone or never was."""
        return self._query(self._meeting(user_id, chat_id), user_id, message_id, data)

    def _query(self, chat: Chat, user_id: int, message_id: int, data: str) -> Pressed:
        if chat.blocked:
            raise Impossible(f"the bot is stopped in chat {chat.id}")
        chat.open = True
        query = self._world.tap(user_id, chat.id, message_id)
        payload: JsonObject = {
            "id": query.id,
            "from": self.profile(user_id),
            "chat_instance": str(9_000_000_000 + abs(chat.id)),
            "message": self._shown(chat, message_id),
            "data": data,
        }
        return Pressed(update_id=self._world.tell("callback_query", payload), query_id=query.id)

    def _shown(self, chat: Chat, message_id: int) -> JsonObject:
        """The message as it is now; what is gone is an inaccessible message with date 0."""
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            return {"chat": chat.as_json(), "message_id": message_id, "date": 0}
        return self._world.message_json(chat, message)


def _find(message: Message, text: str | None, data: str | None) -> ButtonView:
    if text is None and data is None:
        raise Impossible("say which button: by text or by data")
    buttons = [button for row in view(message.keyboard) for button in row]
    for button in buttons:
        by_data = data is None or (button.kind == "callback" and button.value == data)
        if by_data and (text is None or button.text == text):
            return button
    there = ", ".join(f"{button.text!r} ({button.value})" for button in buttons) or "none"
    raise Impossible(f"message {message.id} has no button {text or data!r}; there are: {there}")
