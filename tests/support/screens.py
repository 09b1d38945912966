"""The screens as a real process on the database Django points at, and a browser at them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, sync_playwright

from ansinh.cli.serve import start_screens
from ansinh.foundation.settings import settings
from tests.desk.browsing import browser_of
from tests.gateway.running import free_port

Found = TypeVar("Found")


@contextmanager
def screens_at(folder: Path, first: Callable[[], Found]) -> Iterator[tuple[str, Browser, Found]]:
    """Serve the screens on a port of their own, with secrets and data below a folder; gives where they are, a browser, and what `first` returned.

    `first` asks the database for what needs these secrets, such as sessions: once the browser is there its driver keeps a loop in this thread, beside which
    Django does not ask.
    """
    port = free_port()
    given = {
        "ANSINH_SCREENS_PORT": str(port),
        "ANSINH_SECRETS": str(folder / "secrets"),
        "ANSINH_DATA": str(folder / "data"),
    }
    former = {name: os.environ.get(name) for name in given}
    with ExitStack() as programs:
        os.environ.update(given)
        settings.cache_clear()
        try:
            found = first()
            start_screens(programs)
            driver = programs.enter_context(sync_playwright())
            yield f"http://127.0.0.1:{port}", programs.enter_context(browser_of(driver)), found
        finally:
            for name, value in former.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
            settings.cache_clear()
