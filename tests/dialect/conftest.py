"""A facility's software in front of a running gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dialect.counter import Counter, open_counter
from tests.support.database import OwnDatabase


@pytest.fixture
def counter(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[Counter]:
    """One facility's software, one worker behind it."""
    with open_counter(fresh_database, tmp_path) as counter:
        yield counter
