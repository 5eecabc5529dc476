"""The call that answers an inline query, and what a person then sees of it."""

from urllib.parse import urlsplit

from bot.sandbox.telegram.answering import ANSWERABLE_FOR, TOO_OLD
from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.keyboards import Keyboard, read_keyboard
from bot.sandbox.telegram.messages import Content
from bot.sandbox.telegram.sending import looks
from bot.sandbox.telegram.state import InlineAnswer, InlineResult, World
from bot.sandbox.telegram.views import ResultView
from bot.sandbox.telegram.wire import BadRequest, Json, JsonObject
from bot.sandbox.telegram.words import text_of

OPENING = ("url", "switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat")


def answer_inline_query(world: World, args: Args) -> Json:
    query = world.inline_queries.get(args.text("inline_query_id"))
    if query is None or query.answer is not None or world.now() - query.made > ANSWERABLE_FOR:
        raise BadRequest(TOO_OLD)
    results = {result.view.id: result for result in map(_result, args.objects("results"))}
    if len(results) < len(args.items("results")):
        raise BadRequest("RESULT_ID_DUPLICATE")
    query.answer = InlineAnswer(tuple(results.values()), args.text("next_offset"))
    world.changed()
    return True


def _result(described: JsonObject) -> InlineResult:
    result = Args(described, {})
    content = result.inner("input_message_content")
    if content is None:
        raise TypeError("input_message_content")
    words = text_of(Args({**content.values, "text": content.text("message_text")}, {}))
    if not result.text("title").strip():
        raise BadRequest("ARTICLE_TITLE_EMPTY")
    view = ResultView(result.text("id"), result.text("title"), result.text("description"), _thumbnail(result))
    return InlineResult(view, Content(words, looks=looks(content)), _keyboard(result))


def _thumbnail(result: Args) -> str:
    address = result.text("thumbnail_url")
    if address and (urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname):
        raise BadRequest("WEBDOCUMENT_URL_INVALID")
    return address


def _keyboard(result: Args) -> Keyboard:
    """Nobody here can tap what would call the bot from a chat that it is not in."""
    keyboard = read_keyboard(result, private=False)
    for row in keyboard:
        for button in row:
            if not any(action in button for action in OPENING):
                raise BadRequest("a button under an inline message may only open something here")
    return keyboard
