"""Two small nations that the tests of the invented nation look at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ansinh_synthetic import create

PEOPLE = 20_000
Nation = Callable[[str], Any]


def _reader(folder: Path) -> Nation:
    return cache(lambda name: pq.read_table(folder / f"{name}.parquet"))


@pytest.fixture(scope="session")
def nation_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A nation of 20,000 people with histories."""
    folder = tmp_path_factory.mktemp("nation")
    create(folder, PEOPLE, 7)
    return folder


@pytest.fixture(scope="session")
def nation(nation_folder: Path) -> Nation:
    """Read a table of the nation."""
    return _reader(nation_folder)


@pytest.fixture(scope="session")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """Read a table of a dense nation of 20,000 people."""
    folder = tmp_path_factory.mktemp("dense")
    create(folder, PEOPLE, 7, dense=True)
    return _reader(folder)
