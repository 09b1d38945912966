"""`ansinh dialect`: a door opened, its password handed over once, and closed again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from ansinh.access.models import DialectAccount
from ansinh.access.tokens.dialect_passwords import md5_is
from ansinh.cli import acting
from ansinh.cli.dialect import app
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.foundation.settings import settings
from tests.dialect.counter import md5

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of secrets of the test's own, and one facility."""
    monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path / "secrets"))
    settings.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('01004', 'Bệnh viện X', 'specialised', '01', '00004')"
        )
    acting.act_as(None)
    yield tmp_path / "secrets"
    monkeypatch.undo()
    settings.cache_clear()


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    if isinstance(done.exception, Refusal):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_open_hands_the_password_over_once(secrets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("open", "01004", "--network", "203.0.113.8")
    file = secrets / "dialect" / "01004_BV.password"
    password = file.read_text().strip()
    assert file.stat().st_mode & 0o077 == 0
    assert password not in capsys.readouterr().out
    assert md5_is(md5(password), DialectAccount.objects.get().password_hash)
    run("open", "01004")
    assert "password" not in capsys.readouterr().out
    assert file.read_text().strip() == password
    (door,) = json.loads(run("doors", "--json"))
    assert (door["facility"], door["state"], door["networks"], door["sandbox"]) == ("01004", "open", [], False)


def test_a_password_the_software_has_already_is_taken_over() -> None:
    run("open", "01004", "--password-md5", md5("có sẵn").upper())
    assert md5_is(md5("có sẵn"), DialectAccount.objects.get().password_hash)
    run("password", "01004", "--password-md5", md5("mới"))
    assert not md5_is(md5("có sẵn"), DialectAccount.objects.get().password_hash)


def test_close_and_open_again() -> None:
    run("open", "01004")
    run("close", "01004", "--reason", "đã chuyển")
    assert json.loads(run("doors", "--json"))[0]["state"] == "closed"
    with pytest.raises(Refusal):
        run("close", "01004", "--reason", "đã chuyển")
    run("open", "01004")
    assert json.loads(run("doors", "--json"))[0]["state"] == "open"


def test_what_is_wrong_is_refused() -> None:
    with pytest.raises(NotFound):
        run("open", "99999")
    with pytest.raises(NotFound):
        run("password", "01004")
    for words in (["--password-md5", "x"], ["--network", "300.1.1.1"]):
        with pytest.raises(InvalidInput):
            run("open", "01004", *words)
    assert DialectAccount.objects.count() == 0
