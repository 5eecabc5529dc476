"""Telegram's HTML: parsed into plain text and entities, as strictly as the documentation is written."""

import re
from dataclasses import dataclass

from bot.sandbox.telegram.schema import utf16_length
from bot.sandbox.telegram.wire import BadRequest, Json, JsonObject

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
MONOSPACE = ("code", "pre")
QUOTES = ("blockquote", "expandable_blockquote")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)([^<>]*)>|&(#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7}|[a-z]{2,4});|[<>&]")
ATTRIBUTE = re.compile(r"\s+([a-z-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=]+)))?")
MOST_ENTITIES = 100


@dataclass(frozen=True)
class Entity:
    """Offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    details: tuple[tuple[str, Json], ...] = ()

    def as_json(self) -> JsonObject:
        return {"type": self.type, "offset": self.offset, "length": self.length, **dict(self.details)}


@dataclass(frozen=True)
class Words:
    """A text or a caption, as Telegram keeps it."""

    text: str = ""
    entities: tuple[Entity, ...] = ()


@dataclass
class _Open:
    tag: str
    entity: str
    start: int
    details: tuple[tuple[str, Json], ...]


def parse_html(source: str) -> Words:
    """Plain text and entities; raises BadRequest "can't parse entities: …"."""
    parser = _Parser(source)
    parser.run()
    return Words("".join(parser.plain), tuple(sorted(parser.entities, key=_outer_first)[:MOST_ENTITIES]))


def _outer_first(entity: Entity) -> tuple[int, int]:
    return entity.offset, -entity.length


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self.plain: list[str] = []
        self.entities: list[Entity] = []
        self._length = 0
        self._stack: list[_Open] = []

    def run(self) -> None:
        position = 0
        for token in TOKEN.finditer(self._source):
            self._write(self._source[position : token.start()])
            position = token.end()
            self._handle(token)
        self._write(self._source[position:])
        if self._stack:
            raise _mistake(f'Can\'t find end tag corresponding to start tag "{self._stack[-1].tag}"')

    def _write(self, text: str) -> None:
        self.plain.append(text)
        self._length += utf16_length(text)

    def _handle(self, token: re.Match[str]) -> None:
        closing, tag, rest, entity = token.groups()
        if entity is not None:
            self._write(self._character(entity, token))
        elif tag is None:
            raise _mistake(f'Unescaped "{token[0]}" at byte offset {self._at(token)}')
        elif closing:
            self._close(tag.lower(), token)
        else:
            self._open(tag.lower(), rest, token)

    def _character(self, entity: str, token: re.Match[str]) -> str:
        if not entity.startswith("#"):
            if entity not in NAMED:
                raise _mistake(f'Unsupported entity "{token[0]}" at byte offset {self._at(token)}')
            return NAMED[entity]
        code = int("0" + entity[1:], 16) if entity[1] == "x" else int(entity[1:])
        if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise _mistake(f'Invalid character "{token[0]}" at byte offset {self._at(token)}')
        return chr(code)

    def _open(self, tag: str, rest: str, token: re.Match[str]) -> None:
        if tag not in TAGS:
            raise _mistake(f'Unsupported start tag "{tag}" at byte offset {self._at(token)}')
        opened = _opened(tag, self._attributes(rest, token), self._length)
        self._check_nesting(opened, token)
        self._stack.append(opened)

    def _attributes(self, rest: str, token: re.Match[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        position = 0
        while match := ATTRIBUTE.match(rest, position):
            found[match[1]] = parse_html(match[2] or match[3] or match[4] or "").text
            position = match.end()
        if rest[position:].strip():
            raise _mistake(f"Unclosed start tag at byte offset {self._at(token)}")
        return found

    def _check_nesting(self, opened: _Open, token: re.Match[str]) -> None:
        around = [outer.entity for outer in self._stack]
        language = opened.tag == "code" and around[-1:] == ["pre"]
        if any(outer in MONOSPACE for outer in around) and not language:
            raise _mistake(f'Tag "{opened.tag}" inside code or pre at byte offset {self._at(token)}')
        if opened.entity in MONOSPACE and not language and set(around) - {"text_link", *QUOTES}:
            raise _mistake(f'Tag "{opened.tag}" inside other formatting at byte offset {self._at(token)}')
        if opened.entity in QUOTES and any(outer in QUOTES for outer in around):
            raise _mistake(f"Nested blockquote at byte offset {self._at(token)}")

    def _close(self, tag: str, token: re.Match[str]) -> None:
        if not self._stack:
            raise _mistake(f"Unexpected end tag at byte offset {self._at(token)}")
        opened = self._stack.pop()
        if opened.tag != tag:
            where = f"Unmatched end tag at byte offset {self._at(token)}"
            raise _mistake(f'{where}, expected "</{opened.tag}>", found "</{tag}>"')
        if opened.tag == "code" and self._stack and self._stack[-1].entity == "pre":
            self._stack[-1].details = opened.details
        elif self._length > opened.start:
            length = self._length - opened.start
            self.entities.append(Entity(opened.entity, opened.start, length, opened.details))

    def _at(self, token: re.Match[str]) -> int:
        return len(self._source[: token.start()].encode())


def _opened(tag: str, attributes: dict[str, str], start: int) -> _Open:
    opened = _Open(tag, TAGS[tag], start, ())
    match tag:
        case "a" if attributes.get("href"):
            opened.details = (("url", attributes["href"]),)
        case "a":
            raise _mistake('Tag "a" must have attribute "href"')
        case "span" if attributes.get("class") != "tg-spoiler":
            raise _mistake('Tag "span" must have class "tg-spoiler"')
        case "tg-emoji" if attributes.get("emoji-id"):
            opened.details = (("custom_emoji_id", attributes["emoji-id"]),)
        case "tg-emoji":
            raise _mistake('Tag "tg-emoji" must have attribute "emoji-id"')
        case "blockquote" if "expandable" in attributes:
            opened.entity = "expandable_blockquote"
        case "code" if attributes.get("class", "").startswith("language-"):
            opened.details = (("language", attributes["class"].removeprefix("language-")),)
        case _:
            pass
    return opened


def _mistake(text: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {text}")
