"""What the parts of the control API share: reading bodies, writing answers, finding people."""

import orjson
from aiohttp import web

from bot.sandbox.fields import Fields, WrongFieldError
from bot.sandbox.world import Person, World

LARGEST_BODY = 2 * 1024 * 1024


async def body_fields(request: web.Request) -> Fields:
    """The JSON object of a request; an empty body counts as an empty object."""
    raw = await request.clone(client_max_size=LARGEST_BODY).read()
    try:
        values = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise WrongFieldError("The body must be JSON.") from error
    if not isinstance(values, dict):
        raise WrongFieldError("The body must be a JSON object.")
    return Fields(values)


def answer(found: object) -> web.Response:
    return web.Response(body=orjson.dumps(found), content_type="application/json")


def path_number(request: web.Request, name: str) -> int:
    try:
        return int(request.match_info[name])
    except ValueError as error:
        raise WrongFieldError(f"The {name} in the path must be a number.") from error


def acting_person(world: World, request: web.Request) -> Person:
    """The person whose id stands in the path."""
    user = path_number(request, "user")
    if user not in world.people:
        raise WrongFieldError(f"There is no user {user}; POST /control/users makes one.")
    return world.people[user]
