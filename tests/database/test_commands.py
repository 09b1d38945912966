"""`ansinh db`: words, JSON, exit codes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ansinh.cli import db
from ansinh.cli.db import EXIT_NOT_UP, EXIT_REFUSED, app
from ansinh.database.refusals import DatabaseRefusal
from ansinh.foundation.settings import settings
from tests.support.database import OwnDatabase, own_server


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str, code: int = 0) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def _own_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of somebody who has a data folder of their own and no other server."""
    with own_server() as server, monkeypatch.context() as patched:
        patched.setattr(db, "_server", lambda chosen: server)
        patched.setenv("ANSINH_DATA", str(server.folder.home))
        for name in [name for name in os.environ if "DATABASE" in name]:
            patched.delenv(name)
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.mark.usefixtures("_own_home")
def test_life_of_an_embedded_server(tmp_path: Path) -> None:
    assert answer("status", code=EXIT_NOT_UP)["state"] == "absent"
    assert answer("up")["outcome"] == "started"
    assert answer("up")["outcome"] == "already_up"
    assert run("up").exit_code == 0
    assert answer("status")["state"] == "up"
    assert answer("backup", str(tmp_path / "backup"))["kind"] == "pages"
    assert answer("restore", str(tmp_path / "backup"), "--dry-run")["restored"] is False
    assert answer("restore", str(tmp_path / "backup"))["restored"] is True
    assert answer("restore", str(tmp_path), code=EXIT_REFUSED)["refused"] == "not_a_backup"
    assert answer("down")["outcome"] == "stopped"
    assert answer("down")["outcome"] == "already_down"
    assert run("status").exit_code == EXIT_NOT_UP


@pytest.mark.usefixtures("_own_home")
def test_refusal_without_json_is_left_to_the_command_line(tmp_path: Path) -> None:
    assert isinstance(run("restore", str(tmp_path)).exception, DatabaseRefusal)


def test_migrate_when_up_to_date_changes_nothing(fresh_database: OwnDatabase) -> None:
    assert answer("migrate")["applied"] == []


def test_server_elsewhere_is_prepared_and_left_alone(fresh_database: OwnDatabase) -> None:
    assert answer("up")["outcome"] == "managed_elsewhere"
    assert answer("down")["outcome"] == "managed_elsewhere"
    assert answer("status")["state"] == "up"


def test_url_is_that_of_the_role_asked_for(fresh_database: OwnDatabase) -> None:
    assert run("url").stdout.strip() == fresh_database.urls.app
    assert answer("url", "--role", "owner")["url"] == fresh_database.urls.owner
    assert answer("url", "--role", "gateway")["url"] == fresh_database.urls.gateway
