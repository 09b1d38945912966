"""What a fake camera shows: a QR code as raw video (Y4M), made here without any video program."""

from __future__ import annotations

from pathlib import Path

import segno

WIDTH, HEIGHT = 640, 480
FRAMES = 2


def show_to_camera(text: str, file: Path) -> Path:
    """Write a video in which a card with this QR text is held before the camera."""
    matrix = list(segno.make(text, error="m", micro=False).matrix_iter(scale=1, border=4))
    scale = (HEIGHT - 40) // len(matrix)
    left, top = (WIDTH - scale * len(matrix)) // 2, (HEIGHT - scale * len(matrix)) // 2
    light = bytearray(b"\xb4" * (WIDTH * HEIGHT))
    for row, modules in enumerate(matrix):
        line = b"".join((b"\x10" if dark else b"\xeb") * scale for dark in modules)
        for y in range(top + row * scale, top + (row + 1) * scale):
            light[y * WIDTH + left : y * WIDTH + left + len(line)] = line
    colour = b"\x80" * (WIDTH * HEIGHT // 2)
    with file.open("wb") as video:
        video.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(FRAMES):
            video.write(b"FRAME\n" + bytes(light) + colour)
    return file
