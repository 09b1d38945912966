"""Which face of the screens an address belongs to, for what is answered before a view is reached."""

from __future__ import annotations

from typing import Literal


def face_at(path: str) -> Literal["portal", "desk", "workbench"]:
    """Return the face; whatever is no other's is the portal's."""
    if path.startswith("/workbench/"):
        return "workbench"
    return "desk" if "/desk/" in path else "portal"
