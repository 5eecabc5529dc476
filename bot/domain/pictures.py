"""Which pictures a shop can show: what Telegram takes as a photo, known by content rather than by name."""

from bot.domain.catalogue_entries import CatalogueMistake

JPEG, PNG = "image/jpeg", "image/png"
LARGEST = 10 * 1024 * 1024
_STARTS = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_ENDINGS = {JPEG: "jpg", PNG: "png"}


def content_type(content: bytes) -> str | None:
    """The type of a picture that can be shown, else None."""
    if len(content) > LARGEST:
        return None
    return next((kind for start, kind in _STARTS.items() if content.startswith(start)), None)


def ending(kind: str) -> str:
    return _ENDINGS[kind]


def unusable(path: str) -> CatalogueMistake:
    return CatalogueMistake(path, f"a JPEG or PNG picture of at most {LARGEST // 2**20} MB")
