"""The citizens' door as two programs on two sites: the screens on 127.0.0.1, the e-ID on localhost; and what somebody does on the e-ID's pages."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from ansinh.cli.serve import start_screens
from ansinh.foundation.settings import settings
from ansinh_sandbox.eid.pages import PASSCODE
from ansinh_sandbox.eid.pages import WORDS as THEIR_WORDS
from ansinh_sandbox.eid.starting import start
from tests.gateway.running import free_port
from tests.support.database import OwnDatabase


@dataclass(frozen=True)
class Place:
    """Where the screens, the e-ID and the database are."""

    ours: str
    theirs: str
    database: str


@contextmanager
def open_door(database: OwnDatabase, folder: Path, accounts: dict[str, str]) -> Iterator[Place]:
    """Run both programs on a database Django points at; `accounts`: names by personal number of whoever has an e-ID."""
    port, eid_port = free_port(), free_port()
    ours, theirs = f"http://127.0.0.1:{port}", f"http://localhost:{eid_port}"
    (folder / "invented.json").write_text(json.dumps(accounts), encoding="utf-8")
    known = {
        "ANSINH_SCREENS_PORT": str(port),
        "ANSINH_EID_URL": theirs,
        "ANSINH_SECRETS": str(folder / "secrets"),
        "ANSINH_PUBLIC_URL": ours,
    }
    former = {name: os.environ.get(name) for name in known}
    with ExitStack() as programs:
        os.environ.update(known)
        settings.cache_clear()
        options = ("--invented", str(folder / "invented.json"), "--secrets", str(folder / "secrets"))
        eid = start(folder / "eid", *options, "--agency", ours, "--issuer", theirs, port=eid_port)
        try:
            start_screens(programs)
            yield Place(ours, theirs, database.urls.owner)
        finally:
            eid.terminate()
            eid.wait()
            for name, value in former.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
            settings.cache_clear()


def prove(page: Page, language: str, number: str) -> None:
    """Type number and code on the e-ID's page."""
    page.fill("#number", number)
    page.fill("#passcode", PASSCODE)
    page.get_by_role("button", name=THEIR_WORDS[language]["next"], exact=True).click()


def allow(page: Page, language: str) -> None:
    """Let the e-ID say who one is."""
    page.get_by_role("button", name=THEIR_WORDS[language]["allow"], exact=True).click()
