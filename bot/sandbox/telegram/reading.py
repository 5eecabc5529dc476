"""The body of a Bot API call as it came over HTTP: form, multipart or JSON, and the query string."""

import json
from collections.abc import Mapping

from aiohttp import web

from bot.sandbox.telegram.wire import ApiError, BadRequest, Upload

LARGEST_BODY = 60 * 1024 * 1024
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_call(request: web.Request) -> tuple[dict[str, object], dict[str, Upload]]:
    """Parameters and uploads; raises ApiError for a body that cannot be read."""
    params: dict[str, object] = dict(request.query)
    files: dict[str, Upload] = {}
    if not request.can_read_body:
        return params, files
    roomy = request.clone(client_max_size=LARGEST_BODY)
    try:
        if request.content_type == "application/json":
            params |= _object(await roomy.text())
        elif request.content_type in FORMS:
            _sort(await roomy.post(), params, files)
        else:
            raise BadRequest("unsupported content type of the request")
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except (ValueError, RecursionError, LookupError, web.RequestPayloadError):
        raise BadRequest("can't parse the request; strings must be encoded in UTF-8") from None
    return params, files


def _object(body: str) -> dict[str, object]:
    value = json.loads(body)
    if not isinstance(value, dict):
        raise BadRequest("can't parse JSON object")
    return value


def _sort(
    fields: Mapping[str, str | bytearray | bytes | web.FileField],
    params: dict[str, object],
    files: dict[str, Upload],
) -> None:
    for name, value in fields.items():
        if isinstance(value, str):
            params[name] = value
        elif isinstance(value, web.FileField):
            with value.file as spooled:
                files[name] = Upload(value.filename, spooled.read(), value.content_type)
        else:
            files[name] = Upload(name, bytes(value))
