"""Groups of tests that share one costly set-up stay on one worker.

xdist 3.8 writes a test's group into a private attribute that pytest 9.2 no longer reads, so `--dist loadgroup` would share groups out like any other tests.
"""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let a test's id carry the group xdist gave it."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        told = getattr(item, "_nodeid", None)
        if told is not None and item.nodeid != told:
            item._id = item._id.parse(told)
