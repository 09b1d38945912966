"""The addresses of the acting pages, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from ansinh.foundation.clock import Clock
from ansinh.portal.acts import account, confirming, correction, employer, facility, mandates, my_data, services, wallet
from ansinh.portal.words import LANGUAGES, root
from ansinh.rights.queries import Declared

View = Callable[..., HttpResponse]
TABLES: tuple[Mapping[str, View], ...] = (
    account.PAGES,
    confirming.PAGES,
    correction.PAGES,
    employer.PAGES,
    facility.PAGES,
    mandates.PAGES,
    my_data.PAGES,
    services.PAGES,
    wallet.PAGES,
)


def acts_routes(agency_clock: Callable[[], Clock], declared: Callable[[], Declared]) -> list[URLPattern]:
    """Return the addresses; `declared` tells what rooms have of a person, for whoever takes everything along."""
    pages = {address: view for table in TABLES for address, view in table.items()}
    pages["my-data/download"] = my_data.download_page(declared)
    return [
        path(
            f"{root(language).lstrip('/')}{address}",
            view,
            _given(language, agency_clock),
            name=f"acts-{address}-{language}".replace(":", "."),
        )
        for language in LANGUAGES
        for address, view in pages.items()
    ]


def _given(language: str, agency_clock: Callable[[], Clock]) -> dict[str, Any]:
    return {"language": language, "agency_clock": agency_clock}
