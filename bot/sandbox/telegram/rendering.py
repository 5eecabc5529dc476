"""Plain text and entities back into HTML that is safe to put on a page."""

from collections.abc import Sequence
from html import escape

from bot.sandbox.telegram.markup import Entity, Words

WRAPS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "bot_command": ('<span class="command">', "</span>"),
}
SAFE_LINKS = ("http://", "https://", "tg://", "mailto:", "tel:")


def to_html(words: Words) -> str:
    """Every character escaped; only known tags; entities that overlap crosswise are left out."""
    units = words.text.encode("utf-16-le", "surrogatepass")
    return _span(units, 0, len(units) // 2, words.entities)


def _span(units: bytes, start: int, end: int, entities: Sequence[Entity]) -> str:
    parts: list[str] = []
    position = start
    for index, entity in enumerate(entities):
        stop = entity.offset + entity.length
        if entity.offset < position or stop > end:
            continue
        parts.append(_plain(units, position, entity.offset))
        before, after = _wrap(entity)
        parts += [before, _span(units, entity.offset, stop, entities[index + 1 :]), after]
        position = stop
    return "".join([*parts, _plain(units, position, end)])


def _plain(units: bytes, start: int, end: int) -> str:
    return escape(units[2 * start : 2 * end].decode("utf-16-le", "replace"))


def _wrap(entity: Entity) -> tuple[str, str]:
    if entity.type != "text_link":
        return WRAPS.get(entity.type, ("", ""))
    url = str(dict(entity.details).get("url", ""))
    if not url.startswith(SAFE_LINKS):
        return "", ""
    return f'<a href="{escape(url)}" rel="noreferrer" target="_blank">', "</a>"
