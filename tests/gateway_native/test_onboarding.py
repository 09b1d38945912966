"""A hospital is let in by one command, and the program in the how-to gets it its first answer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from ansinh.access import queries
from ansinh.access.keys import new_key
from ansinh.access.tokens import SANDBOX, STANDING_BATCH, STANDING_READ
from ansinh.cli import acting
from ansinh.cli.access import app
from ansinh.cli.screen import out
from ansinh.foundation.errors import InvalidInput, NotPermitted, Refusal
from ansinh.foundation.settings import settings
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.agreement import require_agreed
from tests.gateway_native.test_batch import about, ask_many
from tests.support.database import OwnDatabase

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "onboard-a-hospital.md"


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningGateway]:
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('01004', 'Bệnh viện X', 'specialised', '01', '00004')"
        )
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        monkeypatch.setenv("ANSINH_GATEWAY_PORT", running.base.rpartition(":")[2])
        monkeypatch.setenv("ANSINH_SECRETS", str(running.secrets))
        settings.cache_clear()
        run("found", "hanoi.lan", "Trần Thị Lan", "hanoi.minh", "Lê Văn Minh", by=None)
        yield running
    acting.act_as(None)
    monkeypatch.undo()
    settings.cache_clear()


def run(*words: str, by: str | None = "hanoi.lan") -> str:
    acting.act_as(by)
    done = CliRunner().invoke(app, list(words))
    if isinstance(done.exception, Refusal):
        raise done.exception
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def onboard(*words: str, by: str | None = "hanoi.lan") -> Any:
    people = ("--officer", "01004-03:Vũ Thị Nga", "--officer", "01004-04:Đỗ Văn Sơn")
    return json.loads(run("onboard", "01004", "--name", "HIS Bạch Mai", *people, *words, "--json", by=by))


def looks(database: OwnDatabase) -> int:
    with psycopg.connect(database.urls.app) as connection:
        row = connection.execute("SELECT count(*) FROM audit_access").fetchone()
    assert row is not None
    return int(row[0])


def test_one_command_lets_a_hospital_in_and_the_program_of_the_howto_asks(
    gateway: RunningGateway, fresh_database: OwnDatabase, tmp_path: Path
) -> None:
    done = onboard("--make-key", str(tmp_path / "keys"))
    assert done["client"] == "01004-1"
    assert done["first_look_up"]["status"] == 200
    assert done["first_look_up"]["answer"]["standing"]["advice"] == "treat"
    key_file = Path(done["key_file"])
    assert key_file.stat().st_mode & 0o777 == 0o600
    again = onboard("--make-key", str(tmp_path / "keys"))
    assert (again["client"], again["first_look_up"]["status"]) == ("01004-1", 200)
    assert [one.client_id for one in queries.clients()] == ["01004-1"]
    assert all(queries.officer_is_listed("01004", number) for number in ("01004-03", "01004-04"))

    program, shell = (
        re.findall(rf"```{kind}\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL) for kind in ("python", "sh")
    )
    words = [sys.executable, "-c", program[0], gateway.base, "01004-1", str(key_file)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    status, _, answer = ran.stdout.partition(" ")
    assert (status, json.loads(answer)["standing"]["advice"]) == ("200", "treat")
    token = gateway.token("01004", scopes=frozenset([STANDING_READ, SANDBOX]))
    (curl,) = [text for text in shell if text.startswith("curl")]
    ran = subprocess.run(
        ["sh", "-c", curl],
        env=os.environ | {"GATEWAY": gateway.base, "TOKEN": token, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert json.loads(ran.stdout)["standing"]["advice"] == "treat", ran.stderr
    assert looks(fresh_database) == 0


def test_a_hospital_with_its_own_key_sends_only_the_public_half(gateway: RunningGateway, tmp_path: Path) -> None:
    file = tmp_path / "public.jwk.json"
    file.write_text(json.dumps(new_key().as_dict(private=False)))
    for _ in range(2):
        done = onboard("--key", str(file))
        assert (done["key_file"], done["first_look_up"]["status"]) == (None, 200)
    assert len(queries.clients()[0].key_ids) == 1


def test_onboarding_opens_the_compatible_door_when_asked(gateway: RunningGateway, tmp_path: Path) -> None:
    done = onboard("--make-key", str(tmp_path), "--dialect")
    assert done["dialect"]["username"] == "01004_BV"
    assert done["dialect"]["password"]
    assert onboard("--make-key", str(tmp_path), "--dialect")["dialect"]["password"] is None
    people = ("--officer", "01004-03:Vũ Thị Nga")
    with out.capture() as words:
        run("onboard", "01004", "--name", "HIS Bạch Mai", *people, "--make-key", str(tmp_path), "--dialect")
    assert "01004_BV" in words.get()
    assert "200  Nguyễn Thị Mẫu, DN4019900000000, treat" in words.get()


def test_onboarding_by_the_operator_is_refused_before_anything_is_done(gateway: RunningGateway, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        onboard("--make-key", str(tmp_path / "keys"), by=None)
    assert queries.clients() == []
    assert not (tmp_path / "keys").exists()


def test_onboarding_without_a_key_or_with_a_nameless_officer_is_refused(
    gateway: RunningGateway, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput):
        onboard()
    with pytest.raises(InvalidInput):
        run("onboard", "01004", "--name", "HIS", "--officer", "01004-03", "--make-key", str(tmp_path))
    assert queries.clients() == []


def test_a_key_that_was_written_elsewhere_is_not_made_again(gateway: RunningGateway, tmp_path: Path) -> None:
    onboard("--make-key", str(tmp_path / "one"))
    with pytest.raises(InvalidInput):
        onboard("--make-key", str(tmp_path / "two"))


ENDINGS = dict(re.findall(r"\| `(\d{3})` \| .*?`([a-z_]+)`", HOWTO.read_text(encoding="utf-8")))


def test_every_ending_of_the_sandbox_answers_as_the_howto_says(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    token = gateway.token("01004", scopes=frozenset([STANDING_READ, STANDING_BATCH, SANDBOX]))
    keys = [f"001180000{ending}" for ending in ("000", "001", "002", "003", "004", "010", "050", "054", "101", "110")]
    keys += [f"001180000{ending}" for ending in ("120", "121", "122", "123", "124", "130", "401", "999")]
    batch = ask_many(gateway, about(keys), token)
    require_agreed(batch, "/v1/standing:batch")
    said = {}
    for key, of_many in zip(keys, batch.json()["answers"], strict=True):
        single = gateway.ask({"key": key, "purpose": "claim", "officer": "BS-17"}, token)
        require_agreed(single, "/v1/standing")
        told = single.json()
        assert told == of_many or told["code"] == of_many["problem"]["code"]
        standing = told.get("standing") or {}
        said[key[-3:]] = standing.get("advice") or told.get("code") or "nobody"
    assert ENDINGS.items() <= said.items()
    assert (said["050"], said["999"], said["010"]) == ("nobody", "nobody", "expired")
    assert len(set(said.values())) == 12
    assert looks(fresh_database) == 0
