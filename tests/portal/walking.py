"""Walking the portal: every address there is, filled in by what a person's own pages lead to. New pages are walked without being named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.support.citizens import signed_in

# The door speaks with the e-ID, which has tests of its own; these addresses show nobody's record.
DOOR = re.compile(r"(en/)?(sign-in|sign-out|signed-out)")
# What stands in an address that nobody's page led to.
INVENTED = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000"}
PAGES_MAX = 400
ENGLISH = re.compile(r"/en(/|$)")


@dataclass
class FormFound(HTMLParser):
    """What a page leads to: links, and forms with what they would send."""

    links: set[str] = field(default_factory=set)
    forms: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take links, forms and their fields."""
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href", "").startswith("/"):
            self.links.add(told["href"].partition("#")[0])
        if tag == "form":
            self.forms.append((told.get("method", "get"), told.get("action", ""), {}))
        if tag in {"input", "button", "textarea"} and told.get("name") and self.forms:
            kind = told.get("type", "")
            if kind not in {"radio", "checkbox"} or "checked" in told or told["name"] not in self.forms[-1][2]:
                self.forms[-1][2][told["name"]] = told.get("value", "")


def portal_routes() -> dict[str, URLPattern]:
    """Return every address of the portal, as its pattern, with its route; the door apart."""
    return {
        route: pattern
        for route, pattern in _routes(get_resolver().url_patterns)
        if pattern.callback.__module__.startswith("ansinh.portal.") and not DOOR.match(route)
    }


def walk(client: Client, start: str = "/") -> tuple[dict[str, bytes], list[tuple[str, dict[str, str]]]]:
    """Follow every link from a page on; returns the pages found by address, and every form that is posted, as (address, fields)."""
    pages: dict[str, bytes] = {}
    posts: list[tuple[str, dict[str, str]]] = []
    waiting = [start]
    while waiting and len(pages) < PAGES_MAX:
        address = waiting.pop()
        path = address.partition("?")[0]
        if address in pages or not _is_portal(path):
            continue
        answer = client.get(address)
        pages[address] = answer.content
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        found = FormFound()
        found.feed(answer.content.decode())
        waiting += sorted(found.links - pages.keys(), reverse=True)
        posts += [(action or path, fields) for method, action, fields in found.forms if method == "post"]
    return pages, posts


def every_page(person: int) -> tuple[str, ...]:
    """Return an address of every page there is: the shortest the person's own pages lead to, else an invented one, where it answers.

    In Vietnamese: both languages are made of the same parts.
    """
    client = Client()
    signed_in(client, person, 2)
    pages, _ = walk(client)
    own = [one for one in pages if b"<h1" in pages[one] and not ENGLISH.match(one)]
    shown: dict[str, str] = {}
    for address in sorted(own, key=lambda one: (len(one), one)):
        shown.setdefault(route_of(address), address)
    for route in (one for one in portal_routes().keys() - shown.keys() if not ENGLISH.match(f"/{one}")):
        answer = client.get(invented(route))
        if answer.status_code == 200 and b"<h1" in answer.content:
            shown[route] = invented(route)
    return tuple(sorted(shown.values()))


def invented(route: str) -> str:
    """Return an address for a route to which no page leads."""
    return "/" + re.sub(r"<(\w+):\w+>", lambda told: INVENTED.get(told[1], "x"), route)


def route_of(address: str) -> str:
    """Return the route an address belongs to."""
    return str(resolve(address.partition("?")[0]).route)


def _is_portal(path: str) -> bool:
    try:
        found = resolve(path)
    except Exception:
        return False
    return found.func.__module__.startswith("ansinh.portal.") and not DOOR.match(path.removeprefix("/"))


def _routes(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield str(pattern.pattern), pattern
