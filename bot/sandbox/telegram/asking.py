"""Inline mode as people use it: ask in any chat, look at what the bot proposes, send one of it."""

from bot.sandbox.telegram.community import Community
from bot.sandbox.telegram.schema import utf16_length
from bot.sandbox.telegram.state import Impossible, InlineQuery
from bot.sandbox.telegram.views import Asked, Posted, Proposed
from bot.sandbox.telegram.wire import JsonObject

LONGEST_QUERY = 256
CHAT_TYPES = {"private": "sender"}  # the chat with the bot itself


class Asking(Community):
    def ask_inline(self, user_id: int, query: str, *, offset: str = "", chat_id: int | None = None) -> Asked:
        """Type `@bot query` (update `inline_query`); `offset` is the `next_offset` of an answer, for more."""
        chat = self._meeting(user_id, chat_id)
        if not self._world.inline_mode:
            raise Impossible("the bot has no inline mode; BotFather's /setinline gives it one")
        if utf16_length(query) > LONGEST_QUERY:
            raise Impossible(f"an inline query has at most {LONGEST_QUERY} characters")
        asked = self._world.ask(user_id)
        payload: JsonObject = {
            "id": asked.id,
            "from": self.profile(user_id),
            "query": query,
            "offset": offset,
            "chat_type": CHAT_TYPES.get(chat.type, chat.type),
        }
        return Asked(asked.id, self._world.tell("inline_query", payload))

    def proposed(self, user_id: int, query_id: str) -> Proposed | None:
        """What the bot proposes; None until it has answered."""
        answer = self._asked(user_id, query_id).answer
        return None if answer is None else Proposed(tuple(each.view for each in answer.results), answer.next_offset)

    def send_proposed(self, user_id: int, query_id: str, result_id: str, *, chat_id: int | None = None) -> Posted:
        """Send one of the results: a message of the person, made by the bot (`via_bot`)."""
        chat = self._meeting(user_id, chat_id)
        answer = self._asked(user_id, query_id).answer
        chosen = next((each for each in answer.results if each.view.id == result_id), None) if answer else None
        if chosen is None:
            raise Impossible(f"query {query_id} has no result {result_id!r}")
        if chat.blocked and chat.type == "private":
            raise Impossible(f"user {user_id} has stopped the bot and must start it again")
        chat.open = True
        origin: JsonObject = {"from": self.profile(user_id), "via_bot": self._world.bot.as_json()}
        message = self._world.post(chat, origin, chosen.content, keyboard=chosen.keyboard)
        told = None if chat.blocked else self._world.tell("message", self._world.message_json(chat, message))
        return Posted(message.id, told)

    def _asked(self, user_id: int, query_id: str) -> InlineQuery:
        asked = self._world.inline_queries.get(query_id)
        if asked is None or asked.user_id != user_id:
            raise Impossible(f"user {user_id} has asked no query {query_id}")
        return asked
