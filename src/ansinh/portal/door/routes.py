"""The door's addresses."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from ansinh.portal.door.devices import devices_page
from ansinh.portal.door.views import AgencyClock, callback, ended_there, keys, sign_in_page, sign_out, signed_out


def door_routes(agency_clock: AgencyClock) -> list[URLPattern]:
    """Return the routes of the door, in both languages; the e-ID returns everybody to one address."""
    found = [
        path("sign-in/callback", callback, {"agency_clock": agency_clock}, name="door-callback"),
        path("sign-in/ended", ended_there, name="door-ended"),
        path("sign-in/jwks", keys, name="door-keys"),
    ]
    for language, before in (("vi", ""), ("en", "en/")):
        given: dict[str, Any] = {"language": language}
        found += [
            path(f"{before}sign-in", sign_in_page, given, name=f"sign-in-{language}"),
            path(f"{before}sign-out", sign_out, given, name=f"sign-out-{language}"),
            path(f"{before}signed-out", signed_out, given, name=f"signed-out-{language}"),
            path(f"{before}devices", devices_page, given, name=f"devices-{language}"),
        ]
    return found
