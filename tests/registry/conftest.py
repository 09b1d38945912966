"""Registers these tests read from: one that lived an eventful June and July, made once and copied for whoever changes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.registry.registers import SmallRegister

PEOPLE = 600
UNTIL = date(2025, 8, 1)


@pytest.fixture(scope="session")
def quiet_register(tmp_path_factory: pytest.TempPathFactory) -> SmallRegister:
    """A register of 600 persons that is put back to 1 June and has told nothing. Nobody may change it."""
    return SmallRegister.of(tmp_path_factory.mktemp("quiet"), PEOPLE)


@pytest.fixture
def register(quiet_register: SmallRegister, tmp_path: Path) -> SmallRegister:
    """A register of the test's own that has told nothing."""
    return quiet_register.copy_to(tmp_path / "register")
