"""The call that ends the waiting of a tap."""

from datetime import timedelta
from urllib.parse import urlsplit

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.state import World
from bot.sandbox.telegram.wire import BadRequest, Json

ANSWERABLE_FOR = timedelta(minutes=1)  # Telegram gives no figure; a bot that answers at once is far below
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(world: World, args: Args) -> Json:
    query = world.queries.get(args.text("callback_query_id"))
    if query is None or query.answered or world.now() - query.made > ANSWERABLE_FOR:
        raise BadRequest(TOO_OLD)
    url = args.text("url")
    if url and (urlsplit(url).hostname, urlsplit(url).path.strip("/")) != ("t.me", world.bot.username):
        raise BadRequest("URL_INVALID")
    world.show(query, args.text("text"), alert=args.flag("show_alert"))
    return True
