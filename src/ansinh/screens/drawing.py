"""QR codes as lines on a board, drawn by the page itself: no picture is loaded, and nothing personal stands in an address."""

from __future__ import annotations

import segno

from ansinh.screens.components import Code

# The quiet zone a scanner wants around a code.
BORDER = 4


def code_of(text: str, described: str, under: str = "") -> Code:
    """Return the QR code of a text."""
    matrix = segno.make(text, error="m", micro=False).matrix
    strokes = []
    for height, line in enumerate(matrix):
        start = None
        for place, dark in enumerate([*line, 0]):
            if dark and start is None:
                start = place
            elif not dark and start is not None:
                strokes.append(f"M{start + BORDER} {height + BORDER}.5h{place - start}")
                start = None
    return Code("".join(strokes), len(matrix) + 2 * BORDER, described, under)
