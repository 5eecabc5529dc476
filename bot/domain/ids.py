"""Names for things: typed ids, and the short codes that people read aloud."""

from random import Random
from typing import NewType

CustomerId = NewType("CustomerId", int)
TelegramId = NewType("TelegramId", int)
ChatId = NewType("ChatId", int)
MessageId = NewType("MessageId", int)
CategoryId = NewType("CategoryId", int)
ResourceId = NewType("ResourceId", int)
FareId = NewType("FareId", int)
InventoryId = NewType("InventoryId", int)
OrderId = NewType("OrderId", int)
AttemptId = NewType("AttemptId", int)
PaymentId = NewType("PaymentId", int)
RefundId = NewType("RefundId", int)
BookingId = NewType("BookingId", int)
MediaId = NewType("MediaId", int)
AttentionId = NewType("AttentionId", int)
WaitingId = NewType("WaitingId", int)
SessionId = NewType("SessionId", str)

READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0/O and 1/I
CODE_LENGTH = 6
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SECRET_LENGTH = 28  # 166 bits
NONCE_LENGTH = 8


def public_code(chance: Random) -> str:
    """A code such as `K7Q4-MZ`; `chance` must be unguessable in production (`random.SystemRandom`)."""
    letters = "".join(chance.choices(READABLE, k=CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def read_code(text: str) -> str | None:
    """The code that somebody has written, with or without its hyphen and in letters of any size; None for the rest."""
    letters = "".join(text.replace("-", "").split()).upper()
    fits = len(letters) == CODE_LENGTH and set(letters) <= set(READABLE)
    return f"{letters[:4]}-{letters[4:]}" if fits else None


def secret_token(chance: Random) -> str:
    """A token that cannot be guessed and fits into an address or a start parameter."""
    return "".join(chance.choices(LETTERS, k=SECRET_LENGTH))


def nonce(chance: Random) -> str:
    """What makes one summary, and so one order, different from the next."""
    return "".join(chance.choices(LETTERS, k=NONCE_LENGTH))
