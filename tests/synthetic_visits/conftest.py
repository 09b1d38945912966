"""A small nation and a month of its visits, invented once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansinh_synthetic import create
from ansinh_synthetic.visits import Sending
from ansinh_synthetic.visits.streaming import Period, visits_of_nation

JUNE = Period("2025-06-01", "2025-07-01", 900, planted=4)


@pytest.fixture(scope="session")
def nation_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A nation of 6,000 people."""
    folder = tmp_path_factory.mktemp("nation")
    create(folder, 6_000, 11)
    return folder


@pytest.fixture(scope="session")
def june(nation_folder: Path) -> list[Sending]:
    """What its hospitals send about June 2025."""
    return list(visits_of_nation(nation_folder, JUNE))
