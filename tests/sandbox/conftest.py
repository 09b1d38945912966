"""A register of 2,000 persons, loaded once; its process, started once for the tests that do not harm it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ansinh_sandbox.register.loading import load
from ansinh_sandbox.register.service import Register
from ansinh_sandbox.register.starting import KEY_NAME, start
from ansinh_sandbox.register.store import Store
from ansinh_sandbox.signed_messages import own_key
from tests.sandbox.nations import write_register
from tests.sandbox.partners import Exchange, free_port

PEOPLE = 2_000


@pytest.fixture(scope="session")
def register_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a loaded store."""
    folder = tmp_path_factory.mktemp("register")
    load(write_register(folder / "nation", PEOPLE), folder / "store")
    return folder / "store"


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """Keys of both sides."""
    return Exchange(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="session")
def register_port(register_store: Path, exchange: Exchange) -> Iterator[int]:
    """The port of a running register."""
    port = free_port()
    process = start(register_store, exchange.secrets, port=port)
    yield port
    process.terminate()
    assert process.wait(10) == 0


@pytest.fixture
def register(register_store: Path, exchange: Exchange) -> Iterator[Register]:
    """The register inside the test, without its wire."""
    store = Store(register_store)
    yield Register(store, exchange.secrets, own_key(exchange.secrets, KEY_NAME))
    store.close()
