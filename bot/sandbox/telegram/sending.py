"""The calls that put a new message into a chat."""

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.keyboards import read_keyboard, replaces_input
from bot.sandbox.telegram.messages import Content
from bot.sandbox.telegram.state import Chat, World
from bot.sandbox.telegram.views import VenueView
from bot.sandbox.telegram.wire import BadRequest, Json
from bot.sandbox.telegram.words import caption_of, text_of

LOOKS = ("link_preview_options", "show_caption_above_media", "has_spoiler")


def send_message(world: World, args: Args) -> Json:
    return _send(world, args, Content(text_of(args), looks=looks(args)))


def send_photo(world: World, args: Args) -> Json:
    words = caption_of(args)
    chat = _prepared(world, args)
    photo = world.files.resolve(args.text("photo"), "photo", args)
    return _send(world, args, Content(words, photo=photo, looks=looks(args)), chat)


def send_document(world: World, args: Args) -> Json:
    words = caption_of(args)
    chat = _prepared(world, args)
    document = world.files.resolve(args.text("document"), "document", args)
    return _send(world, args, Content(words, document=document, looks=looks(args)), chat)


def send_venue(world: World, args: Args) -> Json:
    venue = VenueView(args.number("latitude"), args.number("longitude"), args.text("title"), args.text("address"))
    return _send(world, args, Content(venue=venue))


def send_chat_action(world: World, args: Args) -> Json:
    world.chat_for_bot(args.value("chat_id"))
    return True


def looks(args: Args) -> tuple[tuple[str, Json], ...]:
    """What changes how a message looks, beside its words and media."""
    return tuple((name, args.value(name)) for name in LOOKS if name in args)


def _prepared(world: World, args: Args) -> Chat:
    """The chat, once everything but the file is found to be right: a refused call must keep no file."""
    chat = world.chat_for_bot(args.value("chat_id"))
    read_keyboard(args, private=chat.type == "private")
    _reply_target(chat, args)
    return chat


def _send(world: World, args: Args, content: Content, chat: Chat | None = None) -> Json:
    chat = chat or _prepared(world, args)
    message = world.post(
        chat,
        {"from": world.bot.as_json()},
        content,
        keyboard=read_keyboard(args, private=chat.type == "private"),
        replaces_input=replaces_input(args),
        reply_to=_reply_target(chat, args),
    )
    return world.message_json(chat, message)


def _reply_target(chat: Chat, args: Args) -> int | None:
    reply = args.inner("reply_parameters")
    if reply is None:
        return None
    target = chat.messages.get(reply.integer("message_id"))
    if target is not None and not target.deleted and reply.value("chat_id") in {None, chat.id}:
        return target.id
    if reply.flag("allow_sending_without_reply"):
        return None
    raise BadRequest("message to be replied not found")
