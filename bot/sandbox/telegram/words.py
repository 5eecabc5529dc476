"""The text or caption of a call: parsed, bounded, its entities checked."""

import re

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.markup import MOST_ENTITIES, Entity, Words, parse_html
from bot.sandbox.telegram.methods import CAPTION_LIMIT, TEXT_LIMIT
from bot.sandbox.telegram.schema import utf16_length
from bot.sandbox.telegram.wire import BadRequest, JsonObject

COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![A-Za-z0-9_@/])")
LONGEST_SOURCE = 16 * TEXT_LIMIT


def text_of(args: Args) -> Words:
    """The text of a message, 1-4096 UTF-16 units once parsed."""
    words = _words(args, "text", "entities")
    if not words.text.strip():
        raise BadRequest("message text is empty")
    if utf16_length(words.text) > TEXT_LIMIT:
        raise BadRequest("message is too long")
    return words


def caption_of(args: Args) -> Words:
    """A caption, 0-1024 UTF-16 units once parsed."""
    words = _words(args, "caption", "caption_entities")
    if utf16_length(words.text) > CAPTION_LIMIT:
        raise BadRequest("message caption is too long")
    return words


def spoken(text: str) -> Words:
    """What a person typed: no markup, but the commands in it are entities."""
    entities = [
        Entity("bot_command", utf16_length(text[: found.start()]), utf16_length(found[0]))
        for found in COMMAND.finditer(text)
    ]
    return Words(text, tuple(entities))


def _words(args: Args, text_field: str, entities_field: str) -> Words:
    text = args.text(text_field)
    if len(text) > LONGEST_SOURCE:
        raise BadRequest("message is too long")
    given = args.objects(entities_field)
    if args.text("parse_mode"):
        if given:
            raise BadRequest(f"{entities_field} and parse_mode exclude each other")
        return parse_html(text)
    entities = sorted((_entity(item, text) for item in given), key=lambda entity: (entity.offset, -entity.length))
    return Words(text, tuple(entities[:MOST_ENTITIES]))


def _entity(item: JsonObject, text: str) -> Entity:
    fields = Args(item, {})
    offset, length, end = fields.integer("offset"), fields.integer("length"), utf16_length(text)
    if offset + length > end:
        raise BadRequest(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
        )
    details = tuple((name, value) for name, value in item.items() if name not in {"type", "offset", "length"})
    return Entity(fields.text("type"), offset, length, details)
