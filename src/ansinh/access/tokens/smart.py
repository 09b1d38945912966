"""SMART scopes of backend services: `system/[type or *].[r][s]` (SMART App Launch 2.2, section 5.3.1). What is given covers what is narrower."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SCOPE = re.compile(r"system/(\*|[A-Z][A-Za-z]{1,63})\.(r?s?)", re.ASCII)


def permits(given: Iterable[str], wanted: str) -> bool:
    """Tell whether the scopes given hold a scope: itself, or a SMART scope of all types or more letters that covers it."""
    if wanted in (scopes := frozenset(given)):
        return True
    asked = _SCOPE.fullmatch(wanted)
    if asked is None or not asked[2]:
        return False
    letters: set[str] = set()
    for one in scopes:
        known = _SCOPE.fullmatch(one)
        if known is not None and known[1] in {"*", asked[1]}:
            letters.update(known[2])
    return letters >= set(asked[2])
