"""Small PNG files for the readme: 256 colours, chosen by the browser that made the picture."""

import base64
import struct
import zlib
from dataclasses import dataclass

from playwright.async_api import Page

COLOURS = """
async (png) => {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const cellOf = (at) => ((data[at] >> 2) << 12) | ((data[at + 1] >> 2) << 6) | (data[at + 2] >> 2);
  const cells = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const cell = cells.get(cellOf(at)) ?? [0, 0, 0, 0];
    [data[at], data[at + 1], data[at + 2], 1].forEach((value, index) => { cell[index] += value; });
    cells.set(cellOf(at), cell);
  }
  const mean = (cell, channel) => cell[channel] / cell[3];
  const measured = (box) => {
    const spans = [0, 1, 2].map((channel) => {
      const values = box.map((cell) => mean(cell, channel));
      return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
    });
    const channel = spans.indexOf(Math.max(...spans));
    return { box, channel, weight: spans[channel] * Math.sqrt(box.reduce((sum, cell) => sum + cell[3], 0)) };
  };
  const boxes = [measured([...cells.values()])];
  while (boxes.length < 256) {
    boxes.sort((a, b) => b.weight - a.weight);
    if (!boxes[0].weight) break;
    const { box, channel } = boxes.shift();
    box.sort((a, b) => mean(a, channel) - mean(b, channel));
    const middle = (mean(box[0], channel) + mean(box.at(-1), channel)) / 2;
    const cut = Math.max(1, box.findIndex((cell) => mean(cell, channel) > middle));
    boxes.push(measured(box.slice(0, cut)), measured(box.slice(cut)));
  }
  const indexes = new Map();
  const palette = boxes.flatMap(({ box }, index) => {
    box.forEach((cell) => indexes.set(cell, index));
    const sums = [0, 1, 2, 3].map((part) => box.reduce((sum, cell) => sum + cell[part], 0));
    return [0, 1, 2].map((channel) => Math.round(sums[channel] / sums[3]));
  });
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = indexes.get(cells.get(cellOf(at * 4)));
  const address = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(new Blob([pixels]));
  });
  return [width, height, palette, address];
}
"""


@dataclass(frozen=True)
class Indexed:
    """A picture as indexes into its palette, a byte for each pixel."""

    width: int
    height: int
    palette: bytes
    pixels: bytes

    def png(self) -> bytes:
        rows = (self.pixels[at : at + self.width] for at in range(0, len(self.pixels), self.width))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
        chunks = ((b"IHDR", header), (b"PLTE", self.palette), (b"IDAT", packed), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


async def fewer_colours(page: Page, png: bytes) -> bytes:
    """The same picture in at most 256 colours; the page does the counting and stays as it is."""
    width, height, palette, address = await page.evaluate(COLOURS, base64.b64encode(png).decode())
    pixels = base64.b64decode(address.partition(",")[2])
    return Indexed(width, height, bytes(palette), pixels).png()
