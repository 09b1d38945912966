"""How a page is shown and what a browser may do with it: the reader's look, the policy of content, the edition of styles and scripts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpRequest

LOOK_COOKIE = "ansinh-look"
THEMES = ("auto", "light", "dark", "contrast")
TEXTS = ("normal", "large", "largest")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
STATIC = Path(__file__).parent / "static" / "screens"


@dataclass(frozen=True, slots=True)
class Look:
    """How a reader wants pages shown; kept in a cookie that names nobody."""

    theme: str
    text: str


def look_of(request: HttpRequest) -> Look:
    """Return how the reader wants pages shown; anything unknown is the usual look."""
    theme, _, text = request.COOKIES.get(LOOK_COOKIE, "").partition(".")
    return Look(theme if theme in THEMES else THEMES[0], text if text in TEXTS else TEXTS[0])


@cache
def edition(*folders: Path) -> str:
    """Return what the addresses of styles and scripts in our folder and `folders` end with, so that a browser never mixes two releases."""
    digest = hashlib.sha256()
    for folder in (STATIC, *folders):
        for file in sorted(folder.glob("*.*")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
