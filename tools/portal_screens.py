"""Pictures of the citizens' pages: on a telephone in Vietnamese, and each once on a desk in English, as invented people who have something to see there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansinh.access.queries import sign_in_door
from ansinh.database.sql import row
from ansinh.foundation.clock import RealClock
from ansinh.portal.door.guard import cookie_name
from ansinh.screens.appearance import LOOK_COOKIE
from ansinh.signin.operations import Arrival, let_citizen_in
from ansinh.signin.states import Channel

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

    from tools.screens import Studio

HEIGHT_MAX = 2600
REASON = "chụp màn hình của quốc gia mô phỏng"
PAGES = {
    "home": "",
    "card": "card",
    "card-kept": "card/kept",
    "book": "book",
    "payments": "payments",
    "health": "health",
    "visits": "health/visits",
    "visit": "health/visits/1",
    "medicines": "health/medicines",
    "referral": "health/referrals/1",
    "appointments": "health/appointments",
    "papers": "health/papers",
    "chapters": "health/chapters",
    "family": "family",
    "who-looked": "who-looked",
    "messages": "messages",
    "menu": "menu",
}
OPEN = {"welcome": "", "help": "help", "display": "display", "gallery": "gallery", "offline": "offline"}


def take_portal(studio: Studio, phone: ViewportSize, wide: ViewportSize) -> None:
    """Take the citizens' pages."""
    somebody = _person(
        "SELECT e.person_id FROM benefits_entitlement e JOIN cards_standing s USING (person_id) WHERE e.kind = 'pension' ORDER BY"
        " EXISTS (SELECT FROM referrals_referral r WHERE r.person_id = e.person_id) DESC,"
        " (SELECT count(*) FROM healthbook_visit v WHERE v.person_id = e.person_id) DESC, e.person_id LIMIT 1"
    )
    decided = _person("SELECT person_id FROM benefits_decision WHERE kind = 'retirement' ORDER BY decision_id LIMIT 1")
    worker = _person(
        "SELECT s.person_id FROM participation_span s JOIN people_person p USING (person_id) WHERE p.birth_year BETWEEN 1970 AND 1985"
        " AND NOT EXISTS (SELECT FROM benefits_entitlement e WHERE e.person_id = s.person_id) GROUP BY 1 ORDER BY sum(s.wage) DESC LIMIT 1"
    )
    _take(studio, phone, "/", "vi-phone", somebody, PAGES | _paid(somebody))
    _take(studio, wide, "/en/", "en", somebody, PAGES)
    _take(studio, phone, "/", "vi-phone", decided, {"why": "payments/why/1"})
    _take(studio, phone, "/", "vi-phone", worker, {"pension": "pension", "estimate": "pension?ask=1"})
    _take(studio, wide, "/en/", "en", worker, {"estimate": "pension?ask=1"})
    _take(studio, phone, "/", "vi-phone", None, OPEN)
    _take(studio, wide, "/en/", "en", None, {"welcome": "", "gallery": "gallery"})
    for look in ("dark.normal", "contrast.large"):
        _take(studio, phone, "/", f"vi-phone-{look.partition('.')[0]}", somebody, {"home": ""}, look)


def _take(
    studio: Studio,
    size: ViewportSize,
    root: str,
    name: str,
    person: int | None,
    pages: dict[str, str],
    look: str = "",
) -> None:
    with studio.page(size) as page:
        cookies = {LOOK_COOKIE: look} if look else {}
        if person is not None:
            arrival = Arrival(person_id=person, level=2, channel=Channel.PORTAL, device="Chrome · Android")
            now = RealClock()
            cookies[cookie_name()] = let_citizen_in(
                actor=sign_in_door(), reason=REASON, clock=now, arrival=arrival, entered_at=now.now()
            )
        page.context.add_cookies([{"name": one, "value": cookies[one], "url": studio.base} for one in cookies])
        for page_name, address in pages.items():
            page.set_viewport_size(size)
            page.goto(f"{studio.base}{root}{address}")
            # As high as the page, so that the bar at the foot of a telephone stands at the foot of the picture.
            height = int(page.evaluate("document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), HEIGHT_MAX)})
            studio.take(page, f"portal-{page_name}-{name}", whole=False)


def _paid(person: int) -> dict[str, str]:
    run = row("SELECT max(run_id) FROM payments_order WHERE person_id = %s", [person])
    return {"payment": f"payments/{run[0]}"} if run and run[0] else {}


def _person(query: str) -> int:
    found = row(query)
    if found is None:
        raise SystemExit("There is nobody to show. Run: ansinh demo")
    return int(found[0])
