"""Bodies of requests, read within a limit."""

from __future__ import annotations

from starlette.requests import Request


async def body_within(request: Request, bytes_max: int) -> bytes | None:
    """Return a request's body; None when it is longer than allowed, of which no more is read."""
    pieces, length = [], 0
    async for piece in request.stream():
        length += len(piece)
        if length > bytes_max:
            return None
        pieces.append(piece)
    return b"".join(pieces)
