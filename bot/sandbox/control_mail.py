"""The control API for letters: what has arrived in the simulated mailbox."""

from collections.abc import Iterable

from aiohttp import web

from bot.sandbox.mail.mailbox import Mail
from bot.sandbox.wiring import answer, path_number
from bot.sandbox.world import World


class Letters:
    def __init__(self, world: World) -> None:
        self._mailbox = world.mailbox

    def routes(self) -> Iterable[web.RouteDef]:
        return (web.get("/control/mails", self.listed), web.get("/control/mails/{mail}", self.shown))

    async def listed(self, _: web.Request) -> web.Response:
        """Newest first, without their contents."""
        return answer({"mails": [_head(mail) for mail in self._mailbox.mails]})

    async def shown(self, request: web.Request) -> web.Response:
        mail = self._mailbox.find(path_number(request, "mail"))
        if mail is None:
            raise web.HTTPNotFound(text="There is no such letter.")
        return answer(
            {
                **_head(mail),
                "text": mail.body("plain"),
                "html": mail.body("html"),
                "headers": [[name, str(value)] for name, value in mail.message.items()],
                "files": [
                    {"name": part.name, "type": part.content_type, "path": f"/mail/{mail.id}/{place}"}
                    for place, part in enumerate(mail.attached)
                ],
            }
        )


def _head(mail: Mail) -> dict[str, object]:
    return {
        "id": mail.id,
        "at": mail.at.isoformat(),
        "from": mail.sender,
        "to": mail.to,
        "subject": mail.header("Subject"),
    }
