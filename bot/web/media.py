"""Shows the catalogue's pictures to whoever asks, such as Stripe's payment page."""

from collections.abc import Awaitable, Callable
from hashlib import sha256

from aiohttp import ETag, web

from bot.domain.catalogue import Picture
from bot.domain.errors import Gone
from bot.domain.ids import MediaId

PATH = "/media/{id:[0-9]{1,18}}"
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
CACHING = "public, max-age=86400"

Find = Callable[[MediaId], Awaitable[Picture]]
"""A picture of the catalogue; raises Gone."""


class Media:
    def __init__(self, find: Find) -> None:
        self._find = find

    async def handle(self, request: web.Request) -> web.Response:
        picture = await self._picture(MediaId(int(request.match_info["id"])))
        tag = ETag(sha256(picture.content).hexdigest())
        known = request.if_none_match or ()
        if any(each.value in {tag.value, "*"} for each in known):
            response = web.Response(status=304)
        else:
            response = web.Response(body=picture.content, content_type=picture.content_type)
        response.etag = tag
        response.headers["Cache-Control"] = CACHING
        return response

    async def _picture(self, media_id: MediaId) -> Picture:
        try:
            picture = await self._find(media_id)
        except Gone as gone:
            raise web.HTTPNotFound(text="No such picture.\n") from gone
        if picture.content_type not in SHOWN:
            raise web.HTTPNotFound(text="No such picture.\n")
        return picture
