"""The calls that change or delete a message that is there."""

from dataclasses import replace
from datetime import timedelta

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.keyboards import Keyboard, read_keyboard
from bot.sandbox.telegram.messages import Content, Message
from bot.sandbox.telegram.sending import looks
from bot.sandbox.telegram.state import Chat, World
from bot.sandbox.telegram.wire import BadRequest, Json
from bot.sandbox.telegram.words import caption_of, text_of

DELETABLE_FOR = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(world: World, args: Args) -> Json:
    chat, message = _editable(world, args)
    if not message.content.is_text:
        raise BadRequest("there is no text in the message to edit")
    return _save(world, args, chat, message, Content(text_of(args), looks=looks(args)))


def edit_message_caption(world: World, args: Args) -> Json:
    chat, message = _editable(world, args)
    if not message.content.has_media:
        raise BadRequest("there is no caption in the message to edit")
    changed = replace(message.content, words=caption_of(args), looks=_caption_looks(message.content, args))
    return _save(world, args, chat, message, changed)


def edit_message_media(world: World, args: Args) -> Json:
    chat, message = _editable(world, args)
    media = args.inner("media")
    if media is None or message.content.venue:
        raise BadRequest("message can't be edited")
    words = caption_of(media)
    _keyboard(args, chat)
    return _save(world, args, chat, message, _media(media, world, Content(words, looks=looks(media))))


def edit_message_reply_markup(world: World, args: Args) -> Json:
    chat, message = _editable(world, args)
    return _save(world, args, chat, message, message.content)


def delete_message(world: World, args: Args) -> Json:
    chat = world.chat_for_bot(args.value("chat_id"))
    message = chat.messages.get(args.integer("message_id"))
    if message is None or message.deleted:
        raise BadRequest("message to delete not found")
    if world.now() - message.date > DELETABLE_FOR:
        raise BadRequest("message can't be deleted")
    world.delete(chat, message)
    return True


def _editable(world: World, args: Args) -> tuple[Chat, Message]:
    """A message of the bot's own, without a reply keyboard."""
    chat = world.chat_for_bot(args.value("chat_id"))
    message = chat.messages.get(args.integer("message_id"))
    if message is None or message.deleted:
        raise BadRequest("message to edit not found")
    if not message.by_bot or message.replaces_input:
        raise BadRequest("message can't be edited")
    return chat, message


def _save(world: World, args: Args, chat: Chat, message: Message, content: Content) -> Json:
    """An edit without `reply_markup` takes the keyboard away."""
    keyboard = _keyboard(args, chat)
    if content == message.content and keyboard == message.keyboard:
        raise BadRequest(NOT_MODIFIED)
    return world.message_json(chat, world.edit(chat, message, content, keyboard))


def _keyboard(args: Args, chat: Chat) -> Keyboard:
    return read_keyboard(args, private=chat.type == "private")


def _media(media: Args, world: World, content: Content) -> Content:
    kind = media.text("type")
    stored: StoredFile = world.files.resolve(media.text("media"), kind, media)
    return replace(content, photo=stored) if kind == "photo" else replace(content, document=stored)


def _caption_looks(content: Content, args: Args) -> tuple[tuple[str, Json], ...]:
    """A spoiler stays; where the caption stands is told anew by every edit."""
    return tuple(item for item in content.looks if item[0] == "has_spoiler") + looks(args)
