"""`ansinh access` from the first two administrators to a hospital's token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from ansinh.access import queries
from ansinh.access.checks import checks
from ansinh.access.tokens import TokenVerifier
from ansinh.cli import acting
from ansinh.cli.access import app
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of secrets of the test's own."""
    monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path / "secrets"))
    settings.cache_clear()
    yield tmp_path / "secrets"
    acting.act_as(None)
    monkeypatch.undo()
    settings.cache_clear()


def run(*words: str, by: str | None = None) -> str:
    acting.act_as(by)
    done = CliRunner().invoke(app, list(words))
    if isinstance(done.exception, Refusal):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def found() -> None:
    run("found", "hanoi.lan", "Trần Thị Lan", "hanoi.minh", "Lê Văn Minh")


def test_an_officer_gets_a_role_from_two_people() -> None:
    found()
    found()
    run("officer", "add", "hue.hoa", "Võ Thị Hoa", "--unit", "Huế", by="hanoi.lan")
    run("role", "prepare", "hue.hoa", "card_officer", by="hanoi.lan")
    (waiting,) = json.loads(run("role", "waiting", "--json"))
    assert waiting["prepared_by"] == "hanoi.lan"
    with pytest.raises(Refusal):
        run("role", "approve", str(waiting["grant"]), by="hanoi.lan")
    run("role", "approve", str(waiting["grant"]), by="hanoi.minh")
    listed = json.loads(run("officers", "--json"))
    assert [one["roles"] for one in listed] == [["administrator"], ["administrator"], ["card_officer"]]
    run("officers")
    run("role", "end", str(waiting["grant"]), "--reason", "chuyển việc", by="hanoi.minh")
    assert queries.officers()[2].roles == ()
    assert all(check.ok for check in checks())
    assert checks()[0].counted == 1


def test_roles_are_listed_with_what_they_permit() -> None:
    named = {one["role"]: one for one in json.loads(run("roles", "--json"))}
    assert "access.approve_role" in named["administrator"]["permissions"]
    assert named["administrator"]["vi"] == "Quản trị viên"
    run("roles")


def test_a_hospital_is_let_in_and_gets_a_token(secrets: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('01004', 'Bệnh viện X', 'specialised', '01', '00004')"
        )
    found()
    run("client", "add", "01004", "HIS")
    key_file = secrets / "clients" / "01004-1.private.jwk.json"
    assert key_file.stat().st_mode & 0o777 == 0o600
    before = key_file.read_text()
    run("client", "add", "01004", "HIS")
    assert key_file.read_text() == before
    issued = json.loads(run("client", "token", "01004-1", "--json"))
    proved = TokenVerifier(secrets).verify(issued["access_token"], RealClock().now().timestamp())
    assert (proved.client_id, proved.facility) == ("01004-1", "01004")
    (first,) = json.loads(run("clients", "--json"))[0]["keys"]
    run("client", "add-key", "01004-1", by="hanoi.lan")
    assert key_file.read_text() != before
    run("client", "retire-key", "01004-1", "--kid", first, by="hanoi.lan")
    assert first not in json.loads(run("clients", "--json"))[0]["keys"]
    run("client", "change", "01004-1", "--rate", "20", "--scope", "standing:read", by="hanoi.lan")
    assert json.loads(run("clients", "--json"))[0]["rate_per_second"] == 20
    run("client", "suspend", "01004-1", "--reason", "nghi lộ khóa", by="hanoi.lan")
    assert json.loads(run("clients", "--json"))[0]["state"] == "suspended"
    run("client", "restore", "01004-1", "--reason", "đã thay khóa", by="hanoi.lan")
    run("facility", "add", "01004", "01004-03", "Vũ Thị Nga", by="hanoi.lan")
    assert queries.officer_is_listed("01004", "01004-03")
    run("rotate-keys", by="hanoi.lan")
    assert [check.ok for check in checks()] == [True, True, True, True]


def test_a_key_whose_id_begins_with_a_hyphen_is_no_option(secrets: Path) -> None:
    found()
    with pytest.raises(Refusal, match="no client"):
        run("client", "retire-key", "01004-1", "--kid", "-zG6_rh-9--help", by="hanoi.lan")


def test_a_client_of_no_facility_offends_the_check() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_client (client_id, facility, name, public_keys, scope, state) "
            "VALUES ('x-1', '99999', 'x', '[]', '', 'active') RETURNING client_no"
        )
        (client_no,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO access_client (client_id, facility, name, public_keys, scope, state) VALUES ('app-1', '', 'x', '[]', 'book:read', 'active')"
        )
    assert checks()[-1].offending == [str(client_no)]
