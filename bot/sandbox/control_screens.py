"""The control API for what people see: messages, answers to taps, alerts, files."""

from collections.abc import Iterable

from aiohttp import web

from bot.sandbox.fields import WrongFieldError, query_number
from bot.sandbox.wiring import acting_person, answer
from bot.sandbox.world import World


class Screens:
    def __init__(self, world: World) -> None:
        self._world = world
        self._telegram = world.telegram

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.get("/control/chats/{user}/messages", self.messages),
            web.get("/control/chats/{user}/notices", self.notices),
            web.get("/control/alerts", self.alerts),
            web.get("/control/files/{file}", self.file),
        )

    async def messages(self, request: web.Request) -> web.Response:
        """`after`: the version from an earlier answer; then only what has changed since, deletions included."""
        user = acting_person(self._world, request).id
        after = int(query_number(request.query, "after"))
        chat = _named_chat(request, user)
        found = [message.as_json() for message in self._telegram.messages(chat, after=after)]
        return answer({"version": self._telegram.version, "messages": found})

    async def notices(self, request: web.Request) -> web.Response:
        """What this person was shown after taps, and the taps that still wait for an answer."""
        user = acting_person(self._world, request).id
        after = int(query_number(request.query, "after"))
        shown = [notice.as_json() for notice in self._telegram.notices(user, after=after)]
        version, waiting = self._telegram.version, self._telegram.unanswered(user)
        return answer({"version": version, "notices": shown, "unanswered": waiting})

    async def alerts(self, request: web.Request) -> web.Response:
        """What has arrived in the chat for alerts."""
        after = int(query_number(request.query, "after"))
        found = self._telegram.messages(self._world.alerts_chat, after=after)
        return answer({"version": self._telegram.version, "messages": [each.as_json() for each in found]})

    async def file(self, request: web.Request) -> web.Response:
        upload = self._telegram.file(request.match_info["file"])
        if upload is None:
            raise web.HTTPNotFound
        shown = upload.mime_type if upload.mime_type.startswith("image/") else "application/octet-stream"
        return web.Response(body=upload.content, content_type=shown)


def _named_chat(request: web.Request, user: int) -> int:
    """The person's own chat unless the query names another one."""
    if "chat" not in request.query:
        return user
    try:
        return int(request.query["chat"])
    except ValueError as error:
        raise WrongFieldError("The field chat must be a number.") from error
