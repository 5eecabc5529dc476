"""Draws a ticket: what a customer shows at the door, readable by a camera and by a person without one."""

import re
from dataclasses import dataclass
from importlib import resources
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

from handlers import markup
from handlers.ticket_face import TicketFace

WIDTH = 1000
MARGIN = 64
INNER = WIDTH - 2 * MARGIN
BAND = 104
GAP = 20
DASHES, DASH = 31, 14
MOST_SIGNS = 400
"""More than any line of a ticket can show."""
INK, FAINT, LINE, PAPER = 0, 84, 196, 255
DARK, LIGHT = (16, 35, 63), (255, 255, 255)
"""Between these two lie all shades of a ticket."""

FONT_PACKAGE, FONT_FILE = "fontpkg_source_sans_3", "SourceSans3[wght].ttf"
REGULAR, BOLD = 400, 700
ABSENT = "\U000f1234"
"""A sign that no font has: it shows how missing signs look."""


@dataclass(frozen=True)
class _Line:
    """One line of text with the space that it takes."""

    text: str
    font: ImageFont.FreeTypeFont
    shade: int
    height: int


def ticket_png(face: TicketFace) -> bytes:
    """The picture as PNG, WIDTH pixels wide and as high as its texts need."""
    lines, code, foot = _lines(face), _code_square(face.link), _foot(face)
    tear = BAND + GAP + _height(lines) + 2 * GAP
    square = tear + GAP
    picture = Image.new("L", (WIDTH, square + code.height + _height(foot) + MARGIN), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, BAND), fill=INK)
    _write(draw, _paragraph(face.shop, 42, BOLD, PAPER, most=1), BAND // 2 - 27)
    _write(draw, lines, BAND + GAP)
    _tear_off(draw, tear)
    picture.paste(code, ((WIDTH - code.width) // 2, square))
    _write(draw, foot, square + code.height, centred=True)
    return _png(picture)


def _lines(face: TicketFace) -> list[_Line]:
    """What it is for, and for whom."""
    return [
        *_paragraph(face.title, 76, BOLD, INK, most=3),
        *_paragraph(face.when, 54, BOLD, INK, most=3, before=GAP),
        *_paragraph(face.zone, 36, REGULAR, FAINT, most=1),
        *_paragraph(face.place, 44, REGULAR, INK, most=2, before=GAP),
        *_paragraph(face.party, 44, REGULAR, INK, most=4, before=GAP // 2),
    ]


def _foot(face: TicketFace) -> list[_Line]:
    return [*_paragraph(face.code_label, 36, REGULAR, FAINT, most=1), *_paragraph(face.code, 92, BOLD, INK, most=1)]


def _paragraph(text: str, size: int, weight: int, shade: int, *, most: int, before: int = 0) -> list[_Line]:
    """The text in lines that fit; what does not fit into so many of them ends in an ellipsis."""
    font = _font(size, weight)
    words = _drawable(text, font).split(" ")
    rows = [row for row in _wrapped(words, font) if row]
    if len(rows) > most:
        rows = [*rows[: most - 1], _shortened(" ".join(rows[most - 1 :]), font)]
    step = round(size * 1.24)
    return [_Line(row, font, shade, step + (before if number == 0 else 0)) for number, row in enumerate(rows)]


def _wrapped(words: list[str], font: ImageFont.FreeTypeFont) -> list[str]:
    """Rows of words; a word that is wider than a row is broken."""
    rows = [""]
    for word in words:
        longer = f"{rows[-1]} {word}".strip()
        if font.getlength(longer) <= INNER:
            rows[-1] = longer
            continue
        rows.append("")
        for sign in word:
            if font.getlength(rows[-1] + sign) > INNER:
                rows.append("")
            rows[-1] += sign
    return rows


def _shortened(text: str, font: ImageFont.FreeTypeFont) -> str:
    while text and font.getlength(f"{text}…") > INNER:
        text = text[:-1].rstrip()
    return f"{text}…"


def _drawable(text: str, font: ImageFont.FreeTypeFont) -> str:
    """The text without what the font cannot show: emoji, other scripts."""
    blank = bytes(font.getmask(ABSENT))
    shown = markup.line(text)[:MOST_SIGNS]
    lacking = {sign for sign in set(shown) if not sign.isascii() and bytes(font.getmask(sign)) == blank}
    return re.sub(" +", " ", "".join(sign for sign in shown if sign not in lacking)).strip()


def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    file = resources.files(FONT_PACKAGE) / "files" / FONT_FILE
    font = ImageFont.truetype(BytesIO(file.read_bytes()), size)
    font.set_variation_by_axes([weight])
    return font


def _code_square(link: str) -> Image.Image:
    """The QR code, large enough for the camera of an old phone, with the quiet margin that it needs."""
    code = segno.make_qr(link, error="m")
    rows = list(code.matrix_iter(scale=1, border=4))
    side = len(rows)
    square = Image.new("L", (side, side))
    square.putdata([INK if dark else PAPER for row in rows for dark in row])
    scale = max(620 // side, 4)
    return square.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def _height(lines: list[_Line]) -> int:
    return sum(line.height for line in lines)


def _write(draw: ImageDraw.ImageDraw, lines: list[_Line], top: int, *, centred: bool = False) -> None:
    for line in lines:
        top += line.height
        at, anchor = (WIDTH // 2, "ms") if centred else (MARGIN, "ls")
        draw.text((at, top - line.font.size * 0.28), line.text, fill=line.shade, font=line.font, anchor=anchor)


def _tear_off(draw: ImageDraw.ImageDraw, height: int) -> None:
    """The dashed line across, as if the lower part could be torn off."""
    for number in range(DASHES):
        start = MARGIN + number * (INNER - DASH) / (DASHES - 1)
        draw.line([(start, height), (start + DASH, height)], fill=LINE, width=4)


def _png(picture: Image.Image) -> bytes:
    """Each shade becomes a mixture of DARK and LIGHT."""
    mixed = [
        round(dark + (light - dark) * shade / 255)
        for shade in range(256)
        for dark, light in zip(DARK, LIGHT, strict=True)
    ]
    picture.putpalette(mixed)
    file = BytesIO()
    picture.save(file, "PNG", compress_level=3)
    return file.getvalue()
