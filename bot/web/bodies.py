"""Reads the body of a request without being kept waiting, flooded or fooled by compression."""

import asyncio

from aiohttp import web

from bot.web.limits import Limits


async def read_body(request: web.Request, limits: Limits) -> bytes:
    """The body as it came. Raises 400, 408, 413 or 415 for one that does not end, is too large, or is encoded."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise web.HTTPUnsupportedMediaType(text="Send the body as it is.\n")
    if (request.content_length or 0) > limits.body:
        raise web.HTTPRequestEntityTooLarge(limits.body, text="Too large.\n")
    try:
        async with asyncio.timeout(limits.body_within):
            return await request.read()
    except TimeoutError as late:
        raise web.HTTPRequestTimeout(text="Too slow.\n") from late
    except web.RequestPayloadError as broken:
        raise web.HTTPBadRequest(text="Bad request.\n") from broken
