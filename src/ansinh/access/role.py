"""What a role is."""

from __future__ import annotations

from typing import ClassVar


class Role:
    """A kind of work, its titles and its permissions."""

    name: ClassVar[str]
    vi: ClassVar[str]
    en: ClassVar[str]
    permissions: ClassVar[frozenset[str]]
    grantable: ClassVar[bool] = True
    """False: carried by a part of the system, never by an officer."""
