"""The world of life events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ansinh.places.operations import load_reference
from tests.lifeevents.world import World, settle_people
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY


@pytest.fixture
def world(db: None, tmp_path: Path) -> Iterator[World]:
    """Offices that know nothing yet, and a few people."""
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY)
    settle_people()
    made = World(tmp_path)
    yield made
    made.close()
