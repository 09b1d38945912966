"""Levels of assurance: what the e-ID calls them, and what they are worth to us. A name we do not know is worth nothing."""

from __future__ import annotations

# The names national e-IDs of the eSignet kind use (acr).
_WORTH = {
    "mosip:idp:acr:generated-code": 1,
    "mosip:idp:acr:password": 1,
    "mosip:idp:acr:knowledge": 1,
    "mosip:idp:acr:biometrics": 2,
}
_ASKED = {1: "mosip:idp:acr:generated-code", 2: "mosip:idp:acr:biometrics"}


def level_of(acr: object) -> int:
    """Return the level a name stands for; 0 when it is unknown."""
    return _WORTH.get(acr, 0) if isinstance(acr, str) else 0


def acr_of(level: int) -> str:
    """Return what to ask for to reach a level."""
    return _ASKED[level]
