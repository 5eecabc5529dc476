"""The control API: JSON by which scripts, tests and the chat page drive the simulated world."""

from collections.abc import Awaitable, Callable, Iterable

import orjson
from aiohttp import web

from bot.sandbox.control_chats import Chats
from bot.sandbox.control_inline import Inline
from bot.sandbox.control_mail import Letters
from bot.sandbox.control_screens import Screens
from bot.sandbox.control_stripe import Money
from bot.sandbox.control_world import Surroundings
from bot.sandbox.fields import WrongFieldError
from bot.sandbox.stripe.results import NoSuchObjectError, NotPossibleError
from bot.sandbox.telegram.model import Impossible
from bot.sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def control_routes(world: World) -> Iterable[web.RouteDef]:
    """Everything below /control."""
    return (
        *Surroundings(world).routes(),
        *Chats(world).routes(),
        *Inline(world).routes(),
        *Screens(world).routes(),
        *Money(world).routes(),
        *Letters(world).routes(),
    )


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Below /control every refusal is JSON: {"error": "a sentence"}."""
    if not request.path.startswith("/control"):
        return await handler(request)
    try:
        return await handler(request)
    except WrongFieldError as error:
        return _refusal(400, str(error))
    except NoSuchObjectError as error:
        return _refusal(404, f"The simulated Stripe has no {error}.")
    except (Impossible, NotPossibleError) as error:
        return _refusal(409, str(error))
    except web.HTTPClientError as error:
        return _refusal(error.status, error.text or error.reason)


def _refusal(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, body=orjson.dumps({"error": sentence}), content_type="application/json")
