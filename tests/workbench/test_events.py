"""Life events at the workbench: what an office has in hand, one file whose reading is seen, a case settled in words; nothing of other provinces."""

from __future__ import annotations

import pytest
from django.test import Client

from ansinh.access.models import RoleGrant
from ansinh.database.sql import execute, number
from ansinh.lifeevents.queries import at_office, cases
from ansinh.lifeevents.states import Office
from ansinh.workbench.words.events import WORDS
from ansinh_sandbox.offices.scenarios import Scenario
from tests.lifeevents.conftest import world  # noqa: F401  # a fixture
from tests.lifeevents.world import CERTIFICATE, World
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck(world: World) -> int:  # noqa: F811  # a fixture
    """A birth that civil status does not answer, with something for a person to settle."""
    world.scenario(Office.CIVIL_STATUS, CERTIFICATE, Scenario.SILENT)
    world.born()
    file = world.file_birth()
    world.rounds()
    execute(
        "INSERT INTO lifeevents_case (file_id, case_no, opened_at, what_vi, what_en) VALUES (%s, 1, %s, 'hai người cùng khai', 'two people filed')",
        [file, world.now],
    )
    return file


def _officer(name: str, provinces: list[str] | None = None, role: str = "benefit_officer") -> Client:
    client = Client()
    number_of = signed_in(client, role, number=name)
    if provinces:
        RoleGrant.objects.filter(officer_id=number_of).update(provinces=provinces)
    return client


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_an_office_has_in_hand_and_what_is_stuck_stand_in_the_list(stuck: int, language: str) -> None:
    base = "/workbench/" if language == "vi" else "/workbench/en/"
    client = _officer("hanoi.mai")
    [one] = at_office(Office.CIVIL_STATUS)
    text = client.get(f"{base}events?office=civil-status").content.decode()
    assert f"{one.due_on:%d/%m/%Y}" in text
    assert f'href="{base}events/{stuck}"' in text
    assert ("hai người cùng khai" if language == "vi" else "two people filed") in text
    due_on, file, step = one.key
    after = client.get(f"{base}events?office=civil-status&after={due_on}_{file}_{step}").content.decode()
    assert WORDS[language]["none_title"] in after
    for odd in ("nonsense", "2025-01-01_x_birth", "2025-01-01_1_nothing", "2025-13-01_1_birth", "9_٣_birth"):
        assert client.get(f"{base}events", {"office": odd, "after": odd}).status_code == 200


def test_a_case_is_settled_in_words_and_stays_settled(stuck: int) -> None:
    client, address = _officer("hanoi.mai"), f"/workbench/events/{stuck}"
    assert f'href="{address}"' in client.get("/workbench/events").content.decode()
    assert client.post(address, {"case": "1", "how": "  "}).status_code == 422
    assert client.post(address, {"case": "x", "how": "gọi điện"}).status_code == 422
    assert client.post(address, {"case": "7", "how": "gọi điện"}).status_code == 404
    assert client.post(address, {"case": "1", "how": "đã gọi cho mẹ cháu"}).status_code == 303
    assert cases() == []
    assert "hanoi.mai" in client.get(address).content.decode()
    assert client.post(address, {"case": "1", "how": "lần nữa"}).status_code == 404


def test_a_file_of_another_province_is_not_there(stuck: int) -> None:
    execute("UPDATE lifeevents_file SET province = '01' WHERE file_id = %s", [stuck])
    abroad = _officer("haiphong.an", ["31"])
    assert abroad.get(f"/workbench/events/{stuck}").status_code == 404
    assert abroad.post(f"/workbench/events/{stuck}", {"case": "1", "how": "thử"}).status_code == 404
    assert f"events/{stuck}" not in abroad.get("/workbench/events?office=civil-status").content.decode()
    assert _officer("hanoi.mai", ["01"]).get(f"/workbench/events/{stuck}").status_code == 200


def test_looking_at_a_file_leaves_a_row(stuck: int) -> None:
    _officer("hanoi.mai").get(f"/workbench/events/{stuck}")
    assert (
        number(
            "SELECT count(*) FROM audit_act WHERE act = 'lifeevents.show_file' AND facts->>'file' = %s", [str(stuck)]
        )
        == 1
    )
