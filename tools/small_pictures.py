"""Small pictures of screens: PNG with a palette of 256 colours, which flat colours and letters need no more than. The browser itself reads the large one."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS_MAX = 256
COMMONEST = 96
Bytes = NDArray[np.uint8]

# Gives width, height and the red, green, blue and opacity of each pixel.
_READ = """
async packed => {
  const bytes = Uint8Array.from(atob(packed), letter => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  pen.drawImage(picture, 0, 0);
  const pixels = pen.getImageData(0, 0, picture.width, picture.height).data;
  let text = "";
  for (let at = 0; at < pixels.length; at += 32768) text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return [picture.width, picture.height, btoa(text)];
}
"""


def small(picture: bytes, page: Page) -> bytes:
    """Return the PNG with a palette; other colours become their nearest. Any page of a browser can read it."""
    width, height, pixels = page.evaluate(_READ, base64.b64encode(picture).decode())
    seen = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height, width, 4)[:, :, :3]
    palette, indices = _with_palette(seen)
    lines = b"".join(b"\0" + line.tobytes() for line in indices)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _with_palette(picture: Bytes) -> tuple[Bytes, Bytes]:
    flat = picture.astype(np.uint32)
    packed = (flat[:, :, 0] << 16) | (flat[:, :, 1] << 8) | flat[:, :, 2]
    colours, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    channels = np.stack([colours >> 16, (colours >> 8) & 0xFF, colours & 0xFF], axis=1).astype(np.int64)
    kept = np.argsort(counts)[::-1][:COMMONEST].tolist()
    away = np.min([((channels - channels[one]) ** 2).sum(axis=1) for one in kept], axis=0)
    while len(kept) < COLOURS_MAX and (away > 0).any():
        # A rare colour unlike all others, such as the icon's, is kept before one more shade of a letter's edge.
        kept.append(int(np.argmax(away * np.sqrt(counts))))
        away = np.minimum(away, ((channels - channels[kept[-1]]) ** 2).sum(axis=1))
    palette = channels[kept]
    nearest = np.array([np.argmin(((palette - one) ** 2).sum(axis=1)) for one in channels], np.uint8)
    return palette.astype(np.uint8), nearest[inverse].reshape(picture.shape[:2])


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
