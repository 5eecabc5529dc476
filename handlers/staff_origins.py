"""Tells a command that somebody gave in person from one that merely passed by."""

from enum import StrEnum

from telegram import Message, Update, User
from telegram.constants import ChatType


class Origin(StrEnum):
    OWN = "own"  # a new message, written by this very person, to us alone
    EDITED = "edited"
    FORWARDED = "forwarded"
    VIA_BOT = "via_bot"
    BUSINESS = "business"
    GROUP = "group"
    ANONYMOUS = "anonymous"  # a group's anonymous admin, or a channel that speaks in a group
    CHANNEL = "channel"


def origin_of(update: Update) -> Origin:
    """Where the message of an update comes from; only OWN is an order to us."""
    if update.channel_post is not None or update.edited_channel_post is not None:
        return Origin.CHANNEL
    if update.message is None:
        return Origin.EDITED if update.edited_message is not None else Origin.BUSINESS
    return _of_new(update.message)


def author_of(update: Update) -> User | None:
    """Who wrote it; anonymous admins, channels and bots are nobody."""
    message = update.effective_message
    if message is None or message.sender_chat is not None or message.from_user is None or message.from_user.is_bot:
        return None
    return message.from_user


def _of_new(message: Message) -> Origin:
    if message.sender_chat is not None:
        return Origin.ANONYMOUS
    if message.chat.type != ChatType.PRIVATE or message.from_user is None or message.chat.id != message.from_user.id:
        return Origin.GROUP
    if message.from_user.is_bot:
        return Origin.ANONYMOUS
    if message.forward_origin is not None or message.is_automatic_forward:
        return Origin.FORWARDED
    if message.via_bot is not None:
        return Origin.VIA_BOT
    return Origin.BUSINESS if message.business_connection_id or message.sender_business_bot else Origin.OWN
