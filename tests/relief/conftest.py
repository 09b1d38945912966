"""Every test of the room begins with the same two provinces."""

from __future__ import annotations

import pytest

from tests.relief.world import add_places


@pytest.fixture(autouse=True)
def places(request: pytest.FixtureRequest) -> None:
    """Insert the places where a test has a database."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        add_places()
