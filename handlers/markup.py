"""Plain text made safe for Telegram: markup escaped, hidden signs dropped, cut to the length that Telegram counts."""

import re
from html import escape

CAPTION = 1024
TEXT = 4096
LABEL = 64
ALERT = 200

_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_PILED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def units(text: str) -> int:
    """How long Telegram finds a text: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """The text without control signs, direction overrides and towers of accents."""
    return _PILED.sub(r"\1", _HIDDEN.sub("", text))


def cut(text: str, most: int) -> str:
    """The text, shortened with an ellipsis to at most so many UTF-16 units, never inside a character."""
    if units(text) <= most:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: (most - 1) * 2].decode("utf-16-le", "ignore")
    return f"{kept.rstrip()}…" if most > 0 else ""


def line(text: str) -> str:
    """Foreign text for one line of something longer."""
    return " ".join(clean(text).split("\n"))


def label(text: str) -> str:
    """The words on a button."""
    return cut(line(text).strip(), LABEL) or "·"


def alert(text: str) -> str:
    return cut(clean(text), ALERT)


def plain(text: str) -> str:
    return escape(clean(text), quote=False)


def bold(text: str) -> str:
    return f"<b>{plain(text)}</b>" if text else ""


def fixed(text: str) -> str:
    """A block of fixed width, for figures in columns."""
    return f"<pre>{plain(text)}</pre>"


def paragraphs(title: str, *blocks: str, most: int = CAPTION) -> str:
    """A bold first line, then blocks of plain text; what is longest gives way when all is more than Telegram takes.

    Empty blocks are left out; a block made by `gap` stands apart from the one before it.
    """
    shown = _shown(title, blocks)
    while (excess := _length(shown) - most) > 0:
        longest = max(range(len(shown)), key=lambda index: units(shown[index]))
        shown[longest] = cut(shown[longest], max(units(shown[longest]) - excess, 1))
    return "\n".join([bold(shown[0]), *(escape(block, quote=False) for block in shown[1:])])


def fits(title: str, *blocks: str, most: int = CAPTION) -> bool:
    """Whether `paragraphs` would say all of it."""
    return _length(_shown(title, blocks)) <= most


def _shown(title: str, blocks: tuple[str, ...]) -> list[str]:
    return [cut(clean(title).strip(), 256), *(clean(block).rstrip() for block in blocks if block.strip())][:100]


def _length(shown: list[str]) -> int:
    return sum(map(units, shown)) + len(shown) - 1


def gap(block: str) -> str:
    """The block with an empty line before it, if it says anything."""
    return f"\n{block}" if block.strip() else ""
