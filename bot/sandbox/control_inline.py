"""The control API for inline mode: ask the bot from any chat, and send what it proposes."""

from collections.abc import Iterable

from aiohttp import web

from bot.sandbox.fields import Fields
from bot.sandbox.wiring import acting_person, answer, body_fields
from bot.sandbox.world import World


class Inline:
    def __init__(self, world: World) -> None:
        self._world = world
        self._telegram = world.telegram

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post("/control/chats/{user}/inline", self.ask),
            web.get("/control/chats/{user}/inline/{query}", self.proposed),
            web.post("/control/chats/{user}/inline/{query}/send", self.send),
        )

    async def ask(self, request: web.Request) -> web.Response:
        """`offset`: the `next_offset` of an answer, for what comes after it."""
        person, fields = acting_person(self._world, request), await body_fields(request)
        query, offset, chat = fields.text("query", ""), fields.text("offset", "", longest=64), chat_of(fields)
        fields.done()
        asked = self._telegram.ask_inline(person.id, query, offset=offset, chat_id=chat)
        return answer({"query_id": asked.query_id, "update_id": asked.update_id})

    async def proposed(self, request: web.Request) -> web.Response:
        """`results` is null until the bot has answered."""
        person = acting_person(self._world, request)
        found = self._telegram.proposed(person.id, request.match_info["query"])
        if found is None:
            return answer({"results": None, "next_offset": ""})
        return answer({"results": found.results, "next_offset": found.next_offset})

    async def send(self, request: web.Request) -> web.Response:
        person, fields = acting_person(self._world, request), await body_fields(request)
        result, chat = fields.text("result", longest=64), chat_of(fields)
        fields.done()
        posted = self._telegram.send_proposed(person.id, request.match_info["query"], result, chat_id=chat)
        return answer({"message_id": posted.message_id, "update_id": posted.update_id})


def chat_of(fields: Fields) -> int | None:
    """The chat that a body names; the person's private chat with the bot where it names none."""
    return fields.whole("chat", least=-(2**52)) if fields.has("chat") else None
