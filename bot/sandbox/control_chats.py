"""The control API for people: who they are, what they write and tap."""

import base64
from collections.abc import Iterable
from enum import StrEnum

from aiohttp import web

from bot.sandbox.control_inline import chat_of
from bot.sandbox.fields import Fields, WrongFieldError
from bot.sandbox.telegram.views import Posted, Pressed
from bot.sandbox.telegram.wire import Upload
from bot.sandbox.wiring import acting_person, answer, body_fields
from bot.sandbox.world import Person, World

MOST_TAPS = 100


class Role(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"


class Origin(StrEnum):
    """How a text comes to the bot: written by the person, or in one of the ways that only look like it."""

    OWN = "own"
    EDITED = "edited"
    FORWARDED = "forwarded"
    VIA_BOT = "via_bot"
    GROUP = "group"
    ANONYMOUS_ADMIN = "anonymous_admin"


class Chats:
    """`chat` in a body names the chat; left out, it is the person's private chat with the bot."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._telegram = world.telegram

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post("/control/users", self.add),
            web.post("/control/users/{user}/block", self.block),
            web.post("/control/users/{user}/unblock", self.unblock),
            web.post("/control/chats/{user}/text", self.text),
            web.post("/control/chats/{user}/document", self.document),
            web.post("/control/chats/{user}/press", self.press),
            web.post("/control/chats/{user}/delete", self.delete),
        )

    async def add(self, request: web.Request) -> web.Response:
        fields = await body_fields(request)
        name, language = fields.text("name", longest=256), fields.text("language", longest=12)
        role = fields.choice("role", Role, Role.CUSTOMER)
        person = Person(fields.whole("id", least=1), name, language, "staff" if role is Role.STAFF else "customer")
        fields.done()
        try:
            self._world.add_person(person)
        except ValueError as error:
            raise WrongFieldError(f"The field id is taken: user {person.id} is there already.") from error
        return answer({"id": person.id, "name": name, "language": language, "role": role})

    async def block(self, request: web.Request) -> web.Response:
        self._world.block(acting_person(self._world, request).id)
        return answer({"blocked": True})

    async def unblock(self, request: web.Request) -> web.Response:
        self._world.unblock(acting_person(self._world, request).id)
        return answer({"blocked": False})

    async def text(self, request: web.Request) -> web.Response:
        person, fields = acting_person(self._world, request), await body_fields(request)
        posted = self._say(person.id, fields)
        return answer({"message_id": posted.message_id, "update_id": posted.update_id})

    def _say(self, user: int, fields: Fields) -> Posted:
        text, origin, chat = fields.text("text"), fields.choice("origin", Origin, Origin.OWN), chat_of(fields)
        message = fields.whole("message_id", least=1) if origin is Origin.EDITED else 0
        fields.done()
        match origin:
            case Origin.OWN:
                return self._telegram.say(user, text, chat_id=chat)
            case Origin.EDITED:
                return self._telegram.edit_text(user, message, text, chat_id=chat)
            case Origin.FORWARDED:
                return self._telegram.forward(user, text, chat_id=chat)
            case Origin.VIA_BOT:
                return self._telegram.say(user, text, chat_id=chat, via_bot="some_inline_bot")
            case Origin.GROUP:
                return self._telegram.say_in_group(user, text, chat_id=chat)
            case Origin.ANONYMOUS_ADMIN:
                return self._telegram.say_as_anonymous_admin(text, chat_id=chat)

    async def document(self, request: web.Request) -> web.Response:
        """A file for the bot; `content` is base64."""
        person, fields = acting_person(self._world, request), await body_fields(request)
        name, caption = fields.text("name", longest=200), fields.text("caption", "", longest=1024)
        kind = fields.text("mime_type", "application/octet-stream", longest=200)
        encoded = fields.text("content", longest=2_000_000)
        fields.done()
        try:
            content = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise WrongFieldError("The field content must be base64.") from error
        posted = self._telegram.send_document(person.id, Upload(name, content, kind), caption=caption)
        return answer({"message_id": posted.message_id, "update_id": posted.update_id})

    async def press(self, request: web.Request) -> web.Response:
        """Tap a button, found by its `text` or its `data`. `times` taps reach the bot as that many updates."""
        person, fields = acting_person(self._world, request), await body_fields(request)
        message, times = fields.whole("message_id", least=1), fields.whole("times", 1, least=1, most=MOST_TAPS)
        text = fields.text("text") if fields.has("text") else None
        data = fields.text("data") if fields.has("data") else None
        forged, chat = fields.flag("forged", default=False), chat_of(fields)
        fields.done()
        if (text is None) == (data is None) or (forged and data is None):
            raise WrongFieldError("Name the button by either the field text or the field data; forged needs data.")
        taps: list[Pressed] = []
        for _ in range(times):
            if forged and data is not None:
                taps.append(self._telegram.press_forged(person.id, message, data, chat_id=chat))
            else:
                taps.append(self._telegram.press(person.id, message, text=text, data=data, chat_id=chat))
        return answer({"taps": taps})

    async def delete(self, request: web.Request) -> web.Response:
        person, fields = acting_person(self._world, request), await body_fields(request)
        message, chat = fields.whole("message_id", least=1), chat_of(fields)
        fields.done()
        self._telegram.delete_message(person.id, message, chat_id=chat)
        return answer({"deleted": message})
