"""A citizen at a browser: our screens on one side (Django's client), the e-ID on the other (real HTTP), and what is carried between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
from django.http import HttpResponse
from django.test import Client

from ansinh.signin.queries import Citizen
from ansinh_sandbox.eid.pages import PASSCODE

AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
_FLOW = re.compile(r'name="flow" value="([^"]+)"')


@dataclass
class Visitor:
    """A browser with our cookies and the e-ID's."""

    ours: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True, headers={"user-agent": AGENT}))
    theirs: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=60))

    def asks(self, *, level: int = 1, next_path: str = "/devices", language: str = "vi", **more: str) -> str:
        """Open our page and press its button; returns where it leads."""
        address = "/sign-in" if language == "vi" else "/en/sign-in"
        wanted = {"next": next_path, "level": str(level), **more}
        self.ours.get(f"{address}?{urlencode(wanted)}")
        token = self.ours.cookies["ansinh-form"].value
        answer = self.ours.post(address, {**wanted, "csrfmiddlewaretoken": token})
        assert answer.status_code == 303, answer.content.decode()[-1500:]
        return str(answer.headers["Location"])

    def grants(self, address: str, number: str, *, allow: bool = True) -> str:
        """Go through the e-ID's pages; returns where it leads back to."""
        page = self.theirs.get(address)
        assert page.status_code == 200, page.text
        for _ in range(3):
            flow = _FLOW.search(page.text)
            assert flow, page.text
            step = re.search(r'action="/visit/(\w+)"', page.text)
            assert step
            form = {"flow": flow[1]}
            form |= {"number": number, "passcode": PASSCODE} if step[1] == "prove" else {}
            form |= {"decision": "allow" if allow else "refuse"} if step[1] == "decide" else {}
            base = "{0.scheme}://{0.netloc}".format(urlsplit(address))
            page = self.theirs.post(f"{base}/visit/{step[1]}", data=form)
            if page.has_redirect_location:
                return str(page.headers["location"])
        raise AssertionError(page.text)

    def leaves(self, address: str) -> str:
        """Follow the way out at the e-ID; returns where it leads."""
        return str(self.theirs.get(address).headers["location"])

    def ends_there(self, address: str) -> None:
        """End the session at the e-ID and nowhere else, by its own page."""
        assert self.theirs.post(address).status_code == 200

    def returns(self, address: str, **changed: str | None) -> HttpResponse:
        """Come back to us with what the e-ID sent, changed where a test says so; None leaves a parameter out."""
        given: dict[str, str] = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        for name, value in changed.items():
            given.pop(name, None)
            if value is not None:
                given[name] = value
        return self.ours.get("/sign-in/callback", given)  # type: ignore[return-value]

    def comes(self, number: str, **wanted: object) -> HttpResponse:
        """Sign in, all the way."""
        return self.returns(self.grants(self.asks(**wanted), number))  # type: ignore[arg-type]

    def citizen(self) -> Citizen | None:
        """Return who is signed in now, as our pages see it."""
        from ansinh.foundation.clock import RealClock  # noqa: PLC0415 - beside its one use
        from ansinh.portal.door.guard import cookie_name  # noqa: PLC0415 - as above
        from ansinh.signin.queries import citizen_of  # noqa: PLC0415 - as above

        kept = self.ours.cookies.get(cookie_name())
        return citizen_of(kept.value, RealClock().now()) if kept else None


@dataclass
class CertifiedVisitor(Visitor):
    """A browser at the certified provider, which asks nobody: what the person would do goes along in headers."""

    def grants(self, address: str, number: str, *, allow: bool = True) -> str:
        """Follow the provider's redirections until they lead back to us."""
        wishes = {"x-number": number, "x-decision": "allow" if allow else "refuse"}
        base = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        for _ in range(10):
            page = self.theirs.get(address, headers=wishes)
            if not page.has_redirect_location:
                page = self._confirmed(page)
            address = urljoin(address, page.headers["location"])
            if not address.startswith(base):
                return address
        raise AssertionError(address)

    def leaves(self, address: str) -> str:
        """Confirm that the session there ends, which this provider asks; returns where it leads."""
        return str(self._confirmed(self.theirs.get(address)).headers["location"])

    def ends_there(self, address: str) -> None:
        """As at any e-ID: by its own page, which asks."""
        self._confirmed(self.theirs.get(address))

    def _confirmed(self, page: httpx.Response) -> httpx.Response:
        """Press the button of a page that ends a session, before somebody else signs in or for good."""
        found = re.search(r'name="xsrf" value="([^"]+)"', page.text)
        assert found, page.text
        address = urljoin(str(page.url), "/session/end/confirm")
        return self.theirs.post(address, data={"xsrf": found[1], "logout": "yes"})


def state_of(address: str) -> str:
    """Return the state a way back carries."""
    return parse_qs(urlsplit(address).query)["state"][0]
