"""What Telegram means when it refuses a call; it says so only in words."""

from datetime import timedelta

from telegram.error import BadRequest, RetryAfter

_UNCHANGED = ("message is not modified",)
_CANNOT_BE_EDITED = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no caption in the message",
    "there is no text in the message",
)
_CANNOT_BE_DELETED = ("message to delete not found", "message can't be deleted", "message_id_invalid")
_BAD_FILE = ("wrong file identifier", "wrong remote file", "wrong file_id", "file reference", "invalid file")
_TOO_LATE = ("query is too old", "query id is invalid", "query_id_invalid")
_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")


def _says(refusal: BadRequest, phrases: tuple[str, ...]) -> bool:
    return any(phrase in refusal.message.lower() for phrase in phrases)


def unchanged(refusal: BadRequest) -> bool:
    """The message looks already as it should."""
    return _says(refusal, _UNCHANGED)


def cannot_be_edited(refusal: BadRequest) -> bool:
    """The message is gone, too old or of another sort: a new one must be sent."""
    return _says(refusal, _CANNOT_BE_EDITED)


def cannot_be_deleted(refusal: BadRequest) -> bool:
    """The message is gone, or too old to be taken away."""
    return _says(refusal, _CANNOT_BE_DELETED)


def bad_file(refusal: BadRequest) -> bool:
    """The file id is not one of this bot's: the picture must be uploaded again."""
    return _says(refusal, _BAD_FILE)


def no_chat(refusal: BadRequest) -> bool:
    """There is nobody to write to."""
    return _says(refusal, _NO_CHAT)


def too_late(refusal: BadRequest) -> bool:
    """Whoever asked has stopped waiting."""
    return _says(refusal, _TOO_LATE)


def seconds_to_wait(flood: RetryAfter) -> float:
    wait = flood.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
