"""Citizens of the invented nation at their browsers: they open a page of the agency's screens, go to the e-ID, allow it to say who they are, and come back.

Real HTTP, forms as the pages show them, a cookie jar for each: written from the pages alone, as a browser would go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

from ansinh_sandbox.eid.pages import PASSCODE

STEPS_MAX = 12
ANSWER_SECONDS_MAX = 30.0
BROWSER = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@dataclass
class Visits:
    """What came of visits: how many were let in and how many not, by the status of the page they ended on."""

    let_in: int = 0
    turned_away: Counter[int] = field(default_factory=Counter)


class _Forms(HTMLParser):
    """The forms of a page: where each is sent, and what stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.found.append((given.get("action", ""), {}))
            self._open = True
        elif self._open and tag in {"input", "button"} and given.get("name"):
            # Of several buttons the first is pressed.
            self.found[-1][1].setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def sign_in(screens: str, numbers: Iterable[str], *, through_app: int) -> Visits:
    """Let citizens sign in one after another, of each hundred so many through the app; returns what came of it."""
    visits = Visits()
    for place, number in enumerate(numbers):
        channel = "app" if place % 100 < through_app else "portal"
        with httpx.Client(
            timeout=ANSWER_SECONDS_MAX, trust_env=False, follow_redirects=True, headers={"User-Agent": BROWSER}
        ) as browser:
            status = _visit(browser, screens, number, channel)
        if status == httpx.codes.OK:
            visits.let_in += 1
        else:
            visits.turned_away[status] += 1
    return visits


def _visit(browser: httpx.Client, screens: str, number: str, channel: str) -> int:
    """Sign one citizen in, and return the status of the page they end on."""
    page = browser.get(f"{screens}/sign-in", params={"next": "/devices", "from": channel})
    for _ in range(STEPS_MAX):
        if page.status_code != httpx.codes.OK or page.url.path == "/devices":
            return page.status_code
        forms = _Forms()
        forms.feed(page.text)
        if not forms.found:
            return httpx.codes.NOT_FOUND
        action, fields = forms.found[0]
        typed = {"number": number, "passcode": PASSCODE}
        page = browser.post(
            urljoin(str(page.url), action), data={name: typed.get(name, value) for name, value in fields.items()}
        )
    return httpx.codes.LOOP_DETECTED
